"""What a source, or the analyst, says of a clock that was wrong: "one hour fast", "12 min slow"."""

from __future__ import annotations

import re

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "half an": 0.5}
_FAULT = re.compile(
    rf"(?P<number>\d+(?:[.,]\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})[ -]*"
    r"(?P<unit>h|hours?|min|minutes?)\b[ ]*(?:too )?(?P<way>fast|ahead|slow|behind)\b",
    re.IGNORECASE,
)
_OF_A_CLOCK = re.compile(r"\b(?:clocks?|fast|slow|ahead|behind|zone|utc|local time|summer time|as printed)\b", re.I)


def read_clock_fault(text: str) -> int | None:
    """Return by how many minutes a clock was ahead, as words say; negative where it was behind; None where none do."""
    found = _FAULT.search(text)
    if found is None:
        return None
    said = found["number"].casefold()
    number = _NUMBERS[said] if said in _NUMBERS else float(said.replace(",", "."))
    minutes = round(number * (60 if found["unit"].casefold().startswith("h") else 1))
    return minutes if found["way"].casefold() in ("fast", "ahead") else -minutes


def is_about_clock(note: str | None) -> bool:
    """Tell whether a note speaks of a clock: which one was used, that one was wrong, that it stands as printed."""
    return bool(note) and _OF_A_CLOCK.search(note or "") is not None
