"""What a scenario names: its airframes and its lane, found where it carries them or among those that are shipped."""

from __future__ import annotations

from collections.abc import Mapping

from hotwash import resources
from hotwash.flight import airframes
from hotwash.flight.airframes import Airframe
from hotwash.lanes import lane as lanes
from hotwash.lanes.lane import Lane
from hotwash.model import toml_keys
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.scenario import Scenario, to_text
from hotwash.model.scenario_parts import Seat


def find_airframe(scenario: Scenario, seat: Seat) -> Airframe:
    """Return the airframe of a seat.

    raises   ScenarioError for one that is neither carried nor shipped, AirframeError for one that cannot be
    """
    if seat.airframe in scenario.airframes:
        return airframes.parse(scenario.airframes[seat.airframe], name=seat.airframe)
    known = airframes.SHIPPED
    if seat.airframe not in known:
        raise toml_keys.unknown(
            scenario.name, f"[seats {seat.name}] airframe", seat.airframe, [*scenario.airframes, *known]
        )
    return airframes.load_airframe(seat.airframe)


def find_lane(scenario: FlightScenario) -> Lane | None:
    """Return the lane of a scenario, or None where it has none.

    raises   ScenarioError for one that is neither carried nor shipped, or has no task of a fault's when_task;
             LaneError for one that cannot be
    """
    if scenario.lane is None:
        return None
    known = lanes.SHIPPED
    if scenario.lane in scenario.lanes:
        found = lanes.parse(scenario.lanes[scenario.lane], name=scenario.lane)
    elif scenario.lane in known:
        found = lanes.load_lane(scenario.lane)
    else:
        raise toml_keys.unknown(scenario.name, "key lane", scenario.lane, [*scenario.lanes, *known])
    tasks = [task.name for task in found.tasks]
    for fault in scenario.faults:
        if fault.when_task is not None and fault.when_task not in tasks:
            raise toml_keys.unknown(scenario.name, f"[faults {fault.name}] when_task", fault.when_task, tasks)
    return found


def text_with_files(
    scenario: FlightScenario, found: Lane | None, flying: Mapping[str, Airframe], *, seed: int | None, world: int
) -> str:
    """Return the scenario's text with the lane and the airframes that it names inside: what a recording keeps.

    flying   the airframes by seat
    """
    texts = {}
    for seat in scenario.seats:
        shipped = f"flight/airframes/{seat.airframe}.toml"
        own = scenario.airframes.get(seat.airframe)
        texts[seat.airframe] = resources.read(shipped).decode() if own is None else own
    lanes_of = {} if found is None or scenario.lane is None else {scenario.lane: found.text}
    return to_text(scenario, lanes=lanes_of, airframes=texts, seed=seed, world=world)
