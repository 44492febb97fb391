"""A bundle in one Excel workbook: its sheets as the files of a bundle's folder, and every fault back at its cell.

workbook ─sheets─▶ SheetRead ─┬▶ incident.toml, *.csv ─bundle.read─▶ Bundle ─┐
                              └▶ faults, rejects, repairs ──────────────────┴─▶ Bundle that names sheets and cells

So a workbook is checked by the same code as a folder. It stands alone: nothing beside it is read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.errors import BundleError, ReadError
from hotwash.ingest import brief, bundle
from hotwash.ingest.disk import read_bytes
from hotwash.ingest.frame_check import spell_plainly
from hotwash.ingest.sheet_brief import SheetBrief
from hotwash.ingest.sheet_rows import SheetFault, SheetRead, read_sheet
from hotwash.ingest.xlsx import parts
from hotwash.ingest.xlsx.book import Book, SheetPart
from hotwash.model import bundle_form, schema, tables
from hotwash.model.incident import Bundle, FileRead
from hotwash.model.words import suggest
from hotwash.progress import Progress, silent
from hotwash.visible import quote

ENDING = ".xlsx"
_ENDINGS = (ENDING, ".xlsm", ".xlsb", ".xls", ".ods")  # the others are refused with the way out
_MOST_BYTES = 100 * 2**20  # packed; a tenth of that holds a million cells
_FAULTS_SHOWN = 60
_ROWS = {one.name: one for one in bundle_form.BUNDLE_TABLES}
# Messages name files, blocks and lines of a folder; a workbook has sheets and rows.
_SAID_OTHERWISE = (
    (re.compile(r"zones\.geojson"), "zones.geojson of a bundle that is a folder"),
    (re.compile(r"add it to incident\.toml"), "add it to sheet questions"),
    (re.compile(r"incident\.toml: \[\[(\w+)\]\]"), r"sheet \1:"),
    (re.compile(r"under \[\[(?:\w+\.)?(\w+)\]\]( of incident\.toml)?"), r"in sheet \1"),
    (re.compile(r"\[\[(?:\w+\.)?(\w+)\]\]"), r"sheet \1"),
    (re.compile(r"incident\.toml"), f"sheet {bundle_form.KEYS.name}"),
    (re.compile(r"\b(\w+)\.csv\b"), r"sheet \1"),
    (re.compile(r",? with(out)? quotation marks| in quotation marks"), ""),
)


class Workbook:
    """A workbook that was opened and taken apart; `files` is what the folder would hold."""

    def __init__(self, content: bytes, *, name: str) -> None:
        """Open it.

        raises   BundleError when it cannot be read as an Excel workbook: encrypted, with macros, damaged, too large
        """
        self._file = FileRead(name, hashlib.sha256(content).hexdigest(), 0)
        self._sheets: dict[str, SheetRead] = {}
        self._faults: list[SheetFault] = []
        self._hidden: list[str] = []
        self._lines: dict[str, dict[int, int]] = {}  # of each table: a line of its file to a row of its sheet
        try:
            self._take_apart(Book(parts.open_package(content, name=name)))
        except ReadError as fault:
            raise BundleError(fault.thing, place=fault.place, why=fault.why) from None
        self._head = SheetBrief(self._sheets)
        self._faults += self._head.faults
        self.files = {brief.NAME: self._head.toml()}
        for table, sheet in self._sheets.items():
            if table in _ROWS and sheet.columns:
                self.files[f"{table}.csv"], self._lines[table] = _to_csv(sheet)

    def read(self, *, progress: Progress = silent) -> Bundle:
        """Return the bundle that its sheets make; a fault of a row names the sheet and the cell.

        raises   BundleError that lists every fault, when a sheet is missing, cannot be taken, or has an unknown name
        """
        rejects = [row for sheet in self._sheets.values() for row in sheet.rejects if sheet.table.name in _ROWS]
        rejects += [self._hidden_row(name) for name in self._hidden]
        faults = [*self._faults, *self._missing()]
        made = None
        if f"{tables.SOURCES.name}.csv" in self.files:
            made, head_faults = self._make(progress)
            faults += head_faults
            later = made.rejects.to_dicts() if made else []  # not those that only follow from a question set aside
            rejects += [self._moved(row) for row in later if (row["column"], row["value"]) not in self._head.dropped]
        if faults or made is None:
            raise self._refusal(faults, rejects)
        repairs = [row for sheet in self._sheets.values() for row in sheet.repairs]
        repairs += [self._moved(row) for row in made.repairs.to_dicts()]
        rows = sum(file.rows for file in made.files)
        return replace(
            made,
            rejects=_in_order(tables.REJECTS, rejects),
            repairs=_in_order(tables.REPAIRS, repairs),
            files=(replace(self._file, rows=rows),),
        )

    @contextmanager
    def faults_at_cells(self) -> Iterator[None]:
        """Make an error that names a file of the bundle one that names the sheet."""
        try:
            yield
        except BundleError as fault:
            if fault.thing != self._file.name:
                found = self._located(fault)
                raise BundleError(self._file.name, place=found.cell, why=found.why) from None
            raise

    # ------------------------------------------------------------ sheets

    def _take_apart(self, book: Book) -> None:
        for part in book.sheets:
            table = bundle_form.SHEETS.get(spell_plainly(part.name))
            if table is None:
                self._check_unknown(part, book)
            elif table.name in self._sheets:
                why = f"there is a sheet {self._sheets[table.name].name} already; keep one of the two"
                self._faults.append(SheetFault(part.name, why))
            elif part.is_hidden:
                self._hidden.append(part.name)
            else:
                self._sheets[table.name] = read_sheet(book.read(part), table, book)
                self._faults += self._sheets[table.name].faults

    def _check_unknown(self, part: SheetPart, book: Book) -> None:
        """Refuse a sheet that is filled and has no name of ours; one for people may be called README or notes."""
        passed_over = {spell_plainly(name) for name in bundle_form.PASSED_OVER}
        if spell_plainly(part.name) in passed_over or part.is_hidden or not book.read(part).rows:
            return
        near = suggest(spell_plainly(part.name), bundle_form.SHEETS, cutoff=0.6)
        advice = "rename it; notes may be on a sheet called notes, which is not read"
        self._faults.append(
            SheetFault(part.name, f"no table of a bundle is called {quote(part.name)}; {near} {advice}")
        )

    def _missing(self) -> Iterator[SheetFault]:
        hidden = {spell_plainly(name) for name in self._hidden}
        for needed in (bundle_form.KEYS.name, tables.SOURCES.name):
            if needed in hidden:
                yield SheetFault(needed, f"sheet {needed} is hidden; unhide it")
            elif needed not in self._sheets:
                there = ", ".join(sheet.name for sheet in self._sheets.values()) or "none that is known"
                yield SheetFault("", f"sheet {needed} is missing; the workbook has {there}")
            elif not self._sheets[needed].columns and not self._sheets[needed].faults:
                yield SheetFault(needed, f"sheet {needed} is empty; the first row names the columns")

    def _hidden_row(self, name: str) -> dict[str, object]:
        reason, advice = f"sheet {name} is hidden, and nothing of it was read", "unhide it, or delete it"
        return {"file": self._file.name, "cell": name, "reason": reason, "advice": advice}

    # ------------------------------------------------------------ faults back at their cells

    def _make(self, progress: Progress) -> tuple[Bundle | None, list[SheetFault]]:
        """Return the bundle, and every fault of its head, each set aside in turn so that the rows are checked too."""
        faults: list[SheetFault] = []
        files = dict(self.files)
        for _ in range(_FAULTS_SHOWN):
            try:
                return bundle.read(files, progress=progress), faults
            except BundleError as fault:
                faults += [self._located(one) for one in fault.faults]
                at_fault = [one.place for one in fault.faults if one.thing == brief.NAME]
                if not at_fault or not self._head.set_aside(at_fault):
                    break
                files[brief.NAME] = self._head.toml()
        return None, faults

    def _located(self, fault: BundleError) -> SheetFault:
        if fault.thing == brief.NAME:
            return SheetFault(self._head.locate(fault.place), _reword(fault.why))
        table = fault.thing.removesuffix(".csv")
        sheet = self._sheets.get(table)
        place = f"{sheet.name if sheet else table}{f', {fault.place}' if fault.place else ''}"
        return SheetFault(place, _reword(fault.why))

    def _moved(self, row: Mapping[str, Any]) -> dict[str, object]:
        """Return a row of REJECTS or REPAIRS with its sheet and cell in place of its file and line."""
        moved = {key: _reword(value) if key in ("reason", "advice") else value for key, value in row.items()}
        moved["file"] = self._file.name
        table = str(row["file"]).removesuffix(".csv")
        if row["file"] == brief.NAME:
            return moved | {"line": None, "cell": self._head.locate(str(row["column"]))}
        if row["line"] is None or table not in self._lines:
            return moved | {"cell": self._sheets[table].name if table in self._sheets else table}
        lines, sheet = self._lines[table], self._sheets[table]
        number = lines[row["line"]]
        if "advice" in moved:  # "it is already on line 4"
            advice = str(moved["advice"])
            moved["advice"] = re.sub(r"on line (\d+)", lambda at: f"in row {lines.get(int(at[1]), at[1])}", advice)
        return moved | {"line": number, "cell": sheet.address(number, row["column"])}

    def _refusal(self, faults: list[SheetFault], rejects: list[dict[str, object]]) -> BundleError:
        """Return one error with all that is wrong, sheets first, then rows."""
        said = [(fault.cell, fault.why) for fault in faults]
        said += [(str(row["cell"]), f"{row['reason']}; {row['advice']}") for row in rejects]
        if len(said) == 1:
            return BundleError(self._file.name, place=said[0][0], why=said[0][1])
        lines = [f"{cell}: {why}" if cell else why for cell, why in said[:_FAULTS_SHOWN]]
        more = len(said) - len(lines)
        lines += [f"and {more:,} more"] if more else []
        return BundleError(self._file.name, why="\n  ".join([f"{len(said):,} faults", *lines]))


def is_workbook(path: Path) -> bool:
    """Tell whether a path is a file that is a workbook by its first bytes, or by its name and to be refused as such."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            first_bytes = stream.read(8)
    except OSError:
        return True  # reading it says why not
    return parts.is_spreadsheet(first_bytes) or path.suffix.lower() in _ENDINGS


def read_content(path: Path) -> bytes:
    """Return the bytes of a workbook.

    raises   BundleError when it cannot be read or is too large
    """
    return read_bytes(path, thing=path.name, refused=BundleError, most_bytes=_MOST_BYTES)


def _to_csv(sheet: SheetRead) -> tuple[bytes, dict[int, int]]:
    """Return the rows of a sheet as CSV, and the row of the sheet for each line on which one begins."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(sheet.columns)
    lines: dict[int, int] = {}
    line = 2
    for number, texts in sheet.rows:
        lines[line] = number
        cells = [texts.get(column, "") for column in sheet.columns]
        writer.writerow(cells)
        line += 1 + sum(len(re.findall(r"\r\n|\r|\n", cell)) for cell in cells)
    return written.getvalue().encode("utf-8"), lines


def _reword(text: object) -> str:
    said = str(text)
    for pattern, otherwise in _SAID_OTHERWISE:
        said = pattern.sub(otherwise, said)
    return said


def _in_order(table: schema.Table, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows of REJECTS or REPAIRS by sheet and row."""
    order = list(bundle_form.SHEETS)

    def key(row: Mapping[str, object]) -> tuple[int, int]:
        sheet = spell_plainly(str(row["cell"]).partition("!")[0].strip("'"))
        line = row.get("line")
        return order.index(sheet) if sheet in order else -1, line if isinstance(line, int) else 0

    return schema.frame(table, sorted(rows, key=key))
