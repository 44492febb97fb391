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
