"""Analysing a bundle: read, weigh, write; whatever goes wrong on the way, nothing half-written stays behind."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bundles import HEAD, files

from hotwash.errors import BundleError, HotwashError, ReadError
from hotwash.front.bundles import read_bundle
from hotwash.report import markdown
from hotwash.work import account

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ACCOUNT = ("account.html", "account.json", "account.md", "occurrence.csv")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def written(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name not in files()}


def test_an_account_is_written_as_page_text_and_data(place: Path):
    done = account.analyse(place, now_utc=NOW)
    assert done.page == place / "account.html"
    assert sorted(written(place)) == sorted(ACCOUNT)
    assert json.loads(written(place)["account.json"]) == done.account
    assert done.account["made_utc"] == "2026-01-02T03:04:05Z"


def test_the_same_bundle_at_the_same_time_gives_the_same_bytes(place: Path):
    first = (account.analyse(place, now_utc=NOW), written(place))[1]
    second = (account.analyse(place, now_utc=NOW), written(place))[1]
    assert first == second


def test_the_steps_are_told_in_order(place: Path):
    told: list[str] = []
    account.analyse(place, now_utc=NOW, progress=lambda what, _: told.append(what))
    assert told[0] == "Reading sources.csv"
    assert told[-2:] == ["Weighing", "Writing"]


def test_a_fault_while_the_text_is_made_leaves_the_earlier_account_whole(place: Path, monkeypatch: pytest.MonkeyPatch):
    account.analyse(place, now_utc=NOW)
    before = written(place)

    def fail(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(markdown, "render", fail)
    with pytest.raises(KeyboardInterrupt):
        account.analyse(place, now_utc=NOW.replace(year=2027))
    assert written(place) == before


def test_check_writes_nothing(place: Path):
    read_bundle(place)
    assert written(place) == {}


@pytest.mark.parametrize("do", [read_bundle, lambda path: account.analyse(path, now_utc=NOW)])
def test_a_zone_that_nobody_holds_is_refused_in_both(place: Path, do):
    (place / "incident.toml").write_text(HEAD.replace("PL-land", "river"))
    with pytest.raises(BundleError, match=r"there is no zone river; choose from .*, or add the zone to zones\.geojson"):
        do(place)
    assert written(place) == {}


@pytest.mark.parametrize("content", ["{", "[" * 100_000, '{"type": "Feature", "geometry": null}', ""])
def test_own_zones_that_cannot_be_read_are_refused(place: Path, content: str):
    (place / "zones.geojson").write_text(content)
    with pytest.raises(HotwashError, match=r"^zones\.geojson"):
        read_bundle(place)


def test_a_date_before_all_knowledge_gives_an_account_of_nothing(place: Path):
    done = account.analyse(place, now_utc=NOW, as_of="1999-01-01")
    assert done.incident.findings.is_empty()
    assert done.incident.left_out.height > 0


def test_a_date_that_cannot_be_read_is_refused(place: Path):
    with pytest.raises(ReadError, match=r"^--as-of: there is no 31 September 2025"):
        account.analyse(place, now_utc=NOW, as_of="2025-09-31")


def test_the_fields_of_an_occurrence_report_are_written_for_a_spreadsheet(place: Path):
    lines = '\n[occurrence]\nlocation = "Łódź, \\"Lublinek\\""\n'
    (place / "incident.toml").write_text(HEAD + lines, encoding="utf-8")
    done = account.analyse(place, now_utc=NOW)
    content = written(place)["occurrence.csv"]
    assert content.startswith("\N{ZERO WIDTH NO-BREAK SPACE}field,eccairs_attribute".encode())  # Excel needs the mark
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert len(rows) == done.fields.height
    (location,) = (row for row in rows if row["field"] == "location")
    assert location == {
        "field": "location",
        "eccairs_attribute": "440",
        "eccairs_name": "Location name",
        "value": 'Łódź, "Lublinek"',
        "entity": "Occurrence",
        "instance": "1",
        "annex": "1 (4)",
        "is_missing": "false",
        "is_derived": "false",
    }


def test_the_fields_written_beside_a_bundle_are_no_part_of_it(place: Path):
    first = account.analyse(place, now_utc=NOW)
    assert [file.name for file in account.analyse(place, now_utc=NOW).incident.bundle.files] == [
        file.name for file in first.incident.bundle.files
    ]


def test_a_redacted_copy_has_redacted_fields(place: Path):
    lines = '\n[[occurrence.aircraft]]\nregistration = "SP-LRA"\n'
    (place / "incident.toml").write_text(HEAD + lines, encoding="utf-8")
    account.analyse(place, now_utc=NOW, redact=True)
    assert all(b"SP-LRA" not in content for content in written(place).values())
    assert b"[removed]" in written(place)["occurrence.csv"]
