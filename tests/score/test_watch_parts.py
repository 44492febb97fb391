"""What a watch is measured with: spans of time, and what moves near places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from hotwash.breach import spans
from hotwash.score.watch import proximity
from hotwash.score.watch.closures import Movement
from hotwash.score.watch.proximity import Mover
from hotwash.score.watch.score_rows import Delay, delay_rows

TWO_PER_MILLE = 2e-3
ends = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda one: (float(one[0]), float(one[0] + one[1])))
some_spans = st.lists(ends, max_size=6)


def sampled(found):
    """Return in which half seconds a set of spans holds."""
    return np.array([any(low < at + 0.25 < high for low, high in found) for at in np.arange(0.0, 90.0, 0.5)])


@given(some_spans, some_spans)
def test_common_and_left_over_are_what_both_and_one_alone_hold(some, others):
    one, other = spans.unite(some), spans.unite(others)
    assert (sampled(spans.intersect(one, other)) == (sampled(some) & sampled(others))).all()
    assert (sampled(spans.subtract(one, other)) == (sampled(some) & ~sampled(others))).all()


@given(some_spans, some_spans)
def test_no_minute_is_lost_and_none_is_told_twice(some, others):
    one, other = spans.unite(some), spans.unite(others)
    parts = spans.minutes(spans.intersect(one, other)) + spans.minutes(spans.subtract(one, other))
    assert parts == pytest.approx(spans.minutes(one))


def standing(lat, lon, *, v_east=None, v_north=None):
    speeds = [None if one is None else np.array([one]) for one in (v_east, v_north)]
    return Mover("m", np.array([0.0]), np.array([10.0]), np.array([lat]), np.array([lon]), *speeds)


@given(
    st.floats(-70.0, 70.0), st.floats(-180.0, 180.0), st.floats(0.0, 360.0), st.floats(100.0, 50_000.0),
)  # fmt: skip
def test_a_distance_is_that_on_the_ellipsoid_wherever_the_place_lies(lat, lon, azimuth, away_m):
    lon1, lat1, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth, away_m)
    rough = TWO_PER_MILLE * (5.0 if abs(lat) > 60.0 else 2.5)  # meridians close in towards a pole
    assert float(np.hypot(*proximity.apart_m(standing(lat1, lon1), lat, lon))[0]) == pytest.approx(away_m, rel=rough)


def test_what_flies_straight_at_a_place_is_near_before_it_is_there():
    east_m = 20_000.0 / 111_320.0 / np.cos(np.radians(52.0))
    coming = standing(52.0, 23.0 - east_m, v_east=50.0, v_north=0.0)
    going = standing(52.0, 23.0 - east_m, v_east=-50.0, v_north=0.0)
    assert proximity.near(coming, 52.0, 23.0, 10_000.0, ahead_s=300.0) == ((0.0, 10.0),)
    assert proximity.near(coming, 52.0, 23.0, 10_000.0, ahead_s=100.0) == ()
    assert proximity.near(going, 52.0, 23.0, 10_000.0, ahead_s=300.0) == ()


@given(st.lists(st.tuples(st.floats(51.5, 52.5), st.floats(22.0, 24.0)), min_size=1, max_size=5))
def test_many_places_at_once_are_told_what_each_is_told_alone(places):
    times = np.arange(0.0, 600.0, 10.0)
    one = Mover("m", times, times + 10.0, np.full(60, 52.0), 22.0 + times / 300.0)
    lat, lon = (np.array(column) for column in zip(*places, strict=True))
    alone = [proximity.near(one, *place, 5_000.0) for place in places]
    assert proximity.near_each(one, lat, lon, 5_000.0) == alone


def test_a_movement_whose_way_nobody_tells_is_half_of_each():
    one = Movement((10.0, 10.0), 1.0, ("departure", "arrival"))
    assert one.within(((0.0, 20.0),), "departure") == one.within(((0.0, 20.0),), "arrival") == 0.5
    assert one.within(((0.0, 20.0),)) == 1.0


def test_many_movements_over_a_span_fall_into_its_parts_evenly():
    assert Movement((0.0, 100.0), 8.0, ("arrival",)).within(((50.0, 75.0),)) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("found", "worst", "median"),
    [
        ({"a": Delay(10.0), "b": Delay(30.0), "c": None}, Delay(30.0), Delay(20.0)),
        ({"a": Delay(10.0), "b": Delay(30.0), "c": Delay(5.0, False)}, Delay(30.0, False), Delay(30.0)),
        ({"a": Delay(10.0), "b": Delay(50.0, False)}, Delay(50.0, False), Delay(30.0, False)),
    ],
)
def test_what_was_never_done_is_longer_than_all_that_was_and_no_go(found, worst, median):
    rows = {row["measure"]: row for row in delay_rows("first_detectable_to_declared", found) if row["task"] is None}
    for name, delay in (("worst", worst), ("median", median)):
        row = rows[f"{name}_first_detectable_to_declared"]
        assert (row["value"], row["result"]) == (delay.seconds, None if delay.is_done else "NO-GO")
