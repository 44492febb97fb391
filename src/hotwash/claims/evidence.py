"""What a claim is weighed against, indexed once for all claims; and the form that a judgement has."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from hotwash.claims import counting, ranges
from hotwash.claims.assessed import Assessed, assess, is_examined
from hotwash.claims.counting import Hits, TrackCount
from hotwash.claims.lines import UNKNOWN, Ancestry, BoolArray, Chosen, IntArray, Line, RowLines, ancestry_of, choose
from hotwash.claims.numbers import related_occasions, tells_unit
from hotwash.claims.ranges import Reach
from hotwash.course.changes import is_same_part, plain_kind
from hotwash.course.clusters import split_events, take_kind
from hotwash.course.states import Stretch
from hotwash.course.tellings import GRADES_THAT_DECIDE, Telling, beginning_of, end_of, graded_sources, is_at
from hotwash.geo.frames import FloatArray
from hotwash.model import tables
from hotwash.model.incident import Bundle
from hotwash.model.questions import COUNT_UNITS
from hotwash.model.schema import empty, frame

Row = Mapping[str, Any]
T = TypeVar("T")

SUPPORTED, CONTRADICTED, NOT_TESTABLE = "supported", "contradicted", "not_testable"
UNCORROBORATED, COMPATIBLE, NOT_WEIGHED = "uncorroborated", "compatible", "not_weighed"

# Rule 4: supported from here on, contradicted up to there, in between neither.
# A billionth is left for rounding, so that a probability of exactly 0.90 supports however it was added up.
LEAST_FOR_SUPPORT = 0.90 - 1e-9
MOST_FOR_CONTRADICTION = 0.05 + 1e-9

GRADED = "M-GRADED"
LISTED = "M-LISTED"
ONE_BY_ONE = "M-ONE-BY-ONE"
NAMED_KIND = "M-NAMED-KIND"
METHOD = {
    GRADED: "Events from sources of reliability A or B are taken as reported; other events decide nothing.",
    LISTED: "The bundle lists every find, closure, diversion and cancellation that was reported.",
    ONE_BY_ONE: (
        "The probability of each find is assessed on its own, and so is that of examined sightings; "
        "all-low and all-high show a common error."
    ),
    NAMED_KIND: "The probability that a find is not a uas goes to the kind that its assessment names.",
    ranges.PLACE: f"A position without a sigma is accurate to {ranges.DEFAULT_SIGMA_KM:g} km, like a village name.",
}
TRACKS_COMPLETE = "M-SEEN"
METHOD_OF_TRACKS = {TRACKS_COMPLETE: "The sensors saw every object that crossed, and no object appears in two tracks."}
_OF_OTHERS = (
    "value_ref",  # what is asked of a claim that stands beside another; the rest of ten thousand would fill memory
    *("claim_id", "question_id", "said_by", "source_id", "derived_from", "weighs"),
    *("occasion_id", "told_as", "kind", "value"),
    *("unit", "said_unit", "low", "high", "said_utc_high", "known_utc", "stands_utc_low", "stands_utc_high"),
    *("subject_id", "part", "parts_disjoint"),
)
_SIDES = ("low", "high", "end_low", "end_high")


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
    """Some events: their places in the whole list, and when each began and ended.

    low, high           (n,) float64: bounds of the beginning in minutes since 1970, ±∞ when open
    end_low, end_high   (n,) float64: the same for the end
    """

    numbers: IntArray
    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    end_low: FloatArray
    end_high: FloatArray

    def only(self, chosen: BoolArray) -> Events:
        """Return those chosen, (n,) bool."""
        names = tuple(name for name, is_chosen in zip(self.names, chosen.tolist(), strict=True) if is_chosen)
        bounds = (self.low[chosen], self.high[chosen], self.end_low[chosen], self.end_high[chosen])
        return Events(self.numbers[chosen], names, *bounds)


def join_events(parts: Sequence[Events]) -> Events:
    """Return several lists of events as one."""
    names = tuple(name for part in parts for name in part.names)
    bounds = [np.concatenate([getattr(part, side) for part in parts]) for side in _SIDES]
    return Events(np.concatenate([part.numbers for part in parts]), names, *bounds)


@dataclass(frozen=True)
class Evidence:
    """Everything that claims are weighed against.

    bundle          with one row a find, and only those events that stand as facts of this incident
    reach           origins × finds
    durations       DURATIONS
    track_counts    what tracks show of crossings and airframes
    turns           the change of state that each event tells, by event_id
    stretches       the states of aerodromes over time
    closures        CLOSURES: what they add up to
    claims          BOUNDED_CLAIMS: what others say on the same question
    events_elsewhere  the events of other stories, by event_id
    plans           rows of EVENTS that stand for ends of intervals, where no fact tells them
    orders          rows of EVENTS told as orders or plans, also those that were replaced or cancelled since
    """

    bundle: Bundle
    reach: Reach
    durations: pl.DataFrame
    track_counts: Mapping[str, TrackCount] = field(default_factory=dict)
    turns: Mapping[str, int] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    closures: pl.DataFrame = field(default_factory=lambda: empty(tables.CLOSURES))
    claims: pl.DataFrame = field(default_factory=lambda: empty(tables.BOUNDED_CLAIMS))
    events_elsewhere: frozenset[str] = frozenset()
    plans: tuple[Row, ...] = ()
    orders: tuple[Row, ...] = ()
    _known: dict[Hashable, Any] = field(default_factory=dict)

    @cached_property
    def with_plans(self) -> Evidence:
        """The same with the plans among its events: for the ends of intervals, and for nothing else."""
        if not self.plans:
            return self
        recording = self.bundle.recording
        events = pl.concat([recording.events, frame(tables.EVENTS, [dict(row) for row in self.plans])])
        bundle = replace(self.bundle, recording=replace(recording, events=events))
        return replace(self, bundle=bundle, plans=(), _known={})

    @cached_property
    def ancestry(self) -> Ancestry:
        return ancestry_of(self.bundle)

    @cached_property
    def finds(self) -> list[Row]:
        return list(self.bundle.finds.to_dicts())

    @cached_property
    def assessed_finds(self) -> Assessed:
        return assess(self.finds, self.ancestry)

    @cached_property
    def assessments(self) -> Assessed:
        """The finds and the sightings that somebody examined: what tells of a presence by a probability."""
        examined = [row for row in self.bundle.sightings.to_dicts() if is_examined(row)]
        if not examined:
            return self.assessed_finds
        return assess([*self.finds, *examined], self.ancestry)

    @cached_property
    def events(self) -> list[Row]:
        return list(self.bundle.recording.events.to_dicts())

    @cached_property
    def event_lines(self) -> RowLines:
        return self.ancestry.of_rows(self.events)

    @cached_property
    def recording_lines(self) -> RowLines:
        """The lines of the recordings that the tracks rest on; a publisher that is not told is an unknown voice."""
        publisher = dict(self.bundle.recording.sources.select("source_id", "publisher").iter_rows())
        names = self.bundle.recording.detections["source_id"].unique().sort().to_list()
        return self.ancestry.of_rows([{"said_by": publisher.get(of, UNKNOWN), "source_id": of} for of in names])

    @cached_property
    def duration_rows(self) -> Mapping[str, list[Row]]:
        """Rows of DURATIONS by name: one for each occasion."""
        rows: dict[str, list[Row]] = {}
        for row in self.durations.iter_rows(named=True):
            rows.setdefault(row["name"], []).append(row)
        return rows

    @cached_property
    def questions(self) -> Mapping[str, Row]:
        return {row["question_id"]: row for row in self.bundle.questions.iter_rows(named=True)}

    @cached_property
    def parts_of_claims(self) -> Mapping[str, Row]:
        """The claims that others name as parts of what they add up, by claim_id."""
        parts = self.bundle.claims["parts"].drop_nulls().explode().drop_nulls()
        named = self.bundle.claims.filter(pl.col("claim_id").is_in(parts.implode()))
        return {row["claim_id"]: row for row in named.iter_rows(named=True)}

    @cached_property
    def superseded_claims(self) -> frozenset[str]:
        """The claims that their own speaker replaced."""
        return frozenset(self.claims["supersedes"].drop_nulls().explode().drop_nulls().to_list())

    def graded_claims(self, question_id: str) -> list[Row]:
        """Return the claims on a question that come from a source of reliability A or B: what else is said.

        Whom the analyst grades D to F decides nothing, whoever quotes it.
        """
        own, is_of_page = pl.col("source_reliability"), pl.col("source_id").is_in(list(self.graded_sources))
        is_graded = own.is_in(GRADES_THAT_DECIDE) | (is_of_page & ~own.is_in(["D", "E", "F"]).fill_null(value=False))
        return self._claims_on(question_id, is_graded.fill_null(value=False))

    def claims_on(self, question_id: str) -> list[Row]:
        """Return the claims on a question, of whatever grade."""
        return self._claims_on(question_id, pl.lit(value=True))

    def _claims_on(self, question_id: str, chosen: pl.Expr) -> list[Row]:
        rows = self.claims.filter((pl.col("question_id") == question_id) & chosen)
        return list(rows.select(_OF_OTHERS).iter_rows(named=True))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which reasons give times of day."""
        return ZoneInfo(self.bundle.brief.zone)

    def day_of(self, minutes: float) -> str:
        """Return the local day that begins at a time, "2026-03-12"; "" where none begins then."""
        here = datetime.fromtimestamp(minutes * 60.0, self.zone)
        return f"{here:%Y-%m-%d}" if (here.hour, here.minute) == (0, 0) else ""

    @cached_property
    def event_numbers(self) -> Mapping[str, int]:
        """The place of each event in the list, by event_id."""
        return {row["event_id"]: number for number, row in enumerate(self.events)}

    @cached_property
    def _events_of_kind(self) -> Mapping[str, list[int]]:
        taken: dict[str, list[int]] = {}
        for kind in {one for row in self.events for one in (row["kind"], plain_kind(row["kind"]))}:
            rows = take_kind(self.events, kind, self.turns)
            taken[kind] = sorted(self.event_numbers[row["event_id"]] for row in rows)
        return taken

    @cached_property
    def other_stories(self) -> frozenset[str]:
        """The occasions that belong to another story."""
        return related_occasions(self.bundle.occasions)

    @cached_property
    def graded_sources(self) -> frozenset[str]:
        """The sources that decide: those of reliability A or B."""
        return graded_sources(self.bundle.recording.sources.iter_rows(named=True))

    def about_of(self, question_id: str) -> tuple[float, float]:
        """Return what "about" means on a question: a share of the value, and an amount; 0 where it says neither."""
        question = self.questions[question_id]
        return question["about_fraction"] or 0.0, question["about_amount"] or 0.0

    def occasion_of(self, claim: Row) -> str:
        """Return the occasion that a claim speaks of: its own, else its question's; "" where neither names one."""
        return str(claim["occasion_id"] or self.questions[claim["question_id"]]["occasion_id"] or "")

    def clusters_of(
        self, kind: str, subject: str | None, occasion: str, part: str | None = None
    ) -> list[list[Telling]]:
        """Return the graded tellings of each event of a kind, by event: those that give a time; of one part, or any."""
        key = ("clusters", kind, subject, occasion, part)
        return self.once(key, lambda: self._clusters(kind, subject, occasion, part))

    def _clusters(self, kind: str, subject: str | None, occasion: str, part: str | None) -> list[list[Telling]]:
        rows = [self.events[number] for number in self._events_of_kind.get(kind, ())]
        rows = [row for row in rows if is_at(row, subject) and (part is None or is_same_part(part, row["part"]))]
        own = [row for row in rows if not occasion or row["occasion_id"] == occasion]
        graded = [row for row in own if any(name in self.graded_sources for name in row["source_id"] or ())]
        found = [[beginning_of(row) for row in group] for group in split_events(graded, self.turns)]
        bounded = [[one for one in group if one.is_bounded] for group in found]
        return [group for group in bounded if group]

    def free_events(self, claim: Line) -> BoolArray:
        """Return (events,) bool: which events have a graded line that does not trace back to a claim.

        A repetition in an ungraded source makes nothing independent of the graded source that it repeats.
        """
        graded = self.once(
            "graded", lambda: np.array([line.source_id in self.graded_sources for line in self.event_lines.lines])
        )
        return self.event_lines.independent_of(claim, among=graded.astype(np.bool_))

    def event_lines_of(self, names: Sequence[str], claim: Line) -> Chosen:
        """Return the independent lines of some events, by event_id, in words."""
        rows = np.zeros(len(self.events), dtype=np.bool_)
        rows[[self.event_numbers[name] for name in names]] = True
        return choose(self.event_lines.words, self.event_lines.of(rows) & self.event_lines.free_lines(claim))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for a key, making it the first time; many claims ask the same."""
        if key not in self._known:
            self._known[key] = make()
        value: T = self._known[key]
        return value

    def chance(self, unit: str) -> FloatArray:
        """Return each find's probability for a unit, (finds,)."""
        return self.once(("chance", unit), lambda: counting.probabilities(self.bundle.finds, unit))

    def hits(self, unit: str, rows: BoolArray) -> Hits:
        """Return the distribution of a unit over some finds; equal questions are answered from memory."""
        key = ("hits", COUNT_UNITS[unit].column, rows.tobytes())
        return self.once(key, lambda: counting.hits(self.chance(unit)[rows]))

    def graded_events(self, kind: str, subject: str | None = None) -> Events:
        """Return the events of a kind (and subject) whose sources are graded A or B."""
        return self.once(("told", kind, subject), lambda: self._graded_events(kind, subject))

    def _graded_events(self, kind: str, subject: str | None) -> Events:
        numbers = [
            number
            for number in self._events_of_kind.get(kind, ())
            if (subject is None or self.events[number]["subject_id"] == subject) and self.is_graded(number)
        ]
        rows = [self.events[number] for number in numbers]
        first, last = [beginning_of(row) for row in rows], [end_of(row) for row in rows]
        return Events(
            np.array(numbers, dtype=np.int64),
            tuple(f"events:{row['event_id']}" for row in rows),
            np.array([one.low for one in first], dtype=np.float64),
            np.array([one.high for one in first], dtype=np.float64),
            np.array([one.low for one in last], dtype=np.float64),
            np.array([one.high for one in last], dtype=np.float64),
        )

    def zero_counts(self, unit: str) -> list[Row]:
        """Return the events of sources that decide which tell that there was none of a unit: a confirmed zero."""
        counted = self.bundle.brief.count_units[unit]
        return [
            row
            for number, row in enumerate(self.events)
            if row["value"] == 0.0
            and row["relation"] in (None, "exactly")
            and tells_unit(row, counted)
            and self.is_graded(number)
        ]

    def is_graded(self, number: int) -> bool:
        return any(name in self.graded_sources for name in self.events[number]["source_id"] or ())

    def free(self, events: Events, claim: Line) -> BoolArray:
        """Return which of some events, (n,) bool, have a graded line that does not trace back to a claim."""
        return self.free_events(claim)[events.numbers]

    def lines_of(self, events: Events, claim: Line) -> Chosen:
        """Return the independent lines of some events, in words."""
        rows = np.zeros(len(self.events), dtype=np.bool_)
        rows[events.numbers] = True
        return choose(self.event_lines.words, self.event_lines.of(rows) & self.event_lines.free_lines(claim))
