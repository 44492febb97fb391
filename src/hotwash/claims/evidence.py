"""What a claim is weighed against, indexed once for all claims; and the form that a judgement has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from hotwash.claims import counting
from hotwash.claims.counting import Hits
from hotwash.claims.lines import Ancestry, BoolArray, Line, RowLines
from hotwash.claims.ranges import Reach
from hotwash.model.incident import Bundle

Row = Mapping[str, Any]

SUPPORTED, CONTRADICTED, NOT_TESTABLE = "supported", "contradicted", "not_testable"

# Rule 4: supported from here on, contradicted up to there, in between neither.
LEAST_FOR_SUPPORT = 0.90
MOST_FOR_CONTRADICTION = 0.05

GRADED = "M-GRADED"
LISTED = "M-LISTED"
ONE_BY_ONE = "M-ONE-BY-ONE"
METHOD = {
    GRADED: "Events told by a source of reliability A or B are taken as they stand; others decide nothing.",
    LISTED: "The bundle lists every closure, diversion and cancellation that was told.",
    ONE_BY_ONE: "The probabilities of finds are judged one by one; a common error is shown as all-low and all-high.",
}
_GRADES_TAKEN = ("A", "B")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evidence says of one claim on its merits. Fields as in FINDINGS."""

    verdict: str
    reason: str
    rows: Sequence[str] = ()
    lines: Sequence[str] = ()
    assumptions: Sequence[str] = ()
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """Some events with their lines; `numbers` are their places in the whole list."""

    rows: tuple[Row, ...]
    numbers: tuple[int, ...]

    @property
    def names(self) -> list[str]:
        return [f"events:{row['event_id']}" for row in self.rows]


@dataclass(frozen=True)
class Evidence:
    """Everything that claims are weighed against.

    finds, find_lines     rows of FINDS and their lines, in one order
    events, event_lines   rows of EVENTS and their lines, in one order
    durations             rows of DURATIONS by name
    """

    bundle: Bundle
    ancestry: Ancestry
    reach: Reach
    durations: Mapping[str, Row]
    finds: tuple[Row, ...]
    find_lines: RowLines
    events: tuple[Row, ...]
    event_lines: RowLines
    _places: Mapping[str, tuple[int, ...]]
    _graded: frozenset[str]
    _hits: dict[tuple[str, bytes], Hits] = field(default_factory=dict)
    _chances: dict[str, counting.FloatArray] = field(default_factory=dict)

    def chance(self, unit: str) -> counting.FloatArray:
        """Return each find's probability for a unit, (finds,)."""
        if unit not in self._chances:
            self._chances[unit] = counting.probabilities(self.bundle.finds, unit)
        return self._chances[unit]

    def hits(self, unit: str, rows: BoolArray) -> Hits:
        """Return the distribution of a unit over some finds; equal questions are answered from memory."""
        key = (counting.COLUMN_OF_UNIT[unit], rows.tobytes())
        if key not in self._hits:
            self._hits[key] = counting.hits(self.chance(unit)[rows])
        return self._hits[key]

    def told(self, kind: str, subject: str | None = None) -> Events:
        """Return the events of a kind (and subject) whose sources are graded A or B."""
        numbers = tuple(
            number
            for number in self._places.get(kind, ())
            if (subject is None or self.events[number]["subject_id"] == subject) and self.is_graded(number)
        )
        return Events(tuple(self.events[number] for number in numbers), numbers)

    def is_graded(self, number: int) -> bool:
        return any(name in self._graded for name in self.events[number]["source_id"] or ())

    def free(self, told: Events, claim: Line) -> Events:
        """Return those events that do not trace back to a claim."""
        independent = self.event_lines.independent_of(claim)
        numbers = tuple(number for number in told.numbers if independent[number])
        return Events(tuple(self.events[number] for number in numbers), numbers)

    def lines_of(self, told: Events, claim: Line) -> list[str]:
        """Return the independent lines of some events, in words."""
        rows = np.zeros(len(self.events), dtype=np.bool_)
        rows[list(told.numbers)] = True
        return self.event_lines.names(claim, rows)


def gather(bundle: Bundle, reach: Reach, durations: pl.DataFrame) -> Evidence:
    """Return the evidence of a bundle.

    bundle      with one row a find
    reach       origins × finds
    durations   DURATIONS
    """
    ancestry = Ancestry(bundle.claims)
    finds, events = bundle.finds.to_dicts(), bundle.recording.events.to_dicts()
    places: dict[str, list[int]] = {}
    for number, row in enumerate(events):
        places.setdefault(row["kind"], []).append(number)
    sources = bundle.recording.sources
    graded = sources.filter(pl.col("reliability").is_in(_GRADES_TAKEN))["source_id"].to_list()
    return Evidence(
        bundle=bundle,
        ancestry=ancestry,
        reach=reach,
        durations={row["name"]: row for row in durations.iter_rows(named=True)},
        finds=tuple(finds),
        find_lines=ancestry.of_rows(finds),
        events=tuple(events),
        event_lines=ancestry.of_rows(events),
        _places={kind: tuple(numbers) for kind, numbers in places.items()},
        _graded=frozenset(graded),
    )
