"""One table from wherever it comes, a file in any format that we read or a frame, to checked rows and rejects.

a path ─▶ first bytes ─▶ the reader that knows them: Parquet, GeoJSON, CSV ─┬─▶ FrameRead
a frame of Polars or pandas ────────────────────────────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest import csv_table, geojson_table, pandas_frame, parquet_table
from hotwash.ingest.disk import read_bytes
from hotwash.ingest.frame_check import check_frame
from hotwash.ingest.pandas_frame import PandasFrame
from hotwash.ingest.reader import FrameRead, Reader, RowRule
from hotwash.model.schema import Table

READERS: tuple[Reader, ...] = (parquet_table.READER, geojson_table.READER, csv_table.READER)

Source = Path | str | pl.DataFrame | PandasFrame

_ADVICE = "name an existing file"
FIRST_BYTES = 4096  # that a reader sees to tell its own
_SHOWN_BYTES = 16
# What people hand over by mistake. Source: the first bytes that each format's specification gives.
_BEGINNINGS = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet (.xlsx, .ods); save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (.xls); save the sheet as CSV",
    b"\x1f\x8b": "a file packed with gzip; unpack it",
    b"PARE": "an encrypted Parquet file; decrypt it",
    b"ARROW1": "an Arrow or Feather file; save it as Parquet",
    b"SQLite format 3": "an SQLite database; export the table as CSV",
    b"\x89HDF": "an HDF5 file; save the table as Parquet",
    b"%PDF": "a PDF",
    b"[": "a JSON list",
    b"<": "XML or HTML",
}


def table_of(source: Source, table: Table, *, name: str = "", rules: Sequence[RowRule] = ()) -> FrameRead:
    """Return the rows of a table, in their order, and rows of REJECTS: from a file or from a frame alike.

    source     a path, or a frame of Polars or pandas; of a pandas frame NaN is null
    table      the declaration
    name       what the frame is called in messages; by default as the table is, and a file by its own name
    rules      rules beside those that the declaration makes
    raises     ReadError when a file is not there or in no format that we read, and when a column is undeclared,
               missing or of a type that cannot hold it, such as a time without a zone
    """
    if isinstance(source, str | Path):
        return parse(read_bytes(Path(source), advice=_ADVICE), table, name=name or Path(source).name, rules=rules)
    name = name or table.name
    frame = pandas_frame.convert_frame(source, name=name) if pandas_frame.is_pandas(source) else source
    if not isinstance(frame, pl.DataFrame):
        raise ReadError(name, why=f"is a {type(source).__name__}; give a path, or a frame of Polars or pandas")
    return check_frame(frame, table, name=name, rules=rules)


def some_rows_of(source: Source, table: Table, *, name: str = "", rules: Sequence[RowRule] = ()) -> FrameRead:
    """Return the rows of a table and its rejects as `table_of` does.

    raises   also ReadError when rows were rejected and none is left
    """
    found = table_of(source, table, name=name, rules=rules)
    if found.rejects and not found.rows.height:
        raise explain_no_rows(found.rejects, thing=name_of(source, name or table.name))
    return found


def explain_no_rows(rejects: Sequence[dict[str, object]], *, thing: str) -> ReadError:
    """Return the error that says why no row of a table could be taken."""
    first = rejects[0]
    count = f"{len(rejects):,} were rejected"
    why = f"no valid row is left: {count}. The first: {first['reason']}; {first['advice']}"
    return ReadError(thing, place=f"line {first['line']}, column {first['column']}", why=why)


def name_of(source: Source, default: str) -> str:
    """Return the name of a file, or for a frame the name given."""
    return Path(source).name if isinstance(source, str | Path) else default


def parse(content: bytes, table: Table, *, name: str, rules: Sequence[RowRule] = ()) -> FrameRead:
    """Return the rows of a table's content; as `table_of`, without the disk.

    name   the file's name: for messages, and where the first bytes leave the format open
    """
    return find_reader(content[:FIRST_BYTES], name=name).read(content, table, name=name, rules=rules)


def find_reader(first_bytes: bytes, *, name: str) -> Reader:
    """Return the reader that knows a file by its first bytes.

    raises   ReadError that says what the file looks like, and which formats are read
    """
    for reader in READERS:
        if reader.sniff(first_bytes, name):
            return reader
    formats = ", ".join(reader.name for reader in READERS)
    raise ReadError(name, why=f"{_describe(first_bytes)}. Tables are read from {formats}")


def _describe(first_bytes: bytes) -> str:
    """Return what a file begins like."""
    if not first_bytes:
        return "is empty; was the copy cut short?"
    begins_like = [what for beginning, what in _BEGINNINGS.items() if first_bytes.lstrip().startswith(beginning)]
    if begins_like:
        return f"begins like {begins_like[0]}"
    return f"begins with the bytes {first_bytes[:_SHOWN_BYTES].hex(' ')}, which are not text"
