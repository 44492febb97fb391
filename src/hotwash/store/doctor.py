"""Find and explain every way in which a centre's folder does not fit itself."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotwash.lessons import history, words
from hotwash.store import anchors, folders, lessons, rows
from hotwash.store.audit import check_histories
from hotwash.store.centre import ANCHORS, INCIDENTS, RECORDINGS, TEMPORARY, Centre, moment, raw_cursor

KINDS = {
    "damaged database": "the database's own check fails",
    "broken chain": "a history was changed, shortened or exchanged",
    "lesson out of step": "what a lesson is now is not what its history makes",
    "index out of step": "a search finds a lesson by words that it does not hold, or not by those that it holds",
    "half-written attempt": "an attempt began and never ended",
    "lost recording": "an attempt names a recording that is not there",
    "changed recording": "a recording is not the one that was kept",
    "nameless recording": "a recording is there that no attempt names",
    "lost account": "an account that was kept is not there any more",
    "changed account": "an account is not the one that was kept, so what rests on it rests on something else",
    "nameless account": "a folder lies among the accounts that was never kept as one",
    "leftover": "a temporary file of a program that was killed",
    "unnoted head": "a program was killed before it noted the head of a history",
}
_ATTEMPTS = "SELECT attempt_id, state, started_utc, recording, recording_hash FROM attempts"
_ACCOUNTS = "SELECT folder, sha256 FROM incidents"
_LEFT_S = 3600.0  # a temporary file that nobody has touched for an hour is no longer being written


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: its kind (KINDS), what it is about, why it is so, and the way out."""

    kind: str
    thing: str
    why: str
    way_out: str


def examine(centre: Centre) -> tuple[Finding, ...]:
    """Return all that does not fit in a centre's folder; empty when everything does.

    An attempt under way, or a recording being written by another program just now, looks like one that was left.
    raises   CentreError when the database cannot be read at all
    """
    with centre.writing() as connection:  # so that nobody notes a head between our two looks
        noted = anchors.read(centre.folder / ANCHORS)
        cursor = raw_cursor(connection)
        found = [*_damages(cursor), *_chains(cursor, noted), *_out_of_step(cursor)]
        attempts, accounts = (cursor.execute(asked).fetchall() for asked in (_ATTEMPTS, _ACCOUNTS))
    return (
        *found,
        *_attempts(centre.folder, attempts),
        *_accounts(centre.folder, accounts),
        *_leftovers(centre.folder),
        *_nameless(centre.folder, attempts),
    )


def mend(centre: Centre, *, now_utc: datetime) -> tuple[str, ...]:
    """Make anew what can be made anew from the histories, note heads, clear old leftovers; return what was done.

    A history, a recording or an attempt is never touched.
    """
    done: list[str] = []
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        for finding in {one.thing: one for one in _out_of_step(cursor)}.values():
            entries = lessons.entries_in(cursor, finding.thing)
            if entries and not history.faults(finding.thing, entries):
                changed = cursor.execute(_LAST_TIME, (finding.thing,)).fetchone()[0]
                lessons.put_state(cursor, finding.thing, history.state(entries), changed_us=changed)
                done.append(f"{finding.thing}: made anew from its history")
        _drop_strangers(cursor, done)
    anchors.note(centre)
    for path in _temporary(centre.folder):
        if now_utc.timestamp() - path.stat().st_mtime > _LEFT_S:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            done.append(f"{path.relative_to(centre.folder)}: cleared")
    return tuple(done)


_LAST_TIME = "SELECT max(when_utc) FROM history WHERE lesson_id = ?"
_STRANGERS = "SELECT rowid FROM search WHERE rowid NOT IN (SELECT row FROM lessons)"


def _damages(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    way_out = "stop writing to it, and put back a copy that `hotwash backup` made"
    for (said,) in cursor.execute("PRAGMA integrity_check(20)").fetchall():
        if said != "ok":
            yield Finding("damaged database", "centre.db", str(said), way_out)
    for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
        yield Finding("damaged database", f"{table}, row {row}", f"names a row of {parent} that is not there", way_out)


def _chains(cursor: sqlite3.Cursor, noted: anchors.Heads) -> Iterator[Finding]:
    way_out = "compare with a backup or an exported copy; `hotwash lessons audit` tells more"
    found = check_histories(cursor, [noted])
    for fault in found.faults:
        yield Finding("broken chain", fault.lesson_id, fault.why, way_out)
    if found.unnoted:
        why = f"{found.unnoted} heads are not in {ANCHORS} yet: a program was killed before it noted them"
        yield Finding("unnoted head", ANCHORS, why, "the next change notes them; so does `hotwash doctor --mend`")


def _out_of_step(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    way_out = "`hotwash doctor --mend` makes it anew from the history"
    made = ", ".join(f"lessons.{name}" for name in rows.STATE)
    searched = ", ".join(f"search.{name}" for name in words.SEARCHED)
    asked = f"SELECT row, {made}, {searched} FROM lessons LEFT JOIN search ON search.rowid = row WHERE lesson_id = ?"  # noqa: S608
    reader = cursor.connection.cursor()
    for lesson_id, entries in lessons.histories(cursor):
        state = _state(entries)
        held = reader.execute(asked, (lesson_id,)).fetchone()
        if state is None:
            continue  # the chain is broken, and said so
        if held is None or not _is_as_made(reader, lesson_id, state, held[1:], entries[-1]["when_utc"]):
            yield Finding("lesson out of step", lesson_id, "what is listed is not what its history makes", way_out)
        elif tuple(held[1 + len(rows.STATE) :]) != words.search_texts(state):
            yield Finding("index out of step", lesson_id, "the index holds other words than the lesson", way_out)
    for (row,) in reader.execute(_STRANGERS).fetchall():
        yield Finding("index out of step", f"row {row}", "the index holds a lesson that is not there", way_out)


def _is_as_made(
    reader: sqlite3.Cursor, lesson_id: str, state: dict[str, Any], held: tuple[Any, ...], when_utc: str
) -> bool:
    changed = rows.us_of(when_utc)
    asked = "SELECT * FROM actions WHERE lesson_id = ?"
    actions = sorted(reader.execute(asked, (lesson_id,)).fetchall())
    made = sorted(rows.of_action(lesson_id, action) for action in state.get("actions", ()))
    return held[: len(rows.STATE)] == rows.of_state(state, changed_us=changed) and actions == made


def _state(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return history.state(entries)
    except (json.JSONDecodeError, TypeError, ValueError):
        return None


def _drop_strangers(cursor: sqlite3.Cursor, done: list[str]) -> None:
    for (row,) in cursor.execute(_STRANGERS).fetchall():
        cursor.execute("DELETE FROM search WHERE rowid = ?", (row,))
        done.append(f"index, row {row}: taken out")


def _attempts(folder: Path, attempts: list[tuple[Any, ...]]) -> Iterator[Finding]:
    for attempt_id, state, started, recording, digest in attempts:
        if state == "started":
            when = f"{moment(started):%Y-%m-%d %H:%M}Z" if started is not None else "a time that is not written"
            way_out = (
                f"if nobody is at it any more, `hotwash objective abandon {attempt_id}`: "
                "it then counts as a NO-GO unless an instructor voids it"
            )
            yield Finding("half-written attempt", attempt_id, f"it began at {when} and has not ended", way_out)
        if not recording:
            continue
        if not (folder / recording).is_dir():
            way_out = "put the folder back from a backup; without it the attempt proves nothing that can be looked at"
            yield Finding("lost recording", attempt_id, f"{recording} is not there", way_out)
        elif digest and folders.hash_of(folder / recording) != digest:
            way_out = "put the folder back from a backup, or have an instructor void the attempt"
            yield Finding("changed recording", attempt_id, f"{recording} holds other files than were kept", way_out)


def _accounts(folder: Path, accounts: list[tuple[str, str]]) -> Iterator[Finding]:
    back = "put the folder back from a backup"
    for name, digest in accounts:
        if not (folder / name).is_dir():
            yield Finding("lost account", name, "it is not there", f"{back}; lessons may rest on it")
        elif folders.hash_of(folder / name) != digest:
            yield Finding("changed account", name, "it holds other files than were kept", f"{back}, or keep it anew")
    kept = {name for name, _ in accounts}
    known = kept | {name.rpartition("/")[0] for name in kept}
    for path in sorted([*(folder / INCIDENTS).glob("[!.]*"), *(folder / INCIDENTS).glob("[!.]*/*")]):
        name = path.relative_to(folder).as_posix()
        if name not in known and (path.parent.parent == folder or name.rpartition("/")[0] in known):
            why = "no account of that name was kept: a program was killed while it kept it, or it was put there by hand"
            yield Finding("nameless account", name, why, "`hotwash incidents keep` keeps it; then move it out")


def _leftovers(folder: Path) -> Iterator[Finding]:
    for path in _temporary(folder):
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        why = f"a program was killed while it wrote this, last at {changed:%Y-%m-%d %H:%M}Z; or it still writes"
        name = path.relative_to(folder).as_posix()
        yield Finding("leftover", name, why, "`hotwash doctor --mend` clears what is an hour old")


def _nameless(folder: Path, attempts: list[tuple[Any, ...]]) -> Iterator[Finding]:
    named = {str(row[3]) for row in attempts}
    under_way = {row[0] for row in attempts if row[1] == "started"}
    for path in sorted((folder / RECORDINGS).glob("[!.]*")):
        name = f"{RECORDINGS}/{path.name}"
        if name in named:
            continue
        why = "no attempt names it: a program was killed between writing it and finishing the attempt"
        way_out = "look at it with `hotwash score`; then move it out of the centre"
        if path.name in under_way:
            way_out = (
                f"if nobody is at it any more, `hotwash objective abandon {path.name}`: it is kept with the attempt"
            )
        yield Finding("nameless recording", name, why, way_out)


def _temporary(folder: Path) -> list[Path]:
    places = (folder, folder / RECORDINGS, folder / INCIDENTS)
    return sorted(path for place in places if place.is_dir() for path in place.glob(f".*{TEMPORARY}"))
