"""A drone over a field, for tests of seats and exercises: short scenarios, and a pilot that holds one command."""

from __future__ import annotations

import numpy as np

from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats import kernels
from hotwash.flight.seats.pilot import Command, warnings_in
from hotwash.model.scenario import parse
from hotwash.model.words import FLIGHT_MODES

FIELD = """
name = "field"
time_limit_s = 600
{top}
[place]
lat_deg = 52.0
lon_deg = 21.0
height_hae_m = 100
{tables}
[[seats]]
name = "ann"
airframe = "{airframe}"
position_m = [0, 0, {up_m}]
{seat}
"""


def scenario(tables="", *, top="", seat="", airframe="quad-900g", up_m=20):
    return parse(FIELD.format(top=top, tables=tables, seat=seat, airframe=airframe, up_m=up_m), name="field")


def fault(kind, onset_s=2, **numbers):
    """Return the lines of one fault."""
    lines = [f'kind = "{kind}"', f"onset_s = {onset_s}", *(f"{name} = {value!r}" for name, value in numbers.items())]
    return "\n".join(["[[faults]]", *lines, ""])


class Flight:
    """One exercise that is flown by a constant command at a time; `view` is the last of the first seat."""

    def __init__(self, of, **choices):
        seed = choices.pop("seed", 1)
        self.exercise = FlightExercise(of, **choices)
        self.seat = of.seats[0].name
        self.view = self.exercise.reset(seed)[self.seat]
        self.modes = [self.mode]

    def hold(self, seconds, **sticks):
        """Fly on with these sticks."""
        neutral = {name: Command.neutral(self.exercise.worlds) for name in self.exercise.seats}
        command = {**neutral, self.seat: Command.of_sticks(self.exercise.worlds, **sticks)}
        for _ in range(round(seconds / self.exercise.scenario.step_s)):
            self.view = self.exercise.step(command)[self.seat]
            if self.mode != self.modes[-1]:
                self.modes.append(self.mode)
        return self

    def press(self, **sticks):
        """Give one command for one step."""
        return self.hold(self.exercise.scenario.step_s, **sticks)

    @property
    def pose(self):
        """What is true of the drone."""
        return self.exercise.pose(self.seat)

    @property
    def mode(self):
        """The mode that is really flown in the first world, whatever its pilot knows."""
        return FLIGHT_MODES[int(self.exercise.pilot_seats[0].seat[0, kernels.MODE])]

    @property
    def is_armed(self):
        return bool(self.exercise.pilot_seats[0].seat[0, kernels.ARMED])

    @property
    def at_m(self):
        return self.pose.position_m[0]

    @property
    def moved_m(self):
        return float(np.hypot(*self.at_m[:2]))

    @property
    def speed_mps(self):
        return float(np.linalg.norm(self.pose.velocity_mps[0]))

    @property
    def warnings(self):
        return warnings_in(self.view.warnings[0])
