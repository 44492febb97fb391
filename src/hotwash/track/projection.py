"""The plane that tracks are made in: an oblique stereographic projection of the ellipsoid, conformal.

Conformal means that a small circle stays a circle: angles are right, and lengths are off by one factor in all
directions, which is divided out wherever a speed or a covariance leaves the plane. So positions are exact, and
only what a length *between* places is used for feels the factor: it is 1 at the centre, and at most 1.0003 at
175 km, 1.001 at 350 km, 1.0035 at 700 km, 1.007 at 1,000 km, wherever on earth the centre lies.

Source: Snyder 1987, USGS Professional Paper 1395, pages 160-162.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hotwash.geo.frames import ECCENTRICITY_2, SEMI_MAJOR_M, FloatArray, ecef2geodetic, geodetic2ecef

_ECCENTRICITY = float(np.sqrt(ECCENTRICITY_2))
_POLAR_DEG = 89.9
_STEPS = 5  # each step of the inverse gains a factor of 150; five leave 1e-12 rad


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane that touches the earth at its centre."""

    lat0_deg: float
    lon0_deg: float


def plane_around(lat_deg: ArrayLike, lon_deg: ArrayLike) -> Plane:
    """Return the plane whose centre is amid these places, also over the antimeridian.

    lat_deg, lon_deg   (n,), at least one
    returns            a centre no nearer than 11 km to a pole, where the formulas lose their digits
    """
    x_m, y_m, z_m = geodetic2ecef(lat_deg, lon_deg, 0.0)
    lat, lon, _ = ecef2geodetic(x_m.mean(), y_m.mean(), z_m.mean())
    return Plane(min(max(float(lat), -_POLAR_DEG), _POLAR_DEG), float(lon))


def geodetic2plane(lat_deg: ArrayLike, lon_deg: ArrayLike, plane: Plane) -> tuple[FloatArray, FloatArray]:
    """Return x_m, y_m in the plane, y to the north at its centre.

    lat_deg, lon_deg   broadcast together; the place opposite the centre has none
    """
    sin_c, cos_c, sin_l, cos_l, sin_0, cos_0, radius_m = _sphere(lat_deg, lon_deg, plane)
    scale_m = 2.0 * radius_m / (1.0 + sin_0 * sin_c + cos_0 * cos_c * cos_l)
    return scale_m * cos_c * sin_l, scale_m * (cos_0 * sin_c - sin_0 * cos_c * cos_l)


def plane2geodetic(x_m: ArrayLike, y_m: ArrayLike, plane: Plane) -> tuple[FloatArray, FloatArray]:
    """Return lat_deg, lon_deg of places in the plane; there and back again is good to a micrometre."""
    x, y = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
    _, _, _, _, sin_0, cos_0, radius_m = _sphere(plane.lat0_deg, plane.lon0_deg, plane)
    away_m = np.hypot(x, y)
    angle_rad = 2.0 * np.arctan2(away_m, 2.0 * radius_m)
    sin_a, cos_a = np.sin(angle_rad), np.cos(angle_rad)
    toward_north = np.where(away_m > 0.0, y / np.where(away_m > 0.0, away_m, 1.0), 0.0)
    conformal_rad = np.arcsin(np.clip(cos_a * sin_0 + toward_north * sin_a * cos_0, -1.0, 1.0))
    lon_rad = np.arctan2(x * sin_a, away_m * cos_0 * cos_a - y * sin_0 * sin_a)
    lat_rad = conformal_rad
    isometric = np.arctanh(np.sin(conformal_rad))
    for _ in range(_STEPS):
        sine = np.sin(lat_rad)
        lat_rad = np.arcsin(np.tanh(isometric + _ECCENTRICITY * np.arctanh(_ECCENTRICITY * sine)))
    lon_deg = np.degrees(np.where(away_m > 0.0, lon_rad, 0.0)) + plane.lon0_deg
    return np.degrees(lat_rad), (lon_deg + 180.0) % 360.0 - 180.0


def true_north(lat_deg: ArrayLike, lon_deg: ArrayLike, plane: Plane) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return north_x, north_y, a unit vector to true north as it lies in the plane, and the factor of lengths."""
    lat_rad = np.radians(np.asarray(lat_deg, dtype=np.float64))
    sin_c, cos_c, sin_l, cos_l, sin_0, cos_0, radius_m = _sphere(lat_deg, lon_deg, plane)
    nearness = 1.0 + sin_0 * sin_c + cos_0 * cos_c * cos_l
    change = sin_0 * cos_c - cos_0 * sin_c * cos_l
    x, y = cos_c * sin_l / nearness, (cos_0 * sin_c - sin_0 * cos_c * cos_l) / nearness
    to_x = -sin_c * sin_l / nearness - x * change / nearness
    to_y = (cos_0 * cos_c + sin_0 * sin_c * cos_l) / nearness - y * change / nearness
    long = np.hypot(to_x, to_y)
    normal_m = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * np.sin(lat_rad) ** 2)
    on_sphere = np.where(cos_c > 1.0e-12, radius_m * cos_c / (normal_m * np.cos(lat_rad) + 1.0e-300), 1.0)
    return to_x / long, to_y / long, 2.0 / nearness * on_sphere


def _sphere(
    lat_deg: ArrayLike, lon_deg: ArrayLike, plane: Plane
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, float, float, float]:
    """Return sines and cosines of conformal latitude and longitude from the centre's, those of the centre, and R."""
    lat_rad, lat0_rad = np.radians(np.asarray(lat_deg, dtype=np.float64)), float(np.radians(plane.lat0_deg))
    lon_rad = np.radians(np.asarray(lon_deg, dtype=np.float64) - plane.lon0_deg)
    sin_c, sin_0 = _conformal_sine(np.sin(lat_rad)), float(_conformal_sine(np.sin(np.asarray(lat0_rad))))
    cos_c, cos_0 = np.sqrt(1.0 - sin_c**2), float(np.sqrt(1.0 - sin_0**2))
    normal_m = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * np.sin(lat0_rad) ** 2)
    radius_m = float(normal_m * np.cos(lat0_rad) / cos_0)
    return sin_c, cos_c, np.sin(lon_rad), np.cos(lon_rad), sin_0, cos_0, radius_m


def _conformal_sine(sine: FloatArray) -> FloatArray:
    """Return the sine of the conformal latitude of a geodetic latitude, given by its sine."""
    inside = np.clip(sine, -1.0 + 1.0e-15, 1.0 - 1.0e-15)
    found: FloatArray = np.tanh(np.arctanh(inside) - _ECCENTRICITY * np.arctanh(_ECCENTRICITY * inside))
    return found
