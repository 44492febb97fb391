"""Keep a watch, by a policy or by hand in this terminal, and write its recording."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotwash.export import files, recording_folder
from hotwash.front import watches
from hotwash.front.watches import WatchResult
from hotwash.progress import Progress, silent

BY_HAND = "person"  # in place of a policy's name


@dataclass(frozen=True, slots=True)
class WatchWritten:
    """One watch, and where it was written.

    folder         where the recording lies; None when it was not asked for
    wall_seconds   how long staging, tracking and playing took
    """

    watch: WatchResult
    folder: Path | None
    wall_seconds: float

    @property
    def is_by_hand(self) -> bool:
        """Whether a person kept it."""
        return self.watch.policy == BY_HAND

    def flat(self) -> dict[str, Any]:
        """Return everything for a program; times are simulated but for wall_seconds."""
        where = str(self.folder) if self.folder else None
        return {**self.watch.flat(), "wall_seconds": self.wall_seconds, "recording": where}


def record_watch(
    exercise: str,
    *,
    policy: str = "rule-book",
    rules: Path | None = None,
    seed: int = 0,
    out: Path | None = None,
    progress: Progress = silent,
) -> WatchWritten:
    """Let a policy keep a watch, and return what came of it; with `out` the recording is written.

    exercise, policy, rules, seed   as of `front.watches.keep_watch`
    out      folder: missing or empty
    raises   as `front.watches.keep_watch`; WriteError for a folder that cannot be filled. Nothing is then played or
             written
    """
    if out is not None:
        files.check_empty(out)
    began = time.perf_counter()
    done = watches.keep_watch(exercise, policy=policy, rules=rules, seed=seed, progress=progress)
    return _written(done, out, time.perf_counter() - began)


def watch_by_hand(
    exercise: str, *, seed: int = 0, out: Path | None = None, speed: float = 1.0, progress: Progress = silent
) -> WatchWritten:
    """Let a person keep a watch in this terminal, and return what came of it; with `out` the recording is written.

    speed    so many times as fast as it happens, to begin with
    raises   as `record_watch`, and ReadError where there is no terminal; one that breaks loses nothing: what was
             decided until then is kept
    """
    from hotwash.terminal import app  # a terminal is needed by people alone

    app.check_terminal()
    if out is not None:
        files.check_empty(out)
    begun = watches.start_watch(*watches.load_watch(exercise), progress=progress)
    begun.reset(seed)
    began = time.perf_counter()
    try:
        app.WatchApp(begun, speed=speed).run()
    finally:
        if not begun.is_over[0]:
            begun.abandon()
        wall_s = time.perf_counter() - began
        if out is not None:  # before anything else can go wrong
            recording_folder.write(out, begun.recording())
        done = WatchWritten(watches.score_watch(begun, BY_HAND), out, wall_s)
    return done


def _written(done: WatchResult, out: Path | None, wall_seconds: float) -> WatchWritten:
    if out is not None:
        recording_folder.write(out, done.recording)
    return WatchWritten(done, out, wall_seconds)
