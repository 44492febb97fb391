"""Tables as others write them, and small files that grow."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import process_time

import polars as pl
import pytest

from hotwash.errors import ReadError
from hotwash.export import table_file as written
from hotwash.ingest import cells, parquet_table, table_file
from hotwash.ingest.faults import Fault
from hotwash.ingest.frame_check import FULL_REJECTS
from hotwash.model import schema, tables

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TWENTY_SECONDS = 20.0


def parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def sensors(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({"sensor_id": ["r"], "kind": ["primary_radar"], **columns})


def test_many_rejects_of_one_kind_are_counted_and_the_first_hundred_are_whole():
    count = 300_000
    frame = pl.DataFrame({"detection_id": pl.repeat(1, count, eager=True)}).with_columns(
        sensor_id=pl.lit("r"), time_utc=pl.lit(NOON, dtype=schema.UTC), range_m=pl.lit(float("nan"))
    )
    content = parquet(frame)
    assert len(content) < 20_000
    begun = process_time()
    found = table_file.parse(content, tables.DETECTIONS, name="plots.parquet")
    assert process_time() - begun < TWENTY_SECONDS
    assert found.rows.height + len(found.rejects) == count
    assert sum(row["row"] is not None for row in found.rejects) <= 2 * FULL_REJECTS


def test_a_table_too_long_to_hold_is_refused_before_its_rows_are_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parquet_table, "MOST_CELLS", 1000)
    with pytest.raises(ReadError, match=r"has 2,000 rows of 2 columns; 500 such rows are read whole"):
        table_file.parse(parquet(pl.concat([sensors()] * 2000)), tables.SENSORS, name="s.parquet")


def test_an_unknown_column_is_told_before_any_row_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parquet_table, "MOST_CELLS", 0)
    with pytest.raises(ReadError, match="column 'colour' is not declared"):
        table_file.parse(parquet(sensors(colour=["red"])), tables.SENSORS, name="s.parquet")


def test_decimals_of_arrow_are_numbers():
    frame = sensors(lat_deg=[Decimal("52.25")], lon_deg=[Decimal("21.5")])
    found = table_file.parse(parquet(frame), tables.SENSORS, name="s.parquet")
    assert found.rows.select("lat_deg", "lon_deg").row(0) == (52.25, 21.5)


def test_a_line_that_tells_excel_what_parts_cells_is_obeyed():
    found = table_file.parse(b"sep=;\r\nsensor_id;kind\r\nr;primary_radar\r\n", tables.SENSORS, name="s.csv")
    assert found.rows["sensor_id"].to_list() == ["r"]
    wrong = table_file.parse(b"sep=;\nsensor_id;kind\nr;primary_radar\ns;\n", tables.SENSORS, name="s.csv")
    assert wrong.rejects[0]["line"] == 4


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("1,000", "write 1000 if the comma parts thousands, 1 if decimals"),
        ("1,200", "write 1200 if the comma parts thousands, 1.2 if decimals"),
        ("3,75", "write 3.75"),
        ("0,125", "write 0.125"),
    ],
)
def test_of_a_comma_both_readings_are_named(cell: str, advice: str):
    with pytest.raises(Fault) as refused:
        cells.number(cell)
    assert refused.value.advice == advice


@pytest.mark.parametrize("hostile", ["=1+1|cmd", "+1", "-1", "@SUM(A1)", "'quoted", "＝1"])
def test_no_spreadsheet_runs_what_we_write_and_every_text_comes_back(tmp_path: Path, hostile: str):
    frame = schema.frame(tables.SENSORS, [{"sensor_id": hostile, "kind": "primary_radar"}])
    path = written.write(tmp_path / "sensors.csv", frame)
    assert path.read_text(encoding="utf-8").splitlines()[1].startswith(f"'{hostile}")
    assert table_file.table_of(path, tables.SENSORS).rows["sensor_id"].to_list() == [hostile]


@pytest.mark.parametrize("label", ["index", "level_0", "Unnamed: 0", "__index_level_0__"])
def test_a_column_of_row_labels_is_passed_over_in_parquet_and_csv(tmp_path: Path, label: str):
    labelled = pl.DataFrame({label: [5, 9], "sensor_id": ["a", "b"], "kind": ["primary_radar"] * 2})
    labelled.write_csv(tmp_path / "s.csv")
    for content, name in (((tmp_path / "s.csv").read_bytes(), "s.csv"), (parquet(labelled), "s.parquet")):
        assert table_file.parse(content, tables.SENSORS, name=name).rows["sensor_id"].to_list() == ["a", "b"]
