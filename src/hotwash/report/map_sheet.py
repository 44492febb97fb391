"""From the ellipsoid to the sheet: a conformal picture around one place, north up.

Shapes and bearings hold; 500 km from the middle, lengths are drawn 0.15 % too long, which no reader can see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Point = tuple[float, float]

EARTH_KM = 6371.0088
ECCENTRICITY_SQUARED = 0.00669437999014
STEPS_DEG = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
POLE_DEG = 90.0 - 1e-7  # a centimetre from the pole, where the tangent is still finite
FARTHEST_DEG = 60.0  # beyond this the picture stretches past use, so nothing there is drawn
FARTHEST_GROUND_DEG = 179.9  # only the opposite end of the earth has no place in the picture
FARTHEST_KM = 2.0 * EARTH_KM * float(np.tan(np.radians(FARTHEST_DEG / 2.0)))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing of one stretch of ground.

    lat0_deg, lon0_deg   the middle
    km_per_unit          scale at the middle
    width, height        of the drawing, in its own units
    """

    lat0_deg: float
    lon0_deg: float
    km_per_unit: float
    width: float
    height: float

    def place(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return x to the right and y downwards of each position; nan beyond FARTHEST_DEG from the middle."""
        east_km, north_km = geodetic2plane(lat_deg, lon_deg, self.lat0_deg, self.lon0_deg)
        return self.width / 2 + east_km / self.km_per_unit, self.height / 2 - north_km / self.km_per_unit

    def stretch(self, lon_lat_deg: FloatArray) -> FloatArray:
        """Return x and y of (n, 2) longitudes and latitudes, finite all over the earth, to cut ground with."""
        lon_deg, lat_deg = lon_lat_deg.T
        east_km, north_km = geodetic2plane(
            lat_deg, lon_deg, self.lat0_deg, self.lon0_deg, farthest_deg=FARTHEST_GROUND_DEG
        )
        x, y = self.width / 2 + east_km / self.km_per_unit, self.height / 2 - north_km / self.km_per_unit
        return np.column_stack([x, y])

    def point(self, lat_deg: float, lon_deg: float) -> Point:
        x, y = self.place(lat_deg, lon_deg)
        return float(x), float(y)

    def holds(self, at: Point, *, margin: float = 0.0) -> bool:
        """Tell whether a point lies on the sheet, `margin` away from its edge."""
        x, y = at
        return margin <= x <= self.width - margin and margin <= y <= self.height - margin


def geodetic2plane(
    lat_deg: ArrayLike, lon_deg: ArrayLike, lat0_deg: float, lon0_deg: float, *, farthest_deg: float = FARTHEST_DEG
) -> tuple[FloatArray, FloatArray]:
    """Return east and north [km] of positions in the oblique stereographic picture around lat0, lon0; nan further off.

    Source: Snyder 1987, USGS PP 1395, equations 3-1 (conformal latitude), 21-2 to 21-4.
    """
    phi, phi0 = conformal_rad(lat_deg), conformal_rad(lat0_deg)
    turn = np.radians(np.asarray(lon_deg, dtype=np.float64) - lon0_deg)
    cos_c = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(turn)
    near = cos_c > np.cos(np.radians(farthest_deg))
    k = np.where(near, 2.0 * EARTH_KM / (1.0 + np.where(near, cos_c, 1.0)), np.nan)
    east = k * np.cos(phi) * np.sin(turn)
    north = k * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(turn))
    return east, north


def conformal_rad(lat_deg: ArrayLike) -> FloatArray:
    """Return the latitude on the sphere that keeps the ellipsoid's angles."""
    e = np.sqrt(ECCENTRICITY_SQUARED)
    phi = np.radians(np.clip(np.asarray(lat_deg, dtype=np.float64), -POLE_DEG, POLE_DEG))
    flat = ((1.0 - e * np.sin(phi)) / (1.0 + e * np.sin(phi))) ** (e / 2.0)
    return np.asarray(2.0 * np.arctan(np.tan(np.pi / 4.0 + phi / 2.0) * flat) - np.pi / 2.0, dtype=np.float64)


def around(
    lat_deg: ArrayLike, lon_deg: ArrayLike, *, width: float, margin: float, least_km: float, shape: tuple[float, float]
) -> Sheet:
    """Return the sheet that holds positions with a margin around them.

    width      of the drawing
    margin     share of the extent that stays free on each side
    least_km   no sheet shows less than this across
    shape      least and most height as a share of the width
    """
    lat, lon = (
        np.atleast_1d(np.asarray(lat_deg, dtype=np.float64)),
        np.atleast_1d(np.asarray(lon_deg, dtype=np.float64)),
    )
    lat0, lon0 = float(lat.min() + lat.max()) / 2.0, middle_lon_deg(lon)
    east, north = (np.nan_to_num(np.abs(side), nan=FARTHEST_KM) for side in geodetic2plane(lat, lon, lat0, lon0))
    across = max(float(2 * east.max()) * (1 + 2 * margin), least_km)
    up = max(float(2 * north.max()) * (1 + 2 * margin), least_km * shape[0])
    share = min(max(up / across, shape[0]), shape[1])
    km = max(across, up / share)
    return Sheet(lat0, lon0, km / width, width, width * share)


def middle_lon_deg(lon_deg: FloatArray) -> float:
    """Return the middle of longitudes, the short way round: between 179 and -179 it is 180, not 0."""
    turned = np.exp(1j * np.radians(lon_deg)).sum()
    about = float(np.degrees(np.angle(turned)))
    off = (lon_deg - about + 180.0) % 360.0 - 180.0
    middle = about + float(off.min() + off.max()) / 2.0
    return (middle + 180.0) % 360.0 - 180.0


def bar_km(longest_km: float) -> float:
    """Return the round length, 1, 2 or 5 times a power of ten, that fits into `longest_km`."""
    power = 10.0 ** np.floor(np.log10(longest_km))
    return float(max(step * power for step in (1.0, 2.0, 5.0) if step * power <= longest_km))


def grid_step_deg(extent_deg: float) -> float:
    """Return a round distance between the lines of a graticule, so that about four cross the extent."""
    return next((step for step in STEPS_DEG if extent_deg / step <= 5.5), 20.0)
