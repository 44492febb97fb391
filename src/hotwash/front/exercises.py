"""Exercises: load one by its name or from a file, start it, run a recorded one again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hotwash.air import scenarios
from hotwash.errors import ScenarioError
from hotwash.ingest import aerodromes, recording_folder
from hotwash.ingest.disk import read_text
from hotwash.model import scenario as scenario_text
from hotwash.model.recording import SCENARIO_FILE, Recording
from hotwash.model.scenario import Scenario
from hotwash.model.watch import Aerodrome
from hotwash.watch.either import Exercise, replayed

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
    scenario = _placed(source if isinstance(source, Scenario) else _read(source))
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
    if not (scenario.is_watch and scenario.watch.is_replay):
        return scenario, None
    if isinstance(source, Scenario):
        raise ScenarioError(scenario.name, why="it replays a recording; name the folder that holds its tables")
    folder = Path(source) if Path(source).is_dir() else Path(source).parent
    return scenario, replace(recording_folder.read(folder), scenario=None)


def start_exercise(
    scenario: ScenarioSource,
    *,
    worlds: int = 1,
    is_recorded: bool = True,
    threads: int = 1,
    given: Recording | None = None,
) -> Exercise:
    """Return an exercise, yet to be reset: `reset(seed)`, `step(commands by seat)`, `recording()`.

    scenario      as of `load_scenario`
    worlds        how many run side by side, each by itself; a watch runs in one
    is_recorded   whether `recording` can be had; of a flight it costs some 0.3 KB a seat, world and step
    threads       how many share the worlds of a flight
    given         of a watch: the staged recording to play, in place of that which the scenario makes
    raises        as `load_scenario`; AirframeError and LaneError for one that cannot be
    """
    loaded, recorded = load_exercise(scenario)
    return Exercise(loaded, worlds=worlds, record=is_recorded, threads=threads, given=given or recorded)


def replay(recording: Recording) -> Recording:
    """Return what comes of a recorded exercise run again: an equal recording, on the same machine.

    Of pilots the controls are flown again; of a watch seat the decisions are given again, over what was staged.
    raises   ScenarioError when the recording carries no scenario that was run
    """
    return replayed(recording)


def _read(exercise: str | Path) -> Scenario:
    path = Path(exercise)
    if path.is_dir():
        path = path / SCENARIO_FILE
    if path.suffix == ".toml" or path.is_file():
        return scenario_text.parse(read_text(path), name=path.name)
    if str(exercise) not in scenarios.shipped():
        why = f"no exercise of that name is shipped, and no such file; there are {', '.join(scenarios.shipped())}"
        raise ScenarioError(str(exercise), why=why)
    return scenarios.load(str(exercise))


def _placed(scenario: Scenario) -> Scenario:
    """Return a scenario whose aerodromes all have a position."""
    if all(one.lat_deg is not None and one.lon_deg is not None for one in scenario.aerodromes):
        return scenario
    return replace(scenario, aerodromes=tuple(_listed(one) for one in scenario.aerodromes))


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
