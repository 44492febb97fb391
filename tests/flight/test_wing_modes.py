"""Flight modes and failsafes of a fixed wing."""

from __future__ import annotations

import numpy as np
import pytest
from seated import Flight, fault, scenario

WINGS = ["wing-2kg", "wing-12kg"]
WIND = "[weather]\nwind_mps = 4\nwind_from_deg = 270\n"
HIGH = "[failsafes]\nreturn_height_m = 60\n"
THREE_METRES = 3.0


def wing(airframe, tables="", mode="loiter", up_m=60):
    return Flight(scenario(HIGH + tables, seat=f'mode = "{mode}"', airframe=airframe, up_m=up_m))


@pytest.mark.parametrize("airframe", WINGS)
def test_loiter_circles_at_its_height_and_its_speed(airframe: str):
    flown = wing(airframe, WIND).hold(30)
    cruise = flown.exercise.airframes["ann"].limits.cruise_mps
    places = np.array([flown.hold(1).at_m.copy() for _ in range(60)])
    assert np.ptp(places[:, 2]) < THREE_METRES
    assert np.ptp(places[:, 0]) == pytest.approx(np.ptp(places[:, 1]), rel=0.2)  # round, though the wind blows
    assert flown.pose.airspeed_mps[0] == pytest.approx(cruise, abs=2.0)


@pytest.mark.parametrize("airframe", WINGS)
def test_altitude_hold_flies_straight_on_and_climbs_by_the_throttle_stick(airframe: str):
    flown = wing(airframe, mode="altitude_hold").hold(20)
    assert abs(flown.at_m[2] - 60.0) < THREE_METRES
    assert abs(flown.at_m[0]) < THREE_METRES
    assert flown.hold(15, throttle=0.6).at_m[2] > 70.0


@pytest.mark.parametrize("airframe", WINGS)
def test_stabilised_banks_by_the_stick_and_levels_when_it_is_let_go(airframe: str):
    flown = wing(airframe, mode="stabilised").hold(3, roll=0.5)
    assert flown.view.heading_deg[0] > 15.0  # a bank to the right turns to the right
    x, y = flown.hold(3).pose.quaternion[0, :2]
    assert np.degrees(np.arccos(1 - 2 * (x * x + y * y))) < 15.0  # the nose stays up, the wings are level


def test_return_home_circles_over_home():
    flown = wing("wing-2kg", mode="stabilised").hold(25)
    assert flown.moved_m > 300.0
    flown.press(mode="return_home").hold(60)
    assert max(flown.hold(1).moved_m for _ in range(20)) < 100.0


@pytest.mark.parametrize("airframe", WINGS)
def test_land_glides_straight_on_and_stops_its_motor_on_its_belly(airframe: str):
    flown = wing(airframe, mode="stabilised", up_m=30).press(mode="land").hold(60)
    assert flown.view.is_on_ground[0] == 1.0
    assert flown.pose.is_upside_down[0] == 0.0  # nothing broke
    assert not flown.is_armed


def test_it_waits_on_its_launcher_until_the_throttle_asks_for_it():
    flown = wing("wing-2kg", mode="altitude_hold", up_m=0).hold(2)
    assert flown.moved_m == 0.0
    flown.hold(12, throttle=1.0).hold(10)
    assert flown.at_m[2] > 15.0


def test_a_lost_link_circles_and_then_returns_home():
    flown = wing("wing-2kg", fault("link_loss", 20), mode="stabilised").hold(90, pitch=0.0)
    assert flown.modes[:3] == ["stabilised", "position_hold", "return_home"]
    assert flown.moved_m < 100.0


def test_a_lost_link_without_a_fix_lands():
    flown = wing("wing-2kg", fault("link_loss", 2) + fault("satnav_off", 1)).hold(90)
    assert flown.modes[-1] == "land" or not flown.is_armed
    assert flown.view.is_on_ground[0] == 0.0  # what the pilot last heard
    assert flown.pose.is_on_ground[0] == 1.0


def test_flying_too_slowly_warns():
    flown = wing("wing-2kg", mode="stabilised").hold(4, throttle=-1.0, pitch=-1.0)
    assert "stalling" in flown.warnings
