"""How a number binds: its relation and value as a closed interval.

exactly 19   [19, 19]        at_least 8   [8, ∞)        more_than 10   [11, ∞) when counted
about 24     [24−w, 24+w]    at_most 700  (−∞, 700]     between 2 4    [2, 4]
"""

from __future__ import annotations

import math

import polars as pl

_DIGITS = 9  # so that 0.29 × 100 widens 100 by 29, not by a hair less


def leave_possible(
    number: pl.Expr, high: pl.Expr, *, width: pl.Expr, step: pl.Expr, half_width: pl.Expr, is_time: pl.Expr
) -> tuple[pl.Expr, pl.Expr]:
    """Return the least and the greatest value that a number leaves possible; null where there is no number.

    The column `relation` tells how it binds; null is exactly.

    high         the upper number of `between`
    width        how far either way `about` reaches
    step         from one number to the next: 1 where things are counted whole
    half_width   how far either way a number told exactly reaches
    is_time      whether it may lie below zero, as only a time may
    """
    relation = pl.col("relation").fill_null("exactly")
    edges = (_about_edge((number + side * width).round(_DIGITS), step, is_time, up=side < 0) for side in (-1, 1))
    least, most = edges
    low = (
        pl.when(relation.is_in(["at_most", "less_than"]))
        .then(-math.inf)
        .when(relation == "more_than")
        .then(number + step)
        .when(relation == "about")
        .then(least)
        .when(relation == "exactly")
        .then(number - half_width)
        .otherwise(number)
    )
    top = (
        pl.when(relation.is_in(["at_least", "more_than"]))
        .then(math.inf)
        .when(relation == "less_than")
        .then(number - step)
        .when(relation == "about")
        .then(most)
        .when(relation == "between")
        .then(high)
        .when(relation == "exactly")
        .then(number + half_width)
        .otherwise(number)
    )
    is_told = number.is_not_null()
    return pl.when(is_told).then(low), pl.when(is_told).then(top)


def _about_edge(edge: pl.Expr, step: pl.Expr, is_time: pl.Expr, *, up: bool) -> pl.Expr:
    """Return the edge of `about`: for counts the last whole number inside, and nothing is below zero but a time."""
    cut = pl.when(step > 0.0).then(edge.ceil() if up else edge.floor()).otherwise(edge)
    return pl.when(is_time).then(cut).otherwise(pl.max_horizontal(cut, pl.lit(0.0)))
