"""False detections of one sensor: noise over the disc, near returns, sectors; each count is drawn by Poisson's law."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

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
    scans: int, *, false_per_scan: float, max_range_m: float, senses: Senses, rng: np.random.Generator
) -> FalsePlots:
    """Return what a sensor reports where nothing is.

    scans            how many
    false_per_scan   mean number over the whole disc, as SENSORS states it
    max_range_m      the disc's radius; `inf` with a bearing-only sensor
    returns          FalsePlots, in no order; `scan` holds whole numbers
    """
    wedges = [(false_per_scan, max_range_m, 0.0, 360.0), (senses.near_false_per_scan, senses.near_m, 0.0, 360.0)]
    for sector in senses.sectors:
        width_deg = (sector.to_deg - sector.from_deg) % 360.0
        wedges.append((sector.false_per_scan, sector.within_m or max_range_m, sector.from_deg, width_deg))
    parts = [_wedge(scans, *wedge, rng=rng) for wedge in wedges]
    scan, distance, azimuth = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    top = np.minimum(1.0, _TOP_M * rng.random(scan.size) / np.maximum(distance, 1.0))
    speed = senses.min_radial_speed_mps + rng.exponential(_DRIFT_MPS, scan.size)
    signs = np.where(rng.random(scan.size) < 0.5, -1.0, 1.0)
    return FalsePlots(scan, distance, azimuth, np.degrees(np.arcsin(top)), signs * speed)


def _wedge(
    scans: int, mean: float, radius_m: float, from_deg: float, width_deg: float, *, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    counts = rng.poisson(mean, scans)
    scan = np.repeat(np.arange(scans, dtype=np.float64), counts)
    share = np.sqrt(rng.random(scan.size))  # the square root: as many on each square metre near as far
    distance = radius_m * share if np.isfinite(radius_m) else np.zeros_like(share)
    return scan, distance, (from_deg + width_deg * rng.random(scan.size)) % 360.0
