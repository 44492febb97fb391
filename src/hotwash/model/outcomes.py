"""The result of an attempt against a standard: GO, NO-GO, NO OPPORTUNITY or NO DATA.

attempt's state ─┐
row of SCORES ───┼─▶ outcome
standard ────────┘
"""

from __future__ import annotations

import polars as pl

GO, NO_GO, NO_OPPORTUNITY, NO_DATA = "GO", "NO-GO", "NO OPPORTUNITY", "NO DATA"
RELATIONS = ("at_most", "at_least")


def outcome() -> pl.Expr:
    """Return the expression for the result of an attempt that has ended.

    It needs these columns:

    state         of ATTEMPTS; an abandoned attempt is a NO-GO, whatever was measured before
    value, opportunity, result   of the row of SCORES to judge; null where there is none
    occasion      value of the measure that shows whether the occasion arose; null where there is none
    wants_occasion   whether such a measure is required
    relation, threshold   the standard; relation null: the row's own result counts

    A row that is NO-GO by itself stays one: flying in a mode that the form does not allow is not a pass at any number
    of points, and a time that was never reached has no value. Where it is unknown whether the occasion arose, the
    result is NO DATA.
    """
    value, threshold = pl.col("value"), pl.col("threshold")
    meets = pl.when(pl.col("relation") == "at_most").then(value <= threshold).otherwise(value >= threshold)
    by_standard = (
        pl.when((pl.col("result") == NO_GO).fill_null(value=False))
        .then(pl.lit(NO_GO))
        .when(value.is_null()).then(pl.lit(NO_DATA))
        .when(meets).then(pl.lit(GO))
        .otherwise(pl.lit(NO_GO))
    )  # fmt: skip
    never_came = (pl.col("opportunity") == "no") | (pl.col("result") == NO_OPPORTUNITY)
    if_asked = pl.col("wants_occasion") & (pl.col("occasion") <= 0.0)
    unknown = (pl.col("opportunity") == "unknown") | (pl.col("wants_occasion") & pl.col("occasion").is_null())
    return (
        pl.when(pl.col("state") == "abandoned").then(pl.lit(NO_GO))
        .when(never_came.fill_null(value=False) | if_asked.fill_null(value=False)).then(pl.lit(NO_OPPORTUNITY))
        .when(unknown.fill_null(value=False)).then(pl.lit(NO_DATA))
        .when(pl.col("relation").is_null()).then(pl.col("result").fill_null(NO_DATA))
        .otherwise(by_standard)
    )  # fmt: skip
