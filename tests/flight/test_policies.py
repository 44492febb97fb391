"""What policies do: an autopilot passes every lane in calm air, a novice does worse, dice earn next to nothing."""

from __future__ import annotations

import numpy as np
import pytest
from flown_scenarios import GUSTY, scenario

from hotwash.air import scenarios
from hotwash.errors import CommandError
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.policies import catalogue
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import View
from hotwash.lanes.kernels import PATH_WORST
from hotwash.model.scenario import Scenario
from hotwash.model.words import FLIGHT_POLICIES

PASSING = 0.8  # of the points, where something has failed on purpose
CLUMSY = 1.3  # a novice strays at least so much farther than the autopilot


def flown(asked: Scenario, policy: str, *, seed: int = 1, worlds: int = 1) -> tuple[FlightExercise, View]:
    """Fly an exercise to its end."""
    exercise = FlightExercise(asked, worlds=worlds)
    name = asked.seats[0].name
    flier = catalogue.flight_policy(policy, asked, exercise.lane, exercise.airframes[name], worlds=worlds)
    flier.reset(seed)
    view = exercise.reset(seed)[name]
    while not exercise.is_over.all():
        view = exercise.step({name: flier.act(view)})[name]
    return exercise, view


CALM = [name for name in scenarios.FLIGHTS if scenarios.read_scenario(name).lane and not name.startswith("abnormal")]
ABNORMAL = [name for name in scenarios.SHIPPED if name.startswith("abnormal")]


@pytest.mark.parametrize("name", CALM)
def test_the_autopilot_flies_every_lane_with_full_marks(name: str):
    exercise, view = flown(scenarios.read_scenario(name), "autopilot")
    assert exercise.lane is not None
    lost = [task.name for task, code in zip(exercise.lane.tasks, exercise.referees["pilot"].results[0], strict=True)
            if code != 2]  # fmt: skip
    assert not lost
    assert view.points[0] == exercise.lane.possible


@pytest.mark.parametrize("name", ABNORMAL)
def test_the_autopilot_passes_where_something_fails(name: str):
    exercise, view = flown(scenarios.read_scenario(name), "autopilot")
    assert exercise.lane is not None
    assert view.points[0] >= PASSING * exercise.lane.possible


@pytest.mark.parametrize("airframe", ["hummingbird", "crazyflie", "quad-250g", "quad-900g", "quad-5kg"])
def test_it_flies_every_airframe(airframe: str):
    _, view = flown(scenario(airframe=airframe), "autopilot")
    assert view.points[0] == 3.0


@pytest.mark.parametrize("mode", ["stabilised", "altitude_hold", "position_hold"])
def test_it_flies_in_every_mode_that_keeps_a_drone_level(mode: str):
    _, view = flown(scenario(mode=mode), "autopilot")
    assert view.points[0] == 3.0


def test_a_novice_does_visibly_worse():
    worst = {}
    for policy in ("autopilot", "novice"):
        exercise, view = flown(scenarios.read_scenario("basic-flight"), policy)
        worst[policy] = view.points[0], np.nanmean(exercise.referees["pilot"].measures[0, :, PATH_WORST])
    assert worst["novice"][0] < worst["autopilot"][0] or worst["novice"][1] > CLUMSY * worst["autopilot"][1]


def test_novices_are_as_different_as_people_are():
    exercise, view = flown(scenarios.read_scenario("bperp"), "novice", worlds=24)
    assert exercise.lane is not None
    points, passing = view.points, PASSING * exercise.lane.possible
    assert 0.05 < (points >= passing).mean() < 0.5  # some pass, and most do not yet
    assert points.std() > 8.0
    assert np.unique(points).size > 10
    assert view.points.min() < 0.2 * exercise.lane.possible


def test_random_sticks_earn_next_to_nothing():
    exercise, view = flown(scenarios.read_scenario("bperp"), "random", worlds=4)
    assert view.points.max() <= 0.1 * exercise.lane.possible


@pytest.mark.parametrize("policy", FLIGHT_POLICIES)
def test_a_seed_gives_one_flight(policy: str):
    one, other = (flown(scenario(extra=GUSTY, time_limit_s=20.0), policy, seed=4)[1] for _ in range(2))
    assert np.array_equal(one.rows, other.rows)


@pytest.mark.parametrize("policy", ["novice", "random"])
def test_another_seed_is_another_hand(policy: str):
    one, other = (flown(scenario(time_limit_s=10.0), policy, seed=seed)[1] for seed in (1, 2))
    assert not np.array_equal(one.rows, other.rows)


@pytest.mark.parametrize("policy", FLIGHT_POLICIES)
def test_a_hand_does_not_depend_on_how_many_fly_beside_it(policy: str):
    def first(worlds: int) -> np.ndarray:
        return flown(scenario(extra=GUSTY, time_limit_s=8.0), policy, worlds=worlds)[1].rows[0]

    assert np.array_equal(first(1), first(3))


@pytest.mark.parametrize("policy", FLIGHT_POLICIES)
def test_no_policy_asks_for_what_no_seat_may_command(policy: str):
    asked = scenario()
    exercise = FlightExercise(asked)
    flier = catalogue.flight_policy(policy, asked, exercise.lane, exercise.airframes["pilot"])
    flier.reset(1)
    exercise.reset(1)
    rng = np.random.default_rng(1)
    for _ in range(50):
        rows = rng.normal(0.0, 100.0, (1, fields.VIEWS))
        exercise.step({"pilot": flier.act(View(rows))})  # a command that cannot be raises


def test_a_policy_that_is_not_there_is_refused_by_name():
    asked = scenario()
    exercise = FlightExercise(asked)
    with pytest.raises(CommandError, match="autopilot, novice, random"):
        catalogue.flight_policy("ace", asked, exercise.lane, exercise.airframes["pilot"])


def test_a_wing_stays_in_the_air_and_lands():
    asked = scenario(lane=None, airframe="wing-2kg", mode="loiter", time_limit_s=180.0)
    exercise = FlightExercise(asked)
    flier = catalogue.flight_policy("autopilot", asked, exercise.lane, exercise.airframes["pilot"])
    flier.reset(1)
    view = exercise.reset(1)["pilot"]
    heights = []
    while not exercise.is_over.all():
        view = exercise.step({"pilot": flier.act(view)})["pilot"]
        heights.append(view.seen_position_m[0, 2])
    assert min(heights[1500 : len(heights) // 2]) > 25.0  # after the climb
    assert view.is_on_ground[0] == 1.0
    assert int(view.warnings[0]) & fields.UPSIDE_DOWN == 0
