"""What an examinee is told before the flight: a lane's tasks, as the compiled hand takes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.flight.policies import kernels
from hotwash.lanes.kinds import TASK_KINDS
from hotwash.lanes.lane import Lane
from hotwash.lanes.tasks import Task

FloatArray = NDArray[np.float64]

# How a kind of task is flown, as lanes.kinds says it, and as the hand knows it.
FLOWN_AS = {
    "stay": kernels.STAY,
    "picture": kernels.PICTURE,
    "line": kernels.LINE,
    "run": kernels.RUN,
    "circle": kernels.CIRCLE,
    "turn": kernels.TURN,
    "landing": kernels.LANDING,
}


def plan_rows(lane: Lane | None) -> FloatArray:
    """Return (tasks + 1, PLANS); the last row is for when all are done. Without a lane: stay where it is called."""
    if lane is None:
        return np.array([_bare(kernels.STAY), _bare(kernels.REST)])
    return np.array([*(_row(task) for task in lane.tasks), _bare(kernels.REST)])


def _bare(kind: int) -> FloatArray:
    row = np.zeros(kernels.PLANS)
    row[kernels.KIND], row[kernels.SLOW], row[kernels.QUICK] = kind, -1.0, -1.0
    return row


def _row(task: Task) -> FloatArray:
    row = _bare(FLOWN_AS[TASK_KINDS[task.kind].flown_as])
    row[kernels.END : kernels.END + 3] = task.target_m
    row[kernels.SLOW] = -1.0 if task.slow_mps is None else task.slow_mps
    row[kernels.QUICK] = -1.0 if task.quick_mps is None else task.quick_mps
    row[kernels.IS_ROUND] = float(task.heading_rule in ("nose_in", "along"))
    if task.gimbal_pitch_deg is not None:
        row[kernels.AIM], row[kernels.HAS_RING] = task.gimbal_pitch_deg, 1.0
    if task.path is not None:
        row[kernels.START : kernels.START + 3], row[kernels.WAY] = task.path.start_m, task.path.side
        if task.path.centre_m is not None:
            row[kernels.END : kernels.END + 3] = task.path.centre_m
    return row
