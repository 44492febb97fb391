"""An area indexed by rows of latitude and cells, so that a point is compared with a few edges or none.

A cell that no edge touches is entirely inside or entirely outside. In the others a point is compared with the edges
that touch its row. Rows are thinner than cells, so that each has some five edges.

        +---+---+---+---+
        | o | o | m | m |      o  outside     i  inside     m  mixed: look at the edges of the row
        | o | m | m | i |
        +---+---+---+---+
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hotwash.geo.frames import FloatArray

IntArray = NDArray[np.int64]
Int32Array = NDArray[np.int32]

_ROWS_A_CELL = 32  # 1 << kernels.ROWS_SHIFT; 8 and 64 were measured, and take longer
_MOST_CELLS = 512  # a side: 256 kB stay in a processor's second cache
_EDGES_A_CELL = 32  # measured on 1,300 and 35,000 edges: twice or half of it costs a tenth
_WIDER_DEG = 1e-9  # a tenth of a millimetre: so far a computed crossing of a row is from the true one, and less


@dataclass(frozen=True)
class AreaIndex:
    """The arguments of `kernels.inside`.

    edges_deg   (k, 4) float64: lon, lat of one end, then of the other; every edge of every ring, once for each row
    first       (r + 1,) int32: row j is touched by edges first[j] to first[j + 1] - 1
    kind        (r >> kernels.ROWS_SHIFT, c) int8: kernels.OUTSIDE, INSIDE or MIXED
    frame       (6,) float64: west, south, east, north; rows and columns a degree
    """

    edges_deg: FloatArray
    first: Int32Array
    kind: NDArray[np.int8]
    frame: FloatArray


def index_area(geometry: Any) -> AreaIndex:
    """Return a polygon or multipolygon indexed for queries of many points.

    geometry   shapely, valid, in lon/lat
    """
    from hotwash.geo import kernels  # compiled: not loaded for a few points

    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometry)), return_index=True)
    edges = np.hstack([corners[:-1], corners[1:]])[ring[:-1] == ring[1:]]
    side = int(np.clip(len(edges) // _EDGES_A_CELL, 16, _MOST_CELLS))
    frame = _frame(edges, side)
    row, edge = _rows_of_edges(edges, frame, side * _ROWS_A_CELL)
    first = np.searchsorted(row, np.arange(side * _ROWS_A_CELL + 1)).astype(np.int32)
    is_mixed = _mixed_cells(edges, row, edge, frame, side)
    kind = np.where(is_mixed, kernels.MIXED, kernels.OUTSIDE).astype(np.int8)
    index = AreaIndex(edges[edge], first, kind, frame)
    _settle(index, is_mixed)
    return index


def is_inside(lat_deg: FloatArray, lon_deg: FloatArray, index: AreaIndex) -> NDArray[np.bool_]:
    """Return which points lie inside the rings or on them.

    lat_deg, lon_deg   (n,) float64, any longitude; `nan` is not inside
    returns            (n,) bool; exact, as if computed without rounding
    """
    from hotwash.geo import kernels

    # A frame's arrays are read-only, another type to the compiler, which would compile everything again.
    lat_deg, lon_deg = np.require(lat_deg, requirements="W"), np.require(lon_deg, requirements="W")
    inside: NDArray[np.bool_] = kernels.inside(lat_deg, lon_deg, index.edges_deg, index.first, index.kind, index.frame)
    return inside


def _frame(edges: FloatArray, side: int) -> FloatArray:
    lon, lat = edges[:, [0, 2]], edges[:, [1, 3]]
    west, south, east, north = lon.min(), lat.min(), lon.max(), lat.max()
    rows, columns = side * _ROWS_A_CELL / (north - south), side / (east - west)
    return np.array([west, south, east, north, rows, columns], dtype=np.float64)


def _rows_of_edges(edges: FloatArray, frame: FloatArray, rows: int) -> tuple[IntArray, IntArray]:
    """Return pairs of row and edge, sorted by row.

    The row is computed here as the kernel computes that of a point. Rounding keeps order, so a point between the
    ends of an edge gets a row between theirs.
    """
    lat = np.sort(edges[:, [1, 3]], axis=1)
    ends = np.minimum(((lat - frame[1]) * frame[4]).astype(np.int64), rows - 1)
    count = ends[:, 1] - ends[:, 0] + 1
    edge = np.repeat(np.arange(len(edges)), count)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + ends[edge, 0]
    order = np.argsort(row, kind="stable")
    return row[order], edge[order]


def _mixed_cells(edges: FloatArray, row: IntArray, edge: IntArray, frame: FloatArray, side: int) -> NDArray[np.bool_]:
    """Return the cells that an edge touches, (side, side), and perhaps a few of their neighbours."""
    west, south, _, _, rows_deg, columns_deg = frame
    lon_a, lat_a, lon_b, lat_b = edges[edge].T
    rise = lat_b - lat_a
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = ((south + (row + k) / rows_deg + wider - lat_a) / rise for k, wider in ((0, -1e-9), (1, 1e-9)))
    low, high = (np.where(rise == 0.0, whole, part) for part, whole in ((low, 0.0), (high, 1.0)))
    at = np.stack([lon_a + np.clip(part, 0.0, 1.0) * (lon_b - lon_a) for part in (low, high)])
    begin, end = (
        np.clip(((lon + wider - west) * columns_deg).astype(np.int64), 0, side - 1)
        for lon, wider in ((at.min(axis=0), -_WIDER_DEG), (at.max(axis=0), _WIDER_DEG))
    )
    change = np.zeros((side, side + 1), dtype=np.int64)
    np.add.at(change, (row // _ROWS_A_CELL, begin), 1)
    np.add.at(change, (row // _ROWS_A_CELL, end + 1), -1)
    return np.cumsum(change, axis=1)[:, :-1] > 0


def _settle(index: AreaIndex, is_mixed: NDArray[np.bool_]) -> None:
    """Set whether the cells without edges are inside, by testing their centres against the edges."""
    from hotwash.geo import kernels

    west, south, east, north, *_ = index.frame
    side = len(is_mixed)
    # Neighbours in a row without an edge between them are alike, so the first of each run is tested for all of it.
    begins = ~is_mixed & np.hstack([np.ones((side, 1), dtype=np.bool_), is_mixed[:, :-1]])
    row, column = np.nonzero(begins)
    lat = south + (row + 0.5) / side * (north - south)
    lon = west + (column + 0.5) / side * (east - west)
    unsettled = AreaIndex(index.edges_deg, index.first, np.full_like(index.kind, kernels.MIXED), index.frame)
    answer = is_inside(lat, lon, unsettled)
    run = np.cumsum(begins.ravel()).reshape(side, side) - 1
    index.kind[~is_mixed] = np.where(answer, kernels.INSIDE, kernels.OUTSIDE)[run[~is_mixed]]
