"""Validate a lesson by evidence alone: what was measured, inspected or observed in the field, and who weighed it.

    Proof · Inspection · FieldEvidence ─▶ validate(lesson, …) ─▶ validated, or reopened with its actions

`process.take_step` takes the step: it checks the role and whether the validator is independent.
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
    """One line of a checklist, and whether it was met."""

    text: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """The result of an inspection against a checklist.

    document   name of the signed checklist; sha256: of its file, lower-case hexadecimal
    inspector_id   random id of the inspector
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
    """One real event in which the remedy was used.

    event      its name, or its account
    has_worked whether the remedy served its purpose
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
    """Return the lesson validated, or reopened with its actions, with its evidence in the history.

    by, why      random id of the validator, and the reason in their words
    proofs       of this lesson's objectives, as `proof.verify` returns them
    people       ids of all persons of the centre, to judge independence
    raises       LessonError where evidence is missing, indecisive, too old or of another lesson; where the remedy is
                 training and people were not scored; where the document has no hash; where the validator or inspector
                 is not independent though others could do it

    One failure is enough to reopen; a validation requires that all evidence given holds.
    """
    if not (proofs or inspection or field):
        raise _refusal(lesson, "has no evidence: add an objective, or give --inspection FILE or --real-event FILE")
    for proof in proofs:
        _check_proof(lesson, proof)
    if inspection is not None:
        _check_inspection(lesson, inspection, people)
    if field is not None and not (field.event.strip() and field.text.strip()):
        raise _refusal(lesson, "name the field event, and state what in it shows that the remedy works")
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
    """Return a sentence for each failure; empty where there was none."""
    failures = [f"{one.objective_id} {one.result}: {one.why}" for one in proofs if one.result in (DOES_NOT_HOLD, LOST)]
    if inspection is not None and not inspection.holds:
        unmet = "; ".join(item.text for item in inspection.checklist if not item.is_met)
        failures.append(f"Not met at the inspection: {unmet}.")
    if field is not None and not field.has_worked:
        failures.append(f"It did not work at {field.event}: {field.text}")
    return failures


def _check_proof(lesson: Lesson, proof: Proof) -> None:
    if proof.lesson_id != lesson.lesson_id:
        raise _refusal(
            lesson, f"objective {proof.objective_id} belongs to lesson {proof.lesson_id}; name one of this lesson"
        )


def _check_complete(lesson: Lesson, proofs: Sequence[Proof]) -> None:
    """Refuse proofs without a decision, and training that was not scored with people."""
    for proof in proofs:
        if proof.result != HOLDS:
            why = (
                f"objective {proof.objective_id} reads {proof.result}, which decides nothing. {proof.why} "
                "Plan attempts with `hotwash objective plan`, or give --inspection FILE"
            )
            raise _refusal(lesson, why)
    is_training = any(one.kind == "training" and one.state == "done" for one in lesson.actions)
    if is_training and not any(one.setting == "exercise" and one.subject != "procedure" for one in proofs):
        why = "training is confirmed by exercise scores of people or crews, not by those of a procedure"
        raise _refusal(lesson, why)


def _check_inspection(lesson: Lesson, inspection: Inspection, people: Collection[str]) -> None:
    if not inspection.checklist or not all(item.text.strip() for item in inspection.checklist):
        raise _refusal(lesson, "an inspection needs a checklist: give its lines, and which were met")
    if not inspection.document.strip() or not _SHA256.fullmatch(inspection.sha256):
        raise _refusal(
            lesson, "name the signed document and its SHA-256 of 64 hexadecimal digits, so that a change is noticed"
        )
    if not inspection.inspector_id.strip():
        raise _refusal(lesson, "give the inspector's id")
    parties = process.parties(lesson)
    if inspection.inspector_id in parties and set(people) - parties:
        raise _refusal(
            lesson, "the inspector may be neither originator nor owner of an action; others in this centre can do it"
        )


def _rows(proofs: Sequence[Proof], inspection: Inspection | None, field: FieldEvidence | None) -> tuple[str, ...]:
    """Return the evidence of a step, as SETTING:REF."""
    rows: list[str] = []
    for proof in proofs:
        rows.append(f"objective:{proof.objective_id} version {proof.version}")
        refs = [one.partition(":")[2] for one in proof.rows] or [
            proof.objective_id
        ]  # small group: attempts are not listed
        rows += [f"{proof.setting}:{one}" for one in refs]
    if inspection is not None:
        rows.append(f"inspection:{inspection.document} sha256 {inspection.sha256} by {inspection.inspector_id}")
    if field is not None:
        rows.append(f"field:{field.event}")
    return tuple(dict.fromkeys(rows))


def _evidence(
    proofs: Sequence[Proof], inspection: Inspection | None, field: FieldEvidence | None
) -> tuple[Evidence, ...]:
    pieces = [Evidence("scores", one.objective_id, text=f"{one.result}. {one.why}") for one in proofs]
    if inspection is not None:
        met = sum(item.is_met for item in inspection.checklist)
        text = f"{met} of {len(inspection.checklist)} lines met"
        pieces.append(Evidence("checklist", inspection.document, sha256=inspection.sha256, text=text))
    if field is not None:
        pieces.append(Evidence("event", field.event, sha256=field.sha256, text=field.text))
    return tuple(pieces)


def _refusal(lesson: Lesson, why: str) -> LessonError:
    return LessonError(lesson.lesson_id, place="validate", why=why)
