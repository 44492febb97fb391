"""Numbers that a policy draws: by its seed, the world and the step, as the exercise draws its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.air.random_numbers import keys
from hotwash.flight.layout import NOISES
from hotwash.flight.noise import kernels

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class NoiseStream:
    """A stream of numbers for each world.

    worlds   how many
    """

    def __init__(self, worlds: int) -> None:
        self._keys = np.zeros((worlds, 1), np.uint64)
        self._steps = np.zeros((worlds, 1), np.int64)
        self._noise = np.zeros((worlds, NOISES, 1))

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Begin anew with a seed, in the given worlds or in all."""
        chosen = slice(None) if worlds is None else worlds
        fresh = keys(seed, np.arange(len(self._keys)), "policy")[:, None]
        self._keys[chosen] = fresh[chosen]
        self._steps[chosen] = 0

    def next(self) -> FloatArray:
        """Return (worlds, NOISES): standard normals, and at LINK_NOISE a uniform; each call a step further."""
        kernels.fill(self._noise, self._keys, self._steps, 0, len(self._keys))
        self._steps += 1
        return self._noise[:, :, 0].copy()
