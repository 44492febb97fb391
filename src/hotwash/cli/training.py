"""The command line of training: fly an exercise, score a recording, mark it, look at lanes and build one's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, bar, lines, now

if TYPE_CHECKING:
    from rich.table import Table

    from hotwash.lanes.lane import Lane
    from hotwash.score.attempt import Measured
    from hotwash.score.watch import WatchMeasured
    from hotwash.work.flying import Flown
    from hotwash.work.scoring import Scored

app = typer.Typer()
lane_app = typer.Typer(help="Look at test lanes, and build one of your own.", no_args_is_help=True)
app.add_typer(lane_app, name="lane")

RecordingFolder = Annotated[
    Path, typer.Argument(metavar="RECORDING", help="Folder that holds scenario.toml, truth.parquet and its kin.")
]


NO_GO = 1
_FLIERS = {"mavlink": "a ground station", "random": "random sticks"}


class PolicyName(StrEnum):
    autopilot = "autopilot"
    novice = "novice"
    random = "random"


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
    seat: Annotated[str | None, typer.Option(metavar="NAME", help="Whose. Default: the scenario's first.")] = None,
    scheme: Annotated[
        str | None, typer.Option(metavar="FILE", help="Count errors by this: a TOML file, or gvc. Default: by none.")
    ] = None,
    debrief: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write the debrief as Markdown.")] = None,
    svg: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also draw the way flown on the lane's plan, or the watch as lines in time."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a recording again, from it alone.

    Of a flight it prints each task, and the whole against the school's own pass marks; of a watch each measure twice,
    by what happened and by what could be known. Then an instructor's marks, and the debrief.
    Times are simulated time. Ends with 0 whatever the result is; with 2 when the recording cannot be scored.
    """
    from hotwash.score.watch import WatchMeasured
    from hotwash.work import scoring

    found = scoring.score(recording, seat=seat, scheme=scheme)
    scoring.write(found, debrief=debrief, svg=svg)
    if as_json:
        print(json.dumps(found.flat(), ensure_ascii=False, allow_nan=False))
    elif isinstance(found.measured, WatchMeasured):
        _tell_watch(found, found.measured)
    else:
        _tell_score(found, found.measured)


@app.command()
def fly(
    exercise: Annotated[
        str, typer.Argument(metavar="EXERCISE", help="A shipped exercise, or a TOML file of your own.")
    ],
    policy: Annotated[PolicyName, typer.Option(help="Who flies.")] = PolicyName.autopilot,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="One seed, one flight.")] = 0,
    airframe: Annotated[
        str | None, typer.Option(metavar="NAME", help="A shipped airframe, or a TOML file. Default: the exercise's.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the recording: missing or empty. Default: write nothing.")
    ] = None,
    ulog: Annotated[bool, typer.Option("--ulog", help="Beside it, the flight as a PX4 log.")] = False,
    bin_: Annotated[bool, typer.Option("--bin", help="Beside it, the flight as an ArduPilot log.")] = False,
    pass_points: Annotated[
        float | None, typer.Option(min=0.0, metavar="N", help="The school's pass mark. Default: the exercise's.")
    ] = None,
    pass_seconds: Annotated[
        float | None, typer.Option(min=0.0, metavar="N", help="The school's longest time [s]. Default: the exercise's.")
    ] = None,
    mavlink: Annotated[
        str | None, typer.Option(metavar="URL", help="Let a ground station fly it, in real time: udp:127.0.0.1:14550.")
    ] = None,
    mavlink_anywhere: Annotated[
        bool, typer.Option("--mavlink-anywhere", help="The ground station may be on another machine; there is no lock.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fly an exercise in simulation, and score the flight.

    Without --out nothing is written. Times are simulated time. Ends with 0 when it was flown, 1 when it was NO-GO
    against the school's pass marks, 2 when it is refused.
    """
    with (bar if mavlink is None else lines)(quiet=as_json) as progress:
        progress("Loading", None)
        from hotwash.work import flying

        done = flying.fly(
            exercise,
            policy=policy.value,
            seed=seed,
            airframe=airframe,
            pass_points=pass_points,
            pass_seconds=pass_seconds,
            mavlink=mavlink,
            is_anywhere=mavlink_anywhere,
            out=out,
            ulog=ulog,
            bin_=bin_,
            progress=progress,
        )
    if as_json:
        print(json.dumps(done.flat(), ensure_ascii=False, allow_nan=False))
    else:
        tell_flight(done)
    raise typer.Exit(NO_GO if done.flight.is_no_go else 0)


@app.command()
def mark(
    attempt: Annotated[Path, typer.Argument(metavar="ATTEMPT", help="Folder that holds the attempt's recording.")],
    by: Annotated[str, typer.Option(metavar="ID", help="Who marks: the instructor's random id.")],
    task: Annotated[str | None, typer.Option(metavar="NAME", help="Which task. Default: the whole attempt.")] = None,
    result: Annotated[Result | None, typer.Option(help="What you saw.")] = None,
    error: Annotated[ErrorClass | None, typer.Option(help="Class of an error that counts here.")] = None,
    void: Annotated[bool, typer.Option("--void", help="The attempt shall not count; say why with --comment.")] = False,
    comment: Annotated[str | None, typer.Option(metavar="TEXT", help="In your words.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add an instructor's mark beside the machine's result.

    Nothing is written over: each mark is a new row of marks.parquet, with who gave it and when.
    """
    from hotwash.work import scoring

    given = {
        "result": result.value if result else None, "error_class": error.value if error else None,
        "is_void": void or None, "comment": comment,
    }  # fmt: skip
    row = scoring.mark(attempt, by=by, now_utc=now(), task=task, given=given)
    if as_json:
        print(json.dumps(row, ensure_ascii=False))
    else:
        print(f"Mark {row['mark_id']} by {by} stands beside the result of {row['attempt_id']}.")


@app.command()
def export(
    recording: RecordingFolder,
    ulog: Annotated[Path | None, typer.Option(metavar="FILE", help="PX4 log to write, usually .ulg.")] = None,
    bin_: Annotated[Path | None, typer.Option("--bin", metavar="FILE", help="ArduPilot log to write, .bin.")] = None,
    object_: Annotated[
        str | None, typer.Option("--object", metavar="NAME", help="Whose flight. Default: the only one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a recorded flight as the log of an autopilot.

    Positions and attitudes in it are truth. A file of that name is replaced once the new one is whole.
    """
    from hotwash.work import logs

    done = logs.write_logs(recording, ulog_file=ulog, bin_file=bin_, object_id=object_)
    if as_json:
        print(json.dumps(done.flat(), ensure_ascii=False))
    else:
        for path in (done.ulog, done.bin):
            if path is not None:
                print(f"The flight of {done.object_id}: {path}")


@lane_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the lanes that are shipped."""
    from hotwash.lanes import lane

    found = [lane.load(name) for name in lane.shipped()]
    if as_json:
        print(json.dumps([_brief(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        print(f"{one.name:24} {one.possible:3g} points {one.time_limit_s:4g} s  {one.title}")


@lane_app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped lane, or a lane file.")],
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also draw its plan.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a lane: its tasks in their order, and where each number comes from."""
    from hotwash.work import lanes

    found = lanes.found(name)
    if svg is not None:
        lanes.draw(found, svg)
    if as_json:
        print(json.dumps(_whole(found), ensure_ascii=False, allow_nan=False))
    else:
        _tell_lane(found)


@lane_app.command()
def build(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Short TOML file: stands and call-outs.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Lane file to write; it may not be there yet.")],
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also draw its plan.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build a lane of your own from where its stands are and what is called out.

    docs/how-to/build-a-lane.md shows a plan.
    """
    from hotwash.work import lanes

    built = lanes.build(plan, out=out)
    if svg is not None:
        lanes.draw(built, svg)
    if as_json:
        print(json.dumps({**_brief(built), "file": str(out)}, ensure_ascii=False))
    else:
        print(f"{built.title}: {len(built.tasks)} tasks, {built.possible:g} points.\n\nThe lane: {out}")


# ---------------------------------------------------------------- telling


def tell_flight(done: Flown, *, is_brief: bool = False) -> None:
    """Print a flight: its tasks unless brief, the whole, what it is not, the debrief, and where its recording lies."""
    from rich.markup import escape

    flight, measured = done.flight, done.flight.measured
    speed = measured.seconds / done.wall_seconds
    who = _FLIERS.get(flight.policy, f"the {flight.policy}")
    title = flight.scenario.title or flight.scenario.name
    head = f"{title}, flown by {who} in {flight.airframe}, seed {flight.seed}."
    took = f"{measured.seconds:.1f} s of flight in {done.wall_seconds:.1f} s: {speed:.0f} times as fast as it happens."
    tasks = () if is_brief else (_tasks(measured, lambda _: ""), "")
    _show(escape(head), "", *tasks, _whole_of(measured), escape(measured.why))
    _show(f"This is {measured.notice}.", "", escape(measured.text), "", took)
    if not flight.is_whole:
        print("It was broken off before its end: what is shown is as far as it went.")
    if done.folder is not None:
        print(f"\nThe recording: {done.folder}")


def _tasks(measured: Measured, beside: Callable[[str], str]) -> Table:
    """Return a table of tasks; beside is what stands beside a task's result."""
    from rich.table import Table

    tasks = Table("task", "result", "points", "time", "measured", "why", box=None)
    for task in measured.tasks:
        seconds = "–" if task.seconds is None else f"{task.seconds:.1f} s"
        said = ", ".join(f"{name} {value:.2f}" for name, value in task.measures.items())
        tasks.add_row(
            task.task.name,
            task.result + beside(task.task.name),
            f"{task.points:g}/{task.possible:g}",
            seconds,
            said,
            task.why,
        )
    return tasks


def _whole_of(measured: Measured) -> str:
    return f"{measured.points:g} of {measured.possible:g} points in {measured.seconds:.1f} s: {measured.result}"


def _tell_watch(found: Scored, measured: WatchMeasured) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table("measure", "what happened", "what could be known", box=None)
    for row in measured.table:
        table.add_row(*row)
    head = f"{measured.marked}: {measured.title}, {measured.seconds / 60.0:.1f} minutes."
    _show(escape(head), "", table, *_told_marks(found), "", escape(measured.text), "")
    _show(f"This is {measured.notice}.", escape(measured.marked))


def _tell_score(found: Scored, measured: Measured) -> None:
    from rich.markup import escape

    tasks = _tasks(measured, lambda name: _beside(found, name))
    _show(tasks, "", _whole_of(measured), escape(measured.why), *_told_marks(found), "", escape(measured.text))


def _beside(found: Scored, task: str) -> str:
    """Return the instructors' results of a task, to stand beside the machine's."""
    given = [row["result"] for row in found.marks.to_dicts() if row["task"] == task and row["result"]]
    return "".join(f" (instructor: {one})" for one in given)


def _told_marks(found: Scored) -> list[str]:
    from rich.markup import escape

    said = ["", "Marked by instructors:"] if found.marks.height else []
    for row in found.marks.to_dicts():
        what = [row["result"], row["error_class"] and f"{row['error_class']} error", "void" if row["is_void"] else None]
        told = ", ".join(one for one in (*what, row["comment"]) if one)
        when = f"{row['marked_utc']:%Y-%m-%d %H:%M}Z"
        said.append(escape(f"  {when} {row['marked_by']}, {row['task'] or 'the whole'}: {told}"))
    return [*said, escape(found.marked.why)] if found.marked.why else said


def _brief(lane: Lane) -> dict[str, Any]:
    return {
        "name": lane.name, "version": lane.version, "title": lane.title, "possible": lane.possible,
        "time_limit_s": lane.time_limit_s, "tasks": len(lane.tasks), "notice": lane.notice,
    }  # fmt: skip


def _whole(lane: Lane) -> dict[str, Any]:
    tasks = [
        {
            "name": task.name, "part": task.part, "kind": task.kind, "call": task.call, "marker": task.marker,
            "points": task.points, "target_m": list(task.target_m), "heading_deg": task.heading_deg,
            "gimbal_pitch_deg": task.gimbal_pitch_deg,
        }
        for task in lane.tasks
    ]  # fmt: skip
    figures = [
        {"name": one.name, "value": one.value, "source": one.source, "confidence": one.confidence, "note": one.note}
        for one in lane.figures
    ]
    return {**_brief(lane), "about": lane.about, "sources": dict(lane.sources), "numbers": figures, "in_order": tasks}


def _tell_lane(lane: Lane) -> None:
    from rich.table import Table

    tasks = Table("part", "call-out", "kind", "points", "where: east, north, up", "nose", "camera", box=None)
    for task in lane.tasks:
        where = ", ".join(f"{one:.1f}" for one in task.target_m) + " m"
        camera = "" if task.gimbal_pitch_deg is None else f"{task.gimbal_pitch_deg:.0f}°"
        points = f"{task.points:g}" + ("" if task.marker == "machine" else f" ({task.marker})")
        tasks.add_row(task.part, task.call, task.kind, points, where, f"{task.heading_deg:.0f}°", camera)
    figures = Table("number", "value", "source", "confidence", "what it is", box=None)
    for one in lane.figures:
        figures.add_row(one.name, f"{one.value:g}", one.source, one.confidence, one.note)
    head = f"{lane.title}: {lane.possible:g} points, {lane.time_limit_s:g} s."
    sources = [f"{name}: {text}" for name, text in lane.sources.items()]
    _show(head, lane.about, "", tasks, "", figures, "", *sources, "", f"This is {lane.notice}.")


def _show(*parts: Any) -> None:
    from rich.console import Console

    # A pipe has no width of its own; a table of tasks wants more than the customary 80.
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, str))
