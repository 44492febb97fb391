"""The process of a lesson: its stages, the permitted steps and who may take them, as one table.

    STAGES, STEPS ─▶ take_step(lesson, kind, by=…, role=…, why=…) ─▶ the lesson with one more entry in its history

A lesson's stage is that of its last entry, and only `take_step` makes entries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotwash.errors import LessonError
from hotwash.lessons import history, json_values
from hotwash.model.ids import fault_of_name
from hotwash.model.lesson import Lesson, RemedialAction
from hotwash.model.words import SETTINGS

NOT_INDEPENDENT = "not independent"
ORIGINATOR_UNKNOWN = "originator unknown here"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage. `is_end`: no further step and no further edit."""

    name: str
    label: str
    meaning: str
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A permitted step: from which stages, to which, by whom, and what it needs.

    after   "": the stage does not change
    needs   keys of NEEDS
    """

    kind: str
    before: tuple[str, ...]
    after: str
    roles: tuple[str, ...]
    meaning: str
    needs: tuple[str, ...] = ()


ROLES: Mapping[str, str] = {
    "originator": "reported it",
    "lessons_manager": "manages a unit's lessons: accepts, assigns, follows up",
    "analyst": "finds causes and drafts the lesson",
    "authority": "endorses, tasks and closes; is accountable for the outcome",
    "action_body": "carries out the remedial actions",
    "validator": "checks whether they worked; neither originator nor owner of an action",
}

STAGES: Mapping[str, Stage] = {
    stage.name: stage
    for stage in (
        Stage("submitted", "observation submitted", "reported, not yet reviewed"),
        Stage("rejected", "rejected", "not an observation that can be worked with"),
        Stage("observation", "observation", "accepted: what happened, compared with what was expected"),
        Stage("noted", "noted", "correct, but no action follows for now"),
        Stage("best_practice", "best practice", "it worked better than expected, and others should adopt it"),
        Stage("dead_end", "dead end", "it was tried and did not solve the problem; kept so that nobody repeats it"),
        Stage("draft", "lesson identified (draft)", "causes are being analysed and a remedy is being proposed"),
        Stage("not_endorsed", "not endorsed", "the authority does not agree with the conclusion or the remedy"),
        Stage("endorsed", "lesson identified (endorsed)", "the authority agrees; its text is fixed"),
        Stage("tasked", "action tasked", "an action body has been tasked with the actions"),
        Stage("returned", "returned by action body", "the action body cannot do it as tasked, and says why"),
        Stage("implemented", "action implemented", "the actions are done; it is not yet known whether they work"),
        Stage("validated", "validated", "evidence shows that they work"),
        Stage("reopened", "validation failed, reopened", "evidence shows that they do not work, or no longer work"),
        Stage("learned", "LESSON LEARNED", "the change has been made and shown to work"),
        Stage("cancelled", "cancelled", "no longer pursued", is_end=True),
        Stage("superseded", "superseded", "another lesson has taken its place", is_end=True),
    )
}  # fmt: skip

_LIVING = tuple(name for name, stage in STAGES.items() if not stage.is_end)
_ENDORSED = ("endorsed", "tasked", "returned", "implemented", "validated", "reopened", "learned")
_MANAGING = ("lessons_manager", "authority")

STEPS: tuple[Step, ...] = (
    Step("submit", ("",), "submitted", ("originator",), "report an observation", ("title", "observation")),
    Step("accept", ("submitted",), "observation", ("lessons_manager",), "accept the observation"),
    Step("reject", ("submitted",), "rejected", ("lessons_manager",), "reject the observation"),
    Step("note", ("observation",), "noted", ("lessons_manager", "analyst"), "note it without a lesson"),
    Step("adopt", ("observation",), "best_practice", _MANAGING, "adopt it as a best practice", ("evidence",)),
    Step("draft", ("observation",), "draft", ("lessons_manager", "analyst"), "draft the lesson", ("evidence",)),
    Step("endorse", ("draft",), "endorsed", ("authority",), "agree with its conclusion", ("analysis", "body")),
    Step("not_endorse", ("draft",), "not_endorsed", ("authority",), "disagree with its conclusion"),
    Step("task", ("endorsed", "returned", "reopened"), "tasked", ("authority",), "task the action body", ("actions",)),
    Step("return", ("tasked",), "returned", ("action_body",), "return the task"),
    Step("implement", ("tasked", "reopened"), "implemented", ("action_body",), "report the actions done", ("done",)),
    Step("validate", ("implemented",), "validated", ("validator",), "confirm success", ("proof", "independence")),
    Step("fail_validation", ("implemented", "validated", "learned"), "reopened", ("validator",),
         "find that the actions do not work; done actions are open again", ("proof",)),
    Step("learn", ("validated",), "learned", ("authority",), "close it as learned"),
    Step("give_up", ("observation", "draft", "returned", "reopened"), "dead_end", _MANAGING, "record it as a dead end",
         ("evidence",)),
    Step("cancel", _LIVING, "cancelled", _MANAGING, "cancel the lesson"),
    Step("supersede", _LIVING, "superseded", _MANAGING, "replace it by another lesson", ("successor",)),
    Step("edit", ("submitted",), "", ("originator", "lessons_manager"), "correct the report"),
    Step("edit", tuple(name for name in _LIVING if name != "submitted"), "", ("lessons_manager", "analyst"),
         "edit text, evidence or actions"),
    Step("act", ("tasked", "returned", "reopened"), "", ("action_body", "lessons_manager"), "report on actions"),
    Step("resolve", tuple(STAGES), "", ("lessons_manager",), "settle a conflict between two centres"),
)  # fmt: skip

FIXED_ONCE_ENDORSED = ("title", "observation", "discussion", "conclusion", "recommendation")


def steps_from(stage: str) -> tuple[Step, ...]:
    """Return the steps that are permitted at a stage; "" is before the first."""
    return tuple(step for step in STEPS if stage in step.before)


def new_lesson(lesson_id: str) -> Lesson:
    """Return a lesson before its first step."""
    return Lesson(lesson_id, "", "")


def take_step(
    lesson: Lesson, kind: str, *, by: str, role: str, why: str, when_utc: datetime,
    rests_on: Collection[str] = (), changes: Mapping[str, object] | None = None, people: Collection[str] = (),
) -> Lesson:  # fmt: skip
    """Return a lesson after one step, with one more entry in its history.

    kind       kind of a step in STEPS
    by         random id of the person; the originator is recorded as "originator", never by id
    role       the role in which the person acts
    why        in the person's own words
    rests_on   evidence for the step. For `validate` and `fail_validation` as SETTING:REF with a setting of SETTINGS:
               "exercise:A-17", "inspection:checklist-3", "field:2026-03-01"
    changes    fields of the lesson to set
    people     ids of all persons of the centre. A validator who is originator or owner of an action is refused while
               anybody else is among them; in a centre too small for that, "not independent" is recorded
    raises     LessonError when the step is not permitted, the role may not take it, or something is missing

    The owners of an action are everybody whom it ever named, and everybody who reported actions done.
    """
    step = step_of(lesson, kind)
    _check_person(lesson, step, by=by, role=role)
    if not why.strip():
        raise LessonError(lesson.lesson_id, place=kind, why="a step needs a reason: add --why TEXT")
    set_ = history.check_changes(changes or {}, thing=f"lesson {lesson.lesson_id}")
    _check_fixed(lesson, step, set_)
    after = _with_changes(lesson, set_)
    if kind == "fail_validation":
        after = replace(after, actions=_reopened(after.actions))
        set_["actions"] = json_values.plain(after.actions)
    rests = list(rests_on)
    for need in step.needs:
        NEEDS[need][1](_Attempted(after, step, by, rests, people))
    stage = step.after or lesson.stage
    entry = history.next_entry(
        lesson.lesson_id, lesson.history, when_utc=when_utc, by=history.ORIGINATOR if role == "originator" else by,
        role=role, kind=kind, stage=stage, why=why.strip(), rests_on=tuple(rests), changes=set_,
    )  # fmt: skip
    who = by if kind == "submit" else lesson.originator_id
    return replace(after, stage=stage, originator_id=who, history=(*lesson.history, entry))


WEIGHED = ("validate", "fail_validation")  # evidence decides them, not whoever takes the step
MAIN_PATH = ("submit", "accept", "draft", "endorse", "task", "implement", "validate", "learn")


def next_steps(lesson: Lesson) -> tuple[Step, ...]:
    """Return the steps that change the stage of a lesson, that of the main path first."""
    onward = [step for step in steps_from(lesson.stage) if step.after]
    return tuple(sorted(onward, key=lambda step: step.kind not in MAIN_PATH))


def missing_needs(lesson: Lesson, step: Step, *, by: str, people: Collection[str] = ()) -> dict[str, str]:
    """Return what a step still needs, by its name in NEEDS, each with the reason.

    by       random id of the person who would take the step
    people   ids of all persons of the centre
    """
    missing = {}
    for need in step.needs:
        try:
            NEEDS[need][1](_Attempted(lesson, step, by, [], people))
        except LessonError as refused:
            missing[need] = refused.why
    return missing


def is_independent(lesson: Lesson) -> bool | None:
    """Return whether the last validator was independent; None when nobody has validated."""
    for entry in reversed(lesson.history):
        if entry.kind == "validate":
            return NOT_INDEPENDENT not in entry.rests_on
    return None


def parties(lesson: Lesson) -> frozenset[str]:
    """Return the ids of those who cannot validate a lesson: its originator and the owners of its actions."""
    earlier = (json.loads(entry.changes).get("actions", ()) for entry in lesson.history)  # a former owner stays a party
    owners = {action.owner_id for action in lesson.actions} | {one["owner_id"] for row in earlier for one in row}
    doers = {entry.by for entry in lesson.history if entry.role == "action_body"}
    return frozenset({lesson.originator_id} | owners | doers) - {""}


@dataclass(frozen=True, slots=True)
class _Attempted:
    """A step before its needs are checked. `lesson` has its changes already; needs may add to `rests`."""

    lesson: Lesson
    step: Step
    by: str
    rests: list[str]
    people: Collection[str]

    def refuse(self, why: str) -> LessonError:
        return LessonError(self.lesson.lesson_id, place=self.step.kind, why=why)


def _title(attempted: _Attempted) -> None:
    if not attempted.lesson.title.strip():
        raise attempted.refuse("a lesson needs a title: add --set title=TEXT")


def _observation(attempted: _Attempted) -> None:
    if not attempted.lesson.observation.strip():
        raise attempted.refuse(
            "a report needs an observation, what happened against what was expected: add --set observation=TEXT"
        )


def _evidence(attempted: _Attempted) -> None:
    if not attempted.lesson.evidence:
        raise attempted.refuse("this step needs evidence: add --evidence KIND:REF")


def _analysis(attempted: _Attempted) -> None:
    for name in ("discussion", "conclusion", "recommendation"):
        if not getattr(attempted.lesson, name).strip():
            raise attempted.refuse(
                f"the {name} is empty; write it before the lesson is endorsed: add --set {name}=TEXT"
            )


def _body(attempted: _Attempted) -> None:
    if not attempted.lesson.action_body.strip():
        raise attempted.refuse("no action body is proposed: add --set action_body=FUNCTION")


def _actions(attempted: _Attempted) -> None:
    if not attempted.lesson.actions:
        raise attempted.refuse('there is no remedial action: add --action "TEXT; OWNER; DUE DATE"')


def _done(attempted: _Attempted) -> None:
    states = [action.state for action in attempted.lesson.actions]
    if "open" in states or "done" not in states:
        raise attempted.refuse("every action must be done or dropped, and at least one done: add --done ACTION")


def _proof(attempted: _Attempted) -> None:
    settings = {name.partition(":")[0] for name in attempted.rests if name.partition(":")[2].strip()}
    if not settings & set(SETTINGS):
        raise attempted.refuse("name the evidence: exercise:ATTEMPT, inspection:DOCUMENT or field:EVENT")
    is_training = any(action.kind == "training" and action.state == "done" for action in attempted.lesson.actions)
    if is_training and attempted.step.kind == "validate" and "exercise" not in settings:
        raise attempted.refuse("a remedy that is training is confirmed by exercise scores only; name exercise:ATTEMPT")


def _independence(attempted: _Attempted) -> None:
    excluded = parties(attempted.lesson)
    if attempted.by in excluded:
        others = set(attempted.people) - excluded
        if others:
            raise attempted.refuse(
                "the validator may be neither originator nor owner of an action; "
                f"others in this centre can do it ({len(others)})"
            )
        attempted.rests.append(NOT_INDEPENDENT)
    elif not attempted.lesson.originator_id:
        attempted.rests.append(ORIGINATOR_UNKNOWN)


def _successor(attempted: _Attempted) -> None:
    if attempted.lesson.superseded_by.strip() in ("", attempted.lesson.lesson_id):
        raise attempted.refuse("name the lesson that replaces it: add --set superseded_by=LESSON")


NEEDS: Mapping[str, tuple[str, Callable[[_Attempted], None]]] = {
    "title": ("a title", _title),
    "observation": ("the observation", _observation),
    "evidence": ("at least one piece of evidence", _evidence),
    "analysis": ("discussion, conclusion and recommendation", _analysis),
    "body": ("a proposed action body", _body),
    "actions": ("at least one remedial action", _actions),
    "done": ("every action done or dropped, at least one done", _done),
    "proof": ("evidence: exercise, inspection or field; for training, exercise", _proof),
    "independence": ("a validator who is neither originator nor owner of an action", _independence),
    "successor": ("the lesson that replaces it", _successor),
}


def step_of(lesson: Lesson, kind: str) -> Step:
    """Return the permitted step of a kind at the lesson's stage.

    raises   LessonError, with the steps that are permitted
    """
    steps = steps_from(lesson.stage)
    for step in steps:
        if step.kind == kind:
            return step
    here = STAGES[lesson.stage].label if lesson.stage else "not yet submitted"
    permitted = ", ".join(dict.fromkeys(step.kind for step in steps)) or "none"
    raise LessonError(lesson.lesson_id, place=kind, why=f"is not a step from here ({here}); permitted are: {permitted}")


def _check_person(lesson: Lesson, step: Step, *, by: str, role: str) -> None:
    if role not in step.roles:
        who = " or ".join(step.roles)
        add = " or ".join(f"--role {one}" for one in step.roles)
        why = f"is done by {who}, not by {role}: add {add}" if role else f"may be done by {who}: add {add}"
        raise LessonError(lesson.lesson_id, place=step.kind, why=why)
    if step.kind == "submit":
        return  # a report may be anonymous
    if not by.strip() or by == history.ORIGINATOR:
        raise LessonError(
            lesson.lesson_id,
            place=step.kind,
            why="state who acts: add --by PERSON, or record yourself with `hotwash whoami`",
        )
    if role == "originator" and by != lesson.originator_id:
        raise LessonError(
            lesson.lesson_id, place=step.kind, why="only the person who reported a lesson may act as its originator"
        )


def _check_fixed(lesson: Lesson, step: Step, set_: Mapping[str, Any]) -> None:
    if why := fault_of_name(str(set_.get("title", "")).strip()):
        raise LessonError(lesson.lesson_id, place="title", why=f"{why}, and tell the rest in the observation")
    if "superseded_by" in set_ and step.kind not in ("supersede", "resolve"):
        raise LessonError(lesson.lesson_id, place="superseded_by", why="is set only by the step supersede")
    if step.kind == "act" and set(set_) - {"actions", "evidence"}:
        raise LessonError(lesson.lesson_id, place=step.kind, why="can set only actions and evidence")
    if lesson.stage not in _ENDORSED or step.kind == "resolve":
        return
    for name in FIXED_ONCE_ENDORSED:
        if name in set_ and set_[name] != getattr(lesson, name):
            why = "is fixed since the lesson was endorsed; write a new lesson that supersedes this one"
            raise LessonError(lesson.lesson_id, place=name, why=why)


def _with_changes(lesson: Lesson, set_: Mapping[str, Any]) -> Lesson:
    hints = json_values.hints_of(Lesson)
    values = {name: json_values.value_of(hints[name], value, lesson.lesson_id, name) for name, value in set_.items()}
    return replace(lesson, **values)


def _reopened(actions: tuple[RemedialAction, ...]) -> tuple[RemedialAction, ...]:
    return tuple(replace(action, state="open") if action.state == "done" else action for action in actions)


def follows(stage: str, entry: Mapping[str, Any]) -> bool:
    """Return whether an imported entry is a permitted step from a stage.

    entry   as JSON values; whether the needs of the step were met can no longer be checked
    """
    return (entry["kind"], stage, entry["role"], entry["stage"]) in _MOVES


_MOVES = {
    (step.kind, before, role, step.after or before) for step in STEPS for before in step.before for role in step.roles
}
