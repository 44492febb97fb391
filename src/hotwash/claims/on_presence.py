"""Claims of whether anything was there, against finds, examined sightings, tracks and other sightings.

A presence is weighed by the same rows as a count of at least one: five finds of 0.8 each are not "no find". A sighting
that somebody examined, a video or a radar replay, is weighed together with the finds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hotwash.claims import counting
from hotwash.claims.assessed import (
    asked_kind,
    assessed_chance,
    is_of_occasion,
    is_unheard_of,
    name_of,
    object_chance,
    on_occasion,
)
from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    LEAST_FOR_SUPPORT,
    MOST_FOR_CONTRADICTION,
    NAMED_KIND,
    NOT_TESTABLE,
    ONE_BY_ONE,
    SUPPORTED,
    TRACKS_COMPLETE,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import BoolArray, Line, choose
from hotwash.claims.on_counts import rows_of
from hotwash.claims.on_numbers import judge_number, tells_number
from hotwash.claims.on_sightings import judge_by_sightings
from hotwash.claims.on_statements import has_line_of_its_own
from hotwash.claims.words import join_names, share
from hotwash.course.part_of_day import say_that_night
from hotwash.geo.frames import FloatArray
from hotwash.model.words import NO_AIRCRAFT, OBJECT_KINDS

_NAMES = 4  # finds and sightings that a sentence names; the rest are counted
_OWN_RECORDING = "the recording traces back to the speaker or the source, or its origin is not stated"


def judge_presence(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what finds, tracks and sightings say of whether anything was there.

    What is asked is a uas, unless the question asks after another kind of object. Where its subject is one find or one
    sighting, only that counts, and what is asked is whether it is of that night: what flew elsewhere shows nothing of
    it. Of what the bundle does not tell, nothing can be tested. Finds and examined sightings give the probability of at
    least one; rows that trace back to the speaker count for no support. Other sightings decide nothing: unexplained
    ones may be anything, and explaining all of them leaves no ground for either. Those of a source of reliability D to
    F are looked at only where no other tells of any.
    """
    question = evidence.questions[claim["question_id"]]
    kind = evidence.once(("asked kind", question["question_id"]), lambda: _asked_kind(question, evidence))
    if claim["subject_id"] in evidence.assessments.places:
        return _judge_one(claim, kind, line, evidence)
    if evidence.once(("unheard of", claim["subject_id"]), lambda: is_unheard_of(claim["subject_id"], evidence.bundle)):
        return Judgement(NOT_TESTABLE, f"Not testable: nothing of {claim['subject_id']} is told.")
    if claim["subject_id"] in evidence.once(
        "sighting ids", lambda: frozenset(evidence.bundle.sightings["sighting_id"])
    ):
        return judge_by_sightings(claim, line, evidence)
    if claim["subject_id"] is None and kind != "uas":
        claim = {**claim, "subject_id": kind}
    subject, occasion = claim["subject_id"], claim["occasion_id"]
    shown = evidence.once(("present", subject, occasion), lambda: _show(subject, occasion, evidence))
    if claim["value"] == "cannot_tell":
        return _cannot_tell(claim, line, shown, evidence)
    judged = _from_assessed(claim, line, shown, evidence)
    if judged is not None and judged.verdict in (SUPPORTED, CONTRADICTED):
        return judged
    by_tracks = _from_tracks(claim, line, evidence)
    if by_tracks is not None:
        return by_tracks
    by_numbers = _from_numbers(claim, line, evidence)
    if by_numbers is not None and by_numbers.verdict in (SUPPORTED, CONTRADICTED):
        return by_numbers
    return judged or by_numbers or judge_by_sightings(claim, line, evidence)


def _asked_kind(question: Row, evidence: Evidence) -> str:
    return asked_kind(question, evidence.assessments.rows, evidence.bundle.occasions.to_dicts())


@dataclass(frozen=True, slots=True)
class _Shown:
    """What was assessed shows of a kind of object: (rows,) each one's probability, and how the kind is called."""

    chance: FloatArray
    kind: str
    assumed: tuple[str, ...]
    occasion: str | None


def _show(subject: str | None, occasion: str | None, evidence: Evidence) -> _Shown:
    kind, rows = subject if subject in OBJECT_KINDS else "uas", evidence.assessments.rows
    of_occasion = {name_of(row) for row in on_occasion(rows, occasion, evidence.bundle.occasions.to_dicts())}
    is_there = rows_of(rows, occasion, evidence) | np.array(
        [name_of(row) in of_occasion for row in rows], dtype=np.bool_
    )
    is_meant = is_there & (subject in (None, kind))  # what is elsewhere shows nothing there
    chance = np.array([object_chance(row, kind) for row in rows], dtype=np.float64)
    assumed = (ONE_BY_ONE,) if kind == "uas" else (ONE_BY_ONE, NAMED_KIND)
    return _Shown(np.where(is_meant, chance, 0.0), kind, assumed, occasion)


def _judge_one(claim: Row, kind: str, line: Line, evidence: Evidence) -> Judgement:
    """Return what the assessment of one find or sighting says of whether it is of that night, as what is asked."""
    place = evidence.assessments.places[claim["subject_id"]]
    row = evidence.assessments.rows[place]
    if assessed_chance(row) is None:
        return Judgement(NOT_TESTABLE, f"Not testable: {name_of(row)} has no probability.")
    chance = object_chance(row, kind)
    is_row = np.arange(len(evidence.assessments.rows)) == place
    rows, lines = evidence.assessments.names(is_row), evidence.assessments.free_lines(line, is_row)
    assumed = () if kind == "uas" else (NAMED_KIND,)
    by = f", as {row['assigned_by']} assesses it" if row["assigned_by"] else ""
    of = f" of {say_that_night(evidence.bundle, row['occasion_id'])}" if is_of_occasion(row, kind) else ""
    words = f"{name_of(row)} is a {kind.replace('_', ' ')}{of} with a probability of {share(chance)}{by}"
    if claim["value"] == "cannot_tell":
        verdict = COMPATIBLE if lines else UNCORROBORATED
        return Judgement(verdict, f"{words}; whether the speaker could tell is not judged.", rows, lines, assumed)
    claimed = chance if claim["value"] == "present" else 1.0 - chance
    if claimed <= MOST_FOR_CONTRADICTION:
        return Judgement(CONTRADICTED, f"{words}.", rows, lines, assumed, claimed)
    if not lines:
        reason = f"{words}, but every line traces back to the speaker or the source."
        return Judgement(UNCORROBORATED, reason, rows, lines, assumed)
    if claimed < LEAST_FOR_SUPPORT:
        return Judgement(COMPATIBLE, f"{words}, which leaves it open.", rows, lines, assumed)
    if has_line_of_its_own(line, evidence.assessments.lines, lines):
        return Judgement(SUPPORTED, f"{words}.", rows, lines, assumed, claimed)
    reason = f"{words}, but the voice that the claim repeats is unknown and may be the one that reports it."
    return Judgement(UNCORROBORATED, reason, rows, lines, assumed)


def _at_least_one(chance: FloatArray) -> float:
    return 1.0 - float(np.prod(1.0 - chance))


def _from_assessed(claim: Row, line: Line, shown: _Shown, evidence: Evidence) -> Judgement | None:
    """Return what finds and examined sightings say of presence or absence; None where none says anything."""
    counts = shown.chance > 0.0
    if not counts.any():
        return None
    present, free = _at_least_one(shown.chance), counts & evidence.assessments.free(line)
    rows, lines = (
        evidence.assessments.names(counts),
        evidence.assessments.free_lines(line, _carrying(counts, shown.chance)),
    )
    words = _assessed_words(counts, present, shown, evidence)
    if claim["value"] == "absent":
        if 1.0 - present <= MOST_FOR_CONTRADICTION:
            return Judgement(CONTRADICTED, f"{words}.", rows, lines, shown.assumed, 1.0 - present)
        reason = f"{words}, which does not decide whether one was there."
        return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, rows, lines, shown.assumed)
    by_others = _at_least_one(np.where(free, shown.chance, 0.0))
    if by_others >= LEAST_FOR_SUPPORT:
        rows, lines = (
            evidence.assessments.names(free),
            evidence.assessments.free_lines(line, _carrying(free, shown.chance)),
        )
        words = _assessed_words(free, by_others, shown, evidence)
        if has_line_of_its_own(line, evidence.assessments.lines, lines):
            return Judgement(SUPPORTED, f"{words}.", rows, lines, shown.assumed, by_others)
        reason = f"{words}, but the voice that the claim repeats is unknown and may be the one that reports them."
        return Judgement(UNCORROBORATED, reason, rows, lines, shown.assumed)
    if not free.any():
        reason = f"{words}, but every line traces back to the speaker or the source."
        return Judgement(UNCORROBORATED, reason, rows, lines, shown.assumed)
    if present >= LEAST_FOR_SUPPORT:
        reason = f"{words}; those independent of the speaker give {share(by_others)}, which leaves it open."
    else:
        reason = f"{words}, which does not decide whether one was there."
    return Judgement(COMPATIBLE, reason, rows, lines, shown.assumed)


def _carrying(rows: BoolArray, chance: FloatArray) -> BoolArray:
    """Return the rows that carry a presence: those more likely than not, or all where none is."""
    likely = rows & (chance >= 0.5)
    return likely if likely.any() else rows


def _assessed_words(rows: BoolArray, chance: float, shown: _Shown, evidence: Evidence) -> str:
    names = evidence.assessments.names(rows)
    of = f" of {evidence.once(('that night', shown.occasion), lambda: say_that_night(evidence.bundle, shown.occasion))}"
    if shown.kind in NO_AIRCRAFT:  # thousands of drones need not be asked
        shows = [evidence.assessments.rows[place] for place in np.flatnonzero(rows).tolist()]
        of = of if all(is_of_occasion(row, shown.kind) for row in shows) else ""
    what = f"is a {shown.kind.replace('_', ' ')}{of} with a probability of {share(chance)}"
    first = [names[place].partition(":")[2] for place in range(min(len(names), _NAMES))]
    if len(names) == 1:
        return f"{first[0]} {what}"
    return f"At least one of {join_names([*first, *[''] * (len(names) - len(first))], most=_NAMES)} {what}"


def _from_tracks(claim: Row, line: Line, evidence: Evidence) -> Judgement | None:
    """Return what tracks say of presence where no place or kind is named: objects without an identity inside.

    None where there are no tracks, where more was found than they show, or where they leave it open.
    """
    tracked = evidence.track_counts.get("airframes")
    if tracked is None or claim["subject_id"] is not None or claim["occasion_id"] is not None:
        return None
    if evidence.once("outnumbered", lambda: counting.outnumbers(counting.countable_finds(evidence.bundle), tracked)):
        return None
    present = 1.0 - tracked.hits.between(0, 0)
    chance = present if claim["value"] == "present" else 1.0 - present
    words = f"The tracks show an object without identity inside {tracked.place} with a probability of {share(present)}"
    recorded = evidence.recording_lines
    free = recorded.free_lines(line)
    lines = choose(recorded.words, free)

    def judge(verdict: str, reason: str, probability: float | None = None) -> Judgement:
        return Judgement(verdict, reason, tracked.rows, lines, (TRACKS_COMPLETE,), probability)

    if chance <= MOST_FOR_CONTRADICTION:
        return judge(CONTRADICTED, f"{words}.", chance)
    if chance < LEAST_FOR_SUPPORT:
        return None
    if free.all() and has_line_of_its_own(line, recorded, lines):
        return judge(SUPPORTED, f"{words}.", chance)
    return judge(UNCORROBORATED, f"{words}, but {_OWN_RECORDING}.")


def _from_numbers(claim: Row, line: Line, evidence: Evidence) -> Judgement | None:
    """Return what events say that tell how many there were; None where no source that decides tells a number.

    That something was there is a count of one at least; a record in words, such as a receiver's, is told as a number.
    """
    one = {**claim, "subject_id": None, "low": 1.0, "high": math.inf, "relation": "at_least"}
    units = units_of(claim["subject_id"] or "uas")
    asked = [{**one, "unit": unit} for unit in units]
    counted = next((row for row in asked if tells_number(row, evidence, is_of_any=True)), None)
    if counted is None:
        return None
    judged = judge_number(counted, line, evidence)
    if judged.verdict == CONTRADICTED:
        return None  # that none was registered shows nothing of what the sensor did not cover
    if claim["value"] == "present":
        return judged
    none = {**counted, "low": 0.0, "high": 0.0, "relation": "exactly"}
    return judge_number(none, line, evidence)


def units_of(kind: str) -> tuple[str, ...]:
    """Return the units of counts that tell of a kind of object that it was there."""
    if kind in NO_AIRCRAFT:
        return ("balloons",) if kind == "balloon" else ()
    return ("drones", "airframes", "crossings", "crashed")


def _cannot_tell(claim: Row, line: Line, shown: _Shown, evidence: Evidence) -> Judgement:
    """Judge that somebody could not tell: what they could tell is theirs; evidence only shows whether it is open."""
    judged = _from_assessed({**claim, "value": "present"}, line, shown, evidence)
    if judged is None:
        seen = judge_by_sightings(claim, line, evidence)
        if not seen.rows:
            return seen
        return Judgement(COMPATIBLE, f"{seen.reason} That it could not be told fits this.", seen.rows, seen.lines)
    counts = shown.chance > 0.0
    words = _assessed_words(counts, _at_least_one(shown.chance), shown, evidence)
    reason = f"{words}; whether the speaker could tell is not judged."
    verdict = COMPATIBLE if judged.lines else UNCORROBORATED
    return Judgement(verdict, reason, judged.rows, judged.lines, shown.assumed)


JUDGES = {"presence": judge_presence}
