"""The incident: what was brought together about one occurrence, and what follows from it.

Brief + tables ──▶ Bundle ──incident.reconstruct──▶ Incident
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from hotwash.model import tables
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.occurrence import Occurrence
from hotwash.model.questions import COUNT_UNITS, CountUnit
from hotwash.model.recording import Recording
from hotwash.model.schema import empty


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval that the account should state: from an event kind to an event kind.

    from_subject, to_subject   narrow it to one aerodrome or thing; "" takes any
    occasion_id                narrows it to one occasion; "" takes the only one, or states each
    from_occasion_id, to_occasion_id   narrow one end to an occasion: from the first closure to the third
    """

    name: str
    from_kind: str
    to_kind: str
    from_subject: str = ""
    to_subject: str = ""
    occasion_id: str = ""
    from_occasion_id: str = ""
    to_occasion_id: str = ""

    @property
    def end_occasions(self) -> tuple[str, str]:
        """The occasion of its start and that of its end; "" where none is named."""
        return self.from_occasion_id or self.occasion_id, self.to_occasion_id or self.occasion_id

    @property
    def is_across_occasions(self) -> bool:
        """Whether it asks for its start and its end on different occasions, or names that of one end alone."""
        return self.end_occasions[0] != self.end_occasions[1]


@dataclass(frozen=True, slots=True)
class Brief:
    """What `incident.toml` says of the incident as a whole.

    start_utc, end_utc   the time window, aware
    zone                 display zone, an IANA name
    zones_of_interest    zone ids; the first is the one that the map centres on
    aerodromes           ICAO location indicators
    ring_origin          the origin that the map draws range rings around; "" draws none
    kind                 airport, border or other: what the head of the account asks first; "" is taken from the rows
    headline             the questions that the head of the account answers, in this order
    own_units            units of counts that the bundle declares
    """

    title: str
    start_utc: datetime
    end_utc: datetime
    zone: str
    zones_of_interest: tuple[str, ...] = ()
    aerodromes: tuple[str, ...] = ()
    marking: str = ""
    releasable_to: str = ""
    is_exercise: bool = False
    is_synthetic: bool = False
    occurrence: Occurrence = field(default_factory=Occurrence)
    intervals: tuple[Interval, ...] = ()
    ring_origin: str = ""
    kind: str = ""
    headline: tuple[str, ...] = ()
    own_units: tuple[CountUnit, ...] = ()

    @property
    def count_units(self) -> Mapping[str, CountUnit]:
        """Every unit of counts that this incident may use: hotwash's and its own."""
        return {**COUNT_UNITS, **{unit.name: unit for unit in self.own_units}}


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file of a bundle, as it was read."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that was handed in, read and checked; rejected rows and corrected text beside it.

    zones, aerodromes   ZONES, AERODROMES: those that the brief names
    """

    brief: Brief
    recording: Recording
    questions: pl.DataFrame
    claims: pl.DataFrame
    finds: pl.DataFrame
    sightings: pl.DataFrame
    origins: pl.DataFrame
    assumptions: pl.DataFrame
    rejects: pl.DataFrame = field(default_factory=lambda: empty(tables.REJECTS))
    repairs: pl.DataFrame = field(default_factory=lambda: empty(tables.REPAIRS))
    files: tuple[FileRead, ...] = ()
    zones: pl.DataFrame = field(default_factory=lambda: empty(tables.ZONES))
    aerodromes: pl.DataFrame = field(default_factory=lambda: empty(tables.AERODROMES))
    occasions: pl.DataFrame = field(default_factory=lambda: empty(tables.OCCASIONS))


@dataclass(frozen=True, slots=True)
class Incident:
    """The account as data. Every frame is of the declared table that bears its name.

    bundle       what was known by `as_of_utc` and still stands: a telling that its sayer replaced is in `revisions`,
                 except claims, which stay with their verdict; events carry their occasion; `occasions` holds the
                 proposed ones too
    as_of_utc    the date of belief, or None for all that is known
    left_out     rows that the date, or a missing date, keeps out
    bounded_claims   the bundle's claims with what each leaves possible
    states, closures        the states of each aerodrome, and what they add up to
    conclusions             the answer to each question
    bundle_remarks          what in the bundle cannot be, or was taken so
    """

    bundle: Bundle
    zones: pl.DataFrame
    aerodromes: pl.DataFrame
    counts: pl.DataFrame
    findings: pl.DataFrame
    contradictions: pl.DataFrame
    beliefs: pl.DataFrame
    ranges: pl.DataFrame
    placings: pl.DataFrame
    reaches: pl.DataFrame
    durations: pl.DataFrame
    left_out: pl.DataFrame
    as_of_utc: datetime | None = None
    bounded_claims: pl.DataFrame = field(default_factory=lambda: empty(tables.BOUNDED_CLAIMS))
    states: pl.DataFrame = field(default_factory=lambda: empty(tables.STATES))
    closures: pl.DataFrame = field(default_factory=lambda: empty(tables.CLOSURES))
    revisions: pl.DataFrame = field(default_factory=lambda: empty(tables.REVISIONS))
    conclusions: pl.DataFrame = field(default_factory=lambda: empty(tables.CONCLUSIONS))
    bundle_remarks: pl.DataFrame = field(default_factory=lambda: empty(tables.BUNDLE_REMARKS))
    tracks: pl.DataFrame = field(default_factory=lambda: empty(tables.TRACKS))
    breaches: pl.DataFrame = field(default_factory=lambda: empty(tables.BREACHES))
    exposures: pl.DataFrame = field(default_factory=lambda: empty(tables.EXPOSURES))
    health: pl.DataFrame = field(default_factory=lambda: empty(tables.HEALTH))
    remarks: pl.DataFrame = field(default_factory=lambda: empty(tables.REMARKS))

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)
