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
DEAD_BAND = 0.07  # a smaller wish moves no stick
TREMBLE = 0.03  # standard deviation of the stick about what is meant
TREMBLE_S = 0.3  # how long the hand stays off to one side
# How people differ, chosen too: skill is normal, one number a person, drawn from the seed, and kept between WORST and
# BEST. Delay, tremble and dead band fall by these powers of e for one standard deviation of it; reaction times of
# adults vary by some 15 %.
DELAY_SPREAD, TREMBLE_SPREAD, DEAD_BAND_SPREAD = 0.15, 0.4, 0.6
BEST, WORST = 2.5, -2.5

_STICKS = 5
_SKILL = 5  # of a row of noise: a normal number that moves no stick


class Novice:
    """Another policy's intention through a human delay, a dead band and an unsteady hand: one person for each seed.

    meant    the policy that knows what to do
    """

    def __init__(self, meant: Policy, *, step_s: float, worlds: int = 1) -> None:
        self._meant, self._step_s = meant, step_s
        self._noise, self._person = NoiseStream(worlds), NoiseStream(worlds)
        longest = int(np.ceil(DELAY_S * np.exp(-DELAY_SPREAD * WORST) / step_s)) + 1
        self._late = np.zeros((longest, worlds, fields.COMMANDS))
        self._at = 0
        self._hand = np.zeros((worlds, _STICKS))
        self._keep = float(np.exp(-step_s / TREMBLE_S))
        self._delay, self._tremble, self._dead_band = np.ones(worlds, np.int64), np.zeros(worlds), np.zeros(worlds)
        self.reset(0)

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Begin anew with a seed: another person, who means nothing yet."""
        chosen = np.ones(len(self._hand), dtype=np.bool_) if worlds is None else worlds
        self._meant.reset(seed, worlds)
        self._noise.reset(seed, worlds)
        self._person.reset(seed, worlds)
        self._late[:, chosen], self._hand[chosen] = Command.neutral().rows, 0.0
        skill = np.clip(self._person.next()[chosen, _SKILL], WORST, BEST)
        delay_s = DELAY_S * np.exp(-DELAY_SPREAD * skill)
        self._delay[chosen] = np.maximum(1, np.round(delay_s / self._step_s))
        self._tremble[chosen] = TREMBLE * np.exp(-TREMBLE_SPREAD * skill)
        self._dead_band[chosen] = DEAD_BAND * np.exp(-DEAD_BAND_SPREAD * skill)

    def act(self, view: View) -> Command:
        """Return what was meant a while ago, as this hand does it."""
        self._late[self._at] = self._meant.act(view).rows
        rows = self._late[(self._at - self._delay) % len(self._late), np.arange(len(self._delay))].copy()
        self._at = (self._at + 1) % len(self._late)
        fresh = self._noise.next()[:, :_STICKS]
        self._hand = self._keep * self._hand + np.sqrt(1.0 - self._keep**2) * self._tremble[:, None] * fresh
        rows[:, :_STICKS] = _moved(rows[:, :_STICKS], self._hand, self._dead_band[:, None])
        return Command(rows)


def _moved(meant: FloatArray, hand: FloatArray, dead_band: FloatArray) -> FloatArray:
    """Return where sticks end up: nothing below the dead band, and the hand on top of what was meant."""
    beyond = np.sign(meant) * np.maximum(np.abs(meant) - dead_band, 0.0) / (1.0 - dead_band)
    return np.clip(beyond + hand, -1.0, 1.0)
