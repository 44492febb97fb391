"""Write the pages of docs/reference/ that the code itself can tell: tables, commands, errors, lanes, scenarios.

    python scripts/build_reference.py

A test compares the committed pages with what this writes, so a column, a command or an error without its
place in the manual fails. The words are those of the declarations and docstrings: mend them there.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import polars as pl

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
PLANS = REFERENCE.parent / "images" / "lanes"
WRITTEN_BY = "<!-- Written by scripts/build_reference.py from the code; change the code and run it again. -->"

KINDS: list[tuple[Any, str]] = [
    (pl.Float64, "number"),
    (pl.Float32, "number, single precision"),
    (pl.String, "text"),
    (pl.Boolean, "true or false"),
    (pl.Binary, "bytes"),
    (pl.Date, "date"),
    (pl.Datetime("us", "UTC"), "UTC time, µs"),
]


def cell(text: str) -> str:
    """Return text that a cell of a Markdown table can hold."""
    return " ".join(text.split()).replace("|", "\\|")


def kind(dtype: Any) -> str:
    """Return the type of a column in words."""
    for known, words in KINDS:
        if dtype == known:
            return words
    if isinstance(dtype, pl.List):
        return f"list of {kind(dtype.inner)}"
    if dtype.is_integer():
        return "whole number"
    return str(dtype)


def bounds(column: Any) -> str:
    """Return in words which values a column may hold; empty where any will do."""
    if column.one_of:
        return ", ".join(f"`{value}`" for value in column.one_of)
    if column.least is not None and column.most is not None:
        return f"{column.least:g} to {column.most:g}"
    if column.least is not None:
        return f"at least {column.least:g}"
    return f"at most {column.most:g}" if column.most is not None else ""


def table_section(table: Any) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    key = ", ".join(f"`{name}`" for name in table.key)
    yield f"A row is {table.meaning}." + (f" Rows are told apart by {key}." if key else "")
    yield ""
    yield "| column | type | may be null | values | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for column in table.columns:
        null = "yes" if column.nullable else "no"
        row = (f"`{column.name}`", kind(column.dtype), null, bounds(column), cell(column.meaning))
        yield f"| {' | '.join(row)} |"
    yield ""
    if table.name == "questions":
        yield from question_kinds()


def question_kinds() -> Iterator[str]:
    """Yield what each kind of question asks, and what a claim on it may say."""
    from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS

    yield "### Kinds of questions"
    yield ""
    yield "| kind | unit | `value` of a claim | decided from |"
    yield "| --- | --- | --- | --- |"
    for one in QUESTION_KINDS.values():
        asked = () if one.step else one.units
        units, answers = (", ".join(f"`{word}`" for word in words) for words in (asked, one.answers))
        units = units or ("a unit of counts" if one.step else "")
        yield f"| {' | '.join((f'`{one.name}`', units, answers or one.value, one.decided_from))} |"
    yield ""
    yield "### Units of counts"
    yield ""
    yield (
        "A bundle may declare others under `[[units]]`. "
        "An event tells a number in a unit by its kind, or by its `unit`."
    )
    yield ""
    yield "| unit | counts | kinds of events that tell it |"
    yield "| --- | --- | --- |"
    for unit in COUNT_UNITS.values():
        told = ", ".join(f"`{kind}`" for kind in unit.events) or ("the probabilities in `finds`" if unit.column else "")
        yield f"| `{unit.name}` | {unit.title[:1].lower()}{unit.title[1:]} | {told} |"
    yield ""


def tables_page(tables: Mapping[str, Any]) -> str:
    """Return docs/reference/tables.md: every declared table with every column."""
    lines = [
        "# Tables",
        "",
        WRITTEN_BY,
        "",
        "Every table of hotwash, as `hotwash.model.tables` declares it. The unit and the datum stand at the end",
        "of a column's name. Unknown is null, never NaN. A file may leave out any column that may be null.",
        "",
        *(line for table in tables.values() for line in table_section(table)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def parameter_row(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    name = parameter.name.upper() if is_argument else ", ".join([*parameter.opts, *parameter.secondary_opts])
    is_plain = isinstance(parameter.default, str | int | float) and not isinstance(parameter.default, bool)
    given = "required" if parameter.required else f"`{parameter.default}`" if is_plain else ""
    return f"| `{name}` | {given} | {cell(parameter.help or '')} |"


def command_sections(command: Any, path: str) -> Iterator[str]:
    yield f"## {path}"
    yield ""
    yield inspect.cleandoc(command.help or "").replace("\f", "")
    yield ""
    parameters = [
        parameter
        for parameter in command.params
        if not parameter.hidden and not {"--install-completion", "--show-completion"} & set(parameter.opts)
    ]
    if parameters:
        yield "| argument or option | if left out | meaning |"
        yield "| --- | --- | --- |"
        yield from (parameter_row(parameter) for parameter in parameters)
        yield ""
    for name, child in sorted(getattr(command, "commands", {}).items()):
        if not child.hidden:
            yield from command_sections(child, f"{path} {name}")


def commands_page(app: Any) -> str:
    """Return docs/reference/commands.md: every command of a Typer application, with its options."""
    from typer.main import get_command

    lines = [
        "# Commands",
        "",
        WRITTEN_BY,
        "",
        "What hotwash refuses, it refuses with exit code 2 and one line that names the thing, the place in it",
        "and the way out ([Errors](errors.md)).",
        "",
        *command_sections(get_command(app), "hotwash"),
    ]
    return "\n".join(lines).rstrip() + "\n"


def error_sections(error: type[BaseException], level: int = 2) -> Iterator[str]:
    yield f"{'#' * level} {error.__name__}"
    yield ""
    head, _, rest = inspect.getdoc(error).partition("\n\n") if error.__doc__ else ("", "", "")
    yield head
    yield ""
    if rest:
        yield f"```text\n{rest}\n```"
        yield ""
    for child in error.__subclasses__():
        if child.__module__ == error.__module__:
            yield from error_sections(child, level + 1)


def errors_page(errors: ModuleType) -> str:
    """Return docs/reference/errors.md: the tree of errors.py, each error with its meaning."""
    head, _, tree = inspect.getdoc(errors).partition("\n\n")  # type: ignore[union-attr]
    tree, _, close = tree.partition("\n\n")
    lines = ["# Errors", "", WRITTEN_BY, "", head, "", "```text", tree, "```", "", close, ""]
    return "\n".join([*lines, *error_sections(errors.HotwashError)]).rstrip() + "\n"


def unit_of(name: str) -> str:
    """Return the unit that a number's name ends with."""
    units = {"m": "m", "s": "s", "deg": "°", "mps": "m/s"}
    return units.get(name.rpartition("_")[2], "")


def lane_section(lane: Any) -> Iterator[str]:
    yield f"## {lane.name}"
    yield ""
    yield f"**{lane.title}.** {lane.about}"
    yield ""
    yield f"![Plan of the lane](../images/lanes/{lane.name}.svg)"
    yield ""
    missed = "costs the point" if lane.missed == "lost" else "may be taken again"
    has_rings = any(task.ring is not None for task in lane.tasks)
    modes = f" The form allows {', '.join(f'`{mode}`' for mode in lane.modes)}." if lane.modes else ""
    picture = f" A picture that does not show the whole ring {missed}." if has_rings else ""
    yield f"{lane.possible:g} points, {lane.time_limit_s:g} s.{picture}{modes}"
    yield ""
    yield "| number | value | source | confidence | what it is |"
    yield "| --- | --- | --- | --- | --- |"
    for one in lane.figures:
        row = (f"`{one.name}`", f"{one.value:g} {unit_of(one.name)}".strip(), one.source, one.confidence, one.note)
        yield f"| {' | '.join(cell(part) for part in row)} |"
    yield ""
    yield from (f"- {name}: {cell(text)}." for name, text in lane.sources.items())
    yield ""
    yield "| part | call-out | kind | points | marked by |"
    yield "| --- | --- | --- | --- | --- |"
    titles = {part.name: f"{part.title} ({part.source}, {part.confidence})" for part in lane.parts}
    for task in lane.tasks:
        said = (titles.pop(task.part, ""), task.call, task.kind, f"{task.points:g}", task.marker)
        yield f"| {' | '.join(cell(part) for part in said)} |"
    yield ""


def lanes_page(lanes: list[Any]) -> str:
    """Return docs/reference/lanes.md: every shipped lane, each number with its source and confidence."""
    lines = [
        "# Lanes",
        "",
        WRITTEN_BY,
        "",
        f"Everything here is {lanes[0].notice}.",
        "",
        "The published forms differ from one another, and some give no numbers: each number of a lane file therefore",
        "names its source and how sure it is. Where the source is `reasoned`, it was chosen here. North is up in the",
        "plans; heights are not drawn. [Measures](measures.md) says how a task is judged, and",
        "[Build a lane](../how-to/build-a-lane.md) how to make one of your own.",
        "",
        *(line for lane in lanes for line in lane_section(lane)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def declared_lanes() -> str:
    from hotwash.lanes import lane

    return lanes_page([lane.load_lane(name) for name in lane.SHIPPED])


def plans() -> dict[str, str]:
    """Return the drawing of every shipped lane, by the name of its file."""
    from hotwash.lanes import lane
    from hotwash.report.lane_plan import draw_lane

    return {f"{name}.svg": draw_lane(lane.load_lane(name)) + "\n" for name in lane.SHIPPED}


def key_row(key: Any) -> str:
    """Return one key of a scenario as a row of a table."""
    given = "needed" if key.is_needed else "" if key.default in (None, (), "") else f"`{toml(key.default)}`"
    cells = (f"`{key.name}`", key_kind(key), cell(key.unit), bounds(key), given, cell(key.meaning))
    return f"| {' | '.join(cells)} |"


def key_kind(key: Any) -> str:
    words = {
        "three": "three numbers",
        "texts": "list of texts",
        "numbers": "list of numbers",
        "points": "list of points",
    }
    return words.get(key.kind, key.kind)


def toml(value: Any) -> str:
    """Return a default as a scenario's file would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(list(value) if isinstance(value, tuple) else value)


KEY_HEAD = ("| key | kind | unit | values | if left out | meaning |", "| --- | --- | --- | --- | --- | --- |")

SECTION_TITLES = {
    "": ("The scenario", "These stand at the top of the file, before any table."),
    "place": ("place", "`[place]`: the point that positions are counted from, on the ground."),
    "weather": ("weather", "`[weather]`: wind, gusts and air. Left out, it is calm."),
    "navigation": ("navigation", "`[navigation]`: errors of the drone's own instruments while nothing is wrong."),
    "failsafes": ("failsafes", "`[failsafes]`: when a drone acts by itself."),
    "seats": ("seats", "`[[seats]]`: one for each seat. Each has a drone of its own."),
    "injects": ("injects", "`[[injects]]`: messages that come at a time. They stand in the view and among the events."),
    "flown": ("flown", "`[flown]`: in a recording only; with what it was flown."),
}


WATCH_TITLES = {
    "watch": "`[watch]`: how the watch is kept.",
    "objects": "`[[objects]]`: what flies. Before the start too, where `start_s` is negative.",
    "aerodromes": "`[[aerodromes]]`: what may be closed, and what stands open at the start.",
    "traffic": "`[[traffic]]`: published movements, evenly spread and drawn from the seed. Each is a row of events of "
    "kind `movement`, known from the beginning.",
    "reports": "`[[reports]]`: what people say. It reaches the seat as a row of [sightings](tables.md#sightings), "
    "under a number, without `truth` and `about`.",
    "outages": "`[[outages]]`: when a sensor is silent.",
    "population": "`[[population]]`: how many people live where, for judging warnings.",
    "zones": "`[[zones]]`: zones drawn here. `[carried.zones]` holds GeoJSON texts by name; of the shipped borders "
    "`zone_id` in `[watch]` is enough.",
    "senses": "`[[senses]]`: what the table of [sensors](tables.md#sensors) does not say of one. Left out, it is as "
    "is usual for its kind.",
}


def watch_sections(sections: Mapping[str, Any], ranges: Sequence[Any]) -> Iterator[str]:
    """Yield the sections of a watch exercise."""
    yield from (
        "## The watch",
        "",
        'What follows is for a scenario whose one seat has `kind = "watch"`. Times are seconds from `start_utc`.',
        "",
    )
    for name, words in WATCH_TITLES.items():
        yield from keys_section(name, words, sections[name], 3)
    yield from (
        "### vary",
        "",
        "`[vary]`: ranges, `drones = [1, 4]`, from which each world of a watch is drawn. Every number is drawn even",
        "between the two ends, whole ones with each as likely as the others. It depends on the seed, the number of the",
        "world and its own purpose alone, so a world is the same however many there are. Worlds are sampled, never",
        "chosen: nothing looks at what the sensors see or at what the seat does. `[randomise]` may name the weather",
        "beside it: what is flown by `wing` flies through it.",
        "",
    )
    yield from (*KEY_HEAD[:2], *(key_row(one) for one in ranges), "")


def keys_section(title: str, words: str, rows: Any, level: int = 2) -> Iterator[str]:
    yield f"{'#' * level} {title}"
    yield ""
    yield words
    yield ""
    if rows:
        yield from (*KEY_HEAD, *(key_row(one) for one in rows), "")


def scenario_page(sections: Mapping[str, Any], flight: ModuleType, watch: ModuleType, weather: Sequence[str]) -> str:
    """Return docs/reference/scenario.md: every key that a scenario's file may have."""
    lines = [
        "# Scenario",
        "",
        WRITTEN_BY,
        "",
        "A scenario is a TOML file: what will happen and who sits where. Every key that it may have stands here; any",
        "other is refused, with the nearest that there is. [Write a scenario](../how-to/write-a-scenario.md) shows",
        "how.",
        "",
    ]
    for name, (title, words) in SECTION_TITLES.items():
        lines += keys_section(title, words, sections[name])
    lines += keys_section(
        "faults", "`[[faults]]`: what fails. Each has these keys, and those of its kind.", sections["faults"]
    )
    for kind_of, rows in flight.FAULT_VALUES.items():
        lines += keys_section(kind_of, f'`kind = "{kind_of}"`: {flight.FAULT_MEANINGS[kind_of]}', rows, 3)
    lines += [
        "## sensors",
        "",
        "`[[sensors]]`: rows of [sensors](tables.md#sensors). What they detect of the drones stands in the recording.",
        "",
        *watch_sections(sections, watch.VARY),
        "## randomise",
        "",
        "`[randomise]`: ranges by dotted name, `weather.wind_mps = [0, 8]`. Each world draws its own number, even",
        "between the two, from the seed, its own number and the name alone.",
        "",
        "| name | what is drawn |",
        "| --- | --- |",
        *(f"| `weather.{one}` | as the key of the weather |" for one in weather),
        *(f"| `airframe.{one}` | {words} |" for one, words in flight.RANDOM_AIRFRAME.items()),
        *(f"| `seats.NAME.{one}` | {words} |" for one, words in flight.RANDOM_SEAT.items()),
        "| `faults.NAME.onset_s`, `faults.NAME.end_s` | as the keys of the fault |",
        "| `faults.NAME.KEY` | any number of its kind but `rotor` |",
        "",
        "## carried",
        "",
        "`[carried.lanes]`, `[carried.airframes]`: each key is a name, and holds the text of a TOML file. What the",
        "scenario carries comes before what is shipped under the same name. A recording's scenario carries all that it",
        "names. For a watch, `[carried.rules]` holds rule files and `[carried.zones]` GeoJSON.",
        "",
    ]
    return "\n".join(lines).rstrip() + "\n"


def declared_scenario() -> str:
    from hotwash.model import flight_scenario, watch_scenario
    from hotwash.model.scenario import SECTIONS
    from hotwash.model.scenario_parts import RANDOM_WEATHER

    return scenario_page(SECTIONS, flight_scenario, watch_scenario, RANDOM_WEATHER)


AIRFRAME_FILE = """An airframe file is TOML. `format`, `title`, `kind` and `provenance` stand first, then `[sources]`,
short names and where a number is from, then a table for each part. Every number is written with its unit and its
source:

```toml
format = 1
title = "Our survey drone"
kind = "multirotor"
provenance = "measured"

[sources]
scale = "weighed with battery and camera, ± 5 g"

[body]
mass = { value = 1.42, unit = "kg", source = "scale" }
```

The unit must be the one below; rows of three are forward, left, up. `provenance` is the weakest of what its flight
rests on: `measured`, `published` or `estimated`. A file with a key too few or too many, a number out of bounds, or a
multirotor that its rotors or its battery cannot carry is refused, so is a fixed wing that cannot hold its cruise level,
and the key is named ([AirframeError](errors.md#airframeerror)). The first rotor is the first of each row; `replay`
takes speeds so."""


def quantity_rows(quantities: Mapping[str, Any]) -> Iterator[str]:
    yield "| key | unit | numbers | bounds | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for key, quantity in quantities.items():
        numbers = " × ".join(str(length) for length in quantity.shape) or "1"
        least = f"above {quantity.least:g}" if quantity.is_open else f"at least {quantity.least:g}"
        bound = least if quantity.most == float("inf") else f"{least}, at most {quantity.most:g}"
        bound = "any" if quantity.least == -float("inf") else bound
        yield f"| `{key}` | {quantity.unit} | {numbers} | {bound} | {cell(quantity.meaning)} |"
    yield ""


def airframes_page(kinds: Mapping[str, Mapping[str, Any]], shipped: list[Any]) -> str:
    """Return docs/reference/airframes.md: the shipped airframes, and every key of each kind of file."""
    lines = [
        "# Airframes",
        "",
        WRITTEN_BY,
        "",
        "| name | kind | what it is | provenance |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| `{one.name}` | {one.kind} | {cell(one.title)} | {one.provenance} |" for one in shipped]
    lines += ["", AIRFRAME_FILE, ""]
    for name, quantities in kinds.items():
        lines += [f"## {name}", "", *quantity_rows(quantities)]
    return "\n".join(lines).rstrip() + "\n"


API_HEAD = """
`import hotwash` gives these names, and no others: what is not listed here is an inner part of hotwash, which may change
without notice. Each function takes values or paths and returns values; nothing is written. The command line calls the
same functions, and what is refused raises one of the [errors](errors.md).
[Use hotwash from Python](../how-to/use-python.md) shows them at work.

- Tables in capitals, such as TRACKS, are declared in [Tables](tables.md); they are frames of Polars.
- A `Source` is where a table comes from: a path (Parquet or CSV), a frame of Polars, or a frame of pandas. Rows that
  cannot be taken stand among the `rejects` of what comes back.
- A `ScenarioSource` is the name of an included exercise, a path, or a scenario.
- A `Progress` is any function of two arguments: what is being done, and how far it is, from 0 to 1 or None.

A name is loaded when it is first used. Compiled parts are compiled once on a machine, which takes some 20 seconds."""


def api_section(name: str, value: Any) -> Iterator[str]:
    """Yield the section of one name: how it is called, and what its docstring says."""
    head, _, rest = (inspect.getdoc(value) or "").partition("\n\n")
    yield f"### {name}"
    yield ""
    if inspect.isfunction(value):
        yield f"```text\n{signature_text(name, value)}\n```"
        yield ""
    yield head
    yield ""
    if rest:
        yield f"```text\n{rest}\n```"
        yield ""
    if inspect.isclass(value) and property_lines(value):
        yield from (*property_lines(value), "")


def signature_text(name: str, function: Any) -> str:
    """Return how a function is called, a line for each parameter where one line is too long."""
    signature = inspect.signature(function)
    parameters = signature.parameters.values()
    parts = [parameter_text(one) for one in parameters if one.kind is not one.KEYWORD_ONLY]
    choices = [parameter_text(one) for one in parameters if one.kind is one.KEYWORD_ONLY]
    parts += ["*", *choices] if choices else []
    line = f"{name}({', '.join(parts)}) -> {signature.return_annotation}"
    if len(line) <= 100:
        return line
    return f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f") -> {signature.return_annotation}"


def parameter_text(parameter: inspect.Parameter) -> str:
    """Return a parameter with its type and what it is when left out."""
    default = parameter.default
    said = getattr(default, "__name__", repr(default))
    return f"{parameter.name}: {parameter.annotation}" + ("" if default is parameter.empty else f" = {said}")


def property_lines(value: type) -> list[str]:
    """Return what else can be asked of a value: its properties, each with what it is."""
    named = {name: one for name, one in vars(value).items() if isinstance(one, property) and one.__doc__}
    return [f"- `{name}`: {(one.__doc__ or '').partition(chr(10))[0]}" for name, one in named.items()]


def returned_types(functions: list[Any]) -> list[type]:
    """Return the types of hotwash that functions return, each once, by name."""
    from hotwash.flight.exercise import FlightExercise
    from hotwash.watch.exercise import WatchExercise

    late = {"FlightExercise": FlightExercise, "WatchExercise": WatchExercise}  # start_exercise loads one of them
    found = set()
    for function in functions:
        told = get_type_hints(function, localns=late)["return"]
        found |= {one for one in (told, *get_args(told)) if getattr(one, "__module__", "").startswith("hotwash")}
    return sorted(found, key=lambda one: str(one.__name__))


def api_page(front: ModuleType) -> str:
    """Return docs/reference/api.md: every name of the front, and what its functions return."""
    named = {name: getattr(front, name) for name in front.__all__}
    functions = {name: value for name, value in named.items() if inspect.isfunction(value)}
    types = {name: value for name, value in named.items() if not inspect.isfunction(value)}
    lines = ["# Python", "", WRITTEN_BY, API_HEAD, "", "## Functions", ""]
    for name, value in functions.items():
        lines += api_section(name, value)
    lines += ["## Types", ""]
    for name, value in types.items():
        lines += api_section(name, value)
    lines += ["## What functions return", "", "These types have no name in `hotwash`: they are what comes back.", ""]
    for value in returned_types(list(functions.values())):
        if value not in types.values():
            lines += api_section(value.__name__, value)
    return "\n".join(lines).rstrip() + "\n"


def declared_api() -> str:
    import hotwash

    return api_page(hotwash)


def declared_tables() -> str:
    from hotwash.model.tables import TABLES

    return tables_page(TABLES)


def declared_commands() -> str:
    from hotwash.cli import app

    return commands_page(app)


def declared_errors() -> str:
    from hotwash import errors

    return errors_page(errors)


def declared_airframes() -> str:
    from hotwash.flight import airframes, quantities

    return airframes_page(quantities.KINDS, [airframes.load_airframe(name) for name in airframes.SHIPPED])


PAGES = {
    "api.md": declared_api,
    "tables.md": declared_tables,
    "commands.md": declared_commands,
    "errors.md": declared_errors,
    "lanes.md": declared_lanes,
    "scenario.md": declared_scenario,
    "airframes.md": declared_airframes,
}

if __name__ == "__main__":
    for name, write in PAGES.items():
        text = write()
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}: {len(text.splitlines())} lines")
    PLANS.mkdir(parents=True, exist_ok=True)
    for name, text in plans().items():
        (PLANS / name).write_text(text, encoding="utf-8")
    print(f"docs/images/lanes: {len(plans())} plans")
