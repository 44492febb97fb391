"""False detections of one sensor: noise over the disc, near returns, sectors; each count is drawn by Poisson's law.

Where a law of clutter is stated, it moves a share of the disc's own: into spots, into bursts, or into weather that
passes. The mean number in a scan stays what SENSORS states; counts vary more than Poisson's law, as the shape says.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hotwash.air.interpolation import IntArray
from hotwash.air.sensor_models import Senses
from hotwash.geo.frames import FloatArray

# A false plot of a 3-D sensor stands anywhere up to here above it.
_TOP_M = 3_000.0
_DRIFT_MPS = 3.0  # how much faster than the slowest reported speed: leaves, waves, cars


class FalsePlots(NamedTuple):
    """False detections, all (n,): the number of the scan they belong to, and what was measured."""

    scan: FloatArray
    range_m: FloatArray
    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    radial_speed_mps: FloatArray


def false_plots(
    scans: int, *, false_per_scan: float, max_range_m: float, period_s: float, senses: Senses, rng: np.random.Generator
) -> FalsePlots:
    """Return what a sensor reports where nothing is.

    scans            how many
    false_per_scan   mean number over the whole disc, as SENSORS states it
    max_range_m      the disc's radius; `inf` with a bearing-only sensor, whose clutter has no spots
    period_s         between two scans: weather moves meanwhile
    returns          FalsePlots, in no order; `scan` holds whole numbers
    """
    share = senses.clutter_share if senses.clutter_law != "uniform" and np.isfinite(max_range_m) else 0.0
    even = false_per_scan * (1.0 - share) if share else false_per_scan
    wedges = [(even, max_range_m, 0.0, 360.0), (senses.near_false_per_scan, senses.near_m, 0.0, 360.0)]
    for sector in senses.sectors:
        width_deg = (sector.to_deg - sector.from_deg) % 360.0
        wedges.append((sector.false_per_scan, sector.within_m or max_range_m, sector.from_deg, width_deg))
    parts = [_wedge(scans, *wedge, rng=rng) for wedge in wedges]
    if share:
        parts.append(_uneven(scans, false_per_scan * share, max_range_m, period_s, senses, rng))
    scan, distance, azimuth = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    top = np.minimum(1.0, _TOP_M * rng.random(scan.size) / np.maximum(distance, 1.0))
    speed = senses.min_radial_speed_mps + rng.exponential(_DRIFT_MPS, scan.size)
    signs = np.where(rng.random(scan.size) < 0.5, -1.0, 1.0)
    return FalsePlots(scan, distance, azimuth, np.degrees(np.arcsin(top)), signs * speed)


def _wedge(
    scans: int, mean: float, radius_m: float, from_deg: float, width_deg: float, *, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    return _scattered(rng.poisson(mean, scans), radius_m, from_deg, width_deg, rng)


def _scattered(
    counts: IntArray, radius_m: float, from_deg: float, width_deg: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return so many plots in each scan, even over a wedge."""
    scan = np.repeat(np.arange(counts.size, dtype=np.float64), counts)
    share = np.sqrt(rng.random(scan.size))  # the square root: as many on each square metre near as far
    distance = radius_m * share if np.isfinite(radius_m) else np.zeros_like(share)
    return scan, distance, (from_deg + width_deg * rng.random(scan.size)) % 360.0


def _uneven(
    scans: int, mean: float, radius_m: float, period_s: float, senses: Senses, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the plots that the law of clutter moves: scan, range and azimuth; `mean` of them in a scan."""
    if senses.clutter_law == "gamma_bursts":
        return _scattered(rng.poisson(_rates(scans, mean, senses.clutter_shape, rng)), radius_m, 0.0, 360.0, rng)
    parts = []
    for _ in range(senses.clutter_spots):
        middle = _middles(scans, radius_m, period_s, senses, rng)
        counts = rng.poisson(_rates(scans, mean / senses.clutter_spots, senses.clutter_shape, rng))
        number = np.repeat(np.arange(scans), counts)
        place = middle[number] + senses.clutter_spot_m * rng.standard_normal((number.size, 2))
        far = np.hypot(*place.T)
        far = np.abs(np.where(far > radius_m, 2.0 * radius_m - far, far))  # what fell beyond the range falls inside
        parts.append((number.astype(np.float64), far, np.degrees(np.arctan2(*place.T)) % 360.0))
    scan, far, azimuth = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return scan, far, azimuth


def _rates(scans: int, mean: float, shape: float, rng: np.random.Generator) -> FloatArray:
    """Return the rate of each scan, drawn by a gamma law; its mean, where the shape is 0."""
    return rng.gamma(shape, mean / shape, scans) if shape > 0.0 else np.full(scans, mean)


def _middles(scans: int, radius_m: float, period_s: float, senses: Senses, rng: np.random.Generator) -> FloatArray:
    """Return where a spot is at each scan, (scans, 2) east and north [m]: even over the disc, or on its way across.

    Weather that leaves the disc comes in again on the other side, so that the mean stays what it is.
    """
    inner_m = max(radius_m - 2.0 * senses.clutter_spot_m, 0.0)
    course, across = 2.0 * np.pi * rng.random(), 2.0 * rng.random() - 1.0
    if senses.clutter_law == "hot_spots":
        away_m = inner_m * np.sqrt(rng.random())
        return np.tile([away_m * np.sin(course), away_m * np.cos(course)], (scans, 1))
    aside_m = 0.8 * across * inner_m
    half_m = np.sqrt(inner_m**2 - aside_m**2)
    along_m = 2.0 * half_m * rng.random() + senses.clutter_speed_mps * period_s * np.arange(scans)
    along_m = along_m % max(2.0 * half_m, 1.0) - half_m
    to, beside = np.array([np.sin(course), np.cos(course)]), np.array([np.cos(course), -np.sin(course)])
    return np.asarray(along_m[:, None] * to + aside_m * beside)
