"""Whether a share is shown, however often somebody looks and however many attempts they add: bets against the share.

passes, misses ─e_value─▶ evidence ≥ 1 / level(round) ─▶ the share is shown
                 └───────▶ lower_bound: the greatest share that is shown

Whoever bets that a subject passes more often than the share, at the odds of that share, starts with 1 and does not gain
on average while the true share is that or less. So the chance that the stake *ever* reaches 1 / a is at most a (Ville),
in whatever order somebody names, looks, stops and goes on. A fixed-sample bound has no such promise: it is right for
one look.

Half of the stake is bet on nobody missing, half on one in four of the misses that the share allows.
"""

from __future__ import annotations

import math
from functools import lru_cache

ERROR = 0.1  # the chance of ever calling a smaller share shown, over all rounds
_FEWER = 0.25  # the second bet: this part of the misses that the share allows
_STEPS = 60  # halvings of the bound's bracket


def level(round_number: int) -> float:
    """Return what a round may spend of ERROR: 0.05, 0.0167, 0.0083, ...; all rounds together spend it once.

    round_number   from 1
    """
    return ERROR / (round_number * (round_number + 1))


def log_evidence(passes: int, misses: int, share: float) -> float:
    """Return the logarithm of the evidence that the true share is above `share`.

    passes, misses   of subjects, in any order
    share            above 0, below 1

    Source: Ville 1939, Étude critique de la notion de collectif; Waudby-Smith and Ramdas 2024, J. R. Stat. Soc. B 86,
    1-27 (betting); Howard, Ramdas, McAuliffe and Sekhon 2021, Ann. Stat. 49, 1055-1080 (mixtures).
    """
    hoped = 1.0 - _FEWER * (1.0 - share)
    second = passes * math.log(hoped / share) + misses * math.log(_FEWER)
    if misses:
        return second - math.log(2.0)
    first = -passes * math.log(share)
    return first + math.log1p(math.exp(second - first)) - math.log(2.0)


def is_shown(passes: int, misses: int, share: float, *, at_level: float = ERROR) -> bool:
    """Return whether the evidence shows a share at a level: whether the stake has reached 1 / at_level."""
    return log_evidence(passes, misses, share) >= -math.log(at_level)


@lru_cache(maxsize=100_000)
def lower_bound(passes: int, trials: int, at_level: float = ERROR) -> float:
    """Return the lower bound of a share that holds at all times together with probability 1 - at_level.

    passes, trials   0 <= passes <= trials
    at_level         what may be spent on it: `level` of a round
    """
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if 0.0 < middle < 1.0 and is_shown(passes, trials - passes, middle, at_level=at_level):
            low = middle
        else:
            high = middle
    return low


@lru_cache(maxsize=100_000)
def fewest_trials(share: float, *, misses: int = 0, at_level: float = ERROR) -> int:
    """Return how many trials show a share when a number of them are misses.

    share   above 0, below 1
    """
    gain = math.log((1.0 - _FEWER * (1.0 - share)) / share)
    passes = 0
    if misses:
        passes = max(0, math.ceil((math.log(2.0 / at_level) - misses * math.log(_FEWER)) / gain) - 1)
    while not is_shown(passes, misses, share, at_level=at_level):
        passes += 1
    return passes + misses
