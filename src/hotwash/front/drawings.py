"""Scores as drawings: a flight over the plan of its lane, a watch as lines in time."""

from __future__ import annotations

from hotwash.errors import ReadError
from hotwash.report import lane_plan, watch_lines
from hotwash.score.attempt import Measured
from hotwash.score.watch import WatchMeasured

_POINTS = 4000  # of a path: more cannot be told apart


def draw_score(measured: Measured | WatchMeasured) -> str:
    """Return a drawing as SVG: the path flown over the plan of the lane, or the watch as lines in time.

    raises   ReadError for a flight without a lane
    """
    if isinstance(measured, WatchMeasured):
        return watch_lines.drawing(
            measured.lines,
            start_utc=measured.start_utc,
            seconds=measured.seconds,
            title=measured.title,
            marked=measured.marked,
        )
    if measured.lane is None:
        raise ReadError("--svg", why="the scenario has no lane, so there is no plan to draw on")
    step = max(1, len(measured.flown.pose) // _POINTS)
    path_m = [(float(row[0]), float(row[1])) for row in measured.flown.pose[::step, :2]]
    return lane_plan.drawing(measured.lane, flown_m=path_m)
