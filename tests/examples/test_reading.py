"""The reader takes every row of the examples, and what it makes of them says what the bundles are for."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from hotwash import resources
from hotwash.incident.reconstruct import reconstruct
from hotwash.ingest import bundle
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle, Incident


def read(name: str) -> Bundle:
    return bundle.read(resources.example(name))


def account(name: str, as_of_utc: datetime | None = None) -> Incident:
    borders, fields = schema.empty(tables.ZONES), schema.empty(tables.AERODROMES)
    return reconstruct(read(name), zones=borders, aerodromes=fields, as_of_utc=as_of_utc)


def verdicts(incident: Incident) -> dict[str, str]:
    return dict(incident.findings.select("claim_id", "verdict").rows())


@pytest.mark.parametrize("name", resources.EXAMPLES)
def test_the_reader_takes_every_row_and_mends_nothing(name: str):
    found = read(name)
    assert found.rejects.is_empty(), found.rejects.to_dicts()
    assert found.repairs.is_empty(), found.repairs.to_dicts()


def test_every_place_is_held_against_every_origin():
    assert account("poland-2025").ranges.height == 231


def test_the_changed_unit_is_flagged():
    drift = account("poland-2025").contradictions.filter(pl.col("is_unit_drift"))
    assert ("C-CROSS-TUSK", "C-CROSS-KPRM") in drift.select("claim_id", "other_claim_id").rows()


def test_the_drone_at_the_house_stands_until_it_is_known_better():
    assert verdicts(account("poland-2025", datetime(2025, 9, 11, tzinfo=UTC)))["C-WYRYKI-MSWIA"] != "contradicted"
    assert verdicts(account("poland-2025"))["C-WYRYKI-MSWIA"] == "contradicted"


def test_the_closure_has_no_length_and_the_warning_no_lower_bound():
    spans = {row["name"]: row for row in account("poland-2025").durations.iter_rows(named=True)}
    assert spans["closure of EPWA"]["minutes"] is None
    assert spans["first violation to first public warning"]["low"] is None
    assert spans["first violation to last violation"]["minutes"] == 420.0


def test_a_speech_and_its_repetition_do_not_support_one_another():
    found = account("poland-2025").findings.filter(pl.col("claim_id").is_in(["C-FIRST-TUSK", "C-FIRST-KPRM"]))
    assert set(found["verdict"]) == {"uncorroborated"}
