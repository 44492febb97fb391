"""Where ways come over a border, and where invented sensors stand behind it."""

from __future__ import annotations

import pytest
import shapely

from hotwash.geo import geodesy
from hotwash.watch.border_entries import entries, stations

AREA = shapely.box(22.0, 50.0, 24.0, 52.0)
EAST = ("east", (51.0, 30.0))
SOUTH = ("south", (45.0, 23.0))
ONE_KM = 1_000.0


def test_a_straight_way_comes_in_where_the_border_lies_on_it():
    (found,) = entries((51.0, 23.0), [EAST], AREA)
    assert found.place[1] == pytest.approx(24.0, abs=0.016)  # a kilometre
    assert found.place[1] > 24.0  # still outside
    assert found.course_deg == pytest.approx(270.0, abs=3.0)


def test_each_origin_has_a_way_of_its_own_and_one_from_inside_has_none():
    found = entries((51.0, 23.0), [EAST, ("inside", (51.5, 23.5)), SOUTH], AREA)
    assert [one.origin_id for one in found] == ["east", "south"]


def test_a_find_outside_has_no_way_in():
    assert entries((51.0, 24.5), [EAST], AREA) == []


def test_stations_stand_behind_the_border_and_apart():
    ways_in = [entries((50.2 + 0.2 * at, 23.5), [EAST], AREA)[0] for at in range(9)]
    places = stations(ways_in, 3)
    assert len(places) == 3
    assert all(shapely.contains_xy(AREA, lon, lat) for lat, lon in places)
    apart = [float(geodesy.distance_m(*a, *b)) for at, a in enumerate(places) for b in places[:at]]
    assert min(apart) > 40.0 * ONE_KM


def test_there_are_never_more_stations_than_entries():
    assert len(stations(entries((51.0, 23.0), [EAST, SOUTH], AREA), 8)) == 2
