"""Numbers that events tell: what each leaves possible, the time for which it stands, and what they leave together.

A number of things that happened never falls. So one told for 21:00 bounds the final one from below, and the final one
bounds it from above:

    15 so far, at 21:00  ≤  number at 23:00  ≤  50 in the end
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, TypeVar

import numpy as np
import polars as pl

from hotwash.claims.lists import UNGRADED, Lists, find_lists, sayers_of
from hotwash.claims.part_numbers import PartNumbers, exceeds, is_of_same
from hotwash.claims.parts import adds_into, numbered_events
from hotwash.claims.told_sums import DEFAULT_ABOUT, Adds, are_covered, bounds_now, told_sums
from hotwash.claims.words import interval, join_names
from hotwash.course.overlaps import overlap_of, unit_of
from hotwash.course.sensor_records import is_sensor_zero
from hotwash.course.single_things import are_apart, has_moment, is_of_one
from hotwash.course.tellings import GRADES_THAT_DECIDE
from hotwash.geo.frames import FloatArray
from hotwash.model.incident import Bundle
from hotwash.model.questions import CountUnit

FINAL = (math.inf, math.inf)  # the time for which a final number stands

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
Row = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NumberTellings:
    """Events that tell how many of one unit, in the order of their names.

    numbers           (n,) int64: their places in the list of events
    low, high         (n,) float64: what each leaves of the number asked about, with the parts and the list beside it
    at_low, at_high   (n,) float64: the time for which it stands, minutes since 1970; ∞ for a final number
    is_rough          (n,) bool: told as "about"
    lists             which of them are entries of one thing each, or parts, and what these tell together
    parts             the numbers as told, of the whole and of its parts, and which of these is asked about
    sum_low, sum_high (n,) float64: what its own parts add up to where they exclude the number; nan elsewhere
    adds              of a sum of parts with other subjects: their subjects and occasions, and the most that each has
    is_mended         (n,) bool: which are sums that are not as told, since a part was replaced later
    is_partial        (n,) bool: which are sums of some places while others are told too: no number of all
    grade             (n,) int64: of its best source, A is 0; UNGRADED where no source of a deciding grade tells it
    """

    numbers: IntArray
    names: tuple[str, ...]
    tellers: tuple[str, ...]
    subjects: tuple[str | None, ...]
    occasions: tuple[str | None, ...]
    low: FloatArray
    high: FloatArray
    at_low: FloatArray
    at_high: FloatArray
    is_rough: BoolArray
    grade: IntArray
    lists: Lists
    parts: PartNumbers
    sum_low: FloatArray
    sum_high: FloatArray
    adds: tuple[Adds, ...]
    is_mended: BoolArray
    is_partial: BoolArray

    def only(self, chosen: BoolArray) -> NumberTellings:
        """Return those chosen, (n,) bool."""
        if chosen.all():
            return self
        places = np.flatnonzero(chosen).tolist()

        def pick(words: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(words[place] for place in places)

        parts = self.parts.only(chosen)
        low, high, lists = parts.leave()
        return NumberTellings(
            self.numbers[chosen],
            pick(self.names),
            pick(self.tellers),
            pick(self.subjects),
            pick(self.occasions),
            low,
            high,
            self.at_low[chosen],
            self.at_high[chosen],
            self.is_rough[chosen],
            self.grade[chosen],
            lists,
            parts,
            self.sum_low[chosen],
            self.sum_high[chosen],
            pick(self.adds),
            self.is_mended[chosen],
            self.is_partial[chosen],
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Tellings that agree: the common part, and which of all tellings they are, (n,) bool."""

    low: float
    high: float
    members: BoolArray


def tells_unit(row: Row, unit: CountUnit) -> bool:
    """Tell whether an event with a number gives that of a unit: by the unit it names, else by what happened."""
    return row["unit"] == unit.name if row["unit"] is not None else row["kind"] in unit.events


def number_tellings(
    bundle: Bundle, unit: str, *, about: tuple[float, float] = DEFAULT_ABOUT, part: str | None = None
) -> NumberTellings:
    """Return the events of a bundle that tell how many of one unit; those of related occasions are left out.

    That a sensor marked nothing is no number of things, and that a watch saw no closing is none of all closings.

    about    what "about" means: a share of the number, and an amount
    part     of what is counted, which is asked about; None for the whole
    """
    counted, related = bundle.brief.count_units[unit], related_occasions(bundle.occasions)
    events = bundle.recording.events.with_row_index("number").filter(
        pl.when(pl.col("unit").is_null()).then(pl.col("kind").is_in(counted.events)).otherwise(pl.col("unit") == unit)
        & pl.col("value").is_not_null()
        & ~pl.col("occasion_id").is_in(list(related)).fill_null(value=False)
    )
    sources = {row["source_id"]: row for row in bundle.recording.sources.iter_rows(named=True)}
    rows = events.sort("event_id", maintain_order=True).to_dicts()
    rows = [row for row in rows if not (counted.tally and row["value"] == 0.0)]
    told = _without_parts([row for row in rows if not is_sensor_zero(row, unit, sources)])
    if part is not None:  # one part tells nothing of another
        told = [row for row in told if not row["part"] or is_of_same(row["part"], part)]
    sums = told_sums(told, counted, bundle, about=about)
    low, high = sums.low, sums.high
    grades = source_grades(bundle.recording.sources)
    stands, grade = stand_times(told, bundle), np.array([best_grade(row, grades) for row in told], dtype=np.int64)
    lists = find_lists(told, low, stands, grade, is_seen=counted.is_seen, part=part)
    parts = PartNumbers(*(tuple(told), low, high, stands, grade < UNGRADED, lists), is_seen=counted.is_seen, part=part)
    low, high, lists = parts.leave()
    return NumberTellings(
        np.array([row["number"] for row in told], dtype=np.int64),
        tuple(f"events:{row['event_id']}" for row in told),
        tuple(join_names(sayers_of(row)) for row in told),
        tuple(row["subject_id"] for row in told),
        tuple(row["occasion_id"] for row in told),
        low,
        high,
        stands,
        stands,
        np.array([row["relation"] == "about" for row in told], dtype=np.bool_),
        grade,
        lists,
        parts,
        sums.sum_low,
        sums.sum_high,
        sums.adds,
        sums.is_mended,
        sums.is_partial,
    )


def stand_times(rows: Sequence[Row], bundle: Bundle) -> FloatArray:
    """Return the time for which the number of each event stands, minutes since 1970; ∞ for a final one."""
    ends = occasion_ends(bundle.occasions)
    times = [_stands_for(row, ends.get(row["occasion_id"] or ""), bundle.brief.end_utc) for row in rows]
    return np.array(times, dtype=np.float64)


def _without_parts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return numbers without those that another one adds up: parts of one occasion and subject are no rival totals.

    A part that names no subject is no number of all.
    """
    parts = {
        (name, row["occasion_id"], subject)
        for row in rows
        for subject in (row["subject_id"], None)
        for name in row["parts"] or ()
        if name != row["event_id"]
    }
    if not parts:
        return rows
    return [row for row in rows if (row["event_id"], row["occasion_id"], row["subject_id"]) not in parts]


def source_grades(sources: pl.DataFrame) -> dict[str, int]:
    """Return the place of each source's reliability among the grades that decide; others are not there."""
    graded = sources.filter(pl.col("reliability").is_in(GRADES_THAT_DECIDE)).select("source_id", "reliability")
    return {source: GRADES_THAT_DECIDE.index(grade) for source, grade in graded.iter_rows()}


def best_grade(row: Row, grades: Mapping[str, int]) -> int:
    """Return the grade of a row's best source; UNGRADED where none decides."""
    return min((grades.get(source, UNGRADED) for source in row["source_id"] or ()), default=UNGRADED)


def _stands_for(row: Row, end: datetime | None, window_end: datetime) -> float:
    """Return the time for which an event's number stands; ∞ when it is the final one.

    Known before the end of its occasion, it is the final one only where it says that it does not run, or where the span
    that it names itself had ended before.
    """
    if row["counted_utc"] is not None:
        # A number that calls itself running is never the final one, however late it was counted.
        at, end = row["counted_utc"], None if row["is_running"] else end or window_end
    elif row["is_running"]:
        at = row["end_utc"] or row["utc_high"] or row["start_utc"] or row["known_utc"]
    else:  # told after its own span, it is final for it, though the occasion went on
        own, known = row["end_utc"] or row["utc_high"], row["known_utc"]
        is_early = end is not None and known is not None and known < end and (own is None or known <= own)
        at = known if is_early and row["is_running"] is None else None
    return math.inf if at is None or (end is not None and at >= end) else _minutes(at)


def _minutes(moment: datetime) -> float:
    return moment.timestamp() / 60.0


def occasion_ends(occasions: pl.DataFrame) -> dict[str, datetime]:
    """Return when each occasion ended at the latest, where that is known."""
    return dict(occasions.filter(pl.col("utc_high").is_not_null()).select("occasion_id", "utc_high").iter_rows())


def related_occasions(occasions: pl.DataFrame) -> frozenset[str]:
    """Return the occasions that belong to another story; they enter no count."""
    return frozenset(occasions.filter(pl.col("is_related").fill_null(value=False))["occasion_id"].to_list())


def bounds_at(
    spans: tuple[FloatArray, FloatArray], times: tuple[FloatArray, FloatArray], stands: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return what numbers told for some times leave possible of the number at one time, (n,) each.

    spans    low, high: each number as told
    times    at_low, at_high: the time for which it stands
    stands   the time asked, no earlier and no later than; FINAL asks for the final number
    """
    first, last = stands
    is_same = (times[0] == first) & (times[1] == last) & (first == last)
    low = np.where(is_same | (times[1] < first), spans[0], 0.0)
    high = np.where(is_same | (times[0] > last), spans[1], math.inf)
    return low, high


def agree(low: FloatArray, high: FloatArray) -> list[Group]:
    """Return the groups of intervals that have a common part, the lowest first: one where all agree.

    low, high   (n,) float64
    Each group is as large as can be; an interval may belong to two groups.
    """
    groups: list[Group] = []
    for edge in np.unique(low).tolist():
        members = (low <= edge) & (high >= edge)
        if members.any() and not any((members <= group.members).all() for group in groups):
            groups = [group for group in groups if not (group.members <= members).all()]
            groups.append(Group(float(low[members].max()), float(high[members].min()), members))
    return groups


def leave_open(
    tellings: NumberTellings,
    stands: tuple[float, float] = FINAL,
    *,
    subject: str | None = None,
    occasion: str | None = None,
    is_only_occasion: bool = True,
) -> tuple[NumberTellings, FloatArray, FloatArray]:
    """Return the tellings that speak of one number, and what each leaves possible of it.

    stands             the time for which the number is asked
    subject, occasion  of which; None takes all together
    is_only_occasion   whether the incident has no other occasion, so that a telling that names none tells of it

    A telling of the whole goes before those of its parts: by subject, it alone speaks, unless one has more; by
    occasion, a part bounds the whole from below, and the whole a part from above. Numbers of several subjects may
    overlap (an airline's and an aerodrome's): all together they are at least the greatest and at most the sum, as one
    interval. What a sum of another subject adds up is not added to it once more.
    """
    of_all = np.array([name is None for name in tellings.subjects], dtype=np.bool_)
    is_meant = np.array([name == subject for name in tellings.subjects], dtype=np.bool_)
    speaks = is_meant if subject is not None else of_all if of_all.any() else ~of_all
    if subject is None and any(tellings.adds) and not of_all.any():
        speaks &= ~are_covered(tellings.subjects, tellings.occasions, tellings.low.tolist(), tellings.adds)
    if subject is None and of_all.any():
        totals = list(zip(tellings.high[of_all].tolist(), tellings.at_high[of_all].tolist(), strict=True))
        own = zip(tellings.low.tolist(), tellings.at_low.tolist(), strict=True)
        speaks |= ~of_all & np.array([exceeds(low, at, totals) for low, at in own], dtype=np.bool_)
    if occasion is not None:
        speaks &= np.array([name in (occasion, None) for name in tellings.occasions], dtype=np.bool_)
    kept = tellings.only(speaks)
    low, high = bounds_at((kept.low, kept.high), (kept.at_low, kept.at_high), stands)
    if math.isfinite(stands[1]):  # what a list tells of the time itself
        low = np.maximum(low, kept.lists.counted_by(stands[0]))
        high = high - kept.lists.counted_after(stands[1]) * np.isinf(kept.at_high)
    names = np.array([name is not None for name in kept.occasions], dtype=np.bool_)
    if occasion is not None and not is_only_occasion:
        low = np.where(names, low, 0.0)
    if occasion is None and len({name for name in kept.occasions if name}) > 1:
        high = np.where(names, math.inf, high)
    is_whole = np.array([name is None for name in kept.subjects], dtype=np.bool_)
    if subject is None and is_whole.any():
        high = np.where(is_whole, high, math.inf)  # an aerodrome's number bounds that of the country
    if subject is None:
        high = np.where(kept.is_partial, math.inf, high)  # an operator's sum bounds that of all airports
    says = (low > 0.0) | np.isfinite(high)
    kept, low, high = kept.only(says), low[says], high[says]
    if len(set(kept.subjects)) > 1 and None not in kept.subjects:
        low, high = _add_subjects(kept.subjects, low, high)
    return kept, low, high


def _add_subjects(subjects: Sequence[str | None], low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what the numbers of several subjects leave of all together, as one interval."""
    owner = np.array([sorted(map(str, set(subjects))).index(str(name)) for name in subjects])
    groups = [agree(low[owner == one], high[owner == one]) for one in np.unique(owner)]
    least = max(min(group.low for group in own) for own in groups)
    most = sum(max(group.high for group in own) for own in groups)
    return np.array([least]), np.array([most])


def settle(tellings: NumberTellings, low: FloatArray, high: FloatArray) -> list[Group]:
    """Return the groups of tellings that agree; where they do not all, an exact one wins over an "about" of its grade.

    low, high   as `leave_open` gives them: for each telling, or one interval for all
    """
    groups = agree(low, high)
    if len(groups) < 2 or low.size != len(tellings.names):
        return groups
    exact = tellings.grade[~tellings.is_rough]
    yields = tellings.is_rough & np.isin(tellings.grade, exact)
    kept = np.flatnonzero(~yields)
    sharper = agree(low[kept], high[kept])
    members = [np.isin(np.arange(low.size), kept[group.members]) for group in sharper]
    return [Group(group.low, group.high, chosen) for group, chosen in zip(sharper, members, strict=True)]


def stand_time(claim: Row) -> tuple[float, float]:
    """Return the time for which a claimed number stands, in minutes since 1970; FINAL where it is the final one."""
    low, high = claim["stands_utc_low"], claim["stands_utc_high"]
    return FINAL if low is None or high is None else (_minutes(low), _minutes(high))


def standing(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims that are statements of fact and that their speakers have not replaced."""
    replaced = claims["supersedes"].explode().drop_nulls()
    is_fact = pl.col("told_as").is_null() | (pl.col("told_as") == "fact")
    return claims.filter(is_fact & ~pl.col("claim_id").is_in(replaced.implode()))


def is_only_occasion(occasions: pl.DataFrame) -> bool:
    """Tell whether an incident has no second occasion; those of another story do not count."""
    return occasions.height - len(related_occasions(occasions)) < 2


@dataclass(frozen=True, slots=True)
class Total:
    """What parts add up to: bounds, the parts by name and in words, and their places among the tellings."""

    low: float
    high: float
    names: tuple[str, ...]
    words: tuple[str, ...]
    numbers: IntArray


def sum_of_parts(
    row: Row, unit: CountUnit, bundle: Bundle, *, about: tuple[float, float] = DEFAULT_ABOUT
) -> Total | None:
    """Return what the declared parts of a number add up to; None where that cannot be said.

    row      a claim or an event with `parts`
    unit     of the number; its parts may be of the units that it takes in
    about    what "about" means: a share of the number, and an amount

    Each part must be told by an event, for good, by a source of a deciding grade, and no two may count one thing.
    """
    names = tuple(row["parts"] or ())
    rows = numbered_events(bundle) if names else {}
    of_rows = {name: one for name, (_, one) in rows.items()}
    if not names or not set(names) <= set(rows) or overlap_of(row, of_rows, bundle.brief.count_units):
        return None
    own = [rows[name] for name in sorted(names)]
    parts, grades = [part for _, part in own], source_grades(bundle.recording.sources)
    stands = zip(parts, stand_times(parts, bundle).tolist(), strict=True)
    is_final = all(math.isinf(at) or (is_of_one(part) and has_moment(part)) for part, at in stands)  # one flight is one
    is_graded = all(best_grade(part, grades) < UNGRADED for part in parts)
    is_apart = all(are_apart(one, other) for one, other in combinations(parts, 2))
    if not (is_final and is_graded and is_apart and adds_into(parts, unit, bundle)):
        return None
    bounds = [bounds_now(part, unit, bundle, of_rows, about=about)[:2] for part in parts]
    low, high = (np.array(side, dtype=np.float64) for side in zip(*bounds, strict=True))
    words = []
    for part, least, most in zip(parts, low.tolist(), high.tolist(), strict=True):
        one = unit_of(part, bundle.brief.count_units)
        noun = "" if one is None or one.name == unit.name else f" {one.nouns[0 if most == 1 else 1]}"
        words.append(f"{interval(least, most, '')}{noun} ({part['event_id']})")
    return Total(
        float(low.sum()),
        float(high.sum()),
        tuple(f"events:{part['event_id']}" for part in parts),
        tuple(words),
        np.array([number for number, _ in own], dtype=np.int64),
    )
