"""Drones of a watch exercise that our own fixed wing flies along a route."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
import watching
from polars.testing import assert_frame_equal

from hotwash.errors import ScenarioError
from hotwash.flight import flown_paths
from hotwash.geo import geodesy
from hotwash.model.scenario import Scenario
from hotwash.model.watch_scenario import Flier

ROUTE = ((51.5, 23.5), (51.5, 23.35), (51.58, 23.28))
FIXED = watching.fixed()
WINDY = dataclasses.replace(
    FIXED,
    time_limit_s=900.0,
    weather=dataclasses.replace(FIXED.weather, wind_mps=8.0, wind_from_deg=320.0, turbulence="moderate"),
)
A_TURN_M = 60.0  # how far a corner is cut at 50 m/s and a bank of 28 degrees, turning by some 50 degrees
ONE_METRE, FIVE_METRES = 1.0, 5.0


def drone(name: str = "d", **other: object) -> Flier:
    plain = Flier(name, "drone", 50.0, ROUTE, flown="wing", airframe="wing-30kg", height_amsl_m=600.0)
    return dataclasses.replace(plain, **other)  # type: ignore[arg-type]


def flown(*fliers: Flier, of: Scenario = WINDY, seed: int = 1) -> pl.DataFrame:
    return flown_paths.ways(fliers, of, seed=seed, world=0)


def nearest_m(way: pl.DataFrame, point: tuple[float, float]) -> float:
    return float(geodesy.distance_m(way["lat_deg"], way["lon_deg"], *point).min())


def test_it_follows_its_route_in_wind_and_gusts_at_its_speed_and_height():
    way = flown(drone())
    assert all(nearest_m(way, point) < A_TURN_M for point in ROUTE)
    assert way["airspeed_mps"].mean() == pytest.approx(50.0, abs=0.5)
    assert way["height_hae_m"].to_numpy() == pytest.approx(633.0, abs=20.0)


def test_its_velocity_is_that_of_its_position():
    way = flown(drone())
    lat, lon = way["lat_deg"].to_numpy(), way["lon_deg"].to_numpy()
    away, azimuth, _ = geodesy.inverse(lat[:-2], lon[:-2], lat[2:], lon[2:])
    east, north = away * np.sin(np.radians(azimuth)) / 4.0, away * np.cos(np.radians(azimuth)) / 4.0
    middle = way[1:-1]
    wrong = np.hypot(east - middle["v_east_mps"].to_numpy(), north - middle["v_north_mps"].to_numpy())
    assert np.median(wrong) < ONE_METRE


def test_one_that_leaves_is_gone_at_the_end_of_its_route_and_one_that_stays_circles_there():
    left, stays = flown(drone()), flown(drone(ends="stays"))
    assert nearest_m(left[-1:], ROUTE[-1]) < 3.0 * 50.0
    assert stays["time_utc"].max() >= WINDY.start_utc + timedelta(seconds=898)
    assert nearest_m(stays[-1:], ROUTE[-1]) < 2_000.0


def test_one_that_lands_comes_down_about_the_end_of_its_route():
    way = flown(drone(ends="lands"))
    assert way["is_on_ground"].to_list()[-1] is True
    assert way["height_hae_m"][-1] == pytest.approx(200.0, abs=1.0)
    assert nearest_m(way[-1:], ROUTE[-1]) < 2_000.0  # 400 m lower along its slope, where one that stays circles


def test_another_drone_changes_no_digit_of_its_way():
    alone = flown(drone("a"))
    together = flown(drone("b", start_s=10.0), drone("a"), drone("c", speed_mps=45.0))
    assert_frame_equal(together.filter(pl.col("object_id") == "a"), alone)


def test_steps_of_10_ms_end_where_steps_of_2_ms_do(monkeypatch: pytest.MonkeyPatch):
    coarse = flown(drone(ends="stays"))
    monkeypatch.setattr(flown_paths, "SUBSTEP_S", 0.002)
    fine = flown(drone(ends="stays"))
    apart = geodesy.distance_m(coarse["lat_deg"], coarse["lon_deg"], fine["lat_deg"], fine["lon_deg"])
    assert apart.max() < FIVE_METRES


@pytest.mark.parametrize(
    ("other", "said"),
    [({"airframe": "quad-900g"}, "no fixed wing"), ({"speed_mps": 15.0}, "flies 22"), ({"airframe": "wing-30"}, "did")],
)
def test_a_drone_that_cannot_be_flown_so_is_refused(other: dict[str, object], said: str):
    with pytest.raises(ScenarioError, match=said):
        flown(drone(**other))
