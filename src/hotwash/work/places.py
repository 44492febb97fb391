"""Look up a place, so that a bundle can state its position and accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hotwash.geo import gazetteer, world_places
from hotwash.geo.gazetteer import FROM_AERODROMES, Match, Place
from hotwash.geo.names import AS_BEGINNING
from hotwash.ingest.aerodrome_list import match_aerodromes
from hotwash.ingest.disk import read_bytes

# "At the airport" means anywhere on some 3 km of it; the list's own points are good to half a kilometre.
AERODROME_SIGMA_KM = 1.5
AERODROME_SOURCE = "airportsdata, MIT licence"


def look_up(name: str, *, file: Path | None = None, near: tuple[float, float] | None = None) -> tuple[Place, ...]:
    """Return the places that a name may mean, the most likely first.

    file     your own gazetteer (our CSV, or a GeoNames dump); by default what is in the package: places of the
             examples, towns of 15,000 people, and aerodromes by code and name
    near     latitude and longitude of the area; of equally good matches the nearer comes first
    raises   PlaceError when nothing matches; ReadError for a file that cannot be read
    """
    if file is not None:
        return gazetteer.find(gazetteer.parse(read_bytes(file), name=file.name), name, near=near)
    aerodromes = [Match(fit, _aerodrome(row), FROM_AERODROMES) for fit, row in match_aerodromes(name)]
    matches = [*world_places.match_places(name), *aerodromes]
    if not matches or not name.strip():
        raise gazetteer.unknown_place(name, world_places.similar_places(name))
    best = min(found.fit for found in matches)
    # The beginning of a word counts only where no list has more of the name.
    return gazetteer.rank([found for found in matches if found.fit < AS_BEGINNING or best == AS_BEGINNING], near=near)


def _aerodrome(row: dict[str, Any]) -> Place:
    return Place(
        place_id=row["aerodrome_id"], name=row["name"], aliases=(row["iata"],) if row["iata"] else (), admin="",
        country=row["country"], lat_deg=row["lat_deg"], lon_deg=row["lon_deg"],
        sigma_position_km=AERODROME_SIGMA_KM, kind="aerodrome", source=AERODROME_SOURCE,
    )  # fmt: skip
