"""`hotwash lane`: look at test lanes, and build one of your own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli import completion
from hotwash.cli.options import AsJson
from hotwash.cli.output import add_row, answer, count_of

if TYPE_CHECKING:
    from hotwash.lanes.lane import Lane

app = typer.Typer(help="Show test lanes, and build your own.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the included lanes."""
    from hotwash.lanes import lane

    found = [lane.load_lane(name) for name in lane.SHIPPED]
    lines = (f"{one.name:24} {one.possible:3g} points {one.time_limit_s:4g} s  {one.title}" for one in found)
    answer([_brief(one) for one in found], lines, as_json=as_json)


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="An included lane, or a lane file.", autocompletion=completion.lanes)
    ],
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also draw the plan of the lane.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a lane: its tasks in order, and the source of each number."""
    from hotwash.work import lanes

    found = lanes.load_lane(name)
    if svg is not None:
        lanes.write_plan(found, svg)
    answer(_values(found), _lane_parts(found), as_json=as_json)


@app.command()
def build(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="TOML file with stands and call-outs.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Lane file to write; it must not exist yet.")],
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also draw the plan of the lane.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build a lane from the positions of its stands and the call-outs.

    docs/how-to/build-a-lane.md shows a plan.
    """
    from hotwash.work import lanes

    built = lanes.build_lane(plan, out=out)
    if svg is not None:
        lanes.write_plan(built, svg)
    text = f"{built.title}: {count_of(len(built.tasks), 'task')}, {built.possible:g} points.\n\nThe lane: {out}"
    answer({**_brief(built), "file": str(out)}, text, as_json=as_json)


def _brief(lane: Lane) -> dict[str, Any]:
    return {
        "name": lane.name,
        "version": lane.version,
        "title": lane.title,
        "possible": lane.possible,
        "time_limit_s": lane.time_limit_s,
        "tasks": len(lane.tasks),
        "notice": lane.notice,
    }


def _values(lane: Lane) -> dict[str, Any]:
    tasks = [
        {
            "name": task.name,
            "part": task.part,
            "kind": task.kind,
            "call": task.call,
            "marker": task.marker,
            "points": task.points,
            "target_m": list(task.target_m),
            "heading_deg": task.heading_deg,
            "gimbal_pitch_deg": task.gimbal_pitch_deg,
        }
        for task in lane.tasks
    ]
    figures = [
        {"name": one.name, "value": one.value, "source": one.source, "confidence": one.confidence, "note": one.note}
        for one in lane.figures
    ]
    return {**_brief(lane), "about": lane.about, "sources": dict(lane.sources), "numbers": figures, "in_order": tasks}


def _lane_parts(lane: Lane) -> Iterator[Any]:
    from rich.table import Table

    tasks = Table("part", "call-out", "kind", "points", "where: east, north, up", "nose", "camera", box=None)
    for task in lane.tasks:
        where = ", ".join(f"{one:.1f}" for one in task.target_m) + " m"
        camera = "" if task.gimbal_pitch_deg is None else f"{task.gimbal_pitch_deg:.0f}°"
        points = f"{task.points:g}" + ("" if task.marker == "machine" else f" ({task.marker})")
        add_row(tasks, task.part, task.call, task.kind, points, where, f"{task.heading_deg:.0f}°", camera)
    figures = Table("number", "value", "source", "confidence", "what it is", box=None)
    for one in lane.figures:
        add_row(figures, one.name, f"{one.value:g}", one.source, one.confidence, one.note)
    head = f"{lane.title}: {lane.possible:g} points, {lane.time_limit_s:g} s."
    sources = [f"{name}: {text}" for name, text in lane.sources.items()]
    yield from (head, lane.about, "", tasks, "", figures, "", *sources, "", f"This is {lane.notice}.")
