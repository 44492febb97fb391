"""Validate a lesson by evidence alone: what was measured, inspected or observed in the field, and who weighed it.

    Proof · Inspection · FieldEvidence ─▶ validate(lesson, …) ─▶ validated, or reopened with its actions

`process.take_step` takes the step: it checks the role and whether the validator is independent.

    history ─▶ deciding_entry ─▶ named_files: what the validation rests on ─▶ fault_of_validation

A history that comes from elsewhere was validated there; what its validation rests on is checked by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotwash.errors import LessonError
from hotwash.lessons import history, process
from hotwash.model.lesson import Evidence, Lesson
from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, LOST, Proof
from hotwash.visible import quote

_SHA256 = re.compile(r"[0-9a-f]{64}")
_INSPECTED = re.compile(r"inspection:(?P<name>.+) sha256 (?P<sha256>[0-9a-f]{64}) by (?P<who>\S+)", re.DOTALL)
_PROVEN = ("validated", "learned")


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
    sha256     of the account's file, or of the file in which it was described
    """

    event: str
    has_worked: bool
    text: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a validation rests on: its setting (inspection or field), its name and its SHA-256."""

    setting: str
    name: str
    sha256: str


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
    if field is not None:
        if not (field.event.strip() and field.text.strip()):
            raise _refusal(lesson, "name the field event, and state what in it shows that the remedy works")
        if fault := _fault_of_file(NamedFile("field", field.event, field.sha256)):
            raise _refusal(lesson, fault)
    failed = _failures(proofs, inspection, field)
    if not failed:
        _check_complete(lesson, proofs)
    return process.take_step(
        lesson, "fail_validation" if failed else "validate", by=by, role="validator",
        why=" ".join([why.strip(), *failed]).strip() if why.strip() else "", when_utc=when_utc,
        rests_on=_rows(proofs, inspection, field), people=people,
        changes={"evidence": (*lesson.evidence, *_evidence(proofs, inspection, field))},
    )  # fmt: skip


def deciding_entry(entries: Sequence[Mapping[str, Any]]) -> int:
    """Return the number of the entry by which a lesson counts as validated or learned; -1 where it does not.

    entries   a history as JSON values
    """
    if not entries or entries[-1]["stage"] not in _PROVEN:
        return -1
    return max((at for at, entry in enumerate(entries) if entry["kind"] == "validate"), default=-1)


def fault_of_validation(entries: Sequence[Mapping[str, Any]], *, is_here: Callable[[NamedFile], bool]) -> str:
    """Return why what a history's validation rests on cannot be checked; "" where it can, or nothing is validated.

    entries   as JSON values
    is_here   tells whether a file with that hash is at hand

    Attempts of another centre stay there, so those of an exercise are not asked for.
    """
    at = deciding_entry(entries)
    if at < 0:
        return ""
    files = _named_files(entries[at], history.state(entries[: at + 1]).get("evidence", ()))
    for file in files:
        if why := _fault_of_file(file):
            return f"its validation rests on {file.setting}:{quote(file.name)}, and {why}"
        if not is_here(file):
            return f"its validation rests on {file.setting}:{quote(file.name)}, a file that is not here"
    return ""


def _named_files(entry: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]]) -> tuple[NamedFile, ...]:
    """Return the files that a validation rests on; one without a hash where the history does not give it."""
    hashes = {("event", one["ref"]): one["sha256"] for one in evidence if one["kind"] == "event"}
    files: list[NamedFile] = []
    for row in entry["rests_on"]:
        setting, _, name = row.partition(":")
        if found := _INSPECTED.fullmatch(row):
            files.append(NamedFile(setting, found["name"], found["sha256"]))
        elif setting == "inspection":
            files.append(NamedFile(setting, name, ""))
        elif setting == "field":
            files.append(NamedFile(setting, name, hashes.get(("event", name), "")))
    return tuple(files)


def _fault_of_file(file: NamedFile) -> str:
    """Return what is wrong with a file that evidence names; "" for nothing: one rule, wherever evidence comes from."""
    if not file.name.strip():
        return "it names no document"
    if not _SHA256.fullmatch(file.sha256):
        return "it has no SHA-256 of 64 hexadecimal digits, so that a change would be noticed"
    return ""


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
    if why := _fault_of_file(NamedFile("inspection", inspection.document, inspection.sha256)):
        raise _refusal(lesson, f"name the signed document and its SHA-256: {why}")
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
