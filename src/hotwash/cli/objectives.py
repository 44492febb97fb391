"""`hotwash objective`: what a lesson shall show, and the attempts that count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotwash.cli.options import AsJson, CentreFolder, PolicyText, SeedsText, SubjectText, now
from hotwash.cli.output import answer, counted

if TYPE_CHECKING:
    pass

app = typer.Typer(help="Say what a lesson shall show, and name the attempts that count.", no_args_is_help=True)


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Objective, TOML.")],
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Keep an objective; docs/how-to/prove-a-lesson.md shows one."""
    from hotwash.work import centre as centres
    from hotwash.work import verifying

    with centres.opened(centre) as opened:
        found = verifying.add_objective(opened, file)
    text = f"{found.objective_id} is kept. Name the attempts that count: hotwash objective name {found.objective_id}"
    answer({"objective_id": found.objective_id, "lesson_id": found.lesson_id}, text, as_json=as_json)


@app.command("list")
def list_(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List the centre's objectives."""
    from hotwash.store import objectives
    from hotwash.work import centre as centres

    with centres.opened(centre) as opened:
        found = objectives.all_(opened)
    names = ("objective_id", "lesson_id", "title", "subject")
    rows = [{name: getattr(one, name) for name in names} | {"named": len(one.attempts)} for one in found]
    lines = (
        f"{one.objective_id:24} {one.lesson_id:12} {one.subject:10} {len(one.attempts):4} named  {one.title}"
        for one in found
    )
    answer(rows, lines, as_json=as_json)


@app.command("show")
def show_objective(
    objective: Annotated[str, typer.Argument(metavar="ID", help="Id of the objective.")], centre: CentreFolder = None
) -> None:
    """Show an objective as its TOML text."""
    from hotwash.lessons import objectives as rooms
    from hotwash.store import objectives
    from hotwash.work import centre as centres

    with centres.opened(centre) as opened:
        print(rooms.text_of(objectives.get(opened, objective)), end="")


@app.command("name")
def name(
    objective: Annotated[str, typer.Argument(metavar="ID", help="Id of the objective.")],
    subject: SubjectText,
    seeds: SeedsText,
    policy: PolicyText = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Name the attempts that shall count, before they are flown.

    What is named counts, whatever comes of it; what is not named never does.
    """
    from hotwash.work import attempting
    from hotwash.work import centre as centres

    with centres.opened(centre) as opened:
        who = attempting.subject_in(opened, subject)
        after, ids = attempting.name(
            opened, objective, subject=who, policy=policy,
            seeds=attempting.seeds_of(seeds), now_utc=now(),
        )  # fmt: skip
    again = f"hotwash attempt {after.exercise} --subject {who.kind}:{who.name} --objective {objective}"
    again += f" --policy {policy}" if policy else ""
    many = f"{counted(len(ids), 'attempt')} {'is' if len(ids) == 1 else 'are'} named"
    answer(
        {"objective_id": objective, "named": list(ids), "in_all": len(after.attempts)},
        f"{many} for {objective}, {len(after.attempts)} in all. Fly: {again}",
        as_json=as_json,
    )


@app.command("abandon")
def abandon(
    attempt: Annotated[str, typer.Argument(metavar="ATTEMPT", help="Id of the attempt.")],
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write that an attempt under way was given up, when the program that ran it is gone.

    `hotwash doctor` names such attempts. It counts as a miss unless an instructor voids it. What was recorded is kept.
    """
    from hotwash.work import attempting
    from hotwash.work import centre as centres

    with centres.opened(centre) as opened:
        where = attempting.abandon(opened, attempt, now_utc=now())
    lines = (
        f"{attempt} is abandoned: a miss where it counts, unless an instructor voids it.",
        f"Its recording: {opened.folder / where}" if where else "Nothing of it was recorded.",
    )
    answer({"attempt_id": attempt, "state": "abandoned", "recording": where}, lines, as_json=as_json)


@app.command("void")
def void(
    attempt: Annotated[str, typer.Argument(metavar="ATTEMPT", help="Id of the attempt.")],
    by: Annotated[
        str, typer.Option(metavar="PERSON", envvar="HOTWASH_PERSON", help="The instructor: id, or a name that one has.")
    ],
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it shall not count.")],
    centre: CentreFolder = None,
) -> None:
    """Declare that an attempt shall not count, with a reason. It stays in the store, and the reason is printed.

    By an instructor, never by the person who was tried.
    """
    from hotwash.store import people
    from hotwash.work import attempting
    from hotwash.work import centre as centres

    with centres.opened(centre) as opened:
        attempting.void(opened, attempt, by=people.known(opened, by).person_id, why=why)
    print(f"{attempt} is void: {why}")
