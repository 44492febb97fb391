"""Claims that no event decides: against what others say on the same question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hotwash.claims import numbers
from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    NOT_TESTABLE,
    SUPPORTED,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import (
    UNKNOWN,
    BoolArray,
    Chosen,
    Line,
    RowLines,
    choose,
    count_independent,
    fold,
    is_of_unknown,
)
from hotwash.claims.part_numbers import PartNames, bounds_for, sum_by_sayer
from hotwash.claims.words import join_names
from hotwash.geo.frames import FloatArray
from hotwash.model.questions import MEASURED_KINDS

WORDS = ("status", "presence", "identity")  # kinds whose claims are one word, of which another is the denial
FORECASTS = ("forecast", "order", "plan")
_ROUNDED = 0.02  # of a height that was converted from feet and rounded: 14,000 ft are told as 4,200 m
UNDECIDED = (COMPATIBLE, NOT_TESTABLE, UNCORROBORATED)  # verdicts that leave room for what a claim's origin says
UNOPPOSED = ", and nothing speaks against it."  # the end of what is said of a number that nobody else tells


class Statements:
    """The statements on one question that stand, as arrays: all, or those of sources of reliability A or B."""

    def __init__(self, claims: Sequence[Row], evidence: Evidence) -> None:
        self.rows = [row for row in claims if _decides(row, evidence)]
        self.low: FloatArray = _column(self.rows, "low")
        self.high: FloatArray = _column(self.rows, "high")
        self.words = np.array([fold(row["value"] or "") for row in self.rows])
        self.units = np.array([row["unit"] or "" for row in self.rows])
        stands = np.array([numbers.stand_time(row) for row in self.rows], dtype=np.float64).reshape(-1, 2)
        self.stands: tuple[FloatArray, FloatArray] = (stands[:, 0], stands[:, 1])
        self.references = np.array([row["value_ref"] or "" for row in self.rows], dtype=np.str_)
        self.parts = PartNames.of([row["part"] for row in self.rows])
        self.sum_low = sum_by_sayer(self.rows, self.low, self.high, self.stands[1])
        self.occasions = np.array([evidence.occasion_of(row) for row in self.rows])
        self.lines = evidence.ancestry.of_rows(self.rows)
        named = ("said_by", "claim_id", "source_id")  # by which another claim may say that it repeats them
        self.names = [frozenset(fold(row[name] or "") for name in named) for row in self.rows]

    def free(self, line: Line) -> BoolArray:
        """Return (rows,) bool: which do not trace back to a claim, nor to a voice that nobody knows."""
        return self.lines.independent_of(line)


def _column(rows: Sequence[Row], name: str) -> FloatArray:
    return np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=np.float64)


def _decides(row: Row, evidence: Evidence) -> bool:
    return not is_of_unknown(row) and row["claim_id"] not in evidence.superseded_claims and not is_forecast(row)


def is_forecast(claim: Mapping[str, Any]) -> bool:
    """Tell whether a claim speaks of what was to come: as it says itself, or by a time later than it was said."""
    if (claim["told_as"] or "fact") in FORECASTS:
        return True
    said = claim["said_utc_high"] or claim["known_utc"]
    is_time = claim["kind"] == "time" and claim["low"] is not None and np.isfinite(claim["low"])
    return bool(is_time and said is not None and claim["low"] > said.timestamp() / 60.0)


def weigh_statements(claim: Row, line: Line, evidence: Evidence, *, missing: str) -> Judgement:
    """Return what other statements say of a claim of which no event tells.

    missing   what is missing, as a sentence: for a forecast, and for statements that stand against one another

    Supported where somebody independent, in a source of reliability A or B, says the same and nobody such excludes it;
    uncorroborated where nobody independent says it and nobody excludes it.
    """
    if is_forecast(claim):
        return Judgement(NOT_TESTABLE, f"This was said of what was to come. {missing}")
    question_id = claim["question_id"]
    others = evidence.once(
        ("statements", question_id), lambda: Statements(evidence.graded_claims(question_id), evidence)
    )
    free = others.free(line) & _same_occasion(others, evidence.occasion_of(claim)) & _same_reference(others, claim)
    same, against = _compare(others, claim)
    rivals = _names(others, free & against)
    agreeing = _names(others, free & same)
    if rivals:
        misquoted = None if agreeing else _against_origins(claim, evidence)
        stand = f"statements stand against one another ({join_names(rivals, most=3)})"
        reason = f"No event tells it, and {stand}. {missing}"
        return misquoted or Judgement(NOT_TESTABLE, reason, [f"claims:{name}" for name in rivals])
    if agreeing:
        lines = choose(others.lines.words, others.lines.of(free & same) & others.lines.free_lines(line))
        if not has_line_of_its_own(line, others.lines, lines):
            reason = f"Only {lines[0]} says the same, and may be the unknown voice that the claim repeats."
            return Judgement(UNCORROBORATED, reason, [f"claims:{name}" for name in agreeing], lines)
        who = [f"{row['said_by']} ({row['source_id']})" for row in _rows(others, free & same)]
        reason = f"Said independently by {join_names(list(dict.fromkeys(who)), most=2)} too."
        return Judgement(SUPPORTED, reason, [f"claims:{name}" for name in agreeing], lines)
    return _against_origins(claim, evidence) or Judgement(UNCORROBORATED, f"Nobody independent tells it{UNOPPOSED}")


def hold_word_against_origin(judged: Judgement, claim: Row, evidence: Evidence) -> Judgement:
    """Return a judgement on a claim of one word (present, closed) with what those say whom it repeats.

    As with numbers, what independent evidence supports or contradicts keeps its verdict; what it admits keeps it too,
    and the reason names the misquotation.
    """
    if judged.verdict not in UNDECIDED or is_forecast(claim):
        return judged
    against = _against_origins(claim, evidence)
    return judged if against is None else blame_copy(judged, against)


def blame_copy(judged: Judgement, against: Judgement) -> Judgement:
    """Return an undecided judgement with what contradicts it; what is admitted stays so, and the reason says both."""
    return replace(judged, reason=f"{judged.reason} {against.reason}") if judged.verdict == COMPATIBLE else against


def _against_origins(claim: Row, evidence: Evidence) -> Judgement | None:
    """Return that a claim is contradicted by all those whom it repeats, of whatever grade; None where one admits it."""
    question_id = claim["question_id"]
    if not claim["derived_from"]:
        return None
    every = evidence.once(
        ("all statements", question_id), lambda: Statements(evidence.claims_on(question_id), evidence)
    )
    is_origin = _of_origins(every, claim) & _same_occasion(every, evidence.occasion_of(claim))
    shifted = _names(every, is_origin & _same_number_elsewhere(every, claim))
    if shifted:
        row = next(row for row in every.rows if row["claim_id"] == shifted[0])
        reason = f"It repeats {row['said_by']}, who tells the same number {row['value_ref']} ({row['claim_id']})."
        return Judgement(CONTRADICTED, reason, [f"claims:{name}" for name in shifted])
    _, against = _compare(every, claim)
    if claim["value_ref"] is not None:  # who repeats a height, and not above what, repeats it above the same
        against &= _same_reference(every, claim)
    origins, misquoted = _names(every, is_origin), _names(every, is_origin & against)
    if not origins or misquoted != origins:
        return None
    rows = [row for row in every.rows if row["claim_id"] in misquoted]
    names = join_names(list(dict.fromkeys(row["said_by"] for row in rows)))
    reason = f"It repeats {names}, who says otherwise ({join_names(misquoted, most=3)})."
    slipped = next((row for row in rows if _is_unit_slip(claim, row)), None)
    if slipped is not None:
        unit = f"in {slipped['said_unit'] or slipped['unit']}"
        reason = f"It repeats {slipped['said_by']}, who tells the same number {unit} ({slipped['claim_id']})."
    return Judgement(CONTRADICTED, reason, [f"claims:{name}" for name in misquoted])


def _is_unit_slip(claim: Row, origin: Row) -> bool:
    """Tell whether a claim tells the number of its origin in another unit: 900 ft told as 900 m."""
    if claim["kind"] not in MEASURED_KINDS or claim["value"] is None or claim["value"] != origin["value"]:
        return False
    return str(claim["said_unit"] or claim["unit"]) != str(origin["said_unit"] or origin["unit"])


def _same_reference(others: Statements, claim: Row) -> BoolArray:
    """Return (rows,) bool: which statements tell a height above the same as a claim; of anything else, all."""
    same: BoolArray = others.references == (claim["value_ref"] or "")
    return same if len(others.rows) else np.zeros(0, dtype=np.bool_)


def _same_number_elsewhere(others: Statements, claim: Row) -> BoolArray:
    """Return (rows,) bool: which statements tell a claim's height above something else: nobody took off the ground."""
    if claim["value_ref"] is None or not len(others.rows):
        return np.zeros(len(others.rows), dtype=np.bool_)
    is_other = (others.references != "") & (others.references != claim["value_ref"])
    wide = _ROUNDED * abs(claim["high"])
    is_near = (others.low - wide <= claim["high"]) & (claim["low"] - wide <= others.high)
    same: BoolArray = np.asarray(is_near & is_other, dtype=np.bool_)
    return same


def _compare(others: Statements, claim: Row) -> tuple[BoolArray, BoolArray]:
    """Return which statements say the same as a claim, and which exclude it, (rows,) bool each."""
    if claim["kind"] in WORDS:
        is_then = _of_one_time(others, claim)
        return (others.words == fold(claim["value"])) & is_then, (others.words != fold(claim["value"])) & is_then
    low, high = _bounds(others, claim)
    same = (claim["low"] <= low) & (high <= claim["high"]) & (np.isfinite(low) | np.isfinite(high))
    return same, (high < claim["low"]) | (low > claim["high"])


def _of_one_time(others: Statements, claim: Row) -> BoolArray:
    """Return (rows,) bool: which statements on a state may speak of a time of which a claim speaks; of others, all."""
    first, last = numbers.stand_time(claim)
    if claim["kind"] != "status" or (first, last) == numbers.FINAL:
        return np.ones(len(others.rows), dtype=np.bool_)
    is_undated = np.isinf(others.stands[0])
    is_then: BoolArray = is_undated | ((others.stands[0] <= last) & (others.stands[1] >= first))
    return is_then


def _of_origins(others: Statements, claim: Row) -> BoolArray:
    """Return (rows,) bool: which statements are those that a claim says it repeats: by row, source or speaker."""
    origins = {fold(name) for name in claim["derived_from"] or ()}
    own = [
        not names.isdisjoint(origins) and row["claim_id"] != claim["claim_id"]
        for names, row in zip(others.names, others.rows, strict=True)
    ]
    return np.array(own, dtype=np.bool_)


def _bounds(others: Statements, claim: Row) -> tuple[FloatArray, FloatArray]:
    """Return what other statements leave of a claimed value: of a count, for its time and in its unit."""
    if claim["kind"] != "count":
        return others.low, others.high
    least = others.sum_low if claim["part"] is None else others.low
    spans = bounds_for(least, others.high, others.parts, claim["part"])
    low, high = numbers.bounds_at(spans, others.stands, numbers.stand_time(claim))
    is_alike = (others.units == claim["unit"]) & ~np.isnan(others.low)
    return np.where(is_alike, low, -np.inf), np.where(is_alike, high, np.inf)


def has_line_of_its_own(claim: Line, rows: RowLines, lines: Chosen) -> bool:
    """Tell whether some lines support a claim: one that repeats an unknown voice needs two beside it
    that do not repeat one another.

    rows    the lines chosen from
    lines   the independent ones

    The unknown voice may be that of the only other sayer, who would then support themselves.
    """
    if UNKNOWN not in claim.voices:
        return len(lines) > 0
    own = [rows.lines[place] for place in lines.places.tolist()]
    return len({fold(one.sayer) for one in own}) > 1 and count_independent(own) > 1


def _same_occasion(others: Statements, occasion: str) -> BoolArray:
    same: BoolArray = (others.occasions == occasion) if len(others.rows) else np.zeros(0, dtype=np.bool_)
    return same


def _rows(others: Statements, chosen: BoolArray) -> list[Row]:
    return [others.rows[place] for place in np.flatnonzero(chosen)]


def _names(others: Statements, chosen: BoolArray) -> list[str]:
    return [str(row["claim_id"]) for row in _rows(others, chosen)]


def corroborate(judged: Judgement, claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return a judgement on which only the speaker's own word stands, or what independent statements add to it."""
    if judged.verdict != UNCORROBORATED:
        return judged
    told = weigh_statements(claim, line, evidence, missing="")
    if told.verdict not in (SUPPORTED, CONTRADICTED):
        return judged
    if told.verdict == CONTRADICTED:
        return told
    rows = (*judged.rows, *told.rows)
    return Judgement(SUPPORTED, told.reason, rows, told.lines, judged.assumptions)
