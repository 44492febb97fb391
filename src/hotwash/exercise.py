"""From a scenario to the exercise that runs it, and from a recording to the same exercise again.

Scenario ─set_up─▶ Exercise ─reset(seed)─▶ views ─ people, policies ─▶ commands ─step─▶ views … ─recording─▶ Recording
Recording ─replay─▶ an equal Recording
"""

from __future__ import annotations

from typing import Any

from hotwash.errors import ScenarioError
from hotwash.model.exercise import Exercise
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario, parse


def set_up(scenario: Scenario, *, record: bool = True) -> Exercise[Any, Any]:
    """Return the exercise of a scenario, in one world, yet to be reset.

    record   whether `recording` can be had
    raises   ScenarioError for an unknown airframe or lane, AirframeError and LaneError for one that cannot be

    What only one kind has, many worlds side by side or a recording to play, its own class takes: FlightExercise,
    WatchExercise.
    """
    # Either brings what the other does not need: the flight simulator, or the tracker.
    if isinstance(scenario, FlightScenario):
        from hotwash.flight.exercise import FlightExercise

        return FlightExercise(scenario, record=record)
    from hotwash.watch.exercise import WatchExercise

    return WatchExercise(scenario, record=record)


def replay(recording: Recording) -> Recording:
    """Run a recording again, and return what comes of it: an equal recording, on the same machine.

    Of pilots their controls are flown again; of a watch seat its decisions are given again, over what was staged.
    raises   ScenarioError when the recording carries no scenario that was run
    """
    if recording.scenario is None:
        raise ScenarioError("recording", why="it carries no scenario: nothing that was simulated, so nothing to repeat")
    scenario = parse(recording.scenario, name="scenario of the recording")
    if scenario.seed is None:
        raise ScenarioError("recording", place="[flown] seed", why="it is missing; only a flown scenario has one")
    if isinstance(scenario, FlightScenario):
        from hotwash.flight.exercise import replay_flight

        return replay_flight(scenario, recording.controls)
    from hotwash.watch.exercise import replay_watch

    return replay_watch(scenario, recording)
