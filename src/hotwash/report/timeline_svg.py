"""The timeline as a drawing: hours of the window above, the days and months that followed below."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from hotwash.course.local_times import say_time_of_day, zone_name
from hotwash.report import clock
from hotwash.report.phrases import count_noun
from hotwash.report.state_bars import draw_states
from hotwash.report.svg import drawing, el, legend_key, line, path, text, width_of
from hotwash.report.timeline import GROUPS, Moment, Timeline, TimelineStrip
from hotwash.report.timeline_frame import LEAST, SIZE, TimelineFrame, arrow, fitting

HEAD = 52.0
_COLUMN = (250.0, 420.0)
HOUR = timedelta(hours=1)
STEPS_H = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 744, 1488)
DAY_MARKS = (1, 2, 4, 7, 14, 30, 60, 120, 240, 365, 730, 1460, 2920)


def timeline_legend() -> list[tuple[Markup, str]]:
    """Return the legend of the timeline: each glyph and the words."""
    bar = {"x": -8, "y": -5, "width": 16, "height": 10}
    fading = [el("rect", x=2, y=-4, width=6, height=8, class_="fade fade0")]
    fading += [el("rect", x=-5, y=-4, width=6, height=8, class_="fade fade1"), el("path", d="M8 -7v14", class_="stop")]
    glyphs = (
        (el("path", d="M0 -6L6 0L0 6L-6 0Z", class_="instant"), "Stated time"),
        (el("rect", **bar, class_="bounds"), "Some time within"),
        (el("rect", **bar, class_="stretch"), "From, until"),
        (el("g", *fading), "Open on the fading side"),
    )
    return [(legend_key(glyph), words) for glyph, words in glyphs]


def draw_window(timeline: Timeline, *, width: float, name: str) -> Markup:
    """Return the drawing of the window: a row for each report, a line for finds and for each question.

    width   1000 for a desk; 360 for a phone, where the label stands above its row
    """
    there = (timeline.moments, timeline.states, [strip for strip in timeline.strips if strip.spans])
    if not any(there) or timeline.end <= timeline.start:
        return Markup("")
    narrow = width < 500
    frame = TimelineFrame(
        width,
        8.0 if narrow else _label_column(timeline),
        36.0 if narrow else 21.0,
        narrow,
        timeline.start,
        timeline.end,
    )
    body: list[Markup] = []
    y = HEAD
    if timeline.states:
        body.append(_group_head("State of each aerodrome", y, frame))
        drawn, y = draw_states(timeline.states, y + 24.0, frame)
        body.append(drawn)
        y += 5.0
    for group, items in groupby(_all(timeline), key=lambda item: item.group):
        body.append(_group_head(group, y, frame))
        y += 24.0
        before = ""
        for item in items:
            body.append(_row(item, y, frame, timeline, before))
            before = item.label
            y += frame.row
        y += 5.0
    span = f"{clock.stamp(timeline.start)} and {clock.stamp(timeline.end)}"
    about = f"{count_noun(len(timeline.moments), 'report')} of events between {span}."
    children = [*_axis(frame, timeline, y), *body]
    return drawing(children, width=width, height=y + 6, title="Timeline", about=about, name=name, class_="timeline")


def _label_column(timeline: Timeline) -> float:
    """Return how wide the column of labels is: as the longest one needs it, within limits."""
    said = [*(item.label for item in _all(timeline)), *(bar.subject for bar in timeline.states)]
    widest = max((width_of(label, SIZE) for label in said), default=0.0)
    return min(max(widest + 28.0, _COLUMN[0]), _COLUMN[1])


def _all(timeline: Timeline) -> list[Moment | TimelineStrip]:
    """Return rows in the order of groups; a strip closes its group."""
    rows: list[Moment | TimelineStrip] = [*timeline.moments, *(strip for strip in timeline.strips if strip.spans)]
    return sorted(rows, key=lambda item: (GROUPS.index(item.group), isinstance(item, TimelineStrip)))


def _axis(frame: TimelineFrame, timeline: Timeline, bottom: float) -> Iterator[Markup]:
    """Yield the dates, the local hours and the hours in UTC, with a line down through all rows at each."""
    room = 34.0 if frame.is_narrow else 44.0
    hours = (frame.end - frame.start) / HOUR
    step = next((step for step in STEPS_H if (frame.right - frame.left) / (hours / step) >= room), 2976)
    ends = (timeline.start.astimezone(timeline.zone), timeline.end.astimezone(timeline.zone))
    local_name = ", then ".join(dict.fromkeys(map(zone_name, ends)))
    is_utc = timeline.start.astimezone(timeline.zone).utcoffset() == timedelta(0)
    for when in _ticks(timeline, step):
        x, here = frame.x(when), when.astimezone(timeline.zone)
        midnight = here.hour == 0 and here.minute == 0
        yield line(x, HEAD - 6, x, bottom, "midnight" if midnight else "hour")
        if frame.left + 6 <= x <= frame.right + 2 or not frame.is_narrow:
            said = say_time_of_day(when, timeline.zone) if step < 24 else clock.day(here, year=False)
            is_wide = width_of(said, SIZE) > frame.x(frame.start + HOUR * step) - frame.left - 4
            yield text(x, 28.0, f"{here:%H:%M}" if is_wide and step < 24 else said, "axis", anchor="middle")
            if not is_utc and step < 24:
                yield text(x, 42.0, f"{when.astimezone(UTC):%H:%M}", "axis axis-utc", anchor="middle")
    if not frame.is_narrow:
        yield text(frame.left - 28, 28.0, f"local ({local_name})", "axis", anchor="end")
        if not is_utc:
            yield text(frame.left - 28, 42.0, "UTC", "axis axis-utc", anchor="end")
    yield from _dates(frame, timeline)


def _ticks(timeline: Timeline, step: int) -> Iterator[datetime]:
    here = timeline.start.astimezone(timeline.zone)
    at = here.replace(minute=0, second=0, microsecond=0, hour=here.hour - here.hour % min(step, 24)).astimezone(UTC)
    while at <= timeline.end:
        if at >= timeline.start:
            yield at
        at += HOUR * step


def _dates(frame: TimelineFrame, timeline: Timeline) -> Iterator[Markup]:
    """Yield the date at the left end and at each midnight, where it has room."""
    here = timeline.start.astimezone(timeline.zone)
    days = [timeline.start]
    at = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    while at < timeline.end and len(days) < 400:
        days.append(at.astimezone(UTC))
        at += timedelta(days=1)
    free = 0.0
    for index, when in enumerate(days):
        said = clock.day(when.astimezone(timeline.zone))
        wide = width_of(said, SIZE, bold=True)
        following = frame.x(days[index + 1]) if index + 1 < len(days) else frame.right + 14
        x = frame.x(when)
        if x + wide > following - 4:
            said = clock.day(when.astimezone(timeline.zone), year=index > 0)
            wide = width_of(said, SIZE, bold=True)
        if x >= free and x + wide <= frame.width and (x + wide <= following - 2 or index + 1 == len(days)):
            yield text(x, 12.0, said, "axis-date")
            free = x + wide + 8


def _group_head(group: str, y: float, frame: TimelineFrame) -> Markup:
    rule = line(4.0, y + 3, frame.width - 4, y + 3, "rule")
    return Markup("").join([rule, text(4.0, y + 17, group, "group")])


def _row(item: Moment | TimelineStrip, y: float, frame: TimelineFrame, timeline: Timeline, before: str) -> Markup:
    middle = y + (25.0 if frame.is_narrow else 10.0)
    room = frame.width - 12 if frame.is_narrow else frame.left - 24
    label = "" if item.label == before else fitting(item.label, room)
    named = (
        text(4.0 if frame.is_narrow else 12.0, y + (13.0 if frame.is_narrow else 14.0), label, "row-name")
        if label
        else ""
    )
    mark = _strip(item, middle, frame) if isinstance(item, TimelineStrip) else _moment(item, middle, frame, timeline)
    return el("g", named, mark)


def _moment(item: Moment, y: float, frame: TimelineFrame, timeline: Timeline) -> Markup:
    """Return the mark of one report: instant, stretch, or bounds that fade where they are open; and who says so."""
    shape, first, last = _mark(item, y, frame)
    said = _report_label(item, timeline)
    space_right, space_left = frame.width - 4 - (last + 6), first - 6 - (frame.left if not frame.is_narrow else 4.0)
    on_right = width_of(said, SIZE) <= space_right or space_right >= space_left
    said = fitting(said, max(space_right if on_right else space_left, 0.0))
    x = last + 6 if on_right else first - 6
    words = text(x, y + 4, said, "said", anchor="start" if on_right else "end") if said else ""
    tip = f"{item.row_id}: {item.text}" if item.text else item.row_id
    return el("g", el("title", tip), shape, words)


def _mark(item: Moment, y: float, frame: TimelineFrame) -> tuple[Markup, float, float]:
    if item.start is not None and item.end is not None:
        return _bar(item.start, item.end, y, frame, "stretch")
    if item.start is not None:
        x = frame.x(item.start)
        whisker = ""
        first = last = x
        if item.low is not None or item.high is not None:
            first, last = frame.x(item.low or item.start), frame.x(item.high or item.start)
            whisker = line(first, y, last, y, "whisker")
        diamond = path([(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)], "instant", closed=True)
        return el("g", whisker, diamond), min(first, x - 5.5), max(last, x + 5.5)
    if item.low is not None and item.high is not None:
        return _bar(item.low, item.high, y, frame, "bounds")
    return _open(item, y, frame)


def _bar(low: datetime, high: datetime, y: float, frame: TimelineFrame, class_: str) -> tuple[Markup, float, float]:
    first, last = frame.x(low), max(frame.x(high), frame.x(low) + LEAST)
    parts = [el("rect", x=first, y=y - 5, width=last - first, height=10, rx=1.5, class_=class_)]
    parts += [arrow(first, y, -1)] if low < frame.start else []
    parts += [arrow(last, y, 1)] if high > frame.end else []
    return el("g", *parts), first, last


def _open(item: Moment, y: float, frame: TimelineFrame) -> tuple[Markup, float, float]:
    """Return a bound that is open on one side: a bar at the known end that thins out, with an arrow."""
    known = item.high or item.end or item.low
    if known is None:
        return Markup(""), frame.left, frame.left
    way = 1 if item.low is not None else -1
    x = frame.x(known)
    steps = [
        el("rect", x=min(x + way * at, x + way * (at + 11)), y=y - 4, width=9, height=8, class_=f"fade fade{index}")
        for index, at in enumerate((0, 11, 22))
    ]
    stop = line(x, y - 7, x, y + 7, "stop")
    far = x + way * 36
    shape = el("g", *steps, stop, arrow(far - way * 2, y, way))
    return shape, min(x, far) - 4, max(x, far) + 4


def _strip(item: TimelineStrip, y: float, frame: TimelineFrame) -> Markup:
    marks = [
        el("rect", x=frame.x(low), y=y - 6, width=max(frame.x(high) - frame.x(low), 3.0), height=12, class_="tick")
        for low, high in item.spans
    ]
    last = max(frame.x(high) for _, high in item.spans) + 8
    first = min(frame.x(low) for low, _ in item.spans) - 8
    wide = width_of(item.beside, SIZE)
    if last + wide <= frame.width - 4:
        return el("g", *marks, text(last, y + 4, item.beside, "said"))
    said = fitting(item.beside, first - (frame.left if not frame.is_narrow else 4.0))
    return el("g", *marks, text(first, y + 4, said, "said", anchor="end") if said else "")


def _report_label(item: Moment, timeline: Timeline) -> str:
    """Return the local time of a report and who says so; the date is on the axis."""

    def short(when: datetime) -> str:
        return say_time_of_day(when, timeline.zone)

    if item.start is not None and item.end is not None:
        time = f"{short(item.start)}–{short(item.end)}"
    elif item.start is not None:
        time = short(item.start)
    elif item.low is not None and item.high is not None:
        time = short(item.low) if item.low == item.high else f"{short(item.low)}–{short(item.high)}"
    elif item.low is not None:
        time = f"after {short(item.low)}"
    else:
        bound = item.high or item.end
        time = f"before {short(bound)}" if bound else ""
    return f"{time} {item.said}".strip()


# ---------------------------------------------------------------- the days and months that followed


def draw_later(timeline: Timeline, *, width: float, name: str) -> Markup:
    """Return the small axis of what came after the window, days on a logarithmic scale; empty when nothing did."""
    if not timeline.later:
        return Markup("")
    narrow = width < 500
    left, right, top = (76.0 if narrow else 250.0), width - 30.0, 34.0
    lanes = ("Events", "Finds", "Statements")
    longest = max(max(_days(timeline, item.when) for item in timeline.later), 1.0)
    scale = (right - left) / math.log1p(longest)
    bottom = top + 24.0 * len(lanes)
    parts = list(_day_marks(timeline, longest, left, scale, bottom, room=54.0 if narrow else 64.0))
    for index, lane in enumerate(lanes):
        y = top + 24.0 * index + 12.0
        parts.append(text(4.0 if narrow else 12.0, y + 4, lane, "row-name"))
        parts.append(line(left, y, right, y, "hour"))
        parts += [
            _later_mark(lane, left + scale * math.log1p(_days(timeline, item.when)), y)
            for item in timeline.later
            if item.lane == lane
        ]
    last = clock.day(max(item.when for item in timeline.later))
    about = f"{count_noun(len(timeline.later), 'item')} after the window, the last on {last}."
    return drawing(
        parts, width=width, height=bottom + 6, title="What followed", about=about, name=name, class_="timeline"
    )


def _days(timeline: Timeline, when: datetime) -> float:
    return max((when - timeline.end) / timedelta(days=1), 0.0)


def _day_marks(
    timeline: Timeline, longest: float, left: float, scale: float, bottom: float, *, room: float
) -> Iterable[Markup]:
    free = 0.0
    marks = sorted({*(float(mark) for mark in DAY_MARKS if mark < longest * 0.93), longest}, reverse=True)
    taken: list[float] = []
    for mark in marks:
        x = left + scale * math.log1p(mark)
        if all(abs(x - other) >= room for other in taken) and x >= free:
            taken.append(x)
            when = (timeline.end + timedelta(days=mark)).astimezone(timeline.zone)
            yield line(x, 30.0, x, bottom, "hour")
            yield text(x, 12.0, clock.day(when, year=False), "axis", anchor="middle")
            yield text(x, 25.0, f"{when.year}", "axis axis-utc", anchor="middle")


def _later_mark(lane: str, x: float, y: float) -> Markup:
    if lane == "Events":
        return path([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)], "instant", closed=True)
    if lane == "Finds":
        return el("circle", cx=x, cy=y, r=4, class_="later-find")
    return el("rect", x=x - 1.2, y=y - 6, width=2.4, height=12, class_="tick")
