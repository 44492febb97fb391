"""The lower bound of a share: against scipy, against the published table, and the laws that it keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.model.shares import beta_quantile, lower_bound, lower_bounds, regularised_beta

stats = pytest.importorskip("scipy.stats")

LAST_DIGITS = 1e-10
MASTERED = 0.8


@pytest.mark.parametrize("a", [0.5, 1.5, 6.5, 40.5, 900.5])
@pytest.mark.parametrize("b", [0.5, 1.5, 12.5, 300.5])
def test_the_incomplete_beta_is_that_of_scipy(a: float, b: float):
    places = [1e-9, 1e-3, 0.1, 0.37, 0.5, 0.8, 0.97, 1 - 1e-6]
    found = [regularised_beta(a, b, x) for x in places]
    np.testing.assert_allclose(found, stats.beta.cdf(places, a, b), atol=LAST_DIGITS, rtol=1e-9)


@pytest.mark.parametrize("trials", [0, 1, 5, 6, 15, 100, 5000])
def test_the_bound_is_the_quantile_of_scipy(trials: int):
    passes = np.unique(np.linspace(0, trials, 7).astype(int))
    found = lower_bounds(passes.astype(np.int64), np.full(len(passes), trials, np.int64))
    np.testing.assert_allclose(found, stats.beta.ppf(0.1, passes + 0.5, trials - passes + 0.5), rtol=1e-8)


@given(st.floats(0.5, 500.0), st.floats(0.5, 500.0), st.floats(0.01, 0.99))
def test_a_quantile_has_its_share_below_it(a: float, b: float, share: float):
    assert regularised_beta(a, b, beta_quantile(a, b, share)) == pytest.approx(share, abs=1e-9)


def test_six_straight_passes_show_four_fifths_and_five_do_not():
    assert lower_bound(5, 5) < MASTERED <= lower_bound(6, 6)


def test_fourteen_of_fifteen_show_four_fifths_and_thirteen_of_fourteen_do_not():
    assert lower_bound(13, 14) < MASTERED <= lower_bound(14, 15)


@given(st.integers(0, 60), st.integers(0, 60))
def test_another_pass_raises_the_bound_and_another_miss_lowers_it(passes: int, misses: int):
    here = lower_bound(passes, passes + misses)
    assert lower_bound(passes + 1, passes + misses + 1) > here > lower_bound(passes, passes + misses + 1)


def test_nothing_lies_below_zero_and_all_below_one():
    assert regularised_beta(2.0, 3.0, 0.0) == 0.0
    assert regularised_beta(2.0, 3.0, 1.0) == 1.0
