"""Workbooks for tests, written by XlsxWriter and not by hotwash: `book(claims=[[...], ...])`, cells of every sort."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from hotwash.ingest.workbook import Workbook
from hotwash.model.incident import Bundle

Put = Callable[[Any, Any, int, int], object]  # the workbook, the sheet, the row and the column
Cells = list[list[Any]]

INCIDENT: Cells = [
    ["key", "value", "meaning"],
    ["format", "hotwash-bundle/2", "leave it"],
    ["title", "Lights over the river", ""],
    ["window_start_utc", "2025-09-09T20:00Z", ""],
    ["window_end_utc", "2025-09-10T10:00Z", ""],
    ["zone", "Europe/Warsaw", ""],
    ["aerodromes", "EPWA; EPLB", ""],
    ["is_synthetic", True, ""],
    ["occurrence.headline", "Lights", ""],
    ["occurrence.utc_date", "2025-09-09", ""],
]
QUESTIONS: Cells = [
    ["question_id", "text", "kind", "unit", "subject_id", "about_amount"],
    ["Q-N", "How many border crossings were there?", "count", "crossings", None, 2],
    ["Q-S", "Was EPLB open?", "status", None, "EPLB", None],
]
SOURCES: Cells = [["source_id", "publisher", "zone"], ["S1", "The paper", "Europe/Warsaw"]]
CLAIM = {
    "claim_id": "C1",
    "question_id": "Q-N",
    "said_by": "Ministry",
    "said_utc_high": "2025-09-10T08:00Z",
    "relation": "exactly",
    "value": "19",
    "summary": "nineteen",
    "source_id": "S1",
}
EVENT = {"event_id": "E1", "kind": "public_warning", "start_utc": "2025-09-09T21:30Z", "source_id": "S1"}


def rows(usual: Mapping[str, Any], *changes: Mapping[str, Any]) -> Cells:
    """Return a header and a row for each change to the usual one."""
    names = list(dict.fromkeys([*usual, *(name for change in changes for name in change)]))
    return [names, *([{**usual, **change}.get(name) for name in names] for change in changes)]


def claims(*changes: Mapping[str, Any]) -> Cells:
    return rows(CLAIM, *(changes or ({},)))


def events(*changes: Mapping[str, Any]) -> Cells:
    return rows(EVENT, *(changes or ({},)))


def incident(**changes: Any) -> Cells:
    """Return the usual keys, some changed or added; None leaves one out."""
    names = [row[0] for row in INCIDENT]
    kept = [[row[0], changes.get(row[0], row[1]), row[2]] for row in INCIDENT]
    added = [[name.replace("__", "."), value, ""] for name, value in changes.items() if name not in names]
    return [row for row in [*kept, *added] if row[1] is not None]


def write(
    sheets: Mapping[str, Cells], *, is_1904: bool = False, edit: Callable[[Any, dict[str, Any]], object] | None = None
) -> bytes:
    """Return a workbook with these sheets.

    edit   is given the workbook and its sheets by name before it is closed: to merge, hide, format
    """
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": is_1904})
    written = {name: made.add_worksheet(name) for name in sheets}
    for name, cells in sheets.items():
        for row, line in enumerate(cells):
            for column, value in enumerate(line):
                _put(made, written[name], row, column, value)
    if edit is not None:
        edit(made, written)
    made.close()
    return stream.getvalue()


def book(
    *, is_1904: bool = False, edit: Callable[[Any, dict[str, Any]], object] | None = None, **sheets: Cells | None
) -> bytes:
    """Return the workbook of a small bundle with some sheets changed, added, or with None left out."""
    wanted = {"incident": INCIDENT, "questions": QUESTIONS, "sources": SOURCES, "claims": claims(), **sheets}
    return write({name: cells for name, cells in wanted.items() if cells is not None}, is_1904=is_1904, edit=edit)


def read(**choices: Any) -> Bundle:
    """Return the bundle that a workbook of these choices makes."""
    return Workbook(book(**choices), name="night.xlsx").read()


def _put(made: Any, sheet: Any, row: int, column: int, value: Any) -> None:
    if callable(value):
        value(made, sheet, row, column)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, value)


def formatted(number: float | datetime, code: str) -> Put:
    """Return a cell with a number, or a date, and a number format."""

    def put(made: Any, sheet: Any, row: int, column: int) -> None:
        style = made.add_format({"num_format": code})
        if isinstance(number, datetime):
            sheet.write_datetime(row, column, number, style)
        else:
            sheet.write_number(row, column, number, style)

    return put


def formula(text: str, value: Any) -> Put:
    """Return a cell with a formula and its stored value."""
    return lambda _, sheet, row, column: sheet.write_formula(row, column, text, None, value)


def patched(content: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """Return a workbook with some texts of one part of its archive replaced; a part that it lacks is added."""
    source, stream = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in dict.fromkeys([*source.namelist(), part]):
            text = source.read(name) if name in source.namelist() else b""
            if name == part:
                for old, new in changes:
                    assert old.encode() in text
                    text = text.replace(old.encode(), new.encode()) if old else new.encode()
            target.writestr(name, text)
    return stream.getvalue()


def error(word: str) -> Put:
    """Return a cell that shows an error."""
    return formula(f"={word}", word)
