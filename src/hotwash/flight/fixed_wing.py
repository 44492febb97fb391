"""A fixed wing as the kernel takes it: its parameters, and how it flies or waits before the first step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotwash.flight import kernels
from hotwash.flight.airframes import Airframe, scale_numbers
from hotwash.flight.level_flight import GRAVITY_MPS2, SEA_LEVEL_KGPM3, trim

FloatArray = NDArray[np.float64]
Factors = Mapping[str, FloatArray]

SLOWEST = 0.7  # of the stall speed: below it a surface turns the body too little to divide by
BY_ANGLE = ("at_none", "by_angle", "by_rate", "by_elevator")
BY_SIDESLIP = ("by_sideslip", "by_roll_rate", "by_yaw_rate", "by_aileron", "by_rudder")

# Rows of numbers of a file, by their table, and where they stand in PARAMS one after the other.
ROWS: dict[int, tuple[str, tuple[str, ...]]] = {
    kernels.W_MASS: ("body", ("mass",)),
    kernels.W_AREA: ("wing", ("area", "span", "chord")),
    kernels.W_LIFT: ("lift", BY_ANGLE),
    kernels.W_DRAG: ("drag", ("at_no_lift",)),
    kernels.W_PITCHING: ("pitch", BY_ANGLE),
    kernels.W_SIDE: ("side", BY_SIDESLIP),
    kernels.W_ROLLING: ("roll", BY_SIDESLIP),
    kernels.W_YAWING: ("yaw", BY_SIDESLIP),
    kernels.W_THRUST: ("motor", ("thrust", "pitch_speed", "disc", "efficiency")),
    kernels.W_VOLTS: ("battery", ("full", "empty", "capacity", "resistance", "avionics")),
    kernels.W_TILT_GAIN: ("control", ("roll_gain", "pitch_gain", "rate_gain", "learning")),
    kernels.W_LAUNCH: ("launch", ("speed", "acceleration")),
    kernels.W_BELLY: ("landing", ("belly", "friction", "hardest")),
}
DEGREES: dict[int, tuple[str, tuple[str, ...]]] = {
    kernels.W_DEFLECTION: ("surfaces", ("elevator_most", "aileron_most", "rudder_most")),
    kernels.W_RATE_LIMIT: ("control", ("roll_rate_most", "pitch_rate_most")),
}


def parameters(airframe: Airframe, *, worlds: int, substep_s: float, factors: Factors | None = None) -> FloatArray:
    """Return the fields of PARAMS of a fixed wing, (worlds, PARAMS).

    substep_s   the step of Runge-Kutta, for the lags of motor and surfaces [s]
    factors     by key of the airframe file, (worlds,): what a number, or each of a row, is multiplied by
    raises      AirframeError for a factor of no key
    """
    found = scale_numbers(airframe, worlds, factors or {})
    out = np.zeros((worlds, kernels.PARAMS))
    for at, (table, names) in ROWS.items():
        for k, name in enumerate(names):
            out[:, at + k] = found[f"{table}.{name}"]
    for at, (table, names) in DEGREES.items():
        for k, name in enumerate(names):
            out[:, at + k] = np.radians(found[f"{table}.{name}"])
    out[:, kernels.W_CAPACITY] *= 3600.0
    out[:, kernels.W_GAMMA : kernels.W_GAMMA + 8] = _gammas(found["body.inertia"], found["body.inertia_roll_yaw"])
    out[:, kernels.W_LIGHT] = 1.0 / found["body.inertia"][:, 1]
    out[:, kernels.W_DRAG + 1] = found["wing.area"] / (np.pi * found["drag.oswald"] * found["wing.span"] ** 2)
    for at, lag in ((kernels.W_SERVO, found["surfaces.lag"]), (kernels.W_MOTOR, found["motor.lag"])):
        out[:, at : at + 3] = np.exp(-np.array([0.0, 0.5, 1.0]) * substep_s / lag[:, None])
    stall, width = found["lift.stall_angle"], found["lift.stall_width"]
    out[:, kernels.W_STALL] = np.sin(np.radians(stall))
    out[:, kernels.W_STALL + 1] = np.sin(np.radians(found["lift.stall_angle_below"]))
    out[:, kernels.W_STALL + 2] = 1.0 / (np.sin(np.radians(stall + width)) - np.sin(np.radians(stall)))
    most = found["lift.at_none"] + found["lift.by_angle"] * np.radians(stall)
    weight_n = found["body.mass"] * GRAVITY_MPS2
    stall_mps = np.sqrt(2.0 * weight_n / (SEA_LEVEL_KGPM3 * found["wing.area"] * most))
    out[:, kernels.W_SLOWEST] = SLOWEST * stall_mps
    out[:, kernels.W_STEEPEST] = np.sin(np.radians(found["landing.nose_down_most"]))
    out[:, kernels.W_STEEPEST + 1] = np.cos(np.radians(found["landing.bank_most"]))
    return out


def _gammas(inertia: FloatArray, roll_yaw: FloatArray) -> FloatArray:
    """Return (worlds, 8): the combinations of moments of inertia that turn moments into angular accelerations.

    Source: Beard and McLain 2012, Small Unmanned Aircraft, equation 3.13.
    """
    x, y, z = inertia.T
    both = x * z - roll_yaw * roll_yaw
    rows = [
        roll_yaw * (x - y + z) / both,
        (z * (z - y) + roll_yaw * roll_yaw) / both,
        z / both,
        roll_yaw / both,
        (z - x) / y,
        roll_yaw / y,
        ((x - y) * x + roll_yaw * roll_yaw) / both,
        x / both,
    ]
    return np.stack(rows, axis=1)


def at_start(
    airframe: Airframe,
    params: FloatArray,
    position_m: FloatArray,
    heading_deg: FloatArray,
    *,
    speed_mps: float | None = None,
    wind_mps: ArrayLike = (0.0, 0.0, 0.0),
) -> FloatArray:
    """Return the fields of STATE, (k, STATES): waiting on its launcher where the height is 0, else flying level.

    params        (k, PARAMS)
    position_m    (k, 3) east, north, height above the ground of its belly; the launcher adds its own height
    heading_deg   (k,) clockwise from north
    speed_mps     airspeed of one that flies; its cruise when None
    wind_mps      (3,) or (k, 3) steady wind where it flies, which carries it along
    raises        AirframeError when it cannot fly level at that airspeed

    A world whose numbers are varied starts in the trim of the airframe as it is written.
    """
    count = len(position_m)
    level = trim(airframe, airframe.limits.cruise_mps if speed_mps is None else speed_mps, name=airframe.name)
    is_waiting = position_m[:, 2] <= 0.0
    out = np.zeros((count, kernels.STATES))
    out[:, kernels.POSITION : kernels.POSITION + 3] = position_m
    out[:, kernels.POSITION + 2] += np.where(is_waiting, airframe["launch.height"], params[:, kernels.W_BELLY])
    yaw = np.radians(90.0 - np.asarray(heading_deg, np.float64))
    nose = np.where(is_waiting, np.radians(airframe["launch.angle"]), level.attack_rad)
    out[:, kernels.QUATERNION : kernels.QUATERNION + 4] = _quaternions(yaw, nose)
    forward = np.stack([np.cos(yaw), np.sin(yaw), np.zeros(count)], axis=1)
    out[:, kernels.AIR : kernels.AIR + 3] = wind_mps
    flying = level.airspeed_mps * forward + out[:, kernels.AIR : kernels.AIR + 3]
    out[:, kernels.VELOCITY : kernels.VELOCITY + 3] = np.where(is_waiting[:, None], 0.0, flying)
    out[:, kernels.ROTORS] = np.where(is_waiting, 0.0, np.sqrt(level.throttle))
    out[:, kernels.ROTORS + 1] = np.where(is_waiting, 0.0, level.elevator_rad)
    out[:, kernels.CHARGE], out[:, kernels.TENSION] = 1.0, params[:, kernels.W_VOLTS]
    out[:, kernels.ALIVE] = 1.0
    out[:, kernels.TOUCHING] = is_waiting
    out[:, kernels.PHASE] = np.where(is_waiting, kernels.WAITING, kernels.FLYING)
    out[:, kernels.WOUND + 1] = np.where(is_waiting, 0.0, _held_trim(params, level.elevator_rad, level.airspeed_mps))
    return out


def _held_trim(params: FloatArray, elevator_rad: float, airspeed_mps: float) -> FloatArray:
    """Return what the controller has learnt in trim (k,): the pitch acceleration of the elevator alone [rad/s2]."""
    press = 0.5 * SEA_LEVEL_KGPM3 * params[:, kernels.W_AREA] * airspeed_mps**2
    turns = press * params[:, kernels.W_CHORD] * params[:, kernels.W_PITCHING + 3] * params[:, kernels.W_LIGHT]
    found: FloatArray = turns * elevator_rad
    return found


def _quaternions(yaw: FloatArray, nose: FloatArray) -> FloatArray:
    """Return (k, 4), x y z w: turned left by yaw from east, then the nose raised [rad]."""
    half_yaw, half_nose = 0.5 * yaw, -0.5 * nose
    return np.stack(
        [
            -np.sin(half_yaw) * np.sin(half_nose),
            np.cos(half_yaw) * np.sin(half_nose),
            np.sin(half_yaw) * np.cos(half_nose),
            np.cos(half_yaw) * np.cos(half_nose),
        ],
        axis=1,
    )
