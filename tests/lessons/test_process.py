"""The process of a lesson is one table: what it does not hold cannot happen."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from datetime import timedelta
from typing import Any

import by_path
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from moves import ANALYST, CHECKER, CHIEF, DONE, EVIDENCE, NOON, OWNER, PEOPLE, PROOF, REPORTER, come_to, moved

from hotwash.errors import LessonError
from hotwash.lessons import history, process
from hotwash.model.lesson import Lesson, RemedialAction

# The drawing of the design, written down a second time, arrow by arrow.
ARROWS = {
    *{("", "submitted"), ("submitted", "observation"), ("submitted", "rejected")},
    *{("observation", to) for to in ("noted", "best_practice", "draft", "dead_end")},
    *{("draft", to) for to in ("endorsed", "not_endorsed", "dead_end")},
    *{("endorsed", "tasked"), ("tasked", "returned"), ("returned", "tasked"), ("returned", "dead_end")},
    *{("tasked", "implemented"), ("implemented", "validated"), ("validated", "learned")},
    *{(of, "reopened") for of in ("implemented", "validated", "learned")},
    *{("reopened", to) for to in ("tasked", "implemented", "dead_end")},
}
ENDS = {"cancelled", "superseded"}


def test_the_table_holds_the_arrows_of_the_design_and_no_other():
    arrows = {(of, step.after) for step in process.STEPS for of in step.before if step.after}
    living = set(process.STAGES) - ENDS
    assert arrows == ARROWS | {(of, end) for of in living for end in ENDS}


def test_every_stage_can_be_reached_and_every_role_has_something_to_do():
    assert {step.after for step in process.STEPS if step.after} == set(process.STAGES)
    assert {role for step in process.STEPS for role in step.roles} == set(process.ROLES)
    assert {need for step in process.STEPS for need in step.needs} == set(process.NEEDS)


def test_a_lesson_goes_the_whole_way():
    lesson = come_to("learned")
    assert [entry.kind for entry in lesson.history][-2:] == ["validate", "learn"]
    assert process.is_independent(lesson) is True


def test_a_move_that_the_table_does_not_hold_tells_which_are():
    with pytest.raises(LessonError, match=r"from here \(observation submitted\); permitted are: accept, reject"):
        moved(come_to("submitted"), [("learn", CHIEF, "authority", {})])


def test_a_move_is_made_in_its_role_only():
    with pytest.raises(LessonError, match="is done by authority, not by analyst"):
        moved(come_to("draft"), [("endorse", CHIEF, "analyst", {})])


@pytest.mark.parametrize(
    ("stage", "asked", "said"),
    [
        ("observation", ("draft", ANALYST, "analyst", {}), "needs evidence"),
        ("draft", ("endorse", CHIEF, "authority", {"conclusion": " "}), "conclusion is empty"),
        ("draft", ("endorse", CHIEF, "authority", {"action_body": ""}), "no action body"),
        ("endorsed", ("task", CHIEF, "authority", {}), "no remedial action"),
        ("tasked", ("implement", OWNER, "action_body", {}), "done or dropped"),
        ("submitted", ("supersede", CHIEF, "authority", {"superseded_by": "L-1"}), "replaces it"),
        ("submitted", ("edit", ANALYST, "lessons_manager", {"superseded_by": "L-2"}), "only by the step supersede"),
        ("submitted", ("edit", OWNER, "originator", {}), "only the person who reported"),
        ("endorsed", ("edit", ANALYST, "analyst", {"conclusion": "other"}), "fixed since the lesson was endorsed"),
        ("tasked", ("act", OWNER, "action_body", {"place": "other"}), "actions and evidence"),
        ("submitted", ("edit", ANALYST, "lessons_manager", {"stage": "learned"}), "cannot be set"),
        ("submitted", ("edit", ANALYST, "lessons_manager", {"title": "x" * 121}), "has 121 letters; use up to 120"),
        ("submitted", ("edit", ANALYST, "lessons_manager", {"mood": "good"}), "unknown field"),
        ("submitted", ("edit", ANALYST, "lessons_manager", {"lat_deg": 91.0}), "out of range"),
        ("submitted", ("edit", ANALYST, "lessons_manager", {"keywords": "radar"}), "must be a list"),
        ("tasked", ("act", OWNER, "action_body", {"actions": [{"action_id": "1", "text": "a", "kind": "hope"}]}),
         "not one of training"),
        ("tasked", ("act", OWNER, "action_body", {"actions": [DONE, DONE]}), "of its own"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(stage: str, asked: Any, said: str):
    lesson = come_to(stage) if stage != "observation" else come_to("observation")
    with pytest.raises(LessonError, match=said):
        moved(lesson, [asked])


def test_a_move_needs_a_reason_and_a_person():
    lesson = come_to("submitted")
    with pytest.raises(LessonError, match="a step needs a reason: add --why"):
        process.take_step(lesson, "accept", by=ANALYST, role="lessons_manager", why=" ", when_utc=NOON)
    with pytest.raises(LessonError, match="state who acts: add --by PERSON"):
        process.take_step(lesson, "accept", by=" ", role="lessons_manager", why="good", when_utc=NOON)


# ---------------------------------------------------------------- validation


def validated(
    lesson: Lesson, by: str, *, people: tuple[str, ...] = PEOPLE, rests_on: tuple[str, ...] = PROOF
) -> Lesson:
    return process.take_step(
        lesson, "validate", by=by, role="validator", why="looked", when_utc=NOON, people=people, rests_on=rests_on
    )


@pytest.mark.parametrize("by", [REPORTER, OWNER])
def test_the_validator_is_neither_originator_nor_owner_of_an_action(by: str):
    with pytest.raises(
        LessonError, match=r"neither originator nor owner of an action; others in this centre can do it .3."
    ):
        validated(come_to("implemented"), by)


def test_who_was_owner_once_stays_involved():
    other = replace(DONE, owner_id=CHIEF)
    lesson = moved(come_to("implemented"), [("edit", ANALYST, "lessons_manager", {"actions": [other]})])
    assert {REPORTER, OWNER, CHIEF} == process.parties(lesson)


def test_a_centre_too_small_for_that_says_not_independent():
    lesson = validated(come_to("implemented"), OWNER, people=(REPORTER, OWNER))
    assert process.NOT_INDEPENDENT in lesson.history[-1].rests_on
    assert process.is_independent(lesson) is False


@pytest.mark.parametrize("rests_on", [(), ("A-1",), ("exercise:",), ("hearsay:A-1",)])
def test_a_validation_rests_on_an_exercise_an_inspection_or_the_field(rests_on: tuple[str, ...]):
    with pytest.raises(LessonError, match="name the evidence"):
        validated(come_to("implemented"), CHECKER, rests_on=rests_on)


def test_training_is_confirmed_by_exercise_scores_only():
    trained = replace(DONE, kind="training")
    lesson = moved(come_to("tasked"), [("act", OWNER, "action_body", {"actions": [trained]}),
                                       ("implement", OWNER, "action_body", {})])  # fmt: skip
    with pytest.raises(LessonError, match="exercise scores only"):
        validated(lesson, CHECKER, rests_on=("inspection:checklist-1",))
    assert validated(lesson, CHECKER).stage == "validated"


def test_a_failed_validation_opens_the_actions_again():
    lesson = process.take_step(
        come_to("learned"), "fail_validation", by=CHECKER, role="validator", why="lost", when_utc=NOON, rests_on=PROOF
    )
    assert lesson.stage == "reopened"
    assert [action.state for action in lesson.actions] == ["open"]


# ---------------------------------------------------------------- any sequence of calls


KINDS = sorted({step.kind for step in process.STEPS})
CHANGES: list[dict[str, object]] = [
    {}, {"evidence": EVIDENCE}, {"actions": [DONE]}, {"actions": [RemedialAction("2", "train", "training")]},
    {"discussion": "d", "conclusion": "c", "recommendation": "r", "action_body": "b"}, {"superseded_by": "L-2"},
    {"stage": "learned"}, {"title": "t", "observation": "o"}, {"history": []},
]  # fmt: skip


class AnyCalls(RuleBasedStateMachine):
    """Whatever is called in whatever order, a stage is only reached along an arrow of the design."""

    def __init__(self) -> None:
        super().__init__()
        self.lesson = process.new_lesson("L-1")

    @rule(
        kind=st.sampled_from(KINDS),
        by=st.sampled_from(["", *PEOPLE]),
        role=st.sampled_from(sorted(process.ROLES)),
        changes=st.lists(st.sampled_from(CHANGES), max_size=3).map(lambda some: dict(ChainMap(*some))),
        rests_on=st.sampled_from([(), PROOF, ("inspection:x",)]),
        people=st.sampled_from([(), PEOPLE]),
    )  # fmt: skip
    def call(self, kind: str, by: str, role: str, changes: dict[str, object], rests_on: Any, people: Any) -> None:
        self._try(kind, by, role, changes, rests_on, people)

    @rule(data=st.data())
    def call_what_may_work(self, data: st.DataObject) -> None:
        """Random calls alone seldom come far."""
        step = data.draw(st.sampled_from(process.steps_from(self.lesson.stage) or process.STEPS))
        role = data.draw(st.sampled_from(step.roles))
        by = REPORTER if role == "originator" else data.draw(st.sampled_from(PEOPLE))
        changes = CHANGES[1] | CHANGES[2] | (CHANGES[5] if step.kind == "supersede" else {})
        changes |= CHANGES[7] if step.kind == "submit" else CHANGES[4] if step.kind == "endorse" else {}
        self._try(step.kind, by, role, {} if step.kind == "act" else changes, PROOF, PEOPLE)

    def _try(self, kind: str, by: str, role: str, changes: dict[str, object], rests_on: Any, people: Any) -> None:
        before = self.lesson
        when_utc = NOON + timedelta(minutes=len(before.history))
        try:
            self.lesson = process.take_step(
                before, kind, by=by, role=role, why="why", when_utc=when_utc, rests_on=rests_on, changes=changes,
                people=people,
            )  # fmt: skip
        except LessonError:
            return
        arrow = (before.stage, self.lesson.stage)
        assert arrow in ARROWS or (arrow[1] in ENDS and arrow[0] not in ENDS) or arrow[0] == arrow[1] != ""
        if arrow[1] == "validated" != arrow[0]:
            is_written = process.NOT_INDEPENDENT in self.lesson.history[-1].rests_on
            assert is_written == (by in process.parties(self.lesson))

    @invariant()
    def the_history_holds_and_makes_the_lesson(self) -> None:
        entries = [entry_of(one) for one in self.lesson.history]
        assert not history.faults("L-1", entries)
        if entries:
            assert history.lesson("L-1", entries, originator_id=self.lesson.originator_id) == self.lesson


def entry_of(entry: Any) -> dict[str, Any]:
    from hotwash.lessons.json_values import plain

    return dict(plain(entry))


TestAnyCalls = AnyCalls.TestCase
TestAnyCalls.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


# ---------------------------------------------------------------- the manual


@pytest.mark.parametrize(("place", "made"), [("PAGE", "page"), ("PICTURE", "drawing")])
def test_the_manual_tells_and_draws_the_table(place: str, made: str):
    script = by_path.script("draw_process")
    committed = getattr(script, place).read_text(encoding="utf-8")
    assert committed == getattr(script, made)(), "run `uv run python scripts/draw_process.py` and commit"


def test_every_move_between_stages_is_drawn_or_told():
    script = by_path.script("draw_process")
    assert {(of, to) for of, to, _ in script.arrows()} == {arrow for arrow in ARROWS if arrow[0]}
    assert set(script.PLACES) == set(process.STAGES)
