"""Rows of SCORES for a watch: one shape, with what is said where there was no opportunity, or no data."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from hotwash.score.outcomes import NO_DATA, NO_GO, NO_OPPORTUNITY

Row = dict[str, Any]
MISSED = math.inf  # a time that never came


def row(measure: str, value: float | None, unit: str, *, task: str | None = None, **more: Any) -> Row:
    """Return one row of a measure whose opportunity was there."""
    return {"measure": measure, "value": value, "unit": unit, "task": task, "opportunity": "yes", **more}


def none(measure: str, unit: str, *, task: str | None = None) -> Row:
    """Return the row of a measure that had no opportunity: nothing happened that it could be measured on."""
    return row(measure, None, unit, task=task) | {"opportunity": "no", "result": NO_OPPORTUNITY}


def unknown(measure: str, unit: str, *, task: str | None = None) -> Row:
    """Return the row of a measure that the recording cannot tell."""
    return row(measure, None, unit, task=task) | {"opportunity": "unknown", "result": NO_DATA}


def delay(measure: str, value: float, *, task: str | None = None, clock_s: float | None = None) -> Row:
    """Return the row of a time taken; MISSED is no value, and a NO-GO whatever the standard."""
    if math.isinf(value):
        return row(measure, None, "s", task=task, result=NO_GO)
    return row(measure, value, "s", task=task, clock_s=clock_s)


def delays(measure: str, found: Mapping[str, float | None], suffix: str = "") -> list[Row]:
    """Return a row for each object, and the worst and the median of those that had an opportunity.

    found   seconds by object: MISSED where the seat never did it, None where it had no opportunity
    """
    name = f"{measure}{suffix}"
    rows = [
        none(name, "s", task=task) if took is None else delay(name, took, task=task) for task, took in found.items()
    ]
    taken = [took for took in found.values() if took is not None]
    for which, of in (("worst", max), ("median", statistics.median)):
        label = f"{which}_{name}"
        rows.append(delay(label, _plain(of(taken))) if taken else none(label, "s"))
    return rows


def _plain(value: float) -> float:
    """Return a median as it is; of one time and one that never came it never came."""
    return MISSED if math.isnan(value) else value


def unknowns(measures: Sequence[tuple[str, str]]) -> list[Row]:
    """Return NO DATA for measures, each with its unit."""
    return [unknown(measure, unit) for measure, unit in measures]
