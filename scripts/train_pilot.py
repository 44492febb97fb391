"""Train a pilot with Stable-Baselines3, and draw how it learned: `nox -s train-pilot`, or where SB3 is installed.

    python scripts/train_pilot.py --seeds 1 2 3 --steps 1000000 --out docs/images/learning.svg --json learning.json

The exercise is small: take off, hover at 2 m, fly to a place 3 m east, then 3 m north of it, hold each for a second.
Four tasks of one point, 30 s, in wind and light gusts. It is flown in altitude hold: the sticks tilt the drone, nothing
holds it in place. The learner decides ten times a second.
Nothing is tuned to the seeds; every seed's curve is drawn. Beside them stand what random sticks and the autopilot earn.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import VecEnv

from hotwash.flight.exercise import FlightExercise
from hotwash.flight.policies import catalogue
from hotwash.gym import PilotVecEnv
from hotwash.model.scenario import Scenario, parse

WORLDS = 64
HELD = 5  # steps of 20 ms that an action is held for: the learner decides ten times a second
LANE = """
name = "hops"
version = "1"
title = "Four hovers"
text = "Take off, then hover at three places."
time_limit_s = 30

[sources]
own = "made for learning"

[numbers]
near_m = { value = 0.6, source = "own", confidence = "high" }

[[parts]]
name = "hops"
source = "own"
confidence = "high"
tasks = [
    { name = "up", kind = "take_off", points = 1, at_m = [0, 0, 2], WITHIN },
    { name = "east", kind = "hold", points = 1, at_m = [3, 0, 2], WITHIN },
    { name = "north", kind = "hold", points = 1, at_m = [3, 3, 2], WITHIN },
    { name = "back", kind = "hold", points = 1, at_m = [0, 0, 2], WITHIN },
]
""".replace("WITHIN", 'tolerance_m = "near_m", height_tolerance_m = "near_m", hold_s = 1')
SCENARIO = f"""
name = "hops"
lane = "hops"
time_limit_s = 30

[place]
lat_deg = 52.0
lon_deg = 13.0

[weather]
wind_mps = 2.0
turbulence = "light"

[[seats]]
name = "pilot"
airframe = "quad-900g"
mode = "altitude_hold"

[randomise]
"weather.wind_from_deg" = [0, 360]
"airframe.mass" = [0.9, 1.1]

[carried.lanes]
hops = '''{LANE}'''
"""


class Worlds(VecEnv):
    """PilotVecEnv as Stable-Baselines3 wants it: a list of infos, the last observation of an episode in them."""

    def __init__(self, envs: PilotVecEnv, seed: int) -> None:
        self.envs, self._seed_given = envs, seed
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)

    def reset(self) -> Any:
        return self.envs.reset(seed=self._seed_given)[0]

    def step_async(self, actions: Any) -> None:
        self._actions = actions

    def step_wait(self) -> Any:
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        earned, is_over = np.zeros(self.num_envs, np.float32), np.zeros(self.num_envs, np.bool_)
        for _ in range(HELD):
            seen, reward, ended, late, told = self.envs.step(self._actions)
            earned += np.where(is_over, 0.0, reward)  # what a world earns after its end belongs to its next episode
            for world in np.flatnonzero((ended | late) & ~is_over):
                last = told["final_obs"][world]
                infos[world] = {"terminal_observation": last, "TimeLimit.truncated": bool(late[world])}
            is_over |= ended | late
        return seen, earned, is_over, infos

    def close(self) -> None:
        self.envs.close()

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        return [False] * self.num_envs

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        return [getattr(self.envs, attr_name)] * self.num_envs

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        setattr(self.envs, attr_name, value)

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        return [getattr(self.envs, method_name)(*args, **kwargs)]


def mean_points(scenario: Scenario, model: PPO, *, seed: int, worlds: int = 128) -> float:
    """Return the mean points of one episode in each of many worlds that were not trained in; no exploring."""
    envs = PilotVecEnv(worlds, scenario)
    seen, _ = envs.reset(seed=seed)
    points, is_open = np.zeros(worlds), np.ones(worlds, np.bool_)
    steps = 0
    while is_open.any():
        if steps % HELD == 0:
            actions = model.predict(seen, deterministic=True)[0]
        seen, _, ended, late, told = envs.step(actions)
        points[is_open] = told["points"][is_open]
        is_open &= ~(ended | late)
        steps += 1
    envs.close()
    return float(points.mean())


def policy_points(scenario: Scenario, name: str, *, seed: int, worlds: int = 128) -> float:
    """Return the mean points of a shipped policy on the same worlds."""
    exercise = FlightExercise(scenario, worlds=worlds)
    flier = catalogue.flight_policy(name, scenario, exercise.lane, exercise.airframes["pilot"], worlds=worlds)
    flier.reset(seed)
    view = exercise.reset(seed)["pilot"]
    while not exercise.is_over.all():
        view = exercise.step({"pilot": flier.act(view)})["pilot"]
    exercise.close()
    return float(view.points.mean())


def learn(scenario: Scenario, *, seed: int, steps: int, looks: int) -> list[dict[str, float]]:
    """Return what a learner earned after each stretch of its training, steps and points."""
    worlds = Worlds(PilotVecEnv(WORLDS, scenario), seed)
    model = PPO(
        "MlpPolicy", worlds, seed=seed, n_steps=128, batch_size=2048, n_epochs=8, gamma=0.98, gae_lambda=0.95,
        learning_rate=5e-4, ent_coef=0.002, policy_kwargs={"net_arch": [64, 64], "log_std_init": -0.5}, device="cpu",
    )  # fmt: skip
    curve = [{"steps": 0.0, "points": mean_points(scenario, model, seed=10_000)}]
    began = time.perf_counter()
    for look in range(looks):
        model.learn(steps // looks, reset_num_timesteps=look == 0)
        points = mean_points(scenario, model, seed=10_000)
        curve.append({"steps": float(model.num_timesteps), "points": points})
        took_s = time.perf_counter() - began
        print(f"seed {seed}: {model.num_timesteps:>9,} decisions, {points:.2f} points, {took_s:.0f} s")
    worlds.close()
    return curve


def drawing(curves: dict[int, list[dict[str, float]]], levels: dict[str, float], possible: float) -> str:
    """Return the curves as SVG; levels are lines across."""
    wide, high, left, top, right, low = 720, 360, 56, 16, 130, 44
    most = max(point["steps"] for curve in curves.values() for point in curve)

    def x(steps: float) -> float:
        return left + (wide - left - right) * steps / most

    def y(points: float) -> float:
        return top + (high - top - low) * (1.0 - points / possible)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">',
        f'<rect width="{wide}" height="{high}" fill="white"/>',
    ]
    for points in range(int(possible) + 1):
        parts.append(f'<path d="M{left} {y(points):.1f}H{wide - right}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y(points) + 4:.1f}" text-anchor="end">{points}</text>')
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        steps = share * most
        parts.append(f'<text x="{x(steps):.1f}" y="{high - low + 18}" text-anchor="middle">{steps / 1e6:.2f}</text>')
    for name, points in levels.items():
        parts.append(f'<path d="M{left} {y(points):.1f}H{wide - right}" stroke="#555" stroke-dasharray="4 4"/>')
        parts.append(f'<text x="{wide - right + 6}" y="{y(points) + 4:.1f}">{name} {points:.2f}</text>')
    for (seed, curve), colour in zip(
        curves.items(), ("#1b6ca8", "#c0504d", "#3f8f4f", "#8064a2", "#b8860b"), strict=False
    ):
        line = " ".join(f"{x(point['steps']):.1f},{y(point['points']):.1f}" for point in curve)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{left + 10 + 70 * list(curves).index(seed)}" y="{high - 6}" fill="{colour}">seed {seed}</text>'
        )
    parts.append(f'<text x="{wide - right}" y="{high - 6}" text-anchor="end">million decisions, ten a second</text>')
    parts.append(f'<text x="{left}" y="{top - 4}">points of {possible:g}</text></svg>')
    return "\n".join(parts)


def main() -> None:
    """Train with each seed, print and draw."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    given.add_argument("--steps", type=int, default=1_000_000)
    given.add_argument("--looks", type=int, default=20)
    given.add_argument("--out", type=Path)
    given.add_argument("--json", type=Path)
    asked = given.parse_args()
    scenario = parse(SCENARIO, name="hops")
    curves = {seed: learn(scenario, seed=seed, steps=asked.steps, looks=asked.looks) for seed in asked.seeds}
    levels = {name: policy_points(scenario, name, seed=10_000) for name in ("autopilot", "random")}
    if asked.out:
        asked.out.write_text(drawing(curves, levels, 4.0), encoding="utf-8")
    if asked.json:
        asked.json.write_text(json.dumps({"curves": curves, "levels": levels}, indent=1), encoding="utf-8")
    print({seed: curve[-1]["points"] for seed, curve in curves.items()}, levels)


if __name__ == "__main__":
    main()
