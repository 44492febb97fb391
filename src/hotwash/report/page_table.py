"""A table as a reader sees it, the same for HTML and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A name with what is to be said under it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: lines of text; `href` makes the first of them a link."""

    lines: tuple[str, ...]
    href: str = ""
    is_number: bool = False

    @property
    def text(self) -> str:
        return "; ".join(self.lines)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; `anchor` is the place on the page that others point to, `flag` a word that sets it apart."""

    cells: tuple[Cell, ...]
    anchor: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table. `nothing` is what to say where it has no rows; `wide` names columns that deserve more room."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    nothing: str = ""
    wide: tuple[str, ...] = ()


def cell(*lines: str | None, href: str = "") -> Cell:
    """Return a cell of the lines that say something."""
    return Cell(tuple(line for line in lines if line), href)


def number_cell(said: str) -> Cell:
    return Cell((said,), is_number=True)


def table_row(*cells: Cell | str | None, anchor: str = "", flag: str = "") -> TableRow:
    """Return a row; bare text becomes a cell, None an empty one."""
    return TableRow(tuple(item if isinstance(item, Cell) else cell(item) for item in cells), anchor, flag)


def page_table(
    columns: Sequence[str], rows: Iterable[TableRow], *, nothing: str = "", wide: Sequence[str] = ()
) -> PageTable:
    return PageTable(tuple(columns), tuple(rows), nothing, tuple(wide))
