"""Ways flown: held against geodesics of PROJ, and against themselves there and back."""

from __future__ import annotations

import cases
import numpy as np
import polars as pl
import pytest
from air import START, after, dice, flight
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from hotwash.air import interpolation, paths
from hotwash.geo import geodesy
from hotwash.model import tables
from hotwash.model.schema import drift

ONE_MILLIMETRE = 1e-3
ONE_CENTIMETRE = 0.01
ONE_METRE = 1.0
HERMITE_MPS = 0.02
SAME_SPEED_MPS = 1e-4
WGS84 = Geod(ellps="WGS84")


def gap_m(way: pl.DataFrame, lat: float, lon: float, row: int = -1) -> float:
    return float(geodesy.distance_m(way["lat_deg"][row], way["lon_deg"][row], lat, lon))


@pytest.mark.parametrize(("lat", "lon", "course"), [(52, 21, 37), (70, 20, 290), (-33, 179.95, 80), (66, -179.9, 275)])
def test_a_straight_leg_ends_where_the_geodesic_does(lat: float, lon: float, course: float):
    way = flight((600.0, 230.0, 0.0, 0.0), lat0_deg=lat, lon0_deg=lon, course0_deg=course)
    end_lon, end_lat, _ = WGS84.fwd(lon, lat, course, 600.0 * 230.0)
    assert gap_m(way, end_lat, end_lon) < ONE_MILLIMETRE


def test_straight_legs_one_after_another_are_one_geodesic():
    way = flight(*[(100.0, 230.0, 0.0, 0.0)] * 6, lat0_deg=70.0, course0_deg=60.0)
    end_lon, end_lat, _ = WGS84.fwd(21.0, 70.0, 60.0, 600.0 * 230.0)
    assert gap_m(way, end_lat, end_lon) < ONE_MILLIMETRE


def test_a_full_turn_comes_back_to_where_it_began():
    way = flight((120.0, 50.0, 3.0, 0.0), lat0_deg=70.0)
    assert gap_m(way, 70.0, 21.0) < ONE_MILLIMETRE
    assert way["v_north_mps"][-1] == pytest.approx(way["v_north_mps"][0], abs=1e-6)


def test_a_turn_has_the_radius_of_its_speed_and_rate():
    way = flight((60.0, 50.0, 3.0, 0.0))
    assert gap_m(way, 51.91, 21.0) == pytest.approx(2.0 * 50.0 / np.radians(3.0), abs=ONE_CENTIMETRE)


def test_one_that_hovers_stays_and_goes_on_as_it_came():
    way = flight((60.0, 10.0, 0.0, 0.0), (60.0, 0.0, 0.0, 0.0), (60.0, 10.0, 0.0, 0.0))
    held = way.filter(pl.col("time_utc").is_between(after(60), after(119)))
    assert held.select("lat_deg", "lon_deg").n_unique() == 1
    assert held["v_north_mps"].to_list() == [0.0] * 60
    end_lon, end_lat, _ = WGS84.fwd(21.0, 51.91, 0.0, 1_200.0)
    assert gap_m(way, end_lat, end_lon) < ONE_MILLIMETRE


def test_rows_stand_at_every_step_at_the_joints_and_at_the_end():
    way = flight((2.5, 50.0, 0.0, 0.0), (2.5, 50.0, 3.0, 2.0))
    assert way["time_utc"].to_list() == [after(s) for s in (0, 1, 2, 2.5, 3, 4, 5)]
    assert way["height_hae_m"][-1] == 1_005.0
    assert drift(way, tables.TRUTH) == []


courses, rates = st.floats(0.0, 360.0), st.floats(-3.0, 3.0)


@settings(max_examples=30, deadline=None)
@given(st.floats(-75.0, 75.0), st.floats(-180.0, 180.0), courses, rates, st.floats(0.0, 12_000.0))
def test_the_velocity_is_that_of_the_positions(lat: float, lon: float, course: float, rate: float, height: float):
    way = flight((4.0, 100.0, rate, 5.0), lat0_deg=lat, lon0_deg=lon, course0_deg=course, height0_hae_m=height)
    of = interpolation.motion(way)
    # Simpson's rule over two steps: exact but for the fourth derivative of a turn.
    moved = of.place_m[2] - of.place_m[0]
    meant = (of.velocity_mps[0] + 4.0 * of.velocity_mps[1] + of.velocity_mps[2]) / 3.0
    assert np.abs(moved - meant).max() < HERMITE_MPS


def test_birds_fly_in_the_band_of_small_drones_and_keep_their_speed():
    flock = paths.birds(
        5, rng=dice(), lat0_deg=52.0, lon0_deg=21.0, radius_m=5_000.0, start_utc=START, duration_s=300.0
    )
    speeds = flock.with_columns(speed=(pl.col("v_east_mps") ** 2 + pl.col("v_north_mps") ** 2).sqrt())
    each = speeds.group_by("object_id").agg(low=pl.col("speed").min(), high=pl.col("speed").max())
    assert each.height == 5
    assert (each["high"] - each["low"]).max() < SAME_SPEED_MPS
    assert each["low"].min() >= paths.BIRD_SPEEDS_MPS[0]
    assert each["high"].max() <= paths.BIRD_SPEEDS_MPS[1] * 1.001


# ---------------------------------------------------------------- between rows


def test_a_row_is_given_back_as_it_stands():
    way = flight((20.0, 50.0, 2.0, 1.0))
    back = interpolation.truth_at(way, way["time_utc"])
    for name in ("lat_deg", "lon_deg"):
        assert back[name].to_numpy() == pytest.approx(way[name].to_numpy(), abs=1e-12)
    assert back["height_hae_m"].to_numpy() == pytest.approx(way["height_hae_m"].to_numpy(), abs=1e-8)
    assert back["v_east_mps"].to_numpy() == pytest.approx(way["v_east_mps"].to_numpy(), abs=1e-9)


def test_with_velocities_a_turn_between_rows_is_followed():
    fine, coarse = (flight((60.0, 50.0, 3.0, 1.0), step_s=step) for step in (1.0, 4.0))
    back = interpolation.truth_at(coarse, fine["time_utc"])
    gaps = geodesy.distance_m(fine["lat_deg"], fine["lon_deg"], back["lat_deg"], back["lon_deg"])
    assert gaps.max() < ONE_CENTIMETRE
    assert drift(back, tables.TRUTH) == []


def test_without_velocities_the_way_is_straight_and_does_not_sink_below_the_chord():
    bare = {name: pl.lit(None, dtype=pl.Float64) for name in ("v_east_mps", "v_north_mps", "v_up_mps")}
    way = flight((600.0, 230.0, 0.0, 0.0), step_s=600.0).with_columns(**bare)
    middle = interpolation.truth_at(way, pl.Series([after(300)]))
    end_lon, end_lat, _ = WGS84.fwd(21.0, 51.91, 0.0, 300.0 * 230.0)
    assert gap_m(middle, end_lat, end_lon) < 20 * ONE_METRE  # the ellipsoid's curvature differs along 138 km
    assert middle["height_hae_m"][0] == pytest.approx(1_000.0, abs=ONE_MILLIMETRE)
    assert middle["v_north_mps"][0] == pytest.approx(230.0, abs=0.1)


def test_nothing_is_extrapolated():
    way = flight((20.0, 50.0, 0.0, 0.0))
    times = pl.Series([after(-1e-6), after(0), after(20), after(20.000001)])
    assert interpolation.truth_at(way, times)["time_utc"].to_list() == [after(0), after(20)]


def test_over_the_antimeridian_the_way_is_as_anywhere():
    way = flight((60.0, 230.0, 0.0, 0.0), lat0_deg=70.0, lon0_deg=179.9, course0_deg=90.0, step_s=10.0)
    middle = interpolation.truth_at(way, pl.Series([after(25)]))
    end_lon, end_lat, _ = WGS84.fwd(179.9, 70.0, 90.0, 25.0 * 230.0)
    assert gap_m(middle, end_lat, end_lon) < ONE_CENTIMETRE
    assert way["lon_deg"].max() > 179.9
    assert way["lon_deg"].min() < -179.9


def test_objects_do_not_mix():
    both = pl.concat([flight(), flight(object_id="b", lat0_deg=51.0, start_utc=after(100))])
    alone = interpolation.truth_at(both.filter(object_id="b"), pl.Series([after(150.5)]))
    together = interpolation.truth_at(both.sample(fraction=1.0, shuffle=True, seed=1), pl.Series([after(150.5)]))
    assert together.filter(object_id="b").equals(alone)
    assert together["object_id"].to_list() == ["a", "b"]


def test_an_unknown_height_stays_unknown():
    way = flight().with_columns(height_hae_m=pl.lit(None, dtype=pl.Float64))
    assert interpolation.truth_at(way, pl.Series([after(0), after(10.5)]))["height_hae_m"].null_count() == 2


# ---------------------------------------------------------------- the hard cases

PLACES = [(52.0, 21.0), (70.0, 25.0), (-17.0, 179.99)]


@pytest.fixture(params=PLACES)
def at(request: pytest.FixtureRequest) -> cases.Setting:
    lat, lon = request.param
    return cases.Setting(lat, lon, START)


def apart_m(both: pl.DataFrame) -> np.ndarray:
    a, b = (both.filter(object_id=name) for name in ("a", "b"))
    return geodesy.distance_m(a["lat_deg"], a["lon_deg"], b["lat_deg"], b["lon_deg"])


def from_middle_m(one: pl.DataFrame, at: cases.Setting) -> np.ndarray:
    return geodesy.distance_m(one["lat_deg"], one["lon_deg"], at.lat0_deg, at.lon0_deg)


def times_inside(one: pl.DataFrame, at: cases.Setting, radius_m: float) -> int:
    is_inside = from_middle_m(one, at) < radius_m
    return int((np.diff(is_inside.astype(int)) == 1).sum())


def test_crossing_targets_meet_at_the_point(at: cases.Setting):
    both = apart_m(cases.crossing(at))
    assert both.argmin() == 150
    assert both.min() < ONE_CENTIMETRE


def test_parallel_targets_stay_apart_as_told(at: cases.Setting):
    both = apart_m(cases.parallel(at, apart_m=300.0))
    assert both.min() > 300.0 - ONE_METRE
    assert both.max() < 300.0 + ONE_METRE


def test_merging_targets_come_together_stay_beside_and_part(at: cases.Setting):
    both = apart_m(cases.merging(at, apart_m=100.0))
    beside = both[130:250]
    assert beside.min() > 100.0 - ONE_METRE
    assert beside.max() < 100.0 + ONE_METRE
    assert both[0] > 5_000.0
    assert both[-1] > 5_000.0


def test_one_that_hovers_does_so_at_the_point(at: cases.Setting):
    away = from_middle_m(cases.hovering(at), at)
    assert away[120:240].max() < ONE_CENTIMETRE
    assert away[0] == pytest.approx(away[-1], abs=ONE_CENTIMETRE)


@pytest.mark.parametrize("clear_m", [50.0, -50.0])
def test_a_graze_clears_the_zone_by_what_it_is_told(at: cases.Setting, clear_m: float):
    away = from_middle_m(cases.grazing(at, radius_m=3_000.0, clear_m=clear_m), at)
    assert away.min() == pytest.approx(3_000.0 + clear_m, abs=ONE_METRE)
    assert away.argmin() == 300


def test_in_out_in_is_twice_inside_and_outside_for_the_time_told(at: cases.Setting):
    way = cases.in_out_in(at, radius_m=3_000.0, outside_s=60.0)
    assert times_inside(way, at, 3_000.0) == 2
    is_inside = from_middle_m(way, at) < 3_000.0
    first, last = np.flatnonzero(is_inside)[[0, -1]]
    assert (~is_inside[first:last]).sum() == pytest.approx(60, abs=6)
