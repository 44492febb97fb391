"""What the tests of the exercise room share: a time, a radar, and how one object stands or flies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from hotwash.air import paths
from hotwash.model import schema, tables

START = datetime(2026, 3, 12, 20, tzinfo=UTC)
LAT0, LON0 = 52.0, 21.0


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def sensor(**given: object) -> pl.DataFrame:
    """SENSORS of one primary radar with perfect detection and no clutter, unless said otherwise."""
    row = {
        "sensor_id": "R", "kind": "primary_radar", "lat_deg": LAT0, "lon_deg": LON0, "height_hae_m": 100.0,
        "max_range_m": 60_000.0, "scan_period_s": 4.0, "detection_probability": 1.0, "false_per_scan": 0.0,
        "clock_offset_s": 0.0,
    }  # fmt: skip
    return schema.frame(tables.SENSORS, [row | given])


def flight(*legs: tuple[float, float, float, float], **given: object) -> pl.DataFrame:
    """TRUTH of one object from 10 km south of the radar, to the north, unless said otherwise."""
    start = {
        "object_id": "a", "lat0_deg": 51.91, "lon0_deg": LON0, "height0_hae_m": 1_000.0, "course0_deg": 0.0,
        "start_utc": START,
    }  # fmt: skip
    return paths.fly_legs(list(legs) or [(400.0, 50.0, 0.0, 0.0)], **(start | given))


def standing(seconds: float, **given: object) -> pl.DataFrame:
    return flight((seconds, 0.0, 0.0, 0.0), step_s=seconds, **given)


def dice(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)
