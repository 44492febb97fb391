"""What a claim leaves possible, in the unit in which it is weighed, and the time for which it stands.

`not_known` and `none_confirmed` leave everything possible: they tell what somebody knew. A confirmed 0 is exactly 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from hotwash.claims.number_times import date_numbers
from hotwash.claims.relations import leave_possible
from hotwash.course.tellings import REST_OF_A_MINUTE
from hotwash.model.incident import Bundle
from hotwash.model.questions import QUESTION_KINDS, CountUnit


def bound_claims(bundle: Bundle) -> pl.DataFrame:
    """Return the claims of a bundle with what they leave possible: BOUNDED_CLAIMS.

    A claim is weighed in its own unit where that is a unit of counts, else in its question's; its occasion is its own,
    else its question's, and so is its part. `low` and `high` are minutes since 1970 for times, ±∞ when open, and null
    when no number was given.
    """
    units = bundle.brief.count_units
    of_question = bundle.questions.select(
        *("question_id", "kind", "subject_id", "type_label", "about_fraction", "about_amount"),
        question_unit="unit",
        question_occasion="occasion_id",
        question_part="part",
    )
    joined = bundle.claims.join(of_question, on="question_id", how="left", maintain_order="left").with_columns(
        scale=_scale(),
        said_unit="unit",
        unit=_weighed_unit(units),
        occasion_id=pl.coalesce("occasion_id", "question_occasion"),
        part=pl.coalesce("part", "question_part"),
    )
    number, high = (_number(name) * pl.col("scale") for name in ("value", "value_high"))
    share, amount = (pl.col(name).fill_null(0.0) for name in ("about_fraction", "about_amount"))
    low, top = leave_possible(
        number,
        high,
        width=pl.max_horizontal(number.abs() * share, amount),
        step=pl.when(pl.col("unit").is_in(money_units(units))).then(0.0).otherwise(_declared("step")),
        half_width=pl.max_horizontal(_declared("half_width"), number.abs() * _declared("half_share")),
        is_time=_of_form("time"),
    )
    dated = date_numbers(joined.with_columns(low=low, high=_to_the_end_of_its_minute(low, top)), bundle)
    of_question_only = ("about_fraction", "about_amount", "question_unit", "question_occasion", "question_part")
    return dated.drop("scale", *of_question_only)


_ALMOST_A_DAY_MIN = 22.0 * 60.0  # from there on a span is told by its days, the shortest of which has 23 hours


def _to_the_end_of_its_minute(low: pl.Expr, top: pl.Expr) -> pl.Expr:
    """Return the upper bound of a time told to the minute, which holds for all of that minute; days end as they do."""
    is_bound = _of_form("time") & ~pl.col("relation").is_in(["exactly", "less_than"]) & (top % 1.0 == 0.0)
    is_of_days = low.is_finite() & (top - low >= _ALMOST_A_DAY_MIN)
    return pl.when(is_bound & ~is_of_days).then(top + REST_OF_A_MINUTE).otherwise(top)


def money_units(units: Mapping[str, CountUnit]) -> list[str]:
    """Return the units that need not be whole."""
    return [name for name, unit in units.items() if unit.is_money]


def _declared(field: str) -> pl.Expr:
    """Return a number that the kind of the question declares."""
    declared = {name: getattr(kind, field) for name, kind in QUESTION_KINDS.items()}
    return pl.col("kind").replace_strict(declared, default=0.0, return_dtype=pl.Float64)


def _of_form(*forms: str) -> pl.Expr:
    return pl.col("kind").is_in([name for name, kind in QUESTION_KINDS.items() if kind.form in forms])


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


def _weighed_unit(units: Mapping[str, CountUnit]) -> pl.Expr:
    is_own_count = (_declared("step") > 0.0) & pl.col("unit").is_in(list(units))
    return pl.when(is_own_count).then("unit").otherwise("question_unit")
