"""Whether anything was there: what finds, sightings and recordings show, and who took a statement back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hotwash.claims.assessed import (
    assessed_chance,
    evidence_name,
    is_known_drone,
    is_of_occasion,
    is_unheard_of,
    judge_of,
    name_of,
    object_chance,
)
from hotwash.claims.evidence import LEAST_FOR_SUPPORT, MOST_FOR_CONTRADICTION
from hotwash.claims.lists import UNGRADED
from hotwash.claims.numbers import is_only_occasion
from hotwash.claims.on_presence import units_of
from hotwash.claims.on_sightings import bears_on_it, is_unexplained, is_unsought
from hotwash.claims.told_sums import DEFAULT_ABOUT
from hotwash.claims.words import count_noun, inside_sentence, join_words, plain, share
from hotwash.course.overlaps import unit_of
from hotwash.course.part_of_day import say_that_night
from hotwash.incident.attribution import attribute, say_tellers
from hotwash.incident.case import DISPUTED, ENOUGH_LINES, LIKELY, OPEN, SETTLED, Answer, Case, Row, join_most
from hotwash.incident.grades import POOR_GRADES
from hotwash.incident.number_words import RELATIONS
from hotwash.incident.presence_evidence import (
    assessed_rows,
    assessed_then,
    gather_evidence,
    meant_kind,
    say_sightings,
    sightings_then,
    that_night_of,
)
from hotwash.model.questions import QUESTION_KINDS

_WORDS = QUESTION_KINDS["presence"].answers
_UNNAMED = {"unknown": "something unidentified", "other": "something else"}
_LEAST_LIKELY = 0.5 - 1e-9  # from here on it is more likely than not; a billionth is rounding


def answer_presence(question: Row, case: Case) -> Answer:
    """Return whether something was there; that it cannot be told is an answer too."""
    one = next((row for row in assessed_rows(case) if name_of(row) == question["subject_id"]), None)
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
    evidence, rows = gather_evidence(question, case)
    withdrawn = _withdrawn(question, case)
    firm = [word for word in ("present", "absent") if supported[word]]
    if len(firm) == 1:
        counted = _number_rows(question, case) if firm[0] == "present" else []
        return _firm(firm[0], question, supported[firm[0]], by_value, withdrawn, counted, case)
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
        against = [_say_statements(by_value, ("absent", "cannot_tell"), case), _say_unseen(question, case)]
        return replace(shown, text=_with(shown.text, withdrawn), against=" ".join(filter(None, against)))
    weighty = {
        word: [item for item in items if case.grade_of(item) not in POOR_GRADES] for word, items in by_value.items()
    }
    is_denied = bool(weighty["absent"]) and not (weighty["present"] or by_value["cannot_tell"])
    if is_denied and _is_all_explained(question, case):
        judged = [row for row in sightings_then(question, case) if judge_of(row) is not None]
        answer = _unshown(thing, by_value["absent"], judged, evidence, withdrawn, rows, case)
        return replace(answer, against=_say_statements(by_value, ("present",), case))
    return _untold(thing, by_value, evidence, withdrawn, rows, case, sightings=sightings_then(question, case))


def _say_unseen(question: Row, case: Case) -> str:
    """Return who looked on the occasion asked about and saw nothing, as a sentence; empty where nobody did."""
    if question["occasion_id"] is None and not is_only_occasion(case.bundle.occasions):
        return ""
    rows = [row for row in sightings_then(question, case) if row["saw_nothing"]]
    said = []
    for row in rows:
        is_timed = row["utc_low"] is not None and row["utc_high"] is not None
        when = f" {case.clock.when(row['utc_low'], row['utc_high'])}" if is_timed else ""
        said.append(f"{join_words(case.sayers(row) or [row['role']])} looked{when} and saw nothing")
    return f"{join_most(said)}." if said else ""


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
        and (asked["subject_id"], meant_kind(asked, case)) == (question["subject_id"], meant_kind(question, case))
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


def _answer_one(one: Row, question: Row, case: Case) -> Answer:
    """Return whether one find, or what one examined sighting shows, is of that night, as it is assessed."""
    name, kind = name_of(one), meant_kind(question, case)
    that_night = say_that_night(case.bundle, one["occasion_id"] or question["occasion_id"])
    of = f" of {that_night}" if is_of_occasion(one, kind) else ""
    chance = object_chance(one, kind)
    said = case.standing(question)
    by_value = {word: [item for item in said if item["value"] == word] for word in _WORDS}
    rows = (evidence_name(one),)
    if assessed_chance(one) is None:
        against = _say_statements(by_value, ("present", "absent"), case)
        text = f"Whether {name} is of {that_night} cannot be told: it is not assessed"
        return Answer(text=text, standing=OPEN, against=against, rows=rows, missing="examination")
    by = f", as {one['assigned_by']} assesses it" if one["assigned_by"] else ""
    lines, thing = case.lines_behind([one]), _say_kind(kind, is_find="find_id" in one)
    if MOST_FOR_CONTRADICTION < chance < _LEAST_LIKELY:
        text = f"{name} is {thing}{of} with a probability of {share(chance)}{by}"
        against = _say_statements(by_value, ("present", "absent"), case)
        return Answer(text=text, standing=OPEN, lines=lines, against=against, rows=rows, missing="examination")
    is_one = chance >= _LEAST_LIKELY
    is_sure = chance >= LEAST_FOR_SUPPORT or not is_one
    what = thing if is_one else _negated(thing, "absent")
    text = f"{name} is {'' if is_sure else 'probably '}{what}{of} ({share(chance)}){by}"
    text += _say_untold([one], kind, that_night)
    is_supported = any(item["verdict"] == "supported" for item in said) and not is_one
    return Answer(
        text=text,
        standing=SETTLED if is_sure and (is_supported or lines >= ENOUGH_LINES) else LIKELY,
        lines=lines,
        probability=chance,
        against=_say_statements(by_value, ("absent", "cannot_tell") if is_one else ("present",), case),
        rows=rows,
        missing="examination",
    )


def _answer_unexamined(one: Row, question: Row, case: Case) -> Answer:
    """Return that one sighting which nobody examined decides nothing, with what is known of it."""
    thing, said = _thing(question, case), case.standing(question)
    by_value = {word: [item for item in said if item["value"] == word] for word in _WORDS}
    which = join_words(say_sightings([one])).replace("the only sighting", "it")
    return Answer(
        text=f"Whether {name_of(one)} was {thing} cannot be told: {which}",
        standing=OPEN,
        lines=case.lines_behind([one]),
        against=_say_statements(by_value, ("present", "absent"), case),
        rows=(evidence_name(one),),
        missing="examination",
    )


def _say_untold(rows: Sequence[Row], kind: str, that_night: str) -> str:
    """Return that nobody says when something was there, where no row that shows it does; else ""."""
    shown = [row for row in rows if object_chance(row, kind) >= _LEAST_LIKELY]
    if not shown or any(is_of_occasion(row, kind) for row in shown):
        return ""
    return f"; nobody says that it was of {that_night}"


def _say_kind(kind: str, *, is_find: bool) -> str:
    if kind == "uas":
        return "a piece of a drone" if is_find else "a drone"
    return _UNNAMED.get(kind) or f"a {kind.replace('_', ' ')}"


def _by_assessed(question: Row, thing: str, case: Case, *, least: float) -> Answer | None:
    """Return that something was there, where finds and examined sightings show it; None where they do not.

    least   the probability from which on it is said

    Below the threshold of support it was probably there. It is settled only where two independent lines tell it.
    """
    kind = meant_kind(question, case)
    rows = [row for row in assessed_then(question, case) if object_chance(row, kind)]
    chance = 1.0 - math.prod(1.0 - object_chance(row, kind) for row in rows)
    if not rows or chance < least:
        return None
    # What is hardly one, such as an explained balloon, shows nothing.
    rows = [row for row in rows if object_chance(row, kind) > MOST_FOR_CONTRADICTION] or rows
    counted = _number_rows(question, case)
    lines, is_sure = case.lines_behind([*rows, *counted]), chance >= LEAST_FOR_SUPPORT
    names = tuple(evidence_name(row) for row in rows)
    if is_sure:
        shows = _say_operators(rows, kind) or f": {_say_basis(names)} with a probability of {share(chance)}"
        text = f"There was {thing}{shows}{_say_counted(counted, case)}{_say_left(rows, question, case)}"
    else:
        text = f"There was probably {thing} ({share(chance)}): {_say_basis(names, 'speaks', 'speak')} for it"
    untold = _say_untold(rows, kind, that_night_of(question, case))
    return Answer(
        text=f"{text}{untold}",
        standing=SETTLED if is_sure and lines >= ENOUGH_LINES and not untold else LIKELY,
        lines=lines,
        how_sure=_say_observers(rows, question, case) if lines < ENOUGH_LINES else "",
        probability=chance,
        rows=(*names, *_event_names(counted)),
        missing="sensor",
        is_present=True,
    )


def _say_operators(rows: Sequence[Row], kind: str) -> str:
    """Return that whoever flew is known, and who it was; empty where anything that shows it was somebody else's."""
    shown = [row for row in rows if object_chance(row, kind) >= _LEAST_LIKELY]
    if not shown or not all(is_known_drone(row) for row in shown):
        return ""
    whys = dict.fromkeys(" ".join((row["explained_why"] or "").split()).rstrip(" .;") for row in shown)
    said = "; ".join(inside_sentence(why) for why in whys if why)
    return f", and its operator is known{f': {said}' if said else ''}"


def _say_left(rows: Sequence[Row], question: Row, case: Case) -> str:
    """Return what stays unexplained beside sightings whose operators are known; else ""."""
    seen = sightings_then(question, case)
    is_left = any((is_unsought(row) or is_unexplained(row)) and row not in rows for row in seen)
    return f"; {join_words(say_sightings(seen))}" if is_left and any(map(is_known_drone, rows)) else ""


def _say_observers(rows: Sequence[Row], question: Row, case: Case) -> str:
    """Return that one alone judged what several saw independently of one another; else ""."""
    judges = list(dict.fromkeys(judge for row in rows if (judge := judge_of(row)) is not None))
    seen = [row for row in sightings_then(question, case) if not row["saw_nothing"] and not row["after_alarm"]]
    saw = [row for row in seen if row in rows or is_unexplained(row)]
    observers = case.lines_behind([{**row, "assigned_by": None} for row in saw], every=True)
    if len(judges) != 1 or observers < ENOUGH_LINES:
        return ""
    return f"{judges[0]} alone judged it; {observers} observers independent of one another saw something"


def _say_basis(names: Sequence[str], one: str = "shows", many: str = "show") -> str:
    """Return how many finds and examined sightings show something: "2 finds and 1 examined sighting show it"."""
    finds = sum(name.startswith("finds:") for name in names)
    seen = sum(name.startswith("sightings:") for name in names)
    parts = [count_noun(number, noun) for number, noun in ((finds, "find"), (seen, "examined sighting")) if number]
    return f"{join_words(parts)} {one if finds + seen == 1 else many}{' it' if one == 'shows' else ''}"


def _number_rows(question: Row, case: Case) -> list[Row]:
    """Return the events of deciding sources that tell one or more of what is asked after."""
    return [
        row
        for told in (case.number_tellings(unit, DEFAULT_ABOUT) for unit in units_of(meant_kind(question, case)))
        for name, low, grade in zip(told.names, told.low.tolist(), told.grade.tolist(), strict=True)
        if low >= 1.0
        and grade < UNGRADED
        and (row := case.event_of(name)) is not None
        and question["occasion_id"] in (None, row["occasion_id"])
    ]


def _say_counted(rows: Sequence[Row], case: Case) -> str:
    """Return who counted it, beside what was found: "; 2 drones were counted, according to Post"."""
    if not rows:
        return ""
    amounts = list(dict.fromkeys(_say_amount(row, case) for row in rows))
    are = "was" if all(row["value"] == 1 for row in rows) else "were"
    what = f"{amounts[0]} {are} counted" if len(amounts) == 1 else "numbers are told"
    return f"; {what}, {attribute([(row, case.sayers(row)) for row in rows], case)}"


def _say_amount(row: Row, case: Case) -> str:
    unit = unit_of(row, case.units)
    noun = unit.nouns[0 if row["value"] == 1 else 1].removesuffix(" reported") if unit is not None else ""
    return f"{RELATIONS.get(row['relation'] or 'exactly', '{}').format(plain(row['value']))} {noun}".strip()


def _event_names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(f"events:{row['event_id']}" for row in rows)


def _by_numbers(question: Row, thing: str, case: Case) -> Answer | None:
    """Return that something was there where events of deciding sources tell how many; None where none does."""
    rows = _number_rows(question, case)
    if not rows:
        return None
    lines = case.lines_behind(rows)
    return Answer(
        text=f"There was {thing}, {attribute([(row, case.sayers(row)) for row in rows], case)}",
        standing=SETTLED if lines >= ENOUGH_LINES else LIKELY,
        lines=lines,
        rows=_event_names(rows),
        missing="sensor",
        is_present=True,
    )


def _thing(question: Row, case: Case) -> str:
    """Return what is asked after: a drone, unless the question asks after balloons or kites alone."""
    return _say_kind(meant_kind(question, case), is_find=False)


def _firm(
    word: str,
    question: Row,
    items: Sequence[Row],
    by_value: dict[str, list[Row]],
    withdrawn: Sequence[str],
    counted: Sequence[Row],
    case: Case,
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
    behind = [row for row in assessed_rows(case) if evidence_name(row) in named]
    if assessed:
        flown = _say_operators(behind, meant_kind(question, case)) if word == "present" else ""
        basis = f"{flown or f': {_say_basis(assessed)}{shown}'}{_say_counted(counted, case)}"
        basis += _say_left(behind, question, case)
    else:
        basis = ""
    tellers = case.somebodys([*case.rows_by_name(names), *items])
    beside = [row for row in counted if f"events:{row['event_id']}" not in named]
    spoken = {name for row in tellers for name in case.sayers(row)}
    unspoken = [row for row in beside if not spoken.issuperset(case.sayers(row))]
    basis = basis or f"{shown}, {_who(tellers, case)}{_say_counted(unspoken, case)}"
    untold = _say_untold(behind, meant_kind(question, case), that_night_of(question, case)) if word == "present" else ""
    text = f"There was {_negated(_thing(question, case), word)}{basis}{untold}"
    if assessed:
        number = max(case.lines_in_words(lines), case.lines_behind([*behind, *counted]))
    else:
        number = case.lines_behind([*tellers, *beside])
    is_thin = word == "present" and (number < ENOUGH_LINES or bool(untold))
    against = [_say_statements(by_value, (other, "cannot_tell") if word == "present" else (other,), case)]
    against += [_say_unseen(question, case)] if word == "present" else []
    return Answer(
        text=_with(text, withdrawn),
        standing=LIKELY if is_thin else SETTLED,
        lines=number,
        probability=chance,
        how_sure=_say_observers(behind, question, case) if is_thin else "",
        against=" ".join(filter(None, against)),
        rows=(*names, *_event_names(beside)),
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
    *,
    sightings: Sequence[Row],
) -> Answer:
    """Return that it cannot be told, or what nobody confirms and nothing speaks against.

    sightings   those of the occasion asked about
    """
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
    telling = [row for row in sightings if bears_on_it(row)]
    lines = case.lines_behind([*telling, *weighty], every=True) if is_open else case.lines_behind(weighty)
    names = tuple(dict.fromkeys([*rows, *case.evidence_of(items)]))
    return Answer(
        text=_with(text, withdrawn), standing=standing, lines=lines, against=against, rows=names, missing="sensor"
    )


def _is_all_explained(question: Row, case: Case) -> bool:
    """Tell whether something was seen, all of it is explained, and nothing that was found may be one."""
    kind, seen = (meant_kind(question, case), [row for row in sightings_then(question, case) if not row["saw_nothing"]])
    left = [row for row in seen if is_unsought(row) or is_unexplained(row)]
    own = assessed_then(question, case)
    is_none = all(
        assessed_chance(row) is not None and object_chance(row, kind) <= MOST_FOR_CONTRADICTION for row in own
    )
    return bool(seen) and not left and is_none


def _unshown(
    thing: str,
    absent: Sequence[Row],
    judged: Sequence[Row],
    evidence: Sequence[str],
    withdrawn: Sequence[str],
    rows: Sequence[str],
    case: Case,
) -> Answer:
    """Return that nothing shows anything, and who says that there was none: explaining all is no proof of it.

    judged   the sightings that somebody who is named examined or explained
    """
    text = f"Nothing shows that there was {thing}: {', '.join(evidence)}; {_who_says(absent, case)} that there was none"
    return Answer(
        text=_with(text, withdrawn),
        standing=LIKELY,
        lines=case.lines_behind([*case.somebodys(absent), *judged]),
        rows=tuple(dict.fromkeys([*rows, *case.evidence_of(absent)])),
        missing="sensor",
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
