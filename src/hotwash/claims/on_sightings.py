"""What sightings leave of a claim that anything was there: they decide nothing, and say what would."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from hotwash.claims.assessed import assessed_chance, is_examined, is_explained, that_count
from hotwash.claims.evidence import (
    COMPATIBLE,
    MOST_FOR_CONTRADICTION,
    NOT_TESTABLE,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import Chosen, Line, choose
from hotwash.claims.words import join_names, sentence

_NO_GROUND = "No evidence of a drone remains; only a sensor that covered the place could show that there was none."
_POOR = ("D", "E", "F")  # not usually reliable, unreliable, cannot be judged


def judge_by_sightings(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Judge by sightings alone, which decide nothing; the reason says what would.

    That something was there is admitted by those who saw something before they knew of an alarm, and that stayed
    unexplained after a search. Where nobody has sought an explanation of some, those that stay unexplained after a
    search tell none the less.
    """
    asked = (claim["occasion_id"], claim["subject_id"])
    rows = evidence.once(("sightings", asked), lambda: _sightings_of(*asked, evidence))
    if not rows:
        reason = "Not testable: no sighting, find or track. A recording of a sensor that covered it would settle it."
        return Judgement(NOT_TESTABLE, reason)
    deciding = evidence.once(("deciding sightings", asked), lambda: _deciding(rows, evidence))
    reason, is_sought = evidence.once(("sightings text", asked), lambda: _sightings_text(deciding))
    names = evidence.once(("sighting names", asked), lambda: tuple(f"sightings:{row['sighting_id']}" for row in rows))
    if not is_sought:
        return Judgement(NOT_TESTABLE, reason, names)
    is_bearing = _BEARING.get(claim["value"], _leaves_no_object)
    telling = [row for row in deciding if is_bearing(row)]
    lines = _sighting_lines(telling, (asked, is_bearing.__name__), line, evidence)
    return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, names, lines)


def _deciding(rows: Sequence[Row], evidence: Evidence) -> list[Row]:
    """Return the sightings without those of sources known to be poor; all where there are no others."""
    poor = evidence.once("poor sources", lambda: _poor_sources(evidence))
    return [row for row in rows if row["source_id"] not in poor] or [*rows]


def _poor_sources(evidence: Evidence) -> frozenset[str]:
    sources = evidence.bundle.recording.sources.select("source_id", "reliability").iter_rows()
    return frozenset(name for name, grade in sources if grade in _POOR)


def _tells_of_object(sighting: Row) -> bool:
    return is_unexplained(sighting) and not sighting["after_alarm"]


def bears_on_it(sighting: Row) -> bool:
    """Tell whether a sighting is a line of its own on whether anything was there that cannot be told.

    What is explained, or was examined and is no uas, leaves nothing open; who knew of an alarm is not independent.
    """
    return not sighting["after_alarm"] and (
        sighting["saw_nothing"] or is_unsought(sighting) or is_unexplained(sighting)
    )


def is_unsought(sighting: Row) -> bool:
    """Tell whether something was seen of which nobody has sought an explanation, nor examined it."""
    return not sighting["saw_nothing"] and sighting["explained_by"] is None and not is_examined(sighting)


def is_unexplained(sighting: Row) -> bool:
    """Tell whether something was seen that nothing explains, after a search or a confirmation.

    What was examined and is no uas is explained.
    """
    if sighting["saw_nothing"] or is_unsought(sighting):
        return False
    chance = assessed_chance(sighting)
    return not is_explained(sighting) and (chance is None or chance > MOST_FOR_CONTRADICTION)


def is_confirmed(sighting: Row) -> bool:
    """Tell whether somebody else saw the same, or an examination found that it was real, and nothing explains it."""
    return is_unexplained(sighting) and sighting["explained_by"] == "confirmed"


def _leaves_no_object(sighting: Row) -> bool:
    return not is_unsought(sighting)


_BEARING = {"present": _tells_of_object, "cannot_tell": bears_on_it}


def _sightings_of(occasion: str | None, subject: str | None, evidence: Evidence) -> list[Row]:
    """Return the one sighting that is asked about, or those of an occasion."""
    one: list[Row] = [row for row in evidence.bundle.sightings.to_dicts() if row["sighting_id"] == subject]
    return one or that_count(evidence.bundle.sightings.to_dicts(), occasion, evidence.bundle.occasions.to_dicts())


def _sighting_lines(rows: Sequence[Row], of_what: Hashable, line: Line, evidence: Evidence) -> Chosen:
    of = evidence.once(("sighting lines", of_what), lambda: evidence.ancestry.of_rows(rows))
    return choose(of.words, of.free_lines(line))


def _sightings_text(rows: Sequence[Row]) -> tuple[str, bool]:
    """Return what sightings leave, and whether somebody has sought an explanation of those that tell of anything."""
    sighted = [row for row in rows if not row["saw_nothing"]]
    nobody_looked = [row["sighting_id"] for row in rows if is_unsought(row)]
    confirmed = [row["sighting_id"] for row in rows if is_confirmed(row)]
    unexplained = [row["sighting_id"] for row in rows if is_unexplained(row) and not is_confirmed(row)]
    nothing = len(rows) - len(sighted)
    if unexplained or confirmed:
        left = [f"confirmed as seen: {join_names(confirmed)}"] if confirmed else []
        left += [f"unexplained after a search: {join_names(unexplained)}"] if unexplained else []
        left += [f"nobody has yet sought an explanation of {join_names(nobody_looked)}"] if nobody_looked else []
        return f"{sentence('; '.join(left))}. A track or a find would settle it.", True
    if nobody_looked:
        reason = (
            f"Nobody has yet sought an explanation of {join_names(nobody_looked)}. "
            "Known traffic, a track or a star or planet would settle it."
        )
        return reason, False
    is_told = all(map(is_explained, sighted))
    words = "explained" if is_told else "explained or examined as no drone"
    said = [f"Every sighting is {words}"] if sighted else ["Nobody reports having seen anything"]
    if nothing:
        said.append(f"{nothing} observer{'s' if nothing > 1 else ''} looked and saw nothing")
    return f"{'; '.join(said)}. {_NO_GROUND}", True
