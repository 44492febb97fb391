"""Claims of range, against assumed origins and finds, under named assumptions throughout.

A find that lies within a range supports nothing. One that lies beyond it from every assumed origin speaks against
the range as a maximum, and for it as a minimum.
"""

from __future__ import annotations

import math

import numpy as np

from hotwash.claims import ranges
from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    LEAST_FOR_SUPPORT,
    MOST_FOR_CONTRADICTION,
    NOT_TESTABLE,
    SUPPORTED,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import BoolArray, IntArray, Line
from hotwash.claims.on_statements import has_line_of_its_own
from hotwash.claims.words import join_names, quantity, share
from hotwash.course.part_of_day import say_that_night


def judge_range(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what origins and finds say of a claimed range.

    A maximum is contradicted when one find is, with 0.95 and more, a uas of that night that lies farther than
    claimed from every assumed origin. That a find lies within supports nothing. A minimum ("at least 500 km")
    is supported by such a find with 0.90 and more, if it does not trace back to the speaker.
    """
    claimed, label = ranges.claim_distance_km(claim["low"], claim["high"]), claim["type_label"]
    if claimed is None:
        return Judgement(
            NOT_TESTABLE, "Not testable: no figure was given, so there is nothing to compare the distances with."
        )
    reach = evidence.reach
    is_tested = evidence.once(("tested", label), lambda: reach.of_type(label).any())
    if not reach.origin_ids or not is_tested:
        what = f"finds of type {label}" if label else "finds of kind uas"
        missing = f"there are no {what} with a position" if not is_tested else "no origin is assumed"
        return Judgement(NOT_TESTABLE, f"Not testable: {missing}.", assumptions=reach.assumed)
    beyond = evidence.once(("beyond", claimed, label), lambda: ranges.weigh_beyond(reach, claimed, label))
    if math.isinf(claim["high"]):
        return _minimum(claimed, beyond, line, evidence)
    worst = int(beyond.chance.argmax())
    rows, where = _pair(claimed, beyond, worst, evidence)
    chance = float(beyond.chance[worst])
    lines = evidence.assessed_finds.free_lines(line, _one(beyond, worst, evidence))
    if 1.0 - chance <= MOST_FOR_CONTRADICTION:
        reason = f"Under the assumed origins and wind, {where}, farther than {_km(claimed)} ({share(chance)})."
        return Judgement(CONTRADICTED, reason, rows, lines, reach.assumed, 1.0 - chance)
    reason = evidence.once(("open", claimed, label), lambda: _open_reason(claimed, beyond, evidence))
    return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, rows, lines, reach.assumed)


def _minimum(claimed: float, beyond: ranges.Beyond, line: Line, evidence: Evidence) -> Judgement:
    is_free = evidence.assessed_finds.free(line)[_numbers(evidence)[beyond.finds]]
    best = int(np.where(is_free, beyond.chance, 0.0).argmax())
    rows, where = _pair(claimed, beyond, best, evidence)
    lines = evidence.assessed_finds.free_lines(line, _one(beyond, best, evidence))
    chance = float(beyond.chance[best])
    is_shown = bool(beyond.chance.max() >= LEAST_FOR_SUPPORT)
    if (
        is_free[best]
        and chance >= LEAST_FOR_SUPPORT
        and has_line_of_its_own(line, evidence.assessed_finds.lines, lines)
    ):
        reason = f"Under the assumed origins and wind, {where}, farther than {_km(claimed)} ({share(chance)})."
        return Judgement(SUPPORTED, reason, rows, lines, evidence.reach.assumed, chance)
    if is_shown:
        reason = (
            f"The finds that show a flight of {_km(claimed)} trace back to the speaker or the source, or may do so."
        )
        return Judgement(UNCORROBORATED, reason, rows, lines, evidence.reach.assumed)
    reason = f"No find shows a flight of {_km(claimed)} from every assumed origin; a shorter flight excludes nothing."
    return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, rows, lines, evidence.reach.assumed)


def _pair(claimed: float, beyond: ranges.Beyond, place: int, evidence: Evidence) -> tuple[tuple[str, str], str]:
    """Return the names of a find and its kindest origin, and how far apart they are, in words."""
    find = int(beyond.finds[place])
    origin = evidence.reach.kindest(claimed, find)
    find_id, origin_id = evidence.reach.find_ids[find], evidence.reach.origin_ids[origin]
    distance = float(evidence.reach.distance_km[origin, find])
    is_only = len(evidence.reach.origin_ids) == 1
    which = "the only assumed origin" if is_only else "the most favourable of the assumed origins"
    where = f"{find_id} lies {distance:,.0f} km from {origin_id}, {which}"
    return (f"finds:{find_id}", f"origins:{origin_id}"), where


def _open_reason(claimed: float, beyond: ranges.Beyond, evidence: Evidence) -> str:
    tested, origins = beyond.finds.size, len(evidence.reach.origin_ids)
    every, are = (f"all {tested} finds", "are") if tested > 1 else ("the find", "is")
    if beyond.leaves:
        which = f"{len(beyond.leaves)} of {origins} assumed origins" if origins > 1 else "the only assumed origin"
        depends = "It depends on the origin: from" if origins > 1 else "From"
        return f"{depends} {which} ({join_names(beyond.leaves, most=6)}), {every} {are} possible within {_km(claimed)}."
    far = int(beyond.chance.argmax())
    if beyond.farther[far] >= 1.0 - MOST_FOR_CONTRADICTION:
        where, chance = _pair(claimed, beyond, far, evidence)[1], share(float(beyond.chance[far]))
        return (
            f"{where}; the probability that it is a uas of {say_that_night(evidence.bundle)} and flew farther than "
            f"{_km(claimed)} is {chance}, too low to contradict the claim."
        )
    if beyond.farther.max() >= 1.0 - MOST_FOR_CONTRADICTION:
        return f"Only finds whose time or kind is in doubt lie farther than {_km(claimed)} from every assumed origin."
    return f"No single assumed origin explains {every} within {_km(claimed)}, but several together do."


def _km(claimed: float) -> str:
    return quantity(claimed, "km")


def _one(beyond: ranges.Beyond, place: int, evidence: Evidence) -> BoolArray:
    """Return (finds of the account,) bool: the one find meant."""
    is_meant: BoolArray = np.arange(len(evidence.finds)) == _numbers(evidence)[beyond.finds[place]]
    return is_meant


def _numbers(evidence: Evidence) -> IntArray:
    """Return the place of every find with a position among all finds."""

    def make() -> IntArray:
        places = {row["find_id"]: number for number, row in enumerate(evidence.finds)}
        return np.array([places[name] for name in evidence.reach.find_ids], dtype=np.int64)

    return evidence.once("numbers", make)


JUDGES = {"range": judge_range}
