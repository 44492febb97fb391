"""What stands beside the answer to a question of how many: what is told of it and is no number of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hotwash.claims.numbers import tells_unit
from hotwash.course.sensor_records import is_sensor_zero
from hotwash.incident.attribution import attribute
from hotwash.incident.case import Answer, Case, Row
from hotwash.model.questions import CountUnit


def is_meant(event: Row, question: Row) -> bool:
    """Tell whether an event counts what a question asks about."""
    subject, occasion = question["subject_id"], question["occasion_id"]
    return subject in (None, event["subject_id"]) and occasion in (None, event["occasion_id"])


def sensor_zeros(said: Sequence[Row], unit: CountUnit, question: Row, case: Case) -> list[Row]:
    """Return the events and statements that tell of things what is the nothing that a sensor marked."""
    events = [row for row in case.events if tells_unit(row, unit) and is_meant(row, question)]
    return [row for row in (*events, *said) if is_sensor_zero(row, unit.name, case.sources)]


def say_zeros(answer: Answer, zeros: Sequence[Row], unit: CountUnit, case: Case) -> Answer:
    """Return an answer with whose sensors marked nothing, which is no number."""
    if not zeros:
        return answer
    who = attribute([(row, case.sayers(row)) for row in zeros], case)
    nothing = f"a sensor marked nothing, {who}, which is no number of {unit.nouns[1]} and proves no absence"
    if answer.rows:
        return replace(answer, text=f"{answer.text}; {nothing}")
    rows = tuple(f"claims:{row['claim_id']}" if "claim_id" in row else f"events:{row['event_id']}" for row in zeros)
    text = f"No number of {unit.nouns[1]} can be given: {nothing}"
    return replace(answer, text=text, lines=case.lines_behind(zeros), rows=rows, missing="sensor")
