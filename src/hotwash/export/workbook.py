"""A bundle as one Excel workbook: a sheet for each table, with notes on the columns and lists of the closed words.

incident.toml, *.csv ─encode_workbook─▶ .xlsx: README, incident, questions …, sources, claims …, words

Times are written as text in ISO 8601, so that none loses its zone; a number or a truth as such where nothing is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hotwash.course.changes import CHANGES, MOVEMENTS
from hotwash.documents import parse_toml
from hotwash.errors import WriteError
from hotwash.model import bundle_form, schema
from hotwash.model.bundle_form import BLOCKS, BRIEF, BUNDLE_TABLES, KEYS, NAMED_BLOCKS, OCCURRENCE, SHEETS
from hotwash.model.questions import COUNT_UNITS
from hotwash.model.schema import BOOL, F64, I64, NUMBERS, TEXT, TEXTS, Column, Table
from hotwash.visible import quote

_HEAD, _README = "incident.toml", "README.md"
_MOST_CHARACTERS = 32_767  # of a cell. Source: Excel specifications and limits
_ROWS_PREPARED = 1_000  # that have lists to choose from, beyond those that are filled
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - one for all, so that equal bundles make equal files
_WIDTHS = {"key": 36, "value": 48, "meaning": 96}  # of the sheet of keys; one line for each is easier to read
_LONG_TEXTS = ("text", "summary", "note", "title", "what", "seen", "assigned_why", "explained_why", "value")
# Words that a column offers beside those that a bundle may add.
_EVENT_KINDS = dict.fromkeys((*CHANGES, *MOVEMENTS, *(kind for unit in COUNT_UNITS.values() for kind in unit.events)))
_SUGGESTED = {
    "questions.unit": ("km", "min", "utc", *COUNT_UNITS),
    "claims.unit": ("km", "min", "h", *COUNT_UNITS),
    "events.unit": tuple(COUNT_UNITS),
    "events.kind": tuple(_EVENT_KINDS),
}
_GUIDE = (
    "An incident bundle for hotwash: one sheet a table. Check it with `hotwash check` and this file's name.",
    "incident: what it is about. questions, intervals, assumptions, units: what is asked and assumed. "
    "sources: where things are written. The other sheets: what was said, happened, was found and seen, a row each.",
    "The first row of each sheet names the columns; leave the names as they are. A column with a dark name must be "
    "filled in every row. Point at a name to read what it means.",
    "Write times as 2026-03-12T21:30Z, or 2026-03-12T22:30+01:00. "
    "One without a zone is taken in the zone of its source.",
    "Leave a cell empty where nothing is known. Separate several names in one cell by ;",
    "Do not merge cells or hide sheets. Sheets called README, words and notes are for people and are not read.",
)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a sheet shows: rows of text or values by column."""

    table: Table
    rows: list[Mapping[str, Any]]


def encode_workbook(files: Mapping[str, bytes]) -> bytes:
    """Return a bundle's files as one Excel workbook.

    files    `incident.toml` and tables as CSV, by name; a table that is left out is an empty sheet; the text of
             README.md is on a sheet of that name
    returns  an .xlsx file, the same for the same files
    raises   WriteError when a file has no place in a workbook (zones.geojson, detections.parquet), cannot be read, or
             has a cell that is too long for Excel
    """
    contents = _contents(files)
    readme = _text(files, _README).splitlines() if _README in files else list(_GUIDE)
    from xlsxwriter import Workbook  # a tenth of a second, and most never write one

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _MADE})
    styles = _styles(book)
    _write_readme(book, styles, readme)
    sheets = {name: book.add_worksheet(name) for name in SHEETS}
    lists = _write_words(book, styles)
    for name, sheet in sheets.items():
        _write_sheet(sheet, contents[name], styles, lists)
    _choose_keys(sheets[KEYS.name], contents[KEYS.name], lists)
    sheets[KEYS.name].activate()
    book.close()
    return stream.getvalue()


# ---------------------------------------------------------------- a bundle's files to rows


def _contents(files: Mapping[str, bytes]) -> dict[str, _Content]:
    known = (_HEAD, _README, *(f"{table.name}.csv" for table in BUNDLE_TABLES))
    for name in files:
        if name not in known:
            raise WriteError(name, why="has no place in a workbook; keep the bundle as a folder, or leave it out")
    head = _toml(files)
    blocks = {block.name: _Content(block, _block_rows(head, name, block)) for name, block in NAMED_BLOCKS.items()}
    rows = {table.name: _Content(table, _csv_rows(files, table)) for table in BUNDLE_TABLES}
    return {KEYS.name: _Content(KEYS, _key_rows(head)), **blocks, **rows}


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WriteError(name, why="is not UTF-8 text; `hotwash check` says where") from None


def _toml(files: Mapping[str, bytes]) -> dict[str, Any]:
    head = parse_toml(_text(files, _HEAD), name=_HEAD, refused=WriteError) if _HEAD in files else {}
    known = (*BRIEF.names, OCCURRENCE.name, *(block.name for block in BLOCKS))
    for key in head:
        if key not in known:
            raise WriteError(_HEAD, place=key, why="is no key of a bundle; `hotwash check` names the nearest")
    return head


def _key_rows(head: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a row for each key of the head, those of [occurrence] with its name before theirs."""
    occurrence = head.get(OCCURRENCE.name, {})
    known = {*OCCURRENCE.names, *(name.rpartition(".")[2] for name in NAMED_BLOCKS if "." in name)}
    if not isinstance(occurrence, dict) or set(occurrence) - known:
        raise WriteError(_HEAD, place="[occurrence]", why="has an unknown key; `hotwash check` says which")
    rows: list[Mapping[str, Any]] = []
    for table, prefix, given in ((BRIEF, "", head), (OCCURRENCE, f"{OCCURRENCE.name}.", occurrence)):
        for column in table.columns:
            value = _show(given.get(column.name))
            rows.append({"key": f"{prefix}{column.name}", "value": value, "meaning": column.meaning})
    return rows


def _block_rows(head: Mapping[str, Any], name: str, block: Table) -> list[Mapping[str, Any]]:
    outer, _, inner = name.rpartition(".")
    given = (head.get(outer, {}) if outer else head).get(inner, [])
    if not isinstance(given, list) or not all(isinstance(one, dict) and set(one) <= set(block.names) for one in given):
        raise WriteError(_HEAD, place=f"[[{name}]]", why="has an unknown key; `hotwash check` says which")
    return [{name: _show(value) for name, value in one.items()} for one in given]


def _show(value: Any) -> Any:
    """Return a value of TOML as a cell shows it: a list in one text, a time in ISO 8601."""
    if isinstance(value, list):
        texts = [str(_show(one)) for one in value]
        if any(";" in text for text in texts):
            raise WriteError(
                _HEAD, why=f"{quote(value)} has a text with a semicolon, which a cell would read as two texts"
            )
        return ";".join(texts)
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _csv_rows(files: Mapping[str, bytes], table: Table) -> list[Mapping[str, Any]]:
    name = f"{table.name}.csv"
    if name not in files:
        return []
    try:
        records = [one for one in csv.reader(io.StringIO(_text(files, name), newline=""), strict=True) if any(one)]
    except csv.Error as fault:
        raise WriteError(name, why=f"is not CSV: {fault}") from None
    header = [cell.strip() for cell in records[0]] if records else []
    if set(header) - set(table.names) or any(len(one) != len(header) for one in records):
        why = "has an unknown column, or a row with too many or too few cells; run `hotwash check`"
        raise WriteError(name, why=why)
    return [dict(zip(header, one, strict=True)) for one in records[1:]]


# ---------------------------------------------------------------- rows to sheets


def _styles(book: Any) -> dict[str, Any]:
    top = {"valign": "top"}
    return {
        "name": book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, **top}),
        "needed": book.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "bottom": 1, **top}),
        # The format "text": Excel would make a date of 1-2, and 7 of 007.
        "text": book.add_format({"num_format": "@", **top}),
        "long": book.add_format({"num_format": "@", "text_wrap": True, **top}),
        "plain": book.add_format(top),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }


def _write_readme(book: Any, styles: Mapping[str, Any], lines: Sequence[str]) -> None:
    sheet = book.add_worksheet(bundle_form.README_SHEET)
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, _fitting(line, _README), styles["long"])


def _write_words(book: Any, styles: Mapping[str, Any]) -> dict[str, str]:
    """Write the sheet of words that the lists offer; return where those of each column are, by table.column."""
    sheet = book.add_worksheet(bundle_form.WORDS_SHEET)
    lists: dict[str, str] = {}
    closed = [
        (table, column) for table in (BRIEF, OCCURRENCE, *SHEETS.values()) for column in table.columns if column.one_of
    ]
    offered = {f"{table.name}.{column.name}": column.one_of for table, column in closed}
    for at, (name, words) in enumerate((offered | _SUGGESTED).items()):
        sheet.write_string(0, at, name, styles["name"])
        sheet.set_column(at, at, 24)
        for row, word in enumerate(words, start=1):
            sheet.write_string(row, at, word, styles["text"])
        lists[name] = _range(bundle_form.WORDS_SHEET, at, len(words))
    return lists


def _range(sheet: str, column: int, rows: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    letters = xl_col_to_name(column)
    return f"={sheet}!${letters}$2:${letters}${rows + 1}"


def _write_sheet(sheet: Any, content: _Content, styles: Mapping[str, Any], lists: Mapping[str, str]) -> None:
    table, last = content.table, len(content.rows) + _ROWS_PREPARED
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(table.columns):
        is_long = column.name in _LONG_TEXTS
        style = styles["long" if is_long else "text" if column.dtype in (TEXT, TEXTS, NUMBERS) else "plain"]
        width = 48 if is_long else max(14, len(column.name) + 3)
        sheet.set_column(at, at, _WIDTHS[column.name] if table is KEYS else width, style)
        sheet.write_string(0, at, column.name, styles["name" if column.nullable else "needed"])
        sheet.write_comment(0, at, describe_column(column), {"x_scale": 2.5, "y_scale": 1.2})
        if table is not KEYS:
            _choose(sheet, (1, at, last, at), table, column, lists)
    for row, values in enumerate(content.rows, start=1):
        for at, column in enumerate(table.columns):
            place = f"{table.name}, row {row + 1}, {column.name}"
            _write_cell(sheet, (row, at), values.get(column.name, ""), column, style=styles["plain"], place=place)


def describe_column(column: Column) -> str:
    """Return what the note on a column's name says: its meaning, what it may hold, whether it must be filled."""
    kinds = {F64: "A number.", I64: "A whole number.", BOOL: "true or false.", schema.UTC: "A time."}
    said = [f"{column.meaning[:1].upper()}{column.meaning[1:]}.", kinds.get(column.dtype, "")]
    if column.one_of:
        said.append(f"One of {', '.join(column.one_of)}.")
    if column.least is not None:
        said.append(f"At least {column.least:g}.")
    if column.most is not None:
        said.append(f"At most {column.most:g}.")
    said.append("" if column.nullable else "Every row needs it.")
    return " ".join(one for one in said if one)


def _choose(
    sheet: Any, cells: tuple[int, int, int, int], table: Table, column: Column, lists: Mapping[str, str]
) -> None:
    """Offer a list in some cells: the words of a closed list, true and false, or the names that another sheet has."""
    named = _names_of(table, column)
    if column.one_of:
        sheet.data_validation(*cells, _closed(lists[f"{table.name}.{column.name}"], column))
    elif column.dtype == BOOL:
        sheet.data_validation(*cells, _closed(["TRUE", "FALSE"], column))
    elif named is not None or f"{table.name}.{column.name}" in _SUGGESTED:
        # A list to choose from, and not to be bound to: the row that it names may come later, and others are allowed.
        source = lists.get(f"{table.name}.{column.name}") or ""
        if named is not None:
            source = _range(named.name, list(named.names).index(named.key[0]), _ROWS_PREPARED)
        sheet.data_validation(*cells, {"validate": "list", "source": source, "show_error": False})


def _closed(source: Any, column: Column) -> dict[str, Any]:
    message = f"{column.name} has a closed list of words: choose one, or leave the cell empty."
    return {"validate": "list", "source": source, "error_title": "Not one of the words", "error_message": message}


def _names_of(table: Table, column: Column) -> Table | None:
    """Return the table whose rows a column names; None where it names none."""
    for other in SHEETS.values():
        if other is not table and other is not KEYS and other.key and column.name in (other.key[0], "ring_origin"):
            is_its_own = column.name in table.key and column.name != "ring_origin"
            if not is_its_own and (column.name != "ring_origin" or other.name == "origins"):
                return other
    return None


def _choose_keys(sheet: Any, content: _Content, lists: Mapping[str, str]) -> None:
    """Offer lists for the values of the keys that have them."""
    for row, values in enumerate(content.rows, start=1):
        outer, _, key = values["key"].rpartition(".")
        table = OCCURRENCE if outer else BRIEF
        _choose(sheet, (row, 1, row, 1), table, table[key], lists)


def _write_cell(sheet: Any, cell: tuple[int, int], value: Any, column: Column, *, style: Any, place: str) -> None:
    """Write a value as a number or a truth where that loses nothing, and as text everywhere else.

    style   that of a truth, which must not be formatted as text
    """
    text = value if isinstance(value, str) else str(value)
    if isinstance(value, bool) or (column.dtype == BOOL and text.strip().lower() in ("true", "false")):
        sheet.write_boolean(*cell, text.strip().lower() == "true", style)
    elif column.dtype in (F64, I64) and _is_short(text.strip()):
        sheet.write_number(*cell, float(text))
    elif text.strip():
        sheet.write_string(*cell, _fitting(text, place))


def _is_short(text: str) -> bool:
    """Tell whether a number has no more digits than Excel shows, and so comes back as it was."""
    return bool(_NUMBER.fullmatch(text)) and abs(float(text)) < 1e300 and float(f"{float(text):.15g}") == float(text)


def _fitting(text: str, place: str) -> str:
    if len(text) > _MOST_CHARACTERS:
        why = f"a cell of {len(text):,} characters; one of Excel holds {_MOST_CHARACTERS:,}"
        raise WriteError(place, why=why)
    return text


def empty_files(tables: Iterable[Table]) -> dict[str, bytes]:
    """Return tables without rows as CSV files: their header."""
    return {f"{table.name}.csv": f"{','.join(table.names)}\n".encode() for table in tables}
