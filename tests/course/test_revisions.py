"""What a sayer told again: the later telling stands, in every table; the earlier one is history."""

from __future__ import annotations

from dataclasses import replace

from laid_out import account, at, bundle, claim, event, find, finds, question

from hotwash.model import schema, tables
from hotwash.model.incident import Interval
from hotwash.model.schema import drift


def revisions(found):
    assert drift(found.revisions, tables.REVISIONS) == []
    return found.revisions.select("table", "row_id", "replaced_by", "is_derived").rows()


def report(minute, known, **more):
    return event("first_report", minute, known_utc=at(known), by="Police", subject_id="EPAA", **more)


CLOSED = event("aerodrome_closed", 138, known_utc=at(600), subject_id="EPAA")
SPAN = [Interval("to closing", "first_report", "aerodrome_closed")]


def test_a_later_row_of_the_same_name_replaces_the_earlier_one():
    rows = [{**report(90, 700), "event_id": "E1"}, {**report(30, 1400), "event_id": "E1"}, CLOSED]
    found = account(bundle(events=rows, intervals=SPAN))
    assert revisions(found) == [("events", "E1#1", "E1", False)]
    assert found.durations["minutes"].to_list() == [108.0]
    assert found.bundle.recording.events["event_id"].to_list() == ["E1", "E-aerodrome_closed-138"]


def test_a_row_replaces_those_that_it_names():
    rows = [
        report(90, 700),
        report(60, 800),
        {**report(30, 1400), "supersedes": ["E-first_report-90", "E-first_report-60"]},
    ]
    found = account(bundle(events=rows))
    assert [row[1] for row in revisions(found)] == ["E-first_report-90", "E-first_report-60"]


def test_one_sayer_who_tells_one_event_otherwise_later_has_revised_it_and_it_is_remarked():
    found = account(bundle(events=[report(90, 700), report(30, 1400), CLOSED], intervals=SPAN))
    assert revisions(found) == [("events", "E-first_report-90", "E-first_report-30", True)]
    assert found.durations["minutes"].to_list() == [108.0]
    (remark,) = found.bundle_remarks.filter(kind="revised").to_dicts()
    assert remark["text"].startswith("Police told E-first_report-30 later")


def test_a_withdrawn_telling_still_stood_at_an_earlier_date():
    laid = bundle(events=[report(90, 700), report(30, 1400), CLOSED], intervals=SPAN)
    early = account(laid, as_of_utc=at(1000))
    assert early.durations["minutes"].to_list() == [48.0]
    assert revisions(early) == []


def test_two_sayers_who_tell_one_event_otherwise_disagree_and_revise_nothing():
    other = {**report(90, 700), "said_by": ["Airport"], "source_id": ["S-RADIO"]}
    found = account(bundle(events=[report(30, 1400), other]))
    assert revisions(found) == []


def test_a_number_told_again_for_the_same_time_is_revised_and_a_rising_one_is_not():
    def told(value, known, **more):
        base = event("diversion", low=0, high=200, value=value, known_utc=at(known), subject_id="EPAA", **more)
        return {**base, "event_id": f"E{value}"}

    assert revisions(account(bundle(events=[told(4.0, 300), told(5.0, 900)]))) == [("events", "E4.0", "E5.0", True)]
    running = [told(4.0, 300, is_running=True), told(9.0, 900)]
    assert revisions(account(bundle(events=running))) == []


def test_the_second_assessment_of_a_sighting_stands_and_the_first_is_its_history():
    seen = {"sighting_id": "G1", "role": "passenger", "saw_nothing": False, "seen": "a large drone"}
    rows = [{**seen, "known_utc": at(0)}, {**seen, "known_utc": at(900), "explained_by": "known_traffic"}]
    laid = bundle(sightings=rows)
    found = account(laid)
    assert found.bundle.sightings["explained_by"].to_list() == ["known_traffic"]
    assert revisions(found) == [("sightings", "G1#1", "G1", False)]
    early = account(laid, as_of_utc=at(100))  # a later explanation does not leak
    assert early.bundle.sightings["explained_by"].to_list() == [None]


def test_a_claim_may_replace_several_and_each_keeps_its_verdict_on_the_merits():
    said = [claim(value, said=300 + n, claim_id=f"C{n}") for n, value in enumerate(("present", "present", "absent"))]
    said[2]["supersedes"] = ["C0", "C1"]
    found = account(bundle([question("presence")], said, finds=finds(1.0)))
    assert found.findings["verdict"].to_list() == ["superseded", "superseded", "contradicted"]
    assert found.findings["superseded_by"].to_list() == ["C2", "C2", None]


def test_a_claim_of_the_same_name_known_later_replaces_the_earlier_one():
    rows = [claim(4, said=300), claim(5, said=900)]
    laid = bundle([question("count", "finds")], finds=finds(1.0))
    found = account(replace(laid, claims=schema.frame(tables.CLAIMS, rows)))
    assert found.findings.select("claim_id", "superseded_by").rows() == [("C#1", "C"), ("C", None)]


def test_finds_stand_where_they_first_stood():
    rows = [find("F2", 0.5), find("F1", 0.9), find("F2", 0.9, known_utc=at(900))]
    assert account(bundle(finds=rows)).bundle.finds["find_id"].to_list() == ["F2", "F1"]
