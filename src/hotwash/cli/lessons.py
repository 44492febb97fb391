"""`hotwash lessons`: the lessons of a centre, and its people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, By, CentreFolder, LessonId, Why, now
from hotwash.cli.output import answer, count_of, open_page
from hotwash.visible import make_visible

if TYPE_CHECKING:
    from hotwash.model.lesson import Lesson
    from hotwash.store.centre import Centre
    from hotwash.work.lessons import StepRequest

FOUND = 1  # something is wrong with the centre, or waits for a person


app = typer.Typer(help="Report, move, search and print the lessons of a centre.", no_args_is_help=True)
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Set a field. May be repeated; list items are separated by ;"),
]
FieldsFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="TOML file with fields of the lesson.")]
RestsOn = Annotated[
    list[str] | None,
    typer.Option("--rests-on", metavar="REF", help="Evidence, may be repeated. To validate: see hotwash validate."),
]
Role = Annotated[
    str, typer.Option(metavar="ROLE", help="Role in which you act. Default: the only role that may take this step.")
]
NewEvidence = Annotated[
    list[str] | None,
    typer.Option("--evidence", metavar="KIND:REF; TEXT", help="Add evidence, or ACCOUNT#ROW. May be repeated."),
]
NewAction = Annotated[
    list[str] | None,
    typer.Option("--action", metavar="TEXT; OWNER; DATE", help="Add a remedial action. May be repeated."),
]
WithReporter = Annotated[bool, typer.Option("--reporter", help="Also show who reported it, as a random id.")]


@app.command()
def add(
    by: By = "",
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Report without a name, although you are remembered.")
    ] = False,
    why: Why = "reported",
    from_: Annotated[
        str, typer.Option("--from", metavar="ROW", help="Start from a row of an account: ACCOUNT#TABLE:ID.")
    ] = "",
    file: FieldsFile = None,
    set_: Set = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Report an observation, as yourself if `hotwash whoami` knows you, otherwise without a name.

    With --from the draft cites that row, with the account's hash; `hotwash incidents rows ACCOUNT` lists the rows.
    Fields given by --file and --set replace those of the draft.
    """
    from hotwash.work import incidents
    from hotwash.work import lessons as work
    from hotwash.work.whoami import recall_person

    changes = work.changes_of(file, set_ or ())
    with opened_centre(centre) as opened:
        drafted = incidents.draft_from_row(opened, from_) if from_ else {}
        who = "" if anonymous else by or recall_person(opened)
        request = work.StepRequest("submit", by=who, why=why, changes=drafted | changes)
        answer_step(opened, work.report_observation(opened, request, now_utc=now()), as_json=as_json)


@app.command("list")
def list_(
    stage: Annotated[str, typer.Option(metavar="STAGE", help="Show lessons at this stage only.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Greatest number of lessons to list.")] = 100,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """List lessons, most recently changed first."""
    from hotwash.errors import ReadError
    from hotwash.lessons import process
    from hotwash.store import lessons

    if stage and stage not in process.STAGES:
        raise ReadError("--stage", place=stage, why=f"is no stage; choose from {', '.join(process.STAGES)}")
    with opened_centre(centre) as opened:
        _answer_list(lessons.summaries(opened, stage=stage, limit=limit), as_json=as_json)


@app.command()
def show(
    lesson: LessonId, reporter: WithReporter = False, centre: CentreFolder = None, as_json: AsJson = False
) -> None:
    """Show a lesson and its history."""
    from hotwash.store import lessons, typed_ids
    from hotwash.work import lessons as work

    with opened_centre(centre) as opened:
        found = lessons.get_lesson(opened, typed_ids.lesson_id(opened, lesson))
        number = typed_ids.local_number(opened, found.lesson_id)
    values = work.lesson_values(found, with_reporter=reporter)
    answer(values, _lesson_lines(found, number, reporter=reporter), as_json=as_json)


@app.command()
def edit(
    lesson: LessonId,
    by: By = "",
    role: Role = "",
    why: Why = "edited",
    file: FieldsFile = None,
    set_: Set = None,
    evidence: NewEvidence = None,
    action: NewAction = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Set fields of a lesson."""
    from hotwash.work import lessons as work

    request = work.StepRequest("edit", by, role, why, changes=work.changes_of(file, set_ or ()))
    with opened_centre(centre) as opened:
        _take_step(opened, lesson, request, evidence=evidence or (), actions=action or (), as_json=as_json)


@app.command()
def move(
    lesson: LessonId,
    kind: Annotated[str, typer.Argument(metavar="STEP", help="Step of the process: accept, draft, endorse, task …")],
    by: By = "",
    why: Why = "",
    role: Role = "",
    rests_on: RestsOn = None,
    file: FieldsFile = None,
    set_: Set = None,
    evidence: NewEvidence = None,
    action: NewAction = None,
    done: Annotated[
        list[str] | None,
        typer.Option(metavar="ACTION", help="Number of a remedial action that is done now. May be repeated."),
    ] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take a lesson one step further. A step that is not permitted is refused, with the steps that are."""
    from hotwash.work import lessons as work

    changes = work.changes_of(file, set_ or ())
    request = work.StepRequest(kind, by, role, why, tuple(rests_on or ()), changes, tuple(done or ()))
    with opened_centre(centre) as opened:
        _take_step(opened, lesson, request, evidence=evidence or (), actions=action or (), as_json=as_json)


def _take_step(
    centre: Centre, lesson: str, request: StepRequest, *, evidence: Iterable[str], actions: Iterable[str], as_json: bool
) -> None:
    """Take a step with a lesson as it was typed, by the person who acts, and print where the lesson stands then."""
    from hotwash.store import lessons, typed_ids
    from hotwash.work import lessons as work
    from hotwash.work.whoami import acting_person

    found = lessons.get_lesson(centre, typed_ids.lesson_id(centre, lesson))
    changes = work.additions(found, evidence=evidence, actions=actions, changes=request.changes)
    request = replace(request, by=acting_person(centre, request.by), changes=changes)
    answer_step(centre, work.take_step(centre, found.lesson_id, request, now_utc=now()), as_json=as_json)


@app.command("next")
def next_(
    lesson: LessonId = "@last",
    step: Annotated[str, typer.Option(metavar="STEP", help="Step to take. Default: ask.")] = "",
    by: By = "",
    why: Why = "",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Walk a lesson through its next permitted step.

    In a terminal it asks, takes the step and shows what comes next. Elsewhere it only lists the permitted steps, and
    what each still needs.
    """
    from hotwash.cli import lesson_walk as walk
    from hotwash.lessons import process
    from hotwash.store import lessons, people, typed_ids
    from hotwash.work import lessons as work
    from hotwash.work.whoami import recall_person

    with opened_centre(centre) as opened:
        found = lessons.get_lesson(opened, typed_ids.lesson_id(opened, lesson))
        who, everybody = by or recall_person(opened), people.current_ids(opened)
        who = people.find_person(opened, who).person_id if who else ""
        missing = {
            one.kind: process.missing_needs(found, one, by=who, people=everybody) for one in process.next_steps(found)
        }
        if as_json or not walk.is_interactive():
            values = [
                {"step": one.kind, "roles": one.roles, "after": one.after, "missing": missing[one.kind]}
                for one in process.next_steps(found)
            ]
            value = {"lesson_id": found.lesson_id, "stage": found.stage, "steps": values}
            answer(value, walk.overview(found, missing), as_json=as_json)
            return
        for line in walk.overview(found, missing):
            typer.echo(make_visible(line), err=True)
        chosen = walk.choose_step(found, step)
        if chosen.kind in process.WEIGHED:
            print(f"Its objectives decide: hotwash validate {found.lesson_id} --why TEXT")
            print("An inspection or a real event can decide too: see hotwash validate --help")
            return
        role, done = walk.ask_role(chosen), walk.ask_done_actions(found) if "done" in missing[chosen.kind] else []
        answers = walk.ask_for(found, chosen, missing[chosen.kind])
        request = work.StepRequest(
            chosen.kind,
            by,
            role,
            why or walk.ask_why(chosen),
            rests_on=tuple(answers.rests_on),
            changes=answers.fields,
            done=tuple(done),
        )
        _take_step(opened, found.lesson_id, request, evidence=answers.evidence, actions=answers.actions, as_json=False)


@app.command()
def lint(lesson: LessonId, centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """Advise on how a lesson is written, with reasons. Nothing is forbidden: the exit code is 0."""
    from hotwash.store import typed_ids
    from hotwash.work import lessons as work

    with opened_centre(centre) as opened:
        lesson_id = typed_ids.lesson_id(opened, lesson)
        found = work.advice(opened, lesson_id)
    lines = [f"{one.field}: {one.text}.\n    {one.rule}: {one.why}." for one in found] or ["No advice."]
    answer({"lesson_id": lesson_id, "advice": found}, lines, as_json=as_json)


@app.command()
def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help="Words that must all occur; dron* matches a beginning.")
    ] = None,
    place: Annotated[str, typer.Option(metavar="NAME", help="Words in the name of the place.")] = "",
    near: Annotated[
        tuple[float, float, float] | None,
        typer.Option(metavar="LAT LON KM", help="Within KM kilometres of this position."),
    ] = None,
    from_: Annotated[
        datetime | None, typer.Option("--from", metavar="DATE", help="Events on or after this date, UTC.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", metavar="DATE", help="Events before this date, UTC.")
    ] = None,
    stage: Annotated[
        list[str] | None, typer.Option(metavar="STAGE", help="Lessons at this stage. May be repeated.")
    ] = None,
    owner: Annotated[str, typer.Option(metavar="NAME", help="Action body, manager or owner of an action.")] = "",
    to_act: Annotated[bool, typer.Option("--to-act", help="Lessons with an open action only.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Greatest number of lessons to list.")] = 20,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Search lessons, best match first."""
    from hotwash.store import search as store

    asked = store.SearchQuery(
        " ".join(words or ()), place, near, _as_utc(from_), _as_utc(until), tuple(stage or ()), owner, to_act, limit
    )
    with opened_centre(centre) as opened:
        found = store.search(opened, asked)
    if not as_json and found.how == "beginnings" and found.lessons:
        print("No lesson has these words; these lessons have words that begin with them.")
    if not as_json and found.is_cut:
        print(f"More than {store.MOST_RANKED} lessons match; ranked were the newest and those that match in the title.")
    _answer_list(found.lessons, as_json=as_json, more={"how": found.how, "is_cut": found.is_cut})


@app.command()
def due(
    within_days: Annotated[int, typer.Option(min=0, metavar="N", help="Days to look ahead.")] = 30,
    owner: Annotated[str, typer.Option(metavar="NAME", help="Actions of this function or person id only.")] = "",
    on: Annotated[
        datetime | None, typer.Option(metavar="DATE", help="Date to count from. Default: today, UTC.")
    ] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """List open actions that are overdue or due soon. An action without owner or date counts as overdue."""
    from hotwash.store import lessons

    today = (on or now()).date()
    with opened_centre(centre) as opened:
        found = lessons.due(opened, today=today, within_days=within_days, owner=owner)
    lines = [
        f"{'OVERDUE' if one.is_overdue else 'due':8}{one.due or '–'}  {one.lesson_id}  {one.owner or '–'}: {one.text}\n"
        f"        {one.why}"
        for one in found
    ]
    lines.append(f"{sum(one.is_overdue for one in found)} overdue, {len(found)} in all.")
    answer({"on": today, "actions": found}, lines, as_json=as_json)


@app.command("print")
def print_(
    lesson: LessonId,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File to write. Default: LESSON.html.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write a lesson as a page of one side of A4."""
    from hotwash.model.ids import file_stem
    from hotwash.store import typed_ids
    from hotwash.work import lessons as work

    with opened_centre(centre) as opened:
        lesson_id = typed_ids.lesson_id(opened, lesson)
        path = work.print_page(opened, lesson_id, out=out or Path(f"{file_stem(lesson_id)}.html"), now_utc=now())
    answer({"page": str(path)}, f"The page: {path}", as_json=as_json)
    open_page(path, is_wanted=open_)


@contextmanager
def opened_centre(centre: Path | None) -> Iterator[Centre]:
    """Yield the centre that is meant, open."""
    from hotwash.work import centre as work

    with work.open_centre(centre) as found:
        yield found


def _as_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def answer_step(centre: Centre, lesson: Lesson, *, as_json: bool) -> None:
    """Print where a lesson stands after a step, and which steps are permitted now."""
    from hotwash.lessons import process
    from hotwash.store import typed_ids
    from hotwash.work import verifying

    number = typed_ids.local_number(centre, lesson.lesson_id)
    remark = verifying.remark_last_step(centre, lesson)
    kinds = list(dict.fromkeys(one.kind for one in process.steps_from(lesson.stage) if one.kind != "resolve"))
    value: dict[str, Any] = {"lesson_id": lesson.lesson_id, "local_id": f"L-{number}", "stage": lesson.stage}
    value |= {"number": len(lesson.history) - 1, "permitted": kinds, "is_independent": process.is_independent(lesson)}
    value |= {"remark": remark}
    text = f"L-{number} ({lesson.lesson_id}): {process.STAGES[lesson.stage].label}. Next: {', '.join(kinds)}."
    answer(value, [text, *_step_remarks(lesson, remark)], as_json=as_json)


def _step_remarks(lesson: Lesson, remark: str) -> Iterator[str]:
    """Yield what to remark of the last step with a lesson."""
    from hotwash.lessons import process

    if lesson.history[-1].kind == "validate" and process.is_independent(lesson) is False:
        yield "Validation: not independent. The centre has nobody else who could do it."
    if remark:
        yield f"Remark: {remark}"


def _answer_list(found: Iterable[Any], *, as_json: bool, more: dict[str, Any] | None = None) -> None:
    some = list(found)
    lines = []
    for one in some:
        acts = f"; {one.open_actions} open, next {one.due or 'without date'}" if one.open_actions else ""
        lines.append(f"L-{one.number:<5} {one.lesson_id}  {one.stage}: {one.title}{acts}")
    answer({"lessons": some} | (more or {}), [*lines, f"{count_of(len(some), 'lesson')}."], as_json=as_json)


def _lesson_lines(lesson: Lesson, number: int | None, *, reporter: bool) -> Iterator[str]:
    from hotwash.lessons import process

    yield f"L-{number} ({lesson.lesson_id}): {lesson.title}\n{process.STAGES[lesson.stage].label}"
    for name in (
        "event",
        "event_utc",
        "place",
        "originator",
        "unit",
        "manager",
        "action_body",
        "objective",
        "classification",
        "releasability",
    ):
        value = getattr(lesson, name)
        if isinstance(value, datetime):
            yield f"Time of the event: {value:%Y-%m-%d %H:%M}Z"
        elif value:
            yield f"{name.replace('_', ' ').capitalize()}: {value}"
    if reporter:
        yield f"Reporter: {lesson.originator_id or 'not known'}"
    for name in ("observation", "discussion", "conclusion", "recommendation"):
        if getattr(lesson, name):
            yield f"\n{name.capitalize()}\n{getattr(lesson, name)}"
    if lesson.evidence:
        yield "\nRests on"
    for piece in lesson.evidence:
        yield ": ".join(one for one in (piece.ref, piece.text) if one)
    for action in lesson.actions:
        day: date | str = action.due or "no date"
        yield f"\nAction {action.action_id} ({action.state}): {action.text}; {action.owner or 'no owner'}, {day}"
    yield "\nHistory"
    for entry in lesson.history:
        rests = f" [{', '.join(entry.rests_on)}]" if entry.rests_on else ""
        yield f"{entry.when_utc:%Y-%m-%d %H:%M}Z  {entry.kind} by {entry.by} as {entry.role}: {entry.why}{rests}"
