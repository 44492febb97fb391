"""The command line: parse, call work, print.

Heavy rooms are imported inside the commands, so that `hotwash --help` answers at once.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash import __version__
from hotwash.errors import HotwashError

if TYPE_CHECKING:
    from hotwash.model.incident import Bundle
    from hotwash.track.models import Settings
    from hotwash.work.account import Analysed
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
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


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
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a real incident and write its account.

    The findings are printed; the page is account.html in the folder.
    """
    from hotwash.work import account

    with _steps(quiet=as_json) as progress:
        done = account.demo(now_utc=datetime.now(UTC), out=out, progress=progress)
    _tell(done, as_json=as_json)
    if open_:
        typer.launch(done.page.resolve().as_uri())


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

    with _steps(quiet=as_json) as progress:
        done = account.analyse(
            bundle, now_utc=datetime.now(UTC), out=out, as_of=as_of, border=border, redact=redact, progress=progress
        )
    _tell(done, as_json=as_json)


@app.command()
def check(bundle: BundleFolder, border: BorderFile = None, as_json: AsJson = False) -> None:
    """Explain every fault of a bundle.

    Ends with 0 when there is none, 1 when rows were rejected, 2 when the bundle cannot be used.
    """
    from hotwash.work import account

    with _steps(quiet=as_json) as progress:
        found = account.check(bundle, border=border, progress=progress)
    if as_json:
        rows = {"rejects": found.rejects.to_dicts(), "repairs": found.repairs.to_dicts()}
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _tell_faults(found)
    raise typer.Exit(REJECTED if found.rejects.height else 0)


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


@app.command()
def track(
    detections: Annotated[Path, typer.Argument(metavar="DETECTIONS", help="CSV or Parquet.")],
    out: Annotated[Path, typer.Option(metavar="TRACKS", help="Where to write: .parquet or .csv.")],
    sensors: SensorsFile = None,
    mode: Annotated[
        Mode, typer.Option(help="causal: only what was known at each time; forensic: all data used.")
    ] = Mode.causal,
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

    settings = _settings(every_s, late_s, assume_height_m, is_corrected=correct)
    with _bar(quiet=as_json) as progress:
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

    settings = _settings(every_s, late_s, assume_height_m, is_corrected=correct)
    with _bar(quiet=as_json) as progress:
        found = tracking.explain(
            track_id, folder=folder, detections=detections, sensors=sensors, settings=settings, progress=progress
        )
    _tell_track(found, as_json=as_json)


def _settings(
    every_s: float, late_s: float, assume_height_m: tuple[float, float] | None, *, is_corrected: bool
) -> Settings:
    from hotwash.errors import ReadError
    from hotwash.track.models import Settings

    if assume_height_m is not None and assume_height_m[0] > assume_height_m[1]:
        raise ReadError("--assume-height-m", why="its first number is greater than its second; give LOW HIGH")
    return Settings(every_s, late_s, assume_height_m, is_corrected)


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Callable[[str, float | None], None]]:
    """Show what is being done, and how far it is, on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _, __: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def tell(stage: str, share: float | None) -> None:
            shown.update(task, description=stage, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


@contextmanager
def _steps(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield status.update


def _tell(done: Analysed, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(done.account, ensure_ascii=False, allow_nan=False))
        return
    from hotwash.report import terminal

    _show(*terminal.account(done.incident))
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
        print(f"{text[0].upper()}{text[1:]}.")
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
