"""A CSV file to the rows of one declared table, each with its line; what does not fit becomes a reject.

bytes ─┬─ every cell plainly what is declared ─▶ all rows at once ─────────────────────┐
       └─ anything else ─decode─▶ text ─csv─▶ records ─cells.parse─▶ Row ─┬▶ rows ─────┼─▶ FrameRead
                                                                          └▶ rejects ──┘ (nothing is lost)
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest import cells, text
from hotwash.ingest.faults import Fault
from hotwash.ingest.frame_check import check_frame, check_header, has_position, is_row_label, spell_plainly
from hotwash.ingest.parquet_table import MAGIC as PARQUET_MAGIC
from hotwash.ingest.reader import FrameRead, Reader, RowRule
from hotwash.ingest.references import Unique
from hotwash.ingest.rows import Row, RowsRead
from hotwash.ingest.statements import check_position
from hotwash.model import formula_guard, schema
from hotwash.model.schema import BYTES, F64, I64, TEXT, TEXTS, UTC, Column, Table

ZoneOf = Callable[[dict[str, str]], str | None]

_BEYOND = "(beyond the header)"  # where a reject keeps the cells that have no column
_BLANK = " \t\r\n"  # not U+00A0 and its like: in damaged text they are halves of letters
_OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_NAMED_MARK = re.compile(r'"?sep=(?P<mark>[,;\t|])"?\r?\n')  # a line by which Excel is told what parts cells
_UTC_FORM = "%Y-%m-%dT%H:%M:%S%.fZ"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OTHER_BEGINNINGS = (b"{", b"[", b"<", b"%PDF", PARQUET_MAGIC)  # JSON, XML and other text that is no table


def sniff(first_bytes: bytes, name: str) -> bool:
    """Tell whether content begins with a line of text that may be a table's header.

    A control character further down is left to the row that it stands in.
    """
    if not first_bytes:
        return not name.lower().endswith(".parquet")
    if text.has_wide_mark(first_bytes) or _is_unmarked_utf16(first_bytes[:16]):
        return True
    line = first_bytes.removeprefix(codecs.BOM_UTF8).lstrip().split(b"\n")[0].split(b"\r")[0]
    return not line.startswith(_OTHER_BEGINNINGS) and not _NO_TEXT.search(line)


def _is_unmarked_utf16(head: bytes) -> bool:
    """Tell whether letters of English stand there in UTF-16: every second byte is zero. `text.decode` says so."""
    even, odd = head[0::2], head[1::2]
    return min(even.count(0), odd.count(0)) == 0 and max(even.count(0), odd.count(0)) == len(head) // 2 > 1


def read(content: bytes, table: Table, *, name: str, rules: Sequence[RowRule] = ()) -> FrameRead:
    """Return the rows of a CSV file, in its order; the line of a reject is that in the file.

    raises   ReadError when the header does not fit the table, the encoding cannot be told, or a quotation mark is
             never closed; a time without a zone or half a position costs only its row
    """
    frame = _plain_frame(content, table, name)
    if frame is not None:
        found = check_frame(frame, table, name=name, rules=rules)
        if not found.rejects:
            return found
    return _read_carefully(content, table, name, rules)


READER = Reader("CSV", sniff, read)


# ---------------------------------------------------------------- all rows at once


def _plain_frame(content: bytes, table: Table, name: str) -> pl.DataFrame | None:
    """Return the rows where every filled cell is plainly what is declared; None where one is not.

    A cell-by-cell reader takes a minute for a million rows; this takes seconds, and leaves all doubt to the other.
    """
    if not content.isascii() or b"\r\n\r\n" in content or b"\n\n" in content or b'"' in content:
        return None  # words may be damaged, lines empty, cells quoted: the careful reader knows what to say
    head, _, rest = content.partition(b"\n")
    header = [cell.strip() for cell in head.decode("ascii").split(",")]
    if not rest.strip() or any(column not in table.names for column in header):
        return None
    check_header(header, table, name=name, place="line 1")
    try:
        frame = pl.read_csv(io.BytesIO(rest), has_header=False, new_columns=header, infer_schema=False, quote_char=None)
        return frame.select(_cast(table[column]) for column in header) if frame.width == len(header) else None
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
        return cell.str.strip_chars().str.replace(formula_guard.GUARDED, "$1")
    raise pl.exceptions.InvalidOperationError(f"{column.name} is read cell by cell")


# ---------------------------------------------------------------- cell by cell


def _read_carefully(content: bytes, table: Table, name: str, rules: Sequence[RowRule]) -> FrameRead:
    """Return the rows read cell by cell, with a reject and advice for each that does not fit."""
    found = read_rows(content, table, name=name, zone_of=lambda _: None)
    is_unique = Unique(table)
    kept: list[Row] = []
    for row in found.rows:
        try:
            is_unique(row)
            if has_position(table):
                check_position(row)
        except Fault as fault:
            found.rejects.append(row.reject(fault))
        else:
            kept.append(row)
    return _apply_rules(kept, found.rejects, table, rules)


def _apply_rules(
    kept: list[Row], rejects: list[dict[str, object]], table: Table, rules: Sequence[RowRule]
) -> FrameRead:
    """Return the rows left by the callers' own rules, rejects in the order of the file."""
    rows = schema.frame(table, [row.values for row in kept]).with_row_index("(place)")
    for rule in rules:
        is_broken = rule.is_broken.fill_null(value=False)
        fault = Fault(rule.reason, rule.advice, column=rule.column)
        rejects += [kept[place].reject(fault) for place in rows.filter(is_broken)["(place)"].to_list()]
        rows = rows.filter(~is_broken)
    rejects.sort(key=lambda row: int(str(row["line"] or 0)))
    return FrameRead(schema.conform(rows.drop("(place)"), table), rejects)


def read_rows(content: bytes, table: Table, *, name: str, zone_of: ZoneOf) -> RowsRead:
    """Return the rows of a file, in its order, each with what stood there.

    content   the file
    table     its declaration
    name      the file's name
    zone_of   gives the zone of a raw row's bare times, or None; it may raise Fault
    raises    ReadError when the header does not fit the table, or a quotation mark is never closed

    A line without a single filled cell is no row and is passed over.
    """
    found = RowsRead()
    records = _without_labels(_records(text.decode(content, name=name), name))
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
    named = _NAMED_MARK.match(content)
    reader = csv.reader(
        io.StringIO(content[named.end() :] if named else content, newline=""),
        delimiter=named["mark"] if named else ",",
        strict=True,
    )
    found: list[tuple[int, list[str]]] = []
    lines_before = 1 if named else 0
    line = 1 + lines_before
    # The limit is one for the whole program: raised for a long cell, which costs its row, and put back at once.
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, len(content) + 1))
    try:
        for record in reader:
            found.append((line, record))
            line = reader.line_num + 1 + lines_before
    except csv.Error as fault:
        why = f"{fault}; the record that begins here has a quotation mark that is not closed, or not doubled"
        raise ReadError(name, place=f"line {line}", why=why) from None
    finally:
        csv.field_size_limit(before)
    return found


def _without_labels(records: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return the records without first columns of whole numbers that have no name or one that pandas gives labels."""
    while records and (first := records[0][1][:1]) and (first == [""] or is_row_label(first[0].strip())):
        if not all(not cells or cells[0].strip().isdigit() for _, cells in records[1:]):
            break
        records = [(line, cells[1:]) for line, cells in records]
    return records


def _header(first: list[str], table: Table, name: str) -> list[str]:
    header = [cell.strip() for cell in first]
    while header and not header[-1]:  # a spreadsheet leaves empty columns at the end
        header.pop()
    _check_separator(header, table, name)
    check_header(header, table, name=name, place="line 1")
    for column in header:
        if table[column].dtype == BYTES:
            raise ReadError(
                name, place=f"column {column}", why="contains bytes, which CSV cannot store; give it as Parquet"
            )
    return header


def _check_separator(header: list[str], table: Table, name: str) -> None:
    """Refuse a file whose cells are parted by something else: spreadsheets in much of Europe write semicolons."""
    for mark, called in _OTHER_MARKS.items():
        if any(mark in cell and spell_plainly(cell.split(mark)[0]) in table.names for cell in header):
            why = f"its cells are separated by {called}; save it as CSV with commas"
            raise ReadError(name, place="line 1", why=why)


def _take(
    line: int, record: list[str], header: list[str], table: Table, name: str, zone_of: ZoneOf, found: RowsRead
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
        mended, repairs = _mend(row, table)
        zone = zone_of(mended)
        for current in header:
            if table[current].dtype in (TEXT, TEXTS):
                mended[current] = formula_guard.unescape_formula(mended[current])
            row.values[current] = cells.parse(mended[current], table[current], zone=zone)
    except Fault as fault:
        found.rejects.append(row.reject(fault, column=current))
        return
    found.repairs += repairs
    found.rows.append(row)


def _check_width(record: list[str], header: list[str]) -> None:
    reason = f"{len(record)} cell{'' if len(record) == 1 else 's'} for {len(header)} columns"
    if any(cell.strip() for cell in record[len(header) :]):
        raise Fault(reason, "put a cell that holds a comma in quotation marks")
    if len(record) < len(header):
        raise Fault(reason, "write a comma for each empty cell; was the file cut short?")


def _check_bytes(cell: str) -> None:
    if text.is_broken(cell):
        raise Fault("bytes that are not UTF-8", "save the file as UTF-8, or retype this cell")


def _mend(row: Row, table: Table) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Return the cells with damaged words mended, and a row of REPAIRS for each."""
    mended = dict(row.raw)
    repairs: list[dict[str, object]] = []
    for name, cell in row.raw.items():
        if cell.isascii() or len(cell) > cells.MOST_CHARACTERS or table[name].dtype not in (TEXT, TEXTS):
            continue
        whole, words = text.mend(cell)
        mended[name] = whole.strip()
        repairs += [
            {"file": row.file, "line": row.line, "column": name, "raw": raw, "mended": word} for raw, word in words
        ]
    return mended, repairs
