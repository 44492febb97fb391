"""The compiled searches: the same answers as shapely and PROJ give, and as the same code gives uncompiled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from hotwash.geo import borders, cells, kernels, lines, zones
from hotwash.geo.frames import geodetic2ecef
from hotwash.geo.zones import Zone

ROOT = Path(__file__).resolve().parents[2]
GEOD = Geod(ellps="WGS84")
ONE_MILLIMETRE = 1e-3
TEN_NANOMETRES = 1e-8
A_TENTH_OF_A_MILLIMETRE = 1e-4
POLAND = "PL-land"


def zone(geometry):
    return Zone("Z", "a zone", "area", 0.0, None, "AGL", "UNL", 0.0, "made up", geometry)


def star(seed, *, corners=300, size=1.0):
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = size * (1.0 + rng.normal(0, 0.1, corners))
    return shapely.make_valid(
        shapely.Polygon(np.column_stack([21 + radius * np.cos(turn), 52 + radius * np.sin(turn)]))
    )


# ---------------------------------------------------------------- inside


def agree(geometry, lon, lat):
    found = cells.is_inside(np.asarray(lat, dtype=float), np.asarray(lon, dtype=float), cells.index_area(geometry))
    np.testing.assert_array_equal(found, shapely.intersects_xy(geometry, lon, lat))


def hard_points(geometry, rng):
    """Return lon, lat of corners and middles of edges, of their neighbours by one digit, and level with corners."""
    corners = shapely.get_coordinates(geometry)
    middles = (corners[1:] + corners[:-1]) / 2.0
    exact = np.vstack([corners, middles])
    beside = np.nextafter(exact, exact + rng.choice([-1.0, 1.0], exact.shape))
    level = np.column_stack([rng.uniform(*geometry.bounds[::2], len(corners)), corners[:, 1]])
    upright = np.column_stack([corners[:, 0], rng.uniform(*geometry.bounds[1::2], len(corners))])
    return np.vstack([exact, beside, level, upright]).T


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_random_points_are_inside_as_shapely_says(seed):
    rng = np.random.default_rng(seed)
    geometry = star(seed)
    west, south, east, north = geometry.bounds
    agree(geometry, rng.uniform(west - 0.1, east + 0.1, 2000), rng.uniform(south - 0.1, north + 0.1, 2000))


@pytest.mark.parametrize(
    "geometry",
    [
        star(1),
        star(2, size=1e-7),  # a ring of a centimetre
        shapely.box(20.0, 50.0, 22.0, 52.0),
        shapely.box(20, 50, 22, 52) - shapely.box(20.9, 50.9, 21.1, 51.1),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2), shapely.box(5, 0, 6, 1)]),
        shapely.Polygon([(0, 0), (3, 1), (6, 0), (6, 2), (4, 2), (4, 1.5), (2, 1.5), (2, 2), (0, 2)]),
        shapely.Polygon([(0, 0), (1, 1 / 3), (2, 2 / 3), (3, 1), (0.1, 0.9)]),  # corners all but in one line
        shapely.box(-180.0, 80.0, 179.0, 90.0),
    ],
    ids=["star", "tiny", "box", "hole", "corner to corner", "level edges", "in line", "cap"],
)
def test_points_on_corners_and_edges_and_one_digit_beside_are_inside_as_shapely_says(geometry):
    agree(geometry, *hard_points(geometry, np.random.default_rng(4)))


def test_points_on_and_about_the_shipped_border_are_inside_as_shapely_says():
    for zone_id in borders.FINE_ZONES:
        geometry = borders.load_zone(zone_id).geometry
        rng = np.random.default_rng(8)
        agree(geometry, *hard_points(geometry, rng))
        corners = shapely.get_coordinates(geometry)
        agree(geometry, *(corners + rng.normal(0.0, 0.005, corners.shape)).T)


def test_longitudes_and_unknown_positions_are_taken_as_for_few_points():
    fiji = zone(shapely.MultiPolygon([shapely.box(177, -19, 180, -16), shapely.box(-180, -18, -178, -16)]))
    lon = np.array([180.0, -180.0, 181.0, 183.0, 540.0, 178.0, np.nan, 178.0, np.inf])
    lat = np.array([-17.0, -18.5, -17.0, -17.0, -17.0, np.nan, -17.0, 95.0, -17.0])
    many = cells.is_inside(lat, lon, cells.index_area(fiji.geometry))
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(many, zones.contains(lat, lon, fiji))
    assert many.tolist() == [True, True, True, False, True, False, False, False, False]


def test_the_turn_of_points_all_but_in_line_is_exact():
    # Source: Kettner et al. 2008, Computational Geometry 40, 61-78: where rounding gives the wrong sign.
    steps = np.arange(64) * 2.0**-53
    for dx in steps:
        for dy in steps[:8]:
            x, y = 0.5 + dx, 0.5 + dy
            assert np.sign(kernels.turn(12.0, 12.0, 24.0, 24.0, x, y)) == np.sign(dy - dx)


# ---------------------------------------------------------------- how far


@pytest.mark.parametrize(("length_m", "tolerance_m"), [(10.0, TEN_NANOMETRES), (30e3, TEN_NANOMETRES), (200e3, 1e-5)])
def test_an_arc_from_its_chord_is_as_long_as_proj_says(length_m, tolerance_m):
    rng = np.random.default_rng(2)
    lat, lon = np.degrees(np.arcsin(rng.uniform(-1, 1, 500))), rng.uniform(-180, 180, 500)
    lon_b, lat_b, _ = GEOD.fwd(lon, lat, rng.uniform(0, 360, 500), np.full(500, length_m))
    here_m = np.column_stack(geodetic2ecef(lat, lon, 0.0))
    chord_m = here_m - np.column_stack(geodetic2ecef(lat_b, lon_b, 0.0))
    found = [kernels.arc_m(*here, *chord) for here, chord in zip(here_m, chord_m, strict=True)]
    np.testing.assert_allclose(found, length_m, rtol=0, atol=tolerance_m)


def truth_m(lat, lon, edges):
    """Return the least distance to edges straight in lon/lat: by PROJ and golden sections."""
    lon_a, lat_a, lon_b, lat_b = edges.T

    def away_m(of, along):
        here = np.broadcast_to(lon, of.shape), np.broadcast_to(lat, of.shape)
        there = lon_a[of] + along * (lon_b - lon_a)[of], lat_a[of] + along * (lat_b - lat_a)[of]
        return GEOD.inv(*map(np.ascontiguousarray, here), *there)[2]

    length_m = GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2]
    begin_m = away_m(np.arange(len(edges)), np.zeros(len(edges)))
    of = np.flatnonzero(begin_m - length_m <= begin_m.min())
    low, high = np.zeros(len(of)), np.ones(len(of))
    best_m = np.minimum(away_m(of, low), away_m(of, high)).min()
    for _ in range(60):
        first, second = high - (high - low) * 0.6180339887498949, low + (high - low) * 0.6180339887498949
        is_left = away_m(of, first) < away_m(of, second)
        low, high = np.where(is_left, low, first), np.where(is_left, second, high)
    return min(best_m, away_m(of, (low + high) / 2.0).min())


@pytest.mark.parametrize(("spread_deg", "points"), [(0.0005, 20), (0.02, 20), (1.0, 15), (4.0, 5)])
def test_distances_to_the_shipped_border_are_within_a_millimetre_of_the_definition(spread_deg, points):
    edges = lines.edges_of(borders.load_zone(POLAND).geometry)
    rng = np.random.default_rng(12)
    lon, lat = (edges[rng.integers(0, len(edges), points), :2] + rng.normal(0, spread_deg, (points, 2))).T
    near = lines.index_edges(edges)
    wanted = [truth_m(a, b, edges) for a, b in zip(lat, lon, strict=True)]
    for how in (lines.plain_distance_m, lines.kernel_distance_m):
        np.testing.assert_allclose(how(lat, lon, near), wanted, rtol=0, atol=ONE_MILLIMETRE)


@pytest.mark.parametrize("how", [lines.plain_distance_m, lines.kernel_distance_m])
@pytest.mark.parametrize(
    "edge",
    [
        (20.0, 50.0, 26.0, 51.0),
        (10.0, 70.0, 40.0, 70.0),
        (0.0, 85.0, 60.0, 86.0),
        (179.0, 60.0, 180.0, 60.5),
        (-75.0, -3.0, -65.0, 3.0),
    ],
)
def test_distances_to_long_edges_anywhere_are_within_a_millimetre_of_the_definition(how, edge):
    rng = np.random.default_rng(13)
    parts = np.linspace(0.0, 1.0, 201)[:, None]
    corners = np.array(edge[:2]) + parts * (np.array(edge[2:]) - np.array(edge[:2]))
    lat = rng.uniform(corners[:, 1].min() - 2, min(corners[:, 1].max() + 2, 89.0), 12)
    lon = rng.uniform(corners[:, 0].min() - 2, corners[:, 0].max() + 2, 12)
    # Cut into 200, an edge is short enough for the golden section to have one minimum in each.
    wanted = np.array([truth_m(a, b, np.hstack([corners[:-1], corners[1:]])) for a, b in zip(lat, lon, strict=True)])
    found = how(lat, lon, lines.index_edges(np.array([edge])))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=ONE_MILLIMETRE)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 9, 70, 700]), st.sampled_from([1e-3, 1.0, 40.0]))
def test_the_two_searches_check_each_other(seed, corners, size_deg):
    rng = np.random.default_rng(seed)
    begin = np.array([rng.uniform(-180, 180), rng.uniform(-60, 60)])
    path = np.clip(begin + np.cumsum(rng.normal(0, size_deg / 10, (corners + 1, 2)), axis=0), -89.0, 89.0)
    drawn = lines.index_edges(np.hstack([path[:-1], path[1:]]))
    lat = np.clip(begin[1] + rng.normal(0, size_deg, 200), -90.0, 90.0)
    lon = begin[0] + rng.normal(0, size_deg, 200)
    plain_m, compiled_m = lines.plain_distance_m(lat, lon, drawn), lines.kernel_distance_m(lat, lon, drawn)
    near = plain_m < 1e6  # farther off, places rank by chords alone
    np.testing.assert_allclose(compiled_m[near], plain_m[near], rtol=0, atol=A_TENTH_OF_A_MILLIMETRE)
    np.testing.assert_allclose(compiled_m, plain_m, rtol=1e-3)


def test_poles_and_points_on_the_line_have_a_distance():
    cap = lines.index_edges(lines.edges_of(shapely.box(-180.0, 80.0, 180.0, 90.0)))
    lat, lon = np.array([90.0, 80.0, -90.0, np.nan]), np.array([0.0, 33.0, 0.0, 1.0])
    found = lines.kernel_distance_m(lat, lon, cap)
    assert found[0] == pytest.approx(GEOD.inv(0.0, 90.0, 0.0, 80.0)[2], abs=ONE_MILLIMETRE)
    assert found[1] < ONE_MILLIMETRE
    assert found[2] == pytest.approx(GEOD.inv(0.0, -90.0, 0.0, 80.0)[2], rel=1e-6)
    assert np.isnan(found[3])


# ---------------------------------------------------------------- many and few, compiled and plain


def test_many_points_get_the_answers_of_few(monkeypatch):
    poland = borders.load_zone(POLAND)
    rng = np.random.default_rng(6)
    lat, lon = rng.uniform(48.5, 55.5, 500), rng.uniform(13.5, 24.5, 500)
    lat[::50] = np.nan
    few = zones.place_against(lat, lon, 100.0, poland)
    monkeypatch.setattr(lines, "MANY_POINTS", 1)
    monkeypatch.setattr(zones, "MANY_POINTS", 1)
    many = zones.place_against(lat, lon, 100.0, poland)
    np.testing.assert_allclose(many.distance_m, few.distance_m, rtol=0, atol=A_TENTH_OF_A_MILLIMETRE)
    assert many.answer.tolist() == few.answer.tolist()


SAME = """
import numpy as np, shapely
from hotwash.geo import cells, lines
rng = np.random.default_rng(3)
turn = np.sort(rng.uniform(0, 2 * np.pi, 60))
ring = shapely.Polygon(np.column_stack([21 + np.cos(turn), 52 + np.sin(turn) * rng.uniform(0.8, 1.2, 60)]))
lines._FINER = (4, 2)
corners = shapely.get_coordinates(ring)
lat, lon = rng.uniform(50.5, 53.5, 100), rng.uniform(19.5, 22.5, 100)
lat, lon = np.concatenate([lat, corners[:, 1], [np.nan]]), np.concatenate([lon, corners[:, 0], [21.0]])
print(cells.is_inside(lat, lon, cells.index_area(ring)).astype(int).tolist())
print(lines.kernel_distance_m(lat, lon, lines.index_edges(lines.edges_of(ring))).tolist())
"""


def ran(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | environment
    )
    return done.stdout.splitlines()


def test_compiled_and_plain_kernels_give_the_same():
    (inside, away), (plain_inside, plain_away) = ran(SAME), ran(SAME, NUMBA_DISABLE_JIT="1")
    assert inside == plain_inside
    one, other = (np.array(eval(found, {"nan": np.nan})) for found in (away, plain_away))
    np.testing.assert_allclose(one, other, rtol=0, atol=A_TENTH_OF_A_MILLIMETRE)


def test_a_bundle_without_detections_is_analysed_without_a_compiler(tmp_path):
    code = f"""
import sys, shutil
from datetime import datetime, UTC
from pathlib import Path
from hotwash.work.account import analyse
bundle, out = Path({str(ROOT / "examples" / "poland-2025")!r}), Path({str(tmp_path)!r})
analyse(bundle, now_utc=datetime(2026, 1, 1, tzinfo=UTC), out=out)
print("numba" in sys.modules)
"""
    assert ran(code) == ["False"]
