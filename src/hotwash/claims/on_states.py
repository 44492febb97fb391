"""Claims of the state that an aerodrome was in, against the states that events tell, at the time spoken of."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
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
from hotwash.claims.words import join_names, sentence
from hotwash.course.changes import AERODROME, AIRSPACE, CURFEW, OPEN, RUNWAY, STATE_WORDS, UNPLANNED
from hotwash.course.local_times import say_time_of_day
from hotwash.course.states import Stretch, Turn

_LAYERS = {
    "closed": AERODROME,
    "restricted": AERODROME,
    "airspace_closed": AIRSPACE,
    "runway_closed": RUNWAY,
    "curfew": CURFEW,
    "no_traffic_planned": UNPLANNED,
}
_WHOLE_DAY_MIN = 1440.0
_MOST_STRETCHES = 3  # those nearest to the time asked about


def judge_status(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the states of an aerodrome say of its claimed status at the time that the claim speaks of.

    A closed aerodrome, closed airspace, a closed runway and a time without planned traffic are different things:
    evidence for one neither supports nor contradicts another. `open` is contradicted by the closed aerodrome.
    """
    subject, status = claim["subject_id"], claim["value"]
    span = _span_of(claim)
    if span is None:
        reason = "Not testable: the statement does not say of what time it speaks; fill at_utc_low and at_utc_high."
        return Judgement(NOT_TESTABLE, reason)
    layer = _LAYERS.get(status, AERODROME)
    own = [one for one in evidence.stretches if one.subject == subject and one.layer == layer and _decides(one)]
    if not own:
        return _no_state(claim, line, evidence)
    if claim["is_throughout"] and (broken := _broken(status, own, span)) is not None:
        return _judge_broken(status, broken, line, evidence, span)
    if status == OPEN:
        return _judge_open(claim, line, evidence, own, span)
    meant = [one for one in own if one.state == status]
    return _judge_state(line, evidence, meant, own, span, clause=partial(_clause, status, subject))


def _broken(status: str, layer: Sequence[Stretch], span: tuple[float, float]) -> list[Stretch] | None:
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
    status: str, broken: Sequence[Stretch], line: Line, evidence: Evidence, span: tuple[float, float]
) -> Judgement:
    near = sorted(sorted(broken, key=lambda one: _distance(one, span))[:_MOST_STRETCHES], key=lambda one: one.nominal)
    names = [name for one in near for name in one.names]
    clause = _clause(status, near[0].subject, is_not=True)
    reason = f"{sentence(clause)} all the time {_when(span, evidence)}: {_stretches_text(near, evidence)}."
    return _judgement(CONTRADICTED, reason, names, line, evidence)


def _span_of(claim: Row) -> tuple[float, float] | None:
    """Return the time that a claim speaks of [min]: as it states, or when it was said."""
    low, high = claim["at_utc_low"], claim["at_utc_high"]
    if low is None and high is None:
        low, high = claim["said_utc_low"], claim["said_utc_high"]
    first, last = (None if end is None else end.timestamp() / 60.0 for end in (low or high, high or low))
    return None if first is None or last is None else (first, last)


def _clause(state: str, subject: str, *, is_not: bool = False) -> str:
    """Return a state as a clause: "EPWA was closed", "the airspace over EPWA was not closed"."""
    was = "was not" if is_not else "was"
    return {
        "airspace_closed": f"the airspace over {subject} {was} closed",
        "runway_closed": f"a runway of {subject} {was} closed" if not is_not else f"no runway of {subject} was closed",
        "curfew": f"{subject} {'had no' if is_not else 'had a'} curfew",
        "no_traffic_planned": f"{'traffic' if is_not else 'no traffic'} was planned at {subject}",
    }.get(state, f"{subject} {was} {STATE_WORDS[state]}")


def _no_state(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return that nothing is told of a state, or only another one."""
    subject, status = claim["subject_id"], claim["value"]
    others = [one for one in evidence.stretches if one.subject == subject and _decides(one)]
    words = STATE_WORDS[status]
    if others:
        told = join_names(list(dict.fromkeys(f"“{STATE_WORDS[one.state]}”" for one in others)))
        rows = tuple(f"events:{name}" for name in dict.fromkeys(name for one in others for name in one.names))
        reason = f"Events at {subject} report {told}, which is not the same as “{words}”; nobody tells of that."
        return Judgement(NOT_TESTABLE, reason, rows, (), (GRADED,))
    missing = f"Not testable: no source of reliability A or B tells when {subject} was closed or open."
    return weigh_statements(claim, line, evidence, missing=missing)


def _judge_state(
    line: Line,
    evidence: Evidence,
    meant: Sequence[Stretch],
    layer: Sequence[Stretch],
    span: tuple[float, float],
    *,
    clause: Callable[..., str],
) -> Judgement:
    """Judge that a state held at a time, by the stretches of its layer."""
    when = _when(span, evidence)
    for one in meant:
        is_sure = one.from_high <= span[0] and span[1] <= one.to_low
        if one.is_graded and _is_told(one.start) and is_sure:
            return _judge_told(f"{sentence(clause())} {when}", one.names, line, evidence)
    touching = [one for one in meant if one.from_low <= span[1] and span[0] <= one.to_high]
    unknown = next((one for one in layer if _may_reach(one, span)), None)
    if not touching and unknown is not None:
        missing = "until when" if unknown.start is not None and unknown.from_high <= span[1] else "since when"
        reason = f"Not testable: nobody tells {missing} {_clause(unknown.state, unknown.subject)}, and what followed."
        return _judgement(NOT_TESTABLE, reason, unknown.names, line, evidence)
    if not touching:
        near = sorted(layer, key=lambda one: _distance(one, span))[:_MOST_STRETCHES]
        near.sort(key=lambda one: one.nominal)
        rows = [name for one in near for name in one.names]
        reason = f"{sentence(clause(is_not=True))} {when}: {_stretches_text(near, evidence)}."
        return _judgement(CONTRADICTED, reason, rows, line, evidence)
    one = touching[0]
    who = "no source of reliability A or B tells"
    if not _is_told(one.start):
        reason = f"Not testable: a reopening is told, but {who} since when {clause()}."
    elif not _is_told(one.stop):
        reason = f"Not testable: {clause()} before that, and {who} until when."
    else:
        reason = f"{sentence(clause())} {_stretch_text(one, evidence)}, which leaves the time {when} open."
        return _judgement(COMPATIBLE, reason, one.names, line, evidence)
    return _judgement(NOT_TESTABLE, reason, one.names, line, evidence)


def _may_reach(one: Stretch, span: tuple[float, float]) -> bool:
    """Tell whether a stretch with an end that nobody tells leaves a time open."""
    is_after = not _is_told(one.stop) and _is_told(one.start) and one.from_low <= span[1]
    is_before = not _is_told(one.start) and _is_told(one.stop) and span[0] <= one.to_high
    return is_after or (is_before and one.state != "closed")


def _distance(one: Stretch, span: tuple[float, float]) -> float:
    """Return how far a stretch is from a time [min]."""
    ends = [end for end in (one.from_low, one.from_high, one.to_low, one.to_high) if math.isfinite(end)]
    return min((abs(end - span[0]) for end in ends), default=math.inf)


def _judge_open(
    claim: Row, line: Line, evidence: Evidence, layer: Sequence[Stretch], span: tuple[float, float]
) -> Judgement:
    """Judge `open`: no stretch of a closure may lie at that time, and one must be told before or after it."""
    subject, when = claim["subject_id"], _when(span, evidence)
    shut = [one for one in layer if one.state != OPEN]
    for one in shut:
        if one.start is not None and one.from_high <= span[0] and span[1] <= one.to_low:
            reason = f"{sentence(_clause(one.state, subject))} {when}: {_stretch_text(one, evidence)}."
            verdict = CONTRADICTED if one.state == "closed" else NOT_TESTABLE
            return _judgement(verdict, reason, one.names, line, evidence)
    touching = [one for one in shut if one.from_low <= span[1] and span[0] <= one.to_high]
    if not touching:
        near = sorted(sorted(shut, key=lambda one: _distance(one, span))[:_MOST_STRETCHES], key=lambda one: one.nominal)
        rows = [name for one in near for name in one.names]
        return _judge_told(f"{subject} was open {when}: {_stretches_text(near, evidence)}", rows, line, evidence)
    one = touching[0]
    reason = f"The closure of {subject} {_stretch_text(one, evidence)} leaves it open whether it was open {when}."
    if not _is_told(one.start) or not _is_told(one.stop):
        missing = "when the closure began" if not _is_told(one.start) else "when it ended"
        reason = f"Not testable: no source of reliability A or B tells {missing}."
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


def _when(span: tuple[float, float], evidence: Evidence) -> str:
    first, last = (_clock(end, evidence) for end in span)
    if span[1] - span[0] == _WHOLE_DAY_MIN and first.endswith("00:00"):
        return f"on {first[:10]}"
    return f"at {first}" if first == last else f"from {first} to {last}"


def _clock(minutes: float, evidence: Evidence) -> str:
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    return say_time_of_day(when, evidence.zone, form="%Y-%m-%d %H:%M")


def _stretch_text(one: Stretch, evidence: Evidence) -> str:
    """Return when a stretch was: "from 22:00 to 23:00", with bounds where they are wide."""
    first = _bound_text(one.from_low, one.from_high, evidence) if one.start else "a time that nobody tells"
    last = _bound_text(one.to_low, one.to_high, evidence) if one.stop else "a time that nobody tells"
    return f"from {first} to {last}"


def _stretches_text(stretches: Sequence[Stretch], evidence: Evidence) -> str:
    told = [f"it was {STATE_WORDS[one.state]} {_stretch_text(one, evidence)}" for one in stretches]
    return join_names(list(dict.fromkeys(told)), most=3)


def _bound_text(low: float, high: float, evidence: Evidence) -> str:
    if not math.isfinite(low):
        return f"{_clock(high, evidence)} or earlier"
    if not math.isfinite(high):
        return f"{_clock(low, evidence)} or later"
    first, last = _clock(low, evidence), _clock(high, evidence)
    return first if first == last else f"{first}–{last[11:] if first[:10] == last[:10] else last}"


JUDGES = {"status": judge_status}
