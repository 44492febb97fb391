"""The command line: parse, call work, print.

Heavy rooms are imported inside the commands, so that `hotwash --help` answers at once.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash import __version__, cli_centre, cli_design, cli_incidents, cli_skills, cli_training, cli_watch
from hotwash.cli_options import AsJson, bar, now, steps
from hotwash.errors import HotwashError

if TYPE_CHECKING:
    from hotwash.model.incident import Bundle
    from hotwash.track.models import Settings
    from hotwash.work.account import Analysis
    from hotwash.work.breaching import Breached
    from hotwash.work.tracking import Done, Explained

REFUSED = 2
REJECTED = 1

app = typer.Typer(
    name="hotwash",
    help="From an air-space incident to an account that stands up.\n\nBegin with: hotwash demo --open",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_training.app)
app.add_typer(cli_skills.app)
app.add_typer(cli_watch.app)
app.add_typer(cli_design.app)
app.add_typer(cli_incidents.app)
app.add_typer(cli_centre.app)

BundleFolder = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder that holds incident.toml and its tables.")]
BorderFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="GeoJSON with a better border for the first zone of interest.")
]
SensorsFile = Annotated[
    Path | None,
    typer.Option(metavar="SENSORS", help="CSV or Parquet. Default: sensors.parquet or sensors.csv beside DETECTIONS."),
]
EveryS = Annotated[
    float, typer.Option(min=0.01, metavar="S", help="Tracks of sources without scans get a row this often [s].")
]
LateS = Annotated[
    float, typer.Option(min=0.0, metavar="S", help="A detection that comes later than this is left out [s].")
]
AssumeHeight = Annotated[
    tuple[float, float] | None,
    typer.Option(metavar="LOW HIGH", help="Above the ellipsoid: where plots without height lie [m]."),
]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"hotwash {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    out: Annotated[
        Path | None, typer.Option(help="Folder to fill: missing or empty. Default: a fresh temporary folder.")
    ] = None,
    account_only: Annotated[
        bool, typer.Option("--account-only", help="Only the account: no flight, no lessons.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show all of it: an account of a real night, a test flight, and lessons taken to their proof.

    The folder is a centre (centre.db): account.html is the account, flight/ a recorded test, lessons.html says which
    lessons hold. Attempts are programs' ones: shown for the procedure, not for people.
    """
    from hotwash.work import account
    from hotwash.work import demo as shows

    if account_only:
        with steps(quiet=as_json) as progress:
            weighed = account.demo(now_utc=now(), out=out, progress=progress)
        _tell(weighed, as_json=as_json)
        _open(weighed.page, wanted=open_)
        return
    with steps(quiet=as_json) as progress:
        done = shows.show(now_utc=now(), clock=now, out=out, progress=progress)
    if as_json:
        print(json.dumps(done.flat(), ensure_ascii=False, allow_nan=False))
    else:
        _tell(done.account, as_json=False)
        print()
        cli_training.tell_flight(done.flight, is_brief=True)
        print()
        cli_skills.tell_proofs(done.closed.proofs)
        for lesson_id, stage in done.closed.stages.items():
            print(f"{lesson_id} is {stage}.")
        print(f"\nWhich lessons hold: {done.closed.page}")
    _open(done.account.page, wanted=open_)


def _open(page: Path, *, wanted: bool) -> None:
    if wanted:
        typer.launch(page.resolve().as_uri())


@app.command()
def analyse(
    bundle: BundleFolder,
    out: Annotated[Path | None, typer.Option(help="Folder to write to. Default: the bundle itself.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use only what was known by then: 2025-09-11, or 2025-09-11T12:00Z."),
    ] = None,
    border: BorderFile = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Take out persons, private addresses and exact private places.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Weigh a bundle and write its account.

    Three files are written: account.html for people, account.md for editors, account.json for programs.
    Ends with 0, also when rows were rejected (they are listed); with 2 when the bundle is refused.
    """
    from hotwash.work import account

    with steps(quiet=as_json) as progress:
        done = account.analyse(
            bundle, now_utc=now(), out=out, as_of=as_of, border=border, redact=redact, progress=progress
        )
    _tell(done, as_json=as_json)


@app.command()
def check(bundle: BundleFolder, border: BorderFile = None, as_json: AsJson = False) -> None:
    """Explain every fault of a bundle.

    Ends with 0 when there is none, 1 when rows were rejected, 2 when the bundle cannot be used.
    """
    from hotwash.work import account

    with steps(quiet=as_json) as progress:
        found = account.check_bundle(bundle, border=border, progress=progress)
    if as_json:
        rows = {"rejects": found.rejects.to_dicts(), "repairs": found.repairs.to_dicts()}
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _tell_faults(found)
    raise typer.Exit(REJECTED if found.rejects.height else 0)


@app.command()
def evaluate(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS", help="Tracks, Parquet or CSV.")],
    truth: Annotated[Path, typer.Argument(metavar="TRUTH", help="Where the objects really were, Parquet or CSV.")],
    zones: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="GeoJSON with zones, or a shipped zone: PL-land. Needs --breaches."),
    ] = None,
    breaches: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Breaches that were found, Parquet or CSV; needs --zones.")
    ] = None,
    cutoff_m: Annotated[float, typer.Option(help="A track farther off does not stand for an object [m].")] = 1000.0,
    every_s: Annotated[
        float | None, typer.Option(help="Look so often [s], each track carried on. Default: at the tracks' own times.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure tracks against truth.

    Prints GOSPA, OSPA, SIAP, how honest the stated variances are, and the error of the count of breaches. Only rows
    with the status confirmed or coasting count.
    """
    from hotwash.work import evaluation

    with steps(quiet=as_json) as progress:
        found = evaluation.evaluate(
            tracks, truth, zones=zones, breaches=breaches, cutoff_m=cutoff_m, every_s=every_s, progress=progress
        )
    if as_json:
        print(json.dumps(found.flat(), ensure_ascii=False, allow_nan=False))
        return
    _tell_measures(found.headline, found.rows, found.notes)


@app.command()
def place(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a village, town or municipality.")],
    gazetteer: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own list: our CSV, or a GeoNames dump.")
    ] = None,
    near: Annotated[
        tuple[float, float] | None, typer.Option(metavar="LAT LON", help="Of equal fits, put the nearer first.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find a place's position, and how good it is.

    The shipped list holds the places of the example and some towns; give a bigger one with --gazetteer.
    """
    from hotwash.work import places

    found = places.look_up(name, file=gazetteer, near=near)
    if as_json:
        print(json.dumps([asdict(fit) for fit in found], ensure_ascii=False, indent=1))
        return
    for fit in found:
        where = f"{fit.lat_deg:8.4f} N {fit.lon_deg:9.4f} E ± {fit.sigma_position_km:g} km"
        print(f"{where}  {fit.name}, {fit.admin}, {fit.country} ({fit.kind}; {fit.source})")


class Mode(StrEnum):
    causal = "causal"
    forensic = "forensic"


class Association(StrEnum):
    joint = "joint"
    nearest = "nearest"


AssociationOf = Annotated[
    Association,
    typer.Option(help="joint: a track takes all plots near it, each by its probability; nearest: the one that fits."),
]


@app.command()
def track(
    detections: Annotated[Path, typer.Argument(metavar="DETECTIONS", help="CSV or Parquet.")],
    out: Annotated[Path, typer.Option(metavar="TRACKS", help="Where to write: .parquet or .csv.")],
    sensors: SensorsFile = None,
    mode: Annotated[
        Mode, typer.Option(help="causal: only what was known at each time; forensic: all data used.")
    ] = Mode.causal,
    association: AssociationOf = Association.joint,
    every_s: EveryS = 1.0,
    late_s: LateS = 10.0,
    assume_height_m: AssumeHeight = None,
    correct: Annotated[bool, typer.Option("--correct", help="Take out clock offsets and biases first.")] = False,
    health: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write how each sensor did.")] = None,
    as_json: AsJson = False,
) -> None:
    """Track a recording's detections.

    Rows that cannot be taken stop nothing: they are written to TRACKS.rejects.csv. Ends with 0 when tracks were
    written, also when there are none to be found; with 2 when the input is refused.
    """
    from hotwash.work import tracking

    settings = _settings(association, every_s, late_s, assume_height_m, is_corrected=correct)
    with bar(quiet=as_json) as progress:
        done = tracking.track(
            detections, out=out, sensors=sensors, mode=mode.value, settings=settings, health=health, progress=progress
        )
    _tell_tracks(done, as_json=as_json)


@app.command()
def explain(
    track_id: Annotated[int, typer.Argument(metavar="TRACK_ID", min=1, help="As the causal tracks number it.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds detections and sensors.")] = Path(),
    detections: Annotated[
        Path | None, typer.Option(metavar="DETECTIONS", help="CSV or Parquet. Default: the folder's.")
    ] = None,
    sensors: SensorsFile = None,
    association: AssociationOf = Association.joint,
    every_s: EveryS = 1.0,
    late_s: LateS = 10.0,
    assume_height_m: AssumeHeight = None,
    correct: Annotated[bool, typer.Option("--correct", help="As it was when the tracks were made.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell of one track, look by look, which detection was taken and why.

    The recording is tracked again, so give the options that the tracks were made with.
    """
    from hotwash.work import tracking

    settings = _settings(association, every_s, late_s, assume_height_m, is_corrected=correct)
    with bar(quiet=as_json) as progress:
        found = tracking.explain(
            track_id, folder=folder, detections=detections, sensors=sensors, settings=settings, progress=progress
        )
    _tell_track(found, as_json=as_json)


def _settings(
    association: Association, every_s: float, late_s: float, assume_height_m: tuple[float, float] | None, *,
    is_corrected: bool,
) -> Settings:  # fmt: skip
    from hotwash.errors import ReadError
    from hotwash.track.models import Settings

    if assume_height_m is not None and assume_height_m[0] > assume_height_m[1]:
        raise ReadError("--assume-height-m", why="its first number is greater than its second; give LOW HIGH")
    return Settings(association.value, every_s, late_s, assume_height_m, is_corrected)


@app.command()
def breaches(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS", help="Table of tracks, CSV or Parquet.")],
    zones: Annotated[
        str, typer.Option(metavar="FILE", help="GeoJSON with one or more zones, or a shipped zone: PL-land.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write: .csv or .parquet.")],
    aerodrome: Annotated[
        list[str] | None, typer.Option(metavar="ICAO", help="Name the nearest of these for each stay; repeat it.")
    ] = None,
    merge_s: Annotated[float, typer.Option(min=0.0, help="A shorter way out does not end a stay [s].")] = 60.0,
    merge_m: Annotated[
        float | None,
        typer.Option(min=0.0, help="Nor does a shallower one [m]. Default: the precision of the zone's line."),
    ] = None,
    draws: Annotated[int, typer.Option(min=1, max=100_000, help="Draws that count and give the spread.")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    correlation_m: Annotated[float, typer.Option(min=1.0, help="How far along a line its error goes on [m].")] = 5000.0,
    detections: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Table of detections: which sensor each row rests on.")
    ] = None,
    sensors: Annotated[Path | None, typer.Option(metavar="FILE", help="Table of sensors, with --detections.")] = None,
    sigma_range_m: Annotated[float, typer.Option(min=0.0, help="Each sensor's range bias, one sigma [m].")] = 0.0,
    sigma_azimuth_deg: Annotated[
        float, typer.Option(min=0.0, help="Each sensor's azimuth bias, one sigma [deg].")
    ] = 0.0,
    sigma_clock_s: Annotated[float, typer.Option(min=0.0, help="Each sensor's clock error, one sigma [s].")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Find who came into which zone, when, how deep and how surely.

    Writes one row a stay. Ends with 0, also when rows were rejected (they are listed); with 2 when a file is refused.
    """
    from hotwash.work import breaching

    inputs = breaching.Inputs(zones, tuple(aerodrome or ()), detections, sensors)
    with steps(quiet=as_json) as progress:
        done = breaching.breaches(
            tracks, inputs, out=out, seed=seed, progress=progress, draws=draws, merge_s=merge_s, merge_m=merge_m,
            correlation_m=correlation_m, sigma_range_m=sigma_range_m, sigma_azimuth_deg=sigma_azimuth_deg,
            sigma_clock_s=sigma_clock_s,
        )  # fmt: skip
    if as_json:
        print(json.dumps(breaching.told(done), ensure_ascii=False, allow_nan=False))
    else:
        _tell_breaches(done)


_SHOWN_BREACHES = 40  # a screen; all of them stand in the file


def _tell_breaches(done: Breached) -> None:
    from rich.table import Table

    rows = done.breaches.head(_SHOWN_BREACHES).iter_rows(named=True)
    stays = Table("track", "zone", "in", "out", "depth", "probability", "answer", box=None)
    for row in rows:
        moments = [f"{row[name]:%Y-%m-%d %H:%M:%S}Z" if row[name] else "–" for name in ("enter_utc", "exit_utc")]
        depth = "–" if row["depth_m"] is None else f"{row['depth_m']:,.0f} ± {row['depth_sigma_m'] or 0.0:,.0f} m"
        stays.add_row(str(row["track_id"]), row["zone_id"], *moments, depth, f"{row['probability']:.2f}", row["answer"])
    counts = Table("zone", "count", "of", "most likely", "90 %", box=None)
    for one in done.counts:
        whom = "unidentified" if one.is_unidentified_only else "all"
        counts.add_row(one.zone_id, one.unit, whom, str(one.most_likely), f"{one.low_90} to {one.high_90}")
    _show(stays, "", counts, "")
    more = done.breaches.height - _SHOWN_BREACHES
    if more > 0:
        print(f"{more} more rows stand in the file.")
    for zone in done.survey.counted:
        print(f"{zone.zone_id}: {zone.before} stays of the paths, {zone.after} after merging.")
    for reject in done.rejects[:_SHOWN_BREACHES]:
        print(f"Rejected {reject['file']}:{reject['line']}: {reject['reason']}; {reject['advice']}")
    if len(done.rejects) > _SHOWN_BREACHES:
        print(f"{len(done.rejects)} rows were rejected in all; --json lists them.")
    print(f"The breaches: {done.path}")


def _tell(done: Analysis, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(done.account, ensure_ascii=False, allow_nan=False))
        return
    from hotwash.report import terminal

    _show(*terminal.account(done.view))
    print(f"\nThe account: {done.page}")


def _tell_tracks(done: Done, *, as_json: bool) -> None:
    if as_json:
        file = str(done.rejects_file) if done.rejects_file else None
        told = {"plots": done.plots, "tracks": done.tracks, "rows": done.rows, "seconds": done.seconds}
        told |= {"rejects": {"rows": done.rejected, "file": file}, "out": str(done.out)}
        print(json.dumps({**told, "remarks": _rows(done.remarks)}, ensure_ascii=False, allow_nan=False))
        return
    took = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in done.seconds.items())
    print(f"{done.plots:,} plots gave {done.tracks:,} tracks in {done.rows:,} rows ({took}).")
    if done.rejects_file:
        print(f"{done.rejected:,} rows could not be taken; they are in {done.rejects_file}, each with the reason.")
    for text in done.remarks["text"]:
        print(f"{text[0].upper()}{text[1:].rstrip('.')}.")
    print(f"\nThe tracks: {done.out}")


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


def _tell_track(found: Explained, *, as_json: bool) -> None:
    if as_json:
        told = {"begun_with": found.begun_with, "updates": _rows(found.updates)}
        print(json.dumps(told, ensure_ascii=False, allow_nan=False))
        return
    from hotwash.report import terminal

    _show(*terminal.updates(found.updates, found.begun_with))


def _tell_measures(headline: str, rows: Sequence[tuple[str, str, str]], notes: Sequence[str]) -> None:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for name in ("measure", "found", "what it is"):
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    _show(headline, table, *notes)


def _tell_faults(found: Bundle) -> None:
    from hotwash.report import terminal

    _show(*terminal.faults(found))


def _show(*parts: Any) -> None:
    from rich.console import Console

    # A pipe has no width of its own; a table of findings wants more than the customary 80.
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    for part in parts:
        console.print(part)


def main() -> None:
    """Run the command line; what hotwash refuses ends with exit code 2 and one plain sentence."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # a file or a pipe: JSON is UTF-8 whatever the locale says
    try:
        app()
    except HotwashError as refused:
        print(f"hotwash: {refused}", file=sys.stderr)
        raise SystemExit(REFUSED) from None
