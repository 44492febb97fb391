"""An exercise by its name, or from a file of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hotwash.air import scenarios
from hotwash.errors import ScenarioError
from hotwash.ingest import aerodromes
from hotwash.ingest.disk import read_text
from hotwash.model.scenario import Scenario, parse
from hotwash.model.watch_scenario import Aerodrome, WatchScenario


def found(
    exercise: str | Path | Scenario, *, airframe: str | None = None, pass_points: float | None = None,
    pass_seconds: float | None = None,
) -> Scenario:  # fmt: skip
    """Return a scenario, changed where something else is asked for.

    exercise       a shipped name, a TOML file, or a scenario. Aerodromes of which it gives the code alone get the rest
                   from the shipped list
    airframe       a shipped name or a TOML file: every seat flies it in place of its own
    pass_points, pass_seconds   the school's marks, in place of the scenario's
    raises         ReadError, ScenarioError; PlaceError for the code of an aerodrome that is not listed
    """
    scenario = _read(exercise) if isinstance(exercise, str | Path) else exercise
    if isinstance(scenario, WatchScenario):
        scenario = replace(scenario, aerodromes=tuple(_listed(one) for one in scenario.aerodromes))
    if airframe is not None:
        scenario = _with_airframe(scenario, airframe)
    if pass_points is not None:
        scenario = replace(scenario, pass_points=pass_points)
    return scenario if pass_seconds is None else replace(scenario, pass_seconds=pass_seconds)


def _read(exercise: str | Path) -> Scenario:
    path = Path(exercise)
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
