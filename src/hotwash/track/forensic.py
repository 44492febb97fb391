"""Tracks in hindsight: all data are there, so beginnings, ends and gaps are told better than at the time.

    causal tracks ─▶ their plots ─▶ broken ones joined ─▶ smoothed between first and last plot ─▶ rows

A track begins at its first plot, not where it was confirmed; it ends at its last, not where it was given up; and
each place rests on what came before and what came after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotwash.geo.frames import FloatArray
from hotwash.track import kernels, layout, models
from hotwash.track.arrays import Bank, IntArray

# Hindsight believes a track that had at least this many plots, or was once nearly certain.
_PLOTS_ENOUGH = 4
_SURE = 0.99
# Two ends are not joined over a longer pause: by then a drone may be anywhere within 3 km.
JOIN_S = 60.0
# One track may go on as another within this many sigmas of place and speed together (4 numbers, one in 10,000).
_JOIN_D2 = 23.5

# Where each element of the covariance of x y u v stands in a Gaussian.
_FULL = np.array([[4, 5, 7, 8], [5, 6, 9, 10], [7, 9, 11, 12], [8, 10, 12, 13]])


@dataclass(frozen=True, slots=True)
class Path:
    """One track's plots by time.

    track    its number
    plots    (m,) into the placed plots
    sure     the greatest existence it ever had
    """

    track: int
    plots: IntArray
    sure: float


@dataclass(frozen=True, slots=True)
class Smoothed:
    """Rows in the plane, tracks one after the other, each by time.

    real    (r, 15) Gaussian and existence
    whole   (r, 5) time index, track, status, plot or -1, ident
    """

    real: FloatArray
    whole: IntArray


def collect_paths(
    whole: IntArray, early: IntArray, existence: FloatArray, time_s: FloatArray, is_bearing: NDArray[np.bool_]
) -> list[Path]:
    """Return the plots of each track that hindsight believes, tracks by number.

    whole, existence   (r, 5), (r,) of the causal rows; early (e, 2) track and plot that no row has
    time_s             (n,) of the plots; is_bearing (n,): these lean on a track and are no place of it
    """
    hits = whole[whole[:, layout.ROW_PLOT] >= 0]
    hits = hits[~is_bearing[hits[:, layout.ROW_PLOT]]]
    track = np.concatenate([early[:, layout.EARLY_TRACK], hits[:, layout.ROW_TRACK]])
    plot = np.concatenate([early[:, layout.EARLY_PLOT], hits[:, layout.ROW_PLOT]])
    order = np.lexsort((time_s[plot], track))
    track, plot = track[order], plot[order]
    most = np.zeros(int(whole[:, layout.ROW_TRACK].max(initial=0)) + 1)
    np.maximum.at(most, whole[:, layout.ROW_TRACK], existence)
    found = []
    for begin, end in _stretches(track):
        mine = plot[begin:end]
        mine = mine[np.append(True, np.diff(mine) != 0)]
        number = int(track[begin])
        if mine.size >= _PLOTS_ENOUGH or (most[number] >= _SURE and mine.size > 1):
            found.append(Path(number, mine, float(most[number])))
    return found


def _stretches(sorted_keys: IntArray) -> list[tuple[int, int]]:
    """Return begin and end of each run of equal keys."""
    if not sorted_keys.size:
        return []
    cuts = np.flatnonzero(np.diff(sorted_keys)) + 1
    return list(zip(np.append(0, cuts).tolist(), np.append(cuts, sorted_keys.size).tolist(), strict=True))


def join_paths(found: Sequence[Path], place: FloatArray, time_s: FloatArray, ident: IntArray) -> list[Path]:
    """Return the tracks with those joined that go on as one another; the earlier number stays.

    place, time_s, ident   of the plots: (n, 5), (n,), (n,)

    Each end goes on as at most one beginning: an assignment by how well place and speed fit after the pause.
    """
    if len(found) < 2:
        return list(found)
    bank = models.bank()
    tails = np.array([_ends(path, place, time_s, way=1) for path in found])
    heads = np.array([_ends(path, place, time_s, way=-1) for path in found])
    pause_s = np.array([[time_s[b.plots[0]] - time_s[a.plots[-1]] for b in found] for a in found])
    score = np.full((len(found), 2 * len(found)), -1.0e6)
    score[:, len(found) :] = np.where(np.eye(len(found), dtype=np.bool_), 0.0, -1.0e6)
    for a, b in np.argwhere((pause_s > 0.0) & (pause_s <= JOIN_S)):
        names = {_name(found[a], ident), _name(found[b], ident)} - {-1}
        if len(names) < 2:
            d2 = _apart(tails[a], heads[b], float(pause_s[a, b]), bank)
            score[a, b] = _JOIN_D2 - d2 if d2 < _JOIN_D2 else -1.0e6
    follower = {a: int(b) for a, b in enumerate(kernels.assign(score)) if b < len(found)}
    return _chained(found, follower)


def _chained(found: Sequence[Path], follower: dict[int, int]) -> list[Path]:
    led = set(follower.values())
    joined = []
    for first in range(len(found)):
        if first in led:
            continue
        chain = [first]
        while chain[-1] in follower:
            chain.append(follower[chain[-1]])
        parts = [found[n] for n in chain]
        plots = np.concatenate([part.plots for part in parts])
        joined.append(Path(parts[0].track, plots, max(part.sure for part in parts)))
    return joined


def _name(path: Path, ident: IntArray) -> int:
    return int(ident[path.plots].max())


def _ends(path: Path, place: FloatArray, time_s: FloatArray, *, way: int) -> FloatArray:
    """Return the Gaussian at a track's last plot (way 1) or at its first (way -1), from its nearest 15 plots."""
    mine = path.plots[-15:] if way > 0 else path.plots[:15][::-1]
    out = np.full((mine.size, layout.GAUSS + 1), np.nan)
    times = np.abs(time_s[mine] - time_s[mine[0]])
    _walk(times, np.arange(mine.size), place[mine], way=1, out=out)
    end: FloatArray = out[-1, : layout.GAUSS]
    if way < 0:
        end[[2, 3, 7, 8, 9, 10]] *= -1.0
    return end


def _apart(tail: FloatArray, head: FloatArray, pause_s: float, bank: Bank) -> float:
    """Return how far apart, squared and normalised, an end carried over a pause and a beginning are."""
    step, turn = np.zeros((layout.MODELS + 1, layout.STEPS)), np.zeros(layout.MODELS + 1)
    kernels.set_step(step, turn, bank, models.CALM_S, pause_s)
    carried = np.zeros((1, layout.GAUSS))
    kernels.push(tail[None, :], 0, 0, carried, 0, 0, step, layout.MODELS)
    gap = carried[0, :4] - head[:4]
    # A turn within the pause bends the way by some g t2 / 2 with g of 1 m/s2: place and speed both gain by it.
    bend = np.diag([(0.5 * pause_s**2) ** 2] * 2 + [pause_s**2] * 2)
    total = full_covariances(carried)[0] + full_covariances(head[None, :])[0] + bend
    return float(gap @ np.linalg.solve(total, gap))


def full_covariances(gauss: FloatArray) -> FloatArray:
    """Return the covariances (r, 4, 4) of Gaussians (r, 14), in the order x y u v."""
    found: FloatArray = gauss[:, _FULL]
    return found


def _walk(time_s: FloatArray, hit: IntArray, place: FloatArray, *, way: int, out: FloatArray) -> None:
    share = models.SLOW_SHARE
    start_mps = float(np.sqrt(share * models.SLOW_START_MPS**2 + (1.0 - share) * models.FAST_START_MPS**2))
    step, turn = np.zeros((layout.MODELS + 1, layout.STEPS)), np.zeros(layout.MODELS + 1)
    mixed = np.zeros((layout.MODELS + 1, layout.GAUSS))
    kernels.walk(
        time_s, hit, np.ascontiguousarray(place), models.bank(), models.CALM_S, start_mps, way, step, turn, mixed, out
    )


def weigh_plots(path: Path, place: FloatArray, time_s: FloatArray) -> FloatArray:
    """Return the log density of each plot of a track after those before it [log m-2], nan for the first; (m,)."""
    out = np.full((path.plots.size, layout.GAUSS + 1), np.nan)
    _walk(time_s[path.plots], np.arange(path.plots.size), place[path.plots], way=1, out=out)
    found: FloatArray = out[:, layout.GAUSS]
    return found


def smooth_paths(
    found: Sequence[Path], place: FloatArray, time_s: FloatArray, ident: IntArray, grid_s: FloatArray, *,
    pause_s: float, every_s: float, is_quiet: IntArray,
) -> tuple[Smoothed, FloatArray]:  # fmt: skip
    """Return each track smoothed at every scan time from its first plot to its last, and the time of each row.

    grid_s      (g,) scan times, sorted
    pause_s     without a plot for longer than this a track is coasting
    every_s     tracks with plots of sensors without scans get a row at least this often
    is_quiet    (n,) 1 for plots of sensors without scans

    Source: Fraser and Potter 1969, IEEE Transactions on Automatic Control 14 (4), 387-390 (two filters, one each way).
    """
    reals, wholes, times = [], [], []
    for path in found:
        own_s = time_s[path.plots]
        at_s = _times(own_s, grid_s, every_s if is_quiet[path.plots].any() else None)
        hit = np.full(at_s.size, -1, dtype=np.int64)
        # Of two plots at one microsecond the second counts: one row has one detection.
        hit[np.searchsorted(at_s, own_s)] = path.plots
        local = np.where(hit >= 0, np.cumsum(hit >= 0) - 1, -1)
        mine = place[hit[hit >= 0]]
        forward, backward = (np.full((at_s.size, layout.GAUSS + 1), np.nan) for _ in range(2))
        _walk(at_s, local, mine, way=1, out=forward)
        _walk(at_s, local, mine, way=-1, out=backward)
        forward, backward = forward[:, : layout.GAUSS], backward[:, : layout.GAUSS]
        real = np.column_stack([fuse(forward, backward), np.full(at_s.size, path.sure)])
        name = np.full(at_s.size, _name(path, ident))
        status = np.where(_pause(at_s, own_s) > pause_s, layout.COASTING, layout.CONFIRMED)
        status[hit >= 0] = layout.CONFIRMED
        if path.sure < models.KEEP:
            status[:] = layout.DORMANT
        reals.append(real)
        number = np.full(at_s.size, path.track)
        wholes.append(np.column_stack([np.zeros(at_s.size, np.int64), number, status, hit, name]))
        times.append(at_s)
    if not reals:
        return Smoothed(np.empty((0, 15)), np.empty((0, 5), np.int64)), np.empty(0)
    return Smoothed(np.concatenate(reals), np.concatenate(wholes)), np.concatenate(times)


def _times(own_s: FloatArray, grid_s: FloatArray, every_s: float | None) -> FloatArray:
    """Return a track's times: the scans in its life, its own plots, and ticks where it has quiet ones."""
    begin, end = np.searchsorted(grid_s, [own_s[0], own_s[-1] + 1.0e-7])
    parts = [own_s, grid_s[begin:end]]
    if every_s is not None:
        parts.append(np.arange(np.floor(own_s[0] / every_s) + 1.0, own_s[-1] / every_s) * every_s)
    return np.unique(np.concatenate(parts))


def _pause(at_s: FloatArray, own_s: FloatArray) -> FloatArray:
    """Return how long the pause between plots is in which each time lies."""
    after = np.clip(np.searchsorted(own_s, at_s, side="left"), 1, max(own_s.size - 1, 1))
    found: FloatArray = own_s[np.minimum(after, own_s.size - 1)] - own_s[after - 1]
    return found


def fuse(forward: FloatArray, backward: FloatArray) -> FloatArray:
    """Return two independent Gaussians (r, 14) as one; where the second is nan, the first."""
    out = forward.copy()
    both = np.flatnonzero(np.isfinite(backward[:, 0]))
    if not both.size:
        return out
    one, other = full_covariances(forward[both]), full_covariances(backward[both])
    gain = np.linalg.solve(one + other, one).transpose(0, 2, 1)  # P (P + Q)^-1, both symmetric
    mean = forward[both, :4] + np.einsum("rij,rj->ri", gain, backward[both, :4] - forward[both, :4])
    cov = one - gain @ one
    out[both, :4] = mean
    rows, columns = np.triu_indices(4)
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        out[both, _FULL[i, j]] = (cov[:, i, j] + cov[:, j, i]) / 2.0
    return out
