"""Claims of how many, against the finds and the events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotwash.claims import counting
from hotwash.claims.evidence import (
    CONTRADICTED,
    GRADED,
    LEAST_FOR_SUPPORT,
    LISTED,
    MOST_FOR_CONTRADICTION,
    NOT_TESTABLE,
    ONE_BY_ONE,
    SUPPORTED,
    TRACKS_COMPLETE,
    Events,
    Evidence,
    Judgement,
    Row,
    join_events,
)
from hotwash.claims.lines import BoolArray, Line, choose
from hotwash.claims.words import interval, share
from hotwash.geo.frames import FloatArray
from hotwash.model.questions import COUNT_UNITS

_NO_TRACKS = (
    "Crossings can be counted only from tracks; there are none, and the bundle does not assume that each find crossed."
)


def judge_count(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what finds and events say of a count.

    claim   a row of `bounds.bound_claims`, with `unit`, `low` and `high`
    line    the claim's line
    """
    if claim["unit"] in evidence.track_counts:
        return _against_tracks(claim, line, evidence)
    if COUNT_UNITS[claim["unit"]].column:
        return _against_finds(claim, line, evidence)
    return _against_events(claim, line, evidence)


def _against_tracks(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what tracks say of crossings or airframes; of airframes the finds speak too, from below.

    Where more was found than the tracks show, the tracks bound nothing, and the finds alone speak. A recording
    supports only where none of its sources traces back to the speaker or the source.
    """
    unit, tracked = claim["unit"], evidence.track_counts[claim["unit"]]
    by_finds = _against_finds(claim, line, evidence) if unit == "airframes" else None
    if by_finds is not None:
        outnumbered = evidence.once("outnumbered", lambda: counting.outnumbers(evidence.bundle.finds, tracked))
        if outnumbered or by_finds.verdict != NOT_TESTABLE:
            return by_finds
    chance = tracked.hits.between(claim["low"], claim["high"])
    basis = f"The tracks give {interval(*tracked.hits.interval_90, '')} {_spoken(unit)} of {tracked.place} (90 %)"
    recorded = evidence.recording_lines
    free = recorded.free_lines(line)
    chances = _Chances(chance, chance, chance if free.all() else 0.0)
    return _verdict(claim, chances, basis, tracked.rows, choose(recorded.words, free), (TRACKS_COMPLETE,))


def _spoken(unit: str) -> str:
    return COUNT_UNITS[unit].spoken or COUNT_UNITS[unit].nouns[1]


@dataclass(frozen=True, slots=True)
class _Chances:
    """How likely a claim is: at most `ceiling`, at least `floor`, at least `free` without rows that trace back."""

    ceiling: float
    floor: float
    free: float


def _against_finds(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    unit = claim["unit"]
    if unit == "crossings" and not counting.assumes_crossing(evidence.bundle.assumptions):
        return Judgement(NOT_TESTABLE, _NO_TRACKS)
    counted = evidence.once(("counted", unit), lambda: evidence.chance(unit) > 0)
    if not counted.any():
        return Judgement(NOT_TESTABLE, f"No find has a probability for {_spoken(unit)}, so there is nothing to count.")
    assumed = (ONE_BY_ONE, counting.CROSSED) if unit == "crossings" else (ONE_BY_ONE,)
    sure, possible = counted, counted
    if unit == "finds":
        first, last = _by_then(claim, evidence)
        sure, possible, assumed = counted & first, counted & last, (ONE_BY_ONE, LISTED)
    chances = _chances(claim, line, evidence, sure, possible)
    basis = _basis(unit, evidence, sure, possible)
    rows, lines = evidence.find_rows(possible), evidence.find_names(line, _carrying(unit, possible, evidence))
    return _verdict(claim, chances, basis, rows, lines, assumed)


def _carrying(unit: str, rows: BoolArray, evidence: Evidence) -> BoolArray:
    """Return the rows that carry a count: those more likely than not, or all where none is.

    Who reported a missile part is no line of evidence for airframes, though the row has its 1 % in the sum.
    """
    likely = rows & (evidence.chance(unit) >= 0.5)
    return likely if likely.any() else rows


def _by_then(claim: Row, evidence: Evidence) -> tuple[BoolArray, BoolArray]:
    """Return which finds were surely, and which were possibly, made when the claim was made.

    A count of finds speaks of the finds made so far: "12 found" at 17:00 is not wrong because 20 were in the
    end. Nor is it when all we know is that it was said on that day: no find is sure for a claim without
    `said_utc_low`, but those before it; and what is known of a find was found before it was known.
    """
    first, last = evidence.once("found", lambda: _find_times(evidence))
    said, until = claim["said_utc_low"], claim["said_utc_high"] or claim["known_utc"]
    sure = first <= said.timestamp() if said else np.zeros(first.size, dtype=np.bool_)
    possible = last <= until.timestamp() if until else np.ones(first.size, dtype=np.bool_)
    return sure, possible | sure


def _find_times(evidence: Evidence) -> tuple[FloatArray, FloatArray]:
    """Return when each find was made at the latest and at the earliest, in seconds since 1970; ±∞ when open."""
    latest = [[row["found_utc_high"], row["known_utc"]] for row in evidence.finds]
    first = [min((when.timestamp() for when in pair if when), default=math.inf) for pair in latest]
    earliest = [row["found_utc_low"] for row in evidence.finds]
    last = [when.timestamp() if when else -math.inf for when in earliest]
    return np.array(first, dtype=np.float64), np.array(last, dtype=np.float64)


def _chances(claim: Row, line: Line, evidence: Evidence, sure: BoolArray, possible: BoolArray) -> _Chances:
    """Bound the claim's probability from both sides.

    The number lies between the hits among the sure rows and those among the possible ones; where finds bound
    a unit from below only, nothing but an open claim ("at least") can be supported. Rows that trace back to the
    speaker count for nothing where many are claimed, and as certain where few are: dropping them proves neither.
    """
    unit, low, high = claim["unit"], claim["low"], claim["high"]
    some, most = evidence.hits(unit, sure), evidence.hits(unit, possible)
    many, few = some.between(low, math.inf), most.between(0, high)
    if unit != "finds":
        ceiling, floor, few = few, many if math.isinf(high) else 0.0, 1.0
    else:
        # Of a number between the two, P(low ≤ number ≤ high) is at least P(some ≥ low) + P(most ≤ high) − 1,
        # and just that where they are the same.
        floor = max(many + few - 1.0, 0.0)
        is_same = np.array_equal(sure, possible)
        ceiling = floor if is_same else min(some.between(0, high), most.between(low, math.inf))
    if floor < LEAST_FOR_SUPPORT:
        return _Chances(ceiling, floor, 0.0)
    free = evidence.free_finds(line)
    many = evidence.hits(unit, sure & free).between(low, math.inf)
    if unit == "finds":
        few = evidence.hits(unit, possible & free).between(0, high - float((possible & ~free).sum()))
    return _Chances(ceiling, floor, max(many + few - 1.0, 0.0))


def _basis(unit: str, evidence: Evidence, sure: BoolArray, possible: BoolArray) -> str:
    low, high = evidence.hits(unit, sure).interval_90[0], evidence.hits(unit, possible).interval_90[1]
    if unit != "finds":
        return f"The finds give at least {low} {_spoken(unit)} (90 %)"
    return f"The finds made by then give {interval(low, high, '')} (90 %)"


def _verdict(
    claim: Row, chances: _Chances, basis: str, rows: Sequence[str], lines: Sequence[str], assumed: Sequence[str]
) -> Judgement:
    is_by_tracks, is_bound = assumed == (TRACKS_COMPLETE,), claim["unit"] != "finds"
    if chances.ceiling <= MOST_FOR_CONTRADICTION:
        reason = f"{basis}; {_wanted(claim)} has a probability of {share(chances.ceiling)}."
        return Judgement(CONTRADICTED, reason, rows, lines, assumed, chances.ceiling)
    if chances.free >= LEAST_FOR_SUPPORT and lines:
        reason = f"{basis}; {_wanted(claim)} has a probability of {share(chances.free)}."
        return Judgement(SUPPORTED, reason, rows, lines, assumed, chances.free)
    if chances.floor >= LEAST_FOR_SUPPORT and is_by_tracks:
        reason = f"{basis}, but the recording traces back to the speaker or the source, or its origin is not stated."
    elif chances.floor >= LEAST_FOR_SUPPORT:
        reason = f"{basis}, but too many of these rows trace back to the speaker or the source to support it."
    elif is_bound and not is_by_tracks and math.isfinite(claim["high"]):
        reason = (
            f"{basis} and set no upper limit: {_wanted(claim)} is compatible, "
            "but cannot be distinguished from a higher number."
        )
    else:
        reason = f"{basis}: {_wanted(claim)} is neither confirmed nor ruled out."
    return Judgement(NOT_TESTABLE, reason, rows, lines, assumed)


def _wanted(claim: Row) -> str:
    return interval(claim["low"], claim["high"], "")


def _against_events(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    unit, subject = claim["unit"], claim["subject_id"]
    events, count = evidence.once(("counted", unit, subject), lambda: _count_graded(unit, subject, evidence))
    if count is None:
        missing = f"{_spoken(unit)}{f' of {subject}' if subject and unit != 'aerodromes_closed' else ''}"
        return Judgement(NOT_TESTABLE, f"No source of reliability A or B reports {missing}.", assumptions=[GRADED])
    lines = evidence.lines_of(events, line)
    words = f"The events report {interval(count.low, count.high, '')} {_spoken(unit)}"
    assumed = (GRADED, LISTED)
    if count.low > claim["high"] or count.high < claim["low"]:
        return Judgement(CONTRADICTED, f"{words}, not {_wanted(claim)}. {count.why}", count.rows, lines, assumed)
    free = events.only(evidence.free(events, line))
    others = counting.count_reports(unit, [evidence.events[number] for number in free.numbers.tolist()], subject)
    if all(span is not None and claim["low"] <= span.low and span.high <= claim["high"] for span in (count, others)):
        reason = f"{words}, reported independently of the speaker. {count.why}"
        return Judgement(SUPPORTED, reason, count.rows, lines, assumed)
    is_own = claim["low"] <= count.low and count.high <= claim["high"]
    rest = "but not independently of the speaker or the source" if is_own else "but so are other values"
    reason = f"{words}; {_wanted(claim)} is compatible, {rest}. {count.why}"
    return Judgement(NOT_TESTABLE, reason, count.rows, lines, assumed)


def _count_graded(unit: str, subject: str | None, evidence: Evidence) -> tuple[Events, counting.ToldCount | None]:
    """Return the graded events that tell of a number, and the number that they tell."""
    kinds = [evidence.graded_events(kind) for kind in COUNT_UNITS[unit].events]
    rows = [evidence.events[number] for part in kinds for number in part.numbers.tolist()]
    count = counting.count_reports(unit, rows, subject)
    named = () if count is None else count.rows
    used = [part.only(np.array([name in named for name in part.names], dtype=np.bool_)) for part in kinds]
    return join_events(used), count


JUDGES = {"count": judge_count}
