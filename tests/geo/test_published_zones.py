"""Zones as their publishers write them: limits, circles and several volumes of one zone."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from hotwash.breach.areas import is_limited
from hotwash.breach.levels import margins_m
from hotwash.errors import GeometryError, ReadError
from hotwash.geo import zones
from hotwash.geo.zones import Zone

RING = [[20.8, 51.9], [21.2, 51.9], [21.2, 52.1], [20.8, 52.1], [20.8, 51.9]]
AREA = {"type": "Polygon", "coordinates": [RING]}


def read(found: dict[str, Any]) -> tuple[Zone, ...]:
    return zones.from_geojson(json.dumps(found).encode(), name="zones.json")


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry or AREA}


def limits(zone: Zone) -> tuple[float, str, float | None, str]:
    return zone.floor_m, zone.floor_ref, zone.ceiling_m, zone.ceiling_ref


def test_a_layer_of_ed_318_limits_its_zone():
    layer = {"upper": 120, "upperReference": "AGL", "lower": 0, "lowerReference": "AGL", "uom": "m"}
    (zone,) = read(feature({**AREA, "layer": layer}, identifier="NFZ1"))
    assert (zone.zone_id, *limits(zone)) == ("NFZ1", 0.0, "AGL", 120.0, "AGL")


def test_each_volume_of_a_collection_is_a_zone_with_its_own_limits():
    low = {"upper": 100, "upperReference": "AGL", "lower": 0, "lowerReference": "AGL", "uom": "m"}
    high = {"upper": 1000, "upperReference": "AMSL", "lower": 300, "lowerReference": "AMSL", "uom": "ft"}
    both = {"type": "GeometryCollection", "geometries": [{**AREA, "layer": low}, {**AREA, "layer": high}]}
    first, second = read(feature(both, identifier="Z", name=[{"text": "Two layers", "lang": "en-GB"}]))
    assert (first.zone_id, second.zone_id, first.name) == ("Z/1", "Z/2", "Two layers")
    assert limits(second) == (pytest.approx(91.44), "AMSL", pytest.approx(304.8), "AMSL")


@pytest.mark.parametrize("extent", [{"extent": {"subType": "Circle", "radius": 5000}}, {"radius": 5000}])
def test_a_point_with_a_radius_is_a_circle(extent: dict[str, Any]):
    (zone,) = read(feature({"type": "Point", "coordinates": [21.0, 52.0], **extent}))
    assert zones.signed_distance_m([52.0], [21.0], zone)[0] == pytest.approx(5000.0, abs=1.0)


def test_the_volumes_of_ed_269_are_read_with_their_limits():
    volume = {
        "uomDimensions": "M", "lowerLimit": 0, "lowerVerticalReference": "AGL", "upperLimit": 120,
        "upperVerticalReference": "AGL", "horizontalProjection": {"type": "Circle", "center": [21, 52], "radius": 3000},
    }  # fmt: skip
    (zone,) = read({"title": "UAS zones", "features": [{"identifier": "EP-1", "name": "Mast", "geometry": [volume]}]})
    assert (zone.zone_id, zone.name, zone.ceiling_m) == ("EP-1", "Mast", 120.0)


def test_limits_of_openaip_and_of_the_faa_are_read():
    openaip = {
        "lowerLimit": {"value": 1000, "unit": 1, "referenceDatum": 1},
        "upperLimit": {"value": 95, "unit": 6, "referenceDatum": 2},
    }
    assert limits(read(feature(**openaip))[0]) == (pytest.approx(304.8), "AMSL", pytest.approx(2895.6), "FL")
    assert limits(read(feature(CEILING=400, UNIT="Feet"))[0]) == (0.0, "AGL", pytest.approx(121.92), "AGL")


@pytest.mark.parametrize(
    "field",
    [
        "MaxAlt",
        "MinAlt",
        "upper_limit",
        "ceiling",
        "VerticalLimit",
        "top",
        "Altitude",
        "maxHeightAGL",
        "Plafond",
        "obergrenze",
        "alt-max",
    ],
)
def test_a_limit_whose_unit_nobody_knows_decides_nothing_and_takes_no_other_zone_with_it(field: str):
    """Read as no limit it would put flights inside; the file was refused for it."""
    other = {**feature(), "id": "other"}
    unknown, whole = read({"type": "FeatureCollection", "features": [feature(**{field: 120}), other]})
    assert "UNK" in (unknown.floor_ref, unknown.ceiling_ref)
    assert f"{field} 120 looks like a limit of height" in unknown.notes[0]
    assert is_limited(unknown)
    high, low = (margins_m(unknown, np.array([value]), np.array([np.nan])) for value in (9_000.0, 10.0))
    assert np.isnan([*high, *low]).sum() == 2
    assert (whole.floor_ref, whole.ceiling_ref, whole.notes) == ("AGL", "UNL", ())
    (stated,) = read(feature(**{field: 120}, floor_m=0, floor_ref="AGL", ceiling_m=120, ceiling_ref="AGL"))
    assert (stated.ceiling_m, stated.ceiling_ref, stated.notes) == (120.0, "AGL", ())


def test_a_limit_in_a_unit_that_nobody_knows_is_unknown_and_the_other_one_stays():
    strange = {"lowerLimit": {"value": 0, "unit": 0, "referenceDatum": 0},
               "upperLimit": {"value": 40, "unit": 9, "referenceDatum": 1}}  # fmt: skip
    (zone,) = read(feature(**strange))
    assert limits(zone) == (0.0, "AGL", None, "UNK")
    assert zone.notes[0].startswith("its ceiling, 40 9 msl, looks like a limit of height")
    assert limits(read(feature(floor_m=0, floor_ref="AGL", MaxAlt=120))[0]) == (0.0, "AGL", None, "UNK")


def test_a_feature_that_is_no_area_is_told_and_the_others_stay():
    point = {"type": "Feature", "properties": {"name": "ARP"}, "geometry": {"type": "Point", "coordinates": [21, 52]}}
    (zone,) = read({"type": "FeatureCollection", "features": [feature(name="CTR"), point]})
    assert zone.notes == ("feature 2 (ARP) is 'Point', no area, and is left out",)
    with pytest.raises(ReadError, match="contains no area"):
        read({"type": "FeatureCollection", "features": [point]})


@pytest.mark.parametrize(
    "crs", ["EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG:6.9:4979",
            "http://www.opengis.net/def/crs/EPSG/0/4326", "OGC:CRS84"]
)  # fmt: skip
def test_wgs_84_is_taken_in_any_spelling(crs: str):
    assert read({**feature(), "crs": {"type": "name", "properties": {"name": crs}}})[0].notes == ()


def test_etrs89_is_taken_with_a_remark():
    (zone,) = read({**feature(), "crs": {"type": "name", "properties": {"name": "EPSG:4258"}}})
    assert "ETRS89" in zone.notes[0]


def test_the_id_0_stays_0():
    assert read(feature() | {"id": 0})[0].zone_id == "0"


@pytest.mark.parametrize("sigma_m", [1e300, -1.0, 100_001.0])
def test_the_precision_of_a_line_has_bounds(sigma_m: float):
    with pytest.raises(GeometryError, match="line_sigma_m"):
        read(feature(line_sigma_m=sigma_m))
