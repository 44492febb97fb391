"""Track a recording's detections from file to file, and explain one track."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.export import table_file
from hotwash.front import tracks as front
from hotwash.front.compiled import first_time
from hotwash.front.tracks import CAUSAL
from hotwash.ingest import detections_file
from hotwash.model import schema, tables
from hotwash.progress import Progress, silent
from hotwash.track import explain as explaining
from hotwash.track import input_remarks, tracking
from hotwash.track.detection_order import order_detections
from hotwash.track.models import Settings
from hotwash.track.tracker import LAYING, TRACKING, Chunk, Tracker
from hotwash.work.stopwatch import Stopwatch

READ, COMPILE, TRACK, WRITE, HEALTH = STAGES = ("read", "compile", "track", "write", "health")
# Plots are laid out as they are read; making frames of tracks is counted as writing.
_STAGE_OF = {
    front.READING_SENSORS: READ,
    front.LOADING: COMPILE,
    first_time(): COMPILE,
    front.READING_DETECTIONS: READ,
    LAYING: READ,
    TRACKING: TRACK,
    tracking.SMOOTHING: TRACK,
    tracking.WRITING: WRITE,
    tracking.COMPARING: HEALTH,
}


@dataclass(frozen=True, slots=True)
class TracksWritten:
    """One run of the tracker: what went in, what came out, and how long each part took.

    plots            detections used
    tracks, rows     different tracks, and rows of TRACKS
    seconds          by stage: read, compile, track, write, and health for comparing the sensors
    rejected         rows that could not be taken; rejects_file holds them, where there are any
    remarks          REMARKS
    """

    out: Path
    plots: int
    tracks: int
    rows: int
    seconds: dict[str, float]
    rejected: int
    rejects_file: Path | None
    remarks: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Explanation:
    """One track, look by look: UPDATES, and the detections that it began with before its first look."""

    updates: pl.DataFrame
    begun_with: list[int]


def write_tracks(
    detections: Path,
    *,
    out: Path,
    sensors: Path | None = None,
    mode: str = CAUSAL,
    settings: Settings | None = None,
    health: Path | None = None,
    progress: Progress = silent,
) -> TracksWritten:
    """Read a recording, track it and write its tracks.

    detections    CSV or Parquet; a long Parquet file is read, tracked and written slice by slice (causal mode)
    out           CSV or Parquet, by its ending
    sensors       CSV or Parquet; by default sensors.parquet or sensors.csv beside the detections
    mode          causal or forensic
    health        where to write how each sensor did
    raises        ReadError for bad input, WriteError; nothing is then written

    Rows that cannot be taken stop nothing: they are written to `<out>.rejects.csv`.
    """
    for path in filter(None, (out, health)):
        table_file.check_ending(path)
    chosen, clock = settings or Settings(), Stopwatch(*STAGES, stage_of=_STAGE_OF)
    if mode == CAUSAL and detections_file.is_long(detections):
        _check_plain(detections, chosen, health)
        return _in_slices(detections, sensors, out, chosen, clock, progress)
    found = front.track_detections(detections, sensors, mode=mode, progress=clock.listen(progress), **asdict(chosen))
    with clock(WRITE):
        if health is not None:
            table_file.write(health, found.health)
        if found.rejects.height:
            table_file.write(_rejects_file(out), found.rejects)
        else:
            _rejects_file(out).unlink(missing_ok=True)  # one of an earlier run says nothing of these tracks
        table_file.write(out, found.tracks)
    tracks = found.tracks["track_id"].n_unique()
    rejected = found.rejects.height
    return _done(out, clock, found.detections_used, tracks, found.tracks.height, rejected, found.remarks)


def _rejects_file(out: Path) -> Path:
    return out.with_name(f"{out.name}.rejects.csv")


def _check_plain(detections: Path, settings: Settings, health: Path | None) -> None:
    """Refuse what takes a second look at the whole recording where only a slice of it is held."""
    asked = [name for name, is_asked in (("--correct", settings.is_corrected), ("--health", health)) if is_asked]
    if asked:
        why = f"is tracked slice by slice, for its length; {' and '.join(asked)} want the whole: cut out some hours"
        raise ReadError(detections.name, why=why)


def _done(
    out: Path, clock: Stopwatch, plots: int, tracks: int, rows: int, rejected: int, remarks: pl.DataFrame
) -> TracksWritten:
    clock.turn(None)
    return TracksWritten(
        out, plots, tracks, rows, clock.seconds, rejected, _rejects_file(out) if rejected else None, remarks
    )


# ---------------------------------------------------------------- slice by slice


def _in_slices(
    detections: Path, sensors: Path | None, out: Path, settings: Settings, clock: Stopwatch, progress: Progress
) -> TracksWritten:
    """Track a recording of which no more than a slice is ever held: numbers of tracks ascend, so they count them."""
    known = front.read_sensors(detections, sensors, progress=clock.listen(progress))
    front.load_tracker(progress=clock.listen(progress))
    clock.turn(None)
    tracker = Tracker(known.rows, settings=settings, progress=clock.listen(silent))
    writer, tally = tracking.Writer(tracker), _Tally()
    with (
        table_file.in_parts(out, tables.TRACKS) as add,
        table_file.in_parts(_rejects_file(out), tables.REJECTS) as refuse,
    ):

        def write(chunks: Iterable[Chunk]) -> None:
            with clock(WRITE):
                for frame in writer.frames(chunks):
                    tally.count(frame)
                    add(frame)

        tally.refuse(known.rejects, refuse)
        for part in _timed(detections_file.read_slices(detections, known.rows), clock):
            tally.refuse(part.rejects, refuse)
            tally.taken += part.rows.height
            with clock(READ):
                chunks = tracker.step(part.rows)
            write(chunks)
            progress("Tracking", part.share)
        _check_any(detections, tally)
        with clock(READ):
            chunks = tracker.finish()
        write(chunks)
        progress("Writing", None)
        clock.turn(WRITE)
    if not tally.rejected:
        _rejects_file(out).unlink()
    remarks = input_remarks.remark_on_input(tracker, rows=tally.rows)
    return _done(out, clock, tracker.plots, tally.tracks, tally.rows, tally.rejected, remarks)


@dataclass(slots=True)
class _Tally:
    """What has been written so far."""

    taken: int = 0
    rows: int = 0
    tracks: int = 0
    last_track: int = 0
    rejected: int = 0

    def count(self, frame: pl.DataFrame) -> None:
        self.rows += frame.height
        numbers = frame["track_id"].unique()
        self.tracks += int((numbers > self.last_track).sum())
        self.last_track = max(self.last_track, int(numbers.max() or 0))  # type: ignore[arg-type]

    def refuse(self, rejects: list[dict[str, object]], add: Callable[[pl.DataFrame], None]) -> None:
        if rejects:
            self.rejected += len(rejects)
            add(schema.frame(tables.REJECTS, rejects))


def _check_any(detections: Path, tally: _Tally) -> None:
    if tally.rejected and not tally.taken:
        why = f"no valid row is left: {tally.rejected:,} were rejected"
        raise ReadError(detections.name, why=why)


def _timed(parts: Iterator[detections_file.Slice], clock: Stopwatch) -> Iterator[detections_file.Slice]:
    while True:
        with clock(READ):
            part = next(parts, None)
        if part is None:
            return
        yield part


# ---------------------------------------------------------------- one track


def explain_track(
    track_id: int,
    *,
    folder: Path,
    detections: Path | None = None,
    sensors: Path | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> Explanation:
    """Track a recording again, and tell of one track which detection each look took, and why.

    track_id     as the causal tracker numbers it: the settings must be those that the tracks were made with
    folder       holds detections and sensors, as a bundle does, where they are not named
    raises       ReadError for bad input, or when there is no such track
    """
    plots = detections or detections_file.find_table(folder, "detections", option="--detections")
    if sensors is None and detections is None:
        sensors = detections_file.find_table(folder, "sensors", option="--sensors")
    known = front.read_sensors(plots, sensors, progress=progress).rows
    front.load_tracker(progress=progress)
    progress("Tracking again", None)
    late_s = (settings or Settings()).late_s
    updates, begun_with = explaining.explain_track(
        _parts(plots, known, progress, late_s=late_s), known, track_id=track_id, settings=settings
    )
    if not updates.height:
        why = "is not among the tracks of this recording; explain numbers tracks as --mode causal does"
        raise ReadError(f"track {track_id}", why=why)
    return Explanation(updates, begun_with)


def _parts(path: Path, known: pl.DataFrame, progress: Progress, *, late_s: float) -> Iterator[pl.DataFrame]:
    """Yield the detections cut and ordered as `track` does."""
    if not detections_file.is_long(path):
        yield order_detections(detections_file.read_detections(path, known).rows, late_s=late_s)[0]
        return
    for part in detections_file.read_slices(path, known):
        yield part.rows
        progress("Tracking again", part.share)
