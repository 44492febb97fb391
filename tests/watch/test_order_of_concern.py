"""What a seat is shown first: what nobody has named or judged, and what can be a drone before what is far too fast."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hotwash.watch.policies.policy import by_concern


def row(number: int, **cells: Any) -> dict[str, Any]:
    usual = {"ident": None, "label": None, "is_declared": False, "speed_mps": 30.0, "probability_inside": 0.0}
    return {"track_id": number, "aerodrome_m": 9_000.0, **usual, **cells}


def test_an_unnamed_jet_stands_behind_all_that_is_slower_and_before_what_has_a_transponder():
    rows = [
        row(1, speed_mps=230.0, probability_inside=1.0, aerodrome_m=100.0),
        row(2, ident="ABC12"),
        row(3, label="bird"),
        row(4, probability_inside=0.4),
    ]
    assert [one["track_id"] for one in by_concern(rows)] == [4, 3, 1, 2]


def test_what_somebody_calls_a_drone_keeps_its_place_however_fast():
    rows = [row(1), row(2, speed_mps=230.0, label="drone", probability_inside=0.9)]
    assert [one["track_id"] for one in by_concern(rows)] == [2, 1]


@given(st.lists(st.floats(0.0, 400.0), min_size=1, max_size=20))
def test_no_order_of_the_rows_changes_what_is_first(speeds: list[float]):
    rows = [row(number, speed_mps=speed) for number, speed in enumerate(speeds)]
    assert by_concern(rows) == by_concern(rows[::-1])
