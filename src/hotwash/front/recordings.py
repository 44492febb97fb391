"""Recordings: read one, score it."""

from __future__ import annotations

from pathlib import Path

from hotwash.ingest import recording_folder
from hotwash.model.recording import Recording
from hotwash.score.attempt import FlightScore, measure_flight
from hotwash.score.watch import WatchScore, has_watch_seat, measure_watch


def read_recording(folder: str | Path) -> Recording:
    """Return the recording that a folder holds, whole.

    folder   a file for each table, Parquet or CSV, and scenario.toml where someone made one
    raises   ReadError when the folder holds no recording, or a single row cannot be taken
    """
    return recording_folder.read(Path(folder))


def score_recording(
    recording: Recording, *, seat: str | None = None, attempt_id: str = "attempt"
) -> FlightScore | WatchScore:
    """Return the score of a flight or of a watch, made again from its recording alone.

    recording    with its scenario
    seat         whose; None: the scenario's first
    attempt_id   under which it stands in SCORES
    raises       ReadError, ScenarioError, LaneError for what cannot be scored
    """
    return (measure_watch if has_watch_seat(recording) else measure_flight)(recording, seat=seat, attempt_id=attempt_id)
