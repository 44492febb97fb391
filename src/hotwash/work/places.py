"""Look up a place, so that a bundle can state its position and accuracy."""

from __future__ import annotations

from pathlib import Path

from hotwash.geo import gazetteer
from hotwash.geo.gazetteer import Place
from hotwash.ingest.disk import read_bytes


def look_up(name: str, *, file: Path | None = None, near: tuple[float, float] | None = None) -> tuple[Place, ...]:
    """Return the places that a name may mean, the most likely first.

    file     your own gazetteer (our CSV, or a GeoNames dump); by default the one in the package
    near     latitude and longitude of the area; of equally good matches the nearer comes first
    raises   PlaceError when nothing matches; ReadError for a file that cannot be read
    """
    places = gazetteer.load_gazetteer() if file is None else gazetteer.parse(read_bytes(file), name=file.name)
    return gazetteer.find(places, name, near=near)
