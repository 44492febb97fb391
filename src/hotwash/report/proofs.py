"""Which lessons hold, as one page: each lesson with its objectives, their numbers, and what may be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from hotwash.model.lesson import Lesson
from hotwash.model.proof import NOT_PEOPLE, Proof

_CLASSES = {"HOLDS": "holds", "DOES NOT HOLD": "fails", "LOST": "fails"}
_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.45 "Noto Sans", "DejaVu Sans", Arial, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
.marking { text-align: center; font-weight: 700; letter-spacing: .06em; border: 1px solid; padding: .2em }
article { border-top: 2px solid; margin-top: 1.5rem; padding-top: .3rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: .3rem 0 } p { margin: .4rem 0; overflow-wrap: anywhere }
section { margin: .8rem 0; padding: .5rem .8rem; border-left: .5rem solid #8a8a8a }
section.holds { border-color: #1b7f3b } section.fails { border-color: #b3261e }
.result { font-weight: 700 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .3rem 0 }
dt { opacity: .75 } dd { margin: 0; overflow-wrap: anywhere } small { opacity: .75 }
"""


def page(lessons: Sequence[Lesson], proofs: Sequence[Proof], *, centre: str, when_utc: datetime) -> str:
    """Return the page as HTML that loads nothing.

    lessons    those that the proofs are of, in the order of the page; one without a proof is left out
    proofs     as `lessons.proof.verify` returns them
    centre     its name
    when_utc   the date by which they were decided
    """
    known = {one.lesson_id: one for one in lessons}
    marking = escape(" · ".join(dict.fromkeys(_marking(one) for one in lessons if _marking(one))) or "NO MARKING")
    body = "\n".join(_article(known.get(of), of, [one for one in proofs if one.lesson_id == of])
                     for of in dict.fromkeys([*known, *(one.lesson_id for one in proofs)])
                     if any(one.lesson_id == of for one in proofs))  # fmt: skip
    held = sum(one.holds for one in proofs)
    notice = f"<p><strong>Procedures: {NOT_PEOPLE}.</strong></p>" if _has_procedure(proofs) else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Which lessons hold</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>\n'
        f'<div class="marking">{marking}</div>\n<h1>Which lessons hold</h1>\n'
        f"<p>{escape(centre)}, {when_utc:%Y-%m-%d %H:%MZ}. {held} of {len(proofs)} objectives hold.</p>\n{notice}\n"
        f'{body}\n<div class="marking">{marking}</div>\n</body></html>\n'
    )


def _marking(lesson: Lesson) -> str:
    return " · ".join(part for part in (lesson.classification, lesson.releasability) if part)


def _has_procedure(proofs: Sequence[Proof]) -> bool:
    return any(one.subject == "procedure" for one in proofs)


def _article(lesson: Lesson | None, lesson_id: str, proofs: Sequence[Proof]) -> str:
    title = lesson.title if lesson is not None else lesson_id
    stage = f"<p><small>{escape(lesson_id)} · {escape(lesson.stage)}</small></p>" if lesson is not None else ""
    return f"<article><h2>{escape(title)}</h2>{stage}\n{chr(10).join(_section(one) for one in proofs)}</article>"


def _section(proof: Proof) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(proof))
    said = f"<p>It {escape(proof.says)}.</p>" if proof.says else ""
    if not proof.says and proof.subject == "procedure":
        said = f"<p>Asked of the procedure: {NOT_PEOPLE}.</p>"
    return (
        f'<section class="{_CLASSES.get(proof.result, "open")}"><p><span class="result">{escape(proof.result)}</span> '
        f"{escape(proof.title)}</p><dl>{facts}</dl><p>{escape(proof.why)}</p>{said}</section>"
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
