"""A multirotor flown open loop by commanded rotor speeds, to hold our forces against somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotwash.errors import AirframeError, CommandError
from hotwash.flight import kernels, multirotor
from hotwash.flight.airframes import Airframe, load

FloatArray = NDArray[np.float64]

START = {"position_m": 3, "velocity_mps": 3, "quaternion": 4, "rates_radps": 3, "rotor_speeds_radps": 4}


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
    raises               CommandError for commands or a start that are not numbers or of another shape, or steps that do
                         not fit; AirframeError for an airframe that has no rotors

    Air of 1.225 kg/m3, no ground, no battery and no controller: the forces and the integrator alone.
    """
    frame = load(airframe) if isinstance(airframe, str) else airframe
    if frame.kind != "multirotor":
        raise AirframeError(frame.name, why="only a multirotor can be replayed by rotor speeds")
    orders = _numbers(rotor_speeds_radps, "rotor_speeds_radps", (-1, 4))
    wind = _numbers(wind_mps, "wind_mps", (3,))
    steps = _steps(command_s, step_s, record_every)
    params = multirotor.parameters(frame, worlds=1, substep_s=step_s)
    state = np.zeros((1, kernels.STATES, 1))
    state[0, : kernels.BODY + 4, 0] = np.concatenate([_numbers(state0.get(key), key, (n,)) for key, n in START.items()])
    out = np.zeros((1 + len(orders) * steps // record_every, kernels.BODY + 4))
    if len(orders):
        kernels.replay_multirotor(state, params[:, :, None].copy(), orders, wind, out, step_s, steps, record_every)
    else:
        out[0] = state[0, : kernels.BODY + 4, 0]
    time_s = step_s * record_every * np.arange(len(out), dtype=np.float64)
    return Replayed(time_s, out[:, 0:3], out[:, 3:6], out[:, 6:10], out[:, 10:13], out[:, 13:17])


def _numbers(said: Any, name: str, shape: tuple[int, ...]) -> FloatArray:
    """Return what was said as finite numbers of a shape, in which -1 is any length."""
    try:
        found = np.array(said, np.float64)
    except (TypeError, ValueError) as error:
        raise CommandError(name, why="these are no numbers") from error
    wanted = tuple(have if want == -1 else want for have, want in zip(found.shape, shape, strict=False))
    if found.ndim != len(shape) or found.shape != wanted:
        raise CommandError(name, why=f"the shape must be {shape}, -1 for any length, not {found.shape}")
    if not np.isfinite(found).all():
        raise CommandError(name, why="every number must be finite")
    return found


def _steps(command_s: float, step_s: float, record_every: int) -> int:
    """Return how many steps a command is held for."""
    if not (step_s > 0.0 and command_s > 0.0 and record_every >= 1):
        raise CommandError("replay", why="step_s, command_s and record_every must be above 0")
    steps = round(command_s / step_s)
    if steps < 1 or abs(steps * step_s - command_s) > 1.0e-9 * command_s:
        raise CommandError("command_s", why=f"{command_s} s must be a whole number of steps of {step_s} s")
    return steps
