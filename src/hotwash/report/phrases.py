"""The words of the page: verdicts, units, kinds and numbers as a reader says them. No more digits than are sure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

VERDICT_WORDS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "not_testable": "Not testable",
    "superseded": "Superseded",
    "": "Not weighed",
}
VERDICT_GLYPHS = {"supported": "✓", "contradicted": "✕", "not_testable": "?", "superseded": "»", "": "–"}
VERDICT_MEANINGS = {
    "supported": "probability at least 0.90 under the evidence",
    "contradicted": "probability at most 0.05 under the evidence",
    "not_testable": "in between, or something is missing: the reason says what",
    "superseded": "the same speaker replaced it; its verdict on the merits is kept",
    "": "no finding was made",
}
RELATION_WORDS = {
    "exactly": "",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "less than ",
    "between": "",
}
NOUNS = {
    "crossings": ("crossing", "crossings"),
    "airframes": ("airframe", "airframes"),
    "finds": ("find", "finds"),
    "brought_down": ("brought down", "brought down"),
    "diversions": ("diversion", "diversions"),
    "cancellations": ("cancellation", "cancellations"),
    "aerodromes_closed": ("aerodrome closed", "aerodromes closed"),
    "km": ("km", "km"),
    "min": ("min", "min"),
}
UNIT_TITLES = {
    "crossings": "Border crossings",
    "airframes": "Airframes inside",
    "finds": "Finds",
    "brought_down": "Brought down",
    "diversions": "Flights diverted",
    "cancellations": "Flights cancelled",
    "aerodromes_closed": "Aerodromes closed",
}
OBJECT_WORDS = {
    "uas": "Uncrewed aircraft",
    "missile_part": "Missile part",
    "model_aircraft": "Model aircraft",
    "unknown": "Not identified",
}
VALUE_WORDS = {
    "open": "open",
    "closed": "closed",
    "airspace_closed": "air space closed",
    "no_traffic_planned": "no traffic planned",
    "present": "present",
    "absent": "absent",
    "cannot_tell": "cannot tell",
    "uas": "uncrewed aircraft",
    "missile_part": "missile part",
    "model_aircraft": "model aircraft",
    "unknown": "not identified",
}
KIND_WORDS = {
    "count": "a count",
    "range": "a range",
    "time": "a time",
    "duration": "a duration",
    "status": "a status",
    "presence": "presence",
    "identity": "what it was",
    "cause": "a cause",
    "finding": "a finding",
    "intent": "intent",
}
RELIABILITY_WORDS = {
    "A": "A, reliable",
    "B": "B, usually reliable",
    "C": "C, fairly reliable",
    "D": "D, not usually reliable",
    "E": "E, unreliable",
    "F": "F, cannot be judged",
}
CREDIBILITY_WORDS = {
    "1": "1, confirmed",
    "2": "2, probably true",
    "3": "3, possibly true",
    "4": "4, doubtful",
    "5": "5, improbable",
    "6": "6, cannot be judged",
}
READ_WORDS = {"read": "read", "second_hand": "second hand", "not_read": "not read"}
EVENT_WORDS = {
    "first_violation": "First violation",
    "last_violation": "Last violation",
    "public_statement": "Public statement",
    "public_warning": "Public warning",
    "last_drone_down": "Last one brought down",
    "aerodrome_closed": "Aerodrome closed",
    "aerodrome_reopened": "Aerodrome reopened",
    "airspace_closed": "Air space closed",
    "airspace_reopened": "Air space reopened",
    "published_closed_hours": "Published closed hours",
    "no_traffic_planned": "No traffic planned",
    "diversion": "Flights diverted",
    "cancellation": "Flights cancelled",
}
UNSEEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535, *range(55296, 57344)))
OF_THE_AIR = ("crossings", "airframes", "finds", "brought_down")


def event_title(kind: str) -> str:
    """Return an event's kind as words: "airspace_closed" is "Air space closed"."""
    return EVENT_WORDS.get(kind) or sentence(kind.replace("_", " "))


def words_for(words: Mapping[str, str], key: str) -> str:
    """Return the words for a key; the key itself where there are none."""
    return words.get(key, key)


def sentence(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]


def noun(unit: str, many: float = 2) -> str:
    """Return what a unit counts, in the number that fits: 1 is "crossing", 2 is "crossings"."""
    one, more = NOUNS.get(unit, (unit, unit))
    return one if many == 1 else more


def plain(value: float) -> str:
    """Return a stated number as it was stated: no digits added, none lost; thousands parted by a thin space."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace("-", "−")


def round_to_sigma(value: float, sigma: float) -> tuple[str, str]:
    """Return a value and its sigma with the digits that the sigma allows: 643.2 and 21.7 are "640" and "20".

    One digit of sigma is kept, two where the first is a 1.
    """
    if not (math.isfinite(sigma) and sigma > 0.0):
        return plain(round(value)), "0"
    power = math.floor(math.log10(sigma))
    if sigma / 10.0**power < 1.95:
        power -= 1
    return plain(round(value, -power)), plain(round(sigma, -power))


def probability(value: float) -> str:
    """Return a probability in percent; what rounds to 0 or 100 is said to be under 1 % or over 99 %."""
    if value >= 0.995:
        return "over 99 %"
    if value <= 0.005:
        return "under 1 %"
    return f"{value * 100:.0f} %"


def mean(value: float) -> str:
    """Return a mean of a count: one digit after the point below ten, none above."""
    return f"{value:.1f}" if value < 10.0 else f"{value:.0f}"


def minutes(value: float) -> str:
    """Return a length of time as a reader says it: 450 is "7 h 30 min", 4320 is "3 days"."""
    whole = round(value)
    days, rest = divmod(whole, 1440)
    hours, left = divmod(rest, 60)
    parts = [f"{days} day{'s' if days != 1 else ''}"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{left} min"] if left and not days else []
    return " ".join(parts) or "0 min"


def join_words(items: Sequence[str], *, last: str = "and") -> str:
    """Return items as a reader lists them: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count_noun(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun: 1 is "1 find", 3 is "3 finds"."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def shorten(text: str, length: int) -> str:
    """Return the text, shortened at a word where it is longer than `length`, with an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    head = flat[: length - 1]
    at = head.rfind(" ")
    return (head[:at] if at > length * 0.6 else head).rstrip(" ,;:-") + "…"


def printable(text: str) -> str:
    """Return the text without control characters, which XML refuses and no reader sees; markup stays markup."""
    if text.isprintable():
        return text
    return text.translate(UNSEEN)
