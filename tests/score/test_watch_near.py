"""When somebody is near each of many places: against every row of a way, looked at one by one on the ellipsoid."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from hotwash.breach.spans import Spans
from hotwash.model import schema, tables
from hotwash.score.watch import proximity, public_warnings
from hotwash.score.watch.conditions import NEED_M
from hotwash.score.watch.proximity import Mover, Movers
from hotwash.score.watch.public_warnings import Area

EVERY_S = 2.0  # a span may begin so much late
ONE_PERCENT = 0.01
FLAT_SHARE = 0.005  # how far a flat earth may be off within some 30 km
WGS84 = Geod(ellps="WGS84")


def mover(lat0: float, lon0: float, turns: list[float], *, every_s: float, speed_mps: float) -> Mover:
    """Return something that turns a little at each row and is where the row says until the next one."""
    heading = np.cumsum(turns)
    lat = lat0 + np.cumsum(speed_mps * every_s * np.cos(heading)) / 111_200.0
    lon = lon0 + np.cumsum(speed_mps * every_s * np.sin(heading)) / (111_320.0 * np.cos(np.radians(lat0)))
    time_s = np.arange(lat.size) * every_s
    return Mover("m", time_s, np.append(time_s[1:], time_s[-1]), lat, (lon + 180.0) % 360.0 - 180.0)


def inside(one: Mover, lat_deg: float, lon_deg: float, radius_m: float) -> list[float]:
    """Return the times of all rows within a radius, by geodesics."""
    many = one.time_s.size
    _, _, apart_m = WGS84.inv(np.full(many, lon_deg), np.full(many, lat_deg), one.lon_deg, one.lat_deg)
    return [float(time) for time, apart in zip(one.time_s, apart_m, strict=True) if apart <= radius_m]


def reaches(found: Spans, time_s: float) -> bool:
    """Tell whether a span holds a time, or one just after it."""
    return any(low - EVERY_S <= time_s <= high + EVERY_S for low, high in found)


WAYS = st.builds(
    mover,
    st.floats(-65.0, 65.0), st.sampled_from([-179.98, 0.0, 21.5, 179.98]),
    st.lists(st.floats(-0.6, 0.6), min_size=1, max_size=120),
    every_s=st.sampled_from([0.5, 1.0, 5.0]), speed_mps=st.floats(10.0, 50.0),
)  # fmt: skip
AROUND = st.lists(st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1)), min_size=1, max_size=8)


@given(WAYS, AROUND, st.floats(300.0, 6_000.0))
def test_a_place_is_near_when_a_row_by_row_look_says_so(one: Mover, around: list[tuple[float, float]], radius_m: float):
    lat = np.array([one.lat_deg[0] + north for north, _ in around])
    lon = (np.array([one.lon_deg[0] + east for _, east in around]) + 180.0) % 360.0 - 180.0
    step_m = EVERY_S * 50.0  # what is looked at only every two seconds may come so much nearer in between
    for at, found in enumerate(proximity.near_each(one, lat, lon, radius_m)):
        surely = inside(one, lat[at], lon[at], radius_m * (1.0 - FLAT_SHARE) - step_m)
        perhaps = inside(one, lat[at], lon[at], radius_m * (1.0 + FLAT_SHARE))
        assert all(reaches(found, time_s) for time_s in surely)
        for begin, end in found:
            assert any(begin - EVERY_S <= time_s <= end for time_s in perhaps)
            assert begin in one.time_s
            assert end in one.until_s


@given(
    st.lists(st.floats(-0.6, 0.6), min_size=1, max_size=60), AROUND, st.floats(300.0, 6_000.0),
    st.sampled_from([2.0, 5.0]),
)  # fmt: skip
def test_of_rows_two_seconds_apart_or_more_none_is_lost(
    turns: list[float], around: list[tuple[float, float]], radius_m: float, every_s: float
):
    one = mover(52.0, 21.0, turns, every_s=every_s, speed_mps=40.0)
    places = [(52.0 + north, 21.0 + east) for north, east in around]
    lat, lon = (np.array(part) for part in zip(*places, strict=True))
    assert proximity.near_each(one, lat, lon, radius_m) == [proximity.near(one, *place, radius_m) for place in places]


def test_rows_that_are_far_apart_are_no_stay_between_them():
    one = Mover("m", np.array([0.0, 100.0]), np.array([15.0, 100.0]), np.full(2, 52.0), np.full(2, 21.0))
    assert proximity.near_each(one, np.array([52.0]), np.array([21.0]), 100.0) == [((0.0, 15.0), (100.0, 100.0))]


# ---------------------------------------------------------------- ground

NOBODY = schema.empty(tables.POPULATION)


def straight(lat_deg: float, lon_deg: float) -> Movers:
    """Return a drone that flies east for five minutes, through a place in the middle of them."""
    time_s = np.arange(301.0)
    lon = lon_deg + (time_s - 150.0) * 40.0 / (111_320.0 * np.cos(np.radians(lat_deg)))
    one = Mover("d", time_s, np.append(time_s[1:], time_s[-1]), np.full(301, lat_deg), lon)
    return Movers((one,), before_s=60.0, ahead_s=0.0, after_s=60.0)


def valued(warnings: list[Area], movers: Movers, population: pl.DataFrame = NOBODY) -> dict[str, float | None]:
    return {row["measure"]: row["value"] for row in public_warnings.warning_rows(warnings, population, movers)}


def test_of_ground_only_what_was_warned_is_counted_and_all_of_it():
    area = Area("w1", 52.0, 21.0, 3_000.0, 60.0, 180.0)
    far = Area("w2", 52.3, 21.4, 3_000.0, 0.0, 60.0)
    found = valued([area, far], straight(52.0, 21.0))
    circle_km2 = np.pi * 3.0**2
    whole = (found["warned_in_need"] or 0.0) + (found["warned_without_need"] or 0.0)
    assert whole == pytest.approx(circle_km2 * (2.0 + 1.0), rel=ONE_PERCENT)
    assert found["warned_without_need"] is not None
    assert found["warned_without_need"] >= circle_km2 * 1.0 * (1.0 - ONE_PERCENT)  # nobody came near the far one
    assert found["not_warned_in_need"] is None  # ground that was not warned is everywhere


def test_ground_under_the_way_is_in_need_and_ground_away_from_it_is_not():
    on, off = (Area("w", 52.0 + north, 21.0, 500.0, 0.0, 300.0) for north in (0.0, 2.0 * NEED_M / 111_200.0 + 0.02))
    movers = straight(52.0, 21.0)
    assert valued([on], movers)["warned_without_need"] == 0.0
    assert valued([off], movers)["warned_in_need"] == 0.0


def test_people_who_were_never_warned_still_count_where_people_are_counted():
    people = schema.frame(
        tables.POPULATION, [{"cell_id": "c", "lat_deg": 52.0, "lon_deg": 21.0, "people": 40.0}]
    )  # fmt: skip
    assert valued([], straight(52.0, 21.0), people)["not_warned_in_need"] == 40.0


def cap_km2(radius_m: float) -> float:
    """Return the area of a circle on a sphere of the earth's size."""
    return float(2.0 * np.pi * 6_371.0**2 * (1.0 - np.cos(radius_m / 6_371_000.0)))


@pytest.mark.parametrize("radius_m", [300.0, 3_000.0, 30_000.0, 150_000.0, 500_000.0])
@pytest.mark.parametrize("place", [(52.0, 21.0), (1.0, 179.9), (70.0, -30.0)])
def test_a_warned_area_of_any_size_is_known_to_one_percent(radius_m: float, place: tuple[float, float]):
    found = valued([Area("w", *place, radius_m, 0.0, 60.0)], Movers((), before_s=0.0, ahead_s=0.0, after_s=0.0))
    assert found["warned_without_need"] == pytest.approx(cap_km2(radius_m), rel=ONE_PERCENT)


@pytest.mark.parametrize("radius_m", [20_000.0, 500_000.0])
def test_who_is_in_need_within_a_great_warning_is_known_to_one_percent(radius_m: float):
    """A warning of 500 km around a drone had nobody in need, since squares of 31 km stepped over its zone of 10 km."""
    found = valued([Area("w", 52.0, 21.0, radius_m, 0.0, 300.0)], straight(52.0, 21.0))
    strip_km2 = 2.0 * 5.0 * 12.0 + np.pi * 5.0**2  # twelve kilometres flown, and what lies within NEED_M of them
    assert found["warned_in_need"] == pytest.approx(strip_km2 * 5.0, rel=ONE_PERCENT)
    whole = (found["warned_in_need"] or 0.0) + (found["warned_without_need"] or 0.0)
    assert whole == pytest.approx(cap_km2(radius_m) * 5.0, rel=ONE_PERCENT)


def test_ground_that_two_warnings_share_is_counted_once():
    one, other = (Area(name, 52.0, 21.0, 30_000.0, 0.0, 60.0) for name in ("w1", "w2"))
    nobody = Movers((), before_s=0.0, ahead_s=0.0, after_s=0.0)
    assert valued([one, other], nobody)["warned_without_need"] == pytest.approx(cap_km2(30_000.0), rel=ONE_PERCENT)


def test_people_on_the_edge_of_a_great_warning_are_counted_by_geodesics():
    lon, lat, _ = WGS84.fwd(np.full(36, 21.0), np.full(36, 52.0), np.arange(36) * 10.0, np.tile([498e3, 502e3], 18))
    rows = [{"cell_id": f"c{at}", "lat_deg": lat[at], "lon_deg": lon[at], "people": 1.0} for at in range(36)]
    people = schema.frame(tables.POPULATION, rows)
    nobody = Movers((), before_s=0.0, ahead_s=0.0, after_s=0.0)
    assert valued([Area("w", 52.0, 21.0, 500_000.0, 0.0, 60.0)], nobody, people)["warned_without_need"] == 18.0
