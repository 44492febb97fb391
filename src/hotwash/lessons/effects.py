"""How far a measure moved from some attempts to others, with an exact interval and no dice.

The shift is the median of all differences between a later and an earlier value (Hodges and Lehmann); its interval
reaches from the c-th smallest to the c-th largest of them, c from the exact distribution of Mann and Whitney's U.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

_EXACT = 40  # values on either side; beyond, the normal approximation of U is good to a rank or so


@dataclass(frozen=True, slots=True)
class Shift:
    """How far values moved: later less earlier, in their unit, and the interval."""

    value: float
    low: float
    high: float


def shift(before: Sequence[float], after: Sequence[float], *, confidence: float = 0.9) -> Shift | None:
    """Return how far values moved from before to after; None where there are too few for the confidence.

    before, after   independent values of one measure, in one unit; 90 % wants three of each, or 2 of one and 5 of the
                    other, at least
    confidence      of the two-sided interval: it holds the true shift at least this often, whatever the distribution,
                    where the two differ by a shift alone; ties only widen it

    Source: Hodges and Lehmann 1963, Ann. Math. Stat. 34, 598-611; Mann and Whitney 1947, ibid. 18, 50-60.
    """
    if not before or not after:
        return None
    edge = _edge(len(before), len(after), confidence)
    if edge < 1:
        return None
    moved = np.sort(np.subtract.outer(np.asarray(after, float), np.asarray(before, float)).ravel())
    return Shift(float(np.median(moved)), float(moved[edge - 1]), float(moved[len(moved) - edge]))


@lru_cache(maxsize=10_000)
def _edge(n: int, m: int, confidence: float) -> int:
    """Return the greatest c for which U is below c with a probability of half what confidence leaves, at most."""
    tail = 0.5 * (1.0 - confidence) + 1e-12  # a tail that equals it exactly is allowed: rounding must not refuse it
    if max(n, m) > _EXACT:
        sigma = math.sqrt(n * m * (n + m + 1) / 12.0)
        return math.floor(0.5 * n * m + NormalDist().inv_cdf(tail) * sigma)
    below = np.cumsum(_ways(min(n, m), max(n, m))) / math.comb(n + m, n)
    return int(np.searchsorted(below, tail, side="right"))


def _ways(n: int, m: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return in how many orders of n + m values U comes to 0, 1, ..., n m: the coefficients of a Gaussian binomial."""
    ways = np.zeros(n * m + 1)
    ways[0] = 1.0
    for one in range(1, n + 1):
        step = m + one  # times (1 - q^(m + one)), then divided by (1 - q^one)
        ways[step:] -= ways[:-step].copy() if step <= n * m else 0.0
        for at in range(one, n * m + 1):
            ways[at] += ways[at - one]
    return ways
