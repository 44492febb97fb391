"""One person with several duties is remarked, not refused, and nobody learns from a remark who reported a lesson."""

from __future__ import annotations

import pytest
from moves import ANALYST, CHECKER, CHIEF, DONE, EVIDENCE, NOON, OWNER, WAY, come_to, moved

from hotwash.lessons import process
from hotwash.lessons.duties import Trying, remark_step, remarks
from hotwash.model.lesson import Lesson

ALONE = "P-solo"


def alone(until: str) -> Lesson:
    """Return a lesson that one person brought to a stage, alone."""
    lesson = process.new_lesson("L-7")
    for kind, _, role, changes in WAY:
        own = {"actions": (DONE,)} if kind in ("task", "act") else changes
        lesson = process.take_step(lesson, kind, by=ALONE, role=role, why="there is nobody else", changes=own,
                                   when_utc=NOON, rests_on=("exercise:A-1",) if kind == "validate" else (),
                                   people=(ALONE,))  # fmt: skip
        if lesson.stage == until and kind != "draft":
            return lesson
    raise AssertionError(until)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("submitted", ""),
        ("observation", "reported it and accepted it"),
        ("endorsed", "reported it, accepted it, wrote it and endorsed, tasked or closed it"),
        ("implemented", "endorsed, tasked or closed it and owns or did its actions"),
        ("validated", "owns or did its actions and validated it"),
    ],
)
def test_one_person_in_all_roles_is_remarked_at_each_step(stage: str, said: str):
    remark = remark_step(alone(stage))
    assert said in remark
    assert bool(remark) == bool(said)
    assert ALONE not in remark


def test_people_who_did_one_thing_each_are_not_remarked():
    assert remarks(come_to("learned")) == ()
    assert remark_step(come_to("learned")) == ""


def test_managing_and_drafting_go_together():
    lesson = moved(come_to("submitted"), [("accept", ANALYST, "lessons_manager", {}),
                                          ("draft", ANALYST, "lessons_manager", {"evidence": EVIDENCE})])  # fmt: skip
    assert remark_step(lesson) == ""


def test_who_flew_and_who_instructed_count_as_well():
    lesson = come_to("validated")
    assert remarks(lesson, Trying(flew=frozenset({CHECKER}))) == (
        "One person flew or stood its attempts and validated it.",
    )
    said = remark_step(lesson, Trying(instructed=frozenset({CHECKER, CHIEF})))
    assert said.endswith("instructed its attempts and validated it.")


def test_an_inspector_who_owns_the_action_is_remarked():
    lesson = moved(come_to("implemented"), [])
    rests = (f"inspection:siren test.pdf sha256 {'a' * 64} by {OWNER}",)
    lesson = process.take_step(
        lesson, "validate", by=CHECKER, role="validator", why="seen", when_utc=NOON, rests_on=rests
    )
    assert remarks(lesson) == ("One person owns or did its actions and inspected the remedy.",)


def test_what_leaves_the_centre_does_not_tell_who_reported():
    assert all("reported" not in one for one in remarks(alone("validated")))
    assert len(remarks(alone("validated"))) == 1
