"""The shift between earlier and later attempts: against scipy, by counting, and by its coverage."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from hotwash.lessons.effects import shift

stats = pytest.importorskip("scipy.stats")


def test_the_interval_ends_where_the_exact_test_of_scipy_begins_to_refuse():
    before, after = [3.1, 4.7, 5.2, 6.9, 8.0], [9.3, 11.2, 12.1, 10.4]
    found = shift(before, after)
    for end, inwards in ((found.low, 0.01), (found.high, -0.01)):
        kept = stats.mannwhitneyu(np.array(after) - (end + inwards), before, method="exact").pvalue
        refused = stats.mannwhitneyu(np.array(after) - (end - inwards), before, method="exact").pvalue
        assert kept > 0.1 >= refused


def test_three_and_three_are_just_enough_for_ninety_percent():
    assert shift([1, 2, 3], [11, 12, 13]) is not None
    assert shift([1, 2, 3], [11, 12]) is None
    assert shift([], [1, 2, 3]) is None


def test_the_distribution_behind_it_is_what_counting_all_orders_gives():
    n, m = 4, 5
    values = [sum(sum(other < one for other in set(range(n + m)) - set(mine)) for one in mine)
              for mine in combinations(range(n + m), n)]  # fmt: skip
    below = np.cumsum(np.bincount(values)) / len(values)
    edge = int(np.searchsorted(below, 0.05 + 1e-12, side="right"))
    moved = np.sort(np.subtract.outer(np.arange(10.0, 10 + n), np.arange(m) * 0.37).ravel())
    assert shift(list(np.arange(m) * 0.37), list(np.arange(10.0, 10 + n))).low == moved[edge - 1]


def test_nine_in_ten_intervals_hold_the_true_shift():
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(1000):
        found = shift(rng.exponential(5.0, 7).tolist(), (rng.exponential(5.0, 9) - 4.0).tolist())
        held += found.low <= -4.0 <= found.high
    assert held / 1000 >= 0.88  # 0.9 less two standard errors; the distribution is discrete, so it is more


def test_many_values_take_the_normal_approximation():
    rng = np.random.default_rng(3)
    before, after = rng.normal(0, 1, 60), rng.normal(2, 1, 45)
    found = shift(before.tolist(), after.tolist())
    assert found.low < found.value < found.high
    p = stats.mannwhitneyu(after - found.low - 1e-9, before, method="asymptotic").pvalue
    assert p == pytest.approx(0.1, abs=0.01)
