"""A Parquet file to the rows of one declared table, whole or slice by slice: for tables too long for CSV."""

from __future__ import annotations

import io
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest.frame_check import check_frame, check_header, is_row_label
from hotwash.ingest.reader import FrameRead, Reader, RowRule
from hotwash.model.schema import Table

MOST_CELLS = 250_000_000  # read whole, at 8 bytes each 2 GB; long detections are read in slices instead
MAGIC = b"PAR1"  # the first four bytes of every Parquet file
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)  # what Polars raises on a damaged file

_ARROW_SCHEMA = "ARROW:schema"  # where writers that use Arrow leave its own schema, in base64
_TIMESTAMP = 10  # number of that type in Arrow's Schema.fbs


def sniff(first_bytes: bytes, _: str) -> bool:
    """Tell whether content begins as Parquet does."""
    return first_bytes.startswith(MAGIC)


def read(content: bytes, table: Table, *, name: str, rules: Sequence[RowRule] = ()) -> FrameRead:
    """Return the rows of a Parquet file, in its order; the line of a reject is the row's number, from 1.

    raises   ReadError when it is no Parquet, or a column is undeclared, missing or of a type that cannot hold it
    """
    try:
        whole = pl.scan_parquet(io.BytesIO(_in_utc(content)))
        columns = whole.collect_schema().names()
        rows = int(whole.select(pl.len()).collect().item())
    except UNREADABLE:
        raise _unreadable(name) from None
    # Before any row is decoded: a few kilobytes can hold a hundred million equal rows.
    check_header([one for one in columns if not is_row_label(one)], table, name=name, place="columns")
    check_size(rows, len(columns), name=name)
    try:
        frame = whole.collect()
    except UNREADABLE:
        raise _unreadable(name) from None
    return check_frame(frame, table, name=name, rules=rules)


def check_size(rows: int, columns: int, *, name: str) -> None:
    """Refuse a table whose cells would not fit: its file may be a thousand times smaller.

    raises   ReadError
    """
    if rows * columns > MOST_CELLS:
        most = MOST_CELLS // max(columns, 1)
        why = f"has {rows:,} rows of {columns} columns; {most:,} such rows are read whole. Give the file in parts"
        raise ReadError(name, why=why)


def _unreadable(name: str) -> ReadError:
    return ReadError(name, why="cannot be read as a Parquet file; was the copy cut short?")


READER = Reader("Parquet", sniff, read)


def scan(path: Path) -> pl.LazyFrame:
    """Return a Parquet file to be read in parts; reading raises one of UNREADABLE where the file is damaged."""
    if _foreign_zones(pl.read_parquet_metadata(path).get(_ARROW_SCHEMA, "")):
        return pl.scan_parquet(io.BytesIO(_in_utc(path.read_bytes())), low_memory=True)
    return pl.scan_parquet(path, low_memory=True)


# ---------------------------------------------------------------- time zones that Polars does not know


def _in_utc(content: bytes) -> bytes:
    """Return a file whose times with a zone are all in UTC.

    Parquet stores them so; but a writer may leave a name for the zone that Polars does not know, such as Z, at which
    it gives the whole file up. We turn all times into UTC, so the name says nothing that is needed.
    """
    stored = pl.read_parquet_metadata(content).get(_ARROW_SCHEMA, "")
    places = _foreign_zones(stored)
    if not places:
        return content
    named = bytearray(b64decode(stored))
    for place in places:
        named[place : place + 8] = struct.pack("<I4s", 3, b"UTC")  # texts fill whole words: there is always room
    return content.replace(stored.encode(), b64encode(named), 1)


def _foreign_zones(stored: str) -> list[int]:
    """Return where the names of time zones other than UTC begin in an Arrow schema; none where it cannot be read."""
    try:
        named = b64decode(stored)
        return [place for place in _zone_names(named) if named[place : place + 8] != struct.pack("<I4s", 3, b"UTC")]
    except (ValueError, struct.error, IndexError):
        return []


def _zone_names(named: bytes) -> Iterator[int]:
    """Yield where the name of each column's time zone begins: its length, then its letters.

    Source: Apache Arrow, Schema.fbs and Message.fbs; FlatBuffers, "Internals": offsets to tables, tables with an
    offset to the list of their fields.
    """

    def number(at: int, form: str = "<I") -> int:
        return int(struct.unpack_from(form, named, at)[0])

    def follow(at: int) -> int:
        return at + number(at)

    def field(table: int, nth: int) -> int:
        fields = table - number(table, "<i")
        slot = 4 + 2 * nth
        offset = number(fields + slot, "<H") if slot < number(fields, "<H") else 0
        return table + offset if offset else len(named)  # beyond the end: reading there is refused

    if not named:
        return
    message = follow(8 if named.startswith(b"\xff" * 4) else 4)
    columns = follow(field(follow(field(message, 2)), 1))
    for nth in range(number(columns)):
        column = follow(columns + 4 + 4 * nth)
        if named[field(column, 2)] == _TIMESTAMP:
            zone = field(follow(field(column, 3)), 1)
            if zone < len(named):
                yield follow(zone)
