"""An attempt at a test lane, measured from its recording alone.

    truth ─▶ POSE rows ─▶ referee ─▶ tasks ──┐
    controls ─▶ traces ──────────────────────┼─▶ FlightScore: scores, points, result, debrief
    events, scenario (with its lane) ────────┘

The referee is the one that judged the live flight, so a score can be made again from the recording by anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from hotwash.documents import parse_toml
from hotwash.errors import ReadError, ScenarioError
from hotwash.flight import lookup
from hotwash.lanes import lane as lanes
from hotwash.lanes.lane import Lane
from hotwash.lanes.referee import DEFAULT_FOV_DEG, Referee
from hotwash.model import schema, tables
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.recording import Recording
from hotwash.model.scenario import as_flight, parse
from hotwash.score import results, sticks
from hotwash.score.flight_debrief import debrief_flight
from hotwash.score.flight_rows import FlightRows, flight_rows
from hotwash.score.questions import Question, plain_text
from hotwash.score.results import TaskScore


@dataclass(frozen=True, slots=True)
class FlightScore:
    """What an attempt came to.

    scores     SCORES: one row for each measure, of each task and (task null) of the whole
    tasks      one for each task of the lane, in its order
    points, possible   as the machine marks; tasks that only an instructor marks are not among them
    seconds    simulated time
    result     GO, NO-GO, NO OPPORTUNITY or NO DATA, against the school's own pass marks
    why        why it is that, as a sentence
    questions  the debrief: what was expected, what happened, why, and what to sustain or change
    lane       what was flown on, None where the scenario has none; flown: the flight itself
    """

    attempt_id: str
    seat: str
    scores: pl.DataFrame
    tasks: tuple[TaskScore, ...]
    points: float
    possible: float
    seconds: float
    result: str
    why: str
    notice: str
    questions: tuple[Question, ...]
    lane: Lane | None
    flown: FlightRows = field(repr=False)

    @property
    def text(self) -> str:
        """The debrief as plain text."""
        return plain_text(self.questions)

    @property
    def markdown(self) -> str:
        """The debrief as Markdown, with the table of tasks below it."""
        parts = [f"## {one.title}\n\n" + "\n".join(f"- {said}" for said in one.said) for one in self.questions]
        head = "| task | result | points | seconds | why |\n| --- | --- | --- | --- | --- |"
        return "\n\n".join([*parts, "## Tasks", "\n".join([head, *map(_row, self.tasks)])]) + "\n"

    def flat(self) -> dict[str, Any]:
        """Return everything for a program, without frames."""
        return {
            "attempt_id": self.attempt_id, "seat": self.seat, "points": self.points, "possible": self.possible,
            "seconds": self.seconds, "result": self.result, "why": self.why, "notice": self.notice,
            "tasks": [task.flat() for task in self.tasks],
            "debrief": {one.title: list(one.said) for one in self.questions},
        }  # fmt: skip

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)


def _row(one: TaskScore) -> str:
    """Return one task as a row of a Markdown table."""
    seconds = "" if one.seconds is None else f"{one.seconds:.1f}"
    cells = (one.task.name, one.result, f"{one.points:g} of {one.possible:g}", seconds, one.why)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def measure_flight(
    recording: Recording, *, seat: str | None = None, attempt_id: str = "attempt", subject_id: str | None = None
) -> FlightScore:  # fmt: skip
    """Return the score of one seat's attempt, everything made again from its recording.

    recording   with a scenario that carries its lane, or names a shipped one
    seat        whose; None: the scenario's first. Its truth is taken as evenly spaced: what a gap hides takes no time
    subject_id  random id of the person who flew, for SCORES
    raises      ScenarioError, LaneError where the recording holds none that can be used
    """
    if recording.scenario is None:
        raise ScenarioError("recording", why="it contains no scenario, so the tasks are unknown")
    scenario = as_flight(parse(recording.scenario, name="scenario.toml"))
    sat = scenario.seats[0] if seat is None else scenario.seat(seat)
    lane = lookup.find_lane(scenario)
    flown = flight_rows(recording, scenario, sat.name)
    referee = (
        None if lane is None or not flown.time_s.size else judge_flight(lane, flown, fov_deg(scenario, sat.airframe))
    )
    tasks = () if lane is None else results.score_tasks(lane, referee, is_cut_off=_is_cut_off(referee, flown, scenario))
    controls = recording.controls.filter(pl.col("seat") == sat.name)
    hands = sticks.measure_sticks(
        controls, flown, tasks, scenario, recording.events, allowed=lane.modes if lane else ()
    )
    flown_s = float(flown.time_s[-1]) if flown.time_s.size else 0.0
    outcome = results.judge_attempt(scenario, lane, tasks, referee, hands, flown_s=flown_s)
    rows = [*results.task_rows(tasks), *results.attempt_rows(outcome, lane), *hands.rows]
    fixed = {
        "attempt_id": attempt_id, "seat": sat.name, "seed": scenario.seed, "exercise": scenario.name,
        "exercise_version": scenario.version, "subject_kind": "person" if subject_id else None,
        "subject_id": subject_id, "marked_by": "machine",
    }  # fmt: skip
    scores = schema.conform(schema.frame(tables.SCORES, [row | fixed for row in rows]), tables.SCORES)
    questions = debrief_flight(outcome, tasks, scores, scenario, lane, recording.events)
    return FlightScore(
        attempt_id, sat.name, scores, tasks, outcome.points, outcome.possible, outcome.seconds, outcome.result,
        outcome.why, lanes.NOTICE, questions, lane, flown,
    )  # fmt: skip


# ---------------------------------------------------------------- what the recording holds


def fov_deg(scenario: FlightScenario, airframe: str) -> tuple[float, float]:
    """Return the field of view of an airframe's camera, across and upwards, as the scenario carries it."""
    text = scenario.airframes.get(airframe)
    camera = parse_toml(text, name=f"{airframe}.toml").get("camera", {}) if text else {}
    if not isinstance(camera, dict):
        raise ReadError(f"{airframe}.toml", place="camera", why="must be a table: write [camera] above its keys")
    wide, tall = (
        _number(camera.get(f"fov_{side}"), usual)
        for side, usual in zip(("horizontal", "vertical"), DEFAULT_FOV_DEG, strict=True)
    )
    return wide, tall


def _number(given: Any, usual: float) -> float:
    value = given.get("value") if isinstance(given, Mapping) else given
    return float(value) if isinstance(value, int | float) else usual


def judge_flight(lane: Lane, flown: FlightRows, fov: tuple[float, float]) -> Referee:
    """Return a referee that has seen the whole flight."""
    referee = Referee(lane, step_s=flown.step_s, fov_deg=fov)
    for row in flown.pose.rows:
        referee.judge(row[None, :])
    return referee


def _is_cut_off(referee: Referee | None, flown: FlightRows, scenario: FlightScenario) -> bool:
    """Tell whether the recording ends before anything had ended the attempt."""
    if referee is None:
        return True
    is_late = len(flown.time_s) * flown.step_s >= scenario.time_limit_s - 1.5 * flown.step_s
    return not bool(referee.is_over[0]) and not is_late
