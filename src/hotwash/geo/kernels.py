"""Compiled: which points are inside an area's rings, and how far points are from a drawn line.

`cells.py` and `lines.py` lay the arrays out and say what the answers mean; what is in here must answer as they do.
Longitude comes before latitude in every array of positions, as in the drawings.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotwash.geo.frames import ECCENTRICITY_2, SEMI_MAJOR_M, FloatArray

BoolArray = NDArray[np.bool_]
Int8Array = NDArray[np.int8]
Int32Array = NDArray[np.int32]

OUTSIDE, INSIDE, MIXED = 0, 1, 2
ROWS_SHIFT = 5  # 32 rows of edges make a row of cells

# Shewchuk 1997, Discrete & Computational Geometry 18, 305-363: (3 + 16 u) u, with u = 2^-53. A determinant
# greater than this share of its terms has the right sign.
_SURE = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
_SPLIT = 2.0**27 + 1.0  # Dekker 1971: cuts a double into two halves whose products are exact

# Geodesics of one chord differ with direction and latitude by at most this times its cube [1/m2]: the squares of
# the least and the greatest curvature of the ellipsoid (polar radius, meridian at the equator) differ by
# 5.0e-16, and a chord c is shorter than its arc by curvature^2 c^3 / 24.
_SPREAD = 2.2e-17
_DEEPEST = 64  # a stack for 8 layers with 8 children each: 134 million pieces


@njit(cache=True)
def inside(
    lat_deg: FloatArray,
    lon_deg: FloatArray,
    edges_deg: FloatArray,
    first: Int32Array,
    cells: Int8Array,
    frame: FloatArray,
) -> BoolArray:
    """Tell which points lie inside rings or on them.

    lat_deg, lon_deg   (n,) float64; longitudes are wrapped to [-180, 180); nan is not inside
    edges_deg          (k, 4) float64: lon, lat of one end, then of the other, sorted by row of latitude; an edge
                       that touches several rows is there several times
    first              (r + 1,) int32: row j is touched by edges first[j] to first[j + 1] - 1
    cells              (r >> ROWS_SHIFT, c) int8: OUTSIDE or INSIDE where no edge comes, else MIXED
    frame              (6,) float64: west, south, east, north; rows and columns a degree
    returns            (n,) bool; exact, as if computed without rounding
    """
    west, south, east, north, rows_deg, columns_deg = frame
    last_row, last_column = len(first) - 2, cells.shape[1] - 1
    is_inside = np.zeros(len(lat_deg), dtype=np.bool_)
    for i in range(len(lat_deg)):
        lat, lon = lat_deg[i], lon_deg[i]
        if not -180.0 <= lon < 180.0:
            lon = (lon + 180.0) % 360.0 - 180.0
        if not (south <= lat <= north):
            continue  # nan comes here too
        row = min(int((lat - south) * rows_deg), last_row)
        if lon == -180.0 and east == 180.0:  # the same place as +180, where the area may be drawn instead
            is_inside[i] = _is_within_row(180.0, lat, edges_deg, first[row], first[row + 1])
        if not (west <= lon <= east):
            continue
        cell = cells[row >> ROWS_SHIFT, min(int((lon - west) * columns_deg), last_column)]
        if cell == MIXED:
            is_inside[i] |= _is_within_row(lon, lat, edges_deg, first[row], first[row + 1])
        else:
            is_inside[i] |= cell == INSIDE
    return is_inside


@njit(cache=True)
def _is_within_row(lon: float, lat: float, edges_deg: FloatArray, begin: int, end: int) -> bool:
    """Tell by counting the edges east of a point; on an edge counts as inside.

    Source: even-odd rule, Shimrat 1962, CACM algorithm 112; an edge holds its lower end and not its upper one.
    """
    is_odd = False
    for nth in range(begin, end):
        lon_a, lat_a, lon_b, lat_b = edges_deg[nth, 0], edges_deg[nth, 1], edges_deg[nth, 2], edges_deg[nth, 3]
        if (lat_a < lat and lat_b < lat) or (lat_a > lat and lat_b > lat) or (lon_a < lon and lon_b < lon):
            continue
        goes_over = (lat_a > lat) != (lat_b > lat)
        if lon_a > lon and lon_b > lon:
            is_odd ^= goes_over
            continue
        if (lon_a == lon and lat_a == lat) or (lon_b == lon and lat_b == lat):
            return True
        if lat_a == lat_b:  # level with the point, and it does not end west of it nor begin east of it
            return True
        side = turn(lon_a, lat_a, lon_b, lat_b, lon, lat)
        if side == 0.0:
            return True
        is_odd ^= goes_over and (side > 0.0) == (lat_b > lat_a)
    return is_odd


@njit(cache=True)
def turn(lon_a: float, lat_a: float, lon_b: float, lat_b: float, lon: float, lat: float) -> float:
    """Return a number above 0 for a point left of a to b, below 0 right of it, 0 exactly on the line through both."""
    left = (lon_b - lon_a) * (lat - lat_a)
    right = (lon - lon_a) * (lat_b - lat_a)
    found = left - right
    if abs(found) > _SURE * (abs(left) + abs(right)):
        return found
    return _exact_turn(lon_a, lat_a, lon_b, lat_b, lon, lat)


@njit(cache=True)
def _exact_turn(lon_a: float, lat_a: float, lon_b: float, lat_b: float, lon: float, lat: float) -> float:
    """Return the same from the determinant without rounding: its greatest part, which has its sign.

    Source: Shewchuk 1997, Discrete & Computational Geometry 18, 305-363: two-product and grow-expansion.
    """
    factors = ((lon_b, lat), (-lon_b, lat_a), (-lon_a, lat), (-lon, lat_b), (lon, lat_a), (lon_a, lat_b))
    parts = np.zeros(2 * len(factors))  # not overlapping, the greatest last
    count = 0
    for one, other in factors:
        product, rest = _product(one, other)
        count = _added(parts, count, rest)
        count = _added(parts, count, product)
    found = 0.0
    for k in range(count):  # the last that is not 0
        found = parts[k] if parts[k] != 0.0 else found
    return found


@njit(cache=True)
def _added(parts: FloatArray, count: int, total: float) -> int:
    """Add a number to the first parts of a sum without rounding; return how many parts there are then."""
    for k in range(count):
        together = total + parts[k]
        kept = together - total
        parts[k] = (total - (together - kept)) + (parts[k] - kept)
        total = together
    parts[count] = total
    return count + 1


@njit(cache=True)
def _product(one: float, other: float) -> tuple[float, float]:
    """Return a product and what rounding took from it."""
    product = one * other
    one_high, other_high = _SPLIT * one, _SPLIT * other
    one_high, other_high = one_high - (one_high - one), other_high - (other_high - other)
    one_low, other_low = one - one_high, other - other_high
    rest = ((product - one_high * other_high) - one_low * other_high) - one_high * other_low
    return product, one_low * other_low - rest


@njit(cache=True)
def nearest(
    lat_deg: FloatArray,
    lon_deg: FloatArray,
    pieces: FloatArray,
    balls: FloatArray,
    first: Int32Array,
    seeds: Int32Array,
    frame: FloatArray,
) -> tuple[FloatArray, Int32Array, FloatArray]:
    """Return away_m, piece and along: how far each point is from a line, and where its nearest place is.

    lat_deg, lon_deg   (n,) float64; nan gives nan
    pieces             (b, 11, 8) float64, blocks of 8: start, step, bow [m], 1 / step^2, greatest bow [m]; unused
                       places lie nowhere near
    balls              (k, 4, 8) float64, blocks of 8: centre, radius [m]; unused places lie nowhere near. Layer after
                       layer, coarse to fine; ball j of a layer holds block j of the next, at last of the pieces
    first              (layers + 1,) int32: the block with which each layer begins
    seeds, frame       (r, c) int32, a piece to begin with; (4,) float64: west, south, rows and columns a degree
    returns            (n,) float64 [m], along the ellipsoid, by a series that is good for short ways;
                       (n,) int32; (n,) float64 in [0, 1]
    """
    away_m, found = np.full(len(lat_deg), np.nan), np.zeros(len(lat_deg), dtype=np.int32)
    along = np.zeros(len(lat_deg))
    waiting, within_m, gap2 = np.empty((_DEEPEST, 2), dtype=np.int64), np.empty(_DEEPEST), np.empty(8)
    cell, order = _by_cell(lat_deg, lon_deg, seeds.shape[0], seeds.shape[1], frame)
    for i in order:
        if cell[i] < 0:
            continue
        x, y, z = _on_ellipsoid(lat_deg[i], lon_deg[i])
        seed = seeds[cell[i] // seeds.shape[1], cell[i] % seeds.shape[1]]
        away_m[i], found[i], along[i] = _nearest(x, y, z, pieces, balls, first, seed, waiting, within_m, gap2)
    return away_m, found, along


@njit(cache=True)
def _by_cell(
    lat_deg: FloatArray, lon_deg: FloatArray, rows: int, columns: int, frame: FloatArray
) -> tuple[Int32Array, Int32Array]:
    """Return the cell of each point, -1 for nan, and an order in which neighbours follow one another.

    Neighbours ask for the same balls and pieces, which are then still in the processor's cache.
    """
    cell, begin = np.empty(len(lat_deg), dtype=np.int32), np.zeros(rows * columns + 2, dtype=np.int32)
    for i in range(len(lat_deg)):
        cell[i] = _cell(lat_deg[i], lon_deg[i], rows, columns, frame)
        begin[cell[i] + 2] += 1
    for k in range(1, len(begin)):
        begin[k] += begin[k - 1]
    order = np.empty(len(lat_deg), dtype=np.int32)
    for i in range(len(lat_deg)):
        order[begin[cell[i] + 1]] = i
        begin[cell[i] + 1] += 1
    return cell, order


@njit(cache=True)
def _cell(lat_deg: float, lon_deg: float, rows: int, columns: int, frame: FloatArray) -> int:
    """Return the cell of a point, the nearest one where it is beyond the grid, -1 for nan."""
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        return -1
    row = min(max((lat_deg - frame[1]) * frame[2], 0.0), rows - 1.0)
    column = min(max((lon_deg - frame[0]) * frame[3], 0.0), columns - 1.0)
    return int(row) * columns + int(column)


@njit(cache=True)
def _on_ellipsoid(lat_deg: float, lon_deg: float) -> tuple[float, float, float]:
    """Return x, y, z [m] at height 0."""
    lat_rad, lon_rad = math.radians(lat_deg), math.radians(lon_deg)
    sine = math.sin(lat_rad)
    prime_vertical_m = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_2 * sine * sine)
    from_axis_m = prime_vertical_m * math.cos(lat_rad)
    z_m = prime_vertical_m * (1.0 - ECCENTRICITY_2) * sine
    return from_axis_m * math.cos(lon_rad), from_axis_m * math.sin(lon_rad), z_m


@njit(cache=True, inline="always")
def _nearest(
    x: float,
    y: float,
    z: float,
    pieces: FloatArray,
    balls: FloatArray,
    first: Int32Array,
    seed: int,
    waiting: NDArray[np.int64],
    within_m: FloatArray,
    gap2: FloatArray,
) -> tuple[float, int, float]:
    """Return away_m, piece and along of one point, earth-centred; the last three arrays are room to work in."""
    layers, top, found = len(first) - 1, 0, seed
    best_m, chord_m, along = _away(x, y, z, pieces, seed, np.inf)
    limit_m = chord_m + _SPREAD * chord_m**3
    for block in range(first[1]):
        top = _wait(x, y, z, balls, block, 0, 8 * block, limit_m, waiting, within_m, gap2, top)
    while top > 0:
        top -= 1
        if within_m[top] > limit_m:
            continue
        layer, ball = waiting[top, 0] + 1, waiting[top, 1]
        if layer < layers:
            top = _wait(x, y, z, balls, first[layer] + ball, layer, 8 * ball, limit_m, waiting, within_m, gap2, top)
            continue
        _gaps2(x, y, z, pieces, ball, gap2)
        for k in range(8):
            if gap2[k] <= (limit_m + pieces[ball, 10, k]) ** 2:
                away_m, chord_m, t = _away(x, y, z, pieces, 8 * ball + k, limit_m)
                if away_m < best_m:
                    best_m, found, along = away_m, 8 * ball + k, t
                    limit_m = chord_m + _SPREAD * chord_m**3
    return best_m, found, along


@njit(cache=True, inline="always")
def _wait(
    x: float,
    y: float,
    z: float,
    balls: FloatArray,
    block: int,
    layer: int,
    name: int,
    limit_m: float,
    waiting: NDArray[np.int64],
    within_m: FloatArray,
    gap2: FloatArray,
    top: int,
) -> int:
    """Put the balls of a block that may hold the nearest place on the stack, the nearest last; return its new top."""
    floor = top
    for k in range(8):  # without a branch, so that it becomes a few wide instructions
        dx, dy, dz = x - balls[block, 0, k], y - balls[block, 1, k], z - balls[block, 2, k]
        gap2[k] = dx * dx + dy * dy + dz * dz
    for k in range(8):
        if gap2[k] > (limit_m + balls[block, 3, k]) ** 2:
            continue
        least_m, place = math.sqrt(gap2[k]) - balls[block, 3, k], top
        while place > floor and within_m[place - 1] < least_m:
            within_m[place], waiting[place, 1] = within_m[place - 1], waiting[place - 1, 1]
            place -= 1
        within_m[place], waiting[place, 1], waiting[top, 0] = least_m, name + k, layer
        top += 1
    return top


@njit(cache=True, inline="always")
def _gaps2(x: float, y: float, z: float, pieces: FloatArray, block: int, gap2: FloatArray) -> None:
    """Write the squared distance to the chord of each piece of a block [m2]."""
    for k in range(8):
        qx, qy, qz = x - pieces[block, 0, k], y - pieces[block, 1, k], z - pieces[block, 2, k]
        sx, sy, sz = pieces[block, 3, k], pieces[block, 4, k], pieces[block, 5, k]
        t = min(max((qx * sx + qy * sy + qz * sz) * pieces[block, 9, k], 0.0), 1.0)
        rx, ry, rz = qx - t * sx, qy - t * sy, qz - t * sz
        gap2[k] = rx * rx + ry * ry + rz * rz


@njit(cache=True, inline="always")
def _away(x: float, y: float, z: float, pieces: FloatArray, piece: int, limit_m: float) -> tuple[float, float, float]:
    """Return how far a point is from a piece, on the ellipsoid and straight, and where along.

    Both are infinite where the piece lies beyond the limit. The piece is start + along step + along (1 - along) bow;
    a step of Newton from the foot on the chord.
    """
    block, k = piece >> 3, piece & 7
    qx, qy, qz = x - pieces[block, 0, k], y - pieces[block, 1, k], z - pieces[block, 2, k]
    sx, sy, sz = pieces[block, 3, k], pieces[block, 4, k], pieces[block, 5, k]
    bx, by, bz = pieces[block, 6, k], pieces[block, 7, k], pieces[block, 8, k]
    t = min(max((qx * sx + qy * sy + qz * sz) * pieces[block, 9, k], 0.0), 1.0)
    bent, slant = t * (1.0 - t), 1.0 - 2.0 * t
    rx, ry, rz = qx - t * sx - bent * bx, qy - t * sy - bent * by, qz - t * sz - bent * bz
    vx, vy, vz = sx + slant * bx, sy + slant * by, sz + slant * bz
    steep = vx * vx + vy * vy + vz * vz + 2.0 * (rx * bx + ry * by + rz * bz)
    if steep > 0.0:
        t = min(max(t + (rx * vx + ry * vy + rz * vz) / steep, 0.0), 1.0)
    bent = t * (1.0 - t)
    rx, ry, rz = qx - t * sx - bent * bx, qy - t * sy - bent * by, qz - t * sz - bent * bz
    chord2 = rx * rx + ry * ry + rz * rz
    if chord2 > limit_m * limit_m:
        return np.inf, np.inf, t
    return arc_m(x, y, z, rx, ry, rz), math.sqrt(chord2), t


@njit(cache=True)
def arc_m(x: float, y: float, z: float, rx: float, ry: float, rz: float) -> float:
    """Return the length of the geodesic whose chord is (rx, ry, rz) and ends at (x, y, z), all [m].

    The ellipsoid bends along the chord as at its middle (Euler's formula), and the arc is that of a circle bent
    so. Against PROJ: within 4e-9 m to 30 km, 1e-5 m to 200 km, 3e-2 m to 1,000 km.
    """
    chord2 = rx * rx + ry * ry + rz * rz
    mx, my, mz = x - 0.5 * rx, y - 0.5 * ry, (z - 0.5 * rz) / (1.0 - ECCENTRICITY_2)
    axis2 = mx * mx + my * my
    if chord2 == 0.0 or axis2 == 0.0:
        return math.sqrt(chord2)
    root2 = 1.0 - ECCENTRICITY_2 * mz * mz / (axis2 + mz * mz)
    across = mx * ry - my * rx
    eastwards = across * across / (axis2 * chord2)
    bend = (eastwards + (1.0 - eastwards) * root2 / (1.0 - ECCENTRICITY_2)) * math.sqrt(root2) / SEMI_MAJOR_M
    bend2 = bend * bend * chord2
    return math.sqrt(chord2) * (
        1.0 + bend2 * (1.0 / 24.0 + bend2 * (3.0 / 640.0 + bend2 * (5.0 / 7168.0 + bend2 * 35.0 / 294912.0)))
    )
