"""`hotwash lessons next`: walk a lesson through its next permitted step, and ask for what is missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer

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


def choose_step(lesson: Lesson, kind: str) -> Step:
    """Return the step of a kind; without one, that which the person chooses."""
    from hotwash.lessons import process

    steps = process.next_steps(lesson)
    if kind:
        return next((step for step in steps if step.kind == kind), process.step_of(lesson, kind))
    return steps[_ask_number("Step", len(steps)) - 1]


def ask_for(lesson: Lesson, step: Step, missing: Mapping[str, str]) -> tuple[dict[str, Any], list[str], list[str]]:
    """Ask for what a step needs; return fields, evidence and actions as the options of `lessons move` take them."""
    fields: dict[str, Any] = {}
    evidence, actions = [], []
    for need in missing:
        for name, question in _FIELDS.get(need, {}).items():
            if not getattr(lesson, name).strip():
                fields[name] = _ask(question)
        if need == "evidence":
            ref = _ask("Evidence (KIND:REF, or ACCOUNT#ROW)")
            evidence.append(f"{ref}; {_ask('What it shows')}")
        if need == "actions":
            owner = _ask("Owner (function)") if (text := _ask("Remedial action")) else ""
            actions.append(f"{text}; {owner}; {_ask('Due date (2026-03-31)')}")
    return fields, evidence, actions


def ask_done_actions(lesson: Lesson) -> list[str]:
    """Ask which open actions are done; return their ids."""
    return [
        one.action_id
        for one in lesson.actions
        if one.state == "open" and typer.confirm(f"Is action {one.action_id} done ({one.text})?", err=True)
    ]


def ask_role(step: Step) -> str:
    """Ask in which role somebody acts, where a step leaves a choice."""
    if len(step.roles) == 1:
        return step.roles[0]
    for number, role in enumerate(step.roles, start=1):
        typer.echo(f"{number:3}  {role.replace('_', ' ')}", err=True)
    return step.roles[_ask_number("Your role", len(step.roles)) - 1]


def ask_why(step: Step) -> str:
    """Ask for the reason of a step."""
    return _ask(f"Reason to {step.kind.replace('_', ' ')}")


def _ask(question: str) -> str:
    return str(typer.prompt(question, err=True))


def _ask_number(question: str, most: int) -> int:
    while True:
        number = int(typer.prompt(question, default=1, type=int, err=True))
        if 1 <= number <= most:
            return number
        typer.echo(f"Choose a number from 1 to {most}.", err=True)
