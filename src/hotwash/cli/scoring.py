"""Recordings: score one again, add an instructor's mark, write the log of an autopilot."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.flying import sum_line, task_table
from hotwash.cli.options import AsJson, RecordingFolder, now
from hotwash.cli.output import add_row, answer

if TYPE_CHECKING:
    from hotwash.score.attempt import FlightScore
    from hotwash.score.watch import WatchScore
    from hotwash.work.scoring import ScoringResult

app = typer.Typer()


class Result(StrEnum):
    go = "GO"
    no_go = "NO-GO"
    no_opportunity = "NO OPPORTUNITY"
    no_data = "NO DATA"


class ErrorClass(StrEnum):
    minor = "minor"
    major = "major"
    safety = "safety"


@app.command()
def score(
    recording: RecordingFolder,
    seat: Annotated[str | None, typer.Option(metavar="NAME", help="Seat to score. Default: the first seat.")] = None,
    scheme: Annotated[
        str | None, typer.Option(metavar="FILE", help="Scheme for counting errors: a TOML file, or gvc. Default: none.")
    ] = None,
    debrief: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write the debrief as Markdown.")] = None,
    svg: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also draw the path on the plan of the lane, or the watch as a timeline."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a recording, from its contents alone.

    For a flight it prints each task, and the total against the pass marks; for a watch each measure twice: by what
    happened, and by what could be known. Then follow the instructor's marks and the debrief. Times are simulated time.
    For an attempt in a centre it says which measure, clock and column decide the objectives that rest on it.
    Exit codes: 0 scored, whatever the result; 2 the recording cannot be scored.
    """
    from hotwash.score.watch import WatchScore
    from hotwash.work import scoring

    found = scoring.score_folder(recording, seat=seat, scheme=scheme)
    scoring.write_score(found, debrief=debrief, svg=svg)
    measured = found.measured
    parts = _of_watch(found, measured) if isinstance(measured, WatchScore) else _of_flight(found, measured)
    answer(found.flat(), parts, as_json=as_json)


@app.command()
def mark(
    attempt: Annotated[Path, typer.Argument(metavar="ATTEMPT", help="Folder with the recording of the attempt.")],
    by: Annotated[str, typer.Option(metavar="ID", help="Random id of the instructor.")],
    task: Annotated[str | None, typer.Option(metavar="NAME", help="Task to mark. Default: the whole attempt.")] = None,
    result: Annotated[Result | None, typer.Option(help="Result that you observed.")] = None,
    error: Annotated[ErrorClass | None, typer.Option(help="Class of an error to count.")] = None,
    void: Annotated[
        bool, typer.Option("--void", help="The attempt must not count; give the reason with --comment.")
    ] = False,
    comment: Annotated[str | None, typer.Option(metavar="TEXT", help="Comment, in your own words.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add an instructor's mark to the computed result.

    Nothing is overwritten: each mark is a new row of marks.parquet, with who gave it and when.
    """
    from hotwash.work import scoring

    given = {
        "result": result.value if result else None,
        "error_class": error.value if error else None,
        "is_void": void or None,
        "comment": comment,
    }
    row = scoring.add_mark(attempt, by=by, now_utc=now(), task=task, given=given)
    text = f"Mark {row['mark_id']} by {by} is added to the result of {row['attempt_id']}."
    answer(row, text, as_json=as_json)


@app.command()
def export(
    recording: RecordingFolder,
    ulog: Annotated[Path | None, typer.Option(metavar="FILE", help="PX4 log to write, usually .ulg.")] = None,
    bin_: Annotated[Path | None, typer.Option("--bin", metavar="FILE", help="ArduPilot log to write, .bin.")] = None,
    object_: Annotated[
        str | None,
        typer.Option("--object", metavar="NAME", help="Object whose flight to write. Default: the only one."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Export a recorded flight as an autopilot log.

    Positions and attitudes in it are true values. An existing file is replaced once the new one is complete.
    """
    from hotwash.work import logs

    done = logs.write_logs(recording, ulog_file=ulog, bin_file=bin_, object_id=object_)
    written = [path for path in (done.ulog, done.bin) if path is not None]
    answer(done.flat(), (f"The flight of {done.object_id}: {path}" for path in written), as_json=as_json)


def _of_watch(found: ScoringResult, measured: WatchScore) -> Iterator[Any]:
    from rich.table import Table

    table = Table("measure", "what happened", "what could be known", box=None)
    for row in measured.table:
        add_row(table, *row)
    head = f"{measured.marked}: {measured.title}, {measured.seconds / 60.0:.1f} minutes."
    yield from (head, "", table, *_decides_lines(found), *_mark_lines(found), "", measured.text, "")
    yield from (f"This is {measured.notice}.", measured.marked)


def _of_flight(found: ScoringResult, measured: FlightScore) -> Iterator[Any]:
    yield task_table(measured, lambda name: _beside(found, name))
    yield from ("", sum_line(measured), measured.why, *_decides_lines(found), *_mark_lines(found), "", measured.text)


def _decides_lines(found: ScoringResult) -> list[str]:
    """Return what decides where an objective rests on the attempt: measure, clock, standard and column."""
    return ["", *found.decides] if found.decides else []


def _beside(found: ScoringResult, task: str) -> str:
    """Return the instructors' results of a task, to stand beside the machine's."""
    given = [row["result"] for row in found.marks.to_dicts() if row["task"] == task and row["result"]]
    return "".join(f" (instructor: {one})" for one in given)


def _mark_lines(found: ScoringResult) -> list[str]:
    said = ["", "Marked by instructors:"] if found.marks.height else []
    for row in found.marks.to_dicts():
        what = [row["result"], row["error_class"] and f"{row['error_class']} error", "void" if row["is_void"] else None]
        told = ", ".join(one for one in (*what, row["comment"]) if one)
        when = f"{row['marked_utc']:%Y-%m-%d %H:%M}Z"
        said.append(f"  {when} {row['marked_by']}, {row['task'] or 'the whole'}: {told}")
    return [*said, found.marked.why] if found.marked.why else said
