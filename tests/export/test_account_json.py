"""The account as JSON keeps to its published schema, and the schema to the declared tables."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import in_the_air
import jsonschema
import polars as pl
import pytest
from bundles import HEAD, read

from hotwash import resources
from hotwash.export import account_json
from hotwash.incident.reconstruct import reconstruct
from hotwash.ingest import aerodromes, bundle, zones
from hotwash.model import tables
from hotwash.model.incident import Bundle, Incident
from hotwash.model.schema import BOOL, BYTES, F64, I64, NUMBERS, TEXT, TEXTS, Column, Table, frame
from hotwash.model.schema import UTC as TIME
from hotwash.report.view import build_view

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SCHEMA = account_json.schema()
CHECKER = jsonschema.FormatChecker(formats=())


@CHECKER.checks("date-time", ValueError)
def is_time(text: object) -> bool:
    return not isinstance(text, str) or (datetime.fromisoformat(text).tzinfo is not None and text[10] == "T")


@CHECKER.checks("date", ValueError)
def is_date(text: object) -> bool:
    return not isinstance(text, str) or bool(date.fromisoformat(text))


def incident(found: Bundle, *, own: bytes | None = None, as_of_utc: datetime | None = None) -> Incident:
    area = zones.collect_zones(found.brief.zones_of_interest, own=own)
    places = aerodromes.aerodrome_table(found.brief.aerodromes)
    return reconstruct(found, zones=area, aerodromes=places, as_of_utc=as_of_utc)


def checked(found: Incident) -> dict[str, Any]:
    """Return the account as a program reads it, held against the schema."""
    account = json.loads(account_json.to_json(account_json.account(build_view(found, made_utc=NOW))))
    jsonschema.Draft202012Validator(SCHEMA, format_checker=CHECKER).validate(account)
    return account


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", resources.EXAMPLES)
def test_the_account_of_an_example_keeps_to_the_schema(name: str):
    files = resources.example(name)
    checked(incident(bundle.read(files), own=files.get(zones.OWN_FILE)))


def test_an_account_as_of_a_date_keeps_to_the_schema():
    found = bundle.read(resources.example("poland-2025"))
    account = checked(incident(found, as_of_utc=datetime(2025, 9, 11, tzinfo=UTC)))
    assert account["as_of_utc"] == "2025-09-11T00:00:00Z"
    assert account["left_out"]


def test_an_account_of_nothing_keeps_to_the_schema():
    checked(incident(read(claims=[], sources="")))


def test_an_account_with_rejects_and_repairs_keeps_to_the_schema():
    found = read(
        claims=[{"summary": "WÅ‚adysÅ‚aw"}, {"claim_id": "C2", "value": "x"}], head='ring_origin = "O9"\n' + HEAD
    )
    account = checked(incident(found))
    assert [row["file"] for row in account["rejects"]] == ["claims.csv", "incident.toml"]
    assert account["repairs"][0]["mended"] == "Władysław"


def test_an_account_with_an_air_picture_keeps_to_the_schema():
    counts = frame(tables.COUNTS, [{"unit": unit, "rows": []} for unit in tables.COUNTS["unit"].one_of])
    account = checked(in_the_air.incident(counts=counts))
    assert [row["track_id"] for row in account["track_summaries"]] == list(range(1, 16))
    assert len(account["breaches"]) == 11
    assert account["breaches"][0]["enter_utc"].endswith(".000Z")
    assert len(account["remarks"]) == 132


def test_the_first_years_of_the_calendar_have_four_digits():
    event = {"start_utc": "0099-09-09T21:30Z", "utc_low": "", "utc_high": ""}
    claim = {"question_id": "Q-T", "value": "0099-09-09T21:30Z"}
    account = checked(incident(read(claims=[claim], events=[event])))
    assert account["findings"][0]["claim_id"] == "C1"


# ---------------------------------------------------------------- the schema against the tables

TYPES = {
    TEXT: "string",
    F64: "number",
    I64: "integer",
    BOOL: "boolean",
    TIME: "string",
    TEXTS: "array",
    NUMBERS: "array",
}
LISTED = {
    "findings": (tables.FINDINGS, ()),
    "placings": (tables.PLACINGS, ()),
    "reaches": (tables.REACHES, ()),
    "durations": (tables.DURATIONS, ()),
    "contradictions": (tables.CONTRADICTIONS, ()),
    "beliefs": (tables.BELIEFS, ()),
    "assumptions": (tables.ASSUMPTIONS, ()),
    "zones": (tables.ZONES, ("geometry",)),
    "rejects": (tables.REJECTS, ()),
    "repairs": (tables.REPAIRS, ()),
    "left_out": (tables.LEFT_OUT, ()),
    "range": (tables.RANGES, ()),
    "track_summaries": (tables.TRACK_SUMMARIES, ()),
    "breaches": (tables.BREACHES, ()),
    "exposures": (tables.EXPOSURES, ()),
    "health": (tables.HEALTH, ()),
    "remarks": (tables.REMARKS, ()),
}
OWN = {"range": {"answers"}}


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = SCHEMA
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def allowed(part: dict[str, Any]) -> set[str]:
    if "enum" in part and "type" not in part:
        return {"null" if word is None else "string" for word in part["enum"]}
    said = part["type"]
    return {said} if isinstance(said, str) else set(said)


def faults(row: dict[str, Any], declared: Table, *, without: tuple[str, ...] = (), own: frozenset[str] = frozenset()):
    """Say how the schema of a row departs from its declared table."""
    wanted = {column.name: column for column in declared.columns if column.name not in without}
    found = {name: resolved(part) for name, part in row["properties"].items()}
    yield from (f"{name} is missing" for name in wanted.keys() - found.keys())
    yield from (f"{name} is not declared" for name in found.keys() - wanted.keys() - own)
    yield from (f"{name} is not required" for name in wanted.keys() - set(row["required"]))
    for name in wanted.keys() & found.keys():
        yield from column_faults(found[name], wanted[name])


def column_faults(part: dict[str, Any], column: Column):
    types = {TYPES[column.dtype]} | ({"null"} if column.nullable else set())
    if allowed(part) != types:
        yield f"{column.name} is {sorted(allowed(part))}, declared {sorted(types)}"
    if column.dtype == TIME and part.get("format") != "date-time":
        yield f"{column.name} is a time without format date-time"
    if column.one_of and set(part.get("enum", ())) - {None} != set(column.one_of):
        yield f"{column.name} has other words than declared"


@pytest.mark.parametrize("name", LISTED)
def test_the_schema_of_a_list_has_every_column_of_its_table(name: str):
    declared, without = LISTED[name]
    row = resolved(resolved(SCHEMA["properties"][name])["items"])
    assert list(faults(row, declared, without=without, own=frozenset(OWN.get(name, ())))) == []


def test_the_schema_of_the_counts_has_every_column_of_their_table():
    assert list(faults(resolved(SCHEMA["properties"]["counts"]["additionalProperties"]), tables.COUNTS)) == []


def test_every_column_type_has_its_json_type():
    used = {column.dtype for declared, _ in LISTED.values() for column in declared.columns}
    assert used - {BYTES} <= set(TYPES)
    assert pl.Float64() in used


def test_a_column_that_the_schema_forgets_or_bends_is_noticed():
    assert "claim_id is missing" in list(faults({"properties": {}, "required": []}, tables.FINDINGS))
    (said,) = column_faults({"type": "string"}, tables.FINDINGS["probability"])
    assert said == "probability is ['string'], declared ['null', 'number']"


def test_the_block_of_the_occurrence_is_as_stated_and_keeps_to_the_schema():
    filed = """
[occurrence]
headline = "Lights"
category = ["SEC", "OTHR"]
utc_date = 2025-09-09

[[occurrence.aircraft]]
registration = "SP-LRA"
fatal_on_board = 0
serious_on_board = "unknown"
"""
    block = checked(incident(read(head=HEAD + filed)))["occurrence"]
    assert (block["headline"], block["category"], block["utc_date"]) == ("Lights", "SEC; OTHR", "2025-09-09")
    assert (block["file_number"], block["fatal_on_ground"]) == ("", None)
    (craft,) = block["aircraft"]
    assert (craft["registration"], craft["fatal_on_board"], craft["serious_on_board"]) == ("SP-LRA", 0, "unknown")
