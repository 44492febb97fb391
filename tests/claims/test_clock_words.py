"""Moments in sentences: in the incident's zone, with a date only where the time of day is not enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.claims.clock_words import Clock, make_clock
from hotwash.claims.words import inside_sentence

START = datetime(2026, 5, 12, 16, tzinfo=UTC)  # 18:00 in Hannover
SHORT = make_clock("Europe/Berlin", START, START + timedelta(hours=12), [])
LONG = make_clock("Europe/Berlin", START, START + timedelta(days=30), [])


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


CLOSED, REOPENED, LATEST = utc(12, 18, 26), utc(12, 22, 20), utc(12, 22, 30)


@pytest.mark.parametrize(
    ("clock", "low", "high", "said"),
    [
        (SHORT, CLOSED, CLOSED, "at 20:26"),
        (SHORT, REOPENED, LATEST, "between 00:20 and 00:30"),
        (SHORT, None, LATEST, "no later than 00:30"),
        (SHORT, None, utc(12, 22), "by the end of 12 May"),
        (LONG, None, utc(19, 22), "by the end of 19 May"),
        (SHORT, CLOSED, None, "no earlier than 20:26"),
        (SHORT, None, None, "at a time that nobody tells"),
        (SHORT, utc(20, 8), utc(20, 8), "at 10:00 on 20 May"),
        (SHORT, CLOSED, utc(20, 8), "between 12 May 20:26 and 20 May 10:00"),
        (LONG, CLOSED, CLOSED, "at 20:26 on 12 May"),
        (LONG, CLOSED, REOPENED, "between 12 May 20:26 and 13 May 00:20"),
        (LONG, utc(12, 8), utc(12, 9), "between 10:00 and 11:00 on 12 May"),
        (LONG, utc(19, 22), utc(20, 22), "on 20 May"),
        (LONG, utc(19, 22), utc(21, 22), "from 20 May to 21 May"),
        (LONG, CLOSED.replace(year=2027), CLOSED.replace(year=2027), "at 20:26 on 12 May 2027"),
    ],
)
def test_a_time_is_said_with_its_preposition(clock: Clock, low: datetime | None, high: datetime | None, said: str):
    assert clock.when(low, high) == said


@pytest.mark.parametrize(
    ("clock", "begin", "end", "said"),
    [
        (SHORT, (CLOSED, CLOSED), (REOPENED, LATEST), "20:26 to 00:20–00:30"),
        (SHORT, (CLOSED, CLOSED), (None, None), "from 20:26"),
        (SHORT, (CLOSED, CLOSED), (utc(20, 8), utc(20, 8)), "12 May 20:26 to 20 May 10:00"),
        (SHORT, (None, None), (LATEST, LATEST), "until 00:30"),
        (SHORT, (None, CLOSED), (REOPENED, LATEST), "from 20:26 or earlier to 00:20–00:30"),
        (SHORT, (CLOSED, CLOSED), (REOPENED, None), "20:26 to 00:20 or later"),
        (SHORT, (None, None), (None, None), "at a time that nobody tells"),
        (LONG, (CLOSED, CLOSED), (REOPENED, LATEST), "12 May 20:26 to 13 May 00:20–00:30"),
        (LONG, (CLOSED, CLOSED), (utc(12, 19), utc(12, 19)), "12 May 20:26 to 21:00"),
    ],
)
def test_a_stretch_is_said_by_its_two_ends(clock, begin, end, said):
    assert clock.span(begin, end) == said


def test_a_long_window_whose_changes_lie_within_a_day_needs_no_date():
    clock = make_clock("Europe/Berlin", START, START + timedelta(days=3), [CLOSED, LATEST])
    assert clock.when(CLOSED, CLOSED) == "at 20:26"
    assert clock.when(utc(14, 18), utc(14, 18)) == "at 20:00 on 14 May"


TOKYO, AUCKLAND, NEW_YORK = (ZoneInfo(name) for name in ("Asia/Tokyo", "Pacific/Auckland", "America/New_York"))
ABROAD = make_clock("Europe/Berlin", START, START + timedelta(days=30), [], abroad=(TOKYO, AUCKLAND, NEW_YORK))


def days_of(zone: ZoneInfo, first: int, last: int) -> tuple[datetime, datetime]:
    """Return the beginning of one day of May and the end of another in a zone."""
    ends = datetime(2026, 5, first, tzinfo=zone), datetime(2026, 5, last + 1, tzinfo=zone)
    return ends[0].astimezone(UTC), ends[1].astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "last", "said"),
    [
        (TOKYO, 20, "on 20 May (Tokyo date)"),
        (AUCKLAND, 20, "on 20 May (Auckland date)"),
        (NEW_YORK, 20, "on 20 May (New York date)"),
        (TOKYO, 21, "from 20 May to 21 May (Tokyo dates)"),
        (ZoneInfo("Europe/Paris"), 20, "on 20 May"),
    ],
)
def test_a_day_of_another_place_is_said_with_its_place(zone: ZoneInfo, last: int, said: str):
    assert ABROAD.when(*days_of(zone, 20, last)) == said


def test_a_day_of_a_place_that_no_source_declares_is_the_nearest_day_here():
    assert LONG.when(*days_of(TOKYO, 20, 20)) == "on 20 May"


def test_an_hour_that_the_clocks_repeat_says_which():
    night = datetime(2026, 10, 24, 20, tzinfo=UTC)
    clock = make_clock("Europe/Berlin", night, night + timedelta(hours=10), [])
    assert clock.when(night.replace(day=25, hour=0, minute=30), night.replace(day=25, hour=1, minute=30)) == (
        "between 02:30 CEST and 02:30 CET"
    )


@given(st.integers(0, 23 * 60 + 59), st.integers(0, 23 * 60 + 59))
def test_two_times_of_a_clear_day_never_read_alike(one: int, other: int):
    clock = make_clock("UTC", START, START + timedelta(days=1), [])
    said = [clock.moment(START + timedelta(minutes=minute)) for minute in (one, other)]
    assert (said[0] == said[1]) == (one == other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The university does not rule one out", "the university does not rule one out"),
        ("Police found none", "Police found none"),
        ("DFS saw nothing", "DFS saw nothing"),
        ("", ""),
    ],
)
def test_a_clause_within_a_sentence_begins_small_where_it_begins_with_no_name(text: str, said: str):
    assert inside_sentence(text) == said
