"""Bearings: a direction without a range. Two that cross give a place; one alone leans on a track that is there.

A ─────────╳───── bearing of A      the place where they cross is as good as both directions make it;
         ╱                           of n objects and two sensors, n x n cross, and time tells which are real
B ─────╱ bearing of B
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hotwash.geo.frames import FloatArray
from hotwash.track.arrays import IntArray

CROSS_S = 1.0  # two bearings further apart in time are of two places: a drone moves 50 m in a second
_LEAST_ANGLE_RAD = np.radians(15.0)  # flatter than this, the crossing is a smear along both
_LEAST_RANGE_M = 50.0
_MOST_PAIRS = 64  # of one bearing; more sensors than this never look at one place at one second


@dataclass(frozen=True, slots=True)
class Lines:
    """Bearings in the plane, by time, all (n,): x, y and reach of the sensor [m], angle clockwise from y [rad]."""

    time_s: FloatArray
    sensor: IntArray
    x: FloatArray
    y: FloatArray
    angle_rad: FloatArray
    sigma_rad: FloatArray
    reach_m: FloatArray


def cross_bearings(lines: Lines) -> tuple[IntArray, IntArray, FloatArray]:
    """Return each crossing: the later bearing, the earlier one, and the place with its covariance (m, 5).

    lines   by time
    """
    later, earlier = _pairs(lines)
    to_x, to_y = np.sin(lines.angle_rad), np.cos(lines.angle_rad)
    ax, ay, bx, by = to_x[later], to_y[later], to_x[earlier], to_y[earlier]
    gap_x, gap_y = lines.x[earlier] - lines.x[later], lines.y[earlier] - lines.y[later]
    turn = ax * by - ay * bx
    is_steep = np.abs(turn) > np.sin(_LEAST_ANGLE_RAD)
    some = np.where(is_steep, turn, 1.0)
    far_a, far_b = (gap_x * by - gap_y * bx) / some, (gap_x * ay - gap_y * ax) / some
    is_ahead = (
        (np.minimum(far_a, far_b) > _LEAST_RANGE_M) & (far_a < lines.reach_m[later]) & (far_b < lines.reach_m[earlier])
    )
    kept = np.flatnonzero(is_steep & is_ahead)
    later, earlier, far_a, far_b = later[kept], earlier[kept], far_a[kept], far_b[kept]
    place = np.empty((kept.size, 5))
    place[:, 0], place[:, 1] = lines.x[later] + far_a * ax[kept], lines.y[later] + far_a * ay[kept]
    information = np.zeros((kept.size, 3))
    for way_x, way_y, far, sigma in (
        (ax[kept], ay[kept], far_a, lines.sigma_rad[later]),
        (bx[kept], by[kept], far_b, lines.sigma_rad[earlier]),
    ):
        weight = 1.0 / (far * sigma) ** 2  # across the bearing, and nothing along it
        information += np.column_stack([weight * way_y**2, -weight * way_x * way_y, weight * way_x**2])
    det = information[:, 0] * information[:, 2] - information[:, 1] ** 2
    place[:, 2], place[:, 3], place[:, 4] = information[:, 2] / det, -information[:, 1] / det, information[:, 0] / det
    return later, earlier, place


def _pairs(lines: Lines) -> tuple[IntArray, IntArray]:
    """Return bearings and, for each, the earlier ones of other sensors that it may cross."""
    many = lines.time_s.size
    begin = np.searchsorted(lines.time_s, lines.time_s - CROSS_S)
    begin = np.maximum(begin, np.arange(many) - _MOST_PAIRS)
    held = np.arange(many) - begin
    later = np.repeat(np.arange(many), held)
    earlier = np.repeat(begin, held) + np.arange(later.size) - np.repeat(np.cumsum(held) - held, held)
    other = lines.sensor[later] != lines.sensor[earlier]
    return later[other], earlier[other]
