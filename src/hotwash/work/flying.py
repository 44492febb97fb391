"""Fly an exercise, by a policy or a ground station, and write its recording."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hotwash.errors import ReadError
from hotwash.export import files, recording_folder
from hotwash.flight.exercise import FlightExercise
from hotwash.front import flights
from hotwash.front.exercises import load_scenario
from hotwash.front.flights import FlightResult
from hotwash.mavlink import server
from hotwash.model.scenario import as_flight
from hotwash.progress import Progress, silent
from hotwash.work import logs

GROUND_STATION = "mavlink"  # in place of a policy's name
ULOG_FILE, BIN_FILE = "flight.ulg", "flight.bin"


@dataclass(frozen=True, slots=True)
class FlightWritten:
    """One flight, and where it was written.

    folder         where the recording lies; None when it was not asked for
    wall_seconds   how long flying and scoring took
    """

    flight: FlightResult
    folder: Path | None
    wall_seconds: float

    def flat(self) -> dict[str, Any]:
        """Return everything for a program; times are simulated but for wall_seconds."""
        where = str(self.folder) if self.folder else None
        return {**self.flight.flat(), "wall_seconds": self.wall_seconds, "recording": where}


def record_flight(
    exercise: str,
    *,
    policy: str = "autopilot",
    seed: int = 0,
    mavlink: str | None = None,
    is_anywhere: bool = False,
    out: Path | None = None,
    journal: Path | None = None,
    ulog: bool = False,
    bin_: bool = False,
    progress: Progress = silent,
    **choices: Any,
) -> FlightWritten:
    """Fly an exercise once and return its score; with `out` the recording is written.

    exercise      a shipped name, or a TOML file
    policy        nobody's where a ground station flies
    mavlink       where a ground station flies it, as mavlink.server.address reads it; in real time
    is_anywhere   whether that may be beyond this machine
    out           folder: missing or empty
    journal       where a ground station's flight is noted while it is flown; None: beside `out`
    ulog, bin_    whether its logs for PX4's and ArduPilot's tools are written beside it
    choices       airframe, pass_points, pass_seconds, as of `front.exercises.load_scenario`
    raises        as `front.flights.fly`; WriteError for a folder that cannot be filled. Nothing is then flown or
                  written
    """
    if (ulog or bin_) and out is None:
        raise ReadError("--ulog, --bin", why="logs lie beside the recording: name its folder with --out")
    if out is not None:
        files.check_empty(out)
    began = time.perf_counter()
    if mavlink is None:
        flight = flights.fly(exercise, policy=policy, seed=seed, progress=progress, **choices)
    else:
        serve = partial(server.serve, url=mavlink, seed=seed, is_anywhere=is_anywhere, out=out, journal=journal)
        flight = _serve(exercise, serve, seed=seed, progress=progress, **choices)
    wall_s = time.perf_counter() - began
    if out is not None:
        if mavlink is None:
            recording_folder.write(out, flight.recording)
        _write_logs(out, flight, ulog=ulog, bin_=bin_)
    return FlightWritten(flight, out, wall_s)


def _serve(
    exercise: str, serve: Callable[..., object], *, seed: int, progress: Progress, **choices: Any
) -> FlightResult:
    """Let a ground station fly; its recording is written before it is scored, so that nothing later can lose it."""
    flown = FlightExercise(as_flight(load_scenario(exercise, **choices)), worlds=1, record=True)
    try:
        serve(flown, is_waiting=True, progress=progress)
        return flights.score_flight(flown, policy=GROUND_STATION, seed=seed, progress=progress)
    finally:
        flown.close()


def _write_logs(out: Path, flight: FlightResult, *, ulog: bool, bin_: bool) -> None:
    if ulog or bin_:
        logs.write_logs(
            out,
            ulog_file=out / ULOG_FILE if ulog else None,
            bin_file=out / BIN_FILE if bin_ else None,
            object_id=flight.scenario.seats[0].name,
        )
