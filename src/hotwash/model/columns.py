"""Columns that several tables share."""

from __future__ import annotations

from hotwash.model.schema import BOOL, F64, TEXT, TEXTS, UTC, Column, column, needed
from hotwash.model.words import TOLD_AS

KNOWN = column("known_utc", UTC, "when this became known; a row without it is left out of an account `as of` a date")
SOURCE = column("source_id", TEXT, "where it is written: a row of sources")
SOURCES_OF_ROW = column("source_id", TEXTS, "where it is written: rows of sources, separated by ;")
SAYERS = column("said_by", TEXTS, "who says so, as functions or bodies, separated by ;")


def position(meaning: str) -> tuple[Column, Column]:
    return column("lat_deg", F64, f"latitude of {meaning}, WGS 84", least=-90.0, most=90.0), column(
        "lon_deg", F64, f"longitude of {meaning}, WGS 84", least=-180.0, most=180.0
    )


def mandatory_position(meaning: str) -> tuple[Column, Column]:
    return needed("lat_deg", F64, f"latitude of {meaning}, WGS 84", least=-90.0, most=90.0), needed(
        "lon_deg", F64, f"longitude of {meaning}, WGS 84", least=-180.0, most=180.0
    )


OCCASION = column("occasion_id", TEXT, "the occasion that it tells of: a row of occasions; null: derived where clear")
TOLD_AS_COLUMN = column(
    "told_as",
    TEXT,
    "what sort of telling it is: fact, forecast, order or plan; null is a fact, and only facts are evidence",
    one_of=TOLD_AS,
)
PRINTED = column(
    "printed_time", TEXT, 'the time in the words of the source: "8:22 p.m. ET (03:22 local)"; only compared, never used'
)
SUPERSEDES = column("supersedes", TEXTS, "earlier rows of the same sayer that this one replaces, separated by ;")
LED_TO = column("led_to", TEXT, "the occasion or event that it is said to have caused, and so cannot come after")


def number_columns(whose: str) -> tuple[Column, ...]:
    """Return the columns that say of a number what it stands for, beyond its value and unit."""
    return (
        column("counted_utc", UTC, f"the time for which {whose} number stands; null: when it was said, or the end"),
        column("is_running", BOOL, f'whether {whose} number was still rising: "15 so far"'),
        column("parts", TEXTS, f"the rows whose numbers {whose} number is said to add up, separated by ;"),
        column(
            *("parts_disjoint", BOOL),
            "whether no flight is in two of the parts, where their units leave it open; false of a part within another",
        ),
    )
