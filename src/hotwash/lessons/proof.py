"""Whether the attempts named for an objective show that it is met: HOLDS, or one of four other results.

attempts ─counting─▶ results ─rounds─▶ rounds, each decided once: HOLDS · DOES NOT HOLD · NOT ENOUGH EVIDENCE
newest round that decides ──▶ HOLDS · STALE (too old) · DOES NOT HOLD · LOST (an earlier round held)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from hotwash.lessons.counting import OUT, outcomes_of
from hotwash.lessons.effects import Shift, shift
from hotwash.lessons.rounds import Round, rounds_of
from hotwash.model import anytime
from hotwash.model.guards import RELATION_WORDS
from hotwash.model.objective import Objective
from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, LOST, NOT_ENOUGH, STALE, Proof, RoundResult

LEAST_SHOWN = 5  # no aggregate figures for fewer people
HIDDEN = "Fewer than five were tried: only they and their instructor see the figures."


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
    rounds = rounds_of(objectives, rows)
    left_out: dict[int, list[str]] = {}
    for number, why in rows.filter(pl.col("outcome") == OUT).select("number", "why").sort("number", "why").iter_rows():
        left_out.setdefault(number, []).append(why)
    for number, theirs in rounds.items():
        left_out.setdefault(number, []).extend(f"void: {why}" for one in theirs for why in one.voided)
    proofs = [
        _proof(one, rounds.get(number, []), left_out.get(number, []), when_utc) for number, one in enumerate(objectives)
    ]
    return tuple(_with_same(objectives, proofs))


def _proof(objective: Objective, rounds: Sequence[Round], left_out: Sequence[str], when_utc: datetime) -> Proof:
    at = max((number for number, one in enumerate(rounds) if one.result != NOT_ENOUGH), default=len(rounds) - 1)
    deciding = rounds[at] if rounds else Round()
    shown_utc = deciding.decided_utc or deciding.ended_utc
    until = None if shown_utc is None else shown_utc + timedelta(days=objective.lives_days)
    result = deciding.result
    if result == HOLDS and until is not None and when_utc > until:
        result = STALE
    if result == DOES_NOT_HOLD and any(one.result == HOLDS for one in rounds[:at]):
        result = LOST
    is_shown = _may_show(objective, deciding)
    are_many = objective.subject == "procedure" or sum(one.trials for one in rounds[:at]) >= LEAST_SHOWN
    effect = _effect(rounds[:at], deciding) if is_shown and are_many else None
    reference = objective.reference
    return Proof(
        objective.objective_id, objective.lesson_id, objective.title, objective.version, objective.subject,
        objective.setting, objective.exercise, objective.exercise_version, objective.measure, objective.unit, result,
        passes=deciding.met if is_shown else None,
        trials=deciding.trials,
        lower_90=deciding.lower if is_shown else None,
        share=objective.rule.share,
        of_subjects=objective.rule.of_subjects,
        why=" ".join(_whys(objective, result, rounds, at, left_out, until, is_shown=is_shown)),
        decides=decides(objective),
        reference=reference.value if reference else None,
        reference_low=reference.low if reference else None,
        reference_high=reference.high if reference else None,
        reference_text=reference.text if reference else "",
        effect=effect.value if effect else None,
        effect_low=effect.low if effect else None,
        effect_high=effect.high if effect else None,
        shown_utc=shown_utc,
        until_utc=until if result in (HOLDS, STALE) else None,
        rows=tuple(f"attempts:{one}" for one in deciding.attempts) if is_shown else (),
        rounds=tuple(_round_result(objective, one) for one in rounds),
    )  # fmt: skip


def _with_same(objectives: Sequence[Objective], proofs: Sequence[Proof]) -> Iterator[Proof]:
    """Yield the proofs, each naming the others that ask the same: each has rounds, and a level, of its own."""
    same: dict[tuple[str, ...], list[Proof]] = {}
    for asked, proof in zip(objectives, proofs, strict=True):
        if proof.rounds:
            same.setdefault(_question(asked), []).append(proof)
    for asked, proof in zip(objectives, proofs, strict=True):
        others = [one for one in same.get(_question(asked), ()) if one is not proof]
        notes = [
            f"Objective {one.objective_id} asks the same: {len(one.rounds)} "
            f"{'round' if len(one.rounds) == 1 else 'rounds'}, {one.result}; the chance of error of both adds up."
            for one in others
        ]
        yield replace(proof, why=" ".join([proof.why, *notes])) if notes else proof


def _question(asked: Objective) -> tuple[str, ...]:
    """Return what an objective asks, whatever its standard and rule."""
    return (
        asked.lesson_id, asked.subject, asked.setting, asked.exercise, asked.exercise_version, asked.seat, asked.task,
        asked.measure,
    )  # fmt: skip


def decides(objective: Objective) -> str:
    """Return in a sentence what decides an attempt: the measure, its clock, its standard and the guards."""
    relation = RELATION_WORDS[objective.standard.relation]
    what = f"{objective.measure}{f' of task {objective.task}' if objective.task else ''}"
    clock = f" ({objective.clock})" if objective.clock else ""
    said = f"Each attempt is decided by {what}{clock}: {relation} {objective.standard.threshold:g} {objective.unit}."
    guards = "; ".join(one.text for one in objective.guards)
    return said + (f" Guards, a miss where one is broken: {guards}." if guards else "")


def column_text(objective: Objective) -> str:
    """Return in which column of a watch's score the deciding measure stands; "" for a flight, which has one only."""
    if objective.seat != "watch":
        return ""
    is_known = objective.measure.endswith("_known")
    return f"In a score it stands in the column “{'what could be known' if is_known else 'what happened'}”."


def _may_show(objective: Objective, round_: Round) -> bool:
    return objective.subject == "procedure" or not 0 < round_.trials < LEAST_SHOWN


def _round_result(objective: Objective, round_: Round) -> RoundResult:
    is_shown = _may_show(objective, round_)
    return RoundResult(
        round_.number,
        round_.result,
        passes=round_.met if is_shown else None,
        trials=round_.trials,
        waiting=round_.waiting,
        lower=round_.lower if is_shown else None,
        level=round_.level,
        decided_utc=round_.decided_utc,
    )


def _effect(earlier: Sequence[Round], deciding: Round) -> Shift | None:
    """Return the shift from earlier rounds; None where a miss has no value, since it cannot be averaged."""
    if not all(len(one.values) >= one.met + one.failed for one in (*earlier, deciding)):
        return None
    return shift([value for one in earlier for value in one.values], deciding.values)


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
        fell = sum(one.result == DOES_NOT_HOLD for one in rounds[:at])
        sentences.append(f"It was tried in {at + 1} rounds; {fell} of the earlier ones did not hold.")
    if at + 1 < len(rounds):
        sentences.append("Newer attempts are planned but not yet decisive.")
    if rule.of_trials > 1:
        sentences.append(f"Each had to pass {rule.passes} of {rule.of_trials}.")
    notes = _count_notes(deciding.notes, "", "") if is_shown else []
    return [*sentences, *notes, *_count_notes(left_out, "does not count", "do not count")]


def _figures(deciding: Round, objective: Objective, many: str) -> str:
    if not deciding.trials and not deciding.waiting:
        return "No attempt was planned and flown for it."
    if not deciding.trials:
        return f"None of the {deciding.waiting} named {many} has been tried yet."
    return (
        f"{deciding.met} of {deciding.trials} {many} met it: a share of at least {_floor(deciding.lower or 0.0)}, "
        f"with 90 % confidence over all rounds; {objective.rule.share:g} is required."
    )


def _floor(share: float) -> str:
    """Return a bound to two digits that is not above it."""
    return f"{int(share * 100.0 + 1e-9) / 100.0:.2f}"


def _missing(deciding: Round, objective: Objective, many: str) -> str:
    """Return what is missing for a result."""
    rule = objective.rule
    fewest = anytime.fewest_trials(rule.share, misses=deciding.failed, at_level=deciding.level)
    least = max(rule.of_subjects, fewest)
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
