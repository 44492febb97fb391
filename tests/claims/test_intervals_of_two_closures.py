"""Intervals that name no occasion where there are several, and traffic that stopped beside the formal closing."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, event, question

from hotwash.model.incident import Interval

NIGHT_OF_TWO = (("aerodrome_closed", 10), ("aerodrome_reopened", 40), ("aerodrome_closed", 70))
CLOSURES = [event(kind, when, subject_id="EPAA") for kind, when in (*NIGHT_OF_TWO, ("aerodrome_reopened", 130))]


def asked(start, stop, *more, events=CLOSURES, **narrowed):
    interval = Interval("span", start, stop, **narrowed)
    asks = question("duration", "min", subject_id="span")
    return account(bundle([asks], events=[*events, *more], intervals=[interval]))


def lengths(told):
    return [(row["occasion_id"], row["minutes"]) for row in told.durations.to_dicts()]


def answer(told):
    return told.conclusions.filter(question_id="Q")["answer"].item()


def notices(*times, kind="notam_in_force"):
    return [event(kind, when, subject_id="EPAA", by="Notice office", source="S-RADIO") for when in times]


def test_a_notice_that_names_no_occasion_is_taken_for_the_closure_of_its_time():
    # 55 lies between two closures that are 30 minutes apart: it is no telling of the first, which had reopened at 40.
    told = asked("notam_in_force", "aerodrome_reopened", *notices(5, 55))
    assert lengths(told) == [("EPAA-1", 35.0), ("EPAA-2", 75.0)]
    (one, other) = told.durations["taken"].to_list()
    assert ("E-notam_in_force-5" in one[0], "E-notam_in_force-55" in other[0]) == (True, True)
    assert answer(told).startswith("Span: 35 min (EPAA-1); 1 h 15 min (EPAA-2)")


def test_an_end_that_names_no_occasion_lies_before_the_next_closure():
    assert lengths(asked("aerodrome_closed", "warning_lifted", *notices(50, 140, kind="warning_lifted"))) == [
        ("EPAA-1", 40.0),
        ("EPAA-2", 70.0),
    ]


def test_an_occasion_without_such_a_notice_is_not_measured_from_that_of_another():
    told = asked("aerodrome_closed", "notam_in_force", *notices(5, 55))
    assert lengths(told) == [("EPAA-1", 45.0), ("EPAA-2", None)]
    assert "names the occasion" in told.durations["why"][1]
    assert "not known (EPAA-2)" in answer(told)


def test_the_same_holds_where_the_interval_names_the_occasion():
    told = asked("notam_in_force", "aerodrome_reopened", *notices(5, 55), occasion_id="EPAA-2")
    assert lengths(told) == [("EPAA-2", 75.0)]


def test_between_two_notices_of_no_occasion_the_first_is_measured_and_the_answer_says_so():
    told = asked("notam_in_force", "notam_cancelled", *notices(5, 55), *notices(45, 140, kind="notam_cancelled"))
    assert lengths(told) == [(None, 40.0)]
    assert "there are 2 (EPAA-1 and EPAA-2)" in told.durations["why"][0]
    assert "there are 2 (EPAA-1 and EPAA-2)" in answer(told)
    (remark,) = told.bundle_remarks.filter(kind="ambiguous_occasion").to_dicts()
    assert (remark["table"], remark["row_id"]) == ("intervals", "span")
    assert "occasion_id" in remark["advice"]


def test_notices_that_name_their_occasions_are_measured_one_by_one():
    named = [row | {"occasion_id": name} for row, name in zip(notices(5, 55), ("EPAA-1", "EPAA-2"), strict=True)]
    ends = [row | {"occasion_id": name} for row, name in zip(notices(45, 140), ("EPAA-1", "EPAA-2"), strict=True)]
    ends = [row | {"kind": "notam_cancelled", "event_id": f"X{row['event_id']}"} for row in ends]
    told = asked("notam_in_force", "notam_cancelled", *named, *ends)
    assert lengths(told) == [("EPAA-1", 40.0), ("EPAA-2", 85.0)]
    assert told.bundle_remarks.filter(kind="ambiguous_occasion").is_empty()


def test_how_long_it_was_open_between_two_closures_runs_from_the_first_to_the_second():
    told = asked("aerodrome_reopened", "aerodrome_closed")
    (row,) = told.durations.to_dicts()
    assert (row["minutes"], row["from_occasion_id"], row["to_occasion_id"]) == (30.0, "EPAA-1", "EPAA-2")


def test_from_a_notice_to_a_notice_is_to_the_next_one_where_no_end_is_told():
    (row,) = asked("notam_in_force", "notam_in_force", *notices(5, 25), events=CLOSURES[:2]).durations.to_dicts()
    assert (row["minutes"], row["why"]) == (20.0, "From the first to the next of 2 events notam in force.")


def test_the_only_length_of_one_occasion_of_several_names_it():
    own = event("inspection_done", 35, subject_id="EPAA", occasion_id="EPAA-1")
    assert answer(asked("aerodrome_closed", "inspection_done", own)) == "Span: 25 min (EPAA-1)."


@pytest.mark.parametrize(("stopped", "resumed", "length"), [(4, 44, 40.0), (10, 40, 30.0)])
def test_where_nobody_tells_of_the_aerodrome_traffic_that_stopped_stands_for_its_closing(stopped, resumed, length):
    traffic = [
        event(kind, when, subject_id="EPAA")
        for kind, when in (("traffic_suspended", stopped), ("traffic_resumed", resumed))
    ]
    told = asked("aerodrome_closed", "aerodrome_reopened", events=traffic)
    assert told.durations["minutes"].to_list() == [length]
    assert "is taken for aerodrome closed, which nobody tells" in told.durations["why"][0]
    assert "is taken for aerodrome reopened" in answer(told)


def test_traffic_that_stopped_before_the_formal_closing_is_said_beside_the_length():
    told = asked(
        "aerodrome_closed", "aerodrome_reopened", event("traffic_suspended", 2, subject_id="EPAA"), events=CLOSURES[:2]
    )
    assert told.durations["minutes"].to_list() == [30.0]
    assert "is told 8 min earlier and is not counted" in told.durations["why"][0]
    assert "8 min earlier" in answer(told)
