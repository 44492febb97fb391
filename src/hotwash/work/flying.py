"""Fly an exercise with a policy, score the flight and write its recording."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hotwash.errors import ReadError
from hotwash.export import files, recording_folder
from hotwash.flight import kernels as flight_kernels
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.policies import catalogue
from hotwash.flight.seats import kernels as seat_kernels
from hotwash.mavlink import server
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import Recording
from hotwash.model.scenario import as_flight
from hotwash.score.attempt import FlightScore, measure_flight
from hotwash.store.centre import uncollected
from hotwash.work import exercises, logs
from hotwash.work.compiled import is_kept

Progress = Callable[[str, float | None], None]  # what is being done, and how far into it, 0 to 1

FIRST_TIME = "Compiling for the first time: some 20 s, once"
ULOG_FILE, BIN_FILE = "flight.ulg", "flight.bin"
_SHORT = "abnormal-fix-lost"  # a shipped exercise of a minute
_TELL_EVERY = 250  # steps


def _silent(_: str, __: float | None) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be flown, by whom.

    exercise       a shipped name, or a TOML file
    policy         one of model.words.FLIGHT_POLICIES; nobody's where a ground station flies
    airframe       in place of the exercise's own: a shipped name, or a TOML file
    pass_points, pass_seconds   the school's marks, in place of the exercise's
    mavlink        where a ground station flies it, as work.vehicle.address reads it; in real time
    is_anywhere    whether that may be beyond this machine
    """

    exercise: str
    policy: str = "autopilot"
    seed: int = 0
    airframe: str | None = None
    pass_points: float | None = None
    pass_seconds: float | None = None
    mavlink: str | None = None
    is_anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Flown:
    """One flight: who flew what, what came of it, and where it was written.

    measured       the score, from the recording alone
    folder         where the recording lies; None when it was not asked for
    wall_seconds   how long flying and scoring took
    is_whole       whether it was flown to the exercise's end; a ground station's flight may be broken off
    """

    scenario: FlightScenario
    policy: str
    seed: int
    recording: Recording
    measured: FlightScore
    folder: Path | None
    wall_seconds: float
    is_whole: bool = True

    @property
    def airframe(self) -> str:
        return self.scenario.seats[0].airframe

    @property
    def who(self) -> str:
        """Who flew, in words."""
        return {"mavlink": "a ground station", "random": "random sticks"}.get(self.policy, f"the {self.policy}")

    @property
    def is_no_go(self) -> bool:
        """Whether it fell short of the school's pass marks; never where it set none."""
        return self.measured.result == "NO-GO"

    def flat(self) -> dict[str, Any]:
        """Return everything for a program; times are simulated but for wall_seconds."""
        return {
            "exercise": self.scenario.name, "version": self.scenario.version, "seed": self.seed,
            "policy": self.policy, "airframe": self.airframe, "is_whole": self.is_whole, **self.measured.flat(),
            "tasks": [_named(task.flat()) for task in self.measured.tasks],
            "wall_seconds": self.wall_seconds, "recording": str(self.folder) if self.folder else None,
        }  # fmt: skip


def _named(task: dict[str, Any]) -> dict[str, Any]:
    """Return a task with the two words that programs look for first beside its own: name and margin_deg."""
    return {"name": task["task"], "margin_deg": task.get("ring_margin_deg"), **task}


def fly(
    asked: Asked, *, out: Path | None = None, ulog: bool = False, bin_: bool = False, progress: Progress = _silent
) -> Flown:
    """Fly an exercise once and return its score; with `out` the recording is written.

    out         folder: missing or empty
    ulog, bin_  whether its logs for PX4's and ArduPilot's tools are written beside it
    raises      ReadError, ScenarioError, AirframeError, LaneError, CommandError for what cannot be flown; WriteError
                for a folder that cannot be filled. Nothing is then flown or written
    """
    if (ulog or bin_) and out is None:
        raise ReadError("--ulog, --bin", why="logs lie beside the recording: name its folder with --out")
    if out is not None:
        files.check_empty(out)
    began = time.perf_counter()
    scenario = as_flight(
        exercises.found(
            asked.exercise, airframe=asked.airframe, pass_points=asked.pass_points, pass_seconds=asked.pass_seconds
        )
    )
    recording, is_whole = _recorded(scenario, asked, progress)
    progress("Scoring", None)
    measured = measure_flight(recording)
    wall_s = time.perf_counter() - began
    if out is not None:
        recording_folder.write(out, recording)
        _write_logs(out, scenario, ulog=ulog, bin_=bin_)
    policy = asked.policy if asked.mavlink is None else "mavlink"
    return Flown(scenario, policy, asked.seed, recording, measured, out, wall_s, is_whole)


def is_compiled() -> bool:
    """Tell whether the simulator was compiled on this machine before, from the source as it is now."""
    return is_kept(flight_kernels.advance_multirotor) and is_kept(seat_kernels.guide_multirotor)


def make_ready() -> None:
    """Compile what flies a drone through a lane and scores it, where it was not compiled before."""
    if not is_compiled():
        with uncollected():
            fly(Asked(_SHORT))


def _recorded(scenario: FlightScenario, asked: Asked, progress: Progress) -> tuple[Recording, bool]:
    """Return the recording of a flight, and whether it came to the exercise's end."""
    exercise = FlightExercise(scenario, worlds=1, record=True)
    try:
        if asked.mavlink is not None:
            server.serve(
                exercise, asked.mavlink, seed=asked.seed, is_anywhere=asked.is_anywhere, is_waiting=True,
                progress=lambda text: progress(text, None),
            )  # fmt: skip
        else:
            _fly(exercise, asked, progress)
        return exercise.recording(), bool(np.all(exercise.is_over))
    finally:
        exercise.close()


def _fly(exercise: FlightExercise, asked: Asked, progress: Progress) -> None:
    """Let a policy fly every seat until the exercise is over."""
    scenario = exercise.scenario
    fliers = {
        seat.name: catalogue.flight_policy(
            asked.policy, scenario, exercise.lane, exercise.airframes[seat.name], seat=seat.name
        )
        for seat in scenario.seats
    }
    progress("Flying" if is_compiled() else FIRST_TIME, 0.0 if is_compiled() else None)
    for flier in fliers.values():
        flier.reset(asked.seed)
    views = exercise.reset(asked.seed)
    steps = 0
    while not np.all(exercise.is_over):
        views = exercise.step({name: flier.act(views[name]) for name, flier in fliers.items()})
        steps += 1
        if steps % _TELL_EVERY == 0:
            progress("Flying", min(1.0, exercise.time_s / scenario.time_limit_s))


def _write_logs(out: Path, scenario: FlightScenario, *, ulog: bool, bin_: bool) -> None:
    if ulog or bin_:
        logs.write_logs(
            out, ulog_file=out / ULOG_FILE if ulog else None, bin_file=out / BIN_FILE if bin_ else None,
            object_id=scenario.seats[0].name,
        )  # fmt: skip
