"""The sheets that stand for `incident.toml`: keys and blocks as TOML, and each fault of it back at its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hotwash.ingest import cells
from hotwash.ingest.faults import Fault
from hotwash.ingest.sheet_rows import SheetFault, SheetRead
from hotwash.model import toml_keys
from hotwash.model.bundle_form import BRIEF, DATE, KEYS, NAMED_BLOCKS, OCCURRENCE
from hotwash.model.schema import BOOL, F64, I64, TEXTS, Column
from hotwash.model.tables import TABLES
from hotwash.model.words import suggest
from hotwash.visible import quote

_DOTTED = f"{OCCURRENCE.name}."
_KNOWN_KEYS = (*BRIEF.names, *(f"{_DOTTED}{name}" for name in OCCURRENCE.names))
_TRUTHS = {"true": True, "false": False}
_IN_BLOCK = re.compile(r"\[\[([\w.]+)\]\] number (\d+)(?:, (\w+))?")
_OF_BLOCK = re.compile(r"\[\[([\w.]+)\]\]")
_OF_QUESTION = re.compile(r"question (.*)", re.DOTALL)
_IN_OCCURRENCE = re.compile(rf"\[{OCCURRENCE.name}\] (\w+)")
# What stands in for a key that is missing or wrong, so that everything else is checked in the same run.
_STAND_INS: Mapping[str, Any] = {
    "format": "hotwash-bundle/2",
    "title": "—",
    "zone": "UTC",
    "window_start_utc": datetime.fromisoformat("1900-01-01T00:00:00Z"),
    "window_end_utc": datetime.fromisoformat("2200-01-01T00:00:00Z"),
}


class SheetBrief:
    """The keys and blocks that the sheets of a workbook hold.

    faults   for which they cannot be taken: unknown keys, keys given twice, cells that cannot be read
    """

    def __init__(self, sheets: Mapping[str, SheetRead]) -> None:
        names = (KEYS.name, *(block.name for block in NAMED_BLOCKS.values()))
        self._sheets = {name: sheet for name, sheet in sheets.items() if name in names}
        self._rows: dict[str, int] = {}  # of each key
        self._keys: dict[str, Any] = {}
        self._blocks: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self._set_aside: set[str] = set()
        self.dropped: set[tuple[str, str]] = set()  # names of blocks that were set aside, by their column
        self.faults = [
            SheetFault(str(row["cell"]), f"{row['reason']}; {row['advice']}")
            for sheet in self._sheets.values()
            for row in sheet.rejects
        ]
        if KEYS.name in self._sheets and self._sheets[KEYS.name].columns:
            self._take_keys(self._sheets[KEYS.name])
        else:  # that is a fault of its own; the other sheets are checked all the same
            self._keys = dict(_STAND_INS)
        for name, block in NAMED_BLOCKS.items():
            if block.name in self._sheets:
                rows = self._sheets[block.name].rows
                columns = {column.name: column for column in block.columns}
                self._blocks[name] = [
                    (row, {key: _typed(text, columns[key], block.name) for key, text in texts.items() if text.strip()})
                    for row, texts in rows
                ]

    def _take_keys(self, sheet: SheetRead) -> None:
        declared = {column.name: column for column in BRIEF.columns}
        declared |= {f"{_DOTTED}{column.name}": column for column in OCCURRENCE.columns}
        for row, texts in sheet.rows:
            key, value = texts.get("key", "").strip(), texts.get("value", "").strip()
            if not key and not value:
                continue
            if key not in declared:
                why = f"{quote(key)} is not a known key; {suggest(key, _KNOWN_KEYS)}"
                self.faults.append(SheetFault(sheet.address(row, "key"), why))
            elif key in self._rows:
                why = f"{key} stands in row {self._rows[key]} already; several values go into one cell, separated by ;"
                self.faults.append(SheetFault(sheet.address(row, "key"), why))
            else:
                self._rows[key] = row
                if value:
                    self._keys[key] = _typed(value, declared[key], "")

    def toml(self) -> bytes:
        """Return what the sheets say as `incident.toml`."""
        top = {key: value for key, value in self._keys.items() if not key.startswith(_DOTTED)}
        occurrence = {key.removeprefix(_DOTTED): self._keys[key] for key in self._keys if key.startswith(_DOTTED)}
        blocks = [
            text for name, rows in self._blocks.items() for text in toml_keys.row_texts(name, [row for _, row in rows])
        ]
        written = [toml_keys.lines_of(top), toml_keys.table_text(OCCURRENCE.name, occurrence), *blocks]
        return "\n".join(written).encode("utf-8")

    def locate(self, place: str) -> str:
        """Return the cell of a place in `incident.toml`, as its reader names it: a key, a block, a key of a block."""
        found = self._find(place)
        if found is None:
            return f"{KEYS.name}, {place}" if place else KEYS.name
        name, row, column = found
        return self._sheets[name].address(row, column) if name in self._sheets else name

    def _find(self, place: str) -> tuple[str, int | None, str | None] | None:
        """Return the sheet, the row and the column of a place."""
        if match := _IN_BLOCK.fullmatch(place):
            return NAMED_BLOCKS[match[1]].name, self._blocks[match[1]][int(match[2]) - 1][0], match[3]
        if match := _OF_BLOCK.fullmatch(place):
            return NAMED_BLOCKS[match[1]].name, None, None
        if match := _OF_QUESTION.fullmatch(place):
            rows = [at for at, row in self._blocks.get("questions", []) if row.get("question_id") == match[1]]
            return "questions", rows[0] if rows else None, None
        key = f"{_DOTTED}{match[1]}" if (match := _IN_OCCURRENCE.fullmatch(place)) else place
        if key in _KNOWN_KEYS:
            return KEYS.name, self._rows.get(key), "value" if key in self._rows else None
        return None

    def set_aside(self, places: Sequence[str]) -> bool:
        """Leave out what is at fault, or put something in its place; return whether that could be done.

        What is read of a head with a fault is never used: it only lets the other faults be found.
        """
        found = {place: self._find(place) for place in places}  # before rows go, and with them their numbers
        dropped = [self._drop(place, one[0], one[1]) for place, one in found.items() if one is not None]
        return any(dropped)

    def _drop(self, place: str, sheet: str, row: int | None) -> bool:
        if sheet == KEYS.name:
            is_new = place not in self._set_aside
            self._set_aside.add(place)
            key = f"{_DOTTED}{match[1]}" if (match := _IN_OCCURRENCE.fullmatch(place)) else place
            self._keys.pop(key, None)
            if key in _STAND_INS:
                self._keys[key] = _STAND_INS[key]
            return is_new
        block = next(block for block, table in NAMED_BLOCKS.items() if table.name == sheet)
        rows = self._blocks.get(block, [])
        self._blocks[block] = [one for one in rows if one[0] != row]
        for key in NAMED_BLOCKS[block].key:
            self.dropped |= {(key, str(values.get(key))) for at, values in rows if at == row}
        return len(self._blocks[block]) < len(rows)


def _typed(text: str, column: Column, block: str) -> Any:
    """Return a text as TOML has it for a key; as text where it does not fit, for the reader of the head to say so.

    block   the block that it is a key of; those that are tables of hotwash hold several names in one text
    """
    text = text.strip()
    if column.dtype == BOOL:
        return _TRUTHS.get(text.lower(), text)
    if column.dtype == TEXTS and block not in TABLES:
        return [part.strip() for part in text.split(";") if part.strip()]
    try:
        if column.dtype in (F64, I64):
            number = cells.number(text)
            return int(number) if column.dtype == I64 and number == int(number) else number
        return date.fromisoformat(text) if column.dtype == DATE else text
    except (Fault, ValueError):
        return text
