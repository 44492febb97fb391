"""A school's own lane is built from where its stands are and what is called out."""

from __future__ import annotations

import pytest
from flown import faultless, fly

from hotwash.errors import LaneError
from hotwash.lanes.build import NUMBERS, build_lane, read_plan
from hotwash.lanes.lane import parse
from hotwash.lanes.referee import Referee

PLAN = """
name = "our-field"
title = "Our field"
flight_height_m = 4
stands = [
    { name = "1", distance_m = 8, angle_deg = 0, height_m = 1.2 },
    { name = "2", distance_m = 10, angle_deg = 90, height_m = 1, buckets = ["", "A"] },
]
calls = ["take off", "1A", "1", "1C", "round 1 left", "to 2", "hover 2", "2A", "2", "land"]
"""


def refusal(text):
    with pytest.raises(LaneError) as caught:
        build_lane(read_plan(text, name="plan.toml"))
    return str(caught.value)


def test_each_call_out_becomes_a_task():
    lane = build_lane(read_plan(PLAN, name="plan.toml"))
    kinds = ["take_off", "capture", "capture", "capture", "circle", "leg", "hold", "capture", "capture", "land"]
    assert [task.kind for task in lane.tasks] == kinds
    assert lane.possible == 10.0


def test_stands_are_where_distance_and_angle_say():
    first, second = build_lane(read_plan(PLAN, name="plan.toml")).stands
    assert first.at_m == pytest.approx((0.0, 8.0, 1.2))
    assert second.at_m == pytest.approx((10.0, 0.0, 1.0), abs=1e-3)


def test_bucket_a_faces_the_pad():
    lane = build_lane(read_plan(PLAN, name="plan.toml"))
    for name, way in (("1A", (0, -1)), ("2A", (-1, 0))):
        ring = next(ring for ring in lane.rings if ring.name == name)
        assert ring.axis[:2] == pytest.approx([0.5**0.5 * part for part in way])


def test_a_built_lane_can_be_flown_and_read_back():
    lane = build_lane(read_plan(PLAN, name="plan.toml"))
    again = parse(lane.text, name="our-field.toml")
    assert again == lane
    referee = Referee(again)
    fly(referee, faultless(again))
    assert referee.points[0] == 10.0


def test_what_the_plan_does_not_say_is_marked_as_ours():
    lane = build_lane(read_plan(PLAN, name="plan.toml"))
    sources = {figure.name: (figure.source, figure.confidence) for figure in lane.figures}
    assert sources["flight_height_m"] == ("school", "high")
    assert sources["tilt_deg"] == ("usual", "low")
    assert set(NUMBERS) <= set(sources)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"hover 2"', '"hover 9"', "there is no stand 9"),
        ('"2A"', '"2B"', "is no call-out"),
        ('"land"', '"crash"', "is no call-out"),
        ("distance_m = 8", "distance_m = nan", "key distance_m"),
        ("distance_m = 8, ", "", "key distance_m"),
        ("height_m = 1.2", "height_m = -1.2", "below ground"),
        ('name = "2"', 'name = "1"', "two are called"),
        ("flight_height_m = 4", "flight_height_m = 1", "does not reach"),
        ("flight_height_m", "fly_height_m", "key fly_height_m"),
        ('buckets = ["", "A"]', 'buckets = ["E"]', "key buckets"),
        ('name = "our-field"\n', "", "key name"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(old, new, said):
    assert said in refusal(PLAN.replace(old, new, 1))
