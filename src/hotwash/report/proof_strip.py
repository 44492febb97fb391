"""Results of the attempts of an objective, drawn on one line beside the standard and what happened in reality."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from hotwash.report.phrases import count_noun, say_amount
from hotwash.report.svg import drawing, el, line, path, text

Scale = Callable[[float], float]

_WIDTH, _LEFT, _RIGHT, _AXIS, _STEP = 600.0, 10.0, 590.0, 84.0, 9.0
_TOP, _REAL = 16.0, 28.0  # where the shaded part begins; where the real event stands, above all attempts
_FAR = 4.0  # a real event further off than so many times the attempts' span is pointed at, not drawn to scale


@dataclass(frozen=True, slots=True)
class ProofStrip:
    """What is drawn.

    values     the result of each attempt, in the unit of the measure
    relation   at_most or at_least; threshold: the standard
    reference  the figure of the real event, where there is one; with its bounds
    """

    values: tuple[float, ...]
    unit: str
    relation: str
    threshold: float
    reference: float | None = None
    low: float | None = None
    high: float | None = None

    def is_met(self, value: float) -> bool:
        return value <= self.threshold if self.relation == "at_most" else value >= self.threshold


def draw_strip(strip: ProofStrip, *, title: str, name: str) -> Markup:
    """Return the attempts as dots (met) and crosses (not) over an axis, the part that meets the standard shaded.

    name   the stem of its ids, unique on the page
    """
    first, last = _ends(strip)

    def x(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (value - first) / (last - first)

    edge = x(strip.threshold)
    start, end = (_LEFT, edge) if strip.relation == "at_most" else (edge, _RIGHT)
    words = f"Standard: {strip.relation.replace('_', ' ')} {say_amount(strip.threshold, strip.unit)}"
    near = "end" if edge > _WIDTH / 2 else "start"
    parts = [
        el("rect", x=start, y=_TOP, width=max(end - start, 0.0), height=_AXIS - _TOP, class_="asked"),
        line(edge, _TOP - 2, edge, _AXIS, "edge"),
        text(edge, 11, words, "said", anchor=near),
        line(_LEFT, _AXIS, _RIGHT, _AXIS, "axis"),
        text(_LEFT, _AXIS + 14, f"{first:g}", "said"),
        text(_RIGHT, _AXIS + 14, say_amount(last, strip.unit), "said", anchor="end"),
        *_marks(strip, x),
        *_real(strip, x, first, last),
    ]
    met = sum(map(strip.is_met, strip.values))
    about = f"{met} of {count_noun(len(strip.values), 'attempt')} met the standard. {words}."
    return drawing(parts, width=_WIDTH, height=_AXIS + 20, title=title, about=about, name=name, class_="strip")


def _ends(strip: ProofStrip) -> tuple[float, float]:
    """Return where the axis begins and ends: it includes all attempts, the standard and 0."""
    some = [*strip.values, strip.threshold]
    span = max(0.0, *some) - min(0.0, *some)
    if strip.reference is not None and abs(strip.reference) <= _FAR * max(span, 1e-9):
        some += [one for one in (strip.reference, strip.low, strip.high) if one is not None]
    least, most = min(0.0, *some), max(0.0, *some)
    room = 0.05 * (most - least)
    step = 10.0 ** math.floor(math.log10(max(most - least, 1e-9))) / 10.0
    first = math.floor((least - room) / step) * step if least < 0.0 else 0.0
    last = math.ceil((most + room) / step) * step if most > 0.0 else 0.0
    return (first, last) if last > first else (first, first + 1.0)


def _marks(strip: ProofStrip, x: Scale) -> Iterator[Markup]:
    """Yield a dot or a cross for each attempt; what would lie over another stands above it."""
    taken: list[tuple[float, float]] = []
    for value in sorted(strip.values):
        across, up = x(value), _AXIS - 9.0
        while any(abs(across - other) < _STEP and abs(up - height) < _STEP for other, height in taken):
            up -= _STEP
        taken.append((across, up))
        if strip.is_met(value):
            yield el("circle", el("title", say_amount(value, strip.unit)), cx=across, cy=up, r=4, class_="met")
        else:
            yield path([(across - 4, up - 4), (across + 4, up + 4)], "missed")
            yield path([(across - 4, up + 4), (across + 4, up - 4)], "missed")


def _real(strip: ProofStrip, x: Scale, first: float, last: float) -> Iterator[Markup]:
    """Yield the figure of the real event: a diamond with its bounds, or at the edge how far off it is."""
    if strip.reference is None:
        return
    words = f"Real event: {say_amount(strip.reference, strip.unit)}"
    if not first <= strip.reference <= last:
        is_beyond = strip.reference > last
        far = (_RIGHT, f"{words} ▶", "end") if is_beyond else (_LEFT, f"◀ {words}", "start")
        yield text(far[0], _REAL, far[1], "real", anchor=far[2])
        return
    across = x(strip.reference)
    if strip.low is not None and strip.high is not None:
        yield line(x(strip.low), _REAL, x(strip.high), _REAL, "bounds")
    yield path(
        [(across - 5, _REAL), (across, _REAL - 5), (across + 5, _REAL), (across, _REAL + 5)], "real", closed=True
    )
    is_right = across > _WIDTH / 2
    yield text(across + (-9 if is_right else 9), _REAL + 4, words, "real", anchor="end" if is_right else "start")
