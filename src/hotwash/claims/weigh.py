"""Every claim weighed: the one table of judges, and what supersession does to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from hotwash.claims import on_counts, on_events, on_identity, on_ranges
from hotwash.claims.evidence import Evidence, Judgement, Row
from hotwash.claims.lines import Line
from hotwash.model import schema, tables
from hotwash.model.schema import TEXTS

Judge = Callable[[Row, Line, Evidence], Judgement]

JUDGES: Mapping[str, Judge] = {
    "count": on_counts.judge,
    "range": on_ranges.judge,
    "time": on_events.judge_time,
    "duration": on_events.judge_duration,
    "status": on_events.judge_status,
    "presence": on_events.judge_presence,
    "identity": on_identity.judge_identity,
    "cause": on_identity.judge_listed,
    "finding": on_identity.judge_listed,
    "intent": on_identity.judge_intent,
}


def findings(bounded: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Return FINDINGS: one for each claim, in their order.

    bounded    claims as `bounds.bounded` gives them
    evidence   what they are weighed against
    """
    replaced_by = superseders(bounded)
    rows: list[dict[str, Any]] = []
    for claim in bounded.iter_rows(named=True):
        line = evidence.ancestry.of_claim(claim["claim_id"])
        judged = JUDGES[claim["kind"]](claim, line, evidence)
        rows.append(_finding(claim, judged, replaced_by.get(claim["claim_id"])))
    lists = [name for name in tables.FINDINGS.names if tables.FINDINGS[name].dtype == TEXTS]
    plain = schema.frame(tables.FINDINGS, [{**row, **dict.fromkeys(lists, ())} for row in rows])
    return plain.with_columns([_texts(name, [row[name] for row in rows]) for name in lists])


def _texts(name: str, cells: Sequence[Sequence[str]]) -> pl.Series:
    """Return a column of lists; judges give equal lists as one object, and each is turned into a cell once."""
    numbers: dict[int, int] = {}
    places = [numbers.setdefault(id(cell), len(numbers)) for cell in cells]
    once = {id(cell): cell for cell in cells}
    return pl.Series(name, [list(once[number]) for number in numbers], dtype=TEXTS).gather(places)


def superseders(claims: pl.DataFrame) -> dict[str, str]:
    """Return which claim replaced which: {earlier: later}; of several, the one said last."""
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    later = claims.filter(pl.col("supersedes").is_not_null()).sort(said, nulls_last=False, maintain_order=True)
    return dict(later.select("supersedes", "claim_id").rows())


def _finding(claim: Row, judged: Judgement, superseded_by: str | None) -> dict[str, Any]:
    return {
        "claim_id": claim["claim_id"],
        "question_id": claim["question_id"],
        "verdict": "superseded" if superseded_by else judged.verdict,
        "reason": f"Replaced by {superseded_by}. On its merits: {judged.reason}" if superseded_by else judged.reason,
        "probability": judged.probability,
        "rows": judged.rows,
        "assumptions": judged.assumptions,
        "independent_lines": judged.lines,
        "superseded_by": superseded_by,
        "verdict_on_merits": judged.verdict if superseded_by else None,
    }
