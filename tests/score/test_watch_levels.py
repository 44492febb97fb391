"""A border with a floor and a ceiling: inside, outside, and undecided where a height is unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import staged_by_hand as w
from breaching import zone
from scipy.stats import norm

from hotwash.breach import levels
from hotwash.breach.areas import area
from hotwash.model import schema, tables
from hotwash.score.watch import measure_watch

DRONE = 2  # as the tracker numbers it here
HEIGHT_M, SIGMA_M = 900.0, 10.0  # above the ellipsoid, of all that flies in the small watch
SEA_M = 33.0
EXACT = 1e-9


def limited(**limits):
    return zone(line_sigma_m=50.0).with_columns(
        **{name: pl.lit(value, dtype=tables.ZONES[name].dtype) for name, value in limits.items()}
    )


def staged(*, with_heights=True, sea_m=None, **limits):
    """Return the small watch below limits; its radar tells heights, or not."""
    text = w.SCENARIO if sea_m is None else f"{w.SCENARIO}sea_hae_m = {sea_m}\n"
    return replace(w.staged(), zones=limited(**limits), scenario=text), with_heights


def shown(recording, *, with_heights):
    from hotwash.track.live_tracks import track_live as made

    rows = made(recording.detections, recording.sensors, start_utc=w.START)
    reports = (HEIGHT_M, SIGMA_M**2) if with_heights else (None, None)
    return rows.with_columns(
        height_hae_m=pl.lit(reports[0], dtype=schema.F64), var_height_m2=pl.lit(reports[1], dtype=schema.F64)
    )


def measured(made, *decisions):
    recording, with_heights = made
    return measure_watch(
        w.with_decisions(recording, decisions), picture_rows=shown(recording, with_heights=with_heights)
    )


def row(found, measure):
    return found.scores.filter((pl.col("measure") == measure) & pl.col("task").is_null()).row(0, named=True)


BELOW = {"ceiling_m": 1_000.0, "ceiling_ref": "HAE"}  # the drone flies below it
ABOVE = {"ceiling_m": 500.0, "ceiling_ref": "HAE"}  # and above this one


def test_who_flies_between_floor_and_ceiling_breaches_as_without_them():
    plain = measure_watch(w.with_decisions(w.staged(), [w.declare(200.0, DRONE)]))
    found = measured(staged(floor_m=800.0, floor_ref="HAE", **BELOW), w.declare(200.0, DRONE))
    for name in ("detected", "false_breaches", "worst_first_detectable_to_declared", "system_misses"):
        assert found.value(name) == plain.value(name)
    assert (found.value("undecided_crossings"), found.value("undecided_breaches")) == (0.0, 0.0)


@pytest.mark.parametrize("limits", [ABOVE, {"floor_m": 1_000.0, "floor_ref": "HAE"}])
def test_who_flies_above_the_ceiling_or_below_the_floor_breaches_nothing(limits):
    found = measured(staged(**limits), w.declare(200.0, DRONE))
    assert (found.value("false_breaches"), found.value("false_breaches_known")) == (1.0, 1.0)
    assert row(found, "detected")["result"] == "NO OPPORTUNITY"
    assert found.value("count_error_airframes") == 1.0


def test_what_no_sensor_tells_the_height_of_is_undecided_and_asks_nothing_of_the_seat():
    idle = measured(staged(with_heights=False, **BELOW))
    assert (idle.value("system_misses"), idle.value("seat_misses")) == (2.0, None)  # nobody could know of either
    assert row(idle, "seat_misses_known")["result"] == "NO OPPORTUNITY"


def test_to_declare_what_is_undecided_is_neither_false_nor_right_by_what_could_be_known():
    found = measured(staged(with_heights=False, **BELOW), w.declare(200.0, DRONE))
    assert (found.value("false_breaches_known"), found.value("undecided_breaches_known")) == (0.0, 1.0)
    assert found.value("count_error_airframes_known") == 0.0
    assert (found.value("detected"), found.value("false_breaches")) == (1.0, 0.0)  # by truth it was inside


def test_limits_above_the_ground_leave_the_outcome_undecided():
    found = measured(staged(ceiling_m=500.0, ceiling_ref="AGL"), w.declare(200.0, DRONE))
    assert (found.value("undecided_crossings"), found.value("undecided_breaches")) == (2.0, 1.0)
    assert found.value("false_breaches") == found.value("count_error_airframes") == 0.0
    assert row(found, "detected")["result"] == "NO OPPORTUNITY"


@pytest.mark.parametrize(("ceiling_m", "detected"), [(HEIGHT_M - SEA_M + 60.0, 1.0), (HEIGHT_M - SEA_M - 60.0, None)])
def test_heights_above_the_sea_are_told_where_the_scenario_says_how_high_the_sea_lies(ceiling_m, detected):
    found = measured(staged(ceiling_m=ceiling_m, ceiling_ref="AMSL", sea_m=SEA_M), w.declare(200.0, DRONE))
    assert found.value("detected") == detected


def test_without_limits_nothing_is_undecided():
    found = measure_watch(w.with_decisions(w.staged(), [w.declare(200.0, DRONE)]))
    assert row(found, "undecided_breaches")["result"] == row(found, "undecided_crossings")["result"] == "NO OPPORTUNITY"


# ---------------------------------------------------------------- one row at a time


def rows(height_m, *, east_m=5_000.0):
    from breaching import degrees

    lat, lon = degrees(east_m, 0.0)
    one = {"track_id": 1, "time_utc": w.START, "lat_deg": float(lat), "lon_deg": float(lon), "status": "confirmed"}
    reports = {"height_hae_m": height_m, "var_height_m2": None if height_m is None else SIGMA_M**2}
    return schema.frame(tables.TRACKS, [one | reports])


def levelled(height_m, *, east_m=5_000.0, **limits):
    return levels.place_with_height(
        rows(height_m, east_m=east_m), np.array([20.0]), area(limited(**limits).row(0, named=True))
    )


@pytest.mark.parametrize("below_m", [-15.0, -5.0, 0.0, 5.0, 15.0])
def test_how_likely_a_height_is_below_a_ceiling_is_by_the_normal_law(below_m):
    found = levelled(1_000.0 - below_m, **BELOW)
    assert found.placed.probability_inside[0] == pytest.approx(norm.cdf(below_m / SIGMA_M), abs=EXACT)
    assert found.placed.answer[0] == "undecided"
    assert not found.is_untold[0]


def test_an_unknown_height_leaves_nothing_out_and_decides_nothing():
    found = levelled(None, **BELOW)
    assert (found.placed.probability_inside[0], found.placed.answer[0]) == (pytest.approx(1.0), "undecided")
    assert found.is_untold[0]


def test_what_is_plainly_beside_a_zone_is_outside_whatever_its_height():
    found = levelled(None, east_m=-5_000.0, **BELOW)
    assert (found.placed.answer[0], found.is_untold[0]) == ("outside", False)


def test_a_known_floor_decides_though_the_ceiling_is_untold():
    found = levelled(100.0, floor_m=500.0, floor_ref="HAE", ceiling_m=3_000.0, ceiling_ref="AGL")
    assert (found.placed.answer[0], found.is_untold[0]) == ("outside", False)
