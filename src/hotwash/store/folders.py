"""Folders in a centre: written under a temporary name, made durable, hashed, and only then named."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotwash.store.centre import TEMPORARY


@dataclass(frozen=True, slots=True)
class Waiting:
    """A folder that is whole and on the disk, and has no name yet: where it lies, and its SHA-256."""

    hidden: Path
    sha256: str

    def take_name(self, final: Path) -> None:
        """Give the folder its final name, where no folder lies yet.

        raises   OSError
        """
        self.hidden.replace(final)
        _sync(final.parent)


@contextmanager
def waiting(place: Path, name: str, write: Callable[[Path], object]) -> Iterator[Waiting]:
    """Give a folder that `write` has filled; it goes when it took no name.

    place    where it shall lie
    write    writes it into the folder that it is given, which is not there yet
    raises   OSError
    """
    hidden = place / f".{name}.{secrets.token_hex(4)}{TEMPORARY}"
    try:
        write(hidden)
        sha256 = hash_of(hidden)
        _make_durable(hidden)
        yield Waiting(hidden, sha256)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def hash_of(folder: Path, *, without: str = "") -> str:
    """Return the SHA-256 over a folder's files: over a line of name and SHA-256 for each, in order of name.

    without   the name of a file in it that is left out
    """
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / without:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            lines.append(f"{path.relative_to(folder).as_posix()}\t{digest}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _make_durable(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Have the disk write what it was told; where a system cannot open a folder, it needs no such call."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
