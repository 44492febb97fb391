"""A bundle's folder on disk to its files."""

from __future__ import annotations

from pathlib import Path

from hotwash.errors import BundleError
from hotwash.ingest.bundle import KNOWN_FILES

MOST_BYTES = 512 * 1024 * 1024  # one file; larger tables belong in Parquet


def read(path: Path) -> dict[str, bytes]:
    """Return the content of the files of a bundle, by name; files that no bundle has are passed over.

    raises   BundleError when the folder is not there, or a file cannot be read or is too large
    """
    if not path.is_dir():
        why = "is a file; name the folder that holds it" if path.is_file() else "there is no such folder"
        raise BundleError(str(path), why=why)
    files: dict[str, bytes] = {}
    for entry in sorted(path.iterdir()):
        if entry.name not in KNOWN_FILES or not entry.is_file():
            continue
        if entry.stat().st_size > MOST_BYTES:
            raise BundleError(entry.name, why=f"is larger than {MOST_BYTES // 2**20} MiB")
        try:
            files[entry.name] = entry.read_bytes()
        except OSError as fault:
            raise BundleError(entry.name, why=f"cannot be read: {fault.strerror}") from None
    return files
