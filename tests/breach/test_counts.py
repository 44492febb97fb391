"""How many: draws in which line, sensors and clocks err for all tracks together."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from breaching import LAT0, LON0, after, rng, straight, zone
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.breach import counts, kernels
from hotwash.breach.counts import Count, tally_draws
from hotwash.breach.survey import survey
from hotwash.claims.counting import Hits
from hotwash.model import schema, tables

DRAWS = 1_000
SINGLE = 1e-5  # relative, of single precision after some tens of steps


def count_draws(tracks: pl.DataFrame, zones: pl.DataFrame, *, is_unidentified_only: bool = False, **choices: object):
    """Return how many crossings and airframes there are in each draw, (draws, 2)."""
    return tally_draws(survey(tracks, zones, rng=rng(), **choices), 0, is_unidentified_only=is_unidentified_only)


def along(count: int, *, apart_m: float = 0.0, sigma_m: float = 1.0, **fields: object) -> pl.DataFrame:
    """Return tracks that fly along the line, on it, each so far north of the one before."""
    return pl.concat(
        straight(
            range(0, 61, 10), (0, number * apart_m), (0, 3), track_id=number, sigma_m=sigma_m, sigma_mps=0.1, **fields
        )
        for number in range(count)
    )


def airframes(tracks: pl.DataFrame, zones: pl.DataFrame, **choices: object) -> np.ndarray:
    return count_draws(tracks, zones, **({"draws": DRAWS} | choices))[:, 1]


def test_one_line_moves_all_tracks_together():
    together = airframes(along(10), zone(line_sigma_m=200.0))
    apart = airframes(along(10, apart_m=100.0, sigma_m=200.0), zone())
    assert together.std() > 2 * apart.std()
    assert np.isin(together, [0, 10]).mean() > 0.9  # all are in, or none is
    assert abs(together.mean() - 5) < 0.5


def test_far_apart_the_line_errs_independently():
    near = airframes(along(2), zone(line_sigma_m=200.0))
    far = airframes(along(2, apart_m=60_000.0), zone(line_sigma_m=200.0))
    assert (near == 1).mean() < 0.1
    assert 0.4 < (far == 1).mean() < 0.6


WEST, SOUTH = {"lat_deg": LAT0, "lon_deg": LON0 - 1.0}, {"lat_deg": LAT0 - 0.6, "lon_deg": LON0}
PLOTS = schema.frame(tables.DETECTIONS, [{"detection_id": 7, "sensor_id": "R1", "time_utc": after(0)}])


def with_sensor(tracks: pl.DataFrame, at: dict[str, float], **choice: object) -> np.ndarray:
    sensors = schema.frame(tables.SENSORS, [{"sensor_id": "R1", "kind": "primary_radar"} | at])
    return airframes(tracks, zone(), detections=PLOTS, sensors=sensors, **choice)


@pytest.mark.parametrize(
    ("at", "choice"), [(WEST, {"sigma_range_m": 300.0}), (SOUTH, {"sigma_azimuth_deg": 0.3})], ids=["range", "azimuth"]
)
def test_a_sensors_bias_across_the_line_moves_all_its_tracks_together(at: dict[str, float], choice: dict[str, float]):
    tracks = along(6, detection_id=7)
    drawn = with_sensor(tracks, at, **choice)
    assert drawn.std() > 2 * airframes(tracks, zone()).std()
    assert np.isin(drawn, [0, 6]).mean() > 0.9
    resting_on_no_plot = with_sensor(along(6), at, **choice)
    assert abs(resting_on_no_plot.std() - airframes(along(6), zone()).std()) < 0.1


def test_a_sensors_clock_moves_all_its_tracks_together():
    tracks = pl.concat(
        straight(range(0, 101, 10), (-3_000, 10.0 * number), (30, 0), track_id=number, sigma_m=1.0, detection_id=7)
        for number in range(6)
    )
    drawn = with_sensor(tracks, WEST, sigma_clock_s=10.0)  # the last row lies on the line
    assert np.isin(drawn, [0, 6]).mean() > 0.9
    assert abs((drawn == 6).mean() - 0.5) < 0.1


def test_where_tracks_were_corrected_the_sigma_of_the_correction_holds():
    tracks = along(6, detection_id=7)
    row = {"sensor_id": "R1", "plots": 9, "on_tracks": 9, "sigma_range_bias_m": 300.0}
    corrected, not_corrected = (
        schema.frame(tables.HEALTH, [row | {"is_corrected": is_corrected}]) for is_corrected in (True, False)
    )
    assert np.isin(with_sensor(tracks, WEST, health=corrected), [0, 6]).mean() > 0.9
    assert np.isin(with_sensor(tracks, WEST, health=not_corrected), [0]).mean() < 0.1


def test_far_tracks_are_certain():
    far = pl.concat(
        straight(range(0, 61, 10), (side * 50_000, 0), (0, 30), track_id=side, sigma_m=30.0) for side in (-1, 1, 2)
    )
    drawn = count_draws(far, zone(line_sigma_m=1_000.0))
    assert np.array_equal(drawn, np.tile([2, 2], (400, 1)))


def test_one_airframe_may_cross_twice():
    there_and_back = straight(range(0, 101, 10), (-2_000, 0), (100, 0))
    again = there_and_back.with_columns(pl.col("time_utc") + pl.duration(seconds=1_000))
    drawn = count_draws(pl.concat([there_and_back, again]), zone(), draws=10)
    assert drawn.tolist() == [[2, 1]] * 10


def test_existence_is_drawn_once_a_track():
    drawn = airframes(straight(range(0, 101, 10), (-2_000, 0), (100, 0), existence=0.3), zone())
    assert abs(drawn.mean() - 0.3) < 0.04


def test_the_unidentified_are_counted_apart():
    known = straight(range(0, 101, 10), (-2_000, 0), (100, 0), ident="48AE01")
    other = straight(range(0, 101, 10), (-2_000, 0), (100, 0), track_id=2)
    said = {
        (one.unit, one.is_unidentified_only): one
        for one in counts.counts(survey(pl.concat([known, other]), zone(), rng=rng()))
    }
    assert [said["airframes", only].most_likely for only in (False, True)] == [2, 1]
    assert count_draws(known, zone(), is_unidentified_only=True).sum() == 0


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_an_interval_means_what_it_means_for_finds(weights: list[int]):
    chance = (np.array(weights) + 0.0001) / (np.array(weights) + 0.0001).sum()
    one, other = Count("Z", "crossings", False, chance), Hits(chance)
    assert (one.low_90, one.high_90) == other.interval_90
    assert one.most_likely == other.most_likely()


def test_equal_seeds_give_equal_breaches():
    tracks, line = along(4, apart_m=500.0, sigma_m=50.0), zone(line_sigma_m=100.0)
    first, second = (survey(tracks, line, rng=rng(7)).breaches for _ in range(2))
    assert first.equals(second)


# ---------------------------------------------------------------- kernels

PLAIN = """
import numpy as np
from hotwash.breach import kernels
made = np.load("in.npz")
along = kernels.errors_along(made["noise"].copy(), made["step"], made["is_first"], made["factor"])
stays = kernels.count_stays(made["margin"], made["time"], made["first"], made["existence"], made["level"], 3.0, 0.2)
enter, depth = kernels.entries(made["margin"], made["time"], made["first"][:-1], made["first"][1:], 3.0, 0.2)
np.savez("out.npz", along=along, stays=stays, enter=enter, depth=depth)
"""


def test_compiled_and_plain_kernels_agree(tmp_path):
    dice, first = rng(3), np.array([0, 15, 40])
    made = {
        "noise": dice.standard_normal((40, 4, 5), dtype=np.float32),
        "step": dice.uniform(0, 3, 40),
        "is_first": np.isin(np.arange(40), first).astype(np.int64),
        "factor": dice.normal(size=(40, 2)),
        "margin": np.cumsum(dice.standard_normal((40, 5), dtype=np.float32), axis=0),
        "time": np.arange(40.0),
        "first": first,
        "existence": dice.uniform(0, 1, 40),
        "level": dice.uniform(0, 1, (2, 5)),
    }
    np.savez(tmp_path / "in.npz", **made)
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", PLAIN], cwd=tmp_path, env=plain, check=True)
    told = np.load(tmp_path / "out.npz")
    along_m = kernels.errors_along(made["noise"].copy(), made["step"], made["is_first"], made["factor"])
    np.testing.assert_allclose(along_m, told["along"], rtol=SINGLE, atol=SINGLE)
    margin, when = made["margin"], made["time"]
    stays = kernels.count_stays(margin, when, first, made["existence"], made["level"], 3.0, 0.2)
    np.testing.assert_array_equal(stays, told["stays"])
    enter_s, depth_m = kernels.entries(margin, when, first[:-1], first[1:], 3.0, 0.2)
    np.testing.assert_allclose(enter_s, told["enter"], rtol=SINGLE)
    np.testing.assert_allclose(depth_m, told["depth"], rtol=SINGLE)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 5.0))
def test_track_errors_keep_their_variance_and_fade_as_stated(step: float):
    noise = rng().standard_normal((30, 4, 20_000), dtype=np.float32)
    first = np.zeros(30, dtype=np.int64)
    first[0] = 1
    found = kernels.errors_along(noise, np.full(30, step), first, np.tile([0.6, 0.8], (30, 1)))
    assert np.allclose(found.var(axis=1), 1.0, atol=0.06)
    assert np.mean(found[10] * found[11]) == pytest.approx((1 + step) * np.exp(-step), abs=0.04)
