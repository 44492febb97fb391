"""Conversions at the doors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.errors import UnitError
from hotwash.units import METRE_PER, MINUTE_PER, convert


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.0, "NM", "m", 1852.0),  # ICAO Annex 5
        (1.0, "ft", "m", 0.3048),
        (90.0, "FL", "ft", 9000.0),
        (1.0, "kt", "km/h", 1.852),
        (2.0, "hours", "min", 120.0),
        (432.0, "mi", "km", 695.236608),
    ],
)
def test_conversions_are_the_published_ones(value: float, unit: str, to: str, expected: float):
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


@given(st.floats(-1e9, 1e9), st.sampled_from(sorted(METRE_PER)), st.sampled_from(sorted(METRE_PER)))
def test_there_and_back_again_is_the_same_length(value: float, unit: str, to: str):
    assert convert(convert(value, unit, to), to, unit) == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("unit", ["parsec", "", "kmh"])
def test_an_unknown_unit_is_refused_with_those_there_are(unit: str):
    with pytest.raises(UnitError, match="km/h"):
        convert(1.0, unit, "km")


def test_a_length_is_no_time():
    with pytest.raises(UnitError):
        convert(1.0, "km", next(iter(MINUTE_PER)))
