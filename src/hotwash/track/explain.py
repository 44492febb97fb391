"""One track, look by look: what was taken, what else was near, what each model believed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.track import kernels, models, rows
from hotwash.track.arrays import IntArray
from hotwash.track.models import Settings
from hotwash.track.tracker import Chunk, Tracker


def updates(
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
    early = [int(plot) for part in chunks[-1].early for plot in part[part[:, 0] == track_id, 1]]
    return [
        int(chunk.detection_id[plot - chunk.base])
        for plot in early
        for chunk in chunks
        if 0 <= plot - chunk.base < chunk.detection_id.size
    ]


def _looks(tracker: Tracker, chunk: Chunk, track_id: int, names: list[str]) -> pl.DataFrame:
    real, whole = np.concatenate(chunk.real), np.concatenate(chunk.whole)
    mine = np.flatnonzero(whole[:, 1] == track_id)
    real, whole = real[mine], whole[mine]
    belief = np.full((mine.size, kernels.MODELS), np.nan)
    belief[: len(tracker.belief)] = tracker.belief[: mine.size, 1:]
    scan = whole[:, 0] - chunk.stamp
    is_look = chunk.scan_sensor[scan] >= 0
    taken = np.where(whole[:, 3] >= 0, whole[:, 3], -1)
    near = [_near(tracker, chunk, int(whole[n, 0]), int(taken[n])) for n in np.flatnonzero(is_look)]
    plot = taken[is_look]
    ids = np.where(plot >= 0, chunk.detection_id[np.where(plot >= 0, plot - chunk.base, 0)], -1)
    return _frame(track_id, chunk, real[is_look], whole[is_look], belief[is_look], ids, near, names)


def _frame(
    track_id: int, chunk: Chunk, real: FloatArray, whole: IntArray, belief: FloatArray, ids: IntArray,
    near: list[tuple[float | None, list[str], list[float]]], names: list[str],
) -> pl.DataFrame:  # fmt: skip
    scan = whole[:, 0] - chunk.stamp
    found = pl.DataFrame(
        {
            "track_id": np.full(len(whole), track_id),
            "time_utc": pl.Series(chunk.scan_us[scan], dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
            "sensor_id": pl.Series([names[n] for n in chunk.scan_sensor[scan]], dtype=pl.String),
            "status": rows.statuses(whole[:, 2]),
            "detection_id": pl.Series(ids, dtype=pl.Int64).replace(-1, None),
            "distance": pl.Series([one[0] for one in near], dtype=pl.Float64),
            "near_detection_ids": pl.Series([one[1] for one in near], dtype=pl.List(pl.String)),
            "near_distances": pl.Series([one[2] for one in near], dtype=pl.List(pl.Float64)),
            "existence": np.clip(real[:, kernels.GAUSS], 0.0, 1.0),
            "straight": pl.Series(belief[:, 0]).fill_nan(None),
            "turning": pl.Series(belief[:, 1] + belief[:, 2]).fill_nan(None),
            "hovering": pl.Series(belief[:, 3]).fill_nan(None),
        }
    )
    return schema.conform(found, tables.UPDATES)


def _near(tracker: Tracker, chunk: Chunk, scan: int, taken: int) -> tuple[float | None, list[str], list[float]]:
    """Return the distance of the plot taken, and the others within the gate with theirs, nearest first."""
    here = np.flatnonzero(tracker.near[:, 0] == scan)
    plot, distance = tracker.near[here, 1], np.sqrt(tracker.near_d2[here])
    is_taken = plot == taken
    others = np.flatnonzero(~is_taken & (distance <= models.GATE_SIGMAS))
    others = others[np.argsort(distance[others], kind="stable")]
    ids = [str(chunk.detection_id[plot[n] - chunk.base]) for n in others]
    return (float(distance[is_taken][0]) if is_taken.any() else None), ids, [float(distance[n]) for n in others]
