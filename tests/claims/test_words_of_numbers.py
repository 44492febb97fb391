"""Probabilities as sentences print them: true on both sides of every threshold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.claims.words import share
from hotwash.report.phrases import probability


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "50 %"),
        (0.94, "94 %"),
        (0.904, "90 %"),
        (0.90, "90 %"),
        (0.9 - 1e-12, "90 %"),  # a billionth is rounding, and supports
        (0.896, "89.6 %"),  # not "90 %", which would support
        (0.8999, "89.99 %"),
        (0.9499, "94.99 %"),  # not "95 %": the opposite is not contradicted
        (0.051, "5.1 %"),  # not "5 %", which would be contradicted
        (0.05, "5 %"),
        (0.049, "5 %"),
        (0.104, "10.4 %"),
        (0.9996, "over 99 %"),
        (0.99, "99 %"),
        (0.004, "under 1 %"),
        (0.0, "under 1 %"),
    ],
)
def test_a_probability_is_printed_so_that_its_sentence_stays_true(value, text):
    assert share(value) == text


@given(st.floats(0.0, 1.0))
def test_no_probability_is_printed_on_the_other_side_of_a_threshold(value):
    text = share(value)
    if text.startswith(("over", "under")):
        assert value > 0.99 or value < 0.01
        return
    printed = float(text.removesuffix(" %")) / 100.0
    rounding = 1e-9
    assert (printed >= 0.90 - rounding) == (value >= 0.90 - rounding)
    assert (printed <= 0.05 + rounding) == (value <= 0.05 + rounding)
    assert abs(printed - value) < 0.0051


def test_the_page_and_the_findings_print_a_probability_alike():
    assert probability is share
