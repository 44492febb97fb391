"""Whose word settles nothing: sources and speakers of reliability D to F."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hotwash.claims.lines import Line, fold

POOR_GRADES = ("D", "E", "F")  # not usually reliable, unreliable, cannot be judged: they settle nothing


def poor_speakers(claims: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, str], str]:
    """Return the reliability of speakers whose every statement from a source is graded D to F, by speaker and source.

    A suspect's denial in a court's record is the suspect's word: whoever quotes it makes it no better.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for row in claims:
        named = (fold(row["said_by"]), row["source_id"] or "")
        found.setdefault(named, set()).add(row["source_reliability"] or "")
    return {named: min(grades) for named, grades in found.items() if grades <= set(POOR_GRADES)}


def without_poor(lines: Sequence[tuple[Line, str]]) -> list[Line]:
    """Return lines without those of reliability D to F; all where there are no others."""
    return [line for line, grade in lines if grade not in POOR_GRADES] or [line for line, _ in lines]
