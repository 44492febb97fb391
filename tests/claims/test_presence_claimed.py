"""What finds, tracks and sightings say of whether anything was there."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, find, finds, judged, question, verdict

PRESENCE = question("presence")


def sighting(name, explained=None, *, nothing=False, **more):
    row = {"sighting_id": name, "role": "tower", "saw_nothing": nothing, "explained_by": explained, "known_utc": at(0)}
    return {**row, "said_by": "Tower", "source_id": "S-TOWER", **more}


@pytest.mark.parametrize("claimed", ["present", "absent", "cannot_tell"])
@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ([sighting("G1", "unexplained")], "Unexplained after a search: G1"),
        ([sighting("G1", "celestial"), sighting("G2", nothing=True)], "only a sensor that covered the place"),
        ([sighting("G1", nothing=True)], "1 observer looked and saw nothing"),
    ],
)
def test_sightings_of_others_admit_answers_and_the_account_says_what_would_decide(claimed, seen, wanted):
    row = judged(PRESENCE, claim(claimed), sightings=seen)
    is_left = seen[0]["explained_by"] == "unexplained"  # nothing that was seen and is explained tells of a drone
    assert row["verdict"] == ("compatible" if is_left or claimed != "present" else "uncorroborated")
    assert wanted in row["reason"]


def test_what_was_seen_after_the_alarm_is_no_line_for_a_drone():
    seen = [sighting("G1", "unexplained", after_alarm=True)]
    assert verdict(PRESENCE, claim("present"), sightings=seen) == "uncorroborated"


def test_a_sighting_of_a_poor_source_that_nobody_examined_blocks_nothing():
    video = sighting("VIDEO", said_by="Account", source_id="S-PAPER")
    row = judged(PRESENCE, claim("absent"), sightings=[sighting("G1", "unexplained"), video])
    assert (row["verdict"], row["reason"]) == (
        "compatible",
        "Unexplained after a search: G1. A track or a find would settle it.",
    )
    assert verdict(PRESENCE, claim("absent"), sightings=[video]) == "not_testable"


# ---------------------------------------------------------------- one find


THAT_FIND = question("presence", subject_id="F1")
COUNTED = {
    "event_id": "E1",
    "kind": "drones_counted",
    "value": 5.0,
    "known_utc": at(1440),
    "said_by": ["Ministry"],
    "source_id": ["S-TOWER"],
}


@pytest.mark.parametrize(
    ("chance", "claimed", "wanted"),
    [
        (0.0, "present", "contradicted"),
        (0.0, "absent", "supported"),
        (0.95, "present", "supported"),
        (0.95, "absent", "contradicted"),
        (0.5, "present", "compatible"),
        (0.5, "cannot_tell", "compatible"),
        (None, "present", "not_testable"),
    ],
)
def test_whether_a_find_is_of_that_night_is_told_by_its_own_assessment_alone(chance, claimed, wanted):
    laid = {"finds": [find("F1", chance), find("F2", 1.0)], "events": [COUNTED]}
    assert verdict(THAT_FIND, claim(claimed), **laid) == wanted


@pytest.mark.parametrize(
    ("chance", "answered"),
    [
        (0.0, "F1 is no piece of a drone of that night, as Assessor assesses it (under 1 %)."),
        (0.95, "F1 is a piece of a drone of that night, as Assessor assesses it (95 %)."),
        (0.5, "F1 is a piece of a drone of that night with a probability of 50 %, as Assessor assesses it."),
        (None, "Whether F1 is of that night cannot be told: it is not assessed."),
    ],
)
def test_the_answer_on_a_find_says_how_it_is_assessed(chance, answered):
    laid = bundle([THAT_FIND], finds=[find("F1", chance), find("F2", 1.0)], events=[COUNTED])
    assert account(laid).conclusions["answer"].to_list() == [answered]


@pytest.mark.parametrize("unit", ["airframes", "crossings", "crashed", "drones"])
def test_a_number_of_one_at_least_tells_of_presence_in_whatever_unit_of_drones(unit):
    counted = {**COUNTED, "kind": "radar", "unit": unit, "value": 1.0}
    assert verdict(PRESENCE, claim("absent"), events=[counted]) == "contradicted"


@pytest.mark.parametrize("claimed", ["present", "absent"])
def test_the_sighting_of_the_speaker_alone_corroborates_nothing(claimed):
    seen = [sighting("G1", "unexplained", said_by="Speaker")]
    assert verdict(PRESENCE, claim(claimed), sightings=seen) == "uncorroborated"


@pytest.mark.parametrize("claimed", ["present", "absent", "cannot_tell"])
def test_without_a_sighting_find_or_track_presence_cannot_be_tested(claimed):
    row = judged(PRESENCE, claim(claimed))
    assert row["verdict"] == "not_testable"
    assert "A recording of a sensor" in row["reason"]


@pytest.mark.parametrize("claimed", ["present", "absent"])
def test_a_sighting_of_which_nobody_sought_an_explanation_cannot_test_presence(claimed):
    row = judged(PRESENCE, claim(claimed), sightings=[sighting("G1")])
    assert row["verdict"] == "not_testable"
    assert "Nobody has yet sought an explanation of G1" in row["reason"]


def test_a_thousand_sightings_do_not_make_a_sentence_of_a_thousand_names():
    row = judged(PRESENCE, claim("present"), sightings=[sighting(f"G{n}") for n in range(1000)])
    assert "996 others" in row["reason"]


@pytest.mark.parametrize(
    ("chance", "present", "absent"),
    [(0.89, "compatible", "compatible"), (0.90, "supported", "compatible"), (0.95, "supported", "contradicted")],
)
def test_a_find_shows_that_something_was_there(chance, present, absent):
    assert verdict(PRESENCE, claim("present"), finds=finds(chance)) == present
    assert verdict(PRESENCE, claim("absent"), finds=finds(chance)) == absent


def test_an_independent_find_supports_presence_though_a_surer_one_is_the_speakers_own():
    laid = [find("F1", 1.0, by="Speaker", source="S-RADIO"), find("F2", 0.95)]
    row = judged(PRESENCE, claim("present"), finds=laid)
    assert (row["verdict"], row["rows"]) == ("supported", ["finds:F2"])


def test_the_own_find_of_a_speaker_does_not_support_presence():
    row = judged(PRESENCE, claim("present"), finds=finds(1.0, by="Speaker"))
    assert row["verdict"] == "uncorroborated"
    assert "traces back" in row["reason"]


def test_a_find_elsewhere_shows_nothing_at_the_place_asked_about():
    assert verdict(question("presence", subject_id="EPAA"), claim("absent"), finds=finds(1.0)) == "not_testable"


def test_that_somebody_cannot_tell_is_never_judged():
    row = judged(PRESENCE, claim("cannot_tell"), finds=finds(1.0))
    assert row["verdict"] == "compatible"
    assert row["reason"].endswith("whether the speaker could tell is not judged.")


# ---------------------------------------------------------------- many finds, each in doubt


@pytest.mark.parametrize(("claimed", "wanted"), [("present", "supported"), ("absent", "contradicted")])
def test_five_doubtful_finds_are_not_no_find(claimed, wanted):
    # 1 − 0.2⁵ = 0.99968; the same that "at least 1" has as a count
    row = judged(PRESENCE, claim(claimed), finds=finds(*[0.8] * 5))
    assert row["verdict"] == wanted
    chance = row["probability"] if claimed == "present" else 1.0 - row["probability"]
    assert chance == pytest.approx(0.99968, abs=1e-9)
    assert (
        row["reason"]
        == "At least one of F0, F1, F2, F3 and 1 other is a uas of that night with a probability of over 99 %."
    )
    assert len(row["rows"]) == 5


def test_a_presence_has_the_probability_of_a_count_of_at_least_one():
    laid = finds(0.3, 0.5, 0.6, 0.45)
    counted = judged(question("count", "airframes"), claim(1, "at_least"), finds=laid)
    present = judged(PRESENCE, claim("present"), finds=laid)
    assert present["verdict"] == counted["verdict"] == "supported"
    assert present["probability"] == pytest.approx(counted["probability"], abs=1e-12)


def test_doubtful_finds_that_are_mostly_the_speakers_own_leave_presence_open():
    laid = [find("F1", 0.99, by="Speaker", source="S-RADIO"), find("F2", 0.6)]
    row = judged(PRESENCE, claim("present"), finds=laid)
    assert row["verdict"] == "compatible"
    assert "those independent of the speaker give 60 %, which leaves it open" in row["reason"]


def test_a_balloon_is_no_uas_though_it_was_found():
    laid, doubtful = ([find("F1", chance, object_kind="balloon")] for chance in (0.97, 0.02))
    assert verdict(PRESENCE, claim("absent"), finds=laid) == "not_testable"
    assert verdict(question("presence", subject_id="balloon"), claim("present"), finds=doubtful) == "supported"


def test_an_unknown_voice_that_may_be_the_only_other_line_supports_nothing():
    repeated = claim("present", derived_from=["unknown"])
    row = judged(PRESENCE, repeated, finds=finds(0.99))
    assert row["verdict"] == "uncorroborated"
    assert "the voice that the claim repeats is unknown" in row["reason"]
    two = [find("F1", 0.99), find("F2", 0.99, by="Fire brigade", source="S-RADIO")]
    assert verdict(PRESENCE, repeated, finds=two) == "supported"


def test_the_finds_of_another_story_show_no_presence():
    other = {"occasion_id": "O2", "kind": "find", "is_related": True, "known_utc": at(0)}
    laid = [find("F1", 1.0, occasion_id="O2")]
    assert verdict(PRESENCE, claim("absent"), finds=laid, occasions=[other]) == "not_testable"


def test_the_finds_of_one_occasion_show_nothing_of_another():
    nights = [{"occasion_id": name, "kind": "find", "known_utc": at(0)} for name in ("O1", "O2")]
    asked = question("presence", occasion_id="O1")
    own, other = ([find("F1", 1.0, occasion_id=name)] for name in ("O1", "O2"))
    assert verdict(asked, claim("absent"), finds=own, occasions=nights) == "contradicted"
    assert verdict(asked, claim("absent"), finds=other, occasions=nights) == "not_testable"
