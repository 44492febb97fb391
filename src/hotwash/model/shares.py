"""A one-sided lower bound of a share from passes and trials under Jeffreys' prior, for one look (anytime.py: for many).

The share is Beta(passes + 1/2, misses + 1/2); its lower bound at 90 % is that distribution's quantile at 10 %.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.9
_TERMS = 10_000  # of the continued fraction, which needs some sqrt(max(a, b)): enough for a hundred million trials
_ENOUGH = 1e-15
_FLAT = 500.0  # at a density of exp(-500) Newton's step is useless
_ROUNDS = 200  # halvings alone would need 60; Newton's steps need six or so


def regularised_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b): the share of Beta(a, b) that lies below x.

    a, b   above 0
    x      0 to 1

    Agrees with scipy.stats.beta to 1e-12 for a and b up to 10,000.
    Source: continued fraction of DLMF 8.17.22, evaluated by Lentz's method.
    """
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):  # beyond the middle the fraction converges slowly, but its mirror image does not
        return 1.0 - regularised_beta(b, a, 1.0 - x)
    front = math.exp(_log_density(a, b, x) + math.log(x) + math.log1p(-x)) / a
    return front * _fraction(a, b, x)


def beta_quantile(a: float, b: float, share: float) -> float:
    """Return the quantile of Beta(a, b), by Newton's steps, with bisection where one leaves the bracket.

    a, b    above 0
    share   above 0, below 1
    """
    low, high = 0.0, 1.0
    mean = a / (a + b)
    sigma = math.sqrt(mean * (1.0 - mean) / (a + b + 1.0))
    x = min(max(mean + sigma * NormalDist().inv_cdf(share), 0.5 * mean), 0.5 * (1.0 + mean))
    for _ in range(_ROUNDS):
        miss = regularised_beta(a, b, x) - share
        low, high = (low, x) if miss > 0.0 else (x, high)
        steepness = _log_density(a, b, x)
        after = x - miss * math.exp(-steepness) if steepness > -_FLAT else math.nan
        if not low < after < high:
            after = 0.5 * (low + high)
        if abs(after - x) <= 1e-14 * max(x, 1e-3):
            return after
        x = after
    return x


@lru_cache(maxsize=100_000)
def lower_bound(passes: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided lower bound of a share, by Jeffreys' prior.

    passes, trials   0 <= passes <= trials; with no trial it is the bound of the prior alone
    confidence       of the bound: the share is at least this with that probability

    Source: Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133 (the Jeffreys interval).
    """
    return beta_quantile(passes + 0.5, trials - passes + 0.5, 1.0 - confidence)


def lower_bounds(
    passes: NDArray[np.int64], trials: NDArray[np.int64], *, confidence: float = CONFIDENCE
) -> NDArray[np.float64]:
    """Return `lower_bound` of each pair.

    passes, trials   (n,) int64
    """
    pairs, where = np.unique(np.stack([passes, trials]), axis=1, return_inverse=True)
    known = [lower_bound(int(one), int(of), confidence) for one, of in pairs.T]
    return np.array(known, dtype=np.float64)[where.reshape(-1)]


def _log_density(a: float, b: float, x: float) -> float:
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return constant + (a - 1.0) * math.log(x) + (b - 1.0) * math.log1p(-x)


def _fraction(a: float, b: float, x: float) -> float:
    tiny = 1e-300  # prevents division by zero
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1.0), tiny)
    value = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for term in (even, odd):
            d = 1.0 / _away(1.0 + term * d, tiny)
            c = _away(1.0 + term / c, tiny)
            value *= c * d
        if abs(c * d - 1.0) < _ENOUGH:
            break
    return value


def _away(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
