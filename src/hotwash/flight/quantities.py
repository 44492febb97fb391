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

ANGLED = {
    "at_none": Quantity("1", "coefficient at none of these", least=-5.0, most=5.0),
    "by_angle": Quantity("1/rad", "by the angle of attack", least=-50.0, most=50.0),
    "by_rate": Quantity("1/rad", "by pitch rate times half the chord over airspeed", least=-200.0, most=200.0),
    "by_elevator": Quantity("1/rad", "by the elevator, + nose down", least=-20.0, most=20.0),
}
SLIPPING = {
    "by_sideslip": Quantity("1/rad", "by the sideslip, + air from the right", least=-20.0, most=20.0),
    "by_roll_rate": Quantity("1/rad", "by roll rate times half the span over airspeed", least=-20.0, most=20.0),
    "by_yaw_rate": Quantity(
        "1/rad", "by yaw rate to the right times half the span over airspeed", least=-20.0, most=20.0
    ),
    "by_aileron": Quantity("1/rad", "by the aileron, + right wing down", least=-20.0, most=20.0),
    "by_rudder": Quantity("1/rad", "by the rudder", least=-20.0, most=20.0),
}

FIXED_WING = {
    "body.mass": above("kg", "mass, battery and load included", most=150.0),
    "body.inertia": above("kg m2", "moments of inertia about forward, left, up", shape=(3,)),
    "body.inertia_roll_yaw": Quantity("kg m2", "product of inertia of forward and down", least=-100.0, most=100.0),
    "wing.area": above("m2", "area that the coefficients are for", most=100.0),
    "wing.span": above("m", "span that they are for", most=50.0),
    "wing.chord": above("m", "chord that they are for", most=10.0),
    **{f"lift.{key}": quantity for key, quantity in ANGLED.items()},
    "lift.stall_angle": above("deg", "angle of attack up to which lift grows in a line", most=25.0),
    "lift.stall_angle_below": Quantity("deg", "the same, nose down", least=-25.0, most=0.0),
    "lift.stall_width": above("deg", "from there until it is a flat plate", most=45.0),
    "drag.at_no_lift": above("1", "coefficient without lift", most=2.0),
    "drag.oswald": above("1", "Oswald's factor of the drag that lift costs", most=1.5),
    **{f"pitch.{key}": quantity for key, quantity in ANGLED.items()},
    **{f"{table}.{key}": quantity for table in ("side", "roll", "yaw") for key, quantity in SLIPPING.items()},
    "surfaces.elevator_most": above("deg", "most deflection", most=60.0),
    "surfaces.aileron_most": above("deg", "most deflection", most=60.0),
    "surfaces.rudder_most": Quantity("deg", "most deflection; 0 for none", most=60.0),
    "surfaces.lag": Quantity("s", "time constant of the servos", least=0.005, most=1.0),
    "motor.thrust": above("N", "full thrust, standing, at sea level", most=5000.0),
    "motor.pitch_speed": above("m/s", "airspeed at which the propeller at full speed gives nothing", most=300.0),
    "motor.disc": above("m2", "area that the propeller sweeps", most=20.0),
    "motor.efficiency": above("1", "power of an ideal propeller over that from the battery", most=1.0),
    "motor.lag": Quantity("s", "time constant of the motor's speed", least=0.005, most=5.0),
    "launch.speed": above("m/s", "speed at which it leaves the launcher", most=100.0),
    "launch.acceleration": above("m/s2", "along the launcher", most=1000.0),
    "launch.angle": Quantity("deg", "of the launcher above the horizon", most=60.0),
    "launch.height": above("m", "of the launcher above ground", most=20.0),
    "landing.belly": above("m", "height of the centre of mass when it lies", most=5.0),
    "landing.friction": Quantity("1", "of the belly on the ground", most=3.0),
    "landing.hardest": above("m/s", "fastest sink at touchdown that it survives", most=100.0),
    "landing.nose_down_most": above("deg", "steepest nose at touchdown that it survives", most=90.0),
    "landing.bank_most": above("deg", "steepest bank at touchdown that it survives", most=90.0),
    "control.roll_gain": above("1/s", "roll rate asked for over roll error", most=50.0),
    "control.pitch_gain": above("1/s", "pitch rate asked for over pitch error", most=50.0),
    "control.rate_gain": above("1/s", "angular acceleration asked for over rate error", most=100.0),
    "control.learning": Quantity("1/s", "share of the rate error that is taken for trim in a second", most=50.0),
    "control.roll_rate_most": above("deg/s", "fastest roll rate asked for", most=1000.0),
    "control.pitch_rate_most": above("deg/s", "fastest pitch rate asked for", most=1000.0),
    **BATTERY,
    **CAMERA,
    **LIMITS,
}

KINDS: dict[str, dict[str, Quantity]] = {"multirotor": MULTIROTOR, "fixed_wing": FIXED_WING}
