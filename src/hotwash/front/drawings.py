"""Scores as drawings: a flight over the plan of its lane, a watch as lines in time."""

from __future__ import annotations

from hotwash.errors import ReadError
from hotwash.report import lane_plan, watch_lines
from hotwash.score.attempt import FlightScore
from hotwash.score.watch import WatchScore

_POINTS = 4000  # of a path: more cannot be told apart


def draw_score(measured: FlightScore | WatchScore) -> str:
    """Return a drawing as SVG: the path flown over the plan of the lane, or the watch as lines in time.

    raises   ReadError for a flight without a lane
    """
    if isinstance(measured, WatchScore):
        return watch_lines.draw_watch(
            measured.timeline,
            start_utc=measured.start_utc,
            seconds=measured.seconds,
            title=measured.title,
            marked=measured.marked,
        )
    if measured.lane is None:
        raise ReadError("--svg", why="the scenario has no lane, so there is no plan to draw on")
    positions_m = measured.flown.pose.position_m
    step = max(1, len(positions_m) // _POINTS)
    path_m = [(float(row[0]), float(row[1])) for row in positions_m[::step]]
    return lane_plan.draw_lane(measured.lane, flown_m=path_m)
