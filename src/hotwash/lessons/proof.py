"""Whether objectives are shown by the attempts that were named for them: HOLDS, and the four ways in which it does not.

attempts ─counting─▶ rounds, each with its subjects: met, failed, neither, waiting
round ──▶ HOLDS           it holds even if every one without an answer had failed
      ──▶ DOES NOT HOLD   it would not, even if every one without an answer had passed
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

LEAST_SHOWN = 5  # groups of people under five are not shown in aggregate
HIDDEN = "Fewer than five were tried: their figures go to them and their instructor."


@dataclass(frozen=True, slots=True)
class Round:
    """What attempts that were named together add up to, in subjects.

    met, failed   by their own rule
    neither       tried, and no answer: no opportunity, no data, too few attempts
    waiting       named and not flown, or under way
    ended_utc     end of the last attempt; None where none has ended
    values        what was measured, one value a subject
    attempts      ids of those that were flown
    notes         why attempts are not simply GO or NO-GO
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
    def tried(self) -> int:
        return self.met + self.failed + self.neither


def verify(
    objectives: Sequence[Objective], attempts: pl.DataFrame, scores: pl.DataFrame, *, when_utc: datetime
) -> tuple[Proof, ...]:
    """Return what is shown of each objective by a date, in the order given.

    attempts   ATTEMPTS; scores: SCORES; in any order, of any exercises
    when_utc   the date: what happened later has not happened yet

    Every number is by subjects: people, crews, or for a procedure courses of the exercise drawn by different seeds. An
    effect is the shift from all earlier rounds to the one that decides (effects.shift); it is the same exercise version
    and clock by construction, since nothing else counts.
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


def decide_round(objective: Objective, found: Round) -> str:
    """Return what one round shows: HOLDS, DOES NOT HOLD or NOT ENOUGH EVIDENCE.

    It holds where it would even if every subject without an answer had failed, and enough were tried. It does not
    where it would not even if all of those, and all that are still to be named, had passed.
    """
    rule = objective.rule
    named = found.tried + found.waiting
    if found.tried >= rule.of_subjects and lower_bound(found.met, named) >= rule.share:
        return HOLDS
    in_all = max(named, rule.of_subjects)
    if found.failed and lower_bound(in_all - found.failed, in_all) < rule.share:
        return DOES_NOT_HOLD
    return NOT_ENOUGH


def _proof(objective: Objective, rounds: Sequence[Round], left_out: Sequence[str], when_utc: datetime) -> Proof:
    results = [decide_round(objective, one) for one in rounds]
    at = max((number for number, one in enumerate(results) if one != NOT_ENOUGH), default=len(rounds) - 1)
    shown = rounds[at] if rounds else Round(0, 0, 0, 0, None, (), (), ())
    result = results[at] if rounds else NOT_ENOUGH
    until = None if shown.ended_utc is None else shown.ended_utc + timedelta(days=objective.lives_days)
    if result == HOLDS and until is not None and when_utc > until:
        result = STALE
    if result == DOES_NOT_HOLD and HOLDS in results[:at]:
        result = LOST
    is_open = objective.subject == "procedure"
    is_shown = is_open or not 0 < shown.tried < LEAST_SHOWN
    are_many = is_open or sum(one.tried for one in rounds[:at]) >= LEAST_SHOWN
    moved = _moved(rounds[:at], shown) if is_shown and are_many else None
    reference = objective.reference
    return Proof(
        objective.objective_id, objective.lesson_id, objective.title, objective.version, objective.subject,
        objective.setting, objective.exercise, objective.exercise_version, objective.measure, objective.unit, result,
        passes=shown.met if is_shown else None,
        trials=shown.tried,
        lower_90=lower_bound(shown.met, shown.tried) if is_shown and shown.tried else None,
        share=objective.rule.share,
        of_subjects=objective.rule.of_subjects,
        why=" ".join(_whys(objective, result, rounds, at, left_out, until, is_shown=is_shown)),
        reference=reference.value if reference else None,
        reference_low=reference.low if reference else None,
        reference_high=reference.high if reference else None,
        reference_text=reference.text if reference else "",
        effect=moved.value if moved else None,
        effect_low=moved.low if moved else None,
        effect_high=moved.high if moved else None,
        shown_utc=shown.ended_utc,
        until_utc=until if result in (HOLDS, STALE) else None,
        rows=tuple(f"attempts:{one}" for one in shown.attempts) if is_shown else (),
    )  # fmt: skip


def _moved(earlier: Sequence[Round], shown: Round) -> Shift | None:
    """Return the shift from earlier rounds; None where a miss had no figure: what never came cannot be averaged."""
    if not all(len(one.values) >= one.met + one.failed for one in (*earlier, shown)):
        return None
    return shift([value for one in earlier for value in one.values], shown.values)


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
        return ["No attempt was named and flown for it.", *_told(left_out, "does not count", "do not count")]
    shown, rule = rounds[at], objective.rule
    many = "courses" if objective.subject == "procedure" else {"person": "people", "crew": "crews"}[objective.subject]
    said = [_figures(shown, objective, many)] if is_shown else [HIDDEN]
    if result == NOT_ENOUGH:
        said.append(_wanting(shown, objective, many))
    if result == STALE and until is not None:
        said.append(f"It held; that evidence was good until {until:%Y-%m-%d}.")
    if result == LOST:
        said.append("It held once, and later attempts failed.")
    if at > 0:
        fell = sum(decide_round(objective, one) == DOES_NOT_HOLD for one in rounds[:at])
        said.append(f"It was tried {at + 1} times; {fell} of the earlier ones did not hold.")
    if at + 1 < len(rounds):
        said.append("Newer attempts are named and do not decide yet.")
    if rule.of_trials > 1:
        said.append(f"Each had to pass {rule.passes} of {rule.of_trials}.")
    notes = _told(shown.notes, "", "") if is_shown else []
    return [*said, *notes, *_told(left_out, "does not count", "do not count")]


def _figures(shown: Round, objective: Objective, many: str) -> str:
    if not shown.tried:
        return f"None of the {shown.waiting} named {many} is tried yet."
    bound = lower_bound(shown.met, shown.tried)
    return (
        f"{shown.met} of {shown.tried} {many} met it: with 90 % confidence a share of {bound:.2f} at least, "
        f"{objective.rule.share:g} asked."
    )


def _wanting(shown: Round, objective: Objective, many: str) -> str:
    """Return what is missing for an answer."""
    rule = objective.rule
    least = max(rule.of_subjects, fewest_trials(rule.share, misses=shown.failed))
    wanting = max(0, least - shown.tried)
    parts = [f"{wanting} more {many} are needed at least"] if wanting else []
    parts += [f"{shown.waiting} are named and not over"] if shown.waiting else []
    parts += [f"{shown.neither} showed neither a pass nor a miss"] if shown.neither else []
    return ", ".join(parts).capitalize() + "." if parts else "It takes more that are named before they are flown."


def _told(notes: Sequence[str], one: str, many: str) -> list[str]:
    """Return each note once with how often it was made."""
    return [
        f"{number} {'attempt' if number == 1 else 'attempts'} {one if number == 1 else many}".rstrip() + f": {note}."
        for note, number in sorted(Counter(notes).items())
    ]
