"""Rows of SCORES for a watch: one shape, with what is said where there was no opportunity, or no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hotwash.score.outcomes import NO_DATA, NO_GO, NO_OPPORTUNITY

Row = dict[str, Any]


def row(measure: str, value: float | None, unit: str, *, task: str | None = None, **more: Any) -> Row:
    """Return one row of a measure whose opportunity was there."""
    return {"measure": measure, "value": value, "unit": unit, "task": task, "opportunity": "yes", **more}


def none(measure: str, unit: str, *, task: str | None = None) -> Row:
    """Return the row of a measure that had no opportunity: nothing happened that it could be measured on."""
    return row(measure, None, unit, task=task) | {"opportunity": "no", "result": NO_OPPORTUNITY}


def unknown(measure: str, unit: str, *, task: str | None = None) -> Row:
    """Return the row of a measure that the recording cannot tell."""
    return row(measure, None, unit, task=task) | {"opportunity": "unknown", "result": NO_DATA}


class Took(NamedTuple):
    """How long something took [s]; where it was never done, how long it was left undone, a lower bound."""

    seconds: float
    is_done: bool = True


def delay(measure: str, took: Took, *, task: str | None = None) -> Row:
    """Return the row of a time taken; what was never done is a NO-GO whatever the standard."""
    return row(measure, took.seconds, "s", task=task, result=None if took.is_done else NO_GO)


def delays(measure: str, found: Mapping[str, Took | None], suffix: str = "") -> list[Row]:
    """Return a row for each object, and the worst and the median of those that had an opportunity.

    found   by object: None where it had no opportunity

    What was never done is longer than all that was.
    """
    name = f"{measure}{suffix}"
    rows = [
        none(name, "s", task=task) if took is None else delay(name, took, task=task) for task, took in found.items()
    ]
    taken = sorted((took for took in found.values() if took is not None), key=lambda one: (not one.is_done, one))
    if not taken:
        return [*rows, none(f"worst_{name}", "s"), none(f"median_{name}", "s")]
    worst = Took(max(one.seconds for one in taken), taken[-1].is_done)
    low, high = taken[(len(taken) - 1) // 2], taken[len(taken) // 2]
    median = Took((low.seconds + high.seconds) / 2.0, high.is_done)
    return [*rows, delay(f"worst_{name}", worst), delay(f"median_{name}", median)]


def unknowns(measures: Sequence[tuple[str, str]]) -> list[Row]:
    """Return NO DATA for measures, each with its unit."""
    return [unknown(measure, unit) for measure, unit in measures]
