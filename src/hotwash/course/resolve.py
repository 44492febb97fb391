"""Which occasion a question or an interval asks about, where it names none and the bundle leaves it clear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from hotwash.course.changes import CHANGES, happens_once, plain_kind
from hotwash.course.dossier import say_list
from hotwash.course.runway_lengths import name_runway
from hotwash.course.tellings import Row, is_at
from hotwash.model.incident import Interval
from hotwash.visible import quote

_ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)
_THINGS = r"(?:night|closure|occasion|time|stretch|day|closing|episode)"
_NUMBERED = re.compile(
    rf"\b{_THINGS}\s*(?:no\.?|number|#)?\s*(\d+)\b|\b(\d+)(?:st|nd|rd|th)\s+{_THINGS}\b", re.IGNORECASE
)
_WORDED = re.compile(rf"\b({'|'.join(_ORDINALS)})\s+{_THINGS}\b", re.IGNORECASE)

Remarks = list[dict[str, object]]


def resolve_questions(
    questions: pl.DataFrame,
    facts: Sequence[Row],
    occasions: pl.DataFrame,
    aerodromes: pl.DataFrame,
    *,
    claims: pl.DataFrame,
) -> tuple[pl.DataFrame, Remarks]:
    """Return the questions with the aerodrome and the occasion that they ask about, and BUNDLE_REMARKS rows.

    questions    QUESTIONS
    facts        rows of EVENTS that stand, with their occasion
    occasions    OCCASIONS, proposed ones too
    aerodromes   AERODROMES
    claims       CLAIMS: a question that nobody answers needs no remark
    """
    order = _ordered(occasions)
    related = set(occasions.filter(is_related=True)["occasion_id"].to_list())
    facts = [row for row in facts if row["occasion_id"] not in related]  # another story answers no question by itself
    names = _subject_names(aerodromes)
    answered = set(claims["question_id"].to_list())
    rows, remarks = [], list[dict[str, object]]()
    for row in questions.iter_rows(named=True):
        subject, occasion = row["event_subject_id"], row["occasion_id"]
        told = _told_of(row, facts, subject)
        text = f"{row['question_id']} {row['text']}"
        if occasion is None and subject is None and row["kind"] == "time":
            subject = _one_named(text, {item["subject_id"] for item in told}, names)
            if subject is not None:
                remarks += _taken(row, subject, told)
                told = [item for item in told if item["subject_id"] == subject]
        if occasion is None:
            occasion = _one_of(text, list(dict.fromkeys(item["occasion_id"] for item in told)), order)
        named = name_runway(row["subject_id"], row["part"]) if row["subject_id"] and row["part"] else row["subject_id"]
        rows.append({**row, "subject_id": named, "event_subject_id": subject, "occasion_id": occasion})
        if occasion is None and row["question_id"] in answered and row["kind"] == "time":
            remarks += _ambiguous(row, told)
    return pl.DataFrame(rows, schema=questions.schema), remarks


def _told_of(question: Row, facts: Sequence[Row], subject: str | None) -> list[Row]:
    """Return the events that a question of a time or a number asks about."""
    if question["kind"] == "time":
        own = [row for row in facts if question["subject_id"] in (row["kind"], plain_kind(row["kind"]))]
        return [row for row in own if is_at(row, subject)]
    if question["kind"] in ("status", "count"):
        return [row for row in facts if question["subject_id"] and row["subject_id"] == question["subject_id"]]
    return []


def _subject_names(aerodromes: pl.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """Return what an aerodrome may be called in a question: its codes, and the words of its name."""
    return {
        row["aerodrome_id"]: (
            row["aerodrome_id"],
            row["iata"] or "",
            *(w for w in re.split(r"\W+", row["name"]) if len(w) > 3),
        )
        for row in aerodromes.iter_rows(named=True)
    }


_GENERIC = {"airport", "international", "regional", "field", "aerodrome"}


def _one_named(text: str, subjects: Iterable[str | None], names: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the only subject, of several, that a text names; None where it names none or more."""
    known = [subject for subject in subjects if subject is not None]
    if len(known) < 2:
        return None
    words = {word.casefold() for word in re.split(r"\W+", text) if word}
    meant = [
        subject
        for subject in known
        if words
        & ({name.casefold() for name in names.get(subject, (subject,)) if name} | {subject.casefold()}) - _GENERIC
    ]
    return meant[0] if len(meant) == 1 else None


def _taken(question: Row, subject: str, told: Sequence[Row]) -> Remarks:
    return [
        {
            "kind": "occasion_taken",
            "table": "questions",
            "row_id": question["question_id"],
            "column": "event_subject_id",
            "text": f"{question['question_id']} is taken to ask about {subject}, as its words do.",
            "advice": f'Write event_subject_id = "{subject}" into the question.',
            "rows": [f"events:{row['event_id']}" for row in told],
        }
    ]


def _ambiguous(question: Row, told: Sequence[Row]) -> Remarks:
    """Remark a question of a time that several occasions could answer."""
    places = dict.fromkeys((row["subject_id"], row["occasion_id"]) for row in told)
    if len(places) < 2:
        return []
    listed = ", ".join(str(occasion or subject or "without an occasion") for subject, occasion in list(places)[:6])
    return [
        {
            "kind": "ambiguous_occasion",
            "table": "questions",
            "row_id": question["question_id"],
            "column": "occasion_id",
            "text": f"{question['question_id']} does not say which of {len(places)} occasions it asks about: {listed}.",
            "advice": "Write occasion_id or event_subject_id into the question.",
            "rows": [f"events:{row['event_id']}" for row in told],
        }
    ]


def _ordered(occasions: pl.DataFrame) -> list[str]:
    """Return the names of occasions in the order in which they stand: declared ones as declared, then by time."""
    return [str(name) for name in occasions["occasion_id"].to_list()]


def _one_of(text: str, candidates: Sequence[str | None], order: Sequence[str]) -> str | None:
    """Return the only occasion among candidates, or the one that a text numbers; None where it stays open."""
    named = [name for name in order if name in candidates]
    if len(candidates) == 1:
        return candidates[0]
    place = ordinal(text)
    return named[place - 1] if place is not None and 0 < place <= len(named) else None


def ordinal(text: str) -> int | None:
    """Return the number of the occasion that a text names: "night 2", "the third closure"; None where it names none."""
    if found := _NUMBERED.search(text):
        return int(found[1] or found[2])
    if found := _WORDED.search(text):
        return _ORDINALS.index(found[1].lower()) + 1
    return None


def resolve_intervals(
    intervals: Sequence[Interval], facts: Sequence[Row], occasions: pl.DataFrame
) -> tuple[tuple[Interval, ...], Remarks]:
    """Return the intervals with the occasion that each asks about, where that is clear, and BUNDLE_REMARKS rows.

    Intervals that ask for the same, as many as there are occasions, ask for one after the other.
    """
    order = _ordered(occasions)
    same: dict[tuple[str, str, str, str], list[int]] = {}
    for place, one in enumerate(intervals):
        if not any(one.end_occasions):
            same.setdefault((one.from_kind, one.from_subject, one.to_kind, one.to_subject), []).append(place)
    found = list(intervals)
    remarks: Remarks = []
    for places in same.values():
        candidates = [name for name in order if name in interval_occasions(intervals[places[0]], facts)]
        if len(candidates) < 2:
            continue
        for number, place in enumerate(places):
            named = ordinal(intervals[place].name)
            if named is None and len(places) == len(candidates):
                named = number + 1
            if named is not None and 0 < named <= len(candidates):
                found[place] = replace(intervals[place], occasion_id=candidates[named - 1])
                remarks.append(_interval_taken(intervals[place], candidates[named - 1]))
    remarks += [one for interval in found for one in _unnamed_ends(interval, facts, order)]
    return tuple(found), remarks


def _unnamed_ends(interval: Interval, facts: Sequence[Row], occasions: Sequence[str]) -> Remarks:
    """Remark an interval that may be of several occasions and of which several events of one end name none."""
    loose: dict[str, list[Row]] = {}
    for kind, subject in ((interval.from_kind, interval.from_subject), (interval.to_kind, interval.to_subject)):
        own = [row for row in facts if row["kind"] == kind and is_at(row, subject) and not row["occasion_id"]]
        if len(own) > 1 and not happens_once(kind):
            loose[kind] = own
    closures = closures_beside([row for rows in loose.values() for row in rows], facts)
    if any(interval.end_occasions) or len(closures) < 2:
        return []
    names = list(dict.fromkeys(row["event_id"] for rows in loose.values() for row in rows))
    named = [name for name in occasions if name in closures]
    return [
        {
            "kind": "ambiguous_occasion",
            "table": "intervals",
            "row_id": interval.name,
            "column": "occasion_id",
            "text": f"The interval {quote(interval.name)} may be of several occasions ({say_list(named)}), and these "
            f"events name none: {say_list(names)}. They are taken by their times.",
            "advice": "Write occasion_id into these events; and into the interval, to ask for one occasion alone.",
            "rows": [f"events:{name}" for name in names],
        }
    ]


def closures_beside(rows: Sequence[Row], facts: Sequence[Row]) -> list[str]:
    """Return the closures that some events without an occasion may be of: those of their aerodrome, or of the only one.

    facts   events with their occasion
    """
    changes = [row for row in facts if row["kind"] in CHANGES and row["occasion_id"] and row["subject_id"]]
    every = {row["subject_id"] for row in changes}
    named = {row["subject_id"] for row in rows if row["subject_id"]} or (every if len(every) == 1 else set())
    if not rows:
        return []
    return list(dict.fromkeys(row["occasion_id"] for row in changes if row["subject_id"] in named))


def interval_occasions(interval: Interval, facts: Sequence[Row]) -> list[str]:
    """Return the occasions that have both ends of an interval, or one end where events of the other name none."""
    sides: list[list[str]] = []
    has_loose: list[bool] = []
    for kind, subject in ((interval.from_kind, interval.from_subject), (interval.to_kind, interval.to_subject)):
        rows = [row for row in facts if kind in (row["kind"], plain_kind(row["kind"])) and is_at(row, subject)]
        sides.append(list(dict.fromkeys(row["occasion_id"] for row in rows if row["occasion_id"])))
        has_loose.append(any(not row["occasion_id"] for row in rows))
    starts, ends = sides
    if not (starts and ends):
        return starts or ends
    named = list(dict.fromkeys([*starts, *ends]))
    return [name for name in named if (name in starts or has_loose[0]) and (name in ends or has_loose[1])]


def _interval_taken(interval: Interval, occasion: str) -> dict[str, object]:
    return {
        "kind": "occasion_taken",
        "table": "intervals",
        "row_id": interval.name,
        "column": "occasion_id",
        "text": f"The interval {quote(interval.name)} is taken to ask about occasion {occasion}.",
        "advice": f'Write occasion_id = "{occasion}" into the interval.',
        "rows": [],
    }
