"""Place names to positions: a small list in the package, and a reader for larger ones.

A name matches, in this order, as it is written, without diacritics, as another name of the place, as the first words
of its name, or as the beginning of one. Letters that are not Latin are kept: "Брест" matches a place that lists it.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hotwash import resources
from hotwash.errors import PlaceError, ReadError
from hotwash.geo.names import (
    AS_FIRST_WORDS,
    AS_NAME,
    AS_OTHER_NAME,
    AS_WRITTEN,
    NameList,
    list_names,
    search_names,
    similar_names,
)
from hotwash.visible import quote

FILE = "geo/data/gazetteer.csv"

# What comes first when a name matches several places.
KINDS = ("capital", "city", "town", "municipality", "village")

# GeoNames states no accuracy. We estimate the distance between its point and the place that a report means [km] from
# the size of such places, since "in Lublin" means anywhere in it.
SIGMA_KM = {"capital": 5.0, "city": 4.0, "town": 2.0, "village": 1.0}
_SIGMA_OTHER_KM = 5.0

MOST_ADVISED = 3
FROM_GAZETTEER, FROM_TOWNS, FROM_AERODROMES = range(3)  # which list a match is from
OTHER_NAME_COSTS = 5
EARTH_M = 6_371_008.8  # mean radius

_COLUMNS = (
    "place_id", "name", "aliases", "admin", "country",
    "lat_deg", "lon_deg", "sigma_position_km", "kind", "source",
)  # fmt: skip
_GEONAMES_COLUMNS = 19
CITY_PEOPLE = 100_000
_TOWN_PEOPLE = 5_000
_MOST_PEOPLE = 1e10  # GeoNames counts continents and the earth too
_MOST_KM = 20_004.0  # half a meridian ellipse: the greatest distance on earth


@dataclass(frozen=True)
class Place:
    """One place with a name.

    aliases             other names and spellings
    admin               the first level below the country, as the source writes it
    country             two letters, ISO 3166-1
    sigma_position_km   one standard deviation of the position, in any one direction
    kind                capital, city, town, municipality, village, or what the source calls it
    population          None when the source does not say
    """

    place_id: str
    name: str
    aliases: tuple[str, ...]
    admin: str
    country: str
    lat_deg: float
    lon_deg: float
    sigma_position_km: float
    kind: str
    source: str
    population: int | None = None


@lru_cache(maxsize=1)
def load_gazetteer() -> tuple[Place, ...]:
    """Return the places in the package: those of the example, and towns for map labels.

    raises   ReadError when the file is missing from the package
    """
    return parse(resources.read(FILE), name=FILE.rpartition("/")[2])


def parse(content: bytes, *, name: str) -> tuple[Place, ...]:
    """Return the places of a gazetteer, in the file's order.

    content   UTF-8: our CSV (place_id, name, aliases separated by semicolons, admin, country, lat_deg, lon_deg,
              sigma_position_km, kind, source, and population where known), or a GeoNames dump (19 columns
              separated by tabs, no heading)
    name      of the file, for messages
    raises    ReadError with the line and column of the first fault

    GeoNames states no accuracy; the sigmas of its places are our estimates by kind.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(name, place=f"byte {error.start}", why="not UTF-8 text; save it as UTF-8") from error
    first = text.partition("\n")[0]
    is_dump = first.count("\t") == _GEONAMES_COLUMNS - 1
    places = tuple(_from_geonames(text, name) if is_dump else _from_csv(text, name))
    seen: set[str] = set()
    for place in places:
        if place.place_id in seen:
            raise ReadError(name, place=f"place_id {place.place_id}", why="occurs twice; each place needs its own")
        seen.add(place.place_id)
    return places


def find(places: Sequence[Place], query: str, *, near: tuple[float, float] | None = None) -> tuple[Place, ...]:
    """Return the places that a name may mean, the most likely first.

    near     lat_deg, lon_deg of the area; the nearer of two equal matches comes first, without it the larger
             place, by population, then by kind
    raises   PlaceError when nothing matches, with the nearest spellings

    Matches are ranked: the name itself, the name without diacritics, another name, the first words of a name, and
    where nothing else fits, its beginning.
    """
    names = list_names("|".join((place.name, *place.aliases)) for place in places)
    matches = match(places, names, query)
    if not matches:
        raise unknown_place(query, [(apart, places[line].name) for apart, line in similar_names(names, query)])
    return rank(matches, near=near)


class Match(NamedTuple):
    """A place that a name may mean.

    fit    how well, AS_WRITTEN … AS_BEGINNING
    tier   which list it is from; without an area to look in, the first list's places come first
    """

    fit: int
    place: Place
    tier: int = FROM_GAZETTEER


def match(places: Sequence[Place], names: NameList, query: str) -> list[Match]:
    """Return the places of a list that a name may mean, in the list's order."""
    fits, wanted = search_names(names, query), query.strip()
    fits |= {line: AS_WRITTEN for line, place in enumerate(places) if wanted in (place.name, place.place_id)}
    return [Match(fit, places[line]) for line, fit in sorted(fits.items())]


def rank(matches: Sequence[Match], *, near: tuple[float, float] | None) -> tuple[Place, ...]:
    """Return the places of matches, the most likely first.

    Of towns in all the world the larger comes first; one that is so called in another language, where it has five times
    the people: "Pekin" is Beijing, and then a town in Illinois.
    """
    places = [found.place for found in matches]
    away_m = [0.0 if near is None else near_m(*near, place.lat_deg, place.lon_deg) for place in places]

    def key(n: int) -> tuple[float, ...]:
        fit, place, tier = matches[n]
        rank_ = KINDS.index(place.kind) if place.kind in KINDS else len(KINDS)
        people = place.population or 0
        if tier == FROM_TOWNS and fit <= AS_OTHER_NAME:
            people, fit = people if fit < AS_OTHER_NAME else people // OTHER_NAME_COSTS, AS_NAME
        return (fit >= AS_FIRST_WORDS, away_m[n], tier, fit, -people, rank_)

    return tuple(places[n] for n in sorted(range(len(matches)), key=key))


def unknown_place(query: str, similar: Sequence[tuple[int, str]]) -> PlaceError:
    """Return the error for a name that nothing matches.

    similar   names that look like it, each with how many letters it is off
    """
    least = min((apart for apart, _ in similar), default=0)
    closest = list(dict.fromkeys(name for apart, name in similar if apart == least))[:MOST_ADVISED]
    advice = f"did you mean {', '.join(closest)}?" if closest else "it has no similar name"
    return PlaceError(query or "an empty name", why=f"is not in the gazetteer; {advice}")


def near_m(lat_deg: float, lon_deg: float, lat1_deg: float, lon1_deg: float) -> float:
    """Return the distance between two places on a sphere: within 0.6 % of the true one, enough to put them in order.

    Source: the haversine formula, Sinnott 1984, Sky and Telescope 68(2). It costs no geodesic library, whose import
    takes longer than a search.
    """
    half_lat, half_lon = math.radians(lat1_deg - lat_deg) / 2, math.radians(lon1_deg - lon_deg) / 2
    across = math.cos(math.radians(lat_deg)) * math.cos(math.radians(lat1_deg)) * math.sin(half_lon) ** 2
    return 2.0 * EARTH_M * math.asin(min(math.sqrt(math.sin(half_lat) ** 2 + across), 1.0))


def _from_csv(text: str, file: str) -> Iterator[Place]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in _COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        why = f"has no column {', '.join(missing)}; a gazetteer has {', '.join(_COLUMNS)}, or is a GeoNames dump"
        raise ReadError(file, place="line 1", why=why)
    for row in rows:
        line = rows.line_num
        if None in row or None in row.values():
            raise ReadError(
                file, place=f"line {line}", why="has more or fewer values than columns; is a quote missing?"
            )
        people = (row.get("population") or "").strip() or "0"
        yield Place(
            place_id=row["place_id"], name=row["name"],
            aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
            admin=row["admin"], country=row["country"],
            lat_deg=_number(row["lat_deg"], -90.0, 90.0, (file, line, "lat_deg")),
            lon_deg=_number(row["lon_deg"], -180.0, 180.0, (file, line, "lon_deg")),
            sigma_position_km=_number(
                row["sigma_position_km"], 0.0, _MOST_KM, (file, line, "sigma_position_km")
            ),
            kind=row["kind"], source=row["source"],
            population=int(_number(people, 0.0, _MOST_PEOPLE, (file, line, "population"))) or None,
        )  # fmt: skip


def _from_geonames(text: str, file: str) -> Iterator[Place]:
    """Source: GeoNames, download.geonames.org/export/dump/readme.txt, the main 'geoname' table."""
    for line, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            continue
        cells = row.rstrip("\r").split("\t")
        if len(cells) != _GEONAMES_COLUMNS:
            why = f"has {len(cells)} columns, but a GeoNames dump has {_GEONAMES_COLUMNS}; was the copy cut short?"
            raise ReadError(file, place=f"line {line}", why=why)
        number, name, plain, others, lat_deg, lon_deg, group, code, country, _, admin = cells[:11]
        people = int(_number(cells[14] or "0", 0.0, _MOST_PEOPLE, (file, line, "population")))
        kind = _geonames_kind(group, code, people)
        spellings = dict.fromkeys((plain, *others.split(",")))
        yield Place(
            place_id=f"gn-{number}", name=name,
            aliases=tuple(spelling for spelling in spellings if spelling not in ("", name)),
            admin=admin, country=country,
            lat_deg=_number(lat_deg, -90.0, 90.0, (file, line, "latitude")),
            lon_deg=_number(lon_deg, -180.0, 180.0, (file, line, "longitude")),
            sigma_position_km=SIGMA_KM.get(kind, _SIGMA_OTHER_KM), kind=kind,
            source=f"GeoNames, CC BY 4.0, {file}", population=people or None,
        )  # fmt: skip


def _geonames_kind(group: str, code: str, people: int) -> str:
    if group != "P":
        return code.lower() or group.lower()
    if code == "PPLC":
        return "capital"
    if code in ("PPLH", "PPLQ", "PPLW", "PPLCH"):
        return "former place"
    if people >= CITY_PEOPLE:
        return "city"
    return "town" if people >= _TOWN_PEOPLE else "village"


def _number(text: str, least: float, most: float, where: tuple[str, int, str]) -> float:
    file, line, column = where
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and least <= value <= most):
        why = f"{quote(text)} is not a number between {least:g} and {most:g}"
        raise ReadError(file, place=f"line {line}, column {column}", why=why)
    return value
