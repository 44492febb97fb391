"""How high, how far away, how fast, how large: the answers to questions of a quantity that nobody counts.

estimates ─▶ whom each repeats ─▶ groups that agree ─▶ "It was at about 600 ft (183 m), according to Crew."
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from hotwash.claims.lines import fold
from hotwash.claims.words import plain
from hotwash.incident.attribution import Said, attribute
from hotwash.incident.case import DISPUTED, ENOUGH_LINES, LIKELY, OPEN, SETTLED, UNVOUCHED, Answer, Case, Row, join_most
from hotwash.incident.tellings import Group, Telling, agree_on, contrary, keep_by_grade, say_support, say_who
from hotwash.model.questions import QUESTION_KINDS
from hotwash.model.words import HEIGHT_REFERENCES
from hotwash.units import convert

# The unit in which each is told again, so that a pilot and a reader on the ground see the same thing.
_OTHER = {"ft": "m", "m": "ft", "km": "NM", "NM": "km", "mi": "km", "kt": "km/h", "km/h": "kt", "m/s": "km/h"}
_SEEN = {"height": "height_agl_m", "distance": "distance_m"}  # the columns of a sighting
_RELATIONS = {
    "about": "about {}",
    "at_least": "no less than {}",
    "at_most": "no more than {}",
    "more_than": "more than {}",
    "less_than": "less than {}",
}


def answer_measure(question: Row, case: Case) -> Answer:
    """Return what is told of a quantity, by those who know it themselves; who repeats them adds no telling."""
    kind, standing = QUESTION_KINDS[question["kind"]], case.standing(question)
    said = [item for item in standing if item["low"] is not None]
    replaced = {fold(item["claim_id"]): fold(item["said_by"]) for item in case.replaced_statements(question)}
    repeated = {item["claim_id"]: _origin(item, said, replaced) for item in said}
    echoes: dict[str, list[Said]] = {}
    for item in said:
        if repeated[item["claim_id"]] is not None:
            echoes.setdefault(_first_of(item["claim_id"], repeated), []).append((item, case.sayers(item)))
    tellings = [
        _of_claim(item, case, echoes.get(item["claim_id"], ())) for item in said if repeated[item["claim_id"]] is None
    ]
    tellings += _of_sighting(question, tellings, case)
    pool = [item for item in tellings if item.verdict != "contradicted"]
    if not pool:
        return _untold(standing, tellings, question, case)
    apart = _by_reference(pool)
    agreed = {reference: _agree(keep_by_grade(own)) for reference, own in apart.items()}
    each = [
        "; or ".join(
            f"{_say_group(group, question)}{_say_reference(reference, apart)}, {_say_support(group, question, case)}"
            for group in groups
        )
        for reference, (groups, _) in agreed.items()
    ]
    against = [
        contrary(
            [*(item for item in tellings if _reference(item) == reference), *overruled],
            *_span(groups),
            case,
            say=lambda item: _say(item, question),
            but=[item for group in groups for item in group.tellings],
        )
        for reference, (groups, overruled) in agreed.items()
    ]
    members = [item for groups, _ in agreed.values() for group in groups for item in group.tellings]
    tellers = {name: [item for group in groups for item in group.tellers] for name, (groups, _) in agreed.items()}
    every = [item for own in tellers.values() for item in own]
    lines = min(case.lines_behind([item.origin for item in own]) for own in tellers.values())
    is_sure = lines >= ENOUGH_LINES and all(item.is_graded for item in every)
    is_unvouched = case.is_nobodys([item.origin for item in every])
    is_disputed = any(len(groups) > 1 for groups, _ in agreed.values())
    standing_of = DISPUTED if is_disputed else SETTLED if is_sure else OPEN if is_unvouched else LIKELY
    return Answer(
        text=_inside(_sentence_of(question, kind.says, case), each)
        + ("" if standing_of == SETTLED else case.say_ignorance(standing, what="it")),
        standing=standing_of,
        lines=case.lines_behind([item.origin for item in every]),
        how_sure=UNVOUCHED if standing_of == OPEN else "",
        against=" ".join(filter(None, [*against, _say_left_out(tellings, apart, question, case)])),
        rows=tuple(item.row for item in members),
        missing="measurement",
    )


def _agree(tellings: Sequence[Telling]) -> tuple[list[Group], list[Telling]]:
    """Return groups of amounts that agree, lowest first, and those that an exact one overrules.

    Of amounts told as "about", each must lie within what the other means: that their widths touch makes 30 m no 55 m.
    A bound goes with what it admits, or stands alone.
    """
    rough = sorted((item for item in tellings if item.origin["relation"] == "about"), key=_middle)
    if len(rough) < 2 or any(item.is_exact for item in tellings):
        return agree_on(tellings)
    groups: list[list[Telling]] = []
    for item in rough:
        near = next((own for own in groups if all(_means(item, one) and _means(one, item) for one in own)), None)
        groups.append([item]) if near is None else near.append(item)
    alone = []
    for bound in (item for item in tellings if item not in rough):
        admitted = [own for own in groups if all(bound.low <= _middle(one) <= bound.high for one in own)]
        for own in admitted:
            own.append(bound)
        alone += [] if admitted else [bound]
    found = [Group(max(one.low for one in own), min(one.high for one in own), tuple(own)) for own in groups]
    found += agree_on(alone)[0]
    return sorted(found, key=lambda group: (group.low, group.high)), []


def _middle(item: Telling) -> float:
    return (item.low + item.high) / 2.0


def _means(item: Telling, other: Telling) -> bool:
    """Tell whether what another tells lies within what one means."""
    return item.low <= _middle(other) <= item.high


def _reference(telling: Telling) -> str:
    return str(telling.origin["value_ref"] or "")


def _by_reference(pool: Sequence[Telling]) -> dict[str, list[Telling]]:
    """Return tellings by what their heights are above, those that do not say it last: no two of them are compared."""
    order = [*HEIGHT_REFERENCES, ""]
    found = {reference: [item for item in pool if _reference(item) == reference] for reference in order}
    return {reference: own for reference, own in found.items() if own}


def _say_reference(reference: str, apart: Mapping[str, object]) -> str:
    """Return above what a height is: " AMSL"; what nobody says is said only beside another."""
    return f" {reference}" if reference else " (above what is not told)" if len(apart) > 1 else ""


def _say_left_out(tellings: Sequence[Telling], apart: Mapping[str, object], question: Row, case: Case) -> str:
    """Return the contradicted heights above something that no answer is above."""
    left = [item for item in tellings if _reference(item) not in apart]
    said = [f"{_say(item, question)}{_say_reference(_reference(item), {})} {say_who([item], case)}" for item in left]
    return f"{join_most(said)}." if said else ""


def _sentence_of(question: Row, says: str, case: Case) -> str:
    """Return the sentence that an amount stands in: a distance with its far end, where the question names one."""
    subject = question["subject_id"]
    if question["kind"] != "distance" or not subject:
        return says
    if any(row["sighting_id"] == subject for row in case.sightings):
        return "It was {} from the observer"  # what a sighting states is as far from whoever looked
    place = next((row["place"] for row in case.finds if row["find_id"] == subject), None)
    return f"It was {{}} from {place or case.name_of(subject)}"


def _inside(sentence: str, each: Sequence[str]) -> str:
    """Return a sentence whose amount has words behind it: "It was 2 NM from Lublin, according to Tower"."""
    before, after = sentence.split("{}", 1)
    return before + "; and ".join(text.replace(", according to", f"{after}, according to") for text in each)


def _span(groups: Sequence[Group]) -> tuple[float, float]:
    return min(group.low for group in groups), max(group.high for group in groups)


def _untold(standing: Sequence[Row], tellings: Sequence[Telling], question: Row, case: Case) -> Answer:
    """Return that nothing is known of it, who says so, and what is told that is contradicted."""
    name = question["kind"]
    against = join_most([f"{_say(item, question)} {say_who([item], case)}" for item in tellings])
    if tellings:
        text = f"No {name} can be given: what is told is contradicted"
        return Answer(text=text, standing=OPEN, against=against, rows=tuple(item.row for item in tellings))
    unknown = [item for item in standing if item["value"] == "not_known"]
    if unknown:
        rows = tuple(f"claims:{item['claim_id']}" for item in unknown)
        text = f"The {name} is not known, {attribute([(item, case.sayers(item)) for item in unknown], case)}"
        return Answer(text=text, standing=OPEN, rows=rows, lines=case.lines_behind(unknown))
    return Answer(text=f"No {name} can be given. Nobody tells it", standing=OPEN)


def _origin(claim: Row, said: Sequence[Row], replaced: Mapping[str, str]) -> str | None:
    """Return the claim that another one repeats, by row, source or speaker; None where it repeats none that is here.

    replaced   who said the statements that their speakers have replaced since, by row; folded
    """
    names = {fold(name) for name in claim["derived_from"] or ()}
    names |= {speaker for row, speaker in replaced.items() if row in names}  # who has corrected it is still who said it
    for item in said:
        own = {fold(item["claim_id"]), fold(item["said_by"]), fold(item["source_id"])}
        is_other = item["claim_id"] != claim["claim_id"] and claim["value_ref"] in (None, item["value_ref"])
        is_other = is_other and claim["claim_id"] not in (item["derived_from"] or ())
        if is_other and own & names and item["low"] <= claim["high"] and claim["low"] <= item["high"]:
            return str(item["claim_id"])
    return None


def _first_of(name: str, repeated: Mapping[str, str | None]) -> str:
    """Return the claim that a claim goes back to over all who repeat one another; in a circle, where it closes."""
    seen = {name}
    while (before := repeated.get(name)) is not None and before not in seen:
        seen.add(before)
        name = before
    return name


def _of_claim(claim: Row, case: Case, echoes: Sequence[Said]) -> Telling:
    is_exact = claim["relation"] == "exactly"
    ends = (claim["low"], claim["high"], is_exact, case.is_graded(claim), claim["verdict"])
    return Telling(f"claims:{claim['claim_id']}", claim, case.sayers(claim), *ends, echoes=tuple(echoes))


def _of_sighting(question: Row, told: Sequence[Telling], case: Case) -> list[Telling]:
    """Return what the sighting that a question is about states itself, where its observer does not claim it too."""
    column = _SEEN.get(question["kind"], "")
    found = []
    for row in case.sightings:
        if not column or row["sighting_id"] != question["subject_id"] or row[column] is None:
            continue
        who = case.sayers(row) or (row["role"],)
        if not any(set(item.who) & set(who) for item in told):
            value = {
                **row,
                "value": row[column],
                "value_high": None,
                "relation": "about",
                "unit": "m",
                "said_unit": "m",
                "value_ref": "AGL" if question["kind"] == "height" else None,
            }
            wide = 0.1 * row[column]  # as "about" is where no question says it
            name = f"sightings:{row['sighting_id']}"
            ends = {"low": row[column] - wide, "high": row[column] + wide, "is_exact": False}
            found.append(Telling(name, value, who, **ends, is_graded=case.is_graded(row)))
    return found


def _say_support(group: Group, question: Row, case: Case) -> str:
    """Return who tells an amount, and in brackets who only admits it: "according to Guards (Crew: below 400 ft)"."""
    return say_support(group, case, say=lambda item: _say(item, question), alone=False, lead=_sharpest(group))


def _say_group(group: Group, question: Row) -> str:
    return _say(_sharpest(group), question)


def _sharpest(group: Group) -> Telling:
    return min(group.tellers, key=lambda item: (not item.is_exact, not item.is_graded, item.high - item.low, item.row))


def _say(telling: Telling, question: Row) -> str:
    """Return an amount as it was told, and in the unit of others: "about 600 ft (183 m)"."""
    row = telling.origin
    unit = row["said_unit"] or question["unit"]
    values = [float(row["value"]), *([float(row["value_high"])] if row["value_high"] is not None else [])]
    amount = f"{' to '.join(map(plain, values))} {unit}"
    other = _OTHER.get(unit)
    if other is not None:
        again = " to ".join(plain(_three_digits(convert(value, unit, other))) for value in values)
        amount += f" ({again} {other})"
    return _RELATIONS.get(row["relation"] or "exactly", "{}").format(amount)


def _three_digits(value: float) -> float:
    """Return a converted number to three digits: nobody estimates to the inch."""
    return value if value == 0.0 else round(value, 2 - math.floor(math.log10(abs(value))))
