"""The debrief of a watch: the four questions answered in short sentences, and the table of measures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from hotwash.model.outcomes import NO_DATA, NO_OPPORTUNITY
from hotwash.score.questions import Question, four_questions
from hotwash.score.watch.conditions import Conditions
from hotwash.score.watch.crossings import Crossing
from hotwash.score.watch.timeline import Side

_SHOWN = 8  # objects that are named one by one; the scores hold all
_TOLD = (
    ("Aerodrome closures that were needed", "minutes_closed_needed"),
    ("Aerodrome closures that were not needed", "minutes_closed_not_needed"),
    ("Movements exposed", "exposed_movements"),
    ("Movements held unnecessarily", "held_movements_not_needed"),
)
# What a seat can leave untried, the measure that says it had reason to, and how people say it.
_UNTRIED = (
    ("declare_breach", "seat_misses", "declaring a breach"),
    ("recommend", "exposed_movements", "a measure for an aerodrome"),
    ("warn", "not_warned_in_need", "a warning"),
)
_LATE_S = 60.0  # a declaration later than this after it could be made is worth asking about


def debrief_watch(
    scores: pl.DataFrame, side: Side, conditions: Conditions, *, has_truth: bool, tried: Collection[str]
) -> tuple[Question, ...]:  # fmt: skip
    """Return the four questions with their answers.

    scores      SCORES of the watch
    side        its crossings by truth, or without truth those on the picture
    has_truth   whether the recording holds truth
    tried       the kinds of decisions that the seat took: there is advice on no other

    It speaks of what the seat had before it: numbers of tracks and times of its clock, no names of a script.
    """
    values = _Values(scores, "" if has_truth else "_known")
    crossings = sorted(side.crossings, key=lambda one: one.inside[0])
    return four_questions(
        _expected(conditions, has_truth=has_truth),
        _happened(crossings, values, conditions, has_truth=has_truth),
        _why(crossings, values, has_truth=has_truth),
        _sustain_or_change(crossings, values, tried),
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


def _happened(
    crossings: Sequence[Crossing], values: _Values, conditions: Conditions, *, has_truth: bool
) -> list[str]:  # fmt: skip
    said = [_describe_crossing(one, conditions, has_truth=has_truth) for one in crossings[:_SHOWN]]
    if len(crossings) > _SHOWN:
        said.append(f"And {len(crossings) - _SHOWN} more crossed.")
    if not said and conditions.zone is not None:
        said = ["Nothing crossed the border." if has_truth else "The picture showed nothing of concern inside."]
    false, revoked = values.get("false_breaches"), values.get("false_breaches_revoked")
    if false or revoked:
        said.append(f"False breaches: {false:g} still declared, {revoked:g} withdrawn.")
    told = [(title, values.value_text(name)) for title, name in _TOLD]
    said += [f"{title}: {text}." for title, text in told if text not in (NO_OPPORTUNITY, NO_DATA)]
    for result, words in ((NO_OPPORTUNITY, "No opportunity for"), (NO_DATA, "No data on")):
        alike = [title.lower() for title, text in told if text == result]
        said += [f"{words}: {', '.join(alike)}."] if alike else []
    return said


def _describe_crossing(one: Crossing, conditions: Conditions, *, has_truth: bool) -> str:
    """Return what became of one object: how it came in, from when it was seen there, and what the seat said of it."""
    name, begin_s = f"{one.label[0].upper()}{one.label[1:]}", one.inside[0][0]
    if not has_truth:
        came = f"{name} was shown inside from {conditions.clock(begin_s)}"
    elif not one.is_begun_inside:
        came = f"{name} entered at {conditions.clock(begin_s)}"
    elif begin_s <= 0.0:
        came = f"{name} was inside when the watch began ({conditions.clock(0.0)})"
    else:
        came = f"{name} began its flight inside ({conditions.clock(begin_s)})"
    if one.said_s is not None:
        is_before = conditions.clock(one.said_s) < conditions.clock(begin_s) and one.said_s < begin_s
        declared = f"{'had been' if is_before else 'was'} declared at {conditions.clock(one.said_s)}"
        withdrawn = "" if one.withdrawn_s is None else f", which was withdrawn at {conditions.clock(one.withdrawn_s)}"
        return f"{came} and {declared}{withdrawn}."
    if one.detectable_s is None:
        return f"{came}; the picture never showed it inside."
    if not has_truth:
        return f"{came} and was not declared."
    if one.detectable_s <= begin_s:  # the picture is uncertain by some seconds of flight
        return f"{came}, was shown inside at once and was not declared."
    return f"{came}, was shown inside from {conditions.clock(one.detectable_s)} and was not declared."


def _why(crossings: Sequence[Crossing], values: _Values, *, has_truth: bool) -> list[str]:
    said = []
    late = [(one.label, one.delay.seconds) for one in crossings if one.delay and one.delay.is_done]
    late = [(name, seconds) for name, seconds in late if seconds > _LATE_S]
    said += [
        f"{name[0].upper()}{name[1:]} was declared {seconds:.0f} s after the picture showed it inside."
        for name, seconds in late[:_SHOWN]
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


def _sustain_or_change(crossings: Sequence[Crossing], values: _Values, tried: Collection[str]) -> list[str]:
    good = [one.label for one in crossings if one.delay and one.delay.is_done and one.delay.seconds <= _LATE_S]
    said = [f"Sustain: {', '.join(good[:_SHOWN])} declared within a minute of being shown inside."] if good else []
    if values.get("seat_misses") and "declare_breach" in tried:
        said.append("Change: go through the tracks inside the border one by one; some were never declared.")
    if values.get("false_breaches"):
        said.append("Change: before a breach is declared, check whether the track has an identity and how fast it is.")
    if values.get("exposed_movements") and "recommend" in tried:
        said.append("Change: use the object's course to make a recommendation before it is near an aerodrome.")
    if values.get("minutes_closed_not_needed") or values.get("held_movements_not_needed"):
        is_near = values.value_text("minutes_closed_needed") != NO_OPPORTUNITY
        said.append(
            "Change: resume traffic as soon as nothing is near, and say when you will review."
            if is_near
            else "Change: before you close, name the track or the report that is near; nothing was."
        )
    if values.get("warned_without_need"):
        said.append("Change: draw warnings along the course, not around the whole area.")
    untried = [words for kind, measure, words in _UNTRIED if kind not in tried and values.get(measure)]
    if untried:
        said.append(f"Not tried, though there was reason to: {', '.join(untried)}.")
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
