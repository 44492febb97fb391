"""Clutter that is uneven: the map finds it, tracks in it are doubted, and objects in it are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import sqrt

import numpy as np
import polars as pl
import pytest

from hotwash.air.paths import fly_legs
from hotwash.air.sensing import sense
from hotwash.air.sensor_models import Senses
from hotwash.geo import geodesy
from hotwash.geo.frames import aer2geodetic
from hotwash.model import schema, tables
from hotwash.track.clutter_map import AZIMUTHS, Field, lay_field, learn_map, log_densities
from hotwash.track.tracking import track_causal, track_forensic

START = datetime(2026, 5, 2, 1, tzinfo=UTC)
LAT0, LON0 = 47.2, 8.5
REACH_M = 40_000.0
LOOKS = 200
FOUR_SIGMA = 4.0
LASTS_S = 800.0
SPOTS = Senses(clutter_law="hot_spots", clutter_share=0.5, clutter_spots=2, clutter_spot_m=900.0, clutter_shape=1.0)


def radar(*, false_per_scan: float = 24.0) -> pl.DataFrame:
    row = {
        "sensor_id": "R", "kind": "primary_radar", "lat_deg": LAT0, "lon_deg": LON0, "height_hae_m": 500.0,
        "max_range_m": REACH_M, "scan_period_s": 4.0, "detection_probability": 0.9, "false_per_scan": false_per_scan,
    }  # fmt: skip
    return schema.frame(tables.SENSORS, [row])


def night(seed: int, own: Senses, truth: pl.DataFrame) -> pl.DataFrame:
    return sense(
        truth, radar(), rng=np.random.default_rng(seed), senses={"R": own}, start_utc=START,
        end_utc=START + timedelta(seconds=LASTS_S),
    )  # fmt: skip


def nobody() -> pl.DataFrame:
    """TRUTH of one that no sensor sees."""
    return fly_legs(
        [(LASTS_S, 0.0, 0.0, 0.0)], object_id="far", lat0_deg=0.0, lon0_deg=0.0, height0_hae_m=0.0, course0_deg=0.0,
        start_utc=START, step_s=LASTS_S,
    )  # fmt: skip


def even_field(rng: np.random.Generator, *, per_look: np.ndarray, middle: tuple[float, float] | None = None) -> Field:
    """A field of plots even over the disc, or over a square of 3 km about a place; so many on the mean in each look."""
    counts = rng.poisson(per_look)
    look = np.repeat(np.arange(per_look.size), counts)
    if middle is None:
        far, turn = REACH_M * np.sqrt(rng.random(look.size)), 2.0 * np.pi * rng.random(look.size)
        east, north = far * np.sin(turn), far * np.cos(turn)
    else:
        east, north = (at + 3_000.0 * (rng.random(look.size) - 0.5) for at in middle)
    return lay_field(np.arange(look.size), east, north, look, np.arange(per_look.size), REACH_M)


def test_even_clutter_has_the_density_that_it_has_and_does_not_change_in_time():
    field = even_field(np.random.default_rng(5), per_look=np.full(LOOKS, 40.0))
    found = learn_map(field, np.ones(field.plot.size), stated=40.0, worth_looks=2.0)
    assert found.rate.sum() == pytest.approx(40.0, abs=FOUR_SIGMA * sqrt(40.0 / LOOKS))
    assert found.shape_look > 10.0
    some = np.arange(0, field.plot.size, 7)
    density = log_densities(field, found, some, np.ones(field.plot.size), np.arange(some.size))
    truth = np.log(40.0 / (np.pi * REACH_M**2))
    assert np.median(density) == pytest.approx(truth, abs=0.2)
    assert np.abs(density - truth).max() < 2.0


@pytest.mark.parametrize("shape", [0.5, 2.0])
def test_bursts_have_the_shape_of_the_gamma_law_that_made_them(shape: float):
    rng = np.random.default_rng(6)
    # In one box of cells, so that nothing but time changes the rate.
    field = even_field(rng, per_look=rng.gamma(shape, 4.0 / shape, 2_000), middle=(0.0, 20_000.0))
    found = learn_map(field, np.ones(field.plot.size), stated=np.nan, worth_looks=0.0)
    assert shape / 2.0 < found.shape_look < 2.0 * shape


def test_a_burst_is_denser_while_it_lasts():
    rng = np.random.default_rng(7)
    per_look = np.where(np.arange(LOOKS) % 10 == 0, 20.0, 0.5)
    field = even_field(rng, per_look=per_look, middle=(12_000.0, 0.0))
    weight = np.ones(field.plot.size)
    found = learn_map(field, weight, stated=np.nan, worth_looks=0.0)
    density = log_densities(field, found, np.arange(field.plot.size), weight, np.arange(field.plot.size))
    is_burst = field.look % 10 == 0
    assert density[is_burst].mean() > density[~is_burst].mean() + 1.0


def test_what_a_track_took_is_no_clutter_at_its_own_plots():
    field = even_field(np.random.default_rng(8), per_look=np.full(LOOKS, 1.0), middle=(0.0, -15_000.0))
    few = np.zeros(field.plot.size)  # all of them are the track's, and half believed to be false
    alone = learn_map(field, few, stated=1.0, worth_looks=2.0)
    some = np.arange(field.plot.size)
    expected = log_densities(field, alone, some, few, np.zeros(some.size, np.int64))
    doubted = learn_map(field, few + 0.5, stated=1.0, worth_looks=2.0)
    own = log_densities(field, doubted, some, few + 0.5, np.zeros(some.size, np.int64))
    others = log_densities(field, doubted, some, few + 0.5, some)
    assert np.abs(others - own).min() > 1.0
    assert own.mean() - expected.mean() < others.mean() - expected.mean() - 1.0


def test_cells_go_round_north():
    north = even_field(np.random.default_rng(9), per_look=np.full(LOOKS, 3.0), middle=(0.0, 25_000.0))
    assert {0, AZIMUTHS - 1} <= set(north.turn.tolist())
    weight = np.ones(north.plot.size)
    found = learn_map(north, weight, stated=np.nan, worth_looks=0.0)
    density = log_densities(north, found, np.arange(north.plot.size), weight, np.arange(north.plot.size))
    assert density[north.turn == 0].mean() == pytest.approx(density[north.turn == AZIMUTHS - 1].mean(), abs=0.3)


# ---------------------------------------------------------------- tracks


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_hot_spots_alone_make_no_track_that_counts_in_hindsight(seed: int):
    found = track_forensic(night(seed, SPOTS, nobody()), radar()).tracks
    sure = found.group_by("track_id").agg(pl.col("existence").max())["existence"]
    assert float(sure.sum()) < 0.5


def test_a_drone_that_crosses_a_hot_spot_keeps_its_existence():
    spots = track_forensic(night(21, SPOTS, nobody()), radar()).remarks.filter(kind="hot_spot")
    lat, lon = spots["lat_deg"][0], spots["lon_deg"][0]
    south = geodesy.direct(lat, lon, 200.0, 5_000.0)
    truth = fly_legs(
        [(300.0, 40.0, 0.0, 0.0)], object_id="d", lat0_deg=float(south[0]), lon0_deg=float(south[1]),
        height0_hae_m=700.0, course0_deg=20.0, start_utc=START + timedelta(seconds=200),
    )  # fmt: skip
    whole = pl.concat([night(21, SPOTS, nobody()), night(22, Senses(), truth)])
    both = whole.with_columns(detection_id=pl.int_range(pl.len(), dtype=pl.Int64)).sort("time_utc")
    found = track_forensic(both, radar(false_per_scan=48.0)).tracks
    long = found.group_by("track_id").agg(pl.len(), pl.col("existence").max()).filter(pl.col("len") > 60)
    assert long.height == 1
    assert long["existence"].item() > 0.99


def test_hot_spots_are_told_where_they_are_and_even_clutter_is_not_spoken_of():
    hot = track_causal(night(31, SPOTS, nobody()), radar())
    told = hot.remarks.filter(kind="hot_spot")
    assert told.height == 2
    plots = night(31, SPOTS, nobody())
    lat, lon, _ = aer2geodetic(plots["azimuth_deg"], 0.0, plots["range_m"], LAT0, LON0, 500.0)
    for row in told.to_dicts():
        near = geodesy.distance_m(np.asarray(lat), np.asarray(lon), row["lat_deg"], row["lon_deg"]) < row["radius_m"]
        # Each spot has 6 plots a scan, and nine in ten of them lie within the radius.
        assert near.sum() / (LASTS_S / 4.0) == pytest.approx(0.9 * 6.0, rel=0.25)
        assert 1_200.0 < row["radius_m"] < 3_000.0  # a normal law of 900 m on each axis has 90 % within 1,930 m
    assert not track_causal(night(32, Senses(), nobody()), radar()).remarks.filter(kind="hot_spot").height
