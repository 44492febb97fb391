"""Numbers as Excel shows them. Serial numbers are those that Excel itself shows for the dates."""

from __future__ import annotations

from datetime import datetime

import pytest

from hotwash.ingest.xlsx import numbers
from hotwash.ingest.xlsx.book import column_letters, column_number
from hotwash.ingest.xlsx.numbers import NumberFormat

DAYS_BETWEEN_EPOCHS = 1462  # four years and a day: Microsoft's own figure for the two date systems


@pytest.mark.parametrize(
    ("serial", "moment"),
    [
        (1.0, "1900-01-01"),
        (59.0, "1900-02-28"),
        (61.0, "1900-03-01"),
        (25569.0, "1970-01-01"),
        (36526.0, "2000-01-01"),
        (45000.0, "2023-03-15"),
        (45000.75, "2023-03-15T18:00"),
        (2958465.0, "9999-12-31"),
    ],
)
def test_a_serial_number_is_the_date_that_excel_shows_for_it(serial: float, moment: str):
    assert numbers.moment_of(serial, is_1904=False) == datetime.fromisoformat(moment)


def test_a_workbook_of_1904_counts_from_another_day():
    assert numbers.moment_of(45000.0 - DAYS_BETWEEN_EPOCHS, is_1904=True) == datetime.fromisoformat("2023-03-15")
    assert numbers.moment_of(0.0, is_1904=True) == datetime.fromisoformat("1904-01-01")


@pytest.mark.parametrize("serial", [60.0, -1.0, 2958466.0, 1e300])
def test_a_number_that_excel_has_no_date_for_is_none(serial: float):
    assert numbers.moment_of(serial, is_1904=False) is None


def test_a_minute_comes_out_whole_although_a_day_has_no_exact_fraction_for_it():
    moment = numbers.moment_of(46093.0 + (21 * 60 + 35) / 1440, is_1904=False)
    assert moment == datetime.fromisoformat("2026-03-12T21:35")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", NumberFormat()),
        ("@", NumberFormat()),
        ("0.00", NumberFormat()),
        ('#,##0.00 "days"', NumberFormat()),
        ("[Red]0.0;[Blue]-0.0", NumberFormat()),
        ("0.00E+00", NumberFormat()),
        ("000", NumberFormat(digits=3)),
        ("0%", NumberFormat(is_percent=True)),
        ("dd.mm.yyyy", NumberFormat(has_date=True)),
        ("[$-407]d. mmmm yyyy", NumberFormat(has_date=True)),
        ("mmm-yy", NumberFormat(has_date=True)),
        ("yyyy-mm-dd hh:mm", NumberFormat(has_date=True, has_clock=True)),
        ('d/m/yy" um "h:mm" Uhr"', NumberFormat(has_date=True, has_clock=True)),
        ("h:mm AM/PM", NumberFormat(has_clock=True)),
        ("[h]:mm:ss", NumberFormat(has_clock=True)),
        ("mm:ss.0", NumberFormat(has_clock=True)),
    ],
)
def test_a_format_says_whether_a_number_is_a_day_a_time_of_day_or_a_share(code: str, shown: NumberFormat):
    assert numbers.read_format(code) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(1.0, "1"), (-3.0, "-3"), (0.1 + 0.2, "0.3"), (53.0975, "53.0975"), (1e20, "1e+20")]
)
def test_a_number_is_written_as_excel_shows_it(number: float, shown: str):
    assert numbers.show_number(number) == shown


def test_columns_have_letters_as_in_excel():
    assert [column_letters(number) for number in (1, 26, 27, 52, 703, 16384)] == ["A", "Z", "AA", "AZ", "AAA", "XFD"]
    assert all(column_number(column_letters(number)) == number for number in range(1, 16385))
