"""Times as sources print them: "8:22 p.m. ET (03:22 local)" to clocks, each with the zone that is printed with it.

printed ─▶ clocks ─▶ groups of one zone ("20:26–00:30 local" is one, "(18:26–22:30 UTC)" another)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY_MIN = 24 * 60

# Minutes ahead of UTC of abbreviations that mean one offset, by their common use in Europe and North America. Left out
# are those that mean several: CST (America, China), IST (Ireland, India, Israel), AST.
_OFFSETS_MIN = {
    **dict.fromkeys(("UTC", "GMT", "Z", "WET"), 0),
    **dict.fromkeys(("BST", "WEST", "CET", "MEZ"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET", "OEZ"), 120),
    **dict.fromkeys(("EEST", "OESZ", "MSK", "TRT"), 180),
    "EDT": -240, "EST": -300, "CDT": -300, "MDT": -360, "MST": -420, "PDT": -420, "PST": -480,
}  # fmt: skip
LOCAL = "local"  # the zone of the incident
# What means a place, in the words that follow or precede a clock. Its offset is that of the day.
_PLACES = {
    r"ET|US Eastern|Eastern(?: Time)?": "America/New_York",
    r"CT|Central Time": "America/Chicago",
    r"PT|Pacific(?: Time)?": "America/Los_Angeles",
    r"UK time|London time|British time|BT": "Europe/London",
    r"Irish time|Dublin time": "Europe/Dublin",
    r"Polish time|Warsaw time|(?:czasu|czas) (?:polskiego|polski)|польським часом|за Варшавою": "Europe/Warsaw",
    r"Kyiv time|Kiev time|Ukrainian time|київським часом|за Києвом|czasu kijowskiego": "Europe/Kyiv",
    r"Moscow time|московским временем|московським часом|по Москве": "Europe/Moscow",
    r"Minsk time": "Europe/Minsk",
    r"German time|Berlin time|deutscher Zeit": "Europe/Berlin",
    r"Danish time|Copenhagen time": "Europe/Copenhagen",
    r"Norwegian time|Oslo time": "Europe/Oslo",
    r"Swedish time|Stockholm time": "Europe/Stockholm",
    r"Finnish time|Helsinki time": "Europe/Helsinki",
    r"Lithuanian time|Vilnius time": "Europe/Vilnius",
    r"Latvian time|Riga time": "Europe/Riga",
    r"Estonian time|Tallinn time": "Europe/Tallinn",
    r"Romanian time|Bucharest time": "Europe/Bucharest",
    r"Dutch time|Belgian time|Brussels time|Paris time|French time": "Europe/Brussels",
    r"(?:local|Local)(?: time)?|LT|Ortszeit|czasu (?:lokalnego|miejscowego)|(?:за )?місцевим часом": LOCAL,
}
_ZONE = (
    r"(?:(?:UTC|GMT)\s?(?P<{0}ahead>[+-−]\d{{1,2}}(?::?\d{{2}})?)|(?P<{0}offset>[+-−]\d{{2}}:?\d{{2}})"
    r"|(?P<{0}zone>" + "|".join(sorted([*_OFFSETS_MIN, *_PLACES], key=len, reverse=True)) + r"))(?!\w)"
).replace("[+-−]", "[+−-]")
_CLOCK = re.compile(
    rf"(?:(?<!\w){_ZONE.format('b_')}\s*:?\s+)?"
    r"(?<![\d.:/+−-])(?<!\dh)"
    r"(?:(?P<hour>\d{1,2})(?P<mark>[:.h])(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?!\.\d)"
    r"|(?P<whole>\d{1,2})(?=\s*(?i:[ap]\.?m\b))"
    r"|(?P<four>(?:[01]\d|2[0-3])[0-5]\d)(?=Z\b|L\b|\s?(?:hrs|h)\b))"
    r"\s*(?P<half>(?i:[ap]\.?\s?m\b\.?))?"
    r"(?:\s*(?P<word>Uhr|hrs|hours|h|год|r)\b\.?)?(?P<letter>L\b)?"
    rf"(?:\s*\(?{_ZONE.format('a_')})?"
)
# A hyphen between two clocks is a span, but in 2026-05-12T20:26-04:00, where it is an offset.
_HYPHEN = re.compile(r"(?<!T\d\d:\d\d)(?<!T\d\d:\d\d:\d\d)(?<=\d)-(?=\d{1,2}[:.]\d{2})")
_CLOCK_WORDS = re.compile(r"(?:godz\.?|godzinie|um|at|o|ok\.|about|около|близько|біля|о)\s*$", re.IGNORECASE)
_TO = re.compile(r"^[\s,]*(?:-|–|—|to|until|till|and|bis|und|do|i|a|до|і|та|по)\s*$", re.IGNORECASE)
_LOOSE = re.compile(
    r"(?:\b(?:about|around|approx\w*|ca|circa|shortly|just|before|after|by|from|since|between|gegen|kurz|vor|nach|ab"
    r"|um die|około|ok|przed|po|od|близько|біля|до|після|прибл\w*)\b\.?[^\d]{0,12}|~\s*|≈\s*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as printed.

    minute     of its day, 0 to 1,439
    twelve     whether it lacks a.m. or p.m. and may be either half of the day
    is_loose   whether words such as about, before or shortly stand before it
    """

    minute: int
    text: str
    twelve: bool = False
    is_loose: bool = False

    @property
    def minutes(self) -> tuple[int, ...]:
        """What it can mean."""
        return (self.minute, self.minute + _DAY_MIN // 2) if self.twelve else (self.minute,)


@dataclass(frozen=True, slots=True)
class Printed:
    """Clocks that are printed together with one zone: a time, or a span.

    zone      an IANA name, "local", or "" where none is printed
    offset    minutes ahead of UTC where an offset is printed: +02:00, CEST
    """

    clocks: tuple[Clock, ...]
    zone: str = ""
    offset: int | None = None

    @property
    def has_zone(self) -> bool:
        return bool(self.zone) or self.offset is not None

    @property
    def text(self) -> str:
        return " to ".join(clock.text for clock in self.clocks)


@lru_cache(maxsize=4096)
def parse_clocks(printed: str) -> tuple[Printed, ...]:
    """Return the clocks of a printed time, in its order, those of a span together."""
    found: list[Printed] = []
    end, is_open, printed = 0, False, _HYPHEN.sub("–", printed)
    for match in _CLOCK.finditer(printed):
        clock = _clock(match, printed)
        if clock is None:
            continue
        zone, offset = _zone(match)
        between = printed[end : match.start()]
        end = match.end()
        last = found[-1] if found else None
        if last is not None and is_open and _TO.match(between) and not last.has_zone:
            found[-1] = Printed((*last.clocks, clock), zone, offset)
        else:
            found.append(Printed((clock,), zone, offset))
        is_open = zone == "" and offset is None
    return tuple(found)


def _clock(match: re.Match[str], printed: str) -> Clock | None:
    """Return a clock; None where the digits are no time of day, or a dot parts them and nothing says so."""
    hour, minute = _digits(match)
    half = (match["half"] or "").lower()[:1]
    has_zone = any(match[name] for name in _AFTER)
    before = printed[: match.start()]
    if match["mark"] == "." and not (half or match["word"] or has_zone or _CLOCK_WORDS.search(before)):
        return None
    if match["mark"] == "h" and match["word"] not in (None, "h"):
        return None
    if (half and not 1 <= hour <= 12) or hour > 23:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    text = match.group().strip().rstrip("(").strip()
    if text.count("(") > text.count(")"):
        text += ")"
    is_twelve = not half and 1 <= hour <= 11 and match["four"] is None and not (match["hour"] or "").startswith("0")
    return Clock(hour * 60 + minute, text, is_twelve, bool(_LOOSE.search(before)))


def _digits(match: re.Match[str]) -> tuple[int, int]:
    if match["four"]:
        return int(match["four"][:2]), int(match["four"][2:])
    return int(match["hour"] or match["whole"]), int(match["minute"] or 0)


_AFTER = ("a_ahead", "a_offset", "a_zone", "letter")


def _zone(match: re.Match[str]) -> tuple[str, int | None]:
    """Return the zone that stands after a clock, else the one before it: an IANA name or "local", or an offset."""
    if match["letter"]:
        return LOCAL, None
    for side in ("a_", "b_"):
        ahead = match[f"{side}ahead"] or match[f"{side}offset"]
        if ahead:
            sign = 1 if ahead[0] == "+" else -1
            digits = ahead[1:].replace(":", "")
            hours, rest = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
            return "", sign * (int(hours) * 60 + int(rest))
        word = match[f"{side}zone"]
        if word in _OFFSETS_MIN:
            return "", _OFFSETS_MIN[word]
        if word:
            return next(name for form, name in _PLACES.items() if re.fullmatch(form, word)), None
    return "", None


# ---------------------------------------------------------------- what they mean


def utc_minutes(printed: Printed, zones: tuple[ZoneInfo, ...], when: datetime) -> Iterator[tuple[int, ...]]:
    """Yield, for each offset that a group can have, the minutes of the UTC day that its first clock can mean.

    zones   what it may be in, where it prints no offset
    when    about when it was: offsets are those of that day; on a day on which clocks change, both
    """
    for offset in offsets_min(printed, zones, when):
        yield tuple((minute - offset) % _DAY_MIN for minute in printed.clocks[0].minutes)


def offsets_min(printed: Printed, zones: tuple[ZoneInfo, ...], when: datetime) -> tuple[int, ...]:
    """Return the offsets that a group can have [min]."""
    if printed.offset is not None:
        return (printed.offset,)
    near = (when - timedelta(hours=14), when, when + timedelta(hours=14))
    found = [one.astimezone(zone).utcoffset() for zone in zones for one in near]
    return tuple(dict.fromkeys(int(one.total_seconds() // 60) for one in found if one is not None))


def apart_min(first: int, second: int) -> int:
    """Return how far two minutes of the day are apart, the shorter way round."""
    gap = abs(first - second) % _DAY_MIN
    return min(gap, _DAY_MIN - gap)


def say_clock(minute: int) -> str:
    """Return a minute of the day as "18:26"."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


@lru_cache(maxsize=4096)
def comes_twice(when: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return both times at which a zone's clock shows what it shows then; None where it shows that once."""
    local = when.astimezone(zone).replace(tzinfo=None)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return (first, second) if first < second else None
