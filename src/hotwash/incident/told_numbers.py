"""Numbers that events and statements tell, each as a telling of what a question asks: the whole, or a part of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hotwash.claims.numbers import stand_time
from hotwash.claims.part_numbers import exceeds, is_of_same, statement_numbers
from hotwash.claims.told_sums import DEFAULT_ABOUT
from hotwash.claims.words import plain
from hotwash.incident.beside_numbers import is_meant
from hotwash.incident.case import DISPUTED, Answer, Case, Row, join_most
from hotwash.incident.number_words import RELATIONS, plain_value
from hotwash.incident.tellings import Group, Telling, agree_on, say_who
from hotwash.model.questions import CountUnit


def tell_events(unit: CountUnit, question: Row, case: Case) -> list[Telling]:
    """Return the events that tell the number that a question asks for, each for its time."""
    about = (question["about_fraction"] or 0.0, question["about_amount"] or 0.0)
    part = None if unit.tally else question["part"]
    told = case.number_tellings(unit.name, about if any(about) else DEFAULT_ABOUT, part)
    found = []
    for place in told.numbers.argsort().tolist():  # in the order of the bundle
        event, low, high = case.event_of(told.names[place]), float(told.low[place]), float(told.high[place])
        is_open = low <= 0.0 and math.isinf(high)  # at most 5 of one part say nothing of the whole
        if event is not None and case.is_fact(event) and is_meant(event, question) and not is_open:
            is_partial = question["subject_id"] is None and bool(told.is_partial[place])
            high = math.inf if is_partial else high
            before = _say_told(event) if told.is_mended[place] else ""
            event = _as_now(event, low, high) if before else event
            is_exact, who = event["relation"] in (None, "exactly") and low == high, case.sayers(event)
            least, most = float(told.sum_low[place]), float(told.sum_high[place])
            listed = int(told.lists.listed[place])
            found.append(
                Telling(
                    *(told.names[place], event, who, low, high, is_exact, case.is_graded(event)),
                    at=float(told.at_low[place]),
                    listed=listed,
                    own=told.lists.own[place],
                    is_share=not listed and (is_partial or not is_of_same(event["part"], part)),
                    as_told=(float(told.parts.low[place]), float(told.parts.high[place])),
                    sum_of=None if math.isnan(least) else (least, most),
                    adds=told.adds[place],
                    before=before,
                )
            )
    return found


def _as_now(event: Row, low: float, high: float) -> Row:
    """Return the row of a sum of which a part was replaced, with what its parts give now."""
    relation = "at_least" if math.isinf(high) else "exactly" if low == high else "between"
    return {**event, "value": low, "value_high": high if relation == "between" else None, "relation": relation}


def _say_told(row: Row) -> str:
    """Return a value as a row tells it, whatever stands beside it: "about 50", "between 2 and 4"."""
    value, high = plain_value(row["value"]), plain_value(row["value_high"])
    if row["relation"] == "between" and high:
        return f"between {value} and {high}"
    return RELATIONS.get(row["relation"] or "exactly", "{}").format(value)


def tell_claims(claims: Sequence[Row], part: str | None, case: Case) -> list[Telling]:
    """Return the statements that tell a number, each as what it leaves of what is asked.

    part   of what is counted, which is asked about; None for the whole

    A number that evidence contradicts is not added to others.
    """
    rows = [row for row in claims if row["low"] is not None]
    apart = [row for row in rows if row["verdict"] == "contradicted"]
    found: dict[str, Telling] = {}
    for group in ([row for row in rows if row["verdict"] != "contradicted"], *([row] for row in apart)):
        stands = np.array([stand_time(row)[0] for row in group], dtype=np.float64)
        least_told, most_told = (np.array([row[side] for row in group], dtype=np.float64) for side in ("low", "high"))
        low, high, sums = statement_numbers(group, least_told, most_told, stands, part=part).leave()
        for place, row in enumerate(group):
            least, most = float(low[place]), float(high[place])
            if least <= 0.0 and math.isinf(most):
                continue
            name, listed, is_bound = f"claims:{row['claim_id']}", int(sums.listed[place]), not _is_of(row, part)
            found[name] = Telling(
                *(name, row, case.sayers(row), least, most, row["relation"] == "exactly" and not is_bound),
                *(case.is_graded(row), row["verdict"], float(stands[place])),
                listed=listed,
                own=sums.own[place],
                is_share=is_bound and not listed,
                as_told=(row["low"], row["high"]),
            )
    return [found[name] for row in rows if (name := f"claims:{row['claim_id']}") in found]


def _is_of(row: Row, part: str | None) -> bool:
    return is_of_same(row["part"], part)


def say_value(telling: Telling) -> str:
    """Return a value as it was told: "about 50", "at least 8", "between 2 and 4"; "8 of them" of a share."""
    if telling.listed:
        return f"at least {telling.listed}"
    if telling.sum_of is not None:
        return f"between {plain(telling.low)} and {plain(telling.high)}"
    said = _say_told(telling.origin)
    if telling.is_share:
        return f"{said} of them" if math.isinf(telling.high) else f"{said} in all"
    return said


def say_of_which(answer: Answer, group: Group, case: Case) -> Answer:
    """Return an answer that only parts of it bound, with what is disputed of them, and which part alone is told."""
    parts: dict[str, list[Telling]] = {}
    for item in group.tellings:
        name = item.origin["part"]
        if not (item.is_share or item.listed) or not name:
            return answer
        same = next((known for known in parts if is_of_same(known, name)), name)
        parts.setdefault(same, []).append(_as_told(item))
    disputed = []
    for name, tellings in parts.items():
        last = max(item.at for item in tellings)
        groups, _ = agree_on([item for item in tellings if item.at == last])
        if len(groups) > 1:
            each = [f"{say_value(one.tellings[0])} {say_who(one.tellings, case)}" for one in groups]
            disputed.append(f"{name}, {join_most(each, last='or')}")
    if disputed:
        text = f"{answer.text.removesuffix('; they are told in parts')}; of {'; of '.join(disputed)}"
        return replace(answer, text=text, standing=DISPUTED)
    if len(parts) == 1 and all(item.is_share for item in group.tellings):
        return replace(answer, text=f"{answer.text}; only those of {next(iter(parts))} are told")
    return answer


def find_exceeding(whole: Sequence[Telling], parts: Sequence[Telling]) -> list[Telling]:
    """Return the numbers of aerodromes or occasions that are more than all totals: they speak against these."""
    totals = [(item.high, item.at) for item in whole]
    return [
        replace(item, high=math.inf, is_exact=False, is_share=True)
        for item in parts
        if exceeds(item.low, item.at, totals) and (item.is_graded or not any(one.is_graded for one in whole))
    ]


def _as_told(item: Telling) -> Telling:
    """Return a telling of a part as one of that part alone."""
    low, high = item.as_told or (item.low, item.high)
    return replace(item, low=low, high=high, is_exact=low == high, is_share=False, listed=0, own=())
