"""Recordings in a centre: each is written under a temporary name, made durable, hashed, and only then named."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.store.centre import RECORDINGS, TEMPORARY, Centre


def keep(centre: Centre, attempt_id: str, write: Callable[[Path], object]) -> tuple[str, str]:
    """Keep a recording; return its folder from the centre's folder, with slashes, and its SHA-256.

    write    writes the recording into the folder that it is given, which is not there yet: for instance
             `lambda folder: recording_folder.write(folder, recording)`
    raises   CentreError when a recording of that name is there, or the disk takes no more; nothing is then left
    """
    final = centre.folder / RECORDINGS / attempt_id
    if final.parent != centre.folder / RECORDINGS or attempt_id.startswith("."):
        raise CentreError(attempt_id, why="cannot name a folder; use letters, digits and hyphens")
    if final.exists():
        raise CentreError(attempt_id, why="has a recording already, which is never written over")
    hidden = final.with_name(f".{final.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        write(hidden)
        found = hash_of(hidden)
        _make_durable(hidden)
        hidden.replace(final)
        _sync(final.parent)
    except OSError as fault:
        why = f"its recording cannot be written: {fault.strerror or fault}; make room, then do it again"
        raise CentreError(attempt_id, why=why) from None
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    return f"{RECORDINGS}/{attempt_id}", found


def left(centre: Centre, attempt_id: str) -> tuple[str, str]:
    """Return the recording that stands under an attempt's name, as `keep` does; "" and "" where none does.

    It has its name since it was whole: a program that was killed after that had no time to say so.
    """
    folder = centre.folder / RECORDINGS / attempt_id
    return (f"{RECORDINGS}/{attempt_id}", hash_of(folder)) if folder.is_dir() else ("", "")


def hash_of(folder: Path) -> str:
    """Return the SHA-256 over a folder's files: over a line of name and SHA-256 for each, in order of name."""
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
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
