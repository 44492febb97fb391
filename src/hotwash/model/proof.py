"""What an objective's attempts show on a date: the result, its figures, and its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotwash.model.notebook import render_html

HOLDS, DOES_NOT_HOLD, NOT_ENOUGH, STALE, LOST = (
    "HOLDS", "DOES NOT HOLD", "NOT ENOUGH EVIDENCE", "STALE", "LOST",
)  # fmt: skip
WHERE = {
    "exercise": "holds in this exercise",
    "field": "held in these field events",
    "inspection": "held at this inspection",
}
NOT_PEOPLE = "shown for the procedure, not for people"


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round of attempts showed; a round is decided once.

    number        from 1
    result        HOLDS, DOES NOT HOLD or NOT ENOUGH EVIDENCE
    passes        subjects who met their own rule; None where the group is too small to show
    trials        subjects tried; waiting: named and not finished
    lower         lower bound of the share, at the round's level; None without a trial, or for too few to show
    level         what the round may spend of the chance of error, 0.1 over all rounds (model/anytime.py)
    decided_utc   when it was decided; None while it is not
    """

    number: int
    result: str
    passes: int | None
    trials: int
    waiting: int
    lower: float | None
    level: float
    decided_utc: datetime | None

    @property
    def text(self) -> str:
        """What it showed, in a line: "DOES NOT HOLD, 5 of 6, decided 2026-03-04 01:00Z"."""
        counts = f"{self.trials} tried" if self.passes is None else f"{self.passes} of {self.trials}"
        parts = [self.result, counts, f"{self.waiting} waiting" if self.waiting else ""]
        parts += [f"at least {int(100.0 * self.lower) / 100.0:.2f}" if self.lower is not None else ""]
        parts += [f"decided {self.decided_utc:%Y-%m-%d %H:%M}Z" if self.decided_utc is not None else "not decided"]
        return ", ".join(part for part in parts if part)

    def flat(self) -> dict[str, Any]:
        """Return everything for a program."""
        return {
            "round": self.number, "result": self.result, "passes": self.passes, "trials": self.trials,
            "waiting": self.waiting, "lower": self.lower, "level": self.level, "decided_utc": _iso(self.decided_utc),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """What one objective's attempts show.

    result       one of PROOFS
    passes       subjects who met their own rule; None where the group is too small to show
    trials       subjects tried; for a procedure, runs of the exercise with different seeds
    lower_90     lower bound of the share who meet it, with 90 % confidence over all rounds and looks
                 (model/anytime.py); None without a trial, or for too few to show
    share, of_subjects   what is required
    reference    the figure of the real event, one event; with its bounds and, in words, its clock
    effect       shift of the measure from earlier attempts to these, on the same exercise version and clock;
                 None where there are no earlier ones, or too few for an interval
    shown_utc    when the round was decided; the end of its last attempt where it is not
    until_utc    when the evidence becomes too old
    decides      in a sentence, what decides an attempt: measure, clock, standard
    why          in plain sentences
    rows         the attempts that count, as attempts:ID
    rounds       every round so far, oldest first
    """

    objective_id: str
    lesson_id: str
    title: str
    version: str
    subject: str
    setting: str
    exercise: str
    exercise_version: str
    measure: str
    unit: str
    result: str
    passes: int | None
    trials: int
    lower_90: float | None
    share: float
    of_subjects: int
    why: str
    reference: float | None = None
    reference_low: float | None = None
    reference_high: float | None = None
    effect: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    shown_utc: datetime | None = None
    until_utc: datetime | None = None
    rows: tuple[str, ...] = ()
    reference_text: str = ""
    decides: str = ""
    rounds: tuple[RoundResult, ...] = ()

    @property
    def holds(self) -> bool:
        return self.result == HOLDS

    @property
    def says(self) -> str:
        """The statement that the proof supports; empty where it does not hold."""
        if not self.holds:
            return ""
        return WHERE[self.setting] + (f"; {NOT_PEOPLE}" if self.subject == "procedure" else "")

    def flat(self) -> dict[str, Any]:
        """Return everything for a program."""
        return {
            "lesson_id": self.lesson_id, "objective_id": self.objective_id, "title": self.title,
            "subject": self.subject, "result": self.result, "says": self.says, "passes": self.passes,
            "trials": self.trials, "lower_90": self.lower_90, "share": self.share, "of_subjects": self.of_subjects,
            "measure": self.measure, "unit": self.unit, "reference": self.reference,
            "reference_low": self.reference_low, "reference_high": self.reference_high,
            "reference_text": self.reference_text, "effect": self.effect,
            "effect_low": self.effect_low, "effect_high": self.effect_high, "setting": self.setting,
            "exercise": self.exercise, "exercise_version": self.exercise_version,
            "shown_utc": _iso(self.shown_utc), "until_utc": _iso(self.until_utc), "why": self.why,
            "decides": self.decides, "rows": list(self.rows), "rounds": [one.flat() for one in self.rounds],
        }  # fmt: skip

    def _repr_html_(self) -> str | None:
        return render_html(self)


def _iso(time_utc: datetime | None) -> str | None:
    return None if time_utc is None else time_utc.isoformat()
