"""Conversions between frames on WGS 84, all vectorised.

    geodetic   lat_deg, lon_deg, height_hae_m         height above the WGS 84 ellipsoid
    ecef       x_m, y_m, z_m                          x through 0 N 0 E, z through the north pole
    enu        east_m, north_m, up_m                  a flat frame that touches the earth at the observer
    aer        azimuth_deg, elevation_deg, range_m    clockwise from true north, up from the flat frame, slant

The observer is lat0_deg, lon0_deg, height0_hae_m. Every argument may be a number or an array; they are
broadcast against each other, and every answer has the common shape. `nan` stays `nan`. Angles are degrees
everywhere; longitudes come back in [-180, 180], azimuths in [0, 360). Elevations are geometric, without
refraction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

# Source: NGA.STND.0036 (WGS 84), table 3.1: semi-major axis and flattening define the ellipsoid.
SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1.0 / 298.257_223_563
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
ECCENTRICITY_2 = FLATTENING * (2.0 - FLATTENING)
SECOND_ECCENTRICITY_2 = ECCENTRICITY_2 / (1.0 - ECCENTRICITY_2)

# Measured over a million places from -10 km to 500 km: one step errs by up to 1.6e-8 deg, two by 2e-14 deg.
_BOWRING_STEPS = 2


def geodetic2ecef(
    lat_deg: ArrayLike, lon_deg: ArrayLike, height_hae_m: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x_m, y_m, z_m.

    lat_deg, lon_deg, height_hae_m   broadcast together
    """
    lat, lon, height_m = _common(lat_deg, lon_deg, height_hae_m)
    lat_rad, lon_rad = np.radians(lat), np.radians(lon)
    prime_vertical_m = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * np.sin(lat_rad) ** 2)
    from_axis_m = (prime_vertical_m + height_m) * np.cos(lat_rad)
    z_m = (prime_vertical_m * (1.0 - ECCENTRICITY_2) + height_m) * np.sin(lat_rad)
    return from_axis_m * np.cos(lon_rad), from_axis_m * np.sin(lon_rad), z_m


def ecef2geodetic(x_m: ArrayLike, y_m: ArrayLike, z_m: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return lat_deg, lon_deg, height_hae_m.

    x_m, y_m, z_m   broadcast together [m]
    returns         within 1e-9 deg and 1e-6 m for heights from -10 km to 500 km, poles and equator included;
                    on the earth's axis the longitude is 0

    Within some 50 km of the earth's centre the answer has no meaning.

    Source: Bowring 1976, Survey Review 23 (181), 323-327, repeated; the height formula is the one of
    Bowring 1985, Survey Review 28 (218), 202-206, which holds at the poles.
    """
    x, y, z = _common(x_m, y_m, z_m)
    from_axis_m = np.hypot(x, y)
    reduced_rad = np.arctan2(z * SEMI_MAJOR_M, from_axis_m * SEMI_MINOR_M)
    for _ in range(_BOWRING_STEPS):
        lat_rad = np.arctan2(
            z + SECOND_ECCENTRICITY_2 * SEMI_MINOR_M * np.sin(reduced_rad) ** 3,
            from_axis_m - ECCENTRICITY_2 * SEMI_MAJOR_M * np.cos(reduced_rad) ** 3,
        )
        reduced_rad = np.arctan2((1.0 - FLATTENING) * np.sin(lat_rad), np.cos(lat_rad))
    sine = np.sin(lat_rad)
    height_m = from_axis_m * np.cos(lat_rad) + z * sine - SEMI_MAJOR_M * np.sqrt(1.0 - ECCENTRICITY_2 * sine**2)
    return np.degrees(lat_rad), np.degrees(np.arctan2(y, x)), height_m


def geodetic2enu(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    height_hae_m: ArrayLike,
    lat0_deg: ArrayLike,
    lon0_deg: ArrayLike,
    height0_hae_m: ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return east_m, north_m, up_m as seen from the observer.

    The frame is flat: at 100 km a point on the ground has an up_m of about -785.
    """
    x_m, y_m, z_m = geodetic2ecef(lat_deg, lon_deg, height_hae_m)
    x0_m, y0_m, z0_m = geodetic2ecef(lat0_deg, lon0_deg, height0_hae_m)
    return _turn_to_enu(x_m - x0_m, y_m - y0_m, z_m - z0_m, lat0_deg, lon0_deg)


def enu2geodetic(
    east_m: ArrayLike,
    north_m: ArrayLike,
    up_m: ArrayLike,
    lat0_deg: ArrayLike,
    lon0_deg: ArrayLike,
    height0_hae_m: ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return lat_deg, lon_deg, height_hae_m of what the observer sees at east_m, north_m, up_m."""
    x0_m, y0_m, z0_m = geodetic2ecef(lat0_deg, lon0_deg, height0_hae_m)
    dx_m, dy_m, dz_m = _turn_to_ecef(east_m, north_m, up_m, lat0_deg, lon0_deg)
    return ecef2geodetic(x0_m + dx_m, y0_m + dy_m, z0_m + dz_m)


def enu2aer(east_m: ArrayLike, north_m: ArrayLike, up_m: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return azimuth_deg in [0, 360), elevation_deg, range_m.

    At the zenith and at range 0 the azimuth has no meaning, and is 0.
    """
    east, north, up = _common(east_m, north_m, up_m)
    level_m = np.hypot(east, north)
    azimuth_deg = np.degrees(np.arctan2(east, north)) % 360.0
    # A tiny negative angle plus 360 rounds to 360 itself, which is north, which is 0.
    azimuth_deg = np.where(azimuth_deg >= 360.0, 0.0, azimuth_deg)
    return azimuth_deg, np.degrees(np.arctan2(up, level_m)), np.hypot(level_m, up)


def aer2enu(
    azimuth_deg: ArrayLike, elevation_deg: ArrayLike, range_m: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return east_m, north_m, up_m."""
    azimuth, elevation, slant_m = _common(azimuth_deg, elevation_deg, range_m)
    azimuth_rad, elevation_rad = np.radians(azimuth), np.radians(elevation)
    level_m = slant_m * np.cos(elevation_rad)
    return level_m * np.sin(azimuth_rad), level_m * np.cos(azimuth_rad), slant_m * np.sin(elevation_rad)


def geodetic2aer(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    height_hae_m: ArrayLike,
    lat0_deg: ArrayLike,
    lon0_deg: ArrayLike,
    height0_hae_m: ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return azimuth_deg, elevation_deg, range_m of a position as the observer sees it, straight on."""
    return enu2aer(*geodetic2enu(lat_deg, lon_deg, height_hae_m, lat0_deg, lon0_deg, height0_hae_m))


def aer2geodetic(
    azimuth_deg: ArrayLike,
    elevation_deg: ArrayLike,
    range_m: ArrayLike,
    lat0_deg: ArrayLike,
    lon0_deg: ArrayLike,
    height0_hae_m: ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return lat_deg, lon_deg, height_hae_m of what the observer sees."""
    return enu2geodetic(*aer2enu(azimuth_deg, elevation_deg, range_m), lat0_deg, lon0_deg, height0_hae_m)


def _turn_to_enu(
    dx_m: FloatArray, dy_m: FloatArray, dz_m: FloatArray, lat0_deg: ArrayLike, lon0_deg: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    sin_lat, cos_lat, sin_lon, cos_lon = _sines(lat0_deg, lon0_deg)
    outward_m = cos_lon * dx_m + sin_lon * dy_m
    east_m = cos_lon * dy_m - sin_lon * dx_m
    return east_m, cos_lat * dz_m - sin_lat * outward_m, cos_lat * outward_m + sin_lat * dz_m


def _turn_to_ecef(
    east_m: ArrayLike, north_m: ArrayLike, up_m: ArrayLike, lat0_deg: ArrayLike, lon0_deg: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    east, north, up = _common(east_m, north_m, up_m)
    sin_lat, cos_lat, sin_lon, cos_lon = _sines(lat0_deg, lon0_deg)
    outward_m = cos_lat * up - sin_lat * north
    dx_m = cos_lon * outward_m - sin_lon * east
    return dx_m, sin_lon * outward_m + cos_lon * east, sin_lat * up + cos_lat * north


def _sines(lat0_deg: ArrayLike, lon0_deg: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    lat0_rad = np.radians(np.asarray(lat0_deg, dtype=np.float64))
    lon0_rad = np.radians(np.asarray(lon0_deg, dtype=np.float64))
    return np.sin(lat0_rad), np.cos(lat0_rad), np.sin(lon0_rad), np.cos(lon0_rad)


def _common(*arguments: ArrayLike) -> list[FloatArray]:
    return list(np.broadcast_arrays(*(np.asarray(argument, dtype=np.float64) for argument in arguments)))
