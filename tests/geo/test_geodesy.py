"""Geodesics: published lines, there and back, and shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from hotwash.errors import GeometryError
from hotwash.geo import geodesy

ONE_MILLIMETRE = 1e-3
ONE_MICROMETRE = 1e-6
ARCSECOND_1E4 = 1e-4 / 3600.0

latitudes = st.floats(-89.0, 89.0)
longitudes = st.floats(-180.0, 180.0)


def test_a_quarter_of_a_meridian_is_10_001_966_metres():
    # Source: Moritz 1980, Geodetic Reference System 1980; WGS 84 differs by under a tenth of a millimetre.
    assert geodesy.distance_m(0.0, 0.0, 90.0, 0.0) == pytest.approx(10_001_965.7293, abs=ONE_MILLIMETRE)


def test_a_degree_of_the_equator_is_as_long_as_the_semi_major_axis_says():
    assert geodesy.distance_m(0.0, 10.0, 0.0, 11.0) == pytest.approx(6_378_137.0 * np.pi / 180.0, abs=ONE_MICROMETRE)


def test_a_published_long_line_is_found():
    # Source: GeographicLib, documentation of Geodesic.Inverse: Wellington to Salamanca.
    distance_m, azimuth_deg, back_azimuth_deg = geodesy.inverse(-41.32, 174.81, 40.96, -5.50)
    assert distance_m == pytest.approx(19_959_679.267, abs=ONE_MILLIMETRE)
    assert azimuth_deg == pytest.approx(161.067669986160, abs=1e-9)
    assert back_azimuth_deg == pytest.approx(18.825195123247 + 180.0, abs=1e-9)


@given(latitudes, longitudes, st.floats(0.0, 359.9), st.floats(1.0, 9_000_000.0))
def test_the_way_there_measured_is_the_way_gone(lat0_deg, lon0_deg, azimuth_deg, length_m):
    lat_deg, lon_deg = geodesy.direct(lat0_deg, lon0_deg, azimuth_deg, length_m)
    distance_m, found_deg, back_deg = geodesy.inverse(lat0_deg, lon0_deg, lat_deg, lon_deg)
    assert distance_m == pytest.approx(length_m, abs=ONE_MICROMETRE)
    lat_deg, lon_deg = geodesy.direct(lat_deg, lon_deg, back_deg, distance_m)
    assert geodesy.distance_m(lat_deg, lon_deg, lat0_deg, lon0_deg) < ONE_MICROMETRE
    assert 0.0 <= found_deg < 360.0


def test_a_way_over_the_antimeridian_is_short():
    assert geodesy.distance_m(70.0, 179.9, 70.0, -179.9) == pytest.approx(7_645.0, abs=10.0)


def test_every_pair_of_two_sets_is_measured():
    found_m = geodesy.pairwise_distance_m([52.0, 50.0], [21.0, 19.0], [52.0, 51.0, 49.0], [21.0, 23.0, 30.0])
    assert found_m.shape == (2, 3)
    assert found_m[1, 2] == geodesy.distance_m(50.0, 19.0, 49.0, 30.0)
    assert found_m[0, 0] == 0.0


def test_numbers_and_arrays_are_broadcast_and_inputs_left_alone():
    lat_deg = np.array([[50.0], [51.0]])
    assert geodesy.distance_m(lat_deg, 21.0, 52.0, [20.0, 21.0, 22.0]).shape == (2, 3)
    assert lat_deg.tolist() == [[50.0], [51.0]]


def test_an_unknown_position_has_an_unknown_distance():
    assert np.isnan(geodesy.distance_m(52.0, 21.0, [np.nan, 52.0], 20.0)).tolist() == [True, False]


def test_every_corner_of_a_range_ring_is_at_its_radius():
    lat_deg, lon_deg = geodesy.circle(52.1657, 20.9671, 25_000.0, corners=36)
    away_m = geodesy.distance_m(52.1657, 20.9671, lat_deg, lon_deg)
    np.testing.assert_allclose(away_m, 25_000.0, atol=ONE_MICROMETRE)
    assert (lat_deg[0], lon_deg[0]) == (lat_deg[-1], lon_deg[-1])
    assert len(lat_deg) == 37


def test_a_range_ring_turns_counter_clockwise_as_geojson_wants():
    lat_deg, lon_deg = geodesy.circle(52.0, 21.0, 10_000.0)
    area_m2, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon_deg, lat_deg)
    assert area_m2 == pytest.approx(np.pi * 1e8, rel=1e-3)


@pytest.mark.parametrize(("radius_m", "corners"), [(0.0, 180), (-5.0, 180), (float("nan"), 180), (100.0, 2)])
def test_a_ring_without_a_size_is_refused(radius_m, corners):
    with pytest.raises(GeometryError, match="radius above 0"):
        geodesy.circle(52.0, 21.0, radius_m, corners=corners)
