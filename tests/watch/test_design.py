"""Watch exercises made of an incident: its replay, and synthetic nights that its finds allow."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
import shapely

from hotwash.errors import ScenarioError
from hotwash.front.bundles import read_bundle, reconstruct
from hotwash.geo import geodesy
from hotwash.model.incident import Incident
from hotwash.model.scenario import Scenario, parse, to_text
from hotwash.watch import design
from hotwash.watch.staging import stage

SCATTER = 5.0  # sigmas within which a drone comes down about its find


@pytest.fixture(scope="module")
def poland() -> Incident:
    return reconstruct(read_bundle("poland-2025"), is_tracked=False)


@pytest.fixture(scope="module")
def night(poland: Incident) -> Scenario:
    return design.design_synthetic(poland, seed=1, minutes=12.0)


@pytest.mark.parametrize("coverage", design.COVERAGES)
def test_a_synthetic_night_is_marked_and_is_not_called_what_happened(poland: Incident, coverage: str):
    made = design.design_synthetic(poland, coverage=coverage, seed=1, minutes=12.0)
    sources = stage(dataclasses.replace(made, objects=(), reports=()), seed=0).sources
    assert made.watch.marked == "SYNTHETIC"
    assert sources["title"][0].startswith("SYNTHETIC: Drones over Poland")
    assert "no single one is called what happened" in sources["note"][0]
    assert f"the coverage is called {coverage}" in sources["note"][0]


def test_a_synthetic_night_is_written_and_read_as_the_same(night: Scenario):
    again = parse(to_text(night), name="night")
    assert dataclasses.replace(again, text="") == night


def test_one_seed_gives_one_night_and_another_another(poland: Incident, night: Scenario):
    assert design.design_synthetic(poland, seed=1, minutes=12.0) == night
    assert design.design_synthetic(poland, seed=2, minutes=12.0).objects != night.objects


def test_every_way_begins_outside_or_over_the_border_and_ends_where_a_find_was(poland: Incident):
    night = design.design_synthetic(poland, seed=4)
    finds = {f"D-{row['find_id']}": row for row in poland.bundle.finds.to_dicts()}
    land = shapely.from_wkb(poland.zones["geometry"][0])
    assert len(night.objects) > 8
    for one in night.objects:
        find = finds[one.name]
        (lat, lon), end = one.route[0], one.route[-1]
        assert not shapely.contains_xy(land, lon, lat)
        assert (
            geodesy.distance_m(*end, find["lat_deg"], find["lon_deg"]) <= SCATTER * 1000.0 * find["sigma_position_km"]
        )


def test_a_short_night_has_a_handful_of_drones_and_airliners_birds_and_a_false_report_in_each_world(night: Scenario):
    from hotwash.watch.variation import draw_world

    assert 1 <= len(night.objects) <= 5
    assert night.time_limit_s == 720.0
    assert [one.aerodrome_id for one in night.aerodromes] == ["EPWA", "EPMO", "EPRZ", "EPLB"]
    for world in range(20):
        kinds = [one.kind for one in draw_world(night, seed=0, world=world).objects]
        assert kinds.count("aircraft") >= 2
        assert kinds.count("bird") >= 4
        assert any(one.truth == "wrong" for one in draw_world(night, seed=0, world=world).reports)


def test_better_coverage_has_more_radars_that_see_farther(poland: Incident):
    nights = [
        design.design_synthetic(poland, coverage=name, seed=1, minutes=12.0) for name in ("poor", "plausible", "good")
    ]
    assert [len(one.sensors) for one in nights] == [2, 5, 9]
    assert all(one.objects == nights[0].objects for one in nights)
    reach = [one.senses[0]["reference_range_m"] for one in nights]
    assert reach == sorted(reach)


def test_sensors_do_not_depend_on_the_ways_that_are_flown(poland: Incident, night: Scenario):
    assert design.design_synthetic(poland, seed=77, minutes=12.0).sensors == night.sensors


def test_a_replay_holds_what_was_known_and_no_truth(poland: Incident):
    scenario, recording = design.design_replay(poland)
    played = stage(scenario, seed=0, given=recording)
    assert scenario.watch.is_replay
    assert played.truth.is_empty()
    assert played.events.height == poland.bundle.recording.events.height
    assert played.events["known_utc"].drop_nulls().is_sorted()
    assert played.sightings.height == poland.bundle.sightings.height
    assert played.aerodromes["aerodrome_id"].to_list() == ["EPWA", "EPMO", "EPRZ", "EPLB"]


def test_an_exercise_has_the_border_of_the_account_even_where_a_shipped_one_has_its_name(poland: Incident):
    box = [21.0, 50.0, 24.5, 52.5]
    own = poland.zones.with_columns(
        geometry=pl.lit(shapely.to_wkb(shapely.box(20.0, 49.0, 24.5, 54.0))), line_sigma_m=15.0, clip_box=pl.lit(box)
    )
    scenario, recording = design.design_replay(dataclasses.replace(poland, zones=own), minutes=10.0)
    played = stage(scenario, seed=0, given=dataclasses.replace(recording, zones=recording.zones.clear()))
    row = played.zones.row(by_predicate=pl.col("zone_id") == own["zone_id"][0], named=True)
    assert (row["line_sigma_m"], row["clip_box"]) == (15.0, box)


def test_a_recorded_night_is_replayed_from_its_first_detection():
    airport = reconstruct(read_bundle("airport-2026"), is_tracked=False)
    scenario, recording = design.design_replay(airport, minutes=10.0)
    assert scenario.start_utc == recording.detections["time_utc"].min()
    assert scenario.time_limit_s == 600.0
    assert scenario.watch.zone_id == "EPBY-CTR"
    played = stage(scenario, seed=0, given=recording)
    assert played.detections.height == recording.detections.height
    assert played.zones["zone_id"].to_list() == ["EPBY-CTR"]
    assert played.detections.select(pl.coalesce("received_utc", "time_utc")).to_series().is_sorted()


def test_an_incident_without_finds_is_to_be_replayed():
    with pytest.raises(ScenarioError, match="replay it instead"):
        design.design_synthetic(reconstruct(read_bundle("airport-2026"), is_tracked=False))


def test_another_coverage_is_refused(poland: Incident):
    with pytest.raises(ScenarioError, match="poor, plausible, good"):
        design.design_synthetic(poland, coverage="perfect")
