"""The command line of design: make a watch exercise of an incident."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotwash.cli.options import AsJson
from hotwash.cli.output import answer, bar, count_of

if TYPE_CHECKING:
    from hotwash.work.designing import DesignResult

app = typer.Typer()


class CoverageName(StrEnum):
    poor = "poor"
    plausible = "plausible"
    good = "good"


@app.command()
def design(
    incident: Annotated[
        str, typer.Argument(metavar="INCIDENT", help="Folder of a bundle, or an included one: poland-2025.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to create, or an empty one.")],
    coverage: Annotated[
        CoverageName, typer.Option(help="Quality of the invented sensor coverage.")
    ] = CoverageName.plausible,
    minutes: Annotated[
        float | None,
        typer.Option(
            min=1.0,
            max=1440.0,
            metavar="N",
            help="Length, around the first crossings [min]. Default: the whole incident.",
        ),
    ] = None,
    drones: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=200,
            metavar="N",
            help="Greatest number of drones. Default: 5 in a short exercise, otherwise all.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; the same seed gives the same night.")] = 0,
    replay: Annotated[bool, typer.Option("--replay", help="Replay what was recorded; invent nothing.")] = False,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Rule file to include in the exercise. Default: none.")
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Population by cell: cell_id, lat_deg, lon_deg, people. Default: the included table."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a watch exercise from an incident.

    A synthetic night is invented from the places of the finds and the assumed origins: routes, sensors, reports,
    traffic and weather. It is marked SYNTHETIC, and never presented as what happened. DIR gets scenario.toml, a family
    of nights for `hotwash watch DIR`, and under staged/ the recording of one of them. With --replay, DIR gets the
    incident's own detections, sightings and events, played as they became known.

    Warnings are judged by where people live. For synthetic nights in Poland a table of places with 500 people or more
    is included. Rejected rows of your own table are written to population.rejects.csv.
    """
    with bar(quiet=as_json) as progress:
        progress("Loading", None)
        from hotwash.work import designing

        asked = designing.DesignRequest(incident, coverage.value, seed, minutes, drones, replay, rules, population)
        made = designing.design_exercise(asked, out=out, progress=progress)
    answer(made.flat(), _lines(made), as_json=as_json)


def _lines(made: DesignResult) -> Iterator[str]:
    flat, scenario = made.flat(), made.scenario
    yield f"{scenario.watch.marked}: {scenario.title}\n{scenario.watch.note}\n"
    yield f"{flat['seconds'] / 60.0:.0f} minutes from {scenario.start_utc:%Y-%m-%d %H:%M} UTC"
    flown = "what was recorded" if flat["is_replay"] else count_of(len(flat["drones"]), "drone")
    detections = f"{flat['detections']:,} detection{'s' * (flat['detections'] != 1)}"
    yield f"{flown}, {count_of(flat['sensors'], 'sensor')}, {detections}, {count_of(flat['reports'], 'report')}"
    if flat["cells"]:
        yield f"{flat['people']:,.0f} people in {flat['cells']:,} cell{'s' * (flat['cells'] != 1)}"
    if flat["rejected"]:
        yield f"{flat['rejected']:,} rows of people were rejected: {made.folder / 'population.rejects.csv'}"
    if flat["varies"]:
        yield f"drawn for each seed: {', '.join(flat['varies'])}"
    yield f"\n{made.folder}\nStand the watch: hotwash watch {made.folder}"
