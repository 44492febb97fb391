"""Keys of a TOML file, read as they are declared and written so that they are read the same.

table of a file ─parse_values─▶ each known key with its value or its default, or a ScenarioError ─lines_of─▶ text
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from hotwash.errors import ScenarioError
from hotwash.model import key as kinds
from hotwash.model import words
from hotwash.model.ids import fault_of_name
from hotwash.model.key import Key
from hotwash.visible import quote


def unknown(name: str, place: str, word: str, known: Iterable[str]) -> ScenarioError:
    """Return the error for a word that is none of the known ones, with the nearest of them."""
    return ScenarioError(name, place=place, why=f"there is no {word}; {words.suggest(word, known)}")


def check_names(found: Iterable[str], known: Iterable[str], name: str, section: str) -> None:
    """Raise for the first word that is none of the known ones."""
    there = [one for one in known if one]
    for one in found:
        if one not in there:
            raise unknown(name, f"[{section}] {one}" if section else f"key {one}", one, there)


def parse_table(tables: Mapping[str, Any], section: str, known: Sequence[Key], name: str) -> dict[str, Any]:
    """Return the keys of one table, written as [section]."""
    given = tables.get(section, {})
    if not isinstance(given, dict):
        raise ScenarioError(name, place=section, why=f"this is a table: write [{section}] and its keys below")
    return parse_values(given, known, name, section)


def raw_rows(tables: Mapping[str, Any], section: str, name: str) -> list[dict[str, Any]]:
    """Return the rows of a file as they stand there, written as [[section]]."""
    given = tables.get(section, [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ScenarioError(name, place=section, why=f"these are rows: write [[{section}]] before each of them")
    return given


def parse_rows(tables: Mapping[str, Any], section: str, known: Sequence[Key], name: str) -> list[dict[str, Any]]:
    """Return the keys of each row, written as [[section]]; an error names a row by its first key, or by its number."""
    return [
        parse_values(one, known, name, f"{section} {one.get(known[0].name, at)}")
        for at, one in enumerate(raw_rows(tables, section, name))
    ]


def parse_values(given: Mapping[str, Any], known: Sequence[Key], name: str, section: str) -> dict[str, Any]:
    """Return each known key with its value or its default."""
    check_names(given, [one.name for one in known], name, section)
    values: dict[str, Any] = {}
    for one in known:
        place = f"[{section}] {one.name}" if section else f"key {one.name}"
        if one.name in given:
            values[one.name] = parse_value(given[one.name], one, name, place)
        elif one.is_needed:
            raise ScenarioError(name, place=place, why=f"it is missing: {one.meaning}")
        else:
            values[one.name] = one.default
    return values


def parse_value(given: Any, one: Key, name: str, place: str) -> Any:
    """Return one value as its kind wants it.

    raises   ScenarioError when it is of another kind, out of bounds or none of the words
    """
    found = of_kind(given, one.kind)
    if found is None:
        raise ScenarioError(name, place=place, why=f"{quote(given)} is not what it holds: {_wanted(one)}")
    if one.one_of and found not in one.one_of:
        raise unknown(name, place, str(found), one.one_of)
    if one.kind == kinds.TEXT and one.name in ("title", "name") and (why := fault_of_name(found)):
        raise ScenarioError(name, place=place, why=f"it {why}")
    if one.kind in (kinds.NUMBER, kinds.WHOLE):
        low, high = -math.inf if one.least is None else one.least, math.inf if one.most is None else one.most
        if not low <= found <= high or not math.isfinite(found):
            raise ScenarioError(name, place=place, why=f"{found:g} cannot be; it holds {_wanted(one)}")
    return found


def _wanted(one: Key) -> str:
    unit = f" [{one.unit}]" if one.unit else ""
    low = "" if one.least is None else f", at least {one.least:g}"
    high = "" if one.most is None else f", at most {one.most:g}"
    return f"{one.meaning}{unit}, {one.kind}{low}{high}"


def of_kind(given: Any, kind: str) -> Any:
    """Return a value as its kind, or None when it is of another."""
    is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
    if kind == kinds.NUMBER and is_number:
        return float(given)
    if kind == kinds.WHOLE and is_number and isinstance(given, int):
        return given
    if (kind == kinds.TEXT and isinstance(given, str)) or (kind == kinds.FLAG and isinstance(given, bool)):
        return given
    if kind == kinds.TIME and isinstance(given, datetime) and given.tzinfo is not None:
        return given.astimezone(UTC)
    if kind == kinds.TEXTS and isinstance(given, list) and all(isinstance(item, str) for item in given):
        return tuple(given)
    if kind == kinds.PLACE and isinstance(given, list) and len(given) == 3:
        return _numbers(given)
    if kind == kinds.NUMBERS and isinstance(given, list):
        return _numbers(given)
    if kind == kinds.POINTS and isinstance(given, list):
        points = [_numbers(item) if isinstance(item, list) else None for item in given]
        return tuple(points) if all(one is not None and _is_place(one) for one in points) else None
    return None


def _numbers(given: list[Any]) -> tuple[float, ...] | None:
    numbers = [of_kind(item, kinds.NUMBER) for item in given]
    return tuple(numbers) if all(item is not None and math.isfinite(item) for item in numbers) else None


def _is_place(pair: tuple[float, ...]) -> bool:
    return len(pair) == 2 and abs(pair[0]) <= 90.0 and abs(pair[1]) <= 180.0


def parse_ranges(table: Any, section: str, name: str, before: str = "") -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield each range by its dotted name, however deep its tables lie."""
    if not isinstance(table, dict):
        raise ScenarioError(name, place=f"[{section}]", why="this is a table of ranges: weather.wind_mps = [0, 8]")
    for one, given in table.items():
        dotted = f"{before}{one}"
        if isinstance(given, dict):
            yield from parse_ranges(given, section, name, f"{dotted}.")
            continue
        pair = [of_kind(item, kinds.NUMBER) for item in given] if isinstance(given, list) else []
        if len(pair) != 2 or any(item is None or not math.isfinite(item) for item in pair) or pair[0] > pair[1]:
            why = f"{quote(given)} is no range; give the least and the most: [0.9, 1.1]"
            raise ScenarioError(name, place=f"[{section}] {dotted}", why=why)
        yield dotted, (pair[0], pair[1])


# ---------------------------------------------------------------- writing


def dict_of(record: Any) -> dict[str, Any]:
    """Return the fields of a record by name."""
    return {one.name: getattr(record, one.name) for one in fields(record)}


def lines_of(keys: Mapping[str, Any]) -> str:
    """Return keys as lines of TOML; None is left out."""
    return "".join(f"{one} = {_to_toml(given)}\n" for one, given in keys.items() if given is not None)


def table_text(section: str, keys: Mapping[str, Any]) -> str:
    """Return a table as TOML."""
    return f"[{section}]\n{lines_of(keys)}"


def row_texts(section: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return rows as TOML, one text each."""
    return [f"[[{section}]]\n{lines_of(row)}" for row in rows]


def free_texts(section: str, values: Mapping[str, Any]) -> list[str]:
    """Return a table whose keys may be any text; no text where it is empty."""
    return [table_text(section, {_quote(one): given for one, given in values.items()})] if values else []


def _to_toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):  # a time is a date to Python
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(_to_toml(item) for item in value)}]"
    is_plain = "\n" in value and "'''" not in value and not value.endswith("'")
    if is_plain and all(char >= " " or char in "\n\t" for char in value) and "\x7f" not in value:
        return f"'''\n{value}'''"  # a file in a file stays readable
    return _quote(value)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are TOML's, but for DEL
