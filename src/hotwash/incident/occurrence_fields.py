"""The mandatory fields of an occurrence report, stated or not, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

import polars as pl

from hotwash.model import schema
from hotwash.model.incident import Brief, Bundle
from hotwash.model.occurrence import (
    OCCURRENCE_FIELDS,
    OF_AIRCRAFT,
    OF_OCCURRENCE,
    AircraftInvolved,
    Occurrence,
    OccurrenceField,
    texts_of,
)

Row = dict[str, Any]
COMMON = "1"  # the section that every occurrence needs
_SECTION = {one.key: one.section for one in (*OF_OCCURRENCE, *OF_AIRCRAFT)}


def occurrence_fields(bundle: Bundle) -> pl.DataFrame:
    """Return every field that Annex I of Regulation (EU) No 376/2014 makes mandatory, with what is stated of it.

    bundle     as `read_bundle` gives it
    returns    OCCURRENCE_FIELDS, in the order of Annex I, those of an aircraft once for each: a row for each value, or
               one row without a value. `is_missing` where the field is mandatory here and not stated: the common
               fields (section 1) always, those of another section where the bundle states one of them, an aircraft or,
               for aerodromes, names one

    Two values are derived where they are not stated: the UTC date is that on which the window begins, and the
    location indicator that of the aerodrome, where the bundle names just one. Nothing else is guessed, and no value
    is compared with the lists of ECCAIRS.
    """
    occurrence, brief = bundle.brief.occurrence, bundle.brief
    rows = list(_rows(occurrence, OF_OCCURRENCE, 1, _derive(bundle)))
    for number, craft in enumerate(occurrence.aircraft or (AircraftInvolved(),), start=1):
        rows += _rows(craft, OF_AIRCRAFT, number, {})
    mandatory = _sections(rows, brief)
    for row in rows:
        row["is_missing"] = row["value"] is None and _SECTION[row["field"]] in mandatory
    rows.sort(key=lambda row: (_SECTION[row["field"]], row["annex"]))  # stable: within a number as declared
    return schema.frame(OCCURRENCE_FIELDS, rows)


def _derive(bundle: Bundle) -> dict[str, str]:
    """Return the values that follow from the rest of the brief; an aerodrome that no list has has no indicator."""
    brief = bundle.brief
    unlisted = bundle.aerodromes.filter(pl.col("country").is_null() & pl.col("zone").is_null())
    found = {"utc_date": brief.start_utc.astimezone(UTC).date().isoformat()}
    is_indicator = len(brief.aerodromes) == 1 and unlisted.is_empty()
    return found | ({"location_indicator": brief.aerodromes[0]} if is_indicator else {})


def _rows(
    block: Occurrence | AircraftInvolved, declared: Sequence[OccurrenceField], first: int, derived: dict[str, str]
) -> Iterator[Row]:
    """Yield the rows of one block; values of a field that repeats are counted on from the first."""
    for one in declared:
        stated = texts_of(getattr(block, one.key))
        values = stated or ((derived[one.key],) if one.key in derived else (None,))
        for instance, value in enumerate(values, start=first):
            yield {
                "field": one.key,
                "eccairs_attribute": one.attribute,
                "eccairs_name": one.eccairs,
                "value": value,
                "entity": one.entity,
                "instance": instance,
                "annex": one.annex,
                "is_derived": not stated and value is not None,
            }


def _sections(rows: Sequence[Row], brief: Brief) -> set[str]:
    """Return the sections of Annex I whose fields are mandatory here."""
    used = {_SECTION[row["field"]] for row in rows if row["value"] is not None}
    involved = (("2.1", brief.occurrence.aircraft), ("2.3", brief.aerodromes))
    return {COMMON, *used, *(section for section, things in involved if things)}
