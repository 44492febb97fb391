"""Multirotors flown open loop: against RotorPy, against the laws of mechanics, against themselves at other steps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from flying import without_drag
from open_loop import replay

GIVEN = json.loads((Path(__file__).parent / "rotorpy.json").read_text(encoding="utf-8"))
AGREES_TO_M = {"hummingbird": 1.0e-3, "crazyflie": 1.0e-6}  # after 3 s at 2 ms; the stiffer rotors the wider
ROTORS_TO_RADPS = 1.0e-9
CONSERVED_TO = 1.0e-9
REST = {"position_m": [0, 0, 0], "velocity_mps": [0, 0, 0], "quaternion": [0, 0, 0, 1], "rates_radps": [0, 0, 0]}


def flown(name: str, step_s: float):
    given = GIVEN["flights"][name]
    keys = {"x": "position_m", "v": "velocity_mps", "q": "quaternion", "w": "rates_radps"}
    start = {keys.get(key, "rotor_speeds_radps"): value for key, value in given["start"].items()}
    return replay(
        name,
        state0=start,
        rotor_speeds_radps=given["rotor_speeds_radps"],
        command_s=GIVEN["command_s"],
        wind_mps=GIVEN["wind_mps"],
        step_s=step_s,
        record_every=round(0.5 / step_s),
    )


@pytest.mark.parametrize("name", AGREES_TO_M)
def test_three_seconds_in_wind_end_where_rotorpy_ends(name: str):
    wanted = np.array(GIVEN["flights"][name]["states"])
    found = flown(name, 0.002)
    assert np.abs(found.position_m[1:] - wanted[:, :3]).max() < AGREES_TO_M[name]
    assert np.abs(found.velocity_mps[1:] - wanted[:, 3:6]).max() < 5.0 * AGREES_TO_M[name]
    assert np.abs(found.quaternion[1:] - wanted[:, 6:10]).max() < AGREES_TO_M[name]
    assert np.abs(found.rotor_speeds_radps[1:] - wanted[:, 13:]).max() < ROTORS_TO_RADPS
    assert found.time_s.tolist() == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0])


@pytest.mark.parametrize("name", AGREES_TO_M)
def test_half_the_step_makes_a_sixteenth_of_the_error(name: str):
    wanted = np.array(GIVEN["flights"][name]["states"])[-1, :3]
    coarse, fine = (np.abs(flown(name, step).position_m[-1] - wanted).max() for step in (0.002, 0.001))
    assert 12.0 < coarse / fine < 20.0


def tumbled(rotor_radps: float = 0.0):
    """Return a tumbling drone that no air holds, and how it flew."""
    airframe = without_drag("hummingbird")
    state0 = REST | {"velocity_mps": [3, -2, 8], "rates_radps": [4, -7, 3], "rotor_speeds_radps": [rotor_radps] * 4}
    orders = np.full((200, 4), rotor_radps)
    return airframe, replay(airframe, state0=state0, rotor_speeds_radps=orders, command_s=0.01)


def turned(quaternion: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Return body vectors in world axes."""
    axis, w = quaternion[:, :3], quaternion[:, 3:]
    twice = 2.0 * np.cross(axis, vectors)
    return vectors + w * twice + np.cross(axis, twice)


def test_a_tumbling_drone_keeps_its_energy_and_angular_momentum_where_nothing_drags():
    airframe, found = tumbled()
    inertia = airframe.row("body.inertia")
    mass = airframe["body.mass"]
    spin_j = 0.5 * (inertia * found.rates_radps**2).sum(axis=1)
    fall_j = mass * (0.5 * (found.velocity_mps**2).sum(axis=1) + 9.81 * found.position_m[:, 2])
    momentum = turned(found.quaternion, inertia * found.rates_radps)
    assert np.ptp(spin_j) < CONSERVED_TO * spin_j[0]
    assert np.ptp(fall_j) < CONSERVED_TO * abs(fall_j[0])
    assert np.abs(momentum - momentum[0]).max() < 1.0e-7 * np.abs(momentum[0]).max()


def test_a_drone_without_drag_flies_the_parabola():
    _, found = tumbled()
    t = found.time_s[:, None]
    wanted = np.array([3, -2, 8]) * t + 0.5 * np.array([0, 0, -9.81]) * t * t
    assert np.abs(found.position_m - wanted).max() < CONSERVED_TO


def test_momentum_comes_from_the_rotors_alone():
    airframe = without_drag("hummingbird")
    speed = 500.0
    state0 = REST | {"rotor_speeds_radps": [speed] * 4}
    found = replay(airframe, state0=state0, rotor_speeds_radps=np.full((100, 4), speed), command_s=0.01)
    lift = 4.0 * airframe["rotors.thrust"] * speed**2 / airframe["body.mass"] - 9.81
    assert found.velocity_mps[-1].tolist() == pytest.approx([0.0, 0.0, lift * found.time_s[-1]], abs=1.0e-9)


def test_a_rotor_nears_what_is_asked_of_it_with_its_lag():
    found = replay(
        "crazyflie", state0=REST | {"rotor_speeds_radps": [0] * 4}, rotor_speeds_radps=[[1000] * 4] * 20, command_s=0.01
    )
    assert np.allclose(found.rotor_speeds_radps[:, 0], 1000.0 * (1.0 - np.exp(-found.time_s / 0.072)), atol=1.0e-8)


def test_rotors_are_asked_for_no_more_than_they_can_give():
    found = replay(
        "hummingbird",
        state0=REST | {"rotor_speeds_radps": [0] * 4},
        rotor_speeds_radps=[[9e9, -5, 0, 1]] * 20,
        command_s=0.1,
    )
    assert found.rotor_speeds_radps[-1].tolist() == pytest.approx([1500.0, 0.0, 0.0, 1.0])
