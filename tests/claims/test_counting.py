"""How many: the distribution of a number of finds, and the table of counts."""

from __future__ import annotations

from itertools import product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid_out import account, assumption, bundle, event, find, finds

from hotwash.claims import counting
from hotwash.model import tables
from hotwash.model.schema import drift

ROUNDING = 1e-12
PROBABILITIES = st.lists(st.floats(0.0, 1.0), max_size=40)


def enumerated(chances: list[float]) -> list[float]:
    """Return the distribution by going through all 2ⁿ outcomes."""
    found = [0.0] * (len(chances) + 1)
    for outcome in product((0, 1), repeat=len(chances)):
        found[sum(outcome)] += prod(p if hit else 1.0 - p for p, hit in zip(chances, outcome, strict=True))
    return found


@pytest.mark.parametrize("size", range(13))
def test_the_number_of_hits_is_what_all_outcomes_give(size):
    chances = np.random.default_rng(size).uniform(size=size)
    assert counting.hits(chances).chance == pytest.approx(enumerated(chances.tolist()), abs=ROUNDING)


@pytest.mark.parametrize(("size", "chance"), [(1, 0.3), (20, 0.5), (100, 0.97), (400, 0.02)])
def test_equal_probabilities_give_the_binomial_distribution(size, chance):
    binomial = [comb(size, k) * chance**k * (1.0 - chance) ** (size - k) for k in range(size + 1)]
    assert counting.hits(np.full(size, chance)).chance == pytest.approx(binomial, abs=ROUNDING)


@given(PROBABILITIES)
@settings(deadline=None)
def test_mean_and_variance_are_the_sums_of_the_rows(chances):
    p, chance = np.array(chances), counting.hits(np.array(chances)).chance
    numbers = np.arange(chance.size)
    mean = float(numbers @ chance)
    assert chance.sum() == pytest.approx(1.0, abs=ROUNDING)
    assert mean == pytest.approx(p.sum(), abs=1e-9)
    assert float((numbers - mean) ** 2 @ chance) == pytest.approx((p * (1.0 - p)).sum(), abs=1e-9)


@given(PROBABILITIES)
@settings(deadline=None)
def test_below_and_above_the_interval_lies_at_most_one_in_twenty_each(chances):
    found = counting.hits(np.array(chances))
    low, high = found.interval_90
    assert found.chance[:low].sum() <= 0.05 + ROUNDING
    assert found.chance[high + 1 :].sum() <= 0.05 + ROUNDING
    assert found.chance[: low + 1].sum() > 0.05 - ROUNDING, "no tighter lower end keeps the promise"


@given(PROBABILITIES, st.integers(-2, 45), st.integers(0, 45))
@settings(deadline=None)
def test_the_probability_of_a_range_of_numbers_is_the_sum_over_it(chances, low, width):
    found = counting.hits(np.array(chances))
    wanted = sum(p for k, p in enumerate(found.chance) if low <= k <= low + width)
    assert found.between(low, low + width) == pytest.approx(min(wanted, 1.0), abs=ROUNDING)
    assert found.between(low, np.inf) + found.between(0, low - 1) == pytest.approx(1.0, abs=1e-9)


def test_two_thousand_finds_are_counted_as_exactly_as_twelve():
    chances = np.random.default_rng(1).uniform(size=2000)
    chance = np.ones(1)
    for p in chances:  # the textbook way, one find after the other
        chance = np.append(chance * (1.0 - p), 0.0) + np.append(0.0, chance * p)
    assert counting.hits(chances).chance == pytest.approx(chance, abs=ROUNDING)


def counts_of(laid):
    frame = account(laid).counts
    assert drift(frame, tables.COUNTS) == []
    return {row["unit"]: row for row in frame.to_dicts()}


def test_finds_are_bounded_from_both_sides():
    row = counts_of(bundle(finds=finds(1.0, 1.0, 0.5)))["finds"]
    assert (row["low_90"], row["high_90"]) == (2, 3)
    assert row["most_likely"] in (2, 3)


@pytest.mark.parametrize("unit", ["airframes", "brought_down"])
def test_what_was_never_found_leaves_airframes_and_what_was_brought_down_open_above(unit):
    row = counts_of(bundle(finds=finds(1.0, 1.0, 0.9)))[unit]
    assert (row["most_likely"], row["low_90"], row["high_90"]) == (None, 2, None)
    assert row["why"]


def test_without_tracks_crossings_have_no_number_and_say_why():
    row = counts_of(bundle(finds=finds(1.0, 1.0)))["crossings"]
    assert [row[name] for name in ("most_likely", "low_90", "high_90", "mean")] == [None] * 4
    assert "tracks" in row["why"]


def test_a_named_assumption_lets_finds_bound_crossings_from_below():
    row = counts_of(bundle(finds=finds(1.0, 1.0), assumptions=[assumption("A-CROSSED")]))["crossings"]
    assert (row["most_likely"], row["low_90"], row["high_90"]) == (None, 2, None)


def test_a_count_moves_between_all_low_and_all_high_probabilities():
    more = {"probability_find_low": 0.2, "probability_find_high": 0.8}
    row = counts_of(bundle(finds=[find("F1", 0.5, **more), find("F2", 0.4)]))["finds"]
    assert [row[name] for name in ("all_low", "mean", "all_high")] == pytest.approx([0.6, 0.9, 1.2])


def test_no_finds_give_no_count_and_a_reason():
    for row in counts_of(bundle()).values():
        assert (row["low_90"], row["high_90"], row["most_likely"], row["rows"]) == (None, None, None, [])
        assert row["why"]


def test_a_find_without_a_probability_is_not_counted():
    assert counts_of(bundle(finds=[find("F1", 0.9), find("F2")]))["finds"]["rows"] == ["finds:F1"]


def test_two_tellings_of_one_number_leave_it_between_them():
    told = [event("diversion", value=4.0, subject_id="EPAA"), event("diversion", 1.0, value=6.0, subject_id="EPAA")]
    row = counts_of(bundle(events=told))["diversions"]
    assert (row["low_90"], row["most_likely"], row["high_90"]) == (4, None, 6)


def test_numbers_of_two_subjects_may_overlap_and_may_add_up():
    # An airline's 7 diverted flights may be among an aerodrome's 5, or beside them.
    told = [event("diversion", value=7.0, subject_id="airline"), event("diversion", 1.0, value=5.0, subject_id="EPAA")]
    row = counts_of(bundle(events=told))["diversions"]
    assert (row["low_90"], row["high_90"]) == (7, 12)


def test_a_telling_of_the_whole_goes_before_those_of_the_parts():
    told = [event("diversion", value=9.0), event("diversion", 1.0, value=5.0, subject_id="EPAA")]
    assert counts_of(bundle(events=told))["diversions"]["most_likely"] == 9


def test_a_closed_aerodrome_and_closed_air_space_are_counted_apart():
    told = [event("aerodrome_closed", 1.0, subject_id="EPAA"), event("airspace_closed", 2.0, subject_id="EPBB")]
    row = counts_of(bundle(events=told))["aerodromes_closed"]
    assert (row["low_90"], row["most_likely"], row["high_90"]) == (1, None, 2)
    assert "EPBB" in row["why"]
