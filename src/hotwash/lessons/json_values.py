"""Records to plain JSON values and back: lessons, objectives and their parts.

    plain(record) ─▶ {"event_utc": "2025-09-09T21:30:00.000000Z", "keywords": ["radar"], …}
    build_record(Lesson, values) ─▶ the record again

Times are ISO 8601 in UTC with six digits of a second; dates ISO 8601; unknown values are null.
"""

from __future__ import annotations

import json
import math
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from hotwash.errors import LessonError
from hotwash.visible import quote

Json = dict[str, Any]
R = TypeVar("R")


def canonical(value: object) -> str:
    """Return JSON text that is the same on every machine: sorted keys, no blanks, no escaped letters.

    raises   LessonError on NaN and infinity, which JSON does not have
    """
    try:
        return _ENCODE(value)
    except ValueError as fault:
        raise LessonError("text", why=f"cannot be written as JSON ({fault}); give a finite number") from None


_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def time_text(moment: datetime) -> str:
    """Return a moment as text: UTC, six digits of a second, Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def plain(value: Any) -> Any:
    """Return a record, or the value of one of its fields, as JSON values."""
    if is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return time_text(value)
    return value.isoformat() if isinstance(value, date) else value


def build_record(kind: type[R], values: Mapping[str, Any], *, thing: str = "") -> R:
    """Return a record from JSON values; fields that are left out take their defaults.

    thing    the name of the record, for the error
    raises   LessonError naming the field that is unknown, missing or of the wrong type
    """
    thing = thing or kind.__name__.lower()
    hints = hints_of(kind)  # type: ignore[arg-type]
    arguments = {name: value_of(_hint(hints, name, thing), value, thing, name) for name, value in values.items()}
    for item in fields(kind):  # type: ignore[arg-type]
        if item.name not in arguments and item.default is MISSING and item.default_factory is MISSING:
            raise LessonError(thing, place=item.name, why="is missing")
    return kind(**arguments)


@cache
def hints_of(kind: type) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)


def check_field(kind: type, name: str, value: object, *, thing: str) -> Any:
    """Return the JSON form of one field's value after checking its type.

    raises   LessonError
    """
    return plain(value_of(_hint(hints_of(kind), name, thing), value, thing, name))


def _hint(hints: Mapping[str, Any], name: str, thing: str) -> Any:
    if name not in hints:
        raise LessonError(thing, place=name, why=f"unknown field; choose from {', '.join(hints)}")
    return hints[name]


_HALF = re.compile("[\ud800-\udfff]")


def value_of(hint: Any, value: Any, thing: str, name: str) -> Any:
    if hint is str and type(value) is str and not _HALF.search(value):  # nearly all of them
        return value
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list | tuple):
            raise LessonError(thing, place=name, why=f"must be a list, not {quote(value)}")
        inner = typing.get_args(hint)[0]
        if inner is str and all(type(one) is str for one in value) and not _HALF.search("".join(value)):
            return tuple(value)  # an objective names a hundred attempts
        return tuple(value_of(inner, one, thing, f"{name}[{at}]") for at, one in enumerate(value))
    if is_dataclass(hint):
        value = plain(value)  # a record made elsewhere is checked like any other
        if not isinstance(value, Mapping):
            raise LessonError(thing, place=name, why=f"must be a table of named values, not {quote(value)}")
        return build_record(hint, value, thing=f"{thing}, {name}")  # type: ignore[arg-type]
    return _single(hint, value, thing, name)


def _single(hint: Any, value: Any, thing: str, name: str) -> Any:
    if hint is datetime:
        return _moment(value, thing, name)
    if hint is date:
        return _day(value, thing, name)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if hint in (str, int, bool) and type(value) is hint:
        if hint is str and _HALF.search(value):
            raise LessonError(
                thing, place=name, why="contains half a character (a lone surrogate); write that text again"
            )
        return value
    raise LessonError(thing, place=name, why=f"must be {_WORDS.get(hint, hint)}, not {quote(value)}")


_WORDS = {str: "text", float: "a finite number", int: "a whole number", bool: "true or false"}


def _moment(value: Any, thing: str, name: str) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise LessonError(
        thing, place=name, why=f"must be a time with a time zone (2025-09-09T21:30:00Z), not {quote(value)}"
    )


def _day(value: Any, thing: str, name: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise LessonError(thing, place=name, why=f"must be a date (2025-09-30), not {quote(value)}") from None
