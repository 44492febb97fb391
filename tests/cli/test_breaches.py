"""`hotwash breaches`: tracks and zones in files, breaches in a file, counts on the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from breaching import FAR, degrees, straight, track

from hotwash.export import table_file as written
from hotwash.front.breaches import find_breaches
from hotwash.ingest import table_file, zones
from hotwash.model import schema, tables


@pytest.fixture
def tracks(tmp_path: Path) -> Path:
    path = straight(range(0, 101, 10), (-4_000, 0), (80, 0), sigma_m=20.0, sigma_mps=1.0)
    return written.write(tmp_path / "tracks.parquet", path)


@pytest.fixture
def line(tmp_path: Path) -> Path:
    lat, lon = degrees([0, FAR, FAR, 0], [-FAR, -FAR, FAR, FAR])
    drawn = shapely.Polygon(list(zip(lon.tolist(), lat.tolist(), strict=True)))
    feature = {"type": "Feature", "properties": {"zone_id": "EAST", "line_sigma_m": 100}}
    content = feature | {"geometry": shapely.geometry.mapping(drawn)}
    path = tmp_path / "line.geojson"
    path.write_text(json.dumps(content))
    return path


def test_breaches_are_written_and_told_as_one_json_object(hotwash, tracks: Path, line: Path, tmp_path: Path):
    out = tmp_path / "breaches.parquet"
    done = hotwash("breaches", tracks, "--zones", line, "--out", out, "--seed", 3, "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert set(told) == {"breaches", "counts", "merged", "zones", "rejects", "seconds", "out"}
    (row,) = told["breaches"]
    assert (row["zone_id"], row["answer"], row["exit_utc"]) == ("EAST", "inside", None)
    assert row["enter_utc"].startswith("2025-09-09T21:30:")
    one = {"unit": "crossings", "unidentified_only": False, "most_likely": 1, "low_90": 1, "high_90": 1}
    assert {"zone_id": "EAST"} | one in told["counts"]
    assert told["merged"] == [{"zone_id": "EAST", "before": 1, "after": 1}]
    assert table_file.table_of(out, tables.BREACHES).rows["probability"].to_list() == [row["probability"]]


def test_csv_and_parquet_and_equal_seeds_give_equal_breaches(hotwash, tracks: Path, line: Path, tmp_path: Path):
    as_csv = written.write(tmp_path / "tracks.csv", table_file.table_of(tracks, tables.TRACKS).rows)
    for given, name in ((tracks, "a.csv"), (as_csv, "b.csv")):
        assert hotwash("breaches", given, "--zones", line, "--out", tmp_path / name).code == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_tracks_and_zones_may_be_frames(hotwash, tracks: Path, line: Path, tmp_path: Path):
    assert hotwash("breaches", tracks, "--zones", line, "--out", tmp_path / "a.parquet").code == 0
    frames = table_file.table_of(tracks, tables.TRACKS).rows, zones.read_zones(line)
    assert find_breaches(*frames).breaches.equals(table_file.table_of(tmp_path / "a.parquet", tables.BREACHES).rows)


def test_a_shipped_zone_is_named_by_its_id(hotwash, tracks: Path, tmp_path: Path):
    out = tmp_path / "b.csv"
    done = hotwash("breaches", tracks, "--zones", "PL-land", "--out", out, "--aerodrome", "EPLB")
    assert done.code == 0
    words = " ".join(done.out.split())
    assert "Poland (PL-land, land border): " in words
    assert "line ± 50 m (one sigma)." in words
    assert table_file.table_of(out, tables.BREACHES).rows["nearest_aerodrome"].to_list() == ["EPLB"]


def test_a_person_sees_stays_counts_and_the_effect_of_merging(hotwash, tracks: Path, line: Path, tmp_path: Path):
    done = hotwash("breaches", tracks, "--zones", line, "--out", tmp_path / "b.csv")
    assert "EAST: 1 stay before merging, 1 after." in done.out
    assert "crossings" in done.out
    assert "1 to 1" in done.out


def test_rejected_rows_are_told_and_the_others_taken(hotwash, line: Path, tmp_path: Path):
    path = written.write(tmp_path / "tracks.csv", track((0, 500, 0), (10, 500, 0)))
    path.write_text(path.read_text().replace("confirmed", "sure", 1))
    done = hotwash("breaches", path, "--zones", line, "--out", tmp_path / "b.csv")
    assert done.code == 0
    assert "Rejected tracks.csv:2: 'sure' is not a valid status" in done.out


def test_a_sensors_errors_widen_the_spread(hotwash, line: Path, tmp_path: Path):
    path = straight(range(0, 101, 10), (-4_000, 0), (80, 0), sigma_m=20.0, sigma_mps=1.0, detection_id=1)
    tracks = written.write(tmp_path / "tracks.parquet", path)
    plot = {"detection_id": 1, "sensor_id": "R1", "time_utc": path["time_utc"][0]}
    plots = written.write(tmp_path / "plots.csv", schema.frame(tables.DETECTIONS, [plot]))
    radar = {"sensor_id": "R1", "kind": "primary_radar", "lat_deg": 52.0, "lon_deg": 22.0}
    sensors = written.write(tmp_path / "sensors.csv", schema.frame(tables.SENSORS, [radar]))
    given = ("breaches", tracks, "--zones", line, "--out", tmp_path / "b.csv", "--json")
    known = (*given, "--detections", plots, "--sensors", sensors, "--sigma-clock-s", 10)
    alone, clocked = (json.loads(hotwash(*typed).out)["breaches"][0]["enter_sigma_s"] for typed in (given, known))
    assert alone == pytest.approx(1.3, rel=0.15)
    assert clocked == pytest.approx(10.0, rel=0.15)


REFUSED = {
    "no tracks": ({"tracks": "none.csv"}, "none.csv: cannot be read"),
    "no zone": ({"--zones": "XX-land"}, "XX-land: there is no such file, and no zone of that name is shipped"),
    "no format": ({"--out": "b.txt"}, "ends in neither .parquet nor .csv"),
    "no aerodrome": ({"--aerodrome": "EPZZ"}, "EPZZ"),
    "sensors alone": ({"--sensors": "tracks.parquet"}, "detections, sensors: tell of sensors only together"),
    "another table": ({"tracks": "other.csv"}, "other.csv, line 1: column 'plot' is not declared"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_used_ends_with_2_and_one_sentence(
    hotwash, tracks: Path, line: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
):
    monkeypatch.chdir(tmp_path)
    Path("other.csv").write_text("plot,time_utc\n1,2\n")
    changed, says = REFUSED[fault]
    given = {"tracks": tracks.name, "--zones": line.name, "--out": "b.csv"} | changed
    options = [part for name, value in given.items() if name != "tracks" for part in (name, value)]
    done = hotwash("breaches", given["tracks"], *options, "--json")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert says in done.err
    assert not Path("b.csv").exists()


def test_no_tracks_at_all_is_an_honest_nothing(hotwash, line: Path, tmp_path: Path):
    path = written.write(tmp_path / "tracks.csv", schema.empty(tables.TRACKS))
    done = hotwash("breaches", path, "--zones", line, "--out", tmp_path / "b.csv", "--json")
    assert (done.code, json.loads(done.out)["breaches"]) == (0, [])
