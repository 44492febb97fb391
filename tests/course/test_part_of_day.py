"""What the hours of an occasion are called, on the clock of the place."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hotwash.course.part_of_day import part_of_day

SYDNEY, LISBON = ZoneInfo("Australia/Sydney"), ZoneInfo("Europe/Lisbon")


@pytest.mark.parametrize(
    ("begin", "end", "zone", "said"),
    [
        ((12, 20), (13, 6), LISBON, "night"),
        ((12, 18), (13, 6), LISBON, "night"),
        ((12, 6), (12, 11), LISBON, "morning"),
        ((12, 13), (12, 16), LISBON, "afternoon"),
        ((12, 17), (12, 20), LISBON, "evening"),
        ((12, 6), (12, 20), LISBON, "day"),
        ((12, 0), (14, 0), LISBON, "time"),
        ((12, 10), (12, 18), SYDNEY, "night"),  # 21:00 to 05:00 there
        ((12, 20), (13, 0), SYDNEY, "morning"),  # 07:00 to 11:00 there
    ],
)
def test_hours_have_the_name_that_people_give_them(begin, end, zone, said):
    first, last = (datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in (begin, end))
    assert part_of_day(first, last, zone) == said
