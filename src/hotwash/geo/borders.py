"""The land borders that travel in the package: good for drawing, and honest near the line.

Natural Earth at 1:10m lies a median 0.5 to 0.7 km from a finer line (OpenStreetMap) on Poland's land border,
1.8 km at the 95th percentile and 3.4 km at worst, so each zone carries a `line_sigma_m` of 1000, and every
answer within some 1.6 km of the line is "undecided". Who needs better reads a border file of their own with
`zones.from_geojson`.
"""

from __future__ import annotations

from functools import lru_cache

from hotwash import resources
from hotwash.errors import PlaceError
from hotwash.geo.zones import Zone, from_geojson

FILE = "geo/data/countries_ne10m.geojson"


@lru_cache(maxsize=1)
def shipped() -> tuple[Zone, ...]:
    """Return the land of Poland, its neighbours and the countries around, sorted by zone_id.

    returns   one zone a country, "PL-land"; those cut at the edge of the file have `clip_box`
    raises    ReadError when the file is missing from the package

    Land only: the coast is an edge too, and neither territorial sea nor airspace is here.
    """
    return from_geojson(resources.read(FILE), name=FILE.rpartition("/")[2])


def country(code: str) -> Zone:
    """Return the land of one country.

    code     two letters, ISO 3166-1: "PL"
    raises   PlaceError when the shipped file does not hold it
    """
    held = {zone.zone_id.removesuffix("-land"): zone for zone in shipped()}
    wanted = code.strip().upper()
    if wanted not in held:
        why = f"the shipped borders hold {', '.join(held)}; bring a border file for others"
        raise PlaceError(code, why=why)
    return held[wanted]
