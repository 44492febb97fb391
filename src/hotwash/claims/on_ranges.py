"""Claims of range, against assumed origins and finds: never supported, contradicted only under assumptions."""

from __future__ import annotations

import math

from hotwash.claims import ranges
from hotwash.claims.evidence import (
    CONTRADICTED,
    LEAST_FOR_SUPPORT,
    MOST_FOR_CONTRADICTION,
    NOT_TESTABLE,
    SUPPORTED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import Line
from hotwash.claims.words import listed, share


def judge(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what origins and finds say of a claimed range.

    A maximum is contradicted when one find is, with 0.95 and more, a uas of that night that lies farther than
    claimed from every assumed origin. That a find lies within supports nothing. A minimum ("at least 500 km")
    is supported by the same find, if it does not trace back to the speaker.
    """
    claimed = ranges.claimed_km(claim["low"], claim["high"])
    assumed = [ranges.WIND, ranges.SPEED, *evidence.reach.origin_ids]
    if claimed is None:
        return Judgement(NOT_TESTABLE, "No figure was given; there is nothing to hold the distances against.")
    what = f"finds of type {claim['type_label']}" if claim["type_label"] else "finds of kind uas"
    worst = ranges.farthest(evidence.reach, claimed, claim["type_label"])
    if not worst.find_id:
        missing = "no origin is assumed" if worst.tested else f"there are no {what} with a position"
        return Judgement(NOT_TESTABLE, f"Not testable: {missing}.", assumptions=assumed)
    rows = [f"finds:{worst.find_id}", f"origins:{worst.origin_id}"]
    lines = _lines(worst.find_id, line, evidence)
    where = (
        f"{worst.find_id} lies {worst.distance_km:,.0f} km from {worst.origin_id}, the nearest of the assumed origins"
    )
    if math.isinf(claim["high"]):
        return _minimum(worst, claimed, where, rows, lines, assumed)
    if 1.0 - worst.chance <= MOST_FOR_CONTRADICTION:
        reason = f"Under the assumed origins and wind, {where}: farther than {claimed:g} km ({share(worst.chance)})."
        return Judgement(CONTRADICTED, reason, rows, lines, assumed, 1.0 - worst.chance)
    return Judgement(NOT_TESTABLE, _open_reason(evidence, claimed, claim["type_label"], worst), rows, lines, assumed)


def _minimum(
    worst: ranges.Farthest, claimed: float, where: str, rows: list[str], lines: list[str], assumed: list[str]
) -> Judgement:
    if worst.chance >= LEAST_FOR_SUPPORT and lines:
        reason = f"Under the assumed origins and wind, {where}: farther than {claimed:g} km ({share(worst.chance)})."
        return Judgement(SUPPORTED, reason, rows, lines, assumed, worst.chance)
    reason = f"No find shows a flight of {claimed:g} km from every assumed origin; a shorter one excludes nothing."
    return Judgement(NOT_TESTABLE, reason, rows, lines, assumed)


def _open_reason(evidence: Evidence, claimed: float, type_label: str | None, worst: ranges.Farthest) -> str:
    used = evidence.reach.of_type(type_label)
    score = evidence.reach.score(claimed)[:, used]
    beyond = [any(row) for row in (score >= ranges.Z_BEYOND).tolist()]
    kind = [name for name, some in zip(evidence.reach.origin_ids, beyond, strict=True) if not some]
    if not kind:
        return (
            f"No single assumed origin leaves all {worst.tested} finds possible within {claimed:g} km, but each find "
            "lies within reach of one of them."
        )
    return (
        f"It depends on the origin: {len(kind)} of {len(beyond)} assumed origins ({listed(kind, most=6)}) leave all "
        f"{worst.tested} finds possible within {claimed:g} km."
    )


def _lines(find_id: str, line: Line, evidence: Evidence) -> list[str]:
    rows = [row for row in evidence.finds if row["find_id"] == find_id]
    return evidence.ancestry.of_rows(rows).names(line)
