"""Aerodromes: how long they were closed for something and for nothing, and which movements were exposed or held.

Every minute at an aerodrome has one status, the first of these that holds:

    outside published hours ▷ closed by others ▷ air space closed ▷ closed ▷ restricted ▷ no traffic planned ▷ open

Needed is a closure while an object is really near, with a grace on both sides. A restriction of a runway holds the
movements that the programme has on it; one of the whole place, or of a sector that holds it, holds them all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotwash.breach import spans
from hotwash.breach.areas import areas
from hotwash.breach.exposures import CLOSES, MOVEMENTS, REOPENS
from hotwash.breach.spans import Span, Spans
from hotwash.geo.zones import contains
from hotwash.model.recording import Recording
from hotwash.score.watch import proximity
from hotwash.score.watch.conditions import QUIET_S, Conditions
from hotwash.score.watch.decision_log import DecisionLog
from hotwash.score.watch.proximity import Movers
from hotwash.score.watch.score_rows import Row, no_data, no_opportunity, score_row

SUSPEND, RESUME, RESTRICT = "suspend", "resume", "restrict"
PART_OF_SECTOR = "(part of a sector)"  # no movement says which part of a sector it flies through
HOURS = "aerodrome_hours"  # kind of an event that tells from when to when an aerodrome is open by its published hours
_HOLDS = {SUSPEND: ("departure", "arrival"), "hold_departures": ("departure",), "hold_arrivals": ("arrival",)}
_WAYS = {"departure": "departure", "take_off": "departure", "arrival": "arrival", "landing": "arrival"}

NEEDED = (
    ("minutes_closed_needed", "min"), ("minutes_closed_not_needed", "min"),
    ("minutes_airspace_closed_needed", "min"), ("minutes_airspace_closed_not_needed", "min"),
    ("minutes_restricted_needed", "min"), ("minutes_restricted_not_needed", "min"),
    ("minutes_open_with_object_near", "min"), ("exposed_movements", "movements"),
    ("held_movements_needed", "movements"), ("held_movements_not_needed", "movements"),
)  # fmt: skip
ON_REPORT = "minutes_closed_on_report"  # in the decision score alone
PLAIN = (
    ("minutes_outside_hours", "min"), ("minutes_closed_by_others", "min"), ("minutes_closed_no_traffic", "min"),
    ("minutes_no_traffic_planned", "min"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of the programme: `many` movements, evenly from one time to another.

    ways   departure, arrival, or both where the programme does not say: half of it each
    part   the runway; None where the programme does not say
    """

    span: Span
    many: float
    ways: tuple[str, ...]
    part: str | None = None

    def within(self, some: Spans, way: str | None = None) -> float:
        """Return how many of these movements fall into spans, of one way or of all."""
        if way is not None and way not in self.ways:
            return 0.0
        low, high = self.span
        share = 60.0 * spans.minutes(spans.intersect([self.span], some)) / (high - low) if high > low else 0.0
        found = share if high > low else float(spans.holds(some, low))
        return found * self.many / (1.0 if way is None else len(self.ways))


@dataclass(frozen=True, slots=True)
class Place:
    """One aerodrome during the watch; all times as spans.

    lat_deg, lon_deg   its reference point
    measures           what the seat recommended for it, and for a sector that holds it, by measure
    restricted         what of it was restricted, by the seat's word: a runway; None the whole; PART_OF_SECTOR
    airspace           closed by the seat's word for a sector that holds it
    shut               outside its published hours
    others             closed, or the air space over it, by somebody else: as events tell it
    quiet              no traffic planned; programme: its movements, None where no programme is told of any aerodrome
    """

    aerodrome_id: str
    name: str
    lat_deg: float
    lon_deg: float
    measures: Mapping[str, Spans]
    restricted: Mapping[str | None, Spans]
    airspace: Spans
    shut: Spans
    others: Spans
    quiet: Spans
    programme: tuple[Movement, ...] | None

    @property
    def closure_spans(self) -> Spans:
        """When it was closed by the seat's word for it, and by nothing that goes before."""
        before = spans.unite([*self.shut, *self.others, *self.airspace])
        return spans.subtract(self.measures.get(SUSPEND, ()), before)

    @property
    def restriction_spans(self) -> Spans:
        """When any of it was restricted by the seat's word, and by nothing that goes before."""
        some = spans.unite(span for found in self.restricted.values() for span in found)
        return spans.subtract(some, spans.unite([*self.away, *self.airspace, *self.measures.get(SUSPEND, ())]))

    @property
    def airspace_spans(self) -> Spans:
        return spans.subtract(self.airspace, self.away)

    @property
    def away(self) -> Spans:
        """When nothing that the seat says makes a difference: outside hours, or closed by others."""
        return spans.unite([*self.shut, *self.others])

    def any_measure(self) -> Spans:
        """Return when anything was recommended for its traffic; the air space's closure too."""
        return spans.unite([span for found in self.measures.values() for span in found] + [*self.airspace])

    def holding(self, way: str, part: str | None = None) -> Spans:
        """Return when movements of one way did not take place: all of them, or with a part those on it."""
        held = [span for name, ways in _HOLDS.items() if way in ways for span in self.measures.get(name, ())]
        limited = [span for one in {None, part} for span in self.restricted.get(one, ())]
        return spans.unite([*held, *limited, *self.airspace])

    def doubtful(self, one: Movement) -> Spans:
        """Return when nobody can say whether a movement was held: a part is restricted, and it names none."""
        if one.part is None:
            named = [span for part, found in self.restricted.items() if part is not None for span in found]
        else:
            named = list(self.restricted.get(PART_OF_SECTOR, ()))
        surely = self.holding("departure", one.part)
        return spans.subtract(spans.unite(named), spans.intersect(surely, self.holding("arrival", one.part)))


def find_aerodromes(recording: Recording, log: DecisionLog, conditions: Conditions) -> tuple[Place, ...]:
    """Return the aerodromes of a recording with what was recommended and told of them."""
    told_events = recording.events.filter(pl.col("start_utc").is_not_null())
    events = told_events.with_columns(
        from_s=pl.Series(conditions.seconds(told_events["start_utc"])),
        to_s=pl.Series(conditions.seconds(told_events["end_utc"])),
    ).to_dicts()
    has_programme = any(row["kind"] in MOVEMENTS for row in events)
    sectors = tuple(areas(recording.zones))
    found = []
    for row in recording.aerodromes.iter_rows(named=True):
        over = {z.zone_id for z in sectors if bool(contains([row["lat_deg"]], [row["lon_deg"]], z)[0])}
        own = [event for event in events if event["subject_id"] == row["aerodrome_id"]]
        found.append(_place(row, own, log, over, conditions, has_programme=has_programme))
    return tuple(found)


def _place(
    row: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
    log: DecisionLog,
    over: set[str],
    conditions: Conditions,
    *,
    has_programme: bool,
) -> Place:
    name, end_s = row["aerodrome_id"], conditions.end_s
    by_part, by_sector = (
        _measures([one for one in log.rows if one["kind"] == "recommend" and one["place_id"] in named], end_s)
        for named in ({name}, over)
    )
    of_place, of_sector = _spans_by_measure(by_part), _spans_by_measure(by_sector)
    airspace = of_sector.pop(SUSPEND, ())
    others = [span for kind in CLOSES for span in _told_closed(events, kind, end_s)]
    both = {key: spans.unite([*of_place.get(key, ()), *of_sector.get(key, ())]) for key in {*of_place, *of_sector}}
    whole = ((0.0, end_s),)
    hours = [(one["from_s"], one["to_s"]) for one in events if one["kind"] == HOURS]
    opens = [(low, end_s if math.isnan(high) else high) for low, high in hours]
    programme = tuple(_movement(one) for one in events if one["kind"] in MOVEMENTS) if has_programme else None
    return Place(
        aerodrome_id=name, name=row["name"], lat_deg=row["lat_deg"], lon_deg=row["lon_deg"], measures=both,
        restricted=_restricted(by_part, by_sector), airspace=airspace, others=spans.unite(others),
        shut=spans.subtract(whole, spans.unite(opens)) if hours else (),
        quiet=() if programme is None else _quiet(programme, end_s), programme=programme,
    )  # fmt: skip


def _measures(rows: Iterable[Mapping[str, Any]], end_s: float) -> dict[tuple[str, str | None], Spans]:
    """Return when each measure of each part stood: from its recommendation to `resume` of that part, or of all."""
    begun: dict[tuple[str, str | None], float] = {}
    found: dict[tuple[str, str | None], list[Span]] = {}
    for row in rows:
        if row["measure"] == RESUME:
            ended = [key for key in begun if row["part"] is None or key[1] == row["part"]]
            for key in ended:
                found.setdefault(key, []).append((begun.pop(key), row["time_s"]))
        elif row["measure"]:
            begun.setdefault((row["measure"], row["part"]), row["time_s"])
    for key, low in begun.items():
        found.setdefault(key, []).append((low, end_s))
    return {key: spans.clip(spans.unite(of), 0.0, end_s) for key, of in found.items()}


def _spans_by_measure(found: Mapping[tuple[str, str | None], Spans]) -> dict[str, Spans]:
    """Return when each measure stood, of whatever part."""
    return {
        measure: spans.unite(span for key, of in found.items() if key[0] == measure for span in of)
        for measure in dict.fromkeys(key[0] for key in found)
    }


def _restricted(
    of_place: Mapping[tuple[str, str | None], Spans], of_sector: Mapping[tuple[str, str | None], Spans]
) -> dict[str | None, Spans]:
    """Return when what of an aerodrome was restricted: a runway, None the whole, or an untold part of its sector."""
    found: dict[str | None, list[Span]] = {}
    for (measure, part), intervals in of_place.items():
        if measure == RESTRICT:
            found.setdefault(part, []).extend(intervals)
    for (measure, part), intervals in of_sector.items():
        if measure == RESTRICT:
            found.setdefault(None if part is None else PART_OF_SECTOR, []).extend(intervals)
    return {part: spans.unite(intervals) for part, intervals in found.items()}


def _told_closed(events: Sequence[Mapping[str, Any]], kind: str, end_s: float) -> Spans:
    """Return when something was closed by somebody else, as events tell it: to its end, or the next reopening."""
    again = REOPENS[CLOSES.index(kind)]
    reopened = [one["from_s"] for one in events if one["kind"] == again]
    found = []
    for one in events:
        if one["kind"] == kind:
            low, high = one["from_s"], one["to_s"]
            if math.isnan(high):
                high = min([at for at in reopened if at >= low], default=max(end_s, low))
            found.append((low, high))
    return spans.clip(spans.unite(found), 0.0, end_s)


def _movement(row: Mapping[str, Any]) -> Movement:
    low, high = row["from_s"], row["from_s"] if math.isnan(row["to_s"]) else row["to_s"]
    way = _WAYS.get(row["kind"].removesuffix("s"))
    ways = (way,) if way else ("departure", "arrival")
    return Movement((low, high), 1.0 if row["value"] is None else row["value"], ways, row["part"])


def _quiet(programme: Sequence[Movement], end_s: float) -> Spans:
    busy = spans.pad((one.span for one in programme), before_s=QUIET_S, after_s=QUIET_S)
    return spans.subtract([(0.0, end_s)], busy)


# ---------------------------------------------------------------- rows


def closure_rows(places: Sequence[Place], movers: Movers, conditions: Conditions, suffix: str = "") -> list[Row]:
    """Return the measures of each aerodrome against what moved, and their totals."""
    each = {place.aerodrome_id: _of_place(place, movers, conditions) for place in places}
    rows = [
        _stated(name, unit, values[name], suffix, task=task) for task, values in each.items() for name, unit in NEEDED
    ]
    if not each:
        return [no_opportunity(f"{name}{suffix}", unit) for name, unit in NEEDED]
    for name, unit in NEEDED:
        given = [values[name] for values in each.values()]
        known = [one for one in given if one is not None and not math.isnan(one)]
        is_untold = any(one is None for one in given)
        rows.append(_stated(name, unit, None if is_untold else sum(known) if known else math.nan, suffix))
    return rows


def _stated(name: str, unit: str, value: float | None, suffix: str, *, task: str | None = None) -> Row:
    """Return a row: None is what nobody tells, nan what had no opportunity."""
    if value is None:
        return no_data(f"{name}{suffix}", unit, task=task)
    if math.isnan(value):
        return no_opportunity(f"{name}{suffix}", unit, task=task)
    return score_row(f"{name}{suffix}", value, unit, task=task)


def _of_place(place: Place, movers: Movers, conditions: Conditions) -> dict[str, float | None]:
    """Return the measures of one aerodrome by name; None is what nobody tells, nan what had no opportunity."""
    whole = ((0.0, conditions.end_s),)
    nan = math.nan
    near = proximity.any_near(movers, place.lat_deg, place.lon_deg, conditions.near_m)
    working = spans.subtract(whole, place.away)
    near_s = spans.clip(near, 0.0, conditions.end_s)
    needed = spans.clip(proximity.needs(movers, place.lat_deg, place.lon_deg, conditions.near_m), 0.0, conditions.end_s)
    shut = spans.unite([*place.closure_spans, *place.airspace, *place.restricted.get(None, ())])
    open_near = spans.subtract(spans.intersect(near_s, working), shut)
    closed, limited = (spans.subtract(some, place.quiet) for some in (place.closure_spans, place.restriction_spans))
    airspace = place.airspace_spans
    has_need, has_calm = bool(spans.intersect(needed, working)), bool(spans.subtract(working, needed))
    exposed, held, held_idle = _programme(place, near_s, needed, working)
    return {
        "minutes_closed_needed": spans.minutes(spans.intersect(closed, needed)) if has_need else nan,
        "minutes_closed_not_needed": spans.minutes(spans.subtract(closed, needed)) if has_calm else nan,
        "minutes_airspace_closed_needed": spans.minutes(spans.intersect(airspace, needed)) if has_need else nan,
        "minutes_airspace_closed_not_needed": spans.minutes(spans.subtract(airspace, needed)) if has_calm else nan,
        "minutes_restricted_needed": spans.minutes(spans.intersect(limited, needed)) if has_need else nan,
        "minutes_restricted_not_needed": spans.minutes(spans.subtract(limited, needed)) if has_calm else nan,
        "minutes_open_with_object_near": spans.minutes(open_near) if spans.intersect(near_s, working) else nan,
        "exposed_movements": exposed,
        "held_movements_needed": held,
        "held_movements_not_needed": held_idle,
    }


def _programme(place: Place, near: Spans, needed: Spans, working: Spans) -> tuple[float | None, ...]:
    """Return movements exposed, held with need, held without.

    None without a programme, and where a runway is restricted and a movement then says not which it uses; nan without
    opportunity.
    """
    if place.programme is None:
        return None, None, None
    when = (spans.intersect(near, working), spans.intersect(needed, working), spans.subtract(working, needed))
    planned, counted = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    untold = [False, False, False]
    for one in place.programme:
        doubtful = place.doubtful(one)
        for at, some in enumerate(when):
            planned[at] += one.within(some)
            untold[at] |= one.within(spans.intersect(some, doubtful)) > 0.0
        for way in one.ways:
            stopped = place.holding(way, one.part)
            counted[0] += one.within(spans.subtract(when[0], stopped), way)
            for at in (1, 2):
                counted[at] += one.within(spans.intersect(when[at], stopped), way)
    found = zip(planned, counted, untold, strict=True)
    return tuple(math.nan if not many else None if is_untold else value for many, value, is_untold in found)


def rows_on_report(places: Sequence[Place], movers: Movers, conditions: Conditions, suffix: str) -> list[Row]:
    """Return the minutes closed whose need rested on reports alone, of each aerodrome and in all."""
    rows: list[Row] = []
    for place in places:
        where = (place.lat_deg, place.lon_deg, conditions.near_m)
        alone = spans.subtract(proximity.needs(movers, *where), proximity.needs_of_movers(movers, *where))
        value = (
            spans.minutes(spans.intersect(spans.subtract(place.closure_spans, place.quiet), alone))
            if alone
            else math.nan
        )
        rows.append(_stated(ON_REPORT, "min", value, suffix, task=place.aerodrome_id))
    known = [row["value"] for row in rows if row["value"] is not None]
    return [*rows, _stated(ON_REPORT, "min", sum(known) if known else math.nan, suffix)]


def status_rows(places: Sequence[Place], conditions: Conditions) -> list[Row]:
    """Return minutes that are neither the seat's merit nor its fault, kept apart: hours, and no traffic planned."""
    rows: list[Row] = []
    for place in places:
        busy = spans.unite([*place.away, *place.airspace])
        minutes = {
            "minutes_outside_hours": spans.minutes(place.shut),
            "minutes_closed_by_others": spans.minutes(spans.subtract(place.others, place.shut)),
            "minutes_closed_no_traffic": spans.minutes(spans.intersect(place.closure_spans, place.quiet)),
            "minutes_no_traffic_planned": spans.minutes(
                spans.subtract(place.quiet, spans.unite([*busy, *place.closure_spans]))
            ),
        }
        rows += [score_row(name, value, "min", task=place.aerodrome_id) for name, value in minutes.items()]
    for name, unit in PLAIN:
        values = [row["value"] for row in rows if row["measure"] == name]
        rows.append(score_row(name, sum(values), unit) if values else no_opportunity(name, unit))
    return rows


def first_measure_s(places: Sequence[Place], movers: Movers, name: str, conditions: Conditions) -> float | None:
    """Return when the first measure was in force that stood while something was near an aerodrome; None: none did."""
    times = []
    for place in places:
        needed = spans.pad(_near_one(place, movers, name, conditions), after_s=movers.after_s)
        times += [low for low, high in place.any_measure() if spans.intersect([(low, high)], needed)]
    return min(times, default=None)


def came_near(places: Sequence[Place], movers: Movers, name: str, conditions: Conditions) -> bool:
    """Tell whether something came near any aerodrome within its hours."""
    return any(_near_one(place, movers, name, conditions) for place in places)


def _near_one(place: Place, movers: Movers, name: str, conditions: Conditions) -> Spans:
    own = (one for one in movers.of if one.name == name)
    near = [span for one in own for span in proximity.near(one, place.lat_deg, place.lon_deg, conditions.near_m)]
    return spans.subtract(spans.clip(spans.unite(near), 0.0, conditions.end_s), place.away)
