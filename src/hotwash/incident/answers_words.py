"""What it was, why, and what was found: statements side by side, each with its speaker; words are never weighed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hotwash.claims.assessed import is_examined, judge_of
from hotwash.claims.evidence import LEAST_FOR_SUPPORT, MOST_FOR_CONTRADICTION
from hotwash.claims.lines import fold, is_of_unknown
from hotwash.claims.on_statements import FORECASTS
from hotwash.claims.words import count_noun, inside_sentence, share
from hotwash.incident.attribution import attribute
from hotwash.incident.case import DISPUTED, LIKELY, NOT_ASKED, OPEN, SETTLED, Answer, Case, Row, according_to, join_most
from hotwash.model.words import OBJECT_KINDS

_WORD = re.compile(r"[^\W_]+")
_DENYING = {"no", "not", "never"}
_MOST = 4  # statements said side by side
_OBJECTS = {
    "uas": "an uncrewed aircraft",
    "missile_part": "a missile part",
    "model_aircraft": "a model aircraft",
    "balloon": "a balloon",
    "sky_lantern": "a sky lantern",
    "kite": "a kite",
    "other": "no aircraft",
    "unknown": "not identified",
}


_EXPLANATIONS = {
    "known_traffic": "Known traffic",
    "known_uas": "A drone whose operator is known",
    "track": "A track of the recording",
    "celestial": "A star, a planet or the moon",
    "balloon": "A balloon",
    "sky_lantern": "A sky lantern",
    "kite": "A kite",
    "bird": "A bird",
    "other": "Something else",
}
_UNEXPLAINED = {
    "unexplained": "It stays unexplained after a search",
    "confirmed": "It is confirmed that it was seen, and nothing explains it",
}


_HOW_SURE = {"unexplained": "sought, and nothing found", "confirmed": "seen by others too, and not explained"}


def answer_words(question: Row, case: Case) -> Answer:
    """Return who says what on a cause or a finding: the latest of each speaker, in order, none of them weighed.

    A cause of one sighting is answered by how that sighting is explained.
    """
    latest = _latest(case.latest_statements(question))
    sighting = next((row for row in case.sightings if row["sighting_id"] == question["subject_id"]), None)
    if sighting is not None and sighting["explained_by"] is not None:
        return _explained(sighting, latest, case)
    if sighting is not None and is_examined(sighting):
        return _examined(sighting, latest, case)
    if not latest and sighting is not None:
        rows = (f"sightings:{sighting['sighting_id']}",)
        return Answer(text="Nobody has sought an explanation of it", standing=OPEN, rows=rows, missing="statement")
    if not latest:
        return Answer(text="Nobody has said anything on this", standing=OPEN, missing="statement")
    excluded, is_even = _exclusions(latest, case)
    unevenly = "told, not weighed; of statements that exclude one another one has the better source"
    if excluded:
        sure = "statements exclude one another; words are not weighed" if is_even else unevenly
    return Answer(
        text=_side_by_side(latest, case),
        standing=DISPUTED if is_even else OPEN,
        lines=case.lines_behind(latest, every=True),
        how_sure=sure if excluded else _say_agreement(latest),
        against=f"{'; '.join(excluded)}." if excluded else "",
        rows=tuple(f"claims:{item['claim_id']}" for item in latest),
        missing="finding" if len(latest) > 1 else "basis",
    )


def _say_agreement(latest: Sequence[Row]) -> str:
    """Return that words are not weighed, and whether all who speak say the same by the `value` that the analyst gave.

    Free words are compared by that value alone; without one for each statement, nobody knows whether they agree.
    """
    values = {fold(item["value"]) if item["value"] else None for item in latest}
    speakers = {fold(item["said_by"]) for item in latest}
    if len(values) > 1 or None in values or len(speakers) < 2:
        return "told, not weighed"
    return "all who speak of it agree, and nobody else tells it; words are not weighed"


def _explained(sighting: Row, latest: Sequence[Row], case: Case) -> Answer:
    """Return how a sighting is explained, and who says what of it beside."""
    word, why = sighting["explained_by"], " ".join((sighting["explained_why"] or "").split()).rstrip(" .;")
    found = _UNEXPLAINED.get(word) or f"{_EXPLANATIONS[word]} explains it"
    found = "It is explained" if word == "other" and why else found  # the reason itself says by what
    said = f"; {inside_sentence(_side_by_side(latest, case))}" if latest else ""
    by = f", as {sighting['assigned_by']} finds" if judge_of(sighting) else ""
    lines, is_open = case.lines_behind(_explaining(sighting, latest)), word in _UNEXPLAINED
    excluded, _ = _exclusions(latest, case)
    return Answer(
        text=f"{found}{by}{f': {inside_sentence(why)}' if why else ''}{said}",
        standing=OPEN if is_open else LIKELY,
        lines=lines,
        how_sure=_HOW_SURE.get(word, ""),
        against=f"{'; '.join(excluded)}." if excluded else "",
        rows=(f"sightings:{sighting['sighting_id']}", *(f"claims:{item['claim_id']}" for item in latest)),
        missing="sensor" if is_open else "basis",
    )


def _explaining(sighting: Row, latest: Sequence[Row]) -> list[Row]:
    """Return the rows that tell the explanation of a sighting: who is named as finding it, and who says the same.

    Where neither is there, the row itself stands for it. Who only saw it explains nothing beside those who do.
    """
    value_of = {item["claim_id"]: fold(item["value"] or "") for item in latest}
    judge = fold(judge_of(sighting) or "")
    same = {
        value
        for item in latest
        if (value := value_of[item["claim_id"]])
        and (_names_explanation(value, sighting) or fold(item["said_by"]) == judge)
    }
    agreeing = [item for item in latest if value_of[item["claim_id"]] in same]
    return [*([sighting] if judge or not agreeing else []), *agreeing]


def _names_explanation(value: str, sighting: Row) -> bool:
    """Tell whether a value says what explains a sighting: by the word of `explained_by` or words of its reason."""
    words, named = set(_WORD.findall(value)), set(_WORD.findall(sighting["explained_by"]))
    if not words or words & _DENYING:
        return False
    is_same = sighting["explained_by"] not in (*_UNEXPLAINED, "other") and named <= words
    return is_same or words <= set(_WORD.findall(fold(sighting["explained_why"] or "")))


def _examined(sighting: Row, latest: Sequence[Row], case: Case) -> Answer:
    """Return what a sighting that nothing explains was examined as, and who says what of it beside."""
    chance = float(sighting["probability_uas"])
    by = f"as {sighting['assigned_by']} assesses it"
    said = f"; {inside_sentence(_side_by_side(latest, case))}" if latest else ""
    is_none, is_one = chance <= MOST_FOR_CONTRADICTION, chance >= LEAST_FOR_SUPPORT
    what = "It was no drone" if is_none else "It was a drone" if is_one else "It may have been a drone"
    excluded, _ = _exclusions(latest, case)
    return Answer(
        text=f"{what}, with a probability of {share(1.0 - chance if is_none else chance)}, {by}{said}",
        standing=LIKELY if is_none or is_one else OPEN,
        lines=case.lines_behind([sighting]),
        probability=1.0 - chance if is_none else chance,
        against=f"{'; '.join(excluded)}." if excluded else "",
        rows=(f"sightings:{sighting['sighting_id']}", *(f"claims:{item['claim_id']}" for item in latest)),
        missing="examination",
    )


def answer_intent(question: Row, case: Case) -> Answer:
    """Return who says what on intent, which is never judged."""
    latest = _latest(case.latest_statements(question))
    if not latest:
        return Answer(text="Nobody has spoken of intent", standing=NOT_ASKED, how_sure="never judged")
    return Answer(
        text=_side_by_side(latest, case),
        standing=NOT_ASKED,
        lines=case.lines_behind(latest, every=True),
        how_sure="never judged",
        rows=tuple(f"claims:{item['claim_id']}" for item in latest),
    )


def _latest(rows: Sequence[Row]) -> list[Row]:
    """Return the statements that say different things, in the order said; of equal ones the first."""
    first: dict[tuple[str, str], Row] = {}
    for item in rows:
        first.setdefault((fold(item["said_by"]), fold(item["value"] or item["summary"])), item)
    return list(first.values())


def _side_by_side(rows: Sequence[Row], case: Case) -> str:
    """Return statements as clauses, in the order said; of many some, and how many more there are.

    First those that an analyst holds to exclude one another, then those of sources of reliability A or B, then the
    latest.
    """
    excluding = {name for item in rows for other in item["excludes"] or () for name in (item["claim_id"], other)}
    places = range(len(rows))
    weighty = sorted(places, key=lambda at: (rows[at]["claim_id"] in excluding, case.is_graded(rows[at]), at))
    shown = [rows[at] for at in sorted(weighty[-_MOST:])]
    speakers = [None, *(item["said_by"] for item in shown)]
    said = [
        _say_statement(item, is_named=speaker == item["said_by"])
        for item, speaker in zip(shown, speakers, strict=False)
    ]
    left = len(rows) - len(shown)
    said = [said[0], *map(inside_sentence, said[1:])]
    return "; ".join([*said, *([f"{count_noun(left, 'more statement')} below"] if left else [])])


def _say_statement(item: Row, *, is_named: bool) -> str:
    """Return a statement in the analyst's words, with its speaker where nothing just before or in it names them."""
    summary = " ".join((item["summary"] or item["value"] or "no words given").split()).rstrip(" .;")
    speaker = item["said_by"]
    head = fold(speaker).split(" (")[0].split(" of ")[0]
    mark = f" ({item['told_as']})" if item["told_as"] in FORECASTS else ""
    said = summary if is_named or (head and head in fold(summary)) else f"{speaker}: {inside_sentence(summary)}"
    return f"{said}{mark}"


def _exclusions(rows: Sequence[Row], case: Case) -> tuple[list[str], bool]:
    """Return which statements an analyst holds to exclude one another, and whether two of equal rank do.

    What a source of reliability A or B says stands higher than what another says, as everywhere in the account; what it
    has from nobody knows whom does not. A forecast, and what came instead, are no dispute.
    """
    by_id = {item["claim_id"]: item for item in rows}
    order = {name: place for place, name in enumerate(by_id)}
    pairs = sorted(
        {
            tuple(sorted((order[name], order[other])))
            for name, item in by_id.items()
            for other in item["excludes"] or ()
            if other in by_id and other != name
        }
    )
    both, is_even = list[str](), False
    for place, other in pairs:
        first, last = rows[place], rows[other]
        said = f"{first['said_by']} and {last['said_by']} cannot both be right"
        said = f"{first['said_by']} says both" if first["said_by"] == last["said_by"] else said
        higher, lower = sorted((first, last), key=lambda row: _stands_high(row, case), reverse=True)
        foretold = [row for row in (first, last) if row["told_as"] in FORECASTS]
        if len(foretold) == 1:
            came = last if foretold[0] is first else first
            told = foretold[0]["said_by"], foretold[0]["told_as"]
            said = "what {} told as {} did not come, ".format(*told) + according_to([came["said_by"]])
        elif _stands_high(higher, case) == _stands_high(lower, case):
            is_even = True
        else:
            grades = [
                f"reliability {grade}" if (grade := case.grade_of(row)) else "not rated" for row in (higher, lower)
            ]
            said += f", and {higher['said_by']} stands higher ({grades[0]} against {grades[1]})"
        both.append(said)
    return list(dict.fromkeys(both)), is_even


def _stands_high(row: Row, case: Case) -> bool:
    return case.is_graded(row) and not is_of_unknown(row)


# ---------------------------------------------------------------- what it was


def answer_identity(question: Row, case: Case) -> Answer:
    """Return what a find was: as it is assessed, and as statements have it."""
    said = [item for item in case.standing(question) if item["value"]]
    find = next((row for row in case.finds if row["find_id"] == question["subject_id"]), None)
    groups: dict[str, list[Row]] = {}
    for item in said:
        groups.setdefault(fold(item["value"]), []).append(item)
    supported = [word for word, items in groups.items() if any(item["verdict"] == "supported" for item in items)]
    live = supported or [word for word, items in groups.items() if any(i["verdict"] != "contradicted" for i in items)]
    live = [word for word in live if word != "unknown"] or live
    live = [word for word in live if any(map(case.is_graded, groups[word]))] or live  # a poorer source makes no dispute
    if len(live) == 1:
        return _one_identity(live[0], groups, find, case)
    if not live:
        return _assessed(find, groups, case)
    parts = [f"{_say_word(word, groups[word])} {_who(groups[word], case)}" for word in live]
    rows = [item for word in live for item in groups[word]]
    return Answer(
        text=f"It is disputed what it was: {join_most(parts)}",
        standing=DISPUTED,
        lines=case.lines_behind(rows, every=True),
        against=_others(groups, live, case),
        rows=_rows(rows, find, case),
        missing="examination",
    )


def _one_identity(word: str, groups: dict[str, list[Row]], find: Row | None, case: Case) -> Answer:
    items = groups[word]
    chances = [item["probability"] for item in items if item["verdict"] == "supported" and item["probability"]]
    is_supported = any(item["verdict"] == "supported" for item in items)
    is_assessed = find is not None and find["object_kind"] == word and word != "unknown"
    chance = max(chances, default=None)
    sure = f" ({share(chance)})" if chance is not None else ""
    if word == "unknown":
        text = f"What it was is not identified, {_who(items, case)}"
    else:
        who = attribute([(item, case.sayers(item)) for item in items], case, alone=not is_assessed)
        text = f"It was {_say_word(word, items)}{sure}, {who}"
    if find is not None and not is_assessed and find["object_kind"] != "unknown":
        text = f"{text}; the find is assessed as {_OBJECTS[find['object_kind']]}"
    lines = case.lines_in_words(case.lines_of(items))
    return Answer(
        text=text,
        standing=SETTLED if is_supported else OPEN if word == "unknown" else LIKELY,
        lines=max(lines if is_supported else 0, case.lines_behind(items)),
        probability=chance,
        against=_others(groups, [word], case),
        rows=_rows(items, find, case),
        missing="examination",
    )


def _assessed(find: Row | None, groups: dict[str, list[Row]], case: Case) -> Answer:
    """Return what a find is assessed to be, where no statement stands."""
    against = _others(groups, [], case)
    if find is None:
        return Answer(text="What it was is not known", standing=OPEN, against=against, missing="examination")
    chance = find["probability_find"]
    is_no_drone = find["object_kind"] == "unknown" and chance is not None and chance <= MOST_FOR_CONTRADICTION
    if is_no_drone and find["what"]:
        return _something_else(find, against, case)
    if find["object_kind"] == "unknown":
        return Answer(text="What it was is not known", standing=OPEN, against=against, missing="examination")
    by = f" by {find['assigned_by']}" if find["assigned_by"] else ""
    chance = find["probability_find"] if find["object_kind"] == "uas" else None
    sure = f" ({share(chance)})" if chance is not None else ""
    return Answer(
        text=f"It is assessed{by} as {_OBJECTS[find['object_kind']]}{sure}",
        standing=LIKELY,
        lines=case.lines_behind([find]),
        probability=chance,
        against=against,
        rows=(f"finds:{find['find_id']}",),
        missing="examination",
    )


def _something_else(find: Row, against: str, case: Case) -> Answer:
    """Return that a find is no drone, and what its assessment says that it is."""
    by = f" by {find['assigned_by']}" if find["assigned_by"] else ""
    what = " ".join(find["what"].split()).rstrip(" .;")
    return Answer(
        text=f"It is assessed{by} as no drone: {inside_sentence(what)}",
        standing=LIKELY,
        lines=case.lines_behind([find]),
        against=against,
        rows=(f"finds:{find['find_id']}",),
        missing="examination",
    )


def _rows(items: Sequence[Row], find: Row | None, case: Case) -> tuple[str, ...]:
    own = [f"finds:{find['find_id']}"] if find is not None else []
    return tuple(dict.fromkeys([*own, *case.evidence_of(items)]))


def _say_word(word: str, items: Sequence[Row]) -> str:
    return _OBJECTS[word] if word in OBJECT_KINDS else f"“{items[0]['value'].strip()}”"


def _who(items: Sequence[Row], case: Case) -> str:
    return attribute([(item, case.sayers(item)) for item in items], case)


def _others(groups: dict[str, list[Row]], live: Sequence[str], case: Case) -> str:
    said = [f"{_say_word(word, items)} {_who(items, case)}" for word, items in groups.items() if word not in live]
    return f"{'; '.join(said[:3])}." if said else ""
