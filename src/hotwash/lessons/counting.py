"""Which attempts count for which objective, and the result of each.

    objectives × ATTEMPTS × SCORES ─▶ a row for each attempt of an objective: outcome, why ─▶ rounds.rounds_of

Every safeguard against counting the wrong attempts is a line in `outcomes_of`; against choosing among the right ones,
in rounds.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC as UTC_ZONE
from datetime import datetime, timedelta

import polars as pl

from hotwash.model import outcomes
from hotwash.model.guards import guarded_outcome, judge_guards
from hotwash.model.objective import Objective
from hotwash.model.outcomes import GO, NO_DATA, NO_OPPORTUNITY
from hotwash.model.schema import F64, I64, TEXT, TEXTS, UTC

WAITING, OUT = "WAITING", "OUT"  # not flown or still running; does not count
ABANDONED_AFTER = timedelta(hours=24)  # no exercise is longer: one that began earlier was abandoned
_NEVER = datetime(9999, 1, 1, tzinfo=UTC_ZONE)  # an attempt that is still running ends after everything else

_REQUIREMENT_COLUMNS = {
    "number": I64, "objective_id": TEXT, "subject": TEXT, "exercise": TEXT, "exercise_version": TEXT, "seat": TEXT,
    "setting": TEXT, "task": TEXT, "measure": TEXT, "unit": TEXT, "opportunity_of": TEXT, "relation": TEXT,
    "threshold": F64, "opens": UTC, "closes": UTC, "named_last": UTC,
}  # fmt: skip
SCORED = ("attempt_id", "seat", "task", "measure", "value", "unit", "opportunity", "result")  # of SCORES
_ATTEMPT_COLUMNS = (
    *("exercise", "exercise_version", "seat", "setting", "subject_kind", "subject_id", "policy", "seed", "is_test"),
    *("objective_id", "state", "named_utc", "started_utc", "ended_utc", "void_why", "void_utc"),
)
ATTEMPTED = ("attempt_id", *_ATTEMPT_COLUMNS)  # of ATTEMPTS


def outcomes_of(
    objectives: Sequence[Objective], attempts: pl.DataFrame, scores: pl.DataFrame, when_utc: datetime
) -> pl.DataFrame:
    """Return one row for each attempt that is named for an objective, with its result.

    objectives   numbered by their position
    attempts     ATTEMPTS, or at least its columns ATTEMPTED; scores: SCORES, or SCORED; both in any order
    when_utc     the date of the evaluation; anything later is ignored
    returns      number, attempt_id, unit, named, closed, ended, voided, void_why, seed, outcome, why, value

    voided    since when it is declared void; null where it is not. The other columns are as if it were not
    unit      whose trial it is: a person or crew; for a procedure, one run of the exercise with one seed
    outcome   GO, NO-GO, NO OPPORTUNITY, NO DATA, WAITING or OUT
    why       the reason, where it is not simply GO or NO-GO
    """
    requirements = _requirements(objectives)
    named = _named_attempts(objectives, attempts)
    theirs = attempts.unique("attempt_id", keep="any").select(
        "attempt_id", *(pl.col(one).alias(f"a_{one}") for one in _ATTEMPT_COLUMNS)
    )
    rows = named.join(requirements, on="number").join(theirs, on="attempt_id", how="left")
    judged = judge_guards(rows.rename({"number": "key"}), [one.guards for one in objectives], scores)
    rows = _with_freshness(_with_scores(judged.rename({"key": "number"}), scores), attempts)
    rows = rows.with_columns(*_times(when_utc))
    rows = rows.with_columns(state=_state(when_utc), wants_occasion=pl.col("opportunity_of") != "")
    # A row in another unit was measured by another clock or scale.
    rows = rows.with_columns(value=pl.when(pl.col("s_unit").eq_missing(pl.col("unit"))).then("value"))
    return (
        rows.with_columns(why=_why(when_utc))
        .with_columns(outcome=_outcome())
        .with_columns(why=_why_guarded())
        .select(
            "number", "attempt_id", "named", "ended", "voided", "value", "why", "outcome", void_why="a_void_why",
            unit=_unit(), seed="a_seed", started="started", closed=_closed(),
        )
    )  # fmt: skip


def with_new_seeds_only(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows, with NO DATA for a pass with a seed that was already flown for the same objective.

    rows   as `outcomes_of` returns them; a miss with a used seed stays a miss
    """
    rows = rows.sort("number", "seed", "started", "attempt_id", nulls_last=True)
    order = pl.int_range(pl.len()).over("number", "seed")
    is_again = pl.col("seed").is_not_null() & pl.col("started").is_not_null() & (order > 0)
    is_pass_again = is_again & (pl.col("outcome") == GO)
    neither = pl.col("outcome").is_in([NO_OPPORTUNITY, NO_DATA]) & (pl.col("why") == "")
    return rows.with_columns(
        outcome=pl.when(is_pass_again).then(pl.lit(NO_DATA)).otherwise("outcome"),
        why=pl.when(is_pass_again).then(pl.lit("flown with a seed that was used before: draw new ones"))
        .when(neither).then("outcome").otherwise("why"),
    )  # fmt: skip


# ---------------------------------------------------------------- what is required, and of which attempts


def _requirements(objectives: Sequence[Objective]) -> pl.DataFrame:
    rows = [
        (
            number, one.objective_id, one.subject, one.exercise, one.exercise_version, one.seat, one.setting, one.task,
            one.measure, one.unit, one.opportunity, one.standard.relation, one.standard.threshold,
            one.window_from_utc, one.window_until_utc, one.named_utc,
        )
        for number, one in enumerate(objectives)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_REQUIREMENT_COLUMNS, orient="row")


def _named_attempts(objectives: Sequence[Objective], attempts: pl.DataFrame) -> pl.DataFrame:
    """Return number, attempt_id, is_listed: the attempts that objectives list, and every test flown for them.

    Both, because a failed attempt that was struck from the list still counts.
    """
    listed = pl.DataFrame(
        {"number": list(range(len(objectives))), "attempt_id": [list(one.attempts) for one in objectives]},
        schema={"number": I64, "attempt_id": TEXTS},
    )
    listed = listed.explode("attempt_id", empty_as_null=False).drop_nulls().with_columns(is_listed=pl.lit(value=True))
    own = pl.DataFrame(
        [(number, one.objective_id) for number, one in enumerate(objectives)],
        schema={"number": I64, "objective_id": TEXT},
        orient="row",
    )
    claimed = attempts.filter("is_test", pl.col("objective_id").is_not_null()).join(own, on="objective_id")
    claimed = claimed.select("number", "attempt_id", is_listed=pl.lit(value=False))
    return pl.concat([listed, claimed]).unique(["number", "attempt_id"], keep="first", maintain_order=True)


def _with_scores(rows: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the value to judge, and the value of the measure that shows whether the occasion arose."""
    wanted = pl.concat([rows["measure"], rows["opportunity_of"]]).unique()
    relevant = (
        scores.lazy()
        .filter(pl.col("measure").is_in(wanted.implode()))
        .select(*SCORED)
        .with_columns(pl.col("task").fill_null(""))
        .collect()
        .join(rows.select("attempt_id").unique(), on="attempt_id", how="semi")
        .unique(["attempt_id", "seat", "task", "measure"], keep="any")
    )
    keys = ["attempt_id", "seat", "task", "measure"]
    judged = rows.join(relevant.rename({"unit": "s_unit"}), on=keys, how="left")
    occasions = relevant.select("attempt_id", "seat", task_of="task", opportunity_of="measure", occasion="value")
    came = (
        rows.filter(pl.col("opportunity_of") != "")
        .select("number", "attempt_id", "seat", "task", "opportunity_of")
        .join(occasions, on=["attempt_id", "seat", "opportunity_of"])
        .filter((pl.col("task_of") == "") | (pl.col("task_of") == pl.col("task")))
        .group_by("number", "attempt_id")
        .agg(pl.col("occasion").max())
    )
    return judged.join(came, on=["number", "attempt_id"], how="left")


def _with_freshness(rows: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the time when their subject first flew the same exercise with the same seed."""
    keys = ["exercise", "exercise_version", "subject_kind", "subject_id", "seed"]
    met = attempts.drop_nulls(["seed", "started_utc"]).group_by(keys).agg(first_met=pl.col("started_utc").min())
    return rows.join(met.rename({one: f"a_{one}" for one in keys}), on=[f"a_{one}" for one in keys], how="left")


# ---------------------------------------------------------------- results


def _times(when_utc: datetime) -> list[pl.Expr]:
    is_own = pl.col("a_objective_id").eq_missing(pl.col("objective_id"))
    listed = pl.when("is_listed").then("named_last")
    voided = pl.coalesce("a_void_utc", "a_started_utc")
    return [
        pl.when(is_own).then(pl.col("a_named_utc").fill_null(listed)).otherwise(listed).alias("named"),
        pl.when(pl.col("a_started_utc") <= when_utc).then("a_started_utc").alias("started"),
        pl.when(pl.col("a_ended_utc") <= when_utc).then("a_ended_utc").alias("ended"),
        pl.when(_is_void(), voided <= when_utc).then(voided).alias("voided"),
    ]


def _is_void() -> pl.Expr:
    """Return whether an attempt was declared void with a reason; without one it is abandoned."""
    has_reason = pl.col("a_void_why").str.strip_chars().fill_null("") != ""
    return ((pl.col("a_state") == "void") & has_reason).fill_null(value=False)


def _state(when_utc: datetime) -> pl.Expr:
    """Return the state on the date: planned, started, finished or abandoned; of a void one, what it was before."""
    is_scored = pl.any_horizontal(pl.col(one).is_not_null() for one in ("s_unit", "value", "opportunity", "result"))
    before = pl.when(pl.col("a_ended_utc").is_null()).then(pl.lit("started")).when(is_scored).then(pl.lit("finished"))
    state = pl.when(_is_void()).then(before.otherwise(pl.lit("abandoned"))).otherwise("a_state")
    was_left = pl.col("started").is_null() | (pl.col("started") < when_utc - ABANDONED_AFTER)
    is_later = pl.col("a_started_utc") > when_utc
    return (
        pl.when(state.is_null() | (state == "planned") | is_later.fill_null(value=False)).then(pl.lit("planned"))
        .when(state.is_in(["abandoned", "void"])).then(pl.lit("abandoned"))
        .when(pl.col("a_ended_utc") > when_utc).then(pl.lit("started"))
        .when((state == "started") & was_left).then(pl.lit("abandoned"))
        .otherwise(state)
    )  # fmt: skip


def _why(when_utc: datetime) -> pl.Expr:
    """Return the first reason why an attempt is not simply judged; empty where it is."""
    is_over = pl.col("closes").is_not_null() & (pl.col("closes") < when_utc)
    outside = (pl.col("started") < pl.col("opens")) | (pl.col("started") > pl.col("closes"))
    is_other = pl.any_horizontal(pl.col(f"a_{one}") != pl.col(one) for one in ("exercise", "seat", "setting"))
    is_person = pl.col("subject") != "procedure"
    first = [
        (~pl.col("a_is_test"), "practice never counts"),
        (pl.col("a_subject_kind") != pl.col("subject"), "flown by another kind of subject"),
        (is_person & pl.col("a_policy").is_not_null(), "flown by an automatic operator: never counts for people"),
        (pl.col("named").is_null() | (pl.col("named") > pl.col("started")), "not named before it was flown"),
        (pl.col("named") > when_utc, "named later"),
        ((pl.col("state") == "planned") & is_over, "named, but not flown in its window"),
        (pl.col("state") == "planned", "not flown yet"),
        (pl.col("state") == "started", "under way"),
        (pl.col("a_exercise_version") != pl.col("exercise_version"), "flown on another version of the exercise"),
        (is_other, "flown in another exercise, seat or setting"),
        (outside, "flown outside its window"),
        (pl.col("state") == "abandoned", "abandoned"),
        (is_person & (pl.col("first_met") < pl.col("started")), "the subject had flown this seed before"),
    ]
    reason: pl.Expr = pl.lit("")
    for holds, why in reversed(first):
        reason = pl.when(holds.fill_null(value=False)).then(pl.lit(why)).otherwise(reason)
    return reason


_OUT = ("practice", "flown by", "not named", "named later")
_WAITS = ("not flown yet", "under way")
_NO_DATA = ("named, but not flown in its window", "flown on another version", "flown in another", "flown outside")


def _outcome() -> pl.Expr:
    why = pl.col("why")

    def begins(words: Sequence[str]) -> pl.Expr:
        return pl.any_horizontal(why.str.starts_with(one) for one in words)

    judged = pl.when(pl.col("why") == "").then(guarded_outcome(outcomes.outcome())).otherwise(outcomes.outcome())
    had_met = why.str.starts_with("the subject had flown") & (judged == GO)
    return (
        pl.when(begins(_OUT)).then(pl.lit(OUT))
        .when(begins(_WAITS)).then(pl.lit(WAITING))
        .when(begins(_NO_DATA) | had_met).then(pl.lit(NO_DATA))
        .otherwise(judged)
    )  # fmt: skip


def _why_guarded() -> pl.Expr:
    """Return the reason, with the guard that was broken, or that nobody measured, where that decides."""
    is_plain = pl.col("why") == ""
    is_untold = pl.col("broken").is_null() & pl.col("untold").is_not_null() & (pl.col("outcome") == NO_DATA)
    return (
        pl.when(is_plain & pl.col("broken").is_not_null()).then(pl.format("a guard is broken: {}", "broken"))
        .when(is_plain & is_untold).then(pl.format("NO DATA for a guard: {}", "untold"))
        .otherwise("why")
    )  # fmt: skip


def _unit() -> pl.Expr:
    course = pl.format("{} seed {}", "a_subject_id", "a_seed")
    whose = pl.when(pl.col("subject") == "procedure").then(course).otherwise("a_subject_id")
    return whose.fill_null(pl.col("attempt_id"))


def _closed() -> pl.Expr:
    """Return when an attempt ended; for one that was never flown, when its window ended; otherwise never."""
    is_open = pl.col("outcome") == WAITING
    over = pl.coalesce("ended", pl.col("started") + ABANDONED_AFTER, "closes")
    return pl.when(~is_open).then(over).fill_null(pl.lit(_NEVER, dtype=UTC))
