"""How straight a track flies: what parts a drone on its way from a bird of the same speed."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

STEADY_S = 120.0  # steadiness is told of so long: what circles at the standard rate of 3 deg/s comes round once


def steadiness(rows: pl.DataFrame) -> pl.Series:
    """Return for each row the length of the track's mean velocity over its mean speed, of the last STEADY_S.

    rows   TRACKS, a track's own by time

    Null until the track has been shown for so long, and where it does not move.
    """
    moving = rows.select("track_id", "time_utc", east="v_east_mps", north="v_north_mps").with_columns(
        speed=(pl.col("east") ** 2 + pl.col("north") ** 2).sqrt(),
        shown=pl.col("time_utc") - pl.col("time_utc").min().over("track_id"),
        row=pl.int_range(pl.len()),
    )
    late = pl.col("east", "north", "speed").rolling_mean_by(
        "time_utc", window_size=timedelta(seconds=STEADY_S), closed="both"
    )
    means = moving.sort("track_id", "time_utc").with_columns(late.over("track_id"))
    straight = (pl.col("east") ** 2 + pl.col("north") ** 2).sqrt() / pl.col("speed")
    is_told = (pl.col("shown") >= timedelta(seconds=STEADY_S)) & (pl.col("speed") > 0.0)
    return means.with_columns(steadiness=pl.when(is_told).then(straight)).sort("row")["steadiness"]
