"""Who should practise what again, by a rule of thumb for the calendar; it is never evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from hotwash.model.mastery import Trial
from hotwash.skills.curriculum import Curriculum, Skill, trials_of
from hotwash.skills.schedule import Due, due
from hotwash.store import attempts as kept
from hotwash.store.centre import Centre
from hotwash.work.attempting import Subject
from hotwash.work.verifying import LEAST_SHOWN

_WHO = ("subject_kind", "subject_id")


@dataclass(frozen=True, slots=True)
class DueSkill:
    """One skill of one subject: when it was practised, when to do so again, and on what.

    level, exercise   the highest level that the subject has tried, and its exercise
    practised_utc     end of the newest attempt at that level, test or practice
    """

    subject: Subject
    curriculum: str
    skill: Skill
    level: int
    exercise: str
    practised_utc: datetime
    due: Due

    def is_due(self, when_utc: datetime) -> bool:
        return self.due.due_utc <= when_utc

    def flat(self, when_utc: datetime) -> dict[str, Any]:
        """Return everything for a program."""
        return {
            "subject_kind": self.subject.kind, "subject_id": self.subject.name,
            "skill": f"{self.curriculum}/{self.skill.skill}", "title": self.skill.title, "level": self.level,
            "exercise": self.exercise, "practised_utc": self.practised_utc.isoformat(),
            "due_utc": self.due.due_utc.isoformat(), "is_due": self.is_due(when_utc),
            "stability_days": self.due.stability_days, "recall": self.due.recall,
        }  # fmt: skip


def find_due(centre: Centre, courses: Sequence[Curriculum], *, when_utc: datetime) -> tuple[DueSkill, ...]:
    """Return when everybody who has tried a skill should practise it again, the longest due first.

    Tests and practice both count; skills that were never tried are left out.
    raises   CentreError
    """
    attempts = kept.attempts(centre)
    measures = sorted({name for course in courses for name in course.measures})
    scores = kept.scores(centre, measures)
    schedule = [one for course in courses for one in _of(course, trials_of(course, attempts, scores), when_utc)]
    return tuple(sorted(schedule, key=lambda one: (one.due.due_utc, one.subject.name, one.skill.skill)))


def count_due(schedule: Sequence[DueSkill], *, when_utc: datetime) -> list[dict[str, Any]]:
    """Return of each skill how many people have practised it and how many are due, without names.

    returns   rows of skill, title, people, due; people and due are None where fewer than five have practised it
    """
    rows: list[dict[str, Any]] = []
    people = [one for one in schedule if one.subject.kind == "person"]
    for skill, title in dict.fromkeys((f"{one.curriculum}/{one.skill.skill}", one.skill.title) for one in people):
        theirs = [one for one in people if f"{one.curriculum}/{one.skill.skill}" == skill]
        is_shown = len(theirs) >= LEAST_SHOWN
        late = sum(one.is_due(when_utc) for one in theirs)
        rows.append(
            {"skill": skill, "title": title, "people": len(theirs) if is_shown else None,
             "due": late if is_shown else None}
        )  # fmt: skip
    return sorted(rows, key=lambda row: row["skill"])


def due_within(found: Sequence[DueSkill], *, when_utc: datetime, days: int) -> tuple[DueSkill, ...]:
    """Return what is due by so many days after a date."""
    return tuple(one for one in found if one.is_due(when_utc + timedelta(days=days)))


def _of(course: Curriculum, trials: pl.DataFrame, when_utc: datetime) -> list[DueSkill]:
    """Return what is known of one curriculum: one entry for each subject and skill."""
    skills = {f"{course.name}/{one.skill}": one for one in course.skills}
    done = trials.filter(pl.col("ended_utc") <= when_utc)
    schedule: list[DueSkill] = []
    for (kind, who, name), rows in done.group_by(*_WHO, "skill", maintain_order=True):
        level = int(str(rows["level"].max()))
        columns = ("ended_utc", "attempt_id", "outcome", "is_test")
        some = [Trial(*row) for row in rows.filter(pl.col("level") == level).select(columns).iter_rows()]
        when = due(some, when_utc)
        if when is not None:
            skill, last = skills[str(name)], max(one.ended_utc for one in some)
            exercise = next(one.exercise for one in skill.levels if one.level == level)
            schedule.append(DueSkill(Subject(str(kind), str(who)), course.name, skill, level, exercise, last, when))
    return schedule
