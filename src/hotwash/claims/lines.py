"""Independent lines: which rows do not trace back to the speaker of a claim, or to its source.

A line is one sayer in one source. It traces back to whomever the sayer repeats there, as the claims'
`derived_from` tells; a line that repeats an unknown voice is nobody's independent line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

UNKNOWN = "unknown"

Names = frozenset[str]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Line:
    """One sayer in one source, and everyone whom this line goes back to (names and sources, folded)."""

    sayer: str
    source_id: str
    voices: Names


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
        return _index((voice, number) for number, line in enumerate(self.lines) for voice in line.voices)

    @cached_property
    def _by_source(self) -> dict[str, list[int]]:
        return _index((line.source_id, number) for number, line in enumerate(self.lines))

    def free_lines(self, claim: Line) -> BoolArray:
        """Return (lines,) bool: which lines are independent of a claim's line; the rule of `is_independent`."""
        free = np.ones(len(self.lines), dtype=np.bool_)
        for voice in (*claim.voices, fold(claim.sayer), UNKNOWN):
            free[self._by_voice.get(voice, [])] = False
        free[self._by_source.get(claim.source_id, [])] = False
        return free

    def independent_of(self, claim: Line) -> BoolArray:
        """Return (rows,) bool: whether at least one line of each row does not trace back to the claim's."""
        found = np.zeros(self.count, dtype=np.bool_)
        if self.lines:
            found[self.owner[self.free_lines(claim)[self.line]]] = True
        return found

    def names(self, claim: Line, rows: BoolArray | None = None) -> list[str]:
        """Return the independent lines of some rows (all by default) in words: "prosecutor (S12)".

        rows   (count,) bool: the rows meant
        """
        if not self.lines:
            return []
        taken = self.free_lines(claim)[self.line]
        if rows is not None:
            taken &= rows[self.owner]
        return sorted(named(self.lines[number]) for number in np.unique(self.line[taken]).tolist())


def _index(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, number in pairs:
        found.setdefault(key, []).append(number)
    return found


def named(line: Line) -> str:
    return f"{line.sayer} ({line.source_id})" if line.source_id else line.sayer


def fold(name: str) -> str:
    """Return a name as it is compared: case and doubled spaces do not count."""
    return " ".join(name.casefold().split())


def is_independent(line: Line, claim: Line) -> bool:
    """Tell whether a line traces back neither to the claim's speaker, nor to whom they repeat, nor to their source."""
    return (
        UNKNOWN not in line.voices
        and line.source_id != claim.source_id
        and fold(claim.sayer) not in line.voices
        and not (line.voices & (claim.voices - {UNKNOWN}))
    )


class Ancestry:
    """Who repeats whom, from all claims of an incident: looked up by speaker and source, or by claim."""

    def __init__(self, claims: pl.DataFrame) -> None:
        rows = claims.select("claim_id", "said_by", "source_id", "derived_from").rows()
        self._claims: dict[str, tuple[str, str, Sequence[str]]] = {
            claim_id: (said_by, source_id, derived or ()) for claim_id, said_by, source_id, derived in rows
        }
        self._of_line: dict[tuple[str, str], set[str]] = {}
        for claim_id, (said_by, source_id, _) in self._claims.items():
            self._of_line.setdefault((fold(said_by), source_id), set()).update(self._voices(claim_id, set()))

    def _voices(self, claim_id: str, met: set[str]) -> set[str]:
        """Return the folded names of a claim's speaker and of all whom it repeats, through claims as well."""
        if claim_id in met:
            return set()
        met.add(claim_id)
        said_by, _, derived = self._claims[claim_id]
        voices = {fold(said_by)}
        for name in derived:
            voices |= self._voices(name, met) if name in self._claims else {fold(name)}
        return voices

    def of_claim(self, claim_id: str) -> Line:
        """Return the line of a claim."""
        said_by, source_id, _ = self._claims[claim_id]
        return Line(said_by, source_id, frozenset(self._voices(claim_id, set())))

    def line(self, sayer: str, source_id: str) -> Line:
        """Return the line of a sayer in a source."""
        return Line(sayer, source_id, frozenset({fold(sayer)} | self._of_line.get((fold(sayer), source_id), set())))

    def of_rows(self, rows: Sequence[Mapping[str, Any]]) -> RowLines:
        """Return the lines of rows that have `said_by` and `source_id`, as names or lists of names.

        Sayers and sources are paired by place; the shorter list's last name serves for the rest.
        A row that names a source but nobody has the source itself as its voice.
        """
        numbers: dict[tuple[str, str], int] = {}
        owners: list[int] = []
        pairs: list[int] = []
        for place, row in enumerate(rows):
            for pair in _pairs(_listed(row["said_by"]), _listed(row["source_id"])):
                owners.append(place)
                pairs.append(numbers.setdefault(pair, len(numbers)))
        lines = tuple(self.line(sayer, source_id) for sayer, source_id in numbers)
        return RowLines(lines, np.array(owners, dtype=np.int64), np.array(pairs, dtype=np.int64), len(rows))


def _listed(names: str | Sequence[str] | None) -> list[str]:
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def _pairs(sayers: list[str], sources: list[str]) -> list[tuple[str, str]]:
    if not sayers and not sources:
        return []
    sayers, sources = sayers or sources, sources or [""]
    most = max(len(sayers), len(sources))
    return [(sayers[min(k, len(sayers) - 1)], sources[min(k, len(sources) - 1)]) for k in range(most)]
