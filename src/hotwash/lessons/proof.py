"""Whether the attempts named for an objective show that it is met: HOLDS, or one of four other results.

attempts ─counting─▶ rounds, each with its subjects: met, failed, neither, waiting
round ──▶ HOLDS           it would hold even if every subject without a result had failed
      ──▶ DOES NOT HOLD   it would not hold even if every subject without a result had passed
      ──▶ NOT ENOUGH EVIDENCE
newest round that decides ──▶ HOLDS · STALE (too old) · DOES NOT HOLD · LOST (an earlier round held)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from hotwash.lessons.counting import OUT, outcomes_of, rounds_of
from hotwash.lessons.effects import Shift, shift
from hotwash.model.objective import Objective
from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, LOST, NOT_ENOUGH, STALE, Proof
from hotwash.model.shares import fewest_trials, lower_bound

LEAST_SHOWN = 5  # no aggregate figures for fewer people
HIDDEN = "Fewer than five were tried: only they and their instructor see the figures."


@dataclass(frozen=True, slots=True)
class Round:
    """The totals of attempts that were named together, counted by subject.

    met, failed   by their own rule
    neither       tried without a result: no opportunity, no data, too few attempts
    waiting       named and not flown, or under way
    ended_utc     end of the last attempt; None where none has ended
    values        the measured values, one for each subject
    attempts      ids of the flown attempts
    notes         reasons why attempts are not simply GO or NO-GO
    """

    met: int
    failed: int
    neither: int
    waiting: int
    ended_utc: datetime | None
    values: tuple[float, ...]
    attempts: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def trials(self) -> int:
        return self.met + self.failed + self.neither


def verify(
    objectives: Sequence[Objective], attempts: pl.DataFrame, scores: pl.DataFrame, *, when_utc: datetime
) -> tuple[Proof, ...]:
    """Return the proof of each objective on a date, in the order given.

    attempts   ATTEMPTS; scores: SCORES; in any order, of any exercises
    when_utc   the date; anything later is ignored

    Every number counts subjects: people, crews, or for a procedure runs of the exercise with different seeds. An effect
    is the shift from all earlier rounds to the one that decides (effects.shift), always on the same exercise version
    and clock, since nothing else counts.
    """
    rows = outcomes_of(objectives, attempts, scores, when_utc)
    rounds: dict[int, list[Round]] = {}
    for row in rounds_of(rows).iter_rows(named=True):
        rounds.setdefault(row["number"], []).append(_round(row))
    left_out: dict[int, list[str]] = {}
    for number, why in rows.filter(pl.col("outcome") == OUT).select("number", "why").sort("number", "why").iter_rows():
        left_out.setdefault(number, []).append(why)
    return tuple(
        _proof(one, rounds.get(number, []), left_out.get(number, []), when_utc) for number, one in enumerate(objectives)
    )


def decide_round(objective: Objective, round_: Round) -> str:
    """Return what one round shows: HOLDS, DOES NOT HOLD or NOT ENOUGH EVIDENCE.

    It holds if enough were tried and it would hold even if every subject without a result had failed. It does not hold
    if it would not even if all of those, and all that are still to be named, had passed.
    """
    rule = objective.rule
    named = round_.trials + round_.waiting
    if round_.trials >= rule.of_subjects and lower_bound(round_.met, named) >= rule.share:
        return HOLDS
    in_all = max(named, rule.of_subjects)
    if round_.failed and lower_bound(in_all - round_.failed, in_all) < rule.share:
        return DOES_NOT_HOLD
    return NOT_ENOUGH


def _proof(objective: Objective, rounds: Sequence[Round], left_out: Sequence[str], when_utc: datetime) -> Proof:
    results = [decide_round(objective, one) for one in rounds]
    at = max((number for number, one in enumerate(results) if one != NOT_ENOUGH), default=len(rounds) - 1)
    deciding = rounds[at] if rounds else Round(0, 0, 0, 0, None, (), (), ())
    result = results[at] if rounds else NOT_ENOUGH
    until = None if deciding.ended_utc is None else deciding.ended_utc + timedelta(days=objective.lives_days)
    if result == HOLDS and until is not None and when_utc > until:
        result = STALE
    if result == DOES_NOT_HOLD and HOLDS in results[:at]:
        result = LOST
    is_open = objective.subject == "procedure"
    is_shown = is_open or not 0 < deciding.trials < LEAST_SHOWN
    are_many = is_open or sum(one.trials for one in rounds[:at]) >= LEAST_SHOWN
    effect = _effect(rounds[:at], deciding) if is_shown and are_many else None
    reference = objective.reference
    return Proof(
        objective.objective_id, objective.lesson_id, objective.title, objective.version, objective.subject,
        objective.setting, objective.exercise, objective.exercise_version, objective.measure, objective.unit, result,
        passes=deciding.met if is_shown else None,
        trials=deciding.trials,
        lower_90=lower_bound(deciding.met, deciding.trials) if is_shown and deciding.trials else None,
        share=objective.rule.share,
        of_subjects=objective.rule.of_subjects,
        why=" ".join(_whys(objective, result, rounds, at, left_out, until, is_shown=is_shown)),
        reference=reference.value if reference else None,
        reference_low=reference.low if reference else None,
        reference_high=reference.high if reference else None,
        reference_text=reference.text if reference else "",
        effect=effect.value if effect else None,
        effect_low=effect.low if effect else None,
        effect_high=effect.high if effect else None,
        shown_utc=deciding.ended_utc,
        until_utc=until if result in (HOLDS, STALE) else None,
        rows=tuple(f"attempts:{one}" for one in deciding.attempts) if is_shown else (),
    )  # fmt: skip


def _effect(earlier: Sequence[Round], deciding: Round) -> Shift | None:
    """Return the shift from earlier rounds; None where a miss has no value, since it cannot be averaged."""
    if not all(len(one.values) >= one.met + one.failed for one in (*earlier, deciding)):
        return None
    return shift([value for one in earlier for value in one.values], deciding.values)


def _round(row: Mapping[str, Any]) -> Round:
    counts = {name: int(row[name]) for name in ("met", "failed", "neither", "waiting")}
    values, attempts, notes = (tuple(row[name] or ()) for name in ("values", "attempts", "notes"))
    return Round(**counts, ended_utc=row["ended"], values=values, attempts=attempts, notes=notes)


# ---------------------------------------------------------------- in words


def _whys(
    objective: Objective, result: str, rounds: Sequence[Round], at: int, left_out: Sequence[str],
    until: datetime | None, *, is_shown: bool,
) -> list[str]:  # fmt: skip
    if not rounds:
        return ["No attempt was planned and flown for it.", *_count_notes(left_out, "does not count", "do not count")]
    deciding, rule = rounds[at], objective.rule
    many = "runs" if objective.subject == "procedure" else {"person": "people", "crew": "crews"}[objective.subject]
    sentences = [_figures(deciding, objective, many)] if is_shown else [HIDDEN]
    if result == NOT_ENOUGH:
        sentences.append(_missing(deciding, objective, many))
    if result == STALE and until is not None:
        sentences.append(f"It held; the evidence was valid until {until:%Y-%m-%d}.")
    if result == LOST:
        sentences.append("It held earlier, but later attempts failed.")
    if at > 0:
        fell = sum(decide_round(objective, one) == DOES_NOT_HOLD for one in rounds[:at])
        sentences.append(f"It was tried {at + 1} times; {fell} of the earlier rounds did not hold.")
    if at + 1 < len(rounds):
        sentences.append("Newer attempts are planned but not yet decisive.")
    if rule.of_trials > 1:
        sentences.append(f"Each had to pass {rule.passes} of {rule.of_trials}.")
    notes = _count_notes(deciding.notes, "", "") if is_shown else []
    return [*sentences, *notes, *_count_notes(left_out, "does not count", "do not count")]


def _figures(deciding: Round, objective: Objective, many: str) -> str:
    if not deciding.trials:
        return f"None of the {deciding.waiting} named {many} has been tried yet."
    bound = lower_bound(deciding.met, deciding.trials)
    return (
        f"{deciding.met} of {deciding.trials} {many} met it: with 90 % confidence a share of at least {bound:.2f}; "
        f"{objective.rule.share:g} is required."
    )


def _missing(deciding: Round, objective: Objective, many: str) -> str:
    """Return what is missing for a result."""
    rule = objective.rule
    least = max(rule.of_subjects, fewest_trials(rule.share, misses=deciding.failed))
    missing = max(0, least - deciding.trials)
    one = {"people": "person"}.get(many, many.removesuffix("s"))
    more = f"{missing} more {many} are" if missing > 1 else f"1 more {one} is"
    parts = [f"at least {more} needed"] if missing else []
    parts += [f"{deciding.waiting} named but not finished"] if deciding.waiting else []
    parts += [f"{deciding.neither} showed neither a pass nor a miss"] if deciding.neither else []
    return ", ".join(parts).capitalize() + "." if parts else "More attempts are needed, named before they are flown."


def _count_notes(notes: Sequence[str], one: str, many: str) -> list[str]:
    """Return each note once, with how many attempts it applies to."""
    return [
        f"{number} {'attempt' if number == 1 else 'attempts'} {one if number == 1 else many}".rstrip() + f": {note}."
        for note, number in sorted(Counter(notes).items())
    ]
