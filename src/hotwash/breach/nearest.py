"""How near paths come to aerodromes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotwash.breach import paths as on_paths
from hotwash.breach.paths import Paths
from hotwash.breach.rows import Row, when
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray, geodetic2ecef

_PARTS = 16  # of each segment beside the nearest row: a distance along a curve is then good to a thousandth of it
_PLACES_AT_ONCE = 200_000  # rows × aerodromes a pass


@dataclass(frozen=True)
class Approach:
    """The nearest approach of one stretch of path to any of some aerodromes."""

    aerodrome: int
    distance_m: float
    time_s: float


def with_aerodrome(paths: Paths, rows: Sequence[Row], aerodromes: pl.DataFrame) -> list[Row]:
    """Return rows of breaches with the aerodrome that each stay came nearest to, how near, and when."""
    if aerodromes.is_empty():
        return list(rows)
    names = aerodromes["aerodrome_id"].to_list()
    lat, lon = aerodromes["lat_deg"].to_numpy(), aerodromes["lon_deg"].to_numpy()
    with_nearest: list[Row] = []
    for row in rows:
        q = on_paths.between(paths, float(str(row["from_s"])), float(str(row["to_s"])), int(str(row["track"])))
        near = approach(paths, q, lat, lon)
        nearest = {
            "nearest_aerodrome": names[near.aerodrome],
            "nearest_m": near.distance_m,
            "nearest_utc": when(paths, near.time_s),
        }
        with_nearest.append({**row, **nearest})
    return with_nearest


def approach(paths: Paths, q: FloatArray, lat_deg: FloatArray, lon_deg: FloatArray) -> Approach:
    """Return the nearest approach of a stretch of one path.

    q                  (k,) its row coordinates, in order
    lat_deg, lon_deg   (a,) of the aerodromes, a at least 1
    """
    row, aerodrome = _roughly(paths, q, lat_deg, lon_deg)
    low, high = q[max(row - 1, 0)], q[min(row + 1, q.size - 1)]
    fine = np.unique(np.concatenate([np.linspace(low, high, 2 * _PARTS + 1), q[row : row + 1]]))
    where = on_paths.places(paths, fine)
    distance_m = geodesy.distance_m(where.lat_deg, where.lon_deg, lat_deg[aerodrome], lon_deg[aerodrome])
    best = int(distance_m.argmin())
    return Approach(aerodrome, float(distance_m[best]), float(where.time_s[best]))


def _roughly(paths: Paths, q: FloatArray, lat_deg: FloatArray, lon_deg: FloatArray) -> tuple[int, int]:
    """Return which of the row coordinates is nearest to which aerodrome, by chords through the earth."""
    there_m = np.column_stack(geodetic2ecef(lat_deg, lon_deg, 0.0))
    at_once = max(_PLACES_AT_ONCE // lat_deg.size, 1)
    best, nearest = np.inf, (0, 0)
    for first in range(0, q.size, at_once):
        where = on_paths.places(paths, q[first : first + at_once])
        here_m = np.column_stack(geodetic2ecef(where.lat_deg, where.lon_deg, 0.0))
        apart2 = ((here_m[:, None, :] - there_m[None, :, :]) ** 2).sum(axis=2)
        place = int(apart2.argmin())
        if apart2.flat[place] < best:
            best = float(apart2.flat[place])
            nearest = (first + place // lat_deg.size, place % lat_deg.size)
    return nearest
