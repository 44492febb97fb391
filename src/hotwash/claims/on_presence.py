"""Claims of whether anything was there, against finds, tracks and sightings.

A presence is weighed by the same rows as a count of at least one: five finds of 0.8 each are not "no find".
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from hotwash.claims import counting
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
from hotwash.claims.lines import BoolArray, Chosen, Line, choose
from hotwash.claims.on_counts import finds_of
from hotwash.claims.on_numbers import judge_number, tells_number
from hotwash.claims.on_statements import has_line_of_its_own
from hotwash.claims.words import join_names, share
from hotwash.geo.frames import FloatArray
from hotwash.model.words import OBJECT_KINDS

_NO_GROUND = "No evidence of a drone remains; only a sensor that covered the place could show that there was none."
_POOR = ("D", "E", "F")  # not usually reliable, unreliable, cannot be judged
_NAMES = 4  # finds that a sentence names; the rest are counted
_OWN_RECORDING = "the recording traces back to the speaker or the source, or its origin is not stated"


def judge_presence(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what finds, tracks and sightings say of whether anything was there.

    What is asked is a uas, unless the question's subject is another kind of object. Where it is a find, only that find
    counts, and what is asked is whether it is of that night: what flew elsewhere shows nothing of it. The finds give
    the probability of at least one; rows that trace back to the speaker count for no support. Sightings decide nothing:
    unexplained ones may be anything, and explaining all of them leaves no ground for either. Those of a source of
    reliability D to F are looked at only where no other tells of any.
    """
    question = evidence.questions[claim["question_id"]]
    if claim["subject_id"] is None and asked_kind(question) == "balloon":
        claim = {**claim, "subject_id": "balloon"}
    subject, occasion = claim["subject_id"], claim["occasion_id"]
    if subject in evidence.find_places:
        return _judge_find(claim, line, evidence)
    by_finds = evidence.once(("present", subject, occasion), lambda: _by_finds(subject, occasion, evidence))
    if claim["value"] == "cannot_tell":
        return _cannot_tell(claim, line, by_finds, evidence)
    judged = _from_finds(claim, line, by_finds, evidence)
    if judged is not None and judged.verdict in (SUPPORTED, CONTRADICTED):
        return judged
    by_tracks = _from_tracks(claim, line, evidence)
    if by_tracks is not None:
        return by_tracks
    by_numbers = _from_numbers(claim, line, evidence)
    if by_numbers is not None and by_numbers.verdict in (SUPPORTED, CONTRADICTED):
        return by_numbers
    return judged or by_numbers or _from_sightings(claim, line, evidence)


def asked_kind(question: Row) -> str:
    """Return the kind of object that a question of presence asks after: its subject, or a balloon where it says so."""
    text = question["text"].casefold()
    is_balloon = "balloon" in text and "drone" not in text
    return str(question["subject_id"]) if question["subject_id"] in OBJECT_KINDS else "balloon" if is_balloon else "uas"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What finds show of a kind of object: (finds,) each one's probability, and how the kind is called."""

    chance: FloatArray
    kind: str
    assumed: tuple[str, ...]


def _by_finds(subject: str | None, occasion: str | None, evidence: Evidence) -> _Shown:
    kind = subject if subject in OBJECT_KINDS else "uas"
    is_meant = finds_of(occasion, evidence) & (subject in (None, kind))  # a find elsewhere shows nothing there
    chance = np.array([find_chance(row, kind) for row in evidence.finds], dtype=np.float64)
    return _Shown(np.where(is_meant, chance, 0.0), kind, (ONE_BY_ONE,) if kind == "uas" else (ONE_BY_ONE, NAMED_KIND))


def find_chance(find: Row, kind: str) -> float:
    """Return the probability that a find is an object of a kind, of that night; 0 where its assessment names another.

    What is assessed as no uas has the kind that is named. Of a balloon both may be stated: that it is hardly a uas, or
    that it is surely a balloon of that night.
    """
    chance = find["probability_find"]
    if chance is None or (find["object_kind"] == "balloon" if kind == "uas" else find["object_kind"] != kind):
        return 0.0
    if kind == "uas":
        return float(chance)
    return float(max(chance, 1.0 - chance) if kind == "balloon" else 1.0 - chance)


def _judge_find(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the assessment of one find says of whether it is a piece of a uas of that night."""
    place = evidence.find_places[claim["subject_id"]]
    row = evidence.finds[place]
    if row["probability_find"] is None:
        return Judgement(NOT_TESTABLE, f"Not testable: {row['find_id']} has no probability.")
    chance = find_chance(row, "uas")
    is_row = np.arange(len(evidence.finds)) == place
    rows, lines = evidence.find_rows(is_row), evidence.find_names(line, is_row)
    by = f", as {row['assigned_by']} assesses it" if row["assigned_by"] else ""
    words = f"{row['find_id']} is a uas of that night with a probability of {share(chance)}{by}"
    if claim["value"] == "cannot_tell":
        verdict = COMPATIBLE if lines else UNCORROBORATED
        return Judgement(verdict, f"{words}; whether the speaker could tell is not judged.", rows, lines)
    claimed = chance if claim["value"] == "present" else 1.0 - chance
    if claimed <= MOST_FOR_CONTRADICTION:
        return Judgement(CONTRADICTED, f"{words}.", rows, lines, probability=claimed)
    if not lines:
        reason = f"{words}, but every line traces back to the speaker or the source."
        return Judgement(UNCORROBORATED, reason, rows, lines)
    if claimed < LEAST_FOR_SUPPORT:
        return Judgement(COMPATIBLE, f"{words}, which leaves it open.", rows, lines)
    if has_line_of_its_own(line, evidence.find_lines, lines):
        return Judgement(SUPPORTED, f"{words}.", rows, lines, probability=claimed)
    reason = f"{words}, but the voice that the claim repeats is unknown and may be the one that reports it."
    return Judgement(UNCORROBORATED, reason, rows, lines)


def _at_least_one(chance: FloatArray) -> float:
    return 1.0 - float(np.prod(1.0 - chance))


def _from_finds(claim: Row, line: Line, shown: _Shown, evidence: Evidence) -> Judgement | None:
    """Return what finds say of presence or absence; None where no find says anything."""
    counts = shown.chance > 0.0
    if not counts.any():
        return None
    present, free = _at_least_one(shown.chance), counts & evidence.free_finds(line)
    rows, lines = evidence.find_rows(counts), evidence.find_names(line, _carrying(counts, shown.chance))
    words = _finds_words(counts, present, shown, evidence)
    if claim["value"] == "absent":
        if 1.0 - present <= MOST_FOR_CONTRADICTION:
            return Judgement(CONTRADICTED, f"{words}.", rows, lines, shown.assumed, 1.0 - present)
        reason = f"{words}, which does not decide whether one was there."
        return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, rows, lines, shown.assumed)
    by_others = _at_least_one(np.where(free, shown.chance, 0.0))
    if by_others >= LEAST_FOR_SUPPORT:
        rows, lines = evidence.find_rows(free), evidence.find_names(line, _carrying(free, shown.chance))
        words = _finds_words(free, by_others, shown, evidence)
        if has_line_of_its_own(line, evidence.find_lines, lines):
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


def _finds_words(rows: BoolArray, chance: float, shown: _Shown, evidence: Evidence) -> str:
    names = evidence.find_rows(rows)
    what = f"is a {shown.kind.replace('_', ' ')} of that night with a probability of {share(chance)}"
    first = [names[place].removeprefix("finds:") for place in range(min(len(names), _NAMES))]
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
    counted = next((found for unit in units if tells_number(found := {**one, "unit": unit}, evidence)), None)
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
    return ("balloons",) if kind == "balloon" else ("drones", "airframes", "crossings", "crashed")


def _cannot_tell(claim: Row, line: Line, shown: _Shown, evidence: Evidence) -> Judgement:
    """Judge that somebody could not tell: what they could tell is theirs; evidence only shows whether it is open."""
    judged = _from_finds({**claim, "value": "present"}, line, shown, evidence)
    if judged is None:
        seen = _from_sightings(claim, line, evidence)
        if not seen.rows:
            return seen
        return Judgement(COMPATIBLE, f"{seen.reason} That it could not be told fits this.", seen.rows, seen.lines)
    counts = shown.chance > 0.0
    words = _finds_words(counts, _at_least_one(shown.chance), shown, evidence)
    reason = f"{words}; whether the speaker could tell is not judged."
    verdict = COMPATIBLE if judged.lines else UNCORROBORATED
    return Judgement(verdict, reason, judged.rows, judged.lines, shown.assumed)


def _from_sightings(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Judge by sightings alone, which decide nothing; the reason says what would.

    That something was there is admitted by those who saw something before they knew of an alarm, and that stayed
    unexplained.
    """
    occasion = claim["occasion_id"]
    rows = evidence.once(("sightings", occasion), lambda: _sightings_of(occasion, evidence))
    if not rows:
        reason = "Not testable: no sighting, find or track. A recording of a sensor that covered it would settle it."
        return Judgement(NOT_TESTABLE, reason)
    deciding = evidence.once(("deciding sightings", occasion), lambda: _deciding(rows, evidence))
    reason, is_sought = evidence.once(("sightings text", occasion), lambda: _sightings_text(deciding))
    names = evidence.once(
        ("sighting names", occasion), lambda: tuple(f"sightings:{row['sighting_id']}" for row in rows)
    )
    if not is_sought:
        return Judgement(NOT_TESTABLE, reason, names)
    is_present = claim["value"] == "present"
    telling = [row for row in deciding if not is_present or _is_unexplained(row)]
    lines = _sighting_lines(telling, (occasion, is_present), line, evidence)
    return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, names, lines)


def _deciding(rows: Sequence[Row], evidence: Evidence) -> list[Row]:
    """Return the sightings without those of sources known to be poor; all where there are no others."""
    poor = evidence.once("poor sources", lambda: _poor_sources(evidence))
    return [row for row in rows if row["source_id"] not in poor] or [*rows]


def _poor_sources(evidence: Evidence) -> frozenset[str]:
    sources = evidence.bundle.recording.sources.select("source_id", "reliability").iter_rows()
    return frozenset(name for name, grade in sources if grade in _POOR)


def _is_unexplained(sighting: Row) -> bool:
    is_seen = not (sighting["saw_nothing"] or sighting["after_alarm"])
    return is_seen and sighting["explained_by"] in (None, "unexplained")


def _sightings_of(occasion: str | None, evidence: Evidence) -> list[Row]:
    related = set(evidence.bundle.occasions.filter(is_related=True)["occasion_id"].to_list())
    rows = evidence.bundle.sightings.to_dicts()
    return [
        row
        for row in rows
        if row["occasion_id"] not in related and (occasion is None or row["occasion_id"] in (None, occasion))
    ]


def _sighting_lines(rows: Sequence[Row], of_what: Hashable, line: Line, evidence: Evidence) -> Chosen:
    of = evidence.once(("sighting lines", of_what), lambda: evidence.ancestry.of_rows(rows))
    return choose(of.words, of.free_lines(line))


def _sightings_text(rows: Sequence[Row]) -> tuple[str, bool]:
    """Return what sightings leave, and whether somebody has sought an explanation of each."""
    sighted = [row for row in rows if not row["saw_nothing"]]
    nobody_looked = [row["sighting_id"] for row in sighted if row["explained_by"] is None]
    unexplained = [row["sighting_id"] for row in sighted if row["explained_by"] == "unexplained"]
    nothing = len(rows) - len(sighted)
    if nobody_looked:
        reason = (
            f"Nobody has yet sought an explanation of {join_names(nobody_looked)}. "
            "Known traffic, a track or a star or planet would settle it."
        )
        return reason, False
    if unexplained:
        return f"Unexplained after a search: {join_names(unexplained)}. A track or a find would settle it.", True
    said = ["Every sighting is explained"] if sighted else ["Nobody reports having seen anything"]
    if nothing:
        said.append(f"{nothing} observer{'s' if nothing > 1 else ''} looked and saw nothing")
    return f"{'; '.join(said)}. {_NO_GROUND}", True


JUDGES = {"presence": judge_presence}
