"""A clock taken for another: two tellings of one moment that are exactly as far apart as two clocks.

Times are those of Berlin in May 2026, two hours ahead of UTC; London is one hour ahead. It closed at 20:26 in Berlin.
"""

from __future__ import annotations

from typing import Any

import pytest
from remarked import HEAD, bundle, remarks

from hotwash.course.orders import find_impossible_orders
from hotwash.course.remarks import survey_bundle

TOWER = {"source_id": "S-TOWER", "reliability": "B", "zone": "UTC"}
PAPER = {"source_id": "S-PAPER", "reliability": "C"}
AIRPORT = {"source_id": "S-AIRPORT", "reliability": "B"}
SOURCES = [TOWER, PAPER, AIRPORT, {"source_id": "S-LONDON", "reliability": "C", "zone": "Europe/London"}]
CLOSED = {"event_id": "E-TOWER", "start_utc": "2026-05-12T18:26Z", "source_id": "S-TOWER"}
CLAIM = {"question_id": "Q-WHEN", "value": "2026-05-12T18:26", "source_id": "S-PAPER"}
DOUBT = "One of the two may be printed in another clock."
NOON = "2026-05-13T12:00"
EVENING = "2026-05-12T18:00"
LATER = "2026-05-14T12:00"


def shifted(**rows: Any) -> list[tuple[str, str, str]]:
    return remarks(sources=SOURCES, **rows)


def airport(when: str, **more: str) -> dict[str, str]:
    """Return a second telling of the closing, by the airport."""
    return {"event_id": "E-AIRPORT", "start_utc": when, "source_id": "S-AIRPORT", **more}


def test_a_claim_that_is_the_zone_s_offset_from_the_log_is_remarked():
    text = f"It gives 16:26 UTC, E-TOWER 18:26 UTC: exactly 2 h apart, as Europe/Berlin is from UTC. {DOUBT}"
    assert shifted(events=[CLOSED], claims=[CLAIM]) == [("clocks_differ", "claims C1", text)]


def test_the_advice_is_to_look_for_the_clock_of_the_page_and_the_remark_names_the_other_row():
    (row,) = find_impossible_orders(bundle(sources=SOURCES, events=[CLOSED], claims=[CLAIM])).to_dicts()
    advice = "Check in which clock the page prints its times, and correct the row that was read in another."
    assert (row["advice"], row["column"], row["rows"]) == (advice, "value", ["events:E-TOWER"])


def test_a_claim_later_than_the_log_by_the_offset_is_remarked_too():
    text = f"It gives 20:26 UTC, E-TOWER 18:26 UTC: exactly 2 h apart, as Europe/Berlin is from UTC. {DOUBT}"
    said = CLAIM | {"value": "2026-05-12T22:26"}
    assert shifted(events=[CLOSED], claims=[said]) == [("clocks_differ", "claims C1", text)]


def test_two_zones_of_sources_may_be_taken_for_one_another():
    said = CLAIM | {"value": "2026-05-12T20:26", "source_id": "S-LONDON"}
    text = f"It gives 19:26 UTC, E-TOWER 18:26 UTC: exactly 1 h apart, as Europe/Berlin is from Europe/London. {DOUBT}"
    assert shifted(events=[CLOSED], claims=[said]) == [("clocks_differ", "claims C1", text)]


def test_who_repeats_the_time_is_named_in_the_one_remark():
    again = [CLAIM, CLAIM | {"claim_id": "C2", "said_by": "Agency"}]
    text = f"It and C2 give 16:26 UTC, E-TOWER 18:26 UTC: exactly 2 h apart, as Europe/Berlin is from UTC. {DOUBT}"
    assert shifted(events=[CLOSED], claims=again) == [("clocks_differ", "claims C1", text)]


@pytest.mark.parametrize(
    ("tower", "airport_known", "place"),
    [("A", NOON, "E-AIRPORT"), ("D", NOON, "E-TOWER"), ("B", LATER, "E-AIRPORT"), ("B", "2026-05-13T11:00", "E-TOWER")],
    ids=["the weaker", "the weaker, the other way", "of equals the later", "of equals the later, the other way"],
)
def test_of_two_events_that_disagree_the_weaker_or_the_later_is_remarked(tower, airport_known, place):
    sources = [TOWER | {"reliability": tower}, AIRPORT]
    events = [CLOSED, airport("2026-05-12T18:26", known_utc=airport_known)]
    ((kind, where, text),) = remarks(sources=sources, events=events)
    assert (kind, where) == ("clocks_differ", f"events {place}")
    assert text.endswith(f"UTC: exactly 2 h apart, as Europe/Berlin is from UTC. {DOUBT}")


def test_a_weak_event_is_remarked_rather_than_the_claim_of_a_better_source():
    events = [CLOSED | {"source_id": "S-PAPER"}]
    ((_, where, _),) = shifted(events=events, claims=[CLAIM | {"source_id": "S-AIRPORT"}])
    assert where == "events E-TOWER"


def test_half_an_hour_from_utc_is_an_offset_too():
    head = HEAD.replace("Europe/Berlin", "Asia/Kolkata")
    events = [CLOSED, airport("2026-05-12T23:56Z", known_utc=LATER)]
    ((_, _, text),) = remarks(head=head, sources=[TOWER, AIRPORT], events=events)
    assert "exactly 5 h 30 min apart, as Asia/Kolkata is from UTC" in text


# ---------------------------------------------------------------- clocks that neither source keeps

NAIROBI = HEAD.replace("Europe/Berlin", "Africa/Nairobi")  # three hours ahead of UTC, Lagos one
PORT = {"source_id": "S-PORT", "reliability": "B", "zone": "Africa/Nairobi"}
COAST = {"source_id": "S-COAST", "reliability": "C", "zone": "Africa/Nairobi"}
FAR = {"source_id": "S-FAR", "reliability": "D", "zone": "Africa/Lagos"}
ABROAD = {"head": NAIROBI, "sources": [PORT, COAST, FAR]}


def seen(name: str, when: str, source: str, kind: str = "first_siren", **more: str) -> dict[str, str]:
    return {"event_id": name, "kind": kind, "start_utc": f"2026-05-12T{when}Z", "source_id": source, **more}


def test_two_sources_may_be_apart_as_two_other_zones_of_the_bundle_are():
    found = remarks(events=[seen("E-PORT", "17:12", "S-PORT"), seen("E-COAST", "19:12", "S-COAST")], **ABROAD)
    text = f"It gives 19:12 UTC, E-PORT 17:12 UTC: exactly 2 h apart, as Africa/Nairobi is from Africa/Lagos. {DOUBT}"
    assert [one for one in found if one[0] == "clocks_differ"] == [("clocks_differ", "events E-COAST", text)]


def test_a_place_that_a_printed_clock_names_has_a_zone_too():
    printed = {"printed_time": "21:40 Lithuanian time"}
    others = seen("E-OTHER", "18:40", "S-AIRPORT", kind="light_seen", **printed)  # Vilnius is an hour ahead of Berlin
    told = [seen("E-TOWER", "17:05", "S-TOWER"), seen("E-PAPER", "18:05", "S-PAPER"), others]
    found = remarks(sources=[TOWER, PAPER, AIRPORT], events=told)
    ((_, _, text),) = [one for one in found if one[0] == "clocks_differ"]
    assert "exactly 1 h apart, as Europe/Berlin is from Europe/Vilnius" in text


def test_two_sources_that_are_as_far_apart_on_several_events_are_remarked_once():
    told = [
        seen(f"E-{source}-{kind}", f"{hour + shift}:{minute}", f"S-{source}", kind)
        for kind, hour, minute in (("first_siren", 17, "12"), ("last_siren", 18, "47"), ("mast_lit", 16, "30"))
        for source, shift in (("PORT", 0), ("COAST", 3))
    ]
    ((_, place, text),) = [one for one in remarks(events=told, **ABROAD) if one[0] == "clocks_differ"]
    assert place == "events E-COAST-first_siren"
    others = "E-COAST-last_siren beside E-PORT-last_siren and E-COAST-mast_lit beside E-PORT-mast_lit"
    assert text.endswith(f"{DOUBT} So it is with {others}.")


def test_two_statements_of_one_time_are_compared_where_no_event_tells_it():
    one = CLAIM | {"said_by": "Airport", "source_id": "S-AIRPORT"}
    other = CLAIM | {"claim_id": "C2", "said_by": "Paper", "value": "2026-05-12T20:26"}
    (row,) = [row for row in shifted(claims=[one, other]) if row[0] == "clocks_differ"]
    assert row[1:] == (
        "claims C2",
        f"It gives 18:26 UTC, C1 16:26 UTC: exactly 2 h apart, as Europe/Berlin is from UTC. {DOUBT}",
    )
    assert shifted(claims=[one, other | {"source_id": "S-AIRPORT"}]) == []


OPENED = {"event_id": "E-OPEN", "kind": "aerodrome_reopened", "start_utc": "2026-05-12T17:00Z", "source_id": "S-TOWER"}
SEEN = {"kind": "light_seen", "start_utc": "2026-05-12T18:26Z", "source_id": "S-TOWER"}
NOT_REMARKED: dict[str, dict[str, Any]] = {
    "a minute off": {"events": [CLOSED], "claims": [CLAIM | {"value": "2026-05-12T18:27"}]},
    "the same time": {"events": [CLOSED], "claims": [CLAIM | {"value": "2026-05-12T20:26"}]},
    "about": {"events": [CLOSED], "claims": [CLAIM | {"relation": "about"}]},
    "after": {"events": [CLOSED], "claims": [CLAIM | {"relation": "more_than"}]},
    "a printed about": {"events": [CLOSED], "claims": [CLAIM | {"printed_time": "about 18:26"}]},
    "a forecast": {
        "events": [CLOSED],
        "claims": [CLAIM | {"told_as": "forecast", "said_utc_high": EVENING, "known_utc": EVENING}],
    },
    "a claim that was replaced": {
        "events": [CLOSED],
        "claims": [
            CLAIM,
            CLAIM | {"claim_id": "C2", "value": "2026-05-12T20:26", "supersedes": "C1", "known_utc": LATER}
            | {"said_utc_high": LATER},
        ],
    },
    "a claim that another log tells too": {
        "events": [CLOSED, airport("2026-05-12T18:26", occasion_id="O2"), OPENED | {"occasion_id": "O2"}],
        "occasions": [{"occasion_id": "O2"}],
        "claims": [CLAIM],
    },
    "a telling that leaves both possible": {
        "events": [
            CLOSED,
            airport("", utc_low="2026-05-12T18:00", utc_high="2026-05-12T21:00"),
        ],
        "claims": [CLAIM],
    },
    "a midnight, which may stand for a day": {
        "events": [CLOSED | {"start_utc": "2026-05-13T00:00", "source_id": "S-AIRPORT"}],
        "claims": [CLAIM | {"value": "2026-05-12T22:00"}],
    },
    "another subject": {"events": [CLOSED, airport("2026-05-12T18:26", subject_id="EDDW")]},
    "another part": {
        "events": [
            {**event, "kind": "runway_closed", "part": part}
            for event, part in ((CLOSED, "09/27"), (airport("2026-05-12T18:26"), "08/26"))
        ]
    },
    "another occasion": {
        "occasions": [{"occasion_id": "O1"}, {"occasion_id": "O2"}],
        "events": [CLOSED | {"occasion_id": "O1"}, airport("2026-05-12T18:26", occasion_id="O2")],
    },
    "closed twice, with a reopening between": {"events": [CLOSED, airport("2026-05-12T18:26"), OPENED]},
    "one log that tells two": {"events": [SEEN, SEEN | {"event_id": "E2", "start_utc": "2026-05-12T16:26Z"}]},
    "two bodies that speak at their own times": {
        "events": [
            CLOSED | {"kind": "police_statement"},
            airport("2026-05-12T18:26", kind="police_statement"),
        ]
    },
    "numbers counted at two times": {
        "events": [
            CLOSED | {"kind": "diversion", "value": "3"},
            airport("2026-05-12T18:26", kind="diversion", value="4"),
        ]
    },
    "many of a kind": {
        "events": [
            SEEN | {"event_id": f"E{number}", "start_utc": f"2026-05-12T{17 + number}:26Z"} for number in range(4)
        ],
        "head": HEAD.replace('subject_id = "aerodrome_closed"', 'subject_id = "light_seen"'),
        "claims": [CLAIM],
    },
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_REMARKED)
def test_nothing_is_remarked_of(case: str):
    assert [one for one in shifted(**NOT_REMARKED[case]) if one[0] == "clocks_differ"] == []


def test_in_a_zone_that_is_utc_no_clock_can_be_taken_for_another():
    head = HEAD.replace("Europe/Berlin", "Atlantic/Reykjavik")
    sources = [TOWER, PAPER | {"zone": "UTC"}]
    assert remarks(head=head, sources=sources, events=[CLOSED], claims=[CLAIM]) == []


def test_in_winter_the_offset_is_that_of_winter():
    head = HEAD.replace("2026-05-12T16", "2026-01-12T16").replace("2026-05-13T06", "2026-01-13T06")
    events = [CLOSED | {"start_utc": "2026-01-12T19:26Z"}]
    one, two = (CLAIM | {"value": f"2026-01-12T{local}:26"} for local in ("19", "18"))
    found = [remarks(head=head, sources=SOURCES, events=events, claims=[said]) for said in (one, two)]
    assert [len(some) for some in found] == [1, 0]


# ---------------------------------------------------------------- whole closures


def span(source: str, begin: str, end: str, *, number: str = "", **more: str) -> list[dict[str, str]]:
    """Return a closing and a reopening of 12 May, told by one source."""
    rows = (("CLOSED", "aerodrome_closed", begin), ("OPEN", "aerodrome_reopened", end))
    return [
        {"event_id": f"{source}-{name}{number}", "kind": kind, "start_utc": f"2026-05-12T{when}Z", "said_by": source}
        | {"source_id": f"S-{source}", "known_utc": NOON, **more}
        for name, kind, when in rows
    ]


LOG = span("TOWER", "19:10", "19:49")


def clocks(*rows: dict[str, str]) -> list[tuple[str, str]]:
    return [(place, text) for kind, place, text in shifted(events=[*LOG, *rows]) if kind == "clocks_differ"]


@pytest.mark.parametrize("occasion", ["", "late"])
def test_a_closure_whose_both_ends_are_a_zone_s_offset_from_the_log_s_is_one_remark(occasion):
    paper = span("PAPER", "17:10", "17:49", occasion_id=occasion)
    ((place, text),) = clocks(*paper)
    assert place == "events PAPER-CLOSED"
    assert text.startswith("It and PAPER-OPEN give 17:10 to 17:49 UTC, TOWER-CLOSED and TOWER-OPEN 19:10 to 19:49 UTC:")
    assert "exactly 2 h apart, as Europe/Berlin is from UTC" in text


def test_a_closure_that_is_longer_or_that_the_log_has_too_is_another_one():
    assert clocks(*span("PAPER", "17:10", "17:50")) == []
    assert clocks(*span("PAPER", "17:10", "17:49"), *span("TOWER", "17:10", "17:49", number="2")) == []
    assert clocks(*span("PAPER", "17:10", "17:49"), *span("PAPER", "19:10", "19:49", number="2")) == []


def test_closures_of_two_named_occasions_are_two():
    apart = [row | {"occasion_id": "early"} for row in span("AIRPORT", "17:10", "17:49")]
    named = [row | {"occasion_id": "late"} for row in LOG]
    assert not [kind for kind, *_ in shifted(events=[*named, *apart]) if kind == "clocks_differ"]


@pytest.mark.parametrize(("source", "many"), [("AIRPORT", 1), ("PAPER", 1)])
def test_a_closure_in_another_clock_is_not_counted_beside_the_log_s(source, many):
    found, _ = survey_bundle(bundle(sources=SOURCES, events=[*LOG, *span(source, "17:10", "17:49")]))
    assert found.closures["stretches"].to_list() == [many]
    assert found.turns[f"{source}-CLOSED"] == found.turns["TOWER-CLOSED"]
