"""A watch measured from its recording alone, each decision twice: by what happened, and by what could be known.

    detections ─▶ reference picture ─┬────────────────────▶ crossings, needs as known ─▶ rows `…_known`
    truth ─▶ objects ─▶ who is who ──┴▶ crossings, needs by truth ─▶ rows of the outcome
    decisions ─▶ declared, labels, closures, warnings ──▶ both

Without truth the outcome is NO DATA; what could be known is measured all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from hotwash.model import schema, tables
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.recording import Recording
from hotwash.score.questions import Question, plain_text
from hotwash.score.watch import (
    classes,
    closures,
    crossings,
    decision_log,
    proximity,
    public_warnings,
    real_objects,
    reference_picture,
    reports,
    timeline,
    watch_debrief,
)
from hotwash.score.watch.closures import Place
from hotwash.score.watch.conditions import Conditions, conditions_of
from hotwash.score.watch.public_warnings import Area
from hotwash.score.watch.score_rows import Delay, Row, delay_rows, no_data_rows
from hotwash.score.watch.timeline import Side, TimelineRow

WARNING, MEASURES = "first_detectable_to_warning", "first_detectable_to_measures"
DELAYS = tuple(
    (f"{which}{name}", "s") for name in (crossings.DECLARED, WARNING, MEASURES) for which in ("worst_", "median_", "")
)
CLASSIFIED = (
    ("hits", "count"), ("misses", "count"), ("false_alarms", "count"), ("correct_rejections", "count"),
    ("d_prime", "1"), ("criterion", "1"),
)  # fmt: skip
WARNED = tuple((name, "people") for name in public_warnings.MEASURES)
# Of the outcome, the decision score, and what needs neither; the cells of the matrix, classified_…_as_…, come on top.
OUTCOME = (*DELAYS, *crossings.COUNTS, *CLASSIFIED, *closures.NEEDED, *WARNED)
OF_PICTURE = ("seat_misses", "detected", "false_breaches", "count_error_airframes", "undecided_breaches")
KNOWN = tuple(
    (f"{name}_known", unit) for name, unit in OUTCOME
    if (name, unit) in (*DELAYS, *closures.NEEDED, *WARNED) or name in OF_PICTURE
)  # fmt: skip
ON_REPORT = (f"{closures.ON_REPORT}_known", "min")
ALL = (*OUTCOME, *KNOWN, ON_REPORT, *closures.PLAIN)

NOTICE = "a watch in an exercise; no measure of it says how anybody would do on a real night"


@dataclass(frozen=True, slots=True)
class WatchScore:
    """What a watch came to.

    scores      SCORES: one row for each measure of each object, track or aerodrome (`task`), and of the whole
    questions   the debrief: what was expected, what happened, why, and what to sustain or change
    timeline    the watch as rows in time, for a drawing
    start_utc, seconds   when the watch began, and how long it lasted
    marked      what the material is marked as; every page must say it
    """

    attempt_id: str
    seat: str
    scores: pl.DataFrame
    questions: tuple[Question, ...]
    timeline: tuple[TimelineRow, ...]
    start_utc: datetime
    seconds: float
    marked: str
    notice: str = NOTICE

    @property
    def title(self) -> str:
        """Name of the exercise, and of the seat."""
        names = self.scores["exercise"].drop_nulls().unique().to_list()
        return ", ".join([*names, self.seat])

    @property
    def text(self) -> str:
        """The debrief as plain text."""
        return plain_text(self.questions)

    @property
    def table(self) -> tuple[tuple[str, str, str], ...]:
        """Measures of the whole in their order: name, by what happened, by what could be known."""
        return watch_debrief.table(self.scores)

    @property
    def markdown(self) -> str:
        """The debrief as Markdown, marked, with the table of measures below it."""
        return watch_debrief.markdown(self.questions, self.table, marked=self.marked, notice=self.notice)

    def value(self, measure: str, task: str | None = None) -> float | None:
        """Return the value of one measure; None where there is none."""
        rows = self.scores.filter((pl.col("measure") == measure) & pl.col("task").eq_missing(pl.lit(task)))
        found = rows["value"].to_list()
        return found[0] if found else None

    def flat(self) -> dict[str, Any]:
        """Return everything for a program, without frames."""
        return {
            "attempt_id": self.attempt_id, "seat": self.seat, "marking": self.marked, "notice": self.notice,
            "start_utc": self.start_utc.isoformat(), "seconds": self.seconds,
            "measures": {name: {"outcome": outcome, "known": known} for name, outcome, known in self.table},
            "debrief": {one.title: list(one.said) for one in self.questions},
        }  # fmt: skip

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)


def measure_watch(
    recording: Recording, *, seat: str | None = None, attempt_id: str = "", picture_rows: pl.DataFrame | None = None
) -> WatchScore:
    """Return the measures of one seat's watch, everything made again from its recording.

    recording   what was sensed and told, what the seat decided, and truth where there is any
    seat        whose; None: the scenario's watch seat, or whoever decided
    picture_rows   `live_tracks.track_as_received` of its detections, where that is at hand; else it is made again
    raises      ScenarioError where the recording holds no watch
    """
    conditions = conditions_of(recording, seat=seat)
    log = decision_log.read_log(recording.decisions, conditions)
    picture = reference_picture.rebuild_picture(recording, conditions, picture_rows)
    heard = reports.weigh_reports(recording.sightings, conditions)
    places, areas = (
        closures.find_aerodromes(recording, log, conditions),
        public_warnings.warning_areas(log, conditions.end_s),
    )
    by_picture = Side(
        "_known",
        crossings.crossings_of_picture(picture, log, conditions.end_s),
        proximity.movers_of_picture(picture, heard),
    )
    rows: list[Row] = []
    by_truth = None
    if recording.truth.height:
        objects = real_objects.find_objects(recording.truth, conditions)
        matches = real_objects.match_tracks(picture, objects)
        by_truth = Side(
            "",
            crossings.crossings_of_truth(objects, matches, log, conditions.end_s),
            proximity.movers_of_truth(objects, conditions.end_s),
        )
        found = crossings.rows_of_truth(by_truth.crossings, objects, matches, log, is_limited=conditions.is_limited)
        rows += _crossed(conditions, found)
        rows += _of_side(by_truth, places, areas, recording.population, conditions)
        rows += classes.class_rows(classes.trials(objects, matches, log))
    else:
        rows += no_data_rows(OUTCOME)
    found = crossings.rows_of_picture(by_picture.crossings, picture, log, is_limited=conditions.is_limited)
    rows += _crossed(conditions, found)
    rows += _of_side(by_picture, places, areas, recording.population, conditions)
    rows += closures.rows_on_report(places, by_picture.movers, conditions, by_picture.suffix)
    rows += closures.status_rows(places, conditions)
    scores = _scores(rows, conditions, attempt_id)
    drawn = timeline.timeline_rows(
        by_truth or by_picture, places, areas, log, conditions, is_truth=by_truth is not None
    )
    questions = watch_debrief.debrief_watch(
        scores, by_truth or by_picture, conditions, has_truth=by_truth is not None,
        tried=frozenset(row["kind"] for row in log.rows),
    )  # fmt: skip
    return WatchScore(
        attempt_id, conditions.seat, scores, questions, drawn, conditions.start_utc, conditions.end_s, conditions.marked
    )  # fmt: skip


def _crossed(conditions: Conditions, rows: list[Row]) -> list[Row]:
    """Return the rows of crossings; without a border nobody can tell any of them."""
    if conditions.zone is not None:
        return rows
    return no_data_rows([(name, unit) for name, unit in dict.fromkeys((r["measure"], r["unit"]) for r in rows)])


def _of_side(
    side: Side, places: Sequence[Place], areas: Sequence[Area], population: pl.DataFrame, conditions: Conditions
) -> list[Row]:  # fmt: skip
    """Return what followed from crossings, and what closures and warnings were worth, by one way to judge."""
    cells = public_warnings.cells_of(population)
    to_warning: dict[str, Delay | None] = {}
    to_measures: dict[str, Delay | None] = {}
    for one in side.crossings:
        has_people = not cells or public_warnings.passes_anybody(cells, side.movers, one.name)
        is_near = closures.came_near(places, side.movers, one.name, conditions)
        first_warning_s = public_warnings.first_warning_s(areas, side.movers, one.name)
        first_measure_s = closures.first_measure_s(places, side.movers, one.name, conditions)
        to_warning[one.name] = one.after(first_warning_s) if has_people else None
        to_measures[one.name] = one.after(first_measure_s) if is_near else None
    rows = delay_rows(WARNING, to_warning, side.suffix) + delay_rows(MEASURES, to_measures, side.suffix)
    rows = _crossed(conditions, rows)
    rows += closures.closure_rows(places, side.movers, conditions, side.suffix)
    return rows + public_warnings.warning_rows(areas, population, side.movers, side.suffix)


def _scores(rows: Sequence[Mapping[str, Any]], conditions: Conditions, attempt_id: str) -> pl.DataFrame:
    fixed = {
        "attempt_id": attempt_id, "seat": conditions.seat, "seed": conditions.seed, "exercise": conditions.exercise,
        "exercise_version": conditions.exercise_version, "marked_by": "machine",
    }  # fmt: skip
    whole = [{**row, "value": None if row["value"] is None else float(row["value"]), **fixed} for row in rows]
    return schema.conform(schema.frame(tables.SCORES, whole), tables.SCORES)
