"""Times as sources print them: "8:22 p.m. ET (03:22 local)" to clocks, each with the zone that is printed with it.

printed ─▶ clocks ─▶ groups of one zone ("20:26–00:30 local" is one, "(18:26–22:30 UTC)" another)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
    "EDT": -240, "EST": -300, "CDT": -300, "MDT": -360, "MST": -420, "PDT": -420, "PST": -480,
}  # fmt: skip
# Those that tzdata gives to one offset the world over, and some that it gave until 2017a and that are still printed
# (SGT, MYT, PHT, ICT, BRT, ART); a test holds them against tzdata. Left out are those that mean several: CST, IST, AST.
_OFFSETS_MIN |= {
    "HST": -600, "AKST": -540, "AKDT": -480, "NST": -210, "NDT": -150, "BRT": -180, "IDT": 180, "SAST": 120,
    "PKT": 300, "WIB": 420, "ICT": 420, **dict.fromkeys(("WITA", "HKT", "SGT", "MYT", "PHT", "AWST"), 480),
    **dict.fromkeys(("JST", "KST"), 540), "ACST": 570, "ACDT": 630,
}  # fmt: skip
# The same of abbreviations that are words too ("CAT II"): only where nothing but the end or a mark follows.
_WORDS_TOO_MIN = {"WAT": 60, "CAT": 120, "EAT": 180, "WIT": 540, "ART": -180}
_AT_THE_END = r"(?=\s*(?:$|[,.;:()\[\]/–—-]))"
# The same in full, which may begin with the name of a place: read before those.
_FULL_NAMES_MIN = {
    "Greenwich Mean Time": 0, "British Summer Time": 60,
    "Central European Time": 60, "Mitteleuropäische Zeit": 60, "mitteleuropäischer Zeit": 60,
    "Central European Summer Time": 120, "Mitteleuropäische Sommerzeit": 120, "mitteleuropäischer Sommerzeit": 120,
    "Eastern European Time": 120, "Eastern European Summer Time": 180,
    "Eastern Daylight Time": -240, "Eastern Standard Time": -300,
    "Central Daylight Time": -300, "Central Standard Time": -360,
    "Pacific Daylight Time": -420, "Pacific Standard Time": -480,
}  # fmt: skip
LOCAL = "local"  # the zone of the incident
_ALL_OFFSETS_MIN = {**_OFFSETS_MIN, **_WORDS_TOO_MIN, **_FULL_NAMES_MIN}
_SEASONED = r"(?: (?:summer|winter|standard|daylight)(?: savings?)?)? time"  # "German time", "German summer time"
# What means a place, in the words that follow or precede a clock. Its offset is that of the day.
_PLACE_WORDS = {
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
    r"(?:local|Local)(?: time)?|LT|Ortszeit|czasu (?:lokalnego|miejscowego)|(?:за )?місцевим часом|hora local"
    r"|heure locale|ora locale|lokal tid|lokaltid|plaatselijke tijd|paikallista aikaa|vietos laiku|ora locală"
    r"|місцевого часу": LOCAL,
    r"hora (?:peninsular|española|de España|de Madrid)": "Europe/Madrid",
    r"hora (?:de Portugal|portuguesa|de Lisboa)": "Europe/Lisbon",
    r"hora (?:argentina|de Buenos Aires)": "America/Argentina/Buenos_Aires",
    r"hora (?:chilena|de Chile|de Santiago)": "America/Santiago",
    r"hora (?:de|do) (?:Brasília|Brasilia|São Paulo)": "America/Sao_Paulo",
    r"hora de (?:México|Ciudad de México)": "America/Mexico_City",
    r"heure (?:de Paris|française)": "Europe/Paris",
    r"ora (?:italiana|di Roma)": "Europe/Rome",
    r"svensk tid": "Europe/Stockholm",
    r"norsk tid": "Europe/Oslo",
    r"dansk tid": "Europe/Copenhagen",
    r"Suomen aikaa": "Europe/Helsinki",
}
_PLACES = {form.replace(" time", _SEASONED): name for form, name in _PLACE_WORDS.items()}
_AMBIGUOUS = ("CST", "IST", "AST", "GST", "SST", "AMT", "ECT")  # of several zones, which a source's own may decide
_ZONE_WORDS = "|".join(
    [
        *_FULL_NAMES_MIN,
        *sorted([*_OFFSETS_MIN, *_PLACES], key=len, reverse=True),
        *(f"{name}{_AT_THE_END}" for name in _WORDS_TOO_MIN),
    ]
)
# What stands where a zone would, and looks like one: three or four capitals that end in T, as nearly all do.
_LIKE_A_ZONE = re.compile(rf"\s?\(?(?P<name>[A-Z]{{2,3}}T|{'|'.join(_AMBIGUOUS)})(?!\w){_AT_THE_END}")
_NO_ZONES = {"ALT", "BUT", "CUT", "DOT", "DPT", "EXIT", "FLT", "FT", "GOT", "HIT", "HOT", "HUT", "JET", "LAST", "LEFT"}
_NO_ZONES |= {"LIFT", "LIT", "LOT", "MET", "NEXT", "NOT", "OUT", "PART", "PORT", "POST", "PUT", "SET", "SHUT", "UNIT"}
_NO_ZONES |= {"EAST", "FAST", "BOAT", "HEAT", "JUST", "LIST", "LOST", "MOST", "PAST", "SENT", "TEXT", "WENT", "ACFT"}
_ZONE = (
    r"(?:(?:UTC|GMT)\s?(?P<{0}ahead>[+-−]\d{{1,2}}(?::?\d{{2}})?)|(?P<{0}offset>[+-−]\d{{2}}:?\d{{2}})"
    r"|(?P<{0}zone>" + _ZONE_WORDS + r"))(?!\w)"
).replace("[+-−]", "[+−-]")
# Which of the two passes of an hour that comes twice, or which half of the year, is printed with a clock.
SUMMER, WINTER, FIRST, SECOND = "summer", "winter", "first", "second"
_PASSES = {
    SUMMER: r"(?i:(?:summer|daylight(?:[ -]savings?)?)[ -]time|sommerzeit|czasu? letni(?:ego)?"
    r"|літн(?:ій|ього|ім) час(?:у|ом)?)|DST",
    WINTER: r"(?i:(?:winter|standard)[ -]time|winterzeit|normalzeit|czasu? zimow(?:y|ego)"
    r"|зимов(?:ий|ого|им) час(?:у|ом)?)",
    FIRST: r"(?i:(?:the )?(?:first|1st) (?:pass|hour)|pass 1|erste[rn]? (?:durchgang|stunde))|(?i:pass) ?A",
    SECOND: r"(?i:(?:the )?(?:second|2nd) (?:pass|hour)|pass 2|zweite[rn]? (?:durchgang|stunde))|(?i:pass) ?B",
}
_PASS = "|".join(_PASSES.values())
# A letter alone means a pass where nothing but the end, a mark or another clock follows: not in "02:36 A car".
_LETTER = r"[AB](?!\w)(?=\s*(?:$|[,.;:()\[\]/–—-]|(?:to|bis|and|und|until|till|do|i|a|до|і|та|Uhr|h|hrs)\b))"
_CLOCK = re.compile(
    rf"(?:(?<!\w)(?:(?P<b_pass>{_PASS})|\d{{1,2}} ?(?P<b_letter>[AB]))[\s,:]+)?"
    rf"(?:(?<!\w){_ZONE.format('b_')}\s*:?\s+)?"
    r"(?<![\d.:/+−-])(?<!\dh)"
    r"(?:(?P<hour>\d{1,2})(?P<h_letter>[AB](?=:))?(?P<mark>[:.h])(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?!\.\d)"
    r"|(?P<whole>\d{1,2})(?=\s*(?i:[ap]\.?m\b))"
    r"|(?P<four>(?:[01]\d|2[0-3])[0-5]\d)(?=Z\b|L\b|\s?(?:hrs|h)\b))"
    r"\s*(?P<half>(?i:[ap]\.?\s?m\b\.?))?"
    r"(?:\s*(?P<word>Uhr|hrs|hours|h|год|r)\b\.?)?(?P<letter>L\b)?"
    rf"(?:,?\s*[(\[]?(?P<a_letter>{_LETTER})[)\]]?(?:\s*Uhr\b)?)?"
    rf"(?:,?\s*\(?{_ZONE.format('a_')})?"
    rf"(?:,?\s*[(\[]?(?:in |za |за )?(?P<a_pass>{_PASS})(?!\w)[)\]]?)?"
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
    pass_      which pass of an hour that comes twice, FIRST or SECOND, or which half of the year, SUMMER or WINTER, is
               printed with it; "" where none is
    """

    minute: int
    text: str
    twelve: bool = False
    is_loose: bool = False
    pass_: str = ""

    @property
    def minutes(self) -> tuple[int, ...]:
        """What it can mean."""
        return (self.minute, self.minute + _DAY_MIN // 2) if self.twelve else (self.minute,)


@dataclass(frozen=True, slots=True)
class Printed:
    """Clocks that are printed together with one zone: a time, or a span.

    zone      an IANA name, "local", or "" where none is printed
    offset    minutes ahead of UTC where an offset is printed: +02:00, CEST
    word      the name of the zone as printed: CEST, German summer time
    unread    what is printed where a zone stands, and is none that is known here, or one of several; else ""
    """

    clocks: tuple[Clock, ...]
    zone: str = ""
    offset: int | None = None
    word: str = ""
    unread: str = ""

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
        unread = "" if zone or offset is not None else _unread_zone(printed, match.end())
        between = printed[end : match.start()]
        end = match.end()
        last = found[-1] if found else None
        if last is not None and is_open and _TO.match(between) and not last.has_zone:
            found[-1] = Printed((*_share_season(last.clocks, clock), clock), zone, offset, _zone_word(match), unread)
        else:
            found.append(Printed((clock,), zone, offset, _zone_word(match), unread))
        is_open = zone == "" and offset is None and not unread
    return tuple(found)


def _unread_zone(printed: str, place: int) -> str:
    """Return what stands where a zone would be printed, and is not known as one; in a text all of capitals, nothing."""
    match = _LIKE_A_ZONE.match(printed, place)
    if match is None or match["name"] in _NO_ZONES:
        return ""
    rest = f"{printed[:place]} {printed[match.end() :]}"
    others = [word for word in re.findall(r"\b[A-Z]{2,}\b", rest) if word not in _ALL_OFFSETS_MIN]
    return "" if others else match["name"]


def read_by_zones(printed: Printed, zones: Iterable[ZoneInfo], when: datetime) -> Printed:
    """Return a group whose abbreviation one of some zones bears about a time, with the offset that it has there.

    An abbreviation that they bear at two offsets stays unread: "CST" beside America/Chicago and Asia/Shanghai.
    """
    if not printed.unread:
        return printed
    near = [when + timedelta(days=days) for days in (-1, 0, 1)]
    meant = {offset_min(zone, at) for zone in zones for at in near if at.astimezone(zone).tzname() == printed.unread}
    return replace(printed, offset=meant.pop(), unread="") if len(meant) == 1 else printed


def _share_season(clocks: tuple[Clock, ...], last: Clock) -> tuple[Clock, ...]:
    """Return the clocks of a span, of summer or winter where its last one is: "02:20-02:40 summer time"."""
    is_shared = last.pass_ in (SUMMER, WINTER)
    return tuple(replace(one, pass_=one.pass_ or last.pass_) for one in clocks) if is_shared else clocks


def _clock(match: re.Match[str], printed: str) -> Clock | None:
    """Return a clock; None where the digits are no time of day, or a dot parts them and nothing says so."""
    hour, minute = _digits(match)
    half = (match["half"] or "").lower()[:1]
    has_zone, pass_ = any(match[name] for name in _AFTER), _pass(match)
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
    return Clock(hour * 60 + minute, text, is_twelve, bool(_LOOSE.search(before)), pass_)


def _pass(match: re.Match[str]) -> str:
    """Return which pass, or which half of the year, is printed with a clock; "" where none is."""
    letter = match["a_letter"] or match["h_letter"] or match["b_letter"]
    if letter:
        return FIRST if letter == "A" else SECOND
    words = match["a_pass"] or match["b_pass"] or match["a_zone"] or match["b_zone"] or ""
    return next((name for name, form in _PASSES.items() if re.search(form, words)), "")


def _digits(match: re.Match[str]) -> tuple[int, int]:
    if match["four"]:
        return int(match["four"][:2]), int(match["four"][2:])
    return int(match["hour"] or match["whole"]), int(match["minute"] or 0)


_AFTER = ("a_ahead", "a_offset", "a_zone", "letter", "a_pass")


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
        if word in _ALL_OFFSETS_MIN:
            return "", _ALL_OFFSETS_MIN[word]
        if word:
            return next(name for form, name in _PLACES.items() if re.fullmatch(form, word)), None
    return "", None


def _zone_word(match: re.Match[str]) -> str:
    """Return the name of a zone as it is printed after a clock, else before it; "" where none is."""
    if any(match[f"a_{name}"] for name in ("ahead", "offset")):
        return ""
    return match["a_zone"] or match["b_zone"] or ""


# ---------------------------------------------------------------- what they mean


def utc_minutes(printed: Printed, zones: tuple[ZoneInfo, ...], when: datetime) -> Iterator[tuple[int, ...]]:
    """Yield, for each offset that a group can have, the minutes of the UTC day that its first clock can mean.

    zones   what it may be in, where it prints no offset
    when    about when it was: offsets are those of that day; on a day on which clocks change, those that the zone has
            when its clock shows that: both in the hour that comes twice, unless a pass is printed
    """
    first = printed.clocks[0]
    meant = [(minute, offset) for offset in offsets_min(printed, zones, when) for minute in first.minutes]
    real = [pair for pair in meant if printed.offset is not None or _is_real(*pair, zones, when)]
    by_offset: dict[int, list[int]] = {}
    for minute, offset in real or meant:
        by_offset.setdefault(offset, []).append((minute - offset) % _DAY_MIN)
    yield from (tuple(minutes) for minutes in by_offset.values())


def _is_real(minute: int, offset: int, zones: tuple[ZoneInfo, ...], when: datetime) -> bool:
    """Tell whether one of some zones has an offset when its clock shows a minute, nearest to a time."""
    utc = when.astimezone(UTC)
    ahead = (minute - offset - utc.hour * 60 - utc.minute + _DAY_MIN // 2) % _DAY_MIN - _DAY_MIN // 2
    then = when + timedelta(minutes=ahead)
    return any(offset_min(zone, then) == offset for zone in zones)


def offsets_min(printed: Printed, zones: tuple[ZoneInfo, ...], when: datetime) -> tuple[int, ...]:
    """Return the offsets that a group can have [min]."""
    if printed.offset is not None:
        return (printed.offset,)
    pass_ = printed.clocks[0].pass_ if printed.clocks else ""
    return tuple(dict.fromkeys(offset for zone in zones for offset in _offsets_of(zone, when, pass_)))


def _offsets_of(zone: ZoneInfo, when: datetime, pass_: str) -> tuple[int, ...]:
    """Return the offsets that a zone has about a time; where a pass is printed, or a half of the year, that one."""
    near = [offset_min(zone, when + timedelta(hours=hours)) for hours in (-14, 0, 14)]
    if pass_ in (SUMMER, WINTER):
        year = [offset_min(zone, when.replace(month=month, day=1)) for month in (1, 7)]
        return (max(year) if pass_ == SUMMER else min(year),)
    if pass_ and near[0] > near[-1]:  # clocks go back: the first of the two passes has the greater offset
        return (max(near) if pass_ == FIRST else min(near),)
    return tuple(dict.fromkeys(near))


def offset_min(zone: ZoneInfo, when: datetime) -> int:
    """Return how far a zone is ahead of UTC at a time [min]."""
    offset = when.astimezone(zone).utcoffset() or timedelta(0)
    return int(offset.total_seconds() // 60)


def apart_min(first: int, second: int) -> int:
    """Return how far two minutes of the day are apart, the shorter way round."""
    gap = abs(first - second) % _DAY_MIN
    return min(gap, _DAY_MIN - gap)


def say_clock(minute: int) -> str:
    """Return a minute of the day as "18:26"."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
