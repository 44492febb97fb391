"""Files written whole or not at all: to a temporary name beside the place, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hotwash.errors import WriteError


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write several files into a folder; return their paths.

    All are written to temporary names and made durable first, and only then renamed one after the other, so an
    interrupted run leaves each earlier file whole.
    raises   WriteError when the folder cannot be made or written to; nothing is then left behind
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            waiting.append((_written_beside(folder, name, content), folder / name))
        for temporary, final in waiting:
            temporary.replace(final)
    except OSError as fault:
        raise WriteError(str(folder), why=f"cannot be written to: {fault.strerror}") from None
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)
    return [final for _, final in waiting]


def _written_beside(folder: Path, name: str, content: bytes) -> Path:
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Path(temporary)


def check_empty(folder: Path) -> None:
    """Refuse a folder that holds something.

    raises   WriteError
    """
    if folder.is_file():
        raise WriteError(str(folder), why="is a file; name a folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise WriteError(str(folder), why="is not empty; name a new folder, so that nothing of yours is overwritten")
