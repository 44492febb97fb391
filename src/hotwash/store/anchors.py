"""The heads (latest hashes) of all histories and of the seals, in a file beside the database: they reveal that an end
was cut off.

    anchors.log     lesson_id TAB number TAB sha256, a line for each head that ever existed; the seals as "*seals"

An id that is not a valid one by `model.ids` (from before that rule) is written as JSON text, in quotation marks and
without line ends, so no id can make a line of its own. Before, it was written as it was: the lines that such an id of
the centre made are recognised (`forged_lines`), accuse nobody, and `hotwash doctor --mend` writes them anew.

A line is added after the entry is committed, so the file never names a missing entry; after a program was killed
between the two, the next writer adds the head. Somebody who can write to both the file and the database can shorten
both: only a copy of the file outside the centre reveals that.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.model.ids import fault_of_id
from hotwash.store import seals
from hotwash.visible import escape_json

ANCHORS = "anchors.log"
TEMPORARY = ".part"  # suffix of every temporary name

Heads = dict[str, tuple[int, str]]

_LINE = re.compile(r"(?P<name>[^\t\n]+)\t(?P<number>[0-9]{1,9})\t(?P<sha256>[0-9a-f]{64})")


def note(cursor: sqlite3.Cursor, path: Path) -> None:
    """Note in a file the heads that are not in it yet, within a transaction that writes; raises OSError."""
    new = heads_in(cursor, "WHERE is_anchored = 0")
    if new:
        append(path, new)
        for table in ("heads", "seal_heads"):
            cursor.execute(f"UPDATE {table} SET is_anchored = 1 WHERE is_anchored = 0")  # noqa: S608  our own names


def heads_in(cursor: sqlite3.Cursor, where: str = "") -> Heads:
    """Return the heads that the database names: all, or those of a condition."""
    of_seals = f"SELECT '{seals.NAME}', number, sha256 FROM seal_heads {where}"  # noqa: S608  our own names
    query = f"SELECT lesson_id, number, sha256 FROM heads {where} UNION ALL {of_seals}"  # noqa: S608
    return {str(name): (int(number), str(sha256)) for name, number, sha256 in cursor.execute(query)}


def append(path: Path, heads: Mapping[str, tuple[int, str]]) -> None:
    """Add a line for each head, durably; an unfinished last line is ended first."""
    text = "".join(f"{_write_name(name)}\t{number}\t{sha256}\n" for name, (number, sha256) in heads.items())
    with path.open("ab+") as stream:
        if stream.seek(0, os.SEEK_END):
            stream.seek(-1, os.SEEK_END)
            text = text if stream.read(1) == b"\n" else f"\n{text}"
        stream.write(text.encode())
        stream.flush()
        os.fsync(stream.fileno())


def read(path: Path, *, odd_ids: Iterable[str] = ()) -> Heads:
    """Return the highest head of each lesson in a file; incomplete lines are skipped.

    odd_ids  ids of the centre that may have made lines of their own, as `odd_ids` returns them
    raises   CentreError when the file cannot be read
    """
    highest: Heads = {}
    for found in map(_LINE.fullmatch, _join_lines(_text(path), odd_ids).split("\n")):
        if found is None:
            continue
        name, number = _read_name(found["name"]), int(found["number"])
        if number >= highest.get(name, (-1, ""))[0]:
            highest[name] = (number, found["sha256"])
    return highest


def odd_ids(cursor: sqlite3.Cursor) -> list[str]:
    """Return the ids of lessons from before the rule for ids."""
    # Among a million ids SQLite finds those of other letters at once; of plain letters alone no line can be forged.
    query = "SELECT lesson_id FROM heads WHERE lesson_id GLOB '*[^A-Za-z0-9_.-]*'"
    ids = (str(row[0]) for row in cursor.execute(query).fetchall())
    return [name for name in ids if fault_of_id(name)]


def forged_lines(path: Path, odd_ids: Iterable[str]) -> int:
    """Return how many lines of a file an id made that is no valid one; raises CentreError."""
    text = _text(path)
    return text.count("\n") - _join_lines(text, odd_ids).count("\n")


def write_anew(path: Path, odd_ids: Iterable[str]) -> None:
    """Write a file anew, each head on one line; raises CentreError, OSError."""
    text = _join_lines(_text(path), odd_ids)
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        with hidden.open("xb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace") if path.exists() else ""
    except OSError as fault:
        raise CentreError(str(path), why=f"cannot be read: {fault.strerror}") from None


def _join_lines(text: str, odd_ids: Iterable[str]) -> str:
    """Return the text of a file with each head of an odd id on one line.

    A head of such an id is the id as it is, a number and a hash: nothing else of the file has that form.
    """
    for name in sorted(odd_ids, key=len, reverse=True):
        form = re.compile(rf"^{re.escape(name)}\t([0-9]{{1,9}})\t([0-9a-f]{{64}})$", re.MULTILINE)
        text = form.sub(lambda found, name=name: f"{_write_name(name)}\t{found[1]}\t{found[2]}", text)  # type: ignore[misc]
    return text


def _write_name(name: str) -> str:
    return escape_json(json.dumps(name, ensure_ascii=False)) if fault_of_id(name) else name


def _read_name(text: str) -> str:
    if not text.startswith('"'):
        return text
    try:
        name = json.loads(text)
    except ValueError:
        return text
    return name if isinstance(name, str) else text
