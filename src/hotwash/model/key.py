"""What a key of a TOML file is: its kind, unit, bounds, default and meaning.

A record declares the keys of its table as its own fields; the reader, the defaults and the manual follow them:

    @record
    class Outage:
        from_s: float = key("nothing is reported from then on", unit="s")          # a file must give it
        to_s: float | None = key("until then; left out, to the end", default=None, unit="s")
"""

from __future__ import annotations

from dataclasses import KW_ONLY, MISSING, dataclass, field, fields
from functools import cache
from typing import Any, TypeVar, dataclass_transform

NUMBER, WHOLE, TEXT, FLAG, TIME, PLACE, TEXTS = "number", "whole number", "text", "yes or no", "time", "three", "texts"
NUMBERS, POINTS = "numbers", "points"  # heights along a way; corners, each [latitude, longitude]
_KIND_OF_TYPE = {
    "float": NUMBER,
    "int": WHOLE,
    "str": TEXT,
    "bool": FLAG,
    "datetime": TIME,
    "tuple[float, float, float]": PLACE,
    "tuple[str, ...]": TEXTS,
    "tuple[float, ...]": NUMBERS,
    "tuple[Point, ...]": POINTS,
}
RecordType = TypeVar("RecordType")


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


def key(meaning: str, *, default: Any = MISSING, **more: Any) -> Any:
    """Return the field of a record that a key fills; without a default, a file must give it.

    more   unit, least, most, one_of: as `Key` has them
    """
    return field(default=default, metadata={"meaning": meaning, **more})


def share(meaning: str, *, default: Any = MISSING) -> Any:
    """Return the field of a record that holds a share, 0 to 1."""
    return key(meaning, default=default, unit="share", least=0.0, most=1.0)


@dataclass_transform(frozen_default=True, field_specifiers=(key, share))
def record(declared: type[RecordType]) -> type[RecordType]:
    """Return a class as a frozen dataclass whose fields are keys."""
    return dataclass(frozen=True, slots=True)(declared)


@cache
def keys_of(declared: type) -> tuple[Key, ...]:
    """Return the keys that a record declares, in the order of its fields."""
    found = []
    for one in fields(declared):
        if "meaning" in one.metadata:
            is_needed = one.default is MISSING
            kind = _KIND_OF_TYPE[str(one.type).removesuffix(" | None")]
            default = None if is_needed else one.default
            found.append(Key(one.name, kind, default=default, is_needed=is_needed, **one.metadata))
    return tuple(found)
