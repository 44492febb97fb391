"""A user's file to its bytes or its text, or an error that says what is wrong with it."""

from __future__ import annotations

import io
import mmap
from pathlib import Path

from hotwash.errors import HotwashError, ReadError
from hotwash.visible import on_one_line


def read_bytes(
    path: Path,
    *,
    thing: str = "",
    refused: type[HotwashError] = ReadError,
    most_bytes: int | None = None,
    advice: str = "",
) -> bytes:
    """Return the content of a file.

    thing        what the error calls it; its path where nothing is given
    refused      the error to raise when it is not there, may not be read or is too large
    most_bytes   what is larger is something else
    advice       what would help, for the error
    """
    name, more = on_one_line(thing or str(path)), f"; {advice}" if advice else ""
    try:
        if most_bytes is not None and path.stat().st_size > most_bytes:
            raise refused(name, why=f"is larger than {most_bytes // 2**20:,} MiB{more}")
        return path.read_bytes()
    except OSError as fault:
        raise refused(name, why=f"cannot be read: {fault.strerror}{more}") from None


def map_bytes(path: Path, *, refused: type[HotwashError] = ReadError, most_bytes: int, advice: str = "") -> memoryview:
    """Return the content of a file that need not fit into memory: what is looked at is fetched, and let go again.

    The file must not be cut short while it is looked at; a system ends a program that reads beyond its end.
    raises   as `read_bytes`
    """
    try:
        if 0 < path.stat().st_size <= most_bytes:
            with path.open("rb") as stream:
                return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError:
        pass  # no plain file, or one on a system of files that maps none: it is read, or refused, as any other
    return memoryview(read_bytes(path, refused=refused, most_bytes=most_bytes, advice=advice))


def read_text(
    path: Path, *, refused: type[HotwashError] = ReadError, most_bytes: int | None = None, newline: str | None = None
) -> str:
    """Return the text of a file that must be whole, such as TOML, where no single row can be refused.

    newline   as of `open`: None makes every line ending a line feed, "" leaves them as they are
    raises    as `read_bytes`, and when it is no UTF-8
    """
    content = read_bytes(path, refused=refused, most_bytes=most_bytes)
    try:
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline=newline).read()
    except UnicodeDecodeError as fault:
        why = "is not UTF-8 text; save it as UTF-8"
        raise refused(on_one_line(str(path)), place=f"byte {fault.start}", why=why) from None
