"""The air picture: detections to tracks, tracks to breaches, and how good tracks are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, SensorsFile
from hotwash.cli.output import answer, bar, counted, steps

if TYPE_CHECKING:
    from hotwash.track.models import Settings
    from hotwash.work.breaching import BreachesWritten
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
    """Explain one track, update by update: which detection was used, and why.

    The recording is tracked again, so give the same options as for `hotwash track`.
    """
    from hotwash.work import tracking

    settings = _settings(association, every_s, late_s, assume_height_m, is_corrected=correct)
    with bar(quiet=as_json) as progress:
        found = tracking.explain_track(
            track_id, folder=folder, detections=detections, sensors=sensors, settings=settings, progress=progress
        )
    shown = {"begun_with": found.begun_with, "updates": _rows(found.updates)}
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


@app.command()
def breaches(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS", help="Table of tracks, CSV or Parquet.")],
    zones: Annotated[
        str, typer.Option(metavar="FILE", help="GeoJSON file with one or more zones, or an included zone: PL-land.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write, .csv or .parquet.")],
    aerodrome: Annotated[
        list[str] | None,
        typer.Option(metavar="ICAO", help="Aerodrome; the nearest one is named for each stay. May be repeated."),
    ] = None,
    merge_s: Annotated[
        float,
        typer.Option(min=0.0, metavar="S", help="Longest excursion outside the zone that does not end a stay [s]."),
    ] = 60.0,
    merge_m: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="M",
            help="Deepest excursion outside the zone that does not end a stay [m]. Default: the border's precision.",
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="Number of random draws for counts and intervals.")
    ] = 400,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of the random draws.")] = 0,
    correlation_m: Annotated[
        float, typer.Option(min=1.0, metavar="M", help="Correlation length of the border's error [m].")
    ] = 5000.0,
    detections: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Table of detections, to name the sensor of each row.")
    ] = None,
    sensors: Annotated[Path | None, typer.Option(metavar="FILE", help="Table of sensors, with --detections.")] = None,
    sigma_range_m: Annotated[
        float, typer.Option(min=0.0, metavar="M", help="Range bias of each sensor, one sigma [m].")
    ] = 0.0,
    sigma_azimuth_deg: Annotated[
        float, typer.Option(min=0.0, metavar="DEG", help="Azimuth bias of each sensor, one sigma [deg].")
    ] = 0.0,
    sigma_clock_s: Annotated[
        float, typer.Option(min=0.0, metavar="S", help="Clock error of each sensor, one sigma [s].")
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Find which tracks entered which zone, when, how deep and with what probability.

    Writes one row for each stay.
    Exit codes: 0 written, even if rows were rejected (they are listed); 2 a file was refused.
    """
    from hotwash.work import breaching

    with steps(quiet=as_json) as progress:
        done = breaching.write_breaches(
            tracks,
            zones,
            out=out,
            aerodromes=aerodrome or (),
            detections=detections,
            sensors=sensors,
            seed=seed,
            progress=progress,
            draws=draws,
            merge_s=merge_s,
            merge_m=merge_m,
            correlation_m=correlation_m,
            sigma_range_m=sigma_range_m,
            sigma_azimuth_deg=sigma_azimuth_deg,
            sigma_clock_s=sigma_clock_s,
        )
    answer(done.flat(), _breach_lines(done), as_json=as_json)


_SHOWN_BREACHES = 40  # a screen; all of them stand in the file


def _breach_lines(done: BreachesWritten) -> Iterator[Any]:
    from rich.table import Table

    found = done.found
    rows = found.breaches.head(_SHOWN_BREACHES).iter_rows(named=True)
    stays = Table("track", "zone", "in", "out", "depth", "probability", "answer", box=None)
    for row in rows:
        moments = [f"{row[name]:%Y-%m-%d %H:%M:%S}Z" if row[name] else "–" for name in ("enter_utc", "exit_utc")]
        depth = "–" if row["depth_m"] is None else f"{row['depth_m']:,.0f} ± {row['depth_sigma_m'] or 0.0:,.0f} m"
        stays.add_row(str(row["track_id"]), row["zone_id"], *moments, depth, f"{row['probability']:.2f}", row["answer"])
    counts = Table("zone", "count", "of", "most likely", "90 %", box=None)
    for one in found.counts:
        whom = "unidentified" if one.is_unidentified_only else "all"
        counts.add_row(one.zone_id, one.unit, whom, str(one.most_likely), f"{one.low_90} to {one.high_90}")
    yield from (stays, "", counts, "")
    more = found.breaches.height - _SHOWN_BREACHES
    if more > 0:
        yield f"{counted(more, 'more row')} in the file."
    for zone in found.merged:
        yield f"{zone.zone_id}: {counted(zone.before, 'stay')} before merging, {zone.after} after."
    for reject in found.rejects.head(_SHOWN_BREACHES).iter_rows(named=True):
        yield f"Rejected {reject['file']}:{reject['line']}: {reject['reason']}; {reject['advice']}"
    if found.rejects.height > _SHOWN_BREACHES:
        yield f"{found.rejects.height} rows were rejected in all; --json lists them."
    yield f"The breaches: {done.path}"


def _track_lines(done: TracksWritten) -> Iterator[str]:
    took = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in done.seconds.items())
    yield f"{counted(done.plots, 'plot')} gave {counted(done.tracks, 'track')} in {counted(done.rows, 'row')} ({took})."
    if done.rejects_file:
        yield f"Rejected {counted(done.rejected, 'row')}, each with the reason in {done.rejects_file}."
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
        table.add_row(*row)
    yield from (headline, table, *notes)
