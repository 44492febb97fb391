"""Sums whose parts overlap: what they count twice.

Peru 13 ┬ 12 balloons                    7 so far at 21:00 ┐
        └ the wreck ┐ counted twice                        ├ one running number: the first is within the second
Bolivia 8 ┬ 7       │                   11 so far at 22:00 ┘
          └ the wreck ┘

1430 in both nights ┬ 1120 ◀─ within ─ 342 of one airline, in the first night: added to either, they are counted twice
                    └ 310
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations, permutations
from typing import Any

from hotwash.course.single_things import are_apart, names_in
from hotwash.model.questions import CountUnit, is_part_of, may_share_flights

Row = Mapping[str, Any]

_PLACE = ("occasion_id", "subject_id", "part")
_ROUGHLY = 0.9  # "about 50" may be 46


def unit_of(row: Row, units: Mapping[str, CountUnit]) -> CountUnit | None:
    """Return the unit of an event's number: the one that it names, else the one that its kind tells."""
    if row["unit"] is not None:
        return units.get(row["unit"])
    return next((unit for unit in units.values() if row["kind"] in unit.events), None)


def overlap_of(row: Row, rows: Mapping[str, Row], units: Mapping[str, CountUnit]) -> str:
    """Return what the declared parts of a claim or an event count twice, or may, as a sentence; "" where nothing.

    rows    the events that tell a number, by name
    units   every unit of counts of the incident
    """
    names = row["parts"] or ()
    if not names or not set(names) <= set(rows):
        return ""
    own = row["claim_id"] if "claim_id" in row else row["event_id"]
    told = {name: unit for name in names if (unit := unit_of(rows[name], units)) is not None}
    said = (say_overlap(own, names, rows), say_share_within(row, names, rows, told))
    return next(filter(None, said), "") or say_shared_flights(row, names, rows, told)


def is_possible_only(overlap: str) -> bool:
    """Tell whether an overlap of parts is one that may be, and not one that is there."""
    return " may count " in overlap


def say_overlap(own: str, names: Sequence[str], rows: Mapping[str, Row]) -> str:
    """Return what a sum counts twice, as a sentence: a row, a row within another, or one number; "" where nothing.

    own     the name of the sum
    names   of its parts
    rows    claims and events by name, all of `names` among them
    """
    twice = [name for name, many in Counter(names).items() if many > 1]
    inside = {name: _within(name, rows) for name in names}
    if own in names or any(own in some for some in inside.values()):
        return "The sum names itself among its parts."
    if twice:
        return f"{twice[0]} is named twice among the parts."
    return _counted_within(names, inside) or _one_running_number(names, rows) or _same_occasion(names, rows)


def say_shared_flights(row: Row, names: Sequence[str], rows: Mapping[str, Row], units: Mapping[str, CountUnit]) -> str:
    """Return which two parts of a sum may count the same flights, as a sentence; "" where none may.

    row     the sum, which may say that its parts are disjoint
    rows    claims and events by name, all of `names` among them
    units   the unit of each part, by name; parts of unknown units are left out

    A flight that is held may be diverted too; but not one of another occasion, place or flight number.
    """
    if row["parts_disjoint"]:
        return ""
    for first, second in combinations([name for name in names if name in units], 2):
        one, other = rows[first], rows[second]
        places = [(one.get(column), other.get(column)) for column in _PLACE]
        is_apart = any(here and there and here != there for here, there in places)
        if not is_apart and may_share_flights(units[first], units[second]):
            what = f"{units[first].nouns[1]} and {units[second].nouns[1]}"
            return f"{first} and {second} may count the same flights: {what} may be the same."
    return ""


def say_share_within(row: Row, names: Sequence[str], rows: Mapping[str, Row], units: Mapping[str, CountUnit]) -> str:
    """Return which part of a sum is a share of another part, as a sentence; "" where none is.

    Arguments as of `say_shared_flights`.

    A number with a `part` is a share of any number without one that counts the same: in its unit or one that takes it
    in, of its occasion and subject or of all, and no earlier. Where the other names a place and the share names none,
    it may be.
    """
    if row["parts_disjoint"]:
        return ""
    possible = ""
    for share, whole in permutations([name for name in names if name in units], 2):
        one, other = rows[share], rows[whole]
        if not one["part"] or not _takes_in(units[whole], units[share]) or _is_of_other_time(one, other):
            continue
        if other["part"]:
            is_within = one["parts_disjoint"] is False and one["part"] != other["part"]
            covers = "may" if is_within and _covers(other, one) else ""
        else:
            covers = _covers(other, one)
        if covers == "is":
            value = _number_of(one)
            amount = f"what is told of {one['part']}" if value is None else f"{value:,.10g} of {one['part']}"
            are = "is" if value is None or value == 1.0 else "are"
            itself = "itself" if are == "is" else "themselves"
            return f"{amount} ({share}) {are} counted twice: by {itself}, and within {whole}."
        if covers and not possible:
            many = units[share].nouns[1]
            possible = f"{share} and {whole} may count the same {many}: {one['part']} may be within {whole}."
    return possible


def _takes_in(whole: CountUnit, share: CountUnit) -> bool:
    return share.name == whole.name or share.name in whole.takes_in or is_part_of(share.name, whole.name)


def _covers(whole: Row, share: Row) -> str:
    """Return "is" where a number counts all that is of the place of another, "may" where it may; "" where not."""
    places = [(whole.get(name), share.get(name)) for name in ("occasion_id", "subject_id")]
    if any(there and here and there != here for there, here in places):
        return ""
    return "may" if any(there and not here for there, here in places) else "is"


def _is_of_other_time(share: Row, whole: Row) -> bool:
    """Tell whether a number speaks of other hours than another, or stands for a later time than it."""
    if _is_after(share, whole):
        return True
    here, there = stand_of(share), stand_of(whole)
    return there is not None and (here is None or here > there)


def stand_of(row: Row) -> datetime | None:
    """Return the time for which a number says that it stands; None where it says none, and is the final one."""
    if row["counted_utc"] is not None or not row["is_running"]:
        return row["counted_utc"]  # type: ignore[no-any-return]
    sides = ("said_utc_high",) if "claim_id" in row else ("end_utc", "utc_high", "start_utc")
    return next((row[side] for side in (*sides, "known_utc") if row[side] is not None), None)


def is_one_chain(one: Row, other: Row) -> bool:
    """Tell whether two numbers are steps of one running number: of one sayer, of the same, for different times.

    A number that begins after the other's end, or is lower though it stands for a later time, counts something else.
    """
    if ("claim_id" in one) != ("claim_id" in other) or not (one["is_running"] or other["is_running"]):
        return False
    about = ("question_id", "unit") if "claim_id" in one else ("kind", "unit")
    if any(one[name] != other[name] for name in about):
        return False
    if any(one[name] and other[name] and one[name] != other[name] for name in _PLACE if name in one):
        return False
    is_own = not set(names_in(one["said_by"])).isdisjoint(names_in(other["said_by"]))
    return is_own and stand_of(one) != stand_of(other) and not (_is_after(one, other) or _has_fallen(one, other))


def _is_after(one: Row, other: Row) -> bool:
    """Tell whether the hours that one number counts surely begin where those of the other have ended."""
    if "claim_id" in one:
        return False
    (begin, end), (start, stop) = (
        (row["utc_low"] or row["start_utc"], row["utc_high"] or row["end_utc"]) for row in (one, other)
    )
    return bool((begin and stop and begin >= stop) or (start and end and start >= end))


def _has_fallen(one: Row, other: Row) -> bool:
    """Tell whether the later of two numbers is lower, which no running number is; a number of a bound tells nothing."""
    values = [_number_of(one), _number_of(other)]
    stands = [stand_of(one), stand_of(other)]
    if None in values or (None not in stands and stands[0] == stands[1]):
        return False
    is_later = stands[0] is None or (stands[1] is not None and stands[0] > stands[1])
    first, last = (values[1], values[0]) if is_later else values
    return last < first * _ROUGHLY  # type: ignore[operator]


def _number_of(row: Row) -> float | None:
    """Return the number of a row that tells one; None of a bound and of words."""
    if row["relation"] not in (None, "exactly", "about"):
        return None
    try:
        return float(row["value"])
    except (TypeError, ValueError):
        return None


def _counted_within(names: Sequence[str], inside: Mapping[str, frozenset[str]]) -> str:
    """Return what to say where a part is within another, or two share a part; "" where none does."""
    for first in names:
        for other in names:
            if other in inside[first]:
                return f"{other} is counted twice: by itself, and as a part of {first}."
    for first, second in combinations(names, 2):
        if shared := inside[first] & inside[second]:
            return f"{min(shared)} is counted twice: as a part of {first}, and as a part of {second}."
    return ""


def _within(name: str, rows: Mapping[str, Row]) -> frozenset[str]:
    """Return the names of all parts of a row, and of theirs."""
    found: set[str] = set()
    waiting = list(rows[name]["parts"] or ()) if name in rows else []
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += rows[one]["parts"] or () if one in rows else ()
    return frozenset(found)


def _one_running_number(names: Sequence[str], rows: Mapping[str, Row]) -> str:
    """Return what to say where parts are steps of one running number; "" where none are."""
    for first in names:
        chain = [name for name in names if name == first or is_one_chain(rows[first], rows[name])]
        if len(chain) > 1:
            who = " and ".join(names_in(rows[first]["said_by"]))
            listed = f"{', '.join(chain[:-1])} and {chain[-1]}"
            return f"{listed} are steps of one running number of {who}: each is within the next."
    return ""


def _same_occasion(names: Sequence[str], rows: Mapping[str, Row]) -> str:
    """Return what to say where two parts are tellings of one number: of one occasion, subject, part and unit.

    Events that surely count different things are two parts: flights one by one, or two numbers told at once.
    """
    seen: dict[tuple[object, ...], list[str]] = {}
    for name in names:
        row = rows[name]
        if not row["occasion_id"]:
            continue
        is_claim = "claim_id" in row
        about = row["question_id"] if is_claim else (row["kind"], row["subject_id"], row["part"], row["unit"])
        key = (row["occasion_id"], is_claim, about)
        for other in seen.get(key, ()):
            if is_claim or not are_apart(rows[other], row):
                return f"{other} and {name} count the same occasion, {row['occasion_id']}."
        seen.setdefault(key, []).append(name)
    return ""
