"""The ground under a map: the lands of the whole world, for drawing only.

Natural Earth 1:10m, in Europe and around it as it is, elsewhere simplified to about 1:50m. It decides nothing: breaches
and placings are weighed against `borders`, or against a file of one's own. Lakes and rivers are land.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotwash import resources
from hotwash.geo.column_arrays import read_columns

FILE = "geo/data/ground_ne.xz"


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """One piece of ground: a country, or a zone of interest.

    geometry   longitude and latitude; a country that reaches over 180 degrees runs on beyond it
    bounds     west, south, east, north
    """

    land_id: str
    name: str
    geometry: BaseGeometry
    bounds: tuple[float, float, float, float]


@lru_cache(maxsize=1)
def load_lands() -> tuple[Land, ...]:
    """Return the lands of the world, sorted by name; read on first use, which takes a tenth of a second.

    raises   ReadError when the file is missing from the package
    """
    columns = read_columns(resources.read(FILE))
    rings = _rings(columns)
    polygon_of = np.repeat(np.arange(len(columns["rings"])), columns["rings"])
    enough = np.array([len(ring) >= 4 for ring in rings])  # the grid has folded a few islets into a line
    used, parts = np.unique(polygon_of[enough], return_inverse=True)
    kept = [ring for ring, is_kept in zip(rings, enough, strict=True) if is_kept]
    closed = shapely.linearrings(np.concatenate(kept), indices=np.repeat(np.arange(len(kept)), [len(k) for k in kept]))
    polygons = shapely.polygons(closed, indices=parts)
    land_of = np.repeat(np.arange(len(columns["polygons"])), columns["polygons"])[used]
    return tuple(
        land_from(name, name, shapely.multipolygons(polygons[land_of == number]))
        for number, name in enumerate(columns["name"].split("\n"))
        if (land_of == number).any()
    )


def land_from(land_id: str, name: str, geometry: BaseGeometry) -> Land:
    """Return a geometry as ground."""
    west, south, east, north = (float(side) for side in shapely.bounds(geometry))
    return Land(land_id, name, geometry, (west, south, east, north))


def _rings(columns: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float64]]:
    """Return every ring in degrees; a negative number of an arc is the arc walked backwards, and ends are shared."""
    scale_x, scale_y, shift_x, shift_y = (float(value) for value in str(columns["grid"]).split("\n"))
    lon_deg = np.cumsum(columns["x_step"]) * scale_x + shift_x
    lat_deg = np.cumsum(columns["y_step"]) * scale_y + shift_y
    arcs = np.split(np.column_stack([lon_deg, lat_deg]), np.cumsum(columns["corners"])[:-1])
    numbers = np.split(np.cumsum(columns["arc_step"]), np.cumsum(columns["arcs"])[:-1])
    walked = ([arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring.tolist()] for ring in numbers)
    return [_unwrap(np.concatenate([first, *(arc[1:] for arc in others)])) for first, *others in walked]


def _unwrap(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a ring that runs on beyond 180 degrees; one around the pole, Antarctica's coast, is closed through it."""
    lon_deg, lat_deg = np.unwrap(ring[:, 0], period=360.0), ring[:, 1]
    if abs(lon_deg[-1] - lon_deg[0]) > 180.0:
        lon_deg = np.concatenate([lon_deg, [lon_deg[-1], lon_deg[0], lon_deg[0]]])
        lat_deg = np.concatenate([lat_deg, [-90.0, -90.0, lat_deg[0]]])
    return np.column_stack([lon_deg, lat_deg])
