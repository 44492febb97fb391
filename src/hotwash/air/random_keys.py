"""Keys of worlds: numbers that depend on a seed, the number of the world and a purpose, and on nothing else.

So world 7 of an exercise draws the same numbers whether eight worlds fly or eight thousand.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WordArray = NDArray[np.uint64]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_MASK = (1 << 64) - 1
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _mixed(words: WordArray) -> WordArray:
    """Return words of 64 bits, stirred so that neighbours have nothing in common.

    Source: Steele, Lea, Flood 2014, Fast splittable pseudorandom number generators (SplitMix64).
    """
    words = words + _GOLDEN
    words = (words ^ (words >> np.uint64(30))) * _FIRST
    words = (words ^ (words >> np.uint64(27))) * _SECOND
    return words ^ (words >> np.uint64(31))


def keys(seed: int, worlds: IntArray, purpose: str) -> WordArray:
    """Return a key of 64 bits for each world.

    seed      any whole number; its lowest 64 bits count
    worlds    (k,) numbers of the worlds
    purpose   what is drawn with it: another purpose gives other numbers
    """
    start = np.full(worlds.shape, seed & _MASK, dtype=np.uint64)
    return _mixed(_mixed(_mixed(start) ^ worlds.astype(np.uint64)) ^ np.uint64(crc32(purpose.encode())))


def uniforms(seed: int, worlds: IntArray, purpose: str) -> FloatArray:
    """Return one number for each world, even between 0 and 1; (k,)."""
    return (keys(seed, worlds, purpose) >> np.uint64(11)).astype(np.float64) * 2.0**-53
