"""A pilot of a fixed wing: climbs, circles there, and lands before its time is up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.flight.airframes import Airframe
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View
from hotwash.model.flight_scenario import FlightScenario

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_SINK_SHARE = 0.12  # of the cruising speed: how steeply the land mode glides
_UP_M = 40.0  # a circle is begun here: some turn to spare
_LEAST_S = 40.0  # for the flare and what goes before it
_LOW = fields.BATTERY_LOW | fields.BATTERY_CRITICAL


class WingPilot:
    """Climb straight ahead, loiter, and land straight ahead when time or battery runs short.

    airframe   a fixed wing
    """

    def __init__(self, scenario: FlightScenario, airframe: Airframe, *, worlds: int = 1) -> None:
        self._sink_mps = min(_SINK_SHARE * airframe.limits.cruise_mps, airframe.limits.max_sink_mps)
        self._is_landing, self._is_up = np.zeros(worlds, np.bool_), np.zeros(worlds, np.bool_)
        self._limit_s = scenario.time_limit_s

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Forget what was; the seed changes nothing."""
        chosen = slice(None) if worlds is None else worlds
        self._is_landing[chosen], self._is_up[chosen] = False, False

    def act(self, view: View) -> Command:
        """Return the mode to fly; the throttle asks for the climb, the other sticks stay centred."""
        needed_s = _LEAST_S + 1.5 * np.maximum(view.height_m, 0.0) / self._sink_mps
        is_low = (view.warnings.astype(np.int64) & _LOW) != 0
        is_short = (view.seconds_left < needed_s) & (needed_s < self._limit_s)
        self._is_landing |= is_low | is_short
        self._is_up |= view.height_m >= _UP_M
        flying = np.where(self._is_up, fields.LOITER, fields.ALTITUDE_HOLD)
        wanted = np.where(self._is_landing, fields.LAND, flying).astype(np.float64)
        climb = np.clip((_UP_M + 5.0 - view.height_m) / 5.0, 0.0, 1.0) * ~(self._is_landing | self._is_up)
        arm = np.where((view.is_armed > 0.0) | self._is_landing, 0.0, float(fields.ARM))
        return Command.of_sticks(
            len(view), throttle=climb, mode=np.where(view.mode == wanted, -1.0, wanted), buttons=arm
        )
