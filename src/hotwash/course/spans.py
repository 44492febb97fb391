"""Spans of time, in minutes since 1970: joined, added up, and laid over one another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Span = tuple[float, float]


def join_spans(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order of time, those that overlap or touch as one; what ends before it begins lasts no time."""
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, max(low, high)))
    return joined


def total_length(spans: Iterable[Span]) -> float:
    """Return how long some spans last together [min]; ∞ where one is open."""
    return sum(high - low for low, high in spans)


def length_outside(spans: Iterable[Span], others: Sequence[Span]) -> float:
    """Return how much of some spans lies outside others [min]."""
    return sum(
        max(high - low - _covered((low, high), others), 0.0) if math.isfinite(high) else high for low, high in spans
    )


def _covered(span: Span, parts: Iterable[Span]) -> float:
    """Return how many minutes of a span some parts cover, each minute once."""
    covered, reached = 0.0, span[0]
    for low, high in sorted(parts):
        start, stop = max(low, reached), min(high, span[1])
        if stop > start:
            covered += stop - start
            reached = stop
    return covered


def round_finite(value: float) -> float | None:
    """Return a length to the millionth of a minute; None where it is open."""
    return round(value, 6) if math.isfinite(value) else None
