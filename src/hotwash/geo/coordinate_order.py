"""Whether zones have latitude and longitude exchanged, as the points that are expected near them tell.

A file in the wrong order lies where nothing is; exchanged, it lies where the points are. One median of all points would
not see that where they lie in two regions, so each point is compared by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike

from hotwash.errors import GeometryError
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray

# A zone this far from a point, but this near with its coordinates exchanged, has them exchanged: Poland exchanged is
# 3,700 km away, and no single incident spans a third of that. A zone this near to any point is where it belongs.
FAR_M = 1_500_000.0
NEAR_M = 500_000.0
# Between 30 and 40 degrees the two places are nearer to each other. Where none of the zones is near any point, one
# that far off is exchanged as well if exchanged it all but contains a point.
_ON_IT_M = 50_000.0

_ROUND_DEG = 1  # digits: 11 km matter to none of these, and thousands of tracks of one region are a few places

NamedAreas = Iterable[tuple[str, Any]]


def check_coordinate_order(
    areas: NamedAreas, lat_deg: ArrayLike, lon_deg: ArrayLike, *, thing: str, order: str = "GeoJSON has longitude first"
) -> None:
    """Refuse zones that lie near the points only with latitude and longitude exchanged.

    areas             of each zone, what messages call its place ("zone CTR-1"), and its shapely geometry
    lat_deg, lon_deg  (n,) one for each track, aerodrome, find; `nan` says nothing
    thing             what messages call the zones: the file's name
    order             of coordinates where the zones come from, for the message
    raises            GeometryError
    """
    lat, lon = np.atleast_1d(np.asarray(lat_deg, float)), np.atleast_1d(np.asarray(lon_deg, float))
    is_known = np.isfinite(lat) & np.isfinite(lon)
    if not is_known.any():
        return
    lat, lon = np.unique(np.round(np.stack([lat, lon])[:, is_known], _ROUND_DEG), axis=1)
    placed = [(place, *_distances_m(geometry, lat, lon)) for place, geometry in areas]
    is_any_near = any(bool((away_m < NEAR_M).any()) for _, away_m, _ in placed)
    for place, away_m, exchanged_m in placed:
        suspect = (away_m > FAR_M) & (exchanged_m < NEAR_M) & (not bool((away_m < NEAR_M).any()))
        if not is_any_near:
            suspect |= exchanged_m < _ON_IT_M
        if suspect.any():
            at = int(np.argmin(np.where(suspect, exchanged_m, np.inf)))
            why = (
                f"it is {away_m[at] / 1000.0:.0f} km from where it is expected, but {exchanged_m[at] / 1000.0:.0f} km "
                f"with latitude and longitude swapped: {order}"
            )
            raise GeometryError(thing, place=place, why=why)


def _distances_m(geometry: Any, lat: FloatArray, lon: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how far points are from a zone's box, and from the box of the same numbers in the other order [m]."""
    west, south, east, north = shapely.bounds(geometry).tolist()
    away_m = _to_box_m(lat, lon, (west, south, east, north))
    is_place = west >= -90.0 and east <= 90.0
    return away_m, _to_box_m(lat, lon, (south, west, north, east)) if is_place else np.full(lat.shape, np.inf)


def _to_box_m(lat: FloatArray, lon: FloatArray, box: tuple[float, float, float, float]) -> FloatArray:
    """Return the distance to about the nearest place of a box, which may be reached over the antimeridian."""
    west, south, east, north = box
    nearest_lat = np.clip(lat, south, north)
    turned = [
        geodesy.distance_m(lat, lon, nearest_lat, np.clip(lon + turn, west, east)) for turn in (-360.0, 0.0, 360.0)
    ]
    nearest: FloatArray = np.minimum.reduce(turned)
    return nearest
