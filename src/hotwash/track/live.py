"""The picture as it would have been kept at the time: rows of TRACKS, each with when it could be shown.

    detections ─ in the order received ─▶ Tracker: what came before the watch, then the rest ─▶ rows with known_utc

A row rests on nothing measured later, so all the rest is tracked in one go, and each row is held back until every
detection measured up to its time has come in. A watch seat and those who score it both call this: their tracks have the
same numbers. (Fed in small steps the tracker would be blind for looks that showed nothing between two steps, and wait
`late_s` for stragglers; it would number tracks otherwise for another length of step.)
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


def live(detections: pl.DataFrame, sensors: pl.DataFrame, *, start_utc: datetime) -> pl.DataFrame:
    """Return TRACKS with `known_utc`: when the picture could show the row; by that time, then by time_utc.

    detections   DETECTIONS, in any order
    sensors      SENSORS
    start_utc    when the watch began: what came in by then tells how the sensors look and how far
    """
    came_us = received_us(detections)
    order = np.argsort(came_us, kind="stable")
    start_us = int(pl.Series([start_utc], dtype=schema.UTC).dt.epoch("us")[0])
    before = int(np.searchsorted(came_us[order], start_us, side="right"))
    tracker = Tracker(sensors)
    writer, found = Writer(tracker), [schema.empty(tables.TRACKS)]
    for part in (order[:before], order[before:]):
        found += writer.frames(tracker.step(detections[part]))
    rows = pl.concat([*found, *writer.frames(tracker.finish())])
    known = pl.Series("known_utc", _known_us(rows, detections, came_us)).cast(schema.UTC)
    return rows.with_columns(known).sort("known_utc", "time_utc", "track_id", maintain_order=True)


def received_us(detections: pl.DataFrame) -> IntArray:
    """Return when each detection came in [µs since 1970]; when it was measured, where nobody says."""
    came = detections.select(pl.coalesce("received_utc", "time_utc").dt.epoch("us")).to_series()
    return came.to_numpy().astype(np.int64)


def _known_us(rows: pl.DataFrame, detections: pl.DataFrame, came_us: IntArray) -> IntArray:
    """Return when each row can be shown: once every detection up to its time has come in.

    One later than the tracker waits for is left out there, and so nobody waits for it here.
    """
    time_us = rows["time_utc"].dt.epoch("us").to_numpy().astype(np.int64)
    if not detections.height:
        return time_us
    at_us = detections["time_utc"].dt.epoch("us").to_numpy()
    order = np.argsort(at_us, kind="stable")
    late_us = int(Settings().late_s * 1e6)
    latest = np.maximum.accumulate(np.minimum(came_us, at_us + late_us)[order])
    place = np.searchsorted(at_us[order], time_us, side="right") - 1
    found: IntArray = np.where(place >= 0, np.maximum(latest[np.maximum(place, 0)], time_us), time_us)
    return found
