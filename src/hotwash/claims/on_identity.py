"""Claims of what a thing was, against the assessment of the find; and claims that are listed, not computed."""

from __future__ import annotations

import numpy as np

from hotwash.claims.evidence import (
    CONTRADICTED,
    LEAST_FOR_SUPPORT,
    MOST_FOR_CONTRADICTION,
    NOT_TESTABLE,
    SUPPORTED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import Line
from hotwash.claims.words import share
from hotwash.model.words import OBJECT_KINDS


def judge_identity(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the assessment of a find says of a claimed identity.

    `uas` has the probability of the find; any other word has at most what that leaves.
    """
    places = [place for place, row in enumerate(evidence.finds) if row["find_id"] == claim["subject_id"]]
    chance = evidence.finds[places[0]]["probability_find"] if places else None
    if chance is None or claim["value"] not in OBJECT_KINDS:
        return judge_listed(claim, line, evidence)
    row = evidence.finds[places[0]]
    rows = np.zeros(len(evidence.finds), dtype=np.bool_)
    rows[places[0]] = True
    lines = evidence.find_lines.names(line, rows)
    names = [f"finds:{row['find_id']}"]
    ceiling = chance if claim["value"] == "uas" else 1.0 - chance
    assessed = f"The assessment of {row['find_id']} ({row['assigned_by']}) takes it for {_spoken(row['object_kind'])}"
    if ceiling <= MOST_FOR_CONTRADICTION:
        reason = f"{assessed}; {_spoken(claim['value'])} has a probability of {share(ceiling)}."
        return Judgement(CONTRADICTED, reason, names, lines, probability=ceiling)
    if ceiling >= LEAST_FOR_SUPPORT and row["object_kind"] == claim["value"] and lines:
        return Judgement(SUPPORTED, f"{assessed} ({share(ceiling)}).", names, lines, probability=ceiling)
    rest = "but on the speaker's own word." if not lines else "which does not decide it."
    return Judgement(NOT_TESTABLE, f"{assessed}, {rest}", names, lines)


def _spoken(word: str) -> str:
    return word.replace("_", " ")


def judge_listed(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return that a statement in free words is listed beside the others, not computed."""
    same = evidence.bundle.claims.filter(question_id=claim["question_id"]).height - 1
    beside = f"beside {same} other statement{'s' if same != 1 else ''}" if same else "alone"
    return Judgement(NOT_TESTABLE, f"Free words: listed {beside} on this question, not computed.")


def judge_intent(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return that intent is never judged."""
    return Judgement(NOT_TESTABLE, "Intent is never judged; it is listed with who said it.")
