"""An account as of a date: only what was known by then, and of each find the assessment that held then."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.model import schema, tables
from hotwash.model.incident import Bundle

_MOST_WEST = timedelta(hours=27)  # from the easternmost midnight to the westernmost, UTC+14 to UTC-12, and a little
_ID = {
    "sources": "source_id",
    "events": "event_id",
    "occasions": "occasion_id",
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
    returns     the bundle, and LEFT_OUT

    A bare date means the whole day: a row known on a day is known by the end of it, whatever the zone of its source.

    `known_utc` alone decides; of a detection that of its source, or, when it names none, when it was received or
    measured. A row without it is left out, unless it is a question or an occasion, and so is a claim on a question that
    was not yet asked. `settled_by` of a question is emptied where `settled_by_known_utc` is later. Nobody asks of a
    find or a sighting that is not known: such a question is left out. A claim that superseded one that is left out
    supersedes what that one had superseded.
    """
    left: list[pl.DataFrame] = []
    zones = dict(bundle.recording.sources.select("source_id", "zone").iter_rows())

    def cut(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        if as_of_utc is None:
            return frame
        is_late = frame.select(pl.col("known_utc").is_null() | (pl.col("known_utc") > as_of_utc)).to_series()
        late = is_late & ~_known_that_day(frame, as_of_utc, display=bundle.brief.zone, zones=zones)
        left.append(_left_out(name, frame.filter(late)))
        return frame.filter(~late)

    sources = cut("sources", bundle.recording.sources)
    detections, unheard = _detections_of(bundle.recording.detections, sources, as_of_utc)
    events = _mend_links(cut("events", bundle.recording.events), bundle.recording.events, "event_id")
    recording = replace(bundle.recording, sources=sources, events=events, detections=detections)
    finds, sightings = cut("finds", bundle.finds), cut("sightings", bundle.sightings)
    asked = _hide_settling(_cut_dated("questions", bundle.questions, cut), as_of_utc, display=bundle.brief.zone)
    questions, unasked = _questions_of(asked, bundle, {*finds["find_id"], *sightings["sighting_id"]})
    claims, orphans = _claims_of(cut("claims", bundle.claims), questions, every=bundle.claims)
    kept = replace(
        bundle,
        recording=recording,
        questions=questions,
        claims=claims,
        finds=_mend_links(finds, bundle.finds, "find_id"),
        sightings=_mend_links(sightings, bundle.sightings, "sighting_id"),
        occasions=_cut_dated("occasions", bundle.occasions, cut),
        origins=cut("origins", bundle.origins),
        assumptions=_cut_dated("assumptions", bundle.assumptions, cut),
    )
    return kept, pl.concat([schema.empty(tables.LEFT_OUT), *left, unheard, unasked, orphans])


def _cut_dated(name: str, frame: pl.DataFrame, cut: Callable[[str, pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Return the rows known by then, in their order, and those without a date.

    Questions, occasions and assumptions tell nothing: they say what is asked, which tellings belong together, and what
    the analyst takes as given.
    """
    dated = cut(name, frame.filter(pl.col("known_utc").is_not_null()))
    order = {row: place for place, row in enumerate(frame[_ID[name]].to_list())}
    kept = frame.filter(pl.col("known_utc").is_null()).vstack(dated)
    return kept.sort(pl.col(_ID[name]).replace_strict(order, default=0))


def _hide_settling(questions: pl.DataFrame, as_of_utc: datetime | None, *, display: str) -> pl.DataFrame:
    """Return questions without an observation that would settle them where it became known after a time."""
    if as_of_utc is None:
        return questions
    known = questions.select(known_utc="settled_by_known_utc")
    is_late = (known["known_utc"] > as_of_utc) & ~_known_that_day(known, as_of_utc, display=display, zones={})
    is_late = is_late.fill_null(value=False)
    return questions.with_columns(
        pl.when(is_late).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("settled_by", "settled_by_known_utc")
    )


def _known_that_day(
    frame: pl.DataFrame, as_of_utc: datetime, *, display: str, zones: Mapping[str, str | None]
) -> pl.Series:
    """Return which rows bear the bare date of a day that an account as of that whole day takes in.

    A bare date stands as the end of its day where its source is: midnight there. West of the display zone that is later
    than the end of the same day here.
    """
    here = as_of_utc.astimezone(ZoneInfo(display))
    is_day = here.time() == time(0)
    days = [False] * frame.height
    if is_day:
        near = frame.select(
            (pl.col("known_utc") > as_of_utc) & (pl.col("known_utc") < as_of_utc + _MOST_WEST)
        ).to_series()
        for place in near.fill_null(value=False).arg_true().to_list():
            row = frame.row(place, named=True)
            named = row.get("source_id")
            first = (named or [None])[0] if isinstance(named, list) else named
            there = row["known_utc"].astimezone(ZoneInfo(zones.get(first or "") or "UTC"))
            days[place] = there.time() == time(0) and there.date() <= here.date()
    return pl.Series(days, dtype=pl.Boolean)


def _left_out(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    why = pl.when(pl.col("known_utc").is_null()).then(pl.lit("no known_utc")).otherwise(pl.lit("known later"))
    return rows.select(pl.lit(name).alias("table"), pl.col(_ID[name]).alias("row_id"), "known_utc", why.alias("why"))


def _questions_of(
    questions: pl.DataFrame, bundle: Bundle, looked_at: Collection[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the questions but those of a find or a sighting that is not known; and these as left out.

    looked_at   the finds and sightings that are known, by name
    """
    named = {*bundle.finds["find_id"], *bundle.sightings["sighting_id"]} - set(looked_at)
    is_late = pl.col("subject_id").is_in(list(named)).fill_null(value=False)
    unasked = questions.filter(is_late).select(
        pl.lit("questions").alias("table"),
        pl.col("question_id").alias("row_id"),
        "known_utc",
        pl.lit("its find or sighting is left out").alias("why"),
    )
    return questions.filter(~is_late), unasked


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
    return _mend_links(kept, every, "claim_id"), orphans


def _mend_links(kept: pl.DataFrame, every: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return rows that supersede what is known: over a row that is not, what that one had superseded."""
    if kept["supersedes"].null_count() == kept.height:
        return kept
    back = {name: named for name, named in every.select(key, "supersedes").iter_rows() if named}
    known = set(kept[key].to_list())
    links = [_nearest(cell or (), back, known) or None for cell in kept["supersedes"].to_list()]
    return kept.with_columns(pl.Series("supersedes", links, dtype=schema.TEXTS))


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


def _nearest(names: Sequence[str], back: Mapping[str, Sequence[str]], known: Collection[str]) -> list[str]:
    """Return the first rows of a chain of supersession that are known, from some names backwards."""
    found: list[str] = []
    for name in names:
        found += [name] if name in known else _nearest(back.get(name, ()), back, known)
    return list(dict.fromkeys(found))
