"""How far is a point from a drawn line? Lines are straight in longitude and latitude, distances are geodesic.

An edge is cut into pieces so short that a straight chord through the earth stays within SAGITTA_M of it, and a
parabola within 0.02 mm. The nearest pieces are found in three dimensions, where neither the poles nor the antimeridian
are special, and the distance is the geodesic to the foot on the parabola, which is the foot on the drawn edge.

        .---edge (straight in lon, lat)---.
       a -------------chord-------------- b      deviation <= R (|dlat| + |dlon|)^2 / 8, angles in radians

Balls around 1, 8, 64 ... neighbouring pieces leave out what cannot be nearest, so the cost grows slowly with
the number of pieces. Many points go to `kernels.py`, which does the same compiled; few are done here, so that a small
job neither imports a compiler nor waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hotwash.geo import geodesy
from hotwash.geo.frames import SEMI_MAJOR_M, FloatArray, geodetic2ecef

IntArray = NDArray[np.int64]

# Chord and edge differ by no more than this; what a parabola leaves is smaller by the same angle again, 5e-4.
SAGITTA_M = 0.2
# From so many points on the compiled search is used: importing numba and loading the kernels takes some 0.7 s, and
# a point takes 8 to 17 µs here, 0.6 µs there (measured on 35,000 pieces).
MANY_POINTS = 50_000
# The kernel's series is good to 0.01 mm up to here; beyond, PROJ is asked.
_SERIES_M = 200_000.0
# How much less the chord of another way may be whose geodesic is no shorter, as a share of its cube [1/m2]: chords
# are shorter than arcs by curvature^2 c^3 / 24, and curvatures differ by 1 %.
_SPREAD = 2.2e-17
_FINER = (128, 4)  # cells a side to begin a search in, and how many parts of a side they have near the line
_METRES_A_DEG = 111_000.0
_NOWHERE_M = 1e12  # where unused places of a block lie: farther than anything, and of a finite square
_FAN = 8  # children of a ball: 4, 8 and 16 were measured, and take the same time within a fifth
_TOP = 64  # balls of the coarsest layer: every point is held against each of them
_AT_ONCE = 8192  # points a pass: the working arrays stay in the processor's cache


@dataclass(frozen=True)
class Ball:
    """One layer of balls; ball j holds balls 8j to 8j + 7 of the next finer layer.

    centre_m   (k, 3) float64, earth-centred
    radius_m   (k,) float64
    """

    centre_m: FloatArray
    radius_m: FloatArray


@dataclass(frozen=True)
class EdgeIndex:
    """Edges cut into m pieces and indexed for a search of the nearest.

    start_deg, step_deg      (m, 2) float64, lon_deg then lat_deg
    start_m, step_m, bow_m   (m, 3) float64, earth-centred: a piece is start + t step + t (1 - t) bow, 0 <= t <= 1
    layers                   coarse to fine; the last has one ball for each piece
    """

    start_deg: FloatArray
    step_deg: FloatArray
    start_m: FloatArray
    step_m: FloatArray
    bow_m: FloatArray
    layers: tuple[Ball, ...]

    @cached_property
    def kernel_arrays(self) -> tuple[Any, ...]:
        """The arguments of `kernels.nearest`: pieces, balls, first, seeds, frame."""
        return _kernel_arrays(self)


def edges_of(geometry: Any) -> FloatArray:
    """Return the edges of a polygon or multipolygon, without those that exist only on the flat map.

    geometry   shapely, in lon/lat
    returns    (e, 4) float64: lon_deg, lat_deg of one end, then of the other

    Left out are edges along a pole, and edges along the antimeridian where the area goes on beyond it
    (RFC 7946, 3.1.9, wants such an area cut there).
    """
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometry)), return_index=True)
    same_ring = ring[:-1] == ring[1:]
    edges = np.hstack([corners[:-1], corners[1:]])[same_ring]
    along_pole = (np.abs(edges[:, 1]) == 90.0) & (edges[:, 1] == edges[:, 3])
    return _without_seam(edges[~along_pole])


def off_box(edges: FloatArray, box: Sequence[float]) -> FloatArray:
    """Return the edges that do not run along a side of the box; those that do come from the cut.

    box   west, south, east, north [deg]
    """
    west, south, east, north = box
    lon_a, lat_a, lon_b, lat_b = edges[:, 0], edges[:, 1], edges[:, 2], edges[:, 3]
    upright = (lon_a == lon_b) & ((lon_a == west) | (lon_a == east))
    level = (lat_a == lat_b) & ((lat_a == south) | (lat_a == north))
    own: FloatArray = edges[~(upright | level)]
    return own


def index_edges(edges: FloatArray) -> EdgeIndex:
    """Return edges indexed for a search of the nearest.

    edges   (e, 4) float64: lon_deg, lat_deg of one end, then of the other
    """
    start_deg, step_deg = _cut(edges)
    start_m = np.column_stack(geodetic2ecef(start_deg[:, 1], start_deg[:, 0], 0.0))
    end_deg, middle_deg = start_deg + step_deg, start_deg + step_deg / 2.0
    step_m = np.column_stack(geodetic2ecef(end_deg[:, 1], end_deg[:, 0], 0.0)) - start_m
    middle_m = np.column_stack(geodetic2ecef(middle_deg[:, 1], middle_deg[:, 0], 0.0))
    bow_m = 4.0 * (middle_m - start_m - step_m / 2.0)
    finest = Ball(start_m + step_m / 2.0, np.linalg.norm(step_m, axis=1) / 2.0 + _sagitta_m(bow_m))
    layers = [finest]
    while len(layers[0].radius_m) > _TOP:
        layers.insert(0, _bound_by_balls(layers[0]))
    return EdgeIndex(start_deg, step_deg, start_m, step_m, bow_m, tuple(layers))


def distance_to_lines_m(lat_deg: FloatArray, lon_deg: FloatArray, drawn: EdgeIndex) -> FloatArray:
    """Return the geodesic distance of each point to the nearest place on the lines [m].

    lat_deg, lon_deg   (n,) float64; `nan` gives `nan`
    returns            (n,) float64, at least 0; infinite when there are no lines

    Within 1 mm up to 1,000 km. Beyond, the nearest place is sought along straight chords, and they rank like
    geodesics only to 1e-3 at 10,000 km.
    """
    away_m = np.full(lat_deg.shape, np.nan)
    known = np.flatnonzero(np.isfinite(lat_deg) & np.isfinite(lon_deg))
    if len(drawn.start_deg) == 0:
        away_m[known] = np.inf
    elif len(known) >= MANY_POINTS:
        away_m = kernel_distance_m(lat_deg, lon_deg, drawn)
    else:
        for first in range(0, len(known), _AT_ONCE):
            some = known[first : first + _AT_ONCE]
            away_m[some] = plain_distance_m(lat_deg[some], lon_deg[some], drawn)
    return away_m


def plain_distance_m(lat_deg: FloatArray, lon_deg: FloatArray, drawn: EdgeIndex) -> FloatArray:
    """Return the distance by array arithmetic, for a few thousand points, none of them `nan`."""
    point, foot_deg = _feet(np.column_stack(geodetic2ecef(lat_deg, lon_deg, 0.0)), drawn)
    away_m = geodesy.distance_m(lat_deg[point], lon_deg[point], foot_deg[:, 1], foot_deg[:, 0])
    nearest_m: FloatArray = np.minimum.reduceat(away_m, _starts(point))
    return nearest_m


def kernel_distance_m(lat_deg: FloatArray, lon_deg: FloatArray, drawn: EdgeIndex) -> FloatArray:
    """Return the distance by the compiled search, for many points; `nan` gives `nan`."""
    from hotwash.geo import kernels

    # A frame's arrays are read-only, another type to the compiler, which would compile everything again.
    lat_deg, lon_deg = np.require(lat_deg, requirements="W"), np.require(lon_deg, requirements="W")
    away_m, piece, along = kernels.nearest(lat_deg, lon_deg, *drawn.kernel_arrays)
    far = np.flatnonzero(away_m > _SERIES_M)
    foot_deg = drawn.start_deg[piece[far]] + along[far, None] * drawn.step_deg[piece[far]]
    away_m[far] = geodesy.distance_m(lat_deg[far], lon_deg[far], foot_deg[:, 1], foot_deg[:, 0])
    return away_m


def _kernel_arrays(drawn: EdgeIndex) -> tuple[Any, ...]:
    length2 = np.einsum("ij,ij->i", drawn.step_m, drawn.step_m)
    inverse = 1.0 / np.where(length2 > 0.0, length2, np.inf)
    rows = np.column_stack([drawn.start_m, drawn.step_m, drawn.bow_m, inverse, _sagitta_m(drawn.bow_m)])
    pieces = _blocks(rows, [_NOWHERE_M, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    layers = drawn.layers[:-1] or (_bound_by_balls(drawn.layers[-1]),)
    each = [_blocks(np.column_stack([ball.centre_m, ball.radius_m]), [_NOWHERE_M, 0, 0, 0]) for ball in layers]
    balls, first = np.concatenate(each), np.cumsum([0, *map(len, each)]).astype(np.int32)
    return pieces, balls, first, *_seeds(drawn.start_deg, pieces, balls, first)


def _seeds(start_deg: FloatArray, pieces: FloatArray, balls: FloatArray, first: Any) -> tuple[Any, FloatArray]:
    """Return for each cell of a grid the piece nearest to its middle, and the grid's frame.

    A cell far from the line has the piece of the greater cell that it is in.
    """
    from hotwash.geo import kernels

    (west, south), (east, north) = start_deg.min(axis=0) - 1.0, start_deg.max(axis=0) + 1.0
    seeds, away_m = np.zeros((1, 1), dtype=np.int32), np.zeros((1, 1))
    frame = np.array([west, south, 0.0, 0.0])
    for finer in _FINER:
        seeds, away_m = (np.repeat(np.repeat(found, finer, axis=0), finer, axis=1) for found in (seeds, away_m))
        side = len(seeds)
        row, column = np.nonzero(away_m < np.hypot(north - south, east - west) * _METRES_A_DEG * finer / side)
        lat, lon = south + (row + 0.5) / side * (north - south), west + (column + 0.5) / side * (east - west)
        now = kernels.nearest(np.clip(lat, -90.0, 90.0), lon, pieces, balls, first, seeds, frame)
        away_m[row, column], seeds[row, column] = now[0], now[1]
        frame = np.array([west, south, side / (north - south), side / (east - west)])
    return seeds, frame


def _blocks(rows: FloatArray, unused: Sequence[float]) -> FloatArray:
    """Return rows (k, c) as blocks (k / 8, c, 8), the last one filled up with an unused row."""
    missing = -len(rows) % _FAN
    filled = np.vstack([rows, np.tile(np.asarray(unused, dtype=np.float64), (missing, 1))])
    return np.ascontiguousarray(filled.reshape(-1, _FAN, rows.shape[1]).transpose(0, 2, 1))


def _sagitta_m(bow_m: FloatArray) -> FloatArray:
    """Return how far a piece is from its chord at most, (m,)."""
    sagitta_m: FloatArray = np.linalg.norm(bow_m, axis=1) / 4.0
    return sagitta_m


def _without_seam(edges: FloatArray) -> FloatArray:
    on_seam = (np.abs(edges[:, 0]) == 180.0) & (edges[:, 0] == edges[:, 2])
    if not on_seam.any():
        return edges
    east, west = (_along_180(edges[on_seam & (np.sign(edges[:, 0]) == side)]) for side in (1.0, -1.0))
    alone = shapely.get_parts(shapely.symmetric_difference(east, west))
    ends = [shapely.get_coordinates(part) for part in alone if not part.is_empty]
    kept: list[FloatArray] = [np.hstack([points[:-1], points[1:]]) for points in ends]
    return np.vstack([edges[~on_seam], *kept])


def _along_180(edges: FloatArray) -> Any:
    """Return edges on either side of the antimeridian as lines at 180: it is one and the same place."""
    moved = [[(180.0, lat_a), (180.0, lat_b)] for _, lat_a, _, lat_b in edges]
    return shapely.union_all(shapely.linestrings(np.array(moved).reshape(-1, 2, 2)))


def _cut(edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return start_deg and step_deg of pieces, (m, 2) each, in the order of the edges."""
    start_deg, step_deg = edges[:, :2], edges[:, 2:] - edges[:, :2]
    turn_rad = np.radians(np.abs(step_deg).sum(axis=1))
    count = np.maximum(1, np.ceil(turn_rad * np.sqrt(SEMI_MAJOR_M / (8.0 * SAGITTA_M)))).astype(np.int64)
    edge = np.repeat(np.arange(len(edges)), count)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    piece_deg = (step_deg / count[:, None])[edge]
    return start_deg[edge] + nth[:, None] * piece_deg, piece_deg


def _bound_by_balls(finer: Ball) -> Ball:
    """Return balls that each contain up to _FAN neighbours of the layer below."""
    first = np.arange(0, len(finer.radius_m), _FAN)
    count = np.diff(np.append(first, len(finer.radius_m)))
    least_m = np.minimum.reduceat(finer.centre_m - finer.radius_m[:, None], first, axis=0)
    most_m = np.maximum.reduceat(finer.centre_m + finer.radius_m[:, None], first, axis=0)
    centre_m = (least_m + most_m) / 2.0  # a tenth less of radius, and of time, than about their mean
    reach_m = np.linalg.norm(finer.centre_m - np.repeat(centre_m, count, axis=0), axis=1) + finer.radius_m
    return Ball(centre_m, np.maximum.reduceat(reach_m, first))


def _feet(point_m: FloatArray, drawn: EdgeIndex) -> tuple[IntArray, FloatArray]:
    """Return pairs of point and foot, lon_deg and lat_deg, (k,), (k, 2), the nearest place among them; by point."""
    point, piece = _candidates(point_m, drawn.layers)
    offset_m, step_m, bow_m = point_m[point] - drawn.start_m[piece], drawn.step_m[piece], drawn.bow_m[piece]
    length2 = _dot(step_m, step_m)
    along = np.clip(_dot(offset_m, step_m) / np.where(length2 > 0.0, length2, 1.0), 0.0, 1.0)
    for _ in range(2):  # of Newton: what the second leaves is under a micrometre
        gap_m, speed_m = _gap_m(offset_m, step_m, bow_m, along), step_m + (1.0 - 2.0 * along)[:, None] * bow_m
        steep = _dot(speed_m, speed_m) + 2.0 * _dot(gap_m, bow_m)
        along = np.clip(
            along + np.where(steep > 0.0, _dot(gap_m, speed_m) / np.where(steep > 0.0, steep, 1.0), 0), 0, 1
        )
    away_m = np.linalg.norm(_gap_m(offset_m, step_m, bow_m, along), axis=1)
    least_m = np.minimum.reduceat(away_m, _starts(point))
    kept = away_m <= (least_m + _SPREAD * least_m**3)[point]
    foot_deg: FloatArray = drawn.start_deg[piece[kept]] + along[kept, None] * drawn.step_deg[piece[kept]]
    return point[kept], foot_deg


def _gap_m(offset_m: FloatArray, step_m: FloatArray, bow_m: FloatArray, along: FloatArray) -> FloatArray:
    return offset_m - along[:, None] * step_m - (along * (1.0 - along))[:, None] * bow_m


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    found: FloatArray = np.einsum("ij,ij->i", a, b)
    return found


def _candidates(point_m: FloatArray, layers: tuple[Ball, ...]) -> tuple[IntArray, IntArray]:
    """Return pairs of point and piece that hold, for each point, its nearest piece; sorted by point."""
    top = len(layers[0].radius_m)
    point = np.repeat(np.arange(len(point_m)), top)
    ball = np.tile(np.arange(top), len(point_m))
    for depth, layer in enumerate(layers):
        if depth:
            point, ball = _expand(point, ball, len(layer.radius_m))
        offset_m: FloatArray = point_m[point] - layer.centre_m[ball]
        centre_away_m = np.sqrt(np.einsum("ij,ij->i", offset_m, offset_m))
        radius_m = layer.radius_m[ball]
        surely_within_m = np.minimum.reduceat(centre_away_m + radius_m, _starts(point))
        surely_within_m += _SPREAD * surely_within_m**3
        kept = centre_away_m - radius_m <= surely_within_m[point]
        point, ball = point[kept], ball[kept]
    return point, ball


def _expand(point: IntArray, ball: IntArray, finer: int) -> tuple[IntArray, IntArray]:
    """Return the pairs of the next layer: each ball is replaced by its children."""
    child = (ball[:, None] * _FAN + np.arange(_FAN)).ravel()
    exists = child < finer
    return np.repeat(point, _FAN)[exists], child[exists]


def _starts(point: IntArray) -> IntArray:
    """Return where each point's pairs begin; every point has at least one, and they are sorted."""
    return np.flatnonzero(np.diff(point, prepend=-1))
