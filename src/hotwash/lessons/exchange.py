"""The exchange file: lessons with their whole history, from one centre or tool to another.

    document(lessons, …) ─▶ JSON values, format hotwash-lessons/1 ─▶ arrived(document) ─▶ File
    File.lessons, one by one ─▶ lesson_of(row) ─▶ decision(ours, theirs)

Its form is lessons.schema.json, which travels in the package. The history is what counts: fields beside it are
there for tools that know nothing of it, and a file whose fields say something else than its history is refused.

When two centres wrote on one lesson, their histories have a common beginning, which the hashes tell:

    ours   a─b─c          theirs   a─b─c─d─e     ─▶ forward: d and e are added
    ours   a─b─c─d        theirs   a─b─c         ─▶ behind: nothing to do
    ours   a─b─c─d        theirs   a─b─c─e       ─▶ conflict: both are kept, and a person settles it with a move

A conflict travels with its lesson. Only a file that holds one needs version 2; any other is of version 1, which is
the lowest that holds all of it, so that whoever reads version 1 alone can read whatever has no conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

import msgspec

from hotwash.errors import ExchangeError, LessonError
from hotwash.lessons import fields, forms, history, process
from hotwash.model.lesson import Lesson
from hotwash.model.objective import Objective

FORMAT = "hotwash-lessons"
VERSION = 1
WITH_CONFLICTS = 2  # the version of a file that holds conflicts, and the newest that is read
BRANCH = "branch:"  # in what a move rests on: the head of the history that it settled
KEPT = ("ours", "theirs")

Json = dict[str, Any]

_HEAD = ("format", "hotwash_version", "made_utc", "centre_id", "centre", "marking")
_KEYS = (*_HEAD, "people", "objectives", "lessons")
CONFLICT = ("lesson_id", "from_centre", "found_utc", "kept", "history")
_BESIDE = {"lesson_id", "stage", "history", "originator_id"}


@dataclass(frozen=True, slots=True)
class FileLesson:
    """One lesson of a file, looked through: its history, what that makes of it, and its reporter where the file tells.

    entries   empty where another tool wrote the lesson, which keeps no history: `state` is then what it says
    """

    lesson_id: str
    entries: list[Json]
    state: Json
    originator_id: str


@dataclass(frozen=True, slots=True)
class FileConflict:
    """A conflict that came with its lesson: the other history, whole.

    from_centre   the name of the centre that wrote it
    kept          what was kept when the sender settled it: ours or theirs; "" while it is open there
    """

    lesson_id: str
    from_centre: str
    found_utc: str
    kept: str
    entries: list[Json]

    @property
    def head(self) -> str:
        """The hash of the other history's last entry."""
        return str(self.entries[-1]["sha256"])


@dataclass(frozen=True, slots=True)
class File:
    """What a file holds.

    lessons   each as JSON values or as JSON text, not looked through yet: that is for `lesson_of`
    """

    centre_id: str
    centre: str
    marking: str
    lessons: Sequence[Any]
    objectives: tuple[Objective, ...]
    people: tuple[Json, ...]
    conflicts: tuple[FileConflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a lesson that arrived: new, same, behind, forward, known or conflict.

    ancestor   how many entries both have in common
    """

    kind: str
    ancestor: int


def lesson_item(lesson: Lesson, *, with_reporter: bool = False) -> Json:
    """Return a lesson as the file holds it; its reporter only when asked."""
    item: Json = fields.plain(lesson)
    if not with_reporter:
        del item["originator_id"]
    return item


def document(
    lessons: Iterable[Json], *, centre_id: str, centre: str, made_utc: datetime, made_by: str, marking: str = "",
    objectives: Iterable[Objective] = (), people: Iterable[Json] = (), conflicts: Iterable[Json] = (),
) -> Json:  # fmt: skip
    """Return a whole file as JSON values.

    lessons     as `lesson_item` returns them
    made_by     the version of hotwash
    people      person_id, name, function, unit; leave it out unless names were asked for
    conflicts   as `conflict_item` returns them, of these lessons
    """
    parted = list(conflicts)
    version = WITH_CONFLICTS if parted else VERSION
    head = (f"{FORMAT}/{version}", made_by, fields.time_text(made_utc), centre_id, centre, marking)
    found: Json = dict(zip(_HEAD, head, strict=True))
    found |= {"people": list(people), "objectives": [fields.plain(one) for one in objectives]}
    return found | ({"conflicts": parted} if parted else {}) | {"lessons": list(lessons)}


def conflict_item(
    lesson_id: str, entries: Sequence[Json], *, from_centre: str, found_utc: datetime, kept: str
) -> Json:  # fmt: skip
    """Return a conflict as the file holds it.

    entries   the whole other history, as JSON holds it
    kept      ours or theirs; "" while it is open
    """
    told = (lesson_id, from_centre, fields.time_text(found_utc), kept, list(entries))
    return dict(zip(CONFLICT, told, strict=True))


def parse_document(found: Any, *, name: str) -> File:
    """Return what a file holds. Its lessons are not looked through yet; everything else is.

    found    its JSON values; each of its lessons may still be JSON text
    name     of the file, for the error
    raises   ExchangeError when it is none of ours, of a newer version, or something beside the lessons does not hold
    """
    version = _version(found, name)
    strange = sorted(set(found) - set(_keys(version)))
    if strange:
        why = f"there is no such key in version {version}; there are {', '.join(_keys(version))}"
        raise ExchangeError(name, place=strange[0], why=why)
    for key in ("lessons", "people", "objectives", "conflicts"):
        if not isinstance(found.get(key, []), list):
            raise ExchangeError(name, place=key, why="must be a list")
    centre_id, centre, marking = (str(found.get(key, "")) for key in ("centre_id", "centre", "marking"))
    beside = (_objectives(found, name), _people(found, name), _conflicts(found, name))
    return File(centre_id, centre, marking, found.get("lessons", []), *beside)


def _version(found: Any, name: str) -> int:
    label = found.get("format") if isinstance(found, Mapping) else None
    kind, _, version = str(label or "").partition("/")
    if not isinstance(found, Mapping) or kind != FORMAT or not (version.isascii() and version.isdigit()):
        why = f"is no file of lessons: its format is {label!r}, where {FORMAT}/{VERSION} is wanted"
        raise ExchangeError(name, place="format", why=why)
    if int(version) > WITH_CONFLICTS:
        why = (
            f"is of version {version}, and this hotwash reads up to {WITH_CONFLICTS}; install the newer hotwash, or "
            f"ask the sender for a file of version {WITH_CONFLICTS}"
        )
        raise ExchangeError(name, place="format", why=why)
    return int(version)


def _keys(version: int) -> tuple[str, ...]:
    return (*_KEYS, "conflicts") if version >= WITH_CONFLICTS else _KEYS


def parse_lesson(row: Any, *, name: str) -> FileLesson:
    """Return one lesson of a file, looked through: its form, its hashes, its moves, and the fields beside them.

    row      JSON values, or JSON text
    raises   ExchangeError
    """
    row = _parsed(row, name)
    lesson_id = row.get("lesson_id") if isinstance(row, Mapping) else None
    if not isinstance(lesson_id, str) or not lesson_id.strip():
        raise ExchangeError(name, place="lessons", why="a lesson without lesson_id; give each a lesson_id of its own")
    place = f"lesson {lesson_id}"
    who = row.get("originator_id", "")
    if not isinstance(who, str):
        raise ExchangeError(name, place=place, why="originator_id must be text")
    beside = {key: value for key, value in row.items() if key not in _BESIDE}
    try:
        entries = _entries(lesson_id, row.get("history", []))
        if not entries:
            return FileLesson(lesson_id, [], history.check_changes(beside, thing=place), who)
        state = _state(entries)
        _check_beside(beside | ({"stage": row["stage"]} if "stage" in row else {}), state)
    except LessonError as fault:
        raise ExchangeError(name, place=f"{place} {fault.place}".strip(), why=fault.why) from None
    return FileLesson(lesson_id, entries, state, who)


def _parsed(row: Any, name: str) -> Any:
    if not isinstance(row, bytes | msgspec.Raw):
        return row
    try:
        return msgspec.json.decode(row)
    except (ValueError, RecursionError) as fault:
        text = bytes(row).decode(errors="replace")
        place = f"lessons: {text[:60]}…" if len(text) > 60 else f"lessons: {text}"
        raise ExchangeError(name, place=place, why=why_not_json(fault, text)) from None


def why_not_json(fault: Exception, text: str) -> str:
    """Return why a text could not be read as JSON, and what to do about it.

    fault   what the parser said
    """
    if isinstance(fault, RecursionError):
        return "is nested too deeply for a file of lessons"
    if isinstance(fault, UnicodeDecodeError):
        return "is no UTF-8; save it as UTF-8"
    if _HALF.search(_PAIR.sub("", text)):
        return "holds half a character, which no UTF-8 file can; write it anew"
    return f"is no JSON: {fault}; was the copy cut short?"


_PAIR = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _entries(lesson_id: str, rows: Any) -> list[Json]:
    """Return a history that is whole and of known form."""
    if not isinstance(rows, list):
        raise LessonError(lesson_id, place="history", why="must be a list of entries")
    fault = forms.fault_of_entries(rows)
    if fault is not None:
        raise LessonError(lesson_id, place=f"history[{fault[0]}]", why=fault[1])
    found = history.faults(lesson_id, rows)
    if found:
        raise LessonError(lesson_id, place=f"history[{found[0].number}]", why=found[0].why)
    return rows


def _state(entries: Sequence[Json]) -> Json:
    """Return what a history makes, after looking that each of its moves was permitted."""
    state: Json = {"title": "", "stage": ""}
    for entry in entries:
        place = f"history[{entry['number']}]"
        if not process.follows(state["stage"], entry):
            here = state["stage"] or "the beginning"
            why = f"{entry['kind']} by {entry['role']} to {entry['stage']} is no permitted move from {here}"
            raise LessonError("", place=place, why=why)
        if entry["changes"] != "{}":
            state.update(_changes(entry["changes"], place))
        state["stage"] = entry["stage"]
    return state


def _changes(text: str, place: str) -> Json:
    try:
        changes: Any = msgspec.json.decode(text)
    except (ValueError, RecursionError) as fault:
        raise LessonError("", place=place, why=f"its changes: {why_not_json(fault, text)}") from None
    if not isinstance(changes, dict):
        raise LessonError("", place=place, why="its changes must be a table of named values")
    if not forms.is_as_written(text) and history.check_changes(changes, thing=place) != changes:
        raise LessonError("", place=place, why="its changes are not written as they would be here")
    return changes


def _check_beside(beside: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Refuse fields that say something else than the history; one that the history never set is empty."""
    whole = {**_EMPTY, **state}
    if beside.items() <= whole.items():
        return
    for name, value in beside.items():
        if value != whole.get(name):
            why = "says something else than the history; what was changed outside it cannot be taken"
            raise LessonError("", place=name, why=why)


_EMPTY: Json = {item.name: fields.plain(item.default) for item in fields_of(Lesson) if item.name in history.FIELDS}


def _objectives(found: Mapping[str, Any], name: str) -> tuple[Objective, ...]:
    try:
        return tuple(fields.build_record(Objective, row, thing="objective") for row in found.get("objectives", []))
    except (LessonError, TypeError, AttributeError) as fault:
        raise ExchangeError(name, place="objectives", why=str(fault)) from None


def _people(found: Mapping[str, Any], name: str) -> tuple[Json, ...]:
    rows = found.get("people", [])
    keys = {"person_id", "name", "function", "unit"}
    for row in rows:
        if not isinstance(row, dict) or row.keys() != keys or not all(type(one) is str for one in row.values()):
            raise ExchangeError(name, place="people", why=f"each needs {', '.join(sorted(keys))}, as text")
    return tuple(rows)


def _conflicts(found: Mapping[str, Any], name: str) -> tuple[FileConflict, ...]:
    """Return the conflicts of a file, each history among them looked through like that of a lesson."""
    parted: dict[tuple[str, str], FileConflict] = {}
    for at, row in enumerate(found.get("conflicts", [])):
        one = _conflict(row, f"conflicts[{at}]", name)
        if (one.lesson_id, one.head) in parted:
            raise ExchangeError(name, place=f"conflicts[{at}]", why="stands in it twice; take one of them out")
        parted[one.lesson_id, one.head] = one
    return tuple(parted.values())


def _conflict(row: Any, place: str, name: str) -> FileConflict:
    is_formed = isinstance(row, dict) and row.keys() == set(CONFLICT)
    if not is_formed or not all(type(row[key]) is str for key in CONFLICT[:-1]) or not row["lesson_id"].strip():
        raise ExchangeError(name, place=place, why=f"each needs {', '.join(CONFLICT)}")
    if row["kept"] not in ("", *KEPT) or not forms.is_time(row["found_utc"]):
        why = 'kept is "", ours or theirs, and found_utc must read 2026-03-01T12:00:00.000000Z'
        raise ExchangeError(name, place=place, why=why)
    try:
        entries = _entries(row["lesson_id"], row["history"])
        _state(entries)
    except LessonError as fault:
        raise ExchangeError(name, place=f"{place} {fault.place}".strip(), why=fault.why) from None
    if not entries:
        raise ExchangeError(name, place=place, why="has no history; without the other history there is no conflict")
    return FileConflict(row["lesson_id"], row["from_centre"], row["found_utc"], row["kept"], entries)


def compare_histories(ours: Sequence[Mapping[str, Any]], theirs: Sequence[str]) -> Decision:
    """Return what becomes of a lesson, from its history here and the one that arrived.

    theirs   the hashes of the one that arrived, in order

    A conflict that was settled here stays settled when the same history arrives again.
    """
    common = 0
    for one, other in zip(ours, theirs, strict=False):
        if one["sha256"] != other:
            break
        common += 1
    if not ours:
        return Decision("new", 0)
    if common == len(theirs):
        return Decision("same" if common == len(ours) else "behind", common)
    if common == len(ours):
        return Decision("forward", common)
    return Decision("known" if theirs[-1] in settling_entries(ours) else "conflict", common)


def settling_entries(entries: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
    """Return the entry of a history that settled each other history, by the head of that."""
    return {
        name.removeprefix(BRANCH): dict(entry)
        for entry in entries
        for name in entry["rests_on"]
        if name.startswith(BRANCH)
    }


def differing_fields(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Json:
    """Return the fields, but for the stage, that the other side has otherwise, as it has them."""
    return {
        name: theirs.get(name, _EMPTY[name])
        for name in history.FIELDS
        if theirs.get(name, _EMPTY[name]) != ours.get(name, _EMPTY[name])
    }
