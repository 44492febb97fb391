"""Verify objectives, validate lessons and assess skills from the attempts of a centre."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.documents import parse_json
from hotwash.errors import CentreError, ObjectiveError, ReadError
from hotwash.export import files
from hotwash.front.centres import VerificationResult, verify
from hotwash.ingest.disk import read_bytes, read_text
from hotwash.lessons import duties, json_values, objectives, validation
from hotwash.lessons.counting import SCORED
from hotwash.model import words
from hotwash.model.lesson import Evidence, Lesson
from hotwash.model.objective import Objective
from hotwash.model.proof import Proof
from hotwash.report import lessons_page
from hotwash.report.proof_strip import ProofStrip
from hotwash.score.results import TASK_MEASURES
from hotwash.score.sticks import TRACES
from hotwash.score.watch.measure import ALL
from hotwash.skills.advice import Advice, next_for, task_of
from hotwash.skills.curriculum import Curriculum, trials_of
from hotwash.skills.difficulty import estimate_scale
from hotwash.skills.mastery import compute_masteries
from hotwash.store import attempts as kept
from hotwash.store import audit, typed_ids
from hotwash.store import lessons as kept_lessons
from hotwash.store import objectives as kept_objectives
from hotwash.store.centre import Centre
from hotwash.work import incidents, lessons

LEAST_SHOWN = 5  # groups of people under five are not shown in aggregate


def write_page(centre: Centre, verification: VerificationResult, out: Path) -> None:
    """Write which lessons hold as one page.

    raises   CentreError, WriteError
    """
    held = kept_lessons.ids_among(centre, {one.lesson_id for one in verification.proofs})
    theirs = [kept_lessons.get_lesson(centre, one) for one in held]
    rests = {one.lesson_id: [_rest(centre, piece, out) for piece in one.evidence] for one in theirs}
    content = lessons_page.render(
        theirs,
        verification.proofs,
        centre=centre.name,
        when_utc=verification.when_utc,
        rests=rests,
        remarks=remark_lessons(centre, verification),
        strips=_strips(centre, verification),
        example=centre.example,
    )
    files.write_file(out, content.encode())


def _rest(centre: Centre, piece: Evidence, out: Path) -> lessons_page.Rest:
    """Return a piece of evidence in words; with a link to the account if the page is in the centre's folder."""
    text = ": ".join(one for one in (piece.ref.partition("#")[2] or piece.ref, piece.text) if one)
    is_inside = out.resolve().parent == centre.folder.resolve()
    return lessons_page.Rest(text, incidents.page_of(piece.ref) if is_inside else "")


def _strips(centre: Centre, found: VerificationResult) -> dict[str, ProofStrip]:
    """Return what the deciding attempts of each procedure came to, by objective."""
    of_procedures = {one.objective_id: one for one in found.proofs if one.subject == "procedure" and one.rows}
    if not of_procedures:
        return {}
    chosen = [one for one in kept_objectives.all_objectives(centre) if one.objective_id in of_procedures]
    scores = kept.scores_in(centre, SCORED, sorted({one.measure for one in chosen}))
    return {one.objective_id: _strip(one, of_procedures[one.objective_id], scores) for one in chosen}


def _strip(objective: Objective, proof: Proof, scores: pl.DataFrame) -> ProofStrip:
    ids = [row.removeprefix("attempts:") for row in proof.rows]
    values = scores.filter(
        pl.col("attempt_id").is_in(ids), pl.col("seat") == objective.seat, pl.col("measure") == objective.measure,
        pl.col("task").fill_null("") == objective.task, pl.col("value").is_not_null(),
    )["value"]  # fmt: skip
    standard, event = objective.standard, objective.reference
    bounds = (event.value, event.low, event.high) if event is not None else (None, None, None)
    return ProofStrip(tuple(values.sort()), objective.unit, standard.relation, standard.threshold, *bounds)


def add_objective(
    centre: Centre, path: Path, *, now_utc: datetime | None = None, with_lesson: bool = False
) -> Objective:
    """Read an objective from a TOML file, save it, and return it.

    with_lesson   report its lesson as an observation at now_utc, if the centre has no such lesson
    raises   ObjectiveError, ReadError, CentreError; also where it would withdraw named attempts
    """
    found = objectives.parse(read_text(path), name=path.name, measures=measures())
    if found.attempts or found.named_utc is not None:
        why = "attempts are planned with `hotwash objective plan`, which records the time"
        raise ObjectiveError(path.name, place="[window]", why=why)
    if any(one.objective_id == found.objective_id and one.attempts for one in kept_objectives.all_objectives(centre)):
        why = "already has planned attempts and can no longer be changed: give the new objective another id"
        raise ObjectiveError(path.name, place=f"objective {found.objective_id}", why=why)
    try:
        found = replace(found, lesson_id=_lesson_of(centre, found))
    except ObjectiveError:
        if not with_lesson or now_utc is None:
            raise
        _report_lesson(centre, found, now_utc)
    kept_objectives.put_objective(centre, found)
    return found


def _lesson_of(centre: Centre, objective: Objective) -> str:
    """Return the id of the objective's lesson; raises ObjectiveError when the centre has no such lesson."""
    try:
        return typed_ids.lesson_id(centre, objective.lesson_id)
    except CentreError as fault:
        why = f"{fault.why}. Report it first with `hotwash lessons add`, or now with --with-lesson"
        raise ObjectiveError(objective.objective_id, place=f"lesson_id {objective.lesson_id}", why=why) from None


def _report_lesson(centre: Centre, objective: Objective, now_utc: datetime) -> None:
    """Report the observation that an objective presupposes, without naming a reporter."""
    observation = f"To be written. The objective {objective.objective_id} was set before: {objective.title}."
    request = lessons.StepRequest(
        "submit", why="reported with its objective", changes={"title": objective.title, "observation": observation}
    )
    lessons.report_observation(centre, request, now_utc=now_utc, lesson_id=objective.lesson_id)


def remark_lessons(centre: Centre, verification: VerificationResult) -> dict[str, tuple[str, ...]]:
    """Return what to remark, by lesson that the proofs are of.

    returns  a sentence for each person who had several duties for it, and one where its validation, from before this
             was checked, rests on a file without a hash
    raises   CentreError
    """
    known = kept_lessons.ids_among(centre, {one.lesson_id for one in verification.proofs})
    found = {one: tuple(_remarks(centre, kept_lessons.get_lesson(centre, one))) for one in known}
    return {name: said for name, said in found.items() if said}


def _remarks(centre: Centre, lesson: Lesson) -> Iterator[str]:
    yield from duties.remarks(lesson, trying(centre, lesson.lesson_id))
    entries = [json_values.plain(entry) for entry in lesson.history]
    if why := validation.fault_of_validation(entries, is_here=lambda _: True):
        yield f"{why[0].upper()}{why[1:]}."


def remark_last_step(centre: Centre, lesson: Lesson) -> str:
    """Return what to remark of who took the last step with a lesson; "" where they had no other duty."""
    return duties.remark_step(lesson, trying(centre, lesson.lesson_id))


def trying(centre: Centre, lesson_id: str) -> duties.Trying:
    """Return who took part in the attempts of a lesson's objectives."""
    return duties.Trying(*kept.people_of_lesson(centre, lesson_id))


def validate(
    centre: Centre, lesson_id: str, *, by: str, why: str, now_utc: datetime, people: Collection[str],
    inspection: Path | None = None, field: Path | None = None,
) -> Lesson:  # fmt: skip
    """Evaluate the evidence for a lesson, validate or reopen it, save the step and return the lesson.

    inspection, field   JSON files, instead of its objectives, or with them where the remedy was training;
                        docs/how-to/prove-a-lesson.md describes them
    people              ids of all persons of the centre
    raises              LessonError, CentreError, also where a row was changed past hotwash, ReadError
    """
    audit.check_rows(centre)
    lesson = kept_lessons.get_lesson(centre, lesson_id)
    report = _inspection(inspection) if inspection is not None else None
    event = _event(field) if field is not None else None
    is_training = any(one.kind == "training" and one.state == "done" for one in lesson.actions)
    wants_scores = is_training or not (report or event)
    proofs = verify(centre, when_utc=now_utc, lesson_id=lesson_id).proofs if wants_scores else ()
    after = validation.validate(
        lesson, by=by, why=why, when_utc=now_utc, proofs=proofs, inspection=report, field=event, people=people
    )
    kept_lessons.record_lesson(centre, after)
    return after


def measures() -> dict[str, str]:
    """Return the measures that an objective may name, with their units; "" where the unit varies."""
    found = {name: unit for name, _, unit in TASK_MEASURES}
    found |= {"points": "points", "possible": "points", "time_s": "s", "speed_sparc": "1"}
    for trace in TRACES:
        found |= {f"{trace}_reversals_per_s": "1/s", f"{trace}_busy_share": "share"}
        found |= {f"{trace}_response_s": "s", f"{trace}_overshoot": "share"}
    found |= {f"{mode}_s": "s" for mode in words.FLIGHT_MODES}
    classes = [(truth, label) for truth in words.WATCH_CLASSES for label in words.WATCH_CLASSES]
    found |= {f"classified_{truth}_as_{label}": "count" for truth, label in classes}
    return found | dict(ALL) | {name: "" for name, unit in ALL if unit == "people"}  # km² min where nobody is counted


# ---------------------------------------------------------------- skills


def in_aggregate(masteries: pl.DataFrame) -> pl.DataFrame:
    """Return how many people have shown what, without names; groups under five say only that they are.

    returns   skill, level, people, mastered (null where fewer than five were tested)
    """
    tested = masteries.filter(pl.col("subject_kind") == "person", pl.col("trials") > 0)
    groups = tested.group_by("skill", "level").agg(
        people=pl.len().cast(pl.Int64), mastered=(pl.col("standing") == "mastered").sum().cast(pl.Int64)
    )
    mastered = pl.when(pl.col("people") >= LEAST_SHOWN).then("mastered")
    return groups.with_columns(mastered=mastered).sort("skill", "level")


def advise(
    centre: Centre, curriculum: Curriculum, subject: tuple[str, str], *, goal: str, when_utc: datetime
) -> Advice | None:
    """Return what a subject should try next; everybody's attempts show how difficult the exercises are."""
    if goal:
        curriculum[goal]  # refuses an unknown goal
    attempts, scores = kept.attempts(centre), kept.scores(centre, curriculum.measures)
    trials = trials_of(curriculum, attempts, scores)
    task = {(f"{curriculum.name}/{skill.skill}", one.level): task_of(one)
            for skill in curriculum.skills for one in skill.levels}  # fmt: skip
    tried = trials.filter(pl.col("subject_kind") == subject[0]).select(
        subject="subject_id", task=pl.Series([task[pair] for pair in trials.filter(
            pl.col("subject_kind") == subject[0]).select("skill", "level").iter_rows()], dtype=pl.String),
        outcome="outcome",
    )  # fmt: skip
    return next_for(curriculum, compute_masteries(trials, when_utc)[0], subject, goal=goal, scale=estimate_scale(tried))


# ---------------------------------------------------------------- evidence of other kinds


def _inspection(path: Path) -> validation.Inspection:
    values = _json(path)
    lines = tuple(validation.Item(str(one["text"]), bool(one["is_met"])) for one in values.get("checklist", []))
    texts = {key: str(values.get(key, "")) for key in ("document", "sha256", "inspector_id")}
    _check_document(path.parent / texts["document"], texts["sha256"])
    return validation.Inspection(**texts, checklist=lines)


def _check_document(path: Path, sha256: str) -> None:
    """Refuse a document that lies beside the inspection's file and is not the one whose hash it gives."""
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise ReadError(path.name, place="sha256", why="is another file than the one inspected: its hash differs")


def _event(path: Path) -> validation.FieldEvidence:
    values = _json(path)
    if not isinstance(values.get("has_worked"), bool):
        raise ReadError(path.name, place="has_worked", why="state whether the remedy worked: true or false")
    texts = {key: str(values.get(key, "")) for key in ("event", "text", "sha256")}
    texts["sha256"] = texts["sha256"] or hashlib.sha256(read_bytes(path)).hexdigest()  # the description, then
    return validation.FieldEvidence(has_worked=values["has_worked"], **texts)


def _json(path: Path) -> Mapping[str, Any]:
    values = parse_json(read_bytes(path), name=str(path))
    if not isinstance(values, dict):
        raise ReadError(str(path), why="must contain one JSON object")
    return values
