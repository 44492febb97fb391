"""What the states of one aerodrome add up to: first to last, in all, operating time lost, stages, exceptions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import polars as pl

from hotwash.course.changes import MEASURES, OPEN, STATE_WORDS, is_movement
from hotwash.course.clusters import nominal, split_events
from hotwash.course.refuted_ends import is_on_closed_runway, runways_of
from hotwash.course.runway_lengths import measure_runway, read_runway_length
from hotwash.course.spans import join_spans, length_outside, round_finite, total_length
from hotwash.course.states import Stretch, is_measure
from hotwash.course.tellings import Row, Telling, beginning_of
from hotwash.model import schema, tables
from hotwash.model.words import CLOSED_TO_TRAFFIC

_ROUNDING = 1e-6  # of a minute: what arithmetic leaves
_ONE_MOVEMENT_MIN = 3.0  # two logs of one landing: over the threshold, and clear of the runway
_BARRED = ("closed", "airspace_closed")  # nothing may land or depart


def closure_rows(stretches: Sequence[Stretch], events: Sequence[Row]) -> pl.DataFrame:
    """Return CLOSURES: one row for each aerodrome and state of closure, and one for each of its occasions.

    stretches   as `states.find_stretches` gives them; one whose closing nobody tells adds nothing
    events      rows of EVENTS that stand: their movements are the exceptions
    """
    rows: list[dict[str, object]] = []
    for subject in dict.fromkeys(one.subject for one in stretches):
        own = [one for one in stretches if one.subject == subject]
        for state in MEASURES:
            shut = [one for one in own if one.state == state and one.start is not None]
            if not shut:
                continue
            rows += _closures_of(subject, state, shut, own, events)
        barred = [one for one in own if one.state in _BARRED and one.start is not None]
        if len({one.state for one in barred}) > 1:
            rows += _closures_of(subject, CLOSED_TO_TRAFFIC, barred, own, events)
    return schema.frame(tables.CLOSURES, rows)


def _closures_of(
    subject: str, state: str, shut: Sequence[Stretch], own: Sequence[Stretch], events: Sequence[Row]
) -> Iterator[dict[str, object]]:
    """Yield what stretches add up to: of the whole incident, and of each occasion where there are several."""
    yield _closure(subject, state, None, shut, own, events)
    occasions = list(dict.fromkeys(one.occasion for one in shut if one.occasion))
    if len(occasions) > 1:
        for name in occasions:
            yield _closure(subject, state, name, [one for one in shut if one.occasion == name], own, events)


def _closure(
    subject: str,
    state: str,
    occasion: str | None,
    shut: Sequence[Stretch],
    own: Sequence[Stretch],
    events: Sequence[Row],
) -> dict[str, object]:
    is_joined = state == CLOSED_TO_TRAFFIC or len({one.part for one in shut}) > 1  # two runways at once: counted once
    sure = join_spans([(one.from_high, one.to_low) for one in shut if one.stop is not None])
    widest = join_spans([(one.from_low, one.to_high) for one in shut])
    planned = [one for one in own if not is_measure(one)]
    sure_end = max((one.to_low for one in shut if one.stop is not None), default=-math.inf)
    is_shut = state in (*_BARRED, CLOSED_TO_TRAFFIC, "runway_closed")  # under a restriction some may move
    occasions = {one.occasion for one in shut}  # other measures of the same one are its stages, those of others are not
    within = [one for one in own if is_measure(one) and one.occasion in occasions]
    gravest = next(item for item in MEASURES if any(one.state == item for one in within))
    return {
        "subject_id": subject,
        "occasion_id": occasion,
        "state": state,
        "stretches": len(widest) if is_joined else len(shut),
        "span_min_low": round_finite(max(sure_end - min(one.from_high for one in shut), 0.0)),
        "span_min_high": round_finite(widest[-1][1] - widest[0][0]),
        "closed_min_low": round_finite(total_length(sure)),
        "closed_min_high": round_finite(total_length(widest)),
        "lost_min_low": round_finite(length_outside(sure, [(one.from_low, one.to_high) for one in planned])),
        "lost_min_high": round_finite(length_outside(widest, [(one.from_high, one.to_low) for one in planned])),
        "stages": list(_stages(within)) if state == gravest and len(occasions) < 2 else [],
        "exceptions": [f"events:{row['event_id']}" for row in _exceptions(subject, shut, own, events)]
        if is_shut
        else [],
        "rows": [f"events:{name}" for name in dict.fromkeys(name for one in shut for name in one.names)],
    }


def _stages(stretches: Sequence[Stretch]) -> Iterator[str]:
    """Yield the measures and each opening after which none was in force, in order, with the time since the first.

    Their order is that in which they are told to have come, not that of their bounds: "lifted at 20:21, set again about
    20:25" is two steps, though the second may have begun at 20:20.
    """
    told = [one for one in stretches if one.start is not None]
    if not told:
        return
    first, last = told[0], _named(told[0])
    steps = [(one.nominal, 1, one.from_low, one.from_high, _named(one)) for one in told[1:]]
    openings = {(one.to_low, one.to_high): one.stop.nominal for one in told if one.stop and _opens(one, told)}
    steps += [(nominal, 0, low, high, "open again") for (low, high), nominal in openings.items()]
    yield last
    for _, _, low, high, what in sorted(steps):
        if what != last:  # a measure that is prolonged without an opening between is one stage
            yield f"{what}, {_since(first, low, high)} after the first measure"
        last = what


def _opens(one: Stretch, stretches: Sequence[Stretch]) -> bool:
    """Tell whether all is open after a stretch: it ended so, and no other was in force or began then."""
    if one.stop is None or one.stop.state != OPEN:
        return False
    return not any(_is_in_force_after(one, other) for other in stretches if other is not one)


def _is_in_force_after(one: Stretch, other: Stretch) -> bool:
    """Tell whether another stretch may be in force when one ends; the next of its own kind only if it begins then."""
    if (one.layer, one.part) == (other.layer, other.part):
        return (other.from_low, other.from_high) == (one.to_low, one.to_high)
    return other.from_low <= one.to_high and (other.stop is None or other.to_high > one.to_high)


def _named(one: Stretch) -> str:
    part = one.part.replace("_", " ")
    return f"{STATE_WORDS[one.state]}{f' ({part})' if part else ''}"


def _since(first: Stretch, low: float, high: float) -> str:
    """Return how long after the first measure something was, in words."""
    least, most = max(low - first.from_high, 0.0), max(high - first.from_low, 0.0)
    if math.isfinite(most) and round(least) == round(most):
        return f"{least:.0f} min"
    shortest = math.floor(least + _ROUNDING)  # bounds are rounded outward: they hold all that is possible
    return f"{shortest} to {math.ceil(most - _ROUNDING)} min" if math.isfinite(most) else f"at least {shortest} min"


def _exceptions(subject: str, shut: Sequence[Stretch], own: Sequence[Stretch], events: Sequence[Row]) -> Iterator[Row]:
    """Yield movements that surely happened while the aerodrome, or the runway, was closed, each once, whoever tells it.

    Beside a closed runway another may be in use: what moved counts where it names the runway, or where one alone is
    told.
    """
    runways = runways_of(subject, [(one.subject, one.state, one.part or None) for one in own])
    rows = [row for row in events if row["subject_id"] == subject and is_movement(row["kind"])]
    clusters = [
        tellings
        for kind in dict.fromkeys(row["kind"] for row in rows)
        for tellings in split_events([row for row in rows if row["kind"] == kind], {})
    ]
    taken: list[list[Row]] = []
    for tellings in clusters:
        when = beginning_of(tellings[0])
        if not when.is_bounded or not any(_moved_in(tellings[0], when, one, runways) for one in shut):
            continue
        same = next((group for group in taken if _is_one_movement(group, tellings)), None)
        if same is None:
            taken.append(list(tellings))
        else:
            same += tellings
    yield from (group[0] for group in taken)


def _is_one_movement(some: Sequence[Row], others: Sequence[Row]) -> bool:
    """Tell whether two tellings may be of one movement: of two tellers, some minutes apart, and of one flight.

    Who tells two movements knows them apart.
    """
    tellers, more = ({name.casefold() for row in rows for name in row["said_by"] or ()} for rows in (some, others))
    parts, flights = ({row["part"] for row in rows if row["part"]} for rows in (some, others))
    kinds = {row["kind"] for row in (*some, *others)}
    is_near = abs(nominal(some) - nominal(others)) <= _ONE_MOVEMENT_MIN
    is_one_kind = len(kinds) == 1 or "movement" in kinds
    is_one_flight = not (parts and flights) or bool(parts & flights)
    return is_near and is_one_kind and is_one_flight and bool(tellers and more) and not tellers & more


def _moved_in(row: Row, when: Telling, one: Stretch, runways: Sequence[str | None]) -> bool:
    """Tell whether something moved in a stretch; of a runway's, whose ends are told to the minute, well within it."""
    if one.state != "runway_closed":
        return one.from_high <= when.low and when.high <= one.to_low
    is_within = one.from_high + 1.0 <= when.low and when.high <= one.to_low - 1.0
    return is_within and row["value"] != 0 and is_on_closed_runway(row, one.part or None, runways)


def count_movements(event: Row | None) -> tuple[int, bool]:
    """Return how many movements an event tells, no fewer than, and whether that is their number: one has no value."""
    if event is None or event["value"] is None or event["unit"] is not None:  # of passengers, one movement
        return 1, True
    is_exact = event["relation"] in (None, "exactly")
    is_least = is_exact or event["relation"] in ("at_least", "between")
    return (max(int(event["value"]), 1) if is_least else 1), is_exact


# ---------------------------------------------------------------- lengths that questions may ask for

_SPANS = {"in all": "closed", "from first to last": "span"}
_WORDS = {STATE_WORDS[state]: state for state in MEASURES if state != "runway_closed"} | {
    "closed to traffic": CLOSED_TO_TRAFFIC
}
_LENGTH = re.compile(rf"(\S+) ({'|'.join(_WORDS)}) ({'|'.join(_SPANS)})")
_LOST = re.compile(r"(\S+) operating time lost")
_OF_RUNWAY = re.compile(r"(\S+) ((?:closed (?:in all|from first to last))|operating time lost)")


def is_closure_length(name: str) -> bool:
    """Tell whether a name asks for what closures add up to: "EDDV closed in all", "EDDV operating time lost"."""
    return bool(_LENGTH.fullmatch(name) or _LOST.fullmatch(name)) or read_runway_length(name) is not None


def closed_in_all(name: str) -> tuple[str, str] | None:
    """Return the aerodrome and the state of which a name asks for the length in all; None of another name."""
    found = _LENGTH.fullmatch(name)
    return (found[1], _WORDS[found[2]]) if found and _SPANS[found[3]] == "closed" else None


def states_of_length(name: str) -> tuple[str, ...]:
    """Return the states whose stretches such a name adds up."""
    asked, found = read_runway_length(name), _LENGTH.fullmatch(name)
    if asked is not None:
        return ("runway_closed",) if asked.is_alone else (*_BARRED, "runway_closed")
    state = _WORDS[found[2]] if found else CLOSED_TO_TRAFFIC
    return _BARRED if state == CLOSED_TO_TRAFFIC else (state,)


def explain_untold_length(name: str, closures: pl.DataFrame) -> tuple[str, str] | None:
    """Return why such a length is not told though a runway was closed, and what to ask or enter; None otherwise.

    closures   CLOSURES

    One runway is not the aerodrome: nobody but the analyst knows whether the field has another.
    """
    found = _OF_RUNWAY.fullmatch(name)
    if found is None or closure_length(name, closures, (), occasion=None) is not None:
        return None
    subject, asked = found.groups()
    if closures.filter(subject_id=subject, state="runway_closed").is_empty():
        return None
    advice = f'ask for "{subject} runway {asked}"; or, if all of it was closed, enter aerodrome_closed too'
    return f"only a runway of {subject} is told to be closed, and nobody tells whether another was in use", advice


def closure_length(name: str, closures: pl.DataFrame, states: Sequence[Row], *, occasion: str | None) -> Row | None:
    """Return a length that such a name asks for, as a row of DURATIONS; None where no closure of it is told.

    closures   CLOSURES
    states     rows of STATES: a runway is closed with its aerodrome too
    occasion   the occasion asked about; None for the whole incident
    """
    asked = read_runway_length(name)
    if asked is not None:
        runway = measure_runway(asked, states, occasion=occasion)
        if runway is None:
            return None
        why = _why_open(runway.high, [*runway.own, *runway.with_whole])
        return _length_row(name, occasion, runway.low, runway.high, runway.rows, why=why)
    wanted: tuple[str, ...]
    if found := _LENGTH.fullmatch(name):
        subject, words, which = found.groups()
        wanted, column = (_WORDS[words],), _SPANS[which]
    elif found := _LOST.fullmatch(name):
        subject, wanted, column = found[1], ("closed",), "lost"
    else:
        return None
    if wanted == (CLOSED_TO_TRAFFIC,) or column == "lost":  # where only one of the two was closed, that is all
        wanted = (CLOSED_TO_TRAFFIC, "closed", "airspace_closed")
    told = closures.filter(subject_id=subject)
    state = next((state for state in wanted if state in told["state"]), wanted[0])
    own = told.filter(state=state).to_dicts()
    names = {row["occasion_id"] for row in own}
    if occasion is not None and occasion not in names and len(names) > 1:
        return None
    of = occasion if occasion in names else None
    row = next((row for row in own if row["occasion_id"] == of), None)
    if row is None:
        return None
    behind = _stretches_behind(row, states)
    if occasion is not None and of is None and behind and not {occasion, None} & {one["occasion_id"] for one in behind}:
        return None  # all that is told is of other occasions
    high = row[f"{column}_min_high"]
    return _length_row(name, occasion, row[f"{column}_min_low"], high, row["rows"], why=_why_open(high, behind))


def _stretches_behind(closure: Row, states: Sequence[Row]) -> list[Row]:
    """Return the rows of STATES that a row of CLOSURES adds up."""
    names = set(closure["rows"])
    wanted = _BARRED if closure["state"] == CLOSED_TO_TRAFFIC else (closure["state"],)
    of = [one for one in states if one["subject_id"] == closure["subject_id"] and one["state"] in wanted]
    return [one for one in of if names & {*(one["from_rows"] or ())}]


def _why_open(high: float | None, stretches: Sequence[Row]) -> str | None:
    """Return why nothing bounds a length from above: an end that nobody tells, or one that is told from one side."""
    if high is not None:
        return None
    if any(one["to_utc_low"] is None and one["to_utc_high"] is None for one in stretches):
        return "Nobody tells when it ended."
    said = ["of a closing only the latest time is known"] * any(one["from_utc_low"] is None for one in stretches)
    said += ["of an end only the earliest time is known"] * any(one["to_utc_high"] is None for one in stretches)
    text = "; ".join(said) or "its ends are not told"
    return f"{text[:1].upper()}{text[1:]}."


def _length_row(
    name: str, occasion: str | None, low: float, high: float | None, rows: Sequence[str], *, why: str | None
) -> Row:
    """Return a length as a row of DURATIONS."""
    return {
        "name": name,
        "occasion_id": occasion,
        "minutes": low if low == high else None,
        "low": low,
        "high": high,
        "groups": [],
        "why": why,
        "rows": rows,
    }
