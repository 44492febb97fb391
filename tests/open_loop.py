"""A multirotor flown open loop by commanded rotor speeds, to hold our forces against somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from hotwash.flight import kernels, multirotor
from hotwash.flight.airframes import Airframe, load_airframe
from hotwash.flight.kernels import LANES

FloatArray = NDArray[np.float64]

START = ("position_m", "velocity_mps", "quaternion", "rates_radps", "rotor_speeds_radps")


@dataclass(frozen=True, eq=False)
class Replayed:
    """What was flown, a row for each record: east, north, up; quaternion x y z w, body to east-north-up.

    time_s (m,), position_m (m, 3), velocity_mps (m, 3), quaternion (m, 4), rates_radps (m, 3) about forward, left, up,
    rotor_speeds_radps (m, 4) the actual ones
    """

    time_s: FloatArray
    position_m: FloatArray
    velocity_mps: FloatArray
    quaternion: FloatArray
    rates_radps: FloatArray
    rotor_speeds_radps: FloatArray


def replay(
    airframe: Airframe | str,
    *,
    state0: Mapping[str, ArrayLike],
    rotor_speeds_radps: ArrayLike,
    command_s: float,
    wind_mps: ArrayLike = (0.0, 0.0, 0.0),
    step_s: float = 0.002,
    record_every: int = 1,
) -> Replayed:
    """Return the flight that commanded rotor speeds make, in the order and with the spin of the airframe file.

    airframe             a multirotor, or the name of a shipped one
    state0               position_m (3,), velocity_mps (3,), quaternion (4,), rates_radps (3,), rotor_speeds_radps (4,)
    rotor_speeds_radps   (n, 4) commanded, each held for command_s, kept between 0 and the fastest
    wind_mps             (3,) velocity of the air, steady
    step_s               step of Runge-Kutta; command_s is a whole number of them
    record_every         steps between two records; the first record is the start

    Air of 1.225 kg/m3, no ground, no battery and no controller: the forces and the integrator alone.
    """
    frame = load_airframe(airframe) if isinstance(airframe, str) else airframe
    orders, wind = np.array(rotor_speeds_radps, np.float64), np.array(wind_mps, np.float64)
    steps = round(command_s / step_s)
    params = multirotor.parameters(frame, worlds=1, substep_s=step_s)
    state = np.zeros((1, kernels.STATES, 1))
    state[0, : kernels.BODY + 4, 0] = np.concatenate([np.array(state0[key], np.float64) for key in START])
    out = np.zeros((1 + len(orders) * steps // record_every, kernels.BODY + 4))
    fly(state, params[:, :, None].copy(), orders, wind, out, step_s, steps, record_every)
    time_s = step_s * record_every * np.arange(len(out), dtype=np.float64)
    return Replayed(time_s, out[:, 0:3], out[:, 3:6], out[:, 6:10], out[:, 10:13], out[:, 13:17])


@njit(error_model="numpy")  # in no cache: it would not notice a change in the kernels
def fly(
    state: FloatArray,
    params: FloatArray,
    orders: FloatArray,
    air: FloatArray,
    out: FloatArray,
    step_s: float,
    steps: int,
    every: int,
) -> None:
    """Fly one multirotor open loop by the same stages, in air of 1.225 kg/m3, with no ground and no battery.

    state    (1, STATES, 1) at the start; params (1, PARAMS, 1), its LAG made for step_s
    orders   (n, 4) rotor speeds asked for, each for `steps` steps [rad/s]
    air      (3,) velocity of the air, the same all along [m/s]
    out      (1 + n * steps // every, 17) overwritten: the body's thirteen fields and the rotors, first at the start
    """
    work, nowhere = np.zeros(kernels.WORK * LANES), np.empty(1, np.int64)
    kernels.fetch(work, 1, 0, state, 0, kernels.STATES)
    kernels.fetch(work, 1, kernels.SET, params, 0, kernels.PARAMS)
    for part in range(3):
        work[(kernels.AIR + part) * LANES] = air[part]
    work[kernels.THICK * LANES] = 1.0
    for rotor in range(4):
        work[(kernels.LIFTS + rotor) * LANES] = work[(kernels.SET + kernels.THRUST_K) * LANES]
        work[(kernels.TORQUES + rotor) * LANES] = (
            work[(kernels.SET + kernels.TORQUE_K) * LANES] * work[(kernels.SET + kernels.SPIN + rotor) * LANES]
        )
    for field in range(kernels.TWIST - kernels.BLADES):
        work[(kernels.DENSE + field) * LANES] = work[(kernels.SET + kernels.BLADES + field) * LANES]
    kernels.rk4_begin(work, 1, kernels.POSITION, kernels.START, kernels.TOTAL, kernels.BODY)
    for done in range(orders.shape[0] * steps + 1):
        if done % every == 0:
            for field in range(kernels.BODY + 4):
                out[done // every, field] = work[field * LANES]
        if done % steps == 0:
            for rotor in range(4):
                order = orders[min(done // steps, orders.shape[0] - 1), rotor]
                work[(kernels.ORDERED + rotor) * LANES] = kernels.clamp(
                    order, 0.0, work[(kernels.SET + kernels.FASTEST) * LANES]
                )
            kernels.turn_rotors(work, 1, 0.0)
        for stage in range(4):
            if stage % 2 == 1:
                kernels.turn_rotors(work, 1, 1.0)
            kernels.take_stage(work, 1, stage, step_s, nowhere, 0)
        kernels.end_substep(work, 1, kernels.START)
