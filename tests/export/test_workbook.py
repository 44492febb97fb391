"""A bundle written as a workbook: what comes back, and what a person meets in Excel. Read by openpyxl, not by us."""

from __future__ import annotations

import io
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from bundles import HEAD, USUAL, files
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.errors import WriteError
from hotwash.export import workbook
from hotwash.ingest import bundle, folder
from hotwash.ingest.workbook import Workbook
from hotwash.model import bundle_form, tables
from hotwash.model.bundle_form import SHEETS
from hotwash.model.incident import Bundle
from hotwash.model.questions import QUESTION_KINDS
from hotwash.model.schema import BOOL
from hotwash.model.words import RELATIONS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOT_IN_A_WORKBOOK = ("zones.geojson", "detections.parquet")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def back(content: bytes) -> Bundle:
    return Workbook(content, name="night.xlsx").read()


def differences(one: Any, other: Any) -> list[str]:
    """Return the fields in which two bundles differ, but for the files that they came in."""
    found = []
    for field in fields(one):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if field.name == "recording":
            names = ("sources", "events", "sensors", "detections")
            found += [name for name in names if not getattr(first, name).equals(getattr(second, name))]
        elif field.name != "files":
            is_equal = first.equals(second) if isinstance(first, pl.DataFrame) else first == second
            found += [] if is_equal else [field.name]
    return found


def columns_of(sheet: Any) -> list[str]:
    return [cell.value for cell in sheet[1]]


def lists_of(sheet: Any) -> dict[str, Any]:
    """Return the list that each column of a sheet offers, by the column's name."""
    names = columns_of(sheet)
    found = {}
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            found[names[area.min_col - 1]] = rule
    return found


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("name", ["poland-2025", "airport-2026"])
def test_an_example_comes_back_as_it_was(name: str):
    example = {key: text for key, text in folder.read(EXAMPLES / name).items() if key not in NOT_IN_A_WORKBOOK}
    assert differences(back(workbook.encode_workbook(example)), bundle.read(example)) == []


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";"), max_size=30)
ODD_WORDS = st.sampled_from(["007", "1e5", "=1+1", "true", "2026-03-12", "_x0041_", "50%", "0.1", "a\nb", "'x", " y "])


@settings(max_examples=30, deadline=None)
@given(
    texts=st.lists(st.tuples(WORDS | ODD_WORDS, WORDS | ODD_WORDS), min_size=1, max_size=4),
    degrees=st.lists(st.floats(-90, 90), min_size=1, max_size=4),
    title=WORDS.filter(lambda text: bool(text.strip())) | ODD_WORDS,
)
def test_any_words_and_numbers_come_back_as_they_were(texts: list[tuple[str, str]], degrees: list[float], title: str):
    claims = [{"claim_id": f"C{n}", "summary": one, "note": two} for n, (one, two) in enumerate(texts)]
    finds = [{"find_id": f"F{n}", "lat_deg": repr(degree)} for n, degree in enumerate(degrees)]
    head = HEAD.replace('"Lights over the river"', "'''" + title.replace("'", "") + " '''")
    written = files(head=head, claims=claims, finds=finds)
    found, expected = back(workbook.encode_workbook(written)), bundle.read(written)
    assert [name for name in differences(found, expected) if name not in ("rejects", "repairs")] == []
    assert found.rejects.height == expected.rejects.height


def test_what_was_rejected_is_rejected_again_at_its_cell():
    content = workbook.encode_workbook(files(claims=[{}, {"claim_id": "C2", "value": "many"}]))
    (cell,) = [one for one in opened(content)["claims"][3] if one.value == "many"]
    found = back(content).rejects.select("cell", "reason").rows()
    assert found == [(f"claims!{cell.coordinate}", "'many' is not a number")]


def test_equal_bundles_make_equal_files():
    assert workbook.encode_workbook(files()) == workbook.encode_workbook(files())


# ---------------------------------------------------------------- what a person meets


def test_a_workbook_has_a_sheet_for_each_table_and_the_incident_comes_first():
    made = opened(workbook.encode_workbook({}))
    assert made.sheetnames == ["README", *SHEETS, "words"]
    assert made.active.title == "incident"
    assert "Check it with `hotwash check`" in made["README"]["A1"].value


def test_every_column_stands_in_the_header_with_a_note_of_its_meaning_and_the_header_stays():
    made = opened(workbook.encode_workbook({}))
    for name, table in SHEETS.items():
        sheet = made[name]
        assert columns_of(sheet) == list(table.names)
        assert sheet.freeze_panes == "B2"
        for cell, column in zip(sheet[1], table.columns, strict=True):
            assert cell.font.bold
            assert cell.comment.text.startswith(column.meaning[:1].upper() + column.meaning[1:])
            assert ("Every row needs it." in cell.comment.text) is (not column.nullable)
            assert (cell.fill.fgColor.rgb == "FF1F4E79") is (not column.nullable)  # dark: must be filled


def test_a_note_says_what_a_column_may_hold():
    lat, saw = tables.FINDS["lat_deg"], tables.SIGHTINGS["saw_nothing"]
    assert workbook.describe_column(lat) == "Latitude of the find, WGS 84. A number. At least -90. At most 90."
    assert workbook.describe_column(saw) == "Looked and saw nothing. true or false. Every row needs it."
    assert workbook.describe_column(tables.CLAIMS["relation"]).endswith(
        f"One of {', '.join(RELATIONS)}. Every row needs it."
    )
    assert " A time." in workbook.describe_column(tables.EVENTS["start_utc"])


def test_every_closed_list_of_words_and_every_truth_has_a_list_to_choose_from():
    made = opened(workbook.encode_workbook({}))
    for name, table in SHEETS.items():
        offered = lists_of(made[name])
        wanted = {column.name for column in table.columns if column.one_of or column.dtype == BOOL}
        assert wanted <= set(offered), name
        assert all(offered[column].type == "list" and offered[column].showErrorMessage for column in wanted)


def test_a_list_offers_the_words_of_its_column():
    made = opened(workbook.encode_workbook({}))
    rule = lists_of(made["questions"])["kind"]
    sheet, _, area = rule.formula1.partition("!")
    assert [cell.value for (cell,) in made[sheet][area.replace("$", "")]] == list(QUESTION_KINDS)
    assert "C500" in rule.sqref


def test_names_of_other_sheets_are_offered_and_others_may_be_typed():
    offered = lists_of(opened(workbook.encode_workbook({}))["claims"])
    assert offered["question_id"].formula1.startswith("questions!$A$2:")
    assert offered["source_id"].formula1.startswith("sources!$A$2:")
    assert not offered["source_id"].showErrorMessage
    assert "claim_id" not in offered


@pytest.mark.parametrize(
    ("sheet", "column", "word"),
    [("claims", "unit", "diversions"), ("questions", "unit", "km"), ("events", "kind", "aerodrome_closed")],
)
def test_units_and_kinds_of_events_are_offered_and_others_may_be_typed(sheet: str, column: str, word: str):
    made = opened(workbook.encode_workbook({}))
    rule = lists_of(made[sheet])[column]
    name, _, area = rule.formula1.partition("!")
    assert word in [cell.value for (cell,) in made[name][area.replace("$", "")]]
    assert not rule.showErrorMessage


def test_times_are_text_so_that_no_zone_is_lost_and_numbers_are_numbers():
    made = opened(workbook.encode_workbook(files(finds=[{"lat_deg": "52.01"}], sightings=[{}])))
    row = dict(zip(columns_of(made["finds"]), made["finds"][2], strict=True))
    assert (row["known_utc"].value, row["known_utc"].data_type) == ("2025-09-10T08:00Z", "s")
    assert (row["lat_deg"].value, row["lat_deg"].data_type) == (52.01, "n")
    saw = dict(zip(columns_of(made["sightings"]), made["sightings"][2], strict=True))["saw_nothing"]
    assert (saw.value, saw.data_type) == (False, "b")


def test_columns_of_text_are_formatted_as_text_so_that_excel_makes_no_date_of_1_2():
    made = opened(workbook.encode_workbook(files(claims=[{"claim_id": "1-2"}])))
    assert made["claims"]["A2"].value == "1-2"
    formats = {name: made["claims"].column_dimensions[letters].number_format for name, letters in (("id", "A"),)}
    assert formats == {"id": "@"}


def test_the_readme_of_a_bundle_goes_along():
    made = opened(workbook.encode_workbook(files() | {"README.md": b"# A night\nof lights"}))
    assert [row[0].value for row in made["README"].iter_rows()] == ["# A night", "of lights"]


# ---------------------------------------------------------------- what cannot be written

REFUSED = {
    "zones of its own": (files() | {"zones.geojson": b"{}"}, "zones.geojson: has no place in a workbook"),
    "Parquet": (files() | {"detections.parquet": b"PAR1"}, "detections.parquet: has no place in a workbook"),
    "another encoding": (files(sources="źródło".encode("cp1250")), "sources.csv: is not UTF-8 text"),
    "no TOML": (files(head="title = "), "incident.toml: is not valid TOML"),
    "an unknown key": (files(head='color = "red"\n' + HEAD), "incident.toml, color: is no key of a bundle"),
    "an unknown key of a block": (
        files(head=HEAD + 'color = "red"\n'),
        "incident.toml, [[questions]]: has an unknown key",
    ),
    "an unknown column": (files(claims="colour\nred\n"), "claims.csv: has an unknown column"),
    "a row too long": (
        files(sources="source_id,publisher\nS1,x,y\n"),
        "sources.csv: has an unknown column, or a row with too many",
    ),
    "an open quotation mark": (files(sources='source_id,publisher\nS1,"x\n'), "sources.csv: is not CSV"),
    "a long cell": (files(claims=[{"summary": "x" * 40_000}]), "claims, row 2, summary: a cell of 40,000 characters"),
    "a semicolon": (
        files(head=HEAD.replace('"EPLB"', '"EP;LB"')),
        "incident.toml: ['EPWA', 'EP;LB'] has a text with a semicolon",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_workbook_cannot_hold_is_refused_and_nothing_is_lost_in_silence(case: str):
    content, says = REFUSED[case]
    with pytest.raises(WriteError) as refused:
        workbook.encode_workbook(content)
    assert str(refused.value).startswith(says)


# ---------------------------------------------------------------- one declaration


def test_the_form_of_a_bundle_names_every_table_that_is_read():
    assert [f"{table.name}.csv" for table in bundle_form.BUNDLE_TABLES] == list(bundle.CSV_TABLES)
    assert set(USUAL) <= set(SHEETS)
