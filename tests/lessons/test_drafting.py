"""A row of an account begins a lesson: in the account's own words, with its bounds and its hash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.lessons import drafting, history, process
from hotwash.lessons.lint import lint

NIGHT = drafting.About("A night", datetime(2025, 9, 9, 20, tzinfo=UTC), "UNCLASSIFIED", "public")
AT = datetime(2025, 9, 10, 3, 39, 40, tzinfo=UTC)
ROWS = {
    "durations": {"name": "closure of EPLB", "minutes": 105.0, "low": 100.0, "high": 110.0, "why": None},
    "counts": {"unit": "brought_down", "most_likely": None, "low_90": 1, "high_90": None, "why": "From below only."},
    "exposures": {
        "aerodrome_id": "EPLB", "nearest_m": 2300.0, "open_near_min": 25.2, "closed_clear_min": None,
        "closed_near_min": 16.4, "first_near_utc": AT,
    },
    "breaches": {
        "breach_id": 1, "track_id": 7, "zone_id": "PL-land", "answer": "inside", "probability": 0.987,
        "enter_utc": AT, "exit_utc": None,
    },
    "findings": {
        "claim_id": "C-1", "verdict": "not_testable", "probability": None, "reason": "Nothing tells.",
        "said_by": "A ministry", "summary": "19 drones entered",
    },
    "claims": {"claim_id": "C-1", "said_by": "A ministry", "summary": "19 drones entered", "said_utc_low": AT},
    "finds": {
        "find_id": "F01", "place": "Wodynie", "what": "Remains of a wing.", "found_utc_low": None,
        "found_utc_high": AT, "lat_deg": 52.04, "lon_deg": 21.97,
    },
    "events": {
        "event_id": "E-1", "kind": "airspace_closed", "subject_id": "EPLB", "start_utc": None, "utc_low": AT,
        "utc_high": AT, "text": "Closed by notice.",
    },
    "sightings": {"sighting_id": "G-1", "role": "resident", "place": "near Wodynie", "utc_low": AT, "seen": "A light."},
}  # fmt: skip
SAID = {
    "durations": "Closure of EPLB: 105 min (100 to 110).",
    "counts": "Brought down: at least 1. From below only.",
    "exposures": "EPLB: nearest 2.3 km; open with something near 25 min; closed with something near 16 min.",
    "breaches": "Track 7 and PL-land: inside, probability 0.99, in at 2025-09-10 03:40Z.",
    "findings": "A ministry said: 19 drones entered. The statement C-1 is not testable. Nothing tells.",
    "claims": "A ministry said: 19 drones entered.",
    "finds": "Found near Wodynie, by 2025-09-10 03:40Z. Remains of a wing.",
    "events": "Airspace closed EPLB, 2025-09-10 03:40Z. Closed by notice.",
    "sightings": "Resident, near Wodynie, 2025-09-10 03:40Z. A light.",
}


def drafted(table: str) -> dict[str, object]:
    ref = f"incidents/night/1#{table}:x"
    return drafting.draft_observation(table, ROWS[table], about=NIGHT, ref=ref, sha256="ab" * 32)


def test_every_table_has_a_row_here():
    assert set(ROWS) == set(drafting.TABLES) == set(SAID)


@pytest.mark.parametrize("table", SAID)
def test_a_row_says_what_it_says_with_its_bounds(table: str):
    assert drafting.describe_row(table, ROWS[table]) == SAID[table]


@pytest.mark.parametrize("table", SAID)
def test_a_draft_can_be_submitted_and_rests_on_its_row(table: str):
    lesson = process.take_step(
        process.new_lesson("L-1"),
        "submit",
        by="",
        role="originator",
        why="reported",
        when_utc=AT,
        changes=drafted(table),
    )
    (piece,) = lesson.evidence
    assert (piece.ref, piece.sha256, piece.text) == (f"incidents/night/1#{table}:x", "ab" * 32, SAID[table])
    assert piece.kind in history.EVIDENCE_KINDS
    assert (lesson.event, lesson.classification, lesson.releasability) == ("A night", "UNCLASSIFIED", "public")
    assert SAID[table].startswith(lesson.title.removesuffix(" …"))


def test_a_row_with_a_time_and_a_place_tells_them_and_another_tells_the_incidents():
    find, duration = drafted("finds"), drafted("durations")
    assert (find["event_utc"], find["place"], find["lat_deg"]) == (AT, "Wodynie", 52.04)
    assert duration["event_utc"] == NIGHT.start_utc
    assert "place" not in duration


def test_a_draft_leaves_room_for_what_was_expected():
    assert str(drafted("durations")["observation"]).endswith(drafting.EXPECTED)
    lesson = process.take_step(
        process.new_lesson("L-1"), "submit", by="", role="originator", why="reported", when_utc=AT,
        changes=drafted("durations") | {"observation": SAID["durations"]},
    )  # fmt: skip
    assert "no-expectation" in {one.rule for one in lint(lesson)}


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (28.0, 28.0, 28.0, "28 min"),
        (28.0, None, None, "28 min"),
        (28.0, None, 30.0, "28 min (open to 30)"),
        (None, None, 275.0, "at most 275 min"),
        (None, 14.0, None, "at least 14 min"),
        (None, 6.0, 7.0, "6 to 7 min"),
        (None, None, None, "not known"),
    ],
)
def test_a_bound_that_is_open_is_told_as_open(value: float | None, low: float | None, high: float | None, said: str):
    row = {"name": "closure", "minutes": value, "low": low, "high": high, "why": ""}
    assert drafting.describe_row("durations", row) == f"Closure: {said}."


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=101, max_size=400))
def test_a_title_is_never_longer_than_a_line(text: str):
    row = ROWS["claims"] | {"summary": text}
    title = str(drafting.draft_observation("claims", row, about=NIGHT, ref="x#claims:C-1", sha256="")["title"])
    assert len(title) <= 102
