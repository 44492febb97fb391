"""The process of a lesson: its stages, the permitted moves and who may make them, as one table.

    STAGES, STEPS ─▶ move(lesson, kind, by=…, role=…, why=…) ─▶ the lesson with one more entry in its history

There is no other way to a stage: the stage is what the last entry says, and only `move` makes entries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotwash.errors import LessonError
from hotwash.lessons import fields, history
from hotwash.model.lesson import Lesson, RemedialAction
from hotwash.model.words import SETTINGS

NOT_INDEPENDENT = "not independent"
ORIGINATOR_UNKNOWN = "originator unknown here"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage. `is_end`: no move leads on, and nothing is edited any more."""

    name: str
    label: str
    meaning: str
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A permitted move: from which stages, to which, by whom, and what must be there.

    after   "" means that the stage stays
    needs   names of NEEDS
    """

    kind: str
    before: tuple[str, ...]
    after: str
    roles: tuple[str, ...]
    meaning: str
    needs: tuple[str, ...] = ()


ROLES: Mapping[str, str] = {
    "originator": "reported it",
    "lessons_manager": "keeps the lessons of a unit: accepts, assigns, follows up",
    "analyst": "finds causes and drafts the lesson",
    "authority": "endorses, tasks and closes; answers for what is done",
    "action_body": "carries out the remedial actions",
    "validator": "looks whether they worked; neither originator nor owner of an action",
}

STAGES: Mapping[str, Stage] = {
    stage.name: stage
    for stage in (
        Stage("submitted", "observation submitted", "reported, and not yet looked at"),
        Stage("rejected", "rejected", "no observation that can be worked with"),
        Stage("observation", "observation", "accepted: what happened, against what was expected"),
        Stage("noted", "noted", "true, and nothing follows from it for now"),
        Stage("best_practice", "best practice", "it worked better than expected, and others should do it so"),
        Stage("dead_end", "dead end", "it was tried and leads nowhere; kept so that nobody tries it again"),
        Stage("draft", "lesson identified (draft)", "causes are being found and a remedy is being proposed"),
        Stage("not_endorsed", "not endorsed", "the authority does not share the conclusion or the remedy"),
        Stage("endorsed", "lesson identified (endorsed)", "the authority shares it; its text is fixed"),
        Stage("tasked", "action tasked", "an action body has been told to carry out the actions"),
        Stage("returned", "returned by action body", "the action body cannot do it so, and says why"),
        Stage("implemented", "action implemented", "the actions are done; whether they work is not yet known"),
        Stage("validated", "validated", "evidence shows that they work"),
        Stage("reopened", "validation failed, reopened", "evidence shows that they do not work, or no longer"),
        Stage("learned", "LESSON LEARNED", "something has changed, and it was shown"),
        Stage("cancelled", "cancelled", "no longer pursued", is_end=True),
        Stage("superseded", "superseded", "another lesson has taken its place", is_end=True),
    )
}  # fmt: skip

_LIVING = tuple(name for name, stage in STAGES.items() if not stage.is_end)
_ENDORSED = ("endorsed", "tasked", "returned", "implemented", "validated", "reopened", "learned")
_MANAGING = ("lessons_manager", "authority")

STEPS: tuple[Step, ...] = (
    Step("submit", ("",), "submitted", ("originator",), "report an observation", ("title", "observation")),
    Step("accept", ("submitted",), "observation", ("lessons_manager",), "take it up"),
    Step("reject", ("submitted",), "rejected", ("lessons_manager",), "turn it down"),
    Step("note", ("observation",), "noted", ("lessons_manager", "analyst"), "keep it without a lesson"),
    Step("adopt", ("observation",), "best_practice", _MANAGING, "share it as a best practice", ("evidence",)),
    Step("draft", ("observation",), "draft", ("lessons_manager", "analyst"), "begin the lesson", ("evidence",)),
    Step("endorse", ("draft",), "endorsed", ("authority",), "share its conclusion and remedy", ("analysis", "body")),
    Step("not_endorse", ("draft",), "not_endorsed", ("authority",), "do not share them"),
    Step("task", ("endorsed", "returned", "reopened"), "tasked", ("authority",), "task the action body", ("actions",)),
    Step("return", ("tasked",), "returned", ("action_body",), "give it back"),
    Step("implement", ("tasked", "reopened"), "implemented", ("action_body",), "report the actions done", ("done",)),
    Step("validate", ("implemented",), "validated", ("validator",), "see that they work", ("proof", "independence")),
    Step("fail_validation", ("implemented", "validated", "learned"), "reopened", ("validator",),
         "find that they do not work; what was done is open again", ("proof",)),
    Step("learn", ("validated",), "learned", ("authority",), "close it as learned"),
    Step("give_up", ("observation", "draft", "returned", "reopened"), "dead_end", _MANAGING, "keep it as a dead end",
         ("evidence",)),
    Step("cancel", _LIVING, "cancelled", _MANAGING, "end it"),
    Step("supersede", _LIVING, "superseded", _MANAGING, "put another lesson in its place", ("successor",)),
    Step("edit", ("submitted",), "", ("originator", "lessons_manager"), "mend the report"),
    Step("edit", tuple(name for name in _LIVING if name != "submitted"), "", ("lessons_manager", "analyst"),
         "work on text, evidence, actions"),
    Step("act", ("tasked", "returned", "reopened"), "", ("action_body", "lessons_manager"), "report on actions"),
    Step("resolve", tuple(STAGES), "", ("lessons_manager",), "settle what two centres wrote differently"),
)  # fmt: skip

FIXED_ONCE_ENDORSED = ("title", "observation", "discussion", "conclusion", "recommendation")


def permitted(stage: str) -> tuple[Step, ...]:
    """Return the moves that lead on from a stage; "" is before the first."""
    return tuple(step for step in STEPS if stage in step.before)


def begun(lesson_id: str) -> Lesson:
    """Return the lesson before its first move."""
    return Lesson(lesson_id, "", "")


def move(
    lesson: Lesson, kind: str, *, by: str, role: str, why: str, when_utc: datetime,
    rests_on: Collection[str] = (), changes: Mapping[str, object] | None = None, people: Collection[str] = (),
) -> Lesson:  # fmt: skip
    """Return a lesson after one move, with one more entry in its history.

    kind       a move of STEPS
    by         random id of the person; an originator is written as "originator", since no history holds the reporter
    role       in which role
    why        in the person's own words
    rests_on   what it rests on. For `validate` and `fail_validation` as SETTING:REF with a setting of SETTINGS:
               "exercise:A-17", "inspection:checklist-3", "field:2026-03-01"
    changes    fields of the lesson to set
    people     ids of all persons of the centre. A validator who is originator or owner of an action is refused as
               long as anybody else is among them; in a centre too small for that, "not independent" is written
    raises     LessonError when the table does not hold the move, the role may not make it, or something is missing

    The owner of an action is whoever it names or ever named, and whoever reported actions done.
    """
    step = step_of(lesson, kind)
    _check_person(lesson, step, by=by, role=role)
    if not why.strip():
        raise LessonError(lesson.lesson_id, place=kind, why="a step needs a reason: add --why TEXT")
    set_ = history.checked_changes(changes or {}, thing=f"lesson {lesson.lesson_id}")
    _check_fixed(lesson, step, set_)
    after = _changed(lesson, set_)
    if kind == "fail_validation":
        after = replace(after, actions=_opened(after.actions))
        set_["actions"] = fields.plain(after.actions)
    rests = list(rests_on)
    for need in step.needs:
        NEEDS[need][1](_Asked(after, step, by, rests, people))
    stage = step.after or lesson.stage
    entry = history.added(
        lesson.lesson_id, lesson.history, when_utc=when_utc, by=history.ORIGINATOR if role == "originator" else by,
        role=role, kind=kind, stage=stage, why=why.strip(), rests_on=tuple(rests), changes=set_,
    )  # fmt: skip
    who = by if kind == "submit" else lesson.originator_id
    return replace(after, stage=stage, originator_id=who, history=(*lesson.history, entry))


MAIN_PATH = ("submit", "accept", "draft", "endorse", "task", "implement", "validate", "learn")


def next_steps(lesson: Lesson) -> tuple[Step, ...]:
    """Return the steps that change the stage of a lesson, that of the main path first."""
    onward = [step for step in permitted(lesson.stage) if step.after]
    return tuple(sorted(onward, key=lambda step: step.kind not in MAIN_PATH))


def missing_needs(lesson: Lesson, step: Step, *, by: str, people: Collection[str] = ()) -> dict[str, str]:
    """Return what a step still needs, by its name in NEEDS, each with the reason.

    by       who would take the step, by random id
    people   ids of all persons of the centre
    """
    missing = {}
    for need in step.needs:
        try:
            NEEDS[need][1](_Asked(lesson, step, by, [], people))
        except LessonError as refused:
            missing[need] = refused.why
    return missing


def is_independent(lesson: Lesson) -> bool | None:
    """Return whether the last validation was by somebody independent; None when there was none."""
    for entry in reversed(lesson.history):
        if entry.kind == "validate":
            return NOT_INDEPENDENT not in entry.rests_on
    return None


def involved(lesson: Lesson) -> frozenset[str]:
    """Return the ids of those who cannot validate a lesson: its originator and the owners of its actions."""
    earlier = (json.loads(entry.changes).get("actions", ()) for entry in lesson.history)  # who was owner stays involved
    owners = {action.owner_id for action in lesson.actions} | {one["owner_id"] for row in earlier for one in row}
    doers = {entry.by for entry in lesson.history if entry.role == "action_body"}
    return frozenset({lesson.originator_id} | owners | doers) - {""}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A move that is asked for. `lesson` has its changes already; needs may add to `rests`."""

    lesson: Lesson
    step: Step
    by: str
    rests: list[str]
    people: Collection[str]

    def refuse(self, why: str) -> LessonError:
        return LessonError(self.lesson.lesson_id, place=self.step.kind, why=why)


def _title(asked: _Asked) -> None:
    if not asked.lesson.title.strip():
        raise asked.refuse("a lesson needs a title: add --set title=TEXT")


def _observation(asked: _Asked) -> None:
    if not asked.lesson.observation.strip():
        raise asked.refuse(
            "a report needs an observation, what happened against what was expected: add --set observation=TEXT"
        )


def _evidence(asked: _Asked) -> None:
    if not asked.lesson.evidence:
        raise asked.refuse("a lesson without evidence goes no further: add --evidence KIND:REF")


def _analysis(asked: _Asked) -> None:
    for name in ("discussion", "conclusion", "recommendation"):
        if not getattr(asked.lesson, name).strip():
            raise asked.refuse(
                f"the {name} is empty, and nobody can endorse what is not written: add --set {name}=TEXT"
            )


def _body(asked: _Asked) -> None:
    if not asked.lesson.action_body.strip():
        raise asked.refuse("no action body is proposed: add --set action_body=FUNCTION")


def _actions(asked: _Asked) -> None:
    if not asked.lesson.actions:
        raise asked.refuse('there is no remedial action: add --action "TEXT; OWNER; DUE DATE"')


def _done(asked: _Asked) -> None:
    states = [action.state for action in asked.lesson.actions]
    if "open" in states or "done" not in states:
        raise asked.refuse("every action must be done or dropped, and at least one done: add --done ACTION")


def _proof(asked: _Asked) -> None:
    settings = {name.partition(":")[0] for name in asked.rests if name.partition(":")[2].strip()}
    if not settings & set(SETTINGS):
        raise asked.refuse("name the evidence: exercise:ATTEMPT, inspection:DOCUMENT or field:EVENT")
    is_training = any(action.kind == "training" and action.state == "done" for action in asked.lesson.actions)
    if is_training and asked.step.kind == "validate" and "exercise" not in settings:
        raise asked.refuse("a remedy that is training is confirmed by exercise scores only; name exercise:ATTEMPT")


def _independence(asked: _Asked) -> None:
    involved_ = involved(asked.lesson)
    if asked.by in involved_:
        others = set(asked.people) - involved_
        if others:
            raise asked.refuse(
                "the validator may be neither originator nor owner of an action; "
                f"{len(others)} others of this centre can do it"
            )
        asked.rests.append(NOT_INDEPENDENT)
    elif not asked.lesson.originator_id:
        asked.rests.append(ORIGINATOR_UNKNOWN)


def _successor(asked: _Asked) -> None:
    if asked.lesson.superseded_by.strip() in ("", asked.lesson.lesson_id):
        raise asked.refuse("name the lesson that takes its place: add --set superseded_by=LESSON")


NEEDS: Mapping[str, tuple[str, Callable[[_Asked], None]]] = {
    "title": ("a title", _title),
    "observation": ("the observation", _observation),
    "evidence": ("at least one piece of evidence", _evidence),
    "analysis": ("discussion, conclusion and recommendation", _analysis),
    "body": ("a proposed action body", _body),
    "actions": ("at least one remedial action", _actions),
    "done": ("every action done or dropped, at least one done", _done),
    "proof": ("evidence: exercise, inspection or field; of training, exercise", _proof),
    "independence": ("a validator who is neither originator nor owner of an action", _independence),
    "successor": ("the lesson that takes its place", _successor),
}


def step_of(lesson: Lesson, kind: str) -> Step:
    """Return the step of a kind that is permitted at the lesson's stage.

    raises   LessonError, with the steps that are permitted
    """
    found = [step for step in permitted(lesson.stage) if step.kind == kind]
    if found:
        return found[0]
    here = STAGES[lesson.stage].label if lesson.stage else "not yet submitted"
    ways = ", ".join(dict.fromkeys(step.kind for step in permitted(lesson.stage))) or "none"
    raise LessonError(lesson.lesson_id, place=kind, why=f"is no step from here ({here}); permitted are: {ways}")


def _check_person(lesson: Lesson, step: Step, *, by: str, role: str) -> None:
    if role not in step.roles:
        who = " or ".join(step.roles)
        add = " or ".join(f"--role {one}" for one in step.roles)
        why = f"is done by {who}, not by {role}" if role else f"may be done by {who}: add {add}"
        raise LessonError(lesson.lesson_id, place=step.kind, why=why)
    if step.kind == "submit":
        return  # a report may be anonymous
    if not by.strip() or by == history.ORIGINATOR:
        raise LessonError(
            lesson.lesson_id,
            place=step.kind,
            why="say who acts: add --by PERSON, or remember yourself with `hotwash whoami`",
        )
    if role == "originator" and by != lesson.originator_id:
        raise LessonError(lesson.lesson_id, place=step.kind, why="only who reported a lesson may act as its originator")


def _check_fixed(lesson: Lesson, step: Step, set_: Mapping[str, Any]) -> None:
    if "superseded_by" in set_ and step.kind not in ("supersede", "resolve"):
        raise LessonError(lesson.lesson_id, place="superseded_by", why="is set by the move supersede alone")
    if step.kind == "act" and set(set_) - {"actions", "evidence"}:
        raise LessonError(lesson.lesson_id, place=step.kind, why="sets actions and evidence, nothing else")
    if lesson.stage not in _ENDORSED or step.kind == "resolve":
        return
    for name in FIXED_ONCE_ENDORSED:
        if name in set_ and set_[name] != getattr(lesson, name):
            why = "was endorsed as it stands; write a new lesson and let it supersede this one"
            raise LessonError(lesson.lesson_id, place=name, why=why)


def _changed(lesson: Lesson, set_: Mapping[str, Any]) -> Lesson:
    hints = fields.hints_of(Lesson)
    made = {name: fields.value_of(hints[name], value, lesson.lesson_id, name) for name, value in set_.items()}
    return replace(lesson, **made)


def _opened(actions: tuple[RemedialAction, ...]) -> tuple[RemedialAction, ...]:
    return tuple(replace(action, state="open") if action.state == "done" else action for action in actions)


def follows(stage: str, entry: Mapping[str, Any]) -> bool:
    """Return whether an entry that came from elsewhere is a move that the table holds from a stage.

    entry   as JSON holds it. Whether what it needs was there can no longer be asked
    """
    return (entry["kind"], stage, entry["role"], entry["stage"]) in _MOVES


_MOVES = {
    (step.kind, before, role, step.after or before) for step in STEPS for before in step.before for role in step.roles
}
