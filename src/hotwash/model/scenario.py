"""A scenario: what will happen and who sits where, read from the text of a TOML file.

text ─parse─▶ FlightScenario, or WatchScenario ─to_text─▶ text that needs no other file: what a Recording keeps
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hotwash.documents import parse_toml
from hotwash.errors import ScenarioError
from hotwash.model import flight_scenario, toml_keys, watch_scenario
from hotwash.model import scenario_parts as parts
from hotwash.model.flight_scenario import Fault, FlightScenario
from hotwash.model.key import Key, keys_of
from hotwash.model.scenario_parts import Seat
from hotwash.model.watch_scenario import WatchScenario

Scenario = FlightScenario | WatchScenario

# The keys of each table that a file may have; "" are those above the first table.
SECTIONS: Mapping[str, Sequence[Key]] = {
    "": parts.HEAD,
    **{section: keys_of(declared) for section, declared in {**parts.TABLES, **parts.LISTS}.items()},
    "faults": keys_of(Fault),
    "flown": parts.FLOWN,
    **watch_scenario.SECTIONS,
}
_OTHER = ("sensors", "randomise", "vary", "carried")  # of ranges, texts, and the columns of SENSORS


def parse(text: str, *, name: str) -> Scenario:
    """Return the scenario of a TOML text: a WatchScenario where its one seat is of kind watch.

    text     the content of the file
    name     what to call it in an error: the file's name
    raises   ScenarioError that names the key at fault, and for an unknown key the nearest one that exists

    Whether its airframes and its lane exist is for the exercise to find out.
    """
    tables = parse_toml(text, name=name, refused=ScenarioError)
    sections = (*SECTIONS, *_OTHER)
    toml_keys.check_names(tables, [one.name for one in parts.HEAD] + [*sections], name, "")
    head = {one: value for one, value in tables.items() if one not in sections}
    values = parts.parse_parts(tables, head, name)
    _check_sections(tables, values["seats"], name)
    if any(one.kind == "watch" for one in values["seats"]):
        del values["lane"]
        return watch_scenario.parse_watch(tables, values, text=text, name=name)
    return flight_scenario.parse_flight(tables, values, text=text, name=name)


def _check_sections(tables: Mapping[str, Any], seats: Sequence[Seat], name: str) -> None:
    """Raise unless pilots fly, or exactly one seat keeps the watch, and the file's sections are for those."""
    has_watch = any(one.kind == "watch" for one in seats)
    if has_watch and len(seats) > 1:
        why = "a scenario has either pilots or one watch; give the others a scenario of their own"
        raise ScenarioError(name, place="[[seats]]", why=why)
    stray = next((one for one in (*watch_scenario.SECTIONS, "vary") if one in tables), None)
    if stray is not None and seats and not has_watch:
        raise ScenarioError(name, place=stray, why='only a watch has this; give its seat kind = "watch"')
    stray = next((one for one in ("lane", "faults") if tables.get(one)), None)
    if stray is not None and has_watch:
        raise ScenarioError(name, place=stray, why="this is for pilots; a watch has neither a lane nor a drone to fail")


def as_flight(scenario: Scenario) -> FlightScenario:
    """Return a scenario with pilots as it is.

    raises   ScenarioError for one whose seat keeps the watch
    """
    if isinstance(scenario, FlightScenario):
        return scenario
    raise ScenarioError(scenario.name, why="nobody flies in it: its seat keeps the watch; play it with hotwash watch")


def as_watch(scenario: Scenario) -> WatchScenario:
    """Return a scenario with a watch seat as it is.

    raises   ScenarioError for one with pilots
    """
    if isinstance(scenario, WatchScenario):
        return scenario
    why = "it has no watch seat: fly it with hotwash fly, or name an exercise with a seat of kind watch"
    raise ScenarioError(scenario.name, why=why)


def to_text(
    scenario: Scenario,
    *,
    lanes: Mapping[str, str] | None = None,
    airframes: Mapping[str, str] | None = None,
    seed: int | None = None,
    world: int | None = None,
) -> str:
    """Return the scenario as TOML text that names nothing which it does not hold.

    lanes, airframes   texts of the TOML files that it names, by name; put in the place of those it carried
    seed, world        with which it was flown, for a recording
    returns            a text that `parse` reads as an equal scenario; every key stands in it, comments do not
    """
    texts = list(parts.head_texts(scenario))
    if isinstance(scenario, FlightScenario):
        texts += flight_scenario.fault_texts(scenario)
    texts += parts.middle_texts(scenario, seed, world)
    if isinstance(scenario, WatchScenario):
        texts += watch_scenario.watch_texts(scenario)
    for section, given in (("lanes", lanes), ("airframes", airframes)):
        texts += toml_keys.free_texts(f"carried.{section}", given or {})
    return "\n".join(texts)
