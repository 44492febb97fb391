"""Folders in a centre: written under a temporary name, flushed to disk, hashed, and only then renamed."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotwash.store.anchors import TEMPORARY


@dataclass(frozen=True, slots=True)
class PendingFolder:
    """A complete folder on the disk without its final name yet: its path and SHA-256."""

    hidden: Path
    sha256: str

    def take_name(self, final: Path) -> None:
        """Give the folder its final name, at which no folder may exist.

        raises   OSError
        """
        self.hidden.replace(final)
        _sync(final.parent)


@contextmanager
def pending_folder(place: Path, name: str, write: Callable[[Path], object]) -> Iterator[PendingFolder]:
    """Give a folder that `write` has filled; it is deleted unless it takes a name.

    place    the parent folder
    write    creates and fills the folder whose path it gets
    raises   OSError
    """
    hidden = place / f".{name}.{secrets.token_hex(4)}{TEMPORARY}"
    try:
        write(hidden)
        sha256 = hash_of(hidden)
        _make_durable(hidden)
        yield PendingFolder(hidden, sha256)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def hash_of(folder: Path, *, without: str = "") -> str:
    """Return the SHA-256 over a folder's files: over a line of name and SHA-256 for each, sorted by name.

    Links are passed over: what lies behind one is not in the folder.

    without   name of a file that is left out
    """
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path != folder / without:
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
    """Flush a file or folder to disk; a system that cannot open folders does not need this for them."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
