"""Names on a map that do not cover each other: the best free place around each point, taken in order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotwash.report.svg import width_of

GAP = 3.0  # units between a glyph and its name, and between two names
REACHES = (
    0.0,
    4.0,
    10.0,
    20.0,
    32.0,
    46.0,
    62.0,
    80.0,
    100.0,
    125.0,
)  # how far a name may move off before it gets a line
BEARINGS_DEG = (90, 270, 60, 120, 300, 240, 0, 180, 30, 150, 330, 210)  # right first: the eye looks there
LEADER_FROM = 8.0


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def within(self, other: Box) -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that wants a place.

    x, y     the point it belongs to
    radius   of the glyph there
    size     height of its letters
    """

    name: str
    x: float
    y: float
    radius: float
    size: float
    class_: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A name that has its place: `box` around it, and the line from the point to it where it stands far off."""

    wish: Wish
    box: Box
    leader: tuple[float, float, float, float] | None = None

    @property
    def baseline(self) -> tuple[float, float]:
        return self.box.left, self.box.bottom - self.wish.size * 0.25


def place_labels(wishes: Sequence[Wish], frame: Box, taken: Sequence[Box] = ()) -> tuple[list[Label], list[Wish]]:
    """Return the names that found a place, and those that found none.

    frame   no name reaches over it
    taken   what no name may cover: glyphs, the scale bar

    Names are placed one after the other. The order given is tried first and kept where it leaves out none; of a few
    other orders the one that leaves out fewest wins.
    """
    orders = (
        list(wishes),
        list(reversed(wishes)),
        sorted(wishes, key=lambda wish: wish.y),
        sorted(wishes, key=lambda wish: (-wish.x, wish.y)),
    )
    best: tuple[list[Label], list[Wish]] | None = None
    for order in orders:
        found = _in_order(order, frame, taken)
        if best is None or len(found[1]) < len(best[1]):
            best = found
        if not found[1]:
            break
    return best or ([], [])


def _in_order(wishes: Sequence[Wish], frame: Box, taken: Sequence[Box]) -> tuple[list[Label], list[Wish]]:
    """Return the names that found a place when placed in this order, and those that found none."""
    busy = [*taken, *(_glyph(wish) for wish in wishes)]
    lines: list[tuple[float, float, float, float]] = []
    found: list[Label] = []
    homeless: list[Wish] = []
    for wish in wishes:
        label = next((item for item in _candidates(wish) if _is_free(item, frame, busy, lines)), None)
        if label is None:
            homeless.append(wish)
            continue
        found.append(label)
        busy.append(label.box)
        if label.leader:
            lines.append(label.leader)
    return found, homeless


def _glyph(wish: Wish) -> Box:
    return Box(wish.x - wish.radius, wish.y - wish.radius, wish.x + wish.radius, wish.y + wish.radius)


def _is_free(label: Label, frame: Box, busy: Sequence[Box], lines: Sequence[tuple[float, float, float, float]]) -> bool:
    if not label.box.within(frame) or any(label.box.meets(box, GAP) for box in busy):
        return False
    if any(_crosses(line, label.box) for line in lines):
        return False
    if label.leader is None:
        return True
    others = (box for box in busy if not box.holds(label.wish.x, label.wish.y))  # one place may bear several glyphs
    return not any(_crosses(label.leader, box) for box in others) and not any(
        _lines_cross(label.leader, line) for line in lines
    )


def _candidates(wish: Wish) -> Iterator[Label]:
    wide, high = width_of(wish.name, wish.size, bold=wish.bold), wish.size * 1.15
    for reach in REACHES:
        for bearing in BEARINGS_DEG:
            yield _at(wish, wide, high, reach, math.radians(bearing))


def _at(wish: Wish, wide: float, high: float, reach: float, bearing: float) -> Label:
    """Return the name `reach` beyond its glyph on a bearing, its nearest edge or corner towards the point."""
    away = wish.radius + GAP + 1.0 + reach
    dx, dy = math.sin(bearing), -math.cos(bearing)
    x, y = wish.x + away * dx, wish.y + away * dy
    left = x if dx > 0.2 else x - wide if dx < -0.2 else x - wide / 2
    middle = y if abs(dy) < 0.2 else y + math.copysign(high / 2, dy)
    box = Box(left, middle - high / 2, left + wide, middle + high / 2)
    if reach < LEADER_FROM:
        return Label(wish, box)
    near = wish.radius + 1.0
    return Label(wish, box, (wish.x + near * dx, wish.y + near * dy, x - 1.5 * dx, y - 1.5 * dy))


def _crosses(line: tuple[float, float, float, float], box: Box) -> bool:
    """Tell whether a line touches a box: clipped to it side by side, something of it is left."""
    x1, y1, x2, y2 = line
    first, last = 0.0, 1.0
    for start, way, low, high in ((x1, x2 - x1, box.left, box.right), (y1, y2 - y1, box.top, box.bottom)):
        if way == 0.0:
            if not low <= start <= high:
                return False
            continue
        enter, leave = sorted(((low - start) / way, (high - start) / way))
        first, last = max(first, enter), min(last, leave)
    return first <= last


def _lines_cross(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    ax, ay, bx, by = one
    cx, cy, dx, dy = other

    def side(px: float, py: float, qx: float, qy: float, rx: float, ry: float) -> float:
        return (qx - px) * (ry - py) - (qy - py) * (rx - px)

    return (
        side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0.0
        and side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0.0
    )
