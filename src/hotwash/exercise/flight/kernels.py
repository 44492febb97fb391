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


# ---------------------------------------------------------------- six degrees of freedom over a turning earth
#
# Earth-fixed axes (x through 0 N 0 E, z through the north pole), body axes forward, left, up. Lane 0 of the same
# block arithmetic, so that what the check cases prove of quaternions and integration holds for every vehicle.

# Source: NGA.STND.0036 (WGS 84), tables 3.1 and 3.3; J2 is -sqrt(5) times the C20 of EGM96, as in the check cases.
EARTH_GM, EARTH_RADIUS_M, EARTH_J2, EARTH_TURN_RADPS = 3.986004418e14, 6378137.0, 1.08262982131e-3, 7.292115e-5
EARTH_FLATTENING = 1.0 / 298.257223563
# Source: US Standard Atmosphere 1976: R* / M0, g0, the radius for geopotential height, the troposphere's lapse.
AIR_GAS, AIR_GRAVITY, AIR_RADIUS_M, AIR_LAPSE = 8314.32 / 28.9644, 9.80665, 6356766.0, 0.0065
AIR_TEMPERATURE_K, AIR_PRESSURE_PA, TROPOPAUSE_M = 288.15, 101325.0, 11000.0

# body: kg; kg m2 about forward, left, up; drag coefficient times area [m2]
SIX_MASS, SIX_INERTIA, SIX_DRAG = 0, 1, 4
# work: position, velocity, quaternion, rates against the stars [rad/s], then the groups of the integration
SIX, SIX_START, SIX_RATE, SIX_TOTAL = 13, 13, 26, 39


@njit(**INNER)
def gravitation(x: float, y: float, z: float) -> Three:
    """Return the gravitation of the flattened earth [m/s2] at an earth-fixed place, the turning not counted.

    Source: central term and J2, e.g. Stevens, Lewis and Johnson 2015, Aircraft Control and Simulation, 1.4.
    """
    square = x * x + y * y + z * z
    distance = math.sqrt(square)
    oblate = 1.5 * EARTH_J2 * EARTH_RADIUS_M * EARTH_RADIUS_M / square
    polar = 5.0 * z * z / square
    pull = -EARTH_GM / (square * distance)
    return (
        pull * x * (1.0 + oblate * (1.0 - polar)),
        pull * y * (1.0 + oblate * (1.0 - polar)),
        pull * z * (1.0 + oblate * (3.0 - polar)),
    )


@njit(**INNER)
def local_axes(x: float, y: float, z: float) -> tuple[float, Nine]:
    """Return the height above WGS 84 [m], and the matrix that turns east, north, up there to earth-fixed axes.

    Source: Bowring 1976, Survey Review 23 (181), 323-327, applied twice; good to 1e-6 m from -10 to 500 km.
    """
    e2 = EARTH_FLATTENING * (2.0 - EARTH_FLATTENING)
    minor_m = EARTH_RADIUS_M * (1.0 - EARTH_FLATTENING)
    from_axis = math.hypot(x, y)
    reduced = math.atan2(z * EARTH_RADIUS_M, from_axis * minor_m)
    lat = reduced
    for _ in range(2):
        rise = z + e2 / (1.0 - e2) * minor_m * math.sin(reduced) ** 3
        lat = math.atan2(rise, from_axis - e2 * EARTH_RADIUS_M * math.cos(reduced) ** 3)
        reduced = math.atan2((1.0 - EARTH_FLATTENING) * math.sin(lat), math.cos(lat))
    lon = math.atan2(y, x)
    sin_lat, cos_lat, sin_lon, cos_lon = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    height_m = from_axis * cos_lat + z * sin_lat - EARTH_RADIUS_M * math.sqrt(1.0 - e2 * sin_lat * sin_lat)
    return height_m, (
        -sin_lon, -sin_lat * cos_lon, cos_lat * cos_lon, cos_lon, -sin_lat * sin_lon, cos_lat * sin_lon,
        0.0, cos_lat, sin_lat,
    )  # fmt: skip


@njit(**INNER)
def standard_air(height_m: float) -> tuple[float, float]:
    """Return temperature [K] and pressure [Pa] of the US Standard Atmosphere 1976, up to 20 km of geopotential.

    Higher up its second layer, of one temperature, is carried on.
    """
    geopotential_m = AIR_RADIUS_M * height_m / (AIR_RADIUS_M + height_m)
    in_lapse_m = min(geopotential_m, TROPOPAUSE_M)
    temperature_k = AIR_TEMPERATURE_K - AIR_LAPSE * in_lapse_m
    pressure_pa = AIR_PRESSURE_PA * (temperature_k / AIR_TEMPERATURE_K) ** (AIR_GRAVITY / (AIR_GAS * AIR_LAPSE))
    above_m = geopotential_m - in_lapse_m
    return temperature_k, pressure_pa * math.exp(-AIR_GRAVITY * above_m / (AIR_GAS * temperature_k))


@njit(**EXACT)
def surroundings(position_m: FloatArray) -> FloatArray:
    """Return what the earth is like at n places: gravitation [m/s2], height [m], temperature [K], pressure [Pa].

    position_m   (n, 3) earth-fixed [m]
    returns      (n, 4)
    """
    found = np.empty((position_m.shape[0], 4))
    for n in range(position_m.shape[0]):
        x, y, z = position_m[n, 0], position_m[n, 1], position_m[n, 2]
        gx, gy, gz = gravitation(x, y, z)
        height_m, _ = local_axes(x, y, z)
        found[n, 0], found[n, 1] = math.sqrt(gx * gx + gy * gy + gz * gz), height_m
        found[n, 2], found[n, 3] = standard_air(height_m)
    return found


@njit(**INNER)
def six_drag(work: FloatArray, body: FloatArray, height_m: float, wind: Three) -> Three:
    """Return the air's push [N], earth-fixed axes; wind the same axes [m/s]."""
    x = work[3 * LANES] - wind[0]
    y = work[4 * LANES] - wind[1]
    z = work[5 * LANES] - wind[2]
    temperature_k, pressure_pa = standard_air(height_m)
    share = -0.5 * pressure_pa / (AIR_GAS * temperature_k) * body[SIX_DRAG] * math.sqrt(x * x + y * y + z * z)
    return share * x, share * y, share * z


@njit(**INNER)
def six_rates(work: FloatArray, body: FloatArray, wind_mps: FloatArray, push_n: FloatArray) -> None:
    """Write the derivatives of the thirteen fields of lane 0: Newton and Euler in axes that turn with the earth."""
    x, y, z = work[0], work[LANES], work[2 * LANES]
    vx, vy, vz = work[3 * LANES], work[4 * LANES], work[5 * LANES]
    q = work[6 * LANES], work[7 * LANES], work[8 * LANES], work[9 * LANES]
    p, r, s = work[10 * LANES], work[11 * LANES], work[12 * LANES]
    height_m, axes = local_axes(x, y, z)
    gx, gy, gz = gravitation(x, y, z)
    fx, fy, fz = body2world(axes, push_n[0], push_n[1], push_n[2])
    dx, dy, dz = six_drag(work, body, height_m, body2world(axes, wind_mps[0], wind_mps[1], wind_mps[2]))
    mass, turn = body[SIX_MASS], EARTH_TURN_RADPS
    work[SIX_RATE * LANES], work[(SIX_RATE + 1) * LANES], work[(SIX_RATE + 2) * LANES] = vx, vy, vz
    work[(SIX_RATE + 3) * LANES] = gx + (fx + dx) / mass + turn * (turn * x + 2.0 * vy)
    work[(SIX_RATE + 4) * LANES] = gy + (fy + dy) / mass + turn * (turn * y - 2.0 * vx)
    work[(SIX_RATE + 5) * LANES] = gz + (fz + dz) / mass
    tx, ty, tz = world2body(matrix(q), 0.0, 0.0, turn)
    rate = quaternion_rate(q, p - tx, r - ty, s - tz)
    for k in range(4):
        work[(SIX_RATE + 6 + k) * LANES] = rate[k]
    ix, iy, iz = body[SIX_INERTIA], body[SIX_INERTIA + 1], body[SIX_INERTIA + 2]
    work[(SIX_RATE + 10) * LANES] = (iy - iz) * r * s / ix
    work[(SIX_RATE + 11) * LANES] = (iz - ix) * s * p / iy
    work[(SIX_RATE + 12) * LANES] = (ix - iy) * p * r / iz


@njit(**INNER)
def six_step(work: FloatArray, body: FloatArray, wind_mps: FloatArray, push_n: FloatArray, step_s: float) -> None:
    """Carry lane 0 on by one step of Runge-Kutta, and keep its quaternion at length 1."""
    rk4_begin(work, 1, 0, SIX_START, SIX_TOTAL, SIX)
    for stage in range(3):
        six_rates(work, body, wind_mps, push_n)
        ahead = step_s if stage == 2 else 0.5 * step_s
        share = step_s / 6.0 if stage == 0 else step_s / 3.0
        rk4_fold(work, 1, 0, SIX_START, SIX_RATE, SIX_TOTAL, SIX, ahead, share)
    six_rates(work, body, wind_mps, push_n)
    rk4_end(work, 1, 0, SIX_RATE, SIX_TOTAL, SIX, step_s / 6.0)
    q = normalised((work[6 * LANES], work[7 * LANES], work[8 * LANES], work[9 * LANES]))
    for k in range(4):
        work[(6 + k) * LANES] = q[k]


@njit(**EXACT)
def six_fly(
    rows: FloatArray, body: FloatArray, wind_mps: FloatArray, push_n: FloatArray, step_s: float, every: int
) -> None:
    """Fly a body on from rows[0], and write where it is after each `every` steps to the rows that follow.

    rows       (n, 13) earth-fixed position [m] and velocity [m/s], quaternion, rates against the stars [rad/s]
    body       (5,) mass, three moments of inertia, drag area
    wind_mps, push_n   (3,) east, north, up where the body is: steady wind, and a steady force on the body
    """
    work = np.zeros((SIX_TOTAL + SIX) * LANES)
    for k in range(SIX):
        work[k * LANES] = rows[0, k]
    for row in range(1, rows.shape[0]):
        for _ in range(every):
            six_step(work, body, wind_mps, push_n, step_s)
        for k in range(SIX):
            rows[row, k] = work[k * LANES]
