"""Times as people write them, turned into UTC or refused: a zone is never guessed."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hotwash.course.local_times import possible_times, zone_name
from hotwash.ingest.faults import Fault
from hotwash.visible import quote

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
# Narrower than `datetime.fromisoformat`, which takes "20250909" for midnight and "2025-W37-2" for a day.
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ](?P<hour>\d{2}):\d{2}(:\d{2}([.,]\d+)?)?(Z|z|[+-]\d{2}:?\d{2})?", re.ASCII)
_END_OF_DAY = ("_high", "known_utc", "published_utc")
_ADVICE = "write 2025-09-09T21:30Z, or with an offset 2025-09-09T23:30+02:00"


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA time zone of that name.

    raises   Fault when there is none
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Fault(f"unknown time zone {quote(name)}", "use an IANA name such as Europe/Warsaw") from None


def parse(text: str, *, column: str, zone: str | None) -> datetime:
    """Return a time in UTC.

    text     ISO 8601 with a zone; without one only if `zone` is given; a bare date where the column is a bound
    column   the column's name: it tells whether a bare date is a beginning or an end
    zone     the zone that the row's source declares, or None
    raises   Fault when the time cannot exist, is ambiguous, or has no zone
    """
    _check_date(text)
    if _DATE.fullmatch(text):
        return _bound_of_day(date.fromisoformat(text), column, zone)
    stated = _stated(text)
    if stated.tzinfo is None:
        if zone is None:
            raise Fault(f"{quote(text)} has no zone, and its source declares none", f"{_ADVICE}; or fill sources.zone")
        stated = _in_zone(stated, zone, column)
    return _in_utc(stated, text)


def parse_day(text: str, *, zone: str | None) -> tuple[datetime, datetime] | None:
    """Return the beginning and the end of a bare date in UTC; None where a text is none.

    zone     the zone that the row's source declares: the day is the whole day there; UTC where it declares none
    raises   Fault for a date that cannot exist
    """
    _check_date(text)
    if not _DATE.fullmatch(text):
        return None
    day = date.fromisoformat(text)
    return _bound_of_day(day, "_low", zone), _bound_of_day(day, "_high", zone)


def _stated(text: str) -> datetime:
    form = _TIME.fullmatch(text)
    if form and form["hour"] == "24":
        raise Fault(f"{quote(text)} is not a time: there is no hour 24", "write 00:00 of the following day")
    try:
        if form:
            return datetime.fromisoformat(text.upper())
    except ValueError:
        pass
    raise Fault(f"{quote(text)} is not a time", _ADVICE)


def _in_utc(stated: datetime, text: str) -> datetime:
    try:
        return stated.astimezone(UTC)
    except OverflowError:
        raise Fault(f"{quote(text)} is outside the calendar", _ADVICE) from None


def _check_date(text: str) -> None:
    """Say "there is no 31 September" rather than "day is out of range for month"."""
    found = _DATE.match(text)
    if not found:
        return
    year, month, day = (int(part) for part in found.groups())
    if year < 1:
        raise Fault(f"{found.group()} is not a date: there is no year 0", _ADVICE)
    if not 1 <= month <= 12:
        raise Fault(f"{found.group()} is not a date: there is no month {month}", _ADVICE)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Fault(f"there is no {day} {month_name[month]} {year}", f"that month has {last} days")


def _bound_of_day(day: date, column: str, zone: str | None) -> datetime:
    where = zone_of(zone) if zone else UTC
    start = datetime(day.year, day.month, day.day, tzinfo=where)
    if column.endswith("_low"):
        return _in_utc(start, day.isoformat())
    if column.endswith(_END_OF_DAY):
        try:
            following = day + timedelta(days=1)
        except OverflowError:
            raise Fault(f"{day} is outside the calendar", _ADVICE) from None
        return _in_utc(datetime(following.year, following.month, following.day, tzinfo=where), day.isoformat())
    raise Fault(f"{day} is a date without a time", f"give the time in {column}, or use utc_low and utc_high")


def _in_zone(naive: datetime, zone: str, column: str) -> datetime:
    possible = possible_times(naive, zone_of(zone))
    if len(possible) == 1:
        return possible[0]
    spec = "auto" if naive.second or naive.microsecond else "minutes"
    words = [f"{one.isoformat(timespec=spec)} ({zone_name(one)})" for one in possible]
    unknown = _unknown(column)
    if possible[0].replace(tzinfo=None) == naive:
        reason = f"{naive:%Y-%m-%d %H:%M} occurs twice in {zone} when the clocks changed"
        raise Fault(reason, f"write {words[0]} or {words[1]}{unknown}")
    reason = f"{naive:%Y-%m-%d %H:%M} was skipped in {zone} when the clocks changed"
    meant = f"a clock put forward too early shows it at {words[0]}, one not yet put forward at {words[1]}"
    raise Fault(reason, f"{meant}: write one of them{unknown}")


def _unknown(column: str) -> str:
    """Return what to do with a column where nobody knows which of two times is meant."""
    know = "; where nobody knows which,"
    if column.endswith("_low"):
        return f"{know} write the earlier"
    if column.endswith(_END_OF_DAY):
        return f"{know} write the later"
    return {
        "start_utc": f"{know} leave start_utc empty, write the earlier into utc_low and the later into utc_high",
        "end_utc": f"{know} leave end_utc empty and tell the end in a row of its own: the earlier in utc_low, the "
        "later in utc_high",
        "value": f"{know} write `between` into relation, the earlier into value and the later into value_high",
    }.get(column, "")
