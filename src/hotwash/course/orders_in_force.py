"""Orders of airspace that took effect: from when to when each was in force, and what ended it.

issued 18:10 ──▶ begins 19:00 ════ in force ════ cancelled 21:40 ─ ─ ─ ordered to 23:00
                                     └─ replaced by the next one: that carries it on

Airspace is closed by the order itself: nobody has to shut anything. A runway or an aerodrome is closed when somebody
closes it, so an order of those changes no state.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotwash.course.changes import AIRSPACE, CANCELLED, CHANGES, OPEN
from hotwash.course.states import APART_MIN, moment
from hotwash.course.tellings import Row, beginning_of, minutes

_RELEASE = "airspace_reopened"


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of airspace that took effect.

    facts     rows of EVENTS that tell as facts that what was ordered began, and that an order which had carried it on
              ended
    ends      facts of another kind that ended it, a cancellation for instance, as reopenings
    lengths   the rows that end an interval from what was ordered where no reopening is told: `ends`, and own ends
    names     every order that was in force, also those that carried another on
    """

    facts: tuple[Row, ...] = ()
    ends: tuple[Row, ...] = ()
    lengths: tuple[Row, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Order:
    """One order, and when it was in force [min].

    end        ∞ where nobody tells it
    ender      the row that ended it; None where its own end did
    followed   the order that carried it on; "" where none did
    """

    row: Row
    begin: float
    end: float
    ender: Row | None = None
    followed: str = ""


def find_orders_in_force(
    events: pl.DataFrame, facts: Sequence[Row], *, related: Collection[str] = (), as_of_utc: datetime | None = None
) -> Orders:
    """Return the orders of airspace that took effect.

    events      EVENTS as known at a date, replaced rows too: an order stood until it was replaced
    facts       the rows among them that stand as facts; where they tell the airspace closed at that time, they decide
    related     occasions of other stories
    as_of_utc   the date of belief: what was to begin or to end after it has not
    """
    rows = {row["event_id"]: row for row in events.sort("known_utc", nulls_last=False).iter_rows(named=True)}
    orders = [row for row in rows.values() if is_order_of_airspace(row) and row["occasion_id"] not in related]
    if not orders:
        return Orders()
    enders = _enders(rows)
    now = math.inf if as_of_utc is None else as_of_utc.timestamp() / 60.0
    told = [one for row in orders if (one := _in_force(row, orders, enders, rows, facts)) is not None]
    in_force = {one.row["event_id"]: one for one in told if one.begin <= now and not _is_told_by_facts(one, facts)}
    carried = {one.followed for one in in_force.values()}
    begun, ended, own, known = list[Row](), list[Row](), list[Row](), {row["event_id"] for row in facts}
    for name, one in in_force.items():
        if name in carried:
            continue
        last = _last_of(one, in_force)
        is_ended = math.isfinite(last.end) and last.end <= now and not _is_release_told(last)
        has_own_end = is_ended and last is one and one.ender is None
        end_utc = one.row["end_utc"] if has_own_end else None
        begun.append({**one.row, "told_as": None, "end_utc": end_utc, "supersedes": None})
        if has_own_end:
            own.append(_end_row(one))
        elif is_ended:
            row = _end_row(last)
            (ended if row["event_id"] in known else begun).append(row)
    return Orders(tuple(begun), tuple(ended), (*ended, *own), frozenset(in_force))


def is_order_of_airspace(row: Row) -> bool:
    """Tell whether an event is an order that closes airspace at a stated time."""
    change = CHANGES.get(row["kind"])
    is_one = change is not None and change.layer == AIRSPACE and change.state != OPEN
    return is_one and row["told_as"] == "order" and bool(row["subject_id"]) and row["start_utc"] is not None


def _enders(rows: Mapping[str, Row]) -> dict[str, Row]:
    """Return the row that replaced or cancelled each row, the one known last of several."""
    return {old: row for row in rows.values() for old in row["supersedes"] or () if row["event_id"] != old}


def _in_force(
    row: Row, orders: Sequence[Row], enders: Mapping[str, Row], rows: Mapping[str, Row], facts: Sequence[Row]
) -> Order | None:
    """Return an order with the time for which it was in force; None where it was taken back before it began."""
    begin, end = _minutes_of(row["start_utc"]), minutes(row["end_utc"])
    natural = math.inf if end is None else end
    ender = enders.get(row["event_id"]) or _unnamed_ender(row, begin, natural, orders, rows, facts)
    if ender is None:
        return Order(row, begin, natural)
    when = _time_of(ender)
    if when is None or when <= begin or _is_known_before(ender, row):
        return None
    if is_order_of_airspace(ender):
        return Order(row, begin, min(natural, when), None, ender["event_id"] if when <= natural else "")
    return Order(row, begin, when, ender) if when < natural else Order(row, begin, natural)


def _is_known_before(ender: Row, row: Row) -> bool:
    """Tell whether a replacement was issued before the order began, so that the order never took effect."""
    known = ender["known_utc"]
    return is_order_of_airspace(ender) and known is not None and known <= row["start_utc"]


def _unnamed_ender(
    row: Row, begin: float, end: float, orders: Sequence[Row], rows: Mapping[str, Row], facts: Sequence[Row]
) -> Row | None:
    """Return what ended an order without naming it: a reopening; a cancellation, where no other order was in force."""
    known = {one["event_id"] for one in facts}
    found = []
    for one in rows.values():
        when = _time_of(one)
        if one["subject_id"] != row["subject_id"] or one["supersedes"] or when is None or not begin < when <= end:
            continue
        is_release = one["kind"] == _RELEASE and (one["event_id"] in known or one["told_as"] == "order")
        is_cancelled = one["kind"].endswith(CANCELLED) and one["event_id"] in known
        if is_release or (is_cancelled and sum(_may_hold(other, row["subject_id"], when) for other in orders) == 1):
            found.append((when, one["event_id"], one))
    return min(found)[2] if found else None


def _may_hold(row: Row, subject: str, when: float) -> bool:
    """Tell whether an order as issued was in force at a time."""
    end = minutes(row["end_utc"])
    return row["subject_id"] == subject and _minutes_of(row["start_utc"]) < when <= (math.inf if end is None else end)


def _is_told_by_facts(one: Order, facts: Sequence[Row]) -> bool:
    """Tell whether facts tell that the same airspace was closed about that time: then they decide."""
    for row in facts:
        change = CHANGES.get(row["kind"])
        if change is None or change.layer != AIRSPACE or change.state == OPEN:
            continue
        when = beginning_of(row).nominal
        is_near = one.begin - APART_MIN <= when and (when <= one.end or when <= one.begin + APART_MIN)
        if row["subject_id"] == one.row["subject_id"] and is_near:
            return True
    return False


def _last_of(one: Order, orders: Mapping[str, Order]) -> Order:
    """Return the last of the orders that carried an order on."""
    seen = {one.row["event_id"]}
    while one.followed in orders and one.followed not in seen:
        seen.add(one.followed)
        one = orders[one.followed]
    return one


def _is_release_told(one: Order) -> bool:
    """Tell whether what ended an order is a fact that ends the state by itself."""
    return one.ender is not None and one.ender["kind"] == _RELEASE and one.ender["told_as"] in (None, "fact")


def _end_row(one: Order) -> Row:
    """Return a row that ends the state which an order began, told by whoever ended it."""
    told = one.ender or one.row
    times = {"start_utc": moment(one.end), "end_utc": None, "utc_low": None, "utc_high": None}
    return {**told, **times, "kind": _RELEASE, "subject_id": one.row["subject_id"], "told_as": None}


def _time_of(row: Row) -> float | None:
    """Return when a row took effect: as it states, or when it was known."""
    stated = [row[name] for name in ("start_utc", "utc_high", "utc_low", "known_utc") if row[name] is not None]
    return _minutes_of(stated[0]) if stated else None


def _minutes_of(when: datetime) -> float:
    return when.timestamp() / 60.0
