"""The command line of the watch seat: let a policy keep a watch, or keep it oneself in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli import completion
from hotwash.cli.options import AsJson
from hotwash.cli.output import add_row, answer, bar, lines

if TYPE_CHECKING:
    from rich.table import Table

    from hotwash.score.watch import WatchScore
    from hotwash.work.watching import WatchWritten

app = typer.Typer()

LEFT = 1


class WatchPolicyName(StrEnum):
    rule_book = "rule-book"
    cautious = "cautious"
    hasty = "hasty"
    alarmist = "alarmist"
    random = "random"
    none = "none"


@app.command()
def watch(
    exercise: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE",
            help="An included exercise, a TOML file, or a folder with scenario.toml.",
            autocompletion=completion.watches,
        ),
    ],
    policy: Annotated[
        WatchPolicyName, typer.Option(help="Automatic operator; none only looks on.")
    ] = WatchPolicyName.rule_book,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Rule file for rule-book. Default: the one in the exercise.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; the same seed gives the same night.")] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the recording, new or empty. Default: write nothing.")
    ] = None,
    view: Annotated[bool, typer.Option("--view", help="Stand the watch yourself, in this terminal.")] = False,
    speed: Annotated[
        float, typer.Option(min=0.1, max=600.0, metavar="X", help="Playback rate with --view; 1 is real time.")
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Stand the watch in an exercise, or let a program do it.

    An automatic operator does it as fast as the machine can; with --view you do it yourself. hotwash has no rules of
    its own for measures: rule-book follows a file that you write (docs/how-to/keep-watch.md). The main measures are
    printed; with --out the recording is kept, and `hotwash score DIR` prints all. Times are simulated time.

    Exit codes: 0 completed; 1 you left before the end; 2 refused.
    """
    with (lines if view else bar)(quiet=as_json) as progress:
        progress("Loading", None)
        from hotwash.work import watching

        if view:
            done = watching.watch_by_hand(exercise, seed=seed, out=out, speed=speed, progress=progress)
        else:
            done = watching.record_watch(
                exercise, policy=policy.value, rules=rules, seed=seed, out=out, progress=progress
            )
    answer(done.flat(), _watch_parts(done), as_json=as_json)
    raise typer.Exit(0 if done.watch.is_whole else LEFT)


def _watch_parts(done: WatchWritten) -> Iterator[Any]:
    """Yield a watch: who kept it, what was decided, the main measures, and where its recording lies."""
    kept, scenario = done.watch, done.watch.scenario
    who = "a person" if done.is_by_hand else "nobody" if kept.policy == "none" else f"the policy {kept.policy}"
    yield f"{scenario.title or scenario.name}, watch stood by {who}, seed {kept.seed}. {scenario.watch.marked}."
    decided = ", ".join(f"{many} {kind}" for kind, many in sorted(kept.counts.items())) or "nothing"
    left = "" if kept.is_whole else f" Left after {kept.seconds:.0f} s of {scenario.time_limit_s:.0f} s."
    yield f"Decided: {decided}.{left}"
    yield from ("", _measures(kept.measured), f"\n{kept.measured.text}")
    speed = kept.seconds / max(done.wall_seconds, 1e-9)
    if not done.is_by_hand:
        yield f"\n{kept.seconds:.0f} s in {done.wall_seconds:.1f} s: {speed:.0f} times real time."
    yield "\nThis holds in this exercise, for a simulated air picture."
    if done.folder is not None:
        yield f"\nThe recording: {done.folder}"


MAIN = (
    "worst_first_detectable_to_declared",
    "worst_first_detectable_to_warning",
    "worst_first_detectable_to_measures",
    "system_misses",
    "seat_misses",
    "false_breaches",
    "minutes_closed_needed",
    "minutes_closed_not_needed",
    "exposed_movements",
    "held_movements_not_needed",
    "warned_in_need",
    "warned_without_need",
    "d_prime",
)


def _measures(measured: WatchScore) -> Table:
    from rich.table import Table

    table = Table("measure", "by what happened", "by what could be known", box=None)
    for name, outcome, known in measured.table:
        if name in MAIN:
            add_row(table, name, outcome, known)
    return table
