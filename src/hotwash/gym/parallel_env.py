"""An exercise with several seats as a PettingZoo parallel environment: every seat acts in every step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import spaces
from pettingzoo.utils.env import ParallelEnv  # type: ignore[import-untyped]

from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats.pilot import Command
from hotwash.front.compiling import compile_exercise
from hotwash.front.exercises import load_scenario
from hotwash.gym import kernels
from hotwash.gym.asking import check_options
from hotwash.gym.entry_points import PILOT
from hotwash.gym.fields import ACTIONS
from hotwash.gym.seat import AgentSeat, SingleArray, action_space, observation_space
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario, as_flight

Observations = dict[str, SingleArray]
Infos = dict[str, dict[str, Any]]


class PilotParallelEnv(ParallelEnv):  # type: ignore[misc] # it comes without types
    """Fly an exercise from all its seats; see PilotEnv for what each is shown, does and earns.

    exercise   a shipped name, a TOML file, or a Scenario; its seats' names are the agents
    airframe   in place of the exercise's own, for every seat
    record     whether `recording` can be had

    The episode is over for all seats together.
    """

    metadata = {"render_modes": [], "name": "hotwash_pilots_v0", "is_parallelizable": True}  # noqa: RUF012

    def __init__(
        self, exercise: str | Path | Scenario = "bperp", airframe: str | None = None, *, record: bool = False
    ) -> None:
        scenario = as_flight(load_scenario(exercise, airframe=airframe))
        compile_exercise(scenario, also=PILOT)
        self.exercise = FlightExercise(scenario, worlds=1, record=record)
        self.render_mode = None
        self.possible_agents = [seat.name for seat in scenario.seats]
        self.agents: list[str] = []
        self._seats = {name: AgentSeat(self.exercise, name) for name in self.possible_agents}
        self.observation_spaces = {name: observation_space() for name in self.possible_agents}
        self.action_spaces = {name: action_space() for name in self.possible_agents}
        self._rng = np.random.default_rng()

    def observation_space(self, agent: str) -> spaces.Space[SingleArray]:
        """Return the space of an agent's observations: the same object each time."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[SingleArray]:
        """Return the space of an agent's actions: the same object each time."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observations, Infos]:
        """Begin an episode; without a seed it is drawn from the seed given last.

        options   are passed over, as PettingZoo's own test wants it
        raises    CommandError for a reset_mask, which one world cannot obey
        """
        check_options({name: mask for name, mask in (options or {}).items() if name == "reset_mask"})
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self.exercise.begin(int(self._rng.integers(2**31)) if seed is None else seed)
        self.agents = list(self.possible_agents)
        for seat in self._seats.values():
            seat.forget()
        return self._look(), self._infos()

    def step(
        self, actions: Observations
    ) -> tuple[Observations, dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Fly one step; a seat without an action keeps its sticks centred."""
        none = np.zeros(ACTIONS, np.float32)
        commands: dict[str, Command] = {}
        for name, seat in self._seats.items():
            commands[name] = seat.command(np.asarray(actions.get(name, none), np.float32).reshape(1, ACTIONS))
        self.exercise.fly(commands)
        seen = self._look()
        is_over = bool(self.exercise.is_over[0])
        is_late = is_over and any(bool(seat.over[0, kernels.LATE]) for seat in self._seats.values())
        rewards = {name: seat.reward.item() for name, seat in self._seats.items()}
        infos = self._infos()
        if is_over:
            self.agents = []
        ended, late = (dict.fromkeys(self._seats, flag) for flag in (is_over and not is_late, is_late))
        return seen, rewards, ended, late, infos

    def _look(self) -> Observations:
        seen = {}
        for name, seat in self._seats.items():
            room = seat.room()
            seat.look(room)
            seen[name] = room[0]
        return seen

    def _infos(self) -> Infos:
        return {
            name: {"points": float(seat.progress.points[0]), "task": int(seat.progress.task[0])}
            for name, seat in self._seats.items()
        }

    def recording(self) -> Recording:
        """Return the recording of this episode so far; needs record=True."""
        return self.exercise.recording()

    def close(self) -> None:
        """Let go of the exercise."""
        self.exercise.close()
