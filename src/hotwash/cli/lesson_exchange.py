"""`hotwash lessons`, continued: exchange with other centres, audit, counts, and the people of a centre."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.options import AsJson, By, CentreFolder, LessonId, Why, now
from hotwash.cli.output import answer, count_of, steps

if TYPE_CHECKING:
    from hotwash.store.audit import AuditResult
    from hotwash.store.transfer import HeldBack
    from hotwash.work.rescoring import Rescoring
from hotwash.cli.lessons import FOUND, answer_step, app, opened_centre
from hotwash.visible import quote


@app.command()
def export(
    out: Annotated[
        Path, typer.Argument(metavar="FILE", help="File to write: .json for other centres, .csv for spreadsheets.")
    ],
    lesson: Annotated[
        list[str] | None, typer.Option(metavar="LESSON", help="Lesson to export. May be repeated. Default: all.")
    ] = None,
    reporters: Annotated[
        bool, typer.Option("--reporters", help="Include who reported each lesson, as a random id.")
    ] = False,
    names: Annotated[bool, typer.Option("--names", help="Include the table of people (JSON only).")] = False,
    conflicts: Annotated[
        bool, typer.Option(help="Include unresolved conflicts between centres (JSON only; makes a version 2 file).")
    ] = True,
    marking: Annotated[str, typer.Option(metavar="TEXT", help="Marking of the whole file.")] = "",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Export lessons, with their whole history.

    Reporters are left out unless asked for."""
    from hotwash.store import typed_ids
    from hotwash.work import lessons as work

    with opened_centre(centre) as opened:
        count = work.export(
            opened,
            out,
            now_utc=now(),
            only=[typed_ids.lesson_id(opened, one) for one in lesson or ()],
            with_reporters=reporters,
            with_names=names,
            with_conflicts=conflicts,
            marking=marking,
        )
    answer({"file": str(out), "lessons": count}, f"{count} lessons: {out}", as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An exchange file, or a CSV table of lessons.")],
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import lessons from a file, all or none.

    A lesson that was validated elsewhere by an inspection or a real event counts as learned here only if the document
    with that hash lies beside the file, or is an account of this centre. Otherwise it is taken up to its validation.

    Exit codes: 0 imported; 1 a lesson was changed both here and there: both versions are kept until a person decides
    with `hotwash lessons resolve`; 2 the file was refused, and nothing was imported.
    """
    from hotwash.work import lessons as work

    with opened_centre(centre) as opened, steps(quiet=as_json) as progress:
        found = work.import_(opened, file, now_utc=now(), progress=progress)
    counts = ", ".join(f"{count} {_KINDS[kind]}" for kind, count in found.counts.items()) or "no lessons"
    said = "".join(f"\nConflict: {one}; decide with `hotwash lessons resolve {one}`" for one in found.conflicts)
    said += "".join(f"\n{_held_back_line(one)}" for one in found.held_back)
    answer(found, f"{counts}.{said}", as_json=as_json)
    raise typer.Exit(FOUND if found.conflicts else 0)


def _held_back_line(one: HeldBack) -> str:
    """Return why a validation elsewhere was not taken, and what to do."""
    return (
        f"Not taken as validated: {one.lesson_id}: {one.why}. It is here as {one.stage}; put the document beside the "
        f"file and import again, or validate it here: hotwash validate {one.lesson_id}"
    )


_KINDS = {
    "new": "new",
    "same": "the same",
    "behind": "further on here",
    "forward": "brought forward",
    "known": "settled before",
    "conflict": "in conflict",
}


@app.command()
def conflicts(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List lessons that two centres changed differently and nobody has resolved. Exit code: 1 if there are any."""
    from hotwash.store import lessons, transfer
    from hotwash.work import lessons as work

    with opened_centre(centre) as opened:
        found = transfer.conflicts(opened)
        both = [(one, work.lesson_values(lessons.get_lesson(opened, one.lesson_id))) for one in found]
    lines = []
    for one, ours in both:
        lines.append(
            f"{one.lesson_id}: {one.ancestor} entries in common, then {one.from_centre} continued differently."
        )
        lines += [
            f"    {name}: here {quote(ours.get(name))}, there {quote(value)}"
            for name, value in _differences(ours, one.state)
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
    keep: Annotated[str, typer.Option(metavar="ours|theirs", help="Which version's fields the lesson gets.")],
    why: Why,
    by: By = "",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Resolve a conflict, as lessons manager. The stage stays ours; their history is kept with the conflict."""
    from hotwash.store import typed_ids
    from hotwash.work import lessons as work
    from hotwash.work.whoami import acting_person

    with opened_centre(centre) as opened:
        lesson_id, who = typed_ids.lesson_id(opened, lesson), acting_person(opened, by)
        resolved = work.resolve(opened, lesson_id, keep=keep, by=who, why=why, now_utc=now())
        answer_step(opened, resolved, as_json=as_json)


@app.command()
def audit(
    since: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Earlier state to compare with: saved hashes, a backup or an exchange file. May be repeated.",
        ),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Save the latest hashes to this file; store it somewhere else.")
    ] = None,
    deep: Annotated[bool, typer.Option("--deep", help="Also score every recording anew, and compare.")] = False,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check every history, and every row that a proof rests on, for changes.

    No entry may be changed, removed, inserted, reordered or cut off, and no score, attempt, objective, account or
    setting may be changed, added or removed except by hotwash.

    What was removed together with the centre's own record of it can only be found with --since: by the hashes of an
    earlier audit, by a copy that `hotwash backup` made, or by a file of exported or imported lessons. With --deep the
    scores are also made anew from the recordings, which takes seconds for each.
    Exit codes: 0 everything is intact; 1 something is not.
    """
    from hotwash.work import lessons as work
    from hotwash.work import rescoring

    with opened_centre(centre) as opened, steps(quiet=as_json) as progress:
        found = work.audit(opened, since=since or (), save=save)
        rescored = rescoring.rescore_attempts(opened, progress=progress) if deep else None
    told = {name: getattr(found, name) for name in ("lessons", "entries", "faults", "unnoted")}
    told |= {name: getattr(found, name) for name in ("rows", "as_found", "changed")}
    told |= {"rescored": rescored} if rescored else {}
    answer(told, "\n".join(_audit_lines(found, rescored)), as_json=as_json)
    raise typer.Exit(0 if found.is_intact and not (rescored and rescored.differences) else FOUND)


def _audit_lines(found: AuditResult, rescored: Rescoring | None) -> Iterator[str]:
    """Yield what an audit found, fault by fault, and the sums."""
    yield from (f"{one.lesson_id}, entry {one.number}: {one.why}." for one in found.faults)
    yield from (f"{one.table} {one.row}: {one.why}." for one in found.changed)
    many = len(found.faults) + len(found.changed)
    verdict = count_of(many, "fault") if many else "all intact"
    yield f"{found.lessons} lessons, {found.entries} entries, {found.rows} rows under seal: {verdict}."
    if found.as_found:
        yield (
            f"{found.as_found} of the rows were there before the centre had seals, and were sealed as they stood: "
            "what was done to them before cannot be told."
        )
    if rescored is not None:
        yield from (f"{one.attempt_id}: {one.why}." for one in rescored.differences)
        verdict = count_of(len(rescored.differences), "difference") if rescored.differences else "all as stored"
        yield f"{count_of(rescored.rescored, 'attempt')} scored anew from the recording: {verdict}."
        if rescored.without_recording:
            yield f"{count_of(rescored.without_recording, 'attempt')} with scores but no recording could not be."


@app.command()
def count(
    by: Annotated[
        str, typer.Option(metavar="FIELD", help="Field to group by: stage, unit, place or action_body.")
    ] = "stage",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Count lessons by group. Groups with fewer than five reporters are not shown."""
    from hotwash.work import lessons as work

    with opened_centre(centre) as opened:
        found = work.counts(opened, by)
    lines = [f"{'–' if number is None else number:>6}  {name}" for name, number in found.items()]
    if None in found.values():
        lines.append("– fewer than five people reported there, or their number could be worked out from the others.")
    answer({"by": by, "counts": found}, "\n".join(lines) or "No lessons.", as_json=as_json)


@app.command()
def add_person(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the person; it is stored in this table only.")],
    function: Annotated[str, typer.Option(metavar="TEXT", help="Function of the person.")] = "",
    unit: Annotated[str, typer.Option(metavar="TEXT", help="Unit of the person.")] = "",
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Add a person to the centre, and print their random id."""
    from hotwash.store import people

    with opened_centre(centre) as opened:
        person_id = people.add_person(opened, name, function=function, unit=unit, now_utc=now())
    answer({"person_id": person_id}, person_id, as_json=as_json)


@app.command("people")
def people_(centre: CentreFolder = None, as_json: AsJson = False) -> None:
    """List the people of a centre."""
    from hotwash.store import people

    with opened_centre(centre) as opened:
        found = people.all_people(opened)
    lines = (f"{one.person_id}  {one.name or '(erased)'}  {one.function}  {one.unit}".rstrip() for one in found)
    answer(
        {"people": found},
        "\n".join(lines) or "No people yet; add one with `hotwash lessons add-person`.",
        as_json=as_json,
    )


@app.command()
def erase_person(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person, or a name known in the centre.")],
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person's name, function and unit. Histories stay intact, since they hold the random id only.

    Backups and exports made earlier still contain the name: delete those as well.
    """
    from hotwash.store import people

    with opened_centre(centre) as opened:
        person_id = people.find_person(opened, person).person_id
        people.erase_person(opened, person_id, now_utc=now())
    answer(
        {"person_id": person_id},
        f"Erased: {person_id}. Backups and exports made earlier still contain the name.",
        as_json=as_json,
    )
