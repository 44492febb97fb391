"""Where a path crosses the drawn edge of a zone, also between its positions.

A path is straight in longitude and latitude from one position to the next, as the edge is between its corners. A point
on the edge is inside, as in `zones.contains`; a path that only touches the edge does not cross it.

               edge
        P0 ------x-------- P1        a dash through a corner crosses twice,
                  .      x           though both its ends are outside
                    .   / P2
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from hotwash.geo import lines
from hotwash.geo.frames import FloatArray
from hotwash.geo.zones import Zone, contains

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

INWARDS, OUTWARDS = 1, -1
_UNKNOWN = -1
_AT_ONCE = 100_000  # segments at once: the pairs with edges need some 100 MB
_LEAST = 1e-12  # of a segment: a shorter stretch is rounding
_NEAR = 1e-9  # of a segment or an edge: extension beyond its ends, so that two neighbours cannot both miss a corner
_PARALLEL = 1e-13
_ON_EDGE_DEG = 1e-12  # a tenth of a micrometre


class Crossings(NamedTuple):
    """Places where a path crosses an edge, in the order of the path, all (k,).

    segment     int64: n leads from position n to position n + 1
    fraction    float64: position along the segment, 0 to 1, in longitude as in latitude
    direction   int8: INWARDS or OUTWARDS
    """

    segment: IntArray
    fraction: FloatArray
    direction: NDArray[np.int8]


def crossings(lat_deg: ArrayLike, lon_deg: ArrayLike, zone: Zone) -> Crossings:
    """Return where a path crosses a zone's drawn edge, at any height.

    lat_deg, lon_deg   (n,) in the order of the path, any longitude; a segment takes the shorter way over the
                       antimeridian. `nan` interrupts the path, so several paths may be given at once
    returns            Crossings; inwards and outwards alternate as far as the path is known

    A crossing at a position of the path is at the start of the next segment. Rounding errors are some nanometres, more
    where the path almost follows the edge. A segment of 10 km lies up to 3 m beside the geodesic at 52 N, one of 100 km
    up to 250 m: give positions near each other. The sides of a clip box are not an edge, so a path that leaves through
    them is not known to have left.
    """
    lat, lon = (np.atleast_1d(np.asarray(angle, dtype=np.float64)) for angle in (lat_deg, lon_deg))
    parts = [
        _stretches(lat[first : first + _AT_ONCE + 1], lon[first : first + _AT_ONCE + 1], zone)
        for first in range(0, max(len(lat) - 1, 1), _AT_ONCE)
    ]
    segment = np.concatenate([part[0] + nth * _AT_ONCE for nth, part in enumerate(parts)])
    begin, side = (np.concatenate([part[which] for part in parts]) for which in (1, 2))
    change = np.flatnonzero((np.diff(side) != 0) & (side[:-1] != _UNKNOWN) & (side[1:] != _UNKNOWN)) + 1
    return Crossings(segment[change], begin[change], np.where(side[change] == 1, INWARDS, OUTWARDS).astype(np.int8))


@lru_cache(maxsize=16)
def _searchable(geometry: Any) -> tuple[FloatArray, Any]:
    """Return edges, (e, 4), and a tree of them; cached, since one zone is used many times."""
    ends = lines.edges_of(geometry)
    return ends, shapely.STRtree(shapely.linestrings(ends.reshape(-1, 2, 2)))


def _stretches(lat: FloatArray, lon: FloatArray, zone: Zone) -> tuple[IntArray, FloatArray, IntArray]:
    """Return segment, begin and side of the stretches between meetings with the edge, in the order of the path.

    returns   (k,) int64; (k,) float64 in [0, 1); (k,) int64, 1 inside, 0 outside or _UNKNOWN
    """
    ways = _ways(lat, lon)
    is_known, moves = np.isfinite(ways).all(axis=1), (ways[:, 2:] != 0.0).any(axis=1)
    going = np.flatnonzero(is_known & moves)
    met, at, along = _meetings(ways, going, zone.geometry)
    segment = np.concatenate([going, np.flatnonzero(~is_known), met])
    begin = np.concatenate([np.zeros(len(segment) - len(met)), at])
    order = np.lexsort((begin, segment))
    segment, begin = segment[order], begin[order]
    end = np.where(np.append(np.diff(segment) == 0, [False]), np.append(begin[1:], 1.0), 1.0)
    is_long = end - begin > _LEAST
    segment, begin, end = segment[is_long], begin[is_long], end[is_long]
    return segment, begin, _sides(ways[segment], segment, (begin + end) / 2.0, along, zone)


def _ways(lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Return (n - 1, 4) float64: lon and lat where a segment begins, and how far it goes in both [deg]."""
    # Wrapping costs the last digits, so only what needs it is wrapped.
    begin = np.where((lon < -180.0) | (lon > 180.0), (lon + 180.0) % 360.0 - 180.0, lon)
    step = np.diff(begin)
    step = np.where(np.abs(step) > 180.0, (step + 180.0) % 360.0 - 180.0, step)
    return np.column_stack([begin[:-1], lat[:-1], step, np.diff(lat)])


def _meetings(ways: FloatArray, going: IntArray, geometry: Any) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return segment and fraction of all meetings with edges, and (k, 3) segment, from, to of ways along an edge.

    Too many are returned rather than too few: one that is no crossing has the same side before and after.
    """
    ends, tree = _searchable(geometry)
    segments, fractions, along = [], [], []
    for turn in (0.0, 360.0, -360.0):  # a way over the antimeridian meets what is drawn on the other side of it
        lon_a = ways[going, 0] + turn
        lon_b = lon_a + ways[going, 2]
        some = going[(np.maximum(lon_a, lon_b) >= -180.0) & (np.minimum(lon_a, lon_b) <= 180.0)]
        begin = ways[some, :2] + (turn, 0.0)
        drawn = shapely.linestrings(np.stack([begin, begin + ways[some, 2:]], axis=1))
        nth, edge = tree.query(drawn)
        at, is_met, is_along = _met(begin[nth], ways[some[nth], 2:], ends[edge, :2], ends[edge, 2:] - ends[edge, :2])
        segments.append(np.repeat(some[nth], 2)[is_met.ravel()])
        fractions.append(at.ravel()[is_met.ravel()])
        along.append(np.column_stack([some[nth], np.sort(at, axis=1)])[is_along])
    return np.concatenate(segments), np.concatenate(fractions), np.concatenate(along)


def _met(
    begin: FloatArray, step: FloatArray, corner: FloatArray, side: FloatArray
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Return fractions of ways at which they meet edges, (k, 2), which of these count, and which ways follow an edge.

    begin, step    (k, 2) the ways [deg]
    corner, side   (k, 2) the edges [deg]

    There is one meeting; ways that follow an edge have two, where the following begins and ends.
    """
    to_corner, length = corner - begin, np.hypot(*step.T)
    across, beside = _cross(step, side), _cross(to_corner, step)
    # Beyond this the edge is so nearly parallel that where it is met cannot be told.
    is_parallel = np.abs(across) <= _PARALLEL * length * np.hypot(*side.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        at, on_edge = _cross(to_corner, side) / across, beside / across
    is_met = ~is_parallel & (np.abs(on_edge - 0.5) <= 0.5 + _NEAR) & (np.abs(at - 0.5) <= 0.5 + _NEAR)
    ends = np.stack([((to_corner + k * side) * step).sum(axis=1) / length**2 for k in (0.0, 1.0)], axis=1)
    is_along = is_parallel & (np.abs(beside) <= _ON_EDGE_DEG * length)
    fractions = np.clip(np.where(is_parallel[:, None], ends, at[:, None]), 0.0, 1.0)
    return fractions, np.column_stack([is_met | is_parallel, is_parallel]), is_along


def _sides(ways: FloatArray, segment: IntArray, middle: FloatArray, along: FloatArray, zone: Zone) -> IntArray:
    """Return 1, 0 or _UNKNOWN for stretches, (k,): as their middles are, and inside where they follow an edge."""
    lon, lat = ways[:, 0] + middle * ways[:, 2], ways[:, 1] + middle * ways[:, 3]
    is_inside = contains(lat, lon, zone)
    for nth, begin, end in along:
        is_inside |= (segment == nth) & (begin < middle) & (middle < end)
    is_told = np.isfinite(lat) & np.isfinite(lon)
    if zone.clip_box is not None:
        west, south, east, north = zone.clip_box
        is_told &= (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
    return np.where(is_told, is_inside.astype(np.int64), _UNKNOWN)


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product
