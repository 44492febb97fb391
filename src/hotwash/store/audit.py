"""Check every history and every seal of a centre: against itself, its head, and heads noted elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotwash.errors import CentreError
from hotwash.lessons import history
from hotwash.lessons.history import Fault
from hotwash.store import anchors, lessons, seals
from hotwash.store.anchors import ANCHORS, Heads
from hotwash.store.centre import Centre, raw_cursor
from hotwash.store.seals import RowFault


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The result of an audit.

    heads      the latest entry of each lesson, and the last seal: store them outside the centre for the next audit
    unnoted    heads that are not in anchors.log yet because a program was killed before it noted them
    rows       how many rows are under seal: what a proof rests on, beside the histories
    as_found   how many of them were sealed as they stood when the centre got its seals: what was done to them before
               is not known
    changed    the rows that do not fit their seals
    """

    lessons: int
    entries: int
    faults: tuple[Fault, ...]
    heads: Heads
    unnoted: int
    rows: int
    as_found: int
    changed: tuple[RowFault, ...]

    @property
    def is_intact(self) -> bool:
        return not (self.faults or self.changed)


def audit(centre: Centre, *, since: Iterable[Heads] = ()) -> AuditResult:
    """Return the faults of all histories of a centre.

    since    heads stored outside the centre at earlier times: each must still be there

    The audit finds every entry that was changed, removed, inserted, moved or cut off, unless anchors.log or `since`
    was changed with it, and every sealed row that something else than hotwash changed, added or removed. It cannot
    find a lesson that was removed from both the database and anchors.log and is in no stored audit.
    """
    with centre.writing() as connection:  # so that nobody notes a head between our two reads
        cursor = raw_cursor(connection)
        noted = anchors.read(centre.folder / ANCHORS, odd_ids=anchors.odd_ids(cursor))
        return check_histories(cursor, [noted, *since])


def check_rows(centre: Centre) -> None:
    """Refuse a centre in which something else than hotwash changed a row that a proof may rest on.

    raises   CentreError
    """
    with centre.writing() as connection:
        cursor = raw_cursor(connection)
        noted = anchors.read(centre.folder / ANCHORS, odd_ids=anchors.odd_ids(cursor)).get(seals.NAME)
        found = seals.check_seals(cursor, [noted] if noted else [], in_file=noted[0] if noted else -1)
    for fault in found.faults:
        raise CentreError(fault.table, place=fault.row, why=f"{fault.why}; see `hotwash lessons audit`")


def check_histories(cursor: sqlite3.Cursor, noted: list[Heads]) -> AuditResult:
    """Return the faults of all histories and seals within one transaction.

    noted   heads noted elsewhere, first those of anchors.log
    """
    stored = {
        str(name): (int(number), str(sha256), bool(is_noted))
        for name, number, sha256, is_noted in cursor.execute("SELECT * FROM heads").fetchall()
    }
    faults: list[Fault] = []
    heads: Heads = {}
    count = 0
    for lesson_id, entries in lessons.histories(cursor):
        count += len(entries)
        heads[lesson_id] = (len(entries) - 1, str(entries[-1]["sha256"]))
        faults += history.faults(lesson_id, entries)
        for number, sha256 in _noted_entries(lesson_id, stored, noted):
            fault = history.find_missing_entry(lesson_id, entries, number=number, sha256=sha256)
            faults += [fault] if fault and fault not in faults else []
    faults += _missing(heads, stored, noted)
    lesson_count, of_seals = len(heads), [some[seals.NAME] for some in noted if seals.NAME in some]
    rows = seals.check_seals(cursor, of_seals, in_file=noted[0].get(seals.NAME, (-1, ""))[0])
    heads |= {seals.NAME: rows.head} if rows.head else {}
    unnoted = sum(not is_noted for _, _, is_noted in stored.values()) + (not rows.is_noted)
    return AuditResult(lesson_count, count, tuple(faults), heads, unnoted, rows.rows, rows.as_found, rows.faults)


def _noted_entries(
    lesson_id: str, stored: Mapping[str, tuple[int, str, bool]], noted: list[Heads]
) -> Iterator[tuple[int, str]]:
    """Yield each noted entry of a lesson: from the table of heads, the file and earlier audits."""
    if lesson_id in stored:
        yield stored[lesson_id][:2]
    yield from (heads[lesson_id] for heads in noted if lesson_id in heads)


def _missing(heads: Heads, stored: Mapping[str, tuple[int, str, bool]], noted: list[Heads]) -> Iterator[Fault]:
    """Yield a fault for each lesson whose entire history is missing, and for each that lost its head."""
    for lesson_id in dict.fromkeys(name for some in (stored, *noted) for name in some):
        if lesson_id not in heads and lesson_id != seals.NAME:
            yield Fault(lesson_id, 0, "its entire history is missing")
    for lesson_id in heads:
        if lesson_id not in stored:
            yield Fault(lesson_id, heads[lesson_id][0], "it is missing from the table of heads: somebody removed it")
    file = noted[0]
    for lesson_id, (number, _, is_noted) in stored.items():
        if is_noted and file.get(lesson_id, (-1, ""))[0] < number:
            yield Fault(lesson_id, number, f"its head is missing from {ANCHORS}: the file was shortened or replaced")
