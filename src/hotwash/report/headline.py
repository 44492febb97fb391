"""The head of an account: the answers to its first questions; without any, what is known of closures and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotwash.model.incident import Incident
from hotwash.model.questions import COUNT_UNITS, CountUnit
from hotwash.report.answers import Answer
from hotwash.report.closures import say_closure
from hotwash.report.phrases import full_stop, minutes, minutes_between, noun, plain, sentence
from hotwash.report.statements import Library

MOST = 6
NO_NUMBER = "No number can be given"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence of the head: what is known, how sure it is, where on the page it is shown."""

    large: str
    small: str
    href: str


def headline(incident: Incident, answers: Sequence[Answer], library: Library) -> tuple[Headline, ...]:
    """Return the answers to the first questions of an incident.

    Where nothing was concluded on any, what is known of closures, intervals and counts stands in their place.
    """
    first = [Headline(item.text, item.small, f"#{item.question.anchor}") for item in answers if item.is_headline]
    if first:
        return tuple(first)
    known = [*_closures(incident, library), *_durations(incident), *_counts(incident, library)]
    return tuple(known[:MOST])


def _closures(incident: Incident, library: Library) -> Iterable[Headline]:
    for row in incident.closures.sort("occasion_id", nulls_last=False, maintain_order=True).to_dicts():
        large, small = say_closure(row, library)
        yield Headline(large, small, "#closures")


def _durations(incident: Incident) -> Iterable[Headline]:
    """Yield the intervals that are known, the one that ends with the warning of the public before any other."""
    closing = {item.name: item.to_kind == "public_warning" for item in incident.bundle.brief.intervals}
    for row in sorted(incident.durations.to_dicts(), key=lambda row: not closing.get(row["name"], False)):
        length, bounds = say_duration(row)
        if length != NOT_KNOWN:
            large = f"{sentence(row['name'])}: {length}."
            yield Headline(large, f"Bounds: {bounds}." if bounds else "", "#closures")


def _counts(incident: Incident, library: Library) -> Iterable[Headline]:
    for row in incident.counts.to_dicts():
        said = say_count(row, units=library.units)
        if said != NO_NUMBER and row["occasion_id"] is None:
            small = " ".join(part for part in (say_interval(row), library.retell(row["why"] or "")) if part)
            unit = library.units.get(row["unit"])
            number = said.removesuffix(
                noun(row["unit"], row["high_90"] or row["low_90"] or 2, units=library.units)
            ).strip()
            large = f"{unit.title}: {number[:1].lower()}{number[1:]}." if unit else full_stop(said)
            yield Headline(large, small, "#counts")


def say_count(row: Row, *, units: Mapping[str, CountUnit] = COUNT_UNITS) -> str:
    """Return a count as words, as far as the evidence bounds it: "At least 14 airframes", "16 finds".

    units   the units of counts that its bundle may use
    """
    unit, low, likely, high = row["unit"], row["low_90"], row["most_likely"], row["high_90"]

    def of(number: float) -> str:
        return f"{plain(number)} {noun(unit, number, units=units)}"

    if likely is None and low is None and high is None:
        return NO_NUMBER
    if high is None:
        return f"At least {of(low)}" if low is not None else of(likely)
    if low is None or (likely is None and low == 0):
        return f"At most {of(high)}"
    return of(low) if low == high else f"{plain(low)} to {of(high)}"


def say_interval(row: Row) -> str:
    """Return the uncertainty of a count as words."""
    if row["low_90"] is None and row["high_90"] is None:
        return ""
    if row["mean"] is None:
        return ""  # reported, not drawn from probabilities
    likely = f"Most likely {plain(row['most_likely'])}; " if row["most_likely"] is not None else ""
    if row["high_90"] is None:
        return sentence(f"{likely}lower end of the 90 % interval; there is no upper limit.")
    return sentence(f"{likely}{'the range is a ' if likely else ''}90 % interval.")


NOT_KNOWN = "not known"


def say_duration(row: Row) -> tuple[str, str]:
    """Return a length of time as words, and its bounds where they say more."""
    stated, low, high = row["minutes"], row["low"], row["high"]
    low = low if low or high is not None else None  # no less than nothing is no bound
    bounds = "" if low == high else minutes_between(low, high)
    if stated is not None:
        return minutes(stated), bounds
    return bounds or (minutes(low) if low is not None else NOT_KNOWN), ""
