"""Lengths of time as sentences say them: never more exact than told, and bounds that hold all that is possible."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.claims.words import interval, minutes, minutes_between, quantity
from hotwash.report.phrases import say_span

FROM_SECONDS = 54.0 + 41.0 / 60.0
LENGTHS = st.floats(0.0, 5000.0)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (FROM_SECONDS, FROM_SECONDS, "55 min"),
        (54.2, 58.1, "54 to 59 min"),
        (54.7, None, "54 min or more"),
        (None, 54.2, "55 min or less"),
        (54.7, 55.2, "55 min"),
        (0.3, 0.3, "less than 1 min"),
        (None, None, "anything"),
        (55.0 - 1e-9, 60.0 + 1e-9, "55 to 60 min"),
    ],
)
def test_a_length_in_a_reason_is_whole_minutes_and_its_bounds_go_outward(low, high, said):
    assert interval(low, high, "min").replace(" min to ", " to ") == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (FROM_SECONDS, FROM_SECONDS, "55 min"),
        (54.7, 121.2, "54 min to 2 h 2 min"),
        (61.9, None, "at least 1 h 1 min"),
        (None, 61.1, "at most 1 h 2 min"),
        (None, None, ""),
        (-29.0, -29.0, "−29 min"),
    ],
)
def test_a_length_in_an_answer_is_whole_minutes_and_its_bounds_go_outward(low, high, said):
    assert minutes_between(low, high) == said


def test_the_page_says_bounds_of_less_than_an_hour_with_one_unit():
    assert [say_span(54.2, 58.1), say_span(54.2, 61.0), say_span(0.0, None)] == [
        "54 to 59 min",
        "54 min to 1 h 1 min",
        "",
    ]


@given(LENGTHS, LENGTHS)
def test_no_length_is_said_with_a_part_of_a_minute(one: float, other: float):
    low, high = sorted((one, other))
    for said in (interval(low, high, "min"), minutes_between(low, high), quantity(one, "min"), minutes(one)):
        assert not re.search(r"\d\.\d", said)


@given(LENGTHS, LENGTHS)
def test_bounds_that_are_said_hold_all_that_is_possible(one: float, other: float):
    low, high = sorted((one, other))
    said = interval(low, high, "min")
    if " to " in said:
        first, last = (float(part.removesuffix(" min").replace(",", "")) for part in said.split(" to "))
        assert first <= low + 1e-5
        assert high - 1e-5 <= last


@given(LENGTHS)
def test_a_length_alone_is_the_nearest_minute(value: float):
    said = quantity(value, "min")
    if value == 0.0 or value >= 0.5:
        assert math.isclose(float(said.removesuffix(" min").replace(",", "")), value, abs_tol=0.5)
