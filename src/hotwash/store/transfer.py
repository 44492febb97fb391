"""Lessons that arrive from elsewhere: taken whole or not at all, and what two centres wrote is kept twice."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hotwash.errors import CentreError, ExchangeError
from hotwash.lessons import exchange, fields, history, process
from hotwash.lessons.exchange import Arrived, File
from hotwash.store import anchors, lessons, objectives
from hotwash.store.centre import Centre, from_us, moment, raw_cursor, to_us

Json = dict[str, Any]


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
    """Take the lessons, objectives and people of a file, all of them or nothing.

    name     of the file, for errors
    raises   ExchangeError when a lesson without history is here already; CentreError
    """
    counts: dict[str, int] = {}
    conflicts: list[str] = []
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        for row in file.people:
            told = (row["person_id"], row["name"] or None, row["function"], row["unit"], to_us(now_utc))
            cursor.execute(_ADD_PERSON, told)
        is_empty = cursor.execute("SELECT 1 FROM lessons LIMIT 1").fetchone() is None
        for one in file.lessons:
            kind = _take(cursor, one, file, name=name, now_utc=now_utc, is_empty=is_empty)
            counts[kind] = counts.get(kind, 0) + 1
            conflicts += [one.lesson_id] if kind == "conflict" else []
        new = sum(_take_objective(connection, one) for one in file.objectives)
    anchors.note(centre)
    return Taken(counts, tuple(conflicts), new)


_ADD_PERSON = "INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?, ?, NULL)"


def _take(cursor: sqlite3.Cursor, one: Arrived, file: File, *, name: str, now_utc: datetime, is_empty: bool) -> str:
    ours = [] if is_empty else lessons.entries_in(cursor, one.lesson_id)
    entries, state = (one.entries, one.state) if one.entries else _without_history(one, ours, name, now_utc)
    found = exchange.decision(ours, entries)
    if found.kind in ("new", "forward"):
        lessons.append(cursor, one.lesson_id, entries[found.ancestor :], state)
        if one.originator_id and not ours:
            cursor.execute(_ADD_PERSON, (one.originator_id, None, None, None, to_us(now_utc)))
            lessons.name_reporter(cursor, one.lesson_id, one.originator_id)
    elif found.kind == "conflict":
        row = (one.lesson_id, found.ancestor, file.centre or file.centre_id, entries[-1]["sha256"])
        cursor.execute(
            "INSERT OR IGNORE INTO conflicts (lesson_id, ancestor, from_centre, their_head, theirs, found_utc) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (*row, fields.canonical(entries), to_us(now_utc)),
        )
    return found.kind


def _without_history(one: Arrived, ours: list[Json], name: str, now_utc: datetime) -> tuple[list[Json], Json]:
    """Return the history of a lesson that another tool wrote: one entry, an observation submitted."""
    if ours:
        why = "is here already, and the file has no history of it that could be compared; give it another lesson_id"
        raise ExchangeError(name, place=f"lesson {one.lesson_id}", why=why)
    moved = process.move(
        process.begun(one.lesson_id), "submit", by=one.originator_id, role="originator", why=f"came in {name}",
        when_utc=now_utc, changes=one.state,
    )  # fmt: skip
    entries = [fields.plain(entry) for entry in moved.history]
    return entries, history.state(entries)


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
        rows = raw_cursor(connection).execute(asked).fetchall()
    return tuple(_conflict(*row) for row in rows)


def _conflict(number: int, lesson_id: str, ancestor: int, centre: str, head: str, theirs: str, *rest: Any) -> Conflict:
    found, resolved, kept = rest
    entries = tuple(json.loads(theirs))
    return Conflict(number, lesson_id, ancestor, centre, head, entries, moment(found), from_us(resolved), kept or "")


_SETTLE = "UPDATE conflicts SET resolved_utc = ?, resolved_by = ?, kept = ? WHERE conflict_id = ? AND kept IS NULL"


def settle(centre: Centre, conflict: Conflict, *, keep: str, by: str, role: str, why: str, now_utc: datetime) -> None:
    """Settle a conflict with one move of our own history, which names the other's head.

    keep     "ours": the lesson stays as it is; "theirs": its fields become theirs. The stage stays ours in both cases:
             moves that were made elsewhere are made here again by whoever may. Their history is kept with the conflict
    raises   CentreError when it was settled meanwhile; LessonError when the move is not permitted
    """
    if keep not in ("ours", "theirs"):
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
        settled = (
            "UPDATE conflicts SET resolved_utc = ?, resolved_by = ?, kept = ? WHERE conflict_id = ? AND kept IS NULL"
        )
        if cursor.execute(settled, (to_us(now_utc), by, keep, conflict.conflict_id)).rowcount == 0:
            raise CentreError(conflict.lesson_id, why="was settled by somebody else meanwhile")
        lessons.record_in(cursor, moved)
    anchors.note(centre)
