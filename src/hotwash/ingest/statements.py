"""Checks that one row cannot make alone: a claim against its question, a find against itself, times in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hotwash.errors import UnitError
from hotwash.ingest import cells, times
from hotwash.ingest.cells import Value
from hotwash.ingest.faults import Fault
from hotwash.ingest.rows import Row
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS, CountUnit, QuestionKind
from hotwash.model.words import NUMBER_WORDS
from hotwash.units import canonical_unit, convert
from hotwash.visible import quote

_MOST = 1e12  # costs included: a thousand times any honest number, and far from where whole numbers lose a digit

Check = Callable[[Row], None]


def check_claim(
    row: Row, questions: Mapping[str, Mapping[str, Any]], zone: str | None, units: Mapping[str, CountUnit] = COUNT_UNITS
) -> None:
    """Put the claim's value into its question's form, or raise Fault.

    questions   rows of QUESTIONS by question_id
    zone        the zone of the claim's source, for values that are times
    units       the units of counts that the bundle may use
    """
    question = questions.get(str(row.values["question_id"]))
    if question is None:
        raise Fault("no such question", "add it to incident.toml, or correct the id", column="question_id")
    kind, value, high = QUESTION_KINDS[question["kind"]], row.values.get("value"), row.values.get("value_high")
    _check_presence(row, kind)
    _check_unit(row, kind, question["unit"], tuple(units))
    if value is None or _is_number_word(row, kind):
        return
    if kind.answers and value not in kind.answers:
        raise Fault(
            f"{quote(value)} is not a valid {kind.name}", cells.nearest(str(value), tuple(kind.answers)), column="value"
        )
    if kind.form == "time":
        _put_times(row, str(value), None if high is None else str(high), zone)
    elif kind.form == "number":
        is_whole = kind.step > 0.0 and not units[str(row.values["unit"])].is_money
        _check_numbers(row, is_whole=is_whole)
    _check_between(row)
    if row.values["relation"] == "about" and kind.is_number:
        _check_about(question)


def _check_presence(row: Row, kind: QuestionKind) -> None:
    value, high, relation = row.values.get("value"), row.values.get("value_high"), row.values["relation"]
    if value is None and not kind.may_be_empty:
        raise Fault("value is empty", f"a claim on a {kind.name} question needs one", column="value")
    if (relation == "between") != (high is not None):
        raise Fault(
            f"relation is {quote(relation)}",
            "`between` needs value_high; every other relation leaves it empty",
            column="value_high",
        )
    if high is not None and value is None:
        raise Fault("value_high without value", "`between` needs both", column="value")
    if relation not in ("exactly", "about") and not kind.is_number:
        raise Fault(
            f"{quote(relation)} on a {kind.name} question",
            "with an answer in words, use `exactly` or `about`",
            column="relation",
        )


def _put_times(row: Row, value: str, high: str | None, zone: str | None) -> None:
    """Put the times of a claim into UTC; a bare date is the whole day where its source is.

    "On 3 May" lies between the beginning and the end of that day; "after" it begins with its end, "before" it ends
    with its beginning.
    """
    first, last = _time_or_day(value, "value", zone), None if high is None else _time_or_day(high, "value_high", zone)
    if first[0] < first[1]:
        relation = row.values["relation"]
        if relation == "about":
            raise Fault("`about` with a date", "use `between` with the first and the last day", column="relation")
        if relation == "exactly":
            row.values["relation"], last = "between", first
        elif relation in ("at_most", "more_than"):
            first = first[::-1]
    row.values["value"] = _write_time(first[0])
    row.values["value_high"] = None if last is None else _write_time(last[1])


def _time_or_day(value: str, column: str, zone: str | None) -> tuple[datetime, datetime]:
    """Return the beginning and the end of a bare date; a time twice."""
    try:
        day = times.parse_day(value, zone=zone)
        if day is None:
            stated = times.parse(value, column=column, zone=zone)
            day = stated, stated
    except Fault as fault:
        raise Fault(fault.reason, fault.advice, column=column) from None
    return day


def _write_time(stated: datetime) -> str:
    return f"{stated.replace(tzinfo=None).isoformat(timespec='seconds')}Z"  # strftime would write the year 999 bare


def _is_number_word(row: Row, kind: QuestionKind) -> bool:
    """Tell whether a number is answered by a word: not known, or none confirmed."""
    if kind.form != "number" or row.values.get("value") not in NUMBER_WORDS:
        return False
    if row.values["relation"] != "exactly":
        advice = f"with {row.values['value']}, use `exactly`"
        raise Fault(f"relation is {quote(row.values['relation'])}", advice, column="relation")
    return True


def _check_unit(row: Row, kind: QuestionKind, question_unit: str | None, count_units: tuple[str, ...]) -> None:
    """Spell the unit our way; where the claim leaves it out, the question's holds."""
    unit = row.values.get("unit")
    if not kind.is_number:
        if unit is not None:
            advice = f"a {kind.name} question is answered in words; leave unit empty"
            raise Fault(f"unit is {quote(unit)}", advice, column="unit")
        return
    unit = str(unit or question_unit)
    if kind.scale:
        try:
            convert(1.0, unit, str(question_unit))
        except UnitError as fault:
            raise Fault(f"unit is {quote(unit)}", fault.why, column="unit") from None
    elif kind.form == "time" and unit not in kind.units:
        raise Fault(f"unit is {quote(unit)}", f"a time has the unit {kind.units[0]}, or none", column="unit")
    elif kind.step and unit not in count_units:
        raise _unknown_unit(unit, count_units)
    if kind.form != "time" and (row.values.get("unit") is not None or row.values.get("value") is not None):
        row.values["unit"] = canonical_unit(unit)


def _unknown_unit(unit: str, known: tuple[str, ...]) -> Fault:
    declared = f'declare it in incident.toml: [[units]] name = "{unit}", many = "…"'
    advice = f"{declared}; or {cells.nearest(unit, known)}"  # first what fits a cell, then a list that may be long
    return Fault(f"{quote(unit)} is not a unit of counts", advice, column="unit")


def check_event(row: Row, units: Mapping[str, CountUnit]) -> None:
    """Refuse an event whose number has an unknown unit, no value, or half an interval."""
    value, high, unit = row.values.get("value"), row.values.get("value_high"), row.values.get("unit")
    relation = row.values.get("relation")
    if unit is not None and unit not in units:
        raise _unknown_unit(str(unit), tuple(units))
    if value is None and (unit is not None or relation is not None or high is not None):
        raise Fault("value is empty", "an event with a unit or a relation needs its number", column="value")
    if (relation == "between") != (high is not None):
        advice = "`between` needs value_high; every other relation leaves it empty"
        raise Fault(f"relation is {quote(relation)}", advice, column="value_high")
    if high is not None and _above(value, high):
        raise Fault("value is above value_high", "swap them", column="value_high")


def _check_numbers(row: Row, *, is_whole: bool) -> None:
    for column in ("value", "value_high"):
        cell = row.values.get(column)
        if cell is not None:
            _check_magnitude(_number(str(cell), column), column, is_whole=is_whole)


def _number(cell: str, column: str) -> float:
    try:
        return cells.number(cell)
    except Fault as fault:
        raise Fault(fault.reason, fault.advice, column=column) from None


def _check_magnitude(number: float, column: str, *, is_whole: bool) -> None:
    if number < 0:
        raise Fault(f"{number:g} is below zero", "counts, distances and durations cannot be negative", column=column)
    if number > _MOST:
        raise Fault(f"{number:g} is too large for a count, distance or duration", f"at most {_MOST:g}", column=column)
    if is_whole and number != int(number):
        raise Fault(f"{number:g} is not a whole number", "a count must be a whole number", column=column)


def _check_between(row: Row) -> None:
    value, high = row.values.get("value"), row.values.get("value_high")
    if high is None:
        return
    try:
        is_turned = float(str(value)) > float(str(high))
    except ValueError:
        is_turned = str(value) > str(high)  # times, all written alike in UTC
    if is_turned:
        raise Fault("value is above value_high", "swap them", column="value_high")


def _check_about(question: Mapping[str, Any]) -> None:
    if question["about_fraction"] is None and question["about_amount"] is None:
        advice = f"give question {question['question_id']} an about_fraction or an about_amount"
        raise Fault("the bundle does not say what `about` means here", advice, column="relation")


def check_order(low: str, high: str) -> Check:
    """Return a check that one column does not lie above another where both are filled."""

    def check(row: Row) -> None:
        first, last = row.values.get(low), row.values.get(high)
        if first is not None and last is not None and _above(first, last):
            raise Fault(f"{low} is after {high}", "swap them", column=high)

    return check


def _above(first: Value, last: Value) -> bool:
    if isinstance(first, datetime) and isinstance(last, datetime):
        return first > last
    return isinstance(first, int | float) and isinstance(last, int | float) and first > last


def check_find(row: Row) -> None:
    """Refuse a probability that nobody assigned, that lies outside its own bounds, or above that of a wider class."""
    for unit in ("find", "airframe", "brought_down"):
        _check_probability(row, f"probability_{unit}")
    for narrow, wide in (("airframe", "find"), ("brought_down", "airframe"), ("brought_down", "find")):
        first, last = row.values.get(f"probability_{wide}"), row.values.get(f"probability_{narrow}")
        if first is not None and last is not None and _above(last, first):
            advice = (
                "whatever was brought down is an airframe, and every airframe is a find, so it cannot be more probable"
            )
            name = f"probability_{narrow}"
            raise Fault(f"{name} is above probability_{wide}", advice, column=name)


def check_sighting(row: Row) -> None:
    """Refuse a probability that nobody assigned, that lies outside its own bounds, or that is of nothing seen."""
    _check_probability(row, "probability_uas")
    if row.values.get("probability_uas") is not None and row.values.get("saw_nothing"):
        advice = "nothing was seen, so there is nothing to examine: leave it empty, or set saw_nothing to false"
        raise Fault("probability_uas where nothing was seen", advice, column="probability_uas")


def _check_probability(row: Row, name: str) -> None:
    value = row.values.get(name)
    if value is None:
        _check_no_bounds(row, name)
        return
    for column in ("assigned_by", "assigned_why"):
        if row.values.get(column) is None:
            raise Fault(f"{name} without {column}", "a probability is a judgement: say whose, and why", column=column)
    low, high = row.values.get(f"{name}_low"), row.values.get(f"{name}_high")
    if (low is not None and _above(low, value)) or (high is not None and _above(value, high)):
        raise Fault(f"{name} is outside its low and high", "low ≤ probability ≤ high", column=name)


def _check_no_bounds(row: Row, name: str) -> None:
    for column in (f"{name}_low", f"{name}_high"):
        if row.values.get(column) is not None:
            raise Fault(f"{column} without {name}", f"fill {name}, or leave all three empty", column=column)


def check_position(row: Row) -> None:
    """Refuse only one of latitude and longitude is given."""
    lat, lon = row.values.get("lat_deg"), row.values.get("lon_deg")
    if (lat is None) != (lon is None):
        column = "lat_deg" if lat is None else "lon_deg"
        raise Fault("only one of latitude and longitude is given", f"fill {column} or leave both empty", column=column)
