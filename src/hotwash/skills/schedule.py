"""When to practise again: a rule of thumb like those of spaced-repetition schedulers. Never evidence.

Its curve was fitted to flash cards, not to flying or watching; it does not show whether somebody still has a skill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotwash.model.mastery import Trial
from hotwash.model.outcomes import GO, NO_GO

LABEL = "a rule of thumb for the calendar, not evidence of skill"
_DECAY = -0.5
_FACTOR = 0.9 ** (1.0 / _DECAY) - 1.0  # the rule gives 0.9 after as many days as the stability
_FIRST_DAYS, _LEAST_DAYS, _MOST_DAYS = 14.0, 3.0, 365.0
_GROWTH, _FALL = 2.0, 0.5


@dataclass(frozen=True, slots=True)
class Due:
    """When a skill is due.

    stability_days   days until the rule gives 0.9
    recall           value of the rule on the date, 0 to 1; not a measured probability
    due_utc          when the rule gives 0.9
    label            what this is
    """

    stability_days: float
    recall: float
    due_utc: datetime
    label: str = LABEL


def due(trials: Sequence[Trial], when_utc: datetime) -> Due | None:
    """Return when to practise again; None where nothing has been done yet.

    trials     of one skill, tests and practice, in any order

    A GO on or after the due date doubles the days, an earlier one lengthens them in proportion; a NO-GO halves them.
    Source: the power curve of FSRS-4.5 (open-spaced-repetition), with steps of our own.
    """
    done = sorted(one for one in trials if one.ended_utc <= when_utc and one.outcome in (GO, NO_GO))
    if not done:
        return None
    days, last = _FIRST_DAYS, done[0].ended_utc
    for trial in done:
        gone = (trial.ended_utc - last).total_seconds() / 86_400.0
        grown = 1.0 + (_GROWTH - 1.0) * min(1.0, gone / days)
        days = min(_MOST_DAYS, max(_LEAST_DAYS, days * (grown if trial.outcome == GO else _FALL)))
        last = trial.ended_utc
    since = (when_utc - last).total_seconds() / 86_400.0
    return Due(days, (1.0 + _FACTOR * since / days) ** _DECAY, last + timedelta(days=days))
