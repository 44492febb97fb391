"""Write src/hotwash/export/account.schema.json, the published form of the account, from the declared tables.

    python scripts/build_schema.py

A test compares the committed file with what this writes, so a column without its place in the schema fails.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.export.account_json import FORMAT, VERSION
from hotwash.model import tables
from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, UNKNOWN, OccurrenceField
from hotwash.model.schema import BOOL, F64, I64, NUMBERS, TEXT, TEXTS, UTC, Column, Table

SCHEMA = Path(__file__).resolve().parents[1] / "src" / "hotwash" / "export" / "account.schema.json"

Json = dict[str, Any]
STRING: Json = {"type": "string"}
TIME: Json = {"type": "string", "format": "date-time"}
TIME_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
PLAIN: tuple[tuple[pl.DataType, str], ...] = ((F64, "number"), (I64, "integer"), (TEXT, "string"), (BOOL, "boolean"))
LISTS: tuple[tuple[pl.DataType, str], ...] = ((TEXTS, "string"), (NUMBERS, "number"))


def cell(column: Column) -> Json:
    """Return the form of one column's values."""

    def may_be_null(kind: str) -> Any:
        return [kind, "null"] if column.nullable else kind

    for dtype, kind in LISTS:
        if column.dtype == dtype:
            return {"type": may_be_null("array"), "items": {"type": kind}, "description": column.meaning}
    found: Json = {"type": may_be_null("string"), "format": "date-time"}
    for dtype, kind in PLAIN:
        if column.dtype == dtype:
            found = {"type": may_be_null(kind)}
    if column.one_of:
        found = {"enum": [*column.one_of, *([None] if column.nullable else [])]}
    assert column.dtype == UTC or "format" not in found, f"{column.name}: {column.dtype} has no form in JSON yet"
    found |= {} if column.least is None else {"minimum": column.least}
    found |= {} if column.most is None else {"maximum": column.most}
    return found | {"description": column.meaning}


def row(table: Table, *, without: Collection[str] = (), more: Mapping[str, Json] | None = None) -> Json:
    """Return the form of one row of a table."""
    properties = {column.name: cell(column) for column in table.columns if column.name not in without}
    return block(properties | dict(more or {}), table.meaning)


def block(properties: Json, meaning: str = "") -> Json:
    """Return the form of an object that has all of these properties and no other."""
    head: Json = {"type": "object", **({"description": meaning} if meaning else {}), "additionalProperties": False}
    return head | {"required": list(properties), "properties": properties}


def rows(form: Json) -> Json:
    return {"type": "array", "items": form}


def filing(declared: Sequence[OccurrenceField], more: Json) -> Json:
    """Return the form of one block of Annex I to Regulation (EU) No 376/2014."""
    count: Json = {"anyOf": [{"type": "integer", "minimum": 0}, {"enum": [UNKNOWN, None]}]}
    forms: Json = {"date": {"type": ["string", "null"], "format": "date"}, "count": count}

    def form(one: OccurrenceField) -> Json:
        words = {"enum": ["", *one.one_of]} if one.one_of else forms.get(one.kind, STRING)
        return words | {"description": f"Annex I, {one.annex}; ECCAIRS {one.attribute}"}

    return block({one.key: form(one) for one in declared} | more)


def schema() -> Json:
    """Return the whole schema."""
    answers: Json = {
        "type": "object",
        "description": "the answer to each range claim, by claim_id",
        "additionalProperties": {"enum": ["within", "beyond", "undecided"]},
    }
    discriminator = block(
        {
            "question_id": STRING,
            "discriminator": STRING | {"description": "the one observation that would separate the answers"},
            "ask": {"type": ["string", "null"], "description": "who could have that observation"},
        },
        "what would settle one open question",
    )
    whole = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "hotwash_version": STRING,
        "made_utc": TIME,
        "as_of_utc": TIME_OR_NULL | {"description": "only what was known by then; null takes all"},
        "title": STRING,
        "marking": STRING,
        "releasable_to": STRING,
        "is_exercise": {"type": "boolean"},
        "is_synthetic": {"type": "boolean"},
        "occurrence": filing(OF_OCCURRENCE, {"aircraft": rows(filing(OF_AIRCRAFT, {}))}),
        "window": block({"start_utc": TIME, "end_utc": TIME, "zone": STRING}),
        "conclusions": rows(row(tables.CONCLUSIONS)),
        "discriminators": rows(discriminator),
        "occasions": rows(row(tables.OCCASIONS)),
        "states": rows(row(tables.STATES)),
        "closures": rows(row(tables.CLOSURES)),
        "counts": {
            "type": "object",
            "description": "all occasions together, by unit, a unit of the bundle's own too; units are never mixed",
            "additionalProperties": row(tables.COUNTS),
        },
        "occasion_counts": rows(row(tables.COUNTS)) | {"description": "the counts of single occasions"},
        "findings": rows(row(tables.FINDINGS)),
        "range": rows(row(tables.RANGES, more={"answers": answers})),
        "reaches": rows(row(tables.REACHES)),
        "placings": rows(row(tables.PLACINGS)),
        "durations": rows(row(tables.DURATIONS)),
        "contradictions": rows(row(tables.CONTRADICTIONS)),
        "beliefs": rows(row(tables.BELIEFS)),
        "revisions": rows(row(tables.REVISIONS)),
        "bundle_remarks": rows(row(tables.BUNDLE_REMARKS)),
        "track_summaries": rows(row(tables.TRACK_SUMMARIES)),
        "breaches": rows(row(tables.BREACHES)),
        "exposures": rows(row(tables.EXPOSURES)),
        "health": rows(row(tables.HEALTH)),
        "remarks": rows(row(tables.REMARKS)),
        "assumptions": rows(row(tables.ASSUMPTIONS)),
        "zones": rows(row(tables.ZONES, without=("geometry",))),
        "rejects": rows(row(tables.REJECTS)),
        "repairs": rows(row(tables.REPAIRS)),
        "left_out": rows(row(tables.LEFT_OUT)),
        "removed": rows(STRING) | {"description": "what redaction took out, in words"},
        "files": rows(
            block(
                {
                    "name": STRING,
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "rows": {"type": "integer", "minimum": 0},
                }
            )
        ),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "hotwash account, version 2"}
    return head | block(whole)


def text() -> str:
    """Return the file's content."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
    print(f"{SCHEMA.name}: {len(schema()['properties'])} keys")
