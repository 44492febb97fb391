"""What people call the hours of an occasion: "that night", "that morning", "that day"."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hotwash.model.incident import Bundle

_NIGHT_FROM, _NIGHT_TO = 20, 6  # local hours, as airports count quiet hours: 22 to 6, and the dusk before them
_PARTS = (("morning", 4, 12), ("afternoon", 12, 18), ("evening", 17, 22))
_DAY = timedelta(days=1)
_STEP = timedelta(minutes=15)


def say_that_night(bundle: Bundle, occasion_id: str | None = None) -> str:
    """Return how a sentence names the time of an occasion, or of the whole incident: "that night", "that morning".

    occasion_id   where it has both times of its own, they are taken; else the incident's window
    """
    start, end = bundle.brief.start_utc, bundle.brief.end_utc
    if occasion_id is not None:
        for row in bundle.occasions.filter(occasion_id=occasion_id).iter_rows(named=True):
            if row["utc_low"] is not None and row["utc_high"] is not None:
                start, end = row["utc_low"], row["utc_high"]
    return f"that {part_of_day(start, end, ZoneInfo(bundle.brief.zone))}"


@lru_cache(maxsize=256)
def part_of_day(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return what a span of time is called on the clock of a zone.

    returns   "night" where at least half of it lies between 20 and 6 o'clock; "morning", "afternoon" or "evening" where
              all of it does; else "day", and "time" for more than a day
    """
    if end - start > _DAY:
        return "time"
    steps = max(1, -(-(end - start) // _STEP))
    hours = [_clock_hours(start + (place + 0.5) * (end - start) / steps, zone) for place in range(steps)]
    if sum(hour >= _NIGHT_FROM or hour < _NIGHT_TO for hour in hours) * 2 >= steps:
        return "night"
    return next((name for name, low, high in _PARTS if all(low <= hour < high for hour in hours)), "day")


def _clock_hours(when: datetime, zone: ZoneInfo) -> float:
    local = when.astimezone(zone)
    return local.hour + local.minute / 60.0
