"""Crossings of a drawn edge by a path: dashes through corners, grazes, hovering, the antimeridian, the real border."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from edge_crossings import INWARDS, OUTWARDS, crossings
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.geo import borders, zones
from hotwash.geo.zones import Zone

ONE_MICROMETRE_DEG = 1e-11
ONE_MILLIMETRE = 1e-3


def zone(geometry, clip_box=None):
    return Zone("Z", "a zone", "area", 0.0, None, "AGL", "UNL", 0.0, "made up", geometry, clip_box)


SQUARE = zone(shapely.box(20.0, 50.0, 22.0, 52.0))


def found(points, area=SQUARE):
    """Return (segment, fraction, direction) for positions (lon, lat)."""
    lon, lat = np.array(points, dtype=float).T
    told = crossings(lat, lon, area)
    return list(zip(told.segment.tolist(), told.fraction.round(12).tolist(), told.direction.tolist(), strict=True))


def test_a_way_in_and_out_is_found_with_its_place():
    assert found([(19, 51), (21, 51), (23, 51)]) == [(0, 0.5, INWARDS), (1, 0.5, OUTWARDS)]


def test_a_dash_through_a_corner_between_two_updates_is_found():
    told = found([(19.9, 50.3), (20.3, 49.9)])
    assert told == [(0, 0.25, INWARDS), (0, 0.75, OUTWARDS)]


def test_a_path_that_stays_on_one_side_crosses_nothing():
    assert found([(20.5, 51), (21.5, 51.5), (21, 50.5)]) == []
    assert found([(18, 51), (19, 51.5)]) == []


def test_a_graze_of_a_corner_or_of_a_side_is_no_crossing():
    assert found([(19, 51), (21, 49)]) == []  # touches the corner at 20 E 50 N
    assert found([(19, 49), (20, 51), (19, 52)]) == []  # turns round on the western side
    assert found([(19, 50.5), (20, 50.5), (20, 51.5), (19, 51.5)])[0][2] == INWARDS  # along a side is inside


def test_a_position_on_the_edge_is_crossed_where_the_next_way_begins():
    assert found([(19, 51), (20, 51), (21, 51)]) == [(1, 0.0, INWARDS)]


def test_hovering_on_the_edge_adds_nothing():
    assert found([(19, 51), (20, 51), (20, 51), (20, 51), (21, 51)]) == [(3, 0.0, INWARDS)]


def test_a_path_through_a_corner_into_the_area_crosses_once():
    assert found([(19, 49), (21, 51)]) == [(0, 0.5, INWARDS)]


def test_an_unknown_position_parts_the_path():
    nowhere = (np.nan, np.nan)
    assert found([(19, 51), nowhere, (21, 51)]) == []
    assert found([(19, 51), nowhere, (21, 51), (23, 51)]) == [(2, 0.5, OUTWARDS)]


@pytest.mark.parametrize("points", [[], [(21.0, 51.0)], [(21.0, 51.0), (21.0, 51.0)]])
def test_a_path_without_a_way_crosses_nothing(points):
    assert found(np.array(points).reshape(-1, 2)) == []


def test_a_hole_is_left_and_entered():
    ring = zone(shapely.box(20, 50, 22, 52) - shapely.box(20.5, 50.5, 21.5, 51.5))
    assert [told[2] for told in found([(19, 51), (23, 51)], ring)] == [INWARDS, OUTWARDS, INWARDS, OUTWARDS]


def test_the_seam_at_the_antimeridian_is_not_crossed_and_the_edge_beyond_it_is():
    fiji = zone(shapely.MultiPolygon([shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)]))
    assert found([(176, -17), (178, -17), (-179, -17), (-177, -17)], fiji) == [(0, 0.5, INWARDS), (2, 0.5, OUTWARDS)]
    assert found([(176, -17), (184, -17)], fiji) == [(0, 0.125, INWARDS), (0, 0.75, OUTWARDS)]


def test_the_side_of_a_clip_box_is_not_crossed():
    cut = zone(SQUARE.geometry, clip_box=(10.0, 40.0, 22.0, 60.0))
    assert found([(19, 51), (21, 51), (23, 51), (21, 51)], cut) == [(0, 0.5, INWARDS)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_crossing_is_one_that_dense_steps_see_and_lies_on_the_edge(seed):
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, 200))
    radius = 1.0 + rng.normal(0, 0.1, 200)
    star = zone(shapely.Polygon(np.column_stack([21 + radius * np.cos(turn), 52 + radius * np.sin(turn)])))
    lon, lat = 21 + np.cumsum(rng.normal(0, 0.2, 50)), 52 + np.cumsum(rng.normal(0, 0.2, 50))
    told = crossings(lat, lon, star)
    at_lon = lon[told.segment] + told.fraction * np.diff(lon)[told.segment]
    at_lat = lat[told.segment] + told.fraction * np.diff(lat)[told.segment]
    edge = shapely.boundary(star.geometry)
    assert shapely.distance(edge, shapely.points(at_lon, at_lat)).max(initial=0.0) < ONE_MICROMETRE_DEG
    # Shapely's own cutting of the path by the area has an end for each of them.
    inside = shapely.intersection(shapely.LineString(np.column_stack([lon, lat])).segmentize(10.0), star.geometry)
    length = np.hypot(np.diff(lon), np.diff(lat))
    gone = np.append(0.0, np.cumsum(length))
    begin = gone[told.segment] + told.fraction * length[told.segment]
    begin = np.append(0.0, begin) if zones.contains(lat[0], lon[0], star)[0] else begin
    begin = np.append(begin, gone[-1]) if zones.contains(lat[-1], lon[-1], star)[0] else begin
    assert (begin[1::2] - begin[::2]).sum() == pytest.approx(inside.length, abs=1e-9)


def test_directions_take_turns_and_places_lie_on_the_real_border():
    poland = borders.load_zone("PL-land")
    rng = np.random.default_rng(5)
    corner = shapely.get_coordinates(poland.geometry)[rng.integers(0, 30_000)]
    lon, lat = corner[:, None] + np.cumsum(rng.normal(0, 0.01, (2, 2_000)), axis=1)
    told = crossings(lat, lon, poland)
    assert len(told.segment) > 50
    assert (np.diff(told.direction) != 0).all()
    assert (told.direction[0] == OUTWARDS) == zones.contains(lat[0], lon[0], poland)[0]
    at_lat = lat[told.segment] + told.fraction * np.diff(lat)[told.segment]
    at_lon = lon[told.segment] + told.fraction * np.diff(lon)[told.segment]
    assert np.abs(zones.signed_distance_m(at_lat, at_lon, poland)).max() < ONE_MILLIMETRE


def test_many_segments_are_found_as_few_are(monkeypatch):
    lon, lat = np.tile([19.0, 21.0, 23.0, 21.0], 50), np.linspace(50.1, 51.9, 200)
    whole = crossings(lat, lon, SQUARE)
    monkeypatch.setattr("edge_crossings._AT_ONCE", 7)
    parts = crossings(lat, lon, SQUARE)
    assert len(whole.segment) > 100
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one, other)
