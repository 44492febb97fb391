"""A bundle in one Excel workbook: what cells mean, and at which cell each fault is."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from time import process_time
from typing import Any

import openpyxl
import pytest
from workbooks import (
    CLAIM,
    INCIDENT,
    QUESTIONS,
    SOURCES,
    book,
    claims,
    error,
    events,
    formatted,
    formula,
    incident,
    patched,
    read,
    write,
)

from hotwash.errors import BundleError
from hotwash.ingest.workbook import Workbook
from hotwash.model.incident import Bundle


def faults(found: Bundle) -> list[tuple[str, str, str]]:
    """Return the cell of each reject, what is wrong and what would help."""
    assert set(found.rejects["file"]) <= {"night.xlsx"}
    return found.rejects.select("cell", "reason", "advice").rows()


def remarks(found: Bundle) -> list[tuple[str, str, str]]:
    assert set(found.repairs["file"]) <= {"night.xlsx"}
    return found.repairs.select("cell", "raw", "mended").rows()


def refusal(**choices: Any) -> str:
    with pytest.raises(BundleError) as refused:
        read(**choices)
    return str(refused.value)


def moment(text: str) -> datetime:
    """Return a time as a cell of Excel has it: without a zone."""
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return moment(text).replace(tzinfo=UTC)


# ---------------------------------------------------------------- a sound workbook


def test_a_workbook_is_read_as_a_folder_of_the_same_tables_would_be():
    found = read(events=events())
    assert found.brief.title == "Lights over the river"
    assert found.brief.aerodromes == ("EPWA", "EPLB")
    assert found.brief.is_synthetic
    assert str(found.brief.occurrence.utc_date) == "2025-09-09"
    assert found.questions.select("question_id", "about_amount").rows() == [("Q-N", 2.0), ("Q-S", None)]
    assert found.claims.select("claim_id", "value").rows() == [("C1", "19")]
    assert found.recording.events["start_utc"].to_list() == [utc("2025-09-09T21:30")]
    assert (faults(found), remarks(found)) == ([], [])


def test_a_workbook_counts_as_one_file_with_all_its_rows():
    (file,) = read(events=events()).files
    assert (file.name, file.rows, len(file.sha256)) == ("night.xlsx", 3, 64)


def test_a_workbook_that_openpyxl_wrote_reads_the_same():
    other = openpyxl.Workbook()
    other.remove(other.active)
    for name, cells in {"incident": INCIDENT, "questions": QUESTIONS, "sources": SOURCES, "claims": claims()}.items():
        sheet = other.create_sheet(name)
        for line in cells:
            sheet.append(line)
    stream = io.BytesIO()
    other.save(stream)
    found = Workbook(stream.getvalue(), name="night.xlsx").read()
    assert found.claims.equals(read().claims)
    assert found.questions.equals(read().questions)


@pytest.mark.parametrize("name", ["Claims", "CLAIMS ", " claims"])
def test_a_sheet_is_known_whatever_the_case_and_the_spaces_around_its_name(name: str):
    found = read(claims=None, **{name: claims({"value": "many"})})
    assert [cell.strip("'").strip().lower() for cell, _, _ in faults(found)] == [
        "claims!f2" if name == "Claims" else f"{name.lower()}'!f2".strip()
    ]


def test_sheets_for_people_and_empty_sheets_are_passed_over():
    found = read(README=[["read me"]], notes=[["call the tower"]], words=[["yes"]], Sheet1=[])
    assert faults(found) == []


def test_a_row_without_a_filled_cell_is_no_row():
    found = read(claims=[*claims(), [], [" ", None], *claims({"claim_id": "C2"})[1:]])
    assert found.claims["claim_id"].to_list() == ["C1", "C2"]


# ---------------------------------------------------------------- cells


def test_numbers_and_truths_are_taken_as_excel_shows_them():
    found = read(claims=claims({"value": 19.0, "is_final": True}, {"claim_id": "C2", "value": 21, "is_final": False}))
    assert found.claims.select("value", "is_final").rows() == [("19", True), ("21", False)]


def test_leading_zeros_that_a_format_shows_belong_to_an_id():
    found = read(claims=claims({"claim_id": formatted(7, "000")}))
    assert found.claims["claim_id"].to_list() == ["007"]


def test_a_percentage_is_a_share_in_a_column_of_numbers_and_no_number_among_words():
    questions = [[*QUESTIONS[0], "about_fraction"], [*QUESTIONS[1], formatted(0.1, "0%")]]
    found = read(questions=questions, claims=claims({"value": formatted(0.5, "0%")}))
    assert found.questions["about_fraction"].to_list() == [0.1]
    assert faults(found) == [("claims!F2", "'50%' is not a number", "write digits and a decimal point only")]


def test_a_date_cell_with_a_time_is_in_the_zone_of_its_source():
    at = formatted(moment("2025-09-09T23:30"), "dd.mm.yyyy hh:mm")
    found = read(events=events({"start_utc": at}))
    assert found.recording.events["start_utc"].to_list() == [utc("2025-09-09T21:30")]  # Warsaw is two hours ahead


def test_a_date_cell_without_a_zone_to_take_is_rejected():
    at = formatted(moment("2025-09-09T23:30"), "dd.mm.yyyy hh:mm")
    found = read(sources=[["source_id", "publisher"], ["S1", "The paper"]], events=events({"start_utc": at}))
    ((cell, reason, _),) = faults(found)
    assert (cell, reason) == ("events!C2", "'2025-09-09T23:30' has no zone, and its source declares none")


def test_a_date_cell_that_shows_only_the_day_is_a_bare_date():
    day = formatted(moment("2025-09-11"), "d. mmm yyyy")
    found = read(claims=claims({"said_utc_high": day}))
    assert found.claims["said_utc_high"].to_list() == [utc("2025-09-11T22:00")]  # the end of that day in Warsaw
    assert remarks(found) == []


def test_a_time_of_day_that_a_date_cell_does_not_show_is_not_used_and_remarked():
    day = formatted(moment("2025-09-11T09:15"), "dd.mm.yyyy")
    found = read(claims=claims({"said_utc_high": day}))
    assert found.claims["said_utc_high"].to_list() == [utc("2025-09-11T22:00")]
    assert remarks(found) == [("claims!D2", "2025-09-11T09:15:00", "2025-09-11 (the cell shows no time of day)")]


def test_a_date_that_a_strict_workbook_states_in_iso_8601_is_taken_as_shown():
    day, time = formatted(moment("2025-09-11"), "yyyy-mm-dd"), formatted(moment("2025-09-11"), "yyyy-mm-dd hh:mm")
    content = book(claims=claims({"said_utc_high": day}), events=events({"start_utc": time}))
    for sheet in ("sheet4", "sheet5"):
        stated = ("><v>45911</v>", ' t="d"><v>2025-09-11T00:00:00</v>')
        content = patched(content, f"xl/worksheets/{sheet}.xml", stated)
    found = Workbook(content, name="night.xlsx").read()
    assert found.claims["said_utc_high"].to_list() == [utc("2025-09-11T22:00")]  # the end of that day in Warsaw
    assert found.recording.events["start_utc"].to_list() == [utc("2025-09-10T22:00")]  # midnight in Warsaw


def test_a_time_of_day_alone_is_no_time():
    found = read(events=events({"start_utc": formatted(0.5, "hh:mm")}))
    ((cell, reason, _),) = faults(found)
    assert (cell, reason) == ("events!C2", "'12:00' is not a time")


# 45909 is 2025-09-09 where days are counted from 1900, and 44447 where they are counted from 1904.
@pytest.mark.parametrize(("is_1904", "serial", "year"), [(False, 45909.875, 1900), (True, 44447.875, 1904)])
def test_a_bare_number_in_a_column_of_times_is_a_date_of_the_workbooks_own_epoch(
    is_1904: bool, serial: float, year: int
):
    found = read(is_1904=is_1904, events=events({"start_utc": serial}))
    assert found.recording.events["start_utc"].to_list() == [utc("2025-09-09T19:00")]  # 21:00 in Warsaw
    mended = f"2025-09-09T21:00 (a number of days since {year}, taken as a date)"
    assert remarks(found) == [("events!C2", str(serial), mended)]


def test_a_date_cell_of_a_workbook_of_1904_is_the_date_that_it_shows():
    at = formatted(moment("2025-09-09T23:30"), "yyyy-mm-dd hh:mm")
    found = read(is_1904=True, events=events({"start_utc": at}))
    assert found.recording.events["start_utc"].to_list() == [utc("2025-09-09T21:30")]


@pytest.mark.parametrize("number", [2025, 2130, -5, 20250909])
def test_a_number_that_can_be_no_date_of_our_time_is_rejected(number: float):
    ((cell, reason, advice),) = faults(read(events=events({"start_utc": number})))
    assert (cell, reason) == ("events!C2", f"{number} is a number, not a time")
    assert advice == "type it as text: 2026-03-12T21:30"


@pytest.mark.parametrize("number", [0, -1, 60])
def test_a_number_that_excel_cannot_show_as_a_date_is_rejected(number: float):
    ((cell, reason, _),) = faults(read(events=events({"start_utc": formatted(number, "dd.mm.yyyy")})))
    assert (cell, reason) == ("events!C2", f"{number} is formatted as a date, but is none")


def test_a_number_that_excel_turned_into_a_date_is_no_number():
    questions = [QUESTIONS[0], [*QUESTIONS[1][:5], formatted(moment("2026-05-01"), "d. mmm")]]
    said = refusal(questions=questions)
    assert said.startswith("night.xlsx, questions!F2: must be a number")


def test_an_error_of_excel_is_a_fault_at_its_cell():
    found = read(claims=claims({"summary": error("#N/A")}))
    assert faults(found) == [("claims!G2", "the cell shows #N/A", "correct the formula, or empty the cell")]


def test_the_stored_value_of_a_formula_is_taken_and_remarked():
    found = read(claims=claims({"value": formula("=10+9", 19)}))
    assert found.claims["value"].to_list() == ["19"]
    assert remarks(found) == [("claims!F2", "=10+9", "19 (a formula; its stored value was taken)")]


def test_a_formula_that_nothing_has_calculated_is_a_fault():
    other = openpyxl.load_workbook(io.BytesIO(book()))
    other["claims"]["F2"] = "=10+9"  # openpyxl writes formulas without a value
    stream = io.BytesIO()
    other.save(stream)
    found = Workbook(stream.getvalue(), name="night.xlsx").read()
    advice = "open the workbook in Excel and save it, or put the value in place of the formula"
    assert faults(found) == [("claims!F2", "the formula =10+9 has no stored value", advice)]


def test_formulas_that_come_to_an_empty_text_are_empty_cells():
    filled_down = [[formula('=IF(Z1="","",Z1)', "-") for _ in CLAIM] for _ in range(5)]
    content = patched(book(claims=[*claims(), *filled_down]), "xl/worksheets/sheet4.xml", ("<v>-</v>", "<v></v>"))
    found = Workbook(content, name="night.xlsx").read()
    assert (found.claims.height, faults(found), remarks(found)) == (1, [], [])


def test_text_that_excel_escaped_comes_back_as_it_was():
    found = read(claims=claims({"summary": "a line\nand another; _x0041_ is no A"}))
    assert found.claims["summary"].to_list() == ["a line\nand another; _x0041_ is no A"]


def test_damaged_letters_are_mended_at_their_cell():
    found = read(claims=claims({}, {"claim_id": "C2", "summary": "WÅ‚adysÅ‚aw\nin two lines"}))
    assert found.claims["summary"].to_list()[1] == "Władysław\nin two lines"
    assert remarks(found) == [("claims!G3", "WÅ‚adysÅ‚aw", "Władysław")]


# ---------------------------------------------------------------- rows


def test_each_fault_of_a_row_is_at_its_cell_also_below_cells_of_several_lines_and_empty_rows():
    found = read(
        claims=[
            *claims({"summary": "two\nlines"}),
            [],
            *claims({"claim_id": "C2", "value": "many"}, {"claim_id": "C3", "source_id": "S9"})[1:],
        ]
    )
    assert [(cell, reason) for cell, reason, _ in faults(found)] == [
        ("claims!F4", "'many' is not a number"),
        ("claims!H5", "no source 'S9'"),
    ]
    assert faults(found)[1][2] == "add it to sheet sources, or correct the id; was its own row rejected?"
    assert found.rejects["line"].to_list() == [4, 5]


def test_a_row_given_twice_is_told_in_which_row_it_stands_already():
    found = read(sources=[*SOURCES, [], SOURCES[1]])
    ((cell, reason, advice),) = faults(found)
    assert (cell, reason) == ("sources!A4", "S1 appears twice")
    assert advice.startswith("it is already in row 2")


def test_merged_cells_cost_the_rows_that_they_cover_and_are_named():
    def merge(made: Any, sheets: dict[str, Any]) -> None:
        sheets["claims"].merge_range("C2:C3", "Ministry")

    found = read(claims=claims({}, {"claim_id": "C2"}, {"claim_id": "C3"}), edit=merge)
    assert faults(found) == [
        ("claims!C2", "C2:C3 are merged cells", "unmerge them and fill each cell"),
        ("claims!C3", "C2:C3 are merged cells", "unmerge them and fill each cell"),
    ]
    assert found.claims["claim_id"].to_list() == ["C3"]


def test_merged_cells_beside_the_table_or_below_it_do_no_harm():
    def merge(made: Any, sheets: dict[str, Any]) -> None:
        sheets["claims"].merge_range("A20:B21", "")
        sheets["claims"].merge_range("M2:N2", "")

    assert faults(read(edit=merge)) == []


def test_a_cell_under_no_name_of_a_column_is_a_fault():
    found = read(claims=[claims()[0], [*claims()[1], None, "see the tower log"]])
    advice = "give its column a name in the first row, or empty the cell"
    assert faults(found) == [("claims!2:2", "J2 is filled, but its column has no name", advice)]


def test_hidden_rows_and_columns_are_read_and_remarked():
    def hide(made: Any, sheets: dict[str, Any]) -> None:
        sheets["claims"].set_row(1, None, None, {"hidden": True})
        sheets["claims"].set_column("G:G", None, None, {"hidden": True})
        sheets["claims"].set_row(40, None, None, {"hidden": True})

    found = read(claims=claims({}, {"claim_id": "C2"}), edit=hide)
    assert found.claims["claim_id"].to_list() == ["C1", "C2"]
    assert remarks(found) == [
        ("claims!G:G", "a hidden column", "read like the others"),
        ("claims!2:2", "1 hidden row", "read like the others"),
    ]


# ---------------------------------------------------------------- sheets


def test_a_hidden_sheet_is_not_read_and_is_a_fault():
    found = read(events=events(), edit=lambda _, sheets: sheets["events"].hide())
    assert faults(found) == [
        ("events", "sheet events is hidden, and nothing of it was read", "unhide it, or delete it")
    ]
    assert found.recording.events.height == 0


def test_a_hidden_sheet_that_every_bundle_needs_is_refused():
    said = refusal(edit=lambda _, sheets: sheets["sources"].hide())
    assert "sheet sources is hidden; unhide it" in said


@pytest.mark.parametrize(("name", "near"), [("claim", "claims"), ("Event list", "events"), ("Sitings", "sightings")])
def test_a_sheet_that_was_renamed_is_refused_with_the_nearest_name(name: str, near: str):
    said = refusal(**{name: claims()})
    assert said == (
        f"night.xlsx, {name}: no table of a bundle is called {name!r}; did you mean {near}? "
        "rename it; notes may be on a sheet called notes, which is not read"
    )


def test_a_table_on_two_sheets_is_refused():
    assert "Claims : there is a sheet claims already; keep one of the two" in refusal(
        **{"Claims ": claims(), "x": None}
    )


def test_a_header_below_a_title_is_refused_and_named():
    said = refusal(claims=[["Statements of the night"], [], *claims()])
    assert said == (
        "night.xlsx, claims!3:3: the header (claim_id, question_id, said_by …) is in row 3; "
        "delete the 2 rows above it, so that it is the first"
    )


def test_a_sheet_without_a_header_is_told_what_belongs_there():
    said = refusal(sources=[["The paper", "Europe/Warsaw"]])
    assert said.endswith("sources!1:1: is no header: the first row names the columns, at least source_id, publisher")


def test_names_of_columns_that_are_wrong_are_each_told_at_their_cell():
    header = ["Claim ID", "question_id", "said_by", "relation", "value", "value", "summary", "source_id"]
    said = refusal(claims=[header, ["C1"]])
    assert said.splitlines() == [
        "night.xlsx: 2 faults",
        "  claims!A1: column 'Claim ID' is not declared; did you mean claim_id?",
        "  claims!F1: column 'value' appears twice; remove one",
    ]


def test_merged_names_of_columns_are_refused():
    def merge(made: Any, sheets: dict[str, Any]) -> None:
        sheets["sources"].merge_range("C1:D1", "zone")

    assert "sources, sources!C1:D1" not in refusal(edit=merge)
    assert "sources!C1:D1: the header has merged cells; unmerge them and name each column" in refusal(
        edit=merge, claim=[["x"]]
    )


@pytest.mark.parametrize("name", ["incident", "sources"])
def test_a_workbook_without_a_needed_sheet_is_refused(name: str):
    said = refusal(**{name: None})
    assert f"sheet {name} is missing; the workbook has " in said
    assert "\n" not in said


# ---------------------------------------------------------------- the incident


def test_a_fault_of_a_key_is_at_its_cell():
    assert refusal(incident=incident(zone="Warsaw")).startswith("night.xlsx, incident!B6: unknown time zone 'Warsaw'")
    said = refusal(incident=incident(window_start_utc=formatted(moment("2025-09-09T20:00"), "dd.mm.yyyy hh:mm")))
    assert said.startswith("night.xlsx, incident!B4: '2025-09-09T20:00' has no zone")
    assert refusal(incident=incident(is_exercise="perhaps")) == "night.xlsx, incident!B11: must be true or false"
    said = refusal(incident=incident(occurrence__utc_date="yesterday", **{"occurrence.utc_date": None}))
    assert said == "night.xlsx, incident!B10: must be a date: 2025-09-09"


def test_a_key_that_is_missing_unknown_or_given_twice_is_named():
    assert refusal(incident=incident(title=None)) == "night.xlsx, incident: is missing"
    said = refusal(incident=incident(titel="x"))
    assert said == "night.xlsx, incident!A11: 'titel' is not a known key; did you mean title?"
    said = refusal(incident=[*INCIDENT, ["title", "again", ""]])
    assert said.startswith("night.xlsx, incident!A11: title stands in row 3 already")


def test_a_fault_of_a_question_is_at_its_cell():
    wrong = [QUESTIONS[0], [], [*QUESTIONS[1][:2], "cuont", *QUESTIONS[1][3:]]]
    assert refusal(questions=wrong, claims=None).startswith("night.xlsx, questions!C3: 'cuont' is not a valid kind")


def test_units_and_intervals_of_the_bundles_own_are_sheets():
    units = [["name", "many", "events", "is_money"], ["slots", "slots lost", "slot_lost;slots_lost", False]]
    intervals = [["name", "from", "to"], ["closure", "aerodrome_closed", "aerodrome_reopened"]]
    brief = read(units=units, intervals=intervals).brief
    assert brief.count_units["slots"].events == ("slot_lost", "slots_lost")
    assert brief.intervals[0].from_kind == "aerodrome_closed"


def test_the_fields_of_an_occurrence_report_are_keys_and_its_aircraft_a_sheet():
    aircraft = [["make_model", "registration"], ["balloon", None], ["Cessna 172", "D-EABC"]]
    keys = incident(occurrence__category="SEC; OTHR", occurrence__fatal_on_ground=0, occurrence__weather_relevant="no")
    found = read(incident=keys, aircraft=aircraft).brief.occurrence
    assert (found.category, found.fatal_on_ground, found.weather_relevant) == (("SEC", "OTHR"), 0, "no")
    assert [one.make_model for one in found.aircraft] == ["balloon", "Cessna 172"]


def test_each_fault_of_the_occurrence_is_at_its_cell():
    keys = incident(occurrence__fatal_on_ground=1.5, occurrence__weather_relevant="perhaps")
    said = refusal(incident=keys, aircraft=[["fatal_on_board"], ["many"]], claims=claims({"value": "many"}))
    assert [line.strip().partition(": ")[0] for line in said.splitlines()] == [
        "night.xlsx",
        "aircraft!A2",
        "incident!B11",
        "incident!B12",
        "claims!F2",
    ]


def test_advice_names_sheets_where_a_folder_has_files_and_blocks():
    found = read(claims=claims({"unit": "bananas"}))
    ((cell, reason, advice),) = faults(found)
    assert (cell, reason) == ("claims!I2", "'bananas' is not a unit of counts")
    assert 'declare it in sheet units: name = "bananas"' in advice


# ---------------------------------------------------------------- all in one run


def test_all_faults_of_a_workbook_are_told_in_one_run():
    said = refusal(
        incident=incident(zone="Warsaw", title=None, color="red"),
        questions=[*QUESTIONS, ["Q-X", "What?", "cuont"], ["Q-Y", "How many?", "count", "bananas"]],
        claims=claims({"value": "many"}, {"claim_id": "C2", "summary": error("#REF!")}),
        event=[["event_id"], ["E1"]],
        sightings=[["sighting_id", "role"], ["G1", "pilot"]],
    )
    assert [line.strip().partition(": ")[0] for line in said.splitlines()] == [
        "night.xlsx",
        "event",
        "sightings!1:1",
        "incident!A10",
        "incident!B5",
        "incident",
        "questions!C4",
        "questions!5:5",
        "claims!G3",
        "claims!F2",
    ]


# ---------------------------------------------------------------- large ones


def test_a_format_on_200_000_empty_rows_costs_nothing():
    def row(number: int) -> str:
        cells = "".join(f'<c r="{letter}{number}" s="0"/>' for letter in "ABCDEFGHIJ")
        return f'<row r="{number}" spans="1:10">{cells}</row>'

    rows = "".join(row(number) for number in range(3, 200_003))
    content = patched(book(), "xl/worksheets/sheet4.xml", ("</sheetData>", f"{rows}</sheetData>"))
    begun_s = process_time()
    found = Workbook(content, name="night.xlsx").read()
    assert process_time() - begun_s < 5.0
    assert (found.claims.height, faults(found)) == (1, [])


def test_a_workbook_with_more_filled_cells_than_any_bundle_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hotwash.ingest.xlsx.book.MOST_CELLS", 50)
    with pytest.raises(BundleError, match="has more than 50 filled cells"):
        read()


def test_one_long_text_in_many_cells_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hotwash.ingest.xlsx.book.MOST_CHARACTERS", 100_000)
    long = write({"notes": [["x"]], "claims": [["claim_id"], *([["y" * 30_000]] * 5)]})
    with pytest.raises(BundleError, match="100,000 characters"):
        Workbook(long, name="night.xlsx").read()
