"""The ends of an interval that names no occasion, where there are several: which events belong to which.

        LPPR-1                     LPPR-2
──N1──[ closed ]──────N2──N3──[ closed ]──N4──▶     notices N1 to N4 name no occasion
   └── to its reopening      └── to its reopening   a start lies after the occasion before, and before this one's end
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hotwash.claims.words import join_names, quantity
from hotwash.course.changes import CHANGES, CLOSINGS, REOPENINGS, happens_once, plain_kind
from hotwash.course.clusters import nominal
from hotwash.course.resolve import closures_beside, interval_occasions
from hotwash.course.tellings import Row, is_at
from hotwash.model.incident import Interval

_A_MINUTE = 1.0  # times are told to the minute


@dataclass(frozen=True, slots=True)
class Side:
    """One end of an interval on one occasion: the events that may be meant, and what was chosen, in words."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def ask_from_one_to_the_next(
    interval: Interval, starts: Sequence[Row], ends: Sequence[Row], occasions: Sequence[str]
) -> list[Interval]:
    """Return an interval from a reopening to a closing as one from each occasion to the next; else nothing.

    starts, ends   events of its two kinds
    occasions      those that it is stated for

    How long it was open between two closures has its start in the first and its end in the second. Where it was closed
    again within one occasion, that is meant.
    """
    first, last = CHANGES.get(interval.from_kind), CHANGES.get(interval.to_kind)
    is_open_time = interval.from_kind in REOPENINGS and interval.to_kind in CLOSINGS and first and last
    if not is_open_time or first.layer != last.layer or len(occasions) < 2:  # type: ignore[union-attr]
        return []
    begins, stops = ({name: _of(rows, name) for name in occasions} for rows in (starts, ends))
    if any(not begins[name] or not stops[name] for name in occasions):
        return []
    if any(nominal([row]) >= nominal(begins[name]) for name in occasions for row in stops[name]):
        return []
    order = sorted(occasions, key=lambda name: nominal(begins[name]))
    return [replace(interval, from_occasion_id=one, to_occasion_id=other) for one, other in pairwise(order)]


def of_its_time(
    side: Sequence[Row], others: Sequence[Row], occasion: str, every: Sequence[Row], *, is_start: bool, kind: str
) -> Side:
    """Return the events of one end that belong to an occasion: those that name it, else those of its time.

    side       events of the kind of this end
    others     events of the kind of the other end
    every      events of both kinds: those of other occasions bound the time of this one

    An event that names no occasion starts an interval where it lies after the occasion before and not after this one's
    end, and ends one where it lies after this one's start and before the next occasion.
    """
    own = _of(side, occasion)
    loose = [row for row in side if not row["occasion_id"]]
    marks = _of(others, occasion)
    if own or not loose or not marks:
        return Side(tuple(own or loose))
    here = nominal(marks), max(nominal([row]) for row in marks)
    apart = [nominal([row]) for row in every if row["occasion_id"] not in (None, "", occasion)]
    if not apart:
        return Side(tuple(loose))
    before = max((when for when in apart if when < here[0]), default=None)
    after = min((when for when in apart if when > here[1]), default=None)
    low, high = (before, here[1]) if is_start else (here[0], after)
    fit = [
        row
        for row in loose
        if (low is None or nominal([row]) > low or (not is_start and nominal([row]) >= low))
        and (high is None or nominal([row]) < high or (is_start and nominal([row]) <= high))
    ]
    what = kind.replace("_", " ")
    if not fit:
        lies = "before its end and after the occasion before" if is_start else "after its start and before the next one"
        return Side((), (f"no event of the kind {what} names the occasion, and none lies {lies}",))
    names = join_names([row["event_id"] for row in fit], most=3)
    verb = "names no occasion and is" if len(fit) == 1 else "name no occasion and are"
    return Side(tuple(fit), (f"{names} ({what}) {verb} taken by the time",))


def say_mixture(start: Sequence[Row], stop: Sequence[Row], events: Sequence[Row]) -> list[str]:
    """Return what a length mixes that is stated for no occasion, where there are several of it, in words.

    start, stop   the events taken
    events        all events, with their occasions
    """
    first, last = ({row["occasion_id"] for row in side if row["occasion_id"]} for side in (start, stop))
    if first and last and not first & last:
        return [f"it runs from occasion {join_names(sorted(first))} to {join_names(sorted(last))}"]
    is_first = not start or happens_once(start[0]["kind"])
    occasions = [] if first or last or is_first or not stop else closures_beside([*start, *stop], events)
    if len(occasions) > 1:
        named = join_names([*occasions], most=3)
        are = f"there are {len(occasions)} ({named})"
        return [f"the events name no occasion, and {are}: the first start and the end that fits it are taken"]
    return []


def stated_for(interval: Interval, events: Sequence[Row]) -> list[str]:
    """Return the occasions for which an interval that names none is stated; [""] where there is none."""
    return interval_occasions(interval, events) or [""]


def say_untold_occasion(interval: Interval, occasion: str, events: Sequence[Row], *, name: str) -> str:
    """Return which end of an interval is not told of an occasion, as a clause.

    events   all events, with their occasions
    name     how the occasion is called, in quotation marks

    The length on another occasion, or on none, is not that of this one.
    """
    ends = {interval.from_kind: interval.from_subject, interval.to_kind: interval.to_subject}
    own = _of(events, occasion)
    lacking = [
        kind
        for kind, subject in ends.items()
        if not any(kind in (row["kind"], plain_kind(row["kind"])) and is_at(row, subject) for row in own)
    ]
    words = [kind.replace("_", " ") for kind in lacking]
    if len(words) == 2:
        return f"nothing of {name} is told, neither {words[0]} nor {words[1]}"
    if words:
        nothing = "nothing" if len(ends) == 1 else f"no event of the kind {words[0]}"
        return f"{nothing} of {name} is told{f', no {words[0]}' if len(ends) == 1 else ''}"
    return f"the interval does not ask about {name}"


def _of(rows: Sequence[Row], occasion: str) -> list[Row]:
    return [row for row in rows if row["occasion_id"] == occasion]


def say_traffic(
    taken: Sequence[Row], kind: str, events: Sequence[Row], turns: Mapping[str, int], *, subject: str
) -> list[str]:
    """Return that traffic stopped or went on at another time than was told of the aerodrome, or stands for it.

    taken   the tellings of one end, of a kind or of the kind that tells the same
    """
    what = kind.replace("_", " ")
    stand_ins = [row for row in taken if row["kind"] != kind]
    if stand_ins:
        names = join_names([row["event_id"] for row in stand_ins], most=3)
        return [f"{stand_ins[0]['kind'].replace('_', ' ')} ({names}) is taken for {what}, which nobody tells"]
    own = {turns[row["event_id"]] for row in taken if row["event_id"] in turns}
    said = []
    for row in events:
        is_other = row["kind"] != kind and plain_kind(row["kind"]) == kind and is_at(row, subject)
        if not is_other or turns.get(row["event_id"]) not in own or row["start_utc"] is None:
            continue
        gap = nominal(taken) - nominal([row])
        if abs(gap) >= _A_MINUTE:
            side = "earlier" if gap > 0 else "later"
            when = f"{quantity(abs(round(gap)), 'min')} {side}"
            said.append(f"{row['kind'].replace('_', ' ')} ({row['event_id']}) is told {when} and is not counted")
    return said
