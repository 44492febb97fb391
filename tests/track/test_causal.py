"""What causal tracks hold: one row a track and time, the detections' own microseconds, and no number that is none."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from recordings import START, crossing, numbered, radars, reports, together, transponders

from hotwash.model import schema, tables
from hotwash.track import explain, tracking
from hotwash.track.models import Settings
from hotwash.track.tracker import Tracker

SENSORS = pl.concat([radars(2), transponders()])
A_SECOND = timedelta(seconds=1)
JUST_OVER = timedelta(milliseconds=1)


def tracked(detections: pl.DataFrame, sensors: pl.DataFrame = SENSORS, **choices: object) -> tracking.Tracked:
    return tracking.track_causal(detections, sensors, settings=Settings(**choices))  # type: ignore[arg-type]


def kinds(found: tracking.Tracked) -> set[str]:
    return set(found.remarks["kind"])


def from_other_radar(detections: pl.DataFrame, shift_s: float) -> pl.DataFrame:
    """Return the same plots as seen by radar R1, which stands elsewhere, so that they are other objects."""
    return detections.with_columns(sensor_id=pl.lit("R1"), time_utc=pl.col("time_utc") + timedelta(seconds=shift_s))


@pytest.mark.parametrize("shift_s", [0.0, 1.3])
def test_a_track_has_one_row_at_every_scan_of_whichever_sensor(shift_s: float):
    first = crossing(scans=40, false_per_scan=5)
    recording = together(first, from_other_radar(crossing(scans=40, false_per_scan=5, seed=2), shift_s))
    found = tracked(recording).tracks
    scan_times = recording["time_utc"].unique().sort()
    assert found["track_id"].n_unique() >= 4
    assert not found.select("track_id", "time_utc").is_duplicated().any()
    for (_,), rows in found.group_by("track_id"):
        times = rows["time_utc"].sort()
        wanted = scan_times.filter((scan_times >= times[0]) & (scan_times <= times[-1]))
        assert times.to_list() == wanted.to_list()


def test_a_source_without_scans_gives_a_row_at_each_update_and_at_least_every_second():
    recording = together(crossing(scans=20, false_per_scan=5), reports(seconds=80, every_s=2.5))
    found = tracked(recording).tracks
    mine = found.filter(ident="4CA123").sort("time_utc")
    updates = recording.filter(ident="4CA123")["time_utc"]
    begin = mine["time_utc"][0]
    assert set(updates.filter(updates >= begin)) <= set(mine["time_utc"])
    assert mine["time_utc"].diff().max() <= A_SECOND + JUST_OVER
    assert not found.select("track_id", "time_utc").is_duplicated().any()
    assert set(mine["class_label"]) == {"aeroplane"}
    assert mine["height_hae_m"].null_count() == 0


def test_no_row_holds_nan_and_no_variance_is_negative():
    found = tracked(together(crossing(scans=40, false_per_scan=10), reports(seconds=160))).tracks
    assert schema.drift(found, tables.TRACKS) == []  # NaN is a drift
    for name in ("var_east_m2", "var_north_m2", "var_v_east_m2ps2", "var_v_north_m2ps2"):
        assert found[name].min() >= 0.0
    assert found["existence"].is_between(0.0, 1.0).all()


def test_where_no_height_was_measured_none_is_stated():
    found = tracked(crossing(scans=20)).tracks
    assert found["height_hae_m"].null_count() == found["var_height_m2"].null_count() == found.height


def test_the_tracks_are_those_that_were_flown():
    found = tracked(crossing(scans=40, false_per_scan=5)).tracks
    last = found.filter(pl.col("time_utc") == found["time_utc"].max())
    speed = (last["v_east_mps"] ** 2 + last["v_north_mps"] ** 2).sqrt()
    assert last.height == 2
    assert speed.sort().to_list() == pytest.approx([60.0, np.hypot(60.0, 20.0)], abs=5.0)


# ---------------------------------------------------------------- cut into steps


def test_slices_of_a_recording_give_the_tracks_of_the_whole():
    recording = together(crossing(scans=60, false_per_scan=5), reports(seconds=240))
    whole = tracked(recording).tracks
    tracker = Tracker(SENSORS)
    writer = tracking.Writer(tracker)
    parts = []
    for part in recording.iter_slices(150):
        parts += list(writer.frames(tracker.step(part)))
    parts += list(writer.frames(tracker.finish()))
    found = pl.concat(parts)
    assert len(parts) > 3
    exact = ["track_id", "time_utc", "status", "detection_id", "ident", "class_label"]
    assert found.select(exact).equals(whole.select(exact))
    assert np.allclose(found["height_hae_m"].fill_null(-1.0), whole["height_hae_m"].fill_null(-1.0), atol=0.1)
    assert np.allclose(found["lat_deg"], whole["lat_deg"], atol=1.0e-4)


def test_what_comes_late_within_the_bound_is_put_in_its_place():
    recording = crossing(scans=30, false_per_scan=5)
    swapped = pl.concat([recording.slice(50, 10), recording.slice(0, 50), recording.slice(60)])
    found, wanted = tracked(swapped, late_s=60.0), tracked(recording)
    assert kinds(found) == set()
    assert found.tracks.drop("detection_id").equals(wanted.tracks.drop("detection_id"))


def test_what_comes_too_late_is_left_out_counted_and_said():
    recording = crossing(scans=30, false_per_scan=5)
    late = recording.slice(0, 7)
    found = tracked(pl.concat([recording.slice(7), late]))
    (remark,) = found.remarks.filter(kind="late").to_dicts()
    assert remark["rows"] == 7
    assert "--late-s" in remark["text"]
    assert not set(late["detection_id"]) & set(found.tracks["detection_id"].drop_nulls())


def test_one_time_far_ahead_does_not_end_the_recording_of_the_other_sensors():
    recording = together(crossing(scans=300, false_per_scan=5), from_other_radar(crossing(scans=300, seed=3), 1.0))
    is_wild = pl.int_range(pl.len()) == 40
    wild = recording.with_columns(
        pl.when(is_wild).then(pl.col("time_utc") + timedelta(days=4_000)).otherwise("time_utc").alias("time_utc")
    )
    tracker = Tracker(SENSORS)
    for part in wild.iter_slices(1_200):
        tracker.step(part)
    tracker.finish()
    struck = wild["sensor_id"][40]
    assert tracker.late <= wild.filter(sensor_id=struck).height


# ---------------------------------------------------------------- thin and bad recordings


def test_duplicate_plots_count_once_and_are_said():
    recording = crossing(scans=30, false_per_scan=5)
    again = recording.with_columns(detection_id=pl.col("detection_id") + 10_000)
    found = tracked(pl.concat([recording, again]).sort("time_utc", maintain_order=True))
    (remark,) = found.remarks.filter(kind="duplicate").to_dicts()
    assert remark["rows"] == recording.height
    assert found.tracks.equals(tracked(recording).tracks)


@pytest.mark.parametrize("many", [0, 1])
def test_a_recording_of_next_to_nothing_gives_no_track_and_says_so(many: int):
    found = tracked(crossing(scans=1, objects=1, seed=3).head(many))
    assert found.tracks.equals(schema.empty(tables.TRACKS))
    assert kinds(found) == {"thin"}


def test_a_crowd_in_one_scan_gives_no_track_and_says_so():
    rng = np.random.default_rng(1)
    many = 100_000
    crowd = schema.conform(
        pl.DataFrame(
            {
                "detection_id": np.arange(many), "sensor_id": ["R0"] * many, "time_utc": [START] * many,
                "range_m": 50_000.0 * np.sqrt(rng.random(many)), "azimuth_deg": 360.0 * rng.random(many),
            }
        ).with_columns(pl.col("time_utc").cast(pl.Datetime("us", "UTC"))),
        tables.DETECTIONS,
    )  # fmt: skip
    found = tracked(crowd)
    assert found.tracks.height == 0
    assert kinds(found) >= {"crowded", "thin"}


def test_sources_without_scans_alone_are_tracked_too():
    found = tracked(reports(seconds=60), transponders())
    assert found.tracks["track_id"].n_unique() == 1
    assert found.tracks["time_utc"].diff().max() <= A_SECOND + JUST_OVER


def test_a_sensor_of_which_nothing_is_known_but_positions_is_tracked():
    bare = schema.frame(tables.SENSORS, [{"sensor_id": "A", "kind": "multilateration", "scan_period_s": 1.0}])
    found = tracked(reports(seconds=60).with_columns(ident=pl.lit(None, pl.String)), bare)
    assert found.tracks["track_id"].n_unique() == 1


def test_a_plot_straight_over_the_sensor_breaks_nothing():
    rows = [
        {"sensor_id": "R0", "time_utc": START + timedelta(seconds=4.0 * n), "range_m": 0.0, "azimuth_deg": 0.0}
        for n in range(10)
    ]
    found = tracked(numbered(rows)).tracks
    assert schema.drift(found, tables.TRACKS) == []


# ---------------------------------------------------------------- one track explained


def test_each_look_names_what_was_taken_how_far_off_it_was_and_what_else_was_near():
    recording = crossing(scans=30, false_per_scan=5)
    tracks = tracked(recording).tracks.filter(track_id=1).sort("time_utc")
    looks, begun_with = explain.explain_track([recording], SENSORS, track_id=1)
    assert schema.drift(looks, tables.UPDATES) == []
    assert looks["time_utc"].to_list() == tracks["time_utc"].to_list()
    assert looks["detection_id"].to_list() == tracks["detection_id"].to_list()
    assert looks["existence"].to_list() == tracks["existence"].to_list()
    assert looks["status"].to_list() == tracks["status"].to_list()
    hits = looks.slice(1).filter(pl.col("detection_id").is_not_null())
    assert hits["distance"].is_between(0.0, 4.0).all()
    assert looks.filter(pl.col("detection_id").is_null())["distance"].null_count() == looks["detection_id"].null_count()
    assert begun_with
    believed = looks.select(pl.sum_horizontal("straight", "turning", "hovering")).to_series()
    assert believed.to_list() == pytest.approx([1.0] * looks.height)


def test_a_second_plot_beside_the_one_taken_is_named_as_near():
    recording = crossing(scans=20, objects=1)
    beside = recording.with_columns(detection_id=pl.col("detection_id") + 1_000, range_m=pl.col("range_m") + 90.0)
    both = pl.concat([recording, beside]).sort("time_utc", maintain_order=True)
    looks, _ = explain.explain_track([both], SENSORS, track_id=1)
    assert (looks["near_detection_ids"].list.len() > 0).any()
    assert looks["near_detection_ids"].list.len().to_list() == looks["near_distances"].list.len().to_list()


def test_a_track_that_is_not_there_has_no_looks():
    looks, begun_with = explain.explain_track([crossing(scans=20)], SENSORS, track_id=99)
    assert (looks.height, begun_with) == (0, [])
