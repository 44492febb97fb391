"""What a bundle of the first format would say in the second: what hotwash took from its rows, written into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from hotwash.course.course import Course
from hotwash.course.tellings import Row
from hotwash.model.incident import Bundle

_DECIDED = ("proposed_occasion", "occasion_taken", "revised", "forecast")  # remarks that the new form answers


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What to write.

    events      columns to fill, by event_id
    questions   keys to fill, by question_id
    intervals   keys to fill, by name
    occasions   rows of OCCASIONS to declare
    decided     what was written, a sentence each
    undecided   rows of BUNDLE_REMARKS: what the rows leave open
    """

    events: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, Mapping[str, str]]
    intervals: Mapping[str, Mapping[str, str]]
    occasions: tuple[Row, ...]
    decided: tuple[str, ...]
    undecided: tuple[Row, ...]


def plan_upgrade(bundle: Bundle, course: Course, remarks: pl.DataFrame) -> Upgrade:
    """Return what the second format lets a bundle say that hotwash otherwise takes from its rows.

    bundle    as read
    course    its course of events, of all that is known
    remarks   BUNDLE_REMARKS of both

    Occasions are written only where an aerodrome has several: a small incident needs no more rows than before.
    """
    occasions = [row for row in course.bundle.occasions.to_dicts() if row["is_proposed"]]
    several = {row["subject_id"] for row in occasions if _count(course, row["subject_id"]) > 1}
    written = tuple(row for row in occasions if row["subject_id"] in several)
    names = {row["occasion_id"] for row in written}
    rows = remarks.to_dicts()
    forecasts = {row["row_id"] for row in rows if row["kind"] == "forecast"}
    events = _event_cells(bundle, course, names, forecasts)
    questions = {
        row["question_id"]: cells
        for old, row in zip(bundle.questions.to_dicts(), course.bundle.questions.to_dicts(), strict=True)
        if (cells := _question_cells(old, row, names))
    }
    intervals = {
        new.name: {"occasion_id": new.occasion_id}
        for old, new in zip(bundle.brief.intervals, course.bundle.brief.intervals, strict=True)
        if new.occasion_id and not old.occasion_id
    }
    decided = [row["text"] for row in rows if row["kind"] in _DECIDED]
    undecided = [row for row in rows if row["kind"] not in _DECIDED]
    return Upgrade(events, questions, intervals, written, tuple(decided), tuple(undecided))


def _count(course: Course, subject: str) -> int:
    return course.bundle.occasions.filter(pl.col("subject_id") == subject).height


def _event_cells(bundle: Bundle, course: Course, occasions: set[str], forecasts: set[str]) -> dict[str, dict[str, str]]:
    """Return the columns to fill for each event: its occasion, what it revises, that it is a forecast."""
    before = {row["event_id"]: row for row in bundle.recording.events.iter_rows(named=True)}
    cells: dict[str, dict[str, str]] = {}
    for row in course.bundle.recording.events.iter_rows(named=True):
        old = before.get(row["event_id"])
        if old is None:
            continue
        if row["occasion_id"] in occasions and not old["occasion_id"]:
            cells.setdefault(row["event_id"], {})["occasion_id"] = row["occasion_id"]
        if row["event_id"] in forecasts and row["told_as"] != old["told_as"]:
            cells.setdefault(row["event_id"], {})["told_as"] = row["told_as"]
    for revision in course.revisions.filter("is_derived", table="events").to_dicts():
        own = cells.setdefault(revision["replaced_by"], {})
        stated = before[revision["replaced_by"]]["supersedes"] or []
        named = own["supersedes"].split(";") if "supersedes" in own else stated
        own["supersedes"] = ";".join(dict.fromkeys([*named, revision["row_id"]]))
    return cells


def _question_cells(old: Row, new: Row, occasions: set[str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    if new["event_subject_id"] and not old["event_subject_id"]:
        cells["event_subject_id"] = new["event_subject_id"]
    if new["occasion_id"] in occasions and not old["occasion_id"]:
        cells["occasion_id"] = new["occasion_id"]
    return cells
