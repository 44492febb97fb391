"""What one airframe can do and one scenario asks for, as the numbers that the compiled parts of a seat take."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hotwash.flight.airframes import Airframe
from hotwash.flight.level_flight import stall_speed_mps, trim
from hotwash.flight.seats import fields as f
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.scenario_parts import Seat

FloatArray = NDArray[np.float64]

SIGHTS = {"none": 0.0, "line_of_sight": 1.0, "camera": 2.0}
_VELOCITY_CONSTANT_S = 2.0  # how slowly the error of a satellite velocity wanders
_HEIGHT_CONSTANT_S = 60.0  # and that of a barometer: the weather changes, the sensor warms
_APPROACH = 1.3  # of the stall, as usual: Federal Aviation Administration, Airplane Flying Handbook
_STEEPEST = 0.12  # sink over speed of an approach: what glides flatter without power comes down as it glides
_SLOW = 0.9  # of the cruise, where every airframe still flies level
_MAX_PITCH_DEG = 20.0  # of a wing whose pilot asks for pitch
_PUSH_SHARE = 0.85  # a multirotor speeds up and brakes with this share of its tilt: the rest is for wind
_BANK_SHARE = 0.6  # a circle is flown at this share of the greatest bank: the rest is for wind


def limit_row(
    airframe: Airframe, scenario: FlightScenario, seat: Seat, *, tasks: int, time_limit_s: float
) -> FloatArray:
    """Return LIMITS of one seat; (fields.LIMITS,).

    tasks          how many its lane has, 0 without one
    time_limit_s   when the exercise ends for it
    """
    found = np.zeros(f.LIMITS)
    step_s = scenario.step_s
    own, camera = airframe.limits, airframe.camera
    found[f.IS_WING], found[f.STEP] = float(airframe.kind == "fixed_wing"), step_s
    found[f.MAX_TILT], found[f.MAX_RATE] = math.radians(own.max_tilt_deg), math.radians(own.max_rate_dps)
    found[f.MAX_YAW_RATE] = math.radians(own.max_yaw_rate_dps)
    found[f.MAX_CLIMB], found[f.MAX_SINK] = own.max_climb_mps, own.max_sink_mps
    found[f.MAX_SPEED], found[f.CRUISE] = own.max_speed_mps, own.cruise_mps
    found[f.GIMBAL_LEAST] = math.radians(camera.gimbal_lowest_deg)
    found[f.GIMBAL_MOST] = math.radians(camera.gimbal_highest_deg)
    found[f.GIMBAL_FASTEST] = math.radians(camera.gimbal_fastest_dps)
    found[f.SIGHT], found[f.VIDEO_STEPS] = SIGHTS[seat.sight], round(seat.video_delay_s / step_s)
    found[f.TIME_LIMIT], found[f.TASKS_THERE] = time_limit_s, tasks
    _add_failsafes(found, scenario)
    _add_errors(found, scenario)
    if airframe.kind == "fixed_wing":
        _add_wing(found, airframe)
    else:
        _add_gains(found, airframe)
    return found


def _add_failsafes(found: FloatArray, scenario: FlightScenario) -> None:
    safe = scenario.failsafes
    found[f.LINK_TIMEOUT], found[f.LINK_HOVER] = safe.link_timeout_s, safe.link_hover_s
    found[f.RETURN_HEIGHT], found[f.FIX_TIMEOUT] = safe.return_height_m, safe.fix_timeout_s
    found[f.BATTERY_WARN], found[f.BATTERY_RETURN] = safe.battery_warn, safe.battery_return
    found[f.BATTERY_LAND] = safe.battery_land


def _add_errors(found: FloatArray, scenario: FlightScenario) -> None:
    """Write what is left of a wandering error after a step, and how much is added: its variance comes to sigma²."""
    own = scenario.navigation
    found[f.IN_USE] = own.satellites
    for at, sigma, constant_s in (
        (f.WANDER, own.sigma_m, own.time_constant_s),
        (f.WANDER_SPEED, own.sigma_velocity_mps, _VELOCITY_CONSTANT_S),
        (f.WANDER_HEIGHT, own.sigma_height_m, _HEIGHT_CONSTANT_S),
    ):
        stays = math.exp(-scenario.step_s / constant_s)
        found[at], found[at + 1] = stays, sigma * math.sqrt(1.0 - stays * stays)


def _add_gains(found: FloatArray, airframe: Airframe) -> None:
    """Write the controllers' gains: each loop two and a half to three times slower than the one inside it.

    The innermost is the tilt, whose gain the airframe states; motors push up or down faster than it tilts.
    """
    tilt_gain = airframe["control.tilt_gain"]
    found[f.HOVER] = airframe.hover_thrust
    found[f.MOST_PUSH] = 9.80665 * math.tan(found[f.MAX_TILT])
    found[f.PUSH] = _PUSH_SHARE * found[f.MOST_PUSH]
    turning = 4.0 * airframe["rotors.fastest"] * math.sqrt(airframe.hover_thrust)
    found[f.SLOWING] = airframe["rotors.drag"] * turning / airframe["body.mass"]
    found[f.SLOWING + 1] = airframe.row("body.drag")[:2].mean() / airframe["body.mass"]
    found[f.SPEED_GAIN] = min(tilt_gain / 3.0, 2.5)
    found[f.POSITION_GAIN] = found[f.SPEED_GAIN] / 2.5
    found[f.SPEED_WIND_UP] = 0.2 * found[f.SPEED_GAIN] ** 2
    found[f.HEIGHT_GAIN], found[f.CLIMB_GAIN], found[f.CLIMB_WIND_UP] = 1.5, 4.0, 3.0


def _add_wing(found: FloatArray, airframe: Airframe) -> None:
    """Write how a wing flies level at cruising speed, and the tightest circle that a share of its bank flies there."""
    level = trim(airframe, airframe.limits.cruise_mps, name=airframe.name)
    found[f.HOVER], found[f.TRIM_PITCH] = level.throttle, level.attack_rad
    found[f.CLIMB_THRUST] = (1.0 - level.throttle) / found[f.MAX_CLIMB]
    found[f.STALL_SPEED] = 1.1 * stall_speed_mps(airframe)
    found[f.APPROACH] = min(_APPROACH * stall_speed_mps(airframe), found[f.CRUISE])
    land = trim(airframe, found[f.APPROACH], name=airframe.name)
    found[f.APPROACH_SINK] = found[f.APPROACH] * min(land.drag / land.lift, _STEEPEST)
    slow = trim(airframe, _SLOW * found[f.CRUISE], name=airframe.name)  # lift goes with the square of the speed
    found[f.LIFTING] = (slow.attack_rad - level.attack_rad) / (_SLOW**-2 - 1.0)
    found[f.CIRCLE] = found[f.CRUISE] ** 2 / (9.80665 * math.tan(_BANK_SHARE * found[f.MAX_TILT]))
    found[f.MAX_PITCH] = math.radians(_MAX_PITCH_DEG)
