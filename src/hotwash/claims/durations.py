"""Times and intervals from events: which telling is taken, and what its bounds leave open.

Two rows of one kind and subject are two tellings of one event. The one with the most lines is taken; the
others stand beside it, and the account says what they would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from hotwash.claims.words import quantity
from hotwash.model import schema, tables
from hotwash.model.incident import Interval
from hotwash.model.words import RELIABILITIES

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant with its bounds; null where not stated. `rows` are the events that tell it."""

    at: datetime | None
    low: datetime | None
    high: datetime | None
    rows: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return (self.at or self.low or self.high) is not None


def tellings(events: Sequence[Event], kind: str, subject: str, sources: Mapping[str, Event]) -> list[Event]:
    """Return the events of one kind (and subject, where one is named), the best told first.

    Best gives a time, not bounds only; then by most sayers and sources, in the most reliable source, known first.
    """
    rows = [row for row in events if row["kind"] == kind and (not subject or row["subject_id"] == subject)]
    return sorted(rows, key=lambda row: _merit(row, sources))


def _merit(row: Event, sources: Mapping[str, Event]) -> tuple[bool, int, int, str, str]:
    named = row["source_id"] or []
    grades = [sources[name]["reliability"] for name in named if name in sources and sources[name]["reliability"]]
    best = min((RELIABILITIES.index(grade) for grade in grades), default=len(RELIABILITIES))
    lines = max(len(named), len(row["said_by"] or []))
    return row["start_utc"] is None, -lines, best, str(row["known_utc"] or "9999"), row["event_id"]


def beginning(row: Event) -> Moment:
    """Return when an event began: its bounds, or the stated time where it has none."""
    at, low, high = row["start_utc"], row["utc_low"], row["utc_high"]
    if low is None and high is None:
        low = high = at
    return Moment(at, low, high, (row["event_id"],))


def end(row: Event) -> Moment:
    """Return when an event ended, as stated; the bounds of a row belong to its beginning."""
    return Moment(row["end_utc"], row["end_utc"], row["end_utc"], (row["event_id"],))


def is_one_event(interval: Interval) -> bool:
    """Tell whether an interval is how long one event lasted, from its beginning to its own end."""
    return (interval.from_kind, interval.from_subject) == (interval.to_kind, interval.to_subject)


def durations(intervals: Sequence[Interval], events: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Return DURATIONS: one row for each interval asked for.

    intervals   what the brief asks for
    events      EVENTS
    sources     SOURCES
    """
    rows = events.to_dicts()
    graded = {row["source_id"]: row for row in sources.iter_rows(named=True)}
    return schema.frame(tables.DURATIONS, [_duration(interval, rows, graded) for interval in intervals])


def _duration(interval: Interval, events: Sequence[Event], sources: Mapping[str, Event]) -> dict[str, object]:
    starts = tellings(events, interval.from_kind, interval.from_subject, sources)
    is_one = is_one_event(interval)
    ends = starts if is_one else tellings(events, interval.to_kind, interval.to_subject, sources)
    first = [moment for moment in map(beginning, starts) if moment.is_known]
    last = [moment for moment in map(end if is_one else beginning, ends) if moment.is_known]
    missing = [
        _missing(kind, subject, is_told=bool(rows))
        for found, rows, kind, subject in (
            (first, starts, interval.from_kind, interval.from_subject),
            (last, ends, interval.to_kind, interval.to_subject),
        )
        if not found
    ]
    if missing:
        rows = [f"events:{row['event_id']}" for row in (*starts, *ends)]
        why = f"Not testable: {' and '.join(missing)}."
        return {"name": interval.name, "why": why, "rows": list(dict.fromkeys(rows))}
    return _between(interval.name, first, last)


def _missing(kind: str, subject: str, *, is_told: bool) -> str:
    what = f'"{kind.replace("_", " ")}"{f" at {subject}" if subject else ""}'
    return f"no time is given for {what}" if is_told else f"no event {what} is reported"


def _between(name: str, starts: Sequence[Moment], ends: Sequence[Moment]) -> dict[str, object]:
    start, stop = starts[0], ends[0]
    minutes = _minutes(start.at, stop.at)
    low, high = _minutes(start.high, stop.low), _minutes(start.low, stop.high)
    is_reversed = high is not None and high < 0
    return {
        "name": name,
        "minutes": minutes,
        # That it took no less than nothing is no bound; but an end before its start is shown as it is told.
        "low": low if low is not None and (low > 0 or is_reversed) else None,
        "high": high,
        "why": _why(start, stop, starts[1:], ends[1:]),
        "rows": [f"events:{row}" for row in dict.fromkeys((*start.rows, *stop.rows))],
    }


def _minutes(start: datetime | None, stop: datetime | None) -> float | None:
    return None if start is None or stop is None else (stop - start).total_seconds() / 60.0


def _why(start: Moment, stop: Moment, other_starts: Sequence[Moment], other_ends: Sequence[Moment]) -> str | None:
    said: list[str] = []
    if start.low is not None and stop.high is not None and stop.high < start.low:
        said.append(f"the end ({', '.join(stop.rows)}) is reported as before the start ({', '.join(start.rows)})")
    for which, moment in (("start", start), ("end", stop)):
        if moment.low is None or moment.high is None:
            side = "latest" if moment.low is None else "earliest"
            said.append(f"only the {side} time of the {which} ({', '.join(moment.rows)}) is known")
    for other, minutes in [(row, _minutes(row.at, stop.at)) for row in other_starts] + [
        (row, _minutes(start.at, row.at)) for row in other_ends
    ]:
        if minutes is not None:
            said.append(f"another report ({other.rows[0]}) would give {quantity(minutes, 'min')}")
    if not said:
        return None
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."
