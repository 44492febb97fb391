"""How long: the answers to questions of a duration."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from hotwash.claims.durations import is_one_event
from hotwash.claims.lengths import parts_of_sum
from hotwash.claims.occasion_ends import say_untold_occasion
from hotwash.claims.words import minutes, minutes_between
from hotwash.course.changes import plain_kind
from hotwash.course.closures import closed_in_all, explain_untold_length, is_closure_length
from hotwash.course.tellings import agree, beginning_of, end_of, is_at
from hotwash.incident.answers_states import say_longest, tellers_of_end
from hotwash.incident.answers_times import telling_of_claim
from hotwash.incident.case import (
    DISPUTED,
    ENOUGH_LINES,
    LIKELY,
    OPEN,
    SETTLED,
    Answer,
    Case,
    Row,
    is_finite,
    join_clauses,
    join_most,
)
from hotwash.incident.closure_sentences import say_closure_length
from hotwash.incident.tellings import Group, Telling, agree_on, contrary, say_who, strongest

_HALF_MINUTE = 0.5  # a length told to the minute holds for that minute


def answer_duration(question: Row, case: Case) -> Answer:
    """Return how long an interval was, as far as the tellings of its two ends allow."""
    occasion = question["occasion_id"]
    named = [row for row in case.durations.to_dicts() if row["name"] == question["subject_id"]]
    rows = [row for row in named if _is_asked(row, occasion) and not case.other_stories & set(_occasions_of(row))]
    if is_closure_length(question["subject_id"] or ""):
        rows = [row for row in named if row["occasion_id"] == occasion]
    claims = [item for item in case.standing(question) if item["low"] is not None and _is_of(item, occasion)]
    if not any(_is_bounded(row) for row in rows):
        return _without_interval(_why_untold(question, rows or named, case), claims, case)
    told = tuple(dict.fromkeys(name for row in rows for name in row["rows"] or ()))
    is_disputed = any(row["groups"] for row in rows)
    is_exact = all(row["minutes"] is not None or None not in (row["low"], row["high"]) for row in rows)
    lows = [_least(row) for row in rows]
    highs = [_most(row) for row in rows]
    is_supported = any(
        item["verdict"] == "supported" and min(lows) <= item["low"] + _HALF_MINUTE and item["high"] <= max(highs) + 1.0
        for item in claims
    )
    ends = [side for row in rows if _is_bounded(row) for side in _ends(row, case)] or [list(told)]
    lines = min((case.lines_of_names(side) for side in ends), default=0)
    is_told = all(any(case.is_graded(event) for event in map(case.event_of, side) if event) for side in ends)
    is_settled = is_told and (is_supported or (is_exact and lines >= ENOUGH_LINES))
    total = _add_up(rows, question, claims, case)
    own = {row["occasion_id"] for row in rows if row["from_occasion_id"] == row["to_occasion_id"]}
    rivals = [item for item in claims if item["occasion_id"] in (None, *own) or None in own or not own]
    against = _say_against(rivals, (min(lows), max(highs)), total, case)
    return Answer(
        text=_say_lengths(rows, question, total, case),
        standing=DISPUTED if is_disputed else SETTLED if is_settled else LIKELY,
        lines=lines,
        against=against,
        rows=told,
        missing="ends" if not is_exact else "time",
    )


_IN_ALL = re.compile(
    r"\b(?:in all|in total|altogether|together|insgesamt|zusammen|łącznie|razem|загалом)\b", re.IGNORECASE
)
_TOLD_SINGLY = (math.inf, -math.inf)  # no sum is told, and no length fits it


def _add_up(rows: Sequence[Row], question: Row, claims: Sequence[Row], case: Case) -> tuple[float, float]:
    """Return the bounds of several lengths together, where a question or a claim asks for that [min].

    The words of the question ask for it, or the parts of a claim, or a claim that fits no single length, and the sum.
    """
    if len(rows) < 2 or not all(_is_bounded(row) for row in rows):
        return _TOLD_SINGLY
    low = math.fsum(_least(row) + _HALF_MINUTE for row in rows)
    high = math.fsum(_most(row) - _HALF_MINUTE for row in rows)
    own = {(row["name"], row["occasion_id"] or "") for row in rows}
    is_asked = _IN_ALL.search(question["text"]) is not None
    is_told = any(set(_parts_of(item, case)) == own or _is_of_all(item, rows, (low, high)) for item in claims)
    return (low, high) if is_asked or is_told else _TOLD_SINGLY


def _parts_of(claim: Row, case: Case) -> list[tuple[str, str]]:
    rows = case.rows_by_name([f"claims:{name}" for name in claim["parts"] or ()])
    questions = {row["question_id"]: row for row in case.bundle.questions.to_dicts()} if rows else {}
    return parts_of_sum(claim, {row["claim_id"]: row for row in rows if "claim_id" in row}, questions)


def _is_of_all(claim: Row, rows: Sequence[Row], total: tuple[float, float]) -> bool:
    """Tell whether a claim that names no occasion fits several lengths together, and none of them alone."""
    if claim["occasion_id"] is not None or claim["relation"] not in ("exactly", "about", "between"):
        return False
    fits = _overlaps(claim, total[0] - _HALF_MINUTE, total[1] + _HALF_MINUTE)
    return fits and not any(_overlaps(claim, _least(row), _most(row)) for row in rows)


def _overlaps(claim: Row, low: float, high: float) -> bool:
    return bool(claim["low"] <= high and low <= claim["high"])


def _say_against(claims: Sequence[Row], single: tuple[float, float], total: tuple[float, float], case: Case) -> str:
    """Return which claims speak against lengths, or against their sum where they tell that."""
    summed = [item for item in claims if _parts_of(item, case)]
    fitting = [item for item in claims if item not in summed and _overlaps(item, total[0], total[1])]
    others = [item for item in claims if item not in summed and item not in fitting]
    said = contrary([telling_of_claim(item, case) for item in others], *single, case, say=_say_claim)
    refused = [item for item in summed if item["verdict"] == "contradicted"]
    wrong = contrary([telling_of_claim(item, case) for item in refused], *_TOLD_SINGLY, case, say=_say_claim)
    return f"{said.removesuffix('.')}; {wrong}" if said and wrong else said or wrong


def _is_of(claim: Row, occasion: str | None) -> bool:
    """Tell whether a claim may speak of the occasion that a question names."""
    return occasion is None or claim["occasion_id"] in (None, occasion)


def _occasions_of(row: Row) -> tuple[str | None, ...]:
    return row["occasion_id"], row["from_occasion_id"], row["to_occasion_id"]


def _is_asked(row: Row, occasion: str | None) -> bool:
    """Tell whether a length is of the occasion that a question names; one over two occasions is of both."""
    return occasion is None or occasion in _occasions_of(row) or row["from_occasion_id"] != row["to_occasion_id"]


def _is_bounded(row: Row) -> bool:
    return any(row[name] is not None for name in ("minutes", "low", "high")) or bool(row["groups"])


def _ends(row: Row, case: Case) -> list[list[str]]:
    """Return the events that tell each end of a length: it is known no better than the weaker one."""
    names = set(row["rows"] or ())
    if is_closure_length(row["name"]):
        return [
            tellers_of_end(one, side, case)
            for one in case.state_rows
            for side in ("from", "to")
            if (rows := one[f"{side}_rows"]) and set(rows) <= names
        ]
    asked = next((one for one in case.bundle.brief.intervals if one.name == row["name"]), None)
    if asked is None:
        return []
    ends = (
        (asked.from_kind, asked.from_subject, row["from_occasion_id"]),
        (asked.to_kind, asked.to_subject, row["to_occasion_id"]),
    )
    told = [event for name in names if (event := case.event_of(name)) is not None]
    sides = [
        [
            event
            for event in told
            if kind in (event["kind"], plain_kind(event["kind"]))
            and is_at(event, subject)
            and occasion in (None, event["occasion_id"])
        ]
        for kind, subject, occasion in ends
    ]
    lasting = is_one_event(asked) and any(event["end_utc"] is not None for event in sides[1])
    tellings = [list(map(beginning_of, sides[0])), list(map(end_of if lasting else beginning_of, sides[1]))]
    return [[f"events:{one.name}" for one in agree(side).tellers] for side in tellings]


def _least(row: Row) -> float:
    known: list[float] = [value for value in (row["low"], row["minutes"]) if value is not None]
    return min(known, default=0.0) - _HALF_MINUTE


def _most(row: Row) -> float:
    known: list[float] = [value for value in (row["high"], row["minutes"]) if value is not None]
    return max(known, default=math.inf) + _HALF_MINUTE


def _say_lengths(rows: Sequence[Row], question: Row, total: tuple[float, float], case: Case) -> str:
    """Return an interval as a sentence: "Closure of EDDV: 3 h 54 min to 4 h 4 min", or one length an occasion."""
    name = rows[0]["name"].replace("_", " ").strip()
    name = f"{name[:1].upper()}{name[1:]}"
    if len(rows) > 1:
        taken = list(dict.fromkeys(note for row in rows for note in row["taken"] or () if _is_bounded(row)))
        parts = [f"{_say_length(row)}{_say_of_which(row, case)}" for row in rows]
        if total == _TOLD_SINGLY:
            return f"{name}: {'; '.join([*parts, *taken])}"
        together = minutes_between(total[0] or None, total[1] if is_finite(total[1]) else None)
        return f"{name}: {'; '.join([f'{join_clauses(parts)}, {together} together', *taken])}"
    if is_closure_length(rows[0]["name"]):
        said = say_closure_length(rows[0], _say_length(rows[0]), case)
        longest = _say_longest_stretch(rows[0], case)
        return f"{said}; {longest}" if longest else said
    which = _say_two_occasions(rows[0], case) or _say_one_of_several(rows[0], question, case)
    return "; ".join([f"{name}: {_say_length(rows[0])}{which}", *(rows[0]["taken"] or ())])


def _say_of_which(row: Row, case: Case) -> str:
    """Return of which occasion one of several lengths is, or from which to which."""
    return _say_two_occasions(row, case) or f" ({case.occasion_name(row['occasion_id'])})"


def _say_one_of_several(row: Row, question: Row, case: Case) -> str:
    """Return of which occasion the only length is that an interval has, where it asks for none of several; else ""."""
    asked = next((one for one in case.bundle.brief.intervals if one.name == row["name"]), None)
    if row["occasion_id"] is None or question["occasion_id"] or asked is None or any(asked.end_occasions):
        return ""
    own = [one["occasion_id"] for one in case.closure_rows if one["occasion_id"]]
    return f" ({case.occasion_name(row['occasion_id'])})" if len(set(own)) > 1 else ""


def _say_two_occasions(row: Row, case: Case) -> str:
    """Return from which occasion to which a length runs: ", from “First closure” to “Third closure”"; else ""."""
    first, last = row["from_occasion_id"], row["to_occasion_id"]
    said = [f"from “{case.occasion_name(first)}”"] if first else []
    said += [f"to “{case.occasion_name(last)}”"] if last else []
    return f", {' '.join(said)}" if said else ""


def _say_longest_stretch(row: Row, case: Case) -> str:
    """Return the longest closure of several that a length in all adds up; "" of another length."""
    asked = closed_in_all(row["name"])
    if asked is None:
        return ""
    own = [one for one in case.state_rows if (one["subject_id"], one["state"]) == asked and one["part"] is None]
    return say_longest([one for one in own if row["occasion_id"] in (None, one["occasion_id"])], case)


def _say_length(row: Row) -> str:
    if not row["groups"]:
        return _length(row) if _is_bounded(row) else "not known"
    groups = "; ".join(text.rstrip(".") for text in row["groups"])
    return f"{_length(row)}; reports disagree: {groups}" if _is_bounded({**row, "groups": None}) else groups


def _length(row: Row) -> str:
    at, low, high = row["minutes"], row["low"], row["high"]
    if at is not None and (low is None or high is None or minutes(low) == minutes(high)):
        return minutes(at)
    if low is None and high is None:
        return "a time that cannot be stated" if at is None else minutes(at)
    return minutes_between(low, high)


def _say_claim(telling: Telling) -> str:
    low, high = telling.low, telling.high
    if telling.is_exact and is_finite(low) and is_finite(high):
        return minutes((low + high) / 2.0)
    if telling.origin.get("relation") == "more_than" and is_finite(low) and not is_finite(high):
        return f"more than {minutes(low)}"
    if telling.origin.get("relation") == "less_than" and is_finite(high):
        return f"less than {minutes(high)}"
    return minutes_between(low if is_finite(low) else None, high if is_finite(high) else None)


def _why_untold(question: Row, rows: Sequence[Row], case: Case) -> str:
    """Return why the events do not give the length that a question asks for, as a clause."""
    untold = explain_untold_length(question["subject_id"] or "", case.closures)
    if untold is not None:
        return f"{untold[0]}; {untold[1]}"
    occasion = question["occasion_id"]
    name = f"“{case.occasion_name(occasion)}”"
    if is_closure_length(question["subject_id"] or ""):
        return f"no closure of {name if occasion else 'it'} is told"
    asked = next((one for one in case.bundle.brief.intervals if one.name == question["subject_id"]), None)
    if asked is not None and occasion is not None and not any(_is_asked(row, occasion) for row in rows):
        return say_untold_occasion(asked, occasion, case.events, name=name)
    why = next((row["why"] for row in rows if row["why"]), None)
    why = (why or "the bundle defines no such interval").removeprefix("Not testable: ").rstrip(".")
    return f"{why[:1].lower()}{why[1:]}"


def _without_interval(why: str, claims: Sequence[Row], case: Case) -> Answer:
    """Return that the events do not give the length, and what is claimed."""
    tellings = [telling_of_claim(item, case) for item in claims if item["verdict"] != "contradicted"]
    groups, _ = agree_on(strongest([], tellings))
    if not groups:
        return Answer(text=f"How long it was is not known: {why}", standing=OPEN, missing="ends")
    names = tuple(item.row for group in groups for item in group.tellings)
    parts = [
        f"{_say_claim(_joined(group))} {say_who(group.tellings, case, alone=len(groups) == 1)}" for group in groups
    ]
    return Answer(
        text=f"{join_most(parts)}; it cannot be checked: {why}",
        standing=LIKELY if len(groups) == 1 else DISPUTED,
        lines=case.lines_behind([item.origin for group in groups for item in group.tellings]),
        rows=names,
        missing="ends",
    )


def _joined(group: Group) -> Telling:
    first = next((item for item in group.tellings if item.is_exact), group.tellings[0])
    low, high = (first.low, first.high) if first.is_exact else (group.low, group.high)
    return Telling(first.row, first.origin, group.who, low, high, first.is_exact, first.is_graded, first.verdict)
