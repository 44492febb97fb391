"""A file of lessons from elsewhere: the exchange file as JSON, or a table of lessons as CSV."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from hotwash.errors import ExchangeError
from hotwash.ingest.disk import map_bytes, read_bytes
from hotwash.lessons import csv_table, exchange
from hotwash.lessons.exchange import File

_MOST_BYTES = 16 * 2**30  # some million lessons with their histories; what is larger is something else
_MOST_TABLE = 2 * 2**30
_LOOKED_AT = 2**26  # bytes of what is no JSON, to say why
IN_MEMORY_BYTES = 2**26  # bytes of a file that is read at once; a larger one is looked at where it lies


def read(path: Path) -> File:
    """Return what a file of lessons holds. Its lessons are looked through when they are taken, not here.

    path     .csv, else JSON
    raises   ExchangeError when it cannot be read, is of a newer version, or something beside its lessons does not hold
    """
    if path.suffix.lower() == ".csv":
        content = read_bytes(path, refused=ExchangeError, most_bytes=_MOST_TABLE, advice=_ADVICE)
        rows = csv_table.from_csv(_text(content.removeprefix(codecs.BOM_UTF8), path), name=path.name)
        return exchange.parse_document(
            {"format": f"{exchange.FORMAT}/{exchange.VERSION}", "lessons": rows}, name=path.name
        )
    return exchange.parse_document(_parsed(_content(path), path), name=path.name)


_ADVICE = "name a file of lessons"


def _content(path: Path) -> memoryview:
    """Return a JSON file; a large one stays on its disk, so that no file of lessons needs more memory than another."""
    if path.is_file() and path.stat().st_size > IN_MEMORY_BYTES:
        content = map_bytes(path, refused=ExchangeError, most_bytes=_MOST_BYTES, advice=_ADVICE)
    else:
        content = memoryview(read_bytes(path, refused=ExchangeError, most_bytes=_MOST_BYTES, advice=_ADVICE))
    begin = len(codecs.BOM_UTF8)
    return content[begin:] if content[:begin].tobytes() == codecs.BOM_UTF8 else content


def _text(content: bytes | memoryview, path: Path) -> str:
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content)  # the end may be within a letter
    except UnicodeDecodeError as fault:
        raise ExchangeError(str(path), place=f"byte {fault.start}", why="is not UTF-8 text; save it as UTF-8") from None


def _parsed(content: memoryview, path: Path) -> Any:
    """Return the JSON values of a file, where its lessons are still text: each is parsed where it is looked through."""
    try:
        keys = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        return {name: _value(name, row) for name, row in keys.items()}
    except (ValueError, RecursionError) as fault:
        text = _text(content[:_LOOKED_AT], path)
        why = exchange.why_not_json(fault, text)
        if not isinstance(fault, msgspec.ValidationError):
            raise ExchangeError(str(path), why=why) from None
    return None  # JSON, but no table of named values: `arrived` tells what is wanted


def _value(name: str, row: msgspec.Raw) -> Any:
    if name == "lessons":
        with suppress(msgspec.ValidationError):  # no list: `arrived` tells that one is wanted
            return msgspec.json.decode(row, type=list[msgspec.Raw])
    return msgspec.json.decode(row)
