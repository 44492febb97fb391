"""Columns that several tables share."""

from __future__ import annotations

from hotwash.model.schema import F64, TEXT, TEXTS, UTC, Column, column, needed

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
