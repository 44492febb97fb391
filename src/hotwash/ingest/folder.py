"""A bundle's folder on disk to its files."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from pathlib import Path

from hotwash.errors import BundleError
from hotwash.ingest import brief
from hotwash.ingest.bundle import KNOWN_FILES
from hotwash.ingest.disk import read_bytes
from hotwash.ingest.gathering import Gathering
from hotwash.ingest.workbook import ENDING

MOST_BYTES = 512 * 1024 * 1024  # one file; larger tables belong in Parquet
_NEARLY = 0.85  # so alike a name is a slip of the pen: "claim.csv", "Claims.csv"


def read(path: Path, faults: Gathering | None = None) -> dict[str, bytes]:
    """Return the content of the files of a bundle, by name; files that no bundle has are passed over.

    faults   takes what is wrong with single files, so that the others are read; None: all of it is raised
    raises   BundleError when the folder is not there, a file cannot be read, is too large, is no plain file of this
             folder, or is named almost as a table is
    """
    if not path.is_dir():
        why = (
            "is a file; name the folder that contains it, or an Excel workbook"
            if path.is_file()
            else "there is no such folder"
        )
        raise BundleError(str(path), why=why)
    gathering = Gathering() if faults is None else faults
    try:
        entries = sorted(path.iterdir())
    except OSError as fault:
        raise BundleError(str(path), why=f"cannot be read: {fault.strerror}") from None
    found: dict[str, bytes] = {}
    for entry in entries:
        name = _name_in_bundle(entry)
        if name and (name == entry.name or name not in {one.name for one in entries}):
            content = gathering.attempt(partial(_content, entry), None)
            if content is not None:
                found[name] = content
        if name and name != entry.name:
            why = f"is not a known file; did you mean {name}? Rename it, or move it out of the folder"
            gathering.add(BundleError(entry.name, why=why))
    books = [one for one in entries if one.suffix == ENDING and not one.name.startswith("~$")]  # Excel's lock
    if books and brief.NAME not in found:
        why = f"has no {brief.NAME}, but a workbook; if that is the bundle, name it: {books[0]}"
        raise BundleError(str(path), why=why)
    if faults is None:
        gathering.raise_faults()
    return found


def _name_in_bundle(entry: Path) -> str:
    """Return the name that a file has in a bundle, also where it is misspelt; "" where it is none of its files."""
    if entry.name in KNOWN_FILES:
        return entry.name
    if entry.suffix.lower() in (".csv", ".toml", ".parquet", ".geojson"):
        close = get_close_matches(entry.name.lower(), KNOWN_FILES, n=1, cutoff=_NEARLY)
        return close[0] if close else ""
    return ""


def _content(entry: Path) -> bytes:
    if not entry.resolve().is_relative_to(entry.parent.resolve()):
        # Rejected rows are printed: a bundle from a stranger must not show files of the reader's machine.
        raise BundleError(entry.name, why="is a link that leads out of the bundle; put the file itself there")
    if not entry.is_file():
        raise BundleError(
            entry.name, why="is not a regular file; a bundle contains a regular file of that name, or none"
        )
    return read_bytes(entry, thing=entry.name, refused=BundleError, most_bytes=MOST_BYTES)
