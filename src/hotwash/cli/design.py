"""The command line of design: make a watch exercise of an incident."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotwash.cli.options import AsJson, bar

if TYPE_CHECKING:
    from hotwash.work.designing import Designed

app = typer.Typer()


class CoverageName(StrEnum):
    poor = "poor"
    plausible = "plausible"
    good = "good"


@app.command()
def design(
    incident: Annotated[
        str, typer.Argument(metavar="INCIDENT", help="Folder of an incident's bundle, or a shipped one: poland-2025.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to write the exercise: missing or empty.")],
    coverage: Annotated[CoverageName, typer.Option(help="How well the invented sensors see.")] = CoverageName.plausible,
    minutes: Annotated[
        float | None,
        typer.Option(min=1.0, max=1440.0, metavar="N", help="Only so long, around the first crossings. Default: all."),
    ] = None,
    drones: Annotated[
        int | None, typer.Option(min=1, max=200, metavar="N", help="At most so many. Default: 5 of a short exercise.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="One seed, one night.")] = 0,
    replay: Annotated[bool, typer.Option("--replay", help="Play what was recorded; invent nothing.")] = False,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Carry your rule file in the exercise. Default: none.")
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="People by cell: cell_id, lat_deg, lon_deg, people. Default: a shipped table."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a watch exercise of an incident.

    A synthetic night is invented from the places of the finds and the assumed origins: ways, sensors, reports, traffic
    and weather. It is marked SYNTHETIC, and no single one is called what happened. DIR holds scenario.toml, a family
    of nights for hotwash watch DIR, and under staged/ the recording of one of them. With --replay DIR holds the
    incident's own detections, sightings and events, played as they became known.

    Warnings are judged by how many people live where. Of a synthetic night in Poland a shipped table tells it, for
    places of 500 people or more. Rows of your own table that cannot be taken are written to population.rejects.csv.
    """
    with bar(quiet=as_json) as progress:
        progress("Loading", None)
        from hotwash.work import designing

        asked = designing.DesignRequest(incident, coverage.value, seed, minutes, drones, replay, rules, population)
        made = designing.make(asked, out=out, progress=progress)
    if as_json:
        print(json.dumps(made.flat(), ensure_ascii=False, allow_nan=False))
    else:
        _tell(made)


def _tell(made: Designed) -> None:
    told = made.flat()
    write = sys.stdout.write
    write(f"{made.scenario.watch.marked}: {made.scenario.title}\n{made.scenario.watch.note}\n\n")
    write(f"{told['seconds'] / 60.0:.0f} minutes from {made.scenario.start_utc:%Y-%m-%d %H:%M} UTC\n")
    count = len(told["drones"])
    flown = "what was recorded" if told["is_replay"] else f"{count} drone{'s' * (count != 1)}"
    write(f"{flown}, {told['sensors']} sensors, {told['detections']:,} detections, {told['reports']} reports\n")
    if told["cells"]:
        write(f"{told['people']:,.0f} people in {told['cells']:,} cell{'s' * (told['cells'] != 1)}\n")
    if told["rejected"]:
        write(f"{told['rejected']:,} rows of people could not be taken: {made.folder / 'population.rejects.csv'}\n")
    if told["varies"]:
        write(f"drawn anew for each seed: {', '.join(told['varies'])}\n")
    write(f"\n{made.folder}\nKeep the watch: hotwash watch {made.folder}\n")
