"""d′ and criterion of a watch, against a published example and the normal law of another implementation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from hotwash.score.watch.classes import Answers, answers, class_rows, rates, sensitivity

THIRD_DIGIT = 1e-3
counts = st.integers(min_value=0, max_value=500)


@pytest.mark.parametrize(("hit", "false", "d_prime"), [(0.7, 0.1, 1.806), (0.5, 0.4, 0.253), (0.85, 0.05, 2.681)])
def test_d_prime_is_that_of_a_published_example(hit, false, d_prime):
    # Schneider, Short notes on the theory of signal detection: a table of three subjects.
    assert sensitivity(hit, false).d_prime == pytest.approx(d_prime, abs=THIRD_DIGIT)


def test_the_criterion_is_that_of_a_published_example():
    # Stanislaw and Todorov 1999, Behavior Research Methods 31, 137-149: 20 of 25 hits, 10 of 25 false alarms.
    found = sensitivity(20 / 25, 10 / 25)
    assert found.d_prime == pytest.approx(1.095, abs=THIRD_DIGIT)
    assert found.criterion == pytest.approx(-0.294, abs=THIRD_DIGIT)


@given(counts, counts, counts, counts)
def test_both_agree_with_scipy_and_are_finite_however_extreme_the_answers(hits, misses, alarms, rejections):
    hit, false = rates(Answers(hits, misses, alarms, rejections))
    assert hit == (hits + 0.5) / (hits + misses + 1)
    found = sensitivity(hit, false)
    assert found.d_prime == pytest.approx(norm.ppf(hit) - norm.ppf(false), abs=1e-9)
    assert found.criterion == pytest.approx(-(norm.ppf(hit) + norm.ppf(false)) / 2.0, abs=1e-9)


@given(counts, counts, counts, counts)
def test_who_calls_the_other_kind_a_drone_has_the_opposite_sensitivity_and_the_same_criterion(a, b, c, d):
    one, other = sensitivity(*rates(Answers(a, b, c, d))), sensitivity(*rates(Answers(c, d, a, b)))
    assert one.d_prime == pytest.approx(-other.d_prime, abs=1e-9)
    assert one.criterion == pytest.approx(other.criterion, abs=1e-9)


def test_below_twenty_of_either_kind_nothing_is_said():
    few = [("drone", "drone")] * 20 + [("bird", "bird")] * 19
    for pairs, result in ((few, "NO DATA"), ([*few, ("nothing", "drone")], None)):
        rows = {row["measure"]: row for row in class_rows(pairs)}
        assert rows["d_prime"].get("result") == rows["criterion"].get("result") == result


def test_the_matrix_holds_each_trial_once():
    pairs = [("drone", "drone"), ("drone", "bird"), ("nothing", "drone"), ("bird", "unknown"), ("bird", "unknown")]
    rows = {row["measure"]: row["value"] for row in class_rows(pairs)}
    assert answers(pairs) == Answers(1, 1, 1, 2)
    assert rows["classified_bird_as_unknown"] == 2
    assert sum(value for name, value in rows.items() if name.startswith("classified_")) == len(pairs)
