"""The map of a sensor's clutter as a whole recording shows it: how many false plots there are where, and when.

    plots, each by its probability of being false
        │ whole disc ─▶ block ─▶ box of cells ─▶ cell      what it is on the mean: each level starts from the one above
        └ the looks before and after ─▶ this look          how it swells and sinks about that mean

Each step is the same: a rate with a gamma law about what was believed, and a Poisson count, give a gamma law again, so
the counts are negative binomial. How much rates swell in time is learnt from the counts themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hotwash.geo.frames import FloatArray
from hotwash.track.arrays import IntArray

AZIMUTHS = 120  # cells of 3 deg: 1.3 km at 25 km, where radars see small drones
_CELL_M = 1_000.0  # a cell in range: a wind farm or a crossroads fills a few
_FEWEST, _MOST = 24, 128  # cells in range
_BLOCK = (6, 10)  # cells of range and azimuth that make up a block
# Shape of the gamma law of a place's mean rate about that of the place around it: a box may well have twice the rate
# of its block or none, a cell is more like its box.
_BLOCK_SHAPE, _BOX_SHAPE, _CELL_SHAPE = 1.0, 1.0, 3.0
# Looks to each side that tell of this one: weather at 15 m/s moves by one cell or less.
NEAR_LOOKS = 8
_STEADIEST = 1.0e3  # shape of a rate that does not change at all
_WILDEST = 0.2
_ENOUGH = 3_000  # plots from which the changes in time are learnt
_NOTHING = 1.0e-3  # a plot less likely false than this adds nothing to a count
_LEAST = 1.0e-3  # false plots a look and disc, where there are none at all


@dataclass(frozen=True, slots=True)
class ClutterMap:
    """What one sensor's false plots show; c cells of range and azimuth, range first.

    reach_m, rings   of the grid, whose rings are of equal width
    looks            how many looks there were
    rate             (rings, AZIMUTHS) mean number a look in each cell
    count            (rings, AZIMUTHS) false plots in each cell, each by its probability
    shape_near, shape_look   shapes of the gamma laws of the rates of some looks about the mean, and of one look about
                     these: small where clutter comes in bursts
    """

    reach_m: float
    rings: int
    looks: int
    rate: FloatArray
    count: FloatArray
    shape_near: float
    shape_look: float


@dataclass(frozen=True, slots=True)
class Field:
    """The plots of one sensor that has looks, on its grid; n plots.

    plot         (n,) rows among all plots
    ring, turn   (n,) cell; look (n,) number of the look, from 0
    seen         (l,) numbers of the looks that there were, sorted
    order, key   (n,) plots sorted by cell and look, and what they are sorted by
    """

    plot: IntArray
    ring: IntArray
    turn: IntArray
    look: IntArray
    seen: IntArray
    order: IntArray
    key: IntArray
    reach_m: float
    rings: int

    @property
    def span(self) -> int:
        return int(self.seen[-1]) + 1 + 2 * (NEAR_LOOKS + 1)


def lay_field(plot: IntArray, east_m: FloatArray, north_m: FloatArray, look: IntArray, seen: IntArray,
              reach_m: float) -> Field:  # fmt: skip
    """Return plots on their sensor's grid.

    plot             (n,) rows among all plots
    east_m, north_m  (n,) from the sensor
    look             (n,) number of the look; seen: those that there were, with or without plots
    """
    rings = int(np.clip(np.ceil(reach_m / _CELL_M), _FEWEST, _MOST))
    ring = np.minimum(np.hypot(east_m, north_m) / reach_m * rings, rings - 1).astype(np.int64)
    turn = (np.arctan2(east_m, north_m) / (2.0 * np.pi) % 1.0 * AZIMUTHS).astype(np.int64) % AZIMUTHS
    first = int(seen[0])
    laid = Field(
        plot, ring, turn, look - first, seen - first, np.empty(0, np.int64), np.empty(0, np.int64), reach_m, rings
    )
    key = _key(laid, ring, turn, laid.look)
    order = np.argsort(key, kind="stable")
    return Field(plot, ring, turn, laid.look, laid.seen, order, key[order], reach_m, rings)


def _key(of: Field, ring: IntArray, turn: IntArray, look: IntArray) -> IntArray:
    return (ring * AZIMUTHS + turn) * of.span + look + NEAR_LOOKS + 1


def _area(rings: int) -> FloatArray:
    """Return the share of the disc that a cell of each ring takes."""
    return np.diff(np.linspace(0.0, 1.0, rings + 1) ** 2) / AZIMUTHS


def _over_box(grid: FloatArray) -> FloatArray:
    """Return the sums over each cell and its eight neighbours, fewer at the middle and at the rim."""
    wide = grid + np.roll(grid, 1, axis=1) + np.roll(grid, -1, axis=1)
    padded = np.pad(wide, ((1, 1), (0, 0)))
    return np.asarray(padded[:-2] + padded[1:-1] + padded[2:])


def _over_block(grid: FloatArray) -> FloatArray:
    """Return the sum over the block in which each cell lies."""
    rings, per = grid.shape[0], _BLOCK[0]
    block = np.arange(rings) // per
    sums = np.zeros((int(block[-1]) + 1, AZIMUTHS // _BLOCK[1]))
    np.add.at(sums, block, grid.reshape(rings, -1, _BLOCK[1]).sum(axis=2))
    return np.asarray(np.repeat(sums[block], _BLOCK[1], axis=1))


def _shrunk(count: FloatArray, believed: FloatArray, shape: float) -> FloatArray:
    """Return the mean of a number of which `believed` was expected and `count` came."""
    return believed * (shape + count) / (shape + believed)


def learn_map(of: Field, weight: FloatArray, *, stated: float, worth_looks: float) -> ClutterMap:
    """Return the map.

    weight        (n,) probability of each plot of the field to be false
    stated        false plots a look as the sensor states them, nan where it does not; counts as `worth_looks` looks
    """
    looks, area = of.seen.size, np.repeat(_area(of.rings)[:, None], AZIMUTHS, axis=1)
    count: FloatArray = np.zeros((of.rings, AZIMUTHS))
    np.add.at(count, (of.ring, of.turn), weight)
    prior = worth_looks if np.isfinite(stated) else 0.0
    disc = max((count.sum() + (prior * stated if prior else 0.0)) / (looks + prior), _LEAST)
    block = _shrunk(_over_block(count), disc * looks * _over_block(area), _BLOCK_SHAPE) / _over_block(area)
    box = _shrunk(_over_box(count), block * _over_box(area), _BOX_SHAPE) / _over_box(area)
    cell = _shrunk(count, box * area, _CELL_SHAPE)
    steady = ClutterMap(of.reach_m, of.rings, looks, cell / looks, count, _STEADIEST, _STEADIEST)
    shape_near, shape_look = _learn_shapes(of, weight, steady)
    return ClutterMap(of.reach_m, of.rings, looks, steady.rate, count, shape_near, shape_look)


def _learn_shapes(of: Field, weight: FloatArray, steady: ClutterMap) -> tuple[float, float]:
    """Return the shapes of the rates of some looks, and of one look, by the method of moments.

    Of Poisson counts whose rate has a gamma law, the others beside a plot are 1 + 1 / shape as many as on the mean.
    """
    step = max(of.plot.size // _ENOUGH, 1)
    some = np.flatnonzero(weight > 0.5)[::step]
    if not some.size:
        return _STEADIEST, _STEADIEST
    totals = _cumulated(of, weight)
    near, here = count_beside(of, some, totals)
    here = here - weight[some]
    box = _over_box(steady.rate)[of.ring[some], of.turn[some]]
    around = _looks_around(of, of.look[some])
    expected = float((box * around).sum())
    shape_near = _shape(float(near.sum()), expected)
    expected_here = _shrunk(near, box * around, shape_near) / np.maximum(around, 1.0)
    return shape_near, _shape(float(here.sum()), float(np.where(around > 0, expected_here, box).sum()))


def _shape(count: float, expected: float) -> float:
    over = count / max(expected, 1.0e-9) - 1.0 - 2.0 / np.sqrt(max(count, 1.0))  # what chance would hardly give
    return float(np.clip(1.0 / max(over, 1.0 / _STEADIEST), _WILDEST, _STEADIEST))


def _cumulated(of: Field, weight: FloatArray) -> FloatArray:
    return np.concatenate([[0.0], np.cumsum(weight[of.order])])


def _looks_around(of: Field, look: IntArray) -> FloatArray:
    """Return how many other looks there were near each look."""
    low = np.searchsorted(of.seen, look - NEAR_LOOKS, side="left")
    high = np.searchsorted(of.seen, look + NEAR_LOOKS, side="right")
    return np.asarray(high - low - 1, dtype=np.float64)


def count_beside(of: Field, some: IntArray, totals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the false plots in the box about each of some plots: in the looks near its own, and in its own look.

    some     (k,) plots of the field; its own weight is among those of its look
    totals   of `_cumulated`
    """
    near, here = np.zeros(some.size), np.zeros(some.size)
    for up in (-1, 0, 1):
        ring = of.ring[some] + up
        is_there = (ring >= 0) & (ring < of.rings)
        for aside in (-1, 0, 1):
            turn = (of.turn[some] + aside) % AZIMUTHS
            base = _key(of, ring, turn, of.look[some])
            cuts = [totals[np.searchsorted(of.key, base + far)] for far in (-NEAR_LOOKS, 0, 1, NEAR_LOOKS + 1)]
            near += np.where(is_there, cuts[3] - cuts[2] + cuts[1] - cuts[0], 0.0)
            here += np.where(is_there, cuts[2] - cuts[1], 0.0)
    return near, here


def log_densities(of: Field, found: ClutterMap, some: IntArray, weight: FloatArray, owner: IntArray) -> FloatArray:
    """Return the log of the density of false plots at each of some plots, [log m-2] a look.

    some     (k,) plots of the field
    weight   (n,) probability of each plot of the field to be false
    owner    (k,) track of each: what a track took tells nothing of the clutter at its own plots
    """
    totals = _cumulated(of, weight)
    near, here = count_beside(of, some, totals)
    own_near, own_here, own_box, own_cell = _of_own(of, some, weight[some], owner)
    near, here = near - own_near, here - own_here
    ring, turn = of.ring[some], of.turn[some]
    area = _over_box(np.repeat(_area(of.rings)[:, None], AZIMUTHS, axis=1))[ring, turn]
    rate = found.rate[ring, turn] / _area(of.rings)[ring] * area
    for shape, count, own in (
        (_BOX_SHAPE, _over_box(found.count)[ring, turn], own_box), (_CELL_SHAPE, found.count[ring, turn], own_cell)
    ):  # fmt: skip
        rate = rate * (shape + np.maximum(count - own, 0.0)) / (shape + count)
    around = _looks_around(of, of.look[some])
    rate = rate * (found.shape_near + near) / (found.shape_near + rate * around)
    rate = rate * (found.shape_look + here) / (found.shape_look + rate)
    return np.log(np.maximum(rate, 1.0e-12) / area / (np.pi * found.reach_m**2))


def greatest_densities(of: Field, some: IntArray) -> FloatArray:
    """Return a log density that false plots hardly ever reach at each of some plots, [log m-2] a look.

    It is that of five times the fullest box on the mean, and of ten plots a look at least, in the box about the plot.
    """
    area = _over_box(np.repeat(_area(of.rings)[:, None], AZIMUTHS, axis=1))
    count: FloatArray = np.zeros((of.rings, AZIMUTHS))
    np.add.at(count, (of.ring, of.turn), 1.0)
    most = max(10.0, 5.0 * float(_over_box(count).max()) / of.seen.size)
    return np.asarray(np.log(most / area[of.ring[some], of.turn[some]] / (np.pi * of.reach_m**2)))


def _of_own(
    of: Field, some: IntArray, weight: FloatArray, owner: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return what each plot's own track adds: to its box near in time, in its look and ever, and to its cell."""
    near, here, box, cell = (np.zeros(some.size) for _ in range(4))
    order = np.argsort(owner, kind="stable")
    cuts = np.flatnonzero(np.diff(owner[order], prepend=-1))
    for mine in np.split(order, cuts[1:]):
        if weight[mine].max(initial=0.0) < _NOTHING:
            continue
        rows = some[mine]
        ring, turn, look = of.ring[rows], of.turn[rows], of.look[rows]
        aside = np.abs(turn[:, None] - turn)
        is_beside = (np.abs(ring[:, None] - ring) <= 1) & (np.minimum(aside, AZIMUTHS - aside) <= 1)
        apart = np.abs(look[:, None] - look)
        near[mine] = (is_beside & (apart > 0) & (apart <= NEAR_LOOKS)) @ weight[mine]
        here[mine] = (is_beside & (apart == 0)) @ weight[mine]
        box[mine] = is_beside @ weight[mine]
        cell[mine] = ((ring[:, None] == ring) & (turn[:, None] == turn)) @ weight[mine]
    return near, here, box, cell


def box_ratios(of: Field, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how many times the false plots of the whole disc each box has, and by how many sigmas it has more.

    weight   (n,) probability of each plot of the field to be false
    returns  (rings, AZIMUTHS) twice; five plots are taken off the excess, for boxes that expect next to none
    """
    count: FloatArray = np.zeros((of.rings, AZIMUTHS))
    np.add.at(count, (of.ring, of.turn), weight)
    expected = max(float(weight.sum()), 1.0e-9) * _over_box(np.repeat(_area(of.rings)[:, None], AZIMUTHS, axis=1))
    box = _over_box(count)
    return box / expected, (box - 5.0 - expected) / np.sqrt(expected)
