"""Small cases from which conclusions are drawn: rows with defaults, and the table that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from hotwash.claims import bounds
from hotwash.incident.conclusions import conclude
from hotwash.model import tables
from hotwash.model.incident import Brief, Bundle, Interval
from hotwash.model.recording import Recording
from hotwash.model.schema import Table, frame

Row = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

EVENING = datetime(2026, 5, 12, tzinfo=UTC)  # in Hannover it is two hours later
SOURCES = (
    {"source_id": "S1", "publisher": "Flight tracker", "reliability": "B"},
    {"source_id": "S2", "publisher": "Police", "reliability": "B"},
    {"source_id": "S3", "publisher": "Airport", "reliability": "B"},
    {"source_id": "S4", "publisher": "Newspaper", "reliability": "D"},
)
SOURCE_OF = {"Tower": "S1", "Police": "S2", "Airport": "S3", "Newspaper": "S4"}


def at(text: str, *, day: int = 12) -> datetime:
    """Return a moment of that evening in local time: "20:26"; before noon it is the next day."""
    hour, minute = map(int, text.split(":"))
    local = datetime(2026, 5, day, tzinfo=UTC) + timedelta(hours=hour - 2, minutes=minute)
    return local + timedelta(days=1) if hour < 12 and day == 12 else local


def question(kind: str, **more: Any) -> Row:
    return {"question_id": "Q", "text": "Was there a drone?", "kind": kind, "known_utc": EVENING} | more


def claim(value: str | None, who: str, verdict: str = "uncorroborated", **more: Any) -> Row:
    """Return a statement with its verdict; its name is its speaker's and its value."""
    return {
        "claim_id": f"C-{who}-{value}",
        "question_id": "Q",
        "said_by": who,
        "known_utc": EVENING,
        "relation": "exactly",
        "value": value,
        "summary": f"{who} says {str(value).replace(chr(95), chr(32))}",
        "source_id": SOURCE_OF.get(who, "S4"),
        "verdict": verdict,
    } | more


def event(kind: str, when: str | None, *who: str, **more: Any) -> Row:
    return {
        "event_id": f"E-{kind}-{when}-{'-'.join(who)}",
        "kind": kind,
        "start_utc": at(when) if when else None,
        "known_utc": EVENING,
        "subject_id": "EDDV",
        "said_by": list(who),
        "source_id": [SOURCE_OF.get(name, "S4") for name in who],
    } | more


def number(kind: str, value: float, *who: str, **more: Any) -> Row:
    """Return an event that tells a number."""
    return event(kind, None, *who) | {"event_id": f"E-{kind}-{value}-{'-'.join(who)}", "value": float(value)} | more


def state(word: str, begin: str | None, end: str | tuple[str, str] | None, **more: Any) -> Row:
    """Return a stretch in a state, told by two lines at either end."""
    first = at(begin) if begin else None
    last = (end, end) if isinstance(end, str) or end is None else end
    low, high = (at(side) if side else None for side in last)
    return {
        "subject_id": "EDDV",
        "state": word,
        "from_utc_low": first,
        "from_utc_high": first,
        "to_utc_low": low,
        "to_utc_high": high,
        "is_graded": True,
        "from_rows": ["events:BEGIN"] if begin else [],
        "to_rows": ["events:END"] if end else [],
    } | more


BEGIN = event("aerodrome_closed", "20:26", "Tower", "Airport", event_id="BEGIN")
END = event("aerodrome_reopened", "00:30", "Tower", "Airport", event_id="END")


def find(find_id: str, chance: float | None, kind: str = "uas", **more: Any) -> Row:
    return {
        "find_id": find_id,
        "place": "a field",
        "object_kind": kind,
        "probability_find": chance,
        "said_by": ["Police"],
        "source_id": ["S2"],
        "known_utc": EVENING,
    } | more


def sighting(name: str, *, explained: str | None = None, nothing: bool = False, **more: Any) -> Row:
    return {
        "sighting_id": name,
        "role": "resident",
        "saw_nothing": nothing,
        "explained_by": explained,
        "said_by": f"resident {name}",
        "source_id": "S4",
        "known_utc": EVENING,
    } | more


def conclusions(*questions: Row, **case: Any) -> pl.DataFrame:
    """Return CONCLUSIONS of a small case; `case` is what `tables_of` takes."""
    return conclude(**tables_of(*questions, **case))


def tables_of(
    *questions: Row,
    claims: Rows = (),
    events: Rows = (),
    finds: Rows = (),
    sightings: Rows = (),
    occasions: Rows = (),
    origins: Rows = (),
    counts: Rows = (),
    durations: Rows = (),
    states: Rows = (),
    closures: Rows = (),
    detections: Rows = (),
    intervals: Sequence[Interval] = (),
    hours: float = 14.0,
    aerodromes: Sequence[str] = ("EDDV",),
    **brief: Any,
) -> Row:
    """Return what conclusions are drawn from. `hours` is how long the window is; `brief` goes into it."""
    bundle = Bundle(
        brief=Brief(
            title="A night",
            start_utc=at("18:00"),
            end_utc=at("18:00") + timedelta(hours=hours),
            zone="Europe/Berlin",
            aerodromes=tuple(aerodromes),
            intervals=tuple(intervals),
            **brief,
        ),
        recording=Recording(
            sources=_frame(tables.SOURCES, SOURCES),
            events=_frame(tables.EVENTS, events),
            detections=_frame(tables.DETECTIONS, detections),
        ),
        questions=_frame(tables.QUESTIONS, questions),
        claims=_frame(tables.CLAIMS, [_without(row, "verdict", "lines", "evidence", "probability") for row in claims]),
        finds=_frame(tables.FINDS, finds),
        sightings=_frame(tables.SIGHTINGS, sightings),
        origins=_frame(tables.ORIGINS, origins),
        assumptions=_frame(tables.ASSUMPTIONS, ()),
        occasions=_frame(tables.OCCASIONS, occasions),
    )
    return {
        "bundle": bundle,
        "bounded_claims": bounds.bound_claims(bundle),
        "findings": _frame(tables.FINDINGS, [_finding(row) for row in claims]),
        "counts": _frame(tables.COUNTS, counts),
        "durations": _frame(tables.DURATIONS, durations),
        "states": _frame(tables.STATES, states),
        "closures": _frame(tables.CLOSURES, closures),
        "contradictions": _frame(tables.CONTRADICTIONS, ()),
        "aerodromes": _frame(tables.AERODROMES, ()),
    }


def conclusion(*questions: Row, **case: Any) -> Row:
    """Return the first conclusion of a small case."""
    rows = conclusions(*questions, **case).sort("rank").to_dicts()
    return next(row for row in rows if not questions or row["question_id"] == questions[0]["question_id"])


def _finding(row: Mapping[str, Any]) -> Row:
    return {
        "claim_id": row["claim_id"],
        "question_id": row["question_id"],
        "verdict": row["verdict"],
        "reason": "Why.",
        "probability": row.get("probability"),
        "rows": row.get("evidence", []),
        "assumptions": [],
        "independent_lines": row.get("lines", []),
        "superseded_by": row.get("replaced_by"),
    }


def _without(row: Mapping[str, Any], *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names and name != "replaced_by"}


def _frame(declared: Table, rows: Rows) -> pl.DataFrame:
    return frame(declared, [dict(row) for row in rows])
