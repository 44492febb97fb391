"""A file of lessons from elsewhere: the exchange file as JSON, or a table of lessons as CSV."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hotwash.errors import ExchangeError
from hotwash.lessons import exchange, sheet
from hotwash.lessons.exchange import File

_MOST_BYTES = 2 * 2**30  # a million lessons with their histories; what is larger is something else
_MAY_BE_HALF = re.compile(r"\\u[dD][89abAB]")


def read(path: Path) -> File:
    """Return what a file of lessons holds, looked through from end to end.

    path     .csv, else JSON
    raises   ExchangeError when it cannot be read, is of a newer version, or something in it does not hold
    """
    content = _content(path)
    if path.suffix.lower() == ".csv":
        rows = sheet.items(content.removeprefix("\ufeff"), name=path.name)
        return exchange.arrived({"format": f"{exchange.FORMAT}/{exchange.VERSION}", "lessons": rows}, name=path.name)
    return exchange.arrived(_parsed(content, path), name=path.name)


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ExchangeError(str(path), why=f"is larger than {_MOST_BYTES // 2**30} GiB; is it a file of lessons?")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise ExchangeError(str(path), why=f"cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError as fault:
        raise ExchangeError(str(path), place=f"byte {fault.start}", why="is no UTF-8; save it as UTF-8") from None


def _parsed(content: str, path: Path) -> Any:
    try:
        found = json.loads(content, parse_constant=_refuse)
        if _MAY_BE_HALF.search(content):
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ExchangeError(str(path), why="holds half a character, which no UTF-8 file can; write it anew") from None
    except RecursionError:
        raise ExchangeError(str(path), why="is nested too deeply for a file of lessons") from None
    except ValueError as fault:
        raise ExchangeError(str(path), why=f"is no JSON: {fault}; was the copy cut short?") from None
    return found


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no number that JSON has")
