"""Days in words: English, German, Polish and Ukrainian weekdays beside their dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.course.calendar_words import find_dates, find_weekday_dates, find_weekdays

NIGHT = date(2026, 5, 12)  # a Tuesday


@pytest.mark.parametrize(
    "words",
    [
        "Tuesday 12 May 2026",
        "Tuesday, 12 May",
        "Tuesday the 12th of May",
        "Tuesday, May 12, 2026",
        "Tue 12 May",
        "Tuesday 2026-05-12",
        "2026-05-12 (Tuesday)",
        "Dienstag, den 12. Mai 2026",
        "Di., 12.05.2026",
        "Dienstag, 12.05.",
        "wtorek, 12 maja 2026",
        "we wtorek 12 maja",
        "12.05.2026 (wt.)",
        "вівторок, 12 травня 2026",
        "у вівторок 12 травня",
    ],
)
def test_a_weekday_beside_its_date_is_read_and_fits(words: str):
    (found,) = find_weekday_dates(f"It closed on {words} at 20:26.", NIGHT)
    assert (found.days, found.weekday, found.fits) == ((NIGHT,), 1, True)


@pytest.mark.parametrize(
    "words",
    [
        "Wednesday 12 May 2026",
        "Mittwoch, 12. Mai",
        "środa, 12 maja",
        "в середу, 12 травня",
        "п’ятниця 12 травня",
        "Sun May 12",
    ],
)
def test_a_weekday_of_another_day_does_not_fit(words: str):
    (found,) = find_weekday_dates(words, NIGHT)
    assert not found.fits


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Wednesday 12/13 May", (date(2026, 5, 12), date(2026, 5, 13))),
        ("Monday 31/1 June", (date(2026, 5, 31), date(2026, 6, 1))),
        ("Tuesday 5/12/2026", (date(2026, 12, 5), date(2026, 5, 12))),
        ("Saturday 28 December", (date(2025, 12, 28),)),  # of the year that lies nearest
        ("Thursday 29 February", ()),  # neither 2025 nor 2026 nor 2027 has one
    ],
)
def test_a_date_is_taken_as_all_that_it_can_mean(words: str, days: tuple[date, ...]):
    near = date(2026, 1, 10) if "December" in words else NIGHT
    assert [one.days for one in find_weekday_dates(words, near)] == ([days] if days else [])


@pytest.mark.parametrize(
    "words",
    [
        "until 12 May, Wednesday's flights went on",
        "do 12 maja",
        "So 12 May it was",
        "Sunday May 8:22 p.m.",
        "on Tuesday to Thursday",
        "12 May 2026",
        "a monitor of 12 May",
    ],
)
def test_words_that_only_look_like_a_weekday_and_its_date_are_left_alone(words: str):
    assert list(find_weekday_dates(words, NIGHT)) == []


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.sampled_from(["%A %d %B %Y", "%A, %B %d, %Y", "%A %Y-%m-%d"]))
def test_a_date_written_with_its_weekday_is_read_back_and_fits(day: date, form: str):
    (found,) = find_weekday_dates(day.strftime(form), None)
    assert found.fits
    assert day in found.days
    assert [one.days for one in find_dates(day.strftime(form), None)] == [found.days]


def test_weekdays_are_found_without_a_date():
    assert find_weekdays("Monday evening, wtorek wieczorem, Mi., у четвер") == [0, 1, 2, 3]
