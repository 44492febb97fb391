"""Ways flown over the ellipsoid, made of legs: TRUTH for tests, benchmarks and exercises.

    start ─leg─▶ ─leg─▶ …        a leg: how long, how fast, how it turns, how it climbs

Speeds are over the ground: of the point on the ellipsoid below the object. The velocity columns hold the
object's own, which at height is larger by height over earth radius (0.16 % at 10 km).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import polars as pl

from hotwash.geo import geodesy
from hotwash.geo.frames import ECCENTRICITY_2, SEMI_MAJOR_M, FloatArray
from hotwash.model import schema, tables

# Small multirotors, fixed-wing models and large birds share this band: speed alone does not part them.
BIRD_SPEEDS_MPS = (8.0, 20.0)


class Leg(NamedTuple):
    """One stretch of a way: constant speed, turn and climb. A plain tuple of four numbers does as well.

    speed_mps       over the ground; 0 hovers, and turns on the spot
    turn_rate_dps   positive to the right
    """

    duration_s: float
    speed_mps: float
    turn_rate_dps: float = 0.0
    climb_mps: float = 0.0


class _Stretch(NamedTuple):
    """A leg as flown, all (n,)."""

    lat_deg: FloatArray
    lon_deg: FloatArray
    height_hae_m: FloatArray
    course_deg: FloatArray


def fly_legs(
    legs: Sequence[Leg | tuple[float, float, float, float]],
    *,
    object_id: str,
    lat0_deg: float,
    lon0_deg: float,
    height0_hae_m: float,
    course0_deg: float,
    start_utc: datetime,
    step_s: float = 1.0,
    class_label: str | None = None,
) -> pl.DataFrame:
    """Return the way of one object: TRUTH with positions and velocities.

    legs      flown one after another; speed, turn and climb change at once from one to the next
    step_s    time between rows; rows stand at the joints of legs too, and at the end
    returns   TRUTH sorted by time

    A straight leg is a geodesic. A turn is a circle in the plane that keeps distances and azimuths from where
    the leg begins: true to 1e-5 of its size up to 50 km.
    """
    times, stretches, speeds = [], [], []
    start = _Stretch(*(np.array([value]) for value in (lat0_deg, lon0_deg, height0_hae_m, course0_deg)))
    begin_s = 0.0
    for nth, leg in enumerate(Leg(*given) for given in legs):
        is_last = nth == len(legs) - 1
        after_s = _steps(begin_s, begin_s + leg.duration_s, step_s, is_last=is_last)
        flown = _flown(start, leg, np.append(after_s, begin_s + leg.duration_s) - begin_s)
        times.append(after_s)
        stretches.append(_Stretch(*(column[:-1] for column in flown)))
        speeds.append(np.full((after_s.size, 2), (leg.speed_mps, leg.climb_mps), dtype=np.float64))
        start, begin_s = _Stretch(*(column[-1:] for column in flown)), begin_s + leg.duration_s
    whole = _Stretch(*(np.concatenate(columns) for columns in zip(*stretches, strict=True)))
    return _truth(object_id, class_label, start_utc, np.concatenate(times), whole, np.concatenate(speeds))


def _steps(begin_s: float, end_s: float, step_s: float, *, is_last: bool) -> FloatArray:
    """Return the times of rows of a leg: its beginning, every whole step, and its end if no leg follows."""
    # A step within a microsecond of a joint is the joint: times are kept to the microsecond.
    first = np.floor((begin_s + 1e-6) / step_s) + 1.0
    inside = step_s * np.arange(first, np.ceil((end_s - 1e-6) / step_s))
    return np.concatenate([[begin_s], inside, [end_s] if is_last else []])


def _flown(start: _Stretch, leg: Leg, after_s: FloatArray) -> _Stretch:
    """Return a leg at times after its beginning; the chord of a turn has half of its angle."""
    turned_rad = np.radians(leg.turn_rate_dps) * after_s
    chord_m = leg.speed_mps * after_s * np.sinc(turned_rad / 2.0 / np.pi)
    towards_deg = start.course_deg + np.degrees(turned_rad / 2.0)
    lat, lon = geodesy.direct(start.lat_deg, start.lon_deg, towards_deg, chord_m)
    _, out_deg, back_deg = geodesy.inverse(start.lat_deg, start.lon_deg, lat, lon)
    # North turns on the way: what is straight ahead there is not the azimuth with which one left.
    turn_of_north_deg = np.where(np.abs(chord_m) > 1e-3, (back_deg + 180.0 - out_deg + 180.0) % 360.0 - 180.0, 0.0)
    course = (start.course_deg + np.degrees(turned_rad) + turn_of_north_deg) % 360.0
    return _Stretch(lat, lon, start.height_hae_m + leg.climb_mps * after_s, course)


def _truth(
    object_id: str, class_label: str | None, start_utc: datetime, after_s: FloatArray, way: _Stretch, speeds: FloatArray
) -> pl.DataFrame:
    course_rad, ground_mps = np.radians(way.course_deg), speeds[:, 0]
    own_mps = ground_mps * (1.0 + way.height_hae_m / _radius_m(way.lat_deg, course_rad))
    start_us = pl.Series([start_utc]).dt.convert_time_zone("UTC").dt.epoch("us").item()
    frame = pl.DataFrame(
        {
            "object_id": [object_id] * after_s.size,
            "time_utc": pl.Series(start_us + np.rint(after_s * 1e6).astype(np.int64)).cast(schema.UTC),
            "lat_deg": way.lat_deg,
            "lon_deg": way.lon_deg,
            "height_hae_m": way.height_hae_m,
            "v_east_mps": own_mps * np.sin(course_rad),
            "v_north_mps": own_mps * np.cos(course_rad),
            "v_up_mps": speeds[:, 1],
            "class_label": pl.Series([class_label] * after_s.size, dtype=schema.TEXT),
        }
    )
    return schema.conform(frame, tables.TRUTH)


def _radius_m(lat_deg: FloatArray, course_rad: FloatArray) -> FloatArray:
    """Return the earth's radius of curvature along a course. Source: Euler's formula for normal sections."""
    squeeze = 1.0 - ECCENTRICITY_2 * np.sin(np.radians(lat_deg)) ** 2
    across_m = SEMI_MAJOR_M / np.sqrt(squeeze)
    along_m = across_m * (1.0 - ECCENTRICITY_2) / squeeze
    return np.asarray(1.0 / (np.cos(course_rad) ** 2 / along_m + np.sin(course_rad) ** 2 / across_m), dtype=np.float64)


def birds(
    count: int,
    *,
    rng: np.random.Generator,
    lat0_deg: float,
    lon0_deg: float,
    radius_m: float,
    start_utc: datetime,
    duration_s: float,
    heights_hae_m: tuple[float, float] = (50.0, 400.0),
    step_s: float = 2.0,
) -> pl.DataFrame:
    """Return large birds that keep their way as birds do: TRUTH with the label "bird".

    count          how many; each is there for the whole duration
    lat0_deg, …    they begin anywhere in a disc, in any direction; nothing keeps them in it
    returns        objects "bird-1", …; speeds are drawn once for each from BIRD_SPEEDS_MPS, legs last 20 to 60 s
                   and turn at up to 3 deg/s

    Add them to the truth that is sensed and leave them out of the truth that tracks are measured against.
    """
    flown = [schema.empty(tables.TRUTH)]
    for nth in range(1, count + 1):
        away_m, towards_deg, course_deg = radius_m * np.sqrt(rng.random()), *(360.0 * rng.random(2))
        lat, lon = geodesy.direct(lat0_deg, lon0_deg, towards_deg, away_m)
        flown.append(
            fly_legs(
                _wandering(rng, duration_s), object_id=f"bird-{nth}", class_label="bird", lat0_deg=float(lat),
                lon0_deg=float(lon), height0_hae_m=float(rng.uniform(*heights_hae_m)), course0_deg=course_deg,
                start_utc=start_utc, step_s=step_s,
            )
        )  # fmt: skip
    return pl.concat(flown)


def _wandering(rng: np.random.Generator, duration_s: float) -> list[Leg]:
    speed_mps, left_s, legs = rng.uniform(*BIRD_SPEEDS_MPS), duration_s, []
    while left_s > 0.0:
        leg_s = min(float(rng.uniform(20.0, 60.0)), left_s)
        legs.append(Leg(leg_s, speed_mps, rng.uniform(-3.0, 3.0)))
        left_s -= leg_s
    return legs
