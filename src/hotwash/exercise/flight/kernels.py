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

FloatArray = NDArray[np.float64]

LANES = 32
EXACT: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True}
# What only kernels call needs no way in from Python, and becomes part of its caller: a call stops the vectoriser.
INNER: dict[str, Any] = {
    "error_model": "numpy", "forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True
}  # fmt: skip

Three = tuple[float, float, float]
Four = tuple[float, float, float, float]
Nine = tuple[float, float, float, float, float, float, float, float, float]

GRAVITY_MPS2 = 9.81
FEET_M = 0.3048
SLOWEST_MPS = 2.0  # least air-relative speed in the gust filters: at none the gust would stand still
LOWEST_FT, HIGHEST_FT = 10.0, 1000.0  # the heights between which the gust formulas hold
SQRT3 = 1.7320508075688772


# ---------------------------------------------------------------- quaternions, x y z w, body to world


@njit(**INNER)
def product(a: Four, b: Four) -> Four:
    """Return the quaternion that turns by b, then by a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


@njit(**INNER)
def quaternion_rate(q: Four, p: float, r: float, s: float) -> Four:
    """Return the time derivative of a quaternion under body rates p, r, s about x, y, z [rad/s]."""
    x, y, z, w = q
    return (
        0.5 * (w * p - z * r + y * s),
        0.5 * (z * p + w * r - x * s),
        0.5 * (x * r - y * p + w * s),
        -0.5 * (x * p + y * r + z * s),
    )


@njit(**INNER)
def normalised(q: Four) -> Four:
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
def held(value: float, least: float, most: float) -> float:
    """Return the value, kept between two bounds."""
    return min(max(value, least), most)


# ---------------------------------------------------------------- Runge-Kutta over a flat block


@njit(**INNER)
def rk4_begin(work: FloatArray, lanes: int, now: int, start: int, total: int, fields: int) -> None:
    """Make ready for the four stages: keep the fields at `now` as `start`, and set their sums to it too.

    work       (fields * LANES,) flat block; now, start, total are the first field of groups of `fields` fields
    """
    for field in range(fields):
        for lane in range(lanes):
            at = field * LANES + lane
            value = work[now * LANES + at]
            work[start * LANES + at] = value
            work[total * LANES + at] = value


@njit(**INNER)
def rk4_fold(
    work: FloatArray, lanes: int, now: int, start: int, rate: int, total: int, fields: int, ahead: float, share: float
) -> None:
    """Take one stage's derivative in: total += share · rate, and now = start + ahead · rate for the next stage.

    ahead, share   [s] h/2 h/6, h/2 h/3, h h/3 in the first three stages; the fourth is `rk4_end`
    """
    for field in range(fields):
        for lane in range(lanes):
            at = field * LANES + lane
            slope = work[rate * LANES + at]
            work[total * LANES + at] += share * slope
            work[now * LANES + at] = work[start * LANES + at] + ahead * slope


@njit(**INNER)
def rk4_end(work: FloatArray, lanes: int, now: int, rate: int, total: int, fields: int, share: float) -> None:
    """Take the fourth stage in: now = total + share · rate, share = h/6 [s]."""
    for field in range(fields):
        for lane in range(lanes):
            at = field * LANES + lane
            work[now * LANES + at] = work[total * LANES + at] + share * work[rate * LANES + at]


# ---------------------------------------------------------------- air


@njit(**INNER)
def air_density(height_m: float, ground: float, lapse_per_m: float) -> float:
    """Return the air density, as a share of 1.225 kg/m3, at a height above the scenario's place.

    ground        the same at the place
    lapse_per_m   fall of temperature with height, as a share of the place's temperature: 0.0065 K/m / T
    Four terms of (1 - lapse · height) ** 4.2559: within 1e-4 below 3,000 m.

    Source: US Standard Atmosphere 1976, the troposphere's polytropic law.
    """
    x = held(lapse_per_m * height_m, -0.05, 0.25)
    return ground * (1.0 - x * (4.2559 - x * (6.9283 - x * (5.2098 - x * 1.6355))))


@njit(**INNER)
def gust_lengths(height_m: float) -> tuple[float, float, float]:
    """Return the scale lengths along and across the wind and upright [m], and how much rougher across than upright.

    height_m   above ground, taken between 10 and 1,000 ft: beyond them the formulas are extrapolated

    Source: MIL-F-8785C, 3.7.3.4: L_w = h, L_u = L_v = h / z ** 1.2, sigma_u / sigma_w = 1 / z ** 0.4,
    z = 0.177 + 0.000823 h, h in feet.
    """
    height_ft = held(height_m / FEET_M, LOWEST_FT, HIGHEST_FT)
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
    two = 0.5 * drawn if is_first else stays * (second + x * first) + drive * g * drawn
    return one, two, scale * (a * one + b * two)
