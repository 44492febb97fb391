"""Clocks that were wrong, and are said to have been: a camera at a Baltic lock."""

from __future__ import annotations

import pytest
from laid_out import at, bundle

from hotwash.course.clock_faults import read_clock_fault
from hotwash.course.orders import find_impossible_orders

SEEN = at(0)  # 20:00 UTC


def remarks(printed, **more):
    row = {
        "sighting_id": "CAMERA", "role": "camera", "saw_nothing": False, "seen": "a light", "known_utc": at(900),
        "utc_low": SEEN, "utc_high": SEEN, "printed_time": printed, "said_by": "Lock", "source_id": "S-LOCK",
    }  # fmt: skip
    return [one["kind"] for one in find_impossible_orders(bundle(sightings=[{**row, **more}])).to_dicts()]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("clock one hour fast", 60), ("12 min slow", -12), ("half an hour behind", -30), ("2 h ahead", 120)],
)
def test_words_say_how_wrong_a_clock_was(words, minutes):
    assert read_clock_fault(words) == minutes


def test_words_of_other_lengths_say_nothing_of_a_clock():
    assert read_clock_fault("one hour later, fast as it came") is None


def test_a_cell_that_says_that_its_clock_was_wrong_fits_by_as_much_and_no_other():
    assert remarks("21:00 UTC") == ["clocks_differ"]
    assert remarks("21:00 UTC (clock one hour fast)") == []
    assert remarks("21:00 UTC (clock one hour slow)") == ["clocks_differ"]


def test_a_note_on_the_clock_ends_the_remark_and_one_on_anything_else_does_not():
    assert remarks("21:00 UTC", note="The camera's clock was never set.") == []
    assert remarks("21:00 UTC", note="Filmed through a window.") == ["clocks_differ"]
