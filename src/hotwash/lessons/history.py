"""A lesson's history: entries are only ever added, and each carries the hash of the one before.

    000… ─▶ entry 0 ─sha256─▶ entry 1 ─sha256─▶ entry 2 ─sha256─▶ head

An entry that was changed, removed, inserted or moved no longer fits the entries after it. Entries cut off at the end
leave a valid chain: only the latest hash, stored elsewhere, reveals that. Somebody who can write everywhere and
recomputes all hashes is revealed only by copies stored outside the centre.

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
from hotwash.lessons import json_values
from hotwash.model.lesson import Lesson, Move
from hotwash.visible import quote

BEGINNING = "0" * 64
ORIGINATOR = "originator"  # stands in for the reporter's id, which no history contains
KEPT_APART = ("lesson_id", "stage", "originator_id", "history")  # fields that no entry can set
ACTION_KINDS = ("training", "procedure", "equipment", "organisation", "other")
ACTION_STATES = ("open", "done", "dropped")
EVIDENCE_KINDS = (*("account", "finding", "recording", "attempt", "scores"), *("document", "checklist", "event"))
ENTRY = tuple(item.name for item in fields_of(Move))
FIELDS = tuple(item.name for item in fields_of(Lesson) if item.name not in KEPT_APART)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a history: the entry and what is wrong."""

    lesson_id: str
    number: int
    why: str


def hash_entry(lesson_id: str, entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry, as lower-case hexadecimal.

    entry    as JSON values; its own sha256 is ignored
    returns  SHA-256 over the canonical JSON of the lesson's id and everything else in the entry
    """
    # With its keys in order, this text is the canonical one, made ten times as fast; a test compares the two.
    values = {
        "before": entry["before"], "by": entry["by"], "changes": entry["changes"], "kind": entry["kind"],
        "lesson_id": lesson_id, "number": entry["number"], "rests_on": entry["rests_on"], "role": entry["role"],
        "stage": entry["stage"], "when_utc": entry["when_utc"], "why": entry["why"],
    }  # fmt: skip
    return hashlib.sha256(_ENCODE(values)).hexdigest()


_ENCODE = msgspec.json.Encoder().encode
_HASHED_FIELDS = tuple(name for name in ENTRY if name != "sha256")


def next_entry(lesson_id: str, history: Sequence[Move], **values: Any) -> Move:
    """Return the next entry of a history, with its hash.

    values   the fields of Move except number, before and sha256; changes as a mapping of JSON values
    """
    before = history[-1].sha256 if history else BEGINNING
    changes = json_values.canonical(values.pop("changes"))
    open_ = Move(number=len(history), before=before, changes=changes, sha256="", **values)
    entry = json_values.plain(open_)
    return Move(**{name: getattr(open_, name) for name in _HASHED_FIELDS}, sha256=hash_entry(lesson_id, entry))


def faults(lesson_id: str, entries: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return the faults of a history; empty when it is intact.

    entries   as JSON values, in stored order
    """
    result: list[Fault] = []
    before = BEGINNING
    for at, entry in enumerate(entries):
        if entry["number"] != at:
            why = f"entry {at} is missing or out of place: the next one is number {entry['number']}"
            result.append(Fault(lesson_id, at, why))
            return tuple(result)
        if entry["before"] != before:
            why = f"entry {at} does not follow the one before it: an entry was inserted, removed or replaced"
            result.append(Fault(lesson_id, at, why))
        if hash_entry(lesson_id, entry) != entry["sha256"]:
            result.append(Fault(lesson_id, at, f"entry {at} was changed after it was written: its hash does not match"))
        before = entry["sha256"]
    return tuple(result)


def find_missing_entry(
    lesson_id: str, entries: Sequence[Mapping[str, Any]], *, number: int, sha256: str
) -> Fault | None:
    """Return the fault of a history that lacks an entry noted earlier; None when the entry is there.

    number, sha256   of the entry, as noted elsewhere
    """
    if number < len(entries) and entries[number]["sha256"] == sha256:
        return None
    if number >= len(entries):
        why = f"it had {number + 1} entries earlier and now has {len(entries)}: its end was cut off"
        return Fault(lesson_id, len(entries), why)
    return Fault(lesson_id, number, f"entry {number} is not the one noted earlier: the history was rewritten")


def state(entries: Iterable[Mapping[str, Any]]) -> Json:
    """Return a lesson's fields, stage included, after its last entry, as JSON values."""
    values: Json = {"title": "", "stage": ""}
    for entry in entries:
        values.update(msgspec.json.decode(entry["changes"]))
        values["stage"] = entry["stage"]
    return values


def lesson(lesson_id: str, entries: Sequence[Mapping[str, Any]], *, originator_id: str = "") -> Lesson:
    """Return the lesson after the last entry of a history.

    originator_id   the reporter, who is stored apart from the history
    raises          LessonError when an entry sets an unknown field
    """
    moves = [json_values.build_record(Move, entry) for entry in entries]
    rest = {"lesson_id": lesson_id, "originator_id": originator_id}
    return json_values.build_record(Lesson, state(entries) | rest | {"history": moves}, thing=f"lesson {lesson_id}")


def check_changes(changes: Mapping[str, object], *, thing: str) -> Json:
    """Return changes as JSON values.

    raises   LessonError for a field that no entry can set, or a value of the wrong type
    """
    for name in changes:
        if name in KEPT_APART:
            raise LessonError(thing, place=name, why=f"cannot be set; a step can set {', '.join(FIELDS)}")
    values = {name: json_values.check_field(Lesson, name, value, thing=thing) for name, value in changes.items()}
    _check_place(values, thing)
    _check_words(values.get("actions", ()), "actions", (("kind", ACTION_KINDS), ("state", ACTION_STATES)), thing)
    _check_words(values.get("evidence", ()), "evidence", (("kind", EVIDENCE_KINDS),), thing)
    ids = [action["action_id"] for action in values.get("actions", ())]
    if len(set(ids)) < len(ids) or "" in ids:
        raise LessonError(thing, place="actions", why="each action needs an action_id of its own")
    return values


def _check_place(values: Mapping[str, Any], thing: str) -> None:
    for name, most in (("lat_deg", 90.0), ("lon_deg", 180.0)):
        value = values.get(name)
        if value is not None and abs(value) > most:
            raise LessonError(thing, place=name, why=f"{value:g} is out of range; it must lie within ± {most:g}")


def _check_words(
    rows: Iterable[Mapping[str, Any]], field: str, words: Iterable[tuple[str, tuple[str, ...]]], thing: str
) -> None:
    for row in rows:
        for name, known in words:
            if row[name] not in known:
                why = f"{name} {quote(row[name])} is not one of {', '.join(known)}"
                raise LessonError(thing, place=field, why=why)
