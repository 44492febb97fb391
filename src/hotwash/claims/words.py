"""Numbers and names as the account's sentences print them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hotwash.geo.frames import FloatArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HIGH = (0.90, 0.95)  # supported from 0.90 on; from 0.95 on the opposite is contradicted
_LOW = (0.05, 0.10)  # contradicted up to 0.05; up to 0.10 the opposite is supported
_MOST_DIGITS = 9


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit; a time is told as a time of day with its date."""
    if unit == "utc":
        return f"{_EPOCH + timedelta(minutes=value):%Y-%m-%d %H:%M} UTC"
    number = f"{value:,.1f}".removesuffix(".0")  # never in powers of ten
    return f"{number} {unit}" if unit in ("km", "min") else number


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval in words; an open end is said to be open."""
    is_low = low is not None and math.isfinite(low)
    is_high = high is not None and math.isfinite(high)
    if is_low and is_high and low is not None and high is not None:
        if quantity(low, unit) == quantity(high, unit):
            return quantity(low, unit)
        return f"{quantity(low, unit)} to {quantity(high, unit)}"
    if is_low and low is not None:
        return f"{quantity(low, unit)} or {'later' if unit == 'utc' else 'more'}"
    if is_high and high is not None:
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


def sentence(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]
