"""The ground under the maps, the runways on it, and the columns in which both travel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from hotwash import resources
from hotwash.geo import area_columns, borders, column_arrays, columns, geodesy, ground, runways
from hotwash.ingest.aerodrome_list import by_icao

TWO_KM = 2_200.0  # what a line outside Europe is simplified by, 0.02 deg
KILOMETRE = 1_000.0
FILES = (ground.FILE, "geo/data/towns_gn.xz", runways.FILE, borders.FILE, borders.FINE_FILE)


def polygons_of(name: str) -> shapely.Geometry:
    """Return a land as polygons, valid."""
    land = next(land for land in ground.load_lands() if land.name == name)
    parts = shapely.get_parts(shapely.make_valid(shapely.get_parts(land.geometry)))
    return shapely.union_all([part for part in shapely.get_parts(parts) if part.geom_type == "Polygon"])


def land_at(lat_deg: float, lon_deg: float) -> set[str]:
    """Return the names of the lands at a place, reached either way round the earth."""
    points = shapely.points([lon_deg - 360.0, lon_deg, lon_deg + 360.0], [lat_deg] * 3)
    names = set()
    for land in ground.load_lands():
        parts = shapely.get_parts(land.geometry)
        near = parts[np.any([shapely.intersects(shapely.box(*shapely.bounds(parts).T), at) for at in points], axis=0)]
        if any(shapely.intersects(shapely.make_valid(part), points).any() for part in near):
            names.add(land.name)
    return names


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [
        ("Poland", 52.23, 21.01), ("Germany", 48.14, 11.58), ("Norway", 69.2, 19.2), ("India", 28.61, 77.21),
        ("Fiji", -17.75, 178.0), ("Fiji", -16.85, -179.95), ("Russia", 66.0, 179.0), ("Russia", 66.0, -173.0),
        ("Antarctica", -90.0, 0.0), ("Antarctica", -85.0, 179.9), ("Greenland", 72.0, -40.0),
        ("United States", 39.0, -98.0), ("Brazil", -10.0, -55.0), ("Kenya", 0.5, 37.9), ("Australia", -25.0, 134.0),
    ],
)  # fmt: skip
def test_a_place_lies_in_the_land_that_it_is_in(name: str, lat: float, lon: float):
    assert land_at(lat, lon) == {name}


@pytest.mark.parametrize(("lat", "lon"), [(0.0, -140.0), (60.0, 1.0), (89.9, 0.0), (-45.0, 170.0 + 20.0), (36.0, 18.0)])
def test_the_open_sea_is_no_land(lat: float, lon: float):
    assert land_at(lat, lon) == set()


# Source: national statistics, land and inland water, in thousands of km2.
@pytest.mark.parametrize(
    ("name", "area"), [("Poland", 312.7), ("Germany", 357.6), ("India", 3_287.0), ("Brazil", 8_510.0), ("Fiji", 18.3)]
)
def test_a_land_is_about_as_large_as_published(name: str, area: float):
    found_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(polygons_of(name)))
    assert abs(found_m2) / 1e9 == pytest.approx(area, rel=0.06)  # India and its neighbours dispute 4 %


def test_in_europe_the_ground_has_the_lines_of_the_overview_that_decides():
    ground_line = shapely.boundary(next(land for land in ground.load_lands() if land.name == "Poland").geometry)
    overview = next(zone for zone in borders.load_borders() if zone.zone_id == "PL-land").geometry
    corners = shapely.points(shapely.get_coordinates(overview))
    away_deg = shapely.distance(ground_line, corners)
    assert away_deg.max() < 2e-4  # the overview is rounded to 0.0001 deg


def test_neighbours_share_their_line_also_where_it_is_simplified():
    for one, other in (("Bolivia", "Paraguay"), ("India", "Nepal"), ("Kenya", "Tanzania"), ("Poland", "Germany")):
        left, right = polygons_of(one), polygons_of(other)
        assert shapely.intersection(left, right).area < 1e-6
        assert shapely.intersection(shapely.boundary(left), shapely.boundary(right)).length > 1.0


@pytest.mark.parametrize(
    ("aerodrome", "designators", "length_m"),
    [
        # Published lengths (aeronautical information publications).
        ("EDDM", ("08L/26R", "08R/26L"), 4_000.0),
        ("EPWA", ("15/33",), 3_690.0),
        ("LXGB", ("09/27",), 1_777.0),
        ("ENTC", ("18/36",), 2_450.0),
        ("KJFK", ("13R/31L",), 4_423.0),
        ("NFFN", ("02/20",), 3_273.0),
    ],
)
def test_a_runway_is_as_long_as_published(aerodrome: str, designators: tuple[str, ...], length_m: float):
    known = {runway.designators: runway for runway in runways.runways_at(aerodrome)}
    for designator in designators:
        (lat1, lat2), (lon1, lon2) = known[designator].lat_deg, known[designator].lon_deg
        assert float(geodesy.distance_m(lat1, lon1, lat2, lon2)) == pytest.approx(length_m, rel=0.06)


def test_every_runway_lies_at_its_aerodrome_and_along_its_number():
    known = [(one["lat"], one["lon"], runway) for code, one in by_icao().items() for runway in runways.runways_at(code)]
    rows = [(*at, *way.lat_deg, *way.lon_deg, int(way.designators[:2])) for *at, way in known if is_numbered(way)]
    lat, lon, lat1, lat2, lon1, lon2, number = np.array(rows).T
    assert len(rows) > 6_000
    assert geodesy.distance_m(lat, lon, (lat1 + lat2) / 2, (lon1 + lon2) / 2).max() < 6.1 * KILOMETRE
    _, azimuth_deg, _ = geodesy.inverse(lat1, lon1, lat2, lon2)
    off = np.abs((azimuth_deg - 10.0 * number + 180.0) % 360.0 - 180.0)
    # A number is magnetic, so it may be off by the variation: some 20 degrees in places, more towards the poles.
    assert np.quantile(off, 0.95) < 22.0


def is_numbered(runway: runways.Runway) -> bool:
    return runway.designators[:2].isdigit()


def test_an_aerodrome_without_a_known_runway_has_none():
    assert runways.runways_at("XXXX") == ()


def test_columns_come_back_as_they_were_written():
    numbers = np.array([0, -1, 1, 127, -128, 2**31 - 1, -(2**31)])
    content = column_arrays.write_columns({"numbers": numbers, "names": ["Łódź", "", "東京"], "none": []})
    back = column_arrays.read_columns(content)
    assert back["numbers"].tolist() == numbers.tolist()
    assert columns.read_numbers(columns.split_columns(content)["numbers"][1]) == numbers.tolist()
    assert back["names"].split("\n") == ["Łódź", "", "東京"]


def test_areas_come_back_to_the_last_digit():
    ring = [[14.122971, 52.83862], [14.2, 52.9], [14.3, 52.8], [14.122971, 52.83862]]
    hole = [[14.15, 52.84], [14.16, 52.85], [14.17, 52.84], [14.15, 52.84]]
    features = [
        {
            "type": "Feature",
            "id": "A",
            "properties": {"name": "Łąka"},
            "geometry": {"type": "Polygon", "coordinates": [ring, hole]},
        },
        {
            "type": "Feature",
            "id": "B",
            "properties": {},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring], [hole]]},
        },
    ]
    content = area_columns.write_areas(features, decimals=6)
    assert area_columns.read_areas(content) == features
    assert area_columns.read_areas(content, feature_ids=["B"]) == features[1:]


def test_the_data_stay_small_enough_for_a_package_of_six_megabytes():
    folder = Path(resources.__file__).parent
    assert sum((folder / name).stat().st_size for name in FILES) < 1_100_000
