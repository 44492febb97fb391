"""Rows as they stand in a file, parsed one by one, and what is kept of those that cannot be taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotwash.ingest.cells import Value
from hotwash.ingest.faults import Fault
from hotwash.visible import on_one_line

VALUE_CHARACTERS = 200  # of a bad value that are shown
_CELL_CHARACTERS = 2_000  # of each cell that a reject keeps
_REASON_CHARACTERS = 300  # a reason quotes the cell, and a cell may be long


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
        return reject_row(self.file, self.line, self.raw, at_fault)


@dataclass(slots=True)
class RowsRead:
    """One table as it was read, row by row."""

    rows: list[Row] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    repairs: list[dict[str, object]] = field(default_factory=list)


def reject_row(file: str, line: int | None, raw: Mapping[str, str], fault: Fault) -> dict[str, object]:
    """Return a row of REJECTS: where it stood, what is wrong with which column, and the whole row.

    raw   the row's cells as they stood, by column
    """
    value = raw.get(fault.column) if fault.column else None
    return {
        "file": file,
        "line": line,
        "column": fault.column,
        "value": None if value is None else shorten(value, VALUE_CHARACTERS),
        "reason": shorten(fault.reason, _REASON_CHARACTERS),
        "advice": shorten(fault.advice, _REASON_CHARACTERS),
        "row": json.dumps({key: shorten(cell, _CELL_CHARACTERS) for key, cell in raw.items()}, ensure_ascii=False),
    }


def shorten(value: str, most: int) -> str:
    """Return a text that can be shown: undecodable bytes written out, the end cut off."""
    printable = on_one_line(value)
    return printable if len(printable) <= most else f"{printable[:most]}… ({len(value):,} characters)"
