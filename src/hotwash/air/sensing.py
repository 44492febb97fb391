"""What sensors would have reported of a known truth: the one simulator of tests, benchmarks and exercises.

TRUTH, SENSORS ─▶ looks ─▶ where each object was then ─▶ in range? in sight? detected? ─▶ noise, bias ─┐
                                                                false detections ─────────────────────┼▶ DETECTIONS
                                                                clock, latency, order ────────────────┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from hotwash.air.clutter import false_plots
from hotwash.air.horizon import Terrain, is_in_sight
from hotwash.air.interpolation import US, BoolArray, IntArray, Motion, States, motion, states
from hotwash.air.sensor_models import DEFAULTS, UNKNOWN_SIZE_M2, Senses
from hotwash.errors import TableError
from hotwash.geo.frames import FloatArray, aer2geodetic, enu2geodetic, geodetic2aer, geodetic2ecef
from hotwash.model import schema, tables

UNSTATED_PROBABILITY = 0.9
_NOBODY = -1  # whose plot a false one is
_MOST_BACK_DEG = 30.0  # a drone at 50 m/s turns through this in 4 s at 400 m
_BEAM_STEPS = 3  # each shrinks the error by target speed over beam speed, some 1e-3 at the worst


@dataclass(frozen=True, slots=True)
class _Sensor:
    """One row of SENSORS, the unknown filled, with its senses."""

    sensor_id: str
    lat_deg: float
    lon_deg: float
    height_hae_m: float
    max_range_m: float
    period_us: int
    is_scanning: bool
    probability: float
    false_per_scan: float
    clock_offset_us: int
    senses: Senses


class _Plots(NamedTuple):
    """What one sensor measured, by true time; all (n,), `nan` where not measured."""

    time_us: IntArray
    owner: IntArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    height_hae_m: FloatArray
    range_m: FloatArray
    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    radial_speed_mps: FloatArray


class _Air(NamedTuple):
    """The world as all sensors meet it."""

    motion: Motion
    begin_us: int
    end_us: int
    idents: tuple[str | None, ...]
    ground_hae_m: float
    terrain_m: Terrain | None


def sense(
    truth: pl.DataFrame,
    sensors: pl.DataFrame,
    *,
    rng: np.random.Generator,
    senses: Mapping[str, Senses] | None = None,
    idents: Mapping[str, str] | None = None,
    start_utc: datetime | None = None,
    end_utc: datetime | None = None,
    ground_hae_m: float = 0.0,
    terrain_m: Terrain | None = None,
) -> pl.DataFrame:
    """Return what the sensors report.

    truth          TRUTH; between its rows objects are interpolated (`between`), beyond them they are not there.
                   An object without heights is taken to be on the ground
    sensors        SENSORS, each with a position. A detection_probability is that at short range (0.9 where null),
                   a false_per_scan is 0 where null, and so is a clock_offset_s
    senses         how a sensor measures, by sensor_id; the default of its kind elsewhere
    idents         what objects say of themselves, by object_id; an object that is not in it stays unseen by
                   sensors that give idents. Left out, every object but a bird says its object_id
    start_utc, end_utc   the recording; by default from the first row of truth to the last
    ground_hae_m   height of the smooth earth above the ellipsoid, for the horizon
    terrain_m      heights of the ground, for the horizon (`horizon.is_in_sight`)
    returns        DETECTIONS by reported time, numbered from 0; detections of one time stand in random order.
                   The same rng seed gives the same frame; a sensor added at the end changes no other's plots
    raises         TableError for a sensor without position, or with false detections and no max_range_m, and for
                   senses of a sensor that is not there

    A scan without rotation looks everywhere at once. Not modelled: beams and side lobes, plots that merge,
    second-trip echoes, several plots of one target, changes of size with aspect, a QNH (so no
    pressure altitude), and any answer of a target to being looked at.
    """
    if not truth.height:
        return schema.empty(tables.DETECTIONS)
    of = motion(truth)
    stated = pl.Series([start_utc, end_utc], dtype=schema.UTC).dt.epoch("us").to_list()
    begin_us, end_us = (int(of.time_us.min()), int(of.time_us.max()))
    begin_us, end_us = (stated[0] if start_utc else begin_us), (stated[1] if end_utc else end_us)
    air = _Air(of, begin_us, end_us, _idents(of, idents), ground_hae_m, terrain_m)
    found = [schema.empty(tables.DETECTIONS)]
    rows = sensors.to_dicts()
    for name in set(senses or {}) - {row["sensor_id"] for row in rows}:
        raise TableError("sensors", place=name, why="senses are given for it, but it is not among the sensors")
    for row, dice in zip(rows, rng.spawn(len(rows)), strict=True):
        found.append(_reports(_sensor(row, senses or {}), air, dice))
    whole = pl.concat(found)
    shuffled = whole.with_columns(pl.Series("_order", rng.random(whole.height))).sort("time_utc", "_order")
    return schema.conform(
        shuffled.drop("_order").with_columns(detection_id=pl.int_range(pl.len(), dtype=schema.I64)), tables.DETECTIONS
    )


def _idents(of: Motion, given: Mapping[str, str] | None) -> tuple[str | None, ...]:
    if given is not None:
        return tuple(given.get(name) for name in of.object_id)
    labelled = zip(of.object_id, of.class_label, strict=True)
    return tuple(None if label == "bird" else name for name, label in labelled)


def _sensor(row: Mapping[str, Any], given: Mapping[str, Senses]) -> _Sensor:
    name = row["sensor_id"]
    if row["lat_deg"] is None or row["lon_deg"] is None:
        raise TableError("sensors", place=name, why="it has no position; a simulated sensor must stand somewhere")
    own = given.get(name, DEFAULTS[row["kind"]])
    has_false = bool(row["false_per_scan"]) or any(sector.within_m is None for sector in own.sectors)
    if has_false and row["max_range_m"] is None and own.measures != "bearing":
        raise TableError("sensors", place=name, why="false detections need a max_range_m to be spread over")
    return _Sensor(
        sensor_id=name, lat_deg=row["lat_deg"], lon_deg=row["lon_deg"], height_hae_m=row["height_hae_m"] or 0.0,
        max_range_m=float("inf") if row["max_range_m"] is None else row["max_range_m"],
        period_us=round(US * (row["scan_period_s"] or own.period_s)), is_scanning=bool(row["scan_period_s"]),
        probability=UNSTATED_PROBABILITY if row["detection_probability"] is None else row["detection_probability"],
        false_per_scan=row["false_per_scan"] or 0.0, clock_offset_us=round(US * (row["clock_offset_s"] or 0.0)),
        senses=own,
    )  # fmt: skip


def _reports(sensor: _Sensor, air: _Air, rng: np.random.Generator) -> pl.DataFrame:
    """Return DETECTIONS of one sensor, in no order and not numbered."""
    owner, time_us = _looks(sensor, air, rng)
    seen = states(air.motion, owner, time_us)
    plots = _measured(sensor, air, seen, owner, time_us, rng)
    both = _joined(plots, _false(sensor, air, rng))
    is_on = np.ones(both.time_us.size, dtype=np.bool_)
    for interval in sensor.senses.outages:
        begin, end = pl.Series(interval, dtype=schema.UTC).dt.epoch("us")
        is_on &= (both.time_us < begin) | (both.time_us >= end)
    return _frame(sensor, _chosen(both, is_on), air, rng)


def _joined(*parts: _Plots) -> _Plots:
    columns: list[Any] = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return _Plots(*columns)


def _chosen(plots: _Plots, is_chosen: BoolArray) -> _Plots:
    columns: list[Any] = [column[is_chosen] for column in plots]
    return _Plots(*columns)


# ---------------------------------------------------------------- when it looks


def _scan_starts(sensor: _Sensor, air: _Air) -> IntArray:
    first = air.begin_us + round(US * sensor.senses.phase_s)
    return np.arange(first, air.end_us + 1, sensor.period_us, dtype=np.int64)


def _looks(sensor: _Sensor, air: _Air, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Return whom the sensor looks at and when: (m,) index of the object, (m,) true µs."""
    of = air.motion
    lives = zip(of.time_us[of.first[:-1]], of.time_us[of.first[1:] - 1], strict=True)
    starts = _scan_starts(sensor, air)
    whose, times = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for nth, (begin, end) in enumerate(lives):
        if sensor.is_scanning:
            # A turning beam may meet the object within the scan that begins just before its life.
            early = begin - sensor.period_us if sensor.senses.is_rotating else begin
            own = starts[np.searchsorted(starts, early) : np.searchsorted(starts, end, side="right")]
        else:
            phase = int(rng.integers(sensor.period_us))
            own = np.arange(max(begin, air.begin_us) + phase, min(end, air.end_us) + 1, sensor.period_us)
        whose.append(np.full(own.size, nth, dtype=np.int64))
        times.append(own.astype(np.int64))
    owner, time_us = np.concatenate(whose), np.concatenate(times)
    if sensor.is_scanning and sensor.senses.is_rotating:
        return _met(sensor, air, owner, time_us)
    return owner, time_us


def _met(sensor: _Sensor, air: _Air, owner: IntArray, start_us: IntArray) -> tuple[IntArray, IntArray]:
    """Return looks at the times when the turning beam met them: north at the scan's beginning, clockwise."""
    guess = _azimuth_at(sensor, air, owner, start_us)
    # One that goes against the beam over north is met twice in that scan: at its beginning and at its end.
    again = np.flatnonzero(guess < _MOST_BACK_DEG)
    owner, start_us = np.concatenate([owner, owner[again]]), np.concatenate([start_us, start_us[again]])
    guess = np.concatenate([guess, guess[again] + 360.0])
    for _ in range(_BEAM_STEPS):
        azimuth = _azimuth_at(sensor, air, owner, start_us + _turn_us(sensor, guess))
        guess = guess + (azimuth - guess + 180.0) % 360.0 - 180.0  # near the last guess, beyond north too
    at_us = start_us + _turn_us(sensor, guess)
    # One that goes with the beam over north is met by the next scan, not by both.
    is_kept = (at_us >= start_us) & (at_us < start_us + sensor.period_us)
    is_kept &= (at_us >= air.begin_us) & (at_us <= air.end_us)
    return owner[is_kept], at_us[is_kept]


def _turn_us(sensor: _Sensor, azimuth_deg: FloatArray) -> IntArray:
    """Return how long the beam takes from north to an azimuth [µs]."""
    return np.rint(sensor.period_us * azimuth_deg / 360.0).astype(np.int64)


def _azimuth_at(sensor: _Sensor, air: _Air, owner: IntArray, time_us: IntArray) -> FloatArray:
    """Return the true azimuth of objects; before and after their life that of its ends."""
    of = air.motion
    begins, ends = of.time_us[of.first[:-1]][owner], of.time_us[of.first[1:] - 1][owner]
    return _seen_from(sensor, air, states(of, owner, np.clip(time_us, begins, ends)))[0]


# ---------------------------------------------------------------- what it measures


def _seen_from(sensor: _Sensor, air: _Air, seen: States) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the true azimuth, elevation and range."""
    height = np.where(np.isnan(seen.height_hae_m), air.ground_hae_m, seen.height_hae_m)
    return geodetic2aer(seen.lat_deg, seen.lon_deg, height, sensor.lat_deg, sensor.lon_deg, sensor.height_hae_m)


def _measured(
    sensor: _Sensor, air: _Air, seen: States, owner: IntArray, time_us: IntArray, rng: np.random.Generator
) -> _Plots:
    """Return the plots of real targets."""
    own = sensor.senses
    azimuth, elevation, distance = _seen_from(sensor, air, seen)
    radial = _radial_speed_mps(sensor, seen)
    is_seen = seen.is_there & (rng.random(owner.size) < _probability(sensor, air, owner, distance))
    is_seen &= distance <= sensor.max_range_m
    if own.min_radial_speed_mps > 0.0:
        is_seen &= np.abs(radial) >= own.min_radial_speed_mps
    if own.gives_ident:
        is_seen &= np.array([ident is not None for ident in air.idents], dtype=np.bool_)[owner]
    kept = np.flatnonzero(is_seen)
    height = np.where(np.isnan(seen.height_hae_m), air.ground_hae_m, seen.height_hae_m)
    in_sight = is_in_sight(
        seen.lat_deg[kept], seen.lon_deg[kept], height[kept], sensor.lat_deg, sensor.lon_deg, sensor.height_hae_m,
        range_m=distance[kept], ground_hae_m=air.ground_hae_m, terrain_m=air.terrain_m,
    )  # fmt: skip
    kept = kept[in_sight]
    noise = rng.standard_normal((4, kept.size))
    lat, lon, above = _position(sensor, seen, kept, noise)
    return _Plots(
        time_us[kept],
        owner[kept],
        lat,
        lon,
        above,
        np.abs(distance[kept] + own.range_bias_m + own.sigma_range_m * noise[0]),
        azimuth[kept] + own.azimuth_bias_deg + own.sigma_azimuth_deg * noise[1],
        np.clip(elevation[kept] + own.elevation_bias_deg + own.sigma_elevation_deg * noise[2], -90.0, 90.0),
        radial[kept] + (own.sigma_radial_speed_mps or 0.0) * noise[3],
    )


def _radial_speed_mps(sensor: _Sensor, seen: States) -> FloatArray:
    """Return the speed along the line of sight, positive when receding; 0 where the target's speed is unknown."""
    eye = np.stack(geodetic2ecef(sensor.lat_deg, sensor.lon_deg, sensor.height_hae_m), axis=-1)
    sight = seen.place_m - eye
    along = np.einsum("ni,ni->n", sight, seen.velocity_mps) / np.maximum(np.linalg.norm(sight, axis=1), 1.0)
    return np.where(np.isnan(along), 0.0, along)


def _probability(sensor: _Sensor, air: _Air, owner: IntArray, distance_m: FloatArray) -> FloatArray:
    """Return the probability of detection, falling with range and growing with size.

    Source: for a target that fades from scan to scan (Swerling 1) Pd = Pfa^(1 / (1 + SNR)), and SNR goes with
    size / range^4; for Pd above some 0.2 this is exp(-k range^4 / size). k is set by reference_range_m.
    """
    own = sensor.senses
    if own.reference_range_m is None:
        return np.full(owner.size, sensor.probability)
    sizes = np.array([own.size_m2.get(label or "", UNKNOWN_SIZE_M2) for label in air.motion.class_label])
    fall: FloatArray = (distance_m / own.reference_range_m) ** 4 / sizes[owner]
    return np.asarray(sensor.probability * np.exp2(-np.nan_to_num(fall, nan=np.inf)), dtype=np.float64)


def _position(
    sensor: _Sensor, seen: States, kept: IntArray, noise: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    own = sensor.senses
    if own.measures != "position":
        none = np.full(kept.size, np.nan)
        return none, none, none
    east, north = own.sigma_horizontal_m * noise[0], own.sigma_horizontal_m * noise[1]
    lat, lon, _ = enu2geodetic(east, north, 0.0, seen.lat_deg[kept], seen.lon_deg[kept], 0.0)
    return lat, lon, seen.height_hae_m[kept] + own.sigma_height_m * noise[2]


def _false(sensor: _Sensor, air: _Air, rng: np.random.Generator) -> _Plots:
    """Return the plots of nothing."""
    own = sensor.senses
    starts = _scan_starts(sensor, air)
    found = false_plots(
        starts.size, false_per_scan=sensor.false_per_scan, max_range_m=sensor.max_range_m,
        period_s=sensor.period_us / US, senses=own, rng=rng,
    )  # fmt: skip
    time_us = starts[found.scan.astype(np.int64)]
    if not sensor.is_scanning:
        time_us = time_us + rng.integers(sensor.period_us, size=time_us.size)
    elif own.is_rotating:
        time_us = time_us + _turn_us(sensor, found.azimuth_deg)
    lat = lon = height = np.full(time_us.size, np.nan)
    if own.measures == "position":
        lat, lon, height = aer2geodetic(
            found.azimuth_deg, found.elevation_deg, found.range_m, sensor.lat_deg, sensor.lon_deg, sensor.height_hae_m
        )
    plots = _Plots(
        time_us, np.full(time_us.size, _NOBODY, dtype=np.int64), lat, lon, height, found.range_m, found.azimuth_deg,
        found.elevation_deg, found.radial_speed_mps,
    )  # fmt: skip
    return _chosen(plots, time_us <= air.end_us)


# ---------------------------------------------------------------- what it says


def _frame(sensor: _Sensor, plots: _Plots, air: _Air, rng: np.random.Generator) -> pl.DataFrame:
    """Return plots as DETECTIONS with only the columns that the sensor fills, times by its own clock."""
    own, count = sensor.senses, plots.time_us.size
    if not count:
        return schema.empty(tables.DETECTIONS)
    columns: dict[str, Any] = {
        "detection_id": np.zeros(count, dtype=np.int64),
        "sensor_id": [sensor.sensor_id] * count,
        "time_utc": pl.Series(plots.time_us + sensor.clock_offset_us).cast(schema.UTC),
    }
    if own.latency_s is not None:
        late_us = np.rint(US * own.latency_s * (1.0 + rng.exponential(size=count))).astype(np.int64)
        columns["received_utc"] = pl.Series(plots.time_us + late_us).cast(schema.UTC)
    if own.measures == "position":
        columns |= {"lat_deg": plots.lat_deg, "lon_deg": plots.lon_deg, "sigma_horizontal_m": own.sigma_horizontal_m}
        if own.is_3d:
            known = np.where(np.isnan(plots.height_hae_m), np.nan, own.sigma_height_m)
            columns |= {"height_hae_m": plots.height_hae_m, "sigma_height_m": known}
    else:
        columns |= _polar(own, plots)
    if own.gives_ident:
        said = [air.idents[one] if one != _NOBODY else None for one in plots.owner.tolist()]
        columns["ident"] = pl.Series(said, dtype=schema.TEXT)
    frame = pl.DataFrame(columns, schema_overrides={"sensor_id": schema.TEXT}).fill_nan(None)
    return schema.conform(frame, tables.DETECTIONS)


def _polar(own: Senses, plots: _Plots) -> dict[str, Any]:
    azimuth = plots.azimuth_deg % 360.0
    # A tiny negative angle plus 360 rounds to 360 itself, which is north, which is 0.
    columns: dict[str, Any] = {
        "azimuth_deg": np.where(azimuth >= 360.0, 0.0, azimuth),
        "sigma_azimuth_deg": own.sigma_azimuth_deg,
    }
    if own.is_3d:
        columns |= {"elevation_deg": plots.elevation_deg, "sigma_elevation_deg": own.sigma_elevation_deg}
    if own.measures == "polar":
        columns |= {"range_m": plots.range_m, "sigma_range_m": own.sigma_range_m}
    if own.sigma_radial_speed_mps is not None:
        columns |= {"radial_speed_mps": plots.radial_speed_mps, "sigma_radial_speed_mps": own.sigma_radial_speed_mps}
    return columns
