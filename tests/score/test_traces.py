"""Measures of a control trace say what they say: counted by hand, by other formulas, or by the signal's own making."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.score import traces

STEP_S = 0.02
A_THOUSANDTH = 1e-3


def seconds(many):
    return np.arange(0.0, many, STEP_S)


def test_a_sine_turns_back_twice_in_each_of_its_periods():
    wave = 0.5 * np.sin(2.0 * np.pi * 0.5 * seconds(20.0))
    assert traces.reversals_per_s(wave, step_s=STEP_S) == pytest.approx(1.0, abs=0.06)


def test_a_trembling_smaller_than_the_dead_band_is_no_reversal():
    wave = np.linspace(-1.0, 1.0, 1000) + 0.02 * np.sin(2.0 * np.pi * 8.0 * np.arange(1000) * STEP_S)
    assert traces.reversals_per_s(wave, step_s=STEP_S) == 0.0


def test_each_way_back_and_forth_counts_once():
    steps = np.repeat([0.0, 0.5, 0.1, 0.6, 0.0], 50)
    assert traces.reversals_per_s(steps, step_s=STEP_S) == pytest.approx(3 / (250 * STEP_S))


@given(st.lists(st.floats(-1.0, 1.0), min_size=2, max_size=80))
def test_reversals_are_those_of_the_mirrored_trace(values):
    own = np.array(values)
    assert traces.reversals_per_s(own, step_s=STEP_S) == traces.reversals_per_s(-own, step_s=STEP_S)


def test_power_is_shared_between_two_sines_as_their_squares():
    clock = seconds(20.0)
    wave = 0.3 * np.sin(2.0 * np.pi * 0.5 * clock) + 0.1 * np.sin(2.0 * np.pi * 4.0 * clock)
    assert traces.busy_share(wave, step_s=STEP_S) == pytest.approx(0.01 / 0.1, abs=A_THOUSANDTH)


def test_the_power_is_that_of_parseval():
    noise = np.random.default_rng(1).normal(size=501)
    low, high = (traces.busy_share(noise, step_s=STEP_S, above_hz=hz) for hz in (0.0, 30.0))
    assert low == pytest.approx(1.0)
    assert high == 0.0


def test_a_stick_that_never_moved_has_no_share():
    assert traces.busy_share(np.full(100, 0.4), step_s=STEP_S) is None


def sparc_by_sums(speed, step_s):
    """Return SPARC with the Fourier sums written out and the arc walked line by line."""
    points = 2 ** (math.ceil(math.log2(len(speed))) + 4)
    clock = np.arange(len(speed))
    lines = []
    for k in range(points // 2 + 1):
        if k / (points * step_s) > 10.0:
            break
        turn = 2.0 * math.pi * k * clock / points
        lines.append(math.hypot((speed * np.cos(turn)).sum(), (speed * np.sin(turn)).sum()))
    greatest = max(lines)
    lines = [line / greatest for line in lines]
    first = next(at for at, line in enumerate(lines) if line >= 0.05)
    last = max(at for at, line in enumerate(lines) if line >= 0.05)
    span = last - first
    return -sum(math.sqrt((1 / span) ** 2 + (lines[at + 1] - lines[at]) ** 2) for at in range(first, last))


@pytest.mark.parametrize("seed", range(3))
def test_the_spectral_arc_length_is_that_of_the_sums_written_out(seed):
    speed = np.abs(np.cumsum(np.random.default_rng(seed).normal(size=60)))
    expected = sparc_by_sums(speed, STEP_S)
    assert traces.spectral_arc_length(speed, step_s=STEP_S) == pytest.approx(expected, abs=1e-9)


def bell(many):
    """The speed of a movement of least jerk, 1 s long."""
    t = np.linspace(0.0, 1.0, many)
    return 30.0 * t**2 * (1.0 - t) ** 2


def test_one_smooth_movement_is_smoother_than_two_in_a_row():
    one = traces.spectral_arc_length(bell(51), step_s=STEP_S)
    two = traces.spectral_arc_length(np.concatenate([bell(51), bell(51)]), step_s=STEP_S)
    assert two < one < 0.0


def test_smoothness_does_not_depend_on_how_fast_the_whole_was():
    slow, fast = (traces.spectral_arc_length(scale * bell(51), step_s=STEP_S) for scale in (1.0, 40.0))
    assert slow == pytest.approx(fast, abs=1e-12)


def test_standing_still_has_no_smoothness():
    assert traces.spectral_arc_length(np.zeros(100), step_s=STEP_S) is None


def test_a_hand_that_answers_after_a_quarter_second_with_a_half_too_much():
    clock = seconds(10.0)
    answer = np.where(clock < 3.25, 0.0, np.where(clock < 3.65, 0.6, 0.4))
    found = traces.response(answer, step_s=STEP_S, event_s=3.0)
    assert found.delay_s == pytest.approx(0.25, abs=STEP_S)
    assert found.overshoot == pytest.approx(0.5, abs=A_THOUSANDTH)


def test_a_hand_that_does_not_answer_has_no_delay():
    assert traces.response(np.zeros(500), step_s=STEP_S, event_s=3.0) == (None, None)


def test_an_event_at_the_very_end_has_no_answer():
    assert traces.response(np.ones(100), step_s=STEP_S, event_s=1.99) == (None, None)


def test_commands_that_come_unevenly_hold_until_the_next():
    time_s, values = np.array([0.0, 0.04, 0.1]), np.array([1.0, 2.0, 3.0])
    assert traces.evenly(time_s, values, step_s=STEP_S).tolist() == [1.0, 1.0, 2.0, 2.0, 2.0, 3.0]
