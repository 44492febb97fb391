"""An attempt at a test lane, measured from its recording alone.

    truth ─▶ POSE rows ─▶ referee ─▶ tasks ──┐
    controls ─▶ traces ──────────────────────┼─▶ Measured: scores, points, result, debrief
    events, scenario (with its lane) ────────┘

The referee is the one that judged the live flight, so a score can be made again from the recording by anyone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from hotwash.errors import ReadError, ScenarioError
from hotwash.geo.frames import geodetic2enu
from hotwash.lanes import kernels
from hotwash.lanes import lane as lanes
from hotwash.lanes.kernels import FloatArray
from hotwash.lanes.lane import Lane
from hotwash.lanes.referee import DEFAULT_FOV_DEG, Referee
from hotwash.model import scenario as scenarios
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.score import outcomes, sticks
from hotwash.score.debrief import Question, debrief_of
from hotwash.score.outcomes import TaskScore

POSES = 24  # fields of a POSE row, as flight.layout has them
CAPTURE, CRASHED = "capture", "crashed"  # kinds of events that a referee must know of


@dataclass(frozen=True, slots=True)
class Flown:
    """One seat's flight as rows.

    time_s   (n,) since the start, rising
    pose     (n, POSES)
    step_s   from row to row
    """

    time_s: FloatArray
    pose: FloatArray
    step_s: float


@dataclass(frozen=True, slots=True)
class Measured:
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
    flown: Flown = field(repr=False)

    @property
    def text(self) -> str:
        """The debrief as plain text."""
        return "\n\n".join("\n".join((one.title, *(f"  {said}" for said in one.said))) for one in self.questions)

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


def _row(one: TaskScore) -> str:
    """Return one task as a row of a Markdown table."""
    seconds = "" if one.seconds is None else f"{one.seconds:.1f}"
    cells = (one.task.name, one.result, f"{one.points:g} of {one.possible:g}", seconds, one.why)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def measure(
    recording: Recording, *, seat: str | None = None, attempt_id: str = "attempt", subject_id: str | None = None
) -> Measured:  # fmt: skip
    """Return the score of one seat's attempt, everything made again from its recording.

    recording   with a scenario that carries its lane, or names a shipped one
    seat        whose; None: the scenario's first. Its truth is taken as evenly spaced: what a gap hides takes no time
    subject_id  random id of the person who flew, for SCORES
    raises      ScenarioError, LaneError where the recording holds none that can be used
    """
    if recording.scenario is None:
        raise ScenarioError("recording", why="it holds no scenario, so nobody can say what was to be done")
    scenario = scenarios.parse(recording.scenario, name="scenario.toml")
    sat = scenario.seats[0] if seat is None else scenario.seat(seat)
    lane = lane_of(scenario)
    flown = flight(recording, scenario, sat.name)
    referee = None if lane is None or not flown.time_s.size else judged(lane, flown, fov_deg(scenario, sat.airframe))
    tasks = () if lane is None else outcomes.of_tasks(lane, referee, is_cut_off=_is_cut_off(referee, flown, scenario))
    controls = recording.controls.filter(pl.col("seat") == sat.name)
    hands = sticks.measured(controls, flown, tasks, scenario, recording.events, allowed=lane.modes if lane else ())
    flown_s = float(flown.time_s[-1]) if flown.time_s.size else 0.0
    outcome = outcomes.outcome(scenario, lane, tasks, referee, hands, flown_s=flown_s)
    rows = [*outcomes.rows_of_tasks(tasks), *outcomes.rows_of_whole(outcome, lane), *hands.rows]
    fixed = {
        "attempt_id": attempt_id, "seat": sat.name, "seed": scenario.seed, "exercise": scenario.name,
        "exercise_version": scenario.version, "subject_kind": "person" if subject_id else None,
        "subject_id": subject_id, "marked_by": "machine",
    }  # fmt: skip
    scores = schema.conform(schema.frame(tables.SCORES, [row | fixed for row in rows]), tables.SCORES)
    questions = debrief_of(outcome, tasks, scores, scenario, lane, recording.events)
    return Measured(
        attempt_id, sat.name, scores, tasks, outcome.points, outcome.possible, outcome.seconds, outcome.result,
        outcome.why, lanes.NOTICE, questions, lane, flown,
    )  # fmt: skip


# ---------------------------------------------------------------- what the recording holds


def lane_of(scenario: Scenario) -> Lane | None:
    """Return the lane that a scenario carries, or names; None where it has none.

    raises   LaneError
    """
    if scenario.lane is None:
        return None
    if scenario.lane in scenario.lanes:
        return lanes.parse(scenario.lanes[scenario.lane], name=f"{scenario.lane}.toml")
    return lanes.load_lane(scenario.lane)


def fov_deg(scenario: Scenario, airframe: str) -> tuple[float, float]:
    """Return the field of view of an airframe's camera, across and upwards, as the scenario carries it."""
    text = scenario.airframes.get(airframe)
    try:
        camera = tomllib.loads(text).get("camera", {}) if text else {}
    except tomllib.TOMLDecodeError as fault:
        raise ReadError(f"{airframe}.toml", why=f"is no TOML file: {fault}") from None
    wide, tall = (
        _number(camera.get(f"fov_{side}"), usual)
        for side, usual in zip(("horizontal", "vertical"), DEFAULT_FOV_DEG, strict=True)
    )
    return wide, tall


def _number(given: Any, usual: float) -> float:
    value = given.get("value") if isinstance(given, Mapping) else given
    return float(value) if isinstance(value, int | float) else usual


def flight(recording: Recording, scenario: Scenario, seat: str) -> Flown:
    """Return one seat's truth as POSE rows; the row at the start itself, which nobody flew, is left out."""
    rows = recording.truth.filter(pl.col("object_id") == seat).sort("time_utc")
    if not rows.height:
        return Flown(np.empty(0), np.empty((0, POSES)), scenario.step_s)
    time_s = _seconds(rows["time_utc"], scenario)
    step_s = float(np.median(np.diff(time_s))) if time_s.size > 1 else scenario.step_s
    # A clock of microseconds cannot tell 0.02 from what is left of it after rounding.
    step_s = scenario.step_s if abs(step_s - scenario.step_s) < 1e-5 else step_s
    kept = time_s > 0.5 * step_s
    time_s, rows = time_s[kept], rows.filter(pl.Series(kept))
    pose = _poses(rows, scenario)
    own = recording.events.filter(pl.col("subject_id").is_null() | (pl.col("subject_id") == seat))
    _mark(pose, kernels.CAPTURED, time_s, _captures(own, recording, scenario, seat), step_s)
    crashed = own.filter((pl.col("kind") == CRASHED) & pl.col("start_utc").is_not_null())
    for at in _seconds(crashed["start_utc"], scenario):
        pose[time_s > at - 0.5 * step_s, kernels.UPSIDE] = 1.0
    return Flown(time_s, pose, step_s)


def _seconds(times: pl.Series, scenario: Scenario) -> FloatArray:
    micro: FloatArray = (times - scenario.start_utc).dt.total_microseconds().to_numpy().astype(np.float64)
    return micro / 1e6


def _poses(rows: pl.DataFrame, scenario: Scenario) -> FloatArray:
    pose = np.zeros((rows.height, POSES))
    place = scenario.place
    up = rows["height_hae_m"].fill_null(place.height_hae_m)
    pose[:, kernels.POSITION : kernels.POSITION + 3] = np.stack(
        geodetic2enu(rows["lat_deg"], rows["lon_deg"], up, place.lat_deg, place.lon_deg, place.height_hae_m), axis=-1
    )
    columns = {
        kernels.VELOCITY: ("v_east_mps", "v_north_mps", "v_up_mps"),
        kernels.QUATERNION: ("q_x", "q_y", "q_z", "q_w"),
    }
    for first, names in columns.items():
        for at, name in enumerate(names):
            pose[:, first + at] = rows[name].fill_null(1.0 if name == "q_w" else 0.0)
    pose[:, kernels.GIMBAL] = np.radians(rows["gimbal_pitch_deg"].fill_null(0.0))
    pose[:, kernels.ON_GROUND] = rows["is_on_ground"].fill_null(value=False)
    return pose


def _captures(own: pl.DataFrame, recording: Recording, scenario: Scenario, seat: str) -> FloatArray:
    """Return when pictures were taken [s]: as the events tell it, or where none does, when the button went down."""
    told = own.filter((pl.col("kind") == CAPTURE) & pl.col("start_utc").is_not_null())
    if told.height:
        return _seconds(told["start_utc"], scenario)
    pressed = recording.controls.filter(pl.col("seat") == seat).sort("sequence")
    down = pl.col("is_capture").fill_null(value=False)
    begun = pressed.filter(down & ~down.shift(1, fill_value=False))
    return _seconds(begun["time_utc"], scenario)


def _mark(pose: FloatArray, field: int, time_s: FloatArray, at_s: FloatArray, step_s: float) -> None:
    """Mark the rows in which something happened: of each time the row at it, or the first after it."""
    rows = np.searchsorted(time_s, at_s - 0.25 * step_s)
    pose[rows[rows < time_s.size], field] = 1.0


def judged(lane: Lane, flown: Flown, fov: tuple[float, float]) -> Referee:
    """Return a referee that has seen the whole flight."""
    referee = Referee(lane, step_s=flown.step_s, fov_deg=fov)
    for row in flown.pose:
        referee.judge(row[None, :])
    return referee


def _is_cut_off(referee: Referee | None, flown: Flown, scenario: Scenario) -> bool:
    """Tell whether the recording ends before anything had ended the attempt."""
    if referee is None:
        return True
    is_late = len(flown.pose) * flown.step_s >= scenario.time_limit_s - 1.5 * flown.step_s
    return not bool(referee.is_over[0]) and not is_late
