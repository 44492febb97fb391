"""One track, look by look: what was taken, what else was near, what each model believed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.track import layout, models, rows
from hotwash.track.arrays import IntArray
from hotwash.track.models import Settings
from hotwash.track.plots import BoolArray
from hotwash.track.tracker import Chunk, Tracker


def explain_track(
    parts: Iterable[pl.DataFrame], sensors: pl.DataFrame, *, track_id: int, settings: Settings | None = None
) -> tuple[pl.DataFrame, list[int]]:
    """Return UPDATES of one track of the causal tracker, and the detections that it began with.

    parts      DETECTIONS, cut as they were when the tracks were made
    sensors    SENSORS
    returns    no row when there is no such track; the beginning holds the detections it had before it was confirmed,
               of which no look is kept

    A report that names itself goes straight to the track of that name: nothing else is looked at, and it has no
    distance.
    """
    tracker = Tracker(sensors, settings=settings, traced=track_id)
    names = sensors["sensor_id"].to_list()
    found, begun = [schema.empty(tables.UPDATES)], list[int]()
    before: list[Chunk] = []
    for chunks in _steps(tracker, parts):
        for chunk in chunks:
            found.append(_looks(tracker, chunk, track_id, names))
            begun += _begun([*before, chunk], track_id)
            before = [chunk]
    told = pl.concat(found).unique(tables.UPDATES.key, keep="last", maintain_order=True)
    return schema.conform(told, tables.UPDATES), begun


def _steps(tracker: Tracker, parts: Iterable[pl.DataFrame]) -> Iterable[list[Chunk]]:
    for part in parts:
        yield tracker.step(part)
    yield tracker.finish()


def _begun(chunks: list[Chunk], track_id: int) -> list[int]:
    """Return the detections that a track began with, where the last of the chunks tells of its beginning."""
    rows = np.concatenate(chunks[-1].whole)
    hits = rows[(rows[:, layout.ROW_TRACK] == track_id) & (rows[:, layout.ROW_PLOT] >= 0), layout.ROW_PLOT]
    early = [
        int(plot)
        for part in chunks[-1].early
        for plot in part[part[:, layout.EARLY_TRACK] == track_id, layout.EARLY_PLOT]
        if not hits.size or plot < hits[0]  # later ones shared their time with another sensor's
    ]
    return [
        int(chunk.detection_id[plot - chunk.base])
        for plot in early
        for chunk in chunks
        if 0 <= plot - chunk.base < chunk.detection_id.size
    ]


def _looks(tracker: Tracker, chunk: Chunk, track_id: int, names: list[str]) -> pl.DataFrame:
    real, whole = np.concatenate(chunk.real), np.concatenate(chunk.whole)
    is_look = (whole[:, layout.ROW_TRACK] == track_id) & (
        chunk.look_sensor[whole[:, layout.ROW_SCAN] - chunk.stamp] >= 0
    )
    real, whole = real[is_look], whole[is_look]
    beliefs = dict(
        zip(
            tracker.belief[:, layout.BELIEF_SCAN].astype(np.int64).tolist(),
            tracker.belief[:, layout.BELIEFS :],
            strict=True,
        )
    )
    unknown = np.full(layout.MODELS, np.nan)
    belief = np.array([beliefs.get(scan, unknown) for scan in whole[:, layout.ROW_SCAN].tolist()]).reshape(
        -1, layout.MODELS
    )
    near_us = chunk.look_us[tracker.near[:, layout.NEAR_SCAN] - chunk.stamp]
    near = [
        _near(tracker, chunk, near_us == chunk.look_us[row[layout.ROW_SCAN] - chunk.stamp], int(row[layout.ROW_PLOT]))
        for row in whole
    ]
    plot = np.where(whole[:, layout.ROW_PLOT] >= 0, whole[:, layout.ROW_PLOT] - chunk.base, 0)
    ids = np.where(whole[:, layout.ROW_PLOT] >= 0, chunk.detection_id[plot], -1)
    sensor = np.where(
        whole[:, layout.ROW_PLOT] >= 0,
        chunk.placed.sensor[plot],
        chunk.look_sensor[whole[:, layout.ROW_SCAN] - chunk.stamp],
    )
    by = [names[n % len(names)] for n in sensor]  # bearings of a sensor, and their crossings, have numbers beyond
    return _frame(track_id, chunk, real, whole, belief, ids, near, by)


def _frame(
    track_id: int, chunk: Chunk, real: FloatArray, whole: IntArray, belief: FloatArray, ids: IntArray,
    near: list[tuple[float | None, list[str], list[float]]], by: list[str],
) -> pl.DataFrame:  # fmt: skip
    scan = whole[:, layout.ROW_SCAN] - chunk.stamp
    found = pl.DataFrame(
        {
            "track_id": np.full(len(whole), track_id),
            "time_utc": pl.Series(chunk.look_us[scan], dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
            "sensor_id": pl.Series(by, dtype=pl.String),
            "status": rows.status_words(whole[:, layout.ROW_STATUS]),
            "detection_id": pl.Series(ids, dtype=pl.Int64).replace(-1, None),
            "distance": pl.Series([one[0] for one in near], dtype=pl.Float64),
            "near_detection_ids": pl.Series([one[1] for one in near], dtype=pl.List(pl.String)),
            "near_distances": pl.Series([one[2] for one in near], dtype=pl.List(pl.Float64)),
            "existence": np.clip(real[:, layout.EXISTENCE], 0.0, 1.0),
            "straight": pl.Series(belief[:, 0]).fill_nan(None),
            "turning": pl.Series(belief[:, 1] + belief[:, 2]).fill_nan(None),
            "hovering": pl.Series(belief[:, 3]).fill_nan(None),
        }
    )
    return schema.conform(found, tables.UPDATES)


def _near(
    tracker: Tracker, chunk: Chunk, is_here: BoolArray, taken: int
) -> tuple[float | None, list[str], list[float]]:
    """Return the distance of the plot taken, and the others within the gate with theirs, nearest first."""
    here = np.flatnonzero(is_here)
    plot, distance = tracker.near[here, layout.NEAR_PLOT], np.sqrt(tracker.near_d2[here])
    is_taken = plot == taken
    others = np.flatnonzero(~is_taken & (distance <= models.GATE_SIGMAS))
    others = others[np.argsort(distance[others], kind="stable")]
    ids = [str(chunk.detection_id[plot[n] - chunk.base]) for n in others]
    return (float(distance[is_taken][0]) if is_taken.any() else None), ids, [float(distance[n]) for n in others]
