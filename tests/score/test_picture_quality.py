"""Tracks against truth: each measure on a picture small enough to reckon by hand, and against other programs."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import permutations
from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import scenarios
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pictures_by_hand import at, times, tracks, truth
from scipy.optimize import linear_sum_assignment

from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.score import kernels, picture_quality

ONE_MICROMETRE = 1e-6
ONE_MILLIMETRE = 1e-3
ROUNDING = 1e-9
SAME = 1e-6

costs = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 5), st.integers(0, 3)).map(lambda s: (s[0], s[0] + s[1])),
    elements=st.floats(0.0, 1e6),
)  # fmt: skip


# ---------------------------------------------------------------- the assignment


@settings(deadline=None)
@given(costs)
def test_no_assignment_is_cheaper_by_trying_all(cost: np.ndarray):
    n, m = cost.shape
    chosen = kernels.assign(cost)
    assert len(set(chosen.tolist())) == n
    best = min(sum(cost[row, column] for row, column in enumerate(one)) for one in permutations(range(m), n))
    assert cost[np.arange(n), chosen].sum() == pytest.approx(best, rel=ROUNDING, abs=ROUNDING)


@pytest.mark.parametrize("seed", range(20))
def test_the_assignment_costs_what_that_of_scipy_does(seed: int):
    rng = np.random.default_rng(seed)
    cost = rng.exponential(1e4, (int(rng.integers(1, 60)), 60))
    rows, columns = linear_sum_assignment(cost)
    assert cost[np.arange(len(cost)), kernels.assign(cost)].sum() == pytest.approx(cost[rows, columns].sum(), rel=SAME)


def scatter(seed: int, *, wide_m: float = 5e3) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Objects and tracks of 30 scans on a plane, crowded enough that groups are large."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 40, (2, 30))
    first = [np.concatenate([[0], np.cumsum(one)]).astype(np.int64) for one in counts]
    points = [np.column_stack([rng.uniform(0, wide_m, (one[-1], 2)), np.zeros(one[-1])]) for one in first]
    return points[0], first[0], points[1], first[1]


@pytest.mark.parametrize("seed", range(5))
def test_pairs_cost_as_little_as_those_of_scipy_over_the_whole_scan(seed: int):
    a, a_first, b, b_first = scatter(seed)
    matched, nearest = kernels.pair(a, a_first, b, b_first, 1_000.0)
    for scan in range(30):
        own, other = a[a_first[scan] : a_first[scan + 1]], b[b_first[scan] : b_first[scan + 1]]
        square = ((own[:, None] - other[None]) ** 2).sum(axis=-1)
        rows, columns = linear_sum_assignment(np.minimum(square, 1e6))
        is_pair = square[rows, columns] < 1e6
        held = matched[a_first[scan] : a_first[scan + 1]]
        mine = np.flatnonzero(held >= 0)
        total = square[mine, held[mine] - b_first[scan]].sum() - 1e6 * mine.size
        assert total == pytest.approx(square[rows[is_pair], columns[is_pair]].sum() - 1e6 * is_pair.sum(), rel=SAME)
        near = nearest[b_first[scan] : b_first[scan + 1]]
        if own.size:
            assert (near >= 0).tolist() == (square.min(axis=0) < 1e6).tolist() if other.size else True


PLAIN = """
import numpy as np, sys
sys.path.insert(0, sys.argv[1])
from test_picture_quality import scatter
from hotwash.score import kernels
matched, nearest = kernels.pair(*scatter(3), 1000.0)
print(matched.tolist(), nearest.tolist())
"""


def test_compiled_and_plain_give_the_same_pairs():
    said = subprocess.run(
        [sys.executable, "-c", PLAIN, str(Path(__file__).parent)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    matched, nearest = kernels.pair(*scatter(3), 1_000.0)
    assert said.strip() == f"{matched.tolist()} {nearest.tolist()}"


# ---------------------------------------------------------------- measures by hand


def steady(*objects: tuple[str, float], seconds: int = 4) -> pl.DataFrame:
    """Objects that stand still, each at its distance to the east, at second 0, 1, …"""
    return truth((name, s, east, 0.0) for name, east in objects for s in range(seconds))


def test_a_perfect_picture_has_no_error():
    got = picture_quality.measure_picture(
        tracks((1, s, 0.0, 0.0) for s in range(4)), steady(("a", 0.0)), times(0, 1, 2, 3)
    )
    assert (got.gospa_m, got.ospa_m, got.localisation_m) == pytest.approx((0.0, 0.0, 0.0), abs=ONE_MICROMETRE)
    assert (got.missed, got.false, got.switches, got.gaps) == (0.0, 0.0, 0, 0)
    assert (got.siap_completeness, got.siap_ambiguity, got.siap_spuriousness) == (1.0, 1.0, 0.0)
    assert got.siap_longest_share == 1.0


def test_gospa_and_ospa_of_one_pair_one_missed_and_one_false():
    seen = tracks([(1, 0, 300.0, 0.0), (2, 0, 0.0, 30_000.0)])
    got = picture_quality.measure_picture(seen, truth([("a", 0, 0.0, 0.0), ("b", 0, 20_000.0, 0.0)]), times(0))
    assert got.gospa_m == pytest.approx(sqrt(300.0**2 + 2 * 1_000.0**2 / 2), abs=ONE_MILLIMETRE)
    assert got.ospa_m == pytest.approx(sqrt((300.0**2 + 1_000.0**2) / 2), abs=ONE_MILLIMETRE)
    assert (got.missed, got.false, got.localisation_m) == (1.0, 1.0, pytest.approx(300.0, abs=ONE_MILLIMETRE))


def test_the_cutoff_decides_what_is_a_pair():
    seen, real = tracks([(1, 0, 300.0, 0.0)]), truth([("a", 0, 0.0, 0.0)])
    near, far = (picture_quality.measure_picture(seen, real, times(0), cutoff_m=cutoff) for cutoff in (301.0, 299.0))
    assert (near.missed, far.missed) == (0.0, 1.0)
    assert far.gospa_m == pytest.approx(299.0)


def test_only_confirmed_and_coasting_rows_count():
    real = steady(("a", 0.0), seconds=1)
    for status, missed in (("confirmed", 0.0), ("coasting", 0.0), ("tentative", 1.0), ("deleted", 1.0)):
        assert (
            picture_quality.measure_picture(tracks([(1, 0, 0.0, 0.0)], status=status), real, times(0)).missed == missed
        )


def test_a_track_that_takes_over_is_a_switch_and_one_that_comes_back_a_gap():
    real = steady(("a", 0.0), seconds=6)
    seen = tracks([(1, 0, 0.0, 0.0), (1, 2, 0.0, 0.0), (2, 3, 0.0, 0.0), (2, 5, 0.0, 0.0)])
    got = picture_quality.measure_picture(seen, real, times(*range(6)))
    assert (got.switches, got.gaps) == (1, 2)
    assert got.siap_completeness == pytest.approx(4 / 6)
    # Held from 0 to 1, 2 to 3, 3 to 4: three seconds of it, one switch.
    assert got.siap_changes_per_h == pytest.approx(1_200.0)
    assert got.siap_longest_share == pytest.approx(1 / 5)


def test_two_tracks_on_one_object_are_ambiguous_and_one_of_them_false():
    got = picture_quality.measure_picture(
        tracks([(1, 0, 10.0, 0.0), (2, 0, 30.0, 0.0)]), steady(("a", 0.0), seconds=1), times(0)
    )
    assert (got.siap_ambiguity, got.siap_spuriousness, got.false) == (2.0, 0.0, 1.0)
    assert got.siap_position_m == pytest.approx(20.0, abs=ONE_MILLIMETRE)


def test_velocity_counts_where_both_have_one():
    seen = tracks([(1, 0, 0.0, 0.0)], v_east_mps=40.0, v_north_mps=3.0)
    moving = truth([("a", 0, 0.0, 0.0)], v_east_mps=44.0, v_north_mps=0.0)
    assert picture_quality.measure_picture(seen, moving, times(0)).siap_velocity_mps == pytest.approx(5.0)
    assert picture_quality.measure_picture(seen, truth([("a", 0, 0.0, 0.0)]), times(0)).siap_velocity_mps is None


def test_an_empty_picture_misses_everything_and_measures_nothing_else():
    got = picture_quality.measure_picture(schema.empty(tables.TRACKS), steady(("a", 0.0)), times(0, 1, 2, 3))
    assert (got.gospa_m, got.missed, got.tracks) == (pytest.approx(sqrt(0.5) * 1_000.0), 1.0, 0)
    assert (got.localisation_m, got.siap_ambiguity, got.nees_per_dimension) == (None, None, None)


def test_honest_variances_cover_what_they_state():
    rng = np.random.default_rng(5)
    spread = np.linalg.cholesky([[2_500.0, 900.0], [900.0, 1_600.0]])
    off = rng.standard_normal((4_000, 2)) @ spread.T
    real = truth(("a", s, 0.0, 0.0) for s in range(4_000))
    seen = tracks(
        ((1, s, *off[s]) for s in range(4_000)), var_east_m2=2_500.0, var_north_m2=1_600.0, cov_east_north_m2=900.0
    )
    got = picture_quality.measure_picture(seen, real, real["time_utc"])
    for share, found in ((0.5, got.cover_50), (0.9, got.cover_90), (0.95, got.cover_95)):
        assert abs(found - share) < 4.0 * sqrt(share * (1.0 - share) / 4_000)
    # NEES of n pairs in two dimensions: mean 2, variance 4 / n.
    assert abs(2.0 * got.nees_per_dimension - 2.0) < 4.0 * sqrt(4.0 / 4_000)


@pytest.mark.parametrize("lat", [0.0, 52.0, 70.0, 89.0])
def test_distances_are_geodesic_to_a_micrometre_anywhere(lat: float):
    real = truth([("a", 0, 0.0, 0.0)]).with_columns(lat_deg=pl.lit(lat), lon_deg=pl.lit(179.999))
    there_lat, there_lon = geodesy.direct(lat, 179.999, 77.0, 900.0)
    seen = tracks([(1, 0, 0.0, 0.0)]).with_columns(lat_deg=pl.lit(float(there_lat)), lon_deg=pl.lit(float(there_lon)))
    assert picture_quality.measure_picture(seen, real, times(0)).localisation_m == pytest.approx(
        900.0, abs=2 * ONE_MICROMETRE
    )


# ---------------------------------------------------------------- common times


def test_the_times_of_tracks_are_taken_and_long_silence_is_not_spared():
    real = steady(("a", 0.0), seconds=41)
    seen = tracks((1, s, 0.0, 0.0) for s in (12, 16, 20, 32))
    assert picture_quality.times_of(seen, real).to_list() == [at(s) for s in range(0, 41, 4)]


def test_without_tracks_the_times_are_those_of_truth():
    assert picture_quality.times_of(schema.empty(tables.TRACKS), steady(("a", 0.0))).to_list() == [
        at(s) for s in range(4)
    ]


def test_tracks_out_of_step_are_noticed_and_carried_on_by_their_velocity():
    real = truth((name, s, 10.0 * s, north) for name, north in (("a", 0.0), ("b", 5e3)) for s in range(20))
    rows = [(1, s, 10.0 * s, 0.0) for s in range(0, 20, 2)] + [(2, s, 10.0 * s, 5e3) for s in range(1, 20, 2)]
    seen = tracks(rows, v_east_mps=10.0, v_north_mps=0.0)
    assert not picture_quality.are_in_step(seen)
    level = picture_quality.extrapolate(seen, real["time_utc"], hold_s=5.0)
    assert picture_quality.are_in_step(level)
    got = picture_quality.measure_picture(level, real, real["time_utc"])
    assert got.missed == pytest.approx(1 / 20)  # the second is not there yet at 0
    assert got.localisation_m == pytest.approx(0.0, abs=0.01)


def test_a_row_is_not_carried_further_than_told():
    level = picture_quality.extrapolate(tracks([(1, 0, 0.0, 0.0)]), times(0, 3, 6), hold_s=5.0)
    assert level["time_utc"].to_list() == [at(0), at(3)]


# ---------------------------------------------------------------- another program


def on_plane(eval_arrays: dict[str, np.ndarray], which: str, ids: str) -> tuple[np.ndarray, np.ndarray, pl.Series]:
    """Return positions, ids and times of a scenario's arrays, as `paired` wants them."""
    prefix = "truth_" if which == "truth" else ""
    scan = eval_arrays[f"{prefix}scan"]
    order = np.argsort(scan, kind="stable")
    x, y = (eval_arrays[f"{prefix}{axis}"][order] for axis in "xy")
    when = pl.Series([at(4.0 * int(one)) for one in scan[order]], dtype=schema.UTC)
    return np.column_stack([x, y, np.zeros_like(x)]), eval_arrays[ids][order], when


@pytest.mark.parametrize("seed", [1, 2])
def test_gospa_ospa_and_switches_are_those_of_the_benchmark(seed: int):
    generator, script, _ = scenarios.programs()
    scene = generator.generate("S", seed)
    rng = np.random.default_rng(seed)
    kept = np.flatnonzero(rng.random(scene["truth_scan"].size) < 0.9)
    count = kept.size
    seen = {
        "scan": np.concatenate([scene["truth_scan"][kept], rng.integers(0, 100, 40)]),
        "track_id": np.concatenate([scene["truth_id"][kept] + 100 * (scene["truth_scan"][kept] // 30), np.arange(40)]),
        "x": np.concatenate([scene["truth_x"][kept] + rng.normal(0, 400, count), rng.uniform(-4e4, 4e4, 40)]),
        "y": np.concatenate([scene["truth_y"][kept] + rng.normal(0, 400, count), rng.uniform(-4e4, 4e4, 40)]),
    }
    wanted = script.score(scene, seen)
    every = pl.Series([at(4.0 * scan) for scan in range(100)], dtype=schema.UTC)
    pairs = picture_quality.pair_tracks(
        *on_plane(scene, "truth", "truth_id"), *on_plane(seen, "track", "track_id"), every, cutoff_m=1_000.0
    )
    assert picture_quality.gospa_m(pairs, 1_000.0).mean() == pytest.approx(wanted["gospa"], rel=SAME)
    assert picture_quality.ospa_m(pairs, 1_000.0).mean() == pytest.approx(wanted["ospa"], rel=SAME)
    assert np.sqrt(np.nanmean(pairs.apart_m**2)) == pytest.approx(wanted["loc_rms"], rel=SAME)
    assert picture_quality.continuity(pairs) == (wanted["switches"], wanted["gaps"])
