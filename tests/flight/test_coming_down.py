"""Every airframe comes down unbroken from every mode, with and without its motor, in calm air and in wind."""

from __future__ import annotations

import numpy as np
import pytest
from flying import QUADS
from seated import Flight, fault, scenario

WINGS = ("wing-2kg", "wing-12kg", "wing-30kg")
DEAD_MOTOR = fault("motor_loss", 6, rotor=0, share=0.0)
LONGEST_S, SLOW_MPS, HALF_A_METRE = 240.0, 2.5, 0.5
STEADY_DPS = 3.0  # root mean square; one that swings by 5 degrees in 0.7 s, between stall and dive, has 32


def high_up(airframe: str, wind_mps: float, tables: str = "") -> Flight:
    wind = f"[weather]\nwind_mps = {wind_mps}\nwind_from_deg = 250\nshear_exponent = 0.14\n"
    of = scenario("[failsafes]\nreturn_height_m = 60\n" + wind + tables, airframe=airframe, up_m=60,
                  seat='mode = "altitude_hold"')  # fmt: skip
    return Flight(of).hold(5)


def come_down(flight: Flight, **sticks: float) -> np.ndarray:
    """Fly until it touches; return how high its nose points [deg] and its speed upwards [m/s] on the way, (n, 2)."""
    rows = []
    while not flight.pose.is_on_ground[0] and len(rows) < LONGEST_S / 0.02:
        x, y, z, w = flight.pose.quaternion[0]
        rows.append([np.degrees(np.arcsin(2.0 * (x * z - w * y))), flight.pose.velocity_mps[0, 2]])
        flight.press(**sticks)
    flight.hold(4)
    assert flight.pose.is_on_ground[0] == 1.0
    assert flight.pose.is_upside_down[0] == 0.0  # nothing broke
    return np.array(rows)


@pytest.mark.parametrize("wind_mps", [0.0, 3.0, 8.0])
@pytest.mark.parametrize("airframe", WINGS)
def test_a_wing_that_is_told_to_land_touches_softly(airframe: str, wind_mps: float):
    for mode in ("altitude_hold", "loiter"):
        flight = high_up(airframe, wind_mps).press(mode=mode).hold(12).press(mode="land")
        down = come_down(flight)
        assert down[-1, 1] > -1.0, mode
        assert not flight.is_armed


@pytest.mark.parametrize("wind_mps", [0.0, 3.0, 8.0])
@pytest.mark.parametrize("airframe", WINGS)
@pytest.mark.parametrize("mode", ["stabilised", "altitude_hold", "loiter", "return_home", "land"])
def test_a_wing_without_power_glides_down_in_every_mode(airframe: str, wind_mps: float, mode: str):
    flight = high_up(airframe, wind_mps, DEAD_MOTOR).press(mode=mode)
    down = come_down(flight, throttle=-1.0 if mode == "stabilised" else 0.0)
    assert down[-1, 1] > -SLOW_MPS
    nods_dps = np.diff(down[250:, 0]) / 0.02
    assert nods_dps.std() < STEADY_DPS


def test_a_wing_without_power_comes_home_if_it_is_high_enough():
    flight = high_up("wing-2kg", 3.0, fault("motor_loss", 20, rotor=0, share=0.0)).hold(15)
    away_m = flight.moved_m
    come_down(flight.press(mode="return_home"))
    assert flight.moved_m < 0.6 * away_m


@pytest.mark.parametrize("wind_mps", [0.0, 3.0, 8.0])
@pytest.mark.parametrize("airframe", QUADS)
def test_a_multirotor_lands_where_it_is_and_comes_home(airframe: str, wind_mps: float):
    for mode in ("land", "return_home"):
        flight = high_up(airframe, wind_mps).press(mode="position_hold").hold(3).press(mode=mode)
        down = come_down(flight)
        assert down[-1, 1] > -1.0, mode
        assert not flight.is_armed
