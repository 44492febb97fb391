"""When: the answers to questions of a time."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl

from hotwash.claims.lines import fold
from hotwash.claims.words import count_noun, join_words, minutes_between, sentence
from hotwash.course.changes import CHANGES, PARTLY_REOPENED, SCHEDULES, happens_once, is_same_part
from hotwash.course.changes import OPEN as OPEN_STATE
from hotwash.course.clusters import split_events, take_kind
from hotwash.course.tellings import beginning_of, is_at
from hotwash.incident.case import (
    DISPUTED,
    ENOUGH_LINES,
    LIKELY,
    OPEN,
    SETTLED,
    Answer,
    Case,
    Row,
    according_to,
    is_finite,
)
from hotwash.incident.tellings import (
    Group,
    Telling,
    agree_on,
    contrary,
    lines_of_group,
    say_support,
    say_who,
    strongest,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HALF_MINUTE = 0.5  # a time told to the minute holds for that minute
_WHOLE_DAY = 23.0 * 60.0  # min: a bare date, on a short day too
_MOST_PARTS = 6  # aerodromes and occasions said one by one
_MOST_TIMES = 3  # different times of one of them

# How the time of each kind of event is said; `{}` is what it happened to. Other kinds are said as the time alone.
_SAID: Mapping[str, str] = {
    "aerodrome_closed": "{} was closed",
    "aerodrome_reopened": "{} was reopened",
    "aerodrome_partly_reopened": "{} was partly reopened",
    "aerodrome_restricted": "{} was restricted",
    "restriction_lifted": "The restriction of {} was lifted",
    "traffic_suspended": "Traffic at {} was suspended",
    "traffic_resumed": "Traffic at {} was resumed",
    "airspace_closed": "The airspace over {} was closed",
    "airspace_reopened": "The airspace over {} was reopened",
    "runway_closed": "A runway of {} was closed",
    "runway_reopened": "A runway of {} was reopened",
    "first_violation": "The border was first crossed",
    "last_violation": "The border was last crossed",
    "public_warning": "The public was warned",
    "public_statement": "The public was informed",
    "first_report": "The first report came",
}


def answer_time(question: Row, case: Case) -> Answer:
    """Return when an event happened: what all that tell it have in common, or each group and who tells it."""
    meant = [row for row in case.events if _is_where_asked(row, question)]
    own = take_kind(meant, question["subject_id"] or "", case.turns) or _ends_of_states(question, case)
    told = [_of_event(row, case) for row in own]
    told = [item for item in told if not (math.isinf(item.low) and math.isinf(item.high))]
    claims = [telling_of_claim(item, case) for item in case.standing(question) if item["low"] is not None]
    by_part: dict[str, list[Telling]] = {}
    is_parted = len({item.origin["part"] for item in told if item.origin["part"]}) > 1
    for item in told:
        by_part.setdefault(_part_of(item.origin, question, case, is_parted=is_parted), []).append(item)
    is_one_thing = len({(item.origin["subject_id"], item.origin["part"]) for item in told}) == 1
    if len(by_part) > 1 and not (is_one_thing and _wanted_end(question) is not None):
        return _of_parts(by_part, case)
    pool = strongest(told, claims)
    what = _what(question, told, case)
    changes = _changes(question, pool, case)
    if len(changes) > 1 and (end := _wanted_end(question)) is not None:
        return _first_or_last(changes, end, what, [*told, *claims], case)
    if len(changes) > 1:
        return _again(changes, what, [*told, *claims], case)
    groups, overruled = agree_on(pool, is_clock=True)
    if not groups:
        return _unhappened(question, case)
    others = [*told, *claims, *overruled]
    if len(groups) > 1:
        return _several(groups, what, others, case)
    answer = _one_time(groups[0], what, others, case)
    return replace(answer, text=f"{answer.text}{_say_lateness(question, groups[0], case)}")


def _say_lateness(question: Row, group: Group, case: Case) -> str:
    """Return for when it was announced, and how much later or earlier it came; empty where nobody announced it."""
    # An order is no forecast, and what was said afterwards announces nothing.
    before = [item for item in _foretold(question, case) if _is_announced(item.origin, group)]
    foretold, _ = agree_on(before, is_clock=True)
    said = []
    for plan in foretold[:_MOST_PARTS]:
        when = f"{_announce(plan, case)}, {say_who(plan.tellings, case)}"
        came = _say_gap(group, plan, case)
        if came and not is_finite(group.high):  # it is told that it had not come, and nobody tells that it ever did
            said.append(f"announced {when}, it had not come by then")
        else:
            said.append(f"announced {when}{f', it came {came}' if came else ''}")
    return f"; {'; '.join(said)}" if said else ""


def _say_gap(group: Group, plan: Group, case: Case) -> str:
    """Return how much later or earlier than announced something came, as its bounds allow: "2 days later"; or ""."""
    is_late = group.low > plan.high
    if not is_late and not group.high < plan.low:
        return ""
    side = "later" if is_late else "earlier"
    first, last = (plan, group) if is_late else (group, plan)
    # Told by its date alone, days are counted: no hours are known.
    if _WHOLE_DAY <= group.high - group.low < math.inf:
        days = (_day(last.low, case) - _day(first.high - 2.0 * _HALF_MINUTE, case)).days
        return f"{count_noun(days, 'day')} {side}"
    # What was announced with one bound alone, a deadline for instance, is counted from it.
    if is_late:
        most = group.high - (plan.low if is_finite(plan.low) else plan.high)
    else:
        most = (plan.high if is_finite(plan.high) else plan.low) - group.low
    return f"{minutes_between(last.low - first.high, most if is_finite(most) else None)} {side}"


def _day(minute: float, case: Case) -> date:
    """Return the day of a minute since 1970 where the incident was."""
    return datetime.fromtimestamp(minute * 60.0, UTC).astimezone(case.clock.at).date()


def _is_announced(row: Row, group: Group) -> bool:
    known = row["known_utc"]
    return row["told_as"] != "order" and (known is None or known.timestamp() / 60.0 <= group.high)


def _foretold(question: Row, case: Case) -> list[Telling]:
    """Return the forecasts, orders and plans on a question of a time: events and statements."""
    anywhere = {**question, "occasion_id": None}  # what was announced belongs to no occasion before it came
    events = [row for row in case.announcements if _is_meant(row, question if row["occasion_id"] else anywhere)]
    rows = [item for item in case.statements(question) if item["told_as"] not in (None, "fact")]
    claims = [item for item in rows if item["low"] is not None and item["verdict"] != "superseded"]
    return [*(_of_event(row, case) for row in events), *(telling_of_claim(item, case) for item in claims)]


def _changes(question: Row, pool: Sequence[Telling], case: Case) -> list[list[Telling]]:
    """Return tellings by what happened: an aerodrome may close twice on one occasion, and a notice follow another.

    Of a change of state the course of events tells which tellings are of one. Of anything else it happened several
    times only where one sayer tells each of them: two sayers who differ tell of one, and disagree.
    """
    kind = question["subject_id"] or ""
    if happens_once(kind) or not all(item.row.startswith("events:") for item in pool):
        return [list(pool)]
    by_name = {item.origin["event_id"]: item for item in pool}
    found = [[by_name[row["event_id"]] for row in rows] for rows in split_events([i.origin for i in pool], case.turns)]
    if kind in CHANGES or len(found) < 2:
        return found
    tellers = [{fold(name) for item in tellings for name in item.who} for tellings in found]
    return found if set.intersection(*tellers) else [list(pool)]


def _again(changes: Sequence[Sequence[Telling]], what: str, others: Sequence[Telling], case: Case) -> Answer:
    """Return the times of something that happened several times on one occasion."""
    agreed = [agree_on(tellings, is_clock=True)[0] for tellings in changes]
    parts = _say_each(agreed[:_MOST_PARTS], case)
    left = len(agreed) - len(agreed[:_MOST_PARTS])
    more = [f"{left} more times" if left > 1 else "one more time"] if left else []
    members = [item for groups in agreed for group in groups for item in group.tellings]
    fewest = min(lines_of_group(groups[0], case) for groups in agreed)
    is_one = all(len(groups) == 1 for groups in agreed)
    strays = [item for item in others if not any(_fits(item, group) for groups in agreed for group in groups)]
    against = [f"{_say(item, case)} {say_who([item], case)}" for item in strays[:_MOST_PARTS]]
    return Answer(
        text=f"{what or 'It happened '}{', and again '.join([*parts, *more])}",
        standing=(SETTLED if fewest >= ENOUGH_LINES else LIKELY) if is_one else DISPUTED,
        lines=case.lines_behind([item.origin for item in members]),
        against=f"{'; '.join(against)}." if against else "",
        rows=tuple(item.row for item in members),
        missing="time",
    )


def _say_each(agreed: Sequence[Sequence[Group]], case: Case) -> list[str]:
    """Return the times of several changes, each with who tells it; whoever tells all of them is named once."""
    times, who = [_say_groups(groups, case) for groups in agreed], [_tellers(groups) for groups in agreed]
    if len(set(who)) == 1:
        return [*times[:-1], f"{times[-1]}, {according_to(who[0])}"]
    return [f"{time}, {according_to(names)}" for time, names in zip(times, who, strict=True)]


_FIRST = re.compile(r"\b(?:first|zuerst|zum ersten Mal|pierwszy|вперше)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|finally|zuletzt|zum letzten Mal|ostatni|востаннє)\b", re.IGNORECASE)


def _wanted_end(question: Row) -> int | None:
    """Return which of several changes a question asks for: 0 the first, -1 the last; None where it does not say."""
    is_first, is_last = (pattern.search(question["text"]) is not None for pattern in (_FIRST, _LAST))
    return None if is_first == is_last else 0 if is_first else -1


def _first_or_last(
    changes: Sequence[Sequence[Telling]], end: int, what: str, others: Sequence[Telling], case: Case
) -> Answer:
    """Return the time of the first or the last of several changes, and how many more there were."""
    groups, _ = agree_on(changes[end], is_clock=True)
    rest = [item for change in changes if change is not changes[end] for item in change]
    strays = [item for item in others if not any(_fits(item, group) for group in agree_on(rest, is_clock=True)[0])]
    answer = _one_time(groups[0], what, strays, case) if len(groups) == 1 else _several(groups, what, strays, case)
    many = len(changes) - 1
    more = f"{'once more' if many == 1 else f'{many} more times'} {'after' if end == 0 else 'before'} that"
    return replace(answer, text=f"{answer.text}; {more}")


def _tellers(groups: Sequence[Group]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group.who))


def _unhappened(question: Row, case: Case) -> Answer:
    """Return that nobody tells when something happened, and for when it was announced."""
    taken_back = _taken_back(question, case)
    told = [*_foretold(question, case), *(_of_event(row, case) for row, _ in taken_back)]
    groups, _ = agree_on(told, is_clock=True)
    if not groups:
        return Answer(text=f"Nobody tells when{_of_kind(question)}", standing=OPEN, missing="time")
    parts = [f"{_announce(group, case)}, {say_who(group.tellings, case)}" for group in groups]
    verb = "ordered" if all(item.origin["told_as"] == "order" for item in told) else "announced"
    cancelled = _say_taken_back(taken_back, case)
    return Answer(
        text=f"It was {verb} {join_words(parts)}{cancelled}; nobody tells that it happened",
        standing=OPEN,
        lines=case.lines_behind([item.origin for item in told]),
        rows=tuple(item.row for item in told),
        missing="time",
    )


def _taken_back(question: Row, case: Case) -> list[tuple[Row, Row]]:
    """Return the orders and plans on a question of a time that were cancelled, each with what cancelled it."""
    events = case.bundle.recording.events.filter(pl.col("supersedes").is_not_null()).to_dicts()
    later = {name: row for row in events for name in row["supersedes"]}
    own = [row for row in case.orders if row["event_id"] in later and _is_meant(row, question)]
    return [(row, later[row["event_id"]]) for row in own if later[row["event_id"]]["kind"] != row["kind"]]


def _say_taken_back(orders: Sequence[tuple[Row, Row]], case: Case) -> str:
    """Return when and by whom orders were cancelled, as a clause that follows; "" where none was."""
    said = []
    for _, later in orders:
        when = later["start_utc"] or later["utc_high"] or later["utc_low"] or later["known_utc"]
        at = "" if when is None else f" {case.clock.when(when, when)}"
        said.append(f", and cancelled{at}, {according_to(case.sayers(later))}")
    return "".join(dict.fromkeys(said))


def _ends_of_states(question: Row, case: Case) -> list[Row]:
    """Return what ended a measure whose reopening no event tells, as reopenings: its own end, or a cancelled order."""
    kind = question["subject_id"] or ""
    asked = CHANGES.get(kind)
    if asked is None or asked.state != OPEN_STATE or asked.layer in SCHEDULES:
        return []
    layers = {change.state: change.layer for change in CHANGES.values() if change.state != OPEN_STATE}
    ended = []
    for row in case.state_rows:
        is_of = layers[row["state"]] == asked.layer and None not in (row["to_utc_low"], row["to_utc_high"])
        for name in row["to_rows"] if is_of else ():
            event = case.event_of(name)
            if event is not None and event["kind"] != PARTLY_REOPENED and CHANGES.get(event["kind"]) != asked:
                times = {"start_utc": row["to_utc_high"], "end_utc": None, "utc_low": None, "utc_high": None}
                ended.append({**event, **times, "kind": kind, "subject_id": row["subject_id"], "part": row["part"]})
    return [row for row in ended if _is_where_asked(row, question)]


def _announce(group: Group, case: Case) -> str:
    said = case.clock.when(*_stated(group))
    return f"for {said.removeprefix('at ').removeprefix('on ')}"


def _is_meant(event: Row, question: Row) -> bool:
    return event["kind"] == question["subject_id"] and _is_where_asked(event, question)


def _is_where_asked(event: Row, question: Row) -> bool:
    """Tell whether an event is at the subject, of the part and of the occasion that a question names, if it does."""
    subject, occasion = question["event_subject_id"], question["occasion_id"]
    is_part = question["part"] is None or is_same_part(question["part"], event["part"])
    return is_part and is_at(event, subject) and occasion in (None, event["occasion_id"])


def _part_of(event: Row, question: Row, case: Case, *, is_parted: bool) -> str:
    parts = []
    if question["event_subject_id"] is None and event["subject_id"]:
        parts.append(case.name_of(event["subject_id"]))
    if is_parted and event["part"]:
        parts.append(event["part"].replace("_", " "))
    if question["occasion_id"] is None and event["occasion_id"] and case.bundle.occasions.height > 1:
        parts.append(case.occasion_name(event["occasion_id"]))
    return ", ".join(parts)


def _of_event(event: Row, case: Case) -> Telling:
    """Return one telling of an event; a time told to the second counts as its minute, as it is said."""
    when = beginning_of(event)
    low, high = (float(math.floor(when.low)), float(math.floor(when.high))) if when.is_exact else (when.low, when.high)
    row, is_graded = f"events:{event['event_id']}", case.is_graded(event)
    return Telling(row, event, case.sayers(event), low, high, when.is_exact, is_graded)


def telling_of_claim(claim: Row, case: Case) -> Telling:
    """Return a claim of a time or a length; one told exactly is that minute, whatever half of it belongs to it."""
    low, high, is_exact = claim["low"], claim["high"], claim["relation"] == "exactly"
    if is_exact:
        low = high = (low + high) / 2.0
        if claim["kind"] == "time":  # told to the second, it counts as its minute, as it is said
            low = high = float(math.floor(low))
    row, is_graded = f"claims:{claim['claim_id']}", case.is_graded(claim)
    return Telling(row, claim, case.sayers(claim), low, high, is_exact, is_graded, claim["verdict"])


def _moments(low: float, high: float) -> tuple[datetime | None, datetime | None]:
    """Return bounds in minutes since 1970 as moments."""
    first = _EPOCH + timedelta(minutes=low) if is_finite(low) else None
    return first, (_EPOCH + timedelta(minutes=high) if is_finite(high) else None)


def _stated(group: Group) -> tuple[datetime | None, datetime | None]:
    """Return when a group says that it was."""
    return _moments(group.low, group.high)


def _say(telling: Telling, case: Case) -> str:
    return case.clock.when(*_moments(telling.low, telling.high))


def _what(question: Row, told: Sequence[Telling], case: Case) -> str:
    """Return what happened, as the beginning of a sentence; of a kind without words of its own, the kind."""
    kind = question["subject_id"] or ""
    subject = question["event_subject_id"] or next((item.origin["subject_id"] for item in told), None)
    if kind and kind not in _SAID:
        named = question["event_subject_id"]
        return f"{sentence(kind.replace('_', ' '))}{f' ({case.name_of(named)})' if named else ''}: "
    text = _SAID.get(kind, "").format(case.name_of(subject))
    parts = {item.origin["part"] for item in told}
    if kind.startswith("runway_") and len(parts) == 1 and (part := parts.pop()):
        text = text.replace("A runway", f"Runway {part.removeprefix('runway ')}", 1)
    return f"{text[:1].upper()}{text[1:]} " if text else ""


def _of_kind(question: Row) -> str:
    kind = (question["subject_id"] or "").replace("_", " ")
    return f": no event of the kind {kind} has a time" if kind else ": the question names no kind of event"


def _one_time(group: Group, what: str, others: Sequence[Telling], case: Case) -> Answer:
    is_alone = group.is_of_claims and not group.is_supported
    bounds = _stated(group)
    who = say_support(group, case, say=lambda item: _say(item, case), alone=is_alone)
    text = f"{what}{case.clock.when(*bounds)}, {who}"
    lines = lines_of_group(group, case)
    is_supported = group.is_supported or any(item.verdict == "supported" and _tells(item, group) for item in others)
    is_settled = is_supported or (group.is_well_told and lines >= ENOUGH_LINES and None not in bounds)
    return Answer(
        text=text,
        standing=SETTLED if is_settled else LIKELY,
        lines=lines,
        against=_otherwise(group.low, group.high, others, group.tellings, case),
        rows=group.rows,
        missing="time",
    )


def _fits(item: Telling, group: Group) -> bool:
    return item.low <= group.high + _HALF_MINUTE and item.high >= group.low - _HALF_MINUTE


def _tells(item: Telling, group: Group) -> bool:
    """Tell whether a telling is as sharp as a group and agrees with it; one that only admits it makes it no surer."""
    return group.low - _HALF_MINUTE <= item.low and item.high <= group.high + _HALF_MINUTE


def _otherwise(low: float, high: float, others: Sequence[Telling], but: Sequence[Telling], case: Case) -> str:
    return contrary(others, low, high, case, say=lambda item: _say(item, case), but=but, slack=_HALF_MINUTE)


def _several(groups: Sequence[Group], what: str, others: Sequence[Telling], case: Case) -> Answer:
    parts = [f"{case.clock.when(*_stated(group))} {say_who(group.tellings, case)}" for group in groups]
    if len(parts) > _MOST_PARTS:
        parts = [_say_groups(groups, case)]
    members = [item for group in groups for item in group.tellings]
    low, high = min(group.low for group in groups), max(group.high for group in groups)
    return Answer(
        text=f"{what or 'Reports disagree: '}{join_words(parts)}",
        standing=DISPUTED,
        lines=case.lines_behind([item.origin for item in members]),
        against=_otherwise(low, high, others, members, case),
        rows=tuple(item.row for item in members),
        missing="time",
    )


def _of_parts(by_part: Mapping[str, Sequence[Telling]], case: Case) -> Answer:
    """Return the time of each thing that it happened to, and of each occasion."""
    said: list[str] = []
    rows: list[str] = []
    is_one, fewest = True, ENOUGH_LINES
    for part, tellings in by_part.items():
        groups, _ = agree_on(strongest(tellings, []), is_clock=True)
        is_one = is_one and len(groups) == 1
        if len(said) < _MOST_PARTS:
            times = _say_groups(groups, case)
            said.append(f"{part}: {times}" if part else times)
        rows += [row for group in groups for row in group.rows]
        fewest = min(fewest, lines_of_group(groups[0], case)) if is_one else 0
    left = len(by_part) - len(said)
    return Answer(
        text="; ".join([*said, *([f"and {left} more"] if left else [])]),
        standing=(SETTLED if fewest >= ENOUGH_LINES else LIKELY) if is_one else DISPUTED,
        lines=case.lines_of_names(rows),
        rows=tuple(rows),
        missing="time",
    )


def _say_groups(groups: Sequence[Group], case: Case) -> str:
    """Return the times of several groups: each of a few, of many the outermost."""
    if len(groups) > _MOST_TIMES:
        first, last = case.clock.when(*_stated(groups[0])), case.clock.when(*_stated(groups[-1]))
        return f"at one of {len(groups)} different times, the first {first} and the last {last}"
    return join_words([case.clock.when(*_stated(group)) for group in groups], last="or")
