"""Local times where clocks are changed, the hour that comes twice and the one that is left out; and days of a place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=4096)
def comes_twice(when: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return both times at which a zone's clock shows what it shows then; None where it shows that once."""
    local = when.astimezone(zone).replace(tzinfo=None)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return (first, second) if first < second else None


def say_time_of_day(when: datetime, zone: ZoneInfo, *, form: str = "%H:%M") -> str:
    """Return a local time of day: "02:34"; in an hour that comes twice with the zone's name then: "02:34 CEST"."""
    local = when.astimezone(zone)
    name = f" {zone_name(local)}" if comes_twice(when, zone) else ""
    return f"{local:{form}}{name}"


def zone_name(local: datetime) -> str:
    """Return what a zone is called at an aware time: "CEST"; "UTC-03" where it has a number and no name."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def possible_times(shown: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the times, in the zone, that a clock's showing can mean, the earlier first.

    shown     what the clock showed, without a zone
    returns   one time; two where the clocks go back and show it twice; two where they go forward and never show it: by
              a clock that was put forward too early, and by one that was not yet put forward
    """
    first, second = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return [first]
    return [when.astimezone(zone) for when in sorted(one.astimezone(UTC) for one in (first, second))]


# ---------------------------------------------------------------- days of a place

_ENDS = (
    timedelta(0),
    timedelta(seconds=1),
    timedelta(minutes=1),
)  # the end of a day, or the last second or minute of it


def zone_of_days(low: datetime, high: datetime, zones: Iterable[ZoneInfo]) -> ZoneInfo | None:
    """Return the first zone in which two bounds are the beginning of a day and the end of one; None where none is."""
    return next((zone for zone in zones if is_midnight(low, zone) and is_end_of_day(high, zone)), None)


def is_end_of_day(when: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a time is the midnight that ends a day in a zone, or the last second or minute before it."""
    return any(is_midnight(when + more, zone) for more in _ENDS)


def say_place_of_date(zone: ZoneInfo, *, many: bool = False) -> str:
    """Return whose date is meant: "Tokyo date"; of several days "Tokyo dates"."""
    return f"{zone.key.rpartition('/')[2].replace('_', ' ')} date{'s' if many else ''}"


def is_midnight(when: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a zone's clock shows midnight."""
    local = when.astimezone(zone)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
