"""How many: the answers to questions of a count.

probabilities of finds, tracks ─▶ COUNTS ─▶ "At least 14 airframes entered."
numbers that are told ─▶ groups that agree ─▶ "4 flights were diverted, according to Tower and Airport."
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from hotwash.claims.closure_counts import tally_closures
from hotwash.claims.numbers import sum_of_parts
from hotwash.claims.told_sums import are_covered
from hotwash.claims.words import inside_sentence, join_words, plain
from hotwash.incident.attribution import attribute, say_tellers
from hotwash.incident.beside_numbers import say_foretold, say_parts, say_zeros, sensor_zeros, split_parts
from hotwash.incident.case import (
    DISPUTED,
    ENOUGH_LINES,
    LIKELY,
    OPEN,
    SETTLED,
    UNVOUCHED,
    Answer,
    Case,
    Row,
    is_finite,
    join_most,
)
from hotwash.incident.grades import POOR_GRADES
from hotwash.incident.number_words import RELATIONS, plain_value, say_bounds, say_none_yet, say_number_of
from hotwash.incident.sums_of_others import resting_row
from hotwash.incident.tellings import (
    Group,
    Telling,
    agree_on,
    contrary,
    lines_of_group,
    say_support,
    say_who,
    strongest,
    tells_in_parts,
)
from hotwash.incident.told_numbers import find_exceeding, say_of_which, say_value, tell_claims, tell_events
from hotwash.incident.zero_counts import say_zero_counts, zero_counts
from hotwash.model.questions import CountUnit

_MOST_PARTS = 6  # aerodromes and occasions said one by one


def answer_count(question: Row, case: Case) -> Answer:
    """Return how many: from what was counted where finds or tracks bound it, else from what is told."""
    unit = case.units.get(question["unit"] or "")
    if unit is None:
        return Answer(text="The question does not say what is counted.", standing=OPEN, missing="unit")
    return say_foretold(_answer(unit, question, case), unit, question, case)


def _answer(unit: CountUnit, question: Row, case: Case) -> Answer:
    counted = case.count_rows.get((unit.name, question["occasion_id"]))
    if unit.tally:
        counted = _tally(unit, question, case)
    elif question["part"]:
        counted = None  # what is counted is of the whole
    told = tell_events(unit, question, case)
    if question["subject_id"] and not unit.column and not unit.tally and not told:
        counted = None  # what is counted is somebody else's number
    is_told = any(item.is_graded for item in told) or (told and not unit.column)
    if counted is not None and _is_bounded(counted) and not is_told:
        return _from_count(counted, unit, question, case)
    if unit.tally and not told and (zeros := zero_counts(question, question["subject_id"], case)):
        claims = tell_claims(_of_unit(case.standing(question), unit, question), question["part"], case)
        return say_zero_counts(zeros, _contrary_claims(claims, 0.0, 0.0, case), case)
    return _from_tellings(told, unit, question, case)


def _tally(unit: CountUnit, question: Row, case: Case) -> Row | None:
    """Return how many closures events tell of what is asked about, as a row of COUNTS; None where none is told."""
    subject, occasion, part = question["subject_id"], question["occasion_id"], question["part"]
    if subject is None and occasion is None and part is None:
        return case.count_rows.get((unit.name, None))
    own = [
        row
        for row in case.events
        if subject in (None, row["subject_id"]) and occasion in (None, row["occasion_id"]) and case.is_graded(row)
    ]
    fields = case.bundle.brief.aerodromes
    found = tally_closures(unit, own, aerodromes=fields, turns=case.turns, part=part, subject=subject)
    if found is None:
        return None
    likely = found.low if found.low == found.high else None
    bounds = {"low_90": found.low, "high_90": found.high, "most_likely": likely, "mean": None}
    return {**bounds, "why": found.why, "rows": list(found.rows)}


def _is_bounded(row: Row) -> bool:
    """Tell whether a row of COUNTS says anything; that there were no fewer than none says nothing."""
    return row["most_likely"] is not None or bool(row["low_90"]) or row["high_90"] is not None


def _from_count(row: Row, unit: CountUnit, question: Row, case: Case) -> Answer:
    """Return the answer that finds or tracks give."""
    low, likely, high = row["low_90"], row["most_likely"], row["high_90"]
    claims = [item for item in _of_unit(case.standing(question), unit, question) if item["low"] is not None]
    is_open = high is None and likely is None
    amount, number = say_bounds(low, likely, high)
    text = say_number_of(unit, amount, number)
    rows = tuple(row["rows"] or ())
    if unit.name == "crossings" and rows and rows[0].startswith("finds:"):
        text = f"{text}, if each airframe found crossed it"
    if likely is not None and low is not None and high is not None and low != high:
        text = f"{text}, most likely {plain(likely)}"
    if row["mean"] is None and row["why"]:  # told, not drawn from probabilities
        text = f"{text}: {row['why'][:1].lower()}{row['why'][1:].rstrip('.')}"
    supported = [item["probability"] for item in claims if item["verdict"] == "supported" and item["probability"]]
    names = case.lines_of([item for item in claims if item["verdict"] == "supported"])
    is_range = low is not None and high is not None and low != high
    if unit.tally:  # a number of what may be meant as well speaks against nothing
        claims = [item for item in claims if item["verdict"] != "compatible"]
    return Answer(
        text=text,
        standing=LIKELY if is_open or is_range else SETTLED,
        lines=case.lines_of_rows(rows) or case.lines_in_words(names),
        how_sure=_count_sure(row),
        probability=max(supported, default=None),
        against=_contrary_claims(
            tell_claims(claims, question["part"], case), low or 0, math.inf if high is None else high, case
        ),
        rows=rows,
        missing="upper limit" if is_open else "" if row["mean"] is not None else "final number",
    )


def _of_unit(claims: Sequence[Row], unit: CountUnit, question: Row) -> list[Row]:
    """Return the statements in the unit asked for: a number in another speaks neither for nor against."""
    return [item for item in claims if item["unit"] in (None, unit.name, question["unit"])]


def _count_sure(row: Row) -> str:
    """Return how sure a count from probabilities is; empty where it was told, or is one number."""
    if row["mean"] is None or (row["low_90"] == row["high_90"] and row["high_90"] is not None):
        return ""
    return "bounded from one side only" if row["high_90"] is None else "within a 90 % interval"


def _from_tellings(told: Sequence[Telling], unit: CountUnit, question: Row, case: Case) -> Answer:
    by_part: dict[str, list[Telling]] = {}
    told, inside = split_parts(told, case.standing(question), unit, case)
    told, whole = _without_covered(told, question, case)
    whole_of = _only_aerodrome(told, case)
    for item in told:
        by_part.setdefault(_part_of(item.origin, question, case, whole_of=whole_of), []).append(item)
    if whole in by_part:
        by_part[""] = by_part.pop(whole)
    if by_part and "" not in by_part and (len(by_part) > 1 or _is_one_of_several(told, question, case)):
        return _of_parts(by_part, unit, question, case)
    if "" in by_part:
        rest = [item for name, items in by_part.items() if name for item in items]
        by_part[""] += find_exceeding(by_part[""], rest)
    said = _of_unit(case.standing(question), unit, question)
    zeros = sensor_zeros(said, unit, question, case)
    said = [item for item in said if item not in zeros]
    claims = tell_claims(said, question["part"], case)
    pool = strongest(by_part.get("", told), claims)
    if not pool:
        return say_zeros(_without_number(said, unit, question, case), zeros, unit, case)
    final, earlier = _split_by_time(pool)
    groups, overruled = agree_on(final)
    # Numbers of parts stand beside the whole, not against it.
    others = [*by_part.get("", told), *claims, *overruled]
    if pool == claims and all(item.verdict == "contradicted" for item in pool):
        return _only_contradicted(groups, unit, question, case)
    if len(groups) == 1:
        answer = say_of_which(_one_number(groups[0], earlier, unit, others, case), groups[0], case)
    else:
        answer = _several_numbers(groups, unit, others, case)
    return say_zeros(say_parts(_with_not_known(answer, said, case), inside, case), zeros, unit, case)


def _without_covered(told: Sequence[Telling], question: Row, case: Case) -> tuple[Sequence[Telling], str | None]:
    """Return the tellings but those within a sum of another subject; and that sum's part where nothing else is left."""
    decide = [item for item in told if item.is_graded] or told
    if question["subject_id"] is not None or not any(item.adds for item in decide):
        return told, None
    is_within = are_covered(
        [item.origin["subject_id"] for item in told],
        [item.origin["occasion_id"] for item in told],
        [item.low for item in told],
        [item.adds for item in decide],
    )
    left = [item for item, is_in in zip(told, is_within.tolist(), strict=True) if not is_in]
    parts = {_part_of(item.origin, question, case, whole_of=_only_aerodrome(told, case)) for item in left}
    return left, parts.pop() if len(parts) == 1 else None


def _is_one_of_several(told: Sequence[Telling], question: Row, case: Case) -> bool:
    """Tell whether all that is told is of one occasion, where the question asks of several."""
    if question["occasion_id"] is not None:
        return False
    own = {row["occasion_id"] for row in case.events if row["occasion_id"] and _is_at(row, question)}
    return all(item.origin["occasion_id"] for item in told) and len(own) > 1


def _is_at(event: Row, question: Row) -> bool:
    return question["subject_id"] in (None, event["subject_id"])


def _only_contradicted(groups: Sequence[Group], unit: CountUnit, question: Row, case: Case) -> Answer:
    """Return that no number can be given, where evidence contradicts each that is told."""
    told = join_most([f"{_say_alone(group)} {say_who(group.tellings, case)}" for group in groups])
    rows = tuple(row for group in groups for row in group.rows)
    none = "No costs" if unit.is_money else f"No number of {unit.nouns[1] if unit.name != 'brought_down' else 'them'}"
    return Answer(text=f"{none} can be given: what is told is contradicted", standing=OPEN, against=told, rows=rows,
                  missing="flight list")  # fmt: skip


def _with_not_known(answer: Answer, said: Sequence[Row], case: Case) -> Answer:
    """Return an answer that is not settled with who says that the number is not known.

    Where a reliable source says so, and only poor ones tell a number, the answer begins with that.
    """
    if answer.standing == SETTLED:
        return answer
    unknown = [item for item in said if item["value"] == "not_known" and case.is_graded(item)]
    if unknown and answer.rows and case.grades_of(answer.rows) <= set(POOR_GRADES):
        who = attribute([(item, case.sayers(item)) for item in unknown], case)
        text = f"The number is not known, {who}; {inside_sentence(answer.text)}"
        return replace(answer, text=text, standing=OPEN, lines=case.lines_behind(unknown))
    return replace(answer, text=answer.text + case.say_ignorance(said, what="the number"))


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _only_aerodrome(told: Sequence[Telling], case: Case) -> str | None:
    """Return the aerodrome of an incident of one alone, where all that is told is of it: its number is the whole."""
    subjects = {item.origin["subject_id"] for item in told} - {None}
    return subjects.pop() if subjects == {*case.bundle.brief.aerodromes} and len(subjects) == 1 else None


def _part_of(event: Row, question: Row, case: Case, *, whole_of: str | None) -> str:
    """Return the part of a whole that an event counts: its aerodrome, its occasion; "" where it counts all."""
    parts = []
    if question["subject_id"] is None and event["subject_id"] not in (None, "", whole_of):
        parts.append(case.name_of(event["subject_id"]))
    if question["occasion_id"] is None and event["occasion_id"] and case.bundle.occasions.height > 1:
        parts.append(case.occasion_name(event["occasion_id"]))
    return ", ".join(parts)


def _split_by_time(tellings: Sequence[Telling]) -> tuple[list[Telling], list[Telling]]:
    """Return the tellings of the latest number, and those of earlier times, in their order."""
    latest = max((item.at for item in tellings), default=math.inf)
    earlier = [item for item in tellings if item.at < latest]
    return [item for item in tellings if item.at == latest], sorted(earlier, key=lambda item: (item.at, item.row))


def _one_number(
    group: Group, earlier: Sequence[Telling], unit: CountUnit, others: Sequence[Telling], case: Case
) -> Answer:
    """Return the number on which the tellings agree, with what was told of earlier times."""
    amount, number = _say_group(group)
    is_alone = group.is_of_claims and not group.is_supported
    is_rising = all(item.origin["is_running"] for item in group.tellings)
    # Such numbers never fall: one told for an earlier time may be lower.
    parts = {item.origin["part"] for item in group.tellings}
    fitting = [item for item in earlier if item.low <= group.high and not _is_same(item, group)]
    fitting = [item for item in fitting if parts == {None} or item.origin["part"] in parts]  # of one part, of another
    later = [item for item in others if item.at >= group.tellings[0].at or item.low > group.high]
    when = _say_time(group.tellings[-1], case)
    is_none_yet = is_rising and amount == "no"
    if is_none_yet:
        text = say_none_yet(unit) + when
    else:
        is_rough = amount.startswith("about ")
        least = f"at least {amount}" if is_rising and is_finite(group.high) and not is_rough else amount
        text = say_number_of(unit, least, number)
        text += when
    if fitting:
        before = _say_time(fitting[-1], case) or " before"
        others_told = not set(fitting[-1].who) <= set(group.who)
        teller = f" ({join_words(list(fitting[-1].who))})" if others_told and fitting[-1].who else ""
        text = f"{text}{'' if when else ' in the end'}, {say_value(fitting[-1])}{before}{teller}"
    first = [item for item in earlier if _is_same(item, group)]
    group = Group(group.low, group.high, (*first, *group.tellings))
    who = say_support(group, case, say=say_value, alone=is_alone)
    lines = lines_of_group(group, case)
    is_told = group.is_supported or (group.is_well_told and lines >= ENOUGH_LINES) or _has_support(others, group)
    is_listed = all(item.listed for item in group.tellings)
    is_unvouched = not is_told and case.is_nobodys([item.origin for item in group.tellers])
    how = "in parts" if tells_in_parts(group.tellings) else "one by one"
    is_said = how in who
    rest = f"; they are told {how}" if is_listed and not is_said else ""
    rest += "; no final number is told" if is_rising and not is_none_yet else ""
    return Answer(
        text=f"{text}, {who}{_say_wrong_sums(group)}{rest}",
        standing=OPEN if is_unvouched else SETTLED if is_told and not is_rising else LIKELY,
        lines=lines,
        how_sure=UNVOUCHED if is_unvouched else "",
        against=contrary(later, group.low, group.high, case, say=say_value, but=group.tellings),
        rows=group.rows,
        missing="final number" if is_rising else "flight list",
    )


def _is_same(item: Telling, group: Group) -> bool:
    """Tell whether an earlier telling gives the very number: a copy told later is no later number."""
    return item.is_exact and group.low == item.low and group.high == item.high


def _has_support(others: Sequence[Telling], group: Group) -> bool:
    """Tell whether a supported statement tells the number itself; "at least 1" makes no 5 sure."""
    return any(item.verdict == "supported" and group.low <= item.low and item.high <= group.high for item in others)


def _several_numbers(groups: Sequence[Group], unit: CountUnit, others: Sequence[Telling], case: Case) -> Answer:
    ends = [value for group in groups for value in (group.low, group.high) if is_finite(value)]
    low, high = min(ends, default=0.0), max(ends, default=0.0)
    parts = [f"{_say_alone(group)} {say_support(group, case, say=say_value, alone=False)}" for group in groups]
    members = [item for group in groups for item in group.tellings]
    return Answer(
        text=f"{say_number_of(unit, f'between {plain(low)} and {plain(high)}', high)}: {join_most(parts)}",
        standing=DISPUTED,
        lines=case.lines_behind([resting_row(item.origin, case) for group in groups for item in group.tellers]),
        against=contrary(others, low, high, case, say=say_value, but=members),
        rows=tuple(item.row for item in members),
        missing="flight list",
    )


def _say_sum(unit: CountUnit, question: Row, case: Case) -> str:
    """Return what the parts that somebody names add up to, whatever their sum is told as; empty where nobody does."""
    for item in case.standing(question):
        total = sum_of_parts(item, unit, case.bundle) if item["parts"] else None
        if total is not None:
            amount, _ = say_bounds(total.low, None, total.high)
            return f", and the parts that {item['said_by']} names add up to {amount}"
    return ""


def _say_whole(unit: CountUnit, question: Row, case: Case) -> str:
    """Return who tells the number of all parts together, with the grade of a teller that decides nothing."""
    said = [
        item
        for item in case.standing(question)
        if item["low"] is not None and item["occasion_id"] is None and item["unit"] in (None, unit.name)
    ]
    if not said:
        return "nobody tells how many in all"
    known = tell_claims([item for item in said if item["verdict"] != "contradicted"], question["part"], case)
    final, _ = _split_by_time(known or tell_claims(said, question["part"], case))
    each = []
    for group in agree_on(final)[0]:
        amount = _say_alone(group)
        who = say_tellers([(item.origin, item.who) for item in group.tellings], case, verb=("tells", "tell"))
        tells = f"which {'only ' if who.endswith(' tells') else ''}{who}"
        grades = case.grades_of(group.rows)
        low = bool(grades) and not grades & {"A", "B", ""}
        each.append(f"{amount}, {tells}{f' (reliability {min(grades)})' if low else ''}")
    if known:
        return f"in all {join_words(each, last='or')}"
    is_are = "is" if len(each) == 1 else "are"
    return f"how many in all cannot be told: {join_words(each)}, {is_are} contradicted"


def _of_parts(by_part: Mapping[str, Sequence[Telling]], unit: CountUnit, question: Row, case: Case) -> Answer:
    """Return the number of each part; where nobody tells the sum, it is not made."""
    said: list[str] = []
    rows: list[str] = []
    is_one, is_rising = True, False
    for part, tellings in by_part.items():
        final, _ = _split_by_time(strongest(tellings, []))
        groups, _ = agree_on(final)
        is_one = is_one and len(groups) == 1
        is_rising = is_rising or any(_is_running(group) for group in groups)
        if len(said) < _MOST_PARTS:
            said.append(f"{part}: {join_most([_say_of_part(group, case) for group in groups], last='or')}")
        rows += [row for group in groups for row in group.rows]
    left = len(by_part) - len(said)
    said += [f"and {left} more"] if left else []
    lines = case.lines_of_names(rows)
    title = f"{unit.title[:1].upper()}{unit.title[1:]}"
    is_settled = lines >= ENOUGH_LINES * len(by_part) and not is_rising
    return Answer(
        text=f"{title}, {'; '.join(said)}; {_say_whole(unit, question, case)}{_say_sum(unit, question, case)}",
        standing=(SETTLED if is_settled else LIKELY) if is_one else DISPUTED,
        lines=lines,
        rows=tuple(rows),
        missing="final number" if is_rising else "flight list",
    )


def _is_running(group: Group) -> bool:
    """Tell whether a number was told before the end of what it counts."""
    return all(item.origin["is_running"] or is_finite(item.at) for item in group.tellings)


def _say_of_part(group: Group, case: Case) -> str:
    """Return the number of one part: "4", "16 so far, by 24 June 22:45"."""
    amount = _say_alone(group)
    if not _is_running(group):
        return amount
    last = group.tellings[-1]
    at = last.origin["counted_utc"] or (_moment(last.at) if is_finite(last.at) else None)
    return f"{amount} so far{f', by {case.clock.moment(at)}' if at is not None else ''}"


def _without_number(said: Sequence[Row], unit: CountUnit, question: Row, case: Case) -> Answer:
    """Return that no number is told, and who says so."""
    many = unit.nouns[1] if unit.name != "brought_down" else "objects brought down"
    clauses = {"none_confirmed": f"None of the {many} is confirmed", "not_known": "The number is not known"}
    if unit.is_money:
        clauses = {"none_confirmed": "No costs are confirmed", "not_known": "The costs are not known"}
    for word, clause in clauses.items():
        rows = [item for item in said if item["value"] == word]
        if rows:
            names = tuple(f"claims:{item['claim_id']}" for item in rows)
            text = f"{clause}, {attribute([(item, case.sayers(item)) for item in rows], case)}"
            return Answer(text=text, standing=OPEN, lines=case.lines_behind(rows), rows=names, missing="flight list")
    # What is counted of all is nobody's own number.
    counted = None if question["subject_id"] else case.count_rows.get((unit.name, None))
    why = (counted["why"] if counted is not None else None) or unit.missing or "Nobody tells it."
    missing = "upper limit" if unit.column else "flight list"
    return Answer(text=f"No number can be given. {why}", standing=OPEN, missing=missing)


def _say_group(group: Group) -> tuple[str, float]:
    """Return the number that a group tells, and the number that the noun bends to."""
    exact = next((item for item in group.tellings if item.is_exact), None)
    if exact is not None:
        return ("no" if not exact.low else plain(exact.low)), exact.low
    first = group.tellings[0]
    is_one = len({(item.low, item.high) for item in group.tellings}) == 1
    if is_one and not first.is_share:
        return say_value(first), 1.0 if first.origin["value"] in ("1", 1) and first.listed < 2 else 2.0
    if is_one and first.origin["relation"] == "about" and not is_finite(group.high):
        return f"at least {RELATIONS['about'].format(plain_value(first.origin['value']))}", group.low
    if not is_finite(group.high):
        return f"at least {plain(math.ceil(group.low))}", group.low
    if not is_finite(group.low) or group.low <= 0.0:
        return f"at most {plain(math.floor(group.high))}", group.high
    return f"between {plain(math.ceil(group.low))} and {plain(math.floor(group.high))}", group.high


def _say_alone(group: Group) -> str:
    """Return the number that a group tells where no noun follows: none is 0."""
    amount = _say_group(group)[0]
    return "0" if amount == "no" else amount


def _say_wrong_sums(group: Group) -> str:
    """Return which totals of a group their own parts do not add up to, or no longer do; empty where all do."""
    said = []
    for item in group.tellings:
        if item.before:
            said.append(f"; {join_words(list(item.who))} told {item.before} before a part of it was replaced")
        if item.sum_of is not None:
            told = RELATIONS.get(item.origin["relation"], "{}").format(plain_value(item.origin["value"]))
            amount, _ = say_bounds(item.sum_of[0], None, item.sum_of[1])
            said.append(f"; {join_words(list(item.who))} tells {told}, and its parts add up to {amount}")
    return "".join(said)


def _say_time(telling: Telling, case: Case) -> str:
    is_early = is_finite(telling.at) and not telling.origin["is_running"]  # known before the end of what it counts
    when = telling.origin["counted_utc"] or (_moment(telling.at) if is_early else None)
    return f" by {case.clock.moment(when)}" if when is not None else ""


def _moment(minutes: float) -> datetime:
    return datetime.fromtimestamp(minutes * 60.0, UTC)


def _contrary_claims(claims: Sequence[Telling], low: float, high: float, case: Case) -> str:
    """Return which claims give another number; of a number that ran, only the last, and only where it is too high."""
    told = [item for item in claims if item.verdict != "supported"]
    last = {item.who: item.at for item in sorted(told, key=lambda item: item.at)}
    final = [item for item in told if item.at == last[item.who] and (item.low > high or not math.isfinite(item.at))]
    return contrary(final, low, high, case, say=say_value)
