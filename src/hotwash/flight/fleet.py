"""The vehicles of one seat in all worlds, and the only way to move them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotwash.flight import fixed_wing, kernels, layout, multirotor
from hotwash.flight import weather as air
from hotwash.flight.airframes import Airframe
from hotwash.model.weather import Weather

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SUBSTEP_S = 0.002

# By kind of airframe: the module that makes parameters and first states, and the kernel that flies them.
KINDS: dict[str, tuple[ModuleType, Callable[..., None]]] = {
    "multirotor": (multirotor, kernels.advance_multirotor),
    "fixed_wing": (fixed_wing, kernels.advance_wing),
}


def block_shape(worlds: int) -> tuple[int, int]:
    """Return how many blocks hold so many worlds, and their lanes: 1 for a single world, else LANES."""
    lanes = 1 if worlds == 1 else layout.LANES
    return -(-worlds // lanes), lanes


def to_blocks(rows: FloatArray, fields: int | None = None) -> FloatArray:
    """Return rows[world, field] as buffer[block, field, lane]; idle lanes repeat the last world.

    fields   how many fields the buffer has, when that is more than the rows have
    """
    blocks, lanes = block_shape(len(rows))
    filled = np.zeros((blocks * lanes, fields or rows.shape[1]))
    filled[: len(rows), : rows.shape[1]] = rows
    filled[len(rows) :, : rows.shape[1]] = rows[-1]
    return np.ascontiguousarray(filled.reshape(blocks, lanes, -1).transpose(0, 2, 1))


class Fleet:
    """One vehicle in each of `worlds` worlds: what is true of them, and their steps.

    airframe    what they are
    weather     one for all worlds, or one each
    step_s      length of a step [s], a whole number of substeps of `substep_s`

    pose        (worlds, POSES) what is true at the end of the last step; rows of layout.POSE. The position is that
                of the centre of mass; GIMBAL, CAPTURED and ARMED are left to others, and 0 after a reset
    state, params, weather   (blocks, fields, lanes) as kernels.py lays them out; params one block until a reset varies
                             worlds, since reading the same numbers for each costs time
    """

    def __init__(
        self,
        airframe: Airframe,
        weather: Weather | Sequence[Weather],
        *,
        worlds: int,
        step_s: float = 0.02,
        substep_s: float = SUBSTEP_S,
    ) -> None:
        self.airframe = airframe
        self.worlds = worlds
        self.step_s = step_s
        self.substeps = max(1, round(step_s / substep_s))
        self.blocks, self.lanes = block_shape(worlds)
        self._plain = self._parameters(1, None)
        rows = np.repeat(self._plain, worlds, axis=0)
        self.params = to_blocks(rows[: self.lanes])
        self.pose = np.zeros((worlds, layout.POSES))
        self.state = to_blocks(self._module.at_start(airframe, rows, np.zeros((worlds, 3)), np.zeros(worlds)))
        self.weather = np.zeros((self.blocks, kernels.WEATHERS, self.lanes))
        everywhere = [weather] * worlds if isinstance(weather, Weather) else weather
        self.weather[:] = to_blocks(np.array([air.weather_row(one) for one in everywhere]))
        self._put_in_wind(np.arange(worlds))
        self._show(np.arange(worlds))

    @property
    def _module(self) -> ModuleType:
        return KINDS[self.airframe.kind][0]  # looked up, not kept: fleets are copied and sent to other processes

    @property
    def _kernel(self) -> Callable[..., None]:
        return KINDS[self.airframe.kind][1]

    def _parameters(self, worlds: int, factors: Mapping[str, FloatArray] | None) -> FloatArray:
        substep_s = self.step_s / self.substeps
        rows: FloatArray = self._module.parameters(self.airframe, worlds=worlds, substep_s=substep_s, factors=factors)
        return rows

    def reset(
        self,
        worlds: BoolArray | None = None,
        *,
        position_m: FloatArray,
        heading_deg: FloatArray,
        factors: Mapping[str, FloatArray] | None = None,
        weather: Sequence[Weather] | None = None,
        **start: Any,
    ) -> None:
        """Put the vehicles of some worlds at their start, their battery full and no gust met yet.

        worlds        (worlds,) which; all when None. Below, k is how many
        position_m    (k, 3) of the feet: east, north, height above ground; a multirotor stands at 0 and hovers above,
                      a fixed wing waits on its launcher at 0 and flies level above
        heading_deg   (k,) clockwise from north
        factors       by key of the airframe file, (k,): what its numbers are multiplied by; none when None
        weather       one for each of the k worlds; as it was when None. What was added to the wind is taken off
        start         what else a kind of airframe takes at its start: a fixed wing speed_mps and wind_mps
        """
        which = np.arange(self.worlds) if worlds is None else np.flatnonzero(worlds)
        block, lane = which // self.lanes, which % self.lanes
        # many worlds are put back in each step of a long run: what does not vary is not made anew
        rows = self._parameters(len(which), factors) if factors else np.repeat(self._plain, len(which), axis=0)
        places = np.asarray(position_m, np.float64).reshape(len(which), 3)
        headings = np.broadcast_to(np.asarray(heading_deg, np.float64), (len(which),))
        if factors and len(self.params) < self.blocks:
            self.params = np.repeat(self.params, self.blocks, axis=0)
        if len(self.params) == self.blocks:
            self.params[block, :, lane] = rows
        self.state[block, :, lane] = self._module.at_start(self.airframe, rows, places, headings, **start)
        self.weather[block, kernels.ADDED : kernels.ADDED + 3, lane] = 0.0
        if weather is not None:
            self.weather[block, :, lane] = np.array([air.weather_row(one) for one in weather])
        if "wind_mps" not in start:
            self._put_in_wind(which)
        self._show(which)

    def _put_in_wind(self, which: NDArray[np.intp]) -> None:
        """Put vehicles into the steady wind that blows where they are."""
        block, lane = which // self.lanes, which % self.lanes
        heights_m = self.state[block, kernels.POSITION + 2, lane]
        wind_mps = air.steady_wind(self.weather[block, :, lane], heights_m)
        self.state[block, kernels.AIR : kernels.AIR + 2, lane] = wind_mps

    def _show(self, which: NDArray[np.intp]) -> None:
        """Write the rows of POSE of vehicles that have just been put somewhere."""
        state = self.state[which // self.lanes, :, which % self.lanes]
        pose = np.zeros((len(which), layout.POSES))
        pose[:, : kernels.BODY] = state[:, : kernels.BODY]
        pose[:, layout.BATTERY], pose[:, layout.VOLTS] = state[:, kernels.CHARGE], state[:, kernels.TENSION]
        pose[:, layout.ON_GROUND] = state[:, kernels.TOUCHING] > 0.0
        through = state[:, kernels.VELOCITY : kernels.QUATERNION] - state[:, kernels.AIR : kernels.AIR + 3]
        pose[:, layout.AIRSPEED] = np.linalg.norm(through, axis=1)
        self.pose[which] = pose

    def add_wind(self, wind_mps: FloatArray) -> None:
        """Set what is added to the wind from now on: a gust front.

        wind_mps   (worlds, 3) east, north, up
        """
        which = np.arange(self.worlds)
        self.weather[which // self.lanes, kernels.ADDED : kernels.ADDED + 3, which % self.lanes] = wind_mps

    def advance(self, setpoint: FloatArray, noise: FloatArray, first: int = 0, last: int | None = None) -> None:
        """Fly one step, for the blocks `first` to `last`, the last left out; all when None.

        setpoint, noise   (blocks, SETPOINTS | NOISES, lanes); see layout
        Threads may take blocks of their own: the kernel holds no lock.
        """
        end = self.blocks if last is None else last
        self._kernel(
            self.state, setpoint, noise, self.params, self.weather, self.pose, self.step_s, self.substeps, first, end
        )
