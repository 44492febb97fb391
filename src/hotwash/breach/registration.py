"""Which sensor each row of a track rests on, and how its errors move the row across a line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from hotwash.breach import paths as on_paths
from hotwash.breach.paths import Paths
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray

SingleArray = np.ndarray[Any, np.dtype[np.float32]]

_WINDOW = 11  # rows over which a track's sensors are averaged: a smoothed position rests on several plots


@dataclass(frozen=True)
class Registration:
    """s sensors and how far each may be off as a whole; none where nothing is known of them.

    lat_deg, lon_deg                            (s,) nan where the sensor has no position
    sigma_range_m, sigma_azimuth_deg, sigma_clock_s   (s,)
    weight                                      (n, s): how much each row of the paths rests on each sensor
    """

    sensor_id: tuple[str, ...] = ()
    lat_deg: FloatArray = field(default_factory=lambda: np.empty(0))
    lon_deg: FloatArray = field(default_factory=lambda: np.empty(0))
    sigma_range_m: FloatArray = field(default_factory=lambda: np.empty(0))
    sigma_azimuth_deg: FloatArray = field(default_factory=lambda: np.empty(0))
    sigma_clock_s: FloatArray = field(default_factory=lambda: np.empty(0))
    weight: FloatArray = field(default_factory=lambda: np.empty((0, 0)))

    def on_ground(self, paths: Paths, q: FloatArray) -> FloatArray:
        """Return how one sigma of each error moves a position, (k, 3, s, 2) east, north [m]."""
        where = on_paths.places(paths, q)
        distance_m, _, back_deg = geodesy.inverse(
            self.lat_deg, self.lon_deg, where.lat_deg[:, None], where.lon_deg[:, None]
        )
        is_placed = np.isfinite(distance_m)
        azimuth = np.radians(np.where(is_placed, back_deg + 180.0, 0.0))
        away = np.stack([np.sin(azimuth), np.cos(azimuth)], axis=-1)
        aside = np.stack([np.cos(azimuth), -np.sin(azimuth)], axis=-1)
        by_range = np.where(is_placed, self.sigma_range_m, 0.0)[..., None] * away
        turn_m = np.radians(self.sigma_azimuth_deg) * np.where(is_placed, distance_m, 0.0)
        velocity = np.column_stack([where.v_east_mps, where.v_north_mps])
        by_clock = self.sigma_clock_s[None, :, None] * velocity[:, None, :]
        moved: FloatArray = np.stack([by_range, turn_m[..., None] * aside, by_clock], axis=1)
        weight = self.weight[np.floor(q).astype(np.int64)]
        return moved * weight[:, None, :, None]

    def across(self, paths: Paths, q: FloatArray, inward: FloatArray) -> SingleArray:
        """Return how one sigma of each error moves a position across the line, (k, 3 s) float32 [m]."""
        moved = np.einsum("kesc,kc->kes", self.on_ground(paths, q), inward)
        across: SingleArray = moved.reshape(q.size, -1).astype(np.float32)
        return across


def attach_sensors(
    paths: Paths,
    detections: pl.DataFrame,
    sensors: pl.DataFrame,
    *,
    sigma_range_m: float,
    sigma_azimuth_deg: float,
    sigma_clock_s: float,
    health: pl.DataFrame | None = None,
) -> tuple[Paths, Registration]:
    """Return the paths with what sensors add to their uncertainty, and the sensors' errors.

    detections   DETECTIONS: tells by `tracks.detection_id` which sensor a row rests on; a row without one rests
                 on those around it
    sensors      SENSORS; one without a position has a clock only
    sigma_…      of each sensor's common error, where `health` states none
    health       HEALTH: the sigmas of what was estimated hold where the tracks were corrected by it
    """
    names = tuple(sorted(set(sensors["sensor_id"].to_list())))
    if not names or detections.is_empty():
        return paths, Registration()
    placed = sensors.unique("sensor_id").sort("sensor_id")
    sigmas = zip(_corrected_sigmas(health, names), (sigma_range_m, sigma_azimuth_deg, sigma_clock_s), strict=True)
    range_m, azimuth_deg, clock_s = (np.where(np.isfinite(own), own, default) for own, default in sigmas)
    if not (range_m.any() or azimuth_deg.any() or clock_s.any()):
        return paths, Registration()
    lat, lon = (placed[name].fill_null(np.nan).to_numpy() for name in ("lat_deg", "lon_deg"))
    registration = Registration(names, lat, lon, range_m, azimuth_deg, clock_s, _weights(paths, detections, names))
    moved = registration.on_ground(paths, np.arange(paths.time_s.size, dtype=np.float64))
    extra_m = np.sqrt((moved**2).sum(axis=(1, 2, 3)))  # in its widest direction it is no more than in both
    return replace(paths, extra_m=extra_m), registration


def _corrected_sigmas(health: pl.DataFrame | None, names: tuple[str, ...]) -> list[FloatArray]:
    columns = ("sigma_range_bias_m", "sigma_azimuth_bias_deg", "sigma_clock_offset_s")
    if health is None:
        return [np.full(len(names), np.nan) for _ in columns]
    corrected = health.filter(pl.col("is_corrected").fill_null(value=False))
    of_sensors = pl.DataFrame({"sensor_id": list(names)}).join(
        corrected, on="sensor_id", how="left", maintain_order="left"
    )
    return [of_sensors[name].fill_null(np.nan).to_numpy() for name in columns]


def _weights(paths: Paths, detections: pl.DataFrame, names: tuple[str, ...]) -> FloatArray:
    """Return how much each row rests on each sensor: its share of the plots around."""
    place = {name: number for number, name in enumerate(names)}
    sensor_of = detections.select(
        "detection_id", sensor=pl.col("sensor_id").replace_strict(place, default=-1, return_dtype=pl.Int64)
    )
    rows = pl.DataFrame({"detection_id": paths.detection_id}).join(
        sensor_of, on="detection_id", how="left", maintain_order="left"
    )
    sensor = rows["sensor"].fill_null(-1).to_numpy()
    is_of = (sensor[:, None] == np.arange(len(names))).astype(np.float64)
    total = np.vstack([np.zeros(len(names)), np.cumsum(is_of, axis=0)])
    row = np.arange(sensor.size)
    low = np.maximum(row - _WINDOW // 2, paths.first[paths.track])
    high = np.minimum(row + _WINDOW // 2 + 1, paths.first[paths.track + 1])
    near, whole = total[high] - total[low], total[paths.first[paths.track + 1]] - total[paths.first[paths.track]]
    share = np.where(near.sum(axis=1, keepdims=True) > 0.0, near, whole)
    weight: FloatArray = share / np.maximum(share.sum(axis=1, keepdims=True), 1.0)
    return weight
