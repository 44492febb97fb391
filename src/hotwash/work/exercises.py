"""An exercise by its name, or from a file of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hotwash.errors import ReadError, ScenarioError
from hotwash.exercise import scenarios
from hotwash.model import scenario as scenario_text
from hotwash.model.scenario import Scenario


def found(
    exercise: str | Path | Scenario, *, airframe: str | None = None, pass_points: float | None = None,
    pass_seconds: float | None = None,
) -> Scenario:  # fmt: skip
    """Return a scenario, changed where something else is asked for.

    exercise       a shipped name, a TOML file, or a scenario
    airframe       a shipped name or a TOML file: every seat flies it in place of its own
    pass_points, pass_seconds   the school's marks, in place of the scenario's
    raises         ReadError, ScenarioError
    """
    scenario = exercise if isinstance(exercise, Scenario) else _read(exercise)
    if airframe is not None:
        scenario = _with_airframe(scenario, airframe)
    if pass_points is not None:
        scenario = replace(scenario, pass_points=pass_points)
    return scenario if pass_seconds is None else replace(scenario, pass_seconds=pass_seconds)


def _read(exercise: str | Path) -> Scenario:
    path = Path(exercise)
    if path.suffix == ".toml" or path.is_file():
        return scenario_text.parse(_text(path), name=path.name)
    if str(exercise) not in scenarios.shipped():
        why = f"no exercise of that name is shipped, and no such file; there are {', '.join(scenarios.shipped())}"
        raise ScenarioError(str(exercise), why=why)
    return scenarios.load(str(exercise))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise ReadError(str(path), why=f"cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise ReadError(str(path), why="is no UTF-8 text") from None


def _with_airframe(scenario: Scenario, airframe: str) -> Scenario:
    path = Path(airframe)
    carried, name = dict(scenario.airframes), airframe
    if path.suffix == ".toml":
        name = path.stem
        carried[name] = _text(path)
    seats = tuple(replace(seat, airframe=name) for seat in scenario.seats)
    return replace(scenario, seats=seats, airframes=carried)
