"""Where a fixed wing flies level: the attitude, elevator and throttle that hold an airspeed, from its numbers alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from hotwash.errors import AirframeError

GRAVITY_MPS2 = 9.81
SEA_LEVEL_KGPM3 = 1.225
MOST_TRIALS, CLOSE_RAD = 200, 1e-13


class Numbers(Protocol):
    """An airframe, or anything else that gives its numbers by key."""

    def __getitem__(self, key: str, /) -> float:
        """Return one number in its SI unit; degrees stay degrees."""
        ...


@dataclass(frozen=True)
class Trim:
    """Level, straight flight at one airspeed, wings level."""

    airspeed_mps: float
    attack_rad: float  # of the body's forward axis, which is also the pitch
    elevator_rad: float
    throttle: float  # share of full thrust, as SETPOINT's THRUST, with a full battery
    thrust_n: float
    lift: float  # coefficients
    drag: float


def induced_drag(numbers: Numbers) -> float:
    """Return what the drag coefficient gains with the square of the lift coefficient: 1 / (pi e aspect ratio)."""
    return numbers["wing.area"] / (math.pi * numbers["drag.oswald"] * numbers["wing.span"] ** 2)


def stall_speed_mps(numbers: Numbers) -> float:
    """Return the airspeed at which lift at the stall angle, elevator at rest, just carries the weight at sea level."""
    most = numbers["lift.at_none"] + numbers["lift.by_angle"] * math.radians(numbers["lift.stall_angle"])
    weight_n = numbers["body.mass"] * GRAVITY_MPS2
    return math.sqrt(2.0 * weight_n / (SEA_LEVEL_KGPM3 * numbers["wing.area"] * most))


def trim(numbers: Numbers, airspeed_mps: float, *, name: str = "fixed wing", density: float = 1.0) -> Trim:
    """Return the level flight at an airspeed.

    density   of the air, as a share of 1.225 kg/m3
    raises    AirframeError, by the name, when the wing would stall, or the elevator or the motor does not suffice

    Found by turns: thrust carries a little of the weight, lift the rest, and what lift costs is the thrust.
    """
    press_n = 0.5 * SEA_LEVEL_KGPM3 * density * airspeed_mps**2 * numbers["wing.area"]
    weight_n, share = numbers["body.mass"] * GRAVITY_MPS2, induced_drag(numbers)
    attack_rad, thrust_n, elevator_rad, lift, drag = 0.0, 0.0, 0.0, 0.0, 0.0
    for _ in range(MOST_TRIALS):
        before_rad = attack_rad
        lift = (weight_n - thrust_n * math.sin(attack_rad)) / press_n
        drag = numbers["drag.at_no_lift"] + share * lift * lift
        thrust_n = press_n * drag / math.cos(attack_rad)
        moment = numbers["pitch.at_none"] + numbers["pitch.by_angle"] * attack_rad
        elevator_rad = -moment / numbers["pitch.by_elevator"]
        rest = lift - numbers["lift.at_none"] - numbers["lift.by_elevator"] * elevator_rad
        attack_rad = rest / numbers["lift.by_angle"]
        if abs(attack_rad) > math.radians(numbers["lift.stall_angle"]):
            raise AirframeError(name, place="lift", why=f"stalls in level flight at {airspeed_mps:g} m/s; fly faster")
        if abs(attack_rad - before_rad) < CLOSE_RAD:
            break
    if abs(elevator_rad) > math.radians(numbers["surfaces.elevator_most"]):
        raise AirframeError(
            name, place="surfaces.elevator_most", why=f"too little to fly level at {airspeed_mps:g} m/s"
        )
    throttle = _throttle(numbers, thrust_n / density, airspeed_mps * math.cos(attack_rad))
    if throttle > 1.0:
        raise AirframeError(name, place="motor.thrust", why=f"too little to hold {airspeed_mps:g} m/s level")
    return Trim(airspeed_mps, attack_rad, elevator_rad, throttle, thrust_n, lift, drag)


def _throttle(numbers: Numbers, thrust_n: float, forward_mps: float) -> float:
    """Return the throttle for a thrust: its root s is the motor's share of speed, s (s - forward / pitch speed)."""
    idle = forward_mps / numbers["motor.pitch_speed"]
    return (0.5 * (idle + math.sqrt(idle * idle + 4.0 * thrust_n / numbers["motor.thrust"]))) ** 2
