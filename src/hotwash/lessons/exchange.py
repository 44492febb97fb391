"""The exchange file: lessons with their whole history, from one centre or tool to another.

    document(lessons, …) ─▶ JSON values, format hotwash-lessons/1 ─▶ arrived(document) ─▶ decision(ours, theirs)

Its form is lessons.schema.json, which travels in the package. The history is what counts: fields beside it are
there for tools that know nothing of it, and a file whose fields say something else than its history is refused.

When two centres wrote on one lesson, their histories have a common beginning, which the hashes tell:

    ours   a─b─c          theirs   a─b─c─d─e     ─▶ forward: d and e are added
    ours   a─b─c─d        theirs   a─b─c         ─▶ behind: nothing to do
    ours   a─b─c─d        theirs   a─b─c─e       ─▶ conflict: both are kept, and a person settles it with a move
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

from hotwash.errors import ExchangeError, LessonError
from hotwash.lessons import fields, forms, history, process
from hotwash.model.lesson import Lesson, Move
from hotwash.model.objective import Objective

FORMAT = "hotwash-lessons"
VERSION = 1
BRANCH = "branch:"  # in what a move rests on: the head of the history that it settled

Json = dict[str, Any]

_HEAD = ("format", "hotwash_version", "made_utc", "centre_id", "centre", "marking")
_KEYS = (*_HEAD, "people", "objectives", "lessons")
_ENTRY = {item.name for item in fields_of(Move)}
_TEXTS = tuple(name for name in _ENTRY if name not in ("number", "rests_on"))
_BESIDE = {"lesson_id", "stage", "history", "originator_id"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """One lesson of a file, looked through: its history, what that makes of it, and its reporter where the file tells.

    entries   empty where another tool wrote the lesson, which keeps no history: `state` is then what it says
    """

    lesson_id: str
    entries: list[Json]
    state: Json
    originator_id: str


@dataclass(frozen=True, slots=True)
class File:
    """What a file holds."""

    centre_id: str
    centre: str
    marking: str
    lessons: tuple[Arrived, ...]
    objectives: tuple[Objective, ...]
    people: tuple[Json, ...]


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
    objectives: Iterable[Objective] = (), people: Iterable[Json] = (),
) -> Json:  # fmt: skip
    """Return a whole file as JSON values.

    lessons    as `lesson_item` returns them
    made_by    the version of hotwash
    people     person_id, name, function, unit; leave it out unless names were asked for
    """
    head = (f"{FORMAT}/{VERSION}", made_by, fields.time_text(made_utc), centre_id, centre, marking)
    found: Json = dict(zip(_HEAD, head, strict=True))
    rest = {"people": list(people), "objectives": [fields.plain(one) for one in objectives], "lessons": list(lessons)}
    return found | rest


def arrived(found: Any, *, name: str) -> File:
    """Return what a file holds, looked through from end to end.

    found    its JSON values
    name     of the file, for the error
    raises   ExchangeError when it is none of ours, of a newer version, or a history in it does not hold
    """
    _check_head(found, name)
    rows = found.get("lessons", [])
    if not isinstance(rows, list):
        raise ExchangeError(name, place="lessons", why="must be a list")
    lessons = tuple(lesson_of(row, name=name) for row in rows)
    ids = [one.lesson_id for one in lessons]
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise ExchangeError(name, place=f"lesson {twice}", why="stands in it twice; take one of them out")
    centre_id, centre, marking = (str(found.get(key, "")) for key in ("centre_id", "centre", "marking"))
    return File(centre_id, centre, marking, lessons, _objectives(found, name), _people(found, name))


def _check_head(found: Any, name: str) -> None:
    label = found.get("format") if isinstance(found, Mapping) else None
    kind, _, version = str(label or "").partition("/")
    if not isinstance(found, Mapping) or kind != FORMAT or not version.isdigit():
        why = f"is no file of lessons: its format is {label!r}, where {FORMAT}/{VERSION} is wanted"
        raise ExchangeError(name, place="format", why=why)
    if int(version) > VERSION:
        why = (
            f"is of version {version}, and this hotwash reads up to {VERSION}; install the newer hotwash, or ask the "
            f"sender for a file of version {VERSION}"
        )
        raise ExchangeError(name, place="format", why=why)
    strange = sorted(set(found) - set(_KEYS))
    if strange:
        raise ExchangeError(name, place=strange[0], why=f"there is no such key; there are {', '.join(_KEYS)}")


def lesson_of(row: Any, *, name: str) -> Arrived:
    """Return one lesson of a file, looked through.

    raises   ExchangeError
    """
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
            return Arrived(lesson_id, [], history.checked_changes(beside, thing=place), who)
        state = _state(entries)
        _check_beside(beside | ({"stage": row["stage"]} if "stage" in row else {}), state)
    except LessonError as fault:
        raise ExchangeError(name, place=f"{place} {fault.place}".strip(), why=fault.why) from None
    return Arrived(lesson_id, entries, state, who)


def _entries(lesson_id: str, rows: Any) -> list[Json]:
    """Return a history that is whole, of known form, and made of permitted moves."""
    if not isinstance(rows, list):
        raise LessonError(lesson_id, place="history", why="must be a list of entries")
    for at, row in enumerate(rows):
        is_formed = isinstance(row, dict) and row.keys() == _ENTRY and isinstance(row["number"], int)
        if not is_formed or not all(type(row[name]) is str for name in _TEXTS) or not forms.are_texts(row["rests_on"]):
            why = f"is no entry; it needs {', '.join(sorted(_ENTRY))}"
            raise LessonError(lesson_id, place=f"history[{at}]", why=why)
        if not forms.is_time(row["when_utc"]):
            raise LessonError(lesson_id, place=f"history[{at}]", why="when_utc must read 2026-03-01T12:00:00.000000Z")
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
        changes = json.loads(entry["changes"]) if entry["changes"] != "{}" else {}
        _check_changes(changes, place)
        state.update(changes)
        state["stage"] = entry["stage"]
    return state


def _check_changes(changes: Json, place: str) -> None:
    if forms.are_as_written(changes):
        return
    if history.checked_changes(changes, thing=place) != changes:
        raise LessonError("", place=place, why="its changes are not written as they would be here")


def _check_beside(beside: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Refuse fields that say something else than the history; one that the history never set is empty."""
    for name, value in beside.items():
        if value != state.get(name, _EMPTY.get(name)):
            why = "says something else than the history; what was changed outside it cannot be taken"
            raise LessonError("", place=name, why=why)


_EMPTY: Json = {item.name: fields.plain(item.default) for item in fields_of(Lesson) if item.name in history.FIELDS}


def _objectives(found: Mapping[str, Any], name: str) -> tuple[Objective, ...]:
    try:
        return tuple(fields.built(Objective, row, thing="objective") for row in found.get("objectives", []))
    except (LessonError, TypeError, AttributeError) as fault:
        raise ExchangeError(name, place="objectives", why=str(fault)) from None


def _people(found: Mapping[str, Any], name: str) -> tuple[Json, ...]:
    rows = found.get("people", [])
    keys = {"person_id", "name", "function", "unit"}
    for row in rows:
        if not isinstance(row, dict) or row.keys() != keys or not all(type(one) is str for one in row.values()):
            raise ExchangeError(name, place="people", why=f"each needs {', '.join(sorted(keys))}, as text")
    return tuple(rows)


def decision(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> Decision:
    """Return what becomes of a lesson, from its history here and the one that arrived.

    A conflict that was settled here stays settled when the same history arrives again.
    """
    common = 0
    for one, other in zip(ours, theirs, strict=False):
        if one["sha256"] != other["sha256"]:
            break
        common += 1
    if not ours:
        return Decision("new", 0)
    if common == len(theirs):
        return Decision("same" if common == len(ours) else "behind", common)
    if common == len(ours):
        return Decision("forward", common)
    settled = {name for entry in ours for name in entry["rests_on"] if name.startswith(BRANCH)}
    kind = "known" if f"{BRANCH}{theirs[-1]['sha256']}" in settled else "conflict"
    return Decision(kind, common)


def differing(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Json:
    """Return the fields, but for the stage, that the other side has otherwise, as it has them."""
    return {
        name: theirs.get(name, _EMPTY[name])
        for name in history.FIELDS
        if theirs.get(name, _EMPTY[name]) != ours.get(name, _EMPTY[name])
    }
