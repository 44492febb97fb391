"""The incident: what was brought together about one occurrence, and what follows from it.

Brief + tables ──▶ Bundle ──incident.reconstruct──▶ Incident
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from hotwash.model import tables
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.occurrence import Occurrence
from hotwash.model.recording import Recording
from hotwash.model.schema import empty


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval that the account should state: from an event kind to an event kind.

    from_subject, to_subject   narrow it to one aerodrome or thing; "" takes any
    """

    name: str
    from_kind: str
    to_kind: str
    from_subject: str = ""
    to_subject: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What `incident.toml` says of the incident as a whole.

    start_utc, end_utc   the time window, aware
    zone                 display zone, an IANA name
    zones_of_interest    zone ids; the first is the one that the map centres on
    aerodromes           ICAO location indicators
    ring_origin          the origin that the map draws range rings around; "" draws none
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


@dataclass(frozen=True, slots=True)
class Incident:
    """The account as data. Every frame is of the declared table that bears its name.

    bundle       what was known by `as_of_utc`; of each find only the latest assessment
    as_of_utc    the date of belief, or None for all that is known
    left_out     rows that the date, or a missing date, keeps out
    bounded_claims   the bundle's claims with what each leaves possible
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
    tracks: pl.DataFrame = field(default_factory=lambda: empty(tables.TRACKS))
    breaches: pl.DataFrame = field(default_factory=lambda: empty(tables.BREACHES))
    exposures: pl.DataFrame = field(default_factory=lambda: empty(tables.EXPOSURES))
    health: pl.DataFrame = field(default_factory=lambda: empty(tables.HEALTH))
    remarks: pl.DataFrame = field(default_factory=lambda: empty(tables.REMARKS))

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)
