"""Aerodromes from `airportsdata`, a list of some 28,000 that travels with that library (MIT licence).

Positions are reference points, given to between two and five decimals, so some are only good to half a
kilometre; elevations are those of the highest point of the landing area. The list holds no runways.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import airportsdata
import polars as pl

from hotwash.errors import PlaceError
from hotwash.model import schema, tables
from hotwash.units import convert

Row = dict[str, Any]


def find_aerodromes(codes: Sequence[str]) -> list[Row]:
    """Return rows of AERODROMES for some codes, in their order.

    codes    ICAO (four letters) or IATA (three), large or small
    raises   PlaceError for the first code that the list does not hold, with codes that look like it
    """
    return [_row(_find(code)) for code in codes]


def aerodrome_table(codes: Sequence[str]) -> pl.DataFrame:
    """Return AERODROMES for some codes; none reads nothing.

    raises   PlaceError for a code that the list does not hold
    """
    return schema.frame(tables.AERODROMES, find_aerodromes(codes))


@lru_cache(maxsize=1)
def _by_icao() -> Mapping[str, Any]:
    """Return the whole list, read once: that takes a tenth of a second."""
    return airportsdata.load("ICAO")


@lru_cache(maxsize=1)
def _by_iata() -> Mapping[str, Any]:
    return {one["iata"]: one for one in _by_icao().values() if one["iata"]}


def _find(code: str) -> Any:
    wanted = code.strip().upper()
    codes = _by_iata() if len(wanted) == 3 else _by_icao()
    if wanted not in codes:
        # The first two letters of an ICAO code are the country's, and are seldom the ones mistyped.
        alike = [code for code in codes if code[:2] == wanted[:2]] or list(codes)
        close = [f"{like} ({codes[like]['name']})" for like in difflib.get_close_matches(wanted, alike, n=3)]
        advice = f"did you mean {', '.join(close)}?" if close else "give the ICAO code, four letters"
        raise PlaceError(code, why=f"no aerodrome of that code is known; {advice}")
    return codes[wanted]


def _row(listed: Any) -> Row:
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
