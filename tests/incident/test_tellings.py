"""Which tellings agree: times of day told to the minute hold for all of it, numbers and lengths for themselves."""

from __future__ import annotations

from hotwash.incident.tellings import Telling, agree_on


def telling(name: str, low: float, high: float) -> Telling:
    return Telling(f"events:{name}", {}, (name,), low, high, is_exact=low == high, is_graded=True)


UNTIL_0215 = telling("until 02:15", 130.0, 135.0)
FROM_0215_30 = telling("from half a minute later", 135.5, 140.0)


def test_two_times_of_day_within_one_minute_agree():
    (group,), overruled = agree_on([UNTIL_0215, FROM_0215_30], is_clock=True)
    assert (group.low, group.who, overruled) == (135.5, ("until 02:15", "from half a minute later"), [])


def test_two_lengths_half_a_minute_apart_do_not_agree():
    groups, _ = agree_on([UNTIL_0215, FROM_0215_30])
    assert [(group.low, group.high) for group in groups] == [(130.0, 135.0), (135.5, 140.0)]
