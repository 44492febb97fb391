"""A staged watch exercise: what is sensed, said and published, drawn from the seed alone and true to its scenario."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
import shapely
import watching
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hotwash.errors import ScenarioError
from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.model.recording import FOLDER_TABLES, Recording
from hotwash.model.scenario import Scenario, parse
from hotwash.watch.staging import stage

NIGHT = watching.fixed()
A_PLOT_M = 60.0  # of a way against its corners: what rounding them costs


@pytest.fixture(scope="module")
def recording() -> Recording:
    return stage(NIGHT, seed=3)


def after(scenario: Scenario, seconds: float) -> datetime:
    return scenario.start_utc + timedelta(seconds=seconds)


def way(recording: Recording, name: str) -> pl.DataFrame:
    return recording.truth.filter(pl.col("object_id") == name)


def test_every_frame_is_of_its_declared_table(recording: Recording):
    for table in FOLDER_TABLES:
        assert schema.drift(getattr(recording, table.name), table) == [], table.name


def test_one_seed_gives_one_recording_bit_for_bit(recording: Recording):
    again = stage(NIGHT, seed=3)
    assert again.scenario == recording.scenario
    for table in FOLDER_TABLES:
        assert_frame_equal(getattr(again, table.name), getattr(recording, table.name))


def test_another_seed_gives_other_detections(recording: Recording):
    assert not stage(NIGHT, seed=4).detections.equals(recording.detections)


def test_the_scenario_that_a_recording_carries_stages_the_same_again(recording: Recording):
    inner = parse(recording.scenario or "", name="inner")
    assert (inner.seed, inner.world) == (3, 0)
    assert_frame_equal(stage(inner, seed=3).detections, recording.detections)


@pytest.mark.parametrize("gone", ["d1", "a1", "b1"])
def test_an_object_less_leaves_the_detections_of_all_others_as_they_were(gone: str, recording: Recording):
    kept = tuple(one for one in NIGHT.objects if one.name != gone)
    reports = tuple(one for one in NIGHT.reports if one.about != gone)
    fewer = stage(dataclasses.replace(NIGHT, objects=kept, reports=reports), seed=3)
    said = [name for name in tables.DETECTIONS.names if name != "detection_id"]
    lost = recording.detections.join(fewer.detections, on=said, how="anti", nulls_equal=True)
    new = fewer.detections.join(recording.detections, on=said, how="anti", nulls_equal=True)
    assert new.is_empty()
    assert lost.height == recording.detections.height - fewer.detections.height > 0


def test_a_way_goes_through_its_points_and_begins_and_ends_there(recording: Recording):
    drone = way(recording, "d1")
    route = NIGHT.objects[0].route
    assert geodesy.distance_m(drone["lat_deg"][0], drone["lon_deg"][0], *route[0]) < A_PLOT_M
    assert geodesy.distance_m(drone["lat_deg"][-1], drone["lon_deg"][-1], *route[-1]) < 10_000.0  # the time is up
    middle = geodesy.distance_m(drone["lat_deg"], drone["lon_deg"], *route[1])
    assert middle.min() < A_PLOT_M
    speed = np.hypot(drone["v_east_mps"].to_numpy(), drone["v_north_mps"].to_numpy())
    assert speed == pytest.approx(40.0, rel=1e-3)


def test_what_lands_comes_down_on_the_ground_and_is_gone(recording: Recording):
    airliner = way(recording, "a1")
    assert airliner["height_hae_m"][0] == pytest.approx(3000.0 + 33.0)
    assert airliner["height_hae_m"][-1] == pytest.approx(200.0, abs=1.0)
    assert airliner["is_on_ground"][-1] is True


def test_a_route_over_the_border_crosses_it(recording: Recording):
    drone = way(recording, "d1")
    border = shapely.from_wkb(recording.zones["geometry"][0])
    is_inside = shapely.contains_xy(border, drone["lon_deg"].to_numpy(), drone["lat_deg"].to_numpy())
    assert not is_inside[0]
    assert is_inside[-1]


def test_truth_is_only_there_while_the_sensors_run(recording: Recording):
    assert recording.truth["time_utc"].min() >= after(NIGHT, -60.0)
    assert recording.truth["time_utc"].max() <= after(NIGHT, 300.0)


def test_nothing_is_detected_while_a_sensor_is_out(recording: Recording):
    radar = recording.detections.filter(pl.col("sensor_id") == "RADAR")
    true_time = pl.col("time_utc") - timedelta(seconds=0.4)
    out = true_time.is_between(after(NIGHT, 100.0), after(NIGHT, 160.0), closed="left")
    assert radar.filter(out).is_empty()
    assert radar.filter(true_time < after(NIGHT, 100.0)).height > 10
    assert radar.filter(true_time >= after(NIGHT, 160.0)).height > 10


def test_a_clock_error_is_in_the_detections_and_not_in_what_the_sensor_states(recording: Recording):
    assert recording.sensors["clock_offset_s"].to_list() == [None, None]
    right = dataclasses.replace(NIGHT, senses=({**NIGHT.senses[0], "clock_error_s": 0.0},))
    of_radar = pl.col("sensor_id") == "RADAR"
    late = recording.detections.filter(of_radar)["time_utc"].sort()
    true = stage(right, seed=3).detections.filter(of_radar)["time_utc"].sort()
    assert ((late - true).dt.total_microseconds() == 400_000).all()


def test_only_what_has_a_transponder_says_who_it_is(recording: Recording):
    said = recording.detections["ident"].drop_nulls().unique().to_list()
    assert said == ["F00A01"]


def test_detections_tell_nothing_of_truth(recording: Recording):
    told = recording.detections.select("class_label", "class_confidence", "mode_3a", "source_id")
    assert all(told[name].null_count() == told.height for name in told.columns)


def test_reports_come_when_they_are_known_and_leak_neither_truth_nor_object(recording: Recording):
    seen = recording.sightings
    assert seen["sighting_id"].to_list() == ["R001", "R002"]
    assert seen["known_utc"].to_list() == [after(NIGHT, 10.0), after(NIGHT, 90.0)]
    words = " ".join(str(value) for row in seen.iter_rows() for value in row)
    assert not any(word in words for word in ("wrong", "false", "d1", "true "))


def test_what_is_published_stands_among_the_events_from_the_beginning(recording: Recording):
    kinds = recording.events.filter(pl.col("kind") != "inject")
    assert kinds["known_utc"].unique().to_list() == [after(NIGHT, -60.0)]
    assert recording.events.filter(pl.col("kind") == "aerodrome_closed")["subject_id"].to_list() == ["EPRZ"]
    hours = recording.events.filter(pl.col("kind") == "aerodrome_hours")
    assert hours["end_utc"].to_list() == [after(NIGHT, 200.0)]
    assert recording.events.filter(pl.col("kind") == "inject")["text"].to_list() == ["Readiness is raised."]


def test_movements_are_as_many_as_their_rate_says_on_the_mean():
    bare = dataclasses.replace(NIGHT, objects=(), sensors=(), senses=(), outages=(), reports=())
    counts = [stage(bare, seed=seed).events.filter(pl.col("kind") == "movement").height for seed in range(200)]
    # 60 an hour for 5 minutes: 5 on the mean, Poisson; 4 standard deviations of the mean of 200
    assert np.mean(counts) == pytest.approx(5.0, abs=4.0 * np.sqrt(5.0 / 200))


def test_a_runway_that_the_scenario_names_stands_at_each_movement_and_changes_no_other_number(recording: Recording):
    named = dataclasses.replace(
        NIGHT, aerodromes=tuple(dataclasses.replace(one, runways=("07", "25")) for one in NIGHT.aerodromes)
    )
    found = stage(named, seed=3).events
    assert recording.events["part"].is_null().all()
    assert set(found.filter(pl.col("kind") == "movement")["part"]) == {"07", "25"}
    assert found.drop("part").equals(recording.events.drop("part"))


def test_the_note_and_the_marking_stand_among_the_sources(recording: Recording):
    assert recording.sources["title"].to_list() == ["SYNTHETIC: A night by hand"]
    assert recording.sources["note"].to_list() == ["Nothing here happened."]


def test_a_replay_plays_what_was_recorded_in_the_order_in_which_it_became_known(recording: Recording):
    replay = dataclasses.replace(NIGHT, objects=(), reports=(), watch=dataclasses.replace(NIGHT.watch, is_replay=True))
    turned = dataclasses.replace(recording, detections=recording.detections.reverse(), zones=schema.empty(tables.ZONES))
    played = stage(replay, seed=0, given=turned)
    came = played.detections.select(pl.coalesce("received_utc", "time_utc"))["received_utc"]
    assert came.is_sorted()
    assert played.zones.height == 1
    assert played.truth.height == recording.truth.height
    with pytest.raises(ScenarioError, match="must lie beside"):
        stage(replay, seed=0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [('zone_id = "land"\nrules', 'zone_id = "XX-land"\nrules', "there is no XX-land"),
     ("lat_deg = 51.24\nlon_deg = 22.71\n", "", "has no position")],
)  # fmt: skip
def test_what_is_not_there_is_named(old: str, new: str, said: str):
    with pytest.raises(ScenarioError, match=said):
        stage(watching.night(watching.TEXT.replace(old, new)), seed=0)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**40), world=st.integers(0, 1000))
def test_in_every_world_sensors_keep_their_silences_and_everybody_reported_is_in_the_scenario(seed: int, world: int):
    found = stage(watching.night(), seed=seed, world=world)
    drawn = parse(found.scenario or "", name="drawn")
    assert set(found.truth["object_id"]) <= {one.name for one in drawn.objects}
    assert found.sightings.height == len(drawn.reports)
    assert found.detections["detection_id"].to_list() == list(range(found.detections.height))
    assert found.detections["time_utc"].is_sorted()
    error_s = next(one["clock_error_s"] for one in drawn.senses if one["sensor_id"] == "RADAR")
    radar = found.detections.filter(pl.col("sensor_id") == "RADAR")["time_utc"]
    for outage in drawn.outages:
        low, high = after(drawn, outage.from_s + error_s + 1e-3), after(drawn, (outage.to_s or 1e6) + error_s - 1e-3)
        assert not radar.is_between(low, high).any()


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_no_sighting_tells_which_reports_are_true_or_whom_they_are_about(seed: int):
    found = stage(watching.night(), seed=seed)
    drawn = parse(found.scenario or "", name="drawn")
    hidden = {one.report_id for one in drawn.reports} | {one.name for one in drawn.objects}
    words = {str(value) for row in found.sightings.iter_rows() for value in row}
    assert not words & hidden
    assert found.sightings["sighting_id"].to_list() == [f"R{at:03d}" for at in range(1, found.sightings.height + 1)]
    assert found.sightings["known_utc"].is_sorted()
