"""Declared tables: columns with a type, a meaning and bounds; and the check that a frame matches them.

    column(...) ─▶ Column ─┐
                           ├─▶ table(...) ─▶ Table ─▶ conform(frame, table), drift(frame, table)
    column(...) ─▶ Column ─┘

Unknown is null. NaN is never a value: it is refused on input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import partial

import polars as pl

from hotwash.errors import TableError

F64 = pl.Float64()
I64 = pl.Int64()
TEXT = pl.String()
BOOL = pl.Boolean()
UTC = pl.Datetime("us", "UTC")
TEXTS = pl.List(pl.String())
NUMBERS = pl.List(pl.Float64())
BYTES = pl.Binary()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type and meaning.

    least, most   inclusive bounds, in the unit that the name ends with
    one_of        the only words allowed; empty when any text will do
    nullable      whether a row, and therefore a file, may leave it out
    """

    name: str
    dtype: pl.DataType
    meaning: str
    _: KW_ONLY
    nullable: bool = True
    least: float | None = None
    most: float | None = None
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One declared table. `key` names the columns that together identify a row."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise TableError(self.name, place=f"column {name}", why=f"not declared; choose from {', '.join(self.names)}")


column = Column  # one that a row may leave out
needed = partial(Column, nullable=False)  # one that every row must fill


def table(name: str, meaning: str, *columns: Column, key: tuple[str, ...] = ()) -> Table:
    """Return a table; `key` must name its own columns.

    raises   TableError when a column is declared twice or the key names an unknown one
    """
    names = [item.name for item in columns]
    if len(set(names)) < len(names) or not set(key) <= set(names):
        raise TableError(name, why="a column is declared twice, or the key names a column that is not there")
    return Table(name, meaning, columns, key)


def empty(declared: Table) -> pl.DataFrame:
    """Return a frame of no rows with the declared columns."""
    return pl.DataFrame(schema=declared.schema)


def frame(declared: Table, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return rows as a frame of the declared columns; what a row leaves out is null."""
    return pl.DataFrame([dict(row) for row in rows], schema=declared.schema, orient="row")


def drift(rows: pl.DataFrame, declared: Table) -> list[str]:
    """Return each difference between a frame and its declared table, in plain words; empty when there is none."""
    types = dict(rows.schema)
    nulls = dict(zip(rows.columns, rows.null_count().row(0), strict=True)) if types else {}
    numbers = [name for name, dtype in types.items() if dtype == F64]
    is_nan = rows.select(pl.col(numbers).is_nan().any()).row(0, named=True) if numbers else {}
    differences: list[str] = []
    for item in declared.columns:
        if item.name not in types:
            differences.append(f"column {item.name} is missing")
        elif types[item.name] != item.dtype:
            differences.append(f"column {item.name} is {types[item.name]}, declared {item.dtype}")
        elif not item.nullable and nulls[item.name]:
            differences.append(f"column {item.name} has nulls, but every row must fill it")
        elif is_nan.get(item.name):
            differences.append(f"column {item.name} has NaN; unknown is null")
    differences += [f"column {name} is not declared" for name in types if name not in declared.names]
    return differences


def conform(rows: pl.DataFrame, declared: Table) -> pl.DataFrame:
    """Return the frame with exactly the declared columns, in order; missing nullable columns are null.

    raises   TableError naming every column that is missing, undeclared or of another type
    """
    added = [
        pl.lit(None, dtype=item.dtype).alias(item.name)
        for item in declared.columns
        if item.nullable and item.name not in rows.columns
    ]
    full = rows.with_columns(added) if added else rows
    differences = drift(full, declared)
    if differences:
        raise TableError(declared.name, why="; ".join(differences))
    return full.select(declared.names)
