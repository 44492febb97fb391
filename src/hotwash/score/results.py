"""What a referee's marks come to: task by task, and for the whole against the school's pass marks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hotwash.lanes import kernels
from hotwash.lanes.lane import Lane
from hotwash.lanes.referee import Referee
from hotwash.lanes.tasks import Task
from hotwash.model.flight_scenario import FlightScenario

GO, NO_GO, NO_OPPORTUNITY, NO_DATA = "GO", "NO-GO", "NO OPPORTUNITY", "NO DATA"
CUT = "the recording ends during it"
CRASHED = "it crashed or tipped over"

# Measure, its field in Referee.measures, its unit. docs/reference/measures.md says what each is.
TASK_MEASURES = (
    ("path_rmse_m", kernels.PATH_RMSE, "m"),
    ("path_worst_m", kernels.PATH_WORST, "m"),
    ("outside_s", kernels.OUTSIDE_S, "s"),
    ("landing_error_m", kernels.LANDING_ERROR, "m"),
    ("touch_mps", kernels.TOUCH_SPEED, "m/s"),
    ("ring_margin_deg", kernels.RING_MARGIN, "deg"),
)


class Hands(Protocol):
    """What an outcome needs to know of the controls: seconds in modes that the form does not allow, and which."""

    @property
    def wrong_mode_s(self) -> float: ...

    @property
    def wrong_modes(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class TaskScore:
    """One task as it was done.

    result     GO, NO-GO; NO OPPORTUNITY where it was not reached, NO DATA where the recording ends during it, or
               where only an instructor can tell
    begun_s, ended_s   simulated time; None where it was not reached
    measures   what was measured, by name; only those that there are
    why        what went wrong, as a clause; empty where nothing did
    """

    task: Task
    result: str
    points: float
    possible: float
    begun_s: float | None
    ended_s: float | None
    measures: Mapping[str, float]
    why: str

    @property
    def seconds(self) -> float | None:
        return None if self.begun_s is None or self.ended_s is None else self.ended_s - self.begun_s

    def flat(self) -> dict[str, Any]:
        return {
            "task": self.task.name, "part": self.task.part, "call": self.task.call, "marker": self.task.marker,
            "result": self.result, "points": self.points, "possible": self.possible, "seconds": self.seconds,
            **self.measures, "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole attempt against the school's marks; `why` is one sentence."""

    points: float
    possible: float
    seconds: float
    result: str
    why: str


def score_tasks(lane: Lane, referee: Referee | None, *, is_cut_off: bool) -> tuple[TaskScore, ...]:
    """Return one score for each task of a lane; without a referee nothing was flown."""
    return tuple(_of_task(task, at, referee, is_cut_off=is_cut_off) for at, task in enumerate(lane.tasks))


def _of_task(task: Task, at: int, referee: Referee | None, *, is_cut_off: bool) -> TaskScore:
    is_machines = task.marker != "instructor"
    possible = task.points if is_machines else 0.0
    code = kernels.PENDING if referee is None else int(referee.results[0, at])
    if referee is None or code == kernels.PENDING:
        result = NO_DATA if referee is None else NO_OPPORTUNITY
        return TaskScore(task, result, 0.0, possible, None, None, {}, "it was not reached")
    if code == kernels.UNDER_WAY:
        begun_s = float(referee.task_start_s[0])
        cut = NO_DATA if is_cut_off else NO_GO
        why = CUT if is_cut_off else "time ran out"
        return TaskScore(task, cut, 0.0, possible, begun_s, float(referee.seconds[0]), {}, why)
    row = referee.measures[0, at]
    measures = {name: float(row[field]) for name, field, _ in TASK_MEASURES if math.isfinite(row[field])}
    has_passed = code == kernels.PASSED
    result = NO_DATA if not is_machines else GO if has_passed else NO_GO
    why = "" if has_passed else _why_ended(at, referee) or reason_of_failure(task, measures)
    points = possible if has_passed else 0.0
    begun_s, ended_s = float(row[kernels.BEGUN_S]), float(row[kernels.ENDED_S])
    return TaskScore(task, result, points, possible, begun_s, ended_s, measures, why)


def _why_ended(at: int, referee: Referee) -> str:
    """Return what ended the whole attempt in this task; empty where it went on."""
    if not referee.is_over[0] or int(referee.task[0]) != at + 1:
        return ""
    if referee.seconds_left[0] <= 0.0:
        return "the time limit of the lane was reached"
    return CRASHED if at + 1 < len(referee.lane.tasks) else ""


def reason_of_failure(task: Task, measures: Mapping[str, float]) -> str:
    """Return what the measures of a failed task tell of the reason, as a clause."""
    if task.ring is not None:
        margin = measures.get("ring_margin_deg")
        if margin is None:
            return "no picture was taken"
        return f"the ring was not entirely in the picture, by {-margin:.1f}°"
    off, touch = measures.get("landing_error_m"), measures.get("touch_mps")
    if off is not None and off > task.tolerance_m:
        return f"it landed {off:.1f} m from the point, {task.tolerance_m:g} m allowed"
    if touch is not None and task.touch_mps is not None and touch > task.touch_mps:
        return f"it came down at {touch:.1f} m/s, {task.touch_mps:g} m/s allowed"
    outside = measures.get("outside_s")
    if outside is not None and task.outside_s is not None and outside > task.outside_s:
        return f"it was outside tolerance for more than the {task.outside_s:g} s allowed"
    if outside is not None and task.outside_s is None and outside > 0.0:
        return f"tolerance was left repeatedly, for {outside:.1f} s in all"
    return "time ran out or the flight ended"


# ---------------------------------------------------------------- the whole


def judge_attempt(
    scenario: FlightScenario,
    lane: Lane | None,
    tasks: Sequence[TaskScore],
    referee: Referee | None,
    hands: Hands,
    *,
    flown_s: float,
) -> Outcome:
    """Return the result of an attempt against the school's pass marks.

    flown_s   how long was flown; 0 where nothing was
    """
    points = sum(task.points for task in tasks)
    possible = sum(task.possible for task in tasks)
    seconds = float(referee.seconds[0]) if referee else flown_s
    result, why = _weighed(scenario, lane, tasks, points, seconds, hands, is_flown=flown_s > 0.0)
    return Outcome(points, possible, seconds, result, why)


def _weighed(
    scenario: FlightScenario,
    lane: Lane | None,
    tasks: Sequence[TaskScore],
    points: float,
    seconds: float,
    hands: Hands,
    *,
    is_flown: bool,
) -> tuple[str, str]:
    if not is_flown:
        return NO_DATA, "The recording contains no flight of this seat."
    if lane is None:
        return NO_DATA, "The scenario has no lane, so nothing is judged."
    if any(task.result == NO_DATA and task.why == CUT for task in tasks):
        return NO_DATA, f"The recording ends after {seconds:.1f} s, before the attempt was over."
    missed = _unmet(scenario, tasks)
    if missed:
        return NO_OPPORTUNITY, f"{missed} did not occur, because its task was not reached."
    if hands.wrong_mode_s > 0.0:
        modes = ", ".join(hands.wrong_modes)
        why = f"{hands.wrong_mode_s:.1f} s were flown in a mode that the form does not allow: {modes}."
        return NO_GO, why
    return _against_marks(scenario, points, seconds)


def _unmet(scenario: FlightScenario, tasks: Sequence[TaskScore]) -> str:
    """Return the fault that waited for a task which was never reached; empty where there is none.

    Who never met the situation has not shown how they deal with it, however the flight went before.
    """
    pending = {task.task.name for task in tasks if task.result == NO_OPPORTUNITY}
    return next((fault.name for fault in scenario.faults if fault.when_task in pending), "")


def _against_marks(scenario: FlightScenario, points: float, seconds: float) -> tuple[str, str]:
    asked, within = scenario.pass_points, scenario.pass_seconds
    if asked is None and within is None:
        return NO_DATA, "The school has set no pass mark, so there is nothing to pass."
    said = []
    if asked is not None:
        said.append(f"{points:g} points of the {asked:g} that the school requires")
    if within is not None:
        said.append(f"{seconds:.1f} s of the {within:g} s that the school allows")
    has_passed = (asked is None or points >= asked) and (within is None or seconds <= within)
    return GO if has_passed else NO_GO, f"{', '.join(said)}."


# ---------------------------------------------------------------- rows of SCORES


def task_rows(tasks: Sequence[TaskScore]) -> list[dict[str, Any]]:
    """Return the measures of each task as rows of SCORES: its points first, which carry its result."""
    units = {name: unit for name, _, unit in TASK_MEASURES}
    rows: list[dict[str, Any]] = []
    for task in tasks:
        reached = {NO_OPPORTUNITY: "no", NO_DATA: "unknown"}.get(task.result, "yes")
        shared = {"task": task.task.name, "opportunity": reached, "clock_s": task.ended_s}
        value = task.points if task.result in (GO, NO_GO) else None
        rows.append(score_row("points", value, "points", result=task.result, **shared))
        if task.seconds is not None:
            rows.append(score_row("time_s", task.seconds, "s", **shared))
        rows += [score_row(name, value, units[name], **shared) for name, value in task.measures.items()]
    return rows


def attempt_rows(found: Outcome, lane: Lane | None) -> list[dict[str, Any]]:
    """Return what holds of the whole attempt as rows of SCORES."""
    shared = {"opportunity": {NO_OPPORTUNITY: "no", NO_DATA: "unknown"}.get(found.result, "yes")}
    if lane is None:
        return []
    return [
        score_row("points", found.points, "points", result=found.result, clock_s=found.seconds, **shared),
        score_row("possible", found.possible, "points", **shared),
        score_row("time_s", found.seconds, "s", **shared),
    ]


def score_row(measure: str, value: float | None, unit: str, **more: Any) -> dict[str, Any]:
    """Return one row of SCORES, without what is the same in all of them."""
    return {"measure": measure, "value": value, "unit": unit, **more}
