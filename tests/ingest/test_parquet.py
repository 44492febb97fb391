"""detections.parquet: what detections.csv may hold, for tables too long for CSV."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from bundles import files, read, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.errors import BundleError
from hotwash.ingest import bundle
from hotwash.model import tables
from hotwash.model.schema import drift

NIGHT = datetime(2025, 9, 9, 21, 30, tzinfo=UTC)


def detections(**columns: object) -> pl.DataFrame:
    """Return three detections of radar R1, with columns changed or added."""
    usual = {"detection_id": [1, 2, 3], "sensor_id": ["R1"] * 3, "time_utc": [NIGHT] * 3}
    return pl.DataFrame(usual | columns)


def stored(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def taken(frame: pl.DataFrame | bytes):
    content = stored(frame) if isinstance(frame, pl.DataFrame) else frame
    return bundle.read(files(sensors=[{}]) | {"detections.parquet": content})


def test_detections_are_read_from_parquet():
    found = taken(detections(range_m=[1000, None, 3000], ident=["a", None, "c"]))
    assert found.rejects.is_empty()
    assert drift(found.recording.detections, tables.DETECTIONS) == []
    assert found.recording.detections["range_m"].to_list() == [1000.0, None, 3000.0]
    assert {file.name: file.rows for file in found.files}["detections.parquet"] == 3


def test_detections_read_alike_from_csv_and_parquet():
    cells = {"lat_deg": "52.01", "lon_deg": "23.23", "range_m": "1000"}
    by_csv = read(sensors=[{}], detections=[cells]).recording.detections
    assert taken(by_csv).recording.detections.equals(by_csv)


def test_detections_in_both_files_are_refused():
    both = files(sensors=[{}], detections=[{}]) | {"detections.parquet": stored(detections())}
    with pytest.raises(BundleError, match=r"is given together with detections\.csv; keep one of the two"):
        bundle.read(both)


def test_detections_are_read_for_what_they_are_whatever_the_file_is_called():
    by_name = taken(detections(range_m=[1000, None, 3000])).recording.detections
    as_csv = files(sensors=[{}]) | {"detections.csv": stored(detections(range_m=[1000, None, 3000]))}
    found = bundle.read(as_csv)
    assert found.recording.detections.equals(by_name)
    assert {file.name: file.rows for file in found.files}["detections.csv"] == 3
    rows = files(sensors=[{}], detections=[{}])
    content = rows.pop("detections.csv")
    found = bundle.read(rows | {"detections.parquet": content})
    assert found.recording.detections.equals(bundle.read(rows | {"detections.csv": content}).recording.detections)
    assert {file.name: file.rows for file in found.files}["detections.parquet"] == 1


def test_other_tables_of_a_bundle_are_csv():
    with pytest.raises(BundleError, match=r"claims\.csv: is Parquet; in a bundle, claims must be CSV"):
        bundle.read(files() | {"claims.csv": stored(detections())})
    with pytest.raises(BundleError, match=r"sources\.csv: begins like a ZIP archive or a spreadsheet"):
        bundle.read(files() | {"sources.csv": b"PK\x03\x04"})


@pytest.mark.parametrize(
    ("columns", "column", "says"),
    [
        ({"range_m": [1.0, float("nan"), None]}, "range_m", "use null for an unknown value, never NaN"),
        ({"range_m": [1.0, float("inf"), None]}, "range_m", "use null for an unknown value, never NaN"),
        ({"range_m": [1.0, -5.0, None]}, "range_m", "slant range"),
        ({"azimuth_deg": [1.0, 361.0, None]}, "azimuth_deg", "true north"),
        ({"sensor_id": ["R1", "R9", "R1"]}, "sensor_id", "add it to sensors.csv"),
        ({"sensor_id": ["R1", None, "R1"]}, "sensor_id", "every row needs it"),
        ({"source_id": ["S1", "S9", None]}, "source_id", "add it to sources.csv"),
        ({"detection_id": [1, 1, 3]}, "detection_id", "another name"),
        ({"time_utc": [NIGHT, None, NIGHT]}, "time_utc", "every row needs it"),
        ({"lat_deg": [52.0, 23.2, 52.0], "lon_deg": [23.0, 52.0, 23.0]}, "lat_deg", "swapped"),
        ({"lat_deg": [52.0, 52.0, 52.0], "lon_deg": [23.0, None, 23.0]}, "lat_deg", "leave both empty"),
        ({"ident": ["a", "b\x07", None]}, "ident", "damaged"),
    ],
)
def test_a_bad_row_is_rejected_with_its_number(columns: dict[str, object], column: str, says: str):
    found = taken(detections(**columns))
    assert refused(found) == [("detections.parquet", 2, column)]
    assert says in found.rejects["advice"][0]
    assert found.recording.detections["detection_id"].to_list() == [1, 3]
    assert "sensor_id" in json.loads(found.rejects["row"][0]) or column == "sensor_id"


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (detections().rename({"time_utc": "time"}), "column 'time' is not declared; did you mean time_utc?"),
        (detections().drop("sensor_id"), "column sensor_id is missing"),
        (detections(time_utc=[NIGHT.replace(tzinfo=None)] * 3), "a time without a zone is refused"),
        (detections(time_utc=["2025-09-09T21:30Z"] * 3), "column time_utc: is String, but must be Datetime"),
        (detections(range_m=["1", "2", "3"]), "column range_m: is String, but must be Float64"),
        (detections(detection_id=[1.5, 2.0, 3.0]), "column detection_id: is Float64, but must be Int64"),
        (b"PAR1", "cannot be read as a Parquet file"),
        (b"", "is empty; was the copy cut short?"),
        (b"detection_id,sensor_id\n1,R1\n", "line 1: column time_utc is missing"),
    ],
)
def test_a_file_that_cannot_hold_detections_is_refused(frame: pl.DataFrame | bytes, says: str):
    with pytest.raises(BundleError, match=r"^detections\.parquet") as caught:
        taken(frame)
    assert says in str(caught.value)


@pytest.mark.parametrize("unit", ["ms", "ns"])
def test_times_in_another_zone_and_unit_become_ours(unit: str):
    warsaw = pl.Series([NIGHT] * 3, dtype=pl.Datetime(unit, "UTC")).dt.convert_time_zone("Europe/Warsaw")
    assert taken(detections(time_utc=warsaw)).recording.detections["time_utc"].to_list() == [NIGHT] * 3


def test_smaller_numbers_become_ours():
    frame = detections(range_m=[1.5, 2.5, 3.5]).cast({"range_m": pl.Float32, "detection_id": pl.UInt16})
    assert drift(taken(frame).recording.detections, tables.DETECTIONS) == []


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject):
    content = bytearray(stored(detections(range_m=[1.0, None, 3.0])))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = taken(bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))]))
    except BundleError:
        return
    assert drift(found.recording.detections, tables.DETECTIONS) == []


def test_a_hundred_thousand_detections_are_read_at_once():
    many = 100_000
    frame = pl.DataFrame(
        {
            "detection_id": range(many),
            "sensor_id": ["R1"] * many,
            "time_utc": [NIGHT + timedelta(seconds=n) for n in range(many)],
        }
    )
    assert taken(frame).recording.detections.height == many
