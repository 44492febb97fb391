"""Environments are copied, sent and reset in part; what they cannot obey they refuse, before anything moves."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from operator import methodcaller
from typing import Any

import kept
import numpy as np
import pytest
from flown_scenarios import GUSTY, RANDOM, scenario

from hotwash.errors import CommandError
from hotwash.gym import PilotEnv, PilotParallelEnv, PilotVecEnv, WatchEnv

WORLDS = 40
FIELD = GUSTY + RANDOM


def pilot() -> PilotEnv:
    return PilotEnv(scenario(extra=FIELD), record=True)


def many() -> PilotVecEnv:
    return PilotVecEnv(WORLDS, scenario(extra=FIELD))


def threaded() -> PilotVecEnv:
    return PilotVecEnv(80, scenario(extra=FIELD), threads=2)


def watch() -> WatchEnv:
    return WatchEnv(kept.scenario(), given=kept.staged(), record=True)


def played(env: Any, steps: int, seed: int) -> list[Any]:
    """Return what an environment tells in some steps of drawn actions."""
    env.action_space.seed(seed)
    return [env.step(env.action_space.sample())[:4] for _ in range(steps)]


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(equal(*pair) for pair in zip(one, other, strict=True))
    return bool(np.array_equal(one, other))


# ---------------------------------------------------------------- copies


@pytest.mark.parametrize("make", [pilot, many, threaded, watch])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
@pytest.mark.parametrize("moment", ["new", "reset", "flown"])
def test_a_copy_at_any_moment_goes_on_as_its_original(make: Callable[[], Any], copied: Any, moment: str):
    env = make()
    if moment != "new":
        env.reset(seed=3)
    if moment == "flown":
        played(env, 30, 1)
    other = copied(env)
    if moment == "new":
        assert equal(env.reset(seed=3)[0], other.reset(seed=3)[0])
    assert equal(played(env, 60, 5), played(other, 60, 5))
    assert equal(env.reset()[0], other.reset()[0])  # and draws the same next episode
    env.close()
    played(other, 2, 6)  # the copy lives without it
    other.close()


def test_a_planner_looks_ahead_in_a_copy_and_its_original_has_not_moved():
    env = pilot()
    env.reset(seed=4)
    before = env.exercise.pose("pilot").rows.copy()
    played(copy.deepcopy(env), 50, 1)
    assert np.array_equal(env.exercise.pose("pilot").rows, before)


def test_a_spawned_worker_goes_on_where_it_was_sent():
    env, action = pilot(), np.float32([0.1, 0.5, 0.0, 0.3, 0.0, 0.0])
    env.reset(seed=8)
    played(env, 30, 2)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        there = pool.submit(methodcaller("step", action), env).result()
    assert equal(there[:4], env.step(action)[:4])


def test_two_seats_are_copied_together():
    two = PilotParallelEnv(scenario(extra=FIELD))
    two.reset(seed=2)
    other = copy.deepcopy(two)
    actions = {name: np.full(6, 0.4, np.float32) for name in two.possible_agents}
    for _ in range(20):
        assert equal(two.step(actions)[:2], other.step(actions)[:2])


# ---------------------------------------------------------------- resets


def test_a_mask_begins_some_worlds_anew_and_the_others_fly_on():
    env, untouched = many(), many()
    for each in (env, untouched):
        each.reset(seed=3)
        played(each, 40, 1)
    mask = np.zeros(WORLDS, np.bool_)
    mask[[2, 33]] = True
    before = env.exercise.pose("pilot").rows.copy()
    seen, _ = env.reset(seed=3, options={"reset_mask": mask})
    first = many().reset(seed=3)[0]
    assert np.array_equal(seen[mask], first[mask])
    assert np.array_equal(env.exercise.pose("pilot").rows[~mask], before[~mask])
    ahead, plain = played(env, 20, 7), played(untouched, 20, 7)
    assert np.array_equal(ahead[-1][0][~mask], plain[-1][0][~mask])
    assert not np.array_equal(ahead[-1][0][mask], plain[-1][0][mask])


@pytest.mark.parametrize(
    "options", [
        {"reset_mask": np.zeros(WORLDS, np.bool_)}, {"reset_mask": np.ones(3, np.bool_)},
        {"reset_mask": np.ones(WORLDS)}, {"reset_masks": None}, {"x_init": 1.0},
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_obeyed_is_refused_and_nothing_begins_anew(options: dict[str, Any]):
    env = many()
    env.reset(seed=3)
    played(env, 5, 1)
    before = env.exercise.pose("pilot").rows.copy()
    with pytest.raises(CommandError, match="options"):
        env.reset(seed=4, options=options)
    assert np.array_equal(env.exercise.pose("pilot").rows, before)


@pytest.mark.parametrize("make", [pilot, watch, lambda: PilotParallelEnv(scenario(extra=FIELD))])
def test_environments_of_one_world_take_no_options(make: Callable[[], Any]):
    make().reset(seed=1, options={})
    with pytest.raises(CommandError, match="it takes none"):
        make().reset(seed=1, options={"reset_mask": np.ones(1, np.bool_)})


def test_the_first_reset_is_one_of_all_worlds():
    with pytest.raises(CommandError, match="first reset"):
        many().reset(seed=1, options={"reset_mask": np.arange(WORLDS) < 3})


def test_each_world_may_have_a_seed_of_its_own_and_then_flies_what_one_world_flies():
    seeds = [int(seed) for seed in np.random.default_rng(1).integers(0, 10_000, WORLDS)]
    env = many()
    seen = [env.reset(seed=seeds)[0]]
    action = np.tile(np.float32([0.1, 0.5, 0.0, 0.3, 0.0, 0.0]), (WORLDS, 1))
    seen += [env.step(action)[0] for _ in range(50)]
    for world in (0, 17):
        alone = PilotEnv(scenario(extra=FIELD))
        told = [alone.reset(seed=seeds[world])[0], *(alone.step(action[world])[0] for _ in range(50))]
        assert np.array([each[world] for each in seen]) == pytest.approx(np.array(told), abs=1e-5)


@pytest.mark.parametrize("seeds", [[1, 2], [*range(WORLDS - 1), -1], [*range(WORLDS - 1), 1.5], [True] * WORLDS])
def test_seeds_that_do_not_fit_the_worlds_are_refused(seeds: list[Any]):
    with pytest.raises(CommandError, match="seed"):
        many().reset(seed=seeds)


# ---------------------------------------------------------------- actions and ends


@pytest.mark.parametrize("make", [pilot, many, watch])
def test_a_step_before_a_reset_is_refused(make: Callable[[], Any]):
    env = make()
    with pytest.raises(CommandError, match="call reset"):
        env.step(env.action_space.sample())


@pytest.mark.parametrize("make", [pilot, many, threaded, watch])
def test_after_close_nothing_runs(make: Callable[[], Any]):
    before = threading.active_count()
    env = make()
    env.reset(seed=1)
    played(env, 3, 1)
    env.close()
    assert threading.active_count() == before
    with pytest.raises(CommandError, match="closed"):
        env.step(env.action_space.sample())
    with pytest.raises(CommandError, match="closed"):
        env.reset(seed=1)
    env.close()


@pytest.mark.parametrize("given", [np.nan, np.inf, -np.inf, 7.0])
def test_what_is_no_stick_is_clipped_or_counts_as_none_as_documented(given: float):
    wanted = 0.0 if np.isnan(given) else np.clip(given, -1.0, 1.0)
    told = []
    for value in (given, wanted):
        env = pilot()
        env.reset(seed=5)
        action = np.array([0.0, value, 0.0, 0.2, value, -1.0], np.float32)
        told.append([env.step(action)[:2] for _ in range(30)])
        assert np.isfinite(env.exercise.pose("pilot").rows).all()
    assert equal(*told)


@pytest.mark.parametrize(
    "action", [[-1, 0, 0], [0, -1, 0], [0, 999, 0], [1.9, 0, 0], [0, 0, np.nan], [0, 0, np.inf], [0, 0], [[0, 0, 0]],
               ["a", 0, 0], None],
)  # fmt: skip
def test_a_watch_refuses_what_is_outside_its_action_space_and_no_time_passes(action: Any):
    env = watch()
    env.reset(seed=1)
    with pytest.raises(CommandError, match="action"):
        env.step(action)
    assert env.exercise.time_s == 0.0


def test_a_watch_that_is_over_is_not_stepped_on():
    env = watch()
    env.reset(seed=1)
    nothing = np.zeros(3, np.int64)
    while not env.step(nothing)[3]:
        pass
    with pytest.raises(CommandError, match="over"):
        env.step(nothing)
    env.reset(seed=1)
    env.step(nothing)
