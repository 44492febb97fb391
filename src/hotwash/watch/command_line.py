"""A decision as a person types it: one line, the verb first.

classify 12 drone        declare 12           revoke 12            drop 12
merge 12 13              split 12 13          recommend EPLB suspend
recommend EPLB restrict 06L                   recommend EPLB resume
warn 12 5km              warn 51.2 22.7 5km   widen W1 10km        cancel W1
ask RADAR 12             ask EPLB             log The tower saw nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from hotwash.errors import CommandError
from hotwash.model.words import suggest
from hotwash.watch.seat import Decision

USES = {
    "classify": "classify TRACK CLASS",
    "declare": "declare TRACK [ZONE]",
    "revoke": "revoke TRACK [ZONE]",
    "merge": "merge TRACK OTHER: the other is the same object",
    "split": "split TRACK OTHER: part off what was merged",
    "drop": "drop TRACK: take it out of the picture",
    "recommend": "recommend PLACE MEASURE [PART]",
    "warn": "warn TRACK RADIUS, or warn LAT LON RADIUS",
    "widen": "widen WARNING RADIUS",
    "cancel": "cancel WARNING",
    "ask": "ask PLACE [TRACK], or ask PLACE LAT LON",
    "log": "log TEXT",
}


def decision(line: str) -> Decision:
    """Return the decision that a line means. Radii are in metres, or end in km.

    raises   CommandError for a line that is none, with how the verb is used
    """
    verb, _, rest = line.strip().partition(" ")
    name = verb.lower()
    if name not in USES:
        raise CommandError("line", place=verb or "empty", why=f"no such command; {suggest(name, USES)}")
    if name == "log":
        return Decision("log", text=rest.strip())
    words = rest.split()
    low, high = _WORDS[name]
    if not low <= len(words) <= high:
        raise _misused(name)
    return _VERBS[name](words)


def radius_m(word: str) -> float:
    """Return a radius [m] of 5000, 5000m or 5km.

    raises   CommandError
    """
    text = word.lower()
    factor = 1_000.0 if text.endswith("km") else 1.0
    try:
        found = float(text.removesuffix("km").removesuffix("m")) * factor
    except ValueError:
        raise CommandError("line", place=word, why="that is no radius; write 5km or 5000") from None
    return found


def _misused(name: str) -> CommandError:
    return CommandError("line", place=name, why=f"it is used so: {USES[name]}")


def _number(word: str, name: str) -> float:
    try:
        found = float(word.rstrip(","))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise _misused(name)
    return found


def _warn(words: Sequence[str]) -> Decision:
    if len(words) == 2:
        return Decision("warn", track_id=words[0], radius_m=radius_m(words[1]))
    lat, lon = (_number(word, "warn") for word in words[:2])
    return Decision("warn", lat_deg=lat, lon_deg=lon, radius_m=radius_m(words[2]))


def _ask(words: Sequence[str]) -> Decision:
    if len(words) < 3:
        return Decision("ask", place_id=words[0], track_id=words[1] if len(words) > 1 else None)
    lat, lon = (_number(word, "ask") for word in words[1:])
    return Decision("ask", place_id=words[0], lat_deg=lat, lon_deg=lon)


def _maybe(words: Sequence[str], at: int) -> str | None:
    return words[at] if len(words) > at else None


_WORDS = {
    "classify": (2, 2), "declare": (1, 2), "revoke": (1, 2), "merge": (2, 2), "split": (2, 2), "drop": (1, 1),
    "recommend": (2, 3), "warn": (2, 3), "widen": (2, 2), "cancel": (1, 1), "ask": (1, 3),
}  # fmt: skip
_VERBS: dict[str, Callable[[Sequence[str]], Decision]] = {
    "classify": lambda words: Decision("classify", track_id=words[0], class_label=words[1].lower()),
    "declare": lambda words: Decision("declare_breach", track_id=words[0], zone_id=_maybe(words, 1)),
    "revoke": lambda words: Decision("revoke_breach", track_id=words[0], zone_id=_maybe(words, 1)),
    "merge": lambda words: Decision("merge", track_id=words[0], other_track_id=words[1]),
    "split": lambda words: Decision("split", track_id=words[0], other_track_id=words[1]),
    "drop": lambda words: Decision("drop", track_id=words[0]),
    "recommend": lambda words: Decision(
        "recommend", place_id=words[0], measure=words[1].lower(), part=_maybe(words, 2)
    ),
    "warn": _warn,
    "widen": lambda words: Decision("widen_warning", warning_id=words[0], radius_m=radius_m(words[1])),
    "cancel": lambda words: Decision("cancel_warning", warning_id=words[0]),
    "ask": _ask,
}
