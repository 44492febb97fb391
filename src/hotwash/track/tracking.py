"""A whole recording to its tracks: causal, with only what was known at each time, or forensic, with all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.track import forensic, health, identity, registration, rows
from hotwash.track.models import Settings
from hotwash.track.registration import Registration
from hotwash.track.tracker import Chunk, Tracker


@dataclass(frozen=True, slots=True)
class Tracked:
    """Tracks, and what there is to know of the sensors and of the making.

    tracks, health, remarks   TRACKS, HEALTH, REMARKS
    """

    tracks: pl.DataFrame
    health: pl.DataFrame
    remarks: pl.DataFrame


class Writer:
    """Turns the tracker's chunks into frames of TRACKS; it remembers heights from one chunk to the next."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._climb = np.full((1, 6), np.nan)

    def frames(self, chunks: Iterable[Chunk], detections: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield TRACKS of each chunk, rows by time.

        detections   those that the chunks were made of, for what they bring along
        """
        has_more = detections.select(pl.col(name).is_not_null().any() for name in rows.BROUGHT).row(0)
        for chunk in chunks:
            yield self._frame(chunk, detections if any(has_more) else None)

    def _frame(self, chunk: Chunk, detections: pl.DataFrame | None) -> pl.DataFrame:
        real, whole = np.concatenate(chunk.real), np.concatenate(chunk.whole)
        scan = whole[:, 0] - chunk.stamp
        hit = whole[:, 3] - chunk.base
        is_hit = whole[:, 3] >= 0
        place = np.where(is_hit, hit, 0)
        detection_id = np.where(is_hit, chunk.detection_id[place], -1)
        measured = np.where(is_hit[:, None], chunk.placed.height[place], np.nan)
        time_us = chunk.scan_us[scan]
        height, self._climb = rows.heights(whole, time_us / 1.0e6, measured, self._climb)
        plane, names = self._tracker.plane, list(self._tracker.names)
        if plane is None:
            return schema.empty(tables.TRACKS)
        return rows.frame(
            real, whole, plane, time_us=time_us, detection_id=detection_id, names=names, heights=height,
            brought=detections,
        )  # fmt: skip


def track_causal(
    detections: pl.DataFrame, sensors: pl.DataFrame, *, settings: Settings | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Tracked:  # fmt: skip
    """Return what a picture kept at the time would have shown.

    detections   DETECTIONS, in the order in which they became known
    sensors      SENSORS
    settings     with is_corrected the sensors' errors are estimated first and taken out of the detections: times of
                 the tracks are corrected times then, and no longer those of the detections
    """
    taken, found = _compared(detections, sensors, settings or Settings(), progress)
    tracker = Tracker(sensors, settings=settings)
    writer = Writer(tracker)
    progress("Tracking")
    chunks = [*tracker.step(taken), *tracker.finish()]
    frames = list(writer.frames(chunks, taken))
    tracks = pl.concat(frames) if frames else schema.empty(tables.TRACKS)
    return told(tracker, chunks, tracks, taken, found)


def _compared(
    detections: pl.DataFrame, sensors: pl.DataFrame, settings: Settings, progress: Callable[[str], None]
) -> tuple[pl.DataFrame, Registration]:
    """Return the detections to track, errors taken out where that is asked for, and the sensors' errors."""
    progress("Comparing sensors")
    found = registration.estimate(detections, sensors, settings=settings)
    return registration.correct(detections, found, sensors) if settings.is_corrected else detections, found


def told(
    tracker: Tracker, chunks: Sequence[Chunk], tracks: pl.DataFrame, detections: pl.DataFrame, found: Registration
) -> Tracked:
    """Return tracks with what there is to say of the sensors and of the making.

    tracker      after its last step; chunks: all that it gave
    detections   DETECTIONS as they were tracked
    found        the sensors' errors, as estimated from the detections as reported
    """
    is_corrected = tracker.settings.is_corrected
    did = health.health(tracker, chunks, found, is_corrected=is_corrected)
    said: list[Mapping[str, object]] = health.remarks(tracker, did, tracks, detections)
    said += registration.remarks(found, tracker.sensors, is_corrected=is_corrected)
    said += identity.remarks(tracks, detections)
    return Tracked(tracks, did, schema.frame(tables.REMARKS, said))


def track_forensic(
    detections: pl.DataFrame, sensors: pl.DataFrame, *, settings: Settings | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Tracked:  # fmt: skip
    """Return what all the data together show: tracks begun at their first plot, smoothed, and joined where broken.

    detections   DETECTIONS in any order: none is late in hindsight
    sensors      SENSORS
    settings     as for `track_causal`
    """
    taken, errors = _compared(detections, sensors, settings or Settings(), progress)
    tracker = Tracker(sensors, settings=settings)
    progress("Tracking")
    in_time = taken.sort("time_utc", maintain_order=True)
    chunks = [*tracker.step(in_time), *tracker.finish()]
    progress("Smoothing")
    tracks = _in_hindsight(tracker, chunks, in_time) if chunks else schema.empty(tables.TRACKS)
    return told(tracker, chunks, tracks, in_time, errors)


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
    found = forensic.paths(whole, early, real[:, -1], time_s, is_line)
    found = forensic.join(found, place, time_s, ident)
    is_quiet = np.array([0 if habit.period_s else 1 for habit in tracker.habits])[sensor]
    grid_s = np.unique(time_s[is_quiet == 0])
    periods = [habit.period_s for habit in tracker.habits if habit.period_s]
    smoothed, at_s = forensic.smooth(
        found, place, time_s, ident, grid_s, pause_s=1.5 * max(periods or [2.0 * tracker.settings.every_s]),
        every_s=tracker.settings.every_s, is_quiet=is_quiet,
    )  # fmt: skip
    hit = smoothed.whole[:, 3]
    ids = np.concatenate([chunk.detection_id for chunk in chunks])
    measured = np.where(hit[:, None] >= 0, height[np.maximum(hit, 0)], np.nan)
    heights = rows.smoothed_heights(smoothed.whole, at_s, measured)
    brings = detections.select(pl.col(name).is_not_null().any() for name in rows.BROUGHT).row(0)
    if tracker.plane is None:
        return schema.empty(tables.TRACKS)
    return rows.frame(
        smoothed.real, smoothed.whole, tracker.plane, time_us=np.rint(at_s * 1.0e6).astype(np.int64) + tracker.epoch_us,
        detection_id=np.where(hit >= 0, ids[np.maximum(hit, 0)], -1), names=list(tracker.names), heights=heights,
        brought=detections if any(brings) else None,
    ).sort("time_utc", "track_id")  # fmt: skip
