"""One seat of an exercise in all its worlds: its drone, what it keeps between steps, its referee.

NOISE ─▶ guide ─▶ advance ─▶ judge ─▶ sense      for some of the blocks; threads take blocks of their own
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotwash.air.random_numbers import draws_or
from hotwash.errors import CommandError
from hotwash.flight import kernels as flight_kernels
from hotwash.flight import layout
from hotwash.flight.airframes import Airframe
from hotwash.flight.fleet import SUBSTEP_S, Fleet
from hotwash.flight.noise import kernels as noise_kernels
from hotwash.flight.seats import faults, kernels, limits
from hotwash.flight.seats import fields as f
from hotwash.flight.seats.pilot import Command
from hotwash.lanes import kernels as lane_kernels
from hotwash.lanes.lane import Lane
from hotwash.lanes.referee import Referee
from hotwash.model.flight_scenario import Fault, FlightScenario
from hotwash.model.scenario_parts import Seat
from hotwash.model.weather import Weather
from hotwash.model.words import FLIGHT_MODES

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
WordArray = NDArray[np.uint64]

# Which numbers of an airframe's file a factor of [randomise] multiplies.
FACTORS = {
    "multirotor": {
        "mass": "body.mass", "inertia": "body.inertia", "thrust": "rotors.thrust", "drag": "body.drag",
        "motor_lag": "rotors.lag", "battery": "battery.capacity",
    },
    "fixed_wing": {
        "mass": "body.mass", "inertia": "body.inertia", "thrust": "motor.thrust", "drag": "drag.at_no_lift",
        "motor_lag": "motor.lag", "battery": "battery.capacity",
    },
}  # fmt: skip
_JUDGED_AT = (lane_kernels.TASK, lane_kernels.SCORED, lane_kernels.AIM)


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far one seat has come on its lane, in every world.

    points      (n,) so far
    task        (n,) number of the task under way; how many there are once all are done
    has_ended   (n,) 1 where all is done or the vehicle has crashed, else 0; zeros without a lane
    """

    points: FloatArray
    task: FloatArray
    has_ended: FloatArray


class PilotSeat:
    """What belongs to one seat; only `FlightExercise` uses it, and `flown_paths` for what no seat flies.

    substep_s   step of Runge-Kutta [s]
    rows     (n, COMMANDS) the command of the step, set by `take`
    seat     (n, kernels.SEATS) what the seat keeps between steps
    view     (n, VIEWS) what it knows; overwritten by each step
    """

    def __init__(
        self, scenario: FlightScenario, seat: Seat, airframe: Airframe, lane: Lane | None, *, worlds: int,
        substep_s: float = SUBSTEP_S,
    ) -> None:  # fmt: skip
        self.scenario, self.of, self.airframe, self.lane = scenario, seat, airframe, lane
        self.name, self.worlds = seat.name, worlds
        self._is_wing = airframe.kind == "fixed_wing"
        self.fleet = Fleet(airframe, scenario.weather, worlds=worlds, step_s=scenario.step_s, substep_s=substep_s)
        self.pose: FloatArray = self.fleet.pose
        self.width = 1 if worlds == 1 else layout.LANES
        self.blocks = -(-worlds // self.width)
        camera = airframe.camera
        fov = (camera.fov_horizontal_deg, camera.fov_vertical_deg)
        self.referee = Referee(lane, worlds=worlds, step_s=scenario.step_s, fov_deg=fov) if lane else None
        limit_s = min(scenario.time_limit_s, lane.time_limit_s) if lane else scenario.time_limit_s
        tasks = len(lane.tasks) if lane else 0
        self.limits = limits.limit_row(airframe, scenario, seat, tasks=tasks, time_limit_s=limit_s)
        self._judged = self.referee.state if self.referee else np.zeros((worlds, 1))
        mine = [one.time_s for one in scenario.injects if one.seat in (None, seat.name)]
        self._injects = np.array(sorted(mine), dtype=np.float64)
        self.rows = Command.neutral(worlds).rows
        self.seat, self.view = np.zeros((worlds, kernels.SEATS)), np.zeros((worlds, f.VIEWS))
        self._setpoint = np.zeros((self.blocks, layout.SETPOINTS, self.width))
        self._setpoint[:, layout.INNER] = 2.0
        self._noise = np.zeros((self.blocks, layout.NOISES, self.width))
        self._keys = np.zeros((self.blocks, self.width), dtype=np.uint64)
        self._steps = np.zeros((self.blocks, self.width), dtype=np.int64)
        self._sent = np.zeros((worlds, _slots(scenario, seat.name, 0.0), f.COMMANDS))
        video_s = seat.video_delay_s if seat.sight == "camera" else 0.0
        self._picture = np.zeros((worlds, _slots(scenario, seat.name, video_s), 10))
        self._waiting = [
            (at, fault) for at, fault in enumerate(faults.of_seat(scenario, seat.name)) if fault.when_task is not None
        ]
        self.faults = np.zeros((worlds, len(faults.of_seat(scenario, seat.name)), f.FAULTS))
        self._lasts_s = np.full((worlds, self.faults.shape[1]), np.inf)

    # ------------------------------------------------------------ beginning

    def reset(self, chosen: IntArray, keys: WordArray, found: Mapping[str, FloatArray]) -> None:
        """Put worlds back to the start.

        chosen   (k,) which; keys (k,) what their random numbers are drawn with; found what was drawn for them
        """
        up_m = self._place(chosen, found)
        self._keys[chosen // self.width, chosen % self.width] = keys
        self._steps[chosen // self.width, chosen % self.width] = 0
        count = len(chosen)
        self.faults[chosen] = faults.fault_rows(self.scenario, self.name, found, count)
        for at, fault in self._waiting:
            self._lasts_s[chosen, at] = faults.lasts_s(fault, found, count)
        self.rows = self.rows.copy()  # the last ones are still their giver's
        self.rows[chosen] = Command.neutral().rows
        self._sent[chosen] = Command.neutral().rows
        self._picture[chosen], self.view[chosen], self.seat[chosen] = 0.0, 0.0, 0.0
        self._begin(chosen, up_m)
        if self.referee is not None:
            mask = np.zeros(self.worlds, dtype=np.bool_)
            mask[chosen] = True
            self.referee.reset(mask)
        self._look(chosen)

    def _place(self, chosen: IntArray, found: Mapping[str, FloatArray]) -> FloatArray:
        """Stand the drones where they start, in their weather; return their heights above ground, (k,) [m]."""
        count, own = len(chosen), f"seats.{self.name}"
        places = [draws_or(found, f"{own}.{name}", self.of.position_m[at], count) for at, name in enumerate(_PLACE)]
        mask = np.zeros(self.worlds, dtype=np.bool_)
        mask[chosen] = True
        factors = {
            key: found[f"airframe.{name}"]
            for name, key in FACTORS[self.airframe.kind].items()
            if f"airframe.{name}" in found
        }
        start = {"wind_mps": self._winds(found, count)} if self.airframe.kind == "fixed_wing" else {}
        self.fleet.reset(
            mask,
            position_m=np.stack(places, axis=-1),
            heading_deg=draws_or(found, f"{own}.heading_deg", self.of.heading_deg, count),
            factors=factors or None,
            weather=self._weather(found, count),
            **start,
        )
        return places[2]

    def _winds(self, found: Mapping[str, FloatArray], count: int) -> FloatArray:
        """Return the wind that carries a wing along from the start, (k, 3) [m/s]."""
        weather = self.scenario.weather
        speed = draws_or(found, "weather.wind_mps", weather.wind_mps, count)
        towards = np.radians(draws_or(found, "weather.wind_from_deg", weather.wind_from_deg, count) + 180.0)
        return np.stack([speed * np.sin(towards), speed * np.cos(towards), np.zeros(count)], axis=-1)

    def _weather(self, found: Mapping[str, FloatArray], count: int) -> list[Weather] | None:
        """Return the weather of each world, or None where it is that of the scenario in all of them."""
        drawn = {name.removeprefix("weather."): found[name].tolist() for name in found if name.startswith("weather.")}
        if not drawn:
            return None
        return [
            replace(self.scenario.weather, **{name: values[at] for name, values in drawn.items()})
            for at in range(count)
        ]

    def _begin(self, chosen: IntArray, up_m: FloatArray) -> None:
        """Write what a seat knows before its first step."""
        mode = float(FLIGHT_MODES.index(self.of.mode))
        for field, value in (
            (kernels.MODE, mode), (kernels.ASKED, mode), (kernels.ARMED, float(self.of.is_armed)),
            (kernels.NEWEST, -1.0), (kernels.QUALITY, 1.0), (kernels.FIX_GOOD, 1.0), (kernels.FIX, 1.0),
            (kernels.TURN_COS, 1.0), (kernels.CHARGE_CAP, 1.0),
        ):  # fmt: skip
            self.seat[chosen, field] = value
        self.seat[chosen, kernels.SHARES : kernels.SHARES + 4] = 1.0
        # The pose is that of the middle of the drone; heights are those of its feet, above the ground.
        self.seat[chosen, kernels.TAKE_OFF] = self.pose[chosen, layout.POSITION + 2] - up_m
        level = min(max(0.0, self.limits[f.GIMBAL_LEAST]), self.limits[f.GIMBAL_MOST])
        self.seat[chosen, kernels.GIMBAL] = level
        self.pose[chosen, layout.GIMBAL] = self.seat[chosen, kernels.GIMBAL]
        self.pose[chosen, layout.CAPTURED], self.pose[chosen, layout.ARMED] = 0.0, float(self.of.is_armed)

    def _look(self, chosen: IntArray) -> None:
        """Write the first view of worlds that were reset."""
        count = len(chosen)
        seat, view, picture = self.seat[chosen], np.zeros((count, f.VIEWS)), self._picture[chosen]
        seat[:, kernels.TICK] = -1.0  # what sense counts as a step here is none
        calm, steps = np.zeros((count, layout.NOISES, 1)), np.zeros((count, 1), dtype=np.int64)
        kernels.sense(
            self.pose[chosen], seat, picture, calm, self.limits, self._injects, self._judged[chosen], _JUDGED_AT,
            steps, view, 0, count,
        )  # fmt: skip
        self.seat[chosen], self.view[chosen], self._picture[chosen] = seat, view, picture

    # ------------------------------------------------------------ steps

    def take(self, commands: Mapping[str, Command], *, is_written: bool = True) -> None:
        """Take this seat's command of a step.

        is_written   whether it stands there already; one that is yet to be written cannot be looked through
        raises       CommandError naming the seat, the world and the field at fault
        """
        command = commands.get(self.name)
        if command is None:
            raise CommandError(self.name, why="the seat has no command in this step; Command.neutral(worlds) is none")
        rows = command.rows
        if rows.shape != (self.worlds, f.COMMANDS) or rows.dtype != np.float64 or not rows.flags.c_contiguous:
            rows = Command.of(rows).rows
            if len(rows) != self.worlds:
                raise CommandError(self.name, why=f"it is for {len(rows)} worlds, but {self.worlds} fly")
        at = kernels.first_invalid(rows) if is_written else -1
        if at >= 0:
            raise _refusal(self.name, at, rows)
        self.rows = rows

    def step(self, first: int, last: int) -> None:
        """Fly the blocks `first` to `last` (left out) through one step."""
        noise, seat, fleet = self._noise, self.seat, self.fleet
        noise_kernels.fill(noise, self._keys, self._steps, first, last)
        if self.faults.shape[1]:
            kernels.apply_faults(
                seat, self.faults, self.limits, fleet.state, flight_kernels.CHARGE, fleet.weather,
                flight_kernels.ADDED, first, last,
            )  # fmt: skip
        guide = kernels.guide_wing if self._is_wing else kernels.guide_multirotor
        guide(self.rows, self.pose, seat, self._sent, noise, self.limits, self._setpoint, first, last)
        fleet.advance(self._setpoint, noise, first, last)
        if self.referee is not None:
            self.referee.judge(self.pose, first=first * self.width, last=min(last * self.width, self.worlds))
        self._sense(noise, first, last)

    def _sense(self, noise: FloatArray, first: int, last: int) -> None:
        kernels.sense(
            self.pose, self.seat, self._picture, noise, self.limits, self._injects, self._judged, _JUDGED_AT,
            self._steps, self.view, first, last,
        )  # fmt: skip

    def begin_waiting_faults(self) -> None:
        """Let faults set in that wait for a task which a world has come to."""
        for at, fault in self._waiting:
            rows = self.faults[:, at]
            # A task may be passed by within a step.
            here = np.isinf(rows[:, f.ONSET]) & (self._task() >= self._number(fault))
            if here.any():
                now_s = self.seat[here, kernels.TICK] * self.scenario.step_s
                rows[here, f.ONSET], rows[here, f.END] = now_s, now_s + self._lasts_s[here, at]

    def _task(self) -> FloatArray:
        tasks: FloatArray = self._judged[:, lane_kernels.TASK]
        return tasks

    @property
    def progress(self) -> Progress:
        """How far the seat has come; not a copy."""
        ended = self._judged[:, lane_kernels.OVER] if self.referee is not None else np.zeros(self.worlds)
        return Progress(self.view[:, f.POINTS], self.view[:, f.TASK], ended)

    def _number(self, fault: Fault) -> float:
        return -1.0 if self.lane is None or fault.when_task is None else float(self.lane.index(fault.when_task))

    @property
    def is_over(self) -> NDArray[np.bool_]:
        """(n,) where its time is up or its lane is done."""
        is_late: NDArray[np.bool_] = self.view[:, f.SECONDS_LEFT] <= 0.0
        return is_late | self.referee.is_over if self.referee is not None else is_late


_PLACE = ("east_m", "north_m", "up_m")


def _slots(scenario: FlightScenario, seat: str, least_s: float) -> int:
    """Return how many steps a message may be under way, and one more."""
    late_s = least_s
    for fault in faults.of_seat(scenario, seat):
        for name in ("delay_s", "jitter_s"):
            if name in fault.values:
                stated = fault.values[name] or 0.0
                late_s += max(stated, scenario.randomise.get(f"faults.{fault.name}.{name}", (0.0, stated))[1])
    return math.ceil(late_s / scenario.step_s) + 1


def _refusal(seat: str, at: int, rows: FloatArray) -> CommandError:
    world, field = divmod(at, f.COMMANDS)
    value: Any = rows[world, field]
    wanted = {
        f.CAPTURE: "0 or 1",
        f.ASKED_MODE: f"-1 to keep it, or a number up to {f.MODES - 1}",
        f.BUTTONS: f"bits: arm {f.ARM}, disarm {f.DISARM}",
    }.get(field, "-1 to 1")
    return CommandError(seat, place=f"world {world}, {f.COMMAND_NAMES[field]}", why=f"{value:g} is not {wanted}")
