"""What an exercise is, whoever sits in it: people, policies and agents use the same one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from hotwash.model.recording import Recording

CommandType = TypeVar("CommandType", contravariant=True)
ViewType = TypeVar("ViewType", covariant=True)


class Exercise(Protocol[CommandType, ViewType]):
    """A scenario that runs, step by step: one seed and one row of commands give one recording, bit for bit.

    seats    their names

    `flight.exercise.FlightExercise` takes a Command and gives a View of each pilot, `watch.exercise.WatchExercise`
    takes a WatchCommand and gives a WatchView of its one seat.
    """

    @property
    def seats(self) -> tuple[str, ...]: ...

    def reset(self, seed: int) -> Mapping[str, ViewType]:
        """Begin anew, and return what each seat sees."""
        ...

    def step(self, commands: Mapping[str, CommandType]) -> Mapping[str, ViewType]:
        """Take one command of each seat, let one step pass, and return what each seat sees then.

        raises   CommandError, before anything moves
        """
        ...

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Simulated time of each world since its reset, (n,) [s]."""
        ...

    @property
    def is_over(self) -> NDArray[np.bool_]:
        """(n,) where a world has come to its end."""
        ...

    def recording(self, world: int = 0) -> Recording:
        """Return what was recorded of one world since its last reset, up to now."""
        ...

    def close(self) -> None:
        """Let go of threads; what was recorded stays."""
        ...
