"""Write the pages of docs/reference/ that the code itself can tell: tables, commands and errors.

    python scripts/build_reference.py

A test compares the committed pages with what this writes, so a column, a command or an error without its
place in the manual fails. The words are those of the declarations and docstrings: mend them there.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
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


AIRFRAME_FILE = """An airframe file is TOML. `format`, `title`, `kind` and `provenance` stand first, then `[sources]`,
short names and where a number is from, then a table for each part. Every number has its unit and its source:

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
    from hotwash.exercise.flight import airframes, quantities

    return airframes_page(quantities.KINDS, [airframes.load(name) for name in airframes.shipped()])


PAGES = {
    "tables.md": declared_tables,
    "commands.md": declared_commands,
    "errors.md": declared_errors,
    "airframes.md": declared_airframes,
}

if __name__ == "__main__":
    for name, write in PAGES.items():
        text = write()
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}: {len(text.splitlines())} lines")
