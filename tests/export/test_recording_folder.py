"""A recording's folder: written whole, read back to the last digit, and of use to every command as it stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from flights import STEP_S, flown
from hypothesis import given
from hypothesis import strategies as st
from recordings import crossing, radars
from typer.testing import CliRunner

from hotwash.cli import app
from hotwash.errors import ReadError, TableError, WriteError
from hotwash.export import recording_folder as written
from hotwash.ingest import recording_folder
from hotwash.model import schema, tables
from hotwash.model.recording import FOLDER_TABLES, Recording
from hotwash.model.schema import BOOL, BYTES, F64, I64, NUMBERS, TEXT, TEXTS, Column, Table
from hotwash.model.schema import UTC as UTC_TIME

NIGHT = datetime(2026, 3, 12, 20, tzinfo=UTC)
MARK = {"mark_id": 1, "attempt_id": "A1", "marked_by": "I7", "marked_utc": NIGHT, "result": "GO"}


def are_equal(one: Recording, other: Recording) -> bool:
    return one.scenario == other.scenario and all(
        getattr(one, table.name).equals(getattr(other, table.name)) for table in FOLDER_TABLES
    )


def marks(*numbers: int) -> pl.DataFrame:
    return schema.frame(tables.MARKS, [MARK | {"mark_id": number} for number in numbers])


# ---------------------------------------------------------------- there and back again


def test_what_is_written_is_read_back_to_the_last_digit(tmp_path: Path):
    paths = written.write(tmp_path / "flight", flown())
    assert {path.name for path in paths} == {"scenario.toml", "truth.parquet", "controls.parquet", "events.parquet"}
    assert are_equal(recording_folder.read(tmp_path / "flight"), flown())


def cell(column: Column) -> st.SearchStrategy[object]:
    """Return values that a column may hold."""
    kinds: dict[object, st.SearchStrategy[object]] = {
        F64: st.floats(column.least, column.most, allow_nan=False, allow_infinity=False),
        I64: st.integers(0, 2**62), BOOL: st.booleans(), TEXTS: st.lists(st.text("aé;漢 ", max_size=3), max_size=2),
        TEXT: st.sampled_from(column.one_of or ("a", "é漢", "A;B, \"c\"", "")),
        NUMBERS: st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=3), BYTES: st.binary(max_size=3),
        UTC_TIME: st.integers(0, 10**9).map(lambda micros: NIGHT + timedelta(microseconds=micros)),
    }  # fmt: skip
    value = kinds[column.dtype]
    return st.one_of(st.none(), value) if column.nullable else value


def rows(table: Table) -> st.SearchStrategy[pl.DataFrame]:
    row = st.fixed_dictionaries({column.name: cell(column) for column in table.columns})
    unique = st.lists(row, max_size=3, unique_by=lambda values: tuple(values[name] for name in table.key))
    return unique.map(lambda found: schema.frame(table, [whole(values) for values in found]))


def whole(values: dict[str, object]) -> dict[str, object]:
    """Return a row whose position is not half."""
    if values.get("lat_deg") is None or values.get("lon_deg") is None:
        values = {name: None if name in ("lat_deg", "lon_deg") else value for name, value in values.items()}
    return values


@given(st.fixed_dictionaries({table.name: rows(table) for table in FOLDER_TABLES}), st.none() | st.text("aé\n\r\0"))
def test_any_recording_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, found: dict[str, pl.DataFrame], scenario: str | None
):
    recording = Recording(**found, scenario=scenario)
    folder = tmp_path_factory.mktemp("any")
    if not written.write(folder, recording):
        with pytest.raises(ReadError, match="contains no recording"):
            recording_folder.read(folder)
    else:
        assert are_equal(recording_folder.read(folder), recording)


# ---------------------------------------------------------------- of use as it stands


def test_a_recorded_flight_is_tracked_and_measured_from_its_folder(tmp_path: Path):
    plots = crossing(scans=20)
    written.write(tmp_path / "night", Recording(sensors=radars(1), detections=plots, truth=flown().truth))
    out = tmp_path / "tracks.parquet"
    told = CliRunner().invoke(app, ["track", str(tmp_path / "night" / "detections.parquet"), "--out", str(out)])
    assert told.exit_code == 0, told.output
    straight = flown().truth.select(
        "time_utc", "lat_deg", "lon_deg", "v_east_mps", "v_north_mps", track_id=pl.lit(1), status=pl.lit("confirmed")
    )
    straight.write_parquet(out)
    truth = tmp_path / "night" / "truth.parquet"
    told = CliRunner().invoke(app, ["evaluate", str(out), str(truth), "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["objects"] == 1


# ---------------------------------------------------------------- where it may be written


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "diary.txt").write_text("mine")
    for replace in (False, True):
        with pytest.raises(WriteError):
            written.write(tmp_path, flown(), replace=replace)
    assert [entry.name for entry in tmp_path.iterdir()] == ["diary.txt"]


def test_an_earlier_recording_is_replaced_only_when_asked_and_then_wholly(tmp_path: Path):
    written.write(tmp_path, flown())
    written.append_marks(tmp_path, marks(1))
    with pytest.raises(WriteError, match="is not empty"):
        written.write(tmp_path, flown())
    shorter = Recording(truth=flown(seconds=1.0).truth)
    written.write(tmp_path, shorter, replace=True)
    assert are_equal(recording_folder.read(tmp_path), shorter)
    assert [entry.name for entry in tmp_path.iterdir()] == ["truth.parquet"]


def test_a_fault_while_writing_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(WriteError, match="No space left"):
        written.write(tmp_path / "flight", flown())
    assert not list(tmp_path.iterdir())


def test_a_frame_of_another_table_is_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(TableError):
        written.write(tmp_path / "flight", Recording(truth=flown().controls))
    assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------- marks


def test_marks_are_added_and_no_other_file_is_touched(tmp_path: Path):
    written.write(tmp_path, flown())
    before = {entry: entry.read_bytes() for entry in tmp_path.iterdir()}
    written.append_marks(tmp_path, marks(1))
    assert written.append_marks(tmp_path, marks(2, 3))["mark_id"].to_list() == [1, 2, 3]
    assert recording_folder.read(tmp_path).marks.equals(marks(1, 2, 3))
    assert all(path.read_bytes() == content for path, content in before.items())


def test_a_mark_is_never_written_over(tmp_path: Path):
    written.write(tmp_path, flown())
    written.append_marks(tmp_path, marks(1))
    with pytest.raises(WriteError, match="mark_id 1 stands there already"):
        written.append_marks(tmp_path, marks(1))
    assert recording_folder.read(tmp_path).marks.equals(marks(1))


# ---------------------------------------------------------------- bad input


def test_a_folder_without_a_recording_is_refused(tmp_path: Path):
    for place, why in ((tmp_path / "no", "no such folder"), (tmp_path, "contains no recording")):
        with pytest.raises(ReadError, match=why):
            recording_folder.read(place)


@pytest.mark.parametrize("name", ["truth.parquet", "controls.parquet"])
def test_a_file_cut_short_is_refused_by_its_name(tmp_path: Path, name: str):
    written.write(tmp_path, flown())
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ReadError, match=rf"{name}.*cut short"):
        recording_folder.read(tmp_path)


def test_a_scenario_that_is_no_text_is_refused(tmp_path: Path):
    (tmp_path / "scenario.toml").write_bytes(b"name = \xff")
    with pytest.raises(ReadError, match=r"byte 7: is not UTF-8 text"):
        recording_folder.read(tmp_path)


def test_a_bad_row_costs_itself_when_asked_for_rows_and_the_whole_when_not(tmp_path: Path):
    spoilt = flown().truth.with_columns(battery=pl.when(pl.int_range(pl.len()) == 3).then(1.5).otherwise("battery"))
    written.write(tmp_path, Recording(truth=spoilt))
    with pytest.raises(ReadError, match=r"truth.parquet, row 4, column battery: battery is more than 1"):
        recording_folder.read(tmp_path)
    found = recording_folder.read_rows(tmp_path)
    assert found.recording.truth.height == round(4.0 / STEP_S) - 1
    assert [row["line"] for row in found.rejects] == [4]


def test_a_table_in_two_files_is_refused_and_one_in_csv_is_read(tmp_path: Path):
    written.write(tmp_path, Recording(marks=marks(1)))
    (tmp_path / "marks.csv").write_text("mark_id,attempt_id,marked_by,marked_utc\n1,A1,I7,2026-03-12T20:00:00Z\n")
    with pytest.raises(ReadError, match="contains both marks"):
        recording_folder.read(tmp_path)
    (tmp_path / "marks.parquet").unlink()
    assert recording_folder.read(tmp_path).marks["marked_utc"].to_list() == [NIGHT]
