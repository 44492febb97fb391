"""Claims of a quantity that nobody counts, a height or a speed: against what others say of it."""

from __future__ import annotations

from hotwash.claims.evidence import COMPATIBLE, CONTRADICTED, NOT_TESTABLE, UNCORROBORATED, Evidence, Judgement, Row
from hotwash.claims.lines import Line, choose, fold
from hotwash.claims.on_statements import is_forecast, weigh_statements
from hotwash.claims.words import join_names, plain
from hotwash.model.questions import MEASURED_KINDS
from hotwash.model.words import NUMBER_WORDS

_STATED = {"height": "height_agl_m", "distance": "distance_m"}  # the columns of a sighting
_ABOUT = 0.1  # an observer's estimate holds within so much of itself, as "about" does where no question says it


def judge_measure(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what other statements say of an estimate, in the unit of its question: 600 ft are 183 m.

    Where none decides, what the sighting asked about states itself is the word of its observer, and of nobody else.
    """
    if claim["value"] in NUMBER_WORDS:
        return Judgement(UNCORROBORATED, "It tells what the speaker knew, and excludes no number.")
    judged = weigh_statements(claim, line, evidence, missing="What measured it is missing.")
    if judged.verdict != UNCORROBORATED or is_forecast(claim):
        return judged
    return _against_observer(claim, line, evidence) or judged


def _against_observer(claim: Row, line: Line, evidence: Evidence) -> Judgement | None:
    """Return what the observer of the sighting asked about states; None where they state nothing or are not free of it.

    A source that decides nothing excludes nothing, but who repeats its observer must repeat the number.
    """
    column = _STATED.get(claim["kind"], "")
    sightings = evidence.once(
        "sightings by id", lambda: {row["sighting_id"]: row for row in evidence.bundle.sightings.to_dicts()}
    )
    row = sightings.get(claim["subject_id"])
    is_comparable = column and row is not None and (column != "height_agl_m" or claim["value_ref"] == "AGL")
    if not is_comparable or row is None or row[column] is None:
        return None
    low, high = (row[column] * (1.0 + share) for share in (-_ABOUT, _ABOUT))
    is_admitted = claim["low"] <= high and low <= claim["high"]
    observer = row["said_by"] or row["role"]
    reference = " above the ground" if column == "height_agl_m" else ""
    said = f"about {plain(row[column])} m{reference} ({row['sighting_id']})"
    names = (f"sightings:{row['sighting_id']}",)
    origins = {fold(name) for name in claim["derived_from"] or ()}
    if not is_admitted and origins & {fold(name) for name in (observer, row["sighting_id"], row["source_id"]) if name}:
        return Judgement(CONTRADICTED, f"It repeats {join_names([observer])}, who states {said}.", names)
    of = evidence.ancestry.of_rows([row])
    lines = choose(of.words, of.free_lines(line))
    if not lines or row["source_id"] not in evidence.graded_sources:
        return None
    if is_admitted:
        return Judgement(COMPATIBLE, f"{observer} states {said}, which admits this value and others.", names, lines)
    reason = f"Not testable: {observer} states {said}, which excludes it; what measured it is missing."
    return Judgement(NOT_TESTABLE, reason, names, lines)


JUDGES = dict.fromkeys(MEASURED_KINDS, judge_measure)
