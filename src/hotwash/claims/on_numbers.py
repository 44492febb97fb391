"""Claims of how many, against the numbers that events tell, for the time and the occasion that the claim speaks of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from hotwash.claims import numbers
from hotwash.claims.closure_counts import Tally, is_of_closures, tally_closures
from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    GRADED,
    LISTED,
    NOT_TESTABLE,
    SUPPORTED,
    UNCORROBORATED,
    Events,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import BoolArray, IntArray, Line
from hotwash.claims.lists import UNGRADED
from hotwash.claims.numbers import Group, NumberTellings
from hotwash.claims.on_statements import UNOPPOSED, corroborate, has_line_of_its_own, weigh_statements
from hotwash.claims.parts import adds_into
from hotwash.claims.sums_by_others import numbered_in, parts_by_others, say_parts_sum
from hotwash.claims.told_sums import DEFAULT_ABOUT, bounds_now
from hotwash.claims.words import inside_sentence, interval, join_names, unit_noun, wanted_words
from hotwash.course.overlaps import is_possible_only, overlap_of
from hotwash.course.tellings import beginning_of
from hotwash.geo.frames import FloatArray
from hotwash.model.questions import CountUnit

_ASSUMED = (GRADED, LISTED)


def judge_number(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what events say of a count.

    claim   a row of `bounds.bound_claims` with a number, in a unit that events tell
    line    the claim's line

    Where the graded reports agree, their common part is the number: outside it a claim is contradicted, and around it
    supported by an independent report. Where no graded report tells it, the statements alone are left.
    """
    asked = _ask(claim, evidence)
    foreign = [name for name in claim["parts"] or () if name in evidence.events_elsewhere]
    if foreign:
        reason = f"Not testable: it adds {join_names(foreign, most=3)}, which belongs to another story."
        return Judgement(NOT_TESTABLE, reason)
    overlap = overlap_of(claim, numbered_in(evidence), evidence.bundle.brief.count_units) if claim["parts"] else ""
    if overlap:
        judged, word = judge_number({**claim, "parts": None}, line, evidence), "overlap"
        if is_possible_only(overlap):
            judged, word = _spare_total(judged, claim, asked, evidence), "may overlap"
        return replace(judged, reason=f"{judged.reason} Its parts {word}: {overlap}")
    mixed = _weigh_mixed_parts(claim, line, asked, evidence)
    if mixed is not None:
        return mixed if mixed.verdict == CONTRADICTED else _weigh_beside(mixed, claim, line, evidence)
    told = _leave_by_parts(claim, asked, evidence) or evidence.once(
        ("reported", asked), lambda: _leave(_graded(asked, evidence), asked)
    )
    if told is None and asked.unit.tally:
        told = evidence.once(("closed", asked), lambda: _leave_closures(asked, evidence))
    if told is None:
        of = f" of {claim['subject_id']}" if claim["subject_id"] and not asked.unit.tally else ""
        missing = f"Not testable: no source of reliability A or B reports the number of {unit_noun(asked.unit)}{of}."
        return weigh_statements(claim, line, evidence, missing=missing)
    if told.is_by_occasion:
        return _weigh_by_occasion(claim, line, told, evidence)
    judged = _or_another_count(_weigh(claim, line, told, evidence), claim, told)
    if claim["parts"] and told.tellings is not None:
        judged = _spare_total(judged, claim, asked, evidence)
    judged = corroborate(judged, claim, line, evidence)
    return replace(judged, reason=f"{judged.reason}{say_parts_sum(claim, asked.unit, evidence)}")


def _spare_total(judged: Judgement, claim: Row, asked: _Asked, evidence: Evidence) -> Judgement:
    """Return a judgement on a total that nothing but a part of it speaks against: that is no contradiction.

    Three flights affected, one of them diverted, are not contradicted by the one; but parts that are no such flights
    leave the number that is told.
    """
    own = {f"events:{name}" for name in claim["parts"]}
    rows = [evidence.events[number] for name, number in evidence.event_numbers.items() if f"events:{name}" in own]
    if (
        judged.verdict != CONTRADICTED
        or not set(judged.rows) <= own
        or not adds_into(rows, asked.unit, evidence.bundle)
    ):
        return judged
    reason = f"What events tell of it are its own parts{UNOPPOSED}"
    return Judgement(UNCORROBORATED, reason, judged.rows, (), _ASSUMED)


def tells_number(claim: Row, evidence: Evidence, *, is_of_any: bool = False) -> bool:
    """Tell whether an event of a source that decides tells a number in a claim's unit.

    is_of_any   whether it must tell that there was one at least, or none: three in all tell nothing of one place
    """
    asked = _ask(claim, evidence)
    told = evidence.once(("reported", asked), lambda: _leave(_graded(asked, evidence), asked))
    is_open = is_of_any and told is not None and all(one.low < 1.0 <= one.high for one in told.groups)
    return told is not None and (told.is_by_occasion or not is_open)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The number that a claim speaks of.

    stands   the time for which it stands, no earlier and no later than [min since 1970]
    about    what "about" means: a share of the number, and an amount
    part     what is asked about: an airline's share, a direction; of closures, all of the aerodrome or a runway
    """

    unit: CountUnit
    subject: str | None
    occasion: str | None
    stands: tuple[float, float]
    about: tuple[float, float]
    is_only_occasion: bool
    part: str | None = None


@dataclass(frozen=True, slots=True)
class _Reported:
    """What events leave of one number.

    numbers, names   the events that speak of it: places in the list of events, and names
    labels           of each, who tells it, or of which occasion
    groups           those that agree; several where they exclude one another, or each tells of another occasion
    tellings         those that the groups were made of; None for what is not told as a number
    bounds           low, high: what each of these leaves possible, (n,) float64; None where they are added up
    readings         other numbers that the words may mean as well, each with what it counts
    """

    asked: _Asked
    numbers: IntArray
    names: tuple[str, ...]
    labels: tuple[str, ...]
    groups: Sequence[Group]
    tellings: NumberTellings | None = None
    bounds: tuple[FloatArray, FloatArray] | None = None
    is_by_occasion: bool = False
    words: str = ""
    readings: tuple[tuple[str, int], ...] = ()

    @property
    def low(self) -> float:
        return min(group.low for group in self.groups)

    @property
    def high(self) -> float:
        return max(group.high for group in self.groups)


def _ask(claim: Row, evidence: Evidence) -> _Asked:
    units = evidence.bundle.brief.count_units
    return _Asked(
        units[claim["unit"]],
        claim["subject_id"],
        claim["occasion_id"],
        numbers.stand_time(claim),
        evidence.once("abouts", lambda: _abouts(evidence))[claim["question_id"]],
        evidence.once("only occasion", lambda: numbers.is_only_occasion(evidence.bundle.occasions)),
        claim["part"],
    )


def _abouts(evidence: Evidence) -> dict[str, tuple[float, float]]:
    """Return what "about" means on each question."""
    asked = evidence.bundle.questions.select("question_id", "about_fraction", "about_amount").iter_rows()
    return {
        name: DEFAULT_ABOUT if share is None and amount is None else (share or 0.0, amount or 0.0)
        for name, share, amount in asked
    }


def _tellings(asked: _Asked, evidence: Evidence) -> NumberTellings:
    part = None if asked.unit.tally else asked.part  # closures are counted by what closes
    return evidence.once(
        ("tellings", asked.unit.name, asked.about, part),
        lambda: numbers.number_tellings(evidence.bundle, asked.unit.name, about=asked.about, part=part),
    )


def _graded(asked: _Asked, evidence: Evidence) -> NumberTellings:
    tellings = _tellings(asked, evidence)
    return tellings.only(tellings.grade < UNGRADED)


def _leave(tellings: NumberTellings, asked: _Asked) -> _Reported | None:
    """Return what some tellings leave of the number asked; None where they say nothing of it."""
    kept, low, high = numbers.leave_open(
        tellings, asked.stands, subject=asked.subject, occasion=asked.occasion, is_only_occasion=asked.is_only_occasion
    )
    if not kept.names:
        return None
    named = sorted({name for name in kept.occasions if name})
    if asked.occasion is None and len(named) > 1 and None not in kept.occasions:
        groups = [_hull(kept, asked, name) for name in named]
        return _Reported(
            asked, kept.numbers, kept.names, tuple(map(str, kept.occasions)), groups, kept, is_by_occasion=True
        )
    groups = numbers.settle(kept, low, high)
    bounds = (low, high) if low.size == len(kept.names) else None
    return _Reported(asked, kept.numbers, kept.names, kept.tellers, groups, kept, bounds)


def _hull(tellings: NumberTellings, asked: _Asked, occasion: str) -> Group:
    """Return what the tellings of one occasion leave of its number."""
    kept, low, high = numbers.leave_open(tellings, asked.stands, subject=asked.subject, occasion=occasion)
    groups = numbers.settle(kept, low, high)
    members = np.array([name == occasion for name in tellings.occasions], dtype=np.bool_)
    least, most = (
        (min(group.low for group in groups), max(group.high for group in groups)) if groups else (0.0, math.inf)
    )
    return Group(least, most, members)


def _leave_by_parts(claim: Row, asked: _Asked, evidence: Evidence) -> _Reported | None:
    """Return what the declared parts of a claimed number add up to, where all are told and graded."""
    if not claim["parts"]:
        return None
    total = numbers.sum_of_parts(claim, asked.unit, evidence.bundle, about=asked.about)
    if total is None:
        return None
    words = f"{join_names(total.words, most=6)} add up to {interval(total.low, total.high, '')} {unit_noun(asked.unit)}"
    group = Group(total.low, total.high, np.ones(1, dtype=np.bool_))
    return _Reported(asked, total.numbers, total.names, total.names, [group], words=words)


def _weigh_mixed_parts(claim: Row, line: Line, asked: _Asked, evidence: Evidence) -> Judgement | None:
    """Return what is left of a number whose declared parts are told in other units; None where they are not."""
    parts = [f"events:{name}" for name in dict.fromkeys(claim["parts"] or ()) if name in evidence.event_numbers]
    if not parts or len(parts) < len(set(claim["parts"])):
        return None
    told: dict[str, tuple[CountUnit, float, float]] = {}
    for unit in evidence.bundle.brief.count_units.values():
        tellings = _tellings(replace(asked, unit=unit), evidence)
        for name in tellings.names:
            if name in parts:
                row = evidence.events[evidence.event_numbers[name.removeprefix("events:")]]
                low, high, _ = bounds_now(row, unit, evidence.bundle, numbered_in(evidence), about=asked.about)
                told.setdefault(name, (unit, low, high))
    units = {unit.name for unit, _, _ in told.values()}
    rows = [evidence.events[evidence.event_numbers[name.removeprefix("events:")]] for name in parts]
    if len(told) < len(parts) or adds_into(rows, asked.unit, evidence.bundle):
        return None
    low, high = sum(one for _, one, _ in told.values()), sum(one for _, _, one in told.values())
    only = next(iter(told.values()))[0] if len(units) == 1 else None
    what = (
        f"{interval(low, high, '')} {unit_noun(only, high)}"
        if only
        else f"{interval(low, high, '')} of different units"
    )
    numbers_of = np.array([evidence.event_numbers[name.removeprefix("events:")] for name in parts], dtype=np.int64)
    lines = evidence.lines_of(
        Events(numbers_of, tuple(parts), *(np.full(len(parts), math.nan) for _ in range(4))), line
    )
    wanted = f"{wanted_words(claim)} {unit_noun(asked.unit, claim['high'])}"
    if high < claim["low"] or low > claim["high"]:
        return Judgement(CONTRADICTED, f"Its parts add up to {what}, not to {wanted}.", parts, lines, _ASSUMED)
    reason = f"Its parts add up to {what}, which are not the same as {wanted}."
    return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, parts, lines, _ASSUMED)


def _weigh_beside(mixed: Judgement, claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return a judgement on parts of another unit with what events tell in the claim's own, where that excludes it."""
    told = judge_number({**claim, "parts": None}, line, evidence)
    return replace(told, reason=f"{told.reason} {mixed.reason}") if told.verdict == CONTRADICTED else mixed


def _leave_closures(asked: _Asked, evidence: Evidence, *, among: BoolArray | None = None) -> _Reported | None:
    """Return how many aerodromes graded events tell to be closed.

    among   (events,) bool: the events that may count; all graded ones by default
    """
    related = numbers.related_occasions(evidence.bundle.occasions)
    places = [
        number
        for number, row in enumerate(evidence.events)
        if is_of_closures(row, asked.unit)
        and row["subject_id"]
        and row["occasion_id"] not in related
        and asked.occasion in (None, row["occasion_id"])
        and asked.subject in (None, row["subject_id"])
        and evidence.is_graded(number)
        and (among is None or among[number] or row["kind"] not in asked.unit.events)
    ]
    rows = [evidence.events[number] for number in places]
    tally = partial(
        tally_closures, asked.unit, aerodromes=evidence.bundle.brief.aerodromes, turns=evidence.turns,
        part=asked.part, subject=asked.subject,
    )  # fmt: skip
    count = tally(rows)
    if count is None:
        return _leave_none(asked, evidence) if among is None else None
    by = ""
    if math.isfinite(asked.stands[1]):  # "five so far": those that had begun by then
        begun = tally([row for row in rows if beginning_of(row).low <= asked.stands[1]])
        surely = tally([row for row in rows if beginning_of(row).high <= asked.stands[0]])
        none = Tally(0, 0, count.rows, "")
        count, least = begun or none, (surely or none).low
        count = replace(count, low=least, why=count.why if least == count.high else "")
        by = f" by {interval(*asked.stands, 'utc')}"
    of = [number for number in places if f"events:{evidence.events[number]['event_id']}" in count.rows]
    names = tuple(f"events:{evidence.events[number]['event_id']}" for number in of)
    group = Group(float(count.low), float(count.high), np.ones(1, dtype=np.bool_))
    why = f": {count.why[0].lower()}{count.why[1:].rstrip('.')}" if count.why else ""
    amount = interval(count.low, count.high, "")
    words = f"The events report {amount} {unit_noun(asked.unit, count.high)}{by}{why}"
    return _Reported(asked, np.array(of, dtype=np.int64), names, names, [group], words=words, readings=count.readings)


def _or_another_count(judged: Judgement, claim: Row, told: _Reported) -> Judgement:
    """Return a judgement, or that a number fits a part of what was counted, which its words may mean as well.

    "Closed twice" is no lie of an airport that also closed one runway.
    """
    fitting = next((words for words, number in told.readings if claim["low"] <= number <= claim["high"]), None)
    if judged.verdict != CONTRADICTED or fitting is None:
        return judged
    reason = f"{_words(told)}; {wanted_words(claim)} fits the {fitting}, which may be meant."
    return replace(judged, verdict=COMPATIBLE if judged.lines else UNCORROBORATED, reason=reason)


def _leave_none(asked: _Asked, evidence: Evidence) -> _Reported | None:
    """Return that there were no closures, where no closing is told and a source that decides says that there was none.

    Whoever says so for a part of an occasion speaks of all of it: the bundle lists every closing that was reported.
    """
    rows = [
        row
        for row in evidence.zero_counts("closures")
        if asked.subject in (None, row["subject_id"]) and asked.occasion in (None, row["occasion_id"])
    ]
    if not rows or (asked.occasion is None and not asked.is_only_occasion):
        return None
    names = tuple(f"events:{row['event_id']}" for row in rows)
    places = np.array([evidence.event_numbers[row["event_id"]] for row in rows], dtype=np.int64)
    who = join_names(list(dict.fromkeys(name for row in rows for name in row["said_by"] or ())))
    words = f"No event tells a closing, and {who or 'a source that decides'} tells that there was none"
    return _Reported(asked, places, names, names, [Group(0.0, 0.0, np.ones(1, dtype=np.bool_))], words=words)


def _free_part(told: _Reported, line: Line, evidence: Evidence) -> _Reported | None:
    """Return what the reports that do not trace back to a claim leave of the number; None where there is none."""
    is_free = evidence.free(_as_events(told), line) | np.array(
        [bool(_parts_of(number, told, line, evidence)) for number in told.numbers.tolist()], dtype=np.bool_
    )
    if not is_free.any():
        return None
    if is_free.all():
        return told
    if told.tellings is not None:  # with what bounds nothing by itself: flights listed later than the hour asked
        every = _graded(told.asked, evidence)
        chosen = evidence.free_events(line)[every.numbers] | np.isin(every.numbers, told.numbers[is_free])
        return _leave(every.only(chosen), told.asked)
    if told.asked.unit.tally and told.high == 0.0:
        return replace(told, numbers=told.numbers[is_free])
    if told.asked.unit.tally:
        among = np.zeros(len(evidence.events), dtype=np.bool_)
        among[told.numbers[is_free]] = True
        return _leave_closures(told.asked, evidence, among=among)
    return None  # a sum with a part of the speaker's own is the speaker's


def _parts_of(number: int, told: _Reported, line: Line, evidence: Evidence) -> list[int]:
    """Return the events that tell a sum among some reports where others than a claim's line do; else none."""
    if told.tellings is None:
        return []
    return parts_by_others(evidence.events[number], told.asked.unit, told.asked.about, line, evidence)


def _with_parts(told: _Reported, line: Line, evidence: Evidence) -> _Reported:
    """Return reports with the parts of the sums among them that others tell."""
    own = told.numbers.tolist()
    parts = [part for number in own for part in _parts_of(number, told, line, evidence)]
    return replace(told, numbers=np.unique(np.array([*own, *parts], dtype=np.int64))) if parts else told


def _tellers(claim: Row, told: _Reported) -> _Reported:
    """Return the reports that a verdict rests on: those that tell the number claimed, or that exclude it.

    "3 so far" is no line for the 4 that there were in the end, and a list of 2 is none for either of 6 and 7.
    """
    if told.tellings is None or told.bounds is None:
        return told
    low, high = told.bounds
    if all(group.low > claim["high"] or group.high < claim["low"] for group in told.groups):
        is_it = (low > claim["high"]) | (high < claim["low"])
    elif len(told.groups) > 1:
        is_it = np.any([_givers(told, group) for group in told.groups], axis=0)
    else:
        most = min(told.groups[0].high, claim["high"])  # the number of all occasions is no line for that of one
        is_it = (low >= claim["low"]) & (high <= most)
    return replace(told, numbers=told.numbers[is_it]) if is_it.any() else told


def _givers(told: _Reported, group: Group) -> BoolArray:
    """Return which reports give what a group says, (n,) bool: who admits another, or only bounds, gives neither."""
    if told.bounds is None or len(told.groups) < 2:
        return group.members
    is_in: IntArray = np.sum([one.members for one in told.groups], axis=0)
    own: BoolArray = group.members & (is_in == 1)
    flat: BoolArray = own & (told.bounds[0] > 0.0) & np.isfinite(told.bounds[1])
    return next((chosen for chosen in (flat, own) if chosen.any()), group.members)


def _as_events(told: _Reported) -> Events:
    nothing = np.full(told.numbers.size, math.nan)
    return Events(numbers=told.numbers, names=told.names, low=nothing, high=nothing, end_low=nothing, end_high=nothing)


def _weigh(claim: Row, line: Line, told: _Reported, evidence: Evidence) -> Judgement:
    """Judge a number by the groups of reports that agree."""
    lines = evidence.lines_of(_as_events(_with_parts(_tellers(claim, told), line, evidence)), line)
    words, wanted = _words(told), wanted_words(claim)

    def judge(verdict: str, reason: str) -> Judgement:
        return Judgement(verdict, reason, told.names, lines, _ASSUMED)

    if all(group.low > claim["high"] or group.high < claim["low"] for group in told.groups):
        return judge(CONTRADICTED, f"{words}, not {wanted}.")
    free = _free_part(told, line, evidence)
    is_around = claim["low"] <= told.low and told.high <= claim["high"]
    if is_around and free is not None and claim["low"] <= free.low and free.high <= claim["high"]:
        if has_line_of_its_own(line, evidence.event_lines, lines):
            return judge(SUPPORTED, f"{words}, reported independently of the speaker.")
        return judge(
            UNCORROBORATED,
            f"{words}, but the voice that the claim repeats is unknown and may be the one that reports it.",
        )
    if len(told.groups) > 1:
        return judge(
            NOT_TESTABLE,
            f"Not testable: {inside_sentence(words)}, which exclude one another; what decides between them is missing.",
        )
    if free is None:
        whom = (
            "the speaker, or whom the claim repeats,"
            if len(line.voices) > 1
            else "the speaker or the source of the claim"
        )
        return judge(UNCORROBORATED, f"{words}, but only {whom} reports it.")
    if is_around:
        others = interval(free.low, free.high, "")
        rest = f"what is independent of the speaker gives {others}, which admits other numbers"
        return judge(COMPATIBLE, f"{words}; {rest}.")
    return judge(COMPATIBLE, f"{words}; {wanted} is possible, and so are other numbers.")


def _weigh_by_occasion(claim: Row, line: Line, told: _Reported, evidence: Evidence) -> Judgement:
    """Judge a number that is told of several occasions, where claim and question name none and nobody tells the whole.

    It is contradicted only where each occasion alone has more.
    """
    lines = evidence.lines_of(_as_events(told), line)
    words, wanted = _words(told), wanted_words(claim)
    if claim["high"] < min(group.low for group in told.groups):
        return Judgement(CONTRADICTED, f"{words}, each more than {wanted}.", told.names, lines, _ASSUMED)
    if claim["low"] > told.high:
        rest = "nobody tells the number of all occasions together"
    else:
        rest = "neither the question nor the claim names its occasion"
    return Judgement(NOT_TESTABLE, f"Not testable: {inside_sentence(words)}, and {rest}.", told.names, lines, _ASSUMED)


def _words(told: _Reported) -> str:
    """Return what the reports leave, in words, with those that tell each of several answers."""
    if told.words:
        return told.words
    first, last = told.asked.stands
    by = "" if math.isinf(last) else f" by {interval(first, last, 'utc')}"
    of = f" of {told.asked.part}" if told.asked.part else ""
    if len(told.groups) == 1:
        only = told.groups[0]
        return f"The events give {interval(only.low, only.high, '')} {unit_noun(told.asked.unit, only.high)}{of}{by}"
    unit = unit_noun(told.asked.unit)
    each = [f"{interval(group.low, group.high, '')} ({_labels(told, group)})" for group in told.groups]
    return f"The events give {join_names(each)} {unit}{of}{by}"


def _labels(told: _Reported, group: Group) -> str:
    own = [label for label, is_own in zip(told.labels, _givers(told, group).tolist(), strict=False) if is_own]
    return join_names(list(dict.fromkeys(own)))
