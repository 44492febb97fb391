"""Each sensor's own tracks, made without the others, and which of them are of one object.

A clock or an azimuth that is off may keep the plots of two sensors from sharing a track, so tracks made of both
together cannot tell by how much. Tracks of each sensor alone can: their shapes and speeds agree.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.track import plots
from hotwash.track.arrays import IntArray
from hotwash.track.layout import MEANS, ROW_PLOT, ROW_TRACK
from hotwash.track.models import Settings
from hotwash.track.projection import Plane, geodetic2plane, plane2geodetic
from hotwash.track.tracker import Tracker

GRID_S, MOST_STEPS = 8.0, 2_000  # tracks are compared at such steps, longer ones where a recording is long
LEAST_STEPS = 4  # a pair must be there together at so many of them
# The first look allows for a clock and an azimuth as bad as these; later looks for what may be left of them.
FIRST_GATE = (1_000.0, 6.0, 2.0)  # [m], [s], [deg]
LATER_GATE = (400.0, 1.0, 0.3)
SPEED_MPS, SPEED_SHARE = 10.0, 0.15  # how far the mean velocities of one object may differ
SPREAD_M = 300.0  # how far the way between two tracks of one object may wander


class Paths(NamedTuple):
    """Tracks of sensors alone: h plots taken, k tracks, g times.

    track, plot   (h,) number of the track, row of the plot among those placed; sorted by track and time
    sensor        (k,)
    place         (k, g, 4) x, y [m], u, v [m/s] at the times of the grid, nan where the track is not
    grid_s        (g,)
    """

    track: IntArray
    plot: IntArray
    sensor: IntArray
    place: FloatArray
    grid_s: FloatArray


def track_each_sensor(
    detections: pl.DataFrame, sensors: pl.DataFrame, placed: plots.Placed, plane: Plane, *, settings: Settings
) -> Paths:
    """Return the tracks of each sensor alone, in one plane.

    placed    the plots of the detections, in their order, in that plane
    """
    # Sensors without scans want no rows between their reports here.
    quiet = replace(settings, every_s=1.0e6)
    row_of = pl.DataFrame({"detection_id": detections["detection_id"], "row": np.arange(detections.height)})
    found: list[tuple[IntArray, IntArray, FloatArray]] = []
    sensor: list[int] = []
    for n, name in enumerate(sensors["sensor_id"].to_list()):
        mine = detections.filter(pl.col("sensor_id") == name)
        if not mine.height or not placed.is_used[placed.sensor == n].any():
            continue
        track, identity, state = _taken(mine, sensors.filter(pl.col("sensor_id") == name), plane, quiet)
        rows = pl.DataFrame({"detection_id": identity}).join(
            row_of, on="detection_id", how="left", maintain_order="left"
        )
        found.append((track + len(sensor), rows["row"].to_numpy(), state))
        sensor += [n] * (int(track.max(initial=-1)) + 1)
    track, plot = (np.concatenate([one[i] for one in found] or [np.empty(0, np.int64)]) for i in (0, 1))
    state = np.concatenate([one[2] for one in found] or [np.empty((0, 4))])
    order = np.lexsort((placed.time_s[plot], track))
    track, plot, state = track[order], plot[order], state[order]
    grid_s, place = _on_grid(track, placed.time_s[plot], state, len(sensor))
    return Paths(track, plot, np.array(sensor, dtype=np.int64), place, grid_s)


def _taken(
    detections: pl.DataFrame, sensors: pl.DataFrame, plane: Plane, settings: Settings
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return for each plot taken: its track from 0, its detection_id, and the track's state in the plane."""
    tracker = Tracker(sensors, settings=settings)
    chunks = [*tracker.step(detections), *tracker.finish()]
    track, identity, state = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty((0, 4))]
    for chunk in chunks:
        real, whole = np.concatenate(chunk.real), np.concatenate(chunk.whole)
        hit = np.flatnonzero(whole[:, ROW_PLOT] >= 0)
        track.append(whole[hit, ROW_TRACK])
        identity.append(chunk.detection_id[whole[hit, ROW_PLOT] - chunk.base])
        state.append(_moved(real[hit, :MEANS], tracker.plane or plane, plane))
    _, numbered = np.unique(np.concatenate(track), return_inverse=True)
    return numbered.astype(np.int64), np.concatenate(identity), np.concatenate(state)


def _moved(state: FloatArray, own: Plane, plane: Plane) -> FloatArray:
    """Return states of one plane in another; a second point, a second of flight on, carries the velocity over."""
    ends = [
        geodetic2plane(*plane2geodetic(x, y, own), plane) for x, y in (state[:, :2].T, (state[:, :2] + state[:, 2:]).T)
    ]
    (x, y), (x1, y1) = ends
    return np.column_stack([x, y, x1 - x, y1 - y])


def _on_grid(track: IntArray, time_s: FloatArray, state: FloatArray, many: int) -> tuple[FloatArray, FloatArray]:
    begin, end = (time_s.min(), time_s.max()) if time_s.size else (0.0, 0.0)
    step_s = max(GRID_S, (end - begin) / MOST_STEPS)
    grid_s = np.arange(begin, end + step_s, step_s)
    place = np.full((many, grid_s.size, 4), np.nan)
    first = np.searchsorted(track, np.arange(many + 1))
    for k in range(many):
        mine = slice(first[k], first[k + 1])
        own_s = time_s[mine]
        inside = np.flatnonzero((grid_s >= own_s[0]) & (grid_s <= own_s[-1]))
        for i in range(4):
            place[k, inside, i] = np.interp(grid_s[inside], own_s, state[mine, i])
    return grid_s, place


def match_tracks(
    found: Paths, place: FloatArray, fixed: FloatArray, *, gate: tuple[float, float, float]
) -> list[tuple[int, int]]:
    """Return the pairs of tracks of two sensors that are one object's, each the best for both.

    place   (k, g, 4) as `found.place`, or with what is known of the sensors' errors taken out
    fixed   (s, 2) x, y of each sensor [m]; nan where it has none
    gate    how far apart they may be on the mean: that, a clock off by that, an azimuth off by that
    """
    matched: list[tuple[int, int]] = []
    numbers = np.unique(found.sensor)
    for n, a in enumerate(numbers):
        for b in numbers[n + 1 :]:
            mine, other = np.flatnonzero(found.sensor == a), np.flatnonzero(found.sensor == b)
            score = _scores(place[mine], place[other], fixed[[a, b]], gate)
            best, back = score.argmin(axis=1), score.argmin(axis=0)
            matched += [
                (int(mine[i]), int(other[j])) for i, j in enumerate(best) if np.isfinite(score[i, j]) and back[j] == i
            ]
    return matched


def _scores(one: FloatArray, other: FloatArray, fixed: FloatArray, gate: tuple[float, float, float]) -> FloatArray:
    """Return how ill each pair fits, inf where it is none; (n, m)."""
    score = np.full((len(one), len(other)), np.inf)
    for i in range(len(one)):
        lives = np.flatnonzero(np.isfinite(one[i, :, 0]))
        if lives.size < LEAST_STEPS:
            continue
        apart = other[:, lives] - one[i, lives]
        enough = np.flatnonzero(np.isfinite(apart[:, :, 0]).sum(axis=1) >= LEAST_STEPS)
        if not enough.size:
            continue
        apart = apart[enough]
        mean = np.nanmean(apart, axis=1)
        spread = np.sqrt(np.nanvar(apart[:, :, :2], axis=1).sum(axis=1))
        here = np.nanmean(one[i, :, :4], axis=0)
        speed = np.hypot(here[2], here[3])
        far = np.nanmax(np.append(np.hypot(*(here[:2] - fixed).T), 0.0))
        allowed_m = gate[0] + gate[1] * speed + np.radians(gate[2]) * far
        off = np.hypot(mean[:, 0], mean[:, 1]) / allowed_m
        slip = np.hypot(mean[:, 2], mean[:, 3]) / (SPEED_MPS + SPEED_SHARE * speed)
        wander = spread / (SPREAD_M + 0.1 * allowed_m)
        is_near = (off < 1.0) & (slip < 1.0) & (wander < 1.0)
        score[i, enough] = np.where(is_near, off**2 + slip**2 + wander**2, np.inf)
    return score


def number_objects(found: Paths, matched: list[tuple[int, int]]) -> IntArray:
    """Return for each track the number of its object, the same for tracks that pairs join, directly or not; (k,)."""
    root = np.arange(found.sensor.size)
    for a, b in matched:
        root[root == root[b]] = root[a]
    return root
