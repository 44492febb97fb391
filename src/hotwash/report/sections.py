"""The sections of an account, in their order: from this one list the page, its contents and the text are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hotwash.report.finds_map import has_finds_map
from hotwash.report.page_table import PageTable
from hotwash.report.view import AccountView


def _always(_: AccountView) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an account.

    section_id   its place on the page; `templates/sections.html` and `markdown.py` name what it holds by it
    link         what the page's contents call it
    table        what it holds where that is one table
    is_shown     whether an account has anything to say under it
    """

    section_id: str
    title: str
    link: str
    table: Callable[[AccountView], PageTable] | None = None
    is_shown: Callable[[AccountView], bool] = _always


SECTIONS = (
    Section("known", "What is known", "What is known"),
    Section("map", "Where", "Map", is_shown=lambda view: has_finds_map(view.incident, has_tracks=bool(view.air.drawn))),
    Section("timeline", "When", "Timeline"),
    Section("tracks", "What was tracked", "Tracks", is_shown=lambda view: bool(view.air.lead)),
    Section(
        "breaches",
        "Which tracks entered, and how certain that is",
        "Breaches",
        is_shown=lambda view: bool(view.air.stays),
    ),
    Section(
        "exposures",
        "Objects near aerodromes",
        "Near aerodromes",
        table=lambda view: view.air.exposures,
        is_shown=lambda view: bool(view.air.exposures.rows),
    ),
    Section("findings", "Which statements are supported", "Findings"),
    Section("counts", "How many", "Counts"),
    Section("range", "How far", "Range"),
    Section("durations", "How long", "Durations", table=lambda view: view.durations),
    Section("beliefs", "Who changed a statement, and when", "Changed statements"),
    Section("contradictions", "Contradictions", "Contradictions"),
    Section("finds", "What was found", "Finds", table=lambda view: view.finds),
    Section("sightings", "Who looked, and what they saw", "Sightings", table=lambda view: view.sightings),
    Section(
        "sensors",
        "How the sensors performed",
        "Sensors",
        is_shown=lambda view: bool(view.air.sensors.rows or view.air.remarks),
    ),
    Section("assumptions", "What is assumed", "Assumptions", table=lambda view: view.assumptions),
    Section("sources", "Sources", "Sources", table=lambda view: view.sources),
    Section("method", "How this account was made", "Method"),
)


def sections_of(view: AccountView) -> tuple[Section, ...]:
    """Return the sections that an account has something to say under."""
    return tuple(section for section in SECTIONS if section.is_shown(view))
