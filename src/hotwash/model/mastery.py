"""Mastery: what one subject has shown of one skill, from the trials that count.

A Mastery is a value: `skills.mastery` computes the next one from it, new trials and a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotwash.model.shares import lower_bound

ASKED = 0.8  # the share that the lower bound must reach: six straight passes, or 14 of 15
LEAST_TRIALS = 5  # with fewer an estimate is provisional: not even five straight passes reach the share


@dataclass(frozen=True, slots=True, order=True)
class Trial:
    """One attempt; items within it are not trials. `outcome` is one of RESULTS; trials sort by their end."""

    ended_utc: datetime
    attempt_id: str
    outcome: str
    is_test: bool = True


@dataclass(frozen=True, slots=True)
class Mastery:
    """One subject's mastery of one skill at one level.

    counted         the trials in the window, oldest first: tests that were GO or NO-GO, no others
    practised_utc   end of the newest attempt of any kind; for the schedule, never evidence
    """

    subject_kind: str
    subject_id: str
    skill: str
    level: int
    counted: tuple[Trial, ...] = ()
    practised_utc: datetime | None = None

    @property
    def trials(self) -> int:
        return len(self.counted)

    @property
    def passes(self) -> int:
        return sum(one.outcome == "GO" for one in self.counted)

    @property
    def estimate(self) -> float | None:
        """Mean of the share of passes under Jeffreys' prior; None without a trial."""
        return (self.passes + 0.5) / (self.trials + 1.0) if self.counted else None

    @property
    def lower_90(self) -> float | None:
        """One-sided lower bound of the share at 90 %; None without a trial."""
        return lower_bound(self.passes, self.trials) if self.counted else None

    @property
    def standing(self) -> str:
        return standing(self.passes, self.trials)


def standing(passes: int, trials: int) -> str:
    """Return the standing for passes and trials: untried, provisional, not shown or mastered."""
    if trials == 0:
        return "untried"
    if trials < LEAST_TRIALS:
        return "provisional"
    return "mastered" if lower_bound(passes, trials) >= ASKED else "not shown"
