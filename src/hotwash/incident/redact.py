"""An incident that may leave: persons, private addresses and exact private places taken out before it is weighed.

Redaction works on the bundle, not on the page: a distance to three origins would tell an exact position again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import polars as pl

from hotwash.incident.redact_patterns import (
    ADDRESSES,
    LINK,
    POSITIONS,
    bracketed_pattern,
    cut_link,
    name_pattern,
    number_word,
    spells_any,
)
from hotwash.model import tables
from hotwash.model.incident import Brief, Bundle, FileRead
from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, UNKNOWN, AircraftInvolved, Occurrence, OccurrenceField
from hotwash.model.questions import CountUnit
from hotwash.model.recording import FOLDER_TABLES, Recording
from hotwash.model.schema import TEXT, TEXTS, Table

Block = TypeVar("Block", Occurrence, AircraftInvolved)
Wash = Callable[[str | None], str | None]

REMOVED = "[removed]"
_QUOTING = ("value", "row", "reason", "advice")  # a reason may quote what stood there
_GRID_DEG = 0.1  # private places move to the middle of a cell of about 7 by 11 km …
_GRID_SIGMA_KM = 4.0  # … whose half-diagonals are 6 km: the spread of a position somewhere in it

# Of these tables, by the names of their fields in a bundle, every text is washed.
_TABLES: Mapping[str, Table] = {
    one.name: one
    for one in (
        tables.QUESTIONS, tables.CLAIMS, tables.FINDS, tables.SIGHTINGS, tables.ORIGINS, tables.ASSUMPTIONS,
        tables.ZONES, tables.AERODROMES, tables.OCCASIONS, tables.REJECTS, tables.REPAIRS,
    )
}  # fmt: skip
# Names stand in them too; telephone numbers do not, and what looks like one is an id.
_IDS = {"source_id", "supersedes", "excludes", "parts", "led_to", "derived_from", "weighs", "subject_id", "kind",
        "unit", "part", "ident", "mode_3a", "zone", "iata", "country", "language", "file", "column", "cell",
        "value_ref"}  # fmt: skip
# Who looked in an official capacity stood where the office stands. Whoever else looked may have looked out of a window.
_OFFICIAL = re.compile(
    r"tower|controller|\batc\b|pilot|crew|police|constable|guard|milit|soldier|army|air force|navy|airport|aerodrome"
    r"|security|fire|rescue|customs|border|staff|radar|inspector|duty|official|warden|ranger|ministr|captain"
)
_NOT_OFFICIAL = re.compile(
    r"resident|public|private|witness|former|retired|off.?duty|neighbo|passenger|visitor|hobby|civilian|citizen|model"
    r"|drone pilot|remote pilot|family|wife|husband|son of|daughter of"
)


def redact(bundle: Bundle) -> tuple[Bundle, list[str]]:
    """Return the bundle without persons, private addresses and exact private places, and what was removed.

    A person is a `person` of a claim: the whole name, in either order, and its last word alone, give way to the
    function that `said_by` names, or to the role, wherever they stand as words by themselves: in every text of every
    table and of the brief, ids, marking and file number too, in any case, however their parts are joined. Links that
    spell a name are cut to their site, or taken out. Addresses are e-mail addresses, telephone numbers, street
    addresses with a number, and positions in free text. A private place (a find with `is_private_place` in any of its
    rows, or a sighting by anybody whose role is not an official one) moves to the middle of a 0.1° cell with the sigma
    to match; an event at one loses its position. Who reported a sighting is cut, and so are the registration, serial
    number, call sign and operator of an aircraft in the block [occurrence], and the hashes of the files. Rejected rows
    and repairs are emptied, since nobody has checked them.

    It does not catch a name that is inflected ("Kowalskiego") or spelled otherwise, a person whom no claim names in
    `person`, or the name of a place.
    """
    names = _names(bundle.claims)
    seen: dict[str, int] = {}
    wash = _Washers(names, seen)
    private = bundle.finds.filter(pl.col("is_private_place"))["find_id"].unique().implode()
    finds, moved = _moved(bundle.finds, pl.col("find_id").is_in(private))
    is_there = pl.col("subject_id").is_in(private).fill_null(pl.lit(value=False))
    events, unplaced = _unplaced(bundle.recording.events, is_there)
    role = pl.col("role").str.to_lowercase()
    is_official = role.str.contains(_OFFICIAL.pattern) & ~role.str.contains(_NOT_OFFICIAL.pattern)
    sightings, watched = _moved(bundle.sightings, ~is_official)
    emptied = replace(
        bundle,
        recording=replace(bundle.recording, events=events),
        claims=bundle.claims.with_columns(person=pl.lit(None, dtype=pl.String)),
        finds=finds,
        sightings=sightings.with_columns(said_by=pl.lit(None, dtype=pl.String)),
        rejects=bundle.rejects.with_columns(pl.lit(REMOVED).alias(name) for name in _QUOTING),
        repairs=bundle.repairs.with_columns(raw=pl.lit(REMOVED), mended=pl.lit(REMOVED)),
        files=tuple(FileRead(wash.ids(one.name) or "", REMOVED, one.rows) for one in bundle.files),
    )
    frames: dict[str, Any] = {name: wash.table(getattr(emptied, name), table) for name, table in _TABLES.items()}
    brief, recording = _washed_brief(bundle.brief, wash, seen), _washed_recording(emptied.recording, wash)
    redacted = replace(emptied, brief=brief, recording=recording, **frames)
    removed = [f"{what}: {count} place{'s' if count != 1 else ''}" for what, count in sorted(seen.items())]
    removed += [f"exact position of find {wash.ids(name)}" for name in moved]
    removed += [f"exact position of the observer of sighting {wash.ids(name)}" for name in watched]
    removed += [f"position of event {wash.ids(name)}" for name in unplaced]
    if bundle.sightings["said_by"].count():
        removed.append("who reported the sightings")
    if bundle.rejects.height or bundle.repairs.height:
        removed.append("the content of rejected rows and the raw text of repairs")
    if bundle.files or bundle.recording.sources["sha256"].count():
        removed.append("the hashes of the files, which would prove what stood in them")
    return redacted, removed


def _names(claims: pl.DataFrame) -> dict[str, str]:
    """Return what stands in for each person: the function that said_by names, else the role; a number where shared."""
    columns = ("person", "said_by", "role")
    rows = claims.filter(pl.col("person").is_not_null()).select(columns).unique(maintain_order=True).rows()
    persons = {str(person).strip() for person, _, _ in rows if str(person).strip()}
    found: dict[str, str] = {}
    for person, said_by, role in rows:
        if person.strip() not in persons or person.strip() in found:
            continue
        function = re.sub(bracketed_pattern(person), "", said_by).strip()
        word = next((one for one in (function, role) if one and not spells_any(one, persons)), "a person")
        found[person.strip()] = number_word(word, found.values())
    return found


class _Washers:
    """Take names out of texts, and out of free ones addresses too; count what is taken in `seen`."""

    def __init__(self, names: Mapping[str, str], seen: dict[str, int]) -> None:
        longest_first = sorted(names, key=len, reverse=True)
        self._patterns = [
            (re.compile(bracketed_pattern(name)), re.compile(name_pattern(name)), names[name]) for name in longest_first
        ]
        self._names, self._seen = names, seen

    def ids(self, text: str | None) -> str | None:
        """Return an id, or a word of a list, without names."""
        if text is None:
            return None
        for bracketed, bare, role in self._patterns:
            what = f"the name of a person ({role})"
            text = self._counted(what, bracketed.subn("", text))
            text = self._counted(what, bare.subn(lambda _, role=role: role, text))  # type: ignore[misc]
        return text

    def free(self, text: str | None) -> str | None:
        """Return a free text without names, links that spell one, addresses, numbers and positions."""
        if text is None:
            return None
        text = LINK.sub(lambda found: self.link(found[0]) or REMOVED, text)
        text = self.ids(text) or ""
        for what, patterns in (("private addresses and numbers", ADDRESSES), ("positions in free text", POSITIONS)):
            for pattern in patterns:
                text = self._counted(what, pattern.subn(REMOVED, text))
        return text

    def link(self, link: str | None) -> str | None:
        """Return a link without what spells a name; None where even its site does."""
        cut = None if link is None else cut_link(link, self._names)
        if cut != link:
            self._seen["links that spell a name"] = self._seen.get("links that spell a name", 0) + 1
        return cut

    def table(self, frame: pl.DataFrame, table: Table) -> pl.DataFrame:
        """Return a table with every text washed; each different one once, since detections are many."""
        columns = []
        for column in table.columns:
            name = column.name
            wash = self.link if name == "url" else self.ids if name in _IDS or name.endswith("_id") else self.free
            if column.dtype not in (TEXT, TEXTS) or column.one_of or name not in frame:
                continue
            if name == "sha256":
                columns.append(pl.lit(None, dtype=TEXT).alias(name))
            elif column.dtype == TEXT:
                texts = frame[name].drop_nulls().unique().to_list()
                washed = {text: after for text in texts if (after := self._once(wash, text, frame[name])) != text}
                columns.append(_replaced(name, washed))
            else:
                cells = [None if cell is None else [wash(part) for part in cell] for cell in frame[name].to_list()]
                columns.append(pl.lit(pl.Series(name, cells, dtype=TEXTS)).alias(name))
        return frame.with_columns(columns)

    def _once(self, wash: Wash, text: str, column: pl.Series) -> str | None:
        """Return a text washed; what was taken is counted as often as the text stands there."""
        before = dict(self._seen)
        after = wash(text)
        if after != text and (times := int((column == text).sum())) > 1:
            for what, count in self._seen.items():
                self._seen[what] = before.get(what, 0) + (count - before.get(what, 0)) * times
        return after

    def _counted(self, what: str, found: tuple[str, int]) -> str:
        if found[1]:
            self._seen[what] = self._seen.get(what, 0) + found[1]
        return found[0]


def _replaced(name: str, washed: Mapping[str, str | None]) -> pl.Expr:
    if not washed:
        return pl.col(name)
    return pl.col(name).replace_strict(list(washed), list(washed.values()), default=pl.col(name), return_dtype=TEXT)


def _washed_recording(recording: Recording, wash: _Washers) -> Recording:
    frames = {table.name: wash.table(getattr(recording, table.name), table) for table in FOLDER_TABLES}
    return replace(recording, **frames, scenario=wash.free(recording.scenario))


def _washed_brief(brief: Brief, wash: _Washers, seen: dict[str, int]) -> Brief:
    """Return the brief with its texts washed; in ids, marking and file number names only."""

    def named(text: str) -> str:
        return wash.ids(text) or ""

    def clean(text: str) -> str:
        return wash.free(text) or ""

    spans = []
    for span in brief.intervals:
        ids = {one.name: named(getattr(span, one.name)) for one in fields(span) if one.name != "name"}
        spans.append(replace(span, **ids, name=clean(span.name)))
    occurrence = _without_identity(brief.occurrence, OF_OCCURRENCE, wash, seen)
    aircraft = tuple(_without_identity(one, OF_AIRCRAFT, wash, seen) for one in brief.occurrence.aircraft)
    units = [_named_unit(unit, named) for unit in brief.own_units]
    return replace(
        brief,
        title=clean(brief.title),
        marking=named(brief.marking),
        releasable_to=named(brief.releasable_to),
        zones_of_interest=tuple(map(named, brief.zones_of_interest)),
        aerodromes=tuple(map(named, brief.aerodromes)),
        ring_origin=named(brief.ring_origin),
        occurrence=replace(occurrence, aircraft=aircraft),
        intervals=tuple(spans),
        headline=tuple(map(named, brief.headline)),
        own_units=tuple(units),
    )


def _named_unit(unit: CountUnit, named: Callable[[str], str]) -> CountUnit:
    """Return a unit of the bundle's own without names."""
    texts: dict[str, Any] = {}
    for one in fields(unit):
        value = getattr(unit, one.name)
        if isinstance(value, str):
            texts[one.name] = named(value)
        elif isinstance(value, tuple):
            texts[one.name] = tuple(map(named, value))
    return replace(unit, **texts)


def _without_identity(block: Block, declared: Sequence[OccurrenceField], wash: _Washers, seen: dict[str, int]) -> Block:
    """Return a block with its texts washed, and without what names an aircraft or its operator."""
    changes: dict[str, Any] = {}
    for one in declared:
        value = getattr(block, one.key)
        if one.redaction == "remove" and value not in ("", UNKNOWN):
            changes[one.key] = REMOVED
            what = f"the {one.title.lower()} of an aircraft"
            seen[what] = seen.get(what, 0) + 1
        elif isinstance(value, str | tuple) and not one.one_of:
            clean = wash.ids if one.redaction == "keep" else wash.free
            changes[one.key] = clean(value) if isinstance(value, str) else tuple(map(clean, value))
    return replace(block, **changes)


def _unplaced(events: pl.DataFrame, is_private: pl.Expr) -> tuple[pl.DataFrame, list[str]]:
    """Return the events, without the positions of those that happened to a private place, and which had one."""
    names = events.filter(is_private & pl.col("lat_deg").is_not_null())["event_id"].to_list()
    return events.with_columns(
        pl.when(~is_private).then(pl.col(name)).alias(name) for name in ("lat_deg", "lon_deg", "radius_m")
    ), names


def _moved(frame: pl.DataFrame, is_private: pl.Expr) -> tuple[pl.DataFrame, list[str]]:
    """Return the rows with private positions moved to the middle of their cell, and the names of those moved."""
    is_moved = is_private & pl.col("lat_deg").is_not_null()
    names = frame.filter(is_moved)[frame.columns[0]].unique(maintain_order=True).to_list()

    def middle(name: str) -> pl.Expr:
        return ((pl.col(name) / _GRID_DEG).floor() + 0.5) * _GRID_DEG

    sigma = (pl.col("sigma_position_km").fill_null(0.0).pow(2) + _GRID_SIGMA_KM**2).sqrt()
    changes = {
        "lat_deg": middle("lat_deg").round(2),
        "lon_deg": middle("lon_deg").round(2),
        "sigma_position_km": sigma.round(1),
    }
    return frame.with_columns(
        [pl.when(is_moved).then(change).otherwise(pl.col(name)).alias(name) for name, change in changes.items()]
    ), names
