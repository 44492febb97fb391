"""Fixed wings against theory: trim, phugoid, short period, stall, glide, turn, launch, belly landing, battery."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotwash import resources
from hotwash.errors import AirframeError
from hotwash.flight import kernels, layout
from hotwash.flight.airframes import Airframe, load_airframe, parse
from hotwash.flight.fleet import Fleet
from hotwash.flight.level_flight import GRAVITY_MPS2, SEA_LEVEL_KGPM3, induced_drag, stall_speed_mps, trim
from hotwash.model.weather import Weather

FloatArray = NDArray[np.float64]
NAMES = ("wing-2kg", "wing-12kg")
ATTITUDE, MOTOR_OFF, SURFACES = 1.0, 2.0, 3.0
EAST, NORTH = 90.0, 0.0
STEP_S = 0.02
STIFF = {"battery.resistance": np.array([1e-9]), "battery.capacity": np.array([1e6])}  # so that trim can be held
NO_DRAG = {"drag.at_no_lift": 1e-9, "drag.oswald": 1e9, "motor.thrust": 1e-9}

ONE_PERCENT, FIVE_PERCENT = 0.01, 0.05
ONE_MILLIMETRE, ONE_CENTIMETRE = 0.001, 0.01
DEGREE_RAD = math.radians(1.0)


class Flight:
    """Vehicles of one airframe over flat ground, air of one density."""

    def __init__(self, airframe: Airframe, worlds: int = 1, step_s: float = STEP_S) -> None:
        self.fleet = Fleet(airframe, Weather(), worlds=worlds, step_s=step_s)
        self.fleet.weather[:, kernels.LAPSE] = 0.0
        shape = (self.fleet.blocks, self.fleet.lanes)
        self.setpoint = np.zeros((shape[0], layout.SETPOINTS, shape[1]))
        self.setpoint[:, layout.MOTORS :] = 1.0
        self.noise = np.zeros((shape[0], layout.NOISES, shape[1]))

    def start(self, height_m: float, **more: object) -> Flight:
        worlds = self.fleet.worlds
        place = np.tile([0.0, 0.0, height_m], (worlds, 1))
        self.fleet.reset(position_m=place, heading_deg=np.full(worlds, EAST), **more)
        return self

    def ask(self, inner: float, roll: float = 0.0, pitch_up: float = 0.0, throttle: float = 0.0) -> Flight:
        values = (inner, roll, -pitch_up, 0.0, throttle)
        for field, value in zip(
            (layout.INNER, layout.ROLL, layout.PITCH, layout.YAW_RATE, layout.THRUST), values, strict=True
        ):
            self.setpoint[:, field] = value
        return self

    def fly(self, seconds: float) -> FloatArray:
        """Return the first world's POSE after each step."""
        rows = []
        for _ in range(round(seconds / self.fleet.step_s)):
            self.fleet.advance(self.setpoint, self.noise)
            rows.append(self.fleet.pose[0].copy())
        return np.array(rows)


def attitude_rad(pose: FloatArray) -> tuple[float, float]:
    """Return roll to the right and pitch nose up."""
    x, y, z, w = pose[layout.QUATERNION : layout.QUATERNION + 4]
    return math.atan2(2 * (y * z + w * x), 1 - 2 * (x * x + y * y)), math.asin(2 * (x * z - w * y))


def held(airframe: Airframe, airspeed_mps: float, height_m: float = 50.0) -> Flight:
    """Return a flight in trim with its surfaces held, and a battery that does not sag."""
    level = trim(airframe, airspeed_mps)
    flight = Flight(airframe).start(height_m, speed_mps=airspeed_mps, factors=STIFF)
    elevator = level.elevator_rad / math.radians(airframe["surfaces.elevator_most"])
    flight.setpoint[:, layout.PITCH] = elevator
    flight.ask(SURFACES, pitch_up=-elevator, throttle=level.throttle)
    return flight


def changed(name: str, **factors: float) -> Airframe:
    """Return a shipped airframe some of whose numbers, `table__key`, are written anew."""
    lines, table = [], ""
    for line in resources.read(f"flight/airframes/{name}.toml").decode().splitlines():
        table = line.strip("[]") if line.startswith("[") else table
        key = f"{table}__{line.split(' ')[0]}"
        if key in factors:
            line = f"{line.split(' ')[0]} = {{ value = {factors[key]!r}, unit = {line.split('unit = ')[1]}"
        lines.append(line)
    return parse("\n".join(lines), name=name)


@pytest.mark.parametrize("name", NAMES)
def test_trim_holds_with_nobody_at_the_stick(name: str) -> None:
    airframe = load_airframe(name)
    rows = held(airframe, airframe.limits.cruise_mps).fly(20.0)
    assert np.ptp(rows[:, layout.POSITION + 2]) < ONE_MILLIMETRE
    assert np.ptp(rows[:, layout.AIRSPEED]) < ONE_MILLIMETRE
    assert np.abs(rows[:, layout.POSITION + 1]).max() < ONE_MILLIMETRE


def modes(flight: Flight, fields: tuple[int, ...]) -> NDArray[np.complex128]:
    """Return the eigenvalues [1/s] of a flight about where it is, by nudging each field both ways for one step.

    Attitude is nudged by its small angle about a body axis, written QUATERNION + 0, 1, 2.
    """
    nudge, count = 1e-5, len(fields)
    fan = Flight(flight.fleet.airframe, worlds=2 * count)
    state = flight.fleet.state[0, :, 0]
    fan.fleet.state[:] = state[None, :, None]
    fan.fleet.params[:] = flight.fleet.params[:1, :, :1]
    fan.setpoint[:] = flight.setpoint[:1, :, :1]
    for k, field in enumerate(fields):
        for side in (0, 1):
            size, block, lane = nudge if side == 0 else -nudge, (2 * k + side) // 32, (2 * k + side) % 32
            if layout.QUATERNION <= field < layout.QUATERNION + 3:
                fan.fleet.state[block, 6:10, lane] = turned(state[6:10], field - layout.QUATERNION, size)
            else:
                fan.fleet.state[block, field, lane] += size
    fan.fly(STEP_S)
    after = np.array([[small(fan.fleet.pose[row], state, field) for field in fields] for row in range(2 * count)])
    jacobian = (after[0::2] - after[1::2]).T / (2.0 * nudge)
    return np.log(np.linalg.eigvals(jacobian).astype(complex)) / STEP_S


def turned(quaternion: FloatArray, axis: int, angle: float) -> FloatArray:
    x, y, z, w = quaternion
    rates = [(w, z, -y, -x), (-z, w, x, -y), (y, -x, w, -z)][axis]
    found = quaternion + 0.5 * angle * np.array(rates)
    return found / np.linalg.norm(found)


def small(pose: FloatArray, state: FloatArray, field: int) -> float:
    if not layout.QUATERNION <= field < layout.QUATERNION + 3:
        return float(pose[field])
    x, y, z, w = -state[6], -state[7], -state[8], state[9]
    a, b, c, d = pose[6:10]
    parts = (w * a + x * d + y * c - z * b, w * b - x * c + y * d + z * a, w * c + x * b - y * a + z * d)
    return 2.0 * parts[field - layout.QUATERNION]


ALONG = (layout.VELOCITY, layout.VELOCITY + 2, layout.QUATERNION + 1, layout.RATES + 1)
ASIDE = (layout.VELOCITY + 1, layout.QUATERNION, layout.QUATERNION + 2, layout.RATES, layout.RATES + 2)


def period_s(values: FloatArray) -> float:
    """Return the mean time between rises through the mean."""
    off = values - values.mean()
    at = np.flatnonzero((off[:-1] < 0.0) & (off[1:] >= 0.0))
    cross = at + off[at] / (off[at] - off[at + 1])
    return float(np.diff(cross).mean()) * STEP_S


def gliding_without_drag(name: str, airspeed_mps: float) -> Flight:
    plain = load_airframe(name)
    numbers = {
        key: float(number.value) * NO_DRAG.get(key, 1.0)
        for key, number in plain.numbers.items()
        if number.value.ndim == 0
    }
    level = trim({**numbers, "motor.thrust": 1.0}, airspeed_mps)
    flight = Flight(plain).start(500.0, speed_mps=airspeed_mps, factors={k: np.array([v]) for k, v in NO_DRAG.items()})
    share = level.elevator_rad / math.radians(plain["surfaces.elevator_most"])
    flight.ask(SURFACES, pitch_up=-share)
    nose = -0.5 * level.attack_rad
    flight.fleet.state[0, 6:10, 0] = (0.0, math.sin(nose), 0.0, math.cos(nose))
    flight.fleet.state[0, kernels.ROTORS : kernels.ROTORS + 2, 0] = 0.0, level.elevator_rad
    return flight


def held_back(airframe: Airframe, speed_mps: float) -> float:
    """Return how much pitch damping slows the phugoid, from 1: damping against the stiffness of the angle of attack.

    Source: Phillips 2000, Phugoid Approximation for Conventional Airplanes, Journal of Aircraft 37 (1), 30-36.
    """
    rise = 0.5 * SEA_LEVEL_KGPM3 * speed_mps * airframe["wing.area"] * airframe["lift.by_angle"] / airframe["body.mass"]
    damping = 0.5 * airframe["wing.chord"] / speed_mps * airframe["pitch.by_rate"]
    return 1.0 + damping * rise / airframe["pitch.by_angle"]


@pytest.mark.parametrize("name", NAMES)
def test_without_drag_the_phugoid_has_lanchesters_period_but_for_the_damping_of_pitch(name: str) -> None:
    """Lanchester 1908: pi · sqrt(2) · V / g, for a body that keeps its angle of attack."""
    airframe = load_airframe(name)
    speed_mps = airframe.limits.cruise_mps
    flight = gliding_without_drag(name, speed_mps)
    flight.fleet.state[0, layout.VELOCITY, 0] += 0.2
    found_s = period_s(flight.fly(80.0)[:, layout.AIRSPEED])
    lanchester_s = math.pi * math.sqrt(2.0) * speed_mps / GRAVITY_MPS2
    assert found_s == pytest.approx(lanchester_s, rel=0.1)
    assert found_s == pytest.approx(lanchester_s * math.sqrt(held_back(airframe, speed_mps)), rel=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_the_phugoid_flown_is_that_of_the_linear_model(name: str) -> None:
    airframe = load_airframe(name)
    flight = held(airframe, airframe.limits.cruise_mps, 200.0)
    slow = min((value for value in modes(flight, ALONG) if value.imag > 0.0), key=abs)
    flight.fleet.state[0, layout.VELOCITY, 0] += 0.05
    found_s = period_s(flight.fly(60.0)[:, layout.VELOCITY + 2])
    assert found_s == pytest.approx(2.0 * math.pi / slow.imag, rel=FIVE_PERCENT)
    assert slow.real < 0.0


@pytest.mark.parametrize("name", NAMES)
def test_the_short_period_is_fast_and_damped_and_nothing_runs_away(name: str) -> None:
    airframe = load_airframe(name)
    flight = held(airframe, airframe.limits.cruise_mps)
    along, aside = modes(flight, ALONG), modes(flight, ASIDE)
    fast = max(along, key=abs)
    assert abs(fast) > 3.0
    assert -fast.real / abs(fast) > 0.3
    assert along.real.max() < 0.0
    slowest_spiral = 0.1  # doubles in seven seconds or more, as pilots of small aeroplanes know it
    assert aside.real.max() < slowest_spiral


def polar(airframe: Airframe, angles_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the coefficients of lift and drag at angles of attack, from what a thousandth of a second does."""
    moment_s, speed_mps = 1e-6, 20.0
    flight = Flight(airframe, worlds=len(angles_deg), step_s=moment_s).start(50.0, speed_mps=speed_mps)
    flight.ask(SURFACES)
    for world, angle in enumerate(np.radians(angles_deg)):
        block, lane = world // flight.fleet.lanes, world % flight.fleet.lanes
        state = flight.fleet.state[block, :, lane]
        state[3:6], state[6:10] = (speed_mps, 0.0, 0.0), (0.0, math.sin(-0.5 * angle), 0.0, math.cos(0.5 * angle))
        state[10:13], state[kernels.ROTORS : kernels.ROTORS + 4] = 0.0, 0.0
        state[kernels.WOUND : kernels.WOUND + 3] = 0.0
        flight.fleet.state[block, :, lane] = state
    flight.fly(moment_s)
    gained = (flight.fleet.pose[:, 3:6] - (speed_mps, 0.0, 0.0)) / moment_s
    press = 0.5 * SEA_LEVEL_KGPM3 * speed_mps**2 * airframe["wing.area"] / airframe["body.mass"]
    return (gained[:, 2] + GRAVITY_MPS2) / press, -gained[:, 0] / press


@pytest.mark.parametrize("name", NAMES)
def test_lift_grows_in_a_line_up_to_the_stall_and_no_further(name: str) -> None:
    airframe, angles = load_airframe(name), np.arange(-9.0, 90.5, 0.5)
    lift, drag = polar(airframe, angles)
    line = airframe["lift.at_none"] + airframe["lift.by_angle"] * np.radians(angles)
    linear = angles <= airframe["lift.stall_angle"]
    assert lift[linear] == pytest.approx(line[linear], abs=1e-5)
    assert drag[linear] == pytest.approx(
        airframe["drag.at_no_lift"] + induced_drag(airframe) * line[linear] ** 2, abs=1e-5
    )
    most = airframe["lift.at_none"] + airframe["lift.by_angle"] * math.radians(airframe["lift.stall_angle"])
    assert lift.max() < 1.15 * most
    assert lift[angles > airframe["lift.stall_angle"] + airframe["lift.stall_width"]].max() < 0.8
    assert (lift[-1], drag[-1]) == pytest.approx((0.0, 2.0 + airframe["drag.at_no_lift"]), abs=ONE_PERCENT)


@pytest.mark.parametrize("name", NAMES)
def test_pulled_up_without_power_it_stalls_and_falls_rather_than_climbs(name: str) -> None:
    flight = Flight(load_airframe(name)).start(300.0)
    rows = flight.ask(MOTOR_OFF, pitch_up=math.radians(30.0)).fly(15.0)
    assert rows[-1, layout.VELOCITY + 2] < -2.0
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("name", NAMES)
def test_it_glides_as_far_as_its_coefficients_say(name: str) -> None:
    airframe = load_airframe(name)
    flight = held(airframe, airframe.limits.cruise_mps, 900.0)
    flight.setpoint[:, layout.THRUST] = 0.0
    rows = flight.fly(120.0)[-3000:]
    speed, sink = rows[:, layout.AIRSPEED].mean(), -rows[:, layout.VELOCITY + 2].mean()
    angle = math.asin(sink / speed)
    lift = (
        airframe["body.mass"]
        * GRAVITY_MPS2
        * math.cos(angle)
        / (0.5 * SEA_LEVEL_KGPM3 * speed**2 * airframe["wing.area"])
    )
    ratio = lift / (airframe["drag.at_no_lift"] + induced_drag(airframe) * lift**2)
    assert 1.0 / math.tan(angle) == pytest.approx(ratio, rel=ONE_PERCENT)
    assert ratio <= 0.5 / math.sqrt(airframe["drag.at_no_lift"] * induced_drag(airframe))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_banked_turn_is_coordinated(name: str, side: float) -> None:
    airframe = load_airframe(name)
    bank, speed = side * math.radians(30.0), 1.15 * airframe.limits.cruise_mps
    level = trim(airframe, speed)
    flight = Flight(airframe).start(200.0, speed_mps=speed)
    flight.ask(ATTITUDE, roll=bank, pitch_up=level.attack_rad + 0.03, throttle=min(1.3 * level.throttle, 1.0))
    rows = flight.fly(20.0)
    roll, _ = attitude_rad(rows[-1])
    course = np.unwrap(np.arctan2(rows[-250:, layout.VELOCITY], rows[-250:, layout.VELOCITY + 1]))
    rate = (course[-1] - course[0]) / (249 * STEP_S)
    assert roll == pytest.approx(bank, abs=2.0 * DEGREE_RAD)
    assert rate == pytest.approx(GRAVITY_MPS2 * math.tan(roll) / rows[-1, layout.AIRSPEED], rel=0.06)


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_the_attitude_that_is_asked_for(name: str) -> None:
    flight = Flight(load_airframe(name)).start(100.0).ask(ATTITUDE, math.radians(-20.0), math.radians(8.0), 0.9)
    roll, pitch = attitude_rad(flight.fly(6.0)[-1])
    assert (roll, pitch) == pytest.approx((math.radians(-20.0), math.radians(8.0)), abs=2.0 * DEGREE_RAD)


def test_it_starts_in_the_air_at_the_airspeed_asked_for_carried_by_the_wind() -> None:
    flight = Flight(load_airframe("wing-2kg")).start(80.0, speed_mps=18.0, wind_mps=(0.0, 6.0, 0.0))
    assert flight.fleet.pose[0, layout.AIRSPEED] == pytest.approx(18.0)
    assert flight.fleet.pose[0, 3:6] == pytest.approx((18.0, 6.0, 0.0))


@pytest.mark.parametrize("name", NAMES)
def test_it_waits_for_its_launch_and_leaves_at_the_launchers_speed(name: str) -> None:
    airframe = load_airframe(name)
    flight = Flight(airframe).start(0.0).ask(ATTITUDE, pitch_up=math.radians(12.0), throttle=0.0)
    waiting = flight.fly(2.0)
    assert np.ptp(waiting[:, :3], axis=0).max() == 0.0
    assert waiting[-1, layout.ON_GROUND] == 1.0
    rows = flight.ask(ATTITUDE, pitch_up=math.radians(12.0), throttle=1.0).fly(10.0)
    left = int(np.argmax(np.linalg.norm(rows[:, 3:6], axis=1) >= airframe["launch.speed"]))
    run_m = airframe["launch.speed"] ** 2 / (2.0 * airframe["launch.acceleration"])
    assert np.linalg.norm(rows[left, :3] - waiting[-1, :3]) == pytest.approx(
        run_m, abs=2.0 * STEP_S * airframe["launch.speed"]
    )
    assert rows[:, layout.POSITION + 2].min() > 0.5
    assert rows[-1, layout.POSITION + 2] > 10.0
    assert rows[-1, layout.UPSIDE] == 0.0


def down(flight: Flight, pitch_up: float) -> FloatArray:
    return flight.ask(MOTOR_OFF, pitch_up=pitch_up).fly(30.0)


@pytest.mark.parametrize("name", NAMES)
def test_it_lands_on_its_belly_and_slides_to_a_stand(name: str) -> None:
    airframe = load_airframe(name)
    flight = Flight(airframe).start(1.0, speed_mps=1.2 * stall_speed_mps(airframe))
    rows = down(flight, math.radians(6.0))
    assert rows[-1, layout.ON_GROUND] == 1.0
    assert rows[-1, layout.UPSIDE] == 0.0
    assert np.abs(rows[-1, 3:6]).max() == 0.0
    assert rows[-1, layout.POSITION + 2] == pytest.approx(airframe["landing.belly"])
    touched = int(np.argmax(rows[:, layout.ON_GROUND]))
    slid_m = rows[-1, layout.POSITION] - rows[touched, layout.POSITION]
    # at first the wing still carries part of the weight, so it slides farther than a box would
    box_m = rows[touched, layout.VELOCITY] ** 2 / (2.0 * airframe["landing.friction"] * GRAVITY_MPS2)
    assert box_m < slid_m < 2.5 * box_m


@pytest.mark.parametrize("name", NAMES)
def test_a_steep_fall_on_the_ground_is_a_crash_that_stays_where_it_is(name: str) -> None:
    rows = down(Flight(load_airframe(name)).start(60.0), math.radians(-40.0))
    crashed = int(np.argmax(rows[:, layout.UPSIDE]))
    assert rows[crashed, layout.UPSIDE] == 1.0
    assert np.ptp(rows[crashed:, :3], axis=0).max() == 0.0
    assert np.abs(rows[-1, 3:6]).max() == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_cruise_draws_from_the_battery_what_thrust_airspeed_and_efficiency_ask(name: str) -> None:
    airframe = load_airframe(name)
    speed = airframe.limits.cruise_mps
    level = trim(airframe, speed)
    flight = Flight(airframe).start(100.0).ask(ATTITUDE, pitch_up=level.attack_rad, throttle=level.throttle)
    rows = flight.fly(60.0)
    half = 0.5 * speed
    through = half + math.sqrt(half**2 + level.thrust_n / (2.0 * SEA_LEVEL_KGPM3 * airframe["motor.disc"]))
    power_w = level.thrust_n * through / airframe["motor.efficiency"] + airframe["battery.avionics"]
    drawn_c = (rows[0, layout.BATTERY] - rows[-1, layout.BATTERY]) * airframe["battery.capacity"] * 3600.0
    joules = drawn_c * rows[:, layout.VOLTS].mean()
    assert joules == pytest.approx(power_w * 60.0, rel=FIVE_PERCENT)


def test_an_empty_battery_stops_the_motor_and_the_wing_glides_on() -> None:
    flight = Flight(load_airframe("wing-2kg")).start(100.0)
    flight.fleet.state[:, kernels.CHARGE] = 0.0005
    rows = flight.ask(ATTITUDE, pitch_up=math.radians(1.0), throttle=0.7).fly(20.0)
    assert rows[-1, layout.BATTERY] < 1e-4
    assert flight.fleet.state[0, kernels.ROTORS, 0] < 0.3
    assert rows[-1, layout.UPSIDE] == 0.0
    assert rows[-1, layout.VELOCITY + 2] < -0.5


@given(
    commands=st.lists(
        st.tuples(*(st.floats(allow_nan=True, allow_infinity=True) for _ in range(layout.SETPOINTS))),
        min_size=1,
        max_size=6,
    ),
    height_m=st.floats(0.0, 500.0),
    wind=st.floats(-80.0, 80.0),
)
@settings(max_examples=60, deadline=None)
def test_no_command_and_no_wind_makes_a_number_that_is_none(
    commands: list[tuple[float, ...]], height_m: float, wind: float
) -> None:
    flight = Flight(load_airframe("wing-12kg")).start(height_m)
    flight.fleet.add_wind(np.array([[wind, -wind, 0.5 * wind]]))
    for command in commands:
        flight.setpoint[0, :, 0] = command
        flight.noise[:] = wind
        rows = flight.fly(1.0)
        assert np.isfinite(rows).all()
        assert np.isfinite(flight.fleet.state).all()


def test_one_world_flies_as_it_does_among_many() -> None:
    airframe, many = load_airframe("wing-2kg"), 40
    rng = np.random.default_rng(7)
    fan = Flight(airframe, worlds=many).start(40.0)
    fan.fleet.weather[:, kernels.ROUGHNESS] = 6.0
    asked = rng.uniform(-0.5, 0.5, (many, 3))
    for world in range(many):
        block, lane = world // 32, world % 32
        fan.setpoint[block, :5, lane] = (world % 4, *asked[world], abs(asked[world, 0]) + 0.4)
    fan.noise[:] = rng.normal(size=fan.noise.shape)
    fan.fly(6.0)
    for world in (0, 1, 2, 3, 31, 33, 39):
        alone = Flight(airframe).start(40.0)
        alone.fleet.weather[:, kernels.ROUGHNESS] = 6.0
        alone.setpoint[0, :, 0] = fan.setpoint[world // 32, :, world % 32]
        alone.noise[0, :, 0] = fan.noise[world // 32, :, world % 32]
        assert (alone.fly(6.0)[-1] == fan.fleet.pose[world]).all()


@pytest.mark.parametrize("name", NAMES)
def test_in_gusts_it_is_shaken_and_flies_on(name: str) -> None:
    airframe, worlds, rng = load_airframe(name), 32, np.random.default_rng(3)
    speed = 1.2 * airframe.limits.cruise_mps
    level = trim(airframe, speed)
    flight = Flight(airframe, worlds=worlds).start(150.0, speed_mps=speed)
    flight.fleet.weather[:, kernels.ROUGHNESS] = 30.0 * 0.514444  # moderate
    flight.fleet.weather[:, kernels.ALONG] = 1.0
    flight.ask(ATTITUDE, pitch_up=level.attack_rad, throttle=level.throttle)
    seen = []
    for _ in range(2000):
        flight.noise[:] = rng.normal(size=flight.noise.shape)
        flight.fleet.advance(flight.setpoint, flight.noise)
        seen.append(flight.fleet.pose[:, layout.AIRSPEED].copy())
    sigma_mps = 0.1 * 30.0 * 0.514444  # upright; along the wind it is up to twice that
    assert 0.7 * sigma_mps < np.std(np.array(seen)[200:]) < 2.0 * sigma_mps
    assert (flight.fleet.pose[:, layout.UPSIDE] == 0.0).all()


def test_heavier_worlds_sink_and_the_others_hold_their_height() -> None:
    airframe = load_airframe("wing-12kg")
    level = trim(airframe, airframe.limits.cruise_mps)
    flight = Flight(airframe, worlds=3)
    heavier = {"body.mass": np.array([1.0, 1.3, 1.0])}
    place = np.tile([0.0, 0.0, 100.0], (3, 1))
    flight.fleet.reset(position_m=place, heading_deg=np.full(3, NORTH), factors=heavier)
    flight.ask(ATTITUDE, pitch_up=level.attack_rad, throttle=level.throttle).fly(10.0)
    heights = flight.fleet.pose[:, layout.POSITION + 2]
    assert heights[0] == heights[2]
    assert heights[0] == pytest.approx(100.0, abs=1.0)
    assert heights[1] < 95.0


def test_a_throttle_for_cruise_stands_for_hover() -> None:
    for name in NAMES:
        airframe = load_airframe(name)
        assert airframe.hover_thrust == trim(airframe, airframe.limits.cruise_mps).throttle
        assert airframe.full_thrust_n == airframe["motor.thrust"]


PLAIN = """
import sys; sys.path.insert(0, sys.argv[1])
import numpy as np
from test_fixed_wing import Flight, load_airframe, ATTITUDE
flight = Flight(load_airframe("wing-12kg")).start(30.0).ask(ATTITUDE, 0.4, 0.1, 0.8)
flight.noise[:] = 0.3
flight.fleet.weather[:, 4] = 5.0
print(repr(flight.fly(0.2)[-1].tolist()))
"""


def test_compiled_flight_is_plain_flight() -> None:
    def ran(**more: str) -> list[float]:
        command = [sys.executable, "-c", PLAIN, str(Path(__file__).parent)]
        done = subprocess.run(command, env={**os.environ, **more}, capture_output=True, check=True, text=True)
        return [float(part) for part in done.stdout.strip().strip("[]").split(",")]

    assert ran(NUMBA_DISABLE_JIT="1") == pytest.approx(ran(), rel=1e-12, abs=1e-12)


def test_an_aeroplane_that_cannot_fly_level_is_refused() -> None:
    with pytest.raises(AirframeError, match=r"motor\.thrust"):
        changed("wing-12kg", motor__thrust=5.0)
    with pytest.raises(AirframeError, match="lift"):
        changed("wing-2kg", body__mass=8.0)
    with pytest.raises(AirframeError, match=r"surfaces\.elevator_most"):
        changed("wing-12kg", surfaces__elevator_most=3.0)
