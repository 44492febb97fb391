"""The sections of an account, in their order: from this one list the page, its contents and the text are made.

The main part comes first and is what is printed; the annex holds the evidence, each piece once.
"""

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
    table        what it holds where that is one table; then it is there where the table has rows
    is_there     whether an account has anything to say under it
    is_annex     whether it is evidence: folded on the screen, and printed only when asked for
    """

    section_id: str
    title: str
    link: str
    table: Callable[[AccountView], PageTable] | None = None
    is_there: Callable[[AccountView], bool] = _always
    is_annex: bool = False


SECTIONS = (
    Section("known", "What is known", "What is known", is_there=lambda view: bool(view.headline or view.answers)),
    Section("map", "Where", "Map", is_there=lambda view: has_finds_map(view.incident, has_tracks=bool(view.air.drawn))),
    Section(
        "timeline",
        "When",
        "Timeline",
        is_there=lambda view: bool(view.events.rows or view.timeline.states or view.timeline.later),
    ),
    Section("closures", "How long", "How long", is_there=lambda view: bool(view.closures.rows or view.durations.rows)),
    Section("counts", "How many", "How many", is_there=lambda view: bool(view.counts or view.occasion_counts.rows)),
    Section("tracks", "What was tracked", "Tracks", is_there=lambda view: bool(view.air.lead)),
    Section(
        "breaches",
        "Which tracks entered, and how certain that is",
        "Breaches",
        is_there=lambda view: bool(view.air.stays),
    ),
    Section("exposures", "Objects near aerodromes", "Near aerodromes", table=lambda view: view.air.exposures),
    Section(
        "contradictions",
        "Where statements contradict each other",
        "Contradictions",
        is_there=lambda view: bool(view.contradictions),
    ),
    Section("asks", "What to ask whom", "What to ask", table=lambda view: view.asks),
    Section(
        "beliefs",
        "Who changed a statement, and when",
        "Changed statements",
        is_there=lambda view: bool(view.chains or view.past_contradictions),
        is_annex=True,
    ),
    Section("revisions", "What was replaced", "Revisions", table=lambda view: view.revisions, is_annex=True),
    Section(
        "remarks", "What to look at in the bundle", "Remarks", table=lambda view: view.bundle_remarks, is_annex=True
    ),
    Section(
        "range", "How far", "Range", is_there=lambda view: bool(view.matrix.rows or view.distances.rows), is_annex=True
    ),
    Section("states", "States, and who tells them", "States", table=lambda view: view.states, is_annex=True),
    Section("events", "Events", "Events", table=lambda view: view.events, is_annex=True),
    Section("finds", "What was found", "Finds", table=lambda view: view.finds, is_annex=True),
    Section(
        "sightings", "Who looked, and what they saw", "Sightings", table=lambda view: view.sightings, is_annex=True
    ),
    Section(
        "sensors",
        "How the sensors performed",
        "Sensors",
        is_there=lambda view: bool(view.air.sensors.rows or view.air.remarks),
        is_annex=True,
    ),
    Section("assumptions", "What is assumed", "Assumptions", table=lambda view: view.assumptions, is_annex=True),
    Section("sources", "Sources", "Sources", table=lambda view: view.sources, is_annex=True),
    Section("method", "How this account was made", "Method", is_annex=True),
)


def sections_of(view: AccountView) -> tuple[Section, ...]:
    """Return the sections that an account has something to say under."""
    return tuple(section for section in SECTIONS if _has_content(section, view))


def _has_content(section: Section, view: AccountView) -> bool:
    return bool(section.table(view).rows) if section.table else section.is_there(view)
