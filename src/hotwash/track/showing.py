"""A recording's causal tracks, each row with when it could first be shown: a picture as it was kept, made afterwards.

    DETECTIONS ─ in the order received ─▶ Tracker ─▶ TRACKS and shown_utc

A row rests on nothing later than its own time, and is held back until every detection measured up to it has come in.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.track.arrays import IntArray
from hotwash.track.models import Settings
from hotwash.track.tracker import Tracker
from hotwash.track.tracking import Writer


def shown(detections: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """Return TRACKS with `shown_utc`, rows by time and track.

    detections   DETECTIONS in any order; one that says not when it was received came in when it was measured
    sensors      SENSORS
    """
    came_us = detections.select(pl.coalesce("received_utc", "time_utc").dt.epoch("us")).to_series().to_numpy()
    tracker = Tracker(sensors)
    in_order = detections[np.argsort(came_us, kind="stable")]
    frames = list(Writer(tracker).frames([*tracker.step(in_order), *tracker.finish()]))
    rows = pl.concat(frames) if frames else schema.empty(tables.TRACKS)
    time_us = rows["time_utc"].dt.epoch("us").to_numpy().astype(np.int64)
    shown_us = _shown_us(time_us, detections["time_utc"].dt.epoch("us").to_numpy(), came_us)
    return rows.with_columns(shown_utc=pl.Series(shown_us, dtype=pl.Int64).cast(schema.UTC))


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
