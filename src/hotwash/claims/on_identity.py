"""Claims of what a thing was, against the assessment of the find; and claims that are listed, not computed."""

from __future__ import annotations

import numpy as np

from hotwash.claims.assessed import object_chance
from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    LEAST_FOR_SUPPORT,
    MOST_FOR_CONTRADICTION,
    NAMED_KIND,
    NOT_TESTABLE,
    NOT_WEIGHED,
    SUPPORTED,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import Line
from hotwash.claims.on_statements import has_line_of_its_own
from hotwash.claims.words import share
from hotwash.course.part_of_day import say_that_night
from hotwash.model.words import OBJECT_KINDS


def judge_identity(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the assessment of a find says of a claimed identity.

    `uas` has the probability of the find, any other kind at most what that leaves. A find taken for a uas may have a
    low probability because its night is in doubt, not its kind: that contradicts no `uas`. `unknown` tells what
    somebody knew; no probability speaks against it.
    """
    value = claim["value"]
    if value not in OBJECT_KINDS:
        return judge_free_words(claim, line, evidence)
    place = evidence.assessed_finds.places.get(claim["subject_id"])
    chance = None if place is None else evidence.finds[place]["probability_find"]
    if place is None or chance is None:
        missing = "has no probability" if place is not None else "is not a find of this account"
        return Judgement(NOT_TESTABLE, f"Not testable: {claim['subject_id'] or 'the subject'} {missing}.")
    row = evidence.finds[place]
    is_row = np.arange(len(evidence.finds)) == place
    names, lines = evidence.assessed_finds.names(is_row), evidence.assessed_finds.free_lines(line, is_row)
    by = f" by {row['assigned_by']}" if row["assigned_by"] else ""
    is_other = row["object_kind"] == "unknown" and chance <= MOST_FOR_CONTRADICTION
    assessed = f"{row['find_id']} is assessed{by} as {'no uas' if is_other else _spoken(row['object_kind'])}"
    if value == "unknown":
        verdict = COMPATIBLE if lines else UNCORROBORATED
        return Judgement(verdict, f"{assessed}; what the speaker knew is not judged.", names, lines)
    is_named = row["object_kind"] == value
    ceiling = chance if value == "uas" else object_chance(row, value) if is_named else 1.0 - chance
    assumed = () if value == "uas" else (NAMED_KIND,)
    if ceiling <= MOST_FOR_CONTRADICTION and not is_named:
        reason = f"{assessed}; {_spoken(value)} has a probability of {share(ceiling)}."
        return Judgement(CONTRADICTED, reason, names, lines, probability=ceiling)
    if not lines:
        reason = f"{assessed}, but every line of evidence traces back to the speaker or the source."
        return Judgement(UNCORROBORATED, reason, names, lines, assumed)
    if ceiling >= LEAST_FOR_SUPPORT and is_named:
        if has_line_of_its_own(line, evidence.assessed_finds.lines, lines):
            return Judgement(SUPPORTED, f"{assessed} ({share(ceiling)}).", names, lines, assumed, ceiling)
        reason = (
            f"{assessed}, but the voice that the claim repeats is unknown and may be the one that reports the find."
        )
        return Judgement(UNCORROBORATED, reason, names, lines, assumed)
    most = "" if is_named else "at most "
    night = f" of {say_that_night(evidence.bundle, row['occasion_id'])}" if value == "uas" else ""
    reason = f"{assessed}; {_spoken(value)}{night} has a probability of {most}{share(ceiling)}, which leaves it open."
    return Judgement(COMPATIBLE, reason, names, lines, assumed)


def _spoken(word: str) -> str:
    return word.replace("_", " ")


def judge_free_words(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return that a statement in free words is not weighed."""
    return Judgement(NOT_WEIGHED, "An answer in free words is listed and not weighed.")


def judge_intent(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return that intent is never judged."""
    return Judgement(NOT_WEIGHED, "Intent is never judged; each statement is listed with its speaker.")


JUDGES = {"identity": judge_identity, "cause": judge_free_words, "finding": judge_free_words, "intent": judge_intent}
