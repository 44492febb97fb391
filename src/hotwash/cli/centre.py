"""A centre's folder: make one, copy it, examine it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotwash.cli.options import AsJson, CentreFolder, now
from hotwash.cli.output import answer, count_of, steps

if TYPE_CHECKING:
    pass

app = typer.Typer()

FOUND = 1  # something is wrong with the centre, or waits for a person


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to create, or an empty one.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the centre. Default: the folder's name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create a centre: the folder of an organisation."""
    from hotwash.work import centre as work

    with work.init(folder, name=name, now_utc=now()) as made:
        told = {"folder": str(made.folder), "centre_id": made.centre_id, "name": made.name}
    answer(told, f"The centre: {folder}", as_json=as_json)


@app.command()
def whoami(
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="Who you are: an id, or a name known in the centre.")
    ] = "",
    forget: Annotated[bool, typer.Option("--forget", help="Forget who you are.")] = False,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Remember who you are, so that no command needs --by.

    It is remembered for your account on this machine, as a random id.
    """
    from hotwash.store import people
    from hotwash.work import centre as work
    from hotwash.work import whoami

    with work.open_centre(centre) as opened:
        if forget:
            whoami.forget_person(opened)
        elif person:
            whoami.remember_person(opened, person)
        person_id = whoami.recall_person(opened)
        name = people.find_person(opened, person_id).name if person_id else ""
    text = (
        f"You are {name} ({person_id})."
        if person_id
        else "Nobody is remembered; `hotwash whoami PERSON` remembers you."
    )
    answer({"person_id": person_id, "name": name}, text, as_json=as_json)


@app.command()
def backup(
    out: Annotated[
        Path | None,
        typer.Argument(metavar="OUT", help="Folder to create. Default: beside the centre, named with the time."),
    ] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Copy a centre, even while others are working in it.

    The copy is itself a centre. Names that are erased later remain in it, so delete old copies as well. Links and files
    that are not the centre's are not copied, but listed.
    """
    from hotwash.work import centre as work

    with work.open_centre(centre) as opened:
        copy = work.back_up(opened, out=out, now_utc=now())
        left = work.left_behind(opened)
    lines = [f"Not copied: {name}" for name in left]
    answer({"copy": str(copy), "not_copied": left}, [*lines, f"The copy: {copy}"], as_json=as_json)


@app.command()
def doctor(
    centre: CentreFolder = None,
    mend: Annotated[
        bool, typer.Option("--mend", help="First rebuild what can be rebuilt, and remove leftovers older than an hour.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Examine a centre's folder and explain every inconsistency.

    Exit codes: 0 consistent; 1 something was found; 2 the centre cannot be opened.
    """
    from hotwash.work import centre as work

    with work.open_centre(centre) as opened, steps(quiet=as_json) as progress:
        found = work.examine(opened, is_to_mend=mend, now_utc=now(), progress=progress)
    lines = [f"Mended: {line}" for line in found.mended]
    lines += [
        f"{one.kind}: {one.thing}: {one.why}.\n    {one.way_out[0].upper()}{one.way_out[1:]}." for one in found.findings
    ]
    lines += [f"Remark: {one.kind}: {one.thing}: {one.why}; {one.way_out}." for one in found.remarks]
    lines.append(f"{count_of(len(found.findings), 'finding')}." if found.findings else "No inconsistencies.")
    answer({"mended": found.mended, "findings": found.findings, "remarks": found.remarks}, lines, as_json=as_json)
    raise typer.Exit(FOUND if found.findings else 0)
