"""Bundles: weigh one and write its account, check one, find the position of a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, BorderFile, BundleFolder, now
from hotwash.cli.output import answer, steps

if TYPE_CHECKING:
    import polars as pl

    from hotwash.model.incident import Bundle
    from hotwash.work.account import Analysis
    from hotwash.work.upgrade import Upgraded

app = typer.Typer()

REJECTED = 1
MOST_PLACES = 20  # lines of a search; all of them with --json


@app.command()
def new(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="New folder, or new workbook: night.xlsx.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Which questions to begin with: airport, border or other.")
    ] = "other",
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Write one Excel workbook, a sheet for each table.")] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a bundle: write its files, or one Excel workbook, for you to fill in.

    Nothing is overwritten. Replace what is in capitals, add rows, and run `hotwash check` on it.
    """
    from hotwash.work.new_bundle import write_template

    written = write_template(path, kind=kind, as_workbook=xlsx)
    bundle = written[0] if len(written) == 1 else path
    lines = [f"Written: {', '.join(file.name for file in written)}.", f"Fill it in, then: hotwash check {bundle}"]
    answer({"bundle": str(bundle), "files": [str(file) for file in written]}, lines, as_json=as_json)


@app.command()
def analyse(
    bundle: BundleFolder,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder to write to. Default: the bundle's own; for night.xlsx, night-account."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use only what was known by this time: 2025-09-11, or 2025-09-11T12:00Z."),
    ] = None,
    border: BorderFile = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Remove persons, private addresses and exact private places.")
    ] = False,
    brief: Annotated[
        bool, typer.Option("--brief", help="Print only the answers to the first questions, 25 lines at most.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Print every answer and table, and let the page print its annex too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Weigh the evidence of a bundle and write its account.

    Writes account.html for people, account.md for editors, account.json for programs, and occurrence.csv with the
    mandatory fields of an occurrence report (Regulation (EU) No 376/2014). The page prints its main part, four to six
    sheets; the annex with the evidence is on it as well, and is printed with --full.
    Exit codes: 0 written, even if rows were rejected (they are listed); 2 the bundle was refused.
    """
    from hotwash.work import account

    if brief and full:
        raise typer.BadParameter("choose one: --brief prints less, --full prints more", param_hint="--brief, --full")
    with steps(quiet=as_json) as progress:
        done = account.analyse(
            bundle,
            now_utc=now(),
            out=out,
            as_of=as_of,
            border=border,
            redact=redact,
            prints_annex=full,
            progress=progress,
        )
    answer(done.account, brief_lines(done) if brief else account_lines(done, is_full=full), as_json=as_json)


@app.command()
def check(bundle: BundleFolder, border: BorderFile = None, as_json: AsJson = False) -> None:
    """Explain every fault of a bundle, and remark what cannot be: known before it happened, sums that do not add up.

    Exit codes: 0 no row was rejected, even if there are remarks; 1 rows were rejected; 2 the bundle cannot be used.
    """
    from hotwash.front.bundles import read_bundle, review

    with steps(quiet=as_json) as progress:
        found = read_bundle(bundle, border=border, progress=progress)
        remarks = review(found)
    rows = {"rejects": found.rejects, "repairs": found.repairs, "remarks": remarks}
    answer({name: some.to_dicts() for name, some in rows.items()}, _faults(found, remarks), as_json=as_json)
    raise typer.Exit(REJECTED if found.rejects.height else 0)


@app.command()
def upgrade(
    bundle: BundleFolder,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="New folder or workbook to write. Default: the bundle's name with -2."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a bundle of format 1 in format 2, and say what it could not decide.

    What an account takes from the rows by itself (occasions, revisions, forecasts) is written into them, so that you
    see it and can change it. The bundle itself stays as it is.
    """
    from hotwash.work import upgrade as upgrades

    done = upgrades.upgrade(bundle, out=out)
    answer(done, _upgraded(done), as_json=as_json)


def _upgraded(done: Upgraded) -> Iterator[Any]:
    yield f"Written to {done.folder}."
    if done.decided:
        yield "\nTaken from the rows and written into them:"
    yield from (f"  {line}" for line in done.decided)
    if done.undecided:
        yield "\nNot decided; look at these:"
    for row in done.undecided:
        yield f"  {row['table']}, {row['row_id']}: {row['text']} {row['advice']}"
    yield f"\nCheck it with: hotwash check {done.folder}"


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


def account_lines(done: Analysis, *, is_full: bool = False) -> Iterator[Any]:
    """Yield what a person reads of an account in the terminal."""
    from hotwash.report import terminal

    yield from _styled(terminal.account(done.view, is_full=is_full))
    yield f"\n{terminal.missing_fields(done.fields)}"
    yield f"The account: {done.page}"


def brief_lines(done: Analysis) -> Iterator[str]:
    """Yield the answers to the first questions and where the account is, one screen at most."""
    from hotwash.report import terminal

    yield from terminal.brief(done.view, most_lines=terminal.BRIEF_LINES - 1)
    yield f"The account: {done.page}"


def _faults(found: Bundle, remarks: pl.DataFrame) -> Iterator[Any]:
    from hotwash.report import terminal

    yield from _styled(terminal.faults(found, remarks))


def _styled(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield parts with the markup of their lines taken as such."""
    from rich.text import Text

    return (Text.from_markup(part) if isinstance(part, str) else part for part in parts)
