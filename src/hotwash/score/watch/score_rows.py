"""Rows of SCORES for a watch: one shape, with what is said where there was no opportunity, or no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hotwash.score.results import NO_DATA, NO_GO, NO_OPPORTUNITY

Row = dict[str, Any]


def score_row(measure: str, value: float | None, unit: str, *, task: str | None = None, **more: Any) -> Row:
    """Return one row of a measure whose opportunity was there."""
    return {"measure": measure, "value": value, "unit": unit, "task": task, "opportunity": "yes", **more}


def no_opportunity(measure: str, unit: str, *, task: str | None = None) -> Row:
    """Return the row of a measure that had no opportunity: nothing happened that it could be measured on."""
    return score_row(measure, None, unit, task=task) | {"opportunity": "no", "result": NO_OPPORTUNITY}


def no_data(measure: str, unit: str, *, task: str | None = None) -> Row:
    """Return the row of a measure that the recording cannot tell."""
    return score_row(measure, None, unit, task=task) | {"opportunity": "unknown", "result": NO_DATA}


class Delay(NamedTuple):
    """How long something took [s]; where it was never done, how long it was left undone, a lower bound."""

    seconds: float
    is_done: bool = True


def delay_row(measure: str, delay: Delay, *, task: str | None = None) -> Row:
    """Return the row of a time taken; what was never done is a NO-GO whatever the standard."""
    return score_row(measure, delay.seconds, "s", task=task, result=None if delay.is_done else NO_GO)


def delay_rows(measure: str, found: Mapping[str, Delay | None], suffix: str = "") -> list[Row]:
    """Return a row for each object, and the worst and the median of those that had an opportunity.

    found   by object: None where it had no opportunity

    What was never done is longer than all that was.
    """
    name = f"{measure}{suffix}"
    rows = [
        no_opportunity(name, "s", task=task) if delay is None else delay_row(name, delay, task=task)
        for task, delay in found.items()
    ]
    taken = sorted((delay for delay in found.values() if delay is not None), key=lambda one: (not one.is_done, one))
    if not taken:
        return [*rows, no_opportunity(f"worst_{name}", "s"), no_opportunity(f"median_{name}", "s")]
    worst = Delay(max(one.seconds for one in taken), taken[-1].is_done)
    low, high = taken[(len(taken) - 1) // 2], taken[len(taken) // 2]
    median = Delay((low.seconds + high.seconds) / 2.0, high.is_done)
    return [*rows, delay_row(f"worst_{name}", worst), delay_row(f"median_{name}", median)]


def no_data_rows(measures: Sequence[tuple[str, str]]) -> list[Row]:
    """Return NO DATA for measures, each with its unit."""
    return [no_data(measure, unit) for measure, unit in measures]
