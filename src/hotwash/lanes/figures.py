"""Numbers of a lane file, each with where it comes from and how sure that is.

A number is written in one of three ways:

    spacing_m = { value = 3.048, source = "purdue", confidence = "high" }   a measured or published number
    north_m = "2 * spacing_m"                                               made of named ones, and whole numbers
    turns = 2                                                               a count, or quarter turns in degrees

A bare decimal is refused: somebody measured it or chose it, and the file must say who. A whole number is covered by
the `source` and `confidence` of the part that it stands in.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hotwash.errors import LaneError
from hotwash.visible import quote

CONFIDENCES = ("high", "medium", "low")
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_KEYS = {"value", "source", "confidence", "note"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a lane file: what it is called, its value in the unit its name ends with, and where it is from."""

    name: str
    value: float
    source: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers that a lane file names, and the sources it may cite."""

    lane: str
    sources: Mapping[str, str]
    named: Mapping[str, Figure]

    def value(self, given: Any, place: str) -> float:
        """Return what a number comes to, however it is written.

        place    where it stands in the file, for the error
        raises   LaneError
        """
        if isinstance(given, dict):
            return read_figure(self.lane, self.sources, place, given).value
        if isinstance(given, bool) or not isinstance(given, int | float | str):
            raise LaneError(self.lane, place=place, why="should be a number")
        if isinstance(given, str):
            return self._evaluate(given, place)
        if isinstance(given, float):
            why = "a decimal needs its source: write { value = …, source = …, confidence = … }, or name it in [numbers]"
            raise LaneError(self.lane, place=place, why=why)
        return float(given)

    def _evaluate(self, text: str, place: str) -> float:
        try:
            value = self._value_of(ast.parse(text, mode="eval").body)
        except KeyError as unknown:
            why = f"{quote(unknown.args[0])} is not in [numbers]; there are {', '.join(self.named)}"
            raise LaneError(self.lane, place=place, why=why) from None
        except (SyntaxError, ValueError, ZeroDivisionError, RecursionError):
            why = f"{quote(text)} is no sum of named numbers and whole numbers; write for example '2 * spacing_m'"
            raise LaneError(self.lane, place=place, why=why) from None
        if not math.isfinite(value):
            raise LaneError(self.lane, place=place, why=f"{quote(text)} comes to {value}")
        return value

    def _value_of(self, node: ast.expr) -> float:
        """Return the value of a piece of an expression: + - * / on names and whole numbers, nothing else."""
        if isinstance(node, ast.Name):
            return self.named[node.id].value
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return float(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._value_of(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](self._value_of(node.left), self._value_of(node.right))
        raise ValueError


def read_figure(lane: str, sources: Mapping[str, str], place: str, given: Any) -> Figure:
    """Return a number that states its source.

    raises   LaneError where it is no number, or cites a source that the file does not list
    """
    if not isinstance(given, dict) or not {"value", "source", "confidence"} <= set(given) <= _KEYS:
        raise LaneError(lane, place=place, why="write { value = …, source = …, confidence = …, note = … }")
    value = given["value"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise LaneError(lane, place=place, why=f"value is {quote(value)}, and should be a finite number")
    source, confidence = read_citation(lane, sources, place, given)
    return Figure(place.rpartition(" ")[2], float(value), source, confidence, str(given.get("note", "")))


def read_citation(lane: str, sources: Mapping[str, str], place: str, given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the source and the confidence that a piece of a lane file states.

    raises   LaneError when either is missing or unknown
    """
    source, confidence = given.get("source"), given.get("confidence")
    if source not in sources:
        raise LaneError(lane, place=f"{place}, key source", why=f"should be one of [sources]: {', '.join(sources)}")
    if confidence not in CONFIDENCES:
        raise LaneError(lane, place=f"{place}, key confidence", why=f"should be one of {', '.join(CONFIDENCES)}")
    return str(source), str(confidence)
