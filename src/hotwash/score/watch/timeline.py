"""The watch as rows in time: what really happened, what could be known, and what the seat did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hotwash.breach import spans
from hotwash.score.watch import proximity
from hotwash.score.watch.closures import Place
from hotwash.score.watch.conditions import Conditions
from hotwash.score.watch.crossings import Crossing
from hotwash.score.watch.decision_log import DecisionLog
from hotwash.score.watch.proximity import Movers
from hotwash.score.watch.public_warnings import Area

INSIDE, NEAR, CLOSED, AIRSPACE, HELD, AWAY, WARNED = "inside", "near", "closed", "airspace", "held", "away", "warned"
DETECTABLE, DECLARED, REVOKED = "detectable", "declared", "revoked"


class TimelineRow(NamedTuple):
    """One line: a label in a group, spans and marks with their kinds; times in seconds since the watch began."""

    group: str
    label: str
    spans: tuple[tuple[float, float, str], ...]
    marks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two ways to judge: by truth, or by the picture.

    suffix   of its measures: empty for truth
    """

    suffix: str
    crossings: tuple[Crossing, ...]
    movers: Movers


def timeline_rows(
    side: Side,
    places: Sequence[Place],
    areas: Sequence[Area],
    log: DecisionLog,
    conditions: Conditions,
    *,
    is_truth: bool,
) -> tuple[TimelineRow, ...]:
    """Return the lines in the order they are drawn."""
    found = [*_crossings(side.crossings, is_truth=is_truth), _declared(log)]
    found += [_place(place, side.movers, conditions) for place in places]
    for name in dict.fromkeys(area.warning_id for area in areas):
        public_warnings = _kind(((area.from_s, area.to_s) for area in areas if area.warning_id == name), WARNED)
        found.append(TimelineRow("Warnings", name or "warning", public_warnings, ()))
    return tuple(found)


def _kind(some: Iterable[tuple[float, float]], kind: str) -> tuple[tuple[float, float, str], ...]:
    return tuple((low, high, kind) for low, high in some)


def _crossings(crossings: Sequence[Crossing], *, is_truth: bool) -> list[TimelineRow]:
    group = "Inside the border" if is_truth else "Inside on the picture"
    found = []
    for one in crossings:
        marks = ((one.detectable_s, DETECTABLE), (one.declared_s, DECLARED))
        stated = tuple((at, kind) for at, kind in marks if at is not None)
        found.append(TimelineRow(group, one.label, _kind(one.inside, INSIDE), stated))
    return found


def _declared(log: DecisionLog) -> TimelineRow:
    marks = [(at, DECLARED) for one in (*log.standing, *log.revoked) for at in one.times_s]
    marks += [(one.revoked_s, REVOKED) for one in log.revoked if one.revoked_s is not None]
    return TimelineRow("Decisions", "breaches declared", (), tuple(sorted(marks)))


def _place(place: Place, movers: Movers, conditions: Conditions) -> TimelineRow:
    near = proximity.any_near(movers, place.lat_deg, place.lon_deg, conditions.near_m)
    some = [*place.holding("departure"), *place.holding("arrival"), *place.restriction_spans]
    holding = spans.subtract(spans.unite(some), place.closure_spans)
    drawn = [
        *_kind(place.away, AWAY), *_kind(place.airspace_spans, AIRSPACE), *_kind(place.closure_spans, CLOSED),
        *_kind(spans.subtract(holding, place.airspace), HELD), *_kind(spans.clip(near, 0.0, conditions.end_s), NEAR),
    ]  # fmt: skip
    return TimelineRow("Aerodromes", f"{place.aerodrome_id} {place.name}".strip(), tuple(drawn), ())
