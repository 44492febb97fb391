"""Who came in, when, how deep: paths drawn by hand against lines drawn by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import shapely
from breaching import LAT0, after, rng, straight, track, zone
from edge_crossings import INWARDS, OUTWARDS, crossings
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.breach.areas import area
from hotwash.breach.survey import MERGE_S, survey
from hotwash.model import schema, tables
from hotwash.model.schema import drift

ONE_METRE = 1.0
A_HUNDREDTH_S = 0.01
FIVE_PERCENT = 0.05  # of a standard deviation from 4,000 draws, which scatters by 1.1 %
MANY = 4_000
BOX = ((0, 0), (4_000, 0), (4_000, 4_000), (0, 4_000))


def found(tracks: pl.DataFrame, zones: pl.DataFrame, **choices: object) -> list[dict[str, object]]:
    return survey(tracks, zones, rng=rng(), **choices).breaches.to_dicts()


def only(rows: list[dict[str, object]]) -> dict[str, object]:
    (row,) = rows
    return row


def seconds(row: dict[str, object], name: str) -> float:
    return (row[name] - after(0)).total_seconds()


# ---------------------------------------------------------------- exact geometry


def test_a_straight_path_crosses_a_straight_line_when_and_where_geometry_says():
    row = only(found(straight(range(0, 101, 10), (-3_333, 0), (100, 0)), zone()))
    assert seconds(row, "enter_utc") == pytest.approx(33.33, abs=A_HUNDREDTH_S)
    assert row["enter_lat_deg"] == pytest.approx(LAT0, abs=1e-6)
    assert row["depth_m"] == pytest.approx(6_667, abs=2 * ONE_METRE)
    assert row["exit_utc"] is None
    assert row["duration_s"] == pytest.approx(66.67, abs=A_HUNDREDTH_S)
    assert (row["probability"], row["answer"]) == (1.0, "inside")


@settings(max_examples=20, deadline=None)
@given(st.floats(-60, 60), st.floats(20, 300), st.floats(0.5, 30))
def test_any_straight_path_enters_when_geometry_says(course_deg: float, speed: float, step: float):
    v = (speed * np.cos(np.radians(course_deg)), speed * np.sin(np.radians(course_deg)))
    row = only(found(straight(np.arange(0, 61, step), (-20 * v[0], -20 * v[1]), v), zone(), draws=10))
    # A degree of longitude shrinks along the way: 20 s at 300 m/s to the north change it by a thousandth.
    assert seconds(row, "enter_utc") == pytest.approx(20.0, abs=0.05)


def test_the_spread_of_the_entry_is_that_of_the_distance_over_the_closing_speed():
    path = straight(range(0, 101, 5), (-4_000, 0), (80, 30), sigma_m=50.0, sigma_mps=1.0)
    row = only(found(path, zone(line_sigma_m=120.0), draws=MANY))
    assert row["enter_sigma_s"] == pytest.approx(np.hypot(50, 120) / 80, rel=FIVE_PERCENT)
    assert row["depth_sigma_m"] == pytest.approx(np.hypot(50, 120), rel=FIVE_PERCENT)


def test_covariance_counts_only_across_the_line():
    path = straight(range(0, 101, 5), (-4_000, 0), (80, 0), sigma_m=20.0, sigma_mps=1.0)
    along = path.with_columns(var_north_m2=pl.lit(1e6))
    row = only(found(along, zone(), draws=MANY))
    assert row["enter_sigma_s"] == pytest.approx(20 / 80, rel=FIVE_PERCENT)


# ---------------------------------------------------------------- stays


def test_a_graze_that_never_enters_is_never_inside():
    path = straight(range(0, 201, 5), (-60, -5_000), (0, 50), sigma_m=40.0, sigma_mps=2.0)
    row = only(found(path, zone(line_sigma_m=30.0)))
    assert row["answer"] == "undecided"
    assert 0.05 < row["probability"] < 1.0
    assert (row["depth_m"], row["duration_s"], row["enter_utc"]) == (0.0, 0.0, row["exit_utc"])
    assert found(straight(range(0, 201, 5), (-600, -5_000), (0, 50), sigma_m=40.0), zone(line_sigma_m=30.0)) == []


def test_a_path_that_crosses_leaves_and_crosses_again_has_two_stays():
    out_and_in = track(
        (0, -1_000, 0), (20, 1_000, 0), (40, 1_000, 500), (60, -2_000, 500), (160, -2_000, 0), (180, 1_000, 0)
    )
    rows = found(out_and_in, zone())
    assert [row["track_id"] for row in rows] == [1, 1]
    assert rows[0]["exit_utc"] < rows[1]["enter_utc"]
    assert rows[1]["exit_utc"] is None


def test_a_path_that_begins_inside_has_no_entry_and_one_that_ends_inside_no_exit():
    leaving = only(found(straight(range(0, 101, 10), (3_000, 0), (-100, 0)), zone()))
    assert (leaving["enter_utc"], leaving["enter_lat_deg"], leaving["enter_sigma_s"]) == (None, None, None)
    assert seconds(leaving, "exit_utc") == pytest.approx(30.0, abs=A_HUNDREDTH_S)
    staying = only(found(straight(range(0, 101, 10), (9_000, 0), (10, 0)), zone()))
    assert (staying["enter_utc"], staying["exit_utc"], staying["duration_s"]) == (None, None, 100.0)


def test_a_dash_through_a_corner_between_two_updates_is_found():
    # Two rows a minute apart, both 3 km outside; between them the path cuts the box's corner 5 m deep.
    row = only(found(straight((0, 60), (-3_000 + 5, 3_000 + 5), (100, -100)), zone(*BOX)))
    assert row["depth_m"] == pytest.approx(5.0, abs=ONE_METRE)
    assert row["duration_s"] == pytest.approx(0.1, abs=0.02)
    assert found(straight((0, 60), (-3_000 - 5, 3_000 - 5), (100, -100)), zone(*BOX)) == []


PLACES_M = st.lists(st.tuples(*[st.integers(-6_000, 10_000)] * 2), min_size=2, max_size=8, unique=True)


@settings(max_examples=30, deadline=None)
@given(PLACES_M)
def test_a_path_without_speeds_enters_and_leaves_a_box_as_often_as_its_straight_ways_cross_the_edge(places):
    # 200 s between rows: over so long a pause the way is taken as straight.
    path, box = track(*((200.0 * nth, *place) for nth, place in enumerate(places))), zone(*BOX)
    crossed = crossings(path["lat_deg"], path["lon_deg"], area(box.row(0, named=True))).direction.tolist()
    rows = found(path, box, draws=10, merge_s=0, merge_m=0)
    deep = [row for row in rows if row["depth_m"] > 2 * ONE_METRE]
    if len(deep) == len(rows):  # a corner cut by less than it is followed to may be missed
        assert sum(row["enter_utc"] is not None for row in rows) == crossed.count(INWARDS)
        assert sum(row["exit_utc"] is not None for row in rows) == crossed.count(OUTWARDS)


def test_in_out_and_in_again_within_one_gap_is_found_on_the_smooth_path():
    bulge = track((0, 200, 0, -60, 20), (40, 200, 800, 60, 20))
    rows = found(bulge, zone(), merge_s=0, merge_m=0)
    assert [(row["enter_utc"] is None, row["exit_utc"] is None) for row in rows] == [(True, False), (False, True)]
    # The cubic's east is 200 - 2400 u (1 - u): it is 0 at u = 0.0917.
    assert seconds(rows[0], "exit_utc") == pytest.approx(40 * 0.0918, abs=0.02)
    assert len(found(bulge, zone())) == 1


def test_a_single_row_inside_is_a_stay_of_no_length():
    row = only(found(track((0, 500, 0)), zone()))
    assert (row["enter_utc"], row["exit_utc"], row["duration_s"], row["answer"]) == (None, None, 0.0, "inside")


@pytest.mark.parametrize("choice", [{"merge_s": 30}, {"merge_m": 600}])
def test_stays_parted_by_less_than_the_stated_time_or_depth_merge(choice: dict[str, float]):
    path = track((0, -1_000, 0), (10, 1_000, 0), (20, 1_000, 0), (30, -500, 0), (40, 1_000, 0))
    apart = survey(path, zone(), rng=rng(), merge_s=0, merge_m=0)
    merged = survey(path, zone(), rng=rng(), **({"merge_s": 0, "merge_m": 0} | choice))
    assert [(one.breaches.height, one.zone_stays[0].before, one.zone_stays[0].after) for one in (apart, merged)] == [
        (2, 2, 2),
        (1, 2, 1),
    ]
    assert apart.zone_stays[0].stays.sum(axis=0).tolist() == [2] * 400
    assert merged.zone_stays[0].stays.sum(axis=0).tolist() == [1] * 400
    assert MERGE_S == 60.0


# ---------------------------------------------------------------- where the earth is awkward


def test_a_zone_over_the_antimeridian_at_70_north_is_entered_once():
    path = straight(range(0, 201, 10), (-10_000, 0), (100, 0), lat0=70.0, lon0=179.9, sigma_m=10.0)
    assert path["lon_deg"].min() < 0 < path["lon_deg"].max()
    halves = shapely.MultiPolygon([shapely.box(179.9, 69.5, 180.0, 70.5), shapely.box(-180.0, 69.5, -179.5, 70.5)])
    row = only(found(path, zone(geometry=shapely.to_wkb(halves))))
    assert seconds(row, "enter_utc") == pytest.approx(100.0, abs=0.1)
    assert row["depth_m"] == pytest.approx(10_000, rel=0.001)


def test_at_70_north_a_path_enters_when_geometry_says():
    row = only(found(straight(range(0, 101, 10), (-5_000, 0), (100, 0), lat0=70.0), zone(lat0=70.0)))
    assert seconds(row, "enter_utc") == pytest.approx(50.0, abs=A_HUNDREDTH_S)


# ---------------------------------------------------------------- heights

LIMITED = {"floor_m": 500.0, "floor_ref": "HAE", "ceiling_m": 2_000.0, "ceiling_ref": "HAE"}
THROUGH = {"seconds": range(0, 101, 5), "start": (-4_000, 0), "velocity": (100, 0)}


def through(**fields: object) -> pl.DataFrame:
    return straight(*THROUGH.values(), sigma_m=10.0, sigma_mps=1.0, **fields)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({}, "undecided"),
        ({"height_hae_m": 1_000.0, "var_height_m2": 100.0}, "inside"),
        ({"height_hae_m": 1_990.0, "var_height_m2": 900.0}, "undecided"),
        ({"height_hae_m": 2_060.0, "var_height_m2": 900.0}, None),
        ({"height_hae_m": 100.0, "var_height_m2": 100.0}, None),
    ],
)
def test_a_zone_with_limits_wants_a_height(fields: dict[str, object], answer: str | None):
    rows = found(through(**fields), zone(**LIMITED))
    assert [row["answer"] for row in rows] == ([answer] if answer else [])


def test_a_pressure_altitude_answers_for_flight_levels_only():
    limits = {"floor_m": 500.0, "floor_ref": "FL"}
    assert only(found(through(pressure_altitude_m=900.0), zone(**limits)))["answer"] == "inside"
    assert only(found(through(height_hae_m=900.0), zone(**limits)))["answer"] == "undecided"
    near = zone(floor_m=500.0, floor_ref="AMSL")  # the geoid lies 107 m below to 86 m above the ellipsoid
    assert only(found(through(height_hae_m=550.0), near))["answer"] == "undecided"
    assert only(found(through(height_hae_m=900.0), near))["answer"] == "inside"


def test_a_climb_through_the_floor_is_the_entry():
    points = [(t, 5_000.0, 50.0 * t, 0.0, 50.0) for t in range(0, 101, 5)]
    climb = track(*points).with_columns(
        height_hae_m=pl.Series([10.0 * point[0] for point in points]), var_height_m2=pl.lit(1.0)
    )
    row = only(found(climb, zone(floor_m=500.0, floor_ref="HAE"), draws=MANY))
    assert seconds(row, "enter_utc") == pytest.approx(50.0, abs=A_HUNDREDTH_S)
    assert row["enter_sigma_s"] == pytest.approx(0.1, rel=FIVE_PERCENT)


# ---------------------------------------------------------------- what the track itself doubts


def test_existence_is_part_of_the_probability():
    row = only(found(through(existence=0.7), zone()))
    assert (row["probability"], row["answer"]) == (pytest.approx(0.7), "undecided")


def test_tentative_rows_give_a_position_and_deleted_ones_nothing():
    dormant = through(status="tentative", existence=None)
    assert only(found(dormant, zone()))["answer"] == "undecided"
    woken = pl.concat([dormant.head(10), through().tail(11)])
    assert only(found(woken, zone()))["answer"] == "inside"
    assert found(through(status="deleted"), zone()) == []


def test_no_tracks_and_no_zones_give_no_breaches():
    empty = survey(schema.empty(tables.TRACKS), zone(), rng=rng()).breaches
    assert (empty.height, drift(empty, tables.BREACHES)) == (0, [])
    assert survey(through(), schema.empty(tables.ZONES), rng=rng()).breaches.height == 0


def test_rows_without_variances_are_doubted_by_a_hundred_metres():
    unknown = [pl.lit(None, dtype=pl.Float64).alias(name) for name in ("var_east_m2", "var_north_m2")]
    bare = through().with_columns(unknown)
    row = only(found(bare, zone(), draws=MANY))
    assert row["enter_sigma_s"] == pytest.approx(1.0, rel=FIVE_PERCENT)


# ---------------------------------------------------------------- aerodromes


def test_the_nearest_aerodrome_to_the_stay_is_named_with_when():
    field = {"name": "x", "lat_deg": LAT0 + 0.01, "lon_deg": 23.0 + 0.0291}
    places = schema.frame(
        tables.AERODROMES, [field | {"aerodrome_id": "EPAA"}, field | {"aerodrome_id": "EPBB", "lat_deg": 53.0}]
    )
    row = only(found(through(), zone(), aerodromes=places))
    assert row["nearest_aerodrome"] == "EPAA"
    assert row["nearest_m"] == pytest.approx(1_112.8, abs=ONE_METRE)
    assert seconds(row, "nearest_utc") == pytest.approx(60.0, abs=0.5)
