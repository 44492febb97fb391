"""What a reader of tables is: one file a format, each with a `READER` that stands in `table_file.READERS`.

first bytes ─sniff─▶ is it mine? ─read─▶ FrameRead: rows of one declared table, and rejects
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import polars as pl

from hotwash.model.schema import Table


@dataclass(frozen=True, slots=True)
class RowRule:
    """One rule about a row: which rows break it, where, why and what would help."""

    is_broken: pl.Expr
    column: str
    reason: str
    advice: str


class FrameRead(NamedTuple):
    """One table as it was read: a frame of the declared table, and rows of REJECTS."""

    rows: pl.DataFrame
    rejects: list[dict[str, object]]


class Read(Protocol):
    """Content to the rows of a declared table, in their order, and rows of REJECTS.

    name     the file's name, for messages
    rules    rules beside those that the declaration makes
    raises   ReadError when the content cannot be read as this table
    """

    def __call__(self, content: bytes, table: Table, *, name: str, rules: Sequence[RowRule] = ()) -> FrameRead: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """One format that a table may come in.

    name    what people call the format
    sniff   tells from the first bytes, and where they leave it open from the file's name, whether content is in
            this format; cheap, and never raises
    read    reads it
    """

    name: str
    sniff: Callable[[bytes, str], bool]
    read: Read
