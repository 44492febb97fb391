"""Claims of the state that an aerodrome was in, against the states that events tell, at the time spoken of."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    GRADED,
    LISTED,
    NOT_TESTABLE,
    SUPPORTED,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lines import Line
from hotwash.claims.on_events import OWN_WORD, without_unknown_voice
from hotwash.claims.on_statements import weigh_statements
from hotwash.claims.words import count_noun, join_names, quantity, sentence
from hotwash.course.changes import AERODROME, AIRSPACE, CURFEW, OPEN, RUNWAY, STATE_WORDS, UNPLANNED, is_same_part
from hotwash.course.states import APART_MIN, Stretch, Turn
from hotwash.course.tellings import Telling, beginning_of

_LAYERS = {
    "closed": AERODROME,
    "restricted": AERODROME,
    "airspace_closed": AIRSPACE,
    "runway_closed": RUNWAY,
    "curfew": CURFEW,
    "no_traffic_planned": UNPLANNED,
}
# What a state that held all that time makes impossible, whichever layer it is of, and what may be meant by its name.
# Nothing may land or depart while the aerodrome or the airspace over it is closed; restricted is not open without
# limits. One closed runway says nothing of another, and a curfew nothing of a measure.
_SHUTS = {"closed": ("open", "runway_open"), "airspace_closed": ("open", "runway_open"), "restricted": ("open",)}
_MAY_BE_CALLED = {"airspace_closed": ("closed",), "closed": ("runway_closed",), "runway_closed": ("closed",)}
_WHOLE_DAY_MIN = 1440.0
_MOST_STRETCHES = 4  # those nearest to the time asked about

Span = tuple[float, float]


def judge_status(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the states of an aerodrome say of its claimed status at the time that the claim speaks of.

    A closed aerodrome, closed airspace, a closed runway and a time without planned traffic are different things:
    evidence for one does not support another, and evidence for one runway says nothing of another. `open` is
    contradicted by whatever shuts it: the aerodrome or its airspace closed, a restriction; of a runway, that runway.
    "Closed" said while the airspace or a runway was, and a runway said to be closed while the aerodrome was, may be
    meant so: for some of a time, unless the claim speaks of all of it. A restriction beside it makes that no less true.
    That nothing is told of a state shows only something of a time of which the sources that decide tell: what was on
    another day shows nothing.
    """
    span = _span_of(claim)
    if span is None:
        reason = "Not testable: the statement does not say of what time it speaks; fill at_utc_low and at_utc_high."
        return Judgement(NOT_TESTABLE, reason)
    status, subject, part = claim["value"], claim["subject_id"], claim["part"]
    status = "runway_closed" if part and status == "closed" else status
    own = _layer_of(status, subject, part, evidence)
    near = [one for one in own if _is_near(one, span, claim["occasion_id"])]
    if part and status == OPEN:
        near += [one for one in _shutting_all(subject, evidence) if _touches(one, span)]
    if not near:
        judged = _judge_untold({**claim, "value": status}, line, evidence, span, own)
    elif claim["is_throughout"] and (broken := _broken(status, near, span)) is not None:
        return _judge_broken(status, part, broken, line, evidence, span)
    elif status == OPEN:
        return _judge_open(claim, line, evidence, near, span)
    else:
        meant = [one for one in near if one.state == status]
        judged = _judge_state(line, evidence, meant, near, span, clause=partial(_clause, status, subject, part))
    return _or_meant_so(judged, {**claim, "value": status}, line, evidence, span)


def _or_meant_so(judged: Judgement, claim: Row, line: Line, evidence: Evidence, span: Span) -> Judgement:
    """Return a judgement, or that another state held at that time which people call by the same word."""
    if judged.verdict not in (CONTRADICTED, NOT_TESTABLE):
        return judged
    subject, status, when = claim["subject_id"], claim["value"], _when(span, evidence)
    called = [
        one
        for one in evidence.stretches
        if one.subject == subject and status in _MAY_BE_CALLED.get(one.state, ()) and _is_told(one.start)
    ]
    holding = [one for one in called if _holds(one, span)][:1]
    partly = [] if claim["is_throughout"] else [one for one in called if _overlaps(one, span) and _is_told(one.stop)]
    meant = holding or partly[:_MOST_STRETCHES]
    if meant:
        told = _say_meant(meant, len(partly), span, when)
        is_against = judged.verdict == CONTRADICTED
        reason = f"{judged.reason.removesuffix('.')}; but {told}." if is_against else f"{sentence(told)}."
        found = _judgement(COMPATIBLE, reason, [name for one in meant for name in one.names], line, evidence)
        rows = tuple(dict.fromkeys((*judged.rows, *found.rows)))
        return replace(found, rows=rows, verdict=COMPATIBLE if found.lines else UNCORROBORATED)
    endless = next((one for one in called if _may_reach(one, span)), None)
    if judged.verdict == CONTRADICTED and endless is not None:
        what = _clause(endless.state, subject, endless.part)
        reason = f"Not testable: nobody tells until when {what}, which may be meant."
        return _judgement(NOT_TESTABLE, reason, endless.names, line, evidence)
    return judged


def _say_meant(meant: Sequence[Stretch], number: int, span: Span, when: str) -> str:
    """Return that a state which may be meant held at a time, or at some of it."""
    one = meant[0]
    if _holds(one, span):
        return f"{_clause(one.state, one.subject, one.part)} {when}, which may be meant: {_stretch_text(one)}"
    said = _stretches_text(meant, number).replace("its airspace", f"the airspace over {one.subject}")
    return f"{said}, which may be meant; that is some of the time {when}"


def _overlaps(one: Stretch, span: Span) -> bool:
    """Tell whether a stretch surely lasted for some of a time."""
    return max(one.from_high, span[0]) < min(one.to_low, span[1])


def _touches(one: Stretch, span: Span) -> bool:
    """Tell whether a stretch may have lasted at some moment of a time."""
    return one.from_low <= span[1] and span[0] <= one.to_high


def _holds(one: Stretch, span: Span) -> bool:
    """Tell whether a stretch surely lasted all of a time."""
    return one.start is not None and one.stop is not None and one.from_high <= span[0] and span[1] <= one.to_low


def _layer_of(status: str, subject: str, part: str | None, evidence: Evidence) -> list[Stretch]:
    """Return the stretches, told by a source that decides, that can speak of a state; of one runway those of it alone.

    Where nobody names a runway, each may be the one. Of `open` they are those of all that shuts it.
    """
    decided = [one for one in evidence.stretches if one.subject == subject and _decides(one)]
    if status == OPEN and not part:
        return [one for one in decided if OPEN in _SHUTS.get(one.state, ())]
    layer = RUNWAY if part and status == OPEN else _LAYERS.get(status, AERODROME)
    own = [one for one in decided if one.layer == layer]
    if not part or layer != RUNWAY or not any(one.part for one in own):
        return own
    return [one for one in own if is_same_part(one.part, part)]


def _shutting_all(subject: str, evidence: Evidence) -> list[Stretch]:
    """Return the stretches that shut every runway: of the aerodrome, and of its airspace."""
    shut = [one for one in evidence.stretches if "runway_open" in _SHUTS.get(one.state, ())]
    return [one for one in shut if one.subject == subject and _decides(one)]


def _is_near(one: Stretch, span: Span, occasion: str | None) -> bool:
    """Tell whether a stretch speaks of a time: it is no farther off than measures go on for; of one occasion, a day.

    One whose end nobody tells speaks of all that comes after it.
    """
    margin = _WHOLE_DAY_MIN if occasion is not None and one.occasion == occasion else APART_MIN
    low = one.from_low if one.start else (one.to_low if one.state == "closed" else -math.inf)
    high = one.to_high if one.stop else math.inf
    return low - margin <= span[1] and span[0] <= high + margin


def _broken(status: str, layer: Sequence[Stretch], span: Span) -> list[Stretch] | None:
    """Return the stretches because of which a state cannot have held throughout a time; None where it may have."""
    if status == OPEN:
        shut = [one for one in layer if one.state != OPEN and one.start is not None and one.stop is not None]
        broken = [one for one in shut if max(one.from_high, span[0]) < min(one.to_low, span[1])]
        return broken or None
    meant = [one for one in layer if one.state == status]
    may_hold = any(
        (one.start is None or one.from_low <= span[0]) and (one.stop is None or span[1] <= one.to_high) for one in meant
    )
    return None if may_hold or not meant else meant


def _judge_broken(
    status: str, part: str | None, broken: Sequence[Stretch], line: Line, evidence: Evidence, span: Span
) -> Judgement:
    near = _nearest(broken, span)
    clause = _clause(status, near[0].subject, part, is_not=True)
    reason = f"{sentence(clause)} all the time {_when(span, evidence)}: {_stretches_text(near, len(broken))}."
    return _judgement(CONTRADICTED, reason, [name for one in near for name in one.names], line, evidence)


def _nearest(stretches: Sequence[Stretch], span: Span) -> list[Stretch]:
    """Return the stretches that lie nearest to a time, in order."""
    near = sorted(stretches, key=lambda one: _distance(one, span))[:_MOST_STRETCHES]
    return sorted(near, key=lambda one: one.nominal)


def _beside(stretches: Sequence[Stretch], span: Span) -> list[Stretch]:
    """Return the stretches at a time; where there is none, the last before it and the first after it."""
    touching = [one for one in stretches if _touches(one, span)]
    if touching:
        return touching
    before = [one for one in stretches if one.to_high < span[0]]
    after = [one for one in stretches if one.from_low > span[1]]
    last = [max(before, key=lambda one: one.to_high)] if before else []
    return [*last, *([min(after, key=lambda one: one.from_low)] if after else [])]


def _say_beside(near: Sequence[Stretch], span: Span) -> str:
    """Return until when a state was before a time, and from when on after it: "it was closed until 22:00"."""
    said: list[str] = []
    for one in near:
        named = _clause(one.state, one.subject, one.part) if one.layer == RUNWAY else _plain_clause(one)
        is_before = one.to_high < span[0]
        end = _bound_text(one.to_low, one.to_high) if is_before else _bound_text(one.from_low, one.from_high)
        is_again = bool(said) and said[0].startswith(f"{named} ")
        said.append(f"{'again' if is_again else named} {'until' if is_before else 'from'} {end}")
    return join_names(said)


def _span_of(claim: Row) -> Span | None:
    """Return the time that a claim speaks of [min]: as it states, or when it was said."""
    low, high = claim["at_utc_low"], claim["at_utc_high"]
    if low is None and high is None:
        low, high = claim["said_utc_low"], claim["said_utc_high"]
    first, last = (None if end is None else end.timestamp() / 60.0 for end in (low or high, high or low))
    return None if first is None or last is None else (first, last)


def _clause(state: str, subject: str, part: str | None = None, *, is_not: bool = False) -> str:
    """Return a state as a clause: "EPWA was closed", "runway 15/33 of EPWA was not closed"."""
    was = "was not" if is_not else "was"
    runway = f"runway {_short(part)} of {subject} {was} closed" if part else f"a runway of {subject} was closed"
    return {
        "airspace_closed": f"the airspace over {subject} {was} closed",
        "runway_closed": f"no runway of {subject} was closed" if is_not and not part else runway,
        "curfew": f"{subject} {'had no' if is_not else 'had a'} curfew",
        "no_traffic_planned": f"{'traffic' if is_not else 'no traffic'} was planned at {subject}",
        OPEN: f"{f'runway {_short(part)} of ' if part else ''}{subject} {was} open",
    }.get(state, f"{subject} {was} {STATE_WORDS[state]}")


def _short(part: str) -> str:
    return part.replace("_", " ").removeprefix("runway ").removeprefix("Runway ")


def _judge_untold(claim: Row, line: Line, evidence: Evidence, span: Span, own: Sequence[Stretch]) -> Judgement:
    """Judge a state of which nothing is told about that time: what else is told of that time may still exclude it.

    own   the stretches of that state, and of its opposite, at other times
    """
    subject, status, part = claim["subject_id"], claim["value"], claim["part"]
    covering = _covering(claim, span, evidence)
    if covering:
        names = [one.name for one in covering]
        what = "closed" if status == OPEN else STATE_WORDS[status]
        where = f"runway {_short(part)} of {subject}" if part else subject
        told = f"No report of “{what}” for {where} {_when(span, evidence)}: {_say_covering(covering)}"
        if status == OPEN:
            return _judge_told(told, names, line, evidence)
        return _judgement(CONTRADICTED, f"{told}.", names, line, evidence)
    others = [one for one in evidence.stretches if one.subject == subject and _decides(one) and one not in own]
    at_that_time = [one for one in others if _is_near(one, span, claim["occasion_id"])]
    if at_that_time:
        told = join_names(list(dict.fromkeys(f"“{_named(one)}”" for one in at_that_time)))
        rows = tuple(f"events:{name}" for name in dict.fromkeys(name for one in at_that_time for name in one.names))
        is_runway = not part and status in ("closed", OPEN) and all(one.layer == RUNWAY for one in at_that_time)
        asked = f"another runway of {subject} was in use" if is_runway else _clause(status, subject, part)
        missing = f"no source of reliability A or B tells whether {asked}"
        return Judgement(
            NOT_TESTABLE, f"Not testable: events at {subject} report {told}; {missing}.", rows, (), (GRADED,)
        )
    when = f" {_when(span, evidence)}" if own or others else ""
    missing = f"Not testable: no source of reliability A or B tells whether {subject} was closed or open{when}."
    return weigh_statements(claim, line, evidence, missing=missing)


def _named(one: Stretch) -> str:
    return f"runway {_short(one.part)} closed" if one.layer == RUNWAY and one.part else STATE_WORDS[one.state]


def _covering(claim: Row, span: Span, evidence: Evidence) -> list[Telling]:
    """Return who tells, of a source that decides, that there was no closure: at that time, or on that occasion.

    A restriction shows nothing of a closing: a runway may be closed under it.
    """
    if claim["value"] not in ("closed", "runway_closed", "airspace_closed", OPEN):
        return []
    subject, occasion = claim["subject_id"], claim["occasion_id"]
    rows = evidence.once("no closures", lambda: evidence.zero_counts("closures"))
    told = [beginning_of(row) for row in rows if row["subject_id"] in (None, subject)]
    of_occasion = {row["event_id"] for row in rows if occasion is not None and row["occasion_id"] == occasion}
    return [
        one
        for one in told
        if one.is_bounded and (one.name in of_occasion or (one.low <= span[1] and span[0] <= one.high))
    ]


def _say_covering(told: Sequence[Telling]) -> str:
    """Return who tells of a time, and from when to when: "Flow log tells of 10:00 to 11:00 and of no closing"."""
    who = join_names(list(dict.fromkeys(sayer for one in told for sayer in one.sayers)))
    first = min(one.low if math.isfinite(one.low) else one.high for one in told)
    last = max(one.high if math.isfinite(one.high) else one.low for one in told)
    when = quantity(first, "utc") if first == last else f"{quantity(first, 'utc')} to {quantity(last, 'utc')}"
    return f"{who} tells of {when}, and of none"


def _judge_state(
    line: Line,
    evidence: Evidence,
    meant: Sequence[Stretch],
    layer: Sequence[Stretch],
    span: Span,
    *,
    clause: Callable[..., str],
) -> Judgement:
    """Judge that a state held at a time, by the stretches of its layer."""
    when = _when(span, evidence)
    for one in meant:
        is_sure = one.from_high <= span[0] and span[1] <= one.to_low
        if one.is_graded and _is_told(one.start) and is_sure:
            return _judge_told(f"{sentence(clause())} {when}", one.names, line, evidence)
    touching = [one for one in meant if _touches(one, span)]
    unknown = next((one for one in layer if _may_reach(one, span)), None)
    if not touching and unknown is not None:
        missing = "until when" if unknown.start is not None and unknown.from_high <= span[1] else "since when"
        what = _clause(unknown.state, unknown.subject, unknown.part)
        reason = f"Not testable: nobody tells {missing} {what}, and what followed."
        return _judgement(NOT_TESTABLE, reason, unknown.names, line, evidence)
    if not touching:
        beside = _beside(layer, span)
        near = _nearest(beside, span)
        rows = [name for one in near for name in one.names]
        reason = f"{sentence(clause(is_not=True))} {when}: {_stretches_text(near, len(beside))}."
        return _judgement(CONTRADICTED, reason, rows, line, evidence)
    one = touching[0]
    who = "no source of reliability A or B tells"
    if not _is_told(one.start):
        reason = f"Not testable: a reopening is told, but {who} since when {clause()}."
    elif not _is_told(one.stop):
        reason = f"Not testable: {clause()} before that, and {who} until when."
    else:
        told = _stretches_text(touching[:_MOST_STRETCHES], len(touching))
        rest = f"that is some of the time {when}" if _lies_within(touching, span) else f"which leaves it open {when}"
        reason = f"{sentence(told)}; {rest}."
        return _judgement(COMPATIBLE, reason, [name for one in touching for name in one.names], line, evidence)
    return _judgement(NOT_TESTABLE, reason, one.names, line, evidence)


def _lies_within(stretches: Sequence[Stretch], span: Span) -> bool:
    """Tell whether a stretch surely lies within a time."""
    return any(span[0] <= one.from_low and one.to_high <= span[1] for one in stretches)


def _may_reach(one: Stretch, span: Span) -> bool:
    """Tell whether a stretch with an end that nobody tells leaves a time open."""
    is_after = not _is_told(one.stop) and _is_told(one.start) and one.from_low <= span[1]
    is_before = not _is_told(one.start) and _is_told(one.stop) and span[0] <= one.to_high
    return is_after or (is_before and one.state != "closed")


def _distance(one: Stretch, span: Span) -> float:
    """Return how far a stretch is from a time [min]."""
    ends = [end for end in (one.from_low, one.from_high, one.to_low, one.to_high) if math.isfinite(end)]
    return min((abs(end - span[0]) for end in ends), default=math.inf)


def _judge_open(claim: Row, line: Line, evidence: Evidence, layer: Sequence[Stretch], span: Span) -> Judgement:
    """Judge `open`: nothing that shuts it may lie at that time, and some such stretch must be told before or after."""
    subject, part, when = claim["subject_id"], claim["part"], _when(span, evidence)
    what = f"runway {_short(part)} of {subject}" if part else subject
    shut = [one for one in layer if one.state != OPEN]
    for one in shut:
        if _is_told(one.start) and _holds(one, span):
            reason = f"{sentence(_clause(one.state, subject, one.part or part))} {when}: {_stretch_text(one)}."
            return _judgement(CONTRADICTED, reason, one.names, line, evidence)
    touching = [one for one in shut if _touches(one, span)]
    if not touching:
        near = _beside(shut, span)
        rows = [name for one in near for name in one.names]
        told = f"{sentence(what)} was open {when}: {_say_beside(near, span)}"
        return _judge_told(told, rows, line, evidence)
    one = touching[0]
    clause = _clause(one.state, subject, one.part or part)
    reason = f"{sentence(clause)} {_stretch_text(one)}, which leaves it open whether {what} was open {when}."
    if not _is_told(one.start) or not _is_told(one.stop):
        missing = "since when" if not _is_told(one.start) else "until when"
        reason = f"Not testable: no source of reliability A or B tells {missing} {clause}."
        return _judgement(NOT_TESTABLE, reason, one.names, line, evidence)
    return _judgement(COMPATIBLE, reason, one.names, line, evidence)


def _judge_told(said: str, names: Sequence[str], line: Line, evidence: Evidence) -> Judgement:
    """Return that a state is told: supported where somebody independent of the claim does."""
    free = evidence.free_events(line)
    if any(free[evidence.event_numbers[name]] for name in names):
        judged = _judgement(SUPPORTED, f"{said}; reported independently of the speaker.", names, line, evidence)
        return without_unknown_voice(judged, line, evidence)
    return _judgement(UNCORROBORATED, f"{said}, {OWN_WORD}.", names, line, evidence)


def _judgement(verdict: str, reason: str, names: Sequence[str], line: Line, evidence: Evidence) -> Judgement:
    once = list(dict.fromkeys(names))
    rows = tuple(f"events:{name}" for name in once)
    return Judgement(verdict, reason, rows, evidence.event_lines_of(once, line), (GRADED, LISTED))


def _decides(stretch: Stretch) -> bool:
    """Tell whether a source of reliability A or B tells one of the ends of a stretch."""
    return _is_told(stretch.start) or _is_told(stretch.stop)


def _is_told(turn: Turn | None) -> bool:
    return turn is not None and any(one.is_graded for one in turn.tellings)


def _when(span: Span, evidence: Evidence) -> str:
    first, last = (quantity(end, "utc") for end in span)
    if span[1] - span[0] == _WHOLE_DAY_MIN and evidence.day_of(span[0]):
        return f"on {evidence.day_of(span[0])}"
    return f"at {first}" if first == last else f"from {first} to {last}"


def _stretch_text(one: Stretch) -> str:
    """Return when a stretch was: "from 22:00 to 23:00", with bounds where they are wide."""
    first = _bound_text(one.from_low, one.from_high) if one.start else "a time that nobody tells"
    last = _bound_text(one.to_low, one.to_high) if one.stop else "a time that nobody tells"
    return f"from {first} to {last}"


def _stretches_text(stretches: Sequence[Stretch], number: int) -> str:
    """Return some of a number of stretches: "it was closed from 22:00 to 23:00"; of runways with their names."""
    by_state: dict[str, list[str]] = {}
    for one in stretches:
        named = _clause(one.state, one.subject, one.part) if one.layer == RUNWAY else _plain_clause(one)
        by_state.setdefault(named, []).append(_stretch_text(one))
    told = [f"{clause} {join_names(list(dict.fromkeys(spans)))}" for clause, spans in by_state.items()]
    left = number - len(stretches)
    more = f", and {count_noun(left, 'more time')}" if left > 0 else ""
    return f"{join_names(told)}{more}"


def _plain_clause(one: Stretch) -> str:
    """Return a state of what was just named: "it was closed", "its airspace was closed"."""
    return {
        "airspace_closed": "its airspace was closed",
        "curfew": "it had a curfew",
        "no_traffic_planned": "no traffic was planned",
    }.get(one.state, f"it was {STATE_WORDS[one.state]}")


def _bound_text(low: float, high: float) -> str:
    if not math.isfinite(low):
        return f"{quantity(high, 'utc')} or earlier"
    if not math.isfinite(high):
        return f"{quantity(low, 'utc')} or later"
    first, last = quantity(low, "utc"), quantity(high, "utc")
    return first if first == last else f"between {first} and {last}"


JUDGES = {"status": judge_status}
