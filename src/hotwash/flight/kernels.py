"""The compiled core of flight: rigid bodies in moving air, blocks of worlds side by side.

    NOISE ─gusts─▶ air ─┐
    SETPOINT ─inner loop─▶ rotors, surfaces ─forces─▶ four stages of Runge-Kutta ─ground─▶ state ─▶ POSE

A block works in one flat array, field by field, LANES numbers apart: `work[field * LANES + lane]`. The distance is a
constant, so the compiler sees that no two fields overlap and runs the loop over lanes on whole vectors; a single
world takes lane 0 of the same code. What is written here holds for both, bit for bit: no sum is reordered and
no product is fused with a sum.

East, north, up [m] in the plane tangent at the scenario's place; body axes forward, left, up; quaternions x y z w,
body to east-north-up. Roll is positive to the right, pitch nose down, yaw to the left: right-handed about the axes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotwash.flight import layout

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LANES = 32
EXACT: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
# What only kernels call needs no way in from Python, and becomes part of its caller: a call stops the vectoriser.
INNER: dict[str, Any] = {
    "error_model": "numpy", "forceinline": True, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True
}  # fmt: skip

Three = tuple[float, float, float]
Four = tuple[float, float, float, float]
Nine = tuple[float, float, float, float, float, float, float, float, float]

GRAVITY_MPS2 = 9.81
FEET_M = 0.3048
SLOWEST_MPS = 2.0  # least air-relative speed in the gust filters: at none the gust would stand still
LOWEST_FT, HIGHEST_FT = 10.0, 1000.0  # the heights between which the gust formulas hold
QUARTER = 0.5 * math.pi
SQRT3 = 1.7320508075688772
SEA_LEVEL = 1.225  # kg/m3
INDUCED = 0.7  # of a rotor's power in hover; a figure of merit of 0.6 with the usual 1.15 of the ideal induced power
FEW_LOW = 8  # of 32 lanes: so many feet one by one take as long as all of them by vectors of four


# ---------------------------------------------------------------- quaternions, x y z w, body to world


@njit(**INNER)
def quaternion_rate(q: Four, p: float, r: float, s: float) -> Four:
    """Return the time derivative of a quaternion under body rates p, r, s about x, y, z [rad/s]."""
    x, y, z, w = q
    p, r, s = 0.5 * p, 0.5 * r, 0.5 * s
    return w * p - z * r + y * s, z * p + w * r - x * s, x * r - y * p + w * s, -(x * p + y * r + z * s)


@njit(**INNER)
def normalise(q: Four) -> Four:
    """Return the quaternion at length 1."""
    x, y, z, w = q
    share = 1.0 / math.sqrt(x * x + y * y + z * z + w * w)
    return x * share, y * share, z * share, w * share


@njit(**INNER)
def matrix(q: Four) -> Nine:
    """Return the rotation matrix of a quaternion of length 1, row by row: world = matrix · body."""
    x, y, z, w = q
    x2, y2, z2 = x + x, y + y, z + z
    xx, yy, zz, xy, xz, yz = x * x2, y * y2, z * z2, x * y2, x * z2, y * z2
    wx, wy, wz = w * x2, w * y2, w * z2
    return 1.0 - (yy + zz), xy - wz, xz + wy, xy + wz, 1.0 - (xx + zz), yz - wx, xz - wy, yz + wx, 1.0 - (xx + yy)


@njit(**INNER)
def body2world(m: Nine, x: float, y: float, z: float) -> Three:
    """Return a body vector in world axes."""
    return m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z


@njit(**INNER)
def world2body(m: Nine, x: float, y: float, z: float) -> Three:
    """Return a world vector in body axes."""
    return m[0] * x + m[3] * y + m[6] * z, m[1] * x + m[4] * y + m[7] * z, m[2] * x + m[5] * y + m[8] * z


@njit(**INNER)
def clamp(value: float, least: float, most: float) -> float:
    """Return the value, kept between two bounds."""
    return min(max(value, least), most)


# ---------------------------------------------------------------- Runge-Kutta over a flat block


@njit(**INNER)
def rk4_begin(work: FloatArray, lanes: int, now: int, start: int, total: int, fields: int) -> None:
    """Make ready for the four stages: keep the fields at `now` as `start`, and set their sums to it too.

    work       (fields * LANES,) flat block of 1 or LANES lanes
    now, start, total   the first field of each group of `fields` fields
    """
    if lanes == 1:
        for field in range(fields):
            value = work[(now + field) * LANES]
            work[(start + field) * LANES], work[(total + field) * LANES] = value, value
    else:  # one run over all fields: the compiler sees no end of one field and start of another
        for at in range(fields * LANES):
            value = work[now * LANES + at]
            work[start * LANES + at] = value
            work[total * LANES + at] = value


@njit(**INNER)
def rk4_fold(
    work: FloatArray, lanes: int, now: int, start: int, rate: int, total: int, fields: int, ahead: float, share: float
) -> None:
    """Take one stage's derivative in: total += share · rate, and now = start + ahead · rate for the next stage.

    ahead, share   [s] h/2 h/6, h/2 h/3, h h/3 in the first three stages; after the fourth, h/6 again, total is the end
    """
    if lanes == 1:
        for field in range(fields):
            slope = work[(rate + field) * LANES]
            work[(total + field) * LANES] += share * slope
            work[(now + field) * LANES] = work[(start + field) * LANES] + ahead * slope
    else:
        for at in range(fields * LANES):
            slope = work[rate * LANES + at]
            work[total * LANES + at] += share * slope
            work[now * LANES + at] = work[start * LANES + at] + ahead * slope


# ---------------------------------------------------------------- air


@njit(**INNER)
def air_density(height_m: float, ground: float, lapse_per_m: float) -> float:
    """Return the air density, as a share of 1.225 kg/m3, at a height above the scenario's place.

    ground        the same at the place
    lapse_per_m   fall of temperature with height, as a share of the place's temperature: 0.0065 K/m / T
    Four terms of (1 - lapse · height) ** 4.2559: within 1e-4 below 3,000 m.

    Source: US Standard Atmosphere 1976, the troposphere's polytropic law.
    """
    x = clamp(lapse_per_m * height_m, -0.05, 0.25)
    share: float = ground * (1.0 - x * (4.2559 - x * (6.9283 - x * (5.2098 - x * 1.6355))))
    return share


@njit(**INNER)
def gust_lengths(height_m: float) -> tuple[float, float, float]:
    """Return the scale lengths along and across the wind and upright [m], and how much rougher across than upright.

    height_m   above ground, taken between 10 and 1,000 ft: beyond them the formulas are extrapolated

    Source: MIL-F-8785C, 3.7.3.4: L_w = h, L_u = L_v = h / z ** 1.2, sigma_u / sigma_w = 1 / z ** 0.4,
    z = 0.177 + 0.000823 h, h in feet.
    """
    height_ft = clamp(height_m / FEET_M, LOWEST_FT, HIGHEST_FT)
    z = 0.177 + 0.000823 * height_ft
    # z ** 0.4 is the fifth root of z ** 2, by Newton: within 1e-9, and without a call of the library
    square, root = z * z, 0.36 + z * (0.95 - 0.31 * z)
    for _ in range(3):
        fourth = root * root * root * root
        root = 0.8 * root + 0.2 * square / fourth
    return height_ft * FEET_M / (root * root * root), height_ft * FEET_M, 1.0 / root


@njit(**INNER)
def gust_along(value: float, passed: float, drawn: float, is_first: bool) -> float:
    """Return the next unit gust along the wind: a first-order filter over `passed` scale lengths.

    value    now, of variance 1; drawn a standard normal; is_first takes the draw alone

    exp(-x) is taken as (1 - x/2 + x²/12) / (1 + x/2 + x²/12), within 2e-5 for x below 0.4; the variance is 1 for any.

    Source: MIL-F-8785C, 3.7.1.2, Dryden: 2 L / (pi V) / (1 + (L w / V)²).
    """
    x = passed
    down, up = 1.0 - x * (0.5 - x / 12.0), 1.0 + x * (0.5 + x / 12.0)
    stays = 0.0 if is_first else down / up
    return stays * value + math.sqrt(1.0 - stays * stays) * drawn


@njit(**INNER)
def gust_across(first: float, second: float, passed: float, drawn: float, is_first: bool) -> tuple[float, float, float]:
    """Return the next states of the filter across the wind or upright, and the unit gust they make, of variance 1.

    first, second   after one and after two lags of one scale length
    The input is held for the step, and the sum of the two states is scaled by its own variance.

    Source: MIL-F-8785C, 3.7.1.2, Dryden: L / (pi V) (1 + 3 (L w / V)²) / (1 + (L w / V)²)².
    """
    x = passed
    down, up = 1.0 - x * (0.5 - x / 12.0), 1.0 + x * (0.5 + x / 12.0)
    stays, g = down / up, x * (0.5 - x / 12.0)
    drive = math.sqrt(x * (2.0 + x * x / 6.0)) / up  # (1 - stays²) without the loss of digits
    twofold = 1.0 / (2.0 + x * x / 6.0)  # x / (1 - stays²) is up² times this
    both = g + down * down * twofold
    second_variance = 2.0 * down * down * twofold * both + x * down * down * twofold + g * g
    a, b = SQRT3, 1.0 - SQRT3
    scale = 1.0 / math.sqrt(a * a + 2.0 * a * b * both + b * b * second_variance)
    one = drawn if is_first else stays * first + drive * drawn
    # from rest one draw must do for both states: so shared, their sum has variance 1 at once
    two = 0.4342 * drawn if is_first else stays * (second + x * first) + drive * g * drawn
    return one, two, scale * (a * one + b * two)


# ---------------------------------------------------------------- what a block holds

# STATE[block, field, lane]; the first thirteen are those of POSE, and what the four stages carry on.
POSITION, VELOCITY, QUATERNION, RATES = 0, 3, 6, 10
BODY = 13
ROTORS, CHARGE, TENSION = 13, 17, 18  # rad/s, or a wing's actuators; share left; volts under load
WOUND = 19  # integrals of the rate errors [rad/s2]
GUSTS = 22  # filter states: along the wind, two across it, two upright
STEPPED, ALIVE, TOUCHING = (27, 28, 29)  # 1 after a step; 0 once it tipped over or crashed; share of feet
AIR = 32  # velocity of the air that it met in the last step, gust and all [m/s]; 30 and 31 are a wing's
STATES = 35

# WEATHER[block, field, lane]. ADDED is for others to write, before each step: a gust front.
WIND, SHEAR, REFERENCE = 0, 2, 3  # east and north at the reference height [m/s]; exponent; that height [m]
ROUGHNESS, ALONG = 4, 5  # wind at 20 ft that the gusts go with [m/s]; its direction as a unit vector, east and north
DENSITY, LAPSE = 7, 8  # as in `air_density`
ADDED = 9  # east, north, up [m/s]
WEATHERS = 12

# PARAMS[block, field, lane] of a multirotor; units as in airframes.py
MASS, INERTIA, ROTOR_X, ROTOR_Y, ROTOR_Z, SPIN = 0, 1, 4, 8, 12, 13
THRUST_K, TORQUE_K = 17, 18
CUSHION, RADIUS = 19, 20  # ground effect, 1 as published; rotor radius [m]
LAG = 21  # share of a difference of rotor speed that is gone after half a substep
FASTEST = 22
FULL_VOLTS, EMPTY_VOLTS, CAPACITY, OHMS, AVIONICS, POWER_K = 23, 24, 25, 26, 27, 28  # V, V, A s, ohm, W, W s3
FOOT, SPRING, DAMPER, FRICTION, HARDEST = 29, 32, 33, 34, 35  # m; N/m and N s/m of one foot; share; m/s
RATE_GAIN, TILT_GAIN, WIND_UP = 36, 39, 40  # 1/s roll, pitch, yaw; 1/s; 1/s
RATE_LIMIT = 41  # rad/s roll and pitch, yaw
MIX = 43  # 4 rotors x thrust, roll, pitch, yaw: rotor thrust for a unit of each
LIGHTNESS = 59  # one over the mass, over each inertia: a division takes as long as ten products
LEAD = 63  # how far the speed asked of a rotor overshoots to beat its lag
BLADES = 64  # what goes with the air's density: drag, inflow and flapping of one rotor; body drag (3), N/(m/s)2; then
ARMS = 6  # from here on translational lift by 4 and the rotors' sums of 2x 2y 2xx 2xy 2yy rr xrr yrr, rr = xx + yy
TWIST = 79  # difference of the two other inertias over that about x, y, z: what a turning body turns itself with
PARAMS = 82

# The flat block that a thread works in: STATE, then what the stages need, SETPOINT, PARAMS.
START, TOTAL, SLOPE = 35, 48, 61
SUMS = 61  # over the rotors, at this stage: see `turn_rotors`; a multirotor needs no SLOPE
THICK = 74  # density of the air as a share of 1.225 kg/m3
WISHED, WISHED_YAW, COLLECTIVE, MODE = 75, 78, 79, 80  # up in body axes or rates; rad/s; share; as SETPOINT's INNER
SHARES = 81  # of each motor's thrust left
ORDERED = 85  # rotor speeds asked for [rad/s]
LIFTS, TORQUES = 89, 93  # of each rotor now: N s2, N m s2 with its sign
PUSH = 97  # of the ground: force in world axes [N], moment in body axes [N m]
SET = 104  # PARAMS, or those of a wing
DENSE = 186  # BLADES in this air
WORK = 201


@njit(**INNER)
def fetch(work: FloatArray, lanes: int, at: int, rows: FloatArray, block: int, fields: int) -> None:
    """Copy the first `fields` fields of one block of a buffer to the flat block, from field `at` on."""
    for field in range(fields):
        for lane in range(lanes):
            work[(at + field) * LANES + lane] = rows[block, field, lane]


@njit(**INNER)
def blow(work: FloatArray, lanes: int, weather: FloatArray, noise: FloatArray, block: int, step_s: float) -> None:
    """Set the air that each lane meets in this step: wind at its height, its gust, what is added, and its density.

    The gust stands still during the step. Its filters run on the speed against the air, at least SLOWEST_MPS.
    """
    for lane in range(lanes):
        height_m = max(work[(POSITION + 2) * LANES + lane], 0.1)
        reference = weather[block, REFERENCE, lane]
        # a call of the library, alone in its loop: the rest of the step stays on whole vectors
        work[AIR * LANES + lane] = (height_m / reference) ** weather[block, SHEAR, lane]
    for lane in range(lanes):
        height_m = work[(POSITION + 2) * LANES + lane]
        grown = work[AIR * LANES + lane]
        east = grown * weather[block, WIND, lane] + weather[block, ADDED, lane]
        north = grown * weather[block, WIND + 1, lane] + weather[block, ADDED + 1, lane]
        up = weather[block, ADDED + 2, lane]
        u = work[VELOCITY * LANES + lane] - east
        v = work[(VELOCITY + 1) * LANES + lane] - north
        w = work[(VELOCITY + 2) * LANES + lane] - up
        passed = max(math.sqrt(u * u + v * v + w * w), SLOWEST_MPS) * step_s
        flat, upright, rougher = gust_lengths(height_m)
        is_first = work[STEPPED * LANES + lane] == 0.0
        at = GUSTS * LANES + lane
        along = gust_along(work[at], passed / flat, noise[block, layout.GUST_NOISE, lane], is_first)
        aside, above = noise[block, layout.GUST_NOISE + 1, lane], noise[block, layout.GUST_NOISE + 2, lane]
        one, two = work[at + LANES], work[at + 2 * LANES]
        one, two, across = gust_across(one, two, passed / flat, aside, is_first)
        three, four = work[at + 3 * LANES], work[at + 4 * LANES]
        three, four, lift = gust_across(three, four, passed / upright, above, is_first)
        work[at], work[at + LANES], work[at + 2 * LANES] = along, one, two
        work[at + 3 * LANES], work[at + 4 * LANES] = three, four
        sigma = 0.1 * weather[block, ROUGHNESS, lane]
        ce, cn = weather[block, ALONG, lane], weather[block, ALONG + 1, lane]
        work[AIR * LANES + lane] = east + sigma * rougher * (along * ce - across * cn)
        work[(AIR + 1) * LANES + lane] = north + sigma * rougher * (along * cn + across * ce)
        work[(AIR + 2) * LANES + lane] = up + sigma * lift
        work[THICK * LANES + lane] = air_density(height_m, weather[block, DENSITY, lane], weather[block, LAPSE, lane])


@njit(**INNER)
def sine(angle: float) -> float:
    """Return the sine of an angle between -pi/2 and pi/2 [rad], within 1e-11: the library's stops the vectoriser."""
    x = angle * angle
    more = 1.0 / 362880.0 - x * (1.0 / 39916800.0 - x * (1.0 / 6227020800.0 - x / 1307674368000.0))
    return angle * (1.0 - x * (1.0 / 6.0 - x * (1.0 / 120.0 - x * (1.0 / 5040.0 - x * more))))


@njit(**INNER)
def sound(value: float, otherwise: float) -> float:
    """Return the value, or `otherwise` where it is not a number."""
    return value if value == value else otherwise


@njit(**INNER)
def listen(work: FloatArray, lanes: int, setpoint: FloatArray, block: int) -> None:
    """Take the setpoint in: what is not a number stops the motors, and angles become the wished upward direction."""
    for lane in range(lanes):
        mode = setpoint[block, layout.INNER, lane]
        roll, pitch = setpoint[block, layout.ROLL, lane], setpoint[block, layout.PITCH, lane]
        yaw, thrust = setpoint[block, layout.YAW_RATE, lane], setpoint[block, layout.THRUST, lane]
        total = mode + roll + pitch + yaw + thrust
        mode = mode if total - total == 0.0 else 2.0
        roll, pitch, yaw = sound(roll, 0.0), sound(pitch, 0.0), sound(yaw, 0.0)
        lean, nod = clamp(roll, -QUARTER, QUARTER), clamp(pitch, -QUARTER, QUARTER)
        level, upright = sine(QUARTER - abs(nod)), sine(QUARTER - abs(lean))
        is_tilt = mode == 1.0
        work[MODE * LANES + lane] = mode
        work[WISHED * LANES + lane] = -sine(nod) if is_tilt else roll
        work[(WISHED + 1) * LANES + lane] = sine(lean) * level if is_tilt else pitch
        work[(WISHED + 2) * LANES + lane] = upright * level
        work[WISHED_YAW * LANES + lane] = yaw
        work[COLLECTIVE * LANES + lane] = clamp(sound(thrust, 0.0), 0.0, 1.0)
    for rotor in range(4):
        for lane in range(lanes):
            share = clamp(sound(setpoint[block, layout.MOTORS + rotor, lane], 1.0), 0.0, 1.0)
            work[(SHARES + rotor) * LANES + lane] = share


@njit(**INNER)
def drain(work: FloatArray, lane: int, power_w: float, battery: tuple[int, int, int, int], substep_s: float) -> None:
    """Take a power from the battery for one substep, and set its charge and its voltage under load.

    battery   where PARAMS has its full and empty voltage, capacity and resistance
    The open voltage falls in a line with the charge, and in its last 2 % to nothing.
    """
    p = SET * LANES + lane
    charge, empty, ohms = work[CHARGE * LANES + lane], work[p + battery[1] * LANES], work[p + battery[3] * LANES]
    open_volts = (empty + (work[p + battery[0] * LANES] - empty) * charge) * min(50.0 * charge, 1.0)
    left = max(open_volts * open_volts - 4.0 * ohms * power_w, 0.0)
    volts = 0.5 * (open_volts + math.sqrt(left))
    # where the battery cannot give the power, it gives its most: half the open voltage
    amps = min(power_w / max(volts, 1.0e-3), (open_volts - volts) / ohms + 1.0e-9)
    work[CHARGE * LANES + lane] = max(charge - amps * substep_s / work[p + battery[2] * LANES], 0.0)
    work[TENSION * LANES + lane] = volts


@njit(**INNER)
def through_air(work: FloatArray, lane: int) -> tuple[Nine, Three]:
    """Return the rotation matrix, and the velocity through the air forward, right, down [m/s]."""
    n = QUATERNION * LANES + lane
    m = matrix((work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]))
    n, v = AIR * LANES + lane, VELOCITY * LANES + lane
    east, north = work[v] - work[n], work[v + LANES] - work[n + LANES]
    x, y, z = world2body(m, east, north, work[v + 2 * LANES] - work[n + 2 * LANES])
    return m, (x, -y, -z)


# ---------------------------------------------------------------- multirotors


@njit(**INNER)
def rotor_power(work: FloatArray, lane: int) -> float:
    """Return the electrical power of four rotors [W]: in hover it goes with the cube of their speed.

    INDUCED of that drives air down, less of it in forward flight, more in a climb; a descent gives nothing back.
    Source: Leishman 2006, Principles of Helicopter Aerodynamics, 2.14 (Glauert) and 5.4 (1 + µ² without blade drag).
    """
    p, d, thick = SET * LANES + lane, (SET + BLADES) * LANES + lane, work[THICK * LANES + lane]
    n, unit, tip = ROTORS * LANES + lane, work[p + THRUST_K * LANES], work[p + RADIUS * LANES]
    a, b, c, e = work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]
    _, (x, y, z) = through_air(work, lane)
    flat, turning, cubes = x * x + y * y, a + b + c + e, a * a * a + b * b * b + c * c * c + e * e * e
    lift = unit * (a * a + b * b + c * c + e * e) + work[d + LANES] * turning * z + work[d + ARMS * LANES] * flat
    square = max(lift, 0.0) * 0.25 / unit  # of the speed that lifts so much in hover
    still = unit * square / (2.0 * SEA_LEVEL * math.pi * tip * tip) + 1.0e-6  # square of the induced velocity there
    across, drop = flat / still, max(-z, 0.0) / math.sqrt(still)
    fast = across + drop * drop
    x = math.sqrt(2.0 / (fast + math.sqrt(fast * fast + 4.0)))  # induced velocity over that in hover, drop left out
    for _ in range(4):  # Newton on x² (across + (drop + x)²) = 1, to 1e-6
        under = across + (drop + x) * (drop + x)
        x = x - (x * x * under - 1.0) / (2.0 * x * (under + x * (drop + x)))
    driven = 4.0 * square * math.sqrt(square) * (x + drop)
    dragged = cubes + flat * turning / (tip * tip)
    power_w: float = work[p + POWER_K * LANES] * thick * ((1.0 - INDUCED) * dragged + INDUCED * driven)
    return power_w


@njit(**INNER)
def feed(work: FloatArray, lanes: int, substep_s: float) -> None:
    """Draw the rotors' power from the battery, and set how much lift and torque each rotor gives at its speed.

    Near the ground lift grows by 1 / (1 - (R / 4z)²), z at least half a rotor radius R.

    Source of the ground effect: Cheeseman and Bennett 1955, ARC R&M 3021.
    """
    for lane in range(lanes):
        p = SET * LANES + lane
        thick = work[THICK * LANES + lane]
        power_w = rotor_power(work, lane) + work[p + AVIONICS * LANES]
        drain(work, lane, power_w, (FULL_VOLTS, EMPTY_VOLTS, CAPACITY, OHMS), substep_s)
        x, y = work[QUATERNION * LANES + lane], work[(QUATERNION + 1) * LANES + lane]
        over = work[(POSITION + 2) * LANES + lane] + work[p + ROTOR_Z * LANES] * (1.0 - 2.0 * (x * x + y * y))
        radius = work[p + RADIUS * LANES]
        over = max(over, 0.5 * radius)
        near = 0.25 * radius / over
        lift = work[p + THRUST_K * LANES] * thick / (1.0 - work[p + CUSHION * LANES] * near * near)
        torque = work[p + TORQUE_K * LANES] * thick
        s, n = SHARES * LANES + lane, p + SPIN * LANES
        a, b, c, d = work[s], work[s + LANES], work[s + 2 * LANES], work[s + 3 * LANES]
        s = LIFTS * LANES + lane
        work[s], work[s + LANES], work[s + 2 * LANES], work[s + 3 * LANES] = lift * a, lift * b, lift * c, lift * d
        s = TORQUES * LANES + lane
        work[s], work[s + LANES] = torque * a * work[n], torque * b * work[n + LANES]
        work[s + 2 * LANES], work[s + 3 * LANES] = torque * c * work[n + 2 * LANES], torque * d * work[n + 3 * LANES]
    for field in range(TWIST - BLADES):
        for lane in range(lanes):
            work[(DENSE + field) * LANES + lane] = (
                work[(SET + BLADES + field) * LANES + lane] * work[THICK * LANES + lane]
            )


@njit(**INNER)
def command(work: FloatArray, lanes: int, substep_s: float) -> None:
    """Set the rotor speeds that the inner loop asks for: tilt error to rates, rate errors to moments, mixed to rotors.

    What the rotors cannot give is taken first from yaw, then from roll and pitch together, never from their direction;
    the collective thrust moves to make room. Below a twentieth of full thrust the moments fade: at rest on the ground
    nothing should push.
    """
    for lane in range(lanes):
        p = SET * LANES + lane
        x, y = work[QUATERNION * LANES + lane], work[(QUATERNION + 1) * LANES + lane]
        z, w = work[(QUATERNION + 2) * LANES + lane], work[(QUATERNION + 3) * LANES + lane]
        ux, uy, uz = 2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)
        dx, dy, dz = work[WISHED * LANES + lane], work[(WISHED + 1) * LANES + lane], work[(WISHED + 2) * LANES + lane]
        mode, turn = work[MODE * LANES + lane], work[WISHED_YAW * LANES + lane]
        tilt = work[p + TILT_GAIN * LANES]
        is_tilt = mode == 1.0
        wish_p = tilt * (dy * uz - dz * uy) + turn * ux if is_tilt else dx
        wish_q = tilt * (dz * ux - dx * uz) + turn * uy if is_tilt else dy
        wish_r = turn * uz if is_tilt else turn
        most, spin_most = work[p + RATE_LIMIT * LANES], work[p + (RATE_LIMIT + 1) * LANES]
        i = RATES * LANES + lane
        rate_p, rate_q, rate_r = work[i], work[i + LANES], work[i + 2 * LANES]
        error_p = clamp(wish_p, -most, most) - rate_p
        error_q = clamp(wish_q, -most, most) - rate_q
        error_r = clamp(wish_r, -spin_most, spin_most) - rate_r
        collective = work[COLLECTIVE * LANES + lane]
        is_flying = mode < 2.0 and collective > 0.05 and work[TOUCHING * LANES + lane] == 0.0
        gain = substep_s * work[p + WIND_UP * LANES]
        at = WOUND * LANES + lane
        g = p + RATE_GAIN * LANES
        full = 2.5 * work[g]  # enough to hold against a fifth of one motor's thrust
        wound_p = clamp(work[at] + gain * work[g] * error_p, -full, full) if is_flying else 0.0
        wound_q = clamp(work[at + LANES] + gain * work[g + LANES] * error_q, -full, full) if is_flying else 0.0
        wound_r = clamp(work[at + 2 * LANES] + gain * work[g + 2 * LANES] * error_r, -full, full) if is_flying else 0.0
        work[at], work[at + LANES], work[at + 2 * LANES] = wound_p, wound_q, wound_r
        jx, jy, jz = work[p + INERTIA * LANES], work[p + (INERTIA + 1) * LANES], work[p + (INERTIA + 2) * LANES]
        fade = min(20.0 * collective, 1.0)
        roll = fade * (jx * (work[g] * error_p + wound_p) + (jz - jy) * rate_q * rate_r)
        pitch = fade * (jy * (work[g + LANES] * error_q + wound_q) + (jx - jz) * rate_p * rate_r)
        yaw = fade * (jz * (work[g + 2 * LANES] * error_r + wound_r) + (jy - jx) * rate_p * rate_q)
        mix(work, lane, p, roll, pitch, yaw)


@njit(**INNER)
def mix(work: FloatArray, lane: int, p: int, roll: float, pitch: float, yaw: float) -> None:
    """Set the speeds asked of the four rotors for the moments wished [N m] and the collective share of full thrust."""
    fastest = work[p + FASTEST * LANES]
    unit = work[p + THRUST_K * LANES]
    sag = min(work[TENSION * LANES + lane] / work[p + FULL_VOLTS * LANES], 1.0)
    full = unit * fastest * fastest
    most, least = full * sag * sag, 0.0
    wished = 4.0 * full * work[COLLECTIVE * LANES + lane]
    m = p + MIX * LANES
    a = work[m + LANES] * roll + work[m + 2 * LANES] * pitch
    b = work[m + 5 * LANES] * roll + work[m + 6 * LANES] * pitch
    c = work[m + 9 * LANES] * roll + work[m + 10 * LANES] * pitch
    d = work[m + 13 * LANES] * roll + work[m + 14 * LANES] * pitch
    room = most - least
    wide = max(max(a, b), max(c, d)) - min(min(a, b), min(c, d))
    share = min(room / max(wide, 1.0e-9), 1.0)
    e, f = work[m + 3 * LANES] * yaw, work[m + 7 * LANES] * yaw
    g, h = work[m + 11 * LANES] * yaw, work[m + 15 * LANES] * yaw
    spread = max(max(e, f), max(g, h)) - min(min(e, f), min(g, h))
    turn = min((room - share * wide) / max(spread, 1.0e-9), 1.0)
    a, b, c, d = share * a + turn * e, share * b + turn * f, share * c + turn * g, share * d + turn * h
    a, b = a + work[m] * wished, b + work[m + 4 * LANES] * wished
    c, d = c + work[m + 8 * LANES] * wished, d + work[m + 12 * LANES] * wished
    over, under = max(max(a, b), max(c, d)) - most, least - min(min(a, b), min(c, d))
    shift = max(under, 0.0) - max(over, 0.0)
    on = 0.0 if work[MODE * LANES + lane] >= 2.0 else 1.0 / unit
    o, r = ORDERED * LANES + lane, ROTORS * LANES + lane
    lead = work[p + LEAD * LANES]
    work[o] = rotor_order(clamp(a + shift, least, most) * on, work[r], lead, fastest)
    work[o + LANES] = rotor_order(clamp(b + shift, least, most) * on, work[r + LANES], lead, fastest)
    work[o + 2 * LANES] = rotor_order(clamp(c + shift, least, most) * on, work[r + 2 * LANES], lead, fastest)
    work[o + 3 * LANES] = rotor_order(clamp(d + shift, least, most) * on, work[r + 3 * LANES], lead, fastest)


@njit(**INNER)
def rotor_order(square: float, speed: float, lead: float, fastest: float) -> float:
    """Return the speed to ask of a rotor that turns at `speed` and should turn at the root of `square` [rad/s]."""
    order: float = clamp(speed + lead * (math.sqrt(square) - speed), 0.0, fastest)
    return order


@njit(**INNER)
def turn_rotors(work: FloatArray, lanes: int, share: float) -> None:
    """Turn the rotors on by half a substep, their lag in closed form, or by none; and set SUMS for the forces.

    share   1 for half a substep, 0 for none
    SUMS    over the rotors, of speed s, s x, s y, s xx, s xy, s yy; of lift, its moments about x and y, torque about z
            [N, N m]; and of s (xx + yy)
    """
    for lane in range(lanes):
        gone = share * work[(SET + LAG) * LANES + lane]
        o, n = ORDERED * LANES + lane, ROTORS * LANES + lane
        e, f, g, h = work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]
        a, b = e + gone * (work[o] - e), f + gone * (work[o + LANES] - f)
        c, d = g + gone * (work[o + 2 * LANES] - g), h + gone * (work[o + 3 * LANES] - h)
        work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES] = a, b, c, d
        p = (SET + ROTOR_X) * LANES + lane
        xa, xb, xc, xd = work[p], work[p + LANES], work[p + 2 * LANES], work[p + 3 * LANES]
        p = (SET + ROTOR_Y) * LANES + lane
        ya, yb, yc, yd = work[p], work[p + LANES], work[p + 2 * LANES], work[p + 3 * LANES]
        n = SUMS * LANES + lane
        work[n] = a + b + c + d
        e, f, g, h = a * xa, b * xb, c * xc, d * xd
        work[n + LANES] = e + f + g + h
        across = e * xa + f * xb + g * xc + h * xd
        work[n + 3 * LANES] = across
        work[n + 4 * LANES] = e * ya + f * yb + g * yc + h * yd
        e, f, g, h = a * ya, b * yb, c * yc, d * yd
        work[n + 2 * LANES] = e + f + g + h
        along = e * ya + f * yb + g * yc + h * yd
        work[n + 5 * LANES], work[n + 10 * LANES] = along, across + along
        a, b, c, d = a * a, b * b, c * c, d * d
        p = TORQUES * LANES + lane
        work[n + 9 * LANES] = a * work[p] + b * work[p + LANES] + c * work[p + 2 * LANES] + d * work[p + 3 * LANES]
        p = LIFTS * LANES + lane
        a, b, c, d = a * work[p], b * work[p + LANES], c * work[p + 2 * LANES], d * work[p + 3 * LANES]
        work[n + 6 * LANES] = a + b + c + d
        work[n + 7 * LANES] = a * ya + b * yb + c * yc + d * yd
        work[n + 8 * LANES] = -(a * xa + b * xb + c * xc + d * xd)


@njit(**INNER)
def multirotor_stage(work: FloatArray, lanes: int, ahead: float, share: float) -> None:
    """Take one stage in for the thirteen body fields: see `rk4_fold`.

    Rotor lift, rotor torque, blade drag, inflow, translational lift, flapping, body drag; diagonal inertia.
    A rotor at x, y meets the air at (bx - wz y, by + wz x, az + wx y - wy x). Its forces go with
    that, with the square of it or with neither, so those of all rotors follow from SUMS and DENSE.

    Source: Folk, Paulos, Kumar 2023, RotorPy, arXiv 2306.04485 (the same model of forces).
    """
    for lane in range(lanes):
        n = QUATERNION * LANES + lane
        q = (work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES])
        m = matrix(q)
        n = VELOCITY * LANES + lane
        vx, vy, vz = work[n], work[n + LANES], work[n + 2 * LANES]
        n = AIR * LANES + lane
        ax, ay, az = world2body(m, vx - work[n], vy - work[n + LANES], vz - work[n + 2 * LANES])
        n = RATES * LANES + lane
        wx, wy, wz = work[n], work[n + LANES], work[n + 2 * LANES]
        p, d = SET * LANES + lane, DENSE * LANES + lane
        drag, inflow, flap = work[d], work[d + LANES], work[d + 2 * LANES]
        over = work[p + ROTOR_Z * LANES]
        bx, by = ax + wy * over, ay - wx * over
        n = SUMS * LANES + lane
        s, sx, sy = work[n], work[n + LANES], work[n + 2 * LANES]
        sxx, sxy, syy = work[n + 3 * LANES], work[n + 4 * LANES], work[n + 5 * LANES]
        lx, ly = s * bx - wz * sy, s * by + wz * sx  # sums of speed times airspeed in the rotors' plane
        fx, fy = drag * lx, drag * ly
        fz = work[n + 6 * LANES] - inflow * (s * az + wx * sy - wy * sx)
        mx = work[n + 7 * LANES] - inflow * (sy * az + wx * syy - wy * sxy) - flap * ly + over * fy
        my = work[n + 8 * LANES] + inflow * (sx * az + wx * sxy - wy * sxx) + flap * lx - over * fx
        mz = work[n + 9 * LANES] - drag * (sx * by - sy * bx + wz * work[n + 10 * LANES])
        n = d + ARMS * LANES
        flat, across, back, turned = bx * bx + by * by, by * wz, bx * wz, wz * wz
        x, y, xy = work[n + LANES], work[n + 2 * LANES], work[n + 4 * LANES]
        fz += work[n] * flat + across * x - back * y + turned * work[n + 6 * LANES]
        mx += 0.5 * y * flat + across * xy - back * work[n + 5 * LANES] + turned * work[n + 8 * LANES]
        my -= 0.5 * x * flat + across * work[n + 3 * LANES] - back * xy + turned * work[n + 7 * LANES]
        fast = math.sqrt(ax * ax + ay * ay + az * az)
        fx, fy = -fx - fast * work[d + 3 * LANES] * ax, -fy - fast * work[d + 4 * LANES] * ay
        fz -= fast * work[d + 5 * LANES] * az
        ex, ey, ez = body2world(m, fx, fy, fz)
        n, t = p + LIGHTNESS * LANES, p + TWIST * LANES
        light, qd = work[n], quaternion_rate(q, wx, wy, wz)
        # where it is north and east matters to none of the forces
        work[TOTAL * LANES + lane] += share * vx
        work[(TOTAL + 1) * LANES + lane] += share * vy
        rk4_take(work, lane + 2 * LANES, vz, ahead, share)
        rk4_take(work, lane + 3 * LANES, ex * light, ahead, share)
        rk4_take(work, lane + 4 * LANES, ey * light, ahead, share)
        rk4_take(work, lane + 5 * LANES, ez * light - GRAVITY_MPS2, ahead, share)
        rk4_take(work, lane + 6 * LANES, qd[0], ahead, share)
        rk4_take(work, lane + 7 * LANES, qd[1], ahead, share)
        rk4_take(work, lane + 8 * LANES, qd[2], ahead, share)
        rk4_take(work, lane + 9 * LANES, qd[3], ahead, share)
        rk4_take(work, lane + 10 * LANES, mx * work[n + LANES] - work[t] * wy * wz, ahead, share)
        rk4_take(work, lane + 11 * LANES, my * work[n + 2 * LANES] - work[t + LANES] * wx * wz, ahead, share)
        rk4_take(work, lane + 12 * LANES, mz * work[n + 3 * LANES] - work[t + 2 * LANES] * wx * wy, ahead, share)


@njit(**INNER)
def rk4_take(work: FloatArray, at: int, slope: float, ahead: float, share: float) -> None:
    """Take one field's slope at one stage in, as `rk4_fold` does for all, without writing the slope down.

    at       place of the field and lane in the block: a number known before would be compiled for each field anew
    """
    work[TOTAL * LANES + at] += share * slope
    work[at] = work[START * LANES + at] + ahead * slope


@njit(**INNER)
def foot_push(
    m: Nine, body: tuple[float, ...], ground: Three, px: float, py: float, pz: float
) -> tuple[float, float, float, float, float, float, float]:
    """Return what the ground does to one foot: force in world axes, moment in body axes, and 0.25 where it touches.

    body     height, velocity (3), body rates (3); ground spring, damper, friction; px, py, pz the foot in body axes
    Spring and damper push and never pull; Coulomb's friction, made smooth below 5 cm/s so that it does not chatter.
    """
    height, vx, vy, vz, wx, wy, wz = body
    spring, damper, friction = ground
    deep = -(height + m[6] * px + m[7] * py + m[8] * pz)
    tx, ty, tz = body2world(m, wy * pz - wz * py, wz * px - wx * pz, wx * py - wy * px)
    tx, ty, tz = tx + vx, ty + vy, tz + vz
    push = max(spring * deep - damper * tz, 0.0) if deep > 0.0 else 0.0
    grip = -friction * push / math.sqrt(tx * tx + ty * ty + 0.0025)
    fe, fn = grip * tx, grip * ty
    bx, by, bz = world2body(m, fe, fn, push)
    touching = 0.25 if deep > 0.0 else 0.0
    return fe, fn, push, py * bz - pz * by, pz * bx - px * bz, px * by - py * bx, touching


@njit(**INNER)
def lean_on_ground(work: FloatArray, lane: int) -> None:
    """Write what the flat ground at height 0 pushes four feet with, and which share of them touches it."""
    p = SET * LANES + lane
    n = QUATERNION * LANES + lane
    m = matrix((work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]))
    n = RATES * LANES + lane
    wx, wy, wz = work[n], work[n + LANES], work[n + 2 * LANES]
    v, height = VELOCITY * LANES + lane, work[(POSITION + 2) * LANES + lane]
    px, py, pz = work[p + FOOT * LANES], work[p + (FOOT + 1) * LANES], -work[p + (FOOT + 2) * LANES]
    body = (height, work[v], work[v + LANES], work[v + 2 * LANES], wx, wy, wz)
    ground = (work[p + SPRING * LANES], work[p + DAMPER * LANES], work[p + FRICTION * LANES])
    ea, na, ua, ka, la, ma, ta = foot_push(m, body, ground, px, py, pz)
    eb, nb, ub, kb, lb, mb, tb = foot_push(m, body, ground, px, -py, pz)
    ec, nc, uc, kc, lc, mc, tc = foot_push(m, body, ground, -px, py, pz)
    ed, nd, ud, kd, ld, md, td = foot_push(m, body, ground, -px, -py, pz)
    n = PUSH * LANES + lane
    work[n], work[n + LANES] = ea + eb + ec + ed, na + nb + nc + nd
    work[n + 2 * LANES], work[n + 3 * LANES] = ua + ub + uc + ud, ka + kb + kc + kd
    work[n + 4 * LANES], work[n + 5 * LANES] = la + lb + lc + ld, ma + mb + mc + md
    work[TOUCHING * LANES + lane] = ta + tb + tc + td


@njit(**INNER)
def push_off(work: FloatArray, lane: int, ahead: float, share: float) -> None:
    """Add what the ground's push makes of a stage to what the air's has made of it."""
    n, p = PUSH * LANES + lane, (SET + LIGHTNESS) * LANES + lane
    for axis in range(3):
        slope, turn = work[n + axis * LANES] * work[p], work[n + (3 + axis) * LANES] * work[p + (1 + axis) * LANES]
        at = axis * LANES + lane
        work[(TOTAL + VELOCITY) * LANES + at] += share * slope
        work[VELOCITY * LANES + at] += ahead * slope
        work[(TOTAL + RATES) * LANES + at] += share * turn
        work[RATES * LANES + at] += ahead * turn


@njit(**INNER)
def take_stage(work: FloatArray, lanes: int, stage: int, substep_s: float, low: IntArray, lows: int) -> None:
    """Carry the thirteen body fields through one of the four stages of a substep, and the rotors with them.

    stage   0 to 3. Callers count stages, not substeps of four: a loop of four is written out four times by the
            compiler, which takes long and gains nothing
    low     the first `lows` are the lanes near the ground: few one by one, for whole vectors would work for all
    """
    is_many = lows > FEW_LOW
    for at in range(lanes if is_many else lows):
        lean_on_ground(work, at if is_many else low[at])
    ahead = substep_s if stage == 2 else 0.5 * substep_s
    share = substep_s / 6.0 if stage == 0 or stage == 3 else substep_s / 3.0
    multirotor_stage(work, lanes, ahead, share)
    for at in range(lanes if is_many else lows):
        push_off(work, at if is_many else low[at], ahead, share)


@njit(**INNER)
def end_substep(work: FloatArray, lanes: int, also: int) -> None:
    """Leave the thirteen fields at the sums of the stages, the quaternion at length 1; and from field `also` on too."""
    for lane in range(lanes):
        n = (TOTAL + QUATERNION) * LANES + lane
        q = normalise((work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]))
        work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES] = q
    rk4_begin(work, lanes, TOTAL, POSITION, also, BODY)


@njit(**INNER)
def list_low(work: FloatArray, lanes: int, low: IntArray, step_s: float) -> int:
    """List the lanes that could touch the ground in this step, and those that stand for good; return how many.

    No foot of others touches: none falls twice as fast as it does now and a quarter of a metre more.
    """
    for lane in range(lanes):
        work[TOUCHING * LANES + lane] = 0.0
    lows = 0
    for lane in range(lanes):
        p = (SET + FOOT) * LANES + lane
        reach = work[p] + work[p + LANES] + work[p + 2 * LANES] + 0.25
        lowest = work[(POSITION + 2) * LANES + lane] + 2.0 * step_s * min(work[(VELOCITY + 2) * LANES + lane], 0.0)
        low[lows] = lane
        lows += 1 if lowest < reach or work[ALIVE * LANES + lane] == 0.0 else 0
    return lows


@njit(**INNER)
def settle(work: FloatArray, lane: int) -> None:
    """Let rest what stands after a substep, and stop for good what tipped over or fell hard.

    Resting: on all feet, slow, and carried by the ground; it keeps its place, so that no wind creeps it along.
    Over: touching at more than 75 degrees, or with its middle at the ground; a hard fall is faster than HARDEST.
    """
    p = SET * LANES + lane
    now, start = TOTAL * LANES + lane, START * LANES + lane
    u, v, w = work[now + 3 * LANES], work[now + 4 * LANES], work[now + 5 * LANES]
    a, b, c = work[now + 10 * LANES], work[now + 11 * LANES], work[now + 12 * LANES]
    x, y = work[now + 6 * LANES], work[now + 7 * LANES]
    height, upright = work[now + 2 * LANES], 1.0 - 2.0 * (x * x + y * y)
    feet, was_alive, fell = work[TOUCHING * LANES + lane], work[ALIVE * LANES + lane], work[start + 5 * LANES]
    half_high, weight = 0.5 * work[p + (FOOT + 2) * LANES], GRAVITY_MPS2 * work[p + MASS * LANES]
    over = 1.0 if feet > 0.0 and (upright < 0.25 or fell < -work[p + HARDEST * LANES]) else 0.0
    over = 1.0 if height < half_high and upright < 0.5 else over
    over = 1.0 if height < -0.2 else over
    alive = 0.0 if over > 0.0 else was_alive
    slow = u * u + v * v + w * w < 0.0025 and a * a + b * b + c * c < 0.04
    rests = 1.0 if feet == 1.0 and slow and work[(SUMS + 6) * LANES + lane] < 0.5 * weight else 0.0
    slides, drives = was_alive - rests > 0.0, alive - rests > 0.0
    work[ALIVE * LANES + lane] = alive
    keep(work, lane, slides)
    keep(work, lane + 1 * LANES, slides)
    keep(work, lane + 2 * LANES, was_alive > 0.0)
    for k in range(4):
        keep(work, lane + (QUATERNION + k) * LANES, slides)
        n = ROTORS * LANES + lane + k * LANES
        speed = work[n]
        work[n] = speed if alive > 0.0 else 0.0
    work[now + 3 * LANES], work[now + 4 * LANES] = u if drives else 0.0, v if drives else 0.0
    work[now + 5 * LANES], work[now + 10 * LANES] = w if drives else 0.0, a if drives else 0.0
    work[now + 11 * LANES], work[now + 12 * LANES] = b if drives else 0.0, c if drives else 0.0


@njit(**INNER)
def keep(work: FloatArray, at: int, is_kept: bool) -> None:
    """Leave the sum of one field as it is, or put it back to its start; both are read first, for the vectoriser."""
    after, before = work[TOTAL * LANES + at], work[START * LANES + at]
    work[TOTAL * LANES + at] = after if is_kept else before


@njit(**INNER)
def guard(work: FloatArray, lanes: int, state: FloatArray, block: int) -> None:
    """Stop for good what left what a drone can do in this step, and put it back to where the step began.

    Not sound: not finite, beyond 1,000 km, 200 m/s or 200 rad/s.
    """
    for lane in range(lanes):
        u, v, w = work[3 * LANES + lane], work[4 * LANES + lane], work[5 * LANES + lane]
        a, b, c = work[10 * LANES + lane], work[11 * LANES + lane], work[12 * LANES + lane]
        x, y = work[6 * LANES + lane], work[7 * LANES + lane]
        far = abs(work[lane]) + abs(work[LANES + lane]) + abs(work[2 * LANES + lane])
        n = ROTORS * LANES + lane
        speeds = abs(work[n]) + abs(work[n + LANES]) + abs(work[n + 2 * LANES]) + abs(work[n + 3 * LANES])
        # a comparison with what is not a number is false
        is_sound = far < 1.0e6 and u * u + v * v + w * w < 4.0e4 and a * a + b * b + c * c < 4.0e4 and speeds < 1.0e6
        sound = 1.0 if is_sound and abs(1.0 - 2.0 * (x * x + y * y)) < 1.001 else 0.0
        work[THICK * LANES + lane] = sound
        work[ALIVE * LANES + lane] = work[ALIVE * LANES + lane] if sound > 0.0 else 0.0
    for field in range(BODY + 4):
        is_place = field < VELOCITY or QUATERNION <= field < RATES
        for lane in range(lanes):
            n, before = field * LANES + lane, state[block, field, lane] if is_place else 0.0
            work[n] = work[n] if work[THICK * LANES + lane] > 0.0 else before


@njit(**INNER)
def show(work: FloatArray, lanes: int, pose: FloatArray, block: int) -> None:
    """Write the row of each world that is there: what POSE says of motion, battery and ground, and nothing else."""
    for lane in range(min(lanes, pose.shape[0] - block * lanes)):
        row = pose[block * lanes + lane]
        for field in range(BODY):
            row[field] = work[field * LANES + lane]
        n, v = AIR * LANES + lane, VELOCITY * LANES + lane
        east, north = work[v] - work[n], work[v + LANES] - work[n + LANES]
        up = work[v + 2 * LANES] - work[n + 2 * LANES]
        row[layout.AIRSPEED] = sound(math.sqrt(east * east + north * north + up * up), 0.0)
        row[layout.BATTERY] = work[CHARGE * LANES + lane]
        row[layout.VOLTS] = work[TENSION * LANES + lane]
        row[layout.ON_GROUND] = 1.0 if work[TOUCHING * LANES + lane] > 0.0 else 0.0
        row[layout.UPSIDE] = 1.0 - work[ALIVE * LANES + lane]


@njit(**INNER)
def give_back(work: FloatArray, lanes: int, state: FloatArray, pose: FloatArray, block: int) -> None:
    """Write what a block holds after a step to its state and its rows of POSE."""
    for lane in range(lanes):
        work[STEPPED * LANES + lane] = 1.0
    for field in range(STATES):
        for lane in range(lanes):
            state[block, field, lane] = work[field * LANES + lane]
    show(work, lanes, pose, block)


@njit(**EXACT)
def advance_multirotor(
    state: FloatArray, setpoint: FloatArray, noise: FloatArray, params: FloatArray, weather: FloatArray,
    pose: FloatArray, step_s: float, substeps: int, first: int, last: int,
) -> None:  # fmt: skip
    """Fly blocks `first` to `last`, the last left out, through one step; threads may take blocks of their own.

    state, setpoint, noise, params, weather   (blocks, STATES | SETPOINTS | NOISES | PARAMS | WEATHERS, lanes),
                                              state overwritten; lanes at most LANES; params may be one block for all
    pose         (worlds, POSES), its rows of motion, battery and ground overwritten
    step_s       [s]; setpoint and gust are held through it
    substeps     steps of Runge-Kutta in it, battery and inner loop in every second; params[LAG] are for their length

    A world that tips over, crashes or leaves what a drone can do stands still from then on (POSE's UPSIDE).
    """
    lanes = state.shape[2]
    substep_s = step_s / substeps
    work, low = np.empty(WORK * LANES), np.empty(LANES + 1, np.int64)
    for block in range(first, last):
        fetch(work, lanes, 0, state, block, STATES)
        fetch(work, lanes, SET, params, min(block, params.shape[0] - 1), PARAMS)
        listen(work, lanes, setpoint, block)
        blow(work, lanes, weather, noise, block, step_s)
        lows = list_low(work, lanes, low, step_s)
        rk4_begin(work, lanes, POSITION, START, TOTAL, BODY)
        for turn in range(4 * substeps):
            stage = turn % 4
            if turn % 8 == 0:
                held_s = substep_s * min(2, substeps - turn // 4)
                feed(work, lanes, held_s)
                command(work, lanes, held_s)
            if turn % 8 == 0 or stage % 2 == 1:
                turn_rotors(work, lanes, float(stage % 2))
            take_stage(work, lanes, stage, substep_s, low, lows)
            if stage == 3:
                for at in range(lanes if lows > FEW_LOW else lows):
                    settle(work, at if lows > FEW_LOW else low[at])
                end_substep(work, lanes, START)
        guard(work, lanes, state, block)
        give_back(work, lanes, state, pose, block)


# ---------------------------------------------------------------- fixed wing
#
# The books' signs: axes forward, right, down; roll rate p, pitch rate q and yaw rate r about them, so q and r are the
# negatives of what STATE holds; elevator + nose down, aileron + right wing down, rudder as its coefficients say.
# ROTORS holds how fast the motor turns, as a share of its most, then elevator, aileron, rudder [rad].

PHASE, RAIL = 30, 31  # FLYING ...; speed on the launcher [m/s]
UPRIGHT, MOVED = LIFTS, TORQUES  # cosines of the roll and pitch wished; motor and surfaces at a stage
FLYING, WAITING, LAUNCHING = 0.0, 1.0, 2.0

# PARAMS[block, field, lane] of a fixed wing; units as in fixed_wing.py
W_MASS, W_AREA, W_SPAN, W_CHORD, W_GAMMA, W_LIGHT = 0, 1, 2, 3, 4, 12  # gamma 1 to 8; 1 / moment of inertia in pitch
W_LIFT, W_DRAG, W_PITCHING = 13, 17, 19  # at none, by angle, by rate, by elevator; at none, by lift squared; as lift
W_SIDE, W_ROLLING, W_YAWING = 23, 28, 33  # by sideslip, roll rate, yaw rate, aileron, rudder
W_STALL, W_DEFLECTION, W_SERVO, W_MOTOR = 38, 41, 44, 47  # sines above, below, 1 / width; [rad]; lags
W_THRUST, W_PITCH_SPEED, W_DISC, W_EFFICIENCY = 50, 51, 52, 53  # N; m/s; m2; share
W_VOLTS, W_CAPACITY, W_OHMS, W_AVIONICS = 54, 56, 57, 58  # full and empty [V]; A s; ohm; W
W_TILT_GAIN, W_RATE_GAIN, W_WIND_UP, W_RATE_LIMIT, W_SLOWEST = 59, 61, 62, 63, 65  # roll, pitch [1/s]; ..; m/s
W_LAUNCH, W_BELLY, W_FRICTION, W_HARDEST, W_STEEPEST = 66, 68, 69, 70, 71  # m/s and m/s2; m; share; m/s; two sines
CAPPED_SINE = 0.45  # of the angle of attack: up to here its series is good to 1e-6 rad; beyond, the angle stays


@njit(**INNER)
def attack(forward: float, down: float) -> Three:
    """Return sine and cosine of the angle of attack, and the angle itself [rad], kept to the sine CAPPED_SINE."""
    share = 1.0 / (math.sqrt(forward * forward + down * down) + 1.0e-9)
    s = clamp(down * share, -CAPPED_SINE, CAPPED_SINE)
    x = s * s
    more = 105.0 / 3456.0 + x * (945.0 / 42240.0 + x * 0.01735)
    return down * share, forward * share, s * (1.0 + x * (1.0 / 6.0 + x * (0.075 + x * (15.0 / 336.0 + x * more))))


@njit(**INNER)
def lift_and_drag(work: FloatArray, lane: int, around: Three, turned: float, elevator: float) -> tuple[float, float]:
    """Return the coefficients of lift and drag: linear up to the stall, a flat plate far beyond it.

    around   sine, cosine, angle of attack; turned pitch rate · chord / (2 airspeed)

    Source: Beard and McLain 2012, Small Unmanned Aircraft, equations 4.9 to 4.11; a cubic step in the sine of the
    angle of attack stands for their exponential one.
    """
    sine_attack, cosine_attack, angle = around
    p = (SET + W_LIFT) * LANES + lane
    linear = work[p] + work[p + LANES] * angle + work[p + 2 * LANES] * turned + work[p + 3 * LANES] * elevator
    p = (SET + W_STALL) * LANES + lane
    beyond = max(sine_attack - work[p], work[p + LANES] - sine_attack) * work[p + 2 * LANES]
    x = clamp(beyond, 0.0, 1.0) if cosine_attack > 0.0 else 1.0
    plate = x * x * (3.0 - 2.0 * x)
    slab = abs(sine_attack)
    lift = (1.0 - plate) * linear + plate * 2.0 * sine_attack * slab * cosine_attack
    p = (SET + W_DRAG) * LANES + lane
    drag = work[p] + (1.0 - plate) * work[p + LANES] * linear * linear + plate * 2.0 * slab * slab * slab
    return lift, drag


@njit(**INNER)
def propeller(work: FloatArray, lane: int, spin: float, forward: float) -> float:
    """Return the thrust [N] at a share of the motor's speed and an airspeed [m/s]; it folds where it would brake."""
    p = SET * LANES + lane
    bite = clamp(spin - forward / work[p + W_PITCH_SPEED * LANES], 0.0, spin)
    share = work[THICK * LANES + lane] * work[SHARES * LANES + lane]
    thrust_n: float = share * work[p + W_THRUST * LANES] * spin * bite
    return thrust_n


@njit(**INNER)
def wing_push(work: FloatArray, lane: int, air: Three, rates: Three, moved: Four) -> tuple[Three, Three]:
    """Return force [N] and moment [N m] of air and propeller, axes forward, right, down.

    air, rates   velocity through the air [m/s], p q r [rad/s]; moved motor, elevator, aileron, rudder
    Rates enter as rate times airspeed, so that nothing is divided by an airspeed of none.
    """
    (x, y, z), (p, q, r), (spin, elevator, aileron, rudder) = air, rates, moved
    s = SET * LANES + lane
    fast = math.sqrt(x * x + y * y + z * z)
    around = attack(x, z)
    span, chord = 0.5 * work[s + W_SPAN * LANES], 0.5 * work[s + W_CHORD * LANES]
    press = 0.5 * SEA_LEVEL * work[THICK * LANES + lane] * work[s + W_AREA * LANES] * fast
    lift, drag = lift_and_drag(work, lane, around, q * chord / (fast + 1.0e-9), elevator)
    n = s + W_SIDE * LANES
    side = work[n] * y + span * (work[n + LANES] * p + work[n + 2 * LANES] * r)
    side += fast * (work[n + 3 * LANES] * aileron + work[n + 4 * LANES] * rudder)
    n = s + W_ROLLING * LANES
    roll = work[n] * y + span * (work[n + LANES] * p + work[n + 2 * LANES] * r)
    roll += fast * (work[n + 3 * LANES] * aileron + work[n + 4 * LANES] * rudder)
    n = s + W_YAWING * LANES
    yaw = work[n] * y + span * (work[n + LANES] * p + work[n + 2 * LANES] * r)
    yaw += fast * (work[n + 3 * LANES] * aileron + work[n + 4 * LANES] * rudder)
    n = s + W_PITCHING * LANES
    pitch = fast * (work[n] + work[n + LANES] * around[2] + work[n + 3 * LANES] * elevator)
    pitch += chord * work[n + 2 * LANES] * q
    back, up = press * drag, press * fast * lift
    pull = propeller(work, lane, spin, x) + up * around[0] - back * x
    force = (pull, press * side - back * y, -up * around[1] - back * z)
    return force, (2.0 * span * press * roll, 2.0 * chord * press * pitch, 2.0 * span * press * yaw)


@njit(**INNER)
def wing_move(work: FloatArray, lanes: int, to: int, stage: int) -> None:
    """Write motor and surfaces to four fields from `to` on, as their lag in closed form has brought them.

    stage   0 at the beginning of the substep, 1 in its middle, 2 at its end
    """
    for field in range(4):
        lag = (SET + (W_MOTOR if field == 0 else W_SERVO) + stage) * LANES
        for lane in range(lanes):
            asked, now = work[(ORDERED + field) * LANES + lane], work[(ROTORS + field) * LANES + lane]
            work[(to + field) * LANES + lane] = asked + (now - asked) * work[lag + lane]


@njit(**INNER)
def wing_slope(work: FloatArray, lanes: int) -> None:
    """Write the time derivative of the thirteen body fields to SLOPE, with motor and surfaces as MOVED has them.

    Source: Beard and McLain 2012, Small Unmanned Aircraft, equations 3.14 to 3.17, with their gammas.
    """
    for lane in range(lanes):
        m, air = through_air(work, lane)
        n = RATES * LANES + lane
        p, q, r = work[n], -work[n + LANES], -work[n + 2 * LANES]
        n = MOVED * LANES + lane
        moved = (work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES])
        (fx, fy, fz), (roll, pitch, yaw) = wing_push(work, lane, air, (p, q, r), moved)
        ex, ey, ez = body2world(m, fx, -fy, -fz)
        n = QUATERNION * LANES + lane
        turn = quaternion_rate((work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]), p, -q, -r)
        light = 1.0 / work[(SET + W_MASS) * LANES + lane]
        v, s, g = VELOCITY * LANES + lane, SLOPE * LANES + lane, (SET + W_GAMMA) * LANES + lane
        work[s], work[s + LANES], work[s + 2 * LANES] = work[v], work[v + LANES], work[v + 2 * LANES]
        work[s + 3 * LANES], work[s + 4 * LANES] = ex * light, ey * light
        work[s + 5 * LANES] = ez * light - GRAVITY_MPS2
        work[s + 6 * LANES], work[s + 7 * LANES], work[s + 8 * LANES], work[s + 9 * LANES] = turn
        g1, g2, g3, g4 = work[g], work[g + LANES], work[g + 2 * LANES], work[g + 3 * LANES]
        g5, g6, g7, g8 = work[g + 4 * LANES], work[g + 5 * LANES], work[g + 6 * LANES], work[g + 7 * LANES]
        work[s + 10 * LANES] = g1 * p * q - g2 * q * r + g3 * roll + g4 * yaw
        work[s + 11 * LANES] = g6 * (p * p - r * r) - g5 * p * r - pitch * work[(SET + W_LIGHT) * LANES + lane]
        work[s + 12 * LANES] = g1 * q * r - g7 * p * q - g4 * roll - g8 * yaw


@njit(**INNER)
def wing_listen(work: FloatArray, lanes: int, setpoint: FloatArray, block: int) -> None:
    """Take the setpoint in: what is not a number stops the motor and levels the wings.

    WISHED becomes sine of roll, of pitch (nose up); or rates p, q, r; or shares of aileron, elevator, rudder.
    UPRIGHT becomes the cosines.
    """
    for lane in range(lanes):
        mode = setpoint[block, layout.INNER, lane]
        roll, pitch = setpoint[block, layout.ROLL, lane], setpoint[block, layout.PITCH, lane]
        yaw, thrust = setpoint[block, layout.YAW_RATE, lane], setpoint[block, layout.THRUST, lane]
        total = mode + roll + pitch + yaw + thrust
        is_sound = total - total == 0.0
        mode = mode if is_sound else 2.0
        roll, pitch, yaw = roll if is_sound else 0.0, pitch if is_sound else 0.0, yaw if is_sound else 0.0
        lean, nod = clamp(roll, -QUARTER, QUARTER), clamp(-pitch, -QUARTER, QUARTER)
        is_tilt = mode == 1.0 or mode == 2.0
        work[MODE * LANES + lane] = mode
        work[WISHED * LANES + lane] = sine(lean) if is_tilt else roll
        work[(WISHED + 1) * LANES + lane] = sine(nod) if is_tilt else -pitch
        work[UPRIGHT * LANES + lane] = sine(QUARTER - abs(lean))
        work[(UPRIGHT + 1) * LANES + lane] = sine(QUARTER - abs(nod))
        work[WISHED_YAW * LANES + lane] = -yaw
        work[COLLECTIVE * LANES + lane] = clamp(thrust, 0.0, 1.0) if is_sound and mode != 2.0 else 0.0
        share = setpoint[block, layout.MOTORS, lane]
        work[SHARES * LANES + lane] = clamp(sound(share, 1.0), 0.0, 1.0)


@njit(**INNER)
def wing_feed(work: FloatArray, lanes: int, substep_s: float) -> None:
    """Draw what the electronics take, and thrust times the speed of the air in the propeller over the efficiency.

    Source: momentum theory, e.g. Leishman 2006, Principles of Helicopter Aerodynamics, 2.14.
    """
    for lane in range(lanes):
        p = SET * LANES + lane
        _, (x, _, _) = through_air(work, lane)
        thrust = propeller(work, lane, work[ROTORS * LANES + lane], x)
        forward = 0.5 * max(x, 0.0)
        disc = 2.0 * SEA_LEVEL * work[THICK * LANES + lane] * work[p + W_DISC * LANES]
        through = forward + math.sqrt(forward * forward + thrust / disc)
        power_w = thrust * through / work[p + W_EFFICIENCY * LANES] + work[p + W_AVIONICS * LANES]
        drain(work, lane, power_w, (W_VOLTS, W_VOLTS + 1, W_CAPACITY, W_OHMS), substep_s)


@njit(**INNER)
def wing_wishes(work: FloatArray, lane: int, m: Nine, fast: float) -> Three:
    """Return the body rates p, q, r that bring roll and pitch to the wished ones, in a turn that does not slip.

    fast     airspeed, kept from none [m/s]; the nose turns by g tan(roll) / airspeed, as in a level turn
    """
    p = SET * LANES + lane
    level = math.sqrt(m[7] * m[7] + m[8] * m[8])
    sin_roll, cos_roll = m[7] / max(level, 1.0e-6), m[8] / max(level, 1.0e-6)
    want_roll, want_pitch = work[WISHED * LANES + lane], work[(WISHED + 1) * LANES + lane]
    cos_want, cos_nose = work[UPRIGHT * LANES + lane], work[(UPRIGHT + 1) * LANES + lane]
    off = want_roll * cos_roll - cos_want * sin_roll
    near = want_roll * sin_roll + cos_want * cos_roll
    off = off if near > 0.0 else (1.0 if off > 0.0 else -1.0)
    most, nod_most = work[p + W_RATE_LIMIT * LANES], work[p + (W_RATE_LIMIT + 1) * LANES]
    roll_rate = clamp(work[p + W_TILT_GAIN * LANES] * off, -most, most)
    nod = clamp(work[p + (W_TILT_GAIN + 1) * LANES] * (want_pitch * level - cos_nose * m[6]), -nod_most, nod_most)
    turn = GRAVITY_MPS2 * sin_roll / (max(cos_roll, 0.3) * fast)
    return (roll_rate - turn * m[6], nod * cos_roll + turn * sin_roll * level, turn * cos_roll * level - nod * sin_roll)


@njit(**INNER)
def wing_command(work: FloatArray, lanes: int, substep_s: float) -> None:
    """Set what motor and surfaces are asked for: rates wished over what each surface can turn at this airspeed.

    INNER 0 holds body rates, 1 roll and pitch, 2 the same with the motor still, 3 moves the surfaces themselves:
    roll, pitch, yaw rate are then shares of their most.
    """
    for lane in range(lanes):
        s = SET * LANES + lane
        m, (x, y, z) = through_air(work, lane)
        fast = max(math.sqrt(x * x + y * y + z * z), work[s + W_SLOWEST * LANES])
        mode = work[MODE * LANES + lane]
        tilt_p, tilt_q, tilt_r = wing_wishes(work, lane, m, fast)
        direct_p, direct_q = work[WISHED * LANES + lane], work[(WISHED + 1) * LANES + lane]
        direct_r = work[WISHED_YAW * LANES + lane]
        is_rates = mode < 1.0
        p, q, r = direct_p if is_rates else tilt_p, direct_q if is_rates else tilt_q, direct_r if is_rates else tilt_r
        n = RATES * LANES + lane
        off_p, off_q, off_r = p - work[n], q + work[n + LANES], r + work[n + 2 * LANES]
        press = 0.5 * SEA_LEVEL * work[THICK * LANES + lane] * work[s + W_AREA * LANES] * fast
        span, chord, g = work[s + W_SPAN * LANES], work[s + W_CHORD * LANES], s + W_GAMMA * LANES
        g3, g4, g8, light = work[g + 2 * LANES], work[g + 3 * LANES], work[g + 7 * LANES], work[s + W_LIGHT * LANES]
        a, b, c = s + W_ROLLING * LANES, s + W_YAWING * LANES, s + W_PITCHING * LANES
        rolls = press * fast * span * (g3 * work[a + 3 * LANES] + g4 * work[b + 3 * LANES])
        slows = 0.5 * press * span * span * (g3 * work[a + LANES] + g4 * work[b + LANES])
        nods = press * fast * chord * light * work[c + 3 * LANES]
        sinks = 0.5 * press * chord * chord * light * work[c + 2 * LANES]
        yaws = press * fast * span * (g4 * work[a + 4 * LANES] + g8 * work[b + 4 * LANES])
        gain = work[s + W_RATE_GAIN * LANES]
        learn = gain * work[s + W_WIND_UP * LANES] * substep_s
        is_flying = work[PHASE * LANES + lane] == FLYING and work[TOUCHING * LANES + lane] == 0.0 and mode < 3.0
        n, d = WOUND * LANES + lane, s + W_DEFLECTION * LANES
        most_e, most_a, most_r = work[d], work[d + LANES], work[d + 2 * LANES]
        wound_p = clamp(work[n] + learn * off_p, -abs(rolls) * most_a, abs(rolls) * most_a) if is_flying else 0.0
        wound_q = clamp(work[n + LANES] + learn * off_q, -abs(nods) * most_e, abs(nods) * most_e) if is_flying else 0.0
        work[n], work[n + LANES] = wound_p, wound_q
        aileron, elevator = (gain * off_p + wound_p - slows * p) / rolls, (gain * off_q + wound_q - sinks * q) / nods
        rudder = 0.5 * gain * off_r * yaws / (yaws * yaws + 1.0e-6)
        aileron = most_a * direct_p if mode == 3.0 else aileron
        elevator = -most_e * direct_q if mode == 3.0 else elevator
        rudder = (most_r * direct_r if yaws > 0.0 else -most_r * direct_r) if mode == 3.0 else rudder
        sag = min(work[TENSION * LANES + lane] / work[s + W_VOLTS * LANES], 1.0)
        is_waiting = work[PHASE * LANES + lane] == WAITING
        o = ORDERED * LANES + lane
        work[o] = 0.0 if is_waiting else sag * math.sqrt(work[COLLECTIVE * LANES + lane])
        work[o + LANES], work[o + 2 * LANES] = clamp(elevator, -most_e, most_e), clamp(aileron, -most_a, most_a)
        work[o + 3 * LANES] = clamp(rudder, -most_r, most_r)


@njit(**INNER)
def wing_stages(work: FloatArray, lanes: int, substep_s: float) -> None:
    """Carry the thirteen body fields, motor and surfaces over one substep."""
    rk4_begin(work, lanes, POSITION, START, TOTAL, BODY)
    for stage in range(4):
        wing_move(work, lanes, MOVED, (stage + 1) // 2)
        ahead = substep_s if stage == 2 else 0.5 * substep_s
        wing_slope(work, lanes)
        share = substep_s / (6.0 if stage == 0 or stage == 3 else 3.0)
        rk4_fold(work, lanes, POSITION, START, SLOPE, TOTAL, BODY, ahead, share)
    wing_move(work, lanes, ROTORS, 2)
    end_substep(work, lanes, SLOPE)


@njit(**INNER)
def wing_launch(work: FloatArray, lanes: int, substep_s: float) -> None:
    """Hold what waits for its launch, and push what is being launched along its nose, whatever the air did to it.

    The launch begins when half of full thrust or more is asked for, and ends at the launcher's speed.
    """
    for lane in range(lanes):
        phase, rail, p = work[PHASE * LANES + lane], work[RAIL * LANES + lane], (SET + W_LAUNCH) * LANES + lane
        wish, most, gain = work[COLLECTIVE * LANES + lane], work[p], work[p + LANES] * substep_s
        phase = LAUNCHING if phase == WAITING and wish >= 0.5 else phase
        is_held = phase != FLYING
        rail = rail + gain if phase == LAUNCHING else rail
        n, s = QUATERNION * LANES + lane, START * LANES + lane
        for k in range(4):
            held_there, there = work[s + (6 + k) * LANES], work[n + k * LANES]
            work[n + k * LANES] = held_there if is_held else there
        m = matrix((work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]))
        for k in range(3):
            n, speed = k * LANES + lane, rail * m[3 * k]
            place, there, moves, turns = work[s + k * LANES], work[n], work[n + 3 * LANES], work[n + 10 * LANES]
            work[n] = place + speed * substep_s if is_held else there
            work[n + 3 * LANES], work[n + 10 * LANES] = speed if is_held else moves, 0.0 if is_held else turns
        work[RAIL * LANES + lane] = rail
        work[PHASE * LANES + lane] = FLYING if phase == LAUNCHING and rail >= most else phase


@njit(**INNER)
def wing_land(work: FloatArray, lanes: int) -> None:
    """Let what touches the ground slide on its belly until it stands; tell what crashed or left what a wing can do.

    Touching takes the sinking speed away, and friction's share of it from the speed along the ground; the body rolls
    and pitches level. A crash: sinking faster than HARDEST, or banked or nose-down beyond the airframe's limits.
    Not sound: not finite, beyond 1,000 km, 200 m/s or 200 rad/s; it stands where it was before the substep.
    """
    for lane in range(lanes):
        s, now, start = SET * LANES + lane, lane, START * LANES + lane
        n = QUATERNION * LANES + lane
        m = matrix((work[n], work[n + LANES], work[n + 2 * LANES], work[n + 3 * LANES]))
        n, phase, was_alive = s + W_BELLY * LANES, work[PHASE * LANES + lane], work[ALIVE * LANES + lane] > 0.0
        belly, friction, hardest = work[n], work[n + LANES], work[n + 2 * LANES]
        steepest, flattest = work[n + 3 * LANES], work[n + 4 * LANES]
        x, y, z = work[now], work[now + LANES], work[now + 2 * LANES]
        u, v, w = work[now + 3 * LANES], work[now + 4 * LANES], work[now + 5 * LANES]
        p, q, r = work[now + 10 * LANES], work[now + 11 * LANES], work[now + 12 * LANES]
        touches = phase == FLYING and z <= belly and w <= 0.0
        is_crash = touches and (w < -hardest or m[8] < flattest or m[6] < -steepest)
        fast = math.sqrt(u * u + v * v)
        left = max(fast + friction * w, 0.0) / (fast + 1.0e-12) if touches else 1.0
        # a comparison with what is not a number is false
        is_sound = abs(x) + abs(y) + abs(z) < 1.0e6 and u * u + v * v + w * w < 4.0e4 and abs(m[8]) <= 1.001
        moves = was_alive and is_sound and p * p + q * q + r * r < 4.0e4
        drives = moves and not is_crash
        work[ALIVE * LANES + lane] = 1.0 if drives else 0.0
        places = (x, y, max(z, belly) if touches else z)
        speeds = (u * left, v * left, 0.0 if touches else w)
        turns = (-6.0 * m[7] if touches else p, 6.0 * m[6] if touches else q, 0.95 * r if touches else r)
        for k in range(3):
            was = work[start + k * LANES]
            work[now + k * LANES] = places[k] if moves else was
            work[now + (3 + k) * LANES] = speeds[k] if drives else 0.0
            work[now + (10 + k) * LANES] = turns[k] if drives else 0.0
        for k in range(4):
            n, was, driven = now + (6 + k) * LANES, work[start + (6 + k) * LANES], work[now + (ROTORS + k) * LANES]
            work[n] = work[n] if moves else was
            work[now + (ROTORS + k) * LANES] = driven if drives else 0.0
        work[TOUCHING * LANES + lane] = 1.0 if touches or phase == WAITING else 0.0


@njit(**EXACT)
def advance_wing(
    state: FloatArray, setpoint: FloatArray, noise: FloatArray, params: FloatArray, weather: FloatArray,
    pose: FloatArray, step_s: float, substeps: int, first: int, last: int,
) -> None:  # fmt: skip
    """Fly blocks of fixed wings through one step; everything as in `advance_multirotor`.

    params   (blocks, PARAMS, lanes) of a fixed wing; W_MOTOR and W_SERVO are made for the substep's length
    """
    lanes = state.shape[2]
    substep_s = step_s / substeps
    work = np.empty(WORK * LANES)
    for block in range(first, last):
        fetch(work, lanes, 0, state, block, STATES)
        fetch(work, lanes, SET, params, min(block, params.shape[0] - 1), PARAMS)
        wing_listen(work, lanes, setpoint, block)
        blow(work, lanes, weather, noise, block, step_s)
        for _ in range(substeps):
            wing_feed(work, lanes, substep_s)
            wing_command(work, lanes, substep_s)
            wing_stages(work, lanes, substep_s)
            wing_launch(work, lanes, substep_s)
            wing_land(work, lanes)
        give_back(work, lanes, state, pose, block)
