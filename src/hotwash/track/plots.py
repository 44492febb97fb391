"""Detections to plots in the plane, each with its covariance; and how plots make up scans.

range, azimuth [, elevation | height] ─▶ geodetic ─▶ plane      a plot without height lies at the sensor's height
position ────────────────────────────────────────▶ plane
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.geo.frames import FloatArray, aer2geodetic
from hotwash.track import bearings
from hotwash.track.arrays import IntArray
from hotwash.track.projection import Plane, geodetic2plane, true_north

_EARTH_M = 6_371_000.0  # mean radius: only the small dip of the horizon comes from it

# What is taken where a detection states no sigma; a remark then says so.
ASSUMED_RANGE_M, ASSUMED_AZIMUTH_DEG, ASSUMED_ELEVATION_DEG, ASSUMED_HORIZONTAL_M = 50.0, 0.5, 1.0, 50.0
ASSUMED_HEIGHT_M = 100.0
ASSUMED_REACH_M = 20_000.0  # of a sensor that gives bearings and states no reach
LEAST_SIGMA_M = 1.0  # no sensor is better than this against a moving object; a sigma of 0 would bind for ever


BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Placed:
    """Plots in the plane, in the order of the detections given.

    time_s        (n,) since the epoch of the recording; sensor (n,) number; ident (n,) number or -1
    place         (n, 5) x, y [m], rxx, rxy, ryy [m2]
    height        (n, 2) above the ellipsoid and its variance, nan where none was measured [m, m2]
    is_used       (n,) False where a detection gives no place
    row           (n,) the detection; where bearings cross, one may give several plots
    is_bearing    (n,) a bearing that crosses none: its place holds x, y of the sensor, angle, sigma [rad], reach [m]

    Of s sensors, s to 2 s - 1 are crossings of their bearings, and 2 s to 3 s - 1 their bearings.
    """

    time_s: FloatArray
    sensor: IntArray
    ident: IntArray
    place: FloatArray
    height: FloatArray
    is_used: BoolArray
    row: IntArray
    is_bearing: BoolArray


def place_detections(
    detections: pl.DataFrame, sensors: pl.DataFrame, plane: Plane, *, epoch_us: int,
    names: Mapping[str, int], assume_height_m: tuple[float, float] | None = None,
) -> Placed:  # fmt: skip
    """Return detections as plots.

    detections        DETECTIONS; every sensor_id stands in sensors
    sensors           SENSORS
    epoch_us          time 0 of the plots [µs since 1970]
    names             number of each identity
    assume_height_m   lowest and highest height of what has none

    Source of the polar covariance: Longbin, Xiaoquan, Yiyu, Kang, Bar-Shalom 1998, IEEE Transactions on Aerospace and
    Electronic Systems 34 (2), 670-672 (modified unbiased conversion).
    """
    index = {name: n for n, name in enumerate(sensors["sensor_id"].to_list())}
    sensor = detections["sensor_id"].replace_strict(index, return_dtype=pl.Int64).to_numpy()
    ident = detections["ident"].replace_strict(names, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()
    time_us = detections["time_utc"].cast(pl.Int64).to_numpy()
    n = detections.height
    found = Placed(
        (time_us - epoch_us) / 1.0e6, sensor, ident, np.full((n, 5), np.nan), np.full((n, 2), np.nan),
        np.zeros(n, np.bool_), np.arange(n), np.zeros(n, np.bool_),
    )  # fmt: skip
    column = {name: detections[name].to_numpy() for name in _COLUMNS}
    has_place = np.isfinite(column["lat_deg"]) & np.isfinite(column["lon_deg"])
    _put_positions(found, column, np.flatnonzero(has_place), plane)
    is_polar = ~has_place & np.isfinite(column["range_m"]) & np.isfinite(column["azimuth_deg"])
    stands = {name: sensors[name].to_numpy() for name in ("lat_deg", "lon_deg", "height_hae_m")}
    stands_somewhere = np.isfinite(stands["lat_deg"][sensor]) & np.isfinite(stands["lon_deg"][sensor])
    _put_polar(found, column, np.flatnonzero(is_polar & stands_somewhere), stands, plane, assume_height_m)
    found.is_used[:] = np.isfinite(found.place).all(axis=1)
    is_line = ~has_place & ~is_polar & np.isfinite(column["azimuth_deg"]) & stands_somewhere
    return _with_bearings(found, column, np.flatnonzero(is_line), sensors, plane) if is_line.any() else found


_COLUMNS = (
    *("lat_deg", "lon_deg", "height_hae_m", "height_amsl_m", "pressure_altitude_m", "range_m", "azimuth_deg"),
    *("elevation_deg", "sigma_horizontal_m", "sigma_height_m", "sigma_range_m", "sigma_azimuth_deg"),
    "sigma_elevation_deg",
)
Columns = Mapping[str, FloatArray]


def _put_positions(found: Placed, column: Columns, rows: IntArray, plane: Plane) -> None:
    lat, lon = column["lat_deg"][rows], column["lon_deg"][rows]
    found.place[rows, 0], found.place[rows, 1] = geodetic2plane(lat, lon, plane)
    _, _, scale = true_north(lat, lon, plane)
    sigma_m = np.maximum(_or(column["sigma_horizontal_m"][rows], ASSUMED_HORIZONTAL_M), LEAST_SIGMA_M) * scale
    found.place[rows, 2], found.place[rows, 3], found.place[rows, 4] = sigma_m**2, 0.0, sigma_m**2
    found.height[rows, 0] = column["height_hae_m"][rows]
    has_height = np.isfinite(column["height_hae_m"][rows])
    found.height[rows, 1] = np.where(has_height, _or(column["sigma_height_m"][rows], ASSUMED_HEIGHT_M) ** 2, np.nan)


def _put_polar(
    found: Placed, column: Columns, rows: IntArray, stands: Columns, plane: Plane, assume: tuple[float, float] | None
) -> None:
    sensor, range_m, azimuth = found.sensor[rows], column["range_m"][rows], column["azimuth_deg"][rows]
    lat0, lon0 = stands["lat_deg"][sensor], stands["lon_deg"][sensor]
    height0_m = _or(stands["height_hae_m"][sensor], 0.0)
    sigma_range_m = np.maximum(_or(column["sigma_range_m"][rows], ASSUMED_RANGE_M), LEAST_SIGMA_M)
    elevation, var_ground_m2 = _elevation(found, column, rows, range_m, height0_m, sigma_range_m, assume)
    sigma_rad = np.radians(_or(column["sigma_azimuth_deg"][rows], ASSUMED_AZIMUTH_DEG))
    # The mean of what may have given this azimuth lies a little nearer than the plot: 0.2 m at 50 km and 0.15 deg.
    nearer, twice = np.exp(-(sigma_rad**2) / 2.0), np.exp(-2.0 * sigma_rad**2)
    lat, lon, _ = aer2geodetic(azimuth, elevation, range_m * nearer, lat0, lon0, height0_m)
    x, y = geodetic2plane(lat, lon, plane)
    x0, y0 = geodetic2plane(lat0, lon0, plane)
    away_m = np.hypot(x - x0, y - y0)
    to_x, to_y = (
        np.where(away_m > 0, (x - x0) / np.where(away_m > 0, away_m, 1.0), 1.0),
        (y - y0) / np.where(away_m > 0, away_m, 1.0),
    )
    ground2_m2 = (range_m * np.cos(np.radians(elevation))) ** 2
    along_m2 = (ground2_m2 + var_ground_m2) * (1.0 + twice) / 2.0 - ground2_m2 * nearer**2
    across_m2 = np.maximum((ground2_m2 + var_ground_m2) * (1.0 - twice) / 2.0, LEAST_SIGMA_M**2)
    scale2 = true_north(lat, lon, plane)[2] ** 2
    found.place[rows, 0], found.place[rows, 1] = x, y
    found.place[rows, 2] = scale2 * (along_m2 * to_x**2 + across_m2 * to_y**2)
    found.place[rows, 3] = scale2 * (along_m2 - across_m2) * to_x * to_y
    found.place[rows, 4] = scale2 * (along_m2 * to_y**2 + across_m2 * to_x**2)


def _elevation(
    found: Placed, column: Columns, rows: IntArray, range_m: FloatArray, height0_m: FloatArray,
    sigma_range_m: FloatArray, assume: tuple[float, float] | None,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Return each polar plot's elevation angle, measured or from its height, and the variance of its ground range."""
    measured, height_m = column["elevation_deg"][rows], column["height_hae_m"][rows]
    other_m = np.where(
        np.isfinite(column["height_amsl_m"][rows]), column["height_amsl_m"][rows], column["pressure_altitude_m"][rows]
    )
    low, high = assume or (np.nan, np.nan)
    guessed_m = np.where(np.isfinite(other_m), other_m, _or(np.full(range_m.shape, (low + high) / 2.0), height0_m))
    from_height = elevation_of(range_m, _or(height_m, guessed_m), height0_m)
    elevation = np.where(np.isfinite(measured), measured, from_height)
    slope = np.radians(elevation)
    sigma_slope_rad = np.radians(_or(column["sigma_elevation_deg"][rows], ASSUMED_ELEVATION_DEG))
    along_m2 = (np.cos(slope) * sigma_range_m) ** 2
    along_m2 += np.where(np.isfinite(measured), (range_m * np.sin(slope) * sigma_slope_rad) ** 2, 0.0)
    is_guessed = ~np.isfinite(measured) & ~np.isfinite(height_m) & ~np.isfinite(other_m)
    if assume is not None:
        near, far = (
            range_m * np.cos(np.radians(elevation_of(range_m, np.full(range_m.shape, h), height0_m))) for h in assume
        )
        along_m2 += np.where(is_guessed, (near - far) ** 2 / 12.0, 0.0)  # a uniform law between the two
    sigma_height_m = _or(column["sigma_height_m"][rows], ASSUMED_HEIGHT_M)
    by_angle_m = height0_m + range_m * np.sin(slope) + (range_m * np.cos(slope)) ** 2 / (2.0 * _EARTH_M)
    by_angle_m2 = (range_m * np.cos(slope) * sigma_slope_rad) ** 2 + (np.sin(slope) * sigma_range_m) ** 2
    has_height = np.isfinite(height_m)
    found.height[rows, 0] = np.where(has_height, height_m, np.where(np.isfinite(measured), by_angle_m, np.nan))
    found.height[rows, 1] = np.where(
        has_height, sigma_height_m**2, np.where(np.isfinite(measured), by_angle_m2, np.nan)
    )
    return elevation, np.maximum(along_m2, LEAST_SIGMA_M**2)


def elevation_of(range_m: FloatArray, height_m: FloatArray, height0_m: FloatArray) -> FloatArray:
    """Return the elevation angle [deg] at which something at a slant range has a height, both above the ellipsoid.

    Source: the law of cosines with the earth's mean radius; where the range is shorter than the difference of the
    heights, straight up or down.
    """
    near_m, far_m = _EARTH_M + height0_m, _EARTH_M + height_m
    sine = (far_m**2 - near_m**2 - range_m**2) / np.maximum(2.0 * range_m * near_m, 1.0e-9)
    angle_deg: FloatArray = np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
    return angle_deg


def _or(values: FloatArray, otherwise: FloatArray | float) -> FloatArray:
    return np.where(np.isfinite(values), values, otherwise)


def _with_bearings(found: Placed, column: Columns, rows: IntArray, sensors: pl.DataFrame, plane: Plane) -> Placed:
    """Return the plots with those that bearings give: crossings, and bearings that cross none."""
    rows = rows[np.argsort(found.time_s[rows], kind="stable")]
    sensor, many = found.sensor[rows], sensors.height
    lat0, lon0 = (sensors[name].to_numpy()[sensor] for name in ("lat_deg", "lon_deg"))
    x, y = geodetic2plane(lat0, lon0, plane)
    north_x, north_y, _ = true_north(lat0, lon0, plane)
    angle = np.radians(column["azimuth_deg"][rows]) + np.arctan2(north_x, north_y)
    sigma = np.radians(np.maximum(_or(column["sigma_azimuth_deg"][rows], ASSUMED_AZIMUTH_DEG), 0.01))
    reach = _or(sensors["max_range_m"].cast(pl.Float64).to_numpy()[sensor], ASSUMED_REACH_M)
    later, earlier, place = bearings.cross_bearings(
        bearings.Lines(found.time_s[rows], sensor, x, y, angle, sigma, reach)
    )
    alone = np.setdiff1d(np.arange(rows.size), np.concatenate([later, earlier]))
    lines = np.column_stack([x, y, angle, sigma, reach])[alone]
    extra = np.concatenate([rows[later], rows[alone]])
    added = Placed(
        found.time_s[extra], np.concatenate([sensor[later] + many, sensor[alone] + 2 * many]), found.ident[extra],
        np.concatenate([place, lines]), np.full((extra.size, 2), np.nan), np.ones(extra.size, np.bool_), extra,
        np.arange(extra.size) >= later.size,
    )  # fmt: skip
    return Placed(*(np.concatenate([getattr(one, field.name) for one in (found, added)]) for field in fields(Placed)))


def select_plots(placed: Placed, rows: IntArray) -> Placed:
    """Return some plots, in the order of the rows given."""
    return Placed(*(getattr(placed, field.name)[rows] for field in fields(Placed)))


def find_duplicates(placed: Placed) -> BoolArray:
    """Return which plots repeat an earlier one: same sensor, time, identity, place and height (n,)."""
    is_again = np.zeros(placed.time_s.size, np.bool_)
    # Two places that agree in x to the last bit are rare; only those are looked at as a whole.
    suspects = np.flatnonzero(pl.Series(placed.place[:, 0]).is_duplicated().to_numpy())
    if suspects.size:
        columns = (placed.time_s, placed.sensor, placed.ident, placed.place, placed.height)
        whole = np.column_stack([column[suspects] for column in columns])
        is_first = pl.from_numpy(whole).select(pl.struct(pl.all()).is_first_distinct()).to_series()
        is_again[suspects] = ~is_first.to_numpy()
    return is_again
