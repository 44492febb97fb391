"""Bundles: weigh one and write its account, check one, find the position of a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, BorderFile, BundleFolder, now
from hotwash.cli.output import answer, steps

if TYPE_CHECKING:
    from hotwash.model.incident import Bundle
    from hotwash.work.account import Analysis

app = typer.Typer()

REJECTED = 1
MOST_PLACES = 20  # lines of a search; all of them with --json


@app.command()
def analyse(
    bundle: BundleFolder,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write to. Default: the bundle's own folder.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use only what was known by this time: 2025-09-11, or 2025-09-11T12:00Z."),
    ] = None,
    border: BorderFile = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Remove persons, private addresses and exact private places.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Weigh the evidence of a bundle and write its account.

    Writes account.html for people, account.md for editors and account.json for programs.
    Exit codes: 0 written, even if rows were rejected (they are listed); 2 the bundle was refused.
    """
    from hotwash.work import account

    with steps(quiet=as_json) as progress:
        done = account.analyse(
            bundle, now_utc=now(), out=out, as_of=as_of, border=border, redact=redact, progress=progress
        )
    answer(done.account, account_lines(done), as_json=as_json)


@app.command()
def check(bundle: BundleFolder, border: BorderFile = None, as_json: AsJson = False) -> None:
    """Explain every fault of a bundle.

    Exit codes: 0 no faults; 1 rows were rejected; 2 the bundle cannot be used.
    """
    from hotwash.front.bundles import read_bundle

    with steps(quiet=as_json) as progress:
        found = read_bundle(bundle, border=border, progress=progress)
    rows = {"rejects": found.rejects.to_dicts(), "repairs": found.repairs.to_dicts()}
    answer(rows, _faults(found), as_json=as_json)
    raise typer.Exit(REJECTED if found.rejects.height else 0)


@app.command()
def place(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a village, town or municipality.")],
    gazetteer: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own list of places: CSV, or a GeoNames dump.")
    ] = None,
    near: Annotated[
        tuple[float, float] | None,
        typer.Option(metavar="LAT LON", help="Among equally good matches, list the nearest first."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look up the position of a place, and how accurate it is.

    Known are the places of the examples, every town of 15,000 people by its English, local, Polish and Ukrainian
    name, and aerodromes by code and name; give a larger list of your own with --gazetteer.
    """
    from hotwash.work import places

    found = places.look_up(name, file=gazetteer, near=near)
    answer(found, _place_lines(found), as_json=as_json)


def _place_lines(found: Sequence[Any]) -> Iterator[str]:
    """Yield a line for each place, the most likely first; of a great many only the first."""
    for fit in found[:MOST_PLACES]:
        lat, lon = (
            f"{abs(fit.lat_deg):8.4f} {'NS'[fit.lat_deg < 0]}",
            f"{abs(fit.lon_deg):9.4f} {'EW'[fit.lon_deg < 0]}",
        )
        where = ", ".join(part for part in (fit.name, fit.admin, fit.country) if part)
        people = f", {fit.population:,} people" if fit.population else ""
        yield f"{lat} {lon} ± {fit.sigma_position_km:g} km  {where} ({fit.kind}{people}; {fit.source})"
    if len(found) > MOST_PLACES:
        yield f"and {len(found) - MOST_PLACES:,} more; write more of the name, or say where with --near LAT LON"


def account_lines(done: Analysis) -> Iterator[Any]:
    """Yield what a person reads of an account in the terminal."""
    from hotwash.report import terminal

    yield from _styled(terminal.account(done.view))
    yield f"\nThe account: {done.page}"


def _faults(found: Bundle) -> Iterator[Any]:
    from hotwash.report import terminal

    yield from _styled(terminal.faults(found))


def _styled(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield parts with the markup of their lines taken as such."""
    from rich.text import Text

    return (Text.from_markup(part) if isinstance(part, str) else part for part in parts)
