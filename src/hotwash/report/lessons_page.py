"""Which lessons hold, as one page: each lesson with its objectives, their numbers, and what may be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from hotwash.model.lesson import Lesson
from hotwash.model.proof import NOT_PEOPLE, Proof
from hotwash.report import page_templates
from hotwash.report.clock import stamp
from hotwash.report.links import anchor
from hotwash.report.page_table import Fact, PageTable, cell, page_table, table_row
from hotwash.report.phrases import count_noun, say_amount, say_bounds, say_measure, sentence, shorten
from hotwash.report.proof_strip import ProofStrip, draw_strip

# Of each result: the verdict whose colours it wears, its sign, and the edge of its section.
_LOOKS = {
    "HOLDS": ("supported", "✓", "holds"),
    "DOES NOT HOLD": ("contradicted", "✕", "fails"),
    "LOST": ("contradicted", "✕", "fails"),
    "STALE": ("superseded", "»", "open"),
    "NOT ENOUGH EVIDENCE": ("not_testable", "?", "open"),
}
_STAGE_LOOKS = {"validated": "good", "learned": "good", "reopened": "bad"}


@dataclass(frozen=True, slots=True)
class Rest:
    """One thing that a lesson rests on: what it says, and where it can be read; "" where it cannot be followed."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """One objective as the page shows it."""

    anchor: str
    proof: Proof
    badge: str
    glyph: str
    edge: str
    drawing: Markup
    facts: tuple[Fact, ...]
    said: str


@dataclass(frozen=True, slots=True)
class LessonView:
    """One lesson as the page shows it; stages are (name, look)."""

    anchor: str
    title: str
    heading: str
    stages: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    rests: tuple[Rest, ...]
    objectives: tuple[ObjectiveView, ...]
    remarks: tuple[str, ...] = ()


def render(
    lessons: Sequence[Lesson],
    proofs: Sequence[Proof],
    *,
    centre: str,
    when_utc: datetime,
    rests: Mapping[str, Sequence[Rest]] = MappingProxyType({}),
    remarks: Mapping[str, Sequence[str]] = MappingProxyType({}),
    strips: Mapping[str, ProofStrip] = MappingProxyType({}),
    example: str = "",
) -> str:
    """Return the page as HTML that loads nothing.

    lessons    those that the proofs are of, in the order of the page; one without a proof is left out
    proofs     as `lessons.proof.verify` returns them
    centre     its name
    when_utc   the date by which they were decided
    rests      what each lesson rests on, by its id
    remarks    what to remark of each, by its id: one person with several duties
    strips     results of an objective's attempts, by its id: of procedures only, since a person's results are
               theirs and their instructor's
    example    of an example centre, what was made beforehand for it
    """
    known = {one.lesson_id: one for one in lessons}
    ids = dict.fromkeys([*known, *(one.lesson_id for one in proofs)])
    found = [_lesson(name, known.get(name), proofs, rests.get(name, ()), strips) for name in ids]
    views = [replace(one, remarks=tuple(remarks.get(name, ()))) for name, one in zip(ids, found, strict=True)
             if one.objectives]  # fmt: skip
    held = sum(one.holds for one in proofs)
    verb = "holds" if held == 1 else "hold"
    marking = " · ".join(dict.fromkeys(said for one in lessons if (said := _marking(one))))
    return page_templates.fill_template(
        "lessons.html",
        title="Which lessons hold",
        kind=centre,
        marks=(marking or "NO MARKING SET",),
        banners=(),
        contents=[(one.anchor, shorten(one.title, 60)) for one in views],
        period=f"{stamp(when_utc)}. {held} of {count_noun(len(proofs), 'objective')} {verb}.",
        notice=f"Procedures: {NOT_PEOPLE}." if any(one.subject == "procedure" for one in proofs) else "",
        example=example,
        summary=results_table(proofs, {name: one.title for name, one in known.items()}) if len(proofs) > 1 else None,
        lessons=views,
    )


def results_table(proofs: Sequence[Proof], titles: Mapping[str, str]) -> PageTable:
    """Return a row for each objective: its result, whom it was asked of, and the lesson it belongs to.

    titles   of the lessons, by id
    """
    return page_table(
        ("Result", "Asked of", "Objective", "Lesson"),
        (
            table_row(
                one.result,
                one.subject,
                cell(one.title, href=f"#{anchor('objective', one.objective_id)}"),
                titles.get(one.lesson_id, one.lesson_id),
                flag=_look(one)[2],
            )
            for one in proofs
        ),
        nothing="No objective was asked.",
        wide=("Objective", "Lesson"),
    )


def _look(proof: Proof) -> tuple[str, str, str]:
    return _LOOKS[proof.result]


def _marking(lesson: Lesson) -> str:
    return " · ".join(part for part in (lesson.classification, lesson.releasability) if part)


def _lesson(
    lesson_id: str,
    lesson: Lesson | None,
    proofs: Sequence[Proof],
    rests: Sequence[Rest],
    strips: Mapping[str, ProofStrip],
) -> LessonView:
    own = [one for one in proofs if one.lesson_id == lesson_id]
    objectives = tuple(_objective(one, strips.get(one.objective_id)) for one in own)
    place = anchor("lesson", lesson_id)
    if lesson is None:
        return LessonView(place, lesson_id, "", (), (), (), objectives)
    names = [name for name, _ in groupby(one.stage for one in lesson.history)]
    stages = tuple((name.replace("_", " "), _STAGE_LOOKS.get(name, "")) for name in names)
    heading = f"{lesson.lesson_id} · {lesson.stage.replace('_', ' ')}"
    facts = tuple(fact for fact in _lesson_facts(lesson) if fact.text)
    return LessonView(place, lesson.title, heading, stages, facts, tuple(rests), objectives)


def _lesson_facts(lesson: Lesson) -> Iterator[Fact]:
    yield Fact("Observed", lesson.observation.strip())
    yield Fact("Concluded", lesson.conclusion.strip())
    yield Fact("Recommended", lesson.recommendation.strip())
    for action in lesson.actions:
        when = f", due {action.due:%Y-%m-%d}" if action.due is not None else ""
        yield Fact(f"Action, {action.state}", f"{action.text} ({action.owner or 'no owner'}{when})")


def _objective(proof: Proof, strip: ProofStrip | None) -> ObjectiveView:
    is_procedure = proof.subject == "procedure"
    place = anchor("objective", proof.objective_id)
    is_drawn = strip is not None and bool(strip.values) and is_procedure
    said = f"This objective {proof.says}." if proof.says else ""
    if not said and is_procedure:
        said = f"Asked of the procedure: {NOT_PEOPLE}."
    return ObjectiveView(
        place,
        proof,
        *_look(proof),
        draw_strip(strip, title=proof.title, name=place + "-drawing") if strip and is_drawn else Markup(""),
        tuple(_objective_facts(proof)),
        said,
    )


def _objective_facts(proof: Proof) -> Iterator[Fact]:
    yield Fact("Asked of", proof.subject)
    yield Fact(sentence(proof.setting), f"{proof.exercise}, version {proof.exercise_version}")
    yield Fact("Measure", say_measure(proof.measure))
    if proof.decides:
        yield Fact("What decides", proof.decides)
    if proof.passes is not None:
        yield Fact("Standard met", say_passes(proof))
    yield from (Fact(f"Round {one.number}", one.text) for one in proof.rounds)
    if proof.reference is not None:
        figure = say_amount(proof.reference, proof.unit)
        figure += say_bounds(proof.reference_low, proof.reference_high, proof.unit)
        yield Fact("Real event", f"{figure}: {proof.reference_text}" if proof.reference_text else figure)
    if proof.effect is not None:
        sign = "−" if proof.effect < 0.0 else "+"
        change = f"{sign}{say_amount(abs(proof.effect), proof.unit)}"
        yield Fact("Change", change + say_bounds(proof.effect_low, proof.effect_high, proof.unit))


def say_passes(proof: Proof) -> str:
    """Return how often the standard was met: "15 of 15 runs, at least 80 % with 90 % confidence (80 % required)"."""
    tried = count_noun(proof.trials, "run" if proof.subject == "procedure" else "subject")
    bound = f", at least {int(100.0 * proof.lower_90)} % with 90 % confidence" if proof.lower_90 is not None else ""
    return f"{proof.passes} of {tried}{bound} ({say_amount(proof.share, 'share')} required)"
