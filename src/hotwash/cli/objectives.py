"""`hotwash objective`: what a lesson shall show, and the attempts that count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotwash.cli.options import (
    AsJson,
    AttemptId,
    By,
    CentreFolder,
    ObjectiveId,
    PolicyText,
    SeedsText,
    SubjectText,
    now,
)
from hotwash.cli.output import answer, bar, count_of

if TYPE_CHECKING:
    from hotwash.work.extremes import ExtremeResult

app = typer.Typer(help="Define what proves a lesson, and plan the attempts.", no_args_is_help=True)


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML file with the objective.")],
    with_lesson: Annotated[
        bool, typer.Option("--with-lesson", help="Also report its lesson, if the centre has none with this id.")
    ] = False,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Add an objective to the centre; docs/how-to/prove-a-lesson.md shows one."""
    from hotwash.lessons.objectives import remarks_on
    from hotwash.work import centre as centres
    from hotwash.work import verifying

    with centres.open_centre(centre) as opened:
        found = verifying.add_objective(opened, file, now_utc=now(), with_lesson=with_lesson)
    remarks = remarks_on(found)
    text = f"{found.objective_id} is added. Plan the attempts that count: hotwash objective plan {found.objective_id}"
    row = {"objective_id": found.objective_id, "lesson_id": found.lesson_id, "remarks": list(remarks)}
    answer(row, [*(f"Remark: {one}" for one in remarks), text], as_json=as_json)


@app.command("list")
def list_(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List the centre's objectives."""
    from hotwash.store import objectives
    from hotwash.work import centre as centres

    with centres.open_centre(centre) as opened:
        found = objectives.all_objectives(opened)
    names = ("objective_id", "lesson_id", "title", "subject")
    rows = [{name: getattr(one, name) for name in names} | {"named": len(one.attempts)} for one in found]
    lines = (
        f"{one.objective_id:24} {one.lesson_id:12} {one.subject:10} {len(one.attempts):4} planned  {one.title}"
        for one in found
    )
    answer(rows, lines, as_json=as_json)


@app.command("show")
def show_objective(objective: ObjectiveId, centre: CentreFolder = None) -> None:
    """Show an objective as TOML."""
    from hotwash.lessons import objectives as rooms
    from hotwash.store import objectives, typed_ids
    from hotwash.work import centre as centres

    with centres.open_centre(centre) as opened:
        print(rooms.text_of(objectives.get_objective(opened, typed_ids.objective_id(opened, objective))), end="")


@app.command("check")
def check(
    objective: Annotated[str, typer.Argument(metavar="OBJECTIVE", help="TOML file, or an objective of the centre.")],
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of both watches.")] = 1,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check whether doing nothing, or everything, would pass an objective: both are flown.

    `none` decides nothing; `alarmist` declares everything, closes every aerodrome and warns 500 km around. Nothing is
    kept.
    Exit codes: 0 neither would pass; 1 one would, so guards are missing; 2 refused.
    """
    from hotwash.lessons.objectives import remarks_on
    from hotwash.work import centre as centres
    from hotwash.work import extremes

    with bar(quiet=as_json) as progress:
        if objective.endswith(".toml"):
            found = extremes.read_objective(Path(objective))
        else:
            with centres.open_centre(centre) as opened:
                found = extremes.find_objective(opened, objective)
        tried = extremes.try_extremes(found, seed=seed, progress=progress)
    remarks = [*remarks_on(found), *(one.remark for one in tried if one.passes)]
    parts = [_extreme_line(one) for one in tried]
    row = {"objective_id": found.objective_id, "extremes": [one.flat() for one in tried], "remarks": remarks}
    answer(row, [*parts, *(f"Remark: {one}" for one in remarks)], as_json=as_json)
    raise typer.Exit(1 if any(one.passes for one in tried) else 0)


def _extreme_line(one: ExtremeResult) -> str:
    figure = "no figure" if one.value is None else f"{one.value:g} {one.unit}"
    return f"{one.policy:10} {figure}, {one.result}{f': {one.why}' if one.why else ''}"


@app.command("plan")
def plan(
    objective: ObjectiveId,
    subject: SubjectText,
    seeds: SeedsText,
    policy: PolicyText = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Plan the attempts that will count, before they are flown.

    A planned attempt counts whatever its result; an attempt that was not planned never counts. Of a watch it also
    tries, as `hotwash objective check` does, whether doing nothing or everything would pass, and remarks it.
    """
    from hotwash.store import typed_ids
    from hotwash.work import attempting, extremes
    from hotwash.work import centre as centres

    with centres.open_centre(centre) as opened, bar(quiet=as_json) as progress:
        who, objective = attempting.subject_in(opened, subject), typed_ids.objective_id(opened, objective)
        after, ids = attempting.plan_attempts(
            opened, objective, subject=who, policy=policy, seeds=attempting.seeds_of(seeds), now_utc=now()
        )
        remarks = extremes.remark_extremes(after, progress=progress)
    again = f"hotwash attempt {after.exercise} --subject {who.kind}:{who.name} --objective {objective}"
    again += f" --policy {policy}" if policy else ""
    many = f"{count_of(len(ids), 'attempt')} {'is' if len(ids) == 1 else 'are'} planned"
    row = {"objective_id": objective, "named": list(ids), "in_all": len(after.attempts), "remarks": list(remarks)}
    text = f"{many} for {objective}, {len(after.attempts)} in all. Fly: {again}"
    answer(row, [*(f"Remark: {one}" for one in remarks), text], as_json=as_json)


@app.command("abandon")
def abandon(attempt: AttemptId, centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """Mark an unfinished attempt as abandoned, when the program that ran it has stopped.

    `hotwash doctor` lists such attempts. An abandoned attempt counts as a miss unless an instructor voids it; what was
    recorded is kept.
    """
    from hotwash.store import typed_ids
    from hotwash.work import attempting
    from hotwash.work import centre as centres

    with centres.open_centre(centre) as opened:
        attempt = typed_ids.attempt_id(opened, attempt)
        where = attempting.abandon(opened, attempt, now_utc=now())
    lines = (
        f"{attempt} is abandoned. Where it counts, it is a miss unless an instructor voids it.",
        f"Its recording: {opened.folder / where}" if where else "Nothing was recorded.",
    )
    answer({"attempt_id": attempt, "state": "abandoned", "recording": where}, lines, as_json=as_json)


@app.command("void")
def void(
    attempt: AttemptId,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Reason why it must not count.")],
    by: By = "",
    centre: CentreFolder = None,
) -> None:
    """Declare that an attempt does not count, with the reason. It stays on record, and the reason is printed.

    Only an instructor may do this, never the person who was tested.
    """
    from hotwash.store import typed_ids
    from hotwash.work import attempting
    from hotwash.work import centre as centres
    from hotwash.work.whoami import acting_person

    with centres.open_centre(centre) as opened:
        attempt = typed_ids.attempt_id(opened, attempt)
        attempting.void(opened, attempt, by=acting_person(opened, by), why=why, now_utc=now())
    print(f"{attempt} is void: {why}")
