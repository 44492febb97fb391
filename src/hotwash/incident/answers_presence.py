"""Whether anything was there: what finds, sightings and recordings show, and who took a statement back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hotwash.claims.assessed import (
    asked_kind,
    assessed_chance,
    evidence_name,
    is_examined,
    is_unheard_of,
    name_of,
    object_chance,
    that_count,
)
from hotwash.claims.evidence import LEAST_FOR_SUPPORT, MOST_FOR_CONTRADICTION
from hotwash.claims.lists import UNGRADED
from hotwash.claims.numbers import DEFAULT_ABOUT, tells_unit
from hotwash.claims.on_presence import units_of
from hotwash.claims.on_sightings import is_confirmed, is_unexplained, is_unsought
from hotwash.claims.words import count_noun, join_words, plain, share
from hotwash.course.sensor_records import MARKS, OBJECTS, is_sensor_record
from hotwash.incident.attribution import attribute, say_tellers
from hotwash.incident.case import DISPUTED, ENOUGH_LINES, LIKELY, OPEN, SETTLED, Answer, Case, Row, according_to
from hotwash.model.questions import QUESTION_KINDS
from hotwash.model.words import NOTHING_EXPLAINS

_WORDS = QUESTION_KINDS["presence"].answers
_UNNAMED = {"unknown": "something unidentified", "other": "something else"}
_EXCLUDED = "explained or examined as no drone"
_LEAST_LIKELY = 0.5 - 1e-9  # from here on it is more likely than not; a billionth is rounding
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def answer_presence(question: Row, case: Case) -> Answer:
    """Return whether something was there; that it cannot be told is an answer too."""
    one = next((row for row in _assessed(case) if name_of(row) == question["subject_id"]), None)
    if one is not None:
        return _answer_one(one, question, case)
    if is_unheard_of(question["subject_id"], case.bundle):
        return Answer(text=f"Nothing of {question['subject_id']} is told", standing=OPEN, missing="examination")
    seen = [row for row in case.sightings if row["sighting_id"] == question["subject_id"]]
    if seen:
        return _answer_unexamined(seen[0], question, case)
    thing = _thing(question, case)
    said = case.standing(question)
    by_value = {word: [item for item in said if item["value"] == word] for word in _WORDS}
    supported = {word: [item for item in rows if item["verdict"] == "supported"] for word, rows in by_value.items()}
    evidence, rows = _evidence(question, case)
    withdrawn = _withdrawn(question, case)
    firm = [word for word in ("present", "absent") if supported[word]]
    if len(firm) == 1:
        return _firm(firm[0], thing, supported[firm[0]], by_value, withdrawn, case)
    if firm:
        parts = [f"{_WORDS[word]} {_who(supported[word], case)}" for word in firm]
        names = case.evidence_of([item for word in firm for item in supported[word]])
        text = f"Whether there was {thing} is disputed: {join_words(parts)}"
        lines = case.lines_behind([item for word in firm for item in supported[word]])
        return Answer(text=_with(text, withdrawn), standing=DISPUTED, lines=lines, rows=names, missing="sensor")
    shown = (
        _by_assessed(question, thing, case, least=LEAST_FOR_SUPPORT)
        or _by_numbers(question, thing, case)
        or _by_assessed(question, thing, case, least=_LEAST_LIKELY)
    )
    if shown is not None:
        against = _say_statements(by_value, ("absent", "cannot_tell"), case)
        return replace(shown, text=_with(shown.text, withdrawn), against=against)
    return _untold(thing, by_value, evidence, withdrawn, rows, case)


def presence_of_all(question: Row, own: Answer, others: Sequence[tuple[Row, Answer]], case: Case) -> Answer:
    """Return whether something was there at all: what one occasion shows, all of them show.

    own      the answer of a question that names no occasion
    others   the questions of presence that name one, with their answers
    """
    is_denied = own.standing == SETTLED and not own.is_present
    if question["occasion_id"] is not None or own.standing == DISPUTED or is_denied:
        return own
    same = [
        (asked, answer)
        for asked, answer in others
        if answer.is_present
        and (asked["subject_id"], _kind(asked, case)) == (question["subject_id"], _kind(question, case))
        and asked["occasion_id"] not in case.other_stories
    ]
    if not same:
        return own
    asked, best = max(same, key=lambda pair: _weight(pair[1]))
    if _weight(best) <= _weight(own):
        return own
    text = f"{best.text} (“{case.occasion_name(asked['occasion_id'])}”)"
    return replace(best, text=text, against=" ".join(filter(None, (own.against, best.against))))


def _weight(answer: Answer) -> tuple[bool, int, int]:
    """Return how much an answer shows that something was there, to compare."""
    return answer.is_present, (OPEN, LIKELY, SETTLED).index(answer.standing) if answer.is_present else 0, answer.lines


def _assessed(case: Case) -> list[Row]:
    """Return the finds, and the sightings that somebody examined."""
    return [*case.finds, *(row for row in case.sightings if is_examined(row))]


def _assessed_then(question: Row, case: Case) -> list[Row]:
    """Return what was assessed of the occasion that a question asks about, or all of it where it names none."""
    return that_count(_assessed(case), question["occasion_id"], case.bundle.occasions.to_dicts())


def _kind(question: Row, case: Case) -> str:
    return asked_kind(question, _assessed(case), case.bundle.occasions.to_dicts())


def _answer_one(one: Row, question: Row, case: Case) -> Answer:
    """Return whether one find, or what one examined sighting shows, is of that night, as it is assessed."""
    name, kind = name_of(one), _kind(question, case)
    chance = object_chance(one, kind)
    said = case.standing(question)
    by_value = {word: [item for item in said if item["value"] == word] for word in _WORDS}
    rows = (evidence_name(one),)
    if assessed_chance(one) is None:
        against = _say_statements(by_value, ("present", "absent", "cannot_tell"), case)
        text = f"Whether {name} is of that night cannot be told: it is not assessed"
        return Answer(text=text, standing=OPEN, against=against, rows=rows, missing="examination")
    by = f", as {one['assigned_by']} assesses it" if one["assigned_by"] else ""
    lines, thing = case.lines_behind([one]), _say_kind(kind, is_find="find_id" in one)
    if MOST_FOR_CONTRADICTION < chance < _LEAST_LIKELY:
        text = f"{name} is {thing} of that night with a probability of {share(chance)}{by}"
        against = _say_statements(by_value, ("present", "absent"), case)
        return Answer(text=text, standing=OPEN, lines=lines, against=against, rows=rows, missing="examination")
    is_one = chance >= _LEAST_LIKELY
    is_sure = chance >= LEAST_FOR_SUPPORT or not is_one
    what = thing if is_one else _negated(thing, "absent")
    text = f"{name} is {'' if is_sure else 'probably '}{what} of that night ({share(chance)}){by}"
    is_supported = any(item["verdict"] == "supported" for item in said) and not is_one
    return Answer(
        text=text,
        standing=SETTLED if is_sure and (is_supported or lines >= ENOUGH_LINES) else LIKELY,
        lines=lines,
        probability=chance,
        against=_say_statements(by_value, ("absent" if is_one else "present", "cannot_tell"), case),
        rows=rows,
        missing="examination",
    )


def _answer_unexamined(one: Row, question: Row, case: Case) -> Answer:
    """Return that one sighting which nobody examined decides nothing, with what is known of it."""
    thing, said = _thing(question, case), case.standing(question)
    by_value = {word: [item for item in said if item["value"] == word] for word in _WORDS}
    which = join_words(_say_sightings([one])).replace("the only sighting", "it")
    return Answer(
        text=f"Whether {name_of(one)} was {thing} cannot be told: {which}",
        standing=OPEN,
        lines=case.lines_behind([one]),
        against=_say_statements(by_value, tuple(_WORDS), case),
        rows=(evidence_name(one),),
        missing="examination",
    )


def _say_kind(kind: str, *, is_find: bool) -> str:
    if kind == "uas":
        return "a piece of a drone" if is_find else "a drone"
    return _UNNAMED.get(kind) or f"a {kind.replace('_', ' ')}"


def _by_assessed(question: Row, thing: str, case: Case, *, least: float) -> Answer | None:
    """Return that something was there, where finds and examined sightings show it; None where they do not.

    least   the probability from which on it is said

    Below the threshold of support it was probably there. It is settled only where two independent lines tell it.
    """
    kind = _kind(question, case)
    rows = [row for row in _assessed_then(question, case) if object_chance(row, kind)]
    chance = 1.0 - math.prod(1.0 - object_chance(row, kind) for row in rows)
    if not rows or chance < least:
        return None
    lines, is_sure = case.lines_behind(rows), chance >= LEAST_FOR_SUPPORT
    names = tuple(evidence_name(row) for row in rows)
    if is_sure:
        text = f"There was {thing}: {_say_basis(names)} with a probability of {share(chance)}"
    else:
        text = f"There was probably {thing} ({share(chance)}): {_say_basis(names, 'speaks', 'speak')} for it"
    return Answer(
        text=text,
        standing=SETTLED if is_sure and lines >= ENOUGH_LINES else LIKELY,
        lines=lines,
        probability=chance,
        rows=names,
        missing="sensor",
        is_present=True,
    )


def _say_basis(names: Sequence[str], one: str = "shows", many: str = "show") -> str:
    """Return how many finds and examined sightings show something: "2 finds and 1 examined sighting show it"."""
    finds = sum(name.startswith("finds:") for name in names)
    seen = sum(name.startswith("sightings:") for name in names)
    parts = [count_noun(number, noun) for number, noun in ((finds, "find"), (seen, "examined sighting")) if number]
    return f"{join_words(parts)} {one if finds + seen == 1 else many}{' it' if one == 'shows' else ''}"


def _by_numbers(question: Row, thing: str, case: Case) -> Answer | None:
    """Return that something was there where events of deciding sources tell how many; None where none does."""
    rows = [
        row
        for told in (case.number_tellings(unit, DEFAULT_ABOUT) for unit in units_of(_kind(question, case)))
        for name, low, grade in zip(told.names, told.low.tolist(), told.grade.tolist(), strict=True)
        if low >= 1.0
        and grade < UNGRADED
        and (row := case.event_of(name)) is not None
        and question["occasion_id"] in (None, row["occasion_id"])
    ]
    if not rows:
        return None
    lines = case.lines_behind(rows)
    return Answer(
        text=f"There was {thing}, {attribute([(row, case.sayers(row)) for row in rows], case)}",
        standing=SETTLED if lines >= ENOUGH_LINES else LIKELY,
        lines=lines,
        rows=tuple(f"events:{row['event_id']}" for row in rows),
        missing="sensor",
        is_present=True,
    )


def _thing(question: Row, case: Case) -> str:
    """Return what is asked after: a drone, unless the question asks after balloons or kites alone."""
    return _say_kind(_kind(question, case), is_find=False)


def _firm(
    word: str, thing: str, items: Sequence[Row], by_value: dict[str, list[Row]], withdrawn: Sequence[str], case: Case
) -> Answer:
    """Return the answer that the evidence supports, by those who bring it: a voice that it bears out adds nothing."""
    other = "absent" if word == "present" else "present"
    chances = [item["probability"] for item in items if item["probability"] is not None]
    chance = max(chances, default=None)
    lines = case.lines_of(items)
    shown = f" with a probability of {share(chance)}" if chance is not None else ""
    names = case.evidence_of(items)
    named = frozenset(names)
    assessed = [name for name in names if name.startswith("finds:") or name in case.examined_names]
    basis = f": {_say_basis(assessed)}{shown}" if assessed else ""
    tellers = case.somebodys([*case.rows_by_name(names), *items])
    basis = basis or f"{shown}, {_who(tellers, case)}"
    text = f"There was {_negated(thing, word)}{basis}"
    behind = [row for row in _assessed(case) if evidence_name(row) in named]
    if assessed:
        number = max(case.lines_in_words(lines), case.lines_behind(behind) if behind else 0)
    else:
        number = case.lines_behind(tellers)
    is_thin = word == "present" and number < ENOUGH_LINES
    return Answer(
        text=_with(text, withdrawn),
        standing=LIKELY if is_thin else SETTLED,
        lines=number,
        probability=chance,
        against=_say_statements(by_value, (other, "cannot_tell"), case),
        rows=names,
        missing="sensor",
        is_present=word == "present",
    )


def _untold(
    thing: str,
    by_value: dict[str, list[Row]],
    evidence: Sequence[str],
    withdrawn: Sequence[str],
    rows: Sequence[str],
    case: Case,
) -> Answer:
    """Return that it cannot be told, or what nobody confirms and nothing speaks against."""
    told = [word for word in ("present", "absent") if by_value[word]]
    weighty = [item for word in told for item in by_value[word] if item["verdict"] in ("uncorroborated", "compatible")]
    is_single = len({item["value"] for item in weighty}) == 1 and not by_value["cannot_tell"] and len(told) == 1
    if is_single and not case.sightings and not case.finds:
        word = told[0]
        who = _who(weighty, case, alone=True)
        text = f"There was {_negated(thing, word)}, {who}; nothing else tells of it"
        standing, against = LIKELY, ""
    else:
        text = f"Whether there was {thing} cannot be told{': ' if evidence else ''}{', '.join(evidence)}"
        said = [f"{_who_says(by_value[word], case)} that there was {_negated(thing, word)}" for word in told]
        text = "; ".join([text, *said])
        standing, against = OPEN, ""
    items = [item for several in by_value.values() for item in several]
    is_open = standing == OPEN
    lines = case.lines_behind([*case.sightings, *weighty], every=True) if is_open else case.lines_behind(weighty)
    names = tuple(dict.fromkeys([*rows, *case.evidence_of(items)]))
    return Answer(
        text=_with(text, withdrawn), standing=standing, lines=lines, against=against, rows=names, missing="sensor"
    )


def _negated(thing: str, word: str) -> str:
    """Return a thing, or that there was none: "a drone", "no drone"."""
    if word == "present":
        return thing
    return thing.replace("some", "no", 1) if thing in _UNNAMED.values() else thing.replace("a ", "no ", 1)


def _with(text: str, withdrawn: Sequence[str]) -> str:
    return "; ".join([text, *withdrawn])


def _who(items: Sequence[Row], case: Case, *, alone: bool = False) -> str:
    return attribute([(item, case.sayers(item)) for item in items], case, alone=alone)


def _who_says(items: Sequence[Row], case: Case) -> str:
    """Return who says something, as the beginning of a clause: "Tower and Police say"."""
    return say_tellers([(item, case.sayers(item)) for item in items], case)


def _say_statements(by_value: dict[str, list[Row]], words: Sequence[str], case: Case) -> str:
    """Return who says otherwise, as a sentence; empty where nobody does."""
    said = [f"{_WORDS[word]} {_who(by_value[word], case)}" for word in words if by_value[word]]
    return f"{'; '.join(said)}." if said else ""


def _withdrawn(question: Row, case: Case) -> list[str]:
    """Return who took which answer back, and when."""
    rows = {item["claim_id"]: item for item in case.statements(question)}
    said = []
    for item in rows.values():
        later = rows.get(item["superseded_by"] or "")
        if later is None or later["value"] == item["value"] or item["value"] not in _WORDS:
            continue
        when = later["said_utc_low"] or later["said_utc"]  # of a bare date the upper bound is the next midnight
        day = f" on {case.clock.date(when)}" if when is not None else " later"
        said.append(f"{', '.join(case.sayers(item))} withdrew “{_WORDS[item['value']]}”{day}")
    return list(dict.fromkeys(said))


def _evidence(question: Row, case: Case) -> tuple[list[str], list[str]]:
    """Return what finds, sightings and recordings show, in clauses, and the rows looked at."""
    own = _assessed_then(question, case)
    sightings = that_count(case.sightings, question["occasion_id"], case.bundle.occasions.to_dicts())
    covering, looked = _sensor_rows(question, case), [row for row in sightings if not _is_sensor_look(row, case)]
    covering += [row for row in sightings if _is_sensor_look(row, case)]
    said = [*_say_assessed(own, _kind(question, case)), *(_say_sightings(looked) if looked or not covering else [])]
    said += [_say_covering(row, case) for row in covering]
    if not covering and not case.bundle.recording.detections.height:
        said.append("no sensor record covers it")
    names = [evidence_name(row) if "event_id" not in row else f"events:{row['event_id']}" for row in covering]
    return said, list(dict.fromkeys([*(evidence_name(row) for row in (*sightings, *own)), *names]))


def _sensor_rows(question: Row, case: Case) -> list[Row]:
    """Return the events that tell what a sensor marked of things in the sky: nothing, or so many marks."""
    units = [case.units[name] for name in (MARKS, *OBJECTS)]
    return [
        row
        for row in case.events
        if row["value"] is not None
        and question["occasion_id"] in (None, row["occasion_id"])
        and any(tells_unit(row, unit) and (unit.name == MARKS or not row["value"]) for unit in units)
        and is_sensor_record(row, case.sources)
    ]


def _is_sensor_look(sighting: Row, case: Case) -> bool:
    return bool(sighting["saw_nothing"]) and is_sensor_record(sighting, case.sources)


def _say_covering(row: Row, case: Case) -> str:
    """Return whose sensor covered it, as its row says, and what it recorded."""
    low, high = row.get("start_utc") or row["utc_low"], row.get("end_utc") or row["utc_high"]
    when = f" {case.clock.when(low, high)}" if low is not None and high is not None else ""
    what = "recorded nothing"
    if row.get("value"):
        what = f"marked {plain(row['value'])}{' and more' if row['relation'] in ('at_least', 'more_than') else ''}"
    return f"a sensor covered it{when} and {what}, {according_to(case.sayers(row))}"


def _say_assessed(rows: Sequence[Row], kind: str) -> list[str]:
    """Return what finds and examined sightings show, a clause for each of the two."""
    finds = [row for row in rows if "find_id" in row]
    groups = (("find", "is", finds), ("examined sighting", "shows one", [row for row in rows if "find_id" not in row]))
    return [clause for noun, verb, group in groups for clause in _say_group(group, kind, noun, verb)]


def _say_group(rows: Sequence[Row], kind: str, noun: str, verb: str) -> list[str]:
    if not rows:
        return []
    best = max(object_chance(row, kind) for row in rows)
    are = f"{count_noun(len(rows), noun)} {'is' if len(rows) == 1 else 'are'}"
    if not best and any(assessed_chance(row) is None for row in rows):
        return [f"{are} not assessed"]
    if not best:
        return [f"{are} assessed as something else"]
    which = f"the only {noun}" if len(rows) == 1 else f"the likeliest {noun}"
    return [f"{which} {verb} of that night with a probability of {share(best)}"]


def _say_sightings(sightings: Sequence[Row]) -> list[str]:
    """Return how many sightings stay unexplained, and how many looked and saw nothing."""
    seen = [row for row in sightings if not row["saw_nothing"]]
    unsought, confirmed = sum(map(is_unsought, seen)), sum(map(is_confirmed, seen))
    left = sum(map(is_unexplained, seen)) - confirmed
    said = [_of(confirmed, len(seen), "is", "are", "confirmed as seen")] if confirmed else []
    if left:
        said.append(_of(left, len(seen), "stays", "stay", "unexplained"))
    elif seen and not (unsought or confirmed):
        said.append(_say_explained(seen))
    if unsought:
        more = f"nobody has sought an explanation of {_number(unsought)} more"
        said.append(more if left or confirmed else _unsought(unsought, len(seen)))
    nothing = len(sightings) - len(seen)
    if nothing:
        said.append(f"{_number(nothing)} observer{'s' if nothing > 1 else ''} looked and saw nothing")
    return said or ["no sighting is told"]


def _say_explained(seen: Sequence[Row]) -> str:
    is_told = all(row["explained_by"] not in (None, *NOTHING_EXPLAINS) for row in seen)
    words = "explained" if is_told else _EXCLUDED
    return f"every sighting is {words}" if len(seen) > 1 else f"the only sighting is {words}"


def _unsought(number: int, total: int) -> str:
    which = f"{_number(number)} sighting{'s' if number > 1 else ''}" if total > 1 else "the sighting"
    return f"nobody has sought an explanation of {which}"


def _of(number: int, total: int, one: str, many: str, rest: str) -> str:
    if total == 1:
        return f"the only sighting {one} {rest}"
    if number == total == 2:
        return f"both sightings {many} {rest}"
    if number == total:
        return f"all {_number(total)} sightings {many} {rest}"
    return f"{_number(number)} of {_number(total)} sightings {one if number == 1 else many} {rest}"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)
