"""What a scenario leaves to chance, drawn for each world."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hotwash.air.random_keys import IntArray, uniforms
from hotwash.model.scenario import Scenario

FloatArray = NDArray[np.float64]


def drawn(scenario: Scenario, *, seed: int, worlds: IntArray) -> dict[str, FloatArray]:
    """Return the numbers that [randomise] leaves open, by dotted name, one for each world.

    seed, worlds   (k,) numbers of the worlds; a world's numbers depend on the seed, its number and the name alone
    returns        each (k,), even between the two ends of its range
    """
    return {name: low + (high - low) * uniforms(seed, worlds, name) for name, (low, high) in scenario.randomise.items()}


def of(found: Mapping[str, FloatArray], name: str, otherwise: float, worlds: int) -> FloatArray:
    """Return the drawn numbers of a name, or the scenario's own in every world; (worlds,)."""
    return found[name] if name in found else np.full(worlds, otherwise)
