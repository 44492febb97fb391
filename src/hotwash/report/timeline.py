"""What goes on the timeline: each report of each event, in groups, with bounds kept open where they are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.model.incident import Incident
from hotwash.report import clock
from hotwash.report.phrases import RELATION_WORDS, count_noun, event_title, join_words, noun, plain, shorten
from hotwash.report.statements import Library

GROUPS = ("Airspace", "Aerodromes", "Public", "Finds", "Other events", "Statements")
AIR_WORDS = (
    "violation",
    "drone",
    "shot",
    "crossing",
    "scramble",
    "alert_force",
    "intercept",
    "detect",
    "attack",
    "track",
)
AERODROME_WORDS = (
    "aerodrome",
    "airspace",
    "closed",
    "reopen",
    "traffic",
    "diversion",
    "cancellation",
    "airport",
    "notam",
)
PUBLIC_WORDS = ("public", "warning", "siren", "alert", "statement", "announce")
FIND_WORDS = ("find", "found", "search", "wreck", "debris", "remains")
BY_DAY = timedelta(hours=6)  # a span longer than this says the day, not the hour: counted beside the line, not drawn
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """One report of one event.

    start, end   the stated time, or begin and end
    low, high    bounds; None is open
    subject      what it happened to, part of the label
    """

    row_id: str
    label: str
    said: str
    text: str
    group: str
    start: datetime | None = None
    end: datetime | None = None
    low: datetime | None = None
    high: datetime | None = None

    @property
    def anchor(self) -> datetime | None:
        return self.start or self.low or self.high or self.end


@dataclass(frozen=True, slots=True)
class TimelineStrip:
    """Many things of one sort on one line: finds, or the statements on one question."""

    label: str
    group: str
    beside: str
    spans: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class Later:
    """What came after the window: when, and which lane of the small axis it stands in."""

    when: datetime
    lane: str


@dataclass(frozen=True, slots=True)
class StateBar:
    """One stretch in which an aerodrome, or a part of it, was in one state; None as a bound is open.

    number   of its occasion, where there are several; "" otherwise
    """

    subject: str
    state: str
    part: str
    number: str
    text: str
    from_low: datetime | None
    from_high: datetime | None
    to_low: datetime | None
    to_high: datetime | None


@dataclass(frozen=True, slots=True)
class Timeline:
    start: datetime
    end: datetime
    zone: ZoneInfo
    states: tuple[StateBar, ...]
    moments: tuple[Moment, ...]
    strips: tuple[TimelineStrip, ...]
    later: tuple[Later, ...]
    outside: tuple[Moment, ...]
    undated: tuple[Moment, ...]

    @property
    def in_order(self) -> tuple[Moment, ...]:
        """Every report of an event in order of time; those without a time come last."""
        dated = sorted((*self.moments, *self.outside), key=lambda item: (_when(item), item.row_id))
        return (*dated, *self.undated)


def build_timeline(incident: Incident, library: Library) -> Timeline:
    """Return the timeline of an incident: what falls into its window, what came later, what has no time."""
    brief = incident.bundle.brief
    at = library.zone
    aerodromes = {*brief.aerodromes, *incident.aerodromes["aerodrome_id"].to_list()}
    moments = [_moment(row, library, aerodromes) for row in incident.bundle.recording.events.to_dicts()]
    inside = [item for item in moments if _is_inside(item, brief.start_utc, brief.end_utc)]
    dated = [item for item in moments if item.anchor is not None and item not in inside]
    return Timeline(
        start=brief.start_utc,
        end=brief.end_utc,
        zone=at,
        states=tuple(_states(incident, library)),
        moments=tuple(_ordered(inside)),
        strips=tuple(_strips(incident)),
        later=tuple(_later(incident, dated)),
        outside=tuple(sorted(dated, key=_when)),
        undated=tuple(item for item in moments if item.anchor is None),
    )


def group_of(kind: str, subject: str, aerodromes: set[str]) -> str:
    """Return the group that an event stands in: by its kind's words, or by its subject."""
    if subject in aerodromes:
        return "Aerodromes"
    tests = (("Public", PUBLIC_WORDS), ("Aerodromes", AERODROME_WORDS), ("Finds", FIND_WORDS), ("Airspace", AIR_WORDS))
    return next((group for group, words in tests if any(word in kind for word in words)), "Other events")


def say_when(item: Moment, at: ZoneInfo, *, abroad: Sequence[ZoneInfo] = ()) -> str:
    """Return when a report puts its event, as words with local time, UTC and the date.

    abroad   other zones that a bare date may be of
    """
    if item.start is not None and item.end is not None:
        return clock.between(item.start, item.end, at)
    if item.start is not None:
        return clock.local(item.start, at) + clock.margins(item.start, item.low, item.high, at)
    if item.end is not None:
        return f"until {clock.local(item.end, at)}"
    return clock.between(item.low, item.high, at, abroad=abroad)


def _states(incident: Incident, library: Library) -> Iterable[StateBar]:
    """Yield the stretches to draw, by aerodrome: being open is the ground that they stand on."""
    rows = incident.states.filter(pl.col("state") != "open").to_dicts()
    order = {name: place for place, name in enumerate((*incident.bundle.brief.aerodromes, *library.aerodromes))}
    for row in sorted(rows, key=lambda row: (order.get(row["subject_id"], len(order)), row["subject_id"])):
        bar = StateBar(
            subject=library.place_name(row["subject_id"]),
            state=row["state"],
            part=row["part"] or "",
            number=str(library.occasions.get(row["occasion_id"] or "", "")),
            text=row["text"] or "",
            from_low=row["from_utc_low"],
            from_high=row["from_utc_high"],
            to_low=row["to_utc_low"],
            to_high=row["to_utc_high"],
        )
        begun, ended = bar.from_low or bar.from_high, bar.to_high or bar.to_low
        brief = incident.bundle.brief
        if (begun is None or begun < brief.end_utc) and (ended is None or ended > brief.start_utc):
            yield bar


def _moment(row: Row, library: Library, aerodromes: set[str]) -> Moment:
    subject = row["subject_id"] or ""
    number = library.occasions.get(row["occasion_id"] or "")
    told_as = row["told_as"] if row["told_as"] != "fact" else ""
    story = "another story" if row["occasion_id"] in library.other_stories else ""
    part = " ".join((row["part"] or "").replace("_", " ").split())
    label = " · ".join(word for word in (event_title(row["kind"]), subject, part, told_as, story) if word)
    return Moment(
        row_id=row["event_id"],
        label=label + (f" ({number})" if number else ""),
        said=f"{_number(row, library)} {join_words(row['said_by'] or [])}".strip(),
        text=row["text"] or "",
        group=group_of(row["kind"], subject, aerodromes),
        start=row["start_utc"],
        end=row["end_utc"],
        low=row["utc_low"],
        high=row["utc_high"],
    )


def _number(row: Row, library: Library) -> str:
    """Return the number of an event in brackets: "[about 50 flights diverted]"."""
    if row["value"] is None:
        return ""
    high = f" to {plain(row['value_high'])}" if row["value_high"] is not None else ""
    unit = f" {noun(row['unit'], row['value_high'] or row['value'], units=library.units)}" if row["unit"] else ""
    return f"[{RELATION_WORDS[row['relation'] or 'exactly']}{plain(row['value'])}{high}{unit}]"


def _when(item: Moment) -> datetime:
    when = item.anchor
    if when is None:
        raise ValueError("an undated moment has no place in an order of time")
    return when


def _is_inside(item: Moment, start: datetime, end: datetime) -> bool:
    times = [when for when in (item.start, item.end, item.low, item.high) if when is not None]
    if not times:
        return False
    stated = item.start or (item.high if item.low is None else item.low)
    if stated is not None and _is_by_day(item):
        return False
    return min(times) < end and max(times) > start


def _is_by_day(item: Moment) -> bool:
    """Tell whether only the day is known, so that a place among hours would say more than is known."""
    return item.start is None and item.low is not None and item.high is not None and item.high - item.low > 2 * BY_DAY


def _ordered(moments: Sequence[Moment]) -> list[Moment]:
    """Return moments by group; reports of one event stand together, the event with the earliest report first."""
    first: dict[tuple[str, str], datetime] = {}
    for item in moments:
        key, when = (item.group, item.label), _when(item)
        first[key] = min(first.get(key, when), when)
    return sorted(
        moments,
        key=lambda item: (
            GROUPS.index(item.group),
            first[item.group, item.label],
            item.label,
            _when(item),
            item.row_id,
        ),
    )


def _strips(incident: Incident) -> Iterable[TimelineStrip]:
    brief = incident.bundle.brief
    yield from _stays(incident)
    finds = [(row["found_utc_low"], row["found_utc_high"]) for row in incident.bundle.finds.to_dicts()]
    if finds:
        yield _strip("When finds were found", "Finds", finds, "find", brief.start_utc, brief.end_utc)
    for question in incident.bundle.questions.to_dicts():
        claims = incident.bundle.claims.filter(pl.col("question_id") == question["question_id"]).to_dicts()
        said = [(row["said_utc_low"], row["said_utc_high"]) for row in claims]
        if said:
            yield _strip(question["text"], "Statements", said, "statement", brief.start_utc, brief.end_utc)


def _stays(incident: Incident) -> Iterable[TimelineStrip]:
    """Yield, for each zone, when tracks were in it or may have been; one without an entry begins with its track."""
    brief = incident.bundle.brief
    ends = {
        row["track_id"]: (row["first"], row["last"])
        for row in incident.tracks.group_by("track_id")
        .agg(first=pl.col("time_utc").min(), last=pl.col("time_utc").max())
        .to_dicts()
    }
    names = dict(incident.zones.select("zone_id", "name").rows())
    inside = incident.breaches.filter(pl.col("answer") != "outside")
    for (zone,), rows in inside.group_by("zone_id", maintain_order=True):
        spans = []
        for row in rows.to_dicts():
            first, last = ends.get(row["track_id"], (None, None))
            low, high = row["enter_utc"] or first, row["exit_utc"] or last
            if low is not None and high is not None and low < brief.end_utc and high > brief.start_utc:
                spans.append((low, max(low, high)))
        undecided = rows.filter(pl.col("answer") == "undecided").height
        beside = count_noun(rows.height, "stay") + (f", {undecided} undecided" if undecided else "")
        yield TimelineStrip(f"Tracks in {names.get(str(zone), zone)}", "Airspace", beside, tuple(sorted(spans)))


def _strip(
    label: str,
    group: str,
    spans: Sequence[tuple[datetime | None, datetime | None]],
    one: str,
    start: datetime,
    end: datetime,
) -> TimelineStrip:
    whole = [(low or high, high or low) for low, high in spans]
    dated = [(low, high) for low, high in whole if low is not None and high is not None]
    sharp = [(low, high) for low, high in dated if high - low <= BY_DAY]
    drawn = tuple(sorted((low, high) for low, high in sharp if low < end and high > start))
    by_day = sum(1 for low, high in dated if high - low > BY_DAY and low < end and high > start)
    after = sum(1 for low, _ in dated if low >= end)
    parts = [count_noun(len(drawn), one)] if drawn else []
    parts += [f"{by_day} known by day only"] if by_day else []
    parts += [f"{after} later"] if after else []
    parts += [f"{len(spans) - len(dated)} undated"] if len(spans) > len(dated) else []
    return TimelineStrip(shorten(label, 90), group, ", ".join(parts), drawn)


def _later(incident: Incident, outside: Sequence[Moment]) -> Iterable[Later]:
    end = incident.bundle.brief.end_utc
    yield from (Later(_when(item), "Events") for item in outside if _when(item) > end)
    finds, claims = incident.bundle.finds, incident.bundle.claims
    for lane, frame, column in (("Finds", finds, "found_utc_low"), ("Statements", claims, "said_utc_low")):
        yield from (Later(when, lane) for when in frame[column].to_list() if when is not None and when > end)
