"""Claims of when, how long and in what state, against the events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotwash.claims.durations import is_one_event
from hotwash.claims.evidence import (
    CONTRADICTED,
    GRADED,
    NOT_TESTABLE,
    SUPPORTED,
    Events,
    Evidence,
    Judgement,
    Row,
    join_events,
)
from hotwash.claims.lines import BoolArray, Line
from hotwash.claims.words import intervals
from hotwash.geo.frames import FloatArray
from hotwash.model.incident import Interval

_OWN_WORD = "but every report traces back to the speaker or the source."
_OPEN = "which leaves the claim open."
# The events that show each status, and what they are called; `open` is shown by none.
_STATUSES = {
    "closed": (("aerodrome_closed", "aerodrome_reopened"), "a closure of the aerodrome"),
    "airspace_closed": (("airspace_closed", "airspace_reopened"), "closed airspace"),
    "no_traffic_planned": (("no_traffic_planned",), "a period without planned traffic"),
}


def judge_time(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the tellings of an event say of a claimed time."""
    kind = claim["subject_id"] or ""
    events = evidence.once(("timed", kind), lambda: _with_time(evidence.graded_events(kind)))
    if not events.names:
        what = kind.replace("_", " ") or "any event: the question names no kind"
        reason = f"Not testable: no source of reliability A or B gives a time for {what}."
        return Judgement(NOT_TESTABLE, reason, assumptions=(GRADED,))
    spans = _Spans(events.low, events.high, evidence.free(events, line))
    words = evidence.once(("time words", kind), lambda: f"The events give {intervals(events.low, events.high, 'utc')}")
    return _judge_spans(claim, spans, words, events.names, evidence.lines_of(events, line))


def _with_time(events: Events) -> Events:
    return events.only(np.isfinite(events.low) | np.isfinite(events.high))


@dataclass(frozen=True, slots=True)
class _Spans:
    """What the tellings leave possible, (n,) each: bounds, and whether they are independent of the claim."""

    low: FloatArray
    high: FloatArray
    is_free: BoolArray


def _judge_spans(claim: Row, spans: _Spans, words: str, rows: Sequence[str], lines: Sequence[str]) -> Judgement:
    """Judge a time or a duration: contradicted where no telling allows it, supported where none allows more.

    One independent telling must be among them, and no telling beside it may leave room for another value.
    """
    if ((spans.high < claim["low"]) | (spans.low > claim["high"])).all():
        return Judgement(CONTRADICTED, f"{words}.", rows, lines, (GRADED,))
    is_inside = bool(((spans.low >= claim["low"]) & (spans.high <= claim["high"])).all())
    if is_inside and spans.is_free.any():
        return Judgement(SUPPORTED, f"{words}, reported independently of the speaker.", rows, lines, (GRADED,))
    reason = f"{words}, {_OPEN if spans.is_free.any() else _OWN_WORD}"
    return Judgement(NOT_TESTABLE, reason, rows, lines, (GRADED,))


def judge_duration(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the interval between two events says of a claimed duration.

    Every graded telling of the start is held against every graded telling of the end; a pair whose end
    lies before its start is none.
    """
    name = claim["subject_id"] or ""
    row = evidence.duration_rows.get(name)
    interval = next((item for item in evidence.bundle.brief.intervals if item.name == name), None)
    if row is None or interval is None:
        return Judgement(NOT_TESTABLE, f"Not testable: the bundle defines no interval named {name!r}.")
    if row["low"] is None and row["high"] is None:
        return Judgement(NOT_TESTABLE, _untestable(row["why"]), row["rows"])
    starts, ends, low, high = evidence.once(("pairs", name), lambda: _pairs(interval, evidence))
    is_pair = high >= 0.0
    if not is_pair.any():
        missing = (
            "no pair of start and end is reported" if not low.size else "every end is before its start as reported"
        )
        reason = f"Not testable: {missing} by sources of reliability A or B."
        return Judgement(NOT_TESTABLE, reason, row["rows"], assumptions=(GRADED,))
    is_free = evidence.free(starts, line)[:, None] & evidence.free(ends, line)[None, :]
    spans = _Spans(np.maximum(low, 0.0)[is_pair], high[is_pair], is_free[is_pair])
    events = join_events([starts.only(np.any(is_pair, axis=1)), ends.only(np.any(is_pair, axis=0))])
    words = evidence.once(
        ("duration words", name), lambda: f"The events give {intervals(spans.low, spans.high, 'min')}"
    )
    return _judge_spans(claim, spans, words, tuple(dict.fromkeys(events.names)), evidence.lines_of(events, line))


def _untestable(why: str) -> str:
    return why if why.startswith("Not testable") else f"Not testable: {why[0].lower()}{why[1:]}"


def _pairs(interval: Interval, evidence: Evidence) -> tuple[Events, Events, FloatArray, FloatArray]:
    """Return graded starts and ends, and bounds of the time between them, (starts, ends) float64 [min]."""
    starts = _with_time(evidence.graded_events(interval.from_kind, interval.from_subject or None))
    ends = evidence.graded_events(interval.to_kind, interval.to_subject or None)
    if is_one_event(interval):
        ends = ends.only(np.isfinite(ends.end_low) | np.isfinite(ends.end_high))
        last, latest = ends.end_low, ends.end_high
    else:
        ends = _with_time(ends)
        last, latest = ends.low, ends.high
    return starts, ends, last[None, :] - starts.high[:, None], latest[None, :] - starts.low[:, None]


def judge_status(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what events at one aerodrome say of its claimed status.

    An aerodrome that is closed, one whose air space is closed and one at which nothing is planned are three
    things: evidence for one neither supports nor contradicts another. Only `open` is contradicted by a closure.
    """
    subject, status = claim["subject_id"], claim["value"]
    if status == "open":
        return _open(claim, line, evidence)
    kinds, spoken = _STATUSES[status]
    events = _events_of_kinds(evidence, kinds, subject)
    lines = evidence.lines_of(events, line)
    if evidence.free(events, line).any():
        reason = f"Events at {subject} report {spoken}, independently of the speaker."
        return Judgement(SUPPORTED, reason, events.names, lines, (GRADED,))
    others = [
        name
        for other, (others_kinds, name) in _STATUSES.items()
        if other != status and _events_of_kinds(evidence, others_kinds, subject).names
    ]
    if events.names:
        reason = f"The events at {subject} that report {spoken} trace back to the speaker or the source."
    elif others:
        reason = f"Events at {subject} report {' and '.join(others)}, which is not the same as {spoken}."
    else:
        reason = f"Not testable: no source of reliability A or B reports {spoken} at {subject}."
    return Judgement(NOT_TESTABLE, reason, events.names, lines, (GRADED,))


def _events_of_kinds(evidence: Evidence, kinds: tuple[str, ...], subject: str | None) -> Events:
    def make() -> Events:
        return join_events([evidence.graded_events(kind, subject) for kind in kinds])

    return evidence.once(("merged", kinds, subject), make)


def _open(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Judge `open`: a closure that covers all of the time of speaking contradicts it.

    A closure without an end of its own lasts until the aerodrome is told to be reopened.
    """
    subject = claim["subject_id"]
    shut, reopened = (
        evidence.graded_events("aerodrome_closed", subject),
        evidence.graded_events("aerodrome_reopened", subject),
    )
    until = np.where(np.isfinite(shut.end_low), shut.end_low, np.min(reopened.low, initial=math.inf))
    until = np.where(np.isfinite(until), until, -math.inf)
    low, high = claim["said_utc_low"], claim["said_utc_high"]
    lines = evidence.lines_of(shut, line)
    if low and high:
        covers = shut.only((shut.high <= low.timestamp() / 60.0) & (until >= high.timestamp() / 60.0))
        if covers.names:
            reason = f"{subject} was reported closed when this was said."
            return Judgement(CONTRADICTED, reason, covers.names, lines, (GRADED,))
    reason = f"No event shows {subject} closed or open at the time that this refers to."
    return Judgement(NOT_TESTABLE, reason, shut.names, lines, (GRADED,))


JUDGES = {"time": judge_time, "duration": judge_duration, "status": judge_status}
