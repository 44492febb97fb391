"""Zones from GeoJSON: what is read, what is filled in, and what is refused with which advice."""

from __future__ import annotations

import json

import pytest
import shapely

from hotwash.errors import GeometryError, ReadError
from hotwash.geo import zones

SQUARE = [[[20.0, 50.0], [22.0, 50.0], [22.0, 52.0], [20.0, 52.0], [20.0, 50.0]]]
BOW_TIE = [[[20.0, 50.0], [22.0, 52.0], [22.0, 50.0], [20.0, 52.0], [20.0, 50.0]]]


def polygon(rings):
    return {"type": "Polygon", "coordinates": rings}


def feature(*, geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry or polygon(SQUARE)}


def read(found, **choices):
    return zones.from_geojson(json.dumps(found).encode(), name="fences.geojson", **choices)


def swapped(rings):
    return [[corner[::-1] for corner in ring] for ring in rings]


def test_a_zone_is_read_with_all_its_fields():
    (zone,) = read(
        feature(
            zone_id="EPTR12", name="TRA 12", kind="restricted", floor_m=150, ceiling_m=3048, floor_ref="AGL",
            ceiling_ref="FL", line_sigma_m=5, source="AIP Poland ENR 5.1", notes=["active by NOTAM"],
        )
    )  # fmt: skip
    assert (zone.zone_id, zone.name, zone.kind) == ("EPTR12", "TRA 12", "restricted")
    assert (zone.floor_m, zone.floor_ref, zone.ceiling_m, zone.ceiling_ref) == (150.0, "AGL", 3048.0, "FL")
    assert (zone.line_sigma_m, zone.source, zone.notes) == (5.0, "AIP Poland ENR 5.1", ("active by NOTAM",))
    assert zone.geometry.equals(shapely.box(20, 50, 22, 52))


def test_a_bare_geometry_is_a_zone_from_the_ground_up():
    (zone,) = read(polygon(SQUARE))
    assert (zone.zone_id, zone.kind, zone.source) == ("zone-1", "area", "fences.geojson")
    assert (zone.floor_m, zone.floor_ref, zone.ceiling_m, zone.ceiling_ref) == (0.0, "AGL", None, "UNL")
    assert zone.line_sigma_m == 0.0


def test_a_collection_gives_one_zone_a_feature_in_its_order():
    found = read({"type": "FeatureCollection", "features": [feature(zone_id="B"), feature(zone_id="A")]})
    assert [zone.zone_id for zone in found] == ["B", "A"]


def test_a_feature_may_carry_its_id_outside_its_properties():
    assert read({**feature(name="Ring"), "id": 7})[0].zone_id == "7"


def test_a_multipolygon_and_heights_in_coordinates_are_read():
    tall = [[[*corner, 120.0] for corner in SQUARE[0]]]
    (zone,) = read({"type": "MultiPolygon", "coordinates": [tall]})
    assert zone.geometry.geom_type == "MultiPolygon"


def test_a_byte_order_mark_is_no_obstacle():
    assert len(zones.from_geojson(b"\xef\xbb\xbf" + json.dumps(feature()).encode(), name="fences.geojson")) == 1


def test_broken_json_is_refused_with_its_line_and_column():
    with pytest.raises(ReadError, match=r"fences.geojson, line 2, column \d+: not JSON.*cut short") as refused:
        zones.from_geojson(b'{"type": "Feature",\n "geometry": {"type": ', name="fences.geojson")
    assert refused.value.place.startswith("line 2")


def test_a_letter_in_another_encoding_is_refused_with_its_byte():
    with pytest.raises(ReadError, match="byte 10: is not UTF-8"):
        zones.from_geojson(b'{"name": "\xb3"}', name="fences.geojson")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([1, 2], "its type is None"),
        ({"type": "Topology"}, "'Topology'"),
        ({"type": "Point", "coordinates": [20, 50]}, "'Point'"),
        ({"type": "FeatureCollection", "features": []}, "at least one Feature"),
        ({"type": "FeatureCollection", "features": ["a"]}, "at least one Feature"),
        ({**feature(), "properties": [1]}, "not an object"),
        ({**feature(), "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2180"}}}, "not WGS 84"),
        ({"type": "FeatureCollection", "features": [feature(zone_id="A")] * 2}, "occurs twice"),
    ],
)
def test_what_is_not_geojson_of_zones_is_refused(found, why):
    with pytest.raises(ReadError, match=why):
        read(found)


def test_an_old_crs_member_that_says_wgs84_is_harmless():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(read({**feature(), "crs": crs})) == 1


def test_not_a_number_is_refused():
    with pytest.raises(ReadError, match="NaN is no number"):
        zones.from_geojson(b'{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', name="fences.geojson")


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({"floor_m": 100}, "reference of the height is missing"),
        ({"ceiling_m": 100}, "reference of the height is missing"),
        ({"floor_m": 0, "floor_ref": "UNL"}, "cannot be unlimited"),
        ({"floor_m": 0, "floor_ref": "MSL"}, "'MSL' is not one of AGL, AMSL, FL, HAE, UNK, UNL"),
        ({"ceiling_m": 100, "ceiling_ref": "UNL"}, "go together"),
        ({"ceiling_ref": "FL"}, "go together"),
        ({"floor_ref": "AMSL"}, "the height is missing"),
        ({"floor_m": 500, "floor_ref": "AMSL", "ceiling_m": 100, "ceiling_ref": "AMSL"}, "below the floor"),
        ({"floor_m": "100 m", "floor_ref": "AGL"}, "'100 m' is not a number of metres"),
        ({"floor_m": True, "floor_ref": "AGL"}, "not a number"),
        ({"line_sigma_m": -1}, "not between 0"),
        ({"kind": "land_border"}, "must state the accuracy of its line"),
        ({"kind": "state_airspace"}, "must state the accuracy of its line"),
        ({"clipped": True}, "must state the box"),
        ({"clip_box": [1, 2, 3]}, "four numbers"),
        ({"clip_box": [3, 2, 1, 4]}, "west must be below east"),
        ({"notes": "one text"}, "a list of texts"),
    ],
)
def test_limits_that_cannot_be_are_refused(properties, why):
    with pytest.raises(GeometryError, match=why):
        read(feature(**properties))


def test_a_ceiling_below_the_floor_is_possible_where_they_are_measured_from_different_things():
    (zone,) = read(feature(floor_m=500, floor_ref="AMSL", ceiling_m=300, ceiling_ref="AGL"))
    assert zone.ceiling_m == 300.0


def test_a_border_file_without_properties_is_asked_how_good_it_is():
    with pytest.raises(GeometryError, match="line_sigma_m"):
        read(polygon(SQUARE), default_kind="land_border")


@pytest.mark.parametrize(
    ("rings", "why"),
    [
        ([], "no rings"),
        ([[[20, 50], [22, 50], [20, 50]]], "at least four corners"),
        ([SQUARE[0][:-1]], "the ring is open; repeat its first corner"),
        ([[[20, 50], [22], [22, 52], [20, 50]]], "corner 2: .22. is not .longitude, latitude."),
        ([[[20, 50], ["22", 50], [22, 52], [20, 50]]], "corner 2.*is no"),
        ([[[20, 50], [22, 95], [22, 52], [20, 50]]], "corner 2: longitude 22, latitude 95 is not a place on earth"),
        ([[[500000, 600000], [500100, 600000], [500100, 600100], [500000, 600000]]], "metres of a map projection"),
        ([[[179, 50], [181, 50], [181, 52], [179, 50]]], "cut the zone at the antimeridian"),
        ([[[179, 50], [-179, 50], [-179, 52], [179, 50]]], "cut the zone at the antimeridian"),
        ([[[52.1, 120.9], [52.3, 120.9], [52.3, 121.1], [52.1, 120.9]]], "look swapped"),
        ([[[20, 50], [21, 50], [22, 50], [20, 50]]], "encloses no area"),
    ],
)
def test_an_outline_that_cannot_be_is_refused_by_feature_and_corner(rings, why):
    with pytest.raises(GeometryError, match=why) as refused:
        read(feature(name="Ring 5", geometry=polygon(rings)))
    assert refused.value.place.startswith("feature 1 (Ring 5)")


def test_only_areas_are_zones():
    with pytest.raises(ReadError, match="'LineString', no area"):
        read(feature(geometry={"type": "LineString", "coordinates": [[20, 50], [21, 51]]}))


def test_an_outline_that_crosses_itself_is_repaired_and_the_zone_says_so():
    (zone,) = read(polygon(BOW_TIE))
    assert zone.geometry.is_valid
    assert zone.geometry.area == pytest.approx(2.0)
    assert "repaired" in zone.notes[0]


def test_swapped_coordinates_are_told_by_where_the_zone_is_expected():
    with pytest.raises(GeometryError, match=r"with latitude and longitude swapped: GeoJSON has longitude first"):
        read(polygon(swapped(SQUARE)), near=(52.0, 21.0))


def test_a_zone_far_from_where_it_is_expected_is_not_called_swapped():
    assert len(read(polygon([[[-75, 40], [-74, 40], [-74, 41], [-75, 40]]]), near=(52.0, 21.0))) == 1


def test_a_whole_world_is_a_zone():
    world = [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]
    (zone,) = read(polygon(world))
    assert zones.signed_distance_m(52.0, 21.0, zone)[0] == float("inf")
