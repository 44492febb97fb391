"""A frame to a file of its own, Parquet or CSV by its ending, written whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from hotwash.errors import WriteError
from hotwash.export import files
from hotwash.model import formula_guard, schema
from hotwash.model.schema import Table

ENDINGS = (".parquet", ".csv")
_UTC_FORM = "%Y-%m-%dT%H:%M:%S%.6fZ"  # all six digits: what is read back is the same microsecond


def check_ending(path: Path) -> None:
    """Refuse a name that says of no format, before the work is done.

    raises   WriteError
    """
    if path.suffix.lower() not in ENDINGS:
        raise WriteError(str(path), why=f"ends in neither {' nor '.join(ENDINGS)}; its ending decides the format")


def write(path: Path, frame: pl.DataFrame) -> Path:
    """Write a frame and return its path; an earlier file of that name is replaced only by a whole one.

    frame    of a declared table; in CSV unknown is an empty cell, a list is parted by ;, a time is UTC
             with a Z, and no text is one that a spreadsheet would run
    raises   WriteError when the ending names no format, CSV cannot hold a column, or the place cannot be written to
    """
    check_ending(path)
    with files.replacing(path) as temporary:
        if path.suffix.lower() == ".parquet":
            frame.write_parquet(temporary)
        else:
            frame.select(_plain_columns(frame.schema, path)).write_csv(temporary)
    return path


@contextmanager
def in_parts(path: Path, table: Table) -> Iterator[Callable[[pl.DataFrame], None]]:
    """Give a function that takes one part of a frame after the other; all of them are the file once that is done.

    The parts lie in a folder beside the file until they are joined, so that no more than one is held in memory.
    raises   as `write`; nothing is then left behind, and an earlier file of that name stays
    """
    check_ending(path)
    with files.replacing(path) as temporary, files.scratch(path) as folder:
        schema.empty(table).write_parquet(folder / "000000.parquet")  # a file without rows has its columns all the same
        count = 0

        def add(part: pl.DataFrame) -> None:
            nonlocal count
            count += 1
            part.write_parquet(folder / f"{count:06d}.parquet")

        yield add
        joined = pl.scan_parquet(sorted(folder.glob("*.parquet")))
        if path.suffix.lower() == ".parquet":
            joined.sink_parquet(temporary)
        else:
            joined.select(_plain_columns(table.schema, path)).sink_csv(temporary)


def encode_parquet(frame: pl.DataFrame) -> bytes:
    """Return a frame as the bytes of a Parquet file, for writing it together with others."""
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def encode_csv(frame: pl.DataFrame) -> bytes:
    """Return a frame as the bytes of a CSV file; it begins with the mark by which spreadsheets recognise UTF-8."""
    stream = io.BytesIO()
    frame.select(_plain_columns(frame.schema, Path())).write_csv(stream, include_bom=True)
    return stream.getvalue()


def _plain_columns(columns: pl.Schema, path: Path) -> list[pl.Expr]:
    """Return every column in a form that CSV can hold."""
    binary = [name for name, dtype in columns.items() if dtype == pl.Binary]
    if binary:
        raise WriteError(str(path), why=f"CSV cannot hold the bytes of {', '.join(binary)}; write .parquet")
    return [_plain_column(name, dtype) for name, dtype in columns.items()]


def _plain_column(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).dt.strftime(_UTC_FORM)
    cell = pl.col(name).cast(pl.List(pl.String)).list.join(";") if isinstance(dtype, pl.List) else pl.col(name)
    if isinstance(dtype, pl.List) or dtype == pl.String:
        return cell.str.replace(formula_guard.BEGINS_SO, "'$1")
    return cell
