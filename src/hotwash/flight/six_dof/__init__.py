"""A rigid body over the round, turning earth: what the flight of drones over a flat plane is checked against.

    released(place) ─▶ state0 ─▶ fly ─▶ Path ─▶ seen: geodetic, north-east-down, what the air is like

Exercises fly over a plane that touches the earth at the scenario's place, does not turn, and pulls the same everywhere.
This is the truth it leaves out: WGS 84, gravitation with J2, the earth's turning, the US Standard Atmosphere 1976, wind
by height, and damping of rotation by the air. Quaternions and integration are the same code in both: the kernels' own,
on lane 0 of a block. What the plane costs stands in docs/accuracy.md. No exercise needs this module; tests and studies
of accuracy do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hotwash.flight.six_dof import motion
from hotwash.geo.frames import FloatArray, ecef2geodetic, geodetic2ecef

GAMMA = 1.4  # of air, US Standard Atmosphere 1976
STATE = {
    "position_m": slice(0, 3),
    "velocity_mps": slice(3, 6),
    "quaternion": slice(6, 10),
    "rates_radps": slice(10, 13),
}


@dataclass(frozen=True)
class Body:
    """A rigid body whose axes are its principal axes."""

    mass_kg: float
    inertia_kgm2: tuple[float, float, float]  # about forward, left, up
    drag_area_m2: float = 0.0  # drag coefficient times area, the same from every side
    damping_m4: tuple[float, float, float] = (0.0, 0.0, 0.0)  # about the same axes: moment over density, airspeed, rate


@dataclass(frozen=True)
class Path:
    """Where a body was. Earth-fixed axes: x through 0 N 0 E, z through the north pole."""

    time_s: FloatArray  # (n,)
    position_m: FloatArray  # (n, 3)
    velocity_mps: FloatArray  # (n, 3) against the earth
    quaternion: FloatArray  # (n, 4) x y z w, body (forward, left, up) to earth-fixed
    rates_radps: FloatArray  # (n, 3) against the stars, body axes

    def last(self) -> dict[str, FloatArray]:
        """Return the end of the path as the state to fly on from."""
        return {name: getattr(self, name)[-1] for name in STATE}


@dataclass(frozen=True)
class Seen:
    """A path as an observer on the earth puts it; every field (n,) or (n, 3)."""

    lat_deg: FloatArray
    lon_deg: FloatArray
    height_hae_m: FloatArray
    velocity_ned_mps: FloatArray  # north, east, down where the body is
    euler_deg: FloatArray  # roll, pitch, yaw of axes forward, right, down against north, east, down
    gravitation_mps2: FloatArray  # the earth's turning not counted
    temperature_k: FloatArray
    pressure_pa: FloatArray
    density_kgpm3: FloatArray
    sound_mps: FloatArray


def damping_m4(
    area_m2: float, lengths_m: tuple[float, float, float], derivatives: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return a body's damping from its coefficients: reference area and lengths, and Cl of p, Cm of q, Cn of r.

    lengths_m, derivatives   about forward, left, up; the derivatives per p b / 2V, negative where they damp
    """
    about = zip(lengths_m, derivatives, strict=True)
    forward, left, up = (-0.25 * area_m2 * length * length * derivative for length, derivative in about)
    return forward, left, up


def release(
    lat_deg: float,
    lon_deg: float,
    height_hae_m: float,
    *,
    rates_radps: ArrayLike = (0.0, 0.0, 0.0),
    velocity_mps: ArrayLike = (0.0, 0.0, 0.0),
    heading_deg: float = 0.0,
) -> dict[str, FloatArray]:
    """Return the state of a body let go level; without more, at rest against the earth, nose north.

    rates_radps   (3,) against the stars, body axes forward, left, up
    velocity_mps   (3,) against the earth, towards east, north, up
    heading_deg   where its nose points, clockwise from north
    """
    axes = _local_axes(np.array([lat_deg]), np.array([lon_deg]))[0]
    east, north = math.sin(math.radians(heading_deg)), math.cos(math.radians(heading_deg))
    forward_left_up = np.stack([east * axes[0] + north * axes[1], east * axes[1] - north * axes[0], axes[2]], axis=1)
    return {
        "position_m": np.array([float(part) for part in geodetic2ecef(lat_deg, lon_deg, height_hae_m)]),
        "velocity_mps": np.asarray(velocity_mps, dtype=np.float64) @ axes,
        "quaternion": _quaternion(forward_left_up),
        "rates_radps": np.asarray(rates_radps, dtype=np.float64),
    }


def fly(
    body: Body,
    state0: Mapping[str, ArrayLike],
    *,
    wind_mps: ArrayLike = (0.0, 0.0, 0.0),
    wind_heights_m: ArrayLike = (0.0,),
    push_n: ArrayLike = (0.0, 0.0, 0.0),
    step_s: float = 0.01,
    seconds: float,
    record_every: int = 10,
) -> Path:
    """Return where a body goes, one row at the start and one after each `record_every` steps.

    state0     position_m, velocity_mps, quaternion, rates_radps as in Path
    wind_mps   (3,) towards east, north, up where the body is, the same at all heights; or (n, 3), one for each height
    wind_heights_m   (n,) rising, above the ellipsoid; between them the wind changes evenly, beyond them it stays
    push_n     (3,) a steady force on the body besides gravitation and drag, the same axes [N]
    seconds    rounded to whole rows

    The body has drag, and no moments but damping: without that it turns freely. Heights above 20 km take the air's
    second layer on.
    """
    count = round(seconds / (step_s * record_every))
    rows = np.zeros((count + 1, motion.SIX))
    for name, columns in STATE.items():
        rows[0, columns] = state0[name]
    numbers = np.array([body.mass_kg, *body.inertia_kgm2, body.drag_area_m2, *body.damping_m4])
    heights, winds = np.array(wind_heights_m, dtype=np.float64), np.array(wind_mps, dtype=np.float64).reshape(-1, 3)
    motion.six_fly(rows, numbers, heights, winds, np.array(push_n, dtype=np.float64), step_s, record_every)
    time_s: FloatArray = np.arange(count + 1, dtype=np.float64) * (step_s * record_every)
    return Path(time_s, **{name: rows[:, columns] for name, columns in STATE.items()})


def observe(path: Path) -> Seen:
    """Return a path in geodetic coordinates and local axes, with motion.gravitation and air at each place."""
    lat_deg, lon_deg, height_m = ecef2geodetic(*path.position_m.T)
    axes = _local_axes(lat_deg, lon_deg)
    enu = np.einsum("nij,nj->ni", axes, path.velocity_mps)
    temperature_k, pressure_pa = np.array([motion.standard_air(height) for height in height_m]).T
    gas = motion.AIR_GAS * temperature_k
    return Seen(
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        height_hae_m=height_m,
        velocity_ned_mps=np.stack([enu[:, 1], enu[:, 0], -enu[:, 2]], axis=1),
        euler_deg=_euler_deg(np.einsum("nij,njk->nik", axes, _matrix(path.quaternion))),
        gravitation_mps2=np.array([math.hypot(*motion.gravitation(*place)) for place in path.position_m]),
        temperature_k=temperature_k,
        pressure_pa=pressure_pa,
        density_kgpm3=pressure_pa / gas,
        sound_mps=np.sqrt(GAMMA * gas),
    )


def _local_axes(lat_deg: FloatArray, lon_deg: FloatArray) -> FloatArray:
    """Return the matrices (n, 3, 3) that turn earth-fixed axes to east, north, up."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    zero = np.zeros_like(lat)
    east = np.stack([-np.sin(lon), np.cos(lon), zero], axis=1)
    north = np.stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)], axis=1)
    return np.stack([east, north, np.cross(east, north)], axis=1)


def _matrix(quaternion: FloatArray) -> FloatArray:
    """Return the rotation matrices (n, 3, 3) of quaternions (n, 4), x y z w."""
    x, y, z, w = quaternion.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), 2, 0)


def _quaternion(turn: FloatArray) -> FloatArray:
    """Return the quaternion x y z w of one rotation matrix (3, 3), from its largest part.

    Source: Shepperd 1978, Journal of Guidance and Control 1 (3), 223-224.
    """
    xx, yy, zz = np.diag(turn)
    parts = np.array(
        [
            [1 + xx - yy - zz, turn[0, 1] + turn[1, 0], turn[0, 2] + turn[2, 0], turn[2, 1] - turn[1, 2]],
            [turn[0, 1] + turn[1, 0], 1 - xx + yy - zz, turn[1, 2] + turn[2, 1], turn[0, 2] - turn[2, 0]],
            [turn[0, 2] + turn[2, 0], turn[1, 2] + turn[2, 1], 1 - xx - yy + zz, turn[1, 0] - turn[0, 1]],
            [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1], 1 + xx + yy + zz],
        ]
    )
    row: FloatArray = parts[int(np.argmax(np.diag(parts)))]
    unit: FloatArray = row / np.linalg.norm(row)
    return unit


def _euler_deg(turn: FloatArray) -> FloatArray:
    """Return roll, pitch, yaw (n, 3) of matrices (n, 3, 3) that turn forward, left, up to east, north, up."""
    forward, left, up = turn[:, :, 0], turn[:, :, 1], turn[:, :, 2]
    roll = np.arctan2(left[:, 2], up[:, 2])
    pitch = np.arctan2(forward[:, 2], np.hypot(left[:, 2], up[:, 2]))
    yaw = np.arctan2(forward[:, 0], forward[:, 1])
    euler_deg: FloatArray = np.degrees(np.stack([roll, pitch, yaw], axis=1))
    return euler_deg
