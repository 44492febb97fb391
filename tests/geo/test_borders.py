"""The shipped borders: what is in them, and what they refuse to say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from hotwash import resources
from hotwash.errors import PlaceError
from hotwash.geo import borders, zones

ROOT = Path(__file__).resolve().parents[2]
KILOBYTES_400 = 400_000


def test_poland_and_all_its_neighbours_are_there():
    held = {zone.zone_id for zone in borders.shipped()}
    assert {f"{code}-land" for code in ("PL", "DE", "CZ", "SK", "UA", "BY", "LT", "LV", "RU")} <= held


def test_poland_is_whole_and_russia_is_cut():
    assert not borders.country("PL").is_clipped
    assert borders.country("RU").clip_box == (8.0, 44.0, 45.0, 58.5)


def test_every_border_says_how_well_it_is_known_and_whence_it_comes():
    for zone in borders.shipped():
        assert zone.line_sigma_m == 1000.0
        assert "Natural Earth" in zone.source
        assert "world-atlas 2.0.2" in zone.source
        assert zone.kind == "land_border"


def test_every_outline_is_valid_and_nothing_had_to_be_repaired():
    for zone in borders.shipped():
        assert shapely.is_valid(zone.geometry), zone.zone_id
        assert not any("repaired" in note for note in zone.notes)


def test_no_two_countries_share_land():
    shapes = [zone.geometry for zone in borders.shipped()]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = [shapes[a].intersection(shapes[b]).area for a, b in zip(first, second, strict=True) if a < b]
    assert max(shared) < 1e-9


def test_polands_area_is_that_of_the_yearbook():
    # Source: Statistics Poland, about 312,700 km2; the drawing is good to half a percent.
    area_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(borders.country("PL").geometry)
    assert area_m2 / 1e6 == pytest.approx(312_700.0, rel=5e-3)


def test_the_file_stays_small():
    assert len(resources.read(borders.FILE)) < KILOBYTES_400


def test_the_notes_say_how_crimea_is_drawn():
    simferopol = (44.95, 34.10)
    for code, holds_it in (("RU", True), ("UA", False)):
        zone = borders.country(code)
        assert zones.contains(*simferopol, zone)[0] == holds_it
        assert any("Crimea" in note and "no statement of sovereignty" in note for note in zone.notes)


def test_the_assumed_origins_lie_inside_the_file():
    russia = borders.country("RU")
    # Shatalovo, Navlya, Kursk, Oryol, Millerovo
    placing = zones.place_against([54.34, 52.83, 51.75, 53.05, 48.95], [32.47, 34.5, 36.3, 36.37, 40.3], 1000.0, russia)
    assert placing.answer.tolist() == ["inside"] * 5


def test_a_town_on_the_coast_is_undecided_since_the_coast_is_an_edge_too():
    assert zones.place_against(46.05, 38.17, 1000.0, borders.country("RU")).answer[0] == "undecided"


def test_a_place_beyond_the_cut_is_not_called_outside():
    assert np.isnan(zones.signed_distance_m(52.0, 46.0, borders.country("RU"))[0])


def test_a_country_that_is_not_held_is_refused_with_those_that_are():
    with pytest.raises(PlaceError, match="PL, RO"):
        borders.country("XX")


def test_a_code_may_be_written_small():
    assert borders.country(" pl ").name == "Poland"


def test_the_topology_is_decoded_as_its_specification_says():
    # Source: the example of the TopoJSON specification, 2.1.2 and 2.1.3: delta-encoded, scaled and shifted.
    spec = importlib.util.spec_from_file_location("build_borders", ROOT / "scripts" / "build_borders.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    transform = {"scale": [0.5, 0.25], "translate": [10.0, 50.0]}
    topology = {"transform": transform, "arcs": [[[0, 0], [2, 0], [0, 4]]]}
    arcs = script.absolute_arcs(topology)
    assert arcs == [[(10.0, 50.0), (11.0, 50.0), (11.0, 51.0)]]
    assert script.join([~0], arcs) == arcs[0][::-1]
