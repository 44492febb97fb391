"""Points against a zone in height too: an unknown height leaves nothing out, and nothing is then decided.

above the floor, below the ceiling ─▶ margins [m], nan where unknown ─▶ Levelled: how likely inside, and was it told
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.breach.areas import has_ceiling, has_floor, is_limited
from hotwash.breach.level_bounds import Bounds, height_bounds, sure_margin
from hotwash.geo.frames import FloatArray
from hotwash.geo.zones import PLAINLY_INSIDE, PLAINLY_OUTSIDE, Placing, Zone, place_against, probability_inside

PRESSURE_SIGMA_M = 25.0  # altimetry error: 3 sigma is 245 ft, ICAO Doc 9574


class PlacedWithHeight(NamedTuple):
    """Where points are against a zone, height counted.

    placed      Placing; distance_m and sigma_m are those on the ground, probability and answer count the height too
    is_untold   (n,) whether a height would decide and is not known; the answer is then `undecided`
    """

    placed: Placing
    is_untold: NDArray[np.bool_]


def margins_m(
    zone: Zone, height_hae_m: FloatArray, pressure_altitude_m: FloatArray, *, sea_hae_m: float | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return how far points are above a zone's floor and below its ceiling, (n,) each [m].

    height_hae_m, pressure_altitude_m   (n,); nan where unknown
    sea_hae_m   height of mean sea level above the ellipsoid, there; None: nobody says
    returns     inf where there is no such limit; nan where the height that it is measured by is unknown and its bounds
                lie on both sides of the limit; where both lie on one side, the bound nearer to it
    """
    low_m = high_m = np.full(height_hae_m.size, np.inf)
    heights = (zone, height_hae_m, pressure_altitude_m)
    if has_floor(zone):
        above, floor_m = height_bounds(zone.floor_ref, *heights, sea_hae_m=sea_hae_m), zone.floor_m or 0.0
        low_m = sure_margin(Bounds(above.least - floor_m, above.most - floor_m))
    if has_ceiling(zone):
        above, ceiling_m = height_bounds(zone.ceiling_ref, *heights, sea_hae_m=sea_hae_m), zone.ceiling_m or 0.0
        high_m = sure_margin(Bounds(ceiling_m - above.most, ceiling_m - above.least))
    return low_m, high_m


def sigma_m(zone: Zone, variance_m2: FloatArray) -> FloatArray:
    """Return the standard deviation of heights, (n,) [m]; where none is stated, that of altimetry for flight levels."""
    by_pressure = "FL" in (zone.floor_ref, zone.ceiling_ref)
    stated = np.sqrt(variance_m2)
    return np.where(np.isfinite(stated), stated, PRESSURE_SIGMA_M if by_pressure else 0.0)


def place_with_height(
    tracks: pl.DataFrame, spread_m: FloatArray, zone: Zone, *, sea_hae_m: float | None = None
) -> PlacedWithHeight:
    """Return where rows of TRACKS are against a zone.

    spread_m   (n,) one standard deviation of each position, in any one direction [m]
    """
    placed = place_against(tracks["lat_deg"].to_numpy(), tracks["lon_deg"].to_numpy(), spread_m, zone)
    if not is_limited(zone):
        return PlacedWithHeight(placed, np.zeros(tracks.height, dtype=np.bool_))
    columns = ("height_hae_m", "pressure_altitude_m", "var_height_m2")
    height_m, pressure_m, variance_m2 = (tracks[name].fill_null(np.nan).to_numpy() for name in columns)
    low_m, high_m = margins_m(zone, height_m, pressure_m, sea_hae_m=sea_hae_m)
    error_m = sigma_m(zone, variance_m2)
    above, below = (probability_inside(np.where(np.isnan(one), np.inf, one), error_m) for one in (low_m, high_m))
    probability = placed.probability_inside * np.clip(above + below - 1.0, 0.0, 1.0)
    answer = np.full(probability.shape, "undecided", dtype="<U9")
    answer[probability >= PLAINLY_INSIDE] = "inside"
    answer[probability <= PLAINLY_OUTSIDE] = "outside"
    is_untold = (np.isnan(low_m) | np.isnan(high_m)) & ~(probability <= PLAINLY_OUTSIDE)
    answer[is_untold] = "undecided"
    return PlacedWithHeight(placed._replace(probability_inside=probability, answer=answer), is_untold)
