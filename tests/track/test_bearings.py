"""Bearings: where two cross, there something is; one alone leans on a track that is there."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from hotwash.air.paths import Leg, fly_legs
from hotwash.air.sensing import sense
from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.track import bearings
from hotwash.track.tracking import track_causal, track_forensic

START = datetime(2026, 1, 1, tzinfo=UTC)
ONE_MILLIMETRE = 1.0e-3


def lines(*rows: tuple[float, int, float, float, float]) -> bearings.Lines:
    """Lines of (time_s, sensor, x, y, angle_deg), 1 deg wide and 30 km long."""
    time_s, sensor, x, y, angle = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    many = np.ones(len(rows))
    return bearings.Lines(time_s, sensor.astype(np.int64), x, y, np.radians(angle), np.radians(many), 30_000.0 * many)


def sensor(name: str, lon_deg: float, **more: object) -> dict[str, object]:
    return {"sensor_id": name, "kind": "rf", "lat_deg": 51.97, "lon_deg": lon_deg, "height_hae_m": 10.0, **more}


@pytest.fixture(scope="module")
def flight() -> pl.DataFrame:
    legs = [Leg(300.0, 15.0, 0.0, 0.0)]
    return fly_legs(
        legs, object_id="D", lat0_deg=52.0, lon0_deg=21.0, height0_hae_m=150.0, course0_deg=90.0, start_utc=START
    )  # fmt: skip


def rms_m(found: pl.DataFrame, truth: pl.DataFrame) -> float:
    at = truth.sort("time_utc").select("time_utc", lat0_deg="lat_deg", lon0_deg="lon_deg")
    both = found.sort("time_utc").join_asof(at, on="time_utc", strategy="nearest")
    away_m = geodesy.distance_m(both["lat_deg"], both["lon_deg"], both["lat0_deg"], both["lon0_deg"])
    return float(np.sqrt(np.mean(away_m**2)))


def test_two_bearings_cross_where_geometry_says():
    later, earlier, place = bearings.cross_bearings(lines((0.0, 0, 0.0, 0.0, 45.0), (0.4, 1, 10_000.0, 0.0, 315.0)))
    assert (later.tolist(), earlier.tolist()) == ([1], [0])
    assert place[0, :2] == pytest.approx([5_000.0, 5_000.0], abs=ONE_MILLIMETRE)
    across_m = np.hypot(5_000.0, 5_000.0) * np.radians(1.0)
    assert place[0, 2:] == pytest.approx([across_m**2, 0.0, across_m**2], abs=1.0)


def test_bearings_that_part_that_are_nearly_parallel_or_far_apart_in_time_do_not_cross():
    parting = lines((0.0, 0, 0.0, 0.0, 315.0), (0.4, 1, 10_000.0, 0.0, 45.0))
    flat = lines((0.0, 0, 0.0, 0.0, 85.0), (0.4, 1, 10_000.0, 0.0, 275.0))
    late = lines((0.0, 0, 0.0, 0.0, 45.0), (1.4, 1, 10_000.0, 0.0, 315.0))
    own = lines((0.0, 0, 0.0, 0.0, 45.0), (0.4, 0, 10_000.0, 0.0, 315.0))
    assert [bearings.cross_bearings(some)[0].size for some in (parting, flat, late, own)] == [0, 0, 0, 0]


def test_two_direction_finders_alone_make_a_track(flight: pl.DataFrame):
    stands = [sensor("A", 21.0, max_range_m=15_000.0), sensor("B", 21.06, max_range_m=15_000.0)]
    sensors = schema.frame(tables.SENSORS, [*stands])
    heard = sense(flight, sensors, rng=np.random.default_rng(1))
    found = track_causal(heard, sensors).tracks
    assert found["track_id"].n_unique() == 1
    assert rms_m(found, flight) < 90.0, "2 deg at 3 km is 100 m for a single crossing"
    assert rms_m(track_forensic(heard, sensors).tracks, flight) < 50.0


def test_a_bearing_alone_makes_no_track_and_none_is_invented(flight: pl.DataFrame):
    sensors = schema.frame(tables.SENSORS, [sensor("A", 21.0, max_range_m=15_000.0)])
    heard = sense(flight, sensors, rng=np.random.default_rng(1))
    assert heard.height > 200
    assert track_causal(heard, sensors).tracks.height == 0


def test_a_bearing_leans_on_the_track_of_a_radar(flight: pl.DataFrame):
    radar = sensor("R", 21.06, max_range_m=30_000.0) | {
        "kind": "primary_radar", "lat_deg": 51.9, "scan_period_s": 4.0, "false_per_scan": 5.0
    }  # fmt: skip
    sensors = schema.frame(tables.SENSORS, [sensor("A", 21.0, max_range_m=15_000.0), radar])
    heard = sense(flight, sensors, rng=np.random.default_rng(1))
    found = track_causal(heard, sensors).tracks
    by = heard.select("detection_id", "sensor_id")
    used = found.filter(track_id=1).join(by, on="detection_id").get_column("sensor_id").value_counts()
    assert dict(used.iter_rows())["A"] > 200
    assert rms_m(found.filter(track_id=1), flight) < 60.0
