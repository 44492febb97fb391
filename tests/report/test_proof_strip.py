"""The drawing of what attempts came to: everything within its frame, and told to those who cannot see it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.report.proof_strip import ProofStrip, draw_strip

NUMBERS = st.floats(-1e6, 1e6).filter(lambda value: value == 0.0 or abs(value) > 1e-6)


def drawn(strip: ProofStrip) -> ElementTree.Element:
    return ElementTree.fromstring(str(draw_strip(strip, title="Reopened soon", name="o-1")))


def numbers(drawing: ElementTree.Element, names: str) -> list[float]:
    return [float(one.attrib[name]) for one in drawing.iter() for name in names.split() if name in one.attrib]


@pytest.mark.parametrize(("relation", "met"), [("at_most", 2), ("at_least", 2)])
def test_a_dot_is_one_that_met_it_and_a_cross_one_that_did_not(relation: str, met: int):
    strip = ProofStrip((1.0, 5.0, 9.0), "min", relation, 5.0)
    shown = drawn(strip)
    assert sum(one.attrib.get("class") == "met" for one in shown.iter()) == met
    assert sum(one.attrib.get("class") == "missed" for one in shown.iter()) == 2 * (3 - met)
    assert f"{met} of 3 attempts met the standard" in "".join(shown.itertext())


def test_a_real_event_far_off_is_pointed_at_and_a_near_one_drawn_to_scale():
    far = "".join(drawn(ProofStrip((1.0,), "s", "at_most", 5.0, reference=27_000.0)).itertext())
    near = "".join(drawn(ProofStrip((1.0,), "s", "at_most", 5.0, reference=6.0, low=5.0, high=7.0)).itertext())
    assert "Real event: 7 h 30 min ▶" in far
    assert "Real event: 6 s" in near
    assert "▶" not in near


def test_attempts_of_one_value_stand_above_each_other():
    shown = drawn(ProofStrip((14.0,) * 6, "points", "at_least", 11.0))
    places = {(one.attrib["cx"], one.attrib["cy"]) for one in shown.iter() if "cx" in one.attrib}
    assert len(places) == 6


@given(
    values=st.lists(NUMBERS, max_size=12),
    threshold=NUMBERS,
    relation=st.sampled_from(["at_most", "at_least"]),
    reference=st.none() | NUMBERS,
)
def test_nothing_stands_beside_the_drawing(
    values: list[float], threshold: float, relation: str, reference: float | None
):
    shown = drawn(ProofStrip(tuple(values), "min", relation, threshold, reference))
    wide = float(shown.attrib["viewBox"].split()[2])
    across = numbers(shown, "x x1 x2 cx")
    across += [float(x) for one in shown.iter("{*}path") for x in re.findall(r"[ML]?(-?[\d.]+),", one.attrib["d"])]
    assert all(-1.0 <= x <= wide + 1.0 for x in across)
    assert all(float(one.attrib["width"]) >= 0.0 for one in shown.iter("{*}rect"))
