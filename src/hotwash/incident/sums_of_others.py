"""Sums in answers: whose numbers somebody adds up, and on whose lines the sum rests.

Desk: 47 = 45 (Control) + 2 (Airline)      "47 flights, added up by Desk from Control and Airline"
"""

from __future__ import annotations

from collections.abc import Sequence

from hotwash.claims.lines import fold
from hotwash.claims.numbers import sum_of_parts
from hotwash.claims.words import join_words
from hotwash.course.overlaps import unit_of
from hotwash.incident.case import Case, Row


def added_rows(row: Row, case: Case, *, within: frozenset[str] = frozenset()) -> list[Row]:
    """Return the rows whose numbers a number adds up, and of sums among them theirs; itself where it is no such sum.

    within   the sums that it is a part of

    They must make the very number, or the least that it tells.
    """
    name = row.get("event_id") or row.get("claim_id") or ""
    if not row.get("parts") or name in within:
        return [row]
    unit = unit_of(row, case.units) if "event_id" in row else case.units.get(row["unit"] or "")
    total = None if unit is None else sum_of_parts(row, unit, case.bundle)
    if total is None or row["relation"] not in (None, "exactly", "at_least"):
        return [row]
    is_it = total.low == float(row["value"]) and (row["relation"] == "at_least" or total.low == total.high)
    parts = [one for part in total.names if (one := case.event_of(part)) is not None]
    if not is_it or len(parts) < len(total.names):
        return [row]
    return [leaf for one in parts for leaf in added_rows(one, case, within=within | {name})]


def resting_row(row: Row, case: Case) -> Row:
    """Return the row on whose lines a number rests: of a sum the part that the fewest lines tell."""
    leaves = added_rows(row, case)
    return row if leaves == [row] else min(leaves, key=lambda leaf: case.lines_behind([leaf]))


def say_adder(rows: Sequence[Row], case: Case) -> str:
    """Return who adds up whose numbers: "added up by Desk from Control and Airline"; "" where rows are no such sums.

    Whoever adds up what they tell themselves is its teller.
    """
    adders: list[str] = []
    tellers: list[str] = []
    for row in rows:
        own, leaves = case.sayers(row), added_rows(row, case)
        whose = [name for leaf in leaves for name in case.sayers(leaf)]
        if leaves == [row] or {fold(name) for name in own} & {fold(name) for name in whose}:
            return ""
        adders += own
        tellers += whose
    if not adders or not tellers:
        return ""
    by, of = (join_words(list(dict.fromkeys(names))) for names in (adders, tellers))
    return f"added up by {by} from {'what ' + of + ' tells' if len(set(tellers)) == 1 else of}"
