"""A folder that holds a recording to a `Recording`: one file for each table, and the scenario's text.

DIR/ scenario.toml, truth, controls, events, sensors, detections, sources, marks (.parquet, or .csv by hand)
  ├─ read       ─▶ Recording, or an error that names the first row that cannot be taken
  └─ read_rows  ─▶ RecordingRead: what can be taken, and rows of REJECTS
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest import table_file
from hotwash.ingest.disk import read_text
from hotwash.model import schema
from hotwash.model.recording import FOLDER_TABLES, SCENARIO_FILE, Recording
from hotwash.model.schema import Table

_ENDINGS = ("parquet", "csv")
_MOST_SCENARIO_BYTES = 16 * 2**20  # a scenario with all that it names is some kilobytes


@dataclass(frozen=True, slots=True)
class RecordingRead:
    """What could be taken of a recording, and rows of REJECTS."""

    recording: Recording
    rejects: list[dict[str, object]]


def read(folder: Path) -> Recording:
    """Return the recording that a folder holds, whole.

    folder   as `export.recording_folder` writes it; a file that is not there is a table without rows. Tables may also
             be CSV, other files are passed over
    raises   ReadError when the folder is not there, holds no file of a recording, or a file or a single row cannot be
             taken: a score of part of a flight would be a score of another flight
    """
    found = read_rows(folder)
    if found.rejects:
        first = found.rejects[0]
        place = f"{first['file']}, row {first['line']}, column {first['column']}"
        why = f"{first['reason']}: {first['advice']}; {len(found.rejects):,} rows were rejected in all"
        raise ReadError(str(folder), place=place, why=why)
    return found.recording


def read_rows(folder: Path) -> RecordingRead:
    """Return what can be taken of the recording that a folder holds, and the rows that cannot.

    raises   ReadError when the folder is not there, holds no file of a recording, or a file cannot be read at all
    """
    places = {table.name: _place(folder, table) for table in FOLDER_TABLES} if _is_there(folder) else {}
    if not any(places.values()) and not (folder / SCENARIO_FILE).is_file():
        why = f"contains no recording: {SCENARIO_FILE}, truth.parquet and detections.parquet are all missing"
        raise ReadError(str(folder), why=why)
    rejects: list[dict[str, object]] = []
    frames = {table.name: _frame(places[table.name], table, rejects) for table in FOLDER_TABLES}
    return RecordingRead(Recording(**frames, scenario=_scenario(folder / SCENARIO_FILE)), rejects)


def _scenario(path: Path) -> str | None:
    return read_text(path, most_bytes=_MOST_SCENARIO_BYTES, newline="") if path.is_file() else None


def _is_there(folder: Path) -> bool:
    if not folder.is_dir():
        why = "is a file; name the folder that contains it" if folder.is_file() else "there is no such folder"
        raise ReadError(str(folder), why=why)
    return True


def _place(folder: Path, table: Table) -> Path | None:
    """Return the file of a table, None where there is none."""
    paths = [path for path in (folder / f"{table.name}.{ending}" for ending in _ENDINGS) if path.exists()]
    if len(paths) > 1:
        why = f"contains both {paths[0].name} and {paths[1].name}; move one out of the folder"
        raise ReadError(str(folder), why=why)
    return paths[0] if paths else None


def _frame(path: Path | None, table: Table, rejects: list[dict[str, object]]) -> pl.DataFrame:
    if path is None:
        return schema.empty(table)
    found = table_file.table_of(path, table)
    rejects += found.rejects
    return found.rows
