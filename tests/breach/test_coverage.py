"""Stated intervals hold what they promise: true paths, errors and lines drawn from the stated laws, 400 times.

The laws are written here a second time, in another way: line shifts by the root of their covariance on a grid,
track errors by the root of theirs on all rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from breaching import FAR, START, degrees, zone

from hotwash.breach import counts, survey
from hotwash.model import schema, tables

pytestmark = pytest.mark.slow

RUNS = 400
TRACKS = 5
SECONDS = np.arange(0.0, 241.0, 6.0)
LINE_SIGMA_M = 300.0
CORRELATION_M = 5_000.0
SIGMA_M, SIGMA_MPS = 60.0, 3.0
DRAWS = 150

COVERS = (0.85, 0.95)  # what a 90 % interval of a continuous quantity must hold
COVERS_COUNT = 0.88  # an interval of whole numbers holds more than it says, never less
KS_LEVEL = 0.01  # uniform numbers are refused as such once in a hundred

NORTH_M = np.arange(-60_000.0, 60_001.0, 500.0)
FINE_S = np.arange(0.0, SECONDS[-1] + 0.01, 0.25)


def root(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0.0))


LINE_ROOT = LINE_SIGMA_M * root(np.exp(-((NORTH_M[:, None] - NORTH_M) ** 2) / (2.0 * CORRELATION_M**2)))


def error_root(seconds: np.ndarray) -> np.ndarray:
    """Return the root of the joint covariance of position and velocity errors at all rows, one axis."""
    memory_s = SIGMA_M / SIGMA_MPS
    t = (seconds[:, None] - seconds) / memory_s
    fade = np.exp(-np.abs(t))
    position, rate = fade * (1.0 + np.abs(t)), fade * (1.0 - np.abs(t))
    cross = fade * t  # of a position with a later rate: minus the derivative
    scale = np.repeat([SIGMA_M, SIGMA_MPS], seconds.size)
    return scale[:, None] * root(np.block([[position, cross], [-cross, rate]]))


ERROR_ROOT = error_root(SECONDS)


class Run(NamedTuple):
    crossings: int
    airframes: int
    first: tuple[float, float] | None  # true entry [s] and depth [m] of the first track
    found: survey.Survey


def paths(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients of true paths: the first comes in, the others fly along the line, hardly in or hardly out."""
    speed, turn = rng.uniform(40.0, 120.0, TRACKS), rng.uniform(-0.004, 0.004, TRACKS)
    course = rng.normal(0.0, 0.1, TRACKS) + np.pi * rng.integers(0, 2, TRACKS)
    course[0], turn[0] = rng.uniform(0.3, np.pi - 0.3), rng.uniform(-0.003, 0.003)
    middle_s = rng.uniform(80.0, 160.0, TRACKS)
    east = rng.uniform(-1_500.0, 1_500.0, TRACKS)
    return speed, turn, course, middle_s, east, rng.uniform(-30_000.0, 30_000.0, TRACKS)


def states(seconds: np.ndarray, speed, turn, course, middle_s, east, north) -> np.ndarray:
    """Return true east, north, v_east, v_north of arcs flown at steady speed, (4, tracks, seconds)."""
    t = seconds[None, :] - middle_s[:, None]
    now = course[:, None] + turn[:, None] * t
    radius = (speed / turn)[:, None]
    x = east[:, None] - radius * (np.cos(now) - np.cos(course[:, None]))
    y = north[:, None] + radius * (np.sin(now) - np.sin(course[:, None]))
    return np.stack([x, y, speed[:, None] * np.sin(now), speed[:, None] * np.cos(now)])


def reported(true: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    noise = rng.standard_normal((TRACKS, 2, 2 * SECONDS.size)) @ ERROR_ROOT.T
    east, north = true[0] + noise[:, 0, : SECONDS.size], true[1] + noise[:, 1, : SECONDS.size]
    v_east, v_north = true[2] + noise[:, 0, SECONDS.size :], true[3] + noise[:, 1, SECONDS.size :]
    lat, lon = degrees(east.ravel(), north.ravel())
    rows = pl.DataFrame(
        {
            "track_id": np.repeat(np.arange(TRACKS), SECONDS.size),
            "seconds": np.tile(SECONDS, TRACKS),
            "lat_deg": lat,
            "lon_deg": lon,
            "v_east_mps": v_east.ravel(),
            "v_north_mps": v_north.ravel(),
        }
    ).select(
        pl.exclude("seconds"),
        time_utc=pl.lit(START).cast(pl.Datetime("us", "UTC")) + pl.duration(seconds=pl.col("seconds")),
        status=pl.lit("confirmed"),
        existence=pl.lit(1.0),
        **{name: pl.lit(SIGMA_M**2) for name in ("var_east_m2", "var_north_m2")},
        **{name: pl.lit(SIGMA_MPS**2) for name in ("var_v_east_m2ps2", "var_v_north_m2ps2")},
    )
    return schema.conform(rows, tables.TRACKS)


def merged_stays(inside_m: np.ndarray) -> list[tuple[float, float]]:
    """Return entry (nan: began inside) and depth of each stay of one true path, merged by the stated rule."""
    is_in = inside_m > 0.0
    edges = np.diff(np.concatenate([[False], is_in, [False]]).astype(int))
    spans = list(zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True))
    kept: list[tuple[int, int]] = []
    for begin, end in spans:
        if kept:
            out = inside_m[kept[-1][1] : begin + 1]
            if FINE_S[begin] - FINE_S[kept[-1][1]] < survey.MERGE_S or -out.min() < LINE_SIGMA_M:
                kept[-1] = (kept[-1][0], end)
                continue
        kept.append((begin, end))
    return [(FINE_S[begin] if begin else np.nan, float(inside_m[begin : end + 1].max())) for begin, end in kept]


def run(seed: int) -> Run:
    rng = np.random.default_rng(seed)
    arcs = paths(rng)
    line_m = LINE_ROOT @ rng.standard_normal(NORTH_M.size)
    east, north, *_ = states(FINE_S, *arcs)
    inside_m = east - np.interp(north, NORTH_M, line_m)
    true = [merged_stays(one) for one in inside_m]
    found = survey.survey(reported(states(SECONDS, *arcs), rng), zone(line_sigma_m=LINE_SIGMA_M), rng=rng, draws=DRAWS)
    first = true[0][0] if len(true[0]) == 1 else None
    return Run(sum(map(len, true)), sum(map(bool, true)), first, found)


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [run(seed) for seed in range(RUNS)]


def test_entry_times_and_depths_lie_in_their_90_percent_intervals_as_often_as_they_say(runs: list[Run]):
    held: dict[str, list[bool]] = {"entry": [], "depth": []}
    for one in runs:
        rows = one.found.breaches.filter((pl.col("track_id") == 0) & (pl.col("depth_m") > 0)).to_dicts()
        if one.first is None or len(rows) != 1:
            continue
        (row,) = rows
        if row["enter_sigma_s"] is not None and np.isfinite(one.first[0]):
            entered_s = (row["enter_utc"] - START).total_seconds()
            held["entry"].append(abs(entered_s - one.first[0]) <= 1.645 * row["enter_sigma_s"])
        held["depth"].append(abs(row["depth_m"] - one.first[1]) <= 1.645 * row["depth_sigma_m"])
    shares = {name: float(np.mean(found)) for name, found in held.items()}
    assert len(held["entry"]) > 0.7 * RUNS
    assert all(COVERS[0] <= share <= COVERS[1] for share in shares.values()), shares


@pytest.mark.parametrize("column", range(2), ids=counts.UNITS)
def test_counts_lie_in_their_90_percent_intervals_and_spread_as_they_say(runs: list[Run], column: int):
    held, placed = [], []
    dice = np.random.default_rng(0)
    for one in runs:
        truth = (one.crossings, one.airframes)[column]
        said = counts.counts(one.found)[column]
        held.append(said.low_90 <= truth <= said.high_90)
        numbers = counts.tally_draws(one.found, 0)[:, column]
        placed.append(np.mean(numbers < truth) + dice.random() * np.mean(numbers == truth))
    assert np.mean(held) >= COVERS_COUNT
    assert distance_to_uniform(np.array(placed)) <= ks_bound(RUNS)


def distance_to_uniform(values: np.ndarray) -> float:
    """Return the Kolmogorov-Smirnov distance of values to the uniform law on 0 to 1."""
    ordered = np.sort(values)
    steps = np.arange(values.size + 1) / values.size
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def ks_bound(size: int) -> float:
    """Return the distance that uniform values exceed with a probability of KS_LEVEL (its asymptotic law)."""
    return float(np.sqrt(-np.log(KS_LEVEL / 2.0) / (2.0 * size)))


def test_the_zone_of_these_tests_has_no_other_side_near():
    assert NORTH_M.max() < FAR
