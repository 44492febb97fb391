"""One pilot's seat in many worlds at once, as Gymnasium's vector environment."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from hotwash.errors import CommandError
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats.pilot import Command
from hotwash.front.compiling import compile_exercise
from hotwash.front.exercises import load_scenario
from hotwash.gym import kernels
from hotwash.gym.asking import check_options, reset_mask, world_seeds
from hotwash.gym.entry_points import PILOT, PILOTS
from hotwash.gym.fields import ACTIONS
from hotwash.gym.seat import AgentSeat, SingleArray, action_space, observation_space
from hotwash.model.scenario import Scenario, as_flight

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
_WORTH_A_THREAD = 128  # worlds

StepResult = tuple[SingleArray, FloatArray, BoolArray, BoolArray, dict[str, Any]]


class PilotVecEnv(VectorEnv[SingleArray, SingleArray, Any]):
    """Fly an exercise in many worlds, all in one step; see PilotEnv for what is seen, done and earned.

    num_envs   how many worlds
    exercise   a shipped name, a TOML file, or a Scenario
    airframe   in place of the exercise's own
    threads    how many share the worlds; by default one for each processor, but for few worlds

    A world that is over begins anew in the same step (AutoresetMode.SAME_STEP): its last observation is
    infos["final_obs"][world], its last info infos["final_info"]. World k of a seed flies the same however many fly
    beside it.
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.SAME_STEP}  # noqa: RUF012 - Gymnasium's own way

    def __init__(
        self, num_envs: int = 1, exercise: str | Path | Scenario = "bperp", airframe: str | None = None, *,
        threads: int | None = None, render_mode: str | None = None,
    ) -> None:  # fmt: skip
        scenario = as_flight(load_scenario(exercise, airframe=airframe))
        self.num_envs, self.render_mode = num_envs, render_mode
        is_column = num_envs > 1 and scenario.lane is not None
        compile_exercise(scenario, also=PILOTS if is_column else PILOT)
        self.exercise = FlightExercise(scenario, worlds=num_envs, threads=threads or _threads(num_envs))
        self.single_observation_space, self.single_action_space = observation_space(), action_space()
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        names = [seat.name for seat in scenario.seats]
        self._seat = AgentSeat(self.exercise, names[0])
        self._commands = {name: Command.neutral(num_envs) for name in names}
        self._commands[names[0]] = self._seat.command(np.zeros((num_envs, ACTIONS), np.float32))
        self._shape = (num_envs, ACTIONS)
        self._all = np.ones(num_envs, np.bool_)
        self._first_seeds, self._episodes = np.zeros(num_envs, dtype=object), np.zeros(num_envs, np.int64)
        self._is_own, self._has_begun = np.zeros(num_envs, np.bool_), False  # whether a world has a seed of its own

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[SingleArray, dict[str, Any]]:
        """Begin an episode in every world, or in those that a mask names.

        seed      one for all worlds, from which world k draws as world k; or one for each, and each then flies what
                  PilotEnv flies with that seed. Left out, or None in its place, it is drawn from the seed given last
        options   reset_mask: (num_envs,) booleans, which worlds begin anew; the others fly on, shown as they are
        raises    CommandError for another option, a mask or seeds of another length; nothing has then begun anew
        """
        check_options(options, ("reset_mask",))
        mask, (one, seeds) = reset_mask(options, self.num_envs), world_seeds(seed, self.num_envs)
        chosen = self._all if mask is None else mask
        if not (self._has_begun or chosen.all()):
            raise CommandError("reset", place="options['reset_mask']", why="the first reset is one of all worlds")
        super().reset(seed=next((each for each in seeds or () if each is not None), one))
        if seeds is None:
            self._first_seeds[chosen] = self._draw() if one is None else one
        else:
            own = [self._draw() if each is None else each for each in seeds]
            self._first_seeds[chosen] = np.array(own, dtype=object)[chosen]
        self._is_own[chosen] = seeds is not None
        self._episodes[chosen] = 0
        self._begin(chosen)
        self._has_begun = True
        seen = self._seat.room()
        self._seat.look(seen)
        return seen, self._infos()

    def _draw(self) -> int:
        return int(self.np_random.integers(2**31))

    def step(self, actions: SingleArray) -> StepResult:
        """Fly one step in every world; returns observations, rewards, terminations, truncations, infos."""
        asked = np.ascontiguousarray(actions, np.float32)
        if asked.shape != self._shape:
            raise ValueError(f"actions have the shape {asked.shape}; there are {self._shape} worlds and numbers")
        seat = self._seat
        seen = seat.room()
        self.exercise.fly(
            self._commands, before=partial(seat.command_some, asked), then=partial(seat.look_at, seen)
        )  # fmt: skip
        reward, over = seat.reward.copy(), seat.over.copy()
        infos = self._infos()
        is_over: BoolArray = over[:, kernels.ENDED] | over[:, kernels.LATE]
        if is_over.any():
            infos |= self._ended(is_over, seen, infos)
            self._begin_anew(is_over, seen)
        return seen, reward, over[:, kernels.ENDED], over[:, kernels.LATE], infos

    def _infos(self) -> dict[str, Any]:
        points, task = self._seat.progress.points.copy(), self._seat.progress.task.astype(np.int64)
        return {"points": points, "_points": self._all, "task": task, "_task": self._all}

    def _ended(self, is_over: BoolArray, seen: SingleArray, infos: dict[str, Any]) -> dict[str, Any]:
        """Return what Gymnasium wants to be told of the worlds that begin anew in this step."""
        last = np.full(self.num_envs, None, dtype=object)
        for world in np.flatnonzero(is_over):
            last[world] = seen[world].copy()
        info = {"points": infos["points"], "_points": is_over, "task": infos["task"], "_task": is_over}
        return {"final_obs": last, "_final_obs": is_over, "final_info": info, "_final_info": is_over}

    def _begin_anew(self, is_over: BoolArray, seen: SingleArray) -> None:
        """Reset worlds, each with the seed of its own next episode, and write what they then see."""
        self._episodes[is_over] += 1
        self._begin(is_over)
        self._seat.look(seen, np.flatnonzero(is_over))

    def _begin(self, chosen: BoolArray) -> None:
        """Put worlds to the start of their episodes: those with one seed together, those with their own alone."""
        if not self._has_begun:
            self.exercise.begin(0)  # an exercise's first reset is one of all worlds with one seed
        alike: dict[tuple[int, int, bool], list[int]] = {}
        for world in np.flatnonzero(chosen).tolist():
            key = (self._first_seeds[world], int(self._episodes[world]), bool(self._is_own[world]))
            alike.setdefault(key, []).append(world)
        for (first_seed, episode, is_own), worlds in alike.items():
            mask = np.zeros(self.num_envs, np.bool_)
            mask[worlds] = True
            seed = first_seed
            if episode:
                seed = int(np.random.SeedSequence((first_seed, episode)).generate_state(1)[0])
            self.exercise.begin(seed, None if mask.all() else mask, number=0 if is_own else None)
            self._seat.forget(mask)

    def close_extras(self, **kwargs: Any) -> None:
        """Let go of the exercise."""
        self.exercise.close()


def _threads(worlds: int) -> int:
    """Return how many threads are worth their while: handing a share over costs as much as flying some 20 worlds."""
    return max(1, min(os.cpu_count() or 1, worlds // _WORTH_A_THREAD))
