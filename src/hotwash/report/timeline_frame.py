"""Where things stand on the timeline: the label column, the time axis, the height of a row; and how words are cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from hotwash.report.svg import NARROWEST, path, width_of

SIZE = 11.5
LEAST = 6.0  # a stretch of minutes on the axis of a week is as wide as this, so that it can be seen


@dataclass(frozen=True, slots=True)
class TimelineFrame:
    """Where things stand: the label column, the time axis, the height of a row."""

    width: float
    left: float
    row: float
    is_narrow: bool
    start: datetime
    end: datetime

    def x(self, when: datetime) -> float:
        share = (when - self.start) / (self.end - self.start)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    @property
    def right(self) -> float:
        return self.width - 22.0


def arrow(x: float, y: float, way: int) -> Markup:
    """Return the head of an arrow at the end of a bar that goes on; `way` is 1 to the right, -1 to the left."""
    return path([(x, y - 4), (x + way * 5, y), (x, y + 4)], "arrow")


def fitting(said: str, room: float, size: float = SIZE) -> str:
    """Return the text cut so that it fits into `room`; empty when not even a word would."""
    if len(said) * NARROWEST * size <= room and width_of(said, size) <= room:
        return said
    length = min(len(said), max(int(room / (NARROWEST * size)), 0))
    while length > 4 and width_of(said[:length] + "…", size) > room:
        length -= 1
    return said[:length].rstrip(" ,;·(") + "…" if length > 4 else ""
