"""The check that a frame keeps to its declared table: columns, types, then all rows at once, rule by rule.

frame ─columns─▶ ─types─▶ ─rules─┬▶ rows
                                 └▶ rejects (nothing is lost)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest.cells import CONTROL, MOST_CHARACTERS
from hotwash.ingest.faults import Fault
from hotwash.ingest.positions import Region, are_swapped
from hotwash.ingest.reader import FrameRead, RowRule
from hotwash.ingest.rows import VALUE_CHARACTERS, reject_row, shorten
from hotwash.model import schema
from hotwash.model.schema import F64, I64, TEXT, Column, Table
from hotwash.visible import quote

_LINE = "(line)"  # no declared column can be called so
_WHOLE_BELOW = 2.0**53  # floats above this have lost the last digit of a whole number
# pandas writes its unnamed row labels so, in Parquet, in CSV and as a column; they say nothing of the row.
_PANDAS_INDEX = re.compile(r"__index_level_[0-9]+__|Unnamed: 0|index|level_0")
FULL_REJECTS = 100  # of each rule, whose whole row is kept
_CALENDAR = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)  # Python's own


def check_frame(
    frame: pl.DataFrame, table: Table, *, name: str, rules: Sequence[RowRule] = (), first: int = 1
) -> FrameRead:
    """Return the rows of a frame that keep to a table, and those that do not.

    frame    columns that may be left out may be missing; the row labels of pandas are passed over
    name     the file's name, or the table's
    rules    rules beside those of the declaration; the first that a row breaks is the one it is rejected for
    first    number of the first row: the line of a reject is the row's number
    raises   ReadError when a column is undeclared, missing or of a type that cannot hold it
    """
    frame = frame.select(one for one in frame.columns if not is_row_label(one))
    check_header(frame.columns, table, name=name, place="columns")
    typed = pl.DataFrame([_cast(frame[column], table[column], name) for column in frame.columns])
    added = [pl.lit(None, dtype=item.dtype).alias(item.name) for item in table.columns if item.name not in frame]
    left = typed.with_columns(added).select(table.names).with_row_index(_LINE, offset=first)
    rejects: list[dict[str, object]] = []
    for rule in _broken_rules(left, (*_declared_rules(table), *rules)):
        is_broken = rule.is_broken.fill_null(value=False)
        rejects += _rejects_of(left.filter(is_broken), rule, name)
        left = left.filter(~is_broken)
    return FrameRead(schema.conform(left.drop(_LINE), table), rejects)


def is_row_label(column: str) -> bool:
    """Tell whether a column holds the row labels of pandas."""
    return _PANDAS_INDEX.fullmatch(column) is not None


def check_header(header: Sequence[str], table: Table, *, name: str, place: str) -> None:
    """Refuse columns that a table does not declare, that stand twice, or that are missing.

    raises   ReadError that names the nearest declared column
    """
    faults = [why for _, why in header_faults(header, table)]
    if faults:
        raise ReadError(name, place=place, why="; ".join(faults))


def header_faults(header: Sequence[str], table: Table) -> list[tuple[int | None, str]]:
    """Return what is wrong with a header, each with the place of its column, from 0; None for one that is missing.

    A column that is only misspelt is not missing, too.
    """
    found: list[tuple[int | None, str]] = []
    meant: set[str] = set()
    for place, column in enumerate(header):
        if column not in table.names:
            close = get_close_matches(spell_plainly(column), table.names, n=1)
            meant.update(close)
            advice = f"did you mean {close[0]}?" if close else f"{table.name} has {', '.join(table.names)}"
            printable = shorten(column, VALUE_CHARACTERS)
            found.append((place, f"column {quote(printable)} is not declared; {advice}"))
        elif column in header[:place]:
            found.append((place, f"column {quote(column)} appears twice; remove one"))
    needed = [column.name for column in table.columns if not column.nullable]
    missing = [name for name in needed if name not in header and name not in meant]
    if missing:
        column, are = ("column", "is") if len(missing) == 1 else ("columns", "are")
        found.append((None, f"{column} {', '.join(missing)} {are} missing; every row needs a value"))
    return found


def spell_plainly(column: str) -> str:
    """Return a column's name as we would spell it: "Claim ID" is "claim_id"."""
    return "_".join(column.strip().lower().replace("-", " ").split())


def has_position(table: Table) -> bool:
    """Tell whether rows of a table have a position."""
    return {"lat_deg", "lon_deg"} <= set(table.names)


# ---------------------------------------------------------------- types


def _cast(cells: pl.Series, column: Column, name: str) -> pl.Series:
    """Return a column in its declared type where that loses nothing."""
    dtype = cells.dtype
    if dtype == column.dtype:
        return cells
    if cells.null_count() == len(cells):  # pandas calls a column float, or object, where all of it is missing
        return pl.repeat(None, len(cells), dtype=column.dtype, eager=True).alias(column.name)
    if column.dtype in (I64, TEXT) and dtype.is_float():  # pandas holds whole numbers so, where some are missing
        whole = _whole_numbers(cells)
        if whole is not None:
            return whole.cast(column.dtype)
    try:
        if column.dtype == schema.UTC and isinstance(dtype, pl.Datetime) and dtype.time_zone:
            return cells.dt.convert_time_zone("UTC").cast(schema.UTC)
        if column.dtype == F64 and dtype.is_decimal():
            return cells.cast(F64)
        if column.dtype in (I64, TEXT) and dtype.is_decimal() and (cells == cells.cast(I64)).all():
            return cells.cast(I64).cast(column.dtype)
        if column.dtype.is_numeric() and (dtype.is_integer() or (column.dtype == F64 and dtype.is_float())):
            return cells.cast(column.dtype)
        if column.dtype == TEXT and (dtype.is_integer() or dtype in (pl.Categorical, pl.Enum)):
            return cells.cast(TEXT)  # a number may be a name: `object_id` 7
    except pl.exceptions.PolarsError:
        why = f"contains a value that {column.dtype} cannot store; was the file damaged?"
        raise ReadError(name, place=f"column {column.name}", why=why) from None
    why = f"is {dtype}, but must be {column.dtype}"
    if isinstance(dtype, pl.Datetime):
        why += "; a time without a zone is refused: write it in UTC"
    raise ReadError(name, place=f"column {column.name}", why=why)


def _whole_numbers(cells: pl.Series) -> pl.Series | None:
    """Return floats as whole numbers, NaN as null; None where one of them is not whole."""
    numbers = cells.cast(F64).fill_nan(None)
    is_whole = (numbers == numbers.floor()) & (numbers.abs() < _WHOLE_BELOW)
    return numbers.cast(I64) if is_whole.all() else None


# ---------------------------------------------------------------- rules


def rule_of_names(column: str, names: Collection[str], *, reason: str, advice: str) -> RowRule:
    """Return the rule that a column, where it is filled, holds one of some names."""
    return RowRule(~pl.col(column).is_in(list(names)), column, reason, advice)


def rule_of_order(region: Region) -> RowRule:
    """Return the rule that latitude and longitude are not swapped."""
    is_swapped = pl.struct("lat_deg", "lon_deg").map_batches(
        lambda both: are_swapped(both.struct["lat_deg"], both.struct["lon_deg"], region), return_dtype=pl.Boolean()
    )
    reason = "far from the incident, but near it with latitude and longitude exchanged"
    return RowRule(is_swapped, "lat_deg", reason, "are latitude and longitude swapped?")


def _declared_rules(table: Table) -> list[RowRule]:
    """Return what the declaration of a table asks of every row."""
    rules = [rule for column in table.columns for rule in _column_rules(column)]
    if table.key:
        is_second = ~pl.struct(table.key).is_first_distinct()
        rules.append(RowRule(is_second, table.key[0], "appears twice", "give one of them another name"))
    if has_position(table):
        is_half = pl.col("lat_deg").is_null() != pl.col("lon_deg").is_null()
        rules.append(
            RowRule(is_half, "lat_deg", "only one of latitude and longitude is given", "fill both or leave both empty")
        )
    return rules


def _column_rules(column: Column) -> list[RowRule]:
    cell, name = pl.col(column.name), column.name
    rules: list[RowRule] = []
    if column.dtype == F64:
        rules.append(
            RowRule(~cell.is_finite(), name, "not a finite number", "use null for an unknown value, never NaN")
        )
    if not column.nullable:
        why = f"every row needs it: {column.meaning}"
        rules.append(RowRule(cell.is_null(), name, f"{name} is empty", why))
    if column.least is not None:
        advice = f"{name}: {column.meaning}"
        rules.append(RowRule(cell < column.least, name, f"{name} is less than {column.least}", advice))
    if column.most is not None:
        advice = f"{name}: {column.meaning}"
        rules.append(RowRule(cell > column.most, name, f"{name} is more than {column.most}", advice))
    if column.dtype == schema.UTC:
        rules.append(RowRule(~_is_in_calendar(cell), name, "a time outside the calendar", "was the file damaged?"))
    if column.dtype == TEXT:
        is_bad = (cell.str.len_chars() > MOST_CHARACTERS) | cell.str.contains(CONTROL.pattern)
        rules.append(RowRule(is_bad, name, "a control character, or a cell too long", "was the file damaged?"))
    if column.one_of:
        advice = f"use one of {', '.join(column.one_of)}"
        rules.append(RowRule(~cell.is_in(column.one_of), name, f"not a known {name}", advice))
    return rules


def _is_in_calendar(cell: pl.Expr) -> pl.Expr:
    """Tell whether a time lies in the years 1 to 9999, which is as far as Python's own times reach."""
    return cell.is_between(pl.lit(_CALENDAR[0]), pl.lit(_CALENDAR[1]))


def _broken_rules(rows: pl.DataFrame, rules: Sequence[RowRule]) -> list[RowRule]:
    """Return the rules that any row breaks: most files break none, and are then looked at only once."""
    is_any_broken = [rule.is_broken.any().alias(str(n)) for n, rule in enumerate(rules)]
    return [rule for rule, is_broken in zip(rules, rows.select(is_any_broken).row(0), strict=True) if is_broken]


def _plain_times(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows in which a time that Python cannot hold is null."""
    times = [pl.col(name) for name, dtype in rows.schema.items() if dtype == schema.UTC]
    return rows.with_columns(pl.when(_is_in_calendar(time)).then(time) for time in times)


def _rejects_of(broken: pl.DataFrame, rule: RowRule, name: str) -> list[dict[str, object]]:
    """Return the rejects of the rows that break one rule: the first in full, of the others the line and the reason.

    A few kilobytes of Parquet hold 300,000 equal rows; each of them in full takes a minute and a gigabyte.
    """
    first = _plain_times(broken.head(FULL_REJECTS))
    full = [_reject(row, rule, name) for row in first.iter_rows(named=True)]
    if broken.height <= FULL_REJECTS:
        return full
    sample = full[0] | {"value": None, "row": None}
    return full + [sample | {"line": line} for line in broken[_LINE][FULL_REJECTS:].to_list()]


def _reject(row: dict[str, Any], rule: RowRule, name: str) -> dict[str, object]:
    raw = {key: _write_out(value) for key, value in row.items() if key != _LINE and value is not None}
    return reject_row(name, row[_LINE], raw, Fault(rule.reason, rule.advice, column=rule.column))


def _write_out(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
