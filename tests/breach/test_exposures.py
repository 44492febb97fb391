"""Aerodromes and tracks: minutes closed and open, with an object near and without."""

from __future__ import annotations

import polars as pl
import pytest
from breaching import LAT0, LON0, after, straight

from hotwash.breach.exposures import exposures
from hotwash.model import schema, tables
from hotwash.model.schema import drift

ONE_METRE = 1.0
A_SECOND_MIN = 1 / 60
PLACE = {"aerodrome_id": "EPAA", "name": "x", "lat_deg": LAT0, "lon_deg": LON0}
PLACES = schema.frame(tables.AERODROMES, [PLACE, PLACE | {"aerodrome_id": "EPBB", "lat_deg": 54.0}])
# From 10 km west to 10 km east, 1 km north of the aerodrome, in 400 s: within 5 km from 102.0 s to 298.0 s.
PASS = straight(range(0, 401, 10), (-10_000, 1_000), (50, 0), track_id=4)


def events(*rows: dict[str, object]) -> pl.DataFrame:
    named = [{"event_id": f"E{place}", "subject_id": "EPAA"} | row for place, row in enumerate(rows)]
    return schema.frame(tables.EVENTS, named)


def told(*rows: dict[str, object]) -> dict[str, object]:
    found = exposures(PASS, PLACES, events(*rows), radius_m=5_000.0)
    assert drift(found, tables.EXPOSURES) == []
    return found.row(0, named=True)


def test_an_object_near_an_open_aerodrome_is_an_exposure():
    row = told()
    assert (row["first_near_utc"] - after(0)).total_seconds() == pytest.approx(102.0, abs=0.1)
    assert (row["nearest_m"], row["nearest_track_id"]) == (pytest.approx(1_000, abs=ONE_METRE), 4)
    assert (row["nearest_utc"] - after(200)).total_seconds() == pytest.approx(0.0, abs=1.0)
    assert row["open_near_min"] == pytest.approx(196 / 60, abs=A_SECOND_MIN)
    assert (row["closed_near_min"], row["closed_clear_min"], row["movements_exposed"]) == (0.0, 0.0, None)
    assert row["rows"] == ["tracks:4"]


def test_a_closure_is_split_into_near_and_clear():
    closed = {"kind": "aerodrome_closed", "start_utc": after(200)}
    row = told(closed, {"kind": "aerodrome_reopened", "start_utc": after(500)})
    assert row["closed_near_min"] == pytest.approx(98 / 60, abs=A_SECOND_MIN)
    assert row["closed_clear_min"] == pytest.approx(202 / 60, abs=A_SECOND_MIN)
    assert row["open_near_min"] == pytest.approx(98 / 60, abs=A_SECOND_MIN)
    assert row["rows"] == ["events:E0", "events:E1", "tracks:4"]


def test_two_tellings_of_one_closure_are_one_closure():
    closed = {"kind": "airspace_closed", "start_utc": after(200), "end_utc": after(260)}
    later = closed | {"start_utc": after(220), "kind": "aerodrome_closed"}
    assert told(closed, later)["closed_near_min"] == pytest.approx(1.0, abs=A_SECOND_MIN)


def test_a_closure_without_an_end_lasts_as_long_as_the_tracks():
    row = told({"kind": "aerodrome_closed", "start_utc": after(340)})
    assert (row["closed_near_min"], row["closed_clear_min"]) == (0.0, pytest.approx(1.0))


def test_movements_are_exposed_while_it_is_open_and_an_object_near():
    departures = {"kind": "departures", "start_utc": after(0), "end_utc": after(400), "value": 8.0}
    assert told(departures)["movements_exposed"] == pytest.approx(8 * 196 / 400, abs=0.02)
    landing = {"kind": "landing", "start_utc": after(150)}
    assert told(landing)["movements_exposed"] == 1.0
    shut = {"kind": "aerodrome_closed", "start_utc": after(100), "end_utc": after(400)}
    assert told(landing, shut)["movements_exposed"] == 0.0


def test_what_is_told_of_another_aerodrome_or_by_bounds_only_closes_nothing():
    other = {"kind": "aerodrome_closed", "start_utc": after(0), "subject_id": "EPBB"}
    bounds = {"kind": "aerodrome_closed", "utc_low": after(0), "utc_high": after(400)}
    row = told(other, bounds)
    assert (row["closed_near_min"], row["closed_clear_min"]) == (0.0, 0.0)


def test_a_far_aerodrome_has_its_closest_approach_and_nothing_near():
    row = exposures(PASS, PLACES, events(), radius_m=5_000.0).row(1, named=True)
    assert (row["first_near_utc"], row["open_near_min"]) == (None, 0.0)
    assert row["nearest_m"] > 200_000


def test_without_tracks_only_the_closures_are_told():
    none = exposures(schema.empty(tables.TRACKS), PLACES, events(), radius_m=5_000.0)
    assert none["nearest_m"].to_list() == [None, None]
