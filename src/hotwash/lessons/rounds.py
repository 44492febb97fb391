"""The rounds of an objective, replayed in the order of time: what was named, what came of it, and when it was decided.

rows of `counting.outcomes_of` ─▶ namings and endings, in order ─▶ rounds, each with its totals and its decision

A round is decided once. HOLDS when the evidence (model/anytime.py) reaches what the round may spend, even if everybody
named without a pass had missed; DOES NOT HOLD when it could not be reached even if all others of the round had passed.
What was named until then belongs to the round and changes nothing; what is named later opens the next, which may spend
less. So the chance of *ever* calling a smaller share shown stays under anytime.ERROR, however somebody names, looks and
tries again. An attempt that is declared void leaves its round if the round was not decided by then; a later declaration
changes nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import NamedTuple

import polars as pl

from hotwash.lessons.counting import OUT, WAITING, with_new_seeds_only
from hotwash.model import anytime
from hotwash.model.objective import Objective, Rule
from hotwash.model.outcomes import GO, NO_GO
from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, NOT_ENOUGH

_LATE_VOID = "declared void after its round was decided, so it counts"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES = ("named", "closed", "ended", "voided")


class _Row(NamedTuple):
    """One row of `counting.outcomes_of`; times in microseconds since 1970, since there are many rows."""

    number: int
    named: int
    closed: int
    attempt_id: str
    unit: str
    outcome: str
    value: float | None
    ended: int | None
    voided: int | None
    why: str
    void_why: str | None


@dataclass(frozen=True, slots=True)
class Round:
    """The totals of attempts that were named together, counted by subject.

    number        from 1; level: what it may spend of the chance of error
    result        HOLDS, DOES NOT HOLD or NOT ENOUGH EVIDENCE; decided_utc: since when, None for the last
    met, failed   by their own rule
    neither       tried without a result: no opportunity, no data, too few attempts
    waiting       named and not flown, or under way
    ended_utc     end of the last attempt; None where none has ended
    values        the measured values, one for each subject
    attempts      ids of the flown attempts
    notes         reasons why attempts are not simply GO or NO-GO
    voided        reasons of those that were declared void before it was decided; they are counted nowhere else
    """

    number: int = 1
    result: str = NOT_ENOUGH
    decided_utc: datetime | None = None
    met: int = 0
    failed: int = 0
    neither: int = 0
    waiting: int = 0
    ended_utc: datetime | None = None
    values: tuple[float, ...] = ()
    attempts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    voided: tuple[str, ...] = ()

    @property
    def trials(self) -> int:
        return self.met + self.failed + self.neither

    @property
    def level(self) -> float:
        return anytime.level(self.number)

    @property
    def lower(self) -> float | None:
        """The lower bound of the share that the round shows; None without a trial."""
        return anytime.lower_bound(self.met, self.trials, self.level) if self.trials else None


def rounds_of(objectives: Sequence[Objective], rows: pl.DataFrame) -> dict[int, list[Round]]:
    """Return the rounds of each objective that has any, by its position, oldest first.

    rows   as `counting.outcomes_of` returns them for these objectives
    """
    counted = with_new_seeds_only(rows.filter(pl.col("outcome") != OUT))
    ordered = counted.sort("number", "named", "attempt_id").with_columns(pl.col(_TIMES).dt.epoch("us"))
    listed = map(_Row._make, zip(*(ordered[name].to_list() for name in _Row._fields), strict=True))
    return {
        number: list(_replay(list(theirs), objectives[number].rule))
        for number, theirs in groupby(listed, itemgetter(0))
    }


def _replay(rows: Sequence[_Row], rule: Rule) -> Iterator[Round]:
    """Yield the rounds of one objective; rows in the order of naming."""
    first, number = 0, 1
    while first < len(rows):
        last, result, decided = _play_round(rows, first, number, rule)
        yield _total(rows[first:last], rule, number, result, decided)
        first, number = last, number + 1


def _play_round(rows: Sequence[_Row], first: int, number: int, rule: Rule) -> tuple[int, str, int | None]:
    """Return the end of the round that begins with rows[first], its result and since when."""
    tally, at = _Tally(rule, number), first
    to_come: list[tuple[int, bool, int]] = []  # when, whether it ends (or is declared void), which row
    while at < len(rows) or to_come:
        if at < len(rows) and (not to_come or rows[at].named <= to_come[0][0]):
            _announce(rows[at], at, tally, to_come)
            at += 1
            continue
        now = to_come[0][0]
        while to_come and to_come[0][0] == now:
            _, is_end, which = heapq.heappop(to_come)
            (tally.end if is_end else tally.void)(rows[which])
        result = tally.decide()
        if result != NOT_ENOUGH:
            return at, result, now
    return at, NOT_ENOUGH, None


def _announce(row: _Row, at: int, tally: _Tally, to_come: list[tuple[int, bool, int]]) -> None:
    """Name an attempt, and note when it will end and be declared void."""
    tally.name(row.unit)
    if row.outcome != WAITING:
        heapq.heappush(to_come, (row.closed, True, at))
    if row.voided is not None:
        heapq.heappush(to_come, (row.voided, False, at))


class _Tally:
    """How the subjects of a round stand while it is replayed.

    units    of each subject: passes, misses, attempts that have not ended, attempts in all, and whether it has so met
             its rule, or failed it
    met      how many have met their own rule, whatever comes of their other attempts
    failed   how many have failed it
    """

    __slots__ = ("ended", "failed", "left", "met", "named", "rule", "shares", "units")

    def __init__(self, rule: Rule, number: int) -> None:
        self.rule, self.shares = rule, _shares_of(rule.share, anytime.level(number))
        self.units: dict[str, list[int]] = {}
        self.named = [0, 0, 1, 1, *_standing(0, 0, 1, rule)]  # of a subject that was just named
        self.ended: set[str] = set()
        self.left: set[str] = set()
        self.met = self.failed = 0

    def name(self, unit: str) -> None:
        if unit not in self.units:
            self.units[unit] = self.named.copy()
            return
        self.units[unit][3] += 1
        self._count(unit, open_=1)

    def end(self, row: _Row) -> None:
        if row.attempt_id not in self.left:
            self.ended.add(row.attempt_id)
            self._count(row.unit, passes=row.outcome == GO, misses=row.outcome == NO_GO, open_=-1)

    def void(self, row: _Row) -> None:
        self.left.add(row.attempt_id)
        if row.attempt_id in self.ended:
            self._count(row.unit, passes=-(row.outcome == GO), misses=-(row.outcome == NO_GO))
        else:
            self._count(row.unit, open_=-1)
        self.units[row.unit][3] -= 1
        if not self.units[row.unit][3]:
            del self.units[row.unit]

    def _count(self, unit: str, *, passes: int = 0, misses: int = 0, open_: int = 0) -> None:
        before = self.units[unit]
        had, missed, waited, in_all, met, failed = before
        had, missed, waited = had + passes, missed + misses, waited + open_
        met_now, failed_now = _standing(had, missed, waited, self.rule)
        before[:] = had, missed, waited, in_all, met_now, failed_now
        self.met += met_now - met
        self.failed += failed_now - failed

    def decide(self) -> str:
        named = len(self.units)
        if named >= max(self.rule.of_subjects, self.shares.fewest(named - self.met)):
            return HOLDS  # even if all who have not met it had failed
        in_all = max(named, self.rule.of_subjects, self.shares.fewest(0))
        if self.failed and in_all < self.shares.fewest(self.failed):
            return DOES_NOT_HOLD
        return NOT_ENOUGH


@dataclass(frozen=True, slots=True)
class _Shares:
    """How many trials it takes to show a share at a level; kept, since a round asks at each of its endings.

    known   by the number of misses, as far as it was asked
    """

    share: float
    level: float
    known: list[int] = field(default_factory=list)

    def fewest(self, misses: int) -> int:
        while len(self.known) <= misses:
            self.known.append(anytime.fewest_trials(self.share, misses=len(self.known), at_level=self.level))
        return self.known[misses]


_shares_of = lru_cache(maxsize=1_000)(_Shares)


def _standing(passes: int, misses: int, open_: int, rule: Rule) -> tuple[bool, bool]:
    """Return whether a subject has met its rule, whatever comes of its open attempts, and whether it has failed it."""
    may_miss = rule.of_trials - rule.passes
    return passes >= rule.passes and misses + open_ <= may_miss, misses > may_miss


def _total(rows: Sequence[_Row], rule: Rule, number: int, result: str, decided: int | None) -> Round:
    out = [row for row in rows if _left(row, decided)]
    kept = [row for row in rows if not _left(row, decided)] if out else rows
    outcomes: dict[str, list[str]] = {}
    values: dict[str, list[float]] = {}
    for row in kept:
        outcomes.setdefault(row.unit, []).append(row.outcome)
        if row.value is not None and row.outcome in (GO, NO_GO):
            values.setdefault(row.unit, []).append(row.value)
    words: dict[tuple[str, ...], str] = {}  # most subjects have one attempt, and there are few outcomes
    stands = []
    for theirs in map(tuple, outcomes.values()):
        if theirs not in words:
            words[theirs] = _word(theirs, rule)
        stands.append(words[theirs])
    notes = [why for row in kept for why in (row.why, _LATE_VOID if row.voided is not None else "") if why]
    return Round(
        number, result, _moment(decided),
        stands.count("met"), stands.count("failed"), stands.count("neither"), stands.count("waiting"),
        ended_utc=_moment(max((row.ended for row in kept if row.ended is not None), default=None)),
        values=tuple(sorted(median(theirs) if len(theirs) > 1 else theirs[0] for theirs in values.values())),
        attempts=tuple(sorted(row.attempt_id for row in kept if row.outcome != WAITING)),
        notes=tuple(sorted(notes)),
        voided=tuple(sorted(row.void_why or "" for row in out)),
    )  # fmt: skip


def _left(row: _Row, decided: int | None) -> bool:
    """Return whether an attempt was declared void before its round was decided, or when it was."""
    return row.voided is not None and (decided is None or row.voided <= decided)


def _moment(time_us: int | None) -> datetime | None:
    return None if time_us is None else _EPOCH + timedelta(microseconds=time_us)


def _word(outcomes: Sequence[str], rule: Rule) -> str:
    has_met, has_failed = _standing(outcomes.count(GO), outcomes.count(NO_GO), outcomes.count(WAITING), rule)
    if has_met or has_failed:
        return "met" if has_met else "failed"
    return "waiting" if WAITING in outcomes else "neither"
