"""The compiled part of the check model: earth-fixed axes (x through 0 N 0 E, z through the north pole).

Quaternions and Runge-Kutta are those of `flight/kernels.py`, on lane 0 of a block, so what the check cases prove of
them holds for every vehicle.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from hotwash.flight.kernels import (
    EXACT,
    LANES,
    FloatArray,
    Nine,
    Three,
    body2world,
    matrix,
    normalise,
    quaternion_rate,
    rk4_begin,
    rk4_fold,
    world2body,
)

# Kept in no cache: a cache does not notice a change in functions of another file.
FRESH: dict[str, Any] = EXACT | {"cache": False}

# Source: NGA.STND.0036 (WGS 84), tables 3.1 and 3.3; J2 is -sqrt(5) times the C20 of EGM96, as in the check cases.
EARTH_GM, EARTH_RADIUS_M, EARTH_J2, EARTH_TURN_RADPS = 3.986004418e14, 6378137.0, 1.08262982131e-3, 7.292115e-5
EARTH_FLATTENING = 1.0 / 298.257223563
# Source: US Standard Atmosphere 1976: g0, the radius for geopotential height, the troposphere's lapse; and the gas
# constant with which the density at sea level is the table's 1.225 kg/m3. Its R* / M0 is 7e-7 more.
AIR_GRAVITY, AIR_RADIUS_M, AIR_LAPSE = 9.80665, 6356766.0, 0.0065
AIR_TEMPERATURE_K, AIR_PRESSURE_PA, AIR_DENSITY_KGPM3, TROPOPAUSE_M = 288.15, 101325.0, 1.225, 11000.0
AIR_GAS = AIR_PRESSURE_PA / (AIR_DENSITY_KGPM3 * AIR_TEMPERATURE_K)

# body: kg; kg m2 about forward, left, up; drag coefficient times area [m2]; damping about the same three axes [m4]
SIX_MASS, SIX_INERTIA, SIX_DRAG, SIX_DAMPING = 0, 1, 4, 5
# work: position, velocity, quaternion, rates against the stars [rad/s], then the groups of the integration
SIX, SIX_START, SIX_RATE, SIX_TOTAL = 13, 13, 26, 39


@njit(**FRESH)
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


@njit(**FRESH)
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


@njit(**FRESH)
def standard_air(height_m: float) -> tuple[float, float]:
    """Return temperature [K] and pressure [Pa] of the US Standard Atmosphere 1976; its second layer has no end."""
    geopotential_m = AIR_RADIUS_M * height_m / (AIR_RADIUS_M + height_m)
    in_lapse_m = min(geopotential_m, TROPOPAUSE_M)
    temperature_k = AIR_TEMPERATURE_K - AIR_LAPSE * in_lapse_m
    pressure_pa = AIR_PRESSURE_PA * (temperature_k / AIR_TEMPERATURE_K) ** (AIR_GRAVITY / (AIR_GAS * AIR_LAPSE))
    above_m = geopotential_m - in_lapse_m
    return temperature_k, pressure_pa * math.exp(-AIR_GRAVITY * above_m / (AIR_GAS * temperature_k))


@njit(**FRESH)
def wind_at(height_m: float, heights_m: FloatArray, winds_mps: FloatArray) -> Three:
    """Return the wind at a height: straight between the heights that are known, the nearest known beyond them.

    heights_m   (n,) rising
    winds_mps   (n, 3) east, north, up
    """
    above = 0
    while above < heights_m.size and heights_m[above] <= height_m:
        above += 1
    if above == 0 or above == heights_m.size:
        end = winds_mps[max(above - 1, 0)]
        return end[0], end[1], end[2]
    below, share = above - 1, (height_m - heights_m[above - 1]) / (heights_m[above] - heights_m[above - 1])
    low, high = winds_mps[below], winds_mps[above]
    return (
        low[0] + share * (high[0] - low[0]), low[1] + share * (high[1] - low[1]), low[2] + share * (high[2] - low[2]),
    )  # fmt: skip


@njit(**FRESH)
def six_rates(
    work: FloatArray, body: FloatArray, heights_m: FloatArray, winds_mps: FloatArray, push_n: FloatArray
) -> None:
    """Write the derivatives of the thirteen fields of lane 0: Newton and Euler in axes that turn with the earth.

    Damping is a moment against each rate, as great as the air's density times the speed through it. Source for the
    form, of p b / 2V times dynamic pressure: Stevens, Lewis and Johnson 2015, 2.3.
    """
    x, y, z = work[0], work[LANES], work[2 * LANES]
    vx, vy, vz = work[3 * LANES], work[4 * LANES], work[5 * LANES]
    q = work[6 * LANES], work[7 * LANES], work[8 * LANES], work[9 * LANES]
    p, r, s = work[10 * LANES], work[11 * LANES], work[12 * LANES]
    height_m, axes = local_axes(x, y, z)
    gx, gy, gz = gravitation(x, y, z)
    fx, fy, fz = body2world(axes, push_n[0], push_n[1], push_n[2])
    wind = wind_at(height_m, heights_m, winds_mps)
    wx, wy, wz = body2world(axes, wind[0], wind[1], wind[2])
    ax, ay, az = vx - wx, vy - wy, vz - wz
    temperature_k, pressure_pa = standard_air(height_m)
    density, speed = pressure_pa / (AIR_GAS * temperature_k), math.sqrt(ax * ax + ay * ay + az * az)
    drag = 0.5 * density * body[SIX_DRAG] * speed
    mass, turn = body[SIX_MASS], EARTH_TURN_RADPS
    work[SIX_RATE * LANES], work[(SIX_RATE + 1) * LANES], work[(SIX_RATE + 2) * LANES] = vx, vy, vz
    work[(SIX_RATE + 3) * LANES] = gx + (fx - drag * ax) / mass + turn * (turn * x + 2.0 * vy)
    work[(SIX_RATE + 4) * LANES] = gy + (fy - drag * ay) / mass + turn * (turn * y - 2.0 * vx)
    work[(SIX_RATE + 5) * LANES] = gz + (fz - drag * az) / mass
    tx, ty, tz = world2body(matrix(q), 0.0, 0.0, turn)
    rate = quaternion_rate(q, p - tx, r - ty, s - tz)
    for k in range(4):
        work[(SIX_RATE + 6 + k) * LANES] = rate[k]
    ix, iy, iz = body[SIX_INERTIA], body[SIX_INERTIA + 1], body[SIX_INERTIA + 2]
    damp = density * speed
    work[(SIX_RATE + 10) * LANES] = ((iy - iz) * r * s - damp * body[SIX_DAMPING] * p) / ix
    work[(SIX_RATE + 11) * LANES] = ((iz - ix) * s * p - damp * body[SIX_DAMPING + 1] * r) / iy
    work[(SIX_RATE + 12) * LANES] = ((ix - iy) * p * r - damp * body[SIX_DAMPING + 2] * s) / iz


@njit(**FRESH)
def six_fly(
    rows: FloatArray, body: FloatArray, heights_m: FloatArray, winds_mps: FloatArray, push_n: FloatArray,
    step_s: float, every: int,
) -> None:  # fmt: skip
    """Fly a body on from rows[0], and write where it is after each `every` steps to the rows that follow.

    rows       (n, 13) earth-fixed position [m] and velocity [m/s], quaternion, rates against the stars [rad/s]
    body       (8,) mass, three moments of inertia, drag area, damping about three axes
    heights_m, winds_mps   (n,) rising, (n, 3) the wind there as in `wind_at`
    push_n     (3,) east, north, up where the body is: a steady force on it
    """
    work = np.zeros((SIX_TOTAL + SIX) * LANES)
    for k in range(SIX):
        work[k * LANES] = rows[0, k]
    for count in range(1, (rows.shape[0] - 1) * every + 1):
        rk4_begin(work, 1, 0, SIX_START, SIX_TOTAL, SIX)
        for stage in range(4):
            six_rates(work, body, heights_m, winds_mps, push_n)
            ahead = step_s if stage == 2 else 0.5 * step_s
            share = step_s / (6.0 if stage == 0 or stage == 3 else 3.0)
            rk4_fold(work, 1, 0, SIX_START, SIX_RATE, SIX_TOTAL, SIX, ahead, share)
        rk4_begin(work, 1, SIX_TOTAL, 0, SIX_RATE, SIX)  # every stage has been taken in: now = total
        q = normalise((work[6 * LANES], work[7 * LANES], work[8 * LANES], work[9 * LANES]))
        for k in range(SIX):
            work[k * LANES] = q[k - 6] if 6 <= k < 10 else work[k * LANES]
            rows[(count + every - 1) // every, k] = work[k * LANES]
