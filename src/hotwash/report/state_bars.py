"""The states of aerodromes as bars on the timeline: told apart by colour, pattern and word; bounds stay bounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from hotwash.model.words import STATES
from hotwash.report.phrases import STATE_WORDS
from hotwash.report.svg import el, legend_key, line, text, width_of
from hotwash.report.timeline import StateBar
from hotwash.report.timeline_frame import LEAST, SIZE, TimelineFrame, arrow, fitting

TALL = 12.0
# Strokes of one tile of 6 by 6 of each pattern; what is closed entirely is solid, no traffic planned is empty.
_TILES = {
    "airspace_closed": "M-1 1L1-1M0 6L6 0M5 7L7 5",
    "runway_closed": "M1.5 0V6M4.5 0V6",
    "restricted": "M1 1.5h1M4 4.5h1",
    "curfew": "M0 1.5H6M0 4.5H6",
}
Gap = tuple[float, float]


def state_patterns() -> Markup:
    """Return the patterns of the states, once for a page: a drawing that is not displayed lends none to others."""
    tiles = (
        el(
            "pattern",
            el("rect", width=6, height=6, class_=f"tile {state}"),
            el("path", d=strokes, class_=f"strokes {state}"),
            id=f"state-{state}",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        )
        for state, strokes in _TILES.items()
    )
    return el("svg", *tiles, class_="patterns", aria_hidden="true")


def states_legend(bars: Sequence[StateBar]) -> list[tuple[Markup, str]]:
    """Return the legend of the states that are there, the gravest first, and of ends that are known by bounds only."""
    there = {bar.state for bar in bars}
    box = {"x": -8, "y": -5, "width": 16, "height": 10}
    keys = [
        (legend_key(el("rect", **box, class_=f"state {state}")), STATE_WORDS[state])
        for state in reversed(STATES)
        if state in there
    ]
    if any(bar.from_low != bar.from_high or bar.to_low != bar.to_high for bar in bars):
        gravest = max(there, key=STATES.index)
        keys.append((legend_key(el("rect", **box, class_=f"state {gravest} maybe")), "Pale: it began or ended within"))
    return keys


def draw_states(bars: Sequence[StateBar], y: float, frame: TimelineFrame) -> tuple[Markup, float]:
    """Return the bars of every aerodrome, each in as many lines as they need, and where the next thing may stand."""
    parts: list[Markup] = []
    for subject, own in groupby(bars, key=lambda bar: bar.subject):
        room = frame.width - 12 if frame.is_narrow else frame.left - 24
        name = fitting(subject, room)
        parts.append(text(4.0 if frame.is_narrow else 12.0, y + (13.0 if frame.is_narrow else 14.0), name, "row-name"))
        top = y + 18.0 if frame.is_narrow else y
        lanes = _lanes(list(own), frame)
        for index, lane in enumerate(lanes):
            middle = top + 10.0 + index * 21.0
            parts += [_bar(bar, middle, frame) for bar in lane]
        y = top + 21.0 * len(lanes)
    return el("g", *parts, class_="states"), y


def _lanes(bars: Sequence[StateBar], frame: TimelineFrame) -> list[list[StateBar]]:
    """Return bars in lines, the gravest states on top, so that none covers another or its words."""
    lanes: list[tuple[list[StateBar], list[Gap]]] = []
    for bar in sorted(bars, key=lambda bar: (-STATES.index(bar.state), _ends(bar, frame))):
        taken = _taken(bar, frame)
        lane = next((one for one in lanes if all(taken[1] <= a or taken[0] >= b for a, b in one[1])), None)
        if lane is None:
            lane = ([], [])
            lanes.append(lane)
        lane[0].append(bar)
        lane[1].append(taken)
    return [own for own, _ in lanes]


def _ends(bar: StateBar, frame: TimelineFrame) -> Gap:
    """Return where a bar begins and ends at the most; an open end reaches a little beyond the nearest known time."""
    first, last = bar.from_low or bar.from_high, bar.to_high or bar.to_low
    known = [when for when in (bar.from_low, bar.from_high, bar.to_low, bar.to_high) if when is not None]
    if not known:
        return frame.left, frame.right
    left = frame.x(first or min(known)) - (0.0 if bar.from_low is not None else OPEN)
    right = frame.x(last or max(known)) + (0.0 if bar.to_high is not None else OPEN)
    return max(left, frame.left), max(min(right, frame.right), max(left, frame.left) + LEAST)


OPEN = 34.0  # how far a bar fades out beyond the last time that is known


def _label(bar: StateBar) -> str:
    return STATE_WORDS[bar.state] + (f" {bar.part}" if bar.part else "") + (f" ({bar.number})" if bar.number else "")


def _side(bar: StateBar, frame: TimelineFrame) -> tuple[str, Gap, bool]:
    """Return the words of a bar as they fit, its ends, and whether the words stand to its right."""
    first, last = _ends(bar, frame)
    right, left = frame.width - 4 - (last + 7), first - 7 - (frame.left if not frame.is_narrow else 4.0)
    on_right = width_of(_label(bar), SIZE) <= right or right >= left
    return fitting(_label(bar), max(right if on_right else left, 0.0)), (first, last), on_right


def _taken(bar: StateBar, frame: TimelineFrame) -> Gap:
    words, (first, last), on_right = _side(bar, frame)
    wide = width_of(words, SIZE) + 12 if words else 6.0
    return (first - 2, last + wide) if on_right else (first - wide, last + 2)


def _bar(bar: StateBar, y: float, frame: TimelineFrame) -> Markup:
    """Return one stretch: full where it certainly was, pale between bounds, fading where an end is open."""
    words, (first, last), on_right = _side(bar, frame)
    x = last + 7 if on_right else first - 7
    said = text(x, y + 4, words, "said", anchor="start" if on_right else "end") if words else ""
    parts = [el("title", bar.text)] if bar.text else []
    return el("g", *parts, *_pieces(bar, y, frame, (first, last)), *_arrows(bar, y, frame), said)


def _pieces(bar: StateBar, y: float, frame: TimelineFrame, ends: Gap) -> Iterable[Markup]:
    first, last = ends
    sure_from = frame.x(bar.from_high) if bar.from_high is not None else None
    sure_to = frame.x(bar.to_low) if bar.to_low is not None else None
    if sure_from is None and sure_to is None:
        yield _piece(bar, first, last, y, "maybe")
        return
    begin = sure_from if sure_from is not None else min(sure_to or first, last)
    end = sure_to if sure_to is not None else max(sure_from or last, first)
    if end < begin:  # the bounds overlap: it may have been short, and no moment of it is certain
        yield _piece(bar, first, last, y, "maybe")
        return
    if end > begin or first == last:
        yield _piece(bar, begin, max(end, begin + LEAST), y)
    if first < begin:
        yield from _edge(bar, begin, first, y, is_open=bar.from_low is None)
    if last > end:
        yield from _edge(bar, end, last, y, is_open=bar.to_high is None)


def _edge(bar: StateBar, known: float, far: float, y: float, *, is_open: bool) -> Iterable[Markup]:
    """Yield the uncertain end of a bar: pale up to its bound, or three steps that thin out where there is none."""
    if not is_open:
        yield _piece(bar, min(known, far), max(known, far), y, "maybe")
        yield line(far, y - TALL / 2, far, y + TALL / 2, "bound")
        return
    step = (far - known) / 3
    for index in range(3):
        a, b = known + index * step, known + (index + 1) * step
        yield _piece(bar, min(a, b), max(a, b), y, f"fade{index}")


def _piece(bar: StateBar, first: float, last: float, y: float, more: str = "") -> Markup:
    class_ = f"state {bar.state} {more}".rstrip()
    return el("rect", x=first, y=y - TALL / 2, width=max(last - first, 1.0), height=TALL, class_=class_)


def _arrows(bar: StateBar, y: float, frame: TimelineFrame) -> Iterable[Markup]:
    """Yield an arrow where a stretch goes on beyond the window."""
    if _is_before(bar.from_low or bar.from_high, frame.start):
        yield arrow(frame.left, y, -1)
    if _is_before(frame.end, bar.to_high or bar.to_low):
        yield arrow(frame.right, y, 1)


def _is_before(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other
