"""The air picture: detections to tracks, tracks to breaches, and how good tracks are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, SensorsFile
from hotwash.cli.output import add_row, answer, bar, count_of, steps

if TYPE_CHECKING:
    from hotwash.track.models import Settings
    from hotwash.work.tracking import Explanation, TracksWritten

app = typer.Typer()

EveryS = Annotated[
    float, typer.Option(min=0.01, metavar="S", help="Interval of track rows for sensors that do not scan [s].")
]
LateS = Annotated[
    float, typer.Option(min=0.0, metavar="S", help="Leave out detections that arrive later than this [s].")
]
AssumeHeight = Annotated[
    tuple[float, float] | None,
    typer.Option(metavar="LOW HIGH", help="Height range to assume for plots without height, above the ellipsoid [m]."),
]


@app.command()
def evaluate(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS", help="Table of tracks, CSV or Parquet.")],
    truth: Annotated[Path, typer.Argument(metavar="TRUTH", help="Table of true positions, CSV or Parquet.")],
    zones: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="GeoJSON file with zones, or an included zone: PL-land. Needs --breaches."),
    ] = None,
    breaches: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Table of breaches to judge, CSV or Parquet. Needs --zones.")
    ] = None,
    cutoff_m: Annotated[
        float, typer.Option(metavar="M", help="Greatest distance at which a track can represent an object [m].")
    ] = 1000.0,
    every_s: Annotated[
        float | None,
        typer.Option(
            metavar="S", help="Interval of evaluation, tracks extrapolated [s]. Default: the tracks' own times."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure tracks against truth: GOSPA, OSPA and SIAP.

    Also prints whether the stated variances are realistic, and the error in the number of breaches. Only rows with the
    status confirmed or coasting count.
    """
    from hotwash.front.evaluation import evaluate_tracks

    with steps(quiet=as_json) as progress:
        found = evaluate_tracks(
            tracks, truth, zones=zones, breaches=breaches, cutoff_m=cutoff_m, every_s=every_s, progress=progress
        )
    answer(found.flat(), _measures(found.headline, found.rows, found.notes), as_json=as_json)


class Mode(StrEnum):
    causal = "causal"
    forensic = "forensic"


class Association(StrEnum):
    joint = "joint"
    nearest = "nearest"


AssociationOf = Annotated[
    Association,
    typer.Option(help="joint: weigh all plots near a track by probability; nearest: take the best-fitting plot."),
]


@app.command()
def track(
    detections: Annotated[Path, typer.Argument(metavar="DETECTIONS", help="Table of detections, CSV or Parquet.")],
    out: Annotated[Path, typer.Option(metavar="TRACKS", help="File to write, .parquet or .csv.")],
    sensors: SensorsFile = None,
    mode: Annotated[
        Mode, typer.Option(help="causal: use only what was known at each time; forensic: use all data.")
    ] = Mode.causal,
    association: AssociationOf = Association.joint,
    every_s: EveryS = 1.0,
    late_s: LateS = 10.0,
    assume_height_m: AssumeHeight = None,
    correct: Annotated[bool, typer.Option("--correct", help="First remove clock offsets and sensor biases.")] = False,
    health: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a table of sensor performance.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turn the detections of a recording into tracks.

    Rejected rows are written to TRACKS.rejects.csv, each with the reason.
    Exit codes: 0 tracks were written, even if there are none; 2 the input was refused.
    """
    from hotwash.work import tracking

    settings = _settings(association, every_s, late_s, assume_height_m, is_corrected=correct)
    with bar(quiet=as_json) as progress:
        done = tracking.write_tracks(
            detections, out=out, sensors=sensors, mode=mode.value, settings=settings, health=health, progress=progress
        )
    file = str(done.rejects_file) if done.rejects_file else None
    shown = {"plots": done.plots, "tracks": done.tracks, "rows": done.rows, "seconds": done.seconds}
    shown |= {"rejects": {"rows": done.rejected, "file": file}, "out": str(done.out), "remarks": _rows(done.remarks)}
    answer(shown, _track_lines(done), as_json=as_json)


@app.command()
def explain(
    track_id: Annotated[int, typer.Argument(metavar="TRACK_ID", min=1, help="Track number, as in the causal tracks.")],
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder with detections and sensors. Default: the current folder.")
    ] = Path(),
    detections: Annotated[
        Path | None,
        typer.Option(metavar="DETECTIONS", help="Table of detections, CSV or Parquet. Default: the one in FOLDER."),
    ] = None,
    sensors: SensorsFile = None,
    association: AssociationOf = Association.joint,
    every_s: EveryS = 1.0,
    late_s: LateS = 10.0,
    assume_height_m: AssumeHeight = None,
    correct: Annotated[
        bool,
        typer.Option("--correct", help="First remove clock offsets and sensor biases, as when the tracks were made."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Explain which detections a track used, and why.

    A summary comes first, then each look. The recording is tracked again,
    so give the same options as for `hotwash track`.
    """
    from hotwash.report import track_summary
    from hotwash.work import tracking

    settings = _settings(association, every_s, late_s, assume_height_m, is_corrected=correct)
    with bar(quiet=as_json) as progress:
        found = tracking.explain_track(
            track_id, folder=folder, detections=detections, sensors=sensors, settings=settings, progress=progress
        )
    summary = track_summary.summarise_track(found.updates, found.begun_with)
    shown = {"summary": summary, "begun_with": found.begun_with, "updates": _rows(found.updates)}
    answer(shown, _updates(found), as_json=as_json)


def _settings(
    association: Association,
    every_s: float,
    late_s: float,
    assume_height_m: tuple[float, float] | None,
    *,
    is_corrected: bool,
) -> Settings:
    from hotwash.errors import ReadError
    from hotwash.track.models import Settings

    if assume_height_m is not None and assume_height_m[0] > assume_height_m[1]:
        raise ReadError("--assume-height-m", why="its first number is greater than its second; give LOW HIGH")
    return Settings(association.value, every_s, late_s, assume_height_m, is_corrected)


def _track_lines(done: TracksWritten) -> Iterator[str]:
    took = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in done.seconds.items())
    plots, tracks, rows = (count_of(*one) for one in ((done.plots, "plot"), (done.tracks, "track"), (done.rows, "row")))
    yield f"{plots} gave {tracks} in {rows} ({took})."
    if done.rejects_file:
        yield f"Rejected {count_of(done.rejected, 'row')}, each with the reason in {done.rejects_file}."
    for text in done.remarks["text"]:
        yield f"{text[0].upper()}{text[1:].rstrip('.')}."
    yield f"\nThe tracks: {done.out}"


def _rows(frame: Any) -> list[dict[str, Any]]:
    """Return rows as JSON takes them: times as text, what is unknown left out."""
    return [
        {
            key: value.isoformat() if isinstance(value, datetime) else value
            for key, value in row.items()
            if value is not None
        }
        for row in frame.to_dicts()
    ]


def _updates(found: Explanation) -> Iterator[Any]:
    from hotwash.report import terminal

    yield from terminal.updates(found.updates, found.begun_with)


def _measures(headline: str, rows: Sequence[tuple[str, str, str]], notes: Sequence[str]) -> Iterator[Any]:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for name in ("measure", "found", "what it is"):
        table.add_column(name)
    for row in rows:
        add_row(table, *row)
    yield from (headline, table, *notes)
