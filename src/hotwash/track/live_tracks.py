"""A recording's causal tracks, each row with when it could first be shown: a picture as it was kept, made afterwards.

    DETECTIONS ─ in the order received ─▶ Tracker ─▶ TRACKS and shown_utc

A row rests on nothing later than its own time, and is held back until every detection measured up to it has come in.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.track.arrays import IntArray
from hotwash.track.models import Settings
from hotwash.track.tracker import Tracker
from hotwash.track.tracking import Writer


def track_live(detections: pl.DataFrame, sensors: pl.DataFrame, *, start_utc: datetime) -> pl.DataFrame:
    """Return TRACKS with `shown_utc`, rows by time and track.

    detections   DETECTIONS in any order; one that says not when it was received came in when it was measured
    sensors      SENSORS
    start_utc    when the watch began: what came in by then tells the tracker how each sensor looks, and how far

    All that came later is tracked in one go. Fed look by look, the tracker would be blind for looks of a sensor that
    showed nothing between two of the seat's, and would number tracks otherwise for another length of step.
    """
    came_us = reception_times_us(detections)
    order = np.argsort(came_us, kind="stable")
    start_us = int(pl.Series([start_utc], dtype=schema.UTC).dt.epoch("us")[0])
    before = int(np.searchsorted(came_us[order], start_us, side="right"))
    tracker = Tracker(sensors)
    writer, frames = Writer(tracker), [schema.empty(tables.TRACKS)]
    for part in (order[:before], order[before:]):
        frames += writer.frames(tracker.step(detections[part]))
    rows = pl.concat([*frames, *writer.frames(tracker.finish())])
    time_us = rows["time_utc"].dt.epoch("us").to_numpy().astype(np.int64)
    shown_us = _shown_us(time_us, detections["time_utc"].dt.epoch("us").to_numpy(), came_us)
    return rows.with_columns(shown_utc=pl.Series(shown_us, dtype=pl.Int64).cast(schema.UTC))


def reception_times_us(detections: pl.DataFrame) -> IntArray:
    """Return when each detection came in [µs since 1970]; when it was measured, where nobody says."""
    came = detections.select(pl.coalesce("received_utc", "time_utc").dt.epoch("us")).to_series()
    return came.to_numpy().astype(np.int64)


def _shown_us(time_us: IntArray, measured_us: IntArray, came_us: IntArray) -> IntArray:
    """Return when each row could be shown; nobody waits longer for a detection than the tracker does."""
    if not measured_us.size:
        return time_us
    order = np.argsort(measured_us, kind="stable")
    late_us = int(Settings().late_s * 1.0e6)
    latest = np.maximum.accumulate(np.minimum(came_us, measured_us + late_us)[order])
    place = np.searchsorted(measured_us[order], time_us, side="right") - 1
    found: IntArray = np.where(place >= 0, np.maximum(latest[np.maximum(place, 0)], time_us), time_us)
    return found
