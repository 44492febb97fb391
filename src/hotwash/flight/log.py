"""What was flown, kept step by step, and made into a recording.

PilotSeat ─add, each step─▶ Log ─recording─▶ TRUTH, CONTROLS, EVENTS, DETECTIONS, the scenario's text
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.air import sensing
from hotwash.air.random_numbers import IntArray, dice
from hotwash.flight import layout
from hotwash.flight.events import events_of
from hotwash.flight.pose import Pose
from hotwash.flight.seats import fields as f
from hotwash.flight.seats import kernels
from hotwash.flight.seats.pilot import Command
from hotwash.flight.seats.pilot_seat import PilotSeat
from hotwash.geo.frames import enu2geodetic
from hotwash.model import schema, tables
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import Recording
from hotwash.model.words import FLIGHT_MODES

FloatArray = NDArray[np.float64]

_FIRST_ROOM = 1024  # steps; doubled when they are full


class Log:
    """Every step of every seat and world, from the last reset of each world on.

    pilot_seats, worlds   whose
    """

    def __init__(self, pilot_seats: Sequence[PilotSeat], worlds: int) -> None:
        self._desks = pilot_seats
        self._steps = [np.empty((_FIRST_ROOM, worlds, f.LOGS)) for _ in pilot_seats]
        self._start = [np.zeros((worlds, f.LOGS)) for _ in pilot_seats]
        self._count = 0
        self._began = np.zeros(worlds, dtype=np.int64)

    def begin(self, chosen: IntArray) -> None:
        """Begin the log of worlds anew; (k,) which."""
        if len(chosen) == len(self._began):
            self._count = 0
        self._began[chosen] = self._count
        for pilot_seat, start in zip(self._desks, self._start, strict=True):
            now = np.zeros_like(start)
            _write(now, pilot_seat)
            start[chosen] = now[chosen]

    def add(self) -> None:
        """Keep the step that was just flown."""
        at = self._count
        for number, pilot_seat in enumerate(self._desks):
            if at == len(self._steps[number]):
                self._steps[number] = np.concatenate([self._steps[number], np.empty_like(self._steps[number])])
            _write(self._steps[number][at], pilot_seat)
        self._count = at + 1

    def of(self, seat: int, world: int) -> FloatArray:
        """Return the rows of one seat in one world: (1 + t, LOGS), the first as it began."""
        steps = self._steps[seat][self._began[world] : self._count, world]
        return np.concatenate([self._start[seat][None, world], steps])


def _write(rows: FloatArray, pilot_seat: PilotSeat) -> None:
    kernels.note(pilot_seat.pose, pilot_seat.rows, pilot_seat.seat, pilot_seat.view, rows)


# ---------------------------------------------------------------- a recording


def recording(
    log: Log,
    pilot_seats: Sequence[PilotSeat],
    scenario: FlightScenario,
    text: str,
    *,
    world: int,
    seed: int | None,
    number: int,
) -> Recording:
    """Return what was recorded of one world.

    text          the scenario with all that it names
    seed, number  with which the world was reset, and which number it has
    """
    rows = [log.of(at, world) for at in range(len(pilot_seats))]
    truths = [_truth(one, pilot_seat, scenario) for one, pilot_seat in zip(rows, pilot_seats, strict=True)]
    truth = schema.conform(pl.concat(truths).sort("time_utc", "object_id"), tables.TRUTH)
    controls = pl.concat(
        [_controls(one, pilot_seat.name, scenario) for one, pilot_seat in zip(rows, pilot_seats, strict=True)]
    )
    events = events_of(rows, pilot_seats, scenario, world=world)
    sensors = schema.frame(tables.SENSORS, list(scenario.sensors))
    detections = schema.empty(tables.DETECTIONS)
    if sensors.height:
        rng = dice(seed or 0, number, "sensors")
        detections = sensing.sense(truth, sensors, rng=rng, ground_hae_m=scenario.place.height_hae_m)
    return Recording(
        truth=truth, controls=controls, events=events, sensors=sensors, detections=detections, scenario=text
    )


def times(scenario: FlightScenario, steps: IntArray) -> pl.Series:
    """Return the time at which steps begin, to the microsecond."""
    start_us = int(scenario.start_utc.timestamp()) * 1_000_000 + scenario.start_utc.microsecond
    found = start_us + np.round(steps * scenario.step_s * 1e6).astype(np.int64)
    return pl.Series(found).cast(schema.UTC)


def _truth(rows: FloatArray, pilot_seat: PilotSeat, scenario: FlightScenario) -> pl.DataFrame:
    """Return TRUTH of one seat's drone, a row at the start and one after each step.

    East, north and up are those of the scenario's place all over the field: 2 km away they are 0.02 degrees off.
    """
    place, pose = scenario.place, Pose(rows[:, : layout.POSES])
    east, north, up = pose.position_m.T
    lat, lon, height = enu2geodetic(east, north, up, place.lat_deg, place.lon_deg, place.height_hae_m)
    columns: dict[str, Any] = {
        "object_id": pl.Series([pilot_seat.name] * len(rows), dtype=schema.TEXT),
        "time_utc": times(scenario, np.arange(len(rows))),
        "lat_deg": lat,
        "lon_deg": lon,
        "height_hae_m": height,
        **{name: pose.velocity_mps[:, axis] for axis, name in enumerate(("v_east_mps", "v_north_mps", "v_up_mps"))},
        **{
            name: np.clip(pose.quaternion[:, axis], -1.0, 1.0) for axis, name in enumerate(("q_x", "q_y", "q_z", "q_w"))
        },
        "airspeed_mps": pose.airspeed_mps,
        "battery": np.clip(pose.battery, 0.0, 1.0),
        "gimbal_pitch_deg": np.clip(np.degrees(pose.gimbal_rad), -90.0, 90.0),
        "is_on_ground": pose.is_on_ground > 0.5,
        "class_label": pl.Series([pilot_seat.airframe.kind] * len(rows), dtype=schema.TEXT),
    }
    return pl.DataFrame(columns)


def _controls(rows: FloatArray, seat: str, scenario: FlightScenario) -> pl.DataFrame:
    """Return CONTROLS of one seat: each command with the time at which it was given, the beginning of its step."""
    given = rows[1:, f.LOG_COMMAND : f.LOG_NOTES]
    modes = [None if mode < 0 else FLIGHT_MODES[int(mode)] for mode in given[:, f.ASKED_MODE].tolist()]
    columns: dict[str, Any] = {
        "seat": pl.Series([seat] * len(given), dtype=schema.TEXT),
        "time_utc": times(scenario, np.arange(len(given))),
        "sequence": np.arange(len(given), dtype=np.int64),
        **{name: given[:, field] for field, name in enumerate(f.COMMAND_NAMES[: f.CAPTURE])},
        "is_capture": given[:, f.CAPTURE] > 0.5,
        "mode": pl.Series(modes, dtype=schema.TEXT),
        "buttons": given[:, f.BUTTONS].astype(np.int64),
    }
    return schema.conform(pl.DataFrame(columns), tables.CONTROLS)


def commands(controls: pl.DataFrame, seats: Sequence[str]) -> Iterator[Mapping[str, Command]]:
    """Yield the commands of each step of a recording, by seat, for one world."""
    by_seat = {name: _matrix(controls.filter(pl.col("seat") == name).sort("sequence")) for name in seats}
    for at in range(min(len(rows) for rows in by_seat.values())):
        yield {name: Command(rows[at : at + 1]) for name, rows in by_seat.items()}


def _matrix(controls: pl.DataFrame) -> FloatArray:
    rows = np.empty((controls.height, f.COMMANDS))
    for field, name in enumerate(f.COMMAND_NAMES[: f.CAPTURE]):
        rows[:, field] = controls[name].to_numpy()
    rows[:, f.CAPTURE] = controls["is_capture"].to_numpy()
    rows[:, f.ASKED_MODE] = [-1.0 if mode is None else float(FLIGHT_MODES.index(mode)) for mode in controls["mode"]]
    rows[:, f.BUTTONS] = controls["buttons"].to_numpy()
    return rows
