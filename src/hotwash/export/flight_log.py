"""What autopilots' logs hold of one object of a recording: the common part of `ulog` and `dataflash`.

truth, controls, events ─▶ FlightLog: arrays in north-east-down, times in microseconds since the log's own start
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.errors import HotwashError, ReadError
from hotwash.flight.seats import fields
from hotwash.geo import attitudes, frames
from hotwash.model import scenario as scenarios
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import SCENARIO_FILE, Recording

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BOOT_US = 1_000_000  # the first row stands one second after the log's start: readers take a time of 0 as none
STICKS = ("roll", "pitch", "yaw", "throttle", "gimbal_pitch_rate")
ARM, DISARM = 1, 2  # bits of CONTROLS.buttons
MODE_KIND = "mode"  # an event of this kind tells the mode flown, by its text
ARMING_KINDS = ("armed", "disarmed")  # and these tell when the motors could turn
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FlightLog:
    """One object's flight; rows of truth by time, unknown is NaN.

    time_us          (n,) since the log's start; utc_us is the same instant since 1970
    lat_deg, lon_deg, height_hae_m, ned_m, v_ned_mps, airspeed_mps, battery, is_on_ground
                     (n,), or (n, 3) from the first row's place
    quaternion       (n, 4) w x y z, front-right-down to north-east-down; euler_deg (n, 3) roll, pitch, yaw
    sticks_us, sticks, buttons   (m,), (m, 5) in the order of STICKS, (m,)
    has_fix          (n,) whether its receiver had a fix; fix_row (n,) the row of the fix that it last had
    satellites       in use while it had one; None where the recording does not tell
    modes, notes     (time_us, mode), (time_us, text) in their order
    arming           (time_us, whether armed) at each change; empty where nothing tells of it
    is_wing          whether it is a fixed wing
    """

    time_us: IntArray
    utc_us: IntArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    height_hae_m: FloatArray
    ned_m: FloatArray
    v_ned_mps: FloatArray
    quaternion: FloatArray
    euler_deg: FloatArray
    airspeed_mps: FloatArray
    battery: FloatArray
    is_on_ground: BoolArray
    has_fix: BoolArray
    fix_row: IntArray
    satellites: int | None
    sticks_us: IntArray
    sticks: FloatArray
    buttons: IntArray
    modes: tuple[tuple[int, str], ...]
    notes: tuple[tuple[int, str], ...]
    arming: tuple[tuple[int, bool], ...]
    is_wing: bool

    @property
    def satellite_counts(self) -> IntArray:
        """Return how many satellites were in use, (n,); 0 without a fix, and where nothing tells."""
        return np.where(self.has_fix, self.satellites or 0, 0)

    def every(self, period_us: int) -> IntArray:
        """Return the places of the first row in each period: for what is logged less often."""
        return np.unique((self.time_us - self.time_us[0]) // period_us, return_index=True)[1].astype(np.int64)


def flight_log(recording: Recording, object_id: str) -> FlightLog:
    """Return what logs hold of one object.

    recording   with truth; controls of the seat of the same name are taken, events of no other object
    raises      ReadError when there is no truth of that object
    """
    truth = recording.truth.filter(pl.col("object_id") == object_id).sort("time_utc")
    if not truth.height:
        there = ", ".join(recording.truth["object_id"].unique().sort()) or "none"
        raise ReadError("the recording", why=f"holds no truth of {object_id}; a log can be made of: {there}")
    controls = recording.controls.filter(pl.col("seat") == object_id).sort("sequence")
    utc_us = _micros(truth["time_utc"])
    start_us = int(utc_us[0]) - BOOT_US
    quaternion = attitudes.enu2ned_quaternion(_numbers(truth, "q_x", "q_y", "q_z", "q_w"))
    euler_deg = np.stack(attitudes.quaternion2euler(quaternion), axis=-1)
    ned_m, v_ned_mps = _motion(truth)
    events = _events(recording, object_id)
    sticks_us, buttons = _micros(controls["time_utc"]) - start_us, controls["buttons"].fill_null(0)
    modes, notes = _modes_and_notes(events, controls, start_us)
    has_fix = _fixes(events, utc_us)
    arming = _armed(events, start_us) or _pressed(sticks_us, buttons.to_numpy())
    return FlightLog(
        utc_us - start_us, utc_us, _number(truth["lat_deg"]), _number(truth["lon_deg"]),
        _number(truth["height_hae_m"]), ned_m, v_ned_mps, quaternion, euler_deg,
        _number(truth["airspeed_mps"]), _number(truth["battery"]),
        truth["is_on_ground"].fill_null(value=False).to_numpy().astype(np.bool_),
        has_fix, np.maximum.accumulate(np.where(has_fix, np.arange(len(has_fix)), 0)), _satellites(recording),
        sticks_us, _numbers(controls, *STICKS), buttons.to_numpy().astype(np.int64),
        modes, notes, arming, "wing" in str(truth["class_label"].drop_nulls().first()),
    )  # fmt: skip


def _motion(truth: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return position from the first row's place and velocity: north, east, down.

    A row's velocity is east, north, up at the row; the frames of rows a few kilometres apart differ by less than 0.1°.
    """
    lat, lon = truth["lat_deg"].to_numpy(), truth["lon_deg"].to_numpy()
    height = truth["height_hae_m"].fill_null(0.0).to_numpy()
    east, north, up = frames.geodetic2enu(lat, lon, height, lat[0], lon[0], height[0])
    velocity = _numbers(truth, "v_north_mps", "v_east_mps", "v_up_mps") * (1.0, 1.0, -1.0)
    ned_m = np.stack([north, east, -up], axis=-1)
    ned_m[truth["height_hae_m"].is_null().to_numpy(), 2] = np.nan
    return ned_m, velocity


def _events(recording: Recording, object_id: str) -> pl.DataFrame:
    """Return the events with a time that are not another object's, by time."""
    others = {*recording.truth["object_id"].unique(), *recording.controls["seat"].unique()} - {object_id}
    is_another = pl.col("subject_id").is_in(list(others)).fill_null(value=False)
    timed = recording.events.filter(pl.col("start_utc").is_not_null() & ~is_another)
    return timed.sort("start_utc", maintain_order=True)


def _modes_and_notes(
    events: pl.DataFrame, controls: pl.DataFrame, start_us: int
) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
    """Return the modes and the notes.

    Modes are those flown, where events tell them, else those asked for.
    """
    flown = events.filter(pl.col("kind") == MODE_KIND).select("start_utc", "text").drop_nulls()
    asked = controls.select("time_utc", "mode").drop_nulls()
    modes = flown if flown.height else asked.filter(pl.col("mode").ne_missing(pl.col("mode").shift(1)))
    rows = events.select("start_utc", pl.concat_str("kind", "text", separator=": ", ignore_nulls=True))
    return _dated(modes, start_us), _dated(rows, start_us)


def _fixes(events: pl.DataFrame, utc_us: IntArray) -> BoolArray:
    """Return when the receiver had a fix, (n,): always but for the time of the warnings that there was none."""
    lost = events.filter((pl.col("kind") == "warning") & (pl.col("text") == fields.WARNING_WORDS[fields.FIX_LOST]))
    has_fix = np.ones(len(utc_us), dtype=np.bool_)
    for begin, end in zip(_micros(lost["start_utc"]), lost["end_utc"].dt.epoch("us").to_list(), strict=True):
        has_fix &= ~((utc_us >= begin) & (utc_us < (np.inf if end is None else end)))
    return np.append(has_fix[1:], has_fix[-1:])  # a step warns of the fix that the step before it found


def _satellites(recording: Recording) -> int | None:
    """Return how many satellites are in use with a fix, where the recording holds the scenario of a flight."""
    if recording.scenario is None:
        return None
    try:
        scenario = scenarios.parse(recording.scenario, name=SCENARIO_FILE)
    except HotwashError:  # an older version's: the flight can be exported all the same
        return None
    return scenario.navigation.satellites if isinstance(scenario, FlightScenario) else None


def _armed(events: pl.DataFrame, start_us: int) -> tuple[tuple[int, bool], ...]:
    """Return when it was armed and disarmed, as events tell; one that is disarmed first was armed from the start."""
    found = _dated(events.filter(pl.col("kind").is_in(ARMING_KINDS)).select("start_utc", "kind"), start_us)
    changes = tuple((at, kind == ARMING_KINDS[0]) for at, kind in found)
    return ((BOOT_US, True), *changes) if changes and not changes[0][1] else changes


def _pressed(sticks_us: IntArray, buttons: IntArray) -> tuple[tuple[int, bool], ...]:
    """Return when the buttons to arm and disarm were pressed, without repetitions."""
    found: list[tuple[int, bool]] = []
    for at, pressed in zip(sticks_us.tolist(), buttons.tolist(), strict=True):
        if pressed & (ARM | DISARM) and (not found or found[-1][1] != bool(pressed & ARM)):
            found.append((at, bool(pressed & ARM)))
    return tuple(found)


def _dated(rows: pl.DataFrame, start_us: int) -> tuple[tuple[int, str], ...]:
    """Return (time_us, text) of two columns; what happened before the log's start stands at its start."""
    times = np.maximum(_micros(rows.to_series(0)) - start_us, BOOT_US)
    return tuple(zip(times.tolist(), rows.to_series(1).to_list(), strict=True))


def _micros(times: pl.Series) -> IntArray:
    return times.dt.epoch("us").to_numpy().astype(np.int64)


def _number(column: pl.Series) -> FloatArray:
    """Return a column with NaN where nothing is known."""
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def _numbers(frame: pl.DataFrame, *names: str) -> FloatArray:
    return np.stack([_number(frame[name]) for name in names], axis=-1)
