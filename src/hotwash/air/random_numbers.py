"""Random numbers of worlds: each depends on a seed, the number of the world and a purpose, and on nothing else.

So world 7 of an exercise draws the same numbers whether eight worlds fly or eight thousand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WordArray = NDArray[np.uint64]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_MASK = (1 << 64) - 1
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _mix(words: WordArray) -> WordArray:
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
    return _mix(_mix(_mix(start) ^ worlds.astype(np.uint64)) ^ np.uint64(crc32(purpose.encode())))


def uniforms(seed: int, worlds: IntArray, purpose: str) -> FloatArray:
    """Return one number for each world, even between 0 and 1; (k,)."""
    return (keys(seed, worlds, purpose) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def dice(seed: int, world: int, purpose: str) -> np.random.Generator:
    """Return dice of one world for one purpose."""
    return np.random.Generator(np.random.Philox(int(keys(seed, np.array([world], dtype=np.int64), purpose)[0])))


@dataclass(frozen=True, slots=True)
class Draws:
    """The numbers of one world, by purpose; the same whenever they are asked for.

    about   stands before each purpose
    """

    seed: int
    world: int = 0
    about: str = ""

    def even(self, purpose: str, low: float = 0.0, high: float = 1.0) -> float:
        """Return a number, even between two."""
        world = np.array([self.world], dtype=np.int64)
        return low + (high - low) * float(uniforms(self.seed, world, f"{self.about}{purpose}")[0])

    def count(self, purpose: str, low: float, high: float) -> int:
        """Return a whole number from low to high, each as likely as the others."""
        return int(low + np.floor(self.even(purpose) * (high - low + 1.0)))

    def some(self, names: Sequence[str], count: int, purpose: str) -> list[str]:
        """Return so many of some names; which of two comes first depends on those two alone."""
        return sorted(names, key=lambda name: (self.even(f"{purpose} {name}"), name))[:count]

    def normal(self, purpose: str) -> float:
        """Return a standard normal number."""
        far = math.sqrt(-2.0 * math.log(1.0 - self.even(f"{purpose} far")))
        return far * math.cos(2.0 * math.pi * self.even(f"{purpose} side"))


def draw_ranges(ranges: Mapping[str, tuple[float, float]], *, seed: int, worlds: IntArray) -> dict[str, FloatArray]:
    """Return a number of each range for each world, by the range's name: (k,), even between its two ends.

    worlds   (k,) numbers of the worlds
    """
    return {name: low + (high - low) * uniforms(seed, worlds, name) for name, (low, high) in ranges.items()}


def draws_or(found: Mapping[str, FloatArray], name: str, otherwise: float, worlds: int) -> FloatArray:
    """Return the numbers drawn for a name, or where none were the same number in every world; (worlds,)."""
    return found[name] if name in found else np.full(worlds, otherwise)
