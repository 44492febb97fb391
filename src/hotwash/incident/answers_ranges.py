"""How far: the answers to questions of a range."""

from __future__ import annotations

from collections.abc import Sequence

from hotwash.claims.words import plain, share
from hotwash.incident.attribution import attribute
from hotwash.incident.case import DISPUTED, LIKELY, OPEN, SETTLED, Answer, Case, Row, is_finite, join_most
from hotwash.incident.number_words import RELATIONS


def answer_range(question: Row, case: Case) -> Answer:
    """Return which of the claimed ranges the distances exclude, and what they prove."""
    said = [item for item in case.standing(question) if item["low"] is not None and item["value"] is not None]
    proven = [item for item in said if item["verdict"] == "supported"]
    excluded = [item for item in said if item["verdict"] == "contradicted"]
    possible = [item for item in said if item not in proven and item not in excluded]
    rows, lines = case.evidence_of(said), case.lines_of(proven or excluded)
    if not said:
        text, standing = "Nobody claims a range that could be held against the distances", OPEN
    elif proven:
        best = max(proven, key=lambda item: float(item["low"]))
        is_against = any(item["high"] < best["low"] for item in proven)
        text, standing = (
            f"They flew {_say_km(best)}, {attribute([(best, case.sayers(best))], case)}, as the distances show",
            SETTLED,
        )
        standing = DISPUTED if is_against else SETTLED
    elif excluded:
        text = f"Excluded under the assumed origins: {_list_ranges(excluded, case)}"
        text += f"; not excluded: {_list_ranges(possible, case)}" if possible else ""
        standing = LIKELY if possible else OPEN
    else:
        text, standing = f"No claimed range is excluded: {_list_ranges(possible, case)}", OPEN
    against = f"{_list_ranges(excluded, case)}." if proven and excluded else ""
    chances = [item["probability"] for item in proven if item["probability"] is not None]
    return Answer(
        text=text,
        standing=standing,
        lines=case.lines_in_words(lines),
        how_sure=_range_sure(proven, excluded, possible),
        probability=max(chances, default=None),
        against=against,
        rows=rows,
        missing="origin",
    )


def _range_sure(proven: Sequence[Row], excluded: Sequence[Row], possible: Sequence[Row]) -> str:
    if proven:
        return ""
    if excluded:
        chance = max((item["probability"] or 0.0 for item in excluded), default=0.0)
        return f"what is excluded has a probability of {share(chance)} at most"
    return "possible, as other ranges are" if possible else ""


def _list_ranges(claims: Sequence[Row], case: Case) -> str:
    by_value: dict[str, list[Row]] = {}
    for item in claims:
        by_value.setdefault(_say_km(item), []).append(item)
    return join_most(
        [f"{value} {attribute([(row, case.sayers(row)) for row in rows], case)}" for value, rows in by_value.items()]
    )


def _say_km(claim: Row) -> str:
    """Return a claimed range in km, whatever unit its speaker used."""
    low, high, relation = claim["low"], claim["high"], claim["relation"]
    if relation == "between":
        return f"between {plain(round(low, 1))} and {plain(round(high, 1))} km"
    middle = (low + high) / 2.0 if is_finite(low) and is_finite(high) else low if is_finite(low) else high
    value = f"{plain(round(middle, 1))} km"
    return "less than " + value if relation == "less_than" else RELATIONS.get(relation, "{}").format(value)
