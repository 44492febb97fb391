"""Tracks against truth from files: what is read, at which times, how stays are counted, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import cases
import numpy as np
import polars as pl
import pytest
import scenarios
from air import LAT0, LON0, START, flight

from hotwash.errors import ReadError
from hotwash.front.evaluation import evaluate_tracks
from hotwash.geo import geodesy
from hotwash.model import schema, tables

ONE_METRE = 1.0
PLANE = 2e-4  # how much the benchmark's plane stretches distances 48 km from where it touches the earth


def tracked(truth: pl.DataFrame, *, every: int = 4, north_m: float = 30.0) -> pl.DataFrame:
    """TRACKS of one track that follows a truth a little to the north of it."""
    rows = truth.gather_every(every)
    lat, lon = geodesy.direct(rows["lat_deg"], rows["lon_deg"], 0.0, north_m)
    seen = rows.select(
        "time_utc", "v_east_mps", "v_north_mps", track_id=pl.lit(1), lat_deg=lat, lon_deg=lon,
        status=pl.lit("confirmed"),
        var_east_m2=pl.lit(900.0), var_north_m2=pl.lit(900.0), cov_east_north_m2=pl.lit(0.0),
    ).with_columns(pl.col("track_id").cast(pl.Int64))  # fmt: skip
    return schema.conform(seen, tables.TRACKS)


def written(folder: Path, name: str, frame: pl.DataFrame) -> Path:
    path = folder / name
    if path.suffix == ".parquet":
        frame.write_parquet(path)
    else:
        filled = frame.select(column for column in frame.columns if frame[column].null_count() < frame.height)
        filled.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    return path


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_tracks_and_truth_are_read_from_either_kind_of_file(tmp_path: Path, ending: str):
    truth = flight()
    found = evaluate_tracks(
        written(tmp_path, f"tracks.{ending}", tracked(truth)), written(tmp_path, f"truth.{ending}", truth)
    )
    assert (found.picture.times, found.picture.missed) == (101, 0.0)
    assert found.picture.gospa_m == pytest.approx(30.0, abs=0.01)
    assert found.picture.nees_per_dimension == pytest.approx(0.5, abs=0.01)
    assert found.picture.siap_velocity_mps == pytest.approx(0.0, abs=1e-6)


def test_tracks_and_truth_that_share_no_moment_are_remarked():
    truth = flight()
    other_day = tracked(truth).with_columns(pl.col("time_utc") + pl.duration(hours=2))
    found = evaluate_tracks(other_day, truth)
    assert found.notes[0].startswith("Tracks and truth share no moment, so nothing could be found: tracks are of 20")
    assert found.flat()["remarks"] == found.notes
    assert not evaluate_tracks(tracked(truth), truth).notes


def test_tracks_and_truth_may_be_frames(tmp_path: Path):
    truth = flight()
    by_file = evaluate_tracks(written(tmp_path, "a.parquet", tracked(truth)), written(tmp_path, "b.parquet", truth))
    assert evaluate_tracks(tracked(truth), truth).flat() == by_file.flat()
    spoilt = tracked(truth).with_columns(lat_deg=pl.when(pl.int_range(pl.len()) == 0).then(95.0).otherwise("lat_deg"))
    assert evaluate_tracks(spoilt, truth).rejected == {"tracks": 1}


def test_truth_is_interpolated_to_the_times_of_the_tracks(tmp_path: Path):
    coarse, fine = (flight((400.0, 50.0, 1.0, 0.0), step_s=step) for step in (10.0, 1.0))
    found = evaluate_tracks(written(tmp_path, "tracks.csv", tracked(fine)), written(tmp_path, "truth.csv", coarse))
    assert found.picture.localisation_m == pytest.approx(30.0, abs=0.1)


def test_a_whole_number_may_name_an_object(tmp_path: Path):
    truth = flight(object_id="7")
    numbered = truth.with_columns(pl.col("object_id").cast(pl.Int64))
    found = evaluate_tracks(
        written(tmp_path, "tracks.parquet", tracked(truth)), written(tmp_path, "truth.parquet", numbered)
    )
    assert found.picture.objects == 1


def test_tracks_out_of_step_are_told_and_can_be_carried_on(tmp_path: Path):
    truth = pl.concat([flight(), flight(object_id="b", lon0_deg=21.2)])
    one = tracked(truth.filter(object_id="a"))
    other = tracked(truth.filter(object_id="b").slice(2)).with_columns(track_id=pl.lit(2, pl.Int64))
    paths = written(tmp_path, "tracks.csv", pl.concat([one, other])), written(tmp_path, "truth.csv", truth)
    found, level = evaluate_tracks(*paths), evaluate_tracks(*paths, every_s=1.0)
    assert not found.is_in_step
    assert found.picture.missed == pytest.approx(1.0, abs=0.05)
    assert level.picture.missed == pytest.approx(0.0, abs=0.05)
    assert level.picture.localisation_m == pytest.approx(30.0, abs=ONE_METRE)


def zone_file(folder: Path, radius_m: float) -> Path:
    lat, lon = geodesy.circle(LAT0, LON0, radius_m)
    ring = [list(corner) for corner in zip(lon.tolist(), lat.tolist(), strict=True)]
    feature = {"type": "Feature", "id": "Z", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path = folder / "zones.geojson"
    path.write_text(json.dumps(feature))
    return path


HARD = {
    "one that grazes the zone is never in it": (lambda at: cases.grazing(at, radius_m=3e3, clear_m=50.0), 0),
    "one that cuts off a sliver is in it once": (lambda at: cases.grazing(at, radius_m=3e3, clear_m=-5.0), 1),
    "one that leaves and comes back is in it twice": (lambda at: cases.in_out_in(at, radius_m=3e3), 2),
    "one that hovers in it is in it once": (cases.hovering, 1),
    "two that cross in it are two stays": (cases.crossing, 2),
}


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("step_s", [1.0, 5.0])
def test_true_stays_of_the_hard_cases(tmp_path: Path, case: str, step_s: float):
    make, wanted = HARD[case]
    truth = make(cases.Setting(LAT0, LON0, START, step_s=step_s))
    breach = {"breach_id": 1, "track_id": 1, "zone_id": "Z", "probability": 0.9, "answer": "inside"}
    found = evaluate_tracks(
        written(tmp_path, "tracks.parquet", tracked(truth.filter(object_id="a"), every=1)),
        written(tmp_path, "truth.parquet", truth),
        zones=str(zone_file(tmp_path, 3e3)),
        breaches=written(tmp_path, "breaches.csv", schema.frame(tables.BREACHES, [breach])),
    )
    said = found.flat()
    assert (said["stays_true"], said["stays_found"], said["breach_count_error"]) == (wanted, 1, 1 - wanted)


def test_a_shipped_zone_may_be_named(tmp_path: Path):
    truth = flight()
    paths = written(tmp_path, "tracks.csv", tracked(truth)), written(tmp_path, "truth.csv", truth)
    none = written(tmp_path, "breaches.parquet", schema.empty(tables.BREACHES))
    (count,) = evaluate_tracks(*paths, zones="PL-land", breaches=none).stays
    assert (count.zone_id, count.true, count.found) == ("PL-land", 1, 0)


def test_rows_that_cannot_be_taken_are_counted(tmp_path: Path):
    truth = flight()
    bad = tracked(truth).with_columns(lat_deg=pl.when(pl.int_range(pl.len()) == 3).then(99.0).otherwise("lat_deg"))
    found = evaluate_tracks(written(tmp_path, "tracks.parquet", bad), written(tmp_path, "truth.parquet", truth))
    assert found.rejected == {"tracks.parquet": 1}


REFUSED = {
    "a cutoff of nothing": ({"cutoff_m": 0.0}, "^cutoff_m"),
    "a cutoff that is no number": ({"cutoff_m": float("nan")}, "^cutoff_m"),
    "a step of nothing": ({"every_s": 0.0}, "^every_s"),
    "zones alone": ({"zones": "z.geojson"}, "give both or neither"),
    "zones that are not there": ({"zones": "z.geojson", "breaches": Path("b.csv")}, "z.geojson: there is no such file"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_measured_is_refused(tmp_path: Path, fault: str):
    given, says = REFUSED[fault]
    truth = flight()
    with pytest.raises(ReadError, match=says):
        evaluate_tracks(written(tmp_path, "tracks.csv", tracked(truth)), written(tmp_path, "truth.csv", truth), **given)


def test_an_empty_truth_is_refused_and_empty_tracks_are_measured(tmp_path: Path):
    truth = flight()
    none = written(tmp_path, "none.parquet", schema.empty(tables.TRACKS))
    assert evaluate_tracks(none, written(tmp_path, "truth.csv", truth)).picture.missed == 1.0
    nothing = written(tmp_path, "nothing.parquet", truth.head(0))
    with pytest.raises(ReadError, match="nothing to measure against"):
        evaluate_tracks(none, nothing)


def test_through_files_the_benchmark_gives_what_its_own_script_does(tmp_path: Path):
    generator, script, tabled = scenarios.programs()
    scene = generator.generate("S", 3)
    _, _, truth = tabled.to_tables(scene)
    rng = np.random.default_rng(3)
    kept = truth.filter(pl.Series(rng.random(truth.height) < 0.9))
    noisy = kept.with_columns(pl.col("lat_deg") + pl.Series(rng.normal(0.0, 0.002, kept.height)))
    seen = schema.conform(
        noisy.select(
            "time_utc", "lat_deg", "lon_deg", pl.col("object_id").alias("track_id"), pl.lit("confirmed").alias("status")
        ),
        tables.TRACKS,
    )
    wanted = script.score(scene, tabled.from_tracks(scene, seen)[0])
    found = evaluate_tracks(
        written(tmp_path, "tracks.parquet", seen), written(tmp_path, "truth.parquet", truth)
    ).picture
    assert found.times == 100
    for ours, theirs in ((found.gospa_m, "gospa"), (found.ospa_m, "ospa"), (found.localisation_m, "loc_rms")):
        assert ours == pytest.approx(wanted[theirs], rel=PLANE)
    assert (found.switches, found.gaps) == (wanted["switches"], wanted["gaps"])
