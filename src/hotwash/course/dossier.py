"""A bundle as rows for the rules of `orders`: each with its bounds in time, what it is, and whether it still stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.course.changes import CHANGES, SCHEDULES
from hotwash.course.local_times import is_midnight, say_place_of_date, say_time_of_day
from hotwash.model.incident import Bundle

Row = Mapping[str, Any]

_UTC = ZoneInfo("UTC")
A_MINUTE = timedelta(minutes=1)  # times are told to the minute: less is no order
# What is published before it begins, and true all the same unless somebody takes it back.
TIMETABLES = (*(kind for kind, change in CHANGES.items() if change.layer in SCHEDULES), "notam_in_force")
_UNREAD = frozenset(  # what no rule looks at: ten thousand rows take their time
    (
        *("role", "person", "region", "lat_deg", "lon_deg", "sigma_position_km", "radius_m", "is_final"),
        *("weighs", "credibility", "excludes", "words_start", "words_end", "assigned_why"),
        *(
            f"probability_{unit}{end}"
            for unit in ("find", "airframe", "brought_down", "uas")
            for end in ("", "_low", "_high")
            if unit != "find" or end
        ),
        *("azimuth_deg", "elevation_deg", "distance_m", "height_agl_m", "explained_why", "assigned_by", "place"),
        *("summary", "seen", "what"),
    )
)
_IDS = {"events": "event_id", "claims": "claim_id", "sightings": "sighting_id", "finds": "find_id"}


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One row of a table.

    name          as remarks name it, and as `revisions` does: of several rows of one id the last known keeps it, the
                  earlier ones are numbered: G1#1, G1
    low, high     the earliest and latest time at which what it tells began; of a claim, at which it was said
    is_fact       whether it is told as a fact; only then can it be impossible
    is_replaced   whether a later row of its sayer replaced it
    is_related    whether its occasion belongs to another story
    """

    table: str
    name: str
    row: Row
    low: datetime | None
    high: datetime | None
    sources: tuple[str, ...]
    is_fact: bool
    is_replaced: bool
    is_related: bool

    @property
    def place(self) -> str:
        """How other remarks refer to it."""
        return f"{self.table}:{self.name}"


@dataclass(frozen=True, slots=True)
class Dossier:
    """A bundle, its rows by table, its sources and questions by name, when sources were published, and its zone."""

    bundle: Bundle
    entries: Mapping[str, tuple[DossierRow, ...]]
    sources: Mapping[str, Row]
    questions: Mapping[str, Row]
    published: Mapping[str, datetime]
    zone: ZoneInfo
    _first_sightings: dict[str | None, DossierRow | None] = field(default_factory=dict)

    @property
    def all_entries(self) -> tuple[DossierRow, ...]:
        return tuple(entry for entries in self.entries.values() for entry in entries)

    def first_sighting(self, occasion: str | None) -> DossierRow | None:
        """Return what was seen or found first, on an occasion or on any; None where the time of some of it is open."""
        if occasion not in self._first_sightings:
            rows = (*self.entries["sightings"], *self.entries["finds"])
            seen = [one for one in rows if not one.is_related and not one.row.get("saw_nothing")]
            meant = [one for one in seen if occasion is None or one.row["occasion_id"] in (None, occasion)]
            dated = [(one.low, one.name, one) for one in meant if one.low is not None]
            self._first_sightings[occasion] = (
                min(dated, key=lambda one: one[:2])[2] if dated and len(dated) == len(meant) else None
            )
        return self._first_sightings[occasion]

    def source_zone(self, entry: DossierRow) -> ZoneInfo | None:
        """Return the zone that the sources of a row declare; None where they declare none, or several."""
        zones = {self.zone_of(name) for name in entry.sources}
        return zones.pop() if len(zones) == 1 else None

    @property
    def zones(self) -> tuple[ZoneInfo, ...]:
        """All zones that the bundle declares, its own first."""
        found = [self.zone, *(zone for name in self.sources if (zone := self.zone_of(name)) is not None)]
        return tuple(dict.fromkeys(found))

    def zone_of(self, source: str) -> ZoneInfo | None:
        """Return the zone that a source declares, or None."""
        name = self.sources.get(source, {}).get("zone")
        return None if name is None else _zone(name)


def open_dossier(bundle: Bundle) -> Dossier:
    """Return the rows of a bundle with what the rules ask of each."""
    sources = {row["source_id"]: row for row in bundle.recording.sources.iter_rows(named=True)}
    related = {row["occasion_id"] for row in bundle.occasions.iter_rows(named=True) if row["is_related"]}
    return Dossier(
        bundle=bundle,
        entries={table: tuple(_entries(table, rows, related)) for table, rows in frames_of(bundle).items()},
        sources=sources,
        questions={row["question_id"]: row for row in bundle.questions.iter_rows(named=True)},
        published={name: row["published_utc"] for name, row in sources.items() if row["published_utc"] is not None},
        zone=_zone(bundle.brief.zone),
    )


def frames_of(bundle: Bundle) -> Mapping[str, pl.DataFrame]:
    """Return the tables of a bundle that tell something, by name."""
    return {
        "events": bundle.recording.events,
        "claims": bundle.claims,
        "sightings": bundle.sightings,
        "finds": bundle.finds,
    }


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _entries(table: str, frame: pl.DataFrame, related: set[str]) -> Iterable[DossierRow]:
    rows = frame.select(name for name in frame.columns if name not in _UNREAD).to_dicts()
    key = _IDS[table]
    names = _names([row[key] for row in rows], [row["known_utc"] for row in rows])
    superseded = {name for row in rows for name in row["supersedes"] or ()}
    for row, name in zip(rows, names, strict=True):
        low, high = _bounds(table, row)
        named = row["source_id"]
        yield DossierRow(
            table=table,
            name=name,
            row=row,
            low=low,
            high=high,
            sources=tuple(named) if isinstance(named, list) else (named,) if named else (),
            is_fact=row.get("told_as") in (None, "fact"),
            is_replaced=name in superseded or name != row[key],
            is_related=row["occasion_id"] in related,
        )


def _names(ids: Sequence[str], known: Sequence[datetime | None]) -> list[str]:
    """Return a name for each row: of several of one id the last known keeps it, the earlier ones are numbered."""
    many = Counter(ids)
    if len(many) == len(ids):
        return list(ids)
    names, numbers = list(ids), Counter[str]()
    beginning = datetime.min.replace(tzinfo=UTC)
    for place in sorted(range(len(ids)), key=lambda place: (known[place] or beginning, place)):
        numbers[ids[place]] += 1
        if numbers[ids[place]] < many[ids[place]]:
            names[place] = f"{ids[place]}#{numbers[ids[place]]}"
    return names


def _bounds(table: str, row: Row) -> tuple[datetime | None, datetime | None]:
    if table == "events":
        if row["utc_low"] is None and row["utc_high"] is None:
            return row["start_utc"], row["start_utc"]
        return row["utc_low"], row["utc_high"]
    prefix = {"claims": "said_", "finds": "found_", "sightings": ""}[table]
    return row[f"{prefix}utc_low"], row[f"{prefix}utc_high"]


def remark(
    kind: str,
    entry: DossierRow | tuple[str, str],
    text: str,
    advice: str,
    *,
    column: str | None = None,
    rows: Iterable[str] = (),
) -> dict[str, object]:
    """Return one row of BUNDLE_REMARKS.

    entry   the row, or the names of a table and a row
    rows    the other rows that it rests on: "events:E1"
    """
    table, name = (entry.table, entry.name) if isinstance(entry, DossierRow) else entry
    others = list(dict.fromkeys(rows)) or None
    return {
        "kind": kind, "table": table, "row_id": name, "column": column, "text": text, "advice": advice, "rows": others,
    }  # fmt: skip


# ---------------------------------------------------------------- times and lists in words


def say_time(when: datetime, zone: ZoneInfo) -> str:
    """Return "20:26 on 12 May 2026"; in an hour that comes twice "02:36 CET on 25 October 2026"."""
    return f"{say_time_of_day(when, zone)} on {say_day(when.astimezone(zone))}"


def say_day(when: date) -> str:
    """Return "12 May 2026", whatever the language of the machine."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def is_bare_date(when: datetime, zone: ZoneInfo | None) -> bool:
    """Tell whether a time stands for a bare date: the reader takes one as the midnight that ends it, in its zone."""
    return is_midnight(when, zone or _UTC)


def say_when(when: datetime, zone: ZoneInfo, own: ZoneInfo | None) -> str:
    """Return "at 19:57 on 12 May 2026", or "by the end of 11 May 2026" of a bare date; of one abroad, its place.

    zone   of the bundle, in which times are said
    own    of the source, in which a bare date ends
    """
    if is_bare_date(when, own):
        place = "" if own is None or is_midnight(when, zone) else f" ({say_place_of_date(own)})"
        return f"by the end of {say_day(when.astimezone(own or UTC) - timedelta(days=1))}{place}"
    return f"at {say_time(when, zone)}"


def say_gap(gap: timedelta) -> str:
    """Return "29 min", "6 h 40 min", "3 days"."""
    minutes = int(gap.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes // 1440:,} days"


def say_list(words: Sequence[str], *, most: int = 6) -> str:
    """Return "a, b and c"; of many, the first and how many more."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))
