"""Rebuild src/hotwash/geo/data/countries_ne10m.xz from the npm package world-atlas 2.0.2.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    uv run python scripts/build_borders.py package/countries-10m.json \\
        src/hotwash/geo/data/countries_ne10m.xz

The same input gives the same bytes: order, start corner, turn and rounding of every ring are fixed here.
"""

from __future__ import annotations

import json
import lzma
import sys
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon

from hotwash.geo.area_columns import write_areas

# West, south, east, north. Wide enough for Poland, its neighbours and the country to the east of them
# as far as 45 E; whole degrees, so that the cut edges can be told from the drawn lines afterwards.
CLIP_BOX = (8.0, 44.0, 45.0, 58.5)
DECIMALS = 4  # 0.0001 deg is 11 m; the source itself is quantised to about 250 m by 190 m
LINE_SIGMA_M = 1000
LEAST_ISLAND_KM2 = 2.0  # smaller islands cost bytes, and no land border runs on them
# Far from every question asked of this file, and together a seventh of its bytes.
LEFT_OUT = ("BA", "FR", "HR", "IT", "NO")
SOURCE = (
    "Natural Earth 1:10m admin 0 countries 4.1.0 (public domain), via world-atlas 2.0.2 (ISC), "
    "clipped and rounded to 0.0001 deg"
)
CRIMEA = (
    "Crimea is drawn with Russia in this file, as Natural Earth draws who is in control; no statement of sovereignty"
)
NOTES = {"RU": [CRIMEA], "UA": [CRIMEA]}

# ISO 3166-1: the file gives numbers, people say letters.
ALPHA2 = {
    "040": "AT", "070": "BA", "100": "BG", "112": "BY", "191": "HR", "203": "CZ", "208": "DK", "233": "EE",
    "250": "FR", "276": "DE", "348": "HU", "380": "IT", "428": "LV", "438": "LI", "440": "LT", "498": "MD",
    "578": "NO", "616": "PL", "642": "RO", "643": "RU", "688": "RS", "703": "SK", "705": "SI", "752": "SE",
    "756": "CH", "804": "UA",
}  # fmt: skip

Ring = list[tuple[float, float]]


def main(source: Path, target: Path) -> None:
    """Read the topology, write the areas, and print what came of it."""
    features = build(json.loads(source.read_text(encoding="utf-8")))
    target.write_bytes(lzma.compress(write_areas(features, decimals=DECIMALS), preset=9 | lzma.PRESET_EXTREME))
    print(f"{target}: {len(features)} countries, {target.stat().st_size} bytes")


def build(topology: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one GeoJSON feature a country inside the box, sorted by its code."""
    arcs = absolute_arcs(topology)
    features = []
    for country in topology["objects"]["countries"]["geometries"]:
        drawn = assemble(country, arcs)
        kept = clip(drawn)
        if kept is None:
            continue
        code, name = ALPHA2[country["id"]], country["properties"]["name"]
        if code not in LEFT_OUT:
            is_clipped = not shapely.within(drawn, shapely.box(*CLIP_BOX))
            features.append(feature(code, name, kept, is_clipped=is_clipped))
    return sorted(features, key=lambda found: str(found["id"]))


def absolute_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs in degrees.

    Source: TopoJSON specification 2.1.2 (transforms) and 2.1.3 (delta-encoded arcs).
    """
    (scale_x, scale_y), (shift_x, shift_y) = (topology["transform"]["scale"], topology["transform"]["translate"])
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((round(x * scale_x + shift_x, DECIMALS), round(y * scale_y + shift_y, DECIMALS)))
        arcs.append(arc)
    return arcs


def assemble(country: dict[str, Any], arcs: list[Ring]) -> Any:
    """Return a country as a valid shapely geometry."""
    parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    joined = [[join(ring, arcs) for ring in rings] for rings in parts]
    # Quantising has folded a few islets far away into two or three points.
    polygons = [Polygon(rings[0], rings[1:]) for rings in joined if len(rings[0]) >= 4]
    return shapely.make_valid(MultiPolygon(polygons))


def join(indices: list[int], arcs: list[Ring]) -> Ring:
    """Return a ring from its arcs; a negative index is an arc walked backwards, and ends are shared."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def clip(drawn: Any) -> Any:
    """Return the part in the box, less its smallest islands, in one fixed order; None when none is left."""
    inside = shapely.set_precision(shapely.intersection(drawn, shapely.box(*CLIP_BOX)), 10.0**-DECIMALS)
    polygons = [part for part in shapely.get_parts(inside) if part.geom_type == "Polygon" and not part.is_empty]
    largest = max((part.area for part in polygons), default=0.0)
    kept = [part for part in polygons if part.area == largest or area_km2(part) >= LEAST_ISLAND_KM2]
    if not kept:
        return None
    shape = MultiPolygon(kept) if len(kept) > 1 else kept[0]
    shape = shapely.orient_polygons(shapely.normalize(shape))
    if not shape.is_valid:
        raise SystemExit(f"invalid after rounding: {shapely.is_valid_reason(shape)}")
    return shape


def area_km2(part: Any) -> float:
    """Return a rough area: good enough to leave out an islet."""
    return float(part.area) * 111.2**2 * 0.6  # cos(53 deg)


def feature(code: str, name: str, shape: Any, *, is_clipped: bool) -> dict[str, Any]:
    """Return one country as a zone in GeoJSON."""
    properties: dict[str, Any] = {
        "zone_id": f"{code}-land", "name": name, "kind": "land_border", "floor_m": 0, "floor_ref": "AGL",
        "ceiling_m": None, "ceiling_ref": "UNL", "line_sigma_m": LINE_SIGMA_M, "source": SOURCE,
        "clipped": is_clipped,
    }  # fmt: skip
    if is_clipped:
        properties["clip_box"] = list(CLIP_BOX)
    if code in NOTES:
        properties["notes"] = NOTES[code]
    return {"type": "Feature", "id": f"{code}-land", "properties": properties, "geometry": rounded(shape)}


def rounded(shape: Any) -> dict[str, Any]:
    """Return a geometry as GeoJSON with the shortest numbers."""
    found = shapely.geometry.mapping(shape)

    def walk(node: Any) -> Any:
        return round(node, DECIMALS) if isinstance(node, float) else [walk(child) for child in node]

    return {"type": found["type"], "coordinates": walk(found["coordinates"])}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
