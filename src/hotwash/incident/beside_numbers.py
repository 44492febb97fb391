"""What stands beside the answer to a question of how many: what is told of it and is no number of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hotwash.claims.numbers import tells_unit
from hotwash.claims.on_statements import FORECASTS
from hotwash.claims.parts import adds_into
from hotwash.claims.words import plain
from hotwash.course.overlaps import unit_of
from hotwash.course.sensor_records import is_sensor_zero
from hotwash.incident.attribution import attribute
from hotwash.incident.case import Answer, Case, Row
from hotwash.incident.number_words import RELATIONS
from hotwash.incident.tellings import Telling, say_who
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
    rows = tuple(map(_evidence_name, zeros))
    text = f"No number of {unit.nouns[1]} can be given: {nothing}"
    return replace(answer, text=text, lines=case.lines_behind(zeros), rows=rows, missing="sensor")


_FORETOLD = {"forecast": "forecast", "plan": "planned", "order": "ordered"}


def say_foretold(answer: Answer, unit: CountUnit, question: Row, case: Case) -> Answer:
    """Return an answer with what had been forecast, planned or ordered of it: what came is counted, that is not."""
    anywhere = {**question, "occasion_id": None}  # what was announced belongs to no occasion before it came
    events = [
        row
        for row in case.announcements
        if row["value"] is not None
        and tells_unit(row, unit)
        and is_meant(row, question if row["occasion_id"] else anywhere)
    ]
    said = [
        item
        for item in case.latest_statements(question)
        if item["told_as"] in FORECASTS and item["low"] is not None and item["unit"] in (None, unit.name)
    ]
    each: dict[str, list[Row]] = {}
    for row in (*events, *said):
        when = f" by {case.clock.moment(row['counted_utc'])}" if row["counted_utc"] is not None else ""
        each.setdefault(f"{_say_amount(row)} had been {_FORETOLD[row['told_as']]}{when}", []).append(row)
    if not each:
        return answer
    parts = [f"{what}, {attribute([(row, case.sayers(row)) for row in rows], case)}" for what, rows in each.items()]
    rows = answer.rows or tuple(_evidence_name(row) for rows in each.values() for row in rows)
    return replace(answer, text="; ".join([answer.text.rstrip("."), *parts]), rows=rows)


def _say_amount(row: Row) -> str:
    value = plain(float(row["value"]))
    if row["relation"] == "between" and row["value_high"] is not None:
        return f"between {value} and {plain(float(row['value_high']))}"
    return RELATIONS.get(row["relation"] or "exactly", "{}").format(value)


def _evidence_name(row: Row) -> str:
    return f"claims:{row['claim_id']}" if "claim_id" in row else f"events:{row['event_id']}"


def split_parts(
    told: Sequence[Telling], said: Sequence[Row], unit: CountUnit, case: Case
) -> tuple[list[Telling], list[Telling]]:
    """Return the tellings of a number without those that are parts of a total that somebody states, and these.

    Only where its parts are told in several units, which its own takes in: one flight diverted and one that turned back
    are two affected, and the one is no rival of the two.
    """
    own: set[str] = set()
    for item in said:
        rows = [row for name in item["parts"] or () if (row := case.event_of(f"events:{name}")) is not None]
        units = {None if (one := unit_of(row, case.units)) is None else one.name for row in rows}
        stands = item["low"] is not None and item["verdict"] != "contradicted"
        if stands and len(units) > 1 and adds_into(rows, unit, case.bundle):
            own |= {f"events:{name}" for name in item["parts"]}
    return [item for item in told if item.row not in own], [item for item in told if item.row in own]


def say_parts(answer: Answer, parts: Sequence[Telling], case: Case) -> Answer:
    """Return an answer with the parts of it that are told in its own unit."""
    said = [f"{_say_amount(item.origin)} of them, {say_who([item], case)}" for item in parts]
    return replace(answer, text="; ".join([answer.text, *said])) if answer.rows else answer
