"""The rows of the how-to for an airport night are those of the examples, and the reader takes the others too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hotwash import resources
from hotwash.incident.reconstruct import reconstruct
from hotwash.ingest import bundle
from hotwash.model import schema, tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "airport-night.md"
FENCE = re.compile(r'^```csv title="(?P<table>\w+)\.csv"\n(?P<rows>.*?)^```$', re.MULTILINE | re.DOTALL)
EXAMPLES = ("airport-2026", "closures-2026")
KEYS = {"sources": "source_id", "events": "event_id", "claims": "claim_id", "occasions": "occasion_id"}
OURS = "H-"  # rows of the page that are in no example

Row = dict[str, str]


def rows_of_the_page() -> Iterator[tuple[str, Row]]:
    """Yield each row that the page shows, with its table."""
    for fence in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        for row in csv.DictReader(io.StringIO(fence["rows"])):
            assert None not in row, row
            assert None not in row.values(), row
            yield fence["table"], row


def row_cases() -> list[Any]:
    return [pytest.param(table, row, id=row[KEYS[table]]) for table, row in rows_of_the_page()]


def test_the_page_shows_rows_of_every_kind():
    assert {table for table, _ in rows_of_the_page()} == set(KEYS)
    assert len(re.findall(r"^```csv", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == len(
        FENCE.findall(PAGE.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize(("table", "row"), row_cases())
def test_each_row_of_the_page_is_that_of_an_example(folder: Callable[[str], Any], table: str, row: Row):
    name = row[KEYS[table]]
    if name.startswith(OURS):
        return
    found = [one for example in EXAMPLES for one in folder(example).tables[table] if one[KEYS[table]] == name]
    assert found
    assert {column: found[0].get(column, "") for column in row} == row


def test_a_runway_that_was_closed_for_six_minutes_has_a_state_of_its_own():
    ours = [row for table, row in rows_of_the_page() if row[KEYS[table]].startswith(OURS)]
    files = resources.example("airport-2026")
    before = list(csv.DictReader(io.StringIO(files["events.csv"].decode())))
    columns = list(dict.fromkeys((*before[0], *ours[0])))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*before, *ours])
    read = bundle.read({**files, "events.csv": text.getvalue().encode()})
    assert read.rejects.is_empty()
    incident = reconstruct(read, zones=schema.empty(tables.ZONES), aerodromes=schema.empty(tables.AERODROMES))
    (runway,) = incident.states.filter(part="08/26").to_dicts()
    assert runway["state"] == "runway_closed"
    assert (runway["to_utc_low"] - runway["from_utc_high"]).total_seconds() == 6 * 60
    assert incident.closures.filter(state="closed")["closed_min_low"].to_list() == [75.0]
