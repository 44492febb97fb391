"""Lessons that arrive from elsewhere: taken whole or not at all, and what two centres wrote is kept twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from hotwash.errors import CentreError, ExchangeError
from hotwash.lessons import exchange, fields, history, process
from hotwash.lessons.exchange import File, Parted
from hotwash.store import anchors, import_check, lessons, objectives, rows
from hotwash.store.centre import Centre, from_us, moment, raw_cursor, to_us
from hotwash.store.import_check import Ready

Json = dict[str, Any]

_USUAL_KIB = 65_536  # the cache of pages that `centre.connect` sets
_LARGE_KIB = 262_144  # what an import may take: pages that leave the cache before the end are written twice
_USUAL_WORDS = 2**20  # the words that the index gathers before it writes them down; SQLite's own choice
_MANY_WORDS = 2**24  # for many lessons: fewer and larger pieces have to be merged


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: how many lessons by kind of decision, and the ids of those in conflict."""

    counts: dict[str, int]
    conflicts: tuple[str, ...]
    objectives: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """One lesson that two centres wrote on after `ancestor` common entries. `kept` is "" while it is open."""

    conflict_id: int
    lesson_id: str
    ancestor: int
    from_centre: str
    their_head: str
    theirs: tuple[Json, ...]
    found_utc: datetime
    resolved_utc: datetime | None
    kept: str

    @property
    def state(self) -> Json:
        """What the other history makes of the lesson."""
        return history.state(self.theirs)


def take(centre: Centre, file: File, *, name: str, now_utc: datetime) -> Taken:
    """Take the lessons, objectives, people and conflicts of a file, all of them or nothing.

    name     of the file, for errors
    raises   ExchangeError when a lesson does not hold, stands in it twice, or is without history and here already;
             CentreError
    """
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        people = [(row["person_id"], row["name"] or None, row["function"], row["unit"]) for row in file.people]
        _add_people(cursor, people, now_utc)
        with _many(cursor, len(file.lessons)):
            counts, parted = _take_lessons(cursor, file, name=name, now_utc=now_utc)
        parted += [one.lesson_id for one in file.conflicts if _take_conflict(cursor, one, name)]
        new = sum(_take_objective(connection, one) for one in file.objectives)
    anchors.note(centre)
    return Taken(counts, tuple(dict.fromkeys(parted)), new)


def _add_people(cursor: sqlite3.Cursor, people: Iterable[tuple[Any, ...]], now_utc: datetime) -> None:
    added = to_us(now_utc)
    cursor.executemany("INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?, ?, NULL)", [(*one, added) for one in people])


@contextmanager
def _many(cursor: sqlite3.Cursor, count: int) -> Iterator[None]:
    """Let the database take many lessons at once, with more memory than it needs for one."""
    if count < import_check.FEW:
        yield
        return
    cursor.execute(f"PRAGMA cache_size = -{_LARGE_KIB}")
    cursor.execute(_GATHER, (_MANY_WORDS,))
    try:
        yield
        cursor.execute(_GATHER, (_USUAL_WORDS,))
    finally:
        cursor.execute(f"PRAGMA cache_size = -{_USUAL_KIB}")


_GATHER = "INSERT INTO search (search, rank) VALUES ('hashsize', ?)"


def _take_lessons(
    cursor: sqlite3.Cursor, file: File, *, name: str, now_utc: datetime
) -> tuple[dict[str, int], list[str]]:
    """Take the lessons; return how many by kind of decision, and the ids of those in conflict."""
    counts: dict[str, int] = {}
    parted: list[str] = []
    seen: set[str] = set()
    is_empty = cursor.execute("SELECT 1 FROM lessons LIMIT 1").fetchone() is None
    with closing(import_check.looked_through(file.lessons, name=name)) as chunks:
        for chunk in chunks:
            new: list[Ready] = []
            for one in chunk:
                if one.lesson_id in seen:
                    why = "stands in it twice; take one of them out"
                    raise ExchangeError(name, place=f"lesson {one.lesson_id}", why=why)
                seen.add(one.lesson_id)
                ours = [] if is_empty else lessons.entries_in(cursor, one.lesson_id)
                whole = one if one.bare is None else _submitted(one, ours, name, now_utc)
                kind = _take(cursor, whole, ours, file, now_utc) if ours else "new"
                new += [] if ours else [whole]
                counts[kind] = counts.get(kind, 0) + 1
                parted += [one.lesson_id] if kind == "conflict" else []
            _add(cursor, new, now_utc)
    return counts, parted


def _add(cursor: sqlite3.Cursor, new: Sequence[Ready], now_utc: datetime) -> None:
    """Keep lessons that the centre has not, table by table: a statement for many rows costs half of many statements."""
    first = cursor.execute("SELECT coalesce(max(row), 0) + 1 FROM lessons").fetchone()[0]
    told = [(row, one.lesson_id, *(one.state or ())) for row, one in enumerate(new, first)]
    cursor.executemany(rows.INSERT_LESSON, told)
    cursor.executemany(rows.INSERT_ENTRY, [entry for one in new for entry in one.entries])
    heads = [(one.lesson_id, len(one.entries) - 1, one.entries[-1][-1]) for one in new]
    cursor.executemany("INSERT INTO heads VALUES (?, ?, ?, 0)", heads)
    cursor.executemany(rows.INSERT_ACTION, [action for one in new for action in one.actions])
    cursor.executemany(rows.INSERT_WORDS, [(row, *one.words) for row, one in enumerate(new, first)])
    reporters = [(one.lesson_id, one.originator_id) for one in new if one.originator_id]
    _add_people(cursor, [(person_id, None, None, None) for _, person_id in reporters], now_utc)
    cursor.executemany("INSERT INTO reporters VALUES (?, ?)", reporters)


def _take(cursor: sqlite3.Cursor, one: Ready, ours: list[Json], file: File, now_utc: datetime) -> str:
    """Take a lesson that the centre has already; return what became of it."""
    found = exchange.decision(ours, one.hashes)
    theirs = [lessons.entry_of(entry[1:]) for entry in one.entries]
    if found.kind == "forward":
        lessons.append(cursor, one.lesson_id, theirs[found.ancestor :], history.state(theirs))
        for head, entry in exchange.settled(theirs[found.ancestor :]).items():
            _close(cursor, one.lesson_id, head, entry)
    elif found.kind == "conflict":
        other = Parted(one.lesson_id, file.centre or file.centre_id, fields.time_text(now_utc), "", theirs)
        _keep(cursor, other, found.ancestor)
    return found.kind


def _submitted(one: Ready, ours: list[Json], name: str, now_utc: datetime) -> Ready:
    """Return the history of a lesson that another tool wrote: one entry, an observation submitted."""
    if ours:
        why = "is here already, and the file has no history of it that could be compared; give it another lesson_id"
        raise ExchangeError(name, place=f"lesson {one.lesson_id}", why=why)
    moved = process.move(
        process.begun(one.lesson_id), "submit", by=one.originator_id, role="originator", why=f"came in {name}",
        when_utc=now_utc, changes=one.bare,
    )  # fmt: skip
    entries = [fields.plain(entry) for entry in moved.history]
    return import_check.made(one.lesson_id, one.originator_id, entries, history.state(entries))


def _take_conflict(cursor: sqlite3.Cursor, other: Parted, name: str) -> bool:
    """Keep a conflict that came with its lesson, if it is one here as well; return whether it is new and open.

    Whether it is settled here is what our own history says, not what the sender's does.
    raises   ExchangeError when it is a conflict with nothing
    """
    ours = lessons.entries_in(cursor, other.lesson_id)
    found = exchange.decision(ours, [entry["sha256"] for entry in other.entries])
    if found.kind in ("new", "forward"):
        why = "it only goes on from its lesson" if ours else "its lesson is not there"
        place = f"conflicts, lesson {other.lesson_id}"
        raise ExchangeError(name, place=place, why=f"is no conflict: {why}; ask the sender for the file again")
    if found.kind not in ("conflict", "known"):
        return False  # the other history is ours here
    is_new = _keep(cursor, other, found.ancestor)
    if is_new and found.kind == "known":
        _close(cursor, other.lesson_id, other.head, exchange.settled(ours)[other.head], kept=other.kept)
    return is_new and found.kind == "conflict"


def _keep(cursor: sqlite3.Cursor, other: Parted, ancestor: int) -> bool:
    """Keep a conflict, open; return whether it was not there yet."""
    row = (other.lesson_id, ancestor, other.from_centre, other.head, fields.canonical(other.entries))
    kept = cursor.execute(
        "INSERT OR IGNORE INTO conflicts (lesson_id, ancestor, from_centre, their_head, theirs, found_utc) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (*row, rows.us_of(other.found_utc)),
    )
    return kept.rowcount > 0


def _close(cursor: sqlite3.Cursor, lesson_id: str, head: str, entry: Json, *, kept: str = "") -> None:
    """Mark a conflict as settled by an entry of our history that was made elsewhere.

    head   of the other history
    kept   what was kept, where the sender tells; else it is seen from whether the entry set fields
    """
    told = kept or ("theirs" if entry["changes"] != "{}" else "ours")
    cursor.execute(_SETTLE, (rows.us_of(entry["when_utc"]), entry["by"], told, lesson_id, head))


_SETTLE = (
    "UPDATE conflicts SET resolved_utc = ?, resolved_by = ?, kept = ? "
    "WHERE lesson_id = ? AND their_head = ? AND kept IS NULL"
)


def _take_objective(connection: sa.Connection, one: Any) -> bool:
    """Keep an objective; where the centre has another of that id, both are kept and ours stays the newest."""
    asked = "SELECT body FROM objectives WHERE objective_id = ? ORDER BY number DESC LIMIT 1"
    held = raw_cursor(connection).execute(asked, (one.objective_id,)).fetchone()
    is_new = objectives.put_in(connection, one)
    if is_new and held is not None:
        objectives.put_in(connection, objectives.of_json(held[0]))
    return is_new and held is None


def conflicts(centre: Centre, *, is_open: bool = True) -> tuple[Conflict, ...]:
    """Return the conflicts that nobody has settled yet, or all of them, in the order in which they were found."""
    where = "WHERE resolved_utc IS NULL" if is_open else ""
    asked = (
        "SELECT conflict_id, lesson_id, ancestor, from_centre, their_head, theirs, found_utc, resolved_utc, kept "  # noqa: S608
        f"FROM conflicts {where} ORDER BY conflict_id"
    )
    with centre.reading() as connection:
        found = raw_cursor(connection).execute(asked).fetchall()
    return tuple(_conflict(*row) for row in found)


def _conflict(number: int, lesson_id: str, ancestor: int, centre: str, head: str, theirs: str, *rest: Any) -> Conflict:
    found, resolved, kept = rest
    entries = tuple(msgspec.json.decode(theirs))
    return Conflict(number, lesson_id, ancestor, centre, head, entries, moment(found), from_us(resolved), kept or "")


def settle(centre: Centre, conflict: Conflict, *, keep: str, by: str, role: str, why: str, now_utc: datetime) -> None:
    """Settle a conflict with one move of our own history, which names the other's head.

    keep     "ours": the lesson stays as it is; "theirs": its fields become theirs. The stage stays ours in both cases:
             moves that were made elsewhere are made here again by whoever may. Their history is kept with the conflict
    raises   CentreError when it was settled meanwhile; LessonError when the move is not permitted
    """
    if keep not in exchange.KEPT:
        raise CentreError(conflict.lesson_id, place="keep", why=f"is ours or theirs, not {keep}")
    lesson = lessons.get(centre, conflict.lesson_id)
    ours = history.state([fields.plain(entry) for entry in lesson.history])
    changes = exchange.differing(ours, conflict.state) if keep == "theirs" else {}
    rests_on = (f"{exchange.BRANCH}{conflict.their_head}",)
    moved = process.move(
        lesson, "resolve", by=by, role=role, why=why, when_utc=now_utc, rests_on=rests_on, changes=changes
    )
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        given = (to_us(now_utc), by, keep, conflict.lesson_id, conflict.their_head)
        if cursor.execute(_SETTLE, given).rowcount == 0:
            raise CentreError(conflict.lesson_id, why="was settled by somebody else meanwhile")
        lessons.record_in(cursor, moved)
    anchors.note(centre)
