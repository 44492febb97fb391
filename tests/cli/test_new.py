"""`hotwash new`, and a workbook where a folder might be: check, analyse, keep in a centre."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from workbooks import INCIDENT, book, claims

from hotwash import read_bundle

KINDS = ("airport", "border", "other")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


# ---------------------------------------------------------------- new


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_bundle_has_no_faults_is_to_be_filled_in_and_can_be_analysed_as_it_is(hotwash, tmp_path: Path, kind: str):
    done = hotwash("new", tmp_path / "night", "--kind", kind)
    assert (done.code, done.err) == (0, "")
    assert "incident.toml" in done.out
    assert f"Fill it in, then: hotwash check {tmp_path / 'night'}" in done.out
    checked = hotwash("check", tmp_path / "night")
    assert (checked.code, "No rows yet." in checked.out, "is not filled in" in checked.out) == (0, True, True)
    assert read_bundle(tmp_path / "night").brief.kind == kind
    assert hotwash("analyse", tmp_path / "night", "--out", tmp_path / "account").code == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_workbook_says_the_same_as_the_new_folder(hotwash, tmp_path: Path, kind: str):
    hotwash("new", tmp_path / "night", "--kind", kind)
    assert hotwash("new", tmp_path / "other", "--kind", kind, "--xlsx").code == 0
    folder, workbook = read_bundle(tmp_path / "night"), read_bundle(tmp_path / "other.xlsx")
    assert workbook.brief == folder.brief
    assert workbook.questions.equals(folder.questions)
    assert workbook.assumptions.equals(folder.assumptions)
    assert hotwash("check", tmp_path / "other.xlsx").code == 0


def test_a_template_teaches_in_its_comments_and_in_the_notes_of_the_workbook(hotwash, tmp_path: Path):
    hotwash("new", tmp_path / "night", "--kind", "airport")
    head = (tmp_path / "night" / "incident.toml").read_text(encoding="utf-8")
    assert "# The clock of the people who were there" in head
    hotwash("new", tmp_path / "night.xlsx", "--kind", "airport")
    meanings = {row[0]: row[2] for row in openpyxl.load_workbook(tmp_path / "night.xlsx")["incident"].values}
    assert meanings["zone"] == "the time zone shown beside UTC: an IANA name such as Europe/Warsaw"


def test_a_name_that_ends_in_xlsx_is_a_workbook_and_a_folder_gets_one(hotwash, tmp_path: Path):
    assert "Written: night.xlsx." in hotwash("new", tmp_path / "night.xlsx").out
    assert "Written: incident.xlsx." in hotwash("new", tmp_path, "--xlsx").out
    assert names(tmp_path) == ["incident.xlsx", "night.xlsx"]


def test_nothing_is_overwritten(hotwash, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "night.xlsx").write_text("mine")
    done = hotwash("new", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "is not empty; name a new folder" in done.err
    done = hotwash("new", tmp_path / "night.xlsx")
    assert (done.code, (tmp_path / "night.xlsx").read_text()) == (2, "mine")
    assert "is there already; name a new file, so that nothing of yours is overwritten" in done.err


def test_an_unknown_kind_and_another_spreadsheet_are_refused(hotwash, tmp_path: Path):
    done = hotwash("new", tmp_path / "night", "--kind", "airprot")
    assert (done.code, done.err) == (2, "hotwash: --kind: there is no kind 'airprot'; did you mean airport?\n")
    done = hotwash("new", tmp_path / "night.ods", "--xlsx")
    assert "a workbook is written as .xlsx; name it night.xlsx" in done.err
    assert names(tmp_path) == []


def test_new_answers_a_program(hotwash, tmp_path: Path):
    done = hotwash("new", tmp_path / "night.xlsx", "--json")
    assert json.loads(done.out) == {"bundle": str(tmp_path / "night.xlsx"), "files": [str(tmp_path / "night.xlsx")]}


# ---------------------------------------------------------------- a workbook where a folder might be


def test_check_names_sheet_and_cell(hotwash, tmp_path: Path):
    (tmp_path / "night.xlsx").write_bytes(book(claims=claims({}, {"claim_id": "C2", "value": "many"})))
    done = hotwash("check", tmp_path / "night.xlsx")
    assert done.code == 1
    assert "Rows read: night.xlsx (2)." in done.out
    assert "night.xlsx claims!F3 │ value" in done.out
    answered = json.loads(hotwash("check", tmp_path / "night.xlsx", "--json").out)
    assert [(row["file"], row["line"], row["cell"]) for row in answered["rejects"]] == [("night.xlsx", 3, "claims!F3")]


def test_check_tells_all_that_is_wrong_with_a_workbook_that_cannot_be_used(hotwash, tmp_path: Path):
    wrong = book(incident=[*INCIDENT, ["colour", "red", ""]], claim=claims(), claims=claims({"value": "many"}))
    (tmp_path / "night.xlsx").write_bytes(wrong)
    done = hotwash("check", tmp_path / "night.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "hotwash: night.xlsx: 3 faults",
        "  claim: no table of a bundle is called 'claim'; did you mean claims? "
        "rename it; notes may be on a sheet called notes, which is not read",
        "  incident!A11: 'colour' is not a known key; there are " + done.err.partition("there are ")[2].splitlines()[0],
        "  claims!F2: 'many' is not a number; write digits and a decimal point only",
    ]


def test_the_account_of_a_workbook_is_written_into_a_folder_beside_it(hotwash, tmp_path: Path):
    (tmp_path / "night.xlsx").write_bytes(book(claims=claims({}, {"claim_id": "C2", "value": "many"})))
    done = hotwash("analyse", tmp_path / "night.xlsx")
    assert done.code == 0
    assert names(tmp_path) == ["night-account", "night.xlsx"]
    assert names(tmp_path / "night-account") == ["account.html", "account.json", "account.md", "occurrence.csv"]
    assert "claims!F3" in (tmp_path / "night-account" / "account.html").read_text(encoding="utf-8")
    hotwash("analyse", tmp_path / "night.xlsx", "--out", tmp_path / "elsewhere")
    assert "account.html" in names(tmp_path / "elsewhere")


def test_a_file_that_is_no_workbook_is_refused_with_both_ways_out(hotwash, tmp_path: Path):
    (tmp_path / "incident.toml").write_text("title")
    done = hotwash("check", tmp_path / "incident.toml")
    assert done.code == 2
    assert "is a file; name the folder that contains it, or an Excel workbook" in done.err


def test_a_folder_in_which_the_bundle_is_a_workbook_is_told_so(hotwash, tmp_path: Path):
    (tmp_path / "~$night.xlsx").write_bytes(b"")  # Excel has it open
    (tmp_path / "night.xlsx").write_bytes(book())
    done = hotwash("check", tmp_path)
    wanted = f"has no incident.toml, but a workbook; if that is the bundle, name it: {tmp_path / 'night.xlsx'}"
    assert (done.code, done.err) == (2, f"hotwash: {tmp_path}: {wanted}\n")


def test_an_unknown_zone_is_told_at_its_cell(hotwash, tmp_path: Path):
    wanted = [*INCIDENT, ["zones_of_interest", "XX-land", ""]]
    (tmp_path / "night.xlsx").write_bytes(book(incident=wanted))
    done = hotwash("check", tmp_path / "night.xlsx")
    assert done.err.startswith("hotwash: night.xlsx, incident!B11: there is no zone XX-land")
    assert "zones.geojson of a bundle that is a folder" in done.err


def test_a_centre_keeps_the_workbook_with_its_account(hotwash, tmp_path: Path):
    (tmp_path / "night.xlsx").write_bytes(book())
    hotwash("init", tmp_path / "centre")
    done = hotwash("incidents", "keep", tmp_path / "night.xlsx", "--centre", tmp_path / "centre")
    assert (done.code, done.err) == (0, "")
    assert "night.xlsx" in names(tmp_path / "centre" / "incidents" / "night" / "1")
    assert "account.html" in names(tmp_path / "centre" / "incidents" / "night" / "1")
    listed = hotwash("incidents", "rows", "night", "--centre", tmp_path / "centre")
    assert "night/1#claims:C1" in listed.out


# ---------------------------------------------------------------- upgrade


def test_a_workbook_is_upgraded_to_a_workbook_and_either_to_the_other(hotwash, write, tmp_path: Path):
    first = [["format", "hotwash-bundle/1", ""] if row[0] == "format" else row for row in INCIDENT]
    (tmp_path / "night.xlsx").write_bytes(book(incident=first))
    assert hotwash("upgrade", tmp_path / "night.xlsx").code == 0
    assert hotwash("upgrade", tmp_path / "night.xlsx", "--out", tmp_path / "plain").code == 0
    assert hotwash("upgrade", write(), "--out", tmp_path / "river.xlsx").code == 0
    assert "incident.toml" in names(tmp_path / "plain")
    cell = openpyxl.load_workbook(tmp_path / "night-2.xlsx")["incident"]["B2"].value
    assert cell == "hotwash-bundle/2"
    wanted = read_bundle(tmp_path / "night.xlsx").claims
    assert all(read_bundle(tmp_path / name).claims.equals(wanted) for name in ("night-2.xlsx", "plain"))
    assert read_bundle(tmp_path / "river.xlsx").claims.equals(read_bundle(tmp_path / "incident").claims)
    assert "holds files already" in hotwash("upgrade", tmp_path / "night.xlsx").err


def test_a_workbook_with_rejected_rows_is_not_upgraded_for_the_new_one_would_lack_them(hotwash, tmp_path: Path):
    (tmp_path / "night.xlsx").write_bytes(book(claims=claims({}, {"claim_id": "C2", "value": "many"})))
    done = hotwash("upgrade", tmp_path / "night.xlsx")
    assert (done.code, names(tmp_path)) == (2, ["night.xlsx"])
    assert "1 row is rejected; correct that first" in done.err
