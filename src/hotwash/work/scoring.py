"""Score a recording that lies in a folder, and add an instructor's marks beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.errors import CentreError, ReadError
from hotwash.export import files
from hotwash.export import recording_folder as written
from hotwash.flight import lookup
from hotwash.front.drawings import draw_score
from hotwash.front.recordings import read_recording, score_recording
from hotwash.ingest.disk import read_text
from hotwash.lanes.lane import Lane
from hotwash.lessons.proof import column_text, decides
from hotwash.model import scenario as scenarios
from hotwash.model import schema, tables, words
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import Recording
from hotwash.score import marking
from hotwash.score.attempt import FlightScore
from hotwash.score.marking import MarkResult, Scheme
from hotwash.score.watch import WatchScore
from hotwash.store import attempts
from hotwash.store import centre as centres
from hotwash.store import objectives as kept_objectives
from hotwash.store.centre import DATABASE, RECORDINGS

_MARK = ("result", "error_class", "is_void", "comment")


@dataclass(frozen=True, slots=True)
class ScoringResult:
    """The machine's result, and an instructor's marks beside it.

    measured   what a flight came to, or a watch
    marks      MARKS of this attempt
    marked     what they come to; with a scheme, whether that is a pass
    decides    of each objective that rests on the attempt, in a sentence, what decides it
    """

    measured: FlightScore | WatchScore
    marks: pl.DataFrame
    marked: MarkResult
    scheme: Scheme | None
    decides: tuple[str, ...] = ()

    def flat(self) -> dict[str, Any]:
        """Return everything for a program."""
        marks = [{key: _plain(value) for key, value in row.items()} for row in self.marks.to_dicts()]
        by_scheme = {"scheme": self.scheme.name if self.scheme else None, "result": self.marked.result}
        told = {"errors": dict(self.marked.errors), "is_void": self.marked.is_void, **by_scheme, "why": self.marked.why}
        return {
            **self.measured.flat(),
            "scores": self.measured.scores.to_dicts(),
            "marks": marks,
            "marked": told,
            "decides": list(self.decides),
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def score_folder(folder: Path, *, seat: str | None = None, scheme: str | None = None) -> ScoringResult:
    """Return the score of a recording, made again from it alone, with the marks that lie beside it.

    folder   as `export.recording_folder` writes it
    seat     whose; None: the scenario's first
    scheme   by which errors are counted: a shipped one or a TOML file; None: they are only counted
    raises   ReadError, ScenarioError, LaneError for what cannot be scored
    """
    recording = read_recording(folder)
    rule = None if scheme is None else _scheme(scheme)
    attempt_id = attempt_of(folder)
    own = recording.marks.filter(pl.col("attempt_id") == attempt_id).sort("mark_id")
    measured = score_recording(recording, seat=seat, attempt_id=attempt_id)
    return ScoringResult(measured, own, marking.count_marks(own, rule), rule, _decides(folder, measured.scores))


def _decides(folder: Path, scores: pl.DataFrame) -> tuple[str, ...]:
    """Return what decides, for the objective of an attempt that lies in a centre, or those of its exercise and seat."""
    home = folder.resolve().parent.parent
    if folder.resolve().parent.name != RECORDINGS or not (home / DATABASE).is_file() or not scores.height:
        return ()
    try:
        with centres.open_(home) as opened:
            objectives = kept_objectives.all_objectives(opened)
            own = attempts.objective_of(opened, attempt_of(folder))
    except CentreError:
        return ()  # the score is of the recording alone; `doctor` tells what is wrong with the centre
    first = scores.row(0, named=True)
    flown = (first["exercise"], first["exercise_version"], first["seat"])
    asked = [one for one in objectives if own in ("", one.objective_id)]
    fitting = [one for one in asked if (one.exercise, one.exercise_version, one.seat) == flown]
    return tuple(f"Objective {one.objective_id}: {decides(one)} {column_text(one)}".strip() for one in fitting)


def add_mark(
    folder: Path, *, by: str, now_utc: datetime, task: str | None = None, given: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """Add one mark beside a recording's result, and return it as a row of MARKS.

    folder    the attempt: a folder that holds a recording
    by        random id of the instructor
    task      which task of the lane; None: the attempt as a whole
    given     result, error_class, is_void, comment: one of them at least
    raises    ReadError for a task, a result or a class that there is not, or a void without a comment
    """
    recording = read_recording(folder)
    row = {key: given.get(key) for key in _MARK}
    _check(row, by, task, recording)
    last = recording.marks["mark_id"].max()
    row |= {
        "mark_id": int(last) + 1 if isinstance(last, int) else 0,
        "attempt_id": attempt_of(folder),
        "marked_by": by,
        "marked_utc": now_utc,
        "task": task,
    }
    written.append_marks(folder, schema.frame(tables.MARKS, [row]))
    return {name: _plain(row.get(name)) for name in tables.MARKS.names}


def write_score(found: ScoringResult, *, debrief: Path | None = None, svg: Path | None = None) -> None:
    """Write the debrief as Markdown, and a drawing: the way flown over the lane's plan, or the watch as lines in time.

    raises   ReadError for a drawing of a flight where there is no lane; WriteError
    """
    measured = found.measured
    if debrief is not None:
        files.write_file(debrief, measured.markdown.encode())
    if svg is not None:
        files.write_file(svg, draw_score(measured).encode())


def attempt_of(folder: Path) -> str:
    """Return the name of the attempt that a folder holds."""
    return folder.resolve().name


def _check(row: Mapping[str, Any], by: str, task: str | None, recording: Recording) -> None:
    if not by.strip():
        raise ReadError("--by", why="say who marks: the instructor's random id")
    if not any(row.values()):
        raise ReadError("mark", why="nothing is marked: give --result, --error, --void or --comment")
    for name, known in (("result", words.RESULTS), ("error_class", words.ERROR_CLASSES)):
        if row[name] is not None and row[name] not in known:
            raise ReadError(f"--{name.removesuffix('_class')}", why=f"{row[name]} is none of {', '.join(known)}")
    if row["is_void"] and not row["comment"]:
        raise ReadError("--void", why="an attempt is declared void for a reason: give it with --comment")
    lane = _lane(recording)
    if task is not None and lane is None:
        raise ReadError("--task", why="the recording has no lane, so it has no tasks; mark it as a whole")
    if task is not None and lane is not None:
        lane.index(task)


def _lane(recording: Recording) -> Lane | None:
    if recording.scenario is None:
        return None
    scenario = scenarios.parse(recording.scenario, name="scenario.toml")
    return lookup.find_lane(scenario) if isinstance(scenario, FlightScenario) else None


def _scheme(named: str) -> Scheme:
    path = Path(named)
    if path.suffix != ".toml" and not path.is_file():
        return marking.load_scheme(named)
    return marking.parse(read_text(path), name=path.name)
