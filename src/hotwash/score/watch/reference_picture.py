"""The reference picture: what the seat's own tracker shows, made again from the detections as they came in.

    DETECTIONS ─ in the order received ─▶ Tracker ─▶ rows, each at the seat's first look that could show it

The seat's picture is made so too, so its tracks have the numbers that the decisions name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.breach.levels import place_with_height
from hotwash.breach.paths import widest_m
from hotwash.geo.frames import FloatArray
from hotwash.geo.zones import signed_distance_m
from hotwash.model.recording import Recording
from hotwash.model.watch_scenario import FAST_MPS, JET_MPS
from hotwash.score.picture_quality import COUNTED
from hotwash.score.watch import drone_rules
from hotwash.score.watch.conditions import DRONE, HOLD_S, LEAST_INSIDE, Conditions
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
    is_concern   it says no name, and flies as the exercise's own rules say of drones, or without such rules faster than
                 birds and slower than jets; or a sensor takes it for a drone. What the seat calls it changes nothing
    is_likely    the same, though the rules would look longer: enough for somebody who declares at once
    is_entrant   it was not first shown deeper inside than the exercise's rules let a breach begin
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
    is_likely: BoolArray
    is_entrant: BoolArray

    @property
    def tracks(self) -> IntArray:
        return np.unique(self.track_id)

    def rows_of(self, track: int) -> slice:
        """Return the rows of one track."""
        low, high = np.searchsorted(self.track_id, [track, track + 1])
        return slice(int(low), int(high))

    def inside_at(self, track: int, time_s: float, *, is_untold: bool = False) -> float:
        """Return the greatest probability inside that the picture gave a track of concern of late; 0 for another.

        is_untold   of the rows whose height would decide and is not known, in place of the others

        Of late is within HOLD_S: an object on the line is now in, now out.
        """
        rows = self.rows_of(track)
        seen = (self.known_s[rows] <= time_s) & (self.known_s[rows] >= time_s - HOLD_S) & self.is_likely[rows]
        seen &= self.is_untold[rows] == is_untold
        return float(self.inside[rows][seen].max(initial=0.0))

    def stays_inside(self) -> dict[int, tuple[float, float]]:
        """Return when each track of concern was first and last seen inside; those that never were are left out."""
        seen = self.is_concern & self.is_entrant & (self.inside >= LEAST_INSIDE) & ~self.is_untold
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
    rows = (
        _with_concern(whole, conditions, recording.aerodromes)
        .filter(pl.col("status").is_in(COUNTED))
        .sort("track_id", "time_utc")
    )
    inside, is_untold = _inside(rows, conditions)
    return ReferencePicture(
        track_id=rows["track_id"].to_numpy().astype(np.int64), time_s=conditions.seconds(rows["time_utc"]),
        known_s=rows["known_s"].to_numpy().astype(np.float64),
        lat_deg=rows["lat_deg"].to_numpy(), lon_deg=rows["lon_deg"].to_numpy(),
        v_east_mps=rows["v_east_mps"].fill_null(0.0).to_numpy(),
        v_north_mps=rows["v_north_mps"].fill_null(0.0).to_numpy(),
        inside=inside, is_untold=is_untold, is_named=rows["is_named"].to_numpy().astype(np.bool_),
        is_concern=rows["is_concern"].to_numpy().astype(np.bool_),
        is_likely=rows["is_likely"].to_numpy().astype(np.bool_),
        is_entrant=rows["is_entrant"].to_numpy().astype(np.bool_),
    )  # fmt: skip


def _with_concern(rows: pl.DataFrame, conditions: Conditions, aerodromes: pl.DataFrame) -> pl.DataFrame:
    """Return rows with what makes them matter, each by what the track had shown to then."""
    own = rows.sort("track_id", "time_utc")
    speed = (pl.col("v_east_mps") ** 2 + pl.col("v_north_mps") ** 2).sqrt()
    own = own.with_columns(
        is_named=pl.col("ident").is_not_null().cum_max().over("track_id"),
        mean_mps=(speed.cum_sum() / speed.cum_count()).over("track_id"),
        is_drone=(pl.col("class_label") == DRONE).fill_null(value=False),
        is_entrant=_entrants(own, conditions),
    )
    if conditions.rules.calls:
        called, likely = drone_rules.called_drones(own, conditions.rules, aerodromes)
    else:
        is_fast = pl.col("mean_mps").is_between(FAST_MPS, JET_MPS, closed="none").fill_null(value=False)
        called = likely = own.select(fast=is_fast)["fast"]
    return own.with_columns(
        is_concern=~pl.col("is_named") & (called | pl.col("is_drone")),
        is_likely=~pl.col("is_named") & (likely | pl.col("is_drone")),
    )


def _entrants(own: pl.DataFrame, conditions: Conditions) -> pl.Series:
    """Return for each row whether its track began outside, or no deeper inside than a breach may begin."""
    deepest_m, zone = conditions.rules.begun_inside_most_m, conditions.zone
    if deepest_m is None or zone is None or not own.height:
        return pl.repeat(value=True, n=own.height, eager=True)
    first = own.group_by("track_id", maintain_order=True).first()
    depth_m = signed_distance_m(first["lat_deg"].to_numpy(), first["lon_deg"].to_numpy(), zone)
    of_track = first.select("track_id", is_entrant=pl.Series(depth_m <= deepest_m))
    return own.select("track_id").join(of_track, on="track_id", how="left", maintain_order="left")["is_entrant"]


def _inside(rows: pl.DataFrame, conditions: Conditions) -> tuple[FloatArray, BoolArray]:
    if conditions.zone is None or not rows.height:
        return np.zeros(rows.height), np.zeros(rows.height, dtype=np.bool_)
    cov = rows.select(pl.col("var_east_m2", "var_north_m2", "cov_east_north_m2").fill_null(0.0)).to_numpy()
    found = place_with_height(rows, widest_m(cov), conditions.zone, sea_hae_m=conditions.sea_hae_m)
    return np.nan_to_num(found.placed.probability_inside), found.is_untold
