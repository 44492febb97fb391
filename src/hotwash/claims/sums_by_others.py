"""Sums of what others count: whoever adds them up tells no number of their own.

Airport: 512 = 300 (Airline) + 212 (Ferry)     the Airline and the Ferry tell the 512
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from hotwash.claims.evidence import Evidence, Row
from hotwash.claims.lines import Line
from hotwash.claims.numbers import sum_of_parts
from hotwash.claims.parts import adds_into, numbered_events
from hotwash.claims.told_sums import bounds_now
from hotwash.claims.words import interval, join_names
from hotwash.course.overlaps import overlap_of, unit_of
from hotwash.model.questions import CountUnit


def numbered_in(evidence: Evidence) -> Mapping[str, Row]:
    """Return the events that tell a number, by name."""
    return evidence.once("numbered", lambda: {name: row for name, (_, row) in numbered_events(evidence.bundle).items()})


def _number_now(row: Row, unit: CountUnit, about: tuple[float, float], evidence: Evidence) -> float:
    """Return the number of a sum: as told, or as its parts give it since one of them was replaced."""
    low, high, is_mended = bounds_now(row, unit, evidence.bundle, numbered_in(evidence), about=about)
    return low if is_mended and low == high else float(row["value"])


def parts_by_others(
    row: Row,
    unit: CountUnit,
    about: tuple[float, float],
    line: Line,
    evidence: Evidence,
    *,
    within: frozenset[str] = frozenset(),
) -> list[int]:
    """Return the places of the events that tell a sum, where others than a claim's line tell each; else none.

    row     an event with a number
    about   what "about" means: a share of the number, and an amount
    within  the sums that it is a part of; one that is a part of itself is none

    They must make the very sum. Of a sum among the parts, its own parts tell it.
    """
    if not row["parts"] or row["relation"] not in (None, "exactly") or row["event_id"] in within:
        return []
    within = within | {row["event_id"]}
    key = ("sum", row["event_id"], unit.name, about)
    total = evidence.once(key, lambda: sum_of_parts(row, unit, evidence.bundle, about=about))
    if total is None or not total.low == total.high == _number_now(row, unit, about, evidence):
        return []
    is_free, units = evidence.free_events(line), evidence.bundle.brief.count_units
    found: list[int] = []
    for part in total.numbers.tolist():
        own = evidence.events[part]
        of = unit_of(own, units)
        leaves = [part] if is_free[part] else []
        if not leaves and of is not None:
            leaves = parts_by_others(own, of, about, line, evidence, within=within)
        if not leaves:
            return []
        found += leaves
    return found


def say_parts_sum(claim: Row, unit: CountUnit, evidence: Evidence) -> str:
    """Return what the parts of a running or dated number add up to where that is not weighed; "" where it is, or is
    nothing that can be said.
    """
    rows, bundle = numbered_in(evidence) if claim["parts"] else {}, evidence.bundle
    names = tuple(dict.fromkeys(claim["parts"] or ()))
    is_dated = claim["is_running"] or claim["counted_utc"] is not None
    rising = [name for name in names if name in rows and (rows[name]["is_running"] or rows[name]["counted_utc"])]
    parts = [rows[name] for name in names if name in rows]
    if not names or len(parts) < len(names) or not (is_dated or rising) or not adds_into(parts, unit, bundle):
        return ""
    if sum_of_parts(claim, unit, evidence.bundle) is not None or overlap_of(
        claim, rows, evidence.bundle.brief.count_units
    ):
        return ""
    bounds = [bounds_now(part, unit, bundle, rows)[:2] for part in parts]
    low, high = (math.fsum(side) for side in zip(*bounds, strict=True))
    what = f"{join_names(rising, most=3)} {'is' if len(rising) == 1 else 'are'}" if rising else "the number is"
    return f" Its parts add up to {interval(low, high, '')}, which is not weighed, since {what} told for a date."
