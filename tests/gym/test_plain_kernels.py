"""What is compiled for policies and environments says the same as the plain Python that it is made from."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

WORK = """
import sys
import numpy as np
from hotwash.flight.policies import kernels as hands
from hotwash.flight.seats import fields as f
from hotwash.gym import kernels as eyes
from hotwash.gym.fields import OBSERVATIONS

rng = np.random.default_rng(1)
n, tasks = 60, 9
view = rng.normal(0.0, 3.0, (n, f.VIEWS))
for at in (f.SEEN_QUATERNION, f.ATTITUDE):
    view[:, at : at + 4] /= np.linalg.norm(view[:, at : at + 4], axis=1)[:, None]
for at in (f.IS_SEEN, f.IS_ON_GROUND, f.IS_ARMED):
    view[:, at] = rng.integers(0, 2, n)
view[:, f.MODE], view[:, f.TASK] = rng.integers(0, f.MODES, n), rng.integers(0, tasks, n)
view[:, f.WARNINGS], view[:, f.SECONDS_LEFT] = rng.integers(0, 64, n), rng.uniform(-1.0, 60.0, n)
plan = rng.normal(0.0, 5.0, (tasks, hands.PLANS))
plan[:, hands.KIND] = np.arange(tasks) % 8
plan[:, hands.WAY] = rng.integers(-1, 2, tasks)
plan[:, hands.HAS_RING], plan[:, hands.IS_ROUND] = rng.integers(0, 2, (2, tasks))
hand = rng.uniform(0.5, 3.0, hands.HANDS)
hand[hands.WISH], hand[hands.DEAD_BAND] = f.POSITION_HOLD, 0.05
mind, asked = np.zeros((n, hands.MINDS)), np.zeros((n, f.COMMANDS))
told = []
for _ in range(4):
    hands.fly(view, plan, hand, mind, asked, 0.02)
    told += [asked.ravel().copy(), mind.ravel().copy()]
action = rng.normal(0.0, 1.0, (n, 6)).astype(np.float32)
action[3, 2] = np.nan
eyes.command(action, view, asked)
seen, reward, over = np.zeros((n, OBSERVATIONS), np.float32), np.zeros(n), np.zeros((n, 2), np.bool_)
memory, aims = np.full((n, eyes.MEMORIES), -1.0), rng.normal(0.0, 1.0, (tasks, eyes.AIMS))
has_ended = rng.integers(0, 2, n).astype(np.float64)
for _ in range(2):
    eyes.observe(view, has_ended, np.arange(n), aims, memory, 60.0, 0.02, seen, reward, over)
    view[:, f.SEEN_POSITION] += 0.3
told += [asked.ravel(), seen.ravel(), reward, over.ravel(), memory.ravel()]
np.save(sys.argv[1], np.concatenate(told))
"""

LAST_DIGITS = 1e-6  # of float32; sine, cosine and arc tangent may differ in the last place of float64


def numbers(path: str, *, is_plain: bool) -> np.ndarray:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1" if is_plain else "0"}
    subprocess.run([sys.executable, "-c", WORK, path], env=environment, check=True, capture_output=True)
    found: np.ndarray = np.load(path)
    return found


def test_compiled_and_plain_say_the_same(tmp_path):
    compiled = numbers(str(tmp_path / "compiled.npy"), is_plain=False)
    plain = numbers(str(tmp_path / "plain.npy"), is_plain=True)
    assert np.isfinite(compiled).all()
    assert compiled == pytest.approx(plain, abs=LAST_DIGITS, rel=LAST_DIGITS)
