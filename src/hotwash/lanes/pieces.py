"""A piece of a lane file: one table of it, whose keys are read with errors that name the place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from hotwash.errors import LaneError
from hotwash.lanes.figures import Figures

Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """One table of a lane file, the numbers that the file names, and where it stands; `place` is for the errors."""

    given: Mapping[str, Any]
    figures: Figures
    place: str = ""

    def fault(self, key: str, why: str) -> LaneError:
        """Return the error that names a key of this piece, or the piece itself where the key is empty."""
        where = f"{self.place}, key {key}".lstrip(", ") if key else self.place
        return LaneError(self.figures.lane, place=where, why=why)

    def check_keys(self, keys: Set[str], *, needs: Set[str] = frozenset()) -> None:
        """Refuse keys that are unknown here, and the lack of needed ones; raises LaneError."""
        if unknown := sorted(set(self.given) - keys):
            what = "not a key of this" if self.place else "not a key that we know"
            raise self.fault(unknown[0], f"{what}; there are {', '.join(sorted(keys))}")
        if missing := sorted(needs - set(self.given)):
            raise self.fault(missing[0], "is missing; it has to be given here")

    def text(self, key: str) -> str:
        """Return a text; raises LaneError where it is missing."""
        value = self.given.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(key, "is missing, or is no text")
        return value

    def choice(self, key: str, words: Iterable[str], *, default: str | None = None) -> str:
        """Return one of some words; raises LaneError where it is none of them."""
        value = self.text(key) if default is None else self.given.get(key, default)
        known = tuple(words)
        if value not in known:
            raise self.fault(key, f"should be one of {', '.join(known)}")
        return str(value)

    def position(self, key: str, *, default: Place | None = None) -> Place:
        """Return a place [m] from its three numbers; raises LaneError."""
        value = self.given.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, list) or len(value) != 3:
            raise self.fault(key, "should be three numbers: east, north, up")
        east, north, up = (self.figures.value(one, f"{self.place}, key {key}") for one in value)
        return east, north, up

    def number(
        self,
        key: str,
        *,
        default: float | None = None,
        least: float = -math.inf,
        most: float = math.inf,
        above: float = -math.inf,
    ) -> float:
        """Return a number; raises LaneError where it is missing or out of bounds."""
        if key not in self.given:
            if default is None:
                raise self.fault(key, "is missing; it has to be given here")
            return default
        value = self.figures.value(self.given[key], f"{self.place}, key {key}".lstrip(", "))
        if not (least <= value <= most and value > above):
            low = f"above {above:g}" if above > -math.inf else f"{least:g} or more"
            raise self.fault(
                key, f"{value:g} cannot be; give {low}" + (f", {most:g} at most" if most < math.inf else "")
            )
        return value
