"""A CSV file to the rows of one declared table, each with its line; what does not fit becomes a reject.

bytes ─decode─▶ text ─csv─▶ records ─cells.parse─▶ Row ─┬▶ rows
                                                        └▶ rejects (nothing is lost)
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from hotwash.errors import BundleError
from hotwash.ingest import cells, text
from hotwash.ingest.cells import Value
from hotwash.ingest.faults import Fault
from hotwash.model.schema import TEXT, TEXTS, Table

ZoneOf = Callable[[dict[str, str]], str | None]

_SHOWN_VALUE = 200  # characters of a bad value that are shown
_SHOWN_CELL = 2_000  # characters of each cell that a reject keeps


@dataclass(slots=True)
class Row:
    """One row of one file, parsed; `raw` keeps what stood there."""

    file: str
    line: int
    raw: dict[str, str]
    values: dict[str, Value]

    def reject(self, fault: Fault, *, column: str | None = None) -> dict[str, object]:
        """Return this row as a row of REJECTS."""
        name = fault.column or column
        return {
            "file": self.file,
            "line": self.line,
            "column": name,
            "value": cut(self.raw[name], _SHOWN_VALUE) if name and name in self.raw else None,
            "reason": fault.reason,
            "advice": fault.advice,
            "row": json.dumps({key: cut(cell, _SHOWN_CELL) for key, cell in self.raw.items()}, ensure_ascii=False),
        }


@dataclass(slots=True)
class TableRead:
    """One table as it was read."""

    rows: list[Row] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    repairs: list[dict[str, object]] = field(default_factory=list)


def cut(value: str, most: int) -> str:
    """Return a text that can be shown: undecodable bytes written out, the end cut off."""
    shown = text.shown(value)
    return shown if len(shown) <= most else f"{shown[:most]}… ({len(value):,} characters)"


def read(content: bytes, table: Table, *, name: str, zone_of: ZoneOf) -> TableRead:
    """Return the rows of a file, in its order.

    content   the file
    table     its declaration
    name      the file's name
    zone_of   gives the zone of a raw row's bare times, or None; it may raise Fault
    raises    BundleError when the header does not fit the table, or a quotation mark is never closed
    """
    found = TableRead()
    records = _records(text.decode(content, name=name), name)
    header = _header(records, table, name)
    if header is None:
        return found
    for line, record in records:
        if not any(cell.strip() for cell in record):
            continue
        _take(line, record, header, table, name, zone_of, found)
    return found


def _records(content: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line that it begins on."""
    before = csv.field_size_limit(len(content) + 1)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as fault:
        why = f"{fault}; the record that begins here has a quotation mark that is not closed, or not doubled"
        raise BundleError(name, place=f"line {line}", why=why) from None
    finally:
        csv.field_size_limit(before)


def _header(records: Iterator[tuple[int, list[str]]], table: Table, name: str) -> list[str] | None:
    first = next(records, None)
    if first is None:
        return None
    header = [cell.strip() for cell in first[1]]
    while header and not header[-1]:  # a spreadsheet leaves empty columns at the end
        header.pop()
    for column in header:
        if column not in table.names:
            close = get_close_matches(column, table.names, n=1)
            advice = f"did you mean {close[0]}?" if close else f"{table.name} has {', '.join(table.names)}"
            raise BundleError(name, place="line 1", why=f"column {column!r} is not declared; {advice}")
        if header.count(column) > 1:
            raise BundleError(name, place="line 1", why=f"column {column!r} stands twice; remove one")
    missing = [column.name for column in table.columns if not column.nullable and column.name not in header]
    if missing:
        raise BundleError(name, place="line 1", why=f"column {', '.join(missing)} is missing; every row needs it")
    return header


def _take(
    line: int, record: list[str], header: list[str], table: Table, name: str, zone_of: ZoneOf, found: TableRead
) -> None:
    raw = dict(zip(header, (cell.strip() for cell in record), strict=False))
    row = Row(name, line, raw, {})
    current: str | None = None
    try:
        _check_width(record, header)
        for current in header:
            _check_bytes(raw.get(current, ""))
        current = None
        repairs = _mended(row, table)
        zone = zone_of(raw)
        for current in header:
            row.values[current] = cells.parse(raw.get(current, ""), table[current], zone=zone)
    except Fault as fault:
        found.rejects.append(row.reject(fault, column=current))
        return
    found.repairs += repairs
    found.rows.append(row)


def _check_width(record: list[str], header: list[str]) -> None:
    if len([cell for cell in record[len(header) :] if cell.strip()]):
        raise Fault(
            f"{len(record)} cells under {len(header)} columns", "put a cell that holds a comma in quotation marks"
        )


def _check_bytes(cell: str) -> None:
    if text.is_broken(cell):
        raise Fault("bytes that are no UTF-8", "save the file as UTF-8, or write this cell again")


def _mended(row: Row, table: Table) -> list[dict[str, object]]:
    repairs: list[dict[str, object]] = []
    for name, cell in row.raw.items():
        if cell.isascii() or len(cell) > cells.MOST_CHARACTERS or table[name].dtype not in (TEXT, TEXTS):
            continue
        row.raw[name], found = text.mend(cell)
        repairs += [
            {"file": row.file, "line": row.line, "column": name, "raw": raw, "mended": mended} for raw, mended in found
        ]
    return repairs
