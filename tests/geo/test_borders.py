"""The shipped borders: what is in them, and what they refuse to say."""

from __future__ import annotations

from pathlib import Path

import by_path
import numpy as np
import pytest
import shapely
from pyproj import Geod

from hotwash import resources
from hotwash.errors import PlaceError
from hotwash.geo import borders, zones

ROOT = Path(__file__).resolve().parents[2]
KILOBYTES_400 = 400_000
MEGABYTE = 1_000_000
OVERVIEW_OFF_M = (700.0, 1_760.0, 3_430.0)  # median, 95 %, worst: docs/accuracy.md


def test_poland_and_all_its_neighbours_are_there():
    held = {zone.zone_id for zone in borders.load_borders()}
    assert {f"{code}-land" for code in ("PL", "DE", "CZ", "SK", "UA", "BY", "LT", "LV", "RU")} <= held


def test_poland_is_whole_and_russia_is_cut():
    assert not borders.load_country("PL").is_clipped
    assert borders.load_country("RU").clip_box == (8.0, 44.0, 45.0, 58.5)


def test_every_border_says_how_well_it_is_known_and_whence_it_comes():
    for zone in borders.load_borders():
        assert zone.line_sigma_m == 1000.0
        assert "Natural Earth" in zone.source
        assert "world-atlas 2.0.2" in zone.source
        assert zone.kind == "land_border"


def test_what_is_fine_stands_in_for_the_overview_and_the_rest_does_not():
    assert borders.load_country("PL") is borders.load_zone("PL-land")
    assert borders.load_zone("UA-land") in borders.load_borders()
    assert {"PL-airspace", "PL-land", "UA-land"} <= set(borders.zone_ids())


def test_every_outline_is_valid_and_nothing_had_to_be_repaired():
    for zone in borders.load_borders():
        assert shapely.is_valid(zone.geometry), zone.zone_id
        assert not any("repaired" in note for note in zone.notes)


def test_no_two_countries_share_land():
    shapes = [zone.geometry for zone in borders.load_borders()]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = [shapes[a].intersection(shapes[b]).area for a, b in zip(first, second, strict=True) if a < b]
    assert max(shared) < 1e-9


def test_polands_area_is_that_of_the_yearbook():
    # Source: Statistics Poland, about 312,700 km2; the drawing is good to half a percent.
    area_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(borders.load_country("PL").geometry)
    assert abs(area_m2) / 1e6 == pytest.approx(312_700.0, rel=5e-3)


def test_the_files_stay_small():
    assert len(resources.read(borders.FILE)) < KILOBYTES_400
    fine = [Path(borders.__file__).parents[1] / name for name in (borders.FINE_FILE,)]
    assert sum(path.stat().st_size for path in fine) < MEGABYTE


def test_polands_land_and_airspace_come_from_openstreetmap_and_say_so():
    for zone_id, kind in (("PL-land", "land_border"), ("PL-airspace", "state_airspace")):
        fine = borders.load_zone(zone_id)
        assert (fine.zone_id, fine.kind, fine.clip_box, fine.notes) == (zone_id, kind, None, ())
        assert "OpenStreetMap contributors" in fine.source
        assert "Open Database License" in fine.source
        assert fine.line_sigma_m <= 300.0


@pytest.mark.parametrize("zone_id", borders.FINE_ZONES)
def test_a_fine_area_is_valid_and_has_no_hole_since_no_enclave_lies_in_it(zone_id):
    geometry = borders.load_zone(zone_id).geometry
    assert shapely.is_valid(geometry)
    assert not any(len(part.interiors) for part in shapely.get_parts(geometry))


def test_the_airspace_holds_the_land_and_has_the_same_line_where_both_are_land():
    land, airspace = (borders.load_zone(name).geometry for name in ("PL-land", "PL-airspace"))
    assert shapely.covers(airspace, land)
    south_of_the_sea = shapely.box(13.0, 48.0, 25.0, 53.5)
    apart = shapely.symmetric_difference(shapely.boundary(land), shapely.boundary(airspace))
    assert shapely.intersection(apart, south_of_the_sea).is_empty


def test_the_airspace_is_as_large_as_the_yearbook_says():
    # Source: Statistics Poland: 322,719 km2 with internal waters and the territorial sea.
    area_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(borders.load_zone("PL-airspace").geometry)
    assert abs(area_m2) / 1e6 == pytest.approx(322_719.0, rel=5e-4)


def test_the_airspace_goes_out_to_sea_and_the_land_does_not():
    # Off Kołobrzeg, in the lagoons of Szczecin and of the Vistula, in the bay of Puck; and a lake, which is land.
    sea, lake = ([54.25, 53.75, 54.36, 54.65], [15.55, 14.40, 19.50, 18.50]), (53.28, 14.89)
    assert not zones.contains(*sea, borders.load_zone("PL-land")).any()
    assert zones.contains(*sea, borders.load_zone("PL-airspace")).all()
    assert zones.contains(*lake, borders.load_zone("PL-land")).all()


def test_the_sea_limit_lies_12_miles_off_the_open_coast():
    # West of 18.3 E there are no bays to close: each corner lies 12 nautical miles from the coast, or it is misdrawn.
    corners = shapely.get_coordinates(borders.load_zone("PL-airspace").geometry)
    off_m = -zones.signed_distance_m(corners[:, 1], corners[:, 0], borders.load_zone("PL-land"))
    limit = (off_m > 15_000.0) & (corners[:, 0] < 18.3)
    assert limit.sum() >= 15
    assert np.median(np.abs(off_m[limit] - 12 * 1852.0)) < borders.load_zone("PL-airspace").line_sigma_m


def test_the_overview_lies_as_far_from_the_fine_line_as_the_manual_says():
    overview = {zone.zone_id: zone for zone in borders.load_borders()}["PL-land"]
    corners = shapely.get_coordinates(shapely.segmentize(overview.geometry, 0.01))
    inland = corners[corners[:, 1] < 53.6]  # the coast is another question
    away_m = np.abs(zones.signed_distance_m(inland[:, 1], inland[:, 0], borders.load_zone("PL-land")))
    found = np.percentile(away_m, [50, 95, 100])
    np.testing.assert_allclose(found, OVERVIEW_OFF_M, rtol=0.05)


def test_the_notes_say_how_crimea_is_drawn():
    simferopol = (44.95, 34.10)
    for code, holds_it in (("RU", True), ("UA", False)):
        zone = borders.load_country(code)
        assert zones.contains(*simferopol, zone)[0] == holds_it
        assert any("Crimea" in note and "no statement of sovereignty" in note for note in zone.notes)


def test_the_assumed_origins_lie_inside_the_file():
    russia = borders.load_country("RU")
    # Shatalovo, Navlya, Kursk, Oryol, Millerovo
    placing = zones.place_against([54.34, 52.83, 51.75, 53.05, 48.95], [32.47, 34.5, 36.3, 36.37, 40.3], 1000.0, russia)
    assert placing.answer.tolist() == ["inside"] * 5


def test_a_town_on_the_coast_is_undecided_since_the_coast_is_an_edge_too():
    assert zones.place_against(46.05, 38.17, 1000.0, borders.load_country("RU")).answer[0] == "undecided"


def test_a_place_beyond_the_cut_is_not_called_outside():
    assert np.isnan(zones.signed_distance_m(52.0, 46.0, borders.load_country("RU"))[0])


def test_a_country_that_is_not_held_is_refused_with_those_that_are():
    with pytest.raises(PlaceError, match="PL-land, RO-land"):
        borders.load_country("XX")


def test_a_code_may_be_written_small():
    assert borders.load_country(" pl ").name == "Poland"


def test_the_topology_is_decoded_as_its_specification_says():
    # Source: the example of the TopoJSON specification, 2.1.2 and 2.1.3: delta-encoded, scaled and shifted.
    script = by_path.script("build_borders")
    transform = {"scale": [0.5, 0.25], "translate": [10.0, 50.0]}
    topology = {"transform": transform, "arcs": [[[0, 0], [2, 0], [0, 4]]]}
    arcs = script.absolute_arcs(topology)
    assert arcs == [[(10.0, 50.0), (11.0, 50.0), (11.0, 51.0)]]
    assert script.join([~0], arcs) == arcs[0][::-1]
