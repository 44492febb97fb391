"""One cell of text to one value of its declared column, or a Fault that says why not."""

from __future__ import annotations

import math
import re
from datetime import datetime
from difflib import get_close_matches

from hotwash.ingest import times
from hotwash.ingest.faults import Fault
from hotwash.model.schema import BOOL, F64, I64, NUMBERS, TEXTS, UTC, Column
from hotwash.visible import quote

MOST_CHARACTERS = 100_000  # far beyond any honest cell; a cell of megabytes is a wrong file or an attack

Value = str | float | int | bool | datetime | list[str] | list[float] | None

_MISSING_WORDS = {"nan", "null", "none", "n/a", "na", "#n/a", "nil"}
_TRUTHS = {"true": True, "false": False}
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_DIGITS = re.compile(r"[+-]?\d{1,20}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parse(text: str, column: Column, *, zone: str | None) -> Value:
    """Return the value of a cell; null when it is empty.

    text     the cell, stripped
    column   its declaration
    zone     the zone that bare times of this row are in, or None
    raises   Fault when the cell does not fit
    """
    if len(text) > MOST_CHARACTERS:
        raise Fault(f"a cell of {len(text):,} characters", f"at most {MOST_CHARACTERS:,} are allowed")
    if CONTROL.search(text):
        raise Fault("the cell contains a control character", "remove it; was the file damaged?")
    if not text:
        if not column.nullable:
            raise Fault(f"{column.name} is empty", f"every row needs it: {column.meaning}")
        return None
    return _value(text, column, zone)


def _value(text: str, column: Column, zone: str | None) -> Value:
    if column.dtype == TEXTS:
        return [part.strip() for part in text.split(";") if part.strip()] or None
    if column.dtype == NUMBERS:
        return [number(part.strip()) for part in text.split(";") if part.strip()] or None
    if column.dtype == UTC:
        return times.parse(text, column=column.name, zone=zone)
    if column.dtype == BOOL:
        return _truth(text)
    if column.dtype in (F64, I64):
        return _number(text, column)
    return _word(text, column)


def _word(text: str, column: Column) -> str:
    if column.one_of and text not in column.one_of:
        raise Fault(f"{quote(text)} is not a valid {column.name}", nearest(text, column.one_of))
    return text


def nearest(text: str, words: tuple[str, ...]) -> str:
    """Return advice that names the nearest allowed word, or all of them."""
    close = get_close_matches(text.lower(), words, n=1, cutoff=0.6)
    return f"did you mean {quote(close[0])}?" if close else f"use one of {', '.join(words)}"


def _truth(text: str) -> bool:
    try:
        return _TRUTHS[text.lower()]
    except KeyError:
        raise Fault(f"{quote(text)} is neither true nor false", "write true or false") from None


def number(text: str) -> float:
    """Return a finite number.

    raises   Fault for anything else, NaN and infinity included
    """
    if text.lower() in _MISSING_WORDS:
        raise Fault(f"{quote(text)} is not a number", "leave the cell empty where the value is unknown")
    if "_" in text or not text.isascii():  # Python would take "1_000" and the digits of any script
        raise Fault(f"{quote(text)} is not a number", "write digits and a decimal point only")
    try:
        value = float(text)
    except ValueError:
        raise Fault(f"{quote(text)} is not a number", _advice_on_comma(text)) from None
    if not math.isfinite(value):
        raise Fault(f"{quote(text)} is not a finite number", "leave the cell empty where the value is unknown")
    return value


def _advice_on_comma(text: str) -> str:
    """Return how to write a number with a comma, which may part thousands or decimals."""
    if not _DECIMAL_COMMA.fullmatch(text):
        return "write digits and a decimal point only"
    before, _, after = text.partition(",")
    if len(after) == 3 and before.lstrip("+-") not in ("", "0"):
        decimal = f"{before}.{after}".rstrip("0").rstrip(".")
        return f"write {before}{after} if the comma parts thousands, {decimal} if decimals"
    return f"write {before}.{after}"


def _number(text: str, column: Column) -> float | int:
    value = number(text)
    if (column.least is not None and value < column.least) or (column.most is not None and value > column.most):
        raise Fault(f"{column.name} is {text}, but must be {_bounds(column)}", _bounds_advice(column))
    return _whole_number(text, value, column) if column.dtype == I64 else value


def _whole_number(text: str, value: float, column: Column) -> int:
    if value != int(value):
        raise Fault(f"{column.name} is {text}, not a whole number", "write a whole number")
    whole = int(text) if _DIGITS.fullmatch(text) else int(value)  # a float holds 16 digits of a long id
    if not -(2**63) <= whole < 2**63:
        raise Fault(f"{column.name} is {text}, too large to store", "at most 19 digits are allowed")
    return whole


def _bounds(column: Column) -> str:
    if column.most is None:
        return f"{column.least:g} or more"
    if column.least is None:
        return f"{column.most:g} or less"
    return f"between {column.least:g} and {column.most:g}"


def _bounds_advice(column: Column) -> str:
    if column.name in ("lat_deg", "lon_deg"):
        return "are latitude and longitude swapped?"
    return f"{column.name}: {column.meaning}"
