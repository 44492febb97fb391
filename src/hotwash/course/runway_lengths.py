"""How long a runway was closed: by itself, and with the aerodrome, which closes each of its runways.

EDDV closed 20:26–21:40 ─┐
runway 09L closed 22:10–22:40 ─┴▶ runway closed for 1 h 44 min in all: 1 h 14 min with the whole, 30 min by itself
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hotwash.course.changes import UNPLANNED_STATES, is_same_part
from hotwash.course.spans import Span, join_spans, length_outside, round_finite, total_length
from hotwash.course.tellings import Row

_ASKED = re.compile(
    r"(?P<subject>\S+) runway (?:(?P<part>\S+) )?"
    r"(?:closed (?P<alone>by itself )?(?P<which>in all|from first to last)|(?P<lost>operating time lost))"
)
_WHOLE = ("closed", "airspace_closed")
_MEASURES = {"in all": "closed", "from first to last": "span"}


@dataclass(frozen=True, slots=True)
class RunwayAsked:
    """A length of a runway that a question asks for by name: "EDDV runway 09L/27R closed in all".

    part       the runway; "" where the name gives none
    measure    `closed` in all, `span` from first to last, operating time `lost`
    is_alone   whether the hours in which all of the aerodrome was closed are left out
    """

    subject: str
    part: str
    measure: str
    is_alone: bool


@dataclass(frozen=True, slots=True)
class RunwayLength:
    """How long a runway was closed [min], and the rows of STATES that it comes from.

    low, high          the length asked for; `high` is None while nobody tells an end
    whole, by_itself   its bounds with the whole aerodrome, and without: of time in all
    own, with_whole    the rows of the runway's own closings, and of those of the aerodrome and its airspace
    """

    low: float
    high: float | None
    whole: tuple[float, float | None]
    by_itself: tuple[float, float | None]
    own: tuple[Row, ...]
    with_whole: tuple[Row, ...]

    @property
    def rows(self) -> list[str]:
        """The events that tell it."""
        told = [*self.own, *self.with_whole]
        return list(dict.fromkeys(name for row in told for name in (*row["from_rows"], *row["to_rows"])))


def read_runway_length(name: str) -> RunwayAsked | None:
    """Return the length of a runway that a name asks for; None of another name."""
    found = _ASKED.fullmatch(name)
    if found is None:
        return None
    measure = "lost" if found["lost"] else _MEASURES[found["which"]]
    return RunwayAsked(found["subject"], found["part"] or "", measure, bool(found["alone"]))


def name_runway(name: str, part: str) -> str:
    """Return the name of a length with the runway that a question names apart; other names as they are."""
    asked = read_runway_length(name)
    if asked is None or asked.part:
        return name
    words = part.replace("_", " ").split()
    return name.replace(" runway ", f" runway {words[-1]} ", 1) if words else name


def name_by_itself(name: str) -> str:
    """Return the name of the same length without the hours in which all was closed; "" where there is no such."""
    asked = read_runway_length(name)
    if asked is None or asked.is_alone or asked.measure == "lost":
        return ""
    return name.replace(" closed ", " closed by itself ", 1)


def measure_runway(asked: RunwayAsked, states: Sequence[Row], *, occasion: str | None) -> RunwayLength | None:
    """Return how long a runway was closed; None where no closing of it is told.

    states     rows of STATES
    occasion   the occasion asked about; None for the whole incident
    """
    told = [row for row in states if row["subject_id"] == asked.subject and _begins(row)]
    own = [row for row in told if row["state"] == "runway_closed" and _is_part(asked.part, row["part"])]
    whole = [row for row in told if row["state"] in _WHOLE]
    occasions = {row["occasion_id"] for row in (*own, *whole)}
    if occasion is not None and (len(occasions) > 1 or None not in occasions):
        own, whole = ([row for row in rows if row["occasion_id"] == occasion] for rows in (own, whole))
    used = own if asked.is_alone else [*own, *whole]
    if not used:
        return None
    planned = [_bounds(row) for row in told if row["state"] in UNPLANNED_STATES]
    low, high = _length(asked, used, whole, planned)
    alone = _outside(own, whole)
    return RunwayLength(
        low=round(low, 6),
        high=round_finite(high),
        whole=_rounded(total_length(_sure(whole)), total_length(_widest(whole))),
        by_itself=_rounded(*alone),
        own=tuple(own),
        with_whole=() if asked.is_alone else tuple(whole),
    )


def _rounded(low: float, high: float) -> tuple[float, float | None]:
    return round(low, 6), round_finite(high)


def _length(
    asked: RunwayAsked, used: Sequence[Row], whole: Sequence[Row], planned: Sequence[tuple[Span, Span]]
) -> tuple[float, float]:
    """Return the bounds of the length asked for [min]."""
    sure, widest = _sure(used), _widest(used)
    if asked.measure == "span":
        ends = [high for _, high in sure]
        first = min(_bounds(row)[1][0] for row in used)
        return max(max(ends, default=-math.inf) - first, 0.0), widest[-1][1] - widest[0][0]
    if asked.measure == "lost":
        narrow, wide = ([spans[side] for spans in planned] for side in (1, 0))
        return length_outside(sure, wide), length_outside(widest, narrow)
    return _outside(used, whole) if asked.is_alone else (total_length(sure), total_length(widest))


def _outside(own: Sequence[Row], whole: Sequence[Row]) -> tuple[float, float]:
    """Return how long some stretches lasted outside others: surely, and at most."""
    return length_outside(_sure(own), _widest(whole)), length_outside(_widest(own), _sure(whole))


def _sure(rows: Sequence[Row]) -> list[Span]:
    """Return the times in which some stretches surely were; what never ended, as far as anybody tells, adds none."""
    return join_spans(narrow for row in rows for _, narrow in [_bounds(row)] if _ends(row))


def _widest(rows: Sequence[Row]) -> list[Span]:
    return join_spans(_bounds(row)[0] for row in rows)


def _bounds(row: Row) -> tuple[Span, Span]:
    """Return the longest and the shortest time that a stretch may have been."""
    widest = _minutes(row["from_utc_low"], -math.inf), _minutes(row["to_utc_high"], math.inf)
    return widest, (_minutes(row["from_utc_high"], math.inf), _minutes(row["to_utc_low"], -math.inf))


def _begins(row: Row) -> bool:
    return row["from_utc_low"] is not None or row["from_utc_high"] is not None


def _ends(row: Row) -> bool:
    return row["to_utc_low"] is not None or row["to_utc_high"] is not None


def _minutes(when: datetime | None, unbounded: float) -> float:
    return unbounded if when is None else when.timestamp() / 60.0


def _is_part(asked: str, part: str | None) -> bool:
    return not asked or is_same_part(asked, part)
