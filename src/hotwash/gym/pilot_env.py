"""One pilot's seat as a Gymnasium environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats.pilot import Command
from hotwash.front.compiling import compile_exercise
from hotwash.front.exercises import load_scenario
from hotwash.gym.asking import check_options
from hotwash.gym.entry_points import PILOT
from hotwash.gym.fields import ACTIONS
from hotwash.gym.seat import AgentSeat, SingleArray, action_space, observation_space
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario, as_flight


class PilotEnv(gymnasium.Env[SingleArray, SingleArray]):
    """Fly an exercise from its first seat; other seats keep their sticks centred.

    exercise      a shipped name, a TOML file, or a Scenario
    airframe      in place of the exercise's own: a shipped name or a TOML file
    record        whether `recording` can be had; it costs time and memory
    render_mode   "ansi": a line of text; or None

    An observation is fields.OBSERVATION, an action fields.ACTION; both run from −1 to 1. The mode is the exercise's.
    The reward of a step is the points gained in it, plus how much nearer the drone came to where the task wants it
    (1 in all for coming from far off to the place with the right heading), plus 0.2 for each second spent there.
    An episode is terminated when all tasks are done or the drone has crashed, truncated at the time limit.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 50}  # noqa: RUF012 - Gymnasium's own way

    def __init__(
        self, exercise: str | Path | Scenario = "bperp", airframe: str | None = None, *, record: bool = False,
        render_mode: str | None = None,
    ) -> None:  # fmt: skip
        scenario = as_flight(load_scenario(exercise, airframe=airframe))
        compile_exercise(scenario, also=PILOT)
        self.exercise = FlightExercise(scenario, worlds=1, record=record)
        self.observation_space, self.action_space = observation_space(), action_space()
        self.render_mode = render_mode
        names = [seat.name for seat in scenario.seats]
        self._seat = AgentSeat(self.exercise, names[0])
        self._commands = {name: Command.neutral() for name in names}
        self._commands[names[0]] = self._seat.command(np.zeros((1, ACTIONS), np.float32))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[SingleArray, dict[str, Any]]:
        """Begin an episode. With a seed it is that one; without, each is drawn from the seed given last.

        raises   CommandError for options, of which there are none
        """
        check_options(options)
        super().reset(seed=seed)
        self.exercise.begin(int(self.np_random.integers(2**31)) if seed is None else seed)
        self._seat.forget()
        seen = self._seat.room()
        self._seat.look(seen)
        return seen[0], self._info()

    def step(self, action: SingleArray) -> tuple[SingleArray, float, bool, bool, dict[str, Any]]:
        """Fly one step; returns observation, reward, terminated, truncated, info (points, task)."""
        asked = np.asarray(action, np.float32)
        if asked.size != ACTIONS:
            raise ValueError(f"an action is {ACTIONS} numbers, roll to capture; this has the shape {asked.shape}")
        seat = self._seat
        seat.command(asked.reshape(1, ACTIONS))
        self.exercise.fly(self._commands)
        seen = seat.room()
        seat.look(seen)
        ended, late = seat.over[0].tolist()
        return seen[0], seat.reward.item(), ended, late, self._info()

    def _info(self) -> dict[str, Any]:
        return {"points": self._seat.progress.points.item(), "task": int(self._seat.progress.task.item())}

    def render(self) -> str | None:
        """Return a line on where the flight stands."""
        if self.render_mode != "ansi":
            return None
        info = self._info()
        return f"{self.exercise.time_s:8.2f} s  task {info['task']}  {info['points']:g} points"

    def recording(self) -> Recording:
        """Return the recording of this episode so far; needs record=True."""
        return self.exercise.recording()

    def close(self) -> None:
        """Let go of the exercise."""
        self.exercise.close()
