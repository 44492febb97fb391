"""How often an aerodrome was closed, and how much of it: closings of all of it, of its airspace, of a runway.

events that close ─▶ closings, a runway closed with all of it is none ─▶ "2 of the aerodrome, 1 of runway 09"
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hotwash.course.changes import REOPENINGS, is_same_part, plain_kind
from hotwash.course.clusters import nominal, split_events
from hotwash.course.tellings import beginning_of, end_of
from hotwash.model.questions import CountUnit

Row = Mapping[str, Any]
# From the gravest on: a closing of what comes later is none of its own while what comes before is closed.
_WHAT: Mapping[str, str] = {"aerodrome_closed": "aerodrome", "airspace_closed": "airspace", "runway_closed": "runway"}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events tell to be closed, or how often: no fewer than `low`, no more than `high`.

    readings   smaller numbers that the words may mean as well, each with what it counts
    """

    low: int
    high: int
    rows: tuple[str, ...]
    why: str
    readings: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Closing:
    """One closing: of what, where, and when [min since 1970]."""

    kind: str
    subject: str
    part: str
    occasion: str
    at: float


def is_of_closures(row: Row, unit: CountUnit) -> bool:
    """Tell whether an event closes, or reopens what was closed: what a count of closures is made of."""
    return row["kind"] in unit.events or row["kind"] in REOPENINGS


def tally_closures(
    unit: CountUnit,
    rows: Sequence[Row],
    *,
    aerodromes: Collection[str] = (),
    turns: Mapping[str, int] = MappingProxyType({}),
    part: str | None = None,
    subject: str | None = None,
) -> Tally | None:
    """Return how many aerodromes some events tell to be closed, or how often; None when they tell of none.

    rows         of EVENTS; an aerodrome with only its airspace closed counts in the upper bound only
    aerodromes   those of the brief: closed airspace elsewhere is a sector; none: closed airspace is over an aerodrome
    turns        the change of state that each event tells: an aerodrome may close twice on one occasion
    subject      what is asked about; where that is nothing, a danger area that was closed is no closing of an aerodrome
    part         of it: `aerodrome`, all of it; `airspace`; or a runway, closed by itself or with all
    """
    used = [row for row in rows if row["subject_id"] and row["kind"] in unit.events]
    if unit.tally == "occasions":
        used = [row for row in used if row["occasion_id"] and _is_of(part, row)]
        if aerodromes and subject is None:
            fields = {*aerodromes, *(row["subject_id"] for row in used if _is_of_field(row))}
            used = [row for row in used if row["subject_id"] in fields]
        releases = [row for row in rows if row["kind"] in REOPENINGS]
        return _tally_closings(_find_closings(used, releases, turns), _names(used), part) if used else None
    shut = {row["subject_id"] for row in used if plain_kind(row["kind"]) in ("aerodrome_closed", "aerodrome_reopened")}
    over = {row["subject_id"] for row in used if row["kind"] in ("airspace_closed", "airspace_reopened")}
    over &= {*aerodromes, *shut} if aerodromes else over
    if not shut | over:
        return None
    only = sorted(over - shut)
    why = f"{len(shut) or 'No'} aerodrome{'' if len(shut) == 1 else 's'} reported closed"
    if only:
        why += f"; only the airspace reported closed at {len(only)}{' more' if shut else ''} ({', '.join(only)})"
    return Tally(len(shut), len(shut | over), _names(used), f"{why}.")


def _is_of_field(row: Row) -> bool:
    return _WHAT.get(plain_kind(row["kind"])) != "airspace"


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted(f"events:{row['event_id']}" for row in rows))


def _is_of(part: str | None, row: Row) -> bool:
    """Tell whether an event closes the part asked about; all of an aerodrome closes each of its runways."""
    what = _WHAT.get(plain_kind(row["kind"]), "")
    if part is None or part in ("aerodrome", "airspace"):
        return part in (None, what)
    return what != "runway" or is_same_part(part, row["part"])


def _find_closings(rows: Sequence[Row], releases: Sequence[Row], turns: Mapping[str, int]) -> list[_Closing]:
    """Return the closings that events tell, each once: a runway and all of it closed together are one."""
    found = list[_Closing]()
    for subject, occasion in dict.fromkeys((row["subject_id"], row["occasion_id"]) for row in rows):
        own = [row for row in rows if (row["subject_id"], row["occasion_id"]) == (subject, occasion)]
        opened = [beginning_of(row).nominal for row in releases if row["subject_id"] == subject]
        opened += [end_of(row).nominal for row in own if row["end_utc"] is not None]
        here = list[_Closing]()
        for kind in _WHAT:
            of_kind = split_events([row for row in own if plain_kind(row["kind"]) == kind], turns)
            new = [_Closing(kind, subject, group[0]["part"] or "", occasion, nominal(group)) for group in of_kind]
            here += [one for one in new if not any(_are_one(one, other, opened) for other in here)]
        found += here
    return found


def _are_one(one: _Closing, other: _Closing, opened: Sequence[float]) -> bool:
    """Tell whether two closings are stages of one: nothing was reopened between them."""
    first, last = sorted((one.at, other.at))
    return not any(first < at < last for at in opened)


def _tally_closings(closings: Sequence[_Closing], names: tuple[str, ...], part: str | None) -> Tally:
    number, occasions = len(closings), len({one.occasion for one in closings})
    is_of_runway = part not in (None, "aerodrome", "airspace")
    by_itself = sum(one.kind == "runway_closed" for one in closings)
    readings = list[tuple[str, int]]()
    if is_of_runway and 0 < by_itself < number:
        why = f"{number - by_itself} with the whole aerodrome, {by_itself} by itself."
        readings.append(("closings of the runway by itself", by_itself))
    elif len({(one.kind, one.subject) for one in closings}) > 1 and part is None:
        why = f"{_say_kinds(closings)}."
        readings = _full_readings(closings)
    else:
        of = f" of the {'whole ' if part == 'aerodrome' else ''}{part}" if part in ("aerodrome", "airspace") else ""
        on = f"{occasions} occasion{'' if occasions == 1 else 's'}"
        why = f"Events tell {'a closing' if number == occasions else f'{number} closings'}{of} on {on}."
    return Tally(number, number, names, why, tuple(readings))


def _full_readings(closings: Sequence[_Closing]) -> list[tuple[str, int]]:
    """Return how often all was closed, in words that count no runway: "closed to all flights twice"."""
    kinds = [one.kind for one in closings]
    full, over = kinds.count("aerodrome_closed"), kinds.count("airspace_closed")
    found = [("closings of the whole aerodrome", full), ("closings of the aerodrome or its airspace", full + over)]
    return [(words, number) for words, number in found if 0 < number < len(closings)]


def _say_kinds(closings: Sequence[_Closing]) -> str:
    """Return how many closings there were of each thing: "2 of the aerodrome, 1 of runway 09L/27R"."""
    is_one_place = len({one.subject for one in closings}) == 1
    often: dict[str, int] = {}
    for one in sorted(closings, key=lambda one: list(_WHAT).index(one.kind)):
        at = "" if is_one_place else f" {one.subject}"
        what = {"aerodrome": f"the aerodrome{at}", "airspace": f"the airspace{f' over{at}' if at else ''}"}
        named = one.part.replace("_", " ").removeprefix("runway ").removeprefix("Runway ")
        runway = f"{f'runway {named}' if named else 'a runway'}{f' of{at}' if at else ''}"
        said = what.get(_WHAT[one.kind], runway)
        often[said] = often.get(said, 0) + 1
    return ", ".join(f"{number} of {what}" for what, number in often.items())
