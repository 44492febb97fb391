"""What events, sightings and finds say of claimed times, states and presence."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, clock, event, judged, question, verdict

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


# A woman calls at 02:15 in an hour that comes twice, as the police note; the telephone company records 02:15:40 of the
# second. Minute 15 is 02:15 of the first, minute 75 of the second.
CALL = question("time", "utc", subject_id="emergency_call")
NOTED = {"low": 15, "high": 75, "by": "Police", "source": "S-POLICE", "event_id": "E-NOTED"}
RECORDED = {"by": "Telephone", "source": "S-RADIO", "event_id": "E-RECORDED"}
SECONDS_40 = 40 / 60


def test_a_call_told_to_the_second_is_the_one_that_another_tells_to_the_minute():
    events = [event("emergency_call", **NOTED), event("emergency_call", 75 + SECONDS_40, **RECORDED)]
    said = claim(clock(15), "between", value_high=clock(75), by="Police", source="S-POLICE")
    found = account(bundle([CALL], [said], events=events))
    (finding,), (answer,) = found.findings.to_dicts(), found.conclusions.to_dicts()
    assert finding["verdict"] == "supported"
    assert sorted(finding["rows"]) == ["events:E-NOTED", "events:E-RECORDED"]
    assert (answer["standing"], answer["lines"]) == ("settled", 2)


@pytest.mark.parametrize(
    ("minutes", "relation", "wanted"),
    [
        (75, "exactly", "supported"),
        (75 + SECONDS_40, "exactly", "supported"),
        (76, "exactly", "supported"),  # as half a minute is rounded up
        (74, "exactly", "contradicted"),
        (77, "exactly", "contradicted"),
        (75, "at_most", "supported"),
        (74, "at_most", "contradicted"),
        (75, "less_than", "contradicted"),
    ],
)
def test_a_claim_told_to_the_minute_holds_for_all_of_that_minute(minutes, relation, wanted):
    events = [event("emergency_call", 75 + SECONDS_40, **RECORDED)]
    assert verdict(CALL, claim(clock(minutes), relation), events=events) == wanted


def test_a_claim_told_to_the_second_is_admitted_by_the_minute_of_an_event():
    assert (
        verdict(CALL, claim(clock(75 + SECONDS_40)), events=[event("emergency_call", 75, **RECORDED)]) == "compatible"
    )


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


# What is told of all that time, and what is said of it: shut out, or perhaps meant. Of all else something is missing.
EXCLUDED = {("closed", "open"), ("closed", "restricted"), ("restricted", "closed"), ("restricted", "open"),
            ("airspace_closed", "open")}  # fmt: skip
MEANT = {("airspace_closed", "closed"), ("closed", "runway_closed"), ("runway_closed", "closed")}


@pytest.mark.parametrize("told", STATES)
@pytest.mark.parametrize("claimed", [*STATES, "open"])
def test_each_state_excludes_some_others_may_be_meant_by_some_and_says_nothing_of_the_rest(claimed, told):
    row = status(claimed, event(STATES[told], 10, end=100, subject_id="EPAA"), said=50)
    pair = (told, claimed)
    wanted = "contradicted" if pair in EXCLUDED else "compatible" if pair in MEANT else "not_testable"
    assert row["verdict"] == ("supported" if claimed == told else wanted)
    if row["verdict"] == "not_testable":
        assert "no source of reliability A or B tells whether" in row["reason"]


def test_what_the_airspace_did_does_not_say_that_the_aerodrome_was_closed_and_may_be_meant():
    night = [
        event("aerodrome_closed", 0, end=40, subject_id="EPAA"),
        event("airspace_closed", 40, end=120, subject_id="EPAA"),
    ]
    row = status("closed", *night, said=80)
    assert (row["verdict"], row["reason"]) == (
        "compatible",
        "EPAA was not closed at 2026-03-12 21:20 UTC: it was closed from 2026-03-12 20:00 UTC to 2026-03-12 20:40 UTC; "
        "but the airspace over EPAA was closed at 2026-03-12 21:20 UTC, which may be meant: from 2026-03-12 20:40 UTC "
        "to 2026-03-12 22:00 UTC.",
    )
    assert status("open", *night, said=80)["verdict"] == "contradicted"
    assert status("open", *night, said=150)["verdict"] == "supported"


def test_one_closed_runway_may_be_meant_and_makes_no_aerodrome_surely_closed():
    shut = event("runway_closed", 10, end=100, subject_id="EPAA", part="09")
    row = status("closed", shut, said=50)
    assert (row["verdict"], row["reason"]) == (
        "compatible",
        "Runway 09 of EPAA was closed at 2026-03-12 20:50 UTC, which may be meant: from 2026-03-12 20:10 UTC to "
        "2026-03-12 21:40 UTC.",
    )
    assert status("open", shut, said=50)["reason"] == (
        "Not testable: events at EPAA report “runway 09 closed”; no source of reliability A or B tells whether "
        "another runway of EPAA was in use."
    )


@pytest.mark.parametrize("kind", ["aerodrome_closed", "airspace_closed"])
def test_no_runway_is_open_while_all_is_shut(kind):
    asked = question("status", subject_id="EPAA", part="14/32")
    shut = event(kind, 10, end=100, subject_id="EPAA")
    said = [judged(asked, claim("open", said=minute), events=[shut])["verdict"] for minute in (50, 150)]
    assert said == ["contradicted", "not_testable"]


def test_a_restriction_that_only_a_poor_source_tells_does_not_contradict_open():
    told = event("aerodrome_restricted", 10, end=100, subject_id="EPAA", by="Paper", source="S-PAPER")
    assert status("open", told, said=50)["verdict"] == "uncorroborated"


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
