"""People who live around the ways of an exercise."""

from __future__ import annotations

import numpy as np
from pyproj import Geod

from hotwash.model.watch_scenario import Cell, Flier
from hotwash.watch import populated_places

WGS84 = Geod(ellps="WGS84")
WARSAW, LUBLIN = (52.23, 21.01), (51.25, 22.57)


def within(place, radius_m):
    lat, lon = (
        np.array([getattr(one, name) for one in populated_places.cells_of_poland()]) for name in ("lat_deg", "lon_deg")
    )
    _, _, away = WGS84.inv(np.full(lat.size, place[1]), np.full(lat.size, place[0]), lon, lat)
    return sum(one.people for one, far in zip(populated_places.cells_of_poland(), away, strict=True) if far <= radius_m)


def test_the_shipped_table_counts_a_city_once():
    assert 1.6e6 < within(WARSAW, 15_000.0) < 2.3e6  # 1.86 million, and its suburbs; districts and whole are 3.5
    assert 0.32e6 < within(LUBLIN, 8_000.0) < 0.37e6


def test_the_shipped_table_holds_most_of_the_country_and_nobody_twice_by_name():
    assert 28e6 < sum(one.people for one in populated_places.cells_of_poland()) < 38e6
    assert len({one.cell_id for one in populated_places.cells_of_poland()}) == len(populated_places.cells_of_poland())


def test_cells_near_a_way_are_taken_and_others_are_not():
    way = Flier("d", "drone", 50.0, ((52.0, 23.0), (52.0, 21.0)))
    cells = [Cell("below", 52.0, 22.0, 1.0), Cell("beside", 52.5, 22.0, 1.0), Cell("far", 53.0, 22.0, 1.0)]
    assert [one.cell_id for one in populated_places.around(cells, [way])] == ["below", "beside"]  # 0, 56 and 111 km off
    assert populated_places.around(cells, []) == populated_places.around([], [way]) == ()
