"""Show the whole once: a real incident weighed, a standard test flown, lessons of that night taken to their proof."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.store import centre as centres
from hotwash.work import account, attempting, flying, loop, watching
from hotwash.work.account import Analysis
from hotwash.work.attempting import Clock
from hotwash.work.flying import Asked, Flown
from hotwash.work.loop import Closed

Progress = Callable[[str], None]

FLIGHT = "flight"  # the folder of the flight's recording
DEBRIEF = "debrief.md"
_TEST, _SEED = "bperp", 1
_NAME = "Example centre"
_MOST_WORKERS = 4  # a quarter of a gigabyte each


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo made, all in one folder: a centre, an account, a flight, and lessons with their proof."""

    account: Analysis
    flight: Flown
    closed: Closed

    def flat(self) -> dict[str, Any]:
        """Return the account, under `flight` what was flown, and under `centre` the lessons; no time on the wall."""
        told = {key: value for key, value in self.flight.flat().items() if key != "wall_seconds"}
        return {**self.account.account, FLIGHT: told | {"recording": FLIGHT}, "centre": self.closed.flat()}


def show(*, now_utc: datetime, clock: Clock, out: Path | None = None, progress: Progress = lambda _: None) -> Shown:
    """Weigh the real example, let the autopilot fly the standard test, and take lessons of that night to their proof.

    now_utc  when the account is made; clock: tells the time on the wall, by which attempts are named and flown
    out      missing or empty; by default a fresh folder in the system's place for temporary files
    raises   WriteError when `out` holds something
    """
    folder = account.demo_folder(out)
    first = (watching.make_ready, flying.make_ready)  # while the account is weighed here
    several = attempting.start_watch_workers(min(_MOST_WORKERS, os.cpu_count() or 1), warm_ups=first)
    with several as workers, centres.create(folder, name=_NAME, now_utc=now_utc) as centre:
        weighed = account.show_examples(folder, now_utc=now_utc, progress=progress)
        if workers is not None:
            workers.wait()
        flown = flying.fly(Asked(_TEST, seed=_SEED), out=folder / FLIGHT, progress=lambda stage, _: progress(stage))
        (folder / FLIGHT / DEBRIEF).write_text(_debrief(flown), encoding="utf-8")
        accounts = account.example_folders(folder)
        closed = loop.close(centre, accounts, clock=clock, workers=workers, progress=lambda stage, _: progress(stage))
    return Shown(weighed, flown, closed)


def _debrief(flown: Flown) -> str:
    measured = flown.measured
    whole = f"{measured.points:g} of {measured.possible:g} points in {measured.seconds:.1f} s of flight."
    return f"# {flown.scenario.title or flown.scenario.name}\n\n{whole} {measured.why}\n\n{measured.markdown}\n"
