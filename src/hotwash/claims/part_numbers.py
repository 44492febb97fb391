"""Numbers of a whole and of its parts: what each leaves of the other, which are rivals, and what parts bound together.

north  5 ┐ of one sayer: different things
         ├─▶ whole: no fewer than 7; a total of 6 is excluded, one of 9 is not
south  2 ┘
north  8   another sayer's: a rival of the 5, and of nothing else
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hotwash.claims.lists import Lists, Own
from hotwash.course.changes import is_same_part
from hotwash.course.single_things import names_in
from hotwash.geo.frames import FloatArray

Row = Mapping[str, Any]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


def is_of_same(one: str | None, other: str | None) -> bool:
    """Tell whether two numbers count the same: one part, or both the whole. Only such numbers are rivals."""
    return is_same_part(one, other) if one and other else not one and not other


@dataclass(frozen=True, slots=True)
class PartNames:
    """What each of some numbers counts: the whole, None, or a part, by name.

    names    each different name once
    places   (n,) int64: which of them each number has
    """

    names: tuple[str | None, ...]
    places: IntArray

    @classmethod
    def of(cls, parts: Sequence[str | None]) -> PartNames:
        known = {name: place for place, name in enumerate(dict.fromkeys(part or None for part in parts))}
        return cls(tuple(known), np.array([known[part or None] for part in parts], dtype=np.int64))

    def are(self, part: str | None) -> BoolArray:
        """Return which numbers count a part, (n,) bool; None asks for the whole."""
        return np.array([is_of_same(name, part) for name in self.names], dtype=np.bool_)[self.places]

    def pairs(self, chosen: slice) -> BoolArray:
        """Return which numbers among those chosen, (k, n) bool, count the same as which of all."""
        same = [[is_of_same(one, other) for other in self.names] for one in self.names]
        both: BoolArray = np.array(same, dtype=np.bool_)[self.places[chosen, None], self.places[None, :]]
        return both


def bounds_for(low: FloatArray, high: FloatArray, parts: PartNames, part: str | None) -> tuple[FloatArray, FloatArray]:
    """Return what numbers of a whole and of its parts each leave of one of them, (n,) each.

    low, high   (n,) float64, as told
    parts       what each counts
    part        what is asked about; None for the whole

    A part bounds the whole from below, the whole a part from above, and one part leaves another open.
    """
    if not low.size:
        return low, high
    is_same = parts.are(part)
    if part is None:
        return low, np.where(is_same, high, math.inf)
    return np.where(is_same, low, 0.0), np.where(is_same | parts.are(None), high, math.inf)


def statement_numbers(
    rows: Sequence[Row], low: FloatArray, high: FloatArray, stands: FloatArray, *, part: str | None = None
) -> PartNumbers:
    """Return the numbers of statements, of which none is an entry of one thing.

    rows        (n,) claims of one unit
    low, high   (n,) float64: what each tells of what it counts
    stands      (n,) the time for which it stands, minutes since 1970
    part        what is asked about; None for the whole
    """
    many = len(rows)
    none = Lists(tuple(rows), ((),) * many, np.zeros(many, dtype=np.int64), ((),) * many)
    return PartNumbers(tuple(rows), low, high, stands, np.ones(many, dtype=np.bool_), none, part=part)


def sum_by_sayer(rows: Sequence[Row], low: FloatArray, high: FloatArray, stands: FloatArray) -> FloatArray:
    """Return the least that the sayer of each statement leaves of the whole, with the other parts that they tell.

    Rows and columns are those of `statement_numbers`, but of any units.
    """
    least = low.copy()
    by_unit: dict[object, list[int]] = {}
    for place, row in enumerate(rows):
        if row["part"] and math.isfinite(low[place]):
            by_unit.setdefault(row["unit"], []).append(place)
    for places in by_unit.values():
        own = [rows[place] for place in places]
        sums = statement_numbers(own, low[places], high[places], stands[places]).leave()[2].own
        for place, row, told in zip(places, own, sums, strict=True):
            least[place] = max([float(low[place]), *(float(many) for name, many in told if name == row["said_by"])])
    return least


def exceeds(low: float, at: float, totals: Iterable[tuple[float, float]]) -> bool:
    """Tell whether a number of a part is more than each total has, told for a time no earlier.

    totals   of each: the most that it tells, and the time for which it stands, minutes since 1970
    """
    most = [high for high, stands in totals if stands >= at]
    return bool(most) and low > max(most)


@dataclass(frozen=True, slots=True)
class PartNumbers:
    """Numbers of one unit as they are told, of a whole and of its parts, and which of these is asked about.

    rows       (n,) events or claims
    low, high  (n,) float64: the number as told
    stands     (n,) float64: the time for which it stands, minutes since 1970
    decides    (n,) bool: which a source of a deciding grade tells
    lists      which of them are entries of one thing each
    is_seen    whether they are objects in the sky, of which one may be in two parts
    part       what is asked about; None for the whole
    """

    rows: tuple[Row, ...]
    low: FloatArray
    high: FloatArray
    stands: FloatArray
    decides: BoolArray
    lists: Lists
    is_seen: bool = False
    part: str | None = None

    @property
    def is_share(self) -> BoolArray:
        """Which count a part of what is asked about, (n,) bool."""
        return np.array([self.part is None and bool(row["part"]) for row in self.rows], dtype=np.bool_)

    def only(self, chosen: BoolArray) -> PartNumbers:
        """Return those chosen, (n,) bool."""
        rows = tuple(self.rows[place] for place in np.flatnonzero(chosen).tolist())
        columns = {name: getattr(self, name)[chosen] for name in ("low", "high", "stands", "decides")}
        return replace(self, rows=rows, lists=self.lists.only(chosen), **columns)

    def leave(self) -> tuple[FloatArray, FloatArray, Lists]:
        """Return what each number leaves of the one asked about, and lists that hold the sums of parts too."""
        lists = self.lists
        names = PartNames.of([row["part"] for row in self.rows])
        low, high = bounds_for(self.low, self.high, names, self.part)
        low, high = np.where(lists.listed > 0, lists.listed, low), np.where(lists.listed > 0, math.inf, high)
        if not self.is_share.any():
            return low, high, lists
        places: dict[tuple[object, object], list[int]] = {}
        for place in np.flatnonzero(self.is_share).tolist():
            row = self.rows[place]
            places.setdefault((row["occasion_id"], row["subject_id"]), []).append(place)
        many, own = lists.listed.copy(), list(lists.own)
        for every in places.values():
            known: dict[tuple[float, bool], _Added] = {}
            for place in every:
                key = (float(self.stands[place]), bool(self.decides[place]))
                if key not in known:
                    known[key] = self._add(every, key)
                added, count = known[key].beside(self.rows[place]["part"]), int(lists.listed[place])
                low[place] = max(added.low, float(count))
                if added.is_sum and added.low > count:
                    many[place], own[place] = math.floor(added.low), added.own
        return low, high, lists.with_parts(many, tuple(own))

    def _add(self, places: Sequence[int], key: tuple[float, bool]) -> _Added:
        """Return the parts told for a time, no later than it, as one who decides, or anybody, tells them."""
        stands, decides = key
        beside = [place for place in places if self.stands[place] <= stands and (self.decides[place] or not decides)]
        groups: list[list[int]] = []
        for place in beside:
            part = self.rows[place]["part"]
            group = next((own for own in groups if is_same_part(self.rows[own[0]]["part"], part)), None)
            if group is None:
                groups.append([place])
            else:
                group.append(place)

        def low_of(place: int) -> float:  # an entry of a list is of one thing itself, however many are beside it
            return 1.0 if self.lists.listed[place] else max(float(self.low[place]), 0.0)

        return _Added([self._part_of(group, low_of) for group in groups], is_seen=self.is_seen)

    def _part_of(self, places: Sequence[int], low_of: Callable[[int], float]) -> _Part:
        """Return one part, as all who tell it have it: of rivals the least, since one of them is wrong."""
        is_rival = {one: any(self._excludes(one, other) for other in places) for one in places}
        least = [low_of(one) for one in places if is_rival[one]]
        low = max([low_of(one) for one in places if not is_rival[one]] + ([min(least)] if least else []))
        by_sayer: dict[str, float] = {}
        for place in places:
            for name in _sayers_of(self.rows[place]):
                by_sayer[name] = max(low_of(place), by_sayer.get(name, 0.0))
        names = [self.rows[place]["part"] for place in places]
        is_own = any(is_same_part(name, sayer) for name in names for sayer in by_sayer)
        overlaps = any(self.rows[place]["parts_disjoint"] is False for place in places)
        return _Part(names[0], low, by_sayer, is_own=is_own, overlaps=overlaps)

    def _excludes(self, one: int, other: int) -> bool:
        """Tell whether two numbers of one part exclude each other; a number for a later time may be greater."""
        return bool(
            (self.low[one] > self.high[other] and self.stands[one] <= self.stands[other])
            or (self.low[other] > self.high[one] and self.stands[other] <= self.stands[one])
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """One part, no fewer than how many it has, and what each of its sayers tells of it."""

    name: str
    low: float
    by_sayer: Mapping[str, float]
    is_own: bool  # one of its sayers bears its name: an airline that tells its own number
    overlaps: bool  # somebody says that it is within another


@dataclass(frozen=True, slots=True)
class _Sum:
    low: float
    own: Own
    is_sum: bool


class _Added:
    """Parts of one whole, and which of them are surely of different things.

    One sayer who tells two parts keeps them apart, and so do two who each tell what bears their own name. Otherwise two
    sayers may name one part in two ways.
    """

    def __init__(self, parts: Sequence[_Part], *, is_seen: bool) -> None:
        self._parts = sorted(parts, key=lambda part: -part.low)
        self._is_seen = is_seen
        self._known: dict[str, _Sum] = {}

    def beside(self, name: str) -> _Sum:
        """Return what a part and those that are apart from it add up to, with what each sayer tells of it."""
        own = next(part for part in self._parts if is_same_part(part.name, name))
        if own.name not in self._known:
            chosen = [own]
            for part in self._parts:
                if part is not own and all(_are_apart(part, other) for other in chosen):
                    chosen.append(part)
            add = max if self._is_seen else math.fsum
            by_sayer: dict[str, list[float]] = {}
            for part in chosen:
                for sayer, low in part.by_sayer.items():
                    by_sayer.setdefault(sayer, []).append(min(low, part.low))
            told = tuple((sayer, math.floor(add(lows))) for sayer, lows in by_sayer.items())
            self._known[own.name] = _Sum(add([part.low for part in chosen]), told, len(chosen) > 1)
        return self._known[own.name]


def _are_apart(one: _Part, other: _Part) -> bool:
    if one.overlaps or other.overlaps:
        return False
    told_together = {name.casefold() for name in one.by_sayer} & {name.casefold() for name in other.by_sayer}
    return bool(told_together) or (one.is_own and other.is_own)


def _sayers_of(row: Row) -> Sequence[str]:
    """Return who tells a number, in whatever source; of one that nobody is named for, its sources."""
    return names_in(row["said_by"]) or names_in(row["source_id"]) or ["nobody named"]
