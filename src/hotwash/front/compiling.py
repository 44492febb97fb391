"""Compile what a flight will call before its first step, by two processes where there are two cores.

    entry points ─┬─ this process ──────────────┐
                  └─ a helper of its own ─cache─┴─▶ loaded when first called

Whoever is free takes the next one; what a helper that died leaves behind is compiled where it is called.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from threading import Thread
from typing import Any

from numba import config

from hotwash.flight import lookup
from hotwash.flight.entry_points import EntryPoint, compile_entry_point, entry_points
from hotwash.front.compiled import is_compiled
from hotwash.model.flight_scenario import FlightScenario
from hotwash.store.centre import without_gc

Helper = subprocess.Popen[str]


def compile_exercise(scenario: FlightScenario, *, also: Sequence[EntryPoint] = ()) -> None:
    """Compile what flying an exercise calls, where it was not compiled before; the same numbers come of it either way.

    also     what else will be called
    raises   ScenarioError, AirframeError, LaneError as for the exercise itself
    """
    if config.DISABLE_JIT:  # type: ignore[attr-defined] # it is made when Numba is loaded
        return
    lane = lookup.find_lane(scenario)
    kinds = {lookup.find_airframe(scenario, seat).kind for seat in scenario.seats}
    points = entry_points(kinds, has_lane=lane is not None, has_faults=bool(scenario.faults))
    _compile_all([point for point in (*points, *also) if not _is_ready(point[0])])


def _is_ready(kernel: Any) -> bool:
    return bool(kernel.signatures) or is_compiled(kernel)


def _compile_all(points: list[EntryPoint]) -> None:
    """Compile entry points, the first one here, the others here or in a helper."""
    waiting = deque(points)
    with without_gc(), _helper(is_wanted=len(points) > 1 and _has_free_core()) as helper:
        feeder = Thread(target=_feed, args=(helper, waiting), daemon=True)
        if helper is not None:
            feeder.start()
        while point := _next(waiting):
            compile_entry_point(point)
        if helper is not None:
            feeder.join()


def _next(waiting: deque[EntryPoint]) -> EntryPoint | None:
    """Take what waits longest; None where nothing does."""
    try:
        return waiting.popleft()  # one step: both threads may ask
    except IndexError:
        return None


def _has_free_core() -> bool:
    """Tell whether there is a core for a helper: a worker process has siblings that use the others."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1 and parent_process() is None and not getattr(sys, "frozen", False)


@contextmanager
def _helper(*, is_wanted: bool) -> Iterator[Helper | None]:
    """Give a process that compiles what it is told, and end it afterwards; None where there can be none."""
    helper: Helper | None = None
    path = os.pathsep.join(place for place in sys.path if place)
    # -P: no module of the folder one happens to stand in.
    command = [sys.executable, "-P", "-c", "from hotwash.campaign import compile_worker; compile_worker.serve()"]
    if is_wanted:
        with suppress(OSError):
            helper = subprocess.Popen(  # noqa: S603  our own interpreter, our own module
                command, env={**os.environ, "PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True,
            )  # fmt: skip
    try:
        yield helper
    finally:
        if helper is not None:
            helper.kill()
            helper.wait()
            for pipe in (helper.stdin, helper.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()


def _feed(helper: Helper, waiting: deque[EntryPoint]) -> None:
    """Tell a helper what to compile, one after another, until nothing waits or it has died."""
    if helper.stdin is None or helper.stdout is None:
        return
    with suppress(OSError):  # it has died
        while helper.stdout.readline() and (point := _next(waiting)):  # it is ready for the next
            kernel, types = point
            helper.stdin.write(f"{kernel.__module__} {kernel.__name__} {types}\n")
            helper.stdin.flush()
