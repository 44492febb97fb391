"""Look whether the histories of a centre hold: each against itself, its head, and the heads noted elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotwash.lessons import history
from hotwash.lessons.history import Fault
from hotwash.store import anchors, lessons
from hotwash.store.anchors import Heads
from hotwash.store.centre import ANCHORS, Centre, raw_cursor


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit found.

    heads      the newest entry of each lesson: keep them outside the centre, and give them to the next audit
    unnoted    heads that anchors.log does not hold yet: a program was killed before it could note them
    """

    lessons: int
    entries: int
    faults: tuple[Fault, ...]
    heads: Heads
    unnoted: int


def audit(centre: Centre, *, since: Iterable[Heads] = ()) -> AuditResult:
    """Return what is wrong with the histories of a centre.

    since    heads that were kept outside the centre, of one time or several: each must still be there

    Found is any entry that was changed, taken out, put in, moved or cut off, as long as anchors.log or `since` was not
    changed with it. Not found is what was never noted elsewhere: a lesson whose every trace is gone from both the
    database and anchors.log since the last audit that was kept.
    """
    with centre.writing() as connection:  # so that nobody notes a head between our two looks
        noted = anchors.read(centre.folder / ANCHORS)
        return check_histories(raw_cursor(connection), [noted, *since])


def check_histories(cursor: sqlite3.Cursor, noted: list[Heads]) -> AuditResult:
    """Return what is wrong within one view of the database."""
    held = {
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
        for number, sha256 in _seen(lesson_id, held, noted):
            fault = history.find_missing_entry(lesson_id, entries, number=number, sha256=sha256)
            faults += [fault] if fault and fault not in faults else []
    faults += _gone(heads, held, noted)
    unnoted = sum(not is_noted for _, _, is_noted in held.values())
    return AuditResult(len(heads), count, tuple(faults), heads, unnoted)


def _seen(lesson_id: str, held: Mapping[str, tuple[int, str, bool]], noted: list[Heads]) -> Iterator[tuple[int, str]]:
    """Yield each entry of a lesson that was seen: by the table of heads, by the file, by an earlier audit."""
    if lesson_id in held:
        yield held[lesson_id][:2]
    yield from (heads[lesson_id] for heads in noted if lesson_id in heads)


def _gone(heads: Heads, held: Mapping[str, tuple[int, str, bool]], noted: list[Heads]) -> Iterator[Fault]:
    """Yield a fault for each lesson whose whole history is gone, and for each that lost its head."""
    for lesson_id in dict.fromkeys(name for some in (held, *noted) for name in some):
        if lesson_id not in heads:
            yield Fault(lesson_id, 0, "its whole history is gone")
    for lesson_id in heads:
        if lesson_id not in held:
            yield Fault(
                lesson_id, heads[lesson_id][0], "the table of heads does not hold it: somebody took it out there"
            )
    file = noted[0]
    for lesson_id, (number, _, is_noted) in held.items():
        if is_noted and file.get(lesson_id, (-1, ""))[0] < number:
            yield Fault(lesson_id, number, f"{ANCHORS} does not hold its head any more: the file was cut or exchanged")
