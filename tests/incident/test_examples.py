"""The examples reconstructed in full, held against what they gave before.

When a verdict, count or duration changes for a reason, write the golden file anew and say in the commit why:

    UPDATE_GOLDEN=1 uv run --group dev pytest tests/incident/test_examples.py
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import polars as pl
import pytest

from hotwash.incident.reconstruct import reconstruct
from hotwash.incident.redact import redact
from hotwash.ingest import aerodromes, bundle, folder, zones
from hotwash.model import tables
from hotwash.model.schema import drift

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ("airport-2026", "closures-2026", "poland-2025")
FRAMES = (
    "zones aerodromes counts findings contradictions beliefs ranges placings reaches durations left_out tracks breaches"
)
SENTENCES_MOST = 4
NO_WORDS = r"\b(nan|inf|None(?! of)|null)\b|100 %|\b0 %|e[+-]\d\d|  |\.\.|_"  # "None of 2 events" is English


def read(name):
    return bundle.read(folder.read(ROOT / "examples" / name))


def account(name, *, is_redacted=False, as_of_utc=None):
    laid = redact(read(name))[0] if is_redacted else read(name)
    own = folder.read(ROOT / "examples" / name).get(zones.OWN_FILE)
    area = zones.collect_zones(laid.brief.zones_of_interest, own=own)
    fields = aerodromes.aerodrome_table(laid.brief.aerodromes)
    return reconstruct(laid, zones=area, aerodromes=fields, as_of_utc=as_of_utc)


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request):
    return request.param, account(request.param)


def occasional(row, key, rows):
    """Return the name of a row, with its occasion where there are several of that name."""
    is_only = rows.filter(pl.col(key) == row[key]).height == 1
    return row[key] if is_only or not row["occasion_id"] else f"{row[key]} of {row['occasion_id']}"


def told(incident):
    """Return what the golden file holds: every verdict, count and duration."""
    counts = ("most_likely", "low_90", "high_90", "mean", "all_low", "all_high")
    return {
        "findings": {
            row["claim_id"]: row["verdict"] + (f" ({row['verdict_on_merits']})" if row["verdict_on_merits"] else "")
            for row in incident.findings.to_dicts()
        },
        "counts": {
            occasional(row, "unit", incident.counts): [row[name] for name in counts]
            for row in incident.counts.to_dicts()
        },
        "durations": {
            occasional(row, "name", incident.durations): [row[name] for name in ("minutes", "low", "high")]
            for row in incident.durations.to_dicts()
        },
        "contradictions": incident.contradictions["text"].to_list(),
    }


def test_the_example_gives_what_it_gave_before(example):
    name, incident = example
    path, found = GOLDEN / f"{name}.json", told(incident)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    wanted = json.loads(path.read_text(encoding="utf-8"))
    for part, rows in wanted.items():
        assert found[part] == rows, part


@pytest.mark.parametrize("frame", FRAMES.split())
def test_every_frame_of_an_account_is_of_its_declared_table(example, frame):
    assert drift(getattr(example[1], frame), tables.TABLES[frame]) == []


def test_nothing_in_an_example_is_supported_by_its_own_word(example):
    _, incident = example
    said = {row["claim_id"]: row for row in incident.bundle.claims.to_dicts()}
    supported = [
        row for row in incident.findings.to_dicts() if "supported" in (row["verdict"], row["verdict_on_merits"])
    ]
    assert supported
    for row in supported:
        claim = said[row["claim_id"]]
        assert row["independent_lines"]
        for line in row["independent_lines"]:
            assert not line.startswith(f"{claim['said_by']} (")
            assert not line.endswith(f"({claim['source_id']})")


def test_what_is_contradicted_by_ranges_names_its_assumptions(example):
    _, incident = example
    ranged = set(incident.bundle.questions.filter(kind="range")["question_id"].to_list())
    for row in incident.findings.filter(verdict="contradicted").to_dicts():
        assert row["question_id"] not in ranged or row["assumptions"]


def test_every_assumption_that_a_finding_names_stands_in_the_account(example):
    _, incident = example
    named = {*incident.bundle.assumptions["assumption_id"], *incident.bundle.origins["origin_id"]}
    for row in incident.findings.to_dicts():
        assert set(row["assumptions"]) <= named


def test_every_row_that_a_finding_names_stands_in_the_account(example):
    _, incident = example
    held = {
        "finds": set(incident.bundle.finds["find_id"]),
        "events": set(incident.bundle.recording.events["event_id"]),
        "origins": set(incident.bundle.origins["origin_id"]),
        "sightings": set(incident.bundle.sightings["sighting_id"]),
        "claims": set(incident.bundle.claims["claim_id"]),
    }
    for row in incident.findings.to_dicts():
        for name in row["rows"]:
            table, _, key = name.partition(":")
            assert key in held[table]


def test_reasons_are_plain_sentences_without_false_certainty(example):
    _, incident = example
    for reason in incident.findings["reason"]:
        assert re.fullmatch(r"[A-Z0-9].*\.", reason), reason
        assert not re.search(NO_WORDS, reason.replace("-", "–")), reason
        assert len(re.findall(r"[.;] [A-Z]", reason)) < SENTENCES_MOST, reason


def test_no_count_is_given_for_crossings_beyond_a_lower_bound(example):
    name, incident = example
    rows = incident.counts.filter(unit="crossings").to_dicts()
    assert rows or name != "poland-2025"
    for row in rows:
        assert (row["most_likely"], row["high_90"]) == (None, None)
        assert row["why"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_redacted_example_is_weighed_alike(name):
    open_account, kept = account(name), account(name, is_redacted=True)
    for frame in FRAMES.split():
        assert drift(getattr(kept, frame), tables.TABLES[frame]) == []
    assert kept.findings["verdict"].to_list() == open_account.findings["verdict"].to_list()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_can_be_told_as_of_every_date_on_which_something_became_known(name):
    dates = sorted(set(read(name).claims["known_utc"].drop_nulls()))
    for as_of_utc in dates:
        found = account(name, as_of_utc=as_of_utc)
        assert found.findings.height + found.left_out.filter(table="claims").height == read(name).claims.height
        for frame in FRAMES.split():
            assert drift(getattr(found, frame), tables.TABLES[frame]) == []
