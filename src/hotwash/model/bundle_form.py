"""What a bundle is made of: its tables, and the keys and blocks of `incident.toml`, each with its meaning.

A workbook has the same parts as sheets: `incident` holds the keys, a row each, and every table and block is a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from hotwash.model import tables
from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, OccurrenceField
from hotwash.model.schema import BOOL, I64, TEXT, TEXTS, UTC, Column, Table, column, needed, table

DATE = pl.Date()

BUNDLE_TABLES = (
    tables.SOURCES,
    tables.OCCASIONS,
    tables.CLAIMS,
    tables.EVENTS,
    tables.FINDS,
    tables.SIGHTINGS,
    tables.ORIGINS,
    tables.SENSORS,
    tables.DETECTIONS,
)

BUNDLE_KINDS = ("airport", "border", "other")

BRIEF = table(
    "incident",
    "what the incident is, as a whole",
    needed("format", TEXT, "the form of the bundle; leave it as it is"),
    needed("title", TEXT, "what the incident is called, at the head of the account"),
    needed("window_start_utc", UTC, "where the time of the incident begins, with its zone: 2026-03-12T20:00Z"),
    needed("window_end_utc", UTC, "where it ends"),
    needed("zone", TEXT, "the time zone shown beside UTC: an IANA name such as Europe/Warsaw"),
    column("zones_of_interest", TEXTS, "zones to draw and to compare with: PL-land;PL-airspace"),
    column("aerodromes", TEXTS, "ICAO location indicators: EPWA;EPLB"),
    column("marking", TEXT, "printed at head and foot of every page: UNCLASSIFIED"),
    column("releasable_to", TEXT, "to whom the account may be given"),
    column("is_exercise", BOOL, "whether this is an exercise; then every page says so"),
    column("is_synthetic", BOOL, "whether the data are invented; then every page says so"),
    column("ring_origin", TEXT, "the origin that the map draws rings around: a row of origins"),
    column("kind", TEXT, "what the head of the account asks first", one_of=BUNDLE_KINDS),
    column("headline", TEXTS, "the questions that the head of the account answers, in this order: Q-CLOSED;Q-DRONE"),
)


def _columns(fields: Sequence[OccurrenceField]) -> Iterator[Column]:
    """Yield the fields of an occurrence report as columns."""
    for one in fields:
        yield column(one.key, _TYPES[one.kind], f"{one.title} (Annex I, {one.annex})", one_of=one.one_of)


_TYPES = {"text": TEXT, "texts": TEXTS, "date": DATE, "count": I64}
OCCURRENCE = table("occurrence", "how an authority files the incident: EU 376/2014, Annex I", *_columns(OF_OCCURRENCE))
AIRCRAFT = table("aircraft", "one aircraft involved: a block [[occurrence.aircraft]]", *_columns(OF_AIRCRAFT))

INTERVALS = table(
    "intervals",
    "one interval that the account should state: from one kind of event to another",
    needed("name", TEXT, "name of the interval, unique"),
    needed("from", TEXT, "the kind of event that begins it: aerodrome_closed"),
    needed("to", TEXT, "the kind of event that ends it: aerodrome_reopened"),
    column("from_subject", TEXT, "only events of this subject begin it, an aerodrome for instance; empty: any"),
    column("to_subject", TEXT, "only events of this subject end it; empty: any"),
    column("occasion_id", TEXT, "only events of this occasion; empty: the only one, or each"),
    column("from_occasion_id", TEXT, "only events of this occasion begin it; empty: as occasion_id says"),
    column("to_occasion_id", TEXT, "only events of this occasion end it; empty: as occasion_id says"),
    key=("name",),
)

UNITS = table(
    "units",
    "one unit of counts that hotwash does not know",
    needed("name", TEXT, "name of the unit, as questions and claims use it"),
    needed("many", TEXT, "what several are called: passenger trains"),
    column("one", TEXT, "what one is called: passenger train"),
    column("title", TEXT, "as the head of its count"),
    column("events", TEXTS, "kinds of events that tell how many, separated by ;"),
    column("is_money", BOOL, "whether it is an amount of money, which need not be whole"),
    key=("name",),
)

BLOCKS: tuple[Table, ...] = (tables.QUESTIONS, INTERVALS, tables.ASSUMPTIONS, UNITS)
# Every sort of block by its name in the file, those within [occurrence] too.
NAMED_BLOCKS: dict[str, Table] = {one.name: one for one in BLOCKS} | {f"{OCCURRENCE.name}.{AIRCRAFT.name}": AIRCRAFT}

# ---------------------------------------------------------------- as a workbook

KEYS = table(
    "incident",
    "one key of the incident",
    needed("key", TEXT, "the key; one of [occurrence] begins with occurrence."),
    column("value", TEXT, "its value; several are separated by ;"),
    column("meaning", TEXT, "what it means; only for the reader"),
    key=("key",),
)
SHEETS: dict[str, Table] = {one.name: one for one in (KEYS, *NAMED_BLOCKS.values(), *BUNDLE_TABLES)}
README_SHEET, WORDS_SHEET, NOTES_SHEET = "README", "words", "notes"
PASSED_OVER = (README_SHEET, WORDS_SHEET, NOTES_SHEET)  # sheets for people
