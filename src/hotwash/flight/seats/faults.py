"""Faults of a scenario as the numbers that the compiled parts of a seat take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hotwash.air.random_numbers import draws_or
from hotwash.flight.seats import fields as f
from hotwash.model.flight_scenario import Fault, FlightScenario

FloatArray = NDArray[np.float64]
Pair = tuple[FloatArray, FloatArray]


def fault_rows(scenario: FlightScenario, seat: str, found: Mapping[str, FloatArray], worlds: int) -> FloatArray:
    """Return FAULTS[world, fault, number] of one seat, in the order of the scenario.

    found     what was drawn for these worlds, by dotted name
    returns   (worlds, k, FAULTS): kind, onset and end [s] (inf where it waits for a task, or never ends), and two
              numbers of the kind: drift, jump and gust as their east and north part [m/s or m], a delay [s], a share,
              a motor and its share, the cosine and sine of a compass offset
    """
    mine = of_seat(scenario, seat)
    found_rows = np.zeros((worlds, len(mine), f.FAULTS))
    for at, fault in enumerate(mine):
        found_rows[:, at, f.FAULT_KIND] = f.FAULT_KINDS.index(fault.kind)
        onset = draws_or(
            found, f"faults.{fault.name}.onset_s", np.inf if fault.onset_s is None else fault.onset_s, worlds
        )
        end = draws_or(found, f"faults.{fault.name}.end_s", np.inf if fault.end_s is None else fault.end_s, worlds)
        found_rows[:, at, f.ONSET] = onset if fault.when_task is None else np.inf
        found_rows[:, at, f.END] = end if fault.when_task is None else np.inf
        values = {name: _value(scenario, fault, name, found, worlds) for name in fault.values}
        first, second = _PAIRS[fault.kind](values, np.zeros(worlds))
        found_rows[:, at, f.FIRST], found_rows[:, at, f.SECOND] = first, second
    return found_rows


def of_seat(scenario: FlightScenario, seat: str) -> Sequence[Fault]:
    """Return the faults of one seat, in the order of the scenario."""
    return [fault for fault in scenario.faults if fault.seat == seat]


def lasts_s(fault: Fault, found: Mapping[str, FloatArray], worlds: int) -> FloatArray:
    """Return how long a fault that waits for a task lasts, (worlds,) [s]."""
    return draws_or(found, f"faults.{fault.name}.end_s", np.inf if fault.end_s is None else fault.end_s, worlds)


def _value(
    scenario: FlightScenario, fault: Fault, name: str, found: Mapping[str, FloatArray], worlds: int
) -> FloatArray:
    stated = fault.values[name]
    if stated is None:  # only a gust's direction may be left to the wind
        return draws_or(found, "weather.wind_from_deg", scenario.weather.wind_from_deg, worlds)
    return draws_or(found, f"faults.{fault.name}.{name}", stated, worlds)


def _along(size: FloatArray, direction_deg: FloatArray) -> Pair:
    angle = np.radians(direction_deg)
    return size * np.sin(angle), size * np.cos(angle)


def _turn(values: Mapping[str, FloatArray], _: FloatArray) -> Pair:
    angle = np.radians(values["offset_deg"])
    return np.cos(angle), np.sin(angle)


def _only(name: str) -> Callable[[Mapping[str, FloatArray], FloatArray], Pair]:
    return lambda values, none: (values[name], none)


def _nothing(_: Mapping[str, FloatArray], none: FloatArray) -> Pair:
    return none, none


_PAIRS: dict[str, Callable[[Mapping[str, FloatArray], FloatArray], Pair]] = {
    "satnav_off": _nothing,
    "satnav_stuck": _nothing,
    "satnav_drift": lambda values, _: _along(values["speed_mps"], values["direction_deg"]),
    "satnav_jump": lambda values, _: _along(values["distance_m"], values["direction_deg"]),
    "link_delay": _only("delay_s"),
    "link_jitter": _only("jitter_s"),
    "link_loss": _only("share"),
    "motor_loss": lambda values, _: (values["rotor"], values["share"]),
    "compass_offset": _turn,
    "video_freeze": _nothing,
    "battery": _only("share"),
    "gust_front": lambda values, _: _along(values["speed_mps"], values["from_deg"] + 180.0),
}
