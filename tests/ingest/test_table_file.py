"""A table in a file of its own: Parquet or CSV, read alike, written whole, what does not fit kept beside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from hotwash.errors import ReadError, WriteError
from hotwash.export import table_file as written
from hotwash.ingest import table_file
from hotwash.ingest.frame_check import rule_of_names
from hotwash.ingest.reader import FrameRead
from hotwash.model import schema, tables

NIGHT = datetime(2025, 9, 9, 21, 30, 0, 123456, tzinfo=UTC)
HEADER = "track_id,time_utc,lat_deg,lon_deg,status"
ROW = "1,2025-09-09T21:30:00.123456Z,52.0,23.5,confirmed"


def tracks() -> pl.DataFrame:
    row = {"track_id": 1, "lat_deg": 52.1, "lon_deg": 23.2, "status": "confirmed", "var_east_m2": 0.1 + 0.2}
    return schema.frame(tables.TRACKS, [row | {"time_utc": NIGHT}, row | {"track_id": 2, "time_utc": NIGHT}])


def taken(*lines: str, name: str = "tracks.csv") -> FrameRead:
    return table_file.parse("\n".join(lines).encode(), tables.TRACKS, name=name)


@pytest.mark.parametrize("name", ["tracks.parquet", "tracks.csv", "TRACKS.CSV"])
def test_what_is_written_is_read_back_to_the_last_digit(tmp_path: Path, name: str):
    path = written.write(tmp_path / name, tracks())
    found = table_file.table_of(path, tables.TRACKS)
    assert found.rejects == []
    assert found.rows.equals(tracks())
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_lists_come_back_from_csv(tmp_path: Path):
    row = {"track_id": 1, "time_utc": NIGHT, "sensor_id": "R1", "status": "confirmed", "existence": 0.5}
    looks = schema.frame(tables.UPDATES, [row | {"near_detection_ids": ["4", "5"], "near_distances": [1.5, 2.0]}])
    found = table_file.table_of(written.write(tmp_path / "updates.csv", looks), tables.UPDATES)
    assert found.rows.equals(looks)


def test_parquet_is_known_by_its_first_bytes_whatever_its_name(tmp_path: Path):
    written.write(tmp_path / "a.parquet", tracks()).rename(tmp_path / "tracks.csv")
    assert table_file.table_of(tmp_path / "tracks.csv", tables.TRACKS).rows.equals(tracks())


BAD_CELLS = {
    "no number": ("1,2025-09-09T21:30Z,north,23.5,confirmed", "'north' is not a number"),
    "no zone": ("1,2025-09-09T21:30:00,52.0,23.5,confirmed", "has no zone"),
    "outside": ("1,2025-09-09T21:30:00Z,95.0,23.5,confirmed", "lat_deg is 95.0, but must be between -90 and 90"),
    "no word": ("1,2025-09-09T21:30:00Z,52.0,23.5,sure", "'sure' is not a valid status"),
    "twice": (ROW, "appears twice"),
}


@pytest.mark.parametrize("fault", BAD_CELLS)
def test_a_bad_row_of_csv_is_rejected_with_its_line_and_the_others_stay(fault: str):
    row, says = BAD_CELLS[fault]
    found = taken(HEADER, ROW, row)
    assert found.rows["track_id"].to_list() == [1]
    assert [(bad["line"], says in str(bad["reason"])) for bad in found.rejects] == [(3, True)]


def test_a_rule_of_the_caller_holds_for_csv_as_for_parquet(tmp_path: Path):
    rule = rule_of_names("track_id", [1], reason="no such track", advice="none")
    for name in ("a.csv", "a.parquet"):
        found = table_file.table_of(written.write(tmp_path / name, tracks()), tables.TRACKS, rules=[rule])
        assert (found.rows.height, [bad["reason"] for bad in found.rejects]) == (1, ["no such track"])


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["track_id;time_utc", "1;x"], "its cells are separated by semicolons"),
        (["track,time_utc,lat_deg,lon_deg,status", ROW], "column 'track' is not declared; did you mean track_id"),
        (["track_id,time_utc,lat_deg,lon_deg", "1,x,1,2"], "column status is missing"),
    ],
)
def test_a_file_that_is_not_this_table_is_refused(lines: list[str], says: str):
    with pytest.raises(ReadError, match=r"tracks\.csv") as refused:
        taken(*lines)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_or_no_parquet_is_refused(tmp_path: Path):
    with pytest.raises(ReadError, match="cannot be read"):
        table_file.table_of(tmp_path / "none.csv", tables.TRACKS)
    with pytest.raises(ReadError, match=r"tracks.parquet: cannot be read as a Parquet file"):
        taken("PAR1", HEADER, ROW, name="tracks.parquet")


def test_a_first_column_of_row_numbers_without_a_name_is_passed_over():
    # pandas writes its row labels so, where it is not told to leave them away.
    assert taken(f",{HEADER}", f"0,{ROW}", "", f"7,{ROW.replace('1', '2', 1)}").rows["track_id"].to_list() == [1, 2]
    for first, second in (("a", "b"), ("", "")):
        with pytest.raises(ReadError, match="column '' is not declared"):
            taken(f",{HEADER}", f"{first},{ROW}", f"{second},{ROW}")


def test_our_own_tracks_come_back_from_csv_through_pandas(tmp_path: Path):
    frame = pd.DataFrame(tracks().to_dict(as_series=False)).assign(detection_id=[7.0, None])
    frame.to_csv(tmp_path / "tracks.csv")
    found = table_file.table_of(tmp_path / "tracks.csv", tables.TRACKS)
    assert found.rejects == []
    assert found.rows.equals(tracks().with_columns(detection_id=pl.Series([7, None])))


def test_an_empty_table_is_a_table():
    assert taken(HEADER).rows.equals(schema.empty(tables.TRACKS))


def test_a_name_that_says_of_no_format_is_refused(tmp_path: Path):
    with pytest.raises(WriteError, match=r"ends in neither \.parquet nor \.csv"):
        written.write(tmp_path / "tracks.txt", tracks())


def test_a_place_that_cannot_be_written_to_keeps_what_it_held(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(WriteError, match="cannot be written to"):
        written.write(tmp_path / "file" / "tracks.csv", tracks())
    with pytest.raises(WriteError, match="CSV cannot hold the bytes of geometry"):
        written.write(tmp_path / "zones.csv", pl.DataFrame({"geometry": [b"x"]}))
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("file", b"mine")]
