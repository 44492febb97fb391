"""How far is a point from a drawn line? Lines are straight in longitude and latitude, distances are geodesic.

An edge is cut into pieces so short that a straight chord through the earth stays within SAGITTA_M of it; the
nearest chord is found in three dimensions, where neither the poles nor the antimeridian are special; and the
distance is then the geodesic to the foot on the drawn edge.

        .---edge (straight in lon, lat)---.
       a -------------chord-------------- b      deviation <= R (|dlat| + |dlon|)^2 / 8, angles in radians

Balls around 1, 8, 64 ... neighbouring pieces leave out what cannot be nearest, so the cost grows slowly with
the number of pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hotwash.geo import geodesy
from hotwash.geo.frames import SEMI_MAJOR_M, FloatArray, geodetic2ecef

IntArray = NDArray[np.int64]

# Chord and edge differ by no more than this, so a distance is within twice this of the true one.
SAGITTA_M = 0.2
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
class Lines:
    """A set of edges, cut into m pieces and ready to be searched.

    start_deg, step_deg   (m, 2) float64, lon_deg then lat_deg
    start_m, step_m       (m, 3) float64, the chord, earth-centred
    layers                coarse to fine; the last has one ball a piece
    """

    start_deg: FloatArray
    step_deg: FloatArray
    start_m: FloatArray
    step_m: FloatArray
    layers: tuple[Ball, ...]


def edges_of(geometry: Any) -> FloatArray:
    """Return the edges of a polygon or multipolygon, without those that only the flat map has.

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
    """Return the edges that do not run along a side of the box: those that do were made by the cut.

    box   west, south, east, north [deg]
    """
    west, south, east, north = box
    lon_a, lat_a, lon_b, lat_b = edges[:, 0], edges[:, 1], edges[:, 2], edges[:, 3]
    upright = (lon_a == lon_b) & ((lon_a == west) | (lon_a == east))
    level = (lat_a == lat_b) & ((lat_a == south) | (lat_a == north))
    own: FloatArray = edges[~(upright | level)]
    return own


def lines(edges: FloatArray) -> Lines:
    """Return edges ready to be searched.

    edges   (e, 4) float64: lon_deg, lat_deg of one end, then of the other
    """
    start_deg, step_deg = _cut(edges)
    start_m = np.column_stack(geodetic2ecef(start_deg[:, 1], start_deg[:, 0], 0.0))
    end_deg = start_deg + step_deg
    step_m = np.column_stack(geodetic2ecef(end_deg[:, 1], end_deg[:, 0], 0.0)) - start_m
    finest = Ball(start_m + step_m / 2.0, np.linalg.norm(step_m, axis=1) / 2.0)
    layers = [finest]
    while len(layers[0].radius_m) > _TOP:
        layers.insert(0, _gathered(layers[0]))
    return Lines(start_deg, step_deg, start_m, step_m, tuple(layers))


def distance_to_lines_m(lat_deg: FloatArray, lon_deg: FloatArray, drawn: Lines) -> FloatArray:
    """Return the geodesic distance of each point to the nearest place on the lines [m].

    lat_deg, lon_deg   (n,) float64; `nan` gives `nan`
    returns            (n,) float64, at least 0; infinite when there are no lines

    Good to 2 x SAGITTA_M. The nearest place is sought along straight chords, and chords rank like geodesics
    only to 1e-5 of the distance at 1,000 km and 1e-3 at 10,000 km.
    """
    found_m = np.full(lat_deg.shape, np.nan)
    known = np.flatnonzero(np.isfinite(lat_deg) & np.isfinite(lon_deg))
    if len(drawn.start_deg) == 0:
        found_m[known] = np.inf
        return found_m
    for first in range(0, len(known), _AT_ONCE):
        some = known[first : first + _AT_ONCE]
        foot_deg = _foot(np.column_stack(geodetic2ecef(lat_deg[some], lon_deg[some], 0.0)), drawn)
        found_m[some] = geodesy.distance_m(lat_deg[some], lon_deg[some], foot_deg[:, 1], foot_deg[:, 0])
    return found_m


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


def _gathered(finer: Ball) -> Ball:
    """Return balls that each hold up to _FAN neighbours of the layer below."""
    first = np.arange(0, len(finer.radius_m), _FAN)
    held = np.diff(np.append(first, len(finer.radius_m)))
    centre_m = np.add.reduceat(finer.centre_m, first, axis=0) / held[:, None]
    reach_m = np.linalg.norm(finer.centre_m - np.repeat(centre_m, held, axis=0), axis=1) + finer.radius_m
    return Ball(centre_m, np.maximum.reduceat(reach_m, first))


def _foot(point_m: FloatArray, drawn: Lines) -> FloatArray:
    """Return lon_deg, lat_deg, (n, 2), of the nearest place on the lines for points (n, 3) in ECEF."""
    point, piece = _candidates(point_m, drawn.layers)
    offset_m, step_m = point_m[point] - drawn.start_m[piece], drawn.step_m[piece]
    length2 = np.einsum("ij,ij->i", step_m, step_m)
    along = np.einsum("ij,ij->i", offset_m, step_m) / np.where(length2 > 0.0, length2, 1.0)
    along = np.clip(along, 0.0, 1.0)
    gap_m = offset_m - along[:, None] * step_m
    gap2 = np.einsum("ij,ij->i", gap_m, gap_m)
    best = np.lexsort((gap2, point))[_starts(point)]
    foot_deg: FloatArray = drawn.start_deg[piece[best]] + along[best, None] * drawn.step_deg[piece[best]]
    return foot_deg


def _candidates(point_m: FloatArray, layers: tuple[Ball, ...]) -> tuple[IntArray, IntArray]:
    """Return pairs of point and piece that hold, for each point, its nearest piece; sorted by point."""
    top = len(layers[0].radius_m)
    point = np.repeat(np.arange(len(point_m)), top)
    ball = np.tile(np.arange(top), len(point_m))
    for depth, layer in enumerate(layers):
        if depth:
            point, ball = _opened(point, ball, len(layer.radius_m))
        offset_m: FloatArray = point_m[point] - layer.centre_m[ball]
        centre_away_m = np.sqrt(np.einsum("ij,ij->i", offset_m, offset_m))
        radius_m = layer.radius_m[ball]
        surely_within_m = np.minimum.reduceat(centre_away_m + radius_m, _starts(point))
        kept = centre_away_m - radius_m <= surely_within_m[point]
        point, ball = point[kept], ball[kept]
    return point, ball


def _opened(point: IntArray, ball: IntArray, finer: int) -> tuple[IntArray, IntArray]:
    """Return the pairs of the next layer: each ball gives way to those it holds."""
    child = (ball[:, None] * _FAN + np.arange(_FAN)).ravel()
    exists = child < finer
    return np.repeat(point, _FAN)[exists], child[exists]


def _starts(point: IntArray) -> IntArray:
    """Return where each point's pairs begin; every point has at least one, and they are sorted."""
    return np.flatnonzero(np.diff(point, prepend=-1))
