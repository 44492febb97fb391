"""The states of aerodromes over time, from the events that change them.

events ─▶ turns (one change of state, with all its tellings) ─▶ stretches ─▶ STATES
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from hotwash.course.changes import AERODROME, CHANGES, OPEN, RUNWAY, SCHEDULES
from hotwash.course.tellings import Agreement, Row, Telling, agree, beginning_of, end_of
from hotwash.model import schema, tables

# Two tellings of one change, without the opposite change between them, are of two changes when they lie farther apart:
# longer than a usual closure, shorter than from one evening to the next.
APART_MIN = 360.0
_UNKNOWN_BEFORE = {AERODROME: "closed", "airspace": "airspace_closed", RUNWAY: "runway_closed"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of state at one subject.

    part        the runway; "" for the whole
    state       what begins
    tellings    those that decide
    others      tellings by sources that do not decide
    occasion    the occasion that its events name; "" where they name none
    """

    subject: str
    layer: str
    part: str
    state: str
    tellings: tuple[Telling, ...]
    others: tuple[Telling, ...] = ()
    occasion: str = ""

    @property
    def when(self) -> Agreement:
        return agree(self.tellings)

    @property
    def nominal(self) -> float:
        return min(one.nominal for one in self.tellings)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.name for one in (*self.tellings, *self.others)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of time in one state; `start` or `stop` is None where nobody tells it."""

    subject: str
    layer: str
    part: str
    state: str
    start: Turn | None
    stop: Turn | None
    occasion: str = ""

    @property
    def from_low(self) -> float:
        return self.start.when.low if self.start else -math.inf

    @property
    def from_high(self) -> float:
        return self.start.when.high if self.start else math.inf

    @property
    def to_low(self) -> float:
        return self.stop.when.low if self.stop else -math.inf

    @property
    def to_high(self) -> float:
        return self.stop.when.high if self.stop else math.inf

    @property
    def nominal(self) -> float:
        """When it began, as far as anybody tells, for putting stretches in order."""
        if self.start is not None:
            return self.start.nominal
        return self.stop.nominal - 1.0 if self.stop else math.inf

    @property
    def is_graded(self) -> bool:
        ends = [turn for turn in (self.start, self.stop) if turn is not None]
        return all(any(one.is_graded for one in turn.tellings) for turn in ends)

    @property
    def is_decided(self) -> bool:
        """Whether a source of reliability A or B tells one of its ends."""
        ends = [turn for turn in (self.start, self.stop) if turn is not None]
        return any(one.is_graded for turn in ends for one in turn.tellings)

    @property
    def names(self) -> tuple[str, ...]:
        ends = [turn for turn in (self.start, self.stop) if turn is not None]
        return tuple(dict.fromkeys(name for turn in ends for name in turn.names))


def find_stretches(events: Iterable[tuple[Row, bool]]) -> list[Stretch]:
    """Return the stretches of time in which each aerodrome, its runways and its airspace were in a state, in order.

    events   rows of EVENTS that stand, each with whether its source decides
    """
    turns: dict[tuple[str, str, str], list[tuple[str, Telling, str]]] = {}
    for row, graded in events:
        for key, state, telling in _turns_told(row, is_graded=graded):
            turns.setdefault(key, []).append((state, telling, row["occasion_id"] or ""))
    _reopen_in_part(turns)
    _reopen_runways(turns)
    found = [stretch for key in sorted(turns) for stretch in _between(list(_merge(key, _decide(turns[key]))))]
    # Where sources that decide tell of an aerodrome's measures, the others add none of their own.
    decided = {one.subject for one in found if is_measure(one) and one.is_decided}
    kept = [one for one in found if one.is_decided or one.subject not in decided]
    return sorted(kept, key=lambda one: (one.subject, one.nominal, one.layer, one.part))


def _turns_told(row: Row, *, is_graded: bool) -> Iterator[tuple[tuple[str, str, str], str, Telling]]:
    """Yield the changes that one event tells: what begins with it, and what ends with its own end."""
    change, subject = CHANGES.get(row["kind"]), row["subject_id"]
    if change is None or not subject:
        return
    key = (subject, change.layer, (row["part"] or "") if change.layer == RUNWAY else "")
    begins = beginning_of(row, is_graded=is_graded)
    if begins.is_bounded:
        yield key, change.state, begins
    if row["end_utc"] is not None and change.state != OPEN:
        yield key, OPEN, end_of(row, is_graded=is_graded)


def _reopen_in_part(turns: dict[tuple[str, str, str], list[tuple[str, Telling, str]]]) -> None:
    """Take the opening of a runway that nobody tells to be closed, while all is closed, as a partial reopening."""
    for (subject, layer, part), told in list(turns.items()):
        whole = turns.get((subject, AERODROME, ""), [])
        if layer != RUNWAY or not whole or any(state != OPEN for state, _, _ in told):
            continue
        for one in list(told):
            before = [other for other in whole if _sort_time(other[1]) <= _sort_time(one[1])]
            if before and max(before, key=lambda other: _sort_time(other[1]))[0] == "closed":
                whole.append(("restricted", one[1], one[2]))
                told.remove(one)
        if not told:
            del turns[subject, layer, part]


def _reopen_runways(turns: dict[tuple[str, str, str], list[tuple[str, Telling, str]]]) -> None:
    """Let the reopening of an aerodrome end what was closed of its runways, where nobody tells their own reopening."""
    for (subject, layer, _), told in turns.items():
        if layer != RUNWAY or any(state == OPEN for state, _, _ in told):
            continue
        whole = turns.get((subject, AERODROME, ""), [])
        told += [one for one in whole if one[0] == OPEN]


def _decide(
    told: list[tuple[str, Telling, str]],
) -> tuple[list[tuple[str, Telling, str]], list[tuple[str, Telling, str]]]:
    """Return the tellings that decide and the others; where none is graded, all decide."""
    ordered = sorted(told, key=lambda one: (_sort_time(one[1]), one[0] != OPEN, one[1].name))
    graded = [one for one in ordered if one[1].is_graded]
    return (graded, [one for one in ordered if not one[1].is_graded]) if graded else (ordered, [])


def _sort_time(telling: Telling) -> float:
    """Return the time by which a telling takes its place among others: just before a bound that it is no later than."""
    is_only_latest = telling.at is None and math.isinf(telling.low)
    return telling.nominal - 0.5 if is_only_latest else telling.nominal


def _merge(
    key: tuple[str, str, str], told: tuple[list[tuple[str, Telling, str]], list[tuple[str, Telling, str]]]
) -> Iterator[Turn]:
    """Yield turns in order of time: tellings of one change are those with no opposite change between them."""
    turns: list[Turn] = []
    for state, telling, occasion in told[0]:
        last = turns[-1] if turns else None
        is_same = (
            last is not None
            and last.state == state
            and telling.nominal - last.tellings[-1].nominal <= APART_MIN
            and (not occasion or not last.occasion or occasion == last.occasion)
        )
        if is_same and last is not None:
            turns[-1] = replace(last, tellings=(*last.tellings, telling), occasion=last.occasion or occasion)
        else:
            turns.append(Turn(*key, state, (telling,), occasion=occasion))
    for state, telling, _ in told[1]:
        near = [place for place, turn in enumerate(turns) if turn.state == state]
        place = min(near, key=lambda at: abs(turns[at].nominal - telling.nominal), default=None)
        if place is not None and abs(turns[place].nominal - telling.nominal) <= APART_MIN:
            turns[place] = replace(turns[place], others=(*turns[place].others, telling))
        else:
            _fill_gap(turns, Turn(*key, state, (telling,)))
    yield from turns


def _fill_gap(turns: list[Turn], turn: Turn) -> None:
    """Put a change that only sources tell which do not decide where its opposite stands alone, and nowhere else."""
    place = sum(one.nominal < turn.nominal for one in turns)
    before = turns[place - 1] if place else None
    after = turns[place] if place < len(turns) else None
    is_start = (
        turn.state != OPEN and after is not None and after.state == OPEN and (before is None or before.state == OPEN)
    )
    is_end = turn.state == OPEN and before is not None and before.state != OPEN and after is None
    if is_start or is_end:
        turns.insert(place, turn)


def _between(turns: Sequence[Turn]) -> Iterator[Stretch]:
    """Yield the stretches between turns, those with an untold beginning too."""
    for place, turn in enumerate(turns):
        before = turns[place - 1] if place else None
        after = turns[place + 1] if place + 1 < len(turns) else None
        same = (turn.subject, turn.layer, turn.part)
        is_untold = before is None or before.state in (OPEN, turn.state)
        if is_untold and turn.state in (OPEN, "restricted") and turn.layer in _UNKNOWN_BEFORE and _is_release(turn):
            yield Stretch(*same, _UNKNOWN_BEFORE[turn.layer], None, turn, turn.occasion)
        if turn.state != OPEN:
            stop = after if after is not None and after.state != turn.state else None
            yield Stretch(*same, turn.state, turn, stop, turn.occasion or (stop.occasion if stop else ""))


def _is_release(turn: Turn) -> bool:
    """Tell whether a turn takes a measure back, so that one must have been there before; a restriction need not."""
    return turn.state == OPEN


def state_rows(stretches: Sequence[Stretch]) -> pl.DataFrame:
    """Return STATES."""
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for one in stretches:
        row: dict[str, object] = {
            "subject_id": one.subject,
            "part": one.part or None,
            "state": one.state,
            "occasion_id": one.occasion or None,
            "from_utc_low": moment(one.from_low),
            "from_utc_high": moment(one.from_high) if one.start else None,
            "to_utc_low": moment(one.to_low) if one.stop else None,
            "to_utc_high": moment(one.to_high),
            "is_graded": one.is_graded,
            "text": None,
            "from_rows": [f"events:{name}" for name in one.start.names] if one.start else [],
            "to_rows": [f"events:{name}" for name in one.stop.names] if one.stop else [],
        }
        rows.setdefault(tuple(row[name] for name in tables.STATES.key), row)
    return schema.frame(tables.STATES, list(rows.values()))


def moment(minutes: float) -> datetime | None:
    """Return minutes since 1970 as a time; None where nothing bounds it."""
    return datetime.fromtimestamp(minutes * 60.0, UTC) if math.isfinite(minutes) else None


def is_measure(stretch: Stretch) -> bool:
    """Tell whether a stretch is a measure taken because of what happened: not a curfew, not a schedule."""
    return stretch.layer not in SCHEDULES
