"""Files written whole or not at all: to a temporary name beside the place, then renamed."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hotwash.errors import WriteError


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write several files into a folder; return their paths.

    All are written to temporary names and made durable first, and only then renamed one after the other, so an
    interrupted run leaves each earlier file whole. Where a rename fails, those done before it are taken back.
    raises   WriteError when the folder cannot be made or written to; nothing is then left behind

    A run that is killed leaves its temporary files (.account.json.….part), and may have renamed only some.
    """
    waiting: dict[Path, Path] = {}  # from the final to the temporary name
    earlier: dict[Path, Path] = {}  # from the final name to a copy of what stood there
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            waiting[folder / name] = _beside(folder / name)
            _write(waiting[folder / name], content)
        for final in waiting:
            if final.is_file():
                earlier[final] = _beside(final)
                shutil.copy2(final, earlier[final])
        _rename(waiting, earlier)
    except OSError as fault:
        raise WriteError(str(folder), why=f"cannot be written to: {fault.strerror or fault}") from None
    finally:
        for temporary in (*waiting.values(), *earlier.values()):
            temporary.unlink(missing_ok=True)
    return list(waiting)


def write_file(final: Path, content: bytes) -> Path:
    """Write one file; return its path. An earlier file of that name is replaced only by a whole one.

    raises   WriteError when the place cannot be written to; nothing is then left behind
    """
    with replacing(final) as temporary:
        temporary.write_bytes(content)
    return final


@contextmanager
def replacing(final: Path) -> Iterator[Path]:
    """Give a temporary path to write to; once that is done without a fault it takes the final name.

    raises   WriteError when the place cannot be written to; nothing is then left behind
    """
    temporary = _beside(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(final)
    except OSError as fault:
        raise WriteError(str(final), why=f"cannot be written to: {fault.strerror or fault}") from None
    finally:
        if temporary.parent.is_dir():
            temporary.unlink(missing_ok=True)


@contextmanager
def scratch(final: Path) -> Iterator[Path]:
    """Give a folder beside a file for what is on the way to it; it goes when that is done, whatever happened.

    raises   WriteError when the place cannot be written to
    """
    folder = _beside(final)
    try:
        folder.mkdir(parents=True)
    except OSError as fault:
        raise WriteError(str(final), why=f"cannot be written to: {fault.strerror or fault}") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _beside(final: Path) -> Path:
    return final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _rename(waiting: Mapping[Path, Path], earlier: Mapping[Path, Path]) -> None:
    """Give each file its final name, or none of them."""
    done: list[Path] = []
    try:
        for final, temporary in waiting.items():
            temporary.replace(final)
            done.append(final)
    except BaseException:  # an interruption too: the old files come back before it goes on
        for final in done:
            if final in earlier:
                earlier[final].replace(final)
            else:
                final.unlink()
        raise


def check_empty(folder: Path) -> None:
    """Refuse a folder that holds something.

    raises   WriteError
    """
    if folder.is_file():
        raise WriteError(str(folder), why="is a file; name a folder")
    try:
        is_filled = folder.is_dir() and any(folder.iterdir())
    except OSError as fault:
        raise WriteError(str(folder), why=f"cannot be looked into: {fault.strerror}") from None
    if is_filled:
        raise WriteError(str(folder), why="is not empty; name a new folder, so that nothing of yours is overwritten")
