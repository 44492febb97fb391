"""Plots to scans: what a sensor reports as one look, in the order of time.

plots of one time ────────────────▶ a scan
plots of a turning beam ──32nds──▶ a scan of a sector, at the time of its last plot
looks that showed nothing ───────▶ an empty scan, where so few plots come that this is to be expected
every_s, for sensors without scans ▶ a tick
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotwash.geo.frames import FloatArray
from hotwash.track.arrays import IntArray, Scans
from hotwash.track.plots import Placed

SECTORS_A_TURN = 32  # as radars cut their picture (ASTERIX category 034); an airliner moves 30 m in a 32nd of 4 s
_TURNING = 4.0  # more distinct times a scan than this, and the plots carry the beam's time, not the scan's
_SPARSE = 1.2  # so do fewer, where azimuth and time go round together: a radar that shows little
_RARE = 1.0e-3  # where an empty look is rarer than this, a gap is an outage
_TICK = -1
# This long after its last report no track of a source without scans is left, so ticks would tell nothing: its log odds
# are at most 30 and fall by log 10 for each report missed, and reports are taken to be a minute apart at most.
_SILENT_S = 1_000.0


@dataclass(frozen=True, slots=True)
class Habit:
    """How one sensor looks.

    period_s      time between two looks in one direction; None without scans
    is_turning    whether each plot has its own time
    phase_rad     azimuth of the beam in the plane at time 0, and turn: +1 clockwise, -1 the other way, 0 unknown
    has_empties   whether a look without any plot is to be expected
    """

    period_s: float | None
    is_turning: bool
    phase_rad: float
    turn: int
    has_empties: bool


def estimate_habits(plots: Placed, fixed: FloatArray, periods_s: Sequence[float | None]) -> tuple[Habit, ...]:
    """Return each sensor's habit as its plots show it.

    plots       of a good stretch of the recording
    fixed       (s, 4) x, y of each sensor first
    """
    return tuple(_habit(plots, fixed, n, period_s) for n, period_s in enumerate(periods_s))


def _habit(plots: Placed, fixed: FloatArray, sensor: int, period_s: float | None) -> Habit:
    mine = np.flatnonzero((plots.sensor == sensor) & plots.is_used)
    if period_s is None or period_s <= 0.0 or mine.size == 0:
        return Habit(period_s or None, is_turning=False, phase_rad=0.0, turn=0, has_empties=False)
    time_s = plots.time_s[mine]
    times = np.unique(time_s)
    looks = (times[-1] - times[0]) / period_s + 1.0
    phase_rad, turn = _beat(plots, fixed, sensor, period_s, mine)
    is_turning = bool(times.size / looks > _TURNING or (turn and times.size / looks > _SPARSE))
    mean = mine.size / looks / (SECTORS_A_TURN if is_turning else 1)
    if not is_turning:
        phase_rad, turn = 0.0, 0
    return Habit(period_s, is_turning, phase_rad, turn, bool(np.exp(-mean) > _RARE))


def _beat(plots: Placed, fixed: FloatArray, sensor: int, period_s: float, mine: IntArray) -> tuple[float, int]:
    """Return the azimuth of the beam at time 0 and which way it turns: +1 clockwise, -1 the other, 0 not to be told."""
    azimuth = np.arctan2(plots.place[mine, 0] - fixed[sensor, 0], plots.place[mine, 1] - fixed[sensor, 1])
    for way in (1, -1):
        together = np.exp(1j * (azimuth - way * 2.0 * np.pi * plots.time_s[mine] / period_s)).mean()
        if abs(together) > 0.9:  # a beam that does not keep its pace gives next to nothing
            return float(np.angle(together)), way
    return 0.0, 0


def cut_scans(
    plots: Placed, habit: Sequence[Habit], *, every_s: float, since_s: float, until_s: float, ticks: bool = True
) -> tuple[Scans, IntArray, IntArray]:
    """Return scans, the order in which they hold the plots, and the exact time of each [µs].

    plots           those used, none later than until_s
    every_s         between two ticks, which are made for tracks of sensors without scans
    since_s         of the latest scan before these, -inf before the first
    until_s         up to where ticks and empty scans are made
    returns         times of empty scans and ticks are rounded to the microsecond
    """
    at_us = np.rint(plots.time_s * 1.0e6).astype(np.int64)
    slice_no = np.full(at_us.size, -1, dtype=np.int64)
    group_us = at_us.copy()
    for n, one in enumerate(habit):
        if one.is_turning and one.period_s:
            mine = np.flatnonzero(plots.sensor == n)
            slice_no[mine] = np.floor(plots.time_s[mine] * (SECTORS_A_TURN / one.period_s)).astype(np.int64)
            group_us[mine] = _latest(slice_no[mine], at_us[mine])
    order = np.lexsort((at_us, plots.sensor, group_us))
    time_us, sensor = group_us[order], plots.sensor[order]
    is_new = np.ones(order.size, dtype=np.bool_)
    is_new[1:] = (time_us[1:] != time_us[:-1]) | (sensor[1:] != sensor[:-1])
    begin = np.flatnonzero(is_new)
    held = np.diff(np.append(begin, order.size))
    made = [(time_us[begin], sensor[begin], held, slice_no[order][begin])]
    for n, one in enumerate(habit):
        made.append(_empties(made[0], n, one))
    if ticks:
        made.append(_ticks(time_us, every_s, since_s, until_s))
    scan_us, scan_sensor, scan_held, scan_slice = (np.concatenate(part) for part in zip(*made, strict=True))
    rank = np.lexsort((scan_sensor == _TICK, scan_held == 0, scan_us))
    first = np.zeros(rank.size + 1, dtype=np.int64)
    np.cumsum(scan_held[rank], out=first[1:])
    beam = _beam(scan_sensor[rank], scan_slice[rank], habit)
    scans = Scans(scan_us[rank] / 1.0e6, scan_sensor[rank], first, beam)
    # Plots were ordered by (time, sensor) too, so the plots of the kth scan stay together, but maybe elsewhere.
    start = np.zeros(scan_us.size, dtype=np.int64)
    start[: begin.size] = begin
    moved = np.repeat(start[rank] - first[:-1], scan_held[rank]) + np.arange(order.size)
    return scans, order[moved], scan_us[rank]


Made = tuple[IntArray, IntArray, IntArray, IntArray]  # time [µs], sensor, plots held, slice


def _latest(group: IntArray, at_us: IntArray) -> IntArray:
    """Return for each plot the latest time in its group."""
    _, inverse = np.unique(group, return_inverse=True)
    latest = np.full(int(inverse.max(initial=-1)) + 1, np.iinfo(np.int64).min)
    np.maximum.at(latest, inverse, at_us)
    found: IntArray = latest[inverse]
    return found


def _empties(made: Made, sensor: int, habit: Habit) -> Made:
    """Return the looks of a sensor that showed nothing, between two that showed something."""
    nothing = np.empty(0, dtype=np.int64)
    mine = np.flatnonzero(made[1] == sensor)
    if not habit.has_empties or not habit.period_s or mine.size < 2:
        return nothing, nothing, nothing, nothing
    step_us = habit.period_s * 1.0e6 / (SECTORS_A_TURN if habit.is_turning else 1)
    between_us = np.diff(made[0][mine])
    gaps = np.diff(made[3][mine]) if habit.is_turning else np.rint(between_us / step_us).astype(np.int64)
    # A gap as long as a hundred looks is an outage, however quiet the sky is.
    missing = np.where(gaps <= 100 * (SECTORS_A_TURN if habit.is_turning else 1), np.maximum(gaps - 1, 0), 0)
    before = np.repeat(np.arange(missing.size), missing)
    nth = np.arange(before.size) - np.repeat(np.cumsum(missing) - missing, missing) + 1
    time_us = made[0][mine][before] + np.rint(nth * step_us).astype(np.int64)
    time_us = np.minimum(time_us, made[0][mine][before + 1] - 1)
    slices = made[3][mine][before] + nth if habit.is_turning else np.full(before.size, -1, dtype=np.int64)
    return time_us, np.full(before.size, sensor, dtype=np.int64), np.zeros(before.size, dtype=np.int64), slices


def _ticks(time_us: IntArray, every_s: float, since_s: float, until_s: float) -> Made:
    """Return ticks from one plot to the next, and none in a long silence.

    time_us   of the plots, in order
    """
    begin_s = np.append(since_s if np.isfinite(since_s) else 0.0, time_us / 1.0e6)
    end_s = np.minimum(np.append(begin_s[1:], max(until_s, float(begin_s[-1]))), begin_s + _SILENT_S)
    first, last = np.floor(begin_s / every_s).astype(np.int64) + 1, np.floor(end_s / every_s).astype(np.int64)
    many = np.maximum(last - first + 1, 0)
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    at_us = np.rint((np.repeat(first, many) + nth) * every_s * 1.0e6).astype(np.int64)
    return at_us, np.full(at_us.size, _TICK), np.zeros(at_us.size, dtype=np.int64), np.full(at_us.size, -1)


def _beam(sensor: IntArray, slice_no: IntArray, habit: Sequence[Habit]) -> FloatArray:
    """Return from and to which azimuth the beam swept in each scan [rad]; all round where `to` is less."""
    beam = np.zeros((sensor.size, 2))
    beam[:, 1] = -1.0
    for n, one in enumerate(habit):
        rows = np.flatnonzero((sensor == n) & (slice_no >= 0))
        if one.is_turning and rows.size:
            way = one.turn or 1  # which way is not known: then some sector a turn counts as the look
            step = 2.0 * np.pi / SECTORS_A_TURN
            begin = one.phase_rad + way * slice_no[rows] * step - (step if way < 0 else 0.0)
            beam[rows, 0], beam[rows, 1] = begin, begin + step
    return beam
