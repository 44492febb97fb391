"""What the controls of an attempt tell: how sticks were moved, which modes were asked for, what answered an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.lanes.kernels import FloatArray
from hotwash.lanes.kinds import TASK_KINDS
from hotwash.model.flight_scenario import FlightScenario
from hotwash.score import traces
from hotwash.score.flight_rows import FlightRows
from hotwash.score.results import TaskScore, score_row

TRACES = ("roll", "pitch", "yaw", "throttle")
STEPS = ("fault", "inject")  # kinds of events that a hand answers to


@dataclass(frozen=True, slots=True)
class Sticks:
    """What was measured of the controls.

    rows          rows of SCORES
    modes_s       seconds in each mode that was asked for, by name
    wrong_mode_s  of them in modes that the lane's form does not allow, and which those are
    """

    rows: tuple[dict[str, Any], ...]
    modes_s: dict[str, float]
    wrong_mode_s: float
    wrong_modes: tuple[str, ...]


def measure_sticks(
    controls: pl.DataFrame,
    flown: FlightRows,
    tasks: Sequence[TaskScore],
    scenario: FlightScenario,
    events: pl.DataFrame,
    *,
    allowed: Sequence[str] = (),
) -> Sticks:
    """Return what the controls of one seat tell.

    controls   CONTROLS of that seat
    allowed    modes that the form allows; empty: all
    """
    given = controls.sort("sequence")
    time_s = (given["time_utc"] - scenario.start_utc).dt.total_microseconds().to_numpy() / 1e6
    even = {name: _even(given, time_s, name, scenario.step_s) for name in TRACES}
    first_s = float(time_s[0]) if time_s.size else 0.0
    rows = [one for name, trace in even.items() for one in _of_trace(name, trace, scenario.step_s)]
    rows += _answers(even, first_s, scenario, events, tasks)
    rows += _smoothness(flown, tasks)
    modes_s = _modes(given, time_s, scenario)
    rows += [score_row(f"{mode}_s", seconds, "s") for mode, seconds in modes_s.items()]
    wrong = tuple(mode for mode in modes_s if allowed and mode not in allowed)
    return Sticks(tuple(rows), modes_s, sum(modes_s[mode] for mode in wrong), wrong)


def _even(given: pl.DataFrame, time_s: FloatArray, name: str, step_s: float) -> FloatArray:
    values = given[name].fill_null(0.0).to_numpy().astype(np.float64)
    return traces.evenly(time_s, values, step_s=step_s)


def _of_trace(name: str, trace: FloatArray, step_s: float) -> list[dict[str, Any]]:
    found = (
        (f"{name}_reversals_per_s", traces.reversals_per_s(trace, step_s=step_s), "1/s"),
        (f"{name}_busy_share", traces.busy_share(trace, step_s=step_s), "share"),
    )
    return [score_row(measure, value, unit) for measure, value, unit in found if value is not None]


def _smoothness(flown: FlightRows, tasks: Sequence[TaskScore]) -> list[dict[str, Any]]:
    """Return the spectral arc length of the speed over ground: of the flight, and of each task that goes somewhere."""
    velocity = flown.pose.velocity_mps[:, :2]
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    rows = [("", traces.spectral_arc_length(speed, step_s=flown.step_s))]
    for task in tasks:
        if TASK_KINDS[task.task.kind].has_speed and task.begun_s is not None and task.ended_s is not None:
            during = speed[(flown.time_s > task.begun_s) & (flown.time_s <= task.ended_s)]
            rows.append((task.task.name, traces.spectral_arc_length(during, step_s=flown.step_s)))
    return [score_row("speed_sparc", value, "1", task=name or None) for name, value in rows if value is not None]


def _answers(
    even: dict[str, FloatArray],
    first_s: float,
    scenario: FlightScenario,
    events: pl.DataFrame,
    tasks: Sequence[TaskScore],
) -> list[dict[str, Any]]:
    """Return how each stick answered the first sudden event of each task."""
    sudden = events.filter(pl.col("kind").is_in(STEPS) & pl.col("start_utc").is_not_null()).sort("start_utc")
    times_s = (sudden["start_utc"] - scenario.start_utc).dt.total_microseconds().to_numpy() / 1e6
    rows: dict[tuple[str | None, str], dict[str, Any]] = {}
    for at_s in times_s:
        under_way = next((task.task.name for task in tasks if _is_during(task, at_s)), None)
        for name, trace in even.items():
            found = traces.response(trace, step_s=scenario.step_s, event_s=max(0.0, at_s - first_s))
            for measure, value, unit in (
                (f"{name}_response_s", found.delay_s, "s"),
                (f"{name}_overshoot", found.overshoot, "share"),
            ):
                if value is not None and (under_way, measure) not in rows:
                    rows[under_way, measure] = score_row(measure, value, unit, task=under_way, clock_s=float(at_s))
    return list(rows.values())


def _is_during(task: TaskScore, at_s: float) -> bool:
    return task.begun_s is not None and task.ended_s is not None and task.begun_s <= at_s < task.ended_s


def _modes(given: pl.DataFrame, time_s: FloatArray, scenario: FlightScenario) -> dict[str, float]:
    """Return for how long each mode was the one asked for; what failsafes did is not the pilot's."""
    if not time_s.size:
        return {}
    begun = scenario.seat(given["seat"][0]).mode
    asked = given["mode"].forward_fill().fill_null(begun)
    lasts = np.diff(np.append(time_s, time_s[-1] + scenario.step_s))
    return {mode: float(lasts[(asked == mode).to_numpy()].sum()) for mode in asked.unique(maintain_order=True)}
