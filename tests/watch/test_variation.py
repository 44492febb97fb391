"""The grammar of [vary]: worlds drawn within their ranges, each from its own numbers alone, and never chosen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import watching
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.geo import geodesy
from hotwash.model.scenario import Scenario, parse, to_text
from hotwash.watch.variation import draw_world

NIGHT = watching.night()
FIXED = watching.fixed()
SEEDS = st.integers(0, 2**40)
WORLDS = st.integers(0, 10_000)
ONE_METRE = 1.0


def of_kind(scenario: Scenario, kind: str) -> list[str]:
    return [one.name for one in scenario.objects if one.kind == kind]


def only(**ranges: tuple[float, float]) -> Scenario:
    return dataclasses.replace(NIGHT, vary=ranges, randomise={})


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, world=WORLDS)
def test_every_number_lies_within_its_range(seed: int, world: int):
    one = draw_world(NIGHT, seed=seed, world=world)
    assert 0 <= len(of_kind(one, "drone")) <= 3
    assert 1 <= len(of_kind(one, "bird")) <= 3  # one of its own
    assert 1 <= len(of_kind(one, "aircraft")) <= 3
    assert len(one.outages) - len(NIGHT.outages) in (0, 1)
    assert sum(report.truth == "wrong" for report in one.reports) in (1, 2, 3)
    assert -1.0 <= one.senses[0]["clock_error_s"] - 0.4 <= 2.0
    assert 0.45 <= one.sensors[0]["detection_probability"] <= 0.9
    assert 0.0 <= one.weather.wind_mps <= 8.0


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, world=WORLDS)
def test_nothing_is_left_open_and_what_is_drawn_can_be_written_and_read(seed: int, world: int):
    one = draw_world(NIGHT, seed=seed, world=world)
    assert not one.vary
    assert not one.randomise
    assert draw_world(one, seed=seed + 1, world=world) is one
    again = parse(to_text(one), name="drawn")
    assert dataclasses.replace(again, text="") == one


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, world=WORLDS)
def test_a_world_is_the_same_whichever_others_are_drawn(seed: int, world: int):
    alone = draw_world(NIGHT, seed=seed, world=world)
    others = [draw_world(NIGHT, seed=seed, world=number) for number in (world + 1, 0, world)]
    assert others[-1] == alone


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, world=WORLDS)
def test_one_more_range_changes_no_number_of_the_others(seed: int, world: int):
    few = draw_world(only(birds=(0.0, 4.0)), seed=seed, world=world)
    more = draw_world(only(birds=(0.0, 4.0), airliners=(1.0, 3.0), false_reports=(1.0, 1.0)), seed=seed, world=world)
    birds = [one for one in more.objects if one.kind == "bird"]
    assert birds == [one for one in few.objects if one.kind == "bird"]


def test_counts_are_spread_evenly_over_their_range():
    counts = [len(of_kind(draw_world(only(drones=(0.0, 3.0)), seed=1, world=world), "drone")) for world in range(800)]
    share = np.bincount(counts, minlength=4) / 800.0
    assert share == pytest.approx(0.25, abs=4.0 * np.sqrt(0.25 * 0.75 / 800.0))


def test_more_drones_than_there_are_are_copies_that_start_later_on_other_ways():
    one = draw_world(only(drones=(3.0, 3.0)), seed=1)
    first, *copies = [each for each in one.objects if each.kind == "drone"]
    assert [each.name for each in copies] == ["drawn-d1-2", "drawn-d1-3"]
    assert all(each.start_s > first.start_s for each in copies)
    assert len({each.route for each in (first, *copies)}) == 3


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_another_sector_moves_the_whole_way_to_the_side(seed: int):
    before, after = FIXED.objects[0], draw_world(only(sector_km=(-3.0, 3.0)), seed=seed).objects[0]
    away = [float(geodesy.distance_m(*a, *b)) for a, b in zip(before.route, after.route, strict=True)]
    assert max(away) <= 3_000.0 + ONE_METRE
    assert max(away) - min(away) < ONE_METRE


def test_a_report_of_a_drone_that_does_not_fly_is_not_given():
    one = draw_world(only(drones=(0.0, 0.0)), seed=1)
    assert "seen-by-police" not in [report.report_id for report in one.reports]


def test_later_first_reports_leave_false_ones_where_they_were():
    one = draw_world(only(first_report_late_s=(100.0, 100.0)), seed=1)
    reaches = {report.report_id: report.reaches_s for report in one.reports}
    assert reaches == {"seen-by-police": 190.0, "false-one": 10.0}


def test_what_has_nothing_to_vary_comes_back_as_it_is():
    assert draw_world(FIXED, seed=5) is FIXED


def test_the_draw_knows_nothing_of_sensors_that_would_see_a_drone():
    blind = dataclasses.replace(
        only(drones=(1.0, 3.0), sector_km=(-3.0, 3.0), later_s=(0.0, 60.0)), sensors=(), senses=()
    )
    seeing = dataclasses.replace(blind, sensors=NIGHT.sensors)
    assert draw_world(blind, seed=9, world=4).objects == draw_world(seeing, seed=9, world=4).objects
