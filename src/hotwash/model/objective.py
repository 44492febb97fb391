"""An objective: what must be shown, by whom, in which attempts, and for how long the evidence counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hotwash.model.guards import Guard


@dataclass(frozen=True, slots=True)
class Reference:
    """The figure of the real event with which an objective is compared: one event, with its bounds.

    rows   its evidence in the account: claim ids, finding ids
    """

    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    rows: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """The required value of a measure: at_most or at_least a threshold, in the measure's unit."""

    relation: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Rule:
    """How many passes by how many subjects.

    of_subjects   how many subjects must be tried, at least
    share         the share of subjects who meet their own rule must be at least this, by its lower bound with 90 %
                  confidence over all rounds (model/anytime.py)
    passes, of_trials   a subject's own rule: passes in the named attempts; both 1 where each subject has one attempt
    """

    of_subjects: int
    share: float = 0.8
    passes: int = 1
    of_trials: int = 1


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective that a machine can check.

    subject      person, crew or procedure
    exercise, exercise_version, seat   where it is measured
    task         the task within the exercise, as in SCORES; "" the attempt as a whole
    guards       further measures that must stay within bounds in the same attempt; a broken one is a miss
    opportunity  name of a measure that is above 0 if the occasion arose; "" it arises in every attempt
    measure      name of a measure in SCORES
    clock        from when to when the measure counts, in words
    window_from_utc, window_until_utc   when its attempts must be flown
    attempts     ids of the attempts that count, named before they are flown
    lives_days   for how many days evidence stays valid
    setting      exercise, field or inspection
    """

    objective_id: str
    lesson_id: str
    title: str
    subject: str
    role: str
    exercise: str
    exercise_version: str
    seat: str
    measure: str
    unit: str
    standard: Standard
    rule: Rule
    task: str = ""
    conditions: str = ""
    opportunity: str = ""
    clock: str = ""
    window_from_utc: datetime | None = None
    window_until_utc: datetime | None = None
    attempts: tuple[str, ...] = ()
    named_utc: datetime | None = None
    lives_days: float = 365.0
    setting: str = "exercise"
    version: str = "1"
    reference: Reference | None = None
    related: tuple[str, ...] = field(default_factory=tuple)
    guards: tuple[Guard, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures from which an attempt is judged, by name."""
        named = (self.measure, self.opportunity, *(one.measure for one in self.guards))
        return tuple(sorted({name for name in named if name}))
