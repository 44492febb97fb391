"""Occasions: the third closure is not another telling of the first."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
from laid_out import account, at, bundle, claim, event, question

from hotwash.model import tables
from hotwash.model.incident import Interval
from hotwash.model.schema import drift


def night(start, end):
    """Return a closing and a reopening of EPAA, in minutes after 20:00."""
    return (event("aerodrome_closed", start, subject_id="EPAA"), event("aerodrome_reopened", end, subject_id="EPAA"))


TWO = (*night(0, 120), *night(1440, 1920))
SPAN = ("aerodrome_closed", "aerodrome_reopened", "EPAA", "EPAA")


def remarks(found):
    assert drift(found.bundle_remarks, tables.BUNDLE_REMARKS) == []
    return {row["kind"]: row["text"] for row in found.bundle_remarks.to_dicts()}


def test_one_closure_needs_no_occasion_and_no_remark():
    found = account(bundle(events=night(0, 120)))
    assert found.bundle.occasions["occasion_id"].to_list() == ["EPAA-1"]
    assert found.bundle_remarks.is_empty()


def test_two_closures_are_proposed_as_two_occasions_with_a_remark():
    found = account(bundle(events=TWO))
    assert found.bundle.occasions.select("occasion_id", "is_proposed").rows() == [("EPAA-1", True), ("EPAA-2", True)]
    assert remarks(found)["proposed_occasion"].startswith(
        "EPAA was closed 2 times, taken as separate occasions: EPAA-1"
    )


def test_intervals_that_ask_for_the_same_ask_for_one_occasion_after_the_other():
    found = account(bundle(events=TWO, intervals=[Interval("closed", *SPAN), Interval("again", *SPAN)]))
    assert found.durations.select("name", "minutes").rows() == [("closed", 120.0), ("again", 480.0)]


def test_an_interval_that_numbers_its_night_asks_for_that_one():
    found = account(bundle(events=TWO, intervals=[Interval("night 2", *SPAN)]))
    assert found.durations.select("occasion_id", "minutes").rows() == [("EPAA-2", 480.0)]


def test_an_interval_that_names_none_is_stated_for_each_occasion():
    found = account(bundle(events=TWO, intervals=[Interval("closed", *SPAN)]))
    assert found.durations.select("occasion_id", "minutes").rows() == [("EPAA-1", 120.0), ("EPAA-2", 480.0)]


def test_a_claim_on_an_interval_of_several_occasions_is_not_weighed_on_any():
    asked = question("duration", "min", subject_id="closed")
    row = account(bundle([asked], [claim(120)], events=TWO, intervals=[Interval("closed", *SPAN)])).findings.to_dicts()[
        0
    ]
    assert row["verdict"] == "not_testable"
    assert "2 occasions" in row["reason"]
    named = account(
        bundle([asked], [claim(120, occasion_id="EPAA-1")], events=TWO, intervals=[Interval("closed", *SPAN)])
    )
    assert named.findings["verdict"].to_list() == ["supported"]


def test_a_question_of_a_time_is_weighed_on_the_occasion_that_it_names_only():
    asked = question("time", "utc", subject_id="aerodrome_closed", occasion_id="EPAA-2")
    for minute, verdict in ((1440, "supported"), (0, "contradicted")):
        said = claim(f"{at(minute):%Y-%m-%dT%H:%M:%SZ}", said=3000)
        assert account(bundle([asked], [said], events=TWO)).findings["verdict"].to_list() == [verdict]


def test_a_question_that_could_mean_several_occasions_is_remarked_and_only_what_fits_none_is_contradicted():
    asked = question("time", "utc", subject_id="aerodrome_closed")
    for minute, verdict in ((1440, "not_testable"), (0, "not_testable"), (700, "contradicted")):
        said = claim(f"{at(minute):%Y-%m-%dT%H:%M:%SZ}", said=3000)
        found = account(bundle([asked], [said], events=TWO))
        assert found.findings["verdict"].to_list() == [verdict]
        assert "does not say which of 2 occasions" in remarks(found)["ambiguous_occasion"]


def test_a_question_whose_words_name_one_aerodrome_is_about_that_one():
    both = [event("airspace_closed", 26, subject_id="EPAA"), event("airspace_closed", 270, subject_id="EPBB")]
    asked = question("time", "utc", subject_id="airspace_closed") | {"text": "When did EPAA close?"}
    for minute, verdict in ((26, "supported"), (270, "contradicted")):
        said = claim(f"{at(minute):%Y-%m-%dT%H:%M:%SZ}", said=3000)
        found = account(bundle([asked], [said], events=both))
        assert found.findings["verdict"].to_list() == [verdict]
        assert "EPAA" in remarks(found)["occasion_taken"]


def test_what_is_told_at_an_aerodrome_belongs_to_the_closure_that_it_overlaps_or_comes_next_to():
    around = [
        event("first_report", -40, subject_id="EPAA"),
        event("cancellation", low=1440, high=1900, subject_id="EPAA", value=12.0),
        event("press_release", 700, subject_id="EPAA"),
    ]
    found = account(bundle(events=[*TWO, *around])).bundle.recording.events
    of = dict(found.select("kind", "occasion_id").rows())
    assert (of["first_report"], of["cancellation"], of["press_release"]) == ("EPAA-1", "EPAA-2", None)


def test_a_declared_occasion_takes_the_events_of_its_time():
    declared = [
        {
            "occasion_id": "first night",
            "kind": "closure",
            "subject_id": "EPAA",
            "utc_low": at(-60),
            "utc_high": at(300),
        },
        {
            "occasion_id": "second night",
            "kind": "closure",
            "subject_id": "EPAA",
            "utc_low": at(1400),
            "utc_high": at(2000),
        },
    ]
    found = account(bundle(events=TWO, occasions=declared))
    assert found.states["occasion_id"].to_list() == ["first night", "second night"]
    assert found.bundle_remarks.is_empty()


def test_an_occasion_that_only_events_name_is_there_too():
    events = [{**row, "occasion_id": "both nights"} for row in TWO]
    found = account(bundle(events=events))
    assert found.bundle.occasions["occasion_id"].to_list() == ["both nights"]
    assert found.closures.select("stretches", "closed_min_low", "span_min_low").rows() == [(2, 600.0, 1920.0)]


def test_thirteen_closures_of_one_airport_are_thirteen():
    many = [row for day in range(13) for row in night(1440 * day, 1440 * day + 30 + day)]
    found = account(bundle(events=many))
    whole = found.closures.filter(pl.col("occasion_id").is_null()).to_dicts()[0]
    assert (whole["stretches"], whole["closed_min_low"]) == (13, sum(30 + day for day in range(13)))
    assert found.closures.height == 14


def test_no_occasion_is_lost_in_an_account_as_of_a_date():
    declared = [{"occasion_id": "night", "kind": "closure", "subject_id": "EPAA"}]
    found = account(bundle(events=night(0, 120), occasions=declared), as_of_utc=datetime(2026, 3, 13, tzinfo=UTC))
    assert found.bundle.occasions["occasion_id"].to_list() == ["night"]
