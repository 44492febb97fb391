"""Claims of how many, against the finds and the events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

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
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import BoolArray, Line
from hotwash.claims.words import interval, share

_NO_TRACKS = (
    "Crossings have a distribution only where tracks exist; there are none, and no find is assumed to bound them."
)
_SPOKEN = {"brought_down": "brought down", "aerodromes_closed": "closed aerodromes"}


def judge(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what finds and events say of a count.

    claim   a row of `bounds.bounded`, with `unit`, `low` and `high`
    line    the claim's line
    """
    if claim["unit"] in counting.COLUMN_OF_UNIT:
        return _against_finds(claim, line, evidence)
    return _against_events(claim, line, evidence)


@dataclass(frozen=True, slots=True)
class _Chances:
    """How likely a claim is: at least so much for independent evidence, at most so much for all of it."""

    support: float
    ceiling: float
    needs: float


def _against_finds(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    unit = claim["unit"]
    assumed = [ONE_BY_ONE] + ([counting.CROSSED] if unit == "crossings" else [])
    if unit == "crossings" and not counting.assumes_crossing(evidence.bundle.assumptions):
        return Judgement(NOT_TESTABLE, _NO_TRACKS)
    counted = evidence.chance(unit) > 0
    if not counted.any():
        return Judgement(NOT_TESTABLE, f"No find has a probability for {_spoken(unit)}: there is nothing to count.")
    independent = counted & evidence.find_lines.independent_of(line)
    sure, possible = _by_then(claim, evidence) if unit == "finds" else (counted, counted)
    sure, possible = counted & sure, counted & possible
    chances = _chances(claim, evidence, independent, sure, possible)
    rows = [f"finds:{evidence.finds[place]['find_id']}" for place in np.flatnonzero(counted).tolist()]
    return _verdict(claim, chances, rows, evidence.find_lines.names(line, counted), assumed, evidence, sure, possible)


def _by_then(claim: Row, evidence: Evidence) -> tuple[BoolArray, BoolArray]:
    """Return which finds were surely, and which were possibly, made when the claim was made.

    A count of finds speaks of the finds made so far: "12 found" at 17:00 is not wrong because 20 were in the end.
    """
    said = claim["said_utc_high"] or claim["known_utc"]
    if said is None:
        every = np.ones(len(evidence.finds), dtype=np.bool_)
        return every, every
    frame = evidence.bundle.finds
    when: datetime = said
    sure = (frame["found_utc_high"] <= when).fill_null(value=False).to_numpy()
    possible = frame.select((pl.col("found_utc_low") <= when).fill_null(value=True)).to_series().to_numpy()
    return sure, possible | sure


def _chances(claim: Row, evidence: Evidence, independent: BoolArray, sure: BoolArray, possible: BoolArray) -> _Chances:
    """Bound the claim's probability from both sides.

    The number lies between the hits among the sure rows and those among the possible ones; where finds bound
    a unit from below only, nothing but an open claim ("at least") can be supported.
    """
    unit, low, high = claim["unit"], claim["low"], claim["high"]
    enough = evidence.hits(unit, independent & sure).between(low, math.inf)
    if unit != "finds":
        ceiling = evidence.hits(unit, sure).between(0, high)
        alone = evidence.hits(unit, sure).between(low, math.inf)
        is_open = math.isinf(high)
        return _Chances(enough if is_open else 0.0, ceiling, alone if is_open else 0.0)
    few = evidence.hits(unit, possible).between(0, high)
    many = evidence.hits(unit, possible).between(low, math.inf)
    least = evidence.hits(unit, sure).between(low, math.inf)
    ceiling = min(evidence.hits(unit, sure).between(0, high), many)
    if np.array_equal(sure, possible):
        ceiling = min(ceiling, evidence.hits(unit, sure).between(low, high))
    # P(A and B) ≥ P(A) + P(B) − 1, whatever hangs together.
    return _Chances(max(enough + few - 1.0, 0.0), ceiling, max(least + few - 1.0, 0.0))


def _verdict(
    claim: Row,
    chances: _Chances,
    rows: list[str],
    lines: list[str],
    assumed: list[str],
    evidence: Evidence,
    sure: BoolArray,
    possible: BoolArray,
) -> Judgement:
    unit = claim["unit"]
    low, high = evidence.hits(unit, sure).interval_90()[0], evidence.hits(unit, possible).interval_90()[1]
    is_bound = unit != "finds"
    by_then = " made by then" if unit == "finds" else ""
    basis = f"The finds{by_then} give {f'at least {low}' if is_bound else f'{low} to {high}'} {_spoken(unit)} (90 %)"
    if chances.ceiling <= MOST_FOR_CONTRADICTION:
        reason = f"{basis}; {_wanted(claim)} has a probability of {share(chances.ceiling)}."
        return Judgement(CONTRADICTED, reason, rows, lines, assumed, chances.ceiling)
    if chances.support >= LEAST_FOR_SUPPORT and lines:
        reason = f"{basis}; {_wanted(claim)} has a probability of {share(chances.support)}."
        return Judgement(SUPPORTED, reason, rows, lines, assumed, chances.support)
    if chances.needs >= LEAST_FOR_SUPPORT:
        reason = f"{basis}, but too many of these rows trace back to the speaker or the source to support it."
    elif is_bound and math.isfinite(claim["high"]):
        reason = f"{basis} and set no upper limit: {_wanted(claim)} is compatible, but nothing tells it from more."
    else:
        reason = f"{basis}: {_wanted(claim)} is neither borne out nor excluded."
    return Judgement(NOT_TESTABLE, reason, rows, lines, assumed)


def _wanted(claim: Row) -> str:
    return interval(claim["low"], claim["high"], "")


def _spoken(unit: str) -> str:
    return _SPOKEN.get(unit, unit)


def _against_events(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    unit = claim["unit"]
    taken = [row for number, row in enumerate(evidence.events) if evidence.is_graded(number)]
    free = evidence.event_lines.independent_of(line)
    independent = [row for number, row in enumerate(evidence.events) if evidence.is_graded(number) and free[number]]
    told, others = _told(unit, taken, evidence), _told(unit, independent, evidence)
    if told is None:
        return Judgement(NOT_TESTABLE, f"No event of a graded source tells of {_spoken(unit)}.", assumptions=[GRADED])
    used = np.array([f"events:{row['event_id']}" in told.rows for row in evidence.events], dtype=np.bool_)
    lines = evidence.event_lines.names(line, used)
    told_in_words = f"Events tell of {interval(told.low, told.high, '')} {_spoken(unit)}"
    assumed = [GRADED, LISTED]
    if told.low > claim["high"] or (told.high is not None and told.high < claim["low"]):
        return Judgement(CONTRADICTED, f"{told_in_words}, not {_wanted(claim)}. {told.why}", told.rows, lines, assumed)
    if others is not None and others.low >= claim["low"] and (others.high or math.inf) <= claim["high"]:
        reason = f"{told_in_words}, told independently of the speaker. {told.why}"
        if told == others or (told.low >= claim["low"] and (told.high or math.inf) <= claim["high"]):
            return Judgement(SUPPORTED, reason, told.rows, lines, assumed)
    reason = f"{told_in_words}: compatible with {_wanted(claim)}, not discriminating. {told.why}"
    return Judgement(NOT_TESTABLE, reason, told.rows, lines, assumed)


def _told(unit: str, rows: list[Row], evidence: Evidence) -> counting.Told | None:
    if not rows:
        return None
    names = [row["event_id"] for row in rows]
    return counting.told(unit, evidence.bundle.recording.events.filter(pl.col("event_id").is_in(names)))
