"""Lanes in files: find one, build one, draw one."""

from __future__ import annotations

from pathlib import Path

from hotwash.errors import LaneError, WriteError
from hotwash.export import files
from hotwash.ingest.disk import read_text
from hotwash.lanes import build as building
from hotwash.lanes import lane as lanes
from hotwash.lanes.lane import Lane
from hotwash.report.lane_plan import draw_lane


def load_lane(named: str) -> Lane:
    """Return a shipped lane by its name, or the one of a file; raises LaneError."""
    path = Path(named)
    if path.suffix != ".toml" and not path.is_file():
        return lanes.load_lane(named)
    return lanes.parse(read_text(path, refused=LaneError), name=path.name)


def build_lane(plan: Path, *, out: Path) -> Lane:
    """Write the lane of a plan and return it.

    plan     short TOML, as lanes.build reads it
    out      a file that is not there yet: a lane that somebody has flown is evidence
    raises   LaneError for a plan that cannot be; WriteError where the file is there, or cannot be written
    """
    built = building.build_lane(building.read_plan(read_text(plan, refused=LaneError), name=plan.name))
    if out.exists():
        raise WriteError(str(out), why="is there already; name another file, or move it away")
    files.write_file(out, built.text.encode())
    return built


def write_plan(lane: Lane, out: Path) -> None:
    """Write a lane's plan as SVG; raises WriteError."""
    files.write_file(out, draw_lane(lane).encode())
