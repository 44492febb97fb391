"""One seat's flight, made again from its recording: the rows that a referee judges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from hotwash.flight.pose import Pose
from hotwash.geo.frames import FloatArray, geodetic2enu
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import Recording

CAPTURE, CRASHED = "capture", "crashed"  # kinds of events that a referee must know of


@dataclass(frozen=True, slots=True)
class FlightRows:
    """One seat's flight as rows.

    time_s   (n,) since the start, rising
    pose     of n rows
    step_s   from row to row
    """

    time_s: FloatArray
    pose: Pose
    step_s: float


def flight_rows(recording: Recording, scenario: FlightScenario, seat: str) -> FlightRows:
    """Return one seat's truth as POSE rows; the row at the start itself, which nobody flew, is left out."""
    rows = recording.truth.filter(pl.col("object_id") == seat).sort("time_utc")
    if not rows.height:
        return FlightRows(np.empty(0), Pose.zeros(0), scenario.step_s)
    time_s = _seconds(rows["time_utc"], scenario)
    step_s = float(np.median(np.diff(time_s))) if time_s.size > 1 else scenario.step_s
    # A clock of microseconds cannot tell 0.02 from what is left of it after rounding.
    step_s = scenario.step_s if abs(step_s - scenario.step_s) < 1e-5 else step_s
    kept = time_s > 0.5 * step_s
    time_s, rows = time_s[kept], rows.filter(pl.Series(kept))
    pose = _poses(rows, scenario)
    own = recording.events.filter(pl.col("subject_id").is_null() | (pl.col("subject_id") == seat))
    _mark(pose.is_captured, time_s, _captures(own, recording, scenario, seat), step_s)
    crashed = own.filter((pl.col("kind") == CRASHED) & pl.col("start_utc").is_not_null())
    for at in _seconds(crashed["start_utc"], scenario):
        pose.is_upside_down[time_s > at - 0.5 * step_s] = 1.0
    return FlightRows(time_s, pose, step_s)


def _seconds(times: pl.Series, scenario: FlightScenario) -> FloatArray:
    micro: FloatArray = (times - scenario.start_utc).dt.total_microseconds().to_numpy().astype(np.float64)
    return micro / 1e6


def _poses(rows: pl.DataFrame, scenario: FlightScenario) -> Pose:
    pose = Pose.zeros(rows.height)
    place = scenario.place
    up = rows["height_hae_m"].fill_null(place.height_hae_m)
    pose.position_m[:] = np.stack(
        geodetic2enu(rows["lat_deg"], rows["lon_deg"], up, place.lat_deg, place.lon_deg, place.height_hae_m), axis=-1
    )
    for columns, names in (
        (pose.velocity_mps, ("v_east_mps", "v_north_mps", "v_up_mps")),
        (pose.quaternion, ("q_x", "q_y", "q_z", "q_w")),
    ):
        for at, name in enumerate(names):
            columns[:, at] = rows[name].fill_null(1.0 if name == "q_w" else 0.0)
    pose.gimbal_rad[:] = np.radians(rows["gimbal_pitch_deg"].fill_null(0.0))
    pose.is_on_ground[:] = rows["is_on_ground"].fill_null(value=False)
    return pose


def _captures(own: pl.DataFrame, recording: Recording, scenario: FlightScenario, seat: str) -> FloatArray:
    """Return when pictures were taken [s]: as the events tell it, or where none does, when the button went down."""
    told = own.filter((pl.col("kind") == CAPTURE) & pl.col("start_utc").is_not_null())
    if told.height:
        return _seconds(told["start_utc"], scenario)
    pressed = recording.controls.filter(pl.col("seat") == seat).sort("sequence")
    down = pl.col("is_capture").fill_null(value=False)
    begun = pressed.filter(down & ~down.shift(1, fill_value=False))
    return _seconds(begun["time_utc"], scenario)


def _mark(column: FloatArray, time_s: FloatArray, at_s: FloatArray, step_s: float) -> None:
    """Mark the rows in which something happened: of each time the row at it, or the first after it."""
    rows = np.searchsorted(time_s, at_s - 0.25 * step_s)
    column[rows[rows < time_s.size]] = 1.0
