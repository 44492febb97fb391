"""Aerodromes by their codes, as the tables have them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from hotwash.errors import GeometryError, PlaceError, ReadError
from hotwash.ingest.aerodrome_list import Row, aerodrome_row, by_iata, by_icao
from hotwash.model import schema, tables


def find_aerodromes(codes: Sequence[str]) -> list[Row]:
    """Return rows of AERODROMES for some codes, in their order.

    codes    ICAO (four letters) or IATA (three), large or small
    raises   PlaceError for the first code that the list does not hold, with codes that look like it
    """
    return [aerodrome_row(_find(code)) for code in codes]


def aerodrome_table(codes: Sequence[str], *, own: Mapping[str, Row] | None = None) -> pl.DataFrame:
    """Return AERODROMES for some codes; none reads nothing.

    own      rows of aerodromes that no list has, by code
    raises   PlaceError for a code that neither holds
    """
    rows = [(own or {})[code] if code in (own or {}) else aerodrome_row(_find(code)) for code in codes]
    return schema.frame(tables.AERODROMES, rows)


def own_aerodromes(codes: Sequence[str], zones: bytes | None) -> dict[str, Row]:
    """Return rows of AERODROMES for codes that the list does not hold, and of which a bundle's zones give the place.

    zones    the bundle's zones.geojson: a zone of kind `aerodrome` with that code as its zone_id
    """
    unlisted = [code for code in codes if not is_listed(code)]
    if zones is None or not unlisted:
        return {}
    from hotwash.geo.zones import from_geojson  # geometry is loaded where it is asked for

    try:
        drawn = from_geojson(zones, name="zones.geojson")
    except (ReadError, GeometryError):  # told where the zones are collected
        return {}
    found = [zone for zone in drawn if zone.kind == "aerodrome" and zone.zone_id in unlisted]
    middles = {zone.zone_id: zone.geometry.centroid for zone in found}
    nothing = dict.fromkeys(("iata", "elevation_amsl_m", "zone", "country"))
    return {
        zone.zone_id: {"aerodrome_id": zone.zone_id, "name": zone.name or zone.zone_id, **nothing}
        | {"lat_deg": middles[zone.zone_id].y, "lon_deg": middles[zone.zone_id].x}
        for zone in found
    }


def is_listed(code: str) -> bool:
    """Tell whether the list holds a code, ICAO or IATA."""
    wanted = code.strip().upper()
    return wanted in (by_iata() if len(wanted) == 3 else by_icao())


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
