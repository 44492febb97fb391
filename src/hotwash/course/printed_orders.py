"""Words of a source that do not fit: two printed clocks, a weekday and its date, an hour that comes twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.course.calendar_words import (
    MAY_BE_WEEKDAY,
    WEEKDAY_NAMES,
    days_between,
    find_dates,
    find_weekday_dates,
    find_weekdays,
)
from hotwash.course.clock_faults import is_about_clock, read_clock_fault
from hotwash.course.dossier import Dossier, DossierRow, frames_of, is_bare_date, remark, say_day, say_list, say_time
from hotwash.course.local_times import comes_twice, zone_name
from hotwash.course.printed_times import (
    LOCAL,
    SUMMER,
    Clock,
    Printed,
    apart_min,
    parse_clocks,
    read_by_zones,
    say_clock,
    utc_minutes,
)
from hotwash.course.seasons import find_slip

Remark = dict[str, object]

_MINUTE = 1  # two clocks of one moment differ by whole quarters of an hour, or by the rounding of a minute
_LOOSE_MIN = 10  # "about 8:20 p.m." may be 20:22
_DAY = timedelta(days=1)
# The columns in which a row gives times: those that a printed time may be of.
_TIMES = {
    "events": ("start_utc", "end_utc", "utc_low", "utc_high", "counted_utc"),
    "sightings": ("utc_low", "utc_high"),
    "claims": ("at_utc_low", "at_utc_high", "counted_utc", "said_utc_low", "said_utc_high"),
}
_SPANS = (("utc_low", "utc_high"), ("said_utc_low", "said_utc_high"), ("at_utc_low", "at_utc_high"))
_WORDS = {"events": "text", "sightings": "seen", "claims": "summary", "finds": "what"}


def find_printed_orders(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each row whose `printed_time` or words do not fit themselves or its own time."""
    unread: dict[str, list[DossierRow]] = {}
    for entry in dossier.all_entries:
        printed = entry.row.get("printed_time")
        if printed:
            clocks = _read_clocks(dossier, entry, printed)
            for name in dict.fromkeys(one.unread for one in clocks if one.unread):
                unread.setdefault(name, []).append(entry)
            yield from _of_printed(dossier, entry, printed, [one for one in clocks if not one.unread])
    yield from (_zone_unread(name, entries) for name, entries in unread.items())
    yield from _of_weekdays(dossier)


def _read_clocks(dossier: Dossier, entry: DossierRow, printed: str) -> list[Printed]:
    """Return the printed clocks; one of several zones by the row's own, then the bundle's."""
    own, others = _zones(dossier, entry, Printed(())), dossier.zones
    found = []
    for one in parse_clocks(printed):
        read = read_by_zones(one, own, _about(dossier, entry))
        found.append(read_by_zones(read, others, _about(dossier, entry)))
    return found


def _about(dossier: Dossier, entry: DossierRow) -> datetime:
    times = _times(dossier, entry)
    return times[0] if times else entry.row["known_utc"] or dossier.bundle.brief.start_utc


def _zone_unread(name: str, entries: Sequence[DossierRow]) -> Remark:
    """Return the remark on an abbreviation beside clocks that is no zone known here; those clocks are not compared."""
    listed = say_list([entry.name for entry in entries])
    text = (
        f'"{name}", printed beside a clock, is not known here as one zone ({listed}): these clocks were not compared.'
    )
    advice = "Declare the zone of the source, or print the offset: 19:31 (UTC+7)."
    others = [entry.place for entry in entries[1:]]
    return remark("zone_unread", entries[0], text, advice, column="printed_time", rows=others)


def _of_printed(dossier: Dossier, entry: DossierRow, printed: str, clocks: Sequence[Printed]) -> Iterator[Remark]:
    """Yield at most one remark on clocks and days, and one on an hour that comes twice."""
    times, when = _times(dossier, entry), _about(dossier, entry)
    if is_about_clock(entry.row.get("note")):
        return  # the analyst has looked at it, and says so
    found = _other_season(dossier, entry, clocks, times)
    found = found or _two_clocks(dossier, entry, clocks, times or [when]) or _own_clock(dossier, entry, clocks, times)
    if found is None and times:
        found = _own_day(dossier, entry, printed, times) or _own_weekday(dossier, entry, printed, times)
    if found is not None:
        yield found
    elif times and (twice := _printed_twice(dossier, entry, clocks, times)) is not None:
        yield twice


def _times(dossier: Dossier, entry: DossierRow) -> list[datetime]:
    """Return the times that a row gives, those of which it speaks before that when it was said; of a time, its value.

    The clocks may have changed between: "21:10", said on Monday of Saturday evening, is a clock of Saturday.
    """
    row = entry.row
    found = [when for when in _values(dossier, entry) if when is not None]
    return [*found, *(row[name] for name in _TIMES.get(entry.table, ()) if row[name] is not None)]


def _values(dossier: Dossier, entry: DossierRow) -> tuple[datetime | None, datetime | None]:
    """Return the times that a claim on a time answers with: its value, and the upper one of `between`."""
    if entry.table != "claims" or dossier.questions[entry.row["question_id"]]["kind"] != "time":
        return None, None
    return _moment(entry.row["value"]), _moment(entry.row["value_high"])


def _moment(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value or "")
    except ValueError:
        return None


def _zones(dossier: Dossier, entry: DossierRow, printed: Printed) -> tuple[ZoneInfo, ...]:
    """Return the zones that clocks may be in: the one they print, else that of their source or of the incident."""
    if printed.zone == LOCAL:
        return (dossier.zone,)
    if printed.zone:
        return (ZoneInfo(printed.zone),)
    own = dossier.source_zone(entry)
    return (dossier.zone,) if own is None or own == dossier.zone else (own, dossier.zone)


# ---------------------------------------------------------------- clocks


def _two_clocks(
    dossier: Dossier, entry: DossierRow, clocks: Sequence[Printed], times: Sequence[datetime]
) -> Remark | None:
    """Return the remark on two printed clocks that are not one moment on any day of the row."""
    for first, second in combinations(clocks, 2):
        is_pair = (first.has_zone or second.has_zone) and len(first.clocks) == len(second.clocks)
        if not is_pair or (first.zone, first.offset) == (second.zone, second.offset):
            continue
        read = [
            [list(utc_minutes(one, _zones(dossier, entry, one), when)) for one in (first, second)] for when in times
        ]
        gaps = [
            apart_min(a, b) for ones, others in read for some in ones for a in some for more in others for b in more
        ]
        ones, others = read[0]
        if min(gaps) > _tolerance(first.clocks[0], second.clocks[0]):
            text = (
                f'"{first.text}" is {say_clock(ones[0][0])} UTC, and "{second.text}" is {say_clock(others[0][0])} UTC.'
            )
            advice = "One of the two printed clocks is wrong: look at the source, and say in note which one you used."
            return remark(
                "clocks_differ", entry, f"The printed clocks do not fit: {text}", advice, column="printed_time"
            )
    return None


def _other_season(
    dossier: Dossier, entry: DossierRow, clocks: Sequence[Printed], times: Sequence[datetime]
) -> Remark | None:
    """Return the remark on a clock of the row that is printed in summer time in winter, or the other way round."""
    for printed in clocks:
        zones = _zones(dossier, entry, printed)
        slips = [] if not times else [find_slip(printed, zones, when) for when in times]
        slip = slips[0] if slips and all(slips) else None  # a row on both sides of the change may mean either
        if slip is None:
            continue
        meant = [_nearest(printed.clocks[0], offset, times) for offset in (slip.actual, slip.meant)]
        if not any(_is_of_row(entry, minute, times, printed.clocks[0]) for minute in meant):
            continue
        clock, day = say_clock(meant[0] + slip.actual), say_day(times[0].astimezone(slip.zone))
        was = "summer" if slip.season == SUMMER else "standard"
        text = (
            f'"{printed.text}" is {was} time, but on {day} the clocks in {slip.zone.key} show {slip.right}: {clock} '
            f"{slip.right} is {say_clock(meant[0])} UTC; as printed it would be {say_clock(meant[1])} UTC."
        )
        advice = (
            f"Find out which is meant. If it is the clock of the place, the row should give {say_clock(meant[0])} UTC; "
            "if it is the time as printed, say so in note."
        )
        return remark("clocks_differ", entry, text, advice, column="printed_time")
    return None


def _nearest(clock: Clock, offset: int, times: Sequence[datetime]) -> int:
    """Return the minute of the UTC day that a clock of an offset means, of two halves of the day the nearer one."""
    minutes = [(minute - offset) % 1440 for minute in clock.minutes]
    return min(minutes, key=lambda one: min(apart_min(one, _minute(when)) for when in times))


def _is_of_row(entry: DossierRow, minute: int, times: Sequence[datetime], clock: Clock) -> bool:
    """Tell whether a minute of the UTC day is a time of a row, or lies in one of its spans."""
    spans = [(entry.row.get(low), entry.row.get(high)) for low, high in _SPANS]
    is_near = any(apart_min(minute, _minute(when)) <= _tolerance(clock) for when in times)
    return is_near or any(_holds(minute, low, high) for low, high in spans)


def _tolerance(*clocks: Clock) -> int:
    return _LOOSE_MIN if any(one.is_loose for one in clocks) else _MINUTE


def _own_clock(
    dossier: Dossier, entry: DossierRow, clocks: Sequence[Printed], times: Sequence[datetime]
) -> Remark | None:
    """Return the remark on a printed clock that is none of the row's own times, and in none of its spans."""
    spans = [(entry.row.get(low), entry.row.get(high)) for low, high in _SPANS]
    fault = read_clock_fault(entry.row["printed_time"]) or 0  # of a clock that the cell itself says was wrong
    for printed in clocks:
        first = printed.clocks[0]
        if not times or first.is_loose:
            continue
        by_day = {when: _minutes_of_day(dossier, entry, printed, when, fault=fault) for when in times}
        is_near = any(apart_min(one, _minute(when)) <= _MINUTE for when, shown in by_day.items() for one in shown)
        is_inside = any(
            _holds(one, low, high)
            for low, high in spans
            if (end := low or high) is not None
            for one in by_day.get(end, ())
        )
        if is_near or is_inside:
            continue
        minutes = by_day[times[0]]
        nearest = sorted(set(times), key=lambda one: abs(apart_min(minutes[0], _minute(one))))[0]
        text = (
            f'The printed clock "{printed.text}" is {say_clock(minutes[0])} UTC; the nearest time of the row is '
            f"{_minute_words(nearest)} UTC ({say_time(nearest, dossier.zone)}, {dossier.zone.key})."
        )
        advice = "Correct the time of the row, or printed_time; is the zone of its source right?"
        return remark("clocks_differ", entry, text, advice, column="printed_time")
    return None


def _minutes_of_day(dossier: Dossier, entry: DossierRow, printed: Printed, when: datetime, *, fault: int) -> list[int]:
    """Return the minutes of the UTC day that a printed clock may mean, as clocks show it on the day of a time."""
    shown = [one for some in utc_minutes(printed, _zones(dossier, entry, printed), when) for one in some]
    return [*((one - fault) % 1440 for one in shown), *(shown if fault else [])]


def _minute(when: datetime) -> int:
    return int(when.timestamp() // 60) % 1440


def _minute_words(when: datetime) -> str:
    return say_clock(_minute(when))


def _holds(minute: int, low: datetime | None, high: datetime | None) -> bool:
    """Tell whether a span holds a minute of the day; one that is open at an end may."""
    if low is None and high is None:
        return False
    if low is None or high is None or high - low >= _DAY:
        return True
    return (minute - _minute(low)) % 1440 <= (high - low).total_seconds() / 60.0 + _MINUTE


# ---------------------------------------------------------------- days


def _own_day(dossier: Dossier, entry: DossierRow, printed: str, times: Sequence[datetime]) -> Remark | None:
    """Return the remark on a printed date on which none of the row's times lies."""
    days = _days(dossier, entry, printed, times)
    for words in find_dates(printed, min(days)):
        if not any(min(days) <= day <= max(days) for day in words.days):
            text = f'The printed date "{words.text}" is not that of the row, {_say_days(days)}.'
            advice = "Correct the time of the row, or printed_time."
            return remark("clocks_differ", entry, text, advice, column="printed_time")
    return None


def _own_weekday(dossier: Dossier, entry: DossierRow, printed: str, times: Sequence[datetime]) -> Remark | None:
    """Return the remark on printed weekdays of which none is the row's, where no date stands beside them."""
    weekdays = find_weekdays(printed)
    days = _days(dossier, entry, printed, times)
    if not weekdays or any(True for _ in find_dates(printed, min(days))):
        return None
    if {day.weekday() for day in days_between(min(days), max(days))} & set(weekdays):
        return None
    text = f"{WEEKDAY_NAMES[weekdays[0]]} is printed; the row's own day is {_say_days(days)}."
    advice = "Correct the time of the row, or printed_time."
    return remark("weekday", entry, text, advice, column="printed_time")


def _days(dossier: Dossier, entry: DossierRow, printed: str, times: Sequence[datetime]) -> set[date]:
    """Return the days of a row's times, in the zones in which its source may print them."""
    zones = {dossier.zone, *_zones(dossier, entry, Printed(()))}
    for one in parse_clocks(printed):
        zones |= set(_zones(dossier, entry, one))
    return {_day(when, zone) for when in times for zone in zones}


def _day(when: datetime, zone: ZoneInfo) -> date:
    """Return the day of a time; the midnight that stands for the end of a day belongs to that day."""
    local = when.astimezone(zone)
    return local.date()


def _say_days(days: set[date]) -> str:
    named = [f"{WEEKDAY_NAMES[day.weekday()]} {say_day(day)}" for day in sorted(days)]
    return named[0] if len(named) == 1 else f"{named[0]} to {named[-1]}"


def _of_weekdays(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each weekday in a row's words that is not that of the date beside it."""
    for table, rows in frames_of(dossier.bundle).items():
        for column in ("printed_time", _WORDS[table], "note"):
            if column not in rows.columns:
                continue
            words = rows.select(column).with_row_index("place").filter(pl.col(column).str.contains(MAY_BE_WEEKDAY))
            for place, text in words.iter_rows():
                yield from _of_words(dossier, dossier.entries[table][place], column, text)


def _of_words(dossier: Dossier, entry: DossierRow, column: str, words: str) -> Iterator[Remark]:
    near = entry.low or entry.high or entry.row["known_utc"]
    day = None if near is None else near.astimezone(dossier.zone).date()
    for one in find_weekday_dates(words, day):
        if not one.fits:
            right = WEEKDAY_NAMES[one.days[0].weekday()]
            text = f'"{one.text}": {say_day(one.days[0])} is a {right}.'
            advice = "Correct the weekday or the date; where the source prints it so, look for its right day."
            yield remark("weekday", entry, text, advice, column=column)


# ---------------------------------------------------------------- hours that come twice


def _printed_twice(
    dossier: Dossier, entry: DossierRow, clocks: Sequence[Printed], times: Sequence[datetime]
) -> Remark | None:
    """Return the remark on a printed clock that the change of clocks repeats, where nothing printed tells which it is.

    A row whose bounds hold both is in order.
    """
    if any(one.offset is not None or any(clock.pass_ for clock in one.clocks) for one in clocks):
        return None
    for printed in clocks:
        for zone in _zones(dossier, entry, printed):
            for when in times:
                both = comes_twice(when, zone)
                local = when.astimezone(zone)
                if both and local.hour * 60 + local.minute in printed.clocks[0].minutes:
                    return None if _holds_both(dossier, entry, both) else _twice(entry, printed, both, zone)
    return None


def _twice(entry: DossierRow, printed: Printed, both: tuple[datetime, datetime], zone: ZoneInfo) -> Remark:
    text = (
        f'"{printed.text}" comes twice on {say_day(both[0].astimezone(zone))} in {zone.key}, when the clocks go back: '
        f"at {both[0]:%H:%M} and at {both[1]:%H:%M} UTC."
    )
    first, second = (zone_name(one.astimezone(zone)) for one in both)
    advice = (
        f"Find out which of the two was meant and print its zone beside it, {first} or {second}; until then let "
        f"{_bounds_of(entry)} hold both."
    )
    return remark("clock_repeated", entry, text, advice, column="printed_time")


def _bounds_of(entry: DossierRow) -> str:
    """Return the columns that bound the time of a row."""
    return "value and value_high, with `between`," if entry.table == "claims" else "utc_low and utc_high"


def _holds_both(dossier: Dossier, entry: DossierRow, both: tuple[datetime, datetime]) -> bool:
    """Tell whether bounds of a row hold both times of an hour that comes twice."""
    return any(
        low is not None and high is not None and low <= both[0] and both[1] <= high
        for low, high in (*((entry.row.get(low), entry.row.get(high)) for low, high in _SPANS), _values(dossier, entry))
    )


def find_repeated_hours(dossier: Dossier) -> Iterator[Remark]:
    """Yield one remark on the sources with times in an hour that comes twice, and whose printed words are not given.

    A row whose bounds hold both is in order.
    """
    found: list[tuple[DossierRow, tuple[datetime, datetime], datetime, ZoneInfo]] = []
    for entry in dossier.all_entries:
        zone = dossier.source_zone(entry)
        if zone is None or entry.row.get("printed_time") or entry.table == "finds":
            continue
        for when in _times(dossier, entry):
            both = None if is_bare_date(when, zone) else comes_twice(when, zone)
            if both is not None and not _holds_both(dossier, entry, both):
                found.append((entry, both, when, zone))
                break
    if not found:
        return
    entry, both, when, zone = found[0]
    text = (
        f"{say_list([one.name for one, *_ in found])}: the clocks in {zone.key} show {when.astimezone(zone):%H:%M} "
        f"twice on {say_day(both[0].astimezone(zone))}, at {both[0]:%H:%M} and at {both[1]:%H:%M} UTC."
    )
    first, second = (zone_name(one.astimezone(zone)) for one in both)
    advice = (
        f"Write in printed_time what the source prints, with its zone ({first} or {second}); where it prints none, let "
        f"{_bounds_of(entry)} hold both."
    )
    rows = [one.place for one, *_ in found]
    yield remark("clock_repeated", ("sources", entry.sources[0]), text, advice, rows=rows)
