"""A lesson is moved by evidence alone: what was measured, inspected or seen in the field, and by whom it was weighed.

    Proof · Inspection · FieldEvidence ─▶ validate(lesson, …) ─▶ validated, or reopened with its actions

The move itself is `process.take_step`: it asks who may make it and whether the validator is independent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotwash.errors import LessonError
from hotwash.lessons import process
from hotwash.model.lesson import Evidence, Lesson
from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, LOST, Proof

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist, and whether it was found met."""

    text: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an inspector found against a checklist.

    document   name of the signed checklist; sha256: of its file, lower-case hexadecimal
    inspector_id   random id of who inspected
    """

    document: str
    sha256: str
    inspector_id: str
    checklist: tuple[Item, ...]

    @property
    def holds(self) -> bool:
        return all(item.is_met for item in self.checklist)


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """One real event in which the remedy was put to use.

    event      its name, or its account
    has_worked whether the remedy did what it was for
    text       what shows it
    sha256     of the account's file; "" where there is no file
    """

    event: str
    has_worked: bool
    text: str
    sha256: str = ""


def validate(
    lesson: Lesson, *, by: str, why: str, when_utc: datetime, proofs: Sequence[Proof] = (),
    inspection: Inspection | None = None, field: FieldEvidence | None = None, people: Collection[str] = (),
) -> Lesson:  # fmt: skip
    """Return the lesson validated, or reopened with its actions, with the rows it rests on in its history.

    by, why      who validates, by random id, and in their words
    proofs       of this lesson's objectives, as `proof.verify` returns them
    people       ids of all persons of the centre, for independence
    raises       LessonError where there is no evidence, where it decides nothing yet or is too old, where it is not of
                 this lesson, where the remedy is training and people were not scored, where the document is not hashed
                 or the validator or inspector is not independent though others could do it

    One failure is enough to reopen; for a validation everything that is laid on the table must hold.
    """
    if not (proofs or inspection or field):
        raise _refused(lesson, "lay evidence on the table: a proof, an inspection or a field event")
    for proof in proofs:
        _check_proof(lesson, proof)
    if inspection is not None:
        _check_inspection(lesson, inspection, people)
    if field is not None and not (field.event.strip() and field.text.strip()):
        raise _refused(lesson, "name the field event, and say what in it shows that the remedy works")
    failed = _failures(proofs, inspection, field)
    if not failed:
        _check_complete(lesson, proofs)
    return process.take_step(
        lesson, "fail_validation" if failed else "validate", by=by, role="validator",
        why=" ".join([why.strip(), *failed]).strip() if why.strip() else "", when_utc=when_utc,
        rests_on=_rows(proofs, inspection, field), people=people,
        changes={"evidence": (*lesson.evidence, *_evidence(proofs, inspection, field))},
    )  # fmt: skip


def _failures(proofs: Sequence[Proof], inspection: Inspection | None, field: FieldEvidence | None) -> list[str]:
    """Return what did not hold, a sentence each; empty where all held."""
    said = [f"{one.objective_id} {one.result}: {one.why}" for one in proofs if one.result in (DOES_NOT_HOLD, LOST)]
    if inspection is not None and not inspection.holds:
        unmet = "; ".join(item.text for item in inspection.checklist if not item.is_met)
        said.append(f"Not met at the inspection: {unmet}.")
    if field is not None and not field.has_worked:
        said.append(f"It did not work at {field.event}: {field.text}")
    return said


def _check_proof(lesson: Lesson, proof: Proof) -> None:
    if proof.lesson_id != lesson.lesson_id:
        raise _refused(
            lesson, f"objective {proof.objective_id} is of lesson {proof.lesson_id}; name one of this lesson"
        )


def _check_complete(lesson: Lesson, proofs: Sequence[Proof]) -> None:
    """Refuse what neither fails nor holds, and training that was not scored with people."""
    for proof in proofs:
        if proof.result != HOLDS:
            why = f"objective {proof.objective_id} reads {proof.result}, which moves nothing. {proof.why}"
            raise _refused(lesson, why)
    is_training = any(one.kind == "training" and one.state == "done" for one in lesson.actions)
    if is_training and not any(one.setting == "exercise" and one.subject != "procedure" for one in proofs):
        why = "a remedy that is training is confirmed by exercise scores of people or crews, not by a procedure's"
        raise _refused(lesson, why)


def _check_inspection(lesson: Lesson, inspection: Inspection, people: Collection[str]) -> None:
    if not inspection.checklist or not all(item.text.strip() for item in inspection.checklist):
        raise _refused(lesson, "an inspection is made against a checklist: give its lines, and which were met")
    if not inspection.document.strip() or not _SHA256.fullmatch(inspection.sha256):
        raise _refused(lesson, "name the signed document and its SHA-256, so that nobody can change it unseen")
    if not inspection.inspector_id.strip():
        raise _refused(lesson, "say who inspected, by random id")
    involved = process.parties(lesson)
    if inspection.inspector_id in involved and set(people) - involved:
        raise _refused(lesson, "the inspector may be neither originator nor owner of an action; others can do it")


def _rows(proofs: Sequence[Proof], inspection: Inspection | None, field: FieldEvidence | None) -> tuple[str, ...]:
    """Return what a move rests on, as SETTING:REF."""
    rows: list[str] = []
    for proof in proofs:
        rows.append(f"objective:{proof.objective_id} version {proof.version}")
        refs = [one.partition(":")[2] for one in proof.rows] or [proof.objective_id]  # few people: not by attempt
        rows += [f"{proof.setting}:{one}" for one in refs]
    if inspection is not None:
        rows.append(f"inspection:{inspection.document} sha256 {inspection.sha256} by {inspection.inspector_id}")
    if field is not None:
        rows.append(f"field:{field.event}")
    return tuple(dict.fromkeys(rows))


def _evidence(
    proofs: Sequence[Proof], inspection: Inspection | None, field: FieldEvidence | None
) -> tuple[Evidence, ...]:
    found = [Evidence("scores", one.objective_id, text=f"{one.result}. {one.why}") for one in proofs]
    if inspection is not None:
        met = sum(item.is_met for item in inspection.checklist)
        text = f"{met} of {len(inspection.checklist)} lines met"
        found.append(Evidence("checklist", inspection.document, sha256=inspection.sha256, text=text))
    if field is not None:
        found.append(Evidence("event", field.event, sha256=field.sha256, text=field.text))
    return tuple(found)


def _refused(lesson: Lesson, why: str) -> LessonError:
    return LessonError(lesson.lesson_id, place="validate", why=why)
