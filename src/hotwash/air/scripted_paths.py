"""The ways of what a watch exercise flies: TRUTH of each object, from its route.

    Flier, flown = path    straight from point to point, corners rounded as a bank of 25 degrees flies them
                 = wander  a bird's way from the first point, drawn (`paths.birds`)

Each object's numbers depend on the seed, the world and its own name: another object changes nothing of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl

from hotwash.air import paths
from hotwash.air.paths import Leg
from hotwash.air.random_numbers import dice
from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.model.watch_scenario import Flier, WatchScenario

STEP_S = 2.0  # between rows; sensors see the cubic between them, which a turn of 20 degrees does not leave by a metre
_BANK_DEG = 25.0
_GRAVITY_MPS2 = 9.81
_MOST_TURN_DEG = 120.0  # a sharper corner is not cut: one flies to it, turns, and comes back beside the way
_GLIDE = 10.0  # metres ahead for each metre down, on the way to a landing


class Span(NamedTuple):
    """From when to when a recording runs."""

    begin_utc: datetime
    end_utc: datetime


def span(scenario: WatchScenario) -> Span:
    """Return when the sensors of a scenario run: from before its start, so that the watch finds a picture."""
    start = scenario.start_utc
    return Span(start - timedelta(seconds=scenario.watch.warm_up_s), start + timedelta(seconds=scenario.time_limit_s))


def way(one: Flier, scenario: WatchScenario, *, seed: int, world: int) -> pl.DataFrame:
    """Return the way of one object that is not flown by our wing: TRUTH within the scenario's span, by time.

    returns   its class_label is the object's kind; no rows when it is never there while the sensors run

    Speeds are over ground and change at once. The wind plays no part.
    """
    within = span(scenario)
    start = scenario.start_utc + timedelta(seconds=one.start_s)
    left_s = (within.end_utc - start).total_seconds()
    if left_s <= 0.0:
        return schema.empty(tables.TRUTH)
    sea_m = scenario.watch.sea_hae_m
    if one.flown == "wander":
        found = _wandering(one, start, left_s, sea_m, dice(seed, world, f"way {one.name}"))
    else:
        found = _straight(one, start, left_s, sea_m, scenario.place.height_hae_m)
    return clip_truth(found, within)


def clip_truth(truth: pl.DataFrame, within: Span) -> pl.DataFrame:
    """Return the rows of TRUTH within a span."""
    return truth.filter(pl.col("time_utc").is_between(within.begin_utc, within.end_utc))


def _wandering(one: Flier, start: datetime, left_s: float, sea_m: float, rng: np.random.Generator) -> pl.DataFrame:
    height = one.height_amsl_m + sea_m
    found = paths.birds(
        1, rng=rng, lat0_deg=one.route[0][0], lon0_deg=one.route[0][1], radius_m=0.0, start_utc=start,
        duration_s=left_s, heights_hae_m=(height, height), step_s=STEP_S,
    )  # fmt: skip
    return found.with_columns(object_id=pl.lit(one.name), class_label=pl.lit(one.kind))


def _straight(one: Flier, start: datetime, left_s: float, sea_m: float, ground_m: float) -> pl.DataFrame:
    points, heights = route_of(one, sea_m, ground_m)
    legs, course_deg = _legs(points, heights, one.speed_mps)
    if one.ends == "stays":
        legs.append(Leg(max(left_s - sum(leg.duration_s for leg in legs), STEP_S), one.speed_mps, _rate(one.speed_mps)))
    lat, lon = points[0]
    found = paths.fly_legs(
        legs, object_id=one.name, class_label=one.kind, lat0_deg=lat, lon0_deg=lon, course0_deg=course_deg,
        height0_hae_m=heights[0], start_utc=start, step_s=STEP_S,
    )  # fmt: skip
    if one.ends != "lands":
        return found
    is_last = pl.col("time_utc") == pl.col("time_utc").max()
    return found.with_columns(is_on_ground=is_last)


def route_of(one: Flier, sea_m: float, ground_m: float) -> tuple[list[tuple[float, float]], list[float]]:
    """Return the points of a route and their heights above the ellipsoid [m]; a landing gets its glide.

    sea_m, ground_m   heights of the sea and of the ground above the ellipsoid
    """
    points = list(one.route)
    heights = [height + sea_m for height in one.heights_m or (one.height_amsl_m,) * len(points)]
    if one.ends != "lands":
        return points, heights
    away_m, _, back_deg = (float(number) for number in geodesy.inverse(*points[-2], *points[-1]))
    before_m = _GLIDE * (heights[-1] - ground_m)
    if 0.0 < before_m < away_m:
        lat, lon = geodesy.direct(*points[-1], back_deg, before_m)
        points.insert(-1, (float(lat), float(lon)))
        heights.insert(-1, heights[-1])
    return points, [*heights[:-1], ground_m]


def _rate(speed_mps: float) -> float:
    """Return how fast a bank of 25 degrees turns [deg/s]."""
    return math.degrees(_GRAVITY_MPS2 * math.tan(math.radians(_BANK_DEG)) / speed_mps)


class _Side(NamedTuple):
    """One straight side of a route: length, and course at its beginning and at its end."""

    length_m: float
    out_deg: float
    in_deg: float


def _legs(points: Sequence[tuple[float, float]], heights: Sequence[float], speed: float) -> tuple[list[Leg], float]:
    """Return the legs along points, and the course with which they begin."""
    sides = []
    for a, b in pairwise(points):
        length, out, back = (float(number) for number in geodesy.inverse(*a, *b))
        sides.append(_Side(length, out, back + 180.0))
    turns = [_turn(a, b, speed) for a, b in pairwise(sides)]
    legs: list[Leg] = []
    for at, side in enumerate(sides):
        cut_m = sum(ahead for ahead, _ in turns[max(at - 1, 0) : at + 1]) if turns else 0.0
        straight_s = max(side.length_m - cut_m, 0.0) / speed
        if straight_s > 0.0:
            legs.append(Leg(straight_s, speed, 0.0, (heights[at + 1] - heights[at]) / straight_s))
        if at < len(turns) and abs(turns[at][1].turn_rate_dps) > 0.0:
            legs.append(turns[at][1])
    return legs or [Leg(STEP_S, speed)], sides[0].out_deg


def _turn(before: _Side, after: _Side, speed: float) -> tuple[float, Leg]:
    """Return how far before a corner its turn begins [m], and the turn.

    A corner between short sides is turned tighter than a bank of 25 degrees would: at most half of a side is cut.
    """
    angle = (after.out_deg - before.in_deg + 180.0) % 360.0 - 180.0
    if abs(angle) < 1e-6:
        return 0.0, Leg(0.0, speed)
    if abs(angle) > _MOST_TURN_DEG:
        return 0.0, Leg(abs(angle) / _rate(speed), speed, math.copysign(_rate(speed), angle))
    half = math.tan(math.radians(abs(angle)) / 2.0)
    radius = min(speed / math.radians(_rate(speed)), 0.45 * min(before.length_m, after.length_m) / half)
    radius = max(radius, 1.0)
    rate = math.degrees(speed / radius)
    return radius * half, Leg(abs(angle) / rate, speed, math.copysign(rate, angle))
