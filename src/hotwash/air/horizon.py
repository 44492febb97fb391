"""What stands in the way of sight: the earth's curve as a radar sees it, and terrain where it is given.

Air bends a beam down about a quarter as much as the earth curves, so over an earth of 4/3 the radius beams are
straight. Source: Skolnik, Introduction to Radar Systems, 3rd ed., section 8.4; ITU-R P.834-9, section 3.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hotwash.air.interpolation import BoolArray
from hotwash.geo.frames import ECCENTRICITY_2, SEMI_MAJOR_M, FloatArray, ecef2geodetic, geodetic2ecef

Terrain = Callable[[FloatArray, FloatArray], FloatArray]

BENDING = 4.0 / 3.0
_TERRAIN_SAMPLES = 64  # over 60 km about one a kilometre: ridges narrower than that may be stepped over


def effective_radius_m(lat_deg: float) -> float:
    """Return 4/3 of the earth's mean radius of curvature at a latitude."""
    squeeze = 1.0 - ECCENTRICITY_2 * np.sin(np.radians(lat_deg)) ** 2
    return float(BENDING * SEMI_MAJOR_M * np.sqrt(1.0 - ECCENTRICITY_2) / squeeze)


def horizon_m(height_m: FloatArray, radius_m: float) -> FloatArray:
    """Return how far the smooth horizon is from a height above it [m]; below it 0."""
    return np.sqrt(2.0 * radius_m * np.maximum(height_m, 0.0))


def is_in_sight(
    lat_deg: FloatArray,
    lon_deg: FloatArray,
    height_hae_m: FloatArray,
    lat0_deg: float,
    lon0_deg: float,
    height0_hae_m: float,
    *,
    range_m: FloatArray,
    ground_hae_m: float = 0.0,
    terrain_m: Terrain | None = None,
) -> BoolArray:
    """Tell which targets a sensor sees over the horizon.

    lat_deg, …     (n,) targets
    lat0_deg, …    the sensor
    range_m        (n,) distance, taken as distance over the ground
    ground_hae_m   height of the smooth earth; on high ground give it, or sight reaches too far
    terrain_m      (n,) latitudes and longitudes to (n,) heights above the ellipsoid; then each way is looked
                   along, and the smooth horizon plays no part
    returns        (n,) bool
    """
    radius_m = effective_radius_m(lat0_deg)
    if terrain_m is None:
        reach_m = horizon_m(height_hae_m - ground_hae_m, radius_m)
        return range_m <= reach_m + horizon_m(np.asarray(height0_hae_m - ground_hae_m), radius_m)
    share = (np.arange(_TERRAIN_SAMPLES) + 0.5) / _TERRAIN_SAMPLES
    seen = np.stack(geodetic2ecef(lat_deg, lon_deg, 0.0), axis=-1)[:, None, :]
    eye = np.stack(geodetic2ecef(lat0_deg, lon0_deg, 0.0), axis=-1)
    lat, lon, _ = ecef2geodetic(*np.moveaxis(eye + share[:, None] * (seen - eye), -1, 0))
    beam_m = height0_hae_m + share * (height_hae_m[:, None] - height0_hae_m)
    beam_m -= (range_m[:, None] ** 2) * share * (1.0 - share) / (2.0 * radius_m)
    ground_m = np.asarray(terrain_m(lat.ravel(), lon.ravel()), dtype=np.float64).reshape(lat.shape)
    return np.asarray((ground_m <= beam_m).all(axis=1))
