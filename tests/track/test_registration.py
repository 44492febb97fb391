"""Sensors' errors from common objects: what was put in comes out, and taking it out makes the tracks better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from air import dice, sensor
from sky import measured, silent, traffic, two_radars

from hotwash.air.sensing import sense
from hotwash.air.sensor_models import Senses
from hotwash.model import schema, tables
from hotwash.track import registration
from hotwash.track.models import Settings
from hotwash.track.registration import RANGE, Registration
from hotwash.track.tracking import track_causal

THREE_SIGMA = 3.0
ONE_MICROSECOND_DEG, ONE_MICROMETRE = 1e-9, 1e-6
RADAR = Senses(is_3d=True)


def sensed(seed: int, *, clock_s: float = 0.0, **errors: float) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    truth, sensors = traffic(seed), two_radars(clock_s=clock_s)
    senses = {"A": RADAR, "B": replace(RADAR, phase_s=1.7, **errors)}
    return truth, silent(sensors), sense(truth, sensors, rng=dice(seed), senses=senses)


@pytest.mark.parametrize("seed", range(3))
def test_errors_that_were_put_in_are_found_within_three_sigma(seed: int):
    _, sensors, detections = sensed(seed, clock_s=2.0, range_bias_m=150.0, azimuth_bias_deg=1.0)
    found = registration.estimate_errors(detections, sensors, settings=Settings())
    off = found.value - [[0.0, 0.0, 0.0], [2.0, 150.0, 1.0]]
    assert (np.abs(off[1]) < THREE_SIGMA * found.sigma[1]).all()
    assert (np.abs(off[0, RANGE:]) < THREE_SIGMA * found.sigma[0, RANGE:]).all()


def test_stated_sigmas_are_those_that_errors_have():
    scores = []
    for seed in range(20):
        _, sensors, detections = sensed(seed, clock_s=-1.0, range_bias_m=-80.0, azimuth_bias_deg=0.4)
        found = registration.estimate_errors(detections, sensors, settings=Settings())
        scores.append((found.value[1] - [-1.0, -80.0, 0.4]) / found.sigma[1])
    assert 0.6 < np.sqrt(np.mean(np.square(scores))) < 1.4  # 60 scores of unit variance: 1 within 0.27 at 3 sigma


def test_airliners_seen_by_two_clocks_two_seconds_apart_are_reported_and_can_be_corrected():
    truth, sensors, detections = sensed(1, clock_s=2.0)
    plain = track_causal(detections, sensors)
    clock = plain.health.row(by_predicate=pl.col("sensor_id") == "B", named=True)
    assert abs(clock["clock_offset_s"] - 2.0) < THREE_SIGMA * clock["sigma_clock_offset_s"]
    assert ("clock", "B") in plain.remarks.select("kind", "sensor_id").rows()
    righted = track_causal(detections, sensors, settings=Settings(is_corrected=True))
    assert measured(righted.tracks, truth).gospa_m < 0.5 * measured(plain.tracks, truth).gospa_m
    assert righted.health["is_corrected"].all()


def test_radars_without_errors_are_not_accused():
    _, sensors, detections = sensed(4)
    said = track_causal(detections, sensors).remarks
    assert not set(said["kind"]) & {"clock", "bias", "azimuth_mirrored", "detection_probability", "clutter"}


def test_a_stated_offset_that_is_not_taken_out_is_told():
    truth, sensors = traffic(1), two_radars(clock_s=0.4)
    said = track_causal(sense(truth, sensors, rng=dice()), sensors).remarks
    assert "states a clock offset of +0.4 s" in " ".join(said.filter(kind="clock")["text"])


def test_a_sensor_timed_by_satellites_is_the_reference():
    truth = traffic(2)
    receiver = sensor(sensor_id="X", kind="adsb", scan_period_s=None, max_range_m=None)
    sensors = pl.concat([two_radars(), receiver])
    found = registration.estimate_errors(sense(truth, sensors, rng=dice()), silent(sensors), settings=Settings())
    assert found.sensor_id[found.reference] == "X"
    assert np.isnan(found.value[2, RANGE:]).all()


def test_a_radar_that_counts_azimuth_the_wrong_way_round_is_suspected():
    _, sensors, detections = sensed(3)
    wrong = pl.when(sensor_id="B").then((360.0 - pl.col("azimuth_deg")) % 360.0).otherwise("azimuth_deg")
    said = track_causal(detections.with_columns(azimuth_deg=wrong), sensors).remarks
    assert "B" in said.filter(kind="azimuth_mirrored")["sensor_id"].to_list()


def test_one_sensor_alone_says_nothing_of_its_errors():
    _, sensors, detections = sensed(1)
    found = registration.estimate_errors(detections.filter(sensor_id="A"), sensors, settings=Settings())
    assert found.reference == -1
    assert np.isnan(found.value).all()


def test_taking_out_errors_undoes_putting_them_in():
    _, sensors, detections = sensed(2)
    value = np.array([[0.0, 12.5, -0.25], [1.25, -40.0, 1.5]])
    names = tuple(sensors["sensor_id"])
    there = Registration(names, np.ones(2, np.int64), value, np.ones((2, 3)), 0, np.zeros(2, np.int64))
    back = replace(there, value=-value)
    again = registration.correct_detections(registration.correct_detections(detections, there, sensors), back, sensors)
    assert again["time_utc"].equals(detections["time_utc"])
    assert np.allclose(again["range_m"], detections["range_m"], rtol=0.0, atol=ONE_MICROMETRE)
    turned = (again["azimuth_deg"] - detections["azimuth_deg"] + 180.0) % 360.0 - 180.0
    assert turned.abs().max() < ONE_MICROSECOND_DEG
    assert schema.drift(again, tables.DETECTIONS) == []
