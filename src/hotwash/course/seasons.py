"""Summer time for standard time: a clock that is printed with the name of the other half of the year.

"20:26 EDT" on a day in January ─▶ New York shows EST then ─▶ 20:26 EST is 01:26 UTC, an hour from what is printed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotwash.course.local_times import zone_name
from hotwash.course.printed_times import SUMMER, WINTER, Printed, offset_min

# Standard name, summer name, and a zone that has both. A standard name alone is none of them: some places keep it all
# year. GMT is taken for UTC, whatever the season.
_PAIRS = (
    ("GMT", "BST", "Europe/London"),
    ("WET", "WEST", "Europe/Lisbon"),
    ("CET", "CEST", "Europe/Berlin"),
    ("EET", "EEST", "Europe/Kyiv"),
    ("EST", "EDT", "America/New_York"),
    ("CST", "CDT", "America/Chicago"),
    ("MST", "MDT", "America/Denver"),
    ("PST", "PDT", "America/Los_Angeles"),
    ("AEST", "AEDT", "Australia/Sydney"),
    ("NZST", "NZDT", "Pacific/Auckland"),
)
_NEVER_A_SLIP = ("GMT", "UTC", "Z")
_SAME_NAMES = {
    "MEZ": "CET", "MESZ": "CEST", "OEZ": "EET", "OESZ": "EEST", "British Summer Time": "BST",
    "Central European Time": "CET", "Mitteleuropäische Zeit": "CET", "mitteleuropäischer Zeit": "CET",
    "Central European Summer Time": "CEST", "Mitteleuropäische Sommerzeit": "CEST",
    "mitteleuropäischer Sommerzeit": "CEST", "Eastern European Time": "EET", "Eastern European Summer Time": "EEST",
    "Eastern Daylight Time": "EDT", "Eastern Standard Time": "EST", "Central Daylight Time": "CDT",
    "Central Standard Time": "CST", "Pacific Daylight Time": "PDT", "Pacific Standard Time": "PST",
}  # fmt: skip
_SEASONS = {**{name: WINTER for name, _, _ in _PAIRS}, **{name: SUMMER for _, name, _ in _PAIRS}}
_ZONES = {name: ZoneInfo(zone) for *names, zone in _PAIRS for name in names}
_AN_HOUR = timedelta(hours=1)  # so near to the change of clocks either name may be printed
_A_DAY = timedelta(days=1)  # by the next day a clock that was not changed is noticed


@dataclass(frozen=True, slots=True)
class SeasonSlip:
    """A clock printed with the other half of the year than its place had then.

    season   what is printed, SUMMER or WINTER
    zone     whose clocks are meant
    right    what they showed: "EST"
    meant    the offset that is printed [min]
    actual   the offset that they had [min]
    """

    season: str
    zone: ZoneInfo
    right: str
    meant: int
    actual: int


def find_slip(printed: Printed, zones: Sequence[ZoneInfo], when: datetime) -> SeasonSlip | None:
    """Return how a printed clock is of the wrong half of the year; None where it is not, or nothing tells.

    zones   those that clocks may be in, the likeliest first
    when    about when it was
    """
    name = season_name(printed)
    season = _SEASONS.get(name) or (printed.clocks[0].pass_ if printed.clocks else "")
    if season not in (SUMMER, WINTER) or name in _NEVER_A_SLIP:
        return None
    for zone in _zones_with(name, season, zones, when) if name else zones:
        year = _offsets_of_year(zone, when)
        meant = max(year) if season == SUMMER else min(year)
        near = {offset_min(zone, when + step) for step in (-_AN_HOUR, timedelta(0), _AN_HOUR)}
        if len(year) > 1:
            actual, right = offset_min(zone, when), zone_name(when.astimezone(zone))
            return None if meant in near else SeasonSlip(season, zone, right, meant, actual)
    return None


def season_name(printed: Printed) -> str:
    """Return the name of summer or standard time that is printed with a clock, as English abbreviates it; or ""."""
    name = _SAME_NAMES.get(printed.word, printed.word)
    return name if name in _SEASONS else ""


def find_season_pair(some: Iterable[Printed], others: Iterable[Printed]) -> tuple[str, str, ZoneInfo] | None:
    """Return summer and standard name of one place where one of two tellings prints each; None where they do not."""
    names, more = ({season_name(one) for one in each} - {""} for each in (some, others))
    for standard, summer, zone in _PAIRS:
        if (standard in names and summer in more) or (summer in names and standard in more):
            return summer, standard, ZoneInfo(zone)
    return None


def change_near(zone: ZoneInfo, when: datetime) -> int:
    """Return by how much a zone's clocks change within a day of a time [min]; 0 where they do not."""
    return abs(offset_min(zone, when + _A_DAY) - offset_min(zone, when - _A_DAY))


def _zones_with(name: str, season: str, zones: Iterable[ZoneInfo], when: datetime) -> list[ZoneInfo]:
    """Return the zones that have a name in one half of the year; of summer time, a place that has it anyway."""
    own = [zone for zone in zones if name in {zone_name(one.astimezone(zone)) for one in _halves(when)}]
    return own or ([_ZONES[name]] if season == SUMMER else [])


def _offsets_of_year(zone: ZoneInfo, when: datetime) -> set[int]:
    return {offset_min(zone, one) for one in _halves(when)}


def _halves(when: datetime) -> tuple[datetime, datetime]:
    return when.replace(month=1, day=1), when.replace(month=7, day=1)
