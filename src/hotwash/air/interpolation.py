"""Truth between its rows: where each object was at any time of its life.

    TRUTH ─motion─▶ Motion (arrays) ─states─▶ States at chosen objects and times
          ─truth_at─▶ TRUTH at common times

Positions are interpolated earth-centred, so neither the antimeridian nor a pole is a special place. Where both
neighbouring rows have a velocity the curve is a cubic (Hermite), which keeps both; otherwise it is straight.
Before its first row and after its last an object is not there: nothing is extrapolated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.geo.frames import FloatArray, ecef2geodetic, geodetic2ecef
from hotwash.model import schema, tables

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

US = 1_000_000
_SPREAD_US = 1 << 43  # 100 days in µs: parts the times of one object from those of the next in one sorted array


@dataclass(frozen=True, slots=True)
class Motion:
    """Truth as arrays, rows sorted by object and time.

    object_id     (k,) names, sorted
    class_label   (k,) the first label of each object, or None
    first         (k + 1,) where the rows of each object begin; the last is n
    time_us       (n,) µs since 1970
    place_m       (n, 3) earth-centred
    velocity_mps  (n, 3) earth-centred; nan where unknown
    height_hae_m  (n,) nan where unknown
    """

    object_id: tuple[str, ...]
    class_label: tuple[str | None, ...]
    first: IntArray
    time_us: IntArray
    place_m: FloatArray
    velocity_mps: FloatArray
    height_hae_m: FloatArray


class States(NamedTuple):
    """What objects did at times, all (m,); `nan` where the object is not there.

    height_hae_m         nan too where the truth has none
    place_m              (m, 3) earth-centred; a height that is not known is taken as 0 here
    velocity_mps         (m, 3) earth-centred; nan where an object has a single row without velocity
    """

    is_there: BoolArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    height_hae_m: FloatArray
    place_m: FloatArray
    velocity_mps: FloatArray


def microseconds(times: pl.Series) -> IntArray:
    """Return times as µs since 1970; (n,) int64."""
    return times.dt.epoch("us").to_numpy().astype(np.int64)


def axes(lat_deg: FloatArray, lon_deg: FloatArray) -> FloatArray:
    """Return the unit vectors east, north and up at positions, earth-centred; (n, 3, 3), one a row."""
    lat_rad, lon_rad = np.radians(lat_deg), np.radians(lon_deg)
    sin_lat, cos_lat, sin_lon, cos_lon = np.sin(lat_rad), np.cos(lat_rad), np.sin(lon_rad), np.cos(lon_rad)
    none = np.zeros_like(sin_lat)
    east = np.stack([-sin_lon, cos_lon, none], axis=-1)
    north = np.stack([-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat], axis=-1)
    up = np.stack([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat], axis=-1)
    return np.stack([east, north, up], axis=-2)


def motion(truth: pl.DataFrame) -> Motion:
    """Return truth as arrays.

    truth    TRUTH, in any order, at most 100 days long
    """
    rows = truth.sort("object_id", "time_utc")
    lives = rows.group_by("object_id", maintain_order=True).agg(pl.len(), pl.col("class_label").drop_nulls().first())
    lat, lon, height = (rows[name].to_numpy().astype(np.float64) for name in ("lat_deg", "lon_deg", "height_hae_m"))
    level = np.where(np.isnan(height), 0.0, height)
    speeds = np.stack([rows[name].to_numpy().astype(np.float64) for name in _VELOCITY], axis=-1)
    # An object without any height flies level; one with heights but no climb has no velocity that we could trust.
    speeds[:, 2] = np.where(np.isnan(height) & np.isnan(speeds[:, 2]), 0.0, speeds[:, 2])
    return Motion(
        object_id=tuple(lives["object_id"].to_list()),
        class_label=tuple(lives["class_label"].to_list()),
        first=np.concatenate([[0], np.cumsum(lives["len"].to_numpy())]).astype(np.int64),
        time_us=microseconds(rows["time_utc"]),
        place_m=np.stack(geodetic2ecef(lat, lon, level), axis=-1),
        velocity_mps=np.einsum("ni,nij->nj", speeds, axes(lat, lon)),
        height_hae_m=height,
    )


_VELOCITY = ("v_east_mps", "v_north_mps", "v_up_mps")


def states(of: Motion, which: IntArray, time_us: IntArray) -> States:
    """Return where objects were and how they moved.

    of        as `motion` gives it
    which     (m,) index of the object
    time_us   (m,) µs since 1970; need not be sorted
    returns   States, (m,)
    """
    row, share, is_there = _between(of, which, time_us)
    after = np.minimum(row + 1, of.time_us.size - 1)
    gap_s = (of.time_us[after] - of.time_us[row]) / US
    is_curved = np.isfinite(of.velocity_mps[row] + of.velocity_mps[after]).all(axis=-1, keepdims=True)
    straight, slope = _straight(of, row, after, share, gap_s)
    curve, speed = _curve(of, row, after, share, gap_s)
    place = np.where(is_curved, curve, straight)
    velocity = np.where(is_curved, speed, slope)
    lat, lon, height = ecef2geodetic(place[:, 0], place[:, 1], place[:, 2])
    known = np.where(share > 0.0, of.height_hae_m[row] + of.height_hae_m[after], of.height_hae_m[row])
    gone = np.logical_not(is_there)
    lat[gone] = lon[gone] = np.nan
    place[gone] = velocity[gone] = np.nan
    return States(is_there, lat, lon, np.where(np.isnan(known) | gone, np.nan, height), place, velocity)


def _between(of: Motion, which: IntArray, time_us: IntArray) -> tuple[IntArray, FloatArray, BoolArray]:
    """Return the row at or before each time, how far towards the next row, and whether the object is there."""
    begins, ends = of.time_us[of.first[:-1]][which], of.time_us[of.first[1:] - 1][which]
    is_there: BoolArray = np.asarray((begins <= time_us) & (time_us <= ends))
    clipped = np.clip(time_us, begins, ends)
    origin = of.time_us.min()
    owner = np.repeat(np.arange(len(of.object_id)), np.diff(of.first))
    key = owner * _SPREAD_US + (of.time_us - origin)
    row = np.searchsorted(key, which * _SPREAD_US + (clipped - origin), side="right") - 1
    after = np.minimum(row + 1, of.time_us.size - 1)
    gap = np.maximum(of.time_us[after] - of.time_us[row], 1)
    return row, np.clip((clipped - of.time_us[row]) / gap, 0.0, 1.0), is_there


def _straight(
    of: Motion, row: IntArray, after: IntArray, share: FloatArray, gap_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return place and velocity on the straight way; the height is straight too, not sunk along the chord."""
    a, b, part = of.place_m[row], of.place_m[after], share[:, None]
    chord = a + part * (b - a)
    lat, lon, _ = ecef2geodetic(chord[:, 0], chord[:, 1], chord[:, 2])
    low, high = (np.nan_to_num(of.height_hae_m[one]) for one in (row, after))
    place = np.stack(geodetic2ecef(lat, lon, low + share * (high - low)), axis=-1)
    place = np.where(part > 0.0, place, a)  # there and back costs a nanometre: a row itself stays as it is
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(gap_s[:, None] > 0.0, (b - a) / gap_s[:, None], of.velocity_mps[row])
    slope = np.where((part > 0.0) | np.isnan(of.velocity_mps[row]), slope, of.velocity_mps[row])
    return place, slope


def _curve(
    of: Motion, row: IntArray, after: IntArray, share: FloatArray, gap_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return place and velocity on the cubic that has both ends' places and velocities."""
    t, gap = share[:, None], np.maximum(gap_s, 1e-6)[:, None]
    a, b, at_a, at_b = of.place_m[row], of.place_m[after], of.velocity_mps[row] * gap, of.velocity_mps[after] * gap
    place = a + t * at_a + t**2 * (3 * (b - a) - 2 * at_a - at_b) + t**3 * (2 * (a - b) + at_a + at_b)
    slope = at_a + 2 * t * (3 * (b - a) - 2 * at_a - at_b) + 3 * t**2 * (2 * (a - b) + at_a + at_b)
    return place, slope / gap


def truth_at(truth: pl.DataFrame, time_utc: pl.Series) -> pl.DataFrame:
    """Return truth at common times: one row for each object that is there.

    truth      TRUTH, in any order
    time_utc   the times, in any order; each counts once
    returns    TRUTH sorted by time and object, with the velocity of the interpolated way; attitude, airspeed and
               battery are null. Heights are null where one of the two neighbouring rows has none.

    A long gap between two rows of one object is bridged like a short one: cut such an object in two beforehand.
    """
    if not truth.height or not time_utc.len():
        return schema.empty(tables.TRUTH)
    of = motion(truth)
    times = np.unique(microseconds(time_utc))
    lows = np.searchsorted(times, of.time_us[of.first[:-1]])
    highs = np.searchsorted(times, of.time_us[of.first[1:] - 1], side="right")
    which = np.repeat(np.arange(len(of.object_id)), highs - lows)
    when = np.concatenate([times[low:high] for low, high in zip(lows, highs, strict=True)])
    order = np.lexsort((which, when))
    which, when = which[order], when[order]
    found = states(of, which, when)
    speed = np.einsum("nij,nj->ni", axes(found.lat_deg, found.lon_deg), found.velocity_mps)
    columns: dict[str, Any] = {
        "object_id": np.array(of.object_id, dtype=object)[which],
        "time_utc": pl.Series(when).cast(schema.UTC),
        "lat_deg": found.lat_deg,
        "lon_deg": found.lon_deg,
        "height_hae_m": found.height_hae_m,
        **{name: speed[:, axis] for axis, name in enumerate(_VELOCITY)},
        "class_label": pl.Series([of.class_label[one] for one in which.tolist()], dtype=schema.TEXT),
    }
    frame = pl.DataFrame(columns, schema_overrides={"object_id": schema.TEXT}).fill_nan(None)
    return schema.conform(frame, tables.TRUTH)
