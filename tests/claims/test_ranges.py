"""Claimed ranges against geography: assumed origins × finds."""

from __future__ import annotations

from math import asin, cos, hypot, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid_out import account, assumption, bundle, claim, find, judged, origin, question
from pyproj import Geod

from hotwash.claims import ranges
from hotwash.model import tables
from hotwash.model.schema import drift

ASKED = question("range", "km", about_fraction=0.1)
ONE_METRE_KM = 0.001
FLATTENING = 0.006  # a sphere differs from the ellipsoid by less than this share
STILL = assumption("A-WIND", 0.0, 0.0)


def placed(name, lat, lon, chance=1.0, sigma=1.0, **more):
    return find(name, chance, lat_deg=lat, lon_deg=lon, sigma_position_km=sigma, **more)


def east_of(name, km, **more):
    """Return a find so far east of 50 N 20 E."""
    lon, lat, _ = Geod(ellps="WGS84").fwd(20.0, 50.0, 90.0, km * 1000.0)
    return placed(name, lat, lon, **more)


O = origin("O1", 50.0, 20.0)  # noqa: E741


def haversine_km(lat0, lon0, lat1, lon1):
    """The distance on a sphere (Sinnott 1984), as another implementation."""
    half = sin(radians(lat1 - lat0) / 2) ** 2
    half += cos(radians(lat0)) * cos(radians(lat1)) * sin(radians(lon1 - lon0) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


def test_distances_are_geodesics_one_by_one():
    rng = np.random.default_rng(1)
    origins = [origin(f"O{n}", rng.uniform(45, 60), rng.uniform(20, 40)) for n in range(5)]
    finds = [placed(f"F{n}", rng.uniform(45, 60), rng.uniform(10, 25)) for n in range(7)]
    frame = account(bundle(finds=finds, origins=origins)).ranges
    assert drift(frame, tables.RANGES) == []
    assert frame.height == 35
    for row in frame.to_dicts():
        start = next(o for o in origins if o["origin_id"] == row["origin_id"])
        stop = next(f for f in finds if f["find_id"] == row["find_id"])
        pair = start["lat_deg"], start["lon_deg"], stop["lat_deg"], stop["lon_deg"]
        one = Geod(ellps="WGS84").line_length([pair[1], pair[3]], [pair[0], pair[2]]) / 1000.0
        assert row["distance_km"] == pytest.approx(one, abs=ONE_METRE_KM)
        assert row["distance_km"] == pytest.approx(haversine_km(*pair), rel=FLATTENING)


def test_from_warsaw_to_kyiv_it_is_690_km():
    row = account(bundle(finds=[placed("F1", 52.2297, 21.0122)], origins=[origin("O1", 50.4501, 30.5234)])).ranges
    assert row["distance_km"][0] == pytest.approx(690, abs=3)  # as route planners print it for the air line


@given(st.floats(1, 900), st.floats(0, 20), st.floats(0, 20), st.floats(-60, 60), st.floats(0, 60), st.floats(80, 400))
@settings(deadline=None, max_examples=50)
def test_the_wind_has_the_share_of_the_flight_time_at_cruising_speed(km, own, theirs, wind, sigma, speed):
    laid = bundle(
        finds=[east_of("F1", km, sigma=theirs)],
        origins=[origin("O1", 50.0, 20.0, own)],
        assumptions=[assumption("A-WIND", wind, sigma), assumption("A-SPEED", speed)],
    )
    row = account(laid).ranges.row(0, named=True)
    hours = row["distance_km"] / speed
    assert row["wind_km"] == pytest.approx(wind * hours, abs=1e-6)
    assert row["sigma_wind_km"] == pytest.approx(sigma * hours, abs=1e-6)
    assert row["sigma_position_km"] == pytest.approx(hypot(own, theirs), abs=1e-9)
    assert row["sigma_km"] == pytest.approx(hypot(own, theirs, sigma * hours), abs=1e-6)


def test_without_assumptions_the_wind_is_0_give_or_take_30_and_the_speed_180():
    row = account(bundle(finds=[east_of("F1", 360)], origins=[O])).ranges.row(0, named=True)
    assert (row["wind_km"], row["sigma_wind_km"]) == pytest.approx((0.0, 60.0), abs=1e-3)


def test_a_speed_may_be_assumed_for_one_type():
    speeds = [assumption("A-SPEED", 180.0), assumption("A-SPEED-SLOW", 90.0, subject_id="slow")]
    finds = [east_of("F1", 180), east_of("F2", 180, type_label="slow")]
    frame = account(bundle(finds=finds, origins=[O], assumptions=speeds)).ranges
    assert frame["sigma_wind_km"].to_list() == pytest.approx([30.0, 60.0], abs=1e-3)
    row = judged(question("range", "km", type_label="slow"), claim(100), finds=finds, origins=[O], assumptions=speeds)
    assert {"A-SPEED", "A-SPEED-SLOW"} <= set(row["assumptions"])


def test_the_first_order_share_of_the_wind_never_overstates_the_way_through_the_air():
    share = np.linspace(-0.9, 3.0, 400)  # wind over speed
    exact = 1.0 / (1.0 + share)
    assert (1.0 - share <= exact + 1e-12).all()


@given(st.floats(20.0, 900.0), st.floats(20.0, 900.0), st.floats(-0.5, 0.5), st.floats(0.01, 0.4))
def test_the_wind_carries_a_drone_no_longer_than_its_range_lasts(distance, claimed, share, spread):
    """What flies `claimed` through the air in a wind of `share` of its speed comes `claimed * (1 + share)` far."""
    sides = (np.array([value]) for value in (distance, 0.0, distance * share, distance * spread))
    beyond, sigma = ranges.beyond_claim(claimed, *sides)
    if distance > claimed:
        assert beyond[0] == pytest.approx(distance - claimed * (1.0 + share))
        assert sigma[0] == pytest.approx(claimed * spread)
    else:  # it has flown no farther than there
        assert sigma[0] == pytest.approx(distance * spread)


# ---------------------------------------------------------------- within, beyond, undecided

LONG = np.array([500.0])


def answer(score):
    """Return the answer for a find that lies `score` sigmas beyond a claim of 400 km."""
    away, ten, none = (np.array([value]) for value in (400.0 + 10.0 * score, 10.0, 0.0))
    return ranges.range_answers(away, ten, none, none, 400.0)[0]


def test_the_answers_are_those_of_rule_4_when_drawn_from_the_distribution():
    rng = np.random.default_rng(20260312)
    for score in np.linspace(-2.5, 2.5, 41):
        within = (400.0 + 10.0 * score + 10.0 * rng.standard_normal(200_000) <= 400.0).mean()
        if abs(within - 0.90) > 0.004 and abs(within - 0.05) > 0.004:  # draws do not tell the very edge
            wanted = "within" if within >= 0.90 else "beyond" if within <= 0.05 else "undecided"
            assert answer(score) == wanted


@pytest.mark.parametrize(
    ("score", "wanted"),
    [(-1.2816, "within"), (-1.2815, "undecided"), (0, "undecided"), (1.6448, "undecided"), (1.6449, "beyond")],
)
def test_the_answers_turn_at_the_normal_quantiles_of_0_90_and_0_95(score, wanted):
    # The quantiles 1.2816 and 1.6449 as any table of the normal distribution has them.
    assert answer(score) == wanted


def test_without_a_figure_every_find_is_undecided():
    assert ranges.range_answers(LONG, LONG, LONG, LONG, None) == ["undecided"]


@given(
    st.lists(
        st.tuples(st.floats(50, 900), st.sampled_from(["uas", "unknown"]), st.sampled_from([None, "A", "B"])),
        max_size=6,
    ),
    st.integers(1, 3),
    st.sampled_from([None, "A", "B", "C"]),
    st.sampled_from([None, "100", "400", "800"]),
)
@settings(deadline=None, max_examples=60)
def test_within_undecided_and_beyond_are_all_finds_of_that_kind_and_type(laid, origins, label, value):
    finds = [
        east_of(f"F{n}", km, object_kind=kind, type_label=kind_label) for n, (km, kind, kind_label) in enumerate(laid)
    ]
    places = [origin(f"O{n}", 50.0 + n, 20.0) for n in range(origins)]
    asked, said = question("range", "km", type_label=label), claim(value, "at_most")
    found = account(bundle([asked], [said], finds=finds, origins=places))
    assert drift(found.reaches, tables.REACHES) == []
    used = {row["find_id"] for row in finds if row["object_kind"] == "uas" and label in (None, row["type_label"])}
    figure = None if value is None else float(value)
    for row in found.reaches.to_dicts():
        assert row["within"] + row["undecided"] + row["beyond"] == len(used)
        pairs = [r for r in found.ranges.to_dicts() if r["origin_id"] == row["origin_id"] and r["find_id"] in used]
        sides = ("distance_km", "sigma_position_km", "wind_km", "sigma_wind_km")
        columns = [np.array([r[name] for r in pairs]) for name in sides]
        one_by_one = ranges.range_answers(*columns, figure)
        for name in ("within", "undecided", "beyond"):
            assert row[name] == one_by_one.count(name)


# ---------------------------------------------------------------- verdicts on ranges


def ranged(value, relation, *finds, asked=ASKED, origins=(O,), **more):
    return judged(asked, claim(value, relation, **more), finds=finds, origins=origins, assumptions=[STILL])


def test_a_find_within_a_range_supports_nothing():
    row = ranged(700, "at_most", east_of("F1", 100))
    assert row["verdict"] == "compatible"
    assert "From the only assumed origin" in row["reason"]


@pytest.mark.parametrize("relation", ["at_most", "less_than", "exactly", "about"])
def test_a_maximum_is_contradicted_by_one_find_beyond_it_under_named_assumptions(relation):
    row = ranged(500, relation, east_of("F1", 600), east_of("F2", 100))
    assert row["verdict"] == "contradicted"
    assert set(row["assumptions"]) == {"A-WIND", "A-SPEED", "O1"}
    assert row["rows"] == ["finds:F1", "origins:O1"]


def test_a_range_from_to_is_tested_at_its_upper_end():
    assert ranged(300, "between", east_of("F1", 600), value_high="500")["verdict"] == "contradicted"
    assert ranged(300, "between", east_of("F1", 400), value_high="500")["verdict"] == "compatible"


def test_one_origin_that_is_near_enough_keeps_a_range_from_being_contradicted():
    near = origin("O2", 50.0, 26.0)
    row = ranged(500, "at_most", east_of("F1", 600), origins=(O, near))
    assert row["verdict"] == "compatible"
    assert "1 of 2 assumed origins (O2)" in row["reason"]


def test_several_origins_together_may_leave_open_what_none_does_alone():
    west, east = origin("O1", 50.0, 14.0), origin("O2", 50.0, 26.0)
    row = ranged(300, "at_most", placed("F1", 50.0, 12.0), placed("F2", 50.0, 28.0), origins=(west, east))
    assert row["verdict"] == "compatible"
    assert "No single assumed origin" in row["reason"]


@pytest.mark.parametrize("chance", [0.5, 0.94])
def test_a_doubtful_find_beyond_a_range_does_not_contradict_it(chance):
    row = ranged(300, "at_most", east_of("F1", 600, chance=chance))
    assert row["verdict"] == "compatible"
    assert "too low to contradict the claim" in row["reason"]


def test_a_range_of_a_type_is_tested_on_finds_of_that_type_only():
    asked = question("range", "km", type_label="Gerbera")
    other, own = east_of("F1", 900), east_of("F2", 900, type_label="gerbera ")
    assert ranged(300, "at_most", other, asked=asked)["verdict"] == "not_testable"
    assert ranged(300, "at_most", other, own, asked=asked)["rows"][0] == "finds:F2"


@pytest.mark.parametrize("kind", ["missile_part", "model_aircraft", "unknown"])
def test_only_finds_of_kind_uas_are_tested(kind):
    assert ranged(300, "at_most", east_of("F1", 900, object_kind=kind))["verdict"] == "not_testable"


def test_what_is_missing_for_a_test_is_named():
    assert "no origin is assumed" in ranged(300, "at_most", east_of("F1", 900), origins=())["reason"]
    assert "no finds of kind uas with a position" in ranged(300, "at_most", find("F1", 1.0))["reason"]
    assert "Not testable: no figure was given" in ranged(None, "less_than", east_of("F1", 900))["reason"]


def test_a_minimum_is_supported_by_a_find_beyond_it_from_every_origin_and_never_contradicted():
    assert ranged(300, "at_least", east_of("F1", 600))["verdict"] == "supported"
    assert ranged(300, "more_than", east_of("F1", 100))["verdict"] == "compatible"


def test_a_minimum_is_not_supported_by_the_speakers_own_find_but_by_another_beside_it():
    own = east_of("F1", 900, by="Speaker", source="S-RADIO")
    assert ranged(300, "at_least", own)["verdict"] == "uncorroborated"
    row = ranged(300, "at_least", own, east_of("F2", 600))
    assert (row["verdict"], row["rows"][0]) == ("supported", "finds:F2")


def test_a_range_in_nautical_miles_is_weighed_in_kilometres():
    assert ranged(300, "at_most", east_of("F1", 540), unit="NM")["verdict"] == "compatible"  # 300 NM are 555.6 km
    assert ranged(300, "at_most", east_of("F1", 570), unit="NM")["verdict"] == "contradicted"


def test_a_position_without_a_sigma_is_not_taken_as_exact():
    found = account(bundle([ASKED], [claim(300)], finds=[east_of("F1", 600, sigma=None)], origins=[O]))
    assert found.ranges["sigma_position_km"][0] == pytest.approx(hypot(1.0, 1.0))
    assert "M-PLACE" in found.findings["assumptions"][0]
    assert "M-PLACE" in found.bundle.assumptions["assumption_id"]


def test_two_places_without_any_uncertainty_are_within_or_beyond():
    sure = origin("O1", 50.0, 20.0, 0.0)
    near, far = (ranged(500, "at_most", east_of("F1", km, sigma=0.0), origins=(sure,)) for km in (499, 501))
    assert (near["verdict"], far["verdict"]) == ("compatible", "contradicted")
