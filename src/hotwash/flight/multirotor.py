"""A multirotor as the kernel takes it: its parameters, and how it stands before the first step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hotwash.errors import AirframeError
from hotwash.flight import kernels
from hotwash.flight.airframes import GRAVITY_MPS2, SPARE, Airframe, scale_numbers

FloatArray = NDArray[np.float64]
Factors = Mapping[str, FloatArray]

# The feet are springs and dampers: 150 rad/s gives way by less than half a millimetre under the weight, and is a
# third of a radian in a step of 2 ms; a damping of 0.8 lets nothing bounce.
GEAR_RADPS, GEAR_DAMPING = 150.0, 0.8

# Where single numbers of a file stand in PARAMS.
SINGLE = {
    kernels.MASS: "body.mass",
    kernels.THRUST_K: "rotors.thrust",
    kernels.TORQUE_K: "rotors.torque",
    kernels.BLADES: "rotors.drag",
    kernels.BLADES + 1: "rotors.inflow",
    kernels.BLADES + 2: "rotors.flapping",
    kernels.CUSHION: "rotors.ground_effect",
    kernels.RADIUS: "rotors.radius",
    kernels.FASTEST: "rotors.fastest",
    kernels.FULL_VOLTS: "battery.full",
    kernels.EMPTY_VOLTS: "battery.empty",
    kernels.OHMS: "battery.resistance",
    kernels.AVIONICS: "battery.avionics",
    kernels.POWER_K: "battery.rotor_power",
    kernels.FOOT: "gear.length",
    kernels.FOOT + 1: "gear.width",
    kernels.FOOT + 2: "gear.height",
    kernels.FRICTION: "gear.friction",
    kernels.HARDEST: "gear.hardest",
    kernels.TILT_GAIN: "control.tilt_gain",
    kernels.WIND_UP: "control.integral_gain",
    kernels.LEAD: "control.lead",
}
TRIPLE = {kernels.INERTIA: "body.inertia", kernels.BLADES + 3: "body.drag", kernels.RATE_GAIN: "control.rate_gain"}


def parameters(airframe: Airframe, *, worlds: int, substep_s: float, factors: Factors | None = None) -> FloatArray:
    """Return the fields of PARAMS, (worlds, PARAMS).

    substep_s   the step of Runge-Kutta, for the rotors' lag [s]
    factors     by key of the airframe file, (worlds,): what a number, or each of a row, is multiplied by
    raises      AirframeError for a factor of no key, or one that leaves a world unable to hover
    """
    found = _varied(airframe, worlds, factors or {})
    out = np.zeros((worlds, kernels.PARAMS))
    for at, key in SINGLE.items():
        out[:, at] = found[key]
    for at, key in TRIPLE.items():
        out[:, at : at + 3] = found[key]
    position = found["rotors.position"]
    out[:, kernels.ROTOR_X : kernels.ROTOR_X + 4], out[:, kernels.ROTOR_Y : kernels.ROTOR_Y + 4] = (
        position[:, :, 0],
        position[:, :, 1],
    )
    out[:, kernels.ROTOR_Z] = position[:, 0, 2]
    out[:, kernels.SPIN : kernels.SPIN + 4] = found["rotors.spin"]
    out[:, kernels.CAPACITY] = 3600.0 * found["battery.capacity"]
    out[:, kernels.LAG] = -np.expm1(-0.5 * substep_s / found["rotors.lag"])
    out[:, kernels.SPRING] = 0.25 * found["body.mass"] * GEAR_RADPS**2
    out[:, kernels.DAMPER] = 0.5 * GEAR_DAMPING * found["body.mass"] * GEAR_RADPS
    out[:, kernels.RATE_LIMIT] = np.radians(found["limits.rate"])
    out[:, kernels.RATE_LIMIT + 1] = np.radians(found["limits.yaw_rate"])
    out[:, kernels.MIX : kernels.MIX + 16] = _mixer(found).reshape(worlds, 16)
    out[:, kernels.LIGHTNESS] = 1.0 / found["body.mass"]
    out[:, kernels.LIGHTNESS + 1 : kernels.LIGHTNESS + 4] = 1.0 / found["body.inertia"]
    x, y, inertia = position[:, :, 0], position[:, :, 1], found["body.inertia"]
    far = x * x + y * y
    at, lift = kernels.BLADES + kernels.ARMS, found["rotors.translational_lift"]
    out[:, at] = 4.0 * lift
    for number, one in enumerate((2.0 * x, 2.0 * y, 2.0 * x * x, 2.0 * x * y, 2.0 * y * y, far, x * far, y * far), 1):
        out[:, at + number] = lift * one.sum(axis=1)
    for axis in range(3):
        after, before = inertia[:, (axis + 1) % 3], inertia[:, (axis + 2) % 3]
        out[:, kernels.TWIST + axis] = (before - after) / inertia[:, axis]
    return out


def _varied(airframe: Airframe, worlds: int, factors: Factors) -> dict[str, FloatArray]:
    """Return every number of the file for each world, the world's axis first."""
    found = scale_numbers(airframe, worlds, factors)
    thrust = 4.0 * found["rotors.thrust"] * found["rotors.fastest"] ** 2
    if (found["body.mass"] * GRAVITY_MPS2 * SPARE > thrust).any():
        raise AirframeError(
            airframe.name, place=", ".join(factors), why="with these factors it cannot hover; narrow their ranges"
        )
    return found


def _mixer(found: Mapping[str, FloatArray]) -> FloatArray:
    """Return (worlds, 4, 4): the thrust of each rotor for a unit of lift, roll, pitch and yaw moment."""
    position, spin = found["rotors.position"], found["rotors.spin"]
    turn = (found["rotors.torque"] / found["rotors.thrust"])[:, None]
    given = np.stack([np.ones_like(spin), position[:, :, 1], -position[:, :, 0], spin * turn], axis=1)
    return np.asarray(np.linalg.inv(given), np.float64)


def at_start(airframe: Airframe, params: FloatArray, position_m: FloatArray, heading_deg: FloatArray) -> FloatArray:
    """Return the fields of STATE, (k, STATES): standing where the position is on the ground, else hovering.

    params        (k, PARAMS)
    position_m    (k, 3) of the feet: east, north, height above the ground
    heading_deg   (k,) clockwise from north
    """
    out = np.zeros((len(position_m), kernels.STATES))
    sag = GRAVITY_MPS2 / GEAR_RADPS**2
    out[:, kernels.POSITION : kernels.POSITION + 3] = position_m
    is_standing = position_m[:, 2] <= 0.0
    out[:, kernels.POSITION + 2] = params[:, kernels.FOOT + 2] + np.where(is_standing, -sag, position_m[:, 2])
    yaw = np.radians(90.0 - heading_deg)
    out[:, kernels.QUATERNION + 2], out[:, kernels.QUATERNION + 3] = np.sin(0.5 * yaw), np.cos(0.5 * yaw)
    hover = np.sqrt(params[:, kernels.MASS] * GRAVITY_MPS2 / (4.0 * params[:, kernels.THRUST_K]))
    out[:, kernels.ROTORS : kernels.ROTORS + 4] = np.where(is_standing, 0.0, hover)[:, None]
    out[:, kernels.CHARGE], out[:, kernels.TENSION] = 1.0, params[:, kernels.FULL_VOLTS]
    out[:, kernels.ALIVE] = 1.0
    out[:, kernels.TOUCHING] = is_standing
    return out
