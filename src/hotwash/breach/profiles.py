"""How far inside a zone each path is, sampled only as finely as its nearness to the line asks.

A distance changes by no more than the way flown. So between two places at distances a and b, L metres of path
apart, it is nowhere nearer to the line than (|a| + |b| - L) / 2: where that is far beyond the uncertainty
nothing need be looked at; elsewhere the interval is halved, first at rows, then between them.

    ●───────────── far: one look ─────────────●──●─●●●●─── near the line ───●●●─●──●
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hotwash.breach import paths as on_paths
from hotwash.breach.paths import BoolArray, IntArray, Paths
from hotwash.geo.frames import FloatArray

Distance = Callable[[FloatArray, FloatArray], FloatArray]

NEAR = 4.0  # sigmas: the chance of a greater error, 6 in 100,000, is below what the draws can show
FINE_M = 1.0  # a path is followed to this: a dash that goes no deeper than half of it may be missed
_FINE = 0.05  # of a sigma: nor is it followed finer than this, or a path along the line would have no end of nodes
_STEP = 0.5  # of a sigma, between samples near the line
_MOST_HALVINGS = 60
_LEAST_SHARE = 1e-6  # of a segment; below it row coordinates run out of digits
UNTOLD_M = 1e7  # where a clipped drawing cannot tell: far, on the side that is drawn


@dataclass(frozen=True)
class Profile:
    """k nodes on the paths, in order of track and time.

    q           (k,) row coordinate
    track       (k,) int64
    time_s      (k,)
    distance_m  (k,) to the drawn line, positive inside
    sigma_m     (k,) of it at the most: the position's, in its widest direction, and the line's
    """

    q: FloatArray
    track: IntArray
    time_s: FloatArray
    distance_m: FloatArray
    sigma_m: FloatArray


def profile(
    paths: Paths, distance: Distance, *, line_sigma_m: float, near: float = NEAR, every_row: bool = False
) -> Profile:
    """Return the nodes of all tracks against one line.

    distance       gives the signed distance of positions, (k,) each
    line_sigma_m   one standard deviation of the line
    near           how many sigmas from the line are looked at closely; 0 for the path itself only
    every_row      whether every row that may be inside becomes a node, since something changes along them
    """
    segment_m = np.hypot(paths.segment_sigma_m, line_sigma_m)
    q = np.unique(np.concatenate([paths.first[:-1], paths.first[1:] - 1])).astype(np.float64)
    nodes = _measure(paths, q, distance, line_sigma_m)

    def is_wanted(a: Profile, b: Profile, length_m: FloatArray, sigma_m: FloatArray) -> BoolArray:
        low_m = _least(a.distance_m, b.distance_m, length_m)
        wanted = (low_m < near * sigma_m) & (length_m > np.maximum(FINE_M, _STEP * sigma_m))
        wanted |= (low_m < 0.0) & (length_m > np.maximum(FINE_M, _FINE * sigma_m))
        if every_row:
            most_m = (a.distance_m + b.distance_m + length_m) / 2.0
            wanted |= (most_m > -near * sigma_m) & (b.q - a.q > 1.0)
        return wanted

    return _refine(paths, nodes, distance, line_sigma_m, segment_m, is_wanted)


def deepen(
    paths: Paths, nodes: Profile, distance: Distance, *, line_sigma_m: float, near: float, from_m: float = 0.0
) -> Profile:
    """Return the nodes with more of them where a path is deepest, run by run: inside, outside, inside.

    near     how many sigmas from a run's depth are looked at closely; 0 for the greatest itself only
    from_m   runs that come no deeper than this are left as they are; -inf seeks every closest approach
    """
    segment_m = np.hypot(paths.segment_sigma_m, line_sigma_m)

    def is_wanted(a: Profile, b: Profile, length_m: FloatArray, sigma_m: FloatArray) -> BoolArray:
        greatest_m = np.maximum(a.distance_m, b.distance_m)
        is_in = greatest_m > 0.0
        change = np.diff(is_in, prepend=is_in[:1]) | (np.diff(a.track, prepend=a.track[:1]) != 0)
        run = np.cumsum(change)
        best_m = np.full(int(run[-1]) + 1 if run.size else 0, -np.inf)
        np.maximum.at(best_m, run, greatest_m)
        most_m = (a.distance_m + b.distance_m + length_m) / 2.0
        fine_m = np.maximum(FINE_M, _FINE * sigma_m) if near > 0.0 else np.full(length_m.size, FINE_M)
        wanted = (most_m > best_m[run] + fine_m) & (length_m > fine_m)
        if near > 0.0:
            wanted |= (most_m > best_m[run] - near * sigma_m) & (length_m > np.maximum(FINE_M, sigma_m))
        worth: BoolArray = wanted & (best_m[run] > from_m) & (best_m[run] < UNTOLD_M)
        return worth

    return _refine(paths, nodes, distance, line_sigma_m, segment_m, is_wanted)


def _least(a_m: FloatArray, b_m: FloatArray, length_m: FloatArray) -> FloatArray:
    """Return how near the line an interval may come; below 0 where it may cross."""
    is_same = (a_m > 0.0) == (b_m > 0.0)
    least = (np.abs(a_m) + np.abs(b_m) - length_m) / 2.0
    is_told = np.maximum(np.abs(a_m), np.abs(b_m)) < UNTOLD_M
    # With one end untold, only the other speaks.
    alone = np.minimum(np.abs(a_m), np.abs(b_m)) - length_m
    return np.where(is_same, np.where(is_told, least, alone), -1.0)


def _measure(paths: Paths, q: FloatArray, distance: Distance, line_sigma_m: float) -> Profile:
    where = on_paths.places(paths, q)
    row = np.floor(q).astype(np.int64)
    own_m = np.hypot(on_paths.widest_m(on_paths.covariances(paths, q)), paths.extra_m[row])
    measured = distance(where.lat_deg, where.lon_deg)
    return Profile(q, paths.track[row], where.time_s, measured, np.hypot(own_m, line_sigma_m))


def _refine(
    paths: Paths,
    nodes: Profile,
    distance: Distance,
    line_sigma_m: float,
    segment_m: FloatArray,
    is_wanted: Callable[[Profile, Profile, FloatArray, FloatArray], BoolArray],
) -> Profile:
    """Return the nodes with every wanted interval halved until none is."""
    along_m = np.concatenate([[0.0], np.cumsum(paths.longest_m)])
    for _ in range(_MOST_HALVINGS):
        same = np.flatnonzero(nodes.track[1:] == nodes.track[:-1])
        if not same.size:
            return nodes
        a, b = choose_nodes(nodes, same), choose_nodes(nodes, same + 1)
        wide = b.q - a.q
        row = np.floor(a.q).astype(np.int64)
        is_whole = (a.q == row) & (b.q == np.floor(b.q))
        length_m = np.where(
            is_whole, along_m[np.floor(b.q).astype(np.int64)] - along_m[row], paths.fastest_m[row] * wide
        )
        wanted = is_wanted(a, b, length_m, _greatest(segment_m, row, b.q)) & (wide > _LEAST_SHARE)
        if not wanted.any():
            return nodes
        low, high = a.q[wanted], b.q[wanted]
        middle = np.where(high - low > 1.0, np.floor((low + high) / 2.0), (low + high) / 2.0)
        nodes = _merge_nodes(nodes, _measure(paths, middle, distance, line_sigma_m))
    return nodes


def _greatest(segment_m: FloatArray, row: IntArray, end: FloatArray) -> FloatArray:
    """Return the greatest sigma of the segments from each row to each end."""
    stop = np.maximum(np.ceil(end).astype(np.int64), row + 1)
    both = np.column_stack([row, stop]).ravel()
    padded = np.append(segment_m, 0.0)  # reduceat wants every index inside
    return np.maximum.reduceat(padded, both)[::2]


def choose_nodes(nodes: Profile, chosen: IntArray | slice) -> Profile:
    """Return some of the nodes."""
    return Profile(*(getattr(nodes, name)[chosen] for name in Profile.__dataclass_fields__))


def _merge_nodes(nodes: Profile, more: Profile) -> Profile:
    both = {name: np.concatenate([getattr(nodes, name), getattr(more, name)]) for name in Profile.__dataclass_fields__}
    order = np.argsort(both["q"], kind="stable")
    return replace(nodes, **{name: values[order] for name, values in both.items()})


def fill_untold(distance_m: FloatArray, is_inside: BoolArray) -> FloatArray:
    """Return distances with a far one, on the drawn side, where a clipped drawing cannot tell."""
    return np.where(np.isfinite(distance_m), distance_m, np.where(is_inside, UNTOLD_M, -UNTOLD_M))
