"""The debrief of a watch: the four questions answered in short sentences, and the table of measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from hotwash.model.outcomes import NO_DATA
from hotwash.score.questions import Question, four_questions
from hotwash.score.watch.conditions import Conditions
from hotwash.score.watch.crossings import Crossing
from hotwash.score.watch.timeline import Side

_SHOWN = 8  # objects that are named one by one; the scores hold all
_LATE_S = 60.0  # a declaration later than this after it could be made is worth asking about


def debrief_watch(scores: pl.DataFrame, side: Side, conditions: Conditions, *, has_truth: bool) -> tuple[Question, ...]:
    """Return the four questions with their answers.

    scores      SCORES of the watch
    side        its crossings by truth, or without truth those on the picture
    has_truth   whether the recording holds truth
    """
    values = _Values(scores, "" if has_truth else "_known")
    return four_questions(
        _expected(conditions, has_truth=has_truth),
        _happened(side.crossings, values, conditions),
        _why(side.crossings, values, has_truth=has_truth),
        _sustain_or_change(side.crossings, values),
    )


class _Values:
    """The measures of the whole, by name; those by truth, or where there is none those on the picture."""

    def __init__(self, scores: pl.DataFrame, suffix: str) -> None:
        whole = scores.filter(pl.col("task").is_null())
        self._of = {row["measure"]: row for row in whole.to_dicts()}
        self._suffix = suffix

    def get(self, name: str, *, exact: bool = False) -> float:
        """Return a value, 0 where there is none."""
        return float(self._of.get(name if exact else f"{name}{self._suffix}", {}).get("value") or 0.0)

    def value_text(self, name: str) -> str:
        """Return a value with its unit, or why there is none: NO DATA, NO OPPORTUNITY."""
        row = self._of.get(f"{name}{self._suffix}")
        if row is None:
            return NO_DATA
        return _cell(row | {"unit": "1"} if row["unit"] == "movements" else row)


def _expected(conditions: Conditions, *, has_truth: bool) -> list[str]:
    zone = conditions.zone
    said = [
        "No border was given."
        if zone is None
        else f"Every border breach of {zone.name} declared, and no false breach.",
        f"Aerodromes closed while an object was within {conditions.near_m / 1_000.0:g} km, and open otherwise.",
        "Warnings issued where an object passed, and nowhere else.",
        f"{conditions.exercise or 'The watch'} ({conditions.marked}): {conditions.end_s / 60.0:.1f} minutes from "
        f"{conditions.clock(0.0)}.",
    ]
    return said if has_truth else [*said, "The recording holds no truth: only what could be known is measured."]


def _happened(crossings: Sequence[Crossing], values: _Values, conditions: Conditions) -> list[str]:
    said = [_describe_crossing(one, conditions) for one in crossings[:_SHOWN]]
    if len(crossings) > _SHOWN:
        said.append(f"And {len(crossings) - _SHOWN} more crossed.")
    said = said or ["Nothing crossed the border."]
    false, revoked = values.get("false_breaches"), values.get("false_breaches_revoked")
    if false or revoked:
        said.append(f"False breaches: {false:g} still declared, {revoked:g} withdrawn.")
    needed, idle = (values.value_text(f"minutes_closed_{name}") for name in ("needed", "not_needed"))
    said.append(f"Aerodrome closures needed: {needed}; not needed: {idle}.")
    exposed, holding = values.value_text("exposed_movements"), values.value_text("held_movements_not_needed")
    said.append(f"Movements exposed: {exposed}; held unnecessarily: {holding}.")
    return said


def _describe_crossing(one: Crossing, conditions: Conditions) -> str:
    at = f"{one.name} entered at {conditions.clock(one.inside[0][0])}"
    if one.declared_s is not None:
        return f"{at} and was declared at {conditions.clock(one.declared_s)}."
    if one.detectable_s is None:
        return f"{at}; the sensors never showed it inside."
    return f"{at}, could be seen inside from {conditions.clock(one.detectable_s)} and was not declared."


def _why(crossings: Sequence[Crossing], values: _Values, *, has_truth: bool) -> list[str]:
    said = []
    late = [(one.name, one.delay.seconds) for one in crossings if one.delay and one.delay.is_done]
    late = [(name, seconds) for name, seconds in late if seconds > _LATE_S]
    said += [
        f"{name} was declared {seconds:.0f} s after the picture showed it inside." for name, seconds in late[:_SHOWN]
    ]
    system = sum(one.actionable_s is None for one in crossings)
    if system:
        said.append(
            f"{_crossings(system)} could not be detected with these sensors: "
            "a limit of the system, not an error of the seat."
        )
    excusable = values.get("false_breaches_excusable", exact=True)
    if has_truth and excusable:
        said.append(
            f"{excusable:g} of the false breaches agreed with the air picture at the time: the picture was misleading."
        )
    unsupported = values.get("false_breaches_known", exact=True)
    if unsupported:
        said.append(f"{_declarations(unsupported)} had no support on the air picture when made.")
    doubtful = values.get("undecided_breaches")
    if doubtful:
        said.append(f"{_declarations(doubtful)} cannot be decided: the zone has height limits, and no height is known.")
    on_report = values.get("minutes_closed_on_report_known", exact=True)
    if on_report:
        said.append(f"{on_report:.1f} min of closure rested on reports alone.")
    without_reason = values.get("minutes_closed_not_needed_known", exact=True)
    if without_reason:
        said.append(f"{without_reason:.1f} min of closure had no reason in what could be known at the time.")
    return said or ["No measurement bears on this."]


def _declarations(number: float) -> str:
    return f"{number:g} declaration{'' if number == 1 else 's'}"


def _crossings(number: int) -> str:
    return f"{number} crossing{'' if number == 1 else 's'}"


def _sustain_or_change(crossings: Sequence[Crossing], values: _Values) -> list[str]:
    good = [one.name for one in crossings if one.delay and one.delay.is_done and one.delay.seconds <= _LATE_S]
    said = [f"Sustain: {', '.join(good[:_SHOWN])} declared within a minute of being detectable."] if good else []
    if values.get("seat_misses"):
        said.append("Change: go through the tracks inside the border one by one; some were never declared.")
    if values.get("false_breaches"):
        said.append("Change: before a breach is declared, check whether the track has an identity and how fast it is.")
    if values.get("exposed_movements"):
        said.append("Change: use the object's course to make a recommendation before it is near an aerodrome.")
    if values.get("minutes_closed_not_needed") or values.get("held_movements_not_needed"):
        said.append("Change: resume traffic as soon as nothing is near, and say when you will review.")
    if values.get("warned_without_need"):
        said.append("Change: draw warnings along the course, not around the whole area.")
    return said or ["Stand the watch again; there is too little evidence for advice."]


# ---------------------------------------------------------------- as a table


def table(scores: pl.DataFrame) -> tuple[tuple[str, str, str], ...]:
    """Return the measures of the whole: name, by what happened, by what could be known; empty where there is none."""
    whole = scores.filter(pl.col("task").is_null()).to_dicts()
    said = {row["measure"]: _cell(row) for row in whole}
    names = dict.fromkeys(name.removesuffix("_known") for name in said)
    return tuple((name, said.get(name, ""), said.get(f"{name}_known", "")) for name in names)


def _cell(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return str(row["result"])
    unit = {"count": "", "1": "", "km2_min": " km²·min"}.get(row["unit"], f" {row['unit']}")
    value = f"{row['value']:,.0f}" if abs(row["value"]) >= 1_000.0 else f"{row['value']:.3g}"
    if row["result"] != "NO-GO":
        return f"{value}{unit}"
    minutes = f" ({row['value'] / 60.0:.3g} min)" if row["unit"] == "s" and abs(row["value"]) >= 120.0 else ""
    return f"not within {value}{unit}{minutes}"


def markdown(
    questions: Sequence[Question], rows: Sequence[tuple[str, str, str]], *, marked: str, notice: str
) -> str:  # fmt: skip
    """Return the debrief as Markdown; its first line and its last say what it is."""
    parts = [f"**{marked}**", f"This is {notice}."]
    parts += [f"## {one.title}\n\n" + "\n".join(f"- {said}" for said in one.said) for one in questions]
    head = "| measure | what happened | what could be known |\n| --- | --- | --- |"
    parts += ["## Measures", "\n".join([head, *(f"| {' | '.join(row)} |" for row in rows)]), f"**{marked}**"]
    return "\n\n".join(parts) + "\n"
