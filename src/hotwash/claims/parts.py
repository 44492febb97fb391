"""The parts of a number: which events they are, and whether their units may be added up as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from hotwash.course.overlaps import unit_of
from hotwash.model.incident import Bundle
from hotwash.model.questions import COUNT_UNITS, CountUnit, is_part_of

Row = Mapping[str, Any]


def numbered_events(bundle: Bundle) -> dict[str, tuple[int, Row]]:
    """Return the events that tell a number by event_id, each with its place in the list."""
    events = bundle.recording.events.with_row_index("number").filter(pl.col("value").is_not_null())
    return {row["event_id"]: (row["number"], row) for row in events.iter_rows(named=True)}


def adds_into(parts: Sequence[Row], unit: CountUnit, bundle: Bundle) -> bool:
    """Tell whether the numbers of some events may be added up as one unit.

    They are of that unit or of those that it takes in. A unit that the bundle declares takes in any others, where no
    part has that very unit; but parts that are all of one other unit are no sum of it.
    """
    units = bundle.brief.count_units
    names = {None if (own := unit_of(row, units)) is None else own.name for row in parts}
    if all(name is not None and (name in {unit.name, *unit.takes_in} or is_part_of(name, unit.name)) for name in names):
        return True
    return (
        len(names) > 1
        and unit.name not in COUNT_UNITS
        and not unit.is_money
        and unit.name not in names
        and None not in names
    )
