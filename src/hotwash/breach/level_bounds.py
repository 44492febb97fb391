"""Heights in another reference than they were measured in: not known, but between bounds that hold anywhere.

A track at 3,000 m above the ellipsoid is above 120 m above the ground wherever the ground is lower than 2,700 m. Such
bounds decide what lies far from a limit; nearer to it the height stays unknown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hotwash.geo.frames import FloatArray
from hotwash.geo.ground_heights import GEOID_HAE_M, ground_amsl_m
from hotwash.geo.zones import Zone

# Pressure at sea level has been between 870 hPa (1979) and 1,085 hPa (2001), so the level of 1,013.25 hPa between
# 1,300 m below and 600 m above the sea. Source: WMO archive of weather extremes; ICAO Doc 7488.
_LEVEL_AMSL_M = (-1300.0, 600.0)
# A layer of air is as thick as it is warm: from a quarter less in the coldest winter to 15 % more in a desert.
_THICKNESS = (0.75, 1.15)


class Bounds(NamedTuple):
    """Heights between two bounds, (n,) each [m]; equal where known, nan where nothing is known."""

    least: FloatArray
    most: FloatArray


def height_bounds(
    ref: str, zone: Zone, height_hae_m: FloatArray, pressure_altitude_m: FloatArray, *, sea_hae_m: float | None
) -> Bounds:
    """Return heights above a reference of a zone's limits: AGL, AMSL, FL or HAE; of UNK nothing is known.

    height_hae_m, pressure_altitude_m   (n,); nan where unknown
    sea_hae_m   height of mean sea level above the ellipsoid, there; None: nobody says
    """
    if ref == "UNK":
        return Bounds(*[np.full(height_hae_m.shape, np.nan)] * 2)
    above_sea = _above_sea(height_hae_m, pressure_altitude_m, sea_hae_m)
    if ref == "HAE":
        low, high = GEOID_HAE_M if sea_hae_m is None else (sea_hae_m, sea_hae_m)
        return _known_or(height_hae_m, Bounds(above_sea.least + low, above_sea.most + high))
    if ref == "FL":
        return _known_or(pressure_altitude_m, _by_pressure(above_sea))
    if ref == "AMSL":
        return above_sea
    ground = ground_amsl_m(zone.geometry)
    low, high = (np.nan, np.nan) if ground is None else ground
    return Bounds(above_sea.least - high, above_sea.most - low)


def sure_margin(margin: Bounds) -> FloatArray:
    """Return a margin on whose side there is no doubt, (n,) [m]: the bound nearest to 0; nan where bounds differ."""
    least, most = margin
    return np.select([least == most, most < 0.0, least > 0.0], [least, most, least], np.nan)


def _known_or(known: FloatArray, bounds: Bounds) -> Bounds:
    is_known = np.isfinite(known)
    return Bounds(np.where(is_known, known, bounds.least), np.where(is_known, known, bounds.most))


def _above_sea(height_hae_m: FloatArray, pressure_altitude_m: FloatArray, sea_hae_m: float | None) -> Bounds:
    low, high = GEOID_HAE_M if sea_hae_m is None else (sea_hae_m, sea_hae_m)
    by_height = Bounds(height_hae_m - high, height_hae_m - low)
    thick = [pressure_altitude_m * share for share in _THICKNESS]
    by_pressure = Bounds(np.minimum(*thick) + _LEVEL_AMSL_M[0], np.maximum(*thick) + _LEVEL_AMSL_M[1])
    is_known = np.isfinite(height_hae_m)
    return Bounds(*(np.where(is_known, one, other) for one, other in zip(by_height, by_pressure, strict=True)))


def _by_pressure(above_sea: Bounds) -> Bounds:
    least = np.minimum(*((above_sea.least - _LEVEL_AMSL_M[1]) / share for share in _THICKNESS))
    most = np.maximum(*((above_sea.most - _LEVEL_AMSL_M[0]) / share for share in _THICKNESS))
    return Bounds(least, most)
