"""A lesson's history: entries that are only ever added, each sealed with the hash of the one before.

    000… ─▶ entry 0 ─sha256─▶ entry 1 ─sha256─▶ entry 2 ─sha256─▶ head

An entry that was changed, taken out, put in or moved no longer fits what comes after it. Entries cut off at the end
leave a chain that fits: only the head, kept in another place, tells of that. Whoever can write everywhere, and computes
all hashes anew, leaves no trace but in copies that have left the centre.

Source: chained digests as in Haber and Stornetta 1991, J. Cryptology 3(2); SHA-256 of FIPS 180-4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any

import msgspec

from hotwash.errors import LessonError
from hotwash.lessons import fields
from hotwash.model.lesson import Lesson, Move

BEGINNING = "0" * 64
ORIGINATOR = "originator"  # stands for the reporter's id, which no history holds
KEPT_APART = ("lesson_id", "stage", "originator_id", "history")  # what no entry can set
ACTION_KINDS = ("training", "procedure", "equipment", "organisation", "other")
ACTION_STATES = ("open", "done", "dropped")
EVIDENCE_KINDS = (*("account", "finding", "recording", "attempt", "scores"), *("document", "checklist", "event"))
ENTRY = tuple(item.name for item in fields_of(Move))
FIELDS = tuple(item.name for item in fields_of(Lesson) if item.name not in KEPT_APART)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a history does not hold: at which entry, and what that means."""

    lesson_id: str
    number: int
    why: str


def hash_entry(lesson_id: str, entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry, as lower-case hexadecimal.

    entry    an entry as JSON holds it; its own sha256 is passed over
    returns  SHA-256 over the canonical JSON of the lesson's id and everything else in the entry
    """
    # The keys stand in order: then this text is the canonical one, made ten times as fast, and a test holds it to that.
    told = {
        "before": entry["before"], "by": entry["by"], "changes": entry["changes"], "kind": entry["kind"],
        "lesson_id": lesson_id, "number": entry["number"], "rests_on": entry["rests_on"], "role": entry["role"],
        "stage": entry["stage"], "when_utc": entry["when_utc"], "why": entry["why"],
    }  # fmt: skip
    return hashlib.sha256(_ENCODE(told)).hexdigest()


_ENCODE = msgspec.json.Encoder().encode
_SEALED = tuple(name for name in ENTRY if name != "sha256")


def next_entry(lesson_id: str, history: Sequence[Move], **told: Any) -> Move:
    """Return the next entry of a history, sealed.

    told   the fields of Move but number, before and sha256; changes as a mapping of JSON values
    """
    before = history[-1].sha256 if history else BEGINNING
    changes = fields.canonical(told.pop("changes"))
    open_ = Move(number=len(history), before=before, changes=changes, sha256="", **told)
    entry = fields.plain(open_)
    return Move(**{name: getattr(open_, name) for name in _SEALED}, sha256=hash_entry(lesson_id, entry))


def faults(lesson_id: str, entries: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return each place where a history does not hold; empty when it does.

    entries   as JSON holds them, in the order in which they are kept
    """
    found: list[Fault] = []
    before = BEGINNING
    for at, entry in enumerate(entries):
        if entry["number"] != at:
            why = f"entry {at} is missing, or stands in another place: the next one is numbered {entry['number']}"
            found.append(Fault(lesson_id, at, why))
            return tuple(found)
        if entry["before"] != before:
            why = f"entry {at} does not follow the one before it: one of them was put in, taken out or exchanged"
            found.append(Fault(lesson_id, at, why))
        if hash_entry(lesson_id, entry) != entry["sha256"]:
            found.append(Fault(lesson_id, at, f"entry {at} was changed after it was made: its hash does not fit it"))
        before = entry["sha256"]
    return tuple(found)


def find_missing_entry(
    lesson_id: str, entries: Sequence[Mapping[str, Any]], *, number: int, sha256: str
) -> Fault | None:
    """Return the fault of a history that lacks an entry which was seen in it once; None when it is there.

    number, sha256   of an entry, as they were noted in another place
    """
    if number < len(entries) and entries[number]["sha256"] == sha256:
        return None
    if number >= len(entries):
        why = f"it had {number + 1} entries once and has {len(entries)}: its end was cut off"
        return Fault(lesson_id, len(entries), why)
    return Fault(lesson_id, number, f"entry {number} is not the one that was noted once: the history was made anew")


def state(entries: Iterable[Mapping[str, Any]]) -> Json:
    """Return a lesson's fields after its last entry, as JSON holds them; stage among them."""
    found: Json = {"title": "", "stage": ""}
    for entry in entries:
        found.update(msgspec.json.decode(entry["changes"]))
        found["stage"] = entry["stage"]
    return found


def lesson(lesson_id: str, entries: Sequence[Mapping[str, Any]], *, originator_id: str = "") -> Lesson:
    """Return the lesson that a history makes.

    originator_id   the reporter, who is kept apart from the history
    raises          LessonError when an entry sets what is no field of a lesson
    """
    moves = [fields.build_record(Move, entry) for entry in entries]
    rest = {"lesson_id": lesson_id, "originator_id": originator_id}
    return fields.build_record(Lesson, state(entries) | rest | {"history": moves}, thing=f"lesson {lesson_id}")


def check_changes(changes: Mapping[str, object], *, thing: str) -> Json:
    """Return changes as JSON holds them.

    raises   LessonError for a field that no entry can set, or a value of another kind
    """
    for name in changes:
        if name in KEPT_APART:
            raise LessonError(thing, place=name, why=f"cannot be set; a move sets {', '.join(FIELDS)}")
    found = {name: fields.check_field(Lesson, name, value, thing=thing) for name, value in changes.items()}
    _check_place(found, thing)
    _check_words(found.get("actions", ()), "actions", (("kind", ACTION_KINDS), ("state", ACTION_STATES)), thing)
    _check_words(found.get("evidence", ()), "evidence", (("kind", EVIDENCE_KINDS),), thing)
    ids = [action["action_id"] for action in found.get("actions", ())]
    if len(set(ids)) < len(ids) or "" in ids:
        raise LessonError(thing, place="actions", why="each action needs an action_id of its own")
    return found


def _check_place(found: Mapping[str, Any], thing: str) -> None:
    for name, most in (("lat_deg", 90.0), ("lon_deg", 180.0)):
        value = found.get(name)
        if value is not None and abs(value) > most:
            raise LessonError(thing, place=name, why=f"{value:g} is no such angle; it lies within ± {most:g}")


def _check_words(
    rows: Iterable[Mapping[str, Any]], field: str, words: Iterable[tuple[str, tuple[str, ...]]], thing: str
) -> None:
    for row in rows:
        for name, known in words:
            if row[name] not in known:
                why = f"{name} {row[name]!r} is none of {', '.join(known)}"
                raise LessonError(thing, place=field, why=why)
