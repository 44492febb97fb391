"""Claims of how many, against the finds and the events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotwash.claims import counting, numbers
from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    LEAST_FOR_SUPPORT,
    LISTED,
    MOST_FOR_CONTRADICTION,
    NOT_TESTABLE,
    NOT_WEIGHED,
    ONE_BY_ONE,
    SUPPORTED,
    TRACKS_COMPLETE,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import BoolArray, Line, choose
from hotwash.claims.on_numbers import judge_number, tells_number
from hotwash.claims.on_statements import is_forecast
from hotwash.claims.repeats import hold_against_origin
from hotwash.claims.words import interval, share, unit_noun, wanted_words
from hotwash.geo.frames import FloatArray
from hotwash.model.words import NUMBER_WORDS

_AS_TOLD = {"plan": "a plan", "order": "an order"}
_MOST_ROWS = 200  # finds that a finding lists itself
_NO_TRACKS = (
    "Not testable: crossings can be counted only from tracks; there are none, "
    "and the bundle does not assume that each find crossed."
)


def judge_count(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what finds, tracks and events say of a count.

    claim   a row of `bounds.bound_claims`
    line    the claim's line
    """
    if claim["told_as"] in ("plan", "order"):
        what = _AS_TOLD[claim["told_as"]]
        return Judgement(NOT_WEIGHED, f"As {what} it tells what was to be, and counts nothing that came.")
    if claim["value"] in NUMBER_WORDS:
        return _judge_word(claim, line, evidence)
    return hold_against_origin(_weigh(claim, line, evidence), claim, line, evidence)


def _weigh(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what finds, tracks or events say of a number, whomever its claim repeats."""
    if claim["unit"] in evidence.track_counts:
        return _against_tracks(claim, line, evidence)
    if not evidence.bundle.brief.count_units[claim["unit"]].column:
        return judge_number(claim, line, evidence)
    by_finds = _against_finds(claim, line, evidence)
    is_open = by_finds.verdict not in (SUPPORTED, CONTRADICTED)
    # Where events tell the number itself, what finds bound from below does not outweigh them.
    return judge_number(claim, line, evidence) if is_open and tells_number(claim, evidence) else by_finds


def _judge_word(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Judge an answer that gives no number: it tells what was known, and no number speaks against it.

    What evidence shows is told by weighing "0 or more", which every number admits.
    """
    anything = {**claim, "value": "0", "relation": "at_least", "low": 0.0, "high": math.inf}
    shown = _weigh(anything, line, evidence)
    said = (
        "That the number was not known when this was said tells what the speaker knew, and excludes no number"
        if claim["value"] == "not_known"
        else "That none was confirmed when this was said tells what was confirmed then, and excludes no number"
    )
    if shown.verdict in (SUPPORTED, CONTRADICTED, COMPATIBLE) and shown.lines:
        return Judgement(COMPATIBLE, f"{said}.", shown.rows, shown.lines, shown.assumptions)
    return Judgement(UNCORROBORATED, f"{said}; nobody independent tells a number.", shown.rows, (), shown.assumptions)


def _against_tracks(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what tracks say of crossings or airframes; of airframes the finds speak too, from below.

    Where more was found than the tracks show, the tracks bound nothing, and the finds alone speak. A recording
    supports only where none of its sources traces back to the speaker or the source.
    """
    unit, tracked = claim["unit"], evidence.track_counts[claim["unit"]]
    by_finds = _against_finds(claim, line, evidence) if unit == "airframes" else None
    if by_finds is not None:
        finds = counting.countable_finds(evidence.bundle)
        outnumbered = evidence.once("outnumbered", lambda: counting.outnumbers(finds, tracked))
        if outnumbered or by_finds.verdict in (SUPPORTED, CONTRADICTED):
            return by_finds
    chance = tracked.hits.between(claim["low"], claim["high"])
    many = f"{interval(*tracked.hits.interval_90, '')} {_spoken(claim, evidence)}"
    basis = f"The tracks give {many} of {tracked.place} (90 %)"
    recorded = evidence.recording_lines
    free = recorded.free_lines(line)
    chances = _Chances(chance, chance, chance if free.all() else 0.0)
    return _verdict(claim, chances, basis, tracked.rows, choose(recorded.words, free), (TRACKS_COMPLETE,))


def _spoken(claim: Row, evidence: Evidence, many: float = 2) -> str:
    return unit_noun(evidence.bundle.brief.count_units[claim["unit"]], many)


@dataclass(frozen=True, slots=True)
class _Chances:
    """How likely a claim is: at most `ceiling`, at least `floor`, at least `free` without rows that trace back."""

    ceiling: float
    floor: float
    free: float


def _against_finds(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    unit = claim["unit"]
    if unit == "crossings" and not evidence.once(
        "crossed", lambda: counting.assumes_crossing(evidence.bundle.assumptions)
    ):
        return Judgement(NOT_TESTABLE, _NO_TRACKS)
    occasion = claim["occasion_id"]
    counted = evidence.once(
        ("counted", unit, occasion), lambda: rows_of(evidence.finds, occasion, evidence) & (evidence.chance(unit) > 0)
    )
    if not counted.any():
        column = evidence.bundle.brief.count_units[unit].column
        is_rated = any(row[column] is not None for row in evidence.finds)
        missing = f"no find has a probability for {_spoken(claim, evidence)}, so there is nothing to count"
        if is_rated:
            missing = f"every find has a probability of 0 for {_spoken(claim, evidence)}, and finds set no upper limit"
        return Judgement(NOT_TESTABLE, f"Not testable: {missing}.")
    assumed = (ONE_BY_ONE, counting.CROSSED) if unit == "crossings" else (ONE_BY_ONE,)
    sure, possible = counted, counted
    if unit == "finds":
        first, last = _by_then(claim, evidence)
        sure, possible, assumed = counted & first, counted & last, (ONE_BY_ONE, LISTED)
    chances = _chances(claim, line, evidence, sure, possible)
    basis = _basis(claim, evidence, sure, possible)
    # A great many rows stand once, under the count that they make up.
    rows = evidence.assessed_finds.names(possible) if possible.sum() <= _MOST_ROWS else (f"counts:{unit}",)
    lines = evidence.assessed_finds.free_lines(line, _carrying(unit, possible, evidence))
    return _verdict(claim, chances, basis, rows, lines, assumed)


def rows_of(rows: Sequence[Row], occasion: str | None, evidence: Evidence) -> BoolArray:
    """Return (rows,) bool: which finds or examined sightings count for an occasion, or for all where none is named.

    One that names none belongs to the only occasion that there is; one of another story counts for nothing.
    """
    related = numbers.related_occasions(evidence.bundle.occasions)
    is_only = numbers.is_only_occasion(evidence.bundle.occasions)
    meant = (None, occasion) if is_only else (occasion,)
    return np.array(
        [row["occasion_id"] not in related and (occasion is None or row["occasion_id"] in meant) for row in rows],
        dtype=np.bool_,
    )


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
    counted = claim["counted_utc"]
    if is_forecast(claim) and counted is None:
        return np.ones(first.size, dtype=np.bool_), np.ones(first.size, dtype=np.bool_)
    said, until = counted or claim["said_utc_low"], counted or claim["said_utc_high"] or claim["known_utc"]
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
    free = evidence.assessed_finds.free(line)
    many = evidence.hits(unit, sure & free).between(low, math.inf)
    if unit == "finds":
        few = evidence.hits(unit, possible & free).between(0, high - float((possible & ~free).sum()))
    return _Chances(ceiling, floor, max(many + few - 1.0, 0.0))


def _basis(claim: Row, evidence: Evidence, sure: BoolArray, possible: BoolArray) -> str:
    unit = claim["unit"]
    low, high = evidence.hits(unit, sure).interval_90[0], evidence.hits(unit, possible).interval_90[1]
    if unit != "finds":
        return f"The finds give at least {low} {_spoken(claim, evidence, low)} (90 %)"
    return f"The finds made by then give {interval(low, high, '')} (90 %)"


def _verdict(
    claim: Row, chances: _Chances, basis: str, rows: Sequence[str], lines: Sequence[str], assumed: Sequence[str]
) -> Judgement:
    is_by_tracks, is_bound = assumed == (TRACKS_COMPLETE,), claim["unit"] != "finds"
    wanted = wanted_words(claim)
    if chances.ceiling <= MOST_FOR_CONTRADICTION:
        reason = f"{basis}; {wanted} has a probability of {share(chances.ceiling)}."
        return Judgement(CONTRADICTED, reason, rows, lines, assumed, chances.ceiling)
    if chances.free >= LEAST_FOR_SUPPORT and lines:
        reason = f"{basis}; {wanted} has a probability of {share(chances.free)}."
        return Judgement(SUPPORTED, reason, rows, lines, assumed, chances.free)
    verdict = COMPATIBLE if lines else UNCORROBORATED
    if chances.floor >= LEAST_FOR_SUPPORT and is_by_tracks:
        verdict = UNCORROBORATED
        reason = f"{basis}, but the recording traces back to the speaker or the source, or its origin is not stated."
    elif chances.floor >= LEAST_FOR_SUPPORT:
        reason = f"{basis}, but too many of these rows trace back to the speaker or the source to support it."
    elif is_bound and not is_by_tracks and math.isfinite(claim["high"]):
        reason = (
            f"{basis} and set no upper limit: {wanted} is compatible, but cannot be distinguished from a higher number."
        )
    else:
        reason = f"{basis}: {wanted} is neither confirmed nor ruled out."
    return Judgement(verdict, reason, rows, lines, assumed)


JUDGES = {"count": judge_count}
