"""A lane's plan shows where everything stands, to scale."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import pytest

from hotwash.lanes.lane import NOTICE, SHIPPED, load_lane
from hotwash.report.lane_plan import draw_lane

ROUNDED = 0.05  # a drawing has two decimals
SVG = "{http://www.w3.org/2000/svg}"


def shapes(svg, tag, class_):
    return [one for one in ElementTree.fromstring(svg).iter(SVG + tag) if one.get("class") == class_]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_lane_can_be_drawn_with_all_that_stands_on_it(name):
    lane = load_lane(name)
    svg = draw_lane(lane)
    assert len(shapes(svg, "circle", "stand")) == len(lane.stands)
    assert len(shapes(svg, "circle", "bucket")) == len(lane.rings)
    assert len(shapes(svg, "line", "wall")) == len(lane.walls)
    assert NOTICE in svg
    assert not re.search(r"(href|src)=", svg)


def test_the_plan_is_to_scale_with_north_up():
    svg = draw_lane(load_lane("bperp"))
    stands = [(float(one.get("cx")), float(one.get("cy"))) for one in shapes(svg, "circle", "stand")]
    (pilot,) = shapes(svg, "circle", "pilot")
    gaps = [low[1] - high[1] for low, high in itertools.pairwise(stands)]
    assert gaps[0] == pytest.approx(gaps[1], abs=ROUNDED)
    assert float(pilot.get("cy")) - stands[0][1] == pytest.approx(2 * gaps[0], abs=ROUNDED)
