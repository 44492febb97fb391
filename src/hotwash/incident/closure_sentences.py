"""What closures add up to, as a sentence: closed in all, from first to last, operating time lost; of a runway too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from hotwash.claims.words import join_words, minutes_between
from hotwash.course.changes import PARTLY_REOPENED
from hotwash.course.runway_lengths import RunwayAsked, RunwayLength, measure_runway, read_runway_length
from hotwash.incident.case import Case, Row


def say_closure_length(row: Row, length: str, case: Case) -> str:
    """Return what closures add up to: "Runway 15/33 of X was closed for 1 h 45 min in all, in 4 stretches".

    row      of DURATIONS, whose name asks for it: "EDDV runway closed in all"
    length   its length in words
    """
    asked = read_runway_length(row["name"])
    is_untold = not row["low"] and row["high"] is None  # no less than nothing is no length
    if asked is not None:
        return _say_runway(asked, row, length, case, is_untold=is_untold)
    subject, _, words = row["name"].partition(" ")
    name = case.name_of(subject)
    what = words.removesuffix(" in all").removesuffix(" from first to last")
    which = _say_occasion(row, case)
    who = f"The airspace over {name}" if what == "airspace closed" else name
    state = what.split()[-1] if what.endswith(" closed") else what
    own = _states_behind(row, what, case)
    if is_untold:
        is_lost = what == "operating time lost"
        stretches = _states_behind(row, "closed to traffic", case) if is_lost else own
        untold = "the operating time lost" if is_lost else "how long"
        said = _say_since(row, who, what, case) or _say_bounded(
            stretches, who, "closed" if is_lost else state, untold, case
        )
        if said:
            return f"{said}{which}"
    if words.endswith(" in all"):
        return f"{who} was {state} for {length} in all{_say_stretches(len(own))}{which}"
    if words.endswith(" from first to last"):
        of = f"{who[:1].lower()}{who[1:]}" if who != name else name
        return f"{_say_ends(own, of, case, is_restriction=what == 'restricted')}: {length}{which}"
    return f"{name}, {what}: {length}{which}"


def _say_since(row: Row, who: str, what: str, case: Case) -> str:
    """Return since when something is closed whose reopening nobody tells, and until when it is told to be so.

    Whoever tells at 00:40 that it is closed tells that it has been so since its closing. "" where no closing is timed.
    """
    names = {*(row["rows"] or ())}
    states = _STATES.get("closed to traffic" if what == "operating time lost" else what, ())
    own = [one for one in case.state_rows if one["state"] in states and names & {*(one["from_rows"] or ())}]
    last = max(own, key=_first, default=None)
    if last is None or not math.isinf(_last(last)) or math.isinf(_first(last)):
        return ""
    since = case.clock.bounds(last["from_utc_low"], last["from_utc_high"])
    if what == "operating time lost":
        return f"{who} has been closed since {since}, as far as anybody tells; the operating time lost is not told"
    begun = last["from_utc_high"] or last["from_utc_low"]
    word = what.split()[-1] if what.endswith(" closed") else what
    told = f"{who} has been {word} since {since}, as far as anybody tells"
    seen = max(_seen_so(last, case), key=lambda one: one[0], default=None)
    if seen is None or seen[0] <= begun:
        return told
    least = minutes_between((seen[0] - begun).total_seconds() / 60.0, None)
    return f"{told}; {least} to {case.clock.moment(seen[0])}, when {join_words(list(seen[1]))} told it to be so"


def _say_bounded(rows: Sequence[Row], who: str, state: str, untold: str, case: Case) -> str:
    """Return from when to when something was closed where the bounds of that leave its length open; "" without rows.

    An end of which only the latest time is told is told: it is over.
    """
    last = max(rows, key=_last, default=None)
    if last is None or math.isinf(_last(last)):
        return ""
    spans = [
        case.clock.span((one["from_utc_low"], one["from_utc_high"]), (one["to_utc_low"], one["to_utc_high"]))
        for one in sorted(rows, key=_first)
    ]
    then = "" if state == "restricted" or _is_followed(last, case) else ", then open"
    in_all = " in all" if len(rows) > 1 and untold == "how long" else ""
    return f"{who} was {state} {join_words(spans)}{then}; {untold}{in_all} is not told"


def _is_followed(row: Row, case: Case) -> bool:
    """Tell whether another measure was in force when a stretch had ended."""
    others = [one for one in case.state_rows if one is not row and one["subject_id"] == row["subject_id"]]
    measures = [one for one in others if one["state"] in _MEASURES]
    return _is_partial(row, case) or any(_first(one) <= _last(row) < _last(one) for one in measures)


def _seen_so(state: Row, case: Case) -> list[tuple[datetime, tuple[str, ...]]]:
    """Return when sources that decide told an aerodrome to be in a state, in statements that nothing contradicts."""
    asked = case.bundle.questions.filter(kind="status", subject_id=state["subject_id"]).to_dicts()
    said = [item for question in asked for item in case.standing(question) if item["value"] == state["state"]]
    return [
        (at, case.sayers(item))
        for item in said
        if item["verdict"] != "contradicted" and item["told_as"] in (None, "fact") and case.is_graded(item)
        if (at := item["at_utc_low"] or item["said_utc_low"]) is not None
    ]


def _say_occasion(row: Row, case: Case) -> str:
    return f" (“{case.occasion_name(row['occasion_id'])}”)" if row["occasion_id"] else ""


def _say_stretches(number: int) -> str:
    return f", in {number} stretches" if number > 1 else ""


_MEASURES = ("closed", "airspace_closed", "restricted")
_STATES = {
    "closed": ("closed",),
    "airspace closed": ("airspace_closed",),
    "restricted": ("restricted",),
    "closed to traffic": ("closed", "airspace_closed"),
}


def _states_behind(row: Row, what: str, case: Case) -> list[Row]:
    """Return the stretches that a length adds up: those of the states asked, not what else began as they ended."""
    names = {*(row["rows"] or ())}
    asked = [one for one in case.state_rows if one["state"] in _STATES.get(what, ())]
    own = [one for one in asked if names & {*(one["from_rows"] or ())}]
    return _apart(own) if what == "closed to traffic" else own


def _apart(rows: Sequence[Row]) -> list[Row]:
    """Return stretches without those that lie within others, so that what is closed twice over counts once."""
    found = list[Row]()
    for row in sorted(rows, key=_first):
        last = found[-1] if found else None
        if last is None or _first(row) > _last(last):
            found.append(row)
        elif _last(row) > _last(last):
            found[-1] = {**last, **{name: row[name] for name in ("to_utc_low", "to_utc_high", "to_rows")}}
    return found


def _first(row: Row) -> float:
    """Return when a stretch began at the earliest; −∞ where nobody tells it."""
    begun: datetime | None = row["from_utc_low"] or row["from_utc_high"]
    return -math.inf if begun is None else begun.timestamp()


def _last(row: Row) -> float:
    """Return when a stretch ended at the latest; ∞ where nobody tells it."""
    ended: datetime | None = row["to_utc_high"] or row["to_utc_low"]
    return math.inf if ended is None else ended.timestamp()


# ---------------------------------------------------------------- from first to last


def _say_ends(rows: Sequence[Row], of: str, case: Case, *, is_restriction: bool) -> str:
    """Return from which step to which a length runs: "From the first closing of X at 21:04 to the reopening at 23:49".

    Where nobody tells the end of one of them, the last step is not said to be known.
    """
    first = min(rows, key=_first, default=None)
    last = max(rows, key=_last, default=None)
    begins = f"{'first ' if len(rows) > 1 else ''}{'restriction' if is_restriction else 'closing'}"
    if first is None or last is None:
        return f"From the {begins} of {of} to its end"
    when = case.clock.when(first["from_utc_low"], first["from_utc_high"])
    return f"From the {begins} of {of} {when} to {_say_last_step(last, len(rows), case, is_restriction=is_restriction)}"


def _say_last_step(row: Row, number: int, case: Case, *, is_restriction: bool) -> str:
    """Return what ended the last stretch, and when: a partial reopening is no reopening."""
    if math.isinf(_last(row)):
        return "its end, which nobody tells"
    when = case.clock.when(row["to_utc_low"], row["to_utc_high"])
    if is_restriction:
        return f"the end of the {'last' if number > 1 else 'restriction'} {when}"
    if _is_partial(row, case):
        return f"the partial reopening {when}"
    return f"the {'last ' if number > 1 else ''}reopening {when}"


def _is_partial(row: Row, case: Case) -> bool:
    """Tell whether a closure passed into a restriction: it was reopened only in part."""
    names = {*(row["to_rows"] or ())}
    kinds = [event["kind"] for event in map(case.event_of, names) if event is not None]
    eased = [one for one in case.state_rows if one["state"] == "restricted" and names & {*(one["from_rows"] or ())}]
    return bool(eased) or PARTLY_REOPENED in kinds


# ---------------------------------------------------------------- runways


def _say_runway(asked: RunwayAsked, row: Row, length: str, case: Case, *, is_untold: bool) -> str:
    """Return how long a runway was closed, and how much of it with the whole aerodrome."""
    found = measure_runway(asked, case.state_rows, occasion=row["occasion_id"])
    if found is None:
        return f"{row['name']}: {length}"
    of = _name_runway(asked, found, case)
    which = _say_occasion(row, case)
    if is_untold and (said := _say_untold_runway(asked, found, of, case)):
        return f"{said}{which}"
    if asked.measure == "lost":
        return f"{of} lost {length} of operating time{_say_included(found)}{which}"
    if asked.measure == "span":
        rows = [*found.own, *found.with_whole]
        said = _say_ends(_apart(rows), f"{of[:1].lower()}{of[1:]}", case, is_restriction=False)
        return f"{said}: {length}{_say_included(found)}{which}"
    alone = " by itself" if asked.is_alone else ""
    return f"{of} was closed{alone} for {length} in all{_say_shares(found)}{which}"


def _say_untold_runway(asked: RunwayAsked, found: RunwayLength, of: str, case: Case) -> str:
    """Return from when to when a runway was closed, or since when, where nothing bounds how long; "" where unknown."""
    rows = [*found.own, *found.with_whole]
    untold = "the operating time lost" if asked.measure == "lost" else "how long"
    last = max(rows, key=_first, default=None)
    if last is not None and math.isinf(_last(last)) and not math.isinf(_first(last)):
        since = case.clock.bounds(last["from_utc_low"], last["from_utc_high"])
        rest = f"; {untold} is not told" if asked.measure == "lost" else ""
        return f"{of} has been closed since {since}, as far as anybody tells{rest}"
    return _say_bounded(rows, of, "closed", untold, case)


def _name_runway(asked: RunwayAsked, found: RunwayLength, case: Case) -> str:
    parts = {row["part"] for row in found.own if row["part"]}
    name = case.name_of(asked.subject)
    part = asked.part or (parts.pop() if len(parts) == 1 else "")
    if part:
        return f"Runway {part.replace('_', ' ').removeprefix('runway ').removeprefix('Runway ')} of {name}"
    return f"{'A' if found.own else 'Each'} runway of {name}"


def _say_shares(found: RunwayLength) -> str:
    """Return which part of a length was with the whole aerodrome, and which by itself."""
    if not found.with_whole:
        return _say_stretches(len(found.own))
    whole, alone = (minutes_between(low or None, high) for low, high in (found.whole, found.by_itself))
    if not found.own or found.by_itself == (0.0, 0.0):
        return f", {'all of it ' if found.own else ''}{_say_with(found)}"
    return f": {whole or 'some time'} {_say_with(found)}, {alone or 'some time'} by itself"


def _say_included(found: RunwayLength) -> str:
    """Return that a length takes in what closed all of the aerodrome, and how long the runway was closed by itself."""
    if not found.with_whole:
        return ""
    alone = minutes_between(found.by_itself[0] or None, found.by_itself[1]) if found.by_itself[1] else ""
    rest = f"; closed by itself for {alone}" if alone else ""
    return f", closings of {_say_with(found).removeprefix('with ')} included{rest}"


def _say_with(found: RunwayLength) -> str:
    states = {row["state"] for row in found.with_whole}
    if states == {"airspace_closed"}:
        return "with the airspace over it"
    return "with the whole aerodrome" if states == {"closed"} else "with the whole aerodrome or its airspace"
