"""Claims of a quantity that nobody counts, a height or a speed: against what others say of it."""

from __future__ import annotations

from hotwash.claims.evidence import UNCORROBORATED, Evidence, Judgement, Row
from hotwash.claims.lines import Line
from hotwash.claims.on_statements import weigh_statements
from hotwash.model.questions import MEASURED_KINDS
from hotwash.model.words import NUMBER_WORDS


def judge_measure(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what other statements say of an estimate, in the unit of its question: 600 ft are 183 m."""
    if claim["value"] in NUMBER_WORDS:
        return Judgement(UNCORROBORATED, "It tells what the speaker knew, and excludes no number.")
    return weigh_statements(claim, line, evidence, missing="What measured it is missing.")


JUDGES = dict.fromkeys(MEASURED_KINDS, judge_measure)
