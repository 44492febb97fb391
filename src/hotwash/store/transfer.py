"""Import lessons from a file, all of them or none, and keep and settle conflicts between two centres."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from hotwash.errors import CentreError, ExchangeError
from hotwash.lessons import exchange, history, json_values, process, validation
from hotwash.lessons.exchange import File, FileConflict
from hotwash.lessons.validation import NamedFile
from hotwash.store import import_check, lesson_rows, lessons, objectives
from hotwash.store.centre import Centre, from_us, moment, raw_cursor, to_us
from hotwash.store.import_check import PreparedLesson
from hotwash.store.people import new_salt

Json = dict[str, Any]

_USUAL_KIB = 65_536  # the page cache that `centre.connect` sets
_LARGE_KIB = 262_144  # for an import: pages that leave the cache early are written twice
_USUAL_WORDS = 2**20  # words that the index collects before writing them; SQLite's default
_MANY_WORDS = 2**24  # for many lessons: fewer and larger pieces to merge


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import: lessons by kind of decision, ids of those in conflict, and new objectives.

    held_back   lessons that were validated elsewhere and are taken only up to there, each with the reason
    """

    counts: dict[str, int]
    conflicts: tuple[str, ...]
    objectives: int
    held_back: tuple[HeldBack, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A lesson whose validation elsewhere was not taken: at which stage it is here, and why."""

    lesson_id: str
    stage: str
    why: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One lesson that two centres edited after `ancestor` common entries. `kept` is "" while it is open."""

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
        """The lesson's fields after the other history."""
        return history.state(self.theirs)


def import_lessons(
    centre: Centre, file: File, *, name: str, now_utc: datetime, beside: Path | None = None
) -> ImportResult:  # fmt: skip
    """Import the lessons, objectives, people and conflicts of a file, all of them or nothing.

    name     of the file, for errors
    beside   the folder in which documents may lie that a validation elsewhere rests on; None: nowhere

    A lesson that was validated elsewhere by an inspection or in the field is taken up to its validation, unless the
    document with that hash is at hand: nobody here could say that it is a lesson learned.
    raises   ExchangeError when a lesson is faulty, in the file twice, or without a history and here already;
             CentreError
    """
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        people = [(row["person_id"], row["name"] or None, row["function"], row["unit"]) for row in file.people]
        _add_people(cursor, people, now_utc)
        with _many(cursor, len(file.lessons)):
            is_here = _FilesAtHand({str(row[0]) for row in cursor.execute(_ACCOUNT_HASHES)}, beside).has
            counts, in_conflict, held = _import_known_and_new(cursor, file, is_here, name=name, now_utc=now_utc)
        in_conflict += [one.lesson_id for one in file.conflicts if _import_conflict(cursor, one, name)]
        new = sum(_import_objective(connection, one) for one in file.objectives)
    centre.note_heads()
    return ImportResult(counts, tuple(dict.fromkeys(in_conflict)), new, tuple(held))


_ACCOUNT_HASHES = "SELECT sha256 FROM incidents"


@dataclass
class _FilesAtHand:
    """The files that evidence from elsewhere may name: accounts of the centre, and what lies beside the file read."""

    accounts: Collection[str]
    beside: Path | None
    found: frozenset[str] | None = None

    def has(self, file: NamedFile) -> bool:
        """Tell whether a file with this hash is at hand; the folder is read only when something asks for it."""
        if file.sha256 in self.accounts:
            return True
        if self.found is None:
            self.found = frozenset(_hashes_in(self.beside)) if self.beside is not None else frozenset()
        return file.sha256 in self.found


_MOST_FILES = 1000  # in the folder of a file that is read: more is no folder of evidence
_MOST_BYTES = 200_000_000  # of one document


def _hashes_in(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir())[:_MOST_FILES]:
        with suppress(OSError):
            if path.is_file() and path.stat().st_size <= _MOST_BYTES:
                yield hashlib.sha256(path.read_bytes()).hexdigest()


def _add_people(cursor: sqlite3.Cursor, people: Iterable[tuple[Any, ...]], now_utc: datetime) -> None:
    added = to_us(now_utc)
    rows = [(*one, added, new_salt()) for one in people]
    cursor.executemany("INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?, ?, NULL, ?)", rows)


@contextmanager
def _many(cursor: sqlite3.Cursor, count: int) -> Iterator[None]:
    """Give the database more memory while it imports many lessons."""
    if count < import_check.FEW:
        yield
        return
    cursor.execute(f"PRAGMA cache_size = -{_LARGE_KIB}")
    cursor.execute(_SET_WORDS_COLLECTED, (_MANY_WORDS,))
    try:
        yield
        cursor.execute(_SET_WORDS_COLLECTED, (_USUAL_WORDS,))
    finally:
        cursor.execute(f"PRAGMA cache_size = -{_USUAL_KIB}")


_SET_WORDS_COLLECTED = "INSERT INTO search (search, rank) VALUES ('hashsize', ?)"


def _import_known_and_new(
    cursor: sqlite3.Cursor, file: File, is_here: Callable[[NamedFile], bool], *, name: str, now_utc: datetime
) -> tuple[dict[str, int], list[str], list[HeldBack]]:
    """Import the lessons; return their number by kind of decision, the ids in conflict, and what was held back."""
    counts: dict[str, int] = {}
    held: list[HeldBack] = []
    in_conflict: list[str] = []
    seen: set[str] = set()
    is_empty = cursor.execute("SELECT 1 FROM lessons LIMIT 1").fetchone() is None
    with closing(import_check.check_lessons(file.lessons, name=name)) as chunks:
        for chunk in chunks:
            new: list[PreparedLesson] = []
            for one in chunk:
                if one.lesson_id in seen:
                    why = "is in the file twice; remove one of them"
                    raise ExchangeError(name, place=f"lesson {one.lesson_id}", why=why)
                seen.add(one.lesson_id)
                ours = [] if is_empty else lessons.entries_in(cursor, one.lesson_id)
                lesson = one if one.bare is None else _submit(one, ours, name, now_utc)
                lesson, why = _hold_back(lesson, ours, is_here)
                held += [HeldBack(one.lesson_id, str(lesson.entries[-1][_STAGE]), why)] if why else []
                kind = _import_lesson(cursor, lesson, ours, file, now_utc) if ours else "new"
                new += [] if ours else [lesson]
                counts[kind] = counts.get(kind, 0) + 1
                in_conflict += [one.lesson_id] if kind == "conflict" else []
            _add(cursor, new, now_utc)
    return counts, in_conflict, held


_STAGE = 1 + history.ENTRY.index("stage")  # in a row of the history


def _hold_back(
    one: PreparedLesson, ours: list[Json], is_here: Callable[[NamedFile], bool]
) -> tuple[PreparedLesson, str]:
    """Return a lesson without a validation that cannot be checked here, and why; what is ours already stays."""
    if one.entries[-1][_STAGE] not in ("validated", "learned"):
        return one, ""
    entries = [lessons.entry_of(entry[1:]) for entry in one.entries]
    decision, at = exchange.compare_histories(ours, one.hashes), validation.deciding_entry(entries)
    if decision.kind not in ("new", "forward") or at < decision.ancestor:
        return one, ""
    why = validation.fault_of_validation(entries, is_here=is_here)
    if not why:
        return one, ""
    return import_check.prepare_history(
        one.lesson_id, one.originator_id, entries[:at], history.state(entries[:at])
    ), why


def _add(cursor: sqlite3.Cursor, new: Sequence[PreparedLesson], now_utc: datetime) -> None:
    """Add lessons that are new here, table by table: one statement for many rows takes half the time of many."""
    first = cursor.execute("SELECT coalesce(max(row), 0) + 1 FROM lessons").fetchone()[0]
    states = [(row, one.lesson_id, *(one.state or ())) for row, one in enumerate(new, first)]
    cursor.executemany(lesson_rows.INSERT_LESSON, states)
    cursor.executemany(lesson_rows.INSERT_ENTRY, [entry for one in new for entry in one.entries])
    heads = [(one.lesson_id, len(one.entries) - 1, one.entries[-1][-1]) for one in new]
    cursor.executemany("INSERT INTO heads VALUES (?, ?, ?, 0)", heads)
    cursor.executemany(lesson_rows.INSERT_ACTION, [action for one in new for action in one.actions])
    cursor.executemany(lesson_rows.INSERT_WORDS, [(row, *one.words) for row, one in enumerate(new, first)])
    reporters = [(one.lesson_id, one.originator_id) for one in new if one.originator_id]
    _add_people(cursor, [(person_id, None, None, None) for _, person_id in reporters], now_utc)
    cursor.executemany("INSERT INTO reporters VALUES (?, ?)", reporters)


def _import_lesson(cursor: sqlite3.Cursor, one: PreparedLesson, ours: list[Json], file: File, now_utc: datetime) -> str:
    """Import a lesson that the centre has already; return the kind of decision."""
    decision = exchange.compare_histories(ours, one.hashes)
    theirs = [lessons.entry_of(entry[1:]) for entry in one.entries]
    if decision.kind == "forward":
        lessons.append(cursor, one.lesson_id, theirs[decision.ancestor :], history.state(theirs))
        for head, entry in exchange.settling_entries(theirs[decision.ancestor :]).items():
            _close(cursor, one.lesson_id, head, entry)
    elif decision.kind == "conflict":
        other = FileConflict(one.lesson_id, file.centre or file.centre_id, json_values.time_text(now_utc), "", theirs)
        _save_conflict(cursor, other, decision.ancestor)
    return decision.kind


def _submit(one: PreparedLesson, ours: list[Json], name: str, now_utc: datetime) -> PreparedLesson:
    """Return the history of a lesson from a tool without histories: one entry, the submitted observation."""
    if ours:
        why = "exists here, and the file has no history to compare; give it another lesson_id"
        raise ExchangeError(name, place=f"lesson {one.lesson_id}", why=why)
    submitted = process.take_step(
        process.new_lesson(one.lesson_id), "submit", by=one.originator_id, role="originator", why=f"came in {name}",
        when_utc=now_utc, changes=one.bare,
    )  # fmt: skip
    entries = [json_values.plain(entry) for entry in submitted.history]
    return import_check.prepare_history(one.lesson_id, one.originator_id, entries, history.state(entries))


def _import_conflict(cursor: sqlite3.Cursor, other: FileConflict, name: str) -> bool:
    """Save a conflict from the file, if it is one here as well; return whether it is new and open.

    Our own history decides whether it is settled here, not the sender's.
    raises   ExchangeError when it conflicts with nothing
    """
    ours = lessons.entries_in(cursor, other.lesson_id)
    decision = exchange.compare_histories(ours, [entry["sha256"] for entry in other.entries])
    if decision.kind in ("new", "forward"):
        why = "it only continues its lesson" if ours else "its lesson does not exist"
        place = f"conflicts, lesson {other.lesson_id}"
        raise ExchangeError(name, place=place, why=f"is not a conflict: {why}; ask the sender for the file again")
    if decision.kind not in ("conflict", "known"):
        return False  # the other history is ours here
    is_new = _save_conflict(cursor, other, decision.ancestor)
    if is_new and decision.kind == "known":
        _close(cursor, other.lesson_id, other.head, exchange.settling_entries(ours)[other.head], kept=other.kept)
    return is_new and decision.kind == "conflict"


def _save_conflict(cursor: sqlite3.Cursor, other: FileConflict, ancestor: int) -> bool:
    """Save an open conflict; return whether it is new."""
    row = (other.lesson_id, ancestor, other.from_centre, other.head, json_values.canonical(other.entries))
    insert = (
        "INSERT OR IGNORE INTO conflicts (lesson_id, ancestor, from_centre, their_head, theirs, found_utc) "
        "VALUES (?, ?, ?, ?, ?, ?)"
    )
    return cursor.execute(insert, (*row, lesson_rows.us_of(other.found_utc))).rowcount > 0


def _close(cursor: sqlite3.Cursor, lesson_id: str, head: str, entry: Json, *, kept: str = "") -> None:
    """Mark a conflict as settled by an imported entry of our history.

    head   latest hash of the other history
    kept   the side that was kept, if the sender states it; otherwise it follows from whether the entry set fields
    """
    side = kept or ("theirs" if entry["changes"] != "{}" else "ours")
    cursor.execute(_SETTLE, (lesson_rows.us_of(entry["when_utc"]), entry["by"], side, lesson_id, head))


_SETTLE = (
    "UPDATE conflicts SET resolved_utc = ?, resolved_by = ?, kept = ? "
    "WHERE lesson_id = ? AND their_head = ? AND kept IS NULL"
)


def _import_objective(connection: sa.Connection, one: Any) -> bool:
    """Save an objective; where the centre has another with that id, both are stored and ours stays the newest."""
    query = "SELECT body FROM objectives WHERE objective_id = ? ORDER BY number DESC LIMIT 1"
    ours = raw_cursor(connection).execute(query, (one.objective_id,)).fetchone()
    is_new = objectives.put_in(connection, one)
    if is_new and ours is not None:
        objectives.put_in(connection, objectives.of_json(ours[0]))
    return is_new and ours is None


def conflicts(centre: Centre, *, is_open: bool = True) -> tuple[Conflict, ...]:
    """Return the open conflicts, or all of them, in the order in which they were detected."""
    where = "WHERE resolved_utc IS NULL" if is_open else ""
    query = (
        "SELECT conflict_id, lesson_id, ancestor, from_centre, their_head, theirs, found_utc, resolved_utc, kept "  # noqa: S608
        f"FROM conflicts {where} ORDER BY conflict_id"
    )
    with centre.reading() as connection:
        rows = raw_cursor(connection).execute(query).fetchall()
    return tuple(_conflict_of_row(*row) for row in rows)


def _conflict_of_row(
    number: int, lesson_id: str, ancestor: int, centre: str, head: str, theirs: str, *rest: Any
) -> Conflict:
    detected, resolved, kept = rest
    entries = tuple(msgspec.json.decode(theirs))
    return Conflict(number, lesson_id, ancestor, centre, head, entries, moment(detected), from_us(resolved), kept or "")


def settle_conflict(
    centre: Centre, conflict: Conflict, *, keep: str, by: str, role: str, why: str, now_utc: datetime
) -> None:
    """Settle a conflict with one step in our own history, which names the other history's latest hash.

    keep     "ours": the lesson stays as it is; "theirs": its fields become theirs. The stage stays ours in both cases:
             steps taken elsewhere must be taken again here. Their history is stored with the conflict
    raises   CentreError when it was settled meanwhile; LessonError when the step is not permitted
    """
    if keep not in exchange.KEPT:
        raise CentreError(conflict.lesson_id, place="keep", why=f"must be ours or theirs, not {keep}")
    lesson = lessons.get_lesson(centre, conflict.lesson_id)
    ours = history.state([json_values.plain(entry) for entry in lesson.history])
    changes = exchange.differing_fields(ours, conflict.state) if keep == "theirs" else {}
    rests_on = (f"{exchange.BRANCH}{conflict.their_head}",)
    settled = process.take_step(
        lesson, "resolve", by=by, role=role, why=why, when_utc=now_utc, rests_on=rests_on, changes=changes
    )
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        values = (to_us(now_utc), by, keep, conflict.lesson_id, conflict.their_head)
        if cursor.execute(_SETTLE, values).rowcount == 0:
            raise CentreError(conflict.lesson_id, why="was settled by somebody else meanwhile")
        lessons.record_in(cursor, settled)
    centre.note_heads()
