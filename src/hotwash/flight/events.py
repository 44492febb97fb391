"""What happened in a flight, as EVENTS: modes, warnings, faults, messages, pictures, tasks, take-offs and landings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.flight import layout
from hotwash.flight.seats import faults
from hotwash.flight.seats import fields as f
from hotwash.flight.seats.pilot_seat import PilotSeat
from hotwash.lanes import rings
from hotwash.lanes.referee import CODES
from hotwash.model import schema, tables
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.words import FLIGHT_MODES

FloatArray = NDArray[np.float64]
Row = dict[str, Any]

SAID_BY = ["exercise"]


def events_of(
    rows: Sequence[FloatArray], pilot_seats: Sequence[PilotSeat], scenario: FlightScenario, *, world: int
) -> pl.DataFrame:
    """Return EVENTS of one world, by time.

    rows      of each seat, the log's (1 + t, …): the start, then each step
    returns   kinds: mode, warning, fault, inject, capture, task, armed, disarmed, take_off, landed, crashed. The
              subject_id is the seat, `value` the margin of a ring in degrees for a capture (null where no ring was to
              be taken), the points for a task
    """
    found: list[Row] = []
    for one, pilot_seat in zip(rows, pilot_seats, strict=True):
        step_s = scenario.step_s
        seen = (
            _modes(one),
            _warnings(one, scenario),
            _switches(one),
            _captures(one, pilot_seat),
            _tasks(one, pilot_seat, world),
        )
        noted = [{**row, "at_s": row["at_s"] * step_s} for part in seen for row in part]
        for row in (*noted, *_scripted(one, pilot_seat, scenario, world)):
            start_utc = _time(scenario, row.pop("at_s"))
            found.append({"subject_id": pilot_seat.name, "start_utc": start_utc, "known_utc": start_utc, **row})
    found.sort(key=lambda row: (row["start_utc"], row["subject_id"], row["kind"]))
    numbered = [{"event_id": f"e{at:05d}", "said_by": SAID_BY, **row} for at, row in enumerate(found)]
    return schema.conform(schema.frame(tables.EVENTS, numbered), tables.EVENTS)


def _time(scenario: FlightScenario, time_s: float) -> datetime:
    return scenario.start_utc + timedelta(microseconds=round(time_s * 1e6))


def _changed(values: FloatArray) -> list[int]:
    """Return the rows at which a value is not what it was in the row before."""
    changed: list[int] = (np.flatnonzero(np.diff(values)) + 1).tolist()
    return changed


def _modes(rows: FloatArray) -> Iterator[Row]:
    for at in [0, *_changed(rows[:, f.LOG_MODE])]:
        yield {"kind": "mode", "at_s": at, "text": FLIGHT_MODES[int(rows[at, f.LOG_MODE])]}


def _warnings(rows: FloatArray, scenario: FlightScenario) -> Iterator[Row]:
    bits = rows[:, f.LOG_WARNINGS].astype(np.int64)
    for bit, words in f.WARNING_WORDS.items():
        is_on = np.concatenate([[False], bits & bit > 0, [False]])
        edges = np.flatnonzero(np.diff(is_on.astype(np.int8)))
        for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            end_utc = _time(scenario, end * scenario.step_s) if end < len(rows) else None
            yield {"kind": "warning", "at_s": begin, "end_utc": end_utc, "text": words}


def _switches(rows: FloatArray) -> Iterator[Row]:
    for field, on, off in (
        (layout.ARMED, "armed", "disarmed"),
        (layout.ON_GROUND, "landed", "take_off"),
        (layout.UPSIDE, "crashed", ""),
    ):
        for at in _changed((rows[:, field] > 0.5).astype(np.float64)):
            kind = on if rows[at, field] > 0.5 else off
            if kind:
                yield {"kind": kind, "at_s": at}


def _captures(rows: FloatArray, pilot_seat: PilotSeat) -> Iterator[Row]:
    taken = np.flatnonzero(rows[:, layout.CAPTURED] > 0.5)
    margins = _margins_deg(rows, taken, pilot_seat)
    for at, margin in zip(taken.tolist(), margins.tolist(), strict=True):
        yield {"kind": "capture", "at_s": at, "value": None if np.isnan(margin) else margin}


def _margins_deg(rows: FloatArray, taken: NDArray[np.int64], pilot_seat: PilotSeat) -> FloatArray:
    """Return the margin of the ring that was to be taken, for each picture; nan where none was."""
    if pilot_seat.lane is None or pilot_seat.referee is None or not len(taken):
        return np.full(len(taken), np.nan)
    of_task = [-1 if task.ring is None else task.ring for task in pilot_seat.lane.tasks] + [-1]
    own = np.array(of_task, dtype=np.int64)[rows[np.maximum(taken - 1, 0), f.LOG_TASK].astype(np.int64)]
    pose = np.ascontiguousarray(rows[taken, : layout.POSES])
    return rings.margins_deg(pose, pilot_seat.lane.rings, own, fov_deg=pilot_seat.referee.fov_deg)


def _tasks(rows: FloatArray, pilot_seat: PilotSeat, world: int) -> Iterator[Row]:
    if pilot_seat.lane is None or pilot_seat.referee is None:
        return
    for at in _changed(rows[:, f.LOG_TASK]):
        for number in range(int(rows[at - 1, f.LOG_TASK]), int(rows[at, f.LOG_TASK])):
            task, result = pilot_seat.lane.tasks[number], CODES[int(pilot_seat.referee.results[world, number])]
            points = task.points if result == "passed" and task.marker != "instructor" else 0.0
            yield {"kind": "task", "at_s": at, "value": points, "text": f"{task.name}: {result}"}


def _scripted(rows: FloatArray, pilot_seat: PilotSeat, scenario: FlightScenario, world: int) -> Iterator[Row]:
    """Yield the faults that have set in, and the messages that have come."""
    now_s = (len(rows) - 1) * scenario.step_s
    for fault, row in zip(faults.of_seat(scenario, pilot_seat.name), pilot_seat.faults[world], strict=True):
        if row[f.ONSET] < now_s:
            end_utc = _time(scenario, row[f.END]) if row[f.END] <= now_s else None
            text = _fault_text(fault.name, fault.kind)
            yield {
                "kind": "fault",
                "at_s": float(row[f.ONSET]),
                "end_utc": end_utc,
                "text": _fault_text(fault.name, fault.kind),
            }
    mine = sorted((one.time_s, one.text) for one in scenario.injects if one.seat in (None, pilot_seat.name))
    for time_s, text in mine[: int(rows[-1, f.LOG_INJECTS])]:
        yield {"kind": "inject", "at_s": time_s, "text": text}


def _fault_text(name: str, kind: str) -> str:
    return kind if name == kind else f"{name}: {kind}"
