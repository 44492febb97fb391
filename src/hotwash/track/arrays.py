"""What the compiled core works on: named groups of arrays, with the shape of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Plots(NamedTuple):
    """n plots by time: place (n, 5) x y [m] rxx rxy ryy [m2]; mark (n, 3) cell of its sensor's grid, ident or -1,
    cell of its fine grid.
    """

    place: FloatArray
    mark: IntArray


class Scans(NamedTuple):
    """m scans by time: time_s (m,), sensor (m,) or -1 for a mere tick, first (m + 1,) plot of each; beam (m, 2)
    from and to which azimuth a turning beam swept [rad, clockwise from the plane's north], all round when to is less.
    """

    time_s: FloatArray
    sensor: IntArray
    first: IntArray
    beam: FloatArray


class Look(NamedTuple):
    """What one scan is: its sensor, time [s], plots from first to last (left out), and the numbers that plot 0 (base)
    and the scan (stamp) have in the whole recording; the sector swept [rad], and its share
    of a whole turn; the greatest rxx and ryy of its plots.
    """

    sensor: int
    time_s: float
    first: int
    last: int
    base: int
    stamp: int
    begin_rad: float
    end_rad: float
    share: float
    box_x: float
    box_y: float


class Sensors(NamedTuple):
    """s sensors, and what was learnt of them.

    fixed     (s, 4) x, y, reach [m], 0 where it has no scans, so that silence says little
    detected  (s, RINGS + 1, 2) hits and misses on tracks by ring; the last row is the whole sensor
    false     (s, CELLS) decayed counts of plots on no track
    density   (s, CELLS) log of the false plots a m2 and scan
    fine      (s, FINE) plots on no track, counted on the fine grid and halved from time to time
    flow      (s, FLOWS) decayed number of scans, targets a m2 that are there unseen, time of the last scan [s],
              mean time between two reports of one track [s], scans that the fine grid remembers
    """

    fixed: FloatArray
    detected: FloatArray
    false: FloatArray
    density: FloatArray
    fine: FloatArray
    flow: FloatArray


class Rules(NamedTuple):
    """The tracker's figures; meanings and reasons stand in `models.py`."""

    gate: float
    life_s: float
    birth_per_m2s: float
    confirm: float
    keep: float
    drop: float
    begin: float
    seed_s: float
    calm_s: float
    slow_mps: float
    slow_share: float
    fast_mps: float
    most_mps: float
    forget: float
    fine_scans: float
    shrink: float
    lost_m: float
    jump: float
    exact: int
    joint: int
    traced: int


class Bank(NamedTuple):
    """The models: motion (MODELS + 1, 3), see `set_step`; change and start (MODELS,) probabilities."""

    motion: FloatArray
    change: FloatArray
    start: FloatArray


class Tracks(NamedTuple):
    """Slots: real (cap, WIDTH), whole (cap, INTS), live (cap,) slots in use first, number (5,) LIVE ... CROWDS."""

    real: FloatArray
    whole: IntArray
    live: IntArray
    number: IntArray


class Seeds(NamedTuple):
    """Lone plots of the last scans: real (k, 7) place, time, log odds; whole (k, 4) plot, sensor, ident, misses."""

    real: FloatArray
    whole: IntArray


class Rows(NamedTuple):
    """What comes out: real (r, 15) the Gaussian and existence; whole (r, 5) scan, track, status, plot or -1, ident;
    early (e, 2) track and each plot that is in no row: before it was confirmed, or at the time of another sensor's; of
    the traced track near (c, 2) scan and plot near it, near_d2 (c,) squared normalised distance, belief (b, 1 + MODELS)
    scan and model probabilities; number (4,) rows, early, near and belief written.
    """

    real: FloatArray
    whole: IntArray
    early: IntArray
    near: IntArray
    near_d2: FloatArray
    belief: FloatArray
    number: IntArray


class Bench(NamedTuple):
    """Room to work in: nothing in it is remembered from scan to scan, but the last time step.

    step, turn, mixed   (MODELS + 1, 8), (MODELS + 1,), (MODELS + 1, GAUSS): see `set_step` and `predict`
    pd                  (RINGS + 2, 2) detection probability and its log, out of reach the last row
    head, stamp         (SIDE * SIDE,) first plot of a grid cell, and the scan that this is of
    spot                (1, 5) a place made up on the way
    known               (idents, 2) slots of the tracks that bear an identity, or -1
    chain, taken, claim, column   (plots of a scan,) next of its cell, slot that took it, first claimant, column
    clutter             (plots of a scan,) log density of false plots there [m-2]
    rival               (plots of a scan,) best log odds of a tentative track that wants it
    first, group, next, leader, choice   (cap + 1,) by place in the live list
    odds                (cap, 4) log existence, log weight of taking nothing, ring, score of the choice
    plot, score         (candidates,) plot, and log of how much it speaks for the track
    density, belief     (candidates,) log density at the plot [m-2], and probability in the joint option
    """

    step: FloatArray
    turn: FloatArray
    mixed: FloatArray
    pd: FloatArray
    spot: FloatArray
    known: IntArray
    head: IntArray
    stamp: IntArray
    chain: IntArray
    taken: IntArray
    claim: IntArray
    column: IntArray
    rival: FloatArray
    clutter: FloatArray
    first: IntArray
    group: IntArray
    next: IntArray
    leader: IntArray
    choice: IntArray
    odds: FloatArray
    plot: IntArray
    score: FloatArray
    density: FloatArray
    belief: FloatArray
