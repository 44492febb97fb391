"""Claims of when, how long and in what state, against the events."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np

from hotwash.claims.durations import Moment, beginning
from hotwash.claims.evidence import (
    CONTRADICTED,
    GRADED,
    LEAST_FOR_SUPPORT,
    MOST_FOR_CONTRADICTION,
    NOT_TESTABLE,
    SUPPORTED,
    Events,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import Line
from hotwash.claims.words import interval

_COMPATIBLE = "compatible, not discriminating."
_OWN_WORD = "every telling traces back to the speaker or the source."
_NO_GROUND = "No ground for a drone is left; only a sensor that covered the place could show that there was none."
_KIND_OF_STATUS = {
    "closed": ("aerodrome_closed", "aerodrome_reopened"),
    "airspace_closed": ("airspace_closed", "airspace_reopened"),
    "no_traffic_planned": ("no_traffic_planned",),
}


def judge_time(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the tellings of an event say of a claimed time."""
    kind = claim["subject_id"] or ""
    told = evidence.told(kind)
    known = [number for number, row in zip(told.numbers, told.rows, strict=True) if beginning(row).is_known]
    told = Events(tuple(evidence.events[number] for number in known), tuple(known))
    if not told.rows:
        reason = f"Not testable: no event of kind {kind or '(none named)'} with a time, told by a graded source."
        return Judgement(NOT_TESTABLE, reason, assumptions=[GRADED])
    free = evidence.free(told, line)
    lines = evidence.lines_of(told, line)
    spans = [_minutes(beginning(row)) for row in told.rows]
    in_words = "; ".join(dict.fromkeys(interval(low, high, "utc") for low, high in spans))
    if all(high < claim["low"] or low > claim["high"] for low, high in spans):
        return Judgement(CONTRADICTED, f"The events tell {in_words}.", told.names, lines, [GRADED])
    spans_free = [_minutes(beginning(row)) for row in free.rows]
    if spans_free and all(low >= claim["low"] and high <= claim["high"] for low, high in spans_free):
        reason = f"Told independently: {in_words}."
        return Judgement(SUPPORTED, reason, free.names, lines, [GRADED])
    reason = f"The events tell {in_words}: {_COMPATIBLE if spans_free else _OWN_WORD}"
    return Judgement(NOT_TESTABLE, reason, told.names, lines, [GRADED])


def _minutes(moment: Moment) -> tuple[float, float]:
    low, high = moment.low, moment.high
    return (_epoch_min(low) if low else -math.inf), (_epoch_min(high) if high else math.inf)


def _epoch_min(when: datetime) -> float:
    return when.timestamp() / 60.0


def judge_duration(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the interval between two events says of a claimed duration."""
    name = claim["subject_id"] or ""
    row = evidence.durations.get(name)
    if row is None:
        return Judgement(NOT_TESTABLE, f"Not testable: the bundle asks for no interval named {name!r}.")
    if row["low"] is None and row["high"] is None:
        return Judgement(NOT_TESTABLE, row["why"], row["rows"])
    numbers = [n for n, event in enumerate(evidence.events) if f"events:{event['event_id']}" in row["rows"]]
    told = Events(tuple(evidence.events[n] for n in numbers), tuple(numbers))
    low = row["low"] if row["low"] is not None else 0.0
    high = row["high"] if row["high"] is not None else math.inf
    in_words = f"The events give {interval(low or None, high, 'min')}"
    lines = evidence.lines_of(told, line)
    if not all(evidence.is_graded(number) for number in numbers):
        reason = f"{in_words}, but not all of them are told by a graded source."
        return Judgement(NOT_TESTABLE, reason, row["rows"], lines, [GRADED])
    if high < claim["low"] or low > claim["high"]:
        return Judgement(CONTRADICTED, f"{in_words}.", row["rows"], lines, [GRADED])
    if low >= claim["low"] and high <= claim["high"] and len(evidence.free(told, line).rows) == len(told.rows):
        return Judgement(SUPPORTED, f"{in_words}, told independently.", row["rows"], lines, [GRADED])
    reason = f"{in_words}: compatible, not discriminating."
    return Judgement(NOT_TESTABLE, reason, row["rows"], lines, [GRADED])


def judge_status(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what events at one aerodrome say of its claimed status.

    An aerodrome that is closed, one whose air space is closed and one at which nothing is planned are three
    things: evidence for one neither supports nor contradicts another. Only `open` is contradicted by a closure.
    """
    subject, status = claim["subject_id"], claim["value"]
    if status == "open":
        return _open(claim, line, evidence)
    told = _merged(evidence, _KIND_OF_STATUS[status], subject)
    lines = evidence.lines_of(told, line)
    if evidence.free(told, line).rows:
        reason = f"Events at {subject} tell of it, independently of the speaker."
        return Judgement(SUPPORTED, reason, told.names, lines, [GRADED])
    others = [
        other.replace("_", " ")
        for other, kinds in _KIND_OF_STATUS.items()
        if other != status and _merged(evidence, kinds, subject).rows
    ]
    if told.rows:
        reason = f"The events at {subject} that tell of it trace back to the speaker or the source."
    elif others:
        reason = f"Events at {subject} tell of {' and '.join(others)}, which is another thing."
    else:
        reason = f"Not testable: no event of a graded source tells of {subject}."
    return Judgement(NOT_TESTABLE, reason, told.names, lines, [GRADED])


def _merged(evidence: Evidence, kinds: tuple[str, ...], subject: str | None) -> Events:
    found = [evidence.told(kind, subject) for kind in kinds]
    return Events(tuple(row for part in found for row in part.rows), tuple(n for part in found for n in part.numbers))


def _open(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Judge `open`: a closure whose stated span covers all of the time of speaking contradicts it."""
    subject = claim["subject_id"]
    shut = evidence.told("aerodrome_closed", subject)
    lines = evidence.lines_of(shut, line)
    low, high = claim["said_utc_low"], claim["said_utc_high"]
    covers = [
        row
        for row in shut.rows
        if low and high and row["start_utc"] and row["end_utc"] and row["start_utc"] <= low and high <= row["end_utc"]
    ]
    if covers:
        names = [f"events:{row['event_id']}" for row in covers]
        reason = f"{subject} was told to be closed at that time."
        return Judgement(CONTRADICTED, reason, names, lines, [GRADED])
    reason = f"No event shows {subject} closed or open when this was said."
    return Judgement(NOT_TESTABLE, reason, shut.names, lines, [GRADED])


def judge_presence(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what finds and sightings say of whether anything was there.

    A find that is a uas of that night with 0.90 and more supports `present`, with 0.95 contradicts `absent`. Sightings
    decide nothing: unexplained ones may be anything, and explaining all of them leaves no ground for either.
    """
    chance = evidence.chance("finds")
    best = int(chance.argmax()) if chance.size else -1
    if best >= 0 and chance[best] >= LEAST_FOR_SUPPORT:
        rows = np.zeros(len(evidence.finds), dtype=np.bool_)
        rows[best] = True
        names, lines = [f"finds:{evidence.finds[best]['find_id']}"], evidence.find_lines.names(line, rows)
        reason = f"{names[0].removeprefix('finds:')} is a uas of that night with a probability of {chance[best]:.2f}."
        absent = 1.0 - float(chance[best])
        if claim["value"] == "absent" and absent <= MOST_FOR_CONTRADICTION:
            return Judgement(CONTRADICTED, reason, names, lines, probability=absent)
        if claim["value"] == "present" and lines:
            return Judgement(SUPPORTED, reason, names, lines, probability=float(chance[best]))
    return _from_sightings(evidence)


def _from_sightings(evidence: Evidence) -> Judgement:
    rows = evidence.bundle.sightings.to_dicts()
    names = [f"sightings:{row['sighting_id']}" for row in rows]
    seen = [row for row in rows if not row["saw_nothing"]]
    nobody_looked = [row["sighting_id"] for row in seen if row["explained_by"] is None]
    unexplained = [row["sighting_id"] for row in seen if row["explained_by"] == "unexplained"]
    nothing = len(rows) - len(seen)
    if not rows:
        reason = "Not testable: no sighting, find or track. A recording of a sensor that covered it would settle it."
    elif nobody_looked:
        reason = (
            f"Sightings not yet explained: {', '.join(nobody_looked)}. Compare them with known traffic and the sky."
        )
    elif unexplained:
        reason = f"Unexplained after a search: {', '.join(unexplained)}. A track or a find would settle it."
    else:
        reason = f"Every sighting is explained, {nothing} looked and saw nothing. {_NO_GROUND}"
    return Judgement(NOT_TESTABLE, reason, names)
