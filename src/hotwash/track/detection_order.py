"""The order in which detections became known, and times that nothing about them bears out.

a table that fits ─▶ by received_utc, else by time_utc ─▶ the tracker
one row an age away from all others ─▶ doubted: left out and told, so that it makes no other row late
"""

from __future__ import annotations

import numpy as np
import polars as pl

from hotwash.track.arrays import IntArray
from hotwash.track.plots import BoolArray

_FEW = 1_000  # one row in so many may be doubted, and always one: more than that is no slip but how the file is
_LEAST_ROWS = 10  # of fewer, nobody can say which is the odd one
_AHEAD_US = 3_600_000_000  # one hour: no report of a sensor overtakes its next one by so much
_APART_US = 30 * 86_400_000_000  # thirty days: no recording pauses for so long


def order_detections(detections: pl.DataFrame, *, late_s: float) -> tuple[pl.DataFrame, int]:
    """Return detections in the order in which they became known, and how many would have been late as they stood.

    detections   DETECTIONS in any order; those in order of time, or of reception, stay as they are. Where nobody says
                 when a row was received, it was when it was measured
    late_s       as the tracker counts a row as late [s]
    """
    known = pl.coalesce("received_utc", "time_utc")
    if detections["time_utc"].is_sorted() or detections.select(known).to_series().is_sorted():
        return detections, 0
    seen = known.cum_max().over("sensor_id")
    late = detections.select(((seen - known) > pl.duration(microseconds=int(late_s * 1.0e6))).sum()).item()
    return detections.sort(known, "detection_id", maintain_order=True), int(late or 0)


def part_doubtful(detections: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return detections without those whose time is doubted, and how many these are.

    Doubted is a row an hour and more ahead of later rows of its sensor, and one a month and more away from all other
    rows; never more than one row in a thousand, or the only odd one.
    """
    most = max(1, detections.height // _FEW)
    if detections.height < _LEAST_ROWS:
        return detections, 0
    at_us = detections["time_utc"].dt.epoch("us").to_numpy()
    is_odd = _far(at_us, most)
    at = pl.col("time_utc").dt.epoch("us")
    is_ahead = detections.select(at - at.reverse().cum_min().reverse().over("sensor_id") > _AHEAD_US).to_series()
    if is_ahead.sum() <= most:
        is_odd |= is_ahead.to_numpy()
    many = int(is_odd.sum())
    return (detections.filter(~is_odd), many) if 0 < many <= most else (detections, 0)


def _far(at_us: IntArray, most: int) -> BoolArray:
    """Return which rows lie beyond a long pause before the first, or after the last, of nearly all rows."""
    in_order = np.sort(at_us)
    pauses = np.flatnonzero(np.diff(in_order) > _APART_US)
    early, late = pauses[pauses < most], pauses[pauses >= at_us.size - 1 - most]
    found = np.zeros(at_us.size, dtype=np.bool_)
    if early.size:
        found |= at_us <= in_order[early[-1]]
    if late.size:
        found |= at_us > in_order[late[0]]
    return found
