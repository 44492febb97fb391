"""Worker processes on this machine, which end with the process that started them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Workers:
    """Processes that run functions side by side.

    count      how many there are
    warm_ups   what they were asked to do first
    """

    count: int
    pool: ProcessPoolExecutor
    warm_ups: tuple[Future[None], ...] = ()

    def wait(self) -> None:
        """Wait until the warm-ups are done: nothing is then compiled twice at a time."""
        for one in self.warm_ups:
            one.result()

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Let one of them call a function that lives in a module, and return what will come of it."""
        return self.pool.submit(function, *arguments)


@contextmanager
def start_workers(count: int, *, warm_ups: Sequence[Callable[[], None]] = ()) -> Iterator[Workers | None]:
    """Yield worker processes; None where only one is asked for: then the caller does the work itself.

    count      how many at most. A script that asks for two or more needs the usual `if __name__ == "__main__":`, since
               each process reads it again
    warm_ups   functions to call first; each starts one process, so that they begin to load at once
    """
    if count < 2:
        yield None
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        yield Workers(count, pool, tuple(pool.submit(one) for one in warm_ups))


def _end_with_parent() -> None:
    """Let this process end when the one that started it is killed: else it would wait for work for ever."""
    Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
