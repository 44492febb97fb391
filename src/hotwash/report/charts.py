"""Small drawings: the interval of a count, and the tally of verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hotwash.report.phrases import VERDICT_WORDS
from hotwash.report.svg import drawing, el, line, path, text


@dataclass(frozen=True, slots=True)
class Span:
    """What the drawing of one count needs; None is open or unknown.

    low, likely, high   the count; all_low, all_high   where its mean moves
    """

    low: float | None
    likely: float | None
    high: float | None
    all_low: float | None
    all_high: float | None


def scale_end(spans: Sequence[Span]) -> float:
    """Return a round number that every span stays below, so that counts are drawn on one scale."""
    most = max(
        (value for span in spans for value in (span.low, span.likely, span.high, span.all_high) if value), default=1.0
    )
    return float(
        next(
            (end for end in (5, 10, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500) if end >= most * 1.12), most * 1.2
        )
    )


def draw_count(span: Span, *, end: float, title: str, name: str) -> Markup:
    """Return a count on a scale from 0: the interval as a bar, the most likely as a dot, all-low to all-high below."""
    left, right, y = 8.0, 292.0, 16.0

    def x(value: float) -> float:
        return left + (right - left) * min(value / end, 1.0)

    parts = [line(left, 34, right, 34, "hour")]
    for index in range(6):
        value = end * index / 5
        if value == int(value):
            parts += [
                line(x(value), 34, x(value), 37, "hour"),
                text(x(value), 48, f"{value:.0f}", "axis", anchor="middle"),
            ]
    parts += _interval(span, x, y, right)
    if span.all_low is not None and span.all_high is not None:
        first, last = x(span.all_low), x(span.all_high)
        parts.append(path([(first, 25), (first, 30), (last, 30), (last, 25)], "moves"))
    return drawing(parts, width=300, height=52, title=title, about="", name=name, class_="count")


def _interval(span: Span, x: Callable[[float], float], y: float, right: float) -> list[Markup]:
    if span.low is None:
        return []
    first = x(span.low)
    parts = [line(first, y - 8, first, y + 8, "stop")]
    if span.high is None:
        parts += [
            el("rect", x=first + at, y=y - 4, width=12, height=8, class_=f"fade fade{index}")
            for index, at in enumerate((0, 14, 28))
            if first + at + 12 < right
        ]
        end = min(first + 46, right - 6)
        parts.append(path([(end, y - 4), (end + 5, y), (end, y + 4)], "arrow"))
    else:
        last = x(span.high)
        parts += [
            el("rect", x=first, y=y - 4, width=max(last - first, 2), height=8, class_="bounds"),
            line(last, y - 8, last, y + 8, "stop"),
        ]
    if span.likely is not None:
        parts.append(el("circle", cx=x(span.likely), cy=y, r=5, class_="likely"))
    return parts


def draw_histogram(counts: Sequence[int], *, ends: tuple[str, str], title: str, name: str) -> Markup:
    """Return counts over time as bars of one width.

    ends   what stands below the first and the last bar
    """
    most, wide = max(*counts, 1), 600.0 / max(len(counts), 1)
    parts = [
        el("rect", x=n * wide, y=62 - 50 * count / most, width=wide * 0.9, height=50 * count / most, class_="stretch")
        for n, count in enumerate(counts)
        if count
    ]
    parts += [line(0, 62, 600, 62, "hour"), text(0, 9, f"{most}", "axis axis-utc")]
    parts += [text(0, 76, ends[0], "axis"), text(600, 76, ends[1], "axis", anchor="end")]
    about = f"{sum(counts)} in all, {most} at most in one bar."
    return drawing(parts, width=600, height=80, title=title, about=about, name=name, class_="histogram")


def draw_tally(tally: Sequence[tuple[str, int]], *, name: str) -> Markup:
    """Return the share of each verdict as one bar; the words and numbers stand beside it as text."""
    total = sum(number for _, number in tally)
    if not total:
        return Markup("")
    parts, x = [], 0.0
    for verdict, number in tally:
        wide = 600.0 * number / total
        parts.append(el("rect", x=x, y=0, width=max(wide - 2, 1), height=12, class_=f"share share-{verdict or 'none'}"))
        x += wide
    about = ", ".join(f"{VERDICT_WORDS[verdict]} {number}" for verdict, number in tally)
    return drawing(parts, width=600, height=12, title="Verdicts", about=about, name=name, class_="tally")
