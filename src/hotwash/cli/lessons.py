"""`hotwash lessons`: the lessons of a centre, and its people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, By, CentreFolder, Why, now
from hotwash.cli.output import answer, counted, open_page, steps

if TYPE_CHECKING:
    from hotwash.model.lesson import Lesson
    from hotwash.store.centre import Centre

FOUND = 1  # something is wrong with the centre, or waits for a person


app = typer.Typer(help="Work on the lessons of a centre.", no_args_is_help=True)
LessonId = Annotated[str, typer.Argument(metavar="LESSON", help="Id of the lesson.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Set a field; repeat it. Lists are parted by ;")
]
FieldsFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="TOML file with fields of the lesson.")]
RestsOn = Annotated[
    list[str] | None,
    typer.Option(
        "--rests-on", metavar="REF", help="What it rests on; repeat it. To validate: exercise:ATTEMPT and so on."
    ),
]
WithReporter = Annotated[bool, typer.Option("--reporter", help="Also tell who reported, as random id.")]


@app.command()
def add(
    by: By = "",
    why: Why = "reported",
    from_: Annotated[
        str, typer.Option("--from", metavar="ROW", help="Begin with what a row of an account says: ACCOUNT#TABLE:ID.")
    ] = "",
    file: FieldsFile = None,
    set_: Set = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Report an observation. Without --by it is a report without a name.

    With --from the draft rests on that row, with the account's hash; `hotwash incidents rows ACCOUNT` lists them. What
    --file and --set say stands in place of the draft's.
    """
    from hotwash.work import incidents
    from hotwash.work import lessons as work

    changes = work.changes_of(file, set_ or ())
    with _opened(centre) as opened:
        drafted = incidents.drafted(opened, from_) if from_ else {}
        asked = work.Asked("submit", by=by, why=why, changes=drafted | changes)
        _answer_moved(work.add(opened, asked, now_utc=now()), as_json=as_json)


@app.command("list")
def list_(
    stage: Annotated[str, typer.Option(metavar="STAGE", help="Only those at it.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """List lessons, those changed last first."""
    from hotwash.store import lessons

    with _opened(centre) as opened:
        _answer_list(lessons.summaries(opened, stage=stage, limit=limit), as_json=as_json)


@app.command()
def show(
    lesson: LessonId, reporter: WithReporter = False, centre: CentreFolder = None, as_json: AsJson = False
) -> None:
    """Show a lesson with its history."""
    from hotwash.store import lessons
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        found = lessons.get(opened, lesson)
    answer(work.told(found, with_reporter=reporter), _lesson_lines(found, reporter=reporter), as_json=as_json)


@app.command()
def edit(
    lesson: LessonId, by: By, role: Annotated[str, typer.Option(metavar="ROLE", help="In which role.")],
    why: Why = "edited", file: FieldsFile = None, set_: Set = None, centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Set fields of a lesson."""
    from hotwash.work import lessons as work

    asked = work.Asked("edit", by=by, role=role, why=why, changes=work.changes_of(file, set_ or ()))
    with _opened(centre) as opened:
        _answer_moved(work.move(opened, lesson, asked, now_utc=now()), as_json=as_json)


@app.command()
def move(
    lesson: LessonId,
    kind: Annotated[str, typer.Argument(metavar="MOVE", help="A move of the process: accept, draft, endorse, task …")],
    by: By,
    why: Why,
    role: Annotated[str, typer.Option(metavar="ROLE", help="In which role. Default: the only one that may.")] = "",
    rests_on: RestsOn = None,
    file: FieldsFile = None,
    set_: Set = None,
    done: Annotated[list[str] | None, typer.Option(metavar="ACTION", help="It is done now; repeat it.")] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Move a lesson on in the process. A move that is not permitted tells which are."""
    from hotwash.work import lessons as work

    changes = work.changes_of(file, set_ or ())
    asked = work.Asked(kind, by, role, why, tuple(rests_on or ()), changes, tuple(done or ()))
    with _opened(centre) as opened:
        _answer_moved(work.move(opened, lesson, asked, now_utc=now()), as_json=as_json)


@app.command()
def lint(lesson: LessonId, centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """Give advice on how a lesson is written, with reasons. It forbids nothing: it ends with 0."""
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        found = work.advice(opened, lesson)
    lines = [f"{one.field}: {one.text}.\n    {one.rule}: {one.why}." for one in found] or ["No advice."]
    answer({"lesson_id": lesson, "advice": found}, lines, as_json=as_json)


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="All of them; dron* begins so.")] = None,
    place: Annotated[str, typer.Option(metavar="NAME", help="Words of the place's name.")] = "",
    near: Annotated[tuple[float, float, float] | None, typer.Option(metavar="LAT LON KM", help="So near.")] = None,
    from_: Annotated[datetime | None, typer.Option("--from", metavar="DATE", help="Events from then on, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", metavar="DATE", help="Events until then, UTC.")] = None,
    stage: Annotated[list[str] | None, typer.Option(metavar="STAGE", help="At this stage; repeat it.")] = None,
    owner: Annotated[str, typer.Option(metavar="NAME", help="Action body, manager or owner of an action.")] = "",
    to_act: Annotated[bool, typer.Option("--to-act", help="Only lessons with an open action.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Find lessons, best first: what have we learnt about this that I must act on?"""
    from hotwash.store import search as store

    asked = store.Asked(
        " ".join(words or ()), place, near, _as_utc(from_), _as_utc(until), tuple(stage or ()), owner, to_act, limit
    )
    with _opened(centre) as opened:
        found = store.search(opened, asked)
    if not as_json and found.how == "beginnings" and found.lessons:
        print("No lesson has these whole words; these have words that begin so.")
    if not as_json and found.is_cut:
        print(
            f"More than {store.MOST_RANKED} lessons fit; ranked were the newest, and those with the words in the title."
        )
    _answer_list(found.lessons, as_json=as_json, more={"how": found.how, "is_cut": found.is_cut})


@app.command()
def due(
    within_days: Annotated[int, typer.Option(min=0, metavar="N", help="Due in so many days.")] = 30,
    owner: Annotated[str, typer.Option(metavar="NAME", help="Only those of this function or person id.")] = "",
    on: Annotated[datetime | None, typer.Option(metavar="DATE", help="Default: today, UTC.")] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """List open actions that are overdue or soon due. One without owner or date is overdue from birth."""
    from hotwash.store import lessons

    today = (on or now()).date()
    with _opened(centre) as opened:
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
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: LESSON.html.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write a lesson as a page that prints on one side of A4, with its markings."""
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        path = work.print_page(opened, lesson, out=out or Path(f"{lesson}.html"), now_utc=now())
    answer({"page": str(path)}, f"The page: {path}", as_json=as_json)
    if open_:
        open_page(path)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help=".json for other centres, .csv for spreadsheets.")],
    lesson: Annotated[list[str] | None, typer.Option(metavar="LESSON", help="Only this one; repeat it.")] = None,
    reporters: Annotated[bool, typer.Option("--reporters", help="Also tell who reported each, as random id.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Also give the table of people, in JSON.")] = False,
    conflicts: Annotated[
        bool, typer.Option(help="Also give what two centres wrote differently, in JSON: a file of version 2 then.")
    ] = True,
    marking: Annotated[str, typer.Option(metavar="TEXT", help="Marking of the file as a whole.")] = "",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write lessons, with their whole history, for another centre. Who reported stays here unless asked for."""
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        count = work.export(
            opened, out, now_utc=now(), only=lesson or (), with_reporters=reporters, with_names=names,
            with_conflicts=conflicts, marking=marking,
        )  # fmt: skip
    answer({"file": str(out), "lessons": count}, f"{count} lessons: {out}", as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An exchange file, or a CSV table of lessons.")],
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take lessons from a file, all or none.

    Ends with 0; with 1 when a lesson was written on here and there: both are kept, and a person settles it with
    `hotwash lessons resolve`; with 2 when the file is refused, and nothing is then taken.
    """
    from hotwash.work import lessons as work

    with _opened(centre) as opened, steps(quiet=as_json) as progress:
        found = work.import_(opened, file, now_utc=now(), progress=progress)
    counts = ", ".join(f"{count} {_KINDS[kind]}" for kind, count in found.counts.items()) or "no lessons"
    said = "".join(f"\nConflict: {one}; settle it with `hotwash lessons resolve {one}`" for one in found.conflicts)
    answer(found, f"{counts}.{said}", as_json=as_json)
    raise typer.Exit(FOUND if found.conflicts else 0)


_KINDS = {
    "new": "new", "same": "the same", "behind": "further on here", "forward": "brought forward",
    "known": "settled before", "conflict": "in conflict",
}  # fmt: skip


@app.command()
def conflicts(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List lessons that two centres wrote on, and that nobody has settled yet. Ends with 1 when there are any."""
    from hotwash.store import lessons, transfer
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        found = transfer.conflicts(opened)
        both = [(one, work.told(lessons.get(opened, one.lesson_id))) for one in found]
    lines = []
    for one, ours in both:
        lines.append(f"{one.lesson_id}: {one.ancestor} entries in common, then {one.from_centre} went another way.")
        lines += [
            f"    {name}: here {ours.get(name)!r}, there {value!r}" for name, value in _differences(ours, one.state)
        ]
    shown = [{"conflict": one, "ours": ours, "theirs": one.state} for one, ours in both]
    answer({"conflicts": shown}, lines, as_json=as_json)
    raise typer.Exit(FOUND if found else 0)


def _differences(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in theirs.items():
        if ours.get(name) != value:
            yield name, value


@app.command()
def resolve(
    lesson: LessonId,
    keep: Annotated[str, typer.Option(metavar="ours|theirs", help="Whose fields the lesson shall have.")],
    by: By,
    why: Why,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Settle a conflict, as lessons manager. The stage stays ours; their history is kept with the conflict."""
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        _answer_moved(work.resolve(opened, lesson, keep=keep, by=by, why=why, now_utc=now()), as_json=as_json)


@app.command()
def audit(
    since: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="What left the centre: saved heads, a backup, an exchange file; repeat it."),
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Save the heads: keep them elsewhere.")] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Look whether every history holds: nothing changed, taken out, put in, moved or cut off.

    An end that was cut off together with all that the centre notes of it is found with --since alone: by the heads of
    an earlier audit, a copy that `hotwash backup` made, or a file of lessons that was sent from here or taken here.
    Ends with 0 when all hold, 1 when one does not.
    """
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        found = work.audit(opened, since=since or (), save=save)
    lines = [f"{fault.lesson_id}, entry {fault.number}: {fault.why}." for fault in found.faults]
    verdict = "all hold" if not lines else f"{len(lines)} faults"
    lines.append(f"{found.lessons} lessons, {found.entries} entries: {verdict}.")
    told = {name: getattr(found, name) for name in ("lessons", "entries", "faults", "unnoted")}
    answer(told, "\n".join(lines), as_json=as_json)
    raise typer.Exit(FOUND if found.faults else 0)


@app.command()
def count(
    by: Annotated[str, typer.Option(metavar="FIELD", help="stage, unit, place or action_body.")] = "stage",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Count lessons by group. Groups in which fewer than five people reported are not shown."""
    from hotwash.work import lessons as work

    with _opened(centre) as opened:
        found = work.counts(opened, by)
    lines = [f"{'–' if number is None else number:>6}  {name}" for name, number in found.items()]
    if None in found.values():
        lines.append("– fewer than five people reported there, or their number would follow from the others.")
    answer({"by": by, "counts": found}, "\n".join(lines) or "No lessons.", as_json=as_json)


@app.command()
def add_person(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The only place where the name is kept.")],
    function: Annotated[str, typer.Option(metavar="TEXT", help="What the person does.")] = "",
    unit: Annotated[str, typer.Option(metavar="TEXT", help="Where.")] = "",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Add a person to the centre; prints the random id that stands for them everywhere else."""
    from hotwash.store import people

    with _opened(centre) as opened:
        person_id = people.add(opened, name, function=function, unit=unit, now_utc=now())
    answer({"person_id": person_id}, person_id, as_json=as_json)


@app.command("people")
def people_(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List the people of a centre."""
    from hotwash.store import people

    with _opened(centre) as opened:
        found = people.all_(opened)
    lines = (f"{one.person_id}  {one.name or '(erased)'}  {one.function}  {one.unit}".rstrip() for one in found)
    answer({"people": found}, "\n".join(lines) or "Nobody yet; `hotwash lessons add-person` adds one.", as_json=as_json)


@app.command()
def erase_person(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person, or a name that one has.")],
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person's name, function and unit. The histories still hold, since they know the random id only.

    Copies and exports that were made before keep the name: erase those as well.
    """
    from hotwash.store import people

    with _opened(centre) as opened:
        person_id = people.known(opened, person).person_id
        people.erase(opened, person_id, now_utc=now())
    answer({"person_id": person_id}, f"Erased: {person_id}. Copies made before still hold the name.", as_json=as_json)


@contextmanager
def _opened(centre: Path | None) -> Iterator[Centre]:
    from hotwash.work import centre as work

    with work.opened(centre) as found:
        yield found


def _as_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _answer_moved(lesson: Lesson, *, as_json: bool) -> None:
    from hotwash.lessons import process

    ways = list(dict.fromkeys(step.kind for step in process.permitted(lesson.stage)))
    told = {"lesson_id": lesson.lesson_id, "stage": lesson.stage, "number": len(lesson.history) - 1, "permitted": ways}
    told["is_independent"] = process.is_independent(lesson)
    text = f"{lesson.lesson_id}: {process.STAGES[lesson.stage].label}. Next: {', '.join(ways)}."
    if lesson.history[-1].kind == "validate" and told["is_independent"] is False:
        text += "\nValidation: not independent. The centre has nobody else."
    answer(told, text, as_json=as_json)


def _answer_list(found: Iterable[Any], *, as_json: bool, more: dict[str, Any] | None = None) -> None:
    some = list(found)
    lines = []
    for one in some:
        acts = f"; {one.open_actions} open, next {one.due or 'without date'}" if one.open_actions else ""
        lines.append(f"{one.lesson_id}  {one.stage}: {one.title}{acts}")
    answer({"lessons": some} | (more or {}), [*lines, f"{counted(len(some), 'lesson')}."], as_json=as_json)


def _lesson_lines(lesson: Lesson, *, reporter: bool) -> Iterator[str]:
    from hotwash.lessons import process

    yield f"{lesson.lesson_id}: {lesson.title}\n{process.STAGES[lesson.stage].label}"
    for name in ("event", "event_utc", "place", "originator", "unit", "manager", "action_body", "objective",
                 "classification", "releasability"):  # fmt: skip
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
