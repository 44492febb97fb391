"""What finds, tracks and sightings say of whether anything was there."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, find, finds, judged, question, verdict

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
        (0.0, "F1 is no piece of a drone of that night (under 1 %), as Assessor assesses it."),
        (0.95, "F1 is a piece of a drone of that night (95 %), as Assessor assesses it."),
        (0.8, "F1 is probably a piece of a drone of that night (80 %), as Assessor assesses it."),
        (0.4, "F1 is a piece of a drone of that night with a probability of 40 %, as Assessor assesses it."),
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
    brigade = {"by": "Fire brigade", "source": "S-RADIO"}
    assert verdict(PRESENCE, repeated, finds=[find("F1", 0.99), find("F2", 0.99, **brigade)]) == "uncorroborated"
    two = [find("F1", 0.99), find("F2", 0.99, assigned_by="Institute", **brigade)]
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


# ---------------------------------------------------------------- sightings that somebody examined


def examined(name, chance, explained=None, **more):
    judged = {"assigned_by": "Institute", "assigned_why": "The video was analysed frame by frame."}
    return sighting(name, explained, **{"probability_uas": chance, **judged, **more})


@pytest.mark.parametrize("chance", [0.0, 0.02, 0.4, 0.8, 0.89, 0.90, 0.95, 1.0])
@pytest.mark.parametrize("claimed", ["present", "absent"])
def test_an_examined_sighting_weighs_as_much_as_a_find(chance, claimed):
    seen = examined("X1", chance, said_by="Police", source_id="S-POLICE")
    if chance:
        by_sighting = judged(PRESENCE, claim(claimed), sightings=[seen])
        by_find = judged(PRESENCE, claim(claimed), finds=[find("X1", chance, assigned_by="Institute")])
        same = ("verdict", "reason", "probability", "independent_lines")
        assert [by_sighting[name] for name in same] == [by_find[name] for name in same]
    else:
        assert "explained or examined as no drone" in judged(PRESENCE, claim(claimed), sightings=[seen])["reason"]


def test_an_examined_sighting_and_a_find_are_weighed_together():
    laid = {"finds": [find("F1", 0.7)], "sightings": [examined("G1", 0.8), sighting("G2")]}
    row = judged(PRESENCE, claim("present"), **laid)
    assert (row["verdict"], row["reason"], row["rows"]) == (
        "supported",
        "At least one of F1 and G1 is a uas of that night with a probability of 94 %.",
        ["finds:F1", "sightings:G1"],
    )


def test_a_probability_that_the_speaker_assigned_supports_no_claim_of_theirs():
    seen = [examined("G1", 0.97, assigned_by="Speaker")]
    assert verdict(PRESENCE, claim("present"), sightings=seen) == "uncorroborated"


def test_an_examined_sighting_is_no_find_and_enters_no_count():
    laid = {"sightings": [examined("G1", 1.0)]}
    assert verdict(question("count", "finds"), claim(1, "at_least"), **laid) == "not_testable"


def test_an_examined_sighting_that_a_balloon_explains_shows_a_balloon():
    seen = [examined("G1", 0.04, "balloon")]
    assert verdict(question("presence", subject_id="balloon"), claim("present"), sightings=seen) == "supported"


def test_a_question_after_one_examined_sighting_is_told_by_its_assessment_alone():
    asked = question("presence", subject_id="G1")
    laid = {"sightings": [examined("G1", 0.97), examined("G2", 0.5)]}
    assert verdict(asked, claim("present"), **laid) == "supported"
    told = account(bundle([asked], **laid)).conclusions["answer"].to_list()
    assert told == ["G1 is a drone of that night (97 %), as Institute assesses it."]


def test_what_nobody_examined_leaves_standing_what_stays_unexplained_and_is_named():
    seen = [sighting("G1", "unexplained"), sighting("G2"), sighting("G3", "celestial")]
    for claimed in ("present", "absent", "cannot_tell"):
        row = judged(PRESENCE, claim(claimed), sightings=seen)
        assert row["verdict"] == "compatible"
        assert row["reason"].startswith(
            "Unexplained after a search: G1; nobody has yet sought an explanation of G2. A track or a find would "
        )


def test_a_sighting_of_which_nobody_sought_an_explanation_is_no_line_for_a_drone():
    seen = [sighting("G1", "unexplained", said_by="Speaker"), sighting("G2")]
    assert verdict(PRESENCE, claim("present"), sightings=seen) == "uncorroborated"


# ---------------------------------------------------------------- how sure the answer is


TWO_LINES = {"by": ["Police", "Tower"], "source": ["S-POLICE", "S-TOWER"]}


@pytest.mark.parametrize(
    ("laid", "answered", "standing"),
    [
        ({"finds": [find("F1", 0.8)]}, "There was probably a drone (80 %): 1 find speaks for it.", "likely"),
        ({"finds": [find("F1", 0.5)]}, "There was probably a drone (50 %): 1 find speaks for it.", "likely"),
        (
            {"finds": [find("F1", 0.5)], "sightings": [examined("G1", 0.6)]},
            "There was probably a drone (80 %): 1 find and 1 examined sighting speak for it.",
            "likely",
        ),
        ({"finds": [find("F1", 0.95)]}, "There was a drone: 1 find shows it with a probability of 95 %.", "likely"),
        (
            {"finds": [find("F1", 0.95, **TWO_LINES)]},
            "There was a drone: 1 find shows it with a probability of 95 %.",
            "likely",
        ),
        (
            {"finds": [find("F1", 0.95, assigned_by=None, **TWO_LINES)]},
            "There was a drone: 1 find shows it with a probability of 95 %.",
            "settled",
        ),
        (
            {"finds": [find("F1", 0.8)], "sightings": [examined("G1", 0.8)]},
            "There was a drone: 1 find and 1 examined sighting show it with a probability of 96 %.",
            "settled",
        ),
        (
            {"finds": [find("F1", 0.49)]},
            "Whether there was a drone cannot be told: the only find is of that night with a probability of 49 %, no "
            "sighting is told, no sensor record covers it.",
            "open",
        ),
        (
            {"sightings": [examined("G1", 0.49)]},
            "Whether there was a drone cannot be told: the only examined sighting shows one of that night with a "
            "probability of 49 %, the only sighting stays unexplained, no sensor record covers it.",
            "open",
        ),
    ],
)
def test_a_presence_is_probable_from_one_half_and_settled_on_two_lines_only(laid, answered, standing):
    row = account(bundle([PRESENCE], **laid)).conclusions.row(0, named=True)
    assert (row["answer"], row["standing"]) == (answered, standing)


@pytest.mark.parametrize(
    ("more", "standing"), [({}, "likely"), (TWO_LINES, "likely"), (TWO_LINES | {"assigned_by": None}, "settled")]
)
def test_that_somebody_says_so_makes_one_line_of_finds_no_surer(more, standing):
    laid = bundle([PRESENCE], [claim("present")], finds=[find("F1", 0.95, **more)])
    row = account(laid).conclusions.row(0, named=True)
    assert (row["answer"], row["standing"]) == (
        "There was a drone: 1 find shows it with a probability of 95 %.",
        standing,
    )


# ---------------------------------------------------------------- a balloon


@pytest.mark.parametrize("chance", [0.8, 0.2])
@pytest.mark.parametrize("more", [{"subject_id": "F-B"}, {"subject_id": "F-B", "text": "Was it a drone or a balloon?"}])
def test_a_question_after_a_find_that_is_a_balloon_asks_for_a_balloon(chance, more):
    asked, laid = question("presence", **more), {"finds": [find("F-B", chance, object_kind="balloon")]}
    of, untold = (" of that night", "") if chance > 0.5 else ("", "; nobody says that it was of that night")
    row = judged(asked, claim("present"), **laid)
    assert (row["verdict"], row["reason"]) == (
        "compatible",
        f"F-B is a balloon{of} with a probability of 80 %, as Assessor assesses it, which leaves it open.",
    )
    told = account(bundle([asked], **laid)).conclusions.row(0, named=True)
    assert (told["answer"], told["standing"]) == (
        f"F-B is probably a balloon{of} (80 %), as Assessor assesses it{untold}.",
        "likely",
    )


def test_a_question_in_the_words_of_a_drone_asks_for_a_drone_though_a_balloon_was_found():
    asked = question("presence", subject_id="F-B", text="Was F-B a drone?")
    laid = {"finds": [find("F-B", 0.95, object_kind="balloon")]}
    assert verdict(asked, claim("present"), **laid) == "contradicted"


@pytest.mark.parametrize(
    ("occasion_subject", "named", "other", "answered"),
    [
        (None, "O1", None, "There was a balloon: 1 find shows it with a probability of 95 %."),
        ("F-B", None, None, "There was a balloon: 1 find shows it with a probability of 95 %."),
        (None, "O1", 0.6, "There was probably a drone (60 %): 1 find speaks for it."),
    ],
)
def test_a_question_on_the_occasion_of_a_balloon_asks_for_a_balloon(occasion_subject, named, other, answered):
    occasion = {"occasion_id": "O1", "kind": "find", "subject_id": occasion_subject, "known_utc": at(0)}
    laid = [find("F-B", 0.95, object_kind="balloon", occasion_id=named)]
    laid += [find("F2", other, occasion_id="O1")] if other else []
    told = account(bundle([question("presence", occasion_id="O1")], finds=laid, occasions=[occasion]))
    assert told.conclusions["answer"].to_list() == [answered]


def test_a_total_of_several_places_says_nothing_of_one_of_them():
    places = [
        {"occasion_id": name, "kind": "sighting", "subject_id": name, "text": name, "is_related": False}
        for name in ("O-QUAY", "O-MILL")
    ]
    told = [
        event("drones_counted", low=0, high=30, value=2.0, event_id="E-1", occasion_id="O-QUAY"),
        event("drones_counted", low=0, high=30, value=2.0, event_id="E-2", parts=["E-1"]),
    ]
    asked = [question("presence", occasion_id="O-MILL")]
    said = claim("present", by="Miller", source="S-RADIO")
    found = account(bundle(asked, [said], events=told, occasions=places)).findings.row(0, named=True)
    assert found["verdict"] == "not_testable"
    assert "0 to 2" not in found["reason"]
