"""Every claim weighed by the judge of its kind, and what supersession does to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from hotwash.claims import on_counts, on_events, on_identity, on_measures, on_presence, on_ranges, on_states
from hotwash.claims.evidence import NOT_WEIGHED, Evidence, Judgement, Row
from hotwash.claims.lines import Chosen, Line
from hotwash.claims.on_orders import weigh_order
from hotwash.claims.on_statements import WORDS, hold_word_against_origin
from hotwash.model import schema, tables
from hotwash.model.schema import TEXT, TEXTS

Judge = Callable[[Row, Line, Evidence], Judgement]

_PART = 200  # claims: their lists are built together, then let go of

# One judge for each kind of question in model.questions, each beside the evidence that it weighs.
JUDGES: Mapping[str, Judge] = (
    on_counts.JUDGES
    | on_measures.JUDGES
    | on_events.JUDGES
    | on_states.JUDGES
    | on_identity.JUDGES
    | on_presence.JUDGES
    | on_ranges.JUDGES
)


def findings(claims: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Return FINDINGS: one for each claim, in their order.

    claims     CLAIMS as `bounds.bound_claims` gives them
    evidence   what they are weighed against
    """
    replaced_by = superseders(claims)
    parts = (_part(part, replaced_by, evidence) for part in claims.iter_slices(_PART))
    return pl.concat([schema.empty(tables.FINDINGS), *parts])


def _part(claims: pl.DataFrame, replaced_by: Mapping[str, str], evidence: Evidence) -> pl.DataFrame:
    """Return the findings of some claims."""
    rows: list[dict[str, Any]] = []
    for claim in claims.iter_rows(named=True):
        line = evidence.ancestry.of_claim(claim["claim_id"])
        judged = _of_another_story(claim, evidence) or JUDGES[claim["kind"]](claim, line, evidence)
        if claim["kind"] in WORDS:
            judged = hold_word_against_origin(judged, claim, evidence)
        judged = weigh_order(judged, claim, line, evidence)
        rows.append(_finding(claim, judged, replaced_by.get(claim["claim_id"])))
    lists = [name for name in tables.FINDINGS.names if tables.FINDINGS[name].dtype == TEXTS]
    plain = schema.frame(tables.FINDINGS, [{**row, **dict.fromkeys(lists, ())} for row in rows])
    return plain.with_columns([_texts(name, [row[name] for row in rows]) for name in lists])


def _of_another_story(claim: Row, evidence: Evidence) -> Judgement | None:
    """Return that a claim on an occasion of another story is not weighed, where its question asks about this one."""
    occasion = claim["occasion_id"]
    if occasion is None or occasion not in evidence.other_stories:
        return None
    if evidence.questions[claim["question_id"]]["occasion_id"] == occasion:
        return None
    return Judgement(NOT_WEIGHED, f"It speaks of {occasion}, which belongs to another story.")


def _texts(name: str, cells: Sequence[Sequence[str]]) -> pl.Series:
    """Return a column of lists of words, built from numbers of words.

    The lists of ten thousand claims hold millions of words, but few different ones; as Python objects
    they would fill gigabytes. Judges give equal lists as one object, which becomes a cell once and is then copied.
    """
    places: dict[int, int] = {}
    where = [places.setdefault(id(cell), len(places)) for cell in cells]
    distinct = list({id(cell): cell for cell in cells}.values())
    words: list[str] = []
    known: dict[int, int] = {}
    lists = [_numbers(cell, words, known) for cell in distinct]
    owner = np.repeat(np.arange(len(lists)), [numbers.size for numbers in lists])
    spelled = pl.Series("word", words, dtype=TEXT).gather(np.concatenate(lists))
    flat = pl.DataFrame({"cell": owner, name: spelled}).group_by("cell", maintain_order=True).agg(name)
    every = pl.DataFrame({"cell": np.arange(len(lists))}).join(flat, on="cell", how="left", maintain_order="left")
    return every[name].fill_null(pl.Series([[]], dtype=TEXTS)).gather(where)


def _numbers(cell: Sequence[str], words: list[str], known: dict[int, int]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """Return a list of words as places in `words`, which grows by those that are not in it."""
    if not isinstance(cell, Chosen):
        words += cell
        return np.arange(len(words) - len(cell), len(words), dtype=np.uint32)
    if id(cell.words) not in known:
        known[id(cell.words)] = len(words)
        words += cell.words
    return cell.places + np.uint32(known[id(cell.words)])


def superseders(claims: pl.DataFrame) -> dict[str, str]:
    """Return which claim replaced which: {earlier: later}; of several, the one said last."""
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    later = claims.filter(pl.col("supersedes").is_not_null()).sort(said, nulls_last=False, maintain_order=True)
    return dict(later.select("supersedes", "claim_id").explode("supersedes").rows())


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
