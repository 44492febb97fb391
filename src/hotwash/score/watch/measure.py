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
from hotwash.model.recording import Recording
from hotwash.score.debrief import Question
from hotwash.score.watch import classes, crossings, moving, picture, reports, traffic, truths, warned
from hotwash.score.watch import debrief as on_debrief
from hotwash.score.watch import decided as decisions
from hotwash.score.watch import lines as on_lines
from hotwash.score.watch import rows as told
from hotwash.score.watch.crossings import Crossing
from hotwash.score.watch.lines import Line
from hotwash.score.watch.moving import Movers
from hotwash.score.watch.rows import Row, Took
from hotwash.score.watch.terms import Terms, terms_of
from hotwash.score.watch.traffic import Place
from hotwash.score.watch.warned import Area

WARNING, MEASURES = "first_detectable_to_warning", "first_detectable_to_measures"
DELAYS = tuple(
    (f"{which}{name}", "s") for name in (crossings.DECLARED, WARNING, MEASURES) for which in ("worst_", "median_", "")
)
CLASSIFIED = (
    ("hits", "count"), ("misses", "count"), ("false_alarms", "count"), ("correct_rejections", "count"),
    ("d_prime", "1"), ("criterion", "1"),
)  # fmt: skip
WARNED = tuple((name, "people") for name in warned.MEASURES)
# Of the outcome, the decision score, and what needs neither; the cells of the matrix, classified_…_as_…, come on top.
OUTCOME = (*DELAYS, *crossings.COUNTS, *CLASSIFIED, *traffic.NEEDED, *WARNED)
OF_PICTURE = ("seat_misses", "detected", "false_breaches", "count_error_airframes", "undecided_breaches")
KNOWN = tuple(
    (f"{name}_known", unit) for name, unit in OUTCOME
    if (name, unit) in (*DELAYS, *traffic.NEEDED, *WARNED) or name in OF_PICTURE
)  # fmt: skip
ON_REPORT = (f"{traffic.ON_REPORT}_known", "min")
ALL = (*OUTCOME, *KNOWN, ON_REPORT, *traffic.PLAIN)

NOTICE = "a watch in an exercise; no measure of it says how anybody would do on a real night"


@dataclass(frozen=True, slots=True)
class WatchMeasured:
    """What a watch came to.

    scores      SCORES: one row for each measure of each object, track or aerodrome (`task`), and of the whole
    questions   the debrief: what was expected, what happened, why, and what to sustain or change
    lines       the watch as lines in time, for a drawing
    start_utc, seconds   when the watch began, and how long it lasted
    marked      what the material is marked as; every page must say it
    """

    attempt_id: str
    seat: str
    scores: pl.DataFrame
    questions: tuple[Question, ...]
    lines: tuple[Line, ...]
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
        return "\n\n".join("\n".join((one.title, *(f"  {said}" for said in one.said))) for one in self.questions)

    @property
    def table(self) -> tuple[tuple[str, str, str], ...]:
        """Measures of the whole in their order: name, by what happened, by what could be known."""
        return on_debrief.table(self.scores)

    @property
    def markdown(self) -> str:
        """The debrief as Markdown, marked, with the table of measures below it."""
        return on_debrief.markdown(self.questions, self.table, marked=self.marked, notice=self.notice)

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


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two ways to judge: by truth, or by the picture.

    suffix   of its measures: empty for truth
    """

    suffix: str
    crossings: tuple[Crossing, ...]
    movers: Movers


def measure_watch(
    recording: Recording, *, seat: str | None = None, attempt_id: str = "", shown: pl.DataFrame | None = None
) -> WatchMeasured:
    """Return the measures of one seat's watch, everything made again from its recording.

    recording   what was sensed and told, what the seat decided, and truth where there is any
    seat        whose; None: the scenario's watch seat, or whoever decided
    shown       `live_tracks.track_as_received` of its detections, where that is at hand; made again by default
    raises      ScenarioError where the recording holds no watch
    """
    terms = terms_of(recording, seat=seat)
    decided = decisions.decided(recording.decisions, terms)
    known = picture.known(recording, terms, shown)
    known = picture.labelled(known, [track for track in decided.labels if decided.label_of(track) == "drone"])
    heard = reports.told(recording.sightings, terms)
    places, areas = traffic.places(recording, decided, terms), warned.areas(decided, terms.end_s)
    by_picture = Side("_known", crossings.pictured(known, decided, terms.end_s), moving.pictured(known, heard))
    rows: list[Row] = []
    by_truth = None
    if recording.truth.height:
        things = truths.things(recording.truth, terms)
        stood = truths.stood(known, things)
        by_truth = Side("", crossings.real(things, stood, decided, terms.end_s), moving.real(things, terms.end_s))
        found = crossings.rows_of_truth(by_truth.crossings, things, stood, decided, is_limited=terms.is_limited)
        rows += _crossed(terms, found)
        rows += _of_side(by_truth, places, areas, recording.population, terms)
        rows += classes.rows_of_truth(classes.trials(things, stood, decided))
    else:
        rows += told.unknowns(OUTCOME)
    found = crossings.rows_of_picture(by_picture.crossings, known, decided, is_limited=terms.is_limited)
    rows += _crossed(terms, found)
    rows += _of_side(by_picture, places, areas, recording.population, terms)
    rows += traffic.rows_on_report(places, by_picture.movers, terms, by_picture.suffix)
    rows += traffic.rows_of_status(places, terms)
    scores = _scores(rows, terms, attempt_id)
    drawn = on_lines.lines(by_truth or by_picture, places, areas, decided, terms, is_truth=by_truth is not None)
    questions = on_debrief.debrief_of(scores, by_truth or by_picture, terms, has_truth=by_truth is not None)
    return WatchMeasured(
        attempt_id, terms.seat, scores, questions, drawn, terms.start_utc, terms.end_s, terms.marked
    )  # fmt: skip


def _crossed(terms: Terms, rows: list[Row]) -> list[Row]:
    """Return the rows of crossings; without a border nobody can tell any of them."""
    if terms.zone is not None:
        return rows
    return told.unknowns([(name, unit) for name, unit in dict.fromkeys((r["measure"], r["unit"]) for r in rows)])


def _of_side(
    side: Side, places: Sequence[Place], areas: Sequence[Area], population: pl.DataFrame, terms: Terms
) -> list[Row]:  # fmt: skip
    """Return what followed from crossings, and what closures and warnings were worth, by one way to judge."""
    cells = warned.cells_of(population)
    to_warning: dict[str, Took | None] = {}
    to_measures: dict[str, Took | None] = {}
    for one in side.crossings:
        has_people = not cells or warned.passed_anybody(cells, side.movers, one.name)
        is_near = traffic.came_near(places, side.movers, one.name, terms)
        first_warning_s = warned.first_warning_s(areas, side.movers, one.name)
        first_measure_s = traffic.first_measure_s(places, side.movers, one.name, terms)
        to_warning[one.name] = one.after(first_warning_s) if has_people else None
        to_measures[one.name] = one.after(first_measure_s) if is_near else None
    rows = told.delays(WARNING, to_warning, side.suffix) + told.delays(MEASURES, to_measures, side.suffix)
    rows = _crossed(terms, rows)
    rows += traffic.rows_of(places, side.movers, terms, side.suffix)
    return rows + warned.rows_of(areas, population, side.movers, side.suffix)


def _scores(rows: Sequence[Mapping[str, Any]], terms: Terms, attempt_id: str) -> pl.DataFrame:
    fixed = {
        "attempt_id": attempt_id, "seat": terms.seat, "seed": terms.seed, "exercise": terms.exercise,
        "exercise_version": terms.exercise_version, "marked_by": "machine",
    }  # fmt: skip
    whole = [{**row, "value": None if row["value"] is None else float(row["value"]), **fixed} for row in rows]
    return schema.conform(schema.frame(tables.SCORES, whole), tables.SCORES)
