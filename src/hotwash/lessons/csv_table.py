"""Lessons as CSV for spreadsheets: a row for each lesson, a column for each field, and the history as JSON text.

Cells that a spreadsheet would run are guarded: `model.formula_guard`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import fields as fields_of
from typing import Any

from hotwash.documents import parse_json
from hotwash.errors import ExchangeError, ReadError
from hotwash.lessons import history, json_values
from hotwash.model.formula_guard import escape_formula, unescape_formula
from hotwash.model.lesson import Lesson
from hotwash.visible import quote

Json = dict[str, Any]

COLUMNS = ("lesson_id", "stage", *history.FIELDS, "originator_id", "history")
_LISTS = ("keywords", "related")  # lists of words, separated by ;
_RECORDS = ("actions", "evidence", "history")  # lists of records: JSON text
_NUMBERS = ("lat_deg", "lon_deg")
_EMPTY: Json = {item.name: json_values.plain(item.default) for item in fields_of(Lesson)}
_SEPARATOR = "; "
_MOST_CELL = 32_767  # letters in a cell of the common spreadsheets, which cut off the rest silently


def to_csv(items: Iterable[Mapping[str, Any]]) -> str:
    """Return lessons as CSV.

    items   as `exchange.lesson_item` returns them
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for item in items:
        rows.writerow([escape_formula(_cell(name, item.get(name, _EMPTY[name]))) for name in COLUMNS])
    return out.getvalue()


def from_csv(content: str, *, name: str) -> list[Json]:
    """Return the lessons of a CSV file in the form of the exchange file; an empty cell is an empty field.

    name     of the file, for the error
    raises   ExchangeError that names line and column
    """
    csv.field_size_limit(2**31 - 1)  # a long history is longer than the 131,072 letters of the default
    rows = csv.DictReader(io.StringIO(content, newline=""))
    unknown = [column for column in rows.fieldnames or () if column not in COLUMNS]
    if unknown or "lesson_id" not in (rows.fieldnames or ()):
        why = f"column {quote(unknown[0])} is unknown" if unknown else "has no column lesson_id"
        raise ExchangeError(name, place="line 1", why=f"{why}; the columns are {', '.join(COLUMNS)}")
    items = []
    try:
        for row in rows:
            place = f"line {rows.line_num}"
            if None in row or None in row.values():
                raise ExchangeError(name, place=place, why="has more or fewer cells than the first line")
            items.append({column: _value(column, unescape_formula(cell), name, place) for column, cell in row.items()})
    except csv.Error as fault:
        raise ExchangeError(name, place=f"line {rows.line_num}", why=f"is not valid CSV: {fault}") from None
    return [{column: value for column, value in item.items() if value != _EMPTY[column]} for item in items]


def _cell(name: str, value: Any) -> str:
    if name in _RECORDS:
        return json_values.canonical(value) if value else ""
    if name in _LISTS:
        is_plain = all(one.strip() == one != "" and ";" not in one and one[0] != "[" for one in value)
        return _SEPARATOR.join(value) if is_plain else json_values.canonical(value)
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _value(name: str, cell: str, file: str, place: str) -> Any:
    if name in _RECORDS or (name in _LISTS and cell.startswith("[")):
        return _records(name, cell, file, place)
    if name in _LISTS:
        return [one.strip() for one in cell.split(";") if one.strip()]
    if name in _NUMBERS and cell:
        try:
            return float(cell)
        except ValueError:
            raise ExchangeError(
                file, place=f"{place}, {name}", why=f"{quote(cell)} is not a number of degrees"
            ) from None
    return cell if cell or _EMPTY[name] is not None else None


def _records(name: str, cell: str, file: str, place: str) -> Any:
    try:
        return parse_json(cell, name=file) if cell else []
    except ReadError:
        cut = (
            f"; it has {len(cell):,} letters, and spreadsheets cut at {_MOST_CELL:,}" if len(cell) >= _MOST_CELL else ""
        )
        why = f"is no longer valid JSON{cut}. Exchange lessons as JSON, and use CSV for reading"
        raise ExchangeError(file, place=f"{place}, {name}", why=why) from None


_EMPTY |= {"lesson_id": "", "stage": ""}
