"""The command line of proof: objectives, attempts that count, verify, and what has been shown of skills."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, CentreFolder, bar, counted, lines, now

if TYPE_CHECKING:
    from hotwash.model.proof import Proof
    from hotwash.skills.curriculum import Curriculum
    from hotwash.work.attempting import Tried

LEFT = 1

app = typer.Typer()
objective_app = typer.Typer(
    help="Say what a lesson shall show, and name the attempts that count.", no_args_is_help=True
)
skills_app = typer.Typer(help="See what has been shown of skills, and what to try next.", no_args_is_help=True)
app.add_typer(objective_app, name="objective")
app.add_typer(skills_app, name="skills")

SubjectText = Annotated[
    str, typer.Option("--subject", metavar="KIND:ID", help="Who: person:ID (or a name), crew:ID or procedure:NAME.")
]
AnySeedsText = Annotated[
    str | None,
    typer.Option(
        "--seeds",
        metavar="A:B",
        help="One attempt for each, both ends with it. Default: what was named and is left, else one that is new here.",
    ),
]
SeedsText = Annotated[str, typer.Option("--seeds", metavar="A:B", help="One attempt for each seed, both ends with it.")]
PolicyText = Annotated[
    str | None, typer.Option("--policy", metavar="NAME", help="The program that follows a procedure.")
]
CurriculumText = Annotated[
    str, typer.Option("--curriculum", metavar="NAME", help="A shipped curriculum, or a TOML file.")
]

COLOURS = {"HOLDS": "green", "DOES NOT HOLD": "red", "LOST": "red", "STALE": "yellow"}


@app.command()
def verify(
    centre: CentreFolder = None,
    lesson: Annotated[str, typer.Option(metavar="ID", help="Of this lesson only. Default: all.")] = "",
    page: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write a page, HTML.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell which lessons hold, by the attempts in the centre's store, as tests are run.

    Every objective HOLDS, DOES NOT HOLD, has NOT ENOUGH EVIDENCE, is STALE or LOST: docs/how-to/prove-a-lesson.md.
    Ends with 0 when all hold, 1 when some do not, 2 when they could not be evaluated or there are none.
    """
    from hotwash.front import centres as front
    from hotwash.work import centre as centres
    from hotwash.work import verifying

    with centres.opened(centre) as opened:
        found = front.verify(opened, when_utc=now(), lesson_id=lesson)
        if page is not None:
            verifying.write_page(opened, found, page)
    if as_json:
        print(json.dumps(found.flat(), ensure_ascii=False, allow_nan=False))
    else:
        tell_proofs(found.proofs)
    raise typer.Exit(found.exit_code)


@app.command()
def validate(
    lesson: Annotated[str, typer.Argument(metavar="LESSON", help="Id of the lesson.")],
    by: Annotated[
        str, typer.Option(metavar="PERSON", envvar="HOTWASH_PERSON", help="Who: id, or a name that one has.")
    ],
    why: Annotated[str, typer.Option(metavar="TEXT", help="In your own words.")],
    inspection: Annotated[Path | None, typer.Option(metavar="FILE", help="An inspected checklist, JSON.")] = None,
    field: Annotated[Path | None, typer.Option(metavar="FILE", help="A real event, JSON.")] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Move a lesson by its evidence: validated where all holds, reopened with its actions where something failed.

    Without a file its objectives are weighed as `hotwash verify` does. Evidence that decides nothing moves nothing.
    Ends with 0 when it is validated, 1 when it is reopened, 2 when it is refused.
    """
    from hotwash.lessons import process
    from hotwash.store import people
    from hotwash.work import centre as centres
    from hotwash.work import verifying

    with centres.opened(centre) as opened:
        moved = verifying.validate(
            opened, lesson, by=people.known(opened, by).person_id, why=why, now_utc=now(),
            people=people.living(opened), inspection=inspection, field=field,
        )  # fmt: skip
    last = moved.history[-1]
    if as_json:
        told = {"lesson_id": lesson, "stage": moved.stage, "why": last.why, "rests_on": list(last.rests_on)}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"{lesson}: {process.STAGES[moved.stage].label}. {last.why}")
        print(f"It rests on {', '.join(last.rests_on)}.")
    raise typer.Exit(0 if last.kind == "validate" else 1)


@app.command()
def attempt(
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="A shipped exercise, a TOML file, or a folder.")],
    subject: SubjectText,
    seeds: AnySeedsText = None,
    policy: PolicyText = None,
    objective: Annotated[str, typer.Option(metavar="ID", help="The objective that named these attempts.")] = "",
    test: Annotated[bool, typer.Option("--test", help="They count for skills; practice never does.")] = False,
    mavlink: Annotated[
        str | None, typer.Option(metavar="URL", help="A person's ground station flies it: udp:127.0.0.1:14550.")
    ] = None,
    mavlink_anywhere: Annotated[
        bool, typer.Option("--mavlink-anywhere", help="The ground station may be on another machine; there is no lock.")
    ] = False,
    speed: Annotated[
        float, typer.Option(min=0.1, max=600.0, metavar="X", help="A person's watch: so many times as fast as it is.")
    ] = 1.0,
    beside: Annotated[
        int, typer.Option(min=1, max=64, metavar="N", help="Watches that a program keeps at a time, a process each.")
    ] = 1,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Let a subject try an exercise, and keep recording and scores in the centre.

    What an objective named counts for it; each is flown once. Every attempt is written down before it begins, so one
    that is broken off counts as a miss. Without --policy a person keeps the watch in this terminal, or flies with
    --mavlink; what they leave before its end is abandoned. Ends with 0 when all were flown, 1 when one was left, 2 when
    it is refused.
    """
    is_by_hand = policy is None
    done: list[Tried] = []
    with (lines if is_by_hand else bar)(quiet=as_json) as progress:  # a person's terminal is not drawn over
        progress("Loading", None)
        from hotwash.work import attempting
        from hotwash.work import centre as centres

        with centres.opened(centre) as opened, attempting.side_by_side(beside) as room:
            who = attempting.subject_in(opened, subject)
            some = attempting.seeds_of(seeds) if seeds else attempting.seeds_left(opened, exercise, who, objective)
            asked = attempting.Asked(exercise, who, policy, some, objective, test, mavlink, speed, mavlink_anywhere)
            try:
                attempting.attempt(opened, asked, clock=now, progress=progress, beside=room, told=done.append)
            finally:  # what was kept before something went wrong is kept
                if done:
                    _tell_tried(done, opened.folder, objective, as_json=as_json, is_test=test)
    raise typer.Exit(0 if all(one.is_whole for one in done) else LEFT)


def _tell_tried(done: Sequence[Tried], folder: Path, objective: str, *, as_json: bool, is_test: bool) -> None:
    """Print what came of attempts: each with the figure that counts, why it counts, and where to read more."""
    if as_json:
        print(json.dumps({"attempts": [one.flat() for one in done]}, ensure_ascii=False, allow_nan=False))
        return
    counts = bool(objective) or is_test
    for one in done:
        if one.is_whole:
            value = f"{one.value:g} {one.unit}".rstrip() if one.value is not None else "" if one.result else "no data"
            print(f"{one.attempt_id}: {one.measure} {', '.join(part for part in (value, one.result) if part)}")
            continue
        print(f"{one.attempt_id}: left before its end, so it is abandoned.")
        if counts:
            void_it = f"hotwash objective void {one.attempt_id} --by ID --why TEXT"
            print(f"It is a miss, unless an instructor voids it: {void_it}")
    kind = f"for {objective}" if objective else "for skills" if is_test else "as practice, which never counts"
    more = [f"All figures: hotwash score {folder / one.recording}" for one in done if one.recording]
    print(" ".join([f"\n{counted(len(done), 'attempt')}, kept {kind}.", *more[-1:]]))


# ---------------------------------------------------------------- objectives


@objective_app.command("add")
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
    if as_json:
        print(json.dumps({"objective_id": found.objective_id, "lesson_id": found.lesson_id}, ensure_ascii=False))
    else:
        print(
            f"{found.objective_id} is kept. Name the attempts that count: hotwash objective name {found.objective_id}"
        )


@objective_app.command("list")
def list_(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List the centre's objectives."""
    from hotwash.store import objectives
    from hotwash.work import centre as centres

    with centres.opened(centre) as opened:
        found = objectives.all_(opened)
    if as_json:
        rows = [{"objective_id": one.objective_id, "lesson_id": one.lesson_id, "title": one.title,
                 "subject": one.subject, "named": len(one.attempts)} for one in found]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        print(f"{one.objective_id:24} {one.lesson_id:12} {one.subject:10} {len(one.attempts):4} named  {one.title}")


@objective_app.command("show")
def show_objective(
    objective: Annotated[str, typer.Argument(metavar="ID", help="Id of the objective.")], centre: CentreFolder = None
) -> None:
    """Show an objective as its TOML text."""
    from hotwash.lessons import objectives as rooms
    from hotwash.store import objectives
    from hotwash.work import centre as centres

    with centres.opened(centre) as opened:
        print(rooms.text_of(objectives.get(opened, objective)), end="")


@objective_app.command("name")
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
    if as_json:
        print(json.dumps({"objective_id": objective, "named": list(ids), "in_all": len(after.attempts)}))
    else:
        again = f"hotwash attempt {after.exercise} --subject {who.kind}:{who.name} --objective {objective}"
        again += f" --policy {policy}" if policy else ""
        many = f"{counted(len(ids), 'attempt')} {'is' if len(ids) == 1 else 'are'} named"
        print(f"{many} for {objective}, {len(after.attempts)} in all. Fly: {again}")


@objective_app.command("abandon")
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
    if as_json:
        print(json.dumps({"attempt_id": attempt, "state": "abandoned", "recording": where}, ensure_ascii=False))
        return
    print(f"{attempt} is abandoned: a miss where it counts, unless an instructor voids it.")
    print(f"Its recording: {opened.folder / where}" if where else "Nothing of it was recorded.")


@objective_app.command("void")
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


# ---------------------------------------------------------------- skills


@skills_app.command("show")
def show_skills(
    subject: Annotated[
        str | None, typer.Option(metavar="KIND:ID", help="Whose. Default: how many people, without names.")
    ] = None,
    curriculum: CurriculumText = "remote-pilot",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show what has been shown of a curriculum's skills.

    A person's figures are for that person and their instructor. Groups of fewer than five are not shown.
    """
    from hotwash.front.centres import load_curriculum, measure_skills
    from hotwash.skills import curriculum as curricula
    from hotwash.work import attempting, verifying
    from hotwash.work import centre as centres

    course = load_curriculum(curriculum)
    with centres.opened(centre) as opened:
        found = measure_skills(opened, course, when_utc=now())
        who = None if subject is None else attempting.subject_in(opened, subject)
    if who is None:
        rows = verifying.in_aggregate(found).to_dicts()
    else:
        rows = [row for row in found.to_dicts() if (row["subject_kind"], row["subject_id"]) == (who.kind, who.name)]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, default=str))
    else:
        _tell_skills(course, rows, of_one=subject is not None)
        others = [name for name in curricula.SHIPPED if name != course.name]
        print(f"\nThis is the curriculum {course.name}. Others, with --curriculum: {', '.join(others)}.")


@skills_app.command("next")
def next_(
    subject: SubjectText,
    goal: Annotated[str, typer.Option(metavar="SKILL", help="Towards this skill. Default: all of them.")] = "",
    curriculum: CurriculumText = "remote-pilot",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Tell which exercise tells most about the weakest skill that others wait for."""
    from hotwash.front.centres import load_curriculum
    from hotwash.work import attempting, verifying
    from hotwash.work import centre as centres

    course = load_curriculum(curriculum)
    with centres.opened(centre) as opened:
        who = attempting.subject_in(opened, subject)
        found = verifying.advise(opened, course, (who.kind, who.name), goal=goal, when_utc=now())
    if as_json:
        told = None if found is None else {name: getattr(found, name) for name in found.__slots__}
        print(json.dumps({"next": told}, ensure_ascii=False))
    elif found is None:
        print("Nothing: all that is asked for is mastered.")
    else:
        print(f"Next: {found.exercise}, for level {found.level} of {found.skill}.\n{found.why}")
        print(f"A pass has about {found.chance:.0%} chance: an estimate for choosing, never evidence.")


@skills_app.command("due")
def due_(
    subject: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND:ID", help="Whose; repeat it. Default: how many people, without names."),
    ] = None,
    within_days: Annotated[int, typer.Option(min=0, metavar="N", help="Due in so many days.")] = 30,
    curriculum: Annotated[
        str | None, typer.Option("--curriculum", metavar="NAME", help="Default: all that are shipped.")
    ] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Tell who should practise what again: a rule of thumb for the calendar, never evidence.

    Of people by name only where you name them: their figures are for them and their instructor. Groups of fewer than
    five are not shown. What was never tried is not in it: `hotwash skills next` tells what to begin with.
    """
    from hotwash.front.centres import load_curriculum
    from hotwash.skills import curriculum as curricula
    from hotwash.skills.schedule import LABEL
    from hotwash.work import attempting, practice
    from hotwash.work import centre as centres

    when_utc = now()
    courses = [load_curriculum(one) for one in ([curriculum] if curriculum else curricula.shipped())]
    with centres.opened(centre) as opened:
        whose = {attempting.subject_in(opened, one) for one in subject or ()}
        found = practice.again(opened, courses, when_utc=when_utc)
    mine = practice.within([one for one in found if one.subject in whose], when_utc=when_utc, days=within_days)
    rows = [one.flat(when_utc) for one in mine] if whose else practice.in_aggregate(found, when_utc=when_utc)
    if as_json:
        told = {"when_utc": when_utc.isoformat(), "label": LABEL, "skills" if not whose else "due": rows}
        print(json.dumps(told, ensure_ascii=False, allow_nan=False))
        return
    if whose:
        _tell_due(rows, within_days)
    else:
        _tell_due_in_aggregate(rows)
    print(f"\nThis is {LABEL}.")


def _tell_due(rows: Sequence[Mapping[str, Any]], within_days: int) -> None:
    from rich.table import Table

    if not rows:
        print(f"Nothing that was practised is due within {counted(within_days, 'day')}.")
        return
    table = Table("", "date", "who", "skill", "level", "exercise", "last done", box=None)
    for row in rows:
        mark = "DUE" if row["is_due"] else "soon"
        who = f"{row['subject_kind']}:{row['subject_id']}"
        days = (row["due_utc"][:10], row["practised_utc"][:10])
        table.add_row(mark, days[0], who, row["title"], str(row["level"]), row["exercise"], days[1])
    _show(table)


def _tell_due_in_aggregate(rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.table import Table

    if not rows:
        print("Nobody has practised yet.")
        return
    table = Table("skill", "people", "due now", box=None)
    for row in rows:
        few = row["people"] is None
        table.add_row(row["title"], "fewer than 5" if few else str(row["people"]), "–" if few else str(row["due"]))
    _show(table)


@skills_app.command("curriculum")
def curriculum_(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Default: list the shipped ones.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a curriculum: its skills, what each needs, and the exercises that show it."""
    from hotwash.front.centres import load_curriculum
    from hotwash.skills import curriculum as curricula

    found = [load_curriculum(name)] if name else [curricula.load(one) for one in curricula.shipped()]
    if as_json:
        print(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        print(f"{one.name:16} version {one.version}, {len(one.skills)} skills  {one.title}")
        if name:
            print(f"\n{one.about}\n")
            _tell_curriculum(one)


# ---------------------------------------------------------------- telling


def tell_proofs(proofs: Sequence[Proof]) -> None:
    """Print which objectives hold, and why."""
    from rich.markup import escape
    from rich.table import Table

    if not proofs:
        print("There is no objective to verify; add one: hotwash objective add FILE")
        return
    table = Table("lesson", "objective", "subject", "result", "met", "at least", "that night", "effect", box=None)
    for one in proofs:
        colour = COLOURS.get(one.result, "default")
        passes = "–" if one.passes is None else f"{one.passes} of {one.trials}"
        bound = "–" if one.lower_90 is None else f"{one.lower_90:.2f} ({one.share:g} asked)"
        table.add_row(
            escape(one.lesson_id), escape(one.objective_id), one.subject, f"[{colour}]{one.result}[/]", passes, bound,
            _reference(one), _effect(one),
        )  # fmt: skip
    said = [f"{one.objective_id}: {one.why}{f' It {one.says}.' if one.says else ''}" for one in proofs]
    held = sum(one.holds for one in proofs)
    _show(table, "", *(escape(one) for one in said), "", f"{held} of {len(proofs)} hold.")


def _reference(proof: Proof) -> str:
    if proof.reference is None:
        return "–"
    low, high = proof.reference_low, proof.reference_high
    if low is None and high is None:
        return f"{proof.reference:g} {proof.unit}"
    bounds = f"{'open' if low is None else f'{low:g}'} to {'open' if high is None else f'{high:g}'}"
    return f"{proof.reference:g} {proof.unit} ({bounds})"


def _effect(proof: Proof) -> str:
    if proof.effect is None:
        return "–"
    return f"{proof.effect:+g} {proof.unit} ({proof.effect_low:+g} to {proof.effect_high:+g})"


def _tell_skills(course: Curriculum, rows: Sequence[Mapping[str, Any]], *, of_one: bool) -> None:
    from rich.table import Table

    shown = {(row["skill"], row["level"]): row for row in rows}
    heads = ("standing", "tests", "at least", "last test") if of_one else ("people", "mastered")
    table = Table("skill", "level", "exercise", *heads, box=None)
    for skill in course.skills:
        for level in skill.levels:
            row = shown.get((f"{course.name}/{skill.skill}", level.level))
            table.add_row(skill.title, str(level.level), level.exercise, *_cells(row, of_one=of_one))
    _show(table)


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


def _tell_curriculum(course: Curriculum) -> None:
    from rich.table import Table

    table = Table("skill", "what it is", "needs", "level", "exercise", "difficulty", box=None)
    for skill in course.skills:
        for level in skill.levels:
            first = (skill.skill, skill.title, ", ".join(skill.needs)) if level.level == 1 else ("", "", "")
            table.add_row(
                *first, str(level.level), f"{level.exercise} version {level.version}", f"{level.difficulty:g}"
            )
    _show(table)


def _plain(course: Curriculum) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(course)


def _show(*parts: Any) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    for part in parts:
        console.print(part)
