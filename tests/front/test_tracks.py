"""Tracks and breaches as values: from files or frames alike, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from recordings import crossing, radars

import hotwash
from hotwash.errors import ReadError
from hotwash.model import schema, tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    crossing(scans=40, false_per_scan=5).write_parquet(folder / "detections.parquet")
    radars(1).write_parquet(folder / "sensors.parquet")
    return folder


def test_frames_are_tracked_as_their_files_are(folder: Path):
    by_file = hotwash.track_detections(folder / "detections.parquet")
    detections, sensors = (pl.read_parquet(folder / f"{name}.parquet") for name in ("detections", "sensors"))
    by_frame = hotwash.track_detections(detections, sensors)
    assert by_frame.tracks.equals(by_file.tracks)
    assert schema.drift(by_frame.tracks, tables.TRACKS) == []
    assert (by_frame.detections_used, by_frame.rejects.height) == (detections.height, 0)
    assert sorted(path.name for path in folder.iterdir()) == ["detections.parquet", "sensors.parquet"]


def test_frames_of_pandas_are_taken_as_those_of_polars(folder: Path):
    frames = [pl.read_parquet(folder / f"{name}.parquet") for name in ("detections", "sensors")]
    theirs = [pd.DataFrame(frame.to_dict(as_series=False)) for frame in frames]
    assert hotwash.track_detections(*theirs).tracks.equals(hotwash.track_detections(*frames).tracks)


def test_a_row_that_cannot_be_taken_is_among_the_rejects(folder: Path):
    spoilt = crossing(scans=40, false_per_scan=5).with_columns(
        sensor_id=pl.when(pl.int_range(pl.len()) == 7).then(pl.lit("R9")).otherwise("sensor_id")
    )
    found = hotwash.track_detections(detections=spoilt, sensors=radars(1))
    assert found.rejects["reason"].to_list() == ["no such sensor"]
    assert schema.drift(found.rejects, tables.REJECTS) == []


def test_a_frame_of_detections_wants_its_sensors_beside_it(folder: Path):
    with pytest.raises(ReadError, match="sensors: are missing"):
        hotwash.track_detections(crossing(scans=5))


@pytest.mark.parametrize(("choice", "said"), [({"mode": "live"}, "causal, forensic"), ({"association": "x"}, "joint")])
def test_a_choice_that_there_is_not_is_refused_with_those_that_there_are(choice: dict[str, str], said: str):
    with pytest.raises(ReadError, match=said):
        hotwash.track_detections(crossing(scans=5), radars(1), **choice)  # type: ignore[arg-type]


def test_tracks_and_a_zone_give_breaches_and_their_number(folder: Path):
    tracks = hotwash.track_detections(folder / "detections.parquet", mode="forensic").tracks
    found = hotwash.find_breaches(tracks, "PL-land", seed=3)
    assert schema.drift(found.breaches, tables.BREACHES) == []
    assert {one.unit for one in found.counts} == {"crossings", "airframes"}
    assert found.breaches.equals(hotwash.find_breaches(tracks, "PL-land", seed=3).breaches)
    with pytest.raises(ReadError, match="give both or neither"):
        hotwash.find_breaches(tracks, "PL-land", sensors=radars(1))
