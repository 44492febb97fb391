"""A flight: a policy flies an exercise, and the recording is scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hotwash.errors import ScenarioError
from hotwash.flight import kernels as flight_kernels
from hotwash.flight.entry_points import AUTOPILOT
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.policies import catalogue
from hotwash.flight.policies.policy import Policy
from hotwash.flight.seats import kernels as seat_kernels
from hotwash.front.compiled import is_compiled, loading
from hotwash.front.compiling import compile_exercise
from hotwash.front.exercises import ScenarioSource, load_scenario
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.recording import Recording
from hotwash.model.scenario import as_flight
from hotwash.progress import Progress, silent
from hotwash.score.attempt import FlightScore, measure_flight
from hotwash.store.centre import without_gc

_KERNELS = (flight_kernels.advance_multirotor, seat_kernels.guide_multirotor)
_SHORT = "abnormal-fix-lost"  # a shipped exercise of a minute
_TELL_EVERY = 250  # steps


@dataclass(frozen=True, slots=True)
class FlightResult:
    """One flight: who flew what, and what came of it.

    measured   the score, from the recording alone
    is_whole   whether it was flown to the exercise's end; one by a ground station may be broken off
    """

    scenario: FlightScenario
    policy: str
    seed: int
    recording: Recording
    measured: FlightScore
    is_whole: bool = True

    @property
    def airframe(self) -> str:
        return self.scenario.seats[0].airframe

    @property
    def is_no_go(self) -> bool:
        """Whether it fell short of the school's pass marks; never where it set none."""
        return self.measured.result == "NO-GO"

    def flat(self) -> dict[str, Any]:
        """Return everything for a program, without frames; times are simulated."""
        return {
            "exercise": self.scenario.name,
            "version": self.scenario.version,
            "seed": self.seed,
            "policy": self.policy,
            "airframe": self.airframe,
            "is_whole": self.is_whole,
            **self.measured.flat(),
            "tasks": [_named(task.flat()) for task in self.measured.tasks],
        }

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)


def _named(task: dict[str, Any]) -> dict[str, Any]:
    """Return a task with the two words that programs look for first beside its own: name and margin_deg."""
    return {"name": task["task"], "margin_deg": task.get("ring_margin_deg"), **task}


def fly(
    scenario: ScenarioSource,
    *,
    policy: str | Policy = "autopilot",
    seed: int = 0,
    airframe: str | None = None,
    pass_points: float | None = None,
    pass_seconds: float | None = None,
    progress: Progress = silent,
) -> FlightResult:
    """Return what comes of an exercise that a policy flies: the recording and its score.

    scenario   a shipped name such as "bperp", a TOML file, or a scenario
    policy     "autopilot", "novice" or "random"; or your own, with reset(seed) and act(view), for one seat
    seed       one seed, one flight
    airframe, pass_points, pass_seconds   in place of the exercise's own, as of `load_scenario`
    progress   is told what is being done, and how far it is
    raises     ReadError, ScenarioError, AirframeError, LaneError, CommandError for what cannot be flown
    """
    loaded = as_flight(load_scenario(scenario, airframe=airframe, pass_points=pass_points, pass_seconds=pass_seconds))
    exercise = FlightExercise(loaded, worlds=1, record=True)
    try:
        _fly(exercise, _fliers(exercise, policy), seed, progress)
        name = policy if isinstance(policy, str) else type(policy).__name__
        return score_flight(exercise, policy=name, seed=seed, progress=progress)
    finally:
        exercise.close()


def score_flight(exercise: FlightExercise, *, policy: str, seed: int, progress: Progress = silent) -> FlightResult:
    """Return what came of an exercise that was flown, to its end or not."""
    progress("Scoring", None)
    recording = exercise.recording()
    is_whole = bool(np.all(exercise.is_over))
    return FlightResult(exercise.scenario, policy, seed, recording, measure_flight(recording), is_whole)


def is_flight_compiled() -> bool:
    """Tell whether the simulator was compiled on this machine before, from the source as it is now."""
    return is_compiled(*_KERNELS)


def compile_flight() -> None:
    """Compile what flies a drone through a lane and scores it, where it was not compiled before."""
    if not is_flight_compiled():
        with without_gc():
            fly(_SHORT)


def _fliers(exercise: FlightExercise, policy: str | Policy) -> dict[str, Policy]:
    """Return who sits on each seat."""
    scenario = exercise.scenario
    if not isinstance(policy, str):
        if len(scenario.seats) > 1:
            raise ScenarioError(scenario.name, why=f"has {len(scenario.seats)} seats; your own policy flies one")
        return {scenario.seats[0].name: policy}
    return {
        seat.name: catalogue.flight_policy(
            policy, scenario, exercise.lane, exercise.airframes[seat.name], seat=seat.name
        )
        for seat in scenario.seats
    }


def _fly(exercise: FlightExercise, fliers: dict[str, Policy], seed: int, progress: Progress) -> None:
    """Let policies fly every seat until the exercise is over."""
    progress(loading("Flying", *_KERNELS), 0.0 if is_flight_compiled() else None)
    compile_exercise(exercise.scenario, also=AUTOPILOT)
    for flier in fliers.values():
        flier.reset(seed)
    views = exercise.reset(seed)
    steps = 0
    while not np.all(exercise.is_over):
        views = exercise.step({name: flier.act(views[name]) for name, flier in fliers.items()})
        steps += 1
        if steps % _TELL_EVERY == 0:
            progress("Flying", min(1.0, exercise.time_s / exercise.scenario.time_limit_s))
