"""What events, sightings and finds say of claimed times, states and presence."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, clock, event, find, finds, judged, question, verdict

TIME = question("time", "utc", subject_id="first_violation", about_amount=5.0)
PRESENCE = question("presence")


def first(*args, **more):
    return event("first_violation", *args, **more)


@pytest.mark.parametrize(
    ("minutes", "relation", "wanted"),
    [
        (30, "exactly", "supported"),
        (33, "about", "supported"),
        (31, "exactly", "contradicted"),
        (40, "about", "contradicted"),
        (60, "less_than", "supported"),
        (20, "at_most", "contradicted"),
        (20, "at_least", "supported"),
    ],
)
def test_a_claimed_time_is_held_against_the_telling_of_the_event(minutes, relation, wanted):
    assert verdict(TIME, claim(clock(minutes), relation), events=[first(30)]) == wanted


def test_an_event_told_with_bounds_wider_than_the_claim_does_not_discriminate():
    row = judged(TIME, claim(clock(30)), events=[first(30, low=20, high=40)])
    assert row["verdict"] == "compatible"
    assert "which admits this value and others" in row["reason"]


def test_before_four_is_supported_by_an_independent_before_four_only():
    said = claim(clock(60), "less_than")
    assert verdict(TIME, said, events=[first(high=60)]) == "supported"
    assert verdict(TIME, said, events=[first(high=60, by="Speaker")]) == "uncorroborated"


def test_one_telling_that_allows_it_keeps_a_time_from_being_contradicted():
    events = [first(30), first(90, by="Radio", source="S-RADIO")]
    assert verdict(TIME, claim(clock(90)), events=events) == "not_testable"
    assert verdict(TIME, claim(clock(60)), events=events) == "contradicted"


def test_a_telling_of_the_speaker_that_disagrees_keeps_their_claim_from_being_supported():
    events = [first(30), first(90, by="Speaker", source="S-RADIO")]
    assert verdict(TIME, claim(clock(30)), events=events) == "not_testable"


def test_a_time_that_nobody_independent_tells_is_uncorroborated():
    row = judged(TIME, claim(clock(30)), events=[first(90, source="S-PAPER")])
    assert (row["verdict"], row["reason"]) == (
        "uncorroborated",
        "Nobody independent tells it, and nothing speaks against it.",
    )


def said_by(name, value, source, **more):
    return {**claim(value), "claim_id": f"C-{name}", "said_by": name, "source_id": source, **more}


def test_statements_of_which_no_event_tells_support_one_another_or_stand_against_one_another():
    def verdicts(*claims):
        return dict(account(bundle([TIME], claims)).findings.select("claim_id", "verdict").rows())

    police, radio = said_by("Police", clock(30), "S-TOWER"), said_by("Airport", clock(30), "S-RADIO")
    other, unknown = said_by("Airport", clock(50), "S-RADIO"), {"derived_from": ["unknown"]}
    assert verdicts(police, radio) == {"C-Police": "supported", "C-Airport": "supported"}
    assert verdicts(police, other) == {"C-Police": "not_testable", "C-Airport": "not_testable"}
    # A repeated unknown voice may be the only other line: it supports nothing.
    assert verdicts(police, {**radio, **unknown})["C-Police"] == "uncorroborated"


def test_a_forecast_is_weighed_against_what_came_and_is_no_event():
    plan = first(60, told_as="forecast", by="Tower")
    assert verdict(TIME, claim(clock(60)), events=[plan]) == "uncorroborated"
    said = claim(clock(60), told_as="forecast")
    assert verdict(TIME, said, events=[first(90)]) == "contradicted"
    row = judged(TIME, said, events=[plan])
    assert row["verdict"] == "not_testable"
    assert row["reason"].startswith("This was said of what was to come.")


# ---------------------------------------------------------------- four things that are not one

STATES = {
    "closed": "aerodrome_closed",
    "airspace_closed": "airspace_closed",
    "no_traffic_planned": "no_traffic_planned",
    "curfew": "published_closed_hours",
    "restricted": "aerodrome_restricted",
    "runway_closed": "runway_closed",
}


def status(value, *events, **more):
    return judged(question("status", subject_id="EPAA"), claim(value, **more), events=events)


@pytest.mark.parametrize("told", STATES.values())
@pytest.mark.parametrize("claimed", STATES)
def test_a_closed_aerodrome_closed_airspace_no_traffic_and_curfew_are_kept_apart(claimed, told):
    row = status(claimed, event(told, 10, end=100, subject_id="EPAA"), said=50)
    is_one_layer = {claimed, next(word for word, kind in STATES.items() if kind == told)} == {"closed", "restricted"}
    if STATES[claimed] == told:
        assert row["verdict"] == "supported"
    else:  # a restricted aerodrome is not a closed one
        assert row["verdict"] == ("contradicted" if is_one_layer else "not_testable")


def test_a_reopening_told_alone_supports_no_closure():
    reopened = event("aerodrome_reopened", 100, subject_id="EPAA")
    row = status("closed", reopened, said=50)
    assert row["verdict"] == "not_testable"
    assert "a reopening is told" in row["reason"]
    assert status("closed", reopened, said=150)["verdict"] == "contradicted"


def test_the_closure_of_another_aerodrome_says_nothing():
    assert status("closed", event("aerodrome_closed", 10, subject_id="EPBB"))["verdict"] == "uncorroborated"


SHUT = event("aerodrome_closed", 10, end=100, subject_id="EPAA")


@pytest.mark.parametrize(
    ("said", "closed", "open_"),
    [(5, "contradicted", "supported"), (50, "supported", "contradicted"), (200, "contradicted", "supported")],
)
def test_a_status_is_weighed_at_the_time_that_it_speaks_of(said, closed, open_):
    assert status("closed", SHUT, said=said)["verdict"] == closed
    assert status("open", SHUT, said=said)["verdict"] == open_


def test_a_statement_of_the_next_morning_speaks_of_the_time_that_it_names():
    night = {"at_utc_low": at(40), "at_utc_high": at(60)}
    assert status("closed", SHUT, said=700, **night)["verdict"] == "supported"


def test_a_closure_lasts_until_the_reopening_is_told():
    events = [event("aerodrome_closed", 10, subject_id="EPAA"), event("aerodrome_reopened", 100, subject_id="EPAA")]
    assert status("open", *events, said=50)["verdict"] == "contradicted"
    assert status("open", *events, said=150)["verdict"] == "supported"
    assert status("open", events[0], said=50)["verdict"] == "not_testable", "nobody tells how long it lasted"


def test_bounds_of_a_closing_leave_the_time_within_them_open():
    events = [
        event("aerodrome_closed", 20, low=10, high=30, subject_id="EPAA"),
        event("aerodrome_reopened", 100, subject_id="EPAA"),
    ]
    assert status("closed", *events, said=15)["verdict"] == "compatible"
    assert status("closed", *events, said=35)["verdict"] == "supported"


def test_a_state_that_only_the_speaker_tells_is_uncorroborated():
    own = event("aerodrome_closed", 10, end=100, subject_id="EPAA", by="Speaker")
    assert status("closed", own, said=50)["verdict"] == "uncorroborated"


def test_closed_air_space_does_not_contradict_open():
    shut = event("airspace_closed", 10, end=100, subject_id="EPAA")
    assert status("open", shut, said=50)["verdict"] == "not_testable"


# ---------------------------------------------------------------- was anything there


def sighting(name, explained=None, *, nothing=False, **more):
    row = {"sighting_id": name, "role": "tower", "saw_nothing": nothing, "explained_by": explained, "known_utc": at(0)}
    return {**row, **more}


@pytest.mark.parametrize("claimed", ["present", "absent", "cannot_tell"])
@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ([], "A recording of a sensor"),
        ([sighting("G1")], "Nobody has yet sought an explanation of G1"),
        ([sighting("G1", "unexplained")], "Unexplained after a search: G1"),
        ([sighting("G1", "celestial"), sighting("G2", nothing=True)], "only a sensor that covered the place"),
        ([sighting("G1", nothing=True)], "1 observer looked and saw nothing"),
    ],
)
def test_sightings_decide_nothing_and_the_account_says_what_would(claimed, seen, wanted):
    row = judged(PRESENCE, claim(claimed), sightings=seen)
    assert row["verdict"] == "not_testable"
    assert wanted in row["reason"]


def test_a_thousand_sightings_do_not_make_a_sentence_of_a_thousand_names():
    row = judged(PRESENCE, claim("present"), sightings=[sighting(f"G{n}") for n in range(1000)])
    assert "996 others" in row["reason"]


@pytest.mark.parametrize(
    ("chance", "present", "absent"),
    [(0.89, "not_testable", "not_testable"), (0.90, "supported", "not_testable"), (0.95, "supported", "contradicted")],
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
    assert row["verdict"] == "not_testable"
    assert "trace back" in row["reason"]


def test_a_find_elsewhere_shows_nothing_at_the_place_asked_about():
    assert verdict(question("presence", subject_id="EPAA"), claim("absent"), finds=finds(1.0)) == "not_testable"


def test_that_somebody_cannot_tell_is_never_judged():
    assert verdict(PRESENCE, claim("cannot_tell"), finds=finds(1.0)) == "not_testable"


# ---------------------------------------------------------------- what it was


def identity(value, chance, kind="uas", **more):
    laid = [find("F1", chance, object_kind=kind, **more)]
    return judged(question("identity", subject_id="F1"), claim(value), finds=laid)


@pytest.mark.parametrize(
    ("value", "chance", "kind", "wanted"),
    [
        ("uas", 0.90, "uas", "supported"),
        ("uas", 0.89, "uas", "not_testable"),
        ("missile_part", 0.95, "uas", "contradicted"),
        ("missile_part", 0.94, "uas", "not_testable"),
        ("uas", 0.05, "missile_part", "contradicted"),
        ("missile_part", 0.02, "missile_part", "supported"),
        ("model_aircraft", 0.02, "missile_part", "not_testable"),
        ("unknown", 0.99, "uas", "not_testable"),
    ],
)
def test_an_identity_is_held_against_the_assessment_of_the_find(value, chance, kind, wanted):
    assert identity(value, chance, kind)["verdict"] == wanted


def test_a_uas_of_another_night_is_still_a_uas():
    # probability_find is of that night: 0.02 may doubt the night alone, since the find is taken for a uas.
    assert identity("uas", 0.02, "uas")["verdict"] == "not_testable"


def test_a_kind_other_than_uas_is_supported_only_under_a_named_assumption():
    assert identity("missile_part", 0.02, "missile_part")["assumptions"] == ["M-NAMED-KIND"]


def test_an_identity_is_not_supported_by_the_speaker_who_assessed_it():
    assert identity("uas", 1.0, assigned_by="Speaker")["verdict"] == "not_testable"


def test_a_find_without_probability_and_a_find_that_is_not_there_decide_nothing():
    assert "no probability" in identity("uas", None)["reason"]
    row = judged(question("identity", subject_id="F9"), claim("uas"))
    assert (row["verdict"], row["reason"]) == ("not_testable", "Not testable: F9 is not a find of this account.")


@pytest.mark.parametrize("kind", ["cause", "finding", "identity"])
def test_free_words_are_listed_not_computed(kind):
    row = judged(question(kind, subject_id="F1"), claim("it lost its way"), finds=finds(1.0))
    assert (row["verdict"], row["probability"]) == ("not_testable", None)


def test_intent_is_never_judged():
    row = judged(question("intent"), claim("deliberate"), finds=finds(1.0, 1.0))
    assert (row["verdict"], row["reason"]) == (
        "not_testable",
        "Intent is never judged; each statement is listed with its speaker.",
    )
