"""Times as the page prints them: local time and UTC together, the date always there, open bounds said in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hotwash.claims.clock_words import find_days, is_whole_days
from hotwash.claims.clock_words import zone as zone
from hotwash.claims.clock_words import zones_of as zones_of
from hotwash.course.local_times import say_time_of_day

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def day(when: datetime, *, year: bool = True) -> str:
    """Return the date as words: "9 Sep 2025"."""
    return f"{when.day} {MONTHS[when.month - 1]}{f' {when.year}' if year else ''}"


def stamp(when: datetime) -> str:
    """Return a moment in UTC: "10 Sep 2025 03:20 UTC"."""
    utc = when.astimezone(UTC)
    return f"{day(utc)} {utc:%H:%M} UTC"


def local(when: datetime, at: ZoneInfo, *, year: bool = True) -> str:
    """Return a moment in local time and in UTC: "10 Sep 2025 05:20 (03:20 UTC)"; the UTC date where it differs."""
    here, utc = when.astimezone(at), when.astimezone(UTC)
    if here.utcoffset() == timedelta(0):
        return f"{day(utc, year=year)} {utc:%H:%M} UTC"
    other = "" if here.date() == utc.date() else f"{day(utc, year=False)} "
    return f"{day(here, year=year)} {say_time_of_day(when, at)} ({other}{utc:%H:%M} UTC)"


_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) UTC")


def retell(text: str, at: ZoneInfo, *, year: int) -> str:
    """Return a text in which times written in UTC, "2025-09-10 03:20 UTC", stand as the page says them.

    year   the year of the incident, which needs no mention: "10 Sep 05:20 (03:20 UTC)"
    """

    def say(match: re.Match[str]) -> str:
        when = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
        return local(when, at, year=when.astimezone(at).year != year)

    return _WRITTEN.sub(say, text)


def exact(when: datetime, at: ZoneInfo) -> str:
    """Return a moment to the second, local and UTC: "10 Sep 2025 00:30:05 (9 Sep 22:30:05 UTC)"."""
    here, utc = when.astimezone(at), when.astimezone(UTC)
    if here.utcoffset() == timedelta(0):
        return f"{day(utc)} {utc:%H:%M:%S} UTC"
    other = "" if here.date() == utc.date() else f"{day(utc, year=False)} "
    return f"{day(here)} {say_time_of_day(when, at, form='%H:%M:%S')} ({other}{utc:%H:%M:%S} UTC)"


def between(low: datetime | None, high: datetime | None, at: ZoneInfo, *, abroad: Sequence[ZoneInfo] = ()) -> str:
    """Return two bounds as words; whole days as days, an open side as "before" or "after".

    abroad   other zones that a bare date may be of, the likeliest first: "3 May 2026 (Tokyo date)"
    """
    if low is None and high is None:
        return "time not stated"
    if low is None or high is None:
        bound = high if low is None else low
        if low is None and bound is not None and _is_midnight(bound, at):
            return f"by the end of {publication_day(bound, at)}"
        word = "before" if low is None else "after"
        return f"{word} {local(bound, at)}" if bound is not None else ""
    if low == high:
        return local(low, at)
    if is_whole_days(low, high):
        return days(low, high, at, abroad=abroad)
    return _pair(low, high, at)


def margins(start: datetime, low: datetime | None, high: datetime | None, at: ZoneInfo) -> str:
    """Return the bounds beside a stated time: ", between 23:25 and 23:35", ", not after 07:00"; empty without any."""

    def short(when: datetime) -> str:
        here = when.astimezone(at)
        is_same_day = here.date() == start.astimezone(at).date()
        time = say_time_of_day(when, at)
        return time if is_same_day else f"{day(here, year=False)} {time}"

    if low is not None and high is not None:
        return f", between {short(low)} and {short(high)}"
    if high is not None:
        return f", not after {short(high)}"
    return f", not before {short(low)}" if low is not None else ""


def days(low: datetime, high: datetime, at: ZoneInfo, *, abroad: Sequence[ZoneInfo] = ()) -> str:
    """Return whole days as words, "10 Sep 2025" or "11 to 22 Sep 2025": those whose local midnights are nearest.

    Days of another zone bear its name: "10 Sep 2025 (Tokyo date)".
    """
    first, last, place = find_days(low, high, at, abroad=abroad)
    if first == last:
        return f"{day(first)}{place}"
    is_one_month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if is_one_month else day(first, year=first.year != last.year)} to {day(last)}{place}"


def publication_day(when: datetime, by: ZoneInfo) -> str:
    """Return the day of a moment in its source's zone; a midnight that closes a bare date belongs to the day before."""
    return day((when - timedelta(seconds=1)).astimezone(by) if _is_midnight(when, by) else when.astimezone(by))


def as_of(when: datetime, at: ZoneInfo) -> str:
    """Return a date of belief as words; a local midnight, or the second before, is the end of a day."""
    for end in (when, when + timedelta(seconds=1)):
        if _is_midnight(end, at):
            return f"the end of {publication_day(end, at)} ({stamp(end)})"
    return local(when, at)


def _pair(low: datetime, high: datetime, at: ZoneInfo) -> str:
    here, there = low.astimezone(at), high.astimezone(at)
    if here.date() != there.date():
        return f"{local(low, at)} to {local(high, at)}"
    if _is_midnight(low, at):
        return f"{day(here)}, by {local(high, at).removeprefix(day(here) + ' ')}"
    utc, until = low.astimezone(UTC), high.astimezone(UTC)
    if here.utcoffset() == timedelta(0):
        return f"{day(here)} {utc:%H:%M} to {until:%H:%M} UTC"
    first, last = say_time_of_day(low, at), say_time_of_day(high, at)
    return f"{day(here)} {first} to {last} ({utc:%H:%M} to {until:%H:%M} UTC)"


def _is_midnight(when: datetime, by: ZoneInfo) -> bool:
    here = when.astimezone(by)
    return here.hour == 0 and here.minute == 0
