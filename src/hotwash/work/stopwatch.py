"""How long each stage of a piece of work took, told by the messages that it sends on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hotwash.progress import Progress


class Stopwatch:
    """Adds up how long each stage took; one runs at a time.

    stages     their names
    stage_of   the stage that begins with a message
    """

    def __init__(self, *stages: str, stage_of: Mapping[str, str]) -> None:
        self.seconds = dict.fromkeys(stages, 0.0)
        self._stage_of = stage_of
        self._stage: str | None = None
        self._began = time.perf_counter()

    def turn(self, stage: str | None) -> str | None:
        """Let another stage run, or none; return the one that ran."""
        now, before = time.perf_counter(), self._stage
        if before is not None:
            self.seconds[before] += now - self._began
        self._stage, self._began = stage, now
        return before

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        before = self.turn(stage)
        try:
            yield
        finally:
            self.turn(before)

    def follow(self, what: str) -> None:
        """Let the stage run that begins with a message."""
        if what in self._stage_of:
            self.turn(self._stage_of[what])

    def listen(self, progress: Progress) -> Progress:
        """Return a progress that is passed on, and followed."""

        def tell(what: str, share: float | None) -> None:
            self.follow(what)
            progress(what, share)

        return tell
