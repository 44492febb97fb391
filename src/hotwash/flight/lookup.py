"""What a scenario names: its airframes and its lane, found where it carries them or among those that are shipped."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import polars as pl

from hotwash import resources
from hotwash.errors import ScenarioError
from hotwash.flight import airframes
from hotwash.flight.airframes import Airframe
from hotwash.lanes import lane as lanes
from hotwash.lanes.lane import Lane
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario, Seat, carried, parse


def airframe(scenario: Scenario, seat: Seat) -> Airframe:
    """Return the airframe of a seat.

    raises   ScenarioError for one that is neither carried nor shipped, AirframeError for one that cannot be
    """
    if seat.airframe in scenario.airframes:
        return airframes.parse(scenario.airframes[seat.airframe], name=seat.airframe)
    known = airframes.shipped()
    if seat.airframe not in known:
        raise _unknown(scenario, f"[seats {seat.name}] airframe", seat.airframe, [*scenario.airframes, *known])
    return airframes.load(seat.airframe)


def lane(scenario: Scenario) -> Lane | None:
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
        raise _unknown(scenario, "key lane", scenario.lane, [*scenario.lanes, *known])
    tasks = [task.name for task in found.tasks]
    for fault in scenario.faults:
        if fault.when_task is not None and fault.when_task not in tasks:
            raise _unknown(scenario, f"[faults {fault.name}] when_task", fault.when_task, tasks)
    return found


def _unknown(scenario: Scenario, place: str, word: str, known: Sequence[str]) -> ScenarioError:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    way_out = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return ScenarioError(scenario.name, place=place, why=f"there is no {word}; {way_out}")


def resolved(
    scenario: Scenario, found: Lane | None, flying: Mapping[str, Airframe], *, seed: int | None, world: int
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
    return carried(scenario, lanes_of, texts, seed=seed, world=world)


def of_recording(recording: Recording) -> tuple[Scenario, pl.DataFrame]:
    """Return the scenario that a recording carries, and its controls.

    raises   ScenarioError when it carries none, or one that says no seed
    """
    if recording.scenario is None:
        raise ScenarioError("recording", why="it carries no scenario: nothing that was simulated, so nothing to repeat")
    scenario = parse(recording.scenario, name="scenario of the recording")
    if scenario.seed is None:
        raise ScenarioError("recording", place="[flown] seed", why="it is missing; only a flown scenario has one")
    return scenario, recording.controls
