"""Numbers of a workbook as Excel shows them: dates are numbers with a format, and so are shares.

Source: ECMA-376 part 1, 18.8.30 (number formats) and 18.17.4 (dates as serial numbers).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETED = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]")  # colours and conditions, but not [h]: hours beyond 24
_HALF_DAYS = re.compile(r"am/pm|a/p")
# Formats that a workbook need not spell out. Those of East Asia (27 to 36, 50 to 58) are dates too.
_BUILT_IN = {
    9: "0%", 10: "0.00%", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), *range(34, 37), *range(50, 59)), "yyyy-mm-dd"),
    32: "h:mm", 33: "h:mm:ss",
}  # fmt: skip

_LONGEST_CODE = 255  # Excel takes no longer one
_MIDNIGHT = timedelta(days=1)
_SHOWN_DIGITS = 15  # Excel keeps 17 digits of a number and shows 15
_FIRST_YEAR, _LAST_YEAR = 1970, 2100  # of a number that may be a date although no format says so


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What the format of a cell makes of its number.

    has_date, has_clock   whether it shows a day, a time of day
    is_percent            whether it shows a share as a percentage
    digits                how many digits at least: 007
    """

    has_date: bool = False
    has_clock: bool = False
    is_percent: bool = False
    digits: int = 0


@lru_cache(maxsize=1024)
def read_format(code: str) -> NumberFormat:
    """Return what a format's code says."""
    plain = _BRACKETED.sub("", _QUOTED.sub("", code[:_LONGEST_CODE].partition(";")[0].lower()))
    if plain.strip() in ("", "general", "@"):
        return NumberFormat()
    has_half_days = bool(_HALF_DAYS.search(plain))
    plain = _HALF_DAYS.sub("", plain)
    has_clock = has_half_days or "h" in plain or "s" in plain
    has_date = "y" in plain or "d" in plain or ("m" in plain and not has_clock)
    digits = len(plain) if set(plain) == {"0"} else 0
    return NumberFormat(has_date, has_clock, "%" in plain, digits)


def format_of(format_id: int, codes: dict[int, str]) -> NumberFormat:
    """Return the format of a number by its id; the workbook's own codes come before those that are built in."""
    return read_format(codes.get(format_id) or _BUILT_IN.get(format_id, "General"))


def show_number(number: float) -> str:
    """Return a number as Excel shows it with the format General: 1.0 is "1", 0.1 + 0.2 is "0.3"."""
    if math.isfinite(number) and number == int(number) and abs(number) < 10.0**_SHOWN_DIGITS:
        return str(int(number))
    return f"{number:.{_SHOWN_DIGITS}g}"


def moment_of(serial: float, *, is_1904: bool) -> datetime | None:
    """Return the time that a serial number stands for, to the millisecond; None where Excel has none for it.

    is_1904   whether the workbook counts days from 1904-01-01, as Excel for Macintosh did, and not from 1900
    """
    if is_1904:
        first, day = datetime(1904, 1, 1), serial  # noqa: DTZ001 - a cell has no zone
    else:
        if 60.0 <= serial < 61.0:
            return None  # 29 February 1900, which Excel counts and the calendar does not have
        first, day = datetime(1899, 12, 30), serial + (1.0 if serial < 60.0 else 0.0)  # noqa: DTZ001
    if not 0.0 <= serial < 2_958_466.0:  # 9999-12-31 is the last day
        return None
    try:
        return first + timedelta(milliseconds=round(day * _MIDNIGHT.total_seconds() * 1000.0))
    except OverflowError:
        return None


def may_be_a_date(moment: datetime) -> bool:
    """Tell whether a number that no format calls a date may be one: 2026 and 2130 are not, 46093.8 is."""
    return _FIRST_YEAR <= moment.year <= _LAST_YEAR


def show_moment(moment: datetime, shown: NumberFormat) -> str:
    """Return a time as ISO 8601, only what its format shows: the day, the time of day, or both."""
    clock = _show_clock(moment)
    if shown.has_date and shown.has_clock:
        return f"{moment.date().isoformat()}T{clock}"
    return moment.date().isoformat() if shown.has_date else clock


def _show_clock(moment: datetime) -> str:
    if moment.microsecond:
        return moment.time().isoformat("milliseconds")
    return moment.time().isoformat("seconds" if moment.second else "minutes")
