"""Aerodromes by their codes, as the tables have them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import polars as pl

from hotwash.errors import PlaceError
from hotwash.ingest.aerodrome_list import Row, aerodrome_row, by_iata, by_icao
from hotwash.model import schema, tables


def find_aerodromes(codes: Sequence[str]) -> list[Row]:
    """Return rows of AERODROMES for some codes, in their order.

    codes    ICAO (four letters) or IATA (three), large or small
    raises   PlaceError for the first code that the list does not hold, with codes that look like it
    """
    return [aerodrome_row(_find(code)) for code in codes]


def aerodrome_table(codes: Sequence[str]) -> pl.DataFrame:
    """Return AERODROMES for some codes; none reads nothing.

    raises   PlaceError for a code that the list does not hold
    """
    return schema.frame(tables.AERODROMES, find_aerodromes(codes))


def _find(code: str) -> Any:
    wanted = code.strip().upper()
    codes = by_iata() if len(wanted) == 3 else by_icao()
    if wanted not in codes:
        # The first two letters of an ICAO code are the country's, and are seldom the ones mistyped.
        alike = [code for code in codes if code[:2] == wanted[:2]] or list(codes)
        close = [f"{like} ({codes[like]['name']})" for like in difflib.get_close_matches(wanted, alike, n=3)]
        advice = f"did you mean {', '.join(close)}?" if close else "give the ICAO code, four letters"
        raise PlaceError(code, why=f"no aerodrome of that code is known; {advice}")
    return codes[wanted]
