"""A Parquet file to the rows of one declared table, checked column by column: for tables too long for CSV.

bytes ─polars─▶ frame ─columns, types─▶ frame ─checks on all rows at once─┬▶ rows
                                                                           └▶ rejects (nothing is lost)
"""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from hotwash.errors import BundleError
from hotwash.ingest.cells import CONTROL, MOST_CHARACTERS
from hotwash.ingest.csv_table import check_header, rejected
from hotwash.ingest.faults import Fault
from hotwash.ingest.positions import Region, are_swapped
from hotwash.model import schema
from hotwash.model.schema import F64, TEXT, UTC, Column, Table

_LINE = "(line)"  # no declared column can be called so


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule about a row: which rows break it, where, why and what would help."""

    is_broken: pl.Expr
    column: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class FrameRead:
    """One table as it was read: a frame of the declared table, and rows of REJECTS."""

    rows: pl.DataFrame
    rejects: list[dict[str, object]]


def read(content: bytes, table: Table, *, name: str, refusals: Sequence[Refusal] = ()) -> FrameRead:
    """Return the rows of a file, in its order; the first rule that a row breaks is the one it is rejected for.

    content    the file
    table      its declaration
    name       the file's name
    refusals   rules beside those that the declaration makes
    returns    the line of a reject is the row's number, from 1
    raises     BundleError when it is no Parquet, or a column is undeclared, missing or of a type that cannot hold it
    """
    return checked(_frame(content, name), table, name=name, refusals=refusals)


def checked(found: pl.DataFrame, table: Table, *, name: str, refusals: Sequence[Refusal] = ()) -> FrameRead:
    """Return the rows of a frame that keep to a table, and those that do not; as `read`, without the file."""
    check_header(found.columns, table, name=name, place="columns")
    typed = found.select(_typed(column, table[column], found.schema[column], name) for column in found.columns)
    added = [pl.lit(None, dtype=item.dtype).alias(item.name) for item in table.columns if item.name not in found]
    left = typed.with_columns(added).select(table.names).with_row_index(_LINE, offset=1)
    rejects: list[dict[str, object]] = []
    for rule in (*_declared(table), *refusals):
        is_broken = rule.is_broken.fill_null(value=False)
        rejects += [_reject(row, rule, name) for row in left.filter(is_broken).iter_rows(named=True)]
        left = left.filter(~is_broken)
    return FrameRead(schema.conform(left.drop(_LINE), table), rejects)


def _frame(content: bytes, name: str) -> pl.DataFrame:
    try:
        return pl.read_parquet(io.BytesIO(content), use_pyarrow=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise BundleError(name, why="is no Parquet file that can be read; was the copy cut short?") from None


def _typed(name: str, column: Column, dtype: pl.DataType, file: str) -> pl.Expr:
    """Return a column in its declared type where that loses nothing."""
    cell = pl.col(name)
    is_whole, wants_number = dtype.is_integer(), column.dtype.is_numeric()
    if dtype == pl.Null or dtype == column.dtype:
        return cell.cast(column.dtype)
    if column.dtype == UTC and isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return cell.dt.convert_time_zone("UTC").cast(UTC)
    if (wants_number and is_whole) or (column.dtype == F64 and dtype.is_float()):
        return cell.cast(column.dtype, strict=False)
    if column.dtype == TEXT and (is_whole or dtype in (pl.Categorical, pl.Enum)):
        return cell.cast(TEXT)  # a number may be a name: `object_id` 7
    why = f"is {dtype}, declared {column.dtype}"
    if isinstance(dtype, pl.Datetime):
        why += "; a time without a zone is refused: write it in UTC"
    raise BundleError(file, place=f"column {name}", why=why)


def _declared(table: Table) -> list[Refusal]:
    """Return what the declaration of a table asks of every row."""
    said: list[Refusal] = []
    for item in table.columns:
        cell = pl.col(item.name)
        if item.dtype == F64:
            said.append(Refusal(~cell.is_finite(), item.name, "no finite number", "unknown is null, never NaN"))
        if not item.nullable:
            why = f"every row needs it: {item.meaning}"
            said.append(Refusal(cell.is_null(), item.name, f"{item.name} is empty", why))
        for is_outside, bound in (
            (cell < item.least if item.least is not None else None, f"less than {item.least}"),
            (cell > item.most if item.most is not None else None, f"more than {item.most}"),
        ):
            if is_outside is not None:
                advice = f"{item.name} is {item.meaning}"
                said.append(Refusal(is_outside, item.name, f"{item.name} is {bound}", advice))
        if item.dtype == TEXT:
            is_bad = (cell.str.len_chars() > MOST_CHARACTERS) | cell.str.contains(CONTROL.pattern)
            said.append(Refusal(is_bad, item.name, "a control character, or a cell too long", "was the file damaged?"))
        if item.one_of:
            advice = f"use one of {', '.join(item.one_of)}"
            said.append(Refusal(~cell.is_in(item.one_of), item.name, f"no {item.name} that we know", advice))
    if table.key:
        again = ~pl.struct(table.key).is_first_distinct()
        said.append(Refusal(again, table.key[0], "stands twice", "give one of them another name"))
    return said


def names(column: str, held: Collection[str], *, reason: str, advice: str) -> Refusal:
    """Return the rule that a column names something held, where it is filled."""
    return Refusal(~pl.col(column).is_in(list(held)), column, reason, advice)


def position(region: Region | None) -> list[Refusal]:
    """Return the rules that a position is whole, and not turned round."""
    half = pl.col("lat_deg").is_null() != pl.col("lon_deg").is_null()
    said = [Refusal(half, "lat_deg", "half a position", "fill both or leave both empty")]
    if region is not None:
        swapped = pl.struct("lat_deg", "lon_deg").map_batches(
            lambda both: are_swapped(both.struct["lat_deg"], both.struct["lon_deg"], region), return_dtype=pl.Boolean()
        )
        reason = "far from the incident, and near it the other way round"
        said.append(Refusal(swapped, "lat_deg", reason, "are latitude and longitude swapped?"))
    return said


def _reject(row: dict[str, Any], rule: Refusal, name: str) -> dict[str, object]:
    raw = {key: _shown(value) for key, value in row.items() if key != _LINE and value is not None}
    return rejected(name, row[_LINE], raw, Fault(rule.reason, rule.advice, column=rule.column))


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
