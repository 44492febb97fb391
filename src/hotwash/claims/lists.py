"""Things entered one by one: the list of each sayer, and what all lists together bound.

A: flight 1, flight 2 ┐ A lists 2, B lists 2
B: flight 2, flight 3 ┘ together they tell of no fewer than 3: nobody's own number
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hotwash.claims.words import join_words
from hotwash.course.single_things import count_apart, has_moment, is_of_one, share_teller
from hotwash.course.tellings import GRADES_THAT_DECIDE, beginning_of
from hotwash.geo.frames import FloatArray

UNGRADED = len(GRADES_THAT_DECIDE)

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
Row = Mapping[str, Any]
Own = tuple[tuple[str, int], ...]  # each sayer of a list, and how many different things it lists


@dataclass(frozen=True, slots=True)
class Lists:
    """Of each number whether it is an entry of one thing, and the list that it is of.

    rows      (n,) the events
    entries   (n,) the event_ids of its list, itself included; empty for a number of its own
    listed    (n,) int64: how many different things the list tells of, no fewer than; 0 for what is no list
    own       (n,) each sayer of the list, with how many it lists itself
    """

    rows: tuple[Row, ...]
    entries: tuple[tuple[str, ...], ...]
    listed: IntArray
    own: tuple[Own, ...]

    def only(self, chosen: BoolArray) -> Lists:
        """Return those chosen, (n,) bool; a list of fewer entries is told by fewer, and bounds less."""
        places = np.flatnonzero(chosen).tolist()
        rows = tuple(self.rows[place] for place in places)
        listed = self.listed[chosen]
        if len(places) == len(self.rows) or not any(self.entries):
            return Lists(
                rows, tuple(self.entries[one] for one in places), listed, tuple(self.own[one] for one in places)
            )
        by_name = {row["event_id"]: row for row in rows}
        entries = tuple(tuple(name for name in self.entries[one] if name in by_name) for one in places)
        known: dict[tuple[str, ...], tuple[int, Own]] = {}
        own: list[Own] = []
        for number, (names, place) in enumerate(zip(entries, places, strict=True)):
            if listed[number] == 0 or len(names) == len(self.entries[place]):
                own.append(self.own[place])
                continue
            if names not in known:
                known[names] = count_lists([by_name[name] for name in names])
            listed[number] = known[names][0]
            own.append(known[names][1])
        return Lists(rows, entries, listed, tuple(own))

    def with_parts(self, listed: IntArray, own: tuple[Own, ...]) -> Lists:
        """Return lists in which numbers of parts bound the whole too: how many each tells, and each sayer of it."""
        return replace(self, listed=listed, own=own)

    def counted_by(self, first: float) -> FloatArray:
        """Return (n,) how many things each list tells of that had happened by a time [min], no fewer than."""
        by_name = {row["event_id"]: row for row in self.rows}
        known: dict[tuple[str, ...], int] = {}
        counts = np.zeros(len(self.rows))
        for place, names in enumerate(self.entries):
            done = tuple(name for name in names if name in by_name and beginning_of(by_name[name]).last <= first)
            if self.rows[place]["event_id"] in done:
                counts[place] = known[done] if done in known else known.setdefault(done, self._count(done, by_name))
        return counts

    def counted_after(self, last: float) -> FloatArray:
        """Return (n,) how many things of each total are told to have happened after a time [min], no fewer than.

        Only of totals that are no smaller than the list.
        """
        counts = np.zeros(len(self.rows))
        later = [
            row for row, names in zip(self.rows, self.entries, strict=True) if names and beginning_of(row).low > last
        ]
        if not later:
            return counts
        for place, row in enumerate(self.rows):
            if not self.entries[place]:
                own = [one for one in later if _is_within(one, row)]
                every = [
                    one for one, names in zip(self.rows, self.entries, strict=True) if names and _is_within(one, row)
                ]
                counts[place] = count_apart(own) if count_apart(every) <= (row["value"] or 0.0) else 0
        return counts

    @staticmethod
    def _count(names: Iterable[str], by_name: Mapping[str, Row]) -> int:
        return count_apart([by_name[name] for name in names])


def _is_within(entry: Row, total: Row) -> bool:
    is_of_occasion = total["occasion_id"] in (None, entry["occasion_id"])
    return is_of_occasion and entry["subject_id"] == total["subject_id"] and total["part"] is None


def count_lists(rows: Sequence[Row]) -> tuple[int, Own]:
    """Return how many different things some entries tell of, no fewer than, and how many each sayer lists."""
    by_sayer: dict[str, list[Row]] = {}
    for row in rows:
        for name in sayers_of(row):
            by_sayer.setdefault(name, []).append(row)
    own = tuple((name, count_apart(entries)) for name, entries in by_sayer.items())
    return (count_apart(rows) if len(by_sayer) > 1 else max((many for _, many in own), default=0)), own


def sayers_of(row: Row) -> Sequence[str]:
    """Return who tells an event; its source where nobody is named."""
    return row["said_by"] or row["source_id"] or ["nobody named"]


def find_lists(
    told: Sequence[Row], low: FloatArray, stands: FloatArray, grade: IntArray, *, is_seen: bool, part: str | None = None
) -> Lists:
    """Return which numbers are entries of one thing each, and how many different ones they tell, no fewer than.

    low       (n,) the least that each number itself tells
    is_seen   whether the unit counts what is seen in the sky, which may be one object at two times
    part      whose entries alone are a list; None for those of all parts

    Those of one occasion and subject are a list, by what was entered no later and, of an entry that decides, by what
    decides. One that names no occasion is of a list of all: what its list tells of occasions is a part of that too. A
    lone entry with a moment of its own is no rival of a greater number.
    """
    listed = np.zeros(len(told), dtype=np.int64)
    entries: list[tuple[str, ...]] = [() for _ in told]
    own_lists: list[Own] = [() for _ in told]
    places: dict[tuple[object, object], list[int]] = {}
    for place, row in enumerate(told):
        if part is None or row["part"]:
            places.setdefault((row["occasion_id"], row["subject_id"]), []).append(place)
    known: dict[tuple[str, ...], tuple[int, Own]] = {}
    for (occasion, subject), own in () if is_seen else places.items():
        every = (
            [at for key, several in places.items() if key[1] == subject for at in several] if occasion is None else own
        )
        ones = [place for place in every if is_of_one(told[place])]
        chosen = [
            place
            for place in ones
            if has_moment(told[place]) or any(share_teller(told[place], told[one]) for one in ones if one != place)
        ]
        has_more = any(low[place] > 1.0 for place in own)
        for place in [place for place in chosen if told[place]["occasion_id"] == occasion]:
            peers = [
                told[one]
                for one in chosen
                if stands[one] <= stands[place] and (grade[one] < UNGRADED or grade[place] == UNGRADED)
            ]
            entries[place] = names = tuple(row["event_id"] for row in peers)
            many, by_sayer = known[names] if names in known else known.setdefault(names, count_lists(peers))
            if many > 1 or (has_more and has_moment(told[place])):
                listed[place], own_lists[place] = many, by_sayer
    return Lists(tuple(told), tuple(entries), listed, tuple(own_lists))


def say_lists(own: Own, listed: int, *, in_parts: bool = False) -> tuple[str, ...]:
    """Return what each list of an entry tells, as clauses: "Airline: at least 2"; what only all tell, last."""
    each = [f"{name}: at least {many}" for name, many in own]
    if len(own) > 1 and listed > max(many for _, many in own):
        each.append(f"{say_listers(own, in_parts=in_parts)}: at least {listed}")
    return tuple(each)


def say_listers(own: Own, *, in_parts: bool = False) -> str:
    """Return who lists the things that only all lists together tell of."""
    return f"{'told in parts' if in_parts else 'listed one by one'} by {join_words([name for name, _ in own])}"
