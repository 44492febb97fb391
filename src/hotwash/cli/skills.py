"""`hotwash skills`: what has been shown of skills, and what to try next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli import completion
from hotwash.cli.options import AsJson, CentreFolder, SubjectText, now
from hotwash.cli.output import add_row, answer, count_of

if TYPE_CHECKING:
    from rich.table import Table

    from hotwash.skills.curriculum import Curriculum

app = typer.Typer(help="Show demonstrated skills, and what to practise next.", no_args_is_help=True)
CurriculumText = Annotated[
    str,
    typer.Option(
        "--curriculum",
        metavar="NAME",
        help="An included curriculum, or a TOML file.",
        autocompletion=completion.curricula,
    ),
]


@app.command("show")
def show_skills(
    subject: Annotated[
        str | None, typer.Option(metavar="KIND:ID", help="Subject to show. Default: numbers of people, without names.")
    ] = None,
    curriculum: CurriculumText = "remote-pilot",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show which skills of a curriculum have been demonstrated.

    A person's figures are for that person and their instructor. Groups of fewer than five people are not shown.
    """
    from hotwash.front.centres import load_curriculum, measure_skills
    from hotwash.skills import curriculum as curricula
    from hotwash.work import attempting, verifying
    from hotwash.work import centre as centres

    course = load_curriculum(curriculum)
    with centres.open_centre(centre) as opened:
        found = measure_skills(opened, course, when_utc=now())
        who = None if subject is None else attempting.subject_in(opened, subject)
    if who is None:
        rows = verifying.in_aggregate(found).to_dicts()
    else:
        rows = [row for row in found.to_dicts() if (row["subject_kind"], row["subject_id"]) == (who.kind, who.name)]
    others = [name for name in curricula.CURRICULA if name != course.name]
    parts = (
        _skills_table(course, rows, of_one=subject is not None),
        f"\nThis is the curriculum {course.name}. Others, with --curriculum: {', '.join(others)}.",
    )
    answer(rows, parts, as_json=as_json)


@app.command("next")
def next_(
    subject: SubjectText,
    goal: Annotated[str, typer.Option(metavar="SKILL", help="Skill to work towards. Default: all.")] = "",
    curriculum: CurriculumText = "remote-pilot",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Recommend the exercise that says most about the weakest skill on which others depend."""
    from hotwash.front.centres import load_curriculum
    from hotwash.work import attempting, verifying
    from hotwash.work import centre as centres

    course = load_curriculum(curriculum)
    with centres.open_centre(centre) as opened:
        who = attempting.subject_in(opened, subject)
        found = verifying.advise(opened, course, (who.kind, who.name), goal=goal, when_utc=now())
    text = "Nothing: every skill asked for is mastered."
    if found is not None:
        text = (
            f"Next: {found.exercise}, for level {found.level} of {found.skill}.\n{found.why}\n"
            f"The chance of passing is about {found.chance:.0%}: an estimate for choosing, never evidence."
        )
    answer({"next": found}, text, as_json=as_json)


@app.command("due")
def due_(
    subject: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND:ID", help="Subject to show, may be repeated. Default: numbers of people, without names."
        ),
    ] = None,
    within_days: Annotated[int, typer.Option(min=0, metavar="N", help="Days to look ahead.")] = 30,
    curriculum: Annotated[
        str | None, typer.Option("--curriculum", metavar="NAME", help="Curriculum. Default: all included ones.")
    ] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show who should practise what again: a rule of thumb for planning, never evidence.

    People appear individually only if you name them: their figures are for them and their instructor. Groups of fewer
    than five people are not shown. Skills never tried are not listed: `hotwash skills next` says where to begin.
    """
    from hotwash.front.centres import load_curriculum
    from hotwash.skills import curriculum as curricula
    from hotwash.skills.schedule import LABEL
    from hotwash.work import attempting, practice_schedule
    from hotwash.work import centre as centres

    when_utc = now()
    courses = [load_curriculum(one) for one in ([curriculum] if curriculum else curricula.CURRICULA)]
    with centres.open_centre(centre) as opened:
        whose = {attempting.subject_in(opened, one) for one in subject or ()}
        found = practice_schedule.find_due(opened, courses, when_utc=when_utc)
    mine = practice_schedule.due_within(
        [one for one in found if one.subject in whose], when_utc=when_utc, days=within_days
    )
    rows = [one.flat(when_utc) for one in mine] if whose else practice_schedule.count_due(found, when_utc=when_utc)
    shown = {"when_utc": when_utc.isoformat(), "label": LABEL, "due" if whose else "skills": rows}
    table = _due_table(rows, within_days) if whose else _due_in_aggregate(rows)
    answer(shown, (table, f"\nThis is {LABEL}."), as_json=as_json)


def _due_table(rows: Sequence[Mapping[str, Any]], within_days: int) -> Table | str:
    from rich.table import Table

    if not rows:
        return f"Nothing that was practised is due within {count_of(within_days, 'day')}."
    table = Table("", "date", "who", "skill", "level", "exercise", "last done", box=None)
    for row in rows:
        mark = "DUE" if row["is_due"] else "soon"
        who = f"{row['subject_kind']}:{row['subject_id']}"
        days = (row["due_utc"][:10], row["practised_utc"][:10])
        add_row(table, mark, days[0], who, row["title"], str(row["level"]), row["exercise"], days[1])
    return table


def _due_in_aggregate(rows: Sequence[Mapping[str, Any]]) -> Table | str:
    from rich.table import Table

    if not rows:
        return "Nobody has practised yet."
    table = Table("skill", "people", "due now", box=None)
    for row in rows:
        few = row["people"] is None
        add_row(table, row["title"], "fewer than 5" if few else str(row["people"]), "–" if few else str(row["due"]))
    return table


@app.command("curriculum")
def curriculum_(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Curriculum to show. Default: list the included ones.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a curriculum: its skills, their prerequisites, and the exercises that test them."""
    from hotwash.front.centres import load_curriculum
    from hotwash.skills import curriculum as curricula

    found = [load_curriculum(name)] if name else [curricula.load_curriculum(one) for one in curricula.CURRICULA]
    parts: list[Table | str] = []
    for one in found:
        parts.append(f"{one.name:16} version {one.version}, {len(one.skills)} skills  {one.title}")
        parts += [f"\n{one.about}\n", _curriculum_table(one)] if name else []
    answer(found, parts, as_json=as_json)


def _skills_table(course: Curriculum, rows: Sequence[Mapping[str, Any]], *, of_one: bool) -> Table:
    from rich.table import Table

    shown = {(row["skill"], row["level"]): row for row in rows}
    heads = ("standing", "tests", "at least", "last test") if of_one else ("people", "mastered")
    table = Table("skill", "level", "exercise", *heads, box=None)
    for skill in course.skills:
        for level in skill.levels:
            row = shown.get((f"{course.name}/{skill.skill}", level.level))
            add_row(table, skill.title, str(level.level), level.exercise, *_cells(row, of_one=of_one))
    return table


def _cells(row: Mapping[str, Any] | None, *, of_one: bool) -> list[str]:
    if not of_one:
        few = row is not None and row["mastered"] is None
        return (
            ["0", "–"] if row is None else ["fewer than 5", "–"] if few else [str(row["people"]), str(row["mastered"])]
        )
    if row is None:
        return ["untried", "–", "–", "–"]
    bound = "–" if row["lower_90"] is None else f"{row['lower_90']:.2f}"
    tested = "–" if row["tested_utc"] is None else f"{row['tested_utc']:%Y-%m-%d}"
    return [row["standing"], f"{row['passes']} of {row['trials']}", bound, tested]


def _curriculum_table(course: Curriculum) -> Table:
    from rich.table import Table

    table = Table("skill", "what it is", "needs", "level", "exercise", "difficulty", box=None)
    for skill in course.skills:
        for level in skill.levels:
            first = (skill.skill, skill.title, ", ".join(skill.needs)) if level.level == 1 else ("", "", "")
            add_row(
                table, *first, str(level.level), f"{level.exercise} version {level.version}", f"{level.difficulty:g}"
            )
    return table
