"""The compiled referee gives what the same code gives uncompiled, and its numbers stand where flight leaves them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from flown import margins_now

from hotwash.flight import layout
from hotwash.lanes import kernels
from hotwash.lanes.lane import SHIPPED, load_lane
from hotwash.lanes.referee import Referee

SAME = 1e-9  # compiled, sums may be contracted; over some hundred steps that is the last digits
STEPS, WORLDS = 400, 7
PLAIN = """
import sys
import numpy as np
sys.path[:0] = [sys.argv[2], sys.argv[2] + "/.."]
import test_kernels
np.savez(sys.argv[1], **test_kernels.judged())
"""


def test_a_referee_reads_poses_where_flight_leaves_them():
    for name in ("POSITION", "VELOCITY", "QUATERNION", "ON_GROUND", "GIMBAL", "CAPTURED", "UPSIDE"):
        assert getattr(kernels, name) == getattr(layout, name)


def wandering(lane, seed):
    """Return poses that wander about a lane's targets, with pictures and landings: (STEPS, WORLDS, POSES)."""
    rng = np.random.default_rng(seed)
    poses = np.zeros((STEPS, WORLDS, layout.POSES))
    aims = np.array([task.target_m for task in lane.tasks])
    at = aims[np.minimum(np.arange(STEPS) * len(aims) // STEPS, len(aims) - 1)]
    poses[:, :, 0:3] = at[:, None] + rng.normal(0.0, 0.15, (STEPS, WORLDS, 3))
    poses[:, :, 3:6] = rng.normal(0.0, 1.0, (STEPS, WORLDS, 3))
    turn = np.cumsum(rng.normal(0.0, 0.1, (STEPS, WORLDS)), axis=0)
    poses[:, :, 8], poses[:, :, 9] = np.sin(turn / 2), np.cos(turn / 2)
    poses[:, :, layout.ON_GROUND] = rng.random((STEPS, WORLDS)) < 0.05
    poses[:, :, layout.GIMBAL] = rng.uniform(-1.6, 0.0, (STEPS, WORLDS))
    poses[:, :, layout.CAPTURED] = rng.random((STEPS, WORLDS)) < 0.2
    return poses


def judged():
    """Return everything that referees of all shipped lanes hold after flights that wander."""
    found = {}
    for name in SHIPPED:
        referee = Referee(load_lane(name), worlds=WORLDS, step_s=0.1)
        for pose in wandering(load_lane(name), 7):
            referee.judge(pose)
        held = (referee.results, referee.measures, referee.points, referee.target_m, margins_now(referee, pose))
        found |= {f"{name}-{at}": np.array(one, float) for at, one in enumerate(held)}
    return found


def test_compiled_and_plain_referees_agree(tmp_path):
    path = tmp_path / "plain.npz"
    here, plainly = str(Path(__file__).parent), {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", PLAIN, str(path), here], check=True, env=plainly)
    plain = np.load(path)
    for name, found in judged().items():
        np.testing.assert_allclose(found, plain[name], rtol=SAME, atol=SAME, err_msg=name)


def test_a_world_is_judged_the_same_however_many_fly_beside_it():
    lane = load_lane("bperp")
    many, poses = Referee(lane, worlds=WORLDS), wandering(lane, 3)
    alone = [Referee(lane) for _ in range(WORLDS)]
    for pose in poses:
        many.judge(pose, first=0, last=3)
        many.judge(pose, first=3)
        for world, one in enumerate(alone):
            one.judge(np.ascontiguousarray(pose[world : world + 1]))
    for world, one in enumerate(alone):
        np.testing.assert_array_equal(one.results[0], many.results[world])
        np.testing.assert_array_equal(one.measures[0], many.measures[world])
        np.testing.assert_array_equal(one.target_m[0], many.target_m[world])


def test_whatever_is_flown_points_are_those_of_the_tasks_passed_and_tasks_end_in_order():
    for name in SHIPPED:
        lane = load_lane(name)
        referee = Referee(lane, worlds=WORLDS, step_s=0.1)
        for pose in wandering(lane, 11):
            referee.judge(pose)
        worth = np.array([task.points for task in lane.tasks])
        np.testing.assert_array_equal(referee.points, (referee.results == kernels.PASSED) @ worth)
        ends = referee.measures[:, :, kernels.ENDED_S]
        assert (np.nan_to_num(np.diff(ends, axis=1)) >= 0.0).all()
        assert ((referee.results >= kernels.PASSED).sum(axis=1) == referee.task).all()
