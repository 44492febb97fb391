"""The referee: steps through a lane's tasks beside the vehicle, live or over a recording.

    POSE rows ─▶ judge ─▶ which task, points, results, measures

One referee serves many worlds, each on its own clock: worlds that are reset begin again, the others go on.
"""

from __future__ import annotations

import math

import numpy as np

from hotwash.lanes import kernels, rings
from hotwash.lanes.kernels import BoolArray, FloatArray, IntArray
from hotwash.lanes.kinds import TASK_KINDS
from hotwash.lanes.lane import Lane
from hotwash.lanes.tasks import HEADING_RULES, Task

# What a code in Referee.results means.
CODES = ("pending", "under_way", "passed", "failed")
DEFAULT_FOV_DEG = (84.0, 62.0)  # a common camera drone's 4:3 picture; an airframe states its own


class Referee:
    """Judge the flight of one seat through a lane, in many worlds at once.

    lane      what is to be done
    worlds    how many
    step_s    between two calls of judge [s]
    fov_deg   the camera's whole field of view, across and upwards

    `results` (n, tasks) holds the codes PENDING 0, UNDER_WAY 1, PASSED 2, FAILED 3. `measures` (n, tasks, MEASURES)
    holds what was measured of each task that is over, fields as kernels.BEGUN_S … RING_MARGIN; NaN where none was.
    Points of tasks that only an instructor marks are never given here.
    """

    def __init__(
        self, lane: Lane, *, worlds: int = 1, step_s: float = 0.02, fov_deg: tuple[float, float] = DEFAULT_FOV_DEG
    ) -> None:
        self.lane, self.worlds, self.step_s, self.fov_deg = lane, worlds, step_s, fov_deg
        self._tasks, self._rings = task_rows(lane), rings.ring_rows(lane.rings)
        self._half_rad = math.radians(fov_deg[0]) / 2.0, math.radians(fov_deg[1]) / 2.0
        self._state = np.zeros((worlds, kernels.STATES))
        self.results = np.zeros((worlds, len(lane.tasks)), np.int64)
        self.measures = np.full((worlds, len(lane.tasks), kernels.MEASURES), np.nan)
        self.reset()

    def reset(self, worlds: BoolArray | None = None) -> None:
        """Put the marked worlds back before the first task; all of them when none are named."""
        marked = np.ones(self.worlds, np.bool_) if worlds is None else np.asarray(worlds, np.bool_)
        kernels.reset(self._tasks, self._state, self.results, self.measures, marked)

    def judge(self, pose: FloatArray, *, first: int = 0, last: int | None = None) -> None:
        """Take one step of the worlds first to last (half open) in; pose is (n, POSES), as flight leaves it.

        Each world keeps its own clock, so none is given here. Two threads may judge two ranges at once.
        """
        wide, tall = self._half_rad
        kernels.judge(
            pose,
            self._tasks,
            self._rings,
            self._state,
            self.results,
            self.measures,
            wide,
            tall,
            self.lane.time_limit_s,
            self.step_s,
            first,
            self.worlds if last is None else last,
        )

    @property
    def state(self) -> FloatArray:
        """What is kept between steps, (n, kernels.STATES); to be read, never written: a view that stays the same."""
        return self._state

    @property
    def task(self) -> IntArray:
        """The number of the task under way, (n,); the number of tasks once all are done."""
        return self._state[:, kernels.TASK].astype(np.int64)

    @property
    def points(self) -> FloatArray:
        """The points so far, (n,)."""
        return self._state[:, kernels.SCORED]

    @property
    def is_over(self) -> BoolArray:
        """Where the last task is done, the time is up or the vehicle lies on its side, (n,)."""
        is_over: BoolArray = self._state[:, kernels.OVER] != 0.0
        return is_over

    @property
    def seconds(self) -> FloatArray:
        """Simulated time since the reset, (n,) [s]; it stands still once a world is over."""
        return self._state[:, kernels.STEPS] * self.step_s

    @property
    def task_start_s(self) -> FloatArray:
        """When the task under way began, (n,) [s] since the reset."""
        return self._state[:, kernels.BEGAN] * self.step_s

    @property
    def seconds_left(self) -> FloatArray:
        """Until the lane's time limit, (n,) [s]."""
        return np.maximum(self.lane.time_limit_s - self.seconds, 0.0)

    @property
    def margins_deg(self) -> FloatArray:
        """The margin of each ring at the last picture taken of it, (n, tasks) [deg]; NaN where none was."""
        return self.measures[:, :, kernels.RING_MARGIN]

    @property
    def target_m(self) -> FloatArray:
        """Where to go now, (n, 3) [m]; on a circle the place a little ahead."""
        return self._state[:, kernels.AIM : kernels.AIM + 3]


def task_rows(lane: Lane) -> FloatArray:
    """Return a lane's tasks as the kernels take them: (t, TASKS)."""
    return np.array([_row(task, lane) for task in lane.tasks])


def _row(task: Task, lane: Lane) -> FloatArray:
    row, kind = np.zeros(kernels.TASKS), TASK_KINDS[task.kind]
    row[kernels.KIND] = kind.code
    row[kernels.POINTS] = 0.0 if task.marker == "instructor" else task.points
    row[kernels.LIMIT], row[kernels.OUTSIDE] = _or_none(task.limit_s), _or_none(task.outside_s)
    row[kernels.HOLD], row[kernels.RING] = task.hold_s, -1.0 if task.ring is None else task.ring
    row[kernels.LOSES] = float(lane.missed == "lost")
    row[kernels.TARGET : kernels.TARGET + 3] = task.target_m
    row[kernels.HEIGHT_BAND], row[kernels.ARRIVE] = task.height_tolerance_m, task.tolerance_m
    row[kernels.WIDTH] = task.corridor_m if kind.has_corridor else task.tolerance_m
    row[kernels.HEADING_RULE] = HEADING_RULES.index(task.heading_rule)
    heading = math.radians(task.heading_deg)
    row[kernels.FORWARD], row[kernels.FORWARD + 1] = math.sin(heading), math.cos(heading)
    row[kernels.HEADING_COSINE] = math.cos(math.radians(min(task.heading_tolerance_deg, 180.0)))
    row[kernels.SLOW], row[kernels.QUICK] = _or_none(task.slow_mps), _or_none(task.quick_mps)
    row[kernels.TOUCH] = _or_none(task.touch_mps)
    _add_path(row, task)
    return row


def _add_path(row: FloatArray, task: Task) -> None:
    path = task.path
    if path is None:
        return
    row[kernels.START : kernels.START + 3], row[kernels.DIRECTION] = path.start_m, path.side
    if path.centre_m is not None:
        row[kernels.TARGET : kernels.TARGET + 3] = (*path.centre_m[:2], path.height_end_m)
        row[kernels.HEIGHT_START] = path.centre_m[2]
        row[kernels.RADIUS], row[kernels.RADIUS_END] = path.radius_m, path.radius_end_m
        row[kernels.TURNS] = path.turns


def _or_none(value: float | None) -> float:
    return -1.0 if value is None else value
