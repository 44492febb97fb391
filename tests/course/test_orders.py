"""What is in order is not remarked; what cannot be is no evidence; remarks come in the order of the bundle."""

from __future__ import annotations

from typing import Any

import pytest
from laid_out import account, at, event
from laid_out import bundle as laid_bundle
from remarked import HEAD, INTERVAL, bundle, kinds, remarks

from hotwash.course.orders import find_impossible_orders, impossible_tellings
from hotwash.course.remarks import find_remarks
from hotwash.front.bundles import read_bundle

CHANGE_OF_CLOCKS = HEAD.replace("2026-05-12T16", "2026-10-24T16").replace("2026-05-13T06", "2026-10-25T06")
OWN_UNIT = '\n[[units]]\nname = "hit"\nmany = "flights hit"\n'
FOUR = {"claim_id": "C-4", "question_id": "Q-DIV", "value": "4"}
TWO = {"claim_id": "C-2", "question_id": "Q-DIV", "value": "2", "unit": "cancellations"}
REOPENED = {"event_id": "E2", "kind": "aerodrome_reopened"}

IN_ORDER: dict[str, dict[str, Any]] = {
    "a usual night": {"claims": [{}], "events": [{}], "finds": [{}], "sightings": [{}]},
    "known in the same minute": {"events": [{"known_utc": "2026-05-12T20:26"}]},
    "known on the day on which it happened": {"events": [{"known_utc": "2026-05-12"}]},
    "open to the past": {
        "events": [{"start_utc": "", "utc_high": "2026-05-12T20:26", "known_utc": "2026-05-12T19:57"}]
    },
    "told as a forecast": {"events": [{"told_as": "forecast", "known_utc": "2026-05-12T19:57"}]},
    "told as an order": {"events": [{"told_as": "order", "known_utc": "2026-05-01"}]},
    "hours published beforehand": {
        "events": [{"kind": "curfew", "end_utc": "2026-05-13T05:00", "known_utc": "2026-01-01"}]
    },
    "an inquiry closed months later": {
        "events": [{"kind": "case_closed", "start_utc": "2027-01-15T10:00", "known_utc": "2027-01-15T12:00"}]
    },
    "another story": {
        "occasions": [{"is_related": "true"}],
        "events": [{"start_utc": "2026-05-01T20:26", "occasion_id": "O1"}],
    },
    "one of two pages is old": {
        "sources": [{"published_utc": "2026-05-11"}, {"source_id": "S2", "published_utc": "2026-05-13"}],
        "events": [{"source_id": "S1;S2"}],
    },
    "a log that is known before it is written": {"sources": [{"known_utc": "2026-05-01"}], "events": [{}]},
    "a page of the day after": {"sources": [{"published_utc": "2026-05-13"}], "events": [{"known_utc": "2026-05-13"}]},
    "a page by its date that names the time of which it speaks": {
        "sources": [{"published_utc": "2026-05-12"}],
        "claims": [
            {
                "question_id": "Q-STATUS",
                "value": "closed",
                "said_utc_high": "2026-05-12",
                "known_utc": "2026-05-12",
                "at_utc_low": "2026-05-12T21:00",
                "at_utc_high": "2026-05-12T21:00",
            }
        ],
    },
    "a page by its date, on a day without anything of the incident": {
        "sources": [{"published_utc": "2026-05-14"}],
        "claims": [
            {"question_id": "Q-STATUS", "value": "open", "said_utc_high": "2026-05-14", "known_utc": "2026-05-14"}
        ],
    },
    "a page with its time": {
        "sources": [{"published_utc": "2026-05-12T23:00"}],
        "events": [{"known_utc": "2026-05-12T23:00"}],
    },
    "a range known for years": {
        "claims": [{"question_id": "Q-RANGE", "value": "600", "said_utc_high": "2022-03-01", "known_utc": "2022-03-01"}]
    },
    "a time told afterwards": {"claims": [{"question_id": "Q-WHEN", "value": "2026-05-12T20:26"}]},
    "a latest time told beforehand": {
        "claims": [
            {
                "question_id": "Q-WHEN",
                "relation": "at_most",
                "value": "2026-05-12T20:30",
                "said_utc_high": "2026-05-12T20:27",
                "known_utc": "2026-05-12T20:27",
            }
        ]
    },
    "about a time that is nearly reached": {
        "claims": [
            {
                "question_id": "Q-WHEN",
                "relation": "about",
                "value": "2026-05-12T20:30",
                "said_utc_high": "2026-05-12T20:27",
                "known_utc": "2026-05-12T20:27",
            }
        ]
    },
    "a forecast made before the window": {
        "claims": [{"told_as": "forecast", "said_utc_high": "2026-05-12T08:00", "known_utc": "2026-05-12T08:00"}]
    },
    "an explanation after the sighting": {
        "sightings": [{}, {"explained_by": "celestial", "known_utc": "2026-05-14T09:00"}]
    },
    "an explanation that was withdrawn": {
        "sightings": [{"explained_by": "celestial"}, {"explained_by": "unexplained", "known_utc": "2026-05-14T09:00"}]
    },
    "weekdays that fit, in four languages": {
        "events": [
            {"event_id": f"E{number}", "kind": f"kind_{number}", "text": text}
            for number, text in enumerate(
                ("on Tuesday, May 12, 2026", "we wtorek 12 maja", "у вівторок, 12 травня", "Dienstag, den 12. Mai 2026")
            )
        ]
    },
    "a night of two days": {"events": [{"text": "in the night of Wednesday 12/13 May"}]},
    "a weekday without a date": {"events": [{"text": "On Sunday the police said that they know more"}]},
    "a date without a weekday": {"events": [{"text": "do 12 maja; so 12 May it was; it sat 3 June"}]},
    "two printed clocks that fit": {"events": [{"printed_time": "2:26 p.m. ET (20:26 local)"}]},
    "a span in two zones": {
        "events": [{"end_utc": "2026-05-13T00:30", "printed_time": "20:26-00:30 local (18:26-22:30 UTC)"}]
    },
    "a printed clock without a zone, in that of the source": {
        "sources": [{"zone": "Atlantic/Faroe"}],
        "events": [{"start_utc": "2026-05-12T20:26", "printed_time": "20:26"}],
    },
    "a printed clock without a zone, in that of the incident": {
        "sources": [{"zone": "Atlantic/Faroe"}],
        "events": [{"start_utc": "2026-05-12T18:26Z", "printed_time": "20:26"}],
    },
    "a printed clock of about": {"events": [{"printed_time": "shortly before 20:30"}]},
    "a printed date that is another day elsewhere": {
        "sightings": [
            {"utc_low": "2026-05-13T02:22", "utc_high": "2026-05-13T02:22", "printed_time": "Tuesday, 8:22 p.m. ET"}
        ]
    },
    "a printed version and a number": {"events": [{"printed_time": "20:26 (log 3.10, page 12)"}]},
    "an hour that comes twice, with its offset": {
        "head": CHANGE_OF_CLOCKS,
        "events": [{"start_utc": "2026-10-25T02:30+02:00", "known_utc": "2026-10-26", "printed_time": "2:30 CEST"}],
    },
    "an hour that comes twice, with its passes": {
        "head": CHANGE_OF_CLOCKS,
        "events": [
            {
                "event_id": f"E{number}",
                "kind": f"kind_{number}",
                "start_utc": f"2026-10-25T0{hour}:30Z",
                "known_utc": "2026-10-26",
                "printed_time": printed,
            }
            for number, (hour, printed) in enumerate(
                ((0, "02:30 A"), (1, "02:30 B"), (0, "02:30 summer time"), (1, "02:30 Winterzeit"), (0, "2A:30 Uhr"))
            )
        ],
    },
    "an hour that comes twice, in bounds that hold both": {
        "head": CHANGE_OF_CLOCKS,
        "events": [
            {
                "start_utc": "",
                "utc_low": "2026-10-25T00:30Z",
                "utc_high": "2026-10-25T01:30Z",
                "known_utc": "2026-10-26",
                "printed_time": "02:30",
            }
        ],
        "claims": [
            {
                "claim_id": f"C{number}",
                "question_id": "Q-WHEN",
                "relation": "between",
                "value": "2026-10-25T00:30Z",
                "value_high": "2026-10-25T01:30Z",
                "said_utc_high": "2026-10-26",
                "known_utc": "2026-10-26",
                "printed_time": printed,
            }
            for number, printed in enumerate(("02:30", ""))
        ],
    },
    "an hour that comes twice, by a log in UTC": {
        "head": CHANGE_OF_CLOCKS,
        "sources": [{"zone": "UTC"}],
        "events": [{"start_utc": "2026-10-25T00:30Z", "known_utc": "2026-10-26"}],
    },
    "an interval in order": {"head": HEAD + INTERVAL, "events": [{}, REOPENED | {"start_utc": "2026-05-13T00:20"}]},
    "an interval whose end may be later": {
        "head": HEAD + INTERVAL,
        "events": [{}, REOPENED | {"start_utc": "", "utc_low": "2026-05-12T20:00", "utc_high": "2026-05-13T00:20"}],
    },
    "two closings and reopenings": {
        "events": [
            {},
            REOPENED | {"start_utc": "2026-05-12T21:00"},
            {"event_id": "E3", "start_utc": "2026-05-12T22:30"},
            REOPENED | {"event_id": "E4", "start_utc": "2026-05-13T00:20"},
        ]
    },
    "a reopening told alone": {"events": [REOPENED | {"start_utc": "2026-05-12T19:00"}]},
    "another aerodrome reopens first": {
        "events": [{}, REOPENED | {"start_utc": "2026-05-12T19:00", "subject_id": "EDDW"}]
    },
    "a reopening that was withdrawn": {
        "events": [
            {"said_by": "Tower"},
            REOPENED | {"start_utc": "2026-05-12T19:00", "said_by": "Tower"},
            REOPENED | {"start_utc": "2026-05-12T23:00", "said_by": "Tower", "known_utc": "2026-05-14T12:00"},
        ]
    },
    "a closing whose time is open": {
        "events": [{"start_utc": "", "utc_high": "2026-05-12T20:26"}, REOPENED | {"start_utc": "2026-05-12T19:00"}]
    },
    "a sighting that caused a closure": {"events": [{}], "sightings": [{"led_to": "E1"}]},
    "a sighting that caused an occasion": {
        "occasions": [{}],
        "events": [{"occasion_id": "O1"}],
        "sightings": [{"led_to": "O1"}],
    },
    "tellings of one occasion minutes apart": {
        "occasions": [{}],
        "events": [{"occasion_id": "O1"}, {"event_id": "E2", "start_utc": "2026-05-12T20:40", "occasion_id": "O1"}],
    },
    "statements on one occasion hours apart": {
        "occasions": [{}],
        "events": [
            {"kind": "public_statement", "occasion_id": "O1"},
            {"event_id": "E2", "kind": "public_statement", "start_utc": "2026-05-13T00:26", "occasion_id": "O1"},
        ],
    },
    "closed twice on one occasion": {
        "occasions": [{}],
        "events": [
            {"occasion_id": "O1"},
            REOPENED | {"start_utc": "2026-05-12T21:00", "occasion_id": "O1"},
            {"event_id": "E3", "start_utc": "2026-05-12T22:30", "occasion_id": "O1"},
        ],
    },
    "sightings throughout a closure": {
        "occasions": [{}],
        "sightings": [
            {"occasion_id": "O1"},
            {"sighting_id": "G2", "utc_low": "2026-05-12T23:00", "utc_high": "2026-05-12T23:05", "occasion_id": "O1"},
        ],
    },
    "an occasion into whose times an event falls": {
        "occasions": [{"utc_low": "2026-05-12T18:00Z", "utc_high": "2026-05-12T23:00Z"}],
        "events": [{}],
    },
    "a sum that adds up": {
        "claims": [
            FOUR,
            FOUR | {"claim_id": "C-B", "value": "5"},
            FOUR | {"claim_id": "C-S", "value": "9", "parts": "C-4;C-B"},
        ]
    },
    "a sum of about": {
        "claims": [
            FOUR,
            FOUR | {"claim_id": "C-B", "value": "5"},
            FOUR | {"claim_id": "C-S", "relation": "about", "value": "10", "parts": "C-4;C-B"},
        ]
    },
    "a sum of what takes its parts in": {
        "claims": [FOUR, TWO, {"claim_id": "C-S", "question_id": "Q-ALL", "value": "6", "parts": "C-4;C-2"}]
    },
    "a sum in a unit of the bundle's own": {
        "head": HEAD + OWN_UNIT,
        "claims": [
            FOUR,
            TWO,
            {"claim_id": "C-S", "question_id": "Q-ALL", "value": "6", "unit": "hit", "parts": "C-4;C-2"},
        ],
    },
    "a sum whose part is not known": {
        "claims": [
            FOUR,
            FOUR | {"claim_id": "C-B", "value": "not_known"},
            FOUR | {"claim_id": "C-S", "value": "9", "parts": "C-4;C-B"},
        ]
    },
    "a running number beside a sum": {
        "claims": [
            FOUR,
            FOUR | {"claim_id": "C-B", "value": "5"},
            FOUR | {"claim_id": "C-S", "value": "9", "parts": "C-4;C-B"},
            FOUR | {"claim_id": "C-SO-FAR", "is_running": "true"},
        ]
    },
    "a sum of events": {
        "events": [
            {"kind": "diversion", "value": "17"},
            {"event_id": "E2", "kind": "diversion", "value": "12"},
            {"event_id": "E3", "kind": "diversion", "value": "29", "parts": "E1;E2"},
        ]
    },
}


@pytest.mark.parametrize("case", IN_ORDER)
def test_what_is_in_order_is_not_remarked(case: str):
    assert remarks(**IN_ORDER[case]) == []


def test_a_shipped_example_has_no_more_remarks_than_it_earns():
    (sum_of_units,) = find_impossible_orders(read_bundle("airport-2026")).iter_rows(named=True)
    assert sum_of_units["text"] == "4 diversions and 2 cancellations are added as 6 diversions."
    (row,) = find_impossible_orders(read_bundle("poland-2025")).iter_rows(named=True)
    assert row["kind"] == "page_date_only"
    assert row["text"].startswith("8 sources (")  # doorbell, briefing and the like, on the page's own day


# ---------------------------------------------------------------- traps, all in one bundle


def test_each_trap_of_one_bundle_is_remarked_with_its_own_cause():
    found = remarks(
        sources=[
            {"source_id": "S-ISLAND", "zone": "Europe/Berlin", "published_utc": "2026-05-12T19:57"},
            {"source_id": "S-PAGE", "published_utc": "2026-05-11"},
            {"source_id": "S-NEWS", "zone": "UTC"},
            {"source_id": "S-LATE", "published_utc": "2026-05-14T23:52"},
        ],
        events=[
            {"event_id": "E-CLOSED", "known_utc": "2026-05-12T19:57", "source_id": "S-ISLAND"},
            {"event_id": "E-OLD", "known_utc": "2026-05-11", "source_id": "S-PAGE"},
            {
                "event_id": "E-BRIEFING",
                "kind": "police_briefing",
                "start_utc": "2026-05-13T07:00",
                "known_utc": "2026-05-13T00:20",
                "text": "announced for 07:00",
                "source_id": "S-LATE",
            },
        ],
        claims=[
            {"claim_id": "C-YEAR", "said_utc_high": "2023-06-25", "known_utc": "2023-06-25", "source_id": "S-NEWS"},
            {
                "claim_id": "C-BEFORE",
                "question_id": "Q-WHEN",
                "value": "2026-05-12T20:26",
                "said_utc_high": "2026-05-12T19:57",
                "known_utc": "2026-05-12T19:57",
                "source_id": "S-ISLAND",
            },
        ],
    )
    assert [(kind, place) for kind, place, _ in found] == [
        ("said_before", "claims C-BEFORE"),
        ("outside_window", "claims C-YEAR"),
        ("forecast", "events E-BRIEFING"),
        ("known_before", "events E-CLOSED"),
        ("published_before", "events E-OLD"),
    ]


# ---------------------------------------------------------------- evidence


def test_what_was_known_or_published_before_it_happened_is_no_evidence():
    found = bundle(
        sources=[{}, {"source_id": "S-PAGE", "published_utc": "2026-05-11"}],
        events=[
            {"event_id": "E-EARLY", "known_utc": "2026-05-12T19:57"},
            {"event_id": "E-PAGE", "source_id": "S-PAGE"},
            {"event_id": "E-FORECAST", "known_utc": "2026-05-12T19:57", "told_as": "forecast"},
            {"event_id": "E-RIGHT"},
        ],
    )
    assert impossible_tellings(found) == {("events", "E-EARLY"), ("events", "E-PAGE")}


def test_of_several_rows_of_one_name_the_impossible_one_is_named_by_its_number():
    found = bundle(sightings=[{"known_utc": "2026-05-12T19:57"}, {}])
    assert impossible_tellings(found) == {("sightings", "G1#1")}


def test_an_event_whose_end_alone_was_foretold_stays_evidence_of_its_beginning():
    found = bundle(events=[{"end_utc": "2026-05-13T00:20", "known_utc": "2026-05-12T23:00"}])
    assert impossible_tellings(found) == frozenset()


# ---------------------------------------------------------------- order


def test_remarks_come_by_table_and_row_and_twice_alike():
    found = bundle(
        events=[
            {"event_id": "E2", "kind": "b", "known_utc": "2026-05-12T19:57"},
            {"event_id": "E1", "kind": "a", "known_utc": "2026-05-12T19:57", "text": "on Wednesday 12 May 2026"},
        ],
        claims=[{"said_utc_high": "2026-05-12T17:00", "known_utc": "2026-05-12T17:00"}],
        occasions=[{}],
    )
    first = find_remarks(found)
    places = [f"{row['table']} {row['row_id']} {row['kind']}" for row in first.iter_rows(named=True)]
    assert places == [
        "occasions O1 occasion_untold",
        "claims C1 said_before",
        "events E1 known_before",
        "events E1 weekday",
        "events E2 known_before",
    ]
    assert first.equals(find_remarks(found))


def test_one_row_may_have_two_causes():
    assert kinds(events=[{"known_utc": "2026-05-12T19:57", "printed_time": "20:26 CET"}]) == [
        "clocks_differ",
        "known_before",
    ]


def test_an_impossible_closing_closes_nothing_and_the_account_says_why():
    early = event("aerodrome_closed", 26, subject_id="EPAA", known_utc=at(-3))
    found = account(laid_bundle(events=[early]))
    assert found.states.is_empty()
    assert found.bundle.recording.events["told_as"].to_list() == ["forecast"]
    assert found.bundle_remarks["kind"].to_list() == ["known_before"]
