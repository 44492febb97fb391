"""Exercises: load one by its name or from a file, start it, run a recorded one again.

Scenario ─start_exercise─▶ Exercise ─reset(seed)─▶ views ─ people, policies ─▶ commands ─step─▶ … ─recording─▶ Recording
Recording ─replay─▶ an equal Recording
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, overload

from hotwash.air import scenarios
from hotwash.errors import HotwashError, ScenarioError
from hotwash.ingest import aerodromes, recording_folder
from hotwash.ingest.disk import read_text
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import SCENARIO_FILE, Recording
from hotwash.model.scenario import Scenario, parse
from hotwash.model.watch_scenario import Aerodrome, WatchScenario

if TYPE_CHECKING:
    from hotwash.flight.exercise import FlightExercise
    from hotwash.watch.exercise import WatchExercise

ScenarioSource = str | Path | Scenario


def load_scenario(
    source: ScenarioSource,
    *,
    airframe: str | None = None,
    pass_points: float | None = None,
    pass_seconds: float | None = None,
) -> Scenario:
    """Return a scenario: what will happen and who sits where.

    source         a shipped name such as "bperp" or "watch-night", a TOML file, a folder that holds scenario.toml, or a
                   scenario. Aerodromes of which it gives the code alone get the rest from the shipped list
    airframe       a shipped name or a TOML file: every seat flies it in place of its own
    pass_points, pass_seconds   the school's pass marks, in place of the scenario's
    raises         ReadError, ScenarioError; PlaceError for the code of an aerodrome that is not listed
    """
    scenario = _read(source) if isinstance(source, str | Path) else source
    if isinstance(scenario, WatchScenario):
        scenario = replace(scenario, aerodromes=tuple(_listed(one) for one in scenario.aerodromes))
    if airframe is not None:
        scenario = _with_airframe(scenario, airframe)
    if pass_points is not None:
        scenario = replace(scenario, pass_points=pass_points)
    return scenario if pass_seconds is None else replace(scenario, pass_seconds=pass_seconds)


def load_exercise(source: ScenarioSource) -> tuple[Scenario, Recording | None]:
    """Return a scenario, and the recording that it replays where it is a watch over one.

    source   as of `load_scenario`; a watch over a recording is named by the folder that holds the tables as well
    raises   as `load_scenario`
    """
    scenario = load_scenario(source)
    if isinstance(scenario, FlightScenario) or not scenario.watch.is_replay:
        return scenario, None
    if not isinstance(source, str | Path):
        raise ScenarioError(scenario.name, why="it replays a recording; name the folder that holds its tables")
    folder = Path(source) if Path(source).is_dir() else Path(source).parent
    return scenario, replace(recording_folder.read(folder), scenario=None)


@overload
def start_exercise(
    scenario: FlightScenario, *, worlds: int = ..., is_recorded: bool = ..., threads: int = ...
) -> FlightExercise: ...
@overload
def start_exercise(
    scenario: WatchScenario, *, is_recorded: bool = ..., given: Recording | None = ...
) -> WatchExercise: ...
@overload
def start_exercise(
    scenario: ScenarioSource,
    *,
    worlds: int = ...,
    is_recorded: bool = ...,
    threads: int = ...,
    given: Recording | None = ...,
) -> FlightExercise | WatchExercise: ...
def start_exercise(
    scenario: ScenarioSource,
    *,
    worlds: int = 1,
    is_recorded: bool = True,
    threads: int = 1,
    given: Recording | None = None,
) -> FlightExercise | WatchExercise:
    """Return an exercise, yet to be reset: `reset(seed)`, `step(commands by seat)`, `recording()`.

    scenario      as of `load_scenario`
    worlds        how many run side by side, each by itself; a watch runs in one
    is_recorded   whether `recording` can be had; of a flight it costs some 0.3 KB a seat, world and step
    threads       how many share the worlds of a flight
    given         of a watch: the staged recording to play, in place of that which the scenario makes
    raises        as `load_scenario`; AirframeError and LaneError for one that cannot be
    """
    loaded, recorded = load_exercise(scenario)
    # Either brings what the other does not need: the flight simulator, or the tracker.
    if isinstance(loaded, FlightScenario):
        from hotwash.flight.exercise import FlightExercise
        from hotwash.front.compiling import compile_exercise

        compile_exercise(loaded)
        return FlightExercise(loaded, worlds=worlds, record=is_recorded, threads=threads)
    from hotwash.watch.exercise import WatchExercise

    if worlds != 1:
        raise HotwashError(loaded.name, why="a watch runs in one world; start one exercise for each")
    return WatchExercise(loaded, record=is_recorded, given=given or recorded)


def replay(recording: Recording) -> Recording:
    """Return what comes of a recorded exercise run again: an equal recording, on the same machine.

    Of pilots the controls are flown again; of a watch seat the decisions are given again, over what was staged.
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


def _read(exercise: str | Path) -> Scenario:
    path = Path(exercise)
    if path.is_dir():
        path = path / SCENARIO_FILE
    if path.suffix == ".toml" or path.is_file():
        return parse(read_text(path), name=path.name)
    if str(exercise) not in scenarios.SHIPPED:
        why = f"no exercise of that name is shipped, and no such file; there are {', '.join(scenarios.SHIPPED)}"
        raise ScenarioError(str(exercise), why=why)
    return scenarios.read_scenario(str(exercise))


def _listed(one: Aerodrome) -> Aerodrome:
    if one.lat_deg is not None and one.lon_deg is not None:
        return one
    row = aerodromes.find_aerodromes([one.aerodrome_id])[0]
    height = row["elevation_amsl_m"] if one.elevation_amsl_m is None else one.elevation_amsl_m
    return replace(
        one, name=one.name or row["name"], lat_deg=row["lat_deg"], lon_deg=row["lon_deg"], elevation_amsl_m=height
    )


def _with_airframe(scenario: Scenario, airframe: str) -> Scenario:
    path = Path(airframe)
    carried, name = dict(scenario.airframes), airframe
    if path.suffix == ".toml":
        name = path.stem
        carried[name] = read_text(path)
    seats = tuple(replace(seat, airframe=name) for seat in scenario.seats)
    return replace(scenario, seats=seats, airframes=carried)
