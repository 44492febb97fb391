"""What somebody assessed: finds, and sightings that were examined. Both tell of a presence by one probability a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from hotwash.claims.lines import UNKNOWN, Ancestry, BoolArray, Chosen, Line, RowLines, choose, fold, index_by
from hotwash.model.incident import Bundle
from hotwash.model.words import EXPLANATIONS, KNOWN_UAS, NO_AIRCRAFT, NOTHING_EXPLAINS, OBJECT_KINDS

Row = Mapping[str, Any]
T = TypeVar("T")

# Words of a question that say what it asks after, in the languages in which bundles are written.
_DRONE = re.compile(r"dron|drohn|\bu(?:as|av|ncrewed|nmanned)|дрон|бпла", re.IGNORECASE)
_EXPLAINS_AS = tuple(kind for kind in NO_AIRCRAFT if kind in EXPLANATIONS and kind != "other")
_BALLOON = re.compile(r"ball?o+n|аеростат", re.IGNORECASE)


@dataclass(frozen=True)
class Assessed:
    """Rows of finds and of sightings, with who reports and who assessed each.

    rows       rows of FINDS, of SIGHTINGS, or of both
    reporters  the lines that tell that something was found or seen
    lines      those on which each probability rests, as `judging_row` has it
    """

    rows: Sequence[Row]
    reporters: RowLines
    lines: RowLines
    _known: dict[Hashable, Any] = field(default_factory=dict)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each row in the list, by find_id or sighting_id; of one name the find."""
        return {name_of(row): place for place, row in reversed([*enumerate(self.rows)])}

    @cached_property
    def evidence_names(self) -> tuple[str, ...]:
        """The rows as findings list them: "finds:F1"."""
        return tuple(evidence_name(row) for row in self.rows)

    @cached_property
    def _assigned_by(self) -> Mapping[str, list[int]]:
        return index_by((fold(row["assigned_by"] or ""), place) for place, row in enumerate(self.rows))

    def _own(self, claim: Line) -> list[int]:
        return [place for voice in claim.voices - {UNKNOWN} for place in self._assigned_by.get(voice, [])]

    def free(self, claim: Line) -> BoolArray:
        """Return (rows,) bool: which do not trace back to a claim, by who reported them or who judged them.

        A probability that the speaker assigned is the speaker's word, whoever reported the row.
        """
        known: tuple[Line, BoolArray] | None = self._known.get("free")
        if known is None or known[0] is not claim:  # one judgement asks several times, and then the next claim does
            is_free = self.reporters.independent_of(claim)
            is_free[self._own(claim)] = False
            known = self._known["free"] = (claim, is_free)
        return known[1]

    def free_lines(self, claim: Line, rows: BoolArray) -> Chosen:
        """Return the independent lines on which the probabilities of some rows rest, in words."""
        rows = rows & self.free(claim)
        has_line = self._once(("lines", rows.tobytes()), lambda: self.lines.of(rows))
        return choose(self.lines.words, has_line & self.lines.free_lines(claim))

    def names(self, rows: BoolArray) -> Chosen:
        """Return the names of some rows, as findings list them."""
        return self._once(("names", rows.tobytes()), lambda: choose(self.evidence_names, rows))

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = make()
        value: T = self._known[key]
        return value


def name_of(row: Row) -> str:
    """Return the name of a find or a sighting."""
    return str(row["find_id"] if "find_id" in row else row["sighting_id"])


def evidence_name(row: Row) -> str:
    """Return a find or a sighting as findings list it."""
    return f"finds:{row['find_id']}" if "find_id" in row else f"sightings:{row['sighting_id']}"


def judge_of(row: Row) -> str | None:
    """Return on whose judgement a find, or an examined or explained sighting, rests; None of any other row."""
    is_assessed = "find_id" in row or ("sighting_id" in row and (is_examined(row) or is_explained(row)))
    return (row["assigned_by"] or None) if is_assessed else None


def judging_row(row: Row) -> Row:
    """Return a row as told by the one on whose judgement its probability rests.

    Three papers may report a find; how likely it is a drone of that night, one person judged. Where nobody is named as
    judging it, whoever reports it stands for it.
    """
    judge = judge_of(row)
    return row if judge is None else {**row, "said_by": judge, "source_id": None}


def assess(rows: Sequence[Row], ancestry: Ancestry) -> Assessed:
    """Return finds and sightings with who reports and who judges each."""
    return Assessed(rows, ancestry.of_rows(rows), ancestry.of_rows([judging_row(row) for row in rows]))


def assessed_chance(row: Row) -> float | None:
    """Return the probability that was assigned to a find or a sighting; None where nobody assessed it.

    Who finds that a sighting was a drone of a known operator has said that it was a drone.
    """
    chance = row["probability_find"] if "find_id" in row else row["probability_uas"]
    if chance is None and is_known_drone(row):
        return 1.0
    return None if chance is None else float(chance)


def is_known_drone(row: Row) -> bool:
    """Tell whether a sighting is explained by an uncrewed aircraft whose operator is known."""
    return "sighting_id" in row and row["explained_by"] == KNOWN_UAS and not row["saw_nothing"]


def is_examined(sighting: Row) -> bool:
    """Tell whether somebody examined a sighting and says how likely it shows a uas."""
    return sighting["probability_uas"] is not None or is_known_drone(sighting)


def is_explained(sighting: Row) -> bool:
    """Tell whether something explains a sighting; that it was sought in vain, or seen by others too, does not."""
    return sighting["explained_by"] not in (None, *NOTHING_EXPLAINS)


def object_chance(row: Row, kind: str) -> float:
    """Return the probability that what was found or seen is an object of a kind, of that night; 0 where not assessed.

    What is assessed as no uas has the kind that is named: the kind of a find, the balloon or the kite that explains a
    sighting. Of a find that is a balloon both may be stated: that it is hardly a uas, or that it is surely a balloon of
    that night.
    """
    chance, named = assessed_chance(row), assessed_kind(row)
    if chance is None:
        return 0.0
    if kind == "uas":
        return 0.0 if "find_id" in row and named in NO_AIRCRAFT else chance
    if named != kind:
        return 0.0
    return max(chance, 1.0 - chance) if "find_id" in row and kind in NO_AIRCRAFT else 1.0 - chance


def is_of_occasion(row: Row, kind: str) -> bool:
    """Tell whether the assessment of a find or sighting says of an object of a kind when it was there.

    A balloon's small probability says how likely it is a uas: so it is a balloon, and of any night. Then only the
    occasion that it names says which.
    """
    chance = assessed_chance(row)
    is_other = "find_id" in row and kind in NO_AIRCRAFT and assessed_kind(row) == kind
    return not is_other or chance is None or chance >= 0.5 or row["occasion_id"] is not None


def assessed_kind(row: Row) -> str:
    """Return the kind of object that the assessment of a find or a sighting names.

    Of a sighting `object_kind` is what its observer took it for, which is no assessment.
    """
    if "find_id" in row:
        return str(row["object_kind"])
    return row["explained_by"] if row["explained_by"] in _EXPLAINS_AS else "uas"


def asked_kind(question: Row, rows: Sequence[Row], occasions: Sequence[Row] = ()) -> str:
    """Return the kind of object that a question of presence asks after: "uas" where nothing says otherwise.

    rows       finds, and sightings that were examined
    occasions  rows of OCCASIONS

    Its subject says so, or its words where they name one kind alone; else a balloon is asked after where the subject
    is a find assessed as one, or where nothing else was assessed on its occasion.
    """
    if question["subject_id"] in OBJECT_KINDS:
        return str(question["subject_id"])
    names_balloon, names_drone = (pattern.search(question["text"]) is not None for pattern in (_BALLOON, _DRONE))
    if names_balloon != names_drone:
        return "balloon" if names_balloon else "uas"
    own = [row for row in rows if question["subject_id"] == name_of(row)]
    kinds = {assessed_kind(row) for row in own or on_occasion(rows, question["occasion_id"], occasions)}
    (kind,) = kinds if len(kinds) == 1 else ("uas",)
    return kind if kind in _EXPLAINS_AS else "uas"


def is_unheard_of(subject: str | None, bundle: Bundle) -> bool:
    """Tell whether the subject of a question of presence names nothing that a bundle tells of.

    It may be a kind of object, a find, a sighting, an occasion, or a place: an aerodrome, what an event or an occasion
    happened to, where something was found or seen.
    """
    if subject is None or subject in OBJECT_KINDS or subject in bundle.brief.aerodromes:
        return False
    recording = bundle.recording
    named = (
        *(bundle.finds["find_id"], bundle.sightings["sighting_id"], bundle.finds["place"], bundle.sightings["place"]),
        *(bundle.occasions["occasion_id"], bundle.occasions["subject_id"], recording.events["subject_id"]),
        bundle.aerodromes["aerodrome_id"],
    )
    return not any((column == subject).any() for column in named)


def on_occasion(rows: Sequence[Row], occasion: str | None, occasions: Sequence[Row]) -> list[Row]:
    """Return the finds or sightings of an occasion: what names it, and what it is an occasion of; of none, nothing.

    What names no occasion belongs to the only one that there is; where there are several, to none of them.
    """
    if occasion is None:
        return []
    subjects = {item["subject_id"] for item in occasions if item["occasion_id"] == occasion}
    is_only = sum(not item["is_related"] for item in occasions) <= 1
    meant = (None, occasion) if is_only else (occasion,)
    return [row for row in rows if row["occasion_id"] in meant or name_of(row) in subjects]


def that_count(rows: Sequence[Row], occasion: str | None, occasions: Sequence[Row]) -> list[Row]:
    """Return the finds or sightings that a question of an occasion looks at; of no occasion, those of any story here.

    The answer to a question and the verdicts on its claims look at the same rows.
    """
    if occasion is not None:
        return on_occasion(rows, occasion, occasions)
    related = {item["occasion_id"] for item in occasions if item["is_related"]}
    return [row for row in rows if row["occasion_id"] not in related]
