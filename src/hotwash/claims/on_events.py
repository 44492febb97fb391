"""Claims of when and how long, against the tellings that stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hotwash.claims.durations import Ends, interval_ends
from hotwash.claims.evidence import (
    COMPATIBLE,
    CONTRADICTED,
    GRADED,
    NOT_TESTABLE,
    SUPPORTED,
    UNCORROBORATED,
    Evidence,
    Judgement,
    Row,
)
from hotwash.claims.lengths import Measured, add_lengths, lengths_between, measure_ends, one_length, parts_of_sum
from hotwash.claims.lines import BoolArray, Chosen, Line
from hotwash.claims.occasion_ends import say_untold_occasion
from hotwash.claims.on_statements import corroborate, has_line_of_its_own, weigh_statements
from hotwash.claims.words import interval, join_names, minutes, minutes_between, sentence
from hotwash.course.changes import CHANGES, CLOSINGS, PARTLY_REOPENED, REOPENINGS, SCHEDULES
from hotwash.course.closures import closure_length, explain_untold_length, is_closure_length, states_of_length
from hotwash.course.runway_lengths import name_by_itself
from hotwash.course.spans import Span, length_outside
from hotwash.course.states import Turn, is_measure, state_rows
from hotwash.course.tellings import Agreement, Telling, agree, reach
from hotwash.model.incident import Interval
from hotwash.visible import quote

OWN_WORD = "but every report traces back to the speaker or the source"
_DISAGREE = "A record made at the time, to the minute, would settle it."
_RELEASES = (*REOPENINGS, PARTLY_REOPENED)
_A_MINUTE = 1.0  # times are told to the minute: less between two measures is no time in which it was open


def judge_time(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the tellings of an event say of a claimed time.

    Where the bundle has several such events and nothing says which is meant, the claim is contradicted only if every
    one of them excludes it.
    """
    question = evidence.questions[claim["question_id"]]
    kind, subject = claim["subject_id"] or "", question["event_subject_id"]
    what = kind.replace("_", " ") or "any event: the question names no kind"
    clusters = evidence.clusters_of(kind, subject, evidence.occasion_of(claim), claim["part"])
    if not clusters:
        place = f" at {subject}" if subject else ""
        missing = f"Not testable: no source of reliability A or B gives a time for {what}{place}."
        return weigh_statements(claim, line, evidence, missing=missing)
    judged = _judge_clusters(claim, line, evidence, clusters, (kind, subject, what))
    return _or_another_stage(
        judged, claim, line, evidence, _stages_like(kind, subject, evidence.occasion_of(claim), evidence)
    )


def _judge_clusters(
    claim: Row,
    line: Line,
    evidence: Evidence,
    clusters: Sequence[Sequence[Telling]],
    asked: tuple[str, str | None, str],
) -> Judgement:
    """Judge a time by the events of the kind that the question asks about."""
    kind, subject, what = asked
    key = ("agreed", kind, subject, evidence.occasion_of(claim), claim["part"])
    agreed = evidence.once(key, lambda: [agree(one) for one in clusters])
    if len(clusters) == 1:
        return _judge_one(claim, line, evidence, clusters[0], agreed[0])
    if _is_one_place(clusters, evidence):
        return _judge_any(claim, line, evidence, clusters, agreed)
    rows = evidence.once(("rows", *key), lambda: tuple(f"events:{one.name}" for group in clusters for one in group))
    if not any(_admits(every, claim) for every in agreed):
        reason = f"None of {len(clusters)} events of the kind {what} was at that time."
        return Judgement(CONTRADICTED, reason, rows, (), (GRADED,))
    reason = f"Not testable: there are {len(clusters)} events of the kind {what}, and nothing says which one is meant."
    return Judgement(NOT_TESTABLE, reason, rows, (), (GRADED,))


@dataclass(frozen=True, slots=True)
class _Stage:
    """Another measure, or its end, that a claim may mean: how it is said, its tellings, and what they agree on.

    span, open_min   of a length, from when to when, and for how much of that no measure was in force [min]
    """

    said: str
    tellings: tuple[Telling, ...]
    every: Agreement
    span: Span = (0.0, 0.0)
    open_min: float = 0.0


def _stages_like(kind: str, subject: str | None, occasion: str, evidence: Evidence) -> list[_Stage]:
    """Return the other measures of the same direction: an airport that "reopened" may have reopened in part."""
    change = CHANGES.get(kind)
    if change is None or change.layer in SCHEDULES:
        return []
    direction = _RELEASES if kind in _RELEASES else CLOSINGS
    return evidence.once(
        ("stages", kind, subject, occasion),
        lambda: [
            _Stage(other.replace("_", " "), tuple(tellings), agree(tellings))
            for other in direction
            if other != kind
            for tellings in evidence.clusters_of(other, subject, occasion)
        ],
    )


def _or_another_stage(
    judged: Judgement, claim: Row, line: Line, evidence: Evidence, stages: Sequence[_Stage]
) -> Judgement:
    """Return a judgement, or that the claim fits another stage, which its words may mean as well."""
    if judged.verdict != CONTRADICTED:
        return judged
    meant = next((stage for stage in stages if stage.every.groups and _admits(stage.every, claim)), None)
    if meant is None:
        return judged
    names = list(dict.fromkeys(one.name for one in meant.tellings))
    lines = evidence.event_lines_of(names, line)
    rows = (*judged.rows, *(f"events:{name}" for name in names))
    reason = f"{judged.reason.removesuffix('.')}; but it fits “{meant.said}”, which may be meant."
    return Judgement(COMPATIBLE if lines else UNCORROBORATED, reason, rows, lines, judged.assumptions)


def _is_one_place(clusters: Sequence[Sequence[Telling]], evidence: Evidence) -> bool:
    """Tell whether several events of a kind are of one subject and one occasion: closed, and closed again."""
    rows = [evidence.events[evidence.event_numbers[group[0].name]] for group in clusters]
    places = {(row["subject_id"], row["occasion_id"]) for row in rows}
    return len(places) == 1 and rows[0]["occasion_id"] is not None


def _judge_any(
    claim: Row, line: Line, evidence: Evidence, clusters: Sequence[Sequence[Telling]], agreed: Sequence[Agreement]
) -> Judgement:
    """Judge a time by several events of one occasion: it is right if it is the time of one of them."""
    judged = [_judge_one(claim, line, evidence, one, every) for one, every in zip(clusters, agreed, strict=True)]
    order = (SUPPORTED, COMPATIBLE, UNCORROBORATED, NOT_TESTABLE, CONTRADICTED)
    best = min(judged, key=lambda one: order.index(one.verdict))
    if best.verdict != CONTRADICTED:
        return best
    times = join_names([_groups_text(every, "utc") for every in agreed], most=3)
    rows = tuple(row for one in judged for row in one.rows)
    return Judgement(CONTRADICTED, f"The events give {times}.", rows, judged[0].lines, (GRADED,))


def _admits(every: Agreement, claim: Row) -> bool:
    """Tell whether some group of tellings leaves a claimed value possible."""
    first, last = _span_of_value(claim)
    return any(
        group.low <= last and (first <= group.last or claim["low"] <= group.high)  # 02:15 may be 02:14:40 rounded
        for group in every.groups
    )


def _is_within(every: Agreement, claim: Row) -> bool:
    """Tell whether all that tellings leave possible is what a claim says."""
    _, last = _span_of_value(claim)
    return all(claim["low"] <= group.low and group.high <= last for group in every.groups)


def _span_of_value(claim: Row) -> tuple[float, float]:
    """Return the least and the greatest value of a claim; a time told to the minute holds for all of that minute."""
    low, high = float(claim["low"]), float(claim["high"])
    if claim["kind"] != "time" or claim["relation"] != "exactly":
        return low, high
    minute = (low + high) / 2.0
    return minute, max(high, reach(minute))


@dataclass(frozen=True, slots=True)
class _Form:
    """How a value is spoken of: its unit, and what tells it."""

    unit: str
    tell: str


_TIME = _Form("utc", "The events give")
_LENGTH = _Form("min", "The events give")
_STATES = _Form("min", "The states that the events tell give")


def _judge_one(claim: Row, line: Line, evidence: Evidence, tellings: Sequence[Telling], every: Agreement) -> Judgement:
    """Judge a time by tellings of one event, and by what others say where only the speaker's own word is left."""
    judged = _judge_tellings(claim, line, evidence, tellings, every)
    return corroborate(without_unknown_voice(judged, line, evidence), claim, line, evidence)


def without_unknown_voice(judged: Judgement, line: Line, evidence: Evidence) -> Judgement:
    """Return a judgement that no voice supports which the claim may itself repeat."""
    lines = judged.lines
    if judged.verdict != SUPPORTED or not isinstance(lines, Chosen):
        return judged
    if has_line_of_its_own(line, evidence.event_lines, lines):
        return judged
    reason = f"{judged.reason.removesuffix('.')}; but the unknown voice that is repeated here may be that very line."
    return replace(judged, verdict=UNCORROBORATED, reason=reason)


def _judge_tellings(
    claim: Row, line: Line, evidence: Evidence, tellings: Sequence[Telling], every: Agreement
) -> Judgement:
    """Judge a time by tellings of one event: what all allow, and what those independent of the claim allow."""
    free = evidence.free_events(line)
    independent = [one for one in tellings if free[evidence.event_numbers[one.name]]]
    rows = tuple(f"events:{one.name}" for one in tellings)
    lines = evidence.event_lines_of([one.name for one in every.tellers], line)
    alone = every if len(independent) == len(tellings) else agree(independent)
    return _judge_agreement(claim, every, alone, _TIME, rows=rows, lines=lines)


def _judge_agreement(
    claim: Row, every: Agreement, independent: Agreement, form: _Form, *, rows: Sequence[str], lines: Sequence[str]
) -> Judgement:
    """Return the verdict on a value by what tellings allow.

    every         of all tellings that decide: where no group admits the claim, it is contradicted
    independent   of those that do not trace back to the claim: only they support
    """
    said = f"{form.tell} {_groups_text(every, form.unit)}"
    if not _admits(every, claim):
        return Judgement(CONTRADICTED, f"{said}.", rows, lines, (GRADED,))
    is_within, frees = _is_within(every, claim), independent.groups
    if is_within and frees and _is_within(independent, claim):
        return Judgement(SUPPORTED, f"{said}, reported independently of the speaker.", rows, lines, (GRADED,))
    if not every.is_one:
        return Judgement(NOT_TESTABLE, f"{said}: the reports disagree. {_DISAGREE}", rows, lines, (GRADED,))
    if not frees:
        return Judgement(UNCORROBORATED, f"{said}, {OWN_WORD}.", rows, lines, (GRADED,))
    reason = f"{said}, which admits this value and others."
    if is_within:
        others = _groups_text(independent, form.unit)
        reason = f"{said}; what is independent of the speaker gives {others}, which admits other values."
    return Judgement(COMPATIBLE, reason, rows, lines, (GRADED,))


def _groups_text(every: Agreement, unit: str) -> str:
    """Return what tellings give: one value, or each group with who tells it."""
    if every.is_one:
        return interval(every.low, every.high, unit)
    parts = []
    for group in every.groups:
        who = f" ({join_names(group.sayers, most=3)})" if group.sayers else ""
        parts.append(f"{interval(group.low, group.high, unit)}{who}")
    return join_names(parts, most=3)


def judge_duration(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the interval between two events says of a claimed duration.

    Of each end the tellings that stand are taken together; the length lies between the extremes of both ends.
    """
    if claim["is_running"]:
        claim = {**claim, "high": math.inf}  # "six hours so far": it may have gone on
    name = claim["subject_id"] or ""
    interval_asked = next((item for item in evidence.bundle.brief.intervals if item.name == name), None)
    if interval_asked is None and is_closure_length(name):
        return _judge_closure_length(claim, line, evidence)
    if interval_asked is None:
        return Judgement(NOT_TESTABLE, f"Not testable: the bundle defines no interval named {quote(name)}.")
    evidence = evidence.with_plans
    summed = parts_of_sum(claim, evidence.parts_of_claims, evidence.questions)
    if summed:
        return _judge_sum(claim, line, evidence, summed)
    found = _ends_of(interval_asked, evidence)
    wanted = evidence.occasion_of(claim)
    chosen = [ends for ends in found if not wanted or wanted == ends.occasion or ends.between[0] != ends.between[1]]
    if not chosen:
        untold = say_untold_occasion(interval_asked, wanted, evidence.events, name=quote(wanted))
        return Judgement(NOT_TESTABLE, f"Not testable: {untold}.")
    if len(chosen) > 1:
        reason = f"{quote(name)} is stated for {len(chosen)} occasions, and nothing says which one is meant"
        return _judge_one_of_several(claim, line, evidence, chosen, reason)
    ends = chosen[0]
    rows = tuple(f"events:{row}" for row in dict.fromkeys((*ends.start_rows, *ends.end_rows)))
    starts = [one for one in ends.starts if one.is_graded]
    length = measure_ends(ends, evidence.free_events(line), evidence.event_numbers)
    if length is None:
        why = [str(row["why"]) for row in evidence.duration_rows.get(name, ()) if row["minutes"] is None]
        missing = next((text for text in why if text.startswith("Not testable")), "")
        side = "start" if not starts else "end"
        reason = missing or f"Not testable: no source of reliability A or B tells the {side}."
        return Judgement(NOT_TESTABLE, reason, rows, (), (GRADED,))
    every, lines = length.every, evidence.event_lines_of(length.tellers, line)
    if every.groups and every.low <= 0.0 and math.isinf(every.high):
        why = [
            str(row["why"])
            for row in evidence.duration_rows.get(name, ())
            if row["occasion_id"] in (None, ends.occasion)
        ]
        return Judgement(NOT_TESTABLE, f"Not testable: {why[0][0].lower()}{why[0][1:]}", rows, lines, (GRADED,))
    if not every.groups:
        reason = "Not testable: the end is reported as before the start."
        return Judgement(NOT_TESTABLE, reason, rows, lines, (GRADED,))
    judged = _judge_agreement(claim, every, length.free, _LENGTH, rows=rows, lines=lines)
    if ends.plans:
        judged = replace(judged, reason=f"{judged.reason.removesuffix('.')}; {'; '.join(ends.plans)}.")
    rivals = [lengths_between(agree(starts), agree(rival)) for rival in ends.rivals]
    is_open = not rivals or any(one.groups and _admits(one, claim) for one in rivals)
    if ends.notes and judged.verdict == CONTRADICTED and is_open:
        reason = f"{judged.reason[:-1]}, but {ends.notes[0]}, and nothing says which one is meant."
        return Judgement(NOT_TESTABLE, f"Not testable: {reason}", rows, lines, (GRADED,))
    is_closure = interval_asked.from_kind in CLOSINGS and interval_asked.to_kind in _RELEASES
    if is_closure and not interval_asked.is_across_occasions:
        spans = _spans_between_stages(interval_asked.from_subject or None, ends.occasion, evidence)
        judged = _or_another_stage(judged, claim, line, evidence, spans)
    return corroborate(without_unknown_voice(judged, line, evidence), claim, line, evidence)


def _ends_of(asked: Interval, evidence: Evidence) -> list[Ends]:
    return evidence.once(
        ("ends", asked.name),
        lambda: interval_ends(asked, evidence.events, evidence.graded_sources, turns=evidence.turns),
    )


def _judge_sum(claim: Row, line: Line, evidence: Evidence, summed: Sequence[Measured]) -> Judgement:
    """Judge a length that adds up others, as its parts name them, by the sum of what the events give of each."""
    intervals = {one.name: one for one in evidence.bundle.brief.intervals}
    ends: list[Ends] = []
    for name, occasion in summed:
        asked = intervals.get(name)
        own = [one for one in _ends_of(asked, evidence) if not occasion or one.occasion == occasion] if asked else []
        if len(own) != 1:
            missing = f"nothing says which length of {quote(name)} it adds up"
            if asked is not None and occasion:
                missing = say_untold_occasion(asked, occasion, evidence.events, name=quote(occasion))
            return Judgement(NOT_TESTABLE, f"Not testable: {missing}.")
        ends += own
    judged = _judge_together(claim, line, evidence, ends)
    if judged is None:
        return Judgement(
            NOT_TESTABLE, "Not testable: no source of reliability A or B tells the ends of what it adds up."
        )
    return corroborate(without_unknown_voice(judged, line, evidence), claim, line, evidence)


def _judge_together(claim: Row, line: Line, evidence: Evidence, ends: Sequence[Ends]) -> Judgement | None:
    """Judge a length by the sum of several; None where one of them is not told."""
    free = evidence.free_events(line)
    lengths = [measure_ends(one, free, evidence.event_numbers) for one in ends]
    known = [one for one in lengths if one is not None and one.every.groups]
    if len(known) < len(ends):
        return None
    said = [
        f"{_groups_text(one.every, 'min')}{f' ({place.occasion})' if place.occasion else ''}"
        for one, place in zip(known, ends, strict=True)
    ]
    rows = tuple(f"events:{name}" for name in dict.fromkeys(name for one in known for name in one.names))
    lines = evidence.event_lines_of([name for one in known for name in one.tellers], line)
    form = _Form("min", f"The events give {join_names(said, most=6)}, together")
    every, alone = (add_lengths([getattr(one, which) for one in known]) for which in ("every", "free"))
    return _judge_agreement(claim, every, alone, form, rows=rows, lines=lines)


def _judge_one_of_several(claim: Row, line: Line, evidence: Evidence, ends: Sequence[Ends], reason: str) -> Judgement:
    """Judge a length of one of several occasions that it does not name: it may be meant of all of them together."""
    free = evidence.free_events(line)
    single = [measure_ends(one, free, evidence.event_numbers) for one in ends]
    together = _judge_together(claim, line, evidence, ends)
    is_of_one = any(one is None or not one.every.groups or _admits(one.every, claim) for one in single)
    if together is None or together.verdict == CONTRADICTED or is_of_one:
        return Judgement(NOT_TESTABLE, f"Not testable: {reason}.")
    text = together.reason.removesuffix(".").partition(", but ")[0].partition(", reported ")[0]
    said = f"{sentence(reason)}; but {text[:1].lower()}{text[1:]}, which may be meant."
    lines = together.lines
    return Judgement(COMPATIBLE if lines else UNCORROBORATED, said, together.rows, lines, together.assumptions)


def _judge_closure_length(claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return what the states of an aerodrome say of how long it was closed in all, or of operating time lost."""
    name, occasion = claim["subject_id"], evidence.occasion_of(claim) or None
    states = evidence.once("state rows", lambda: state_rows(evidence.stretches).to_dicts())
    row = closure_length(name, evidence.closures, states, occasion=occasion)
    if row is None and (untold := explain_untold_length(name, evidence.closures)) is not None:
        return Judgement(NOT_TESTABLE, f"Not testable: {untold[0]}.")
    if row is None:
        which = f" of {quote(occasion)}" if occasion else ""
        return Judgement(NOT_TESTABLE, f"Not testable: no closure{which} is told that “{name}” could be taken from.")
    if not row["low"] and row["high"] is None and row["why"]:
        why = f"{row['why'][:1].lower()}{row['why'][1:]}"
        return Judgement(NOT_TESTABLE, f"Not testable: {why}", tuple(row["rows"]), (), (GRADED,))
    names = [ref.removeprefix("events:") for ref in row["rows"]]
    free = evidence.free_events(line)
    turns = _turns_behind(names, evidence)
    is_free = all(_is_told_by_others(turn, free, evidence) for turn in turns)
    every = _agreed_length(row)
    tellers = {one.name for turn in turns for one in turn.when.tellers}
    deciding = [one for one in names if one in tellers and evidence.is_graded(evidence.event_numbers[one])]
    rows, lines = tuple(row["rows"]), evidence.event_lines_of(deciding or names, line)
    judged = _judge_agreement(claim, every, every if is_free else Agreement(()), _STATES, rows=rows, lines=lines)
    stages = _spans_between_stages(name.split()[0], evidence.occasion_of(claim), evidence)
    if (alone := name_by_itself(name)) and (own := closure_length(alone, evidence.closures, states, occasion=occasion)):
        tellings = tuple(Telling(ref.removeprefix("events:"), -math.inf, math.inf) for ref in own["rows"])
        stages = [_Stage("closed by itself", tellings, _agreed_length(own)), *stages]
    if name.endswith(" from first to last"):
        judged = _or_another_stage(judged, claim, line, evidence, stages)
    else:  # what was open between is no part of what was closed
        judged = _or_another_stage(judged, claim, line, evidence, [one for one in stages if one.open_min < _A_MINUTE])
        judged = _with_first_to_last(judged, claim, [one for one in stages if one.open_min >= _A_MINUTE], evidence)
    return corroborate(without_unknown_voice(judged, line, evidence), claim, line, evidence)


def _agreed_length(row: Row) -> Agreement:
    return one_length([Telling("", row["low"] or 0.0, math.inf if row["high"] is None else row["high"])])


def _with_first_to_last(judged: Judgement, claim: Row, stages: Sequence[_Stage], evidence: Evidence) -> Judgement:
    """Return a judgement that refuses a length, with the longer time that it fits, which was open in between.

    "About ten hours" and "ten hours" are read alike here: both may be meant of the time from the first to the last.
    """
    if judged.verdict != CONTRADICTED:
        return judged
    share, amount = evidence.about_of(claim["question_id"])
    middle = (claim["low"] + claim["high"]) / 2.0
    width = max(middle * share, amount) if math.isfinite(middle) else 0.0
    around = {**claim, "low": min(claim["low"], middle - width), "high": max(claim["high"], middle + width)}
    fitting = [one for one in stages if one.every.groups and _admits(one.every, around)]
    if not fitting:
        return judged
    longest = max(fitting, key=lambda one: one.every.high)
    states = states_of_length(claim["subject_id"])
    shut = [(one.from_low, one.to_high) for one in evidence.stretches if one.state in states and one.start is not None]
    between = minutes(length_outside([longest.span], shut))
    length = minutes_between(longest.every.low, longest.every.high)
    word = "restricted" if states == ("restricted",) else "closed"
    reason = (
        f"{judged.reason.removesuffix('.')}; it fits from first to last ({length}, “{longest.said}”), which includes "
        f"{between} in which it was not {word}."
    )
    return replace(judged, reason=reason)


def _turns_behind(names: Sequence[str], evidence: Evidence) -> list[Turn]:
    """Return the changes of state that some events tell."""
    own = [one for one in evidence.stretches if set(one.names) <= set(names)]
    return [turn for one in own for turn in (one.start, one.stop) if turn is not None]


def _is_told_by_others(turn: Turn, free: BoolArray, evidence: Evidence) -> bool:
    return any(one.is_graded and free[evidence.event_numbers[one.name]] for one in turn.when.tellers)


def _spans_between_stages(subject: str | None, occasion: str, evidence: Evidence) -> list[_Stage]:
    """Return the lengths from each closing of an aerodrome to each reopening that follows it, in whatever measure."""

    def find() -> list[_Stage]:
        ends = [
            [(kind, tellings) for kind in kinds for tellings in evidence.clusters_of(kind, subject, occasion)]
            for kinds in (CLOSINGS, _RELEASES)
        ]
        told = [one for one in evidence.stretches if is_measure(one) and one.start and subject in (None, one.subject)]
        in_force = [(one.from_low, one.to_high) for one in told]
        found = []
        for first, starts in ends[0]:
            for last, stops in ends[1]:
                span = min(one.nominal for one in starts), min(one.nominal for one in stops)
                if span[1] > span[0]:
                    said = f"{first.replace('_', ' ')} to {last.replace('_', ' ')}"
                    length, gap = lengths_between(agree(starts), agree(stops)), length_outside([span], in_force)
                    found.append(_Stage(said, (*starts, *stops), length, span, gap))
        return found

    return evidence.once(("spans between stages", subject, occasion), find)


JUDGES = {"time": judge_time, "duration": judge_duration}
