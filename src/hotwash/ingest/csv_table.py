"""A CSV file to the rows of one declared table, each with its line; what does not fit becomes a reject.

bytes ─decode─▶ text ─csv─▶ records ─cells.parse─▶ Row ─┬▶ rows
                                                        └▶ rejects (nothing is lost)
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
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
_SHOWN_REASON = 300  # a reason quotes the cell, and a cell may be long
_BEYOND = "(beyond the header)"  # where a reject keeps the cells that have no column
_BLANK = " \t\r\n"  # not U+00A0 and its like: in damaged text they are halves of letters
_OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(slots=True)
class Row:
    """One row of one file, parsed; `raw` keeps what stood there, damage and all."""

    file: str
    line: int
    raw: dict[str, str]
    values: dict[str, Value]

    def reject(self, fault: Fault, *, column: str | None = None) -> dict[str, object]:
        """Return this row as a row of REJECTS."""
        at_fault = Fault(fault.reason, fault.advice, column=fault.column or column)
        return rejected(self.file, self.line, self.raw, at_fault)


@dataclass(slots=True)
class TableRead:
    """One table as it was read."""

    rows: list[Row] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    repairs: list[dict[str, object]] = field(default_factory=list)


def rejected(file: str, line: int, raw: Mapping[str, str], fault: Fault) -> dict[str, object]:
    """Return a row of REJECTS: where it stood, what is wrong with which column, and the whole row.

    raw   the row's cells as they stood, by column
    """
    value = raw.get(fault.column) if fault.column else None
    return {
        "file": file,
        "line": line,
        "column": fault.column,
        "value": None if value is None else cut(value, _SHOWN_VALUE),
        "reason": cut(fault.reason, _SHOWN_REASON),
        "advice": cut(fault.advice, _SHOWN_REASON),
        "row": json.dumps({key: cut(cell, _SHOWN_CELL) for key, cell in raw.items()}, ensure_ascii=False),
    }


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

    A line without a single filled cell is no row and is passed over.
    """
    found = TableRead()
    records = _records(text.decode(content, name=name), name)
    if not records:
        return found
    header = _header(records[0][1], table, name)
    for line, record in records[1:]:
        if not any(cell.strip() for cell in record):
            continue
        _take(line, record, header, table, name, zone_of, found)
    return found


def _records(content: str, name: str) -> list[tuple[int, list[str]]]:
    """Return each record with the line that it begins on."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    # The limit is one for the whole program: raised for a long cell, which costs its row, and put back at once.
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, len(content) + 1))
    try:
        for record in reader:
            found.append((line, record))
            line = reader.line_num + 1
    except csv.Error as fault:
        why = f"{fault}; the record that begins here has a quotation mark that is not closed, or not doubled"
        raise BundleError(name, place=f"line {line}", why=why) from None
    finally:
        csv.field_size_limit(before)
    return found


def _header(first: list[str], table: Table, name: str) -> list[str]:
    header = [cell.strip() for cell in first]
    while header and not header[-1]:  # a spreadsheet leaves empty columns at the end
        header.pop()
    _check_separator(header, table, name)
    check_header(header, table, name=name, place="line 1")
    return header


def _check_separator(header: list[str], table: Table, name: str) -> None:
    """Refuse a file whose cells are parted by something else: spreadsheets in much of Europe write semicolons."""
    for mark, called in _OTHER_MARKS.items():
        if any(mark in cell and plain(cell.split(mark)[0]) in table.names for cell in header):
            why = f"its cells are parted by {called}; save it as CSV with commas"
            raise BundleError(name, place="line 1", why=why)


def check_header(header: Sequence[str], table: Table, *, name: str, place: str) -> None:
    """Refuse columns that a table does not declare, that stand twice, or that are missing.

    raises   BundleError that names the nearest declared column
    """
    for column in header:
        if column not in table.names:
            close = get_close_matches(plain(column), table.names, n=1)
            advice = f"did you mean {close[0]}?" if close else f"{table.name} has {', '.join(table.names)}"
            shown = cut(column, _SHOWN_VALUE)
            raise BundleError(name, place=place, why=f"column {shown!r} is not declared; {advice}")
        if header.count(column) > 1:
            raise BundleError(name, place=place, why=f"column {column!r} stands twice; remove one")
    missing = [column.name for column in table.columns if not column.nullable and column.name not in header]
    if missing:
        raise BundleError(name, place=place, why=f"column {', '.join(missing)} is missing; every row needs it")


def plain(column: str) -> str:
    """Return a column's name as we would spell it: "Claim ID" is "claim_id"."""
    return "_".join(column.strip().lower().replace("-", " ").split())


def _take(
    line: int, record: list[str], header: list[str], table: Table, name: str, zone_of: ZoneOf, found: TableRead
) -> None:
    raw = dict(zip(header, (cell.strip(_BLANK) for cell in record), strict=False))
    beyond = record[len(header) :]
    if any(cell.strip() for cell in beyond):
        raw[_BEYOND] = ",".join(beyond)
    row = Row(name, line, raw, {})
    current: str | None = None
    try:
        _check_width(record, header)
        for current in header:
            _check_bytes(raw[current])
        current = None
        mended, repairs = _mended(row, table)
        zone = zone_of(mended)
        for current in header:
            row.values[current] = cells.parse(mended[current], table[current], zone=zone)
    except Fault as fault:
        found.rejects.append(row.reject(fault, column=current))
        return
    found.repairs += repairs
    found.rows.append(row)


def _check_width(record: list[str], header: list[str]) -> None:
    reason = f"{len(record)} cells under {len(header)} columns"
    if any(cell.strip() for cell in record[len(header) :]):
        raise Fault(reason, "put a cell that holds a comma in quotation marks")
    if len(record) < len(header):
        raise Fault(reason, "write a comma for each empty cell; was the file cut short?")


def _check_bytes(cell: str) -> None:
    if text.is_broken(cell):
        raise Fault("bytes that are no UTF-8", "save the file as UTF-8, or write this cell again")


def _mended(row: Row, table: Table) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Return the cells with damaged words mended, and a row of REPAIRS for each."""
    mended = dict(row.raw)
    repairs: list[dict[str, object]] = []
    for name, cell in row.raw.items():
        if cell.isascii() or len(cell) > cells.MOST_CHARACTERS or table[name].dtype not in (TEXT, TEXTS):
            continue
        whole, found = text.mend(cell)
        mended[name] = whole.strip()
        repairs += [
            {"file": row.file, "line": row.line, "column": name, "raw": raw, "mended": word} for raw, word in found
        ]
    return mended, repairs
