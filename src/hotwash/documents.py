"""The one reader of TOML and the one of JSON: text to plain values, or an error of ours that names file and place.

    text ─parse_toml─▶ tables        content ─parse_json─▶ values

What both refuse, since later code could not take it: whole numbers beyond 64 bits (TOML 1.0 promises no more, and no
float or database takes them), more than MOST_LEVELS of brackets, and halves of characters (lone surrogates).
"""

from __future__ import annotations

import codecs
import json
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from hotwash.errors import HotwashError, ReadError
from hotwash.visible import clip

MOST_LEVELS: Final = 64  # of brackets; the deepest form that we read, a multipolygon in a collection, has eight
_LARGEST: Final = 2**63
_DEEP = f"brackets are nested more than {MOST_LEVELS} deep; is it really such a file?"
_HALF = "contains half a character (a lone surrogate), which no file may hold; write that text again"


def parse_toml(text: str, *, name: str, refused: type[HotwashError] = ReadError) -> dict[str, Any]:
    """Return the tables of a TOML text; its lines may end as on any system.

    name      what to call it in an error: the file's name
    refused   the error to raise
    """
    try:
        tables = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as fault:
        raise refused(name, why=f"is not valid TOML: {clip(str(fault), 200)}") from None
    except RecursionError:
        raise refused(name, why=f"cannot be read as TOML: {_DEEP}") from None
    except ValueError:  # Python reads no more than 4,300 digits
        raise refused(name, why="is not valid TOML: a number has thousands of digits") from None
    _check(tables, name, refused)
    return tables


def parse_json(content: bytes | str, *, name: str, refused: type[HotwashError] = ReadError) -> Any:
    """Return the values of a JSON text: UTF-8, with a byte order mark or without.

    name      what to call it in an error: the file's name
    refused   the error to raise
    """
    try:
        text = content if isinstance(content, str) else content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        values = json.loads(text, parse_constant=_no_constant)
    except UnicodeDecodeError as fault:
        raise refused(name, place=f"byte {fault.start}", why="is not UTF-8 text; save it as UTF-8") from None
    except json.JSONDecodeError as fault:
        place = f"line {fault.lineno}, column {fault.colno}"
        raise refused(name, place=place, why=f"not JSON: {fault.msg}; was the copy cut short?") from None
    except RecursionError:
        raise refused(name, why=f"cannot be read as JSON: {_DEEP}") from None
    except _NotANumberError as fault:
        raise refused(name, why=f"not JSON: {fault.args[0]} is no number; leave the value out, or write null") from None
    except ValueError:  # Python reads no more than 4,300 digits
        raise refused(name, why="not JSON that can be read: a number has thousands of digits") from None
    _check(values, name, refused, is_json=True)
    return values


class _NotANumberError(ValueError):
    pass


def _no_constant(word: str) -> float:
    raise _NotANumberError(word)


def _check(values: Any, name: str, refused: type[HotwashError], *, is_json: bool = False) -> None:
    for place, why in _faults(values, is_json=is_json):
        raise refused(name, place=place, why=why)


def _faults(values: Any, *, is_json: bool) -> Iterator[tuple[str, str]]:
    """Yield the place and fault of values that later code could not take."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(values, ())]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, dict | list):
            if len(path) >= MOST_LEVELS:
                yield "", _DEEP
                continue
            if isinstance(value, list) and all(type(one) is float for one in value):
                value = [one for one in value if one - one != 0.0]  # nearly all of a map are plain numbers
            items = value.items() if isinstance(value, dict) else enumerate(value, start=1)
            waiting += [(one, (*path, str(key))) for key, one in items]
            if isinstance(value, dict) and any(map(_has_half, value)):
                yield _place(path), _HALF
        elif isinstance(value, str) and _has_half(value):
            yield _place(path), _HALF
        elif type(value) is int and not -_LARGEST <= value < _LARGEST:
            yield _place(path), "is a whole number beyond 64 bits; write a smaller one"
        elif is_json and isinstance(value, float) and value - value != 0.0:  # 1e999 becomes infinity
            yield _place(path), "is a number beyond what a computer holds; write a smaller one"


def _has_half(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def _place(path: tuple[str, ...]) -> str:
    return clip(".".join(path))
