"""The time for which each claimed number stands, and of which each status speaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from hotwash.claims.lines import fold
from hotwash.claims.numbers import occasion_ends, tells_unit
from hotwash.model.incident import Bundle


def date_numbers(claims: pl.DataFrame, bundle: Bundle) -> pl.DataFrame:
    """Return claims with the time for which each stands: `stands_utc_low`, `stands_utc_high`.

    claims   with `kind`, `unit` and `subject_id`

    Of a count: when it was counted, else when it was said if it is a running number, or says nothing of that and was
    said before the end of what is counted; null for a final number, and for a forecast that names no time. Whoever
    repeats a number, and says nothing of its time, repeats it for the time of those whom it repeats. Of a status: the
    time of which it speaks. Null for all others.
    """
    claims = _with_times_of_origins(claims)
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


def _with_times_of_origins(claims: pl.DataFrame) -> pl.DataFrame:
    """Return claims in which a number that is repeated without a time has the time of the one that it repeats."""
    numbers = claims.filter(kind="count").select(
        *("claim_id", "said_by", "source_id", "question_id", "unit", "value", "derived_from", "counted_utc"),
        *("is_running", "is_final", pl.coalesce("counted_utc", "said_utc_high", "known_utc").alias("at")),
    )
    rows = {row["claim_id"]: row for row in numbers.iter_rows(named=True)}
    timed = [row for row in rows.values() if row["counted_utc"] is not None or row["is_running"]]
    by_name: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in timed:
        for name in (row["claim_id"], row["said_by"], row["source_id"]):
            by_name[(row["question_id"], row["unit"], row["value"], fold(name or ""))] = row
    taken: dict[str, dict[str, Any]] = {}
    for row in rows.values():
        if row["counted_utc"] is not None or row["is_running"] is not None or row["is_final"]:
            continue
        what = (row["question_id"], row["unit"], row["value"])
        origins = [by_name.get((*what, fold(name))) for name in row["derived_from"] or ()]
        first = next((one for one in origins if one is not None and one is not row), None)
        if first is not None:
            taken[row["claim_id"]] = first
    if not taken:
        return claims
    found = pl.DataFrame(
        {
            "claim_id": list(taken),
            "time_taken": [row["at"] for row in taken.values()],
            "is_taken": [bool(row["is_running"]) for row in taken.values()],
        },
        schema={"claim_id": pl.String, "time_taken": pl.Datetime("us", "UTC"), "is_taken": pl.Boolean},
    )
    joined = claims.join(found, on="claim_id", how="left", maintain_order="left")
    return joined.with_columns(
        counted_utc=pl.coalesce("counted_utc", "time_taken"), is_running=pl.coalesce("is_running", "is_taken")
    ).drop("time_taken", "is_taken")


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
