"""How steadily a track flew of late: what a rule can ask of it, without any truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.model import schema, tables
from hotwash.track.steadiness import STEADY_S, steadiness
from hotwash.watch.policies import rules
from hotwash.watch.policies.rule_book import RuleBook

START = datetime(2026, 3, 12, 18, 30, tzinfo=UTC)
EVERY_S = 2.0
EXACT = 1e-9
ROUGH = 0.02  # steps of two seconds stand for a smooth turn


def track(heading_rad, *, speed_mps=15.0, number=1):
    rows = [
        {"track_id": number, "time_utc": START + timedelta(seconds=EVERY_S * at), "lat_deg": 52.0, "lon_deg": 21.0,
         "v_east_mps": speed_mps * np.sin(one), "v_north_mps": speed_mps * np.cos(one), "status": "confirmed"}
        for at, one in enumerate(heading_rad)
    ]  # fmt: skip
    return schema.frame(tables.TRACKS, rows)


def turning(rate_deg_s, seconds=300.0):
    return np.radians(rate_deg_s) * np.arange(0.0, seconds, EVERY_S)


def test_who_flies_straight_on_is_steady_and_nobody_can_tell_before_two_minutes():
    found = steadiness(track(turning(0.0)))
    untold = int(STEADY_S / EVERY_S)
    assert found[:untold].is_null().all()
    assert found[untold:].to_list() == pytest.approx([1.0] * (found.len() - untold), abs=EXACT)


def test_who_circles_once_in_two_minutes_comes_nowhere():
    assert steadiness(track(turning(3.0)))[-1] == pytest.approx(0.0, abs=ROUGH)


@pytest.mark.parametrize("rate", [0.25, 0.5, 1.0])
def test_a_turn_is_as_steady_as_its_chord_is_long_for_its_arc(rate):
    half = 0.5 * np.radians(rate) * STEADY_S
    assert steadiness(track(turning(rate)))[-1] == pytest.approx(np.sin(half) / half, abs=ROUGH)


def test_each_track_is_told_by_itself_in_the_order_of_the_rows():
    straight, round_ = track(turning(0.0)), track(turning(3.0), number=2)
    both = pl.concat([round_, straight]).sort("time_utc", "track_id")
    found = both.with_columns(steadiness=steadiness(both))
    assert found.filter(pl.col("track_id") == 1)["steadiness"].equals(steadiness(straight))
    assert found.filter(pl.col("track_id") == 2)["steadiness"].equals(steadiness(round_))


@given(st.lists(st.floats(-3.2, 3.2), min_size=70, max_size=100))
def test_steadiness_is_a_share_and_nothing_later_changes_it(heading):
    whole = steadiness(track(heading))
    assert whole.drop_nulls().is_between(0.0, 1.0 + EXACT).all()
    assert steadiness(track(heading[:65])).to_list() == pytest.approx(whole[:65].to_list(), abs=EXACT)


@pytest.mark.parametrize(("column", "value", "passes"), [
    ("steadiness", 0.99, True), ("steadiness", 0.9, False), ("steadiness", None, False),
    ("begun_distance_m", -5_000.0, True), ("begun_distance_m", 40_000.0, False), ("begun_distance_m", None, False),
])  # fmt: skip
def test_a_rule_may_ask_how_steady_a_track_is_and_where_it_began(column, value, passes):
    from hotwash.watch.policies import rule_book

    asked = {"steadiness": ("steady_least", 0.98), "begun_distance_m": ("begun_inside_most_m", 30_000.0)}[column]
    text = f'[[rules]]\non = "track"\nif = {{ {asked[0]} = {asked[1]} }}\ndo = "log"\ntext = "x"\n'
    (rule,) = RuleBook(rules.parse(text, name="r")).rules.rules
    assert rule_book._ASKS[asked[0]](None, {column: value}, asked[1], rule.if_) is passes
