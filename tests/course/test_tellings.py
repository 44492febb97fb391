"""Tellings of one moment: where they agree, and in which groups they do not."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hotwash.course.tellings import Telling, agree


def exact(minute, name="E"):
    return Telling(name, minute, minute, minute)


def about(minute, width=5.0, name="A"):
    return Telling(name, minute - width, minute + width, minute)


def groups(*tellings):
    return [(group.low, group.high) for group in agree(tellings).groups]


def test_a_minute_told_exactly_is_not_vetoed_by_a_rounding_that_admits_it():
    assert groups(exact(26), about(30)) == [(26, 26)]


def test_an_exact_telling_wins_over_about_that_excludes_it():
    found = agree([exact(26), about(40)])
    assert [(group.low, group.high) for group in found.groups] == [(26, 26)]
    assert [one.name for one in found.overruled] == ["A"]


def test_two_exact_tellings_that_differ_are_two_groups():
    assert groups(exact(26), exact(40)) == [(26, 26), (40, 40)]


def test_tellings_with_tolerances_that_exclude_one_another_are_groups_of_their_common_parts():
    assert groups(about(10), about(12), about(30)) == [(7, 15), (25, 35)]


def test_a_bound_from_one_side_narrows_and_one_that_bounds_nothing_is_left_out():
    assert groups(about(10), Telling("B", -math.inf, 8)) == [(5, 8)]
    assert groups(Telling("N", -math.inf, math.inf)) == []


spans = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 30)), min_size=1, max_size=8)


@given(spans)
def test_every_telling_is_in_one_group_that_lies_within_it_or_is_overruled(drawn):
    tellings = [Telling(f"T{n}", low, low + width, None) for n, (low, width) in enumerate(drawn)]
    found = agree(tellings)
    assert sorted(one.name for one in (*found.members, *found.overruled)) == sorted(one.name for one in tellings)
    for group in found.groups:
        assert group.low <= group.high
        assert all(one.low <= group.low and group.high <= one.high for one in group.members)


@given(spans)
def test_groups_do_not_overlap_and_stand_in_order(drawn):
    found = groups(*(Telling(f"T{n}", low, low + width, None) for n, (low, width) in enumerate(drawn)))
    assert all(first[1] < second[0] or first[1] < second[1] for first, second in pairwise(found))


@given(spans, st.randoms())
def test_the_order_in_which_tellings_stand_changes_nothing(drawn, shuffle):
    tellings = [Telling(f"T{n}", low, low + width, None) for n, (low, width) in enumerate(drawn)]
    turned = list(tellings)
    shuffle.shuffle(turned)
    assert groups(*tellings) == groups(*turned)


# ---------------------------------------------------------------- a minute is a minute long

A_SECOND = 1.0 / 60.0


def shown(low, high=None, name="C"):
    """Return a telling of a time of day, in minutes; one with a fraction is told to the second."""
    return Telling(name, low, low if high is None else high, low if high is None else None, is_clock=True)


def test_a_time_told_to_the_second_is_in_the_minute_that_another_tells():
    assert groups(shown(15), shown(15 + 40 * A_SECOND)) == [(15 + 40 * A_SECOND, 15 + 40 * A_SECOND)]
    assert groups(shown(15), shown(16)) == [(15, 15), (16, 16)]
    assert groups(shown(15), shown(16 + A_SECOND)) == [(15, 15), (16 + A_SECOND, 16 + A_SECOND)]


def test_a_bound_told_to_the_minute_admits_all_of_that_minute():
    # A woman calls at 02:15 in an hour that comes twice; the telephone company records 02:15:40 of the second.
    assert groups(shown(-45, 15), shown(15 + 40 * A_SECOND)) == [(15 + 40 * A_SECOND, 15 + 40 * A_SECOND)]
    # Not before 02:15:30 and not after 02:15: nothing is said beyond the minute.
    assert groups(shown(15.5, 20), shown(10, 15)) == [(15.5, 15 + 59 * A_SECOND)]


def test_seconds_of_one_minute_that_differ_are_two_groups_and_the_minute_fits_the_first():
    found = agree([shown(15, name="M"), shown(15 + 20 * A_SECOND, name="A"), shown(15 + 40 * A_SECOND, name="B")])
    assert [[one.name for one in group.members] for group in found.groups] == [["A", "M"], ["B"]]


def test_a_length_told_in_minutes_is_no_clock():
    assert groups(exact(15), exact(15.5)) == [(15, 15), (15.5, 15.5)]
