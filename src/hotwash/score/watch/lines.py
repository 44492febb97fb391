"""The watch as lines in time: what really happened, what could be known, and what the seat did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from hotwash.breach import spans
from hotwash.score.watch import moving
from hotwash.score.watch.crossings import Crossing
from hotwash.score.watch.decided import Decided
from hotwash.score.watch.moving import Movers
from hotwash.score.watch.terms import Terms
from hotwash.score.watch.traffic import Place
from hotwash.score.watch.warned import Area

INSIDE, NEAR, CLOSED, AIRSPACE, HELD, AWAY, WARNED = "inside", "near", "closed", "airspace", "held", "away", "warned"
DETECTABLE, DECLARED, REVOKED = "detectable", "declared", "revoked"


class Line(NamedTuple):
    """One line: a label in a group, spans and marks with their kinds; times in seconds since the watch began."""

    group: str
    label: str
    spans: tuple[tuple[float, float, str], ...]
    marks: tuple[tuple[float, str], ...]


class Sided(Protocol):
    """What a line needs of one way to judge."""

    @property
    def crossings(self) -> tuple[Crossing, ...]: ...

    @property
    def movers(self) -> Movers: ...


def lines(
    side: Sided, places: Sequence[Place], areas: Sequence[Area], decided: Decided, terms: Terms, *, is_truth: bool
) -> tuple[Line, ...]:
    """Return the lines in the order they are drawn."""
    found = [*_crossings(side.crossings, is_truth=is_truth), _declared(decided)]
    found += [_place(place, side.movers, terms) for place in places]
    for name in dict.fromkeys(area.warning_id for area in areas):
        warned = _kind(((area.from_s, area.to_s) for area in areas if area.warning_id == name), WARNED)
        found.append(Line("Warnings", name or "warning", warned, ()))
    return tuple(found)


def _kind(some: Iterable[tuple[float, float]], kind: str) -> tuple[tuple[float, float, str], ...]:
    return tuple((low, high, kind) for low, high in some)


def _crossings(crossings: Sequence[Crossing], *, is_truth: bool) -> list[Line]:
    group = "Inside the border" if is_truth else "Inside on the picture"
    found = []
    for one in crossings:
        marks = ((one.detectable_s, DETECTABLE), (one.declared_s, DECLARED))
        told = tuple((at, kind) for at, kind in marks if at is not None)
        found.append(Line(group, one.name, _kind(one.inside, INSIDE), told))
    return found


def _declared(decided: Decided) -> Line:
    marks = [(at, DECLARED) for one in (*decided.standing, *decided.revoked) for at in one.times_s]
    marks += [(one.revoked_s, REVOKED) for one in decided.revoked if one.revoked_s is not None]
    return Line("Decisions", "breaches declared", (), tuple(sorted(marks)))


def _place(place: Place, movers: Movers, terms: Terms) -> Line:
    near = moving.any_near(movers, place.lat_deg, place.lon_deg, terms.near_m)
    some = [*place.held("departure"), *place.held("arrival"), *place.limited]
    held = spans.subtract(spans.unite(some), place.closed)
    drawn = [
        *_kind(place.away, AWAY), *_kind(place.airspace_closed, AIRSPACE), *_kind(place.closed, CLOSED),
        *_kind(spans.subtract(held, place.airspace), HELD), *_kind(spans.clip(near, 0.0, terms.end_s), NEAR),
    ]  # fmt: skip
    return Line("Aerodromes", f"{place.aerodrome_id} {place.name}".strip(), tuple(drawn), ())
