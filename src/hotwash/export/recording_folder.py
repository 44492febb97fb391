"""A recording to a folder: a Parquet file for each table that has rows, and the scenario's text.

    DIR/ scenario.toml  truth.parquet  controls.parquet  events.parquet
         sensors.parquet  detections.parquet  sources.parquet  marks.parquet

What `ingest.recording_folder` reads. Each file can be used by itself: `hotwash track DIR/detections.parquet` finds the
sensors beside it, `hotwash evaluate TRACKS DIR/truth.parquet` takes the truth.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotwash.errors import WriteError
from hotwash.export import files, table_file
from hotwash.model import schema, tables
from hotwash.model.recording import FOLDER_TABLES, SCENARIO_FILE, Recording


def write(folder: Path, recording: Recording, *, replace: bool = False) -> list[Path]:
    """Write a recording; return the paths of its files.

    folder     missing or empty, else see replace
    recording  frames of the declared tables; a table without rows is not written
    replace    whether a folder that holds an earlier recording, and nothing else, may be overwritten
    raises     WriteError when the folder holds something else, or cannot be written to; TableError when a frame is
               not of its declared table. Nothing is then left behind, and an earlier recording stays

    A new folder appears whole or not at all. In a folder that was there before, each file is whole, but a run that is
    killed may have renamed only some of them.
    """
    content = _content(recording)
    if not folder.exists():
        with files.scratch(folder) as hidden:
            files.write_all(hidden, content)
            _rename(hidden, folder)
        return [folder / name for name in content]
    stale = _replaceable_names(folder, replace=replace) - set(content)
    written = files.write_all(folder, content)
    for name in stale:
        (folder / name).unlink()
    return written


def append_marks(folder: Path, marks: pl.DataFrame) -> pl.DataFrame:
    """Add an instructor's marks to a recording's folder; return all marks that it now holds.

    folder   holds a recording
    marks    MARKS; a mark_id that the folder already has is refused, since a mark is never written over
    raises   WriteError, TableError; the folder is then as it was

    Only marks.parquet is written. Two programs that add marks at the same moment are not kept apart.
    """
    if not folder.is_dir():
        raise WriteError(str(folder), why="is no folder that holds a recording; marks stand beside what they judge")
    path = folder / "marks.parquet"
    together = pl.concat([_read_marks(path), schema.conform(marks, tables.MARKS)])
    twice = together.filter(pl.col("mark_id").is_duplicated())["mark_id"]
    if len(twice):
        why = f"mark_id {twice[0]} stands there already; give the new mark the next number"
        raise WriteError(str(path), why=why)
    table_file.write(path, together)
    return together


def _content(recording: Recording) -> dict[str, bytes]:
    """Return the bytes of each file, by name."""
    content: dict[str, bytes] = {}
    if recording.scenario is not None:
        content[SCENARIO_FILE] = _encode(recording.scenario)
    for table in FOLDER_TABLES:
        frame = schema.conform(getattr(recording, table.name), table)
        if frame.height:
            content[f"{table.name}.parquet"] = table_file.encode_parquet(frame)
    return content


def _encode(scenario: str) -> bytes:
    try:
        return scenario.encode()
    except UnicodeEncodeError as fault:
        why = "holds half a character, which no UTF-8 file can; mend the scenario's text"
        raise WriteError(SCENARIO_FILE, place=f"character {fault.start}", why=why) from None


def _rename(hidden: Path, folder: Path) -> None:
    try:
        hidden.replace(folder)
    except OSError as fault:
        raise WriteError(str(folder), why=f"cannot be written to: {fault.strerror or fault}") from None


def _replaceable_names(folder: Path, *, replace: bool) -> set[str]:
    """Return the names of an earlier recording's files, all of which may go.

    raises   WriteError when the folder holds anything that may not
    """
    if not replace or not folder.is_dir():
        files.check_empty(folder)
        return set()
    known = {SCENARIO_FILE, *(f"{table.name}.{ending}" for table in FOLDER_TABLES for ending in ("parquet", "csv"))}
    try:
        names = {entry.name for entry in folder.iterdir()}
    except OSError as fault:
        raise WriteError(str(folder), why=f"cannot be looked into: {fault.strerror}") from None
    if names - known:
        why = f"holds {min(names - known)}, which is no file of a recording; name another folder"
        raise WriteError(str(folder), why=why)
    return names


def _read_marks(path: Path) -> pl.DataFrame:
    if not path.exists():
        return schema.empty(tables.MARKS)
    try:
        return schema.conform(pl.read_parquet(path), tables.MARKS)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise WriteError(str(path), why="is no Parquet file that can be read; put it aside, then mark again") from None
