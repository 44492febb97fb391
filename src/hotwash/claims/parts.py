"""The parts of a number: which events they are, and whether their units may be added up as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from hotwash.course.overlaps import say_overlap, say_shared_flights
from hotwash.model.incident import Bundle
from hotwash.model.questions import COUNT_UNITS, CountUnit, is_part_of

Row = Mapping[str, Any]


def numbered_events(bundle: Bundle) -> dict[str, tuple[int, Row]]:
    """Return the events that tell a number by event_id, each with its place in the list."""
    events = bundle.recording.events.with_row_index("number").filter(pl.col("value").is_not_null())
    return {row["event_id"]: (row["number"], row) for row in events.iter_rows(named=True)}


def overlap_of(row: Row, rows: Mapping[str, tuple[int, Row]], units: Mapping[str, CountUnit]) -> str:
    """Return what the declared parts of a claim or an event count twice, or may, as a sentence; "" where nothing.

    rows    as `numbered_events` gives them
    units   every unit of counts of the incident
    """
    names = row["parts"] or ()
    if not names or not set(names) <= set(rows):
        return ""
    own = row["claim_id"] if "claim_id" in row else row["event_id"]
    plain = {name: one for name, (_, one) in rows.items()}
    told = {name: unit for name in names if (unit := unit_of(plain[name], units)) is not None}
    return say_overlap(own, names, plain) or say_shared_flights(row, names, plain, told)


def is_possible_only(overlap: str) -> bool:
    """Tell whether an overlap of parts is one that may be, and not one that is there."""
    return " may count " in overlap


def unit_of(row: Row, units: Mapping[str, CountUnit]) -> CountUnit | None:
    """Return the unit of an event's number: the one that it names, else the one that its kind tells."""
    if row["unit"] is not None:
        return units.get(row["unit"])
    return next((unit for unit in units.values() if row["kind"] in unit.events), None)


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
