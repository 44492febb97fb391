"""Options and arguments that several commands share, and the time of day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

CentreFolder = Annotated[
    Path | None,
    typer.Option("--centre", metavar="DIR", envvar="HOTWASH_CENTRE", help="Default: the one that one stands in."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
BundleFolder = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder that holds incident.toml and its tables.")]
BorderFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="GeoJSON with a better border for the first zone of interest.")
]
SensorsFile = Annotated[
    Path | None,
    typer.Option(metavar="SENSORS", help="CSV or Parquet. Default: sensors.parquet or sensors.csv beside DETECTIONS."),
]
By = Annotated[
    str, typer.Option("--by", metavar="PERSON", envvar="HOTWASH_PERSON", help="Who: id, or a name that one has.")
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, in one's own words.")]
SubjectText = Annotated[
    str, typer.Option("--subject", metavar="KIND:ID", help="Who: person:ID (or a name), crew:ID or procedure:NAME.")
]
SeedsText = Annotated[str, typer.Option("--seeds", metavar="A:B", help="One attempt for each seed, both ends with it.")]
PolicyText = Annotated[
    str | None, typer.Option("--policy", metavar="NAME", help="The program that follows a procedure.")
]
RecordingFolder = Annotated[
    Path, typer.Argument(metavar="RECORDING", help="Folder that holds scenario.toml, truth.parquet and its kin.")
]


def now() -> datetime:
    return datetime.now(UTC)
