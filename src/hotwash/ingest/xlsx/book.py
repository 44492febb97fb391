"""A workbook to its sheets: rows of cells with what stands in them, ranges that are merged, rows that are hidden.

Package ─read_book─▶ Book: sheets, texts, formats, epoch ─cells_of─▶ Sheet: rows ─▶ SheetCell
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from hotwash.errors import ReadError
from hotwash.ingest.xlsx import numbers, parts
from hotwash.ingest.xlsx.numbers import NumberFormat
from hotwash.ingest.xlsx.parts import Attributes, Package

MOST_CELLS = 2_000_000  # filled ones, of all sheets
MOST_CHARACTERS = 200_000_000  # of all cells: one text of a workbook may be in many of them
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how XML carries what it cannot: _x000D_ is a carriage return
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_SURROGATES = range(0xD800, 0xE000)


@dataclass(slots=True)
class SheetCell:
    """One filled cell.

    kind      n number, s text, b truth, e error, d ISO date: as the file has it
    value     what stands there; None where a formula has no stored value
    style     the number of its style
    formula   its formula; None where it has none
    """

    kind: str
    value: str | None
    style: int
    formula: str | None = None


class Merged(NamedTuple):
    """One merged range: its first and last row and column."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """The range as Excel writes it: C2:C3."""
        return f"{column_letters(self.left)}{self.top}:{column_letters(self.right)}{self.bottom}"


@dataclass(slots=True)
class Sheet:
    """The filled cells of a sheet, by row and column, both counted from 1.

    merged         ranges of merged cells
    hidden_rows    rows that the sheet does not show and that hold something
    hidden_columns ranges of columns that it does not show
    """

    name: str
    rows: dict[int, dict[int, SheetCell]] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet as the workbook lists it, not read yet; a chart has no path."""

    name: str
    is_hidden: bool
    path: str


class Book:
    """A workbook whose sheets are read one by one, and count together."""

    def __init__(self, package: Package) -> None:
        self.name = package.name
        self.is_1904 = False
        self.sheets: list[SheetPart] = []
        self._package = package
        self._cells = self._characters = 0
        main = parts.main_part(package)
        targets = parts.targets_of(package, main)
        self._list_sheets(package.read(main), targets)
        texts = [path for kind, path in targets.values() if kind == "sharedStrings"]
        styles = [path for kind, path in targets.values() if kind == "styles"]
        self._texts = _texts(package.read(texts[0]), self.name) if texts else []
        self._formats = _formats(package.read(styles[0]), self.name) if styles else []

    def _list_sheets(self, xml: bytes, targets: dict[str, tuple[str, str]]) -> None:
        def start(tag: str, said: Attributes) -> None:
            if tag == "workbookPr":
                self.is_1904 = _is_true(said.get("date1904"))
            if tag == "sheet":
                named = next((value for key, value in said.items() if key.rpartition(":")[2] == "id"), "")
                kind, path = targets.get(named, ("", ""))
                is_hidden = said.get("state", "visible") != "visible"
                self.sheets.append(SheetPart(said.get("name", ""), is_hidden, path if kind == "worksheet" else ""))

        parts.scan(xml, name=self.name, start=start)
        if not self.sheets:
            raise ReadError(self.name, why="has no sheets; was the copy cut short?")

    def format_of(self, cell: SheetCell) -> NumberFormat:
        """Return the number format of a cell."""
        return self._formats[cell.style] if cell.style < len(self._formats) else NumberFormat()

    def read(self, sheet: SheetPart) -> Sheet:
        """Return the cells of a sheet; no cells for a chart.

        raises   ReadError when it is damaged, or when more is filled than any bundle fills
        """
        found = Sheet(sheet.name)
        if sheet.path:
            scan = _SheetScan(found, self._texts, self._count, self.name)
            xml = _without_empty(self._package.read(sheet.path))
            parts.scan(xml, name=self.name, start=scan.start, end=scan.end, text=scan.text)
        found.hidden_rows = [row for row in found.hidden_rows if row in found.rows]
        return found

    def _count(self, characters: int) -> None:
        self._cells += 1
        self._characters += characters
        if self._cells > MOST_CELLS or self._characters > MOST_CHARACTERS:
            why = f"has more than {MOST_CELLS:,} filled cells or {MOST_CHARACTERS:,} characters"
            raise ReadError(self.name, why=f"{why}; a bundle's larger tables belong in a folder, as CSV or Parquet")


class _SheetScan:
    """Takes a sheet in, element by element."""

    def __init__(self, sheet: Sheet, texts: list[str], count: Callable[[int], None], name: str) -> None:
        self._sheet = sheet
        self._texts = texts
        self._count = count
        self._name = name
        self._row = self._column = 0
        self._cell: Attributes = {}
        self._said: list[str] = []
        self._is_said = False  # whether text is being taken
        self._phonetic = 0
        self._formula: str | None = None
        self._value: str | None = None

    def start(self, tag: str, said: Attributes) -> None:
        if tag == "c":
            self._begin_cell(said)
        elif tag in ("v", "f", "t"):
            self._said, self._is_said = [], self._phonetic == 0
        elif tag == "row":
            self._row = _integer(said.get("r"), self._row + 1)
            self._column = 0
            if _is_true(said.get("hidden")):
                self._sheet.hidden_rows.append(self._row)
        elif tag == "rPh":
            self._phonetic += 1
        elif tag == "mergeCell":
            self._merge(said.get("ref", ""))
        elif tag == "col" and _is_true(said.get("hidden")):
            self._sheet.hidden_columns.append((_integer(said.get("min"), 1), _integer(said.get("max"), 1)))

    def text(self, text: str) -> None:
        if self._is_said:
            self._said.append(text)

    def end(self, tag: str) -> None:
        if tag == "v":
            self._value = "".join(self._said)
        elif tag == "t":
            self._value = (self._value or "") + ("".join(self._said) if self._is_said else "")
        elif tag == "f":
            self._formula = "".join(self._said)
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "c":
            self._end_cell()
        self._is_said = False if tag in ("v", "f", "t") else self._is_said

    def _begin_cell(self, said: Attributes) -> None:
        place = _REFERENCE.fullmatch(said.get("r", ""))
        self._column = column_number(place[1]) if place else self._column + 1
        self._row = int(place[2]) if place else self._row
        self._cell, self._formula, self._value = said, None, None

    def _end_cell(self) -> None:
        kind, value = self._cell.get("t", "n"), self._value
        if kind == "s" and value is not None:
            at = _integer(value, -1)
            if not 0 <= at < len(self._texts):
                raise ReadError(self._name, why=f"is damaged: it has no text {value}; save it again in Excel")
            value = self._texts[at]
        elif kind in ("inlineStr", "str") and value is not None:
            value = _unescape(value)
        elif value == "":
            value = None  # a formula that nothing has calculated yet
        if value is None and self._formula is None:
            return
        kind = "s" if kind in ("inlineStr", "str") else kind
        self._count(len(value or ""))
        cell = SheetCell(kind, value, _integer(self._cell.get("s"), 0), self._formula)
        self._sheet.rows.setdefault(self._row, {})[self._column] = cell

    def _merge(self, reference: str) -> None:
        ends = [_REFERENCE.fullmatch(end) for end in reference.split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            first, last = ends[0], ends[1]
            merged = Merged(int(first[2]), column_number(first[1]), int(last[2]), column_number(last[1]))
            self._sheet.merged.append(merged)


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _without_empty(xml: bytes) -> bytes:
    """Return a sheet without cells and rows that hold nothing: a format laid on 200,000 rows leaves millions."""
    if b"<![CDATA[" in xml or b"<!--" in xml:  # there it might be text
        return xml
    prefix = re.search(rb"<((?:[\w.-]+:)?)worksheet[\s>]", xml[:4096])
    tag = re.escape(prefix[1]) if prefix else b""
    filled = re.sub(rb"<%bc(?:\s[^<>]*)?/>" % tag, b"", xml)
    return re.sub(rb"<%brow(?:\s[^<>]*)?(?:/>|>\s*</%brow>)" % (tag, tag), b"", filled)


def _texts(xml: bytes, name: str) -> list[str]:
    """Return the texts that cells refer to by number; how a word is pronounced is no part of it."""
    found: list[str] = []
    said: list[str] = []
    state = {"phonetic": 0, "text": 0}

    def start(tag: str, _: Attributes) -> None:
        if tag == "si":
            said.clear()
        state["phonetic"] += tag == "rPh"
        state["text"] += tag == "t"

    def end(tag: str) -> None:
        if tag == "si":
            found.append(_unescape("".join(said)))
        state["phonetic"] -= tag == "rPh"
        state["text"] -= tag == "t"

    def text(piece: str) -> None:
        if state["text"] and not state["phonetic"]:
            said.append(piece)

    parts.scan(xml, name=name, start=start, end=end, text=text)
    return found


def _formats(xml: bytes, name: str) -> list[NumberFormat]:
    """Return the number format of each style of cells."""
    codes: dict[int, str] = {}
    ids: list[int] = []
    within = [""]

    def start(tag: str, said: Attributes) -> None:
        if tag in ("numFmts", "cellXfs", "cellStyleXfs", "dxfs"):
            within.append(tag)
        elif tag == "numFmt" and within[-1] == "numFmts":
            codes[_integer(said.get("numFmtId"), -1)] = said.get("formatCode", "")
        elif tag == "xf" and within[-1] == "cellXfs":
            ids.append(_integer(said.get("numFmtId"), 0))

    def end(tag: str) -> None:
        if tag == within[-1]:
            within.pop()

    parts.scan(xml, name=name, start=start, end=end)
    return [numbers.format_of(one, codes) for one in ids]


def _unescape(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return match.group() if code in _SURROGATES else chr(code)

    return _ESCAPED.sub(one, text) if "_x" in text else text


def _is_true(said: str | None) -> bool:
    return said in ("1", "true", "on")


def _integer(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else otherwise
