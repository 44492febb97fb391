"""The command line of the accounts in a centre: keep one, list them, and find the row on which a lesson rests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hotwash.cli.options import AsJson, CentreFolder, now
from hotwash.cli.output import answer, count_of, open_page, steps

app = typer.Typer(help="Keep accounts of incidents, as evidence for lessons.", no_args_is_help=True)

AccountName = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Account: poland-2025 (the latest one) or poland-2025/1.")
]


@app.command()
def keep(
    bundle: Annotated[
        Path,
        typer.Argument(metavar="BUNDLE", help="Folder of a bundle, a workbook, or an included bundle: poland-2025."),
    ],
    id_: Annotated[
        str, typer.Option("--id", metavar="ID", help="Id of the incident. Default: the folder's name.")
    ] = "",
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Use only what was known by this time: 2025-09-11.")
    ] = None,
    border: Annotated[
        Path | None, typer.Option(metavar="FILE", help="GeoJSON with a better border for the first zone of interest.")
    ] = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Remove persons and private places; the bundle itself is then not kept.")
    ] = False,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Weigh a bundle, and keep it with its account under incidents/ in the centre.

    An account is never overwritten: a later account of the same incident gets the next number. An account that says
    the same as the latest one is not kept twice.
    """
    from hotwash.work import centre as centres
    from hotwash.work import incidents as work

    asked = work.KeepRequest(bundle, id_, as_of, border, redact)
    with centres.open_centre(centre) as opened, steps(quiet=as_json) as progress:
        kept, is_new = work.analyse_and_keep(opened, asked, now_utc=now(), progress=progress)
        place = opened.folder / kept.folder
    again = "" if is_new else " It says the same as the latest account, which stays."
    lines = (
        f"{kept.name}: {kept.title}.{again}\nThe account: {place}",
        f"List the rows a lesson can cite: `hotwash incidents rows {kept.incident_id}`.",
    )
    answer({"account": kept, "is_new": is_new, "folder": str(place)}, lines, as_json=as_json)


@app.command("list")
def list_(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List the accounts of a centre, ordered by the time of the incident."""
    from hotwash.store import incidents
    from hotwash.work import centre as centres

    with centres.open_centre(centre) as opened:
        found = incidents.all_accounts(opened)
    lines = []
    for one in found:
        when = f"{one.from_utc:%Y-%m-%d}" if one.from_utc is not None else "no date"
        lines.append(f"{one.name}  {when}  {one.title}; kept {one.kept_utc:%Y-%m-%d %H:%M}Z")
    lines.append(
        f"{count_of(len(found), 'account')}." if found else "No accounts yet; add one with `hotwash incidents keep`."
    )
    answer({"accounts": found}, lines, as_json=as_json)


@app.command()
def rows(
    account: AccountName,
    table: Annotated[
        str, typer.Option(metavar="NAME", help="Show rows of this table only: durations, finds, events …")
    ] = "",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the rows of an account that a lesson can cite as evidence.

    Start a lesson from one with `hotwash lessons add --from ROW`.
    """
    from hotwash.work import centre as centres
    from hotwash.work import incidents as work

    with centres.open_centre(centre) as opened:
        found = [one for one in work.account_rows(opened, account) if table in ("", one.table)]
    lines = [f"{one.ref}\n    {one.text}" for one in found]
    lines.append(f"{count_of(len(found), 'row')}." if found else "No rows in that table.")
    answer({"rows": found}, lines, as_json=as_json)


@app.command()
def show(
    account: AccountName,
    open_: Annotated[bool, typer.Option("--open", help="Open the account's page in the browser.")] = False,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show where an account is kept, and which lessons cite it."""
    from hotwash.work import centre as centres
    from hotwash.work import incidents as work

    with centres.open_centre(centre) as opened:
        found = work.show_account(opened, account)
    lessons = "".join(f"\nLesson {one.lesson_id} ({one.stage}): {one.title}" for one in found.lessons)
    answer(
        {"account": found.kept, "page": str(found.page), "lessons": found.lessons},
        f"{found.kept.name}: {found.kept.title}\nThe page: {found.page}{lessons or chr(10) + 'No lesson cites it.'}",
        as_json=as_json,
    )
    open_page(found.page, is_wanted=open_)
