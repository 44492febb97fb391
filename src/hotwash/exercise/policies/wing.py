"""A pilot of a fixed wing: circles where it is, and lands before its time is up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.exercise.flight.airframes import Airframe
from hotwash.exercise.seats import fields
from hotwash.exercise.seats.pilot import Command, View
from hotwash.model.scenario import Scenario

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_SINK_SHARE = 0.12  # of the cruising speed: how steeply the land mode glides
_LEAST_S = 40.0  # for the flare and what goes before it
_LOW = fields.BATTERY_LOW | fields.BATTERY_CRITICAL


class WingPilot:
    """Loiter, which holds height and speed by itself; land straight ahead when time or battery runs short.

    airframe   a fixed wing
    """

    def __init__(self, scenario: Scenario, airframe: Airframe, *, worlds: int = 1) -> None:
        self._sink_mps = min(_SINK_SHARE * airframe.limits.cruise_mps, airframe.limits.max_sink_mps)
        self._is_landing = np.zeros(worlds, np.bool_)
        self._limit_s = scenario.time_limit_s

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Forget that a landing had begun; the seed changes nothing."""
        self._is_landing[slice(None) if worlds is None else worlds] = False

    def act(self, view: View) -> Command:
        """Return the mode to fly; the sticks stay centred."""
        needed_s = _LEAST_S + 1.5 * np.maximum(view.height_m, 0.0) / self._sink_mps
        is_low = (view.warnings.astype(np.int64) & _LOW) != 0
        is_short = (view.seconds_left < needed_s) & (needed_s < self._limit_s)
        self._is_landing |= is_low | is_short
        wanted = np.where(self._is_landing, fields.LAND, fields.LOITER).astype(np.float64)
        arm = np.where((view.is_armed > 0.0) | self._is_landing, 0.0, float(fields.ARM))
        return Command.given(len(view), mode=np.where(view.mode == wanted, -1.0, wanted), buttons=arm)
