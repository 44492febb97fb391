"""Who did what for a lesson, and what to remark where one person had several duties.

    history, attempts ─▶ duties_of: person ─▶ duties ─▶ remarks, without a name or an id

A remark is not a refusal: a small centre has few people. What is refused is in `process` (a validator who is too
involved while others are there).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hotwash.lessons import history
from hotwash.model.lesson import Lesson

# Each duty in words, in the order of the process.
DUTIES: Mapping[str, str] = {
    "reported": "reported it",
    "accepted": "accepted it",
    "wrote": "wrote it",
    "decided": "endorsed, tasked or closed it",
    "acted": "owns or did its actions",
    "flew": "flew or stood its attempts",
    "instructed": "instructed its attempts",
    "inspected": "inspected the remedy",
    "validated": "validated it",
}
# Managing and drafting go together in the process, as do inspecting and validating: neither checks the other.
_TOGETHER = {"accepted": "wrote", "inspected": "validated"}
_BY_ROLE = {"originator": "reported", "lessons_manager": "accepted", "analyst": "wrote", "authority": "decided",
            "action_body": "acted", "validator": "validated"}  # fmt: skip
_BY_KIND = {"draft": "wrote", "edit": "wrote"}  # of the lessons manager, after the report was accepted
_INSPECTOR = re.compile(r"inspection:.* by (?P<who>\S+)")


@dataclass(frozen=True, slots=True)
class Trying:
    """Who took part in the attempts of a lesson's objectives.

    flew         ids of the people who were tried
    instructed   ids of the people who voided an attempt, or marked one by hand
    """

    flew: frozenset[str] = frozenset()
    instructed: frozenset[str] = frozenset()


NOBODY = Trying()


def duties_of(lesson: Lesson, trying: Trying = NOBODY) -> dict[str, tuple[str, ...]]:
    """Return the duties that each person had for a lesson, in the order of DUTIES."""
    found: dict[str, set[str]] = {}
    for entry in lesson.history:
        duty = _BY_ROLE[entry.role]
        if entry.role == "lessons_manager" and entry.stage != "submitted":
            duty = _BY_KIND.get(entry.kind, duty)
        who = lesson.originator_id if entry.by == history.ORIGINATOR else entry.by
        found.setdefault(who, set()).add(duty)
        for row in entry.rests_on:
            if inspector := _INSPECTOR.fullmatch(row):
                found.setdefault(inspector["who"], set()).add("inspected")
        for action in json.loads(entry.changes).get("actions", ()):
            found.setdefault(action["owner_id"], set()).add("acted")
    for duty, people in (("flew", trying.flew), ("instructed", trying.instructed)):
        for who in people:
            found.setdefault(who, set()).add(duty)
    found.pop("", None)  # anonymous, or an action that names no person
    return {who: tuple(duty for duty in DUTIES if duty in theirs) for who, theirs in sorted(found.items())}


def remark_step(lesson: Lesson, trying: Trying = NOBODY) -> str:
    """Return what to remark of who took the last step; "" where they had no other duty."""
    if not lesson.history:
        return ""
    last = lesson.history[-1]
    who = lesson.originator_id if last.by == history.ORIGINATOR else last.by
    theirs = duties_of(lesson, trying).get(who, ())
    return f"One person had several duties: who took this step {_text(theirs)}." if _matters(theirs) else ""


def remarks(lesson: Lesson, trying: Trying = NOBODY) -> tuple[str, ...]:
    """Return a sentence for each person who had several duties, the most involved first.

    Who reported the lesson is left out: together with the history, which names who took each step, it would be known.
    """
    everybody = (tuple(one for one in theirs if one != "reported") for theirs in duties_of(lesson, trying).values())
    several = [theirs for theirs in everybody if _matters(theirs)]
    return tuple(f"One person {_text(theirs)}." for theirs in sorted(several, key=len, reverse=True))


def _matters(duties: Collection[str]) -> bool:
    return len({_TOGETHER.get(duty, duty) for duty in duties}) > 1


def _text(duties: Collection[str]) -> str:
    words = [DUTIES[duty] for duty in duties]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
