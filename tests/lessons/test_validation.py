"""A lesson moves by evidence alone: what validates it, what reopens it, and who may say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from trying import flown, proved

from hotwash.errors import LessonError
from hotwash.lessons import process
from hotwash.lessons.validation import FieldEvidence, Inspection, Item, validate
from hotwash.model.lesson import Evidence, Lesson, RemedialAction
from hotwash.model.proof import Proof

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOLDING, FAILING, OPEN = proved(flown("++++++")), proved(flown("--++++")), proved(flown("+++"))
DONE = RemedialAction("R1", "write a rule book", "procedure", "watch", "owner", state="done")
PEOPLE = ("reporter", "owner", "validator")
SHA = "ab" * 32
CHECKLIST = (Item("the rule book lies on the desk", True), Item("everybody signed it", True))


def lesson(*actions: RemedialAction) -> Lesson:
    """A lesson whose actions are done, reported by `reporter`."""
    held = process.take_step(
        process.new_lesson("L-1"), "submit", by="reporter", role="originator", why="seen", when_utc=NOW,
        changes={"title": "Late warning", "observation": "It came late.", "actions": actions or (DONE,),
                 "evidence": (Evidence("finding", "C-1"),)},
    )  # fmt: skip
    return replace(held, stage="implemented")


def given(found: Lesson, *proofs: Proof, by: str = "validator", **more: object) -> Lesson:
    return validate(found, by=by, why="weighed", when_utc=NOW, proofs=proofs, people=PEOPLE, **more)


def test_an_objective_that_holds_validates_and_its_rows_stand_in_the_history():
    moved = given(lesson(), HOLDING)
    assert moved.stage == "validated"
    assert moved.history[-1].rests_on == (
        "objective:warned version 1", *(f"exercise:a{number}" for number in range(6)),
    )  # fmt: skip
    assert moved.evidence[-1].ref == "warned"


def test_an_objective_that_fails_reopens_the_lesson_and_its_actions():
    moved = given(lesson(), FAILING)
    assert (moved.stage, moved.actions[0].state) == ("reopened", "open")
    assert "DOES NOT HOLD" in moved.history[-1].why


def test_what_is_lost_reopens_a_lesson_that_was_learned():
    assert given(replace(lesson(), stage="learned"), replace(HOLDING, result="LOST")).stage == "reopened"


@pytest.mark.parametrize("result", ["NOT ENOUGH EVIDENCE", "STALE"])
def test_what_does_not_decide_moves_nothing(result: str):
    with pytest.raises(LessonError, match=f"reads {result}, which decides nothing"):
        given(lesson(), replace(OPEN, result=result))


def test_everything_laid_on_the_table_must_hold():
    with pytest.raises(LessonError, match="decides nothing"):
        given(lesson(), HOLDING, OPEN)
    assert given(lesson(), HOLDING, FAILING).stage == "reopened"


def test_without_evidence_nothing_moves():
    with pytest.raises(LessonError, match="has no evidence"):
        given(lesson())


def test_the_proof_of_another_lesson_is_refused():
    with pytest.raises(LessonError, match="belongs to lesson L-2"):
        given(lesson(), replace(HOLDING, lesson_id="L-2"))


@pytest.mark.parametrize("who", ["reporter", "owner"])
def test_neither_the_originator_nor_an_owner_validates_where_others_can(who: str):
    with pytest.raises(LessonError, match="neither originator nor owner"):
        given(lesson(), HOLDING, by=who)


def test_a_centre_too_small_writes_not_independent():
    moved = validate(lesson(), by="owner", why="weighed", when_utc=NOW, proofs=[HOLDING], people=("reporter", "owner"))
    assert process.is_independent(moved) is False


def test_training_is_confirmed_by_scores_of_people_only():
    trained = lesson(replace(DONE, kind="training"))
    with pytest.raises(LessonError, match="scores of people or crews"):
        given(trained, HOLDING)
    with pytest.raises(LessonError, match="scores of people or crews"):
        given(trained, inspection=Inspection("list.pdf", SHA, "validator", CHECKLIST))
    assert given(trained, replace(HOLDING, subject="person")).stage == "validated"


def test_an_inspection_validates_by_checklist_inspector_and_hash():
    moved = given(lesson(), inspection=Inspection("list.pdf", SHA, "validator", CHECKLIST))
    assert moved.stage == "validated"
    assert moved.history[-1].rests_on == (f"inspection:list.pdf sha256 {SHA} by validator",)
    assert (moved.evidence[-1].kind, moved.evidence[-1].sha256) == ("checklist", SHA)


def test_a_line_that_is_not_met_reopens():
    unmet = (*CHECKLIST, Item("the duty officer has a copy", False))
    moved = given(lesson(), inspection=Inspection("list.pdf", SHA, "validator", unmet))
    assert moved.stage == "reopened"
    assert "Not met at the inspection: the duty officer has a copy." in moved.history[-1].why


@pytest.mark.parametrize(
    ("inspection", "why"),
    [
        (Inspection("list.pdf", SHA, "validator", ()), "needs a checklist"),
        (Inspection("list.pdf", "abc", "validator", CHECKLIST), "SHA-256"),
        (Inspection("list.pdf", SHA, "", CHECKLIST), "the inspector's id"),
        (Inspection("list.pdf", SHA, "owner", CHECKLIST), "inspector may be neither"),
    ],
)
def test_an_inspection_that_shows_nothing_is_refused(inspection: Inspection, why: str):
    with pytest.raises(LessonError, match=why):
        given(lesson(), inspection=inspection)


def test_a_field_event_validates_or_reopens():
    night = FieldEvidence("2026-05-01 Terespol", has_worked=True, text="warned after 9 minutes", sha256=SHA)
    assert given(lesson(), field=night).history[-1].rests_on == ("field:2026-05-01 Terespol",)
    assert given(lesson(), field=replace(night, has_worked=False)).stage == "reopened"
    with pytest.raises(LessonError, match="name the field event"):
        given(lesson(), field=replace(night, text=" "))


def test_a_lesson_whose_actions_are_not_done_is_not_validated():
    with pytest.raises(LessonError, match="is not a step from here"):
        given(replace(lesson(), stage="tasked"), HOLDING)


def test_a_validation_needs_a_reason():
    with pytest.raises(LessonError, match="needs a reason"):
        validate(lesson(), by="validator", why=" ", when_utc=NOW, proofs=[HOLDING], people=PEOPLE)


@pytest.mark.parametrize("sha256", ["", "AB" * 32, "ab" * 31, "no hash"])
def test_neither_an_inspection_nor_an_event_without_a_hash_validates(sha256: str):
    """An event without a hash validated, an inspection without one did not."""
    report = Inspection("siren test.pdf", sha256, "inspector", CHECKLIST)
    storm = FieldEvidence("the storm of May", has_worked=True, text="warned in 4 min", sha256=sha256)
    for more in ({"inspection": report}, {"field": storm}):
        with pytest.raises(LessonError, match="has no SHA-256 of 64 hexadecimal digits"):
            given(lesson(), **more)
