"""Show the whole once: a real incident weighed, a standard test flown, lessons of that night taken to their proof.

The account comes first, before anything heavy is loaded; meanwhile a second processor compiles, where it must.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotwash import resources
from hotwash.campaign.processes import Workers, start_workers
from hotwash.export import files
from hotwash.work import account
from hotwash.work.account import Analysis

if TYPE_CHECKING:
    from hotwash.work.flying import FlightWritten
    from hotwash.work.loop import LoopResult

FOLDER = "hotwash-demo"
FLIGHT = "flight"  # the folder of the flight's recording
DEBRIEF = "debrief.md"
_FINISHED = ".finished"  # holds a hash over all that a demo left: what was not changed since may be made anew
_TEST, _SEED = "bperp", 1
_NAME = "Example centre"
_MOST_WORKERS = 2  # a quarter of a gigabyte each


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done: step `number` of `of`.

    detail         how far it is, in words; mostly empty
    seconds_left   until the end, as it was measured elsewhere; None where that is not known yet
    """

    number: int
    of: int
    text: str
    detail: str = ""
    seconds_left: float | None = None


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo made, all in one folder: a centre, an account, a flight, and lessons with their proof."""

    account: Analysis
    flight: FlightWritten
    lessons: LoopResult
    example: str

    @property
    def debrief(self) -> Path:
        """The file in which the flight is talked over."""
        return self.account.page.parent / FLIGHT / DEBRIEF

    def flat(self) -> dict[str, Any]:
        """Return the account, under `flight` what was flown, and under `centre` the lessons; no time on the wall."""
        flown = {key: value for key, value in self.flight.flat().items() if key != "wall_seconds"}
        centre = self.lessons.flat() | {"example": self.example}
        return {**self.account.account, FLIGHT: flown | {"recording": FLIGHT}, "centre": centre}


def choose_folder(out: Path | None) -> Path:
    """Return the folder that a demo may fill.

    out      missing or empty. None: hotwash-demo here. What an earlier demo left there is taken away where nothing in
             it was changed since; otherwise it stays, and the next free name is taken: hotwash-demo-2
    raises   WriteError when `out` holds something
    """
    if out is not None:
        files.check_empty(out)
        return out
    for number in count(1):
        folder = Path(FOLDER if number == 1 else f"{FOLDER}-{number}")
        if _is_unchanged(folder):
            shutil.rmtree(folder)
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return folder
    raise AssertionError  # there is always another number


def _is_unchanged(folder: Path) -> bool:
    """Tell whether a folder holds what a demo left, all of it and nothing else."""
    finished = folder / _FINISHED
    if folder.is_symlink() or not finished.is_file():
        return False
    from hotwash.store.folders import hash_of

    return finished.read_text(encoding="utf-8").strip() == hash_of(folder, without=_FINISHED)


def run_demo(
    *,
    now_utc: datetime,
    clock: Callable[[], datetime],
    out: Path | None = None,
    progress: Progress = lambda _: None,
    report: Callable[[Analysis], None] = lambda _: None,
) -> DemoResult:
    """Weigh the real example, let the autopilot fly the standard test, and take lessons of that night to their proof.

    now_utc  when the account is made; clock: tells the time on the wall, by which attempts are named and flown
    out      as `choose_folder` takes it
    report   is called with the account as soon as it is written
    raises   WriteError when `out` holds something
    """
    folder = choose_folder(out)
    steps = _Steps(progress)
    with start_workers(min(_MOST_WORKERS, os.cpu_count() or 1), warm_ups=(_compile_tracker,)) as workers:
        steps.begin(0, _PLAN[0])
        analysed = account.show_example(folder, now_utc=now_utc)
        report(analysed)
        result = _train(folder, analysed, clock=clock, steps=steps, workers=workers)
    from hotwash.store.folders import hash_of

    (folder / _FINISHED).write_text(hash_of(folder), encoding="utf-8")
    return result


def weigh_example(*, now_utc: datetime, out: Path | None = None, progress: Progress = lambda _: None) -> Analysis:
    """Weigh the real example, and nothing else.

    raises   WriteError when `out` holds something
    """
    folder = choose_folder(out)
    progress(Step(1, 1, _PLAN[0][0]))
    return account.show_example(folder, now_utc=now_utc)


def _train(
    folder: Path, analysed: Analysis, *, clock: Callable[[], datetime], steps: _Steps, workers: Workers | None
) -> DemoResult:
    """Fly the standard test, and take the lessons to their proof, each as soon as what it takes is compiled."""
    if workers is not None:  # whichever is free first takes the borders
        flights, borders = workers.submit(_compile_flights), workers.submit(_compile_borders)
    from hotwash.front.flights import is_flight_compiled
    from hotwash.store import centre as centres
    from hotwash.work import example_recordings, flying, loop

    is_compiled = is_flight_compiled() and example_recordings.is_compiled()
    steps.begin(1, _PLAN[1] if is_compiled else _COMPILING)
    if workers is not None:
        flights.result()
    else:
        for one in (_compile_flights, _compile_tracker, _compile_borders):
            one()

    def wait_for_watches() -> None:
        if workers is not None:
            workers.wait()
            borders.result()

    steps.begin(2, _PLAN[2])
    flown = flying.record_flight(_TEST, seed=_SEED, out=folder / FLIGHT)
    (folder / FLIGHT / DEBRIEF).write_text(_debrief(flown), encoding="utf-8")
    steps.begin(3, _PLAN[3])
    with centres.create(folder, name=_NAME, now_utc=clock(), is_shared=True, example=loop.EXAMPLE) as centre:
        accounts = {resources.EXAMPLES[0]: folder}
        lessons = loop.run_loop(
            centre, accounts, clock=clock, workers=workers, progress=steps.go_on, before_scoring=wait_for_watches
        )
    return DemoResult(analysed, flown, lessons, loop.EXAMPLE)


def _compile_tracker() -> None:
    from hotwash.work import example_recordings

    example_recordings.compile_tracker()


def _compile_borders() -> None:
    from hotwash.work import example_recordings

    example_recordings.compile_borders()


def _compile_flights() -> None:
    from hotwash.front.flights import compile_flight

    compile_flight()


def _debrief(flown: FlightWritten) -> str:
    scenario, measured = flown.flight.scenario, flown.flight.measured
    whole = f"{measured.points:g} of {measured.possible:g} points in {measured.seconds:.1f} s of flight."
    return f"# {scenario.title or scenario.name}\n\n{whole} {measured.why}\n\n{measured.markdown}\n"


# ---------------------------------------------------------------- how far it is

_PLAN = (  # what is done, and how long it takes on two processors [s]
    ("weighing the account of the night", 2.0),
    ("loading the simulator and the tracker", 2.0),
    ("flying the standard test", 1.0),
    ("planning 18 attempts, then flying or scoring them", 6.0),
)
_COMPILING = ("compiling, once on this machine, about 30 s", 30.0)  # in place of the second step


class _Steps:
    """Tells how far the demo is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._at, self._doing = 0, _PLAN[0]

    def begin(self, at: int, doing: tuple[str, float]) -> None:
        """Tell that a step begins: which, and what it is with how long it takes."""
        self._at, self._doing = at, doing
        self.go_on("", None)

    def go_on(self, detail: str, share: float | None) -> None:
        """Tell how far a step is, in words and from 0 to 1."""
        text, seconds = self._doing
        left = seconds * (1.0 - (share or 0.0)) + sum(some for _, some in _PLAN[self._at + 1 :])
        self._progress(Step(self._at + 1, len(_PLAN), text, detail, left if self._at else None))
