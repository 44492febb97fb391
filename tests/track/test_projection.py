"""The plane that tracks are made in, against PROJ's oblique stereographic projection."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj

from hotwash.track.projection import Plane, geodetic2plane, plane2geodetic, plane_around, true_north

ONE_MILLIMETRE = 1.0e-3
ONE_MICROMETRE_DEG = 1.0e-11
SAME_FACTOR = 1.0e-7
CENTRES = ((52.0, 21.0), (0.0, 0.0), (-33.0, 179.9), (70.0, 25.0), (-89.0, 10.0), (89.9, 0.0))


def proj(plane: Plane) -> Proj:
    return Proj(proj="stere", lat_0=plane.lat0_deg, lon_0=plane.lon0_deg, ellps="WGS84", k_0=1.0)


def around(plane: Plane, far_m: float, many: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Return places at one distance in all directions."""
    lon, lat, _ = Geod(ellps="WGS84").fwd(
        [plane.lon0_deg] * many, [plane.lat0_deg] * many, np.linspace(0.0, 360.0, many), [far_m] * many
    )
    return np.array(lat), np.array(lon)


@pytest.mark.parametrize("centre", CENTRES)
def test_places_lie_where_proj_puts_them(centre: tuple[float, float]):
    plane = Plane(*centre)
    for far_m in (10.0, 50_000.0, 350_000.0, 1_000_000.0):
        lat, lon = around(plane, far_m)
        x, y = geodetic2plane(lat, lon, plane)
        wanted_x, wanted_y = proj(plane)(lon, lat)
        assert np.abs(x - wanted_x).max() < ONE_MILLIMETRE
        assert np.abs(y - wanted_y).max() < ONE_MILLIMETRE


@given(st.sampled_from(CENTRES), st.floats(0.0, 360.0), st.floats(0.0, 1_000_000.0))
def test_there_and_back_again_is_the_same_place(centre: tuple[float, float], azimuth_deg: float, far_m: float):
    plane = Plane(*centre)
    lon, lat, _ = Geod(ellps="WGS84").fwd(plane.lon0_deg, plane.lat0_deg, azimuth_deg, far_m)
    lat_back, lon_back = plane2geodetic(*geodetic2plane(lat, lon, plane), plane)
    near_pole = np.cos(np.radians(lat))
    assert abs(float(lat_back) - lat) < 10.0 * ONE_MICROMETRE_DEG
    turn = (float(lon_back) - lon + 180.0) % 360.0 - 180.0
    assert abs(turn) * near_pole < 10.0 * ONE_MICROMETRE_DEG


@pytest.mark.parametrize(("far_m", "most"), [(175e3, 1.0003), (350e3, 1.001), (700e3, 1.0035), (1e6, 1.007)])
@pytest.mark.parametrize("centre", CENTRES)
def test_lengths_are_off_by_no_more_than_the_module_says(centre: tuple[float, float], far_m: float, most: float):
    plane = Plane(*centre)
    lat, lon = around(plane, far_m)
    factors = proj(plane).get_factors(lon, lat)
    scale = true_north(lat, lon, plane)[2]
    assert np.abs(scale - factors.meridional_scale).max() < SAME_FACTOR
    assert np.abs(scale - factors.parallel_scale).max() < SAME_FACTOR
    assert 1.0 < scale.min() <= scale.max() < most


def test_north_points_where_a_step_to_the_north_leads():
    plane = Plane(52.0, 21.0)
    lat, lon = around(plane, 600_000.0)
    north_x, north_y, _ = true_north(lat, lon, plane)
    x0, y0 = geodetic2plane(lat, lon, plane)
    x1, y1 = geodetic2plane(lat + 1.0e-5, lon, plane)
    assert np.allclose(np.arctan2(x1 - x0, y1 - y0), np.arctan2(north_x, north_y), atol=1.0e-6)


def test_places_about_a_pole_have_a_plane_too():
    plane = plane_around([89.99, 89.99, 89.99], [0.0, 120.0, 240.0])
    lat, lon = np.array([89.5, 88.0]), np.array([10.0, -150.0])
    assert np.allclose(plane2geodetic(*geodetic2plane(lat, lon, plane), plane), [lat, lon], atol=1.0e-9)


def test_the_centre_lies_amid_places_on_both_sides_of_the_antimeridian():
    plane = plane_around([70.0, 70.0], [179.0, -179.0])
    assert abs(abs(plane.lon0_deg) - 180.0) < ONE_MICROMETRE_DEG
    x, _ = geodetic2plane([70.0, 70.0], [179.0, -179.0], plane)
    assert x[0] == pytest.approx(-x[1], abs=ONE_MILLIMETRE)
