"""A person's hand: what is meant comes late, unsteadily, and not at all where it is small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.flight.policies.noise_stream import NoiseStream
from hotwash.flight.policies.policy import Policy
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# From seeing to moving: pilots of racing drones, mean of 21. Source: Pfeiffer, Scaramuzza 2021, arXiv 2103.04672.
DELAY_S = 0.22
# The next are chosen, not measured: a hand that can hold a drone in the air, but not still.
DEAD_BAND = 0.08  # a smaller wish moves no stick
TREMBLE = 0.03  # standard deviation of the stick about what is meant
TREMBLE_S = 0.3  # how long the hand stays off to one side

_STICKS = 5


class Novice:
    """Another policy's intention through a human delay, a dead band and an unsteady hand.

    meant    the policy that knows what to do
    """

    def __init__(self, meant: Policy, *, step_s: float, worlds: int = 1) -> None:
        self._meant = meant
        self._noise = NoiseStream(worlds)
        self._delay = max(1, round(DELAY_S / step_s))
        self._late = np.zeros((self._delay, worlds, fields.COMMANDS))
        self._at = 0
        self._hand = np.zeros((worlds, _STICKS))
        self._keep = float(np.exp(-step_s / TREMBLE_S))
        self._worlds = worlds
        self._forget(slice(None))

    def _forget(self, worlds: slice | BoolArray) -> None:
        self._late[:, worlds] = Command.neutral().rows
        self._hand[worlds] = 0.0

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Begin anew with a seed: nothing is meant yet."""
        self._meant.reset(seed, worlds)
        self._noise.reset(seed, worlds)
        self._forget(slice(None) if worlds is None else worlds)

    def act(self, view: View) -> Command:
        """Return what was meant DELAY_S ago, as this hand does it."""
        rows = self._late[self._at].copy()
        self._late[self._at] = self._meant.act(view).rows
        self._at = (self._at + 1) % self._delay
        fresh = self._noise.next()[:, :_STICKS]
        self._hand = self._keep * self._hand + np.sqrt(1.0 - self._keep**2) * TREMBLE * fresh
        rows[:, :_STICKS] = _moved(rows[:, :_STICKS], self._hand)
        return Command(rows)


def _moved(meant: FloatArray, hand: FloatArray) -> FloatArray:
    """Return where sticks end up: nothing below the dead band, and the hand on top of what was meant."""
    beyond = np.sign(meant) * np.maximum(np.abs(meant) - DEAD_BAND, 0.0) / (1.0 - DEAD_BAND)
    return np.clip(beyond + hand, -1.0, 1.0)
