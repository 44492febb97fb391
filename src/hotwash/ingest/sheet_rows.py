"""One sheet of a workbook to the rows of one declared table, as text, with the cell that each fault is in.

Sheet ─header─▶ columns ─row by row─▶ text by column ─▶ SheetRead
                                └▶ faults of the sheet, rejected rows, repairs: what was taken, and how
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from hotwash.ingest.faults import Fault
from hotwash.ingest.frame_check import header_faults, spell_plainly
from hotwash.ingest.rows import VALUE_CHARACTERS, reject_row, shorten
from hotwash.ingest.xlsx import numbers
from hotwash.ingest.xlsx.book import Book, Merged, Sheet, SheetCell, column_letters
from hotwash.ingest.xlsx.numbers import NumberFormat
from hotwash.model.schema import TEXT, TEXTS, UTC, Column, Table
from hotwash.visible import quote

_TRUTH_FORMULAS = {"TRUE()": "true", "FALSE()": "false"}
_LOOKED_AT = 50  # filled rows in which a header is looked for that is not in the first row


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong with a sheet as a whole, and the cell or range where."""

    cell: str
    why: str


@dataclass(slots=True)
class SheetRead:
    """A sheet as rows of text.

    columns   the column of the sheet by the column of the table
    rows      each row's number with its cells
    faults    for which the sheet cannot be taken at all
    """

    name: str
    table: Table
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    repairs: list[dict[str, object]] = field(default_factory=list)

    def address(self, row: int | None, column: str | None = None) -> str:
        """Return where a cell is, as Excel writes it: claims!D7, claims!7:7 for a row, claims for the sheet."""
        if row is None:
            return self.name
        letters = column_letters(self.columns[column]) if column in self.columns else ""
        return address(self.name, f"{letters}{row}" if letters else f"{row}:{row}")


def address(sheet: str, place: str) -> str:
    """Return a place on a sheet as Excel writes it."""
    quoted = sheet if sheet.isidentifier() else "'" + sheet.replace("'", "''") + "'"
    return f"{quoted}!{place}"


def read_sheet(sheet: Sheet, table: Table, book: Book) -> SheetRead:
    """Return the rows of a sheet, each filled cell as the text that the table's CSV would have.

    An empty cell is left out, and so is a row without a filled one. A row with a fault is in `rejects`.
    """
    found = SheetRead(sheet.name, table)
    if not sheet.rows:
        return found
    first = min(sheet.rows)
    header = {at: _header_text(cell) for at, cell in sorted(sheet.rows[first].items())}
    header = {at: text for at, text in header.items() if text}
    faults = header_faults(list(header.values()), table)
    if faults or first > 1:
        found.faults = _describe_header(sheet, table, first, header, faults)
        return found
    found.columns = {text: at for at, text in header.items()}
    merged = _merged_rows(sheet, found.columns)
    if first in merged:
        why = "the header has merged cells; unmerge them and name each column"
        found.faults = [SheetFault(address(sheet.name, merged[first].name), why)]
    for number in sorted(sheet.rows):
        if number > first:
            _take(number, sheet.rows[number], merged.get(number), found, book)
    found.repairs += _hidden(sheet, found, book)
    return found


# ---------------------------------------------------------------- the header


def _header_text(cell: SheetCell) -> str:
    return (cell.value or "").strip()


def _describe_header(
    sheet: Sheet, table: Table, first: int, header: Mapping[int, str], faults: list[tuple[int | None, str]]
) -> list[SheetFault]:
    """Return the faults of a header, or the one that it is not in the first row."""
    number = _find_header(sheet, table)
    if number is None:
        wanted = ", ".join(column.name for column in table.columns if not column.nullable)
        why = f"is no header: the first row names the columns, at least {wanted}"
        return [SheetFault(address(sheet.name, f"{first}:{first}"), why)]
    if number > 1:
        names = ", ".join(list(_names(sheet, number, table))[:3])
        rows = "the row" if number == 2 else f"the {number - 1} rows"
        why = f"the header ({names} …) is in row {number}; delete {rows} above it, so that it is the first"
        return [SheetFault(address(sheet.name, f"{number}:{number}"), why)]
    letters = [column_letters(at) for at in header]
    return [
        SheetFault(address(sheet.name, "1:1" if place is None else f"{letters[place]}1"), why) for place, why in faults
    ]


def _find_header(sheet: Sheet, table: Table) -> int | None:
    """Return the row that is the header: the first in which most cells are names of columns, or nearly."""
    for number in sorted(sheet.rows)[:_LOOKED_AT]:
        named = len(_names(sheet, number, table))
        if named >= min(2, len(table.names)) and named * 2 >= len(sheet.rows[number]):
            return number
    return None


def _names(sheet: Sheet, number: int, table: Table) -> list[str]:
    texts = [_header_text(cell) for _, cell in sorted(sheet.rows[number].items())]
    return [text for text in texts if spell_plainly(text) in table.names]


# ---------------------------------------------------------------- rows


def _hidden(sheet: Sheet, found: SheetRead, book: Book) -> Iterator[dict[str, object]]:
    """Yield a remark on hidden rows and one on hidden columns: both are read."""
    if sheet.hidden_rows:
        count = f"{len(sheet.hidden_rows)} hidden row{'' if len(sheet.hidden_rows) == 1 else 's'}"
        place = address(sheet.name, f"{min(sheet.hidden_rows)}:{max(sheet.hidden_rows)}")
        yield _repair(book, min(sheet.hidden_rows), place, None, count, "read like the others")
    for name, at in found.columns.items():
        is_filled = any(texts.get(name) for _, texts in found.rows)
        if is_filled and any(low <= at <= high for low, high in sheet.hidden_columns):
            letters = column_letters(at)
            place = address(sheet.name, f"{letters}:{letters}")
            yield _repair(book, None, place, name, "a hidden column", "read like the others")


def _repair(book: Book, row: int | None, cell: str, column: str | None, raw: str, mended: str) -> dict[str, object]:
    raw, mended = shorten(raw, VALUE_CHARACTERS), shorten(mended, VALUE_CHARACTERS)
    return {"file": book.name, "line": row, "cell": cell, "column": column, "raw": raw, "mended": mended}


def _take(number: int, filled: Mapping[int, SheetCell], merged: Merged | None, found: SheetRead, book: Book) -> None:
    """Add one row to the rows or to the rejects.

    merged   the merged range that covers it, or None
    """
    raw = {name: filled[at].value or "" for name, at in found.columns.items() if at in filled and filled[at].value}
    texts: dict[str, str] = {}
    repairs: list[dict[str, object]] = []
    column: str | None = None
    try:
        _check_beyond(number, filled, found)
        for column, at in found.columns.items():
            if at in filled:
                texts[column], remark = text_of(filled[at], found.table[column], book)
                raw[column] = texts[column]
                if remark:
                    place = found.address(number, column)
                    repairs.append(_repair(book, number, place, column, remark[0], remark[1]))
        if any(text.strip() for text in texts.values()):
            _check_merged(merged, found.columns)
    except Fault as fault:
        at_fault = fault if fault.column is not None else Fault(fault.reason, fault.advice, column=column)
        known = at_fault.column if at_fault.column in found.columns else None
        rejected = reject_row(book.name, number, raw, at_fault)
        found.rejects.append(rejected | {"cell": found.address(number, known), "column": known})
        return
    if any(text.strip() for text in texts.values()):
        found.rows.append((number, texts))
        found.repairs += repairs


def _check_beyond(number: int, filled: Mapping[int, SheetCell], found: SheetRead) -> None:
    known = set(found.columns.values())
    for at, cell in filled.items():
        if at not in known and (cell.value or "").strip():
            place = f"{column_letters(at)}{number}"
            advice = "give its column a name in the first row, or empty the cell"
            raise Fault(f"{place} is filled, but its column has no name", advice, column="")


def _merged_rows(sheet: Sheet, columns: Mapping[str, int]) -> dict[int, Merged]:
    """Return the first merged range that covers a named column in each filled row that one covers.

    Every row is looked at once however many ranges a hostile file lays over it.
    """
    rows = sorted(sheet.rows)
    following = list(range(len(rows) + 1))  # of each row: the next one, itself included, that no range covers yet
    found: dict[int, Merged] = {}

    def free(at: int) -> int:
        while following[at] != at:
            following[at] = following[following[at]]
            at = following[at]
        return at

    for merged in sheet.merged:
        if not any(merged.left <= column <= merged.right for column in columns.values()):
            continue
        at = free(bisect_left(rows, merged.top))
        while at < len(rows) and rows[at] <= merged.bottom:
            found[rows[at]] = merged
            following[at] = at + 1
            at = free(at)
    return found


def _check_merged(merged: Merged | None, columns: Mapping[str, int]) -> None:
    """Refuse a row that a merged range covers: of its cells only the first holds anything."""
    if merged is not None:
        name = next(name for name, at in columns.items() if merged.left <= at <= merged.right)
        raise Fault(f"{merged.name} are merged cells", "unmerge them and fill each cell", column=name)


# ---------------------------------------------------------------- cells


def text_of(cell: SheetCell, column: Column, book: Book) -> tuple[str, tuple[str, str] | None]:
    """Return the text of a cell as a CSV file would have it, and a remark where that is not simply what stands there.

    column   its declaration: a number in a column of times is a date, a percentage in one of numbers is a share
    returns  the text; and what stood there with what was taken
    raises   Fault for an error of Excel's, and for a formula that nothing has calculated
    """
    if cell.kind == "e":
        raise Fault(f"the cell shows {cell.value}", "correct the formula, or empty the cell")
    if cell.value is None:
        advice = "open the workbook in Excel and save it, or put the value in place of the formula"
        raise Fault(f"the formula ={cell.formula} has no stored value", advice)
    if cell.formula in _TRUTH_FORMULAS:  # LibreOffice writes a truth in a cell of text so
        return _TRUTH_FORMULAS[cell.formula], None
    text, remark = _text(cell, column, book)
    if cell.formula is None or not text.strip():
        return text, remark
    formula = f"={cell.formula}" if cell.formula else "a formula"
    return text, (formula, f"{text} (a formula; its stored value was taken)")


def _text(cell: SheetCell, column: Column, book: Book) -> tuple[str, tuple[str, str] | None]:
    said = cell.value or ""
    if cell.kind == "b":
        return "true" if said == "1" else "false", None
    if cell.kind == "d":
        return _stated_date(said, book.format_of(cell)), None
    if cell.kind != "n":
        return said, None
    try:
        number = float(said)
    except ValueError:
        raise Fault(
            f"the cell holds {quote(said)}, which is no number", "type it again; was the file damaged?"
        ) from None
    shown = book.format_of(cell)
    if shown.has_date or shown.has_clock:
        return _date_text(number, shown, book)
    if column.dtype == UTC:
        return _serial_text(number, book)
    if column.dtype in (TEXT, TEXTS) and shown.is_percent:
        return f"{numbers.show_number(number * 100.0)}%", None
    plain = numbers.show_number(number)
    return (plain.zfill(shown.digits) if column.dtype in (TEXT, TEXTS) else plain), None


def _stated_date(said: str, shown: NumberFormat) -> str:
    """Return a date that the file states in ISO 8601, as strict workbooks do; only the day where no more is shown."""
    try:
        is_day = shown.has_date and not shown.has_clock and datetime.fromisoformat(said).time() == time.min
    except ValueError:
        return said  # the reader of times says what is wrong with it
    return said[:10] if is_day else said


def _date_text(number: float, shown: NumberFormat, book: Book) -> tuple[str, tuple[str, str] | None]:
    moment = numbers.moment_of(number, is_1904=book.is_1904)
    if moment is None or (shown.has_date and number < 1.0):
        plain = numbers.show_number(number)
        raise Fault(f"{plain} is formatted as a date, but is none", "type it as text: 2026-03-12T21:30")
    text = numbers.show_moment(moment, shown)
    if shown.has_date and not shown.has_clock and moment.time() != time.min:
        return text, (moment.isoformat(timespec="seconds"), f"{text} (the cell shows no time of day)")
    return text, None


def _serial_text(number: float, book: Book) -> tuple[str, tuple[str, str] | None]:
    """Return the time that a bare number in a column of times stands for, where it can be one."""
    moment, plain = numbers.moment_of(number, is_1904=book.is_1904), numbers.show_number(number)
    if moment is None or not numbers.may_be_a_date(moment):
        raise Fault(f"{plain} is a number, not a time", "type it as text: 2026-03-12T21:30")
    is_day = moment.time() == time.min
    text = numbers.show_moment(moment, NumberFormat(has_date=True, has_clock=not is_day))
    return text, (plain, f"{text} (a number of days since {1904 if book.is_1904 else 1900}, taken as a date)")
