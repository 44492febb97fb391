"""`incident.toml`: what the incident is about, its questions, assumptions and intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import partial
from typing import Any, cast

import polars as pl

from hotwash.course.closures import is_closure_length
from hotwash.documents import parse_toml
from hotwash.errors import BundleError
from hotwash.ingest import cells, occurrence, text, times
from hotwash.ingest.faults import Fault
from hotwash.ingest.gathering import Gathering
from hotwash.model import bundle_form, schema, tables
from hotwash.model.ids import fault_of_name
from hotwash.model.incident import Brief, Interval
from hotwash.model.occurrence import Occurrence
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS, CountUnit
from hotwash.model.schema import F64, Column, Table
from hotwash.model.schema import UTC as UTC_TIME
from hotwash.visible import quote

NAME = "incident.toml"
FORMAT = "hotwash-bundle/2"
FORMATS = ("hotwash-bundle/1", FORMAT)  # the second has more columns and keys; what both have means the same

_TOP = (*bundle_form.BRIEF.names, bundle_form.OCCURRENCE.name, *(block.name for block in bundle_form.BLOCKS))
_INTERVAL = bundle_form.INTERVALS.names
_UNIT = bundle_form.UNITS.names
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # in place of one that is at fault, until the fault is raised


@dataclass(frozen=True, slots=True)
class BriefRead:
    """The brief and the two tables that stand in the same file."""

    brief: Brief
    questions: pl.DataFrame
    assumptions: pl.DataFrame


def read(content: bytes, faults: Gathering) -> BriefRead | None:
    """Return what `incident.toml` says.

    faults    takes every key at fault; something else stands in its place, so that the rest can be checked
    returns   None where the file is no TOML
    """
    said = faults.attempt(lambda: _toml(content), None)
    if said is None:
        return None
    if said.get("format") not in FORMATS:
        known = " and ".join(map(repr, FORMATS))
        why = f"is {quote(said.get('format'))}; this version reads {known}"
        faults.add(BundleError(NAME, place="format", why=why))
    faults.attempt(lambda: _check_keys(said, _TOP, ""), None)
    brief = _brief(said, faults)
    questions = _rows(said, "questions", tables.QUESTIONS, faults)
    names = _names(said, "intervals", "name")
    faults.attempt(lambda: _check_names(names), None)
    units = tuple(dict.fromkeys((*brief.count_units, *_names(said, "units", "name"))))
    _check_questions(questions, names, units, faults)
    _check_headline(brief.headline, _names(said, "questions", "question_id"), faults)
    assumptions = _rows(said, "assumptions", tables.ASSUMPTIONS, faults)
    return BriefRead(brief, _frame(tables.QUESTIONS, questions), _frame(tables.ASSUMPTIONS, assumptions))


def _brief(said: Mapping[str, object], faults: Gathering) -> Brief:
    """Return the keys of the file; what is at fault is left empty."""

    def text_of(key: str, *, needed: bool = False) -> str:
        return faults.attempt(lambda: _text(said, key, "", needed=needed), "")

    def texts_of(key: str) -> tuple[str, ...]:
        return faults.attempt(lambda: _texts(said, key), ())

    zone = faults.attempt(lambda: _zone(_text(said, "zone", "")), "UTC")
    start = faults.attempt(lambda: _time(said, "window_start_utc"), None)
    end = faults.attempt(lambda: _time(said, "window_end_utc"), None)
    if start is not None and end is not None and end <= start:
        faults.add(BundleError(NAME, place="window_end_utc", why="the window ends before it begins"))
    return Brief(
        title=text_of("title", needed=True),
        start_utc=start or _SOME_TIME,
        end_utc=end or _SOME_TIME,
        zone=zone,
        zones_of_interest=texts_of("zones_of_interest"),
        aerodromes=texts_of("aerodromes"),
        marking=text_of("marking"),
        releasable_to=text_of("releasable_to"),
        is_exercise=faults.attempt(lambda: _truth(said, "is_exercise"), otherwise=False),
        is_synthetic=faults.attempt(lambda: _truth(said, "is_synthetic"), otherwise=False),
        occurrence=faults.attempt(lambda: occurrence.parse(said.get("occurrence", {}), name=NAME), Occurrence()),
        intervals=_intervals(said, faults),
        ring_origin=text_of("ring_origin"),
        kind=faults.attempt(lambda: _kind(said), ""),
        headline=texts_of("headline"),
        own_units=_units(said, faults),
    )


def _toml(content: bytes) -> dict[str, object]:
    read_as = text.decode(content, name=NAME)
    if text.is_broken(read_as):
        raise BundleError(NAME, why="contains bytes that are not UTF-8; save it as UTF-8")
    return parse_toml(read_as, name=NAME, refused=BundleError)


def _check_keys(said: Mapping[str, object], known: Sequence[str], place: str) -> None:
    faults = Gathering()
    for key in said:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            advice = f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"
            faults.add(BundleError(NAME, place=f"{place}{key}", why=f"is not a known key; {advice}"))
    faults.raise_faults()


def _text(said: Mapping[str, object], key: str, place: str, *, needed: bool = True) -> str:
    value = said.get(key, "")
    if not isinstance(value, str):
        raise BundleError(NAME, place=f"{place}{key}", why="must be text in quotation marks")
    if needed and not value.strip():
        raise BundleError(NAME, place=f"{place}{key}", why="is missing")
    if key in _NAMES and (why := fault_of_name(value.strip())):
        raise BundleError(NAME, place=f"{place}{key}", why=why)
    return value.strip()


_NAMES = ("title", "name", "one", "many")  # what a page has a line for


def _texts(said: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BundleError(NAME, place=key, why='must be a list of texts: ["EPWA", "EPLB"]')
    named = tuple(item.strip() for item in cast("list[str]", value))
    for item in named:
        if not item or named.count(item) > 1:
            raise BundleError(NAME, place=key, why=f"{quote(item)} appears twice" if item else "contains an empty text")
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


def _zone(name: str) -> str:
    try:
        return times.zone_of(name).key
    except Fault as fault:
        raise BundleError(NAME, place="zone", why=f"{fault.reason}; {fault.advice}") from None


def _items(said: Mapping[str, object], key: str) -> list[tuple[dict[str, object], str]]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BundleError(NAME, place=key, why=f"must be written as [[{key}]] blocks")
    return [(item, f"[[{key}]] number {number}, ") for number, item in enumerate(value, start=1)]


def _names(said: Mapping[str, object], key: str, name: str) -> tuple[str, ...]:
    """Return the names of blocks as they stand, faulty blocks too: what names one of those is not at fault itself."""
    blocks = said.get(key, [])
    found = [block.get(name) for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    return tuple(one.strip() for one in found if isinstance(one, str))


def _blocks(
    said: Mapping[str, object], key: str, known: Sequence[str], faults: Gathering
) -> Iterator[tuple[dict[str, object], str]]:
    """Yield the [[blocks]] of one kind, each with its place; keys that none of them has are faults."""
    for item, place in faults.attempt(lambda: _items(said, key), []):
        faults.attempt(partial(_check_keys, item, known, place), None)
        yield item, place


def _texts_of_block(item: dict[str, object], place: str, keys: Mapping[str, bool], faults: Gathering) -> dict[str, str]:
    """Return texts of a block by their keys; each key with whether it is needed."""
    return {key: faults.attempt(partial(_text, item, key, place, needed=needed), "") for key, needed in keys.items()}


def _intervals(said: Mapping[str, object], faults: Gathering) -> tuple[Interval, ...]:
    needed = {key: key in ("name", "from", "to") for key in _INTERVAL}
    found: list[Interval] = []
    for item, place in _blocks(said, "intervals", _INTERVAL, faults):
        words = _texts_of_block(item, place, needed, faults)
        found.append(Interval(from_kind=words.pop("from"), to_kind=words.pop("to"), **words))
    return tuple(found)


def _kind(said: Mapping[str, object]) -> str:
    kind = _text(said, "kind", "", needed=False)
    if kind and kind not in bundle_form.BUNDLE_KINDS:
        raise BundleError(NAME, place="kind", why=f"is {quote(kind)}; {cells.nearest(kind, bundle_form.BUNDLE_KINDS)}")
    return kind


def _units(said: Mapping[str, object], faults: Gathering) -> tuple[CountUnit, ...]:
    """Return the units of counts that the bundle declares, none of them one of hotwash's own."""
    units: dict[str, CountUnit] = {}
    needed = {"name": True, "many": True, "title": False, "one": False}
    for item, place in _blocks(said, "units", _UNIT, faults):
        words = _texts_of_block(item, place, needed, faults)
        name, many = words["name"], words["many"]
        if name in COUNT_UNITS or name in units:
            why = f"{quote(name)} is a unit already; give yours another name"
            faults.add(BundleError(NAME, place=f"{place}name", why=why))
            continue
        units[name] = CountUnit(
            name=name,
            title=words["title"] or many[:1].upper() + many[1:],
            nouns=(words["one"] or many, many),
            events=faults.attempt(partial(_texts, item, "events"), ()),
            missing=f"No event tells the number of {many}.",
            is_money=faults.attempt(partial(_truth, item, "is_money"), otherwise=False),
        )
    return tuple(units.values())


def _check_headline(headline: Sequence[str], asked: tuple[str, ...], faults: Gathering) -> None:
    for name in headline:
        if name not in asked:
            why = f"names {quote(name)}, which is no question_id; {cells.nearest(name, asked)}"
            faults.add(BundleError(NAME, place="headline", why=why))


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise BundleError(NAME, place="[[intervals]]", why=f"name {quote(name)} appears twice")


def _rows(said: Mapping[str, object], key: str, table: Table, faults: Gathering) -> list[dict[str, Any]]:
    """Return the [[blocks]] of one kind as rows of the declared table; a cell that is at fault is null."""
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for item, place in _blocks(said, key, table.names, faults):
        row = {name: faults.attempt(partial(_cell, item.get(name), table, name, place), None) for name in table.names}
        name = str(row[table.key[0]])
        if row[table.key[0]] is not None and name in seen:
            faults.add(BundleError(NAME, place=place.rstrip(", "), why=f"{table.key[0]} {quote(name)} appears twice"))
        seen.add(name)
        rows.append(row)
    return rows


def _frame(table: Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return the rows that have every cell that they need."""
    needed = [column.name for column in table.columns if not column.nullable]
    return schema.frame(table, [row for row in rows if all(row[name] is not None for name in needed)])


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


def _check_questions(
    questions: Sequence[Mapping[str, Any]], names: tuple[str, ...], count_units: tuple[str, ...], faults: Gathering
) -> None:
    for row in questions:
        if row["kind"] is None or row["question_id"] is None:
            continue
        kind, place = QUESTION_KINDS[row["kind"]], f"question {row['question_id']}"
        units = count_units if kind.step else kind.units
        if units and row["unit"] not in units:
            why = f"unit is {quote(row['unit'])}; {cells.nearest(row['unit'] or '', units)}"
            why += "; or declare your own under [[units]]" if kind.step else ""
            faults.add(BundleError(NAME, place=place, why=why))
        if kind.names_interval and row["subject_id"] not in names and not is_closure_length(row["subject_id"] or ""):
            advice = cells.nearest(row["subject_id"] or "", names) if names else "add it under [[intervals]]"
            why = f"subject_id is {quote(row['subject_id'])}, which names no interval; {advice}"
            faults.add(BundleError(NAME, place=place, why=why))
