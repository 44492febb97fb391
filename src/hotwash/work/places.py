"""Look up a place, so that a bundle can state its position and how good it is."""

from __future__ import annotations

from pathlib import Path

from hotwash.geo import gazetteer
from hotwash.geo.gazetteer import Place
from hotwash.ingest.disk import read_bytes


def look_up(name: str, *, file: Path | None = None, near: tuple[float, float] | None = None) -> tuple[Place, ...]:
    """Return the places that a name may mean, the likeliest first.

    file     a gazetteer of one's own (our CSV, or a GeoNames dump); the shipped one by default
    near     latitude and longitude of where one is looking; of equal fits the nearer then stands first
    raises   PlaceError when nothing fits; ReadError for a file that cannot be read
    """
    places = gazetteer.shipped() if file is None else gazetteer.parse(read_bytes(file), name=file.name)
    return gazetteer.find(places, name, near=near)
