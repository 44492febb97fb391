"""Clocks as sources print them: what is read, in which zone, and what is no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.course.local_times import comes_twice
from hotwash.course.printed_times import Printed, apart_min, parse_clocks, utc_minutes

BERLIN, LONDON, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
AT_2026, AT_0026, AT_0322 = 20 * 60 + 26, 26, 3 * 60 + 22


def short(printed: str) -> list[tuple[list[int], str | int]]:
    """Return the clocks of each group, and its zone or its offset."""
    return [
        ([clock.minute for clock in one.clocks], one.zone if one.offset is None else one.offset)
        for one in parse_clocks(printed)
    ]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("20:26", [([AT_2026], "")]),
        ("8:26 p.m.", [([AT_2026], "")]),
        ("8:26pm", [([AT_2026], "")]),
        ("12:26 a.m.", [([AT_0026], "")]),
        ("8 pm EST", [([20 * 60], -300)]),
        ("8:22 p.m. ET (03:22 local)", [([20 * 60 + 22], "America/New_York"), ([AT_0322], "local")]),
        ("20:26 CEST / 18:26 UTC", [([AT_2026], 120), ([18 * 60 + 26], 0)]),
        ("20:26 (CEST)", [([AT_2026], 120)]),
        ("1826Z", [([18 * 60 + 26], 0)]),
        ("2026L", [([AT_2026], "local")]),
        ("20:26 UTC+2", [([AT_2026], 120)]),
        ("20:26 GMT+3", [([AT_2026], 180)]),
        ("2026-05-12T20:26+02:00", [([AT_2026], 120)]),
        ("2026-05-12T20:26-04:00", [([AT_2026], -240)]),
        ("20:26-00:26 local", [([AT_2026, AT_0026], "local")]),
        ("20:26–00:26 (18:26–22:26 UTC)", [([AT_2026, AT_0026], ""), ([1106, 1346], 0)]),
        ("20.26 Uhr", [([AT_2026], "")]),
        ("20:26 Uhr MESZ", [([AT_2026], 120)]),
        ("godz. 20.26", [([AT_2026], "")]),
        ("20:26 czasu polskiego", [([AT_2026], "Europe/Warsaw")]),
        ("о 20:26 за Києвом", [([AT_2026], "Europe/Kyiv")]),
        ("20h26", [([AT_2026], "")]),
        ("UTC 20:26", [([AT_2026], 0)]),
        ("local time 20:26", [([AT_2026], "local")]),
        ("20.26 hora local", [([AT_2026], "local")]),
        ("20h26 heure locale", [([AT_2026], "local")]),
        ("kl. 20.26 lokal tid", [([AT_2026], "local")]),
        ("20:26 hora argentina", [([AT_2026], "America/Argentina/Buenos_Aires")]),
        ("20h26 (hora de Brasília)", [([AT_2026], "America/Sao_Paulo")]),
        ("20.26 svensk tid", [([AT_2026], "Europe/Stockholm")]),
    ],
)
def test_a_clock_is_read_with_its_zone(printed: str, read: object):
    assert short(printed) == read


def passes(printed: str) -> list[str]:
    return [clock.pass_ for one in parse_clocks(printed) for clock in one.clocks]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("02:36 A", ["first"]),
        ("02:36B", ["second"]),
        ("2A:36 Uhr", ["first"]),
        ("2A 02:36", ["first"]),
        ("02:36 Uhr (B)", ["second"]),
        ("pass B, 02:36", ["second"]),
        ("02:36 (second pass)", ["second"]),
        ("first pass 02:36", ["first"]),
        ("02:58 A to 02:12 B", ["first", "second"]),
        ("02:58 A to 03:20", ["first", ""]),
        ("about 02:20 summer time", ["summer"]),
        ("02.20 Uhr Sommerzeit", ["summer"]),
        ("02:20-02:40 summer time", ["summer", "summer"]),
        ("02:20 standard time", ["winter"]),
        ("1:20 a.m. Eastern Daylight Time", ["summer"]),
        ("02:20 German summer time", ["summer"]),
        ("02:20 czasu zimowego", ["winter"]),
        ("02:20 за літнім часом", ["summer"]),
        # What is no pass: an article, a call sign, a zone by its abbreviation, an event that came first.
        ("02:36 A car was seen", [""]),
        ("Radio A 02:36", [""]),
        ("02:36 CEST", [""]),
        ("02:36, for the first time", [""]),
    ],
)
def test_a_clock_is_read_with_the_pass_or_the_half_of_the_year_printed_beside_it(printed: str, read: list[str]):
    assert passes(printed) == read


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("02:20 Central European Summer Time", 120),
        ("02:20 Eastern European Time", 120),
        ("1:20 a.m. Eastern Standard Time", -300),
        ("01:20 British Summer Time", 60),
        ("02:20 mitteleuropäischer Sommerzeit", 120),
        ("02:20 German summer time", "Europe/Berlin"),
        ("1:20 Eastern", "America/New_York"),
    ],
)
def test_a_zone_is_read_by_its_full_name(printed: str, read: object):
    assert short(printed)[0][1] == read


@pytest.mark.parametrize(
    "printed", ["", "in the evening", "12.05.2026", "version 1.30", "12 May 2026 UTC", "25:10", "13 pm", "1:2"]
)
def test_what_is_no_clock_is_left_alone(printed: str):
    assert parse_clocks(printed) == ()


def test_a_clock_after_about_or_before_is_loose():
    assert [one.clocks[0].is_loose for one in parse_clocks("about 20:26")] == [True]
    assert [one.clocks[0].is_loose for one in parse_clocks("closed at 20:26")] == [False]


FORMS = (("%H:%M", None), ("%I:%M %p", None), ("%H:%M:%S", None), ("%H%MZ", 0), ("%H:%M+02:00", 120))


@given(st.integers(0, 1439), st.sampled_from(FORMS))
def test_a_clock_written_is_read_back(minute: int, form: tuple[str, int | None]):
    written = datetime(2026, 5, 12, minute // 60, minute % 60, tzinfo=UTC).strftime(form[0])
    (found,) = parse_clocks(written)
    assert minute in found.clocks[0].minutes
    assert found.offset == form[1]


START, END = (datetime.fromisoformat(day) for day in ("2024-01-01", "2030-12-31"))  # naive, as st.datetimes wants them


@given(st.datetimes(timezones=st.just(UTC), min_value=START, max_value=END), st.sampled_from([BERLIN, NEW_YORK]))
def test_one_moment_printed_in_two_zones_is_one_moment(moment: datetime, zone: ZoneInfo):
    when = moment.replace(second=0, microsecond=0)
    name = "ET" if zone is NEW_YORK else "German time"
    own, utc = parse_clocks(f"{when.astimezone(zone):%H:%M} {name} ({when:%H:%M} UTC)")
    minutes = [minute for some in utc_minutes(own, (zone,), when) for minute in some]
    assert min(apart_min(minute, utc.clocks[0].minute) for minute in minutes) == 0


def test_eastern_time_is_of_the_season():
    evening = parse_clocks("8:22 p.m. ET")[0]
    summer, winter = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC)
    assert list(utc_minutes(evening, (NEW_YORK,), summer)) == [(22,)]  # 00:22
    assert list(utc_minutes(evening, (NEW_YORK,), winter)) == [(82,)]  # 01:22


def test_on_the_day_of_a_change_both_offsets_are_possible():
    change = datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert list(utc_minutes(Printed(parse_clocks("02:30")[0].clocks), (BERLIN,), change)) == [(30,), (90,)]


@pytest.mark.parametrize(
    ("printed", "zone", "hour_utc"),
    [
        ("02:30 A", BERLIN, 0),
        ("02:30 B", BERLIN, 1),
        ("02:30 summer time", BERLIN, 0),
        ("02:30 winter time", BERLIN, 1),
        ("01:30 first pass", LONDON, 0),
        ("01:30 B", LONDON, 1),
        ("03:30", BERLIN, 2),  # shown once, after the change
        ("01:30", BERLIN, -1),  # shown once, before it
    ],
)
def test_on_the_day_of_a_change_a_pass_says_which_of_the_two_is_meant(printed: str, zone: ZoneInfo, hour_utc: int):
    change = datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert list(utc_minutes(parse_clocks(printed)[0], (zone,), change)) == [((hour_utc * 60 + 30) % 1440,)]


def test_a_letter_beside_a_clock_means_nothing_on_a_day_on_which_clocks_do_not_go_back():
    for day in (datetime(2026, 5, 12, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)):
        assert list(utc_minutes(parse_clocks("08:30 B")[0], (BERLIN,), day)) == [(6 * 60 + 30,)]


def test_summer_time_is_summer_time_in_winter_too():
    january = datetime(2026, 1, 10, tzinfo=UTC)
    assert list(utc_minutes(parse_clocks("20:26 summer time")[0], (BERLIN,), january)) == [(18 * 60 + 26,)]


def test_an_hour_comes_twice_when_the_clocks_go_back_and_never_when_they_go_forward():
    back = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert comes_twice(back, BERLIN) == (back, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert comes_twice(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), BERLIN) is None
    assert comes_twice(datetime(2026, 5, 12, 18, 26, tzinfo=UTC), BERLIN) is None


@given(st.text(max_size=60))
def test_any_words_are_read_without_an_error(words: str):
    for one in parse_clocks(words):
        assert all(0 <= clock.minute < 1440 for clock in one.clocks)
