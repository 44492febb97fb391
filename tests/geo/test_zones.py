"""Zones: which side of a line, how far, how sure; and the real border near Terespol."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from hotwash.geo import borders, geodesy, zones
from hotwash.geo.zones import Zone

ONE_METRE = 1.0
GEOD = Geod(ellps="WGS84")


def zone(geometry, *, line_sigma_m=0.0, clip_box=None):
    return Zone(
        "Z", "a zone", "area", 0.0, None, "AGL", "UNL", line_sigma_m, "made up", geometry, clip_box
    )  # fmt: skip


OVERVIEW = {zone.zone_id: zone for zone in borders.load_borders()}["PL-land"]
SQUARE = zone(shapely.box(20.0, 50.0, 22.0, 52.0))


def test_inside_is_positive_and_outside_negative():
    inside_m, outside_m = zones.signed_distance_m([51.0, 51.0], [21.99, 22.01], SQUARE)
    assert inside_m == pytest.approx(702.0, abs=2.0)
    assert outside_m == pytest.approx(-702.0, abs=2.0)


def test_a_number_may_be_asked_like_an_array():
    assert zones.signed_distance_m(51.0, 21.99, SQUARE).shape == (1,)


@settings(max_examples=50)
@given(st.floats(49.0, 53.0), st.floats(19.0, 23.0))
def test_the_sign_agrees_with_point_in_polygon(lat_deg, lon_deg):
    signed_m = zones.signed_distance_m(lat_deg, lon_deg, SQUARE)[0]
    is_inside = bool(shapely.contains_xy(SQUARE.geometry, lon_deg, lat_deg))
    assert is_inside == (signed_m > 0.0) or abs(signed_m) < ONE_METRE


def test_a_hole_is_outside():
    ring = zone(shapely.box(20, 50, 22, 52) - shapely.box(20.9, 50.9, 21.1, 51.1))
    assert zones.signed_distance_m(51.0, 21.0, ring)[0] == pytest.approx(-7_000.0, abs=100.0)


def test_a_longitude_may_be_counted_beyond_180():
    fiji = zone(shapely.MultiPolygon([shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)]))
    found_m = zones.signed_distance_m([-17.5, -17.5, -17.5, -17.5], [180.0, -180.0, 181.0, 183.0], fiji)
    assert found_m[0] == found_m[1] == pytest.approx(GEOD.inv(180, -17.5, 180, -16)[2], abs=ONE_METRE)
    assert found_m[2] > 0.0
    assert found_m[3] == pytest.approx(-GEOD.inv(183.0, -17.5, 182.0, -17.5)[2], abs=100.0)


def test_poland_is_measured_like_a_dense_sampling_of_its_line():
    poland = borders.load_country("PL")
    rng = np.random.default_rng(11)
    lat_deg, lon_deg = rng.uniform(48.0, 55.5, 30), rng.uniform(13.0, 26.0, 30)
    dense = shapely.get_coordinates(shapely.segmentize(poland.geometry, 0.001))
    truth_m = geodesy.pairwise_distance_m(lat_deg, lon_deg, dense[:, 1], dense[:, 0]).min(axis=1)
    found_m = np.abs(zones.signed_distance_m(lat_deg, lon_deg, poland))
    np.testing.assert_allclose(found_m, truth_m, rtol=0, atol=ONE_METRE)


def test_an_unknown_position_is_nowhere_and_undecided():
    placing = zones.place_against([np.nan], [21.0], 10.0, SQUARE)
    assert np.isnan(placing.distance_m[0])
    assert placing.answer[0] == "undecided"


def test_far_from_an_exact_line_a_good_position_decides():
    placing = zones.place_against([51.0, 51.0], [21.9, 22.1], 100.0, SQUARE)
    assert placing.answer.tolist() == ["inside", "outside"]


def test_the_line_and_the_position_err_together():
    fence = zone(SQUARE.geometry, line_sigma_m=300.0)
    assert zones.place_against(51.0, 21.99, 400.0, fence).sigma_m[0] == pytest.approx(500.0)


def test_the_probability_follows_the_normal_law():
    # Source: tables of the normal law: 1.6449 sigma leave 5 % on one side.
    found = zones.probability_inside(np.array([1.6449, 0.0, -1.6449, -6.0]), np.ones(4))
    np.testing.assert_allclose(found, [0.95, 0.5, 0.05, 9.8659e-10], rtol=1e-4)


def test_without_any_error_the_drawing_decides():
    found = zones.probability_inside(np.array([1.0, 0.0, -1.0]), np.zeros(3))
    assert found.tolist() == [1.0, 0.5, 0.0]


def test_one_sigma_may_be_given_for_each_position():
    placing = zones.place_against([51.0, 51.0], [21.99, 21.99], [10.0, 10_000.0], SQUARE)
    assert placing.answer.tolist() == ["inside", "undecided"]


def test_a_cut_side_is_no_edge_and_beyond_what_is_seen_there_is_no_answer():
    # The country goes on east of 22 E; the file was cut there.
    cut = zone(SQUARE.geometry, clip_box=(10.0, 40.0, 22.0, 60.0))
    near_true_edge_m, near_cut_m, beyond_m = zones.signed_distance_m([51.0] * 3, [20.1, 21.99, 22.5], cut)
    assert near_true_edge_m == pytest.approx(7_020.0, abs=20.0)
    assert np.isnan(near_cut_m)
    assert np.isnan(beyond_m)
    assert zones.place_against(51.0, 21.99, 1_000.0, cut).answer[0] == "undecided"
    assert zones.place_against(51.0, 22.5, 10.0, cut).answer[0] == "undecided"


def test_what_lies_well_within_the_box_is_inside_though_nobody_knows_how_far_from_the_edge():
    cut = zone(SQUARE.geometry, clip_box=(10.0, 40.0, 22.0, 60.0))
    placing = zones.place_against([51.0, 51.0], [21.99, 19.99], 10.0, cut)
    assert placing.answer.tolist() == ["inside", "outside"]
    assert np.isnan(placing.distance_m[0])  # 700 m from the cut, and some 70 km from the nearest true edge


def test_a_find_of_constanta_inland_is_in_romania_though_the_overview_is_cut_south_of_it():
    # Murfatlar, 17 km from the sea and 19 km north of the cut at 44 degrees; Medgidia; and Mangalia, south of the cut.
    placing = zones.place_against([44.17, 44.25, 43.8], [28.41, 28.27, 28.5], 100.0, borders.load_country("RO"))
    assert placing.answer.tolist() == ["inside", "inside", "undecided"]


def test_warsaw_is_in_poland_and_brest_is_not():
    placing = zones.place_against([52.2298, 52.0975], [21.0118, 23.6877], 100.0, borders.load_country("PL"))
    assert placing.answer.tolist() == ["inside", "outside"]
    assert placing.distance_m[0] > 140_000.0


def test_on_the_bug_near_terespol_the_overview_cannot_say():
    # The river bridge between Terespol and Brest, and places some hundred metres on either side.
    placing = zones.place_against([52.0766] * 3, [23.645, 23.654, 23.663], 50.0, OVERVIEW)
    assert placing.answer.tolist() == ["undecided"] * 3
    assert np.abs(placing.distance_m).max() < 2_000.0


@given(st.integers(0, 1308), st.floats(0.0, 360.0), st.floats(0.0, 1_600.0))
@settings(max_examples=50)
def test_nothing_is_decided_within_1600_m_of_the_overview(corner, azimuth_deg, away_m):
    poland = OVERVIEW
    lon_deg, lat_deg = shapely.get_coordinates(poland.geometry)[corner]
    lat_deg, lon_deg = geodesy.direct(lat_deg, lon_deg, azimuth_deg, away_m)
    assert zones.place_against(lat_deg, lon_deg, 0.0, poland).answer[0] == "undecided"


def test_the_fine_line_tells_the_banks_of_the_bug_near_terespol_apart():
    placing = zones.place_against([52.0766] * 3, [23.640, 23.6454, 23.651], 20.0, borders.load_zone("PL-land"))
    assert placing.answer.tolist() == ["inside", "undecided", "outside"]
