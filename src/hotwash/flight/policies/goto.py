"""Sticks that take a multirotor in position hold to a point, as its pilot would: a slow curve out, a slower one in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

_NEARING_PER_S = 0.8  # close by, a metre of error asks for so many metres a second; a velocity loop of 0.3 s bears it
_BRAKING_MPS2 = 1.5  # a sixth of g: some 9° of tilt, which every multirotor that can fly in wind has to spare
_RISING_PER_S = 1.0
_TURNING_PER_S = 1.5
_STILL_M, _STILL_UP_M, _STILL_DEG = 0.25, 0.15, 1.0  # so near, the sticks are left alone: the mode holds the place


@dataclass(frozen=True, slots=True)
class Reach:
    """What full sticks ask for in position hold.

    speed_mps, climb_mps, descent_mps, yaw_dps   level, up, down, turning
    dead_band                                    sticks smaller than this do nothing
    camera_dps                                   what the camera's full lever asks for
    camera_deg                                   lowest and highest pitch of the camera, above the horizon
    """

    speed_mps: float = 10.0
    climb_mps: float = 3.0
    descent_mps: float = 2.0
    yaw_dps: float = 90.0
    dead_band: float = 0.05
    camera_dps: float = 90.0
    camera_deg: tuple[float, float] = (-90.0, 30.0)


def sticks(
    position_m: ArrayLike, heading_deg: ArrayLike, target_m: ArrayLike, target_heading_deg: ArrayLike, *,
    reach: Reach, speed_mps: float | None = None,
) -> FloatArray:  # fmt: skip
    """Return roll, pitch, yaw, throttle, (n, 4), each -1 to 1.

    position_m           (n, 3) east, north, up, where the drone takes itself to be
    heading_deg          (n,) of its nose, by its compass
    target_m             (n, 3) where it shall go, straight and level with it at its own pace upwards
    target_heading_deg   (n,) where its nose shall point; NaN leaves it
    speed_mps            no faster than this over ground; None: as fast as reach tells

    A quarter of a metre from the point, and 0.15 m above or below it, the sticks stay in the middle, so that the mode
    holds; wind is its business. Nothing here knows of obstacles.
    """
    away_m = np.atleast_2d(np.asarray(target_m, dtype=np.float64)) - np.atleast_2d(position_m)
    heading = np.atleast_1d(np.asarray(heading_deg, dtype=np.float64))
    fastest_mps = reach.speed_mps if speed_mps is None else min(speed_mps, reach.speed_mps)
    level_m = np.hypot(away_m[:, 0], away_m[:, 1])
    pace_mps = np.minimum(np.minimum(_NEARING_PER_S * level_m, np.sqrt(2.0 * _BRAKING_MPS2 * level_m)), fastest_mps)
    pace_mps = np.where(level_m < _STILL_M, 0.0, pace_mps)
    share = pace_mps / np.maximum(level_m, 1e-9) / reach.speed_mps
    nose_rad = np.radians(heading)
    ahead = away_m[:, 0] * np.sin(nose_rad) + away_m[:, 1] * np.cos(nose_rad)
    aside = away_m[:, 0] * np.cos(nose_rad) - away_m[:, 1] * np.sin(nose_rad)
    rise_mps = np.where(np.abs(away_m[:, 2]) < _STILL_UP_M, 0.0, _RISING_PER_S * away_m[:, 2])
    rise = np.where(rise_mps > 0.0, rise_mps / reach.climb_mps, rise_mps / reach.descent_mps)
    turn_deg = (np.asarray(target_heading_deg, dtype=np.float64) - heading + 180.0) % 360.0 - 180.0
    is_turned = np.isnan(turn_deg) | (np.abs(turn_deg) < _STILL_DEG)
    turn = np.where(is_turned, 0.0, _TURNING_PER_S * turn_deg / reach.yaw_dps)
    wanted = np.clip(np.stack([aside * share, ahead * share, turn, rise], axis=-1), -1.0, 1.0)
    return _beyond(wanted, reach.dead_band)


def _beyond(wanted: FloatArray, dead_band: float) -> FloatArray:
    """Return sticks that ask for what is wanted in spite of a dead band about their middle."""
    return np.where(wanted == 0.0, 0.0, np.sign(wanted) * (dead_band + (1.0 - dead_band) * np.abs(wanted)))
