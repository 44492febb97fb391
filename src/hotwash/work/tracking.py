"""Track a recording's detections, and explain one track."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.export import table_file
from hotwash.ingest import detections_file
from hotwash.ingest.table_file import Source, name_of
from hotwash.model import schema, tables
from hotwash.track import explain as explaining
from hotwash.track import input_remarks, kernels, precompile, tracking
from hotwash.track.models import Settings
from hotwash.track.tracker import LAYING, TRACKING, Chunk, Tracker
from hotwash.track.tracking import Tracked
from hotwash.work.compiled import is_kept

CAUSAL, FORENSIC = MODES = ("causal", "forensic")
READ, COMPILE, TRACK, WRITE, HEALTH = STAGES = ("read", "compile", "track", "write", "health")
FIRST_TIME = "Compiling for the first time: some 20 s, once"

Progress = Callable[[str, float | None], None]  # what is being done, and how far into the recording, 0 to 1


@dataclass(frozen=True, slots=True)
class Done:
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
class Explained:
    """One track, look by look: UPDATES, and the detections that it began with before its first look."""

    updates: pl.DataFrame
    begun_with: list[int]


def _silent(_: str, __: float | None) -> None:
    """Say nothing."""


class _Stopwatch:
    """Adds up how long each stage took; one runs at a time."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._stage: str | None = None
        self._began = time.perf_counter()

    def turn(self, stage: str | None) -> str | None:
        """Let another stage run, or none; return the one that ran."""
        now, before = time.perf_counter(), self._stage
        if before is not None:
            self.seconds[before] += now - self._began
        self._stage, self._began = stage, now
        return before

    def follow(self, text: str) -> None:
        """Let the stage run that a message of the tracker belongs to."""
        if text in _STAGE_OF:
            self.turn(_STAGE_OF[text])

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        before = self.turn(stage)
        try:
            yield
        finally:
            self.turn(before)


# Which stage the time after a message of the tracker belongs to: plots are laid out as they are read.
_STAGE_OF = {
    LAYING: READ, TRACKING: TRACK, tracking.SMOOTHING: TRACK, tracking.WRITING: WRITE,
    tracking.COMPARING: HEALTH,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Job:
    """What one run of the tracker works on; the rejects are those of the sensors."""

    detections: Source
    sensors: pl.DataFrame
    out: Path
    settings: Settings
    rejects: list[dict[str, object]]
    clock: _Stopwatch
    progress: Progress

    @property
    def rejects_file(self) -> Path:
        return self.out.with_name(f"{self.out.name}.rejects.csv")


def track(
    detections: Source,
    *,
    out: Path,
    sensors: Source | None = None,
    mode: str = CAUSAL,
    settings: Settings | None = None,
    health: Path | None = None,
    progress: Progress = _silent,
) -> Done:
    """Read a recording, track it and write its tracks.

    detections    a file (CSV or Parquet) or a frame of DETECTIONS; a long Parquet file is read, tracked and written
                  slice by slice (causal mode)
    out           CSV or Parquet, by its ending
    sensors       a file or a frame of SENSORS; by default sensors.parquet or sensors.csv beside the detections
    mode          causal or forensic
    health        where to write how each sensor did
    raises        ReadError for bad input, WriteError; nothing is then written

    Rows that cannot be taken stop nothing: they are written to `<out>.rejects.csv`.
    """
    for path in filter(None, (out, health)):
        table_file.check_ending(path)
    chosen, clock = settings or Settings(), _Stopwatch()
    with clock(READ):
        progress("Reading the sensors", None)
        known = detections_file.read_sensors(_beside(detections) if sensors is None else sensors)
    with clock(COMPILE):
        progress("Loading the tracker" if is_compiled() else FIRST_TIME, None)
        precompile.precompile_tracker()
    job = _Job(detections, known.rows, out, chosen, known.rejects, clock, progress)
    if mode == CAUSAL and detections_file.is_long(detections):
        _check_plain(job, health)
        return _in_slices(job, detections)
    return _whole(job, mode, health)


def _beside(detections: Source) -> Path:
    """Return the file of sensors in the folder of the detections."""
    if not isinstance(detections, str | Path):
        raise ReadError("sensors", why="are missing; a frame of detections has no folder in which they could stand")
    return detections_file.find_table(Path(detections).parent, "sensors", option="--sensors")


def is_compiled() -> bool:
    """Tell whether the core was compiled on this machine before, from the source as it is now."""
    return is_kept(kernels.run)


def _check_plain(job: _Job, health: Path | None) -> None:
    """Refuse what takes a second look at the whole recording where only a slice of it is held."""
    asked = [name for name, is_asked in (("--correct", job.settings.is_corrected), ("--health", health)) if is_asked]
    if asked:
        why = f"is tracked slice by slice, for its length; {' and '.join(asked)} want the whole: cut out some hours"
        raise ReadError(name_of(job.detections, "detections"), why=why)


# ---------------------------------------------------------------- all at once


def _whole(job: _Job, mode: str, health: Path | None) -> Done:
    with job.clock(READ):
        job.progress("Reading the detections", None)
        read = detections_file.read_detections(job.detections, job.sensors)
    found = _tracked(job, read.rows, mode)
    rejects = job.rejects + read.rejects
    with job.clock(WRITE):
        if health is not None:
            table_file.write(health, found.health)
        if rejects:
            table_file.write(job.rejects_file, schema.frame(tables.REJECTS, rejects))
        else:
            job.rejects_file.unlink(missing_ok=True)  # one of an earlier run says nothing of these tracks
        table_file.write(job.out, found.tracks)
    left_out = found.remarks.filter(pl.col("kind").is_in(input_remarks.LEFT_OUT))["rows"].sum()
    tracks = found.tracks["track_id"].n_unique()
    return _done(job, read.rows.height - int(left_out), tracks, found.tracks.height, len(rejects), found.remarks)


def _tracked(job: _Job, detections: pl.DataFrame, mode: str) -> Tracked:
    """Return what the tracker made; making frames of it is counted as writing, comparing sensors as health."""
    run = tracking.track_causal if mode == CAUSAL else tracking.track_forensic

    def told(text: str) -> None:
        job.clock.follow(text)
        job.progress(text, None)

    with job.clock(READ):
        return run(detections, job.sensors, settings=job.settings, progress=told)


def _done(job: _Job, plots: int, tracks: int, rows: int, rejected: int, remarks: pl.DataFrame) -> Done:
    file = job.rejects_file if rejected else None
    return Done(job.out, plots, tracks, rows, job.clock.seconds, rejected, file, remarks)


# ---------------------------------------------------------------- slice by slice


@dataclass(slots=True)
class _Tally:
    """What has been written so far."""

    taken: int = 0
    rows: int = 0
    tracks: int = 0
    last_track: int = 0
    rejected: int = 0


def _in_slices(job: _Job, detections: Path | str) -> Done:
    """Track a recording of which no more than a slice is ever held: numbers of tracks ascend, so they count them."""
    tracker = Tracker(job.sensors, settings=job.settings, progress=job.clock.follow)
    writer, tally = tracking.Writer(tracker), _Tally()
    with (
        table_file.in_parts(job.out, tables.TRACKS) as add,
        table_file.in_parts(job.rejects_file, tables.REJECTS) as refuse,
    ):
        _refuse(job.rejects, refuse, tally)
        for part in _timed(detections_file.read_slices(detections, job.sensors), job.clock):
            _refuse(part.rejects, refuse, tally)
            tally.taken += part.rows.height
            with job.clock(READ):
                chunks = tracker.step(part.rows)
            _write(job, writer, chunks, add, tally)
            job.progress("Tracking", part.share)
        _check_any(job, tally)
        with job.clock(READ):
            chunks = tracker.finish()
        _write(job, writer, chunks, add, tally)
        job.progress("Writing", None)
        began = time.perf_counter()
    job.clock.seconds[WRITE] += time.perf_counter() - began
    if not tally.rejected:
        job.rejects_file.unlink()
    remarks = input_remarks.remark_on_input(tracker, rows=tally.rows)
    return _done(job, tracker.plots, tally.tracks, tally.rows, tally.rejected, remarks)


def _check_any(job: _Job, tally: _Tally) -> None:
    if tally.rejected and not tally.taken:
        why = f"no row is left that can be taken: {tally.rejected:,} were rejected"
        raise ReadError(name_of(job.detections, "detections"), why=why)


def _timed(parts: Iterator[detections_file.Slice], clock: _Stopwatch) -> Iterator[detections_file.Slice]:
    while True:
        with clock(READ):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _refuse(rejects: list[dict[str, object]], refuse: Callable[[pl.DataFrame], None], tally: _Tally) -> None:
    if rejects:
        tally.rejected += len(rejects)
        refuse(schema.frame(tables.REJECTS, rejects))


def _write(
    job: _Job, writer: tracking.Writer, chunks: Iterable[Chunk], add: Callable[[pl.DataFrame], None], tally: _Tally
) -> None:
    with job.clock(WRITE):
        for frame in writer.frames(chunks):
            tally.rows += frame.height
            numbers = frame["track_id"].unique()
            tally.tracks += int((numbers > tally.last_track).sum())
            tally.last_track = max(tally.last_track, int(numbers.max() or 0))  # type: ignore[arg-type]
            add(frame)


# ---------------------------------------------------------------- one track


def explain(
    track_id: int, *, folder: Path, detections: Path | None = None, sensors: Path | None = None,
    settings: Settings | None = None, progress: Progress = _silent,
) -> Explained:  # fmt: skip
    """Track a recording again, and tell of one track which detection each look took, and why.

    track_id     as the causal tracker numbers it: the settings must be those that the tracks were made with
    folder       holds detections and sensors, as a bundle does, where they are not named
    raises       ReadError for bad input, or when there is no such track
    """
    plots = detections or detections_file.find_table(folder, "detections", option="--detections")
    stand = sensors or detections_file.find_table(plots.parent, "sensors", option="--sensors")
    progress("Reading the sensors", None)
    known = detections_file.read_sensors(stand).rows
    progress("Loading the tracker" if is_compiled() else FIRST_TIME, None)
    precompile.precompile_tracker()
    progress("Tracking again", None)
    updates, begun_with = explaining.explain_track(
        _parts(plots, known, progress), known, track_id=track_id, settings=settings
    )
    if not updates.height:
        why = "is not among the tracks of this recording; explain numbers tracks as --mode causal does"
        raise ReadError(f"track {track_id}", why=why)
    return Explained(updates, begun_with)


def _parts(path: Path, known: pl.DataFrame, progress: Progress) -> Iterator[pl.DataFrame]:
    """Yield the detections cut as `track` cuts them."""
    if not detections_file.is_long(path):
        yield detections_file.read_detections(path, known).rows
        return
    for part in detections_file.read_slices(path, known):
        yield part.rows
        progress("Tracking again", part.share)
