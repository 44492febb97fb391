"""Recordings in a centre: each is stored under the name of its attempt and never overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.model.ids import fault_of_id
from hotwash.store import folders
from hotwash.store.centre import RECORDINGS, Centre


def keep_recording(centre: Centre, attempt_id: str, write: Callable[[Path], object]) -> tuple[str, str]:
    """Store a recording; return its folder, relative to the centre's and with slashes, and its SHA-256.

    The journal of its flight, where there is one, is then deleted.

    write    creates and fills the folder whose path it gets: `lambda folder: recording_folder.write(folder, recording)`
    raises   CentreError when a recording of that name exists, or the disk is full; nothing is left behind then
    """
    if why := fault_of_id(attempt_id):
        raise CentreError(attempt_id, why=f"cannot name a folder: {why}")
    final = centre.folder / RECORDINGS / attempt_id
    if final.exists():
        raise CentreError(attempt_id, why="has a recording already, and recordings are never overwritten")
    try:
        with folders.pending_folder(final.parent, final.name, write) as folder:
            folder.take_name(final)
        journal_path(centre, attempt_id).unlink(missing_ok=True)
    except OSError as fault:
        why = f"its recording cannot be written: {fault.strerror or fault}; make room, then try again"
        raise CentreError(attempt_id, why=why) from None
    return f"{RECORDINGS}/{attempt_id}", folder.sha256


def journal_path(centre: Centre, attempt_id: str) -> Path:
    """Return where an attempt that a person flies is noted while it is flown; it is there only until it has ended."""
    return centre.folder / RECORDINGS / f".{attempt_id}.journal"


def find_recording(centre: Centre, attempt_id: str) -> tuple[str, str]:
    """Return the recording with an attempt's name, as `keep_recording` does; "" and "" where there is none.

    A recording gets its name only when complete, so it is whole even if the program was killed right afterwards.
    """
    if fault_of_id(attempt_id):
        return "", ""
    folder = centre.folder / RECORDINGS / attempt_id
    return (f"{RECORDINGS}/{attempt_id}", folders.hash_of(folder)) if folder.is_dir() else ("", "")
