"""What an airframe does in calm air: its power, how long it flies, how fast, and how soon; scripts print the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from seated import Flight, scenario

from hotwash.flight import layout
from hotwash.flight.airframes import load_airframe

EXACT = "[navigation]\nsigma_m = 0\nsigma_velocity_mps = 0\nsigma_height_m = 0\n"
STEP_S = 0.02


@dataclass(frozen=True)
class Measured:
    """Minutes until empty in hover and at a speed; m/s; s to 90 % of the stated speed and down to 10 % of it."""

    hover_min: float
    flight_min: float
    top_mps: float
    up_s: float
    down_s: float
    back_mps: float


def settled(name: str, *, speed_mps: float = 0.0) -> Flight:
    """Return an exercise in which the airframe has flown straight at a speed for a while."""
    airframe = load_airframe(name)
    is_wing = airframe.kind == "fixed_wing"
    mode = "altitude_hold" if is_wing else "position_hold"
    flight = Flight(scenario(EXACT, airframe=name, up_m=60, seat=f'mode = "{mode}"\nheading_deg = 90'))
    return flight.hold(10, pitch=stick(name, speed_mps))


def stick(name: str, speed_mps: float) -> float:
    """Return the stick, beyond its dead band, that asks for a speed."""
    share = speed_mps / load_airframe(name).limits.max_speed_mps
    return 0.05 + 0.95 * share if share > 0.0 else 0.0


def power_w(name: str, *, speed_mps: float = 0.0) -> float:
    """Return the electrical power in steady flight, from what the charge loses in five seconds."""
    airframe, flight = load_airframe(name), settled(name, speed_mps=speed_mps)
    before, volts = float(flight.pose.battery[0]), []
    for _ in range(250):
        flight.press(pitch=stick(name, speed_mps))
        volts.append(flight.exercise.pilot_seats[0].pose[0, layout.VOLTS])
    amps = 3600.0 * airframe["battery.capacity"] * (before - float(flight.pose.battery[0])) / 5.0
    return float(amps * np.mean(volts))


def minutes(name: str, watts: float) -> float:
    """Return how long the battery gives a power: its voltage falls in a line with its charge, and sags under load."""
    airframe = load_airframe(name)
    charge = np.linspace(1.0, 0.02, 200)
    volts = airframe["battery.empty"] + (airframe["battery.full"] - airframe["battery.empty"]) * charge
    loaded = 0.5 * (volts + np.sqrt(np.maximum(volts**2 - 4.0 * airframe["battery.resistance"] * watts, 0.0)))
    return float(60.0 * airframe["battery.capacity"] * 0.98 * np.mean(loaded / watts))


def measure(name: str, *, speed_mps: float | None = None) -> Measured:
    """Return what a multirotor does, flown in position hold with full sticks."""
    airframe = load_airframe(name)
    stated, cruise = airframe.limits.max_speed_mps, airframe.limits.cruise_mps
    flight = settled(name)
    up = np.array([flight.press(pitch=1.0).pose.velocity_mps[0, 0] for _ in range(600)])
    down = np.array([flight.press().pose.velocity_mps[0, 0] for _ in range(400)])
    return Measured(
        hover_min=minutes(name, power_w(name)),
        flight_min=minutes(name, power_w(name, speed_mps=cruise if speed_mps is None else speed_mps)),
        top_mps=float(up[-1]),
        up_s=STEP_S * float(np.argmax(up >= 0.9 * stated)),
        down_s=STEP_S * float(np.argmax(down <= 0.1 * stated)),
        back_mps=float(down.min()),
    )
