"""Frames: published pairs walked both ways, PROJ as the second opinion, and there and back again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from hotwash.geo import frames

ONE_MICROMETRE = 1e-6
ONE_MILLIMETRE = 1e-3
NANODEGREE = 1e-9
PRINTED_DEG = 5e-7  # the published table gives six decimals of positions
PRINTED_M = 5e-5  # and four of heights

OBSERVER = (42.0, -82.0, 200.0)
# Source: pymap3d, tests/test_geodetic.py, test_aer.py and test_enu.py.
ECEF = (660675.2518247, -4700948.68316, 4245737.66222)
AER = (33.0, 70.0, 1000.0)
ENU = (186.277521, 286.842228, 939.692621)
SEEN = (42.002582, -81.997752, 1139.7018)

latitudes = st.floats(-90.0, 90.0)
longitudes = st.floats(-180.0, 180.0)
heights = st.floats(-10_000.0, 500_000.0)


def test_a_published_position_is_found_in_earth_centred_metres():
    assert frames.geodetic2ecef(*OBSERVER) == pytest.approx(ECEF, abs=PRINTED_M)
    lat_deg, lon_deg, height_hae_m = frames.ecef2geodetic(*ECEF)
    assert (lat_deg, lon_deg) == pytest.approx(OBSERVER[:2], abs=NANODEGREE)
    assert height_hae_m == pytest.approx(OBSERVER[2], abs=PRINTED_M)


def test_a_published_sighting_leads_to_its_position():
    lat_deg, lon_deg, height_hae_m = frames.aer2geodetic(*AER, *OBSERVER)
    assert (lat_deg, lon_deg) == pytest.approx(SEEN[:2], abs=PRINTED_DEG)
    assert height_hae_m == pytest.approx(SEEN[2], abs=PRINTED_M)


def test_a_published_position_leads_to_its_sighting():
    azimuth_deg, elevation_deg, range_m = frames.geodetic2aer(*SEEN, *OBSERVER)
    # Half a unit of the sixth decimal is 6 cm, and seen level the target is 342 m away: 0.01 deg.
    assert (azimuth_deg, elevation_deg) == pytest.approx(AER[:2], abs=0.01)
    assert range_m == pytest.approx(AER[2], abs=0.06)


def test_published_local_metres_and_angles_are_one_thing():
    assert frames.aer2enu(*AER) == pytest.approx(ENU, abs=ONE_MICROMETRE)
    assert frames.enu2aer(*ENU) == pytest.approx(AER, abs=ONE_MICROMETRE)


def test_proj_agrees_on_earth_centred_metres_everywhere():
    rng = np.random.default_rng(20250910)
    lat_deg = np.concatenate([rng.uniform(-90, 90, 2000), [90.0, -90.0, 0.0, 89.9999999, -89.9999999, 1e-12]])
    lon_deg = np.concatenate([rng.uniform(-180, 180, 2000), [0.0, 0.0, 180.0, -179.9999999, 77.0, -90.0]])
    height_hae_m = np.concatenate([rng.uniform(-1e4, 5e5, 2000), [0.0, 5e5, -1e4, 0.0, 5e5, 0.0]])
    proj = Transformer.from_crs("EPSG:4979", "EPSG:4978")
    x_m, y_m, z_m = proj.transform(lat_deg, lon_deg, height_hae_m)
    for ours_m, theirs_m in zip(frames.geodetic2ecef(lat_deg, lon_deg, height_hae_m), (x_m, y_m, z_m), strict=True):
        np.testing.assert_allclose(ours_m, theirs_m, rtol=0, atol=ONE_MICROMETRE)
    found_lat, found_lon, found_height = frames.ecef2geodetic(x_m, y_m, z_m)
    np.testing.assert_allclose(found_lat, lat_deg, rtol=0, atol=NANODEGREE)
    np.testing.assert_allclose(found_height, height_hae_m, rtol=0, atol=ONE_MICROMETRE)
    off_axis = np.abs(lat_deg) < 89.99
    np.testing.assert_allclose(found_lon[off_axis], lon_deg[off_axis], rtol=0, atol=NANODEGREE)


def test_proj_agrees_on_the_flat_frame():
    # PROJ's own pipeline: +proj=topocentric.
    proj = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=cart +ellps=WGS84 "
        "+step +proj=topocentric +ellps=WGS84 +lon_0=21.0 +lat_0=52.2 +h_0=110"
    )
    lat_deg, lon_deg, height_hae_m = [52.1, 53.7, 50.0], [23.6, 19.0, 21.0], [300.0, 0.0, 9000.0]
    theirs_m = proj.transform(lon_deg, lat_deg, height_hae_m)
    ours_m = frames.geodetic2enu(lat_deg, lon_deg, height_hae_m, 52.2, 21.0, 110.0)
    np.testing.assert_allclose(ours_m, theirs_m, rtol=0, atol=ONE_MICROMETRE)


@given(latitudes, longitudes, heights)
def test_earth_centred_metres_lead_back_to_the_position(lat_deg, lon_deg, height_hae_m):
    found_lat, found_lon, found_height = frames.ecef2geodetic(*frames.geodetic2ecef(lat_deg, lon_deg, height_hae_m))
    assert abs(found_lat - lat_deg) < NANODEGREE
    assert abs(found_height - height_hae_m) < ONE_MICROMETRE
    turn_deg = (found_lon - lon_deg + 180.0) % 360.0 - 180.0
    assert abs(turn_deg) * np.cos(np.radians(lat_deg)) < NANODEGREE


@given(latitudes, longitudes, heights, st.floats(-89.0, 89.0), longitudes)
def test_local_metres_lead_back_to_the_position(lat_deg, lon_deg, height_hae_m, lat0_deg, lon0_deg):
    local_m = frames.geodetic2enu(lat_deg, lon_deg, height_hae_m, lat0_deg, lon0_deg, 100.0)
    found = frames.enu2geodetic(*local_m, lat0_deg, lon0_deg, 100.0)
    wanted_m, found_m = frames.geodetic2ecef(lat_deg, lon_deg, height_hae_m), frames.geodetic2ecef(*found)
    assert np.linalg.norm(np.subtract(wanted_m, found_m)) < ONE_MICROMETRE


@given(st.floats(0.0, 359.999), st.floats(-89.0, 89.0), st.floats(1.0, 500_000.0))
def test_a_sighting_leads_back_to_itself(azimuth_deg, elevation_deg, range_m):
    found = frames.enu2aer(*frames.aer2enu(azimuth_deg, elevation_deg, range_m))
    assert found[2] == pytest.approx(range_m, rel=1e-12)
    assert found[1] == pytest.approx(elevation_deg, abs=NANODEGREE)
    assert (found[0] - azimuth_deg + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=NANODEGREE)


def test_an_azimuth_is_never_360():
    azimuth_deg, _, _ = frames.enu2aer(-1e-300, 1.0, 0.0)
    assert azimuth_deg == 0.0


def test_the_north_pole_has_a_latitude_a_height_and_longitude_0():
    assert frames.ecef2geodetic(0.0, 0.0, frames.SEMI_MINOR_M + 12.0) == pytest.approx((90.0, 0.0, 12.0))


def test_at_100_km_the_ground_lies_785_m_below_the_flat_frame():
    east_m, north_m, up_m = frames.geodetic2enu(52.0, 21.0 + 1.4566, 0.0, 52.0, 21.0, 0.0)
    assert np.hypot(east_m, north_m) == pytest.approx(100_000.0, rel=1e-3)
    assert up_m == pytest.approx(-785.0, abs=5.0)


def test_one_observer_sees_many_and_many_observers_see_one():
    azimuth_deg, _, _ = frames.geodetic2aer(0.0, [22.0, 20.0], 0.0, 0.0, 21.0, 0.0)
    np.testing.assert_allclose(azimuth_deg, [90.0, 270.0], rtol=0, atol=NANODEGREE)
    azimuth_deg, _, _ = frames.geodetic2aer(52.0, 21.0, 0.0, [[53.0], [51.0]], 21.0, 0.0)
    assert azimuth_deg.shape == (2, 1)


def test_an_unknown_height_stays_unknown():
    assert np.isnan(frames.geodetic2ecef(52.0, 21.0, np.nan)[2])
