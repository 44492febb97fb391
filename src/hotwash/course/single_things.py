"""Numbers of one thing each, entered one by one: which of them are surely of different things.

flight 1 at 20:10 ┐
flight 1 at 20:40 ├─▶ no fewer than 3; they are no rivals of one another, and bound a total from below
flight 1 at 21:05 ┘
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hotwash.course.tellings import beginning_of, excludes

Row = Mapping[str, Any]

_PLACE = ("occasion_id", "subject_id", "part")


def is_of_one(row: Row) -> bool:
    """Tell whether an event tells of one thing: its number is 1, final, and no sum."""
    is_exact = row["value"] == 1.0 and row["relation"] in (None, "exactly")
    return is_exact and not row["is_running"] and row["counted_utc"] is None and not row["parts"]


def has_moment(row: Row) -> bool:
    """Tell whether an event has a time of its own, and no span: an entry, and no total of an evening."""
    return (
        row["start_utc"] is not None and row["end_utc"] is None and row["utc_low"] is None and row["utc_high"] is None
    )


def are_apart(one: Row, other: Row) -> bool:
    """Tell whether two events with numbers surely count different things.

    They name different kinds, units, occasions, subjects or parts; or each is of one thing, and they exclude one
    another in time or are told by one sayer in one source; or one sayer tells two numbers at once.
    """
    if (one["unit"] or one["kind"]) != (other["unit"] or other["kind"]):
        return True
    if any(one[name] and other[name] and one[name] != other[name] for name in _PLACE):
        return True
    is_own = share_teller(one, other)
    if is_of_one(one) and is_of_one(other):
        return is_own or excludes(beginning_of(one), beginning_of(other))
    return is_own and one["known_utc"] == other["known_utc"] and one["value"] != other["value"]


def share_teller(one: Row, other: Row) -> bool:
    """Tell whether somebody tells both rows in one source."""
    return not tellers_of(one).isdisjoint(tellers_of(other))


def tellers_of(row: Row) -> set[tuple[str, str]]:
    """Return who tells a row, and in which source: each pair."""
    return {(who, source) for who in names_in(row["said_by"]) or ("",) for source in names_in(row["source_id"])}


def count_apart(rows: Sequence[Row]) -> int:
    """Return how many different things some events of one thing each surely tell of, no fewer than."""
    chosen: list[Row] = []
    for row in sorted(rows, key=lambda row: (beginning_of(row).last, row["event_id"])):
        if all(are_apart(row, other) for other in chosen):
            chosen.append(row)
    return len(chosen)


def names_in(cell: str | Sequence[str] | None) -> Sequence[str]:
    """Return the names in a cell that holds one or several."""
    return [cell] if isinstance(cell, str) else cell or ()
