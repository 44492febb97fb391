"""Compiled: which track stands for which object, scan by scan, by the smallest total cost."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(cache=True)
def assign(cost: FloatArray) -> IntArray:
    """Return the column of each row such that the sum of costs is smallest.

    cost      (n, m) float64, n <= m, finite
    returns   (n,) int64, each column at most once

    Source: the Hungarian method with shortest augmenting paths: Kuhn 1955, Naval Research Logistics Quarterly 2,
    83-97; Jonker and Volgenant 1987, Computing 38, 325-340. O(n² m).
    """
    n, m = cost.shape
    row_price, column_price = np.zeros(n + 1), np.zeros(m + 1)
    row_of, came_from = np.zeros(m + 1, dtype=np.int64), np.zeros(m + 1, dtype=np.int64)
    for row in range(1, n + 1):
        row_of[0] = row
        least, is_used = np.full(m + 1, np.inf), np.zeros(m + 1, dtype=np.bool_)
        at = 0
        while row_of[at] != 0:
            is_used[at] = True
            here, step, nearest = row_of[at], np.inf, 0
            for column in range(1, m + 1):
                if not is_used[column]:
                    reduced = cost[here - 1, column - 1] - row_price[here] - column_price[column]
                    if reduced < least[column]:
                        least[column], came_from[column] = reduced, at
                    if least[column] < step:
                        step, nearest = least[column], column
            for column in range(m + 1):
                if is_used[column]:
                    row_price[row_of[column]] += step
                    column_price[column] -= step
                else:
                    least[column] -= step
            at = nearest
        while at != 0:  # walk back along the path, turning each pair over to the next column
            before = came_from[at]
            row_of[at] = row_of[before]
            at = before
    columns = np.zeros(n, dtype=np.int64)
    for column in range(1, m + 1):
        if row_of[column] != 0:
            columns[row_of[column] - 1] = column - 1
    return columns


@njit(cache=True)
def pair(
    truth_m: FloatArray, truth_first: IntArray, track_m: FloatArray, track_first: IntArray, cutoff_m: float
) -> tuple[IntArray, IntArray]:
    """Pair objects and tracks of each scan one to one, and each track with its nearest object.

    truth_m       (n, 3) earth-centred positions of objects, scan by scan [m]
    truth_first   (s + 1,) where the objects of each scan begin
    track_m       (k, 3) the same of tracks
    track_first   (s + 1,)
    cutoff_m      no pair is farther apart
    returns       (n,) the row of the track that stands for each object, or -1: the sum over a scan of squared
                  distances, a missing pair costing cutoff_m², is smallest; and
                  (k,) the row of the object nearest to each track, or -1
    """
    matched = np.full(truth_m.shape[0], -1, dtype=np.int64)
    nearest = np.full(track_m.shape[0], -1, dtype=np.int64)
    limit = cutoff_m * cutoff_m
    for scan in range(truth_first.shape[0] - 1):
        a, b, c, d = truth_first[scan], truth_first[scan + 1], track_first[scan], track_first[scan + 1]
        if a == b or c == d:
            continue
        square = np.empty((b - a, d - c))
        for i in range(b - a):
            for j in range(d - c):
                away = 0.0
                for axis in range(3):
                    away += (truth_m[a + i, axis] - track_m[c + j, axis]) ** 2
                square[i, j] = away
        for j in range(d - c):
            best = np.argmin(square[:, j])
            if square[best, j] < limit:
                nearest[c + j] = a + best
        rows, columns = _groups(square, limit)
        for group in range(1, rows.max() + 1):
            own, held = np.flatnonzero(rows == group), np.flatnonzero(columns == group)
            _match(square, own, held, limit, matched, a, c)
    return matched, nearest


@njit(cache=True)
def _groups(square: FloatArray, limit: float) -> tuple[IntArray, IntArray]:
    """Return the group of each row and column, from 1: those joined by pairs below the limit; 0 without any.

    square    (n, m) squared distances
    returns   (n,), (m,) int64
    """
    n, m = square.shape
    rows, columns = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    waiting = np.empty(n, dtype=np.int64)
    count = 0
    for first in range(n):
        if rows[first] != 0 or square[first].min() >= limit:
            continue
        count += 1
        rows[first], waiting[0], height = count, first, 1
        while height > 0:
            height -= 1
            row = waiting[height]
            for column in range(m):
                if columns[column] == 0 and square[row, column] < limit:
                    columns[column] = count
                    for other in range(n):
                        if rows[other] == 0 and square[other, column] < limit:
                            rows[other] = count
                            waiting[height] = other
                            height += 1
    return rows, columns


@njit(cache=True)
def _match(square: FloatArray, own: IntArray, held: IntArray, limit: float, matched: IntArray, a: int, c: int) -> None:
    """Write the best pairs of one group into `matched`.

    square      (n, m) squared distances of a scan
    own, held   rows and columns of the group
    matched     (all objects,) is written to
    a, c        where the scan's objects and tracks begin
    """
    if own.size == 1 and held.size == 1:
        matched[a + own[0]] = c + held[0]
        return
    is_wide = own.size <= held.size
    n, m = min(own.size, held.size), max(own.size, held.size)
    cost = np.empty((n, m))
    for i in range(n):
        for j in range(m):
            row, column = (own[i], held[j]) if is_wide else (own[j], held[i])
            cost[i, j] = min(square[row, column], limit)
    chosen = assign(cost)
    for i in range(n):
        row, column = (own[i], held[chosen[i]]) if is_wide else (own[chosen[i]], held[i])
        if square[row, column] < limit:
            matched[a + row] = c + column
