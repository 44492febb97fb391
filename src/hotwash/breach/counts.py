"""How many: the draws of a survey as whole numbers, their distribution and its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hotwash.breach.paths import IntArray
from hotwash.breach.survey import Survey
from hotwash.geo.frames import FloatArray

UNITS = ("crossings", "airframes")
_TAIL = 0.05  # a 90 % interval leaves 5 % on each side


@dataclass(frozen=True)
class Count:
    """One number of one zone, as a distribution.

    unit                  crossings: stays, merged; airframes: tracks with at least one
    is_unidentified_only  whether tracks that bear an identity are left out
    chance                (m,) float64: chance[k] is the share of the draws with exactly k
    """

    zone_id: str
    unit: str
    is_unidentified_only: bool
    chance: FloatArray

    @property
    def most_likely(self) -> int:
        return int(self.chance.argmax())

    @property
    def low_90(self) -> int:
        """Return the greatest number below which at most 5 % lies."""
        below = np.cumsum(self.chance)
        return min(int(np.searchsorted(below, _TAIL + _ROUNDING, side="right")), self.chance.size - 1)

    @property
    def high_90(self) -> int:
        """Return the least number above which at most 5 % lies."""
        return min(int(np.searchsorted(np.cumsum(self.chance), 1.0 - _TAIL - _ROUNDING)), self.chance.size - 1)

    @property
    def mean(self) -> float:
        return float(self.chance @ np.arange(self.chance.size))


_ROUNDING = 1e-12  # of shares of draws that are added up


def tally_draws(survey: Survey, zone: int, *, is_unidentified_only: bool = False) -> IntArray:
    """Return how many there are in each draw of a survey, (draws, units) int64, units as in UNITS."""
    stays = survey.zone_stays[zone].stays
    if is_unidentified_only:
        stays = stays[~survey.is_identified]
    return np.column_stack([stays.sum(axis=0), (stays > 0).sum(axis=0)]).astype(np.int64)


def counts(survey: Survey) -> tuple[Count, ...]:
    """Return the counts of a survey: each zone, all tracks and those without an identity, each unit."""
    return tuple(
        Count(zone.zone_id, unit, only, _chance(tally_draws(survey, place, is_unidentified_only=only)[:, column]))
        for place, zone in enumerate(survey.zone_stays)
        for only in (False, True)
        for column, unit in enumerate(UNITS)
    )


def _chance(numbers: IntArray) -> FloatArray:
    return np.bincount(numbers) / max(numbers.size, 1)
