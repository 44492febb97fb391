"""Which occasion each telling belongs to: as the bundle names it, else as the states of the aerodromes show.

declared occasions ─┐
events ─▶ stretches ─┴▶ episodes at one aerodrome ─▶ OCCASIONS ─▶ `occasion_id` of events
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.course.local_times import say_time_of_day
from hotwash.course.single_things import is_of_one, share_teller
from hotwash.course.states import Stretch, is_measure, moment
from hotwash.course.tellings import Row, beginning_of, minutes
from hotwash.model import schema, tables

NEAR_MIN = (
    120.0  # what is told so long before a closing, or after a reopening, belongs to it: the first report, the count
)


@dataclass(frozen=True, slots=True)
class Episode:
    """One run of measures at one aerodrome, without an open time between them [min]."""

    subject: str
    low: float
    high: float
    names: frozenset[str]
    occasion: str
    has_start: bool


@dataclass(frozen=True, slots=True)
class Occasions:
    """The occasions of an incident.

    frame      OCCASIONS, declared and proposed
    of_event   the occasion of each event, by event_id; events without one are left out
    remarks    rows of BUNDLE_REMARKS
    """

    frame: pl.DataFrame
    of_event: Mapping[str, str]
    remarks: tuple[dict[str, object], ...]


def assign_occasions(
    events: Sequence[Row], declared: pl.DataFrame, stretches: Sequence[Stretch], *, zone: ZoneInfo
) -> Occasions:
    """Return the occasions, and which one each event belongs to.

    events      rows of EVENTS that stand
    declared    OCCASIONS of the bundle
    stretches   of the same events
    zone        the zone in which remarks give times
    """
    known = {row["occasion_id"]: row for row in declared.iter_rows(named=True)}
    of_event = {row["event_id"]: row["occasion_id"] for row in events if row["occasion_id"]}
    for name in dict.fromkeys(of_event.values()):
        known.setdefault(name, _named_only(name, [row for row in events if row["occasion_id"] == name]))
    episodes: list[Episode] = []
    remarks: list[dict[str, object]] = []
    for subject in dict.fromkeys(one.subject for one in stretches):
        own = _number(subject, _episodes(subject, [one for one in stretches if one.subject == subject]), known)
        proposed = [one for one in own if one.occasion not in known]
        if proposed and len(own) > 1:
            remarks.append(_propose(subject, own, zone))
        for one in proposed:
            known[one.occasion] = _proposal(one)
        episodes += own
    for one in episodes:
        of_event.update({name: one.occasion for name in one.names if name not in of_event})
    for row in events:
        if row["event_id"] not in of_event and (near := _nearest(row, episodes, known.values())):
            of_event[row["event_id"]] = near
    for name in _running_of_all(events, of_event):
        del of_event[name]
    frame = schema.frame(tables.OCCASIONS, list(known.values()))
    return Occasions(frame, of_event, tuple(remarks))


def _running_of_all(events: Sequence[Row], of_event: Mapping[str, str]) -> list[str]:
    """Return the running numbers that name no occasion and run on into one of no single occasion: they are of all.

    "5 so far" lies in the first closure, and is an early step of the 7 that the same teller counts over both.
    """
    numbers = [row for row in events if row["value"] is not None and not is_of_one(row)]
    open_ones = [row for row in numbers if row["event_id"] not in of_event]
    return [
        row["event_id"]
        for row in numbers
        if row["event_id"] in of_event
        and not row["occasion_id"]
        and (row["is_running"] or row["counted_utc"] is not None)
        and any(_runs_into(row, later) for later in open_ones)
    ]


def _runs_into(row: Row, later: Row) -> bool:
    """Tell whether a number is an earlier step of another: one matter, one teller, and counted from no later."""
    first, last = minutes(row["utc_low"] or row["start_utc"]), minutes(later["utc_low"] or later["start_utc"])
    is_same = all(row[name] == later[name] for name in ("kind", "unit", "subject_id", "part"))
    return is_same and share_teller(row, later) and (first is None or last is None or last <= first)


def _named_only(name: str, rows: Sequence[Row]) -> dict[str, object]:
    """Return an occasion that events name and nothing declares."""
    subjects = {row["subject_id"] for row in rows if row["subject_id"]}
    kinds = {"closure" for row in rows if "clos" in row["kind"] or "reopen" in row["kind"]}
    subject = subjects.pop() if len(subjects) == 1 else None
    return {"occasion_id": name, "kind": kinds.pop() if kinds else "other", "subject_id": subject, "is_related": False}


def _episodes(subject: str, stretches: Sequence[Stretch]) -> list[Episode]:
    """Return runs of measures that overlap or follow at once; measures of different named occasions are never one."""
    found: list[Episode] = []
    for one in sorted((one for one in stretches if is_measure(one)), key=lambda one: one.nominal):
        low = one.from_low if one.start else one.nominal
        high = one.to_high if one.stop else math.inf
        last = found[-1] if found else None
        has_same_name = last is not None and (not last.occasion or not one.occasion or last.occasion == one.occasion)
        touches = last is not None and has_same_name and low <= (last.high if math.isfinite(last.high) else last.low)
        if touches and last is not None:
            names = last.names | frozenset(one.names)
            first = last.occasion or one.occasion
            merged = Episode(subject, min(last.low, low), max(last.high, high), names, first, last.has_start)
            found[-1] = merged
        else:
            found.append(Episode(subject, low, high, frozenset(one.names), one.occasion, one.start is not None))
    return found


def _number(subject: str, episodes: Sequence[Episode], known: Mapping[str, Row]) -> list[Episode]:
    """Return the episodes with a name each: the one they bear, a declared one at that time, or a number."""
    own = [name for name, row in known.items() if row.get("subject_id") == subject and row.get("kind") == "closure"]
    untimed = [name for name in own if known[name].get("utc_low") is None and known[name].get("utc_high") is None]
    unnamed = [one for one in episodes if not one.occasion]
    in_order = dict(zip(map(id, unnamed), untimed, strict=True)) if len(unnamed) == len(untimed) else {}
    named = []
    for place, one in enumerate(episodes, start=1):
        declared = [
            name
            for name, row in known.items()
            if row.get("subject_id") == subject and not one.occasion and _covers(row, one.low, one.high)
        ]
        name = one.occasion or (declared[0] if len(declared) == 1 else in_order.get(id(one), ""))
        named.append(Episode(subject, one.low, one.high, one.names, name or f"{subject}-{place}", one.has_start))
    return named


def _covers(row: Row, low: float, high: float) -> bool:
    """Tell whether a declared occasion with times of its own overlaps a span."""
    span = span_of(row)
    return span is not None and low <= span[1] and high >= span[0]


def span_of(row: Row) -> tuple[float, float] | None:
    """Return the bounds of an occasion with times of its own [min]; None where it has none."""
    first, last = minutes(row.get("utc_low")), minutes(row.get("utc_high"))
    if first is None and last is None:
        return None
    return -math.inf if first is None else first, math.inf if last is None else last


def _proposal(one: Episode) -> dict[str, object]:
    return {
        "occasion_id": one.occasion,
        "kind": "closure",
        "subject_id": one.subject,
        "utc_low": moment(one.low),
        "utc_high": moment(one.high),
        "is_related": False,
        "is_proposed": True,
    }


def _propose(subject: str, episodes: Sequence[Episode], zone: ZoneInfo) -> dict[str, object]:
    listed = ", ".join(f"{one.occasion} ({_span(one, zone)})" for one in episodes[:6])
    more = f" and {len(episodes) - 6} more" if len(episodes) > 6 else ""
    return {
        "kind": "proposed_occasion",
        "table": "occasions",
        "row_id": subject,
        "text": f"{subject} was closed {len(episodes)} times, taken as separate occasions: {listed}{more}.",
        "advice": "Name them in occasions.csv and in occasion_id of the events; or correct the times.",
        "rows": [f"events:{name}" for one in episodes for name in sorted(one.names)],
    }


_STAMP = "%Y-%m-%d %H:%M"


def _span(one: Episode, zone: ZoneInfo) -> str:
    low, high = moment(one.low), moment(one.high)
    first = say_time_of_day(low, zone, form=_STAMP) if low and one.has_start else "beginning not told"
    last = say_time_of_day(high, zone, form=_STAMP) if high else "end not told"
    return f"{first} to {last}"


def _nearest(row: Row, episodes: Sequence[Episode], occasions: Iterable[Row]) -> str:
    """Return the occasion that an event falls into; "" where none does, or several do."""
    own = [one for one in episodes if one.subject == row["subject_id"]]
    when = beginning_of(row)
    if row["subject_id"] is None:
        return ""
    if not own:
        declared = [item for item in occasions if item.get("subject_id") == row["subject_id"]]
        inside = [item for item in declared if _covers(item, when.low, when.high)]
        chosen = inside if len(inside) == 1 else declared
        return str(chosen[0]["occasion_id"]) if len(chosen) == 1 else ""
    if len(own) == 1:
        return own[0].occasion
    if not when.is_bounded:
        return ""
    near = [one for one in own if one.low - NEAR_MIN <= when.high and when.low <= one.high + NEAR_MIN]
    over = [one for one in near if one.low <= when.high and when.low <= one.high]
    fits = over or near
    return fits[0].occasion if len(fits) == 1 else ""
