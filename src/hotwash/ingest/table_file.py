"""One table in a file of its own, Parquet or CSV, to checked rows and rejects.

bytes ─┬─ PAR1, or named .parquet ─▶ parquet_table ─────────────────────────┐
       └─ CSV ─┬─ every cell plainly what is declared ─▶ all rows at once ──┼─▶ FrameRead
               └─ anything else ─▶ csv_table, cell by cell, with its advice ┘
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest import csv_table, parquet_table, statements
from hotwash.ingest.csv_table import TableRead
from hotwash.ingest.faults import Fault
from hotwash.ingest.parquet_table import FrameRead, Refusal
from hotwash.ingest.references import Unique
from hotwash.model import schema
from hotwash.model.schema import F64, I64, TEXT, UTC, Column, Table

MAGIC = b"PAR1"  # the first four bytes of every Parquet file
_UTC_FORM = "%Y-%m-%dT%H:%M:%S%.fZ"


def read(path: Path, table: Table, *, refusals: Sequence[Refusal] = ()) -> FrameRead:
    """Return the rows of a table's file, in its order, and rows of REJECTS.

    path       its content decides when it begins as Parquet does, its ending otherwise
    table      the declaration
    refusals   rules beside those that the declaration makes, for either kind of file
    raises     ReadError when the file is not there or cannot be read as this table; times without a zone and
               half positions cost only their rows
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ReadError(str(path), why=f"cannot be read: {fault.strerror}; name a CSV or Parquet file") from None
    return parse(content, table, name=path.name, refusals=refusals)


def parse(content: bytes, table: Table, *, name: str, refusals: Sequence[Refusal] = ()) -> FrameRead:
    """Return the rows of a table's content; as `read`, without the disk.

    name   the file's name: for messages, and for its ending
    """
    rules = [*(parquet_table.position(None) if _has_position(table) else []), *refusals]
    if content.startswith(MAGIC) or name.lower().endswith(".parquet"):
        return parquet_table.read(content, table, name=name, refusals=rules)
    plain = _plain(content, table, name)
    if plain is not None:
        found = parquet_table.checked(plain, table, name=name, refusals=rules)
        if not found.rejects:
            return found
    return _careful(content, table, name, refusals)


def _has_position(table: Table) -> bool:
    return {"lat_deg", "lon_deg"} <= set(table.names)


def _plain(content: bytes, table: Table, name: str) -> pl.DataFrame | None:
    """Return the rows where every filled cell is plainly what is declared; None where one is not.

    A cell-by-cell reader takes a minute for a million rows; this takes seconds, and leaves all doubt to the other.
    """
    if not content.isascii() or b"\r\n\r\n" in content or b"\n\n" in content or b'"' in content:
        return None  # words may be damaged, lines empty, cells quoted: the careful reader knows what to say
    head, _, rest = content.partition(b"\n")
    header = [cell.strip() for cell in head.decode("ascii").split(",")]
    if not rest.strip() or any(column not in table.names for column in header):
        return None
    csv_table.check_header(header, table, name=name, place="line 1")
    try:
        cells = pl.read_csv(io.BytesIO(rest), has_header=False, new_columns=header, infer_schema=False, quote_char=None)
    except pl.exceptions.PolarsError:
        return None
    if cells.width != len(header):
        return None
    try:
        return cells.select(_cast(table[column]) for column in header)
    except pl.exceptions.PolarsError:
        return None


def _cast(column: Column) -> pl.Expr:
    """Return a column of text in its declared type; an error where a filled cell does not fit."""
    cell = pl.col(column.name)
    if column.dtype == UTC:
        return cell.str.to_datetime(_UTC_FORM, time_unit="us", time_zone="UTC", strict=True)
    if column.dtype in (F64, I64):
        return cell.cast(column.dtype, strict=True)
    if column.dtype == TEXT:
        return cell.str.strip_chars()
    raise pl.exceptions.InvalidOperationError(f"{column.name} is read cell by cell")


def _careful(content: bytes, table: Table, name: str, refusals: Sequence[Refusal]) -> FrameRead:
    """Return the rows read cell by cell, with a reject and advice for each that does not fit."""
    found = csv_table.read(content, table, name=name, zone_of=lambda _: None)
    unique = Unique(table)
    kept: list[csv_table.Row] = []
    for row in found.rows:
        try:
            unique(row)
            if _has_position(table):
                statements.check_position(row)
        except Fault as fault:
            found.rejects.append(row.reject(fault))
        else:
            kept.append(row)
    return _ruled(kept, found, table, refusals)


def _ruled(kept: list[csv_table.Row], found: TableRead, table: Table, refusals: Sequence[Refusal]) -> FrameRead:
    """Return the rows left by the callers' own rules, rejects in the order of the file."""
    rows = schema.frame(table, [row.values for row in kept]).with_row_index("(place)")
    for rule in refusals:
        is_broken = rule.is_broken.fill_null(value=False)
        fault = Fault(rule.reason, rule.advice, column=rule.column)
        found.rejects += [kept[place].reject(fault) for place in rows.filter(is_broken)["(place)"].to_list()]
        rows = rows.filter(~is_broken)
    found.rejects.sort(key=lambda row: int(str(row["line"] or 0)))
    return FrameRead(schema.conform(rows.drop("(place)"), table), found.rejects)
