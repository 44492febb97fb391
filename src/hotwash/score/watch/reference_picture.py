"""The reference picture: what the seat's own tracker shows, made again from the detections as they came in.

    DETECTIONS ─ in the order received ─▶ Tracker ─▶ rows, each at the seat's first look that could show it

The seat's picture is made so too, so its tracks have the numbers that the decisions name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.breach.levels import place_with_height
from hotwash.breach.paths import widest_m
from hotwash.geo.frames import FloatArray
from hotwash.model.recording import Recording
from hotwash.score.picture_quality import COUNTED
from hotwash.score.watch.conditions import DRONE, FAST_MPS, HOLD_S, JET_MPS, LEAST_INSIDE, Conditions
from hotwash.track.live_tracks import track_live

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReferencePicture:
    """The confirmed rows of the reference picture, by track and then time; all (n,).

    time_s       the time that the estimate is for
    known_s      the seat's first look that showed it
    inside       probability that it is inside the border, as the seat is told; 0 where there is no border
    is_untold    a height would decide that, and is not known: the answer is undecided
    is_named     the track had said a name by then
    is_concern   it says no name and is faster than birds and slower than jets, or a sensor takes it for a drone
    """

    track_id: IntArray
    time_s: FloatArray
    known_s: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    v_east_mps: FloatArray
    v_north_mps: FloatArray
    inside: FloatArray
    is_untold: BoolArray
    is_named: BoolArray
    is_concern: BoolArray

    @property
    def tracks(self) -> IntArray:
        return np.unique(self.track_id)

    def rows_of(self, track: int) -> slice:
        """Return the rows of one track."""
        low, high = np.searchsorted(self.track_id, [track, track + 1])
        return slice(int(low), int(high))

    def inside_at(self, track: int, time_s: float, *, is_untold: bool = False) -> float:
        """Return the greatest probability inside that the picture gave a track of late; 0 where it named itself.

        is_untold   of the rows whose height would decide and is not known, in place of the others

        Of late is within HOLD_S: an object on the line is now in, now out.
        """
        rows = self.rows_of(track)
        seen = (self.known_s[rows] <= time_s) & (self.known_s[rows] >= time_s - HOLD_S) & ~self.is_named[rows]
        seen &= self.is_untold[rows] == is_untold
        return float(self.inside[rows][seen].max(initial=0.0))

    def stays_inside(self) -> dict[int, tuple[float, float]]:
        """Return when each track of concern was first and last seen inside; those that never were are left out."""
        seen = self.is_concern & (self.inside >= LEAST_INSIDE) & ~self.is_untold
        track, known_s = self.track_id[seen], self.known_s[seen]
        starts = np.flatnonzero(np.diff(track, prepend=-1))
        if not starts.size:
            return {}
        spans = zip(np.minimum.reduceat(known_s, starts), np.maximum.reduceat(known_s, starts), strict=True)
        return {int(track[at]): (float(low), float(high)) for at, (low, high) in zip(starts, spans, strict=True)}


def rebuild_picture(
    recording: Recording, conditions: Conditions, whole: pl.DataFrame | None = None
) -> ReferencePicture:
    """Return the reference picture of a recording: its rows that are confirmed or coasting, up to the end.

    whole   what `track.live_tracks.track_as_received` gives of its detections, where that is at hand
    """
    if whole is None:
        whole = track_live(recording.detections, recording.sensors, start_utc=conditions.start_utc)
    looked_s = (
        np.maximum(np.ceil(conditions.seconds(whole["shown_utc"]) / conditions.step_s - 1e-9), 0.0) * conditions.step_s
    )
    whole = whole.with_columns(known_s=pl.Series(looked_s)).filter(pl.col("known_s") <= conditions.end_s)
    rows = _with_concern(whole).filter(pl.col("status").is_in(COUNTED)).sort("track_id", "time_utc")
    inside, is_untold = _inside(rows, conditions)
    return ReferencePicture(
        track_id=rows["track_id"].to_numpy().astype(np.int64), time_s=conditions.seconds(rows["time_utc"]),
        known_s=rows["known_s"].to_numpy().astype(np.float64),
        lat_deg=rows["lat_deg"].to_numpy(), lon_deg=rows["lon_deg"].to_numpy(),
        v_east_mps=rows["v_east_mps"].fill_null(0.0).to_numpy(),
        v_north_mps=rows["v_north_mps"].fill_null(0.0).to_numpy(),
        inside=inside, is_untold=is_untold, is_named=rows["is_named"].to_numpy().astype(np.bool_),
        is_concern=rows["is_concern"].to_numpy().astype(np.bool_),
    )  # fmt: skip


def _with_concern(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with `is_named` and `is_concern`, each by what the track had shown to then."""
    own = rows.sort("track_id", "time_utc")
    speed = (pl.col("v_east_mps") ** 2 + pl.col("v_north_mps") ** 2).sqrt()
    is_fast = (speed.cum_sum() / speed.cum_count()).is_between(FAST_MPS, JET_MPS, closed="none")
    is_named = pl.col("ident").is_not_null().cum_max()
    return own.with_columns(
        is_named=is_named.over("track_id"),
        is_fast=is_fast.fill_null(value=False).over("track_id"),
        is_drone=(pl.col("class_label") == DRONE).fill_null(value=False),
    ).with_columns(is_concern=~pl.col("is_named") & (pl.col("is_fast") | pl.col("is_drone")))


def _inside(rows: pl.DataFrame, conditions: Conditions) -> tuple[FloatArray, BoolArray]:
    if conditions.zone is None or not rows.height:
        return np.zeros(rows.height), np.zeros(rows.height, dtype=np.bool_)
    cov = rows.select(pl.col("var_east_m2", "var_north_m2", "cov_east_north_m2").fill_null(0.0)).to_numpy()
    found = place_with_height(rows, widest_m(cov), conditions.zone, sea_hae_m=conditions.sea_hae_m)
    return np.nan_to_num(found.placed.probability_inside), found.is_untold


def add_concern(picture: ReferencePicture, tracks: Iterable[int]) -> ReferencePicture:
    """Return the picture with some tracks of concern throughout: those without a name that the seat took for drones."""
    added = np.isin(picture.track_id, list(tracks)) & ~picture.is_named
    columns = {name: getattr(picture, name) for name in ReferencePicture.__slots__}
    return ReferencePicture(**columns | {"is_concern": picture.is_concern | added})
