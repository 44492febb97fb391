"""What is told of each sensor, against what the simulator was told to make."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from air import dice
from sky import radar, traffic, two_radars

from hotwash.air.sensing import sense
from hotwash.air.sensor_models import Senses
from hotwash.model import schema, tables
from hotwash.track.tracking import Tracked, track_causal

THREE_SIGMA = 3.0
SCAN_S, LENGTH_S = 4.0, 400.0
RADAR = Senses(is_3d=True)


def tracked(seed: int = 1, *, turning: bool = False, stated: dict[str, float] | None = None, **true: float) -> Tracked:
    """Tracks of one radar that does as `true` says and states `stated` of itself."""
    sensors = radar(max_range_m=60_000.0, lon_deg=21.2, **true)
    detections = sense(traffic(seed), sensors, rng=dice(seed), senses={"R": replace(RADAR, is_rotating=turning)})
    says = {name: pl.lit(value) for name, value in (stated or {}).items()}
    return track_causal(detections, sensors.with_columns(**says))


@pytest.mark.parametrize("probability", [0.6, 0.9])
def test_the_detection_probability_is_found_whatever_is_stated(probability: float):
    found = tracked(detection_probability=probability, stated={"detection_probability": 0.8}).health
    row = found.row(0, named=True)
    # Looks at a track are not quite independent of its being there, so a little more than chance is allowed.
    assert abs(row["detection_probability"] - probability) < THREE_SIGMA * row["sigma_detection_probability"] + 0.02
    assert row["stated_detection_probability"] == 0.8


def test_false_plots_a_scan_are_found_whatever_is_stated():
    row = tracked(false_per_scan=60.0, stated={"false_per_scan": 10.0}).health.row(0, named=True)
    # First plots of targets that were never confirmed are among them: of 8 targets one look in ten, at the most.
    assert -THREE_SIGMA < (row["false_per_scan"] - 60.0) / row["sigma_false_per_scan"] < THREE_SIGMA + 2.0


def test_a_radar_that_does_as_it_states_is_not_spoken_of():
    assert tracked().remarks.height == 0


def test_figures_far_from_what_is_seen_are_told():
    said = tracked(stated={"detection_probability": 0.5, "false_per_scan": 100.0}).remarks
    assert set(said["kind"]) == {"detection_probability", "clutter"}
    assert said["sensor_id"].to_list() == ["R", "R"]


def test_scans_are_looks_however_many_plots_they_had():
    assert tracked(turning=True).health["scans"].item() == pytest.approx(LENGTH_S / SCAN_S + 1.0, abs=1.0)
    assert tracked(false_per_scan=0.0).health["scans"].item() == pytest.approx(LENGTH_S / SCAN_S + 1.0, abs=1.0)


def test_a_noise_that_nobody_states_is_assumed_and_told():
    sensors = radar(max_range_m=60_000.0)
    detections = sense(traffic(1), sensors, rng=dice()).with_columns(sigma_range_m=pl.lit(None, dtype=schema.F64))
    said = track_causal(detections, sensors).remarks.filter(kind="assumed")
    assert said["rows"].to_list() == [detections.height]
    assert "50 m of range" in said["text"].item()


def test_detections_from_nobody_knows_where_are_counted_and_left_out():
    sensors = two_radars()
    detections = sense(traffic(1), sensors, rng=dice())
    homeless = pl.when(sensor_id="A").then(pl.col("lat_deg", "lon_deg"))
    told = track_causal(detections, sensors.with_columns(homeless))
    said = told.remarks.filter(kind="unused")
    assert said["rows"].to_list() == [detections.filter(sensor_id="B").height]
    assert told.health.filter(sensor_id="B")["plots"].item() == 0


def test_late_detections_are_counted():
    sensors = radar()
    detections = sense(traffic(1), sensors, rng=dice())
    upside = pl.concat([detections.tail(1), detections.head(detections.height - 1)])
    said = track_causal(upside, sensors).remarks.filter(kind="late")
    last_us = detections["time_utc"].max()
    late = detections.filter(pl.col("time_utc") < pl.lit(last_us).dt.offset_by("-10s")).height
    assert said["rows"].to_list() == [late]


def test_a_recording_of_one_plot_is_told_to_be_thin():
    sensors = radar()
    told = track_causal(sense(traffic(1), sensors, rng=dice()).head(1), sensors)
    assert told.tracks.height == 0
    assert set(told.remarks["kind"]) == {"thin"}


def test_a_recording_of_nothing_has_a_row_for_each_sensor():
    told = track_causal(schema.empty(tables.DETECTIONS), two_radars())
    assert told.health["plots"].to_list() == [0, 0]
    assert schema.drift(told.health, tables.HEALTH) == []
    assert schema.drift(told.remarks, tables.REMARKS) == []
