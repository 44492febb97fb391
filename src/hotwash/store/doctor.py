"""Check a centre's folder for inconsistencies, explain each, and repair what can be rebuilt."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotwash.errors import CentreError
from hotwash.lessons import history, search_words
from hotwash.store import anchors, folders, foreign_files, lesson_rows, lessons
from hotwash.store.anchors import ANCHORS, TEMPORARY
from hotwash.store.audit import check_histories
from hotwash.store.centre import INCIDENTS, RECORDINGS, Centre, moment, raw_cursor
from hotwash.visible import clip, on_one_line

KINDS = {
    "damaged database": "the database's own check fails",
    "broken chain": "a history was changed, shortened or replaced",
    "changed row": "a row that a proof may rest on was changed past hotwash, or its seal was",
    "lesson out of step": "a lesson as listed does not match its history",
    "index out of step": "a search finds a lesson by words that it does not contain, or misses words that it does",
    "half-written attempt": "an attempt began and never ended",
    "lost recording": "an attempt names a recording that is missing",
    "changed recording": "a recording differs from the one that was stored",
    "nameless recording": "no attempt names the recording",
    "lost account": "a stored account is missing",
    "changed account": "an account differs from the one that was stored, so lessons no longer have their evidence",
    "nameless account": "a folder among the accounts was not stored as one",
    "leftover": "a temporary file of a program that was killed",
    "link": "a link, or something else that is neither file nor folder: it is not followed and not backed up",
    "conflicted copy": "a sync program left a second version beside a file that two machines had changed",
    "forged line": "the file of heads has lines that an id with line ends made; they accuse nobody",
    "unnoted head": "a program was killed before it noted the head of a history",
}
_ATTEMPTS = "SELECT attempt_id, state, started_utc, recording, recording_hash FROM attempts"
_ACCOUNTS = "SELECT folder, sha256 FROM incidents"
_LEFT_S = 3600.0  # a temporary file unchanged for an hour is no longer being written


@dataclass(frozen=True, slots=True)
class Finding:
    """One inconsistency: its kind (KINDS), what it is about, the reason and the remedy."""

    kind: str
    thing: str
    why: str
    way_out: str


def examine(centre: Centre) -> tuple[Finding, ...]:
    """Return all inconsistencies of a centre's folder; empty when there are none.

    An attempt under way, or a recording that another program is just writing, looks like an abandoned one.
    raises   CentreError when the database cannot be read at all
    """
    with centre.writing() as connection:  # so that nobody notes a head between our two reads
        cursor = raw_cursor(connection)
        odd = anchors.odd_ids(cursor)
        noted = anchors.read(centre.folder / ANCHORS, odd_ids=odd)
        forged = _forged(centre.folder / ANCHORS, odd)
        in_database = [*_damages(cursor), *_chains(cursor, noted), *forged, *_out_of_step(cursor)]
        attempts, accounts = (cursor.execute(query).fetchall() for query in (_ATTEMPTS, _ACCOUNTS))
    return (
        *in_database,
        *_attempts(centre.folder, attempts),
        *_accounts(centre.folder, accounts),
        *_leftovers(centre.folder),
        *_foreign(centre.folder),
        *_nameless(centre.folder, attempts),
    )


def mend(centre: Centre, *, now_utc: datetime) -> tuple[str, ...]:
    """Rebuild what follows from the histories, note heads, remove old leftovers; return what was done.

    Histories, seals, recordings and attempts are never touched.
    raises   CentreError when the centre may only be read
    """
    if not centre.may_write:
        raise CentreError(
            str(centre.folder), why="may only be read, so nothing in it can be mended: work in a copy of it"
        )
    done: list[str] = []
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        for finding in {one.thing: one for one in _out_of_step(cursor)}.values():
            entries = lessons.entries_in(cursor, finding.thing)
            if entries and not history.faults(finding.thing, entries):
                changed = cursor.execute(_LAST_TIME, (finding.thing,)).fetchone()[0]
                lessons.put_state(cursor, finding.thing, history.state(entries), changed_us=changed)
                done.append(f"{finding.thing}: rebuilt from its history")
        _drop_strangers(cursor, done)
        if list(_forged(centre.folder / ANCHORS, odd := anchors.odd_ids(cursor))):
            anchors.write_anew(centre.folder / ANCHORS, odd)
            done.append(f"{ANCHORS}: written anew without forged lines")
    centre.note_heads()
    for path in _temporary(centre.folder):
        if now_utc.timestamp() - path.lstat().st_mtime > _LEFT_S:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            done.append(f"{path.relative_to(centre.folder)}: removed")
    return tuple(done)


_LAST_TIME = "SELECT max(when_utc) FROM history WHERE lesson_id = ?"
_WITHOUT_HISTORY = "SELECT lesson_id FROM lessons WHERE lesson_id NOT IN (SELECT lesson_id FROM history)"
_STRANGERS = "SELECT rowid FROM search WHERE rowid NOT IN (SELECT row FROM lessons)"


def _damages(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    way_out = "stop writing to it, and restore a copy made by `hotwash backup`"
    for (message,) in cursor.execute("PRAGMA integrity_check(20)").fetchall():
        if message != "ok":
            yield Finding("damaged database", "centre.db", str(message), way_out)
    for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
        yield Finding("damaged database", f"{table}, row {row}", f"names a missing row of {parent}", way_out)


def _chains(cursor: sqlite3.Cursor, noted: anchors.Heads) -> Iterator[Finding]:
    way_out = "compare with a backup or an exported copy; `hotwash lessons audit` gives details"
    audit = check_histories(cursor, [noted])
    for fault in audit.faults:
        yield Finding("broken chain", fault.lesson_id, fault.why, way_out)
    for one in audit.changed:
        restore = f"{way_out}; restore the row from it"
        yield Finding("changed row", f"{one.table} {one.row}", one.why, restore)
    if audit.unnoted:
        why = f"{audit.unnoted} heads are not in {ANCHORS} yet: a program was killed before it noted them"
        yield Finding("unnoted head", ANCHORS, why, "the next change notes them, as does `hotwash doctor --mend`")


def _forged(path: Path, odd: list[str]) -> Iterator[Finding]:
    if count := anchors.forged_lines(path, odd):
        why = f"{count} of its lines come from line ends in an id, not from histories: {clip(on_one_line(odd[0]), 60)}"
        yield Finding("forged line", ANCHORS, why, "`hotwash doctor --mend` writes the file anew without them")


def _out_of_step(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    way_out = "`hotwash doctor --mend` rebuilds it from the history"
    made = ", ".join(f"lessons.{name}" for name in lesson_rows.STATE)
    searched = ", ".join(f"search.{name}" for name in search_words.SEARCHED)
    query = f"SELECT row, {made}, {searched} FROM lessons LEFT JOIN search ON search.rowid = row WHERE lesson_id = ?"  # noqa: S608
    reader = cursor.connection.cursor()
    for lesson_id, entries in lessons.histories(cursor):
        state = _state(entries)
        stored = reader.execute(query, (lesson_id,)).fetchone()
        if state is None:
            continue  # reported as a broken chain
        if stored is None or not _is_up_to_date(reader, lesson_id, state, stored[1:], entries[-1]["when_utc"]):
            yield Finding("lesson out of step", lesson_id, "it is listed otherwise than its history says", way_out)
        elif tuple(stored[1 + len(lesson_rows.STATE) :]) != search_words.search_texts(state):
            yield Finding("index out of step", lesson_id, "the index has other words than the lesson", way_out)
    for (lesson_id,) in reader.execute(_WITHOUT_HISTORY).fetchall():
        restore = "compare with a backup: hotwash lists no lesson without writing its history"
        yield Finding("lesson out of step", lesson_id, "it is listed, but has no history", restore)
    for (row,) in reader.execute(_STRANGERS).fetchall():
        yield Finding("index out of step", f"row {row}", "the index has a lesson that does not exist", way_out)


def _is_up_to_date(
    reader: sqlite3.Cursor, lesson_id: str, state: dict[str, Any], stored: tuple[Any, ...], when_utc: str
) -> bool:
    changed = lesson_rows.us_of(when_utc)
    actions = sorted(reader.execute("SELECT * FROM actions WHERE lesson_id = ?", (lesson_id,)).fetchall())
    expected = sorted(lesson_rows.of_action(lesson_id, action) for action in state.get("actions", ()))
    return stored[: len(lesson_rows.STATE)] == lesson_rows.of_state(state, changed_us=changed) and actions == expected


def _state(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return history.state(entries)
    except (json.JSONDecodeError, TypeError, ValueError):
        return None


def _drop_strangers(cursor: sqlite3.Cursor, done: list[str]) -> None:
    for (row,) in cursor.execute(_STRANGERS).fetchall():
        cursor.execute("DELETE FROM search WHERE rowid = ?", (row,))
        done.append(f"index, row {row}: removed")


def _attempts(folder: Path, attempts: list[tuple[Any, ...]]) -> Iterator[Finding]:
    for attempt_id, state, started, recording, digest in attempts:
        if state == "started":
            when = f"{moment(started):%Y-%m-%d %H:%M}Z" if started is not None else "an unknown time"
            way_out = (
                f"if nobody is flying it any more, run `hotwash objective abandon {attempt_id}`: "
                "it then counts as a NO-GO unless an instructor voids it"
            )
            yield Finding("half-written attempt", attempt_id, f"it began at {when} and has not ended", way_out)
        if not recording:
            continue
        if not (folder / recording).is_dir():
            way_out = "restore the folder from a backup; without it nobody can review the attempt"
            yield Finding("lost recording", attempt_id, f"{recording} is missing", way_out)
        elif digest and folders.hash_of(folder / recording) != digest:
            way_out = "restore the folder from a backup, or have an instructor void the attempt"
            yield Finding("changed recording", attempt_id, f"{recording} differs from what was stored", way_out)


def _accounts(folder: Path, accounts: list[tuple[str, str]]) -> Iterator[Finding]:
    restore = "restore the folder from a backup"
    for name, digest in accounts:
        if not (folder / name).is_dir():
            yield Finding("lost account", name, "it is missing", f"{restore}; lessons may rest on it")
        elif folders.hash_of(folder / name) != digest:
            yield Finding("changed account", name, "it differs from what was stored", f"{restore}, or keep it again")
    names = {name for name, _ in accounts}
    known = names | {name.rpartition("/")[0] for name in names}
    for path in sorted([*(folder / INCIDENTS).glob("[!.]*"), *(folder / INCIDENTS).glob("[!.]*/*")]):
        name = path.relative_to(folder).as_posix()
        if name not in known and (path.parent.parent == folder or name.rpartition("/")[0] in known):
            why = "no account of that name was stored: a program was killed meanwhile, or somebody put it there by hand"
            yield Finding("nameless account", name, why, "store it with `hotwash incidents keep`, then move it out")


def _leftovers(folder: Path) -> Iterator[Finding]:
    for path in _temporary(folder):
        changed = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
        why = f"a program was killed while writing it, last at {changed:%Y-%m-%d %H:%M}Z, or is still writing"
        if (path / "incident.toml").exists() or any(path.glob("*.xlsx")):
            why += "; a bundle lies in it as it was handed in, with all persons and places"
        name = path.relative_to(folder).as_posix()
        yield Finding("leftover", name, why, "`hotwash doctor --mend` removes it once it is an hour old")


def _foreign(folder: Path) -> Iterator[Finding]:
    for path in foreign_files.find_links(folder):
        name = path.relative_to(folder).as_posix()
        why = "hotwash does not follow it, and a backup does not have what lies behind it"
        yield Finding("link", name, why, "put the files themselves there, or remove it")
    for path in foreign_files.find_conflicts(folder):
        name = path.relative_to(folder).as_posix()
        why = "its name is that of a second version: two machines changed the same file, and only one version is used"
        way_out = "compare both, for lessons by `hotwash lessons audit`; move one out, and let no program sync a centre"
        yield Finding("conflicted copy", name, why, way_out)


def remarks(centre: Centre) -> tuple[Finding, ...]:
    """Return what should be known of a centre and is no inconsistency: nobody has to act.

    raises   CentreError when the database cannot be read at all
    """
    with centre.reading() as connection:
        set_back = raw_cursor(connection).execute(_SET_BACK).fetchall()
    found = []
    if not centre.may_write:
        why = "nothing in it was or can be changed"
        found.append(Finding("may only be read", str(centre.folder), why, "work in a copy of the folder"))
    for lesson_id, number, when_us, before_us in set_back:
        why = f"entry {number} is of {_minute(when_us)}, the one before it of {_minute(before_us)}"
        way_out = "the order of the entries holds; look at the clock of the machine"
        found.append(Finding("clock set back", lesson_id, why, way_out))
    # An example centre lies among the other files of its demo.
    for path in foreign_files.find_strangers(centre.folder) if not centre.example else ():
        why = "hotwash did not put it there, and a backup does not have it"
        found.append(Finding("strange file", path.name, why, "move it out of the centre if it matters"))
    return tuple(found)


def _minute(us: int) -> str:
    return f"{moment(us):%Y-%m-%d %H:%M}Z"


_SET_BACK = (
    "SELECT later.lesson_id, later.number, later.when_utc, former.when_utc FROM history AS later "
    "JOIN history AS former ON former.lesson_id = later.lesson_id AND former.number = later.number - 1 "
    "WHERE later.when_utc < former.when_utc ORDER BY later.lesson_id, later.number LIMIT 100"
)


def _nameless(folder: Path, attempts: list[tuple[Any, ...]]) -> Iterator[Finding]:
    named = {str(row[3]) for row in attempts}
    under_way = {row[0] for row in attempts if row[1] == "started"}
    for path in sorted((folder / RECORDINGS).glob("[!.]*")):
        name = f"{RECORDINGS}/{path.name}"
        if name in named:
            continue
        why = "no attempt names it: a program was killed after writing it and before finishing the attempt"
        way_out = "review it with `hotwash score`, then move it out of the centre"
        if path.name in under_way:
            way_out = (
                f"if nobody is flying it any more, run `hotwash objective abandon {path.name}`: "
                "it stays with the attempt"
            )
        yield Finding("nameless recording", name, why, way_out)


def _temporary(folder: Path) -> list[Path]:
    places = (folder, folder / RECORDINGS, folder / INCIDENTS)
    return sorted(path for place in places if place.is_dir() for path in place.glob(f".*{TEMPORARY}"))
