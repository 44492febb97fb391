"""A watch as lines in time: what was inside, from when it could be known, what was declared and closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from hotwash.report import svg

# A group, a label, spans (from, to, kind) and marks (when, kind), in seconds since the watch began.
WatchLine = tuple[str, str, tuple[tuple[float, float, str], ...], tuple[tuple[float, str], ...]]

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _HEAD = 960.0, 210.0, 24.0, 58.0, 20.0, 22.0
_LEGEND_ROW = 18.0
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240)
_MOST_TICKS = 12
# Each kind is drawn at its own height in the row, so that none hides another: share of the row, from its top.
_BANDS = {
    "away": (0.1, 0.8), "inside": (0.3, 0.4), "near": (0.1, 0.25), "closed": (0.4, 0.25), "airspace": (0.4, 0.25),
    "held": (0.7, 0.2), "warned": (0.3, 0.4),
}  # fmt: skip
_SAID = {
    "inside": "inside the border", "near": "an object near", "closed": "closed", "airspace": "airspace closed",
    "held": "movements held", "away": "outside hours, or closed by others", "warned": "warned",
    "detectable": "first detectable", "declared": "declared", "revoked": "withdrawn",
}  # fmt: skip
_STYLE = """
.watch{font:12px sans-serif;fill:#222}.watch .tick{stroke:#ddd}.watch .group{font-weight:bold}
.watch .marked{font-weight:bold;fill:#a32015}.watch .inside{fill:#c0392b}.watch .near{fill:#e08e3c}
.watch .closed{fill:#2c5f8a}.watch .airspace{fill:#6c8fb0}.watch .held{fill:#9fb7cc}.watch .away{fill:#e3e3df}
.watch .warned{fill:#8a5fa8}.watch .detectable{fill:#fff;stroke:#222;stroke-width:1.5}
.watch .declared{fill:#1f6f43}.watch .revoked{stroke:#222;stroke-width:2}
"""


class _Sheet:
    """Where times fall."""

    def __init__(self, start_utc: datetime, seconds: float) -> None:
        self.start_utc, self.seconds = start_utc, max(seconds, 1.0)

    def x(self, time_s: float) -> float:
        share = min(max(time_s / self.seconds, 0.0), 1.0)
        return _LEFT + share * (_WIDTH - _RIGHT - _LEFT)


def draw_watch(
    lines: Sequence[WatchLine], *, start_utc: datetime, seconds: float, title: str, marked: str
) -> str:  # fmt: skip
    """Return the watch as an SVG that needs nothing else.

    lines     rows from the top; those of one group stand together
    marked    what the material is marked as; printed above and below
    """
    sheet = _Sheet(start_utc, seconds)
    body: list[Markup] = []
    y = _TOP
    for group, members in groupby(lines, key=lambda line: line[0]):
        body.append(svg.text(8, y + 15, group, "group"))
        y += _HEAD
        for line in members:
            body += _row(line, y, sheet)
            y += _ROW
    legend = list(_legend(lines, y + 14))
    height = y + 14 + _LEGEND_ROW * -(-len(_kinds(lines)) // 4) + 24
    parts = [
        svg.el("style", Markup(_STYLE.replace("\n", ""))),  # noqa: S704 - our own words
        svg.text(8, 18, title, "group"),
        svg.text(_WIDTH - 8, 18, marked, "marked", anchor="end"),
        *_axis(sheet, y), *body, *legend,
        svg.text(_WIDTH - 8, height - 8, marked, "marked", anchor="end"),
    ]  # fmt: skip
    about = f"{len(lines)} lines over {seconds / 60.0:.1f} minutes from {start_utc:%Y-%m-%d %H:%M:%S} UTC. {marked}."
    return str(svg.drawing(parts, width=_WIDTH, height=height, title=title, about=about, name="watch", class_="watch"))


def _axis(sheet: _Sheet, bottom: float) -> Iterator[Markup]:
    """Yield the times in UTC, with a line down through all rows at each."""
    minutes = sheet.seconds / 60.0
    step = next((one for one in _STEPS_MIN if minutes / one <= _MOST_TICKS), _STEPS_MIN[-1])
    for at in range(0, int(minutes) + 1, step):
        x = sheet.x(60.0 * at)
        yield svg.line(x, _TOP - 8, x, bottom, "tick")
        yield svg.text(x, _TOP - 14, f"{sheet.start_utc + timedelta(minutes=at):%H:%M}", anchor="middle")
    yield svg.text(_LEFT - 28, _TOP - 14, "UTC", anchor="end")


def _row(line: WatchLine, y: float, sheet: _Sheet) -> Iterator[Markup]:
    _, label, spans, marks = line
    yield svg.text(20, y + 14, _short(label))
    for low, high, kind in spans:
        down, tall = _BANDS[kind]
        wide = max(sheet.x(high) - sheet.x(low), 1.0)
        yield svg.el("rect", x=sheet.x(low), y=y + down * _ROW, width=wide, height=tall * _ROW, class_=kind)
    for at, kind in marks:
        yield _mark(sheet.x(at), y + 0.5 * _ROW, kind)


def _mark(x: float, y: float, kind: str) -> Markup:
    if kind == "revoked":
        return svg.path([(x - 5, y - 5), (x + 5, y + 5)], kind)
    if kind == "declared":
        return svg.el("path", d=svg.track([(x - 6, y - 7), (x + 6, y - 7), (x, y + 5)], closed=True), class_=kind)
    return svg.el("circle", cx=x, cy=y, r=5, class_=kind)


def _short(label: str) -> str:
    """Return as much of a label as its column holds."""
    room = _LEFT - 30.0
    if svg.width_of(label, 12.0) <= room:
        return label
    kept = label
    while kept and svg.width_of(f"{kept}…", 12.0) > room:
        kept = kept[:-1]
    return f"{kept}…"


def _kinds(lines: Sequence[WatchLine]) -> list[str]:
    found = {kind for _, _, spans, marks in lines for kind in (*(one[2] for one in spans), *(one[1] for one in marks))}
    return [kind for kind in _SAID if kind in found]


def _legend(lines: Sequence[WatchLine], y: float) -> Iterator[Markup]:
    for nth, kind in enumerate(_kinds(lines)):
        x, line_y = 20.0 + 235.0 * (nth % 4), y + _LEGEND_ROW * (nth // 4)
        if kind in _BANDS:
            yield svg.el("rect", x=x, y=line_y, width=14, height=9, class_=kind)
        else:
            yield _mark(x + 7, line_y + 5, kind)
        yield svg.text(x + 20, line_y + 9, _SAID[kind])
