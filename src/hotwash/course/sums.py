"""Declared sums: whether the parts of a number add up, are of one unit, and are counted once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hotwash.course.dossier import Dossier, DossierRow, remark, say_day, say_list
from hotwash.course.overlaps import is_one_chain, say_overlap, say_share_within, say_shared_flights, stand_of
from hotwash.course.replaced_numbers import later_rows
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS, CountUnit, is_part_of
from hotwash.units import MINUTE_PER, convert

Remark = dict[str, object]

_ABOUT = (0.1, 1.0)  # what "about" means of an event's number, where no question says it: a tenth, one at least
_ROUNDING = 1e-6  # shares of an hour in minutes, amounts of money: nothing that anybody would tell


@dataclass(frozen=True, slots=True)
class Number:
    """The number of one row: its unit and what its relation leaves possible.

    value   as told
    """

    entry: DossierRow
    unit: str
    value: float
    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


def find_wrong_sums(dossier: Dossier) -> Iterator[Remark]:
    """Yield the remarks on each row with `parts`, and one for each row that tells a part as the whole."""
    if not any(one.row["parts"] for table in ("claims", "events") for one in dossier.entries[table]):
        return
    by_name = _by_name(dossier)
    numbers = {
        one.place: number
        for one in (*dossier.entries["claims"], *dossier.entries["events"])
        if (number := _number(dossier, one)) is not None
    }
    later = later_rows(dossier)
    sums: list[tuple[Number, list[Number]]] = []
    for entry in (*dossier.entries["claims"], *dossier.entries["events"]):
        names = entry.row["parts"] or ()
        if not names or entry.is_replaced or not all(name in by_name for name in names):  # some are known later
            continue
        elsewhere = _of_another_story(entry, [by_name[name] for name in names])
        if elsewhere is not None:
            yield elsewhere
            continue
        overlap = _overlap(dossier, entry, by_name)
        if overlap is not None:
            yield overlap
            continue
        other_days = _of_other_days(dossier, entry, [by_name[name] for name in names])
        if other_days is not None:
            yield other_days
        replaced = _replaced_part(dossier, entry, [by_name[name] for name in names], later)
        if replaced is not None:
            yield replaced
            continue
        shared = _shared_flights(dossier, entry, names, by_name)
        if shared is not None:
            yield shared
        parts = [numbers[place] for name in entry.row["parts"] if (place := by_name[name].place) in numbers]
        whole = numbers.get(entry.place)
        if whole is None or len(parts) < len(entry.row["parts"]):
            continue
        most = whole if shared is None else replace(whole, high=math.inf)  # what is in two parts is counted once
        found = _units_added(dossier, whole, parts) or (_wrong_sum(most, parts) and _wrong_sum(whole, parts))
        if found is not None:
            yield found
        else:
            sums.append((whole, parts))
    yield from _parts_as_whole(dossier, sums, numbers.values())


def _by_name(dossier: Dossier) -> dict[str, DossierRow]:
    """Return the rows that `parts` can name, the standing one of each name; a claim comes before an event."""
    entries = [*dossier.entries["events"], *dossier.entries["claims"]]
    ordered = sorted(entries, key=lambda one: (one.table == "claims", not one.is_replaced))
    return {one.row["claim_id" if one.table == "claims" else "event_id"]: one for one in ordered}


# ---------------------------------------------------------------- numbers


def _number(dossier: Dossier, entry: DossierRow) -> Number | None:
    """Return the number of a claim or an event; None where it tells none, or one whose bounds nobody states."""
    row = entry.row
    about: tuple[float | None, float | None] = (None, None)
    if entry.table == "events":
        unit = row["unit"] or _unit_of_kind(dossier, row["kind"])
        value, high, relation = row["value"], row["value_high"], row["relation"] or "exactly"
        scale, about = 1.0, _ABOUT
    else:
        question = dossier.questions[row["question_id"]]
        if QUESTION_KINDS[question["kind"]].form != "number" or row["value"] is None:
            return None
        unit, relation = row["unit"] or question["unit"], row["relation"]
        try:
            value, high = float(row["value"]), None if row["value_high"] is None else float(row["value_high"])
        except ValueError:  # not known, none confirmed
            return None
        scale = convert(1.0, unit, "min") if unit in MINUTE_PER else 1.0
        unit = "min" if unit in MINUTE_PER else unit
        about = (question["about_fraction"], question["about_amount"])
    if value is None or unit is None:
        return None
    bounds = _bounds(value * scale, None if high is None else high * scale, relation, about)
    return None if bounds is None else Number(entry, unit, value * scale, *bounds)


def _unit_of_kind(dossier: Dossier, kind: str) -> str | None:
    units = [unit.name for unit in dossier.bundle.brief.count_units.values() if kind in unit.events]
    return units[0] if len(units) == 1 else None


def _bounds(
    value: float, high: float | None, relation: str, about: tuple[float | None, float | None]
) -> tuple[float, float] | None:
    if relation == "between":
        return value, value if high is None else high
    if relation == "about":
        fraction, amount = about
        if fraction is None and amount is None:
            return None
        width = max(value * (fraction or 0.0), amount or 0.0)
        return value - width, value + width
    open_ends = {"at_least": (value, math.inf), "more_than": (value, math.inf)}
    return open_ends.get(relation) or ((value, value) if relation == "exactly" else (0.0, value))


# ---------------------------------------------------------------- remarks


def _overlap(dossier: Dossier, entry: DossierRow, by_name: Mapping[str, DossierRow]) -> Remark | None:
    """Return the remark on a sum that counts something twice, or an airline's share beside the total that has it."""
    names: Sequence[str] = entry.row["parts"]
    own = entry.row["claim_id" if entry.table == "claims" else "event_id"]
    rows = {name: one.row for name, one in by_name.items()}
    text = say_overlap(own, names, rows)
    advice = (
        "The sum is no evidence. Name each part once, the smallest ones or their sums; of two tellings of one number, "
    )
    advice += "or of one that ran, name one."
    if not text:
        text = say_share_within(entry.row, names, rows, _units_of(dossier, names, by_name))
        advice = "The sum is no evidence. Leave the share out; if it is no part of the other number, write into the "
        advice += "part of that what it counts, or true into parts_disjoint of the sum."
    if not text:
        return None
    return remark("parts_overlap", entry, text, advice, column="parts", rows=[by_name[name].place for name in names])


def _units_of(dossier: Dossier, names: Sequence[str], by_name: Mapping[str, DossierRow]) -> dict[str, CountUnit]:
    """Return the unit of each part that has one, by name."""
    units = dossier.bundle.brief.count_units
    numbers = {name: number for name in names if (number := _number(dossier, by_name[name])) is not None}
    return {name: units[number.unit] for name, number in numbers.items() if number.unit in units}


def _replaced_part(
    dossier: Dossier, entry: DossierRow, parts: Sequence[DossierRow], later: Mapping[str, DossierRow]
) -> Remark | None:
    """Return the remark on a sum that is told no longer by its parts, since one of them was replaced."""
    now = [_standing_row(part, later) for part in parts]
    changed = [
        (part, one) for part, one in zip(parts, now, strict=True) if part is not one or _is_told_anew(one, entry, later)
    ]
    whole, numbers = _number(dossier, entry), [_number(dossier, one) for one in now]
    told = [number for number in numbers if number is not None]
    if not changed or whole is None or len(told) < len(numbers):
        return None
    low, high = sum(number.low for number in told), sum(number.high for number in told)
    if low <= whole.high and whole.low <= high:
        return None
    how = [f"{one.name} was told anew" if part is one else f"{one.name} replaced {part.name}" for part, one in changed]
    listed = " + ".join(f"{_digits(number.value)}" for number in told)
    added = f"{listed} = {_digits(low)}" if low == high and len(told) > 1 else _say_bounds(low, high)
    text = f"{say_list(how)}: its parts now give {added}, not {_say_bounds(whole.low, whole.high)}."
    advice = "If its speaker told the sum anew, write that in a row that supersedes this one. Until then it counts as "
    advice += "what its parts give."
    places = [place for part, one in changed for place in (part.place, one.place)]
    return remark("part_replaced", entry, text, advice, column="parts", rows=places)


def _is_told_anew(part: DossierRow, whole: DossierRow, later: Mapping[str, DossierRow]) -> bool:
    """Tell whether a part of a sum was told again, under its own name or another, after the sum."""
    known, before = part.row["known_utc"], whole.row["known_utc"]
    is_after = known is not None and before is not None and known > before
    return is_after and any(one is part for one in later.values())


def _standing_row(entry: DossierRow, later: Mapping[str, DossierRow]) -> DossierRow:
    """Return the row that stands in place of one, through all that replaced it."""
    seen = {entry.place}
    while entry.place in later and later[entry.place].place not in seen:
        entry = later[entry.place]
        seen.add(entry.place)
    return entry


def _shared_flights(
    dossier: Dossier, entry: DossierRow, names: Sequence[str], by_name: Mapping[str, DossierRow]
) -> Remark | None:
    """Return the remark on a sum whose parts are told in different units and may count the same flights."""
    told = _units_of(dossier, names, by_name)
    text = say_shared_flights(entry.row, names, {name: one.row for name, one in by_name.items()}, told)
    if not text:
        return None
    advice = "The sum is no evidence. If no flight is in two of them, write true into parts_disjoint of the sum."
    places = [by_name[name].place for name in names]
    return remark("parts_overlap", entry, text, advice, column="parts", rows=places)


def _of_another_story(entry: DossierRow, parts: Sequence[DossierRow]) -> Remark | None:
    """Return the remark on a sum of this incident with a part that belongs to another story."""
    others = [] if entry.is_related else [part for part in parts if part.is_related]
    if not others:
        return None
    them = "it" if len(others) == 1 else "they"
    belong = "belongs" if len(others) == 1 else "belong"
    text = f"The sum adds {say_list([part.name for part in others])}, though {them} {belong} to another story."
    advice = "The sum is not weighed: tell that of the other parts in a row of its own."
    return remark("part_elsewhere", entry, text, advice, column="parts", rows=[part.place for part in others])


def _of_other_days(dossier: Dossier, entry: DossierRow, parts: Sequence[DossierRow]) -> Remark | None:
    """Return the remark on a sum whose parts stand for different days; it names what was told by the last of them."""
    stands = {part.name: when for part in parts if (when := stand_of(part.row)) is not None}
    days = {when.astimezone(dossier.zone).date() for when in stands.values()}
    if len(days) < 2:
        return None
    last = max(stands.values())
    each = say_list([f"{name} for {say_day(when.astimezone(dossier.zone))}" for name, when in stands.items()])
    text = f"Its parts stand for different days: {each}."
    later = [
        one
        for part in parts
        for one in dossier.entries[part.table]
        if part.name in stands
        and (when := stand_of(one.row)) is not None
        and stands[part.name] < when <= last
        and not one.is_replaced
        and is_one_chain(part.row, one.row)
    ]
    if later:
        newest = max(later, key=lambda one: (stand_of(one.row), one.name))
        number = _number(dossier, newest)
        told = "" if number is None else f", {_say(dossier, number)}"
        text += f" By the last of them {newest.name} was told{told}."
    advice = "Add numbers of one day; if a speaker added these, keep his sum, and see what else was told by then."
    places = [*(part.place for part in parts), *(one.place for one in later)]
    return remark("parts_of_other_days", entry, text, advice, column="parts", rows=places)


def _units_added(dossier: Dossier, whole: Number, parts: Sequence[Number]) -> Remark | None:
    """Return the remark on parts of different units, but where the unit of the whole takes them in."""
    units = dict.fromkeys(part.unit for part in parts)
    # A unit of the bundle's own may take in others, but not where one part has that very unit, and no money. Parts that
    # are all of one other unit are told as what they are not.
    own = dossier.bundle.brief.count_units.get(whole.unit)
    is_wider = own is not None and whole.unit not in COUNT_UNITS and not own.is_money and whole.unit not in units
    is_wider = is_wider and len(units) > 1
    takes_in = () if own is None else own.takes_in
    if all(unit == whole.unit or unit in takes_in or is_part_of(unit, whole.unit) for unit in units) or is_wider:
        return None
    are = "is" if len(parts) == 1 else "are"
    added = " and ".join(_say(dossier, part) for part in parts)
    text = f"{added} {are} added as {_say(dossier, whole)}."
    advice = (
        "Different units cannot be added: give the sum the unit that takes them all in (flights_affected), or one of "
    )
    advice += "your own, declared under [[units]]."
    return remark("units_added", whole.entry, text, advice, column="parts", rows=[part.entry.place for part in parts])


def _digits(value: float) -> str:
    """Return a number with all its digits, thousands apart: never in powers of ten."""
    return f"{value:,.3f}".rstrip("0").rstrip(".").replace(",", "\u202f")


def _say(dossier: Dossier, number: Number) -> str:
    unit = dossier.bundle.brief.count_units.get(number.unit)
    noun = number.unit if unit is None else unit.nouns[0 if number.value == 1 else 1]
    return f"{_digits(number.value)} {noun}"


def _wrong_sum(whole: Number, parts: Sequence[Number]) -> Remark | None:
    """Return the remark on a sum that its parts exclude; of one that is a part's own number, that."""
    low, high = sum(part.low for part in parts), sum(part.high for part in parts)
    slack = _ROUNDING * max(1.0, abs(whole.value))
    if low - whole.high <= slack and whole.low - high <= slack:
        return None
    rows = [part.entry.place for part in parts]
    same = [part for part in parts if whole.is_exact and part.is_exact and part.value == whole.value]
    listed = " + ".join(f"{_digits(part.value)}" for part in parts)
    if same and len(parts) > 1:
        text = (
            f"{_digits(whole.value)} is told as the sum, and is the number of {same[0].entry.name} alone; "
            f"the parts add up to {listed} = {_digits(low)}."
        )
        advice = "A part is told as the whole: correct the number, or say in occasion_id or subject_id what it counts."
        return remark("part_as_whole", whole.entry, text, advice, column="value", rows=rows)
    added = f"{listed} = {_digits(low)}" if low == high else _say_bounds(low, high)
    text = f"The parts add up to {added}; the sum is told as {_say_bounds(whole.low, whole.high)}."
    advice = "Correct the number or its parts; is one part missing, or one counted twice?"
    return remark("sum_wrong", whole.entry, text, advice, column="value", rows=rows)


def _say_bounds(low: float, high: float) -> str:
    if low == high:
        return f"{_digits(low)}"
    if math.isinf(high):
        return f"at least {_digits(low)}"
    return f"at most {_digits(high)}" if low == 0.0 else f"{_digits(low)} to {_digits(high)}"


def _parts_as_whole(
    dossier: Dossier, sums: Sequence[tuple[Number, list[Number]]], numbers: Iterable[Number]
) -> Iterator[Remark]:
    """Yield a remark for each claim that answers the question of a sum with the number of one of its parts."""
    claims = [one for one in numbers if one.entry.table == "claims" and one.is_exact and not one.entry.is_replaced]
    added = {whole.entry.place for whole, _ in sums}  # whoever says of what a number is the sum tells no part as it
    named = {name for one in dossier.all_entries for name in one.row.get("parts") or ()}
    for whole, parts in sums:
        if whole.entry.table != "claims" or len(parts) < 2:
            continue
        question = whole.entry.row["question_id"]
        values = {
            part.value: part
            for part in parts
            if part.is_exact and part.value not in (0.0, whole.value) and not _is_total_itself(part, whole, dossier)
        }
        for one in claims:
            row = one.entry.row
            is_rival = row["question_id"] == question and one.unit == whole.unit and row["claim_id"] not in named
            is_other_time = row["is_running"] or row["counted_utc"] != whole.entry.row["counted_utc"]
            is_other_occasion = row["occasion_id"] != whole.entry.row["occasion_id"]
            is_meant = not is_other_time and not is_other_occasion and one.entry.place not in added
            if not is_rival or not is_meant or one.value not in values:
                continue
            part = values[one.value]
            text = (
                f"{_digits(one.value)} is the number of {part.entry.name} alone, "
                f"a part of the {_digits(whole.value)} that {whole.entry.name} adds up."
            )
            advice = (
                "It may tell a part as the whole: see what it counts, and say so in unit, occasion_id or is_running."
            )
            places = [whole.entry.place, part.entry.place]
            yield remark("part_as_whole", one.entry, text, advice, column="value", rows=places)


def _is_total_itself(part: Number, whole: Number, dossier: Dossier) -> bool:
    """Tell whether a part of a sum is a sum that counts all of the unit: of no one occasion, and of no airline."""
    row, question = part.entry.row, dossier.questions[whole.entry.row["question_id"]]
    place = (row["occasion_id"], row.get("subject_id", question["subject_id"]), row["part"])
    is_of_all = place[0] is None and place[1] in (None, question["subject_id"]) and not place[2]
    return is_of_all and part.unit == whole.unit and bool(row["parts"])
