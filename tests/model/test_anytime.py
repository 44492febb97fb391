"""Evidence that holds however often somebody looks: an e-value, its bound, and what a share costs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.model.anytime import ERROR, fewest_trials, is_shown, level, log_evidence, lower_bound

SHARES = st.floats(0.05, 0.95)


@given(st.integers(0, 40), st.integers(0, 40), SHARES)
def test_one_more_trial_at_the_share_itself_gains_nothing_on_average(passes: int, misses: int, share: float):
    """The identity on which Ville's inequality rests: the stake is a martingale."""
    after = share * math.exp(log_evidence(passes + 1, misses, share))
    after += (1.0 - share) * math.exp(log_evidence(passes, misses + 1, share))
    assert after == pytest.approx(math.exp(log_evidence(passes, misses, share)), rel=1e-9)


def test_the_levels_of_all_rounds_together_spend_a_tenth():
    assert sum(level(number) for number in range(1, 100_001)) == pytest.approx(ERROR, abs=1e-5)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_bound_is_the_greatest_share_that_is_shown(passes: int, misses: int):
    bound = lower_bound(passes, passes + misses)
    assert bound == 0.0 or is_shown(passes, misses, bound * (1.0 - 1e-9))
    assert not is_shown(passes, misses, bound + 1e-6)


@given(st.integers(0, 60), st.integers(0, 60))
def test_another_pass_never_lowers_the_bound_and_another_miss_never_raises_it(passes: int, misses: int):
    here = lower_bound(passes, passes + misses)
    assert lower_bound(passes + 1, passes + misses + 1) >= here >= lower_bound(passes, passes + misses + 1)


@given(SHARES, st.integers(0, 5), st.integers(1, 5))
def test_the_fewest_trials_show_the_share_and_one_fewer_do_not(share: float, misses: int, number: int):
    at_level = level(number)
    fewest = fewest_trials(share, misses=misses, at_level=at_level)
    assert is_shown(fewest - misses, misses, share, at_level=at_level)
    assert fewest == misses or not is_shown(fewest - misses - 1, misses, share, at_level=at_level)


def test_four_fifths_take_fifteen_trials_at_first_and_more_in_each_round():
    """0.8^-15 / 2 + (0.95 / 0.8)^15 / 2 = 20.8 reaches 20; fourteen give 16.9."""
    assert 0.5 * 0.8**-15 + 0.5 * (0.95 / 0.8) ** 15 > 20.0 > 0.5 * 0.8**-14 + 0.5 * (0.95 / 0.8) ** 14
    assert [fewest_trials(0.8, at_level=level(number)) for number in (1, 2, 3)] == [15, 21, 24]
    assert [fewest_trials(0.8, misses=n, at_level=level(1)) for n in (1, 2, 3)] == [31, 40, 49]
