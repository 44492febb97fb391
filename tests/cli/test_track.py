"""`hotwash track` and `hotwash explain`: one JSON object, plain sentences, exit codes, a quick start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from recordings import crossing, radars


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    crossing(scans=30, false_per_scan=5).write_parquet(tmp_path / "detections.parquet")
    radars(1).write_csv(tmp_path / "sensors.csv")
    return tmp_path


def test_track_prints_one_json_object_and_nothing_else(hotwash, folder: Path):
    done = hotwash("track", folder / "detections.parquet", "--sensors", folder / "sensors.csv",
                   "--out", folder / "t.parquet", "--mode", "causal", "--json")  # fmt: skip
    told = json.loads(done.out)
    tracks = pl.read_parquet(folder / "t.parquet")
    assert (done.code, done.err) == (0, "")
    assert (told["tracks"], told["rows"]) == (tracks["track_id"].n_unique(), tracks.height)
    assert told["plots"] == crossing(scans=30, false_per_scan=5).height
    assert set(told["seconds"]) == {"read", "compile", "track", "write", "health"}
    assert all(isinstance(seconds, float) for seconds in told["seconds"].values())
    assert (told["rejects"], told["remarks"]) == ({"rows": 0, "file": None}, [])


def test_track_tells_people_in_sentences_what_was_made_and_left_out(hotwash, folder: Path):
    detections = pl.read_parquet(folder / "detections.parquet")
    late = pl.concat([detections.slice(5), detections.head(5)])
    late = late.with_columns(sensor_id=pl.when(pl.int_range(pl.len()) == 9).then(pl.lit("R9")).otherwise("sensor_id"))
    late.write_parquet(folder / "detections.parquet")
    done = hotwash("track", folder / "detections.parquet", "--out", folder / "t.csv")
    assert (done.code, done.err) == (0, "")
    assert "plots gave" in done.out
    assert "Rejected 1 row, each with the reason in" in done.out
    assert "5 detections stood after later ones, so the file was put in order of time" in " ".join(done.out.split())
    received = late.with_columns(
        received_utc=pl.lit(late["time_utc"].max()) + pl.duration(seconds=pl.int_range(pl.len()))
    )
    received.write_parquet(folder / "detections.parquet")
    done = hotwash("track", folder / "detections.parquet", "--out", folder / "t.csv")
    assert "5 detections came more than 10 s after later ones and were left out" in " ".join(done.out.split())
    assert f"The tracks: {folder / 't.csv'}" in done.out


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["--sensors", "none.csv"], "none.csv: cannot be read"),
        (["--assume-height-m", "500", "100"], "--assume-height-m: its first number is greater than its second"),
    ],
)
def test_what_is_refused_ends_with_2_and_one_sentence(hotwash, folder: Path, typed: list[str], says: str):
    done = hotwash("track", folder / "detections.parquet", "--out", folder / "t.csv", *typed)
    assert done.code == 2
    assert done.err.startswith(f"hotwash: {says}")
    assert done.err.count("\n") == 1
    assert not (folder / "t.csv").exists()


def test_an_assumed_height_is_taken(hotwash, folder: Path):
    typed = ("track", folder / "detections.parquet", "--json", "--out")
    plain, high = folder / "plain.parquet", folder / "high.parquet"
    assert hotwash(*typed, plain).code == hotwash(*typed, high, "--assume-height-m", "2000", "4000").code == 0
    first, second = (pl.read_parquet(path).filter(track_id=1)["lat_deg"].mean() for path in (plain, high))
    assert first > second  # nearer the radar, which stands south of the objects


def test_explain_tells_a_track_look_by_look(hotwash, folder: Path):
    done = hotwash("explain", 1, folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Track 1: ")
    assert "It began with detection" in done.out
    told = json.loads(hotwash("explain", 1, folder, "--json").out)
    assert done.out.startswith(told["summary"][0][:60])
    assert told["updates"][0]["track_id"] == 1
    assert f"{len(told['updates'])} looks" in done.out


def test_explain_of_no_such_track_ends_with_2(hotwash, folder: Path):
    done = hotwash("explain", 99, folder)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("hotwash: track 99: is not among the tracks")


def test_help_loads_neither_the_compiler_nor_the_tables():
    asked = "import sys; sys.argv = ['hotwash', '--help']; from hotwash import cli\n"
    asked += "try: cli.main()\nexcept SystemExit: pass\n"
    asked += "print(sorted({'numba', 'polars', 'numpy', 'shapely', 'pyproj'} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert "track" in done.stdout
    assert done.stderr.strip() == "[]"


def test_tracking_loads_no_geometry_it_does_not_use():
    asked = "import sys, hotwash.work.tracking; print(sorted({'shapely', 'pyproj', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
