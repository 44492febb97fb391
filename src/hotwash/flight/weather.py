"""Weather as the kernel takes it, and where its gusts are more than their formulas say."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hotwash.flight import kernels
from hotwash.model.weather import Weather

FloatArray = NDArray[np.float64]

STANDARD_KGPM3 = 1.225  # what the airframes' numbers are for
LAPSE_KPM = 0.0065
LEAST_M = 0.1  # as in the kernel: the power of a height that is none is none
LOWEST_M, HIGHEST_M = kernels.LOWEST_FT * kernels.FEET_M, kernels.HIGHEST_FT * kernels.FEET_M


def weather_row(weather: Weather) -> FloatArray:
    """Return the fields of WEATHER, (WEATHERS,), for one world; nothing is added to the wind yet."""
    out = np.zeros(kernels.WEATHERS)
    towards = math.radians(weather.wind_from_deg + 180.0)
    east, north = math.sin(towards), math.cos(towards)
    out[kernels.WIND : kernels.WIND + 2] = weather.wind_mps * east, weather.wind_mps * north
    out[kernels.SHEAR], out[kernels.REFERENCE] = weather.shear_exponent, weather.wind_height_m
    out[kernels.ROUGHNESS] = weather.w20_mps
    out[kernels.ALONG : kernels.ALONG + 2] = east, north
    out[kernels.DENSITY] = weather.density_kgpm3 / STANDARD_KGPM3
    out[kernels.LAPSE] = LAPSE_KPM / (weather.temperature_c + 273.15)
    return out


def steady_wind(rows: FloatArray, height_m: FloatArray) -> FloatArray:
    """Return the wind that a kernel's step begins with where no gust blows yet: east and north, (n, 2) [m/s].

    rows       (n, WEATHERS)
    height_m   (n,) above the ground
    """
    share = (np.maximum(height_m, LEAST_M) / rows[:, kernels.REFERENCE]) ** rows[:, kernels.SHEAR]
    added = rows[:, kernels.ADDED : kernels.ADDED + 2]
    found: FloatArray = share[:, None] * rows[:, kernels.WIND : kernels.WIND + 2] + added
    return found


def is_extrapolated(height_m: FloatArray) -> NDArray[np.bool_]:
    """Tell where the gusts are beyond the heights of their formulas, 10 to 1,000 ft, and taken as at the nearer end.

    height_m   (n,) above ground
    """
    beyond: NDArray[np.bool_] = (height_m < LOWEST_M) | (height_m > HIGHEST_M)
    return beyond
