"""What an airframe file says, key by key: the unit, how many numbers, and the bounds that nature or we set."""

from __future__ import annotations

import math
from typing import NamedTuple


class Quantity(NamedTuple):
    """One number, or row of numbers, of an airframe file.

    unit      the only unit it may be written in
    shape     () a number, (3,) three, (4, 3) four rows of three
    least, most   each number lies between them
    is_open   the least itself is refused: a mass is above 0
    """

    unit: str
    meaning: str
    shape: tuple[int, ...] = ()
    least: float = 0.0
    most: float = math.inf
    is_open: bool = False


def above(unit: str, meaning: str, *, most: float = math.inf, shape: tuple[int, ...] = ()) -> Quantity:
    """Return a quantity that must be more than nothing."""
    return Quantity(unit, meaning, shape, 0.0, most, is_open=True)


CAMERA = {
    "camera.fov_horizontal": above("deg", "what the camera sees from left to right", most=170.0),
    "camera.fov_vertical": above("deg", "what it sees from top to bottom", most=170.0),
    "camera.gimbal_lowest": Quantity("deg", "lowest pitch, above the horizon", least=-120.0, most=120.0),
    "camera.gimbal_highest": Quantity("deg", "highest pitch, above the horizon", least=-120.0, most=120.0),
    "camera.gimbal_fastest": above("deg/s", "fastest change of pitch", most=1000.0),
}

LIMITS = {
    "limits.tilt": above("deg", "most tilt that the controller asks for in a held mode", most=80.0),
    "limits.rate": above("deg/s", "fastest roll and pitch rate", most=2000.0),
    "limits.yaw_rate": above("deg/s", "fastest yaw rate", most=1000.0),
    "limits.climb": above("m/s", "fastest climb in a held mode", most=100.0),
    "limits.sink": above("m/s", "fastest sink in a held mode", most=100.0),
    "limits.speed": above("m/s", "fastest level flight in a held mode", most=150.0),
    "limits.cruise": above("m/s", "speed for a way home", most=150.0),
}

BATTERY = {
    "battery.full": above("V", "open voltage when full", most=1000.0),
    "battery.empty": above("V", "open voltage when empty", most=1000.0),
    "battery.capacity": above("A h", "charge from full to empty", most=1000.0),
    "battery.resistance": above("ohm", "inner resistance, wires included", most=100.0),
    "battery.avionics": Quantity("W", "what the electronics take", most=10000.0),
}

GEAR = {
    "gear.length": above("m", "from the centre of mass forward and back to the feet", most=10.0),
    "gear.width": above("m", "from the centre of mass to the feet on each side", most=10.0),
    "gear.height": above("m", "from the feet up to the centre of mass", most=10.0),
    "gear.friction": Quantity("1", "friction of the feet on the ground", most=3.0),
    "gear.hardest": above("m/s", "fastest sink at touchdown that it survives", most=100.0),
}

MULTIROTOR = {
    "body.mass": above("kg", "mass, battery and load included", most=150.0),
    "body.inertia": above("kg m2", "moments of inertia about forward, left, up", shape=(3,)),
    "body.drag": Quantity("N s2/m2", "drag of the body along forward, left, up, over airspeed squared", (3,)),
    "rotors.position": Quantity("m", "hub of each rotor from the centre of mass", (4, 3), -10.0, 10.0),
    "rotors.spin": Quantity("1", "1 where its drag turns the body to the left, else -1", (4,), -1.0, 1.0),
    "rotors.radius": above("m", "radius of a rotor", most=5.0),
    "rotors.thrust": above("N s2", "thrust of a rotor over its speed squared", most=1.0),
    "rotors.torque": above("N m s2", "torque of a rotor over its speed squared", most=1.0),
    "rotors.drag": Quantity("N s2/m", "blade drag over rotor speed and airspeed in its plane", most=1.0),
    "rotors.inflow": Quantity("N s2/m", "loss of thrust over rotor speed and airspeed along its axis", most=1.0),
    "rotors.translational_lift": Quantity("N s2/m2", "gain of thrust over airspeed in its plane squared", most=10.0),
    "rotors.flapping": Quantity("N s2", "flapping moment over rotor speed and airspeed in its plane", most=1.0),
    "rotors.ground_effect": Quantity("1", "share of the published ground effect", most=2.0),
    "rotors.lag": Quantity("s", "time constant of the rotor speed", least=0.001, most=1.0),
    "rotors.fastest": above("rad/s", "fastest speed at full battery", most=10000.0),
    "battery.rotor_power": above("W s3", "electrical power of a rotor over its speed cubed", most=1.0),
    "control.rate_gain": above("1/s", "moment over inertia and rate error, by axis", shape=(3,), most=100.0),
    "control.tilt_gain": above("1/s", "rate asked for over tilt error", most=50.0),
    "control.integral_gain": Quantity("1/s", "share of the rate error that is wound up in a second", most=50.0),
    "control.lead": Quantity("1", "overshoot of the speed asked of a rotor, to beat its lag", least=1.0, most=10.0),
    **BATTERY,
    **GEAR,
    **CAMERA,
    **LIMITS,
}  # fmt: skip

KINDS: dict[str, dict[str, Quantity]] = {"multirotor": MULTIROTOR}
