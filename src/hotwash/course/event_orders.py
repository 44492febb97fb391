"""Events round the wrong way: an end before its beginning, a cause after its effect, one occasion told hours apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from hotwash.course.changes import AERODROME, CHANGES, CLOSINGS, REOPENINGS, happens_once
from hotwash.course.dossier import A_MINUTE, Dossier, DossierRow, remark, say_gap, say_list, say_time
from hotwash.model.incident import Interval

Remark = dict[str, object]

_APART = timedelta(hours=1)  # tellings of one event differ by minutes; an hour is a zone, or another event
# Occasions that last minutes, where they do not say otherwise; a night of crossings has many looks.
_SEEN_ONCE = ("sighting", "find")


# The kinds that change the state of the whole aerodrome, and those of them that close it.
_OF_ALL = frozenset(kind for kind, change in CHANGES.items() if change.layer == AERODROME)
_ALL_CLOSED = frozenset(kind for kind in _OF_ALL if CHANGES[kind].state == "closed")


def _standing(dossier: Dossier) -> list[DossierRow]:
    return [one for one in dossier.entries["events"] if one.is_fact and not one.is_replaced]


# ---------------------------------------------------------------- ends before beginnings


def find_below_zero(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each interval of the brief whose end is told, by everybody, before its beginning."""
    events = _standing(dossier)
    for interval in dossier.bundle.brief.intervals:
        begins, ends = _ends_of(interval, events)
        first, last = _earliest(begins), _latest(ends)
        if first is None or last is None or first - last < A_MINUTE:
            continue
        text = (
            f"The interval ends at {say_time(last, dossier.zone)}, {say_gap(first - last)} before it begins at "
            f"{say_time(first, dossier.zone)} ({dossier.zone.key})."
        )
        advice = "Swap from and to, or correct the times of the events; are the right occasion and subject named?"
        rows = [entry.place for entry in (*begins, *ends)]
        yield remark("below_zero", ("intervals", interval.name), text, advice, column="to", rows=rows)


def _ends_of(interval: Interval, events: Sequence[DossierRow]) -> tuple[list[DossierRow], list[DossierRow]]:
    """Return the events that begin an interval, and those that end it."""
    first, last = interval.end_occasions
    begins = [one for one in events if _is(one, interval.from_kind, interval.from_subject, first)]
    return begins, [one for one in events if _is(one, interval.to_kind, interval.to_subject, last)]


def _is(entry: DossierRow, kind: str, subject: str, occasion: str) -> bool:
    row = entry.row
    return row["kind"] == kind and subject in ("", row["subject_id"]) and occasion in ("", row["occasion_id"])


def _earliest(entries: Iterable[DossierRow]) -> datetime | None:
    """Return the earliest that any can have begun; None where one of them is open to the past."""
    lows = [one.low for one in entries]
    return None if not lows or None in lows else min(low for low in lows if low is not None)


def _latest(entries: Iterable[DossierRow]) -> datetime | None:
    """Return the latest that any can have begun; None where one of them is open to the future."""
    highs = [one.high for one in entries]
    return None if not highs or None in highs else max(high for high in highs if high is not None)


def find_early_reopenings(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each reopening that comes before every closing told there, or before that of its occasion."""
    closings: dict[str, list[DossierRow]] = defaultdict(list)
    for one in _standing(dossier):
        if one.row["kind"] in CLOSINGS and one.row["subject_id"]:
            closings[one.row["subject_id"]].append(one)
    for one in _standing(dossier):
        own = closings.get(one.row["subject_id"] or "", [])
        if one.row["kind"] not in REOPENINGS or one.high is None or not own:
            continue
        occasion = one.row["occasion_id"]
        same = [other for other in own if occasion and other.row["occasion_id"] == occasion]
        first = _earliest(same or own)
        if first is not None and first - one.high >= A_MINUTE:
            yield _reopened_early(dossier, one, first, same or own)


def _reopened_early(dossier: Dossier, one: DossierRow, first: datetime, closings: Sequence[DossierRow]) -> Remark:
    high = one.high or first
    where, whose = one.row["subject_id"], "any closing that is told"
    if one.row["occasion_id"] and closings[0].row["occasion_id"] == one.row["occasion_id"]:
        whose = f"the closing of its occasion {one.row['occasion_id']}"
    text = (
        f"{where} reopened at {say_time(high, dossier.zone)}, {say_gap(first - high)} before {whose}, at "
        f"{say_time(first, dossier.zone)} ({dossier.zone.key})."
    )
    advice = "Correct the times, or add the closing that it ended."
    return remark("state_order", one, text, advice, rows=[other.place for other in closings])


def find_part_reopenings(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each runway that reopens while all is closed, and that nobody tells to be closed itself."""
    told = list(_standing(dossier))
    shut = {(one.row["subject_id"], one.row["part"]) for one in told if one.row["kind"] == "runway_closed"}
    of_all: dict[str, list[DossierRow]] = defaultdict(list)
    for one in told:
        if one.row["kind"] in _OF_ALL and one.row["subject_id"]:
            of_all[one.row["subject_id"]].append(one)
    for one in told:
        place = (one.row["subject_id"], one.row["part"])
        if one.row["kind"] != "runway_reopened" or not one.row["part"] or place in shut or one.low is None:
            continue
        before = [
            (other.low, other.name, other)
            for other in of_all.get(place[0] or "", [])
            if other.low is not None and other.low <= one.low
        ]
        last = max(before, key=lambda item: item[:2])[2] if before else None
        is_shut = last is not None and last.row["kind"] in _ALL_CLOSED
        if last is not None and is_shut and (last.row["end_utc"] is None or last.row["end_utc"] > one.low):
            text = (
                f"Runway {place[1]} of {place[0]} reopened while all of it was closed ({last.name}), and nobody tells "
                "that this runway was closed itself: it is taken as a partial reopening."
            )
            advice = "Write aerodrome_partly_reopened if that is meant; otherwise tell when the runway was closed."
            yield remark("state_order", one, text, advice, column="kind", rows=[last.place])


# ---------------------------------------------------------------- a cause after its effect


def find_late_causes(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each event or sighting that begins after what it is said to have caused."""
    events, sightings = _standing(dossier), dossier.entries["sightings"]
    by_name: dict[str, list[DossierRow]] = defaultdict(list)
    for one in events:
        by_name[one.row["event_id"]].append(one)
    for one in (*events, *(other for other in sightings if not other.is_replaced)):
        effect = one.row["led_to"]
        if effect is None or one.low is None:
            continue
        begun, rows = _beginning_of(dossier, effect, by_name.get(effect, []), events)
        if begun is not None and one.low - begun >= A_MINUTE:
            gap, at, by = say_gap(one.low - begun), say_time(one.low, dossier.zone), say_time(begun, dossier.zone)
            text = (
                f"It began at {at}, {gap} after {effect}, which it is said to have caused and which began by {by} "
                f"({dossier.zone.key})."
            )
            advice = "A cause cannot come after its effect: correct the times, or leave led_to empty."
            yield remark("wrong_order", one, text, advice, column="led_to", rows=rows)


def _beginning_of(
    dossier: Dossier, name: str, tellings: Sequence[DossierRow], events: Sequence[DossierRow]
) -> tuple[datetime | None, list[str]]:
    """Return the latest time at which an event or an occasion can have begun, and the rows that say so."""
    if tellings:
        return _latest(tellings), [one.place for one in tellings]
    inside = [
        one for one in events if one.row["occasion_id"] == name and one.high is not None and one.row["led_to"] != name
    ]
    changes = [one for one in inside if one.row["kind"] in CLOSINGS] or inside
    bounds = [(one.high, one.place) for one in changes if one.high is not None]
    if bounds:
        first = min(bounds)
        return first[0], [first[1]]
    ends = [row["utc_high"] for row in dossier.bundle.occasions.iter_rows(named=True) if row["occasion_id"] == name]
    return (ends[0] if ends else None), [f"occasions:{name}"]


# ---------------------------------------------------------------- occasions


def find_hours_apart(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for tellings that a bundle places in one occasion and that lie more than an hour apart.

    Only of what happens once on an occasion: a first or last event, a change of state that nothing undoes in between, a
    sighting in an occasion that is one. Statements, counts and movements may well come hours apart.
    """
    groups: dict[tuple[str, ...], list[DossierRow]] = defaultdict(list)
    for one in _standing(dossier):
        kind, row = one.row["kind"], one.row
        is_one = happens_once(kind) or kind in CLOSINGS or kind in REOPENINGS
        if row["occasion_id"] and is_one and row["value"] is None:
            groups[row["occasion_id"], kind, row["subject_id"] or "", row["part"] or ""].append(one)
    occasions = dossier.bundle.occasions.iter_rows(named=True)
    short = {row["occasion_id"] for row in occasions if row["kind"] in _SEEN_ONCE and not _lasts_hours(row)}
    for one in dossier.entries["sightings"]:
        if one.row["occasion_id"] in short and not one.is_replaced:
            groups[one.row["occasion_id"], "sighting", "", ""].append(one)
    for (occasion, kind, *_), entries in groups.items():
        first, last, gap = _spread(entries)
        if gap > _APART and not _is_undone(dossier, kind, entries, first, last):
            names, what = say_list([one.name for one in entries]), kind.replace("_", " ")
            text = f"{names} tell of one {what} on occasion {occasion}, and lie {say_gap(gap)} apart."
            advice = "Is one zone of time wrong? If they tell of two occasions, give each its own occasion_id."
            yield remark("hours_apart", last, text, advice, column="occasion_id", rows=[one.place for one in entries])


def _lasts_hours(occasion: Mapping[str, object]) -> bool:
    """Tell whether an occasion says itself that it lasts longer than two tellings of one event lie apart."""
    low, high = occasion["utc_low"], occasion["utc_high"]
    return isinstance(low, datetime) and isinstance(high, datetime) and high - low > _APART


def _spread(entries: Sequence[DossierRow]) -> tuple[DossierRow, DossierRow, timedelta]:
    """Return the telling that ends first, the one that begins last, and the time between them; none where they meet."""
    bounded = [one for one in entries if one.low is not None and one.high is not None]
    if not bounded:
        return entries[0], entries[0], timedelta()
    first = min(bounded, key=lambda one: (one.high, one.name))
    last = max(bounded, key=lambda one: (one.low, one.name))
    return first, last, (last.low - first.high) if last.low and first.high else timedelta()


def _is_undone(dossier: Dossier, kind: str, entries: Sequence[DossierRow], first: DossierRow, last: DossierRow) -> bool:
    """Tell whether the opposite change is told in between, so that it happened twice on one occasion."""
    opposite = REOPENINGS if kind in CLOSINGS else CLOSINGS if kind in REOPENINGS else ()
    subject = entries[0].row.get("subject_id")
    return any(
        one.row["kind"] in opposite
        and one.row["subject_id"] == subject
        and one.high is not None
        and first.high is not None
        and last.low is not None
        and first.high <= one.high <= last.low
        for one in _standing(dossier)
    )


def find_untold_occasions(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each declared occasion that no row names, and none of its subject falls into."""
    named = {one.row["occasion_id"] for one in dossier.all_entries}
    for row in dossier.bundle.occasions.iter_rows(named=True):
        name = row["occasion_id"]
        if name not in named and not row["is_proposed"] and not _falls_into(dossier, row["subject_id"], row):
            text = "No claim, event, find or sighting names this occasion."
            advice = "Write it in occasion_id of the rows that tell of it, or remove it."
            yield remark("occasion_untold", ("occasions", name), text, advice, column="occasion_id")


def _falls_into(dossier: Dossier, subject: str | None, occasion: dict[str, object]) -> bool:
    """Tell whether an event of the same subject, without an occasion of its own, lies within the occasion's times."""
    low, high = occasion["utc_low"], occasion["utc_high"]
    if subject is None or not isinstance(low, datetime) or not isinstance(high, datetime):
        return False
    return any(
        one.row["subject_id"] == subject
        and one.row["occasion_id"] is None
        and one.low is not None
        and low <= one.low <= high
        for one in _standing(dossier)
    )
