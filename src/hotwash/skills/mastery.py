"""Mastery of a skill after new trials: (mastery, scores, when) ─▶ (mastery, log), by one estimate.

    whole test attempts ─▶ the newest of them (Window) ─▶ Beta(passes + 1/2, misses + 1/2) ─▶ lower bound at 90 %

Items within an attempt are not trials, since they share the day, the wind and the pilot's form. Practice never counts;
NO OPPORTUNITY and NO DATA are neither passes nor misses. `update_mastery` updates one mastery, `compute_masteries`
computes all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.model.mastery import ASKED, LEAST_TRIALS, Mastery, Trial
from hotwash.model.outcomes import GO, NO_GO
from hotwash.model.shares import lower_bounds

WHO = ("subject_kind", "subject_id", "skill", "level")
PRACTICE = "practice never counts"
NEITHER = "neither a pass nor a miss: {}"
TOO_OLD = "older than {:g} days"
PUSHED_OUT = "{} newer attempts count in its place"


@dataclass(frozen=True, slots=True)
class Window:
    """Which attempts still count: only the newest ones, so that progress is not averaged away.

    attempts   greatest number: of fifteen, one miss may be outweighed by 14 passes, and no more
    days       none older than this
    """

    attempts: int = 15
    days: float = 365.0


DEFAULT_WINDOW = Window()


@dataclass(frozen=True, slots=True)
class Entry:
    """One trial and its effect: whether it counts, and the bound and standing after it."""

    trial: Trial
    is_counted: bool
    why: str
    lower_90: float | None
    standing: str


def update_mastery(
    mastery: Mastery, scores: Sequence[Trial], when_utc: datetime, *, window: Window = DEFAULT_WINDOW
) -> tuple[Mastery, tuple[Entry, ...]]:
    """Return the mastery after new trials, and one entry for each of them.

    mastery    before; a trial that has left its window never returns
    scores     attempts in any order; one that is already counted, or is after `when_utc`, changes nothing
    when_utc   the date of the evaluation
    """
    new = sorted({one.attempt_id: one for one in scores if one.ended_utc <= when_utc}.values())
    pool = {one.attempt_id: one for one in (*new, *mastery.counted)}
    eligible = sorted(one for one in pool.values() if not _why_never(one) and not _is_old(one, when_utc, window))
    counted = tuple(eligible[-window.attempts :])
    ends = [one.ended_utc for one in new] + ([mastery.practised_utc] if mastery.practised_utc else [])
    done = replace(mastery, counted=counted, practised_utc=max(ends, default=None))
    whys = [_why_never(one) or _why_left(one, counted, when_utc, window) for one in new]
    log = tuple(Entry(one, not why, why, done.lower_90, done.standing) for one, why in zip(new, whys, strict=True))
    return done, log


def compute_masteries(
    trials: pl.DataFrame, when_utc: datetime, *, window: Window = DEFAULT_WINDOW
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return every mastery, and for each trial whether it counts: MASTERIES, MASTERY_LOG.

    trials     TRIALS, in any order; an attempt that occurs twice for a skill and level counts once
    when_utc   the date of the evaluation; later trials change nothing

    Equals `update_mastery` over each subject's trials (a test compares them), and takes seconds for a million.
    """
    log = _log_of(trials, when_utc, window)
    groups = (
        log.group_by(WHO)
        .agg(
            passes=(pl.col("is_counted") & (pl.col("outcome") == GO)).sum().cast(pl.Int64),
            trials=pl.col("is_counted").sum().cast(pl.Int64),
            tested_utc=pl.col("ended_utc").filter("is_counted").max(),
            practised_utc=pl.col("ended_utc").max(),
            rows=pl.col("attempt_id").filter("is_counted"),
        )
        .sort(WHO)
    )
    bounds = lower_bounds(groups["passes"].to_numpy(), groups["trials"].to_numpy())
    is_tried = pl.col("trials") > 0
    masteries = groups.with_columns(
        estimate=pl.when(is_tried).then((pl.col("passes") + 0.5) / (pl.col("trials") + 1.0)),
        lower_90=pl.when(is_tried).then(pl.Series(bounds, dtype=pl.Float64)),
    ).with_columns(standing=_standing())
    return schema.conform(masteries, tables.MASTERIES), schema.conform(log, tables.MASTERY_LOG)


def table_of_bounds(most: int = 20) -> list[tuple[int, int, float, float]]:
    """Return how many passes it takes: trials, fewest passes that show mastery, their bound, the bound one below.

    Rows where no number of passes shows it are left out.
    """
    rows = []
    for trials in range(LEAST_TRIALS, most + 1):
        passes = np.arange(trials + 1, dtype=np.int64)
        bounds = lower_bounds(passes, np.full(trials + 1, trials, np.int64))
        enough = np.flatnonzero(bounds >= ASKED)
        if len(enough):
            least = int(enough[0])
            rows.append((trials, least, float(bounds[least]), float(bounds[least - 1])))
    return rows


def _log_of(trials: pl.DataFrame, when_utc: datetime, window: Window) -> pl.DataFrame:
    """Return each trial with whether it counts and why not, sorted by subject, skill, level and end."""
    may_count = pl.col("is_test") & pl.col("outcome").is_in([GO, NO_GO])
    is_old = pl.col("ended_utc") < when_utc - timedelta(days=window.days)
    candidates = (
        trials.filter(pl.col("ended_utc") <= when_utc)
        .sort(*WHO, "ended_utc", "attempt_id")
        .unique(["attempt_id", "skill", "level"], keep="last", maintain_order=True)
        .with_columns(is_eligible=may_count & ~is_old)
    )
    newer = pl.col("is_eligible").cum_sum(reverse=True).over(WHO)
    why = (
        pl.when(~pl.col("is_test")).then(pl.lit(PRACTICE))
        .when(~pl.col("outcome").is_in([GO, NO_GO])).then(pl.format(NEITHER, "outcome"))
        .when(is_old).then(pl.lit(TOO_OLD.format(window.days)))
        .when(newer > window.attempts).then(pl.lit(PUSHED_OUT.format(window.attempts)))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    return (
        candidates.with_columns(why=why)
        .with_columns(is_counted=pl.col("why") == "")
        .drop("is_eligible", "is_test")
        .select(tables.MASTERY_LOG.names)
    )


def _standing() -> pl.Expr:
    return (
        pl.when(pl.col("trials") == 0).then(pl.lit("untried"))
        .when(pl.col("trials") < LEAST_TRIALS).then(pl.lit("provisional"))
        .when(pl.col("lower_90") >= ASKED).then(pl.lit("mastered"))
        .otherwise(pl.lit("not shown"))
    )  # fmt: skip


def _is_old(trial: Trial, when_utc: datetime, window: Window) -> bool:
    return trial.ended_utc < when_utc - timedelta(days=window.days)


def _why_never(trial: Trial) -> str:
    if not trial.is_test:
        return PRACTICE
    return "" if trial.outcome in (GO, NO_GO) else NEITHER.format(trial.outcome)


def _why_left(trial: Trial, counted: tuple[Trial, ...], when_utc: datetime, window: Window) -> str:
    if any(one.attempt_id == trial.attempt_id for one in counted):
        return ""
    return TOO_OLD.format(window.days) if _is_old(trial, when_utc, window) else PUSHED_OUT.format(window.attempts)
