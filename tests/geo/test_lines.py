"""Distance to a line, against dense sampling of the line with PROJ's geodesics, wherever on earth it runs."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from hotwash.geo import lines

ONE_METRE = 1.0
ONE_IN_A_THOUSAND = 1e-3
GEOD = Geod(ellps="WGS84")


def sampled_m(lat_deg, lon_deg, edges, *, step_deg):
    """Return the least of the distances to points set densely along the edges."""
    found = np.full(len(lat_deg), np.inf)
    for lon_a, lat_a, lon_b, lat_b in edges:
        along = np.linspace(0.0, 1.0, 2 + int(max(abs(lon_b - lon_a), abs(lat_b - lat_a)) / step_deg))
        lon_s, lat_s = lon_a + along * (lon_b - lon_a), lat_a + along * (lat_b - lat_a)
        for n, (lat, lon) in enumerate(zip(lat_deg, lon_deg, strict=True)):
            distance_m = GEOD.inv(np.full_like(lon_s, lon), np.full_like(lat_s, lat), lon_s, lat_s)[2]
            found[n] = min(found[n], distance_m.min())
    return found


def found_m(lat_deg, lon_deg, edges):
    return lines.distance_to_lines_m(np.asarray(lat_deg, float), np.asarray(lon_deg, float), lines.index_edges(edges))


@pytest.mark.parametrize(
    "edge",
    [
        (20.0, 50.0, 26.0, 51.0),
        (23.6, 51.5, 23.6, 52.5),
        (10.0, 70.0, 40.0, 70.0),  # a parallel far north is far from a great circle
        (0.0, 88.0, 60.0, 89.0),
        (179.0, 60.0, 180.0, 60.5),
        (-75.0, -3.0, -65.0, 3.0),
    ],
)
def test_the_distance_is_that_to_a_densely_sampled_line(edge):
    rng = np.random.default_rng(7)
    edges = np.array([edge])
    lat_deg = np.clip(rng.uniform(edges[0, [1, 3]].min() - 2, edges[0, [1, 3]].max() + 2, 25), -89.9, 89.9)
    lon_deg = rng.uniform(edges[0, [0, 2]].min() - 2, edges[0, [0, 2]].max() + 2, 25)
    away_m = found_m(lat_deg, lon_deg, edges)
    # Samples 0.0005 deg apart overstate a distance d by at most 28 m x 28 m / 2 d.
    truth_m = sampled_m(lat_deg, lon_deg, edges, step_deg=0.0005)
    far = truth_m > 1_000.0
    assert np.abs(away_m - truth_m)[far & (truth_m < 300_000.0)].max(initial=0.0) < ONE_METRE
    assert (np.abs(away_m / truth_m - 1.0)[far]).max() < ONE_IN_A_THOUSAND


def test_a_point_on_the_line_is_at_distance_0():
    edges = np.array([(20.0, 50.0, 26.0, 51.0), (26.0, 51.0, 26.0, 70.0)])
    along = np.linspace(0.0, 1.0, 101)
    on_first = found_m(50.0 + along, 20.0 + 6.0 * along, edges)
    assert on_first.max() < ONE_METRE


def test_points_close_to_the_line_are_placed_to_the_metre():
    edge = np.array([(10.0, 70.0, 40.0, 70.0)])
    lon_deg, lat_deg, _ = GEOD.fwd(
        np.full(5, 25.123), np.full(5, 70.0), np.full(5, 180.0), [1.0, 5.0, 50.0, 500.0, 5e3]
    )
    away_m = found_m(lat_deg, lon_deg, edge)
    np.testing.assert_allclose(away_m, [1.0, 5.0, 50.0, 500.0, 5e3], rtol=0, atol=ONE_METRE)


def test_far_points_are_good_to_a_thousandth():
    edges = lines.edges_of(shapely.box(14.0, 49.0, 24.0, 54.8))
    lat_deg, lon_deg = np.array([46.0, 30.0, -20.0, 60.0, 85.0]), np.array([38.0, 60.0, -30.0, 170.0, -100.0])
    truth_m = sampled_m(lat_deg, lon_deg, edges, step_deg=0.005)
    np.testing.assert_allclose(found_m(lat_deg, lon_deg, edges), truth_m, rtol=ONE_IN_A_THOUSAND)


def test_many_short_edges_give_the_answer_of_trying_each():
    rng = np.random.default_rng(3)
    turn = np.sort(rng.uniform(0, 2 * np.pi, 3000))
    radius = 2.0 + rng.normal(0, 0.05, 3000)
    ring = shapely.Polygon(np.column_stack([21 + radius * np.cos(turn), 52 + radius * np.sin(turn)]))
    edges = lines.edges_of(ring)
    lat_deg, lon_deg = rng.uniform(49, 55, 40), rng.uniform(17, 25, 40)
    each = np.array([found_m(lat_deg, lon_deg, edges[n : n + 100]) for n in range(0, 3000, 100)])
    np.testing.assert_allclose(found_m(lat_deg, lon_deg, edges), each.min(axis=0), rtol=0, atol=1e-6)


def test_the_way_to_a_line_may_cross_the_antimeridian():
    edges = np.array([(-179.5, 60.0, -179.5, 70.0)])
    assert found_m([65.0], [179.5], edges)[0] == pytest.approx(GEOD.inv(179.5, 65.0, -179.5, 65.0)[2], rel=1e-3)


def test_the_seam_where_an_area_is_cut_at_the_antimeridian_is_no_edge():
    both = shapely.MultiPolygon([shapely.box(170.0, 60.0, 180.0, 70.0), shapely.box(-180.0, 62.0, -170.0, 70.0)])
    away_m = found_m([66.0, 61.0], [180.0, 179.99], lines.edges_of(both))
    assert away_m[0] == pytest.approx(GEOD.inv(180.0, 66.0, 180.0, 70.0)[2], rel=1e-3)
    # Below 62 N only the western part is there, so its side on the antimeridian is a true edge.
    assert away_m[1] == pytest.approx(GEOD.inv(179.99, 61.0, 180.0, 61.0)[2], abs=ONE_METRE)


def test_the_pole_inside_an_area_is_no_edge():
    cap = lines.edges_of(shapely.box(-180.0, 80.0, 180.0, 90.0))
    assert found_m([90.0], [0.0], cap)[0] == pytest.approx(GEOD.inv(0.0, 90.0, 0.0, 80.0)[2], abs=ONE_METRE)


def test_without_lines_everything_is_infinitely_far():
    assert found_m([52.0], [21.0], np.empty((0, 4))).tolist() == [np.inf]


def test_an_unknown_position_has_an_unknown_distance():
    assert np.isnan(found_m([np.nan, 52.0], [21.0, np.nan], np.array([(20.0, 50.0, 26.0, 51.0)]))).all()
