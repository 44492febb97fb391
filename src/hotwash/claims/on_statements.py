"""Claims of numbers that nothing but statements tell: against the independent statements on the same question.

Nobody supports themselves, and a voice that is not known may be any other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from hotwash.claims import numbers
from hotwash.claims.bounds import bound_claims
from hotwash.claims.evidence import NOT_TESTABLE, SUPPORTED, UNCORROBORATED, Evidence, Judgement, Row
from hotwash.claims.lines import UNKNOWN, BoolArray, Chosen, Line, RowLines, choose, fold
from hotwash.claims.words import join_names
from hotwash.geo.frames import FloatArray


@dataclass(frozen=True)
class _Statements:
    """The standing statements of fact on one number, in sources of a deciding grade.

    low, high         (n,) float64: what each leaves possible
    at_low, at_high   (n,) float64: the time for which it stands, ∞ when final
    words             what each says, and who says it
    """

    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    at_low: FloatArray
    at_high: FloatArray
    words: tuple[str, ...]
    lines: RowLines


def judge_by_statements(claim: Row, line: Line, evidence: Evidence, *, missing: str) -> Judgement:
    """Return what independent statements on the same question say of a number.

    missing   what evidence there is not, as the beginning of a sentence
    """
    key = ("statements", claim["question_id"], claim["unit"], claim["occasion_id"])
    others = evidence.once(key, lambda: _collect(claim, evidence))
    is_free = others.lines.independent_of(line)
    against = is_free & _excludes(others, claim)
    same = is_free & _is_within(others, claim)
    lead = f"{missing[0].upper()}{missing[1:]}"
    if against.any():
        each = join_names([others.words[place] for place in np.flatnonzero(against)])
        reason = f"Not testable: {missing}, and independent statements stand against it: {each}."
        return Judgement(NOT_TESTABLE, reason, _rows(others, against), _lines(others, line, against))
    if same.any():
        lines = _lines(others, line, same)
        each = join_names([others.words[place] for place in np.flatnonzero(same)])
        if has_line_of_its_own(line, others.lines, lines):
            return Judgement(
                SUPPORTED, f"{lead}, but independent statements agree: {each}.", _rows(others, same), lines
            )
        reason = f"{lead}; {each} says the same, but the voice that the claim repeats is unknown and may be that one."
        return Judgement(UNCORROBORATED, reason, _rows(others, same), lines)
    reason = f"{lead}; no independent statement in such a source says the same or anything against it."
    return Judgement(UNCORROBORATED, reason)


def has_line_of_its_own(claim: Line, rows: RowLines, lines: Chosen) -> bool:
    """Tell whether some lines support a claim: a claim that repeats an unknown voice needs two sayers beside it.

    rows    the lines chosen from
    lines   the independent ones

    The unknown voice may be that of the only other sayer, who would then support themselves.
    """
    if UNKNOWN not in claim.voices:
        return len(lines) > 0
    sayers = {fold(rows.lines[place].sayer) for place in lines.places.tolist()}
    return len(sayers) > 1


def _collect(claim: Row, evidence: Evidence) -> _Statements:
    graded = numbers.source_grades(evidence.bundle.recording.sources)
    bounded = evidence.once("bounded", lambda: bound_claims(evidence.bundle))
    is_same = (pl.col("question_id") == claim["question_id"]) & (pl.col("unit") == claim["unit"])
    is_other = pl.col("occasion_id").is_null() | pl.lit(claim["occasion_id"] is None)
    rows = (
        numbers.standing(bounded)
        .filter(
            is_same
            & pl.col("low").is_not_null()
            & (is_other | (pl.col("occasion_id") == claim["occasion_id"]))
            & pl.col("source_id").is_in(list(graded))
        )
        .to_dicts()
    )
    stands = np.array([numbers.stand_time(row) for row in rows], dtype=np.float64).reshape(-1, 2)
    return _Statements(
        tuple(row["claim_id"] for row in rows),
        np.array([row["low"] for row in rows], dtype=np.float64),
        np.array([row["high"] for row in rows], dtype=np.float64),
        stands[:, 0],
        stands[:, 1],
        tuple(f"{row['claim_id']} ({row['said_by']})" for row in rows),
        evidence.ancestry.of_rows(rows),
    )


def _spans(others: _Statements, claim: Row) -> tuple[FloatArray, FloatArray]:
    return numbers.bounds_at((others.low, others.high), (others.at_low, others.at_high), numbers.stand_time(claim))


def _excludes(others: _Statements, claim: Row) -> BoolArray:
    low, high = _spans(others, claim)
    return np.asarray((low > claim["high"]) | (high < claim["low"]))


def _is_within(others: _Statements, claim: Row) -> BoolArray:
    low, high = _spans(others, claim)
    is_bound = np.isfinite(low) | np.isfinite(high)
    return np.asarray((low >= claim["low"]) & (high <= claim["high"]) & is_bound)


def _rows(others: _Statements, chosen: BoolArray) -> tuple[str, ...]:
    return tuple(f"claims:{others.names[place]}" for place in np.flatnonzero(chosen))


def _lines(others: _Statements, line: Line, chosen: BoolArray) -> Chosen:
    return choose(others.lines.words, others.lines.of(chosen) & others.lines.free_lines(line))
