"""The heads (latest hashes) of all histories, in a file beside the database: they reveal that an end was cut off.

    anchors.log     lesson_id TAB number TAB sha256, a line for each head that ever existed

A line is added after the entry is committed, so the file never names a missing entry; after a program was killed
between the two, the next writer adds the head. Somebody who can write to both the file and the database can shorten
both: only a copy of the file outside the centre reveals that.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.store.centre import ANCHORS, Centre, raw_cursor

Heads = dict[str, tuple[int, str]]

_HASH_LETTERS = 64


def note(centre: Centre) -> None:
    """Note the heads that are not in the file yet. If it cannot be written now, the next writer adds them."""
    with suppress(OSError), centre.writing() as connection:
        cursor = raw_cursor(connection)
        new = cursor.execute("SELECT lesson_id, number, sha256 FROM heads WHERE is_anchored = 0").fetchall()
        if new:
            append(centre.folder / ANCHORS, {str(name): (int(number), str(sha)) for name, number, sha in new})
            cursor.execute("UPDATE heads SET is_anchored = 1 WHERE is_anchored = 0")


def append(path: Path, heads: Mapping[str, tuple[int, str]]) -> None:
    """Add a line for each head, durably; an unfinished last line is ended first."""
    text = "".join(f"{name}\t{number}\t{sha256}\n" for name, (number, sha256) in heads.items())
    with path.open("ab+") as stream:
        if stream.seek(0, os.SEEK_END):
            stream.seek(-1, os.SEEK_END)
            text = text if stream.read(1) == b"\n" else f"\n{text}"
        stream.write(text.encode())
        stream.flush()
        os.fsync(stream.fileno())


def read(path: Path) -> Heads:
    """Return the highest head of each lesson in a file; incomplete lines are skipped.

    raises   CentreError when the file cannot be read
    """
    highest: Heads = {}
    for name, number, sha256 in _lines(path):
        if number >= highest.get(name, (-1, ""))[0]:
            highest[name] = (number, sha256)
    return highest


def _lines(path: Path) -> Iterable[tuple[str, int, str]]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    except OSError as fault:
        raise CentreError(str(path), why=f"cannot be read: {fault.strerror}") from None
    for line in text.splitlines():
        name, _, rest = line.partition("\t")
        number, _, sha256 = rest.partition("\t")
        if number.isdigit() and len(sha256) == _HASH_LETTERS:
            yield name, int(number), sha256
