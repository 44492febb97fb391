"""The watch exercises that travel in the package: families of worlds that can be staged and followed by their rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from hotwash.air import scenarios
from hotwash.front.watches import play_watch
from hotwash.geo import geodesy
from hotwash.model.recording import Recording
from hotwash.model.watch_scenario import WatchScenario
from hotwash.score.watch import measure_watch
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.policies import rules
from hotwash.watch.policies.catalogue import watch_policy
from hotwash.watch.staging import stage
from hotwash.watch.variation import draw_world

WATCHES = scenarios.WATCHES
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "rules"
NEAR_M = 10_000.0


@pytest.fixture(scope="module")
def night() -> Recording:
    return stage(scenarios.read_scenario("watch-night"), seed=1, world=2)


def drones(scenario: WatchScenario) -> int:
    return sum(one.kind == "drone" for one in scenario.objects)


def test_they_are_those_that_the_manual_names():
    assert list(WATCHES) == ["watch-night", "watch-airport"]


@pytest.mark.parametrize("name", WATCHES)
def test_each_is_marked_synthetic_and_short_and_varies(name: str):
    of = scenarios.read_scenario(name)
    assert of.watch.marked == "SYNTHETIC"
    assert 600.0 <= of.time_limit_s <= 900.0
    assert of.vary


@pytest.mark.parametrize("name", WATCHES)
def test_each_carries_the_example_rules_as_they_lie_in_the_examples(name: str):
    of = scenarios.read_scenario(name)
    told = of.rules[of.watch.rules or ""]
    assert told.startswith("# An example, not a doctrine")
    assert told == (EXAMPLES / f"{of.watch.rules}.toml").read_text(encoding="utf-8")
    assert rules.parse(told, name=name).rules


def test_the_night_says_that_it_is_not_what_happened(night: Recording):
    assert "no single one is called what happened" in night.sources["note"][0]


def test_drones_of_the_night_come_over_the_border_while_it_is_watched(night: Recording):
    land = shapely.from_wkb(night.zones["geometry"][0])
    crossed = 0
    for _, way in night.truth.filter(pl.col("class_label") == "drone").group_by("object_id"):
        inside = shapely.contains_xy(land, way["lon_deg"].to_numpy(), way["lat_deg"].to_numpy())
        crossed += bool(inside.any() and not inside.all())
    assert crossed >= 1


def test_a_drone_of_the_night_comes_near_an_aerodrome_that_airliners_use():
    of = scenarios.read_scenario("watch-night")
    names = [{one.name for one in draw_world(of, seed=1, world=world).objects} for world in range(10)]
    found = stage(of, seed=1, world=next(world for world in range(10) if "lublin" in names[world]))
    way, field = found.truth.filter(pl.col("object_id") == "lublin"), found.aerodromes.row(0, named=True)
    assert geodesy.distance_m(way["lat_deg"], way["lon_deg"], field["lat_deg"], field["lon_deg"]).min() < NEAR_M
    assert found.events.filter(pl.col("kind") == "movement", pl.col("subject_id") == "EPLB").height > 0


def test_at_the_airport_there_is_a_drone_in_about_half_of_the_worlds():
    of = scenarios.read_scenario("watch-airport")
    found = [drones(draw_world(of, seed=1, world=world)) for world in range(400)]
    assert set(found) == {0, 1}
    assert np.mean(found) == pytest.approx(0.5, abs=4.0 * np.sqrt(0.25 / 400.0))


def test_at_the_airport_a_drone_is_reported_even_where_there_is_none():
    of = scenarios.read_scenario("watch-airport")
    empty = next(one for world in range(40) if not drones(one := draw_world(of, seed=1, world=world)))
    assert any("could be a drone" in report.text for report in empty.reports)
    assert not any(report.about == "multirotor" for report in empty.reports)


# ---------------------------------------------------------------- what their example rules are worth


@pytest.mark.parametrize(("name", "seed", "false"), [("watch-night", 1, 0.0), ("watch-airport", 4, 0.0)])
def test_the_example_rules_declare_what_crossed_and_neither_a_bird_nor_what_took_off_inside(
    name: str, seed: int, false: float
):
    watch = WatchExercise(scenarios.read_scenario(name), record=True)
    play_watch(watch, watch_policy("rule-book", watch.scenario), seed=seed)
    found = measure_watch(watch.recording(), picture_rows=watch.picture_rows)
    assert found.value("false_breaches") == false
    assert not found.value("seat_misses")
