"""Back up a centre while others work in it."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from pathlib import Path

from hotwash.errors import CentreError
from hotwash.store import anchors, foreign_files
from hotwash.store.anchors import ANCHORS, TEMPORARY
from hotwash.store.centre import DATABASE, INCIDENTS, RECORDINGS, Centre, connect, database_errors


def back_up(centre: Centre, out: Path) -> Path:
    """Copy a centre to a new folder, itself a centre; return the folder.

    out      must not exist yet
    raises   CentreError when it exists, is inside the centre, or cannot be written; nothing is left behind then

    The database is copied as of one moment, with every recording and account that it names then; nobody needs to stop
    working. The copy appears under its name only when it is complete. Links are not followed and not copied
    (`foreign_files.find_links`).
    """
    if out.exists():
        raise CentreError(str(out), why="exists already; name a new folder, so that no earlier copy is overwritten")
    if centre.folder.resolve() in (out.resolve(), *out.resolve().parents):
        raise CentreError(str(out), why="is inside the centre; a backup belongs on another disk")
    hidden = out.with_name(f".{out.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        hidden.mkdir(parents=True)
        _copy(centre.folder, hidden)
        hidden.replace(out)
    except OSError as fault:
        raise CentreError(
            str(out), why=f"cannot be written: {fault.strerror or fault}; nothing was left there"
        ) from None
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    return out


def _copy(folder: Path, hidden: Path) -> None:
    # The heads first: the copied file may lag behind the database (mended below) but must never lead.
    if (folder / ANCHORS).exists() and foreign_files.is_plain(folder / ANCHORS):
        shutil.copy2(folder / ANCHORS, hidden / ANCHORS)
    with database_errors(folder):
        named = _copy_database(folder / DATABASE, hidden)
    (hidden / RECORDINGS).mkdir()
    for name in named:
        place = folder / name
        if place.is_dir() and all(map(foreign_files.is_plain, (place, place.parent))):  # `doctor` reports a lost one
            foreign_files.copy_plain(place, hidden / name)
    accounts = folder / INCIDENTS
    if accounts.is_dir() and foreign_files.is_plain(
        accounts
    ):  # after the database: every account that it names is there
        foreign_files.copy_plain(accounts, hidden / INCIDENTS)


def _copy_database(database: Path, hidden: Path) -> list[str]:
    """Copy the database as of one moment; return the recordings that it names."""
    source, copy = connect(database), sqlite3.connect(hidden / DATABASE, isolation_level=None)
    try:
        source.backup(copy)
        _note_heads(copy, hidden / ANCHORS)
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = copy.execute("SELECT recording FROM attempts WHERE recording IS NOT NULL").fetchall()
        return [str(row[0]) for row in rows]
    finally:
        copy.close()
        source.close()


def _note_heads(copy: sqlite3.Connection, path: Path) -> None:
    """Note in the copy the heads that its file does not have yet."""
    noted = anchors.read(path, odd_ids=anchors.odd_ids(copy.cursor()))
    heads = anchors.heads_in(copy.cursor())
    new = {name: head for name, head in heads.items() if noted.get(name, (-1, ""))[0] < head[0]}
    if new:
        anchors.append(path, new)
    for table in ("heads", "seal_heads"):
        copy.execute(f"UPDATE {table} SET is_anchored = 1 WHERE is_anchored = 0")  # noqa: S608  our own names
