"""That a watch saw no closing: it holds for what it watched and for that time, and is no number of all closings.

closures_counted 0, EVDV, 20:00 to 06:00 ─▶ "No closing of EVDV was counted 20:00 to 06:00, according to Airport"
"""

from __future__ import annotations

from collections.abc import Sequence

from hotwash.course.changes import is_same_part
from hotwash.course.tellings import beginning_of
from hotwash.incident.case import ENOUGH_LINES, LIKELY, SETTLED, Answer, Case, Row, according_to


def zero_counts(question: Row, subject: str | None, case: Case) -> list[Row]:
    """Return the events by which a source of reliability A or B counted no closing, in a time it names.

    subject   of what; None for anything
    """
    return [
        row
        for row in case.events
        if row["unit"] == "closures"
        and row["value"] == 0
        and row["relation"] in (None, "exactly")
        and subject in (None, row["subject_id"])
        and question["occasion_id"] in (None, row["occasion_id"])
        and (question["part"] is None or is_same_part(question["part"], row["part"]))
        and beginning_of(row).is_bounded
        and case.is_graded(row)
    ]


def say_zero_counts(counted: Sequence[Row], against: str, case: Case) -> Answer:
    """Return who counted no closing of what, and in which time: what they watched.

    against   what is claimed otherwise, as a sentence
    """
    lines = case.lines_behind(counted)
    parts: dict[str, list[str]] = {}
    for row in counted:
        ends = (row["utc_low"] or row["start_utc"],) * 2, (row["utc_high"] or row["end_utc"],) * 2
        told = f"{case.clock.span(*ends)}, {according_to(case.sayers(row))}"
        parts.setdefault(case.name_of(row["subject_id"]), []).append(told)
    said = [
        f"{'N' if not number else 'n'}o closing of {name} was counted {'; '.join(told)}"
        for number, (name, told) in enumerate(parts.items())
    ]
    return Answer(
        text="; ".join(said),
        standing=SETTLED if lines >= ENOUGH_LINES else LIKELY,
        lines=lines,
        against=against,
        rows=tuple(f"events:{row['event_id']}" for row in counted),
        missing="log",
    )
