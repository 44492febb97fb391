"""Whether anything was there: what finds, sightings and recordings show, and who took a statement back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hotwash.claims.evidence import LEAST_FOR_SUPPORT, MOST_FOR_CONTRADICTION
from hotwash.claims.numbers import DEFAULT_ABOUT, UNGRADED
from hotwash.claims.on_presence import asked_kind, find_chance, units_of
from hotwash.claims.words import count_noun, join_words, share
from hotwash.incident.case import DISPUTED, ENOUGH_LINES, LIKELY, OPEN, SETTLED, Answer, Case, Row, according_to
from hotwash.model.questions import QUESTION_KINDS

_WORDS = QUESTION_KINDS["presence"].answers
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def answer_presence(question: Row, case: Case) -> Answer:
    """Return whether something was there; that it cannot be told is an answer too."""
    find = case.find_or_event(f"finds:{question['subject_id']}")
    if find is not None:
        return _answer_find(find, question, case)
    thing = _thing(question)
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
    shown = _by_finds(question, thing, case) or _by_numbers(question, thing, case)
    if shown is not None:
        against = _say_statements(by_value, ("absent", "cannot_tell"), case)
        return replace(shown, text=_with(shown.text, withdrawn), against=against)
    return _untold(thing, by_value, evidence, withdrawn, rows, case)


def _answer_find(find: Row, question: Row, case: Case) -> Answer:
    """Return whether one find is a piece of a drone of that night, as it is assessed."""
    name, chance = find["find_id"], find_chance(find, "uas")
    said = case.standing(question)
    by_value = {word: [item for item in said if item["value"] == word] for word in _WORDS}
    rows = (f"finds:{name}",)
    if find["probability_find"] is None:
        against = _say_statements(by_value, ("present", "absent", "cannot_tell"), case)
        text = f"Whether {name} is of that night cannot be told: it is not assessed"
        return Answer(text=text, standing=OPEN, against=against, rows=rows, missing="examination")
    by = f", as {find['assigned_by']} assesses it" if find["assigned_by"] else ""
    lines = case.lines_behind([find])
    if MOST_FOR_CONTRADICTION < chance < LEAST_FOR_SUPPORT:
        text = f"{name} is a piece of a drone of that night with a probability of {share(chance)}{by}"
        against = _say_statements(by_value, ("present", "absent"), case)
        return Answer(text=text, standing=OPEN, lines=lines, against=against, rows=rows, missing="examination")
    is_one = chance >= LEAST_FOR_SUPPORT
    text = f"{name} is {'a' if is_one else 'no'} piece of a drone of that night{by} ({share(chance)})"
    is_supported = any(item["verdict"] == "supported" for item in said)
    return Answer(
        text=text,
        standing=SETTLED if is_supported or lines >= ENOUGH_LINES else LIKELY,
        lines=lines,
        probability=chance,
        against=_say_statements(by_value, ("absent" if is_one else "present", "cannot_tell"), case),
        rows=rows,
        missing="examination",
    )


def _by_finds(question: Row, thing: str, case: Case) -> Answer | None:
    """Return that something was there, where finds show it and nobody says so; None where they do not."""
    kind = asked_kind(question)
    finds = [
        row for row in case.finds if find_chance(row, kind) and question["occasion_id"] in (None, row["occasion_id"])
    ]
    none = math.prod(1.0 - find_chance(row, kind) for row in finds)
    if not finds or 1.0 - none < LEAST_FOR_SUPPORT:
        return None
    basis = f"{count_noun(len(finds), 'find')} {'show' if len(finds) != 1 else 'shows'} it"
    return Answer(
        text=f"There was {thing}: {basis} with a probability of {share(1.0 - none)}",
        standing=SETTLED,
        lines=case.lines_behind(finds),
        probability=1.0 - none,
        rows=tuple(f"finds:{row['find_id']}" for row in finds),
        missing="sensor",
    )


def _by_numbers(question: Row, thing: str, case: Case) -> Answer | None:
    """Return that something was there where events of deciding sources tell how many; None where none does."""
    rows = [
        row
        for told in (case.number_tellings(unit, DEFAULT_ABOUT) for unit in units_of(asked_kind(question)))
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
        text=f"There was {thing}, {according_to(dict.fromkeys(who for row in rows for who in case.sayers(row)))}",
        standing=SETTLED if lines >= ENOUGH_LINES else LIKELY,
        lines=lines,
        rows=tuple(f"events:{row['event_id']}" for row in rows),
        missing="sensor",
    )


def _thing(question: Row) -> str:
    """Return what is asked after: a drone, unless the question speaks of balloons alone."""
    return "a balloon" if asked_kind(question) == "balloon" else "a drone"


def _firm(
    word: str, thing: str, items: Sequence[Row], by_value: dict[str, list[Row]], withdrawn: Sequence[str], case: Case
) -> Answer:
    """Return the answer that the evidence supports."""
    other = "absent" if word == "present" else "present"
    chances = [item["probability"] for item in items if item["probability"] is not None]
    chance = max(chances, default=None)
    lines = case.lines_of(items)
    shown = f" with a probability of {share(chance)}" if chance is not None else ""
    names = case.evidence_of(items)
    finds = [name for name in names if name.startswith("finds:")]
    basis = f": {count_noun(len(finds), 'find')} {'show' if len(finds) != 1 else 'shows'} it{shown}" if finds else ""
    basis = basis or f"{shown}, {_who(items, case)}"
    text = f"There was {_negated(thing, word)}{basis}"
    return Answer(
        text=_with(text, withdrawn),
        standing=SETTLED,
        lines=case.lines_in_words(lines),
        probability=chance,
        against=_say_statements(by_value, (other, "cannot_tell"), case),
        rows=names,
        missing="sensor",
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
        standing, against = OPEN, _say_statements(by_value, tuple(told), case)
    items = [item for several in by_value.values() for item in several]
    lines = case.lines_behind([*case.sightings, *weighty]) if standing == OPEN else case.lines_behind(weighty)
    names = tuple(dict.fromkeys([*rows, *case.evidence_of(items)]))
    return Answer(
        text=_with(text, withdrawn), standing=standing, lines=lines, against=against, rows=names, missing="sensor"
    )


def _negated(thing: str, word: str) -> str:
    """Return a thing, or that there was none: "a drone", "no drone"."""
    return thing if word == "present" else thing.replace("a ", "no ", 1)


def _with(text: str, withdrawn: Sequence[str]) -> str:
    return "; ".join([text, *withdrawn])


def _who(items: Sequence[Row], case: Case, *, alone: bool = False) -> str:
    return according_to([name for item in items for name in case.sayers(item)], alone=alone)


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
    subject = question["subject_id"]
    finds = [
        row
        for row in case.finds
        if (subject in (None, row["find_id"]) or not _is_find(subject, case))
        and question["occasion_id"] in (None, row["occasion_id"])
    ]
    sightings = [row for row in case.sightings if question["occasion_id"] in (None, row["occasion_id"])]
    said = [*_say_finds(finds, asked_kind(question)), *_say_sightings(sightings)]
    if not case.bundle.recording.detections.height:
        said.append("no sensor record covers it")
    rows = [f"sightings:{row['sighting_id']}" for row in sightings]
    return said, [*rows, *(f"finds:{row['find_id']}" for row in finds)]


def _is_find(subject: str | None, case: Case) -> bool:
    return any(row["find_id"] == subject for row in case.finds)


def _say_finds(finds: Sequence[Row], kind: str) -> list[str]:
    if not finds:
        return []
    best = max(find_chance(row, kind) for row in finds)
    are = f"{count_noun(len(finds), 'find')} {'is' if len(finds) == 1 else 'are'}"
    if not best and any(row["probability_find"] is None for row in finds):
        return [f"{are} not assessed"]
    if not best:
        return [f"{are} assessed as something else"]
    which = "the only find" if len(finds) == 1 else "the likeliest find"
    return [f"{which} is of that night with a probability of {share(best)}"]


def _say_sightings(sightings: Sequence[Row]) -> list[str]:
    """Return how many sightings stay unexplained, and how many looked and saw nothing."""
    seen = [row for row in sightings if not row["saw_nothing"]]
    unsought = sum(row["explained_by"] is None for row in seen)
    left = sum(row["explained_by"] == "unexplained" for row in seen)
    said = []
    if left:
        said.append(_of(left, len(seen), "stays", "stay", "unexplained"))
    elif seen and not unsought:
        said.append("every sighting is explained" if len(seen) > 1 else "the only sighting is explained")
    if unsought:
        said.append(
            f"nobody has sought an explanation of {_number(unsought)} more" if left else _unsought(unsought, len(seen))
        )
    nothing = len(sightings) - len(seen)
    if nothing:
        said.append(f"{_number(nothing)} observer{'s' if nothing > 1 else ''} looked and saw nothing")
    return said or ["no sighting is told"]


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
