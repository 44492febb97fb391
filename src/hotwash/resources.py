"""The files in the package, read only through this module, which reads no other files."""

from __future__ import annotations

import gzip
import lzma
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from hotwash.errors import ReadError

EXAMPLES = ("poland-2025", "airport-2026", "closures-2026")
CENTRE = "centre"  # the folder of an example centre's lessons


def _root() -> Traversable:
    return files("hotwash")


def _examples() -> Traversable:
    """In a wheel the examples are inside the package; in a checkout they are at the repository's root."""
    packed = _root() / "examples"
    if packed.is_dir():
        return packed
    return Path(__file__).resolve().parents[2] / "examples"


def read(name: str) -> bytes:
    """Return the content of a file in the package, unpacked where its name ends in ".gz".

    name     its path inside the package, with slashes: "geo/data/gazetteer.csv"
    raises   ReadError when the package has no such file
    """
    file = _root().joinpath(*name.split("/"))
    if not file.is_file():
        raise ReadError(name, why="this file should be in the package; is the installation complete?")
    return unpack(name, file.read_bytes())


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
        raise ReadError(name, why=f"no such example; choose from {', '.join(EXAMPLES)}")
    # In a checkout somebody may have analysed an example in place; the account is not part of the bundle.
    made = ("account.", "occurrence.csv", ".")
    files_ = (entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith(made))
    return {entry.name: entry.read_bytes() for entry in files_}


def template(kind: str) -> dict[str, bytes]:
    """Return the files of a bundle to fill in, by their names.

    kind     the kind of incident: airport, border or other
    raises   ReadError when there is no such template
    """
    folder = _root().joinpath("work", "templates", kind)
    if not folder.is_dir():
        raise ReadError(kind, why="there is no template of a bundle of this kind; is the installation complete?")
    return {entry.name: entry.read_bytes() for entry in sorted(folder.iterdir(), key=lambda one: one.name)}


def example_recordings(exercise: str) -> dict[str, bytes]:
    """Return the packed files of the example centre's recordings of an exercise, by name.

    raises   ReadError when there are none
    """
    folder = _examples() / CENTRE / "recorded" / exercise
    if not folder.is_dir():
        raise ReadError(exercise, why="there is no prepared recording of this exercise; run it with `hotwash watch`")
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if not entry.name.startswith(".")}
