"""From views to observations and rewards, and from actions to commands, for many worlds at once.

VIEW and COMMAND are laid out in flight/seats/fields.py, OBSERVATION in gym/fields.py.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotwash.flight.seats import fields as f

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

FAST: dict[str, Any] = {
    "cache": True, "error_model": "numpy", "nogil": True, "_nrt": False, "no_cfunc_wrapper": True
}  # fmt: skip
INNER: dict[str, Any] = {"no_cpython_wrapper": True}

# AIMS[task, field]: what the plan of a lane says of a task, beside the place and heading that are called out.
AIM_PITCH, HAS_RING, WANTS_PICTURE, WANTS_LANDING = 0, 1, 2, 3  # deg above the horizon; 0 or 1; 0 or 1; 0 or 1
AIMS = 4

# MEMORY[world, field]: what the reward remembers of the step before.
WAS_POINTS, WAS_NEAR, WAS_TASK = 0, 1, 2
WAS_HEADING, WAS_SINE, WAS_COSINE = 3, 4, 5  # of the last task's heading [deg]: most steps have the same
MEMORIES = 6

ENDED, LATE = 0, 1

REACH_M = 5.0  # half of the reward for coming near is earned within this
TURN_SHARE = 0.2  # of what coming near is worth, this much is for the nose
PER_SECOND = 0.2  # reward for each second right at the place: a task to hold still is worth doing


@njit(**FAST, **INNER)
def _squashed(value: float, scale: float) -> float:
    """Return value / (|value| + scale), between -1 and 1."""
    return value / (abs(value) + scale)


@njit(**FAST)
def command(action: SingleArray, view: FloatArray, rows: FloatArray) -> None:
    """Write actions as commands that keep the mode, and arm where the motors stand still.

    action   (n, ACTIONS), cut off at -1 and 1; what is not a number becomes 0
    view     (n, VIEWS), the last that was seen
    rows     (n, COMMANDS), overwritten
    """
    for w in range(rows.shape[0]):
        for k in range(5):
            asked = float(action[w, k])
            asked = min(max(asked, -1.0), 1.0) if asked == asked else 0.0
            rows[w, f.GIMBAL_RATE if k == 4 else k] = asked
        rows[w, f.CAPTURE] = 1.0 if action[w, 5] > 0.0 else 0.0
        rows[w, f.ASKED_MODE] = -1.0
        rows[w, f.BUTTONS] = 0.0 if view[w, f.IS_ARMED] > 0.5 else float(f.ARM)


@njit(**FAST, **INNER)
def _near(distance_m: float, turn_cos: float) -> float:
    """Return how near the drone is to what the task wants: 1 there with the right heading, 0 far off."""
    return (1.0 - TURN_SHARE) * REACH_M / (distance_m + REACH_M) + TURN_SHARE * 0.5 * (1.0 + turn_cos)


@njit(**FAST)
def observe(
    view: FloatArray, has_ended: FloatArray, which: IntArray, aims: FloatArray, memory: FloatArray,
    limit_s: float, step_s: float, seen: SingleArray, reward: FloatArray, over: BoolArray,
) -> None:  # fmt: skip
    """Write what an agent is shown, and earns, in some worlds.

    view      (n, VIEWS)
    has_ended (n,) 1 where all is done or has crashed, else 0
    which     (k,) the worlds; the others keep their rows
    aims      (tasks + 1, AIMS), the last row for when all are done
    memory    (n, MEMORIES), read and overwritten; WAS_TASK below 0 starts anew, with a reward of 0
    limit_s   the exercise's time limit
    seen      (n, OBSERVATIONS) float32, overwritten
    reward    (n,), overwritten: points gained, what was come nearer, and PER_SECOND at the place
    over      (n, 2), overwritten: whether all is done or has crashed; whether the time is up
    """
    for at in range(which.shape[0]):
        w = which[at]
        v, o = view[w], seen[w]
        is_seen = v[f.IS_SEEN] > 0.5
        place = f.SEEN_POSITION if is_seen else f.NAV_POSITION
        speed = f.SEEN_VELOCITY if is_seen else f.NAV_VELOCITY
        turned = f.SEEN_QUATERNION if is_seen else f.ATTITUDE
        x, y, z, s = v[turned], v[turned + 1], v[turned + 2], v[turned + 3]
        east, north = 1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + s * z)  # where the nose points
        level = math.sqrt(east * east + north * north)
        level = level if level > 1e-9 else 1e-9
        east, north = east / level, north / level
        up = f.TASK_POSITION
        away_e, away_n = v[up] - v[place], v[up + 1] - v[place + 1]
        away_u = v[up + 2] - v[place + 2]
        forward, right = away_e * east + away_n * north, away_e * north - away_n * east
        o[0], o[1], o[2] = _squashed(forward, 5.0), _squashed(right, 5.0), _squashed(away_u, 5.0)
        o[3], o[4], o[5] = _squashed(forward, 0.5), _squashed(right, 0.5), _squashed(away_u, 0.5)
        ve, vn = v[speed], v[speed + 1]
        o[6], o[7] = _squashed(ve * east + vn * north, 3.0), _squashed(ve * north - vn * east, 3.0)
        o[8] = _squashed(v[speed + 2], 3.0)
        o[9], o[10] = 2.0 * (x * z - s * y), 2.0 * (y * z + s * x)
        o[11] = 1.0 - 2.0 * (x * x + y * y)
        for k in range(3):
            o[12 + k] = _squashed(v[f.BODY_RATES + k], 3.0)
        m = memory[w]
        if v[f.TASK_HEADING] != m[WAS_HEADING]:
            m[WAS_HEADING], wanted = v[f.TASK_HEADING], math.radians(v[f.TASK_HEADING])
            m[WAS_SINE], m[WAS_COSINE] = math.sin(wanted), math.cos(wanted)
        to_east, to_north = m[WAS_SINE], m[WAS_COSINE]
        o[15], o[16] = to_east * north - to_north * east, to_east * east + to_north * north
        task, tasks = int(v[f.TASK]), aims.shape[0] - 1
        aim = aims[min(max(task, 0), tasks)]
        o[17] = v[f.GIMBAL_PITCH] / 90.0
        o[18] = _squashed(aim[AIM_PITCH] - v[f.GIMBAL_PITCH], 15.0) if aim[HAS_RING] > 0.5 else 0.0
        o[19], o[20] = _squashed(v[f.HEIGHT], 10.0), _squashed(v[f.AIR_SPEED], 10.0)
        o[21], o[22], o[23] = v[f.CHARGE], v[f.LINK_QUALITY], v[f.HAS_FIX]
        o[24], o[25] = v[f.IS_ON_GROUND], v[f.IS_ARMED]
        mode = int(v[f.MODE])
        for k in range(f.MODES):
            o[26 + k] = 1.0 if mode == k else 0.0
        o[33] = 1.0 if v[f.WARNINGS] > 0.5 else 0.0
        o[34] = task / max(tasks, 1)
        o[35] = v[f.SECONDS_LEFT] / limit_s
        o[36], o[37] = aim[WANTS_PICTURE], aim[WANTS_LANDING]
        away_m = math.sqrt(away_e * away_e + away_n * away_n + away_u * away_u)
        near = _near(away_m, o[16])
        earned = 0.0
        if m[WAS_TASK] >= 0.0:
            earned = v[f.POINTS] - m[WAS_POINTS] + PER_SECOND * step_s * (1.0 - min(away_m, 1.0))
            earned += near - m[WAS_NEAR] if m[WAS_TASK] == v[f.TASK] else 0.0
        reward[w] = earned
        m[WAS_POINTS], m[WAS_NEAR], m[WAS_TASK] = v[f.POINTS], near, v[f.TASK]
        is_late = v[f.SECONDS_LEFT] <= 0.0
        over[w, LATE] = is_late
        over[w, ENDED] = has_ended[w] != 0.0 and not is_late
