"""Times as people write them: turned into UTC, or refused; a zone is never guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.ingest import times
from hotwash.ingest.faults import Fault

WARSAW = "Europe/Warsaw"
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
aware = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=offsets)  # noqa: DTZ001 - hypothesis adds it


def at(text: str, *, column: str = "start_utc", zone: str | None = None) -> str:
    return times.parse(text, column=column, zone=zone).isoformat()


def why(text: str, **choices) -> str:
    with pytest.raises(Fault) as caught:
        at(text, **choices)
    return f"{caught.value.reason}; {caught.value.advice}"


@given(aware)
def test_a_time_with_its_offset_comes_back_the_same(when: datetime):
    assert times.parse(when.isoformat(), column="start_utc", zone=None) == when


@given(st.datetimes(timezones=offsets) | st.text(max_size=30) | st.from_regex(r"\d{4}-\d{2}-\d{2}.{0,15}"))
def test_any_text_is_a_time_in_utc_or_a_fault(written: datetime | str):
    text = written.isoformat() if isinstance(written, datetime) else written
    for zone in (None, WARSAW, "America/St_Johns"):
        for column in ("start_utc", "utc_low", "utc_high"):
            with suppress(Fault):
                assert times.parse(text, column=column, zone=zone).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["2025-09-09T21:30Z", "2025-09-09 21:30Z", "2025-09-09t21:30z", "2025-09-09T23:30+02:00", "2025-09-09T23:30+0200"],
)
def test_every_usual_form_is_read(text: str):
    assert at(text) == "2025-09-09T21:30:00+00:00"


def test_a_fraction_of_a_second_is_kept_to_the_microsecond():
    assert at("2025-09-09T21:30:00.1234567Z") == "2025-09-09T21:30:00.123456+00:00"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-09-31", "there is no 31 September 2025; that month has 30 days"),
        ("2025-09-31T21:30Z", "there is no 31 September 2025"),
        ("2025-02-29", "there is no 29 February 2025; that month has 28 days"),
        ("2025-12-32", "there is no 32 December 2025; that month has 31 days"),
        ("2025-13-01", "there is no month 13"),
        ("0000-01-01", "there is no year 0"),
        ("2025-09-09T24:00Z", "there is no hour 24; write 00:00 of the following day"),
        ("2025-09-09T21:60Z", "is not a time"),
        ("2025-09-09T21Z", "is not a time"),
        ("20250909", "is not a time"),  # read as midnight, it would be a guess
        ("20250909T213000Z", "is not a time"),
        ("2025-W37-2", "is not a time"),
        ("09.09.2025 21:30", "is not a time"),
        ("9/9/2025", "is not a time"),
        ("2025-09-09T21:30 CEST", "is not a time"),
        ("٢٠٢٥-٠٩-٠٩", "is not a time"),
        ("21:30", "is not a time"),
        ("1757453400", "is not a time"),
    ],
)
def test_what_is_no_time_is_refused(text: str, says: str):
    assert says in why(text, column="utc_low", zone=WARSAW)


def test_a_leap_day_is_a_day():
    assert at("2024-02-29T12:00Z") == "2024-02-29T12:00:00+00:00"


def test_a_time_without_a_zone_is_refused():
    assert "has no zone, and its source declares none" in why("2025-09-09T21:30")


@pytest.mark.parametrize(("text", "utc"), [("2025-07-01T12:00", "10:00"), ("2025-12-01T12:00", "11:00")])
def test_a_zone_knows_its_summer(text: str, utc: str):
    assert at(text, zone=WARSAW) == f"{text[:10]}T{utc}:00+00:00"


# Of each zone the two offsets that its clocks really have: London falls back from +01:00, St John's from −02:30.
@pytest.mark.parametrize(
    ("text", "zone", "says", "forms"),
    [
        ("2025-10-26T02:30", WARSAW, "occurs twice", "2025-10-26T02:30+02:00 (CEST) or 2025-10-26T02:30+01:00 (CET)"),
        (
            "2025-10-26T01:34",
            "Europe/London",
            "occurs twice",
            "2025-10-26T01:34+01:00 (BST) or 2025-10-26T01:34+00:00 (GMT)",
        ),
        (
            "2025-11-02T01:10:30",
            "America/St_Johns",
            "occurs twice",
            "2025-11-02T01:10:30-02:30 (NDT) or 2025-11-02T01:10:30-03:30 (NST)",
        ),
    ],
)
def test_a_local_time_that_comes_twice_is_refused_with_both_offsets_of_its_zone(
    text: str, zone: str, says: str, forms: str
):
    said = why(text, zone=zone)
    assert f"{says} in {zone}" in said
    assert f"write {forms}; where nobody knows which, leave start_utc empty" in said
    for form in forms.split(" or "):
        assert at(form.partition(" ")[0], zone=zone) != ""


def test_a_local_time_that_never_was_is_refused_with_the_two_that_may_be_meant():
    assert why("2025-03-30T02:30", zone=WARSAW, column="utc_low") == (
        "2025-03-30 02:30 was skipped in Europe/Warsaw when the clocks changed; a clock put forward too early shows it "
        "at 2025-03-30T01:30+01:00 (CET), one not yet put forward at 2025-03-30T03:30+02:00 (CEST): write one of them; "
        "where nobody knows which, write the earlier"
    )


@pytest.mark.parametrize(
    ("column", "advice"),
    [
        ("start_utc", "leave start_utc empty, write the earlier into utc_low and the later into utc_high"),
        ("end_utc", "leave end_utc empty and tell the end in a row of its own: the earlier in utc_low, the later in"),
        ("value", "write `between` into relation, the earlier into value and the later into value_high"),
        ("value_high", "write the later"),
        ("said_utc_low", "write the earlier"),
        ("utc_high", "write the later"),
        ("known_utc", "write the later"),
    ],
)
def test_where_nobody_knows_which_of_two_times_is_meant_both_are_written_as_bounds(column: str, advice: str):
    assert f"; where nobody knows which, {advice}" in why("2025-10-26T02:30", zone=WARSAW, column=column)


def test_a_measured_time_is_never_a_pair_of_bounds():
    assert why("2025-10-26T02:30", zone=WARSAW, column="time_utc").endswith("2025-10-26T02:30+01:00 (CET)")


@pytest.mark.parametrize("text", ["2025-03-30T01:59", "2025-03-30T03:00", "2025-10-26T01:59", "2025-10-26T03:00"])
def test_a_local_time_beside_the_clocks_change_is_read(text: str):
    assert at(text, zone=WARSAW)


def test_a_skipped_hour_with_its_offset_is_read():
    assert at("2025-10-26T02:30+02:00", zone=WARSAW) == "2025-10-26T00:30:00+00:00"


@pytest.mark.parametrize(
    ("column", "zone", "utc"),
    [
        ("utc_low", None, "2025-09-11T00:00:00+00:00"),
        ("utc_high", None, "2025-09-12T00:00:00+00:00"),
        ("known_utc", None, "2025-09-12T00:00:00+00:00"),
        ("published_utc", None, "2025-09-12T00:00:00+00:00"),
        ("utc_low", WARSAW, "2025-09-10T22:00:00+00:00"),
        ("said_utc_high", WARSAW, "2025-09-11T22:00:00+00:00"),
    ],
)
def test_a_bare_date_bounds_a_time_in_the_zone_of_its_source(column: str, zone: str | None, utc: str):
    assert at("2025-09-11", column=column, zone=zone) == utc


def test_a_bare_date_is_no_time_where_no_bound_is_meant():
    assert "is a date without a time" in why("2025-09-11")


def test_the_day_of_the_clocks_change_has_23_hours():
    low, high = (times.parse("2025-03-30", column=f"utc_{end}", zone=WARSAW) for end in ("low", "high"))
    assert high - low == timedelta(hours=23)


@pytest.mark.parametrize(
    ("text", "column", "zone"),
    [
        ("9999-12-31", "utc_high", None),
        ("0001-01-01", "utc_low", WARSAW),
        ("0001-01-01T00:00+02:00", "start_utc", None),
        ("9999-12-31T23:59-02:00", "start_utc", None),
    ],
)
def test_a_time_beyond_the_calendar_is_refused(text: str, column: str, zone: str | None):
    assert "outside the calendar" in why(text, column=column, zone=zone)


@pytest.mark.parametrize("name", ["Europe/Warschau", "CEST", "Europe", "../Warsaw", "", "a\x00b", "x" * 5000])
def test_an_unknown_zone_is_refused(name: str):
    with pytest.raises(Fault, match="use an IANA name such as Europe/Warsaw"):
        times.zone_of(name)
