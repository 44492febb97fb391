"""Ends of an interval that no fact tells: a plan stands for them, and a delay is measured from the timetable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hotwash.course.changes import CHANGES, SCHEDULES
from hotwash.course.tellings import Row, is_at
from hotwash.model.incident import Interval


def plans_for(intervals: Sequence[Interval], plans: Iterable[Row]) -> list[Row]:
    """Return the plans and forecasts that can stand for an end of an interval where no fact tells it.

    plans   rows of EVENTS told as a plan or a forecast

    A forecast stands for a beginning only: as an end it may never have come. What opens or closes an aerodrome is no
    change of its state before it happens, and stands for neither.
    """
    begins, ends = {item.from_kind for item in intervals}, {item.to_kind for item in intervals}
    fitting = {"plan": begins | ends, "forecast": begins}
    return [
        row
        for row in plans
        if row["kind"] in fitting.get(row["told_as"] or "", ()) and not _changes_a_state(row["kind"])
    ]


def _changes_a_state(kind: str) -> bool:
    return kind in CHANGES and CHANGES[kind].layer not in SCHEDULES


def without_needless_plans(interval: Interval, events: Sequence[Row]) -> Sequence[Row]:
    """Return events without the plans of an end that a fact tells, and without forecasts of an end alone."""
    if all(_is_fact(row) for row in events):
        return events
    first, last = interval.end_occasions if interval.is_across_occasions else ("", "")
    sides = [(interval.from_kind, interval.from_subject, first), (interval.to_kind, interval.to_subject, last)]
    told = [any(map(_is_fact, of_occasion(events, *side))) for side in sides]

    def is_needed(row: Row) -> bool:
        begins, ends = (
            bool(of_occasion([row], *side)) and not is_told for side, is_told in zip(sides, told, strict=True)
        )
        return begins or (ends and row["told_as"] == "plan")

    return [row for row in events if _is_fact(row) or is_needed(row)]


def _is_fact(row: Row) -> bool:
    return row["told_as"] in (None, "fact")


def say_plans(rows: Sequence[Row]) -> list[str]:
    return [
        f"{row['kind'].replace('_', ' ')} is taken as it was {'planned' if row['told_as'] == 'plan' else 'forecast'}"
        for row in rows
        if not _is_fact(row)
    ]


def of_occasion(events: Sequence[Row], kind: str, subject: str, occasion: str) -> list[Row]:
    """Return the events of a kind at a subject, and of one occasion where it is named."""
    return [row for row in events if is_of_kind(row, kind, subject) and occasion in ("", row["occasion_id"])]


def is_of_kind(row: Row, kind: str, subject: str) -> bool:
    """Tell whether an event is of a kind and at a subject."""
    return row["kind"] == kind and is_at(row, subject)
