"""What the states of one aerodrome add up to: first to last, in all, operating time lost, stages, exceptions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from hotwash.course.changes import MEASURES, MOVEMENTS, OPEN, STATE_WORDS
from hotwash.course.clusters import split_events
from hotwash.course.states import Stretch, is_measure
from hotwash.course.tellings import Row, beginning_of
from hotwash.model import schema, tables

Span = tuple[float, float]


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
            if not shut or len({one.part for one in shut}) > 1:  # two runways closed at once are no longer closed
                continue
            occasions = list(dict.fromkeys(one.occasion for one in shut if one.occasion))
            rows.append(_closure(subject, state, None, shut, own, events))
            if len(occasions) > 1:
                rows += [
                    _closure(subject, state, name, [one for one in shut if one.occasion == name], own, events)
                    for name in occasions
                ]
    return schema.frame(tables.CLOSURES, rows)


def _closure(
    subject: str,
    state: str,
    occasion: str | None,
    shut: Sequence[Stretch],
    own: Sequence[Stretch],
    events: Sequence[Row],
) -> dict[str, object]:
    first, last = shut[0], shut[-1]
    planned = [one for one in own if not is_measure(one)]
    lost = [_lost(one, planned) for one in shut]
    gravest = next(item for item in MEASURES if any(one.state == item for one in own))
    is_shut = state in ("closed", "airspace_closed")  # beside a closed runway, or under a restriction, some may move
    within = [one for one in own if is_measure(one) and (occasion is None or one.occasion == occasion)]
    return {
        "subject_id": subject,
        "occasion_id": occasion,
        "state": state,
        "stretches": len(shut),
        "span_min_low": _finite(max(last.to_low - first.from_high, 0.0)),
        "span_min_high": _finite(last.to_high - first.from_low),
        "closed_min_low": _finite(sum(_length(one)[0] for one in shut)),
        "closed_min_high": _finite(sum(_length(one)[1] for one in shut)),
        "lost_min_low": _finite(sum(low for low, _ in lost)),
        "lost_min_high": _finite(sum(high for _, high in lost)),
        "stages": list(_stages(within)) if state == gravest and len({one.occasion for one in within}) < 2 else [],
        "exceptions": [f"events:{row['event_id']}" for row in _exceptions(subject, shut, events)] if is_shut else [],
        "rows": [f"events:{name}" for name in dict.fromkeys(name for one in shut for name in one.names)],
    }


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def _length(one: Stretch) -> Span:
    """Return how long a stretch lasted: no less than, no more than [min]; ∞ where an end is open."""
    if one.stop is None:
        return 0.0, math.inf
    return max(one.to_low - one.from_high, 0.0), one.to_high - one.from_low


def _lost(one: Stretch, planned: Sequence[Stretch]) -> Span:
    """Return how much of a stretch lay outside the hours in which nothing would have flown anyway [min].

    The least is what surely was closed, less all that may have been unplanned; the most the other way round.
    """
    low, high = _length(one)
    if one.stop is None:
        return 0.0, math.inf
    sure = (one.from_high, one.to_low)
    widest = (one.from_low, one.to_high)
    possible = _covered(sure, [(item.from_low, item.to_high) for item in planned])
    certain = _covered(widest, [(item.from_high, item.to_low) for item in planned])
    return max(low - possible, 0.0), max(high - certain, 0.0)


def _covered(span: Span, parts: Iterable[Span]) -> float:
    """Return how many minutes of a span some parts cover, each minute once."""
    covered, reached = 0.0, span[0]
    for low, high in sorted(parts):
        start, stop = max(low, reached), min(high, span[1])
        if stop > start:
            covered += stop - start
            reached = stop
    return covered


def _stages(stretches: Sequence[Stretch]) -> Iterator[str]:
    """Yield the measures in the order in which they began, with the time since the first, and the end of the last."""
    told = [one for one in stretches if one.start is not None]
    if not told:
        return
    first = told[0]
    yield _named(first)
    for one in told[1:]:
        yield f"{_named(one)}, {_since(first, one.from_low, one.from_high)} after the first measure"
    ends = [one for one in told if one.stop is not None and one.stop.state == OPEN]
    if ends:
        last = max(ends, key=lambda one: one.to_high)
        yield f"open again, {_since(first, last.to_low, last.to_high)} after the first measure"


def _named(one: Stretch) -> str:
    return f"{STATE_WORDS[one.state]}{f' ({one.part})' if one.part else ''}"


def _since(first: Stretch, low: float, high: float) -> str:
    """Return how long after the first measure something was, in words."""
    least, most = max(low - first.from_high, 0.0), max(high - first.from_low, 0.0)
    if not math.isfinite(most):
        return f"at least {least:.0f} min"
    return f"{least:.0f} min" if round(least) == round(most) else f"{least:.0f} to {most:.0f} min"


def _exceptions(subject: str, shut: Sequence[Stretch], events: Sequence[Row]) -> Iterator[Row]:
    """Yield movements that surely happened while the aerodrome was closed, each once, whoever tells it."""
    rows = [row for row in events if row["subject_id"] == subject and row["kind"].startswith(MOVEMENTS)]
    for kind in dict.fromkeys(row["kind"] for row in rows):
        for tellings in split_events([row for row in rows if row["kind"] == kind], {}):
            when = beginning_of(tellings[0])
            if when.is_bounded and any(one.from_high <= when.low and when.high <= one.to_low for one in shut):
                yield tellings[0]


# ---------------------------------------------------------------- lengths that questions may ask for

_SPANS = {"in all": "closed", "from first to last": "span"}
_LENGTH = re.compile(rf"(\S+) ({'|'.join(STATE_WORDS[state] for state in MEASURES)}) ({'|'.join(_SPANS)})")
_LOST = re.compile(r"(\S+) operating time lost")


def is_closure_length(name: str) -> bool:
    """Tell whether a name asks for what closures add up to: "EDDV closed in all", "EDDV operating time lost"."""
    return bool(_LENGTH.fullmatch(name) or _LOST.fullmatch(name))


def closure_length(name: str, closures: pl.DataFrame, *, occasion: str | None) -> Row | None:
    """Return a length that such a name asks for, as a row of DURATIONS; None where no closure of it is told.

    closures   CLOSURES
    occasion   the occasion asked about; None for the whole incident
    """
    if found := _LENGTH.fullmatch(name):
        subject, words, which = found.groups()
        state = next(state for state in MEASURES if STATE_WORDS[state] == words)
        column = _SPANS[which]
    elif found := _LOST.fullmatch(name):
        subject, state, column = found[1], "closed", "lost"
    else:
        return None
    own = closures.filter(subject_id=subject, state=state).to_dicts()
    names = {row["occasion_id"] for row in own}
    if occasion is not None and occasion not in names and len(names) > 1:
        return None
    wanted = occasion if occasion in names else None
    for row in own:
        if row["occasion_id"] == wanted:
            low, high = row[f"{column}_min_low"], row[f"{column}_min_high"]
            minutes = low if low == high else None
            why = None if high is not None else "Nobody tells when it ended."
            return {
                "name": name,
                "occasion_id": occasion,
                "minutes": minutes,
                "low": low,
                "high": high,
                "groups": [],
                "why": why,
                "rows": row["rows"],
            }
    return None
