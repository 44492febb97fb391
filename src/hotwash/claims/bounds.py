"""What a claim leaves possible: its relation and value as a closed interval.

exactly 19   [19, 19]        at_least 8   [8, ∞)        more_than 10   [11, ∞) when counted
about 24     [24−w, 24+w]    at_most 700  (−∞, 700]     between 2 4    [2, 4]
"""

from __future__ import annotations

import math

import polars as pl

from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS

_DIGITS = 9  # so that 0.29 × 100 widens 100 by 29, not by a hair less


def bound_claims(claims: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Return the claims with what they leave possible.

    claims     CLAIMS
    questions  QUESTIONS
    returns    CLAIMS plus `kind subject_id type_label`, the `unit` in which it is weighed (km, min, utc, a count),
               `low`, `high` float64 (minutes since 1970 for times; ±∞ when open; null when no number was given)
    """
    of_question = questions.select(
        "question_id", "kind", "subject_id", "type_label", "about_fraction", "about_amount", question_unit="unit"
    )
    with_question = claims.join(of_question, on="question_id", how="left", maintain_order="left")
    scale = _scale()
    number, high = (_number(name) * scale for name in ("value", "value_high"))
    width = pl.max_horizontal(
        number.abs() * pl.col("about_fraction").fill_null(0.0), pl.col("about_amount").fill_null(0.0)
    )
    step, exact = _declared("step"), _declared("half_width")
    relation = pl.col("relation")
    low = (
        pl.when(relation.is_in(["at_most", "less_than"]))
        .then(-math.inf)
        .when(relation == "more_than")
        .then(number + step)
        .when(relation == "about")
        .then(_about_edge((number - width).round(_DIGITS), up=True))
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
        .then(_about_edge((number + width).round(_DIGITS), up=False))
        .when(relation == "between")
        .then(high)
        .when(relation == "exactly")
        .then(number + exact)
        .otherwise(number)
    )
    return with_question.with_columns(
        low=pl.when(number.is_null()).then(None).otherwise(low),
        high=pl.when(number.is_null()).then(None).otherwise(top),
        unit=_weighed_unit(),
    ).drop("about_fraction", "about_amount", "question_unit")


def _declared(field: str) -> pl.Expr:
    """Return a number that the kind of the question declares."""
    declared = {name: getattr(kind, field) for name, kind in QUESTION_KINDS.items()}
    return pl.col("kind").replace_strict(declared, default=0.0, return_dtype=pl.Float64)


def _of_form(*forms: str) -> pl.Expr:
    return pl.col("kind").is_in([name for name, kind in QUESTION_KINDS.items() if kind.form in forms])


def _about_edge(edge: pl.Expr, *, up: bool) -> pl.Expr:
    """Return the edge of `about`: for counts the last whole number inside, and nothing is below zero but a time."""
    cut = pl.when(_declared("step") > 0.0).then(edge.ceil() if up else edge.floor()).otherwise(edge)
    return pl.when(_of_form("time")).then(cut).otherwise(pl.max_horizontal(cut, pl.lit(0.0)))


def _number(name: str) -> pl.Expr:
    """Return a column of text as numbers: minutes since 1970 for times, null for words."""
    text = pl.col(name)
    minutes = text.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us", strict=False)
    return (
        pl.when(_of_form("time"))
        .then(minutes.dt.epoch("s").cast(pl.Float64) / 60.0)
        .when(_of_form("number"))
        .then(text.cast(pl.Float64, strict=False))
    )


def _scale() -> pl.Expr:
    unit = pl.coalesce("unit", "question_unit")  # the reader spells units our way
    scale = pl.lit(1.0)
    for name, kind in QUESTION_KINDS.items():
        if kind.scale:
            scaled = unit.replace_strict(dict(kind.scale), default=1.0, return_dtype=pl.Float64)
            scale = pl.when(pl.col("kind") == name).then(scaled).otherwise(scale)
    return scale


def _weighed_unit() -> pl.Expr:
    is_own_count = (_declared("step") > 0.0) & pl.col("unit").is_in(list(COUNT_UNITS))
    return pl.when(is_own_count).then("unit").otherwise("question_unit")
