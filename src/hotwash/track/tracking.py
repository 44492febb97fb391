"""A whole recording to its tracks: causal, with only what was known at each time, or forensic, with all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.progress import Progress, silent
from hotwash.track import belief, forensic, health, hot_spots, identity, input_remarks, models, registration, rows
from hotwash.track.arrays import IntArray
from hotwash.track.detection_order import part_doubtful
from hotwash.track.heights import filter_heights, smooth_heights
from hotwash.track.heights.kernels import FIELDS
from hotwash.track.layout import ROW_PLOT, ROW_SCAN, ROW_TRACK
from hotwash.track.models import Settings
from hotwash.track.registration import Registration
from hotwash.track.tracker import Chunk, Tracker

WRITING, COMPARING, SMOOTHING = "Writing", "Comparing sensors", "Smoothing"  # what `progress` is told, too


@dataclass(frozen=True, slots=True)
class Tracked:
    """Tracks, and what there is to know of the sensors and of the making.

    tracks, health, remarks   TRACKS, HEALTH, REMARKS
    """

    tracks: pl.DataFrame
    health: pl.DataFrame
    remarks: pl.DataFrame


class Writer:
    """Turns the tracker's chunks into frames of TRACKS.

    From one chunk to the next it remembers the heights and class labels of the tracks that live on.
    """

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._held = np.empty(0, dtype=np.int64)  # tracks whose heights are remembered, by number
        self._climb = np.empty((0, FIELDS))
        self._labels = schema.empty(tables.TRACKS).select("track_id", "class_label", "class_confidence")

    def frames(self, chunks: Iterable[Chunk]) -> Iterator[pl.DataFrame]:
        """Yield TRACKS of each chunk, rows by time and track."""
        for chunk in chunks:
            yield self._labelled(self._frame(chunk), chunk.alive)

    def _frame(self, chunk: Chunk) -> pl.DataFrame:
        real, whole = np.concatenate(chunk.real), np.concatenate(chunk.whole)
        order = np.lexsort((whole[:, ROW_TRACK], whole[:, ROW_SCAN]))
        real, whole = real[order], whole[order]
        time_us = chunk.look_us[whole[:, ROW_SCAN] - chunk.stamp]
        is_hit = whole[:, ROW_PLOT] >= 0
        place = np.where(is_hit, whole[:, ROW_PLOT] - chunk.base, 0)
        detection_id = np.where(is_hit, chunk.detection_id[place], -1)
        measured = np.where(is_hit[:, None], chunk.placed.height[place], np.nan)
        height = self._heights(whole, time_us / 1.0e6, measured, chunk.alive)
        plane, names = self._tracker.plane, list(self._tracker.names)
        if plane is None:
            return schema.empty(tables.TRACKS)
        has_more = any(chunk.brought.select(pl.col(name).is_not_null().any() for name in rows.BROUGHT).row(0))
        return rows.build_tracks(
            real, whole, plane, time_us=time_us, detection_id=detection_id, names=names, heights=height,
            brought=chunk.brought if has_more else None,
        )  # fmt: skip

    def _labelled(self, found: pl.DataFrame, alive: IntArray) -> pl.DataFrame:
        """Return rows with the class that earlier chunks told of their tracks, where this one tells none before."""
        if self._labels.height:
            held = found.join(self._labels, on="track_id", how="left", maintain_order="left", suffix="_held")
            is_told = pl.col("class_label").is_not_null()
            found = held.with_columns(
                pl.when(is_told).then(pl.col(name)).otherwise(pl.col(f"{name}_held")).alias(name)
                for name in ("class_label", "class_confidence")
            ).select(tables.TRACKS.names)
        told = found.filter(pl.col("class_label").is_not_null()).select(self._labels.columns)
        if told.height or self._labels.height:
            lives = pl.col("track_id").is_in(pl.Series(alive).implode())
            self._labels = pl.concat([self._labels, told]).unique("track_id", keep="last").filter(lives)
        return found

    def _heights(self, whole: IntArray, time_s: FloatArray, measured: FloatArray, alive: IntArray) -> FloatArray | None:
        """Return heights (r, 4) of the rows, and remember those of the tracks that live on."""
        numbers, local = np.unique(whole[:, ROW_TRACK], return_inverse=True)
        every = np.union1d(numbers, self._held)
        state = np.full((every.size, FIELDS), np.nan)
        state[np.searchsorted(every, self._held)] = self._climb
        here = whole.copy()
        here[:, ROW_TRACK] = np.searchsorted(every, numbers)[local]
        found, state = filter_heights(here, time_s, measured, state)
        has_height = np.isin(every, alive) & np.isfinite(state[: every.size, 0])
        self._held, self._climb = every[has_height], state[: every.size][has_height]
        return found


def track_causal(
    detections: pl.DataFrame, sensors: pl.DataFrame, *, settings: Settings | None = None,
    progress: Progress = silent,
) -> Tracked:  # fmt: skip
    """Return what a picture kept at the time would have shown.

    detections   DETECTIONS, in the order in which they became known
    sensors      SENSORS
    settings     with is_corrected the sensors' errors are estimated first and taken out of the detections: times of
                 the tracks are corrected times then, and no longer those of the detections
    """
    chosen = settings or Settings()
    detections, doubtful = part_doubtful(detections)
    errors, taken = _righted(detections, sensors, chosen, progress)
    tracker = Tracker(sensors, settings=chosen, progress=progress)
    tracker.doubtful = doubtful
    writer = Writer(tracker)
    chunks = [*tracker.step(taken), *tracker.finish()]
    progress(WRITING, None)
    frames = list(writer.frames(chunks))
    found = pl.concat(frames) if frames else schema.empty(tables.TRACKS)
    progress(COMPARING, None)
    return _tracking_remarks(tracker, chunks, found, taken, errors)


def _righted(
    detections: pl.DataFrame, sensors: pl.DataFrame, settings: Settings, progress: Progress
) -> tuple[Registration | None, pl.DataFrame]:
    """Return the sensors' errors and the detections without them; None, and all as it is, where nobody asked."""
    if not settings.is_corrected:
        return None, detections
    progress(COMPARING, None)
    errors = registration.estimate_errors(detections, sensors, settings=settings)
    return errors, registration.correct_detections(detections, errors, sensors)


def _tracking_remarks(
    tracker: Tracker,
    chunks: Sequence[Chunk],
    found: pl.DataFrame,
    detections: pl.DataFrame,
    errors: Registration | None,
) -> Tracked:
    """Return tracks with what there is to say of the sensors and of the making.

    tracker      after its last step; chunks: all that it gave
    detections   DETECTIONS as they were tracked
    errors       of the sensors, where they were taken out; None has them estimated
    """
    is_corrected = errors is not None
    off = errors or registration.estimate_errors(detections, tracker.sensors, settings=tracker.settings)
    did = health.measure_health(tracker, chunks, off, is_corrected=is_corrected)
    said: list[Mapping[str, object]] = health.remark_on_sensors(did, detections, tracker.sensors)
    said += hot_spots.remark_on_hot_spots(tracker, chunks, found)
    said += registration.remark_on_errors(off, tracker.sensors, is_corrected=is_corrected)
    said += identity.remark_on_identities(found, detections)
    left_out = input_remarks.remark_on_input(tracker, rows=found.height)
    return Tracked(found, did, pl.concat([left_out, schema.frame(tables.REMARKS, said)]))


def track_forensic(
    detections: pl.DataFrame, sensors: pl.DataFrame, *, settings: Settings | None = None,
    progress: Progress = silent,
) -> Tracked:  # fmt: skip
    """Return what all the data together show: tracks begun at their first plot, smoothed, and joined where broken.

    detections   DETECTIONS in any order: none is late in hindsight
    sensors      SENSORS
    settings     as for `track_causal`
    """
    chosen = settings or Settings()
    detections, doubtful = part_doubtful(detections)
    errors, taken = _righted(detections, sensors, chosen, progress)
    tracker = Tracker(sensors, settings=chosen, progress=progress)
    tracker.doubtful = doubtful
    in_time = taken.sort("time_utc", maintain_order=True)
    chunks = [*tracker.step(in_time), *tracker.finish()]
    progress(SMOOTHING, None)
    found = _in_hindsight(tracker, chunks, in_time) if chunks else schema.empty(tables.TRACKS)
    progress(COMPARING, None)
    return _tracking_remarks(tracker, chunks, found, in_time, errors)


def _believed(found: list[forensic.Path], seen: belief.Seen, ident: IntArray) -> list[forensic.Path]:
    """Return the tracks with the probability that all data give them; those that are hardly objects are left out."""
    sure = np.array([path.sure for path in found])
    like = [forensic.weigh_plots(path, seen.place, seen.time_s) for path in found]
    alive = belief.believe(seen, [path.plots for path in found], like, sure)
    has_name = np.array([ident[path.plots].max() >= 0 for path in found], np.bool_)
    alive = np.where(has_name, sure, alive)
    return [replace(path, sure=float(p)) for path, p in zip(found, alive, strict=True) if p >= models.DROP]


def _in_hindsight(tracker: Tracker, chunks: list[Chunk], detections: pl.DataFrame) -> pl.DataFrame:
    time_s, place, ident, height = (
        np.concatenate([getattr(chunk.placed, name) for chunk in chunks])
        for name in ("time_s", "place", "ident", "height")
    )
    sensor = np.concatenate([chunk.placed.sensor for chunk in chunks])
    whole, early, real = (
        np.concatenate([part for chunk in chunks for part in getattr(chunk, name)])
        for name in ("whole", "early", "real")
    )
    is_line = np.concatenate([chunk.placed.is_bearing for chunk in chunks])
    found = forensic.collect_paths(whole, early, real[:, -1], time_s, is_line)
    found = forensic.join_paths(found, place, time_s, ident)
    found = _believed(found, hot_spots.see_all(tracker, chunks), ident)
    is_quiet = np.array([0 if habit.period_s else 1 for habit in tracker.habits])[sensor]
    grid_s = np.unique(time_s[is_quiet == 0])
    periods = [habit.period_s for habit in tracker.habits if habit.period_s]
    smoothed, at_s = forensic.smooth_paths(
        found, place, time_s, ident, grid_s, pause_s=1.5 * max(periods or [2.0 * tracker.settings.every_s]),
        every_s=tracker.settings.every_s, is_quiet=is_quiet,
    )  # fmt: skip
    hit = smoothed.whole[:, ROW_PLOT]
    ids = np.concatenate([chunk.detection_id for chunk in chunks])
    measured = np.where(hit[:, None] >= 0, height[np.maximum(hit, 0)], np.nan)
    heights = smooth_heights(smoothed.whole, at_s, measured)
    brings = detections.select(pl.col(name).is_not_null().any() for name in rows.BROUGHT).row(0)
    if tracker.plane is None:
        return schema.empty(tables.TRACKS)
    return rows.build_tracks(
        smoothed.real, smoothed.whole, tracker.plane, time_us=np.rint(at_s * 1.0e6).astype(np.int64) + tracker.epoch_us,
        detection_id=np.where(hit >= 0, ids[np.maximum(hit, 0)], -1), names=list(tracker.names), heights=heights,
        brought=detections if any(brings) else None,
    ).sort("time_utc", "track_id")  # fmt: skip
