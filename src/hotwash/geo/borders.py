"""The borders in the package: an overview of Poland and the countries around it, and accurate lines of Poland.

The overview is Natural Earth at 1:10m. On Poland's land border it is a median 0.7 km from the accurate
line, 1.8 km at the 95th percentile and 3.4 km at worst (docs/accuracy.md), so each of its zones has a `line_sigma_m` of
1000, and every answer within some 1.6 km of it is "undecided".

The accurate lines are OpenStreetMap's, of Poland only: its land, and its state airspace, which is land, inland water
and territorial sea. For another country, or an authority's own line, read a file with `zones.from_geojson`.
"""

from __future__ import annotations

from functools import lru_cache

from hotwash import resources
from hotwash.errors import PlaceError
from hotwash.geo.area_columns import read_areas
from hotwash.geo.zones import Zone, from_features

FILE = "geo/data/countries_ne10m.xz"
FINE_FILE = "geo/data/poland_osm.xz"
FINE_ZONES = ("PL-land", "PL-airspace")
OVERVIEW_SIGMA_M = 1000.0  # what every zone of the overview states; the ground under the maps is as good


@lru_cache(maxsize=1)
def load_borders() -> tuple[Zone, ...]:
    """Return the land of Poland and the countries around it from the overview, sorted by zone_id.

    returns   one zone for each country, such as "PL-land"; those cut at the edge of the file have `clip_box`
    raises    ReadError when the file is missing from the package

    Land only, without territorial sea or airspace: the coast is an edge too.
    """
    return _zones(FILE)


@lru_cache(maxsize=len(FINE_ZONES))
def _fine(zone_id: str) -> Zone:
    """Return an accurate zone, read on first use since that takes a twentieth of a second."""
    return _zones(FINE_FILE, zone_id)[0]


def _zones(file: str, *zone_ids: str) -> tuple[Zone, ...]:
    return from_features(read_areas(resources.read(file), feature_ids=zone_ids), name=file.rpartition("/")[2])


def zone_ids() -> tuple[str, ...]:
    """Return the ids of all zones in the package, sorted."""
    return tuple(sorted({*FINE_ZONES, *(zone.zone_id for zone in load_borders())}))


def load_zone(zone_id: str) -> Zone:
    """Return a zone with the most accurate line in the package: the one that every command uses.

    zone_id   "PL-land", "PL-airspace"
    raises    PlaceError when the package does not contain it
    """
    if zone_id in FINE_ZONES:
        return _fine(zone_id)
    overview = {zone.zone_id: zone for zone in load_borders()}
    if zone_id not in overview:
        why = f"the package contains {', '.join(zone_ids())}; give a border file for others"
        raise PlaceError(zone_id, why=why)
    return overview[zone_id]


def load_country(code: str) -> Zone:
    """Return the land of one country, with the most accurate line in the package.

    code     two letters, ISO 3166-1: "PL"
    raises   PlaceError when the package does not contain it
    """
    return load_zone(f"{code.strip().upper()}-land")
