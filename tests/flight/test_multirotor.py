"""Multirotors in their fleets: they hover, hold on, land, tip over, run empty, and mind nobody beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from flying import CALM, QUADS, STEP_S, Flight, airframe_with, tilt_deg, without_drag

from hotwash.errors import AirframeError
from hotwash.flight import kernels, layout
from hotwash.flight.airframes import load_airframe
from hotwash.flight.fleet import Fleet
from hotwash.model.weather import Weather

ONE_CENTIMETRE = 0.01
ONE_DEGREE = 1.0
GUSTY = Weather(wind_mps=6.0, wind_from_deg=250.0, shear_exponent=0.14, turbulence="moderate")


@pytest.mark.parametrize("name", QUADS)
def test_every_airframe_takes_off_and_hovers(name: str):
    flight = Flight(name)
    pose = flight.run(8.0, flight.hold(2.0))[-1, 0]
    assert abs(pose[2] - 2.0) < 5.0 * ONE_CENTIMETRE
    assert np.abs(pose[layout.VELOCITY : layout.VELOCITY + 3]).max() < 0.02
    assert tilt_deg(pose) < 0.1 * ONE_DEGREE
    assert pose[layout.UPSIDE] == 0.0
    assert pose[layout.ON_GROUND] == 0.0


@pytest.mark.parametrize("name", QUADS)
def test_every_airframe_takes_the_attitude_it_is_asked_for(name: str):
    flight = Flight(name, height_m=30.0)
    flight.setpoint[:, layout.ROLL], flight.setpoint[:, layout.YAW_RATE] = np.radians(20.0), 0.0
    rows = flight.run(1.5, flight.hold(30.0))[:, 0]
    assert tilt_deg(rows[30]) > 17.0  # within 0.6 s
    assert tilt_deg(rows).max() < 22.0
    assert abs(tilt_deg(rows[-1]) - 20.0) < ONE_DEGREE
    flight.setpoint[:, layout.ROLL], flight.setpoint[:, layout.YAW_RATE] = 0.0, 1.0
    rows = flight.run(2.0, flight.hold(30.0))[:, 0]
    assert rows[-1, layout.RATES + 2] == pytest.approx(1.0, abs=0.02)


def test_roll_right_goes_right_and_nose_down_goes_forward():
    right, forward = Flight("quad-900g", height_m=20.0), Flight("quad-900g", height_m=20.0)
    right.setpoint[:, layout.ROLL] = forward.setpoint[:, layout.PITCH] = np.radians(10.0)
    to_the_right = right.run(2.0, right.hold(20.0))[-1, 0, :3]
    ahead = forward.run(2.0, forward.hold(20.0))[-1, 0, :3]
    assert to_the_right[0] > 2.0  # it looks north, so its right is east
    assert abs(to_the_right[1]) < 0.1
    assert ahead[1] > 2.0
    assert abs(ahead[0]) < 0.1


def test_rates_are_held_in_rate_mode():
    flight = Flight("quad-250g", height_m=50.0)
    flight.setpoint[:, layout.INNER], flight.setpoint[:, layout.ROLL] = 0.0, 2.0
    flight.setpoint[:, layout.THRUST] = flight.airframe.hover_thrust
    pose = flight.run(0.5)[-1, 0]
    assert pose[layout.RATES] == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("name", QUADS)
def test_a_motor_that_lost_a_tenth_is_held_against(name: str):
    flight = Flight(name, height_m=30.0)
    flight.setpoint[:, layout.MOTORS] = 0.9
    pose = flight.run(6.0, flight.hold(30.0))[-1, 0]
    assert tilt_deg(pose) < ONE_DEGREE
    assert abs(pose[2] - 30.0) < 0.5


@pytest.mark.parametrize("name", QUADS)
def test_every_airframe_stays_up_in_gusts(name: str):
    flight = Flight(name, GUSTY, worlds=32, height_m=20.0)
    rows = flight.run(10.0, flight.hold(20.0))
    assert not rows[-1, :, layout.UPSIDE].any()
    assert tilt_deg(rows).max() < 10.0
    assert np.abs(rows[-1, :, 2] - 20.0).max() < 3.0


@pytest.mark.parametrize("name", QUADS)
def test_a_drone_that_comes_down_gently_lands_and_rests(name: str):
    flight = Flight(name, Weather(wind_mps=4.0), height_m=0.5)
    flight.run(6.0, flight.hold(-1.0))
    flight.setpoint[:, layout.INNER] = 2.0
    flight.run(2.0)
    rows = flight.run(10.0)[:, 0]
    assert rows[-1, layout.ON_GROUND] == 1.0
    assert rows[-1, layout.UPSIDE] == 0.0
    assert np.abs(rows[-1, :3] - rows[0, :3]).max() < 0.1 * ONE_CENTIMETRE
    assert abs(rows[-1, 2] - flight.airframe["gear.height"]) < ONE_CENTIMETRE
    assert tilt_deg(rows[-1]) < ONE_DEGREE


def slid(friction: str) -> np.ndarray:
    """Return how a drone came to its end that was set down sideways at 5 m/s with its motors off."""
    flight = Flight(airframe_with("quad-900g", gear__friction=friction), height_m=0.05)
    flight.fleet.state[:, kernels.VELOCITY] = 5.0
    flight.fleet.state[:, kernels.ROTORS : kernels.ROTORS + 4] = 0.0
    flight.setpoint[:, layout.INNER] = 2.0
    return flight.run(4.0)[:, 0]


def test_a_drone_that_is_set_down_with_sideways_speed_tips_over_where_its_feet_catch():
    rows = slid("2.5")
    assert rows[-1, layout.UPSIDE] == 1.0
    assert tilt_deg(rows[-1]) > 60.0
    assert np.array_equal(rows[-1, :13], rows[-10, :13])


def test_a_drone_that_is_set_down_with_sideways_speed_slides_to_a_rest_on_smooth_ground():
    rows = slid("0.3")
    assert rows[-1, layout.UPSIDE] == 0.0
    assert tilt_deg(rows[-1]) < ONE_DEGREE
    assert rows[-1, 0] == pytest.approx(5.0**2 / (2.0 * 0.3 * 9.81), rel=0.1)


def test_a_drone_that_falls_hard_is_broken_and_one_that_falls_softly_is_not():
    hard, soft = Flight("quad-900g", height_m=2.0), Flight("quad-900g", height_m=0.2)
    hard.setpoint[:, layout.INNER] = soft.setpoint[:, layout.INNER] = 2.0
    assert hard.run(3.0)[-1, 0, layout.UPSIDE] == 1.0
    assert soft.run(3.0)[-1, 0, layout.UPSIDE] == 0.0


def test_the_ground_carries_no_energy_into_a_bounce():
    flight = Flight("hummingbird", height_m=0.3)
    flight.setpoint[:, layout.INNER] = 2.0
    heights = flight.run(2.0)[:, 0, 2] - flight.airframe["gear.height"]
    landed = int(np.argmax(heights < 0.0))
    assert heights[landed:].max() < 0.05
    assert heights.min() > -0.03


def test_lift_grows_near_the_ground_as_published():
    airframe = without_drag("quad-900g")
    flight = Flight(load_airframe("quad-900g"), height_m=0.05)
    over_m = flight.fleet.pose[0, 2] + airframe.row("rotors.position")[0, 2]
    near = 1.0 / (1.0 - (airframe["rotors.radius"] / (4.0 * over_m)) ** 2)
    flight.setpoint[:, layout.THRUST] = flight.airframe.hover_thrust
    speeds = flight.fleet.state[0, kernels.ROTORS : kernels.ROTORS + 4, 0]
    speeds[:] = np.sqrt(airframe["body.mass"] * 9.81 / (4.0 * airframe["rotors.thrust"]))
    flight.fleet.advance(flight.setpoint, flight.noise)
    climb = flight.fleet.pose[0, layout.VELOCITY + 2] / STEP_S
    assert climb == pytest.approx(9.81 * (near - 1.0), rel=0.05)


def test_what_the_battery_gave_is_what_the_rotors_and_the_electronics_took():
    flight = Flight("quad-250g", height_m=50.0)
    airframe, fleet = flight.airframe, flight.fleet
    joules = 0.0
    for _ in range(500):
        flight.hold(50.0)(flight)
        before = fleet.state[0, kernels.ROTORS : kernels.ROTORS + 4, 0].copy()
        flight.step()
        after = fleet.state[0, kernels.ROTORS : kernels.ROTORS + 4, 0]
        watts = airframe["battery.rotor_power"] * 0.5 * ((before**3).sum() + (after**3).sum())
        joules += STEP_S * (watts + airframe["battery.avionics"])
    used = 3600.0 * airframe["battery.capacity"] * (1.0 - fleet.pose[0, layout.BATTERY])
    open_volts = airframe["battery.full"]
    lost = (airframe["battery.resistance"] * (used / 10.0) ** 2) * 10.0
    assert joules + lost == pytest.approx(open_volts * used, rel=0.01)


def test_a_battery_sags_under_load_and_an_empty_one_lets_the_drone_down():
    flight = Flight("quad-900g", height_m=10.0)
    flight.run(2.0, flight.hold(10.0))
    assert flight.fleet.pose[0, layout.VOLTS] < 0.99 * flight.airframe["battery.full"]
    flight.fleet.state[:, kernels.CHARGE] = 0.01
    rows = flight.run(60.0, flight.hold(10.0))[:, 0]
    assert rows[-1, layout.BATTERY] < 0.005
    assert rows[-1, 2] < 0.5
    assert np.isfinite(rows).all()


def test_thinner_air_takes_more_throttle():
    thick, thin = Flight("quad-900g"), Flight("quad-900g", Weather(pressure_hpa=700.0))
    for flight in (thick, thin):
        flight.run(8.0, flight.hold(3.0))
    ratio = thin.setpoint[0, layout.THRUST, 0] / thick.setpoint[0, layout.THRUST, 0]
    assert ratio == pytest.approx(1013.25 / 700.0, rel=0.03)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1.0e300])
@pytest.mark.parametrize("field", range(layout.SETPOINTS))
def test_no_setpoint_makes_a_number_that_is_none(field: int, wrong: float):
    flight = Flight("crazyflie", GUSTY, height_m=5.0)
    flight.setpoint[:, layout.THRUST] = flight.airframe.hover_thrust
    flight.setpoint[:, field] = wrong
    assert np.isfinite(flight.run(1.0)).all()


@pytest.mark.parametrize("name", QUADS)
def test_wild_sticks_in_a_storm_break_drones_but_no_number(name: str):
    flight = Flight(name, Weather(wind_mps=15.0, turbulence="severe"), worlds=96, height_m=3.0)
    rng = np.random.default_rng(7)

    def wild(flight: Flight) -> None:
        shape = flight.setpoint[:, 0].shape
        flight.setpoint[:, layout.INNER] = rng.choice([0.0, 1.0, 2.0], p=[0.45, 0.5, 0.05], size=shape)
        flight.setpoint[:, layout.ROLL : layout.THRUST] = rng.normal(0.0, 5.0, (shape[0], 3, shape[1]))
        flight.setpoint[:, layout.THRUST] = rng.uniform(-0.5, 1.5, shape)
        flight.setpoint[:, layout.MOTORS : layout.MOTORS + 4] = rng.uniform(0.0, 1.0, (shape[0], 4, shape[1]))

    rows = flight.run(6.0, wild)
    assert np.isfinite(rows).all()
    assert np.abs(np.linalg.norm(rows[..., 6:10], axis=2) - 1.0).max() < 1.0e-12
    assert rows[-1, :, layout.UPSIDE].any()
    assert rows[:, :, 2].min() > -0.3
    assert rows[..., layout.BATTERY].min() >= 0.0


def test_two_threads_fly_the_same_bits_as_one():
    one, two = (Flight("quad-250g", GUSTY, worlds=128, height_m=9.0) for _ in range(2))
    for flight in (one, two):
        flight.setpoint[:, layout.THRUST] = flight.airframe.hover_thrust
        flight.noise[:] = np.random.default_rng(3).standard_normal(flight.noise.shape)
    for _ in range(20):
        one.fleet.advance(one.setpoint, one.noise)
    halves = [
        Thread(target=lambda a=a, b=b: [two.fleet.advance(two.setpoint, two.noise, a, b) for _ in range(20)])
        for a, b in ((0, 2), (2, 4))
    ]
    for half in halves:
        half.start()
    for half in halves:
        half.join()
    assert np.array_equal(one.fleet.pose, two.fleet.pose)


def test_a_world_that_breaks_is_marked_and_stands_still_and_the_others_fly_on():
    flight = Flight("quad-250g", worlds=40, height_m=10.0)
    flight.fleet.state[0, kernels.VELOCITY, 3] = np.nan
    flight.fleet.state[1, kernels.RATES, 2] = 1.0e9
    rows = flight.run(1.0, flight.hold(10.0))
    assert np.flatnonzero(rows[-1, :, layout.UPSIDE]).tolist() == [3, 34]
    assert np.isfinite(np.delete(rows, [3, 34], axis=1)).all()
    assert np.isfinite(rows[-1, :, layout.POSITION : layout.POSITION + 3]).all()


def test_a_world_flies_the_same_bits_alone_and_among_many():
    many = Flight("quad-5kg", GUSTY, worlds=64)
    alone = [Flight("quad-5kg", GUSTY) for _ in range(3)]
    chosen = (0, 31, 50)
    for flight, world in zip(alone, chosen, strict=True):
        flight.keys[:] = many.keys.reshape(-1)[world]
    rows = many.run(4.0, many.hold(1.0))
    for flight, world in zip(alone, chosen, strict=True):
        assert np.array_equal(flight.run(4.0, flight.hold(1.0))[:, 0], rows[:, world])


def test_the_same_seed_flies_the_same_bits_and_another_seed_does_not():
    first, again, other = (Flight("hummingbird", GUSTY, worlds=32, height_m=9.0, seed=seed) for seed in (5, 5, 6))
    rows = [flight.run(2.0, flight.hold(9.0)) for flight in (first, again, other)]
    assert np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[0], rows[2])


def test_blocks_may_be_flown_one_by_one():
    whole, parts = (Flight("quad-250g", GUSTY, worlds=70, height_m=9.0) for _ in range(2))
    for flight in (whole, parts):
        flight.setpoint[:, layout.THRUST] = flight.airframe.hover_thrust
    whole.fleet.advance(whole.setpoint, whole.noise)
    parts.fleet.advance(parts.setpoint, parts.noise, 1, 3)
    parts.fleet.advance(parts.setpoint, parts.noise, 0, 1)
    assert np.array_equal(whole.fleet.pose, parts.fleet.pose)


def test_a_reset_of_some_worlds_leaves_the_others_where_they_are():
    flight = Flight("quad-250g", GUSTY, worlds=35, height_m=9.0)
    before = flight.run(1.0, flight.hold(9.0))[-1]
    chosen = np.zeros(35, bool)
    chosen[[2, 33]] = True
    flight.fleet.reset(chosen, position_m=np.array([[1, 2, 0], [3, 4, 5.0]]), heading_deg=np.array([0.0, 90.0]))
    after = flight.fleet.pose
    assert np.array_equal(after[~chosen], before[~chosen])
    assert after[2, :2].tolist() == [1.0, 2.0]
    assert after[33, 2] == pytest.approx(5.0 + flight.airframe["gear.height"])
    assert after[33, layout.QUATERNION : layout.QUATERNION + 4].tolist() == pytest.approx([0, 0, 0, 1])  # looks east
    assert after[chosen, layout.BATTERY].tolist() == [1.0, 1.0]
    assert after[chosen, layout.ON_GROUND].tolist() == [1.0, 0.0]


def test_worlds_may_differ_in_their_airframe():
    airframe = load_airframe("quad-900g")
    fleet = Fleet(airframe, CALM, worlds=2)
    heavy = {"body.mass": np.array([1.0, 1.2])}
    fleet.reset(position_m=np.tile([0, 0, 10.0], (2, 1)), heading_deg=np.zeros(2), factors=heavy)
    setpoint = np.zeros((1, layout.SETPOINTS, 32))
    setpoint[:, layout.INNER], setpoint[:, layout.MOTORS : layout.MOTORS + 4] = 1.0, 1.0
    setpoint[:, layout.THRUST] = airframe.hover_thrust
    for _ in range(50):
        fleet.advance(setpoint, np.zeros((1, layout.NOISES, 32)))
    assert fleet.pose[0, 2] > fleet.pose[1, 2] + 0.5


def test_factors_that_leave_a_drone_unable_to_hover_are_refused():
    fleet = Fleet(load_airframe("quad-900g"), CALM, worlds=2)
    places = {"position_m": np.zeros((2, 3)), "heading_deg": np.zeros(2)}
    with pytest.raises(AirframeError, match="cannot hover"):
        fleet.reset(**places, factors={"body.mass": np.array([1.0, 9.0])})
    with pytest.raises(AirframeError, match="does not have"):
        fleet.reset(**places, factors={"body.colour": np.ones(2)})
    with pytest.raises(AirframeError, match="above 0"):
        fleet.reset(**places, factors={"body.mass": np.array([1.0, -1.0])})


PLAIN = """
import sys; sys.path.insert(0, sys.argv[1])
from flying import Flight, Weather, without_drag
flight = Flight("quad-250g", Weather(wind_mps=5.0, turbulence="light", shear_exponent=0.2), worlds=2, height_m=0.0)
print(flight.run(0.4, flight.hold(0.3))[-1].tobytes().hex())
from open_loop import replay
rest = dict(position_m=[0, 0, 0], velocity_mps=[1, 0, 0], quaternion=[0, 0, 0, 1])
rest |= dict(rates_radps=[1, 2, 0], rotor_speeds_radps=[400] * 4)
found = replay("quad-5kg", state0=rest, rotor_speeds_radps=[[300, 310, 290, 300]] * 5, command_s=0.01)
print(found.position_m.tobytes().hex())
"""


def test_the_kernel_says_the_same_plain_as_compiled():
    found = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PLAIN, str(Path(__file__).parents[1])],
            check=True,
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
        ).stdout.split()
        for off in ("0", "1")
    ]
    compiled, plain = ([np.frombuffer(bytes.fromhex(text)) for text in lines] for lines in found)
    for one, other in zip(compiled, plain, strict=True):
        assert np.allclose(one, other, rtol=1.0e-12, atol=1.0e-13)
