"""Options and arguments that several commands share, and the time of day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hotwash.cli import completion

CentreFolder = Annotated[
    Path | None,
    typer.Option(
        "--centre", metavar="DIR", envvar="HOTWASH_CENTRE", help="The centre's folder. Default: the current folder."
    ),
]
LessonId = Annotated[
    str,
    typer.Argument(
        metavar="LESSON",
        help="Lesson: L-12 (its number here), an id or its beginning, or @last.",
        autocompletion=completion.lessons,
    ),
]
ObjectiveId = Annotated[
    str,
    typer.Argument(
        metavar="OBJECTIVE", help="Objective: its id, or the beginning of it.", autocompletion=completion.objectives
    ),
]
AttemptId = Annotated[
    str,
    typer.Argument(
        metavar="ATTEMPT", help="Attempt: its id, the beginning of it, or @last.", autocompletion=completion.attempts
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for a program, and nothing else.")]
BundleFolder = Annotated[
    Path, typer.Argument(metavar="BUNDLE", help="Folder with incident.toml and its tables, or an Excel workbook.")
]
BorderFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="GeoJSON file with a better border for the first zone of interest.")
]
SensorsFile = Annotated[
    Path | None,
    typer.Option(
        metavar="SENSORS",
        help="Table of sensors, CSV or Parquet. Default: sensors.parquet or sensors.csv beside DETECTIONS.",
    ),
]
By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="PERSON",
        envvar="HOTWASH_PERSON",
        help="The acting person: an id, or a name known in the centre. Default: who `hotwash whoami` remembers.",
    ),
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in your own words.")]
SubjectText = Annotated[
    str,
    typer.Option(
        "--subject", metavar="KIND:ID", help="Who is tested: person:ID (or a name), crew:ID or procedure:NAME."
    ),
]
SeedsText = Annotated[
    str, typer.Option("--seeds", metavar="A:B", help="One attempt for each seed from A to B, both included.")
]
PolicyText = Annotated[
    str | None, typer.Option("--policy", metavar="NAME", help="Automatic operator that follows the procedure.")
]
RecordingFolder = Annotated[
    Path,
    typer.Argument(metavar="RECORDING", help="Folder of a recording: scenario.toml, truth.parquet and further tables."),
]


def now() -> datetime:
    return datetime.now(UTC)
