"""What every exporter promises: a file appears whole or not at all, and what was there before is not lost."""

from __future__ import annotations

import json
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bundles import files as bundle_files
from bundles import read as read_bundle
from flights import flown
from laid_out import account
from moves import come_to

import hotwash.export
from hotwash.errors import WriteError
from hotwash.export import account_json, dataflash, files, lessons_file, recording_folder, table_file, ulog, workbook
from hotwash.ingest import lessons_file as arriving
from hotwash.ingest import recording_folder as recorded
from hotwash.ingest import workbook as book
from hotwash.ingest.table_file import table_of
from hotwash.lessons import exchange, history
from hotwash.model import tables
from hotwash.model.recording import FOLDER_TABLES
from hotwash.report.view import build_view

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
LESSON = come_to("learned", "L-1")

Write = Callable[[Path], object]
NOT_EXPORTERS = {
    "files": "what they all write with",
    "flight_log": "the common part of the logs",
    "flight_journal": "grows with the flight, so that a kill leaves what was flown; never whole until it is deleted",
}


@dataclass(frozen=True)
class Exporter:
    """One thing that is written: by which module, to a file of which name, and whether it reads back equal."""

    module: str
    name: str
    write: Write
    reads_back: Callable[[Path], bool] | None = None
    is_folder: bool = False


def write_in_parts(path: Path) -> None:
    truth = flown().truth
    with table_file.in_parts(path, tables.TRUTH) as add:
        for part in truth.iter_slices(50):
            add(part)


def is_truth(path: Path) -> bool:
    rows, rejects = table_of(path, tables.TRUTH)
    return rejects == [] and rows.equals(flown().truth)


def is_bundle(path: Path) -> bool:
    found = book.Workbook(path.read_bytes(), name=path.name).read()
    return found.claims.equals(read_bundle().claims) and found.brief == read_bundle().brief


def is_recording(path: Path) -> bool:
    found = recorded.read(path)
    return found.scenario == flown().scenario and all(
        getattr(found, table.name).equals(getattr(flown(), table.name)) for table in FOLDER_TABLES
    )


def is_lesson(path: Path) -> bool:
    (row,) = arriving.read(path).lessons
    one = exchange.parse_lesson(row, name=path.name)
    return history.lesson(one.lesson_id, one.entries, originator_id=one.originator_id) == LESSON


def write_lessons(path: Path) -> Path:
    items = [exchange.lesson_item(LESSON, with_reporter=True)]
    return lessons_file.write_json(
        path, exchange.document(items, centre_id="c", centre="here", made_utc=NOON, made_by="test")
    )


def account_values() -> dict[str, object]:
    return account_json.account(build_view(account(read_bundle()), made_utc=NOON))


def write_account(path: Path) -> Path:
    return files.write_file(path, account_json.to_json(account_values()).encode())


def is_account(path: Path) -> bool:
    return json.loads(path.read_bytes()) == json.loads(json.dumps(account_values()))


EXPORTERS = [
    Exporter("table_file", "truth.parquet", lambda path: table_file.write(path, flown().truth), is_truth),
    Exporter("table_file", "truth.csv", lambda path: table_file.write(path, flown().truth), is_truth),
    Exporter("table_file", "parts.parquet", write_in_parts, is_truth),
    Exporter("table_file", "parts.csv", write_in_parts, is_truth),
    Exporter(
        "recording_folder", "flight", lambda path: recording_folder.write(path, flown()), is_recording, is_folder=True
    ),
    Exporter("lessons_file", "lessons.json", write_lessons, is_lesson),
    Exporter(
        "lessons_file",
        "lessons.csv",
        lambda path: lessons_file.write_csv(path, [exchange.lesson_item(LESSON, with_reporter=True)]),
        is_lesson,
    ),
    Exporter("account_json", "account.json", write_account, is_account),
    Exporter("ulog", "flight.ulg", lambda path: files.write_file(path, ulog.encode(flown(), object_id="pilot")), None),
    Exporter(
        "workbook",
        "night.xlsx",
        lambda path: files.write_file(path, workbook.encode_workbook(bundle_files())),
        is_bundle,
    ),
    Exporter(
        "dataflash", "flight.bin", lambda path: files.write_file(path, dataflash.encode(flown(), object_id="pilot"))
    ),
]
every_exporter = pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.name)
every_file = pytest.mark.parametrize(
    "exporter", [one for one in EXPORTERS if not one.is_folder], ids=lambda exporter: exporter.name
)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_every_module_that_writes_a_format_is_in_this_suite():
    modules = {one.name for one in pkgutil.iter_modules(hotwash.export.__path__)}
    assert modules - set(NOT_EXPORTERS) == {exporter.module for exporter in EXPORTERS}


@every_exporter
def test_what_is_written_is_read_back_equal(exporter: Exporter, tmp_path: Path):
    exporter.write(tmp_path / exporter.name)
    assert names(tmp_path) == [exporter.name]
    assert exporter.reads_back is None or exporter.reads_back(tmp_path / exporter.name)


@every_exporter
def test_until_all_of_it_is_on_the_disk_nothing_has_its_name(
    exporter: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    looks: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _: looks.append((tmp_path / exporter.name).exists()))
    exporter.write(tmp_path / exporter.name)
    assert looks
    assert not any(looks)


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@every_exporter
def test_a_fault_in_the_middle_leaves_nothing(
    exporter: Exporter, fault: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(_: int) -> None:
        raise fault

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((WriteError, KeyboardInterrupt), match=r"No space left|^$"):
        exporter.write(tmp_path / exporter.name)
    assert names(tmp_path) == []


@every_file
def test_an_earlier_file_is_replaced_only_by_a_whole_one(
    exporter: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / exporter.name
    path.write_bytes(b"earlier")

    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as faulty:
        faulty.setattr(os, "fsync", fail)
        with pytest.raises(WriteError, match=r"cannot be written to: Input/output error"):
            exporter.write(path)
    assert path.read_bytes() == b"earlier"
    exporter.write(path)
    assert exporter.reads_back is None or exporter.reads_back(path)
    assert names(tmp_path) == [exporter.name]


@every_exporter
def test_what_stands_in_the_way_is_refused_and_stays(exporter: Exporter, tmp_path: Path):
    path = tmp_path / exporter.name
    path.mkdir()
    (path / "mine.txt").write_bytes(b"mine")
    with pytest.raises(WriteError, match=rf"{exporter.name}: (cannot be written to|is not empty)"):
        exporter.write(path)
    assert names(tmp_path) == [exporter.name]
    assert (path / "mine.txt").read_bytes() == b"mine"


@every_exporter
def test_a_file_in_place_of_the_folder_is_refused_and_stays(exporter: Exporter, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(WriteError, match="cannot be written to"):
        exporter.write(tmp_path / "file" / exporter.name)
    assert names(tmp_path) == ["file"]
    assert (tmp_path / "file").read_bytes() == b"mine"


@every_exporter
def test_missing_folders_are_made(exporter: Exporter, tmp_path: Path):
    exporter.write(tmp_path / "a" / "b" / exporter.name)
    assert names(tmp_path / "a" / "b") == [exporter.name]
