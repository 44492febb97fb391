"""Claims of what was ordered or planned: against the orders themselves, and never refuted by what came of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hotwash.claims.evidence import CONTRADICTED, GRADED, NOT_TESTABLE, SUPPORTED, UNCORROBORATED, Evidence, Judgement
from hotwash.claims.lines import Line
from hotwash.claims.on_events import OWN_WORD
from hotwash.claims.words import join_names, quantity
from hotwash.course.changes import CHANGES, OPEN, is_same_part
from hotwash.course.tellings import Row, is_at, is_graded, minutes, reach

AS_ORDERED = ("order", "plan")
_OF_TIMES = ("time", "status", "duration")


@dataclass(frozen=True, slots=True)
class _Ordered:
    """What one order tells of a claim: its row, and the time that it gives [min]; of a state, whether it covers it."""

    row: Row
    when: float
    is_same: bool


def weigh_order(judged: Judgement, claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return a judgement on a time or a state in the light of what was ordered.

    judged   what came says of the claim

    A claim told as an order or a plan tells what was ordered: an order to 23:00 that is cancelled at 21:40 stood, and
    was no error. Who tells as a fact what was only ordered is told so.
    """
    if claim["kind"] not in _OF_TIMES or not (evidence.orders or claim["told_as"] in AS_ORDERED):
        return judged
    ordered = list(_orders_on(claim, evidence))
    same = [one for one in ordered if one.is_same]
    if claim["told_as"] not in AS_ORDERED:
        return _say_only_ordered(judged, same, evidence)
    if same:
        return _judge_ordered(judged, same, line, evidence)
    if judged.verdict != CONTRADICTED:
        return judged
    others = f" The orders give {_say_times(ordered)}." if ordered and claim["kind"] == "time" else ""
    reason = f"Not testable: it tells what was {_verb(claim)}, which what came does not refute.{others} {judged.reason}"
    return replace(judged, verdict=NOT_TESTABLE, reason=reason)


def _verb(row: Row) -> str:
    return "planned" if row["told_as"] == "plan" else "ordered"


def _say_only_ordered(judged: Judgement, same: Sequence[_Ordered], evidence: Evidence) -> Judgement:
    """Return a judgement that refuses what was told as a fact, with the order that told it before."""
    if judged.verdict != CONTRADICTED or not same:
        return judged
    names = join_names([one.row["event_id"] for one in same], most=3)
    end = next((text for one in same if (text := _say_end(one.row, evidence))), "")
    reason = f"{judged.reason.removesuffix('.')}; it was {_verb(same[0].row)} so ({names}){end}."
    rows = tuple(dict.fromkeys((*judged.rows, *(f"events:{one.row['event_id']}" for one in same))))
    return replace(judged, reason=reason, rows=rows)


def _judge_ordered(judged: Judgement, same: Sequence[_Ordered], line: Line, evidence: Evidence) -> Judgement:
    """Judge that it was ordered so: supported where an order of a source that decides tells it independently."""
    graded = [one.row for one in same if is_graded(one.row, evidence.graded_sources)]
    lines = evidence.ancestry.of_rows(graded) if graded else None
    free = [] if lines is None else lines.independent_of(line).tolist()
    names = join_names([one.row["event_id"] for one in same], most=3)
    end = next((text for one in same if (text := _say_end(one.row, evidence))), "")
    rows = tuple(f"events:{one.row['event_id']}" for one in same)
    if any(free):
        words = tuple(dict.fromkeys(_say_line(row) for row, is_free in zip(graded, free, strict=True) if is_free))
        return Judgement(SUPPORTED, f"It was {_verb(same[0].row)} so ({names}){end}.", rows, words, (GRADED,))
    if judged.verdict == SUPPORTED:  # it came as ordered, and others tell it
        return judged
    return Judgement(UNCORROBORATED, f"It was {_verb(same[0].row)} so ({names}){end}, {OWN_WORD}.", rows, (), (GRADED,))


def _say_line(row: Row) -> str:
    who, where = join_names(list(row["said_by"] or ())), join_names(list(row["source_id"] or ()))
    return f"{who} ({where})"


def _say_end(row: Row, evidence: Evidence) -> str:
    """Return what became of an order that was replaced or cancelled, as a clause that follows; "" of another."""
    events = [*evidence.orders, *evidence.events]
    later = next((one for one in events if row["event_id"] in (one["supersedes"] or ())), None)
    if later is None:
        return ""
    is_replaced = later["kind"] == row["kind"]
    when = minutes(later["start_utc"] or later["utc_high"] or later["utc_low"] or later["known_utc"])
    at = "" if when is None or is_replaced else f" at {quantity(when, 'utc')}"
    return f", and {'replaced' if is_replaced else 'cancelled'}{at} ({later['event_id']})"


def _say_times(ordered: Sequence[_Ordered]) -> str:
    times = [f"{quantity(one.when, 'utc')} ({one.row['event_id']})" for one in ordered if math.isfinite(one.when)]
    return join_names(times, most=3)


def _orders_on(claim: Row, evidence: Evidence) -> Iterator[_Ordered]:
    """Yield what the orders and plans tell of what a claim tells."""
    question = evidence.questions[claim["question_id"]]
    occasion = evidence.occasion_of(claim)
    for row in evidence.orders:
        if row["occasion_id"] and occasion and row["occasion_id"] != occasion:
            continue
        if claim["part"] and not is_same_part(claim["part"], row["part"]):
            continue
        if claim["kind"] == "time" and is_at(row, question["event_subject_id"]):
            yield from _times_told(row, claim)
        elif claim["kind"] == "status" and row["subject_id"] == claim["subject_id"]:
            yield from _states_told(row, claim)


def _times_told(row: Row, claim: Row) -> Iterator[_Ordered]:
    """Yield the beginning of an order of the kind that is asked about, and its end where that is what is asked."""
    asked, change = CHANGES.get(claim["subject_id"] or ""), CHANGES.get(row["kind"])
    is_end = asked is not None and change is not None and asked.layer == change.layer
    is_end = is_end and asked.state == OPEN != change.state  # type: ignore[union-attr]
    side = "start_utc" if row["kind"] == claim["subject_id"] else "end_utc" if is_end else ""
    when = minutes(row[side]) if side else None
    if when is not None and claim["low"] is not None:
        yield _Ordered(row, when, claim["low"] <= reach(when) and when <= max(claim["high"], reach(claim["high"])))


def _states_told(row: Row, claim: Row) -> Iterator[_Ordered]:
    """Yield an order of the state that a claim names, for all of the time of which it speaks."""
    change = CHANGES.get(row["kind"])
    low, high = claim["at_utc_low"] or claim["at_utc_high"], claim["at_utc_high"] or claim["at_utc_low"]
    begin = row["start_utc"]
    if change is None or change.state != claim["value"] or None in (low, begin):
        return
    end = row["end_utc"]
    yield _Ordered(row, math.inf, begin <= low and (end is None or high <= end))
