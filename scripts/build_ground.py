"""Rebuild src/hotwash/geo/data/ground_ne.xz, the ground of the maps, from the npm package world-atlas 2.0.2.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    uv run python scripts/build_ground.py package/countries-10m.json src/hotwash/geo/data/ground_ne.xz

Lines are stored once: what two countries share is one arc in both. In Europe and around it they are as the package
has them; elsewhere they are simplified to what Natural Earth draws at 1:50m. An arc keeps its ends, so nothing gapes.
The same input gives the same bytes.
"""

from __future__ import annotations

import json
import lzma
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from hotwash.geo.column_arrays import IntArray, write_columns

# Europe, North Africa, the Levant, the Caucasus and Russia to the Urals.
FINE_BOX = (-25.0, 25.0, 63.0, 82.0)
# 2.2 km on a meridian. Natural Earth at 1:50m has a corner every 5 km or so.
COARSE_DEG = 0.02
# Greenland's coast reaches into the box with a corner or two: an arc is fine where half of it lies inside.
FINE_SHARE = 0.5

NAMES = {
    "Antigua and Barb.": "Antigua and Barbuda", "Ashmore and Cartier Is.": "Ashmore and Cartier Islands",
    "Bosnia and Herz.": "Bosnia and Herzegovina", "Br. Indian Ocean Ter.": "British Indian Ocean Territory",
    "British Virgin Is.": "British Virgin Islands", "Cayman Is.": "Cayman Islands",
    "Central African Rep.": "Central African Republic", "Clipperton I.": "Clipperton Island",
    "Cook Is.": "Cook Islands", "Coral Sea Is.": "Coral Sea Islands",
    "Cyprus U.N. Buffer Zone": "Cyprus buffer zone", "Dem. Rep. Congo": "DR Congo",
    "Dominican Rep.": "Dominican Republic", "Eq. Guinea": "Equatorial Guinea", "Faeroe Is.": "Faroe Islands",
    "Falkland Is.": "Falkland Islands", "Fr. Polynesia": "French Polynesia",
    "Fr. S. Antarctic Lands": "French Southern Lands", "Heard I. and McDonald Is.": "Heard and McDonald Islands",
    "Indian Ocean Ter.": "Indian Ocean Territories", "Macao": "Macau", "Macedonia": "North Macedonia",
    "Marshall Is.": "Marshall Islands", "N. Cyprus": "Northern Cyprus", "N. Mariana Is.": "Northern Mariana Islands",
    "Pitcairn Is.": "Pitcairn Islands", "S. Geo. and the Is.": "South Georgia", "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands", "Spratly Is.": "Spratly Islands", "St-Barthélemy": "Saint Barthélemy",
    "St-Martin": "Saint Martin", "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon", "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "Turks and Caicos Is.": "Turks and Caicos Islands", "U.S. Minor Outlying Is.": "US Minor Outlying Islands",
    "U.S. Virgin Is.": "US Virgin Islands", "W. Sahara": "Western Sahara",
    "Wallis and Futuna Is.": "Wallis and Futuna", "eSwatini": "Eswatini", "USNB Guantanamo Bay": "Guantanamo Bay",
    "United States of America": "United States",
}  # fmt: skip


def main(source: Path, target: Path) -> None:
    """Read the topology, write the columns, and print what came of it."""
    columns = build(json.loads(source.read_text(encoding="utf-8")))
    target.write_bytes(lzma.compress(write_columns(columns), preset=9 | lzma.PRESET_EXTREME))
    lands, corners = len(columns["name"]), len(columns["x_step"])
    print(f"{target}: {lands} lands, {corners} corners, {target.stat().st_size} bytes")


def build(topology: dict[str, Any]) -> dict[str, Any]:
    """Return the columns: arcs as steps of the package's own grid, and lands as rings of arcs."""
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [thin(unwrap(np.cumsum(np.array(steps), axis=0), scale), scale, shift) for steps in topology["arcs"]]
    lands = sorted(topology["objects"]["countries"]["geometries"], key=lambda land: str(land["properties"]["name"]))
    polygons = [land["arcs"] if land["type"] == "MultiPolygon" else [land["arcs"]] for land in lands]
    rings = [ring for parts in polygons for part in parts for ring in part]
    steps = np.diff(np.concatenate(arcs), axis=0, prepend=0)
    return {
        "name": [NAMES.get(land["properties"]["name"], land["properties"]["name"]) for land in lands],
        "grid": [repr(float(value)) for value in (*scale, *shift)],
        "polygons": np.array([len(parts) for parts in polygons]),
        "rings": np.array([len(part) for parts in polygons for part in parts]),
        "arcs": np.array([len(ring) for ring in rings]),
        "arc_step": np.diff([arc for ring in rings for arc in ring], prepend=0),
        "corners": np.array([len(arc) for arc in arcs]),
        "x_step": steps[:, 0],
        "y_step": steps[:, 1],
    }


def unwrap(arc: IntArray, scale: Any) -> IntArray:
    """Return an arc that runs on beyond 180 degrees, where the package jumps to the other side of the sheet."""
    around = round(360.0 / float(scale[0]))
    return np.column_stack([np.unwrap(arc[:, 0], period=around), arc[:, 1]])


def thin(arc: IntArray, scale: Any, shift: Any) -> IntArray:
    """Return an arc with no more corners than its part of the world is drawn with."""
    degrees = arc * scale + shift
    west, south, east, north = FINE_BOX
    lon, lat = degrees.T
    is_fine = ((lon > west) & (lon < east) & (lat > south) & (lat < north)).mean() >= FINE_SHARE
    if is_fine or len(arc) < 5:
        return arc
    thinned = shapely.simplify(shapely.linestrings(degrees), COARSE_DEG, preserve_topology=False)
    corners = np.round((shapely.get_coordinates(thinned) - shift) / scale).astype(np.int64)
    is_ring = bool((arc[0] == arc[-1]).all())
    return arc if is_ring and len(corners) < 5 else corners  # a small island stays as it is


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
