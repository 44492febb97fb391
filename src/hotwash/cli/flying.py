"""`hotwash fly`: fly an exercise in simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli import completion
from hotwash.cli.options import AsJson
from hotwash.cli.output import add_row, answer, bar, lines

if TYPE_CHECKING:
    from rich.table import Table

    from hotwash.score.attempt import FlightScore
    from hotwash.work.flying import FlightWritten

app = typer.Typer()

NO_GO = 1
_OPERATORS = {"mavlink": "a ground station", "random": "random sticks"}


class PolicyName(StrEnum):
    autopilot = "autopilot"
    novice = "novice"
    random = "random"


@app.command()
def fly(
    exercise: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE", help="An included exercise, or a TOML file.", autocompletion=completion.flights
        ),
    ],
    policy: Annotated[PolicyName, typer.Option(help="Automatic pilot.")] = PolicyName.autopilot,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; the same seed gives the same flight.")] = 0,
    airframe: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="An included airframe, or a TOML file. Default: the one in the exercise.",
            autocompletion=completion.airframes,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the recording, new or empty. Default: write nothing.")
    ] = None,
    ulog: Annotated[bool, typer.Option("--ulog", help="Also write the flight as a PX4 log.")] = False,
    bin_: Annotated[bool, typer.Option("--bin", help="Also write the flight as an ArduPilot log.")] = False,
    pass_points: Annotated[
        float | None, typer.Option(min=0.0, metavar="N", help="Points needed to pass. Default: those of the exercise.")
    ] = None,
    pass_seconds: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="N", help="Longest time to pass [s]. Default: that of the exercise."),
    ] = None,
    mavlink: Annotated[
        str | None, typer.Option(metavar="URL", help="Let a ground station fly it in real time: udp:127.0.0.1:14550.")
    ] = None,
    mavlink_anywhere: Annotated[
        bool,
        typer.Option(
            "--mavlink-anywhere", help="Accept a ground station on another machine; the connection is not protected."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fly an exercise in simulation, and score the flight.

    Without --out nothing is written. Times are simulated time.
    Exit codes: 0 flown; 1 NO-GO against the pass marks; 2 refused.
    """
    with (bar if mavlink is None else lines)(quiet=as_json) as progress:
        progress("Loading", None)
        from hotwash.work import flying

        done = flying.record_flight(
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
    answer(done.flat(), flight_lines(done), as_json=as_json)
    raise typer.Exit(NO_GO if done.flight.is_no_go else 0)


@app.command()
def recover(
    journal: Annotated[Path, typer.Argument(metavar="JOURNAL", help="The file that the killed program left.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the recording, new or empty. Default: the one it was meant for."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Get back a flight by a ground station whose program was killed.

    While a ground station flies, each command is noted in a hidden file beside the folder for the recording:
    .DIR.journal. The recording is made from it, up to a second before the end, and the file is then deleted.
    An attempt in a centre is got back by `hotwash objective abandon`.
    """
    with bar(quiet=as_json) as progress:
        progress("Loading", None)
        from hotwash.work import recovering

        done = recovering.recover_flight(journal, out=out, progress=progress)
    answer(done.flat(), f"{done.seconds:.1f} s of flight were recovered: {done.folder}", as_json=as_json)


def flight_lines(done: FlightWritten, *, is_brief: bool = False) -> Iterator[Any]:
    """Yield a flight: its tasks unless brief, the whole, what it is not, the debrief, and where its recording lies."""
    flight, measured = done.flight, done.flight.measured
    speed = measured.seconds / done.wall_seconds
    who = _OPERATORS.get(flight.policy, f"the {flight.policy}")
    title = flight.scenario.title or flight.scenario.name
    head = f"{title}, flown by {who} in {flight.airframe}, seed {flight.seed}."
    took = f"{measured.seconds:.1f} s of flight in {done.wall_seconds:.1f} s: {speed:.0f} times real time."
    tasks = () if is_brief else (task_table(measured, lambda _: ""), "")
    yield from (head, "", *tasks, sum_line(measured), measured.why)
    yield from (f"This is {measured.notice}.", "", measured.text, "", took)
    if not flight.is_whole:
        yield "The flight was broken off before its end; results are up to that point."
    if done.folder is not None:
        yield f"\nThe recording: {done.folder}"


def task_table(measured: FlightScore, beside: Callable[[str], str]) -> Table:
    """Return a table of tasks; beside is what stands beside a task's result."""
    from rich.table import Table

    tasks = Table("task", "result", "points", "time", "measured", "why", box=None)
    for task in measured.tasks:
        seconds = "–" if task.seconds is None else f"{task.seconds:.1f} s"
        said = ", ".join(f"{name} {value:.2f}" for name, value in task.measures.items())
        add_row(
            tasks,
            task.task.name,
            task.result + beside(task.task.name),
            f"{task.points:g}/{task.possible:g}",
            seconds,
            said,
            task.why,
        )
    return tasks


def sum_line(measured: FlightScore) -> str:
    """Return the points and the time of a flight, and its result."""
    return f"{measured.points:g} of {measured.possible:g} points in {measured.seconds:.1f} s: {measured.result}"
