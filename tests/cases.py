"""The hard cases of tracking and of breaches, as truth, for tests and scripts.

Each is placed about a point, so any latitude will do, and returns TRUTH of one or two objects, "a" and "b", labelled
fixed_wing unless said otherwise. A zone is a circle about the point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from hotwash.air.paths import Leg, fly_legs
from hotwash.geo import geodesy


@dataclass(frozen=True, slots=True)
class Setting:
    """Where, when and how fast a case is flown."""

    lat0_deg: float
    lon0_deg: float
    start_utc: datetime
    height_hae_m: float = 500.0
    speed_mps: float = 50.0
    course_deg: float = 90.0
    step_s: float = 1.0


def crossing(at: Setting, *, angle_deg: float = 30.0, half_s: float = 150.0) -> pl.DataFrame:
    """Return two that meet at the point after half_s, at an angle, and go on."""
    legs = [Leg(2.0 * half_s, at.speed_mps)]
    second = replace(at, course_deg=at.course_deg + angle_deg)
    return pl.concat(
        [_through(at, legs, "a", before_m=half_s * at.speed_mps), _through(second, legs, "b", half_s * at.speed_mps)]
    )


def parallel(at: Setting, *, apart_m: float = 300.0, half_s: float = 150.0) -> pl.DataFrame:
    """Return two that fly side by side past the point, the second to the right."""
    legs, before_m = [Leg(2.0 * half_s, at.speed_mps)], half_s * at.speed_mps
    return pl.concat([_through(at, legs, "a", before_m), _through(at, legs, "b", before_m, right_m=apart_m)])


def merging(
    at: Setting, *, apart_m: float = 100.0, turn_deg: float = 30.0, come_s: float = 120.0, beside_s: float = 120.0
) -> pl.DataFrame:
    """Return two that come together from both sides, fly side by side from the point on, and part again.

    apart_m   while they are side by side
    """
    rate_dps = 3.0
    bend_s = turn_deg / rate_dps

    def way(sign: float) -> list[Leg]:
        bend = Leg(bend_s, at.speed_mps, sign * rate_dps)  # twice the same way: together, and apart again
        straight = Leg(come_s, at.speed_mps)
        return [straight, bend, Leg(beside_s, at.speed_mps), bend, straight]

    # From the left one comes in on a course to the right and bends left to straighten, and the other way round.
    left = _bent(at, way(-1.0), "a", -apart_m / 2.0, turn_deg)
    return pl.concat([left, _bent(at, way(1.0), "b", apart_m / 2.0, -turn_deg)])


def hovering(at: Setting, *, hover_s: float = 120.0, half_s: float = 120.0) -> pl.DataFrame:
    """Return a multirotor that comes to the point, stands there, and goes on as it came."""
    legs = [Leg(half_s, at.speed_mps), Leg(hover_s, 0.0), Leg(half_s, at.speed_mps)]
    return _through(at, legs, "a", half_s * at.speed_mps, label="multirotor")


def grazing(at: Setting, *, radius_m: float, clear_m: float, half_s: float = 300.0) -> pl.DataFrame:
    """Return one that passes a circular zone on its right and never enters.

    clear_m   distance from the zone at the nearest; a negative one cuts off that much of it
    """
    legs = [Leg(2.0 * half_s, at.speed_mps)]
    return _through(at, legs, "a", half_s * at.speed_mps, right_m=-(radius_m + clear_m))


def in_out_in(at: Setting, *, radius_m: float, outside_s: float = 30.0, rate_dps: float = 6.0) -> pl.DataFrame:
    """Return one that crosses a circular zone, turns round outside and crosses it again, twice inside in all.

    outside_s   how long it is outside between, about; at least the time of the half-turn, 180 / rate_dps
    """
    straight_s = max(0.0, outside_s - 180.0 / rate_dps) / 2.0
    through_s, turn_s = 2.0 * radius_m / at.speed_mps, 180.0 / rate_dps
    before_s = 60.0
    offset_m = math.degrees(at.speed_mps) / rate_dps  # the turn's radius: both chords lie beside the middle alike
    chord_s = through_s * math.sqrt(max(0.0, 1.0 - (offset_m / radius_m) ** 2))
    legs = [Leg(before_s + chord_s + straight_s, at.speed_mps), Leg(turn_s, at.speed_mps, rate_dps)]
    legs.append(Leg(straight_s + chord_s + before_s, at.speed_mps))
    return _through(at, legs, "a", (before_s + chord_s / 2.0) * at.speed_mps, right_m=-offset_m)


def _through(
    at: Setting, legs: Sequence[Leg], object_id: str, before_m: float, right_m: float = 0.0, label: str = "fixed_wing"
) -> pl.DataFrame:
    """Return a way that passes the point, or abeam of it, on the setting's course after before_m straight on.

    right_m   how far the way lies to the right of the point
    """
    lat, lon = (float(one) for one in geodesy.direct(at.lat0_deg, at.lon0_deg, at.course_deg + 90.0, right_m))
    course = at.course_deg
    if right_m:
        # Square to the line to the point, where the way comes nearest to it.
        course = float(geodesy.inverse(lat, lon, at.lat0_deg, at.lon0_deg)[1]) + math.copysign(90.0, right_m)
    lat0, lon0 = (float(one) for one in geodesy.direct(lat, lon, course + 180.0, before_m))
    course0 = float(geodesy.inverse(lat0, lon0, lat, lon)[1]) if before_m > 0.0 else course
    return _flown(at, legs, object_id, label, (lat0, lon0, course0))


def _bent(at: Setting, legs: Sequence[Leg], object_id: str, right_m: float, came_deg: float) -> pl.DataFrame:
    """Return a way whose second leg, a bend, ends abeam of the point on the setting's course.

    came_deg   the course before the bend, against the setting's: positive to the right of it
    """
    lat, lon = geodesy.direct(at.lat0_deg, at.lon0_deg, at.course_deg + 90.0, right_m)
    straight, bend = legs[0], legs[1]
    # A bend flown backwards: its chord leaves at half its angle.
    arc_m = bend.speed_mps * bend.duration_s
    half_rad = math.radians(abs(came_deg)) / 2.0
    chord_m = arc_m * math.sin(half_rad) / half_rad
    lat, lon = geodesy.direct(lat, lon, at.course_deg + came_deg / 2.0 + 180.0, chord_m)
    back_deg = at.course_deg + came_deg + 180.0
    lat0, lon0 = geodesy.direct(lat, lon, back_deg, straight.speed_mps * straight.duration_s)
    course0 = float(geodesy.inverse(lat0, lon0, lat, lon)[1])
    return _flown(at, legs, object_id, "fixed_wing", (float(lat0), float(lon0), course0))


def _flown(
    at: Setting, legs: Sequence[Leg], object_id: str, label: str, start: tuple[float, float, float]
) -> pl.DataFrame:
    lat0, lon0, course0 = start
    return fly_legs(
        legs, object_id=object_id, class_label=label, lat0_deg=lat0, lon0_deg=lon0, height0_hae_m=at.height_hae_m,
        course0_deg=course0, start_utc=at.start_utc, step_s=at.step_s,
    )  # fmt: skip
