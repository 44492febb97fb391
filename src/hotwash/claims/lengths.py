"""Lengths between the tellings of two ends, and the sum of several of them.

parts "K1;K2" ─▶ the interval and the occasion of each part ─▶ 40 min (O1) and 30 min (O2) ─▶ 70 min together
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotwash.claims.durations import Ends
from hotwash.claims.lines import BoolArray
from hotwash.course.tellings import Agreement, Telling, agree

Row = Mapping[str, Any]
Measured = tuple[str, str]  # the name of an interval, and an occasion


@dataclass(frozen=True, slots=True)
class Length:
    """How long something was: by all who decide, by those independent of a claim, and which events tell its ends.

    tellers   those that tell an end, and not only a bound that admits it
    """

    every: Agreement
    free: Agreement
    names: tuple[str, ...]
    tellers: tuple[str, ...]


def lengths_between(start: Agreement, stop: Agreement) -> Agreement:
    """Return the lengths between each group of starts and each of ends; one below zero is none."""
    lengths = []
    for first in start.groups:
        for last in stop.groups:
            low, high = max(last.low - first.high, 0.0), last.high - first.low
            sayers = tuple(dict.fromkeys((*first.sayers, *last.sayers)))
            if high >= 0.0:
                lengths.append(Telling("", low, high, sayers=sayers))
    return agree(lengths) if len(start.groups) * len(stop.groups) > 1 else one_length(lengths)


def one_length(lengths: Sequence[Telling]) -> Agreement:
    return agree(lengths) if lengths and lengths[0].is_bounded else Agreement(())


def measure_ends(ends: Ends, free: BoolArray, places: Mapping[str, int]) -> Length | None:
    """Return the length between two ends; None where no source that decides tells one of them.

    free     (events,) bool: which events are independent of a claim
    places   the place of each event in that, by event_id
    """
    starts, stops = ([one for one in side if one.is_graded] for side in (ends.starts, ends.ends))
    if not starts or not stops:
        return None
    sides = agree(starts), agree(stops)
    others = [[one for one in side if free[places[one.name]]] for side in (starts, stops)]
    return Length(
        lengths_between(*sides),
        lengths_between(agree(others[0]), agree(others[1])) if all(others) else Agreement(()),
        tuple(dict.fromkeys((*ends.start_rows, *ends.end_rows))),
        tuple(one.name for side in sides for one in side.tellers),
    )


def add_lengths(lengths: Sequence[Agreement]) -> Agreement:
    """Return the sum of several lengths; nothing where one of them is not told."""
    if not lengths or any(not one.groups for one in lengths):
        return Agreement(())
    return one_length([Telling("", sum(one.low for one in lengths), math.fsum(one.high for one in lengths))])


def parts_of_sum(claim: Row, claims: Mapping[str, Row], questions: Mapping[str, Row]) -> list[Measured]:
    """Return the lengths that a claim adds up, by its `parts`; none where it names an occasion or adds up no lengths.

    claims, questions   all of them, by their ids
    """
    parts = [claims.get(name) for name in claim["parts"] or ()]
    if not parts or claim["occasion_id"]:
        return []
    found: list[Measured] = []
    for part in parts:
        asked = None if part is None else questions.get(part["question_id"])
        if part is None or asked is None or asked["kind"] != "duration":
            return []
        found.append((asked["subject_id"] or "", part["occasion_id"] or asked["occasion_id"] or ""))
    distinct = list(dict.fromkeys(found))
    return distinct if len(distinct) > 1 and len(distinct) == len(found) else []
