"""The list of aerodromes of `airportsdata`, some 28,000 (MIT licence), by code and by name.

It travels with that library. Positions are reference points, given to between two and five decimals, so some are only
good to half a kilometre; elevations are those of the highest point of the landing area.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import airportsdata

from hotwash.geo.names import (
    AS_FIRST_WORDS,
    AS_NAME,
    AS_OTHER_NAME,
    AS_WRITTEN,
    NameList,
    fold,
    lines_with,
    list_names,
    search_names,
)
from hotwash.units import convert

LEAST_WORD = 4  # letters of a word by which an aerodrome is found: "Kastrup"
Row = dict[str, Any]


@lru_cache(maxsize=1)
def by_icao() -> Mapping[str, Any]:
    """Return the whole list, read once: that takes a tenth of a second."""
    return airportsdata.load("ICAO")


@lru_cache(maxsize=1)
def by_iata() -> Mapping[str, Any]:
    """Return those of the list that have a code of three letters, by it."""
    return {one["iata"]: one for one in by_icao().values() if one["iata"]}


def match_aerodromes(query: str) -> list[tuple[int, Row]]:
    """Return rows of AERODROMES that a code or a name may mean, each with how well it fits (`geo.names`).

    A code in capitals fits best, as it is written. A name fits by its words; that of the city, where airliners fly.
    """
    code = query.strip()
    exact = by_icao().get(code.upper()) or (by_iata().get(code) if code.isupper() else None)
    fits = {exact["icao"]: AS_WRITTEN if code.isupper() else AS_NAME} if exact else {}
    listed, names = list(by_icao().values()), _names()
    for line, fit in search_names(names, query).items():
        if fit in (AS_NAME, AS_FIRST_WORDS) or (fit == AS_OTHER_NAME and listed[line]["iata"]):
            fits.setdefault(listed[line]["icao"], AS_NAME if fit == AS_NAME else AS_FIRST_WORDS)
    folded = fold(query)
    if len(folded) >= LEAST_WORD:
        for line in [*lines_with(names, f" {folded} "), *lines_with(names, f" {folded}|")]:
            if listed[line]["iata"]:
                fits.setdefault(listed[line]["icao"], AS_FIRST_WORDS)
    return [(fit, aerodrome_row(by_icao()[icao])) for icao, fit in fits.items()]


@lru_cache(maxsize=1)
def _names() -> NameList:
    """Return name and city of each aerodrome, in the list's order."""
    return list_names(f"{one['name']}|{one['city']}" for one in by_icao().values())


def aerodrome_row(listed: Any) -> Row:
    """Return one of the list as a row of AERODROMES."""
    return {
        "aerodrome_id": listed["icao"],
        "iata": listed["iata"],
        "name": listed["name"],
        "lat_deg": listed["lat"],
        "lon_deg": listed["lon"],
        "elevation_amsl_m": round(convert(listed["elevation"], "ft", "m"), 1),
        "zone": listed["tz"],
        "country": listed["country"],
    }
