"""Geodesics on WGS 84: the shortest way over the ellipsoid, its length and its azimuths.

Every argument may be a number or an array; they are broadcast against each other, and every answer has the
common shape. `nan` stays `nan`. Heights play no part: distances are along the ellipsoid.

Source: Karney 2013, J. Geodesy 87, 43-55, doi:10.1007/s00190-012-0578-z, as PROJ computes it (15 nm).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from pyproj import Geod

from hotwash.errors import GeometryError
from hotwash.geo.frames import FloatArray

WGS84 = Geod(ellps="WGS84")


def inverse(
    lat0_deg: ArrayLike, lon0_deg: ArrayLike, lat1_deg: ArrayLike, lon1_deg: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return distance_m, azimuth_deg, back_azimuth_deg from the first positions to the second.

    azimuth_deg        at the first position, towards the second, in [0, 360)
    back_azimuth_deg   at the second position, towards the first, in [0, 360)

    Between a position and itself the azimuths have no meaning.
    """
    shape, (lat0, lon0, lat1, lon1) = _flat(lat0_deg, lon0_deg, lat1_deg, lon1_deg)
    azimuth_deg, back_azimuth_deg, distance_m = WGS84.inv(lon0, lat0, lon1, lat1)
    return _shaped(distance_m, shape), _turned(azimuth_deg, shape), _turned(back_azimuth_deg, shape)


def distance_m(lat_deg: ArrayLike, lon_deg: ArrayLike, lat1_deg: ArrayLike, lon1_deg: ArrayLike) -> FloatArray:
    """Return the distance between positions [m], element by element."""
    return inverse(lat_deg, lon_deg, lat1_deg, lon1_deg)[0]


def direct(
    lat0_deg: ArrayLike, lon0_deg: ArrayLike, azimuth_deg: ArrayLike, distance_m: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return lat_deg, lon_deg of the end of a geodesic from a position.

    azimuth_deg   at the start, clockwise from true north
    distance_m    a negative one goes backwards
    returns       longitudes in [-180, 180]
    """
    shape, (lat0, lon0, azimuth, length_m) = _flat(lat0_deg, lon0_deg, azimuth_deg, distance_m)
    lon_deg, lat_deg, _ = WGS84.fwd(lon0, lat0, azimuth, length_m)
    return _shaped(lat_deg, shape), _shaped(lon_deg, shape)


def pairwise_distance_m(
    lat_a_deg: ArrayLike, lon_a_deg: ArrayLike, lat_b_deg: ArrayLike, lon_b_deg: ArrayLike
) -> FloatArray:
    """Return the distance from each of one set of positions to each of another.

    lat_a_deg, lon_a_deg   (n,)
    lat_b_deg, lon_b_deg   (m,)
    returns                (n, m) float64 [m]
    """
    lat_a, lon_a = np.atleast_1d(lat_a_deg), np.atleast_1d(lon_a_deg)
    return distance_m(lat_a[:, None], lon_a[:, None], np.atleast_1d(lat_b_deg), np.atleast_1d(lon_b_deg))


def circle(lat0_deg: float, lon0_deg: float, radius_m: float, *, corners: int = 180) -> tuple[FloatArray, FloatArray]:
    """Return lat_deg, lon_deg of a closed ring of positions at one distance, counter-clockwise from north.

    radius_m   the distance of every corner; between corners the ring lies inside the circle, by up to
               radius_m x (1 - cos(180 deg / corners)): 1.5 m in 10 km with 180 corners
    returns    (corners + 1,) each, the first corner repeated; over the antimeridian lon_deg jumps by 360
    raises     GeometryError for a radius that is not above 0, or fewer than three corners
    """
    if not radius_m > 0.0 or corners < 3:
        raise GeometryError(
            f"circle of {radius_m} m with {corners} corners", why="a ring needs a radius above 0 and 3 corners"
        )
    azimuth_deg = -360.0 * np.arange(corners) / corners
    lat_deg, lon_deg = direct(lat0_deg, lon0_deg, azimuth_deg, radius_m)
    return np.append(lat_deg, lat_deg[0]), np.append(lon_deg, lon_deg[0])


def _flat(*arguments: ArrayLike) -> tuple[tuple[int, ...], list[FloatArray]]:
    """Return the common shape, and flat copies: PROJ does not broadcast, and writes into what it is given."""
    together = np.broadcast_arrays(*(np.asarray(argument, dtype=np.float64) for argument in arguments))
    return together[0].shape, [array.flatten() for array in together]


def _shaped(values: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    return np.asarray(values, dtype=np.float64).reshape(shape)


def _turned(azimuth_deg: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return azimuths in [0, 360)."""
    turned = _shaped(azimuth_deg, shape) % 360.0
    # A tiny negative angle plus 360 rounds to 360 itself, which is north, which is 0.
    return np.where(turned >= 360.0, 0.0, turned)
