"""Numbers and names as the account's sentences print them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # so that a message on the screen does not wait for the array library
    from hotwash.geo.frames import FloatArray
    from hotwash.model.questions import CountUnit


_NEVER_NAMES = {  # words that begin a sentence and are no name in it
    *("The", "A", "An", "It", "They", "There", "That", "This", "These", "Those", "No", "None", "Nobody", "Nothing"),
    *("Some", "Several", "Many", "Most", "All", "Each", "Both", "One", "Two", "Three", "At", "On", "In", "By", "From"),
    *("With", "Without", "After", "Before", "During", "Of", "For", "If", "When", "Whether", "While", "About", "Only"),
    *("Between", "Not"),
}
_IN_DAYS_MIN = 3 * 1440  # from three days on the minutes are left out: nobody counts them
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HALF_MINUTE, _SHORT = 0.5, "less than 1 min"  # a length that would round to none
_ROUNDING = 1e-6  # of a minute: what arithmetic leaves
_HIGH = (0.90, 0.95)  # supported from 0.90 on; from 0.95 on the opposite is contradicted
_LOW = (0.05, 0.10)  # contradicted up to 0.05; up to 0.10 the opposite is supported
_MOST_DIGITS = 9


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit; a time is told as a time of day with its date, a length in whole minutes."""
    if unit == "utc":
        return f"{_EPOCH + timedelta(minutes=value):%Y-%m-%d %H:%M} UTC"
    if unit == "min":
        return _SHORT if 0.0 < value < _HALF_MINUTE else f"{round(value):,} min"
    number = f"{value:,.1f}".removesuffix(".0")  # never in powers of ten
    return f"{number} {unit}" if unit == "km" else number


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval in words; an open end is said to be open, and the bounds of a length are rounded outward."""
    is_low = low is not None and math.isfinite(low)
    is_high = high is not None and math.isfinite(high)
    if is_low and is_high and low is not None and high is not None:
        if quantity(low, unit) == quantity(high, unit):
            return quantity(low, unit)
        low, high = (round_down(low), round_up(high)) if unit == "min" else (low, high)
        return f"{quantity(low, unit)} to {quantity(high, unit)}"
    if is_low and low is not None:
        low = round_down(low) if unit == "min" else low
        return f"{quantity(low, unit)} or {'later' if unit == 'utc' else 'more'}"
    if is_high and high is not None:
        high = round_up(high) if unit == "min" else high
        return f"{quantity(high, unit)} or {'earlier' if unit == 'utc' else 'less'}"
    return "anything"


def intervals(low: FloatArray, high: FloatArray, unit: str, *, most: int = 3) -> str:
    """Return several intervals in words, each once; of many, how many there are and what they span."""
    pairs = sorted(set(zip(low.tolist(), high.tolist(), strict=True)))
    if len(pairs) > most:
        return f"{len(pairs)} different answers within {interval(float(low.min()), float(high.max()), unit)}"
    return join_names(list(dict.fromkeys(interval(first, last, unit) for first, last in pairs)))


def share(value: float) -> str:
    """Return a probability in percent, so that the sentence around it stays true.

    Never a false certainty: "over 99 %", not "100 %". Near a threshold of the verdicts as many digits as it takes to
    stay on the right side of it: 0.896 is "89.6 %", since 90 % would support, and 0.051 is "5.1 %".
    """
    if value > 0.99:
        return "over 99 %"
    if value < 0.01:
        return "under 1 %"
    for digits in range(_MOST_DIGITS):
        text = f"{100.0 * value:.{digits}f}"
        if _sides(float(text) / 100.0) == _sides(value):
            break
    return f"{text} %"


def _sides(value: float) -> tuple[bool, ...]:
    """Tell which thresholds a probability has reached, from above or from below; a billionth is rounding."""
    return *(value >= edge - 1e-9 for edge in _HIGH), *(value <= edge + 1e-9 for edge in _LOW)


def join_names(names: Sequence[str], *, most: int = 4) -> str:
    """Return names as a phrase, the tail counted: "A, B and 3 others"."""
    first = list(names[:most])
    left = len(names) - len(first)
    if left:
        return f"{', '.join(first)} and {left} other{'s' if left > 1 else ''}"
    return " and ".join([", ".join(first[:-1]), first[-1]]) if len(first) > 1 else "".join(first)


def plain(value: float) -> str:
    """Return a stated number as it was stated: no digits added, none lost; thousands separated by a thin space."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace("-", "−")


def minutes(value: float) -> str:
    """Return a length of time as a reader says it: 450 is "7 h 30 min", 1865 "31 h 5 min", 4320 "3 days"."""
    if value < 0:
        return f"−{minutes(-value)}"
    if 0.0 < value < _HALF_MINUTE:
        return _SHORT
    whole = round(value)
    if whole >= _IN_DAYS_MIN:
        days, rest = divmod(whole, 1440)
        return " ".join([count_noun(days, "day"), *([f"{rest // 60} h"] if rest >= 60 else [])])
    hours, left = divmod(whole, 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{left} min"] if left or not hours else [])])


def minutes_between(low: float | None, high: float | None) -> str:
    """Return the bounds of a length as a reader says them [min]: "50 min to 1 h", "at least 2 h"; "" without any.

    Times are told to the minute, so a length computed from seconds is whole minutes too: one value where both bounds
    round to it; else bounds rounded outward, which hold all that is possible.
    """
    if low is None or high is None:
        if low is not None:
            return f"at least {minutes(round_down(low))}"
        return "" if high is None else f"at most {minutes(round_up(high))}"
    if round(low) == round(high):
        return minutes(low)
    return f"{minutes(round_down(low))} to {minutes(round_up(high))}"


def round_down(low: float) -> float:
    """Return the lower bound of a length in whole minutes; what is open stays open."""
    return low if math.isinf(low) else float(math.floor(low + _ROUNDING))


def round_up(high: float) -> float:
    """Return the upper bound of a length in whole minutes; what is open stays open."""
    return high if math.isinf(high) else float(math.ceil(high - _ROUNDING))


def join_words(items: Sequence[str], *, last: str = "and") -> str:
    """Return items as a reader lists them: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count_noun(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun: 1 is "1 find", 3 is "3 finds"."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def inside_sentence(text: str) -> str:
    """Return a clause as it stands within a sentence: its first letter small where it is no name's.

    Only words that are never a name begin small: "The university" does, "Police" and "DFS" do not.
    """
    first = text.split(" ", 1)[0]
    return f"{text[:1].lower()}{text[1:]}" if first in _NEVER_NAMES else text


def sentence(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]


def unit_noun(unit: CountUnit, many: float = 2) -> str:
    """Return what a unit counts, as the account's sentences name it after a number."""
    return unit.spoken or unit.nouns[0 if many == 1 else 1]


def wanted_words(claim: Mapping[str, Any]) -> str:
    """Return the number that a claim gives, in words."""
    return interval(claim["low"], claim["high"], "")
