"""The block [occurrence] of `incident.toml`: how an authority files the occurrence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from hotwash.errors import BundleError
from hotwash.ingest.faults import Fault
from hotwash.ingest.gathering import Gathering
from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, UNKNOWN, AircraftInvolved, Occurrence, OccurrenceField
from hotwash.visible import quote

AIRCRAFT = "aircraft"
_HOME = {
    **{one.key: "[occurrence]" for one in OF_OCCURRENCE},
    **{one.key: f"[[occurrence.{AIRCRAFT}]]" for one in OF_AIRCRAFT},
}

Faults = list[tuple[str, str]]  # where, and what is wrong there


def parse(block: object, *, name: str) -> Occurrence:
    """Return what the block says; a key that is not there is not stated.

    name     the file's
    raises   BundleError that names every fault of the block, each with its key
    """
    if not isinstance(block, dict):
        raise BundleError(name, place="occurrence", why="must be written as an [occurrence] block")
    faults: Faults = []
    aircraft = tuple(
        AircraftInvolved(**_values(one, OF_AIRCRAFT, place, faults))
        for one, place in _aircraft(block.get(AIRCRAFT, []), faults)
    )
    said = {key: value for key, value in block.items() if key != AIRCRAFT}
    found = Occurrence(**_values(said, OF_OCCURRENCE, "[occurrence] ", faults), aircraft=aircraft)
    gathering = Gathering()
    for place, fault in faults:
        gathering.add(BundleError(name, place=place, why=fault))
    gathering.raise_faults()
    return found


def _aircraft(blocks: object, faults: Faults) -> Iterator[tuple[dict[str, object], str]]:
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        faults.append((f"[occurrence] {AIRCRAFT}", f"must be written as [[occurrence.{AIRCRAFT}]] blocks"))
        return
    for number, one in enumerate(blocks, start=1):
        yield one, f"[[occurrence.{AIRCRAFT}]] number {number}, "


def _values(
    said: Mapping[str, object], declared: Sequence[OccurrenceField], place: str, faults: Faults
) -> dict[str, Any]:
    """Return the values of one block by their keys; what is wrong is added to the faults."""
    known = {one.key: one for one in declared}
    values: dict[str, Any] = {}
    for key, value in said.items():
        if key not in known:
            faults.append((f"{place}{key}", f"is not a known key; {_advice(key, list(known))}"))
            continue
        try:
            values[key] = _value(value, known[key])
        except Fault as fault:
            faults.append((f"{place}{key}", f"{fault.reason}; {fault.advice}" if fault.advice else fault.reason))
    return values


def _advice(key: str, known: list[str]) -> str:
    if key in _HOME:
        return f"it belongs under {_HOME[key]}"
    close = get_close_matches(key, known, n=1)
    return f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"


def _value(value: object, declared: OccurrenceField) -> object:
    return _READERS[declared.kind](value, declared)


def _text(value: object, declared: OccurrenceField) -> str:
    if not isinstance(value, str):
        raise Fault("must be text in quotation marks", "")
    text = value.strip()
    if text and declared.one_of and text not in declared.one_of:
        close = get_close_matches(text.lower(), declared.one_of, n=1)
        advice = f"did you mean {quote(close[0])}?" if close else f"use one of {', '.join(declared.one_of)}"
        raise Fault(f"is {quote(text)}", advice)
    return text


def _texts(value: object, declared: OccurrenceField) -> tuple[str, ...]:
    many = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in many):
        raise Fault('must be a text, or a list of texts: ["SEC", "OTHR"]', "")
    texts = tuple(text for one in many if (text := _text(one, declared)))
    if len(set(texts)) < len(texts):
        raise Fault("names a value twice", "keep one of them")
    return texts


def _date(value: object, _: OccurrenceField) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Fault("must be a date without quotation marks: 2025-09-09", "")
    return value


def _count(value: object, _: OccurrenceField) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if value == UNKNOWN:
        return UNKNOWN
    raise Fault(f'must be a whole number of 0 or more, or "{UNKNOWN}"', "")


_READERS = {"text": _text, "texts": _texts, "date": _date, "count": _count}
