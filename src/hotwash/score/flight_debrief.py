"""The debrief of a flight: the four questions answered in short sentences from what was measured.

The sentences repeat measures; whether a person should change something is for the instructor to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

from hotwash.lanes.kinds import TASK_KINDS
from hotwash.lanes.lane import Lane
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.words import FLIGHT_MODES
from hotwash.score.questions import Question, four_questions
from hotwash.score.results import CRASHED, GO, NO_GO, Outcome, TaskScore

_SHOWN = 8  # failed tasks that are named one by one; the table of tasks holds all


def debrief_flight(
    outcome: Outcome, tasks: Sequence[TaskScore], scores: pl.DataFrame, scenario: FlightScenario, lane: Lane | None,
    events: pl.DataFrame,
) -> tuple[Question, ...]:  # fmt: skip
    """Return the four questions with their answers."""
    happened = _happened(outcome, tasks, events, scenario, _modes(scores, lane))
    return four_questions(_expected(scenario, lane), happened, _why(tasks, scores), _sustain_or_change(tasks))


def _expected(scenario: FlightScenario, lane: Lane | None) -> list[str]:
    if lane is None:
        return ["The scenario has no lane, so no tasks were set."]
    said = [f"{lane.title}: up to {lane.possible:g} points within {lane.time_limit_s:g} s."]
    marks = []
    if scenario.pass_points is not None:
        marks.append(f"{scenario.pass_points:g} points")
    if scenario.pass_seconds is not None:
        marks.append(f"within {scenario.pass_seconds:g} s")
    said.append(f"The school's own pass mark: {' '.join(marks)}." if marks else "The school has set no pass mark.")
    return [*said, f"This was {lane.notice}."]


def _modes(scores: pl.DataFrame, lane: Lane | None) -> list[str]:
    """Return in which modes it was flown, where the form asks for some; the harder form is recorded as such."""
    if lane is None or not lane.modes:
        return []
    rows = scores.filter(pl.col("task").is_null() & pl.col("measure").is_in([f"{mode}_s" for mode in FLIGHT_MODES]))
    flown = {row["measure"].removesuffix("_s"): row["value"] for row in rows.to_dicts()}
    said = (
        [f"Flight modes: {', '.join(f'{mode} for {seconds:.1f} s' for mode, seconds in flown.items())}."]
        if flown
        else []
    )
    return [*said, "The attempt counts as stabilised, the harder form."] if "stabilised" in flown else said


def _happened(
    outcome: Outcome, tasks: Sequence[TaskScore], events: pl.DataFrame, scenario: FlightScenario, modes: Sequence[str]
) -> list[str]:
    said = [f"{outcome.points:g} of {outcome.possible:g} points in {outcome.seconds:.1f} s: {outcome.result}."]
    said.append(outcome.why)
    for kind, text, start in events.select("kind", "text", "start_utc").iter_rows():
        if kind in ("fault", "inject", "crashed") and start is not None:
            said.append(f"At {(start - scenario.start_utc).total_seconds():.1f} s: {text or kind}.".replace("..", "."))
    said += modes
    failed = [task for task in tasks if _is_tried(task)]
    said += [f"Not passed: {task.task.name} ({task.task.part})." for task in failed[:_SHOWN]]
    if len(failed) > _SHOWN:
        said.append(f"And {len(failed) - _SHOWN} more.")
    untried = [task.task.name for task in tasks if task.result == NO_GO and not _is_tried(task)]
    if untried:
        more = f" and {len(untried) - _SHOWN} more" if len(untried) > _SHOWN else ""
        said.append(f"Not carried out in the time for it: {', '.join(untried[:_SHOWN])}{more}.")
    left = sum(task.result == "NO OPPORTUNITY" for task in tasks)
    return [*said, f"{left} task{' was' if left == 1 else 's were'} not reached."] if left else said


def _is_tried(task: TaskScore) -> bool:
    """Tell whether a task failed by what was flown of it: with nothing to measure, and no crash, it was not begun."""
    return task.result == NO_GO and (bool(task.measures) or task.why == CRASHED)


def _why(tasks: Sequence[TaskScore], scores: pl.DataFrame) -> list[str]:
    failed = [task for task in tasks if _is_tried(task)]
    said = [f"{task.task.name}: {task.why}." for task in failed[:_SHOWN]]
    worst = max(tasks, key=lambda task: task.measures.get("path_rmse_m", -1.0), default=None)
    if worst is not None and "path_rmse_m" in worst.measures:
        said.append(
            f"Largest deviation from the path: {worst.measures['path_rmse_m']:.2f} m rms, on {worst.task.name}."
        )
    margins = [task.measures["ring_margin_deg"] for task in tasks if "ring_margin_deg" in task.measures]
    if margins:
        said.append(f"Margins of the rings in the picture: {min(margins):+.1f}° to {max(margins):+.1f}°.")
    busy = scores.filter(pl.col("measure").str.ends_with("_reversals_per_s") & pl.col("value").is_not_null())
    if busy.height:
        top = busy.sort("value", descending=True).row(0, named=True)
        stick = top["measure"].removesuffix("_reversals_per_s")
        said.append(f"The busiest stick was {stick}, with {top['value']:.2f} reversals per second.")
    return said or ["No measurement bears on this."]


def _sustain_or_change(tasks: Sequence[TaskScore]) -> list[str]:
    parts = list(dict.fromkeys(task.task.part for task in tasks))
    whole = [part for part in parts if all(task.result == GO for task in tasks if task.task.part == part)]
    said = [f"Sustain: every task of {', '.join(whole)}."] if whole else []
    kinds = Counter(task.task.kind for task in tasks if _is_tried(task))
    for kind, _ in kinds.most_common(2):
        said.append(f"Change: {TASK_KINDS[kind].advice}")
    return said or ["Fly it again; there is too little evidence for advice."]
