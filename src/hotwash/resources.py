"""Files that travel in the package: the only reader of them, and never of a user's path."""

from __future__ import annotations

import gzip
import lzma
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from hotwash.errors import ReadError

EXAMPLES = ("poland-2025", "airport-2026")
CENTRE = "centre"  # the folder of an example centre's lessons


def _root() -> Traversable:
    return files("hotwash")


def _examples() -> Traversable:
    """In a wheel the examples lie inside the package; in a checkout they stand at the repository's root."""
    packed = _root() / "examples"
    if packed.is_dir():
        return packed
    return Path(__file__).resolve().parents[2] / "examples"


def read(name: str) -> bytes:
    """Return the content of a file that travels in the package, unpacked where its name ends in ".gz".

    name     its path inside the package, with slashes: "geo/data/gazetteer.csv"
    raises   ReadError when the package holds no such file
    """
    found = _root().joinpath(*name.split("/"))
    if not found.is_file():
        raise ReadError(name, why="this file should travel in the package; is the installation whole?")
    return unpack(name, found.read_bytes())


def unpack(name: str, content: bytes) -> bytes:
    """Return the content of a file, unpacked where its name ends in ".gz" or ".xz"."""
    if name.endswith(".xz"):
        return lzma.decompress(content)
    return gzip.decompress(content) if name.endswith(".gz") else content


def example(name: str) -> dict[str, bytes]:
    """Return the files of a shipped example, by their names.

    name     one of EXAMPLES, each a bundle; or CENTRE
    raises   ReadError when there is no such example
    """
    folder = _examples() / name
    if name not in (*EXAMPLES, CENTRE) or not folder.is_dir():
        raise ReadError(name, why=f"no such example; there are {', '.join(EXAMPLES)}")
    # In a checkout someone may have analysed an example where it stands: an account is no part of its bundle.
    given = (entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith(("account.", ".")))
    return {entry.name: entry.read_bytes() for entry in given}


def example_recordings(exercise: str) -> dict[str, bytes]:
    """Return the files of the example centre's recordings of an exercise, packed, by their names.

    raises   ReadError when none were made of it
    """
    folder = _examples() / CENTRE / "recorded" / exercise
    if not folder.is_dir():
        raise ReadError(exercise, why="no recording of this exercise was made beforehand; play it with `hotwash watch`")
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if not entry.name.startswith(".")}
