"""What a claim leaves possible: its relation and value as a closed interval.

exactly 19   [19, 19]        at_least 8   [8, ∞)        more_than 10   [11, ∞) when counted
about 24     [24−w, 24+w]    at_most 700  (−∞, 700]     between 2 4    [2, 4]
"""

from __future__ import annotations

import math

import polars as pl

from hotwash.model.words import COUNT_UNITS
from hotwash.units import METRE_PER, MINUTE_PER

_KM_PER = {unit: metres / 1000.0 for unit, metres in METRE_PER.items()}
_EXACT_MIN = 0.5  # a time or duration told to the minute holds for that minute
_DIGITS = 9  # so that 0.29 × 100 widens 100 by 29, not by a hair less


def bounded(claims: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Return the claims with what they leave possible.

    claims     CLAIMS
    questions  QUESTIONS
    returns    CLAIMS plus `kind subject_id type_label`, the `unit` in which it is weighed (km, min, utc, a count),
               `low`, `high` float64 (minutes since 1970 for times; ±∞ when open; null when no number was given)
    """
    asked = questions.select(
        "question_id", "kind", "subject_id", "type_label", "about_fraction", "about_amount", question_unit="unit"
    )
    joined = claims.join(asked, on="question_id", how="left", maintain_order="left")
    scale = _scale()
    number, high = (_number(name) * scale for name in ("value", "value_high"))
    width = pl.max_horizontal(
        number.abs() * pl.col("about_fraction").fill_null(0.0), pl.col("about_amount").fill_null(0.0)
    )
    step = pl.when(pl.col("kind") == "count").then(1.0).otherwise(0.0)
    exact = pl.when(pl.col("kind").is_in(["time", "duration"])).then(_EXACT_MIN).otherwise(0.0)
    relation = pl.col("relation")
    low = (
        pl.when(relation.is_in(["at_most", "less_than"]))
        .then(-math.inf)
        .when(relation == "more_than")
        .then(number + step)
        .when(relation == "about")
        .then(_whole((number - width).round(_DIGITS), up=True))
        .when(relation == "exactly")
        .then(number - exact)
        .otherwise(number)
    )
    top = (
        pl.when(relation.is_in(["at_least", "more_than"]))
        .then(math.inf)
        .when(relation == "less_than")
        .then(number - step)
        .when(relation == "about")
        .then(_whole((number + width).round(_DIGITS), up=False))
        .when(relation == "between")
        .then(high)
        .when(relation == "exactly")
        .then(number + exact)
        .otherwise(number)
    )
    return joined.with_columns(
        low=pl.when(number.is_null()).then(None).otherwise(low),
        high=pl.when(number.is_null()).then(None).otherwise(top),
        unit=_weighed_unit(),
    ).drop("about_fraction", "about_amount", "question_unit")


def _whole(edge: pl.Expr, *, up: bool) -> pl.Expr:
    """Return the edge of `about`: for counts the last whole number inside, and nothing is below zero but a time."""
    whole = edge.ceil() if up else edge.floor()
    cut = pl.when(pl.col("kind") == "count").then(whole).otherwise(edge)
    return pl.when(pl.col("kind") == "time").then(cut).otherwise(pl.max_horizontal(cut, pl.lit(0.0)))


def _number(name: str) -> pl.Expr:
    """Return a column of text as numbers: minutes since 1970 for times, null for words."""
    text = pl.col(name)
    minutes = text.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us", strict=False)
    return (
        pl.when(pl.col("kind") == "time")
        .then(minutes.dt.epoch("s").cast(pl.Float64) / 60.0)
        .when(pl.col("kind").is_in(["count", "range", "duration"]))
        .then(text.cast(pl.Float64, strict=False))
        .otherwise(None)
    )


def _scale() -> pl.Expr:
    unit = pl.coalesce("unit", "question_unit")  # the reader spells units our way
    return (
        pl.when(pl.col("kind") == "range")
        .then(unit.replace_strict(_KM_PER, default=1.0, return_dtype=pl.Float64))
        .when(pl.col("kind") == "duration")
        .then(unit.replace_strict(MINUTE_PER, default=1.0, return_dtype=pl.Float64))
        .otherwise(1.0)
    )


def _weighed_unit() -> pl.Expr:
    is_own_count = (pl.col("kind") == "count") & pl.col("unit").is_in(COUNT_UNITS)
    return pl.when(is_own_count).then("unit").otherwise("question_unit")
