"""Processes beside this one: in them watches are played or scored side by side, and kernels compiled.

Light to import, so that they can be started before anything heavy is loaded here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread


@dataclass(frozen=True, slots=True)
class Beside:
    """Processes that work side by side; `ready`: what they were asked to do first."""

    many: int
    pool: ProcessPoolExecutor
    ready: tuple[Future[None], ...] = ()


@contextmanager
def side_by_side(many: int, *, first: Sequence[Callable[[], None]] = ()) -> Iterator[Beside | None]:
    """Yield processes that work side by side; None where only one is asked for.

    many    how many at most; each begins when there is something for it to do. A script that asks for two needs the
            usual `if __name__ == "__main__":`, since each process reads it again
    first   what they do first, one each
    """
    if many < 2:
        yield None
        return
    with ProcessPoolExecutor(many, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        try:
            yield Beside(many, pool, tuple(pool.submit(one) for one in first))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _end_with_parent() -> None:
    """Let this process end when the one that started it is killed: else it would wait for work for ever."""
    Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
