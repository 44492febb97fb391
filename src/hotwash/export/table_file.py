"""A frame to a file of its own, Parquet or CSV by its ending, written whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from hotwash.errors import WriteError
from hotwash.export import files

ENDINGS = (".parquet", ".csv")
_UTC_FORM = "%Y-%m-%dT%H:%M:%S%.6fZ"  # all six digits: what is read back is the same microsecond


def check(path: Path) -> None:
    """Refuse a name that says of no format, before the work is done.

    raises   WriteError
    """
    if path.suffix.lower() not in ENDINGS:
        raise WriteError(str(path), why=f"ends in neither {' nor '.join(ENDINGS)}; its ending decides the format")


def write(path: Path, frame: pl.DataFrame) -> Path:
    """Write a frame and return its path; an earlier file of that name is replaced only by a whole one.

    frame    of a declared table; in CSV unknown is an empty cell, a list is parted by ;, a time is UTC with a Z
    raises   WriteError when the ending names no format, CSV cannot hold a column, or the place cannot be written to
    """
    check(path)
    with files.replacing(path) as temporary:
        if path.suffix.lower() == ".parquet":
            frame.write_parquet(temporary)
        else:
            _plain(frame, path).write_csv(temporary)
    return path


def content(frame: pl.DataFrame) -> bytes:
    """Return a frame as the bytes of a Parquet file, for writing it together with others."""
    held = io.BytesIO()
    frame.write_parquet(held)
    return held.getvalue()


def _plain(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Return a frame whose every column CSV can hold."""
    held = [name for name, dtype in frame.schema.items() if dtype == pl.Binary]
    if held:
        raise WriteError(str(path), why=f"CSV cannot hold the bytes of {', '.join(held)}; write .parquet")
    times = [name for name, dtype in frame.schema.items() if dtype == pl.Datetime]
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(
        *(pl.col(name).dt.strftime(_UTC_FORM) for name in times),
        *(pl.col(name).cast(pl.List(pl.String)).list.join(";") for name in lists),
    )
