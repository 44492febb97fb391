"""Notices that are issued before they begin: what was ordered, what was in force, and what was only said of it."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, clock, event, question

from hotwash.incident.reconstruct import reconstruct
from hotwash.model import tables
from hotwash.model.incident import Interval
from hotwash.model.schema import empty


def notice(name, issued, start, end=None, *, kind="airspace_closed", told_as="order", **more):
    """Return a notice issued some minutes after 20:00, to begin and to end at others."""
    row = event(kind, start, end=end, by="Notice office", source="S-RADIO", subject_id="EPAA", told_as=told_as, **more)
    return row | {"event_id": name, "known_utc": at(issued)}


def lifted(name, when, *, kind="airspace_reopened", **more):
    return notice(name, when, when, kind=kind, told_as=None, **more)


def states(*rows, **more):
    found = account(bundle(events=rows, **more)).states.to_dicts()
    return [(row["state"], row["from_utc_high"], row["to_utc_high"]) for row in found]


def in_force(start, end):
    return [("airspace_closed", at(start), None if end is None else at(end))]


ISSUED = notice("A1", -35, 20, 190)
CANCELLED = lifted("A2", 95, supersedes="A1")


def test_a_notice_is_in_force_from_its_beginning_to_its_end():
    assert states(ISSUED) == in_force(20, 190)


def test_a_cancellation_ends_it_whether_it_names_the_notice_or_not():
    by_name, by_time = CANCELLED, lifted("A2", 95)
    for row in (by_name, by_time, lifted("A2", 95, kind="notam_cancelled", supersedes="A1")):
        assert states(ISSUED, row) == in_force(20, 95)
    assert states(ISSUED, lifted("A2", 95, kind="notam_cancelled")) == in_force(20, 95)


def test_a_notice_cancelled_before_it_began_was_never_in_force():
    assert states(ISSUED, lifted("A2", 5, kind="notam_cancelled", supersedes="A1")) == []


def test_a_replacement_carries_it_on_as_one_stretch():
    # Issued 23:05 to run from 23:10 to 01:40 in place of the first, which was to end at 23:10.
    longer = notice("A3", 185, 190, 340, supersedes="A1")
    assert states(ISSUED, longer) == in_force(20, 340)
    assert states(ISSUED, longer, lifted("A4", 300, kind="notam_cancelled", supersedes="A3")) == in_force(20, 300)


def test_a_replacement_issued_before_it_began_changes_when_it_begins():
    assert states(ISSUED, notice("A3", 0, 60, 190, supersedes="A1")) == in_force(60, 190)


def test_what_a_log_tells_of_the_airspace_decides():
    log = [event(kind, when, subject_id="EPAA") for kind, when in (("airspace_closed", 25), ("airspace_reopened", 90))]
    assert states(ISSUED, *log) == in_force(25, 90)


@pytest.mark.parametrize("kind", ["runway_closed", "aerodrome_closed", "aerodrome_restricted"])
def test_an_order_to_close_a_runway_or_an_aerodrome_closes_nothing_by_itself(kind):
    assert states(notice("A1", -35, 20, 190, kind=kind)) == []


def test_an_account_of_a_date_knows_no_later_end_and_nothing_that_was_still_to_begin():
    told = bundle(events=[ISSUED, CANCELLED])
    for minutes, found in ((0, []), (60, in_force(20, None)), (100, in_force(20, 95))):
        rows = reconstruct(
            told, zones=empty(tables.ZONES), aerodromes=empty(tables.AERODROMES), as_of_utc=at(minutes)
        ).states.to_dicts()
        assert [(row["state"], row["from_utc_high"], row["to_utc_high"]) for row in rows] == found


def test_a_notice_that_was_replaced_is_no_telling_that_was_unsaid():
    told = account(bundle(events=[ISSUED, CANCELLED]))
    assert told.revisions.is_empty()
    assert told.bundle_remarks.is_empty()
    assert told.bundle.recording.events["event_id"].to_list() == ["A2", "A1"]


LAST = question("time", "utc", subject_id="airspace_reopened", event_subject_id="EPAA")
FIRST = LAST | {"subject_id": "airspace_closed"}


def judged(asked, said, *events):
    told = account(bundle([asked], [said], events=events))
    (row,) = told.findings.to_dicts()
    return row["verdict"], row["reason"]


def test_who_told_until_when_it_was_ordered_is_not_refuted_by_its_cancellation():
    said = claim(clock(190), by="Notice office", source="S-RADIO", told_as="order", said=-30)
    verdict, reason = judged(LAST, said, ISSUED, CANCELLED)
    assert (verdict, "cancelled at 2026-03-12 21:35 UTC (A2)" in reason) == ("uncorroborated", True)
    assert judged(LAST, said | {"said_by": "Tower", "source_id": "S-TOWER"}, ISSUED, CANCELLED)[0] == "supported"


def test_who_tells_as_a_fact_what_was_only_ordered_is_told_so():
    verdict, reason = judged(LAST, claim(clock(190), by="Paper", source="S-PAPER"), ISSUED, CANCELLED)
    assert (verdict, "it was ordered so (A1), and cancelled" in reason) == ("contradicted", True)


@pytest.mark.parametrize("told_as", ["order", "plan"])
def test_an_order_that_no_row_tells_is_not_refuted_by_what_came(told_as):
    closed = event("aerodrome_closed", 30, subject_id="EPAA")
    asked = question("time", "utc", subject_id="aerodrome_closed", event_subject_id="EPAA")
    verdict, reason = judged(asked, claim(clock(60), told_as=told_as, said=-30), closed)
    assert verdict == "not_testable"
    assert "which what came does not refute" in reason


def test_a_forecast_is_still_held_against_what_came():
    said = claim(clock(190), told_as="forecast", said=-30)
    assert judged(LAST, said, ISSUED, CANCELLED)[0] == "contradicted"


def test_an_ordered_state_is_no_error_either():
    asked = question("status", subject_id="EPAA")
    said = claim("airspace_closed", told_as="order", said=-30, at_utc_low=at(20), at_utc_high=at(190))
    verdict, reason = judged(asked, said, ISSUED, CANCELLED)
    assert (verdict, "It was ordered so (A1)" in reason) == ("supported", True)


def answers(asked, *events, **more):
    return account(bundle([asked], events=events, **more)).conclusions.filter(question_id="Q")["answer"].item()


def test_when_a_notice_began_and_ended_are_told_by_itself():
    assert "closed at 20:20, according to Notice office" in answers(FIRST, ISSUED)
    assert "reopened at 23:10, according to Notice office" in answers(LAST, ISSUED)
    assert "reopened at 21:35" in answers(LAST, ISSUED, lifted("A2", 95, kind="notam_cancelled", supersedes="A1"))


@pytest.mark.parametrize(
    ("events", "length"),
    [((ISSUED,), 170.0), ((ISSUED, CANCELLED), 75.0), ((ISSUED, notice("A3", 185, 190, 340, supersedes="A1")), 320.0)],
)
def test_how_long_it_was_in_force_is_an_interval_too(events, length):
    interval = Interval("span", "airspace_closed", "airspace_reopened", "EPAA", "EPAA")
    assert account(bundle(events=events, intervals=[interval])).durations["minutes"].to_list() == [length]


def test_an_order_of_a_runway_that_was_cancelled_is_told_as_ordered_and_cancelled():
    asked = LAST | {"subject_id": "runway_closed"}
    order = notice("A1", -35, 20, 190, kind="runway_closed")
    cancelled = lifted("A2", -5, kind="notam_cancelled", supersedes="A1")
    assert answers(asked, order, cancelled) == (
        "It was ordered for 20:20, according to Notice office, and cancelled at 19:55 on 12 March, "
        "according to Notice office; nobody tells that it happened."
    )


def test_a_notice_in_force_may_be_issued_before_it_begins():
    told = account(bundle(events=[notice("A1", -35, 20, kind="notam_in_force", told_as=None)]))
    assert told.bundle_remarks.is_empty()


def test_what_was_closed_before_it_was_known_is_asked_whether_it_was_an_order():
    (remark,) = account(bundle(events=[ISSUED | {"told_as": None}])).bundle_remarks.to_dicts()
    assert (remark["kind"], "set told_as to order" in remark["advice"]) == ("known_before", True)
