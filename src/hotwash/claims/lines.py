"""Independent lines: which rows do not trace back to the speaker of a claim, or to its source.

A line is one sayer in one source on one matter. It traces back to whomever the sayer repeats there, as the claims'
`derived_from` and `weighs` tell; a line that repeats an unknown voice is nobody's independent line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.model.incident import Bundle

UNKNOWN = "unknown"
WHENCE = ("derived_from", "weighs")  # of CLAIMS: from whom a speaker has what it says, repeated or judged

Names = frozenset[str]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Line:
    """One sayer in one source, and everyone whom this line goes back to (names and sources, folded)."""

    sayer: str
    source_id: str
    voices: Names


@dataclass(frozen=True, slots=True)
class Chosen(Sequence[str]):
    """Some of a list of words, told by their places in it: thousands of findings choose from one list.

    words    all that there is to choose from
    places   (n,) uint32
    """

    words: tuple[str, ...]
    places: np.ndarray[Any, np.dtype[np.uint32]]

    def __len__(self) -> int:
        return self.places.size

    def __getitem__(self, place: Any) -> Any:
        return self.words[self.places[place]]


def choose(words: tuple[str, ...], chosen: BoolArray) -> Chosen:
    """Return the words at which `chosen`, (words,) bool, is true."""
    return Chosen(words, np.flatnonzero(chosen).astype(np.uint32))


@dataclass(frozen=True)
class RowLines:
    """The lines of a list of rows.

    lines    distinct lines
    owner    (k,) int64: the row that the k-th pair belongs to, ascending
    line     (k,) int64: the line of the k-th pair
    count    how many rows there are
    """

    lines: tuple[Line, ...]
    owner: IntArray
    line: IntArray
    count: int

    @cached_property
    def _by_voice(self) -> dict[str, list[int]]:
        return index_by((voice, number) for number, line in enumerate(self.lines) for voice in line.voices)

    @cached_property
    def _by_source(self) -> dict[str, list[int]]:
        return index_by((fold(line.source_id), number) for number, line in enumerate(self.lines))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return every line in words: "prosecutor (S12)"."""
        return tuple(line_text(line) for line in self.lines)

    def free_lines(self, claim: Line) -> BoolArray:
        """Return (lines,) bool: which lines trace back neither to the claim's speaker, nor to whom they repeat, nor to
        their source.
        """
        free = np.ones(len(self.lines), dtype=np.bool_)
        for voice in (*claim.voices, fold(claim.sayer), UNKNOWN):
            free[self._by_voice.get(voice, [])] = False
            if voice:
                free[self._by_source.get(voice, [])] = False  # a source, where that is what the claim repeats
        free[self._by_source.get(fold(claim.source_id), [])] = False
        return free

    def independent_of(self, claim: Line, *, among: BoolArray | None = None) -> BoolArray:
        """Return (rows,) bool: whether at least one line of each row does not trace back to the claim's.

        among   (lines,) bool: the lines that may count; all by default
        """
        is_free = np.zeros(self.count, dtype=np.bool_)
        if self.lines:
            free = self.free_lines(claim) if among is None else self.free_lines(claim) & among
            is_free[self.owner[free[self.line]]] = True
        return is_free

    def of(self, rows: BoolArray) -> BoolArray:
        """Return (lines,) bool: which lines some rows, (count,) bool, have."""
        has_line = np.zeros(len(self.lines), dtype=np.bool_)
        if self.lines:
            has_line[self.line[rows[self.owner]]] = True
        return has_line


def index_by(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Return the numbers that stand with each key, in their order."""
    index: dict[str, list[int]] = {}
    for key, number in pairs:
        index.setdefault(key, []).append(number)
    return index


def line_text(line: Line) -> str:
    return f"{line.sayer} ({line.source_id})" if line.source_id else line.sayer


def fold(name: str) -> str:
    """Return a name as it is compared: case and doubled spaces do not count."""
    return " ".join(name.casefold().split())


def is_of_unknown(claim: Mapping[str, Any]) -> bool:
    """Tell whether a speaker has what it says, repeated or judged, from somebody whom nobody names."""
    return any(UNKNOWN in map(fold, claim[name] or ()) for name in WHENCE)


@dataclass(frozen=True)
class Matters:
    """What questions and rows are about: whoever has a number of somebody else may know the next one itself.

    of_question   the matter of each question, by its id
    of_kind       that of each kind of event that counts something
    of_unit       that of each unit
    """

    of_question: Mapping[str, str] = field(default_factory=dict)
    of_kind: Mapping[str, str] = field(default_factory=dict)
    of_unit: Mapping[str, str] = field(default_factory=dict)

    def of_row(self, row: Mapping[str, Any]) -> str:
        """Return the matter of an event, a find or a sighting; "" of another row, which is of all."""
        if "find_id" in row or "sighting_id" in row:
            return _PRESENCE
        if "event_id" not in row:
            return ""
        if row["value"] is None:
            return _COURSE
        return self.of_unit.get(row["unit"], row["unit"]) if row["unit"] else self.of_kind.get(row["kind"], row["kind"])


_PRESENCE, _COURSE = "presence", "course"
_MATTERS = {"identity": _PRESENCE, "time": _COURSE, "duration": _COURSE, "status": _COURSE}


class Ancestry:
    """Who repeats whom, from all claims of an incident: looked up by speaker, source and matter, or by claim."""

    def __init__(self, claims: pl.DataFrame, matters: Matters | None = None) -> None:
        self._matters = matters or Matters()
        rows = claims.select("claim_id", "said_by", "source_id", "question_id", *WHENCE).rows()
        self._claims: dict[str, tuple[str, str, str, Sequence[str]]] = {
            claim_id: (said_by, source_id, question_id, (*(derived or ()), *(weighed or ())))
            for claim_id, said_by, source_id, question_id, derived, weighed in rows
        }
        self._spoken: dict[tuple[str, str], list[str]] = {}
        for claim_id, (said_by, _, question_id, _) in self._claims.items():
            self._spoken.setdefault((fold(said_by), question_id), []).append(claim_id)
        self._of_line: dict[tuple[str, str], dict[str, Names]] = {}
        for claim_id, (said_by, source_id, question_id, _) in self._claims.items():
            on = self._of_line.setdefault((fold(said_by), source_id), {})
            matter = self._matters.of_question.get(question_id, "")
            on[matter] = on.get(matter, frozenset()) | self._voices(claim_id)

    def _voices(self, claim_id: str) -> Names:
        """Return the folded names of a claim's speaker and of all whom it repeats, and whom those repeat.

        A claim that is named leads on to its own ancestors; a speaker that is named, to those of all their
        claims on the same question: which of them was repeated, nobody wrote down.
        """
        voices: set[str] = set()
        done: set[str] = set()
        waiting = [claim_id]
        while waiting:
            name = waiting.pop()
            if name in done:
                continue
            done.add(name)
            said_by, _, question_id, derived = self._claims[name]
            voices.add(fold(said_by))
            for other in derived:
                if other in self._claims:
                    waiting.append(other)
                else:
                    voices.add(fold(other))
                    waiting += self._spoken.get((fold(other), question_id), ())
        return frozenset(voices)

    def of_claim(self, claim_id: str) -> Line:
        """Return the line of a claim."""
        said_by, source_id, _, _ = self._claims[claim_id]
        return Line(said_by, source_id, self._voices(claim_id))

    def line(self, sayer: str, source_id: str, matter: str = "") -> Line:
        """Return the line of a sayer in a source.

        matter   of what it speaks; "" for all

        Whom it repeats there is told by its claims on that matter. Where there are none, whoever it names on others
        may stand behind it too; that it has something else from a voice nobody knows says nothing of this.
        """
        on = self._of_line.get((fold(sayer), source_id), {})
        voices = on.get(matter)
        if voices is None:
            voices = frozenset[str]().union(*on.values()) - ({UNKNOWN} if matter else set())
        return Line(sayer, source_id, voices | {fold(sayer)})

    def of_rows(self, rows: Sequence[Mapping[str, Any]]) -> RowLines:
        """Return the lines of rows that have `said_by` and `source_id`, as names or lists of names.

        Sayers and sources are paired by place; the shorter list's last name serves for the rest.
        A row that names a source but nobody has the source itself as its voice.
        """
        known: dict[tuple[str, str, str], Line] = {}
        numbers: dict[Line, int] = {}
        owners: list[int] = []
        pairs: list[int] = []
        for place, row in enumerate(rows):
            matter = self._matters.of_row(row)
            for sayer, source_id in _pairs(_as_list(row["said_by"]), _as_list(row["source_id"])):
                key = (sayer, source_id, matter)
                line = known[key] if key in known else known.setdefault(key, self.line(*key))
                owners.append(place)
                pairs.append(numbers.setdefault(line, len(numbers)))
        # Lines stand in the order of their names.
        order = sorted(numbers, key=lambda line: (line.sayer, line.source_id, sorted(line.voices)))
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[[numbers[line] for line in order]] = np.arange(len(order))
        places = ranks[np.array(pairs, dtype=np.int64)]
        return RowLines(tuple(order), np.array(owners, dtype=np.int64), places, len(rows))


def _as_list(names: str | Sequence[str] | None) -> list[str]:
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def _pairs(sayers: list[str], sources: list[str]) -> list[tuple[str, str]]:
    if not sayers and not sources:
        return []
    sayers, sources = sayers or sources, sources or [""]
    most = max(len(sayers), len(sources))
    return [(sayers[min(k, len(sayers) - 1)], sources[min(k, len(sources) - 1)]) for k in range(most)]


def ancestry_of(bundle: Bundle) -> Ancestry:
    """Return who repeats whom in a bundle, on each matter that its questions ask about.

    Units that finds are weighed for are of one matter with the finds: whether anything was there.
    """
    asked = bundle.questions.select("question_id", "kind", "unit").rows()
    units = bundle.brief.count_units
    of_unit = {name: _PRESENCE if unit.column else name for name, unit in units.items()}
    of_kind = {kind: of_unit[name] for name, unit in units.items() for kind in unit.events}
    of_question = {
        name: of_unit.get(unit, unit) if kind == "count" else _MATTERS.get(kind, kind) for name, kind, unit in asked
    }
    return Ancestry(bundle.claims, Matters(of_question, of_kind, of_unit))


def count_independent(lines: Sequence[Line]) -> int:
    """Return the number of groups of lines that share no voice and no source; an unknown voice is nobody's line."""
    known = [line for line in lines if UNKNOWN not in line.voices]
    parent = list(range(len(known)))

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    for places in _sharing(known).values():
        for place in places[1:]:
            parent[root(place)] = root(places[0])
    return len({root(place) for place in range(len(known))})


def _sharing(lines: Sequence[Line]) -> Mapping[str, list[int]]:
    """Return which lines share each voice and each source."""
    voices = (
        (f"voice {voice}", place) for place, line in enumerate(lines) for voice in (*line.voices, fold(line.sayer))
    )
    sources = ((f"source {line.source_id}", place) for place, line in enumerate(lines) if line.source_id)
    return index_by((*voices, *sources))
