"""Write src/hotwash/export/lessons.schema.json, the published form of the exchange file, from the declared records.

    python scripts/build_exchange_schema.py

A test compares the committed file with what this writes, so a field without its place in the schema fails.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from hotwash.lessons import exchange, history, process
from hotwash.model import words
from hotwash.model.lesson import Evidence, Lesson, Move, RemedialAction
from hotwash.model.objective import Objective, Reference, Rule, Standard

SCHEMA = Path(__file__).resolve().parents[1] / "src" / "hotwash" / "export" / "lessons.schema.json"

Json = dict[str, Any]
HASH: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
STAGE: Json = {"enum": list(process.STAGES)}
MORE: dict[tuple[type, str], Json] = {
    (Lesson, "lesson_id"): {"type": "string", "minLength": 1},
    (Lesson, "stage"): STAGE,
    (Lesson, "lat_deg"): {"type": ["number", "null"], "minimum": -90, "maximum": 90},
    (Lesson, "lon_deg"): {"type": ["number", "null"], "minimum": -180, "maximum": 180},
    (Move, "number"): {"type": "integer", "minimum": 0},
    (Move, "role"): {"enum": list(process.ROLES)},
    (Move, "kind"): {"enum": list(dict.fromkeys(step.kind for step in process.STEPS))},
    (Move, "stage"): STAGE,
    (Move, "before"): HASH,
    (Move, "sha256"): HASH,
    (RemedialAction, "kind"): {"enum": list(history.ACTION_KINDS)},
    (RemedialAction, "state"): {"enum": list(history.ACTION_STATES)},
    (Evidence, "kind"): {"enum": list(history.EVIDENCE_KINDS)},
    (Objective, "subject"): {"enum": list(words.SUBJECT_KINDS)},
    (Objective, "setting"): {"enum": list(words.SETTINGS)},
    (Standard, "relation"): {"enum": ["at_most", "at_least"]},
}
PLAIN: dict[Any, Json] = {
    str: {"type": "string"},
    float: {"type": "number"},
    int: {"type": "integer"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}
RECORDS = (Lesson, Move, Evidence, RemedialAction, Objective, Standard, Rule, Reference)


def form(hint: Any) -> Json:
    """Return the form of one field's values."""
    if isinstance(hint, types.UnionType):
        inner = form(next(one for one in typing.get_args(hint) if one is not type(None)))
        return {"anyOf": [inner, {"type": "null"}]} if "$ref" in inner else inner | {"type": [inner["type"], "null"]}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": form(typing.get_args(hint)[0])}
    return {"$ref": f"#/$defs/{hint.__name__}"} if is_dataclass(hint) else PLAIN[hint]


def record(kind: type) -> Json:
    """Return the form of a record; its first line tells what it is."""
    hints = typing.get_type_hints(kind)
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    if kind is Lesson:
        needed = ["lesson_id"]  # from a tool without a history, an observation is submitted
    properties = {one.name: MORE.get((kind, one.name)) or form(hints[one.name]) for one in fields(kind)}
    meaning = (kind.__doc__ or "").splitlines()[0]
    return {
        "type": "object", "description": meaning, "additionalProperties": False, "required": needed,
        "properties": properties,
    }  # fmt: skip


def schema() -> Json:
    """Return the whole schema."""
    text = {"type": "string"}
    person = dict.fromkeys(("person_id", "name", "function", "unit"), text)
    parted = dict.fromkeys(exchange.CONFLICT, text) | {
        "lesson_id": MORE[Lesson, "lesson_id"],
        "found_utc": PLAIN[datetime],
        "kept": {"enum": ["", *exchange.KEPT]},
        "history": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Move"}},
    }
    newest = f"{exchange.FORMAT}/{exchange.WITH_CONFLICTS}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"hotwash lessons, versions {exchange.VERSION} and {exchange.WITH_CONFLICTS}",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "lessons"],
        "properties": {
            "format": {"enum": [f"{exchange.FORMAT}/{exchange.VERSION}", newest]},
            "hotwash_version": text,
            "made_utc": PLAIN[datetime],
            "centre_id": text,
            "centre": text,
            "marking": text | {"description": "of the file as a whole; each lesson has its own besides"},
            "people": {"type": "array", "items": whole(person), "description": "only where names were asked for"},
            "objectives": {"type": "array", "items": {"$ref": "#/$defs/Objective"}},
            "conflicts": {
                "type": "array", "items": whole(parted), "description": "the other histories of lessons; from version 2"
            },
            "lessons": {"type": "array", "items": {"$ref": "#/$defs/Lesson"}},
        },
        "dependentSchemas": {"conflicts": {"properties": {"format": {"const": newest}}}},
        "$defs": {kind.__name__: record(kind) for kind in RECORDS},
    }  # fmt: skip


def whole(properties: Json) -> Json:
    """Return the form of an object that has all of some properties, and no other."""
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


def text() -> str:
    """Return the file's content."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
    print(f"{SCHEMA.name}: {len(RECORDS)} records")
