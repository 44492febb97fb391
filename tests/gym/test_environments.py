"""Environments keep Gymnasium's and PettingZoo's contracts, and fly what a session flies."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import gymnasium
import numpy as np
import pytest
from flown_scenarios import GUSTY, RANDOM, scenario
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from pettingzoo.test import parallel_api_test, parallel_seed_test

import hotwash.gym
from hotwash.gym import PilotEnv, PilotParallelEnv, PilotVecEnv
from hotwash.model import tables
from hotwash.model.recording import Recording
from hotwash.sessions.pilot import Session, Sticks

STEP_S = 0.02
QUIET = "ignore:.*"  # the checkers talk through warnings; what is wrong they raise


def actions(steps: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (steps, 6)).astype(np.float32)


def equal(one: Recording, other: Recording) -> bool:
    frames = ("truth", "controls", "events", "detections", "sensors")
    return one.scenario == other.scenario and all(getattr(one, name).equals(getattr(other, name)) for name in frames)


@pytest.mark.filterwarnings(QUIET)
def test_one_world_keeps_gymnasiums_contract():
    check_env(PilotEnv(scenario(), render_mode="ansi"), skip_render_check=False)


@pytest.mark.filterwarnings(QUIET)
def test_it_is_made_by_its_name():
    env = gymnasium.make(hotwash.gym.NAME, exercise=scenario())
    env.reset(seed=1)
    assert env.step(env.action_space.sample())[0] in env.observation_space
    envs = gymnasium.make_vec(hotwash.gym.NAME, num_envs=3, exercise=scenario())
    assert isinstance(envs, PilotVecEnv)


def test_a_seed_gives_one_flight():
    flights = []
    for _ in range(2):
        env = PilotEnv(scenario(extra=GUSTY), record=True)
        env.reset(seed=7)
        for action in actions(100):
            env.step(action)
        flights.append(env.recording())
    assert equal(*flights)


def test_an_episode_without_a_seed_follows_from_the_last_seed():
    def second() -> np.ndarray:
        env = PilotEnv(scenario(extra=GUSTY + RANDOM))
        env.reset(seed=7)
        env.reset()
        return np.array([env.step(action)[0] for action in actions(50)])

    assert np.array_equal(second(), second())


def test_the_session_layer_flies_what_gymnasium_flies():
    asked = actions(200)
    env = PilotEnv(scenario(extra=GUSTY), record=True)
    env.reset(seed=3)
    for action in asked:
        env.step(action)

    now = [0.0]
    session = Session(seated(), seat="pilot", seed=3, clock=lambda: now[0])
    for number, action in enumerate(asked.astype(np.float64).tolist()):
        session.receive(Sticks(number, 0.0, *action[:5], capture=action[5] > 0.0))
        now[0] += STEP_S
        session.tick()
    assert session.lateness.steps == len(asked)
    assert equal(env.recording(), session.recording())


def seated() -> Any:
    from hotwash.flight.exercise import FlightExercise

    return FlightExercise(scenario(extra=GUSTY), record=True)


def test_time_is_up_at_the_limit_and_that_truncates():
    env = PilotEnv(scenario(time_limit_s=1.0))
    env.reset(seed=1)
    told = [env.step(np.zeros(6, np.float32))[2:4] for _ in range(50)]
    assert told[:-1] == [(False, False)] * 49
    assert told[-1] == (False, True)


def test_an_action_of_another_size_is_refused():
    env = PilotEnv(scenario())
    env.reset(seed=1)
    with pytest.raises(ValueError, match="6 numbers"):
        env.step(np.zeros(4, np.float32))


def test_many_worlds_begin_anew_in_the_step_in_which_they_end():
    envs = PilotVecEnv(5, scenario(time_limit_s=1.0))
    assert envs.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    first, _ = envs.reset(seed=1)
    for _ in range(49):
        *_, told = envs.step(np.zeros((5, 6), np.float32))
        assert "final_obs" not in told
    seen, _, ended, late, told = envs.step(np.zeros((5, 6), np.float32))
    assert late.all()
    assert not ended.any()
    assert told["_final_obs"].all()
    assert (seen[:, -3] == first[:, -3]).all()  # the time left is whole again
    assert told["final_obs"][0][-3] == 0.0
    seen, _, ended, late, _ = envs.step(np.zeros((5, 6), np.float32))
    assert not (ended | late).any()


@pytest.mark.parametrize("beside", [1, 3, 40])
def test_a_world_flies_the_same_however_many_fly_beside_it(beside: int):
    def flown(worlds: int) -> np.ndarray:
        envs = PilotVecEnv(worlds, scenario(time_limit_s=1.0, extra=GUSTY + RANDOM))
        seen = [envs.reset(seed=5)[0][0]]
        for action in actions(120):
            seen.append(envs.step(np.tile(action, (worlds, 1)))[0][0])
        return np.array(seen)

    assert np.array_equal(flown(1), flown(1 + beside))


def test_one_and_many_see_and_earn_the_same():
    env, envs = PilotEnv(scenario(extra=GUSTY)), PilotVecEnv(2, scenario(extra=GUSTY))
    one, many = env.reset(seed=5)[0], envs.reset(seed=5)[0]
    assert np.array_equal(one, many[0])
    for action in actions(100):
        seen, reward, *_ = env.step(action)
        all_seen, all_reward, *_ = envs.step(np.stack([action, -action]))
        assert np.array_equal(seen, all_seen[0])
        assert reward == all_reward[0]


def test_another_airframe_takes_the_place_of_the_exercises_own():
    env = PilotEnv(scenario(), "quad-250g", record=True)
    env.reset(seed=1)
    env.step(np.zeros(6, np.float32))
    assert 'airframe = "quad-250g"' in (env.recording().scenario or "")


def test_worlds_differ_where_the_exercise_leaves_something_open():
    envs = PilotVecEnv(8, scenario(extra=RANDOM))
    envs.reset(seed=1)
    for _ in range(150):
        seen, *_ = envs.step(np.tile(np.array([0, 0, 0, 0.5, 0, -1], np.float32), (8, 1)))
    assert len(np.unique(seen[:, 20])) == 8  # airspeed


@pytest.mark.filterwarnings(QUIET)
def test_two_seats_keep_pettingzoos_contract():
    env = PilotParallelEnv(scenario(seats=("left", "right"), lane=None, time_limit_s=2.0))
    assert env.possible_agents == ["left", "right"]
    parallel_api_test(env, num_cycles=150)


@pytest.mark.filterwarnings(QUIET)
def test_two_seats_keep_pettingzoos_contract_of_seeds():
    parallel_seed_test(
        lambda: PilotParallelEnv(scenario(seats=("left", "right"), lane=None, time_limit_s=2.0)), num_cycles=50
    )


def test_two_seats_are_recorded_together():
    env = PilotParallelEnv(scenario(seats=("left", "right"), lane=None), record=True)
    env.reset(seed=1)
    for action in actions(20):
        env.step({"left": action, "right": -action})
    recording = env.recording()
    assert recording.truth["object_id"].unique().sort().to_list() == ["left", "right"]
    assert recording.controls.columns == list(tables.CONTROLS.names)
    assert recording.controls.height == 40


def test_without_gymnasium_the_way_out_is_named():
    code = "import sys; sys.modules['gymnasium'] = None\nimport hotwash.gym"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "pip install 'hotwash[gym]'" in done.stderr
