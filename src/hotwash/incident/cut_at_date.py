"""An account as of a date: only what was known by then, and of each find the assessment that held then."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl

from hotwash.model import schema, tables
from hotwash.model.incident import Bundle

_ID = {
    "sources": "source_id",
    "events": "event_id",
    "questions": "question_id",
    "claims": "claim_id",
    "finds": "find_id",
    "sightings": "sighting_id",
    "origins": "origin_id",
    "assumptions": "assumption_id",
}


def cut_at_date(bundle: Bundle, as_of_utc: datetime | None) -> tuple[Bundle, pl.DataFrame]:
    """Return the bundle as it was known at a time, and the rows that this keeps out.

    as_of_utc   aware; None takes all rows, dated or not
    returns     the bundle with one row a find, and LEFT_OUT

    `known_utc` alone decides; of a detection that of its source, or, when it names none, when it was received or
    measured. A row without it is left out, and so is a claim on a question that was not yet
    asked. A claim that superseded one that is left out supersedes what that one had superseded.
    """
    left: list[pl.DataFrame] = []

    def cut(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        if as_of_utc is None:
            return frame
        late = pl.col("known_utc").is_null() | (pl.col("known_utc") > as_of_utc)
        left.append(_left_out(name, frame.filter(late)))
        return frame.filter(~late)

    sources = cut("sources", bundle.recording.sources)
    detections, unheard = _detections_of(bundle.recording.detections, sources, as_of_utc)
    events = cut("events", bundle.recording.events)
    recording = replace(bundle.recording, sources=sources, events=events, detections=detections)
    questions = cut("questions", bundle.questions)
    claims, orphans = _claims_of(cut("claims", bundle.claims), questions, every=bundle.claims)
    kept = replace(
        bundle,
        recording=recording,
        questions=questions,
        claims=claims,
        finds=latest(cut("finds", bundle.finds)),
        sightings=cut("sightings", bundle.sightings),
        origins=cut("origins", bundle.origins),
        assumptions=cut("assumptions", bundle.assumptions),
    )
    return kept, pl.concat([schema.empty(tables.LEFT_OUT), *left, unheard, orphans])


def latest(finds: pl.DataFrame) -> pl.DataFrame:
    """Return the last known assessment of each find, in the order in which the finds first stand."""
    order = pl.DataFrame({"find_id": finds["find_id"].unique(maintain_order=True)})
    last = finds.sort("known_utc", nulls_last=False, maintain_order=True).unique(subset="find_id", keep="last")
    return order.join(last, on="find_id", how="left", maintain_order="left").select(finds.columns)


def _left_out(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    why = pl.when(pl.col("known_utc").is_null()).then(pl.lit("no known_utc")).otherwise(pl.lit("known later"))
    return rows.select(pl.lit(name).alias("table"), pl.col(_ID[name]).alias("row_id"), "known_utc", why.alias("why"))


def _claims_of(
    claims: pl.DataFrame, questions: pl.DataFrame, *, every: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the claims whose question is there, links mended over unknown claims; and the others as left out."""
    is_asked = pl.col("question_id").is_in(questions["question_id"].implode())
    orphans = claims.filter(~is_asked).select(
        pl.lit("claims").alias("table"),
        pl.col("claim_id").alias("row_id"),
        "known_utc",
        pl.lit("its question is left out").alias("why"),
    )
    kept = claims.filter(is_asked)
    back = dict(every.select("claim_id", "supersedes").rows())
    known = set(kept["claim_id"].to_list())
    links = [_nearest(name, back, known) for name in kept["supersedes"].to_list()]
    return kept.with_columns(pl.Series("supersedes", links, dtype=schema.TEXT)), orphans


def _detections_of(
    detections: pl.DataFrame, sources: pl.DataFrame, as_of_utc: datetime | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the detections known by a date, and one row that says how many are left out."""
    if as_of_utc is None or detections.is_empty():
        return detections, schema.empty(tables.LEFT_OUT)
    by_source = pl.col("source_id").is_in(sources["source_id"].implode())
    by_time = pl.coalesce("received_utc", "time_utc") <= as_of_utc
    kept = detections.filter(pl.when(pl.col("source_id").is_null()).then(by_time).otherwise(by_source))
    late = detections.height - kept.height
    rows = [{"table": "detections", "row_id": f"{late} rows", "why": "known later"}] if late else []
    return kept, schema.frame(tables.LEFT_OUT, [*rows])


def _nearest(name: str | None, back: Mapping[str, str | None], known: Collection[str]) -> str | None:
    """Return the first claim of a chain of supersession that is known, from a name backwards."""
    while name is not None and name not in known:
        name = back.get(name)
    return name
