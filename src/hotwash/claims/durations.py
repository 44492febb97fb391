"""Intervals between events: what the tellings that stand allow, and where they disagree.

A telling is a row of EVENTS; those of sources of reliability A or B decide, and where there is none the others are
shown. Where tellings agree, their common part holds; where not, each group is stated with who tells it, and the
bounds are those of all groups. Where no fact tells an end, a plan does: a delay is measured from the timetable.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.claims.occasion_ends import ask_from_one_to_the_next, of_its_time, say_mixture, say_traffic, stated_for
from hotwash.claims.planned_ends import is_of_kind, of_occasion, say_plans, without_needless_plans
from hotwash.claims.words import join_names, quantity, round_down, round_up
from hotwash.course.changes import CHANGES, REOPENINGS
from hotwash.course.clusters import nominal, split_events, take_kind
from hotwash.course.local_times import say_time_of_day
from hotwash.course.tellings import (
    Agreement,
    Group,
    Row,
    Telling,
    agree,
    beginning_of,
    end_of,
    graded_sources,
    is_at,
    is_graded,
)
from hotwash.model import schema, tables
from hotwash.model.incident import Interval

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SAME_MIN = 1e-6  # lengths that differ by rounding only


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of an interval on one occasion or two: all tellings of each, best graded only where any is.

    occasion                   of both ends; "" where they are of two, or no occasion is told
    other_starts, other_ends   tellings that do not decide
    notes                      what was chosen among several events, in words
    rivals                     the tellings that decide of each other event that might be meant as the end
    plans                      which kinds no fact tells, and how they are told instead, in words
    elsewhere                  the other occasions on which a start and an end are told, where this one has none
    between                    the occasions of its start and of its end, where they are two
    taken                      what was taken of which occasion where the events name none, in words
    """

    occasion: str
    starts: tuple[Telling, ...]
    ends: tuple[Telling, ...]
    other_starts: tuple[Telling, ...]
    other_ends: tuple[Telling, ...]
    start_rows: tuple[str, ...]
    end_rows: tuple[str, ...]
    notes: tuple[str, ...] = ()
    rivals: tuple[tuple[Telling, ...], ...] = ()
    plans: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    between: tuple[str, str] = ("", "")
    taken: tuple[str, ...] = ()


def is_one_event(interval: Interval) -> bool:
    """Tell whether an interval is how long one event lasted, from its beginning to its own end."""
    is_same = (interval.from_kind, interval.from_subject) == (interval.to_kind, interval.to_subject)
    return is_same and not interval.is_across_occasions


def durations(
    intervals: Sequence[Interval],
    events: Sequence[Row],
    sources: pl.DataFrame,
    *,
    turns: Mapping[str, int],
    zone: ZoneInfo,
) -> pl.DataFrame:
    """Return DURATIONS: one row for each interval asked for, and for each of its occasions where it names none.

    intervals   what the brief asks for
    events      rows of EVENTS that stand as facts, with their occasion; and plans, as `plans_for` gives them
    sources     SOURCES
    turns       the change of state that each event tells
    zone        the zone in which times are given
    """
    graded = graded_sources(sources.iter_rows(named=True))
    rows = [
        _duration(interval, ends, zone)
        for interval in intervals
        for ends in interval_ends(interval, events, graded, turns=turns)
    ]
    return schema.frame(tables.DURATIONS, rows)


def interval_ends(
    interval: Interval, events: Sequence[Row], graded: frozenset[str], *, turns: Mapping[str, int]
) -> list[Ends]:
    """Return the tellings of both ends of an interval, for each occasion that it asks about."""
    events = without_needless_plans(interval, events)
    if interval.is_across_occasions:
        return [_ends(interval, "", events, graded, turns)]
    if any(interval.end_occasions):
        return [_ends(interval, interval.end_occasions[0], events, graded, turns)]
    occasions = stated_for(interval, events)
    sides = [
        [row for row in events if is_of_kind(row, kind, subject)]
        for kind, subject in ((interval.from_kind, interval.from_subject), (interval.to_kind, interval.to_subject))
    ]
    following = ask_from_one_to_the_next(interval, sides[0], sides[1], occasions)
    if following:
        return [_ends(one, "", events, graded, turns) for one in following]
    return [_ends(interval, name, events, graded, turns) for name in occasions]


def _ends(
    interval: Interval, occasion: str, events: Sequence[Row], graded: frozenset[str], turns: Mapping[str, int]
) -> Ends:
    notes: list[str] = []
    taken: list[str] = []
    rivals: list[list[Row]] = []
    if interval.is_across_occasions:
        start, stop, notes = _events_across(interval, events, graded, turns)
        last = [beginning_of(row, is_graded=is_graded(row, graded)) for row in stop]
    else:
        starts, ends, taken = _sides(interval, occasion, events, turns)
        begun = split_events(starts, turns)
        start = _first_event(begun, graded)
        if not is_one_event(interval):
            stop, notes, rivals = _end_event(interval, split_events(ends, turns), start)
            last = [beginning_of(row, is_graded=is_graded(row, graded)) for row in stop]
        elif _lasts_to_the_next(start, begun):
            stop, notes = _next_event(start, begun, interval.from_kind)
            last = [beginning_of(row, is_graded=is_graded(row, graded)) for row in stop]
        else:
            stop = start
            last = [end_of(row, is_graded=is_graded(row, graded)) for row in stop]
        taken += [
            *say_traffic(start, interval.from_kind, events, turns, subject=interval.from_subject),
            *(
                say_traffic(stop, interval.to_kind, events, turns, subject=interval.to_subject)
                if stop is not start
                else ()
            ),
        ]
        if not occasion:
            taken += say_mixture(start, stop, events)
    begin = [beginning_of(row, is_graded=is_graded(row, graded)) for row in start]
    (first_tellings, other_starts), (last_tellings, other_ends) = _decide(begin), _decide(last)
    names = [tuple(row["event_id"] for row in side) for side in (start, stop)]
    plans = tuple(dict.fromkeys(note for side in (start, stop) for note in say_plans(side)))
    others = [_decide([beginning_of(row, is_graded=is_graded(row, graded)) for row in rows])[0] for rows in rivals]
    return Ends(
        occasion=occasion,
        starts=first_tellings,
        ends=last_tellings,
        other_starts=other_starts,
        other_ends=other_ends,
        start_rows=names[0],
        end_rows=names[1],
        notes=tuple(notes),
        rivals=tuple(filter(None, others)),
        plans=plans,
        elsewhere=(
            () if start else _other_occasions(events, interval.from_kind, interval.from_subject),
            () if stop else _other_occasions(events, interval.to_kind, interval.to_subject),
        ),
        between=interval.end_occasions if interval.is_across_occasions else ("", ""),
        taken=tuple(taken),
    )


def _sides(
    interval: Interval, occasion: str, events: Sequence[Row], turns: Mapping[str, int]
) -> tuple[list[Row], list[Row], list[str]]:
    """Return the events that may start and end an interval on an occasion, and what was taken so, in words."""
    starts = _rows_of(events, interval.from_kind, interval.from_subject, turns)
    ends = _rows_of(events, interval.to_kind, interval.to_subject, turns)
    if not occasion:
        return starts, ends, []
    every = [*starts, *ends]
    first = of_its_time(starts, ends, occasion, every, is_start=True, kind=interval.from_kind)
    last = of_its_time(ends, starts, occasion, every, is_start=False, kind=interval.to_kind)
    return [*first.rows], [*last.rows], [*first.notes, *last.notes]


def _lasts_to_the_next(start: Sequence[Row], begun: Sequence[list[Row]]) -> bool:
    """Tell whether an interval from a kind to the same kind means two events: nobody tells the end of the first.

    Of what changes a state the end is missing then: from one closing to the next is no length of a closure.
    """
    is_ended = any(row["end_utc"] is not None for row in start)
    return len(begun) > 1 and not is_ended and not any(row["kind"] in CHANGES for row in start)


def _next_event(start: list[Row], begun: Sequence[list[Row]], kind: str) -> tuple[list[Row], list[str]]:
    """Return the event of the same kind that follows the first, and that it is taken."""
    following = [group for group in begun if group is not start and nominal(group) >= nominal(start)]
    if not following:
        return [], []
    return following[0], [f"from the first to the next of {len(begun)} events {kind.replace('_', ' ')}"]


def _events_across(
    interval: Interval, events: Sequence[Row], graded: frozenset[str], turns: Mapping[str, int]
) -> tuple[list[Row], list[Row], list[str]]:
    """Return the event that begins an interval over two occasions, the one that ends it, and what was chosen, in words.

    An occasion is left by its last reopening and reached by its first closing. An end whose occasion is not named is
    the event nearest to the other end: the last before it, or the first after it.
    """
    first, last = interval.end_occasions
    sides = (interval.from_kind, interval.from_subject, first), (interval.to_kind, interval.to_subject, last)
    begins, ends = (_deciding(split_events(of_occasion(events, *side), turns), graded) for side in sides)
    start, stop = list[Row](), list[Row]()
    if first:
        start = _outermost(begins, is_last=interval.from_kind in REOPENINGS)
    if last:
        stop = _outermost(ends, is_last=interval.to_kind in REOPENINGS)
    if not first and stop:
        start = _outermost([one for one in begins if nominal(one) <= nominal(stop) and one != stop], is_last=True)
    if not last and start:
        stop = _outermost([one for one in ends if nominal(one) >= nominal(start) and one != start], is_last=False)
    notes = _say_choice(begins, start, interval.from_kind) + _say_choice(ends, stop, interval.to_kind)
    return start, stop, notes


def _outermost(found: Sequence[list[Row]], *, is_last: bool) -> list[Row]:
    """Return the first or the last of several events; none where there is none."""
    return (found[-1] if is_last else found[0]) if found else []


def _say_choice(found: Sequence[list[Row]], taken: list[Row], kind: str) -> list[str]:
    if len(found) < 2 or not taken:
        return []
    place = found.index(taken)
    which = "first" if place == 0 else "last" if place == len(found) - 1 else f"number {place + 1}"
    return [f"the {which} of {len(found)} events {kind.replace('_', ' ')} is taken"]


def _other_occasions(events: Sequence[Row], kind: str, subject: str) -> tuple[str, ...]:
    named = [row["occasion_id"] for row in events if is_of_kind(row, kind, subject)]
    return tuple(dict.fromkeys(name for name in named if name))


# ---------------------------------------------------------------- ends


def _rows_of(events: Sequence[Row], kind: str, subject: str, turns: Mapping[str, int]) -> list[Row]:
    """Return the events of a kind at a subject, and those that tell the same change where none of the kind does."""
    return take_kind([row for row in events if is_at(row, subject)], kind, turns)


def _first_event(found: Sequence[list[Row]], graded: frozenset[str]) -> list[Row]:
    """Return the first event that a source of reliability A or B tells; where none is told so, the first of all."""
    return next(iter(_deciding(found, graded)), [])


def _deciding(found: Sequence[list[Row]], graded: frozenset[str]) -> Sequence[list[Row]]:
    """Return the events that a source of reliability A or B tells; all where none is told so."""
    return [group for group in found if any(is_graded(row, graded) for row in group)] or found


def _end_event(
    interval: Interval, found: Sequence[list[Row]], start: Sequence[Row]
) -> tuple[list[Row], list[str], list[list[Row]]]:
    """Return the event that ends an interval, of several the last change back or the first that follows the start.

    found   the events of its kind

    The others are returned with it: nothing says that they are not meant.
    """
    if len(found) < 2:
        return (found[0] if found else []), [], []
    change, before = CHANGES.get(interval.to_kind), CHANGES.get(interval.from_kind)
    what = interval.to_kind.replace("_", " ")
    if change is not None and before is not None and change.layer == before.layer:
        return found[-1], [f"the last of {len(found)} events of the kind {what} is taken"], list(found[:-1])
    since = nominal(start) if start else -math.inf
    following = [group for group in found if nominal(group) >= since]
    taken = (following or found)[0]
    notes = [f"the first of {len(found)} events of the kind {what} after the start is taken"]
    return taken, notes, [group for group in found if group is not taken]


def _decide(tellings: Sequence[Telling]) -> tuple[tuple[Telling, ...], tuple[Telling, ...]]:
    """Return the tellings that decide and the others; where no source of reliability A or B tells it, all are shown."""
    bounded = [one for one in tellings if one.is_bounded]
    graded = tuple(one for one in bounded if one.is_graded)
    return (graded, tuple(one for one in bounded if not one.is_graded)) if graded else (tuple(bounded), ())


def _duration(interval: Interval, ends: Ends, zone: ZoneInfo) -> dict[str, object]:
    first, last = ends.between
    named = {
        "name": interval.name,
        "occasion_id": ends.occasion or None,
        "from_occasion_id": first or None,
        "to_occasion_id": last or None,
        "taken": list(ends.taken),
    }
    missing = [
        _missing(kind, subject, occasion, is_reported=bool(rows), elsewhere=elsewhere)
        for found, rows, kind, subject, occasion, elsewhere in (
            (ends.starts, ends.start_rows, interval.from_kind, interval.from_subject, first, ends.elsewhere[0]),
            (ends.ends, ends.end_rows, interval.to_kind, interval.to_subject, last, ends.elsewhere[1]),
        )
        if not found
    ]
    if missing:
        lacking = [note for note in ends.taken if note.startswith("no event")]
        rows = [f"events:{name}" for name in dict.fromkeys((*ends.start_rows, *ends.end_rows))]
        return {
            **named,
            "why": f"Not testable: {'; '.join(lacking or [' and '.join(missing)])}.",
            "groups": [],
            "rows": rows,
        }
    start, stop = agree(ends.starts), agree(ends.ends)
    low, high = _finite(stop.low - start.high), _finite(stop.high - start.low)
    is_reversed = high is not None and high < 0
    return {
        **named,
        "minutes": _stated(start, stop),
        # That it took no less than nothing is no bound; but an end before its start is shown as it is told.
        "low": low if low is not None and (low > 0 or is_reversed) else None,
        "high": high,
        "groups": _groups(start, stop, zone),
        "why": _why(ends, start, stop),
        "rows": [f"events:{name}" for name in _used(start, stop)],
    }


def _used(start: Agreement, stop: Agreement) -> list[str]:
    return list(dict.fromkeys(one.name for side in (start, stop) for one in (*side.members, *side.overruled)))


def _missing(kind: str, subject: str, occasion: str, *, is_reported: bool, elsewhere: Sequence[str]) -> str:
    of_kind = f"event of the kind {kind.replace('_', ' ')}{f' at {subject}' if subject else ''}"
    of_kind += f' of occasion "{occasion}"' if occasion else ""
    if is_reported:
        return f"no time is given for the {of_kind}"
    if elsewhere and not occasion:
        named = join_names([f'"{name}"' for name in elsewhere], most=3)
        which = "and the interval asks for one occasion at both ends"
        return f"an {of_kind} is reported on another occasion, {named}, {which}"
    return f"no {of_kind} is reported"


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def _stated(start: Agreement, stop: Agreement) -> float | None:
    """Return the length from the stated start to the stated end; None where tellings disagree or state none."""
    if not (start.is_one and stop.is_one):
        return None
    first, last = start.groups[0].at, stop.groups[0].at
    return None if first is None or last is None else round(last - first, 6)


def _groups(start: Agreement, stop: Agreement, zone: ZoneInfo) -> list[str]:
    """Return what each pair of groups gives, with who tells it; nothing where all agree."""
    if start.is_one and stop.is_one:
        return []
    said = []
    for first in start.groups:
        for last in stop.groups:
            low, high = max(last.low - first.high, 0.0), last.high - first.low
            length = _length(low, high)
            said.append(f"{length}: from {_when(first, zone)} to {_when(last, zone)}")
    return said


def _length(low: float, high: float) -> str:
    """Return a length in whole minutes: "234 min", "50 to 61 min", its bounds rounded outward."""
    is_one = math.isfinite(high) and round(low) == round(high)
    return quantity(high, "min") if is_one else f"{round_down(low):.0f} to {round_up(high):.0f} min"


def _when(group: Group, zone: ZoneInfo) -> str:
    ends = [clock_time(end, zone) for end in (group.low, group.high) if math.isfinite(end)]
    when = "–".join(dict.fromkeys(ends))
    return f"{when} ({join_names(group.sayers)})" if group.sayers else when


def clock_time(minutes: float, zone: ZoneInfo) -> str:
    """Return minutes since 1970 as a local time of day."""
    return say_time_of_day(_EPOCH + timedelta(minutes=minutes), zone)


def _why(ends: Ends, start: Agreement, stop: Agreement) -> str | None:
    said: list[str] = []
    if not any(one.is_graded for one in (*ends.starts, *ends.ends)):
        said.append("no source of reliability A or B tells it")
    if stop.high < start.low:
        ids = [", ".join(one.name for one in side.members) for side in (stop, start)]
        said.append(f"the end ({ids[0]}) is reported as before the start ({ids[1]})")
    for which, side in (("start", start), ("end", stop)):
        names = ", ".join(one.name for one in side.members)
        if not side.is_one:
            said.append(f"reports of the {which} disagree ({names})")
        elif not math.isfinite(side.low) or not math.isfinite(side.high):
            bound = "latest" if not math.isfinite(side.low) else "earliest"
            said.append(f"only the {bound} time of the {which} ({names}) is known")
    said += (*ends.notes, *ends.taken, *ends.plans)
    first, last = (side.groups[0].at if side.is_one else None for side in (start, stop))
    stated = math.inf if first is None or last is None else last - first
    for one in (*start.overruled, *ends.other_starts):
        said += _otherwise(one, one.at, last, stated)
    for one in (*stop.overruled, *ends.other_ends):
        said += _otherwise(one, first, one.at, stated)
    if not said:
        return None
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _otherwise(one: Telling, first: float | None, last: float | None, stated: float) -> list[str]:
    """Return what a telling that does not decide would give, where that is another length than is stated."""
    if first is None or last is None or abs(last - first - stated) < _SAME_MIN:
        return []
    return [f"another report ({one.name}) would give {quantity(last - first, 'min')}"]
