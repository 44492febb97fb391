"""Moments as sentences say them: in the incident's own zone, with the date only where the time of day is not enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotwash.course.local_times import say_place_of_date, say_time_of_day, zone_of_days
from hotwash.course.tellings import REST_OF_A_MINUTE

ONE_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1, minutes=1)
ALMOST_A_DAY = timedelta(
    hours=22, minutes=59
)  # a bare date runs to the end of its day, and the clocks' change may take an hour
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def zone(name: str) -> ZoneInfo:
    """Return the display zone; UTC where the name is not known here."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def zones_of(names: Iterable[str | None]) -> tuple[ZoneInfo, ...]:
    """Return the zones that some sources declare, each once, in their order."""
    return tuple(dict.fromkeys(zone(name) for name in names if name))


def is_whole_days(low: datetime, high: datetime) -> bool:
    """Tell whether two bounds are the beginning and the end of days in some zone.

    A bare date of a source in another zone begins at 01:00 here, or at 23:00; what gives it away is that the span
    lasts whole days, up to the hour that the clocks' change takes, from a full quarter of an hour to another.
    """
    span = high - low + timedelta(seconds=1)
    off = min(span % ONE_DAY, ONE_DAY - span % ONE_DAY)
    return span >= ALMOST_A_DAY and low.minute % 15 == 0 and low.second == 0 and off <= AN_HOUR and _on_quarter(high)


def nearest_day(when: datetime, at: ZoneInfo) -> datetime:
    """Return the day that begins at the local midnight nearest to a moment."""
    return (when.astimezone(at).replace(tzinfo=None) + ONE_DAY / 2).replace(hour=0, minute=0, second=0, microsecond=0)


def find_days(
    low: datetime, high: datetime, at: ZoneInfo, *, abroad: Sequence[ZoneInfo] = ()
) -> tuple[datetime, datetime, str]:
    """Return the first and the last of some whole days, and whose they are: " (Tokyo date)"; "" of those here.

    at       the zone in which days are said, unless the bounds are days of another only
    abroad   zones that dates may be of, the likeliest first
    """
    own = zone_of_days(low, high, (at, *abroad)) or at
    first = nearest_day(low, own)
    last = max(nearest_day(high, own) - ONE_DAY, first)
    return first, last, "" if own == at else f" ({say_place_of_date(own, many=first != last)})"


def _on_quarter(when: datetime) -> bool:
    """Tell whether a moment is a full quarter of an hour, or the last second or minute before one."""
    nexts = (when + timedelta(seconds=add) for add in (0, 1, 60))
    return any(next_.minute % 15 == 0 and next_.second == 0 for next_ in nexts)


def round_up_minute(when: datetime) -> datetime:
    """Return a latest time in whole minutes, rounded outward: what was before 21:51:30 was not surely before 21:51.

    The last second of a minute is how "by the end of 21:51" is written, and stays in it.
    """
    rest = when.second + when.microsecond / 1e6
    return when if rest == 0.0 or rest >= 60.0 * REST_OF_A_MINUTE else when + timedelta(seconds=60.0 - rest)


def _last_minute(low: datetime, high: datetime) -> datetime:
    """Return the upper of two bounds rounded outward; what lies within one minute is that minute."""
    is_one = low.replace(second=0, microsecond=0) == high.replace(second=0, microsecond=0)
    return high if is_one else round_up_minute(high)


@dataclass(frozen=True, slots=True)
class Clock:
    """How the moments of one incident are said.

    at            the zone in which they are said
    year          the year that needs no mention
    first, last   the span, of a day at most, in which a time of day needs no date; None: every time has its date
    abroad        other zones whose bare dates are whole days there: "on 3 May (Tokyo date)"
    """

    at: ZoneInfo
    year: int
    first: datetime | None = None
    last: datetime | None = None
    abroad: tuple[ZoneInfo, ...] = ()

    def date(self, when: datetime) -> str:
        """Return a date: "20 March", with its year where that is another than the incident's."""
        here = when.astimezone(self.at)
        return f"{here.day} {MONTHS[here.month - 1]}{'' if here.year == self.year else f' {here.year}'}"

    def moment(self, when: datetime, *, beside: datetime | None = None, other: datetime | None = None) -> str:
        """Return a moment: "20:26", or "13 May 00:20" where the date is needed.

        beside   a moment said just before, whose date holds on
        other    one that is said with it: where that needs its date, both do
        """
        here, time = when.astimezone(self.at), say_time_of_day(when, self.at)
        is_same_day = beside is not None and beside.astimezone(self.at).date() == here.date()
        is_clear = self._is_clear(when) and (other is None or self._is_clear(other))
        return time if is_same_day or is_clear else f"{self.date(when)} {time}"

    def bounds(self, low: datetime | None, high: datetime | None, *, beside: datetime | None = None) -> str:
        """Return two bounds: "20:26", "00:20–00:30", "no later than 00:30", "12 May"."""
        if low is None or high is None:
            return self._one_side(low, high, beside=beside)
        if is_whole_days(low, high):
            return self._days(low, high)
        until = _last_minute(low, high)
        first, last = self.moment(low, beside=beside, other=until), self.moment(until, beside=low, other=low)
        return first if first == last or low == high else f"{first}–{last}"

    def _one_side(self, low: datetime | None, high: datetime | None, *, beside: datetime | None = None) -> str:
        bound = low or high
        if bound is None:
            return "a time that nobody tells"
        if low is None:
            bound = round_up_minute(bound)
            if self._is_day_end(bound):
                return f"by {self._day_end(bound)}"
        return f"no {'later' if low is None else 'earlier'} than {self.moment(bound, beside=beside)}"

    def _is_day_end(self, when: datetime) -> bool:
        """Tell whether a bound is the midnight that closes a day: people say the day, and not the hour after it."""
        here = when.astimezone(self.at)
        return (here.hour, here.minute, here.second) == (0, 0, 0)

    def _day_end(self, when: datetime) -> str:
        return f"the end of {self.date(when - timedelta(seconds=1))}"

    def when(self, low: datetime | None, high: datetime | None) -> str:
        """Return two bounds with their preposition: "at 20:26 on 12 May", "between 20:25 and 20:35", "on 12 May"."""
        if low is None or high is None:
            return self._one_side(low, high) if low or high else "at a time that nobody tells"
        if is_whole_days(low, high):
            days = self._days(low, high)
            return f"from {days}" if " to " in days else f"on {days}"
        until = _last_minute(low, high)
        first, last = self.moment(low, other=until), self.moment(until, other=low)
        date = f"{self.date(low)} "
        if first == last:
            return f"at {first.removeprefix(date)} on {date.strip()}" if first.startswith(date) else f"at {first}"
        if first.startswith(date) and last.startswith(date):
            return f"between {first.removeprefix(date)} and {last.removeprefix(date)} on {date.strip()}"
        return f"between {first} and {last}"

    def span(self, begin: tuple[datetime | None, datetime | None], end: tuple[datetime | None, datetime | None]) -> str:
        """Return a stretch of time by the bounds of its beginning and of its end: "20:26 to 00:20–00:30"."""
        has_begin, has_end = any(begin), any(end)
        if not has_begin and not has_end:
            return "at a time that nobody tells"
        if not has_end:
            return f"from {self._end(*begin)}"
        if not has_begin:
            return f"until {self._end(*end)}"
        begun, ended = begin[1] or begin[0], end[1] or end[0]
        first, last = self._end(*begin, other=ended), self._end(*end, beside=begun, other=begun)
        return f"{'' if all(begin) else 'from '}{first} to {last}"

    def _end(
        self,
        low: datetime | None,
        high: datetime | None,
        *,
        beside: datetime | None = None,
        other: datetime | None = None,
    ) -> str:
        """Return one end of a stretch; an open side in words: "07:25 or earlier"."""
        if low is not None and low == high:
            return self.moment(low, beside=beside, other=other)
        bound = low or high
        if bound is None or (low is not None and high is not None):
            return self.bounds(low, high, beside=beside)
        if low is None:
            bound = round_up_minute(bound)
        is_day_end = low is None and self._is_day_end(bound)
        said = self._day_end(bound) if is_day_end else self.moment(bound, beside=beside, other=other)
        return f"{said} or {'earlier' if low is None else 'later'}"

    def _days(self, low: datetime, high: datetime) -> str:
        first, last, place = find_days(low, high, self.at, abroad=self.abroad)
        days = [self.date(day.replace(tzinfo=self.at)) for day in (first, last)]
        return f"{days[0] if first == last else ' to '.join(days)}{place}"

    def _is_clear(self, when: datetime) -> bool:
        return self.first is not None and self.last is not None and self.first <= when < self.last


def make_clock(
    name: str, start_utc: datetime, end_utc: datetime, moments: list[datetime], *, abroad: tuple[ZoneInfo, ...] = ()
) -> Clock:
    """Return the clock of an incident.

    name                 the display zone, an IANA name
    start_utc, end_utc   the window: where it is of a day at most, no time in it needs a date
    moments              when the incident's states changed: where they lie within a day, that day is meant
    abroad               the zones that its sources declare
    """
    at = zone(name)
    year = start_utc.astimezone(at).year
    if end_utc - start_utc <= ONE_DAY:
        return Clock(at, year, start_utc, end_utc, abroad)
    if not moments or max(moments) - min(moments) >= ONE_DAY:
        return Clock(at, year, abroad=abroad)
    margin = (ONE_DAY - (max(moments) - min(moments))) / 2
    return Clock(at, year, min(moments) - margin, max(moments) + margin, abroad)
