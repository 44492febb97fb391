"""Tracking a file: what is read, rejected, written and said; a long file slice by slice as the whole."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from recordings import START, crossing, numbered, radars, reports, together, transponders

from hotwash.errors import ReadError, WriteError
from hotwash.ingest import detections_file
from hotwash.model import schema, tables
from hotwash.track.models import Settings
from hotwash.work import tracking

Choices = dict[str, object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lay(tmp_path, crossing(scans=40, false_per_scan=5))
    return tmp_path


def lay(folder: Path, detections: pl.DataFrame, sensors: pl.DataFrame | None = None) -> None:
    detections.write_parquet(folder / "detections.parquet")
    (radars(1) if sensors is None else sensors).write_parquet(folder / "sensors.parquet")


def tracked(folder: Path, out: str = "tracks.parquet", **choices: object) -> tracking.TracksWritten:
    return tracking.write_tracks(folder / "detections.parquet", out=folder / out, **choices)  # type: ignore[arg-type]


def written(done: tracking.TracksWritten) -> pl.DataFrame:
    return pl.read_parquet(done.out)


def rejects(done: tracking.TracksWritten) -> list[dict[str, object]]:
    assert done.rejects_file is not None
    return pl.read_csv(done.rejects_file).to_dicts()


def test_what_is_told_is_what_was_written(folder: Path):
    done = tracked(folder)
    tracks = written(done)
    assert (done.rows, done.tracks) == (tracks.height, tracks["track_id"].n_unique())
    assert done.plots == crossing(scans=40, false_per_scan=5).height
    assert set(done.seconds) == {"read", "compile", "track", "write", "health"}
    assert all(isinstance(seconds, float) and seconds > 0.0 for seconds in done.seconds.values())
    assert (done.rejected, done.rejects_file, done.remarks.height) == (0, None, 0)
    assert sorted(entry.name for entry in folder.iterdir()) == [
        "detections.parquet",
        "sensors.parquet",
        "tracks.parquet",
    ]


def test_csv_is_tracked_to_the_same_tracks(folder: Path):
    for name in ("detections", "sensors"):
        frame = pl.read_parquet(folder / f"{name}.parquet")
        frame.write_csv(folder / f"{name}.csv", datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    done = tracking.write_tracks(folder / "detections.csv", sensors=folder / "sensors.csv", out=folder / "t.csv")
    assert done.rows == tracked(folder).rows
    assert pl.read_csv(done.out).height == done.rows


def test_forensic_tracks_are_written_too(folder: Path):
    done = tracked(folder, mode="forensic")
    assert done.tracks == 2
    assert schema.drift(written(done), tables.TRACKS) == []


# ---------------------------------------------------------------- rows that cannot be taken


BAD = {
    "an unknown sensor": ({"sensor_id": "R9"}, "no such sensor"),
    "a range without azimuth or position": ({"azimuth_deg": None}, "a range without an azimuth or a position"),
    "a negative sigma": ({"sigma_range_m": -1.0}, "sigma_range_m is less than 0.0"),
    "NaN": ({"range_m": float("nan")}, "not a finite number"),
    "infinity": ({"azimuth_deg": float("inf")}, "not a finite number"),
    "half a position": ({"lat_deg": 52.0}, "only one of latitude and longitude is given"),
    "an azimuth beyond the circle": ({"azimuth_deg": 400.0}, "azimuth_deg is more than 360.0"),
    "an id that appears twice": ({"detection_id": 1}, "appears twice"),
}


def spoilt(detections: pl.DataFrame, change: Choices, row: int = 20) -> pl.DataFrame:
    is_it = pl.int_range(pl.len()) == row
    return detections.with_columns(
        pl.when(is_it).then(pl.lit(value, dtype=tables.DETECTIONS[name].dtype)).otherwise(pl.col(name)).alias(name)
        for name, value in change.items()
    )


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("fault", BAD)
def test_a_bad_row_stops_nothing_and_is_kept_with_its_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: str, is_long: bool
):
    change, reason = BAD[fault]
    detections = crossing(scans=40, false_per_scan=5)
    lay(folder, spoilt(detections, change))
    if is_long:
        monkeypatch.setattr(detections_file, "WHOLE_ROWS", 1)
        monkeypatch.setattr(detections_file, "SLICE_ROWS", 15)  # the bad row is in the second
    done = tracked(folder)
    (row,) = rejects(done)
    assert (done.rejected, row["file"], row["reason"]) == (1, "detections.parquet", reason)
    assert row["advice"]
    assert json.loads(str(row["row"]))
    assert done.plots == detections.height - 1
    assert done.tracks >= 2
    assert schema.drift(written(done), tables.TRACKS) == []


def test_a_range_from_a_sensor_without_a_position_is_rejected_and_the_others_are_tracked(folder: Path):
    both = pl.concat([radars(1), radars(2, lat_deg=None, lon_deg=None).filter(sensor_id="R1")])
    lay(folder, spoilt(crossing(scans=40, false_per_scan=5), {"sensor_id": "R1"}), both)
    (row,) = rejects(tracked(folder))
    assert row["reason"] == "a range from a sensor without a position"


def test_rejects_of_an_earlier_run_do_not_stand_beside_new_tracks(folder: Path):
    lay(folder, spoilt(crossing(scans=40), {"sensor_id": "R9"}))
    file = tracked(folder).rejects_file
    lay(folder, crossing(scans=40))
    assert tracked(folder).rejects_file is None
    assert file is not None
    assert not file.exists()


# ---------------------------------------------------------------- files that cannot be used


@pytest.mark.parametrize("is_long", [False, True])
def test_when_no_row_is_left_the_error_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch, is_long: bool):
    lay(folder, crossing(scans=5).with_columns(sensor_id=pl.lit("R9")))
    if is_long:
        monkeypatch.setattr(detections_file, "WHOLE_ROWS", 1)
    with pytest.raises(ReadError, match=r"detections\.parquet.*no valid row is left"):
        tracked(folder)
    assert not (folder / "tracks.parquet").exists()
    assert len(list(folder.iterdir())) == 2


def test_without_a_table_of_sensors_the_error_names_the_option(folder: Path):
    (folder / "sensors.parquet").unlink()
    with pytest.raises(ReadError, match=r"neither sensors\.parquet nor sensors\.csv; name the file with --sensors"):
        tracked(folder)
    with pytest.raises(ReadError, match=r"none\.csv: cannot be read"):
        tracked(folder, sensors=folder / "none.csv")


def test_a_table_of_no_sensors_is_refused(folder: Path):
    lay(folder, crossing(scans=5), radars(1).clear())
    with pytest.raises(ReadError, match=r"sensors\.parquet: contains no sensor"):
        tracked(folder)


def test_an_empty_file_is_refused_and_one_of_no_rows_gives_no_track(folder: Path):
    (folder / "empty.csv").write_bytes(b"")
    lay(folder, crossing(scans=5).clear())
    done = tracked(folder)
    assert (done.plots, done.tracks, done.remarks["kind"].to_list()) == (0, 0, ["thin"])
    (folder / "detections.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ReadError, match="cannot be read as a Parquet file"):
        tracked(folder)


def test_a_name_without_a_format_is_refused_before_the_work(folder: Path):
    with pytest.raises(WriteError, match=r"ends in neither \.parquet nor \.csv"):
        tracked(folder, "tracks.txt")


def test_parquet_that_is_called_csv_is_tracked_too(folder: Path):
    wanted = written(tracked(folder))
    (folder / "detections.parquet").rename(folder / "detections.csv")
    assert written(tracking.write_tracks(folder / "detections.csv", out=folder / "t.parquet")).equals(wanted)


# ---------------------------------------------------------------- slice by slice


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording that counts as long: read in slices of a hundred rows."""
    monkeypatch.setattr(detections_file, "WHOLE_ROWS", 1)
    monkeypatch.setattr(detections_file, "SLICE_ROWS", 100)
    recording = together(crossing(scans=60, false_per_scan=5), reports(seconds=240))
    lay(tmp_path, recording, pl.concat([radars(1), transponders()]))
    return tmp_path


@pytest.mark.parametrize("out", ["tracks.parquet", "tracks.csv"])
def test_slices_give_what_the_whole_gives(long: Path, monkeypatch: pytest.MonkeyPatch, out: str):
    told: list[tuple[str, float | None]] = []
    sliced = tracked(long, out, progress=lambda *one: told.append(one))
    shares = [share for stage, share in told if stage == "Tracking" and share is not None]
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    monkeypatch.setattr(detections_file, "WHOLE_ROWS", 10**9)
    whole = tracked(long, f"whole-{out}")
    assert (sliced.plots, sliced.tracks, sliced.rows) == (whole.plots, whole.tracks, whole.rows)
    read = pl.read_parquet if out.endswith("parquet") else pl.read_csv
    exact = ["track_id", "time_utc", "status", "detection_id", "ident", "class_label"]
    assert read(sliced.out).select(exact).equals(read(whole.out).select(exact))
    assert not [entry.name for entry in long.iterdir() if entry.name.startswith(".")]


def test_an_id_that_stood_in_an_earlier_slice_is_rejected(long: Path):
    recording = pl.read_parquet(long / "detections.parquet")
    lay(long, spoilt(recording, {"detection_id": 7}, row=350), pl.concat([radars(1), transponders()]))
    (row,) = rejects(tracked(long))
    assert (row["column"], row["value"], row["reason"]) == ("detection_id", 7, "appears twice")


def test_ids_in_any_order_are_all_taken_once(long: Path):
    recording = pl.read_parquet(long / "detections.parquet")
    mixed = recording.with_columns(detection_id=pl.col("detection_id") * 7919 % 10_007)
    lay(long, mixed, pl.concat([radars(1), transponders()]))
    done = tracked(long)
    assert (done.rejected, done.plots) == (0, recording.height)


def test_what_wants_the_whole_is_refused_in_slices(long: Path):
    with pytest.raises(ReadError, match=r"--correct want the whole"):
        tracked(long, settings=Settings(is_corrected=True))
    with pytest.raises(ReadError, match=r"--health want the whole"):
        tracked(long, health=long / "health.csv")


def test_a_slice_that_fails_leaves_the_earlier_tracks(long: Path, monkeypatch: pytest.MonkeyPatch):
    before = tracked(long).out.read_bytes()

    def fails(*_: object) -> None:
        raise ReadError("detections.parquet", why="cannot be read")

    monkeypatch.setattr(tracking, "_check_any", fails)
    with pytest.raises(ReadError):
        tracked(long)
    assert (long / "tracks.parquet").read_bytes() == before
    assert not [entry.name for entry in long.iterdir() if entry.name.startswith(".")]


# ---------------------------------------------------------------- one track


@pytest.mark.parametrize("is_long", [False, True])
def test_a_track_is_explained_as_it_was_tracked(long: Path, monkeypatch: pytest.MonkeyPatch, is_long: bool):
    if not is_long:
        monkeypatch.setattr(detections_file, "WHOLE_ROWS", 10**9)
    tracks = written(tracked(long))
    found = tracking.explain_track(1, folder=long)
    mine = tracks.filter(track_id=1)
    assert found.updates["detection_id"].drop_nulls().to_list() == mine["detection_id"].drop_nulls().to_list()


def test_a_track_that_is_not_there_is_no_track(folder: Path):
    with pytest.raises(ReadError, match="track 99: is not among the tracks of this recording"):
        tracking.explain_track(99, folder=folder)


def test_a_plot_far_in_time_from_the_others_costs_no_time(folder: Path):
    far = numbered([{"sensor_id": "A", "time_utc": START + timedelta(days=9_000), "lat_deg": 52.0, "lon_deg": 21.0}])
    lay(folder, together(reports(seconds=30), far), transponders())
    assert tracked(folder).tracks == 1
