"""A lane file says where each number is from, and one that cannot be is refused with the key and the way out."""

from __future__ import annotations

import math
import re
import tomllib
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash import resources
from hotwash.errors import LaneError
from hotwash.lanes.figures import CONFIDENCES
from hotwash.lanes.lane import NOTICE, SHIPPED, load_lane, parse
from hotwash.lanes.referee import Referee

BPERP = resources.read("lanes/bperp.toml").decode()


def refusal(text):
    with pytest.raises(LaneError) as caught:
        parse(text, name="own.toml")
    return str(caught.value)


def test_the_proficiency_test_has_forty_points_in_ten_minutes():
    lane = load_lane("bperp")
    assert lane.possible == 40.0
    assert len(lane.tasks) == 40
    assert lane.time_limit_s == 600.0
    assert [sum(task.part == part.name for task in lane.tasks) for part in lane.parts] == [20, 10, 10]


def test_pilot_pad_and_stands_are_in_one_line_ten_feet_apart():
    lane = load_lane("bperp")
    assert [lane.pilot_m[1], 0.0, *(stand.at_m[1] for stand in lane.stands)] == pytest.approx(
        [3.048 * step for step in range(-1, 4)]
    )
    assert {stand.at_m[0] for stand in lane.stands} == {0.0}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_of_a_lane_has_a_source_and_a_confidence(name):
    lane = load_lane(name)
    assert lane.notice == NOTICE
    for figure in lane.figures:
        assert figure.source in lane.sources
        assert figure.confidence in CONFIDENCES
    for part in lane.parts:
        assert part.source in lane.sources


@pytest.mark.parametrize("name", SHIPPED)
def test_a_lane_file_holds_no_decimal_without_a_source(name):
    def bare(value, is_sourced=False):
        if isinstance(value, dict):
            for key, one in value.items():
                yield from bare(one, key == "value" and {"source", "confidence"} <= set(value))
        elif isinstance(value, list):
            for one in value:
                yield from bare(one)
        elif isinstance(value, float) and not is_sourced:
            yield value

    assert not list(bare(tomllib.loads(resources.read(f"lanes/{name}.toml").decode())))


def test_the_shipped_lanes_are_the_files_that_travel():
    folder = resources._root().joinpath("lanes")
    assert sorted(SHIPPED) == sorted(one.name[:-5] for one in folder.iterdir() if one.name.endswith(".toml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_lane_is_called_as_its_file(name):
    assert load_lane(name).name == name


@pytest.mark.parametrize(
    ("old", "new", "place", "way_out"),
    [
        ("time_limit_s =", "time_limit_m =", "key time_limit_m", "not a key that we know"),
        ("value = 600", "value = -1", "key time_limit_s", "no time to fly in"),
        ("value = 600", "value = nan", "key limit_s", "finite"),
        ('missed = "lost"', 'missed = "maybe"', "key missed", "'again'"),
        ('"stand_height_m"]', '"0 - stand_height_m"]', "stands 1, key at_m", "below ground"),
        ('"stand_height_m"]', "0.9]", "stands 1, key at_m", "needs its source"),
        ('"stand_height_m"]', '"stand_hight_m"]', "stands 1, key at_m", "not in [numbers]"),
        ('"stand_height_m"]', '"__import__(1)"]', "stands 1, key at_m", "no sum of named numbers"),
        ("value = 0.095", "value = 0.12", "key ring_radius_m", "smaller than the mouth"),
        ('source = "aopa"', 'source = "hearsay"', "key source", "purdue"),
        ('confidence = "medium"', 'confidence = "sure"', "key confidence", "high, medium, low"),
        ('bucket = "1A"', 'bucket = "9A"', "key bucket", "no stand carries a bucket '9A'"),
        ('name = "position 1A"', 'name = "position 2A"', "tasks", "two are called position 2A"),
        ('kind = "leg"', 'kind = "lap"', "key kind", "should be one of"),
        ('hold_s = "hover_s"', 'hold = "hover_s"', "key hold", "not a key of this"),
        ('tolerance_m = "landing_m", ', "", "key tolerance_m", "is missing"),
        ("points = 1", "points = -1", "key points", "0 or more"),
    ],
)  # fmt: skip
def test_a_lane_that_cannot_be_is_refused_with_the_key_and_the_way_out(old, new, place, way_out):
    assert old in BPERP
    said = refusal(BPERP.replace(old, new, 1))
    assert "own.toml" in said
    assert place in said
    assert way_out in said


def test_a_file_that_is_no_toml_is_refused():
    assert "is not valid TOML" in refusal("name = ")


def test_an_empty_file_is_refused():
    assert "[sources]" in refusal("")


def test_a_lane_without_tasks_is_refused():
    assert "there is no task" in refusal(BPERP[: BPERP.index("[[parts]]")])


@pytest.mark.parametrize("text", ['stands = "1"', "[stands]\nname = 1", "parts = [1]"])
def test_a_key_of_the_wrong_kind_is_refused_in_words(text):
    head = re.sub(r"\[\[(stands|parts)\]\].*", "", BPERP, flags=re.DOTALL)
    said = refusal(f"{text}\n{head}" if text.startswith(("stands", "parts")) else f"{head}\n{text}")
    assert said.startswith("own.toml")


def test_an_unknown_lane_is_refused_with_those_that_there_are():
    with pytest.raises(LaneError, match="bperp"):
        load_lane("nowhere")


def test_an_unknown_task_is_refused_with_those_that_there_are():
    with pytest.raises(LaneError, match="position take off"):
        load_lane("bperp").index("jump")


@pytest.mark.parametrize("name", ["open-position", "open-traverse", "open-orbit", "open-spiral", "open-sustain"])
def test_each_manoeuvre_of_the_open_lane_has_twenty_points(name):
    assert load_lane(name).possible == 20.0


def test_speed_is_kept_over_twenty_times_x_a_lap():
    lane = load_lane("open-sustain")
    x_m = next(figure.value for figure in lane.figures if figure.name == "x_m")
    legs = [task for task in lane.tasks if task.kind == "sustain"]
    lengths = [abs(task.target_m[1] - task.path.start_m[1]) for task in legs]
    assert sum(lengths) == pytest.approx(20.0 * x_m)


def test_the_orbits_go_both_ways_at_x_and_at_twice_x():
    orbits = [task for task in load_lane("open-orbit").tasks if task.kind == "circle"]
    assert [task.path.side for task in orbits] == [1, -1, 1, -1]
    assert [task.path.centre_m[2] / 3.048 for task in orbits] == pytest.approx([1.0, 1.0, 2.0, 2.0])


def test_the_basic_flight_form_flies_its_t_and_comes_back_nose_in():
    lane = load_lane("basic-flight")
    legs = [task for task in lane.tasks if task.part == "T"]
    corners = [(*task.target_m[:2], task.heading_deg) for task in legs]
    assert corners == [
        (0, 3, 0), (0, 3, 90), (3, 3, 90), (3, 3, 270), (-3, 3, 270), (-3, 3, 90), (0, 3, 90), (0, 3, 180), (0, 0, 180),
    ]  # fmt: skip
    hovers = [task.hold_s for task in lane.tasks if task.kind == "hold"]
    circles = [(task.path.side, task.path.turns) for task in lane.tasks if task.kind == "circle"]
    assert hovers == [15.0, 15.0]
    assert circles == [(-1, 2.0), (1, 2.0)]
    assert "position_hold" not in lane.modes
    assert {"altitude_hold", "stabilised"} <= set(lane.modes)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_picture_is_asked_for_where_its_ring_is_seen(name):
    lane = load_lane(name)
    for task in lane.tasks:
        if task.ring is not None:
            ring = lane.rings[task.ring]
            out = [a - b for a, b in zip(task.target_m, ring.mouth_m, strict=True)]
            along = sum(a * b for a, b in zip(out, ring.axis, strict=True))
            assert along > 0.0
            assert out == pytest.approx([along * part for part in ring.axis], abs=1e-9)
            assert task.target_m[2] > 0.5


JUNK = st.sampled_from([None, 0, -1, math.nan, math.inf, 10**400, "", "x", "a + b *", "1 / 0", [], [1], {}, [[]], True])


def places(value, before=()):
    """Yield the way to every value of a parsed file."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*before, key)
        yield from places(one, (*before, key))


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(SHIPPED), at=st.integers(0, 10**6), junk=JUNK)
def test_whatever_stands_in_a_lane_file_it_is_read_or_refused_in_words(name, at, junk):
    given_ = tomllib.loads(resources.read(f"lanes/{name}.toml").decode())
    there = list(places(given_))
    *way, last = there[at % len(there)]
    holder = given_
    for key in way:
        holder = holder[key]
    holder[last] = junk
    said = "own.toml"
    with mock.patch("tomllib.loads", return_value=given_):
        try:
            Referee(parse("", name="own.toml"))
        except LaneError as refused:
            said = str(refused)
    assert said.startswith("own.toml")
