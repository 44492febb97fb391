"""Lessons in a centre, as a person works on them: report, move, search, print, exchange."""

from __future__ import annotations

import json
import secrets
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.errors import LessonError, ReadError
from hotwash.export import files, lessons_file
from hotwash.ingest import lessons_file as arriving
from hotwash.ingest.disk import read_bytes
from hotwash.lessons import exchange, fields, groups, printout, process
from hotwash.lessons.history import EVIDENCE_KINDS
from hotwash.lessons.lint import Advice, lint
from hotwash.model.lesson import Lesson
from hotwash.progress import Progress, silent
from hotwash.store import anchors, lessons, objectives, people, transfer
from hotwash.store import audit as audits
from hotwash.store.anchors import Heads
from hotwash.store.audit import Audited
from hotwash.store.centre import ANCHORS, INCIDENTS, Centre, uncollected
from hotwash.store.transfer import Taken
from hotwash.version import __version__
from hotwash.work import incidents

Json = dict[str, Any]

_MOST_TOML_BYTES = 2**20  # a lesson fits a page; a megabyte is something else
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another when read aloud or typed
_ID_LETTERS = 12  # 30^12: a million lessons of all centres meet with a chance of one in a million


@dataclass(frozen=True, slots=True)
class StepRequest:
    """A step of the process that a person asks for.

    by         person id, or a name that only one person has; "" for a report without a name
    role       "" where the move has one role only
    rests_on   what it rests on
    changes    fields to set
    done       ids of actions that are done now
    """

    kind: str
    by: str = ""
    role: str = ""
    why: str = ""
    rests_on: tuple[str, ...] = ()
    changes: Mapping[str, object] = field(default_factory=dict)
    done: tuple[str, ...] = ()


def add(centre: Centre, request: StepRequest, *, now_utc: datetime, lesson_id: str = "") -> Lesson:
    """Report an observation; return the new lesson.

    lesson_id   when given: an id that no lesson has; by default a random one
    raises   LessonError, CentreError; nothing is then kept
    """
    lesson_id = lesson_id or "L-" + "".join(secrets.choice(_LETTERS) for _ in range(_ID_LETTERS))
    return _take(centre, process.begun(lesson_id), replace(request, role="originator"), now_utc)


def take_step(centre: Centre, lesson_id: str, request: StepRequest, *, now_utc: datetime) -> Lesson:
    """Take one step with a lesson and keep it; return the lesson.

    raises   LessonError when it is not permitted; CentreError, also when somebody else moved it meanwhile
    """
    return _take(centre, lessons.get(centre, lesson_id), request, now_utc)


def _take(centre: Centre, lesson: Lesson, request: StepRequest, now_utc: datetime) -> Lesson:
    by = people.known(centre, request.by).person_id if request.by else ""
    if request.kind in ("validate", "fail_validation") and any(one.startswith("exercise:") for one in request.rests_on):
        why = f"scores are weighed, not named: let them decide with `hotwash validate {lesson.lesson_id}`"
        raise LessonError(lesson.lesson_id, place=request.kind, why=why)
    changes = incidents.checked(centre, request.changes, held=lesson.evidence)
    if request.done:
        changes["actions"] = _done(lesson, request.done)
    moved = process.move(
        lesson,
        request.kind,
        by=by,
        role=request.role or _only_role(lesson, request.kind),
        why=request.why,
        when_utc=now_utc,
        rests_on=request.rests_on,
        changes=changes,
        people=people.living(centre),
    )
    lessons.record(centre, moved)
    return moved


def additions(
    lesson: Lesson,
    *,
    evidence: Iterable[str] = (),
    actions: Iterable[str] = (),
    changes: Mapping[str, object] | None = None,
) -> Json:
    """Return the fields to set so that a lesson gets further evidence and remedial actions.

    evidence   "KIND:REF; TEXT" or "ACCOUNT#TABLE:ID"
    actions    "TEXT; OWNER; DUE DATE", owner and date may be left out
    changes    fields that are set beside them; evidence and actions in it stand in place of the lesson's
    raises     LessonError
    """
    changed = dict(changes or {})
    pieces, remedies = [_evidence(one) for one in evidence], list(actions)
    if pieces:
        changed["evidence"] = [*_items(changed, lesson, "evidence"), *pieces]
    if remedies:
        held = _items(changed, lesson, "actions")
        changed["actions"] = [*held, *(_action(one, len(held) + at) for at, one in enumerate(remedies, start=1))]
    return changed


def _items(changes: Mapping[str, object], lesson: Lesson, name: str) -> list[Any]:
    given = changes.get(name)
    return list(given) if isinstance(given, list | tuple) else [fields.plain(one) for one in getattr(lesson, name)]


def _evidence(typed: str) -> Json:
    """Return a piece of evidence as plain data; "#" stands in the reference of an account's row alone."""
    ref, _, text = (part.strip() for part in typed.partition(";"))
    kind, colon, rest = ref.partition(":")
    if "#" in ref and kind not in EVIDENCE_KINDS:
        return {"kind": "account", "ref": f"{INCIDENTS}/{ref.removeprefix(f'{INCIDENTS}/')}", "text": text}
    if not colon or kind not in EVIDENCE_KINDS or not rest.strip():
        why = f'write "KIND:REF; what it shows" with a kind of {", ".join(EVIDENCE_KINDS)}, or ACCOUNT#TABLE:ID'
        raise LessonError("--evidence", place=repr(typed), why=why)
    return {"kind": kind, "ref": rest.strip(), "text": text}


def _action(typed: str, number: int) -> Json:
    text, owner, due, *more = [*(part.strip() for part in typed.split(";")), "", ""]
    if not text or any(more):
        raise LessonError("--action", place=repr(typed), why='write "TEXT; OWNER; DUE DATE", a date like 2026-03-31')
    return {"action_id": str(number), "text": text, "owner": owner, "due": due or None}


def _only_role(lesson: Lesson, kind: str) -> str:
    roles = {role for step in process.permitted(lesson.stage) if step.kind == kind for role in step.roles}
    return next(iter(roles)) if len(roles) == 1 else ""


def _done(lesson: Lesson, ids: Sequence[str]) -> list[Json]:
    missing = set(ids) - {action.action_id for action in lesson.actions}
    if missing:
        there = ", ".join(action.action_id for action in lesson.actions) or "none"
        raise LessonError(lesson.lesson_id, place=f"action {min(missing)}", why=f"is not there; there are {there}")
    marked = (replace(one, state="done") if one.action_id in ids else one for one in lesson.actions)
    return [fields.plain(one) for one in marked]


def changes_of(file: Path | None, set_: Iterable[str]) -> Json:
    """Return the fields that a TOML file and `field=value` words give; the words win.

    raises   ReadError, LessonError
    """
    found = _toml(file) if file is not None else {}
    for word in set_:
        name, sign, value = word.partition("=")
        if not sign:
            raise LessonError(word, why="write --set field=value")
        found[name.strip()] = _value(name.strip(), value)
    return found


def _toml(file: Path) -> Json:
    content = read_bytes(file)
    if len(content) > _MOST_TOML_BYTES:
        raise ReadError(str(file), why="is larger than a megabyte; is it a lesson?")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as fault:
        raise ReadError(str(file), why=f"is no TOML: {fault}") from None


def _value(name: str, value: str) -> object:
    """Return what a word on the command line means for a field."""
    if name in ("keywords", "related"):
        return [one.strip() for one in value.split(";") if one.strip()]
    if name in ("lat_deg", "lon_deg"):
        try:
            return float(value) if value else None
        except ValueError:
            raise LessonError(name, why=f"{value!r} is no number of degrees") from None
    if name in ("actions", "evidence"):
        raise LessonError(name, why="is a list of records; give it in a TOML file, with --file")
    return value if value or name != "event_utc" else None


def advice(centre: Centre, lesson_id: str) -> tuple[Advice, ...]:
    """Return the advice on a lesson.

    raises   CentreError
    """
    return lint(lessons.get(centre, lesson_id))


def lesson_values(lesson: Lesson, *, with_reporter: bool = False) -> Json:
    """Return a lesson as plain data; its reporter only when request."""
    return exchange.lesson_item(lesson, with_reporter=with_reporter)


def print_page(centre: Centre, lesson_id: str, *, out: Path, now_utc: datetime) -> Path:
    """Write a lesson as a page that prints on one side of A4.

    raises   CentreError, WriteError
    """
    page = printout.page(lessons.get(centre, lesson_id), now_utc=now_utc)
    return files.write_file(out, page.encode())


def export(
    centre: Centre, out: Path, *, now_utc: datetime, only: Collection[str] = (), with_reporters: bool = False,
    with_names: bool = False, with_conflicts: bool = True, marking: str = "",
) -> int:  # fmt: skip
    """Write lessons to a file: .json for other centres, .csv for spreadsheets; return how many.

    only             ids of lessons; empty: all
    with_reporters   who reported each, as random id
    with_names       the table of people, JSON only
    with_conflicts   what two centres wrote differently, JSON only: a file that holds any is of version 2
    raises           CentreError, WriteError
    """
    lessons_file.check_ending(out)
    some = [lessons.get(centre, one) for one in only] if only else lessons.all_(centre)
    items = [lesson_values(one, with_reporter=with_reporters) for one in some]
    if out.suffix.lower() == ".csv":
        lessons_file.write_csv(out, items)
        return len(items)
    ids = {one.lesson_id for one in some}
    named = [
        {"person_id": one.person_id, "name": one.name, "function": one.function, "unit": one.unit}
        for one in (people.all_(centre) if with_names else ())
    ]
    document = exchange.document(
        items, centre_id=centre.centre_id, centre=centre.name, made_utc=now_utc, made_by=__version__, marking=marking,
        objectives=[one for one in objectives.all_(centre) if one.lesson_id in ids], people=named,
        conflicts=_conflict_items(centre, ids) if with_conflicts else (),
    )  # fmt: skip
    lessons_file.write_json(out, document)
    return len(items)


def _conflict_items(centre: Centre, ids: Collection[str]) -> list[Json]:
    return [
        exchange.conflict_item(
            one.lesson_id, one.theirs, from_centre=one.from_centre, found_utc=one.found_utc, kept=one.kept
        )
        for one in transfer.conflicts(centre, is_open=False)
        if one.lesson_id in ids
    ]


def import_(centre: Centre, file: Path, *, now_utc: datetime, progress: Progress = silent) -> Taken:
    """Take a file of lessons, whole or not at all.

    raises   ExchangeError, CentreError; nothing is then taken
    """
    with uncollected():
        progress("Reading", None)
        found = arriving.read(file)
        progress("Taking", None)
        return transfer.take(centre, found, name=file.name, now_utc=now_utc)


def resolve(centre: Centre, lesson_id: str, *, keep: str, by: str, why: str, now_utc: datetime) -> Lesson:
    """Settle the oldest open conflict of a lesson; return the lesson.

    raises   LessonError when there is none, CentreError
    """
    found = [one for one in transfer.conflicts(centre) if one.lesson_id == lesson_id]
    if not found:
        raise LessonError(lesson_id, why="has no open conflict; `hotwash lessons conflicts` lists them")
    who = people.known(centre, by).person_id
    transfer.settle(centre, found[0], keep=keep, by=who, role="lessons_manager", why=why, now_utc=now_utc)
    return lessons.get(centre, lesson_id)


def audit(centre: Centre, *, since: Iterable[Path] = (), save: Path | None = None) -> Audited:
    """Return whether all histories hold.

    since    what left the centre earlier and tells what it held then: a file that an audit saved, a copy that
             `backup` made (the folder) or its anchors.log, an exchange file that was sent from here or taken here
    save     where to save the heads of this one: keep it outside the centre
    raises   CentreError, ReadError, WriteError
    """
    found = audits.audit(centre, since=[_heads(centre, one) for one in since])
    if save is not None:
        heads = {name: list(head) for name, head in found.heads.items()}
        files.write_file(save, f"{fields.canonical(heads)}\n".encode())
    return found


def _heads(centre: Centre, path: Path) -> Heads:
    """Return the newest entry of each lesson that something which left the centre tells of.

    raises   ReadError
    """
    path = path / ANCHORS if path.is_dir() else path
    heads: Heads | None
    content = read_bytes(path)
    if not content.lstrip().startswith(b"{"):
        heads = anchors.read(path) or None
    elif b'"format"' in content[:200]:
        heads = _sent_heads(path)
    else:
        heads = _saved_heads(content)
    if heads is None:
        why = "holds no heads; name what `audit --save` or `backup` wrote, or an exchange file"
        raise ReadError(str(path), why=why)
    # What parted from ours and is kept beside it was never in our history.
    parted = {one.their_head for one in transfer.conflicts(centre, is_open=False)}
    return {name: head for name, head in heads.items() if head[1] not in parted}


def _saved_heads(content: bytes) -> Heads | None:
    try:
        rows = json.loads(content)
        return {str(name): (int(number), str(sha256)) for name, (number, sha256) in rows.items()}
    except (ValueError, TypeError, AttributeError):
        return None


def _sent_heads(path: Path) -> Heads:
    found = (exchange.lesson_of(row, name=path.name) for row in arriving.read(path).lessons)
    return {one.lesson_id: (len(one.entries) - 1, one.entries[-1]["sha256"]) for one in found if one.entries}


def counts(centre: Centre, by: str) -> dict[str, int | None]:
    """Return how many lessons there are by stage, unit, place or action body; None where too few people are meant.

    A group counts for those who reported in it: under five reporters it is not shown. By stage nobody is meant.
    raises   LessonError
    """
    if by not in ("stage", "unit", "place", "action_body"):
        raise LessonError(by, why="lessons are counted by stage, unit, place or action_body")
    tally: dict[str, int] = {}
    members: dict[str, set[str]] = {}
    for lesson in lessons.all_(centre):
        name = getattr(lesson, by) or "(none)"
        tally[name] = tally.get(name, 0) + 1
        members.setdefault(name, set()).update({lesson.originator_id} - {""})
    return dict(sorted(tally.items())) if by == "stage" else groups.shown(dict(sorted(tally.items())), members)
