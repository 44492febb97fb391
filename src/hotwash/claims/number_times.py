"""The time for which each claimed number stands, and of which each status speaks."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from hotwash.claims.numbers import occasion_ends, tells_unit
from hotwash.model.incident import Bundle


def date_numbers(claims: pl.DataFrame, bundle: Bundle) -> pl.DataFrame:
    """Return claims with the time for which each stands: `stands_utc_low`, `stands_utc_high`.

    claims   with `kind`, `unit` and `subject_id`

    Of a count: when it was counted, else when it was said if it is a running number, or says nothing of that and was
    said before the end of what is counted; null for a final number, and for a forecast that names no time. Of a status:
    the time of which it speaks. Null for all others.
    """
    first, last = (
        pl.coalesce("said_utc_low", pl.lit(bundle.brief.start_utc)),
        pl.coalesce("said_utc_high", "known_utc", pl.lit(bundle.brief.end_utc)),
    )
    ended = claims.join(
        _ends_of_counts(claims, bundle),
        on=["unit", "subject_id", "occasion_id"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    is_count, is_status = pl.col("kind") == "count", pl.col("kind") == "status"
    is_over = pl.col("counted_utc") >= pl.coalesce("ends_utc", pl.lit(bundle.brief.end_utc))
    is_early = pl.coalesce("said_utc_high", "known_utc") < pl.col("ends_utc")
    is_fact = pl.col("told_as").fill_null("fact") == "fact"  # what was to come does not stand for the hour it was said
    is_running = pl.coalesce("is_running", is_early).fill_null(value=False) & is_count & is_fact

    def side(counted: pl.Expr, said: pl.Expr, spoken: str) -> pl.Expr:
        return (
            pl.when(is_count & counted.is_not_null())
            .then(pl.when(~is_over | pl.col("is_running").fill_null(value=False)).then(counted))
            .when(is_running)
            .then(said)
            .when(is_status)
            .then(pl.coalesce(f"at_utc_{spoken}", f"said_utc_{spoken}"))
        )

    counted = pl.col("counted_utc")
    return ended.with_columns(
        stands_utc_low=side(counted, first, "low"), stands_utc_high=side(counted, last, "high")
    ).drop("ends_utc")


def _ends_of_counts(claims: pl.DataFrame, bundle: Bundle) -> pl.DataFrame:
    """Return when what is counted ended: of its occasion, else the latest end of what its final tellings count."""
    keys = ["unit", "subject_id", "occasion_id"]
    asked = claims.filter(pl.col("kind") == "count").select(keys).unique(maintain_order=True)
    ends, units = occasion_ends(bundle.occasions), bundle.brief.count_units
    events = bundle.recording.events.filter(pl.col("value").is_not_null()).to_dicts()
    found: list[datetime | None] = []
    for unit, subject, occasion in asked.iter_rows():
        rows = [
            row["end_utc"] or row["utc_high"] or row["start_utc"]
            for row in events
            if unit in units
            and tells_unit(row, units[unit])
            and not row["is_running"]
            and row["counted_utc"] is None
            and subject in (None, row["subject_id"])
            and occasion in (None, row["occasion_id"])
        ]
        latest = max((moment for moment in rows if moment is not None), default=None)
        found.append(ends.get(occasion or "") or latest)
    return asked.with_columns(ends_utc=pl.Series(found, dtype=pl.Datetime("us", "UTC")))
