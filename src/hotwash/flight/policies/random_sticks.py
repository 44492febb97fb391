"""Sticks that mean nothing: the least that anything else has to beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.flight.layout import LINK_NOISE
from hotwash.flight.policies.noise_stream import NoiseStream
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View
from hotwash.model.flight_scenario import FlightScenario

BoolArray = NDArray[np.bool_]

HOLD_S = 0.5  # a person who plays about holds a stick for so long
_PICTURES = 0.02  # share of draws with a capture


class RandomSticks:
    """New random sticks every HELD_S, the motors armed, now and then a picture.

    scenario   whose step it keeps to
    """

    def __init__(self, scenario: FlightScenario, *, worlds: int = 1) -> None:
        self._noise = NoiseStream(worlds)
        self._rows = Command.neutral(worlds).rows.copy()
        self._steps = np.zeros(worlds, np.int64)
        self._hold = max(1, round(HOLD_S / scenario.step_s))

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Begin anew with a seed."""
        self._noise.reset(seed, worlds)
        self._steps[slice(None) if worlds is None else worlds] = 0

    def act(self, view: View) -> Command:
        """Return sticks that are held from the last draw, or new ones."""
        noise = self._noise.next()
        is_new = self._steps % self._hold == 0
        sticks = np.tanh(0.5 * noise[:, :5])
        self._rows[:, :5] = np.where(is_new[:, None], sticks, self._rows[:, :5])
        self._rows[:, fields.CAPTURE] = is_new & (noise[:, LINK_NOISE] < _PICTURES)
        self._rows[:, fields.BUTTONS] = np.where(view.is_armed > 0.0, 0.0, float(fields.ARM))
        self._steps += 1
        return Command(self._rows.copy())
