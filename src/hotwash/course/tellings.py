"""Tellings of one moment: their bounds, where they agree, and in which groups they do not.

Times are minutes since 1970 UTC, −∞ and ∞ where nothing bounds them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]

GRADES_THAT_DECIDE = ("A", "B")
REST_OF_A_MINUTE = 59.0 / 60.0


def is_at(row: Row, subject: str | None) -> bool:
    """Tell whether an event happened to a subject, or to a part of that name; to any where none is named."""
    return not subject or subject in (row["subject_id"], row["part"])


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling of one moment.

    name       the row that tells it
    low, high  what it leaves possible [min]
    at         the time that it states; None where it gives bounds only
    sayers     who tells it
    is_graded  whether a source of reliability A or B tells it
    is_clock   whether it is a time of day, not a length: told to the minute it holds for all of that minute
    """

    name: str
    low: float
    high: float
    at: float | None = None
    sayers: tuple[str, ...] = ()
    is_graded: bool = True
    is_clock: bool = False

    @property
    def last(self) -> float:
        """The last moment that it leaves possible."""
        return reach(self.high) if self.is_clock else self.high

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def is_bounded(self) -> bool:
        return math.isfinite(self.low) or math.isfinite(self.high)

    @property
    def nominal(self) -> float:
        """The time to sort it by: as stated, or in the middle of its bounds, or the bound that there is."""
        if self.at is not None:
            return self.at
        ends = [end for end in (self.low, self.high) if math.isfinite(end)]
        return sum(ends) / len(ends) if ends else math.inf


def reach(high: float) -> float:
    """Return the last moment that a time of day admits [min]: told to the minute, 02:15 is 02:15:00 to 02:15:59."""
    return high + REST_OF_A_MINUTE if high % 1.0 == 0.0 else high


def excludes(one: Telling, other: Telling) -> bool:
    """Tell whether two tellings of a moment leave no moment for both."""
    return one.last < other.low or other.last < one.low


@dataclass(frozen=True, slots=True)
class Group:
    """Tellings that agree: what all of them allow [min]."""

    low: float
    high: float
    members: tuple[Telling, ...]

    @property
    def last(self) -> float:
        """The last moment that all of them leave possible."""
        return max(self.high, min(one.last for one in self.members))

    @property
    def sayers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sayer for one in self.members for sayer in one.sayers))

    @property
    def tellers(self) -> tuple[Telling, ...]:
        """The tellings that tell it; a bound that only admits it tells another: "no later than 21:25" is not 21:24.

        Where every one is a bound, it is what they leave, and all of them tell it.
        """
        own = [one for one in self.members if one.at is not None or (one.low, one.high) == (self.low, self.high)]
        return tuple(own) or self.members

    @property
    def at(self) -> float | None:
        """The time that the tellings state, the most exact of them first, where it lies in what all allow."""
        ordered = sorted(self.members, key=lambda one: (one.high - one.low, one.name))
        stated = [one.at for one in ordered if one.at is not None and self.low <= one.at <= self.high]
        return stated[0] if stated else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What tellings of one moment say together: groups that exclude one another, in order of time.

    overruled   tellings with a tolerance, which an exact telling of the same grade excludes
    """

    groups: tuple[Group, ...]
    overruled: tuple[Telling, ...] = ()

    @property
    def low(self) -> float:
        return min((group.low for group in self.groups), default=-math.inf)

    @property
    def high(self) -> float:
        return max((group.high for group in self.groups), default=math.inf)

    @property
    def members(self) -> tuple[Telling, ...]:
        return tuple(one for group in self.groups for one in group.members)

    @property
    def tellers(self) -> tuple[Telling, ...]:
        return tuple(one for group in self.groups for one in group.tellers)

    @property
    def is_one(self) -> bool:
        """Whether all tellings agree."""
        return len(self.groups) == 1


def agree(tellings: Iterable[Telling]) -> Agreement:
    """Return where tellings of one moment agree.

    tellings   those that decide: standing, graded; such as bound nothing are left out

    All together where they have a common part. Otherwise tellings with a tolerance that an exact one excludes give way
    to it, and the rest fall into the fewest groups that agree within themselves (stabbing of intervals, by their ends).
    """
    some = sorted((one for one in tellings if one.is_bounded), key=lambda one: (one.last, one.low, one.name))
    if not some:
        return Agreement(())
    if max(one.low for one in some) <= some[0].last:
        return Agreement((_group(some),))
    exact = [one for one in some if one.is_exact]
    overruled = [one for one in some if not one.is_exact and exact and all(excludes(one, other) for other in exact)]
    rest = [one for one in some if one not in overruled]
    groups: list[Group] = []
    while rest:
        first = rest[0].last
        groups.append(_group([one for one in rest if one.low <= first]))
        rest = [one for one in rest if one.low > first]
    return Agreement(tuple(groups), tuple(overruled))


def _group(tellings: Sequence[Telling]) -> Group:
    """Return tellings with their common part; where it is a part of one minute, up to its end or the second told."""
    low, high = max(one.low for one in tellings), min(one.high for one in tellings)
    return Group(low, high if low <= high else min(one.last for one in tellings), tuple(tellings))


def beginning_of(row: Row, *, is_graded: bool = True) -> Telling:
    """Return when an event began: its bounds, or the stated time where it has none."""
    at, low, high = (minutes(row[name]) for name in ("start_utc", "utc_low", "utc_high"))
    if low is None and high is None:
        low = high = at
    return _telling(row, low, high, at, is_graded=is_graded)


def end_of(row: Row, *, is_graded: bool = True) -> Telling:
    """Return when an event ended, as stated; the bounds of a row belong to its beginning."""
    at = minutes(row["end_utc"])
    return _telling(row, at, at, at, is_graded=is_graded)


def _telling(row: Row, low: float | None, high: float | None, at: float | None, *, is_graded: bool) -> Telling:
    return Telling(
        name=row["event_id"],
        low=-math.inf if low is None else low,
        high=math.inf if high is None else high,
        at=at,
        sayers=tuple(row["said_by"] or row["source_id"] or ()),
        is_graded=is_graded,
        is_clock=True,
    )


def minutes(when: datetime | None) -> float | None:
    """Return a time as minutes since 1970 UTC."""
    return None if when is None else when.timestamp() / 60.0


def graded_sources(sources: Iterable[Row]) -> frozenset[str]:
    """Return the sources whose tellings decide: those of reliability A or B."""
    return frozenset(row["source_id"] for row in sources if row["reliability"] in GRADES_THAT_DECIDE)


def is_graded(row: Row, graded: frozenset[str]) -> bool:
    """Tell whether a row is told by a source that decides."""
    return any(name in graded for name in row["source_id"] or ())
