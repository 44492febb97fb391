"""Lessons in a centre: their histories, and the tables derived from them for lists and searches.

history ─▶ lessons (current state), actions, search      rebuilt in the same transaction whenever a history grows
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hotwash.errors import CentreError, LessonError
from hotwash.lessons import history, json_values, process, search_words
from hotwash.model.lesson import Lesson
from hotwash.store import lesson_rows
from hotwash.store.centre import Centre, from_us, moment, raw_cursor

Json = dict[str, Any]
Entries = Sequence[Mapping[str, Any]]

_SELECTED = ", ".join(history.ENTRY)
_END_STAGES = tuple(stage.name for stage in process.STAGES.values() if stage.is_end)


@dataclass(frozen=True, slots=True)
class Summary:
    """A lesson in a list.

    number         in this centre; other centres use other numbers
    open_actions   number of open actions; `due`: the earliest date of one
    """

    number: int
    lesson_id: str
    title: str
    stage: str
    changed_utc: datetime
    event_utc: datetime | None
    place: str
    manager: str
    action_body: str
    open_actions: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """An open action. `is_overdue` is also true where it has no owner or no date."""

    lesson_id: str
    title: str
    action_id: str
    text: str
    owner: str
    owner_id: str
    due: date | None
    is_overdue: bool
    why: str


def record_lesson(centre: Centre, lesson: Lesson) -> None:
    """Save the new entries of a lesson's history, all of them or nothing.

    lesson   as `process.take_step` returned it, any number of steps after the saved ones
    raises   CentreError when somebody else changed the lesson meanwhile, or its reporter is not a person of the centre
    """
    with centre.writing() as connection:
        record_in(raw_cursor(connection), lesson)
    centre.note_heads()


def record_in(cursor: sqlite3.Cursor, lesson: Lesson) -> None:
    """Save the new entries of a lesson's history within a transaction, as `record_lesson` does."""
    entries = [json_values.plain(entry) for entry in lesson.history]
    saved = entries_in(cursor, lesson.lesson_id)
    if [entry["sha256"] for entry in entries[: len(saved)]] != [entry["sha256"] for entry in saved]:
        why = f"was changed by somebody else meanwhile (it has {len(saved)} entries); read it again, then retry"
        raise CentreError(lesson.lesson_id, why=why)
    _check(lesson.lesson_id, entries)
    append(cursor, lesson.lesson_id, entries[len(saved) :], history.state(entries))
    if not saved and lesson.originator_id:
        name_reporter(cursor, lesson.lesson_id, lesson.originator_id)


def _check(lesson_id: str, entries: Entries) -> None:
    """Refuse a history that has a fault or a step that is not permitted."""
    for fault in history.faults(lesson_id, entries):
        raise CentreError(lesson_id, place=f"entry {fault.number}", why=fault.why)
    stage = ""
    for entry in entries:
        if not process.follows(stage, entry):
            here, to = stage or "the beginning", entry["stage"]
            why = f"{entry['kind']} by {entry['role']} to {to} is not a permitted step from {here}"
            raise CentreError(lesson_id, place=f"entry {entry['number']}", why=why)
        stage = entry["stage"]


def name_reporter(cursor: sqlite3.Cursor, lesson_id: str, person_id: str) -> None:
    """Save who reported a lesson, apart from its history.

    raises   CentreError when the centre has no such person
    """
    if not cursor.execute("SELECT 1 FROM people WHERE person_id = ?", (person_id,)).fetchone():
        why = "reported it but is not a person of this centre; add the person first, or report without a name"
        raise CentreError(person_id, why=why)
    cursor.execute("INSERT OR REPLACE INTO reporters VALUES (?, ?)", (lesson_id, person_id))


def append(cursor: sqlite3.Cursor, lesson_id: str, new: Entries, state: Mapping[str, Any]) -> None:
    """Add entries to a history and rebuild the tables derived from it.

    new      as JSON values, in order; may be empty
    state    the lesson's fields after the last of them
    """
    if not new:
        return
    last = new[-1]
    put_state(cursor, lesson_id, state, changed_us=lesson_rows.us_of(last["when_utc"]))
    cursor.executemany(lesson_rows.INSERT_ENTRY, [lesson_rows.of_entry(lesson_id, entry) for entry in new])
    cursor.execute(lesson_rows.PUT_HEAD, (lesson_id, last["number"], last["sha256"]))


def put_state(cursor: sqlite3.Cursor, lesson_id: str, state: Mapping[str, Any], *, changed_us: int) -> None:
    """Rebuild the tables derived from a history: the lesson's current state, its actions and its words."""
    values = lesson_rows.of_state(state, changed_us=changed_us)
    saved = cursor.execute("SELECT row FROM lessons WHERE lesson_id = ?", (lesson_id,)).fetchone()
    if saved is None:
        cursor.execute(lesson_rows.INSERT_LESSON, (None, lesson_id, *values))
        row = cursor.lastrowid
    else:
        row = saved[0]
        cursor.execute(lesson_rows.UPDATE_LESSON, (*values, row))
        cursor.execute("DELETE FROM actions WHERE lesson_id = ?", (lesson_id,))
        cursor.execute("DELETE FROM search WHERE rowid = ?", (row,))
    cursor.execute(lesson_rows.INSERT_WORDS, (row, *search_words.search_texts(state)))
    actions = state.get("actions")
    if actions:
        cursor.executemany(lesson_rows.INSERT_ACTION, [lesson_rows.of_action(lesson_id, action) for action in actions])


def get_lesson(centre: Centre, lesson_id: str) -> Lesson:
    """Return a lesson with its history.

    raises   CentreError when there is no such lesson, or its history has a fault
    """
    with centre.reading() as connection:
        cursor = raw_cursor(connection)
        entries = entries_in(cursor, lesson_id)
        who = cursor.execute("SELECT person_id FROM reporters WHERE lesson_id = ?", (lesson_id,)).fetchone()
    if not entries:
        raise CentreError(lesson_id, why="there is no such lesson in this centre; `hotwash lessons list` lists them")
    for fault in history.faults(lesson_id, entries):
        raise CentreError(lesson_id, place=f"entry {fault.number}", why=f"{fault.why}; see `hotwash lessons audit`")
    try:
        return history.lesson(lesson_id, entries, originator_id=who[0] if who else "")
    except LessonError as fault:
        raise CentreError(lesson_id, place=fault.place, why=f"its history cannot be read: {fault.why}") from None


def all_lessons(centre: Centre) -> tuple[Lesson, ...]:
    """Return every lesson with its history, sorted by id; for up to some thousands."""
    with centre.reading() as connection:
        ids = raw_cursor(connection).execute("SELECT lesson_id FROM lessons ORDER BY lesson_id").fetchall()
    return tuple(get_lesson(centre, str(lesson_id)) for (lesson_id,) in ids)


def ids_among(centre: Centre, ids: Iterable[str]) -> tuple[str, ...]:
    """Return those of some ids that lessons of the centre have, sorted."""
    with centre.reading() as connection:
        cursor = raw_cursor(connection)
        query = "SELECT 1 FROM lessons WHERE lesson_id = ?"
        return tuple(one for one in sorted(ids) if cursor.execute(query, (one,)).fetchone())


def entries_in(cursor: sqlite3.Cursor, lesson_id: str) -> list[Json]:
    """Return a history as JSON values, in order; empty where there is no such lesson."""
    query = f"SELECT {_SELECTED} FROM history WHERE lesson_id = ? ORDER BY number"  # noqa: S608  our own names
    return [entry_of(row) for row in cursor.execute(query, (lesson_id,))]


def histories(cursor: sqlite3.Cursor) -> Iterator[tuple[str, list[Json]]]:
    """Yield (lesson_id, its entries as JSON values) for every lesson, sorted by id."""
    lesson_id, entries = "", list[Json]()
    query = f"SELECT lesson_id, {_SELECTED} FROM history ORDER BY lesson_id, number"  # noqa: S608  our own names
    for row in cursor.execute(query):
        if row[0] != lesson_id and entries:
            yield lesson_id, entries
            entries = []
        lesson_id = row[0]
        entries.append(entry_of(row[1:]))
    if entries:
        yield lesson_id, entries


def entry_of(row: Sequence[Any]) -> Json:
    """Return an entry as JSON values from a row of the database."""
    entry = dict(zip(history.ENTRY, row, strict=True))
    when = from_us(entry["when_utc"])
    entry["when_utc"] = json_values.time_text(when) if when else None
    with suppress(ValueError):  # if somebody changed it, the hash shows that
        entry["rests_on"] = json.loads(entry["rests_on"])
    return entry


def summaries(centre: Centre, *, stage: str = "", limit: int = 100) -> tuple[Summary, ...]:
    """Return lessons, most recently changed first.

    stage   only lessons at this stage; "" all
    """
    where, parameters = ("WHERE stage = ?", (stage,)) if stage else ("", ())
    with centre.reading() as connection:
        cursor = raw_cursor(connection)
        query = f"SELECT row FROM lessons {where} ORDER BY changed_utc DESC, row DESC LIMIT ?"  # noqa: S608
        return summaries_of(cursor, cursor.execute(query, (*parameters, limit)).fetchall())


def summaries_of(cursor: sqlite3.Cursor, some: Iterable[tuple[int]]) -> tuple[Summary, ...]:
    """Return the summaries of some rows of the table lessons, in their order."""
    return tuple(_summary(*cursor.execute(_SUMMARY, row).fetchone()) for row in some)


# +state: without statistics the database would scan all open actions rather than those of the lesson.
_SUMMARY = (
    "SELECT row, lesson_id, title, stage, changed_utc, event_utc, place, manager, action_body, "
    "(SELECT count(*) FROM actions WHERE actions.lesson_id = lessons.lesson_id AND +state = 'open'), "
    "(SELECT min(due) FROM actions WHERE actions.lesson_id = lessons.lesson_id AND +state = 'open') "
    "FROM lessons WHERE row = ?"
)


def _summary(
    number: int, lesson_id: str, title: str, stage: str, changed: int, event: int | None, *rest: Any
) -> Summary:
    place, manager, body, count, by = rest
    day = date.fromisoformat(by) if by else None
    return Summary(number, lesson_id, title, stage, moment(changed), from_us(event), place, manager, body, count, day)


def due(centre: Centre, *, today: date, within_days: int = 30, owner: str = "") -> tuple[Due, ...]:
    """Return the open actions that are overdue or due soon, overdue ones first, then by date.

    within_days   how many days ahead count as soon
    owner         only those of this function or person id
    """
    marks = ", ".join("?" * len(_END_STAGES))
    query = (
        "SELECT lesson_id, title, action_id, text, owner, owner_id, due "  # noqa: S608  nothing of a user's
        f"FROM actions JOIN lessons USING (lesson_id) WHERE state = 'open' AND stage NOT IN ({marks}) "
        "AND (? = '' OR owner = ? OR owner_id = ?) ORDER BY due IS NULL, due, lesson_id, action_id"
    )
    with centre.reading() as connection:
        open_ = raw_cursor(connection).execute(query, (*_END_STAGES, owner, owner, owner)).fetchall()
    actions = [_due(today, *row) for row in open_]
    soon = [one for one in actions if one.is_overdue or (one.due is not None and (one.due - today).days <= within_days)]
    return tuple(sorted(soon, key=lambda one: not one.is_overdue))


def _due(today: date, lesson_id: str, title: str, action_id: str, *rest: Any) -> Due:
    text, owner, owner_id, by = rest
    day = date.fromisoformat(by) if by else None
    missing = [name for name, value in (("owner", owner or owner_id), ("due date", day)) if not value]
    if missing:
        why = f"has no {' and no '.join(missing)}, so it is treated as overdue"
    elif day is not None and day < today:
        why = f"{(today - day).days} days late"
    else:
        why = f"due in {(day - today).days} days" if day is not None else ""
    is_overdue = bool(missing) or (day is not None and day < today)
    return Due(lesson_id, title, action_id, text, owner, owner_id, day, is_overdue, why)
