"""Flights for tests: a fleet under a setpoint, and airframes with one number changed."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from hotwash import resources
from hotwash.flight import airframes, kernels, layout
from hotwash.flight.airframes import Airframe
from hotwash.flight.fleet import Fleet
from hotwash.flight.noise import kernels as dice
from hotwash.model.weather import Weather

CALM = Weather()
QUADS = ("hummingbird", "crazyflie", "quad-250g", "quad-900g", "quad-5kg")
STEP_S = 0.02


def text_with(name: str, **values: str) -> str:
    """Return a shipped airframe's text with the values of some keys replaced: body__mass="2.0"."""
    text = resources.read(f"flight/airframes/{name}.toml").decode()
    for key, value in values.items():
        table, _, last = key.partition("__")
        head, mark, rest = text.partition(f"[{table}]\n")
        text = (
            head
            + mark
            + re.sub(rf"(?m)^{last} = {{ value = .*?, unit", f"{last} = {{ value = {value}, unit", rest, count=1)
        )
    return text


def airframe_with(name: str, **values: str) -> Airframe:
    return airframes.parse(text_with(name, **values), name=name)


def without_drag(name: str) -> Airframe:
    """Return an airframe that the air does not touch but by its rotors' lift and torque."""
    none = {f"rotors__{key}": "0" for key in ("drag", "inflow", "translational_lift", "flapping", "ground_effect")}
    return airframe_with(name, body__drag="[0, 0, 0]", **none)


class Flight:
    """A fleet, and the setpoint and noise that it is given."""

    def __init__(
        self,
        airframe: Airframe | str,
        weather: Weather = CALM,
        *,
        worlds: int = 1,
        height_m: float = 0.0,
        seed: int = 1,
    ) -> None:
        self.airframe = airframes.load_airframe(airframe) if isinstance(airframe, str) else airframe
        self.fleet = Fleet(self.airframe, weather, worlds=worlds, step_s=STEP_S)
        self.fleet.reset(position_m=np.tile([0.0, 0.0, height_m], (worlds, 1)), heading_deg=np.zeros(worlds))
        blocks, lanes = self.fleet.blocks, self.fleet.lanes
        self.setpoint = np.zeros((blocks, layout.SETPOINTS, lanes))
        self.setpoint[:, layout.INNER] = 1.0
        self.setpoint[:, layout.MOTORS : layout.MOTORS + 4] = 1.0
        self.noise = np.zeros((blocks, layout.NOISES, lanes))
        self.keys = (np.arange(blocks * lanes, dtype=np.uint64) + np.uint64(1000 * seed)).reshape(blocks, lanes)
        self.steps = np.zeros((blocks, lanes), np.int64)
        self.wound = np.zeros((blocks, lanes))

    def step(self) -> np.ndarray:
        """Return POSE after one more step."""
        dice.fill(self.noise, self.keys, self.steps, 0, self.fleet.blocks)
        self.steps += 1
        self.fleet.advance(self.setpoint, self.noise)
        return self.fleet.pose.copy()

    def run(self, seconds: float, before: Callable[[Flight], None] | None = None) -> np.ndarray:
        """Return (steps, worlds, POSES), with `before` called ahead of each step."""
        rows = []
        for _ in range(round(seconds / STEP_S)):
            if before is not None:
                before(self)
            rows.append(self.step())
        return np.array(rows)

    def hold(self, height_m: float) -> Callable[[Flight], None]:
        """Return what sets the thrust so that the centre of mass goes to a height and stays."""

        def thrust(flight: Flight) -> None:
            state = flight.fleet.state
            up = np.clip(1.5 * (height_m - state[:, 2]), -1.0, 1.0) - state[:, 5]
            flight.wound += up * STEP_S
            flight.setpoint[:, layout.THRUST] = flight.airframe.hover_thrust * (1.0 + 0.3 * up + 0.15 * flight.wound)

        return thrust


def tilt_deg(pose: np.ndarray) -> np.ndarray:
    """Return the angle between a vehicle's upward axis and the vertical."""
    x, y = pose[..., kernels.QUATERNION], pose[..., kernels.QUATERNION + 1]
    return np.degrees(np.arccos(np.clip(1.0 - 2.0 * (x * x + y * y), -1.0, 1.0)))
