"""Numbers and times as the page says them: no digit more than is sure, no bound left open in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.course.local_times import say_time_of_day
from hotwash.report import clock, headline, phrases
from hotwash.report.links import anchor
from hotwash.report.markdown import escape_markdown

WARSAW = ZoneInfo("Europe/Warsaw")
LONDON = ZoneInfo("Europe/London")
NIGHT = datetime(2025, 9, 9, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "sigma", "said"),
    [
        (643.2, 21.7, ("640", "20")),
        (643.2, 15.2, ("643", "15")),
        (643.2, 0.0, ("643", "0")),
        (0.123, 0.04, ("0.12", "0.04")),
    ],
)
def test_a_value_keeps_the_digits_that_its_sigma_allows(value, sigma, said):
    assert phrases.round_to_sigma(value, sigma) == said


@pytest.mark.parametrize(("value", "said"), [(0.999, "over 99 %"), (0.001, "under 1 %"), (0.94, "94 %")])
def test_a_probability_is_never_a_false_certainty(value, said):
    assert phrases.probability(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(450, "7 h 30 min"), (0, "0 min"), (1440, "24 h"), (4320 + 61, "3 days 1 h")]
)
def test_minutes_are_said_as_hours_and_days(value, said):
    assert phrases.minutes(value) == said


def test_a_moment_is_said_in_local_time_and_in_utc():
    assert clock.local(NIGHT, WARSAW) == "9 Sep 2025 23:30 (21:30 UTC)"


def test_the_date_in_utc_is_said_where_it_differs():
    assert clock.local(NIGHT + timedelta(hours=1), WARSAW) == "10 Sep 2025 00:30 (9 Sep 22:30 UTC)"


def test_open_bounds_are_said_in_words():
    assert clock.between(None, NIGHT, WARSAW) == "before 9 Sep 2025 23:30 (21:30 UTC)"
    assert clock.between(NIGHT, None, WARSAW) == "after 9 Sep 2025 23:30 (21:30 UTC)"
    assert clock.between(None, None, WARSAW) == "time not stated"


@pytest.mark.parametrize("zone", [WARSAW, LONDON, ZoneInfo("UTC"), ZoneInfo("Europe/Kyiv")])
@pytest.mark.parametrize("end", [timedelta(days=1), timedelta(days=1, seconds=-1), timedelta(days=1, minutes=-1)])
def test_a_bare_date_of_any_source_is_said_as_that_day(zone, end):
    low = datetime(2025, 9, 10, tzinfo=zone)
    assert clock.between(low, low + end, WARSAW) == "10 Sep 2025"


def test_a_bare_date_on_which_the_clocks_change_is_that_day():
    low, high = datetime(2025, 10, 26, tzinfo=WARSAW), datetime(2025, 10, 27, tzinfo=WARSAW)
    assert clock.between(low.astimezone(UTC), high.astimezone(UTC), WARSAW) == "26 Oct 2025"


def test_two_bare_dates_are_said_as_a_span_of_days():
    low = datetime(2025, 9, 10, tzinfo=WARSAW)
    assert clock.between(low, low + timedelta(days=9), WARSAW) == "10 to 18 Sep 2025"


def test_a_day_up_to_a_time_is_said_so():
    low = datetime(2025, 9, 10, tzinfo=WARSAW)
    assert clock.between(low, low + timedelta(hours=10, minutes=13), WARSAW) == "10 Sep 2025, by 10:13 (08:13 UTC)"


def test_an_unknown_zone_is_read_as_utc():
    assert clock.zone("Europe/Nowhere") == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"low_90": 14, "most_likely": None, "high_90": None}, "At least 14 airframes"),
        ({"low_90": None, "most_likely": None, "high_90": None}, "No number can be given"),
        ({"low_90": 1, "most_likely": 3, "high_90": 5}, "1 to 5 airframes"),
        ({"low_90": 1, "most_likely": 1, "high_90": 1}, "1 airframe"),
        ({"low_90": 0, "most_likely": None, "high_90": 4}, "At most 4 airframes"),
    ],
)
def test_a_count_is_said_as_far_as_it_is_bounded(bounds, said):
    assert headline.say_count({"unit": "airframes", **bounds}) == said


@given(st.text())
def test_an_anchor_is_a_plain_word_and_tells_names_apart(name: str):
    assert anchor("t", name).isascii()
    assert " " not in anchor("t", name)
    assert anchor("t", name) != anchor("t", name + "/")


@given(st.text())
def test_escaped_text_stands_on_one_line_of_markdown(text: str):
    said = escape_markdown(text)
    assert len(said.splitlines()) <= 1
    assert not any(f"{mark}{mark}" in said.replace("\\\\", "").replace(f"\\{mark}", "") for mark in "*_`|<")


@given(st.text(), st.integers(1, 80))
def test_cut_text_is_never_longer_than_asked(text: str, length: int):
    assert len(phrases.shorten(text, length)) <= max(length, 1)


# ---------------------------------------------------------------- an hour that comes twice

FIRST, SECOND = datetime(2025, 10, 26, 0, 34, tzinfo=UTC), datetime(2025, 10, 26, 1, 22, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_local_time_that_comes_twice_is_said_with_its_zone_wherever_a_table_gives_it():
    assert clock.local(FIRST, BERLIN) == "26 Oct 2025 02:34 CEST (00:34 UTC)"
    assert clock.exact(FIRST, BERLIN) == "26 Oct 2025 02:34:00 CEST (00:34:00 UTC)"
    assert clock.between(FIRST, SECOND, BERLIN) == "26 Oct 2025 02:34 CEST to 02:22 CET (00:34 to 01:22 UTC)"
    assert clock.between(None, SECOND, BERLIN) == "before 26 Oct 2025 02:22 CET (01:22 UTC)"
    assert clock.margins(FIRST, None, SECOND, BERLIN) == ", not after 02:22 CET"
    assert clock.local(SECOND + timedelta(hours=1), BERLIN) == "26 Oct 2025 03:22 (02:22 UTC)"


def test_a_local_time_that_comes_twice_is_said_by_its_number_where_the_zone_has_no_name():
    azores = ZoneInfo("Atlantic/Azores")  # the clocks go back from UTC to UTC−1 at 01:00
    assert say_time_of_day(datetime(2025, 10, 26, 0, 30, tzinfo=UTC), azores) == "00:30 UTC+00"
    assert say_time_of_day(datetime(2025, 10, 26, 1, 30, tzinfo=UTC), azores) == "00:30 UTC-01"
