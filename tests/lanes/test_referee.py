"""The referee gives points for what was done as asked, in its order and time, and for nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flown import along, around, faultless, fly, margins_now, pose, still, target_heading_deg

from hotwash.lanes import kernels
from hotwash.lanes.lane import SHIPPED, load_lane, parse
from hotwash.lanes.referee import Referee

STEP_S = 0.02
ONE_MILLIMETRE = 1e-3

HEAD = """
name = "school"
version = "1"
title = "A lane of the school"
text = "For tests."
missed = "MISSED"
time_limit_s = 100
[sources]
us = "our tests"
[buckets.b]
mouth_radius_m = { value = 0.11, source = "us", confidence = "high" }
ring_radius_m = { value = 0.095, source = "us", confidence = "high" }
depth_m = { value = 0.23, source = "us", confidence = "high" }
[[stands]]
name = "1"
at_m = [0, 5, 1]
buckets = [{ name = "1", type = "b", tilt_deg = 90, view_height_m = 4 }]
[[parts]]
name = "all"
source = "us"
confidence = "high"
tasks = [
"""


def lane_of(*tasks, missed="again"):
    rows = "".join(f"{{ {task} }},\n" for task in tasks)
    return parse(f"{HEAD.replace('MISSED', missed)}{rows}]\n", name="school.toml")


def flown(lane, *rows):
    referee = Referee(lane, step_s=STEP_S)
    for some in rows:
        fly(referee, some)
    return referee


def results(referee):
    return referee.results[0].tolist()


PASSED, FAILED, PENDING = kernels.PASSED, kernels.FAILED, kernels.PENDING
HOVER = (
    'name = "hover", kind = "hold", at_m = [0, 0, 2], tolerance_m = 1, height_tolerance_m = 1, hold_s = 5, points = 1'
)
LOOK = 'name = "look", kind = "capture", bucket = "1", points = 1'
LAND = 'name = "land", kind = "land", at_m = [0, 0, 0], tolerance_m = 1, touch_mps = 1, points = 1'
LEG = 'name = "leg", kind = "leg", from_m = [0, 0, 2], at_m = [0, 20, 2], tolerance_m = 1, corridor_m = 2'
LEG += ", height_tolerance_m = 1, points = 1, outside_s = 1"
ROUND = 'name = "round", kind = "circle", centre_m = [0, 0, 2], radius_m = 5, tolerance_m = 1, height_tolerance_m = 1'
ROUND += ", points = 1, outside_s = 1, turns = 2"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_flight_without_fault_gets_every_point_of_a_lane(name):
    lane = load_lane(name)
    referee = Referee(lane, step_s=STEP_S)
    fly(referee, faultless(lane))
    failed = [task.name for task, code in zip(lane.tasks, results(referee), strict=True) if code != PASSED]
    assert not failed
    assert referee.points[0] == referee.lane.possible == lane.possible
    assert referee.is_over[0]


# ---------------------------------------------------------------- pictures


SEEN = {"at_m": (0.0, 5.0, 4.0), "gimbal_deg": -90.0}


def test_an_aligned_pose_without_a_picture_is_no_point():
    referee = flown(lane_of(LOOK), still(SEEN["at_m"], 10.0, gimbal_deg=-90.0))
    assert referee.points[0] == 0.0
    assert margins_now(referee, pose(**SEEN))[0] > 0.0


def test_a_picture_of_the_whole_ring_is_a_point_with_its_margin():
    referee = flown(lane_of(LOOK), [pose(**SEEN, captured=True)])
    assert results(referee) == [PASSED]
    assert referee.margins_deg[0, 0] == pytest.approx(referee_margin(), abs=1e-9)


def referee_margin():
    out = 4.0 - 1.0 - 0.23
    return math.degrees(math.atan2(0.11 + out * 0.015 / 0.23, out))


def test_a_missed_picture_costs_the_point_where_the_lane_says_so():
    beside = pose((1.0, 5.0, 4.0), gimbal_deg=-90.0, captured=True)
    both = [beside, pose(**SEEN), pose(**SEEN, captured=True)]
    assert flown(lane_of(LOOK, missed="lost"), both).points[0] == 0.0
    assert flown(lane_of(LOOK, missed="again"), both).points[0] == 1.0
    assert flown(lane_of(LOOK, missed="lost"), both).margins_deg[0, 0] < 0.0


def test_a_button_held_down_is_one_picture():
    second = LOOK.replace('"look"', '"again"')
    held = [pose(**SEEN, captured=True)] * 10
    referee = flown(lane_of(LOOK, second), held)
    assert results(referee) == [PASSED, kernels.UNDER_WAY]


# ---------------------------------------------------------------- hovering and waiting


def test_a_hover_counts_from_when_the_place_is_reached():
    lane = lane_of(HOVER)
    referee = flown(lane, still((0, 30, 2), 3.0), still((0, 0, 2), 4.9))
    assert results(referee) == [kernels.UNDER_WAY]
    assert fly(referee, still((0, 0, 2), 1.0)) == 5
    assert results(referee) == [PASSED]


def test_leaving_sets_the_hover_clock_back():
    referee = flown(lane_of(HOVER), still((0, 0, 2), 4.0), still((0, 3, 2), 0.1), still((0, 0, 2), 4.0))
    assert results(referee) == [kernels.UNDER_WAY]


def test_where_some_time_outside_is_allowed_the_clock_runs_on_and_more_fails():
    lane = lane_of(HOVER + ", outside_s = 1")
    gone = [still((0, 0, 2), 2.0), still((0, 3, 2), 0.9), still((0, 0, 2), 2.2)]
    assert results(flown(lane, *gone)) == [PASSED]
    assert results(flown(lane, still((0, 0, 2), 2.0), still((0, 3, 2), 1.1))) == [FAILED]


def test_a_hover_with_the_nose_elsewhere_is_none():
    lane = lane_of(HOVER + ", heading_deg = 0, heading_tolerance_deg = 15")
    assert results(flown(lane, still((0, 0, 2), 8.0, heading_deg=16.0))) == [kernels.UNDER_WAY]
    assert results(flown(lane, still((0, 0, 2), 8.0, heading_deg=-14.0))) == [PASSED]


def test_the_error_of_a_hover_is_measured_once_it_is_reached():
    referee = flown(lane_of(HOVER), still((9, 0, 2), 3.0), still((0.3, 0.4, 2), 5.1))
    assert referee.measures[0, 0, kernels.PATH_RMSE] == pytest.approx(0.5, abs=ONE_MILLIMETRE)
    assert referee.measures[0, 0, kernels.PATH_WORST] == pytest.approx(0.5, abs=ONE_MILLIMETRE)


def test_standing_on_the_ground_is_no_hover():
    lane = lane_of(HOVER.replace("[0, 0, 2]", "[0, 0, 0]"))
    assert results(flown(lane, still((0, 0, 0), 9.0, ground=True))) == [kernels.UNDER_WAY]


# ---------------------------------------------------------------- along lines


def test_a_leg_flown_beside_its_line_tells_by_how_much():
    referee = flown(lane_of(LEG), along((0.5, 0, 2), (0.5, 20, 2), speed_mps=2.0))
    assert results(referee) == [PASSED]
    assert referee.measures[0, 0, kernels.PATH_RMSE] == pytest.approx(0.5, abs=ONE_MILLIMETRE)
    assert referee.measures[0, 0, kernels.OUTSIDE_S] == 0.0


def test_a_leg_outside_its_corridor_fails_after_the_time_allowed():
    referee = flown(lane_of(LEG), along((2.5, 0, 2), (2.5, 20, 2), speed_mps=2.0))
    assert results(referee) == [FAILED]
    assert referee.measures[0, 0, kernels.OUTSIDE_S] == pytest.approx(1.0, abs=2 * STEP_S)


def test_a_leg_at_a_run_is_no_slow_walk():
    lane = lane_of(LEG + ", quick_mps = 2")
    assert results(flown(lane, along((0, 0, 2), (0, 20, 2), speed_mps=1.9))) == [PASSED]
    assert results(flown(lane, along((0, 0, 2), (0, 20, 2), speed_mps=3.0))) == [FAILED]


SPEED = (
    'name = "speed", kind = "sustain", from_m = [0, 0, 2], at_m = [0, 20, 2], corridor_m = 2, height_tolerance_m = 1'
)
SPEED += ", slow_mps = 4, outside_s = 0, points = 1"


def test_speed_must_be_kept_from_one_end_to_the_other():
    run_up = list(along((0, -10, 2), (0, 0, 2), speed_mps=3.0))[:-1]
    quick, slow = (list(along((0, 0, 2), (0, 20, 2), speed_mps=speed)) for speed in (4.5, 3.5))
    assert results(flown(lane_of(SPEED), run_up, quick)) == [PASSED]
    assert results(flown(lane_of(SPEED), run_up, slow)) == [FAILED]


# ---------------------------------------------------------------- turning and circling


TURN = 'name = "turn", kind = "turn", at_m = [0, 0, 2], heading_deg = 90, heading_tolerance_deg = 5, tolerance_m = 1'
TURN += ", height_tolerance_m = 1, points = 1"


def turning(first_deg, last_deg):
    return [pose((0, 0, 2), heading_deg=angle) for angle in np.linspace(first_deg, last_deg, 200)]


def test_a_turn_goes_the_asked_way_round():
    right = lane_of(TURN + ', side = "clockwise"')
    assert results(flown(right, turning(0, 90))) == [PASSED]
    assert results(flown(right, turning(360, 90))) == [kernels.UNDER_WAY]
    assert results(flown(lane_of(TURN), turning(360, 90))) == [PASSED]


def test_circles_count_the_asked_way_round_only():
    lane = lane_of(ROUND + ', side = "anticlockwise"')
    circle = {"turns": 2, "speed_mps": 3.0}
    assert results(flown(lane, around((0, 0, 2), 5.0, side=-1, **circle))) == [PASSED]
    assert results(flown(lane, around((0, 0, 2), 5.0, side=1, **circle))) == [kernels.UNDER_WAY]


def test_a_circle_that_is_too_wide_tells_by_how_much_and_fails():
    lane = lane_of(ROUND + ', side = "clockwise"')
    near = flown(lane, around((0, 0, 2), 5.5, side=1, turns=2, speed_mps=3.0))
    assert results(near) == [PASSED]
    assert near.measures[0, 0, kernels.PATH_RMSE] == pytest.approx(0.5, abs=ONE_MILLIMETRE)
    assert results(flown(lane, around((0, 0, 2), 6.5, side=1, turns=2, speed_mps=3.0))) == [FAILED]


def test_the_nose_may_be_asked_to_point_at_the_centre():
    lane = lane_of(ROUND + ', side = "clockwise", heading_rule = "nose_in", heading_tolerance_deg = 20')
    circle = {"turns": 2, "speed_mps": 3.0, "side": 1}
    assert results(flown(lane, around((0, 0, 2), 5.0, nose="in", **circle))) == [PASSED]
    assert results(flown(lane, around((0, 0, 2), 5.0, nose="along", **circle))) == [FAILED]


def test_a_spiral_is_a_circle_that_grows_and_climbs():
    lane = lane_of(ROUND + ', side = "clockwise", radius_end_m = 8, height_end_m = 6')
    spiral = {"turns": 2, "speed_mps": 3.0, "side": 1}
    found = flown(lane, around((0, 0, 2), 5.0, climb_m=4.0, grow_m=3.0, **spiral))
    assert results(found) == [PASSED]
    assert found.measures[0, 0, kernels.PATH_WORST] < 0.05
    assert results(flown(lane, around((0, 0, 2), 5.0, **spiral))) == [FAILED]


def test_the_place_to_go_on_a_circle_runs_ahead_of_the_vehicle():
    lane = lane_of(ROUND + ', side = "clockwise", heading_rule = "nose_in", heading_tolerance_deg = 20')
    referee = flown(lane, [pose((0, -5, 2))])
    assert referee.target_m[0, 0] < -1.0  # from the south, clockwise from above is westwards
    assert np.hypot(*referee.target_m[0, :2]) == pytest.approx(5.0)
    assert target_heading_deg(referee)[0] == pytest.approx(0.0, abs=1e-9)


# ---------------------------------------------------------------- landing


def touching(at_m, sink_mps):
    return [pose((*at_m, 0.1), velocity_mps=(0, 0, -sink_mps)), *still((*at_m, 0.0), 1.1, ground=True)]


def test_a_landing_is_measured_from_the_point_and_by_its_descent():
    referee = flown(lane_of(LAND), touching((0.3, 0.4), 0.5))
    assert results(referee) == [PASSED]
    assert referee.measures[0, 0, kernels.LANDING_ERROR] == pytest.approx(0.5)
    assert referee.measures[0, 0, kernels.TOUCH_SPEED] == pytest.approx(0.5)


@pytest.mark.parametrize(("at_m", "sink_mps"), [((0.9, 0.9), 0.5), ((0.0, 0.0), 1.5)])
def test_a_landing_far_off_or_hard_is_no_point(at_m, sink_mps):
    assert results(flown(lane_of(LAND), touching(at_m, sink_mps))) == [FAILED]


def test_a_vehicle_that_lies_on_its_side_is_out():
    over = pose((0, 0, 0), ground=True)
    over[0, 6:10] = np.sin(np.pi / 4), 0.0, 0.0, np.cos(np.pi / 4)
    referee = flown(lane_of(LAND, HOVER), [over])
    assert results(referee) == [FAILED, PENDING]
    assert referee.is_over[0]


# ---------------------------------------------------------------- time and order


def test_a_task_that_takes_too_long_is_lost_and_the_next_begins():
    referee = flown(lane_of(HOVER + ", limit_s = 6", LAND), still((9, 9, 9), 6.02))
    assert results(referee) == [FAILED, kernels.UNDER_WAY]
    assert referee.task[0] == 1


def test_at_the_time_limit_the_task_under_way_fails_and_the_rest_is_not_reached():
    referee = flown(lane_of(HOVER, LAND), still((9, 9, 9), 101.0))
    assert results(referee) == [FAILED, PENDING]
    assert referee.seconds[0] == pytest.approx(100.0)


def test_a_world_that_is_reset_begins_again_while_the_others_go_on():
    referee = Referee(lane_of(HOVER, LAND), worlds=2, step_s=STEP_S)
    fly(referee, still((0, 0, 2), 5.1, worlds=2))
    referee.reset(np.array([True, False]))
    assert referee.task.tolist() == [0, 1]
    assert referee.points.tolist() == [0.0, 1.0]
    assert referee.seconds[0] == 0.0
    assert np.isnan(referee.measures[0]).all()


def test_points_that_only_an_instructor_gives_are_not_the_machines():
    lane = lane_of(HOVER + ', marker = "instructor"', LAND)
    referee = flown(lane, still((0, 0, 2), 5.1), touching((0, 0), 0.1))
    assert results(referee) == [PASSED, PASSED]
    assert referee.points[0] == lane.possible == 1.0
