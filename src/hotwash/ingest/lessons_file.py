"""A file of lessons from elsewhere: the exchange file as JSON, or a table of lessons as CSV."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from hotwash.errors import ExchangeError
from hotwash.ingest.disk import read_bytes
from hotwash.lessons import csv_table, exchange
from hotwash.lessons.exchange import File

_MOST_BYTES = 2 * 2**30  # a million lessons with their histories; what is larger is something else


def read(path: Path) -> File:
    """Return what a file of lessons holds. Its lessons are looked through when they are taken, not here.

    path     .csv, else JSON
    raises   ExchangeError when it cannot be read, is of a newer version, or something beside its lessons does not hold
    """
    content = _content(path)
    if path.suffix.lower() == ".csv":
        rows = csv_table.from_csv(_text(content, path), name=path.name)
        return exchange.parse_document(
            {"format": f"{exchange.FORMAT}/{exchange.VERSION}", "lessons": rows}, name=path.name
        )
    return exchange.parse_document(_parsed(content, path), name=path.name)


def _content(path: Path) -> bytes:
    content = read_bytes(path, refused=ExchangeError, most_bytes=_MOST_BYTES, advice="name a file of lessons")
    return content.removeprefix(codecs.BOM_UTF8)


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as fault:
        raise ExchangeError(str(path), place=f"byte {fault.start}", why="is not UTF-8 text; save it as UTF-8") from None


def _parsed(content: bytes, path: Path) -> Any:
    """Return the JSON values of a file, where its lessons are still text: each is parsed where it is looked through."""
    try:
        keys = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        return {name: _value(name, row) for name, row in keys.items()}
    except (ValueError, RecursionError) as fault:
        why = exchange.why_not_json(fault, _text(content, path))
        if not isinstance(fault, msgspec.ValidationError):
            raise ExchangeError(str(path), why=why) from None
    return None  # JSON, but no table of named values: `arrived` tells what is wanted


def _value(name: str, row: msgspec.Raw) -> Any:
    if name == "lessons":
        with suppress(msgspec.ValidationError):  # no list: `arrived` tells that one is wanted
            return msgspec.json.decode(row, type=list[msgspec.Raw])
    return msgspec.json.decode(row)
