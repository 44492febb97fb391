"""Recordings in a centre: each is kept whole under the name of its attempt, and never written over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.store import folders
from hotwash.store.centre import RECORDINGS, Centre


def keep_recording(centre: Centre, attempt_id: str, write: Callable[[Path], object]) -> tuple[str, str]:
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
    try:
        with folders.waiting(final.parent, final.name, write) as made:
            made.take_name(final)
    except OSError as fault:
        why = f"its recording cannot be written: {fault.strerror or fault}; make room, then do it again"
        raise CentreError(attempt_id, why=why) from None
    return f"{RECORDINGS}/{attempt_id}", made.sha256


def find_recording(centre: Centre, attempt_id: str) -> tuple[str, str]:
    """Return the recording that stands under an attempt's name, as `keep` does; "" and "" where none does.

    It has its name since it was whole: a program that was killed after that had no time to say so.
    """
    folder = centre.folder / RECORDINGS / attempt_id
    return (f"{RECORDINGS}/{attempt_id}", folders.hash_of(folder)) if folder.is_dir() else ("", "")
