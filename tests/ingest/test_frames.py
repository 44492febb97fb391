"""Tables as values: a frame of Polars or pandas is checked as a file is, and gives what the file would."""

from __future__ import annotations

import base64
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import shapely

from hotwash.errors import ReadError
from hotwash.geo import borders
from hotwash.ingest import parquet_table, table_file, zones
from hotwash.ingest.table_file import table_of
from hotwash.model import schema, tables

NIGHT = datetime(2026, 3, 12, 20, tzinfo=UTC)
TIMES = pd.DatetimeIndex([NIGHT] * 3)
ROW = {"time_utc": NIGHT, "lat_deg": 52.0, "lon_deg": 21.0, "status": "confirmed"}


def detections(**columns: object) -> pd.DataFrame:
    """Return three detections of radar R1 as pandas holds them, with columns changed or added."""
    return pd.DataFrame({"detection_id": [1, 2, 3], "sensor_id": ["R1"] * 3, "time_utc": TIMES} | columns)


def tracks(**columns: object) -> pl.DataFrame:
    return schema.frame(tables.TRACKS, [ROW | {"track_id": number} for number in (1, 2)]).with_columns(**columns)


def wanted(**columns: object) -> pl.DataFrame:
    usual = {"detection_id": [1, 2, 3], "sensor_id": ["R1"] * 3, "time_utc": [NIGHT] * 3}
    return schema.conform(pl.DataFrame(usual | columns), tables.DETECTIONS)


# ---------------------------------------------------------------- Polars


def test_a_path_a_text_and_a_frame_give_the_same(tmp_path: Path):
    tracks().write_parquet(tmp_path / "tracks.parquet")
    for source in (tmp_path / "tracks.parquet", str(tmp_path / "tracks.parquet"), tracks()):
        rows, rejects = table_of(source, tables.TRACKS)
        assert rows.equals(tracks())
        assert rejects == []


def test_a_bad_row_of_a_frame_is_rejected_with_its_number_and_the_name_of_its_table():
    rows, (reject,) = table_of(tracks(lat_deg=pl.Series([52.0, 95.0])), tables.TRACKS)
    assert rows["track_id"].to_list() == [1]
    assert (reject["file"], reject["line"], reject["column"]) == ("tracks", 2, "lat_deg")


def test_a_frame_keeps_a_name_that_it_is_given():
    _, (reject,) = table_of(tracks(lat_deg=pl.lit(95.0)).head(1), tables.TRACKS, name="night 1")
    assert reject["file"] == "night 1"


def test_when_no_row_of_a_frame_is_left_the_error_says_why():
    with pytest.raises(ReadError, match=r"tracks, line 1, column lat_deg: no valid row is left: 2 were rejected"):
        table_file.some_rows_of(tracks(lat_deg=pl.lit(95.0)), tables.TRACKS)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (tracks(range_km=pl.lit(1.0)), "tracks, columns: column 'range_km' is not declared"),
        (tracks().drop("status"), "tracks, columns: column status is missing"),
        (tracks(time_utc=pl.lit(NIGHT.replace(tzinfo=None))), "a time without a zone is refused"),
        (tracks(time_utc=pl.lit("2026-03-12T20:00:00Z")), "column time_utc: is String, but must be Datetime"),
        (tracks(lat_deg=pl.lit(timedelta(seconds=1))), "column lat_deg: is Duration"),
        (
            tracks(detection_id=pl.lit(2**63, dtype=pl.UInt64)),
            "column detection_id: contains a value that Int64 cannot store",
        ),
        (7, "is a int; give a path, or a frame of Polars or pandas"),
        (tracks().lazy(), "is a LazyFrame; give a path, or a frame"),
    ],
)
def test_what_is_not_this_table_is_refused(source: Any, says: str):
    with pytest.raises(ReadError, match=r"^tracks") as refused:
        table_of(source, tables.TRACKS)
    assert says in str(refused.value)


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "Etc/GMT-2", "UTC"])
def test_times_of_another_zone_are_the_same_instants(zone: str):
    moved = tracks().with_columns(pl.col("time_utc").dt.convert_time_zone(zone).dt.cast_time_unit("ns"))
    assert table_of(moved, tables.TRACKS).rows.equals(tracks())


def test_times_beyond_the_calendar_cost_their_row():
    rows, (reject,) = table_of(tracks(time_utc=pl.Series([0, 2**62]).cast(schema.UTC)), tables.TRACKS)
    assert rows.height == 1
    assert (reject["column"], reject["reason"]) == ("time_utc", "a time outside the calendar")


# ---------------------------------------------------------------- whole numbers with gaps


def test_whole_numbers_that_pandas_keeps_as_floats_are_whole_numbers(tmp_path: Path):
    # Our own tracks, through pandas and back: 7 and a gap become 7.0 and null.
    tracks(detection_id=pl.Series([7.0, None])).write_parquet(tmp_path / "tracks.parquet")
    found = table_of(tmp_path / "tracks.parquet", tables.TRACKS)
    assert found.rejects == []
    assert found.rows["detection_id"].to_list() == [7, None]


def test_a_name_in_whole_numbers_with_gaps_is_a_name():
    assert table_of(tracks(ident=pl.Series([7.0, float("nan")])), tables.TRACKS).rows["ident"].to_list() == ["7", None]


@pytest.mark.parametrize("number", [1.5, 2.0**53, float("inf")])
def test_floats_that_are_no_whole_numbers_are_refused_where_one_is_declared(number: float):
    with pytest.raises(ReadError, match="column detection_id: is Float64, but must be Int64"):
        table_of(tracks(detection_id=pl.Series([1.0, number])), tables.TRACKS)


# ---------------------------------------------------------------- pandas

FILLED = {
    "ints": ([1, 2, 3], [1.0, 2.0, 3.0]),
    "NaN": ([1.5, np.nan, 3.0], [1.5, None, 3.0]),
    "float32": (np.array([1.5, np.nan, 3.0], dtype=np.float32), [1.5, None, 3.0]),
    "nullable ints": (pd.array([1, None, 3], dtype="Int64"), [1.0, None, 3.0]),
    "nullable floats": (pd.array([1.5, None, 3.0], dtype="Float64"), [1.5, None, 3.0]),
    "sparse": (pd.arrays.SparseArray([1.5, np.nan, 3.0]), [1.5, None, 3.0]),
    "nothing": (pd.Series([None] * 3, dtype=object), [None] * 3),
}


@pytest.mark.parametrize("kind", FILLED)
def test_numbers_of_pandas_are_ours_and_what_is_missing_is_null(kind: str):
    given, are = FILLED[kind]
    rows, rejects = table_of(detections(range_m=given), tables.DETECTIONS)
    assert rejects == []
    assert rows.equals(wanted(range_m=pl.Series(are, dtype=pl.Float64)))


WORDS = {
    "text": pd.Series(["a", None, "b"], dtype="str"),
    "objects": pd.Series(["a", np.nan, "b"], dtype=object),
    "strings": pd.array(["a", None, "b"], dtype="string"),
    "categories": pd.Categorical(["a", None, "b"]),
}


@pytest.mark.parametrize("kind", WORDS)
def test_words_of_pandas_are_ours(kind: str):
    assert table_of(detections(ident=WORDS[kind]), tables.DETECTIONS).rows["ident"].to_list() == ["a", None, "b"]


MOMENTS = {
    "nanoseconds": TIMES.as_unit("ns"),
    "seconds": TIMES.as_unit("s"),
    "Warsaw": TIMES.tz_convert("Europe/Warsaw"),
    "an offset": TIMES.tz_convert(timezone(timedelta(hours=2))),
    "objects": pd.Series(list(TIMES), dtype=object),
}


@pytest.mark.parametrize("kind", MOMENTS)
def test_times_of_pandas_are_ours(kind: str):
    assert table_of(detections(time_utc=MOMENTS[kind]), tables.DETECTIONS).rows.equals(wanted())


def test_a_missing_time_costs_its_row():
    rows, (reject,) = table_of(detections(time_utc=TIMES.where([True, False, True])), tables.DETECTIONS)
    assert rows["detection_id"].to_list() == [1, 3]
    assert reject["reason"] == "time_utc is empty"


LABELS = {
    "a column": detections().set_index("detection_id"),
    "two columns": detections().set_index(["time_utc", "detection_id"]),
    "a column that stands there too": detections().set_index("time_utc", drop=False),
    "numbers without a name": detections().set_axis([7, 5, 6]),
}


@pytest.mark.parametrize("kind", LABELS)
def test_row_labels_of_pandas_are_a_column_where_they_have_its_name(kind: str):
    assert table_of(LABELS[kind], tables.DETECTIONS).rows.equals(wanted())


def test_row_labels_that_pandas_wrote_to_a_file_are_passed_over(tmp_path: Path):
    wanted().with_columns(__index_level_0__=pl.Series([7, 5, 6])).write_parquet(tmp_path / "d.parquet")
    assert table_of(tmp_path / "d.parquet", tables.DETECTIONS).rows.equals(wanted())


def test_an_empty_frame_of_pandas_is_an_empty_table():
    assert table_of(detections().astype(object).head(0), tables.DETECTIONS).rows.equals(wanted().head(0))


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (detections(time_utc=TIMES.tz_localize(None)), "a time without a zone is refused"),
        (detections(range_km=1.0), "column 'range_km' is not declared; did you mean range_m?"),
        (detections().rename_axis("row"), "column 'row' is not declared"),
        (detections(range_m=pd.to_timedelta([1, 2, 3], unit="s")), "column range_m: is Duration"),
        (detections(range_m=[True, False, True]), "column range_m: is Boolean"),
        (
            detections(ident=pd.Series(["a", 1, 2.5], dtype=object)),
            "column ident: contains values (dtype object) of several types",
        ),
        (pd.concat([detections(), detections()[["sensor_id"]]], axis=1), "column 'sensor_id' appears twice"),
        (detections().rename(columns={"sensor_id": 5}), "column '5' is not declared"),
        (pd.DataFrame(), "columns detection_id, sensor_id, time_utc are missing"),
    ],
)
def test_a_frame_of_pandas_that_is_not_this_table_is_refused(frame: pd.DataFrame, says: str):
    with pytest.raises(ReadError, match=r"^detections") as refused:
        table_of(frame, tables.DETECTIONS)
    assert says in str(refused.value)


def test_neither_pandas_nor_pyarrow_is_loaded_by_reading_tables():
    code = (
        "import sys, hotwash.ingest.table_file, hotwash.ingest.bundle; print({'pandas', 'pyarrow'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


# ---------------------------------------------------------------- zones


def test_zones_come_from_a_name_a_file_a_frame_of_polars_and_of_pandas(tmp_path: Path):
    shipped = zones.read_zones("PL-land")
    assert shipped["zone_id"].to_list() == ["PL-land"]
    shipped.write_parquet(tmp_path / "zones.parquet")
    columns = {name: shipped[name].to_list() for name in shipped.columns}
    for source in (tmp_path / "zones.parquet", str(tmp_path / "zones.parquet"), shipped, pd.DataFrame(columns)):
        assert zones.read_zones(source).equals(shipped)
    assert borders.load_zone("PL-land").name == shipped["name"][0]


@pytest.mark.parametrize("zone_id", borders.zone_ids())
def test_a_shipped_zone_is_one_line_with_one_precision_whoever_names_it(zone_id: str):
    """`breaches` once took the overview, good to 1 km, where accounts took the line that is good to 50 m."""
    named, of_account = zones.read_zones(zone_id), zones.collect_zones([zone_id])
    assert named.equals(of_account)
    assert named["line_sigma_m"].to_list() == [borders.load_zone(zone_id).line_sigma_m]
    assert named["geometry"].to_list() == [shapely.to_wkb(borders.load_zone(zone_id).geometry)]


def test_a_zone_that_cannot_be_taken_is_never_left_out_in_silence():
    shipped = zones.read_zones("PL-land")
    with pytest.raises(ReadError, match="zone 1, column line_sigma_m: line_sigma_m is less than 0"):
        zones.read_zones(shipped.with_columns(line_sigma_m=pl.lit(-1.0)))
    with pytest.raises(ReadError, match=r"zone PL-land, column geometry: contains no polygon"):
        zones.read_zones(shipped.with_columns(geometry=pl.lit(b"no shape")))
    with pytest.raises(ReadError, match="no such file, and no zone of that name is shipped"):
        zones.read_zones("XX-land")


# ---------------------------------------------------------------- zones of time that Polars does not know


def rename_zone(content: bytes, name: bytes) -> bytes:
    """Return a Parquet file whose times are in a zone of another name: what pyarrow writes for `tz="Z"`."""
    stored = pl.read_parquet_metadata(content)["ARROW:schema"]
    room = len(b"UTC\0")
    named = base64.b64decode(stored).replace(b"\3\0\0\0UTC\0", bytes([len(name), 0, 0, 0]) + name.ljust(room, b"\0"))
    return content.replace(stored.encode(), base64.b64encode(named))


@pytest.mark.parametrize("name", [b"Z", b"z", b"XY"])
def test_a_zone_of_any_name_is_read_for_the_instants_are_in_utc(tmp_path: Path, name: bytes):
    path = tmp_path / "d.parquet"
    wanted(received_utc=[NIGHT, None, NIGHT]).write_parquet(path)
    path.write_bytes(rename_zone(path.read_bytes(), name))
    with pytest.raises(pl.exceptions.PanicException):
        pl.read_parquet(path)
    assert table_of(path, tables.DETECTIONS).rows.equals(wanted(received_utc=[NIGHT, None, NIGHT]))
    assert parquet_table.scan(path).collect().height == 3
