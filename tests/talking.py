"""A client of MAVLink and a simulated vehicle without a wire between them, for tests of what they say."""

from __future__ import annotations

import math

import numpy as np
from point_mass import AIRFRAME, PointMass

from hotwash.flight.policies.goto import Reach
from hotwash.mavlink import decoder
from hotwash.mavlink import encoder as written
from hotwash.mavlink.briefing import Briefing
from hotwash.mavlink.messages import Message
from hotwash.mavlink.vehicle import Vehicle

ACCEPTED, NOT_NOW, DENIED, UNSUPPORTED, UNSUPPORTED_FRAME = 0, 1, 2, 3, 9
NAN = math.nan


class Talk:
    """A client and a vehicle without a wire: what is sent is heard at once."""

    def __init__(self, *, is_wing: bool = False, briefing: Briefing | None = None) -> None:
        self.exercise = PointMass()
        views = self.exercise.reset(0)
        limits = AIRFRAME.limits
        reach = Reach(limits.max_speed_mps, limits.max_climb_mps, limits.max_sink_mps, limits.max_yaw_rate_dps)
        place = self.exercise.scenario.place
        self.vehicle = Vehicle(place, views["pilot"], reach=reach, is_wing=is_wing, briefing=briefing)
        self.heard: list[Message] = []

    def fly(self, seconds: float) -> Talk:
        for _ in range(round(seconds / self.exercise.step_s)):
            views = self.exercise.step({"pilot": self.vehicle.command()})
            self.vehicle.see(views["pilot"])
            for frame in self.vehicle.due_frames():
                self.heard += decoder.decode(frame).messages
        return self

    def send(self, name: str, **values: object) -> Talk:
        (message,) = decoder.decode(written.encode(name, values, system=255, component=190)).messages
        self.vehicle.hear(message)
        return self

    def order(self, number: int, *, answer: int = ACCEPTED, **parameters: float) -> Talk:
        """Give a command and look for its answer."""
        self.heard.clear()
        filled = {f"param{n}": 0.0 for n in range(1, 8)} | parameters
        self.send("COMMAND_LONG", command=number, target_system=1, target_component=1, **filled).fly(0.1)
        answers = [(each.integer("command"), each.integer("result")) for each in self.of("COMMAND_ACK")]
        assert answers == [(number, answer)]
        return self

    def order_int(self, number: int, *, answer: int = ACCEPTED, **values: float) -> Talk:
        """Give a command with a frame and whole numbers, and look for its answer."""
        self.heard.clear()
        self.send("COMMAND_INT", command=number, target_system=1, target_component=1, **values).fly(0.1)
        answers = [(each.integer("command"), each.integer("result")) for each in self.of("COMMAND_ACK")]
        assert answers == [(number, answer)]
        return self

    @property
    def texts(self) -> list[str]:
        """Return what was said in words, long texts put together."""
        said: list[str] = []
        for each in self.of("STATUSTEXT"):
            if each.integer("chunk_seq"):
                said[-1] += each.text("text")
            else:
                said.append(each.text("text"))
        return said

    def of(self, name: str) -> list[Message]:
        return [each for each in self.heard if each.name == name]

    def last(self, name: str) -> Message:
        return self.of(name)[-1]

    def up(self) -> Talk:
        """Arm and take off to 5 m."""
        self.order(400, param1=1)
        self.send("PARAM_SET", target_system=1, param_id="MIS_TAKEOFF_ALT", param_value=5.0, param_type=9)
        return self.order(22, param4=NAN, param7=NAN).fly(6.0)

    @property
    def place(self) -> np.ndarray:
        return self.exercise.position
