"""The exchange file: lessons with their full history, for another centre or tool.

    document(lessons, …) ─▶ JSON values, format hotwash-lessons/1 ─▶ parse_document(document) ─▶ File
    File.lessons, one by one ─▶ parse_lesson(row) ─▶ compare_histories(ours, theirs)

Its schema is lessons.schema.json, which is part of the package. The history is what counts: the fields beside it are
for tools that do not read histories, and a file whose fields contradict its history is refused.

When two centres have edited one lesson, the hashes show how far their histories agree:

    ours   a─b─c          theirs   a─b─c─d─e     ─▶ forward: d and e are added
    ours   a─b─c─d        theirs   a─b─c         ─▶ behind: nothing to do
    ours   a─b─c─d        theirs   a─b─c─e       ─▶ conflict: both are kept until a person settles it

A conflict is exported with its lesson. Only a file that contains one is of version 2; every other file is of version 1,
so a program that reads version 1 alone can read every file without conflicts.
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
from hotwash.lessons import entry_schema, history, json_values, process
from hotwash.model.ids import fault_of_id
from hotwash.model.lesson import Lesson
from hotwash.model.objective import Objective
from hotwash.visible import quote

FORMAT = "hotwash-lessons"
VERSION = 1
WITH_CONFLICTS = 2  # the version of a file with conflicts, and the newest that is read
BRANCH = "branch:"  # in `rests_on`: the last hash of the history that the step settled
KEPT = ("ours", "theirs")

Json = dict[str, Any]

_HEAD = ("format", "hotwash_version", "made_utc", "centre_id", "centre", "marking")
_KEYS = (*_HEAD, "people", "objectives", "lessons")
CONFLICT = ("lesson_id", "from_centre", "found_utc", "kept", "history")
_BESIDE = {"lesson_id", "stage", "history", "originator_id"}


@dataclass(frozen=True, slots=True)
class FileLesson:
    """One checked lesson of a file: its history, its state after it, and its reporter where the file names one.

    entries   empty where the file is from a tool that keeps no history; `state` then holds the fields that it wrote
    """

    lesson_id: str
    entries: list[Json]
    state: Json
    originator_id: str


@dataclass(frozen=True, slots=True)
class FileConflict:
    """A conflict in a file: the full history of the other side.

    from_centre   name of the centre that wrote the other history
    kept          which side the sender kept: ours or theirs; "" while it is open there
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
    """The content of a file.

    lessons   each as JSON values or JSON text, not yet checked; `parse_lesson` does that
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
    """What to do with an imported lesson: new, same, behind, forward, known or conflict.

    ancestor   number of entries that both histories share
    """

    kind: str
    ancestor: int


def lesson_item(lesson: Lesson, *, with_reporter: bool = False) -> Json:
    """Return a lesson as the file holds it; its reporter only on request."""
    item: Json = json_values.plain(lesson)
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
    people      person_id, name, function, unit; only where names were requested
    conflicts   as `conflict_item` returns them, of these lessons
    """
    conflict_rows = list(conflicts)
    version = WITH_CONFLICTS if conflict_rows else VERSION
    head = (f"{FORMAT}/{version}", made_by, json_values.time_text(made_utc), centre_id, centre, marking)
    file: Json = dict(zip(_HEAD, head, strict=True))
    file |= {"people": list(people), "objectives": [json_values.plain(one) for one in objectives]}
    return file | ({"conflicts": conflict_rows} if conflict_rows else {}) | {"lessons": list(lessons)}


def conflict_item(
    lesson_id: str, entries: Sequence[Json], *, from_centre: str, found_utc: datetime, kept: str
) -> Json:  # fmt: skip
    """Return a conflict as the file holds it.

    entries   the full other history, as JSON values
    kept      ours or theirs; "" while it is open
    """
    values = (lesson_id, from_centre, json_values.time_text(found_utc), kept, list(entries))
    return dict(zip(CONFLICT, values, strict=True))


def parse_document(content: Any, *, name: str) -> File:
    """Return the content of a file, all of it checked but the lessons.

    content  JSON values; each lesson may still be JSON text
    name     of the file, for the error
    raises   ExchangeError when it is no file of lessons, of a newer version, or anything beside the lessons is wrong
    """
    version = _version(content, name)
    unknown = sorted(set(content) - set(_keys(version)))
    if unknown:
        why = f"unknown key in version {version}; choose from {', '.join(_keys(version))}"
        raise ExchangeError(name, place=unknown[0], why=why)
    for key in ("lessons", "people", "objectives", "conflicts"):
        if not isinstance(content.get(key, []), list):
            raise ExchangeError(name, place=key, why="must be a list")
    centre_id, centre, marking = (str(content.get(key, "")) for key in ("centre_id", "centre", "marking"))
    beside = (_objectives(content, name), _people(content, name), _conflicts(content, name))
    return File(centre_id, centre, marking, content.get("lessons", []), *beside)


_VERSION = re.compile(r"[0-9]{1,9}")


def _version(content: Any, name: str) -> int:
    label = content.get("format") if isinstance(content, Mapping) else None
    kind, _, version = str(label or "").partition("/")
    if not isinstance(content, Mapping) or kind != FORMAT or not _VERSION.fullmatch(version):
        why = f"is not a file of lessons: its format is {quote(label)}, not {FORMAT}/{VERSION}"
        raise ExchangeError(name, place="format", why=why)
    if int(version) > WITH_CONFLICTS:
        why = (
            f"is of version {version}; this hotwash reads versions up to {WITH_CONFLICTS}. Install a newer hotwash, or "
            f"ask the sender for a file of version {WITH_CONFLICTS}"
        )
        raise ExchangeError(name, place="format", why=why)
    return int(version)


def _keys(version: int) -> tuple[str, ...]:
    return (*_KEYS, "conflicts") if version >= WITH_CONFLICTS else _KEYS


def parse_lesson(row: Any, *, name: str) -> FileLesson:
    """Return one lesson of a file after checking its form, its hashes, its steps and the fields beside its history.

    row      JSON values, or JSON text
    raises   ExchangeError
    """
    row = _parsed(row, name)
    lesson_id = row.get("lesson_id") if isinstance(row, Mapping) else None
    if not isinstance(lesson_id, str) or not lesson_id.strip():
        raise ExchangeError(name, place="lessons", why="a lesson has no lesson_id; give each lesson its own")
    place = f"lesson {lesson_id}"
    _check_id(lesson_id, name, place, "lesson_id")
    who = row.get("originator_id", "")
    if not isinstance(who, str):
        raise ExchangeError(name, place=place, why="originator_id must be text")
    _check_id(who or "nobody", name, place, "originator_id")
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


def _check_id(text: str, name: str, place: str, key: str) -> None:
    if why := fault_of_id(text):
        raise ExchangeError(name, place=f"{place}, {key}", why=why)


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
        return "is not UTF-8 text; save it as UTF-8"
    if _HALF.search(_PAIR.sub("", text)):
        return "contains half a character (a lone surrogate), which UTF-8 does not allow; write that text again"
    return f"is not valid JSON: {fault}; was the copy cut short?"


_PAIR = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _entries(lesson_id: str, rows: Any) -> list[Json]:
    """Return a history after checking its form and its hashes."""
    if not isinstance(rows, list):
        raise LessonError(lesson_id, place="history", why="must be a list of entries")
    fault = entry_schema.fault_of_entries(rows)
    if fault is not None:
        raise LessonError(lesson_id, place=f"history[{fault[0]}]", why=fault[1])
    for at, row in enumerate(rows):
        if row["by"] and (why := fault_of_id(row["by"])):
            raise LessonError(lesson_id, place=f"history[{at}] by", why=why)
    faults = history.faults(lesson_id, rows)
    if faults:
        raise LessonError(lesson_id, place=f"history[{faults[0].number}]", why=faults[0].why)
    return rows


def _state(entries: Sequence[Json]) -> Json:
    """Return the lesson's fields after a history, each step of which must be a permitted one."""
    state: Json = {"title": "", "stage": ""}
    for entry in entries:
        place = f"history[{entry['number']}]"
        if not process.follows(state["stage"], entry):
            here = state["stage"] or "the beginning"
            why = f"{entry['kind']} by {entry['role']} to {entry['stage']} is not a permitted step from {here}"
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
    if not entry_schema.is_as_written(text) and history.check_changes(changes, thing=place) != changes:
        raise LessonError("", place=place, why="its changes are not in the form that hotwash writes")
    return changes


def _check_beside(beside: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Refuse fields that contradict the history; a field that the history never set is empty."""
    values = {**_EMPTY, **state}
    if beside.items() <= values.items():
        return
    for name, value in beside.items():
        if value != values.get(name):
            why = "contradicts the history; a change made outside the history cannot be imported"
            raise LessonError("", place=name, why=why)


_EMPTY: Json = {item.name: json_values.plain(item.default) for item in fields_of(Lesson) if item.name in history.FIELDS}


def _objectives(content: Mapping[str, Any], name: str) -> tuple[Objective, ...]:
    try:
        built = [json_values.build_record(Objective, row, thing="objective") for row in content.get("objectives", [])]
    except (LessonError, TypeError, AttributeError) as fault:
        raise ExchangeError(name, place="objectives", why=str(fault)) from None
    for at, one in enumerate(built):
        _check_id(one.objective_id, name, f"objectives[{at}]", "objective_id")
        for attempt_id in one.attempts:
            _check_id(attempt_id, name, f"objectives[{at}]", "attempts")
    return tuple(built)


def _people(content: Mapping[str, Any], name: str) -> tuple[Json, ...]:
    rows = content.get("people", [])
    keys = {"person_id", "name", "function", "unit"}
    for at, row in enumerate(rows):
        if not isinstance(row, dict) or row.keys() != keys or not all(type(one) is str for one in row.values()):
            raise ExchangeError(name, place="people", why=f"each must have {', '.join(sorted(keys))}, as text")
        _check_id(row["person_id"], name, f"people[{at}]", "person_id")
    return tuple(rows)


def _conflicts(content: Mapping[str, Any], name: str) -> tuple[FileConflict, ...]:
    """Return the conflicts of a file, each history checked like that of a lesson."""
    conflicts: dict[tuple[str, str], FileConflict] = {}
    for at, row in enumerate(content.get("conflicts", [])):
        one = _conflict(row, f"conflicts[{at}]", name)
        if (one.lesson_id, one.head) in conflicts:
            raise ExchangeError(name, place=f"conflicts[{at}]", why="is in the file twice; remove one of them")
        conflicts[one.lesson_id, one.head] = one
    return tuple(conflicts.values())


def _conflict(row: Any, place: str, name: str) -> FileConflict:
    is_formed = isinstance(row, dict) and row.keys() == set(CONFLICT)
    if not is_formed or not all(type(row[key]) is str for key in CONFLICT[:-1]) or not row["lesson_id"].strip():
        raise ExchangeError(name, place=place, why=f"each must have {', '.join(CONFLICT)}")
    _check_id(row["lesson_id"], name, place, "lesson_id")
    if row["kept"] not in ("", *KEPT) or not entry_schema.is_time(row["found_utc"]):
        why = 'kept must be "", ours or theirs, and found_utc a time like 2026-03-01T12:00:00.000000Z'
        raise ExchangeError(name, place=place, why=why)
    try:
        entries = _entries(row["lesson_id"], row["history"])
        _state(entries)
    except LessonError as fault:
        raise ExchangeError(name, place=f"{place} {fault.place}".strip(), why=fault.why) from None
    if not entries:
        raise ExchangeError(name, place=place, why="has no history; a conflict must include the other history")
    return FileConflict(row["lesson_id"], row["from_centre"], row["found_utc"], row["kept"], entries)


def compare_histories(ours: Sequence[Mapping[str, Any]], theirs: Sequence[str]) -> Decision:
    """Return what to do with an imported lesson, given its history here and the hashes of the imported one.

    A conflict that was settled here stays settled when the same history is imported again.
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
    """Return the entries of a history that settled a conflict, by the last hash of the other history."""
    return {
        name.removeprefix(BRANCH): dict(entry)
        for entry in entries
        for name in entry["rests_on"]
        if name.startswith(BRANCH)
    }


def differing_fields(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Json:
    """Return the other side's values of the fields that differ, stage excepted."""
    return {
        name: theirs.get(name, _EMPTY[name])
        for name in history.FIELDS
        if theirs.get(name, _EMPTY[name]) != ours.get(name, _EMPTY[name])
    }
