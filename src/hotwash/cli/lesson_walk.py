"""`hotwash lessons next`: walk a lesson through its next permitted step, and ask for what is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import typer

from hotwash.visible import make_visible, quote

if TYPE_CHECKING:
    from hotwash.lessons.process import Step
    from hotwash.model.lesson import Lesson

# By need of a step: the fields to ask for, each with its question.
_FIELDS = {
    "title": {"title": "Title"},
    "observation": {"observation": "What happened, against what was expected"},
    "analysis": {
        "discussion": "Discussion (why it happened)",
        "conclusion": "Conclusion (the cause)",
        "recommendation": "Recommendation (what removes the cause)",
    },
    "body": {"action_body": "Which function shall act"},
    "successor": {"superseded_by": "Lesson that takes its place"},
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered: fields to set, evidence and actions to add, and what the step rests on."""

    fields: dict[str, str] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    rests_on: list[str] = field(default_factory=list)


def is_interactive() -> bool:
    """Tell whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def overview(lesson: Lesson, missing: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield the steps that are permitted now, who may take them, and what each still needs.

    missing   by kind of step and need: the reason
    """
    from hotwash.lessons import process

    yield f"{lesson.lesson_id}: {lesson.title}\n{process.STAGES[lesson.stage].label}"
    for number, step in enumerate(process.next_steps(lesson), start=1):
        roles = " or ".join(role.replace("_", " ") for role in step.roles)
        yield f"{number:3}  {step.kind}: {step.meaning} ({roles})"
        yield from (f"       needs {process.NEEDS[need][0]}" for need in missing[step.kind])
        if step.kind in process.WEIGHED:
            yield f"       is taken by: hotwash validate {lesson.lesson_id} --why TEXT"


def choose_step(lesson: Lesson, kind: str) -> Step:
    """Return the step of a kind; without one, the step that the person chooses, by number or word.

    What is offered first is the next step of the main path; where there is none, nothing is.
    """
    from hotwash.lessons import process

    if kind:
        return process.step_of(lesson, kind)
    steps = process.next_steps(lesson)
    return steps[_choose("Step (number or word; Ctrl-C stops)", [step.kind for step in steps], process.MAIN_PATH)]


def ask_for(lesson: Lesson, step: Step, missing: Mapping[str, str]) -> Answers:
    """Ask for what a step needs; return it as the options of `lessons move` take it."""
    answers = Answers()
    for need in missing:
        for name, question in _FIELDS.get(need, {}).items():
            if not getattr(lesson, name).strip():
                answers.fields[name] = _ask(question)
        if need == "evidence":
            ref = _ask("Evidence (KIND:REF, or ACCOUNT#ROW)", _check_evidence)
            answers.evidence.append(f"{ref}; {_ask('What it shows')}")
        if need == "actions":
            text, owner = _ask("Remedial action"), _ask("Owner (function)")
            answers.actions.append(f"{text}; {owner}; {_ask('Due date, as YYYY-MM-DD', _check_date)}")
        if need == "proof":
            answers.rests_on.append(_ask("Proof (inspection:DOCUMENT or field:EVENT)"))
    return answers


def ask_done_actions(lesson: Lesson) -> list[str]:
    """Ask which open actions are done; return their ids."""
    return [
        one.action_id
        for one in lesson.actions
        if one.state == "open"
        and typer.confirm(make_visible(f"Is action {one.action_id} done ({one.text})?"), err=True)
    ]


def ask_role(step: Step) -> str:
    """Ask in which role somebody acts, where a step leaves a choice."""
    if len(step.roles) == 1:
        return step.roles[0]
    for number, role in enumerate(step.roles, start=1):
        typer.echo(f"{number:3}  {role.replace('_', ' ')}", err=True)
    return step.roles[_choose("Your role (number or word)", step.roles, step.roles)]


def ask_why(step: Step) -> str:
    """Ask for the reason of a step."""
    return _ask(f"Reason to {step.kind.replace('_', ' ')}")


def _ask(question: str, check: Callable[[str], str] = str.strip) -> str:
    """Ask until the answer passes the check; what was answered before stays."""
    return str(typer.prompt(question, err=True, value_proc=check))


def _choose(question: str, words: Sequence[str], preferred: Sequence[str]) -> int:
    """Ask for one of some words, by its number or itself; the first is the default if it is a preferred one."""

    def chosen(typed: str) -> int:
        word = typed.strip().lower().replace(" ", "_")
        if word.isdigit() and 1 <= int(word) <= len(words):
            return int(word) - 1
        if word in words:
            return words.index(word)
        raise typer.BadParameter(f"choose a number from 1 to {len(words)}, or one of {', '.join(words)}")

    default = "1" if words[0] in preferred else None
    return int(typer.prompt(question, default=default, err=True, value_proc=chosen))


def _check_evidence(typed: str) -> str:
    from hotwash.errors import LessonError
    from hotwash.work.lessons import check_evidence

    try:
        check_evidence(typed)
    except LessonError as fault:
        raise typer.BadParameter(fault.why) from None
    return typed.strip()


def _check_date(typed: str) -> str:
    try:
        return date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{quote(typed)} is not a date such as 2027-03-31") from None
