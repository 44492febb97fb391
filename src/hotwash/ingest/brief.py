"""`incident.toml`: what the incident is about, its questions, assumptions and intervals."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import cast

import polars as pl

from hotwash.errors import BundleError
from hotwash.ingest import cells, occurrence, text, times
from hotwash.ingest.faults import Fault
from hotwash.model import bundle_form, schema, tables
from hotwash.model.incident import Brief, Interval
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS, CountUnit
from hotwash.model.schema import F64, Column, Table
from hotwash.model.schema import UTC as UTC_TIME

NAME = "incident.toml"
FORMAT = "hotwash-bundle/2"
FORMATS = ("hotwash-bundle/1", FORMAT)  # the second has more columns and keys; what both have means the same

_TOP = (*bundle_form.BRIEF.names, bundle_form.OCCURRENCE.name, *(block.name for block in bundle_form.BLOCKS))
_INTERVAL = bundle_form.INTERVALS.names
_UNIT = bundle_form.UNITS.names


@dataclass(frozen=True, slots=True)
class BriefRead:
    """The brief and the two tables that stand in the same file."""

    brief: Brief
    questions: pl.DataFrame
    assumptions: pl.DataFrame


def read(content: bytes) -> BriefRead:
    """Return what `incident.toml` says.

    raises   BundleError that names the key at fault
    """
    said = _toml(content)
    _check_keys(said, _TOP, "")
    if said.get("format") not in FORMATS:
        known = " and ".join(map(repr, FORMATS))
        raise BundleError(NAME, place="format", why=f"is {said.get('format')!r}; this version reads {known}")
    zone = _text(said, "zone", "")
    _zone(zone)
    brief = Brief(
        title=_text(said, "title", ""),
        start_utc=_time(said, "window_start_utc"),
        end_utc=_time(said, "window_end_utc"),
        zone=zone,
        zones_of_interest=_texts(said, "zones_of_interest"),
        aerodromes=_texts(said, "aerodromes"),
        marking=_text(said, "marking", "", needed=False),
        releasable_to=_text(said, "releasable_to", "", needed=False),
        is_exercise=_truth(said, "is_exercise"),
        is_synthetic=_truth(said, "is_synthetic"),
        occurrence=occurrence.parse(said.get("occurrence", {}), name=NAME),
        intervals=tuple(_interval(item, place) for item, place in _items(said, "intervals")),
        ring_origin=_text(said, "ring_origin", "", needed=False),
        kind=_kind(said),
        headline=_texts(said, "headline"),
        own_units=_units(said),
    )
    if brief.end_utc <= brief.start_utc:
        raise BundleError(NAME, place="window_end_utc", why="the window ends before it begins")
    questions = _frame(said, "questions", tables.QUESTIONS)
    _check_questions(questions, _names(brief.intervals), tuple(brief.count_units))
    _check_headline(brief.headline, questions)
    return BriefRead(brief, questions, _frame(said, "assumptions", tables.ASSUMPTIONS))


def _toml(content: bytes) -> dict[str, object]:
    read_as = text.decode(content, name=NAME)
    if text.is_broken(read_as):
        raise BundleError(NAME, why="contains bytes that are not UTF-8; save it as UTF-8")
    try:
        return tomllib.loads(read_as.replace("\r\n", "\n"))
    except ValueError as fault:  # also a number of more digits than Python reads
        raise BundleError(NAME, why=f"is not TOML: {fault}") from None
    except RecursionError:
        raise BundleError(NAME, why="cannot be read as TOML: brackets are nested too deeply") from None


def _check_keys(said: Mapping[str, object], known: Sequence[str], place: str) -> None:
    for key in said:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            advice = f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"
            raise BundleError(NAME, place=f"{place}{key}", why=f"is not a known key; {advice}")


def _text(said: Mapping[str, object], key: str, place: str, *, needed: bool = True) -> str:
    value = said.get(key, "")
    if not isinstance(value, str):
        raise BundleError(NAME, place=f"{place}{key}", why="must be text in quotation marks")
    if needed and not value.strip():
        raise BundleError(NAME, place=f"{place}{key}", why="is missing")
    return value.strip()


def _texts(said: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BundleError(NAME, place=key, why='must be a list of texts: ["EPWA", "EPLB"]')
    named = tuple(item.strip() for item in cast("list[str]", value))
    for item in named:
        if not item or named.count(item) > 1:
            raise BundleError(NAME, place=key, why=f"{item!r} appears twice" if item else "contains an empty text")
    return named


def _truth(said: Mapping[str, object], key: str) -> bool:
    value = said.get(key, False)
    if not isinstance(value, bool):
        raise BundleError(NAME, place=key, why="must be true or false, without quotation marks")
    return value


def _time(said: Mapping[str, object], key: str, place: str = "") -> datetime:
    value = said.get(key)
    if isinstance(value, str):
        try:
            return times.parse(value, column=key, zone=None)
        except Fault as fault:
            raise BundleError(NAME, place=f"{place}{key}", why=f"{fault.reason}; {fault.advice}") from None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return _time({key: value.isoformat()}, key, place)
    why = "is missing" if value is None else "has no zone" if isinstance(value, datetime) else "is not a time"
    raise BundleError(NAME, place=f"{place}{key}", why=f"{why}; write 2025-09-09T20:00:00Z")


def _zone(name: str) -> None:
    try:
        times.zone_of(name)
    except Fault as fault:
        raise BundleError(NAME, place="zone", why=f"{fault.reason}; {fault.advice}") from None


def _items(said: Mapping[str, object], key: str) -> list[tuple[dict[str, object], str]]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BundleError(NAME, place=key, why=f"must be written as [[{key}]] blocks")
    return [(item, f"[[{key}]] number {number}, ") for number, item in enumerate(value, start=1)]


def _interval(item: dict[str, object], place: str) -> Interval:
    _check_keys(item, _INTERVAL, place)
    return Interval(
        name=_text(item, "name", place),
        from_kind=_text(item, "from", place),
        to_kind=_text(item, "to", place),
        from_subject=_text(item, "from_subject", place, needed=False),
        to_subject=_text(item, "to_subject", place, needed=False),
        occasion_id=_text(item, "occasion_id", place, needed=False),
    )


def _kind(said: Mapping[str, object]) -> str:
    kind = _text(said, "kind", "", needed=False)
    if kind and kind not in bundle_form.BUNDLE_KINDS:
        raise BundleError(NAME, place="kind", why=f"is {kind!r}; {cells.nearest(kind, bundle_form.BUNDLE_KINDS)}")
    return kind


def _units(said: Mapping[str, object]) -> tuple[CountUnit, ...]:
    """Return the units of counts that the bundle declares, none of them one of hotwash's own."""
    units: dict[str, CountUnit] = {}
    for item, place in _items(said, "units"):
        _check_keys(item, _UNIT, place)
        name, many = _text(item, "name", place), _text(item, "many", place)
        if name in COUNT_UNITS or name in units:
            why = f"{name!r} is a unit already; give yours another name"
            raise BundleError(NAME, place=f"{place}name", why=why)
        units[name] = CountUnit(
            name=name,
            title=_text(item, "title", place, needed=False) or many[:1].upper() + many[1:],
            nouns=(_text(item, "one", place, needed=False) or many, many),
            events=_texts(item, "events"),
            missing=f"No event tells the number of {many}.",
            is_money=_truth(item, "is_money"),
        )
    return tuple(units.values())


def _check_headline(headline: Sequence[str], questions: pl.DataFrame) -> None:
    asked = tuple(questions["question_id"].to_list())
    for name in headline:
        if name not in asked:
            why = f"names {name!r}, which is no question_id; {cells.nearest(name, asked)}"
            raise BundleError(NAME, place="headline", why=why)


def _names(intervals: Sequence[Interval]) -> tuple[str, ...]:
    names = tuple(interval.name for interval in intervals)
    for name in names:
        if names.count(name) > 1:
            raise BundleError(NAME, place="[[intervals]]", why=f"name {name!r} appears twice")
    return names


def _frame(said: Mapping[str, object], key: str, table: Table) -> pl.DataFrame:
    """Return the [[blocks]] of one kind as a frame of the declared table."""
    rows: list[Mapping[str, object]] = []
    seen: set[str] = set()
    for item, place in _items(said, key):
        _check_keys(item, table.names, place)
        row = {name: _cell(item.get(name), table, name, place) for name in table.names}
        name = str(row[table.key[0]])
        if name in seen:
            raise BundleError(NAME, place=place.rstrip(", "), why=f"{table.key[0]} {name!r} appears twice")
        seen.add(name)
        rows.append(row)
    return schema.frame(table, rows)


def _cell(value: object, table: Table, name: str, place: str) -> object:
    if isinstance(value, datetime):
        return _time({name: value}, name, place)
    try:
        _check_type(value, table[name])
        return cells.parse("" if value is None else str(value).strip(), table[name], zone=None)
    except Fault as fault:
        raise BundleError(NAME, place=f"{place}{name}", why=f"{fault.reason}; {fault.advice}") from None


def _check_type(value: object, column: Column) -> None:
    """Refuse a number where text belongs, and text where a number does: TOML tells them apart, and so do we."""
    if value is None:
        return
    if column.dtype == F64:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Fault("must be a number", "write it without quotation marks: 0.1")
    elif not isinstance(value, (str, date) if column.dtype == UTC_TIME else str):
        raise Fault("must be text", "write it in quotation marks")


def _check_questions(questions: pl.DataFrame, names: tuple[str, ...], count_units: tuple[str, ...]) -> None:
    for row in questions.iter_rows(named=True):
        kind = QUESTION_KINDS[row["kind"]]
        units = count_units if kind.step else kind.units
        if units and row["unit"] not in units:
            why = f"unit is {row['unit']!r}; {cells.nearest(row['unit'] or '', units)}"
            why += "; or declare your own under [[units]]" if kind.step else ""
            raise BundleError(NAME, place=f"question {row['question_id']}", why=why)
        if kind.names_interval and row["subject_id"] not in names:
            advice = cells.nearest(row["subject_id"] or "", names) if names else "add it under [[intervals]]"
            why = f"subject_id is {row['subject_id']!r}, which names no interval; {advice}"
            raise BundleError(NAME, place=f"question {row['question_id']}", why=why)
