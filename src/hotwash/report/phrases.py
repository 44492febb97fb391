"""The words of the page: verdicts, units, kinds and numbers as a reader says them. No more digits than are sure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from hotwash.claims.words import count_noun as count_noun
from hotwash.claims.words import join_words as join_words
from hotwash.claims.words import minutes as minutes
from hotwash.claims.words import minutes_between as minutes_between
from hotwash.claims.words import plain as plain
from hotwash.claims.words import sentence as sentence
from hotwash.claims.words import share
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS, CountUnit
from hotwash.model.words import NUMBER_WORDS

VERDICT_WORDS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "uncorroborated": "Uncorroborated",
    "compatible": "Compatible",
    "not_testable": "Not testable",
    "superseded": "Superseded",
    "not_weighed": "Not weighed",
    "": "Not weighed",
}
VERDICT_GLYPHS = {
    "supported": "✓",
    "contradicted": "✕",
    "uncorroborated": "○",
    "compatible": "≈",
    "not_testable": "?",
    "superseded": "»",
    "not_weighed": "–",
    "": "–",
}
VERDICT_MEANINGS = {
    "supported": "probability at least 0.90 under independent evidence",
    "contradicted": "probability at most 0.05 under the evidence",
    "uncorroborated": "nobody independent tells it, and nothing speaks against it",
    "compatible": "independent evidence admits it, and other answers as well",
    "not_testable": "something is missing: the reason says what",
    "superseded": "its speaker replaced it; the verdict on its merits is kept",
    "not_weighed": "free words or intent: listed, never weighed",
    "": "no finding was made",
}
STANDING_WORDS = {
    "settled": "Settled",
    "likely": "Likely",
    "disputed": "Disputed",
    "open": "Open",
    "not_asked": "Not answered",
}
STATE_WORDS = {
    "closed": "Closed",
    "airspace_closed": "Airspace closed",
    "runway_closed": "Runway closed",
    "restricted": "Restricted",
    "no_traffic_planned": "No traffic planned",
    "curfew": "Curfew",
    "open": "Open",
}
OCCASION_WORDS = {
    "closure": "Closure",
    "sighting": "Sighting",
    "crossing": "Crossing",
    "find": "Find",
    "other": "Occasion",
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
OBJECT_WORDS = {
    "uas": "Uncrewed aircraft",
    "missile_part": "Missile part",
    "model_aircraft": "Model aircraft",
    "balloon": "Balloon",
    "sky_lantern": "Sky lantern",
    "kite": "Kite",
    "other": "Something else",
    "unknown": "Not identified",
}
VALUE_WORDS = {word: said for kind in QUESTION_KINDS.values() for word, said in kind.answers.items()} | {
    kind: said.lower() for kind, said in OBJECT_WORDS.items()
}
VALUE_WORDS |= NUMBER_WORDS
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
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
    "airspace_closed": "Airspace closed",
    "airspace_reopened": "Airspace reopened",
    "published_closed_hours": "Published closed hours",
    "no_traffic_planned": "No traffic planned",
    "diversion": "Flights diverted",
    "cancellation": "Flights cancelled",
}
MEASURE_WORDS = {
    "minutes_closed_needed": "time closed with need",
    "minutes_closed_not_needed": "time closed without need",
    "minutes_closed_on_report": "time closed on a report alone",
    "minutes_closed_by_others": "time closed by others",
    "minutes_closed_no_traffic": "time closed with no traffic planned",
    "minutes_no_traffic_planned": "time with no traffic planned",
    "minutes_outside_hours": "time outside published hours",
    "first_detectable_to_measures": "time from first detectable to traffic measures",
    "first_detectable_to_warning": "time from first detectable to warning",
    "touch_mps": "touchdown speed",
    "time_s": "time",
}


def event_title(kind: str) -> str:
    """Return an event's kind as words: "airspace_closed" is "Airspace closed"."""
    return EVENT_WORDS.get(kind) or sentence(kind.replace("_", " "))


def full_stop(text: str) -> str:
    """Return the text as a whole sentence: its first letter large, a full stop where it has no end."""
    said = text.strip()
    return sentence(said) if not said or said.endswith((".", "!", "?", "…", ":", "”")) else f"{sentence(said)}."


def noun(unit: str, many: float = 2, *, units: Mapping[str, CountUnit] = COUNT_UNITS) -> str:
    """Return what a unit counts, in the number that fits: 1 is "crossing", 2 is "crossings"."""
    if unit not in units:
        return unit.replace("_", " ")
    one, more = units[unit].nouns
    return one if many == 1 else more


def say_number(number: int) -> str:
    """Return a small number as a word: 0 is "no", 2 is "two", 13 is "13"."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else plain(number)


def say_lines(lines: int) -> str:
    """Return on how many independent lines an answer rests: 0 is "on no independent line"."""
    return f"on {say_number(lines)} independent {'lines' if lines > 1 else 'line'}"


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


probability = share  # the page prints a probability as the findings do


def say_precision(sigma_m: float) -> str:
    """Return how good a line is: "± 50 m (one sigma)", "± 1 km (one sigma)"; one without an error is exact."""
    if sigma_m == 0.0:
        return "exact as drawn"
    return f"± {plain(sigma_m / 1000)} km (one sigma)" if sigma_m >= 1000 else f"± {plain(sigma_m)} m (one sigma)"


def say_line(zone: Mapping[str, Any]) -> str:
    """Return a zone's line with its source and precision: a row of ZONES as a sentence."""
    kind, precision = zone["kind"].replace("_", " "), say_precision(zone["line_sigma_m"])
    return f"{zone['name']} ({zone['zone_id']}, {kind}): {zone['source']}; line {precision}."


def mean(value: float) -> str:
    """Return a mean of a count: one digit after the point below ten, none above."""
    return f"{value:.1f}" if value < 10.0 else f"{value:.0f}"


def say_span(low: float | None, high: float | None) -> str:
    """Return the bounds of a length of time: "50 to 60 min", "at least 2 h"; empty where nothing bounds it [min]."""
    low = low if high is not None or low else None  # no less than nothing says nothing
    said = minutes_between(low, high)
    return said.replace(" min to ", " to ") if high is not None and " h" not in said else said


def say_seconds(value_s: float) -> str:
    """Return a length of time that may be short: 85 is "85 s", 750 is "12 min 30 s", 7200 is "2 h"."""
    whole = round(value_s)
    if abs(whole) < 120:
        return f"{plain(whole)} s"
    units = ((whole // 3600, "h"), (whole % 3600 // 60, "min"), (whole % 60 if whole < 3600 else 0, "s"))
    return " ".join(f"{number} {unit}" for number, unit in units if number)


def say_amount(value: float, unit: str) -> str:
    """Return a measured value with its unit as a reader says it: 27000 s is "7 h 30 min", a share of 0.8 "80 %"."""
    if unit in ("s", "min") and value >= 120.0:
        return say_seconds(value) if unit == "s" else minutes(value)
    if unit == "share":
        return f"{plain(round(100.0 * value, 1))} %"
    named = {"1": "", "deg": "°", "points": "point" if value == 1 else "points", "count": ""}.get(unit, unit)
    return f"{plain(value)}{'' if named == '°' else ' '}{named}".strip()


def say_bounds(low: float | None, high: float | None, unit: str) -> str:
    """Return the bounds of a value in brackets, an open side in words; empty where nothing bounds it."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        bound = high if low is None else low
        return f" (at {'most' if low is None else 'least'} {say_amount(bound or 0.0, unit)})"
    return f" ({say_amount(low, unit)} to {say_amount(high, unit)})"


def say_measure(name: str) -> str:
    """Return a measure's name as words: "worst_first_detectable_to_warning" is "Worst time from first detectable …"."""
    stem, is_known = name.removesuffix("_known"), name.endswith("_known")
    which = next((word for word in ("worst", "median") if stem.startswith(f"{word}_")), "")
    stem = stem.removeprefix(f"{which}_")
    plain_words = re.sub(r"(?:^|_)(?:s|m|mps|deg|per_s)$", "", stem).replace("_", " ")
    said = sentence(f"{which} {MEASURE_WORDS.get(stem, plain_words)}".strip())
    return f"{said}, by what the seat could know" if is_known else said


def shorten(text: str, length: int) -> str:
    """Return the text, shortened at a word where it is longer than `length`, with an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    head = flat[: length - 1]
    at = head.rfind(" ")
    return (head[:at] if at > length * 0.6 else head).rstrip(" ,;:-") + "…"
