"""What lies in a centre's folder and is not the centre's: links, copies of sync programs, strange files.

Nothing here follows a link: what lies behind one is not the centre's to read, to copy or to lose.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from hotwash.store.anchors import ANCHORS, TEMPORARY
from hotwash.store.centre import DATABASE, INCIDENTS, RECORDINGS

# How sync programs name the second of two versions that they could not join: Dropbox, Nextcloud and ownCloud write
# "conflicted copy", Syncthing ".sync-conflict-", Synology "_Conflict", Google Drive, OneDrive and browsers a number.
_CONFLICT = re.compile(
    r"conflicted copy|\.sync-conflict-|[ _.-](case )?conflict([ _.-]|$)|\(\d{1,3}\)(?=\.[^.]*$|$)|\[conflict",
    re.IGNORECASE,
)
# A machine's name, or a number, put behind the name of what there is only one of: "centre-LAPTOP7.db".
_SECOND = re.compile(r"(centre[^/]+\.db|anchors[^/]+\.log|centre\.db[^/]*|anchors\.log[^/]+)", re.IGNORECASE)
_OWN = {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal", ANCHORS, RECORDINGS, INCIDENTS}
_HARMLESS = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what a file manager leaves in every folder it has shown


def walk(folder: Path) -> Iterator[Path]:
    """Yield everything in a folder, by name, without going through any link; what vanishes meanwhile is passed over."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        yield path
        if entry.is_dir(follow_symlinks=False):
            yield from walk(path)


def find_links(folder: Path) -> list[Path]:
    """Return every link, and every other thing that is neither a file nor a folder, in a centre."""
    return [path for path in walk(folder) if not is_plain(path)]


def find_conflicts(folder: Path) -> list[Path]:
    """Return what a sync program left beside a file or folder of the centre that two machines had changed."""
    return [path for path in walk(folder) if _CONFLICT.search(path.name) or _is_second(path, folder)]


def find_strangers(folder: Path) -> list[Path]:
    """Return files and folders at the top of a centre that hotwash does not put there."""
    known = _OWN | _HARMLESS
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name not in known and TEMPORARY not in path.name and not _CONFLICT.search(path.name)
        and not _is_second(path, folder) and is_plain(path)
    ]  # fmt: skip


def _is_second(path: Path, folder: Path) -> bool:
    return path.parent == folder and path.name not in _OWN and _SECOND.fullmatch(path.name) is not None


def is_plain(path: Path) -> bool:
    """Return whether this is a file or a folder itself, no link to one and no device."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return True  # gone meanwhile
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def copy_plain(source: Path, target: Path) -> None:
    """Copy a folder with all plain files and folders in it; links and temporary files stay behind.

    raises   OSError when a file cannot be read or written
    """
    target.mkdir()
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        if entry.name.startswith(".") and entry.name.endswith(TEMPORARY):
            continue
        if entry.is_dir(follow_symlinks=False):
            copy_plain(Path(entry.path), target / entry.name)
        elif entry.is_file(follow_symlinks=False):
            shutil.copy2(entry.path, target / entry.name, follow_symlinks=False)
    shutil.copystat(source, target)
