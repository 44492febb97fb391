"""How far a measure shifted between earlier and later attempts, with an exact interval.

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
    """How far values differences: later less earlier, in their unit, and the interval."""

    value: float
    low: float
    high: float


def shift(before: Sequence[float], after: Sequence[float], *, confidence: float = 0.9) -> Shift | None:
    """Return how far values shifted from before to after; None where there are too few for the confidence.

    before, after   independent values of one measure, in one unit; 90 % takes at least three of each, or 2 of one and
                    5 of the other
    confidence      of the two-sided interval: it holds the true shift at least this often, whatever the distribution,
                    where the two differ by a shift alone; ties only widen it

    Source: Hodges and Lehmann 1963, Ann. Math. Stat. 34, 598-611; Mann and Whitney 1947, ibid. 18, 50-60.
    """
    if not before or not after:
        return None
    edge = _edge(len(before), len(after), confidence)
    if edge < 1:
        return None
    differences = np.sort(np.subtract.outer(np.asarray(after, float), np.asarray(before, float)).ravel())
    return Shift(
        float(np.median(differences)), float(differences[edge - 1]), float(differences[len(differences) - edge])
    )


@lru_cache(maxsize=10_000)
def _edge(n: int, m: int, confidence: float) -> int:
    """Return the greatest c for which U is below c with a probability of half what confidence leaves, at most."""
    tail = 0.5 * (1.0 - confidence) + 1e-12  # a tail that equals it exactly is allowed: rounding must not refuse it
    if max(n, m) > _EXACT:
        sigma = math.sqrt(n * m * (n + m + 1) / 12.0)
        return math.floor(0.5 * n * m + NormalDist().inv_cdf(tail) * sigma)
    below = np.cumsum(_arrangements(min(n, m), max(n, m))) / math.comb(n + m, n)
    return int(np.searchsorted(below, tail, side="right"))


def _arrangements(n: int, m: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return in how many orders of n + m values U comes to 0, 1, ..., n m: the coefficients of a Gaussian binomial."""
    counts = np.zeros(n * m + 1)
    counts[0] = 1.0
    for one in range(1, n + 1):
        step = m + one  # times (1 - q^(m + one)), then divided by (1 - q^one)
        counts[step:] -= counts[:-step].copy() if step <= n * m else 0.0
        for at in range(one, n * m + 1):
            counts[at] += counts[at - one]
    return counts
