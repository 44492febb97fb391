"""Which lessons hold, as one page: each lesson with its objectives, their numbers, and what may be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from types import MappingProxyType

from hotwash.model.lesson import Lesson
from hotwash.model.proof import NOT_PEOPLE, Proof
from hotwash.report.page_table import anchor
from hotwash.report.proof_strip import ProofStrip, draw_strip

_CLASSES = {"HOLDS": "holds", "DOES NOT HOLD": "fails", "LOST": "fails"}
_STYLE = """
:root { color-scheme: light dark; --good: #1b7f3b; --bad: #b3261e; --quiet: #8a8a8a }
@media (prefers-color-scheme: dark) { :root { --good: #4fbf74; --bad: #f2857d } }
body { font: 16px/1.45 "Noto Sans", "DejaVu Sans", Arial, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
.marking { text-align: center; font-weight: 700; letter-spacing: .06em; border: 1px solid; padding: .2em }
article { border-top: 2px solid; margin-top: 1.8rem; padding-top: .3rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin: .3rem 0 } p { margin: .4rem 0; overflow-wrap: anywhere }
ol.way { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem; margin: .5rem 0; padding: 0; font-size: .85rem }
ol.way li { border: 1px solid var(--quiet); border-radius: 1rem; padding: .05rem .6rem; opacity: .75 }
ol.way li[aria-current] { border-width: 2px; font-weight: 700; opacity: 1 }
ol.way li.good { border-color: var(--good) } ol.way li.bad { border-color: var(--bad) }
section { margin: .8rem 0; padding: .5rem .8rem; border-left: .5rem solid var(--quiet) }
section.holds { border-color: var(--good) } section.fails { border-color: var(--bad) }
.result { font-weight: 700 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .3rem 0 }
dt { opacity: .75 } dd { margin: 0; overflow-wrap: anywhere } small { opacity: .75 }
table { border-collapse: collapse; margin: .6rem 0; width: 100% }
th { text-align: left; overflow-wrap: anywhere; font-weight: 400; opacity: .75 }
td, th { padding: .15rem .6rem .15rem 0; vertical-align: top; overflow-wrap: anywhere }
td:nth-child(-n+2) { overflow-wrap: normal } @media (min-width: 40rem) { td:nth-child(-n+2) { white-space: nowrap } }
@media (max-width: 40rem) { td:nth-child(4), th:nth-child(4) { display: none } }
td.holds { color: var(--good); font-weight: 700 } td.fails { color: var(--bad); font-weight: 700 }
svg.strip { width: 100%; max-width: 40rem; font-size: 12px; overflow: visible } svg.strip text { fill: currentColor }
svg.strip .asked { fill: var(--good); opacity: .14 } svg.strip .edge { stroke: var(--good); stroke-width: 2 }
svg.strip .axis { stroke: currentColor } svg.strip .met { fill: var(--good) }
svg.strip .missed { stroke: var(--bad); stroke-width: 2.5 } svg.strip .bounds { stroke: currentColor; stroke-width: 2 }
svg.strip path.real { fill: currentColor }
@media print { article { break-inside: avoid } }
"""


@dataclass(frozen=True, slots=True)
class Rest:
    """One thing that a lesson rests on: what it says, and where it can be read; "" where it cannot be followed."""

    text: str
    href: str = ""


def page(
    lessons: Sequence[Lesson], proofs: Sequence[Proof], *, centre: str, when_utc: datetime,
    rests: Mapping[str, Sequence[Rest]] = MappingProxyType({}), strips: Mapping[str, ProofStrip] = MappingProxyType({}),
) -> str:  # fmt: skip
    """Return the page as HTML that loads nothing.

    lessons    those that the proofs are of, in the order of the page; one without a proof is left out
    proofs     as `lessons.proof.verify` returns them
    centre     its name
    when_utc   the date by which they were decided
    rests      what each lesson rests on, by its id
    strips     what the attempts of an objective came to, by its id: of procedures only, since what one person came to
               is theirs and their instructor's
    """
    known = {one.lesson_id: one for one in lessons}
    marking = escape(" · ".join(dict.fromkeys(_marking(one) for one in lessons if _marking(one))) or "NO MARKING")
    shown = [of for of in dict.fromkeys([*known, *(one.lesson_id for one in proofs)])
             if any(one.lesson_id == of for one in proofs)]  # fmt: skip
    body = "\n".join(
        _article(known.get(of), of, [one for one in proofs if one.lesson_id == of], rests.get(of, ()), strips)
        for of in shown
    )
    held = sum(one.holds for one in proofs)
    notice = f"<p><strong>Procedures: {NOT_PEOPLE}.</strong></p>" if _has_procedure(proofs) else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Which lessons hold</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>\n'
        f'<div class="marking">{marking}</div>\n<h1>Which lessons hold</h1>\n'
        f"<p>{escape(centre)}, {when_utc:%Y-%m-%d %H:%MZ}. {held} of {len(proofs)} objectives hold.</p>\n{notice}\n"
        f"{_summary(known, proofs)}\n"
        f'{body}\n<div class="marking">{marking}</div>\n</body></html>\n'
    )


def _marking(lesson: Lesson) -> str:
    return " · ".join(part for part in (lesson.classification, lesson.releasability) if part)


def _has_procedure(proofs: Sequence[Proof]) -> bool:
    return any(one.subject == "procedure" for one in proofs)


def _summary(known: Mapping[str, Lesson], proofs: Sequence[Proof]) -> str:
    """Return a row for each objective: what was asked of whom, and what came of it."""
    rows = "".join(
        f'<tr><td class="{_CLASSES.get(one.result, "open")}">{escape(one.result)}</td><td>{escape(one.subject)}</td>'
        f"<td>{escape(one.title)}</td><td>{escape(known[one.lesson_id].title if one.lesson_id in known else '–')}</td>"
        "</tr>"
        for one in proofs
    )
    head = "<tr><th>result</th><th>of</th><th>what was asked</th><th>lesson</th></tr>"
    return f"<table>{head}{rows}</table>" if len(proofs) > 1 else ""


def _article(
    lesson: Lesson | None,
    lesson_id: str,
    proofs: Sequence[Proof],
    rests: Sequence[Rest],
    strips: Mapping[str, ProofStrip],
) -> str:
    told = _told(lesson, rests) if lesson is not None else ""
    title = lesson.title if lesson is not None else lesson_id
    sections = "\n".join(_section(one, strips.get(one.objective_id)) for one in proofs)
    return f"<article><h2>{escape(title)}</h2>{told}\n{sections}</article>"


def _told(lesson: Lesson, rests: Sequence[Rest]) -> str:
    """Return what the lesson says, on what it rests, and the way it has come."""
    parts = [f"<p><small>{escape(lesson.lesson_id)} · {escape(lesson.stage)}</small></p>", _way(lesson)]
    facts = [(name, escape(said)) for name, said in _texts(lesson) if said]
    if rests:
        facts.append(("rests on", "<br>".join(_rest(one) for one in rests)))
    if facts:
        parts.append(f"<dl>{''.join(f'<dt>{name}</dt><dd>{said}</dd>' for name, said in facts)}</dl>")
    return "".join(parts)


def _texts(lesson: Lesson) -> Iterator[tuple[str, str]]:
    yield "observed", lesson.observation.strip()
    yield "concluded", lesson.conclusion.strip()
    yield "recommended", lesson.recommendation.strip()
    for action in lesson.actions:
        when = f", due {action.due:%Y-%m-%d}" if action.due is not None else ""
        yield f"action, {action.state}", f"{action.text} ({action.owner or 'no owner'}{when})"


def _rest(rest: Rest) -> str:
    said = escape(rest.text)
    return f'<a href="{escape(rest.href)}">{said}</a>' if rest.href else said


def _way(lesson: Lesson) -> str:
    """Return the stages that a lesson has come through, the last one marked."""
    stages = [stage for stage, _ in groupby(one.stage for one in lesson.history)]
    if not stages:
        return ""
    found = []
    for at, stage in enumerate(stages):
        current = ' aria-current="step"' if at == len(stages) - 1 else ""
        found.append(f'<li class="{_WAY_CLASSES.get(stage, "")}"{current}>{escape(stage.replace("_", " "))}</li>')
    return f'<ol class="way" aria-label="The way of this lesson">{"".join(found)}</ol>'


_WAY_CLASSES = {"validated": "good", "learned": "good", "reopened": "bad"}


def _section(proof: Proof, strip: ProofStrip | None) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(proof))
    said = f"<p>It {escape(proof.says)}.</p>" if proof.says else ""
    if not proof.says and proof.subject == "procedure":
        said = f"<p>Asked of the procedure: {NOT_PEOPLE}.</p>"
    drawn = ""
    if strip is not None and strip.values and proof.subject == "procedure":
        drawn = draw_strip(strip, title=proof.title, name=anchor("objective", proof.objective_id))
    return (
        f'<section class="{_CLASSES.get(proof.result, "open")}"><p><span class="result">{escape(proof.result)}</span> '
        f"{escape(proof.title)}</p>{drawn}<dl>{facts}</dl><p>{escape(proof.why)}</p>{said}</section>"
    )


def _facts(proof: Proof) -> Iterator[tuple[str, str]]:
    yield "subject", proof.subject
    yield proof.setting, f"{proof.exercise}, version {proof.exercise_version}"
    yield "measure", f"{proof.measure} [{proof.unit}]"
    if proof.passes is not None:
        bound = f", share at least {proof.lower_90:.2f}" if proof.lower_90 is not None else ""
        yield "met", f"{proof.passes} of {proof.trials}{bound} ({proof.share:g} asked)"
    if proof.reference is not None:
        figure = f"{proof.reference:g} {proof.unit}{_bounds(proof.reference_low, proof.reference_high)}"
        yield "one event", f"{figure}: {proof.reference_text}" if proof.reference_text else figure
    if proof.effect is not None:
        yield "effect", f"{proof.effect:+g} {proof.unit}{_bounds(proof.effect_low, proof.effect_high)}"


def _bounds(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return f" ({'open' if low is None else f'{low:g}'} to {'open' if high is None else f'{high:g}'})"
