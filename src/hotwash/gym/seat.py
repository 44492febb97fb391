"""One seat as an agent has it: numbers in, numbers out, in every world of an exercise."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats.pilot import Command
from hotwash.gym import aims, kernels
from hotwash.gym.fields import ACTIONS, OBSERVATIONS

SingleArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def observation_space() -> spaces.Space[SingleArray]:
    """Return the space of an observation: fields.OBSERVATION, each between −1 and 1."""
    return cast("spaces.Space[SingleArray]", spaces.Box(-1.0, 1.0, (OBSERVATIONS,), np.float32))


def action_space() -> spaces.Space[SingleArray]:
    """Return the space of an action: fields.ACTION, each between −1 and 1."""
    return cast("spaces.Space[SingleArray]", spaces.Box(-1.0, 1.0, (ACTIONS,), np.float32))


class AgentSeat:
    """What an agent on one seat asks for, is shown and earns.

    exercise   whose worlds it flies in
    name       of the seat

    reward     (n,) what the last look earned
    over       (n, 2) whether a world ended, all done or crashed, and whether its time is up
    progress   points, the task under way, whether it has ended; the next step writes over it
    """

    def __init__(self, exercise: FlightExercise, name: str) -> None:
        n = exercise.worlds
        self.name = name
        self._exercise = exercise
        self._bind()
        self._aims = aims.aim_rows(exercise.lane)
        self._limit_s, self._step_s = exercise.scenario.time_limit_s, exercise.scenario.step_s
        self._memory = np.full((n, kernels.MEMORIES), -1.0)
        self._rows = Command.neutral(n).rows.copy()
        self._command = Command(self._rows)
        self._all = np.arange(n)
        self.reward, self.over = np.zeros(n), np.zeros((n, 2), np.bool_)

    def _bind(self) -> None:
        """Look upon the arrays of the exercise, which a step writes over."""
        self._view, self.progress = self._exercise.view(self.name).rows, self._exercise.progress(self.name)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs: it looks upon the arrays of the copied exercise."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_view", "progress")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._bind()

    def command(self, action: SingleArray) -> Command:
        """Return actions (n, ACTIONS) as a command; it arms where the motors stand still, and keeps the mode."""
        kernels.command(action, self._view, self._rows)
        return self._command

    def command_some(self, action: SingleArray, first: int, last: int) -> None:
        """Write the commands of the worlds `first` to `last`, the last left out, from the actions of all worlds."""
        kernels.command(action[first:last], self._view[first:last], self._rows[first:last])

    def forget(self, worlds: BoolArray | None = None) -> None:
        """Begin the reward anew in the given worlds, or in all."""
        self._memory[slice(None) if worlds is None else worlds, kernels.WAS_TASK] = -1.0

    def room(self) -> SingleArray:
        """Return an array for the observations of all worlds, yet to be written."""
        return np.empty((len(self._all), OBSERVATIONS), np.float32)

    def look(self, seen: SingleArray, worlds: IntArray | None = None) -> None:
        """Write the observations of some worlds, or of all, as they are now; `reward` and `over` go with them."""
        kernels.observe(
            self._view, self.progress.has_ended, self._all if worlds is None else worlds, self._aims, self._memory,
            self._limit_s, self._step_s, seen, self.reward, self.over,
        )  # fmt: skip

    def look_at(self, seen: SingleArray, first: int, last: int) -> None:
        """Write the observations of the worlds `first` to `last`, the last left out."""
        self.look(seen, self._all[first:last])
