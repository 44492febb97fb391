"""The rounds of an objective, replayed in the order of time: what was named, what came of it, and when it was decided.

rows of `counting.outcomes_of` ─▶ namings and endings, in order ─▶ rounds, each with its totals and its decision

A round is decided once. HOLDS when the evidence (model/anytime.py) reaches what the round may spend, even if everybody named
without a pass had missed; DOES NOT HOLD when it could not be reached even if all others of the round had passed. What was named
until then belongs to the round and changes nothing; what is named later opens the next, which may spend less. So the chance of
*ever* calling a smaller share shown stays under anytime.ERROR, however somebody names, looks and tries again.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from statistics import median

import polars as pl

from hotwash.lessons.counting import OUT, WAITING, with_new_seeds_only
from hotwash.model import anytime
from hotwash.model.objective import Objective, Rule
from hotwash.model.outcomes import GO, NO_GO
from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, NOT_ENOUGH

_COLUMNS = ("number", "named", "closed", "attempt_id", "unit", "outcome", "value", "ended", "why")
_CLOSED, _ID, _UNIT, _OUTCOME, _VALUE, _ENDED, _WHY = range(2, 9)
_NAMED = 1
_Row = tuple[int, datetime, datetime, str, str, str, float | None, datetime | None, str]


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
    listed = counted.sort("number", "named", "attempt_id").select(_COLUMNS).iter_rows()
    return {
        number: list(_replay(list(theirs), objectives[number].rule)) for number, theirs in groupby(listed, itemgetter(0))
    }


def _replay(rows: Sequence[_Row], rule: Rule) -> Iterator[Round]:
    """Yield the rounds of one objective; rows in the order of naming."""
    first, number = 0, 1
    while first < len(rows):
        last, result, decided_utc = _play_round(rows, first, number, rule)
        yield _total(rows[first:last], rule, number, result, decided_utc)
        first, number = last, number + 1


def _play_round(rows: Sequence[_Row], first: int, number: int, rule: Rule) -> tuple[int, str, datetime | None]:
    """Return the end of the round that begins with rows[first], its result and since when."""
    tally, at = _Tally(rule, number), first
    endings: list[tuple[datetime, int]] = []
    while at < len(rows) or endings:
        if at < len(rows) and (not endings or rows[at][_NAMED] <= endings[0][0]):
            tally.name(rows[at][_UNIT])
            if rows[at][_OUTCOME] != WAITING:
                heapq.heappush(endings, (rows[at][_CLOSED], at))
            at += 1
            continue
        now = endings[0][0]
        while endings and endings[0][0] == now:
            ended = rows[heapq.heappop(endings)[1]]
            tally.end(ended[_UNIT], ended[_OUTCOME])
        result = tally.decide()
        if result != NOT_ENOUGH:
            return at, result, now
    return at, NOT_ENOUGH, None


class _Tally:
    """How the subjects of a round stand while it is replayed."""

    __slots__ = ("failed", "is_met", "met", "rule", "shares", "units")

    def __init__(self, rule: Rule, number: int) -> None:
        self.rule, self.shares = rule, _Shares(rule, anytime.level(number))
        self.units: dict[str, list[int]] = {}  # of each subject: passes, misses
        self.met = self.failed = 0

    def name(self, unit: str) -> None:
        self.units.setdefault(unit, [0, 0])

    def end(self, unit: str, outcome: str) -> None:
        counts = self.units[unit]
        met, failed = _standing(counts, self.rule)
        counts[0] += outcome == GO
        counts[1] += outcome == NO_GO
        met_now, failed_now = _standing(counts, self.rule)
        self.met += met_now - met
        self.failed += failed_now - failed

    def decide(self) -> str:
        named = len(self.units)
        if self.met >= self.shares.passes_for(named - self.met):
            return HOLDS
        in_all = max(named, self.rule.of_subjects, self.shares.fewest(0))
        if self.failed and in_all < self.shares.fewest(self.failed):
            return DOES_NOT_HOLD
        return NOT_ENOUGH


@dataclass(frozen=True, slots=True)
class _Shares:
    """How many trials a rule takes at a level."""

    rule: Rule
    level: float

    def fewest(self, misses: int) -> int:
        return anytime.fewest_trials(self.rule.share, misses=misses, at_level=self.level)

    def passes_for(self, misses: int) -> int:
        """Return how many passes decide beside a number of subjects who have not passed."""
        return max(self.rule.of_subjects, self.fewest(misses)) - misses


def _standing(counts: Sequence[int], rule: Rule) -> tuple[bool, bool]:
    """Return whether a subject with these passes and misses has met its own rule, and whether it has failed it."""
    has_failed = counts[1] > rule.of_trials - rule.passes
    return not has_failed and counts[0] >= rule.passes, has_failed


def _total(rows: Sequence[_Row], rule: Rule, number: int, result: str, decided_utc: datetime | None) -> Round:
    outcomes: dict[str, list[str]] = {}
    values: dict[str, list[float]] = {}
    for row in rows:
        outcomes.setdefault(row[_UNIT], []).append(row[_OUTCOME])
        if row[_VALUE] is not None and row[_OUTCOME] in (GO, NO_GO):
            values.setdefault(row[_UNIT], []).append(row[_VALUE])
    stands = [_word(theirs, rule) for theirs in outcomes.values()]
    return Round(
        number, result, decided_utc,
        *(stands.count(word) for word in ("met", "failed", "neither", "waiting")),
        ended_utc=max((row[_ENDED] for row in rows if row[_ENDED] is not None), default=None),
        values=tuple(sorted(median(theirs) for theirs in values.values())),
        attempts=tuple(sorted(row[_ID] for row in rows if row[_OUTCOME] != WAITING)),
        notes=tuple(sorted(row[_WHY] for row in rows if row[_WHY])),
    )  # fmt: skip


def _word(outcomes: Sequence[str], rule: Rule) -> str:
    has_met, has_failed = _standing((outcomes.count(GO), outcomes.count(NO_GO)), rule)
    if has_met or has_failed:
        return "met" if has_met else "failed"
    return "waiting" if WAITING in outcomes else "neither"
