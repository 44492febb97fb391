"""Policies by their names."""

from __future__ import annotations

from hotwash.errors import CommandError
from hotwash.flight.airframes import Airframe
from hotwash.flight.policies.autopilot import Autopilot
from hotwash.flight.policies.novice import Novice
from hotwash.flight.policies.policy import Policy
from hotwash.flight.policies.random_sticks import RandomSticks
from hotwash.flight.policies.wing import WingPilot
from hotwash.lanes.lane import Lane
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.words import FLIGHT_POLICIES


def flight_policy(
    name: str,
    scenario: FlightScenario,
    lane: Lane | None,
    airframe: Airframe,
    *,
    seat: str | None = None,
    worlds: int = 1,
) -> Policy:
    """Return a policy by its name.

    lane, airframe   those that the seat flies; without a lane an autopilot takes off and stays where it is
    seat             whose name; the first by default
    raises           CommandError for a name that is none of FLIGHT_POLICIES
    """
    if name not in FLIGHT_POLICIES:
        raise CommandError("policy", place=name, why=f"there is no such policy; there are {', '.join(FLIGHT_POLICIES)}")
    if name == "random":
        return RandomSticks(scenario, worlds=worlds)
    own = scenario.seat(seat) if seat else scenario.seats[0]
    is_calm = name == "autopilot"
    flier: Policy
    if airframe.kind == "fixed_wing":
        flier = WingPilot(scenario, airframe, worlds=worlds)
    else:
        flier = Autopilot(scenario, lane, airframe, own, worlds=worlds, is_calm=is_calm)
    return flier if is_calm else Novice(flier, step_s=scenario.step_s, worlds=worlds)
