"""Proof: verify which lessons hold, move a lesson by its evidence, let a subject try an exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli import completion
from hotwash.cli.options import AsJson, By, CentreFolder, LessonId, PolicyText, SubjectText, Why, now
from hotwash.cli.output import add_row, answer, bar, count_of, lines

if TYPE_CHECKING:
    from hotwash.model.proof import Proof
    from hotwash.work.attempting import AttemptResult

app = typer.Typer()

LEFT = 1
AnySeedsText = Annotated[
    str | None,
    typer.Option(
        "--seeds",
        metavar="A:B",
        help="One attempt for each seed from A to B. Default: the planned ones left, otherwise a new one.",
    ),
]
COLOURS = {"HOLDS": "green", "DOES NOT HOLD": "red", "LOST": "red", "STALE": "yellow"}


@app.command()
def verify(
    centre: CentreFolder = None,
    lesson: Annotated[
        str,
        typer.Option(
            metavar="LESSON", help="Verify this lesson only. Default: all.", autocompletion=completion.lessons
        ),
    ] = "",
    page: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write the result as an HTML page.")] = None,
    as_json: AsJson = False,
) -> None:
    """Verify which lessons hold, from the attempts on record.

    Each objective HOLDS, DOES NOT HOLD, has NOT ENOUGH EVIDENCE, is STALE or LOST: docs/how-to/prove-a-lesson.md.
    Exit codes: 0 all hold; 1 some do not; 2 there are none, or they could not be evaluated.
    """
    from hotwash.front import centres as front
    from hotwash.store import typed_ids
    from hotwash.work import centre as centres
    from hotwash.work import verifying

    with centres.open_centre(centre) as opened:
        lesson_id = typed_ids.lesson_id(opened, lesson) if lesson else ""
        found = front.verify(opened, when_utc=now(), lesson_id=lesson_id)
        remarks = verifying.remark_lessons(opened, found)
        if page is not None:
            verifying.write_page(opened, found, page)
    notice = [f"Remark, {name}: {said}" for name, some in remarks.items() for said in some]
    notice += [f"\n{opened.example}"] if opened.example else []
    told = found.flat() | {"example": opened.example, "remarks": remarks}
    answer(told, [*proof_lines(found.proofs), *notice], as_json=as_json)
    raise typer.Exit(found.exit_code)


@app.command()
def validate(
    lesson: LessonId,
    why: Why = "",
    by: By = "",
    inspection: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Evidence: a completed checklist, JSON.")
    ] = None,
    real_event: Annotated[Path | None, typer.Option(metavar="FILE", help="Evidence: a real event, JSON.")] = None,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Validate a lesson by its evidence, or reopen it.

    Without a file the lesson's objectives are evaluated as in `hotwash verify`. Inconclusive evidence changes nothing.
    Exit codes: 0 validated; 1 reopened; 2 refused.
    """
    from hotwash.lessons import process
    from hotwash.store import people, typed_ids
    from hotwash.work import centre as centres
    from hotwash.work import verifying
    from hotwash.work.whoami import acting_person

    with centres.open_centre(centre) as opened:
        lesson_id = typed_ids.lesson_id(opened, lesson)
        moved = verifying.validate(
            opened,
            lesson_id,
            by=acting_person(opened, by),
            why=why,
            now_utc=now(),
            people=people.current_ids(opened),
            inspection=inspection,
            field=real_event,
        )
        remark = verifying.remark_last_step(opened, moved)
    last = moved.history[-1]
    told = {"lesson_id": lesson_id, "stage": moved.stage, "why": last.why, "rests_on": last.rests_on, "remark": remark}
    text = f"{lesson_id}: {process.STAGES[moved.stage].label}. {last.why}\nIt rests on {', '.join(last.rests_on)}."
    answer(told, f"{text}\nRemark: {remark}" if remark else text, as_json=as_json)
    raise typer.Exit(0 if last.kind == "validate" else 1)


@app.command()
def attempt(
    subject: SubjectText,
    exercise: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE",
            help="An included exercise, a TOML file, or a folder. Default: that of the objective.",
            autocompletion=completion.exercises,
        ),
    ] = "",
    seeds: AnySeedsText = None,
    policy: PolicyText = None,
    objective: Annotated[
        str,
        typer.Option(
            metavar="OBJECTIVE",
            help="Objective for which these attempts were planned.",
            autocompletion=completion.objectives,
        ),
    ] = "",
    test: Annotated[
        bool,
        typer.Option("--test", help="Count the attempts for skills; without it they are practice, which never counts."),
    ] = False,
    mavlink: Annotated[
        str | None, typer.Option(metavar="URL", help="Let a person fly it from a ground station: udp:127.0.0.1:14550.")
    ] = None,
    mavlink_anywhere: Annotated[
        bool,
        typer.Option(
            "--mavlink-anywhere", help="Accept a ground station on another machine; the connection is not protected."
        ),
    ] = False,
    speed: Annotated[
        float,
        typer.Option(
            min=0.1, max=600.0, metavar="X", help="Playback rate of a watch that a person stands; 1 is real time."
        ),
    ] = 1.0,
    jobs: Annotated[
        int, typer.Option(min=1, max=64, metavar="N", help="Number of automatic watches to run at the same time.")
    ] = 1,
    centre: CentreFolder = None,
    as_json: AsJson = False,
) -> None:
    """Let a subject attempt an exercise, and keep the scores.

    Attempts that an objective planned count for it; each is flown once. Every attempt is on record before it begins, so
    one that is broken off counts as a miss. Without --policy a person stands the watch in this terminal, or flies
    with --mavlink; leaving early abandons the attempt.
    Exit codes: 0 all were completed; 1 one was left early; 2 refused.
    """
    is_by_hand = policy is None
    done: list[AttemptResult] = []
    with (lines if is_by_hand else bar)(quiet=as_json) as progress:  # a person's terminal is not drawn over
        progress("Loading", None)
        from hotwash.errors import ReadError
        from hotwash.store import objectives, typed_ids
        from hotwash.work import attempting
        from hotwash.work import centre as centres

        with centres.open_centre(centre) as opened, attempting.start_watch_workers(jobs) as workers:
            who = attempting.subject_in(opened, subject)
            if objective:
                objective = typed_ids.objective_id(opened, objective)
                exercise = exercise or objectives.get_objective(opened, objective).exercise
            if not exercise:
                raise ReadError("EXERCISE", why="name an exercise, or an objective that has one with --objective")
            some = attempting.seeds_of(seeds) if seeds else attempting.seeds_left(opened, exercise, who, objective)
            request = attempting.AttemptRequest(
                exercise, who, policy, some, objective, test, mavlink, speed, mavlink_anywhere
            )
            try:
                attempting.attempt(opened, request, clock=now, progress=progress, workers=workers, report=done.append)
            finally:  # what was kept before something went wrong is kept
                if done:
                    parts = _attempt_lines(done, opened.folder, objective, is_test=test)
                    answer({"attempts": [one.flat() for one in done]}, parts, as_json=as_json)
    raise typer.Exit(0 if all(one.is_whole for one in done) else LEFT)


def _attempt_lines(done: Sequence[AttemptResult], folder: Path, objective: str, *, is_test: bool) -> Iterator[str]:
    """Yield what came of attempts: each with the figure that counts, why it counts, and where to read more."""
    counts = bool(objective) or is_test
    for one in done:
        if one.is_whole:
            value = f"{one.value:g} {one.unit}".rstrip() if one.value is not None else "" if one.result else "no data"
            yield f"{one.attempt_id}: {one.measure} {', '.join(part for part in (value, one.result) if part)}"
            continue
        yield f"{one.attempt_id}: left before the end, so it is abandoned."
        if counts:
            void_it = f"hotwash objective void {one.attempt_id} --by ID --why TEXT"
            yield f"It counts as a miss unless an instructor voids it: {void_it}"
    kind = f"for {objective}" if objective else "for skills" if is_test else "as practice, which never counts"
    more = [f"All figures: hotwash score {folder / one.recording}" for one in done if one.recording]
    yield " ".join([f"\n{count_of(len(done), 'attempt')}, kept {kind}.", *more[-1:]])


def proof_lines(proofs: Sequence[Proof]) -> Iterator[Any]:
    """Yield which objectives hold, and why."""
    from rich.markup import escape
    from rich.table import Table

    if not proofs:
        yield "There are no objectives to verify; add one: hotwash objective add FILE"
        return
    table = Table("lesson", "objective", "subject", "result", "met", "at least", "that night", "effect", box=None)
    for one in proofs:
        colour = COLOURS.get(one.result, "default")
        passes = "–" if one.passes is None else f"{one.passes} of {one.trials}"
        bound = "–" if one.lower_90 is None else f"{one.lower_90:.2f} ({one.share:g} asked)"
        add_row(
            table,
            escape(one.lesson_id),
            escape(one.objective_id),
            one.subject,
            f"[{colour}]{one.result}[/]",
            passes,
            bound,
            _reference(one),
            _effect(one),
        )
    said = [line for one in proofs for line in _proof_sentences(one)]
    held = sum(one.holds for one in proofs)
    yield from (table, "", *said, "", f"{held} of {len(proofs)} hold.")


def _proof_sentences(proof: Proof) -> Iterator[str]:
    """Yield why an objective holds or not, what decides it, and each of its rounds."""
    yield f"{proof.objective_id}: {proof.why}{f' It {proof.says}.' if proof.says else ''} {proof.decides}"
    yield from (f"  round {one.number}: {one.text}" for one in proof.rounds)


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
