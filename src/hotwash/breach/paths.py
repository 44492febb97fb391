"""Tracks as smooth paths: between two rows a cubic from both positions and both velocities.

A place on the paths is one number, the row coordinate q: 7.25 is a quarter of the time from row 7 to row 8.

    lat, lon ──▶ cubic in degrees          row 7 ●───.        v ─▶ tells how the curve leaves
    v_east, v_north ──▶ degrees a second            `──●  row 8
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.geo.frames import ECCENTRICITY_2, SEMI_MAJOR_M, FloatArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Over a longer pause the velocities at its ends tell little of the way between: 120 s is two half turns at the
# standard rate of 3 deg/s. The way is then taken as straight.
LONGEST_CURVE_S = 120.0
# Of a row without a variance: an en-route radar of 0.06 deg at 100 km.
UNSTATED_SIGMA_M = 100.0
# Of a row without a variance of velocity: a position error then keeps its memory over two turns of a slow radar.
UNSTATED_MEMORY_S = 20.0
# A memory below this would ask for more steps than any path has; above, the error is constant along the track.
_MEMORY_S = (0.5, 3600.0)
_UNSTATED_EXISTENCE = {"confirmed": 1.0, "coasting": 1.0, "tentative": 0.5}
_SLACK = 1.001  # lengths are taken at the ends of a segment: what the earth's curve adds between is less than this


@dataclass(frozen=True)
class Paths:
    """All tracks, sorted by track and time; n rows of t tracks.

    track_id, is_identified   (t,); whether any row of the track bears an identity
    first                     (t + 1,) int64: rows first[k] to first[k + 1] - 1 are track k
    track                     (n,) int64: the track of each row
    base_us, time_s           microseconds since 1970 of the first row of all, (n,) seconds since then
    lat_deg, lon_deg          (n,); longitudes go on beyond 180 where a track crosses the antimeridian
    rate0, rate1              (n, 2) lat, lon [deg/s] at the two ends of the segment that begins at the row
    lasts_s                   (n,) of the segment that begins at the row; 0 on a track's last row
    longest_m, fastest_m      (n,) of that segment: its length is no more; nor is a share u of it u × fastest_m
    cov_m2, cov_v_m2ps2       (n, 3) east, north, east-north
    memory_s                  (n,) how long a position error lasts
    height_hae_m, pressure_altitude_m, var_height_m2   (n,) nan where unknown
    existence                 (n,) probability that the object is there
    extra_m                   (n,) one standard deviation that errors common to a sensor add
    """

    track_id: IntArray
    is_identified: BoolArray
    first: IntArray
    track: IntArray
    base_us: int
    time_s: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    rate0: FloatArray
    rate1: FloatArray
    lasts_s: FloatArray
    longest_m: FloatArray
    fastest_m: FloatArray
    cov_m2: FloatArray
    cov_v_m2ps2: FloatArray
    memory_s: FloatArray
    height_hae_m: FloatArray
    pressure_altitude_m: FloatArray
    var_height_m2: FloatArray
    existence: FloatArray
    detection_id: IntArray
    extra_m: FloatArray

    @cached_property
    def segment_sigma_m(self) -> FloatArray:
        """Return the greatest standard deviation on the segment of each row, (n,), common errors included."""
        row = np.arange(self.time_s.size, dtype=np.int64)
        after = np.where(self.lasts_s > 0.0, row + 1, row)
        middle_m = widest_m(covariances(self, row.astype(np.float64) + np.where(self.lasts_s > 0.0, 0.5, 0.0)))
        own_m = widest_m(self.cov_m2)
        track_m = np.maximum(np.maximum(own_m, own_m[after]), middle_m)
        sigma_m: FloatArray = np.hypot(track_m, np.maximum(self.extra_m, self.extra_m[after]))
        return sigma_m


def drop_deleted_rows(tracks: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that count, sorted: all but those of deleted tracks."""
    return tracks.filter(pl.col("status") != "deleted").sort("track_id", "time_utc")


def paths(tracks: pl.DataFrame) -> Paths:
    """Return tracks as paths.

    tracks   TRACKS. A row without a variance takes UNSTATED_SIGMA_M; without a velocity, that of its neighbours;
             without an existence 1, or one half where it is tentative
    """
    rows = drop_deleted_rows(tracks)
    track_id, first = np.unique(rows["track_id"].to_numpy(), return_index=True)
    first = np.append(first, rows.height).astype(np.int64)
    track = np.repeat(np.arange(track_id.size), np.diff(first))
    stamp = rows["time_utc"].dt.epoch("us").to_numpy()
    base_us = int(stamp.min()) if stamp.size else 0
    time_s = (stamp - base_us) / 1e6
    lat, lon = rows["lat_deg"].to_numpy(), _unwrap(rows["lon_deg"].to_numpy(), first, track)
    is_last = np.zeros(rows.height, dtype=np.bool_)
    is_last[first[1:] - 1] = True
    lasts_s = np.where(is_last, 0.0, np.diff(time_s, append=time_s[-1:]))
    rate0, rate1 = _rates(rows, lat, lon, lasts_s, is_last)
    longest_m, fastest_m = _lengths(lat, lon, lasts_s, rate0, rate1)
    cov, cov_v, memory_s = _spreads(rows)
    is_identified = rows.group_by("track_id").agg(pl.col("ident").is_not_null().any()).sort("track_id")
    return Paths(
        track_id=track_id.astype(np.int64),
        is_identified=is_identified["ident"].to_numpy(),
        first=first,
        track=track,
        base_us=base_us,
        time_s=time_s,
        lat_deg=lat,
        lon_deg=lon,
        rate0=rate0,
        rate1=rate1,
        lasts_s=lasts_s,
        longest_m=longest_m,
        fastest_m=fastest_m,
        cov_m2=cov,
        cov_v_m2ps2=cov_v,
        memory_s=memory_s,
        **{name: _column(rows, name) for name in ("height_hae_m", "pressure_altitude_m", "var_height_m2")},
        existence=_existence(rows),
        detection_id=rows["detection_id"].fill_null(-1).to_numpy(),
        extra_m=np.zeros(rows.height),
    )


def _column(rows: pl.DataFrame, name: str, unknown: float = np.nan) -> FloatArray:
    return rows[name].fill_null(unknown).to_numpy().astype(np.float64)


def _existence(rows: pl.DataFrame) -> FloatArray:
    unstated = pl.col("status").replace_strict(_UNSTATED_EXISTENCE, return_dtype=pl.Float64)
    return rows.select(pl.coalesce("existence", unstated)).to_series().to_numpy().astype(np.float64)


def _unwrap(lon: FloatArray, first: IntArray, track: IntArray) -> FloatArray:
    turns = np.cumsum(np.round(np.diff(lon, prepend=lon[:1]) / 360.0))
    unwrapped: FloatArray = lon - 360.0 * (turns - turns[first[:-1]][track])
    return unwrapped


def metres_per_degree(lat_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how many metres a degree of latitude, and one of longitude, is worth at a latitude."""
    sine2 = np.sin(np.radians(lat_deg)) ** 2
    prime_m = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * sine2)
    meridian_m = prime_m * (1.0 - ECCENTRICITY_2) / (1.0 - ECCENTRICITY_2 * sine2)
    level_m = prime_m * np.maximum(np.cos(np.radians(lat_deg)), 1e-6)  # a pole has no east
    return np.radians(meridian_m), np.radians(level_m)


def _rates(
    rows: pl.DataFrame, lat: FloatArray, lon: FloatArray, lasts_s: FloatArray, is_last: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Return (n, 2) lat, lon [deg/s] at both ends of each row's segment."""
    per_lat, per_lon = metres_per_degree(lat)
    step = np.column_stack([np.diff(lat, append=lat[-1:]), np.diff(lon, append=lon[-1:])])
    chord = np.where(lasts_s[:, None] > 0.0, step / np.where(lasts_s > 0.0, lasts_s, 1.0)[:, None], 0.0)
    stated = np.column_stack([_column(rows, "v_north_mps") / per_lat, _column(rows, "v_east_mps") / per_lon])
    is_first = np.roll(is_last, 1)
    before = np.where(is_first[:, None], chord, np.roll(chord, 1, axis=0))
    after = np.where(is_last[:, None], before, chord)
    own = np.where(np.isfinite(stated), stated, (before + after) / 2.0)
    is_long = (lasts_s > LONGEST_CURVE_S)[:, None]
    return np.where(is_long, chord, own), np.where(is_long, chord, np.roll(own, -1, axis=0))


def _lengths(
    lat: FloatArray, lon: FloatArray, lasts_s: FloatArray, rate0: FloatArray, rate1: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return bounds of each segment from the three legs between the four control points of its cubic."""
    third = lasts_s[:, None] / 3.0
    step = np.column_stack([np.diff(lat, append=lat[-1:]), np.diff(lon, append=lon[-1:])])
    step[lasts_s == 0.0] = 0.0
    legs = np.stack([third * rate0, step - third * (rate0 + rate1), third * rate1])
    per_lat = np.maximum(*(metres_per_degree(some)[0] for some in (lat, np.roll(lat, -1))))
    per_lon = np.maximum(*(metres_per_degree(some)[1] for some in (lat, np.roll(lat, -1))))
    legs_m = np.hypot(legs[:, :, 0] * per_lat, legs[:, :, 1] * per_lon) * _SLACK
    return legs_m.sum(axis=0), 3.0 * legs_m.max(axis=0)


def _spreads(rows: pl.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return position and velocity covariances, (n, 3) each, and the memory of the position error, (n,)."""
    east, north = _column(rows, "var_east_m2"), _column(rows, "var_north_m2")
    is_stated = np.isfinite(east) & np.isfinite(north)
    both = np.where(is_stated, _column(rows, "cov_east_north_m2", 0.0), 0.0)
    east, north = (np.where(is_stated, some, UNSTATED_SIGMA_M**2) for some in (east, north))
    both = np.clip(both, -np.sqrt(east * north), np.sqrt(east * north))
    v_east, v_north = _column(rows, "var_v_east_m2ps2", 0.0), _column(rows, "var_v_north_m2ps2", 0.0)
    v_both = np.clip(
        _column(rows, "cov_v_east_north_m2ps2", 0.0), -np.sqrt(v_east * v_north), np.sqrt(v_east * v_north)
    )
    speed2 = v_east + v_north
    ratio = np.sqrt((east + north) / np.where(speed2 > 0.0, speed2, 1.0))
    memory_s = np.clip(np.where(speed2 > 0.0, ratio, UNSTATED_MEMORY_S), *_MEMORY_S)
    return np.column_stack([east, north, both]), np.column_stack([v_east, v_north, v_both]), memory_s


# ---------------------------------------------------------------- places on the paths


@dataclass(frozen=True)
class Places:
    """k places on the paths, all (k,) but cov_m2 (k, 3); longitudes in [-180, 180]."""

    time_s: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    v_east_mps: FloatArray
    v_north_mps: FloatArray


def split(paths: Paths, q: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the row before, the row after (of one track) and the share of the way, (k,) each."""
    row = np.floor(q).astype(np.int64)
    after = np.where(paths.lasts_s[row] > 0.0, row + 1, row)
    return row, after, q - row


def places(paths: Paths, q: FloatArray) -> Places:
    """Return where the paths are at row coordinates, (k,)."""
    row, after, u = split(paths, q)
    lasts = paths.lasts_s[row]
    axes = []
    for axis, value in enumerate((paths.lat_deg, paths.lon_deg)):
        start, end = paths.rate0[row, axis], paths.rate1[row, axis]
        step = value[after] - value[row]
        where = value[row] + u * u * (3.0 - 2.0 * u) * step
        where = where + lasts * u * (1.0 - u) * ((1.0 - u) * start - u * end)
        safe = np.where(lasts > 0.0, lasts, 1.0)
        rate = 6.0 * u * (1.0 - u) * step / safe + (1.0 - u) * (1.0 - 3.0 * u) * start - u * (2.0 - 3.0 * u) * end
        axes.append((where, np.where(lasts > 0.0, rate, start)))
    (lat, lat_rate), (lon, lon_rate) = axes
    per_lat, per_lon = metres_per_degree(lat)
    wrapped = np.where(np.abs(lon) > 180.0, (lon + 180.0) % 360.0 - 180.0, lon)
    return Places(
        paths.time_s[row] + u * lasts, np.clip(lat, -90.0, 90.0), wrapped, lon_rate * per_lon, lat_rate * per_lat
    )


def covariances(paths: Paths, q: FloatArray) -> FloatArray:
    """Return the position covariance at row coordinates, (k, 3) east, north, east-north [m²].

    Between rows: the two rows' in proportion, and what the errors of both velocities add to the curve.
    """
    row, after, u = split(paths, q)
    curved_s = np.minimum(paths.lasts_s[row], LONGEST_CURVE_S)
    leave, arrive = curved_s * u * (1.0 - u) ** 2, curved_s * u**2 * (1.0 - u)
    cov_m2: FloatArray = (
        (1.0 - u)[:, None] * paths.cov_m2[row]
        + u[:, None] * paths.cov_m2[after]
        + (leave**2)[:, None] * paths.cov_v_m2ps2[row]
        + (arrive**2)[:, None] * paths.cov_v_m2ps2[after]
    )
    return cov_m2


def widest_m(cov_m2: FloatArray) -> FloatArray:
    """Return the greatest standard deviation in any direction, (k,)."""
    east, north, both = cov_m2.T
    widest_m: FloatArray = np.sqrt((east + north) / 2.0 + np.hypot((east - north) / 2.0, both))
    return widest_m


def between(paths: Paths, low_s: float, high_s: float, track: int) -> FloatArray:
    """Return row coordinates of a track's rows from one time to another, and of both ends, (k,)."""
    rows = np.arange(paths.first[track], paths.first[track + 1])
    time_s = paths.time_s[rows]
    inner = rows[(time_s > low_s) & (time_s < high_s)]
    ends = coordinate(paths, np.array([low_s, high_s]), np.array([track, track]))
    return np.concatenate([ends[:1], inner.astype(np.float64), ends[1:]])


def coordinate(paths: Paths, time_s: FloatArray, track: IntArray) -> FloatArray:
    """Return the row coordinates of times on tracks, (k,); times beyond a track's ends give its ends."""
    q = np.empty(time_s.size)
    for place, (when, which) in enumerate(zip(time_s.tolist(), track.tolist(), strict=True)):
        low, high = int(paths.first[which]), int(paths.first[which + 1]) - 1
        row = low + int(np.searchsorted(paths.time_s[low : high + 1], when, side="right")) - 1
        row = min(max(row, low), high)
        lasts = paths.lasts_s[row]
        share = (when - paths.time_s[row]) / lasts if lasts > 0.0 else 0.0
        q[place] = row + min(max(share, 0.0), 1.0 - 1e-12)
    return q


def stamp(paths: Paths, time_s: Any) -> Any:
    """Return seconds since the first row as microseconds since 1970."""
    return np.rint(np.asarray(time_s) * 1e6).astype(np.int64) + paths.base_us
