"""Detections to tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.front.compiled import loading
from hotwash.ingest import detections_file
from hotwash.ingest.reader import FrameRead
from hotwash.ingest.table_file import Source
from hotwash.model import schema, tables
from hotwash.model.notebook import render_html, short_repr
from hotwash.progress import Progress, silent
from hotwash.track import input_remarks, kernels, precompile, tracking
from hotwash.track.detection_order import order_detections
from hotwash.track.models import Settings

CAUSAL, FORENSIC = MODES = ("causal", "forensic")
ASSOCIATIONS = ("joint", "nearest")
READING_SENSORS, LOADING, READING_DETECTIONS = "Reading the sensors", "Loading the tracker", "Reading the detections"


@dataclass(frozen=True, slots=True)
class TrackingResult:
    """Tracks, and what there is to know of the sensors and of the making.

    tracks, health, remarks   TRACKS, HEALTH (how each sensor did), REMARKS
    rejects                   REJECTS: rows of the input that could not be taken
    detections_used           how many detections were tracked
    """

    tracks: pl.DataFrame
    health: pl.DataFrame
    remarks: pl.DataFrame
    rejects: pl.DataFrame
    detections_used: int

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)


def track_detections(
    detections: Source,
    sensors: Source | None = None,
    *,
    mode: str = CAUSAL,
    association: str = "joint",
    every_s: float = 1.0,
    late_s: float = 10.0,
    assume_height_m: tuple[float, float] | None = None,
    is_corrected: bool = False,
    progress: Progress = silent,
) -> TrackingResult:
    """Return the tracks of detections, with how each sensor did.

    detections        DETECTIONS: a path (Parquet or CSV), or a frame of Polars or pandas
    sensors           SENSORS, likewise; left out, sensors.parquet or sensors.csv beside the file of detections
    mode              "causal": only what was known at each time; "forensic": all data used, smoothed and joined
    association       "joint": a track takes all plots near it, each by its probability; "nearest": the one that fits
    every_s           tracks of sources without scans get a row at least this often [s]
    late_s            a detection received this much later than its sensor's latest is left out [s]; with received_utc
                      empty, rows may stand in any order: each is taken as received when it was measured
    assume_height_m   lowest and highest height above the ellipsoid of plots without height; None: that of the sensor
    is_corrected      whether clock offsets and biases of the sensors are estimated and taken out first
    progress          is told what is being done
    raises            ReadError for a table that cannot be used

    All of it is held in memory: a million detections take some 700 MB. `hotwash track` goes through longer files.
    """
    _check_choice("mode", mode, MODES)
    _check_choice("association", association, ASSOCIATIONS)
    settings = Settings(association, every_s, late_s, assume_height_m, is_corrected)
    known = read_sensors(detections, sensors, progress=progress)
    load_tracker(progress=progress)
    progress(READING_DETECTIONS, None)
    read = detections_file.read_detections(detections, known.rows)
    run = tracking.track_causal if mode == CAUSAL else tracking.track_forensic
    in_order, moved = order_detections(read.rows, late_s=late_s)
    made = run(in_order, known.rows, settings=settings, progress=progress)
    said = [input_remarks.remark_on_order(moved)] if moved and mode == CAUSAL else []
    remarks = pl.concat([schema.frame(tables.REMARKS, said), made.remarks])
    left_out = int(made.remarks.filter(pl.col("kind").is_in(input_remarks.LEFT_OUT))["rows"].sum())
    rejects = schema.frame(tables.REJECTS, known.rejects + read.rejects)
    return TrackingResult(made.tracks, made.health, remarks, rejects, read.rows.height - left_out)


def read_sensors(detections: Source, sensors: Source | None, *, progress: Progress = silent) -> FrameRead:
    """Return the sensors of detections; those that lie beside a file of detections where none are given."""
    progress(READING_SENSORS, None)
    if sensors is None:
        if not isinstance(detections, str | Path):
            raise ReadError("sensors", why="are missing; a frame of detections has no file beside it to find them in")
        sensors = detections_file.find_table(Path(detections).parent, "sensors", option="--sensors, in Python sensors=")
    return detections_file.read_sensors(sensors)


def load_tracker(*, progress: Progress = silent) -> None:
    """Load the compiled core; the first time on a machine it is compiled, which takes some 20 s."""
    progress(loading(LOADING, kernels.run), None)
    precompile.precompile_tracker()


def _check_choice(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise ReadError(name, place=repr(value), why=f"is not a choice; there are {', '.join(known)}")
