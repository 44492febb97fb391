"""Two tellings of one moment that are exactly as far apart as two clocks: one may be printed in another clock.

events and claims on a time ─▶ exact times of one event ─▶ pairs a zone's offset apart, or summer and standard time
                                                           apart ─▶ remarks
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import combinations, pairwise, product
from zoneinfo import ZoneInfo

from hotwash.course.changes import CHANGES, CLOSINGS, REOPENINGS, SCHEDULES, happens_once
from hotwash.course.dossier import Dossier, DossierRow, is_bare_date, remark, say_gap, say_list
from hotwash.course.local_times import zone_name
from hotwash.course.printed_times import LOCAL, Printed, offset_min, parse_clocks
from hotwash.course.seasons import change_near, find_season_pair, find_slip

Remark = dict[str, object]

_MOST_TIMES = 3  # of one event: among more, two are an hour apart by chance
_ROUNDING_MIN = 1
_HOUR_MIN = 60
_ANY = ""  # what is asked of any subject or occasion
# What each body does at a time of its own: two statements are not two tellings of one.
_OWN_ACTS = ("statement", "press", "announce", "briefing", "warning", "alert", "call", "report", "sighting")
_GRADES = "ABCDEF"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADVICE = "Check in which clock the page prints its times, and correct the row that was read in another."


@dataclass(slots=True)
class _Times:
    """What is told of one event: rows by the minute that they tell, and spans that others leave open."""

    exact: dict[int, list[DossierRow]] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def add(self, entry: DossierRow, low: datetime, high: datetime) -> None:
        first, last = _minute(low), _minute(high)
        if first == last:
            self.exact.setdefault(first, []).append(entry)
        else:
            self.spans.append((first, last))


def find_shifted_clocks(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each two sources whose times of one event lie as far apart as two clocks of the bundle.

    Both must be told to the minute; nothing is remarked where a third telling leaves both times possible. Where two
    sources are so far apart on several events, one remark names all.
    """
    events = [one for one in dossier.entries["events"] if _stands(one) and one.row["value"] is None]
    told = [(one, one.low, one.high) for one in events if one.low is not None and one.high is not None]
    fitting = [(one, low, high) for one, low, high in told if _is_to_the_minute(dossier, one, low)]
    zones = _zones_of(dossier)
    pairs = [*_of_events(dossier, fitting, zones), *_of_claims(dossier, fitting, zones)]
    yield from _once_per_sources(pairs)
    yield from (_of_closures(dossier, one) for one in find_shifted_closures(dossier))


def _zones_of(dossier: Dossier) -> tuple[ZoneInfo, ...]:
    """Return the zones of a bundle: its own, those of its sources, and those of places that its clocks name."""
    times = (one.row.get("printed_time") for table in ("events", "claims") for one in dossier.entries[table])
    named = {printed.zone for time in times if time for printed in parse_clocks(time)} - {"", LOCAL}
    return tuple(dict.fromkeys((*dossier.zones, *(ZoneInfo(name) for name in sorted(named)))))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A remark on two times of one event, and what tells two such remarks of one pair of sources apart or together."""

    remark: Remark
    names: tuple[str, str]
    sources: frozenset[frozenset[str]]
    ahead_min: tuple[str, int]


def _once_per_sources(pairs: Sequence[_Pair]) -> Iterator[Remark]:
    """Yield one remark for each pair of sources and each gap between them; the first names the events of the others."""
    of_sources: dict[Hashable, list[_Pair]] = defaultdict(list)
    for one in pairs:
        of_sources[one.sources, one.ahead_min].append(one)
    for first, *more in of_sources.values():
        if not more:
            yield first.remark
            continue
        listed = say_list([f"{weak} beside {strong}" for weak, strong in (one.names for one in more)])
        others = [row for one in more for row in (f"{one.remark['table']}:{one.remark['row_id']}", *_rows_of(one))]
        text = f"{first.remark['text']} So it is with {listed}."
        yield {**first.remark, "text": text, "rows": list(dict.fromkeys((*_rows_of(first), *others)))}


def _rows_of(pair: _Pair) -> list[str]:
    rows = pair.remark["rows"]
    return [str(row) for row in rows] if isinstance(rows, list) else []


_Told = tuple[DossierRow, datetime, datetime]
_Zones = tuple[ZoneInfo, ...]


def _stands(entry: DossierRow) -> bool:
    return entry.is_fact and not entry.is_replaced and not entry.is_related


def _is_to_the_minute(dossier: Dossier, entry: DossierRow, when: datetime) -> bool:
    """Tell whether a row's time is more than a bare date, and no printed "about" stands before it."""
    printed = entry.row.get("printed_time")
    is_loose = printed and any(clock.is_loose for one in parse_clocks(printed) for clock in one.clocks)
    return not is_loose and not is_bare_date(when, dossier.source_zone(entry))


def _minute(when: datetime) -> int:
    return int(when.timestamp() // 60)


# ---------------------------------------------------------------- events against events


def _of_events(dossier: Dossier, told: Sequence[_Told], zones: _Zones) -> Iterator[_Pair]:
    groups: dict[Hashable, _Times] = defaultdict(_Times)
    for one, low, high in told:
        if _is_one_event(one.row["kind"]):
            key = (one.row["kind"], one.row["subject_id"], one.row["part"], one.row["occasion_id"])
            groups[key].add(one, low, high)
    turns = _turns(dossier)
    for times in groups.values():
        if len(times.exact) > _MOST_TIMES or _is_told_twice(times):
            continue
        for first, last in combinations(sorted(times.exact), 2):
            is_apart = last - first in _gaps_min(zones, last // _HOUR_MIN)
            is_apart = is_apart or _is_of_two_seasons(last - first, times.exact[first], times.exact[last])
            if is_apart and not _is_undone(times.exact[first][0], first, last, turns):
                yield from _of_pair(dossier, (times.exact[first], first), (times.exact[last], last), times.spans, zones)


def _is_one_event(kind: str) -> bool:
    return happens_once(kind) or not any(word in kind for word in _OWN_ACTS)


def _is_told_twice(times: _Times) -> bool:
    """Tell whether one source tells two times, and so of two events."""
    named = [{name for one in rows for name in one.sources} for rows in times.exact.values()]
    return len(set().union(*named)) < sum(map(len, named))


def _turns(dossier: Dossier) -> Mapping[tuple[str, bool], list[int]]:
    """Return the minutes of closings and of reopenings of each subject, in order."""
    turns: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for one in dossier.entries["events"]:
        kind, is_change = one.row["kind"], one.row["kind"] in (*CLOSINGS, *REOPENINGS)
        if is_change and _stands(one) and one.low is not None:
            turns[one.row["subject_id"] or "", kind in CLOSINGS].append(_minute(one.low))
    return {key: sorted(minutes) for key, minutes in turns.items()}


def _is_undone(entry: DossierRow, first: int, last: int, turns: Mapping[tuple[str, bool], Sequence[int]]) -> bool:
    """Tell whether the opposite change is told in between, so that it was closed or reopened twice."""
    kind = entry.row["kind"]
    if kind not in CLOSINGS and kind not in REOPENINGS:
        return False
    opposite = turns.get((entry.row["subject_id"] or "", kind not in CLOSINGS), ())
    place = bisect_left(opposite, first)
    return place < len(opposite) and opposite[place] <= last


# ---------------------------------------------------------------- whole closures


@dataclass(frozen=True, slots=True)
class ShiftedClosure:
    """A closure that a source tells from closing to reopening, both as far from another source's as two clocks.

    weak, strong   the closing and the reopening of the weaker or later telling, and of the other
    why            which two clocks are so far apart
    """

    weak: tuple[DossierRow, DossierRow]
    strong: tuple[DossierRow, DossierRow]
    why: str


_Span = tuple[int, int]


def find_shifted_closures(dossier: Dossier) -> list[ShiftedClosure]:
    """Return the closures that may be another source's, printed in another clock.

    Those that overlap are left out: there the two closings, and the two reopenings, are compared by themselves. A span
    that both sources tell, or a third one too, is a closure of its own.
    """
    zones = _zones_of(dossier)
    found: dict[tuple[str, str], ShiftedClosure] = {}
    for spans in _spans_by_source(dossier).values():
        tellers: dict[_Span, set[str]] = defaultdict(set)
        for source, own in spans.items():
            for span in own:
                tellers[span].add(source)
        for span, several in tellers.items():
            for gap in _gaps_min(zones, span[1] // _HOUR_MIN):
                other = (span[0] + gap, span[1] + gap)
                if gap < span[1] - span[0] or other not in tellers or several & tellers[other]:
                    continue
                if min(len(several), len(tellers[other])) == 1:
                    one, two = (next(iter(spans[s][x] for s in sorted(tellers[x]))) for x in (span, other))
                    pair = _shifted(dossier, one, two, zones)
                    if pair is not None:
                        found[pair.weak[0].name, pair.weak[1].name] = pair
    return list(found.values())


def _spans_by_source(dossier: Dossier) -> dict[Hashable, dict[str, dict[_Span, tuple[DossierRow, DossierRow]]]]:
    """Return the closures that each source tells, from a closing to the next change, of each place and part."""
    turns: dict[Hashable, dict[str, list[tuple[int, DossierRow]]]] = defaultdict(lambda: defaultdict(list))
    for one in dossier.entries["events"]:
        change = CHANGES.get(one.row["kind"])
        if change is None or change.layer in SCHEDULES or not _stands(one) or one.low is None or one.low != one.high:
            continue
        if _is_to_the_minute(dossier, one, one.low):
            for source in one.sources:
                turns[one.row["subject_id"], change.layer, one.row["part"]][source].append((_minute(one.low), one))
    spans: dict[Hashable, dict[str, dict[_Span, tuple[DossierRow, DossierRow]]]] = {}
    for key, by_source in turns.items():
        for source, told in by_source.items():
            ordered = sorted(told, key=lambda item: item[0])
            for (first, begun), (last, ended) in pairwise(ordered):
                if begun.row["kind"] in CLOSINGS and ended.row["kind"] in REOPENINGS:
                    spans.setdefault(key, {}).setdefault(source, {})[first, last] = (begun, ended)
    return spans


def _shifted(
    dossier: Dossier, one: tuple[DossierRow, DossierRow], other: tuple[DossierRow, DossierRow], zones: _Zones
) -> ShiftedClosure | None:
    """Return the two tellings as one closure; None where they name two occasions, or no clocks are so far apart."""
    named = {row.row["occasion_id"] for row in (*one, *other)} - {None}
    weak, strong = sorted((one, other), key=lambda rows: _weakness(dossier, rows), reverse=True)
    when, shifted = strong[0].low, weak[0].low
    if len(named) > 1 or when is None or shifted is None:
        return None
    why = _explain(dossier, abs(_minute(when) - _minute(shifted)), (*weak, *strong), when, zones)
    return None if why is None else ShiftedClosure(weak, strong, why)


def _of_closures(dossier: Dossier, found: ShiftedClosure) -> Remark:
    (weak, end), strong = found.weak, found.strong
    gap = abs(_minute(strong[0].low or _EPOCH) - _minute(weak.low or _EPOCH))
    spans = [f"{rows[0].low:%H:%M} to {rows[1].low:%H:%M} UTC" for rows in (found.weak, strong)]
    text = (
        f"It and {end.name} give {spans[0]}, {strong[0].name} and {strong[1].name} {spans[1]}: exactly "
        f"{say_gap(timedelta(minutes=gap))} apart, {found.why}. One of the two may be printed in another clock; "
        "they are counted as one closing."
    )
    column = "start_utc" if weak.row["start_utc"] else "utc_low"
    return remark("clocks_differ", weak, text, _ADVICE, column=column, rows=[row.place for row in (end, *strong)])


# ---------------------------------------------------------------- claims against events, and against one another


def _of_claims(dossier: Dossier, told: Sequence[_Told], zones: _Zones) -> Iterator[_Pair]:
    """Yield pairs of claims of a time with events of the kind, the subject and the occasion that they mean.

    Where no event tells it, the claims on one question are compared with one another.
    """
    asked: dict[tuple[str, str], _Times] = defaultdict(_Times)
    for one in dossier.entries["claims"]:
        question = dossier.questions[one.row["question_id"]]
        span = _span_of(one) if _stands(one) and question["kind"] == "time" else None
        if span is not None and _is_to_the_minute(dossier, one, span[0]):
            occasion = one.row["occasion_id"] or question["occasion_id"] or _ANY
            asked[one.row["question_id"], occasion].add(one, *span)
    index = _index(told) if asked else {}
    for (name, occasion), said in asked.items():
        question = dossier.questions[name]
        subject = question["event_subject_id"] or _ANY
        kept = (occasion, None) if occasion else (_ANY,)
        events = [index[key] for one in kept if (key := (question["subject_id"], subject, one)) in index]
        times = {minute: rows for one in events for minute, rows in one.exact.items()}
        if not times and not any(one.spans for one in events) and not _is_told_twice(said):
            times = said.exact
        if not 0 < len(times) <= _MOST_TIMES:
            continue
        spans = [*said.spans, *(span for one in events for span in one.spans)]
        other = [one for one in said.exact if all(abs(one - minute) > _ROUNDING_MIN for minute in times)]
        pairs = product(times, other) if times is not said.exact else combinations(sorted(times), 2)
        for minute, claimed in pairs:
            gap, rows = abs(claimed - minute), (said.exact[claimed], times[minute])
            if gap in _gaps_min(zones, minute // _HOUR_MIN) or _is_of_two_seasons(gap, *rows):
                yield from _of_pair(dossier, (said.exact[claimed], claimed), (times[minute], minute), spans, zones)


def _span_of(claim: DossierRow) -> tuple[datetime, datetime] | None:
    """Return the time that a claim gives exactly, or the two that it lies between; None of any other claim."""
    names = {"exactly": ("value", "value"), "between": ("value", "value_high")}.get(claim.row["relation"])
    try:
        low, high = (datetime.fromisoformat(claim.row[name] or "") for name in names or ("", ""))
    except (KeyError, ValueError):
        return None
    return low, high


def _index(told: Iterable[_Told]) -> Mapping[tuple[str, str, str | None], _Times]:
    """Return events by kind, subject, part or any, and occasion, none or any."""
    index: dict[tuple[str, str, str | None], _Times] = defaultdict(_Times)
    for one, low, high in told:
        subjects = dict.fromkeys((one.row["subject_id"] or _ANY, one.row["part"] or _ANY, _ANY))
        for key in product((one.row["kind"],), subjects, (one.row["occasion_id"], _ANY)):
            index[key].add(one, low, high)
    return index


# ---------------------------------------------------------------- two times


_Side = tuple[Sequence[DossierRow], int]


def _of_pair(
    dossier: Dossier, one: _Side, other: _Side, spans: Sequence[tuple[int, int]], zones: _Zones
) -> Iterator[_Pair]:
    """Yield two times of one event with the remark on them, on the row of the weaker or the later telling."""
    first, last = sorted((one[1], other[1]))
    weak, strong = sorted((one, other), key=lambda side: _weakness(dossier, side[0]), reverse=True)
    if last - first == _HOUR_MIN and any(
        _is_slip(dossier, row, _time(side[1])) for side in (one, other) for row in side[0]
    ):
        return  # remarked for itself, with its cause
    why = _explain_seasons(weak[0], strong[0], _time(strong[1])) if last - first == _HOUR_MIN else None
    why = why or _explain(dossier, last - first, (*weak[0], *strong[0]), _time(strong[1]), zones)
    if why is None or any(low <= first and last <= high for low, high in spans):
        return
    entry, *repeated = weak[0]
    it = say_list(["It", *(row.name for row in repeated)])
    text = (
        f"{it} give{'' if repeated else 's'} {_time(weak[1]):%H:%M} UTC, "
        f"{say_list([row.name for row in strong[0]])} {_time(strong[1]):%H:%M} UTC: exactly "
        f"{say_gap(timedelta(minutes=last - first))} apart, {why}. One of the two may be printed in another clock."
    )
    column = "value" if entry.table == "claims" else "start_utc" if entry.row["start_utc"] else "utc_low"
    rows = [row.place for row in (*repeated, *strong[0])]
    said = remark("clocks_differ", entry, text, _ADVICE, column=column, rows=rows)
    sides = [frozenset(name for row in side for name in row.sources) for side in (weak[0], strong[0])]
    ahead = (min(sides[1] or {""}), strong[1] - weak[1])
    yield _Pair(said, (entry.name, strong[0][0].name), frozenset(sides), ahead)


def _printed(rows: Iterable[DossierRow]) -> list[Printed]:
    return [one for row in rows for one in parse_clocks(row.row.get("printed_time") or "")]


def _is_of_two_seasons(gap_min: int, some: Iterable[DossierRow], others: Iterable[DossierRow]) -> bool:
    """Tell whether two times are an hour apart, one printed in summer time and one in standard time."""
    return gap_min == _HOUR_MIN and find_season_pair(_printed(some), _printed(others)) is not None


def _explain_seasons(some: Iterable[DossierRow], others: Iterable[DossierRow], when: datetime) -> str | None:
    """Return that two tellings print summer and standard time, and which of them the clocks showed then."""
    pair = find_season_pair(_printed(some), _printed(others))
    if pair is None:
        return None
    summer, standard, zone = pair
    return (
        f"as {summer} is from {standard}; on that day the clocks in {zone.key} show {zone_name(when.astimezone(zone))}"
    )


def _is_slip(dossier: Dossier, entry: DossierRow, when: datetime) -> bool:
    """Tell whether a row prints the other half of the year than its place had."""
    own = dossier.source_zone(entry)
    zones = (dossier.zone,) if own is None or own == dossier.zone else (own, dossier.zone)
    return any(find_slip(one, zones, when) is not None for one in _printed([entry]))


def _weakness(dossier: Dossier, rows: Sequence[DossierRow]) -> tuple[int, bool, datetime]:
    """Return how weak a telling is: by its best source; then claims are weaker than events, and later ones weaker."""
    grades = [dossier.sources.get(name, {}).get("reliability") for one in rows for name in one.sources]
    rank = min((_GRADES.index(grade) for grade in grades if grade), default=len(_GRADES))
    return rank, rows[0].table == "claims", min(one.row["known_utc"] or _EPOCH for one in rows)


def _explain(dossier: Dossier, gap_min: int, rows: Iterable[DossierRow], when: datetime, every: _Zones) -> str | None:
    """Return which two clocks are as far apart as two times; None where no two are.

    every   the zones of the bundle, which are looked at where those of the rows' own sources are not so far apart: who
            tells it may have it from another
    """
    own = {dossier.zone_of(name) for one in rows for name in one.sources} - {None, dossier.zone}
    zones = [dossier.zone, *sorted((zone for zone in own if zone is not None), key=lambda zone: zone.key)]
    return _explain_by(zones, gap_min, when) or _explain_by(every, gap_min, when)


def _explain_by(zones: Sequence[ZoneInfo], gap_min: int, when: datetime) -> str | None:
    """Return which two of some zones, or which of them and UTC, are as far apart; the first is the incident's own."""
    ahead = {"UTC": 0, **{zone.key: offset_min(zone, when) for zone in zones}}
    here = [(zones[0].key, "UTC")]  # the likeliest first, then zones of sources, one read in another
    own_pairs = [*combinations([zone.key for zone in zones], 2), *((zone.key, "UTC") for zone in zones)]
    fitting = (pair for pair in (*here, *own_pairs) if abs(ahead[pair[0]] - ahead[pair[1]]) == gap_min)
    changed = (zone.key for zone in zones if change_near(zone, when) == gap_min)
    of_change = (f"as the clocks in {name} were changed within a day of it" for name in changed)
    return next((f"as {name} is from {other}" for name, other in fitting), next(of_change, None))


@lru_cache(maxsize=4096)
def _gaps_min(zones: _Zones, hour: int) -> frozenset[int]:
    """Return how far apart zones are from UTC and from each other in an hour since 1970; clocks change on the hour.

    Where the clocks of one are changed within a day, that too: some were not put right.
    """
    when = _time(hour * _HOUR_MIN)
    ahead = {0, *(offset_min(zone, when) for zone in zones)}
    changes = {change_near(zone, when) for zone in zones} - {0}
    return frozenset(abs(one - other) for one, other in combinations(ahead, 2)) | changes


def _time(minute: int) -> datetime:
    return _EPOCH + timedelta(minutes=minute)
