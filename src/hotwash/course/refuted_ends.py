"""Ends of closings that the bundle itself refutes: something moved before them, or the notice was cancelled earlier."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hotwash.course.changes import is_movement, is_same_part, name_kind
from hotwash.course.dossier import A_MINUTE, remark, say_gap, say_list, say_time
from hotwash.course.tellings import Row, beginning_of

CANCELLED = "notam_cancelled"
_NOTICE_LAG = timedelta(minutes=5)  # a notice is written some minutes round the reopening that it tells
_RUNWAY = re.compile(r"(?:(?:runway|rwy)[ _]?)?\d{1,2}[LCR]?(?:/\d{1,2}[LCR]?)?", re.I)
_ADVICE = (
    "Look which is right. If the runway opened earlier, correct the end, or enter the other telling as "
    "runway_reopened; if something moved all the same (on another runway, a helicopter), say so in text."
)


def find_refuted_ends(states: Sequence[Row], events: Sequence[Row], zone: ZoneInfo) -> Iterator[dict[str, object]]:
    """Yield a remark for each end of a runway's closing before which something moved there, or its notice ended.

    states   rows of STATES
    events   rows of EVENTS that stand as facts
    """
    for state in states:
        against = [*_moved_inside(state, states, events), *cancelled_before_end(state, states, events)]
        if state["state"] != "runway_closed" or not against or not state["to_rows"]:
            continue
        end = state["to_utc_low"]
        said = [_say(row, end, zone) for row in against]
        runway = f"Runway {_short(state['part'])}of {state['subject_id']}"
        until = f"{say_time(end, zone)} ({zone.key})"
        text = f"{runway} is told to be closed to {until}, but {say_list(said)}."
        place = tuple(state["to_rows"][0].split(":", 1))
        rows = [f"events:{row['event_id']}" for row in against]
        yield remark("end_refuted", (place[0], place[1]), text, _ADVICE, column="start_utc", rows=rows)


def _short(part: str | None) -> str:
    return f"{part.replace('_', ' ').removeprefix('runway ')} " if part else ""


def _say(row: Row, end: datetime, zone: ZoneInfo) -> str:
    """Return what speaks against an end: "the departure at 21:50 (E7)"."""
    when = _moment(beginning_of(row).high)
    if row["kind"] == CANCELLED:
        return f"the NOTAM was cancelled {say_gap(end - when)} before that ({row['event_id']})"
    return f"{name_kind(row['kind'])} came at {say_time(when, zone)} ({row['event_id']})"


def is_on_closed_runway(row: Row, part: str | None, runways: Sequence[str | None]) -> bool:
    """Tell whether an event with a part, a flight or a runway, was on a runway that was closed.

    runways   the runways of the aerodrome that are told of: where it is one, what moved there moved on it
    """
    named = row["part"] or ""
    if _RUNWAY.fullmatch(named.strip()):
        return part is None or is_same_part(named, part)
    return len(runways) == 1


def runways_of(subject: str, states: Sequence[tuple[str, str, str | None]]) -> list[str | None]:
    """Return the runways of an aerodrome that are told of, each once.

    states   (subject, state, part) of each stretch
    """
    found: list[str | None] = []
    for where, state, part in states:
        is_new = not any(one == part or is_same_part(one, part) for one in found)
        if where == subject and state == "runway_closed" and is_new:
            found.append(part)
    return found


def _moved_inside(state: Row, states: Sequence[Row], events: Sequence[Row]) -> list[Row]:
    """Return the movements that surely came while a runway was told to be closed, on it."""
    return [row for row in _inside(state, states, events) if is_movement(row["kind"]) and row["value"] != 0]


def cancelled_before_end(state: Row, states: Sequence[Row], events: Sequence[Row]) -> list[Row]:
    """Return the cancellings of the notice of a runway that came some minutes before its closing is told to end.

    None where another notice came into force in between.
    """
    end = state["to_utc_low"]
    inside = _inside(state, states, events)
    prolonged = [beginning_of(row).low for row in inside if row["kind"] in ("notam_in_force", "notam_issued")]
    return [
        row
        for row in inside
        if row["kind"] == CANCELLED
        and not row["supersedes"]  # it names the order that it takes back
        and end - _moment(beginning_of(row).high) >= _NOTICE_LAG
        and not any(low >= beginning_of(row).low for low in prolonged)
    ]


def _inside(state: Row, states: Sequence[Row], events: Sequence[Row]) -> list[Row]:
    """Return the events that surely came while a runway was told to be closed, a minute from either end, and on it."""
    first, last = state["from_utc_high"], state["to_utc_low"]
    if state["state"] != "runway_closed" or first is None or last is None:
        return []
    runways = runways_of(state["subject_id"], [(row["subject_id"], row["state"], row["part"]) for row in states])
    found = []
    for row in events:
        if row["subject_id"] != state["subject_id"] or not is_on_closed_runway(row, state["part"], runways):
            continue
        when = beginning_of(row)
        if math.isfinite(when.low) and math.isfinite(when.high):
            is_inside = first + A_MINUTE <= _moment(when.low) and _moment(when.high) <= last - A_MINUTE
            found += [row] if is_inside else []
    return found


def _moment(minutes: float) -> datetime:
    return datetime.fromtimestamp(minutes * 60.0, UTC)
