"""What every example bundle keeps to, seen without the reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotwash.model.schema import BOOL, F64, I64, UTC
from hotwash.model.tables import TABLES

BUNDLES = ("poland-2025", "airport-2026", "closures-2026")
INVENTED = BUNDLES[1:]
NAMES = {"claims": "claim_id", "events": "event_id", "sightings": "sighting_id"}
PROBABILITIES = ("probability_find", "probability_airframe", "probability_brought_down")
Reader = Callable[[str], Any]


@pytest.fixture(params=BUNDLES)
def bundle(request: pytest.FixtureRequest, folder: Reader) -> Any:
    return folder(request.param)


def test_only_declared_columns_and_every_needed_cell(bundle: Any):
    for name, rows in bundle.tables.items():
        for row in rows:
            assert set(row) <= set(TABLES[name].names), name
            for column in TABLES[name].columns:
                assert column.nullable or row[column.name], f"{name}: {column.name} is empty in {row}"


def test_words_and_numbers_are_of_their_column(bundle: Any):
    for name, rows in bundle.tables.items():
        for row in rows:
            for column in TABLES[name].columns:
                cell = row.get(column.name, "")
                if not cell:
                    continue
                if column.one_of:
                    assert cell in column.one_of, f"{name}.{column.name}: {cell}"
                if column.dtype in (F64, I64):
                    number = float(cell)
                    assert column.least is None or number >= column.least
                    assert column.most is None or number <= column.most
                if column.dtype == BOOL:
                    assert cell in ("true", "false")
                if column.dtype == UTC:
                    bundle.time(row, column.name)


def test_keys_are_unique(bundle: Any):
    for name, rows in bundle.tables.items():
        seen = Counter(tuple(row.get(part, "") for part in TABLES[name].key) for row in rows)
        assert not [key for key, times in seen.items() if times > 1], name
    for name, key in (("questions", "question_id"), ("assumptions", "assumption_id"), ("intervals", "name")):
        assert max(Counter(item[key] for item in bundle.head[name]).values()) == 1


def test_every_reference_leads_somewhere(bundle: Any):
    questions = {item["question_id"]: item for item in bundle.head["questions"]}
    claims = {row["claim_id"] for row in bundle.tables["claims"]}
    speakers = {row["said_by"] for row in bundle.tables["claims"]}
    for name, rows in bundle.tables.items():
        for row in rows:
            for source in filter(None, row.get("source_id", "").split(";")):
                assert source in bundle.zones, f"{name}: {row}"
    for row in bundle.tables["claims"]:
        assert row["question_id"] in questions
        for name in filter(None, row["derived_from"].split(";")):
            assert name == "unknown" or name in claims | speakers, row["claim_id"]
    kinds = {row["kind"] for row in bundle.tables["events"]}
    intervals = {item["name"] for item in bundle.head["intervals"]}
    finds = {row["find_id"] for row in bundle.tables["finds"]}
    for item in bundle.head["intervals"]:
        assert {item["from"], item["to"]} <= kinds, item["name"]
    for question in questions.values():
        subjects = {"time": kinds, "duration": intervals, "identity": finds, "status": set(bundle.head["aerodromes"])}
        if question["kind"] in subjects:
            assert question["subject_id"] in subjects[question["kind"]], question["question_id"]
    assert not bundle.head.get("ring_origin") or bundle.head["ring_origin"] in {
        row["origin_id"] for row in bundle.tables["origins"]
    }


def test_every_row_that_another_names_is_there(bundle: Any):
    known = {table: {row[key] for row in bundle.tables[table]} for table, key in NAMES.items()}
    occasions = {row["occasion_id"] for row in bundle.tables["occasions"]}
    numbers = known["claims"] | known["events"]
    for table, rows in bundle.tables.items():
        wanted = {"supersedes": known.get(table, set()), "excludes": known["claims"], "parts": numbers}
        wanted["led_to"] = occasions | known["events"]
        if table != "occasions":
            wanted["occasion_id"] = occasions
        for row in rows:
            for column, names in wanted.items():
                assert set(filter(None, row.get(column, "").split(";"))) <= names, row
    asked = {item["question_id"] for item in bundle.head["questions"]}
    assert set(bundle.head.get("headline", ())) <= asked


def test_every_question_has_a_claim(bundle: Any):
    asked = {item["question_id"] for item in bundle.head["questions"]}
    assert asked == {row["question_id"] for row in bundle.tables["claims"]}


def test_everything_has_the_time_when_it_became_known(bundle: Any):
    for rows in bundle.tables.values():
        for row in rows:
            assert row["known_utc"], row
    for item in bundle.head["questions"] + bundle.head["assumptions"]:
        assert item["known_utc"].tzinfo is not None


def test_zones_are_names_and_no_bare_date_stands_between_two(bundle: Any):
    for zone in filter(None, bundle.zones.values()):
        assert ZoneInfo(zone).key == zone
        assert "/" in zone
    for name, rows in bundle.tables.items():
        times = [column.name for column in TABLES[name].columns if column.dtype == UTC]
        for row in rows:
            zones = {bundle.zones[source] for source in filter(None, row.get("source_id", "").split(";"))}
            if len(zones) > 1:
                assert all(re.search(r"(Z|[+-]\d\d:\d\d)$", row[column]) for column in times if row.get(column)), row


def test_nothing_is_said_or_known_before_its_time(bundle: Any):
    for row in bundle.tables["claims"]:
        assert bundle.time(row, "said_utc_low") <= bundle.time(row, "said_utc_high") <= bundle.time(row, "known_utc"), (
            row["claim_id"]
        )
    for row in bundle.tables["events"]:
        published_before = row["kind"] == "published_closed_hours" or row.get("told_as") == "forecast"
        for column in ("start_utc", "utc_low"):
            assert (
                published_before or not row.get(column) or bundle.time(row, column) <= bundle.time(row, "known_utc")
            ), row["event_id"]
        assert any(row.get(column) for column in ("start_utc", "utc_low", "utc_high"))


def test_only_the_same_speaker_supersedes_and_only_later_in_the_same_unit(bundle: Any):
    claims = {row["claim_id"]: row for row in bundle.tables["claims"]}
    chain = [row for row in claims.values() if row["supersedes"]]
    assert chain
    for row in chain:
        earlier = claims[row["supersedes"]]
        for column in ("said_by", "question_id", "unit"):
            assert row[column] == earlier[column], row["claim_id"]
        for column in ("said_utc_high", "known_utc"):
            assert bundle.time(row, column) > bundle.time(earlier, column), row["claim_id"]


def test_about_has_a_width_where_it_is_used(bundle: Any):
    questions = {item["question_id"]: item for item in bundle.head["questions"]}
    for row in bundle.tables["claims"]:
        if row["relation"] == "about":
            assert {"about_fraction", "about_amount"} & set(questions[row["question_id"]])


def test_a_probability_has_bounds_an_owner_and_a_reason(bundle: Any):
    for row in bundle.tables["finds"]:
        for name in PROBABILITIES:
            assert float(row[f"{name}_low"]) <= float(row[name]) <= float(row[f"{name}_high"]), row["find_id"]
        for suffix in ("", "_low", "_high"):
            values = [float(row[name + suffix]) for name in PROBABILITIES]
            assert values == sorted(values, reverse=True), f"{row['find_id']}: brought down ≤ airframe ≤ find"
        assert row["assigned_by"] == "authors of this example"
        assert row["assigned_why"].endswith(".")


def test_a_source_is_used_or_named_in_a_note(bundle: Any):
    cited = {
        name
        for table, rows in bundle.tables.items()
        if table != "sources"
        for row in rows
        for name in row.get("source_id", "").split(";") + re.findall(r"(?<![\w-])S-[A-Z0-9-]+", row.get("note", ""))
    }
    assert set(bundle.zones) == cited - {""}


def test_no_speaker_is_spelled_in_two_ways(bundle: Any):
    names = {row["said_by"] for row in bundle.tables["claims"]}
    for table in ("events", "finds", "sightings"):
        names |= {name for row in bundle.tables[table] for name in row["said_by"].split(";")}
    bare = Counter(re.sub(r"\W+", "", name.split("(")[0]).casefold() for name in names if "(invented)" not in name)
    assert not [name for name, times in bare.items() if times > 1]


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_bundle_says_so_everywhere(folder: Reader, name: str):
    bundle = folder(name)
    assert bundle.head["is_synthetic"] is True
    assert "INVENTED" in bundle.head["marking"]
    assert bundle.head["title"].startswith("INVENTED")
    said = {"sources": "title", "occasions": "text", "claims": "summary", "events": "text", "sightings": "seen"}
    said["finds"] = "what"
    for table, column in said.items():
        for row in bundle.tables[table]:
            assert row[column].startswith("INVENTED. "), row
    assert all(item["text"].startswith("INVENTED. ") for item in bundle.head["questions"] + bundle.head["assumptions"])
