"""What the plan of a lane adds to an observation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotwash.gym import kernels
from hotwash.lanes.kinds import TASK_KINDS
from hotwash.lanes.lane import Lane

FloatArray = NDArray[np.float64]


def aim_rows(lane: Lane | None) -> FloatArray:
    """Return (tasks + 1, AIMS); the last row is for when all are done, or for an exercise without a lane."""
    found = np.zeros((1 + (len(lane.tasks) if lane else 0), kernels.AIMS))
    for row, task in zip(found, lane.tasks if lane else (), strict=False):
        if task.gimbal_pitch_deg is not None:
            row[kernels.AIM_PITCH], row[kernels.HAS_RING] = task.gimbal_pitch_deg, 1.0
        row[kernels.WANTS_PICTURE] = float(TASK_KINDS[task.kind].flown_as == "picture")
        row[kernels.WANTS_LANDING] = float(TASK_KINDS[task.kind].flown_as == "landing")
    return found
