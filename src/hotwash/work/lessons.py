"""Work on the lessons of a centre: report, take steps, advise, print, export, import, audit, count."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.documents import parse_json, parse_toml
from hotwash.errors import LessonError, ReadError
from hotwash.export import files, lessons_file
from hotwash.ingest import lessons_file as arriving
from hotwash.ingest.disk import read_bytes
from hotwash.lessons import exchange, json_values, printout, process, small_groups
from hotwash.lessons.history import EVIDENCE_KINDS
from hotwash.lessons.lint import Advice, lint
from hotwash.model.ids import fault_of_id
from hotwash.model.lesson import Lesson
from hotwash.progress import Progress, silent
from hotwash.store import anchors, lessons, objectives, people, transfer
from hotwash.store import audit as audits
from hotwash.store.anchors import ANCHORS, Heads
from hotwash.store.audit import AuditResult
from hotwash.store.centre import INCIDENTS, Centre, raw_cursor, without_gc
from hotwash.store.transfer import ImportResult
from hotwash.version import __version__
from hotwash.visible import quote
from hotwash.work import incidents

Json = dict[str, Any]

_MOST_TOML_BYTES = 2**20  # a lesson fits a page; a megabyte is something else
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is easily confused when read aloud or typed
_ID_LETTERS = 12  # 30^12: among a million lessons of all centres, two collide with a chance of one in a million


@dataclass(frozen=True, slots=True)
class StepRequest:
    """A step that a person wants to take.

    by         person id, or a name that only one person has; "" for a report without a name
    role       may be "" where only one role can take the step
    rests_on   evidence for the step
    changes    fields to set
    done       ids of actions that are now done
    """

    kind: str
    by: str = ""
    role: str = ""
    why: str = ""
    rests_on: tuple[str, ...] = ()
    changes: Mapping[str, object] = field(default_factory=dict)
    done: tuple[str, ...] = ()


def report_observation(centre: Centre, request: StepRequest, *, now_utc: datetime, lesson_id: str = "") -> Lesson:
    """Report an observation; return the new lesson.

    lesson_id   an id that no lesson has; by default a random one
    raises   LessonError, CentreError; nothing is saved then
    """
    lesson_id = lesson_id or "L-" + "".join(secrets.choice(_LETTERS) for _ in range(_ID_LETTERS))
    if why := fault_of_id(lesson_id):
        raise LessonError("lesson_id", why=why)
    return _take(centre, process.new_lesson(lesson_id), replace(request, role="originator"), now_utc)


def take_step(centre: Centre, lesson_id: str, request: StepRequest, *, now_utc: datetime) -> Lesson:
    """Take one step with a lesson and save it; return the lesson.

    raises   LessonError when it is not permitted; CentreError, also when somebody else changed it meanwhile
    """
    if request.kind == "resolve":
        raise LessonError(lesson_id, place="resolve", why="conflicts are resolved with `hotwash lessons resolve`")
    return _take(centre, lessons.get_lesson(centre, lesson_id), request, now_utc)


def _take(centre: Centre, lesson: Lesson, request: StepRequest, now_utc: datetime) -> Lesson:
    by = people.find_person(centre, request.by).person_id if request.by else ""
    if request.kind in process.WEIGHED:  # one way, which looks at the evidence of every kind
        why = (
            "evidence is evaluated, not only named: use `hotwash validate "
            f"{lesson.lesson_id}`, with --inspection FILE or --real-event FILE where no exercise decides"
        )
        raise LessonError(lesson.lesson_id, place=request.kind, why=why)
    changes = incidents.seal_evidence(centre, request.changes, earlier=lesson.evidence)
    if request.done:
        changes["actions"] = _done(lesson, request.done)
    moved = process.take_step(
        lesson,
        request.kind,
        by=by,
        role=request.role or _only_role(lesson, request.kind),
        why=request.why,
        when_utc=now_utc,
        rests_on=request.rests_on,
        changes=changes,
        people=people.current_ids(centre),
    )
    lessons.record_lesson(centre, moved)
    return moved


def additions(
    lesson: Lesson,
    *,
    evidence: Iterable[str] = (),
    actions: Iterable[str] = (),
    changes: Mapping[str, object] | None = None,
) -> Json:
    """Return the fields to set to add evidence and remedial actions to a lesson.

    evidence   "KIND:REF; TEXT" or "ACCOUNT#TABLE:ID"
    actions    "TEXT; OWNER; DUE DATE"; owner and date may be left out
    changes    other fields to set; evidence and actions in it replace those of the lesson
    raises     LessonError
    """
    changed = dict(changes or {})
    pieces, remedies = [check_evidence(one) for one in evidence], list(actions)
    if pieces:
        changed["evidence"] = [*_items(changed, lesson, "evidence"), *pieces]
    if remedies:
        earlier = _items(changed, lesson, "actions")
        further = [_action(one, number) for number, one in enumerate(remedies, start=len(earlier) + 1)]
        changed["actions"] = [*earlier, *further]
    return changed


def _items(changes: Mapping[str, object], lesson: Lesson, name: str) -> list[Any]:
    items = changes.get(name)
    return list(items) if isinstance(items, list | tuple) else [json_values.plain(one) for one in getattr(lesson, name)]


def check_evidence(typed: str) -> Json:
    """Return a piece of evidence as plain data; only the reference of an account's row contains "#"."""
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
    roles = {role for step in process.steps_from(lesson.stage) if step.kind == kind for role in step.roles}
    return next(iter(roles)) if len(roles) == 1 else ""


def _done(lesson: Lesson, ids: Sequence[str]) -> list[Json]:
    missing = set(ids) - {action.action_id for action in lesson.actions}
    if missing:
        ids_here = ", ".join(action.action_id for action in lesson.actions) or "none"
        raise LessonError(
            lesson.lesson_id, place=f"action {min(missing)}", why=f"does not exist; the actions are {ids_here}"
        )
    marked = (replace(one, state="done") if one.action_id in ids else one for one in lesson.actions)
    return [json_values.plain(one) for one in marked]


def changes_of(file: Path | None, set_: Iterable[str]) -> Json:
    """Return the fields set by a TOML file and by `field=value` words; the words take precedence.

    raises   ReadError, LessonError
    """
    values = _toml(file) if file is not None else {}
    for word in set_:
        name, sign, value = word.partition("=")
        if not sign:
            raise LessonError(word, why="write --set field=value")
        values[name.strip()] = _value(name.strip(), value)
    return values


def _toml(file: Path) -> Json:
    content = read_bytes(file)
    if len(content) > _MOST_TOML_BYTES:
        raise ReadError(str(file), why="is larger than a megabyte; is it really a lesson?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ReadError(str(file), place=f"byte {fault.start}", why="is not UTF-8 text; save it as UTF-8") from None
    return parse_toml(text, name=str(file))


def _value(name: str, value: str) -> object:
    """Return the value of a field from a word on the command line."""
    if name in ("keywords", "related"):
        return [one.strip() for one in value.split(";") if one.strip()]
    if name in ("lat_deg", "lon_deg"):
        try:
            return float(value) if value else None
        except ValueError:
            raise LessonError(name, why=f"{quote(value)} is not a number of degrees") from None
    if name in ("actions", "evidence"):
        raise LessonError(name, why="is a list of records; give it in a TOML file, with --file")
    return value if value or name != "event_utc" else None


def advice(centre: Centre, lesson_id: str) -> tuple[Advice, ...]:
    """Return the advice on a lesson.

    raises   CentreError
    """
    return lint(lessons.get_lesson(centre, lesson_id))


def lesson_values(lesson: Lesson, *, with_reporter: bool = False) -> Json:
    """Return a lesson as plain data; its reporter only on request."""
    return exchange.lesson_item(lesson, with_reporter=with_reporter)


def print_page(centre: Centre, lesson_id: str, *, out: Path, now_utc: datetime) -> Path:
    """Write a lesson as a page that prints on one side of A4.

    raises   CentreError, WriteError
    """
    page = printout.page(lessons.get_lesson(centre, lesson_id), now_utc=now_utc)
    return files.write_file(out, page.encode())


def export(
    centre: Centre, out: Path, *, now_utc: datetime, only: Collection[str] = (), with_reporters: bool = False,
    with_names: bool = False, with_conflicts: bool = True, marking: str = "",
) -> int:  # fmt: skip
    """Write lessons to a file: .json for other centres, .csv for spreadsheets; return how many.

    only             ids of lessons; empty: all
    with_reporters   the reporter of each, as a random id
    with_names       the table of people, JSON only
    with_conflicts   conflicts between centres, JSON only; a file with any is of version 2
    raises           CentreError, WriteError
    """
    lessons_file.check_ending(out)
    chosen = [lessons.get_lesson(centre, one) for one in only] if only else lessons.all_lessons(centre)
    items = [lesson_values(one, with_reporter=with_reporters) for one in chosen]
    if out.suffix.lower() == ".csv":
        lessons_file.write_csv(out, items)
        return len(items)
    ids = {one.lesson_id for one in chosen}
    named = [
        {"person_id": one.person_id, "name": one.name, "function": one.function, "unit": one.unit}
        for one in (people.all_people(centre) if with_names else ())
    ]
    document = exchange.document(
        items, centre_id=centre.centre_id, centre=centre.name, made_utc=now_utc, made_by=__version__, marking=marking,
        objectives=[one for one in objectives.all_objectives(centre) if one.lesson_id in ids], people=named,
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


def import_(centre: Centre, file: Path, *, now_utc: datetime, progress: Progress = silent) -> ImportResult:
    """Take a file of lessons, whole or not at all.

    raises   ExchangeError, CentreError; nothing is imported then
    """
    with without_gc():
        progress("Reading", None)
        found = arriving.read(file)
        progress("Taking", None)
        return transfer.import_lessons(centre, found, name=file.name, now_utc=now_utc, beside=file.parent)


def resolve(centre: Centre, lesson_id: str, *, keep: str, by: str, why: str, now_utc: datetime) -> Lesson:
    """Settle the oldest open conflict of a lesson; return the lesson.

    raises   LessonError when there is none, CentreError
    """
    conflicts = [one for one in transfer.conflicts(centre) if one.lesson_id == lesson_id]
    if not conflicts:
        raise LessonError(lesson_id, why="has no open conflict; `hotwash lessons conflicts` lists them")
    who = people.find_person(centre, by).person_id
    transfer.settle_conflict(centre, conflicts[0], keep=keep, by=who, role="lessons_manager", why=why, now_utc=now_utc)
    return lessons.get_lesson(centre, lesson_id)


def audit(centre: Centre, *, since: Iterable[Path] = (), save: Path | None = None) -> AuditResult:
    """Check every history; return the faults.

    since    earlier copies of the latest hashes: a file saved by an audit, a folder made by `backup` or its
             anchors.log, or an exchange file exported or imported here
    save     where to save the latest hashes of this audit; store it outside the centre
    raises   CentreError, ReadError, WriteError
    """
    result = audits.audit(centre, since=[_heads(centre, one) for one in since])
    if save is not None:
        heads = {name: list(head) for name, head in result.heads.items()}
        files.write_file(save, f"{json_values.canonical(heads)}\n".encode())
    return result


def _heads(centre: Centre, path: Path) -> Heads:
    """Return the latest entry of each lesson in a file or folder stored outside the centre.

    raises   ReadError
    """
    path = path / ANCHORS if path.is_dir() else path
    heads: Heads | None
    content = read_bytes(path)
    if not content.lstrip().startswith(b"{"):
        with centre.reading() as connection:
            odd_ids = anchors.odd_ids(raw_cursor(connection))
        heads = anchors.read(path, odd_ids=odd_ids) or None
    elif b'"format"' in content[:200]:
        heads = _sent_heads(path)
    else:
        heads = _saved_heads(content)
    if heads is None:
        why = "contains no hashes; name a file of `audit --save`, a folder of `backup`, or an exchange file"
        raise ReadError(str(path), why=why)
    # The other side of a conflict was never in our history.
    theirs = {one.their_head for one in transfer.conflicts(centre, is_open=False)}
    return {name: head for name, head in heads.items() if head[1] not in theirs}


def _saved_heads(content: bytes) -> Heads | None:
    try:
        rows = parse_json(content, name="audit")
        return {str(name): (int(number), str(sha256)) for name, (number, sha256) in rows.items()}
    except (ReadError, ValueError, TypeError, AttributeError):
        return None


def _sent_heads(path: Path) -> Heads:
    lessons_sent = (exchange.parse_lesson(row, name=path.name) for row in arriving.read(path).lessons)
    return {one.lesson_id: (len(one.entries) - 1, one.entries[-1]["sha256"]) for one in lessons_sent if one.entries}


def counts(centre: Centre, by: str) -> dict[str, int | None]:
    """Return the number of lessons by stage, unit, place or action body; None for a group of fewer than five reporters.

    Counts by stage are never hidden, since they identify nobody.
    raises   LessonError
    """
    if by not in ("stage", "unit", "place", "action_body"):
        raise LessonError(by, why="lessons are counted by stage, unit, place or action_body")
    tally: dict[str, int] = {}
    members: dict[str, set[str]] = {}
    for lesson in lessons.all_lessons(centre):
        name = getattr(lesson, by) or "(none)"
        tally[name] = tally.get(name, 0) + 1
        members.setdefault(name, set()).update({lesson.originator_id} - {""})
    tally = dict(sorted(tally.items()))
    return {**tally} if by == "stage" else small_groups.hide_small_groups(tally, members)
