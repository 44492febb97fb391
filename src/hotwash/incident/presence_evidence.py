"""What sightings, finds and sensors show of whether anything was there, in clauses of one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from hotwash.claims.assessed import (
    asked_kind,
    assessed_chance,
    assessed_kind,
    evidence_name,
    is_examined,
    is_explained,
    object_chance,
    that_count,
)
from hotwash.claims.evidence import MOST_FOR_CONTRADICTION
from hotwash.claims.numbers import tells_unit
from hotwash.claims.on_sightings import is_confirmed, is_unexplained, is_unsought
from hotwash.claims.words import count_noun, plain, share
from hotwash.course.part_of_day import say_that_night
from hotwash.course.sensor_records import MARKS, OBJECTS, is_sensor_record
from hotwash.incident.case import Case, Row, according_to
from hotwash.visible import clip

_EXCLUDED = "explained or examined as no drone"
_MOST_WORDS = 100  # of what a row says of the record, such as where the cover begins
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def assessed_rows(case: Case) -> list[Row]:
    """Return the finds, and the sightings that somebody examined."""
    return [*case.finds, *(row for row in case.sightings if is_examined(row))]


def assessed_then(question: Row, case: Case) -> list[Row]:
    """Return what was assessed of the occasion that a question asks about, or all of it where it names none."""
    return that_count(assessed_rows(case), question["occasion_id"], case.bundle.occasions.to_dicts())


def sightings_then(question: Row, case: Case) -> list[Row]:
    """Return the sightings of the occasion that a question asks about, or all of them where it names none."""
    return that_count(case.sightings, question["occasion_id"], case.bundle.occasions.to_dicts())


def meant_kind(question: Row, case: Case) -> str:
    return asked_kind(question, assessed_rows(case), case.bundle.occasions.to_dicts())


def that_night_of(question: Row, case: Case) -> str:
    return say_that_night(case.bundle, question["occasion_id"])


def sensor_rows(question: Row, case: Case) -> list[Row]:
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


def is_sensor_look(sighting: Row, case: Case) -> bool:
    return bool(sighting["saw_nothing"]) and is_sensor_record(sighting, case.sources)


def say_covering(row: Row, case: Case) -> str:
    """Return whose sensor covered it, as its row says, and what it recorded."""
    low, high = row.get("start_utc") or row["utc_low"], row.get("end_utc") or row["utc_high"]
    when = f" {case.clock.when(low, high)}" if low is not None and high is not None else ""
    what = "recorded nothing"
    if row.get("value"):
        what = f"marked {plain(row['value'])}{' and more' if row['relation'] in ('at_least', 'more_than') else ''}"
    words = " ".join((row.get("text") or row.get("seen") or "").split())
    said = f" (“{clip(words, _MOST_WORDS)}”)" if words else ""
    return f"a sensor covered it{when} and {what}, {according_to(case.sayers(row))}{said}"


def say_assessments(rows: Sequence[Row], kind: str, that_night: str) -> list[str]:
    """Return what finds and examined sightings show, a clause for each of the two.

    that_night   how the time of the occasion is called
    """
    finds = [row for row in rows if "find_id" in row]
    groups = (("find", "is", finds), ("examined sighting", "shows one", [row for row in rows if "find_id" not in row]))
    return [clause for noun, verb, group in groups for clause in _say_group(group, kind, (noun, verb), that_night)]


def _say_group(rows: Sequence[Row], kind: str, words: tuple[str, str], that_night: str) -> list[str]:
    noun, verb = words
    if not rows:
        return []
    best = max(object_chance(row, kind) for row in rows)
    are = f"{count_noun(len(rows), noun)} {'is' if len(rows) == 1 else 'are'}"
    if not best and any(assessed_chance(row) is None for row in rows):
        return [f"{are} not assessed"]
    if best <= MOST_FOR_CONTRADICTION:
        if all("find_id" in row and assessed_kind(row) == kind for row in rows):
            return [f"{are} assessed as hardly {'one' if len(rows) == 1 else 'any'} of {that_night}"]
        return [f"{are} assessed as something else"]
    which = f"the only {noun}" if len(rows) == 1 else f"the likeliest {noun}"
    return [f"{which} {verb} of {that_night} with a probability of {share(best)}"]


def say_sightings(sightings: Sequence[Row]) -> list[str]:
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
    is_told = all(map(is_explained, seen))
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


def gather_evidence(question: Row, case: Case) -> tuple[list[str], list[str]]:
    """Return what finds, sightings and recordings show, in clauses, and the rows looked at."""
    own = assessed_then(question, case)
    sightings = sightings_then(question, case)
    covering, looked = sensor_rows(question, case), [row for row in sightings if not is_sensor_look(row, case)]
    covering += [row for row in sightings if is_sensor_look(row, case)]
    said = [
        *say_assessments(own, meant_kind(question, case), that_night_of(question, case)),
        *(say_sightings(looked) if looked or not covering else []),
    ]
    said += [say_covering(row, case) for row in covering]
    if not covering and not case.bundle.recording.detections.height:
        said.append("no sensor record covers it")
    names = [evidence_name(row) if "event_id" not in row else f"events:{row['event_id']}" for row in covering]
    return said, list(dict.fromkeys([*(evidence_name(row) for row in (*sightings, *own)), *names]))
