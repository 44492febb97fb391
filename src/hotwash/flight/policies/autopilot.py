"""A pilot that flies a lane from what its view tells, without delay and with a steady hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.flight.airframes import Airframe
from hotwash.flight.policies import kernels, plan
from hotwash.flight.seats import fields, limits
from hotwash.flight.seats.pilot import Command, View, mode_number
from hotwash.lanes.lane import Lane
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.scenario_parts import Seat

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# How it flies: chosen so that it neither swings about a place nor dawdles on the way to it.
_CALM = {
    kernels.PER_METRE: 0.9, kernels.BRAKE: 1.2, kernels.PER_SPEED: 1.6, kernels.PER_SUM: 0.15,
    kernels.CLOSE_M: 0.12, kernels.SLOW_MPS: 0.12, kernels.SETTLE_S: 0.3, kernels.WAIT_S: 1.0, kernels.CRUISE: 3.0,
    kernels.LAG: 0.4, kernels.OVER_PAD_M: 0.12, kernels.DEAD_BAND: 0.05, kernels.PER_CLIMB: 0.25,
}  # fmt: skip
# With 220 ms between seeing and moving, the same gains would swing for ever: a beginner flies slowly, and is content
# with less.
_LATE = {
    kernels.PER_METRE: 0.6, kernels.PER_SPEED: 1.0, kernels.PER_SUM: 0.03, kernels.CLOSE_M: 0.3,
    kernels.SLOW_MPS: 0.4, kernels.SETTLE_S: 0.1, kernels.CRUISE: 2.0, kernels.OVER_PAD_M: 0.5,
}  # fmt: skip


class Autopilot:
    """Fly to each called-out place, turn, look, take the picture, go round, land.

    lane       whose plan it was told; None: take off and stay at the place called out
    airframe   a multirotor; what it does at a full stick is what a pilot knows of it
    seat       whose mode is asked for again whenever a failsafe has left it and its cause is gone
    is_calm    whether it acts at once; otherwise its gains are those of somebody who acts late
    """

    def __init__(
        self, scenario: FlightScenario, lane: Lane | None, airframe: Airframe, seat: Seat, *, worlds: int = 1,
        is_calm: bool = True,
    ) -> None:  # fmt: skip
        self._plan = plan.plan_rows(lane)
        self._hand = hand(airframe, scenario, seat, is_calm=is_calm)
        self._mind = np.zeros((worlds, kernels.MINDS))
        self._step_s = scenario.step_s
        self.reset(0)

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Forget what was; the seed changes nothing."""
        chosen = slice(None) if worlds is None else worlds
        self._mind[chosen] = 0.0
        self._mind[chosen, kernels.LAST_TASK] = -1.0

    def act(self, view: View) -> Command:
        """Return the sticks for what is seen."""
        rows = np.empty((len(view), fields.COMMANDS))
        kernels.fly(view.rows, self._plan, self._hand, self._mind, rows, self._step_s)
        return Command(rows)


def hand(airframe: Airframe, scenario: FlightScenario, seat: Seat, *, is_calm: bool) -> FloatArray:
    """Return what a pilot knows of the drone's answers, and how it means to fly; (kernels.HANDS,)."""
    found = np.zeros(kernels.HANDS)
    for at, value in (_CALM if is_calm else _CALM | _LATE).items():
        found[at] = value
    known = limits.limit_row(airframe, scenario, seat, tasks=0, time_limit_s=scenario.time_limit_s)
    found[kernels.TOP_SPEED] = known[fields.MAX_SPEED]
    found[kernels.CRUISE] = min(found[kernels.CRUISE], known[fields.CRUISE])
    found[kernels.TOP_CLIMB], found[kernels.TOP_SINK] = known[fields.MAX_CLIMB], known[fields.MAX_SINK]
    found[kernels.TOP_YAW], found[kernels.TOP_TILT] = np.degrees(known[[fields.MAX_YAW_RATE, fields.MAX_TILT]])
    found[kernels.TOP_GIMBAL] = max(float(np.degrees(known[fields.GIMBAL_FASTEST])), 1.0)
    found[kernels.WISH] = mode_number(seat.mode)
    return found
