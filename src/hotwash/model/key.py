"""What a key of a TOML file is: its kind, unit, bounds, default and meaning."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import partial
from typing import Any

NUMBER, WHOLE, TEXT, FLAG, TIME, PLACE, TEXTS = "number", "whole number", "text", "yes or no", "time", "three", "texts"
NUMBERS, POINTS = "numbers", "points"  # heights along a way; corners, each [latitude, longitude]


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it is called, holds and means.

    default       what a file that leaves it out means; None: it has none
    is_needed     whether a file must give it
    least, most   inclusive bounds, in the unit
    one_of        the only words allowed; empty when any text will do
    """

    name: str
    kind: str
    meaning: str
    _: KW_ONLY
    unit: str = ""
    default: Any = None
    is_needed: bool = False
    least: float | None = None
    most: float | None = None
    one_of: tuple[str, ...] = ()


key = Key
number = partial(Key, kind=NUMBER)
share = partial(Key, kind=NUMBER, unit="share", least=0.0, most=1.0)
word = partial(Key, kind=TEXT)


def needed(name: str, kind: str, meaning: str, **more: Any) -> Key:
    return Key(name, kind, meaning, is_needed=True, **more)
