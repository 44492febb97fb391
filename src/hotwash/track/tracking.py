"""A whole recording to its tracks: causal, with only what was known at each time, or forensic, with all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.track import health, identity, registration, rows
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
    chosen = settings or Settings()
    progress("Comparing sensors")
    found = registration.estimate(detections, sensors, settings=chosen)
    taken = registration.correct(detections, found, sensors) if chosen.is_corrected else detections
    tracker = Tracker(sensors, settings=chosen)
    writer = Writer(tracker)
    progress("Tracking")
    chunks = [*tracker.step(taken), *tracker.finish()]
    frames = list(writer.frames(chunks, taken))
    tracks = pl.concat(frames) if frames else schema.empty(tables.TRACKS)
    return told(tracker, chunks, tracks, taken, found)


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
