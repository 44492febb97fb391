"""Spans of time, from and to in seconds since one start: united, common, left over.

a      ────█████████────██──
b      ──────████████───────
common ──────███████────────      without(a, b) ────██─────────██──
"""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[float, float]
Spans = tuple[Span, ...]


def unite(spans: Iterable[Span], *, gap_s: float = 0.0) -> Spans:
    """Return spans sorted, those that overlap as one.

    gap_s   a pause no longer than this joins two as well [s]
    """
    united: list[Span] = []
    for low, high in sorted(spans):
        if united and low <= united[-1][1] + gap_s:
            united[-1] = (united[-1][0], max(united[-1][1], high))
        else:
            united.append((low, high))
    return tuple(united)


def intersect(some: Iterable[Span], others: Spans) -> Spans:
    """Return where both are."""
    pairs = ((max(low, begin), min(high, end)) for low, high in some for begin, end in others)
    return unite((low, high) for low, high in pairs if low < high)


def subtract(some: Iterable[Span], others: Spans) -> Spans:
    """Return what is left of some outside the others; both united."""
    left: list[Span] = []
    for span in some:
        low, high = span
        for begin, end in others:
            if begin < high and end > low:
                if low < begin:
                    left.append((low, begin))
                low = max(low, end)
        if low < high:
            left.append((low, high))
    return tuple(left)


def pad(spans: Iterable[Span], *, before_s: float = 0.0, after_s: float = 0.0) -> Spans:
    """Return spans that begin earlier and end later, united."""
    return unite((low - before_s, high + after_s) for low, high in spans)


def clip(spans: Iterable[Span], low_s: float, high_s: float) -> Spans:
    """Return what of the spans lies within bounds; an instant on a bound is kept."""
    cut = ((max(low, low_s), min(high, high_s)) for low, high in spans if high >= low_s and low <= high_s)
    return unite(cut)


def holds(spans: Iterable[Span], time_s: float) -> bool:
    """Tell whether a time lies in one of the spans, ends included."""
    return any(low <= time_s <= high for low, high in spans)


def minutes(spans: Iterable[Span]) -> float:
    """Return how long the united spans are together [min]."""
    return sum(high - low for low, high in spans) / 60.0
