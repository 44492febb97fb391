"""In what state an aerodrome was, and what its closures add up to.

STATES ─▶ "EDDV was closed 20:26 to 00:20–00:30, then open; …"
CLOSURES ─▶ "… that is 3 h 54 min to 4 h 4 min, of which 2 h 34 min in operating hours; 1 landing while closed."
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations

from hotwash.claims.words import count_noun, join_words, minutes_between
from hotwash.course.changes import is_same_part
from hotwash.course.closures import count_movements
from hotwash.course.tellings import beginning_of, end_of
from hotwash.incident.case import DISPUTED, ENOUGH_LINES, LIKELY, OPEN, SETTLED, Answer, Case, Row, according_to
from hotwash.incident.zero_counts import say_zero_counts, zero_counts
from hotwash.model.questions import QUESTION_KINDS
from hotwash.model.words import CLOSED_TO_TRAFFIC, STATES

_WORDS = QUESTION_KINDS["status"].answers
_MOST_STRETCHES = 3  # said one by one; of more, the first and the last
_NUMBERS = ("no times", "once", "twice", "three times", "four times", "five times", "six times", "seven times")
# How the gravest state is said of an aerodrome, or of a part of it.
_SAID: Mapping[str, tuple[str, str]] = {
    "closed": ("{} was closed", "{part} of {} was closed"),
    "airspace_closed": ("The airspace over {} was closed", "The airspace over {} was closed ({part})"),
    "runway_closed": ("A runway of {} was closed", "Runway {part} of {} was closed"),
    "restricted": ("{} was restricted", "{part} of {} was restricted"),
    "no_traffic_planned": ("No traffic was planned at {}", "No traffic was planned at {} ({part})"),
    "curfew": ("{} had a curfew", "{part} of {} had a curfew"),
}
_SHUT = ("closed", "airspace_closed")


def answer_status(question: Row, case: Case) -> Answer:
    """Return the states of the aerodrome that a question is about."""
    subject = question["subject_id"] or next(iter(case.bundle.brief.aerodromes), None)
    said = case.standing(question)
    rows = [row for row in case.state_rows if row["subject_id"] == subject]
    if question["occasion_id"] is not None:
        rows = [row for row in rows if row["occasion_id"] in (None, question["occasion_id"])]
    if question["part"] is not None:
        rows = [row for row in rows if is_same_part(question["part"], row["part"])]
    if not any(row["state"] != "open" for row in rows):
        counted = zero_counts(question, subject, case) if subject else ()
        if counted:
            return say_zero_counts(counted, _against(said, case), case)
        return _from_claims(said, rows, subject, case)
    answer = answer_closures(subject or "", question["occasion_id"], rows, case)
    supported = [item for item in said if item["verdict"] == "supported"]
    standing = (
        SETTLED if supported and answer.standing == LIKELY and not answer.missing.startswith("no ") else answer.standing
    )
    return Answer(
        text=answer.text,
        standing=standing,
        lines=answer.lines,
        how_sure=answer.how_sure,
        against=_against(said, case),
        rows=answer.rows,
        missing=answer.missing,
    )


def answer_closures(subject: str, occasion_id: str | None, rows: Sequence[Row], case: Case) -> Answer:
    """Return the states of an aerodrome with what its closures add up to.

    rows   of STATES, at least one of which is not open
    """
    disturbed = sorted((row for row in rows if row["state"] != "open"), key=_order)
    gravest = max(disturbed, key=lambda row: (STATES.index(row["state"]), row["part"] is None))
    main = [row for row in disturbed if (row["state"], row["part"]) == (gravest["state"], gravest["part"])]
    others = [row for row in disturbed if row not in main]
    closure = _closure_of(subject, occasion_id, gravest["state"], case)
    begin_missing = not any(_begin(main[0]))
    end_missing = not any(_end(main[-1]))
    is_running = end_missing and _is_running(main)
    said = _say_running if is_running else _say_main
    clauses = [f"{said(main, subject, case)}{_say_after(main, others, end_missing=end_missing)}"]
    clauses += _say_sums(closure, main)
    if len(main) > _MOST_STRETCHES and (longest := say_longest(main, case)):  # of a few, the reader sees it
        clauses.append(longest)
    clauses += _say_others(others, case)
    clauses += _say_to_traffic(_closure_of(subject, occasion_id, CLOSED_TO_TRAFFIC, case))
    ended = "it was reopened" if gravest["state"] in (*_SHUT, "runway_closed") else "that ended"
    clauses += [f"nobody tells when {ended}"] * (end_missing and not is_running) + [
        "nobody tells when that began"
    ] * begin_missing
    clauses += _say_exceptions(closure, case)
    names = [name for row in main for name in (*(row["from_rows"] or ()), *(row["to_rows"] or ()))]
    is_graded, lines = all(row["is_graded"] for row in main), _fewest_lines(main, case)
    is_whole = not (begin_missing or end_missing)
    return Answer(
        text="; ".join(clauses),
        standing=SETTLED if is_graded and is_whole and lines >= ENOUGH_LINES else LIKELY,
        lines=lines,
        how_sure="its end is not told" if end_missing else "its beginning is not told" if begin_missing else "",
        rows=tuple(dict.fromkeys(names)),
        missing="no reopening" if end_missing else "no closing" if begin_missing else "time",
    )


def _begin(row: Row) -> tuple[datetime | None, datetime | None]:
    return row["from_utc_low"], row["from_utc_high"]


def _end(row: Row) -> tuple[datetime | None, datetime | None]:
    return row["to_utc_low"], row["to_utc_high"]


def _order(row: Row) -> tuple[str, str]:
    first = row["from_utc_low"] or row["from_utc_high"]
    return str(first or ""), str(row["to_utc_low"] or row["to_utc_high"] or "9999")


def _closure_of(subject: str, occasion_id: str | None, state: str, case: Case) -> Row | None:
    """Return what the closures add up to, of the occasion or of the whole incident."""
    rows = [row for row in case.closure_rows if row["subject_id"] == subject and row["state"] == state]
    own = [row for row in rows if row["occasion_id"] == occasion_id]
    return next(iter(own or [row for row in rows if row["occasion_id"] is None]), None)


def _fewest_lines(rows: Sequence[Row], case: Case) -> int:
    """Return on how many lines the least well told end of some stretches rests."""
    ends = [tellers_of_end(row, side, case) for row in rows for side in ("from", "to") if row[f"{side}_rows"]]
    return min((case.lines_of_names(names) for names in ends), default=0)


def tellers_of_end(row: Row, side: str, case: Case) -> list[str]:
    """Return the events that tell one end of a stretch as it stands: one that tells another time is no line for it.

    row    of STATES; side: "from" or "to"

    Neither is a bound that only admits it: "no later than 21:25" tells no 21:24. Where every one is a bound, it is what
    they leave, and all of them tell it.
    """
    low, high = (row[f"{side}_utc_{bound}"] for bound in ("low", "high"))
    first, last = (-math.inf if low is None else low.timestamp(), math.inf if high is None else high.timestamp())
    agreeing, telling = [], []
    for name in row[f"{side}_rows"]:
        event = case.event_of(name)
        times = [] if event is None else [beginning_of(event), *([end_of(event)] if event["end_utc"] else [])]
        fitting = [one for one in times if one.low * 60.0 <= last + 60.0 and first - 60.0 <= one.high * 60.0]
        agreeing += [name] * bool(fitting)
        same = ((one.low * 60.0, one.high * 60.0) for one in fitting)
        is_told = any(one.at is not None for one in fitting) or any(_is_near(span, (first, last)) for span in same)
        telling += [name] * is_told
    return telling or agreeing or list(row[f"{side}_rows"])


def _is_near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Tell whether two pairs of bounds are the same, to the second; open ones are."""
    return all(a == b or abs(a - b) < 1.0 for a, b in zip(one, other, strict=True))


def _say_span(row: Row, case: Case) -> str:
    return case.clock.span((row["from_utc_low"], row["from_utc_high"]), (row["to_utc_low"], row["to_utc_high"]))


def _say_main(rows: Sequence[Row], subject: str, case: Case) -> str:
    part = rows[0]["part"]
    plain, of_part = _SAID[rows[0]["state"]]
    text = (of_part if part else plain).format(case.name_of(subject), part=_say_part(part or ""))
    if len(rows) <= _MOST_STRETCHES:
        return f"{text} {join_words([_say_span(row, case) for row in rows])}"
    ends = (rows[0]["from_utc_low"], rows[0]["from_utc_high"]), (rows[-1]["to_utc_low"], rows[-1]["to_utc_high"])
    times = _say_times(len(rows))
    if any(ends[0]) and any(ends[1]):
        return f"{text} {times} between {case.clock.bounds(*ends[0])} and {case.clock.bounds(*ends[1])}"
    return f"{text} {times} {case.clock.span(*ends)}"


def _is_running(rows: Sequence[Row]) -> bool:
    """Tell whether the last of several stretches is the only one whose end is not told."""
    is_measure = rows[-1]["state"] in (*_SHUT, "runway_closed", "restricted")
    return is_measure and len(rows) > 1 and all(any(_end(row)) for row in rows[:-1])


def _say_running(rows: Sequence[Row], subject: str, case: Case) -> str:
    """Return since when the last stretch runs, and how often it was so before: what was reopened is not left open."""
    *before, last = rows
    part, (plain, of_part) = last["part"], _SAID[last["state"]]
    text = (of_part if part else plain).format(case.name_of(subject), part=_say_part(part or ""))
    since = case.clock.bounds(*_begin(last))
    word = "restricted" if last["state"] == "restricted" else "closed"
    if len(before) > _MOST_STRETCHES:  # of many, the first and the last
        spans = [f"between {case.clock.bounds(*_begin(before[0]))} and {case.clock.bounds(*_end(before[-1]))}"]
    else:
        spans = [_say_span(row, case) for row in before]
    return (
        f"{text.replace(' was ', ' has been ', 1)} since {since}, as far as anybody tells; "
        f"{word} {_say_times(len(before))} before, {join_words(spans)}"
    )


def _say_times(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number} times"


def _say_part(part: str) -> str:
    words = part.replace("_", " ")
    return words.removeprefix("runway ").removeprefix("Runway ")


def _say_after(main: Sequence[Row], others: Sequence[Row], *, end_missing: bool) -> str:
    """Return what followed the last stretch: open, unless another state is told for then."""
    if end_missing or main[0]["state"] not in (*_SHUT, "runway_closed"):
        return ""
    end = main[-1]["to_utc_high"] or main[-1]["to_utc_low"]
    late = [row for row in others if (row["from_utc_low"] or row["from_utc_high"] or end) >= end]
    is_followed = any(
        min(filter(None, (row["from_utc_low"], row["from_utc_high"])), default=end) <= end for row in late
    )
    return "" if is_followed else ", then open"


def _say_sums(closure: Row | None, main: Sequence[Row]) -> list[str]:
    if closure is None:
        return []
    # A closure whose end nobody tells lasted no less than nothing, which says nothing.
    whole = minutes_between(closure["closed_min_low"] or None, closure["closed_min_high"])
    if not whole:
        return []
    lost = minutes_between(closure["lost_min_low"] or None, closure["lost_min_high"])
    in_all = f"{whole} in all" if len(main) > 1 else f"that is {whole}"
    if closure["lost_min_high"] == 0.0:
        return [f"{in_all}, none of it in operating hours"]
    return [f"{in_all}, of which {lost} in operating hours" if lost and lost != whole else in_all]


def say_longest(rows: Sequence[Row], case: Case) -> str:
    """Return the longest of several stretches: "the longest 2 h 10 min, from 20:26"; "" where it is not sure which.

    rows   of STATES, all of one state and part
    """
    spans = [_length_of(row) for row in rows]
    if len(rows) < 2 or None in spans:
        return ""
    lengths = [span for span in spans if span is not None]
    longest = max(range(len(rows)), key=lambda place: lengths[place])
    if any(lengths[longest][0] <= high for place, (_, high) in enumerate(lengths) if place != longest):
        return ""
    row = rows[longest]
    return (
        f"the longest {minutes_between(*lengths[longest])}, from "
        f"{case.clock.bounds(row['from_utc_low'], row['from_utc_high'])}"
    )


def _length_of(row: Row) -> tuple[float, float] | None:
    """Return the bounds of how long a stretch lasted [min]; None where an end of it is open."""
    ends = (*_begin(row), *_end(row))
    if None in ends:
        return None
    first, last = row["to_utc_low"] - row["from_utc_high"], row["to_utc_high"] - row["from_utc_low"]
    return max(first.total_seconds() / 60.0, 0.0), last.total_seconds() / 60.0


def _say_to_traffic(closure: Row | None) -> list[str]:
    """Return for how long nothing could land or depart, where both the aerodrome and the airspace were closed."""
    if closure is None or not (whole := minutes_between(closure["closed_min_low"] or None, closure["closed_min_high"])):
        return []
    return [f"the aerodrome or its airspace was closed for {whole} in all"]


def _say_others(rows: Sequence[Row], case: Case) -> list[str]:
    by_state: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        by_state.setdefault((row["state"], row["part"] or ""), []).append(_say_span(row, case))
    said = []
    for (state, part), spans in by_state.items():
        word = f"runway {_say_part(part)} closed" if part and state == "runway_closed" else _WORDS[state]
        where = f" ({_say_part(part)})" if part and state != "runway_closed" else ""
        shown = spans if len(spans) <= _MOST_STRETCHES else [spans[0], f"{len(spans) - 1} times more"]
        said.append(f"{word}{where} {join_words(shown)}")
    return said


def _say_exceptions(closure: Row | None, case: Case) -> list[str]:
    names = (closure["exceptions"] if closure is not None else None) or ()
    kinds: dict[str, list[tuple[int, bool]]] = {}
    for name in names:
        event = case.event_of(name if ":" in name else f"events:{name}")
        kind = event["kind"].replace("_", " ").removesuffix("s") if event is not None else "movement"
        kinds.setdefault(kind, []).append(count_movements(event))
    said = [
        f"{'' if all(is_exact for _, is_exact in told) else 'at least '}{count_noun(sum(one for one, _ in told), kind)}"
        for kind, told in kinds.items()
    ]
    return [f"{join_words(said)} while closed"] if kinds else []


def _from_claims(said: Sequence[Row], rows: Sequence[Row], subject: str | None, case: Case) -> Answer:
    """Return what is claimed of an aerodrome of which no event tells a closure."""
    name = case.name_of(subject)
    best = [item for item in said if item["verdict"] == "supported"] or [
        item for item in said if item["verdict"] != "contradicted" and item["value"]
    ]
    by_word: dict[str, list[Row]] = {}
    for item in best:
        by_word.setdefault(_WORDS.get(item["value"], item["value"] or ""), []).append(item)
    if not by_word:
        told = f"{name} was open: no closure is told" if rows else f"Nothing tells the state of {name}"
        sure, standing = ("nothing tells otherwise", LIKELY) if rows else ("", OPEN)
        against = _against(said, case)
        return Answer(text=told, standing=standing, how_sure=sure, against=against, missing="log" if rows else "")
    items = [item for several in by_word.values() for item in several]
    is_disputed = any(one["value"] != other["value"] and _meet(one, other) for one, other in combinations(items, 2))
    parts = [
        f"{word}{'' if len(by_word) == 1 or is_disputed else _say_time_of(items_of[0], case)}, "
        f"{according_to(_sayers(items_of, case), alone=_is_alone(by_word, items_of))}"
        for word, items_of in by_word.items()
    ]
    is_supported = any(item["verdict"] == "supported" for item in items)
    return Answer(
        text=f"{name[:1].upper()}{name[1:]}: {'; '.join(parts)}",
        standing=DISPUTED if is_disputed else SETTLED if is_supported else LIKELY,
        lines=case.lines_behind(items),
        against=_against(said, case),
        rows=case.evidence_of(items),
        missing="no closing",
    )


def _meet(one: Row, other: Row) -> bool:
    """Tell whether two statements on a state may speak of one time."""
    (first, last), (begin, end) = _time_of(one), _time_of(other)
    if first is None or last is None or begin is None or end is None:
        return True
    return first <= end and begin <= last


def _time_of(item: Row) -> tuple[datetime | None, datetime | None]:
    """Return the time of which a statement on a state speaks: as it says, or when it was said."""
    return item["at_utc_low"] or item["said_utc_low"], item["at_utc_high"] or item["said_utc_high"]


def _say_time_of(item: Row, case: Case) -> str:
    low, high = _time_of(item)
    return f" {case.clock.when(low, high)}" if low or high else ""


def _sayers(items: Sequence[Row], case: Case) -> list[str]:
    return [name for item in items for name in case.sayers(item)]


def _is_alone(by_word: Mapping[str, Sequence[Row]], items: Sequence[Row]) -> bool:
    """Tell whether nothing but one speaker tells a state."""
    return len(by_word) == 1 and not any(item["verdict"] == "supported" for item in items)


def _against(said: Sequence[Row], case: Case) -> str:
    """Return the statements that the states contradict, with the time that they speak of."""
    parts = []
    for item in said:
        if item["verdict"] == "contradicted" and item["value"]:
            when = _say_time_of(item, case)
            parts.append(f"{_WORDS.get(item['value'], item['value'])}{when} {according_to(case.sayers(item))}")
    return f"{'; '.join(parts[:3])}." if parts else ""
