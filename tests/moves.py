"""Lessons on their way through the process, for tests of several folders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from hotwash.lessons import process
from hotwash.model.lesson import Evidence, Lesson, RemedialAction

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPORTER, ANALYST, CHIEF, OWNER, CHECKER = "P-reporter", "P-analyst", "P-chief", "P-owner", "P-checker"
PEOPLE = (REPORTER, ANALYST, CHIEF, OWNER, CHECKER)
PROOF = ("exercise:A-1",)

TEXT = {
    "title": "The public was warned 110 minutes after the first detection",
    "observation": "The public warning was expected within 15 min of the first confirmed crossing. It was issued after "
    "110 min (findings:F-3).",
    "event": "Night of 9 September",
    "event_utc": datetime(2025, 9, 9, 21, 30, tzinfo=UTC),
    "place": "Lublin",
    "lat_deg": 51.2465,
    "lon_deg": 22.5684,
    "unit": "Air operations centre",
    "originator": "duty officer",
    "keywords": ("warning", "drone"),
    "classification": "UNCLASSIFIED",
    "releasability": "public",
    "language": "en",
}
ANALYSED = {
    "discussion": "The duty officer had no rule that said who releases a warning, because the plan names two bodies.",
    "conclusion": "No rule says who releases a warning.",
    "recommendation": "The operations centre writes a rule that names who releases, measured by the time to warning.",
    "action_body": "Operations branch",
    "objective": "O-1",
}
EVIDENCE = (Evidence("finding", "findings:F-3", text="warning at 03:20"),)
ACTION = RemedialAction("1", "Write the rule", owner="Operations branch", owner_id=OWNER, due=date(2026, 5, 1))
DONE = RemedialAction(
    "1", "Write the rule", owner="Operations branch", owner_id=OWNER, due=date(2026, 5, 1), state="done"
)

Asked = tuple[str, str, str, dict[str, object]]
WAY: tuple[Asked, ...] = (
    ("submit", REPORTER, "originator", dict(TEXT)),
    ("accept", ANALYST, "lessons_manager", {"manager": "lessons officer", "manager_id": ANALYST}),
    ("draft", ANALYST, "analyst", {"evidence": EVIDENCE}),
    ("edit", ANALYST, "analyst", dict(ANALYSED)),
    ("endorse", CHIEF, "authority", {}),
    ("task", CHIEF, "authority", {"actions": (ACTION,)}),
    ("act", OWNER, "action_body", {"actions": (DONE,)}),
    ("implement", OWNER, "action_body", {}),
    ("validate", CHECKER, "validator", {}),
    ("learn", CHIEF, "authority", {}),
)


def moved(lesson: Lesson, asked: Iterable[Asked]) -> Lesson:
    """Return a lesson after some moves, an hour apart."""
    for kind, by, role, changes in asked:
        lesson = process.take_step(
            lesson, kind, by=by, role=role, why=f"because of {kind}", changes=changes, people=PEOPLE,
            rests_on=PROOF if kind == "validate" else (), when_utc=NOON + timedelta(hours=len(lesson.history)),
        )  # fmt: skip
    return lesson


def come_to(stage: str, lesson_id: str = "L-1") -> Lesson:
    """Return a lesson that came straight to a stage of the main way."""
    lesson = process.new_lesson(lesson_id)
    for asked in WAY:
        lesson = moved(lesson, [asked])
        if lesson.stage == stage and not (stage == "draft" and not lesson.conclusion):
            return lesson
    raise AssertionError(stage)
