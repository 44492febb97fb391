"""Make tests/flight/rotorpy.json: flights of RotorPy at a tolerance of 1e-12, and the rotor speeds they were given.

    uv run --no-project --with rotorpy python scripts/build_rotorpy_fixture.py

RotorPy's own controller flies a circle once, in wind, and its motor commands are kept; then RotorPy flies these
commands open loop with DOP853 at rtol 1e-12, atol 1e-14. What it says after each half second is the reference.

Source: RotorPy 3.0 (MIT), Folk, Paulos, Kumar 2023, arXiv 2306.04485.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
from rotorpy.controllers.quadrotor_control import SE3Control
from rotorpy.trajectories.circular_traj import ThreeDCircularTraj
from rotorpy.vehicles.multirotor import Multirotor

OUT = Path(__file__).resolve().parents[1] / "tests" / "flight" / "rotorpy.json"
COMMAND_S, COMMANDS, RECORD_EVERY = 0.01, 300, 50
WIND_MPS = np.array([2.0, 1.0, 0.3])
PARTS = ("x", "v", "q", "w", "rotor_speeds")


def start(params: dict) -> dict[str, np.ndarray]:
    """Return a hover at the edge of the circle."""
    hover = np.sqrt(params["mass"] * 9.81 / 4.0 / params["k_eta"])
    rest = {"x": np.array([2.0, 0.0, 0.0]), "v": np.zeros(3), "q": np.array([0.0, 0.0, 0.0, 1.0]), "w": np.zeros(3)}
    return rest | {"wind": WIND_MPS.copy(), "rotor_speeds": np.full(4, hover)}


def circled(params: dict) -> np.ndarray:
    """Return the motor commands of RotorPy's controller on a circle, (COMMANDS, 4), to 1e-6 rad/s."""
    vehicle = Multirotor(params, initial_state=start(params), control_abstraction="cmd_motor_speeds")
    controller = SE3Control(params)
    path = ThreeDCircularTraj(radius=np.array([2.0, 2.0, 0.5]), freq=np.array([0.3, 0.3, 0.3]))
    state, commands = start(params), []
    for n in range(COMMANDS):
        control = controller.update(n * COMMAND_S, state, path.update(n * COMMAND_S))
        speeds = np.clip(control["cmd_motor_speeds"], vehicle.rotor_speed_min, vehicle.rotor_speed_max)
        commands.append(np.round(speeds, 6))
        state = vehicle.step(state, {"cmd_motor_speeds": commands[-1]}, COMMAND_S) | {"wind": WIND_MPS}
    return np.array(commands)


def flown(params: dict, commands: np.ndarray) -> list[list[float]]:
    """Return position, velocity, quaternion, rates and rotor speeds after every RECORD_EVERY commands."""
    exact = {"method": "DOP853", "rtol": 1.0e-12, "atol": 1.0e-14}
    vehicle = Multirotor(
        params, initial_state=start(params), control_abstraction="cmd_motor_speeds", integrator_kwargs=exact
    )
    state, rows = start(params), []
    for n, speeds in enumerate(commands):
        state = vehicle.step(state, {"cmd_motor_speeds": speeds}, COMMAND_S) | {"wind": WIND_MPS}
        if (n + 1) % RECORD_EVERY == 0:
            rows.append(np.concatenate([state[part] for part in PARTS]).tolist())
    return rows


def flight(name: str) -> dict[str, object]:
    """Return one airframe's flight: its start, its commands, and where they led."""
    params = dict(importlib.import_module(f"rotorpy.vehicles.{name}_params").quad_params) | {"motor_noise_std": 0.0}
    commands = circled(params)
    return {
        "start": {part: start(params)[part].tolist() for part in PARTS},
        "rotor_speeds_radps": commands.tolist(),
        "states": flown(params, commands),
    }


def main() -> None:
    """Write the fixture."""
    flights = {name: flight(name) for name in ("hummingbird", "crazyflie")}
    head = {"source": "RotorPy 3.0 (MIT), DOP853, rtol 1e-12", "command_s": COMMAND_S, "record_every": RECORD_EVERY}
    OUT.write_text(json.dumps(head | {"wind_mps": WIND_MPS.tolist(), "flights": flights}) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
