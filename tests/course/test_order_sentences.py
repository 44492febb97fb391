"""Every remark on an impossible order: what is written, what it says, in a table that a person can read through.

Times are those of Berlin in May, two hours ahead of UTC; the window is 12 May 2026, 18:00 to 08:00 there.
"""

from __future__ import annotations

from typing import Any

import pytest
from remarked import HEAD, INTERVAL, bundle, remarks

from hotwash.course.orders import impossible_tellings
from hotwash.model.words import BUNDLE_REMARK_KINDS

EARLY = {"known_utc": "2026-05-12T19:57"}
DAY_BEFORE = {"published_utc": "2026-05-11", "known_utc": "2026-05-11"}
IN_TOKYO = {"zone": "Asia/Tokyo"}
CLAIM_WHEN = {"question_id": "Q-WHEN", "value": "2026-05-12T20:26"}
FOUR = {"claim_id": "C-4", "question_id": "Q-DIV", "said_by": "Airport", "value": "4", "unit": "diversions"}
TWO = {"claim_id": "C-2", "question_id": "Q-DIV", "said_by": "Airport", "value": "2", "unit": "cancellations"}
FIVE = {"claim_id": "C-5", "question_id": "Q-DIV", "said_by": "Airport", "value": "5", "unit": "diversions"}
SUM = {"claim_id": "C-SUM", "question_id": "Q-DIV", "parts": "C-4;C-5"}
REOPENED = {"event_id": "E2", "kind": "aerodrome_reopened"}

SENTENCES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "an event known before it happened": (
        {"events": [EARLY]},
        "known_before",
        "events E1",
        "It was known at 19:57 on 12 May 2026, 29 min before it happened at 20:26 on 12 May 2026 (Europe/Berlin).",
    ),
    "an event known on a bare date before": (
        {"events": [{"known_utc": "2026-05-11"}]},
        "known_before",
        "events E1",
        "It was known by the end of 11 May 2026, 20 h 26 min before it happened at 20:26 on 12 May 2026 "
        "(Europe/Berlin).",
    ),
    "an event known on a bare date of another place": (
        {"events": [{"known_utc": "2026-05-12", "start_utc": "2026-05-12T20:26+02:00"}], "sources": [IN_TOKYO]},
        "known_before",
        "events E1",
        "It was known by the end of 12 May 2026 (Tokyo date), 3 h 26 min before it happened at 20:26 on 12 May 2026 "
        "(Europe/Berlin).",
    ),
    "a sighting known before it began": (
        {"sightings": [EARLY]},
        "known_before",
        "sightings G1",
        "It was known at 19:57 on 12 May 2026, 23 min before it happened at 20:20 on 12 May 2026 (Europe/Berlin).",
    ),
    "a find known before it was found": (
        {"finds": [{"found_utc_low": "2026-05-15", "found_utc_high": "2026-05-15"}]},
        "known_before",
        "finds F1",
        "It was known at 12:00 on 13 May 2026, 36 h before it happened at 00:00 on 15 May 2026 (Europe/Berlin).",
    ),
    "an announcement told as a fact": (
        {
            "events": [
                {
                    "kind": "police_briefing",
                    "start_utc": "2026-05-13T07:00",
                    "known_utc": "2026-05-13T00:20",
                    "text": "A briefing is announced",
                }
            ]
        },
        "forecast",
        "events E1",
        "It was known at 00:20 on 13 May 2026, 6 h 40 min before it happened at 07:00 on 13 May 2026 (Europe/Berlin): "
        "it is taken as a forecast.",
    ),
    "an end told before it came": (
        {"events": [{"end_utc": "2026-05-13T00:20", "known_utc": "2026-05-12T23:00"}]},
        "forecast",
        "events E1",
        "It was known at 23:00 on 12 May 2026, 1 h 20 min before its end at 00:20 on 13 May 2026 (Europe/Berlin): "
        "the end is a forecast.",
    ),
    "a page dated the day before": (
        {"sources": [DAY_BEFORE], "events": [{}]},
        "published_before",
        "events E1",
        "Its source S1 was published by the end of 11 May 2026, 20 h 26 min before it happened at 20:26 on 12 May 2026 "
        "(Europe/Berlin).",
    ),
    "a claim said after its page was published": (
        {"sources": [DAY_BEFORE], "claims": [{"said_utc_low": "2026-05-13T12:00"}]},
        "published_before",
        "claims C1",
        "Its source S1 was published by the end of 11 May 2026, 36 h before it was said at 12:00 on 13 May 2026 "
        "(Europe/Berlin).",
    ),
    "many rows of one page": (
        {
            "sources": [DAY_BEFORE],
            "events": [{"event_id": f"E{number}", "kind": f"kind_{number}"} for number in range(5)],
        },
        "published_before",
        "sources S1",
        "5 rows tell what came after S1 was published. Of E0: Its source S1 was published by the end of 11 May 2026, "
        "20 h 26 min before it happened at 20:26 on 12 May 2026 (Europe/Berlin).",
    ),
    "a claim that gives a time after it was said": (
        {"claims": [CLAIM_WHEN | {"said_utc_high": "2026-05-12T19:57", "known_utc": "2026-05-12T19:57"}]},
        "said_before",
        "claims C1",
        "It was said at 19:57 on 12 May 2026 and gives a time 29 min later: 20:26 on 12 May 2026 (Europe/Berlin).",
    ),
    "a claim that speaks of a time after it was said": (
        {"claims": [{"question_id": "Q-STATUS", "value": "closed", "at_utc_low": "2026-05-13T13:00"}]},
        "said_before",
        "claims C1",
        "It was said at 12:00 on 13 May 2026 and speaks of a time 1 h later: 13:00 on 13 May 2026 (Europe/Berlin).",
    ),
    "a claim said before the window": (
        {"claims": [{"said_utc_high": "2026-05-12T17:00", "known_utc": "2026-05-12T17:00"}]},
        "said_before",
        "claims C1",
        "It was said at 17:00 on 12 May 2026, 1 h before the incident's window begins at 18:00 on 12 May 2026 "
        "(Europe/Berlin).",
    ),
    "a claim that something was there, made before anybody saw anything": (
        {
            "claims": [{"said_utc_high": "2026-05-12T18:30Z", "known_utc": "2026-05-12T18:30Z"}],
            "sightings": [{"utc_low": "2026-05-12T20:20Z", "utc_high": "2026-05-12T20:24Z"}],
        },
        "said_before",
        "claims C1",
        "It was said at 20:30 on 12 May 2026, 1 h 50 min before the first sighting or find that it could speak of "
        "(G1 at 22:20 on 12 May 2026, Europe/Berlin).",
    ),
    "a claim of another year": (
        {"claims": [{"said_utc_high": "2023-06-25", "known_utc": "2023-06-25"}]},
        "outside_window",
        "claims C1",
        "It was said by the end of 25 June 2023, 1,051 days before the incident's window begins at "
        "18:00 on 12 May 2026 (Europe/Berlin).",
    ),
    "an event of another year": (
        {"events": [{"kind": "case_closed", "start_utc": "2023-06-25T20:05Z", "known_utc": "2023-06-25T20:05Z"}]},
        "outside_window",
        "events E1",
        "It happened at 22:05 on 25 June 2023 (Europe/Berlin), 1,051 days before the incident's window begins.",
    ),
    "a sighting months after the window": (
        {"sightings": [{"utc_low": "2026-08-12T20:00", "utc_high": "2026-08-12T20:05", "known_utc": "2026-08-13"}]},
        "outside_window",
        "sightings G1",
        "It happened at 20:00 on 12 August 2026 (Europe/Berlin), 91 days after the incident's window ends.",
    ),
    "a window that holds nothing": (
        {
            "events": [
                {"event_id": f"E{number}", "kind": f"kind_{number}", "start_utc": "2025-05-12T20:26"}
                for number in range(6)
            ]
        },
        "outside_window",
        "incident.toml window_start_utc",
        "6 rows lie outside the incident's window. Of E0: It happened at 20:26 on 12 May 2025 "
        "(Europe/Berlin), 364 days before the incident's window begins.",
    ),
    "an explanation known before its sighting": (
        {"sightings": [{"explained_by": "celestial", "known_utc": "2026-05-12T19:00"}]},
        "explained_before",
        "sightings G1",
        "The explanation was known at 19:00 on 12 May 2026, 1 h 20 min before the sighting began at "
        "20:20 on 12 May 2026 (Europe/Berlin).",
    ),
    "an explanation that a later report replaces": (
        {"sightings": [{"explained_by": "celestial", "known_utc": "2026-05-13T11:00"}, {"explained_by": ""}]},
        "explained_before",
        "sightings G1",
        "G1#1 explains the sighting and was known at 11:00 on 13 May 2026, 1 h before G1 reports it without an "
        "explanation: the explanation is replaced.",
    ),
    "a weekday that is not that of its date": (
        {"events": [{"text": "Closed on Wednesday 12 May 2026"}]},
        "weekday",
        "events E1",
        '"Wednesday 12 May 2026": 12 May 2026 is a Tuesday.',
    ),
    "a printed weekday that is not the row's": (
        {"events": [{"printed_time": "Wednesday, 20:26"}]},
        "weekday",
        "events E1",
        "Wednesday is printed; the row's own day is Tuesday 12 May 2026.",
    ),
    "two printed clocks": (
        {"sightings": [{"utc_low": "", "utc_high": "", "printed_time": "8:22 p.m. ET (03:22 local)"}]},
        "clocks_differ",
        "sightings G1",
        'The printed clocks do not fit: "8:22 p.m. ET" is 00:22 UTC, and "03:22 local" is 01:22 UTC.',
    ),
    "a printed clock of the other half of the year": (
        {"events": [{"printed_time": "20:26 CET"}]},
        "clocks_differ",
        "events E1",
        '"20:26 CET" is standard time, but on 12 May 2026 the clocks in Europe/Berlin show CEST: 20:26 CEST is 18:26 '
        "UTC; as printed it would be 19:26 UTC.",
    ),
    "a printed clock that is not the row's": (
        {"events": [{"printed_time": "20:26 UTC+1"}]},
        "clocks_differ",
        "events E1",
        'The printed clock "20:26 UTC+1" is 19:26 UTC; the nearest time of the row is 18:26 UTC (20:26 on 12 May 2026, '
        "Europe/Berlin).",
    ),
    "a printed date that is not the row's": (
        {"events": [{"printed_time": "13 May, 20:26"}]},
        "clocks_differ",
        "events E1",
        'The printed date "13 May" is not that of the row, Tuesday 12 May 2026.',
    ),
    "a claim exactly a zone's offset from the event": (
        {"events": [{}], "claims": [{"question_id": "Q-WHEN", "value": "2026-05-12T18:26"}]},
        "clocks_differ",
        "claims C1",
        "It gives 16:26 UTC, E1 18:26 UTC: exactly 2 h apart, as Europe/Berlin is from UTC. One of the two may be "
        "printed in another clock.",
    ),
    "a printed clock that comes twice": (
        {
            "head": HEAD.replace("2026-05-12T16", "2026-10-24T16").replace("2026-05-13T06", "2026-10-25T06"),
            "events": [{"start_utc": "2026-10-25T02:30+02:00", "known_utc": "2026-10-26", "printed_time": "2.30 Uhr"}],
        },
        "clock_repeated",
        "events E1",
        '"2.30 Uhr" comes twice on 25 October 2026 in Europe/Berlin, when the clocks go back: at 00:30 '
        "and at 01:30 UTC.",
    ),
    "a printed pass that is not the row's": (
        {
            "head": HEAD.replace("2026-05-12T16", "2026-10-24T16").replace("2026-05-13T06", "2026-10-25T06"),
            "events": [{"start_utc": "2026-10-25T02:36+01:00", "known_utc": "2026-10-26", "printed_time": "02:36 A"}],
        },
        "clocks_differ",
        "events E1",
        'The printed clock "02:36 A" is 00:36 UTC; the nearest time of the row is 01:36 UTC (02:36 CET on '
        "25 October 2026, Europe/Berlin).",
    ),
    "a claim of a time in an hour that comes twice": (
        {
            "head": HEAD.replace("2026-05-12T16", "2026-10-24T16").replace("2026-05-13T06", "2026-10-25T06"),
            "claims": [
                CLAIM_WHEN
                | {"value": "2026-10-25T02:30+01:00", "said_utc_high": "2026-10-26", "known_utc": "2026-10-26"}
            ],
        },
        "clock_repeated",
        "sources S1",
        "C1: the clocks in Europe/Berlin show 02:30 twice on 25 October 2026, at 00:30 and at 01:30 UTC.",
    ),
    "times in an hour that comes twice": (
        {
            "head": HEAD.replace("2026-05-12T16", "2026-10-24T16").replace("2026-05-13T06", "2026-10-25T06"),
            "events": [{"start_utc": "2026-10-25T02:30+02:00", "known_utc": "2026-10-26"}],
        },
        "clock_repeated",
        "sources S1",
        "E1: the clocks in Europe/Berlin show 02:30 twice on 25 October 2026, at 00:30 and at 01:30 UTC.",
    ),
    "an interval below zero": (
        {
            "head": HEAD + INTERVAL.replace("aerodrome_reopened", "page_told"),
            "events": [{}, {"event_id": "E2", "kind": "page_told", "start_utc": "2026-05-12T19:57"}],
        },
        "below_zero",
        "intervals closure",
        "The interval ends at 19:57 on 12 May 2026, 29 min before it begins at 20:26 on 12 May 2026 (Europe/Berlin).",
    ),
    "a reopening before every closing": (
        {"events": [{}, REOPENED | {"start_utc": "2026-05-12T19:00"}]},
        "state_order",
        "events E2",
        "EDDV reopened at 19:00 on 12 May 2026, 1 h 26 min before any closing that is told, at 20:26 on 12 May 2026 "
        "(Europe/Berlin).",
    ),
    "an occasion that ends before it begins": (
        {
            "occasions": [{}, {"occasion_id": "O2"}],
            "events": [
                {"event_id": "E0", "start_utc": "2026-05-12T18:30", "occasion_id": "O2"},
                {"occasion_id": "O1"},
                REOPENED | {"start_utc": "2026-05-12T19:00", "occasion_id": "O1"},
            ],
        },
        "state_order",
        "events E2",
        "EDDV reopened at 19:00 on 12 May 2026, 1 h 26 min before the closing of its occasion O1, at "
        "20:26 on 12 May 2026 (Europe/Berlin).",
    ),
    "a sighting after the closure that it caused": (
        {
            "events": [{}],
            "sightings": [{"utc_low": "2026-05-12T21:10", "utc_high": "2026-05-12T21:12", "led_to": "E1"}],
        },
        "wrong_order",
        "sightings G1",
        "It began at 21:10 on 12 May 2026, 44 min after E1, which it is said to have caused and which "
        "began by 20:26 on 12 May 2026 (Europe/Berlin).",
    ),
    "tellings of one occasion hours apart": (
        {
            "occasions": [{}],
            "events": [{"occasion_id": "O1"}, {"event_id": "E2", "start_utc": "2026-05-12T22:26", "occasion_id": "O1"}],
        },
        "hours_apart",
        "events E2",
        "E1 and E2 tell of one aerodrome closed on occasion O1, and lie 2 h apart.",
    ),
    "a page known by its date alone": (
        {"sources": [{"published_utc": "2026-05-12"}], "events": [{"known_utc": "2026-05-12"}]},
        "page_date_only",
        "sources S1",
        "It is known by its page date alone; it is no witness of when E1 became known.",
    ),
    "a page known by its date alone, of a sighting and of bounds": (
        {
            "sources": [{"published_utc": "2026-05-12"}],
            "events": [{"start_utc": "", "utc_low": "2026-05-12T20:26", "known_utc": "2026-05-12"}],
            "sightings": [{"known_utc": "2026-05-12"}],
        },
        "page_date_only",
        "sources S1",
        "It is known by its page date alone; it is no witness of when E1 and G1 became known.",
    ),
    "a page known by its date alone, of a state on that day": (
        {
            "sources": [{"published_utc": "2026-05-12"}],
            "claims": [
                {"question_id": "Q-STATUS", "value": "closed", "said_utc_high": "2026-05-12", "known_utc": "2026-05-12"}
            ],
        },
        "page_date_only",
        "sources S1",
        "It is known by its page date alone; it is no witness of when C1 became known.",
    ),
    "a source known by its date alone, of which nobody says when it was published": (
        {"sources": [{"known_utc": "2026-05-12"}], "events": [{"known_utc": "2026-05-12"}]},
        "page_date_only",
        "sources S1",
        "It is known by its page date alone; it is no witness of when E1 became known.",
    ),
    "an occasion that nothing tells": (
        {"occasions": [{}]},
        "occasion_untold",
        "occasions O1",
        "No claim, event, find or sighting names this occasion.",
    ),
    "a sum that is wrong": (
        {"claims": [FOUR, FIVE, SUM | {"value": "10"}]},
        "sum_wrong",
        "claims C-SUM",
        "The parts add up to 4 + 5 = 9; the sum is told as 10.",
    ),
    "a sum below one of its bounds": (
        {"claims": [FOUR | {"relation": "at_least"}, FIVE, SUM | {"value": "8"}]},
        "sum_wrong",
        "claims C-SUM",
        "The parts add up to at least 9; the sum is told as 8.",
    ),
    "two units added": (
        {"claims": [FOUR, TWO, SUM | {"value": "6", "parts": "C-4;C-2"}]},
        "units_added",
        "claims C-SUM",
        "4 diversions and 2 cancellations are added as 6 diversions.",
    ),
    "a part told as the sum": (
        {"claims": [FOUR, FIVE, SUM | {"value": "5"}]},
        "part_as_whole",
        "claims C-SUM",
        "5 is told as the sum, and is the number of C-5 alone; the parts add up to 4 + 5 = 9.",
    ),
    "a part told as the whole by somebody else": (
        {
            "claims": [
                FOUR,
                FIVE,
                SUM | {"value": "9"},
                {"claim_id": "C-PAPER", "question_id": "Q-DIV", "said_by": "Paper", "value": "5"},
            ]
        },
        "part_as_whole",
        "claims C-PAPER",
        "5 is the number of C-5 alone, a part of the 9 that C-SUM adds up.",
    ),
    "one part twice": (
        {"claims": [FOUR, SUM | {"value": "8", "parts": "C-4;C-4"}]},
        "parts_overlap",
        "claims C-SUM",
        "C-4 is named twice among the parts.",
    ),
    "a part within a part": (
        {"claims": [FOUR, FIVE, SUM | {"value": "9"}, SUM | {"claim_id": "C-13", "value": "13", "parts": "C-SUM;C-4"}]},
        "parts_overlap",
        "claims C-13",
        "C-4 is counted twice: by itself, and as a part of C-SUM.",
    ),
    "two parts that share a part": (
        {
            "claims": [
                FOUR,
                FIVE,
                SUM | {"value": "9"},
                SUM | {"claim_id": "C-OTHER", "value": "5", "parts": "C-5"},
                SUM | {"claim_id": "C-14", "value": "14", "parts": "C-SUM;C-OTHER"},
            ]
        },
        "parts_overlap",
        "claims C-14",
        "C-5 is counted twice: as a part of C-SUM, and as a part of C-OTHER.",
    ),
    "a share beside the total that has it": (
        {
            "events": [
                {"kind": "diversion", "event_id": "D-ALL", "value": "9", "start_utc": "2026-05-12T20:30"},
                {"kind": "diversion", "event_id": "D-NORD", "value": "4", "part": "Nord"},
            ],
            "claims": [SUM | {"value": "13", "unit": "diversions", "parts": "D-ALL;D-NORD"}],
        },
        "parts_overlap",
        "claims C-SUM",
        "4 of Nord (D-NORD) are counted twice: by themselves, and within D-ALL.",
    ),
    "a sum of a row that was replaced": (
        {
            "claims": [
                FOUR,
                FIVE,
                SUM | {"value": "9"},
                FIVE | {"claim_id": "C-5B", "value": "3", "supersedes": "C-5", "known_utc": "2026-05-13T08:00"},
            ]
        },
        "part_replaced",
        "claims C-SUM",
        "C-5B replaced C-5: its parts now give 4 + 3 = 7, not 9.",
    ),
    "a number of one airline in place of the whole": (
        {"claims": [FOUR, FOUR | {"claim_id": "C-NORD", "value": "2", "part": "Nord", "supersedes": "C-4"}]},
        "other_scope",
        "claims C-NORD",
        "It replaces C-4, told of the whole, and is itself told of Nord.",
    ),
    "one occasion twice": (
        {
            "occasions": [{}],
            "claims": [
                FOUR | {"occasion_id": "O1"},
                FIVE | {"occasion_id": "O1"},
                SUM | {"value": "9", "occasion_id": "O1"},
            ],
        },
        "parts_overlap",
        "claims C-SUM",
        "C-4 and C-5 count the same occasion, O1.",
    ),
    "a sum with a part of another story": (
        {"occasions": [{"is_related": "true"}], "claims": [FOUR | {"occasion_id": "O1"}, FIVE, SUM | {"value": "9"}]},
        "part_elsewhere",
        "claims C-SUM",
        "The sum adds C-4, though it belongs to another story.",
    ),
    "a total that the same log does not enter": (
        {
            "events": [
                {"kind": "diversion", "event_id": f"D{n}", "start_utc": f"2026-05-12T20:{n}", "value": "1"}
                for n in (30, 40)
            ]
            + [
                {
                    "kind": "diversion",
                    "event_id": "D-ALL",
                    "utc_high": "2026-05-12T22:00",
                    "start_utc": "",
                    "value": "1",
                }
            ]
        },
        "log_total",
        "events D-ALL",
        "Its total is 1; the same log enters 2 one by one.",
    ),
    "a sum of two days": (
        {
            "claims": [
                FOUR | {"counted_utc": "2026-05-12T21:00", "said_by": "Tower"},
                FIVE | {"counted_utc": "2026-05-13T09:00", "said_by": "Harbour"},
                SUM | {"value": "9"},
            ]
        },
        "parts_of_other_days",
        "claims C-SUM",
        "Its parts stand for different days: C-4 for 12 May 2026 and C-5 for 13 May 2026.",
    ),
    "a sensor that marked nothing": (
        {"events": [{"kind": "drones_counted", "value": "0", "said_by": "Approach radar"}]},
        "sensor_zero",
        "events E1",
        "It counts no drones, and a sensor tells it: that the sensor marked nothing proves no absence and is no count "
        "of what was there.",
    ),
    "a balloon that is hardly a uas": (
        {
            "finds": [
                {
                    "find_id": "F1",
                    "object_kind": "balloon",
                    "probability_find": "0.02",
                    "assigned_by": "Weather office",
                    "assigned_why": "Its label",
                }
            ]
        },
        "any_night",
        "finds F1",
        "0.02 is taken as how likely it is an uncrewed aircraft, so that it is a balloon with a probability of 0.98; "
        "nobody says that it was one of this incident, and it counts as one.",
    ),
    "a sum that names itself": (
        {"claims": [FOUR, SUM | {"value": "4", "parts": "C-4;C-SUM"}]},
        "parts_overlap",
        "claims C-SUM",
        "The sum names itself among its parts.",
    ),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_what_cannot_be_is_remarked_in_one_sentence(case: str):
    choices, kind, place, text = SENTENCES[case]
    assert remarks(**choices) == [(kind, place, text)]


@pytest.mark.parametrize("case", [name for name, (_, kind, _, _) in SENTENCES.items() if kind.endswith("_before")])
def test_what_is_remarked_as_known_or_published_before_it_happened_is_no_evidence(case: str):
    choices, kind, place, _ = SENTENCES[case]
    found = {f"{table} {name}" for table, name in impossible_tellings(bundle(**choices))}
    is_evidence = kind == "said_before" or case == "an explanation that a later report replaces"
    if place.startswith("sources"):
        assert len(found) == 5
    else:
        assert found == (set() if is_evidence else {place})


def test_every_kind_of_impossible_order_has_its_sentence():
    ours = {kind for _, kind, _, _ in SENTENCES.values()}
    others = {
        *("revised", "same_time", "proposed_occasion", "occasion_taken", "ambiguous_occasion"),
        *(
            "stand_in",
            "aerodrome_unlisted",
            "zone_unread",
            "no_occasion",
            "length_untold",
            "end_refuted",
            "repeats_otherwise",
        ),
    }
    assert ours == set(BUNDLE_REMARK_KINDS) - others
