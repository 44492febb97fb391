"""The command line of the watch seat: let a policy keep a watch, or keep it oneself in the terminal."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotwash.cli.options import AsJson, bar, lines

if TYPE_CHECKING:
    from hotwash.score.watch import WatchMeasured
    from hotwash.work.watching import Watched

app = typer.Typer()

LEFT = 1


class WatchPolicyName(StrEnum):
    rule_book = "rule-book"
    cautious = "cautious"
    hasty = "hasty"
    random = "random"
    none = "none"


@app.command()
def watch(
    exercise: Annotated[
        str, typer.Argument(metavar="EXERCISE", help="A shipped exercise, a TOML file, or a folder with scenario.toml.")
    ],
    policy: Annotated[
        WatchPolicyName, typer.Option(help="Who keeps the watch; none looks on.")
    ] = WatchPolicyName.rule_book,
    rules: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your rule file, for rule-book. Default: the one the exercise carries."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="One seed, one night.")] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the recording: missing or empty. Default: write nothing.")
    ] = None,
    view: Annotated[bool, typer.Option("--view", help="Keep the watch yourself, in this terminal.")] = False,
    speed: Annotated[
        float, typer.Option(min=0.1, max=600.0, metavar="X", help="With --view: so many times as fast as it happens.")
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Keep the air picture of an exercise: classify, declare breaches, recommend, warn, ask, note.

    A policy keeps it as fast as the machine can; with --view you do. hotwash has no rules for measures of its own:
    rule-book follows a file that you write (docs/how-to/keep-watch.md). The main measures are printed, with --out the
    recording is kept: hotwash score DIR gives the rest. Without --out nothing is written. Times are simulated time.

    Ends with 0 when it was kept to the end, 1 when you left it before, 2 when it is refused.
    """
    with (lines if view else bar)(quiet=as_json) as progress:
        progress("Loading", None)
        from hotwash.work import watching

        if view:
            done = watching.watch_by_hand(exercise, seed=seed, out=out, speed=speed, progress=progress)
        else:
            done = watching.watch(exercise, policy=policy.value, rules=rules, seed=seed, out=out, progress=progress)
    if as_json:
        print(json.dumps(done.flat(), ensure_ascii=False, allow_nan=False))
    else:
        tell_watch(done)
    raise typer.Exit(0 if done.watch.is_whole else LEFT)


def tell_watch(done: Watched, *, is_brief: bool = False) -> None:
    """Print a watch: who kept it, what was decided, the main measures, and where its recording lies."""
    watched, scenario = done.watch, done.watch.scenario
    who = "a person" if done.is_by_hand else "nobody" if watched.policy == "none" else f"the policy {watched.policy}"
    print(f"{scenario.title or scenario.name}, kept by {who}, seed {watched.seed}. {scenario.watch.marked}.")
    said = ", ".join(f"{many} {kind}" for kind, many in sorted(watched.counts.items())) or "nothing"
    left = "" if watched.is_whole else f" Left after {watched.seconds:.0f} s of {scenario.time_limit_s:.0f} s."
    print(f"Decided: {said}.{left}")
    if not is_brief:
        print()
        _tell_measures(watched.measured)
        print(f"\n{watched.measured.text}")
    speed = watched.seconds / max(done.wall_seconds, 1e-9)
    if not done.is_by_hand:
        print(f"\n{watched.seconds:.0f} s in {done.wall_seconds:.1f} s: {speed:.0f} times as fast as it happens.")
    print("\nThis holds in this exercise, for a simulated air picture.")
    if done.folder is not None:
        print(f"\nThe recording: {done.folder}")


MAIN = (
    "worst_first_detectable_to_declared", "worst_first_detectable_to_warning", "worst_first_detectable_to_measures",
    "system_misses", "seat_misses", "false_breaches", "minutes_closed_needed", "minutes_closed_not_needed",
    "exposed_movements", "held_movements_not_needed", "warned_in_need", "warned_without_need", "d_prime",
)  # fmt: skip


def _tell_measures(measured: WatchMeasured) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table("measure", "by what happened", "by what could be known", box=None)
    for name, outcome, known in measured.table:
        if name in MAIN:
            shown.add_row(name, outcome, known)
    Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(shown)
