"""How many people live where, for judging warnings: a table that travels in the package, or a user's own.

The shipped one holds places of Poland with 500 people or more, at one point each; who lives elsewhere is in no row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash import resources
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray
from hotwash.model.watch_scenario import Cell, Flier, Point

FILE = "geo/data/population_pl.csv.gz"
CREDIT = "People: GeoNames (geonames.org), CC BY 4.0, places of Poland with 500 or more, at one point each."
WITHIN_M = 60_000.0  # farther from every way nobody is in need, and few circles reach so far
_STEP_M = 10_000.0  # between the points of a way that are looked at


@lru_cache(maxsize=1)
def cells_of_poland() -> tuple[Cell, ...]:
    """Return the cells that travel in the package."""
    rows = csv.DictReader(io.StringIO(resources.read(FILE).decode()))
    return tuple(
        Cell(row["cell_id"], float(row["lat_deg"]), float(row["lon_deg"]), float(row["people"])) for row in rows
    )


def cells(population: pl.DataFrame) -> tuple[Cell, ...]:
    """Return the rows of POPULATION as a scenario holds them."""
    return tuple(Cell(*row) for row in population.select("cell_id", "lat_deg", "lon_deg", "people").iter_rows())


def around(some: Sequence[Cell], objects: Iterable[Flier], *, within_m: float = WITHIN_M) -> tuple[Cell, ...]:
    """Return the cells that lie near a way, in their order.

    objects   whose routes count; the straight lines between their points are looked at every 10 km
    """
    if not some:
        return ()
    lat, lon = (np.array([getattr(cell, name) for cell in some]) for name in ("lat_deg", "lon_deg"))
    is_near = np.zeros(lat.size, dtype=np.bool_)
    for one in objects:
        for at_lat, at_lon in _along(one.route):
            is_near |= _is_within(lat, lon, (at_lat, at_lon), within_m)
    return tuple(cell for cell, is_in in zip(some, is_near.tolist(), strict=True) if is_in)


def _along(route: Sequence[Point]) -> list[Point]:
    found = list(route[:1])
    for begin, end in pairwise(route):
        length_m = float(geodesy.distance_m(*begin, *end))
        shares = np.linspace(0.0, 1.0, max(int(length_m // _STEP_M), 1) + 1)[1:].tolist()
        found += [(begin[0] + part * (end[0] - begin[0]), begin[1] + part * (end[1] - begin[1])) for part in shares]
    return found


def _is_within(lat: FloatArray, lon: FloatArray, place: Point, within_m: float) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = geodesy.distance_m(lat, lon, np.full(lat.size, place[0]), place[1]) <= within_m
    return found
