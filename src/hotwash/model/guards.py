"""Guards: further measures that must stay within bounds in the same attempt, so that no number is had at any price.

attempts × guards × SCORES ─judge_guards─▶ the guard that is broken, the guard that nobody measured ─▶ guarded_outcome
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from hotwash.model.outcomes import GO, NO_DATA, NO_GO, NO_OPPORTUNITY
from hotwash.model.schema import F64, I64, TEXT

RELATION_WORDS = {"at_most": "at most", "at_least": "at least"}


@dataclass(frozen=True, slots=True)
class Guard:
    """A measure of the same attempt that must stay within a bound.

    measure, task      as in SCORES; task "": the attempt as a whole
    unit               that of the measure
    relation           at_most or at_least the threshold
    """

    measure: str
    unit: str
    relation: str
    threshold: float
    task: str = ""

    @property
    def text(self) -> str:
        """The guard in words: "false_breaches at most 1 count"."""
        what = f"{self.measure}{f' of task {self.task}' if self.task else ''}"
        return f"{what} {RELATION_WORDS[self.relation]} {self.threshold:g} {self.unit}".rstrip()


_COLUMNS = {
    "key": I64, "measure": TEXT, "guard_unit": TEXT, "task": TEXT, "guard_relation": TEXT, "guard_threshold": F64,
    "guard": TEXT,
}  # fmt: skip


def judge_guards(rows: pl.DataFrame, guards: Sequence[Sequence[Guard]], scores: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `broken` and `untold`: the guard that is broken, and one without a figure, in words.

    rows     `key`: the position in guards, attempt_id, seat
    guards   of each key
    scores   SCORES, or its columns attempt_id, seat, task, measure, value, unit, opportunity

    A figure in another unit is none. A guard whose occasion did not come is kept.
    """
    listed = pl.DataFrame(
        [(key, one.measure, one.unit, one.task, one.relation, one.threshold, one.text)
         for key, some in enumerate(guards) for one in some],
        schema=_COLUMNS, orient="row",
    )  # fmt: skip
    if listed.is_empty():
        return rows.with_columns(broken=pl.lit(None, TEXT), untold=pl.lit(None, TEXT))
    keys = ["attempt_id", "seat", "task", "measure"]
    figures = (
        scores.lazy()
        .filter(pl.col("measure").is_in(listed["measure"].unique().implode()))
        .select("attempt_id", "seat", pl.col("task").fill_null(""), "measure", "value", "unit", "opportunity")
        .unique(keys, keep="any")
        .collect()
    )
    judged = rows.select("key", "attempt_id", "seat").unique().join(listed, on="key").join(figures, on=keys, how="left")
    value = pl.when((pl.col("unit") == pl.col("guard_unit")) | (pl.col("guard_unit") == "")).then("value")
    at_most = pl.col("guard_relation") == "at_most"
    is_kept = pl.when(at_most).then(value <= pl.col("guard_threshold")).otherwise(value >= pl.col("guard_threshold"))
    figure = pl.format("{} was {}, {} required", "measure", value.round_sig_figs(3), _required())
    found = (
        judged.with_columns(is_kept=pl.when(pl.col("opportunity") == "no").then(pl.lit(value=True)).otherwise(is_kept))
        .group_by("key", "attempt_id", "seat")
        .agg(
            broken=figure.filter(~pl.col("is_kept")).sort().first(),
            untold=pl.col("guard").filter(pl.col("is_kept").is_null()).sort().first(),
        )
    )
    return rows.join(found, on=["key", "attempt_id", "seat"], how="left")


def _required() -> pl.Expr:
    words = pl.col("guard_relation").replace_strict(RELATION_WORDS, return_dtype=TEXT)
    return pl.format("{} {} {}", words, pl.col("guard_threshold"), "guard_unit")


def guarded_outcome(outcome: pl.Expr) -> pl.Expr:
    """Return the result with its guards: broken, a miss; without a figure, no pass.

    It needs the columns `broken` and `untold`. A miss stays one, and what is not judged at all stays so.
    """
    is_judged = outcome.is_in([GO, NO_OPPORTUNITY, NO_DATA])
    return (
        pl.when(is_judged & pl.col("broken").is_not_null()).then(pl.lit(NO_GO))
        .when((outcome == GO) & pl.col("untold").is_not_null()).then(pl.lit(NO_DATA))
        .otherwise(outcome)
    )  # fmt: skip
