"""Numbers told again: a claim against those whom it repeats, and the same number elsewhere in another unit.

Agency: 37 delayed ◀─ repeats ─ Paper: 37 cancelled     contradicted by the very one whom it repeats
Hotline: 84 reports             Paper: 84 drones        nobody is named: the reason says where the number stands
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hotwash.claims import numbers
from hotwash.claims.evidence import COMPATIBLE, CONTRADICTED, Evidence, Judgement, Row
from hotwash.claims.lines import Line, fold
from hotwash.claims.on_statements import UNDECIDED, UNOPPOSED, blame_copy, is_forecast
from hotwash.claims.part_numbers import PartNames, bounds_for, is_of_same
from hotwash.claims.words import join_names, plain
from hotwash.course.overlaps import unit_of
from hotwash.model.questions import CountUnit, is_part_of

_ROUNDED_DOWN = 1.1  # "more than 200" is said of 212, and hardly of 260
LEAST_TELLING = 10.0  # two people say "three" of two things by chance; "nineteen" hardly ever


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """One number that a claim or an event tells.

    row      the row of evidence: "claims:C1"
    names    by which a claim may repeat it: its sayers, its sources and its own, folded
    stands   the time for which it stands; FINAL for the final one
    """

    row: str
    name: str
    names: frozenset[str]
    who: tuple[str, ...]
    unit: CountUnit
    value: float
    relation: str
    low: float
    high: float
    stands: tuple[float, float]
    occasion: str
    subject: str
    part: str | None
    question: str = ""


Told = Sequence[_Told]


def hold_against_origin(judged: Judgement, claim: Row, line: Line, evidence: Evidence) -> Judgement:
    """Return a judgement on a number with what those say whom its claim repeats, and where else the number stands.

    What independent evidence supports, contradicts or admits keeps its verdict: it is so, whoever misquotes it.
    """
    value = _number(claim)
    if judged.verdict not in UNDECIDED or is_forecast(claim) or (value is None and _least(claim) is None):
        return judged
    withdrawn = _say_withdrawn(claim, evidence)
    if withdrawn is not None:
        if judged.verdict == COMPATIBLE:
            return replace(judged, reason=f"{judged.reason} {withdrawn[0]}")
        return Judgement(CONTRADICTED, *withdrawn)
    by_value, by_name = evidence.once("numbers told", lambda: _index(evidence))
    own = _of_origin(claim, line, by_name, evidence)
    if own:
        return _hold_against(judged, _misquoted(own, claim, evidence), claim)
    if value is None or not judged.reason.endswith(UNOPPOSED):
        return judged
    place = (evidence.occasion_of(claim), claim["subject_id"] or "")
    same = [one for one in by_value.get(value, ()) if _is_of_same(one, *place) and is_of_same(one.part, claim["part"])]
    other = _elsewhere(same, claim, value, evidence)
    if other is None:
        return judged
    stands = f"; the same number stands at {other.name} as {_say(other)} ({join_names(other.who, most=2)})."
    return replace(judged, reason=judged.reason.replace(UNOPPOSED, stands), rows=(*judged.rows, other.row))


def _say_withdrawn(claim: Row, evidence: Evidence) -> tuple[str, list[str]] | None:
    """Return the sentence, and the rows, that a claim repeats what its speaker replaced by another unit; None else.

    Of the claim's own unit, the later number speaks for itself.
    """
    named = {fold(name) for name in claim["derived_from"] or ()}
    if not named:
        return None
    later = evidence.once("withdrawn numbers", lambda: _withdrawn(evidence))
    for first, last in later:
        is_named = fold(first["claim_id"]) in named
        is_same = all(first[name] == claim[name] for name in ("question_id", "value", "unit"))
        if not is_named and not (is_same and named & {fold(first["said_by"]), fold(first["source_id"])}):
            continue
        if last["unit"] != claim["unit"] and last["claim_id"] != claim["claim_id"]:
            rest = f"{first['claim_id']}, which {first['said_by']} withdrew ({last['claim_id']})"
            return f"It repeats {rest}.", [f"claims:{first['claim_id']}", f"claims:{last['claim_id']}"]
    return None


def _withdrawn(evidence: Evidence) -> list[tuple[Row, Row]]:
    """Return each claimed number that its speaker replaced, with the last that did."""
    rows = {row["claim_id"]: row for row in evidence.claims.filter(kind="count").iter_rows(named=True)}
    after = {name: row for row in rows.values() for name in row["supersedes"] or () if name in rows}
    found: list[tuple[Row, Row]] = []
    for name in after:
        last, seen = after[name], {name}
        while last["claim_id"] in after and last["claim_id"] not in seen:
            seen.add(last["claim_id"])
            last = after[last["claim_id"]]
        found.append((rows[name], last))
    return found


def _hold_against(judged: Judgement, said: Told, claim: Row) -> Judgement:
    if not said:
        return judged
    who = join_names(list(dict.fromkeys(name for one in said for name in one.who)), most=2)
    if said[0].unit.name == claim["unit"]:
        reason = f"It repeats {who}, who says otherwise ({join_names([one.name for one in said], most=3)})."
    else:
        told = "it" if _number(claim) is None else "the same number"
        reason = f"It repeats {who}, who tells {told} as {_say(said[0])} ({said[0].name})."
    return blame_copy(judged, Judgement(CONTRADICTED, reason, [one.row for one in said]))


def _of_origin(claim: Row, line: Line, by_name: Mapping[str, Sequence[_Told]], evidence: Evidence) -> Told:
    """Return the numbers of those whom a claim repeats: of the rows, sources and speakers that it names; where none
    of them tells one, of those whom these repeat.
    """
    named = {fold(name) for name in claim["derived_from"] or ()}
    if not named:
        return ()
    place = (evidence.occasion_of(claim), claim["subject_id"] or "")
    for names in (named, line.voices - named - {fold(claim["said_by"])}):
        told = dict.fromkeys(one for name in sorted(names) for one in by_name.get(name, ()))
        own = [one for one in told if one.name != claim["claim_id"] and _is_of_same(one, *place)]
        rows = [one for one in own if fold(one.name) in names]  # a row that is named is the one that was repeated
        if own:
            return rows or own
    return ()


def _misquoted(own: Told, claim: Row, evidence: Evidence) -> Told:
    """Return the numbers of a claim's origin that it gives otherwise: none where one of them admits it.

    Another number counts where it answers the same question; the same number in another unit counts everywhere, but
    not in one that the claim's unit takes in. A claim that says of what its number is the sum has it from those rows.
    """
    same = [one for one in own if one.unit.name == claim["unit"]]
    if any(not _excludes(one, claim) for one in same):
        return ()
    is_only = evidence.once("only occasion", lambda: numbers.is_only_occasion(evidence.bundle.occasions))
    occasion = evidence.occasion_of(claim)
    rivals = [
        one
        for one in same
        if (one.question == claim["question_id"] or one.row.startswith("events:"))
        and one.name
        not in evidence.once("declared parts", lambda: _parts(evidence))  # a share is no rival of its whole
        and (is_only or one.occasion == occasion)  # the number of one night is no rival of that of the week
    ]
    if rivals:
        return rivals
    takes_in = evidence.bundle.brief.count_units[claim["unit"]].takes_in
    drifted = [
        one
        for one in own
        if _is_number_of(claim, one.value)
        and one.unit.name not in (claim["unit"], *takes_in)
        and (not claim["parts"] or one.name in claim["parts"])
        and is_of_same(one.part, claim["part"])
    ]
    return [one for one in drifted if not _is_stated_apart(one.unit, claim, evidence)]


def _parts(evidence: Evidence) -> frozenset[str]:
    """Return the rows that somebody names as parts of a sum."""
    rows = (*evidence.events, *evidence.claims.filter(kind="count").iter_rows(named=True))
    return frozenset(name for row in rows for name in row["parts"] or ())


def _is_stated_apart(unit: CountUnit, claim: Row, evidence: Evidence) -> bool:
    """Tell whether a claim's unit is no slip for that of its origin: it is a part of it, or its speaker tells both.

    A unit of the bundle's own whose name goes on from another's is a part of that: `crossings_in` of `crossings`. Who
    tells a number of the origin's unit in the same source or from the same origin keeps the two apart.
    """
    if is_part_of(claim["unit"], unit.name):
        return True
    sayer, origins = fold(claim["said_by"]), {fold(name) for name in claim["derived_from"] or ()}
    return any(
        row["unit"] == unit.name
        and fold(row["said_by"]) == sayer
        and evidence.occasion_of(row) == evidence.occasion_of(claim)
        and (
            (row["source_id"] is not None and row["source_id"] == claim["source_id"])
            or not origins.isdisjoint(fold(name) for name in row["derived_from"] or ())
        )
        for row in evidence.once("counts claimed", lambda: evidence.claims.filter(kind="count").to_dicts())
    )


def _excludes(one: _Told, claim: Row) -> bool:
    """Tell whether a number leaves nothing of a claimed one, each for its time, as `numbers.bounds_at` has it."""
    first, last = numbers.stand_time(claim)
    is_same = (first, last) == one.stands and first == last
    bounds = np.array([one.low]), np.array([one.high])
    (low,), (high,) = bounds_for(*bounds, PartNames.of([one.part]), claim["part"])
    is_below = (is_same or one.stands[0] > last) and high < claim["low"]
    return bool(is_below or ((is_same or one.stands[1] < first) and low > claim["high"]))


def _elsewhere(told: Told, claim: Row, value: float, evidence: Evidence) -> _Told | None:
    """Return where somebody else tells the same number in another unit; None where anybody tells it in both."""
    if value < LEAST_TELLING:
        return None
    sayer, source = fold(claim["said_by"]), fold(claim["source_id"])
    both = {name for one in told if one.unit.name == claim["unit"] for name in one.names} | {sayer, source}
    others = [one for one in told if one.unit.name != claim["unit"] and sayer not in _voices(one, evidence)]
    others = [one for one in others if not is_part_of(claim["unit"], one.unit.name)]
    return None if any(one.names & both for one in others) else next(iter(others), None)


def _voices(one: _Told, evidence: Evidence) -> frozenset[str]:
    """Return all whom a number goes back to, folded."""
    return evidence.ancestry.of_claim(one.name).voices if one.row.startswith("claims:") else one.names


def _is_of_same(one: _Told, occasion: str, subject: str) -> bool:
    """Tell whether a number is of an occasion and a subject, or names none."""
    return (not one.occasion or not occasion or one.occasion == occasion) and (
        not one.subject or not subject or one.subject == subject
    )


def _number(claim: Row) -> float | None:
    if claim["low"] is None or claim["relation"] not in ("exactly", "about"):
        return None
    return float(claim["value"])


def _least(claim: Row) -> float | None:
    """Return the bound of "more than 200" and "at least 200"; None of another claim."""
    is_least = claim["low"] is not None and claim["relation"] in ("more_than", "at_least")
    return float(claim["value"]) if is_least else None


def _is_number_of(claim: Row, told: float) -> bool:
    """Tell whether a claim gives a number that its origin tells: itself, or "more than 200" of 212."""
    value, least = _number(claim), _least(claim)
    if value is not None:
        return value > 1.0 and told == value
    return least is not None and least >= LEAST_TELLING and least <= told <= least * _ROUNDED_DOWN


def _say(one: _Told) -> str:
    about = "about " if one.relation == "about" else ""
    return f"{about}{plain(one.value)} {one.unit.nouns[0 if one.value == 1 else 1]}"


def _index(evidence: Evidence) -> tuple[Mapping[float, list[_Told]], Mapping[str, list[_Told]]]:
    by_value: dict[float, list[_Told]] = {}
    by_name: dict[str, list[_Told]] = {}
    for one in (*_of_claims(evidence), *_of_events(evidence)):
        by_value.setdefault(one.value, []).append(one)
        for name in one.names:
            by_name.setdefault(name, []).append(one)
    return by_value, by_name


def _of_claims(evidence: Evidence) -> Iterator[_Told]:
    units = evidence.bundle.brief.count_units
    for row in evidence.claims.filter(kind="count").iter_rows(named=True):
        value = _number(row)
        stands_not = row["claim_id"] in evidence.superseded_claims or is_forecast(row)
        if value is None or stands_not or row["occasion_id"] in evidence.other_stories:
            continue
        yield _Told(
            row=f"claims:{row['claim_id']}",
            name=row["claim_id"],
            names=frozenset(map(fold, (row["claim_id"], row["said_by"], row["source_id"]))),
            who=(row["said_by"],),
            unit=units[row["unit"]],
            value=value,
            relation=row["relation"],
            low=row["low"],
            high=row["high"],
            stands=numbers.stand_time(row),
            occasion=evidence.occasion_of(row),
            subject=row["subject_id"] or "",
            part=row["part"],
            question=row["question_id"],
        )


def _of_events(evidence: Evidence) -> Iterator[_Told]:
    units = evidence.bundle.brief.count_units
    for unit in units.values():
        tellings = numbers.number_tellings(evidence.bundle, unit.name)
        for place, number in enumerate(tellings.numbers.tolist()):
            row = evidence.events[number]
            if tellings.lists.listed[place] or (row["relation"] or "exactly") not in ("exactly", "about"):
                continue
            if unit_of(row, units) is not unit:
                continue
            who = tuple(row["said_by"] or row["source_id"] or ())
            names = frozenset(map(fold, (row["event_id"], *who, *(row["source_id"] or ()))))
            at = float(tellings.at_low[place])
            yield _Told(
                row=f"events:{row['event_id']}",
                name=row["event_id"],
                names=names,
                who=who,
                unit=unit,
                value=float(row["value"]),
                relation=row["relation"] or "exactly",
                low=float(tellings.parts.low[place]),
                high=float(tellings.parts.high[place]),
                stands=(at, at),
                occasion=row["occasion_id"] or "",
                subject=row["subject_id"] or "",
                part=row["part"],
            )
