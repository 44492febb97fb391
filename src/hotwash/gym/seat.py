"""One seat as an agent has it: numbers in, numbers out, in every world of an exercise."""

from __future__ import annotations

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hotwash.exercise.exercise import Exercise
from hotwash.exercise.seats import fields
from hotwash.exercise.seats.pilot import Command, View
from hotwash.gym import aims, kernels
from hotwash.gym.fields import ACTIONS, OBSERVATIONS

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def observation_space() -> spaces.Box:
    """Return the space of an observation: fields.OBSERVATION, each between −1 and 1."""
    return spaces.Box(-1.0, 1.0, (OBSERVATIONS,), np.float32)


def action_space() -> spaces.Box:
    """Return the space of an action: fields.ACTION, each between −1 and 1."""
    return spaces.Box(-1.0, 1.0, (ACTIONS,), np.float32)


class AgentSeat:
    """What an agent on one seat asks for, is shown and earns.

    exercise   whose worlds it flies in
    name       of the seat
    """

    def __init__(self, exercise: Exercise, name: str) -> None:
        n = exercise.worlds
        self.name = name
        self._aims = aims.rows(exercise.lane)
        self._limit_s, self._step_s = exercise.scenario.time_limit_s, exercise.scenario.step_s
        self._memory = np.full((n, kernels.MEMORIES), -1.0)
        self._rows = Command.neutral(n).matrix().copy()
        self._view = np.zeros((n, fields.VIEWS))
        self.reward = np.zeros(n)
        self._all = np.arange(n)

    def command(self, action: SingleArray) -> Command:
        """Return actions (n, ACTIONS) as a command; it arms where the motors stand still, and keeps the mode."""
        kernels.command(action, self._view, self._rows)
        return Command(self._rows)

    def forget(self, worlds: BoolArray | None = None) -> None:
        """Begin the reward anew in the given worlds, or in all."""
        self._memory[slice(None) if worlds is None else worlds, kernels.WAS_TASK] = -1.0

    def look(self, view: View) -> SingleArray:
        """Return the observation of a view (n, OBSERVATIONS), a fresh array; `reward` holds what came with it."""
        seen = np.empty((len(view), OBSERVATIONS), np.float32)
        self.look_again(view, self._all, seen)
        return seen

    def look_again(self, view: View, worlds: IntArray, seen: SingleArray) -> None:
        """Write the observation, and the reward, of some worlds only."""
        self._view = view.rows
        kernels.observe(self._view, worlds, self._aims, self._memory, self._limit_s, self._step_s, seen, self.reward)

    @property
    def points(self) -> FloatArray:
        """Points so far, (n,)."""
        return self._view[:, fields.POINTS]

    @property
    def task(self) -> FloatArray:
        """The number of the task under way, (n,)."""
        return self._view[:, fields.TASK]

    @property
    def is_timed_out(self) -> BoolArray:
        """Where the time limit is reached, (n,)."""
        return self._view[:, fields.SECONDS_LEFT] <= 0.0
