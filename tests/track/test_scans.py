"""Plots to scans: every plot in one scan, in time; turning beams in sectors; empty looks and ticks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.track import scans
from hotwash.track.plots import Placed

PERIOD_S = 4.0
SCANNING = scans.Habit(PERIOD_S, is_turning=False, phase_rad=0.0, turn=0, has_empties=False)
TURNING = scans.Habit(PERIOD_S, is_turning=True, phase_rad=0.0, turn=1, has_empties=False)
QUIET = scans.Habit(None, is_turning=False, phase_rad=0.0, turn=0, has_empties=False)
FIXED = np.array([[0.0, 0.0, 50_000.0, 1.0]] * 3)


def plots(time_s: list[float], sensor: list[int] | None = None) -> Placed:
    n = len(time_s)
    azimuth = 2.0 * np.pi * np.array(time_s) / PERIOD_S
    place = np.zeros((n, 5))
    place[:, 0], place[:, 1] = 1.0e4 * np.sin(azimuth), 1.0e4 * np.cos(azimuth)
    number = np.array(sensor if sensor is not None else [0] * n, dtype=np.int64)
    return Placed(
        np.array(time_s, dtype=np.float64),
        number,
        np.full(n, -1),
        place,
        np.full((n, 2), np.nan),
        np.ones(n, np.bool_),
        np.arange(n),
        np.zeros(n, np.bool_),
    )


def cut(found: Placed, *habits: scans.Habit, since_s: float = -np.inf, until_s: float = 100.0):
    ticks = any(habit is QUIET for habit in habits)
    return scans.cut_scans(found, habits, every_s=1.0, since_s=since_s, until_s=until_s, ticks=ticks)


TIMES = st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 2)), max_size=60)


@given(TIMES, st.lists(st.sampled_from([SCANNING, TURNING, QUIET]), min_size=3, max_size=3))
def test_every_plot_lies_in_one_scan_of_its_sensor_and_scans_follow_in_time(
    seen: list[tuple[int, int]], habits: list[scans.Habit]
):
    found = plots([ms / 1000.0 for ms, _ in seen], [sensor for _, sensor in seen])
    made, order, time_us = cut(found, *habits)
    assert sorted(order.tolist()) == list(range(len(seen)))
    assert made.first[0] == 0
    assert made.first[-1] == len(seen)
    assert (np.diff(made.first) >= 0).all()
    assert (np.diff(time_us) >= 0).all()
    scan = np.repeat(np.arange(made.time_s.size), np.diff(made.first))
    assert (found.sensor[order] == made.sensor[scan]).all()
    latest = np.rint(found.time_s[order] * 1.0e6)
    assert (latest <= time_us[scan]).all()
    step_us = PERIOD_S / scans.SECTORS_A_TURN * 1.0e6
    assert (time_us[scan] - latest <= step_us).all()


@given(TIMES)
def test_plots_of_one_time_are_one_scan_with_the_very_same_microseconds(seen: list[tuple[int, int]]):
    found = plots([ms / 1000.0 for ms, _ in seen], [sensor for _, sensor in seen])
    made, _, time_us = cut(found, SCANNING, SCANNING, SCANNING)
    looks = list(zip(time_us.tolist(), made.sensor.tolist(), strict=True))
    assert sorted(looks) == sorted({(ms * 1000, sensor) for ms, sensor in seen})


def test_a_turning_beam_is_known_by_its_times_and_its_way_by_its_plots():
    turns = np.arange(0.0, 40.0, PERIOD_S / 50.0)
    (clockwise,) = scans.estimate_habits(plots(turns.tolist()), FIXED[:1], [PERIOD_S])
    assert (clockwise.is_turning, clockwise.turn) == (True, 1)
    mirrored = plots(turns.tolist())
    mirrored.place[:, 0] *= -1.0
    (other,) = scans.estimate_habits(mirrored, FIXED[:1], [PERIOD_S])
    assert (other.is_turning, other.turn) == (True, -1)
    (still,) = scans.estimate_habits(plots([n * PERIOD_S for n in range(10)]), FIXED[:1], [PERIOD_S])
    assert not still.is_turning


def test_a_turning_beam_is_cut_into_32nds_of_a_turn_at_the_time_of_the_last_plot():
    found = plots([0.01, 0.05, 0.12, 0.13, 0.20])
    made, _, time_us = cut(found, TURNING)
    assert time_us.tolist() == [120_000, 200_000]
    assert np.diff(made.first).tolist() == [3, 2]
    sector = 2.0 * np.pi / scans.SECTORS_A_TURN
    assert made.beam == pytest.approx(np.array([[0.0, sector], [sector, 2.0 * sector]]))


def test_looks_that_showed_nothing_are_put_between_those_that_did_where_that_is_to_be_expected():
    habit = scans.Habit(PERIOD_S, is_turning=False, phase_rad=0.0, turn=0, has_empties=True)
    made, _, time_us = cut(plots([0.0, 4.0, 16.0]), habit)
    assert (time_us / 1.0e6).tolist() == [0.0, 4.0, 8.0, 12.0, 16.0]
    assert np.diff(made.first).tolist() == [1, 1, 0, 0, 1]


def test_an_outage_is_no_row_of_empty_looks():
    habit = scans.Habit(PERIOD_S, is_turning=False, phase_rad=0.0, turn=0, has_empties=True)
    made, _, _ = cut(plots([0.0, 4.0, 4_000.0]), habit)
    assert made.time_s.tolist() == [0.0, 4.0, 4_000.0]


def test_sources_without_scans_get_ticks_and_none_is_given_twice():
    made, _, _ = cut(plots([0.5]), QUIET, until_s=3.5)
    assert made.time_s[made.sensor < 0].tolist() == [1.0, 2.0, 3.0]
    made, _, _ = cut(plots([4.2]), QUIET, since_s=3.5, until_s=5.0)
    assert made.time_s[made.sensor < 0].tolist() == [4.0, 5.0]


def test_a_time_far_off_costs_no_ticks_for_the_years_between():
    made, _, _ = cut(plots([0.0, 1.0e9]), QUIET, until_s=1.0e9)
    assert made.time_s.size < 5_000
    assert made.time_s[-1] == 1.0e9


def test_without_plots_there_are_no_scans():
    made, order, time_us = cut(plots([]), SCANNING)
    assert (made.time_s.size, order.size, time_us.size, made.first.tolist()) == (0, 0, 0, [0])
